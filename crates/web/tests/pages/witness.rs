//! Pictures of phones: a look-back's are found again like any other, and two phones of a team at one stop bear each other out.

use crate::{
    inspection::{give, plan, step, wide_house},
    photo::{jpeg, scene},
    record::{Browser, House},
};
use axum::http::StatusCode;
use bihuan_ledger::Content;
use bihuan_rules::{
    Act, Subject,
    id::TaskId,
    task::{self, TaskAct, TaskEvent},
};
use serde_json::{Value, json};

const CLOSED: &str = "AL-2021-0100-1";

/// A picture as a phone sends it.
struct Shot {
    bytes: Vec<u8>,
    /// By the clock of the device.
    at: &'static str,
    device: &'static str,
    lat_e6: i64,
    /// The phone suspects that its position is mocked.
    mock: bool,
}

fn shot(number: u32, device: &'static str) -> Shot {
    Shot {
        bytes: jpeg(&scene(number), 85),
        at: "2021-06-11T01:30:00Z",
        device,
        lat_e6: 30_381_600,
        mock: false,
    }
}

/// The record of a visit with one picture, taken without network: no random code.
async fn send(who: &Browser<'_>, mission: &str, key: &str, saw: &str, shot: &Shot) -> StatusCode {
    let sha256 = Content::of(&shot.bytes).sha256.to_string();
    let sent_at = "2021-06-11T02:00:00Z";
    let place = json!({ "lat_e6": shot.lat_e6, "lon_e6": 105_623_600, "datum": "wgs84", "accuracy_m": 9 });
    let capture = json!({
        "sha256": sha256, "in_app": true, "captured_at": shot.at, "sent_at": sent_at, "mock": shot.mock,
        "place": place,
    });
    let record = json!({
        "mission": mission, "stop": 1, "kind": "visit", "saw": saw,
        "arrival": { "at": shot.at, "entry": "unannounced", "escorted": false, "place": place },
        "made": { "at": shot.at, "device": shot.device, "n": 1, "key": key, "sent_at": sent_at },
        "photos": [{ "capture": capture, "parts": [sha256] }],
    });
    let part = format!("/field/parts/{mission}/{sha256}");
    let kept = who.post_as_phone(&part, "application/octet-stream", shot.bytes.clone()).await;
    assert_eq!(kept.status, StatusCode::OK, "{}", kept.text());
    let answer =
        who.post_as_phone("/field/records", "application/json", record.to_string().into_bytes()).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    let _: Value = serde_json::from_str(&answer.text()).unwrap();
    answer.status
}

async fn sent_out(house: &House, kind: &str, task: &str) {
    let clerk = house.enter("clerk").await;
    let round = plan(&clerk, kind, "no").await;
    for who in ["watcher-1", "watcher-2"] {
        step(&house.enter(who).await, &format!("{round}/declare"), &[("note", "")]).await;
    }
    let given = give(&clerk, &round, "白鹿镇", task).await;
    assert_eq!(given.status, StatusCode::SEE_OTHER, "{}", given.text());
}

fn closed_task(house: &House) {
    let code = bihuan_rules::id::PersonId::new("clerk").unwrap();
    let post = bihuan_rules::id::PostId::new("clerk").unwrap();
    let by = house.app.reference().office.actor(&code, &post, house.app.today()).unwrap();
    let write = |work: &mut bihuan_store::Work<'_>| {
        let body = serde_json::from_value(json!({
            "problems": ["AL-2021-0001"], "source": "S-1", "field": "garbage", "area": "u-town-1",
            "ruleset": "sichuan-2021", "title": "清理河道垃圾", "kind": "non_works", "level": "county", "items": 1,
            "deadline_text": "2021年12月底前",
        }));
        let event = task::register(&work.situation("sichuan-2021"), body.unwrap()).unwrap();
        let subject = Subject::Task(TaskId::new(CLOSED).unwrap());
        work.record(subject.clone(), Act::Task(event))?;
        work.record(subject, Act::Task(TaskEvent::from(TaskAct::Filed { number: "备1".to_owned() })))?;
        Ok::<_, bihuan_store::Error>(())
    };
    house.app.books.work(by, house.app.now(), write).unwrap();
}

#[tokio::test]
async fn pictures_of_a_look_back_are_found_again_like_those_of_findings() {
    let house = wide_house();
    closed_task(&house);
    sent_out(&house, "special", "").await;
    let (one, two) = (house.enter("watcher-1").await, house.enter("watcher-2").await);
    send(&one, "X-2021-001", "k1", "clean", &shot(31, "d1")).await;
    let clerk = house.enter("clerk").await;
    assert!(!clerk.get("/photos").await.text().contains("Q-2021-"), "the first of its kind");
    let page = clerk.get("/missions/X-2021-001").await.text();
    assert!(page.contains("B级"), "a visit shows its picture with its grade: {page}");

    // The same scene, pressed harder, is said to show how a closed task was found.
    sent_out(&house, "look_back", CLOSED).await;
    let again = Shot { bytes: jpeg(&scene(31), 50), ..shot(31, "d2") };
    send(&two, "X-2021-002", "k2", "held", &again).await;
    let id = TaskId::new(CLOSED).unwrap();
    let task = house.app.books.read(|connection| bihuan_store::task::load(connection, &id)).unwrap().unwrap();
    let file = &task.record.evidence[0].file;
    assert!(file.fingerprint.is_some() && file.proof.is_some(), "{file:?}");
    let question = clerk.get("/photos/Q-2021-001").await.text();
    assert!(question.contains(CLOSED) && question.contains("X-2021-001"), "{question}");
    let report = bihuan_store::verify::run(&house.app.books, &[], &mut |_| true).unwrap();
    assert_eq!(report.fault, None);
}

#[tokio::test]
async fn two_phones_of_a_team_at_one_stop_bear_each_other_out_in_either_order_and_nothing_else_does() {
    let apart = Shot { lat_e6: 30_384_600, ..shot(42, "d2") };
    let late = Shot { at: "2021-06-11T00:40:00Z", ..shot(42, "d2") };
    let mocked = Shot { mock: true, ..shot(42, "d2") };
    // The second picture, by whom, and how many of both are an A then.
    let table = [
        ("another person, another phone", shot(42, "d2"), "watcher-2", 2),
        ("another person on the same phone", shot(42, "d1"), "watcher-2", 0),
        ("the same person on another phone", shot(42, "d2"), "watcher-1", 0),
        ("330 metres away", apart, "watcher-2", 0),
        ("fifty minutes before", late, "watcher-2", 0),
        ("a mocked position", mocked, "watcher-2", 0),
    ];
    for (name, second, who, expected) in table {
        for second_first in [false, true] {
            let house = wide_house();
            sent_out(&house, "special", "").await;
            let (one, two) = (house.enter("watcher-1").await, house.enter(who).await);
            let first = shot(41, "d1");
            let mut records = [(&one, "k1", &first), (&two, "k2", &second)];
            if second_first {
                records.reverse();
            }
            for (who, key, shot) in records {
                send(who, "X-2021-001", key, "clean", shot).await;
            }
            let page = house.enter("clerk").await.get("/missions/X-2021-001").await.text();
            assert_eq!(page.matches(">A级<").count(), expected, "{name}, reversed {second_first}: {page}");
            // Said beside the grade, and once more for whoever points at it.
            assert_eq!(page.matches("另一名检查人员").count(), 2 * expected, "{name}");
        }
    }
}
