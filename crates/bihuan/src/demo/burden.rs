//! Burden (减负): a survey of spring that was answered and closed, with a question left out because the books know it; one of these days
//! that towns still answer, one that waits for approval; a complaint that led to a form being merged, and one without a name that waits.

use super::{
    district,
    stage::{Piece, Stage, What, instant},
};
use anyhow::{Context, Result};
use bihuan_rules::{
    Act, Actor, Subject,
    burden::{
        Grievance, GrievanceOrder, Ill, Outcome, Question, QuestionKind, Survey, SurveyForm, SurveyOrder,
        catalogue, decide_grievance, decide_survey, former_questions,
    },
    id::{PostId, RecordId, UnitId},
    office::{Role, UnitKind},
    record::Kind,
};
use bihuan_store::{Work, checkpoint::machine, shelf};
use jiff::{ToSpan, civil::Date};
use std::collections::BTreeMap;

/// Most surveys that are looked through.
const SURVEYS_MAX: u32 = 200;
/// The department that asks.
const ASKS: &str = "post-housing-2";
/// Towns that were asked in spring, and the town of the role card.
const TOWNS: [&str; 6] = ["u-town-01", "u-town-03", "u-town-05", "u-town-07", "u-town-12", "u-town-13"];

/// Tells pieces on days before the end of the story, and numbers records by the year.
struct Teller<'t> {
    stage: &'t Stage,
    numbers: BTreeMap<(&'static str, i16), u32>,
    pieces: Vec<Piece>,
}

impl Teller<'_> {
    fn day(&self, days_ago: i32) -> Date {
        self.stage.calendar.roll(self.stage.as_of - days_ago.days())
    }

    fn next(&mut self, prefix: &'static str, on: Date) -> Result<RecordId> {
        let number = self.numbers.entry((prefix, on.year())).or_default();
        *number += 1;
        Ok(RecordId::new(format!("{prefix}-{}-{number:03}", on.year()))?)
    }

    fn add(&mut self, on: Date, (hour, minute): (i8, i8), post: &PostId, what: What) -> Result<()> {
        let by = self.stage.actor(post, on)?;
        self.add_as(on, (hour, minute), by, what)
    }

    fn add_as(&mut self, on: Date, (hour, minute): (i8, i8), by: Actor, what: What) -> Result<()> {
        let at = instant(on.at(hour, minute, 0, 0))?;
        if at < self.stage.cutoff {
            self.pieces.push(Piece { at, by, what: vec![what] });
        }
        Ok(())
    }

    /// Days before the end of the story, but at least so many working days after another day: holidays do not turn the order round.
    fn after(&self, earlier: Date, working_days: u32, days_ago: i32) -> Date {
        self.day(days_ago).max(self.stage.calendar.add_working_days(earlier, working_days).on)
    }

    fn draft(&self, form: Form<'_>) -> Result<SurveyOrder> {
        let due_on = self.stage.calendar.roll(form.due_on);
        let question = |(text, answer, reason): &(&str, QuestionKind, &str)| Question {
            text: (*text).to_owned(),
            answer: *answer,
            reason: (*reason).to_owned(),
            beside: None,
        };
        let units: Result<_, _> = form.towns.iter().map(|id| UnitId::new(*id)).collect();
        let asked = SurveyForm {
            title: form.title.to_owned(),
            reason: form.reason.to_owned(),
            ground: form.ground.to_owned(),
            organ: UnitId::new("u-nobody")?,
            units: units?,
            due_on,
            questions: form.questions.iter().map(question).collect(),
        };
        Ok(SurveyOrder::Draft { form: Box::new(asked), former: Vec::new(), strikes: true })
    }
}

/// A survey before it is drafted.
struct Form<'f> {
    title: &'f str,
    reason: &'f str,
    ground: &'f str,
    towns: &'f [&'f str],
    due_on: Date,
    questions: &'f [(&'f str, QuestionKind, &'f str)],
}

/// Whoever speaks for a town.
fn speaks(stage: &Stage, town: &str) -> Result<PostId> {
    let posts = stage.posts(&UnitId::new(town)?, Role::Responsible);
    posts.first().cloned().with_context(|| format!("{town} has nobody who answers"))
}

