//! Rounds, missions and findings: from the plan to the task, and a seal that gives nothing away.

use crate::record::{Browser, House, POSTS, house};
use axum::http::StatusCode;
use bihuan_rules::{
    Act, Actor, Subject,
    id::{PersonId, PostId, UnitId},
    office::{Level, OfficeAct, Role},
};
use serde_json::json;

/// Inspectors of three units, and a second clerk.
const MORE: [(&str, &str, &str); 4] = [
    ("watcher-1", "u-watch", "inspector"),
    ("watcher-2", "u-eco", "inspector"),
    ("watcher-3", "u-eco", "inspector"),
    ("clerk-2", "u-office", "registrar"),
];

/// The small office with more towns and more inspectors.
pub(crate) fn wide_house() -> House {
    let house = house();
    let code = |id: &str| (PersonId::new(id).unwrap(), PostId::new(id).unwrap());
    let (person, post) = code("admin");
    let by = Actor {
        person,
        post,
        unit: UnitId::new("u-office").unwrap(),
        level: Level::County,
        roles: [Role::Administrator].into(),
    };
    let mut acts: Vec<(Subject, OfficeAct)> = Vec::new();
    let units = [
        ("u-watch", "区委督查室", "department"),
        ("u-eco", "生态环境局", "department"),
        ("u-town-3", "青石镇", "town"),
    ];
    for (id, name, kind) in units {
        let level = if kind == "town" { "town" } else { "county" };
        let unit =
            serde_json::from_value(json!({ "id": id, "name": name, "kind": kind, "level": level })).unwrap();
        acts.push((Subject::Unit(UnitId::new(id).unwrap()), OfficeAct::UnitSet(unit)));
    }
    for (id, unit, role) in MORE {
        let (person, post) = code(id);
        let body =
            serde_json::from_value(json!({ "id": id, "unit": unit, "title": "检查员", "roles": [role] }))
                .unwrap();
        acts.push((Subject::Post(post.clone()), OfficeAct::PostSet(body)));
        let body = serde_json::from_value(json!({ "id": id, "name": format!("{id}君") })).unwrap();
        acts.push((Subject::Person(person.clone()), OfficeAct::PersonSet(body)));
        let from = jiff::civil::date(2021, 1, 1);
        acts.push((Subject::Post(post.clone()), OfficeAct::PostTaken { post, person, from }));
    }
    let write = move |work: &mut bihuan_store::Work<'_>| {
        for (subject, act) in acts {
            work.record(subject, Act::Office(act))?;
        }
        Ok::<_, bihuan_store::Error>(())
    };
    house.app.books.work(by, house.app.now(), write).unwrap();
    house
}

pub fn once(page: &str) -> String {
    let rest = page.split("name=\"once\" value=\"").nth(1).unwrap_or_else(|| panic!("no form: {page}"));
    rest.split('"').next().unwrap_or_default().to_owned()
}

/// Opens a form and sends it.
pub async fn send(who: &Browser<'_>, path: &str, fields: &[(&str, &str)]) -> crate::record::Answer {
    let key = once(&who.get(path).await.text());
    let mut fields = fields.to_vec();
    fields.push(("once", &key));
    who.post(path, &fields).await
}

/// Fills in a form; answers with where it leads.
pub(crate) async fn step(who: &Browser<'_>, path: &str, fields: &[(&str, &str)]) -> String {
    let answer = send(who, path, fields).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{path}: {}", answer.text());
    answer.location
}

pub(crate) async fn plan(clerk: &Browser<'_>, kind: &str, sealed: &str) -> String {
    let fields = [
        ("title", "第1轮"),
        ("round_kind", kind),
        ("sealed", sealed),
        ("organiser", "u-office"),
        ("starts_on", "2021-06-11"),
        ("ends_on", "2021-06-18"),
        ("checklist", "污水 | 有无直排\n垃圾 | 有无暴露"),
    ];
    step(clerk, "/rounds/new", &fields).await
}

/// Two watchers from two units go to one town.
pub(crate) async fn give(clerk: &Browser<'_>, round: &str, town: &str, task: &str) -> crate::record::Answer {
    let targets = format!("{town} | 污水处理站 | {task}");
    let fields = [
        ("stops", targets.as_str()),
        ("team_name", "第1组"),
        ("team_leader", "watcher-1|watcher-1"),
        ("team_second", "watcher-2|watcher-2"),
        ("team_third", ""),
        ("team_units", town),
    ];
    send(clerk, &format!("{round}/assign"), &fields).await
}

