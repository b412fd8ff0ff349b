//! Reports of a phone (现场记录): a whole visit in one record, made without network and sent later, perhaps by two of the team.
//!
//! A stop keeps every report. What counts is worked out from all of them, field by field, and never from the order in which
//! they came in: the earliest arrival, the latest leaving, and for the rest what the reports agree on. Where they differ a
//! person of the team says which counts; both versions stay. See [`Visit::conflicts`].

use super::{Answer, Arrival, Outcome, Visit};
use crate::{
    capture::{Capture, Made},
    finding::Seen,
    id::PersonId,
    picture::Picture,
    task::Verdict,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Most reports of one stop.
pub const REPORTS_MAX: usize = 40;

/// What was seen at a stop, in one tap.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Saw {
    /// Corrected and still in order (整改到位).
    Held,
    /// Corrected in part (部分到位): the task opens again.
    Partly,
    /// Not corrected (未整改).
    NotDone,
    /// Came back (反弹).
    Rebounded,
    /// In order, but something else is wrong (新问题).
    New,
    /// Nothing wrong (未发现问题), where no task is looked at again.
    Clean,
}

impl Saw {
    /// Everything that can be seen.
    pub const ALL: [Saw; 6] = [Saw::Held, Saw::Partly, Saw::NotDone, Saw::Rebounded, Saw::New, Saw::Clean];

    /// The name used in message keys and records.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Saw::Held => "held",
            Saw::Partly => "partly",
            Saw::NotDone => "not_done",
            Saw::Rebounded => "rebounded",
            Saw::New => "new",
            Saw::Clean => "clean",
        }
    }

    /// What may be seen where a task is looked at again, and where none is.
    #[must_use]
    pub fn offered(looks_back: bool) -> &'static [Saw] {
        if looks_back {
            &[Saw::Held, Saw::Partly, Saw::NotDone, Saw::Rebounded, Saw::New]
        } else {
            &[Saw::Clean, Saw::New]
        }
    }

    /// The Chinese term, with which the ledger words it.
    #[must_use]
    pub fn term(self) -> &'static str {
        match self {
            Saw::Held => "整改到位",
            Saw::Partly => "部分到位",
            Saw::NotDone => "未整改",
            Saw::Rebounded => "反弹",
            Saw::New => "原问题整改到位，发现新问题",
            Saw::Clean => "未发现问题",
        }
    }

    /// What it says about the task that is looked at again.
    #[must_use]
    pub fn verdict(self) -> Verdict {
        match self {
            Saw::Held | Saw::New | Saw::Clean => Verdict::Held,
            Saw::Partly | Saw::Rebounded => Verdict::Rebounded,
            Saw::NotDone => Verdict::Fake,
        }
    }
}

/// A whole visit in one record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// By which device and when.
    pub made: Made,
    /// When it came in, by the server's clock; nothing that a device says here is believed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub received_at: Option<Timestamp>,
    /// How and when the team came, by the clock of the device.
    pub arrival: Arrival,
    /// What was seen.
    pub saw: Saw,
    /// In words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// The checklist, answered whole or not at all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub answers: Vec<Answer>,
    /// Its pictures.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub captures: Vec<Capture>,
    /// What the server read from those pictures when they came in; see [`Picture`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pictures: Vec<Picture>,
    /// What was seen besides, to be judged by the desk.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seen: Option<Box<Seen>>,
}

/// A report with whoever made it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reported {
    /// Who.
    pub person: PersonId,
    /// What.
    pub report: Report,
}

/// A field that reports of the same stop may differ in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReportField {
    /// What was seen.
    Saw,
    /// How the team came in.
    Entry,
    /// Whether somebody went along.
    Escorted,
    /// An item of the checklist, from 0.
    Answer(usize),
}

impl ReportField {
    /// The name used in forms: `saw`, `entry`, `escorted`, `answer-3`.
    #[must_use]
    pub fn name(self) -> String {
        match self {
            ReportField::Saw => "saw".to_owned(),
            ReportField::Entry => "entry".to_owned(),
            ReportField::Escorted => "escorted".to_owned(),
            ReportField::Answer(n) => format!("answer-{n}"),
        }
    }

    /// The field of a name.
    #[must_use]
    pub fn named(name: &str) -> Option<ReportField> {
        match name {
            "saw" => Some(ReportField::Saw),
            "entry" => Some(ReportField::Entry),
            "escorted" => Some(ReportField::Escorted),
            _ => Some(ReportField::Answer(name.strip_prefix("answer-")?.parse().ok()?)),
        }
    }

    /// What a report says in this field, by a name that can be compared; nothing when it does not say.
    #[must_use]
    pub fn of(self, report: &Report) -> Option<&'static str> {
        match self {
            ReportField::Saw => Some(report.saw.name()),
            ReportField::Entry => Some(report.arrival.entry.name()),
            ReportField::Escorted => Some(if report.arrival.escorted { "yes" } else { "no" }),
            ReportField::Answer(n) => report.answers.get(n).map(|answer| answer.result.name()),
        }
    }
}

