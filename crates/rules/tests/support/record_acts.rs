//! An example of every act about a record on the shelf.

#[path = "burden_acts.rs"]
mod burden_acts;
#[path = "inspection_acts.rs"]
mod inspection_acts;
#[path = "ladder_acts.rs"]
mod ladder_acts;
#[path = "ranking_acts.rs"]
mod ranking_acts;

use bihuan_rules::{
    Act,
    campaign::{CampaignAct, CampaignPlan},
    committee::{
        Agenda, Attendance, Call, Demand, FrozenList, ItemKind, ListKind, MeetingAct, Outcome, Presence,
    },
    duty::{AdoptedBy, DutyAct, Wording},
    film::{Fate, FilmAct, FilmFacts, FilmItem, Timecode},
    guarantee::{GuaranteeAct, Period, ScopeKind, Terms},
    handover::{Change, HandoverAct, Owed},
    id::{PersonId, PostId, ProblemId, RecordId, TaskId, UnitId},
    kept_file::KeptFile,
    office::Level,
    official_document::{DocumentAct, DocumentKind, DocumentNumber, Draft, Figure, TemplateAct},
    project::{Brief, Fund, MilestonePlan, Plan, ProjectAct, TargetPlan},
    river::{
        Alert, AlertCause, AlertLevel, Chief, ChiefKind, ChiefLevel, Duty, Every, Finding, Log, Method,
        Opinion, Outline, PatrolAct, Per, Photo, PlanAct, PlanSubject, PlanTask, PlanText, Reach, RiverAct,
        Scheme, SchemeAct, Season, Slot, SlotKind, Spot, WaterKind,
    },
    task::{Datum, Place},
};
use jiff::civil::{Date, date};

fn text(words: &str) -> String {
    words.to_owned()
}

fn unit(id: &str) -> UnitId {
    UnitId::new(id).expect("a code")
}

fn post(id: &str) -> PostId {
    PostId::new(id).expect("a code")
}

fn record(id: &str) -> RecordId {
    RecordId::new(id).expect("a code")
}

const ON: Date = date(2021, 6, 18);

/// One of each.
pub fn every() -> Vec<Act> {
    let mut acts: Vec<Act> = document_acts().into_iter().map(Act::from).collect();
    acts.extend(template_acts().into_iter().map(Act::from));
    acts.extend(meeting_acts().into_iter().map(Act::from));
    acts.extend(duty_acts().into_iter().map(Act::from));
    acts.extend(handover_acts().into_iter().map(Act::from));
    acts.extend(campaign_acts().into_iter().map(Act::from));
    acts.extend(project_acts().into_iter().map(Act::from));
    acts.extend(guarantee_acts().into_iter().map(Act::from));
    acts.extend(river_acts().into_iter().map(Act::from));
    acts.extend(patrol_acts().into_iter().map(Act::from));
    acts.extend(plan_acts().into_iter().map(Act::from));
    acts.extend(scheme_acts().into_iter().map(Act::from));
    acts.extend(film_acts().into_iter().map(Act::from));
    acts.extend(inspection_acts::every());
    acts.extend(ranking_acts::every().into_iter().map(Act::from));
    acts.extend(ladder_acts::cases().into_iter().map(Act::from));
    acts.extend(ladder_acts::figures().into_iter().map(Act::from));
    acts.extend(burden_acts::every());
    acts
}

