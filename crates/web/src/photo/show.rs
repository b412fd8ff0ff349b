//! One question: both pictures side by side, what was said about them, and what may be said now.

use super::{find, place_of};
use crate::{
    app::App,
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
    access::Room,
    office::Office,
    photo_question::{PhotoQuestion, Said, Shown, looks},
};

/// A picture of the question.
struct Side {
    heading: String,
    /// Address of the picture, and of its record with the words for it; nothing when this reader may not see them.
    place: Option<(String, String, String)>,
    facts: String,
}

#[derive(Template)]
#[template(path = "photo/show.html")]
struct View {
    frame: Frame,
    id: String,
    state: (String, &'static str),
    why: String,
    alike: String,
    sides: Vec<Side>,
    said: Vec<(String, String, String)>,
    may_explain: bool,
    may_settle: bool,
}

/// The state in words, with the class of its tag.
pub(crate) fn state(locale: Locale, question: &PhotoQuestion) -> (String, &'static str) {
    let class = match question.state() {
        "open" => "near",
        "explained" => "check",
        "stands" => "done",
        _ => "back",
    };
    (locale.say(&format!("photo-question-state-{}", question.state().replace('_', "-"))), class)
}

/// When a picture says it was taken and when it was handed in.
fn facts(locale: Locale, shown: &Shown) -> String {
    let taken = match shown.taken_at {
        Some(at) => locale.text("photo-taken").with("at", words::moment(at)).to_string(),
        None => locale.say("photo-taken-unknown"),
    };
    let handed_in = locale.text("photo-handed-in").with("on", locale.date(shown.on));
    format!("{taken} · {handed_in}")
}

fn by<T>(locale: Locale, office: &Office, said: &Said<T>) -> String {
    let name =
        office.persons.get(&said.person).map_or_else(|| said.person.to_string(), |who| who.name.clone());
    format!("{name} · {} · {}", words::post(office, &said.post), locale.date(said.on))
}

/// `GET /photos/{id}`.
pub async fn get(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let reader = signed.clone();
    let (question, own, like) = app
        .books
        .ask(move |connection| {
            let question = find(connection, &reader, &id)?;
            let own = place_of(connection, &reader, &question.picture)?;
            let like = place_of(connection, &reader, &question.like)?;
            Ok::<_, Failure>((question, own, like))
        })
        .await?;
    let reference = app.reference();
    let office = &reference.office;
    let mut said: Vec<(String, String, String)> = question
        .explained
        .iter()
        .map(|each| {
            let what = locale.say(&format!("photo-explanation-{}", each.what.name().replace('_', "-")));
            (what, each.text.clone(), by(locale, office, each))
        })
        .collect();
    said.extend(question.settled.as_ref().map(|each| {
        let key = if each.what { "photo-question-state-stands" } else { "photo-question-state-set-aside" };
        (locale.say(key), each.text.clone(), by(locale, office, each))
    }));
    let alike = question.alike.map_or_else(String::new, |alike| {
        let key = if alike.mirrored { "photo-alike-mirrored" } else { "photo-alike" };
        let text = locale.text(key).with("dhash", alike.dhash.to_string());
        text.with("phash", alike.phash.to_string()).to_string()
    });
    let is_open = question.settled.is_none();
    let frame = Frame::new(&app, locale, &signed, Room::Tasks, locale.say("photo-question"))
        .below("/photos", locale.say("photo-questions"));
    let view = View {
        id: question.id.to_string(),
        state: state(locale, &question),
        why: locale.say(&format!("photo-why-{}", question.why.name().replace('_', "-"))),
        alike,
        sides: vec![
            Side { heading: locale.say("photo-this"), place: own, facts: facts(locale, &question.picture) },
            Side { heading: locale.say("photo-that"), place: like, facts: facts(locale, &question.like) },
        ],
        said,
        may_explain: is_open && question.unit == signed.actor.unit,
        may_settle: is_open && question.by != signed.actor.person && looks(&signed.actor),
        frame,
    };
    Ok(show(StatusCode::OK, &view))
}
