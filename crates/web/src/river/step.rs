//! The forms of a river's file: the river, its reaches, chiefs and alerts.

use super::{
    enter, find,
    forms::{choose, column, decimal, line, optional, passage, posts, rows, units, worded},
    keeps,
    typed::{Errors, number, read_alert, read_chief, read_outline, read_reach},
};
use crate::{
    app::App,
    failure::Failure,
    filled::{FieldError, Filled},
    frame::{
        form::{Field, Kind},
        sheet::{Sheet, field, options},
    },
    locale::Locale,
    order::{self, steps},
    session::Signed,
};
use axum::{
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
};
use bihuan_rules::{
    Act, Refusal, Subject,
    access::Room,
    office::UnitKind,
    record::Kind as RecordKind,
    river::{
        AlertCause, AlertLevel, ChiefKind, ChiefLevel, Duty, Every, PatrolRule, River, RiverOrder, WaterKind,
        decide,
    },
    task::Datum,
};
use jiff::civil::Date;

/// Duties of its own that the form of a river has room for beyond those it has.
const SPARE_DUTIES: usize = 2;

steps! {
    /// What a form is for.
    enum Step {
        New = "new",
        Amend = "amend",
        Reach = "reach",
        Chief = "chief",
        Relieve = "relieve",
        Alert = "alert",
        Lift = "lift",
    }
}

fn reaches(river: &River) -> Vec<(String, String)> {
    let flow = river.in_flow_order().into_iter();
    flow.map(|(n, reach)| (n.to_string(), reach.name.clone())).collect()
}

fn fields(app: &App, locale: Locale, step: Step, river: Option<&River>, filled: &Filled) -> Vec<Field> {
    let line = |name: &str| line(locale, name, filled);
    let passage = |name: &str, height| passage(locale, name, height, filled);
    let choose = |name: &str, choices| choose(locale, name, choices, filled);
    let whole = || optional(choose("reach", river.map(reaches).unwrap_or_default()));
    let every_town = || units(app, |kind| kind == UnitKind::Town);
    match step {
        Step::New | Step::Amend => vec![
            line("name"),
            choose("water_kind", worded(locale, "river-water", WaterKind::ALL, WaterKind::name)),
            choose("office", units(app, |kind| matches!(kind, UnitKind::Department | UnitKind::Leadership))),
            optional(line("length_m")),
            optional(line("course")),
            choose("rule", rules(locale)),
            optional(duties(locale, filled)),
        ],
        Step::Reach => vec![
            line("name"),
            optional(line("section")),
            line("order"),
            optional(line("length_m")),
            choose("unit", every_town()),
            field(locale, "towns", Kind::Checks(options(every_town(), &filled.texts("towns")))),
            choose("datum", worded(locale, "datum", &Datum::ALL, Datum::name)),
            passage("line", 8),
            optional(passage("goals", 3)),
            optional(line("phone")),
        ],
        Step::Chief => vec![
            whole(),
            choose("chief_kind", worded(locale, "river-kind", ChiefKind::ALL, ChiefKind::name)),
            choose("chief_level", worded(locale, "river-level", ChiefLevel::ALL, ChiefLevel::name)),
            optional(choose("chief_post", posts(app))),
            optional(line("civil_name")),
            optional(line("stretch")),
            optional(field(
                locale,
                "assistants",
                Kind::Checks(options(posts(app), &filled.texts("assistants"))),
            )),
            line("from_on"),
        ],
        Step::Relieve => vec![line("until_on"), line("reason")],
        Step::Alert => vec![
            whole(),
            choose("alert_level", worded(locale, "river-alert", AlertLevel::ALL, AlertLevel::name)),
            choose("alert_cause", worded(locale, "river-cause", AlertCause::ALL, AlertCause::name)),
            line("reason"),
            line("from_on"),
        ],
        Step::Lift => vec![line("lifted_on"), line("reason")],
    }
}

fn rules(locale: Locale) -> Vec<(String, String)> {
    let title = |rule: &PatrolRule| {
        if locale == Locale::En { rule.title_en.clone() } else { rule.title_zh.clone() }
    };
    PatrolRule::shipped().iter().map(|rule| (rule.name.clone(), title(rule))).collect()
}

