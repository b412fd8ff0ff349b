//! One meeting: when, where and who; the agenda with what became of each item; what is still owed.

use super::{find, may_write, owed, state};
use crate::{
    app::{App, Outlook},
    failure::Failure,
    frame::{Frame, show},
    locale::Locale,
    session::Signed,
    words,
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
    committee::{FrozenList, Item, ItemKind, Meeting, MeetingState, Outcome},
    film::Film,
    id::{PostId, RecordId},
};
use bihuan_store::{Connection, shelf};
use std::collections::BTreeMap;

/// The films that are shown at a meeting.
type Films = BTreeMap<RecordId, Film>;

fn films(connection: &mut Connection, meeting: &Meeting) -> Result<Films, Failure> {
    let mut films = Films::new();
    for id in meeting.items.iter().filter_map(|item| item.agenda.film()) {
        films.extend(shelf::find::<Film>(connection, &id)?.map(|seen| (id, seen.record)));
    }
    Ok(films)
}

/// A demand with what was answered.
struct Demand {
    path: String,
    text: String,
    lead: String,
    due_on: String,
    is_late: bool,
    answer: String,
    is_settled: bool,
    task: String,
    may_answer: bool,
    may_accept: bool,
    may_task: bool,
}

/// A list as it was laid or issued.
struct Frozen {
    words: String,
    hash: String,
}

