//! What a workbook of rivers asks for (名录核对): each row against the office and the rules, in the order in which the acts would be kept.

use super::forms::spots;
use crate::{locale::Locale, words};
use bihuan_papers::river_book::{BookRow, RiverBook};
use bihuan_rules::{
    Refusal, Situation,
    deadline::read_date,
    id::{PostId, RecordId, UnitId},
    record::Record,
    river::{
        Chief, ChiefKind, ChiefLevel, Outline, PatrolRule, Reach, River, RiverAct, RiverOrder, WaterKind,
        decide,
    },
    task::{Datum, Stamp},
};
use jiff::civil::Date;

/// A table of the workbook.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Table {
    Rivers,
    Reaches,
    Chiefs,
}

impl Table {
    /// The name of its field.
    pub fn name(self) -> &'static str {
        match self {
            Table::Rivers => "book_rivers",
            Table::Reaches => "book_reaches",
            Table::Chiefs => "book_chiefs",
        }
    }
}

/// What is wrong with a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wrong {
    /// A cell cannot be read or names nothing that is known: the column and what stands there.
    Cell(&'static str, String),
    /// The rules refuse it.
    Refused(Box<Refusal>),
}

impl Wrong {
    /// In words.
    pub fn words(&self, locale: Locale) -> String {
        match self {
            Wrong::Refused(refusal) => words::refusal(locale, refusal),
            Wrong::Cell(column, typed) if typed.is_empty() => {
                locale.text("river-import-empty").with("column", (*column).to_owned()).to_string()
            }
            Wrong::Cell(column, typed) => {
                let text = locale.text("river-import-unknown").with("column", (*column).to_owned());
                text.with("typed", typed.clone()).to_string()
            }
        }
    }
}

/// A row that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flaw {
    /// Its table.
    pub table: Table,
    /// Its row.
    pub row: u32,
    /// What is wrong.
    pub wrong: Wrong,
}

impl Flaw {
    /// The refusal behind it, if the rules refused.
    pub fn refusal(self) -> Option<Refusal> {
        match self.wrong {
            Wrong::Refused(refusal) => Some(*refusal),
            Wrong::Cell(..) => None,
        }
    }
}

/// What would be kept of a river.
#[derive(Debug, Clone)]
pub struct Kept {
    /// Its code; none for a river that is not on the list yet.
    pub id: Option<RecordId>,
    /// The acts, in order.
    pub acts: Vec<RiverAct>,
    river: River,
}

type Judged<T> = Result<T, Wrong>;

struct Planning<'s> {
    situation: &'s Situation<'s>,
    kept: Vec<Kept>,
}

/// What the workbook asks for: the acts for each river. What is known already – a river, reach or chief of the same name and seat – asks
/// for nothing.
///
/// # Errors
/// Every row that cannot be used.
pub fn plan(situation: &Situation<'_>, known: &[River], book: &RiverBook) -> Result<Vec<Kept>, Vec<Flaw>> {
    let kept = |river: &River| Kept { id: Some(river.id.clone()), acts: Vec::new(), river: river.clone() };
    let mut planning = Planning { situation, kept: known.iter().map(kept).collect() };
    let mut flaws = Vec::new();
    let tables =
        [(Table::Rivers, &book.rivers), (Table::Reaches, &book.reaches), (Table::Chiefs, &book.chiefs)];
    for (table, rows) in tables {
        for row in rows.iter().filter(|row| row.cells.iter().any(|cell| !cell.trim().is_empty())) {
            let done = match table {
                Table::Rivers => planning.river(row),
                Table::Reaches => planning.reach(row),
                Table::Chiefs => planning.chief(row),
            };
            flaws.extend(done.err().map(|wrong| Flaw { table, row: row.number, wrong }));
        }
    }
    if flaws.is_empty() { Ok(planning.kept) } else { Err(flaws) }
}

/// A cell as it was typed.
fn cell(row: &BookRow, column: usize) -> &str {
    row.cells.get(column).map_or("", |text| text.trim())
}

