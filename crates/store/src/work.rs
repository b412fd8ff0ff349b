//! Work (办理): the one door. One person in one post, one instant, one transaction.
//!
//! [`Work::record`] writes the ledger line and every derived row in the same breath; nothing else writes them.

use crate::{
    Error, Result,
    db::{Connection, Row, Value},
    intake,
    lately::Lately,
    ledger, photo, problem,
    reference::{self, Reference},
    shelf, source, task,
    writer::Writing,
};
use bihuan_ledger::{Fields, GENESIS, Hash, leaf_hash};
use bihuan_rules::{
    Act, Actor, Situation, Subject,
    id::{ProblemId, RecordId, SourceId, TaskId},
    problem::Problem,
    record::{AnyRecord, Kind, Record, RecordAct},
    source::Source,
    task::Task,
};
use jiff::Timestamp;
use std::sync::Arc;

/// The end of the chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Head {
    pub size: u64,
    pub hash: Hash,
    pub at: i64,
}

impl Head {
    pub fn read(connection: &mut Connection, area: &str) -> Result<Head> {
        let Some(row) = connection.one(ledger::HEAD, &[area.into()])? else {
            return Ok(Head { size: 0, hash: GENESIS, at: i64::MIN });
        };
        Ok(Head {
            size: u64::try_from(row.int(0)?).map_err(|e| reference::damaged("ledger", e))? + 1,
            at: row.int(1)?,
            hash: row.text(2)?.parse().map_err(|e| reference::damaged("ledger", e))?,
        })
    }
}

/// What the person gets for an act: where it stands in the ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// Position in the chain, from 0.
    pub sequence: u64,
    /// Hash of the entry, lower-case hexadecimal.
    pub hash: String,
}

/// A task with the ledger position of its newest entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen<T> {
    /// The record.
    pub record: T,
    /// Position of its newest entry.
    pub sequence: u64,
}

/// One piece of work.
pub struct Work<'w> {
    connection: &'w mut Connection,
    head: &'w mut Head,
    reference: &'w mut Arc<Reference>,
    area: String,
    lately: &'w mut Lately,
    /// Who acts.
    pub by: Actor,
    /// When; the same instant for the whole piece, never before the entry that stands last in the ledger.
    pub at: Timestamp,
}

