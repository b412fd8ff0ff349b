//! What the ladder proposes now: tasks that stand against their dates, came back or were false, each with its highest step.

use super::{Because, about, because, may_ask, may_decide, rung, step_title};
use crate::{app::App, failure::Failure, locale::Locale, session::Signed, words};
use bihuan_rules::{
    ladder::{self, Case, Ladder, Proposal},
    task::Task,
};
use bihuan_store::{
    Connection,
    list::{self, Filter, Scope, TaskRow},
    task,
};
use jiff::{ToSpan, civil::Date};
use std::sync::Arc;

/// Most open tasks that are looked through.
const TASKS_MAX: u32 = 20_000;
/// A day nearer than this may be reminded of; longer ladders would look further.
const AHEAD_DAYS: i32 = 31;

/// A proposal with its task.
pub(super) struct Proposed {
    pub proposal: Proposal,
    pub task: Task,
}

/// Whether the row of a task gives reason to look at its acts at all.
fn may_matter(row: &TaskRow, today: Date) -> bool {
    let horizon = today.saturating_add(AHEAD_DAYS.days());
    row.due_on.is_some_and(|due| due <= horizon)
        || row.milestone_on.is_some_and(|on| on < today)
        || row.returns > 0
        || row.reopened > 0
        || row.fake_found
}

/// Every proposal, the gravest first.
pub(super) fn all(
    connection: &mut Connection,
    ladder: &Ladder,
    today: Date,
) -> Result<Vec<Proposed>, Failure> {
    let mut ids = Vec::new();
    let filter = Filter { open: Some(true), ..Filter::all(Scope::Whole, today) };
    list::each_task(connection, &filter, TASKS_MAX, |row| {
        if may_matter(&row, today) {
            ids.push(row.id);
        }
        Ok(true)
    })?;
    let mut found = Vec::new();
    for id in ids {
        let Some(seen) = task::load(connection, &id)? else { continue };
        let cases = about(connection, &id)?;
        let cases: Vec<&Case> = cases.iter().collect();
        if let Some(proposal) = ladder::propose(ladder, &seen.record, &cases, today) {
            found.push(Proposed { proposal, task: seen.record });
        }
    }
    found.sort_by(|a, b| {
        let by_rung = b.proposal.rung.cmp(&a.proposal.rung);
        by_rung.then_with(|| a.task.deadline.due_on.cmp(&b.task.deadline.due_on))
    });
    Ok(found)
}

/// The proposals of one rung.
pub(super) struct Group {
    pub rung: (String, &'static str),
    pub lines: Vec<Line>,
}

/// A proposal in words.
pub(super) struct Line {
    pub unit: String,
    pub task: String,
    pub title: String,
    pub step: String,
    pub grounds: Vec<Because>,
    pub may_decide: bool,
    /// The address by which the leaders are asked for it, for whoever may ask.
    pub ask: Option<String>,
    pub open: String,
    pub decline: String,
}

fn line(app: &App, locale: Locale, signed: &Signed, ladder: &Arc<Ladder>, proposed: &Proposed) -> Line {
    let Proposed { proposal, task } = proposed;
    let query = format!("ladder={}&step={}&task={}", ladder.name, proposal.step, proposal.task);
    Line {
        unit: words::unit(&app.reference().office, proposal.unit.as_str()),
        task: proposal.task.to_string(),
        title: task.title.clone(),
        step: step_title(locale, Some(ladder), &proposal.step),
        grounds: proposal.grounds.iter().map(|ground| because(locale, ground)).collect(),
        may_decide: may_decide(app, signed, proposal.rung),
        ask: may_ask(app, signed, proposal.rung).then(|| format!("/supervise/request?{query}")),
        open: format!("/supervise/new?{query}"),
        decline: format!("/supervise/decline?{query}"),
    }
}

/// Proposals by rung, in their order.
pub(super) fn groups(
    app: &App,
    locale: Locale,
    signed: &Signed,
    ladder: &Arc<Ladder>,
    proposed: &[Proposed],
) -> Vec<Group> {
    let of_rung = proposed.chunk_by(|a, b| a.proposal.rung == b.proposal.rung);
    let group = |of_rung: &[Proposed]| Group {
        rung: of_rung.first().map(|one| rung(locale, one.proposal.rung)).unwrap_or_default(),
        lines: of_rung.iter().map(|one| line(app, locale, signed, ladder, one)).collect(),
    };
    of_rung.map(group).collect()
}
