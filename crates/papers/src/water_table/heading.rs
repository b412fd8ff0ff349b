//! Headings (表头): which column holds what, over one to three rows with merged cells.

use super::Term;
use crate::document::{Cell, Cover, Table};
use std::collections::HashMap;
use unicode_normalization::UnicodeNormalization;

/// What a column holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Role {
    Section,
    River,
    Body,
    Area,
    When,
    Year,
    Month,
    Day,
    /// An item, with its unit.
    Item(usize, String),
    /// Long tables: name, code, value, unit.
    ItemName,
    Value,
    Unit,
    Flag,
    /// Something made from readings, or known to be no reading.
    Derived,
    Unknown,
}

const SECTIONS: &[&str] = &[
    "断面",
    "断面名称",
    "监测断面",
    "监测断面名称",
    "断面名",
    "点位",
    "点位名称",
    "监测点位",
    "监测点位名称",
    "监测点",
    "测点名称",
    "站点",
    "站点名称",
    "站名",
    "水站",
    "水站名称",
    "自动站名称",
    "监测站点",
    "采样点",
    "采样点位",
    "考核断面",
    "考核断面名称",
    "section",
    "sectionname",
    "station",
    "site",
];
const RIVERS: &[&str] = &[
    "河流",
    "河流名称",
    "所在河流",
    "所属河流",
    "水体",
    "水体名称",
    "所在水体",
    "河湖名称",
    "湖库名称",
    "river",
];
const BODIES: &[&str] = &["水体类型", "断面类型", "水域类型", "河流湖库", "类型", "waterbody", "body"];
const AREAS: &[&str] =
    &["区县", "县区", "所在区县", "所在地区", "行政区", "行政区划", "乡镇", "镇街", "所在镇街", "area"];
const WHENS: &[&str] = &[
    "时间",
    "日期",
    "采样时间",
    "采样日期",
    "监测时间",
    "监测日期",
    "监测月份",
    "年月",
    "月度",
    "数据时间",
    "date",
    "time",
    "month",
    "sampledon",
];
const ITEM_NAMES: &[&str] = &[
    "监测项目",
    "项目",
    "指标",
    "监测指标",
    "项目名称",
    "指标名称",
    "监测因子",
    "因子",
    "因子编码",
    "项目编码",
    "指标编码",
    "编码",
    "监测因子编码",
    "污染物编码",
    "污染物名称",
    "item",
    "code",
    "parameter",
];
const VALUES: &[&str] = &[
    "监测值",
    "浓度",
    "浓度值",
    "测值",
    "监测结果",
    "结果",
    "检测结果",
    "数值",
    "均值",
    "监测浓度",
    "value",
    "result",
];
const FLAGS: &[&str] = &["检出标识", "检出标志", "标识", "数据标识", "检出限标识", "是否检出", "flag"];
const DERIVED: &[&str] = &[
    "序号",
    "水质类别",
    "类别",
    "水质",
    "水质现状",
    "水质状况",
    "目标",
    "水质目标",
    "考核目标",
    "超标倍数",
    "超标项目",
    "超标因子",
    "主要污染指标",
    "主要污染物",
    "达标情况",
    "是否达标",
    "达标",
    "评价",
    "评价结果",
    "评价类别",
    "单项类别",
    "单项指数",
    "指数",
    "备注",
    "说明",
    "经度",
    "纬度",
    "断面编码",
    "断面代码",
    "断面属性",
    "断面级别",
    "站点编码",
    "超标率",
    "检出限",
    "标准限值",
    "标准值",
    "限值",
    "采样人",
    "监测单位",
    "时段",
    "上年同期",
    "上月",
    "no",
    "no.",
    "remark",
];
const UNITS: &[&str] = &[
    "mg/l",
    "μg/l",
    "ug/l",
    "g/l",
    "毫克/升",
    "微克/升",
    "无量纲",
    "℃",
    "°c",
    "个/l",
    "个/升",
    "mpn/l",
    "cfu/l",
    "mpn/100ml",
    "ms/m",
    "us/cm",
    "μs/cm",
    "ntu",
    "m",
    "cm",
    "/l",
];

