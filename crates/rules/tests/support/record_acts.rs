//! An example of every act about a record on the shelf.

use bihuan_rules::{
    Act,
    committee::{
        Agenda, Attendance, Call, Demand, FrozenList, ItemKind, ListKind, MeetingAct, Outcome, Presence,
    },
    duty::{AdoptedBy, DutyAct, Wording},
    handover::{Change, HandoverAct, Owed},
    id::{PersonId, PostId, RecordId, TaskId, UnitId},
    official_document::{DocumentAct, DocumentKind, DocumentNumber, Draft, Figure},
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
    acts.extend(meeting_acts().into_iter().map(Act::from));
    acts.extend(duty_acts().into_iter().map(Act::from));
    acts.extend(handover_acts().into_iter().map(Act::from));
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
    };
    vec![
        DocumentAct::Drafted { draft: draft.clone() },
        DocumentAct::Revised { draft },
        DocumentAct::Issued {
            number: DocumentNumber { code: text("安环委"), year: 2021, n: 3 },
            on: ON,
            remarks: text("附件另发"),
        },
        DocumentAct::Dropped { reason: text("不再印发") },
        DocumentAct::Withdrawn { reason: text("数据有误") },
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
