//! The replay: every derived row as the ledger alone gives it.

use crate::{
    Result,
    db::Value,
    envelope, intake, photo,
    reference::{Reference, damaged},
    source, task,
};
use bihuan_ledger::Fields;
use bihuan_rules::{
    Act, Subject, day_of,
    id::{ProblemId, RecordId, TaskId},
    problem::{Problem, ProblemAct},
    record::AnyRecord,
    task::Task,
};
use jiff::{Timestamp, civil::Date};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// The state that follows from the ledger alone.
#[derive(Default)]
pub(super) struct Replay {
    reference: Reference,
    pub(super) accounts: BTreeMap<String, [Value; 4]>,
    pub(super) settings: BTreeMap<String, String>,
    pub(super) office: BTreeMap<(&'static str, String), String>,
    pub(super) sources: BTreeMap<String, Vec<Value>>,
    pub(super) problems: BTreeMap<ProblemId, (Problem, Date)>,
    pub(super) tasks: HashMap<TaskId, (Task, i64, u64)>,
    pub(super) records: BTreeMap<(&'static str, RecordId), (AnyRecord, u64)>,
    pub(super) intake: Vec<Vec<Value>>,
    pub(super) photos: Vec<Vec<Value>>,
    pub(super) files: BTreeSet<String>,
}

impl Replay {
    pub(super) fn take(&mut self, fields: &Fields<'_>) -> Result<()> {
        let subject = Subject::read(fields.subject).ok_or_else(|| damaged("ledger", "unknown subject"))?;
        let act = Act::read_text(fields.kind, fields.body).map_err(|e| damaged("ledger", e))?;
        let at = Timestamp::from_microsecond(fields.at).map_err(|e| damaged("ledger", e))?;
        self.photos.extend(photo::rows(fields.seq, at, &subject, &act));
        match (subject, act) {
            (Subject::Task(id), Act::Task(event)) => {
                if let bihuan_rules::task::TaskAct::Attached(file) = &event.act {
                    self.files.insert(file.sha256.clone());
                }
                let stamp = task::stamp(fields.person, fields.post, at)?;
                let next = i64::try_from(self.tasks.len()).unwrap_or(i64::MAX) + 1;
                let (task, number) = match self.tasks.remove(&id) {
                    Some((task, number, _)) => (Some(task.after(&stamp, &event)), number),
                    None => (Task::replay(&id, [(stamp, &event)]), next),
                };
                let task =
                    task.ok_or_else(|| damaged("ledger", "a task changed before it was registered"))?;
                self.tasks.insert(id, (task, number, fields.seq));
            }
            (Subject::Problem(id), Act::Problem(ProblemAct::Registered(registered))) => {
                let problem = Problem { id: id.clone(), registered, public_text: String::new() };
                self.problems.insert(id, (problem, day_of(at)));
            }
            (Subject::Problem(id), Act::Problem(act)) => {
                let (problem, on) = self
                    .problems
                    .remove(&id)
                    .ok_or_else(|| damaged("ledger", "a problem changed before it was registered"))?;
                self.problems.insert(id, (problem.after(&act), on));
            }
            (_, Act::Source(registered)) => {
                self.sources.insert(registered.id.to_string(), source::row(&registered));
            }
            (_, Act::Intake(adopted)) => {
                self.files.insert(adopted.sha256.clone());
                self.intake.push(intake::row(fields.seq, &adopted));
            }
            (Subject::Record(kind, id), Act::Record(act)) => {
                let stamp = task::stamp(fields.person, fields.post, at)?;
                let key = (kind.name(), id);
                let before = self.records.remove(&key).map(|(record, _)| record);
                envelope::check(before.as_ref(), &act)?;
                let record = AnyRecord::step(before, &key.1, &stamp, &act)
                    .filter(|record| record.kind() == kind)
                    .ok_or_else(|| damaged("ledger", "an act does not fit its record"))?;
                self.files.extend(record.label().files);
                self.records.insert(key, (record, fields.seq));
                if kind.is_reference() {
                    self.set("version".to_owned(), Some(fields.seq.to_string()));
                }
            }
            (_, act) => self.take_reference(&act, fields.seq),
        }
        Ok(())
    }

    fn take_reference(&mut self, act: &Act, sequence: u64) {
        match act {
            Act::Office(act) => {
                for (kind, id, body) in self.reference.apply_office(act) {
                    self.office.insert((kind, id), body);
                }
            }
            Act::Setting(act) => {
                let (key, body) = self.reference.apply_setting(act);
                self.set(key, body);
            }
            Act::Area(act) => {
                let (key, body) = self.reference.apply_area(act);
                self.set(key, body);
            }
            Act::Account(act) => {
                if let Some(row) = self.reference.apply_account(act)
                    && let Value::Text(person) = &row[0]
                {
                    self.accounts.insert(person.clone(), row);
                }
            }
            _ => return,
        }
        self.set("version".to_owned(), Some(sequence.to_string()));
    }

    fn set(&mut self, key: String, body: Option<String>) {
        match body {
            Some(body) => drop(self.settings.insert(key, body)),
            None => drop(self.settings.remove(&key)),
        }
    }
}
