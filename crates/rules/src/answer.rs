//! Who answers (责任链): the posts and units that answer for an area, a unit or a task on a day, and why.
//!
//! 党政同责 puts both equal heads on the chain of their area; 一岗双责 adds the post in charge of the field. The chain is reckoned from
//! dated holders, charges and duties, so it can be asked for any day.

use crate::{
    duty,
    id::{PersonId, PostId, RecordId, UnitId},
    office::{Charge, Line, Office, Post},
    record::Records,
    task::Parties,
};
use jiff::civil::Date;
use std::collections::BTreeSet;

/// Why somebody stands on a chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Because {
    /// Head of the district's party committee or government (党政同责).
    DistrictHead(Line),
    /// In charge of the field for the district (一岗双责).
    DistrictField,
    /// Guarantor (包保).
    Guarantor,
    /// Lead unit (牵头).
    Lead,
    /// Head of the lead unit.
    LeadHead,
    /// In charge of the field in the lead unit.
    LeadField,
    /// Head of the area's party committee or government (党政同责).
    AreaHead(Line),
    /// In charge of the field in the area (一岗双责).
    AreaField,
    /// Co-unit (配合).
    Co,
    /// Supervising unit (督导).
    Supervising,
    /// Acceptance unit (验收).
    Acceptance,
}

impl Because {
    /// The name used in message keys.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Because::DistrictHead(Line::Party) => "district-party",
            Because::DistrictHead(Line::Government) => "district-government",
            Because::DistrictField => "district-field",
            Because::Guarantor => "guarantor",
            Because::Lead => "lead",
            Because::LeadHead => "lead-head",
            Because::LeadField => "lead-field",
            Because::AreaHead(Line::Party) => "area-party",
            Because::AreaHead(Line::Government) => "area-government",
            Because::AreaField => "area-field",
            Because::Co => "co",
            Because::Supervising => "supervising",
            Because::Acceptance => "acceptance",
        }
    }
}

/// One link of a chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// Why.
    pub because: Because,
    /// The unit.
    pub unit: UnitId,
    /// The post, where it is one that answers.
    pub post: Option<PostId>,
    /// Who held the post on the day; nobody when it was vacant.
    pub holders: Vec<PersonId>,
}

/// What is asked about.
#[derive(Debug, Clone, Copy, Default)]
pub struct Question<'q> {
    /// The town or area.
    pub area: Option<&'q UnitId>,
    /// The field of work.
    pub field: Option<&'q str>,
    /// The unit that answers, when it is not asked through a task.
    pub unit: Option<&'q UnitId>,
    /// Who answers for what on a task.
    pub parties: Option<&'q Parties>,
    /// Duties that the task cites.
    pub cited: Option<&'q BTreeSet<RecordId>>,
}

/// The chain on that day: district, guarantor, lead unit, area, then who helps, supervises and accepts. Each post stands on it once.
#[must_use]
pub fn chain(office: &Office, question: &Question<'_>, on: Date) -> Vec<Link> {
    let field = question.field;
    let lead = question.parties.map(|parties| &parties.lead).or(question.unit);
    let district: Vec<&UnitId> = office.units.keys().filter(|unit| office.leads_the_district(unit)).collect();
    let asked: Vec<&UnitId> = district.iter().copied().chain(lead).chain(question.area).collect();
    let mut chain = Chain { office, on, charged: office.charged_in(&asked, on), links: Vec::new() };
    for unit in &district {
        for line in Line::ALL {
            chain.head(unit, line, Because::DistrictHead(line));
        }
    }
    chain.links.sort_by_key(|link| link.because);
    for unit in &district {
        chain.in_charge(unit, field, Because::DistrictField);
    }
    if let Some(post) = question.parties.and_then(|parties| parties.guarantor.as_ref()) {
        chain.post(post, Because::Guarantor);
    }
    if let Some(lead) = lead {
        chain.unit(lead, Because::Lead);
        if Some(lead) != question.area {
            for line in Line::ALL {
                chain.head(lead, line, Because::LeadHead);
            }
            chain.in_charge(lead, field, Because::LeadField);
        }
    }
    if let Some(area) = question.area {
        for line in Line::ALL {
            chain.head(area, line, Because::AreaHead(line));
        }
        chain.in_charge(area, field, Because::AreaField);
    }
    if let Some(parties) = question.parties {
        for unit in &parties.co {
            chain.unit(unit, Because::Co);
        }
        if let Some(unit) = &parties.supervising {
            chain.unit(unit, Because::Supervising);
        }
        chain.unit(&parties.acceptance, Because::Acceptance);
    }
    chain.links
}

/// The duties that answer "why": those cited, or the ones closest to the question.
#[must_use]
pub fn duties<'r>(
    office: &Office,
    records: &'r Records,
    question: &Question<'_>,
    on: Date,
) -> Vec<(&'r RecordId, &'r duty::Wording)> {
    let unit = question.parties.map(|parties| &parties.lead).or(question.unit).or(question.area);
    let of_question = |id: &RecordId, wording: &duty::Wording| match question.cited {
        Some(cited) if !cited.is_empty() => cited.contains(id),
        Some(_) => false,
        None => {
            unit.is_none_or(|unit| wording.is_held_by(office, unit))
                && question.field.is_none_or(|field| wording.covers(field))
        }
    };
    duty::in_force(records, on).filter(|(id, wording)| of_question(id, wording)).collect()
}

struct Chain<'o> {
    office: &'o Office,
    on: Date,
    charged: Vec<(&'o Post, &'o Charge)>,
    links: Vec<Link>,
}

impl Chain<'_> {
    fn post(&mut self, post: &PostId, because: Because) {
        if self.links.iter().any(|link| link.post.as_ref() == Some(post)) {
            return;
        }
        let Some(known) = self.office.posts.get(post) else { return };
        let holders = self.office.holders_on(post, self.on).map(|person| person.id.clone()).collect();
        self.links.push(Link { because, unit: known.unit.clone(), post: Some(post.clone()), holders });
    }

    fn unit(&mut self, unit: &UnitId, because: Because) {
        self.links.push(Link { because, unit: unit.clone(), post: None, holders: Vec::new() });
    }

    fn head(&mut self, unit: &UnitId, line: Line, because: Because) {
        let heads = |(post, charge): &&(&Post, &Charge)| charge.heads == Some(line) && &post.unit == unit;
        if let Some((post, _)) = self.charged.iter().find(heads).copied() {
            self.post(&post.id, because);
        }
    }

    fn in_charge(&mut self, unit: &UnitId, field: Option<&str>, because: Because) {
        let Some(field) = field else { return };
        let in_charge =
            |(post, charge): &&(&Post, &Charge)| &post.unit == unit && charge.is_in_charge_of(field);
        let posts: Vec<&Post> = self.charged.iter().filter(in_charge).map(|(post, _)| *post).collect();
        for post in posts {
            self.post(&post.id, because);
        }
    }
}
