//! Records on the shelf (案卷): everything beside the loop that is kept in the ledger and filed by kind.
//!
//! A record is what follows from its acts, one after another; nothing else makes one. The list below is closed: a kind
//! is its name, what it is and what may happen to it.

use crate::{
    Act, Subject,
    act::{tagged, untagged},
    burden::{Grievance, GrievanceAct, Survey, SurveyAct},
    campaign::{Campaign, CampaignAct},
    checklist::{Checklist, ChecklistAct},
    committee::{Meeting, MeetingAct},
    duty::{Duty, DutyAct},
    film::{Film, FilmAct},
    finding::{Finding, FindingAct},
    guarantee::{Guarantee, GuaranteeAct},
    handover::{Handover, HandoverAct, Owed, Seat},
    id::{RecordId, UnitId},
    ladder::{Case, CaseAct},
    mission::{Mission, MissionAct},
    official_document::{DocumentAct, DocumentTemplate, OfficialDocument, TemplateAct},
    photo_question::{PhotoQuestion, PhotoQuestionAct},
    project::{Project, ProjectAct},
    ranking::{Figures, FiguresAct, Ranking, RankingAct},
    river::{Patrol, PatrolAct, PlanAct, River, RiverAct, RiverPlan, RiverScheme, SchemeAct},
    round::{Round, RoundAct},
    task::Stamp,
};
use jiff::civil::Date;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use std::{collections::BTreeMap, sync::Arc};

/// Records that are held in memory with the office, by kind and code.
pub type Records = BTreeMap<(Kind, RecordId), Arc<AnyRecord>>;

/// No record at all.
pub static NONE: Records = BTreeMap::new();

/// The records of a kind that is held in memory, in order of their codes.
pub fn of_kind<R: Record>(records: &Records) -> impl Iterator<Item = (&RecordId, &R)>
where
    for<'r> &'r R: TryFrom<&'r AnyRecord>,
{
    let of_kind = records.iter().filter(|((kind, _), _)| *kind == R::KIND);
    of_kind.filter_map(|((_, id), record)| Some((id, <&R>::try_from(record.as_ref()).ok()?)))
}

/// What the shelf shows of a record without opening it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Label {
    /// What people call it.
    pub title: String,
    /// How it stands, by a name of its kind.
    pub state: &'static str,
    /// Something is still to be done about it.
    pub is_open: bool,
    /// The unit it belongs to.
    pub unit: Option<UnitId>,
    /// The day it is filed under.
    pub on: Option<Date>,
    /// What it is about; it is found from there.
    pub about: Vec<Subject>,
    /// SHA-256 of the files kept as evidence with it, lower-case hexadecimal.
    pub files: Vec<String>,
}

/// Something that is kept on the shelf.
pub trait Record:
    Clone + PartialEq + std::fmt::Debug + Serialize + DeserializeOwned + Send + Sync + 'static
{
    /// What may happen to it.
    type Act: Into<RecordAct> + Clone;
    /// Its kind.
    const KIND: Kind;
    /// Every unit, post and duty is looked up again and again: such records are held in memory with the office.
    const IS_REFERENCE: bool = false;

    /// The record after one more act; `None` when the act cannot come first, or cannot come again.
    #[must_use]
    fn step(before: Option<Self>, id: &RecordId, stamp: &Stamp, act: &Self::Act) -> Option<Self>;

    /// What the shelf shows of it.
    #[must_use]
    fn label(&self) -> Label;

    /// Its number in a series that has no gaps: the name of the series, and the number. Most kinds have none.
    #[must_use]
    fn numbered(&self) -> Option<(String, u32)> {
        None
    }

    /// Until when something of it is owed, as seen on a day; most kinds have no such day.
    #[must_use]
    fn due_on(&self, _: Date) -> Option<Date> {
        None
    }

    /// What of it the holder of a post still owes, and hands over with the post. A kind that says nothing of its own owes what is about
    /// the post, as long as it is open.
    #[must_use]
    fn owed_by(&self, id: &RecordId, seat: &Seat) -> Vec<Owed> {
        let label = self.label();
        let is_owed = label.is_open && label.about.contains(&Subject::Post(seat.post.clone()));
        let subject = Subject::Record(Self::KIND, id.clone());
        let owed = |label: Label| Owed::of(&subject, label.title, self.due_on(seat.on));
        is_owed.then(|| owed(label)).into_iter().collect()
    }
}

