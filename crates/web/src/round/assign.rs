//! The form that gives the targets to teams (下达任务): teams from those who declared, targets line by line, by hand or drawn.
//!
//! What was typed is judged for every team and every stop; a sealed round goes into envelopes, one for each mission and one
//! for the assignment itself.

use super::find;
use crate::{
    app::App,
    failure::Failure,
    filled::{FieldError, Filled},
    frame::{
        form::{Column, Field, Kind},
        sheet::{Sheet, field},
    },
    locale::Locale,
    mission::{course::Circle, towns},
    order,
    session::Signed,
    words,
};
use axum::{
    extract::{Path, State},
    response::Response,
};
use bihuan_rules::{
    Act, Refusal, Situation, Subject,
    access::Room,
    id::{PersonId, PostId, RecordId, TaskId, UnitId},
    mission::{self, Kept, Mission, MissionAct, MissionStep, Stop},
    office::Role,
    record::Kind as RecordKind,
    round::{self, Assignment, Earlier, Member, Mode, Round, RoundOrder, Team},
    task::{Place, Step, Task},
};
use bihuan_store::{Receipt, Work, checkpoint};
use std::collections::{BTreeMap, BTreeSet};

/// Rows for teams beyond those that are proposed.
const SPARE_ROWS: usize = 2;
/// Columns of members, the leader's among them.
const MEMBER_COLUMNS: [&str; 3] = ["team_leader", "team_second", "team_third"];

/// An inspector who declared.
struct Inspector {
    value: String,
    words: String,
    member: Member,
}

fn pool(app: &App, round: &Round) -> Vec<Inspector> {
    let reference = app.reference();
    let office = &reference.office;
    let mut seen = BTreeSet::new();
    let mut pool = Vec::new();
    for declared in round.declarations.iter().rev() {
        let actor = office.actor(&declared.person, &declared.post, app.today());
        let Some(actor) = actor.filter(|actor| actor.roles.contains(&Role::Inspector)) else { continue };
        if !seen.insert(declared.person.clone()) {
            continue;
        }
        let name = office.persons.get(&actor.person).map_or("", |person| person.name.as_str());
        pool.push(Inspector {
            value: format!("{}|{}", actor.person, actor.post),
            words: format!("{name}（{}）", words::unit(office, actor.unit.as_str())),
            member: Member { person: actor.person, post: actor.post, unit: actor.unit },
        });
    }
    pool.sort_by(|a, b| (&a.member.unit, &a.member.person).cmp(&(&b.member.unit, &b.member.person)));
    pool
}

/// A target as typed.
pub(super) struct Target {
    pub(super) unit: UnitId,
    pub(super) stop: Stop,
}

pub(super) fn read_targets(app: &App, text: &str) -> Result<Vec<Target>, FieldError> {
    let reference = app.reference();
    let mut targets = Vec::new();
    for line in text.lines().filter(|line| !line.trim().is_empty()) {
        let mut cells = line.split(['|', '｜', '\t']).map(str::trim);
        let mut next = || cells.next().unwrap_or_default();
        let (named, place, task, note) = (next(), next(), next(), next());
        let unit = reference.office.unit_named(named).map(|unit| unit.id.clone());
        let unit = unit.ok_or_else(|| FieldError::at("stops", "round-target-unit"))?;
        let task = match task {
            "" => None,
            task => Some(TaskId::new(task).map_err(|_| FieldError::at("stops", "form-not-a-code"))?),
        };
        let stop =
            Stop { unit: unit.clone(), place: place.to_owned(), task, at: None, note: note.to_owned() };
        targets.push(Target { unit, stop });
    }
    if targets.is_empty() { Err(FieldError::at("stops", "form-missing")) } else { Ok(targets) }
}

/// What is asked where nothing was typed yet: what was drawn, or every town.
fn targets_before(app: &App, round: &Round) -> String {
    let reference = app.reference();
    let office = &reference.office;
    if let Some(draw) = &round.draw {
        let chosen = draw.drawing.iter().flat_map(|drawing| &drawing.chosen);
        let unit = |task: &TaskId| {
            let row = draw.frame.rows.iter().find(|row| &row.task == task);
            row.and_then(|row| row.unit.as_ref())
                .map_or_else(String::new, |unit| words::unit(office, unit.as_str()))
        };
        let chosen = chosen.filter(|(_, choice)| *choice != round::Choice::Reserve);
        return chosen
            .map(|(task, _)| format!("{} | {task} | {task}", unit(task)))
            .collect::<Vec<_>>()
            .join("\n");
    }
    towns(app).into_iter().map(|(_, name)| format!("{name} | 场镇及周边")).collect::<Vec<_>>().join("\n")
}

