//! A month of a unit (月度负担): what it handed in, what was asked of it, what it was spared. Every figure is the length or the sum of
//! one of these lists, so it can be followed line by line.

use super::{Weight, known::Match};
use crate::{
    Subject,
    id::{RecordId, UnitId},
};
use jiff::civil::Date;

named! {
    /// What is counted. There is no figure for persons, sign-ins or time, and no list that holds them.
    Figure {
        /// Forms handed in (交表).
        Forms = "forms",
        /// Fields filled in (填项).
        Fields = "fields",
        /// Characters typed (字数).
        Characters = "characters",
        /// Photos attached (照片).
        Photos = "photos",
        /// Documents and measures that ask for an answer (要求答复的文函).
        Letters = "letters",
        /// Reminders (催办).
        Reminders = "reminders",
        /// Surveys received (临时报表).
        Surveys = "surveys",
        /// Questions left out because the answer is known (免填的重复题).
        Spared = "spared",
    }
}

/// A form that was handed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Handed {
    /// Position of its act in the ledger.
    pub sequence: u64,
    /// The day.
    pub on: Date,
    /// The unit.
    pub unit: UnitId,
    /// The act, by its name in the ledger.
    pub act: String,
    /// What it is about.
    pub about: Subject,
    /// What it cost.
    pub weight: Weight,
}

named! {
    /// As what something was asked.
    AskedAs {
        /// A document or a measure.
        Letter = "letter",
        /// A reminder.
        Reminder = "reminder",
        /// A survey.
        Survey = "survey",
    }
}

/// Something that was asked of a unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// The day it came.
    pub on: Date,
    /// The unit.
    pub unit: UnitId,
    /// As what.
    pub as_what: AskedAs,
    /// What it is.
    pub about: Subject,
    /// What people call it.
    pub title: String,
    /// Until when an answer is due.
    pub due_on: Option<Date>,
}

/// A question that a unit was spared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spared {
    /// The day.
    pub on: Date,
    /// The survey that would have asked it.
    pub survey: RecordId,
    /// Its words.
    pub text: String,
    /// Where the answer stands.
    pub because: Match,
}

/// A month of a unit.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MonthOf {
    /// Forms handed in, in the order of the ledger.
    pub handed: Vec<Handed>,
    /// What was asked, by day.
    pub asked: Vec<Asked>,
    /// What it was spared.
    pub spared: Vec<Spared>,
}

impl MonthOf {
    /// One figure.
    #[must_use]
    pub fn count(&self, figure: Figure) -> u64 {
        let sum = |of: fn(&Weight) -> u64| self.handed.iter().map(|handed| of(&handed.weight)).sum();
        let asked = |as_what| self.asked.iter().filter(|asked| asked.as_what == as_what).count() as u64;
        match figure {
            Figure::Forms => self.handed.len() as u64,
            Figure::Fields => sum(|weight| weight.fields),
            Figure::Characters => sum(|weight| weight.characters),
            Figure::Photos => sum(|weight| weight.photos),
            Figure::Letters => asked(AskedAs::Letter),
            Figure::Reminders => asked(AskedAs::Reminder),
            Figure::Surveys => asked(AskedAs::Survey),
            Figure::Spared => self.spared.len() as u64,
        }
    }

    /// Up to a day, for comparison with a month that is still running.
    #[must_use]
    pub fn until(mut self, day: Date) -> MonthOf {
        self.handed.retain(|handed| handed.on <= day);
        self.asked.retain(|asked| asked.on <= day);
        self.spared.retain(|spared| spared.on <= day);
        self
    }

    /// What each kind of form cost: name of the act, how often, and the sums; the dearest first.
    #[must_use]
    pub fn by_form(&self) -> Vec<(String, u64, Weight)> {
        let mut forms: Vec<(String, u64, Weight)> = Vec::new();
        for handed in &self.handed {
            let place = forms.iter().position(|(act, ..)| *act == handed.act).unwrap_or_else(|| {
                forms.push((handed.act.clone(), 0, Weight::default()));
                forms.len() - 1
            });
            let (_, times, sums) = &mut forms[place];
            *times += 1;
            sums.fields += handed.weight.fields;
            sums.characters += handed.weight.characters;
            sums.photos += handed.weight.photos;
        }
        forms.sort_by(|a, b| b.2.fields.cmp(&a.2.fields).then_with(|| a.0.cmp(&b.0)));
        forms
    }
}
