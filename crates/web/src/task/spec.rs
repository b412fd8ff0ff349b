//! What a verb's form asks (表单项): declared as data by each verb, drawn by one template.
//!
//! Labels come from `field-<name>`, hints from `hint-<name>` where such a word exists.

use crate::{filled::FieldError, filled::Filled, locale::Locale};
use bihuan_rules::{
    Actor,
    id::UnitId,
    office::Role,
    ruleset::Ruleset,
    task::{Order, Task},
};
use bihuan_store::Reference;
use jiff::civil::Date;
use std::sync::Arc;

/// A value and the words for it.
pub type Choice = (String, String);

/// How a field is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ask {
    /// One line.
    Line,
    /// A passage.
    Passage,
    /// A date.
    Date,
    /// A whole number.
    Number,
    /// One of a list, in a menu.
    Menu(Vec<Choice>),
    /// One of a few, all visible.
    Radio(Vec<Choice>),
    /// Any of a few.
    Checks(Vec<Choice>),
    /// One entry per line.
    Lines,
    /// A row for each given label; values come in the same order, beside the hidden values.
    Each(Vec<Choice>),
    /// Milestones: text, date, post.
    Milestones(Vec<Choice>),
    /// Parts of a split: title, kind, items, unit.
    Parts,
    /// Files.
    Files,
}

/// One field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spec {
    /// Its name, the field of refusals.
    pub name: &'static str,
    /// How it is asked.
    pub ask: Ask,
    /// It must be filled in.
    pub needed: bool,
    /// What stands in it beforehand.
    pub before: Vec<String>,
}

impl Spec {
    /// A field that must be filled in.
    #[must_use]
    pub fn needed(name: &'static str, ask: Ask) -> Spec {
        Spec { name, ask, needed: true, before: Vec::new() }
    }

    /// A field that may stay empty.
    #[must_use]
    pub fn optional(name: &'static str, ask: Ask) -> Spec {
        Spec { name, ask, needed: false, before: Vec::new() }
    }

    /// The field with something in it beforehand, so that nothing known is typed again.
    #[must_use]
    pub fn with(mut self, value: impl Into<String>) -> Spec {
        let value = value.into();
        if !value.is_empty() {
            self.before = vec![value];
        }
        self
    }

    /// The field with several values beforehand.
    #[must_use]
    pub fn with_all(mut self, values: Vec<String>) -> Spec {
        self.before = values;
        self
    }
}

/// What a form may look at.
pub struct Desk<'a> {
    /// The task.
    pub task: &'a Task,
    /// Units, posts, calendar, rulesets.
    pub reference: Arc<Reference>,
    /// The procedure of the task.
    pub ruleset: Ruleset,
    /// Who fills it in.
    pub actor: &'a Actor,
    /// The day.
    pub today: Date,
    /// The language.
    pub locale: Locale,
}

impl Desk<'_> {
    /// Open units where somebody can act in the role, own area first by name.
    #[must_use]
    pub fn units(&self, role: Option<Role>) -> Vec<Choice> {
        let office = &self.reference.office;
        let mut units: Vec<_> = office
            .units
            .values()
            .filter(|unit| unit.closed_on.is_none())
            .filter(|unit| role.is_none_or(|role| office.is_staffed(&unit.id, role, self.today)))
            .map(|unit| (unit.kind, unit.id.to_string(), unit.name.clone()))
            .collect();
        units.sort();
        units.into_iter().map(|(_, id, name)| (id, name)).collect()
    }

    /// The unit a document named, if exactly one fits.
    #[must_use]
    pub fn unit_named(&self, name: &str) -> Option<UnitId> {
        self.reference.office.unit_named(name).map(|unit| unit.id.clone())
    }

    /// Posts with their holders, those of these units first.
    #[must_use]
    pub fn posts(&self, units: &[&UnitId]) -> Vec<Choice> {
        let office = &self.reference.office;
        office
            .posts
            .values()
            .filter(|post| units.is_empty() || units.contains(&&post.unit))
            .map(|post| {
                let holders: Vec<_> =
                    office.holders_on(&post.id, self.today).map(|person| person.name.as_str()).collect();
                let unit = office.units.get(&post.unit).map_or("", |unit| unit.name.as_str());
                (post.id.to_string(), format!("{unit} {} {}", post.title, holders.join("、")))
            })
            .collect()
    }

    /// Words for the names of a closed set.
    #[must_use]
    pub fn words(&self, prefix: &str, names: impl IntoIterator<Item = &'static str>) -> Vec<Choice> {
        names
            .into_iter()
            .map(|name| (name.to_owned(), self.locale.say(&format!("{prefix}-{}", name.replace('_', "-")))))
            .collect()
    }

    /// Yes and no in the words of the question.
    #[must_use]
    pub fn yes_no(&self, yes: &str, no: &str) -> Vec<Choice> {
        vec![("yes".to_owned(), self.locale.say(yes)), ("no".to_owned(), self.locale.say(no))]
    }

    /// Measures that are still owed, by number.
    #[must_use]
    pub fn measures(&self) -> Vec<Choice> {
        self.task
            .measures
            .iter()
            .filter(|measure| !measure.waived)
            .map(|measure| (measure.number.to_string(), format!("{}. {}", measure.number, measure.text)))
            .collect()
    }
}

/// What reading a form gives: an order, or the fields that cannot be used.
pub type Read = Result<Order, Vec<FieldError>>;

/// Reads fields and collects every error, so that a person sees all of them at once.
pub struct Reading<'f> {
    /// The form.
    pub filled: &'f Filled,
    /// Errors so far.
    pub errors: Vec<FieldError>,
}

impl<'f> Reading<'f> {
    /// Begins.
    #[must_use]
    pub fn of(filled: &'f Filled) -> Reading<'f> {
        Reading { filled, errors: Vec::new() }
    }

    /// Keeps a value or its error.
    pub fn take<T>(&mut self, value: Result<T, FieldError>) -> Option<T> {
        value.map_err(|error| self.errors.push(error)).ok()
    }

    /// A text that must be there.
    pub fn needed(&mut self, field: &'static str) -> String {
        let text = self.filled.text(field).to_owned();
        if text.is_empty() {
            self.errors.push(FieldError::at(field, "form-missing"));
        }
        text
    }

    /// Yes or no that must be chosen.
    pub fn yes(&mut self, field: &'static str) -> bool {
        match self.filled.text(field) {
            "yes" => true,
            "no" => false,
            _ => {
                self.errors.push(FieldError::at(field, "form-choose"));
                false
            }
        }
    }

    /// The order, if there was no error.
    ///
    /// # Errors
    /// Every field that cannot be used.
    pub fn order(self, order: impl FnOnce() -> Option<Order>) -> Read {
        if !self.errors.is_empty() {
            return Err(self.errors);
        }
        order().ok_or_else(|| vec![FieldError::at("", "form-missing")])
    }
}
