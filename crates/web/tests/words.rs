//! Every word on screen is worded in every language, and no word is left over.
//!
//! The sources and templates are read for keys written as literals: `.say("key")`, `locale.text("key")`,
//! `.say_with("key", …)`, and string literals that are keys somewhere else (tables of keys). Keys put together at run
//! time are named in [`DYNAMIC_PREFIXES`].

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use bihuan_web::locale::{FILES, Locale};
use fluent_bundle::FluentResource;

/// Beginnings of keys that the program puts together; their wordings count as used. Say where each comes from.
const DYNAMIC_PREFIXES: &[&str] = &[
    // Names of the rules, `words::key(prefix, name)` and `Desk::words`.
    "act-",
    "conclusion-",
    "datum-",
    "evidence-",
    "field-",
    "flag-",
    "kind-",
    "level-",
    "number-",
    "relation-",
    "role-",
    "state-",
    "step-",
    "unit-kind-",
    "verb-",
    "verdict-",
    "work-field-",
    // Films: how they and their items stand, and the forms of their steps.
    "film-do-",
    "film-fate-",
    "film-intro-",
    "film-state-",
    // Boards: figures, facts, consequences, lines and steps.
    "avoided-",
    "case-do-",
    "case-intro-",
    "case-passed-",
    "case-state-",
    "case-step-",
    "own-flaw-",
    "own-intro-",
    "figure-",
    "figures-state-",
    "ground-",
    "rank-action-",
    "rank-decide-",
    "rank-do-",
    "rank-fact-",
    "rank-intro-",
    "rank-line-nothing-",
    "rank-state-",
    "rank-step-",
    "ranking-state-",
    "rung-",
    // `Refusal::key`, and the headings of failures with `-text` for their sentence.
    "refusal-",
    "failure-",
    // Rooms, sign-in cards, and what a form or a list says about a field.
    "room-",
    "menu-",
    "card-",
    "hint-",
    "intro-",
    "filter-",
    "sort-",
    // The look of the list, what is done to many tasks, the ways to narrow a timeline, the page of the day.
    "list-column-",
    "rows-",
    "bulk-deed-",
    "timeline-",
    // Fields of the intake's forms.
    "intake-item-",
    "intake-source-",
    "intake-file",
    "intake-pasted",
    "intake-sender",
    "intake-received-on",
    "source-kind-",
    "column-",
    // Pages of record: families of acts, codes of the audit, parts of the notice board, the calendar and its form.
    "ledger-kind-",
    "audit-what-",
    "audit-outcome-",
    "shelf-",
    "weekday-",
    "calendar-field-",
    "calendar-hint-",
    // Records on the shelf: their kinds, and how each stands.
    "record-",
    "document-state-",
    "document-kind-",
    "document-step-",
    "document-send-",
    "template-state-",
    "meeting-",
    "campaign-",
    "project-",
    "guarantee-",
    "gantt-",
    "day-unit-",
    "meeting-state-",
    // Burden: figures, kinds of questions, ills and outcomes by their names.
    "burden-asked-",
    "burden-figure-",
    "complaint-ill-",
    "complaint-outcome-",
    "grievance-state-",
    "survey-do-",
    "survey-intro-",
    "survey-kind-",
    "survey-state-",
    "survey-step-",
    "survey-value-",
    "duty-state-",
    "duty-step-",
    "duty-intro-",
    "handover-state-",
    "handover-step-",
    "handover-intro-",
    "handover-part-",
    "gap-",
    // `Because::name`, `Line::name`.
    "because-",
    "office-line-",
    "checklist-",
    "round-",
    "mission-",
    "finding-",
    // Questions about pictures by reason, explanation and state; grades by letter.
    "photo-",
    "grade-",
    "severity-",
    "recusal-",
    // Rivers: kinds, levels, periods, shades, verdicts and steps by their names.
    "river-",
    "patrol-s",
    // The form of a district's own procedure, and the rules that no value may break.
    "procedure-field-",
    "procedure-hint-",
    "procedure-rule-",
    // `DateOf::name`.
    "date-of-",
];

/// Each language's keys, with the file each stands in.
fn worded(language: &str) -> BTreeMap<String, &'static str> {
    let mut keys = BTreeMap::new();
    for (_, name, text) in FILES.iter().filter(|(tag, _, _)| *tag == language) {
        let parsed = FluentResource::try_new((*text).to_owned());
        let resource =
            parsed.unwrap_or_else(|(_, errors)| panic!("{language}/{name} does not parse: {errors:?}"));
        assert!(resource.entries().count() > 0, "{language}/{name} is empty");
        for line in text.lines() {
            let is_key = |key: &str| key.starts_with(|first: char| first.is_ascii_alphabetic());
            if let Some((key, _)) = line.split_once(" =")
                && is_key(key)
                && let Some(other) = keys.insert(key.to_owned(), *name)
            {
                panic!("{language}: {key} is worded in {other} and in {name}");
            }
        }
    }
    keys
}