fn document_acts() -> Vec<DocumentAct> {
    let draft = Draft {
        kind: DocumentKind::Circular,
        organ: unit("office"),
        code: text("安环委"),
        title: text("关于生态环境问题整改情况的通报"),
        addressees: vec![text("各镇人民政府")],
        text: text("截至6月15日，未完成整改{open}个。"),
        figures: vec![Figure { name: text("open"), value: text("12"), source: text("/tasks?open=yes") }],
        attachments: vec![text("问题清单")],
        annex: vec![vec![text("镇"), text("未完成")], vec![text("东溪镇"), text("3")]],
        about: vec![text("meeting/M-2021-002")],
        units: Vec::new(),
        cc: Vec::new(),
        answer_due_on: None,
    };
    let letter = Draft {
        kind: DocumentKind::SupervisionLetter,
        units: vec![unit("town")],
        cc: vec![text("区纪委监委")],
        answer_due_on: Some(date(2021, 6, 25)),
        ..draft.clone()
    };
    vec![
        DocumentAct::Drafted { draft: draft.clone() },
        DocumentAct::Revised { draft },
        DocumentAct::Issued {
            number: DocumentNumber { code: text("安环委"), year: 2021, n: 3 },
            on: ON,
            remarks: text("附件另发"),
            template: None,
        },
        DocumentAct::Dropped { reason: text("不再印发") },
        DocumentAct::Withdrawn { reason: text("数据有误") },
        DocumentAct::Drafted { draft: letter },
        DocumentAct::Issued {
            number: DocumentNumber { code: text("安环委"), year: 2021, n: 4 },
            on: ON,
            remarks: String::new(),
            template: Some("cd".repeat(32)),
        },
        DocumentAct::Received { unit: unit("town") },
        DocumentAct::Answered { unit: unit("town"), text: text("已制定整改计划") },
        DocumentAct::AnswerAccepted { unit: unit("town") },
    ]
}

fn template_acts() -> Vec<TemplateAct> {
    vec![
        TemplateAct::Adopted {
            document: DocumentKind::SupervisionLetter,
            name: text("督办函模板.docx"),
            sha256: "cd".repeat(32),
            placeholders: vec![text("{{标题}}"), text("{{正文}}")],
        },
        TemplateAct::Retired { reason: text("改用新版") },
    ]
}

fn meeting_acts() -> Vec<MeetingAct> {
    let call = Call {
        title: text("环委会2021年第2次全体会议"),
        organ: unit("office"),
        on: ON,
        place: text("9:00 三楼会议室"),
        chair: post("chief"),
        members: vec![post("chief"), post("town-head")],
        guests: vec![text("监测站站长")],
        quorum_percent: 50,
    };
    let agenda = Agenda {
        kind: ItemKind::Deliberate,
        title: text("审议《问题清单》"),
        reporter: Some(unit("office")),
        list: Some(ListKind::Problems),
        paper: text("见附件"),
        record: Some(text("document/D-2021-001")),
    };
    let list = FrozenList {
        list: ListKind::Problems,
        version: 1,
        rows: vec![vec![text("编号")], vec![text("AL-2021-00001")]],
        sha256: "ab".repeat(32),
        on: ON,
    };
    vec![
        MeetingAct::Called { call: call.clone() },
        MeetingAct::Recalled { call },
        MeetingAct::ItemPlaced { agenda: agenda.clone() },
        MeetingAct::ItemChanged { n: 1, agenda },
        MeetingAct::FilmShown { n: 1, film: record("F-2021-001") },
        MeetingAct::ItemTaken { n: 1 },
        MeetingAct::Opened {
            attendance: vec![Attendance {
                post: post("town-head"),
                presence: Presence::Substitute,
                note: text("副镇长李强"),
            }],
            lists: vec![(1, list.clone())],
        },
        MeetingAct::ItemClosed {
            n: 1,
            outcome: Outcome::AdoptedInPrinciple,
            note: text("按讨论意见修改后印发"),
            demands: vec![Demand { text: text("月底前补齐管网"), lead: unit("town"), due_on: ON }],
        },
        MeetingAct::Ended,
        MeetingAct::ListIssued { n: 1, list, document: record("D-2021-002") },
        MeetingAct::Tasked { n: 1, demand: 1, task: TaskId::new("AL-2021-00001-1").expect("a code") },
        MeetingAct::Answered { n: 1, demand: 1, text: text("已补齐") },
        MeetingAct::AnswerAccepted { n: 1, demand: 1 },
        MeetingAct::Minuted { document: record("D-2021-003") },
        MeetingAct::CalledOff { reason: text("改期") },
    ]
}

