//! Register (登记): a task is put on the list for a problem.

use super::{
    Counts, DateOf, Days, LINES_MAX, Measure, Reckoned, Relation, Stamp, State, Step, Task, TaskAct,
    TaskDeadline, TaskEvent, TaskKind,
};
use crate::{
    id::{ProblemId, SourceId, TaskId, UnitId},
    office::{Level, Role},
    refusal::Refusal,
    situation::Situation,
    text,
};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Who the document named, in its own words. Nobody is bound by it until the registrar assigns.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Proposal {
    /// Lead units.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub lead: Vec<String>,
    /// Co-units.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub co: Vec<String>,
    /// Supervising unit.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub supervising: String,
    /// Acceptance unit.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub acceptance: String,
    /// Leader in charge.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub leader: String,
    /// Person in charge.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub person: String,
    /// Progress as the document tells it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub progress: String,
}

/// A task as it was registered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Registered {
    /// The problems it answers.
    pub problems: Vec<ProblemId>,
    /// The task it is a part of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<TaskId>,
    /// The source of its first problem.
    pub source: SourceId,
    /// The field of its first problem.
    pub field: String,
    /// The area of its first problem.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub area: Option<UnitId>,
    /// The procedure it follows from here to its end.
    pub ruleset: String,
    /// One line that names it.
    pub title: String,
    /// What kind of work it is.
    pub kind: TaskKind,
    /// Level of the source.
    pub level: Level,
    /// How many items of the superior's count it stands for, at least 1.
    pub items: u64,
    /// Goal.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub goal: String,
    /// Measures, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub measures: Vec<String>,
    /// The deadline as the document words it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub deadline_text: String,
    /// The deadline as a date.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_on: Option<Date>,
    /// To be corrected at once.
    #[serde(default)]
    pub immediate: bool,
    /// To be kept up.
    #[serde(default)]
    pub sustain: bool,
    /// Who the document named.
    #[serde(default)]
    pub proposal: Proposal,
    /// The day the document was received, when its words give the deadline.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub received_on: Option<Date>,
    /// The day the document was issued, when its words give the deadline.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issued_on: Option<Date>,
}

/// Judges the registration of a task.
///
/// # Errors
/// A [`Refusal`] when the orderer is no registrar, the title is missing, there is no problem, or no item.
pub fn register(situation: &Situation<'_>, mut order: Registered) -> Result<TaskEvent, Refusal> {
    if !situation.by.roles.contains(&Role::Registrar) {
        return Err(Refusal::NotYours { role: Role::Registrar, relation: Relation::Anyone });
    }
    order.title = text::required("title", &order.title, text::LINE_CHARS_MAX)?;
    order.goal = text::optional("goal", &order.goal, text::PASSAGE_CHARS_MAX)?;
    order.deadline_text = text::optional("deadline", &order.deadline_text, text::LINE_CHARS_MAX)?;
    order.measures = lines("measures", &order.measures)?;
    if order.problems.is_empty() {
        return Err(Refusal::Missing { field: "problems" });
    }
    if order.items == 0 {
        return Err(Refusal::Missing { field: "items" });
    }
    let (calendar, today, term) = (situation.calendar, situation.today(), situation.ruleset.terms.assign);
    let words = order.received_on.and_then(|received_on| {
        Reckoned::words(calendar, &order.deadline_text, order.due_on, received_on, order.issued_on)
    });
    let reckoned = Reckoned::term(calendar, DateOf::Step, today, term).into_iter().chain(words).collect();
    let due_on = Some(calendar.due(today, &term).on);
    Ok(TaskEvent { due_on, reckoned, ..TaskEvent::from(TaskAct::Registered(order)) })
}

/// Trimmed, non-empty lines within the limits.
pub(super) fn lines(field: &'static str, given: &[String]) -> Result<Vec<String>, Refusal> {
    let kept = given
        .iter()
        .map(|line| text::optional(field, line, text::PASSAGE_CHARS_MAX))
        .filter(|line| line.as_ref().map_or(true, |line| !line.is_empty()))
        .collect::<Result<Vec<_>, _>>()?;
    if kept.len() > LINES_MAX {
        return Err(Refusal::TooMany { field, limit: LINES_MAX });
    }
    Ok(kept)
}

/// Lines numbered from 1.
pub(super) fn numbered(measures: &[String]) -> Vec<Measure> {
    (1..)
        .zip(measures)
        .map(|(number, text)| Measure {
            number,
            text: text.clone(),
            result: String::new(),
            waived: false,
            from: None,
        })
        .collect()
}

impl Task {
    pub(super) fn registered(
        id: &TaskId,
        registered: &Registered,
        stamp: &Stamp,
        due_on: Option<Date>,
    ) -> Task {
        Task {
            id: id.clone(),
            problems: registered.problems.clone(),
            parent: registered.parent.clone(),
            source: registered.source.clone(),
            field: registered.field.clone(),
            area: registered.area.clone(),
            ruleset: registered.ruleset.clone(),
            parts: Vec::new(),
            merged_into: None,
            title: registered.title.clone(),
            kind: registered.kind,
            level: registered.level,
            items: registered.items,
            proposal: registered.proposal.clone(),
            goal: registered.goal.clone(),
            measures: numbered(&registered.measures),
            milestones: Vec::new(),
            standard: String::new(),
            deadline: TaskDeadline {
                text: registered.deadline_text.clone(),
                due_on: registered.due_on,
                original_due_on: registered.due_on,
                immediate: registered.immediate,
                sustain: registered.sustain,
            },
            parties: None,
            duties: BTreeSet::new(),
            points: Vec::new(),
            state: State::Registered,
            suspended_from: None,
            interrupted_due_on: None,
            step_due_on: due_on,
            extension: None,
            standard_disputed: false,
            verification: None,
            notice: None,
            filing_number: String::new(),
            evidence: Vec::new(),
            hands: BTreeMap::<Step, _>::new(),
            days: Days { registered_on: Some(stamp.on), state_since: Some(stamp.on), ..Days::default() },
            counts: Counts::default(),
            look_back_due_on: None,
            sustain_due_on: None,
            reckoned: Vec::new(),
            fake_found: false,
            flag_set: None,
        }
    }
}
