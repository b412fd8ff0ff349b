//! `/past/compare` (两日对比): what stood on one day and stands differently on another, task by task and record by record.

use super::open;
use crate::{
    app::{App, scope},
    failure::Failure,
    filled::Filled,
    frame::{Frame, show},
    locale::Locale,
    record,
    session::Signed,
    words,
};
use askama::Template;
use axum::{extract::State, http::StatusCode, response::Response};
use bihuan_rules::{
    Subject, access::Room, id::TaskId, office::Office, record::Kind, task::State as TaskState,
};
use bihuan_store::{
    Books, Connection, Error,
    list::{self, Filter, Scope, TaskRow},
    shelf::{self, Filed},
};

/// Most things that one page compares.
const SUBJECTS_MAX: u32 = 5_000;
/// Most lines that one page shows.
const LINES_MAX: usize = 500;
/// Kinds whose titles everybody who sees the whole district may read.
const KINDS: [Kind; 10] = [
    Kind::Document,
    Kind::Duty,
    Kind::Meeting,
    Kind::Ranking,
    Kind::Case,
    Kind::Guarantee,
    Kind::Project,
    Kind::Campaign,
    Kind::River,
    Kind::Handover,
];
/// How a document that nobody has signed yet stands.
const DRAFT: &str = "draft";

/// One thing on both days.
struct Line {
    href: String,
    code: String,
    title: String,
    /// What happened, in a word.
    what: (String, &'static str),
    then: String,
    now: String,
}

#[derive(Template)]
#[template(path = "past/compare.html")]
struct View {
    frame: Frame,
    finding: String,
    days: (String, String),
    asked: (String, String),
    error: String,
    tasks: Vec<Line>,
    records: Vec<Line>,
    cut: String,
}

/// What has become of a task from one day to the other, the weightiest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum What {
    Reopened,
    Closed,
    New,
    Gone,
    Redated,
    Moved,
    State,
    Other,
}

impl What {
    const ALL: [What; 8] = [
        What::New,
        What::Closed,
        What::Reopened,
        What::Redated,
        What::Moved,
        What::Gone,
        What::State,
        What::Other,
    ];

    fn key(self) -> &'static str {
        match self {
            What::Reopened => "past-reopened",
            What::Closed => "past-closed",
            What::New => "past-new",
            What::Gone => "past-gone",
            What::Redated => "past-redated",
            What::Moved => "past-moved",
            What::State => "past-state",
            What::Other => "past-other",
        }
    }

    fn class(self) -> &'static str {
        match self {
            What::Reopened => "late",
            What::Closed => "done",
            What::New | What::Redated | What::Moved => "near",
            What::Gone | What::State | What::Other => "plain",
        }
    }

    /// Nothing when neither day knows the task.
    fn of(then: Option<&TaskRow>, now: Option<&TaskRow>) -> Option<What> {
        Some(match (then, now) {
            (None, None) => return None,
            (None, Some(now)) if now.state == TaskState::Closed => What::Closed,
            (None, Some(_)) => What::New,
            (Some(_), None) => What::Gone,
            (Some(then), Some(now)) if now.reopened > then.reopened => What::Reopened,
            (Some(then), Some(now)) if then.state != now.state && now.state == TaskState::Closed => {
                What::Closed
            }
            (Some(_), Some(now)) if !now.state.is_counted() => What::Gone,
            (Some(then), Some(now)) if then.due_on != now.due_on => What::Redated,
            (Some(then), Some(now)) if then.lead != now.lead => What::Moved,
            (Some(then), Some(now)) if then.state != now.state => What::State,
            _ => What::Other,
        })
    }
}

type Sides = Vec<(Subject, Side, Side)>;

/// One thing on one day.
#[derive(Default)]
enum Side {
    #[default]
    Nothing,
    Task(Box<TaskRow>),
    Filed(Filed),
}

fn side(connection: &mut Connection, filter: &Filter, subject: &Subject) -> Result<Side, Error> {
    Ok(match subject {
        Subject::Task(id) if may_see(connection, &filter.scope, id)? => {
            list::one(connection, filter, id)?.map_or(Side::Nothing, |row| Side::Task(Box::new(row)))
        }
        Subject::Record(kind, id) if filter.scope == Scope::Whole && KINDS.contains(kind) => {
            let filed = shelf::filed(connection, *kind, id)?;
            filed
                .filter(|filed| *kind != Kind::Document || filed.state != DRAFT)
                .map_or(Side::Nothing, Side::Filed)
        }
        _ => Side::Nothing,
    })
}