/// The text of every source and template.
fn sources(folder: &Path, found: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).expect("the sources are readable") {
        let path = entry.expect("the sources are readable").path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|kind| kind == "rs" || kind == "html") {
            let text = std::fs::read_to_string(&path).expect("sources are UTF-8");
            // What a module's own tests ask for, and what comments give as examples, is not on screen.
            let shown = text.split("#[cfg(test)]").next().unwrap_or_default();
            let shown = shown.lines().filter(|line| !line.trim_start().starts_with("//"));
            found.push(shown.collect::<Vec<_>>().join("\n"));
        }
    }
}

fn is_key(literal: &str) -> bool {
    let letters = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '-';
    literal.len() < 80
        && literal.starts_with(|first: char| first.is_ascii_lowercase())
        && literal.chars().all(letters)
}

/// The literals after `opening` that look like keys.
fn literals_after(text: &str, opening: &str) -> BTreeSet<String> {
    let literal = |rest: &str| rest.split('"').next().filter(|literal| is_key(literal)).map(str::to_owned);
    text.split(opening).skip(1).filter_map(literal).collect()
}

#[test]
fn every_language_words_the_same_keys() {
    let first = worded(Locale::ZhCn.tag());
    for locale in Locale::ALL {
        let other = worded(locale.tag());
        let missing: Vec<_> = first.keys().filter(|key| !other.contains_key(*key)).collect();
        let extra: Vec<_> = other.keys().filter(|key| !first.contains_key(*key)).collect();
        assert!(
            missing.is_empty() && extra.is_empty(),
            "{}: missing {missing:?}, extra {extra:?}",
            locale.tag()
        );
    }
}

#[test]
fn every_word_that_is_asked_for_exists_and_none_is_left_over() {
    let mut texts = Vec::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut texts);
    let known = worded(Locale::ZhCn.tag());

    let asked: BTreeSet<String> = texts
        .iter()
        .flat_map(|text| {
            [".say(\"", "locale.text(\"", ".say_with(\""].map(|opening| literals_after(text, opening))
        })
        .flatten()
        .collect();
    let missing: Vec<_> = asked.iter().filter(|key| !known.contains_key(*key)).collect();
    assert!(missing.is_empty(), "no wording for {missing:?}");

    // Any literal counts as a use: tables of keys name them without asking at once.
    let named: BTreeSet<String> = texts
        .iter()
        .flat_map(|text| text.split('"').filter(|part| is_key(part)))
        .map(str::to_owned)
        .collect();
    let dynamic = |key: &str| DYNAMIC_PREFIXES.iter().any(|prefix| key.starts_with(prefix));
    let unused: Vec<_> = known.keys().filter(|key| !named.contains(*key) && !dynamic(key)).collect();
    assert!(unused.is_empty(), "worded but never used: {unused:?}");
}

#[test]
fn a_wording_asks_for_the_same_values_in_every_language() {
    let values = |text: &str| -> BTreeMap<String, BTreeSet<String>> {
        let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        let mut key = String::new();
        for line in text.lines() {
            if let Some((name, _)) = line.split_once(" =")
                && is_key(name)
            {
                key = name.to_owned();
            }
            let name =
                |rest: &str| rest.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
            found.entry(key.clone()).or_default().extend(line.split('$').skip(1).map(name));
        }
        found
    };
    for (language, name, text) in FILES {
        let Some((_, _, chinese)) = FILES.iter().find(|(tag, other, _)| *tag == "zh-CN" && other == name)
        else {
            panic!("{language}/{name} has no Chinese file");
        };
        let (first, other) = (values(chinese), values(text));
        for (key, wanted) in &other {
            assert_eq!(first.get(key), Some(wanted), "{language}/{name}: {key}");
        }
    }
}

#[test]
fn no_key_is_worded_twice_and_every_kind_of_record_has_a_name() {
    for (language, locale) in [("zh-CN", Locale::ZhCn), ("en", Locale::En)] {
        let mut seen: BTreeMap<String, &str> = BTreeMap::new();
        for (_, name, text) in FILES.iter().filter(|(of, ..)| *of == language) {
            let keys = text.lines().filter_map(|line| line.split_once(" ="));
            for (key, _) in keys.filter(|(key, _)| !key.starts_with([' ', '#', '.', '-', '['])) {
                let before = seen.insert(key.to_owned(), name);
                assert_eq!(before, None, "{language}: {key} stands in {name} too");
            }
        }
        for kind in bihuan_rules::record::Kind::ALL {
            let key = format!("ledger-kind-{}", kind.name().replace('_', "-"));
            assert!(locale.knows(&key), "{language}: {key}");
        }
    }
}
