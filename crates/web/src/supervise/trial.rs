//! A dry run (试算): what a ladder would have proposed in the past year, month by month, and for whom, before anybody adopts it.

use super::{Because, asked_ladder, because, rung, step_title, title};
use crate::{
    app::App,
    failure::Failure,
    filled::Filled,
    frame::{Frame, show},
    locale::Locale,
    session::Signed,
    words,
};
use askama::Template;
use axum::{extract::State, http::StatusCode, response::Response};
use bihuan_rules::{
    access::{Reach, Room},
    ladder::{self, Ladder, Proposal},
    ranking::{History, Length, Period},
    task::Task,
};
use bihuan_store::{Connection, history};
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};

/// Months that are looked at.
const MONTHS: usize = 12;

/// A proposal that would have been made.
struct Line {
    on: String,
    rung: (String, &'static str),
    unit: String,
    task: String,
    step: String,
    grounds: Vec<Because>,
}

#[derive(Template)]
#[template(path = "supervise/trial.html")]
struct View {
    frame: Frame,
    ladder: String,
    finding: String,
    units: Vec<(String, usize)>,
    lines: Vec<Line>,
}

/// What would have been proposed on the last day of each month, each step of a task once.
fn run(ladder: &Ladder, histories: &[History], days: &[Date]) -> Vec<(Date, Proposal)> {
    let mut found = Vec::new();
    for history in histories {
        let mut known: BTreeSet<(String, u32)> = BTreeSet::new();
        for day in days {
            let past = history.events.iter().take_while(|(stamp, _)| stamp.on <= *day);
            let task = Task::replay(&history.id, past.map(|(stamp, event)| (stamp.clone(), event)));
            let Some(task) = task else { continue };
            if let Some(proposal) = ladder::propose(ladder, &task, &[], *day)
                && known.insert((proposal.step.clone(), task.counts.reopened))
            {
                found.push((*day, proposal));
            }
        }
    }
    found.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| b.1.rung.cmp(&a.1.rung)));
    found
}

/// What a ladder would have proposed in the past year.
pub(crate) async fn proposed(app: &App, ladder: Ladder) -> Result<Vec<(Date, Proposal)>, Failure> {
    let mut days = Vec::new();
    let mut month = Period::holding(Length::Month, app.today());
    for _ in 0..MONTHS {
        month = month.before();
        days.insert(0, month.until());
    }
    let reference = app.reference();
    let area = reference.area.as_ref().map(|area| area.code.clone()).unwrap_or_default();
    let look = move |connection: &mut Connection| {
        let histories = history::since(connection, &area, days.first().copied().unwrap_or(Date::MIN))?;
        Ok::<_, Failure>(run(&ladder, &histories, &days))
    };
    app.books.ask(look).await
}

/// `GET /supervise/try`.
pub async fn get(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    asked: Filled,
) -> Result<Response, Failure> {
    if !signed.actor.may_enter(Room::Supervise) || signed.actor.reach() != Reach::Whole {
        return Err(Failure::NotFound);
    }
    let ladder = asked_ladder(&app, &asked)?;
    let (found, reference) = (proposed(&app, ladder.as_ref().clone()).await?, app.reference());
    let mut units: BTreeMap<String, usize> = BTreeMap::new();
    for (_, proposal) in &found {
        *units.entry(words::unit(&reference.office, proposal.unit.as_str())).or_default() += 1;
    }
    let mut units: Vec<(String, usize)> = units.into_iter().collect();
    units.sort_by_key(|(_, times)| std::cmp::Reverse(*times));
    let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    let lines = found.iter().map(|(on, proposal)| Line {
        on: locale.date(*on),
        rung: rung(locale, proposal.rung),
        unit: words::unit(&reference.office, proposal.unit.as_str()),
        task: proposal.task.to_string(),
        step: step_title(locale, Some(&ladder), &proposal.step),
        grounds: proposal.grounds.iter().map(|ground| because(locale, ground)).collect(),
    });
    let text = locale.text("case-try-finding").with("count", count(found.len()));
    let view = View {
        ladder: title(locale, &ladder).to_owned(),
        finding: text.with("units", count(units.len())).to_string(),
        units,
        lines: lines.collect(),
        frame: Frame::new(&app, locale, &signed, Room::Supervise, locale.say("case-try"))
            .below("/supervise", locale.say("room-supervise")),
    };
    Ok(show(StatusCode::OK, &view))
}
