//! The works of the year (专项行动与项目): three campaigns with their projects in every state of schedule, with money,
//! dependencies and what they serve.

use super::{
    district,
    life::Plot,
    stage::{Piece, Stage, What, instant},
    year::Year,
};
use anyhow::{Context, Result};
use bihuan_rules::{
    campaign::{CampaignOrder, CampaignPlan},
    id::{PostId, RecordId, UnitId},
    project::{Brief, Fund, MilestonePlan, Plan, ProjectOrder, Quantity, Reach, Reported, TargetPlan},
};
use jiff::{ToSpan, civil::Date};

/// How far a project has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Come {
    Planned,
    Running,
    /// Running, and the office moved the final date back by so many days.
    Delayed(i64),
    Finished,
    Accepted,
    Stopped,
}

/// What is built: its stages and targets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Station,
    Pipes,
    Transfer,
    Toilets,
    Mixed,
}

/// Indicator, unit, baseline, target.
type Aim = (&'static str, &'static str, i64, i64);

impl Kind {
    fn stages(self) -> &'static [&'static str] {
        match self {
            Kind::Station => &["用地落实", "施工图审查", "土建主体完工", "设备安装", "通水试运行"],
            Kind::Pipes => &["管线测量", "招标与开工", "管道铺设", "闭水试验"],
            Kind::Transfer => &["方案审批", "设备采购", "改造施工", "联动调试"],
            Kind::Toilets => &["入户摸底", "集中改造", "逐户验收"],
            Kind::Mixed => &["混接点复核", "分流改造", "暗涵清淤", "雨天检验"],
        }
    }

    fn aims(self) -> &'static [Aim] {
        match self {
            Kind::Station => &[("日处理能力", "吨/日", 0, 300), ("生活污水收集率", "%", 45, 90)],
            Kind::Pipes => &[("新建污水管网", "公里", 0, 4)],
            Kind::Transfer => &[("日转运能力", "吨/日", 30, 80), ("渗滤液收集率", "%", 60, 100)],
            Kind::Toilets => &[("改造户厕", "户", 0, 420)],
            Kind::Mixed => &[("雨污混接点", "处", 19, 0)],
        }
    }

    fn field(self) -> &'static str {
        match self {
            Kind::Station | Kind::Pipes | Kind::Mixed => "sewage",
            Kind::Transfer => "garbage",
            Kind::Toilets => "toilet",
        }
    }

    fn acceptance(self) -> &'static str {
        match self {
            Kind::Station | Kind::Pipes => "u-housing",
            Kind::Transfer => "u-urban",
            Kind::Toilets => "u-agriculture",
            Kind::Mixed => "u-ecology",
        }
    }
}

/// A project as the script tells it; days are counted from the day the story has reached.
struct Script {
    campaign: usize,
    title: &'static str,
    kind: Kind,
    lead: &'static str,
    start: i64,
    due: i64,
    reached: usize,
    come: Come,
    after: Option<usize>,
}

#[expect(clippy::too_many_arguments, reason = "a table reads best as one row for each project")]
const fn script(
    campaign: usize,
    title: &'static str,
    kind: Kind,
    lead: &'static str,
    start: i64,
    due: i64,
    reached: usize,
    come: Come,
    after: Option<usize>,
) -> Script {
    Script { campaign, title, kind, lead, start, due, reached, come, after }
}

const CAMPAIGNS: [(&str, &str, i64, i64); 3] = [
    (
        "居民安置点污水处理站建设专项行动",
        "六个居民安置点建成污水处理站并通水，空白区管网补齐，生活污水收集率达到90%。",
        -395,
        330,
    ),
    ("垃圾中转站提标改造专项行动", "四座中转站渗滤液全收集、臭气不扰民。", -190, 120),
    ("厕所粪污与雨污混接整治专项行动", "整村推进户厕改造，城区混接点清零。", -130, 240),
];

