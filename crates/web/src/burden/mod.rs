//! `/burden`: how much paper is asked of whom (减负), surveys that units are asked to fill in, and the complaint box.

mod complaint;
mod complaint_box;
mod draft;
mod export;
mod meter;
mod step;
mod survey;
mod unit;

use crate::{
    app::App,
    failure::Failure,
    locale::Locale,
    project::{Due, Link},
    session::Signed,
    words,
};
use axum::{Router, routing::get};
use bihuan_rules::{
    access::{Reach, Room},
    burden::{Figure, Grievance, MonthOf, Stands, Survey, SurveyState, catalogue},
    id::UnitId,
    office::{Office, Role, Unit, UnitKind},
    ranking::{Length, Period},
};
use bihuan_store::{
    Connection,
    burden::{Span, months},
    shelf,
};
use jiff::civil::Date;
use std::collections::BTreeMap;

/// Most surveys or complaints that a page looks through.
pub(crate) const ROWS_MAX: u32 = 1_000;

/// The addresses of burden.
pub fn router() -> Router<App> {
    Router::new()
        .route("/burden", get(meter::get))
        .route("/burden/export", get(export::overview))
        .route("/burden/units/{unit}/{month}", get(unit::get))
        .route("/burden/units/{unit}/{month}/export", get(export::unit))
        .route("/burden/surveys", get(survey::list))
        .route("/burden/surveys/new", get(draft::new).post(draft::create))
        .route("/burden/surveys/read", get(draft::new).post(draft::read))
        .route("/burden/surveys/{id}", get(survey::show))
        .route("/burden/surveys/{id}/export", get(export::answers))
        .route("/burden/surveys/{id}/revise", get(draft::revise).post(draft::revised))
        .route("/burden/surveys/{id}/{step}", get(step::get).post(step::post))
        .route("/burden/complaints", get(complaint::list))
        .route("/burden/complaints/{id}", get(complaint::show))
        .route("/burden/complaints/{id}/answer", get(complaint::answer_form).post(complaint::answer))
        .route("/complaint-box", get(complaint_box::form).post(complaint_box::say))
        .route("/complaint-box/sent", get(complaint_box::sent))
}

/// Where the complaint box is, with a page filled in.
pub(crate) fn box_address(page: &str) -> String {
    if page.is_empty() || page.starts_with("/complaint-box") {
        return "/complaint-box".to_owned();
    }
    let query = form_urlencoded::Serializer::new(String::new()).append_pair("page", page).finish();
    format!("/complaint-box?{query}")
}

fn enter(signed: &Signed) -> Result<(), Failure> {
    if signed.actor.may_enter(Room::Burden) { Ok(()) } else { Err(Failure::NotFound) }
}

fn sees_all(signed: &Signed) -> bool {
    signed.actor.reach() == Reach::Whole
}

fn leads(app: &App, signed: &Signed) -> bool {
    app.reference().office.is_led_by(&signed.actor)
}

/// Whoever may ask units for something.
fn may_ask(signed: &Signed) -> bool {
    let asks = [Role::Registrar, Role::Committee, Role::Verifier];
    asks.iter().any(|role| signed.actor.roles.contains(role))
}

/// Where a value stands: words and address.
pub(crate) fn place(locale: Locale, stands: &Stands) -> (String, String) {
    let question = |key: &'static str, survey: String, n: u32| {
        locale.text(key).with("survey", survey).with("number", i64::from(n)).to_string()
    };
    match stands {
        Stands::Books { name } => match catalogue().value(name) {
            Some(value) => {
                let title = if locale == Locale::En { &value.title_en } else { &value.title_zh };
                (title.clone(), value.address.clone())
            }
            None => (name.clone(), String::new()),
        },
        Stands::Answers { survey, n } => {
            (question("burden-place-answers", survey.to_string(), *n), format!("/burden/surveys/{survey}"))
        }
        Stands::Asked { survey, n } => {
            (question("burden-place-asked", survey.to_string(), *n), format!("/burden/surveys/{survey}"))
        }
        Stands::Here { n } => (question("burden-place-here", String::new(), *n), String::new()),
    }
}

/// The units whose burden is counted: towns and departments, in the order of their codes, which is no rank.
fn counted_units(office: &Office, on: Date) -> Vec<&Unit> {
    let mut units: Vec<&Unit> = office
        .units
        .values()
        .filter(|unit| matches!(unit.kind, UnitKind::Town | UnitKind::Department))
        .filter(|unit| unit.closed_on.is_none_or(|closed| closed >= on))
        .collect();
    units.sort_by_key(|unit| (unit.kind != UnitKind::Town, unit.id.clone()));
    units
}

/// A month that an address asks for; without one the month that holds today. Months that have not begun are none.
fn asked_month(text: &str, today: Date) -> Result<Period, Failure> {
    if text.is_empty() {
        return Ok(Period::holding(Length::Month, today));
    }
    let month = Period::read(text).filter(|month| month.length() == Length::Month);
    month.filter(|month| month.from() <= today).ok_or(Failure::NotFound)
}

/// Months by unit, and the months before for comparison; a month that runs is compared up to the same day.
struct Counted {
    now: BTreeMap<UnitId, MonthOf>,
    before: BTreeMap<UnitId, MonthOf>,
}