fn may_see(connection: &mut Connection, scope: &Scope, task: &TaskId) -> Result<bool, Error> {
    match scope {
        Scope::Whole => Ok(true),
        Scope::Unit(unit) => Ok(list::relation(connection, unit, task)?.is_some()),
    }
}

/// Everything of these subjects in the books of one day.
fn sides(books: &Books, filter: &Filter, subjects: &[Subject]) -> Result<Vec<Side>, Error> {
    books.read(|connection| subjects.iter().map(|subject| side(connection, filter, subject)).collect())
}

/// `GET /past/compare`.
pub async fn get(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    asked: Filled,
) -> Result<Response, Failure> {
    let Some(scope) = scope(&signed.actor).filter(|_| signed.actor.may_enter(Room::Past)) else {
        return Err(Failure::NotFound);
    };
    let today = app.today();
    let frame = Frame::new(&app, locale, &signed, Room::Past, locale.say("past-compare"))
        .below("/past", locale.say("room-past"));
    let typed = (asked.text("from").to_owned(), asked.text("to").to_owned());
    let days = asked.date_needed("from", today).and_then(|from| Ok((from, asked.date_needed("to", today)?)));
    let (from, to) = match days {
        Ok((from, to)) if from < to && to <= today => (from, to),
        Ok(_) => return Ok(wrong(frame, typed, locale.say("past-order"))),
        Err(error) => return Ok(wrong(frame, typed, error.words(locale))),
    };
    let (Some(then), Some(now)) = (open(&app, from).await?, open(&app, to).await?) else {
        return Ok(wrong(frame, typed, locale.say("past-too-early")));
    };
    let past = app.days.past().clone();
    let look = move || {
        let subjects = past.changed(then.sequence, now.sequence, SUBJECTS_MAX)?;
        let before = sides(&then.books, &Filter::all(scope.clone(), from), &subjects)?;
        let after = sides(&now.books, &Filter::all(scope, to), &subjects)?;
        let is_cut = subjects.len() >= SUBJECTS_MAX as usize;
        let sides: Sides = subjects
            .into_iter()
            .zip(before.into_iter().zip(after))
            .map(|(subject, (before, after))| (subject, before, after))
            .collect();
        Ok::<_, Error>((sides, is_cut))
    };
    let (found, is_cut) = tokio::task::spawn_blocking(look).await.map_err(|_| Error::WriterGone)??;
    let office = &app.reference().office;
    let (tasks, records) = lines(locale, office, found);
    let cut = is_cut || tasks.len() > LINES_MAX || records.len() > LINES_MAX;
    let view = View {
        finding: finding(locale, &tasks),
        days: (locale.date(from), locale.date(to)),
        asked: (from.to_string(), to.to_string()),
        error: String::new(),
        cut: if cut {
            locale.text("past-cut").with("count", LINES_MAX as i64).to_string()
        } else {
            String::new()
        },
        tasks: tasks.into_iter().take(LINES_MAX).map(|(_, line)| line).collect(),
        records: records.into_iter().take(LINES_MAX).collect(),
        frame,
    };
    Ok(show(StatusCode::OK, &view))
}

/// The page again, with what is wrong about the days.
fn wrong(mut frame: Frame, asked: (String, String), error: String) -> Response {
    frame.has_errors = true;
    let view = View {
        frame,
        finding: String::new(),
        days: Default::default(),
        asked,
        error,
        tasks: Vec::new(),
        records: Vec::new(),
        cut: String::new(),
    };
    show(StatusCode::UNPROCESSABLE_ENTITY, &view)
}

/// Both days in words: tasks by weight, records by kind.
fn lines(locale: Locale, office: &Office, found: Sides) -> (Vec<(What, Line)>, Vec<Line>) {
    let (mut tasks, mut records) = (Vec::new(), Vec::new());
    for (subject, before, after) in found {
        match subject {
            Subject::Task(id) => {
                let row = |side: Side| if let Side::Task(row) = side { Some(*row) } else { None };
                let (before, after) = (row(before), row(after));
                let Some(what) = What::of(before.as_ref(), after.as_ref()) else { continue };
                let title =
                    after.as_ref().or(before.as_ref()).map_or_else(String::new, |row| row.title.clone());
                let said = |row: &Option<TaskRow>| {
                    row.as_ref()
                        .map_or_else(|| locale.say("past-nothing"), |row| task_words(locale, office, row))
                };
                tasks.push((
                    what,
                    Line {
                        href: format!("/tasks/{id}"),
                        code: id.to_string(),
                        title,
                        what: (locale.say(what.key()), what.class()),
                        then: said(&before),
                        now: said(&after),
                    },
                ));
            }
            Subject::Record(kind, id) => {
                let filed = |side: Side| if let Side::Filed(filed) = side { Some(filed) } else { None };
                let (before, after) = (filed(before), filed(after));
                let Some(newest) = after.as_ref().or(before.as_ref()) else { continue };
                let what = if before.is_none() { What::New } else { What::State };
                let said = |filed: &Option<Filed>| {
                    filed
                        .as_ref()
                        .map_or_else(|| locale.say("past-nothing"), |filed| state_words(locale, kind, filed))
                };
                records.push(Line {
                    href: format!("{}/{id}", record::room(kind)),
                    code: locale.say(&format!("record-{}", kind.name().replace('_', "-"))),
                    title: if newest.title.is_empty() { id.to_string() } else { newest.title.clone() },
                    what: (locale.say(what.key()), what.class()),
                    then: said(&before),
                    now: said(&after),
                });
            }
            _ => {}
        }
    }
    tasks.sort_by_key(|(what, _)| *what);
    (tasks, records)
}

