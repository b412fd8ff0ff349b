//! The form of a cross assignment (交叉分配): teams from those who declared, targets line by line, the rules with what the
//! records say; tried first, then drawn or optimised and given out in one act.
//!
//! A drawn assignment is never shown before it is given out: the seed is made in that moment, so that nobody can try seeds
//! until one pleases. What is tried tells only whether the rules can be kept, and how hard the draw will be to foresee.

mod plan;
mod result;

pub use result::{command, cross_assignment, measure_words};

use super::assign::{give_out_as, organised, proposal, read_targets, read_teams, team_field};
use crate::{
    app::App,
    failure::Failure,
    filled::{FieldError, Filled},
    frame::{
        Frame,
        form::{Field, Kind},
        sheet::{Sheet, field, options},
        show,
    },
    locale::Locale,
    mission::course::Circle,
    order,
    session::{Signed, random_token},
    words,
};
use askama::Template;
use axum::{
    Router,
    extract::{Path, State},
    http::StatusCode,
    response::Response,
    routing::get as at_get,
};
use bihuan_methods::{
    cross::{NoPlan, Plan, Report},
    digest::Digest,
};
use bihuan_rules::{
    Refusal,
    access::Room,
    id::UnitId,
    mission::Stop,
    round::{Mode, Round, Team},
};
use bihuan_store::checkpoint;
use plan::{Known, Rules};
use result::{Measure, STEPS, assignment, make};
use std::collections::BTreeMap;

/// Rounds within which a pair does not meet again, where nothing was typed yet.
const REPEAT: u32 = 3;
/// Fields that the page of a try sends on.
const FIELDS: [&str; 12] = [
    "stops",
    "team_name",
    "team_leader",
    "team_second",
    "team_third",
    "mode",
    "repeat_within",
    "capacity",
    "travel_cap",
    "cost_cap",
    "forbidden",
    "places",
];

/// The addresses of a cross assignment.
pub fn router() -> Router<App> {
    Router::new()
        .route("/rounds/{id}/cross", at_get(get).post(post))
        .route("/rounds/{id}/cross/plan.json", at_get(result::plan_file))
        .route("/rounds/{id}/cross/result.json", at_get(result::result_file))
}

fn fields(app: &App, locale: Locale, round: &Round, filled: &Filled) -> Vec<Field> {
    let optional = |mut field: Field| {
        field.optional = true;
        field
    };
    let short = |name: &str| field(locale, name, Kind::Line(filled.text(name).to_owned(), "text", true));
    let passage = |name: &str, rows| field(locale, name, Kind::Passage(filled.text(name).to_owned(), rows));
    let modes = [Mode::Drawn, Mode::Optimised].map(|mode| {
        let words = locale.say(&format!("round-cross-mode-{}", mode.name()));
        (mode.name().to_owned(), words)
    });
    vec![
        field(locale, "mode", Kind::Radio(options(modes, &filled.texts("mode")))),
        passage("stops", 10),
        team_field(app, locale, round, filled, false),
        short("repeat_within"),
        optional(short("capacity")),
        optional(short("travel_cap")),
        optional(short("cost_cap")),
        optional(passage("forbidden", 3)),
        optional(passage("places", 6)),
    ]
}

fn sheet(app: &App, locale: Locale, round: &Round, filled: &Filled) -> Sheet {
    let above = format!("/rounds/{}", round.id);
    Sheet {
        room: Some(Room::Rounds),
        title: locale.say("round-step-cross"),
        crumbs: vec![
            ("/rounds".to_owned(), locale.say("room-rounds")),
            (above.clone(), round.plan.title.clone()),
        ],
        intro: locale.say("round-intro-cross"),
        action: format!("{above}/cross"),
        cancel: above,
        submit: locale.say("round-cross-try"),
        fields: fields(app, locale, round, filled),
        hidden: Vec::new(),
    }
}

/// What was typed, as far as it can be read without the books.
struct Typed {
    mode: Mode,
    stops: Vec<Stop>,
    teams: Vec<Team>,
    rules: Rules,
}

fn number(filled: &Filled, name: &'static str) -> Result<Option<f64>, FieldError> {
    match filled.text(name) {
        "" => Ok(None),
        typed => typed
            .parse()
            .ok()
            .filter(|number: &f64| number.is_finite() && *number >= 0.0)
            .map(Some)
            .ok_or_else(|| FieldError::at(name, "form-not-a-number")),
    }
}

