//! Search (检索): two-character words, because Chinese has no spaces and people search for 渗漏.

use crate::{Result, db::Connection, dialect::Engine};
use bihuan_rules::task::Task;
use std::collections::BTreeSet;

/// Longest query, in characters.
pub const QUERY_CHARS_MAX: usize = 100;

/// Writes the words of a task.
pub(crate) fn index(connection: &mut Connection, task: &Task, number: i64) -> Result<()> {
    let sql = connection.engine().search_set();
    let texts = original_texts(connection, task)?;
    connection.run(sql, &[number.into(), words(task, &texts).into()]).map(drop)
}

const ORIGINAL_TEXT: &str = "SELECT original_text FROM problem WHERE id = ?1";

/// Every statement of this file that both engines share.
pub const STATEMENTS: &[&str] = &[ORIGINAL_TEXT];

fn original_texts(connection: &mut Connection, task: &Task) -> Result<Vec<String>> {
    let mut texts = Vec::with_capacity(task.problems.len());
    for problem in &task.problems {
        if let Some(row) = connection.one(ORIGINAL_TEXT, &[problem.as_str().into()])? {
            texts.push(row.text(0)?.to_owned());
        }
    }
    Ok(texts)
}

/// All words of a task, each once, separated by spaces.
fn words(task: &Task, original_texts: &[String]) -> String {
    word_set(task, original_texts).into_iter().collect::<Vec<_>>().join(" ")
}

/// All words of a task, each once.
pub(crate) fn word_set(task: &Task, original_texts: &[String]) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let originals = original_texts.iter().map(String::as_str);
    each_word(task, originals, &mut |word| {
        if !found.contains(word) {
            found.insert(word.to_owned());
        }
    });
    found
}

/// Hands over every word of a task, some more than once.
pub(crate) fn each_word<'t>(
    task: &'t Task,
    originals: impl Iterator<Item = &'t str>,
    visit: &mut impl FnMut(&str),
) {
    let texts = [task.id.as_str(), &task.title, &task.goal, &task.deadline.text];
    let measures = task.measures.iter().map(|measure| measure.text.as_str());
    let points = task.points.iter().map(|point| point.name.as_str());
    let problems = task.problems.iter().map(|problem| problem.as_str());
    for text in texts.into_iter().chain(measures).chain(points).chain(originals).chain(problems) {
        grams(text, visit);
    }
}

/// The words stored for every task on a server, by `task.n`.
pub(crate) const SERVER_WORDS: &str = "SELECT n, array_to_string(tsvector_to_array(grams), ' ') FROM search";

/// Bigrams of Chinese text; runs of Latin letters and digits as whole words in lower case.
fn grams(text: &str, visit: &mut impl FnMut(&str)) {
    let mut last: Option<char> = None;
    let mut run = String::new();
    let mut pair = String::with_capacity(8);
    for c in text.chars() {
        if c.is_ascii_alphanumeric() {
            run.push(c.to_ascii_lowercase());
            last = None;
            continue;
        }
        if !run.is_empty() {
            visit(&run);
            run.clear();
        }
        last = c.is_alphanumeric().then_some(c).inspect(|c| {
            if let Some(before) = last {
                pair.clear();
                pair.extend([before, *c]);
                visit(&pair);
            }
        });
    }
    if !run.is_empty() {
        visit(&run);
    }
}

/// The words of a text, each once.
fn words_of(text: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    grams(text, &mut |word| {
        found.insert(word.to_owned());
    });
    found
}

/// What a typed query asks for, as the engine writes it; `None` when it holds no searchable word.
#[must_use]
pub fn query(engine: Engine, typed: &str) -> Option<String> {
    let typed: String = typed.chars().take(QUERY_CHARS_MAX).collect();
    let found = words_of(&typed);
    if found.is_empty() {
        return None;
    }
    Some(engine.search_query(&found.into_iter().collect::<Vec<_>>()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chinese_is_cut_into_pairs_and_latin_into_words() {
        let found = words_of("污水直排 AL-2021");
        assert_eq!(found.into_iter().collect::<Vec<_>>(), ["2021", "al", "水直", "污水", "直排"]);
    }

    #[test]
    fn a_query_cannot_break_out_of_its_quotes() {
        let query = query(Engine::Sqlite, "污水\" OR \"1").expect("words");
        assert_eq!(query.matches('"').count() % 2, 0);
    }
}