/// How a task stood: state, deadline, lead unit.
fn task_words(locale: Locale, office: &Office, row: &TaskRow) -> String {
    let mut parts = vec![words::state(locale, row.state)];
    parts.extend(row.due_on.map(|day| locale.date(day)));
    parts.extend(row.lead.as_deref().map(|unit| words::unit(office, unit)));
    parts.join(" · ")
}

/// How a record stood, where its kind words its states; else whether anything was still to be done.
fn state_words(locale: Locale, kind: Kind, filed: &Filed) -> String {
    let key = format!("{}-state-{}", kind.name().replace('_', "-"), filed.state.replace('_', "-"));
    if locale.knows(&key) {
        locale.say(&key)
    } else {
        locale.say(if filed.is_open { "past-open" } else { "past-done" })
    }
}

/// The sentence on top: how many of each.
fn finding(locale: Locale, tasks: &[(What, Line)]) -> String {
    let counted = What::ALL.into_iter().filter_map(|what| {
        let count = tasks.iter().filter(|(each, _)| *each == what).count();
        let count = i64::try_from(count).unwrap_or(i64::MAX);
        (count > 0).then(|| {
            locale.text("past-counted").with("what", locale.say(what.key())).with("count", count).to_string()
        })
    });
    let counted: Vec<String> = counted.collect();
    if counted.is_empty() {
        return locale.say("past-same");
    }
    counted.join(&locale.say("past-comma"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use bihuan_rules::{id::ProblemId, office::Level, task::TaskKind};
    use jiff::civil::Date;

    fn row(state: TaskState, due: Option<Date>, reopened: i64) -> TaskRow {
        TaskRow {
            id: TaskId::new("AL-2021-0001-1").unwrap(),
            problem: ProblemId::new("AL-2021-0001").unwrap(),
            source: String::new(),
            level: Level::County,
            ruleset: String::new(),
            title: String::new(),
            kind: TaskKind::Works,
            field: String::new(),
            area: None,
            items: 1,
            state,
            turn_role: String::new(),
            turn_unit: String::new(),
            step_due_on: None,
            lead: None,
            acceptance: None,
            due_on: due,
            original_due_on: None,
            milestone_on: None,
            sustain: false,
            registered_on: None,
            finished_on: None,
            accepted_on: None,
            signed_on: None,
            closed_on: None,
            look_back_on: None,
            sustain_on: None,
            flag: bihuan_rules::task::Flag::OnSchedule,
            returns: 0,
            extensions: 0,
            reopened,
            fake_found: false,
            last_sequence: 0,
            reminded_on: None,
        }
    }

    #[test]
    fn the_weightiest_change_is_named() {
        let day = |n| Date::new(2021, 6, n).ok();
        let (open, closed) = (TaskState::Rectifying, TaskState::Closed);
        let of = |then: Option<TaskRow>, now: Option<TaskRow>| What::of(then.as_ref(), now.as_ref());
        assert_eq!(of(None, None), None);
        assert_eq!(of(None, Some(row(open, None, 0))), Some(What::New));
        assert_eq!(of(Some(row(open, None, 0)), Some(row(closed, None, 0))), Some(What::Closed));
        assert_eq!(of(Some(row(closed, None, 0)), Some(row(open, None, 1))), Some(What::Reopened));
        assert_eq!(of(Some(row(open, day(1), 0)), Some(row(open, day(9), 0))), Some(What::Redated));
        assert_eq!(of(Some(row(open, day(1), 0)), Some(row(open, day(1), 0))), Some(What::Other));
        assert_eq!(of(Some(row(open, None, 0)), None), Some(What::Gone));
    }
}
