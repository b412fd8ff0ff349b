//! One handover sheet (交接单): who hands what to whom; prints on A4 with room for both signatures.

use super::{find, may_write, state};
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
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use bihuan_rules::{
    Subject,
    access::Room,
    handover::{Handover, HandoverState, Owed, Seat, Signature},
};
use bihuan_store::owed;

/// Lines of one kind.
struct Part {
    name: String,
    lines: Vec<(usize, String, String, String, String)>,
}

#[derive(Template)]
#[template(path = "handover/show.html")]
struct View {
    frame: Frame,
    id: String,
    state: (String, &'static str),
    facts: Vec<(String, String)>,
    hint: String,
    total: String,
    parts: Vec<Part>,
    signatures: Vec<(String, String, String)>,
    steps: Vec<(&'static str, String)>,
}

/// The lines by kind, numbered through.
fn parts(locale: Locale, lines: &[Owed]) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    for (n, owed) in (1..).zip(lines) {
        let subject = Subject::read(&owed.subject);
        let (key, code, href) = match &subject {
            Some(Subject::Task(id)) => ("task".to_owned(), id.to_string(), format!("/tasks/{id}")),
            Some(Subject::Record(kind, id)) => {
                (kind.name().to_owned(), id.to_string(), format!("{}/{id}", crate::record::room(*kind)))
            }
            _ => ("other".to_owned(), owed.subject.clone(), String::new()),
        };
        let part = key.replace('_', "-");
        let own = format!("handover-part-{part}");
        let name =
            if locale.knows(&own) { locale.say(&own) } else { locale.say(&format!("ledger-kind-{part}")) };
        let due = owed.due_on.map(|due| locale.date(due)).unwrap_or_default();
        let line = (n, code, href, owed.title.clone(), due);
        match parts.iter_mut().find(|part| part.name == name) {
            Some(part) => part.lines.push(line),
            None => parts.push(Part { name, lines: vec![line] }),
        }
    }
    parts
}

/// `GET /handovers/{id}`.
pub async fn get(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    Path(id): Path<String>,
    asked: Filled,
) -> Result<Response, Failure> {
    let reference = app.reference();
    let (reader, looked, today) = (signed.clone(), app.reference(), app.today());
    let (handover, lines) = app
        .books
        .ask(move |connection| {
            let handover = find(&looked, connection, &reader, &id)?.record;
            let lines = match Seat::of(&looked.office, &handover.change.post, today) {
                Some(seat) if !handover.is_frozen() => owed::of_seat(connection, &looked, &seat)?,
                _ => handover.lines.clone(),
            };
            Ok::<_, Failure>((handover, lines))
        })
        .await?;
    let (office, change) = (&reference.office, &handover.change);
    let person = |id| words::person_on(locale, office, id, change.on);
    let title = locale.text("handover-title").with("post", words::post(office, &change.post)).to_string();
    let mut frame = Frame::new(&app, locale, &signed, Room::Handovers, title)
        .below("/handovers", locale.say("room-handovers"));
    if let Ok(Some(sequence)) = asked.number("done") {
        frame.flash = locale.text("office-done").with("sequence", sequence.to_string()).to_string();
    }
    let signature = |label: &str, whose: String, signature: &Option<Signature>| {
        let by = signature.as_ref().map(|signature| {
            let name = words::person_on(locale, office, &signature.person, signature.on);
            let post = words::post_on(locale, office, &signature.post, signature.on);
            let text = locale.text("handover-signed").with("name", format!("{name}（{post}）"));
            let text = text.with("on", locale.date(signature.on)).to_string();
            if signature.remark.is_empty() { text } else { format!("{text} · {}", signature.remark) }
        });
        (locale.say(label), whose, by.unwrap_or_default())
    };
    let mut signatures = vec![
        signature("handover-giver", person(&change.from), &handover.given),
        signature("handover-taker", person(&change.to), &handover.taken),
    ];
    if !handover.stood_by.is_empty() {
        signatures[0].0 = locale.say("handover-stood-by");
        signatures[0].2 = format!("{} · {}", signatures[0].2, handover.stood_by);
    }
    let view = View {
        id: handover.id.to_string(),
        state: state(locale, &handover),
        facts: vec![
            (locale.say("field-post"), words::post(office, &change.post)),
            (locale.say("handover-giver"), person(&change.from)),
            (locale.say("handover-taker"), person(&change.to)),
            (locale.say("handover-on"), locale.date(change.on)),
        ],
        hint: locale.say(if handover.is_frozen() { "handover-frozen" } else { "handover-live" }),
        total: locale.text("handover-total").with("count", i64::try_from(lines.len()).unwrap_or(0)).into(),
        parts: parts(locale, &lines),
        steps: steps(locale, &signed, &handover),
        signatures,
        frame,
    };
    Ok(show(StatusCode::OK, &view))
}

/// The signatures and steps that are open to this reader.
fn steps(locale: Locale, signed: &Signed, handover: &Handover) -> Vec<(&'static str, String)> {
    let mut steps = Vec::new();
    if matches!(handover.state(), HandoverState::Drawn | HandoverState::HalfSigned) {
        let person = &signed.actor.person;
        if handover.given.is_none() && person == &handover.change.from {
            steps.push("give");
        }
        if handover.taken.is_none() && person == &handover.change.to {
            steps.push("take");
        }
        if may_write(signed) && handover.given.is_none() && person != &handover.change.to {
            steps.push("give-for");
        }
        if may_write(signed) && !handover.is_frozen() {
            steps.push("call-off");
        }
    }
    steps.into_iter().map(|step| (step, locale.say(&format!("handover-step-{step}")))).collect()
}
