//! A document under review (核对): what was read, what the clerk made of it, and what is on the list already.
//!
//! It lives in a draft until it is adopted; nothing of it is on the list before. Every row keeps the cells as they
//! stood in the document beside the fields that were read from them.

use crate::filled::Filled;
use bihuan_ledger::Hash;
use bihuan_papers::{
    Reading,
    document::{Place, Warning},
    reading::{ColumnUsed, Draft, Field, Mapping, Unsure, topic},
};
use bihuan_rules::{
    id::UnitId,
    office::{Level, Office},
    source::SourceKind,
    task::TaskKind,
};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};

/// Most problems one document may hold.
pub const ITEMS_MAX: usize = 5_000;
/// Problems on one page of the review.
pub const PAGE_ITEMS: usize = 8;

/// A document under review.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Review {
    /// What is remembered for the sender: columns and names of units.
    pub remembered: Remembered,
    /// The source that its problems come from.
    pub source: SourceFields,
    /// How each column was used.
    pub columns: Vec<ColumnUsed>,
    /// What the reader noticed.
    pub warnings: Vec<Warning>,
    /// The problems.
    pub items: Vec<Item>,
}

/// What a person chose for a sender's documents; kept with every adopted document and used for the next.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Remembered {
    /// Columns.
    pub columns: Mapping,
    /// Names of units as the sender writes them, with the unit that is meant.
    pub units: BTreeMap<String, UnitId>,
}

/// The source as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SourceFields {
    /// Code of a source that is registered already; empty for a new one.
    pub known: String,
    /// Kind.
    pub kind: String,
    /// Level.
    pub level: String,
    /// Title.
    pub title: String,
    /// Round.
    pub round: String,
    /// Batch.
    pub batch: String,
    /// Document number.
    pub document_number: String,
    /// Sender.
    pub sender: String,
    /// Date on the document.
    pub issued_on: String,
    /// Day of receipt.
    pub received_on: String,
    /// Procedure.
    pub ruleset: String,
}

impl SourceFields {
    /// Names of the form's fields, in the order of the form.
    pub const NAMES: [&'static str; 11] = [
        "known",
        "kind",
        "level",
        "title",
        "sender",
        "document_number",
        "round",
        "batch",
        "issued_on",
        "received_on",
        "ruleset",
    ];

    /// The value of a field.
    #[must_use]
    pub fn get(&self, name: &str) -> &str {
        match name {
            "known" => &self.known,
            "kind" => &self.kind,
            "level" => &self.level,
            "title" => &self.title,
            "sender" => &self.sender,
            "document_number" => &self.document_number,
            "round" => &self.round,
            "batch" => &self.batch,
            "issued_on" => &self.issued_on,
            "received_on" => &self.received_on,
            "ruleset" => &self.ruleset,
            _ => "",
        }
    }

    /// Takes what was typed.
    pub fn take(&mut self, filled: &Filled) {
        let typed = |name: &str| filled.text(name).to_owned();
        *self = SourceFields {
            known: typed("known"),
            kind: typed("kind"),
            level: typed("level"),
            title: typed("title"),
            round: typed("round"),
            batch: typed("batch"),
            document_number: typed("document_number"),
            sender: typed("sender"),
            issued_on: typed("issued_on"),
            received_on: typed("received_on"),
            ruleset: typed("ruleset"),
        };
    }
}

/// One problem under review.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// A person has looked at it.
    pub seen: bool,
    /// It is to be adopted.
    pub adopt: bool,
    /// Where it stands in the document.
    pub place: Place,
    /// The cells as they stood: title, text.
    pub cells: Vec<(String, String)>,
    /// What the reader was not sure of.
    pub doubts: Vec<Unsure>,
    /// Fingerprint of sender and cells.
    pub fingerprint: String,
    /// The problem on the list that was read from the same row; empty when there was none at reading.
    pub known: String,
    /// The values as typed, by the names of [`Item::NAMES`].
    pub values: BTreeMap<String, String>,
}