fn needed<'r>(row: &'r BookRow, column: usize, name: &'static str) -> Judged<&'r str> {
    match cell(row, column) {
        "" => Err(Wrong::Cell(name, String::new())),
        text => Ok(text),
    }
}

/// One of a closed set by its words in Chinese, or by its name.
fn one_of<T: Copy>(
    typed: &str,
    name: &'static str,
    prefix: &str,
    all: &[T],
    word: fn(T) -> &'static str,
) -> Judged<T> {
    let fits = |each: &&T| {
        let code = word(**each);
        let said = Locale::ZhCn.say(&format!("{prefix}-{code}"));
        typed.eq_ignore_ascii_case(code) || said.split('（').next() == Some(typed)
    };
    all.iter().find(fits).copied().ok_or_else(|| Wrong::Cell(name, typed.to_owned()))
}

fn metres(typed: &str, name: &'static str) -> Judged<u32> {
    let plain: String = typed.chars().filter(|sign| !matches!(sign, ',' | '，' | ' ' | '米')).collect();
    match plain.as_str() {
        "" => Ok(0),
        number => number.parse().map_err(|_| Wrong::Cell(name, typed.to_owned())),
    }
}

fn day(typed: &str, name: &'static str, today: Date) -> Judged<Date> {
    read_date(typed, Some(today)).ok_or_else(|| Wrong::Cell(name, typed.to_owned()))
}

