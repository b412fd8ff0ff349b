//! Steps (步骤): how each step of a life is told, from the plan to the claim.

use super::{
    district,
    life::{Life, Told},
    picture::Condition,
};
use anyhow::Context;
use bihuan_rules::{
    office::{Level, Role},
    task::{self, EvidenceRole, MeasureResult, MilestonePlan, Order, TaskKind},
};
use jiff::{ToSpan, civil::Date};

const STAGES: [&str; 4] =
    ["完成排查并形成问题清单", "完成施工方案和资金落实", "完成主体工程或集中整治", "完成扫尾并开展自查"];

impl Life<'_> {
    pub(super) fn plan(&mut self) -> Told {
        let quick = self.state()?.deadline.due_on.is_some_and(|due| (due - self.now.date()).get_days() < 60);
        if quick {
            self.wait(1, 4);
        } else {
            self.wait(3, 12);
        }
        let task = self.state()?;
        let lead = self.lead()?;
        let due = task.deadline.due_on;
        let today = self.now.date();
        let until = due.unwrap_or(today + 60.days()).max(today);
        let span = i64::from((until - today).get_days());
        let steps = if span > 100 { 4 } else { 2 };
        let posts = self.stage.posts(&lead, Role::Responsible).to_vec();
        let milestones = (1..=steps)
            .map(|n| MilestonePlan {
                text: STAGES[if steps == 2 { n * 2 - 1 } else { n - 1 }].to_owned(),
                due_on: today
                    + (span * i64::try_from(n).unwrap_or(1) / i64::try_from(steps).unwrap_or(1)).days(),
                post: posts.get(n % posts.len().max(1)).cloned(),
            })
            .map(|milestone| MilestonePlan { due_on: milestone.due_on.min(until), ..milestone })
            .collect();
        let finding = &self.plot.finding;
        let order = task::Plan {
            goal: finding.goal.clone(),
            measures: finding.measures.iter().map(|(measure, _)| measure.clone()).collect(),
            milestones,
            standard: finding.standard.clone(),
            due_on: None,
        };
        let order = self.order(Order::Plan(order));
        self.act_for(&lead, Role::Responsible, vec![order])
    }

    pub(super) fn review_plan(&mut self) -> Told {
        self.wait(1, 4);
        let approve = !std::mem::take(&mut self.fate.plan_returned);
        let remark = if approve {
            "方案目标明确、措施可行，与上级方案要求一致，同意实施。"
        } else {
            "措施未逐条对应反馈问题，缺少资金来源和长效管护安排，请修改后三日内重新报送。"
        };
        let order = self.order(Order::ReviewPlan(task::ReviewPlan { approve, remark: remark.to_owned() }));
        self.act(district::COMMITTEE, vec![order])
    }

    /// The day the lead unit will claim; drawn once for each round of work.
    fn claim_day(&mut self) -> anyhow::Result<Date> {
        if let Some(on) = self.claim_on {
            return Ok(on);
        }
        let task = self.state()?;
        let again = task.counts.returns > 0 && task.counts.reports > 0;
        let reopened = task.counts.reopened > 0;
        let days = if again {
            self.dice.between(4, 16)
        } else if reopened {
            self.dice.between(12, 35)
        } else {
            self.fate.work_days
        };
        let on = self.now.date() + days.days();
        self.claim_on = Some(on);
        Ok(on)
    }

    pub(super) fn rectify(&mut self) -> Told {
        let claim_on = self.claim_day()?;
        if self.fate.suspended && claim_on > self.now.date() + 12.days() {
            self.fate.suspended = false;
            return self.suspend();
        }
        if self.fate.extends && self.extend(claim_on)? {
            return Ok(());
        }
        let next = self.now.date() + self.dice.between(24, 31).days();
        if next < claim_on {
            self.wait_until(next);
            return self.report(false);
        }
        self.wait_until(claim_on);
        self.report(true)?;
        self.claim()
    }

    fn suspend(&mut self) -> Told {
        self.wait(3, 7);
        let until = self.now.date() + self.dice.between(30, 60).days();
        let order = task::Suspend {
            reason: "主汛期水位上涨，施工围堰无法实施，为保证行洪安全暂停涉水作业，汛后复工。".to_owned(),
            document: self.minutes(),
            until,
        };
        let order = self.order(Order::Suspend(order));
        self.act(district::COMMITTEE, vec![order])
    }

    pub(super) fn resume(&mut self) -> Told {
        self.wait(12, 22);
        let stood = self.now.date() - self.state()?.days.state_since.unwrap_or(self.now.date());
        let order = task::Resume {
            remark: "水位已回落，施工单位复工，时限按中止天数顺延。".to_owned()
        };
        let order = self.order(Order::Resume(order));
        self.claim_on = self.claim_on.map(|on| on + stood);
        self.act(district::COMMITTEE, vec![order])
    }

    /// Asks for an extension if the day for it has come before the claim; says whether it did.
    fn extend(&mut self, claim_on: Date) -> Result<bool, super::life::Stop> {
        let Some(due) = self.state()?.deadline.due_on else { return Ok(false) };
        let before = self.dice.between(2, 33).days();
        let ask_on = (due - before).max(self.now.date() + 1.day());
        if ask_on > due || ask_on >= claim_on || self.stage.calendar.roll(ask_on) > due {
            return Ok(false);
        }
        self.fate.extends = false;
        self.wait_until(ask_on);
        if self.now.date() > due {
            return Ok(false);
        }
        let days = self.dice.between(25, 75);
        let wanted = (due.max(claim_on) + days.days()).last_of_month();
        let reasons = [
            "项目用地手续办理滞后，招标流标一次，主体工程需跨汛期施工。",
            "设备厂家供货延期，已签订补充协议并调整施工组织。",
            "连续降雨致基坑积水，管沟回填不具备条件，需顺延工期。",
            "涉及农户较多，协商拆迁补偿尚余少数未签字。",
        ];
        let reason = (*self.dice.pick(&reasons)).to_owned();
        let order = task::Extend { due_on: Some(wanted), waive: Vec::new(), reason };
        let order = self.order(Order::Extend(order));
        let lead = self.lead()?;
        self.claim_on = Some(wanted - self.dice.between(4, 20).days());
        self.act_for(&lead, Role::Responsible, vec![order])?;
        Ok(true)
    }

    pub(super) fn decide_extension(&mut self) -> Told {
        self.wait(1, 5);
        let grant = !self.dice.percent(12);
        let (post, document) = match self.state()?.level {
            Level::Central => (
                district::REGISTRAR,
                format!("环督察整改函〔{}〕{}号", self.now.year(), self.dice.between(11, 96)),
            ),
            Level::Province => (
                district::PROVINCE,
                format!("省督察办函〔{}〕{}号", self.now.year(), self.dice.between(11, 96)),
            ),
            Level::City => {
                (district::CITY, format!("遂环委办函〔{}〕{}号", self.now.year(), self.dice.between(11, 96)))
            }
            Level::County | Level::Town => (district::COMMITTEE, self.minutes()),
        };
        let remark = if grant {
            "理由成立，同意延期一次，原时限保留在案，按月报送进展。"
        } else {
            "理由不充分，未见实质性推进，不同意延期，请倒排工期。"
        };
        if !grant {
            let late = self.dice.between(3, 25);
            self.claim_on = Some(self.state()?.deadline.due_on.unwrap_or(self.now.date()) + late.days());
        }
        let order = task::DecideExtension { grant, remark: remark.to_owned(), document };
        let order = self.order(Order::DecideExtension(order));
        self.act(post, vec![order])
    }

    fn report(&mut self, last: bool) -> Told {
        let today = self.now.date();
        let lead = self.lead()?;
        let mut what = Vec::new();
        let task = self.state()?;
        let reached: Vec<u32> = task
            .milestones
            .iter()
            .filter(|m| m.done_on.is_none() && (last || m.due_on <= today))
            .map(|m| m.number)
            .collect();
        let done = task
            .milestones
            .len()
            .saturating_sub(task.milestones.iter().filter(|m| m.done_on.is_none()).count());
        if last && reached.is_empty() && !self.dice.percent(30) {
            return Ok(());
        }
        let late = !last && self.dice.percent(25);
        let reached = if late { Vec::new() } else { reached };
        if self.plot.kind != TaskKind::Policy && (self.dice.percent(15) || !reached.is_empty()) {
            what.push(self.picture(EvidenceRole::During, Condition::During, "整改中"));
        } else if !reached.is_empty() {
            what.push(self.document(EvidenceRole::Document, "进展材料", self.plot.finding.text.clone()));
        }
        let scripted = self.plot.lines.reports.get(self.reports).cloned();
        let drawn = [
            "已组织施工队进场，现场人员机具到位，正按方案推进。",
            "已完成现场清理和设备采购，资金已拨付到位，下月转入主体施工。",
            "镇主要领导现场调度，协调解决用地和电力接入问题。",
            "已完成工程量约六成，预计按期完成，群众反映总体平稳。",
            "委托第三方开展检测，数据正在复核，同步完善台账资料。",
        ];
        let text = scripted.unwrap_or_else(|| {
            let (measure, _) = self.dice.pick(&self.plot.finding.measures).clone();
            format!(
                "{}（对应措施：{measure}；累计完成节点{}个）",
                self.dice.pick(&drawn),
                done + reached.len()
            )
        });
        self.reports += 1;
        what.push(self.order(Order::Report(task::Report { text, milestones: reached })));
        self.act_for(&lead, Role::Responsible, what)
    }

    fn claim(&mut self) -> Told {
        let lead = self.lead()?;
        let minutes = self.dice.between(3, 40);
        self.now += minutes.minutes();
        let finding = self.plot.finding.clone();
        let mut what = Vec::new();
        let kind = self.plot.kind;
        if matches!(kind, TaskKind::Works | TaskKind::Complaint) {
            what.push(self.picture(EvidenceRole::After, Condition::After, "整改后"));
            if self.dice.percent(18) {
                what.push(self.picture(EvidenceRole::After, Condition::After, "整改后（另一角度）"));
            }
        }
        let ruleset = self.stage.ruleset(&self.plot.ruleset)?;
        if ruleset.evidence_for(kind).contains(&EvidenceRole::Document) || self.dice.percent(20) {
            what.push(self.document(EvidenceRole::Document, "整改情况说明", self.explanation()?));
        }
        let task = self.state()?;
        let results = task
            .measures
            .iter()
            .filter(|measure| !measure.waived)
            .map(|measure| {
                let known = finding.measures.iter().find(|(text, _)| text == &measure.text);
                let text = known.map_or_else(|| "已完成".to_owned(), |(_, result)| result.clone());
                MeasureResult { number: measure.number, text }
            })
            .collect();
        let summary = if self.plot.lines.summary.is_empty() {
            format!(
                "对照方案逐条自查，{}项措施全部完成，“{}”的目标已达到，现申请销号。",
                finding.measures.len(),
                finding.goal
            )
        } else {
            self.plot.lines.summary.clone()
        };
        let spent = self.fate.work_days.max(5) * self.dice.between(30_000, 900_000);
        let order = task::Claim {
            results,
            summary,
            similar: finding.similar,
            mechanism: finding.mechanism,
            enforcement: if self.plot.field == "enterprise" {
                "已立案并下达处罚决定".to_owned()
            } else {
                String::new()
            },
            spent_fen: (kind == TaskKind::Works).then_some(spent),
        };
        what.push(self.order(Order::Claim(order)));
        self.claim_on = None;
        self.act_for(&lead, Role::Responsible, what)
    }

    /// The written explanation that goes into the dossier (情况说明).
    fn explanation(&self) -> anyhow::Result<String> {
        let plot = self.plot;
        let office = &self.stage.office;
        let lead = office.units.get(&plot.lead).context("a known unit")?;
        let mut text = format!(
            "整改任务整改情况说明\n\n编号：{}\n问题：{}\n原文：{}\n整改目标：{}\n\n整改措施及完成情况：\n",
            self.id, plot.finding.title, plot.finding.text, plot.finding.goal
        );
        for (number, (measure, result)) in (1..).zip(&plot.finding.measures) {
            text.push_str(&format!("{number}. {measure}:{result}\n"));
        }
        text.push_str(&format!(
            "\n长效机制：{}\n举一反三：{}\n\n{}\n{}（模拟数据）\n",
            plot.finding.mechanism,
            plot.finding.similar,
            lead.name,
            self.now.date()
        ));
        Ok(text)
    }
}
