//! A look-back draw on the pages: frozen, committed, revealed, drawn; what the pages give is accepted by the method and by a
//! script that shares no code with it, and whatever was changed is refused by both.

use crate::{
    inspection::{send, step, wide_house},
    record::{Browser, House},
};
use axum::http::StatusCode;
use bihuan_methods::{
    digest::Digest,
    look_back::{
        Drawing, Frame,
        ceremony::{Ceremony, commitment},
        reserve::{Absence, step_in},
    },
};
use bihuan_rules::{
    Act, Actor, Subject,
    id::{PersonId, PostId, TaskId, UnitId},
    office::{Level, Role},
    task::{self, TaskAct, TaskEvent},
};
use serde_json::json;
use std::{path::Path, process::Command};

/// Closed tasks of the house.
const CLOSED: usize = 30;
/// Three weeks after they were closed.
const LATER: &str = "2021-07-02T10:00:00+08:00";
const PARTIES: [&str; 3] = ["clerk", "watcher-1", "town-2"];

/// A house with thirty closed tasks of two towns and two fields, three weeks later.
fn closed_house() -> House {
    let house = wide_house();
    let (person, post) = (PersonId::new("clerk").unwrap(), PostId::new("clerk").unwrap());
    let unit = UnitId::new("u-office").unwrap();
    let by = Actor { person, post, unit, level: Level::County, roles: [Role::Registrar].into() };
    let write = |work: &mut bihuan_store::Work<'_>| {
        for n in 0..CLOSED {
            let body = serde_json::from_value(json!({
                "problems": ["AL-2021-0001"], "source": "S-1", "field": if n % 3 == 0 { "garbage" } else { "sewage" },
                "area": if n % 4 == 0 { "u-town-2" } else { "u-town-1" }, "ruleset": "sichuan-2021",
                "title": format!("任务{n}"), "kind": "non_works", "level": if n % 5 == 0 { "province" } else { "county" },
                "items": 1, "deadline_text": "2021年12月底前",
            }));
            let event = task::register(&work.situation("sichuan-2021"), body.unwrap()).unwrap();
            let subject = Subject::Task(TaskId::new(format!("AL-2021-{:05}-1", n + 100)).unwrap());
            work.record(subject.clone(), Act::Task(event))?;
            let filed = TaskEvent::from(TaskAct::Filed { number: format!("备{n}") });
            work.record(subject, Act::Task(filed))?;
        }
        Ok::<_, bihuan_store::Error>(())
    };
    house.app.books.work(by, house.app.now(), write).unwrap();
    house.later(LATER)
}

async fn planned(clerk: &Browser<'_>, sealed: &str) -> String {
    let fields = [
        ("title", "第1次回头看"),
        ("round_kind", "look_back"),
        ("sealed", sealed),
        ("organiser", "u-office"),
        ("starts_on", "2021-07-02"),
        ("ends_on", "2021-07-20"),
        ("checklist", "措施是否落实 | 对照方案 | 销号表 | 看现场"),
    ];
    step(clerk, "/rounds/new", &fields).await
}

const FREEZE: [(&str, &str); 6] = [
    ("draw", "10"),
    ("reserves", "3"),
    ("parties", "u-office"),
    ("parties", "u-watch"),
    ("parties", "u-town-2"),
    ("reveal_by", "2021-07-05"),
];

fn secret(who: &str) -> Digest {
    Digest::of_text(&format!("a secret of {who}"))
}

/// A round whose draw is made.
async fn drawn(house: &House) -> String {
    let clerk = house.enter("clerk").await;
    let round = planned(&clerk, "no").await;
    step(&clerk, &format!("{round}/draw/freeze"), &FREEZE).await;
    for who in PARTIES {
        let party = house.enter(who).await;
        step(&party, &format!("{round}/draw/commit"), &[("secret", &secret(who).to_string())]).await;
    }
    for who in PARTIES {
        let party = house.enter(who).await;
        step(&party, &format!("{round}/draw/reveal"), &[("secret", &secret(who).to_string())]).await;
    }
    step(&clerk, &format!("{round}/draw/run"), &[]).await;
    round
}

