//! Letters about one task: assignment, reminder, supervision letter, interview notice, notice of sign-off, site-check record. What they say
//! is what the task's records say; the figures are counts of the lead unit's lists.

use super::{day, take};
use crate::{app::Outlook, failure::Failure, meeting::numeral, words};
use bihuan_rules::{
    id::UnitId,
    official_document::{DocumentKind, Draft},
    ruleset::Conclusion,
    task::Task,
};
use bihuan_store::Connection;
use jiff::{ToSpan, civil::Date};

/// Working days within which an assignment is answered.
const ASSIGNMENT_DAYS: i64 = 10;
/// Working days within which a supervision letter is answered.
const SUPERVISION_DAYS: i64 = 5;
/// Days within which the report after an interview is due.
const INTERVIEW_DAYS: i64 = 30;
/// Calendar days from the notice of an interview to the interview.
const NOTICE_DAYS: i64 = 5;

pub(super) fn write(
    app: &Outlook,
    connection: &mut Connection,
    draft: &mut Draft,
    task: &Task,
) -> Result<(), Failure> {
    let letter = Letter { app, task, lead: lead(task) };
    letter.address(draft);
    match draft.kind {
        DocumentKind::Assignment => letter.assignment(connection, draft),
        DocumentKind::Reminder => letter.reminder(connection, draft),
        DocumentKind::SupervisionLetter => letter.supervision(connection, draft),
        DocumentKind::InterviewNotice => letter.interview(connection, draft),
        DocumentKind::SignOffNotice => letter.sign_off(connection, draft),
        DocumentKind::SiteCheck => letter.site_check(draft),
        _ => Ok(()),
    }
}

/// The unit that answers: the lead, or the one the document proposed when nothing is assigned yet.
fn lead(task: &Task) -> Option<UnitId> {
    task.parties.as_ref().map(|parties| parties.lead.clone()).or_else(|| task.area.clone())
}

struct Letter<'a> {
    app: &'a Outlook,
    task: &'a Task,
    lead: Option<UnitId>,
}