macro_rules! records {
    ($($(#[$doc:meta])* $variant:ident = $name:literal: $record:ty, $act:ty);+ $(;)?) => {
        /// A kind of record.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Kind {
            $($(#[$doc])* $variant),+
        }

        impl Kind {
            /// Every kind.
            pub const ALL: &'static [Kind] = &[$(Kind::$variant),+];

            /// The name used in subjects, acts and message keys.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Kind::$variant => $name),+ }
            }

            /// Whether such records are held in memory.
            #[must_use]
            pub fn is_reference(self) -> bool {
                match self { $(Kind::$variant => <$record as Record>::IS_REFERENCE),+ }
            }
        }

        /// An act about a record.
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub enum RecordAct {
            $($(#[$doc])* $variant($act)),+
        }

        impl RecordAct {
            /// The kind of record it is about.
            #[must_use]
            pub fn kind(&self) -> Kind {
                match self { $(RecordAct::$variant(_) => Kind::$variant),+ }
            }

            pub(crate) fn write(&self) -> (String, Value) {
                match self { $(RecordAct::$variant(act) => tagged($name, act)),+ }
            }

            pub(crate) fn read(kind: Kind, name: &str, body: Value) -> Result<RecordAct, serde_json::Error> {
                Ok(match kind { $(Kind::$variant => RecordAct::$variant(untagged(name, body)?)),+ })
            }
        }

        /// A record of any kind.
        #[derive(Debug, Clone, PartialEq)]
        pub enum AnyRecord {
            $($(#[$doc])* $variant(Box<$record>)),+
        }

        impl AnyRecord {
            /// The record after one more act; `None` when the act does not fit it.
            #[must_use]
            pub fn step(
                before: Option<AnyRecord>,
                id: &RecordId,
                stamp: &Stamp,
                act: &RecordAct,
            ) -> Option<AnyRecord> {
                match (before, act) {
                    $((None, RecordAct::$variant(act)) => {
                        <$record as Record>::step(None, id, stamp, act).map(Box::new).map(AnyRecord::$variant)
                    }
                    (Some(AnyRecord::$variant(before)), RecordAct::$variant(act)) => {
                        <$record as Record>::step(Some(*before), id, stamp, act)
                            .map(Box::new)
                            .map(AnyRecord::$variant)
                    })+
                    _ => None,
                }
            }

            /// Reads a record back from its JSON text.
            ///
            /// # Errors
            /// When the text is not such a record.
            pub fn read(kind: Kind, body: &str) -> Result<AnyRecord, serde_json::Error> {
                Ok(match kind {
                    $(Kind::$variant => AnyRecord::$variant(Box::new(serde_json::from_str(body)?))),+
                })
            }

            /// The record as JSON text.
            ///
            /// # Errors
            /// When the record cannot be written, which no record of ours does.
            pub fn write(&self) -> Result<String, serde_json::Error> {
                match self { $(AnyRecord::$variant(record) => serde_json::to_string(record)),+ }
            }

            /// What the shelf shows of it.
            #[must_use]
            pub fn label(&self) -> Label {
                match self { $(AnyRecord::$variant(record) => record.label()),+ }
            }

            /// Its number in a series without gaps, if it has one.
            #[must_use]
            pub fn numbered(&self) -> Option<(String, u32)> {
                match self { $(AnyRecord::$variant(record) => record.numbered()),+ }
            }

            /// What of it the holder of a post still owes.
            #[must_use]
            pub fn owed_by(&self, id: &RecordId, seat: &Seat) -> Vec<Owed> {
                match self { $(AnyRecord::$variant(record) => record.owed_by(id, seat)),+ }
            }
        }

        $(impl From<$act> for RecordAct {
            fn from(act: $act) -> RecordAct {
                RecordAct::$variant(act)
            }
        }

        impl From<$act> for Act {
            fn from(act: $act) -> Act {
                Act::Record(RecordAct::$variant(act))
            }
        }

        impl TryFrom<AnyRecord> for $record {
            type Error = Kind;
            fn try_from(record: AnyRecord) -> Result<$record, Kind> {
                match record {
                    AnyRecord::$variant(record) => Ok(*record),
                    other => Err(other.kind()),
                }
            }
        }

        impl<'r> TryFrom<&'r AnyRecord> for &'r $record {
            type Error = Kind;
            fn try_from(record: &'r AnyRecord) -> Result<&'r $record, Kind> {
                match record {
                    AnyRecord::$variant(record) => Ok(record),
                    other => Err(other.kind()),
                }
            }
        })+

        impl AnyRecord {
            /// Its kind.
            #[must_use]
            pub fn kind(&self) -> Kind {
                match self { $(AnyRecord::$variant(_) => Kind::$variant),+ }
            }
        }
    };
}

records! {
    /// An official document (公文).
    Document = "document": OfficialDocument, DocumentAct;
    /// A duty (责任).
    Duty = "duty": Duty, DutyAct;
    /// The handover of a post (交接).
    Handover = "handover": Handover, HandoverAct;
    /// A template of official documents (公文模板).
    Template = "template": DocumentTemplate, TemplateAct;
    /// A meeting of the committee (会议).
    Meeting = "meeting": Meeting, MeetingAct;
    /// A campaign (专项行动).
    Campaign = "campaign": Campaign, CampaignAct;
    /// A project (项目).
    Project = "project": Project, ProjectAct;
    /// A guarantee of a leader (包保).
    Guarantee = "guarantee": Guarantee, GuaranteeAct;
    /// A river with its reaches, chiefs and alerts (河湖).
    River = "river": River, RiverAct;
    /// A patrol of a river chief (巡河).
    Patrol = "patrol": Patrol, PatrolAct;
    /// The plan of a river (一河一策).
    RiverPlan = "river_plan": RiverPlan, PlanAct;
    /// A scheme of the river-chief system, such as “1223” (河长制机制).
    RiverScheme = "river_scheme": RiverScheme, SchemeAct;
    /// An inspection round (巡查轮次).
    Round = "round": Round, RoundAct;
    /// A mission of one team (检查任务).
    Mission = "mission": Mission, MissionAct;
    /// A warning film (警示片).
    Film = "film": Film, FilmAct;
    /// What inspectors saw (发现).
    Finding = "finding": Finding, FindingAct;
    /// A question about a picture that looks like another (照片核对).
    PhotoQuestion = "photo_question": PhotoQuestion, PhotoQuestionAct;
    /// A checklist to begin rounds with (检查清单).
    Checklist = "checklist": Checklist, ChecklistAct;
    /// A published board (排名).
    Ranking = "ranking": Ranking, RankingAct;
    /// A measure of the ladder (督办件).
    Case = "case": Case, CaseAct;
    /// Figures of a period that were measured outside (月度数据).
    Figures = "figures": Figures, FiguresAct;
    /// A survey (临时报表).
    Survey = "survey": Survey, SurveyAct;
    /// A complaint about what is asked (减负意见).
    Grievance = "grievance": Grievance, GrievanceAct;
}

impl RecordAct {
    /// Its name as the ledger stores it, such as `meeting.called`.
    #[must_use]
    pub fn name(&self) -> String {
        self.write().0
    }
}

impl Kind {
    /// The kind with this name.
    #[must_use]
    pub fn read(name: &str) -> Option<Kind> {
        Kind::ALL.iter().copied().find(|kind| kind.name() == name)
    }
}