pub const ARRIVE: [(&str, &str); 2] = [("entry", "unannounced"), ("escorted", "no")];
pub const ANSWERS: [(&str, &str); 4] =
    [("result-0", "problem"), ("note-0", "停运"), ("result-1", "fine"), ("note-1", "")];

async fn visit(who: &Browser<'_>, mission: &str, town: &str, facts: &str) {
    step(who, &format!("{mission}/arrive"), &ARRIVE).await;
    step(who, &format!("{mission}/check"), &ANSWERS).await;
    let seen = [
        ("facts", facts),
        ("field", "sewage"),
        ("severity", "serious"),
        ("fix_now", "yes"),
        ("spot", "污水处理站"),
        ("unit", town),
        ("longitude", "105.6236"),
        ("latitude", "30.3816"),
        ("datum", "gcj02"),
    ];
    step(who, &format!("{mission}/find"), &seen).await;
    step(who, &format!("{mission}/leave"), &[("outcome", "visited")]).await;
}

#[tokio::test]
async fn a_round_goes_from_its_plan_through_a_mission_to_a_finding_and_a_task() {
    let house = wide_house();
    let clerk = house.enter("clerk").await;
    let (one, two) = (house.enter("watcher-1").await, house.enter("watcher-2").await);
    let round = plan(&clerk, "special", "no").await;
    let undeclared = give(&clerk, &round, "白鹿镇", "").await;
    assert_eq!(undeclared.status, StatusCode::UNPROCESSABLE_ENTITY, "nobody has declared yet");
    step(&one, &format!("{round}/declare"), &[]).await;
    step(&two, &format!("{round}/declare"), &[("declared_units", "u-town-1"), ("note", "配偶在该镇")]).await;
    let recused = give(&clerk, &round, "白鹿镇", "").await;
    assert_eq!(recused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(recused.text().contains("应回避"), "{}", recused.text());
    let given = give(&clerk, &round, "云溪镇", "").await;
    assert_eq!(given.status, StatusCode::SEE_OTHER, "{}", given.text());

    let mission = "/missions/X-2021-001";
    assert!(one.get("/missions").await.text().contains("第1组"));
    let empty = send(&one, &format!("{mission}/leave"), &[("outcome", "visited")]).await;
    assert!(empty.text().contains("请先登记到场"));
    visit(&one, mission, "u-town-2", "设备停运，污水直排云溪河。").await;

    let found = clerk.get("/findings?state=open").await.text();
    assert!(found.contains("F-2021-001") && found.contains("立行立改"), "{found}");
    let map = clerk.get("/findings/map").await.text();
    assert!(
        map.contains("105.623600, 30.381600 · GCJ-02") && map.contains("→ 105.6"),
        "drawn where it really is: {map}"
    );
    assert!(!map.contains("class=\"mark late hollow") && !map.contains("tianditu"), "{map}");
    let problem =
        [("ruling", "problem"), ("title", "云溪镇污水直排"), ("kind", "works"), ("problem_lead", "u-town-2")];
    step(&clerk, "/findings/F-2021-001/rule", &problem).await;
    let ruled = clerk.get("/findings/F-2021-001").await.text();
    assert!(ruled.contains("/tasks/AL-2021-") && ruled.contains("已转问题"), "{ruled}");
    step(&clerk, &format!("{round}/end"), &[("note", "发现1个问题")]).await;
    let town = house.enter("town-2").await;
    assert_eq!(town.get(mission).await.status, StatusCode::NOT_FOUND);
    assert_eq!(town.get("/findings").await.status, StatusCode::NOT_FOUND);
    let report = bihuan_store::verify::run(&house.app.books, &[], &mut |_| true).unwrap();
    assert_eq!(report.fault, None);
}

/// Long runs of digits and letters – hashes, ciphertext, keys of forms – by their length alone.
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut run = String::new();
    for c in text.chars().chain(std::iter::once(' ')) {
        if c.is_ascii_alphanumeric() || c == '-' || c == '_' {
            run.push(c);
            continue;
        }
        let is_hex = run.len() >= 12 && run.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
        let is_token = run.len() == 43 || (run.len() >= 32 && run.bytes().any(|b| b.is_ascii_digit()));
        if is_hex || is_token {
            out.push_str(&format!("#{}", run.len()));
        } else {
            out.push_str(&run);
        }
        run.clear();
        out.push(c);
    }
    out
}