fn duties(locale: Locale, filled: &Filled) -> Field {
    let columns = vec![
        column(locale, "duty_level", worded(locale, "river-level", ChiefLevel::ALL, ChiefLevel::name)),
        column(locale, "duty_every", worded(locale, "river-every", Every::ALL, Every::name)),
        column(locale, "duty_visits", Vec::new()),
        column(locale, "duty_season", Vec::new()),
    ];
    rows(locale, "river_duties", columns, SPARE_DUTIES, filled)
}

/// The form filled in with what the file says now.
fn known(step: Step, river: &River, asked: &Filled, today: Date) -> Filled {
    let mut filled = Filled::default();
    filled.set("n", asked.text("n"));
    filled.set("reach", asked.text("reach"));
    match step {
        Step::New => {}
        Step::Amend => {
            let outline = &river.outline;
            filled.set("name", outline.name.clone());
            filled.set("water_kind", outline.kind.name());
            filled.set("office", outline.office.to_string());
            filled.set("length_m", outline.length_m.to_string());
            filled.set("course", outline.course.clone());
            filled.set("rule", outline.rule.clone());
            let all = |pick: &dyn Fn(&Duty) -> String| outline.duties.iter().map(pick).collect();
            filled.set_all("duty_level", all(&|duty| duty.level.name().to_owned()));
            filled.set_all("duty_every", all(&|duty| duty.every.name().to_owned()));
            filled.set_all("duty_visits", all(&|duty| duty.visits.to_string()));
            let season = |duty: &Duty| {
                duty.season.map(|season| format!("{}-{}", season.from, season.until)).unwrap_or_default()
            };
            filled.set_all("duty_season", all(&season));
        }
        Step::Reach => {
            let n = number(asked, "n").ok().flatten();
            let next = river.reaches.iter().map(|reach| reach.order).max().unwrap_or(0) + 1;
            filled.set("order", next.to_string());
            filled.set("datum", Datum::Cgcs2000.name());
            if let Some(reach) = n.and_then(|n| river.reach(n)) {
                filled.set("name", reach.name.clone());
                filled.set("section", reach.section.clone());
                filled.set("order", reach.order.to_string());
                filled.set("length_m", reach.length_m.to_string());
                filled.set("unit", reach.unit.to_string());
                filled.set_all("towns", reach.towns.iter().map(ToString::to_string).collect());
                filled.set("datum", reach.datum.name());
                let pairs = reach.line.iter();
                let pairs = pairs.map(|spot| format!("{},{}", decimal(spot.lon_e6), decimal(spot.lat_e6)));
                filled.set("line", pairs.collect::<Vec<_>>().join("\n"));
                filled.set("goals", reach.goals.clone());
                filled.set("phone", reach.phone.clone());
            }
        }
        Step::Chief => {
            filled.set("chief_kind", ChiefKind::Administrative.name());
            filled.set("from_on", today.to_string());
        }
        Step::Alert => filled.set("from_on", today.to_string()),
        Step::Relieve => filled.set("until_on", today.to_string()),
        Step::Lift => filled.set("lifted_on", today.to_string()),
    }
    filled
}

fn sheet(app: &App, locale: Locale, step: Step, river: Option<&River>, filled: &Filled) -> Sheet {
    let above = river.map_or("/rivers".to_owned(), |river| format!("/rivers/{}", river.id));
    let mut crumbs = vec![("/rivers".to_owned(), locale.say("room-rivers"))];
    crumbs.extend(river.map(|river| (above.clone(), river.outline.name.clone())));
    let n = number(filled, "n").ok().flatten();
    let intro = match (step, river, n) {
        (Step::Relieve, Some(river), Some(n)) => river.chief(n).map(|chief| {
            let reference = app.reference();
            let (name, post) = super::chief_words(&reference.office, chief, app.today());
            format!("{} {name} {post}", super::seat_words(locale, chief))
        }),
        _ => {
            let key = format!("river-intro-{}", step.name());
            locale.knows(&key).then(|| locale.say(&key))
        }
    };
    Sheet {
        room: Some(Room::Rivers),
        title: locale.say(&format!("river-step-{}", step.name())),
        crumbs,
        intro: intro.unwrap_or_default(),
        action: format!("{above}/{}", step.name()),
        cancel: above,
        submit: locale.say(&format!("river-step-{}", step.name())),
        fields: fields(app, locale, step, river, filled),
        hidden: vec![("n", filled.text("n").to_owned())],
    }
}

