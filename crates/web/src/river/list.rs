//! `/rivers`: every river with its reaches on one map, what its chiefs owed and made, plans, the scheme, open findings.

use super::{alert_words, enter, keeps, kilometres, map, patrols, scheme, tallies, tally_words, year_since};
use crate::{
    app::App,
    failure::Failure,
    frame::{Frame, show},
    locale::Locale,
    session::Signed,
};
use askama::Template;
use axum::{extract::State, http::StatusCode, response::Response};
use bihuan_rules::{
    access::Room,
    office::Role,
    river::{Patrol, PlanState, River, RiverPlan, RiverScheme, Tally, WaterKind},
};
use bihuan_store::shelf;

/// Most plans and schemes on the page.
const ROWS_MAX: u32 = 500;
/// Most open findings on the page.
const FINDINGS_MAX: usize = 50;

/// A river of the list.
struct Row {
    id: String,
    name: String,
    length: String,
    reaches: usize,
    chiefs: usize,
    tally: String,
    missed: u32,
    alert: Option<(String, &'static str)>,
    plan: Option<(String, String, &'static str)>,
}

/// A finding nobody has registered or settled.
struct Open {
    href: String,
    words: String,
    place: String,
    on: String,
}

#[derive(Template)]
#[template(path = "river/list.html")]
struct View {
    frame: Frame,
    map: map::Map,
    rows: Vec<Row>,
    stats: Vec<(String, String, bool)>,
    findings: Vec<Open>,
    schemes: Vec<(String, String, String)>,
    may_keep: bool,
    has_seat: bool,
    post: String,
}

/// How a plan stands, with the class of its tag.
pub(super) fn plan_state(locale: Locale, state: PlanState) -> (String, &'static str) {
    let class = match state {
        PlanState::Draft => "",
        PlanState::Review | PlanState::Reviewed => "check",
        PlanState::Approved => "done",
    };
    (locale.say(&format!("river-plan-state-{}", state.name())), class)
}

/// `GET /rivers`.
pub async fn get(State(app): State<App>, locale: Locale, signed: Signed) -> Result<Response, Failure> {
    enter(&signed)?;
    let (reference, today) = (app.reference(), app.today());
    let (made, plans, schemes, open) = app
        .books
        .ask(move |connection| {
            let made = patrols(connection, year_since(today))?;
            let plans = shelf::list::<RiverPlan>(connection, ROWS_MAX)?;
            let schemes = shelf::list::<RiverScheme>(connection, ROWS_MAX)?;
            let open: Vec<Patrol> = shelf::list::<Patrol>(connection, ROWS_MAX)?
                .into_iter()
                .map(|(_, seen)| seen.record)
                .filter(|patrol| patrol.open_findings().next().is_some())
                .collect();
            Ok::<_, Failure>((made, plans, schemes, open))
        })
        .await?;
    let mut rivers: Vec<&River> = reference.records::<River>().map(|(_, river)| river).collect();
    rivers.sort_by_key(|river| (river.outline.kind, std::cmp::Reverse(river.outline.length_m)));
    let mut all = Tally::default();
    let mut rows = Vec::new();
    for river in &rivers {
        let mut of_river = Tally::default();
        for (_, tally) in tallies(river, &made, year_since(today), today) {
            of_river.add(&tally);
        }
        let plan = plans.iter().map(|(_, seen)| &seen.record).find(|plan| plan.text.river == river.id);
        rows.push(Row {
            id: river.id.to_string(),
            name: river.outline.name.clone(),
            length: match river.outline.kind {
                WaterKind::Reservoir => locale.say("river-water-reservoir"),
                WaterKind::River => kilometres(river.outline.length_m),
            },
            reaches: river.reaches.len(),
            chiefs: river.chiefs_on(None, today).count(),
            tally: tally_words(locale, &of_river),
            missed: of_river.missed(),
            alert: river.alert_on(None, today).map(|level| alert_words(locale, level)),
            plan: plan.map(|plan| {
                let (words, class) = plan_state(locale, plan.state);
                (plan.id.to_string(), words, class)
            }),
        });
        all.add(&of_river);
    }
    let shaded: Vec<_> = rivers
        .iter()
        .map(|river| {
            let shades = (1..).zip(&river.reaches).map(|(n, _)| (n, map::Shade::of(river, n, &made, today)));
            (*river, shades.collect::<Vec<_>>())
        })
        .collect();
    let reaches: usize = rivers.iter().map(|river| river.reaches.len()).sum();
    let alerts = rivers.iter().flat_map(|river| &river.alerts).filter(|a| a.lifted_on.is_none()).count();
    let number = |count: usize| count.to_string();
    let stats = vec![
        (number(reaches), locale.say("river-stat-reaches"), false),
        (all.made().to_string(), locale.say("river-stat-made"), false),
        (all.missed().to_string(), locale.say("river-stat-missed"), all.missed() > 0),
        (number(alerts), locale.say("river-stat-alerts"), alerts > 0),
    ];
    let findings = findings(locale, &rivers, &open);
    let view = View {
        map: map::draw(locale, &reference.office, &shaded),
        stats,
        rows,
        findings,
        schemes: schemes.iter().map(|(id, seen)| scheme::row(locale, id, &seen.record)).collect(),
        may_keep: keeps(&signed, None) || signed.actor.roles.contains(&Role::Registrar),
        has_seat: rivers.iter().any(|river| river.seats_of(&signed.actor.post, today).next().is_some()),
        post: signed.actor.post.to_string(),
        frame: Frame::new(&app, locale, &signed, Room::Rivers, locale.say("room-rivers")),
    };
    Ok(show(StatusCode::OK, &view))
}

fn findings(locale: Locale, rivers: &[&River], open: &[Patrol]) -> Vec<Open> {
    let place = |patrol: &Patrol| {
        let river = rivers.iter().find(|river| river.id == patrol.log.river);
        river.and_then(|river| river.reach(patrol.log.reach)).map(|reach| reach.name.clone())
    };
    open.iter()
        .flat_map(|patrol| {
            patrol.open_findings().map(move |(n, finding)| Open {
                href: format!("/rivers/patrols/{}#finding-{n}", patrol.id),
                words: finding.text.clone(),
                place: place(patrol).unwrap_or_default(),
                on: locale.date(patrol.log.from.date()),
            })
        })
        .take(FINDINGS_MAX)
        .collect()
}
