//! The search words: what people find is visible content too, so the index is asked as a page asks it.

use super::{Report, Stop, bad, replay::Replay};
use crate::{Result, db::Connection, dialect::Engine, search};
use std::collections::{BTreeMap, BTreeSet, HashMap};

pub(super) fn verify(connection: &mut Connection, replay: &Replay, report: &mut Report) -> Result<(), Stop> {
    let mut expected = BTreeMap::new();
    for (task, number, _) in replay.tasks.values() {
        let originals: Vec<_> = task
            .problems
            .iter()
            .filter_map(|id| replay.problems.get(id))
            .map(|(problem, _)| problem.registered.original_text.clone())
            .collect();
        expected.insert(*number, search::word_set(task, &originals));
    }
    match connection.engine() {
        Engine::Sqlite => verify_embedded(connection, replay, &expected)?,
        Engine::Postgres => verify_server(connection, replay, &expected)?,
    }
    report.rows += expected.len() as u64;
    Ok(())
}

fn differs(replay: &Replay, number: i64, what: impl std::fmt::Display) -> Stop {
    let task = replay.tasks.values().find(|(_, n, _)| *n == number);
    let task = task.map_or_else(|| number.to_string(), |(task, ..)| task.id.to_string());
    bad(format!("table search, {task}"), what)
}

const TERMS: &str = "SELECT term FROM temp.search_terms";

/// The index holds the expected words and no others, and asking for each of them finds the expected tasks.
fn verify_embedded(
    connection: &mut Connection,
    replay: &Replay,
    expected: &BTreeMap<i64, BTreeSet<String>>,
) -> Result<(), Stop> {
    let mut holders: HashMap<&str, Vec<i64>> = HashMap::new();
    for (number, words) in expected {
        for word in words {
            holders.entry(word).or_default().push(*number);
        }
    }
    connection
        .batch("CREATE VIRTUAL TABLE IF NOT EXISTS temp.search_terms USING fts5vocab(main, search, row)")?;
    let mut stray = None;
    connection.each(TERMS, &[], |row| {
        if !holders.contains_key(row.text(0)?) {
            stray = Some(row.text(0)?.to_owned());
        }
        Ok(stray.is_none())
    })?;
    if let Some(word) = stray {
        return Err(bad("table search", format!("the word “{word}” stands in no task")));
    }
    let matches = connection.engine().search_matches(1);
    for (word, wanted) in holders {
        let query = connection.engine().search_query(&[word.to_owned()]);
        let mut wanted = wanted.into_iter();
        let mut differing = None;
        connection.each(&matches, &[query.into()], |row| {
            let found = row.int(0)?;
            let next = wanted.next();
            if next != Some(found) {
                differing = next.or(Some(found));
            }
            Ok(differing.is_none())
        })?;
        if let Some(number) = differing.or_else(|| wanted.next()) {
            return Err(differs(replay, number, format!("a search for “{word}” finds other tasks")));
        }
    }
    Ok(())
}

fn verify_server(
    connection: &mut Connection,
    replay: &Replay,
    expected: &BTreeMap<i64, BTreeSet<String>>,
) -> Result<(), Stop> {
    let mut found = 0;
    let mut differing = None;
    connection.each(search::SERVER_WORDS, &[], |row| {
        let number = row.int(0)?;
        let words: BTreeSet<String> =
            row.text(1)?.split(' ').filter(|word| !word.is_empty()).map(str::to_owned).collect();
        if expected.get(&number) != Some(&words) {
            differing = Some(number);
        }
        found += 1;
        Ok(differing.is_none())
    })?;
    if let Some(number) = differing {
        return Err(differs(replay, number, "the search words differ"));
    }
    if found != expected.len() {
        return Err(bad("table search", format!("{found} tasks can be found instead of {}", expected.len())));
    }
    Ok(())
}
