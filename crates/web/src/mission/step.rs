//! The forms of a mission: arrive, answer the checklist, record what was seen, look back, leave, call off, open.

use super::{
    Known,
    course::{self, Circle},
    find,
};
use crate::{
    app::App,
    failure::Failure,
    filled::{FieldError, Filled},
    frame::{
        Frame,
        form::{Field, Kind},
        sheet::{Sheet, field, line, options},
        show,
    },
    kept::Sent,
    locale::Locale,
    office::choose::units,
    order::{self, steps},
    photo, place,
    session::{Signed, random_token},
    task::set_point::degrees_e6,
    words,
};
use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use bihuan_rules::{
    Refusal,
    access::Room,
    finding::{Seen, Severity},
    id::{TaskId, UnitId},
    mission::{Answer, Answered, Entry, MissionOrder, Outcome, Stop},
    office::UnitKind,
    task::{Datum, Place, Verdict},
};
use jiff::Timestamp;

steps! {
    /// What a form is for.
    enum Step {
        Arrive = "arrive",
        Check = "check",
        Find = "find",
        LookBack = "look-back",
        Leave = "leave",
        CallOff = "call-off",
        Open = "open",
    }
}

impl Step {
    /// The step by the last part of its address; a check and the opening have addresses of their own.
    fn form(name: &str) -> Result<Step, Failure> {
        match Step::named(name)? {
            Step::Check | Step::Open => Err(Failure::NotFound),
            form => Ok(form),
        }
    }
}

/// The towns of the area, by name.
pub(crate) fn towns(app: &App) -> Vec<(String, String)> {
    units(app, |kind| kind == UnitKind::Town)
}

fn choices<T: Copy>(
    locale: Locale,
    prefix: &str,
    all: &[T],
    name: fn(T) -> &'static str,
) -> Vec<(String, String)> {
    all.iter()
        .map(|each| {
            (name(*each).to_owned(), locale.say(&format!("{prefix}-{}", name(*each).replace('_', "-"))))
        })
        .collect()
}

fn optional(mut field: Field) -> Field {
    field.optional = true;
    field
}

fn place_fields(locale: Locale, filled: &Filled) -> Vec<Field> {
    let datum = choices(locale, "datum", &Datum::ALL, Datum::name);
    vec![
        optional(line(locale, "longitude", filled)),
        optional(line(locale, "latitude", filled)),
        optional(field(locale, "datum", Kind::Menu(options(datum, &filled.texts("datum"))))),
        optional(line(locale, "accuracy_m", filled)),
    ]
}

fn fields(app: &App, locale: Locale, step: Step, known: &Known, filled: &Filled) -> Vec<Field> {
    let passage = |name: &str, rows| field(locale, name, Kind::Passage(filled.text(name).to_owned(), rows));
    let radio = |name: &str, choices| field(locale, name, Kind::Radio(options(choices, &filled.texts(name))));
    let menu = |name: &str, choices| field(locale, name, Kind::Menu(options(choices, &filled.texts(name))));
    match step {
        Step::Arrive => {
            let yes_no = ["no", "yes"].map(|value| (value.to_owned(), locale.say(&format!("rules-{value}"))));
            let mut fields = vec![
                radio("entry", choices(locale, "mission-entry", &Entry::ALL, Entry::name)),
                radio("escorted", yes_no.to_vec()),
            ];
            fields.extend(place_fields(locale, filled));
            fields
        }
        Step::Find => {
            let items = known.round.plan.checklist.iter().map(|each| (each.item.clone(), each.item.clone()));
            let fix = [("yes".to_owned(), locale.say("mission-fix-now"))];
            let mut fields = vec![
                passage("facts", 4),
                menu("field", words::work_fields(locale)),
                radio("severity", choices(locale, "severity", &Severity::ALL, Severity::name)),
                optional(field(locale, "fix_now", Kind::Checks(options(fix, &filled.texts("fix_now"))))),
                optional(line(locale, "act", filled)),
                line(locale, "spot", filled),
                menu("unit", towns(app)),
                optional(menu("item", items.collect())),
                optional(line(locale, "samples", filled)),
                optional(line(locale, "repeats", filled)),
            ];
            fields.extend(place_fields(locale, filled));
            fields.insert(1, optional(field(locale, "photos", Kind::Files("image/*", true))));
            fields
        }
        Step::LookBack => vec![
            radio("verdict", choices(locale, "verdict", &Verdict::ALL, Verdict::name)),
            passage("findings", 4),
        ],
        Step::Leave => vec![
            radio("outcome", choices(locale, "mission-outcome", &Outcome::ALL, Outcome::name)),
            optional(passage("note", 2)),
        ],
        Step::CallOff => vec![line(locale, "reason", filled)],
        Step::Check | Step::Open => Vec::new(),
    }
}

