//! `bihuan water evaluate`: surface water without a server.

mod evaluate;
mod report;
mod text;

use anyhow::Result;
use clap::{Args, Subcommand};
use std::process::ExitCode;

/// Evaluates readings of surface water.
#[derive(Debug, Args)]
pub struct Water {
    #[command(subcommand)]
    command: WaterCommand,
}

#[derive(Debug, Subcommand)]
enum WaterCommand {
    /// Says class, main pollutants, index and trend of every section and month of a table, and the quality of its rivers.
    Evaluate(evaluate::Evaluate),
}

impl Water {
    /// Does it.
    pub fn run(&self) -> Result<ExitCode> {
        match &self.command {
            WaterCommand::Evaluate(command) => command.run(),
        }
    }
}