/// Lines of three cells, the parts separated by a bar.
fn lines<'t>(text: &'t str) -> impl Iterator<Item = [&'t str; 3]> + 't {
    text.lines().filter(|line| !line.trim().is_empty()).map(|line| {
        let mut cells = line.split(['|', '｜', '\t']).map(str::trim);
        let mut next = || cells.next().unwrap_or_default();
        [next(), next(), next()]
    })
}

fn read(app: &App, round: &Round, filled: &Filled) -> Result<Typed, Vec<FieldError>> {
    let reference = app.reference();
    let unit_of = |name: &str, at: &'static str| {
        let unit = reference.office.unit_named(name).map(|unit| unit.id.clone());
        unit.ok_or_else(|| FieldError::at(at, "round-target-unit"))
    };
    let mut errors = Vec::new();
    let mut keep = |error: FieldError| errors.push(error);
    let mode = filled.one_of("mode", [Mode::Drawn, Mode::Optimised], Mode::name);
    let mode = mode.map_err(&mut keep).unwrap_or(Mode::Drawn);
    let stops = read_targets(app, &filled.text("stops").replace("\r\n", "\n"));
    let stops = stops.map_err(&mut keep).unwrap_or_default();
    let teams = read_teams(app, round, filled).map_err(&mut keep).unwrap_or_default();
    let k = filled.number("repeat_within").map_err(&mut keep).unwrap_or(None);
    let capacity = filled.number("capacity").map_err(&mut keep).unwrap_or(None);
    let travel_cap = number(filled, "travel_cap").map_err(&mut keep).unwrap_or(None);
    let cost_cap_percent = number(filled, "cost_cap").map_err(&mut keep).unwrap_or(None);
    let mut forbidden = Vec::new();
    for [team, unit, reason] in lines(filled.text("forbidden")) {
        let is_team = teams.iter().any(|(known, _)| known.name == team);
        match unit_of(unit, "forbidden") {
            Ok(unit) if is_team => forbidden.push((team.to_owned(), unit, reason.to_owned())),
            Ok(_) => keep(FieldError::at("forbidden", "round-cross-team-unknown")),
            Err(error) => keep(error),
        }
    }
    let mut places = BTreeMap::new();
    for [unit, lat, lon] in lines(filled.text("places")) {
        match (unit_of(unit, "places"), lat.parse::<f64>(), lon.parse::<f64>()) {
            (Ok(unit), Ok(lat), Ok(lon)) if lat.abs() <= 90.0 && lon.abs() <= 180.0 => {
                places.insert(unit, [lat, lon]);
            }
            (Err(error), ..) => keep(error),
            _ => keep(FieldError::at("places", "form-not-a-number")),
        }
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    let small = |number: u64| u32::try_from(number).unwrap_or(u32::MAX);
    Ok(Typed {
        mode,
        stops: stops.into_iter().map(|target| target.stop).collect(),
        teams: teams.into_iter().map(|(team, _)| team).collect(),
        rules: Rules {
            k: small(k.unwrap_or(1)),
            capacity: capacity.map(small),
            travel_cap,
            cost_cap_percent,
            forbidden,
            places,
        },
    })
}

/// What stands in the form before anybody typed.
fn before(app: &App, signed: &Signed, round: &Round, known: &Known) -> Filled {
    let mut filled = Filled::default();
    proposal(app, signed, round, &mut filled);
    filled.set("mode", Mode::Drawn.name());
    filled.set("repeat_within", REPEAT.to_string());
    let reference = app.reference();
    // Where nothing was found yet, a unit is taken to lie in the middle of the others.
    let n = known.places.len() as f64;
    let sum = known.places.values().fold([0.0, 0.0], |sum, at| [sum[0] + at[0], sum[1] + at[1]]);
    let targets = read_targets(app, filled.text("stops")).unwrap_or_default();
    let teams = read_teams(app, round, &filled).unwrap_or_default();
    let members = teams.iter().flat_map(|(team, _)| &team.members).map(|member| member.unit.clone());
    let mut units: Vec<UnitId> = targets.into_iter().map(|target| target.unit).chain(members).collect();
    units.sort();
    units.dedup();
    let line = |unit: &UnitId| {
        let middle = (n > 0.0).then(|| [sum[0] / n, sum[1] / n]);
        let [lat, lon] = known.places.get(unit).copied().or(middle)?;
        Some(format!("{} | {lat:.5} | {lon:.5}", words::unit(&reference.office, unit.as_str())))
    };
    filled.set("places", units.iter().filter_map(line).collect::<Vec<_>>().join("\n"));
    filled
}

/// `GET /rounds/{id}/cross`.
pub async fn get(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let round = organised(&app, &signed, id).await?;
    let (asked, reader, inner) = (round.clone(), signed.clone(), app.clone());
    let known = app.books.ask(move |connection| plan::known(&inner, connection, &reader, &asked)).await?;
    let filled = before(&app, &signed, &round, &known);
    Ok(sheet(&app, locale, &round, &filled).answer(&app, locale, &signed, &[], None))
}

#[derive(Template)]
#[template(path = "round/cross/try.html")]
struct View {
    frame: Frame,
    action: String,
    cancel: String,
    mode: String,
    /// Why there is no plan; empty when there is one.
    conflict: String,
    facts: Vec<String>,
    /// Team, unit, kilometres; only of an optimised plan.
    trips: Vec<(String, String, String)>,
    recusals: Vec<(String, String, String)>,
    hidden: Vec<(String, String)>,
}

fn tried(
    app: &App,
    locale: Locale,
    signed: &Signed,
    round: &Round,
    filled: &Filled,
    mode: Mode,
    made: &Result<(Plan, Report), String>,
) -> Response {
    let above = format!("/rounds/{}", round.id);
    let mut hidden =
        vec![("csrf".to_owned(), signed.session.csrf.clone()), ("once".to_owned(), random_token())];
    for name in FIELDS {
        hidden.extend(filled.column(name).iter().map(|value| (name.to_owned(), value.clone())));
    }
    let plan = made.as_ref().ok();
    let trips = plan.filter(|_| mode == Mode::Optimised).into_iter();
    let trips = trips.flat_map(|(_, report)| &report.rounds).flat_map(|round| &round.visits);
    let status = if made.is_ok() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let measure = plan.map(|(_, report)| Measure::of(report));
    let facts = measure.map(|measure| match mode {
        // Ways and loads of a drawn plan are not known before it is drawn.
        Mode::Drawn => measure.foresight(locale),
        _ => measure.words(locale),
    });
    let facts = facts.unwrap_or_default();
    let view = View {
        action: format!("{above}/cross"),
        cancel: above.clone(),
        mode: locale.say(&format!("round-cross-mode-{}", mode.name())),
        conflict: made.as_ref().err().cloned().unwrap_or_default(),
        facts,
        trips: trips
            .map(|trip| (trip.team.clone(), trip.target.clone(), format!("{:.1}", trip.distance)))
            .collect(),
        recusals: plan
            .iter()
            .flat_map(|(plan, _)| &plan.forbidden)
            .map(|pair| (pair.team.clone(), pair.target.clone(), pair.reason.clone()))
            .collect(),
        hidden,
        frame: Frame::new(app, locale, signed, Room::Rounds, locale.say("round-step-cross"))
            .below("/rounds", locale.say("room-rounds"))
            .below(above, round.plan.title.clone()),
    };
    show(status, &view)
}

fn no_plan(locale: Locale, none: &NoPlan) -> String {
    match locale {
        Locale::ZhCn => none.zh(),
        Locale::En => none.en(),
    }
}

/// `POST /rounds/{id}/cross`: tries first, then draws and gives out.
pub async fn post(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    Path(id): Path<String>,
    filled: Filled,
) -> Result<Response, Failure> {
    signed.check_form(filled.text("csrf"))?;
    let round = organised(&app, &signed, id).await?;
    let refuse = |errors: &[FieldError], refusal: Option<&Refusal>| {
        sheet(&app, locale, &round, &filled).answer(&app, locale, &signed, errors, refusal)
    };
    if filled.has("change") {
        return Ok(refuse(&[], None));
    }
    let typed = match read(&app, &round, &filled) {
        Ok(typed) => typed,
        Err(errors) => return Ok(refuse(&errors, None)),
    };
    let confirmed = filled.has("confirm");
    let (mode, stops, teams) = (typed.mode, typed.stops.clone(), typed.teams.clone());
    let (asked, reader, inner) = (round.clone(), signed.clone(), app.clone());
    // What is only tried has no seed yet; a shortest plan has the code of its round, so that trying and giving out agree.
    let seed = match mode {
        Mode::Drawn if confirmed => Digest::of(&[random_token().as_bytes()]).to_string(),
        _ => round.id.to_string(),
    };
    let made = app
        .books
        .ask(move |connection| {
            let known = plan::known(&inner, connection, &reader, &asked)?;
            let reference = inner.reference();
            let situation = reference.situation(&reader.actor, inner.now(), "");
            let plan =
                plan::plan(&situation, locale, &asked, &typed.teams, &typed.stops, &typed.rules, &known);
            Ok::<_, Failure>(plan.and_then(|plan| {
                let report = make(&plan, mode, &seed, STEPS).map_err(|none| no_plan(locale, &none))?;
                Ok((plan, report))
            }))
        })
        .await?;
    let (plan, report) = match made {
        Ok(made) if confirmed => made,
        made => return Ok(tried(&app, locale, &signed, &round, &filled, mode, &made)),
    };
    let reference = app.reference();
    let unit_of = |name: &str| reference.office.unit_named(name).map(|unit| unit.id.clone());
    let assignment = assignment(&plan, mode, &report, &unit_of);
    let own = |team: &Team| {
        let pairs = assignment.pairs.iter().filter(|(name, _)| name == &team.name);
        pairs.map(|(_, unit)| unit.clone()).collect::<Vec<_>>()
    };
    let given: Vec<(Team, Vec<UnitId>)> = teams
        .into_iter()
        .map(|team| {
            let units = own(&team);
            (team, units)
        })
        .filter(|(_, units)| !units.is_empty())
        .collect();
    let (code, secret, area) = (round.id.clone(), app.envelopes.clone(), app.books.area().to_owned());
    let by = signed.actor.clone();
    let name = if round.plan.sealed { checkpoint::machine() } else { signed.actor.clone() };
    let done = order::carry_out_as(&app, name, &filled, format!("round {code} cross"), move |work| {
        let circle = Circle { by: &by, secret: &secret, area: &area };
        Ok(((), give_out_as(work, &circle, &code, given, stops, assignment)?))
    })
    .await;
    let to = |_| format!("/rounds/{}", round.id);
    order::answered(done, to, |refusal| refuse(&[], Some(refusal)))
}
