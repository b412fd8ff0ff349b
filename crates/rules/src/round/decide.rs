//! What somebody may order about a round.

use super::{
    Assigned, Assignment, CallReserve, Declaration, Drawing, Frame, PARTIES_MIN, Plan, Round, RoundAct,
    RoundKind, RoundState, TEAMS_MAX, Team, checklist, draw, reserve,
};
use crate::{
    id::{RecordId, TaskId, UnitId},
    kept_file::is_digest,
    office::Role,
    problem::FIELDS,
    record::Kind,
    refusal::Refusal,
    situation::Situation,
    task::Relation,
    text,
};
use std::collections::{BTreeMap, BTreeSet};

/// Most units that somebody may declare.
const DECLARED_MAX: usize = 200;
/// Shortest secret of a party, in characters: short ones can be guessed from their digest.
const SECRET_CHARS_MIN: usize = 16;

/// What somebody wants done with a round.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RoundOrder {
    /// Plan it, or change the plan.
    Plan(Plan),
    /// Declare where one may not go: units and words.
    Declare(Vec<UnitId>, String),
    /// Freeze the frame of the look-back draw.
    Freeze(Box<Frame>),
    /// Bind one's unit to a secret.
    Commit(String),
    /// Reveal the secret; with the commitment that belongs to it, as the method computes it.
    Reveal {
        /// The secret.
        secret: String,
        /// What it hashes to.
        commitment: String,
    },
    /// Record that a party does not reveal.
    RefuseReveal {
        /// The party.
        party: UnitId,
        /// What was said.
        reason: String,
    },
    /// Record what was drawn.
    Draw(Drawing),
    /// Give the targets to teams.
    Assign {
        /// Team and the units it looks at.
        teams: Vec<(Team, Vec<UnitId>)>,
        /// Every unit to be covered.
        targets: BTreeSet<UnitId>,
        /// The missions.
        missions: Vec<RecordId>,
        /// How it was done.
        assignment: Box<Assignment>,
        /// Envelope and hash of its key, for a sealed round.
        sealed: Option<(String, String)>,
    },
    /// Send a team to the next reserve, for a drawn task that could not be looked at.
    CallReserve(CallReserve),
    /// Publish the key of the sealed assignment, once every mission is open.
    OpenAssignment {
        /// The key.
        key: String,
        /// What the envelope held.
        assignment: Box<Assignment>,
        /// Missions that are still sealed.
        still_sealed: usize,
    },
    /// End it, once no mission is under way.
    End {
        /// What is to be said.
        note: String,
        /// Missions that are still under way or sealed.
        under_way: usize,
    },
    /// Call it off.
    CallOff(String),
}

