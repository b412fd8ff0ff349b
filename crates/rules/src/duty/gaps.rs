//! Gaps (责任空白): where nobody answers, where two do, and what has run out.

use super::{Duty, Wording, in_force};
use crate::{
    id::{PersonId, PostId, RecordId, UnitId},
    office::{Line, Office, Role, UnitKind},
    problem::FIELDS,
    record::{Records, of_kind},
};
use jiff::civil::Date;

/// Everything that is missing in the chain of answers on one day.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Gaps {
    /// Fields of work that no duty in force names.
    pub fields: Vec<&'static str>,
    /// Posts that nobody holds.
    pub vacancies: Vec<PostId>,
    /// Posts that several hold.
    pub doubles: Vec<(PostId, Vec<PersonId>)>,
    /// Duties whose last day is over, though nobody ended them.
    pub lapsed: Vec<RecordId>,
    /// Duties in force whose holders are all closed or vacant.
    pub unheld: Vec<RecordId>,
    /// Towns and the district's leadership without a head on a line.
    pub headless: Vec<(UnitId, Line)>,
    /// Departments and towns that hold no duty at all.
    pub dutyless: Vec<UnitId>,
}

impl Gaps {
    /// How many there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.fields.len()
            + self.vacancies.len()
            + self.doubles.len()
            + self.lapsed.len()
            + self.unheld.len()
            + self.headless.len()
            + self.dutyless.len()
    }
}

/// The gaps on that day. The field `other` is none that anybody could hold.
#[must_use]
pub fn gaps(office: &Office, records: &Records, on: Date) -> Gaps {
    let duties: Vec<(&RecordId, &Wording)> = in_force(records, on).collect();
    let is_open = |unit: &UnitId| {
        office.units.get(unit).is_some_and(|unit| unit.closed_on.is_none_or(|closed| on <= closed))
    };
    let is_held = |post: &PostId| office.holders_on(post, on).next().is_some();
    let named = |field: &&str| duties.iter().any(|(_, wording)| wording.fields.contains(*field));
    let answers = |wording: &Wording| {
        let units = wording.units.iter().any(&is_open);
        units || wording.posts.iter().any(is_held)
    };
    let posts = office.posts.values().filter(|post| is_open(&post.unit));
    let in_loop = |role: &Role| *role != Role::Administrator;
    let mut gaps = Gaps {
        fields: FIELDS.into_iter().filter(|field| *field != "other" && !named(field)).collect(),
        lapsed: of_kind::<Duty>(records)
            .filter(|(_, duty)| !duty.is_ended && duty.draft.is_none() && duty.in_force(on).is_none())
            .filter(|(_, duty)| duty.versions.last().is_some_and(|last| last.wording.from <= on))
            .map(|(id, _)| id.clone())
            .collect(),
        unheld: duties.iter().filter(|(_, wording)| !answers(wording)).map(|(id, _)| (*id).clone()).collect(),
        ..Gaps::default()
    };
    for post in posts.filter(|post| post.roles.iter().any(in_loop)) {
        let holders: Vec<PersonId> =
            office.holders_on(&post.id, on).map(|person| person.id.clone()).collect();
        match holders.len() {
            0 => gaps.vacancies.push(post.id.clone()),
            1 => {}
            _ => gaps.doubles.push((post.id.clone(), holders)),
        }
    }
    for unit in office.units.values().filter(|unit| is_open(&unit.id)) {
        if unit.kind == UnitKind::Town {
            let missing = Line::ALL.into_iter().filter(|line| office.head(&unit.id, *line, on).is_none());
            gaps.headless.extend(missing.map(|line| (unit.id.clone(), line)));
        }
        let should = matches!(unit.kind, UnitKind::Town | UnitKind::Department)
            && office.posts.values().any(|post| post.unit == unit.id && post.roles.iter().any(in_loop));
        if should && !duties.iter().any(|(_, wording)| wording.is_held_by(office, &unit.id)) {
            gaps.dutyless.push(unit.id.clone());
        }
    }
    gaps
}
