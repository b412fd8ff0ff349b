//! Schemes (考核办法): how a board is made, as data with its source and the days it holds. What may count is a closed list of
//! outcomes on the ground; visits, uploads and time spent in the program are not in it and cannot be put in.

use super::{Points, period::Length};
use crate::{adopted::Adoptable, office::Level};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::LazyLock,
};

named! {
    /// Who is ranked.
    Population {
        /// Towns and streets (镇、街道).
        Towns = "towns",
        /// Departments (部门).
        Departments = "departments",
        /// Both, as units that answer for tasks (责任单位).
        Units = "units",
    }
}

named! {
    /// A share of things done, out of things that were due or checked.
    Ratio {
        /// Tasks due in the period, as the books stood before it, and finished by their day (按期完成).
        OnTime = "on_time",
        /// Tasks looked at for the first time in the period, by a verifier or whoever returned the claim, that passed (一次验收合格).
        FirstPass = "first_pass",
        /// Look-backs in the period that found the problem still solved (回头看合格).
        Held = "held",
        /// Complaints due in the period and finished by their day (信访按期办结).
        Complaints = "complaints",
    }
}

named! {
    /// Something that happened, counted one by one.
    Fact {
        /// A task is past its day and unfinished at the end of the period (逾期未完成).
        Overdue = "overdue",
        /// A task missed a milestone, and its day is still ahead (节点滞后).
        Lagging = "lagging",
        /// It did so at the end of the period before as well (再次滞后).
        LaggingAgain = "lagging_again",
        /// A task is under way and has missed neither a milestone nor its day, or was finished in the period by its day (按序时推进).
        OnSchedule = "on_schedule",
        /// A solved problem came back (反弹).
        Rebounded = "rebounded",
        /// A problem reported as solved never was (虚假整改).
        Fake = "fake",
        /// A claim was returned by whoever looked: verifier, committee, leader, superior, or the public in a notice (退回).
        Returned = "returned",
        /// A covert check, a film or an inspection found a problem that the unit had not reported itself (暗访、督察发现).
        Found = "found",
        /// The unit found and reported a problem itself (自查发现).
        SelfFound = "self_found",
        /// An extension was granted (延期).
        Extended = "extended",
        /// A task was finished in the period (完成).
        Finished = "finished",
    }
}

named! {
    /// Which way is better.
    Better {
        /// More is better.
        Higher = "higher",
        /// Less is better.
        Lower = "lower",
    }
}

named! {
    /// What an indicator counts as when there is nothing to measure.
    Null {
        /// It is left out, and the others count for more (不参与该项).
        Skip = "skip",
        /// The share of the whole population.
        Mean = "mean",
        /// Full marks.
        Full = "full",
        /// Nothing.
        Zero = "zero",
    }
}

/// How a measured figure becomes points.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "snake_case", deny_unknown_fields)]
pub enum Scale {
    /// In a straight line from one figure to the other, and no further, in thousandths.
    Linear {
        /// Full marks at this figure.
        full_at: i64,
        /// Nothing at this figure.
        zero_at: i64,
    },
    /// The figure is a score from 0 to 100 itself, and counts by the weight.
    Score,
    /// The figure itself, in hundredths, is the points: boards by an index alone.
    Itself,
    /// The change against the same period of the year before, in per cent, in a straight line.
    Change {
        /// Full marks at this change, in thousandths of a per cent.
        full_at: i64,
        /// Nothing at this change.
        zero_at: i64,
    },
    /// By the target and by the year before: met and no worse, met, no worse, neither; in per cent of the weight.
    Judged {
        /// The figure to reach, in thousandths.
        target: i64,
        /// Target met and no worse than last year.
        met_better: u32,
        /// Target met, but worse.
        met_worse: u32,
        /// Missed, but no worse.
        missed_better: u32,
        /// Missed and worse.
        missed_worse: u32,
    },
}

/// Where the value of an indicator comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "of", rename_all = "snake_case", deny_unknown_fields)]
pub enum Measure {
    /// A share of things done.
    Ratio {
        /// Which.
        ratio: Ratio,
        /// Pulled towards the share of all, so that luck in small numbers weighs less.
        #[serde(default)]
        smooth: bool,
    },
    /// A figure that was measured outside, from the month's figures.
    Figure {
        /// The name of the figure, such as `pm25` or `water`.
        figure: String,
        /// Which way is better.
        better: Better,
        /// How it becomes points.
        scale: Scale,
    },
}

/// One indicator.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Indicator {
    /// Its name within the scheme.
    pub name: String,
    /// In Chinese.
    pub title_zh: String,
    /// In English.
    pub title_en: String,
    /// Points for full marks.
    pub weight: Points,
    /// What it counts as when there is nothing to measure.
    #[serde(default = "skip")]
    pub null: Null,
    /// Whoever cannot be measured by it is not rated, whatever else could be measured.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub needed: bool,
    /// Where its value comes from.
    pub measure: Measure,
}

