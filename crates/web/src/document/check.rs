//! The check of a draft (发文核查): every figure against the records as they are now, and what a reader would stumble over.

use super::file;
use crate::{
    app::{App, Outlook},
    filled::Filled,
    locale::Locale,
    task, words,
};
use bihuan_papers::writing::official::lint::{Facts, Flag, lint};
use bihuan_rules::official_document::{DocumentNumber, Draft};
use bihuan_store::{
    Connection, Result,
    list::{self, Scope},
};
use std::collections::BTreeSet;

/// Something to be looked at before the document is issued.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Remark {
    /// A figure that is another one in the records now: name, in the text, in the records.
    Differs(String, String, String),
    /// A figure that resolves to no record.
    Unresolved(String),
    /// A name in the text that is no figure.
    Unknown(String),
    /// A figure that the text does not use.
    Unused(String),
    /// It asks for an answer and names no day, or nobody to answer.
    NoAnswerDue,
    /// What the lint of official papers says, in Chinese and English, with what it rests on.
    Lint(String, String),
}

impl Remark {
    /// The remark in words.
    pub fn words(&self, locale: Locale) -> String {
        match self {
            Remark::Differs(name, text, records) => {
                let said = locale.text("remark-differs").with("name", name.clone());
                said.with("text", text.clone()).with("records", records.clone()).to_string()
            }
            Remark::Unresolved(name) => {
                locale.text("remark-unresolved").with("name", name.clone()).to_string()
            }
            Remark::Unknown(name) => locale.text("remark-unknown").with("name", name.clone()).to_string(),
            Remark::Unused(name) => locale.text("remark-unused").with("name", name.clone()).to_string(),
            Remark::NoAnswerDue => locale.say("remark-no-answer-due"),
            Remark::Lint(zh, en) => if locale == Locale::En { en } else { zh }.clone(),
        }
    }
}

/// The figure that a list shows, if the source is the address of one.
pub fn figure(outlook: &Outlook, connection: &mut Connection, source: &str) -> Result<Option<String>> {
    let Some(query) = source.strip_prefix("/tasks?") else { return Ok(None) };
    let asked = Filled::from_pairs(form_urlencoded::parse(query.as_bytes()).into_owned());
    let filter = task::list::filter(outlook, Scope::Whole, &asked);
    Ok(Some(list::count(connection, &filter)?.to_string()))
}

/// Names in braces.
fn named(text: &str) -> BTreeSet<&str> {
    text.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name).collect()
}

/// Looks through a draft.
///
/// # Errors
/// When the engine refuses.
pub fn run(app: &App, connection: &mut Connection, draft: &Draft) -> Result<Vec<Remark>> {
    let mut remarks = Vec::new();
    let mut records = Vec::new();
    let named = named(&draft.text);
    for figure in &draft.figures {
        let now = self::figure(&app.outlook(), connection, &figure.source)?;
        records.extend(now.clone().map(|now| (figure.name.clone(), now)));
        match now {
            Some(now) if now == figure.value => {}
            Some(now) => remarks.push(Remark::Differs(figure.name.clone(), figure.value.clone(), now)),
            None => remarks.push(Remark::Unresolved(figure.name.clone())),
        }
        if !named.contains(figure.name.as_str()) {
            remarks.push(Remark::Unused(figure.name.clone()));
        }
    }
    for name in named {
        if !draft.figures.iter().any(|figure| figure.name == name) {
            remarks.push(Remark::Unknown(name.to_owned()));
        }
    }
    if draft.kind.asks_for_answer() && (draft.answer_due_on.is_none() || draft.units.is_empty()) {
        remarks.push(Remark::NoAnswerDue);
    }
    remarks.extend(lint_of(app, draft, &records));
    Ok(remarks)
}

/// What the lint says of the paper as it would be issued today.
fn lint_of(app: &App, draft: &Draft, records: &[(String, String)]) -> Vec<Remark> {
    let today = app.today();
    let number = DocumentNumber { code: draft.code.clone(), year: today.year(), n: 1 };
    let organ = words::unit(&app.reference().office, draft.organ.as_str());
    let paper = file::paper(draft, Some(&number), Some(today), &organ);
    let facts = Facts { records: records.to_vec(), ..Facts::default() };
    let flags = lint(&paper, &facts).into_iter();
    let remark = |flag: Flag| {
        let zh = format!("{}（{}）", flag.message_zh, flag.basis.zh);
        Remark::Lint(zh, format!("{} ({})", flag.message_en, flag.basis.en))
    };
    flags.map(remark).collect()
}