fn place_of(filled: &Filled) -> Result<Option<Place>, FieldError> {
    if !filled.has("longitude") && !filled.has("latitude") {
        return Ok(None);
    }
    Ok(Some(Place {
        lat_e6: degrees_e6(filled, "latitude")?,
        lon_e6: degrees_e6(filled, "longitude")?,
        datum: filled.one_of("datum", Datum::ALL, Datum::name)?,
        accuracy_m: filled.number("accuracy_m")?.and_then(|metres| u32::try_from(metres).ok()),
    }))
}

fn wanted(step: Step, filled: &Filled) -> Result<MissionOrder, FieldError> {
    let text = |name: &str| filled.text(name).replace("\r\n", "\n");
    Ok(match step {
        Step::Arrive => MissionOrder::Arrive {
            entry: filled.one_of("entry", Entry::ALL, Entry::name)?,
            escorted: match filled.text("escorted") {
                "yes" => true,
                "no" => false,
                _ => return Err(FieldError::at("escorted", "form-choose")),
            },
            place: place_of(filled)?,
        },
        Step::Find => MissionOrder::Find(Box::new(Seen {
            at: Timestamp::UNIX_EPOCH,
            unit: filled.id_needed::<UnitId>("unit")?,
            spot: text("spot"),
            place: place_of(filled)?,
            field: text("field"),
            item: text("item"),
            facts: text("facts"),
            samples: text("samples"),
            act: text("act"),
            fix_now: filled.has("fix_now"),
            severity: filled.one_of("severity", Severity::ALL, Severity::name)?,
            suspected: None,
            repeats: filled.id::<TaskId>("repeats")?,
            photos: Vec::new(),
            pictures: Vec::new(),
            captures: Vec::new(),
            made: None,
        })),
        Step::LookBack => {
            MissionOrder::LookBack(filled.one_of("verdict", Verdict::ALL, Verdict::name)?, text("findings"))
        }
        Step::Leave => {
            MissionOrder::Leave(filled.one_of("outcome", Outcome::ALL, Outcome::name)?, text("note"))
        }
        Step::CallOff => MissionOrder::CallOff(text("reason")),
        Step::Check | Step::Open => return Err(FieldError::at("", "form-missing")),
    })
}

fn sheet(app: &App, locale: Locale, step: Step, known: &Known, filled: &Filled) -> Sheet {
    let above = format!("/missions/{}", known.mission.id);
    let intro = format!("mission-intro-{}", step.name());
    let mut intro = if locale.knows(&intro) { locale.say(&intro) } else { String::new() };
    if let Some(visit) = known.course.current().and_then(|n| known.course.visit(n))
        && known.course.is_under_way()
    {
        intro = format!(
            "{} · {}。{intro}",
            words::unit(&app.reference().office, visit.stop.unit.as_str()),
            visit.stop.place
        );
    }
    Sheet {
        room: Some(Room::Missions),
        title: locale.say(&format!("mission-step-{}", step.name())),
        crumbs: vec![
            ("/missions".to_owned(), locale.say("room-missions")),
            (above.clone(), known.course.team.name.clone()),
        ],
        intro,
        action: format!("{above}/{}", step.name()),
        cancel: above,
        submit: locale.say(&format!("mission-step-{}", step.name())),
        fields: fields(app, locale, step, known, filled),
        hidden: Vec::new(),
    }
}

/// What stands in a form before anybody typed: the stop, the field of a round with one field, a quiet arrival.
fn before(step: Step, known: &Known) -> Filled {
    let mut filled = Filled::default();
    filled.set("datum", Datum::Wgs84.name());
    match step {
        Step::Arrive => {
            filled.set("entry", Entry::Unannounced.name());
            filled.set("escorted", "no");
        }
        Step::Find => {
            if let Some(visit) = known.course.current().and_then(|n| known.course.visit(n)) {
                filled.set("unit", visit.stop.unit.to_string());
                filled.set("spot", visit.stop.place.clone());
                filled.set("repeats", visit.stop.task.as_ref().map(ToString::to_string).unwrap_or_default());
            }
            if let [only] = known.round.plan.fields.as_slice() {
                filled.set("field", only.clone());
            }
            filled.set("severity", Severity::Minor.name());
        }
        Step::Leave => filled.set("outcome", Outcome::Visited.name()),
        _ => {}
    }
    filled
}

