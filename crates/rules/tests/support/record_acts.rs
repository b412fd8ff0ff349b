//! An example of every act about a record on the shelf.

use bihuan_rules::{
    Act,
    committee::{
        Agenda, Attendance, Call, Demand, FrozenList, ItemKind, ListKind, MeetingAct, Outcome, Presence,
    },
    id::{PostId, RecordId, TaskId, UnitId},
    official_document::{DocumentAct, DocumentKind, DocumentNumber, Draft, Figure, TemplateAct},
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
