//! Why an order is refused (拒绝理由). Refusals are for people: each one names the rule and what would satisfy it.

use crate::{
    burden::Stands,
    film::Timecode,
    office::{Level, Role},
    picture::Grade,
    project::Flaw,
    record::Kind,
    river::PlanSubject,
    round::Recusal,
    task::{EvidenceRole, Relation, State, Step, Verb},
};
use jiff::civil::Date;

/// The one "no" of this crate.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The act is not open in this state.
    #[error("{verb:?} is not open while the task is {state:?}")]
    NotNow {
        /// What was ordered.
        verb: Verb,
        /// Where the task stands.
        state: State,
    },
    /// The act belongs to another role or another unit.
    #[error("this step belongs to {role:?} as {relation:?}")]
    NotYours {
        /// The role that may.
        role: Role,
        /// The relation to the task that is needed.
        relation: Relation,
    },
    /// One person may not take two of claim, verify, sign and look-back on one task (异人核验).
    #[error("{person} already took the step {step:?} on this task")]
    SameHands {
        /// The step taken before.
        step: Step,
        /// Who took it.
        person: String,
    },
    /// One unit may not take two of claim, verify, sign and look-back on one task.
    #[error("the unit {unit} already took the step {step:?} on this task")]
    SameUnit {
        /// The step taken before.
        step: Step,
        /// Which unit took it.
        unit: String,
    },
    /// A field that the rule demands is empty.
    #[error("missing: {field}")]
    Missing {
        /// The field.
        field: &'static str,
    },
    /// A text is longer than the limit.
    #[error("{field} is longer than {limit} characters")]
    TooLong {
        /// The field.
        field: &'static str,
        /// The limit, in characters.
        limit: usize,
    },
    /// A list is longer than the limit.
    #[error("{field} holds more than {limit} lines")]
    TooMany {
        /// The field.
        field: &'static str,
        /// The limit, in lines.
        limit: usize,
    },
    /// A value is none of those the ruleset allows.
    #[error("{value} is not allowed for {field} under {ruleset}")]
    NotAllowed {
        /// The field.
        field: &'static str,
        /// What was given.
        value: String,
        /// The ruleset in force.
        ruleset: String,
    },
    /// The name is in use, or holds characters that no name has.
    #[error("{value} cannot be used for {field}")]
    Taken {
        /// The field.
        field: &'static str,
        /// What was given.
        value: String,
    },
    /// Administration and the loop are kept apart, in posts and in persons.
    #[error("administrators take no part in the loop")]
    AdministratorApart {
        /// The field.
        field: &'static str,
    },
    /// Nobody administers their own account or leaves the post they administer from.
    #[error("nobody administers their own account or administrator's post")]
    OwnAccount,
    /// A question whose answer is known (已有数据).
    #[error("“{question}” is known already: {stands:?}")]
    KnownAlready {
        /// The question.
        question: String,
        /// Where the answer stands.
        stands: Stands,
    },
    /// Something named does not exist or is closed.
    #[error("{field}: there is no {value}")]
    Unknown {
        /// The field.
        field: &'static str,
        /// What was given.
        value: String,
    },
    /// Nobody holds a fitting post in the unit.
    #[error("nobody holds a post for {role:?} in {unit}")]
    Vacant {
        /// The unit.
        unit: String,
        /// The role that nobody holds.
        role: Role,
    },
    /// Lead unit and acceptance unit are the same.
    #[error("a unit cannot accept its own work")]
    OwnAcceptance,
    /// The date lies after the latest one allowed.
    #[error("{field} must not be after {limit}")]
    DateAfter {
        /// The field.
        field: &'static str,
        /// The last day allowed.
        limit: Date,
    },
    /// The date lies before the earliest one allowed.
    #[error("{field} must not be before {limit}")]
    DateBefore {
        /// The field.
        field: &'static str,
        /// The first day allowed.
        limit: Date,
    },
    /// The term for this act is over.
    #[error("this was possible until {until}")]
    TooLate {
        /// The last day.
        until: Date,
    },
    /// The term that must run first is not over.
    #[error("this is possible from {from}")]
    TooEarly {
        /// The first day.
        from: Date,
    },
    /// The parts do not add up to the whole.
    #[error("the parts hold {found} items, the whole {expected}")]
    SumDiffers {
        /// Items of the whole.
        expected: u64,
        /// Items of the parts.
        found: u64,
    },
    /// Evidence that the ruleset demands is not there.
    #[error("evidence is missing: {roles:?}")]
    EvidenceMissing {
        /// What is missing.
        roles: Vec<EvidenceRole>,
    },
    /// A measure is neither done nor waived.
    #[error("measure {number} is neither done nor waived")]
    MeasureOpen {
        /// The measure's number in the plan, from 1.
        number: u32,
    },
    /// A standard was not answered in the verification.
    #[error("standard {number} is not met or not answered")]
    StandardOpen {
        /// The standard's number in the ruleset, from 1.
        number: usize,
    },
    /// Objections are still unanswered.
    #[error("{count} objections are still open")]
    OpenObjections {
        /// How many.
        count: usize,
    },
    /// The date was set by a higher level than the one deciding.
    #[error("only {needed:?} or above may decide this")]
    LevelTooLow {
        /// The lowest level that may.
        needed: Level,
    },
    /// This can be done once only.
    #[error("this can be done only once")]
    OnceOnly,
    /// Nobody is reminded of a step by whoever owes it.
    #[error("the next step is their own")]
    OwnTurn,
    /// Too few checkers took part.
    #[error("at least {needed} checkers are needed")]
    TooFewCheckers {
        /// How many the ruleset demands.
        needed: usize,
    },
    /// The kind of task demands a visit.
    #[error("this kind of task must be verified on site")]
    OnSiteNeeded,
    /// The verification standard is disputed and must be clarified first.
    #[error("the standard must be clarified first")]
    StandardDisputed,
    /// The step is not part of the procedure in force.
    #[error("the procedure {ruleset} does not have this step here")]
    NoSuchStep {
        /// The ruleset in force.
        ruleset: String,
    },
    /// The record moved on after the person read it.
    #[error("the record changed: seen at {seen}, now at {now}")]
    Stale {
        /// The ledger position the person saw.
        seen: u64,
        /// The ledger position now.
        now: u64,
    },
    /// The act is not open while the record stands as it does.
    #[error("this is not open while the {kind:?} is {state}", kind = kind.name())]
    NotOpen {
        /// Kind of the record.
        kind: Kind,
        /// How it stands.
        state: &'static str,
    },
    /// An item of the agenda was not dealt with.
    #[error("item {n} was not dealt with")]
    ItemOpen {
        /// Its place, from 1.
        n: usize,
    },
    /// Too few members came in person.
    #[error("{present} members are present in person, {needed} are needed")]
    NoQuorum {
        /// Present in person.
        present: usize,
        /// Needed.
        needed: usize,
    },
    /// A unit would lie below itself.
    #[error("{unit} would lie below itself")]
    BelowItself {
        /// The unit.
        unit: String,
    },
    /// Somebody else holds the one seat of the post.
    #[error("{person} holds this post from {from}")]
    Held {
        /// Who.
        person: String,
        /// First day.
        from: Date,
        /// Last day, once known.
        until: Option<Date>,
    },
    /// The duties that were cited say nothing about why the unit answers.
    #[error("the duties cited do not fit {unit}")]
    DutyElsewhere {
        /// The lead unit.
        unit: String,
    },
    /// The signature belongs to somebody else.
    #[error("this is signed by {person}")]
    NotYourSignature {
        /// Who signs.
        person: String,
    },
    /// The meeting has not decided on this list.
    #[error("item {n} of the meeting did not adopt the list")]
    NotDecided {
        /// Place of the item, from 1.
        n: u32,
    },
    /// The dates or dependencies of a plan cannot stand.
    #[error(transparent)]
    Plan(Flaw),
    /// Something else must be finished first.
    #[error("this waits for {on}")]
    Waits {
        /// Title of what it waits for.
        on: String,
    },
    /// More would be paid than is planned.
    #[error("{paid_yuan} yuan would be paid, {planned_yuan} yuan are planned")]
    Overpaid {
        /// Planned from this source, in yuan.
        planned_yuan: u64,
        /// Paid from it with this payment, in yuan.
        paid_yuan: u64,
    },
    /// A milestone of a plan lies after the deadline of the task.
    #[error("milestone {n} is due on {on}, the task on {limit}")]
    MilestoneLate {
        /// Its number, from 1.
        n: usize,
        /// When it would be due.
        on: Date,
        /// The deadline.
        limit: Date,
    },
    /// A milestone is not reached.
    #[error("milestone {n} is not reached")]
    MilestoneOpen {
        /// Its number, from 1.
        n: usize,
    },
    /// A target is not reached.
    #[error("target {n} is not reached")]
    TargetOpen {
        /// Its number, from 1.
        n: usize,
    },
    /// A project of the campaign is neither accepted nor stopped.
    #[error("the project {title} is still open")]
    ProjectOpen {
        /// Its title.
        title: String,
    },
    /// Only the guarantor does this.
    #[error("only the guarantor does this")]
    NotTheGuarantor,
    /// A guarantee is no verification: whoever guarantees a task does not verify it.
    #[error("whoever guarantees a task does not verify it")]
    GuarantorVerifies,
    /// A line on the map breaks off: too few points, a point outside the country, or the same point twice in a row.
    #[error("point {point} of the line cannot be used")]
    LineBroken {
        /// Its place, from 1.
        point: usize,
    },
    /// The seat of a river chief is taken in that time.
    #[error("the seat is taken from {from}")]
    SeatHeld {
        /// First day of the one who holds it.
        from: Date,
        /// Last day, if it is known.
        until: Option<Date>,
    },
    /// A river plan says nothing about one of the five subjects.
    #[error("the plan has no task for {subject:?}")]
    SubjectOpen {
        /// The subject.
        subject: PlanSubject,
    },
    /// Whoever published or objected stands aside when it is reviewed (复核回避).
    #[error("whoever published the board or objected to it does not decide about it")]
    AuthorDecides,
    /// An objection to the board is not decided, or its correction is not published.
    #[error("objection {n} is not settled")]
    ObjectionOpen {
        /// Its number.
        n: u32,
    },
    /// An item of a film cannot stand as it was typed.
    #[error("row {row}: {flaw}")]
    FilmItem {
        /// The row, from 1.
        row: usize,
        /// What is wrong with it.
        flaw: FilmFlaw,
    },
    /// A team is too small, or comes from too few units.
    #[error("a team needs {members} people from {units} units")]
    TeamTooSmall {
        /// People needed.
        members: usize,
        /// Units they must come from.
        units: usize,
    },
    /// A member of a team has not declared where they may not go.
    #[error("{person} has not declared where they may not go")]
    NotDeclared {
        /// Name.
        person: String,
    },
    /// A member of a team may not look there (回避).
    #[error("{person} may not look at {unit}: {why:?}")]
    Recused {
        /// Name.
        person: String,
        /// Name of the unit.
        unit: String,
        /// Why.
        why: Recusal,
    },
    /// A target is given to nobody.
    #[error("{unit} is given to no team")]
    Uncovered {
        /// Name of the unit.
        unit: String,
    },
    /// Two units would check each other in one round.
    #[error("{one} and {other} would check each other")]
    MutualPair {
        /// Name of one.
        one: String,
        /// Name of the other.
        other: String,
    },
    /// Only whoever organises a sealed round may do this.
    #[error("only whoever organises this may do it")]
    OrganiserOnly,
    /// Missions are still sealed or under way.
    #[error("{count} missions are still sealed or under way")]
    StillSealed {
        /// How many.
        count: usize,
    },
    /// The team has not arrived at the stop.
    #[error("the team has not arrived at this stop")]
    NotArrived,
    /// Whoever made a finding does not rule upon it.
    #[error("whoever made a finding does not rule upon it")]
    OwnFinding,
    /// Whoever handed a picture in does not settle the question about it.
    #[error("whoever handed a picture in does not settle the question about it")]
    OwnPicture,
    /// The pictures prove too little for this step, and no verification stands in for them.
    #[error(
        "the pictures of after are graded {found:?}, {needed:?} is needed, or a visit of {people} people from {units} units"
    )]
    ProvesTooLittle {
        /// The best grade there is; nothing without a picture.
        found: Option<Grade>,
        /// The least that is needed.
        needed: Grade,
        /// People whose visit together stands in for it.
        people: usize,
        /// Units they must come from.
        units: usize,
    },
    /// A draw needs more parties.
    #[error("a draw needs {needed} parties")]
    TooFewParties {
        /// How many.
        needed: usize,
    },
    /// Not every party has bound itself yet.
    #[error("not every party has committed yet")]
    NotAllCommitted,
    /// A reserve steps in only for what could not be looked at.
    #[error("{task} was not refused or out of reach")]
    NotOutOfReach {
        /// The task.
        task: String,
    },
    /// Every reserve has stepped in already.
    #[error("no reserve is left")]
    NoReserveLeft,
    /// Whatever anybody can recompute cannot be sealed.
    #[error("what is drawn in the open cannot be sealed")]
    DrawnInTheOpen,
    /// The secret is not the one that was committed to.
    #[error("this is not the secret that was committed to")]
    NotTheSecret,
    /// A document bears a security classification and must not enter.
    #[error("classified documents must not enter this system")]
    Classified,
}

