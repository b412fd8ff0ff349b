//! An example of every act about rounds, missions and findings.

use bihuan_rules::{
    Act,
    capture::{Capture, Challenge, Made, Received},
    checklist::{ChecklistAct, ChecklistText},
    finding::{FindingAct, FindingSource, Origin, Ruling, Seen, Severity},
    id::{PersonId, PostId, RecordId, TaskId, UnitId},
    mission::{
        Answer, Answered, Arrival, Entry, Kept, MissionAct, MissionStep, Outcome, Report, ReportField, Saw,
        Stop,
    },
    photo_question::{Alike, Explanation, PhotoQuestionAct, Shown, Why},
    picture::{Fingerprint, Grade, Picture, Proof},
    round::{
        Assigned, Assignment, Chance, CheckItem, Choice, Declaration, Drawing, Frame, FrameRow, Member, Mode,
        Plan, RoundAct, RoundKind, SetApart, Team,
    },
    task::{Datum, Place, Verdict},
};
use jiff::{Timestamp, civil::Date, civil::date};

const ON: Date = date(2021, 6, 18);

fn text(words: &str) -> String {
    words.to_owned()
}

fn unit(id: &str) -> UnitId {
    UnitId::new(id).expect("a code")
}

fn person(id: &str) -> PersonId {
    PersonId::new(id).expect("a code")
}

fn post(id: &str) -> PostId {
    PostId::new(id).expect("a code")
}

fn record(id: &str) -> RecordId {
    RecordId::new(id).expect("a code")
}

fn task(id: &str) -> TaskId {
    TaskId::new(id).expect("a code")
}

fn at() -> Timestamp {
    "2021-06-18T09:30:05+08:00".parse().expect("an instant")
}

fn place() -> Place {
    Place { lat_e6: 30_381_600, lon_e6: 105_623_600, datum: Datum::Wgs84, accuracy_m: Some(12) }
}

/// One of each.
pub fn every() -> Vec<Act> {
    let mut acts: Vec<Act> = round_acts().into_iter().map(Act::from).collect();
    acts.extend(mission_acts().into_iter().map(Act::from));
    acts.extend(finding_acts().into_iter().map(Act::from));
    acts.extend(photo_question_acts().into_iter().map(Act::from));
    acts.extend(checklist_acts().into_iter().map(Act::from));
    acts
}

fn team() -> Team {
    let member = |who: &str, at: &str| Member { person: person(who), post: post(who), unit: unit(at) };
    Team {
        name: text("第3组"),
        leader: person("inspector-1"),
        members: vec![member("inspector-1", "supervision"), member("inspector-2", "ecology")],
        skills: vec![text("sewage")],
    }
}

fn round_acts() -> Vec<RoundAct> {
    let plan = Plan {
        title: text("2021年第6轮交叉暗访"),
        kind: RoundKind::CrossCovert,
        organ: unit("office"),
        fields: vec![text("sewage")],
        from: ON,
        until: date(2021, 6, 25),
        scope: text("场镇污水"),
        sealed: true,
        checklist: vec![CheckItem {
            item: text("污水处理站运行"),
            key_point: text("是否正常运行"),
            standard: text("GB 18918"),
            method: text("查看进出水"),
        }],
    };
    let declaration = Declaration {
        person: person("inspector-1"),
        post: post("inspector-1"),
        units: vec![unit("town")],
        note: text("配偶在该镇任职"),
        on: ON,
    };
    let assignment = Assignment {
        mode: Mode::Drawn,
        method: text("cross-v1"),
        seed: text("ab12"),
        input: text("{}"),
        input_sha256: "cd".repeat(32),
        measure: text("5.17 bit"),
        pairs: vec![(text("第3组"), unit("town"))],
    };
    let sealed = Assigned {
        missions: vec![record("X-2021-001")],
        assignment: None,
        envelope: Some(text("AAAA")),
        key_sha256: "ef".repeat(32),
    };
    let frame = Frame {
        title: text("2021年第2季度回头看"),
        draw: 1,
        reserves: 1,
        rows: vec![FrameRow {
            task: task("AL-2021-00001-1"),
            unit: Some(unit("town")),
            field: text("sewage"),
            weight: 6,
            factors: vec![
                Chance { what: text("严重程度"), times: 3 },
                Chance { what: text("曾反弹"), times: 2 },
            ],
        }],
        excluded: vec![SetApart { task: task("AL-2021-00002-1"), reason: text("上级已复核") }],
        purposive: vec![SetApart { task: task("AL-2021-00003-1"), reason: text("主任点名") }],
        sha256: "ab".repeat(32),
        parties: vec![unit("office"), unit("discipline"), unit("town")],
        reveal_by: ON,
        beacon: None,
    };
    vec![
        RoundAct::Planned { plan: plan.clone() },
        RoundAct::Replanned { plan },
        RoundAct::Declared { declaration },
        RoundAct::FrameFrozen { frame },
        RoundAct::Committed { party: unit("office"), commitment: "ab".repeat(32) },
        RoundAct::Revealed { party: unit("office"), secret: text("山高水长 2021-06-18") },
        RoundAct::RevealRefused { party: unit("town"), reason: text("未到会") },
        RoundAct::Drawn {
            drawing: Drawing {
                method: text("pps-sys-v1"),
                seed: "12".repeat(32),
                chosen: vec![(task("AL-2021-00001-1"), Choice::Drawn)],
                public_value: String::new(),
            },
        },
        RoundAct::SteppedIn {
            absent: task("AL-2021-00001-1"),
            reason: text("道路塌方，车辆无法通行"),
            reserve: task("AL-2021-00004-1"),
            mission: record("X-2021-009"),
        },
        RoundAct::Assigned { assigned: sealed },
        RoundAct::AssignmentOpened { key: "34".repeat(32), assignment },
        RoundAct::Ended { note: text("共发现问题14个") },
        RoundAct::CalledOff { reason: text("汛期推迟") },
    ]
}