/// Teams and units to begin with: pairs from two units, each unit to the team with the least that may go there.
pub(super) fn proposal(app: &App, signed: &Signed, round: &Round, filled: &mut Filled) {
    let text = targets_before(app, round);
    let pool = pool(app, round);
    let half = pool.len() / 2;
    let (mut free, mut teams): (Vec<&Inspector>, Vec<Vec<&Inspector>>) = (pool.iter().collect(), Vec::new());
    while teams.len() < half {
        let Some(first) = (!free.is_empty()).then(|| free.remove(0)) else { break };
        let Some(at) = free.iter().rposition(|other| other.member.unit != first.member.unit) else { break };
        teams.push(vec![first, free.remove(at)]);
    }
    let reference = app.reference();
    let ruleset = reference.ruleset("");
    let situation = Situation {
        by: &signed.actor,
        at: app.now(),
        ruleset,
        calendar: &reference.calendar,
        office: &reference.office,
        records: &reference.records,
    };
    let targets = read_targets(app, &text).unwrap_or_default();
    let units: BTreeSet<UnitId> = targets.into_iter().map(|target| target.unit).collect();
    let mut given: Vec<Vec<UnitId>> = vec![Vec::new(); teams.len()];
    for unit in units {
        let may = |n: &usize| {
            teams[*n]
                .iter()
                .all(|each| round::recused(&situation, round, &each.member.person, &unit, None).is_none())
        };
        if let Some(n) = (0..teams.len()).filter(may).min_by_key(|n| given[*n].len()) {
            given[n].push(unit);
        }
    }
    let count = |n: usize| i64::try_from(n).unwrap_or(0);
    filled.set("stops", text);
    filled.set("mode", Mode::ByHand.name());
    filled.set_all("team_name", (1..=teams.len()).map(|n| format!("第{}组", count(n))).collect());
    for (at, column) in MEMBER_COLUMNS.iter().enumerate() {
        let value = |team: &Vec<&Inspector>| team.get(at).map(|each| each.value.clone()).unwrap_or_default();
        filled.set_all(column, teams.iter().map(value).collect());
    }
    let names = |units: &Vec<UnitId>| {
        units.iter().map(|unit| words::unit(&reference.office, unit.as_str())).collect::<Vec<_>>().join("、")
    };
    filled.set_all("team_units", given.iter().map(names).collect());
}

/// The field of teams, one row each; with a column for their units where these are given by hand.
pub(super) fn team_field(app: &App, locale: Locale, round: &Round, filled: &Filled, by_hand: bool) -> Field {
    let pool: Vec<(String, String)> =
        pool(app, round).into_iter().map(|each| (each.value, each.words)).collect();
    let column = |name: &str, options: Vec<(String, String)>| Column {
        name: name.to_owned(),
        label: locale.say(&format!("field-{}", name.replace('_', "-"))),
        options,
    };
    let mut columns = vec![column("team_name", Vec::new())];
    columns.extend(MEMBER_COLUMNS.map(|name| column(name, pool.clone())));
    if by_hand {
        columns.push(column("team_units", Vec::new()));
    }
    let rows = filled.column("team_name").len() + SPARE_ROWS;
    let rows = (0..rows).map(|n| {
        let cell = |name: &str| filled.column(name).get(n).cloned().unwrap_or_default();
        columns.iter().map(|column| cell(&column.name)).collect()
    });
    let rows = rows.collect();
    field(locale, "teams", Kind::Rows(columns, rows))
}

fn fields(app: &App, locale: Locale, round: &Round, filled: &Filled) -> Vec<Field> {
    vec![
        field(locale, "stops", Kind::Passage(filled.text("stops").to_owned(), 10)),
        team_field(app, locale, round, filled, true),
    ]
}

fn sheet(app: &App, locale: Locale, round: &Round, filled: &Filled) -> Sheet {
    let above = format!("/rounds/{}", round.id);
    Sheet {
        room: Some(Room::Rounds),
        title: locale.say("round-step-assign"),
        crumbs: vec![
            ("/rounds".to_owned(), locale.say("room-rounds")),
            (above.clone(), round.plan.title.clone()),
        ],
        intro: locale.say(if round.plan.sealed { "round-intro-assign-sealed" } else { "round-intro-assign" }),
        action: format!("{above}/assign"),
        cancel: above,
        submit: locale.say("round-step-assign"),
        fields: fields(app, locale, round, filled),
        hidden: Vec::new(),
    }
}