/// A sealed mission to a town, visited and not yet opened.
async fn world(town: &str, unit: &str, facts: &str) -> House {
    let house = wide_house();
    {
        let clerk = house.enter("clerk").await;
        let (one, two) = (house.enter("watcher-1").await, house.enter("watcher-2").await);
        let round = plan(&clerk, "cross_covert", "yes").await;
        step(&one, &format!("{round}/declare"), &[]).await;
        step(&two, &format!("{round}/declare"), &[]).await;
        let given = give(&clerk, &round, town, "").await;
        assert_eq!(given.status, StatusCode::SEE_OTHER, "{}", given.text());
        // While it waits for its team, and again when they are back.
        bihuan_web::message::sweep(&house.app).await.unwrap();
        visit(&two, "/missions/X-2021-001", unit, facts).await;
    }
    house
}

/// What an export of the ledger holds.
fn ledger(house: &House) -> Vec<String> {
    let area = house.app.books.area().to_owned();
    house
        .app
        .books
        .read(|connection| {
            let mut lines = Vec::new();
            bihuan_store::ledger::each(connection, &area, |entry, _| {
                lines.push(plain(&format!(
                    "{} {} {} {} {} {} {}",
                    entry.seq, entry.at, entry.person, entry.post, entry.subject, entry.kind, entry.body
                )));
                Ok(true)
            })?;
            Ok::<_, bihuan_store::Error>(lines)
        })
        .unwrap()
}

/// What the table of messages holds, without its random codes.
fn messages(house: &House) -> Vec<String> {
    let look = |connection: &mut bihuan_store::Connection| {
        let rows = connection.all("SELECT saying, body FROM message ORDER BY saying", &[])?;
        rows.iter().map(|row| Ok(format!("{} {}", row.text(0)?, row.text(1)?))).collect()
    };
    let rows: Result<Vec<String>, bihuan_store::Error> = house.app.books.read(look);
    rows.unwrap()
}

