//! `bihuan draw look-back|cross|digest|commit|verify|reserves|estimate`: draws that need no server, so that anyone can repeat them.

mod commit;
mod cross;
mod estimate;
mod look_back;
mod reserves;
mod verify;

use anyhow::{Context, Result};
use clap::{Args, Subcommand};
use serde::de::DeserializeOwned;
use std::{path::Path, process::ExitCode};

/// Draws look-backs and cross inspections.
#[derive(Debug, Args)]
pub struct Draw {
    #[command(subcommand)]
    command: DrawCommand,
}

#[derive(Debug, Subcommand)]
enum DrawCommand {
    /// Draws which closed problems are looked at again, from a frozen frame and a seed.
    LookBack(look_back::LookBack),
    /// Assigns teams to targets, drawn by a public seed or optimised with a proven bound.
    Cross(cross::Cross),
    /// Prints the digest of a frame, to be published before the seed is known.
    Digest(look_back::Digest),
    /// Makes the secret of a party and the commitment to it.
    Commit(commit::Commit),
    /// Draws again and says whether a published draw is what its frame and seed give.
    Verify(verify::Verify),
    /// Says which reserve takes the place of a drawn unit that could not be looked at.
    Reserves(reserves::Reserves),
    /// Says what the findings of a draw mean for all closed problems.
    Estimate(estimate::Estimate),
}

impl Draw {
    /// Does it.
    pub fn run(&self) -> Result<ExitCode> {
        match &self.command {
            DrawCommand::LookBack(command) => command.run(),
            DrawCommand::Cross(command) => command.run(),
            DrawCommand::Digest(command) => command.run(),
            DrawCommand::Commit(command) => command.run(),
            DrawCommand::Verify(command) => command.run(),
            DrawCommand::Reserves(command) => command.run(),
            DrawCommand::Estimate(command) => command.run(),
        }
    }
}

/// Largest input that is read, in bytes.
const INPUT_BYTES_MAX: u64 = 64 * 1024 * 1024;

/// Says in both languages why something is not done; exit status 1.
fn refused(zh: &str, en: &str) -> ExitCode {
    eprintln!("bihuan draw: {zh}\n{en}");
    ExitCode::FAILURE
}

/// A JSON file as a value; the error says line and column, and what was expected.
fn read<T: DeserializeOwned>(path: &Path) -> Result<T> {
    let shown = path.display();
    let size = std::fs::metadata(path).with_context(|| format!("{shown} 无法读取 cannot be read"))?.len();
    anyhow::ensure!(
        size <= INPUT_BYTES_MAX,
        "{shown}: {size} 字节,上限 {INPUT_BYTES_MAX} bytes; the limit is {INPUT_BYTES_MAX}"
    );
    let text = std::fs::read_to_string(path).with_context(|| format!("{shown} 无法读取 cannot be read"))?;
    serde_json::from_str(text.trim_start_matches('\u{feff}'))
        .with_context(|| format!("{shown} 内容看不懂,请按后面所说的行列核对 cannot be understood"))
}
