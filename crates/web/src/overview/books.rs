//! What the review of a month reads (月末账目): the books as they stood at the ends of the month and of the eleven before it.
//!
//! A month that is over is read from the past, so that what was reviewed once is the same for ever. What a month's end held
//! cannot change any more and is remembered by the program.

use crate::{app::App, failure::Failure, words};
use bihuan_rules::{
    ladder::{Case, Rung},
    office::UnitKind,
};
use bihuan_store::{
    Connection, Reference,
    list::Scope,
    shelf,
    standing::{self, Cell, Totals},
};
use jiff::{ToSpan, civil::Date};

/// Months of a review.
const MONTHS: i32 = 12;
/// Most measures that are looked through.
const CASES_MAX: u32 = 2_000;
/// The act by which a task is opened again.
const REOPENED: &str = "task.reopened";

/// One month as the books stood at its end.
#[derive(Debug, Clone, Copy)]
pub(super) struct Month {
    /// Its first day.
    pub first: Date,
    /// The day at whose end the books were read.
    pub end: Date,
    /// What the books said; nothing when they had not begun.
    pub said: Option<Said>,
}

/// What the books said at the end of a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Said {
    pub totals: Totals,
    /// Tasks opened again in the month.
    pub reopened: u64,
}

/// Everything that a review is made from.
pub(super) struct Books {
    /// The months, the reviewed one last.
    pub months: Vec<Month>,
    /// Open tasks at the end.
    pub cells: Vec<Cell>,
    /// Names of the towns of then, in the order of their codes.
    pub towns: Vec<(String, String)>,
    /// Measures taken: when, and which rung.
    pub measures: Vec<(Date, Rung)>,
    /// The month is over.
    pub is_over: bool,
}

impl Books {
    /// The reviewed month.
    pub fn month(&self) -> Option<&Month> {
        self.months.last()
    }

    /// What the books said at its end.
    pub fn said(&self) -> Option<Said> {
        self.month().and_then(|month| month.said)
    }

    /// What they had said a month before.
    pub fn before(&self) -> Option<Said> {
        self.months.iter().rev().nth(1).and_then(|month| month.said)
    }
}

/// The span of a month.
fn span(first: Date) -> (Date, Date) {
    (first, first.last_of_month())
}

/// What one month's end says. Waits.
fn said(app: &App, first: Date, end: Date) -> Result<Option<Said>, Failure> {
    let is_over = end < app.today();
    if let Some(said) = app.boards.month_end(end).filter(|_| is_over) {
        return Ok(said);
    }
    let area = app.books.area();
    let look = |connection: &mut Connection| {
        Ok::<_, bihuan_store::Error>(Said {
            totals: standing::totals(connection, &Scope::Whole, end, span(first))?,
            reopened: standing::acts(connection, area, REOPENED, span(first))?,
        })
    };
    if !is_over {
        return Ok(Some(app.books.read(look)?));
    }
    let said = app.days.past().ask(end, look)?;
    app.boards.keep_month_end(end, said);
    Ok(said)
}

/// Reads what a review needs; nothing when the books had not begun. Waits.
pub(super) fn read(app: &App, first: Date) -> Result<Option<Books>, Failure> {
    let today = app.today();
    let mut months = Vec::new();
    for back in (0..MONTHS).rev() {
        let first = first.saturating_sub(back.months());
        let end = first.last_of_month().min(today);
        months.push(Month { first, end, said: said(app, first, end)? });
    }
    let end = first.last_of_month().min(today);
    let is_over = end < today;
    let then = if is_over { app.days.past().at(end)? } else { None };
    let books = then.as_ref().map_or(&app.books, |then| &then.books);
    if is_over && then.is_none() {
        return Ok(None);
    }
    let reference = books.reference();
    let at_risk_days = reference.ruleset(&reference.chosen_ruleset).progress.at_risk_days;
    let (cells, cases) = books.read(|connection| {
        let cells = standing::open(connection, &Scope::Whole, end, at_risk_days)?;
        Ok::<_, bihuan_store::Error>((cells, shelf::list::<Case>(connection, CASES_MAX)?))
    })?;
    let cases = cases.into_iter().map(|(_, seen)| seen.record).filter(Case::was_taken);
    Ok(Some(Books {
        months,
        cells,
        towns: towns(&reference, end),
        measures: cases.map(|case| (case.opened_on, case.rung())).collect(),
        is_over,
    }))
}

/// The towns of the district on a day.
fn towns(reference: &Reference, on: Date) -> Vec<(String, String)> {
    let office = &reference.office;
    let stands = office
        .units
        .values()
        .filter(|unit| unit.kind == UnitKind::Town && unit.closed_on.is_none_or(|closed| closed > on));
    stands.map(|unit| (unit.id.to_string(), words::place(office, &unit.id))).collect()
}
