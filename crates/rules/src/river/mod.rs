//! Rivers (河湖): reaches with their line, chiefs of every level and kind, alerts; patrols, plans and schemes beside them.
//!
//! A river is one file (一河一档). Posts are chiefs, not persons; who held the post on a day is asked of the office.

mod act;
mod alert;
mod chief;
mod compliance;
mod decide;
mod duty;
mod patrol;
mod plan;
mod reach;
mod scheme;

pub use act::RiverAct;
pub use alert::{Alert, AlertCause, AlertLevel};
pub use chief::{Chief, ChiefKind, ChiefLevel};
pub use compliance::{Owed, Tally, Trip, Verdict, judge};
pub use decide::{RiverOrder, decide, may_keep};
pub use duty::{AlertDuty, Duty, Every, Governing, PatrolRule, Season};
pub use patrol::{
    FINDINGS_MAX, Finding, Found, Log, Method, PHOTOS_MAX, Patrol, PatrolAct, PatrolOrder, Photo,
    decide as decide_patrol, may_patrol,
};
pub use plan::{
    Opinion, PlanAct, PlanOrder, PlanState, PlanSubject, PlanTask, Planned, RiverPlan, Text as PlanText,
    decide as decide_plan,
};
pub use reach::{POINTS_MAX, POINTS_MIN, Reach, Spot, check_line};
pub use scheme::{
    Per, RiverScheme, Scheme, SchemeAct, SchemeOrder, Slot, SlotKind, SlotState, decide as decide_scheme,
};

use crate::{
    Subject,
    id::{PostId, RecordId, UnitId},
    record::{Kind, Label, Record},
    task::Stamp,
};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Most reaches of a river.
pub const REACHES_MAX: usize = 200;
/// Most chiefs, past ones among them, in a river's file.
pub const CHIEFS_MAX: usize = 5_000;
/// Most alerts, lifted ones among them, in a river's file.
pub const ALERTS_MAX: usize = 2_000;

named! {
    /// What kind of water it is.
    WaterKind {
        /// A river or stream (河流).
        River = "river",
        /// A reservoir or lake (水库、湖泊).
        Reservoir = "reservoir",
    }
}

/// What a river is, as the head of its file states it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outline {
    /// Name.
    pub name: String,
    /// What kind of water.
    pub kind: WaterKind,
    /// The unit that keeps the file (河长办).
    pub office: UnitId,
    /// Length in the district, in metres; 0 for a reservoir.
    pub length_m: u32,
    /// Where it comes from and where it goes.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub course: String,
    /// The rule of patrols, by name.
    pub rule: String,
    /// Duties of this river in place of the rule's.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub duties: Vec<Duty>,
}

/// A river.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct River {
    /// Its code.
    pub id: RecordId,
    /// The head of its file.
    pub outline: Outline,
    /// Its reaches; a reach is named by its place here, from 1.
    pub reaches: Vec<Reach>,
    /// Its chiefs, past ones among them; a chief is named by the place here, from 1.
    pub chiefs: Vec<Chief>,
    /// Its alerts, lifted ones among them.
    pub alerts: Vec<Alert>,
    /// The day it was listed.
    pub listed_on: Date,
}

fn place(n: u32) -> Option<usize> {
    usize::try_from(n).ok()?.checked_sub(1)
}

impl River {
    /// A reach by its place.
    #[must_use]
    pub fn reach(&self, n: u32) -> Option<&Reach> {
        self.reaches.get(place(n)?)
    }

    /// A chief by the place.
    #[must_use]
    pub fn chief(&self, n: u32) -> Option<&Chief> {
        self.chiefs.get(place(n)?)
    }

    /// Reaches with their place, in flow order.
    #[must_use]
    pub fn in_flow_order(&self) -> Vec<(u32, &Reach)> {
        let mut reaches: Vec<(u32, &Reach)> = (1..).zip(&self.reaches).collect();
        reaches.sort_by_key(|(n, reach)| (reach.order, *n));
        reaches
    }

    /// Who answered on that day, with their place: for a reach, those of the whole river among them; or for all.
    pub fn chiefs_on(&self, reach: Option<u32>, on: Date) -> impl Iterator<Item = (u32, &Chief)> {
        (1..).zip(&self.chiefs).filter(move |(_, chief)| {
            chief.is_in_office(on) && (reach.is_none() || chief.reach.is_none() || chief.reach == reach)
        })
    }

