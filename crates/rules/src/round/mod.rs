//! Inspection rounds (巡查轮次): what is looked at, by which teams, with which checklist, and how the targets were chosen.
//!
//! A round is planned; inspectors declare where they may not go; then its targets are given to teams, by hand or by a draw, and
//! a look-back round draws first which closed problems are looked at again. The visits themselves are missions
//! ([`crate::mission`]), what is seen becomes findings ([`crate::finding`]).

mod act;
mod checklist;
mod decide;
mod draw;
mod recusal;
mod reserve;
mod team;
mod weigh;

pub use act::RoundAct;
pub(crate) use checklist::checked as checked_items;
pub use checklist::{CHECK_ITEMS_MAX, CheckItem};
pub use decide::{RoundOrder, decide};
pub use draw::{
    Beacon, Chance, Choice, Commitment, Drawing, Frame, FrameRow, LookBackDraw, PARTIES_MIN, SetApart,
};
pub(crate) use recusal::team_may_look;
pub use recusal::{Declaration, Earlier, Recusal, recused};
pub use reserve::{CallReserve, SteppedIn};
pub use team::{Assignment, MEMBERS_MAX, Member, Mode, TEAMS_MAX, Team, checked_team};
pub use weigh::{FRESH_DAYS, Past, Risk, weigh};

use crate::{
    Subject,
    id::{PersonId, RecordId, UnitId},
    record::{Kind, Label, Record},
    task::Stamp,
};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// What kind of round it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RoundKind {
    /// Teams check areas not their own, unannounced (交叉暗访).
    CrossCovert,
    /// One field, or one campaign (专项检查).
    Special,
    /// Closed problems are looked at again (回头看).
    LookBack,
    /// Regular patrol (日常巡查).
    Patrol,
}

impl RoundKind {
    /// Every kind.
    pub const ALL: [RoundKind; 4] =
        [RoundKind::CrossCovert, RoundKind::Special, RoundKind::LookBack, RoundKind::Patrol];

    /// The name used in message keys and records.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            RoundKind::CrossCovert => "cross_covert",
            RoundKind::Special => "special",
            RoundKind::LookBack => "look_back",
            RoundKind::Patrol => "patrol",
        }
    }
}

/// What a round is to look at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// Title, such as 2021年第6轮交叉暗访.
    pub title: String,
    /// What kind of round it is.
    pub kind: RoundKind,
    /// The unit that organises it.
    pub organ: UnitId,
    /// Fields of work it looks at; empty for all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<String>,
    /// First day.
    pub from: Date,
    /// Last day.
    pub until: Date,
    /// What lies within it, in words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub scope: String,
    /// Teams, targets and results are sealed until each mission is opened (四不两直).
    pub sealed: bool,
    /// What is asked at every stop.
    pub checklist: Vec<CheckItem>,
}

/// How a round stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RoundState {
    /// Being prepared: plan, declarations, draw.
    Planned,
    /// Teams have their targets.
    Assigned,
    /// Over.
    Ended,
    /// Its draw is void because a party refused to reveal (抽取作废).
    DrawVoid,
    /// Called off.
    CalledOff,
}

impl RoundState {
    /// Every state.
    pub const ALL: [RoundState; 5] = [
        RoundState::Planned,
        RoundState::Assigned,
        RoundState::Ended,
        RoundState::DrawVoid,
        RoundState::CalledOff,
    ];

    /// The name used in message keys and records.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            RoundState::Planned => "planned",
            RoundState::Assigned => "assigned",
            RoundState::Ended => "ended",
            RoundState::DrawVoid => "draw_void",
            RoundState::CalledOff => "called_off",
        }
    }
}

/// How the targets came to the teams: in the open, or in an envelope until the round's key is published.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assigned {
    /// The missions, one for each team.
    pub missions: Vec<RecordId>,
    /// How it was done; nothing while it is sealed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assignment: Option<Assignment>,
    /// The same, unreadable, while it is sealed; kept afterwards.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub envelope: Option<String>,
    /// SHA-256 of the key of the envelope.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub key_sha256: String,
}

