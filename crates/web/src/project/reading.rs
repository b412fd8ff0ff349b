//! What was typed into the plan of a project: its rows without blank ones between them, and the plan that they make.

use crate::{
    app::App,
    filled::{FieldError, Filled},
};
use bihuan_rules::{
    Subject,
    deadline::read_date,
    id::{PostId, ProblemId, RecordId, TaskId, UnitId},
    project::{Brief, Fund, MilestonePlan, Plan, Project, TargetPlan},
};

/// Columns of a milestone.
pub(super) const MILESTONE: [&str; 7] = [
    "milestone_title",
    "milestone_from",
    "milestone_until",
    "milestone_days",
    "milestone_unit",
    "milestone_after",
    "milestone_post",
];
/// Columns of a target.
pub(super) const TARGET: [&str; 4] = ["target_indicator", "target_unit", "target_baseline", "target_goal"];
/// Columns of a source of money.
pub(super) const FUND: [&str; 2] = ["fund_source", "fund_planned"];

pub(super) fn cell<'f>(filled: &'f Filled, name: &str, n: usize) -> &'f str {
    filled.column(name).get(n).map_or("", |text| text.trim())
}

/// Rows of a group in which anything is typed, by their place from 0.
pub(super) fn used(filled: &Filled, names: &[&str]) -> Vec<usize> {
    let all = names.iter().map(|name| filled.column(name).len()).max().unwrap_or(0);
    (0..all).filter(|n| names.iter().any(|name| !cell(filled, name, *n).is_empty())).collect()
}

/// The numbers in a cell such as `1, 3`.
fn numbers(typed: &str) -> impl Iterator<Item = &str> {
    typed.split([',', '，', '、', ' ', ';', '；']).map(str::trim).filter(|part| !part.is_empty())
}

/// The form without its blank rows, as the next page shows it: rows have the numbers that sentences name. A milestone of the known
/// plan whose row was cleared keeps its dates, so that its place is not another's.
pub(super) fn compacted(mut filled: Filled, known: Option<&Project>) -> Filled {
    for (n, milestone) in known.iter().flat_map(|known| &known.milestones).enumerate() {
        if MILESTONE.iter().all(|name| cell(&filled, name, n).is_empty()) {
            for (name, day) in
                [("milestone_from", milestone.plan.from), ("milestone_until", milestone.plan.until)]
            {
                let mut column = filled.column(name).to_vec();
                column.resize(column.len().max(n + 1), String::new());
                column[n] = day.to_string();
                filled.set_all(name, column);
            }
        }
    }
    for names in [&MILESTONE[..], &TARGET, &FUND] {
        let rows = used(&filled, names);
        for name in names {
            let renumbered = |n: usize| match (*name, cell(&filled, name, n)) {
                ("milestone_after", typed) => {
                    numbers(typed).map(|part| moved(part, &rows)).collect::<Vec<_>>().join(",")
                }
                (_, typed) => typed.to_owned(),
            };
            let column = rows.iter().map(|n| renumbered(*n)).collect();
            filled.set_all(name, column);
        }
    }
    filled
}

/// The number that a row has once blank rows are gone; `0` for a blank one, and what is no number stays as it was typed.
fn moved(typed: &str, rows: &[usize]) -> String {
    match typed.parse::<usize>() {
        Ok(number) if number <= rows.last().map_or(0, |last| last + 1) => {
            let place = number.checked_sub(1).and_then(|row| rows.iter().position(|each| *each == row));
            place.map_or(0, |place| place + 1).to_string()
        }
        _ => typed.to_owned(),
    }
}

/// Numbers such as `1, 3`; the rules say whether there are such rows.
pub(super) fn after(filled: &Filled, n: usize) -> Result<Vec<u32>, FieldError> {
    let bad = |_| FieldError::at("milestones", "project-after-not-numbers").in_row(n + 1);
    numbers(cell(filled, "milestone_after", n)).map(|part| part.parse().map_err(bad)).collect()
}