/// The last day that counts, and the one in the month before that it is compared with.
fn until(month: Period, today: Date) -> (Date, Date) {
    let before = month.before();
    if !month.holds(today) {
        return (month.until(), before.until());
    }
    let same_day = before.from().with().day(today.day()).build();
    (today, same_day.unwrap_or(before.until()).min(before.until()))
}

async fn counted(app: &App, month: Period, unit: Option<UnitId>) -> Result<Counted, Failure> {
    let (area, reference) = (app.books.area().to_owned(), app.reference());
    let (until_now, until_before) = until(month, app.today());
    let look = move |connection: &mut Connection| {
        let span = |from, until| Span { from, until, unit: unit.clone() };
        let now = months(connection, &reference, &area, &span(month.from(), until_now))?;
        let before = months(connection, &reference, &area, &span(month.before().from(), until_before))?;
        Ok::<_, Failure>(Counted { now, before })
    };
    app.books.ask(look).await
}

fn figure(locale: Locale, figure: Figure) -> String {
    locale.say(&format!("burden-figure-{}", figure.name()))
}

fn natural(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// A figure with its change.
struct Number {
    words: String,
    value: String,
    /// Signed, empty when nothing changed.
    change: String,
    class: &'static str,
    href: String,
}

fn number(locale: Locale, which: Figure, now: u64, before: u64, href: String) -> Number {
    let change = natural(now) - natural(before);
    let less_is_better = which != Figure::Spared;
    Number {
        words: figure(locale, which),
        value: locale.number(natural(now)),
        change: match change {
            0 => String::new(),
            more if more > 0 => format!("+{}", locale.number(more)),
            less => format!("−{}", locale.number(-less)),
        },
        class: match change {
            0 => "same",
            change if (change < 0) == less_is_better => "better",
            _ => "worse",
        },
        href,
    }
}

fn unit_address(unit: &UnitId, month: Period) -> String {
    format!("/burden/units/{unit}/{month}")
}

fn survey_state(locale: Locale, survey: &Survey, today: Date) -> (String, &'static str) {
    if survey.state == SurveyState::Sent && !survey.takes_answers(today) {
        return (locale.say("survey-state-expired"), "plain");
    }
    let class = match survey.state {
        SurveyState::Drafted => "check",
        SurveyState::Returned => "back",
        SurveyState::Sent => "work",
        SurveyState::Closed => "done",
        SurveyState::Withdrawn => "plain",
    };
    (locale.say(&format!("survey-state-{}", survey.state.name())), class)
}

/// Whether the reader may see a survey: whoever sees the whole district, the unit that asks, and once it was sent those who are asked.
fn may_read(signed: &Signed, survey: &Survey) -> bool {
    let unit = &signed.actor.unit;
    signed.actor.may_enter(Room::Burden)
        && (sees_all(signed)
            || unit == &survey.form.organ
            || survey.approved.is_some() && survey.form.units.contains(unit))
}

/// Whether the reader's unit is asked, and the reader may answer for it.
fn may_answer(signed: &Signed, survey: &Survey, today: Date) -> bool {
    let answers = [Role::Responsible, Role::Verifier, Role::Chief, Role::Registrar];
    survey.takes_answers(today)
        && survey.form.units.contains(&signed.actor.unit)
        && answers.iter().any(|role| signed.actor.roles.contains(role))
}

fn may_handle(app: &App, signed: &Signed) -> bool {
    signed.actor.roles.contains(&Role::Registrar) || leads(app, signed)
}

/// What a post has to do about surveys and complaints: answer, approve.
///
/// # Errors
/// When the engine refuses.
pub(crate) fn due(
    app: &App,
    locale: Locale,
    signed: &Signed,
    connection: &mut Connection,
) -> Result<Vec<Due>, Failure> {
    if !signed.actor.may_enter(Room::Burden) {
        return Ok(Vec::new());
    }
    let today = app.today();
    let office = &app.reference().office;
    let mut dues = Vec::new();
    let mut add = |href: String, title: String, note: String, key: &str, on: Date| {
        let is_term = key != "survey-step-approve";
        let tags = vec![(locale.say(key), if is_term && on < today { "late" } else { "near" })];
        dues.push(Due { link: Link { href, title, note, tags }, on, is_term });
    };
    for (id, seen) in shelf::list::<Survey>(connection, ROWS_MAX)? {
        let survey = seen.record;
        let organ = words::unit(office, survey.form.organ.as_str());
        let href = format!("/burden/surveys/{id}");
        let is_author = survey.drafted_by.0 == signed.actor.person;
        if may_answer(signed, &survey, today) && survey.reply_of(&signed.actor.unit).is_none() {
            add(href, survey.form.title.clone(), organ, "survey-step-answer", survey.form.due_on);
        } else if survey.state == SurveyState::Drafted && leads(app, signed) && !is_author {
            add(href, survey.form.title.clone(), organ, "survey-step-approve", survey.drafted_on);
        }
    }
    if may_handle(app, signed) {
        for (id, seen) in shelf::list::<Grievance>(connection, ROWS_MAX)? {
            let grievance = seen.record;
            if grievance.answer.is_none() && grievance.said_by.as_ref() != Some(&signed.actor.person) {
                let title = complaint::first_line(&grievance.text);
                let note = locale.say(&complaint::ill_key(grievance.ill));
                let href = format!("/burden/complaints/{id}");
                add(href, title, note, "complaint-step-answer", grievance.answer_by);
            }
        }
    }
    Ok(dues)
}
