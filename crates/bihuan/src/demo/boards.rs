//! The boards of the year (月度排名): every month published, objected to within the term where a town disagrees, decided by others,
//! corrected and made final; the last month is still open.

use super::{
    district,
    stage::{Piece, What, instant},
    year::Year,
};
use anyhow::{Context, Result, anyhow};
use bihuan_rules::{
    Act, Subject,
    id::{PostId, RecordId, UnitId},
    office::Role,
    ranking::{self, FigureSet, ObjectedLine, Period, Ranking, RankingOrder, Row, Says, Scheme},
    record::Kind,
};
use bihuan_store::Work;
use bihuan_web::{failure::Failure, rank};
use jiff::{
    ToSpan,
    civil::{Date, DateTime},
};
use std::collections::BTreeMap;

/// Months back that boards go.
const MONTHS: usize = 11;
/// Working days after its month on which a board is published.
const PUBLISHED_AFTER: u32 = 3;
/// Working days after its month on which the water scores are given.
const FIGURES_AFTER: u32 = 2;

/// How many months back, what an objection says, whether it is right, and why.
const OBJECTIONS: [(usize, &str, bool, &str); 3] = [
    (
        7,
        "该件 28 日已完成并提交，系统外送达的验收单迟登两日，不应计为逾期。",
        true,
        "经查验收单签收日期，情况属实，该项不计。",
    ),
    (
        5,
        "施工期连续降雨，已口头报告延期。",
        false,
        "办法规定延期须在到期前书面提出并获准，口头报告不能作为依据。",
    ),
    (3, "管网由区级平台公司负责，不应计入本镇。", false, "责任清单和交办单均列本镇为牵头单位，维持原结果。"),
];

/// A step of a board.
#[derive(Debug, Clone)]
pub enum Step {
    /// The water scores of the month are given.
    Figures(BTreeMap<UnitId, i64>),
    /// Publish it.
    Publish,
    /// A unit objects to the first line that is about a task.
    Object(UnitId, &'static str),
    /// The only open objection is decided.
    Decide(bool, &'static str),
    /// What was upheld is corrected.
    Revise,
    /// Make it final.
    Confirm,
}

fn scheme() -> Result<&'static Scheme> {
    ranking::schemes().first().context("a scheme ships with the program")
}

fn code(period: Period) -> Result<RecordId> {
    rank::code(period, scheme()?).map_err(|_| anyhow!("the period has no code"))
}

/// The pieces of the boards.
pub fn tell(year: &Year<'_>) -> Result<Vec<Piece>> {
    let stage = year.stage;
    let calendar = &stage.calendar;
    let running = Period::holding(scheme()?.period, stage.as_of);
    let mut periods = Vec::new();
    let mut period = running;
    for _ in 0..MONTHS {
        period = period.before();
        periods.push(period);
    }
    let mut pieces = Vec::new();
    let mut add = |at: DateTime, post: &PostId, period: Period, step: Step| -> Result<()> {
        let at = instant(at)?;
        if at < stage.cutoff {
            let by = stage.actor(post, bihuan_rules::day_of(at))?;
            pieces.push(Piece { at, by, what: vec![What::Board(period, step)] });
        }
        Ok(())
    };
    let (registrar, committee) = (PostId::new(district::REGISTRAR)?, PostId::new(district::COMMITTEE)?);
    for (back, period) in (1..).zip(periods) {
        let given = calendar.add_working_days(period.until(), FIGURES_AFTER).on;
        add(given.at(9, 50, 0, 0), &registrar, period, Step::Figures(water(year, period)))?;
        let on = calendar.add_working_days(period.until(), PUBLISHED_AFTER).on;
        add(on.at(10, 20, 0, 0), &registrar, period, Step::Publish)?;
        let day = |days: u32| -> Date { calendar.add_working_days(on, days).on };
        if let Some((_, words, upheld, reason)) = OBJECTIONS.into_iter().find(|known| known.0 == back) {
            for (minute, town) in (0_i8..).zip(&year.district.town) {
                let unit = UnitId::new(town.id.clone())?;
                let speaks = stage.posts(&unit, Role::Responsible).first().context("somebody speaks")?;
                add(day(1).at(15, 30 + minute, 0, 0), speaks, period, Step::Object(unit, words))?;
            }
            add(day(3).at(9, 40, 0, 0), &committee, period, Step::Decide(upheld, reason))?;
            if upheld {
                add(day(3).at(16, 10, 0, 0), &registrar, period, Step::Revise)?;
            }
        }
        add((day(3) + 1.day()).at(11, 0, 0, 0), &committee, period, Step::Confirm)?;
    }
    Ok(pieces)
}

/// Water scores of the towns in thousandths: worse in the dry months.
fn water(year: &Year<'_>, period: Period) -> BTreeMap<UnitId, i64> {
    let months = i64::from(period.from().year()) * 12 + i64::from(period.from().month());
    let dry = if matches!(period.from().month(), 12 | 1 | 2 | 3) { 4_000 } else { 0 };
    let score =
        |n: i64| 78_000 + (n * 37 + months * 11) % 17 * 1_000 + (n * 13 + months * 7) % 10 * 100 - dry;
    let towns = (0..).zip(&year.district.town);
    towns.filter_map(|(n, town)| Some((UnitId::new(town.id.clone()).ok()?, score(n)))).collect()
}

/// The place of the first line that is about a task.
fn line(row: &Row) -> Option<u32> {
    let about = row
        .statement
        .iter()
        .position(|line| matches!(line.says, Says::Missed { .. } | Says::Event { .. }))?;
    u32::try_from(about + 1).ok()
}

/// Does a step, inside a piece of work.
pub fn record(work: &mut Work<'_>, period: Period, step: Step) -> Result<()> {
    let failed = |failure: Failure| anyhow!("{failure:?}");
    let id = code(period)?;
    let known = work.filed::<Ranking>(&id)?.map(|seen| seen.record);
    let order = match step {
        Step::Figures(values) => {
            let source = format!("安澜区水环境质量月报（{period}）");
            let set = FigureSet { period, figure: "water".to_owned(), source, values };
            let subject = Subject::Record(Kind::Figures, RecordId::new(format!("SJ-{period}-water"))?);
            let act = ranking::enter(&work.situation(""), &work.reference().schemes, set)?;
            work.record(subject, Act::from(act))?;
            return Ok(());
        }
        Step::Publish => return rank::publish_in(work, scheme()?, period).map(drop).map_err(failed),
        Step::Revise => {
            let reason = "第 1 号复核申请采纳，该项不计。".to_owned();
            // An objection to a line that is about no task changes nothing that could be counted again.
            if known.as_ref().is_some_and(|known| known.unrevised().next().is_none()) {
                return Ok(());
            }
            return rank::revise_in(work, &id, reason).map(drop).map_err(failed);
        }
        Step::Object(unit, words) => {
            let row = known.as_ref().and_then(|known| known.newest()?.snapshot.board.row(&unit));
            let line = row.and_then(line);
            // One town objects: the first that has a line to object to.
            if line.is_none() || known.as_ref().is_some_and(|known| !known.objections.is_empty()) {
                return Ok(());
            }
            RankingOrder::Object(ObjectedLine { unit, line }, words.to_owned())
        }
        Step::Decide(upheld, reason) => RankingOrder::Decide(1, upheld, reason.to_owned()),
        Step::Confirm => RankingOrder::Confirm,
    };
    let act = ranking::decide(&work.situation(""), known.as_ref(), order)?;
    work.record(Subject::Record(Kind::Ranking, id), Act::from(act))?;
    Ok(())
}
