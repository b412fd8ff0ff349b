//! Rivers, reaches and chiefs as a workbook (河湖名录表): the template that a district fills in, and what it filled in read back.
//!
//! Three sheets, known by their headings and not by their names; a fourth says how they are filled in. Nothing is guessed: cells keep
//! the words of the file.

use crate::{
    document::{Block, Document, Table},
    writing::{Sheet, Workbook, WriteError, sheet::Cell},
};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Most rows of a sheet that are read.
pub const ROWS_MAX: usize = 2_000;

/// Columns of the sheet of rivers.
pub const RIVERS: [&str; 5] = ["河湖名称", "类型", "管理单位", "全长（米）", "起止"];
/// Columns of the sheet of reaches.
pub const REACHES: [&str; 11] = [
    "所属河湖",
    "河段名称",
    "顺序",
    "长度（米）",
    "责任单位",
    "流经镇街",
    "坐标系",
    "坐标",
    "分段",
    "管护目标",
    "联系电话",
];
/// Columns of the sheet of chiefs.
pub const CHIEFS: [&str; 10] =
    ["所属河湖", "所管河段", "河长类别", "级别", "单位", "职务", "民间河长姓名", "管段", "任职起", "任职止"];

/// What a column holds, with an example.
const HINTS: [(&str, &str, &str, &str); 26] = [
    ("河湖", "河湖名称", "必填，同一名称只登记一次；已登记的河湖只补充河段和河长", "琼澜河"),
    ("河湖", "类型", "河流或水库", "河流"),
    ("河湖", "管理单位", "必填，机构名录中的单位", "区水利局"),
    ("河湖", "全长（米）", "整数", "46200"),
    ("河湖", "起止", "文字说明", "源头至琼江口"),
    ("河段", "所属河湖", "必填，与河湖表一致", "琼澜河"),
    ("河段", "河段名称", "必填", "琼澜河汇龙镇段"),
    ("河段", "顺序", "必填，自上游起的序号，同一条河不重复", "1"),
    ("河段", "长度（米）", "整数", "8200"),
    ("河段", "责任单位", "必填，一般为镇街", "汇龙镇人民政府"),
    ("河段", "流经镇街", "用顿号分开；不填即责任单位", "汇龙镇人民政府、云溪镇人民政府"),
    ("河段", "坐标系", "WGS-84、CGCS2000、GCJ-02 或 BD-09", "CGCS2000"),
    (
        "河段",
        "坐标",
        "必填，自上游起每点“经度 纬度”，点之间用分号隔开，至少两点",
        "105.1960 30.3700；105.2956 30.3781",
    ),
    ("河段", "分段", "上游段、城区段等，可不填", "上游段"),
    ("河段", "管护目标", "公示牌上的目标，可不填", "水质达到Ⅲ类"),
    ("河段", "联系电话", "公示牌上的电话，可不填", "0825-1234567"),
    ("河长", "所属河湖", "必填，与河湖表一致", "琼澜河"),
    ("河长", "所管河段", "不填即全河", "琼澜河汇龙镇段"),
    ("河长", "河长类别", "行政河长、技术河长、河道警长、检察长、民间河长", "行政河长"),
    ("河长", "级别", "区级、镇级、村级", "镇级"),
    ("河长", "单位", "民间河长以外必填，机构名录中的单位", "汇龙镇人民政府"),
    ("河长", "职务", "民间河长以外必填，该单位的岗位名称", "镇长"),
    ("河长", "民间河长姓名", "民间河长必填", ""),
    ("河长", "管段", "村级河长的管段，可不填", "双桥村"),
    ("河长", "任职起", "必填，日期", "2021-01-01"),
    ("河长", "任职止", "在任的不填", ""),
];

/// A row of a sheet: its number in the sheet, and a cell for each column.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BookRow {
    /// Row of the sheet, from 1.
    pub number: u32,
    /// Cells in the order of the columns.
    pub cells: Vec<String>,
}

/// What a workbook lists.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RiverBook {
    /// Rivers, by the columns of [`RIVERS`].
    pub rivers: Vec<BookRow>,
    /// Reaches, by the columns of [`REACHES`].
    pub reaches: Vec<BookRow>,
    /// Chiefs, by the columns of [`CHIEFS`].
    pub chiefs: Vec<BookRow>,
}

impl RiverBook {
    /// Whether nothing was listed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rivers.is_empty() && self.reaches.is_empty() && self.chiefs.is_empty()
    }
}