const SCRIPTS: [Script; 15] = [
    script(0, "汇龙镇管网空白区补建", Kind::Pipes, "town-12", -380, -225, 4, Come::Accepted, None),
    script(0, "河沿安置点污水处理站", Kind::Station, "town-03", -360, -110, 5, Come::Accepted, None),
    script(0, "汇龙安置点污水处理站", Kind::Station, "town-12", -205, 145, 2, Come::Running, Some(0)),
    script(0, "东溪安置点污水处理站", Kind::Station, "town-04", -240, 60, 4, Come::Running, None),
    script(0, "白鹭安置点污水处理站", Kind::Station, "town-09", -220, 80, 2, Come::Running, None),
    script(0, "长滩安置点污水处理站", Kind::Station, "town-07", -330, -20, 4, Come::Running, None),
    script(0, "中和镇截污管网补缺", Kind::Pipes, "town-10", -150, 10, 3, Come::Running, None),
    script(0, "中和安置点污水处理站", Kind::Station, "town-10", 15, 300, 0, Come::Planned, Some(6)),
    script(1, "宝石镇垃圾中转站提标", Kind::Transfer, "town-08", -180, 44, 3, Come::Running, None),
    script(1, "石门镇中转站渗滤液收集", Kind::Transfer, "town-06", -150, -5, 4, Come::Finished, None),
    script(1, "横岭镇中转站迁建", Kind::Transfer, "town-11", -170, 60, 1, Come::Stopped, None),
    script(1, "磨盘镇中转站除臭改造", Kind::Transfer, "town-16", -100, 60, 1, Come::Delayed(35), None),
    script(2, "聚福镇户厕改造整村推进", Kind::Toilets, "town-17", -120, 120, 1, Come::Running, None),
    script(2, "玉林镇公厕粪污外溢整治", Kind::Toilets, "town-14", -90, 6, 2, Come::Running, None),
    script(2, "城区雨污混接改造", Kind::Mixed, "housing", -60, 200, 0, Come::Running, None),
];

struct Teller<'s> {
    stage: &'s Stage,
    pieces: Vec<Piece>,
}

impl Teller<'_> {
    fn add(&mut self, post: &str, on: Date, at: (i8, i8), what: What) -> Result<()> {
        let by = self.stage.actor(&PostId::new(post)?, on)?;
        self.pieces.push(Piece { at: instant(on.at(at.0, at.1, 0, 0))?, by, what: vec![what] });
        Ok(())
    }

    fn working(&self, days: i64) -> Date {
        let on = self.stage.calendar.roll(self.stage.as_of + days.days());
        if days < 0 { on.min(self.stage.as_of - 1.day()) } else { on }
    }
}

fn campaign_id(stage: &Stage, n: usize) -> Result<RecordId> {
    Ok(RecordId::new(format!("C-{}-{:03}", (stage.as_of - 390.days()).year(), n + 1))?)
}

fn project_id(stage: &Stage, n: usize) -> Result<RecordId> {
    Ok(RecordId::new(format!("P-{}-{:03}", (stage.as_of - 390.days()).year(), n + 1))?)
}

/// The pieces of every campaign and project.
pub fn tell(year: &Year<'_>) -> Result<Vec<Piece>> {
    let mut teller = Teller { stage: year.stage, pieces: Vec::new() };
    for (n, (title, goal, from, until)) in CAMPAIGNS.into_iter().enumerate() {
        let on = teller.working(from);
        let plan = CampaignPlan {
            title: title.to_owned(),
            organ: UnitId::new("u-committee")?,
            goal: goal.to_owned(),
            document: format!("安环委发〔{}〕{}号", on.year(), n + 3),
            from: on,
            until: teller.working(until),
        };
        let what = What::Campaign(campaign_id(year.stage, n)?, CampaignOrder::Open(plan));
        teller.add(district::REGISTRAR, on, (9, 10), what)?;
    }
    for (n, script) in SCRIPTS.iter().enumerate() {
        tell_project(&mut teller, year, n, script)?;
    }
    Ok(teller.pieces)
}

