//! A Python of its own with the packages that this house is compared with; nothing of it is needed to build or to run.

use std::{
    env,
    path::{Path, PathBuf},
    process::Command,
};

/// What the tests ask.
pub const TESTS: &[&str] = &["pymannkendall==1.4.3", "shapely==2.2.0"];
/// What the benchmarks run beside.
pub const BENCHES: &[&str] = &["duckdb==2.0.1", "pandas==3.1.1", "polars==2.1.0", "shapely==2.2.0"];

/// The interpreter of an environment with these packages, made under the target folder if it is not there.
///
/// `None`, and a notice, when there is no Python or the packages cannot be had.
pub fn with(packages: &[&str], name: &str) -> Option<PathBuf> {
    let target = env::var_os("CARGO_TARGET_DIR").map_or_else(|| PathBuf::from("target"), PathBuf::from);
    let room = target.join("python").join(name);
    let stamp = room.join("packages");
    let python = room.join("bin/python3");
    if std::fs::read_to_string(&stamp).is_ok_and(|have| have == packages.join("\n")) {
        return std::path::absolute(python).ok();
    }
    eprintln!("── packages of Python to compare with: {}", packages.join(", "));
    let made = run(Command::new("python3").args(["-m", "venv"]).arg(&room))
        && run(Command::new(&python)
            .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"])
            .args(packages))
        && std::fs::write(&stamp, packages.join("\n")).is_ok();
    if !made {
        eprintln!("NOTICE: they could not be had; what is compared with them is SKIPPED");
        return None;
    }
    std::path::absolute(Path::new(&python)).ok()
}

fn run(command: &mut Command) -> bool {
    command.status().is_ok_and(|status| status.success())
}