impl<'w> Work<'w> {
    pub(crate) fn begin<'c: 'w>(
        writing: &'w mut Writing<'c>,
        area: String,
        by: Actor,
        at: Timestamp,
    ) -> Work<'w> {
        let at = Timestamp::from_microsecond(writing.head.at).map_or(at, |last| at.max(last));
        Work {
            connection: writing.connection,
            head: &mut writing.head,
            reference: &mut writing.reference,
            area,
            lately: writing.lately,
            by,
            at,
        }
    }

    /// Units, posts, calendar, rulesets and settings as they are now.
    #[must_use]
    pub fn reference(&self) -> Arc<Reference> {
        Arc::clone(self.reference)
    }

    /// The situation for a record that follows this procedure; an empty name means the chosen one.
    #[must_use]
    pub fn situation<'a>(&'a self, ruleset: &str) -> Situation<'a> {
        self.reference.situation(&self.by, self.at, ruleset)
    }

    /// How many entries the ledger holds.
    #[must_use]
    pub fn ledger_size(&self) -> u64 {
        self.head.size
    }

    /// Loads a task by replaying its acts.
    ///
    /// # Errors
    /// When the engine refuses or a record is damaged.
    pub fn task(&mut self, id: &TaskId) -> Result<Option<Seen<Task>>> {
        if let Some(seen) = self.lately.get(id) {
            return Ok(Some(seen.clone()));
        }
        let seen = task::load(self.connection, id)?;
        if let Some(seen) = &seen {
            self.lately.put(id, seen.clone());
        }
        Ok(seen)
    }

    /// Loads a problem by replaying its acts.
    ///
    /// # Errors
    /// When the engine refuses or a record is damaged.
    pub fn problem(&mut self, id: &ProblemId) -> Result<Option<Seen<Problem>>> {
        problem::load(self.connection, id)
    }

    /// Loads a source.
    ///
    /// # Errors
    /// When the engine refuses or a record is damaged.
    pub fn source(&mut self, id: &SourceId) -> Result<Option<Source>> {
        source::find(self.connection, id)
    }

    /// Loads a record by replaying its acts.
    ///
    /// # Errors
    /// When the engine refuses or a record is damaged.
    pub fn filed<R: Record + TryFrom<AnyRecord>>(&mut self, id: &RecordId) -> Result<Option<Seen<R>>> {
        let found = shelf::load_before(self.connection, R::KIND, id, self.head.size)?;
        let Some((record, sequence)) = found else { return Ok(None) };
        let wrong = |_| reference::damaged("ledger", "a record is of another kind");
        Ok(Some(Seen { record: R::try_from(record).map_err(wrong)?, sequence }))
    }

    /// The next free code of a kind, such as `prefix-001`.
    ///
    /// # Errors
    /// When the engine refuses.
    pub fn next_code<R: Record>(&mut self, prefix: &str) -> Result<RecordId> {
        shelf::next_code(self.connection, R::KIND, prefix)
    }

    /// Records an act: the ledger line and the derived rows, in one breath.
    ///
    /// # Errors
    /// When the engine refuses.
    pub fn record(&mut self, subject: Subject, act: Act) -> Result<Receipt> {
        let receipt = self.append(&subject, &act)?;
        self.derive(subject, act, receipt.sequence)?;
        Ok(receipt)
    }

    fn append(&mut self, subject: &Subject, act: &Act) -> Result<Receipt> {
        let (kind, body) = act.write();
        let mut text = Vec::with_capacity(256);
        bihuan_ledger::canonical::write(&body, &mut text).map_err(|e| reference::damaged("ledger", e))?;
        let body = String::from_utf8(text).map_err(|e| reference::damaged("ledger", e))?;
        let subject = subject.to_string();
        let sequence = self.head.size;
        let fields = Fields {
            area: &self.area,
            at: self.at.as_microsecond(),
            body: &body,
            kind: &kind,
            person: self.by.person.as_str(),
            post: self.by.post.as_str(),
            prev: &self.head.hash,
            seq: sequence,
            subject: &subject,
        };
        let mut bytes = Vec::with_capacity(body.len() + 400);
        fields.write_canonical(&mut bytes);
        let hash = leaf_hash(&bytes);
        let row: [Value; 10] = [
            self.area.as_str().into(),
            sequence.into(),
            fields.at.into(),
            fields.person.into(),
            fields.post.into(),
            subject.into(),
            kind.into(),
            body.into(),
            self.head.hash.to_string().into(),
            hash.to_string().into(),
        ];
        let at = self.at.as_microsecond();
        self.connection.run(ledger::APPEND, &row)?;
        *self.head = Head { size: sequence + 1, hash, at };
        Ok(Receipt { sequence, hash: hash.to_string() })
    }

    /// Takes an entry that other books recorded, as it stands, and derives from it what they derived.
    pub(crate) fn follow(&mut self, row: &Row) -> Result<()> {
        let sequence = ledger::natural(row, 0)?;
        if sequence != self.head.size {
            return Err(reference::damaged("ledger", format!("entry {} is missing", self.head.size)));
        }
        let subject =
            Subject::read(row.text(4)?).ok_or_else(|| reference::damaged("ledger", "unknown subject"))?;
        let act = Act::read_text(row.text(5)?, row.text(6)?).map_err(|e| reference::damaged("ledger", e))?;
        let mut line = vec![Value::from(self.area.as_str())];
        line.extend(row.0.iter().cloned());
        self.connection.run(ledger::APPEND, &line)?;
        *self.head = Head { size: sequence + 1, hash: ledger::hash(row, 8)?, at: row.int(1)? };
        self.derive(subject, act, sequence)
    }

    fn derive(&mut self, subject: Subject, act: Act, sequence: u64) -> Result<()> {
        photo::derive(self.connection, sequence, self.at, &subject, &act)?;
        let reference_changes = match (&subject, &act) {
            (_, Act::Office(act)) => {
                let rows = Arc::make_mut(self.reference).apply_office(act);
                reference::store_office(self.connection, rows)?;
                true
            }
            (_, Act::Setting(act)) => {
                let (key, body) = Arc::make_mut(self.reference).apply_setting(act);
                reference::store_setting(self.connection, &key, body.as_deref())?;
                true
            }
            (_, Act::Area(act)) => {
                let (key, body) = Arc::make_mut(self.reference).apply_area(act);
                reference::store_setting(self.connection, &key, body.as_deref())?;
                true
            }
            (_, Act::Account(act)) => {
                if let Some(row) = Arc::make_mut(self.reference).apply_account(act) {
                    reference::store_account(self.connection, &row)?;
                }
                true
            }
            (_, Act::Source(registered)) => {
                source::store(self.connection, registered)?;
                false
            }
            (_, Act::Intake(adopted)) => {
                intake::store(self.connection, sequence, adopted)?;
                false
            }
            (Subject::Problem(id), Act::Problem(act)) => {
                problem::derive(self.connection, id, act, self.at)?;
                false
            }
            (Subject::Task(id), Act::Task(event)) => {
                let stamp = bihuan_rules::task::Stamp::new(&self.by, self.at);
                let before = self.task_before(id, sequence)?;
                let seen = task::derive(self.connection, id, before, &stamp, event, sequence)?;
                self.lately.put(id, seen);
                false
            }
            (Subject::Record(kind, id), Act::Record(act)) if act.kind() == *kind => {
                self.derive_record(*kind, id, act, sequence)?;
                kind.is_reference()
            }
            (subject, act) => {
                let what = format!("the act {} is not about {subject}", act.write().0);
                return Err(Error::Damaged { table: "ledger", what });
            }
        };
        if reference_changes {
            reference::store_setting(self.connection, "version", Some(&sequence.to_string()))?;
            Arc::make_mut(self.reference).version = i64::try_from(sequence).unwrap_or(i64::MAX);
        }
        Ok(())
    }

    fn derive_record(&mut self, kind: Kind, id: &RecordId, act: &RecordAct, sequence: u64) -> Result<()> {
        let stamp = bihuan_rules::task::Stamp::new(&self.by, self.at);
        let before = shelf::load_before(self.connection, kind, id, sequence)?.map(|(record, _)| record);
        let record = shelf::derive(self.connection, id, before, &stamp, act, sequence)?;
        if kind.is_reference() {
            Arc::make_mut(self.reference).records.insert((kind, id.clone()), Arc::new(record));
        }
        Ok(())
    }

    /// The task as it was before the entry just appended; until it is put back, nothing lately known stands for it.
    fn task_before(&mut self, id: &TaskId, sequence: u64) -> Result<Option<Task>> {
        match self.lately.take(id) {
            Some(seen) => Ok(Some(seen.record)),
            None => task::load_before(self.connection, id, sequence),
        }
    }

    /// The connection of the open transaction, for tables that are not derived from the ledger.
    pub fn connection(&mut self) -> &mut Connection {
        self.connection
    }
}