fn plan(teller: &Teller<'_>, year: &Year<'_>, script: &Script, due: i64, planned_on: Date) -> Result<Plan> {
    let stages = script.kind.stages();
    let count = i64::try_from(stages.len())?;
    let (start_on, due_on) = (teller.working(script.start), teller.working(due));
    let length = (script.due - script.start) / count;
    let lead = UnitId::new(format!("u-{}", script.lead))?;
    let is_town = script.lead.starts_with("town");
    let mut milestones = Vec::new();
    let mut from = start_on;
    for (n, title) in (1_i64..).zip(stages) {
        let is_last = n == count;
        let until = if is_last { due_on } else { teller.stage.as_of + (script.start + n * length).days() };
        let post = if is_town && n % 2 == 1 { format!("post-{}-4", script.lead) } else { lead_post(script) };
        milestones.push(MilestonePlan {
            title: (*title).to_owned(),
            from,
            until,
            post: Some(PostId::new(post)?),
            after: if n > 1 { vec![u32::try_from(n - 1)?] } else { Vec::new() },
            dropped: false,
        });
        from = until.tomorrow()?;
    }
    let targets = script.kind.aims().iter().map(|(indicator, unit, baseline, target)| TargetPlan {
        indicator: (*indicator).to_owned(),
        unit: (*unit).to_owned(),
        baseline: Quantity::from_thousandths(baseline * 1_000),
        target: Quantity::from_thousandths(target * 1_000),
    });
    let scale = u64::try_from(stages.len())? * 180_000;
    let funds = [("省级生态环境专项资金", scale * 3), ("区级财政配套资金", scale)];
    Ok(Plan {
        brief: Brief {
            title: script.title.to_owned(),
            campaign: Some(campaign_id(teller.stage, script.campaign)?),
            content: String::new(),
            field: script.kind.field().to_owned(),
            area: if is_town { Some(lead.clone()) } else { None },
            lead,
            post: PostId::new(lead_post(script))?,
            acceptance: UnitId::new(script.kind.acceptance())?,
            start_on,
            due_on,
            after: script.after.map(|n| project_id(teller.stage, n)).transpose()?.into_iter().collect(),
            about: served(year, script, planned_on),
        },
        milestones,
        targets: targets.collect(),
        funds: funds.map(|(source, planned_yuan)| Fund { source: source.to_owned(), planned_yuan }).to_vec(),
    })
}

fn lead_post(script: &Script) -> String {
    let n = if script.lead.starts_with("town") { 3 } else { 1 };
    format!("post-{}-{n}", script.lead)
}

/// The problem of the town and field that was on the list first, or its task, if there is one.
fn served(year: &Year<'_>, script: &Script, planned_on: Date) -> Vec<String> {
    let area = format!("u-{}", script.lead);
    let fits = year.plots.iter().filter(|plot| {
        plot.field == script.kind.field()
            && plot.registered_at.date() < planned_on
            && plot.area.as_str() == area
    });
    let first = fits.min_by_key(|plot| plot.registered_at);
    // What is being built serves a task; what is planned, built or given up names the problem.
    let is_built = matches!(script.come, Come::Running | Come::Delayed(_));
    let subject = |plot: &Plot| {
        if is_built { format!("task/{}-1", plot.problem) } else { format!("problem/{}", plot.problem) }
    };
    first.map(subject).into_iter().collect()
}

