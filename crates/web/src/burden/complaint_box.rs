//! The complaint box itself (减负意见箱): the form that every page leads to, in the name of whoever speaks or in nobody's.

use super::complaint::ill_key;
use crate::{
    app::App,
    failure::Failure,
    filled::{FieldError, Filled},
    frame::{
        Frame,
        form::Kind,
        sheet::{Sheet, field, line, options},
        show,
    },
    locale::Locale,
    order,
    session::Signed,
};
use askama::Template;
use axum::{extract::State, http::StatusCode, response::Response};
use bihuan_rules::{
    Act, Refusal, Subject,
    access::Room,
    burden::{Grievance, GrievanceOrder, Ill, catalogue, decide_grievance},
    id::RecordId,
    office::UnitKind,
    record::Kind as RecordKind,
};
use bihuan_store::{checkpoint::machine, shelf};

/// What the codes of complaints begin with, before the year.
const PREFIX: &str = "JF";

fn say_sheet(locale: Locale, signed: &Signed, filled: &Filled) -> Sheet {
    let ills = Ill::ALL.iter().map(|ill| (ill.name().to_owned(), locale.say(&ill_key(*ill))));
    let unnamed = [("yes".to_owned(), locale.say("complaint-unnamed"))];
    let mut about = line(locale, "page", filled);
    about.optional = true;
    let mut nameless = field(locale, "unnamed", Kind::Checks(options(unnamed, &filled.texts("unnamed"))));
    nameless.optional = true;
    let back = Some(filled.text("page")).filter(|page| page.starts_with('/') && !page.starts_with("//"));
    Sheet {
        room: Some(Room::ComplaintBox),
        title: locale.say("room-complaint-box"),
        crumbs: if signed.actor.may_enter(Room::Burden) {
            vec![("/burden".to_owned(), locale.say("room-burden"))]
        } else {
            Vec::new()
        },
        intro: locale
            .text("complaint-intro-say")
            .with("days", i64::from(catalogue().answer_days))
            .to_string(),
        action: "/complaint-box".to_owned(),
        cancel: back.unwrap_or("/").to_owned(),
        submit: locale.say("complaint-do-say"),
        fields: vec![
            field(locale, "grievance_ill", Kind::Radio(options(ills, &filled.texts("grievance_ill")))),
            field(locale, "grievance_text", Kind::Passage(filled.text("grievance_text").to_owned(), 4)),
            about,
            nameless,
        ],
        hidden: Vec::new(),
    }
}

/// `GET /complaint-box?page=/tasks`.
pub async fn form(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    asked: Filled,
) -> Result<Response, Failure> {
    Ok(say_sheet(locale, &signed, &asked).answer(&app, locale, &signed, &[], None))
}

/// `POST /complaint-box`: in the name of whoever says it, or in nobody's.
pub async fn say(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    filled: Filled,
) -> Result<Response, Failure> {
    signed.check_form(filled.text("csrf"))?;
    let sheet = say_sheet(locale, &signed, &filled);
    let refuse = |errors: &[FieldError], refusal: Option<&Refusal>| {
        sheet.clone().answer(&app, locale, &signed, errors, refusal)
    };
    let ill = match filled.one_of("grievance_ill", Ill::ALL.iter().copied(), Ill::name) {
        Ok(ill) => ill,
        Err(error) => return Ok(refuse(&[error], None)),
    };
    let reference = app.reference();
    let kind = reference.office.units.get(&signed.actor.unit).map_or(UnitKind::Department, |unit| unit.kind);
    let unnamed = filled.has("unnamed").then_some(kind);
    let by = if unnamed.is_some() { machine() } else { signed.actor.clone() };
    let text = filled.text("grievance_text").replace("\r\n", "\n");
    let order = GrievanceOrder::Say { page: filled.text("page").to_owned(), ill, text, unnamed };
    let done = order::carry_out_as(&app, by, &filled, "complaint".to_owned(), move |work| {
        let act = decide_grievance(&work.situation(""), None, order)?;
        let year = bihuan_rules::day_of(work.at).year();
        let code = work.next_code::<Grievance>(&format!("{PREFIX}-{year}"))?;
        let receipt = work.record(Subject::Record(RecordKind::Grievance, code.clone()), Act::from(act))?;
        Ok((code, receipt))
    })
    .await;
    let to = |code: Option<RecordId>| match code {
        Some(code) => format!("/complaint-box/sent?code={code}"),
        None => "/complaint-box/sent".to_owned(),
    };
    order::answered(done, to, |refusal| refuse(&[], Some(refusal)))
}

#[derive(Template)]
#[template(path = "burden/sent.html")]
struct SentView {
    frame: Frame,
    words: String,
    href: String,
}

/// `GET /complaint-box/sent`.
pub async fn sent(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    asked: Filled,
) -> Result<Response, Failure> {
    let code = RecordId::new(asked.text("code")).ok();
    let found = match code {
        Some(code) => {
            app.books
                .ask(move |connection| Ok::<_, Failure>(shelf::find::<Grievance>(connection, &code)?))
                .await?
        }
        None => None,
    };
    let words = found.as_ref().map_or_else(
        || locale.say("complaint-sent-plain"),
        |seen| {
            let text = locale.text("complaint-sent").with("code", seen.record.id.to_string());
            text.with("on", locale.date(seen.record.answer_by)).to_string()
        },
    );
    let href = found.filter(|_| signed.actor.may_enter(Room::Burden));
    let view = SentView {
        words,
        href: href.map(|seen| format!("/burden/complaints/{}", seen.record.id)).unwrap_or_default(),
        frame: Frame::new(&app, locale, &signed, Room::ComplaintBox, locale.say("complaint-sent-title")),
    };
    Ok(show(StatusCode::OK, &view))
}