/// Words of headings as they are compared: compatibility forms, no spaces, small letters.
pub(super) fn plain(text: &str) -> String {
    let folded: String = text.nfkc().filter(|sign| !sign.is_whitespace() && *sign != '*').collect();
    folded.to_lowercase().replace('µ', "μ").replace("mg·l-1", "mg/l").replace("㎎", "mg")
}

/// Every name of every item.
pub(super) struct Vocabulary(HashMap<String, usize>);

impl Vocabulary {
    pub(super) fn of(terms: &[Term]) -> Self {
        let names = terms
            .iter()
            .enumerate()
            .flat_map(|(at, term)| term.names.iter().chain([&term.code]).map(move |name| (plain(name), at)));
        let mut words = HashMap::new();
        // The first item of a name keeps it.
        for (name, at) in names {
            words.entry(name).or_insert(at);
        }
        Self(words)
    }

    /// The item that a text names, with the unit in brackets or behind it.
    pub(super) fn item(&self, text: &str) -> Option<(usize, String)> {
        let text = plain(text);
        if let Some(at) = self.0.get(&text) {
            return Some((*at, String::new()));
        }
        if let Some((name, inside)) = text.strip_suffix(')').and_then(|open| open.rsplit_once('(')) {
            let unit = UNITS.contains(&inside).then(|| inside.to_owned());
            let name = self.0.get(name).copied().or_else(|| self.item(name).map(|(at, _)| at));
            // Brackets may hold another name, 氨氮(NH3-N), or how it is counted, (以N计).
            let is_known = unit.is_some() || self.0.contains_key(inside) || inside.ends_with('计');
            return name.filter(|_| is_known).map(|at| (at, unit.unwrap_or_default()));
        }
        let behind = UNITS.iter().find_map(|unit| {
            let name = text.strip_suffix(unit)?.trim_end_matches([',', '/', ':', '_', '、']);
            self.0.get(name).map(|at| (*at, (*unit).to_owned()))
        });
        behind.or_else(|| {
            // 化学需氧量CODCr: a name with another one behind it.
            let of = |name: &str| self.0.get(name).copied();
            let cut = text.char_indices().find(|(_, sign)| sign.is_ascii())?.0;
            of(text.get(..cut)?).filter(|at| of(&text[cut..]) == Some(*at)).map(|at| (at, String::new()))
        })
    }
}

pub(super) fn unit(text: &str) -> Option<String> {
    let text = plain(text);
    let bare = text.strip_prefix('(').and_then(|open| open.strip_suffix(')')).unwrap_or(&text);
    UNITS.contains(&bare).then(|| bare.to_owned())
}

/// A word of a heading by itself.
fn role(text: &str, vocabulary: &Vocabulary) -> Role {
    if let Some((item, unit)) = vocabulary.item(text) {
        return Role::Item(item, unit);
    }
    let text = plain(text);
    let bare = text.split_once('(').map_or(text.as_str(), |(bare, _)| bare);
    let is = |words: &[&str]| words.contains(&text.as_str()) || words.contains(&bare);
    match bare {
        "年" | "年份" | "年度" | "year" => return Role::Year,
        "月" | "月份" => return Role::Month,
        "日" | "day" => return Role::Day,
        "单位" | "计量单位" | "unit" => return Role::Unit,
        _ => {}
    }
    let known = [
        (SECTIONS, Role::Section),
        (RIVERS, Role::River),
        (BODIES, Role::Body),
        (AREAS, Role::Area),
        (WHENS, Role::When),
        (ITEM_NAMES, Role::ItemName),
        (VALUES, Role::Value),
        (FLAGS, Role::Flag),
        (DERIVED, Role::Derived),
    ];
    known.into_iter().find(|(words, _)| is(words)).map_or(Role::Unknown, |(_, role)| role)
}

/// The heading of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Heading {
    /// Place of the first row below it.
    pub(super) first: usize,
    pub(super) roles: Vec<Role>,
    /// The words of each column, for reports.
    pub(super) words: Vec<String>,
    /// Number of the lowest row of the heading.
    pub(super) row: u32,
}

