//! The check of a draft (发文核查): every figure against the records as they are now, and what a reader would stumble over.

use crate::{app::App, filled::Filled, locale::Locale, task};
use bihuan_rules::official_document::Draft;
use bihuan_store::{
    Connection, Result,
    list::{self, Scope},
};
use std::collections::BTreeSet;

/// Most characters of a document: work reports and circulars are to be kept short.
pub const CHARS_MAX: usize = 5_000;

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
    /// Longer than [`CHARS_MAX`].
    TooLong(usize),
    /// The text speaks of attachments and there is none.
    NoAttachment,
    /// Something is attached and the text does not say so.
    Unnamed,
    /// Addressed to nobody.
    NoAddressee,
    /// The committee office addresses Party committees of towns in the tone of command.
    Command,
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
            Remark::TooLong(count) => {
                let limit = i64::try_from(CHARS_MAX).unwrap_or(i64::MAX);
                let count = i64::try_from(*count).unwrap_or(i64::MAX);
                locale.text("remark-too-long").with("count", count).with("limit", limit).to_string()
            }
            Remark::NoAttachment => locale.say("remark-no-attachment"),
            Remark::Unnamed => locale.say("remark-unnamed"),
            Remark::NoAddressee => locale.say("remark-no-addressee"),
            Remark::Command => locale.say("remark-command"),
        }
    }
}

/// The figure that a list shows, if the source is the address of one.
pub fn figure(app: &App, connection: &mut Connection, source: &str) -> Result<Option<String>> {
    let Some(query) = source.strip_prefix("/tasks?") else { return Ok(None) };
    let asked = Filled::from_pairs(form_urlencoded::parse(query.as_bytes()).into_owned());
    let filter = task::list::filter(app, Scope::Whole, &asked);
    Ok(Some(list::count(connection, &filter)?.to_string()))
}

/// The text with its figures in their places.
pub fn filled(draft: &Draft) -> String {
    let mut text = draft.text.clone();
    for figure in &draft.figures {
        text = text.replace(&format!("{{{}}}", figure.name), &figure.value);
    }
    text
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
    let named = named(&draft.text);
    for figure in &draft.figures {
        match self::figure(app, connection, &figure.source)? {
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
    let chars = filled(draft).chars().filter(|c| !c.is_whitespace()).count();
    if chars > CHARS_MAX {
        remarks.push(Remark::TooLong(chars));
    }
    let speaks = draft.text.contains("附件") || draft.text.contains("附后");
    let attached = !draft.attachments.is_empty() || !draft.annex.is_empty();
    match (speaks, attached) {
        (true, false) => remarks.push(Remark::NoAttachment),
        (false, true) if draft.attachments.is_empty() => remarks.push(Remark::Unnamed),
        _ => {}
    }
    if draft.addressees.is_empty() {
        remarks.push(Remark::NoAddressee);
    }
    let party = draft.addressees.iter().any(|to| to.contains("党委"));
    if party && ["必须", "责令", "命令", "限令"].iter().any(|word| draft.text.contains(word)) {
        remarks.push(Remark::Command);
    }
    Ok(remarks)
}
