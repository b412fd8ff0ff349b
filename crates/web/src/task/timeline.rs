//! The timeline (时间线): the ledger of one record in words, whole or narrowed to one kind of act or one person.

use crate::{app::App, filled::Filled, locale::Locale, words};
use bihuan_rules::{Act, task::TaskAct};
use bihuan_store::ledger::Line;
use std::collections::BTreeMap;

/// A line of the timeline.
pub(crate) struct Entry {
    pub sequence: u64,
    pub hash: String,
    pub when: String,
    pub who: String,
    pub what: String,
    pub details: Vec<(String, String)>,
}

/// Kinds of acts that a timeline can be narrowed to.
const KINDS: [&str; 3] = ["steps", "evidence", "words"];

/// The lines shown, and the ways to narrow them: address, words, is chosen.
pub(crate) struct Timeline {
    pub entries: Vec<Entry>,
    pub kinds: Vec<(String, String, bool)>,
    pub persons: Vec<(String, String, bool)>,
    pub is_narrowed: bool,
}

/// What an act is to a reader: a step of the procedure, a file or place, or words.
fn kind(act: &Act) -> &'static str {
    match act {
        Act::Task(event) => match event.act {
            TaskAct::Attached(_) | TaskAct::PointSet(_) => "evidence",
            TaskAct::Noted { .. } | TaskAct::Reminded { .. } | TaskAct::FlagSet { .. } => "words",
            _ => "steps",
        },
        _ => "steps",
    }
}

/// The timeline as the address asks for it: `show` names a kind, `who` a person.
pub(crate) fn timeline(app: &App, locale: Locale, lines: Vec<Line>, asked: &Filled) -> Timeline {
    let chosen = KINDS.into_iter().find(|kind| *kind == asked.text("show"));
    let office = &app.reference().office;
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let mut persons: Vec<(String, usize)> = Vec::new();
    for line in &lines {
        *counts.entry(kind(&line.act)).or_default() += 1;
        match persons.iter_mut().find(|(person, _)| person == line.person.as_str()) {
            Some((_, count)) => *count += 1,
            None => persons.push((line.person.to_string(), 1)),
        }
    }
    let who = asked.text("who");
    let who = persons.iter().any(|(person, _)| person == who).then(|| who.to_owned());
    let link = |kind: Option<&str>, who: Option<&str>| {
        let mut query = form_urlencoded::Serializer::new(String::new());
        for (name, value) in [("show", kind), ("who", who)] {
            if let Some(value) = value {
                query.append_pair(name, value);
            }
        }
        format!("?{}#timeline", query.finish())
    };
    let labelled = |words: String, count: usize| format!("{words} {count}");
    let mut kinds = vec![(
        link(None, who.as_deref()),
        labelled(locale.say("timeline-all"), lines.len()),
        chosen.is_none(),
    )];
    for name in KINDS {
        if let Some(count) = counts.get(name) {
            let words = labelled(locale.say(&format!("timeline-{name}")), *count);
            kinds.push((link(Some(name), who.as_deref()), words, chosen == Some(name)));
        }
    }
    let persons = persons
        .iter()
        .map(|(person, count)| {
            let name = office.persons.get(person.as_str());
            let name = name.map_or_else(|| person.clone(), |known| known.name.clone());
            let is_chosen = who.as_deref() == Some(person);
            let to = if is_chosen { None } else { Some(person.as_str()) };
            (link(chosen, to), labelled(name, *count), is_chosen)
        })
        .collect();
    let is_narrowed = chosen.is_some() || who.is_some();
    let shown = lines.into_iter().filter(|line| {
        chosen.is_none_or(|chosen| kind(&line.act) == chosen)
            && who.as_deref().is_none_or(|who| line.person.as_str() == who)
    });
    Timeline { entries: entries(app, locale, shown.collect()), kinds, persons, is_narrowed }
}

/// Lines of the ledger in words.
pub(crate) fn entries(app: &App, locale: Locale, lines: Vec<Line>) -> Vec<Entry> {
    let reference = app.reference();
    let office = &reference.office;
    lines
        .into_iter()
        .map(|line| {
            let (what, details) = words::act(locale, office, &line.act, line.at);
            let on = bihuan_rules::day_of(line.at);
            let name = words::person_on(locale, office, &line.person, on);
            let post = words::post_on(locale, office, &line.post, on);
            Entry {
                sequence: line.sequence,
                hash: line.hash.chars().take(12).collect(),
                when: jiff::tz::offset(8).to_datetime(line.at).strftime("%Y-%m-%d %H:%M").to_string(),
                who: format!("{name} · {post}"),
                what,
                details,
            }
        })
        .collect()
}
