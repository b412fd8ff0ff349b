//! Keys (签名密钥): the key that signs checkpoints, in a file only its owner can read; the public half beside it.

use anyhow::{Context, Result};
use bihuan_ledger::{SigningKey, VerifierKey, origin, read_keys, write_keys};
use std::{
    fs::{self, OpenOptions},
    io::Write,
    os::unix::fs::OpenOptionsExt,
    path::Path,
};

const SECRET: &str = "ledger.key";
const PUBLIC: &str = "ledger.pub";

/// Makes a key for an area and writes both halves.
pub fn create(dir: &Path, area: &str) -> Result<SigningKey> {
    let mut seed = [0; 32];
    getrandom::fill(&mut seed).context("no random bytes")?;
    let key = SigningKey::from_seed(&origin(area), &seed).context("the key cannot be made")?;
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(dir.join(SECRET))?;
    writeln!(file, "{}", key.to_secret_text())?;
    fs::write(dir.join(PUBLIC), write_keys(std::slice::from_ref(key.verifier())))?;
    Ok(key)
}

/// The key of a folder.
pub fn load(dir: &Path) -> Result<SigningKey> {
    let path = dir.join(SECRET);
    let text = fs::read_to_string(&path).with_context(|| format!("{} cannot be read", path.display()))?;
    SigningKey::parse(text.trim()).with_context(|| format!("{} is no signing key", path.display()))
}

/// The public keys of a folder, or of a file that somebody else kept.
pub fn public(path: &Path) -> Result<Vec<VerifierKey>> {
    let file = if path.is_dir() { path.join(PUBLIC) } else { path.to_owned() };
    let text = fs::read_to_string(&file).with_context(|| format!("{} cannot be read", file.display()))?;
    read_keys(&text).with_context(|| format!("{} holds no verifier keys", file.display()))
}
