//! Gathering (汇集): the pieces of one problem collected under fields, then turned into a draft.
//!
//! Tables and prose gather the same way, so a value means the same whatever layout it came from. A unit in a column
//! 责任单位 is a responsible unit; it leads only where the text says 牵头 or there is a column for it.

use super::{
    ReadOptions, deadline,
    draft::{Draft, RawCell},
    heading::Field,
    measure, unit,
    wording::{is_state, narrow, numbers, one_line, passage, state_of, title_of},
};
use crate::document::Place;

/// A text under a field.
#[derive(Debug, Clone)]
pub(super) struct Piece {
    /// The field, if known.
    pub(super) field: Option<Field>,
    /// Heading or label.
    pub(super) title: String,
    /// The text as it stood.
    pub(super) text: String,
    /// Where.
    pub(super) place: Place,
    /// Taken over from another row.
    pub(super) carried: bool,
}

/// The pieces of one problem.
#[derive(Debug, Clone, Default)]
pub(super) struct Gathered {
    /// In reading order.
    pub(super) pieces: Vec<Piece>,
    /// Struck through.
    pub(super) cancelled: bool,
    /// Where it begins.
    pub(super) place: Place,
    /// What is already in doubt.
    pub(super) doubts: Vec<(Field, String, String)>,
}

impl Gathered {
    /// Adds a text.
    pub(super) fn add(&mut self, field: Option<Field>, title: &str, text: &str, place: Place) {
        self.pieces.push(Piece {
            field,
            title: title.to_owned(),
            text: text.to_owned(),
            place,
            carried: false,
        });
    }

    /// Whether there is a text for a field.
    pub(super) fn has(&self, field: Field) -> bool {
        self.pieces.iter().any(|piece| piece.field == Some(field) && !piece.text.trim().is_empty())
    }

    /// All texts of a field, joined by lines.
    pub(super) fn text(&self, field: Field) -> String {
        let mut out = String::new();
        for piece in self.pieces.iter().filter(|piece| piece.field == Some(field)) {
            let text = passage(&piece.text);
            if text.is_empty() {
                continue;
            }
            if !out.is_empty() {
                out.push('\n');
            }
            out.push_str(&text);
        }
        out
    }

    /// Turns the pieces into a draft.
    pub(super) fn finish(self, options: &ReadOptions) -> Draft {
        let mut draft = Draft { cancelled: self.cancelled, place: self.place.clone(), ..Draft::default() };
        for (field, zh, en) in &self.doubts {
            draft.doubt(*field, zh.clone(), en.clone());
        }
        self.fill_numbers(&mut draft);
        self.fill_texts(&mut draft);
        self.fill_deadline(&mut draft, options);
        self.fill_units(&mut draft);
        self.fill_state(&mut draft);
        draft.raw = self
            .pieces
            .into_iter()
            .filter(|piece| !piece.carried)
            .map(|piece| RawCell {
                field: piece.field,
                title: piece.title,
                text: piece.text,
                place: piece.place,
            })
            .collect();
        draft
    }

    fn fill_numbers(&self, draft: &mut Draft) {
        let own = numbers(&self.text(Field::No));
        draft.no = own.own;
        let level = |field| numbers(&self.text(field)).own;
        draft.city_no = own.city.or_else(|| level(Field::CityNo));
        draft.province_no = own.province.or_else(|| level(Field::ProvinceNo));
        if draft.no.is_none() {
            let other = draft.city_no.clone().or_else(|| draft.province_no.clone());
            if other.is_some() {
                draft.no = other;
                draft.doubt(
                    Field::No,
                    "没有本级序号,暂用上级序号",
                    "no number of its own; a superior's number stands in",
                );
            }
        }
        let source = one_line(&self.text(Field::SourceNo));
        draft.source_no = (!source.is_empty()).then_some(source);
    }