impl Item {
    /// Names of the fields, in the order of the form.
    pub const NAMES: [&'static str; 21] = [
        "title",
        "original_text",
        "field",
        "area",
        "kind",
        "source_number",
        "city_number",
        "province_number",
        "goal",
        "measures",
        "deadline",
        "due_on",
        "immediate",
        "sustain",
        "lead",
        "co",
        "supervising",
        "acceptance",
        "leader",
        "person",
        "progress",
    ];
    /// Fields that name units.
    pub const UNITS: [&'static str; 4] = ["lead", "co", "supervising", "acceptance"];

    /// A value; empty when there is none.
    #[must_use]
    pub fn get(&self, name: &str) -> &str {
        self.values.get(name).map_or("", String::as_str)
    }

    /// Whether a box is ticked.
    #[must_use]
    pub fn is_set(&self, name: &str) -> bool {
        !self.get(name).is_empty()
    }

    /// The names in a field that names units.
    #[must_use]
    pub fn names(&self, field: &str) -> Vec<String> {
        let parts = self.get(field).split(['、', '，', ',', ';', '；', '\n']);
        parts.map(|part| part.trim().to_owned()).filter(|part| !part.is_empty()).collect()
    }

    /// What the reader was not sure of about a field of the form.
    pub fn doubts_of(&self, name: &str) -> impl Iterator<Item = &Unsure> {
        self.doubts.iter().filter(move |doubt| form_field(doubt.field) == name)
    }

    fn of(draft: &Draft, sender: &str, office: &Office) -> Item {
        let mut item = Item {
            adopt: !draft.cancelled,
            place: draft.place.clone(),
            cells: draft.raw.iter().map(|cell| (cell.title.to_string(), cell.text.clone())).collect(),
            doubts: draft.unsure.clone(),
            ..Item::default()
        };
        item.fingerprint = fingerprint(sender, &item.cells);
        let mut set = |name: &str, value: String| {
            if !value.is_empty() {
                item.values.insert(name.to_owned(), value);
            }
        };
        let text = |value: &Option<String>| value.clone().unwrap_or_default();
        set("title", text(&draft.title));
        set("original_text", text(&draft.description));
        set("field", topic::suggest(draft).unwrap_or_default().to_owned());
        let area = draft.area.as_deref().and_then(|name| office.unit_named(name));
        set("area", area.map(|unit| unit.id.to_string()).unwrap_or_default());
        let kind = if draft.truth.is_some() || draft.investigation.is_some() {
            TaskKind::Complaint
        } else if topic::speaks_of_works(draft) {
            TaskKind::Works
        } else {
            TaskKind::NonWorks
        };
        set("kind", kind.name().to_owned());
        set("source_number", draft.source_no.clone().or_else(|| draft.no.clone()).unwrap_or_default());
        set("city_number", text(&draft.city_no));
        set("province_number", text(&draft.province_no));
        set("goal", text(&draft.goal));
        set(
            "measures",
            draft.measures.iter().map(|text| text.replace('\n', " ")).collect::<Vec<_>>().join("\n"),
        );
        set("deadline", draft.deadline.text.clone());
        set("due_on", draft.deadline.dates.last().map(Date::to_string).unwrap_or_default());
        set("immediate", if draft.deadline.immediate { "yes" } else { "" }.to_owned());
        set("sustain", if draft.deadline.sustain { "yes" } else { "" }.to_owned());
        let lead = if draft.lead_units.is_empty() { &draft.responsible_units } else { &draft.lead_units };
        set("lead", lead.join("、"));
        set("co", draft.co_units.join("、"));
        set("supervising", text(&draft.supervising_unit));
        set("acceptance", text(&draft.acceptance_unit));
        set("leader", text(&draft.leader));
        set("person", text(&draft.person));
        set("progress", progress(draft));
        item
    }
}

/// What the document says has been done: progress, state, result of the check, accountability and note.
fn progress(draft: &Draft) -> String {
    let parts = [&draft.progress, &draft.status, &draft.investigation, &draft.accountability];
    let mut lines: Vec<&str> = Vec::new();
    for part in parts.into_iter().flatten() {
        if !lines.contains(&part.as_str()) {
            lines.push(part);
        }
    }
    lines.join("\n")
}

/// The field of the form that a field of the reader is shown in.
pub(super) fn form_field(field: Field) -> &'static str {
    match field {
        Field::No | Field::SourceNo => "source_number",
        Field::CityNo => "city_number",
        Field::ProvinceNo => "province_number",
        Field::Title => "title",
        Field::Description | Field::Note => "original_text",
        Field::Goal => "goal",
        Field::Measures => "measures",
        Field::Deadline => "due_on",
        Field::LeadUnits | Field::ResponsibleUnits => "lead",
        Field::CoUnits => "co",
        Field::Leader => "leader",
        Field::Person => "person",
        Field::SupervisingUnit => "supervising",
        Field::AcceptanceUnit => "acceptance",
        Field::Progress | Field::Status | Field::Investigation | Field::Accountability => "progress",
        Field::Area => "area",
        Field::Kind | Field::Truth => "kind",
    }
}