impl Planning<'_> {
    fn unit(&self, typed: &str, name: &'static str) -> Judged<UnitId> {
        let unit = self.situation.office.unit_named(typed);
        unit.map(|unit| unit.id.clone()).ok_or_else(|| Wrong::Cell(name, typed.to_owned()))
    }

    fn place(&self, typed: &str) -> Option<usize> {
        self.kept.iter().position(|kept| kept.river.outline.name == typed)
    }

    fn of_river(&self, row: &BookRow) -> Judged<usize> {
        let typed = needed(row, 0, "所属河湖")?;
        self.place(typed).ok_or_else(|| Wrong::Cell("所属河湖", typed.to_owned()))
    }

    /// Judges an order about the river at a place, and keeps what it gives.
    fn keep(&mut self, at: usize, order: RiverOrder) -> Judged<()> {
        let kept = self.kept.get_mut(at).ok_or_else(|| Wrong::Cell("所属河湖", String::new()))?;
        let act = decide(self.situation, Some(&kept.river), order);
        let act = act.map_err(|refusal| Wrong::Refused(Box::new(refusal)))?;
        let stamp = Stamp::new(self.situation.by, self.situation.at);
        let id = kept.river.id.clone();
        if let Some(after) = River::step(Some(kept.river.clone()), &id, &stamp, &act) {
            kept.river = after;
        }
        kept.acts.push(act);
        Ok(())
    }

    fn river(&mut self, row: &BookRow) -> Judged<()> {
        let name = needed(row, 0, "河湖名称")?;
        if self.place(name).is_some() {
            return Ok(());
        }
        let kind = match cell(row, 1) {
            "" => WaterKind::River,
            typed => one_of(typed, "类型", "river-water", WaterKind::ALL, WaterKind::name)?,
        };
        let outline = Outline {
            name: name.to_owned(),
            kind,
            office: self.unit(needed(row, 2, "管理单位")?, "管理单位")?,
            length_m: metres(cell(row, 3), "全长（米）")?,
            course: cell(row, 4).to_owned(),
            rule: PatrolRule::named("").name.clone(),
            duties: Vec::new(),
        };
        let act = decide(self.situation, None, RiverOrder::List(outline));
        let act = act.map_err(|refusal| Wrong::Refused(Box::new(refusal)))?;
        let stamp = Stamp::new(self.situation.by, self.situation.at);
        // The code is given when it is kept; nothing looks at this one.
        let code = RecordId::new("R-000").map_err(|_| Wrong::Cell("河湖名称", name.to_owned()))?;
        let river =
            River::step(None, &code, &stamp, &act).ok_or_else(|| Wrong::Cell("河湖名称", name.to_owned()))?;
        self.kept.push(Kept { id: None, acts: vec![act], river });
        Ok(())
    }

    fn reach(&mut self, row: &BookRow) -> Judged<()> {
        let at = self.of_river(row)?;
        let name = needed(row, 1, "河段名称")?;
        if self.reach_named(at, name).is_some() {
            return Ok(());
        }
        let unit = self.unit(needed(row, 4, "责任单位")?, "责任单位")?;
        let mut towns = vec![unit.clone()];
        for typed in cell(row, 5).split(['、', '，', ',', '；', ';']).filter(|typed| !typed.trim().is_empty())
        {
            let town = self.unit(typed.trim(), "流经镇街")?;
            if !towns.contains(&town) {
                towns.push(town);
            }
        }
        let datum = match cell(row, 6) {
            "" => Datum::Cgcs2000,
            typed => one_of(typed, "坐标系", "datum", &Datum::ALL, Datum::name)?,
        };
        let typed = needed(row, 7, "坐标")?;
        let lines = typed.replace(['；', ';'], "\n");
        let line = spots(&lines).ok_or_else(|| Wrong::Cell("坐标", typed.chars().take(40).collect()))?;
        let order = needed(row, 2, "顺序")?;
        let reach = Reach {
            name: name.to_owned(),
            section: cell(row, 8).to_owned(),
            order: order.parse().map_err(|_| Wrong::Cell("顺序", order.to_owned()))?,
            length_m: metres(cell(row, 3), "长度（米）")?,
            unit,
            towns,
            datum,
            line,
            goals: cell(row, 9).to_owned(),
            phone: cell(row, 10).to_owned(),
        };
        self.keep(at, RiverOrder::SetReach(None, Box::new(reach)))
    }

    fn reach_named(&self, at: usize, name: &str) -> Option<u32> {
        let river = &self.kept.get(at)?.river;
        let found = (1..).zip(&river.reaches).find(|(_, reach)| reach.name == name);
        found.map(|(n, _)| n)
    }

    fn chief(&mut self, row: &BookRow) -> Judged<()> {
        let at = self.of_river(row)?;
        let reach = match cell(row, 1) {
            "" => None,
            typed => {
                let n = self.reach_named(at, typed);
                Some(n.ok_or_else(|| Wrong::Cell("所管河段", typed.to_owned()))?)
            }
        };
        let kind = needed(row, 2, "河长类别")?;
        let kind = one_of(kind, "河长类别", "river-kind", ChiefKind::ALL, ChiefKind::name)?;
        let level = needed(row, 3, "级别")?;
        let level = one_of(level, "级别", "river-level", ChiefLevel::ALL, ChiefLevel::name)?;
        let today = self.situation.today();
        let chief = Chief {
            reach,
            kind,
            level,
            stretch: cell(row, 7).to_owned(),
            post: if kind == ChiefKind::Civil { None } else { Some(self.post(row)?) },
            name: cell(row, 6).to_owned(),
            assistants: Vec::new(),
            from: day(needed(row, 8, "任职起")?, "任职起", today)?,
            until: match cell(row, 9) {
                "" => None,
                typed => Some(day(typed, "任职止", today)?),
            },
        };
        let known = self.kept.get(at).is_some_and(|kept| kept.river.chiefs.contains(&chief));
        if known { Ok(()) } else { self.keep(at, RiverOrder::Appoint(chief)) }
    }

    /// The post of a unit by its title; the only one of that title, or nothing is guessed.
    fn post(&self, row: &BookRow) -> Judged<PostId> {
        let unit = self.unit(needed(row, 4, "单位")?, "单位")?;
        let title = needed(row, 5, "职务")?;
        let mut posts =
            self.situation.office.posts.values().filter(|post| post.unit == unit && post.title == title);
        match (posts.next(), posts.next()) {
            (Some(post), None) => Ok(post.id.clone()),
            _ => Err(Wrong::Cell("职务", title.to_owned())),
        }
    }
}
