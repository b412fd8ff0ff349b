//! Acts (行为): everything that may stand in the ledger, and the subjects it is about.

mod task_event;

use crate::{
    id::{PersonId, PostId, ProblemId, RecordId, SourceId, TaskId, UnitId},
    intake::Adopted,
    office::OfficeAct,
    problem::ProblemAct,
    record::{Kind, RecordAct},
    source::Source,
    task::TaskEvent,
};
use serde::{
    Deserialize, Serialize,
    de::{DeserializeOwned, value::MapDeserializer},
};
use serde_json::{Map, Value};

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    /// The books of an area were opened.
    Area(AreaAct),
    /// Units, posts, persons.
    Office(OfficeAct),
    /// A source was registered.
    Source(Source),
    /// A problem.
    Problem(ProblemAct),
    /// A task.
    Task(TaskEvent),
    /// A document was adopted.
    Intake(Adopted),
    /// Settings of the area.
    Setting(SettingAct),
    /// Accounts; never with a secret in it.
    Account(AccountAct),
    /// A record on the shelf.
    Record(RecordAct),
}

/// The books of an area were opened (建账).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "body", rename_all = "snake_case")]
pub enum AreaAct {
    /// First entry of every chain.
    Founded {
        /// Code of the area, such as `519904`.
        code: String,
        /// Name of the area.
        name: String,
        /// Prefix of its own numbers, such as `AL`.
        number_prefix: String,
        /// Everything in it is invented (模拟数据).
        simulated: bool,
    },
}

/// A setting was changed (设置).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "body", rename_all = "snake_case")]
pub enum SettingAct {
    /// The procedure for new sources.
    RulesetChosen {
        /// Its name.
        name: String,
    },
    /// A procedure of the district's own was adopted, as TOML.
    RulesetAdopted {
        /// Its text.
        toml: String,
    },
    /// A ranking scheme of the district's own was adopted, as TOML.
    SchemeAdopted {
        /// Its text.
        toml: String,
        /// Who decided it, and where that is written.
        ground: String,
    },
    /// The scheme of boards for which none is named.
    SchemeChosen {
        /// Its name.
        name: String,
        /// Who decided it, and where that is written.
        ground: String,
    },
    /// A ladder of the district's own was adopted, as TOML.
    LadderAdopted {
        /// Its text.
        toml: String,
        /// Who decided it, and where that is written.
        ground: String,
    },
    /// The ladder of proposals for which none is named.
    LadderChosen {
        /// Its name.
        name: String,
        /// Who decided it, and where that is written.
        ground: String,
    },
    /// A year of the working-day calendar was added or replaced.
    CalendarYearSet {
        /// The year.
        year: i16,
        /// Its days, in the layout of the shipped files.
        json: String,
    },
    /// A saved view of a list.
    ViewSaved {
        /// Its name.
        name: String,
        /// The query string of the list.
        query: String,
        /// The post it belongs to.
        post: PostId,
    },
    /// A saved view was dropped.
    ViewDropped {
        /// Its name.
        name: String,
        /// The post it belonged to.
        post: PostId,
    },
}

/// An account changed (账号).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "body", rename_all = "snake_case")]
pub enum AccountAct {
    /// A person may sign in under this name.
    Opened {
        /// The person.
        person: PersonId,
        /// The sign-in name.
        login: String,
    },
    /// The person may no longer sign in.
    Closed {
        /// The person.
        person: PersonId,
    },
    /// The password was set by an administrator or changed by its owner.
    PasswordSet {
        /// The person.
        person: PersonId,
    },
    /// A second factor was added.
    SecondFactorAdded {
        /// The person.
        person: PersonId,
    },
    /// The second factor was removed.
    SecondFactorRemoved {
        /// The person.
        person: PersonId,
    },
}

impl AccountAct {
    /// Whose account it is.
    #[must_use]
    pub fn person(&self) -> &PersonId {
        let (AccountAct::Opened { person, .. }
        | AccountAct::Closed { person }
        | AccountAct::PasswordSet { person }
        | AccountAct::SecondFactorAdded { person }
        | AccountAct::SecondFactorRemoved { person }) = self;
        person
    }
}

/// What an act is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subject {
    /// The area itself.
    Area,
    /// A unit.
    Unit(UnitId),
    /// A post.
    Post(PostId),
    /// A person.
    Person(PersonId),
    /// A source.
    Source(SourceId),
    /// A problem.
    Problem(ProblemId),
    /// A task.
    Task(TaskId),
    /// A record on the shelf.
    Record(Kind, RecordId),
}

impl std::fmt::Display for Subject {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Subject::Area => f.write_str("area"),
            Subject::Unit(id) => write!(f, "unit/{id}"),
            Subject::Post(id) => write!(f, "post/{id}"),
            Subject::Person(id) => write!(f, "person/{id}"),
            Subject::Source(id) => write!(f, "source/{id}"),
            Subject::Problem(id) => write!(f, "problem/{id}"),
            Subject::Task(id) => write!(f, "task/{id}"),
            Subject::Record(kind, id) => write!(f, "{}/{id}", kind.name()),
        }
    }
}

