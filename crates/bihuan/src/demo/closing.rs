//! Closing (销号与之后): how the steps from verification to look-back are told.

use super::{
    district,
    life::{Life, Stop, Told},
    picture::Condition,
};
use anyhow::Context;
use bihuan_rules::{
    id::{PersonId, PostId, UnitId},
    office::{Level, Role},
    ruleset::Conclusion,
    task::{self, EvidenceRole, Method, Order, State, Step, TaskKind, Verb, Verdict},
};
use jiff::ToSpan;

const RETURNS: [&str; 5] = [
    "现场仍有渗漏，佐证照片与核查点位角度不一致，请补充同角度照片并完成扫尾。",
    "台账缺过程资料，转运联单数量与方量不符，请补齐后重新申请。",
    "措施第2项未到位，现场设备未通电调试，不具备销号条件。",
    "周边同类问题未举一反三，核查时在相邻组又发现1处，请一并整改。",
    "长效管护责任人未落实到岗，公示牌电话无人接听，请完善。",
];

impl Life<'_> {
    /// Whether the drawn return happens here; uses it up.
    fn is_returned(&mut self, here: State) -> bool {
        let returned = self.fate.returns > 0 && self.fate.returned_at == here;
        if returned {
            self.fate.returns -= 1;
            self.fate.returned_at = State::Claimed;
        }
        returned
    }

    pub(super) fn verify(&mut self) -> Told {
        self.wait(2, 8);
        let acceptance = self.plot.acceptance.clone();
        let ruleset = self.stage.ruleset(&self.plot.ruleset)?;
        let posts = self.stage.posts(&acceptance, Role::Verifier).to_vec();
        let first = self.dice.pick(&posts).clone();
        let mut companions: Vec<(PersonId, PostId)> = Vec::new();
        for post in posts.iter().filter(|post| **post != first) {
            companions.push((self.stage.actor(post, self.now.date())?.person, post.clone()));
        }
        if companions.len() + 1 < ruleset.verify.checkers_min {
            let post = PostId::new("post-party-office-i1").context("a fixed code")?;
            companions.push((self.stage.actor(&post, self.now.date())?.person, post));
        }
        companions.extend(self.witness(&acceptance)?);
        let returned = self.is_returned(State::Claimed);
        let follow_ups = !returned
            && ruleset.verify.conclusions.contains(&Conclusion::PassWithFollowUps)
            && self.dice.percent(15);
        let conclusion = match (returned, follow_ups) {
            (true, _) => Conclusion::NotPass,
            (_, true) => Conclusion::PassWithFollowUps,
            _ => Conclusion::Pass,
        };
        let standards = if returned { Vec::new() } else { (1..=ruleset.verify.standards.len()).collect() };
        let on_site = ruleset.verify.on_site.contains(&self.plot.kind) || self.dice.percent(40);
        let method = if on_site { Method::OnSite } else { Method::OnPaper };
        let opinion = match conclusion {
            Conclusion::NotPass => (*self.dice.pick(&RETURNS)).to_owned(),
            Conclusion::PassWithFollowUps => {
                "措施已完成，同意通过验收；请于一个月内补设公示牌并加强日常巡查。".to_owned()
            }
            _ if !self.plot.lines.opinion.is_empty() => self.plot.lines.opinion.clone(),
            _ => format!("经现场查看和查阅台账，{}，同意通过验收。", self.plot.finding.standard),
        };
        let mut what = Vec::new();
        if self.dice.percent(45) {
            let text = format!(
                "现场核查记录\n\n任务：{}\n时间：{}\n核查人数：{}\n意见：{opinion}\n（模拟数据）\n",
                self.id,
                self.now,
                companions.len() + 1
            );
            what.push(self.document(EvidenceRole::Verification, "核查记录", text));
        }
        let findings = self
            .state()?
            .measures
            .iter()
            .map(|measure| task::MeasureResult {
                number: measure.number,
                text: if returned {
                    "部分完成".to_owned()
                } else {
                    format!("现场核实：{}", measure.result)
                },
            })
            .collect();
        let order = task::Verify {
            companions,
            method,
            checked_on: self.now.date(),
            findings,
            standards,
            conclusion,
            opinion,
        };
        what.push(self.order(Order::Verify(order)));
        self.act_by(&first, what)
    }

    /// An inspector of another unit goes along where pictures are what proves: two units that saw it stand in for pictures of the
    /// phone. Nobody who took another step, or guarantees the task.
    fn witness(&self, acceptance: &UnitId) -> anyhow::Result<Option<(PersonId, PostId)>> {
        let task = self.state()?;
        let ruleset = self.stage.ruleset(&self.plot.ruleset)?;
        if !ruleset.evidence_for(task.kind).contains(&EvidenceRole::After) {
            return Ok(None);
        }
        let parties = task.parties.as_ref().context("an assigned task")?;
        let start = self.id.as_str().bytes().map(usize::from).sum::<usize>();
        let inspectors = &self.stage.inspectors;
        for n in 0..inspectors.len() {
            let post = &inspectors[(start + n) % inspectors.len()];
            let actor = self.stage.actor(post, self.now.date())?;
            let is_party =
                actor.unit == parties.lead || parties.co.contains(&actor.unit) || actor.unit == *acceptance;
            let had_a_hand = task.hands.iter().any(|(step, hands)| {
                *step != Step::Verify
                    && (hands.persons.contains(&actor.person) || hands.units.contains(&actor.unit))
            });
            let guarantees = parties.guarantor.as_ref() == Some(post);
            if !is_party && !had_a_hand && !guarantees {
                return Ok(Some((actor.person, post.clone())));
            }
        }
        Ok(None)
    }

    pub(super) fn publish(&mut self) -> Told {
        if self.state()?.state == State::Verified && self.is_returned(State::Verified) {
            self.wait(1, 2);
            return self.send_back(district::COMMITTEE);
        }
        self.wait(1, 4);
        let ruleset = self.stage.ruleset(&self.plot.ruleset)?;
        let channel = ruleset.notice.channels.first().context("every procedure names a channel")?.clone();
        let text = format!(
            "{}整改完成情况公示：整改目标为{}。经自查和部门核查，各项措施已落实。公示期内如有异议，请向区环委办反映。",
            self.plot.finding.title, self.plot.finding.goal
        );
        let order =
            task::Publish { text: text.clone(), contact: "区环委办 199-0000-0512".to_owned(), channel };
        let public = super::stage::What::PublicText(
            self.plot.problem.clone(),
            format!("{}已整改完成。", self.plot.finding.title),
        );
        let order = self.order(Order::Publish(order));
        self.act(district::PUBLISHER, vec![public, order])
    }

    pub(super) fn notice(&mut self) -> Told {
        let ends_on = self.state()?.notice.as_ref().context("a running notice")?.opened.ends_on;
        if self.fate.objection_stays_open {
            self.wait(1, 2);
            self.object_to_notice()?;
            return Err(Stop::Over);
        }
        if let Some(upheld) = self.fate.objection.take() {
            self.wait(1, 3);
            if self.now.date() <= ends_on {
                self.object_to_notice()?;
                self.wait(1, 4);
                let answer = if upheld {
                    "经复核，反映情况属实，退回责任单位补充整改后重新公示。"
                } else {
                    "经现场复核，反映的点位不在本任务范围，已另行登记办理，不影响本次公示结论。"
                };
                let order = task::AnswerObjection { number: 1, upheld, answer: answer.to_owned() };
                let order = self.order(Order::AnswerObjection(order));
                self.act(district::REGISTRAR, vec![order])?;
                if upheld {
                    return Ok(());
                }
            }
        }
        let after = (ends_on + 1.day()).max(self.now.date());
        self.wait_until(after);
        let record = format!("安澜区政府门户网站 政务公开/环保督察/{}", self.id);
        let mut what = Vec::new();
        if self.dice.percent(40) {
            let text = format!(
                "公示截图说明\n\n任务：{}\n公示期满：{ends_on}\n期内未收到未办结异议。\n（模拟数据）\n",
                self.id
            );
            what.push(self.document(EvidenceRole::Notice, "公示记录", text));
        }
        what.push(self.order(Order::CloseNotice(task::CloseNotice { record })));
        self.act(district::PUBLISHER, what)
    }

    fn object_to_notice(&mut self) -> Told {
        let texts = [
            "雨天仍能闻到异味，夜间有少量污水流出，希望再核实。",
            "整改后的点位对面还有一处类似情况没有处理。",
            "公示所说的公示牌没有看到，负责人电话打不通。",
        ];
        let text = (*self.dice.pick(&texts)).to_owned();
        let order = task::RaiseObjection { text, channel: "电话".to_owned() };
        let order = self.order(Order::RaiseObjection(order));
        self.act(district::REGISTRAR, vec![order])
    }

    fn send_back(&mut self, post: &str) -> Told {
        let reason = (*self.dice.pick(&RETURNS)).to_owned();
        let order = self.order(Order::SendBack(task::SendBack { reason }));
        self.act(post, vec![order])
    }

    pub(super) fn sign_off(&mut self) -> Told {
        self.wait(1, 5);
        let ruleset = self.stage.ruleset(&self.plot.ruleset)?;
        let post = match ruleset.sign.by {
            Role::Committee => district::COMMITTEE,
            _ if self.dice.percent(30) => district::SECRETARY,
            _ => district::MAYOR,
        };
        if self.is_returned(State::PendingSignature) {
            return self.send_back(post);
        }
        let minutes = self.minutes();
        let order = task::SignOff {
            minutes, opinion: "同意销号，请环委办备案并适时开展回头看。".to_owned()
        };
        let order = self.order(Order::SignOff(order));
        self.act(post, vec![order])
    }

    pub(super) fn finish(&mut self) -> Told {
        if !self.state()?.notice_done() {
            return self.publish();
        }
        let ruleset = self.stage.ruleset(&self.plot.ruleset)?;
        let year = self.now.year();
        match ruleset.rechecks(self.state()?.level) {
            None => {
                self.wait(0, 3);
                let number = format!("安环备〔{}〕{}", self.now.year(), self.id);
                let order = self.order(Order::File(task::File { number }));
                self.act(district::REGISTRAR, vec![order])
            }
            Some(level) => {
                self.wait(6, 22);
                let (post, sign) = if level == Level::Province {
                    (district::PROVINCE, "省督察办函")
                } else {
                    (district::CITY, "遂环委办函")
                };
                let passed = !self.is_returned(State::Signed);
                let document = format!("{sign}〔{year}〕{}号", self.dice.between(100, 399));
                let opinion = if passed {
                    "复核通过，同意销号。"
                } else {
                    "抽查点位整改不到位，退回补充整改。"
                };
                let order = task::Recheck { passed, document, opinion: opinion.to_owned() };
                let order = self.order(Order::Recheck(order));
                self.act(post, vec![order])
            }
        }
    }

    /// Look-backs and periodic checks, as long as somebody does them.
    pub(super) fn look_after(&mut self) -> Told {
        let task = self.state()?;
        let (look, sustain) = (task.look_back_due_on, task.sustain_due_on);
        let periodic = match (look, sustain) {
            (None, None) => return Err(Stop::Over),
            (Some(look), Some(sustain)) => sustain < look,
            (look, _) => look.is_none(),
        };
        let due = if periodic { sustain } else { look }.context("one of them is owed")?;
        let rebounds = self.fate.rebound.is_some();
        if !self.fate.looked_after && !rebounds {
            return Err(Stop::Over);
        }
        let late = self.dice.between(0, 9);
        self.wait_until(due + late.days());
        let verb = if periodic { Verb::CheckSustained } else { Verb::LookBack };
        let post = self.free_inspector(verb)?;
        let fate =
            if self.look_backs > 0 || !self.plot.lines.rebound_cause.is_empty() || self.dice.percent(60) {
                self.fate.rebound.take()
            } else {
                None
            };
        let scripted = self.plot.lines.look_backs.get(self.look_backs).cloned();
        self.look_backs += 1;
        let held = fate.is_none();
        let findings = scripted.unwrap_or_else(|| match fate {
            None => format!("未打招呼直奔现场，{}，未见反弹。", self.plot.finding.standard),
            Some(false) => format!("现场再次出现原问题：{}。", self.plot.finding.title),
            Some(true) => "现场与销号时照片明显不符，所称设备未安装，整改情况不属实。".to_owned(),
        });
        let mut what = Vec::new();
        if self.plot.kind != TaskKind::Policy && (!held || self.dice.percent(55)) {
            let condition = if held { Condition::After } else { Condition::Before };
            what.push(self.picture(EvidenceRole::LookBack, condition, "回头看"));
        }
        what.push(if periodic {
            self.order(Order::CheckSustained(task::CheckSustained { held, findings }))
        } else {
            let verdict = match fate {
                None => Verdict::Held,
                Some(false) => Verdict::Rebounded,
                Some(true) => Verdict::Fake,
            };
            self.order(Order::LookBack(task::LookBack { verdict, findings }))
        });
        self.act_by(&post, what)
    }

    /// An inspector who had no hand in any other step.
    fn free_inspector(&mut self, verb: Verb) -> Result<PostId, Stop> {
        let ruleset = self.stage.ruleset(&self.plot.ruleset)?;
        let at = super::stage::instant(self.now)?;
        if at > self.stage.cutoff {
            return Err(Stop::Over);
        }
        let first = usize::try_from(self.dice.between(0, 29)).unwrap_or(0);
        let inspectors = &self.stage.inspectors;
        let task = self.state()?;
        for n in 0..inspectors.len() {
            let post = &inspectors[(first + n) % inspectors.len()];
            let by = self.stage.actor(post, self.now.date())?;
            if task.may(&self.stage.situation(&by, at, ruleset), verb).is_ok() {
                return Ok(post.clone());
            }
        }
        Err(Stop::Fault(anyhow::anyhow!("no inspector is free")))
    }

    pub(super) fn reopen(&mut self) -> Told {
        self.wait(0, 2);
        let days = self.dice.between(25, 50);
        let cause = if self.plot.lines.rebound_cause.is_empty() {
            "日常管护责任未落实，运维人员更换后无人交接，同类问题再次出现。".to_owned()
        } else {
            self.plot.lines.rebound_cause.clone()
        };
        let document = self.minutes();
        let order = task::Reopen { due_on: self.now.date() + days.days(), cause, document };
        let order = self.order(Order::Reopen(order));
        self.claim_on = None;
        self.act(district::REGISTRAR, vec![order])
    }
}
