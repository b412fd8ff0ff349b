//! The office's own template (模板): a Word file with placeholders such as `{{标题}}`, filled without touching its styles.
//!
//! A row of a table, several rows or several paragraphs between `{{#行}}` and `{{/行}}` are repeated for each record of the
//! list `行`. A paragraph that is nothing but a placeholder is repeated for each line of its value. Placeholders that a word
//! processor has cut into several runs are found; `｛｛` and `｝｝` count as braces too.

mod error;
mod expand;
mod scan;

pub use error::TemplateError;

use std::{
    collections::{BTreeMap, BTreeSet},
    io::{Cursor, Read, Write},
};

use zip::{CompressionMethod, DateTime, ZipArchive, ZipWriter, write::SimpleFileOptions};

use super::OfficialPaper;
use crate::{
    container::{self, Limits},
    document::Format,
    writing::Language,
};

/// Names that [`Values::of`] gives values to.
pub const KNOWN: [&str; 17] = [
    "发文机关标志",
    "文号",
    "份号",
    "密级",
    "紧急程度",
    "签发人",
    "标题",
    "主送",
    "正文",
    "附件",
    "发文机关",
    "日期",
    "附注",
    "抄送",
    "印发机关",
    "印发日期",
    "出席",
];

/// One record of a list: what stands for each name.
pub type Record = BTreeMap<String, String>;

/// What is filled in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Values {
    /// What stands for each name; lines are parted by `\n`.
    pub texts: Record,
    /// Records of each list. Within a list its own names come first, then those of [`Values::texts`].
    pub lists: BTreeMap<String, Vec<Record>>,
}

impl Values {
    /// The values of a paper. Its attachments are the list `附件` with `序号` and `名称`, the rows of its first table the
    /// list `行` under the words of its heading row.
    #[must_use]
    pub fn of(paper: &OfficialPaper) -> Self {
        let day = |date| Language::Chinese.day(date);
        let marks: Vec<String> = numbered_titles(paper);
        let texts = [
            paper.organ_marks.join("\n"),
            paper.number.as_ref().map(ToString::to_string).unwrap_or_default(),
            paper.copy_no.map(|copy| format!("{copy:06}")).unwrap_or_default(),
            paper.secrecy.clone(),
            paper.urgency.clone(),
            paper.signer.clone(),
            paper.title.clone(),
            paper.addressees.join("，"),
            paper.plain_body().join("\n"),
            marks.join("\n"),
            paper.issuers.join("\n"),
            paper.date.map(day).unwrap_or_default(),
            paper.note.clone(),
            paper.cc.join("，"),
            paper.printing.as_ref().map(|printing| printing.organ.clone()).unwrap_or_default(),
            paper.printing.as_ref().map(|printing| day(printing.date)).unwrap_or_default(),
            paper
                .presence
                .iter()
                .map(|group| format!("{}：{}", group.label, group.names))
                .collect::<Vec<_>>()
                .join("\n"),
        ];
        let texts = KNOWN.iter().map(|name| (*name).to_owned()).zip(texts).collect();
        let attachments = paper.attachments.iter().enumerate().map(|(index, attachment)| {
            Record::from([
                ("序号".to_owned(), (index + 1).to_string()),
                ("名称".to_owned(), attachment.title.clone()),
            ])
        });
        let mut lists = BTreeMap::from([("附件".to_owned(), attachments.collect())]);
        if let Some(rows) = first_table(paper) {
            lists.insert("行".to_owned(), rows);
        }
        Self { texts, lists }
    }
}

/// `1.名称` for each attachment, without number when there is one only.
fn numbered_titles(paper: &OfficialPaper) -> Vec<String> {
    let is_alone = paper.attachments.len() == 1;
    let titles = paper.attachments.iter().enumerate();
    titles
        .map(
            |(index, attachment)| {
                if is_alone {
                    attachment.title.clone()
                } else {
                    format!("{}.{}", index + 1, attachment.title)
                }
            },
        )
        .collect()
}

/// The rows of the first table of the paper that has a heading row.
fn first_table(paper: &OfficialPaper) -> Option<Vec<Record>> {
    let table = paper.blocks().find_map(|block| match block {
        super::Block::Table(table) if table.heading_rows > 0 => Some(table),
        _ => None,
    })?;
    let (heading, rows) = table.rows.split_at_checked(table.heading_rows)?;
    let names: Vec<&str> = heading.last()?.iter().map(|cell| &*cell.text).collect();
    let record = |row: &Vec<crate::writing::table::Cell>| {
        names.iter().zip(row).map(|(name, cell)| ((*name).to_owned(), cell.text.clone())).collect()
    };
    Some(rows.iter().map(record).collect())
}

/// A name in a template.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Placeholder {
    /// The name between the braces, without `#`.
    pub name: String,
    /// The list whose records it belongs to, or nothing outside lists.
    pub list: Option<String>,
    /// Whether it is itself a list.
    pub is_list: bool,
}

