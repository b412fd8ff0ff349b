//! `bihuan draw reserves --input DRAW --absent FILE [--json]`.

use anyhow::Result;
use bihuan_methods::look_back::{
    Drawing,
    reserve::{Absence, step_in},
};
use clap::Args;
use std::{path::PathBuf, process::ExitCode};

/// Says which reserve takes the place of each drawn unit that could not be looked at.
#[derive(Debug, Args)]
pub struct Reserves {
    /// The draw as it was published.
    #[arg(long)]
    input: PathBuf,
    /// A list such as `[{"id": "P-001", "reason": "road closed"}]`, in the order on record; with `reserve` it is compared.
    #[arg(long)]
    absent: PathBuf,
    /// One object of JSON.
    #[arg(long)]
    json: bool,
}

impl Reserves {
    /// Prints who steps in; exit status 1 when the draw is not what its seed gives, an absence is none, or another reserve is
    /// said to have stepped in.
    pub fn run(&self) -> Result<ExitCode> {
        let drawing: Drawing = super::read(&self.input)?;
        let absences: Vec<Absence> = super::read(&self.absent)?;
        match drawing.disagreements() {
            Ok(parts) if parts.is_empty() => {}
            Ok(parts) => {
                let parts = parts.join(", ");
                return Ok(super::refused(
                    &format!("抽签结果与种子不符:{parts}"),
                    &format!("the draw is not what its seed gives: {parts}"),
                ));
            }
            Err(error) => return Ok(super::refused(&error.zh(), &error.to_string())),
        }
        let stepped = match step_in(&drawing, &absences) {
            Ok(stepped) => stepped,
            Err(error) => return Ok(super::refused(&error.zh(), &error.to_string())),
        };
        let agrees = |absence: &Absence, reserve: Option<&str>| {
            absence.reserve.is_none() || absence.reserve.as_deref() == reserve
        };
        let all_agree = absences.iter().zip(&stepped).all(|(absence, reserve)| agrees(absence, *reserve));
        if self.json {
            let each: Vec<serde_json::Value> = absences
                .iter()
                .zip(&stepped)
                .map(|(absence, reserve)| {
                    serde_json::json!({ "id": absence.id, "reserve": reserve, "agrees": agrees(absence, *reserve) })
                })
                .collect();
            println!("{}", serde_json::json!({ "stepped_in": each, "agrees": all_agree }));
        } else {
            for (absence, reserve) in absences.iter().zip(&stepped) {
                let reserve = reserve.unwrap_or("–");
                let differs = absence.reserve.as_deref().filter(|said| *said != reserve);
                let differs = differs.map(|said| format!("\t≠ {said}")).unwrap_or_default();
                println!("递补 reserve {} → {reserve}\t{}{differs}", absence.id, absence.reason);
            }
        }
        Ok(if all_agree { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}
