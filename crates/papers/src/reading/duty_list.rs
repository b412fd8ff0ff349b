//! Duty lists (责任清单): tables with the columns 监管职责、法律政策依据、法律责任、责任单位, as districts publish them.
//!
//! A merged or empty unit cell repeats the unit above. Nothing is guessed: units keep the names of the document.

use super::topic;
use crate::document::{Block, Document, Table};
use serde::{Deserialize, Serialize};

/// Most rows that are read.
pub const ROWS_MAX: usize = 2_000;

/// One duty as the document words it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DutyRow {
    /// Row of the table, from 1.
    pub number: u32,
    /// The duty (监管职责).
    pub text: String,
    /// Laws and policies, one a line (法律政策依据).
    pub basis: Vec<String>,
    /// What follows from neglect (法律责任).
    pub liability: String,
    /// Names of the units that hold it (责任单位).
    pub units: Vec<String>,
    /// The field of work its words name, if they do.
    pub field: Option<&'static str>,
}

/// Where each value stands.
struct Columns {
    text: usize,
    unit: usize,
    basis: Option<usize>,
    liability: Option<usize>,
}

/// The duties of a document; empty when no table has a column of duties and one of units.
#[must_use]
pub fn duty_list(document: &Document) -> Vec<DutyRow> {
    let mut rows = Vec::new();
    for block in &document.blocks {
        if let Block::Table(table) = block {
            rows.extend(duties_of(table));
        }
    }
    rows.truncate(ROWS_MAX);
    rows
}

fn plain(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

fn columns(cells: &[String]) -> Option<Columns> {
    let find = |words: &[&str], not: &[&str]| {
        cells.iter().position(|cell| {
            words.iter().any(|word| cell.contains(word)) && !not.iter().any(|word| cell.contains(word))
        })
    };
    let liability = find(&["法律责任", "责任追究", "追责"], &["单位", "部门"]);
    let basis = find(&["依据"], &[]);
    let text = find(&["职责", "责任内容", "责任事项"], &["依据", "单位", "部门"])?;
    let unit = find(&["责任单位", "责任部门", "单位名称", "部门名称"], &[])
        .or_else(|| cells.iter().position(|cell| cell == "单位" || cell == "部门"))?;
    (text != unit).then_some(Columns { text, unit, basis, liability })
}

fn duties_of(table: &Table) -> Vec<DutyRow> {
    let mut heading = None;
    let mut rows = Vec::new();
    let mut units_above: Vec<String> = Vec::new();
    for row in &table.rows {
        let cells: Vec<String> = row.cells.iter().map(|cell| plain(&cell.text)).collect();
        let Some(columns) = &heading else {
            heading = columns(&cells);
            continue;
        };
        let cell = |column: usize| row.cells.get(column).map_or("", |cell| cell.text.trim());
        let text = cell(columns.text).to_owned();
        let named = names(cell(columns.unit));
        if !named.is_empty() {
            units_above = named;
        }
        if text.is_empty() || self::columns(&cells).is_some() {
            continue;
        }
        let basis = columns.basis.map_or("", &cell);
        rows.push(DutyRow {
            number: row.number,
            field: topic::named(&text),
            basis: basis.lines().map(|line| line.trim().to_owned()).filter(|line| !line.is_empty()).collect(),
            liability: columns.liability.map_or("", &cell).to_owned(),
            units: units_above.clone(),
            text,
        });
    }
    rows
}

fn names(cell: &str) -> Vec<String> {
    let parts = cell.split(['、', '，', ',', '；', ';', '\n', '\t']);
    parts.map(plain).filter(|name| !name.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Limits, container::open};

    #[test]
    fn a_published_duty_list_is_read_with_its_merged_units() {
        let csv = "安澜区生态环境保护责任清单,,,,\n序号,责任单位,监管职责,法律政策依据,法律责任\n\
                   1,区住建局,负责城镇污水处理设施建设运行监管,《水污染防治法》第四十九条,追究直接责任\n\
                   2,,负责建筑工地扬尘污染防治监管,《大气污染防治法》第六十八条,追究直接责任\n\
                   3,\"区水利局、区农业农村局\",负责河道采砂和禁捕水域巡查,《长江保护法》,\n";
        let document = open(csv.as_bytes(), "责任清单.csv", &Limits::default()).unwrap();
        let rows = duty_list(&document);
        let read: Vec<_> = rows.iter().map(|row| (row.text.as_str(), row.units.join("+"))).collect();
        assert_eq!(
            read,
            [
                ("负责城镇污水处理设施建设运行监管", "区住建局".to_owned()),
                ("负责建筑工地扬尘污染防治监管", "区住建局".to_owned()),
                ("负责河道采砂和禁捕水域巡查", "区水利局+区农业农村局".to_owned()),
            ]
        );
        assert_eq!(
            (rows[0].field, rows[1].field, rows[2].field),
            (Some("sewage"), Some("air"), Some("fishing"))
        );
        assert_eq!(rows[0].basis, ["《水污染防治法》第四十九条"]);
    }

    #[test]
    fn a_ledger_of_problems_is_no_duty_list() {
        let csv = "序号,问题,整改措施,责任单位\n1,污水直排,修管网,区住建局\n";
        let document = open(csv.as_bytes(), "台账.csv", &Limits::default()).unwrap();
        assert!(duty_list(&document).is_empty());
    }
}
