//! What may happen to a round.

use super::{Assigned, Assignment, Declaration, Drawing, Frame, Plan};
use crate::id::{RecordId, TaskId, UnitId};
use serde::{Deserialize, Serialize};

/// What happened to a round.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "body", rename_all = "snake_case")]
pub enum RoundAct {
    /// Planned.
    Planned {
        /// What it is to look at.
        plan: Plan,
    },
    /// Changed before its targets were given out.
    Replanned {
        /// What it is to look at.
        plan: Plan,
    },
    /// Somebody declared where they may not go (回避申报).
    Declared {
        /// What was declared.
        declaration: Declaration,
    },
    /// The frame of the look-back draw was frozen (抽样框冻结).
    FrameFrozen {
        /// The frame.
        frame: Frame,
    },
    /// A party bound itself to its secret (承诺).
    Committed {
        /// The party.
        party: UnitId,
        /// SHA-256 of the secret, after its domain; lower-case hexadecimal.
        commitment: String,
    },
    /// A party revealed its secret (揭示).
    Revealed {
        /// The party.
        party: UnitId,
        /// The secret.
        secret: String,
    },
    /// A party refused to reveal, or let the day pass: the draw is void (拒绝揭示).
    RevealRefused {
        /// The party.
        party: UnitId,
        /// What was said.
        reason: String,
    },
    /// Drawn.
    Drawn {
        /// What was drawn, and from which seed.
        drawing: Drawing,
    },
    /// A reserve stepped in for a drawn task that could not be looked at (备选递补).
    SteppedIn {
        /// The task that could not be looked at.
        absent: TaskId,
        /// Why not.
        reason: String,
        /// The reserve, the next by the published order.
        reserve: TaskId,
        /// The mission that goes there.
        mission: RecordId,
    },
    /// The targets were given to teams.
    Assigned {
        /// Missions, and how it was done.
        assigned: Assigned,
    },
    /// The key of a sealed assignment was published (公开抽取过程).
    AssignmentOpened {
        /// The key, lower-case hexadecimal.
        key: String,
        /// What the envelope held.
        assignment: Assignment,
    },
    /// Over.
    Ended {
        /// What was said.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        note: String,
    },
    /// Called off.
    CalledOff {
        /// Why.
        reason: String,
    },
}