/// Judges an order about a round. The office plans, draws and ends; inspectors declare; each party speaks for itself.
///
/// # Errors
/// A [`Refusal`] naming whose step it is, the state it is not open in, or the value that cannot be used.
pub fn decide(
    situation: &Situation<'_>,
    known: Option<&Round>,
    order: RoundOrder,
) -> Result<RoundAct, Refusal> {
    let Some(round) = known else {
        return match order {
            RoundOrder::Plan(plan) => {
                registrar(situation)?;
                Ok(RoundAct::Planned { plan: checked_plan(situation, plan)? })
            }
            _ => Err(Refusal::NotOpen { kind: Kind::Round, state: "none" }),
        };
    };
    let needs = |wanted: RoundState| if round.state == wanted { Ok(()) } else { Err(not_open(round)) };
    match order {
        RoundOrder::Declare(units, note) => declare(situation, round, units, &note),
        RoundOrder::Commit(commitment) => commit(situation, round, &commitment),
        RoundOrder::Reveal { secret, commitment } => reveal(situation, round, &secret, &commitment),
        RoundOrder::RefuseReveal { party, reason } => refuse_reveal(situation, round, party, &reason),
        RoundOrder::Plan(plan) => {
            registrar(situation)?;
            needs(RoundState::Planned)?;
            if round.draw.is_some() {
                return Err(Refusal::OnceOnly);
            }
            Ok(RoundAct::Replanned { plan: checked_plan(situation, plan)? })
        }
        RoundOrder::Freeze(frame) => {
            registrar(situation)?;
            needs(RoundState::Planned)?;
            if round.draw.is_some() {
                return Err(Refusal::OnceOnly);
            }
            if round.plan.kind != RoundKind::LookBack {
                return Err(Refusal::Unknown { field: "kind", value: round.plan.kind.name().to_owned() });
            }
            if round.plan.sealed {
                return Err(Refusal::DrawnInTheOpen);
            }
            Ok(RoundAct::FrameFrozen { frame: checked_frame(situation, *frame)? })
        }
        RoundOrder::Draw(drawing) => {
            registrar(situation)?;
            needs(RoundState::Planned)?;
            let draw = round.draw.as_ref().ok_or(Refusal::Missing { field: "frame" })?;
            if draw.drawing.is_some() {
                return Err(Refusal::OnceOnly);
            }
            if draw.secrets().is_none() {
                return Err(Refusal::Missing { field: "secret" });
            }
            if let Some(beacon) = draw.frame.beacon.filter(|beacon| situation.at < beacon.appears_at) {
                return Err(Refusal::TooEarly { from: crate::day_of(beacon.appears_at) });
            }
            Ok(RoundAct::Drawn { drawing })
        }
        RoundOrder::Assign { teams, targets, missions, assignment, sealed } => {
            organiser(situation, round)?;
            needs(RoundState::Planned)?;
            if round.draw.as_ref().is_some_and(|draw| draw.drawing.is_none()) {
                return Err(Refusal::Missing { field: "drawing" });
            }
            covered(situation, round, &teams, &targets)?;
            if sealed.is_some() != round.plan.sealed || missions.len() != teams.len() {
                return Err(Refusal::Missing { field: "teams" });
            }
            let (envelope, key_sha256) = sealed.unzip();
            let assignment = (!round.plan.sealed).then_some(*assignment);
            let key_sha256 = key_sha256.unwrap_or_default();
            Ok(RoundAct::Assigned { assigned: Assigned { missions, assignment, envelope, key_sha256 } })
        }
        RoundOrder::CallReserve(called) => {
            registrar(situation)?;
            reserve::call(round, called)
        }
        RoundOrder::OpenAssignment { key, assignment, still_sealed } => {
            registrar(situation)?;
            let assigned = round.assigned.as_ref().ok_or_else(|| not_open(round))?;
            if assigned.assignment.is_some() {
                return Err(Refusal::OnceOnly);
            }
            if still_sealed > 0 {
                return Err(Refusal::StillSealed { count: still_sealed });
            }
            Ok(RoundAct::AssignmentOpened { key, assignment: *assignment })
        }
        RoundOrder::End { note, under_way } => {
            registrar(situation)?;
            needs(RoundState::Assigned)?;
            if under_way > 0 {
                return Err(Refusal::StillSealed { count: under_way });
            }
            Ok(RoundAct::Ended { note: text::optional("note", &note, text::PASSAGE_CHARS_MAX)? })
        }
        RoundOrder::CallOff(reason) => {
            registrar(situation)?;
            needs(RoundState::Planned)?;
            Ok(RoundAct::CalledOff { reason: text::required("reason", &reason, text::LINE_CHARS_MAX)? })
        }
    }
}

pub(super) fn not_open(round: &Round) -> Refusal {
    Refusal::NotOpen { kind: Kind::Round, state: round.state.name() }
}

fn registrar(situation: &Situation<'_>) -> Result<(), Refusal> {
    if situation.by.roles.contains(&Role::Registrar) {
        return Ok(());
    }
    Err(Refusal::NotYours { role: Role::Registrar, relation: Relation::Anyone })
}

/// A sealed round is given out by whoever planned it, so that one person more does not know.
fn organiser(situation: &Situation<'_>, round: &Round) -> Result<(), Refusal> {
    registrar(situation)?;
    if round.plan.sealed && situation.by.person != round.organiser {
        return Err(Refusal::OrganiserOnly);
    }
    Ok(())
}