/// What is wrong with an item of a film.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FilmFlaw {
    /// What was typed is no timecode.
    #[error("“{typed}” is no timecode")]
    NotATimecode {
        /// What was typed.
        typed: String,
    },
    /// It ends before it starts.
    #[error("it ends before it starts")]
    EndsBeforeStart,
    /// It lies beyond the end of the film.
    #[error("it lies beyond the end of the film at {length}")]
    BeyondTheEnd {
        /// How long the film is.
        length: Timecode,
    },
    /// It does not say what is seen.
    #[error("it does not say what is seen")]
    NothingSeen,
}

impl Refusal {
    /// The message key under which every language words this refusal.
    #[must_use]
    pub fn key(&self) -> &'static str {
        match self {
            Refusal::NotNow { .. } => "refusal-not-now",
            Refusal::NotYours { .. } => "refusal-not-yours",
            Refusal::SameHands { .. } => "refusal-same-hands",
            Refusal::SameUnit { .. } => "refusal-same-unit",
            Refusal::Missing { .. } => "refusal-missing",
            Refusal::TooLong { .. } => "refusal-too-long",
            Refusal::TooMany { .. } => "refusal-too-many",
            Refusal::NotAllowed { .. } => "refusal-not-allowed",
            Refusal::Taken { .. } => "refusal-taken",
            Refusal::AdministratorApart { .. } => "refusal-administrator-apart",
            Refusal::OwnAccount => "refusal-own-account",
            Refusal::Unknown { .. } => "refusal-unknown",
            Refusal::KnownAlready { stands: Stands::Books { .. }, .. } => "refusal-known-in-books",
            Refusal::KnownAlready { stands: Stands::Answers { .. }, .. } => "refusal-known-in-answers",
            Refusal::KnownAlready { stands: Stands::Asked { .. } | Stands::Here { .. }, .. } => {
                "refusal-asked-already"
            }
            Refusal::Vacant { .. } => "refusal-vacant",
            Refusal::OwnAcceptance => "refusal-own-acceptance",
            Refusal::DateAfter { .. } => "refusal-date-after",
            Refusal::DateBefore { .. } => "refusal-date-before",
            Refusal::TooLate { .. } => "refusal-too-late",
            Refusal::TooEarly { .. } => "refusal-too-early",
            Refusal::SumDiffers { .. } => "refusal-sum-differs",
            Refusal::EvidenceMissing { .. } => "refusal-evidence-missing",
            Refusal::MeasureOpen { .. } => "refusal-measure-open",
            Refusal::StandardOpen { .. } => "refusal-standard-open",
            Refusal::OpenObjections { .. } => "refusal-open-objections",
            Refusal::LevelTooLow { .. } => "refusal-level-too-low",
            Refusal::OnceOnly => "refusal-once-only",
            Refusal::OwnTurn => "refusal-own-turn",
            Refusal::TooFewCheckers { .. } => "refusal-too-few-checkers",
            Refusal::OnSiteNeeded => "refusal-on-site-needed",
            Refusal::StandardDisputed => "refusal-standard-disputed",
            Refusal::NoSuchStep { .. } => "refusal-no-such-step",
            Refusal::Stale { .. } => "refusal-stale",
            Refusal::NotOpen { .. } => "refusal-not-open",
            Refusal::ItemOpen { .. } => "refusal-item-open",
            Refusal::NoQuorum { .. } => "refusal-no-quorum",
            Refusal::BelowItself { .. } => "refusal-below-itself",
            Refusal::Held { .. } => "refusal-held",
            Refusal::DutyElsewhere { .. } => "refusal-duty-elsewhere",
            Refusal::NotYourSignature { .. } => "refusal-not-your-signature",
            Refusal::NotDecided { .. } => "refusal-not-decided",
            Refusal::Plan(Flaw::EndsBeforeStart { .. }) => "refusal-milestone-ends-before-start",
            Refusal::Plan(Flaw::AfterFinalDate { .. }) => "refusal-milestone-after-final-date",
            Refusal::Plan(Flaw::BeforeProject { .. }) => "refusal-milestone-before-project",
            Refusal::Plan(Flaw::UnknownDependency { .. }) => "refusal-milestone-unknown-dependency",
            Refusal::Plan(Flaw::BeforeDependency { .. }) => "refusal-milestone-before-dependency",
            Refusal::Plan(Flaw::Cycle { .. }) => "refusal-milestone-cycle",
            Refusal::Plan(Flaw::ProjectCycle { .. }) => "refusal-project-cycle",
            Refusal::Plan(Flaw::Duration { .. }) => "refusal-milestone-duration",
            Refusal::Plan(Flaw::Reached { .. }) => "refusal-milestone-reached",
            Refusal::Plan(Flaw::Gone { .. }) => "refusal-milestone-gone",
            Refusal::Waits { .. } => "refusal-waits",
            Refusal::Overpaid { .. } => "refusal-overpaid",
            Refusal::MilestoneLate { .. } => "refusal-milestone-late",
            Refusal::MilestoneOpen { .. } => "refusal-milestone-open",
            Refusal::TargetOpen { .. } => "refusal-target-open",
            Refusal::ProjectOpen { .. } => "refusal-project-open",
            Refusal::NotTheGuarantor => "refusal-not-the-guarantor",
            Refusal::GuarantorVerifies => "refusal-guarantor-verifies",
            Refusal::LineBroken { .. } => "refusal-line-broken",
            Refusal::SeatHeld { .. } => "refusal-seat-held",
            Refusal::SubjectOpen { .. } => "refusal-subject-open",
            Refusal::FilmItem { flaw: FilmFlaw::NotATimecode { .. }, .. } => "refusal-film-timecode",
            Refusal::FilmItem { flaw: FilmFlaw::EndsBeforeStart, .. } => "refusal-film-ends-before-start",
            Refusal::FilmItem { flaw: FilmFlaw::BeyondTheEnd { .. }, .. } => "refusal-film-beyond-the-end",
            Refusal::FilmItem { flaw: FilmFlaw::NothingSeen, .. } => "refusal-film-nothing-seen",
            Refusal::TeamTooSmall { .. } => "refusal-team-too-small",
            Refusal::NotDeclared { .. } => "refusal-not-declared",
            Refusal::Recused { .. } => "refusal-recused",
            Refusal::Uncovered { .. } => "refusal-uncovered",
            Refusal::MutualPair { .. } => "refusal-mutual-pair",
            Refusal::OrganiserOnly => "refusal-organiser-only",
            Refusal::StillSealed { .. } => "refusal-still-sealed",
            Refusal::NotArrived => "refusal-not-arrived",
            Refusal::OwnFinding => "refusal-own-finding",
            Refusal::OwnPicture => "refusal-own-picture",
            Refusal::ProvesTooLittle { .. } => "refusal-proves-too-little",
            Refusal::TooFewParties { .. } => "refusal-too-few-parties",
            Refusal::NotOutOfReach { .. } => "refusal-not-out-of-reach",
            Refusal::NoReserveLeft => "refusal-no-reserve-left",
            Refusal::DrawnInTheOpen => "refusal-drawn-in-the-open",
            Refusal::NotAllCommitted => "refusal-not-all-committed",
            Refusal::NotTheSecret => "refusal-not-the-secret",
            Refusal::Classified => "refusal-classified",
            Refusal::AuthorDecides => "refusal-author-decides",
            Refusal::ObjectionOpen { .. } => "refusal-objection-open",
        }
    }

    /// The form field the refusal is about, if it is about one.
    #[must_use]
    pub fn field(&self) -> Option<&'static str> {
        match self {
            Refusal::Missing { field }
            | Refusal::TooLong { field, .. }
            | Refusal::TooMany { field, .. }
            | Refusal::NotAllowed { field, .. }
            | Refusal::Taken { field, .. }
            | Refusal::AdministratorApart { field }
            | Refusal::Unknown { field, .. }
            | Refusal::DateAfter { field, .. }
            | Refusal::DateBefore { field, .. } => Some(field),
            Refusal::KnownAlready { .. } => Some("survey_questions"),
            Refusal::SumDiffers { .. } => Some("parts"),
            Refusal::EvidenceMissing { .. } => Some("evidence"),
            Refusal::MeasureOpen { .. } => Some("results"),
            Refusal::StandardOpen { .. } => Some("standards"),
            Refusal::TooFewCheckers { .. } => Some("checkers"),
            Refusal::OnSiteNeeded => Some("method"),
            Refusal::BelowItself { .. } => Some("parent"),
            Refusal::Held { .. } => Some("taken_on"),
            Refusal::DutyElsewhere { .. } => Some("duties"),
            Refusal::OwnAcceptance => Some("acceptance"),
            Refusal::Plan(Flaw::ProjectCycle { .. }) => Some("after"),
            Refusal::Plan(_) | Refusal::MilestoneLate { .. } => Some("milestones"),
            Refusal::Overpaid { .. } => Some("yuan"),
            Refusal::LineBroken { .. } => Some("line"),
            Refusal::SeatHeld { .. } => Some("chief_post"),
            Refusal::SubjectOpen { .. } => Some("plan_tasks"),
            Refusal::FilmItem { .. } => Some("film_items"),
            Refusal::TeamTooSmall { .. } | Refusal::NotDeclared { .. } | Refusal::Recused { .. } => {
                Some("teams")
            }
            Refusal::Uncovered { .. } | Refusal::MutualPair { .. } => Some("targets"),
            Refusal::TooFewParties { .. } => Some("parties"),
            Refusal::NotTheSecret => Some("secret"),
            Refusal::NotOutOfReach { .. } => Some("absent"),
            _ => None,
        }
    }
}
