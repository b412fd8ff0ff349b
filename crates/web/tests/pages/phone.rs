//! The phone's records: taken once, with the pictures that came in parts, under the random code of their stop, sealed or not.

use crate::{
    inspection::{give, plan, step, wide_house},
    record::{Browser, House},
};
use axum::http::StatusCode;
use bihuan_ledger::Content;
use bihuan_rules::{capture::Challenge, finding::Finding};
use bihuan_store::{Seen, shelf};
use serde_json::{Value, json};

const MISSION: &str = "X-2021-001";

/// A mission of two watchers to a town, in the open or sealed.
async fn sent_out(house: &House, sealed: &str) {
    let clerk = house.enter("clerk").await;
    let round = plan(&clerk, "special", sealed).await;
    for who in ["watcher-1", "watcher-2"] {
        let who = house.enter(who).await;
        step(&who, &format!("{round}/declare"), &[("note", "")]).await;
    }
    let given = give(&clerk, &round, "白鹿镇", "").await;
    assert_eq!(given.status, StatusCode::SEE_OTHER, "{}", given.text());
}

fn picture(seed: u8) -> Vec<u8> {
    let mut bytes = vec![0xff, 0xd8, 0xff, 0xe0];
    bytes.extend((0..9_000_u32).map(|n| u8::try_from((n * u32::from(seed)) % 251).unwrap()));
    bytes
}

fn digest(bytes: &[u8]) -> String {
    Content::of(bytes).sha256.to_string()
}

/// The record of a finding with one picture in two parts.
fn finding(key: &str, bytes: &[u8], nonce: &str) -> (Value, Vec<Vec<u8>>) {
    let parts: Vec<Vec<u8>> = bytes.chunks(5_000).map(<[u8]>::to_vec).collect();
    let at = "2021-06-11T01:00:00Z";
    let capture = json!({
        "sha256": digest(bytes), "in_app": true, "captured_at": at, "sent_at": at, "nonce": nonce, "mock": false,
        "place": { "lat_e6": 30_381_600, "lon_e6": 105_623_600, "datum": "wgs84", "accuracy_m": 9 },
        "received": { "at": at, "challenge": { "answered": { "after_s": 1 } }, "digest_agrees": true, "media_type": "x", "size_bytes": 1 },
    });
    let record = json!({
        "mission": MISSION, "stop": 1, "kind": "finding", "field": "sewage",
        "made": { "at": at, "device": "d1", "n": 1, "key": key, "sent_at": at },
        "photos": [{ "capture": capture, "parts": parts.iter().map(|part| digest(part)).collect::<Vec<_>>() }],
    });
    (record, parts)
}

async fn post(who: &Browser<'_>, record: &Value) -> (StatusCode, Value) {
    let answer =
        who.post_as_phone("/field/records", "application/json", record.to_string().into_bytes()).await;
    (answer.status, serde_json::from_str(&answer.text()).unwrap_or_default())
}

async fn put(who: &Browser<'_>, part: &[u8]) -> StatusCode {
    let address = format!("/field/parts/{MISSION}/{}", digest(part));
    who.post_as_phone(&address, "application/octet-stream", part.to_vec()).await.status
}

async fn package(who: &Browser<'_>) -> Value {
    let answer = who.post_as_phone("/field/package", "application/json", Vec::new()).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    serde_json::from_str(&answer.text()).unwrap()
}

async fn code(who: &Browser<'_>) -> String {
    package(who).await["missions"][0]["stops"][0]["codes"][0].as_str().unwrap().to_owned()
}

fn findings(house: &House) -> Vec<Finding> {
    let list = |connection: &mut bihuan_store::Connection| shelf::list::<Finding>(connection, 100);
    let found: Vec<(_, Seen<Finding>)> = house.app.books.read(list).unwrap();
    found.into_iter().map(|(_, seen)| seen.record).collect()
}