/// A round.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Round {
    /// Its code.
    pub id: RecordId,
    /// How it stands.
    pub state: RoundState,
    /// What it looks at.
    pub plan: Plan,
    /// Who planned it and keeps its secrets.
    pub organiser: PersonId,
    /// Who declared where they may not go; the newest declaration of a person counts.
    pub declarations: Vec<Declaration>,
    /// The draw of closed problems, for a look-back round.
    pub draw: Option<LookBackDraw>,
    /// Who looks at what, once given out.
    pub assigned: Option<Assigned>,
    /// What was said when it ended or was called off.
    pub note: String,
}

impl Round {
    /// The declaration in force of a person.
    #[must_use]
    pub fn declared(&self, person: &PersonId) -> Option<&Declaration> {
        self.declarations.iter().rev().find(|each| &each.person == person)
    }

    /// Whether something is still to be done about it.
    #[must_use]
    pub fn is_open(&self) -> bool {
        matches!(self.state, RoundState::Planned | RoundState::Assigned)
    }
}

impl Record for Round {
    type Act = RoundAct;
    const KIND: Kind = Kind::Round;

    fn step(before: Option<Self>, id: &RecordId, stamp: &Stamp, act: &RoundAct) -> Option<Self> {
        let Some(mut round) = before else {
            let RoundAct::Planned { plan } = act else { return None };
            return Some(Round {
                id: id.clone(),
                state: RoundState::Planned,
                plan: plan.clone(),
                organiser: stamp.person.clone(),
                declarations: Vec::new(),
                draw: None,
                assigned: None,
                note: String::new(),
            });
        };
        match act {
            RoundAct::Planned { .. } => return None,
            RoundAct::Replanned { plan } => round.plan = plan.clone(),
            RoundAct::Declared { declaration } => round.declarations.push(declaration.clone()),
            RoundAct::FrameFrozen { frame } => round.draw = Some(LookBackDraw::new(frame.clone(), stamp.on)),
            RoundAct::Committed { party, commitment } => {
                round.draw.as_mut()?.commit(party, commitment, stamp)?;
            }
            RoundAct::Revealed { party, secret } => {
                round.draw.as_mut()?.party_mut(party)?.secret = Some(secret.clone());
            }
            RoundAct::RevealRefused { party, reason } => {
                round.draw.as_mut()?.party_mut(party)?.refused = Some(reason.clone());
                round.state = RoundState::DrawVoid;
            }
            RoundAct::Drawn { drawing } => round.draw.as_mut()?.drawing = Some(drawing.clone()),
            RoundAct::SteppedIn { absent, reason, reserve, mission } => {
                round.draw.as_mut()?.step_in(SteppedIn {
                    absent: absent.clone(),
                    reason: reason.clone(),
                    reserve: reserve.clone(),
                    mission: mission.clone(),
                    post: stamp.post.clone(),
                    on: stamp.on,
                })?;
                round.assigned.as_mut()?.missions.push(mission.clone());
            }
            RoundAct::Assigned { assigned } => {
                round.state = RoundState::Assigned;
                round.assigned = Some(assigned.clone());
            }
            RoundAct::AssignmentOpened { assignment, .. } => {
                round.assigned.as_mut()?.assignment = Some(assignment.clone());
            }
            RoundAct::Ended { note } => {
                round.state = RoundState::Ended;
                round.note.clone_from(note);
            }
            RoundAct::CalledOff { reason } => {
                round.state = RoundState::CalledOff;
                round.note.clone_from(reason);
            }
        }
        Some(round)
    }

    fn label(&self) -> Label {
        let missions = self.assigned.iter().flat_map(|assigned| &assigned.missions);
        let parties = self.draw.iter().flat_map(|draw| &draw.frame.parties);
        let mut about: Vec<Subject> = missions
            .map(|mission| Subject::Record(Kind::Mission, mission.clone()))
            .chain(parties.map(|party| Subject::Unit(party.clone())))
            .collect();
        about.sort();
        about.dedup();
        Label {
            title: self.plan.title.clone(),
            state: self.state.name(),
            is_open: self.is_open(),
            unit: Some(self.plan.organ.clone()),
            on: Some(self.plan.from),
            about,
            files: Vec::new(),
        }
    }
}
