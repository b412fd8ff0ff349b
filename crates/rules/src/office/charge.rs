//! Charge (分工): what a post answers for in its unit, from a day on.
//!
//! 党政同责 gives every area two equal first persons, the head of its party committee and the head of its government; 一岗双责 gives
//! a post the ecological duty for the fields of business it is in charge of. Both are dated, because it is asked who answered on a day.

use super::{Office, Post, UnitKind};
use crate::{
    id::{PostId, UnitId},
    problem::FIELDS,
    refusal::Refusal,
};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Which of the two equal heads of an area a post is (党政同责).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Line {
    /// Head of the party committee (党委主要负责人).
    Party,
    /// Head of the government, or of a department (行政主要负责人).
    Government,
}

impl Line {
    /// Both, in protocol order.
    pub const ALL: [Line; 2] = [Line::Party, Line::Government];

    /// The name used in message keys and records.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Line::Party => "party",
            Line::Government => "government",
        }
    }
}

/// What a post answers for from a day on, until the next charge of the same post.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Charge {
    /// The post.
    pub post: PostId,
    /// First day.
    pub from: Date,
    /// It is the head of its unit on this line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub heads: Option<Line>,
    /// Fields of business it is in charge of, each one of [`FIELDS`] (一岗双责).
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub fields: BTreeSet<String>,
}

impl Charge {
    /// Whether it is in charge of a field without heading its unit (一岗双责).
    #[must_use]
    pub fn is_in_charge_of(&self, field: &str) -> bool {
        self.heads.is_none() && self.fields.contains(field)
    }
}

impl Office {
    /// What the post answers for on that day.
    #[must_use]
    pub fn charge_on(&self, post: &PostId, on: Date) -> Option<&Charge> {
        let begun = self.charges.partition_point(|charge| (&charge.post, charge.from) <= (post, on));
        self.charges[..begun].last().filter(|charge| &charge.post == post)
    }

    /// The posts of units, each with what it answers for on that day, in the order of the posts' codes: one look through the
    /// charges, however many units.
    #[must_use]
    pub fn charged_in(&self, units: &[&UnitId], on: Date) -> Vec<(&Post, &Charge)> {
        let of_post = self.charges.chunk_by(|one, other| one.post == other.post);
        let charged = of_post.filter_map(|terms| {
            let begun = terms.partition_point(|charge| charge.from <= on);
            let charge = terms[..begun].last()?;
            Some((self.posts.get(&charge.post)?, charge))
        });
        charged.filter(|(post, _)| units.contains(&&post.unit)).collect()
    }

    /// The head of a unit on one line on that day.
    #[must_use]
    pub fn head(&self, unit: &UnitId, line: Line, on: Date) -> Option<&Post> {
        let heads = |post: &&Post| {
            &post.unit == unit
                && self.charge_on(&post.id, on).is_some_and(|charge| charge.heads == Some(line))
        };
        self.posts.values().find(heads)
    }

    /// The posts of a unit in charge of a field on that day, its heads left out.
    pub fn in_charge<'a>(
        &'a self,
        unit: &'a UnitId,
        field: &'a str,
        on: Date,
    ) -> impl Iterator<Item = &'a Post> {
        let charged = self.charged_in(&[unit], on).into_iter();
        charged.filter(move |(_, charge)| charge.is_in_charge_of(field)).map(|(post, _)| post)
    }

    /// Whether the post speaks for its whole unit on that day: it heads it, or nobody does and it is in charge of something.
    #[must_use]
    pub fn answers_for_unit(&self, post: &PostId, on: Date) -> bool {
        let Some(unit) = self.posts.get(post).map(|post| &post.unit) else { return false };
        match self.charge_on(post, on) {
            Some(charge) if charge.heads.is_some() => true,
            Some(charge) => {
                !charge.fields.is_empty() && Line::ALL.iter().all(|line| self.head(unit, *line, on).is_none())
            }
            None => false,
        }
    }

    /// The posts whose holders lead on that day (领导岗位): those of the leadership of the area, and the heads of towns and departments.
    pub fn leaders(&self, on: Date) -> impl Iterator<Item = &Post> {
        self.posts.values().filter(move |post| {
            let unit = self.units.get(&post.unit);
            let is_open = unit.is_some_and(|unit| unit.closed_on.is_none_or(|closed| on <= closed));
            let leads = unit.is_some_and(|unit| unit.kind == UnitKind::Leadership)
                || self.charge_on(&post.id, on).is_some_and(|charge| charge.heads.is_some());
            is_open && leads
        })
    }

    /// A charge names a post that is there and fields that exist; a unit has one head on each line.
    pub(super) fn may_charge(&self, charge: &Charge) -> Result<(), Refusal> {
        let unknown = |field, value: &str| Refusal::Unknown { field, value: value.to_owned() };
        let post = self.posts.get(&charge.post).ok_or_else(|| unknown("post", charge.post.as_str()))?;
        if let Some(field) = charge.fields.iter().find(|field| !FIELDS.contains(&field.as_str())) {
            return Err(unknown("fields", field));
        }
        if let Some(line) = charge.heads
            && let Some(other) = self.head(&post.unit, line, charge.from)
            && other.id != charge.post
        {
            return Err(Refusal::Taken { field: "heads", value: other.title.clone() });
        }
        let latest =
            self.charges.iter().filter(|known| known.post == charge.post).map(|known| known.from).max();
        match latest.filter(|latest| charge.from < *latest) {
            Some(limit) => Err(Refusal::DateBefore { field: "charged_from", limit }),
            None => Ok(()),
        }
    }
}