/// What the independent script says of a published draw; nothing where there is no Python.
fn script(drawing: &Drawing) -> Option<bool> {
    let room = tempfile::tempdir().unwrap();
    let file = room.path().join("draw.json");
    std::fs::write(&file, serde_json::to_vec(drawing).unwrap()).unwrap();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/draws/recompute.py");
    let output = Command::new("python3").arg(script).arg(file).output().ok()?;
    Some(output.status.success())
}

#[tokio::test]
async fn what_the_pages_give_of_a_draw_is_accepted_by_method_and_script_and_a_changed_frame_by_neither() {
    let house = closed_house();
    let round = drawn(&house).await;
    let town = house.enter("town-2").await;
    let page = town.get(&format!("{round}/draw")).await.text();
    assert!(page.contains("已抽取") || page.contains("从 30 件中抽出 13 件"), "{page}");
    assert!(page.contains("上级督察 ×3") && page.contains("核查未到现场 ×2"), "{page}");
    assert!(page.contains("抽样框中有本单位任务 8 件"), "{page}");
    let verify = town.get(&format!("{round}/draw/verify")).await.text();
    assert!(verify.contains("复算一致") && verify.contains("pps") || verify.contains("复算一致"), "{verify}");

    let file = |name: &str| format!("{round}/draw/{name}");
    let drawing: Drawing = serde_json::from_slice(&town.get(&file("draw.json")).await.bytes).unwrap();
    let frame: Frame = serde_json::from_slice(&town.get(&file("frame.json")).await.bytes).unwrap();
    let ceremony: Ceremony = serde_json::from_slice(&town.get(&file("ceremony.json")).await.bytes).unwrap();
    assert_eq!(drawing.drawn.len(), 10);
    assert!(drawing.disagreements().unwrap().is_empty());
    assert_eq!(frame.digest().unwrap(), drawing.frame_sha256);
    assert_eq!(ceremony.seed(frame.digest().unwrap()).unwrap().to_string(), drawing.seed);
    assert!(verify.contains(&drawing.frame_sha256.to_string()));
    assert_ne!(script(&drawing), Some(false));
    for id in &drawing.drawn {
        assert!(page.contains(&format!("/tasks/{id}")), "{id}");
    }
    let mut bent = drawing;
    bent.frame.units[0].factors.clear();
    bent.frame.units[0].weight = Some(9);
    assert!(!bent.disagreements().unwrap().is_empty());
    assert_ne!(script(&bent), Some(true));
    let xlsx = town.get(&file("draw.xlsx")).await;
    assert!(xlsx.status == StatusCode::OK && xlsx.bytes.starts_with(b"PK"));
    let report = bihuan_store::verify::run(&house.app.books, &[], &mut |_| true).unwrap();
    assert_eq!(report.fault, None);
}