fn tell_project(teller: &mut Teller<'_>, year: &Year<'_>, n: usize, script: &Script) -> Result<()> {
    let id = project_id(teller.stage, n)?;
    let minute = i8::try_from(n)? + 10;
    let post = lead_post(script);
    let order = |order: ProjectOrder| What::Project(id.clone(), order);
    let planned_on = teller.working((script.start - 8).min(-12));
    let before = plan(teller, year, script, script.due, planned_on)?;
    teller.add(
        district::REGISTRAR,
        planned_on,
        (10, minute),
        order(ProjectOrder::Plan(Box::new(before.clone()))),
    )?;
    if script.come == Come::Planned {
        return Ok(());
    }
    let started_on = before.brief.start_on;
    teller.add(&post, started_on, (9, minute), order(ProjectOrder::Start(started_on)))?;
    let count = script.kind.stages().len();
    for (stage, milestone) in before.milestones.iter().enumerate().take(script.reached) {
        let number = u32::try_from(stage + 1)?;
        let slip = i64::try_from((n + stage) % 4)? - 2;
        let on = teller.stage.calendar.roll(milestone.until + slip.days()).min(teller.stage.as_of - 2.days());
        let reach = Reach {
            n: number,
            on,
            note: format!("“{}”已完成，监理和镇政府现场签认。", milestone.title),
            files: Vec::new(),
        };
        teller.add(&post, on, (14, minute), order(ProjectOrder::Reach(reach)))?;
        for (aim, (_, _, baseline, target)) in (1..).zip(script.kind.aims()) {
            let value = baseline * 1_000
                + (target - baseline) * 1_000 * i64::try_from(stage + 1)? / i64::try_from(count)?;
            let note = "按工程量核定".to_owned();
            let reach = Reach { n: aim, on, note, files: Vec::new() };
            let value = Quantity::from_thousandths(value / 100 * 100);
            teller.add(&post, on, (15, minute), order(ProjectOrder::ReportTarget(reach, value)))?;
        }
        for (fund, source) in (1..).zip(&before.funds) {
            let yuan = source.planned_yuan * 9 / 10 / u64::try_from(count)?;
            let note = format!("{}进度款", milestone.title);
            teller.add(&post, on, (16, minute), order(ProjectOrder::Pay(fund, yuan, on, note)))?;
        }
    }
    end(teller, year, n, script, &id)
}

fn end(teller: &mut Teller<'_>, year: &Year<'_>, n: usize, script: &Script, id: &RecordId) -> Result<()> {
    let minute = i8::try_from(n)? + 10;
    let post = lead_post(script);
    let order = |order: ProjectOrder| What::Project(id.clone(), order);
    let told = |text: &str| Reported { text: text.to_owned(), files: Vec::new() };
    match script.come {
        Come::Planned => {}
        Come::Running => {
            let text = "施工队伍在场，雨天影响两日；下一步集中力量保节点。";
            teller.add(&post, teller.working(-12), (17, minute), order(ProjectOrder::Report(told(text))))?;
        }
        Come::Delayed(days) => {
            let on = teller.working(-30);
            let later = plan(teller, year, script, script.due + days, on)?;
            let mut later = later;
            let planned_on = teller.working((script.start - 8).min(-12));
            later.brief.about = served(year, script, planned_on);
            let reason = "设备招标流标一次，经环委办同意顺延。".to_owned();
            let revise = ProjectOrder::Revise(Box::new(later), reason);
            teller.add(district::REGISTRAR, on, (11, minute), order(revise))?;
        }
        Come::Finished | Come::Accepted => {
            let on = teller.working(script.due + 3).min(teller.stage.as_of - 1.day());
            let text = "已按设计内容建成，节点全部完成，指标达到目标值，申请验收。";
            teller.add(&post, on, (17, minute), order(ProjectOrder::Finish(told(text))))?;
            if script.come == Come::Accepted {
                let unit = UnitId::new(script.kind.acceptance())?;
                let verifiers = teller.stage.posts(&unit, bihuan_rules::office::Role::Verifier);
                let by = verifiers.first().context("the acceptance unit verifies")?.to_string();
                let on = teller.stage.calendar.roll(on + 5.days());
                let text = "现场查看构筑物和运行记录，抽测出水，符合设计要求。";
                teller.add(&by, on, (10, minute), order(ProjectOrder::Accept(true, told(text))))?;
            }
        }
        Come::Stopped => {
            let on = teller.working(-45);
            let reason = "选址与国土空间规划冲突，改由宝石镇中转站统一转运。".to_owned();
            teller.add(district::COMMITTEE, on, (16, minute), order(ProjectOrder::Stop(reason)))?;
        }
    }
    Ok(())
}
