//! One guarantee: who guarantees what, visits owed and made, the log of visits, requests, opinions.

use super::{disposes, find, guarantor, list::owed, step};
use crate::{
    app::App,
    failure::Failure,
    frame::{Frame, show},
    kept, ledger,
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
use bihuan_rules::{Subject, access::Room, guarantee::Guarantee};

/// Most periods in the table.
const PERIODS: usize = 12;

struct VisitRow {
    on: String,
    place: String,
    seen: String,
    who: String,
    files: Vec<(String, String)>,
}

struct RequestRow {
    n: usize,
    text: String,
    of: String,
    on: String,
    answer: String,
    tag: (String, &'static str),
    may_answer: bool,
}

struct OpinionRow {
    task: String,
    text: String,
    tag: (String, &'static str),
    meta: String,
}

#[derive(Template)]
#[template(path = "guarantee/show.html")]
struct View {
    frame: Frame,
    id: String,
    tag: (String, &'static str),
    facts: Vec<(String, String, String)>,
    steps: Vec<(String, String)>,
    periods: Vec<(String, String, &'static str)>,
    visits: Vec<VisitRow>,
    requests: Vec<RequestRow>,
    opinions: Vec<OpinionRow>,
}

/// `GET /guarantees/{id}`.
pub async fn get(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let (reader, looked) = (signed.clone(), app.clone());
    let guarantee = app.books.ask(move |connection| find(&looked, connection, &reader, &id)).await?.record;
    let today = app.today();
    let home = format!("/guarantees/{}", guarantee.id);
    let frame = Frame::new(&app, locale, &signed, Room::Guarantees, guarantee.now().name.clone())
        .below("/guarantees", locale.say("room-guarantees"));
    let steps = step::open_to(&signed, &guarantee);
    let mut periods = guarantee.tallies(today);
    periods.reverse();
    let periods = periods.iter().take(PERIODS).map(|tally| {
        let (words, class) = owed(locale, Some(tally));
        let class = if class == "near" && tally.until < today { "late" } else { class };
        (format!("{} – {}", locale.date(tally.from), locale.date(tally.until)), words, class)
    });
    let mut visits: Vec<_> = guarantee.visits.iter().collect();
    visits.sort_by_key(|visit| std::cmp::Reverse(visit.on));
    let reference = app.reference();
    let view = View {
        id: guarantee.id.to_string(),
        tag: owed(locale, guarantee.tally_now(today).as_ref()),
        facts: facts(&app, locale, &guarantee),
        steps: steps
            .into_iter()
            .map(|step| (format!("{home}/{step}"), locale.say(&format!("guarantee-step-{step}"))))
            .collect(),
        periods: periods.collect(),
        visits: visits
            .into_iter()
            .map(|visit| VisitRow {
                on: locale.date(visit.on),
                place: visit.place.clone(),
                seen: visit.seen.clone(),
                who: if visit.written_by == visit.post {
                    guarantor(&app, &visit.post)
                } else {
                    let text = locale.text("guarantee-written-by").with("who", guarantor(&app, &visit.post));
                    text.with("by", words::post(&reference.office, &visit.written_by)).to_string()
                },
                files: kept::links("/guarantees", guarantee.id.as_str(), &visit.files),
            })
            .collect(),
        requests: requests(&app, locale, &signed, &guarantee),
        opinions: guarantee
            .opinions
            .iter()
            .rev()
            .map(|opinion| OpinionRow {
                task: opinion.task.to_string(),
                text: opinion.text.clone(),
                tag: opinion_tag(locale, opinion.supports),
                meta: format!("{} · {}", locale.date(opinion.on), guarantor(&app, &opinion.by)),
            })
            .collect(),
        frame,
    };
    Ok(show(StatusCode::OK, &view))
}

/// For or against signing off, with the class of the tag.
pub(super) fn opinion_tag(locale: Locale, supports: bool) -> (String, &'static str) {
    if supports {
        (locale.say("guarantee-supports"), "done")
    } else {
        (locale.say("guarantee-objects"), "late")
    }
}

/// Label, words and where they lead.
fn facts(app: &App, locale: Locale, guarantee: &Guarantee) -> Vec<(String, String, String)> {
    let reference = app.reference();
    let terms = guarantee.now();
    let fact = |key: &str, words: String| (locale.say(key), words, String::new());
    let thing = match Subject::read(&terms.subject) {
        Some(_) => ledger::about(locale, &reference.office, &terms.subject),
        None if terms.subject.is_empty() => (String::new(), String::new()),
        None => (
            locale.say(&format!("work-field-{}", terms.subject.replace('_', "-"))),
            format!("/tasks?field={}", terms.subject),
        ),
    };
    let duty = locale
        .text("guarantee-duty")
        .with("visits", i64::from(terms.visits))
        .with("period", locale.say(&format!("guarantee-period-{}", terms.period.name().replace('_', "-"))));
    let mut facts = vec![
        fact("field-guarantor", words::post(&reference.office, &terms.post)),
        fact("guarantee-holder", guarantor(app, &terms.post)),
        fact("field-scope", locale.say(&format!("guarantee-scope-{}", terms.scope.name()))),
        (locale.say("guarantee-thing"), thing.0, thing.1),
        fact("guarantee-duty-head", duty.to_string()),
        fact("field-begins-on", locale.date(terms.from)),
        fact("field-ends-on", terms.until.map(|until| locale.date(until)).unwrap_or_default()),
        fact("field-document", terms.document.clone()),
    ];
    if let Some((on, reason)) = &guarantee.ended {
        facts.push(fact("guarantee-ended", format!("{} {reason}", locale.date(*on))));
    }
    facts.retain(|(_, words, _)| !words.is_empty());
    facts
}

fn requests(app: &App, locale: Locale, signed: &Signed, guarantee: &Guarantee) -> Vec<RequestRow> {
    let reference = app.reference();
    (1..)
        .zip(&guarantee.requests)
        .map(|(n, request)| {
            let answer = request.answer.as_ref();
            let tag = match answer {
                None => (locale.say("guarantee-unanswered"), "near"),
                Some(answer) if answer.granted => (locale.say("guarantee-granted"), "done"),
                Some(_) => (locale.say("guarantee-denied"), "plain"),
            };
            let own = signed.actor.unit == request.of && signed.actor.post != guarantee.now().post;
            RequestRow {
                n,
                text: request.text.clone(),
                of: words::unit(&reference.office, request.of.as_str()),
                on: locale.date(request.on),
                answer: answer
                    .map(|answer| {
                        let by = words::post(&reference.office, &answer.by);
                        format!("{} ({}, {by})", answer.text, locale.date(answer.on))
                    })
                    .unwrap_or_default(),
                tag,
                may_answer: answer.is_none()
                    && guarantee.ended.is_none()
                    && (own || step::is_office(signed))
                    && (own || disposes(signed)),
            }
        })
        .collect()
}
