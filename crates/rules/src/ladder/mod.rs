//! Pressure (梯次措施): reminder, cards, supervision letter, interview, listed supervision, raising, transfer of clues.
//!
//! A ladder is data; it proposes with facts, a person decides, the unit answers or objects, somebody else verifies, leaders lift. No
//! sanction is ever computed: a clue is handed over, and what the organ says is noted.

mod case;
mod decide;
mod propose;
mod rulebook;
mod stage;

pub use case::{Asked, Case, CaseAct, CaseState, Meeting, Opening, Publication};
pub use decide::{CaseOrder, EXTENSION_DAYS_MAX, decide, is_free};
pub use propose::{Ground, Proposal, propose};
pub use rulebook::{Earlier, Extension, Ladder, LadderFlaw, Row, Rung, Step, ladders, named};