/// A field in which reports differ and nobody has said which counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict<'v> {
    /// The field.
    pub field: ReportField,
    /// The reports that say something in it, the earliest first.
    pub versions: Vec<&'v Reported>,
}

/// What the forms told of a stop before its first report came in.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    arrival: Option<Arrival>,
    answers: Vec<Answer>,
    answered_by: Option<PersonId>,
    looked_back: Option<(Verdict, PersonId, String)>,
    left: Option<(Timestamp, Outcome, String)>,
}

impl Visit {
    /// Whether a record with this key stands here already.
    #[must_use]
    pub fn has_record(&self, key: &str) -> bool {
        let reported = self.reports.iter().any(|each| each.report.made.key == key);
        reported || self.seen.iter().any(|seen| seen.made.as_ref().is_some_and(|made| made.key == key))
    }

    /// Where reports differ and nobody has said which counts.
    #[must_use]
    pub fn conflicts(&self) -> Vec<Conflict<'_>> {
        let items = self.reports.iter().map(|each| each.report.answers.len()).max().unwrap_or(0);
        let fields = [ReportField::Saw, ReportField::Entry, ReportField::Escorted].into_iter();
        fields
            .chain((0..items).map(ReportField::Answer))
            .filter(|field| !self.settled.iter().any(|(settled, _)| settled == field))
            .filter_map(|field| {
                let versions: Vec<&Reported> =
                    self.reports.iter().filter(|each| field.of(&each.report).is_some()).collect();
                let first = field.of(&versions.first()?.report);
                let differ = versions.iter().any(|each| field.of(&each.report) != first);
                differ.then_some(Conflict { field, versions })
            })
            .collect()
    }

    /// The report that counts in a field: the one somebody named, else the earliest that says something.
    fn counts(&self, field: ReportField) -> Option<&Reported> {
        let named = self.settled.iter().rev().find(|(settled, _)| *settled == field);
        let named = named.and_then(|(_, key)| self.reports.iter().find(|each| &each.report.made.key == key));
        named.or_else(|| self.reports.iter().find(|each| field.of(&each.report).is_some()))
    }

    /// Files a report and works out anew what counts.
    pub(super) fn add_report(&mut self, person: PersonId, report: Report) {
        if self.reports.is_empty() {
            self.told = Some(Box::new(Told {
                arrival: self.arrival.clone(),
                answers: self.answers.clone(),
                answered_by: self.answered_by.clone(),
                looked_back: self.looked_back.clone(),
                left: self.left.clone(),
            }));
        }
        if let Some(seen) = &report.seen {
            self.seen.push(seen.as_ref().clone());
        }
        let at = self.reports.partition_point(|each| each.report.made < report.made);
        self.reports.insert(at, Reported { person, report });
        self.merge();
    }

    /// Files which report counts in a field.
    pub(super) fn settle(&mut self, field: ReportField, key: String) {
        self.settled.push((field, key));
        self.merge();
    }

    fn merge(&mut self) {
        let told = self.told.as_deref().cloned().unwrap_or_default();
        let reports = || self.reports.iter().map(|each| &each.report);
        let arrival = reports().map(|report| &report.arrival).min_by_key(|arrival| arrival.at).cloned();
        let arrival = told.arrival.or_else(|| {
            let entry = self.counts(ReportField::Entry)?.report.arrival.entry;
            let escorted = self.counts(ReportField::Escorted)?.report.arrival.escorted;
            Some(Arrival { entry, escorted, ..arrival? })
        });
        let left = told.left.or_else(|| {
            let last = reports().map(|report| report.made.at).max()?;
            Some((last, Outcome::Visited, String::new()))
        });
        let items = reports().map(|report| report.answers.len()).max().unwrap_or(0);
        let (answers, answered_by) = if told.answers.is_empty() {
            let answer = |n| self.counts(ReportField::Answer(n))?.report.answers.get(n).cloned();
            let who = reports_with_answers(&self.reports);
            ((0..items).filter_map(answer).collect(), who)
        } else {
            (told.answers, told.answered_by)
        };
        let looks_back = self.stop.task.is_some();
        let looked_back = told.looked_back.or_else(|| {
            let counts = self.counts(ReportField::Saw).filter(|_| looks_back)?;
            let (term, notes) = (counts.report.saw.term(), self.notes());
            let words = if notes.is_empty() { term.to_owned() } else { format!("{term}。{notes}") };
            Some((counts.report.saw.verdict(), counts.person.clone(), words))
        });
        self.arrival = arrival;
        self.left = left;
        self.answers = answers;
        self.answered_by = answered_by;
        self.looked_back = looked_back;
    }

    /// What the reports say in words, the earliest first, each sentence once.
    #[must_use]
    pub fn notes(&self) -> String {
        let mut notes: Vec<&str> = Vec::new();
        for each in &self.reports {
            let note = each.report.note.as_str();
            if !note.is_empty() && !notes.contains(&note) {
                notes.push(note);
            }
        }
        notes.join("；")
    }
}

fn reports_with_answers(reports: &[Reported]) -> Option<PersonId> {
    reports.iter().find(|each| !each.report.answers.is_empty()).map(|each| each.person.clone())
}
