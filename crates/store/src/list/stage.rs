//! How far tasks have come (分别统计的环节), counted apart.

/// Stages that are counted apart (分别统计): finished is not accepted, accepted is not signed off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// The unit says it is finished (完成).
    Finished,
    /// Accepted by the department (验收).
    Accepted,
    /// Signed by the leader (审签).
    Signed,
    /// Signed off and filed (销号).
    Closed,
    /// Unfinished, and neither a milestone nor the deadline is past (达到序时进度).
    OnSchedule,
}

impl Stage {
    /// Every stage, in the order of the procedure.
    pub const ALL: [Stage; 5] =
        [Stage::Finished, Stage::Accepted, Stage::Signed, Stage::Closed, Stage::OnSchedule];

    /// The name used in addresses.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Stage::Finished => "finished",
            Stage::Accepted => "accepted",
            Stage::Signed => "signed",
            Stage::Closed => "closed",
            Stage::OnSchedule => "on_schedule",
        }
    }

    /// The condition, with the parameter that holds today.
    pub(crate) fn condition(self, today: usize) -> String {
        match self {
            Stage::Finished => "t.finished_on IS NOT NULL".to_owned(),
            Stage::Accepted => "t.accepted_on IS NOT NULL".to_owned(),
            Stage::Signed => "t.signed_on IS NOT NULL".to_owned(),
            Stage::Closed => "t.closed_on IS NOT NULL".to_owned(),
            Stage::OnSchedule => format!(
                "t.finished_on IS NULL AND t.is_open = 1 AND NOT (COALESCE(t.due_on < ?{today}, FALSE)
                OR COALESCE(t.milestone_on < ?{today}, FALSE))"
            ),
        }
    }
}