/// The pieces of surveys and complaints.
///
/// # Errors
/// When the script does not fit together.
pub fn tell(stage: &Stage) -> Result<Vec<Piece>> {
    let mut teller = Teller { stage, numbers: BTreeMap::new(), pieces: Vec::new() };
    spring(&mut teller)?;
    merged(&mut teller)?;
    open(&mut teller)?;
    waiting(&mut teller)?;
    unnamed(&mut teller)?;
    Ok(teller.pieces)
}

/// Answered by all, used and closed; one question was spared.
fn spring(teller: &mut Teller<'_>) -> Result<()> {
    let (clerk, committee) = (PostId::new(district::REGISTRAR)?, PostId::new(district::COMMITTEE)?);
    let on = teller.day(85);
    let id = teller.next("TB", on)?;
    let draft = teller.draft(Form {
        title: "春季秸秆禁烧准备情况",
        reason: "测算禁烧期巡查分组和设备缺口。",
        ground: "区环委会办公室关于做好2021年春季秸秆禁烧工作的通知",
        towns: &TOWNS,
        due_on: on + 8.days(),
        questions: &[
            ("禁烧劝导队人数", QuestionKind::Number, ""),
            ("秸秆打捆机台数", QuestionKind::Number, ""),
            ("目前逾期任务有多少个", QuestionKind::Number, ""),
            ("缺哪些设备", QuestionKind::Text, ""),
        ],
    })?;
    teller.add(on, (9, 20), &clerk, What::Survey(id.clone(), draft))?;
    let sent = teller.after(on, 1, 84);
    teller.add(sent, (10, 5), &committee, What::Survey(id.clone(), SurveyOrder::Approve))?;
    let answers = [
        ("12", "3", "无"),
        ("9", "2", "扩音器2个"),
        ("15", "4", "无"),
        ("8", "1", "打捆机1台"),
        ("11", "2", "强光手电10支"),
        ("7", "2", "无"),
    ];
    for (n, (town, (people, machines, lacks))) in (0_i8..).zip(TOWNS.iter().zip(answers)) {
        let values = [people, machines, lacks].map(str::to_owned).to_vec();
        let order = SurveyOrder::Answer(values);
        let post = speaks(teller.stage, town)?;
        teller.add(
            teller.after(sent, 1, 82 - i32::from(n) / 2),
            (14, 10 + n),
            &post,
            What::Survey(id.clone(), order),
        )?;
    }
    let used = "已据此调整巡查分组，补配打捆机1台、强光手电10支。".to_owned();
    teller.add(teller.after(sent, 5, 70), (16, 0), &clerk, What::Survey(id, SurveyOrder::Close(used)))
}

/// A complaint with a name: two forms become one.
fn merged(teller: &mut Teller<'_>) -> Result<()> {
    let on = teller.day(58);
    let id = teller.next("JF", on)?;
    let say = GrievanceOrder::Say {
        page: "/tasks".to_owned(),
        ill: Ill::AskedTwice,
        text: "整改进展每周报一次周报，月底又要报月报，内容一样，只是抬头不同。".to_owned(),
        unnamed: None,
    };
    let post = speaks(teller.stage, "u-town-05")?;
    teller.add(on, (17, 42), &post, What::Grievance(id.clone(), say))?;
    let answer = GrievanceOrder::Answer {
        text: "属实。周报并入月度调度，自下月起只按节点报一次进展，月报由账本自动汇总，不再填报。".to_owned(),
        outcome: Outcome::Merged,
    };
    let clerk = PostId::new(district::REGISTRAR)?;
    teller.add(teller.after(on, 2, 53), (11, 15), &clerk, What::Grievance(id, answer))
}

