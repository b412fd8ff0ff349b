//! `bihuan water evaluate FILE [--inflow SECTION] [--outflow SECTION] [--since MONTH] [--json]`.

use super::{report::Report, text};
use anyhow::{Context, Result, bail};
use bihuan_methods::water::{self, Month, Standard};
use bihuan_papers::{
    container::{self, Limits},
    water_table::{self, Term},
};
use clap::Args;
use std::{path::PathBuf, process::ExitCode};

/// Evaluates a table of readings without storing anything.
#[derive(Debug, Args)]
pub struct Evaluate {
    /// The table: .csv, .xlsx, .xls, .docx or .html; a column for each item, or a row for each figure.
    file: PathBuf,
    /// The standard; the one in force without it.
    #[arg(long)]
    standard: Option<String>,
    /// The section upstream, shown beside the one downstream.
    #[arg(long, requires = "outflow")]
    inflow: Option<String>,
    /// The section downstream.
    #[arg(long)]
    outflow: Option<String>,
    /// The month from which a rectification works, such as 2021-06: the section downstream before and after.
    #[arg(long, requires = "outflow")]
    since: Option<String>,
    /// One object of JSON.
    #[arg(long)]
    json: bool,
}

/// What the items of a standard are called.
fn terms(standard: &Standard) -> Vec<Term> {
    let term = |item: &water::Item| Term {
        code: item.code.clone(),
        names: [&item.zh, &item.en].into_iter().chain(&item.names).cloned().collect(),
        is_ph: item.is_ph(),
    };
    standard.items.iter().map(term).collect()
}

impl Evaluate {
    fn standard(&self) -> Result<&'static Standard> {
        let known = water::standards();
        match &self.standard {
            None => known.first().context("a standard ships with the program"),
            Some(name) => water::named(name).with_context(|| {
                let names: Vec<&str> = known.iter().map(|known| known.name.as_str()).collect();
                format!("没有标准 no standard is called {name}; 现有 known are {}", names.join(", "))
            }),
        }
    }

    /// Prints the evaluation; exit status 1 when the file cannot be read or holds no readings.
    pub fn run(&self) -> Result<ExitCode> {
        let standard = self.standard()?;
        let since = match &self.since {
            Some(text) => Some(text.parse::<Month>().map_err(|()| {
                anyhow::anyhow!("“{text}”不是月份,请写作 2021-06 is no month; write 2021-06")
            })?),
            None => None,
        };
        let (limits, path) = (Limits::default(), self.file.display());
        let size =
            std::fs::metadata(&self.file).with_context(|| format!("{path} 无法读取 cannot be read"))?.len();
        if size > limits.file_bytes as u64 {
            bail!("{path}: {size} 字节,上限 bytes; the limit is {}", limits.file_bytes);
        }
        let bytes = std::fs::read(&self.file).with_context(|| format!("{path} 无法读取 cannot be read"))?;
        let name = self.file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let document = match container::open(&bytes, &name, &limits) {
            Ok(document) => document,
            Err(error) => {
                if self.json {
                    let error = serde_json::json!({ "code": error.code(), "message": error.message_zh(),
                        "message_en": error.message_en() });
                    println!("{}", serde_json::json!({ "sections": [], "error": error }));
                }
                eprintln!("{path}: {}\n{}", error.message_zh(), error.message_en());
                return Ok(ExitCode::FAILURE);
            }
        };
        let table = water_table::read(&document, &terms(standard));
        let mut report = Report::of(standard, table);
        for named in [&self.inflow, &self.outflow].into_iter().flatten() {
            if report.section(named).is_none() {
                bail!("表中没有断面 no section of the table is called “{named}”");
            }
        }
        report.compare(self.inflow.as_deref(), self.outflow.as_deref(), since);
        if self.json {
            println!("{}", report.json());
        } else {
            text::print(&report);
        }
        text::remarks(&report);
        Ok(if report.sections.is_empty() { ExitCode::FAILURE } else { ExitCode::SUCCESS })
    }
}
