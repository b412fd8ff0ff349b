//! Lists to print (问题清单、整改任务清单): a landscape table as a Word file or a workbook.

use jiff::civil::Date;

use super::{
    Language, Letter, WriteError,
    letter::{Block, Cell, Page, Table},
    sheet::{self, Sheet, Workbook},
};

/// Which list it is; it decides on the columns.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ListKind {
    /// What is wrong and who answers for it (问题清单).
    #[default]
    Problems,
    /// What is to be done, by whom, until when, and how far it is (整改任务清单).
    Tasks,
}

/// One problem of the list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ProblemRow {
    /// Number in the list.
    pub number: String,
    /// Where the problem comes from.
    pub source: String,
    /// The problem in the words of the source.
    pub problem: String,
    /// The goal.
    pub goal: String,
    /// The measures, one to an item.
    pub measures: Vec<String>,
    /// The deadline as papers word it.
    pub deadline: String,
    /// Units that lead or answer for it.
    pub lead_units: String,
    /// Units that help.
    pub co_units: String,
    /// The leader who answers for it.
    pub leader: String,
    /// The unit that accepts the work.
    pub acceptance_unit: String,
    /// What was done so far.
    pub progress: String,
    /// The state in a word.
    pub status: String,
    /// A note.
    pub note: String,
}

/// A list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ProblemList {
    /// The language of title and headings.
    pub language: Language,
    /// Which list.
    pub kind: ListKind,
    /// Title; the usual one when empty.
    pub title: String,
    /// Who made the list, shown above the table.
    pub unit: String,
    /// The day of the figures.
    pub as_of: Option<Date>,
    /// Rows in the order of the list.
    pub rows: Vec<ProblemRow>,
}

/// A column: heading in both languages, share of the width, and how its text is had.
type Column = (&'static str, &'static str, u32, fn(&ProblemRow) -> String);

const NUMBER: Column = ("序号", "No.", 5, |row| row.number.clone());
const SOURCE: Column = ("问题来源", "Source", 10, |row| row.source.clone());
const PROBLEM: Column = ("反馈问题", "Problem", 27, |row| row.problem.clone());
const LEAD: Column = ("牵头（责任）单位", "Responsible units", 10, |row| row.lead_units.clone());
const CO: Column = ("配合单位", "Helping units", 10, |row| row.co_units.clone());
const LEADER: Column = ("责任领导", "Leader", 8, |row| row.leader.clone());
const DEADLINE: Column = ("整改时限", "Deadline", 9, |row| row.deadline.clone());
const NOTE: Column = ("备注", "Note", 7, |row| row.note.clone());

const PROBLEMS: [Column; 8] = [NUMBER, SOURCE, PROBLEM, LEAD, CO, LEADER, DEADLINE, NOTE];

const TASKS: [Column; 12] = [
    NUMBER,
    PROBLEM,
    ("整改目标", "Goal", 13, |row| row.goal.clone()),
    ("整改措施", "Measures", 24, |row| numbered(&row.measures)),
    DEADLINE,
    LEAD,
    CO,
    LEADER,
    ("验收单位", "Accepting unit", 9, |row| row.acceptance_unit.clone()),
    ("整改进展情况", "Progress", 18, |row| row.progress.clone()),
    ("整改状态", "State", 7, |row| row.status.clone()),
    NOTE,
];

/// Items as a numbered list, or the one item as it is.
pub(super) fn numbered(items: &[String]) -> String {
    if let [only] = items {
        return only.clone();
    }
    let lines: Vec<String> = (1..).zip(items).map(|(number, item)| format!("{number}.{item}")).collect();
    lines.join("\n")
}

impl ProblemList {
    fn columns(&self) -> &'static [Column] {
        match self.kind {
            ListKind::Problems => &PROBLEMS,
            ListKind::Tasks => &TASKS,
        }
    }

    /// The title, the usual one when none was given.
    #[must_use]
    pub fn title(&self) -> &str {
        if !self.title.is_empty() {
            return &self.title;
        }
        match self.kind {
            ListKind::Problems => self.language.pick("生态环境问题清单", "List of environmental problems"),
            ListKind::Tasks => self.language.pick("生态环境问题整改任务清单", "List of rectification tasks"),
        }
    }

    fn headings(&self) -> impl Iterator<Item = &'static str> {
        let language = self.language;
        self.columns().iter().map(move |column| language.pick(column.0, column.1))
    }

    /// Who made the list and of which day it is, in one line.
    fn made(&self) -> String {
        let mut parts = Vec::new();
        if !self.unit.is_empty() {
            parts.push(match self.language {
                Language::Chinese => format!("填报单位：{}", self.unit),
                Language::English => format!("Reported by: {}", self.unit),
            });
        }
        if let Some(day) = self.as_of {
            parts.push(match self.language {
                Language::Chinese => format!("截至{}", self.language.day(day)),
                Language::English => format!("As of {}", self.language.day(day)),
            });
        }
        parts.join("　　")
    }

    /// The list as a Word file.
    ///
    /// # Errors
    /// As for [`Letter::to_docx`].
    pub fn to_docx(&self, created: Date) -> Result<Vec<u8>, WriteError> {
        let mut rows = vec![self.headings().map(Cell::label).collect::<Vec<_>>()];
        for row in &self.rows {
            let cells = self.columns().iter().map(|(_, _, share, text)| {
                if *share <= 5 { Cell::centred(text(row)) } else { Cell::value(text(row)) }
            });
            rows.push(cells.collect());
        }
        let shares = self.columns().iter().map(|column| column.2).collect();
        let mut blocks = Vec::new();
        if !self.made().is_empty() {
            blocks.push(Block::Flush(self.made()));
        }
        blocks.push(Block::Table(Table { shares, heading_rows: 1, rows }));
        let letter =
            Letter { language: self.language, page: Page::Landscape, title: self.title().to_owned(), blocks };
        letter.to_docx(created)
    }

    /// The list as a workbook, for those who go on working with it.
    #[must_use]
    pub fn to_workbook(&self) -> Workbook {
        let cells = |row: &ProblemRow| {
            self.columns().iter().map(|column| sheet::Cell::text((column.3)(row))).collect::<Vec<_>>()
        };
        let mut rows: Vec<Vec<sheet::Cell>> = self.rows.iter().map(cells).collect();
        if !self.made().is_empty() {
            let note = self.language.pick("注：", "Note: ");
            rows.push(vec![sheet::Cell::Across(format!("{note}{}", self.made()))]);
        }
        let headings = self.headings().map(str::to_owned).collect();
        let name = match self.kind {
            ListKind::Problems => self.language.pick("问题清单", "Problems"),
            ListKind::Tasks => self.language.pick("整改任务清单", "Tasks"),
        };
        Workbook {
            sheets: vec![Sheet {
                name: name.to_owned(),
                title: self.title().to_owned(),
                headings,
                rows,
                ..Sheet::default()
            }],
            ..Workbook::default()
        }
    }
}
