//! `bihuan read FILE [--json]`: parses a document without storing anything.

use anyhow::{Context, Result};
use bihuan_papers::{
    container::{self, Limits},
    reading::{self, ReadOptions},
};
use bihuan_rules::deadline::read_date;
use clap::Args;
use std::{io::Write, path::PathBuf, process::ExitCode};

/// Reads a document without storing anything.
#[derive(Debug, Args)]
pub struct Read {
    /// The document: .docx, .xlsx, .xls, .csv, .html or text.
    file: PathBuf,
    /// The day the document was issued; years left out are inferred from it.
    #[arg(long)]
    issued_on: Option<String>,
    /// The day it was received; terms count from it.
    #[arg(long)]
    received_on: Option<String>,
    /// One object of JSON.
    #[arg(long)]
    json: bool,
}

impl Read {
    /// Prints what was read; exit status 1 when the file cannot be read.
    pub fn run(&self) -> Result<ExitCode> {
        let day = |text: &Option<String>| match text {
            Some(text) => read_date(text, None).map(Some).with_context(|| format!("“{text}” is no date")),
            None => Ok(None),
        };
        let options = ReadOptions {
            issued_on: day(&self.issued_on)?,
            received_on: day(&self.received_on)?,
            mapping: None,
            values_only: true,
        };
        let limits = Limits::default();
        let path = self.file.display();
        let size = std::fs::metadata(&self.file).with_context(|| format!("{path} cannot be read"))?.len();
        if size > limits.file_bytes as u64 {
            eprintln!("{path}: {size} bytes; the limit is {}", limits.file_bytes);
            return Ok(ExitCode::FAILURE);
        }
        let bytes = std::fs::read(&self.file).with_context(|| format!("{path} cannot be read"))?;
        let name = self.file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let document = match container::open(&bytes, &name, &limits) {
            Ok(document) => document,
            Err(error) => {
                if self.json {
                    println!(
                        "{}",
                        serde_json::json!({ "problems": [], "warnings": [], "error": {
                            "code": error.code(), "message": error.message_zh(), "message_en": error.message_en() } })
                    );
                }
                eprintln!("{path}: {}\n{}", error.message_zh(), error.message_en());
                return Ok(ExitCode::FAILURE);
            }
        };
        drop(bytes);
        let reading = reading::interpret(&document, &options);
        drop(document);
        if self.json {
            let mut out = std::io::BufWriter::new(std::io::stdout().lock());
            reading.write_json(&mut out).and_then(|()| writeln!(out)).and_then(|()| out.flush())?;
        } else {
            for draft in &reading.problems {
                println!(
                    "{}\t{}\t{}",
                    draft.no.as_deref().unwrap_or("–"),
                    draft.title.as_deref().unwrap_or("–"),
                    draft.deadline.text
                );
            }
            for warning in &reading.warnings {
                eprintln!("{}: {}", warning.place.zh(), warning.zh);
            }
            eprintln!("{} problems, {} warnings", reading.problems.len(), reading.warnings.len());
        }
        Ok(ExitCode::SUCCESS)
    }
}
