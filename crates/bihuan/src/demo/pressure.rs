//! Measures of the last weeks (督办措施): a yellow card answered and lifted, one objected to, a red card whose answer did not hold, a listing,
//! a reminder that was not taken, an interview asked for, approved and held, a listing that the office asks for; what else the ladder proposes waits for the visitor.
//!
//! What the ladder proposes on the first day is read from the books as they stand then.

use super::{
    district,
    stage::{Piece, Stage, What, instant},
    year::Year,
};
use anyhow::{Context, Result};
use bihuan_rules::{
    id::{PostId, RecordId, TaskId},
    ladder::{self, CaseOrder, Ground, Meeting, Opening, Proposal, Rung},
    office::Role,
    task::Task,
};
use bihuan_store::{Books, task};
use jiff::{Timestamp, civil::Date};

/// Working days before the end of the story on which the first measures were decided.
const DAYS_AGO: u32 = 16;

/// The day of the first measures.
fn first_day(stage: &Stage) -> Date {
    let mut day = stage.as_of;
    for _ in 0..DAYS_AGO {
        day = day.yesterday().unwrap_or(day);
        while !stage.calendar.is_working_day(day) {
            day = day.yesterday().unwrap_or(day);
        }
    }
    day
}

/// When the first measure is decided; the books are told up to here before.
///
/// # Errors
/// When the instant is out of range.
pub fn begun(stage: &Stage) -> Result<Timestamp> {
    instant(first_day(stage).at(15, 0, 0, 0))
}

/// What the ladder proposed on a day, with the tasks.
fn proposed(year: &Year<'_>, books: &Books, on: Date) -> Result<Vec<(Proposal, Task)>> {
    let ladder = ladder::ladders().first().context("a ladder ships with the program")?;
    let mut found = Vec::new();
    for plot in &year.plots {
        let id = TaskId::new(format!("{}-1", plot.problem))?;
        let seen = books.read(|connection| task::load_on(connection, &id, on));
        let Some(task) = seen.map_err(|error: bihuan_store::Error| anyhow::anyhow!(error))? else { continue };
        found.extend(ladder::propose(ladder, &task, &[], on).map(|proposal| (proposal, task)));
    }
    Ok(found)
}

/// Tells one measure, step by step.
struct Teller<'t> {
    year: &'t Year<'t>,
    id: RecordId,
    from: Date,
    pieces: Vec<Piece>,
}

impl Teller<'_> {
    fn add(&mut self, days: u32, hour: i8, post: &PostId, order: CaseOrder) -> Result<()> {
        let stage = self.year.stage;
        let on = stage.calendar.add_working_days(self.from, days).on;
        let at = instant(on.at(hour, 10, 0, 0))?;
        if at < stage.cutoff {
            let by = stage.actor(post, on)?;
            self.pieces.push(Piece { at, by, what: vec![What::Measure(self.id.clone(), order)] });
        }
        Ok(())
    }
}

/// What is cited where the books propose nothing.
fn cited() -> Vec<Ground> {
    let facts = "区长5月批示要求限期完成，至今未报送进展。".to_owned();
    vec![Ground::Cited { text: CITED.to_owned(), facts }]
}

impl Teller<'_> {
    /// An interview up to its meeting: the answer is still due.
    fn interviews(
        &mut self,
        opening: Box<Opening>,
        clerk: &PostId,
        mayor: &PostId,
        speaks: &PostId,
    ) -> Result<()> {
        let demand = opening.demand.clone();
        self.add(0, 15, clerk, CaseOrder::Request(opening))?;
        self.add(1, 9, mayor, CaseOrder::Approve(demand))?;
        self.add(2, 9, speaks, CaseOrder::Receive)?;
        let report = "滞后原因为管线迁改和征地，已倒排工期，请求区级协调两家权属单位。".to_owned();
        self.add(4, 16, speaks, CaseOrder::Report(report))?;
        let on = self.year.stage.calendar.add_working_days(self.from, 6).on;
        let meeting = Meeting {
            on,
            present: "副区长、区生态环境局局长、镇党委书记和镇长".to_owned(),
            minutes: "通报逾期事实；要求一周内打通管线迁改，三十日内完成并书面报告。".to_owned(),
            pledge: "镇长表态：接受约谈，逐日调度，按期完成。".to_owned(),
        };
        self.add(6, 17, clerk, CaseOrder::Meet(Box::new(meeting)))
    }
}

/// What happens to a measure after it was decided.
#[derive(Clone, Copy)]
enum Fate {
    Lifted,
    Objected,
    NotSo,
    Received,
    Declined,
    Interviewed,
    Requested,
}

/// What is cited for the interview, in the words of the ladder.
const CITED: &str = "上级领导指示批示未落实";
/// Working days after the first on which the office asks for a listing.
const REQUESTED_AFTER: u32 = 14;