impl Subject {
    /// Reads a subject back from its text.
    #[must_use]
    pub fn read(text: &str) -> Option<Subject> {
        if text == "area" {
            return Some(Subject::Area);
        }
        let (kind, id) = text.split_once('/')?;
        Some(match kind {
            "unit" => Subject::Unit(UnitId::new(id).ok()?),
            "post" => Subject::Post(PostId::new(id).ok()?),
            "person" => Subject::Person(PersonId::new(id).ok()?),
            "source" => Subject::Source(SourceId::new(id).ok()?),
            "problem" => Subject::Problem(ProblemId::new(id).ok()?),
            "task" => Subject::Task(TaskId::new(id).ok()?),
            _ => Subject::Record(Kind::read(kind)?, RecordId::new(id).ok()?),
        })
    }
}

/// An entry whose kind or body nobody knows.
#[derive(Debug, thiserror::Error)]
#[error("the act {kind} cannot be read: {why}")]
pub struct UnknownAct {
    /// Its kind.
    pub kind: String,
    /// What is wrong.
    pub why: String,
}

impl Act {
    /// Kind and body as the ledger stores them: `task.claimed` and an object without floats.
    #[must_use]
    pub fn write(&self) -> (String, Value) {
        match self {
            Act::Area(act) => tagged("area", act),
            Act::Office(act) => tagged("office", act),
            Act::Source(source) => ("source.registered".to_owned(), value(source)),
            Act::Problem(act) => tagged("problem", act),
            Act::Task(event) => tagged("task", event),
            Act::Intake(adopted) => ("intake.adopted".to_owned(), value(adopted)),
            Act::Setting(act) => tagged("setting", act),
            Act::Account(act) => tagged("account", act),
            Act::Record(act) => act.write(),
        }
    }

    /// Reads an act back from the ledger.
    ///
    /// # Errors
    /// [`UnknownAct`] when the kind is unknown or the body does not fit it.
    pub fn read(kind: &str, body: Value) -> Result<Act, UnknownAct> {
        let unknown = |why: String| UnknownAct { kind: kind.to_owned(), why };
        let (area, name) = kind.split_once('.').ok_or_else(|| unknown("no such kind".to_owned()))?;
        let read = |error: serde_json::Error| unknown(error.to_string());
        Ok(match area {
            "area" => Act::Area(untagged(name, body).map_err(read)?),
            "office" => Act::Office(untagged(name, body).map_err(read)?),
            "source" => Act::Source(serde_json::from_value(body).map_err(read)?),
            "problem" => Act::Problem(untagged(name, body).map_err(read)?),
            "task" => Act::Task(task_event(name, body).map_err(read)?),
            "intake" => Act::Intake(serde_json::from_value(body).map_err(read)?),
            "setting" => Act::Setting(untagged(name, body).map_err(read)?),
            "account" => Act::Account(untagged(name, body).map_err(read)?),
            _ => {
                let kind = Kind::read(area).ok_or_else(|| unknown("no such kind".to_owned()))?;
                Act::Record(RecordAct::read(kind, name, body).map_err(read)?)
            }
        })
    }

    /// [`Act::read`] of the text as the ledger holds it. Acts about tasks, of which there are most, go straight into their
    /// type.
    ///
    /// # Errors
    /// As [`Act::read`], and when the text is no object.
    pub fn read_text(kind: &str, body: &str) -> Result<Act, UnknownAct> {
        let unknown = |error: serde_json::Error| UnknownAct { kind: kind.to_owned(), why: error.to_string() };
        match kind.strip_prefix("task.") {
            Some(name) => Ok(Act::Task(task_event::read(name, body).map_err(unknown)?)),
            None => Act::read(kind, serde_json::from_str(body).map_err(unknown)?),
        }
    }
}

fn value(act: &impl Serialize) -> Value {
    serde_json::to_value(act).expect("acts have string keys and no floats, so they are always serialisable")
}

pub(crate) fn tagged(area: &str, act: &impl Serialize) -> (String, Value) {
    let Value::Object(mut fields) = value(act) else { unreachable!("an act is written as an object") };
    let name = fields.remove("kind");
    let name = name.as_ref().and_then(Value::as_str).unwrap_or_default();
    (format!("{area}.{name}"), Value::Object(fields))
}

fn object(body: Value) -> Map<String, Value> {
    match body {
        Value::Object(fields) => fields,
        other => Map::from_iter([("body".to_owned(), other)]),
    }
}

/// The kind is handed over first: what follows is then read straight into its type.
pub(crate) fn untagged<T: DeserializeOwned>(name: &str, body: Value) -> Result<T, serde_json::Error> {
    let kind = ("kind".to_owned(), Value::String(name.to_owned()));
    let fields = object(body).into_iter().filter(|(field, _)| field != "kind");
    T::deserialize(MapDeserializer::new(std::iter::once(kind).chain(fields)))
}

/// The days stand beside the act; read apart, neither has to be held twice.
fn task_event(name: &str, body: Value) -> Result<TaskEvent, serde_json::Error> {
    let mut fields = object(body);
    let mut day = |field| fields.remove(field).map_or(Ok(None), serde_json::from_value);
    let (due_on, look_back_on, sustain_on) = (day("due_on")?, day("look_back_on")?, day("sustain_on")?);
    let reckoned = fields.remove("reckoned").map_or(Ok(Vec::new()), serde_json::from_value)?;
    Ok(TaskEvent { act: untagged(name, Value::Object(fields))?, due_on, look_back_on, sustain_on, reckoned })
}
