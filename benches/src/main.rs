//! `cargo xtask bench [--tasks N] [--readings N] [--only PART]`: the speed of the house beside the bare work, measured in turns on the same machine.
//!
//! Absolute figures depend on the machine; ratios hardly do. Nothing is asserted: targets and results are printed.

mod acts;
mod chain;
mod data;
#[path = "../../crates/bihuan/src/demo/mod.rs"]
mod demo;
mod fields;
mod pages;
mod paper;
mod past;
mod rank;
mod science;
mod table;

use anyhow::{Context, Result};
use std::process::ExitCode;
use table::Table;

/// As in the program itself; the bare work beside it has the same.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Tasks whose past is looked at: about a hundred thousand entries.
const PAST_TASKS: usize = 10_000;

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
    let mut readings = fields::READINGS;
    let mut only = None;
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--tasks" => {
                let n = arguments.next().context("--tasks needs a number")?;
                tasks = n.parse().with_context(|| format!("“{n}” is no number"))?;
            }
            "--readings" => {
                let n = arguments.next().context("--readings needs a number")?;
                readings = n.parse().with_context(|| format!("“{n}” is no number"))?;
            }
            "--only" => {
                only = Some(
                    arguments
                        .next()
                        .context("--only needs pages, acts, chain, rank, past, paper, science or fields")?,
                )
            }
            // Handed over by `cargo bench` itself.
            "--bench" => {}
            other => {
                anyhow::bail!("unknown argument {other}; --tasks N, --readings N and --only PART are known")
            }
        }
    }
    let mut table = Table::default();
    let wants = |part: &str| only.as_deref().is_none_or(|only| only == part);
    if ["pages", "acts", "chain", "rank"].into_iter().any(wants) {
        let data = data::make(tasks, &mut table)?;
        if wants("pages") {
            pages::measure(&data, &mut table)?;
        }
        if wants("acts") {
            acts::measure(&data, &mut table)?;
        }
        if wants("chain") {
            chain::measure(&data, &mut table)?;
        }
        if wants("rank") {
            rank::measure(&data, &mut table)?;
        }
    }
    if wants("past") {
        past::measure(&data::make(tasks.min(PAST_TASKS), &mut table)?, &mut table)?;
    }
    if wants("paper") {
        paper::measure(&mut table)?;
    }
    if wants("science") {
        science::measure(&mut table)?;
    }
    if wants("fields") {
        fields::measure(readings, &mut table)?;
    }
    table.print();
    Ok(())
}
