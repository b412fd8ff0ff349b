//! The situation (情形) in which an order is judged: who, in which post, when, under which rules.

use crate::{
    calendar::Calendar,
    id::{PersonId, PostId, UnitId},
    office::{Level, Office, Role},
    record::Records,
    refusal::Refusal,
    ruleset::Ruleset,
    task::Relation,
};
use jiff::{Timestamp, civil::Date, tz};
use std::collections::BTreeSet;

/// One person acting in one post.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// Who.
    pub person: PersonId,
    /// In which post.
    pub post: PostId,
    /// The unit of the post.
    pub unit: UnitId,
    /// The level of that unit.
    pub level: Level,
    /// What the post may do.
    pub roles: BTreeSet<Role>,
}

/// Everything outside the record that a rule may look at.
#[derive(Debug, Clone, Copy)]
pub struct Situation<'a> {
    /// Who orders.
    pub by: &'a Actor,
    /// When; one instant for the whole request.
    pub at: Timestamp,
    /// The procedure in force for the record.
    pub ruleset: &'a Ruleset,
    /// The working days.
    pub calendar: &'a Calendar,
    /// Units, posts and who holds them.
    pub office: &'a Office,
    /// Duties and whatever else is held in memory with them.
    pub records: &'a Records,
}

impl Situation<'_> {
    /// The day of the act in China Standard Time.
    #[must_use]
    pub fn today(&self) -> Date {
        day_of(self.at)
    }

    /// Only somebody with one of these roles may; the first is the one that a refusal names.
    pub(crate) fn needs(&self, roles: &[Role]) -> Result<(), Refusal> {
        if roles.iter().any(|role| self.by.roles.contains(role)) {
            return Ok(());
        }
        Err(Refusal::NotYours { role: roles[0], relation: Relation::Anyone })
    }

    /// Only the committee or a leader of the district may; the head of a town or a department heads that alone.
    pub(crate) fn needs_leaders(&self) -> Result<(), Refusal> {
        if self.office.is_led_by(self.by) {
            Ok(())
        } else if self.by.roles.contains(&Role::Chief) {
            Err(Refusal::NotYours { role: Role::Chief, relation: Relation::Leadership })
        } else {
            Err(Refusal::NotYours { role: Role::Committee, relation: Relation::Anyone })
        }
    }
}

/// The calendar day of an instant in China Standard Time (UTC+8, no daylight saving).
#[must_use]
pub fn day_of(at: Timestamp) -> Date {
    tz::offset(8).to_datetime(at).date()
}
