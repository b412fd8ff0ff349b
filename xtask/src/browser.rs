//! What the browser tests need: a real Chromium, a word processor and a Chinese font from Debian's packages, and the two
//! packages of the test scripts.

use crate::postgres::install;
use anyhow::{Context, Result, bail};
use std::{fs, path::Path, process::Command};

/// Programs and files with the package that brings each.
const NEEDED: &[(&str, &str)] = &[
    ("/usr/bin/chromium", "chromium"),
    ("/usr/bin/soffice", "libreoffice-writer-nogui"),
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