/// The stop where the team may be now.
fn current_stop(known: &Known) -> Option<&Stop> {
    known.course.current().and_then(|n| known.course.visit(n)).map(|visit| &visit.stop)
}

/// A mission that this person may act on.
pub(super) async fn look(app: &App, signed: &Signed, id: String) -> Result<Known, Failure> {
    let (reader, looked) = (signed.clone(), app.clone());
    let known = app.books.ask(move |connection| find(&looked, connection, &reader, &id)).await?;
    let organises = known.round.organiser == signed.actor.person;
    if known.is_team(signed) || organises { Ok(known) } else { Err(Failure::NotFound) }
}

/// `GET /missions/{id}/{step}`.
pub async fn get(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    Path((id, step)): Path<(String, String)>,
) -> Result<Response, Failure> {
    let step = Step::form(&step)?;
    let known = look(&app, &signed, id).await?;
    let filled = before(step, &known);
    Ok(sheet(&app, locale, step, &known, &filled).answer(&app, locale, &signed, &[], None))
}

/// Carries an order out; sealed or not, the rules judge who really acts.
async fn carry(
    app: &App,
    signed: &Signed,
    known: &Known,
    filled: &Filled,
    step: Step,
    order: MissionOrder,
) -> Result<(), Failure> {
    let id = known.mission.id.clone();
    let request = format!("mission {id} {}", step.name());
    let (by, name, inner) = (signed.actor.clone(), course::name_of(signed, &known.mission), app.clone());
    order::carry_out_as(app, name, filled, request, move |work| {
        let circle = Circle { by: &by, secret: &inner.envelopes, area: inner.books.area() };
        Ok(((), course::go(work, &circle, &id, order)?))
    })
    .await?;
    Ok(())
}

/// `POST /missions/{id}/{step}`.
pub async fn post(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    Path((id, step)): Path<(String, String)>,
    Sent { filled, uploads }: Sent,
) -> Result<Response, Failure> {
    let step = Step::form(&step)?;
    signed.check_form(filled.text("csrf"))?;
    let known = look(&app, &signed, id).await?;
    let refuse = |errors: &[FieldError], refusal: Option<&Refusal>| {
        sheet(&app, locale, step, &known, &filled).answer(&app, locale, &signed, errors, refusal)
    };
    let mut order = match wanted(step, &filled) {
        Ok(order) => order,
        Err(error) => return Ok(refuse(&[error], None)),
    };
    let known_places: Vec<Place> = current_stop(&known).and_then(|stop| stop.at).into_iter().collect();
    let told = match &order {
        MissionOrder::Arrive { place, .. } => place.as_ref(),
        MissionOrder::Find(seen) => seen.place.as_ref(),
        _ => None,
    };
    if !filled.has("datum_sure")
        && let Some(question) = place::datum_question(told, &known_places)
    {
        let mut asking = sheet(&app, locale, step, &known, &filled);
        let sure = [("yes".to_owned(), locale.say("mission-datum-sure"))];
        let sure = optional(field(locale, "datum_sure", Kind::Checks(options(sure, &[]))));
        let at = asking.fields.iter().position(|field| field.name == "datum").map_or(0, |at| at + 1);
        asking.fields.insert(at, sure);
        return Ok(asking.answer(&app, locale, &signed, &[question], None));
    }
    if let MissionOrder::Find(seen) = &mut order {
        match photo::take_in(&app, uploads, "photos", true, &known_places).await? {
            Ok(taken) => seen.pictures = taken.into_iter().map(photo::Taken::into_picture).collect(),
            Err(error) => return Ok(refuse(&[error], None)),
        }
        seen.photos = seen.pictures.iter().map(|picture| picture.sha256.clone()).collect();
    }
    let carried = carry(&app, &signed, &known, &filled, step, order).await;
    if carried.is_ok() {
        photo::ask_new(&app).await;
    }
    let to = |()| format!("/missions/{}", known.mission.id);
    order::answered(carried, to, |refusal| refuse(&[], Some(refusal)))
}

/// An item of the checklist with what was answered.
struct Item {
    n: usize,
    item: String,
    key_point: String,
    how: String,
    choices: Vec<(String, String, bool)>,
    note: String,
}

#[derive(Template)]
#[template(path = "mission/check.html")]
struct CheckView {
    frame: Frame,
    id: String,
    place: String,
    once: String,
    items: Vec<Item>,
    error: String,
}