/// The pieces of the measures.
///
/// # Errors
/// When the books cannot be read, or the script does not fit together.
pub fn tell(year: &Year<'_>, books: &Books) -> Result<Vec<Piece>> {
    let stage = year.stage;
    let from = first_day(stage);
    let mut proposals = proposed(year, books, from)?;
    let wanted = [
        (Rung::Yellow, Fate::Lifted),
        (Rung::Red, Fate::NotSo),
        (Rung::Listed, Fate::Received),
        (Rung::Red, Fate::Objected),
        (Rung::Reminder, Fate::Declined),
        (Rung::Listed, Fate::Lifted),
        (Rung::Red, Fate::Interviewed),
        (Rung::Listed, Fate::Requested),
    ];
    let (clerk, mayor, committee) =
        (PostId::new(district::REGISTRAR)?, PostId::new(district::MAYOR)?, PostId::new(district::COMMITTEE)?);
    let mut pieces = Vec::new();
    let mut n = 0;
    for (rung, fate) in wanted {
        let of_rung = |(proposal, task): &(Proposal, Task)| {
            let speaks = !stage.posts(&proposal.unit, Role::Responsible).is_empty();
            let acceptance = task.parties.as_ref().map(|parties| &parties.acceptance);
            let looks = acceptance.is_some_and(|unit| !stage.posts(unit, Role::Verifier).is_empty());
            proposal.rung == rung && speaks && looks
        };
        let Some(place) = proposals.iter().position(of_rung) else { continue };
        let (proposal, task) = proposals.remove(place);
        n += 1;
        let id = RecordId::new(format!("DB-{}-{n:03}", from.year()))?;
        let speaks = stage.posts(&proposal.unit, Role::Responsible).first().context("somebody speaks")?;
        let parties = task.parties.as_ref().context("an assigned task")?;
        let looks = stage.posts(&parties.acceptance, Role::Verifier).first().context("somebody looks")?;
        let is_cited = matches!(fate, Fate::Interviewed);
        let opening = Box::new(Opening {
            ladder: "generic".to_owned(),
            step: if is_cited { "interview".to_owned() } else { proposal.step },
            rung: if is_cited { Rung::Interview } else { rung },
            task: task.id.clone(),
            round: task.counts.reopened,
            unit: proposal.unit,
            grounds: if is_cited { cited() } else { proposal.grounds },
            demand: format!(
                "“{}”未按进度完成，请说明原因，逐项列出补救措施和完成时间，按期回复。",
                task.title
            ),
            organ: String::new(),
        });
        let decides = if rung.is_leaders() { &mayor } else { &clerk };
        let mut teller = Teller { year, id, from, pieces: Vec::new() };
        if matches!(fate, Fate::Declined) {
            let reason = "已电话提醒，单位当日报送了进度，不再发函。".to_owned();
            teller.add(0, 15, decides, CaseOrder::Decline(opening, reason))?;
            pieces.extend(teller.pieces);
            continue;
        }
        if matches!(fate, Fate::Requested) {
            teller.add(REQUESTED_AFTER, 15, &clerk, CaseOrder::Request(opening))?;
            pieces.extend(teller.pieces);
            continue;
        }
        if is_cited {
            teller.interviews(opening, &clerk, &mayor, speaks)?;
            pieces.extend(teller.pieces);
            continue;
        }
        teller.add(0, 15, decides, CaseOrder::Open(opening))?;
        teller.add(1, 9, speaks, CaseOrder::Receive)?;
        let answer = "已增派施工队伍，滞后工序本周补齐，附现场照片和调整后的进度表。";
        match fate {
            Fate::Received | Fate::Declined | Fate::Interviewed | Fate::Requested => {}
            Fate::Objected => {
                let words = "该任务因汛期停工，停工函已报备，逾期天数计算有误。";
                teller.add(2, 10, speaks, CaseOrder::Object(words.to_owned()))?;
                let reason = "停工函未办理延期审批，逾期事实成立，维持原措施。";
                teller.add(5, 11, &committee, CaseOrder::DecideObjection(false, reason.to_owned()))?;
                teller.add(7, 16, speaks, CaseOrder::Answer(answer.to_owned()))?;
            }
            Fate::NotSo => {
                teller.add(4, 16, speaks, CaseOrder::Answer(answer.to_owned()))?;
                let seen = "现场施工队伍未增加，调整后的进度表没有盖章，退回重新回复。";
                teller.add(7, 10, looks, CaseOrder::Verify(false, seen.to_owned()))?;
            }
            Fate::Lifted => {
                if rung == Rung::Listed {
                    teller.add(
                        3,
                        9,
                        &clerk,
                        CaseOrder::Publish("区政府门户网站“督察整改”专栏".to_owned()),
                    )?;
                }
                teller.add(4, 16, speaks, CaseOrder::Answer(answer.to_owned()))?;
                teller.add(7, 10, looks, CaseOrder::Verify(true, "现场查看，滞后工序已补齐。".to_owned()))?;
                teller.add(9, 15, &committee, CaseOrder::Lift("核实属实，予以解除。".to_owned()))?;
            }
        }
        pieces.extend(teller.pieces);
    }
    pieces.sort_by_key(|piece| piece.at);
    Ok(pieces)
}
