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
use std::{collections::HashMap, sync::Arc};

/// A text under a field.
#[derive(Debug, Clone)]
pub(super) struct Piece {
    /// The field, if known.
    pub(super) field: Option<Field>,
    /// Heading or label.
    pub(super) title: Arc<str>,
    /// The text as it stood.
    pub(super) text: String,
    /// Where.
    pub(super) place: Place,
    /// Taken over from another row.
    pub(super) carried: bool,
}

/// Most texts of a kind that are kept; who says so many different things does not repeat them.
const TOLD_MAX: usize = 5_000;

/// What was read before in the same document: the same units and deadlines stand in row after row.
#[derive(Default)]
pub(super) struct Told {
    units: HashMap<String, unit::UnitList>,
    deadlines: HashMap<String, deadline::Read>,
}

impl Told {
    fn units(&mut self, text: &str) -> &unit::UnitList {
        if !self.units.contains_key(text) {
            if self.units.len() >= TOLD_MAX {
                self.units.clear();
            }
            self.units.insert(text.to_owned(), unit::read(text));
        }
        &self.units[text]
    }

    fn deadline(&mut self, text: String, options: &ReadOptions) -> &deadline::Read {
        if self.deadlines.len() >= TOLD_MAX {
            self.deadlines.clear();
        }
        self.deadlines.entry(text).or_insert_with_key(|text| deadline::read(text, options))
    }
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
            title: Arc::from(title),
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

    /// All texts of a field in one line, each once; texts of several rows are told apart by `；`.
    fn line(&self, field: Field) -> Option<String> {
        let mut lines: Vec<String> = Vec::new();
        for piece in self.pieces.iter().filter(|piece| piece.field == Some(field)) {
            let line = match field {
                Field::Person => name_line(&piece.text),
                Field::SourceNo => number_line(&piece.text),
                _ => one_line(&piece.text),
            };
            if !line.is_empty() && !unit::is_nothing(&line) && !lines.contains(&line) {
                lines.push(line);
            }
        }
        (!lines.is_empty()).then(|| lines.join("；"))
    }

    /// Where the problem and the task are told apart, the task is not part of the problem.
    fn part_problem_and_task(&mut self) {
        let tells =
            |title: &str| ["问题", "内容", "情况", "反馈", "反映"].iter().any(|word| title.contains(word));
        let pieces = || self.pieces.iter().filter(|piece| piece.field == Some(Field::Description));
        if !(pieces().any(|piece| tells(&piece.title))
            && pieces().any(|piece| piece.title.contains("任务") && !tells(&piece.title)))
        {
            return;
        }
        for piece in &mut self.pieces {
            if piece.field == Some(Field::Description) && piece.title.contains("任务") && !tells(&piece.title)
            {
                piece.field = None;
            }
        }
        self.doubts.push((
            Field::Description,
            "另有“整改任务”一栏,原文保留,未并入问题描述".to_owned(),
            "there is also a text for the task; it is kept but not part of the problem".to_owned(),
        ));
    }

    /// Turns the pieces into a draft.
    pub(super) fn finish(self, options: &ReadOptions) -> Draft {
        self.finish_with(options, &mut Told::default())
    }

    /// [`Gathered::finish`] of one among many that say the same things again and again.
    pub(super) fn finish_with(mut self, options: &ReadOptions, told: &mut Told) -> Draft {
        self.part_problem_and_task();
        let mut draft = Draft { cancelled: self.cancelled, place: self.place.clone(), ..Draft::default() };
        for (field, zh, en) in &self.doubts {
            draft.doubt(*field, zh.clone(), en.clone());
        }
        self.fill_numbers(&mut draft);
        self.fill_texts(&mut draft);
        self.fill_deadline(&mut draft, options, told);
        self.fill_units(&mut draft, told);
        self.fill_state(&mut draft);
        if options.values_only {
            return draft;
        }
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
        draft.source_no = self.line(Field::SourceNo);
        if let Some(number) = &mut draft.source_no {
            // An asterisk marks a case of special concern (重点关注); it is no part of the number.
            draft.key_case = number.contains(['*', '★', '☆', '※', '▲']);
            number.retain(|sign| !matches!(sign, '*' | '★' | '☆' | '※' | '▲'));
        }
    }

