//! `bihuan draw verify --input DRAW [--frame-sha256 HEX] [--ceremony FILE] [--json]`.

use anyhow::Result;
use bihuan_methods::{
    digest::Digest,
    look_back::{Drawing, ceremony::Ceremony},
};
use clap::Args;
use std::{path::PathBuf, process::ExitCode};

/// Draws again and compares.
#[derive(Debug, Args)]
pub struct Verify {
    /// The draw as it was published.
    #[arg(long)]
    input: PathBuf,
    /// The digest of the frame that was published before the draw.
    #[arg(long)]
    frame_sha256: Option<Digest>,
    /// What the parties committed to and revealed.
    #[arg(long)]
    ceremony: Option<PathBuf>,
    /// One object of JSON.
    #[arg(long)]
    json: bool,
}

impl Verify {
    /// Exit status 1 when anything disagrees; each part that does is named.
    pub fn run(&self) -> Result<ExitCode> {
        let drawing: Drawing = super::read(&self.input)?;
        let mut wrong: Vec<String> = match drawing.disagreements() {
            Ok(parts) => parts.into_iter().map(|part| format!("{part} {}", part_zh(part))).collect(),
            Err(error) => vec![format!("{} {error}", error.zh())],
        };
        let frame_sha256 = drawing.frame.digest().unwrap_or(drawing.frame_sha256);
        if self.frame_sha256.is_some_and(|published| published != frame_sha256) {
            wrong.push(
                "抽样框不是当初公布摘要的那一个 the frame is not the one whose digest was published"
                    .to_owned(),
            );
        }
        if let Some(path) = &self.ceremony {
            let ceremony: Ceremony = super::read(path)?;
            match ceremony.seed(frame_sha256) {
                Ok(seed) if seed.to_string() == drawing.seed => {}
                Ok(_) => wrong.push(
                    "种子不是由各方承诺与公开得出的 the seed is not the one that follows from the ceremony"
                        .to_owned(),
                ),
                Err(void) => wrong.push(format!("{} {void}", void.zh())),
            }
        }
        if self.json {
            println!("{}", serde_json::json!({ "agrees": wrong.is_empty(), "wrong": wrong }));
        } else if wrong.is_empty() {
            println!("一致 agrees: {} drawn, frame {frame_sha256}", drawing.drawn.len());
        } else {
            wrong.iter().for_each(|what| println!("不一致 wrong: {what}"));
        }
        Ok(if wrong.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}

/// A part of a published draw in Chinese.
fn part_zh(part: &str) -> &'static str {
    match part {
        "method" => "方法",
        "frame_sha256" => "抽样框摘要",
        "start_sha256" => "起点摘要",
        "stages" => "必抽",
        "order" => "次序与概率",
        "drawn" => "抽中",
        _ => "备选",
    }
}
