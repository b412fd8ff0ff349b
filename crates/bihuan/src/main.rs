//! The program (程序): `bihuan demo`, `init`, `serve`, `read`, `deadline`, `draw`, `water`, `fire`, `ledger` ….

mod config;
mod deadline;
mod demo;
mod draw;
mod fire;
mod init;
mod keys;
mod ledger;
mod outbox;
mod rank;
mod read;
mod serve;
mod water;

use clap::{Parser, Subcommand};
use std::process::ExitCode;

/// Many small values live for one request each: this allocator halves what they cost.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// bihuan (闭环): every environmental problem has an owner, a deadline, and an end that somebody else has checked.
#[derive(Debug, Parser)]
#[command(name = "bihuan", version, about)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Creates the fictional twin district with its year and serves it.
    Demo(demo_command::Demo),
    /// Makes a folder for real use: configuration, keys, empty books, one administrator.
    Init(init::Init),
    /// Serves the books of a folder.
    Serve(serve::Serve),
    /// Reads a document without storing anything.
    Read(read::Read),
    /// Reads a deadline as documents word it, and says when it is due and why.
    Deadline(deadline::Deadline),
    /// Draws look-backs and cross inspections, verifies a draw, estimates from it.
    Draw(draw::Draw),
    /// Makes a board from the books, and says whether a published one is what they give.
    Rank(rank::Rank),
    /// Tries the ways on which messages leave the house.
    Outbox(outbox::try_command::OutboxCommand),
    /// Makes incidents of fire points.
    Fire(fire::Fire),
    /// Evaluates readings of surface water.
    Water(water::Water),
    /// Verifies and exports the ledger.
    Ledger(ledger::Ledger),
}

mod demo_command;

fn main() -> ExitCode {
    let cli = Cli::parse();
    let done = match cli.command {
        Command::Demo(command) => command.run(),
        Command::Init(command) => command.run(),
        Command::Serve(command) => command.run(),
        Command::Read(command) => command.run(),
        Command::Deadline(command) => command.run(),
        Command::Draw(command) => command.run(),
        Command::Rank(command) => command.run(),
        Command::Outbox(command) => command.run(),
        Command::Fire(command) => command.run(),
        Command::Water(command) => command.run(),
        Command::Ledger(command) => command.run(),
    };
    match done {
        Ok(code) => code,
        Err(error) => {
            eprintln!("bihuan: {error:#}");
            ExitCode::from(2)
        }
    }
}
