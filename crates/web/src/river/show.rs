//! `/rivers/{id}`: the file of a river (一河一档): reaches, chiefs, alerts, plans, orders, patrols and what came of them.

use super::{
    alert_words, chief_words, enter, find, keeps, kilometres, list::plan_state, map, patrol, patrols,
    seat_words, tallies, tally_words, year_since,
};
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
    Subject,
    access::Room,
    office::Office,
    official_document::{DocumentKind, OfficialDocument},
    record::Kind,
    river::{Patrol, PatrolRule, River, RiverPlan, Tally, WaterKind},
};
use bihuan_store::shelf;
use jiff::civil::Date;

/// Most plans and orders on the page.
const ROWS_MAX: u32 = 100;
/// Newest patrols on the page.
const PATROLS_SHOWN: usize = 20;

/// A reach of the table.
pub(super) struct Stretch {
    pub n: u32,
    pub order: u32,
    pub name: String,
    pub section: String,
    pub town: String,
    pub length: String,
    pub chiefs: Vec<String>,
    pub shade: (String, &'static str),
}

/// A chief of the board.
pub(super) struct Seat {
    pub n: u32,
    pub seat: String,
    pub place: String,
    pub name: String,
    pub post: String,
    pub post_id: String,
    pub since: String,
    pub tally: String,
    pub missed: bool,
}

/// An alert of the file.
pub(super) struct Warning {
    pub n: u32,
    pub tag: (String, &'static str),
    pub place: String,
    pub words: String,
    pub term: String,
    pub is_open: bool,
}

#[derive(Template)]
#[template(path = "river/show.html")]
struct View {
    frame: Frame,
    id: String,
    facts: Vec<(String, String)>,
    map: map::Map,
    stretches: Vec<Stretch>,
    seats: Vec<Seat>,
    vacancies: Vec<String>,
    warnings: Vec<Warning>,
    plans: Vec<(String, String, (String, &'static str))>,
    orders: Vec<(String, String, String)>,
    walks: Vec<patrol::Row>,
    tasks: Vec<String>,
    may_keep: bool,
    may_order: bool,
}

pub(super) fn seat(
    locale: Locale,
    office: &Office,
    river: &River,
    n: u32,
    tally: Option<&Tally>,
    today: Date,
) -> Option<Seat> {
    let chief = river.chief(n)?;
    let (name, post) = chief_words(office, chief, today);
    let reach = chief.reach.and_then(|reach| river.reach(reach));
    Some(Seat {
        n,
        seat: seat_words(locale, chief),
        place: reach.map_or_else(|| locale.say("river-whole-short"), |reach| reach.name.clone()),
        name: if name.is_empty() { locale.say("river-post-vacant") } else { name },
        post,
        post_id: chief.post.as_ref().map(ToString::to_string).unwrap_or_default(),
        since: locale.date(chief.from),
        tally: tally.map(|tally| tally_words(locale, tally)).unwrap_or_default(),
        missed: tally.is_some_and(|tally| tally.missed() > 0),
    })
}

pub(super) fn warnings(locale: Locale, river: &River, reach: Option<u32>) -> Vec<Warning> {
    let mut warnings: Vec<Warning> = (1..)
        .zip(&river.alerts)
        .filter(|(_, alert)| reach.is_none() || alert.reach.is_none() || alert.reach == reach)
        .map(|(n, alert)| {
            let cause = locale.say(&format!("river-cause-{}", alert.cause.name().replace('_', "-")));
            let place = alert.reach.and_then(|reach| river.reach(reach)).map(|reach| reach.name.clone());
            let lifted = alert.lifted_on.map(|on| format!(" – {}", locale.date(on))).unwrap_or_default();
            let because = Some(&alert.lifted_because).filter(|text| !text.is_empty());
            Warning {
                n,
                tag: alert_words(locale, alert.level),
                place: place.unwrap_or_else(|| locale.say("river-whole-short")),
                words: match because {
                    Some(because) => format!("{cause}：{}；{because}", alert.reason),
                    None => format!("{cause}：{}", alert.reason),
                },
                term: format!("{}{lifted}", locale.date(alert.from)),
                is_open: alert.lifted_on.is_none(),
            }
        })
        .collect();
    warnings.sort_by_key(|warning| (!warning.is_open, std::cmp::Reverse(warning.n)));
    warnings
}

pub(super) fn stretch(
    locale: Locale,
    office: &Office,
    river: &River,
    n: u32,
    made: &[Patrol],
    today: Date,
) -> Option<Stretch> {
    let reach = river.reach(n)?;
    let shade = map::Shade::of(river, n, made, today);
    let of_reach = river.chiefs_on(Some(n), today).filter(|(_, chief)| chief.reach == Some(n));
    let name = |(_, chief): (u32, &bihuan_rules::river::Chief)| {
        format!("{} {}", seat_words(locale, chief), chief_words(office, chief, today).0)
    };
    Some(Stretch {
        n,
        order: reach.order,
        name: reach.name.clone(),
        section: reach.section.clone(),
        town: words::place(office, &reach.unit),
        length: kilometres(reach.length_m),
        chiefs: of_reach.map(name).collect(),
        shade: (shade.words(locale), shade.tag()),
    })
}

/// `GET /rivers/{id}`.
pub async fn get(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    enter(&signed)?;
    let (reference, today) = (app.reference(), app.today());
    let river = find(&reference, &id)?;
    let subject = Subject::Record(Kind::River, river.id.clone());
    let code = river.id.clone();
    let (made, plans, orders) = app
        .books
        .ask(move |connection| {
            let mut made = patrols(connection, year_since(today))?;
            made.retain(|patrol| patrol.log.river == code);
            let plans = shelf::about::<RiverPlan>(connection, &subject, ROWS_MAX)?;
            let orders = shelf::about::<OfficialDocument>(connection, &subject, ROWS_MAX)?;
            Ok::<_, Failure>((made, plans, orders))
        })
        .await?;
    let office = &reference.office;
    let tallies = tallies(&river, &made, year_since(today), today);
    let tally_of = |n: u32| tallies.iter().find(|(chief, _)| *chief == n).map(|(_, tally)| tally);
    let mut sitting: Vec<(u32, &bihuan_rules::river::Chief)> = river.chiefs_on(None, today).collect();
    sitting.sort_by_key(|(n, chief)| {
        let order = chief.reach.and_then(|reach| river.reach(reach)).map_or(0, |reach| reach.order);
        (chief.kind, chief.level, order, *n)
    });
    let flow = river.in_flow_order();
    let shades: Vec<_> = flow.iter().map(|(n, _)| (*n, map::Shade::of(&river, *n, &made, today))).collect();
    let vacant = |(n, shade): &&(u32, map::Shade)| *shade == map::Shade::Vacant && river.reach(*n).is_some();
    let vacancies = shades.iter().filter(vacant).filter_map(|(n, _)| river.reach(*n));
    let issued = orders.iter().filter(|(_, seen)| seen.record.draft.kind == DocumentKind::RiverOrder);
    let tasks = made.iter().flat_map(|patrol| &patrol.found).filter_map(|found| found.task.as_ref());
    let view = View {
        facts: facts(locale, office, &river),
        map: map::draw(locale, office, &[(&river, shades.clone())]),
        stretches: flow
            .iter()
            .filter_map(|(n, _)| stretch(locale, office, &river, *n, &made, today))
            .collect(),
        seats: sitting
            .iter()
            .filter_map(|(n, _)| seat(locale, office, &river, *n, tally_of(*n), today))
            .collect(),
        vacancies: vacancies.map(|reach| reach.name.clone()).collect(),
        warnings: warnings(locale, &river, None),
        plans: plans
            .iter()
            .map(|(id, seen)| {
                (id.to_string(), seen.record.text.title.clone(), plan_state(locale, seen.record.state))
            })
            .collect(),
        orders: issued
            .map(|(id, seen)| {
                let number = seen.record.number.as_ref().map(ToString::to_string).unwrap_or_default();
                (id.to_string(), seen.record.draft.title.clone(), number)
            })
            .collect(),
        tasks: tasks.map(ToString::to_string).collect(),
        walks: made
            .iter()
            .take(PATROLS_SHOWN)
            .map(|each| patrol::row(locale, office, &river, each))
            .collect(),
        may_keep: keeps(&signed, Some(&river)),
        may_order: signed.actor.roles.contains(&bihuan_rules::office::Role::Registrar),
        id: river.id.to_string(),
        frame: Frame::new(&app, locale, &signed, Room::Rivers, river.outline.name.clone())
            .below("/rivers", locale.say("room-rivers")),
    };
    Ok(show(StatusCode::OK, &view))
}

fn facts(locale: Locale, office: &Office, river: &River) -> Vec<(String, String)> {
    let rule = PatrolRule::named(&river.outline.rule);
    let title = if locale == Locale::En { &rule.title_en } else { &rule.title_zh };
    let mut facts = vec![(locale.say("field-office"), words::unit(office, river.outline.office.as_str()))];
    if river.outline.kind == WaterKind::River {
        let length = format!("{} km", kilometres(river.outline.length_m));
        facts.push((locale.say("river-long"), length));
    }
    if !river.outline.course.is_empty() {
        facts.push((locale.say("field-course"), river.outline.course.clone()));
    }
    facts.push((locale.say("field-rule"), title.clone()));
    facts.push((locale.say("river-rule-source"), rule.sources.join("；")));
    let duties = if river.outline.duties.is_empty() { &rule.duty } else { &river.outline.duties };
    facts.extend(duties.iter().map(|duty| {
        let label = locale.say(&format!("river-level-{}", duty.level.name()));
        (label, duty_words(locale, duty.visits, duty.every, duty.season))
    }));
    facts
}

/// So many visits in each period, and the season.
pub(super) fn duty_words(
    locale: Locale,
    visits: u32,
    every: bihuan_rules::river::Every,
    season: Option<bihuan_rules::river::Season>,
) -> String {
    let every = locale.say(&format!("river-every-{}", every.name().replace('_', "-")));
    let text = locale.text("river-duty").with("every", every).with("visits", i64::from(visits)).to_string();
    let season = season.map(|season| {
        let text = locale.text("river-season").with("from", i64::from(season.from));
        text.with("until", i64::from(season.until)).to_string()
    });
    match season {
        Some(season) => format!("{text}{season}"),
        None => text,
    }
}