fn film_acts() -> Vec<FilmAct> {
    let facts = FilmFacts {
        title: text("2021年市级生态环境警示片"),
        level: Level::City,
        sender: text("市生态环境保护委员会办公室"),
        length: Timecode::from_seconds(720),
        received_on: ON,
    };
    let item = FilmItem {
        from: Timecode::from_seconds(195),
        until: Timecode::from_seconds(242),
        seen: text("污水直排河道"),
        place: text("东溪镇污水处理站"),
        area: Some(unit("town")),
        unit: Some(unit("town")),
    };
    let task = TaskId::new("AL-2021-00001-1").expect("a code");
    let problem = ProblemId::new("AL-2021-00001").expect("a code");
    let settled = |fate: Fate| FilmAct::ItemSettled { n: 1, fate };
    vec![
        FilmAct::Received { facts: facts.clone() },
        FilmAct::Corrected { facts },
        FilmAct::ItemsEntered { items: vec![item.clone()] },
        FilmAct::ItemChanged { n: 1, item },
        settled(Fate::Problem { problem, task: task.clone() }),
        settled(Fate::Known { task }),
        settled(Fate::SetAside { reason: text("不在本区") }),
    ]
}

fn duty_acts() -> Vec<DutyAct> {
    let wording = Wording {
        text: text("负责场镇污水处理设施运行监管"),
        fields: [text("sewage")].into(),
        basis: vec![text("《中华人民共和国水污染防治法》第四十九条")],
        liability: text("依纪依法追究直接责任"),
        principle: text("three_musts_business"),
        degree: text("direct"),
        units: [unit("housing")].into(),
        posts: [post("town-head")].into(),
        from: ON,
        until: Some(ON),
    };
    let by = AdoptedBy::Meeting { meeting: record("M-2021-001"), item: 2, list: 1 };
    vec![
        DutyAct::Proposed { wording: wording.clone() },
        DutyAct::Revised { wording },
        DutyAct::Adopted { by, from: ON },
        DutyAct::Ended { until: ON, reason: text("职能划转") },
        DutyAct::Withdrawn { reason: text("不再列入") },
    ]
}

fn handover_acts() -> Vec<HandoverAct> {
    let person = |id: &str| PersonId::new(id).expect("a code");
    let change = Change { post: post("town-head"), from: person("lin"), to: person("chen"), on: ON };
    let lines = || {
        Some(vec![Owed {
            subject: text("task/AL-2021-00001-1"), title: text("补齐管网"), due_on: Some(ON)
        }])
    };
    vec![
        HandoverAct::Drawn { change },
        HandoverAct::Given { lines: lines(), remark: text("资料在档案室") },
        HandoverAct::GivenFor { lines: lines(), reason: text("已调离本地") },
        HandoverAct::Taken { lines: lines(), remark: text("已逐项核对") },
        HandoverAct::CalledOff { reason: text("任免撤回") },
    ]
}

fn files() -> Vec<KeptFile> {
    vec![KeptFile {
        sha256: "cd".repeat(32),
        name: text("完工.jpg"),
        media_type: text("image/jpeg"),
        size_bytes: 4_096,
    }]
}

fn campaign_acts() -> Vec<CampaignAct> {
    let plan = CampaignPlan {
        title: text("农村生活污水治理专项行动"),
        organ: unit("office"),
        goal: text("安置点污水全收集"),
        document: text("安环委发〔2021〕2号"),
        from: ON,
        until: date(2021, 12, 31),
    };
    vec![
        CampaignAct::Opened { plan: plan.clone() },
        CampaignAct::Revised { plan, reason: text("汛期顺延") },
        CampaignAct::Closed { summary: text("全部建成") },
        CampaignAct::Stopped { reason: text("并入新的行动") },
    ]
}