fn mission_acts() -> Vec<MissionAct> {
    let planned = MissionStep::Planned {
        team: team(),
        stops: vec![Stop {
            unit: unit("town"),
            place: text("东溪镇场镇污水处理站"),
            task: Some(task("AL-2021-00001-1")),
            at: Some(place()),
            note: text("看夜间排放"),
        }],
    };
    let arrival = Arrival { at: at(), entry: Entry::Unannounced, escorted: false, place: Some(place()) };
    let steps = vec![
        MissionStep::Arrived { n: 1, arrival },
        MissionStep::Checked {
            n: 1,
            answers: vec![Answer { result: Answered::Problem, note: text("设备停运") }],
        },
        MissionStep::Found { n: 1, seen: Box::new(seen()) },
        MissionStep::LookedBack { n: 1, verdict: Verdict::Rebounded, findings: text("污水仍直排") },
        MissionStep::Left { n: 1, at: at(), outcome: Outcome::Visited, note: String::new() },
        MissionStep::Reported { n: 1, report: Box::new(report()) },
        MissionStep::Reported { n: 1, report: Box::new(report_and_read()) },
        MissionStep::Settled { n: 1, field: ReportField::Answer(0), key: text("k-8") },
        MissionStep::CalledOff { reason: text("道路中断") },
    ];
    let kept = Kept {
        person: person("inspector-1"),
        post: post("inspector-1"),
        at: at(),
        step: MissionStep::CalledOff { reason: text("道路中断") },
    };
    let mut acts = vec![
        MissionAct::Given { round: record("R-2021-001"), step: planned },
        MissionAct::Sealed {
            round: record("R-2021-001"),
            key_sha256: "ab".repeat(32),
            envelope: text("AAAA"),
        },
        MissionAct::Added { envelope: text("BBBB") },
        MissionAct::Opened { key: "cd".repeat(32), kept: vec![kept] },
    ];
    acts.extend(steps.into_iter().map(|step| MissionAct::Went { step }));
    acts
}

fn seen() -> Seen {
    Seen {
        at: at(),
        unit: unit("town"),
        spot: text("东溪镇场镇污水处理站"),
        place: Some(place()),
        field: text("sewage"),
        item: text("污水处理站运行"),
        facts: text("设备停运，污水经溢流口直排琼澜河。"),
        samples: text("溢流口水样1份"),
        act: text("责令立即恢复运行"),
        fix_now: true,
        severity: Severity::Serious,
        suspected: Some(unit("town")),
        repeats: Some(task("AL-2021-00001-1")),
        photos: vec!["ab".repeat(32)],
        pictures: Vec::new(),
        captures: Vec::new(),
        made: None,
    }
}

