//! Acts ever shipped (历史行为): what once stood in a ledger must be readable for ever, and mean the same.
//!
//! `golden/acts.jsonl` has a line for each variant. Lines are only ever added: `BIHUAN_PRINT=1` appends the ones
//! that are missing and never touches one that is there.

#[path = "support/record_acts.rs"]
mod record_acts;

use bihuan_rules::{
    Act,
    act::{AccountAct, AreaAct, SettingAct},
    id::{PersonId, PostId, ProblemId, RecordId, SourceId, TaskId, UnitId},
    intake::Adopted,
    office::{Charge, Former, Level, Line, OfficeAct, Person, Post, Role, Unit, UnitKind},
    picture::{Fingerprint, Grade, Proof},
    problem::{self, ProblemAct},
    record::Kind,
    ruleset::Conclusion,
    source::{Source, SourceKind},
    task::*,
};
use jiff::civil::Date;
use serde_json::{Value, json};
use std::{
    collections::{BTreeMap, BTreeSet},
    io::Write as _,
};

const GOLDEN: &str = include_str!("golden/acts.jsonl");

fn day(text: &str) -> Date {
    text.parse().expect("a date")
}

fn text(words: &str) -> String {
    words.to_owned()
}

fn unit(id: &str) -> UnitId {
    UnitId::new(id).expect("a code")
}

fn post(id: &str) -> PostId {
    PostId::new(id).expect("a code")
}

fn person(id: &str) -> PersonId {
    PersonId::new(id).expect("a code")
}

fn task(id: &str) -> TaskId {
    TaskId::new(id).expect("a code")
}

fn problem(id: &str) -> ProblemId {
    ProblemId::new(id).expect("a code")
}

fn duty(id: &str) -> RecordId {
    RecordId::new(id).expect("a code")
}

fn hand() -> Hand {
    Hand { person: person("lin"), post: post("town-cadre"), unit: unit("town") }
}

fn place() -> Place {
    Place { lat_e6: 31_123_456, lon_e6: 105_654_321, datum: Datum::Cgcs2000, accuracy_m: Some(5) }
}

/// One act of every variant, with every optional field filled.
fn every_act() -> Vec<Act> {
    let mut acts = vec![
        Act::Area(AreaAct::Founded {
            code: text("519904"),
            name: text("安澜区"),
            number_prefix: text("AL"),
            simulated: true,
        }),
        Act::Source(source()),
        Act::Intake(Adopted {
            file_name: text("清单.xlsx"),
            sha256: "ab".repeat(32),
            sender: text("市督察办"),
            rows_read: 12,
            rows_adopted: 10,
            rows_known: 2,
            mapping: text("A=title"),
        }),
    ];
    acts.extend(office_acts().into_iter().map(Act::Office));
    acts.extend(problem_acts().into_iter().map(Act::Problem));
    acts.extend(setting_acts().into_iter().map(Act::Setting));
    acts.extend(account_acts().into_iter().map(Act::Account));
    acts.extend(record_acts::every());
    let tasks = planning_acts().into_iter().chain(checking_acts()).chain(closing_acts()).chain(other_acts());
    acts.extend(tasks.map(|act| {
        let (due_on, look_back_on, sustain_on) = if matches!(act, TaskAct::Filed { .. }) {
            (None, Some(day("2021-04-09")), Some(day("2021-04-08")))
        } else {
            (Some(day("2021-03-31")), None, None)
        };
        let step = |term| Reckoned {
            date: DateOf::Step,
            from: day("2021-03-01"),
            issued_on: Some(day("2021-02-25")),
            term,
            calendar: text("holiday-cn-2026"),
        };
        let reckoned = match act {
            TaskAct::Registered(_) => vec![step("2wd".parse().ok()), step(None)],
            _ => Vec::new(),
        };
        Act::Task(TaskEvent { act, due_on, look_back_on, sustain_on, reckoned })
    }));
    acts
}

