//! The forms of a duty: propose, revise, adopted by a paper, end, give up.

use super::{enter, may_write, show::find};
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
    duty::{self, Duty, DutyOrder, Wording},
    id::{PostId, UnitId},
    office::UnitKind,
    record::Kind as RecordKind,
    ruleset::Named,
};
use std::collections::BTreeSet;

steps! {
    /// What a form is for.
    enum Step {
        New = "new",
        Revise = "revise",
        Adopt = "adopt",
        End = "end",
        Withdraw = "withdraw",
    }
}

fn optional(mut field: Field) -> Field {
    field.optional = true;
    field
}

/// Units that may hold a duty, in protocol order.
pub(super) fn units(app: &App) -> Vec<(String, String)> {
    let reference = app.reference();
    let open = reference.office.units.values().filter(|unit| {
        unit.closed_on.is_none() && !matches!(unit.kind, UnitKind::Superior | UnitKind::Enterprise)
    });
    let mut units: Vec<_> = open.map(|unit| (unit.kind, unit.id.to_string(), unit.name.clone())).collect();
    units.sort();
    units.into_iter().map(|(_, id, name)| (id, name)).collect()
}

/// Posts that may hold a duty of their own: those that lead or are in charge of something.
fn posts(app: &App) -> Vec<(String, String)> {
    let reference = app.reference();
    let (office, today) = (&reference.office, app.today());
    let leads: BTreeSet<&PostId> = office.leaders(today).map(|post| &post.id).collect();
    let holds = office
        .posts
        .values()
        .filter(|post| leads.contains(&post.id) || office.charge_on(&post.id, today).is_some());
    let mut posts: Vec<_> = holds
        .map(|post| {
            let kind = office.units.get(&post.unit).map(|unit| unit.kind);
            (kind, post.unit.clone(), post.id.to_string(), words::post(office, &post.id))
        })
        .collect();
    posts.sort();
    posts.into_iter().map(|(_, _, id, words)| (id, words)).collect()
}

fn fields(app: &App, locale: Locale, step: Step, filled: &Filled) -> Vec<Field> {
    let line = |name: &str| line(locale, name, filled);
    let passage = |name: &str, rows| field(locale, name, Kind::Passage(filled.text(name).to_owned(), rows));
    let day = |name: &str| field(locale, name, Kind::Line(filled.text(name).to_owned(), "text", true));
    let reference = app.reference();
    let rule = &reference.ruleset("").duty;
    let named = |all: &[Named]| -> Vec<(String, String)> {
        let words = |named: &Named| if locale == Locale::En { named.en.clone() } else { named.zh.clone() };
        all.iter().map(|named| (named.code.clone(), words(named))).collect()
    };
    let choose = |name: &str, choices| field(locale, name, Kind::Menu(options(choices, &filled.texts(name))));
    let checks =
        |name: &str, choices| field(locale, name, Kind::Checks(options(choices, filled.column(name))));
    match step {
        Step::New | Step::Revise => vec![
            passage("duty_text", 3),
            optional(checks("fields", words::work_fields(locale))),
            checks("holders", units(app)),
            optional(checks("holder_posts", posts(app))),
            optional(passage("basis", 3)),
            optional(passage("liability", 2)),
            optional(choose("principle", named(&rule.principles))),
            optional(choose("degree", named(&rule.degrees))),
            day("valid_from"),
            optional(day("valid_until")),
        ],
        Step::Adopt => vec![line("document"), day("adopted_on")],
        Step::End => vec![day("valid_until"), line("reason")],
        Step::Withdraw => vec![line("reason")],
    }
}

fn sheet(app: &App, locale: Locale, step: Step, known: Option<&Duty>, filled: &Filled) -> Sheet {
    let above = known.map_or("/duties".to_owned(), |duty| format!("/duties/{}", duty.id));
    let mut crumbs = vec![("/duties".to_owned(), locale.say("room-duties"))];
    crumbs.extend(known.map(|duty| (above.clone(), duty.id.to_string())));
    let mut intro = locale.say(&format!("duty-intro-{}", step.name()));
    if let Some(wording) = known.and_then(Duty::newest).filter(|_| !matches!(step, Step::New | Step::Revise))
    {
        intro = format!("{} {intro}", wording.text);
    }
    Sheet {
        room: Some(Room::Duties),
        title: locale.say(&format!("duty-step-{}", step.name())),
        crumbs,
        intro,
        action: format!("{above}/{}", step.name()),
        cancel: above,
        submit: locale.say(&format!("duty-step-{}", step.name())),
        fields: fields(app, locale, step, filled),
        hidden: Vec::new(),
    }
}

fn blank(app: &App, step: Step, known: Option<&Duty>) -> Filled {
    let mut filled = Filled::default();
    let today = app.today();
    match (step, known.and_then(Duty::newest)) {
        (Step::Revise, Some(wording)) => {
            filled.set("duty_text", wording.text.clone());
            filled.set_all("fields", wording.fields.iter().cloned().collect());
            filled.set_all("holders", wording.units.iter().map(ToString::to_string).collect());
            filled.set_all("holder_posts", wording.posts.iter().map(ToString::to_string).collect());
            filled.set("basis", wording.basis.join("\n"));
            filled.set("liability", wording.liability.clone());
            filled.set("principle", wording.principle.clone());
            filled.set("degree", wording.degree.clone());
            let from = if known.is_some_and(|duty| duty.versions.is_empty()) { wording.from } else { today };
            filled.set("valid_from", from.to_string());
            filled.set("valid_until", wording.until.map(|until| until.to_string()).unwrap_or_default());
        }
        (Step::New, _) => filled.set("valid_from", today.to_string()),
        (Step::Adopt, _) => filled.set("adopted_on", today.to_string()),
        (Step::End, _) => filled.set("valid_until", today.to_string()),
        _ => {}
    }
    filled
}