/// Fingerprint of a row: SHA-256 of the sender and every cell. The same row sent again has the same one.
fn fingerprint(sender: &str, cells: &[(String, String)]) -> String {
    let mut hash = Sha256::new();
    hash.update(sender.as_bytes());
    for (title, text) in cells {
        hash.update([0x1e]);
        hash.update(title.as_bytes());
        hash.update([0x1f]);
        hash.update(text.as_bytes());
    }
    Hash(hash.finalize().into()).to_string()
}

impl Review {
    /// The review of a fresh reading. `source` holds what was said when the file was handed in.
    #[must_use]
    pub fn of(
        reading: &Reading,
        remembered: Remembered,
        mut source: SourceFields,
        file_name: &str,
        office: &Office,
    ) -> Review {
        let head = &reading.head;
        let or = |value: &mut String, other: Option<String>| {
            if value.is_empty() {
                *value = other.unwrap_or_default();
            }
        };
        let stem = file_name.rsplit_once('.').map_or(file_name, |(stem, _)| stem).to_owned();
        or(&mut source.title, head.title.clone().or(Some(stem)));
        or(&mut source.sender, head.issuer.clone());
        or(&mut source.document_number, head.number.clone());
        or(&mut source.issued_on, head.issued_on.map(|date| date.to_string()));
        let (kind, level) = guess_source(&source.title);
        or(&mut source.kind, kind.map(|kind| kind.name().to_owned()));
        or(&mut source.level, level.map(|level| level.name().to_owned()));
        let items = reading.problems.iter().map(|draft| Item::of(draft, &source.sender, office)).collect();
        Review {
            remembered,
            source,
            columns: reading.columns.clone(),
            warnings: reading.warnings.clone(),
            items,
        }
    }

    /// The unit that a name in this document means, if that is known.
    #[must_use]
    pub fn unit_named(&self, name: &str, office: &Office) -> Option<UnitId> {
        let chosen = self.remembered.units.get(name).filter(|unit| office.units.contains_key(*unit));
        chosen.cloned().or_else(|| office.unit_named(name).map(|unit| unit.id.clone()))
    }

    /// Names of units that nobody has matched yet, with how often each comes: the matching queue.
    #[must_use]
    pub fn unknown_units(&self, office: &Office) -> Vec<(String, usize)> {
        let mut found: BTreeMap<String, usize> = BTreeMap::new();
        for item in self.items.iter().filter(|item| item.adopt) {
            for name in Item::UNITS.iter().flat_map(|field| item.names(field)) {
                if self.unit_named(&name, office).is_none() {
                    *found.entry(name).or_default() += 1;
                }
            }
        }
        let mut found: Vec<_> = found.into_iter().collect();
        found.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        found
    }

    /// Names that were matched by hand and stand in this document.
    #[must_use]
    pub fn matched_units(&self) -> Vec<(String, UnitId)> {
        let names: BTreeSet<String> = self
            .items
            .iter()
            .flat_map(|item| Item::UNITS.iter().flat_map(|field| item.names(field)))
            .collect();
        let matched = self.remembered.units.iter().filter(|(name, _)| names.contains(*name));
        matched.map(|(name, unit)| (name.clone(), unit.clone())).collect()
    }