/// An item of the agenda.
struct Point {
    n: usize,
    kind: String,
    title: String,
    reporter: String,
    paper: String,
    record: (String, String),
    outcome: (String, &'static str),
    note: String,
    laid: Option<Frozen>,
    issued: Option<Frozen>,
    owes_revision: bool,
    is_open: bool,
    film: Option<crate::film::Shown>,
    may_enter_film: bool,
    demands: Vec<Demand>,
}

#[derive(Template)]
#[template(path = "meeting/show.html")]
struct View {
    frame: Frame,
    id: String,
    state: (String, &'static str),
    owed: String,
    facts: Vec<(String, String)>,
    attendance: Vec<(String, String, String)>,
    points: Vec<Point>,
    minutes: String,
    documents: Vec<String>,
    steps: Vec<(&'static str, String)>,
    is_called: bool,
    is_open: bool,
    is_ended: bool,
    may_write: bool,
}

#[derive(Template)]
#[template(path = "meeting/pack.html")]
struct Pack {
    frame: Frame,
    id: String,
    facts: Vec<(String, String)>,
    points: Vec<Point>,
    lists: Vec<(String, Vec<Vec<String>>)>,
}

/// A post in words: unit, title and who holds it on the day.
pub(super) fn post_words(app: &Outlook, meeting: &Meeting, post: &PostId) -> String {
    let reference = app.reference();
    let office = &reference.office;
    let Some(known) = office.posts.get(post) else { return post.to_string() };
    let holders: Vec<_> =
        office.holders_on(post, meeting.call.on).map(|person| person.name.clone()).collect();
    format!("{} {} {}", words::unit(office, known.unit.as_str()), known.title, holders.join("、"))
        .trim()
        .to_owned()
}

fn frozen(locale: Locale, list: &FrozenList) -> Frozen {
    let rows = list.rows.len().saturating_sub(1);
    let text = locale
        .text("meeting-list-words")
        .with("list", locale.say(&format!("meeting-list-{}", list.list.name())));
    let text = text.with("version", i64::from(list.version)).with("rows", i64::try_from(rows).unwrap_or(0));
    Frozen { words: text.to_string(), hash: list.sha256.chars().take(12).collect() }
}

fn demands(
    app: &App,
    locale: Locale,
    signed: &Signed,
    meeting: &Meeting,
    n: usize,
    item: &Item,
) -> Vec<Demand> {
    let (reference, today) = (app.reference(), app.today());
    let ended = meeting.state == MeetingState::Ended;
    (1..)
        .zip(&item.demands)
        .map(|(place, decided)| {
            let answered = decided.answer.as_ref();
            Demand {
                path: format!("item={n}&demand={place}"),
                text: decided.demand.text.clone(),
                lead: words::unit(&reference.office, decided.demand.lead.as_str()),
                due_on: locale.date(decided.demand.due_on),
                is_late: answered.is_none() && decided.demand.due_on < today,
                answer: answered
                    .map(|answer| format!("{} ({})", answer.text, locale.date(answer.on)))
                    .unwrap_or_default(),
                is_settled: decided.is_settled(),
                task: decided.task.as_ref().map(ToString::to_string).unwrap_or_default(),
                may_answer: ended && !decided.is_settled() && signed.actor.unit == decided.demand.lead,
                may_accept: ended
                    && may_write(signed)
                    && answered.is_some_and(|answer| answer.accepted_on.is_none()),
                may_task: ended && may_write(signed) && decided.task.is_none() && !decided.is_settled(),
            }
        })
        .collect()
}

fn points(app: &App, locale: Locale, signed: &Signed, meeting: &Meeting, films: &Films) -> Vec<Point> {
    let reference = app.reference();
    let office = &reference.office;
    (1..)
        .zip(&meeting.items)
        .map(|(n, item)| Point {
            n,
            kind: locale.say(&format!("meeting-item-{}", item.agenda.kind.name())),
            title: item.agenda.title.clone(),
            reporter: item
                .agenda
                .reporter
                .as_ref()
                .map(|unit| words::unit(office, unit.as_str()))
                .unwrap_or_default(),
            paper: item.agenda.paper.clone(),
            film: item
                .agenda
                .film()
                .and_then(|id| films.get(&id))
                .map(|film| crate::film::shown(locale, film)),
            may_enter_film: item.agenda.kind == ItemKind::Film
                && item.agenda.film().is_none()
                && meeting.state != MeetingState::CalledOff
                && may_write(signed),
            record: item
                .agenda
                .record
                .as_deref()
                .filter(|_| item.agenda.film().is_none())
                .filter(|record| Subject::read(record).is_some())
                .map(|record| crate::ledger::about(locale, office, record))
                .unwrap_or_default(),
            outcome: item.outcome.map(|outcome| outcome_words(locale, outcome)).unwrap_or_default(),
            note: item.note.clone(),
            laid: item.laid.as_ref().map(|list| frozen(locale, list)),
            issued: item.issued.as_ref().map(|list| frozen(locale, list)),
            owes_revision: item.owes_revision(),
            is_open: item.outcome.is_none(),
            demands: demands(app, locale, signed, meeting, n, item),
        })
        .collect()
}

/// An outcome in words, with the class of its tag.
pub(super) fn outcome_words(locale: Locale, outcome: Outcome) -> (String, &'static str) {
    let class = match outcome {
        Outcome::Adopted => "done",
        Outcome::AdoptedInPrinciple | Outcome::Revise | Outcome::Deferred => "near",
        Outcome::Rejected => "stop",
        Outcome::Noted => "plain",
    };
    (locale.say(&format!("meeting-outcome-{}", outcome.name().replace('_', "-"))), class)
}

pub(super) fn facts(app: &App, locale: Locale, meeting: &Meeting) -> Vec<(String, String)> {
    let reference = app.reference();
    let mut facts = vec![
        (locale.say("field-held-on"), locale.date(meeting.call.on)),
        (locale.say("field-venue"), meeting.call.place.clone()),
        (locale.say("meeting-organ"), words::unit(&reference.office, meeting.call.organ.as_str())),
        (locale.say("field-chair"), post_words(&app.outlook(), meeting, &meeting.call.chair)),
        (
            locale.say("field-members"),
            locale
                .text("meeting-members-words")
                .with("count", i64::try_from(meeting.call.members.len()).unwrap_or(0))
                .with("percent", i64::from(meeting.call.quorum_percent))
                .to_string(),
        ),
    ];
    if !meeting.call.guests.is_empty() {
        facts.push((locale.say("field-guests"), meeting.call.guests.join("、")));
    }
    if !meeting.attendance.is_empty() {
        let (present, needed) = meeting.quorum();
        let text = locale.text("meeting-quorum-words").with("present", i64::try_from(present).unwrap_or(0));
        let text = text.with("needed", i64::try_from(needed).unwrap_or(0)).to_string();
        facts.push((locale.say("meeting-quorum"), text));
    }
    if !meeting.reason.is_empty() {
        facts.push((locale.say("field-reason"), meeting.reason.clone()));
    }
    facts
}

/// `GET /meetings/{id}`.
pub async fn get(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let (reader, looked) = (signed.clone(), app.clone());
    let look = move |connection: &mut Connection| {
        let meeting = find(&looked, connection, &reader, &id)?.record;
        let films = films(connection, &meeting)?;
        Ok::<_, Failure>((meeting, films))
    };
    let (meeting, films) = app.books.ask(look).await?;
    let steps: &[&str] = match meeting.state {
        _ if !may_write(&signed) => &[],
        MeetingState::Called => &["place-item", "open", "recall", "call-off"],
        MeetingState::Open => &["end"],
        _ => &[],
    };
    let frame = Frame::new(&app, locale, &signed, Room::Meetings, meeting.call.title.clone())
        .below("/meetings", locale.say("room-meetings"));
    let outlook = app.outlook();
    let presence = |each: &bihuan_rules::committee::Attendance| {
        let words = locale.say(&format!("meeting-presence-{}", each.presence.name().replace('_', "-")));
        (post_words(&outlook, &meeting, &each.post), words, each.note.clone())
    };
    let view = View {
        id: meeting.id.to_string(),
        state: state(locale, &meeting),
        owed: owed(locale, &meeting),
        facts: facts(&app, locale, &meeting),
        attendance: meeting.attendance.iter().map(presence).collect(),
        points: points(&app, locale, &signed, &meeting, &films),
        minutes: meeting.minutes.as_ref().map(ToString::to_string).unwrap_or_default(),
        documents: meeting.documents.iter().map(ToString::to_string).collect(),
        steps: steps.iter().map(|step| (*step, locale.say(&format!("meeting-step-{step}")))).collect(),
        is_called: meeting.state == MeetingState::Called,
        is_open: meeting.state == MeetingState::Open,
        is_ended: meeting.state == MeetingState::Ended,
        may_write: may_write(&signed),
        frame,
    };
    Ok(show(StatusCode::OK, &view))
}

/// `GET /meetings/{id}/pack`: agenda, papers and lists on paper, for every member.
pub async fn pack(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let (reader, looked) = (signed.clone(), app.clone());
    let (meeting, lists) =
        app.books.ask(move |connection| super::pack::gather(&looked, connection, &reader, &id)).await?;
    let title = format!("{} · {}", meeting.call.title, locale.say("meeting-pack"));
    let frame = Frame::new(&app, locale, &signed, Room::Meetings, title)
        .below("/meetings", locale.say("room-meetings"))
        .below(format!("/meetings/{}", meeting.id), meeting.id.to_string());
    let view = Pack {
        id: meeting.id.to_string(),
        facts: facts(&app, locale, &meeting),
        points: points(&app, locale, &signed, &meeting, &Films::new()),
        lists,
        frame,
    };
    Ok(show(StatusCode::OK, &view))
}
