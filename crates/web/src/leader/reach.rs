//! What a leader's page covers (覆盖范围): the whole area, some of its fields, or a unit.

use bihuan_rules::{
    duty::{self, Wording},
    id::{RecordId, UnitId},
    office::{Post, UnitKind},
};
use bihuan_store::{
    Reference,
    list::{Filter, Scope},
    trend::Part,
};
use jiff::civil::Date;

/// What a leader's page counts.
pub(super) struct Reach {
    /// The unit; none is the whole area.
    pub unit: Option<UnitId>,
    /// The unit is a town, so that what lies in it is counted.
    pub is_town: bool,
    /// Fields in charge; none is all of them.
    pub fields: Vec<String>,
}

impl Reach {
    /// What the post covers on that day.
    pub fn of(reference: &Reference, post: &Post, on: Date) -> Reach {
        let office = &reference.office;
        let kind = office.units.get(&post.unit).map(|unit| unit.kind);
        let charge = office.charge_on(&post.id, on).filter(|charge| charge.heads.is_none());
        Reach {
            unit: (kind != Some(UnitKind::Leadership)).then(|| post.unit.clone()),
            is_town: kind == Some(UnitKind::Town),
            fields: charge.map(|charge| charge.fields.iter().cloned().collect()).unwrap_or_default(),
        }
    }

    /// The open tasks within reach.
    pub fn filter(&self, today: Date, at_risk_days: u32) -> Filter {
        let scope = self.unit.clone().map_or(Scope::Whole, Scope::Unit);
        Filter { open: Some(true), fields: self.fields.clone(), at_risk_days, ..Filter::all(scope, today) }
    }

    /// The trend within reach; a department has none of its own, because nothing lies in it.
    pub fn trend(&self) -> Option<Part> {
        if self.unit.is_some() && !self.is_town {
            return None;
        }
        Some(Part { area: self.unit.clone(), fields: self.fields.clone(), party: None })
    }

    /// What narrows a list to the same tasks as the trend.
    pub fn more(&self) -> String {
        let mut query = form_urlencoded::Serializer::new(String::from("&"));
        if let Some(unit) = &self.unit {
            query.append_pair("area", unit.as_str());
        }
        if !self.fields.is_empty() {
            query.append_pair("fields", &self.fields.join(","));
        }
        query.finish()
    }

    /// The query of the list that shows the same tasks.
    pub fn query(&self, more: &[(&str, &str)]) -> String {
        let mut query = form_urlencoded::Serializer::new(String::from("/tasks?"));
        query.append_pair("open", "yes");
        if let Some(unit) = &self.unit {
            query.append_pair("party", unit.as_str());
        }
        if !self.fields.is_empty() {
            query.append_pair("fields", &self.fields.join(","));
        }
        for (name, value) in more {
            query.append_pair(name, value);
        }
        query.finish()
    }
}

/// The duties in force that the post holds, itself or for its unit.
pub(super) fn duties<'r>(
    reference: &'r Reference,
    post: &Post,
    on: Date,
) -> Vec<(&'r RecordId, &'r Wording)> {
    let speaks = reference.office.answers_for_unit(&post.id, on);
    let held = |wording: &Wording| {
        wording.posts.contains(&post.id) || (speaks && wording.units.contains(&post.unit))
    };
    duty::in_force(&reference.records, on).filter(|(_, wording)| held(wording)).collect()
}