fn milestones(app: &App, filled: &Filled, known: Option<&Project>) -> Result<Vec<MilestonePlan>, FieldError> {
    let mut plans = Vec::new();
    for n in used(filled, &MILESTONE) {
        let incomplete = || FieldError::at("milestones", "project-milestone-incomplete").in_row(n + 1);
        let before = known.and_then(|known| known.milestones.get(n));
        let title = cell(filled, "milestone_title", n);
        let date = |name: &str| read_date(cell(filled, name, n), Some(app.today()));
        match (title, before) {
            ("", Some(before)) => {
                plans.push(MilestonePlan { dropped: true, ..before.plan.clone() });
            }
            ("", None) => return Err(incomplete()),
            (title, _) => plans.push(MilestonePlan {
                title: title.to_owned(),
                from: date("milestone_from").ok_or_else(incomplete)?,
                until: date("milestone_until").ok_or_else(incomplete)?,
                post: Some(cell(filled, "milestone_post", n))
                    .filter(|post| !post.is_empty())
                    .and_then(|post| PostId::new(post).ok()),
                after: after(filled, n)?,
                dropped: false,
            }),
        }
    }
    Ok(plans)
}

fn targets(filled: &Filled) -> Result<Vec<TargetPlan>, FieldError> {
    used(filled, &TARGET)
        .into_iter()
        .map(|n| {
            let bad = |_| FieldError::at("targets", "form-not-a-quantity").in_row(n + 1);
            let baseline = cell(filled, "target_baseline", n);
            Ok(TargetPlan {
                indicator: cell(filled, "target_indicator", n).to_owned(),
                unit: cell(filled, "target_unit", n).to_owned(),
                baseline: if baseline.is_empty() { "0" } else { baseline }.parse().map_err(bad)?,
                target: cell(filled, "target_goal", n).parse().map_err(bad)?,
            })
        })
        .collect()
}

fn funds(filled: &Filled) -> Result<Vec<Fund>, FieldError> {
    used(filled, &FUND)
        .into_iter()
        .map(|n| {
            let typed: String =
                cell(filled, "fund_planned", n).chars().filter(|c| !c.is_whitespace() && *c != ',').collect();
            let bad = |_| FieldError::at("funds", "form-not-a-number").in_row(n + 1);
            let planned_yuan = typed.parse().map_err(bad)?;
            Ok(Fund { source: cell(filled, "fund_source", n).to_owned(), planned_yuan })
        })
        .collect()
}

/// A task or problem by its number; the rules say whether it exists.
fn subject(code: &str) -> String {
    let task = TaskId::new(code).ok().filter(|_| code.matches('-').count() >= 3).map(Subject::Task);
    let found = task.or_else(|| ProblemId::new(code).ok().map(Subject::Problem));
    found.map_or_else(|| code.to_owned(), |subject| subject.to_string())
}

pub(super) fn read(app: &App, filled: &Filled, known: Option<&Project>) -> Result<Plan, Vec<FieldError>> {
    let today = app.today();
    let lead = filled.id_needed::<UnitId>("lead");
    let post = filled.id_needed::<PostId>("post");
    let acceptance = filled.id_needed::<UnitId>("acceptance");
    let start_on = filled.date_needed("start_on", today);
    let due_on = filled.date_needed("final_on", today);
    let (milestones, targets, funds) = (milestones(app, filled, known), targets(filled), funds(filled));
    match (lead, post, acceptance, start_on, due_on, milestones, targets, funds) {
        (
            Ok(lead),
            Ok(post),
            Ok(acceptance),
            Ok(start_on),
            Ok(due_on),
            Ok(milestones),
            Ok(targets),
            Ok(funds),
        ) => Ok(Plan {
            brief: Brief {
                title: filled.text("title").to_owned(),
                campaign: RecordId::new(filled.text("campaign")).ok(),
                content: filled.text("content").replace("\r\n", "\n"),
                field: filled.text("field").to_owned(),
                area: UnitId::new(filled.text("area")).ok(),
                lead,
                post,
                acceptance,
                start_on,
                due_on,
                after: filled.texts("after").into_iter().filter_map(|id| RecordId::new(id).ok()).collect(),
                about: filled.lines("about").iter().map(|code| subject(code)).collect(),
            },
            milestones,
            targets,
            funds,
        }),
        (lead, post, acceptance, start_on, due_on, milestones, targets, funds) => Err([
            lead.err(),
            post.err(),
            acceptance.err(),
            start_on.err(),
            due_on.err(),
            milestones.err(),
            targets.err(),
            funds.err(),
        ]
        .into_iter()
        .flatten()
        .collect()),
    }
}