/// A picture with what it is found by and how much it proves.
fn graded() -> Evidence {
    Evidence {
        sha256: "ef".repeat(32),
        name: text("整改后2.jpg"),
        media_type: text("image/jpeg"),
        size_bytes: 98_765,
        role: EvidenceRole::After,
        caption: String::new(),
        taken_at: None,
        taken_where: None,
        fingerprint: Some(Fingerprint::of("dhash-phash-v1", [1, 2, 3, 4, 5, 6])),
        proof: Some(Proof {
            grade: Grade::C,
            method: text("evidence-grade-v1"),
            reasons: vec![text("gallery"), text("no_fix")],
        }),
    }
}

fn source() -> Source {
    Source {
        id: SourceId::new("S-2021-1").expect("a code"),
        kind: SourceKind::Inspection,
        level: Level::Province,
        title: text("省级生态环境保护督察反馈意见"),
        round: text("第二轮"),
        batch: text("第一批"),
        document_number: text("川环督〔2021〕1号"),
        sender: text("省督察办"),
        issued_on: Some(day("2021-02-25")),
        received_on: day("2021-03-01"),
        ruleset: text("sichuan-2021"),
    }
}

fn office_acts() -> Vec<OfficeAct> {
    vec![
        OfficeAct::UnitSet(Unit {
            id: unit("town"),
            name: text("青石镇"),
            formerly: vec![Former { name: text("青石乡"), until: day("2020-12-31") }],
            aliases: vec![text("青石")],
            parent: Some(unit("district")),
            kind: UnitKind::Town,
            level: Level::Town,
            closed_on: Some(day("2022-12-31")),
        }),
        OfficeAct::UnitClosed { id: unit("town"), on: day("2022-12-31") },
        OfficeAct::PostSet(Post {
            id: post("town-cadre"),
            unit: unit("town"),
            title: text("环保干事"),
            roles: [Role::Responsible].into(),
        }),
        OfficeAct::PersonSet(Person {
            id: person("lin"),
            name: text("林一"),
            formerly: vec![Former { name: text("林乙"), until: day("2020-12-31") }],
        }),
        OfficeAct::PostTaken { post: post("town-cadre"), person: person("lin"), from: day("2021-01-01") },
        OfficeAct::PostLeft { post: post("town-cadre"), person: person("lin"), until: day("2021-12-31") },
        OfficeAct::PostCharged(Charge {
            post: post("town-cadre"),
            from: day("2021-01-01"),
            heads: Some(Line::Government),
            fields: [text("water")].into(),
        }),
    ]
}

fn problem_acts() -> Vec<ProblemAct> {
    vec![
        ProblemAct::Registered(problem::Registered {
            source: SourceId::new("S-2021-1").expect("a code"),
            numbers: BTreeMap::from([(text("source"), text("17")), (text("city"), text("3-4"))]),
            title: text("排水沟污水直排"),
            original_text: text("农贸市场后排水沟污水直排。"),
            field: text("water"),
            area: Some(unit("town")),
            found_on: Some(day("2021-01-15")),
            fingerprint: text("f1"),
            cells: vec![(text("序号"), text("17"))],
        }),
        ProblemAct::PublicTextSet { text: text("排水沟有污水") },
        ProblemAct::Numbered { level: text("county"), number: text("AL-17") },
    ]
}

fn setting_acts() -> Vec<SettingAct> {
    vec![
        SettingAct::RulesetChosen { name: text("sichuan-2021") },
        SettingAct::RulesetAdopted { toml: text("name = \"own\"") },
        SettingAct::SchemeAdopted { toml: text("name = \"own\""), ground: text("区环委会第3次会议") },
        SettingAct::SchemeChosen { name: text("own"), ground: text("区环委会第3次会议") },
        SettingAct::LadderAdopted { toml: text("name = \"own\""), ground: text("区环委会第3次会议") },
        SettingAct::LadderChosen { name: text("own"), ground: text("区环委会第3次会议") },
        SettingAct::CalendarYearSet { year: 2027, json: text("{}") },
        SettingAct::ViewSaved {
            name: text("本周到期"), query: text("due=week"), post: post("registrar")
        },
        SettingAct::ViewDropped { name: text("本周到期"), post: post("registrar") },
    ]
}

