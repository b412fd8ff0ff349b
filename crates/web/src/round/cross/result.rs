//! The result of a cross assignment (分配结果): what it says of itself, and how anybody makes it again.

use crate::{
    app::App,
    failure::Failure,
    locale::Locale,
    round::{draw::files::json, find},
    session::Signed,
};
use axum::{
    extract::{Path, State},
    response::Response,
};
use bihuan_methods::cross::{NoPlan, Plan, Report, drawn_report, optimise, optimised_report};
use bihuan_rules::{
    id::UnitId,
    round::{Assignment, Mode, Round},
};
use serde::{Deserialize, Serialize};

/// Steps of the search for a short plan: with as many the same plan comes out on every machine.
pub const STEPS: u64 = 200_000;

/// What is kept of a result beside its pairs; numbers only, so that every language words it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Measure {
    /// All ways together, in kilometres.
    pub travel_km: f64,
    /// The greatest load less the least, stops of this year included.
    pub spread: f64,
    /// Bits of a drawn plan.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bits: Option<f64>,
    /// Plans among which was drawn, when they could be counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plans: Option<u64>,
    /// Targets whose team everybody could have told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub foreseeable: Option<usize>,
    /// The proven lower bound of an optimised plan, in kilometres.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bound_km: Option<f64>,
    /// Steps of the search: with as many the same plan comes out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub steps: Option<u64>,
    /// By how many percent it costs more than the bound.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gap_percent: Option<f64>,
}

impl Measure {
    /// What a report says.
    pub fn of(report: &Report) -> Measure {
        let told = report.unpredictability.as_ref();
        Measure {
            travel_km: report.travel,
            spread: report.load_spread,
            bits: told.map(|told| (told.bits * 100.0).round() / 100.0),
            plans: told.and_then(|told| told.plans.first().copied().flatten()),
            foreseeable: told.and_then(|told| told.foreseeable.first().copied()),
            steps: report.steps,
            bound_km: report.bound.as_ref().map(|bound| bound.travel),
            gap_percent: report.bound.as_ref().map(|bound| (bound.gap_percent * 100.0).round() / 100.0),
        }
    }

    /// How hard it is to foresee, in sentences; nothing for a plan that was not drawn.
    pub fn foresight(&self, locale: Locale) -> Vec<String> {
        let count = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
        let mut words = Vec::new();
        match (self.plans, self.bits) {
            (Some(plans), Some(bits)) => {
                let text = locale.text("round-cross-bits").with("plans", plans.to_string());
                words.push(text.with("bits", format!("{bits:.2}")).to_string());
            }
            (None, Some(bits)) => {
                words.push(
                    locale.text("round-cross-bits-at-most").with("bits", format!("{bits:.2}")).to_string(),
                );
            }
            _ => {}
        }
        if let Some(foreseeable) = self.foreseeable.filter(|foreseeable| *foreseeable > 0) {
            words.push(locale.text("round-cross-foreseeable").with("count", count(foreseeable)).to_string());
        }
        words
    }

    /// Everything, in sentences.
    pub fn words(&self, locale: Locale) -> Vec<String> {
        let number = |value: f64| format!("{value:.1}");
        let mut words = self.foresight(locale);
        if self.travel_km > 0.0 {
            words.push(locale.text("round-cross-travel").with("km", number(self.travel_km)).to_string());
        }
        if let (Some(bound), Some(gap)) = (self.bound_km, self.gap_percent) {
            let text = locale.text("round-cross-bound").with("km", number(bound));
            words.push(text.with("gap", format!("{gap:.2}")).to_string());
        }
        words.push(
            locale.text("round-cross-spread").with("spread", format!("{:.0}", self.spread)).to_string(),
        );
        if self.bits.is_some() {
            words.push(locale.say("round-cross-loads-aside"));
        }
        words
    }
}

