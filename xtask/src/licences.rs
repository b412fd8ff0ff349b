//! Licences: every crate and every npm package must be usable under permissive terms.

use anyhow::{Context, Result, bail};
use serde_json::Value;
use std::process::Command;

/// Terms that ask for no more than keeping the notice.
const PERMISSIVE: &[&str] = &[
    "0BSD",
    "Apache-2.0",
    "BSD-1-Clause",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "CC0-1.0",
    // Data, not code: the root certificates of the TLS client on platforms without a store of their own.
    "CDLA-Permissive-2.0",
    "ISC",
    "MIT",
    "MIT-0",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
];
/// Additions that only permit more.
const HARMLESS_EXCEPTIONS: &[&str] = &["LLVM-exception"];
const NPM_LOCK: &str = "assets/package-lock.json";

/// Fails with the list of every dependency that is not permissive.
pub fn check() -> Result<()> {
    eprintln!("── licences");
    let output = Command::new("cargo").args(["metadata", "--format-version", "1", "--locked"]).output()?;
    if !output.status.success() {
        bail!("cargo metadata failed: {}", String::from_utf8_lossy(&output.stderr));
    }
    let metadata: Value = serde_json::from_slice(&output.stdout).context("cargo metadata")?;
    let crates = metadata["packages"].as_array().context("no packages")?;
    let lock = std::fs::read_to_string(NPM_LOCK).with_context(|| format!("{NPM_LOCK} cannot be read"))?;
    let lock: Value = serde_json::from_str(&lock).context(NPM_LOCK)?;
    let modules = lock["packages"].as_object().context("no packages")?;
    let named = crates
        .iter()
        .map(|package| (package["name"].as_str().unwrap_or_default(), package))
        .chain(modules.iter().map(|(path, package)| (path.as_str(), package)));
    let mut refused = Vec::new();
    for (name, package) in named {
        match package["license"].as_str() {
            Some(expression) => match is_permissive(expression) {
                Ok(true) => {}
                Ok(false) => refused.push(format!("{name}: {expression}")),
                Err(error) => refused.push(format!("{name}: {expression}: {error}")),
            },
            None => refused.push(format!("{name}: no licence is named")),
        }
    }
    if refused.is_empty() {
        eprintln!("   {} crates, {} npm packages", crates.len(), modules.len());
        Ok(())
    } else {
        bail!("not permissive:\n{}", refused.join("\n"))
    }
}

/// Whether an SPDX expression leaves a choice that is permissive throughout. `/` is the old form of `OR`.
fn is_permissive(expression: &str) -> Result<bool> {
    let spaced = expression.replace('(', " ( ").replace(')', " ) ").replace('/', " OR ");
    let mut words = spaced.split_whitespace().peekable();
    let permissive = either(&mut words)?;
    match words.next() {
        None => Ok(permissive),
        Some(word) => bail!("“{word}” is out of place"),
    }
}

type Words<'a> = std::iter::Peekable<std::str::SplitWhitespace<'a>>;

fn either(words: &mut Words<'_>) -> Result<bool> {
    let mut permissive = all(words)?;
    while words.next_if_eq(&"OR").is_some() {
        permissive |= all(words)?;
    }
    Ok(permissive)
}

fn all(words: &mut Words<'_>) -> Result<bool> {
    let mut permissive = one(words)?;
    while words.next_if_eq(&"AND").is_some() {
        permissive &= one(words)?;
    }
    Ok(permissive)
}

fn one(words: &mut Words<'_>) -> Result<bool> {
    let word = words.next().context("a licence is missing")?;
    if word == "(" {
        let inside = either(words)?;
        if words.next() != Some(")") {
            bail!("a bracket is left open");
        }
        return Ok(inside);
    }
    let permissive = PERMISSIVE.contains(&word);
    if words.next_if_eq(&"WITH").is_some() {
        let exception = words.next().context("an exception is missing")?;
        return Ok(permissive && HARMLESS_EXCEPTIONS.contains(&exception));
    }
    Ok(permissive)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_choice_is_enough_and_a_sum_must_be_permissive_throughout() {
        for (expression, permissive) in [
            ("MIT", true),
            ("MIT/Apache-2.0", true),
            ("GPL-3.0-only", false),
            ("MIT OR GPL-2.0-only", true),
            ("MIT AND GPL-2.0-only", false),
            ("(MIT OR GPL-2.0-only) AND Unicode-3.0", true),
            ("GPL-2.0-only OR MIT AND MPL-2.0", false),
            ("Apache-2.0 WITH LLVM-exception OR MPL-2.0", true),
            ("Apache-2.0 WITH other-exception", false),
        ] {
            assert_eq!(is_permissive(expression).unwrap(), permissive, "{expression}");
        }
    }

    #[test]
    fn what_is_no_expression_is_refused() {
        for expression in ["", "MIT OR", "(MIT", "MIT MIT", "MIT WITH"] {
            assert!(is_permissive(expression).is_err(), "{expression}");
        }
    }
}
