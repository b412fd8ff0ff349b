//! Ladders (梯次措施): which rung is proposed when, as data with its source. A decision table over what the books say about a task; what
//! they cannot say is cited by a person, word for word from the list.

use crate::adopted::Adoptable;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::sync::LazyLock;

named! {
    /// A rung, the gentlest first.
    Rung {
        /// A reminder (提醒).
        Reminder = "reminder",
        /// A yellow card or warning letter (黄牌、预警函).
        Yellow = "yellow",
        /// A red card (红牌).
        Red = "red",
        /// A supervision letter (督办函).
        Letter = "letter",
        /// An interview (约谈).
        Interview = "interview",
        /// Listed supervision (挂牌督办).
        Listed = "listed",
        /// Raised to the next level (提级督办).
        Raised = "raised",
        /// A clue is handed to the organ that may judge it (问题线索移送).
        Transfer = "transfer",
    }
}

impl Rung {
    /// Leaders decide it; gentler rungs are the office's too.
    #[must_use]
    pub fn is_leaders(self) -> bool {
        matches!(self, Rung::Interview | Rung::Listed | Rung::Raised | Rung::Transfer)
    }
}

/// A measure taken before on the same task.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Earlier {
    /// Its rung.
    pub rung: Rung,
    /// So often at least.
    #[serde(default = "one")]
    pub times: u32,
    /// The newest so many days ago at least, and the task is still not finished.
    #[serde(default)]
    pub days: u32,
}

fn one() -> u32 {
    1
}

/// One row of the decision table: everything that is said must hold.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    /// The day is so many days ahead, or nearer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_within: Option<u32>,
    /// A milestone was missed while the day is still ahead.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub lagging: bool,
    /// The day was missed by so many days.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub overdue_days: Option<u32>,
    /// Returned so often.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub returns: Option<u32>,
    /// The problem came back.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub rebounded: bool,
    /// A false rectification was found.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub fake: bool,
    /// Measures taken before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub earlier: Option<Earlier>,
}

/// One step of a ladder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// Its name within the ladder.
    pub name: String,
    /// Its rung.
    pub rung: Rung,
    /// In Chinese.
    pub title_zh: String,
    /// In English.
    pub title_en: String,
    /// Working days to answer.
    pub answer_days: u32,
    /// Any of these rows proposes it.
    #[serde(default)]
    pub when: Vec<Row>,
    /// What the books cannot say: a person may cite one of these.
    #[serde(default)]
    pub cited: Vec<String>,
    /// What is held up meanwhile, as printed.
    #[serde(default)]
    pub restrictions: Vec<String>,
    /// There is a meeting first (约谈会), and the answer is due so many days after it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub report_days: Option<u32>,
    /// How the unit may ask for more time, where it is limited.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extension: Option<Extension>,
    /// It is made public, and so is its end.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_public: bool,
}

/// More time (延期).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Extension {
    /// Asked so many days before the end at the latest.
    pub ask_days_before: u32,
    /// The whole measure lasts so many days at most.
    pub most_days: u32,
}

/// A ladder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ladder {
    /// Its name.
    pub name: String,
    /// In Chinese.
    pub title_zh: String,
    /// In English.
    pub title_en: String,
    /// Where it was published, or whose proposal it is.
    pub sources: Vec<String>,
    /// From when.
    pub valid_from: Date,
    /// Working days to object.
    pub objection_days: u32,
    /// Its steps, the gentlest first.
    #[serde(rename = "step")]
    pub steps: Vec<Step>,
}

/// What is wrong with a ladder.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LadderFlaw {
    /// It is no ladder at all.
    #[error("not readable as a ladder: {0}")]
    Unreadable(String),
    /// A step that nothing can bring about, or a row that always holds.
    #[error("{ladder}: {step} has no row and no words to cite, or a row without a condition")]
    Unconditional {
        /// The ladder.
        ladder: String,
        /// The step.
        step: String,
    },
    /// Two steps share a name.
    #[error("{ladder}: {step} is there twice")]
    Twice {
        /// The ladder.
        ladder: String,
        /// The step.
        step: String,
    },
}

impl Ladder {
    /// Reads a ladder and looks it through.
    ///
    /// # Errors
    /// A [`LadderFlaw`] that names the ladder and the step.
    pub fn read(toml: &str) -> Result<Ladder, LadderFlaw> {
        let ladder: Ladder =
            toml::from_str(toml).map_err(|error| LadderFlaw::Unreadable(error.to_string()))?;
        for (n, step) in ladder.steps.iter().enumerate() {
            let (ladder_name, name) = (ladder.name.clone(), step.name.clone());
            if ladder.steps[..n].iter().any(|known| known.name == step.name) {
                return Err(LadderFlaw::Twice { ladder: ladder_name, step: name });
            }
            let is_open =
                step.when.is_empty() && step.cited.is_empty() || step.when.contains(&Row::default());
            if is_open {
                return Err(LadderFlaw::Unconditional { ladder: ladder_name, step: name });
            }
        }
        Ok(ladder)
    }

    /// The step of this name.
    #[must_use]
    pub fn step(&self, name: &str) -> Option<&Step> {
        self.steps.iter().find(|step| step.name == name)
    }
}

const SHIPPED: &[&str] = &[
    include_str!("../../../../rulesets/ladder/generic.toml"),
    include_str!("../../../../rulesets/ladder/guangyuan-2018.toml"),
    include_str!("../../../../rulesets/ladder/sichuan-interviews-2022.toml"),
];

static LADDERS: LazyLock<Vec<Ladder>> = LazyLock::new(|| {
    SHIPPED.iter().map(|text| Ladder::read(text).expect("shipped ladders are read by a test")).collect()
});

/// The shipped ladders, the default of a district first.
#[must_use]
pub fn ladders() -> &'static [Ladder] {
    &LADDERS
}

impl Adoptable for Ladder {
    type Flaw = LadderFlaw;
    const FIELD: &'static str = "ladder";

    fn read(toml: &str) -> Result<Ladder, LadderFlaw> {
        Ladder::read(toml)
    }

    fn name(&self) -> &str {
        &self.name
    }

    fn valid_from(&self) -> Date {
        self.valid_from
    }

    fn shipped() -> Vec<(&'static str, &'static Ladder)> {
        SHIPPED.iter().copied().zip(ladders()).collect()
    }
}

/// A shipped ladder by its name.
#[must_use]
pub fn named(name: &str) -> Option<&'static Ladder> {
    ladders().iter().find(|ladder| ladder.name == name)
}
