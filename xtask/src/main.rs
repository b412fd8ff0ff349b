//! Everything a contributor or CI runs: `cargo xtask test`, `licences`, `bench`, `screenshots`, `print-rules`.

mod browser;
mod licences;
mod postgres;
mod python;

use anyhow::{Context, Result, bail};
use std::process::{Command, ExitCode};

const USAGE: &str = "cargo xtask test          format, lints, dependency rules, licences, every test, on both databases
cargo xtask licences      fails for any dependency whose licence is not permissive
cargo xtask bench         measures the speed of the house beside the bare work on the same machine; `--tasks N` for a small run
cargo xtask screenshots   takes the pictures of the README anew
cargo xtask print-rules   rewrites docs/rules and appends missing golden acts";

fn main() -> ExitCode {
    let done = match std::env::args().nth(1).as_deref() {
        Some("test") => test(),
        Some("licences") => licences::check(),
        Some("bench") => bench(),
        Some("screenshots") => browser::screenshots(),
        Some("print-rules") => print_rules(),
        _ => {
            eprintln!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(what: &str, command: &mut Command) -> Result<()> {
    eprintln!("── {what}");
    let status = command.status().with_context(|| format!("{what} could not be started"))?;
    if status.success() { Ok(()) } else { bail!("{what} failed ({status})") }
}

fn cargo(arguments: &[&str]) -> Command {
    let mut command = Command::new("cargo");
    command.args(arguments);
    command
}

/// Every check. The output ends with the test runner's own summary.
fn test() -> Result<()> {
    run("format", &mut cargo(&["fmt", "--all", "--check"]))?;
    neighbours()?;
    licences::check()?;
    run("lints", &mut cargo(&["clippy", "--workspace", "--quiet", "--", "-D", "warnings"]))?;
    let in_tests = ["-D", "warnings", "-A", "clippy::unwrap_used"];
    run(
        "lints of the tests",
        cargo(&["clippy", "--workspace", "--all-targets", "--quiet", "--"]).args(in_tests),
    )?;
    browser::set_up()?;
    let server = postgres::Server::start()?;
    let mut tests = if has_nextest() {
        cargo(&["nextest", "run", "--workspace", "--no-fail-fast"])
    } else {
        cargo(&["test", "--workspace", "--no-fail-fast"])
    };
    if let Some(python) = python::with(python::TESTS, "tests") {
        tests.env("BIHUAN_TEST_PYTHON", python);
    }
    run("tests", tests.env("BIHUAN_TEST_POSTGRES", server.url()))
}

fn has_nextest() -> bool {
    cargo(&["nextest", "--version"]).output().is_ok_and(|output| output.status.success())
}

fn bench() -> Result<()> {
    let mut bench = cargo(&["run", "--quiet", "--release", "--package", "bihuan-benches", "--"]);
    if let Some(python) = python::with(python::BENCHES, "benches") {
        bench.env("BIHUAN_BENCH_PYTHON", python);
    }
    run("speed", bench.args(std::env::args().skip(2)))
}

fn print_rules() -> Result<()> {
    let arguments = ["test", "-p", "bihuan-rules", "--test", "tables", "--test", "acts"];
    run("printing the rules", cargo(&arguments).env("BIHUAN_PRINT", "1"))
}

/// Who may know whom: for each crate of ours, the crates of ours it may depend on.
const NEIGHBOURS: &[(&str, &[&str])] = &[
    ("bihuan-rules", &[]),
    ("bihuan-ledger", &[]),
    ("bihuan-methods", &[]),
    ("bihuan-papers", &["bihuan-rules"]),
    ("bihuan-store", &["bihuan-ledger", "bihuan-rules"]),
    ("bihuan-web", &["bihuan-ledger", "bihuan-methods", "bihuan-papers", "bihuan-rules", "bihuan-store"]),
    (
        "bihuan",
        &["bihuan-ledger", "bihuan-methods", "bihuan-papers", "bihuan-rules", "bihuan-store", "bihuan-web"],
    ),
    (
        "bihuan-benches",
        &["bihuan-ledger", "bihuan-methods", "bihuan-papers", "bihuan-rules", "bihuan-store", "bihuan-web"],
    ),
    ("xtask", &[]),
];

/// Crates that would let a pure room wait, ask the time, draw randomness or touch disk and net.
const IMPURE: &[&str] =
    &["tokio", "getrandom", "rand", "rusqlite", "postgres", "axum", "object_store", "fs4"];
const PURE: &[&str] = &["bihuan-rules", "bihuan-ledger", "bihuan-methods", "bihuan-papers"];

fn neighbours() -> Result<()> {
    eprintln!("── who may know whom");
    let output = cargo(&["metadata", "--format-version", "1", "--no-deps"]).output()?;
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).context("cargo metadata")?;
    for package in metadata["packages"].as_array().context("no packages")? {
        let name = package["name"].as_str().unwrap_or_default();
        let allowed = NEIGHBOURS.iter().find(|(known, _)| *known == name);
        let (_, allowed) = allowed.with_context(|| format!("{name} is not in the table of neighbours"))?;
        for dependency in package["dependencies"].as_array().into_iter().flatten() {
            let of = dependency["name"].as_str().unwrap_or_default();
            if dependency["kind"].as_str() == Some("dev") {
                continue;
            }
            if of.starts_with("bihuan") && !allowed.contains(&of) {
                bail!("{name} may not know {of}");
            }
            if PURE.contains(&name) && IMPURE.contains(&of) {
                bail!("{name} is pure and may not use {of}");
            }
        }
    }
    Ok(())
}
