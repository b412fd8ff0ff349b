//! `bihuan ledger check`: a dossier or an export, by its own content alone.

use anyhow::{Context, Result, bail};
use bihuan_ledger::{Content, Dossier, ExportVerifier, PackageFault, VerifierKey, read_keys};
use serde_json::json;
use std::{
    collections::BTreeMap,
    fs::{self, File},
    io::{BufReader, Read},
    path::{Path, PathBuf},
    process::ExitCode,
};
use zip::ZipArchive;

/// Largest file of a package, in bytes.
const FILE_BYTES_MAX: u64 = 4 * 1024 * 1024 * 1024;

/// Where the files of a package lie.
enum Package {
    Folder(PathBuf),
    Zip(Box<ZipArchive<BufReader<File>>>),
}

impl Package {
    fn open(path: &Path) -> Result<Package> {
        if path.is_dir() {
            return Ok(Package::Folder(path.to_owned()));
        }
        let file = File::open(path).with_context(|| format!("{} cannot be opened", path.display()))?;
        let zip = ZipArchive::new(BufReader::new(file))
            .with_context(|| format!("{} is neither a folder nor a ZIP file", path.display()))?;
        Ok(Package::Zip(Box::new(zip)))
    }

    /// Paths of all files, with `/` between folders.
    fn paths(&self) -> Result<Vec<String>> {
        match self {
            Package::Folder(dir) => {
                let mut paths = Vec::new();
                walk(dir, "", &mut paths)?;
                Ok(paths)
            }
            Package::Zip(zip) => {
                let mut paths = Vec::new();
                for name in zip.file_names() {
                    let name = name.context("the name of a file in the package is no text")?;
                    if !name.ends_with('/') {
                        paths.push(name.into_owned());
                    }
                }
                Ok(paths)
            }
        }
    }

    fn read(&mut self, path: &str) -> Result<Vec<u8>> {
        let mut bytes = Vec::new();
        match self {
            Package::Folder(dir) => {
                File::open(dir.join(path))?.take(FILE_BYTES_MAX).read_to_end(&mut bytes)?
            }
            Package::Zip(zip) => zip.by_name(path)?.take(FILE_BYTES_MAX).read_to_end(&mut bytes)?,
        };
        Ok(bytes)
    }
}

fn walk(dir: &Path, before: &str, paths: &mut Vec<String>) -> Result<()> {
    for entry in fs::read_dir(dir)? {
        let entry = entry?;
        let path = format!("{before}{}", entry.file_name().to_string_lossy());
        if entry.file_type()?.is_dir() {
            walk(&entry.path(), &format!("{path}/"), paths)?;
        } else {
            paths.push(path);
        }
    }
    Ok(())
}

/// Exit status 1 when anything differs.
pub fn run(package: &Path, keys: Option<&Path>, as_json: bool) -> Result<ExitCode> {
    let trusted = match keys {
        Some(path) => Some(read_keys(&fs::read_to_string(path)?).context("the keys cannot be read")?),
        None => None,
    };
    let mut opened = Package::open(package)?;
    let paths = opened.paths()?;
    let has = |name: &str| paths.iter().any(|path| path == name);
    let checked = if has("proof.json") {
        dossier(&mut opened, paths, trusted.as_deref())?
    } else if has("export.json") {
        export(&mut opened, &paths, trusted.as_deref())?
    } else {
        bail!("{} holds neither proof.json nor export.json", package.display());
    };
    let (told, code) = match checked {
        Ok(told) => (told, ExitCode::SUCCESS),
        Err(fault) => (BTreeMap::from([("fault", json!(fault.to_string()))]), ExitCode::FAILURE),
    };
    if as_json {
        println!("{}", json!(told));
    } else {
        for (name, value) in &told {
            println!("{name:<14}{}", value.as_str().map_or_else(|| value.to_string(), str::to_owned));
        }
        if code == ExitCode::SUCCESS {
            let keys = if trusted.is_some() { "" } else { " (with the keys of the package itself)" };
            println!("everything fits{keys} 账实相符");
        }
    }
    Ok(code)
}

type Told = BTreeMap<&'static str, serde_json::Value>;
type Checked = Result<Told, PackageFault>;

fn dossier(opened: &mut Package, paths: Vec<String>, trusted: Option<&[VerifierKey]>) -> Result<Checked> {
    let described = opened.read("proof.json")?;
    let others = paths.into_iter().filter(|path| path != "proof.json");
    let content = |path: &str| opened.read(path).ok().map(|bytes| Content::of(&bytes));
    Ok(Dossier::from_json(&described).and_then(|dossier| dossier.verify(trusted, others, content)).map(
        |summary| {
            BTreeMap::from([
                ("area", json!(summary.area)),
                ("ledger_size", json!(summary.checkpoint.size)),
                ("root", json!(summary.checkpoint.root.to_string())),
                ("signers", json!(summary.signers)),
                ("entries", json!(summary.entries)),
                ("files_proved", json!(summary.files_proved)),
                ("files_listed", json!(summary.files_listed)),
                ("withheld", json!(summary.withheld)),
            ])
        },
    ))
}

fn export(opened: &mut Package, paths: &[String], trusted: Option<&[VerifierKey]>) -> Result<Checked> {
    let manifest = opened.read("export.json")?;
    let keys = String::from_utf8(opened.read("keys.txt")?).context("keys.txt")?;
    let checkpoints = String::from_utf8(opened.read("checkpoints.txt")?).context("checkpoints.txt")?;
    let mut verifier = match ExportVerifier::open(&manifest, &keys, &checkpoints, trusted) {
        Ok(verifier) => verifier,
        Err(fault) => return Ok(Err(fault)),
    };
    for line in opened.read("ledger.jsonl")?.split(|byte| *byte == b'\n') {
        if line.is_empty() {
            continue;
        }
        if let Err(fault) = verifier.push_line(line) {
            return Ok(Err(fault));
        }
    }
    let names: Vec<String> =
        paths.iter().filter_map(|path| path.strip_prefix("evidence/")).map(str::to_owned).collect();
    let content = |name: &str| opened.read(&format!("evidence/{name}")).ok().map(|bytes| Content::of(&bytes));
    Ok(verifier.finish(names, content).map(|summary| {
        BTreeMap::from([
            ("area", json!(summary.area)),
            ("entries", json!(summary.chain.size)),
            ("root", json!(summary.chain.root.to_string())),
            ("checkpoints", json!(summary.checkpoints)),
            ("files_proved", json!(summary.files)),
            ("withheld", json!(summary.withheld)),
        ])
    }))
}