fn checked_plan(situation: &Situation<'_>, plan: Plan) -> Result<Plan, Refusal> {
    situation.office.open_unit("organ", &plan.organ)?;
    if let Some(field) = plan.fields.iter().find(|field| !FIELDS.contains(&field.as_str())) {
        return Err(Refusal::Unknown { field: "fields", value: field.clone() });
    }
    if plan.until < plan.from {
        return Err(Refusal::DateBefore { field: "until", limit: plan.from });
    }
    Ok(Plan {
        title: text::required("title", &plan.title, text::LINE_CHARS_MAX)?,
        scope: text::optional("scope", &plan.scope, text::PASSAGE_CHARS_MAX)?,
        checklist: checklist::checked(plan.checklist)?,
        ..plan
    })
}

fn declare(
    situation: &Situation<'_>,
    round: &Round,
    units: Vec<UnitId>,
    note: &str,
) -> Result<RoundAct, Refusal> {
    if !situation.by.roles.contains(&Role::Inspector) {
        return Err(Refusal::NotYours { role: Role::Inspector, relation: Relation::Anyone });
    }
    if !round.is_open() {
        return Err(not_open(round));
    }
    if units.len() > DECLARED_MAX {
        return Err(Refusal::TooMany { field: "units", limit: DECLARED_MAX });
    }
    for unit in &units {
        situation.office.open_unit("units", unit)?;
    }
    let note = if units.is_empty() {
        text::optional("note", note, text::LINE_CHARS_MAX)?
    } else {
        text::required("note", note, text::LINE_CHARS_MAX)?
    };
    let (person, post) = (situation.by.person.clone(), situation.by.post.clone());
    Ok(RoundAct::Declared { declaration: Declaration { person, post, units, note, on: situation.today() } })
}

fn checked_frame(situation: &Situation<'_>, frame: Frame) -> Result<Frame, Refusal> {
    if frame.rows.len() > draw::ROWS_MAX {
        return Err(Refusal::TooMany { field: "frame", limit: draw::ROWS_MAX });
    }
    let count = usize::try_from(frame.draw).unwrap_or(usize::MAX);
    if count == 0 || count > frame.rows.len() {
        return Err(Refusal::Unknown { field: "draw", value: frame.draw.to_string() });
    }
    if !is_digest(&frame.sha256) {
        return Err(Refusal::Missing { field: "frame" });
    }
    let parties: BTreeSet<&UnitId> = frame.parties.iter().collect();
    if parties.len() < PARTIES_MIN || parties.len() != frame.parties.len() {
        return Err(Refusal::TooFewParties { needed: PARTIES_MIN });
    }
    for party in &frame.parties {
        situation.office.open_unit("parties", party)?;
    }
    if frame.reveal_by < situation.today() {
        return Err(Refusal::DateBefore { field: "reveal_by", limit: situation.today() });
    }
    if frame.beacon.is_some_and(|beacon| beacon.appears_at <= situation.at) {
        return Err(Refusal::DateBefore { field: "beacon_round", limit: situation.today() });
    }
    let stands = |task: &TaskId| frame.rows.iter().any(|row| &row.task == task);
    for apart in frame.excluded.iter().chain(&frame.purposive) {
        text::required("purposive", &apart.reason, text::LINE_CHARS_MAX)?;
        if stands(&apart.task) {
            return Err(Refusal::Taken { field: "purposive", value: apart.task.to_string() });
        }
    }
    Ok(Frame { title: text::required("title", &frame.title, text::LINE_CHARS_MAX)?, ..frame })
}

fn commit(situation: &Situation<'_>, round: &Round, commitment: &str) -> Result<RoundAct, Refusal> {
    let draw = round.draw.as_ref().filter(|_| round.state == RoundState::Planned);
    let draw = draw.ok_or_else(|| not_open(round))?;
    let party = party_of(situation, &draw.frame)?;
    if draw.party(&party).is_some() {
        return Err(Refusal::OnceOnly);
    }
    if !is_digest(commitment) {
        return Err(Refusal::Missing { field: "commitment" });
    }
    if let Some(other) = draw.commitments.iter().find(|each| each.commitment == commitment) {
        return Err(Refusal::Taken { field: "commitment", value: other.party.to_string() });
    }
    Ok(RoundAct::Committed { party, commitment: commitment.to_owned() })
}

