//! The template of a ledger (台账模板): what an office fills in when the superior's document brought no table.
//!
//! Its headings are those that the reader knows by their first name, so that what is filled in reads without a doubt about
//! columns. The sample row is numbered 示例 and is never read as a problem.

use super::{
    Sheet, Workbook,
    sheet::{Cell, Choices},
};
use crate::reading::Field;

/// Version of the template, kept in the file under the name [`VERSION_NAME`].
pub const VERSION: &str = "1";
/// The name under which the file says of what version it is.
pub const VERSION_NAME: &str = "bihuan_template";

/// The columns with what the sample row says.
const COLUMNS: [(Field, &str); 15] = [
    (Field::No, "示例"),
    (Field::Description, "照文件原文填写,一行一个问题。例:某镇污水处理站未正常运行,污水溢流入河。"),
    (Field::Goal, "要达到的结果。例:污水处理站稳定运行,出水达标。"),
    (Field::Measures, "1.修复曝气设备;2.补建管网300米。(多条措施用序号分开)"),
    (Field::Deadline, "2022年9月底前(也可写“立行立改”“长期坚持”“收到后30个工作日内”)"),
    (Field::LeadUnits, "从下拉选项中选一个"),
    (Field::CoUnits, "多个单位用顿号分开"),
    (Field::Leader, "职务和姓名"),
    (Field::Person, "职务和姓名"),
    (Field::SupervisingUnit, "行业主管部门"),
    (Field::AcceptanceUnit, "负责核查验收的单位"),
    (Field::Area, "镇(街道)"),
    (Field::Progress, "已做的事,没有可不填"),
    (Field::Status, "未完成"),
    (Field::Note, "这一行是示例,读取时自动跳过"),
];
/// Fields that name one unit.
const ONE_UNIT: [Field; 3] = [Field::LeadUnits, Field::SupervisingUnit, Field::AcceptanceUnit];

/// An empty ledger with a sample row and menus of the office's own units and towns.
#[must_use]
pub fn ledger_template(title: &str, units: &[String], towns: &[String]) -> Workbook {
    let values = |field: Field| match field {
        field if ONE_UNIT.contains(&field) => Some((units.to_vec(), false)),
        Field::Area => Some((towns.to_vec(), false)),
        Field::Status => Some((["未完成", "已完成", "长期坚持"].map(str::to_owned).to_vec(), true)),
        _ => None,
    };
    let choices = COLUMNS.iter().enumerate().filter_map(|(column, (field, _))| {
        values(*field).map(|(values, only)| Choices { column, values, only })
    });
    let sheet = Sheet {
        name: "整改台账".to_owned(),
        title: title.to_owned(),
        headings: COLUMNS.iter().map(|(field, _)| field.zh().to_owned()).collect(),
        rows: vec![COLUMNS.iter().map(|(_, sample)| Cell::text(*sample)).collect()],
        choices: choices.collect(),
    };
    Workbook { sheets: vec![sheet], names: vec![(VERSION_NAME.to_owned(), VERSION.to_owned())] }
}