/// Makes the plan of a mode with a seed.
///
/// # Errors
/// [`NoPlan`]: rules exclude each other, or no plan was found.
pub fn make(plan: &Plan, mode: Mode, seed: &str, steps: u64) -> Result<Report, NoPlan> {
    if mode == Mode::Optimised {
        let optimised = optimise(plan, seed, &mut |taken| taken as f64 / steps.max(1) as f64)?;
        return Ok(optimised_report(plan, seed, &optimised)?);
    }
    drawn_report(plan, seed)
}

/// What is recorded of a result.
pub fn assignment(
    plan: &Plan,
    mode: Mode,
    report: &Report,
    unit_of: &dyn Fn(&str) -> Option<UnitId>,
) -> Assignment {
    let trips = report.rounds.iter().flat_map(|round| &round.visits);
    let mut pairs: Vec<(String, UnitId)> =
        trips.filter_map(|trip| Some((trip.team.clone(), unit_of(&trip.target)?))).collect();
    pairs.sort();
    Assignment {
        mode,
        method: report.method.clone(),
        seed: report.seed.clone(),
        input: serde_json::to_string(plan).unwrap_or_default(),
        input_sha256: report.plan_sha256.to_string(),
        measure: serde_json::to_string(&Measure::of(report)).unwrap_or_default(),
        pairs,
    }
}

/// Makes a plan and what is recorded of it; `unit_of` gives the unit of a target's name.
///
/// # Errors
/// [`NoPlan`]: rules exclude each other, or no plan was found.
pub fn cross_assignment(
    plan: &Plan,
    mode: Mode,
    seed: &str,
    unit_of: &dyn Fn(&str) -> Option<UnitId>,
) -> Result<Assignment, NoPlan> {
    Ok(assignment(plan, mode, &make(plan, mode, seed, STEPS)?, unit_of))
}

/// What an assignment says of itself, in sentences; what was typed by hand stands as it is.
pub fn measure_words(locale: Locale, assignment: &Assignment) -> Vec<String> {
    match serde_json::from_str::<Measure>(&assignment.measure) {
        Ok(measure) => measure.words(locale),
        Err(_) if assignment.measure.is_empty() => Vec::new(),
        Err(_) => vec![assignment.measure.clone()],
    }
}

/// Steps that the search of an assignment took.
fn steps_of(assignment: &Assignment) -> u64 {
    let measure = serde_json::from_str::<Measure>(&assignment.measure).ok();
    measure.and_then(|measure| measure.steps).unwrap_or(STEPS)
}

/// How anybody makes it again without a server; empty for what was done by hand.
pub fn command(round: &Round, assignment: &Assignment) -> String {
    let mode = match assignment.mode {
        Mode::Drawn => String::new(),
        Mode::Optimised => format!(" --mode optimised --steps {}", steps_of(assignment)),
        Mode::ByHand => return String::new(),
    };
    format!("bihuan draw cross --input {}-plan.json --seed {}{mode}", round.id, assignment.seed)
}

async fn drawn(app: &App, signed: &Signed, id: String) -> Result<(Round, Assignment), Failure> {
    let reader = signed.clone();
    let round = app.books.ask(move |connection| find(connection, &reader, &id)).await?.record;
    let assignment = round.assigned.as_ref().and_then(|assigned| assigned.assignment.clone());
    let assignment = assignment.filter(|assignment| !assignment.input.is_empty()).ok_or(Failure::NotFound)?;
    Ok((round, assignment))
}

/// `GET /rounds/{id}/cross/plan.json`: what went in, for `bihuan draw cross`.
pub async fn plan_file(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let (round, assignment) = drawn(&app, &signed, id).await?;
    let plan: Plan = serde_json::from_str(&assignment.input).map_err(|_| Failure::NotFound)?;
    json(&format!("{}-plan.json", round.id), &plan)
}

/// `GET /rounds/{id}/cross/result.json`: what came out, for `bihuan draw cross --check`.
pub async fn result_file(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let (round, assignment) = drawn(&app, &signed, id).await?;
    let plan: Plan = serde_json::from_str(&assignment.input).map_err(|_| Failure::NotFound)?;
    let report = make(&plan, assignment.mode, &assignment.seed, steps_of(&assignment))
        .map_err(|_| Failure::NotFound)?;
    json(&format!("{}-result.json", round.id), &report)
}
