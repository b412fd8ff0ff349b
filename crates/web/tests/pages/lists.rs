//! Long lists: exported in the background, with progress, to the last row.

use crate::record::house;
use axum::http::StatusCode;
use bihuan_rules::{Act, Subject, id::TaskId, task};
use serde_json::json;

#[tokio::test]
async fn a_list_too_long_to_wait_for_is_written_in_the_background() {
    let house = house();
    let books = house.app.books.clone();
    let (person, post) = ("clerk".to_owned().try_into().unwrap(), "clerk".to_owned().try_into().unwrap());
    let clerk = books.reference().office.actor(&person, &post, house.app.today()).unwrap();
    let browser = house.enter("clerk").await.in_english();
    assert_eq!(browser.get("/export/tasks").await.status, StatusCode::OK, "a short list comes at once");
    books
        .work(clerk, house.app.now(), |work| {
            for number in 1..=5_000 {
                let order = json!({
                    "problems": ["AL-2021-0001"], "source": "S-1", "field": "garbage", "ruleset": "sichuan-2021",
                    "title": format!("任务 {number}"), "kind": "non_works", "level": "province", "items": 1,
                });
                let order = serde_json::from_value(order).unwrap();
                let event = task::register(&work.situation("sichuan-2021"), order).unwrap();
                let id = TaskId::new(format!("AL-2022-{number}-1")).unwrap();
                work.record(Subject::Task(id), Act::Task(event))?;
            }
            Ok::<_, bihuan_store::Error>(())
        })
        .unwrap();

    let started = browser.get("/export/tasks").await;
    assert!(started.location.starts_with("/jobs/"), "{} {}", started.status, started.location);
    let page = browser.result(&started.location).await;
    assert!(page.contains("Export the list") && page.contains(".xlsx"), "{page}");
    let file = browser.get(&format!("{}/file", started.location)).await;
    let book =
        bihuan_papers::container::open(&file.bytes, "list.xlsx", &bihuan_papers::Limits::default()).unwrap();
    let text = format!("{book:?}");
    for number in [1, 201, 5_000] {
        assert!(text.contains(&format!("AL-2022-{number}-1")), "task {number} is missing");
    }
    let town = house.enter("town-1").await;
    assert_eq!(town.get(&started.location).await.status, StatusCode::NOT_FOUND, "a job is its owner's");
}
