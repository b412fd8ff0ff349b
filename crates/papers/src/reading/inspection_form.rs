//! Inspection forms (检查表): items with a result to tick. Only an item ticked 发现问题 is a problem.

use super::{
    ReadOptions, Reading,
    card::long,
    columns::bare,
    gather::Gathered,
    heading::Field,
    table::{place, row_text, short},
};
use crate::document::{GridRow, Table};

/// The columns of an inspection form.
pub(super) struct Form {
    heading: usize,
    item: usize,
    point: Option<usize>,
    result: usize,
}

/// Finds the heading of an inspection form.
pub(super) fn find(table: &Table) -> Option<Form> {
    table.rows.iter().take(20).enumerate().find_map(|(heading, row)| {
        let column = |names: &[&str]| {
            row.cells.iter().position(|cell| {
                let text = bare(&cell.text);
                names.iter().any(|name| {
                    text == *name
                        || text.starts_with(&format!("{name}("))
                        || text.starts_with(&format!("{name}（"))
                })
            })
        };
        let item = column(&["检查项", "检查项目", "检查内容", "检查事项", "核查项目"])?;
        let result = column(&["检查结果", "检查情况", "核查结果"])?;
        Some(Form { heading, item, point: column(&["检查要点", "检查标准", "检查要求"]), result })
    })
}

/// Whether a result says that a problem was found: the box before 发现问题 is ticked.
fn found_problem(result: &str) -> bool {
    let text = bare(result);
    let ticks = ['☑', '■', '√', '✓', '✔', '☒', '▇', '◼', '●', '\u{f052}', '\u{f0fe}'];
    let mut rest = text.as_str();
    while let Some(at) = rest.find("发现问题") {
        let head = rest[..at].trim_end_matches([')', '）', ']']);
        if !head.ends_with('未') && head.ends_with(ticks) {
            return true;
        }
        let after = &rest[at + "发现问题".len()..];
        if !head.ends_with('未') && after.trim_start_matches(['(', '（', '[']).starts_with(['√', '✓', '✔'])
        {
            return true;
        }
        rest = after;
    }
    let plain = text.trim_matches(['。', '.']);
    matches!(plain, "发现问题" | "不合格" | "不符合" | "有问题" | "存在问题")
}

/// What was written behind 问题记录.
fn record(result: &str) -> Option<String> {
    let at = result.find("问题记录")?;
    let text = result[at + "问题记录".len()..].trim_start_matches([':', '：', ' ', '_', '＿', '\n']);
    let text = text.trim_end_matches(['_', '＿', ' ', ')', '）']).trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// Reads the form. The key-value head above the heading stays as it is and is named in a warning.
pub(super) fn read(table: &Table, form: &Form, options: &ReadOptions, reading: &mut Reading) {
    reading.layout("inspection_form");
    for row in &table.rows[..form.heading] {
        explain(
            table,
            row,
            reading,
            "form_head",
            "检查表的表头信息,未读入问题",
            "head of the form, no problem",
        );
    }
    reading.rows.headings += 1;
    let mut found = 0;
    for row in &table.rows[form.heading + 1..] {
        let text = |column: Option<usize>| {
            column.and_then(|at| row.cells.get(at)).map_or("", |cell| cell.text.trim())
        };
        let result = text(Some(form.result));
        if !found_problem(result) {
            explain(
                table,
                row,
                reading,
                "no_problem_found",
                "检查项未勾选“发现问题”,未读入",
                "no problem was ticked here",
            );
            continue;
        }
        found += 1;
        reading.rows.drafts += 1;
        let mut gathered = Gathered { place: place(table, row, 0), ..Gathered::default() };
        for (index, cell) in row.cells.iter().enumerate().filter(|(_, cell)| !cell.text.trim().is_empty()) {
            let field = if Some(index) == form.point || (form.point.is_none() && index == form.item) {
                Some(Field::Title)
            } else if index == form.item {
                Some(Field::Kind)
            } else if index == 0 {
                Some(Field::No)
            } else {
                None
            };
            let title = bare(&table.rows[form.heading].cells[index].text);
            gathered.add(field, &title, &cell.text, place(table, row, index + 1));
        }
        let description = record(result).unwrap_or_else(|| text(form.point).to_owned());
        if record(result).is_none() {
            gathered.doubts.push((
                Field::Description,
                "没有问题记录,暂用检查要点".to_owned(),
                "there is no record of the problem; the point checked stands in".to_owned(),
            ));
        }
        gathered.add(Some(Field::Description), "问题记录", &description, place(table, row, form.result + 1));
        reading.problems.push(gathered.finish(options));
    }
    if found == 0 {
        let at = place(table, &table.rows[form.heading], 0);
        reading.warn(
            at,
            "inspection_form",
            "这是检查表,没有勾选“发现问题”的项目,未生成问题",
            "an inspection form with no item ticked as a problem",
        );
    }
}

fn explain(table: &Table, row: &GridRow, reading: &mut Reading, code: &str, zh: &str, en: &str) {
    reading.rows.explained += 1;
    let text = row_text(row);
    reading.warn(
        place(table, row, 0),
        code,
        format!("{zh}:“{}”", long(&text)),
        format!("{en}: “{}”", short(&text)),
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_ticked_box_is_a_problem() {
        assert!(!found_problem("□未发现问题 □发现问题 □不涉及 问题记录___"));
        assert!(!found_problem("☑未发现问题 □发现问题 □不涉及"));
        assert!(found_problem("□未发现问题 ☑发现问题 □不涉及 问题记录:未设标识"));
        assert_eq!(record("☑发现问题 问题记录:未设标识__").as_deref(), Some("未设标识"));
    }
}