fn account_acts() -> Vec<AccountAct> {
    let lin = || person("lin");
    vec![
        AccountAct::Opened { person: lin(), login: text("lin") },
        AccountAct::Closed { person: lin() },
        AccountAct::PasswordSet { person: lin() },
        AccountAct::SecondFactorAdded { person: lin() },
        AccountAct::SecondFactorRemoved { person: lin() },
    ]
}

fn registered() -> Registered {
    Registered {
        problems: vec![problem("AL-2021-0001")],
        parent: Some(task("AL-2021-0001-1")),
        source: SourceId::new("S-2021-1").expect("a code"),
        field: text("water"),
        area: Some(unit("town")),
        ruleset: text("sichuan-2021"),
        title: text("整治排水沟"),
        kind: TaskKind::Works,
        level: Level::Province,
        items: 3,
        goal: text("污水不入沟"),
        measures: vec![text("铺管")],
        deadline_text: text("2021年6月底前"),
        due_on: Some(day("2021-06-30")),
        immediate: true,
        sustain: true,
        proposal: Proposal {
            lead: vec![text("青石镇")],
            co: vec![text("区住建局")],
            supervising: text("区督察办"),
            acceptance: text("区生态环境局"),
            leader: text("副区长"),
            person: text("镇长"),
            progress: text("正在整改"),
        },
        received_on: Some(day("2021-03-01")),
        issued_on: Some(day("2021-02-25")),
    }
}

fn planning_acts() -> Vec<TaskAct> {
    let parties = Parties {
        lead: unit("town"),
        co: [unit("housing")].into(),
        supervising: Some(unit("eco-office")),
        acceptance: unit("bureau"),
        guarantor: Some(post("vice-head")),
    };
    let due_on = Some(day("2021-06-30"));
    vec![
        TaskAct::Registered(registered()),
        TaskAct::Split { parts: vec![task("AL-2021-0001-2"), task("AL-2021-0001-3")] },
        TaskAct::Merged { into: task("AL-2021-0002-1") },
        TaskAct::Absorbed {
            from: task("AL-2021-0001-1"),
            problems: vec![problem("AL-2021-0001")],
            items: 3,
            measures: vec![text("清淤")],
            sustain: true,
        },
        TaskAct::Assigned(Assigned {
            parties,
            duties: [duty("B-002")].into(),
            due_on,
            at_once: true,
            remark: text("请抓紧"),
        }),
        TaskAct::RoutingObjected { reason: text("不属本镇") },
        TaskAct::Planned(Planned {
            goal: text("污水不入沟"),
            measures: vec![text("铺管")],
            milestones: vec![MilestonePlan {
                text: text("铺完"),
                due_on: day("2021-05-31"),
                post: Some(post("town-head")),
            }],
            standard: text("达到Ⅲ类"),
            due_on,
        }),
        TaskAct::PlanReviewed { approved: true, remark: text("同意") },
        TaskAct::Reported(Report { text: text("已铺一半"), milestones: vec![1] }),
        TaskAct::ExtensionAsked(ExtensionAsked {
            due_on: Some(day("2021-08-31")),
            waive: vec![1],
            reason: text("汛期"),
            late: true,
        }),
        TaskAct::ExtensionDecided(ExtensionDecided {
            granted: true,
            due_on: Some(day("2021-08-31")),
            waived: vec![1],
            remark: text("同意"),
            document: text("市函〔2021〕7号"),
        }),
    ]
}

fn checking_acts() -> Vec<TaskAct> {
    let results = || vec![MeasureResult { number: 1, text: text("已铺管") }];
    vec![
        TaskAct::Claimed(Claimed {
            hand: hand(),
            results: results(),
            summary: text("已全部落实"),
            similar: text("同类排查三处"),
            mechanism: text("每周巡查"),
            enforcement: text("立案一件"),
            spent_fen: Some(1_250_000),
        }),
        TaskAct::Verified(Verified {
            checkers: vec![hand()],
            method: Method::OnSite,
            checked_on: day("2021-06-20"),
            findings: results(),
            standards: vec![1, 2],
            conclusion: Conclusion::PassWithFollowUps,
            opinion: text("同意通过"),
            notice_next: true,
        }),
        TaskAct::Clarified { standard: text("Ⅲ类"), document: text("纪要5") },
        TaskAct::SentBack { reason: text("仍有异味") },
        TaskAct::NoticeOpened(NoticeOpened {
            text: text("公示内容"),
            contact: text("0000-0000000"),
            channel: text("区政府网站"),
            opened_on: day("2021-06-21"),
            ends_on: day("2021-06-28"),
        }),
        TaskAct::ObjectionRaised { text: text("仍在漏"), channel: text("来信") },
        TaskAct::ObjectionAnswered { number: 1, upheld: false, answer: text("已复测") },
        TaskAct::NoticeClosed { record: text("第3页") },
    ]
}

