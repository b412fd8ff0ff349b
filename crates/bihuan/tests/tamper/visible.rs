//! What people can see of the books: the rows behind every page, in the order and through the indexes of the pages.

use super::small::AREA;
use bihuan_rules::{
    Subject,
    id::UnitId,
    office::Level,
    task::{Flag, State, TaskKind},
};
use bihuan_store::{
    Books, Connection, Error, Result, Value, audit, board, checkpoint, counts, intake, ledger,
    list::{self, Filter, Scope, Sort},
    problem, search, source, task,
};
use jiff::{Timestamp, civil::date};
use std::collections::BTreeSet;

/// Tables behind the pages. Left out: `session`, `credential`, `draft`, `idempotency`, which come and go and are no
/// record of the work; `seal_end` and `migration`, which no page shows.
pub const TABLES: [(&str, &str); 13] = [
    ("ledger", "area, seq"),
    ("checkpoint", "area, size"),
    ("office", "kind, id"),
    ("setting", "key"),
    ("account", "person"),
    ("source", "id"),
    ("problem", "id"),
    ("task", "id"),
    ("task_party", "unit, task"),
    ("notice", "task"),
    ("evidence", "task, n"),
    ("intake", "seq"),
    ("audit", "n"),
];

/// What stays the same from one look to the next: whom to ask about.
pub struct Questions {
    pub subjects: Vec<Subject>,
    pub units: Vec<UnitId>,
    pub files: Vec<String>,
    pub words: Vec<String>,
}

impl Questions {
    pub fn of(books: &Books) -> Questions {
        books
            .read(|connection| {
                let mut subjects = BTreeSet::new();
                ledger::each(connection, AREA, |entry, _| {
                    subjects.extend(Subject::read(&entry.subject));
                    Ok(true)
                })?;
                let units = connection.all("SELECT DISTINCT unit FROM task_party ORDER BY unit", &[])?;
                let files = connection.all(
                    "SELECT sha256 FROM evidence UNION SELECT sha256 FROM intake ORDER BY sha256",
                    &[],
                )?;
                connection.batch(
                    "CREATE VIRTUAL TABLE IF NOT EXISTS temp.all_words USING fts5vocab(main, search, row)",
                )?;
                let words = connection.all("SELECT term FROM temp.all_words ORDER BY term", &[])?;
                Ok::<_, Error>(Questions {
                    subjects: subjects.into_iter().collect(),
                    units: units.iter().map(|row| UnitId::new(row.text(0).unwrap()).unwrap()).collect(),
                    files: files.iter().map(|row| row.text(0).unwrap().to_owned()).collect(),
                    words: words.iter().map(|row| row.text(0).unwrap().to_owned()).collect(),
                })
            })
            .unwrap()
    }
}

/// Everything visible, as one text per page; two looks at the same books give the same.
pub fn look(books: &Books, questions: &Questions) -> Result<Vec<String>> {
    let mut seen = books.read(|connection| {
        let mut seen = Vec::new();
        for (table, key) in TABLES {
            let rows = connection.all(&format!("SELECT * FROM {table} NOT INDEXED ORDER BY {key}"), &[])?;
            let mut text = table.to_owned();
            for value in rows.into_iter().flat_map(|row| row.0) {
                match value {
                    Value::Null => text.push_str(" –"),
                    Value::Int(n) => text.push_str(&format!(" {n}")),
                    Value::Text(cell) => text.extend([" “", &cell, "”"]),
                }
            }
            seen.push(text);
        }
        pages(connection, questions, &mut seen)?;
        Ok::<_, Error>(seen)
    })?;
    seen.push(format!("{:?}", books.reference()));
    for sha256 in &questions.files {
        seen.push(format!("{sha256} {:?}", books.evidence().get_waiting(sha256)?));
    }
    Ok(seen)
}

fn pages(connection: &mut Connection, questions: &Questions, seen: &mut Vec<String>) -> Result<()> {
    let today = date(2021, 3, 1);
    for subject in &questions.subjects {
        seen.push(format!("{subject} {:?}", ledger::timeline(connection, subject)?));
        match subject {
            Subject::Task(id) => seen.push(format!("{:?}", task::load(connection, id)?)),
            Subject::Problem(id) => {
                seen.push(format!("{:?}", problem::find(connection, id)?));
                seen.push(format!("{:?}", list::of_problem(connection, id, today)?));
            }
            Subject::Source(id) => {
                seen.push(format!("{:?}", source::find(connection, id)?));
                seen.push(format!("{:?}", problem::of_source(connection, id.as_str(), 500)?));
            }
            _ => {}
        }
    }
    let all = || Filter::all(Scope::Whole, today);
    let mut filters = vec![all()];
    filters.extend([Sort::Step, Sort::Newest].map(|sort| Filter { sort, ..all() }));
    filters.extend(State::ALL.map(|state| Filter { state: Some(state), ..all() }));
    filters.extend(Flag::ALL.map(|flag| Filter { flag: Some(flag), ..all() }));
    filters.extend(Level::ALL.map(|level| Filter { level: Some(level), ..all() }));
    filters.extend(TaskKind::ALL.map(|kind| Filter { kind: Some(kind), ..all() }));
    filters.extend(questions.units.iter().take(8).map(|unit| Filter::all(Scope::Unit(unit.clone()), today)));
    filters.extend(questions.units.iter().take(5).map(|unit| Filter { area: Some(unit.clone()), ..all() }));
    filters.extend([true, false].map(|open| Filter { open: Some(open), ..all() }));
    filters.extend(questions.words.iter().take(5).map(|word| Filter { words: word.clone(), ..all() }));
    for filter in &filters {
        seen.push(format!("{:?}", list::tasks(connection, filter, 200, 0)?));
        seen.push(list::count(connection, filter)?.to_string());
    }
    let matches = connection.engine().search_matches(1);
    for word in &questions.words {
        let query = search::query(connection.engine(), word).unwrap_or_default();
        seen.push(format!("{word} {:?}", connection.all(&matches, &[query.into()])?));
    }
    for unit in &questions.units {
        seen.push(format!("{:?}", counts::counts(connection, &Scope::Unit(unit.clone()), today)?));
    }
    seen.push(format!("{:?}", counts::counts(connection, &Scope::Whole, today)?));
    for shelf in board::Shelf::ALL {
        seen.push(format!("{:?}", board::notices(connection, &Scope::Whole, shelf, today, 500, 0)?));
    }
    seen.push(format!("{:?}", source::list(connection, 500)?));
    seen.push(format!("{:?}", intake::list(connection, 500)?));
    seen.push(format!("{:?}", intake::mapping_for(connection, "市督察整改办")?));
    seen.push(format!("{:?}", audit::list(connection, Timestamp::MAX, 500)?));
    seen.push(format!("{:?}", checkpoint::list(connection, AREA, 500)?));
    seen.push(format!("{:?}", ledger::page(connection, AREA, u64::MAX >> 1, 50)?));
    for sha256 in &questions.files {
        seen.push(format!("{:?}", task::citing(connection, sha256)?));
    }
    Ok(())
}
