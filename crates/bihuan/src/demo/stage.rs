//! The stage (舞台): the office, the calendar and the procedures that every piece of work is planned against.

use super::dice::Dice;
use anyhow::{Context, Result};
use bihuan_rules::{
    Actor, Situation, Subject,
    act::AccountAct,
    calendar::Calendar,
    committee::MeetingOrder,
    finding::Ruling,
    id::{PersonId, PostId, ProblemId, RecordId, TaskId, UnitId},
    mission::{MissionOrder, Stop},
    office::{Office, OfficeAct, Role},
    problem,
    round::{RoundOrder, Team},
    ruleset::Ruleset,
    source::Source,
    task::{self, Evidence, Order, Part},
};
use jiff::{Timestamp, civil::Date, civil::DateTime, tz};
use std::collections::BTreeMap;

/// What a stored file will hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// A picture of a place.
    Picture(super::picture::Scene),
    /// A text.
    Text(String),
}

/// One act of a piece of work, before it is judged.
#[derive(Debug, Clone)]
pub enum What {
    /// The books are opened.
    Found { code: String, name: String, prefix: String },
    /// Units, posts, persons.
    Office(Subject, OfficeAct),
    /// An account.
    Account(PersonId, AccountAct),
    /// A source.
    Source(Source),
    /// A problem.
    Problem(ProblemId, problem::Registered),
    /// A text that may be published.
    PublicText(ProblemId, String),
    /// A task.
    Task(TaskId, Box<task::Registered>),
    /// A split.
    Split(TaskId, Vec<Part>),
    /// A merge.
    Merge { from: TaskId, into: TaskId },
    /// Any other order about a task.
    Order(TaskId, Order),
    /// A meeting of the committee.
    Meeting(RecordId, MeetingOrder),
    /// An inspection round.
    Round(RecordId, RoundOrder),
    /// The targets of a round are given to teams, by this person.
    Give(Actor, RecordId, Vec<(Team, Vec<UnitId>)>, Vec<Stop>),
    /// A step of the mission of a team, counted from 0, by this person.
    Visit(Actor, RecordId, usize, MissionOrder),
    /// A sealed mission of a round is opened by this person.
    OpenMission(Actor, RecordId, usize),
    /// The sealed assignment of a round is published.
    Publish(RecordId),
    /// The finding of a round that holds these facts is ruled upon.
    Rule(RecordId, String, Ruling, String),
    /// A file, whose hash and size are known only once it is made.
    Attach(TaskId, Content, Evidence),
}

impl What {
    /// What it is about and what happens, for the message when a rule refuses it.
    pub fn name(&self) -> String {
        match self {
            What::Found { code, .. } => format!("founding {code}"),
            What::Office(subject, _) => format!("an office act about {subject}"),
            What::Account(person, _) => format!("an account of {person}"),
            What::Source(source) => format!("source {}", source.id),
            What::Problem(id, _) | What::PublicText(id, _) => format!("problem {id}"),
            What::Task(id, _) => format!("task {id}"),
            What::Split(id, _) => format!("split of {id}"),
            What::Merge { from, into } => format!("merge of {from} into {into}"),
            What::Order(id, order) => format!("{} of {id}", order.verb().slug()),
            What::Meeting(id, _) => format!("meeting {id}"),
            What::Round(id, _)
            | What::Give(_, id, ..)
            | What::Visit(_, id, ..)
            | What::OpenMission(_, id, _)
            | What::Publish(id)
            | What::Rule(id, ..) => format!("round {id}"),
            What::Attach(id, _, evidence) => format!("{} on {id}", evidence.name),
        }
    }
}

/// A piece of work: one person, one instant.
#[derive(Debug, Clone)]
pub struct Piece {
    pub at: Timestamp,
    pub by: Actor,
    pub what: Vec<What>,
}

/// Everything outside the tasks.
pub struct Stage {
    pub office: Office,
    pub calendar: Calendar,
    pub rulesets: BTreeMap<String, Ruleset>,
    pub as_of: Date,
    pub cutoff: Timestamp,
    posts: BTreeMap<(UnitId, Role), Vec<PostId>>,
    pub inspectors: Vec<PostId>,
}

/// An instant of China Standard Time.
pub fn instant(at: DateTime) -> Result<Timestamp> {
    tz::offset(8).to_timestamp(at).context("an instant out of range")
}

impl Stage {
    /// Sets the stage for a story that ends in the morning of `as_of`.
    pub fn new(office: Office, rulesets: BTreeMap<String, Ruleset>, as_of: Date) -> Result<Stage> {
        let mut posts: BTreeMap<(UnitId, Role), Vec<PostId>> = BTreeMap::new();
        for post in office.posts.values() {
            for role in &post.roles {
                posts.entry((post.unit.clone(), *role)).or_default().push(post.id.clone());
            }
        }
        let inspects = |post: &&bihuan_rules::office::Post| post.roles.contains(&Role::Inspector);
        let inspectors = office.posts.values().filter(inspects).map(|post| post.id.clone()).collect();
        let cutoff = instant(as_of.at(9, 0, 0, 0))?;
        let calendar = Calendar::embedded().clone();
        Ok(Stage { office, calendar, rulesets, as_of, cutoff, posts, inspectors })
    }

    /// The posts of a unit with this role.
    pub fn posts(&self, unit: &UnitId, role: Role) -> &[PostId] {
        self.posts.get(&(unit.clone(), role)).map_or(&[], Vec::as_slice)
    }

    /// One of the posts of a unit with this role.
    pub fn post(&self, unit: &UnitId, role: Role, dice: &mut Dice) -> Result<PostId> {
        let posts = self.posts(unit, role);
        if posts.is_empty() {
            anyhow::bail!("{unit} has no {}", role.name());
        }
        Ok(dice.pick(posts).clone())
    }

    /// Whoever holds the post on that day.
    pub fn actor(&self, post: &PostId, on: Date) -> Result<Actor> {
        let person =
            self.office.holders_on(post, on).next().with_context(|| format!("{post} is vacant on {on}"))?;
        self.office.actor(&person.id, post, on).with_context(|| format!("{post} has no unit"))
    }

    /// The procedure of this name.
    pub fn ruleset(&self, name: &str) -> Result<&Ruleset> {
        self.rulesets.get(name).with_context(|| format!("no procedure {name}"))
    }

    /// The situation of an act.
    pub fn situation<'a>(&'a self, by: &'a Actor, at: Timestamp, ruleset: &'a Ruleset) -> Situation<'a> {
        Situation { by, at, ruleset, calendar: &self.calendar, office: &self.office }
    }
}