fn closing_acts() -> Vec<TaskAct> {
    vec![
        TaskAct::Signed(Signed { hand: hand(), minutes: text("纪要7"), opinion: text("同意") }),
        TaskAct::Rechecked { passed: true, document: text("市函12号"), opinion: text("同意") },
        TaskAct::Filed { number: text("备-1") },
        TaskAct::LookedBack(LookedBack {
            hand: hand(),
            verdict: Verdict::Held,
            findings: text("无反弹"),
            next_on: Some(day("2021-06-09")),
        }),
        TaskAct::SustainChecked(SustainChecked {
            hand: hand(),
            held: true,
            findings: text("保持"),
            next_on: Some(day("2021-07-08")),
        }),
        TaskAct::Reopened {
            deadline_on: day("2021-12-31"),
            cause: text("管道破裂"),
            document: text("纪要9"),
            closed_on: Some(day("2021-03-09")),
        },
    ]
}

fn other_acts() -> Vec<TaskAct> {
    vec![
        TaskAct::Suspended { reason: text("诉讼"), document: text("纪要4"), until: day("2021-05-01") },
        TaskAct::Resumed(Resumed {
            remark: text("恢复"),
            suspended_days: 20,
            deadline_on: Some(day("2021-07-20")),
            step_due_on: Some(day("2021-04-20")),
        }),
        TaskAct::Voided { reason: text("重复"), document: text("纪要3") },
        TaskAct::Transferred {
            duties: [duty("B-002")].into(),
            lead: unit("housing"),
            reason: text("职责调整"),
            document: text("纪要6"),
        },
        TaskAct::Attached(Evidence {
            sha256: "cd".repeat(32),
            name: text("整改后.jpg"),
            media_type: text("image/jpeg"),
            size_bytes: 123_456,
            role: EvidenceRole::After,
            caption: text("同角度"),
            taken_at: Some("2021-06-19T02:00:00Z".parse().expect("an instant")),
            taken_where: Some(place()),
            fingerprint: None,
            proof: None,
        }),
        TaskAct::Attached(graded()),
        TaskAct::PointSet(Point { name: text("排口"), place: place() }),
        TaskAct::FlagSet { flag: Some(Flag::Lagging), reason: text("停工") },
        TaskAct::Redated(Redated {
            step_on: Some(day("2021-04-12")),
            deadline_on: Some(day("2021-07-01")),
            sustain_on: Some(day("2021-10-08")),
            calendar: text("holiday-cn-2026+2027.0"),
        }),
        TaskAct::Reminded { text: text("请于本周五前报送进展") },
        TaskAct::GuarantorNamed { post: Some(post("vice-head")) },
        TaskAct::Noted { text: text("已电话联系") },
    ]
}

/// A line of the golden file: kind and body, as the ledger holds them.
fn line(act: &Act) -> String {
    let (kind, body) = act.write();
    json!({ "kind": kind, "body": body }).to_string()
}

fn kind_of(line: &str) -> String {
    let value: Value = serde_json::from_str(line).expect("a golden line is JSON");
    value["kind"].as_str().expect("a golden line has a kind").to_owned()
}

/// Every kind that can be read, asked of the reader itself: it names what it would have understood.
fn every_kind() -> BTreeSet<String> {
    let mut kinds = BTreeSet::from(["source.registered", "intake.adopted"].map(str::to_owned));
    let records = Kind::ALL.iter().map(|kind| kind.name());
    for area in ["area", "office", "problem", "task", "setting", "account"].into_iter().chain(records) {
        let no_such = format!("{area}.no_such");
        let why = Act::read(&no_such, json!({ "body": {} })).expect_err("there is no such kind").why;
        let (_, expected) = why.split_once("expected ").expect("the reader says what it expected");
        kinds.extend(expected.split('`').skip(1).step_by(2).map(|name| format!("{area}.{name}")));
    }
    kinds
}