/// The same, with what the server read from the photo.
fn seen_and_read() -> Seen {
    let picture = Picture {
        sha256: "ab".repeat(32),
        name: text("溢流口.jpg"),
        media_type: text("image/jpeg"),
        size_bytes: 45_678,
        taken_at: Some(at()),
        taken_where: Some(place()),
        fingerprint: Some(Fingerprint::of("dhash-phash-v1", [1, 2, 3, 4, 5, 6])),
        proof: Some(Proof { grade: Grade::A, method: text("evidence-grade-v1"), reasons: Vec::new() }),
    };
    Seen { pictures: vec![picture], ..seen() }
}

/// A checklist, drawn up and taken out of use.
fn checklist_acts() -> Vec<ChecklistAct> {
    let item = CheckItem {
        item: text("污水处理站运行"),
        key_point: text("是否正常运行"),
        standard: text("GB 18918"),
        method: text("查看进出水"),
    };
    let words =
        ChecklistText { kind: RoundKind::LookBack, title: text("回头看清单"), items: vec![item] };
    vec![ChecklistAct::Set { text: words }, ChecklistAct::Retired { reason: text("已有新版") }]
}

/// A question about a picture, from being raised to being settled.
fn photo_question_acts() -> Vec<PhotoQuestionAct> {
    let shown = |subject: &str, hash: &str| Shown {
        subject: text(subject),
        sha256: hash.repeat(32),
        taken_at: Some(at()),
        on: ON,
    };
    vec![
        PhotoQuestionAct::Raised {
            picture: shown("task/AL-2021-00009-1", "cd"),
            like: shown("finding/F-2021-001", "ab"),
            why: Why::LikeElsewhere,
            alike: Some(Alike { dhash: 2, phash: 4, mirrored: true }),
            method: text("dhash-phash-v1"),
            by: person("town-cadre"),
            unit: unit("town"),
        },
        PhotoQuestionAct::Explained {
            explanation: Explanation::TakenAgain, text: text("同一机位重新拍摄")
        },
        PhotoQuestionAct::Settled { stands: true, text: text("现场核对,角度一致") },
    ]
}

/// The same, taken with a phone far from any network.
fn seen_on_phone() -> Seen {
    let capture = Capture {
        sha256: "ab".repeat(32),
        in_app: true,
        captured_at: at(),
        sent_at: at(),
        nonce: Some(text("bm9uY2U")),
        fetched_at: Some(at()),
        since_fetched_ms: Some(600_000),
        until_sent_ms: Some(90_000),
        place: Some(place()),
        mock: false,
        received: Some(Received {
            at: at(),
            challenge: Challenge::Answered { after_s: 690 },
            digest_agrees: true,
            media_type: text("image/jpeg"),
            size_bytes: 412_345,
        }),
    };
    let made = Made { at: at(), device: text("d-1"), n: 7, key: text("k-7"), sent_at: at() };
    Seen { facts: String::new(), captures: vec![capture], made: Some(made), ..seen() }
}

/// A whole visit as a phone tells it.
fn report() -> Report {
    let made = Made { at: at(), device: text("d-1"), n: 8, key: text("k-8"), sent_at: at() };
    Report {
        made,
        received_at: Some(at()),
        arrival: Arrival { at: at(), entry: Entry::Unannounced, escorted: false, place: Some(place()) },
        saw: Saw::New,
        note: text("设备停运"),
        answers: vec![Answer { result: Answered::Fine, note: String::new() }],
        captures: seen_on_phone().captures,
        pictures: Vec::new(),
        seen: Some(Box::new(seen_on_phone())),
    }
}

/// The same of a closed task, with what the server read from its picture.
fn report_and_read() -> Report {
    Report { saw: Saw::Held, pictures: seen_and_read().pictures, seen: None, ..report() }
}

fn finding_acts() -> Vec<FindingAct> {
    let origin = Origin {
        source: FindingSource::CrossCovert,
        round: record("R-2021-001"),
        mission: record("X-2021-001"),
        stop: 1,
        checkers: vec![person("inspector-1")],
    };
    vec![
        FindingAct::Recorded { origin: origin.clone(), seen: Box::new(seen()) },
        FindingAct::Recorded { origin: origin.clone(), seen: Box::new(seen_and_read()) },
        FindingAct::Recorded { origin, seen: Box::new(seen_on_phone()) },
        FindingAct::Ruled {
            ruling: Ruling::Clue { unit: unit("ecology"), text: text("查清溢流口来源") },
            reason: String::new(),
        },
        FindingAct::Ruled {
            ruling: Ruling::Problem { task: task("AL-2021-00009-1") },
            reason: String::new(),
        },
    ]
}
