//! The forms of a handover: draw up, sign, stand by, call off.

use super::{find, may_write};
use crate::{
    app::App,
    failure::Failure,
    filled::{FieldError, Filled},
    frame::{
        form::{Field, Kind},
        sheet::{Sheet, field, line, options},
    },
    locale::Locale,
    order::{self, steps},
    session::Signed,
    words,
};
use axum::{
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
};
use bihuan_rules::{
    Act, Refusal, Subject,
    access::Room,
    handover::{self, Change, Handover, HandoverOrder, Seat},
    id::{PersonId, PostId},
    record::Kind as RecordKind,
};
use bihuan_store::owed;

steps! {
    enum Step {
        New = "new",
        Give = "give",
        GiveFor = "give-for",
        Take = "take",
        CallOff = "call-off",
    }
}

fn fields(app: &App, locale: Locale, step: Step, filled: &Filled) -> Vec<Field> {
    let reference = app.reference();
    let (office, today) = (&reference.office, app.today());
    let choose = |name: &str, choices: Vec<(String, String)>| {
        field(locale, name, Kind::Menu(options(choices, &filled.texts(name))))
    };
    let passage = |name: &str| field(locale, name, Kind::Passage(filled.text(name).to_owned(), 3));
    match step {
        Step::New => {
            let posts = office
                .posts
                .values()
                .filter(|post| !post.roles.contains(&bihuan_rules::office::Role::Administrator));
            let posts = posts.map(|post| (post.id.to_string(), words::post(office, &post.id))).collect();
            let persons: Vec<(String, String)> = office
                .persons
                .values()
                .map(|person| {
                    let post = office.posts_of(&person.id, today).next();
                    let post = post.map(|post| format!(" · {}", words::post(office, &post.id)));
                    (person.id.to_string(), format!("{}{}", person.name, post.unwrap_or_default()))
                })
                .collect();
            vec![
                choose("post", posts),
                choose("from_person", persons.clone()),
                choose("to_person", persons),
                field(locale, "handed_on", Kind::Line(filled.text("handed_on").to_owned(), "text", true)),
            ]
        }
        Step::Give | Step::Take => vec![Field { optional: true, ..passage("remark") }],
        Step::GiveFor | Step::CallOff => vec![line(locale, "reason", filled)],
    }
}

fn sheet(app: &App, locale: Locale, step: Step, known: Option<&Handover>, filled: &Filled) -> Sheet {
    let above = known.map_or("/handovers".to_owned(), |handover| format!("/handovers/{}", handover.id));
    let mut crumbs = vec![("/handovers".to_owned(), locale.say("room-handovers"))];
    crumbs.extend(known.map(|handover| (above.clone(), handover.id.to_string())));
    Sheet {
        room: Some(Room::Handovers),
        title: locale.say(&format!("handover-step-{}", step.name())),
        crumbs,
        intro: locale.say(&format!("handover-intro-{}", step.name())),
        action: format!("{above}/{}", step.name()),
        cancel: above,
        submit: locale.say(&format!("handover-step-{}", step.name())),
        fields: fields(app, locale, step, filled),
        hidden: Vec::new(),
    }
}

fn drawn(app: &App, filled: &Filled) -> Result<Change, Vec<FieldError>> {
    let post = filled.id_needed::<PostId>("post");
    let (from, to) = (filled.id_needed::<PersonId>("from_person"), filled.id_needed::<PersonId>("to_person"));
    let on = filled.date_needed("handed_on", app.today());
    match (post, from, to, on) {
        (Ok(post), Ok(from), Ok(to), Ok(on)) => Ok(Change { post, from, to, on }),
        (post, from, to, on) => {
            Err([post.err(), from.err(), to.err(), on.err()].into_iter().flatten().collect())
        }
    }
}

/// `GET /handovers/new`; what is known of the change stands in it already.
pub async fn new(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    asked: Filled,
) -> Result<Response, Failure> {
    if !signed.actor.may_enter(Room::Handovers) {
        return Err(Failure::NotFound);
    }
    let mut filled = Filled::default();
    for name in ["post", "from_person", "to_person"] {
        filled.set(name, asked.text(name));
    }
    let today = app.today().to_string();
    filled.set("handed_on", if asked.has("on") { asked.text("on").to_owned() } else { today });
    Ok(sheet(&app, locale, Step::New, None, &filled).answer(&app, locale, &signed, &[], None))
}