/// A round that this reader gives out.
pub(super) async fn organised(app: &App, signed: &Signed, id: String) -> Result<Round, Failure> {
    let reader = signed.clone();
    let round = app.books.ask(move |connection| find(connection, &reader, &id)).await?.record;
    let organises = super::may_plan(signed) && (!round.plan.sealed || round.organiser == signed.actor.person);
    if organises { Ok(round) } else { Err(Failure::NotFound) }
}

/// `GET /rounds/{id}/assign`.
pub async fn get(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let round = organised(&app, &signed, id).await?;
    let mut filled = Filled::default();
    proposal(&app, &signed, &round, &mut filled);
    Ok(sheet(&app, locale, &round, &filled).answer(&app, locale, &signed, &[], None))
}

/// A team as typed, with the units it is to look at.
pub(super) fn read_teams(
    app: &App,
    round: &Round,
    filled: &Filled,
) -> Result<Vec<(Team, Vec<UnitId>)>, FieldError> {
    let pool = pool(app, round);
    let reference = app.reference();
    let mut teams = Vec::new();
    for (n, name) in filled.column("team_name").iter().enumerate() {
        let cell = |column: &str| filled.column(column).get(n).map_or("", |text| text.trim());
        let members: Vec<&Inspector> = MEMBER_COLUMNS
            .iter()
            .filter_map(|column| pool.iter().find(|each| each.value == cell(column)))
            .collect();
        if members.is_empty() && cell("team_units").is_empty() {
            continue;
        }
        let leader = members.first().ok_or_else(|| FieldError::at("teams", "round-team-leader"))?;
        let mut units = Vec::new();
        for named in
            cell("team_units").split(['、', ',', '，', ';', '；']).map(str::trim).filter(|s| !s.is_empty())
        {
            let unit = reference.office.unit_named(named).map(|unit| unit.id.clone());
            units.push(unit.ok_or_else(|| FieldError::at("teams", "round-target-unit"))?);
        }
        let team = Team {
            name: name.trim().to_owned(),
            leader: leader.member.person.clone(),
            members: members.iter().map(|each| each.member.clone()).collect(),
            skills: Vec::new(),
        };
        teams.push((team, units));
    }
    if teams.is_empty() { Err(FieldError::at("teams", "form-missing")) } else { Ok(teams) }
}

/// `POST /rounds/{id}/assign`.
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
    let read = read_targets(&app, &filled.text("stops").replace("\r\n", "\n"));
    let (targets, teams) = match (read, read_teams(&app, &round, &filled)) {
        (Ok(targets), Ok(teams)) => (targets, teams),
        (targets, teams) => {
            let errors: Vec<FieldError> = [targets.err(), teams.err()].into_iter().flatten().collect();
            return Ok(refuse(&errors, None));
        }
    };
    let stops = targets.into_iter().map(|target| target.stop).collect();
    let (id, secret, area) = (round.id.clone(), app.envelopes.clone(), app.books.area().to_owned());
    let by = signed.actor.clone();
    let name = if round.plan.sealed { checkpoint::machine() } else { signed.actor.clone() };
    let done = order::carry_out_as(&app, name, &filled, format!("round {id} assign"), move |work| {
        Ok(((), give_out(work, &Circle { by: &by, secret: &secret, area: &area }, &id, teams, stops)?))
    })
    .await;
    let to = |_| format!("/rounds/{}", round.id);
    order::answered(done, to, |refusal| refuse(&[], Some(refusal)))
}

/// Everybody who ever took a step on the task that is looked at.
pub(super) fn earlier(task: &Task) -> Earlier {
    let hands = task.hands.iter().filter(|(step, _)| **step != Step::LookBack);
    let mut earlier = Earlier { task: Some(task.id.clone()), ..Earlier::default() };
    for (_, hands) in hands {
        earlier.persons.extend(hands.persons.iter().cloned());
        earlier.units.extend(hands.units.iter().cloned());
    }
    earlier
}

/// Judges every team and every stop, and records one mission for each team. What is sealed is recorded in nobody's name: the
/// caller's piece of work must be begun so.
///
/// # Errors
/// A refusal naming who may not go where or which target is left over, or the books.
pub fn give_out(
    work: &mut Work<'_>,
    giving: &Circle<'_>,
    id: &RecordId,
    teams: Vec<(Team, Vec<UnitId>)>,
    stops: Vec<Stop>,
) -> Result<Receipt, Failure> {
    let assignment = Assignment {
        mode: Mode::ByHand,
        method: String::new(),
        seed: String::new(),
        input: String::new(),
        input_sha256: String::new(),
        measure: String::new(),
        pairs: pairs(&teams),
    };
    give_out_as(work, giving, id, teams, stops, assignment)
}