fn skip() -> Null {
    Null::Skip
}

/// Points for each time that something happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Event {
    /// What happened.
    pub fact: Fact,
    /// Points each time, negative or positive.
    pub points: Points,
    /// No more than this altogether, in the same direction.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cap: Option<Points>,
}

/// Equal scores (同分处理).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "rule", rename_all = "snake_case", deny_unknown_fields)]
pub enum Ties {
    /// The same rank, and the next one is left out: 1, 1, 3 (并列占位).
    Shared,
    /// The same rank, and the next one follows: 1, 1, 2 (并列不占位).
    Dense,
    /// Other indicators decide, one after another; what is still equal shares the rank.
    Keys {
        /// Names of indicators.
        keys: Vec<String>,
    },
    /// Nobody shares: the higher score of the next period decides; until then both hold the rank.
    NextPeriod,
}

/// When something follows from a rank or a score.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct When {
    /// Place and points by this indicator alone, instead of the score.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub indicator: Option<String>,
    /// Among the first so many.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first: Option<u32>,
    /// Among the last so many.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last: Option<u32>,
    /// The score is no higher.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_most: Option<Points>,
    /// The score is no lower.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_least: Option<Points>,
    /// It happened so often in the period.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub facts: BTreeMap<Fact, u32>,
    /// The figure of one of these indicators is worse than in the same period of the year before (同比不降反升).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub worse: Vec<String>,
}

named! {
    /// When a counter begins anew (计数清零).
    Anew {
        /// With every month; a week belongs to the month in which it ends.
        Month = "month",
        /// With every year.
        Year = "year",
    }
}

named! {
    /// What may be proposed. Nothing is ever done by itself: a person decides.
    Action {
        /// Praise in the circular (表扬).
        Praise = "praise",
        /// A green card (绿牌).
        GreenCard = "green_card",
        /// A blue card (蓝牌).
        BlueCard = "blue_card",
        /// A yellow card (黄牌).
        YellowCard = "yellow_card",
        /// A red card (红牌).
        RedCard = "red_card",
        /// A warning or reminder (预警提醒).
        Warning = "warning",
        /// A critical circular (通报批评).
        Circular = "circular",
        /// A supervision letter (督办函).
        Letter = "letter",
        /// A statement in front of the meeting (表态发言).
        Statement = "statement",
        /// A written self-criticism (书面检查).
        SelfCriticism = "self_criticism",
        /// An interview (约谈).
        Interview = "interview",
        /// Listed supervision (挂牌督办).
        Listed = "listed",
        /// A special inspection (专项督察).
        Inspection = "inspection",
        /// Money by the document that the scheme quotes; a memo only (奖惩资金备忘).
        Money = "money",
    }
}

/// Something that follows, as a proposal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Consequence {
    /// Its name within the scheme.
    pub name: String,
    /// When, in one period.
    pub when: When,
    /// How often that must have been so.
    #[serde(default = "once")]
    pub times: u32,
    /// Within the last so many periods, this one included.
    #[serde(default = "once")]
    pub within: u32,
    /// One after another, without a break.
    #[serde(default)]
    pub in_a_row: bool,
    /// Periods before this month or year do not count.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub anew: Option<Anew>,
    /// The consequence whose place it takes: that one is not proposed beside it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instead_of: Option<String>,
    /// What is proposed.
    pub action: Action,
    /// Who is meant, or what the document says, as printed.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub words: String,
}

fn once() -> u32 {
    1
}

/// Units that are compared with each other.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Group {
    /// In Chinese.
    pub title_zh: String,
    /// In English.
    pub title_en: String,
    /// Names of units end with one of these; whoever fits no group stands in the last one.
    #[serde(default)]
    pub ending: Vec<String>,
}

