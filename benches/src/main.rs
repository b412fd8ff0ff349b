//! `cargo xtask bench [--tasks N]`: the speed of the house beside the bare work, measured in turns on the same machine.
//!
//! Absolute figures depend on the machine; ratios hardly do. Nothing is asserted: targets and results are printed.

mod acts;
mod chain;
mod data;
#[path = "../../crates/bihuan/src/demo/mod.rs"]
mod demo;
mod pages;
mod paper;
mod table;

use anyhow::{Context, Result};
use std::process::ExitCode;
use table::Table;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bench: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<()> {
    let mut tasks = 100_000;
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--tasks" => {
                let n = arguments.next().context("--tasks needs a number")?;
                tasks = n.parse().with_context(|| format!("“{n}” is no number"))?;
            }
            other => anyhow::bail!("unknown argument {other}; only --tasks N is known"),
        }
    }
    let mut table = Table::default();
    let data = data::make(tasks, &mut table)?;
    pages::measure(&data, &mut table)?;
    acts::measure(&data, &mut table)?;
    chain::measure(&data, &mut table)?;
    paper::measure(&mut table)?;
    table.print();
    Ok(())
}