    /// The first problem that is to be adopted and that nobody has looked at.
    #[must_use]
    pub fn first_unseen(&self) -> Option<usize> {
        self.items.iter().position(|item| item.adopt && !item.seen)
    }

    /// How many are to be adopted, and how many of them were looked at.
    #[must_use]
    pub fn counts(&self) -> (usize, usize) {
        let adopted = self.items.iter().filter(|item| item.adopt);
        adopted.fold((0, 0), |(all, seen), item| (all + 1, seen + usize::from(item.seen)))
    }

    /// How many pages the problems take.
    #[must_use]
    pub fn pages(&self) -> usize {
        self.items.len().div_ceil(PAGE_ITEMS).max(1)
    }

    /// The problems of a page, from 1.
    #[must_use]
    pub fn range(&self, page: usize) -> std::ops::Range<usize> {
        let from = (page.saturating_sub(1) * PAGE_ITEMS).min(self.items.len());
        from..(from + PAGE_ITEMS).min(self.items.len())
    }

    /// Takes what was typed about the problems of a page. Names of the inputs are `<index>_<name>`.
    pub fn take_page(&mut self, page: usize, filled: &Filled) {
        for index in self.range(page) {
            let item = &mut self.items[index];
            item.adopt = filled.has(&format!("{index}_adopt"));
            for name in Item::NAMES {
                let typed = filled.text(&format!("{index}_{name}")).replace("\r\n", "\n");
                if typed.is_empty() {
                    item.values.remove(name);
                } else {
                    item.values.insert(name.to_owned(), typed);
                }
            }
        }
    }
}

/// Kind and level of a source, where its title says so.
fn guess_source(title: &str) -> (Option<SourceKind>, Option<Level>) {
    let has = |words: &[&str]| words.iter().any(|word| title.contains(word));
    let kind = if has(&["信访", "举报", "交办件", "边督边改"]) {
        Some(SourceKind::Complaint)
    } else if has(&["警示片"]) {
        Some(SourceKind::WarningFilm)
    } else if has(&["暗访"]) {
        Some(SourceKind::CovertCheck)
    } else if has(&["回头看"]) {
        Some(SourceKind::InspectionLookBack)
    } else if has(&["专项督察"]) {
        Some(SourceKind::SpecialInspection)
    } else if has(&["督察", "督查"]) {
        Some(SourceKind::Inspection)
    } else {
        None
    };
    let level = if has(&["中央"]) {
        Some(Level::Central)
    } else if has(&["省委", "省级", "省生态", "四川省", "省督察"]) {
        Some(Level::Province)
    } else if has(&["市级", "市委", "市生态"]) {
        Some(Level::City)
    } else {
        None
    };
    (kind, level)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_row_from_the_same_sender_has_the_same_fingerprint() {
        let cells = vec![("序号".to_owned(), "1".to_owned()), ("问题".to_owned(), "污水直排".to_owned())];
        assert_eq!(fingerprint("省督察办", &cells), fingerprint("省督察办", &cells));
        assert_ne!(fingerprint("省督察办", &cells), fingerprint("市督察办", &cells));
        let moved = vec![("序号1".to_owned(), String::new()), ("问题".to_owned(), "污水直排".to_owned())];
        assert_ne!(fingerprint("省督察办", &cells), fingerprint("省督察办", &moved));
    }

    #[test]
    fn titles_tell_kind_and_level_only_where_they_say_so() {
        let told = guess_source("四川省生态环境保护督察反馈意见整改方案");
        assert_eq!(told, (Some(SourceKind::Inspection), Some(Level::Province)));
        let told = guess_source("中央生态环境保护督察群众信访举报件交办单");
        assert_eq!(told, (Some(SourceKind::Complaint), Some(Level::Central)));
        assert_eq!(guess_source("整改台账"), (None, None));
    }
}
