//! The search words: what people find is visible content too, so the index is asked as a page asks it.

use super::{Report, Stop, bad, replay::Replay};
use crate::{Result, db::Connection, dialect::Engine, search};
use bihuan_rules::task::Task;
use std::collections::{BTreeSet, HashMap};

pub(super) fn verify(connection: &mut Connection, replay: &Replay, report: &mut Report) -> Result<(), Stop> {
    let mut tasks: Vec<(i64, &Task)> =
        replay.tasks.values().map(|(task, number, _)| (*number, task)).collect();
    tasks.sort_unstable_by_key(|(number, _)| *number);
    match connection.engine() {
        Engine::Sqlite | Engine::Past => verify_embedded(connection, replay, &tasks)?,
        Engine::Postgres => verify_server(connection, replay, &tasks)?,
    }
    report.rows += tasks.len() as u64;
    Ok(())
}

fn originals<'r>(replay: &'r Replay, task: &'r Task) -> impl Iterator<Item = &'r str> {
    let problems = task.problems.iter().filter_map(|id| replay.problems.get(id));
    problems.map(|(problem, _)| problem.registered.original_text.as_str())
}

fn differs(replay: &Replay, number: i64, what: impl std::fmt::Display) -> Stop {
    let task = replay.tasks.values().find(|(_, n, _)| *n == number);
    let task = task.map_or_else(|| number.to_string(), |(task, ..)| task.id.to_string());
    bad(format!("table search, {task}"), what)
}

const TERMS: &str = "SELECT term FROM temp.search_terms";

/// The index holds the expected words and no others, and asking for each of them finds the expected tasks.
fn verify_embedded(connection: &mut Connection, replay: &Replay, tasks: &[(i64, &Task)]) -> Result<(), Stop> {
    let mut holders: HashMap<Box<str>, Vec<i64>> = HashMap::new();
    for (number, task) in tasks {
        search::each_word(task, originals(replay, task), &mut |word| match holders.get_mut(word) {
            Some(known) if known.last() == Some(number) => {}
            Some(known) => known.push(*number),
            None => drop(holders.insert(word.into(), vec![*number])),
        });
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
        let query = connection.engine().search_query(&[word.to_string()]);
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

fn verify_server(connection: &mut Connection, replay: &Replay, tasks: &[(i64, &Task)]) -> Result<(), Stop> {
    let expected: HashMap<i64, &Task> = tasks.iter().copied().collect();
    let mut found = 0;
    let mut differing = None;
    connection.each(search::SERVER_WORDS, &[], |row| {
        let number = row.int(0)?;
        let words: BTreeSet<String> =
            row.text(1)?.split(' ').filter(|word| !word.is_empty()).map(str::to_owned).collect();
        let wanted = expected.get(&number).map(|task| {
            let originals: Vec<String> = originals(replay, task).map(str::to_owned).collect();
            search::word_set(task, &originals)
        });
        if wanted.as_ref() != Some(&words) {
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
