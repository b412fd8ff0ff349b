//! `/desk`: the review desk (核查台). What waits for this post to look at, oldest term first, with what was promised, what
//! is said to have been done, and the photos before and after side by side.

use crate::{
    app::{App, scope},
    failure::Failure,
    filled::Filled,
    frame::{Frame, show},
    locale::Locale,
    photo::may_know,
    session::Signed,
    task::{
        files::{Photo, photo},
        show::{left_words, main_acts},
    },
    words,
};
use askama::Template;
use axum::{extract::State, http::StatusCode, response::Response};
use bihuan_rules::{
    access::Room,
    office::Role,
    photo_question::PhotoQuestion,
    record::of_kind,
    task::{EvidenceRole, State as TaskState, Task},
};
use bihuan_store::list::{self, Filter, Sort, Whose};

/// Tasks on one page of the desk.
const ROWS: u32 = 10;

/// One task on the desk.
struct Paper {
    id: String,
    title: String,
    lead: String,
    left: (String, &'static str),
    standard: String,
    goal: String,
    /// A claim says what was done; a plan cannot yet.
    owes_results: bool,
    measures: Vec<(String, String, bool)>,
    before: Option<Photo>,
    after: Option<Photo>,
    files: usize,
    acts: Vec<(String, String)>,
}

#[derive(Template)]
#[template(path = "desk.html")]
struct View {
    frame: Frame,
    sentence: String,
    papers: Vec<Paper>,
    shelves: Vec<(String, String, bool)>,
    /// Pictures to be compared, in words; empty when none waits.
    waiting: String,
    waiting_state: &'static str,
    previous: String,
    next: String,
}

/// The states that wait for a role on the desk.
const SHELVES: &[(Role, TaskState)] = &[
    (Role::Verifier, TaskState::Claimed),
    (Role::Committee, TaskState::PlanReview),
    (Role::Committee, TaskState::ExtensionReview),
    (Role::Chief, TaskState::PendingSignature),
    (Role::Superior, TaskState::Signed),
    (Role::Registrar, TaskState::Signed),
    (Role::Registrar, TaskState::Claimed),
    (Role::Registrar, TaskState::PlanReview),
    (Role::Auditor, TaskState::Claimed),
    (Role::Auditor, TaskState::PendingSignature),
];

/// `GET /desk`.
pub async fn get(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    asked: Filled,
) -> Result<Response, Failure> {
    if !signed.actor.may_enter(Room::Desk) {
        return Err(Failure::NotFound);
    }
    let reach = scope(&signed.actor).ok_or(Failure::NotFound)?;
    let mut states: Vec<TaskState> = Vec::new();
    for (role, state) in SHELVES {
        if signed.actor.roles.contains(role) && !states.contains(state) {
            states.push(*state);
        }
    }
    let named = states.iter().copied().find(|state| state.name() == asked.text("state"));
    let state = named.or(states.first().copied()).ok_or(Failure::NotFound)?;
    let is_verifier = signed.actor.roles.contains(&Role::Verifier);
    let base = Filter { sort: Sort::Step, open: Some(true), ..Filter::all(reach, app.today()) };
    let on_shelf = |state: TaskState| Filter {
        state: Some(state),
        // A verifier's desk holds what their own unit is to accept.
        whose: if is_verifier && state == TaskState::Claimed {
            Whose::These(vec![(Role::Verifier, Some(signed.actor.unit.clone()))])
        } else {
            Whose::Anybody
        },
        ..base.clone()
    };
    let page = asked.number("page").ok().flatten().unwrap_or(1).clamp(1, 10_000);
    let offset = u32::try_from(page - 1).unwrap_or(0).saturating_mul(ROWS);
    let filters: Vec<Filter> = states.iter().map(|state| on_shelf(*state)).collect();
    let wanted = on_shelf(state);
    let (reference, reader) = (app.reference(), signed.clone());
    let (tasks, counts, (waiting_state, waits)) = app
        .books
        .ask(move |connection| {
            let mut tasks = Vec::new();
            for row in list::tasks(connection, &wanted, ROWS, offset)? {
                tasks.extend(bihuan_store::task::load(connection, &row.id)?.map(|seen| seen.record));
            }
            let counts: Result<Vec<u64>, bihuan_store::Error> =
                filters.iter().map(|filter| list::count(connection, filter)).collect();
            let mut waiting = |state: &'static str| {
                let mut count = 0;
                for (_, question) in of_kind::<PhotoQuestion>(&reference.records) {
                    let waits = question.state() == state && may_know(connection, &reader, question)?;
                    count += usize::from(waits);
                }
                Ok::<_, Failure>((state, count))
            };
            let explained = waiting("explained")?;
            let waiting = if explained.1 > 0 { explained } else { waiting("open")? };
            Ok::<_, Failure>((tasks, counts?, waiting))
        })
        .await?;
    let total = states.iter().position(|each| *each == state).map_or(0, |at| counts[at]);
    let number = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
    let shelves = states.iter().zip(&counts).map(|(each, count)| {
        let words = format!("{} {}", words::state(locale, *each), locale.number(number(*count)));
        (format!("/desk?state={}", each.name()), words, *each == state)
    });
    let link = |page: u64| format!("/desk?state={}&page={page}", state.name());
    let view = View {
        waiting: match waits {
            0 => String::new(),
            count => locale.text("photo-waiting").with("count", count.to_string()).to_string(),
        },
        waiting_state,
        frame: Frame::new(&app, locale, &signed, Room::Desk, locale.say("room-desk")),
        sentence: locale.text("desk-total").with("count", number(total)).to_string(),
        papers: tasks.iter().map(|task| paper(&app, locale, &signed, task)).collect(),
        shelves: shelves.collect(),
        previous: if page > 1 { link(page - 1) } else { String::new() },
        next: if u64::from(offset) + u64::from(ROWS) < total { link(page + 1) } else { String::new() },
    };
    Ok(show(StatusCode::OK, &view))
}

fn paper(app: &App, locale: Locale, signed: &Signed, task: &Task) -> Paper {
    let reference = app.reference();
    let lead = task.parties.as_ref().map(|parties| words::unit(&reference.office, parties.lead.as_str()));
    Paper {
        id: task.id.to_string(),
        title: task.title.clone(),
        lead: lead.unwrap_or_default(),
        left: left_words(app, locale, task),
        standard: task.standard.clone(),
        goal: task.goal.clone(),
        owes_results: task.state != TaskState::PlanReview,
        measures: task.measures.iter().map(|m| (m.text.clone(), m.result.clone(), m.waived)).collect(),
        before: photo(app, locale, signed, task, EvidenceRole::Before),
        after: photo(app, locale, signed, task, EvidenceRole::After),
        files: task.evidence.len(),
        acts: main_acts(app, locale, signed, task),
    }
}
