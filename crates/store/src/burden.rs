//! Burden (减负): the months of the units, counted on reading from the ledger and the shelf. Nothing is kept for it.
//!
//! Only acts that are forms are read; who did them is asked for nothing but the unit of the post.

use crate::{
    Connection, Reference, Result,
    entries::positions_of,
    ledger::{instant, natural},
    reference::damaged,
    shelf,
};
use bihuan_rules::{
    Subject,
    burden::{Asked, AskedAs, Handed, MonthOf, Spared, Survey, counted, weigh},
    day_of,
    id::UnitId,
    ladder::Case,
    official_document::{DocumentState, OfficialDocument},
    record::Kind,
};
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};

/// Most records of a kind that are looked through.
const RECORDS_MAX: u32 = 5_000;

const REMINDED: &str = "SELECT l.at, t.lead, l.subject, t.title FROM ledger l
    JOIN task t ON t.id = SUBSTR(l.subject, 6)
    WHERE l.area = ?1 AND l.seq >= ?2 AND l.seq < ?3 AND l.kind = 'task.reminded' ORDER BY l.seq";

/// Every statement of this file whose text is fixed.
pub const STATEMENTS: &[&str] = &[REMINDED];

/// The days that are counted, the last one included, and for whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// First day.
    pub from: Date,
    /// Last day.
    pub until: Date,
    /// One unit; none is all of them.
    pub unit: Option<UnitId>,
}

impl Span {
    fn holds(&self, on: Date) -> bool {
        self.from <= on && on <= self.until
    }

    fn wants(&self, unit: &UnitId) -> bool {
        self.unit.as_ref().is_none_or(|only| only == unit)
    }
}

/// The statement of the forms handed in between two positions, for so many kinds of acts and posts; no posts are all of them.
#[must_use]
pub fn forms_sql(kinds: usize, posts: usize) -> String {
    let marks = |from: usize, count: usize| {
        (from..from + count).map(|n| format!("?{n}")).collect::<Vec<_>>().join(", ")
    };
    let of_posts =
        if posts == 0 { String::new() } else { format!(" AND post IN ({})", marks(4 + kinds, posts)) };
    format!(
        "SELECT seq, at, post, subject, kind, body FROM ledger WHERE area = ?1 AND seq >= ?2 AND seq < ?3
         AND kind IN ({}){of_posts} ORDER BY seq",
        marks(4, kinds)
    )
}

/// What the units handed in, what was asked of them and what they were spared, by unit.
///
/// # Errors
/// When the engine refuses or a record is damaged.
pub fn months(
    connection: &mut Connection,
    reference: &Reference,
    area: &str,
    span: &Span,
) -> Result<BTreeMap<UnitId, MonthOf>> {
    let mut months: BTreeMap<UnitId, MonthOf> = BTreeMap::new();
    let first = positions_of(connection, area, span.from)?.0;
    let after = positions_of(connection, area, span.until)?.1;
    for handed in handed(connection, reference, area, (first, after), span.unit.as_ref())? {
        months.entry(handed.unit.clone()).or_default().handed.push(handed);
    }
    let mut asked = asked_by_records(connection, span)?;
    for row in connection.all(REMINDED, &[area.into(), first.into(), after.into()])? {
        let Some(lead) = row.text_or_null(1)? else { continue };
        let subject = Subject::read(row.text(2)?).ok_or_else(|| damaged("ledger", "unknown subject"))?;
        asked.push(Asked {
            on: day_of(instant(&row, 0)?),
            unit: UnitId::new(lead).map_err(|e| damaged("task", e))?,
            as_what: AskedAs::Reminder,
            about: subject,
            title: row.text(3)?.to_owned(),
            due_on: None,
        });
    }
    asked.sort_by(|a, b| (a.on, &a.about).cmp(&(b.on, &b.about)));
    for asked in asked.into_iter().filter(|asked| span.wants(&asked.unit)) {
        months.entry(asked.unit.clone()).or_default().asked.push(asked);
    }
    for (unit, spared) in spared(connection, span)? {
        months.entry(unit).or_default().spared.push(spared);
    }
    Ok(months)
}