/// Every placeholder of a template, each once, in alphabetical order.
///
/// # Errors
/// A [`TemplateError`] when the file is no Word file, has no placeholders, or they are not closed.
pub fn placeholders(bytes: &[u8]) -> Result<Vec<Placeholder>, TemplateError> {
    let mut found = BTreeSet::new();
    for (_, xml) in parts(bytes)? {
        expand::collect(&xml, &mut found)?;
    }
    if found.is_empty() {
        return Err(TemplateError::NoPlaceholders);
    }
    Ok(found.into_iter().collect())
}

/// Looks whether a template can be filled: it has placeholders, and each of them is known. `lists` names the lists and what
/// their records hold.
///
/// # Errors
/// A [`TemplateError`] that names every unknown placeholder.
pub fn check(
    bytes: &[u8],
    texts: &[&str],
    lists: &[(&str, &[&str])],
) -> Result<Vec<Placeholder>, TemplateError> {
    let found = placeholders(bytes)?;
    let is_known = |place: &Placeholder| {
        let in_list = |name: &str| lists.iter().find(|(list, _)| *list == name).map(|(_, names)| *names);
        if place.is_list {
            return in_list(&place.name).is_some();
        }
        let own = place.list.as_deref().and_then(in_list).unwrap_or_default();
        own.contains(&&*place.name) || texts.contains(&&*place.name)
    };
    let unknown: Vec<String> =
        found.iter().filter(|place| !is_known(place)).map(Placeholder::written).collect();
    if !unknown.is_empty() {
        let known = texts.iter().map(|name| format!("{{{{{name}}}}}"));
        let known = known.chain(lists.iter().map(|(name, _)| format!("{{{{#{name}}}}}")));
        return Err(TemplateError::Unknown { names: unknown, known: known.collect() });
    }
    Ok(found)
}

impl Placeholder {
    /// As it stands in the template.
    fn written(&self) -> String {
        let sign = if self.is_list { "#" } else { "" };
        format!("{{{{{sign}{}}}}}", self.name)
    }
}

/// The template filled in. Everything but the placeholders stays as it is; the same template and values give the same bytes.
///
/// # Errors
/// A [`TemplateError`]; [`TemplateError::Unknown`] when a placeholder has no value.
pub fn fill(bytes: &[u8], values: &Values) -> Result<Vec<u8>, TemplateError> {
    let texts: Vec<&str> = values.texts.keys().map(String::as_str).collect();
    let names: Vec<(&str, Vec<&str>)> = values
        .lists
        .iter()
        .map(|(list, records)| {
            // An empty list says nothing about its names; whatever it repeats is left out.
            let names: BTreeSet<&str> = records.iter().flat_map(Record::keys).map(String::as_str).collect();
            (&**list, names.into_iter().collect())
        })
        .collect();
    let lists: Vec<(&str, &[&str])> = names.iter().map(|(list, names)| (*list, &**names)).collect();
    let found = placeholders(bytes)?;
    let is_vacant = |list: &str| values.lists.get(list).is_some_and(Vec::is_empty);
    if !found.iter().any(|place| place.list.as_deref().is_some_and(is_vacant)) {
        check(bytes, &texts, &lists)?;
    }
    let mut changed = BTreeMap::new();
    for (name, xml) in parts(bytes)? {
        changed.insert(name, expand::fill(&xml, values)?);
    }
    repack(bytes, &changed)
}

/// The parts with text: the document, its headers and footers, footnotes left out.
fn parts(bytes: &[u8]) -> Result<Vec<(String, String)>, TemplateError> {
    let document =
        container::open(bytes, "template.docx", &Limits::default()).map_err(TemplateError::Unreadable)?;
    if document.format != Format::Docx {
        return Err(TemplateError::NotWord);
    }
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(TemplateError::packing)?;
    let names: Vec<String> = archive
        .file_names()
        .filter_map(Result::ok)
        .filter(|name| {
            let base =
                name.strip_prefix("word/").and_then(|rest| rest.strip_suffix(".xml")).unwrap_or_default();
            !base.contains('/') && ["document", "header", "footer"].iter().any(|kind| base.starts_with(kind))
        })
        .map(|name| name.into_owned())
        .collect();
    let mut parts = Vec::new();
    for name in names {
        let mut text = String::new();
        // The reader above has been through the document; headers are held to the same size.
        let limit = Limits::default().part_bytes as u64;
        let entry = archive.by_name(&name).map_err(TemplateError::packing)?;
        entry.take(limit).read_to_string(&mut text).map_err(TemplateError::packing)?;
        parts.push((name, text));
    }
    Ok(parts)
}

fn repack(bytes: &[u8], changed: &BTreeMap<String, String>) -> Result<Vec<u8>, TemplateError> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(TemplateError::packing)?;
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(DateTime::default());
    for index in 0..archive.len() {
        let entry = archive.by_index_raw(index).map_err(TemplateError::packing)?;
        let name = entry.name().map_err(TemplateError::packing)?.into_owned();
        let Some(text) = changed.get(&name) else {
            zip.raw_copy_file(entry).map_err(TemplateError::packing)?;
            continue;
        };
        zip.start_file(&*name, options).map_err(TemplateError::packing)?;
        zip.write_all(text.as_bytes()).map_err(TemplateError::packing)?;
    }
    Ok(zip.finish().map_err(TemplateError::packing)?.into_inner())
}