fn party_of(situation: &Situation<'_>, frame: &Frame) -> Result<UnitId, Refusal> {
    let own = frame.parties.iter().find(|party| **party == situation.by.unit);
    own.cloned().ok_or(Refusal::NotYours { role: Role::Responsible, relation: Relation::Lead })
}

fn reveal(
    situation: &Situation<'_>,
    round: &Round,
    secret: &str,
    commitment: &str,
) -> Result<RoundAct, Refusal> {
    let draw = round.draw.as_ref().filter(|_| round.state == RoundState::Planned);
    let draw = draw.ok_or_else(|| not_open(round))?;
    let party = party_of(situation, &draw.frame)?;
    let bound = draw.party(&party).ok_or(Refusal::Missing { field: "commitment" })?;
    if !draw.all_committed() {
        return Err(Refusal::NotAllCommitted);
    }
    if bound.secret.is_some() {
        return Err(Refusal::OnceOnly);
    }
    if secret.chars().count() < SECRET_CHARS_MIN || bound.commitment != commitment {
        return Err(Refusal::NotTheSecret);
    }
    Ok(RoundAct::Revealed { party, secret: secret.to_owned() })
}

fn refuse_reveal(
    situation: &Situation<'_>,
    round: &Round,
    party: UnitId,
    reason: &str,
) -> Result<RoundAct, Refusal> {
    let draw = round.draw.as_ref().filter(|_| round.state == RoundState::Planned);
    let draw = draw.ok_or_else(|| not_open(round))?;
    let bound = draw.party(&party).ok_or(Refusal::Missing { field: "commitment" })?;
    if bound.secret.is_some() {
        return Err(Refusal::OnceOnly);
    }
    if situation.by.unit != party {
        registrar(situation)?;
        if situation.today() <= draw.frame.reveal_by {
            return Err(Refusal::TooEarly {
                from: draw.frame.reveal_by.tomorrow().unwrap_or(draw.frame.reveal_by),
            });
        }
    }
    let reason = text::required("reason", reason, text::LINE_CHARS_MAX)?;
    Ok(RoundAct::RevealRefused { party, reason })
}

/// Every target once, nobody in two teams, and in a cross round no two teams that check each other.
fn covered(
    situation: &Situation<'_>,
    round: &Round,
    teams: &[(Team, Vec<UnitId>)],
    targets: &BTreeSet<UnitId>,
) -> Result<(), Refusal> {
    if teams.is_empty() {
        return Err(Refusal::Missing { field: "teams" });
    }
    if teams.len() > TEAMS_MAX {
        return Err(Refusal::TooMany { field: "teams", limit: TEAMS_MAX });
    }
    let name =
        |unit: &UnitId| situation.office.units.get(unit).map_or_else(|| unit.to_string(), |u| u.name.clone());
    let mut by_unit: BTreeMap<&UnitId, usize> = BTreeMap::new();
    let mut persons = BTreeSet::new();
    for (n, (team, units)) in teams.iter().enumerate() {
        for member in &team.members {
            if !persons.insert(&member.person) {
                return Err(Refusal::Taken {
                    field: "members",
                    value: super::team::named(situation, &member.person),
                });
            }
        }
        for unit in units {
            if by_unit.insert(unit, n).is_some() {
                return Err(Refusal::Taken { field: "targets", value: name(unit) });
            }
        }
    }
    if let Some(missed) = targets.iter().find(|target| !by_unit.contains_key(target)) {
        return Err(Refusal::Uncovered { unit: name(missed) });
    }
    if round.plan.kind != RoundKind::CrossCovert {
        return Ok(());
    }
    let goes = |from: &UnitId, to: &UnitId| {
        by_unit.get(to).is_some_and(|n| teams[*n].0.members.iter().any(|member| &member.unit == from))
    };
    for (team, units) in teams {
        for (own, unit) in
            team.members.iter().flat_map(|member| units.iter().map(move |unit| (&member.unit, unit)))
        {
            if by_unit.contains_key(own) && goes(unit, own) {
                return Err(Refusal::MutualPair { one: name(own), other: name(unit) });
            }
        }
    }
    Ok(())
}