fn handed(
    connection: &mut Connection,
    reference: &Reference,
    area: &str,
    (first, after): (u64, u64),
    unit: Option<&UnitId>,
) -> Result<Vec<Handed>> {
    let office = &reference.office;
    let posts: BTreeSet<&str> = unit.map_or_else(BTreeSet::new, |unit| {
        let own = office.posts.values().filter(|post| &post.unit == unit);
        own.map(|post| post.id.as_str()).collect()
    });
    if unit.is_some() && posts.is_empty() {
        return Ok(Vec::new());
    }
    let kinds: Vec<&str> = counted().collect();
    let mut values = vec![area.into(), first.into(), after.into()];
    values.extend(kinds.iter().chain(&posts).map(|each| (*each).into()));
    let mut found = Vec::new();
    for row in connection.all(&forms_sql(kinds.len(), posts.len()), &values)? {
        // What stands in nobody's name belongs to no unit.
        let Some(post) = office.posts.get(row.text(2)?) else { continue };
        let body = serde_json::from_str(row.text(5)?).map_err(|e| damaged("ledger", e))?;
        let Some(weight) = weigh(row.text(4)?, &body) else { continue };
        found.push(Handed {
            sequence: natural(&row, 0)?,
            on: day_of(instant(&row, 1)?),
            unit: post.unit.clone(),
            act: row.text(4)?.to_owned(),
            about: Subject::read(row.text(3)?).ok_or_else(|| damaged("ledger", "unknown subject"))?,
            weight,
        });
    }
    Ok(found)
}

/// Documents and measures that ask for an answer, and surveys that were sent.
fn asked_by_records(connection: &mut Connection, span: &Span) -> Result<Vec<Asked>> {
    let mut asked = Vec::new();
    for (id, seen) in shelf::since::<OfficialDocument>(connection, span.from, RECORDS_MAX)? {
        let document = seen.record;
        let is_out = matches!(document.state, DocumentState::Issued | DocumentState::Withdrawn);
        let Some(on) = document.issued_on.filter(|on| is_out && span.holds(*on)) else { continue };
        let draft = &document.draft;
        if draft.answer_due_on.is_none() && !draft.kind.asks_for_answer() {
            continue;
        }
        asked.extend(draft.units.iter().map(|unit| Asked {
            on,
            unit: unit.clone(),
            as_what: AskedAs::Letter,
            about: Subject::Record(Kind::Document, id.clone()),
            title: draft.title.clone(),
            due_on: draft.answer_due_on,
        }));
    }
    for (id, seen) in shelf::since::<Case>(connection, span.from, RECORDS_MAX)? {
        let case = seen.record;
        if case.answer_by.is_some() && span.holds(case.opened_on) {
            asked.push(Asked {
                on: case.opened_on,
                unit: case.opening.unit.clone(),
                as_what: AskedAs::Letter,
                about: Subject::Record(Kind::Case, id),
                title: case.opening.demand.lines().next().unwrap_or_default().to_owned(),
                due_on: case.answer_by,
            });
        }
    }
    for (id, seen) in shelf::since::<Survey>(connection, span.from, RECORDS_MAX)? {
        let survey = seen.record;
        let Some(on) = survey.sent_on().filter(|on| span.holds(*on)) else { continue };
        asked.extend(survey.form.units.iter().map(|unit| Asked {
            on,
            unit: unit.clone(),
            as_what: AskedAs::Survey,
            about: Subject::Record(Kind::Survey, id.clone()),
            title: survey.form.title.clone(),
            due_on: Some(survey.form.due_on),
        }));
    }
    Ok(asked)
}

/// Questions that were left out of surveys drafted in these days, for every unit that would have been asked.
fn spared(connection: &mut Connection, span: &Span) -> Result<Vec<(UnitId, Spared)>> {
    let mut spared = Vec::new();
    // A survey is filed under the day it was sent, which is never before the day it was drafted.
    for (id, seen) in shelf::since::<Survey>(connection, span.from, RECORDS_MAX)? {
        let survey = seen.record;
        if !span.holds(survey.drafted_on) {
            continue;
        }
        for struck in &survey.struck {
            spared.extend(survey.form.units.iter().filter(|unit| span.wants(unit)).map(|unit| {
                let (text, because) = (struck.text.clone(), struck.because.clone());
                (unit.clone(), Spared { on: survey.drafted_on, survey: id.clone(), text, because })
            }));
        }
    }
    Ok(spared)
}