fn read(step: Step, filled: &Filled, today: Date) -> Result<RiverOrder, Errors> {
    let one = |error: FieldError| vec![error];
    let n = number(filled, "n").map_err(one)?;
    let reason = filled.text("reason").to_owned();
    Ok(match step {
        Step::New => RiverOrder::List(read_outline(filled)?),
        Step::Amend => RiverOrder::Amend(read_outline(filled)?),
        Step::Reach => RiverOrder::SetReach(n, Box::new(read_reach(filled)?)),
        Step::Chief => RiverOrder::Appoint(read_chief(filled, today)?),
        Step::Alert => RiverOrder::RaiseAlert(read_alert(filled, today)?),
        Step::Relieve => {
            let until = filled.date_needed("until_on", today).map_err(one)?;
            RiverOrder::Relieve { n: n.unwrap_or(0), until, reason }
        }
        Step::Lift => {
            let on = filled.date_needed("lifted_on", today).map_err(one)?;
            RiverOrder::LiftAlert { n: n.unwrap_or(0), on, reason }
        }
    })
}

/// `GET /rivers/new`.
pub async fn new(State(app): State<App>, locale: Locale, signed: Signed) -> Result<Response, Failure> {
    enter(&signed)?;
    if !keeps(&signed, None) {
        return Err(Failure::NotFound);
    }
    let mut filled = Filled::default();
    filled.set("water_kind", WaterKind::River.name());
    filled.set("rule", PatrolRule::named("").name.clone());
    Ok(sheet(&app, locale, Step::New, None, &filled).answer(&app, locale, &signed, &[], None))
}

/// `POST /rivers/new`.
pub async fn create(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    filled: Filled,
) -> Result<Response, Failure> {
    enter(&signed)?;
    signed.check_form(filled.text("csrf"))?;
    carry(&app, locale, &signed, Step::New, None, filled).await
}

/// `GET /rivers/{id}/{step}`.
pub async fn get(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    Path((id, step)): Path<(String, String)>,
    asked: Filled,
) -> Result<Response, Failure> {
    enter(&signed)?;
    let step = Step::named(&step)?;
    let river = find(&app.reference(), &id)?;
    if !keeps(&signed, Some(&river)) {
        return Err(Failure::NotFound);
    }
    let filled = known(step, &river, &asked, app.today());
    Ok(sheet(&app, locale, step, Some(&river), &filled).answer(&app, locale, &signed, &[], None))
}

/// `POST /rivers/{id}/{step}`.
pub async fn post(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    Path((id, step)): Path<(String, String)>,
    filled: Filled,
) -> Result<Response, Failure> {
    enter(&signed)?;
    let step = Step::named(&step)?;
    signed.check_form(filled.text("csrf"))?;
    let river = find(&app.reference(), &id)?;
    carry(&app, locale, &signed, step, Some(river), filled).await
}

async fn carry(
    app: &App,
    locale: Locale,
    signed: &Signed,
    step: Step,
    river: Option<River>,
    filled: Filled,
) -> Result<Response, Failure> {
    let refuse = |errors: &[FieldError], refusal: Option<&Refusal>| {
        sheet(app, locale, step, river.as_ref(), &filled).answer(app, locale, signed, errors, refusal)
    };
    let order = match read(step, &filled, app.today()) {
        Ok(order) => order,
        Err(errors) => return Ok(refuse(&errors, None)),
    };
    let code = river.as_ref().map(|river| river.id.clone());
    let shown = code.as_ref().map(ToString::to_string).unwrap_or_default();
    let request = format!("river {shown} {} {}", step.name(), filled.text("n"));
    let done = order::carry_out(app, signed, &filled, request, move |work| {
        let id = match code {
            Some(id) => id,
            None => work.next_code::<River>("R")?,
        };
        let known = work.filed::<River>(&id)?.map(|seen| seen.record);
        let act = decide(&work.situation(""), known.as_ref(), order)?;
        let receipt = work.record(Subject::Record(RecordKind::River, id.clone()), Act::from(act))?;
        Ok((id, receipt))
    })
    .await;
    match done {
        Ok(Some(id)) => Ok(Redirect::to(&format!("/rivers/{id}")).into_response()),
        Ok(None) => {
            let home = river.as_ref().map_or("/rivers".to_owned(), |river| format!("/rivers/{}", river.id));
            Ok(Redirect::to(&home).into_response())
        }
        Err(Failure::Refused(refusal)) => Ok(refuse(&[], Some(&refusal))),
        Err(other) => Err(other),
    }
}
