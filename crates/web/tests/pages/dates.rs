//! Dates that were reckoned before a calendar was published: listed, adopted, in the ledger.

use crate::record::{TASK, house};
use axum::http::StatusCode;
use bihuan_rules::{Act, Subject, id::TaskId, task};
use serde_json::json;

#[tokio::test]
async fn a_published_year_lists_the_dates_it_moves_and_the_clerk_adopts_them() {
    let house = house();
    let books = house.app.books.clone();
    let clerk = books.reference().office.actor(
        &"clerk".to_owned().try_into().unwrap(),
        &"clerk".to_owned().try_into().unwrap(),
        house.app.today(),
    );
    let order = json!({
        "problems": ["AL-2021-0001"], "source": "S-1", "field": "garbage", "ruleset": "sichuan-2021",
        "title": "清运河道垃圾", "kind": "non_works", "level": "province", "items": 1,
        "deadline_text": "收到后20个工作日内", "due_on": "2027-01-28", "received_on": "2026-12-31",
    });
    let id = TaskId::new("AL-2021-0001-2").unwrap();
    let subject = Subject::Task(id.clone());
    books
        .work(clerk.unwrap(), house.app.now(), move |work| {
            let order = serde_json::from_value(order).unwrap();
            let event = task::register(&work.situation("sichuan-2021"), order).unwrap();
            work.record(subject, Act::Task(event)).map(drop)
        })
        .unwrap();

    let clerk = house.enter("clerk").await.in_english();
    assert_eq!(clerk.get("/calendar/2027/dates").await.status, StatusCode::NOT_FOUND, "no notice yet");
    assert!(clerk.get("/tasks/AL-2021-0001-2").await.text().contains("to be confirmed"));
    let admin = house.enter("admin").await;
    let days: Vec<_> = (1..=5)
        .map(|on| json!({ "name": "元旦", "date": format!("2027-01-0{on}"), "isOffDay": true }))
        .collect();
    let year = json!({ "year": 2027, "days": days }).to_string();
    let set = admin.post("/calendar/edit", &[("year", "2027"), ("json", &year)]).await;
    assert_eq!(set.status, StatusCode::SEE_OTHER);

    assert!(clerk.get("/calendar/2027").await.text().contains("/calendar/2027/dates"));
    let list = clerk.get("/calendar/2027/dates").await.text();
    assert!(list.contains("AL-2021-0001-2") && !list.contains(&format!("value=\"{TASK}\"")), "{list}");
    let sent = [("once", "k-1"), ("task", "AL-2021-0001-2")];
    let done = clerk.post("/calendar/2027/dates", &sent).await;
    assert_eq!(done.location, "/calendar/2027/dates?done=1");
    assert!(clerk.get(&done.location).await.text().contains("No date has to be adopted."));
    let seen = books.read(|connection| bihuan_store::task::load(connection, &id)).unwrap().unwrap();
    assert_eq!(seen.record.deadline.due_on, Some(jiff::civil::date(2027, 2, 2)));
    assert!(!clerk.get("/tasks/AL-2021-0001-2").await.text().contains("to be confirmed"));
    let report = bihuan_store::verify::run(&books, &[], &mut |_| true).unwrap();
    assert_eq!(report.fault, None);

    let town = house.enter("town-1").await;
    assert_eq!(town.get("/calendar/2027/dates").await.status, StatusCode::NOT_FOUND);
    assert_eq!(town.post("/calendar/2027/dates", &sent).await.status, StatusCode::NOT_FOUND);
}