fn project_acts() -> Vec<ProjectAct> {
    let plan = Plan {
        brief: Brief {
            title: text("河沿社区污水处理站"),
            campaign: Some(record("C-2021-001")),
            content: text("日处理300吨"),
            field: text("sewage"),
            area: Some(unit("town")),
            lead: unit("town"),
            post: post("town-head"),
            acceptance: unit("housing"),
            start_on: ON,
            due_on: date(2021, 12, 31),
            after: vec![record("P-2021-001")],
            about: vec![text("task/AL-2021-00001-1")],
        },
        milestones: vec![MilestonePlan {
            title: text("主体完工"),
            from: ON,
            until: date(2021, 10, 31),
            post: Some(post("town-head")),
            after: vec![1],
            dropped: true,
        }],
        targets: vec![TargetPlan {
            indicator: text("日处理能力"),
            unit: text("吨/日"),
            baseline: "0".parse().expect("a quantity"),
            target: "300.5".parse().expect("a quantity"),
        }],
        funds: vec![Fund { source: text("省级专项"), planned_yuan: 2_000_000 }],
    };
    vec![
        ProjectAct::Planned { plan: plan.clone() },
        ProjectAct::Revised { plan, reason: text("汛期停工") },
        ProjectAct::Started { on: ON },
        ProjectAct::Reported { text: text("基坑开挖"), files: files() },
        ProjectAct::MilestoneReached { n: 1, on: ON, note: text("验收单"), files: files() },
        ProjectAct::TargetReported {
            n: 1,
            value: "120".parse().expect("a quantity"),
            on: ON,
            note: text("检测报告"),
            files: files(),
        },
        ProjectAct::Paid { fund: 1, yuan: 500_000, on: ON, note: text("首期进度款") },
        ProjectAct::Finished { summary: text("建成通水"), files: files() },
        ProjectAct::Accepted { passed: true, opinion: text("运行正常"), files: files() },
        ProjectAct::Stopped { reason: text("选址调整") },
    ]
}

fn guarantee_acts() -> Vec<GuaranteeAct> {
    let terms = Terms {
        post: post("vice-head"),
        scope: ScopeKind::Task,
        subject: text("task/AL-2021-00001-1"),
        name: text("清理河道垃圾"),
        visits: 1,
        period: Period::Month,
        from: ON,
        until: Some(date(2021, 12, 31)),
        document: text("安环委发〔2021〕3号"),
    };
    let task = TaskId::new("AL-2021-00001-1").expect("a code");
    vec![
        GuaranteeAct::Taken { terms: terms.clone() },
        GuaranteeAct::Changed { terms, reason: text("汛期加密") },
        GuaranteeAct::HandedOn { post: post("town-head") },
        GuaranteeAct::Visited { on: ON, place: text("排口"), seen: text("无直排"), files: files() },
        GuaranteeAct::Asked { text: text("吸污车一台"), of: unit("housing") },
        GuaranteeAct::Answered { n: 1, granted: true, text: text("下周到位") },
        GuaranteeAct::Opined { task, supports: true, text: text("同意销号") },
        GuaranteeAct::Ended { on: ON, reason: text("已销号") },
    ]
}

fn river_acts() -> Vec<RiverAct> {
    let season = Some(Season { from: 3, until: 12 });
    let duty = Duty { level: ChiefLevel::Village, visits: 2, every: Every::Month, season };
    let outline = Outline {
        name: text("琼澜河"),
        kind: WaterKind::River,
        office: unit("water"),
        length_m: 98_000,
        course: text("自西向东，流入邻省"),
        rule: text("sichuan-county"),
        duties: vec![duty],
    };
    let reach = Reach {
        name: text("琼澜河汇龙镇段"),
        section: text("下游段"),
        order: 1,
        length_m: 9_200,
        unit: unit("town"),
        towns: vec![unit("town")],
        datum: Datum::Cgcs2000,
        line: vec![
            Spot { lon_e6: 105_600_000, lat_e6: 30_380_000 },
            Spot { lon_e6: 105_640_000, lat_e6: 30_390_000 },
        ],
        goals: text("水质稳定达到Ⅲ类"),
        phone: text("199-0000-0001"),
    };
    let chief = Chief {
        reach: Some(1),
        kind: ChiefKind::Administrative,
        level: ChiefLevel::Village,
        stretch: text("双桥村"),
        post: Some(post("town-head")),
        name: String::new(),
        assistants: vec![post("chief")],
        from: ON,
        until: None,
    };
    let civil = Chief {
        reach: None,
        kind: ChiefKind::Civil,
        level: ChiefLevel::District,
        stretch: String::new(),
        post: None,
        name: text("王建"),
        assistants: Vec::new(),
        from: ON,
        until: Some(ON),
    };
    let alert = Alert {
        reach: Some(1),
        level: AlertLevel::Orange,
        cause: AlertCause::WaterQuality,
        reason: text("断面氨氮超标"),
        from: ON,
        lifted_on: None,
        lifted_because: String::new(),
    };
    vec![
        RiverAct::Listed { outline: outline.clone() },
        RiverAct::Amended { outline },
        RiverAct::ReachSet { n: 1, reach },
        RiverAct::ChiefAppointed { chief },
        RiverAct::ChiefAppointed { chief: civil },
        RiverAct::ChiefRelieved { n: 1, until: ON, reason: text("换届") },
        RiverAct::AlertRaised { alert },
        RiverAct::AlertLifted { n: 1, on: ON, reason: text("连续三次达标") },
    ]
}

