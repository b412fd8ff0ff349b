//! What the river-chief system asks of somebody today: patrols still owed, plans to review or approve, findings to register.

use super::{alert_words, lately_since, patrols, seat_words};
use crate::{app::App, failure::Failure, locale::Locale, session::Signed};
use bihuan_rules::{
    access::Room,
    office::Role,
    river::{ChiefKind, ChiefLevel, Patrol, PatrolRule, PlanState, River, RiverPlan},
};
use bihuan_store::{Connection, Reference, shelf};
use jiff::civil::Date;
use std::sync::Arc;

/// Most plans looked through.
const PLANS_MAX: u32 = 500;

/// A line of the block.
pub struct Due {
    pub words: String,
    pub href: String,
    pub until: Option<Date>,
    pub tag: (String, &'static str),
}

/// A seat of a chief with what is owed now.
pub struct Seat {
    pub river: River,
    pub chief: u32,
}

/// The seats of a post on that day.
pub fn seats(reference: &Arc<Reference>, post: &bihuan_rules::id::PostId, on: Date) -> Vec<Seat> {
    let rivers = reference.records::<River>();
    rivers
        .flat_map(|(_, river)| {
            let seats: Vec<u32> = river.seats_of(post, on).map(|(n, _)| n).collect();
            seats.into_iter().map(|chief| Seat { river: river.clone(), chief })
        })
        .collect()
}

/// The seats on whose account a post may patrol as an assistant.
fn assisted(reference: &Arc<Reference>, post: &bihuan_rules::id::PostId, on: Date) -> Vec<Seat> {
    let rivers = reference.records::<River>().map(|(_, river)| river);
    rivers
        .filter(|river| PatrolRule::named(&river.outline.rule).assistant)
        .flat_map(|river| {
            let seats = river.chiefs_on(None, on).filter(|(_, chief)| chief.assistants.contains(post));
            let seats: Vec<u32> = seats.map(|(n, _)| n).collect();
            seats.into_iter().map(|chief| Seat { river: river.clone(), chief })
        })
        .collect()
}

/// Where a seat lies: the reach, or the whole river.
pub fn place_words(locale: Locale, seat: &Seat) -> String {
    let chief = seat.river.chief(seat.chief);
    let reach = chief.and_then(|chief| chief.reach).and_then(|n| seat.river.reach(n));
    match reach {
        Some(reach) => reach.name.clone(),
        None => locale.text("river-whole").with("river", seat.river.outline.name.clone()).to_string(),
    }
}

/// What is to be done; empty for whoever has nothing to do with rivers.
pub fn due(
    app: &App,
    connection: &mut Connection,
    locale: Locale,
    signed: &Signed,
) -> Result<Vec<Due>, Failure> {
    if !signed.actor.may_enter(Room::Rivers) {
        return Ok(Vec::new());
    }
    let (reference, today) = (app.reference(), app.today());
    let seats = seats(&reference, &signed.actor.post, today);
    let registers = signed.actor.roles.contains(&Role::Registrar);
    let approves = [Role::Chief, Role::Committee].iter().any(|role| signed.actor.roles.contains(role));
    let mut due = Vec::new();
    let assisted = assisted(&reference, &signed.actor.post, today);
    if !seats.is_empty() || !assisted.is_empty() {
        let made = patrols(connection, lately_since(today).min(year_start(today)))?;
        due.extend(seats.iter().chain(&assisted).filter_map(|seat| owed(locale, seat, &made, today)));
        due.sort_by_key(|each| each.until);
    }
    if approves || !seats.is_empty() {
        due.extend(plans(connection, locale, signed, &seats, approves)?);
    }
    if registers {
        let open = shelf::list::<Patrol>(connection, PLANS_MAX)?;
        let count: usize = open.iter().map(|(_, seen)| seen.record.open_findings().count()).sum();
        if count > 0 {
            let words = locale.text("river-today-findings").with("count", i64::try_from(count).unwrap_or(0));
            due.push(Due {
                words: words.to_string(),
                href: "/rivers#findings".to_owned(),
                until: None,
                tag: (locale.say("river-today-register"), "work"),
            });
        }
    }
    Ok(due)
}

/// Periods run at most a year, so that the year's first day is early enough.
fn year_start(today: Date) -> Date {
    today.first_of_year()
}

fn owed(locale: Locale, seat: &Seat, made: &[Patrol], today: Date) -> Option<Due> {
    let tally = seat.river.compliance(seat.chief, made, year_start(today).min(lately_since(today)), today);
    let next = tally.next()?;
    let chief = seat.river.chief(seat.chief)?;
    let text = locale.text("river-today-patrol").with("place", place_words(locale, seat));
    let words =
        text.with("seat", seat_words(locale, chief)).with("count", i64::from(next.missing())).to_string();
    let tag = match next.because {
        Some(level) => alert_words(locale, level),
        None => (locale.say("river-today-owed"), "work"),
    };
    let reach = chief.reach.map(|n| format!("&reach={n}")).unwrap_or_default();
    let href = format!("/rivers/{}/patrol?chief={}{reach}", seat.river.id, seat.chief);
    Some(Due { words, href, until: Some(next.until), tag })
}

fn plans(
    connection: &mut Connection,
    locale: Locale,
    signed: &Signed,
    seats: &[Seat],
    approves: bool,
) -> Result<Vec<Due>, Failure> {
    let mine = |plan: &RiverPlan| {
        seats.iter().any(|seat| {
            let chief = seat.river.chief(seat.chief);
            seat.river.id == plan.text.river
                && chief.is_some_and(|chief| {
                    chief.kind == ChiefKind::Administrative && chief.level == ChiefLevel::District
                })
        })
    };
    let found = shelf::list::<RiverPlan>(connection, PLANS_MAX)?;
    let waits = |plan: &RiverPlan| match plan.state {
        PlanState::Review => mine(plan),
        PlanState::Reviewed => {
            approves && plan.reviewed.as_ref().is_none_or(|(post, ..)| *post != signed.actor.post)
        }
        PlanState::Draft | PlanState::Approved => false,
    };
    let waiting = found.into_iter().map(|(_, seen)| seen.record).filter(waits);
    Ok(waiting
        .map(|plan| Due {
            words: plan.text.title.clone(),
            href: format!("/rivers/plans/{}", plan.id),
            until: None,
            tag: (locale.say(&format!("river-plan-state-{}", plan.state.name())), "check"),
        })
        .collect())
}