pub(super) fn read_wording(app: &App, filled: &Filled) -> Result<Wording, Vec<FieldError>> {
    let today = app.today();
    let from = filled.date_needed("valid_from", today);
    let until = filled.date("valid_until", today);
    match (from, until) {
        (Ok(from), Ok(until)) => Ok(Wording {
            text: filled.text("duty_text").replace("\r\n", "\n"),
            fields: filled.texts("fields").into_iter().collect(),
            basis: filled.lines("basis"),
            liability: filled.text("liability").replace("\r\n", "\n"),
            principle: filled.text("principle").to_owned(),
            degree: filled.text("degree").to_owned(),
            units: filled.texts("holders").into_iter().filter_map(|id| UnitId::new(id).ok()).collect(),
            posts: filled.texts("holder_posts").into_iter().filter_map(|id| PostId::new(id).ok()).collect(),
            from,
            until,
        }),
        (from, until) => Err([from.err(), until.err()].into_iter().flatten().collect()),
    }
}

fn wanted(app: &App, step: Step, filled: &Filled) -> Result<DutyOrder, Vec<FieldError>> {
    let today = app.today();
    let day = |name: &str| filled.date_needed(name, today).map_err(|error| vec![error]);
    let text = |name: &str| filled.text(name).to_owned();
    Ok(match step {
        Step::New => DutyOrder::Propose(Box::new(read_wording(app, filled)?)),
        Step::Revise => DutyOrder::Revise(Box::new(read_wording(app, filled)?)),
        Step::Adopt => DutyOrder::AdoptByDocument { number: text("document"), on: day("adopted_on")? },
        Step::End => DutyOrder::End { until: day("valid_until")?, reason: text("reason") },
        Step::Withdraw => DutyOrder::Withdraw { reason: text("reason") },
    })
}

fn writer(signed: &Signed) -> Result<(), Failure> {
    enter(signed)?;
    if may_write(signed) { Ok(()) } else { Err(Failure::NotFound) }
}

/// `GET /duties/new`; `unit` and `field` stand in it already.
pub async fn new(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    asked: Filled,
) -> Result<Response, Failure> {
    writer(&signed)?;
    let mut filled = blank(&app, Step::New, None);
    filled.set_all("holders", asked.texts("unit"));
    filled.set_all("fields", asked.texts("field"));
    Ok(sheet(&app, locale, Step::New, None, &filled).answer(&app, locale, &signed, &[], None))
}

/// `POST /duties/new`.
pub async fn create(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    filled: Filled,
) -> Result<Response, Failure> {
    writer(&signed)?;
    carry(&app, locale, &signed, Step::New, None, &filled).await
}

/// `GET /duties/{id}/{step}`.
pub async fn get(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    Path((id, step)): Path<(String, String)>,
) -> Result<Response, Failure> {
    writer(&signed)?;
    let (step, reference) = (Step::named(&step)?, app.reference());
    let (_, duty) = find(&reference, &id)?;
    let filled = blank(&app, step, Some(duty));
    Ok(sheet(&app, locale, step, Some(duty), &filled).answer(&app, locale, &signed, &[], None))
}

/// `POST /duties/{id}/{step}`.
pub async fn post(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    Path((id, step)): Path<(String, String)>,
    filled: Filled,
) -> Result<Response, Failure> {
    writer(&signed)?;
    let (step, reference) = (Step::named(&step)?, app.reference());
    let (_, duty) = find(&reference, &id)?;
    carry(&app, locale, &signed, step, Some(duty), &filled).await
}

async fn carry(
    app: &App,
    locale: Locale,
    signed: &Signed,
    step: Step,
    known: Option<&Duty>,
    filled: &Filled,
) -> Result<Response, Failure> {
    signed.check_form(filled.text("csrf"))?;
    let refuse = |errors: &[FieldError], refusal: Option<&Refusal>| {
        sheet(app, locale, step, known, filled).answer(app, locale, signed, errors, refusal)
    };
    let order = match wanted(app, step, filled) {
        Ok(order) => order,
        Err(errors) => return Ok(refuse(&errors, None)),
    };
    let code = known.map(|duty| duty.id.clone());
    let request = format!("duty {} {}", code.as_ref().map_or("", |code| code.as_str()), step.name());
    let done = order::carry_out(app, signed, filled, request, move |work| {
        let (id, known) = match code {
            Some(id) => {
                let known = work.filed::<Duty>(&id)?.ok_or(Failure::NotFound)?.record;
                (id, Some(known))
            }
            None => (work.next_code::<Duty>(PREFIX)?, None),
        };
        let act = duty::decide(&work.situation(""), known.as_ref(), order)?;
        let receipt = work.record(Subject::Record(RecordKind::Duty, id.clone()), Act::from(act))?;
        Ok(((id, receipt.sequence), receipt))
    })
    .await;
    match done {
        Ok(Some((id, sequence))) => {
            Ok(Redirect::to(&format!("/duties/{id}?done={sequence}")).into_response())
        }
        Ok(None) => Ok(Redirect::to("/duties").into_response()),
        Err(Failure::Refused(refusal)) => Ok(refuse(&[], Some(&refusal))),
        Err(other) => Err(other),
    }
}

/// Beginning of the codes of duties.
pub(super) const PREFIX: &str = "B";