/// The template: three sheets with their headings, and one that says how they are filled in.
///
/// # Errors
/// When the workbook cannot be written.
pub fn template(created: Date) -> Result<Vec<u8>, WriteError> {
    let sheet = |name: &str, headings: &[&str]| Sheet {
        name: name.to_owned(),
        title: String::new(),
        headings: headings.iter().map(|heading| (*heading).to_owned()).collect(),
        ..Sheet::default()
    };
    let hints =
        HINTS.map(|(sheet, column, hint, example)| [sheet, column, hint, example].map(Cell::text).to_vec());
    let how = Sheet { rows: hints.to_vec(), ..sheet("填写说明", &["表", "列", "怎样填写", "例"]) };
    let sheets = vec![sheet("河湖", &RIVERS), sheet("河段", &REACHES), sheet("河长", &CHIEFS), how];
    Workbook { sheets, ..Workbook::default() }.to_xlsx(created)
}

fn plain(text: &str) -> String {
    let half = |sign| match sign {
        '(' => '（',
        ')' => '）',
        other => other,
    };
    text.chars().filter(|sign| !sign.is_whitespace() && *sign != '*').map(half).collect()
}

/// The rows of a table that has these columns, in any order; the first and the second must be there.
fn rows(table: &Table, columns: &[&str]) -> Vec<BookRow> {
    let mut places: Option<Vec<Option<usize>>> = None;
    let mut rows = Vec::new();
    for row in &table.rows {
        let Some(places) = &places else {
            let cells: Vec<String> = row.cells.iter().map(|cell| plain(&cell.text)).collect();
            let found: Vec<Option<usize>> =
                columns.iter().map(|column| cells.iter().position(|cell| cell == column)).collect();
            let is_heading = found.iter().take(2).all(Option::is_some) && found.iter().flatten().count() > 2;
            places = is_heading.then_some(found);
            continue;
        };
        let cell = |place: &Option<usize>| {
            place.and_then(|place| row.cells.get(place)).map_or("", |cell| cell.text.trim()).to_owned()
        };
        let cells: Vec<String> = places.iter().map(cell).collect();
        if cells.iter().any(|cell| !cell.is_empty()) {
            rows.push(BookRow { number: row.number, cells });
        }
    }
    rows.truncate(ROWS_MAX);
    rows
}

/// What a document lists; empty when no table has the columns of the template.
#[must_use]
pub fn read(document: &Document) -> RiverBook {
    let mut book = RiverBook::default();
    for block in &document.blocks {
        let Block::Table(table) = block else { continue };
        // A sheet of reaches has the name of a river too, so that the more telling headings come first.
        let (reaches, chiefs) = (rows(table, &REACHES), rows(table, &CHIEFS));
        if !reaches.is_empty() {
            book.reaches.extend(reaches);
        } else if !chiefs.is_empty() {
            book.chiefs.extend(chiefs);
        } else {
            book.rivers.extend(rows(table, &RIVERS));
        }
    }
    book
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Limits, container::open};
    use jiff::civil::date;

    #[test]
    fn the_template_as_it_is_lists_nothing() {
        let bytes = template(date(2021, 6, 11)).unwrap();
        let document = open(&bytes, "河湖名录表.xlsx", &Limits::default()).unwrap();
        assert!(read(&document).is_empty(), "{document:?}");
    }

    #[test]
    fn what_was_filled_in_is_read_by_its_headings_whatever_their_order() {
        let cells = |words: &[&str]| words.iter().map(|word| Cell::text(*word)).collect::<Vec<_>>();
        let sheet = |name: &str, headings: &[&str], rows: Vec<Vec<Cell>>| Sheet {
            name: name.to_owned(),
            title: String::new(),
            headings: headings.iter().map(|heading| (*heading).to_owned()).collect(),
            rows,
            ..Sheet::default()
        };
        let sheets = vec![
            sheet("1", &["类型", "河湖名称", "管理单位"], vec![cells(&["河流", "琼澜河", "区水利局"])]),
            sheet(
                "2",
                &REACHES,
                vec![
                    cells(&["琼澜河", "琼澜河汇龙镇段", "1"]),
                    cells(&[""]),
                    cells(&["琼澜河", "下段", "2"]),
                ],
            ),
            sheet("3", &CHIEFS, vec![cells(&["琼澜河", "", "行政河长", "区级"])]),
        ];
        let bytes = Workbook { sheets, ..Workbook::default() }.to_xlsx(date(2021, 6, 11)).unwrap();
        let book = read(&open(&bytes, "book.xlsx", &Limits::default()).unwrap());
        assert_eq!(book.rivers.len(), 1);
        assert_eq!(book.rivers[0].cells, ["琼澜河", "河流", "区水利局", "", ""]);
        assert_eq!(book.reaches.iter().map(|row| row.number).collect::<Vec<_>>(), [2, 4]);
        assert_eq!(book.chiefs[0].cells[..4], ["琼澜河", "", "行政河长", "区级"].map(str::to_owned));
    }
}