/// [`give_out`] of what a method made.
///
/// # Errors
/// As [`give_out`].
pub fn give_out_as(
    work: &mut Work<'_>,
    giving: &Circle<'_>,
    id: &RecordId,
    teams: Vec<(Team, Vec<UnitId>)>,
    mut stops: Vec<Stop>,
    assignment: Assignment,
) -> Result<Receipt, Failure> {
    let round = work.filed::<Round>(id)?.ok_or(Failure::NotFound)?.record;
    let mut hands: BTreeMap<TaskId, Earlier> = BTreeMap::new();
    for stop in &mut stops {
        let Some(id) = &stop.task else { continue };
        let Some(seen) = work.task(id)? else {
            return Err(Refusal::Unknown { field: "stops", value: id.to_string() }.into());
        };
        if stop.place.is_empty() || stop.place == id.as_str() {
            stop.place.clone_from(&seen.record.title);
        }
        stop.at = stop.at.or_else(|| seen.record.points.first().map(|point| -> Place { point.place }));
        hands.insert(id.clone(), earlier(&seen.record));
    }
    let targets: BTreeSet<UnitId> = stops.iter().map(|stop| stop.unit.clone()).collect();
    let year = bihuan_rules::day_of(work.at).year();
    let mut missions: Vec<(RecordId, MissionStep)> = Vec::new();
    for (team, units) in &teams {
        let own: Vec<Stop> = stops.iter().filter(|stop| units.contains(&stop.unit)).cloned().collect();
        let earlier: Vec<Option<Earlier>> =
            own.iter().map(|stop| stop.task.as_ref().and_then(|task| hands.get(task).cloned())).collect();
        let situation = Situation { by: giving.by, ..work.situation("") };
        let step = mission::plan(&situation, &round, team.clone(), own, &earlier)?;
        let first = work.next_code::<Mission>(&format!("X-{year}"))?;
        let next = next_after(&first, missions.len())?;
        missions.push((next, step));
    }
    let sealed = if round.plan.sealed {
        let key = giving.secret.key(giving.area, RecordKind::Round, id);
        Some((key.seal(0, &assignment)?, key.sha256()))
    } else {
        None
    };
    let order = RoundOrder::Assign {
        teams,
        targets,
        missions: missions.iter().map(|(id, _)| id.clone()).collect(),
        assignment: Box::new(assignment),
        sealed,
    };
    let act = round::decide(&Situation { by: giving.by, ..work.situation("") }, Some(&round), order)?;
    let receipt = work.record(Subject::Record(RecordKind::Round, id.clone()), Act::from(act))?;
    for (mission, step) in missions {
        let act = first_act(work, giving, &round, &mission, step)?;
        work.record(Subject::Record(RecordKind::Mission, mission), Act::from(act))?;
    }
    Ok(receipt)
}

fn pairs(teams: &[(Team, Vec<UnitId>)]) -> Vec<(String, UnitId)> {
    teams
        .iter()
        .flat_map(|(team, units)| units.iter().map(|unit| (team.name.clone(), unit.clone())))
        .collect()
}

/// The code that many places after another.
fn next_after(first: &RecordId, places: usize) -> Result<RecordId, Failure> {
    let (prefix, number) = first.as_str().rsplit_once('-').ok_or(Failure::NotFound)?;
    let number: usize = number.parse().map_err(|_| Failure::NotFound)?;
    RecordId::new(format!("{prefix}-{:03}", number + places)).map_err(|_| Failure::NotFound)
}

/// The act that gives a mission out, in the open or in its first envelope.
fn first_act(
    work: &Work<'_>,
    giving: &Circle<'_>,
    round: &Round,
    mission: &RecordId,
    step: MissionStep,
) -> Result<MissionAct, Failure> {
    if !round.plan.sealed {
        return Ok(MissionAct::Given { round: round.id.clone(), step });
    }
    let (person, post): (PersonId, PostId) = (giving.by.person.clone(), giving.by.post.clone());
    let key = giving.secret.key(giving.area, RecordKind::Mission, mission);
    let envelope = key.seal(0, &Kept { person, post, at: work.at, step })?;
    Ok(MissionAct::Sealed { round: round.id.clone(), key_sha256: key.sha256(), envelope })
}
