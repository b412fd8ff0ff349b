//! `bihuan draw estimate --input DRAW --findings FILE [--json]`.

use anyhow::Result;
use bihuan_methods::look_back::{
    Drawing,
    estimate::{self, Finding, rates},
};
use clap::Args;
use std::{path::PathBuf, process::ExitCode};

/// Says what the findings of a draw mean for all closed problems.
#[derive(Debug, Args)]
pub struct Estimate {
    /// The draw as it was published.
    #[arg(long)]
    input: PathBuf,
    /// A list such as `[{"id": "P-001", "rebounded": true}]`.
    #[arg(long)]
    findings: PathBuf,
    /// One object of JSON.
    #[arg(long)]
    json: bool,
}

impl Estimate {
    /// Prints the rates; exit status 1 for findings that do not belong to the draw.
    pub fn run(&self) -> Result<ExitCode> {
        let drawing: Drawing = super::read(&self.input)?;
        let findings: Vec<Finding> = super::read(&self.findings)?;
        let rates = match rates(&drawing, &findings) {
            Ok(rates) => rates,
            Err(stranger) => {
                return Ok(super::refused(&stranger.zh(), &stranger.to_string()));
            }
        };
        if self.json {
            let rates: Vec<serde_json::Value> = rates
                .iter()
                .map(|rate| match &rate.estimate {
                    Ok(estimate) => serde_json::json!({ "field": rate.field, "estimate": estimate }),
                    Err(why) => serde_json::json!({ "field": rate.field, "no_rate": why.to_string() }),
                })
                .collect();
            println!("{}", serde_json::json!({ "method": estimate::METHOD, "rates": rates }));
            return Ok(ExitCode::SUCCESS);
        }
        for rate in &rates {
            let field = if rate.field.is_empty() { "全部 all" } else { &rate.field };
            match &rate.estimate {
                Ok(found) => println!(
                    "{field}\t{:.1} %\t95 %: {:.1} – {:.1} %\t{} / {} / {}",
                    found.hajek * 100.0,
                    found.lower * 100.0,
                    found.upper * 100.0,
                    found.rebounded,
                    found.looked_at,
                    found.population
                ),
                Err(why) => println!("{field}\t– {} {why}", why.zh()),
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}