/// Some towns have answered, others still owe it.
fn open(teller: &mut Teller<'_>) -> Result<()> {
    let (clerk, mayor) = (PostId::new(district::REGISTRAR)?, PostId::new(district::MAYOR)?);
    let on = teller.day(7);
    let id = teller.next("TB", on)?;
    let towns = ["u-town-05", "u-town-07", "u-town-12"];
    let draft = teller.draft(Form {
        title: "夏季散养户粪污暂存情况",
        reason: "汛期前排查粪污下河风险，确定巡查重点。",
        ground: "区环委会第2次全体会议议定事项",
        towns: &towns,
        due_on: teller.stage.as_of + 5.days(),
        questions: &[
            ("散养户数", QuestionKind::Number, ""),
            ("没有暂存池的户数", QuestionKind::Number, ""),
            ("沿河50米内有散养户", QuestionKind::YesNo, ""),
            ("任务责任人姓名", QuestionKind::Text, ""),
        ],
    })?;
    teller.add(on, (15, 30), &clerk, What::Survey(id.clone(), draft))?;
    let sent = teller.after(on, 1, 6);
    teller.add(sent, (9, 40), &mayor, What::Survey(id.clone(), SurveyOrder::Approve))?;
    let values = ["64", "7", "yes"].map(str::to_owned).to_vec();
    let post = speaks(teller.stage, "u-town-05")?;
    teller.add(teller.after(sent, 1, 3), (10, 25), &post, What::Survey(id, SurveyOrder::Answer(values)))
}

/// Waits for approval, with a question that is like one asked before.
fn waiting(teller: &mut Teller<'_>) -> Result<()> {
    let on = teller.day(2);
    let id = teller.next("TB", on)?;
    // One town more than in spring: what the others answered does not answer for it.
    let mut towns = TOWNS.to_vec();
    towns.push("u-town-02");
    let draft = teller.draft(Form {
        title: "场镇雨污管网缺口摸底",
        reason: "编制下半年管网项目计划。",
        ground: "区住建局2021年重点工作安排",
        towns: &towns,
        due_on: teller.stage.as_of + 14.days(),
        questions: &[
            ("雨污分流管网缺口公里数", QuestionKind::Number, ""),
            ("秸秆打捆机的台数", QuestionKind::Number, "澜西街道春季未统计，其余镇有新购"),
        ],
    })?;
    teller.add(on, (16, 20), &PostId::new(ASKS)?, What::Survey(id, draft))
}

/// A complaint without a name waits for the visitor.
fn unnamed(teller: &mut Teller<'_>) -> Result<()> {
    let on = teller.day(4);
    let id = teller.next("JF", on)?;
    let say = GrievanceOrder::Say {
        page: "/rivers".to_owned(),
        ill: Ill::Traces,
        text: "巡河时没有发现问题也要求传照片，建议只在发现问题时附照片。".to_owned(),
        unnamed: Some(UnitKind::Town),
    };
    teller.add_as(on, (12, 50), machine(), What::Grievance(id, say))
}

/// Carries an order about a survey out, with what was asked before as the books hold it then.
///
/// # Errors
/// When a rule refuses it, or the books cannot be read.
pub fn survey(work: &mut Work<'_>, id: RecordId, order: SurveyOrder) -> Result<(Subject, Act)> {
    let known = work.filed::<Survey>(&id)?.map(|seen| seen.record);
    let order = match order {
        SurveyOrder::Draft { form, strikes, .. } => {
            let today = bihuan_rules::day_of(work.at);
            let found = shelf::list::<Survey>(work.connection(), SURVEYS_MAX)?;
            let others: Vec<Survey> =
                found.into_iter().filter(|(known, _)| *known != id).map(|(_, seen)| seen.record).collect();
            let former = former_questions(&others, catalogue().recent_days, today);
            SurveyOrder::Draft { form, former, strikes }
        }
        order => order,
    };
    let act = decide_survey(&work.situation(""), known.as_ref(), order)?;
    Ok((Subject::Record(Kind::Survey, id), Act::from(act)))
}

/// Carries an order about a complaint out.
///
/// # Errors
/// When a rule refuses it, or the books cannot be read.
pub fn grievance(work: &mut Work<'_>, id: RecordId, order: GrievanceOrder) -> Result<(Subject, Act)> {
    let known = work.filed::<Grievance>(&id)?.map(|seen| seen.record);
    let act = decide_grievance(&work.situation(""), known.as_ref(), order)?;
    Ok((Subject::Record(Kind::Grievance, id), Act::from(act)))
}