    fn fill_texts(&self, draft: &mut Draft) {
        let line = |field| {
            Some(one_line(&self.text(field))).filter(|text| !text.is_empty() && !unit::is_nothing(text))
        };
        let block = |field| Some(self.text(field)).filter(|text| !text.is_empty());
        draft.description = block(Field::Description);
        draft.title = line(Field::Title).or_else(|| draft.description.as_deref().and_then(title_of));
        if draft.description.is_none() && draft.title.is_some() {
            draft.description = block(Field::Title);
        }
        draft.goal = block(Field::Goal);
        for piece in self.pieces.iter().filter(|piece| piece.field == Some(Field::Measures)) {
            let text = passage(&piece.text);
            if !unit::is_nothing(&text) {
                draft.measures.extend(measure::split(&text));
            }
            if piece.title.contains("处理") {
                draft.doubt(
                    Field::Measures,
                    "“处理和整改情况”兼有措施和进展,请核对",
                    "this column mixes measures and progress; please check",
                );
            }
        }
        draft.leader = line(Field::Leader);
        draft.person = line(Field::Person);
        draft.supervising_unit = line(Field::SupervisingUnit);
        draft.acceptance_unit = line(Field::AcceptanceUnit);
        draft.area = line(Field::Area);
        draft.kind = line(Field::Kind);
        draft.truth = line(Field::Truth);
        draft.investigation = block(Field::Investigation);
        draft.accountability = block(Field::Accountability);
        draft.note = block(Field::Note);
    }

    fn fill_deadline(&self, draft: &mut Draft, options: &ReadOptions) {
        let mut texts: Vec<String> = Vec::new();
        for piece in self.pieces.iter().filter(|piece| piece.field == Some(Field::Deadline)) {
            let line = one_line(&piece.text);
            if !line.is_empty() && !unit::is_nothing(&line) && !texts.contains(&line) {
                texts.push(line);
            }
        }
        if texts.is_empty() {
            return;
        }
        let read = deadline::read(&texts.join("；"), options);
        draft.deadline = read.deadline;
        if let Some((zh, en)) = read.doubt {
            draft.doubt(Field::Deadline, zh, en);
        }
    }

    fn fill_units(&self, draft: &mut Draft) {
        for field in [Field::LeadUnits, Field::ResponsibleUnits, Field::CoUnits] {
            for piece in self.pieces.iter().filter(|piece| piece.field == Some(field)) {
                let list = unit::read(&piece.text);
                for (zh, en) in &list.doubts {
                    draft.doubt(field, zh.clone(), en.clone());
                }
                let plain = match field {
                    Field::LeadUnits => &mut draft.lead_units,
                    Field::CoUnits => &mut draft.co_units,
                    _ => &mut draft.responsible_units,
                };
                extend(plain, list.plain);
                extend(&mut draft.lead_units, list.lead);
                extend(&mut draft.co_units, list.co);
            }
        }
    }

    fn fill_state(&self, draft: &mut Draft) {
        let progress = self.text(Field::Progress);
        let status = one_line(&self.text(Field::Status));
        draft.progress = Some(progress.clone()).filter(|text| !text.is_empty());
        if !status.is_empty() {
            if status.chars().count() > 20 && !is_state(&status) {
                // A column named for the state that tells the whole story is progress.
                if draft.progress.is_none() {
                    draft.progress = Some(self.text(Field::Status));
                }
                draft.status = state_of(&status);
                draft.doubt(
                    Field::Status,
                    "状态栏是一段文字,请核对",
                    "the column of the state holds a passage; please check",
                );
            } else {
                draft.status = Some(narrow(&status).trim_end_matches(['。', ';']).to_owned());
            }
            return;
        }
        if let Some(state) = state_of(&progress) {
            draft.status = Some(state);
            draft.doubt(
                Field::Status,
                "状态取自进展情况的开头,请核对",
                "the state was taken from the start of the progress; please check",
            );
        }
    }
}

/// Adds units that are not there yet.
fn extend(units: &mut Vec<String>, more: Vec<String>) {
    for unit in more {
        if !units.contains(&unit) {
            units.push(unit);
        }
    }
}
