//! One round: plan, checklist, declarations, draw, teams, and what came of it.

use super::{
    cross,
    draw::{
        rates::{self, Rates},
        step,
    },
    draw_words, find, may_plan, state,
};
use crate::{
    app::App,
    failure::Failure,
    finding::{self, Row as FindingRow},
    frame::{Frame, show},
    locale::Locale,
    mission::{self, course},
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
    access::{Reach, Room},
    finding::Finding,
    mission::Mission,
    office::Role,
    record::Kind,
    round::{CheckItem, Round, RoundKind, RoundState},
};
use bihuan_store::shelf;

/// A mission as this reader may know it.
struct Team {
    id: String,
    known: Option<(String, String, String)>,
    state: (String, &'static str),
}

#[derive(Template)]
#[template(path = "round/show.html")]
struct View {
    frame: Frame,
    id: String,
    state: (String, &'static str),
    sealed: bool,
    facts: Vec<(String, String)>,
    note: String,
    checklist: Vec<CheckItem>,
    declarations: Vec<(String, String, String)>,
    shows_declarations: bool,
    draw: String,
    rates: Rates,
    assignment: Vec<(String, String)>,
    assignment_facts: Vec<(String, String)>,
    command: String,
    envelope: String,
    teams: Vec<Team>,
    findings: Vec<FindingRow>,
    steps: Vec<(&'static str, String)>,
}

fn facts(app: &App, locale: Locale, round: &Round) -> Vec<(String, String)> {
    let reference = app.reference();
    let plan = &round.plan;
    let mut facts = vec![
        (
            locale.say("field-round-kind"),
            locale.say(&format!("round-kind-{}", plan.kind.name().replace('_', "-"))),
        ),
        (locale.say("round-period"), format!("{} – {}", locale.date(plan.from), locale.date(plan.until))),
        (locale.say("field-organiser"), words::unit(&reference.office, plan.organ.as_str())),
    ];
    if !plan.fields.is_empty() {
        let fields =
            plan.fields.iter().map(|field| locale.say(&format!("work-field-{}", field.replace('_', "-"))));
        facts.push((locale.say("field-field"), fields.collect::<Vec<_>>().join("、")));
    }
    if !plan.scope.is_empty() {
        facts.push((locale.say("field-round-scope"), plan.scope.clone()));
    }
    facts
}

/// The steps that are open to this reader; the rules decide for good.
fn steps(signed: &Signed, round: &Round, sealed_missions: usize) -> Vec<&'static str> {
    let mut steps = Vec::new();
    let plans = may_plan(signed);
    let organises = plans && (!round.plan.sealed || signed.actor.person == round.organiser);
    let planned = round.state == RoundState::Planned;
    let drawn = round.draw.as_ref().is_none_or(|draw| draw.drawing.is_some());
    let waits = round.plan.kind == RoundKind::LookBack && !round.plan.sealed && round.draw.is_none();
    if planned && plans && waits {
        steps.push("draw/freeze");
    }
    steps.extend(step::open_to(signed, round).into_iter().filter_map(|step| match step {
        step::Step::Commit => Some("draw/commit"),
        step::Step::Reveal => Some("draw/reveal"),
        step::Step::Run => Some("draw/run"),
        step::Step::Freeze | step::Step::Refuse => None,
    }));
    if planned && organises && drawn {
        if round.plan.kind == RoundKind::CrossCovert {
            steps.push("cross");
        }
        steps.push("assign");
    }
    if planned && plans && round.draw.is_none() {
        steps.push("edit");
    }
    if round.is_open() && signed.actor.roles.contains(&Role::Inspector) {
        steps.push("declare");
    }
    if plans && round.state == RoundState::Assigned {
        let open = round.assigned.as_ref().is_some_and(|assigned| assigned.assignment.is_some());
        if !open && sealed_missions == 0 {
            steps.push("publish");
        }
        steps.push("end");
    }
    if plans && planned {
        steps.push("call-off");
    }
    steps
}

/// `GET /rounds/{id}`.
pub async fn get(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let reader = signed.clone();
    let (round, missions, findings, seen) = app
        .books
        .ask(move |connection| {
            let round = find(connection, &reader, &id)?.record;
            let subject = Subject::Record(Kind::Round, round.id.clone());
            let mut missions = shelf::about::<Mission>(connection, &subject, super::ROWS_MAX)?;
            missions.sort_by(|a, b| a.0.cmp(&b.0));
            let findings = shelf::about::<Finding>(connection, &subject, super::ROWS_MAX)?;
            let seen = rates::seen(connection, &round)?;
            Ok::<_, Failure>((round, missions, findings, seen))
        })
        .await?;
    let reference = app.reference();
    let office = &reference.office;
    let name = |id: &bihuan_rules::id::PersonId| {
        office.persons.get(id).map_or_else(|| id.to_string(), |person| person.name.clone())
    };
    let mut teams = Vec::new();
    for (id, seen) in &missions {
        let known = course::known(&app, &signed, &round, &seen.record)?;
        let may_enter = signed.actor.may_enter(Room::Missions);
        teams.push(Team {
            id: id.to_string(),
            state: match &known {
                Some(course) => mission::state(locale, &seen.record, course),
                None if seen.record.is_sealed() => (locale.say("mission-sealed"), "stop"),
                None => (locale.say("mission-state-given"), "near"),
            },
            known: known.map(|course| {
                let left = course.visits.iter().filter(|visit| visit.left.is_some()).count();
                let href = if may_enter { format!("/missions/{id}") } else { String::new() };
                let stops = format!("{left} / {}", course.visits.len());
                (href, format!("{} · {}", course.team.name, mission::members(office, &course)), stops)
            }),
        });
    }
    let sealed_missions = missions.iter().filter(|(_, seen)| seen.record.is_sealed()).count();
    let assigned = round.assigned.as_ref();
    let assignment = assigned.and_then(|assigned| assigned.assignment.as_ref());
    let sees = signed.actor.reach() == Reach::Whole;
    let mut assignment_facts = Vec::new();
    if let Some(assignment) = assignment {
        let mut add = |key: &str, value: String| {
            if !value.is_empty() {
                assignment_facts.push((locale.say(key), value));
            }
        };
        add("field-mode", locale.say(&format!("round-mode-{}", assignment.mode.name().replace('_', "-"))));
        add("round-method", assignment.method.clone());
        add("round-seed", assignment.seed.clone());
        add("round-input-hash", assignment.input_sha256.clone());
        add("round-measure", cross::measure_words(locale, assignment).join(" "));
    }
    let may_know = |person: &bihuan_rules::id::PersonId| {
        may_plan(&signed) || signed.actor.roles.contains(&Role::Auditor) || person == &signed.actor.person
    };
    let frame = Frame::new(&app, locale, &signed, Room::Rounds, round.plan.title.clone())
        .below("/rounds", locale.say("room-rounds"));
    let view = View {
        id: round.id.to_string(),
        state: state(locale, &round),
        sealed: round.plan.sealed && round.is_open(),
        facts: facts(&app, locale, &round),
        note: round.note.clone(),
        checklist: round.plan.checklist.clone(),
        declarations: round
            .declarations
            .iter()
            .filter(|each| may_know(&each.person))
            .map(|each| {
                let units = each.units.iter().map(|unit| words::unit(office, unit.as_str()));
                let units: Vec<String> = units.collect();
                let what = if units.is_empty() {
                    locale.say("round-declared-nothing")
                } else {
                    format!("{} · {}", units.join("、"), each.note)
                };
                (
                    format!("{} {}", name(&each.person), words::post(office, &each.post)),
                    what,
                    locale.date(each.on),
                )
            })
            .collect(),
        shows_declarations: sees,
        draw: draw_words(locale, &round),
        rates: rates::rates(&app, locale, &round, &seen),
        assignment: assignment
            .iter()
            .flat_map(|assignment| &assignment.pairs)
            .map(|(team, unit)| (team.clone(), words::unit(office, unit.as_str())))
            .collect(),
        assignment_facts,
        command: assignment.map(|assignment| cross::command(&round, assignment)).unwrap_or_default(),
        envelope: assigned
            .filter(|assigned| assigned.assignment.is_none())
            .map(|assigned| assigned.key_sha256.clone())
            .unwrap_or_default(),
        teams: if sees { teams } else { Vec::new() },
        findings: if sees {
            findings.iter().map(|(_, seen)| finding::row(locale, office, &seen.record)).collect()
        } else {
            Vec::new()
        },
        steps: steps(&signed, &round, sealed_missions)
            .into_iter()
            .map(|step| {
                (step, locale.say(&format!("round-step-{}", step.rsplit('/').next().unwrap_or(step))))
            })
            .collect(),
        frame,
    };
    Ok(show(StatusCode::OK, &view))
}
