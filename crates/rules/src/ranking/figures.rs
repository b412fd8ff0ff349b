//! Figures that were measured outside (月度数据): by whom they were given, for which period, one for each unit. A board takes them from
//! here, so that nobody types them twice; giving them again corrects them.

use super::{Period, Scheme, scheme::Measure};
use crate::{
    adopted::Texts,
    id::{RecordId, UnitId},
    office::Role,
    record::{Kind, Label, Record},
    refusal::Refusal,
    situation::Situation,
    task::{Relation, Stamp},
    text,
};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Most units of one set.
pub const FIGURES_MAX: usize = 500;

/// What is given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FigureSet {
    /// The period.
    pub period: Period,
    /// The name of the figure, as schemes know it.
    pub figure: String,
    /// The bulletin or document it stands in.
    pub source: String,
    /// Values in thousandths, by unit.
    pub values: BTreeMap<UnitId, i64>,
}

/// What happened to a set of figures.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "body", rename_all = "snake_case")]
pub enum FiguresAct {
    /// Given, or given again to correct them.
    Entered {
        /// What is given.
        set: FigureSet,
    },
}

/// The figures of a period.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figures {
    /// Their code.
    pub id: RecordId,
    /// What is given, the newest.
    pub set: FigureSet,
    /// How often they were given.
    pub times: u32,
    /// When last.
    pub entered_on: Date,
}

/// The names of figures that schemes look at.
#[must_use]
pub fn figure_names(schemes: &Texts<Scheme>) -> BTreeSet<&str> {
    let indicators = schemes.all().flat_map(|scheme| &scheme.indicators);
    let figures = indicators.filter_map(|indicator| match &indicator.measure {
        Measure::Figure { figure, .. } => Some(figure.as_str()),
        Measure::Ratio { .. } => None,
    });
    figures.collect()
}

/// Judges whether figures can be taken: the office gives them, with their source, for a period that has begun and units that are
/// there.
///
/// # Errors
/// A [`Refusal`] naming whose step it is, the name, period or unit that is not known, or that there is nothing.
pub fn enter(
    situation: &Situation<'_>,
    schemes: &Texts<Scheme>,
    set: FigureSet,
) -> Result<FiguresAct, Refusal> {
    if !situation.by.roles.contains(&Role::Registrar) {
        return Err(Refusal::NotYours { role: Role::Registrar, relation: Relation::Anyone });
    }
    if !figure_names(schemes).contains(set.figure.as_str()) {
        return Err(Refusal::Unknown { field: "figure", value: set.figure });
    }
    if set.period.from() > situation.today() {
        return Err(Refusal::DateAfter { field: "rank_period", limit: situation.today() });
    }
    if set.values.is_empty() {
        return Err(Refusal::Missing { field: "figure_values" });
    }
    if set.values.len() > FIGURES_MAX {
        return Err(Refusal::TooMany { field: "figure_values", limit: FIGURES_MAX });
    }
    if let Some(unit) = set.values.keys().find(|unit| !situation.office.units.contains_key(*unit)) {
        return Err(Refusal::Unknown { field: "figure_values", value: unit.to_string() });
    }
    let source = text::required("figure_origin", &set.source, text::LINE_CHARS_MAX)?;
    Ok(FiguresAct::Entered { set: FigureSet { source, ..set } })
}

impl Record for Figures {
    type Act = FiguresAct;
    const KIND: Kind = Kind::Figures;

    fn step(before: Option<Self>, id: &RecordId, stamp: &Stamp, act: &FiguresAct) -> Option<Self> {
        let FiguresAct::Entered { set } = act;
        let times = before.map_or(0, |before| before.times);
        Some(Figures { id: id.clone(), set: set.clone(), times: times + 1, entered_on: stamp.on })
    }

    fn label(&self) -> Label {
        Label {
            title: format!("{} {}", self.set.period, self.set.figure),
            state: "entered",
            on: Some(self.set.period.until()),
            ..Label::default()
        }
    }
}
