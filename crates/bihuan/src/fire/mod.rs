//! `bihuan fire incidents`: fire points of satellites without a server.

mod incidents;
mod text;

use anyhow::Result;
use clap::{Args, Subcommand};
use std::process::ExitCode;

/// Makes incidents of fire points.
#[derive(Debug, Args)]
pub struct Fire {
    #[command(subcommand)]
    command: FireCommand,
}

#[derive(Debug, Subcommand)]
enum FireCommand {
    /// Links fire points into incidents, and says how probable each area is.
    Incidents(incidents::Incidents),
}

impl Fire {
    /// Does it.
    pub fn run(&self) -> Result<ExitCode> {
        match &self.command {
            FireCommand::Incidents(command) => command.run(),
        }
    }
}