impl Heading {
    pub(super) fn column(&self, wanted: &Role) -> Option<usize> {
        self.roles.iter().position(|role| role == wanted)
    }

    pub(super) fn is_long(&self) -> bool {
        self.column(&Role::ItemName).is_some() && self.column(&Role::Value).is_some()
    }
}

/// Rows at the top in which a heading may begin.
const TOP: usize = 20;
/// Rows that a heading may have.
const DEPTH: usize = 4;

/// Finds the heading of a table of readings; `None` for any other table.
pub(super) fn find(table: &Table, vocabulary: &Vocabulary) -> Option<Heading> {
    (0..table.rows.len().min(TOP)).find_map(|at| {
        let begins = table.rows[at].cells.iter().any(|cell| role(&cell.text, vocabulary) == Role::Section);
        begins.then(|| at_row(table, at, vocabulary)).flatten()
    })
}

fn at_row(table: &Table, top: usize, vocabulary: &Vocabulary) -> Option<Heading> {
    let section =
        table.rows[top].cells.iter().position(|cell| role(&cell.text, vocabulary) == Role::Section)?;
    let below = table.rows[top + 1..].iter().take(DEPTH - 1).take_while(|row| {
        // A second row of the heading says nothing of a section, and more than nothing of a column.
        let is_blank = row
            .cells
            .get(section)
            .is_none_or(|cell| cell.text.trim().is_empty() || role(&cell.text, vocabulary) == Role::Section);
        let says = |cell: &Cell| {
            !cell.text.is_empty()
                && (unit(&cell.text).is_some() || role(&cell.text, vocabulary) != Role::Unknown)
        };
        is_blank && row.cells.iter().any(says)
    });
    let depth = 1 + below.count();
    let rows = table.rows.get(top..top + depth)?;
    let width = rows.iter().map(|row| row.cells.len()).max().unwrap_or(0);
    let mut texts: Vec<Vec<String>> = vec![Vec::new(); width];
    for (level, row) in rows.iter().enumerate() {
        let mut left = String::new();
        for (at, cell) in row.cells.iter().enumerate() {
            let below_says = rows
                .get(level + 1)
                .and_then(|row| row.cells.get(at))
                .is_some_and(|cell| !cell.text.is_empty());
            // Separated values know no merged cells: an empty cell over a filled one belongs to the left.
            let reaches =
                cell.cover == Cover::Left || (cell.cover == Cover::Own && cell.text.is_empty() && below_says);
            if !cell.text.is_empty() {
                left.clone_from(&cell.text);
            } else if !reaches {
                left.clear();
            }
            let text = if reaches { &left } else { &cell.text };
            if !text.is_empty() {
                texts[at].push(text.clone());
            }
        }
    }
    let roles: Vec<Role> = texts.iter().map(|texts| column_role(texts, vocabulary)).collect();
    let words = texts.iter().map(|texts| texts.join(" ")).collect();
    let row = rows.last().map_or(1, |row| row.number);
    let heading = Heading { first: top + depth, roles, words, row };
    let has_items = heading.roles.iter().any(|role| matches!(role, Role::Item(..)));
    (has_items || heading.is_long()).then_some(heading)
}

/// What a column holds, by all words above it: an item with 类别 below it is no reading.
fn column_role(texts: &[String], vocabulary: &Vocabulary) -> Role {
    let roles: Vec<Role> = texts.iter().map(|text| role(text, vocabulary)).collect();
    let measure = texts.iter().rev().find_map(|text| unit(text));
    let item = roles.iter().rev().find_map(|role| match role {
        Role::Item(item, unit) => Some((*item, unit.clone())),
        _ => None,
    });
    if let Some((item, own)) = item {
        let is_other = roles.iter().any(|role| matches!(role, Role::Derived | Role::Flag));
        let unit = if own.is_empty() { measure.unwrap_or_default() } else { own };
        return if is_other { Role::Derived } else { Role::Item(item, unit) };
    }
    // The lowest word says most.
    let lowest = roles.iter().rev().find(|role| **role != Role::Unknown);
    lowest.cloned().unwrap_or(Role::Unknown)
}