    /// The chief seats of a post on that day, with their place.
    pub fn seats_of<'r>(&'r self, post: &'r PostId, on: Date) -> impl Iterator<Item = (u32, &'r Chief)> {
        self.chiefs_on(None, on).filter(move |(_, chief)| chief.post.as_ref() == Some(post))
    }

    /// The highest alert that held on that day for a reach; for the whole river when none is named.
    #[must_use]
    pub fn alert_on(&self, reach: Option<u32>, on: Date) -> Option<AlertLevel> {
        self.alerts.iter().filter(|alert| alert.holds(reach, on)).map(|alert| alert.level).max()
    }

    /// What a chief owed, made and missed in the periods that begin within `since` and `today`. `patrols` are those of
    /// this river, in any order; a patrol counts for the chief on whose account it was made.
    #[must_use]
    pub fn compliance<'p>(
        &self,
        n: u32,
        patrols: impl IntoIterator<Item = &'p Patrol>,
        since: Date,
        today: Date,
    ) -> Tally {
        let Some(chief) = self.chief(n) else { return Tally::default() };
        let rule = PatrolRule::named(&self.outline.rule);
        let mut trips: Vec<Trip> = patrols
            .into_iter()
            .filter(|patrol| patrol.log.river == self.id && patrol.log.chief == n && patrol.stands())
            .map(Patrol::trip)
            .collect();
        trips.sort_by_key(|trip| (trip.from, trip.until));
        let verdicts = judge(rule, &trips);
        let counted: Vec<Date> = trips
            .iter()
            .zip(verdicts)
            .filter(|(_, verdict)| *verdict == Verdict::Counts)
            .map(|(trip, _)| trip.from.date())
            .collect();
        let governing = |on| {
            let alert = self.alert_on(chief.reach, on);
            rule.governing(&self.outline.duties, chief.kind, chief.level, on, alert)
        };
        Tally::reckon(since, today, (chief.from, chief.until), governing, &counted)
    }

    /// Every post that is or was a chief or an assistant here.
    fn posts(&self) -> BTreeSet<&PostId> {
        self.chiefs.iter().flat_map(|chief| chief.post.iter().chain(&chief.assistants)).collect()
    }
}

impl Record for River {
    type Act = RiverAct;
    const KIND: Kind = Kind::River;
    const IS_REFERENCE: bool = true;

    fn step(before: Option<Self>, id: &RecordId, stamp: &Stamp, act: &RiverAct) -> Option<Self> {
        let Some(mut river) = before else {
            let RiverAct::Listed { outline } = act else { return None };
            return Some(River {
                id: id.clone(),
                outline: outline.clone(),
                reaches: Vec::new(),
                chiefs: Vec::new(),
                alerts: Vec::new(),
                listed_on: stamp.on,
            });
        };
        match act {
            RiverAct::Listed { .. } => return None,
            RiverAct::Amended { outline } => river.outline = outline.clone(),
            RiverAct::ReachSet { n, reach } => {
                let at = place(*n)?;
                if at == river.reaches.len() {
                    river.reaches.push(reach.clone());
                } else {
                    *river.reaches.get_mut(at)? = reach.clone();
                }
            }
            RiverAct::ChiefAppointed { chief } => river.chiefs.push(chief.clone()),
            RiverAct::ChiefRelieved { n, until, .. } => {
                river.chiefs.get_mut(place(*n)?)?.until = Some(*until);
            }
            RiverAct::AlertRaised { alert } => river.alerts.push(alert.clone()),
            RiverAct::AlertLifted { n, on, reason } => {
                let alert = river.alerts.get_mut(place(*n)?)?;
                alert.lifted_on = Some(*on);
                alert.lifted_because.clone_from(reason);
            }
        }
        Some(river)
    }

    fn label(&self) -> Label {
        let units = self.reaches.iter().flat_map(|reach| reach.towns.iter().chain([&reach.unit]));
        let about = self.posts().into_iter().cloned().map(Subject::Post);
        let mut about: Vec<Subject> = about.chain(units.cloned().map(Subject::Unit)).collect();
        about.sort();
        about.dedup();
        let is_alerted = self.alerts.iter().any(|alert| alert.lifted_on.is_none());
        Label {
            title: self.outline.name.clone(),
            state: if is_alerted { "alerted" } else { "kept" },
            is_open: true,
            unit: Some(self.outline.office.clone()),
            on: Some(self.listed_on),
            about,
            files: Vec::new(),
        }
    }
}
