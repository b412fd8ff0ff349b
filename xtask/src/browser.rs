//! What the browser tests need: a real Chromium, a word processor and a Chinese font from Debian's packages, and the two
//! packages of the test scripts.

use crate::postgres::install;
use anyhow::{Context, Result, bail};
use std::{fs, path::Path, process::Command};

/// Programs and files with the package that brings each.
const NEEDED: &[(&str, &str)] = &[
    ("/usr/bin/chromium", "chromium"),
    ("/usr/bin/soffice", "libreoffice-writer-nogui"),
    ("/usr/lib/libreoffice/program/libsclo.so", "libreoffice-calc-nogui"),
    ("/usr/bin/pdftotext", "poppler-utils"),
    ("/usr/bin/python3", "python3"),
    ("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc", "fonts-noto-cjk"),
];
/// Where the scripts lie.
const SCRIPTS: &str = "crates/bihuan/tests/browser";

/// Installs what is missing.
///
/// # Errors
/// When a package cannot be installed.
pub fn set_up() -> Result<()> {
    eprintln!("── what the browser tests need");
    let missing: Vec<&str> =
        NEEDED.iter().filter(|(path, _)| !Path::new(path).exists()).map(|(_, package)| *package).collect();
    if !missing.is_empty() {
        install(&missing)?;
    }
    let lock = fs::read(Path::new(SCRIPTS).join("package-lock.json"))?;
    let stamp = Path::new(SCRIPTS).join("node_modules/.installed-lock");
    if fs::read(&stamp).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    let arguments = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"];
    let status = Command::new("npm").args(arguments).current_dir(SCRIPTS).status();
    let status = status.context("npm could not be started; is Node.js installed?")?;
    if !status.success() {
        bail!("the packages of the browser tests could not be installed ({status})");
    }
    fs::write(stamp, lock).context("the browser tests were installed but not noted")
}

/// Takes the pictures of the README from the demo.
///
/// # Errors
/// When the program cannot be built or the browser fails.
pub fn screenshots() -> Result<()> {
    set_up()?;
    let built = Command::new("cargo").args(["build", "--quiet", "--package", "bihuan"]).status()?;
    if !built.success() {
        bail!("the program could not be built ({built})");
    }
    let here = std::env::current_dir()?;
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| here.join("target"), Into::into);
    let work = std::env::temp_dir().join(format!("bihuan-screenshots-{}", std::process::id()));
    fs::create_dir_all(&work)?;
    let taken = Command::new("node")
        .arg(Path::new(SCRIPTS).join("screenshots.mjs"))
        .env("BIHUAN", target.join("debug/bihuan"))
        .env("DIR", work.join("demo"))
        .env("WORK", &work)
        .env("OUT", here.join("docs/screenshots"))
        .status();
    drop(fs::remove_dir_all(&work));
    if !taken.context("Node.js could not be started")?.success() {
        bail!("the pictures could not be taken");
    }
    Ok(())
}