/// A scheme.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scheme {
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
    /// Until when, if it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<Date>,
    /// How long a period is.
    pub period: Length,
    /// Who is ranked.
    pub population: Population,
    /// Compared apart; all together when there is none.
    #[serde(default, rename = "group", skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<Group>,
    /// Points that everybody begins with.
    #[serde(default)]
    pub base: Points,
    /// No score is lower.
    #[serde(default)]
    pub floor: Points,
    /// No score is higher.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ceiling: Option<Points>,
    /// Which way round the board stands.
    #[serde(default = "higher")]
    pub better: Better,
    /// Equal scores.
    pub ties: Ties,
    /// How many average tasks the share of all counts as, where an indicator is smooth.
    #[serde(default = "ten")]
    pub strength: u32,
    /// Fewer rated units than this are not ranked against each other.
    #[serde(default = "three")]
    pub least_units: u32,
    /// Less than this share of the weights measured, in per cent: not rated (不参评). What stands in for a missing value is not
    /// measured.
    #[serde(default = "fifty")]
    pub least_rated: u32,
    /// Tasks of a level count for so many; one when nothing is said.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub level_weights: BTreeMap<Level, u32>,
    /// Working days to object after publication.
    #[serde(default = "three")]
    pub objection_days: u32,
    /// Indicators.
    #[serde(default, rename = "indicator")]
    pub indicators: Vec<Indicator>,
    /// Points for what happened.
    #[serde(default, rename = "event")]
    pub events: Vec<Event>,
    /// What follows, as proposals.
    #[serde(default, rename = "consequence")]
    pub consequences: Vec<Consequence>,
}

fn higher() -> Better {
    Better::Higher
}

fn ten() -> u32 {
    10
}

fn three() -> u32 {
    3
}

fn fifty() -> u32 {
    50
}

/// What is wrong with a scheme.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SchemeFlaw {
    /// It is no scheme at all.
    #[error("not readable as a ranking scheme: {0}")]
    Unreadable(String),
    /// A tie is to be broken by an indicator that is not there.
    #[error("{scheme}: a tie is to be broken by {key}, which is no indicator of the scheme")]
    UnknownKey {
        /// The scheme.
        scheme: String,
        /// The key.
        key: String,
    },
    /// Nothing counts.
    #[error("{0}: neither an indicator nor an event counts")]
    Empty(String),
    /// A consequence can never come about.
    #[error(
        "{scheme}: {consequence} wants more times than there are periods to look at, or has no condition"
    )]
    Never {
        /// The scheme.
        scheme: String,
        /// The consequence.
        consequence: String,
    },
    /// A name that is no indicator, no figure or no consequence of the scheme.
    #[error("{scheme}: {consequence} looks at {name}, which the scheme does not have, or which is no figure")]
    UnknownName {
        /// The scheme.
        scheme: String,
        /// The consequence.
        consequence: String,
        /// The name.
        name: String,
    },
    /// Two indicators, events or consequences share a name.
    #[error("{scheme}: {name} is there twice")]
    Twice {
        /// The scheme.
        scheme: String,
        /// The name.
        name: String,
    },
    /// A limit that the points never move towards would be added as points itself.
    #[error("{scheme}: the points for {fact} and their cap do not go in the same direction")]
    Cap {
        /// The scheme.
        scheme: String,
        /// What happened.
        fact: String,
    },
    /// A missing figure has no share of all to stand in for it.
    #[error("{scheme}: {indicator} is a figure, so nothing can stand in for it as the mean")]
    NoMean {
        /// The scheme.
        scheme: String,
        /// The indicator.
        indicator: String,
    },
    /// A line has the same figure for full marks and for none.
    #[error("{scheme}: {indicator} has full marks and none at the same figure")]
    Flat {
        /// The scheme.
        scheme: String,
        /// The indicator.
        indicator: String,
    },
}

impl Indicator {
    /// Which way its points are better: more, unless the figure itself is the points.
    #[must_use]
    pub fn better(&self) -> Better {
        match self.measure {
            Measure::Figure { better, scale: Scale::Itself, .. } => better,
            _ => Better::Higher,
        }
    }
}

impl Scheme {
    /// Reads a scheme and looks it through.
    ///
    /// # Errors
    /// A [`SchemeFlaw`] that names the scheme and the place.
    pub fn read(toml: &str) -> Result<Scheme, SchemeFlaw> {
        let scheme: Scheme =
            toml::from_str(toml).map_err(|error| SchemeFlaw::Unreadable(error.to_string()))?;
        scheme.check()?;
        Ok(scheme)
    }

    fn check(&self) -> Result<(), SchemeFlaw> {
        let scheme = || self.name.clone();
        if self.indicators.is_empty() && self.events.is_empty() {
            return Err(SchemeFlaw::Empty(scheme()));
        }
        if let Ties::Keys { keys } = &self.ties
            && let Some(key) =
                keys.iter().find(|key| !self.indicators.iter().any(|known| known.name == **key))
        {
            return Err(SchemeFlaw::UnknownKey { scheme: scheme(), key: key.clone() });
        }
        self.check_names()?;
        for indicator in &self.indicators {
            let Measure::Figure { scale, .. } = &indicator.measure else { continue };
            if let Scale::Linear { full_at, zero_at } | Scale::Change { full_at, zero_at } = scale
                && full_at == zero_at
            {
                return Err(SchemeFlaw::Flat { scheme: scheme(), indicator: indicator.name.clone() });
            }
            if indicator.null == Null::Mean {
                return Err(SchemeFlaw::NoMean { scheme: scheme(), indicator: indicator.name.clone() });
            }
        }
        let goes_astray = |event: &&Event| {
            event.cap.is_some_and(|cap| event.points.hundredths().signum() * cap.hundredths().signum() != 1)
        };
        if let Some(event) = self.events.iter().find(goes_astray) {
            return Err(SchemeFlaw::Cap { scheme: scheme(), fact: event.fact.name().to_owned() });
        }
        for consequence in &self.consequences {
            let condition = When { indicator: None, ..consequence.when.clone() };
            if consequence.times == 0
                || consequence.times > consequence.within
                || condition == When::default()
            {
                return Err(SchemeFlaw::Never { scheme: scheme(), consequence: consequence.name.clone() });
            }
        }
        Ok(())
    }

