//! The questions of a form (报表表头): the headings of a table, or one a line of a plain text.
//!
//! A title above the headings is left out, and so are columns that only number the rows or name the unit that answers.

use crate::document::{Block, Cover, Document, Table};

/// Most questions that are read.
pub const QUESTIONS_MAX: usize = 200;

/// Columns that ask for nothing.
const FURNITURE: [&str; 12] = [
    "序号",
    "编号",
    "单位",
    "单位名称",
    "填报单位",
    "镇街",
    "镇（街道）",
    "乡镇",
    "备注",
    "填表人",
    "填报人",
    "填报日期",
];

/// The questions of a document, each once, in the order in which they stand.
#[must_use]
pub fn question_list(document: &Document) -> Vec<String> {
    let tables: Vec<&Table> = document
        .blocks
        .iter()
        .filter_map(|block| match block {
            Block::Table(table) if !table.hidden => Some(table),
            _ => None,
        })
        .collect();
    let found: Vec<String> = if tables.is_empty() {
        let lines = document.blocks.iter().filter_map(|block| match block {
            Block::Paragraph(paragraph) => Some(paragraph.text.lines().map(unnumbered).collect::<Vec<_>>()),
            Block::Table(_) => None,
        });
        lines.flatten().collect()
    } else {
        tables.into_iter().flat_map(headings).collect()
    };
    let mut questions: Vec<String> = Vec::new();
    for text in found {
        if !text.is_empty() && !FURNITURE.contains(&text.as_str()) && !questions.contains(&text) {
            questions.push(text);
        }
    }
    questions.truncate(QUESTIONS_MAX);
    questions
}

fn plain(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

/// A line without its number.
fn unnumbered(line: &str) -> String {
    let line = line.trim();
    let is_digit = |c: char| c.is_ascii_digit() || "一二三四五六七八九十（(".contains(c);
    let rest = line.trim_start_matches(is_digit);
    let rest = rest.strip_prefix(['、', '.', '．', ')', '）']).unwrap_or(line);
    rest.trim().trim_end_matches(['：', ':', '？', '?', '。', '；', ';']).to_owned()
}

/// The first row with two cells of its own or more, joined with the heading that covers it from above.
fn headings(table: &Table) -> Vec<String> {
    let own = |row: usize| -> Vec<(usize, String)> {
        let cells = table.rows.get(row).map_or(&[][..], |row| row.cells.as_slice());
        let filled = cells.iter().enumerate().map(|(column, cell)| (column, plain(&cell.text)));
        filled.filter(|(_, text)| !text.is_empty()).collect()
    };
    let Some(first) = (0..table.rows.len()).find(|row| own(*row).len() > 1) else {
        // One column: every line of it is a question.
        let rows = table.rows.iter().filter_map(|row| row.cells.first());
        return rows.map(|cell| unnumbered(&cell.text)).collect();
    };
    let covers = |column: usize| {
        let cells = &table.rows[first].cells;
        cells.get(column + 1).is_some_and(|cell| cell.cover == Cover::Left)
    };
    let second = own(first + 1);
    let mut found = Vec::new();
    for (column, text) in own(first) {
        if !covers(column) {
            found.push(text);
            continue;
        }
        let until = (column + 1..)
            .find(|at| table.rows[first].cells.get(*at).is_none_or(|cell| cell.cover != Cover::Left))
            .unwrap_or(column + 1);
        let below = second.iter().filter(|(at, _)| (column..until).contains(at));
        let below: Vec<String> = below.map(|(_, each)| format!("{text}{each}")).collect();
        found.extend(if below.is_empty() { vec![text] } else { below });
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Limits, container::open};

    fn read(text: &str, name: &str) -> Vec<String> {
        question_list(&open(text.as_bytes(), name, &Limits::default()).unwrap())
    }

    #[test]
    fn the_headings_of_a_table_are_its_questions() {
        let csv = "秸秆禁烧情况统计表,,,,\n序号,填报单位,劝导队人数,宣传车台数,备注\n1,白鹿镇,,,\n";
        assert_eq!(read(csv, "表.csv"), ["劝导队人数", "宣传车台数"]);
        let html = "<table><tr><th rowspan=2>序号</th><th colspan=2>劝导队</th><th rowspan=2>宣传车台数</th></tr>\
                    <tr><th>人数</th><th>班次</th></tr></table>";
        assert_eq!(read(html, "pasted.html"), ["劝导队人数", "劝导队班次", "宣传车台数"]);
    }

    #[test]
    fn a_text_asks_one_question_a_line() {
        let text = "1、劝导队人数？\n（二）宣传车台数：\n劝导队人数\n";
        assert_eq!(read(text, "pasted.txt"), ["劝导队人数", "宣传车台数"]);
    }
}