/// `POST /handovers/new`.
pub async fn create(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    filled: Filled,
) -> Result<Response, Failure> {
    if !signed.actor.may_enter(Room::Handovers) {
        return Err(Failure::NotFound);
    }
    signed.check_form(filled.text("csrf"))?;
    let refuse = |errors: &[FieldError], refusal: Option<&Refusal>| {
        sheet(&app, locale, Step::New, None, &filled).answer(&app, locale, &signed, errors, refusal)
    };
    let change = match drawn(&app, &filled) {
        Ok(change) => change,
        Err(errors) => return Ok(refuse(&errors, None)),
    };
    let request = format!("handover new {} {}", change.post, change.on);
    let done = order::carry_out(&app, &signed, &filled, request, move |work| {
        let year = change.on.year();
        let act = handover::decide(&work.situation(""), None, HandoverOrder::Draw(change))?;
        let id = work.next_code::<Handover>(&format!("J-{year}"))?;
        let receipt = work.record(Subject::Record(RecordKind::Handover, id.clone()), Act::from(act))?;
        Ok(((id, receipt.sequence), receipt))
    })
    .await;
    match done {
        Ok(Some((id, sequence))) => {
            Ok(Redirect::to(&format!("/handovers/{id}?done={sequence}")).into_response())
        }
        Ok(None) => Ok(Redirect::to("/handovers").into_response()),
        Err(Failure::Refused(refusal)) => Ok(refuse(&[], Some(&refusal))),
        Err(other) => Err(other),
    }
}

fn is_for(step: Step, signed: &Signed, handover: &Handover) -> bool {
    match step {
        Step::New => true,
        Step::Give => signed.actor.person == handover.change.from,
        Step::Take => signed.actor.person == handover.change.to,
        Step::GiveFor | Step::CallOff => may_write(signed),
    }
}

/// `GET /handovers/{id}/{step}`.
pub async fn get(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    Path((id, step)): Path<(String, String)>,
) -> Result<Response, Failure> {
    let step = Step::named(&step)?;
    let (reader, looked) = (signed.clone(), app.reference());
    let known = app.books.ask(move |connection| find(&looked, connection, &reader, &id)).await?.record;
    if !is_for(step, &signed, &known) {
        return Err(Failure::NotFound);
    }
    let sheet = sheet(&app, locale, step, Some(&known), &Filled::default());
    Ok(sheet.answer(&app, locale, &signed, &[], None))
}

/// `POST /handovers/{id}/{step}`.
pub async fn post(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    Path((id, step)): Path<(String, String)>,
    filled: Filled,
) -> Result<Response, Failure> {
    let step = Step::named(&step)?;
    signed.check_form(filled.text("csrf"))?;
    let (reader, looked) = (signed.clone(), app.reference());
    let known = app.books.ask(move |connection| find(&looked, connection, &reader, &id)).await?.record;
    let code = known.id.clone();
    let text = filled.text(if matches!(step, Step::Give | Step::Take) { "remark" } else { "reason" });
    let (words, home) = (text.to_owned(), format!("/handovers/{code}"));
    let request = format!("handover {code} {}", step.name());
    let done = order::carry_out(&app, &signed, &filled, request, move |work| {
        let known = work.filed::<Handover>(&code)?.ok_or(Failure::NotFound)?.record;
        let (reference, on) = (work.reference(), bihuan_rules::day_of(work.at));
        let lines = match Seat::of(&reference.office, &known.change.post, on) {
            Some(seat) if !known.is_frozen() => owed::of_seat(work.connection(), &reference, &seat)?,
            _ => Vec::new(),
        };
        let order = match step {
            Step::Give => HandoverOrder::Give { lines, remark: words },
            Step::GiveFor => HandoverOrder::GiveFor { lines, reason: words },
            Step::Take => HandoverOrder::Take { lines, remark: words },
            Step::CallOff | Step::New => HandoverOrder::CallOff(words),
        };
        let act = handover::decide(&work.situation(""), Some(&known), order)?;
        let receipt = work.record(Subject::Record(RecordKind::Handover, code), Act::from(act))?;
        Ok((receipt.sequence, receipt))
    })
    .await;
    match done {
        Ok(Some(sequence)) => Ok(Redirect::to(&format!("{home}?done={sequence}")).into_response()),
        Ok(None) => Ok(Redirect::to(&home).into_response()),
        Err(Failure::Refused(refusal)) => {
            let sheet = sheet(&app, locale, step, Some(&known), &filled);
            Ok(sheet.answer(&app, locale, &signed, &[], Some(&refusal)))
        }
        Err(other) => Err(other),
    }
}