    fn fill_texts(&self, draft: &mut Draft) {
        let line = |field| self.line(field);
        // A dash says that there is nothing; the word 无 is kept, because it is an answer.
        let block = |field| Some(self.text(field)).filter(|text| !text.is_empty() && !unit::is_dash(text));
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
        draft.leader = self.leader(draft);
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

    /// The leader; where several columns name leaders, 责任领导 goes before 牵头领导.
    fn leader(&self, draft: &mut Draft) -> Option<String> {
        let pieces: Vec<&Piece> = self
            .pieces
            .iter()
            .filter(|piece| {
                piece.field == Some(Field::Leader)
                    && !unit::is_nothing(&piece.text)
                    && !piece.text.trim().is_empty()
            })
            .collect();
        let chosen = pieces.iter().find(|piece| piece.title.contains("责任领导")).or(pieces.first())?;
        let same: Vec<String> = pieces
            .iter()
            .filter(|piece| same_column(&piece.title, &chosen.title))
            .map(|piece| name_line(&piece.text))
            .collect();
        if same.len() < pieces.len() {
            draft.doubt(
                Field::Leader,
                format!("有多栏领导,取“{}”一栏", chosen.title),
                format!("several columns name leaders; “{}” was taken", chosen.title),
            );
        }
        Some(same.join(if chosen.title.contains('/') { " " } else { "；" }))
    }

    fn fill_deadline(&self, draft: &mut Draft, options: &ReadOptions, told: &mut Told) {
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
        let read = told.deadline(texts.join("；"), options).clone();
        draft.deadline = read.deadline;
        if let Some((zh, en)) = read.doubt {
            draft.doubt(Field::Deadline, zh, en);
        }
    }

    fn fill_units(&self, draft: &mut Draft, told: &mut Told) {
        let (mut persons, mut leaders) = (Vec::new(), Vec::new());
        for field in [Field::LeadUnits, Field::ResponsibleUnits, Field::CoUnits] {
            for piece in self.pieces.iter().filter(|piece| piece.field == Some(field)) {
                let list = told.units(&piece.text);
                for (zh, en) in &list.doubts {
                    draft.doubt(field, zh.clone(), en.clone());
                }
                let plain = match field {
                    Field::LeadUnits => &mut draft.lead_units,
                    Field::CoUnits => &mut draft.co_units,
                    _ => &mut draft.responsible_units,
                };
                extend(plain, &list.plain);
                extend(&mut draft.lead_units, &list.lead);
                extend(&mut draft.co_units, &list.co);
                extend(&mut persons, &list.persons);
                extend(&mut leaders, &list.leaders);
            }
        }
        let told = |names: Vec<String>| (!names.is_empty()).then(|| names.join("；"));
        draft.person = draft.person.take().or(told(persons));
        draft.leader = draft.leader.take().or(told(leaders));
    }

    fn fill_state(&self, draft: &mut Draft) {
        let progress = self.text(Field::Progress);
        let status = self.line(Field::Status).unwrap_or_default();
        draft.progress = Some(progress.clone()).filter(|text| !text.is_empty() && !unit::is_dash(text));
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
            let opening = progress.split(['。', '\n']).next().unwrap_or_default();
            draft.deadline.sustain |= opening.contains("长期坚持");
            draft.status = Some(state);
            draft.doubt(
                Field::Status,
                "状态取自进展情况的开头,请核对",
                "the state was taken from the start of the progress; please check",
            );
        }
    }
}

/// Names and posts in one line: 林 涛 is one name, 李明 副县长 are name and post.
fn name_line(text: &str) -> String {
    let mut out = String::new();
    let mut last = 0;
    for word in text.split_whitespace() {
        let count = word.chars().count();
        if last > 1 || (last == 1 && count > 1) {
            out.push(' ');
        }
        out.push_str(word);
        last = count;
    }
    out
}

/// Case numbers in one line: full-width forms narrowed, a number broken by a line joined, several told apart.
fn number_line(text: &str) -> String {
    let text = narrow(text);
    let mut out = String::new();
    let mut last_digits = 8;
    for word in text.split_whitespace() {
        let digits = word.chars().filter(char::is_ascii_digit).count();
        if !out.is_empty() && last_digits >= 8 {
            out.push('；');
        }
        out.push_str(word);
        last_digits = if last_digits >= 8 { digits } else { last_digits + digits };
    }
    out
}

/// Whether two titles belong together: the same, or two halves under one heading (责任领导/姓名, 责任领导/职务).
fn same_column(one: &str, other: &str) -> bool {
    one == other
        || matches!((one.split_once('/'), other.split_once('/')), (Some((upper, _)), Some((also, _))) if upper == also)
}

/// Adds units that are not there yet.
fn extend(units: &mut Vec<String>, more: &[String]) {
    for unit in more {
        if !units.contains(unit) {
            units.push(unit.clone());
        }
    }
}
