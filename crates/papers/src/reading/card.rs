//! Cards and forms (一问题一表): one problem as pairs of label and value in a table, as sign-off forms and completion forms have it.

use super::{
    ReadOptions, Reading,
    columns::bare,
    gather::Gathered,
    heading::{self, Field, plain},
    label,
    lines::{named, named_number},
    table::{place, row_text, short},
};
use crate::document::{Cover, Table};

/// Most characters of a label cell.
const LABEL_CHARS_MAX: usize = 16;

/// The field of a cell that is a label; `None` inside when the label is not known but looks like one.
fn cell_label(text: &str) -> Option<Option<Field>> {
    let name = bare(text);
    let count = name.chars().count();
    if count == 0 || count > LABEL_CHARS_MAX {
        return None;
    }
    if let Some(field) = heading::exact(&name) {
        let tiny = plain(&name).chars().count() < 2;
        return (!tiny).then_some(Some(field));
    }
    const UNKNOWN_ENDS: [&str; 22] = [
        "意见", "情况", "结论", "日期", "时间", "签字", "盖章", "电话", "编号", "表号", "来源", "名称",
        "坐标", "资金", "目录", "机制", "材料", "方式", "地址", "批次", "轮次", "号",
    ];
    let bare = plain(&name);
    (count >= 2
        && UNKNOWN_ENDS.iter().any(|end| bare.ends_with(end))
        && !bare.chars().any(|sign| sign.is_ascii_digit()))
    .then_some(None)
}

/// The number in a cell that is nothing but 问题一 or 任务3.
fn numbered_label(text: &str) -> Option<String> {
    let name = bare(text);
    let name = name.trim_end_matches([':', '：']);
    named(name).filter(|mark| mark.length == name.len()).map(|_| named_number(name))
}

/// Whether a table is a card: several rows begin with known labels, no two of them side by side over columns of values.
pub(super) fn is_card(table: &Table) -> bool {
    let width = table.rows.iter().map(|row| row.cells.len()).max().unwrap_or(0);
    if width < 2 || table.rows.len() < 2 {
        return inline_labels(table) >= 2;
    }
    let mut labelled = 0;
    let mut content = false;
    for row in &table.rows {
        let own: Vec<&str> =
            row.cells.iter().filter(|cell| cell.cover == Cover::Own).map(|cell| cell.text.as_str()).collect();
        for pair in own.windows(2) {
            if let Some(Some(field)) = cell_label(pair[0])
                && cell_label(pair[1]).is_none_or(|next| next.is_none())
                && field != Field::No
            {
                labelled += 1;
                content |= matches!(
                    field,
                    Field::Description | Field::Title | Field::Goal | Field::Measures | Field::Progress
                );
                break;
            }
        }
    }
    (labelled >= 3 && content)
        || (labelled == 2 && content && table.rows.len() <= 4)
        || inline_labels(table) >= 3
}

/// Cells that hold `label:value`.
fn inline_labels(table: &Table) -> usize {
    table
        .rows
        .iter()
        .flat_map(|row| &row.cells)
        .filter(|cell| label::at_start(&cell.text).is_some_and(|label| label.text_start > label.name.len()))
        .count()
}

/// Reads a card into one draft, or several where the first label returns.
pub(super) fn read(table: &Table, options: &ReadOptions, reading: &mut Reading) {
    reading.layout("cards");
    let mut card = Card { table, done: Vec::new(), current: Gathered::default(), first: None, open: None };
    for row in &table.rows {
        let before = card.current.pieces.len() + card.done.len();
        card.row(row);
        if row.cells.iter().all(|cell| cell.text.trim().is_empty())
            || card.current.pieces.len() + card.done.len() > before
        {
            reading.rows.continued += 1;
        } else {
            reading.rows.explained += 1;
            let text = row_text(row);
            reading.warn(
                place(table, row, 0),
                "form_row",
                format!("表格中的这一行未读入字段:“{}”", long(&text)),
                format!("this row of the form was read into no field: “{}”", short(&text)),
            );
        }
    }
    card.close();
    for gathered in card.done {
        for piece in gathered.pieces.iter().filter(|piece| piece.field.is_none()) {
            reading.warn(
                piece.place.clone(),
                "unknown_label",
                format!("“{}”一栏不属于问题字段,原文保留", piece.title),
                format!("“{}” is no field of a problem; its text is kept", piece.title),
            );
        }
        reading.problems.push(gathered.finish(options));
    }
}

/// At most 200 characters.
pub(super) fn long(text: &str) -> String {
    let cut: String = text.chars().take(200).collect();
    if cut.len() < text.len() { format!("{cut}…") } else { cut }
}

struct Card<'a> {
    table: &'a Table,
    done: Vec<Gathered>,
    current: Gathered,
    first: Option<Field>,
    /// The label whose values go on, with its title and column.
    open: Option<(Option<Field>, String)>,
}

impl Card<'_> {
    fn close(&mut self) {
        let gathered = std::mem::take(&mut self.current);
        let says = [Field::Description, Field::Title, Field::Goal, Field::Measures, Field::Progress];
        if says.iter().any(|field| gathered.has(*field)) {
            self.done.push(gathered);
        } else if let Some(last) = self.done.last_mut() {
            last.pieces.extend(gathered.pieces);
        } else {
            self.current = gathered;
        }
    }

    fn begin(&mut self, field: Option<Field>, title: &str, place: &crate::document::Place) {
        if let Some(field) = field {
            if self.first == Some(field) && self.current.has(field) {
                self.close();
            }
            self.first.get_or_insert(field);
        }
        if self.current.pieces.is_empty() {
            self.current.place = place.clone();
        }
        self.open = Some((field, title.to_owned()));
    }

    fn row(&mut self, row: &crate::document::GridRow) {
        let mut expects_value = false;
        let mut label_above = row.cells.first().is_some_and(|cell| cell.cover == Cover::Above);
        for (index, cell) in row.cells.iter().enumerate() {
            if cell.cover != Cover::Own {
                continue;
            }
            let at = place(self.table, row, index + 1);
            let text = cell.text.trim();
            if text.is_empty() {
                expects_value = false;
                continue;
            }
            let found = cell_label(text);
            if !expects_value && let Some(number) = numbered_label(text) {
                self.number(&number, text, &at);
                expects_value = true;
                label_above = false;
                continue;
            }
            // What follows a known label is its value, even when it reads like a label that we do not know.
            if let Some(field) = found
                && !(expects_value && field.is_none())
            {
                self.begin(field, &bare(text), &at);
                expects_value = true;
                label_above = false;
                continue;
            }
            if let Some(inline) = label::at_start(text)
                .filter(|found| found.text_start > found.name.len() && found.text_start <= text.len())
            {
                self.begin(inline.field, &inline.name, &at);
                self.add(&text[inline.text_start..], at);
                expects_value = false;
                continue;
            }
            if expects_value || label_above {
                self.add(text, at);
                expects_value = false;
            }
        }
    }

    /// A cell 问题一 begins the problem of that number; what follows it tells the problem.
    fn number(&mut self, number: &str, label: &str, at: &crate::document::Place) {
        if !self.current.pieces.is_empty() {
            self.close();
        }
        self.first = Some(Field::No);
        self.current.place = at.clone();
        self.current.add(Some(Field::No), &bare(label), number, at.clone());
        self.open = Some((Some(Field::Description), bare(label)));
    }

    fn add(&mut self, text: &str, at: crate::document::Place) {
        let Some((field, title)) = &self.open else { return };
        self.current.add(*field, title, text, at);
    }
}
