//! `bihuan deadline TEXT --from DATE [--json]`.

use anyhow::{Context, Result};
use bihuan_rules::{
    calendar::Calendar,
    deadline::{self, Anchor},
};
use clap::Args;
use jiff::civil::Date;
use std::process::ExitCode;

/// Reads a deadline as documents word it.
#[derive(Debug, Args)]
pub struct Deadline {
    /// The wording, such as 收到后30个工作日内.
    text: String,
    /// The day it was received (and issued), from which terms count.
    #[arg(long)]
    from: Option<String>,
    /// One line of JSON.
    #[arg(long)]
    json: bool,
}

impl Deadline {
    /// Prints the reading.
    pub fn run(&self) -> Result<ExitCode> {
        let from: Option<Date> = match &self.from {
            Some(text) => Some(
                deadline::read_date(text, None)
                    .with_context(|| format!("“{text}” is no date; write 2021-02-25"))?,
            ),
            None => None,
        };
        let anchor = Anchor { received_on: from, issued_on: from, calendar: Calendar::embedded() };
        let read = deadline::read(&self.text, &anchor);
        if self.json {
            println!("{}", read.to_json());
        } else {
            match read.due_on() {
                Some(due) => println!("{due}"),
                None => println!("–"),
            }
            println!("{}", read.why_zh);
        }
        Ok(ExitCode::SUCCESS)
    }
}