#[tokio::test]
async fn two_worlds_that_differ_only_in_a_sealed_target_look_the_same_to_everybody_outside_the_circle() {
    let here = world("白鹿镇", "u-town-1", "粪污直排河道。").await;
    let there = world("青石镇", "u-town-3", "污水处理设施长期停运，污水经雨水沟直排，沟内有明显异味。").await;
    let size = ledger(&here).len();
    assert_eq!(ledger(&here), ledger(&there), "whoever exports the ledger learns nothing");
    assert!(
        !ledger(&here).iter().any(|line| line.contains("mission.") && line.contains("watcher")),
        "nor who goes"
    );
    for house in [&here, &there] {
        bihuan_web::message::sweep(&house.app).await.unwrap();
    }
    assert_eq!(messages(&here), messages(&there), "nor whoever reads the table of messages");
    assert!(
        messages(&here).iter().any(|row| row.contains("watcher") && row.contains("/missions ")),
        "{:#?}",
        messages(&here)
    );

    let mut addresses: Vec<String> = [
        "/",
        "/tasks?open=all",
        "/tasks?q=白鹿",
        "/tasks?q=青石",
        "/tasks?q=污水处理站",
        "/rounds",
        "/rounds/R-2021-001",
        "/missions",
        "/missions/X-2021-001",
        "/missions/X-2021-001/arrive",
        "/missions/X-2021-001/open",
        "/findings",
        "/findings/map",
        "/findings/F-2021-001",
        "/desk",
        "/notices",
        "/sustain",
        "/meetings",
        "/documents",
        "/office",
        "/ledger",
        "/ledger?kind=mission",
        "/ledger?kind=finding",
        "/ledger?subject=mission/X-2021-001",
        "/audit",
        "/audit?person=watcher-1",
        "/missions/X-2021-001/find",
        "/missions/X-2021-001/photos/aa",
        "/findings?state=open",
        "/findings/map?layer=vec",
        "/photos",
        "/photos?state=open",
        "/leaders",
        "/duties",
        "/handovers",
        "/projects",
        "/guarantees",
        "/rivers",
        "/answer?field=sewage",
        "/ledger?person=watcher-1",
        "/ledger/export",
        "/problems/new",
        "/export/tasks?area=u-town-1",
        "/tasks?area=u-town-1&open=all",
        "/tasks?area=u-town-3&open=all",
        "/export/tasks",
        "/jobs/1",
        "/accounts",
    ]
    .map(str::to_owned)
    .to_vec();
    addresses.extend((0..size).map(|n| format!("/ledger/{n}")));
    let outside = POSTS.iter().map(|(name, ..)| *name).filter(|name| *name != "clerk");
    for name in outside.chain(["watcher-3", "clerk-2"]) {
        let (one, other) = (here.enter(name).await, there.enter(name).await);
        for address in &addresses {
            let (a, b) = (one.get(address).await, other.get(address).await);
            assert_eq!(a.status, b.status, "{name} at {address}");
            assert_eq!(plain(&a.text()), plain(&b.text()), "{name} at {address}");
            let hides = address.starts_with("/missions/") || address.contains("/findings/F");
            assert!(!hides || a.status == StatusCode::NOT_FOUND, "{name} at {address}: {}", a.status);
        }
    }
    // What outsiders send is answered alike too: an upload, and every form of the mission.
    for name in ["town-1", "auditor", "watcher-3", "clerk-2"] {
        let (one, other) = (here.enter(name).await, there.enter(name).await);
        for address in
            ["/missions/X-2021-001/arrive", "/missions/X-2021-001/open", "/missions/X-2021-001/leave"]
        {
            let (a, b) =
                (one.post(address, &[("once", "k")]).await, other.post(address, &[("once", "k")]).await);
            assert_eq!((a.status, plain(&a.text())), (b.status, plain(&b.text())), "{name} to {address}");
            assert!(a.status.is_client_error(), "{name} to {address}: {}", a.status);
        }
    }
    // The test can fail: the circle sees the difference.
    for name in ["clerk", "watcher-1"] {
        let (one, other) = (here.enter(name).await, there.enter(name).await);
        let page = "/missions/X-2021-001";
        assert_ne!(plain(&one.get(page).await.text()), plain(&other.get(page).await.text()), "{name}");
    }
}

#[tokio::test]
async fn a_sealed_mission_is_opened_by_its_team_and_whatever_it_held_is_proved() {
    let house = world("白鹿镇", "u-town-1", "粪污直排河道。").await;
    let (team, clerk) = (house.enter("watcher-1").await, house.enter("clerk").await);
    let mission = "/missions/X-2021-001";
    assert!(!clerk.get("/findings").await.text().contains("F-2021-001"));
    // Who looks before it is opened is kept, and nobody is told before it is.
    team.get(mission).await;
    let before = house.enter("auditor").await.get("/audit").await.text();
    assert!(!before.contains("密封任务") && !before.contains("X-2021-001"), "{before}");
    let early = send(&clerk, "/rounds/R-2021-001/end", &[]).await;
    assert_eq!(early.status, StatusCode::UNPROCESSABLE_ENTITY, "a mission is still sealed");
    step(&team, &format!("{mission}/open"), &[]).await;
    let again = team.get(&format!("{mission}/open")).await.text();
    let again = team.post(&format!("{mission}/open"), &[("once", &once(&again))]).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY, "once only");
    let auditor = house.enter("auditor").await;
    let audit = auditor.get("/audit").await.text();
    assert!(
        audit.contains("查看密封任务") && audit.contains("启封前查看") && audit.contains("watcher-1君"),
        "{audit}"
    );
    let page = auditor.get(mission).await.text();
    assert!(page.contains("watcher-1君") && page.contains("粪污直排河道"), "{page}");
    assert!(clerk.get("/findings").await.text().contains("F-2021-001"));
    step(&clerk, "/rounds/R-2021-001/publish", &[]).await;
    assert!(auditor.get("/rounds/R-2021-001").await.text().contains("第1组 → 白鹿镇"));
    step(&clerk, "/rounds/R-2021-001/end", &[]).await;
    let report = bihuan_store::verify::run(&house.app.books, &[], &mut |_| true).unwrap();
    assert_eq!(report.fault, None);
}
