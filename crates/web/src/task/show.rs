//! `/tasks/{id}`: one task with its original text, its chain of responsibility, the legal acts and the timeline, which is the ledger.

use super::{
    act::may_see,
    files::{Photo, files, photo},
    gantt::{Gantt, gantt},
    timeline::{Timeline, timeline},
};
use crate::{
    app::App,
    failure::Failure,
    filled::Filled,
    film,
    frame::{Frame, show},
    guarantee::{self, Voice},
    locale::Locale,
    project::{self, Link},
    river::patrol,
    session::Signed,
    supervise, words,
};
use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use bihuan_rules::{
    Subject,
    access::Room,
    calendar::Calendar,
    id::TaskId,
    record::Kind,
    task::{DateOf, EvidenceRole, State as TaskState, Task, Verb},
};
use bihuan_store::{list, problem, problem::ProblemRow, shelf, source};
use std::collections::BTreeSet;

#[derive(Template)]
#[template(path = "task/show.html")]
struct View {
    frame: Frame,
    task: Task,
    tags: Vec<(String, &'static str)>,
    problems: Vec<ProblemRow>,
    source: String,
    steps: Vec<(String, &'static str)>,
    turn: String,
    acts: Vec<(String, String, bool)>,
    chain: Vec<crate::answer::Rung>,
    why: Vec<crate::answer::Why>,
    why_none: String,
    facts: Vec<(String, String)>,
    /// The first deadline ever set, when another is in force now.
    first_due_on: String,
    plan: Option<Gantt>,
    before: Option<Photo>,
    after: Option<Photo>,
    files: Vec<(String, Vec<Photo>)>,
    timeline: Timeline,
    parts: Vec<super::list::Row>,
    beside: Beside,
    may_export: bool,
    /// Documents about it: address, title and number, state.
    documents: Vec<(String, String, String, (String, &'static str))>,
    /// Letters that may be drafted about it: address, words.
    letters: Vec<(String, String)>,
}

/// What stands beside a task: guarantees of leaders with their opinions, projects that serve it, films that show it, measures of the ladder, patrols that looked after it.
#[derive(Default)]
pub(crate) struct Beside {
    pub guarantees: Vec<Link>,
    pub voices: Vec<Voice>,
    pub projects: Vec<Link>,
    pub films: Vec<Link>,
    pub cases: Vec<Link>,
    pub patrols: Vec<Link>,
    /// Pictures of look-backs that a second phone bears out.
    pub borne_out: BTreeSet<String>,
    pub may_take: bool,
}

/// `GET /tasks/{id}`.
pub async fn get(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    Path(id): Path<String>,
    asked: Filled,
) -> Result<Response, Failure> {
    let id = TaskId::new(id).map_err(|_| Failure::NotFound)?;
    let reader = signed.clone();
    let today = app.today();
    let looked = app.clone();
    let (task, lines, problems, source, siblings, documents, beside) = app
        .books
        .glance(move |connection| {
            may_see(connection, &reader, &id)?;
            let found = bihuan_store::task::load_with_timeline(connection, &id)?;
            let (task, lines) = found.map(|(seen, lines)| (seen.record, lines)).ok_or(Failure::NotFound)?;
            let mut problems = Vec::new();
            for id in &task.problems {
                problems.extend(problem::find(connection, id)?);
            }
            let source = source::find(connection, &task.source)?;
            let siblings = match task.problems.first() {
                Some(problem) if !task.parts.is_empty() || task.parent.is_some() => {
                    list::of_problem(connection, problem, today)?
                }
                _ => Vec::new(),
            };
            let subject = Subject::Task(task.id.clone());
            let kinds = shelf::kinds_about(connection, &subject)?;
            let documents = if kinds.contains(&Kind::Document) {
                crate::document::about(connection, &subject)?
            } else {
                Vec::new()
            };
            let mut beside = Beside {
                may_take: task.parties.is_some() && task.state.is_open() && guarantee::disposes(&reader),
                ..Beside::default()
            };
            if kinds.contains(&Kind::Guarantee) {
                beside.guarantees = guarantee::linked(&looked, locale, &reader, connection, &subject)?;
                beside.voices = guarantee::voices(&looked, locale, connection, &task.id)?;
            }
            if kinds.contains(&Kind::Project) {
                beside.projects = project::linked(&looked, locale, &reader, connection, &subject)?;
            }
            if kinds.contains(&Kind::Film) {
                beside.films = film::linked(&looked, locale, &reader, connection, &subject)?;
            }
            if kinds.contains(&Kind::Case) {
                beside.cases = supervise::linked(&looked, locale, &reader, connection, &task.id)?;
            }
            if kinds.contains(&Kind::Patrol) {
                beside.patrols = patrol::linked(&looked, locale, &reader, connection, &task.id)?;
            }
            if kinds.contains(&Kind::Mission) {
                beside.borne_out = crate::mission::borne_out(connection, &task.id)?;
            }
            Ok::<_, Failure>((task, lines, problems, source, siblings, documents, beside))
        })
        .await?;
    let title = task.title.clone();
    let mut frame =
        Frame::new(&app, locale, &signed, Room::Tasks, title).below("/tasks", locale.say("room-tasks"));
    if let Some(sequence) = asked.number("done").ok().flatten() {
        let line = lines.iter().find(|line| line.sequence == sequence);
        let hash = line.map(|line| line.hash.chars().take(12).collect::<String>()).unwrap_or_default();
        let text = locale.text("done-receipt").with("sequence", sequence.to_string());
        frame.flash = text.with("hash", hash).to_string();
    }
    let view = View {
        tags: tags(&app, locale, &task),
        steps: steps(locale, &task),
        turn: turn(&app, locale, &task),
        acts: acts(&app, locale, &signed, &task),
        chain: crate::answer::of_task(&app, locale, &task, today),
        why: crate::answer::why(&app, locale, &task),
        why_none: crate::answer::why_none(&app, locale, &task, today),
        facts: facts(locale, &task, &app.reference().calendar),
        plan: gantt(&app, locale, &task),
        before: photo(&app, locale, &signed, &task, EvidenceRole::Before),
        after: photo(&app, locale, &signed, &task, EvidenceRole::After),
        files: files(&app, locale, &signed, &task, &beside.borne_out),
        timeline: timeline(&app, locale, lines, &asked),
        parts: super::list::rows(&app, locale, siblings),
        source: source.map(|source| source.title).unwrap_or_default(),
        problems,
        beside,
        first_due_on: first_due_on(locale, &task),
        may_export: signed.actor.may_enter(Room::Export),
        documents: crate::document::lines(locale, &signed, documents),
        letters: crate::document::letters(locale, &signed, &task),
        task,
        frame,
    };
    Ok(show(StatusCode::OK, &view))
}

/// State, flag and marks of a task, with the class of each tag.
pub(crate) fn tags(app: &App, locale: Locale, task: &Task) -> Vec<(String, &'static str)> {
    let reference = app.reference();
    let days = reference.ruleset(&task.ruleset).progress.at_risk_days;
    let flag = task.flag(app.today(), days);
    let mut tags = vec![(words::state(locale, task.state), words::state_class(task.state))];
    if task.state.is_open() {
        tags.push((words::flag(locale, flag), words::flag_class(flag)));
    }
    if task.deadline.sustain {
        tags.push((locale.say("mark-sustain"), ""));
    }
    if task.counts.reopened > 0 {
        tags.push((
            locale.text("mark-reopened").with("count", i64::from(task.counts.reopened)).to_string(),
            "back",
        ));
    }
    if task.fake_found {
        tags.push((locale.say("mark-fake"), "stop"));
    }
    tags
}

/// The way of the loop with what is past, now and next.
fn steps(locale: Locale, task: &Task) -> Vec<(String, &'static str)> {
    let order = [
        TaskState::Registered,
        TaskState::Assigned,
        TaskState::Rectifying,
        TaskState::Claimed,
        TaskState::Verified,
        TaskState::Notice,
        TaskState::PendingSignature,
        TaskState::Signed,
        TaskState::Closed,
    ];
    let stands = match task.state {
        TaskState::Reassigning | TaskState::PlanReview => TaskState::Assigned,
        TaskState::ExtensionReview | TaskState::Rebounded | TaskState::Suspended => TaskState::Rectifying,
        state => state,
    };
    let now = order.iter().position(|state| *state == stands);
    order
        .iter()
        .enumerate()
        .map(|(index, state)| {
            let class = match now {
                Some(now) if index < now || *state == TaskState::Closed && index == now => "past",
                Some(now) if index == now => "now",
                _ => "next",
            };
            (locale.say(&format!("step-of-{}", state.name().replace('_', "-"))), class)
        })
        .collect()
}

fn turn(app: &App, locale: Locale, task: &Task) -> String {
    let Some(role) = task.state.turn() else { return String::new() };
    let reference = app.reference();
    let role = locale.say(&format!("role-{}", role.name()));
    let who = task
        .turn_unit()
        .map_or(role.clone(), |unit| format!("{} ({role})", words::unit(&reference.office, unit.as_str())));
    let text = locale.text("turn-of").with("who", who);
    let Some(due) = task.step_due_on else { return text.to_string() };
    let today = app.today();
    let left = if due >= today {
        i64::from(reference.calendar.working_days_between(today, due))
    } else {
        -i64::from(reference.calendar.working_days_between(due, today))
    };
    let left =
        locale.text(if left >= 0 { "turn-left" } else { "turn-over" }).with("days", left.abs()).to_string();
    format!("{text} · {} {} · {left}", locale.say("turn-until"), locale.date(due))
}

/// Whether this person may ask for the step now.
pub(crate) fn may_remind(app: &App, signed: &Signed, task: &Task) -> bool {
    let reference = app.reference();
    let situation = reference.situation(&signed.actor, app.now(), &task.ruleset);
    task.may(&situation, Verb::Remind).is_ok()
}

/// How long the step may still take, with the class of its tag.
pub(crate) fn left_words(app: &App, locale: Locale, task: &Task) -> (String, &'static str) {
    let Some(due) = task.step_due_on else { return (locale.say("desk-no-term"), "plain") };
    let (reference, today) = (app.reference(), app.today());
    let days = |from, to| i64::from(reference.calendar.working_days_between(from, to));
    if due >= today {
        let days = days(today, due);
        let class = if days <= 3 { "near" } else { "plain" };
        (locale.text("desk-left").with("days", days).to_string(), class)
    } else {
        let words = match days(due, today) {
            // Past its day, and no working day has gone by since.
            0 => locale.text("desk-over-days").with("days", i64::from((today - due).get_days())),
            days => locale.text("desk-over").with("days", days),
        };
        (words.to_string(), "late")
    }
}

/// The acts of the procedure that are open to this person now: address, words; none of the side acts.
pub(crate) fn main_acts(app: &App, locale: Locale, signed: &Signed, task: &Task) -> Vec<(String, String)> {
    let all = acts(app, locale, signed, task);
    all.into_iter().filter(|act| act.2).map(|act| (act.0, act.1)).collect()
}

/// Only the legal acts for this person: address, words, main one.
fn acts(app: &App, locale: Locale, signed: &Signed, task: &Task) -> Vec<(String, String, bool)> {
    let reference = app.reference();
    let situation = reference.situation(&signed.actor, app.now(), &task.ruleset);
    let side = [
        Verb::Attach,
        Verb::SetPoint,
        Verb::SetFlag,
        Verb::Remind,
        Verb::Note,
        Verb::Suspend,
        Verb::Void,
        Verb::Transfer,
        Verb::Object,
        Verb::Extend,
        Verb::SendBack,
        Verb::Split,
        Verb::Merge,
        Verb::RaiseObjection,
    ];
    task.open_verbs(&situation)
        .into_iter()
        .map(|verb| {
            let slug = verb.slug();
            (format!("/tasks/{}/{slug}", task.id), locale.say(&format!("verb-{slug}")), !side.contains(&verb))
        })
        .collect()
}

fn first_due_on(locale: Locale, task: &Task) -> String {
    let first = task.deadline.original_due_on.filter(|first| Some(*first) != task.deadline.due_on);
    first.map(|first| locale.date(first)).unwrap_or_default()
}

fn facts(locale: Locale, task: &Task, calendar: &Calendar) -> Vec<(String, String)> {
    let day = |date| words::day(locale, date);
    let mut due = day(task.deadline.due_on);
    if task.is_tentative(DateOf::Deadline, calendar) {
        due = format!("{due} · {}", locale.say("dates-tentative"));
    }
    let mut facts = vec![
        (locale.say("field-due-on"), due),
        (locale.say("task-deadline-text"), task.deadline.text.clone()),
        (locale.say("task-kind"), locale.say(&format!("kind-{}", task.kind.name().replace('_', "-")))),
        (locale.say("filter-level"), locale.say(&format!("level-{}", task.level.name()))),
        (locale.say("filter-field"), locale.say(&format!("work-field-{}", task.field.replace('_', "-")))),
        (locale.say("field-goal"), task.goal.clone()),
        (locale.say("field-standard"), task.standard.clone()),
        (locale.say("day-finished"), day(task.days.finished_on)),
        (locale.say("day-accepted"), day(task.days.accepted_on)),
        (locale.say("day-signed"), day(task.days.signed_on)),
        (locale.say("day-closed"), day(task.days.closed_on)),
    ];
    if task.look_back_due_on.is_some() {
        facts.push((locale.say("day-look-back"), day(task.look_back_due_on)));
    }
    if task.sustain_due_on.is_some() {
        facts.push((locale.say("day-sustain"), day(task.sustain_due_on)));
    }
    if !task.filing_number.is_empty() {
        facts.push((locale.say("field-number"), task.filing_number.clone()));
    }
    for point in &task.points {
        let degrees = |e6: i64| {
            format!("{}{}.{:06}", if e6 < 0 { "-" } else { "" }, e6.abs() / 1_000_000, e6.abs() % 1_000_000)
        };
        let accuracy = point.place.accuracy_m.map(|metres| format!(" ±{metres} m")).unwrap_or_default();
        let place = format!(
            "{} {}, {} ({}){accuracy}",
            point.name,
            degrees(point.place.lat_e6),
            degrees(point.place.lon_e6),
            locale.say(&format!("datum-{}", point.place.datum.name()))
        );
        facts.push((locale.say("task-point"), place));
    }
    facts.retain(|(_, value)| !value.is_empty() && value != "–");
    facts
}