fn patrol_acts() -> Vec<PatrolAct> {
    let spot = |lon_e6| Spot { lon_e6, lat_e6: 30_380_000 };
    let place = Place { lat_e6: 30_380_000, lon_e6: 105_600_000, datum: Datum::Wgs84, accuracy_m: Some(12) };
    let log = Log {
        river: record("R-001"),
        reach: 1,
        chief: 1,
        from: ON.at(8, 30, 0, 0),
        until: ON.at(9, 20, 0, 0),
        method: Method::Foot,
        distance_m: Some(2_100),
        track: vec![spot(105_600_000), spot(105_601_000)],
        datum: Some(Datum::Wgs84),
        at: Some(place),
        seen: text("水体清澈，岸线无新增堆放"),
        findings: vec![Finding { text: text("排口有黑水"), place: Some(place) }],
        photos: vec![Photo {
            sha256: "cd".repeat(32),
            name: text("排口.jpg"),
            media_type: text("image/jpeg"),
            size_bytes: 12_000,
        }],
        task: Some(TaskId::new("AL-2021-00001-1").expect("a code")),
    };
    vec![
        PatrolAct::Logged { log },
        PatrolAct::FindingRegistered { n: 1, task: TaskId::new("AL-2021-00001-1").expect("a code") },
        PatrolAct::FindingSettled { n: 1, text: text("当场清理") },
        PatrolAct::Withdrawn { reason: text("河段选错") },
    ]
}

fn plan_acts() -> Vec<PlanAct> {
    let plan = PlanText {
        title: text("琼澜河“一河一策”管理保护方案"),
        river: record("R-001"),
        unit: unit("water"),
        from: date(2021, 1, 1),
        until: date(2023, 12, 31),
        goals: vec![text("出境断面稳定达到Ⅲ类")],
        tasks: vec![PlanTask {
            subject: PlanSubject::Pollution,
            phase: text("第一阶段（2021年）"),
            text: text("补齐场镇污水管网"),
            lead: unit("town"),
            due_on: ON,
        }],
    };
    let opinion = Opinion { unit: unit("town"), text: text("增加管护经费"), answer: text("已采纳") };
    vec![
        PlanAct::Drafted { text: plan.clone() },
        PlanAct::Revised { text: plan },
        PlanAct::OpinionNoted { opinion },
        PlanAct::Submitted,
        PlanAct::Reviewed { agreed: true, remark: text("同意") },
        PlanAct::Approved { basis: text("安府函〔2021〕12号") },
        PlanAct::Tasked { n: 1, task: TaskId::new("AL-2021-00001-1").expect("a code") },
    ]
}

fn scheme_acts() -> Vec<SchemeAct> {
    let slot = Slot {
        digit: 1,
        label: text("每条河1名区级河长"),
        kind: Some(SlotKind::PostCount),
        level: Some(ChiefLevel::District),
        min: 1,
        every: Some(Every::Month),
        season: Some(Season { from: 3, until: 12 }),
        per: Some(Per::River),
        text: text("名单见附件"),
    };
    let scheme = Scheme { name: text("1"), unit: unit("water"), slots: vec![slot.clone()] };
    vec![SchemeAct::Named { scheme }, SchemeAct::SlotSet { n: 1, slot }]
}
