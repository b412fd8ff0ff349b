//! The stage (舞台): the office, the calendar and the procedures that every piece of work is planned against.

use super::dice::Dice;
use anyhow::{Context, Result};
use bihuan_rules::{
    Actor, Situation, Subject,
    act::AccountAct,
    burden::{GrievanceOrder, SurveyOrder},
    calendar::Calendar,
    campaign::CampaignOrder,
    checklist::ChecklistOrder,
    committee::MeetingOrder,
    duty::DutyOrder,
    film::FilmOrder,
    finding::{Ruling, Seen},
    guarantee::GuaranteeOrder,
    handover::HandoverOrder,
    id::{PersonId, PostId, ProblemId, RecordId, TaskId, UnitId},
    kept_file::KeptFile,
    ladder::CaseOrder,
    mission::{MissionOrder, Stop},
    office::{Office, OfficeAct, Role},
    official_document::DocumentOrder,
    photo_question::PhotoQuestionOrder,
    problem,
    project::ProjectOrder,
    ranking::Period,
    record::Records,
    river::{PatrolOrder, PlanOrder, RiverOrder, SchemeOrder},
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
    /// A picture of another place, handed in again.
    Again(super::picture::Scene),
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
    /// What a meeting adopted on its n-th item comes into force.
    AdoptDuties(RecordId, u32),
    /// A warning film.
    Film(RecordId, FilmOrder),
    /// A duty.
    Duty(RecordId, DutyOrder),
    /// A handover; what is open is looked up when it is signed.
    Handover(RecordId, HandoverOrder),
    /// A paper, drafted from the records as they stand.
    Paper(super::paper::Paper),
    /// A campaign.
    Campaign(RecordId, CampaignOrder),
    /// A project.
    Project(RecordId, ProjectOrder),
    /// A guarantee.
    Guarantee(RecordId, GuaranteeOrder),
    /// A visit of a guarantor: the day, the place and what was seen, with files by their names, whose hashes are known only once
    /// they are made.
    Visited {
        id: RecordId,
        visit: (Date, String, String),
        files: Vec<(String, Content)>,
        kept: Vec<KeptFile>,
    },
    /// An opinion of a guarantee of a field on the first task of it that waits for the signature, if one does.
    Opinion(RecordId, String),
    /// An official document.
    Document(RecordId, DocumentOrder),
    /// A river's file.
    River(RecordId, RiverOrder),
    /// A patrol on a river.
    Patrol(RecordId, RecordId, PatrolOrder),
    /// The plan of a river.
    Plan(RecordId, RecordId, PlanOrder),
    /// A scheme of the river-chief system.
    Scheme(RecordId, SchemeOrder),
    /// An order about a measure of the ladder.
    Measure(RecordId, CaseOrder),
    /// An order about a survey; what was asked before is looked up when it is carried out.
    Survey(RecordId, SurveyOrder),
    /// An order about a complaint.
    Grievance(RecordId, GrievanceOrder),
    /// A step of a board.
    Board(Period, super::boards::Step),
    /// An inspection round.
    Round(RecordId, RoundOrder),
    /// The targets of a round are given to teams, by this person.
    Give(Actor, RecordId, Vec<(Team, Vec<UnitId>)>, Vec<Stop>),
    /// The same, as a method drew it.
    GiveCross(Actor, RecordId, Vec<(Team, Vec<UnitId>)>, Vec<Stop>, Box<bihuan_rules::round::Assignment>),
    /// The frame of a draw is frozen as the books stand.
    Freeze(RecordId, Box<bihuan_rules::round::Frame>),
    /// A draw is made.
    DrawNow(RecordId),
    /// What was drawn is given to teams, by this person.
    GiveDrawn(Actor, RecordId, Vec<Team>),
    /// A stop of a team is looked at again by this person.
    LookAgain(Actor, RecordId, super::look_back_draw::Turn),
    /// The next reserves step in for what could not be looked at.
    CallReserves(RecordId),
    /// The stops of reserves are looked at by this person's team.
    LookAtReserve(Actor, RecordId),
    /// What has come back by the missions of a round starts again.
    ReopenWhatCameBack(RecordId),
    /// A checklist of the office.
    Checklist(RecordId, ChecklistOrder),
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
    /// Something is seen on the mission of a team, counted from 0, by this person, with photos.
    Photographed(Actor, RecordId, usize, Box<Seen>, Vec<super::picture::Scene>),
    /// The question about a picture is explained or settled.
    Question(RecordId, PhotoQuestionOrder),
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
            What::Meeting(id, _) | What::AdoptDuties(id, _) => format!("meeting {id}"),
            What::Paper(paper) => format!("{paper:?}"),
            What::Film(id, _) => format!("film {id}"),
            What::Measure(id, _) => format!("measure {id}"),
            What::Survey(id, _) => format!("survey {id}"),
            What::Grievance(id, _) => format!("complaint {id}"),
            What::Board(period, _) => format!("board {period}"),
            What::Duty(id, _) => format!("duty {id}"),
            What::Handover(id, _) => format!("handover {id}"),
            What::Campaign(id, _) => format!("campaign {id}"),
            What::Project(id, _) => format!("project {id}"),
            What::Guarantee(id, _) | What::Visited { id, .. } | What::Opinion(id, _) => {
                format!("guarantee {id}")
            }
            What::Document(id, _) => format!("document {id}"),
            What::River(id, _) => format!("river {id}"),
            What::Patrol(id, ..) => format!("patrol {id}"),
            What::Plan(id, ..) => format!("river plan {id}"),
            What::Scheme(id, _) => format!("river scheme {id}"),
            What::Round(id, _)
            | What::Freeze(id, _)
            | What::DrawNow(id)
            | What::GiveDrawn(_, id, _)
            | What::LookAgain(_, id, _)
            | What::CallReserves(id)
            | What::LookAtReserve(_, id)
            | What::ReopenWhatCameBack(id)
            | What::Give(_, id, ..)
            | What::GiveCross(_, id, ..)
            | What::Visit(_, id, ..)
            | What::OpenMission(_, id, _)
            | What::Publish(id)
            | What::Photographed(_, id, ..)
            | What::Rule(id, ..) => format!("round {id}"),
            What::Checklist(id, _) => format!("checklist {id}"),
            What::Question(id, _) => format!("question {id}"),
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
    pub records: Records,
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
    pub fn new(
        office: Office,
        rulesets: BTreeMap<String, Ruleset>,
        records: Records,
        as_of: Date,
    ) -> Result<Stage> {
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
        Ok(Stage { office, calendar, rulesets, records, as_of, cutoff, posts, inspectors })
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
        let (calendar, office, records) = (&self.calendar, &self.office, &self.records);
        Situation { by, at, ruleset, calendar, office, records }
    }
}