#[tokio::test]
async fn a_record_is_taken_once_and_only_with_all_its_parts() {
    let house = wide_house();
    sent_out(&house, "no").await;
    let one = house.enter("watcher-1").await;
    let bytes = picture(3);
    let (record, parts) = finding("k1", &bytes, &code(&one).await);

    let (status, told) = post(&one, &record).await;
    assert_eq!((status, told["missing"].as_array().map(Vec::len)), (StatusCode::CONFLICT, Some(2)));
    assert_eq!(put(&one, &parts[0]).await, StatusCode::OK);
    let wrong = format!("/field/parts/{MISSION}/{}", digest(&parts[0]));
    let altered = one.post_as_phone(&wrong, "application/octet-stream", parts[1].clone()).await;
    assert_eq!(altered.status, StatusCode::BAD_REQUEST, "the bytes are not what their name says");
    let (_, told) = post(&one, &record).await;
    assert_eq!(told["missing"], json!([digest(&parts[1])]), "what is there is not asked for again");
    assert_eq!(put(&one, &parts[1]).await, StatusCode::OK);

    let (status, first) = post(&one, &record).await;
    assert_eq!((status, &first["known"]), (StatusCode::OK, &json!(false)), "{first}");
    let (_, again) = post(&one, &record).await;
    assert_eq!((&again["known"], &again["hash"]), (&json!(true), &first["hash"]));
    let [found] = findings(&house).try_into().unwrap();
    assert_eq!(found.seen.photos, [digest(&bytes)]);
    assert_eq!(house.app.books.evidence().get(&digest(&bytes)).await.unwrap(), bytes);

    let stranger = house.enter("watcher-3").await;
    assert_eq!(post(&stranger, &record).await.0, StatusCode::NOT_FOUND);
    assert_eq!(put(&stranger, &parts[0]).await, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_random_code_serves_one_record_of_the_person_it_was_given_to() {
    let house = wide_house();
    sent_out(&house, "no").await;
    let (one, two) = (house.enter("watcher-1").await, house.enter("watcher-2").await);
    let mine = code(&one).await;
    let table = [
        (&one, "k1", mine.as_str(), "its first record"),
        (&one, "k2", mine.as_str(), "another record"),
        (&two, "k3", mine.as_str(), "another person"),
        (&one, "k4", "invented", "never given out"),
    ];
    for (n, (who, key, nonce, _)) in (1_u8..).zip(table) {
        let (record, parts) = finding(key, &picture(n), nonce);
        for part in &parts {
            put(who, part).await;
        }
        assert_eq!(post(who, &record).await.0, StatusCode::OK);
    }
    for found in findings(&house) {
        let key = found.seen.made.as_ref().unwrap().key.clone();
        let received = found.seen.captures[0].received.clone().unwrap();
        assert_eq!(received.media_type, "image/jpeg", "nothing the phone says of it is believed");
        let answered = matches!(received.challenge, Challenge::Answered { .. });
        assert_eq!(answered, key == "k1", "{key}: {:?}", received.challenge);
    }
}

#[tokio::test]
async fn a_picture_of_a_sealed_mission_stays_sealed_until_it_is_opened() {
    let house = wide_house();
    sent_out(&house, "yes").await;
    let one = house.enter("watcher-1").await;
    let bytes = picture(5);
    let (record, parts) = finding("k1", &bytes, &code(&one).await);
    for part in &parts {
        put(&one, part).await;
    }
    assert_eq!(post(&one, &record).await.0, StatusCode::OK);
    let evidence = || house.app.books.evidence();
    assert!(evidence().get(&digest(&bytes)).await.is_err(), "nothing lies there under its own name");
    assert!(findings(&house).is_empty());

    let visit = json!({
        "mission": MISSION, "stop": 1, "kind": "visit", "saw": "clean",
        "arrival": { "at": "2021-06-11T01:00:00Z", "entry": "unannounced", "escorted": false },
        "made": { "at": "2021-06-11T01:05:00Z", "device": "d1", "n": 2, "key": "k2", "sent_at": "2021-06-11T01:06:00Z" },
    });
    assert_eq!(post(&one, &visit).await.0, StatusCode::OK);
    step(&one, &format!("/missions/{MISSION}/open"), &[]).await;
    assert_eq!(evidence().get(&digest(&bytes)).await.unwrap(), bytes);
    assert_eq!(findings(&house).len(), 1);
}
