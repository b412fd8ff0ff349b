//! `/procedure` and `/calendar` (办理程序、工作日历): the rules in force in readable form, and the days offices work.

mod calendar;
mod calendar_form;
mod dates;
mod own;
mod readable;

use crate::{
    app::App,
    failure::Failure,
    filled::Filled,
    frame::{Frame, show},
    locale::Locale,
    session::Signed,
};
use askama::Template;
use axum::{
    Router,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use bihuan_rules::{Act, Subject, access::Room, act::SettingAct, ruleset::Ruleset, setting};
use bihuan_store::Receipt;
use readable::{Group, rules};

/// The addresses of procedure and calendar.
pub fn router() -> Router<App> {
    Router::new()
        .route("/procedure", get(page))
        .route("/procedure/choose", post(choose))
        .route("/procedure/text", get(own::download))
        .route("/procedure/own", get(own::get).post(own::check))
        .route("/procedure/adopt", post(own::adopt))
        .route("/calendar", get(calendar::get))
        .route("/calendar/{year}", get(calendar::year))
        .route("/calendar/{year}/dates", get(dates::get).post(dates::post))
        .route("/calendar/edit", get(calendar_form::get).post(calendar_form::post))
}

/// Carries out an order about a setting, through the one door.
///
/// # Errors
/// A refusal of the rules, or the books.
pub(crate) async fn set(app: &App, signed: &Signed, act: SettingAct) -> Result<Receipt, Failure> {
    app.books
        .act(signed.actor.clone(), app.now(), move |work| {
            let reference = work.reference();
            let act = setting::decide(&work.situation(""), reference.known(), act)?;
            Ok::<_, Failure>(work.record(Subject::Area, Act::Setting(act))?)
        })
        .await
}

/// A procedure beside the chosen one.
struct Other {
    name: String,
    title: String,
    href: String,
    chosen: bool,
    shown: bool,
    /// Label, its value, the value of the chosen one.
    differences: Vec<(String, String, String)>,
    count: String,
}

#[derive(Template)]
#[template(path = "procedure/procedure.html")]
struct View {
    frame: Frame,
    name: String,
    title: String,
    is_chosen: bool,
    valid: String,
    sources: Vec<String>,
    groups: Vec<Group>,
    base: String,
    changes: Vec<(String, String, String)>,
    others: Vec<Other>,
    may_choose: bool,
}

fn title(locale: Locale, ruleset: &Ruleset) -> String {
    if locale == Locale::En { ruleset.title_en.clone() } else { ruleset.title_zh.clone() }
}

/// What differs between two procedures: label, value, value of the other.
fn differences(locale: Locale, one: &Ruleset, other: &Ruleset) -> Vec<(String, String, String)> {
    let (one, other) = (rules(locale, one), rules(locale, other));
    let lines = |groups: Vec<Group>| {
        groups.into_iter().flat_map(|group| {
            let name = group.name;
            group.lines.into_iter().map(move |(label, value)| (format!("{name} · {label}"), value))
        })
    };
    lines(one)
        .zip(lines(other))
        .filter(|((_, value), (_, other))| value != other)
        .map(|((label, value), (_, other))| (label, value, other))
        .collect()
}

/// What a procedure changes of the one it is based on, its heading included.
fn changes(locale: Locale, own: &Ruleset, base: &Ruleset) -> Vec<(String, String, String)> {
    let heading = [
        ("procedure-title-zh", own.title_zh.clone(), base.title_zh.clone()),
        ("procedure-title-en", own.title_en.clone(), base.title_en.clone()),
        ("procedure-validity", validity(locale, own), validity(locale, base)),
        ("procedure-sources", own.sources.join("\n"), base.sources.join("\n")),
    ];
    heading
        .into_iter()
        .filter(|(_, value, before)| value != before)
        .map(|(key, value, before)| (locale.say(key), value, before))
        .chain(differences(locale, own, base))
        .collect()
}

fn validity(locale: Locale, ruleset: &Ruleset) -> String {
    let until = ruleset.valid_until.map(|day| locale.date(day));
    locale
        .text(if until.is_some() { "procedure-valid-until" } else { "procedure-valid-from" })
        .with("from", locale.date(ruleset.valid_from))
        .with("until", until.unwrap_or_default())
        .to_string()
}

/// `GET /procedure`.
async fn page(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    asked: Filled,
) -> Result<Response, Failure> {
    if !signed.actor.may_enter(Room::Procedure) {
        return Err(Failure::NotFound);
    }
    let reference = app.reference();
    let chosen = reference.ruleset(&reference.chosen_ruleset);
    let shown = match asked.text("name") {
        "" => chosen,
        name => reference.rulesets.get(name).ok_or(Failure::NotFound)?,
    };
    let others = reference.rulesets.values().map(|each| {
        let differences = differences(locale, each, chosen);
        Other {
            name: each.name.clone(),
            title: title(locale, each),
            href: format!("/procedure?name={}", each.name),
            chosen: each.name == chosen.name,
            shown: each.name == shown.name,
            count: locale.text("procedure-differences").with("count", differences.len()).to_string(),
            differences,
        }
    });
    let base = shown.based_on.as_ref().and_then(|base| reference.rulesets.get(base));
    let mut frame = Frame::new(&app, locale, &signed, Room::Procedure, locale.say("room-procedure"));
    if asked.has("done") {
        frame.flash = locale.say("procedure-chosen-now");
    }
    if let Ok(Some(sequence)) = asked.number("adopted") {
        frame.flash = locale.text("procedure-adopted").with("sequence", sequence.to_string()).to_string();
    }
    let view = View {
        name: shown.name.clone(),
        title: title(locale, shown),
        is_chosen: shown.name == chosen.name,
        valid: validity(locale, shown),
        sources: shown.sources.clone(),
        groups: rules(locale, shown),
        base: base.map(|base| title(locale, base)).unwrap_or_default(),
        changes: base.map(|base| changes(locale, shown, base)).unwrap_or_default(),
        others: others.collect(),
        may_choose: signed.actor.may_enter(Room::ProcedureEdit),
        frame,
    };
    Ok(show(StatusCode::OK, &view))
}

/// `POST /procedure/choose`: the procedure for new sources; what runs keeps its own.
async fn choose(State(app): State<App>, signed: Signed, filled: Filled) -> Result<Response, Failure> {
    if !signed.actor.may_enter(Room::ProcedureEdit) {
        return Err(Failure::NotFound);
    }
    signed.check_form(filled.text("csrf"))?;
    let name = filled.text("name").to_owned();
    if app.reference().chosen_ruleset != name {
        set(&app, &signed, SettingAct::RulesetChosen { name }).await?;
    }
    Ok(Redirect::to("/procedure?done=yes").into_response())
}