#[tokio::test]
async fn a_party_reveals_what_it_committed_to_or_the_draw_is_void_by_name() {
    let house = closed_house();
    let clerk = house.enter("clerk").await;
    let round = planned(&clerk, "no").await;
    let few: Vec<_> = FREEZE.into_iter().filter(|(_, value)| *value != "u-town-2").collect();
    let told = send(&clerk, &format!("{round}/draw/freeze"), &few).await;
    assert_eq!(told.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(told.text().contains("至少要 3 方"));
    let mut many = FREEZE.to_vec();
    many[0].1 = "31";
    let told = send(&clerk, &format!("{round}/draw/freeze"), &many).await;
    assert_eq!(told.status, StatusCode::UNPROCESSABLE_ENTITY, "more than there is");
    step(&clerk, &format!("{round}/draw/freeze"), &FREEZE).await;

    let office = house.enter("watcher-2").await;
    let stranger =
        send(&office, &format!("{round}/draw/commit"), &[("secret", &secret("x").to_string())]).await;
    assert_eq!(stranger.status, StatusCode::UNPROCESSABLE_ENTITY, "no party");
    for who in PARTIES {
        let party = house.enter(who).await;
        // Made elsewhere: the server never sees the secret.
        let own = commitment(&secret(who).0).to_string();
        step(&party, &format!("{round}/draw/commit"), &[("secret", ""), ("commitment", &own)]).await;
    }
    let wrong = send(&clerk, &format!("{round}/draw/reveal"), &[("secret", &secret("y").to_string())]).await;
    assert!(wrong.text().contains("与承诺不符"), "{}", wrong.text());
    let early = send(&clerk, &format!("{round}/draw/run"), &[]).await;
    assert_eq!(early.status, StatusCode::UNPROCESSABLE_ENTITY, "nobody has revealed");
    let town = house.enter("town-2").await;
    step(&town, &format!("{round}/draw/refuse"), &[("party", "u-town-2"), ("reason", "不同意公开")]).await;
    let page = house.enter("auditor").await.get(&format!("{round}/draw")).await.text();
    assert!(page.contains("抽取作废") && page.contains("不同意公开"), "{page}");
}

#[tokio::test]
async fn a_sealed_round_is_not_drawn_in_the_open_and_only_the_office_freezes() {
    let house = closed_house();
    let clerk = house.enter("clerk").await;
    let round = planned(&clerk, "yes").await;
    let told = send(&clerk, &format!("{round}/draw/freeze"), &FREEZE).await;
    assert!(told.text().contains("不能密封"), "{}", told.text());
    let watcher = house.enter("watcher-1").await;
    assert_eq!(watcher.get(&format!("{round}/draw/freeze")).await.status, StatusCode::NOT_FOUND);
    assert_eq!(
        watcher.get(&format!("{round}/draw")).await.status,
        StatusCode::NOT_FOUND,
        "nothing is frozen"
    );
}

#[tokio::test]
async fn look_backs_of_what_was_drawn_become_a_rate_with_its_interval_or_say_that_it_is_not_enough() {
    let house = closed_house();
    let round = drawn(&house).await;
    let clerk = house.enter("clerk").await;
    let (one, two) = (house.enter("watcher-1").await, house.enter("watcher-2").await);
    step(&one, &format!("{round}/declare"), &[]).await;
    step(&two, &format!("{round}/declare"), &[]).await;
    let drawing: Drawing =
        serde_json::from_slice(&clerk.get(&format!("{round}/draw/draw.json")).await.bytes).unwrap();
    let first = &drawing.drawn[0];
    let proposed = clerk.get(&format!("{round}/assign")).await.text();
    assert!(proposed.contains(first.as_str()), "what was drawn stands in the form");
    let stops = drawing.drawn.iter().map(|id| format!("白鹿镇 | {id} | {id}")).collect::<Vec<_>>().join("\n");
    let fields = [
        ("stops", stops.as_str()),
        ("team_name", "第1组"),
        ("team_leader", "watcher-1|watcher-1"),
        ("team_second", "watcher-2|watcher-2"),
        ("team_third", ""),
        ("team_units", "白鹿镇"),
    ];
    step(&clerk, &format!("{round}/assign"), &fields).await;
    let mission = "/missions/X-2021-001";
    for n in 0..drawing.drawn.len() {
        step(&one, &format!("{mission}/arrive"), &[("entry", "unannounced"), ("escorted", "no")]).await;
        step(&one, &format!("{mission}/check"), &[("result-0", "fine"), ("note-0", "")]).await;
        let verdict = if n == 0 { "rebounded" } else { "held" };
        step(&one, &format!("{mission}/look-back"), &[("verdict", verdict), ("findings", "已现场查看")])
            .await;
        step(&one, &format!("{mission}/leave"), &[("outcome", "visited")]).await;
        if n == 0 {
            let page = clerk.get(&round).await.text();
            assert!(page.contains("件数还不够得出可靠的比率"), "{page}");
        }
    }
    let page = clerk.get(&round).await.text();
    assert!(page.contains("反弹 1 件") && page.contains("95%区间"), "{page}");
    assert!(
        page.contains("云溪镇") && page.contains("没有抽到，无法推断") || page.contains("污水"),
        "{page}"
    );
}

#[tokio::test]
async fn what_could_not_be_looked_at_is_replaced_by_the_next_reserve_and_anybody_follows_it() {
    let house = closed_house();
    let round = drawn(&house).await;
    let clerk = house.enter("clerk").await;
    let (one, two) = (house.enter("watcher-1").await, house.enter("watcher-2").await);
    step(&one, &format!("{round}/declare"), &[]).await;
    step(&two, &format!("{round}/declare"), &[]).await;
    let file = |name: &str| format!("{round}/draw/{name}");
    let drawing: Drawing = serde_json::from_slice(&clerk.get(&file("draw.json")).await.bytes).unwrap();
    let (first, second) = (&drawing.drawn[0], &drawing.drawn[1]);
    let fields = [
        ("stops", format!("白鹿镇 | 甲 | {first}\n白鹿镇 | 乙 | {second}")),
        ("team_name", "第1组".to_owned()),
        ("team_leader", "watcher-1|watcher-1".to_owned()),
        ("team_second", "watcher-2|watcher-2".to_owned()),
        ("team_third", String::new()),
        ("team_units", "白鹿镇".to_owned()),
    ];
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    step(&clerk, &format!("{round}/assign"), &fields).await;
    let page = clerk.get(&format!("{round}/draw")).await.text();
    assert!(!page.contains("/draw/reserve"), "nothing is out of reach: {page}");

    let mission = "/missions/X-2021-001";
    step(&one, &format!("{mission}/leave"), &[("outcome", "refused"), ("note", "门卫拒绝进入")]).await;
    let page = clerk.get(&format!("{round}/draw")).await.text();
    assert!(page.contains("/draw/reserve"), "{page}");
    assert_eq!(one.get(&file("reserve")).await.status, StatusCode::NOT_FOUND, "the office sends");
    let form = clerk.get(&file("reserve")).await.text();
    assert!(form.contains(&drawing.reserves[0]) && form.contains("门卫拒绝进入"), "{form}");
    let still = [("absent", second.as_str()), ("team", "X-2021-001")];
    let told = send(&clerk, &file("reserve"), &still).await;
    assert!(told.text().contains("不能递补"), "{}", told.text());
    step(&clerk, &file("reserve"), &[("absent", first.as_str()), ("team", "X-2021-001")]).await;
    let page = clerk.get(&format!("{round}/draw")).await.text();
    assert!(page.contains("X-2021-002") && page.contains("门卫拒绝进入"), "{page}");
    let reserve = one.get("/missions/X-2021-002").await.text();
    assert!(reserve.contains(&drawing.reserves[0]), "{reserve}");

    // Reserves go with the teams that went out first; they are no teams of their own.
    assert!(!clerk.get(&file("reserve")).await.text().contains("value=\"X-2021-002\""));
    // The second is out of reach too, and so is the reserve of the first: the next two follow in this order.
    step(&one, &format!("{mission}/leave"), &[("outcome", "not_reached"), ("note", "道路塌方")]).await;
    step(&one, "/missions/X-2021-002/leave", &[("outcome", "not_reached"), ("note", "已拆除")]).await;
    for absent in [second.as_str(), drawing.reserves[0].as_str()] {
        step(&clerk, &file("reserve"), &[("absent", absent), ("team", "X-2021-001")]).await;
    }
    let absences: Vec<Absence> =
        serde_json::from_slice(&clerk.get(&file("absent.json")).await.bytes).unwrap();
    let expected = step_in(&drawing, &absences).unwrap();
    let recorded: Vec<Option<&str>> = absences.iter().map(|each| each.reserve.as_deref()).collect();
    assert_eq!((recorded.len(), &recorded), (3, &expected));
    let verify = clerk.get(&file("verify")).await.text();
    assert!(verify.contains("bihuan draw reserves"), "{verify}");
    let sheet = clerk.get(&file("draw.xlsx")).await;
    assert_eq!(sheet.status, StatusCode::OK);
    let report = bihuan_store::verify::run(&house.app.books, &[], &mut |_| true).unwrap();
    assert_eq!(report.fault, None);
}
