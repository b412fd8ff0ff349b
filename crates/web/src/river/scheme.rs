//! `/rivers/schemes`: a scheme of the district, such as “1223”: ordered slots whose meaning the district types, and how far
//! each is fulfilled.

use super::{
    enter,
    forms::{choose, line, optional, passage, units, worded},
    keeps, patrols,
    show::duty_words,
    typed::season,
    year_since,
};
use crate::{
    app::App,
    failure::Failure,
    filled::{FieldError, Filled},
    frame::{Frame, form::Field, sheet::Sheet, show as page},
    locale::Locale,
    order,
    session::Signed,
};
use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use bihuan_rules::{
    Act, Subject,
    access::Room,
    id::RecordId,
    office::UnitKind,
    record::Kind as RecordKind,
    river::{
        ChiefLevel, Every, Per, River, RiverScheme, Scheme, SchemeOrder, Slot, SlotKind, SlotState,
        decide_scheme,
    },
};
use bihuan_store::shelf;

/// A slot of the page.
struct Line {
    n: u32,
    digit: u8,
    label: String,
    is_open: bool,
    demand: String,
    text: String,
    state: (String, &'static str),
}

#[derive(Template)]
#[template(path = "river/scheme.html")]
struct View {
    frame: Frame,
    id: String,
    filled: String,
    lines: Vec<Line>,
    may_keep: bool,
}

fn filled_words(locale: Locale, scheme: &RiverScheme) -> String {
    let (filled, all) = scheme.filled();
    let text = locale.text("river-scheme-filled").with("filled", i64::try_from(filled).unwrap_or(0));
    text.with("all", i64::try_from(all).unwrap_or(0)).to_string()
}

/// Code, name and how many slots are filled, for the list.
pub(super) fn row(locale: Locale, id: &RecordId, scheme: &RiverScheme) -> (String, String, String) {
    (id.to_string(), scheme.scheme.name.clone(), filled_words(locale, scheme))
}

async fn find(app: &App, signed: &Signed, id: String) -> Result<RiverScheme, Failure> {
    enter(signed)?;
    let id = RecordId::new(id).map_err(|_| Failure::NotFound)?;
    let found =
        app.books.ask(move |connection| Ok::<_, Failure>(shelf::find::<RiverScheme>(connection, &id)?));
    Ok(found.await?.ok_or(Failure::NotFound)?.record)
}

fn may_keep(signed: &Signed, scheme: &RiverScheme) -> bool {
    bihuan_rules::river::may_keep(&signed.actor, Some(&scheme.scheme.unit))
}

/// `GET /rivers/schemes/{id}`.
pub async fn get(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let scheme = find(&app, &signed, id).await?;
    let (reference, today) = (app.reference(), app.today());
    let since = year_since(today);
    let made = app.books.ask(move |connection| patrols(connection, since)).await?;
    let rivers: Vec<&River> = reference.records::<River>().map(|(_, river)| river).collect();
    let line = |(n, slot): (u32, &Slot)| {
        let state = match scheme.check(slot, &rivers, &made, since, today) {
            SlotState::Open => (locale.say("river-scheme-open"), "near"),
            SlotState::Met { filled, required } => {
                let text = locale.text("river-scheme-met").with("filled", i64::from(filled));
                let class = if filled >= required { "done" } else { "late" };
                (text.with("required", i64::from(required)).to_string(), class)
            }
        };
        Line {
            n,
            digit: slot.digit,
            label: slot.label.clone(),
            is_open: !slot.is_filled(),
            demand: demand(locale, slot),
            text: slot.text.clone(),
            state,
        }
    };
    let view = View {
        lines: (1..).zip(&scheme.scheme.slots).map(line).collect(),
        filled: filled_words(locale, &scheme),
        may_keep: may_keep(&signed, &scheme),
        frame: Frame::new(&app, locale, &signed, Room::Rivers, format!("“{}”", scheme.scheme.name))
            .below("/rivers", locale.say("room-rivers")),
        id: scheme.id.to_string(),
    };
    Ok(page(StatusCode::OK, &view))
}

/// What a filled slot demands, in words.
fn demand(locale: Locale, slot: &Slot) -> String {
    let Some(kind) = slot.kind.filter(|_| slot.is_filled()) else { return String::new() };
    let mut parts = vec![locale.say(&format!("river-slot-{}", kind.name().replace('_', "-")))];
    parts.extend(slot.per.map(|per| locale.say(&format!("river-per-{}", per.name()))));
    parts.extend(slot.level.map(|level| locale.say(&format!("river-level-{}", level.name()))));
    match (kind, slot.every) {
        (SlotKind::VisitsPerPeriod, Some(every)) => {
            parts.push(duty_words(locale, slot.min, every, slot.season));
        }
        (SlotKind::PostCount, _) => {
            parts.push(locale.text("river-slot-min").with("count", i64::from(slot.min)).to_string());
        }
        _ => {}
    }
    parts.join(" · ")
}

fn name_fields(app: &App, locale: Locale, filled: &Filled) -> Vec<Field> {
    vec![
        line(locale, "scheme_name", filled),
        choose(
            locale,
            "unit",
            units(app, |kind| matches!(kind, UnitKind::Department | UnitKind::Leadership)),
            filled,
        ),
    ]
}

fn slot_fields(locale: Locale, filled: &Filled) -> Vec<Field> {
    let menu = |name: &str, choices| choose(locale, name, choices, filled);
    vec![
        line(locale, "slot_label", filled),
        menu("slot_kind", worded(locale, "river-slot", SlotKind::ALL, SlotKind::name)),
        optional(menu("slot_level", worded(locale, "river-level", ChiefLevel::ALL, ChiefLevel::name))),
        optional(line(locale, "slot_min", filled)),
        optional(menu("slot_per", worded(locale, "river-per", Per::ALL, Per::name))),
        optional(menu("slot_every", worded(locale, "river-every", Every::ALL, Every::name))),
        optional(line(locale, "slot_season", filled)),
        optional(passage(locale, "slot_text", 5, filled)),
    ]
}

fn sheet(app: &App, locale: Locale, scheme: Option<&RiverScheme>, filled: &Filled) -> Sheet {
    let mut crumbs = vec![("/rivers".to_owned(), locale.say("room-rivers"))];
    let above = scheme.map_or("/rivers".to_owned(), |scheme| format!("/rivers/schemes/{}", scheme.id));
    crumbs.extend(scheme.map(|scheme| (above.clone(), scheme.scheme.name.clone())));
    let step = if scheme.is_some() { "slot" } else { "new" };
    Sheet {
        room: Some(Room::Rivers),
        title: locale.say(&format!("river-scheme-step-{step}")),
        crumbs,
        intro: locale.say(&format!("river-scheme-intro-{step}")),
        action: if scheme.is_some() { format!("{above}/slot") } else { "/rivers/schemes/new".to_owned() },
        cancel: above,
        submit: locale.say(&format!("river-scheme-step-{step}")),
        fields: if scheme.is_some() { slot_fields(locale, filled) } else { name_fields(app, locale, filled) },
        hidden: vec![("n", filled.text("n").to_owned())],
    }
}

/// `GET /rivers/schemes/new`.
pub async fn new(State(app): State<App>, locale: Locale, signed: Signed) -> Result<Response, Failure> {
    enter(&signed)?;
    if !keeps(&signed, None) {
        return Err(Failure::NotFound);
    }
    Ok(sheet(&app, locale, None, &Filled::default()).answer(&app, locale, &signed, &[], None))
}

/// `POST /rivers/schemes/new`: a digit a slot, each still open.
pub async fn create(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    filled: Filled,
) -> Result<Response, Failure> {
    enter(&signed)?;
    signed.check_form(filled.text("csrf"))?;
    let unit = match filled.id_needed("unit") {
        Ok(unit) => unit,
        Err(error) => {
            return Ok(sheet(&app, locale, None, &filled).answer(&app, locale, &signed, &[error], None));
        }
    };
    let name = filled.text("scheme_name").to_owned();
    let digits = name.chars().filter_map(|sign| u8::try_from(sign.to_digit(10)?).ok());
    let slots = digits.map(open_slot).collect();
    let order = SchemeOrder::Name(Scheme { name, unit, slots });
    carry(&app, locale, &signed, None, order, filled).await
}

fn open_slot(digit: u8) -> Slot {
    Slot {
        digit,
        label: String::new(),
        kind: None,
        level: None,
        min: 0,
        every: None,
        season: None,
        per: None,
        text: String::new(),
    }
}

fn place(scheme: &RiverScheme, filled: &Filled) -> Option<(u32, Slot)> {
    let n = u32::try_from(filled.number("n").ok().flatten()?).ok()?;
    let slot = scheme.scheme.slots.get(usize::try_from(n).ok()?.checked_sub(1)?)?;
    Some((n, slot.clone()))
}

/// `GET /rivers/schemes/{id}/slot`.
pub async fn form(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    Path(id): Path<String>,
    asked: Filled,
) -> Result<Response, Failure> {
    let scheme = find(&app, &signed, id).await?;
    if !may_keep(&signed, &scheme) {
        return Err(Failure::NotFound);
    }
    let (n, slot) = place(&scheme, &asked).ok_or(Failure::NotFound)?;
    let mut filled = Filled::default();
    filled.set("n", n.to_string());
    filled.set("slot_label", slot.label);
    filled.set("slot_kind", slot.kind.map(SlotKind::name).unwrap_or_default());
    filled.set("slot_level", slot.level.map(ChiefLevel::name).unwrap_or_default());
    filled.set("slot_min", if slot.min == 0 { slot.digit.to_string() } else { slot.min.to_string() });
    filled.set("slot_per", slot.per.map(Per::name).unwrap_or_default());
    filled.set("slot_every", slot.every.map(Every::name).unwrap_or_default());
    let months = slot.season.map(|season| format!("{}-{}", season.from, season.until));
    filled.set("slot_season", months.unwrap_or_default());
    filled.set("slot_text", slot.text);
    Ok(sheet(&app, locale, Some(&scheme), &filled).answer(&app, locale, &signed, &[], None))
}

/// `POST /rivers/schemes/{id}/slot`.
pub async fn post(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    Path(id): Path<String>,
    filled: Filled,
) -> Result<Response, Failure> {
    signed.check_form(filled.text("csrf"))?;
    let scheme = find(&app, &signed, id).await?;
    let (n, before) = place(&scheme, &filled).ok_or(Failure::NotFound)?;
    let wrong = |name: &str, key| FieldError::at(name, key);
    let chosen = |name: &str| filled.text(name).to_owned();
    let min = filled.number("slot_min").map(|min| min.and_then(|min| u32::try_from(min).ok()).unwrap_or(0));
    let months = season(filled.text("slot_season"));
    let (min, months) = match (min, months) {
        (Ok(min), Some(months)) => (min, months),
        (min, months) => {
            let months = months.is_none().then(|| wrong("slot_season", "river-season-unread"));
            let errors: Vec<FieldError> = [min.err(), months].into_iter().flatten().collect();
            return Ok(
                sheet(&app, locale, Some(&scheme), &filled).answer(&app, locale, &signed, &errors, None)
            );
        }
    };
    let slot = Slot {
        label: chosen("slot_label"),
        kind: SlotKind::ALL.iter().copied().find(|each| each.name() == chosen("slot_kind")),
        level: ChiefLevel::ALL.iter().copied().find(|each| each.name() == chosen("slot_level")),
        min,
        every: Every::ALL.iter().copied().find(|each| each.name() == chosen("slot_every")),
        season: months,
        per: Per::ALL.iter().copied().find(|each| each.name() == chosen("slot_per")),
        text: chosen("slot_text").replace("\r\n", "\n"),
        ..before
    };
    carry(&app, locale, &signed, Some(scheme), SchemeOrder::SetSlot(n, slot), filled).await
}

async fn carry(
    app: &App,
    locale: Locale,
    signed: &Signed,
    scheme: Option<RiverScheme>,
    order: SchemeOrder,
    filled: Filled,
) -> Result<Response, Failure> {
    let code = scheme.as_ref().map(|scheme| scheme.id.clone());
    let shown = code.as_ref().map(ToString::to_string).unwrap_or_default();
    let request = format!("river scheme {shown} {}", filled.text("n"));
    let done = order::carry_out(app, signed, &filled, request, move |work| {
        let id = match code {
            Some(id) => id,
            None => work.next_code::<RiverScheme>("H")?,
        };
        let known = work.filed::<RiverScheme>(&id)?.map(|seen| seen.record);
        let act = decide_scheme(&work.situation(""), known.as_ref(), order)?;
        let receipt = work.record(Subject::Record(RecordKind::RiverScheme, id.clone()), Act::from(act))?;
        Ok((id, receipt))
    })
    .await;
    match done {
        Ok(Some(id)) => Ok(Redirect::to(&format!("/rivers/schemes/{id}")).into_response()),
        Ok(None) => Ok(Redirect::to("/rivers").into_response()),
        Err(Failure::Refused(refusal)) => {
            Ok(sheet(app, locale, scheme.as_ref(), &filled).answer(app, locale, signed, &[], Some(&refusal)))
        }
        Err(other) => Err(other),
    }
}
