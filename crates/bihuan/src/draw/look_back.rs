//! `bihuan draw look-back --input FRAME (--seed TEXT | --ceremony FILE) [--json] [--xlsx FILE]`, `bihuan draw digest`.

use super::refused;
use anyhow::{Context, Result, bail};
use bihuan_methods::look_back::{Drawing, Frame, ceremony::Ceremony, draw};
use bihuan_papers::writing::Language;
use bihuan_web::inspection::workbook;
use clap::Args;
use jiff::civil::{Date, date};
use std::{path::PathBuf, process::ExitCode};

/// The day in the properties of the workbook: the same draw gives the same bytes, whenever it is repeated.
const MADE_ON: Date = date(2000, 1, 1);

/// Draws which closed problems are looked at again.
#[derive(Debug, Args)]
pub struct LookBack {
    /// The frozen frame; docs/draws/look-back.md says how it is written.
    #[arg(long)]
    input: PathBuf,
    /// The seed, one line of text.
    #[arg(long, conflicts_with = "ceremony", required_unless_present = "ceremony")]
    seed: Option<String>,
    /// What the parties committed to and revealed; the seed follows from it.
    #[arg(long)]
    ceremony: Option<PathBuf>,
    /// One object of JSON: the draw as it is published.
    #[arg(long)]
    json: bool,
    /// Writes a workbook that reckons the draw again.
    #[arg(long)]
    xlsx: Option<PathBuf>,
}

impl LookBack {
    /// Draws; exit status 1 when the ceremony is void or the frame cannot be drawn from.
    pub fn run(&self) -> Result<ExitCode> {
        let frame: Frame = super::read(&self.input)?;
        let seed = match (&self.seed, &self.ceremony) {
            (Some(seed), None) => seed.clone(),
            (None, Some(path)) => {
                let ceremony: Ceremony = super::read(path)?;
                match frame.digest().map(|digest| ceremony.seed(digest)) {
                    Ok(Ok(seed)) => seed.to_string(),
                    Ok(Err(void)) => return Ok(refused(&void.zh(), &void.to_string())),
                    Err(error) => return Ok(refused(&error.zh(), &error.to_string())),
                }
            }
            _ => bail!("--seed 和 --ceremony 请给且只给一个; give either --seed or --ceremony"),
        };
        let drawing = match draw(&frame, &seed) {
            Ok(drawing) => drawing,
            Err(error) => return Ok(refused(&error.zh(), &error.to_string())),
        };
        if let Some(path) = &self.xlsx {
            let bytes = workbook(&drawing, &[]).to_workbook(Language::Chinese).to_xlsx(MADE_ON)?;
            std::fs::write(path, bytes)
                .with_context(|| format!("{} 无法写入 cannot be written", path.display()))?;
        }
        if self.json {
            println!("{}", serde_json::to_string(&drawing)?);
        } else {
            print(&drawing);
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn print(drawing: &Drawing) {
    println!("抽样框 frame   {}", drawing.frame_sha256);
    println!("种子   seed    {}", drawing.seed);
    for id in &drawing.drawn {
        let chance = drawing.probability(id).map_or(0.0, |chance| chance.share());
        println!("抽中   drawn   {id}\t{chance:.4}");
    }
    for id in &drawing.reserves {
        println!("备选   reserve {id}");
    }
    for apart in &drawing.frame.purposive {
        println!("点名   named   {}\t{}", apart.id, apart.reason);
    }
}

/// Prints the digest of a frame.
#[derive(Debug, Args)]
pub struct Digest {
    /// The frame.
    #[arg(long)]
    input: PathBuf,
    /// The canonical text that is digested, instead of the digest.
    #[arg(long)]
    text: bool,
}

impl Digest {
    /// Prints it; exit status 1 when the frame cannot be frozen.
    pub fn run(&self) -> Result<ExitCode> {
        let frame: Frame = super::read(&self.input)?;
        match frame.canonical() {
            Ok(text) if self.text => print!("{text}"),
            Ok(text) => println!("{}", bihuan_methods::digest::Digest::of_text(&text)),
            Err(error) => return Ok(refused(&error.zh(), &error.to_string())),
        }
        Ok(ExitCode::SUCCESS)
    }
}