/// A new area of acts does not compile here until it is listed in [`every_kind`] and [`every_act`].
fn area_of(act: &Act) -> &'static str {
    match act {
        Act::Area(_) => "area",
        Act::Office(_) => "office",
        Act::Source(_) => "source",
        Act::Problem(_) => "problem",
        Act::Task(_) => "task",
        Act::Intake(_) => "intake",
        Act::Setting(_) => "setting",
        Act::Account(_) => "account",
        Act::Record(act) => act.kind().name(),
    }
}

#[test]
fn every_act_ever_shipped_reads_and_writes_back_the_same() {
    for golden in GOLDEN.lines() {
        let value: Value = serde_json::from_str(golden).expect("a golden line is JSON");
        let kind = value["kind"].as_str().expect("a golden line has a kind");
        let act = Act::read(kind, value["body"].clone()).unwrap_or_else(|error| panic!("{golden}: {error}"));
        assert_eq!(line(&act), golden);
        let body = value["body"].to_string();
        let text = Act::read_text(kind, &body).unwrap_or_else(|error| panic!("{golden}: {error}"));
        assert_eq!(text, act, "the text of the ledger says the same as its value");
        assert!(kind.starts_with(area_of(&act)));
    }
}

#[test]
fn whatever_order_a_ledger_tells_old_acts_in_replaying_never_falls_over() {
    let events: Vec<TaskEvent> = GOLDEN
        .lines()
        .filter_map(|golden| {
            let value: Value = serde_json::from_str(golden).ok()?;
            match Act::read(value["kind"].as_str()?, value["body"].clone()).ok()? {
                Act::Task(event) => Some(event),
                _ => None,
            }
        })
        .collect();
    let id = task("AL-2021-0001-1");
    let stamp = Stamp { on: day("2021-03-01"), person: person("lin"), post: post("town-cadre") };
    for shift in 0..events.len() {
        let story = events[..1].iter().chain(events.iter().cycle().skip(shift).take(events.len()));
        let replayed = Task::replay(&id, story.map(|event| (stamp.clone(), event)));
        assert!(replayed.is_some_and(|task| task.id == id));
    }
}

#[test]
fn every_variant_has_a_golden_line() {
    let golden: BTreeSet<String> = GOLDEN.lines().map(kind_of).collect();
    if std::env::var_os("BIHUAN_PRINT").is_some() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/acts.jsonl");
        let mut file = std::fs::OpenOptions::new().append(true).open(path).expect("the golden file is there");
        for missing in every_act().iter().map(line).filter(|line| !golden.contains(&kind_of(line))) {
            writeln!(file, "{missing}").expect("the golden file can be written");
        }
        return;
    }
    assert_eq!(golden, every_kind());
}

#[test]
fn every_variant_has_an_example_here() {
    let examples: BTreeSet<String> = every_act().iter().map(|act| act.write().0).collect();
    assert_eq!(examples, every_kind());
}

#[test]
fn the_name_of_an_act_is_the_end_of_its_kind() {
    for act in every_act() {
        if let Act::Task(event) = &act {
            assert_eq!(act.write().0, format!("task.{}", event.act.name()));
        }
    }
}

#[test]
fn an_act_that_nobody_knows_is_refused_and_not_guessed() {
    for (kind, body) in [
        ("task.teleported", json!({ "body": {} })),
        ("weather.changed", json!({})),
        ("task", json!({})),
        ("task.sent_back", json!({ "body": {} })),
        ("task.filed", json!(7)),
    ] {
        assert!(Act::read(kind, body).is_err(), "{kind}");
    }
}

#[test]
fn no_body_holds_a_float() {
    fn floats(value: &Value) -> bool {
        match value {
            Value::Number(number) => number.is_f64(),
            Value::Array(items) => items.iter().any(floats),
            Value::Object(fields) => fields.values().any(floats),
            _ => false,
        }
    }
    assert!(every_act().iter().all(|act| !floats(&act.write().1)));
}