fn check_page(
    app: &App,
    locale: Locale,
    signed: &Signed,
    known: &Known,
    filled: &Filled,
    error: String,
) -> Response {
    let visit = known.course.current().and_then(|n| known.course.visit(n));
    let answered = visit.map_or(&[][..], |visit| visit.answers.as_slice());
    let item = |(n, item): (usize, &bihuan_rules::round::CheckItem)| {
        let before = answered.get(n);
        let typed = filled.text(&format!("result-{n}"));
        let chosen = if typed.is_empty() { before.map_or("", |answer| answer.result.name()) } else { typed };
        let note = filled.text(&format!("note-{n}"));
        let choice = |result: Answered| {
            let words = locale.say(&format!("mission-answer-{}", result.name().replace('_', "-")));
            (result.name().to_owned(), words, result.name() == chosen)
        };
        let how = [&item.standard, &item.method].into_iter().filter(|text| !text.is_empty());
        Item {
            n,
            item: item.item.clone(),
            key_point: item.key_point.clone(),
            how: how.cloned().collect::<Vec<_>>().join(" · "),
            choices: Answered::ALL.map(choice).to_vec(),
            note: if note.is_empty() { before.map_or("", |answer| &answer.note) } else { note }.to_owned(),
        }
    };
    let mut frame = Frame::new(app, locale, signed, Room::Missions, locale.say("mission-step-check"))
        .below("/missions", locale.say("room-missions"))
        .below(format!("/missions/{}", known.mission.id), known.course.team.name.clone());
    frame.has_errors = !error.is_empty();
    let status = if error.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let view = CheckView {
        id: known.mission.id.to_string(),
        place: visit.map(|visit| visit.stop.place.clone()).unwrap_or_default(),
        once: random_token(),
        items: known.round.plan.checklist.iter().enumerate().map(item).collect(),
        error,
        frame,
    };
    show(status, &view)
}

/// `GET /missions/{id}/check`: the checklist of the stop.
pub async fn check(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let known = look(&app, &signed, id).await?;
    Ok(check_page(&app, locale, &signed, &known, &Filled::default(), String::new()))
}

/// `POST /missions/{id}/check`.
pub async fn post_check(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    Path(id): Path<String>,
    filled: Filled,
) -> Result<Response, Failure> {
    signed.check_form(filled.text("csrf"))?;
    let known = look(&app, &signed, id).await?;
    let mut answers = Vec::new();
    for n in 0..known.round.plan.checklist.len() {
        let Ok(result) = filled.one_of(&format!("result-{n}"), Answered::ALL, Answered::name) else {
            let text = locale.say("mission-check-missing");
            return Ok(check_page(&app, locale, &signed, &known, &filled, text));
        };
        answers.push(Answer { result, note: filled.text(&format!("note-{n}")).to_owned() });
    }
    match carry(&app, &signed, &known, &filled, Step::Check, MissionOrder::Check(answers)).await {
        Ok(()) => Ok(Redirect::to(&format!("/missions/{}", known.mission.id)).into_response()),
        Err(Failure::Refused(refusal)) => {
            let text = words::refusal(locale, &refusal);
            Ok(check_page(&app, locale, &signed, &known, &filled, text))
        }
        Err(other) => Err(other),
    }
}

/// `GET /missions/{id}/open`.
pub async fn open(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let known = look(&app, &signed, id).await?;
    Ok(sheet(&app, locale, Step::Open, &known, &Filled::default()).answer(&app, locale, &signed, &[], None))
}

/// `POST /missions/{id}/open`: publishes the key, the course and the findings.
pub async fn post_open(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    Path(id): Path<String>,
    filled: Filled,
) -> Result<Response, Failure> {
    signed.check_form(filled.text("csrf"))?;
    let known = look(&app, &signed, id).await?;
    let (id, inner, by) = (known.mission.id.clone(), app.clone(), signed.actor.clone());
    let (sealed, course) = (course::key(&app, &known.mission), known.course.clone());
    let done = order::carry_out(&app, &signed, &filled, format!("mission {id} open"), move |work| {
        let circle = Circle { by: &by, secret: &inner.envelopes, area: inner.books.area() };
        let receipt = course::open(work, &circle, &id)?;
        course::unseal_photos(inner.books.evidence(), &sealed, &course)?;
        Ok(((), receipt))
    })
    .await;
    if done.is_ok() {
        photo::ask_new(&app).await;
    }
    match done {
        Ok(_) => Ok(Redirect::to(&format!("/missions/{}", known.mission.id)).into_response()),
        Err(Failure::Refused(refusal)) => {
            let page = sheet(&app, locale, Step::Open, &known, &filled);
            Ok(page.answer(&app, locale, &signed, &[], Some(&refusal)))
        }
        Err(other) => Err(other),
    }
}