impl Letter<'_> {
    fn unit(&self, id: &UnitId) -> String {
        words::unit(&self.app.reference().office, id.as_str())
    }

    /// The first working day on or after some days from today.
    fn after(&self, days: i64) -> Date {
        self.app.reference().calendar.roll(self.app.today() + days.days())
    }

    /// The letter goes to the lead unit; co-units get it too.
    fn address(&self, draft: &mut Draft) {
        draft.units.extend(self.lead.clone());
        if let Some(parties) = &self.task.parties {
            let co = parties.co.iter().filter(|unit| Some(*unit) != self.lead.as_ref()).cloned();
            draft.units.extend(co);
        }
        // A town is addressed as the organ it is, whichever way its name is entered.
        draft.addressees = draft
            .units
            .iter()
            .map(|id| match self.unit(id) {
                name if name.ends_with(['镇', '乡']) => format!("{name}人民政府"),
                name if name.ends_with("街道") => format!("{name}办事处"),
                name => name,
            })
            .collect();
    }

    /// How the lead unit stands, as figures.
    fn standing(&self, connection: &mut Connection, draft: &mut Draft) -> Result<String, Failure> {
        let Some(lead) = &self.lead else { return Ok(String::new()) };
        take(self.app, connection, draft, "未完成", &format!("lead={lead}&open=yes"))?;
        take(self.app, connection, draft, "超期", &format!("lead={lead}&open=yes&flag=overdue"))?;
        Ok("目前，由你单位牵头、尚未完成整改的问题共{未完成}个，其中超期{超期}个。\n".to_owned())
    }

    fn due(&self) -> String {
        self.task.deadline.due_on.map_or_else(|| self.task.deadline.text.clone(), day)
    }

    /// The deadline, when it is over and the work is not done; work that waits for its check is not overdue.
    fn missed(&self) -> Option<Date> {
        let due = self.task.deadline.due_on.filter(|due| *due < self.app.today());
        due.filter(|_| self.task.days.finished_on.is_none())
    }

    fn measures(&self) -> String {
        let open = self.task.measures.iter().filter(|measure| !measure.waived);
        open.enumerate().fold(String::new(), |text, (n, measure)| {
            format!("{text}（{}）{}\n", numeral(n + 1), one_line(&measure.text))
        })
    }

    /// The problem in the words of the records: title, goal, deadline.
    fn problem(&self) -> String {
        let task = self.task;
        let mut text = format!("“{}”（编号{}）", one_line(&task.title), task.id);
        if !task.goal.is_empty() {
            text.push_str(&format!("，整改目标为：{}", one_line(&task.goal).trim_end_matches('。')));
        }
        format!("{text}。整改时限：{}。", self.due())
    }

    fn assignment(&self, connection: &mut Connection, draft: &mut Draft) -> Result<(), Failure> {
        draft.title = format!("关于交办{}整改任务的函", named(&self.task.title));
        draft.answer_due_on = Some(self.after(ASSIGNMENT_DAYS * 7 / 5));
        let standing = self.standing(connection, draft)?;
        let measures = self.measures();
        let measures = if measures.is_empty() {
            "请结合实际制定整改措施，明确责任人和时间节点。\n".to_owned()
        } else {
            measures
        };
        draft.text = format!(
            "现将有关整改任务交办给你单位，请抓好落实。\n一、整改任务\n{}\n二、整改措施\n{measures}三、有关要求\n\
             请于{}前将整改方案和责任人报我单位。整改完成后须自查并附整改前、整改后佐证材料，再申请核查销号。\n{standing}",
            self.problem(),
            draft.answer_due_on.map(day).unwrap_or_default()
        );
        Ok(())
    }

    fn reminder(&self, connection: &mut Connection, draft: &mut Draft) -> Result<(), Failure> {
        draft.title = format!("关于{}整改进度的提醒函", named(&self.task.title));
        let standing = self.standing(connection, draft)?;
        let today = self.app.today();
        let left = self.task.deadline.due_on.map_or_else(String::new, |due| {
            let reference = self.app.reference();
            if self.missed().is_some() {
                format!("已超过整改时限{}个工作日。", reference.calendar.working_days_between(due, today))
            } else if due >= today {
                format!("距整改时限还有{}个工作日。", reference.calendar.working_days_between(today, due))
            } else {
                "已申请销号，待核查。".to_owned()
            }
        });
        draft.text = format!(
            "你单位牵头的整改任务：{}{left}已报送进度{}次。\n{standing}请对照时限倒排工期，逐项落实措施；确有困难的，在时限届满前按程序申请延期。\n",
            self.problem(),
            self.task.counts.reports
        );
        Ok(())
    }

    fn supervision(&self, connection: &mut Connection, draft: &mut Draft) -> Result<(), Failure> {
        draft.title = format!("关于{}整改工作的督办函", named(&self.task.title));
        draft.answer_due_on = Some(self.after(SUPERVISION_DAYS * 7 / 5));
        let standing = self.standing(connection, draft)?;
        draft.text = format!(
            "一、督办事项\n{}\n二、存在问题\n{}{standing}三、督办要求\n（一）请主要负责同志研究，查明原因，明确责任人、措施和完成时限。\n\
             （二）请于{}前书面回复整改进展和下一步安排。\n（三）整改完成后由验收单位到现场核查，未经核查不得销号。\n",
            self.problem(),
            self.shortcomings(),
            draft.answer_due_on.map(day).unwrap_or_default()
        );
        Ok(())
    }

    /// What the records hold against the unit, a paragraph.
    fn shortcomings(&self) -> String {
        let counts = &self.task.counts;
        let mut parts = Vec::new();
        if let Some(due) = self.missed() {
            let reference = self.app.reference();
            let days = reference.calendar.working_days_between(due, self.app.today());
            parts.push(format!("该任务应于{}前完成，至今超期{days}个工作日", day(due)));
        }
        if counts.returns > 0 {
            parts.push(format!("申请销号被退回{}次", counts.returns));
        }
        if counts.extensions > 0 {
            parts.push(format!("已延期{}次", counts.extensions));
        }
        if counts.reopened > 0 {
            parts.push(format!("回头看发现反弹、重新整改{}次", counts.reopened));
        }
        if counts.reports == 0 {
            parts.push("尚未报送进度".to_owned());
        }
        if parts.is_empty() {
            return String::new();
        }
        format!("{}。\n", parts.join("；"))
    }

    fn interview(&self, connection: &mut Connection, draft: &mut Draft) -> Result<(), Failure> {
        draft.title = format!("关于就{}整改工作开展约谈的通知", named(&self.task.title));
        draft.answer_due_on = Some(self.after(NOTICE_DAYS + INTERVIEW_DAYS));
        let standing = self.standing(connection, draft)?;
        draft.text = format!(
            "一、约谈事由\n{}\n{}{standing}二、时间和地点\n{}上午9:00，本单位会议室。\n三、参加人员\n你单位主要负责同志、分管负责同志。\n\
             四、有关要求\n（一）请准备书面材料，说明问题原因、整改措施和完成时限，并作表态发言。\n（二）约谈后于{}前报送整改落实情况。\n",
            self.problem(),
            self.shortcomings(),
            day(self.after(NOTICE_DAYS)),
            draft.answer_due_on.map(day).unwrap_or_default()
        );
        Ok(())
    }

    fn sign_off(&self, connection: &mut Connection, draft: &mut Draft) -> Result<(), Failure> {
        let task = self.task;
        draft.title = format!("关于{}销号的通知", named(&task.title));
        let mut text = format!("你单位牵头的整改任务：{}", self.problem());
        if let Some(seen) = &task.verification {
            text.push_str(&format!(
                "{}，{}经现场核查，{}。",
                day(seen.checked_on),
                self.checkers(),
                verdict(seen.conclusion)
            ));
        }
        if let Some(signed) = task.days.signed_on {
            text.push_str(&format!("{}，主要领导审签。", day(signed)));
        }
        if !task.filing_number.is_empty() {
            text.push_str(&format!("备案号：{}。", task.filing_number));
        }
        text.push_str("同意该任务销号。\n");
        if let Some(on) = task.look_back_due_on {
            text.push_str(&format!("请落实长效管护，按要求归档。计划于{}前开展回头看。\n", day(on)));
        } else {
            text.push_str("请落实长效管护，按“一问题一档”要求归档。\n");
        }
        text.push_str(&self.standing(connection, draft)?);
        draft.text = text;
        draft.attachments = vec!["整改销号审批表".to_owned()];
        Ok(())
    }

    fn checkers(&self) -> String {
        let Some(seen) = &self.task.verification else { return String::new() };
        let mut units: Vec<String> = seen.checkers.iter().map(|hand| self.unit(&hand.unit)).collect();
        units.dedup();
        units.join("、")
    }

    /// The record of the check on site, measure by measure.
    fn site_check(&self, draft: &mut Draft) -> Result<(), Failure> {
        let task = self.task;
        draft.title = format!("关于{}的现场核查记录", named(&task.title));
        let points: Vec<_> = task.points.iter().map(|point| point.name.clone()).collect();
        let place = if points.is_empty() {
            String::new()
        } else {
            format!("核查点位：{}。", points.join("、"))
        };
        let head = vec!["措施", "现场情况", "是否达到", "照片号"];
        draft.annex = vec![head.into_iter().map(str::to_owned).collect()];
        let reference = self.app.reference();
        let Some(seen) = &task.verification else {
            draft.text = format!(
                "一、基本情况\n核查任务：{}{place}\n二、核查情况\n逐条核对整改措施，情况见附件。\n三、核查意见\n",
                self.problem()
            );
            let open = task.measures.iter().filter(|measure| !measure.waived);
            draft.annex.extend(
                open.map(|measure| {
                    vec![one_line(&measure.text), String::new(), String::new(), String::new()]
                }),
            );
            draft.attachments = vec!["整改措施逐条核查表".to_owned()];
            return Ok(());
        };
        let name = |hand: &bihuan_rules::task::Hand| {
            let person = reference.office.persons.get(&hand.person).map(|person| person.name.clone());
            format!("{}（{}）", person.unwrap_or_default(), self.unit(&hand.unit))
        };
        let checkers: Vec<String> = seen.checkers.iter().map(name).collect();
        let passed = matches!(seen.conclusion, Conclusion::Pass | Conclusion::PassWithFollowUps);
        draft.text = format!(
            "一、基本情况\n核查任务：{}{place}核查日期：{}。核查人员：{}。\n二、核查情况\n逐条核对整改措施，情况见附件。\n三、核查意见\n{}。{}\n",
            self.problem(),
            day(seen.checked_on),
            checkers.join("、"),
            verdict(seen.conclusion),
            one_line(&seen.opinion)
        );
        for measure in task.measures.iter().filter(|measure| !measure.waived) {
            let found = seen.findings.iter().find(|finding| finding.number == measure.number);
            draft.annex.push(vec![
                one_line(&measure.text),
                found.map(|finding| one_line(&finding.text)).unwrap_or_default(),
                if passed { "达到" } else { "未达到" }.to_owned(),
                String::new(),
            ]);
        }
        draft.attachments = vec!["整改措施逐条核查表".to_owned()];
        Ok(())
    }
}

/// What the letter is about: the title of the task, as a matter.
fn named(title: &str) -> String {
    let title = one_line(title);
    if title.ends_with("问题") { title } else { format!("{title}问题") }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn verdict(conclusion: Conclusion) -> &'static str {
    match conclusion {
        Conclusion::Pass => "达到整改要求",
        Conclusion::PassWithFollowUps => "达到整改要求，并提出后续要求",
        Conclusion::NotPass => "未达到整改要求",
        Conclusion::StandardUnclear => "验收标准尚待明确",
    }
}
