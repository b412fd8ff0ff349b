//! `bihuan ledger verify|export|check`: checks the books, writes them out for others to check, checks what others wrote.

mod check;

use crate::{config::Config, keys};
use anyhow::{Context, Result, bail};
use bihuan_ledger::{ExportManifest, write_checkpoints, write_keys};
use bihuan_store::{checkpoint, ledger, verify};
use clap::{Args, Subcommand};
use std::{
    collections::BTreeSet,
    fs,
    io::{IsTerminal, Write},
    path::{Path, PathBuf},
    process::ExitCode,
};

/// Verifies and exports the ledger.
#[derive(Debug, Args)]
pub struct Ledger {
    #[command(subcommand)]
    command: LedgerCommand,
}

#[derive(Debug, Subcommand)]
enum LedgerCommand {
    /// Checks chain, root, checkpoints, evidence, and that every table equals the replay.
    Verify {
        /// The folder of the books.
        #[arg(long)]
        dir: PathBuf,
        /// Keys kept elsewhere; without it, the folder's own.
        #[arg(long)]
        keys: Option<PathBuf>,
        /// One line of JSON.
        #[arg(long)]
        json: bool,
    },
    /// Writes the ledger in the documented format, with evidence, for any verifier.
    Export {
        /// The folder of the books.
        #[arg(long)]
        dir: PathBuf,
        /// An empty or missing folder to write to.
        #[arg(long)]
        out: PathBuf,
    },
    /// Checks a dossier or an export, a folder or a ZIP file, against the ledger's signed root.
    Check {
        /// The folder or ZIP file.
        package: PathBuf,
        /// Keys kept elsewhere; without it, those in the package are believed.
        #[arg(long)]
        keys: Option<PathBuf>,
        /// One line of JSON.
        #[arg(long)]
        json: bool,
    },
}

impl Ledger {
    /// Exit status 1 when anything differs.
    pub fn run(&self) -> Result<ExitCode> {
        match &self.command {
            LedgerCommand::Verify { dir, keys, json } => verify_books(dir, keys.as_deref(), *json),
            LedgerCommand::Export { dir, out } => export(dir, out),
            LedgerCommand::Check { package, keys, json } => check::run(package, keys.as_deref(), *json),
        }
    }
}

fn verify_books(dir: &Path, keys: Option<&Path>, json: bool) -> Result<ExitCode> {
    let config = Config::load(dir)?;
    let trusted = keys::public(keys.unwrap_or(dir))?;
    let books = config.open(dir);
    let books = match books {
        Ok(books) => books,
        Err(error) => {
            let fault = match error.downcast_ref() {
                Some(error) => verify::fault_of(error),
                None => verify::Fault { place: "database".to_owned(), what: format!("{error:#}") },
            };
            let report = verify::Report { fault: Some(fault), ..verify::Report::default() };
            return Ok(tell(&report, json));
        }
    };
    let shows = std::io::stderr().is_terminal();
    let mut watch = |progress: verify::Progress| {
        if shows {
            eprint!("\r{:?} {}/{}          ", progress.stage, progress.done, progress.total);
        }
        true
    };
    let report = verify::run(&books, &trusted, &mut watch)?;
    if shows {
        eprintln!();
    }
    Ok(tell(&report, json))
}

fn tell(report: &verify::Report, json: bool) -> ExitCode {
    if json {
        println!("{}", verify::to_json(report));
    } else {
        println!("entries      {}", report.entries);
        println!("head         {}", report.head);
        println!("root         {}", report.root);
        println!("checkpoints  {}", report.checkpoints);
        println!("table rows   {}", report.rows);
        println!("evidence     {}", report.files);
    }
    match &report.fault {
        None => {
            if !json {
                println!("everything fits 账实相符");
            }
            ExitCode::SUCCESS
        }
        Some(fault) => {
            if !json {
                println!("FIRST BAD PLACE  {}: {}", fault.place, fault.what);
            }
            ExitCode::FAILURE
        }
    }
}

fn export(dir: &Path, out: &Path) -> Result<ExitCode> {
    let config = Config::load(dir)?;
    let key = keys::load(dir)?;
    let books = config.open(dir)?;
    if out.exists() && fs::read_dir(out)?.next().is_some() {
        bail!("{} is not empty", out.display());
    }
    fs::create_dir_all(out.join("evidence"))?;
    books.checkpoint(&key, jiff_now())?;
    let area = books.area().to_owned();
    let mut files = BTreeSet::new();
    let mut size = 0;
    let mut lines = std::io::BufWriter::new(fs::File::create(out.join("ledger.jsonl"))?);
    let checkpoints = books.read(|connection| {
        let checkpoints = checkpoint::all(connection, &area)?;
        let covered = checkpoints.last().map_or(0, |last| last.size);
        ledger::each(connection, &area, |entry, _| {
            if entry.seq >= covered {
                return Ok(false);
            }
            files.extend(bihuan_ledger::content_references(&entry.body));
            let bytes = entry
                .canonical()
                .map_err(|error| bihuan_store::Error::Damaged { table: "ledger", what: error.to_string() })?;
            lines.write_all(&bytes)?;
            lines.write_all(b"\n")?;
            size += 1;
            Ok(true)
        })?;
        Ok::<_, bihuan_store::Error>(checkpoints)
    })?;
    lines.flush()?;
    let notes = checkpoints
        .iter()
        .map(|signed| bihuan_ledger::Note::parse(&signed.note))
        .collect::<Result<Vec<_>, _>>()
        .context("a stored checkpoint cannot be read")?;
    fs::write(out.join("checkpoints.txt"), write_checkpoints(&notes))?;
    fs::write(out.join("keys.txt"), write_keys(std::slice::from_ref(key.verifier())))?;
    // A list that was frozen has a digest and no file, and what was seen on a sealed mission lies under seal.
    let mut withheld = Vec::new();
    for hash in &files {
        let name = hash.to_string();
        match books.evidence().get_waiting(&name) {
            Ok(bytes) => fs::write(out.join("evidence").join(&name), bytes)?,
            Err(error) => {
                let citing = books.read(|connection| bihuan_store::task::citing(connection, &name))?;
                if let Some(task) = citing.first() {
                    return Err(error).with_context(|| format!("a file that task {task} cites is gone"));
                }
                withheld.push(*hash);
            }
        }
    }
    let (given, held_back) = (files.len() - withheld.len(), withheld.len());
    fs::write(out.join("export.json"), ExportManifest::new(&area, size, withheld).to_json())?;
    println!(
        "{size} entries, {} checkpoints, {given} files, {held_back} contents withheld → {}",
        notes.len(),
        out.display()
    );
    Ok(ExitCode::SUCCESS)
}

/// The wall clock: the command line is where time enters.
#[expect(clippy::disallowed_methods, reason = "the command line is where the clock is handed in")]
fn jiff_now() -> jiff::Timestamp {
    jiff::Timestamp::now()
}