    /// Every name stands for one thing, and that thing is there.
    fn check_names(&self) -> Result<(), SchemeFlaw> {
        let scheme = || self.name.clone();
        let lists: [Vec<&str>; 3] = [
            self.indicators.iter().map(|indicator| indicator.name.as_str()).collect(),
            self.events.iter().map(|event| event.fact.name()).collect(),
            self.consequences.iter().map(|consequence| consequence.name.as_str()).collect(),
        ];
        for list in &lists {
            let mut known = BTreeSet::new();
            if let Some(name) = list.iter().find(|name| !known.insert(**name)) {
                return Err(SchemeFlaw::Twice { scheme: scheme(), name: (*name).to_owned() });
            }
        }
        let is_figure = |name: &String| {
            let named = self.indicators.iter().find(|indicator| indicator.name == *name);
            named.is_some_and(|indicator| matches!(indicator.measure, Measure::Figure { .. }))
        };
        for consequence in &self.consequences {
            let indicator = consequence.when.indicator.iter().find(|name| !lists[0].contains(&name.as_str()));
            let figure = consequence.when.worse.iter().find(|name| !is_figure(name));
            let other = consequence.instead_of.iter().find(|name| !lists[2].contains(&name.as_str()));
            if let Some(name) = indicator.or(figure).or(other) {
                return Err(SchemeFlaw::UnknownName {
                    scheme: scheme(),
                    consequence: consequence.name.clone(),
                    name: name.clone(),
                });
            }
        }
        Ok(())
    }

    /// Weight of a task whose source is of this level.
    #[must_use]
    pub fn level_weight(&self, level: Level) -> u32 {
        self.level_weights.get(&level).copied().unwrap_or(1)
    }

    /// The group of a unit by its name, as its place among the groups; the first when there is none.
    #[must_use]
    pub fn group_of(&self, name: &str) -> usize {
        let fits = |group: &Group| group.ending.iter().any(|ending| name.ends_with(ending.as_str()));
        self.groups.iter().position(fits).unwrap_or(self.groups.len().saturating_sub(1))
    }
}

const SHIPPED: &[&str] = &[
    include_str!("../../../../rulesets/ranking/district-default.toml"),
    include_str!("../../../../rulesets/ranking/guangyuan-cards.toml"),
    include_str!("../../../../rulesets/ranking/anyang-2022.toml"),
    include_str!("../../../../rulesets/ranking/lianhua-2020.toml"),
    include_str!("../../../../rulesets/ranking/danfeng-2016.toml"),
    include_str!("../../../../rulesets/ranking/zhengzhou-2017.toml"),
    include_str!("../../../../rulesets/ranking/hebei.toml"),
    include_str!("../../../../rulesets/ranking/putian-2018.toml"),
    include_str!("../../../../rulesets/ranking/anhui-change.toml"),
];

static SCHEMES: LazyLock<Vec<Scheme>> = LazyLock::new(|| {
    SHIPPED.iter().map(|text| Scheme::read(text).expect("shipped schemes are read by a test")).collect()
});

/// The shipped schemes, the default of a district first.
#[must_use]
pub fn schemes() -> &'static [Scheme] {
    &SCHEMES
}

impl Adoptable for Scheme {
    type Flaw = SchemeFlaw;
    const FIELD: &'static str = "scheme";

    fn read(toml: &str) -> Result<Scheme, SchemeFlaw> {
        Scheme::read(toml)
    }

    fn name(&self) -> &str {
        &self.name
    }

    fn valid_from(&self) -> Date {
        self.valid_from
    }

    fn shipped() -> Vec<(&'static str, &'static Scheme)> {
        SHIPPED.iter().copied().zip(schemes()).collect()
    }
}

/// A shipped scheme by its name.
#[must_use]
pub fn named(name: &str) -> Option<&'static Scheme> {
    schemes().iter().find(|scheme| scheme.name == name)
}
