//! The page of the day, reminders, many tasks at once, and the narrowed timeline.

use crate::record::{TASK, house};
use axum::http::StatusCode;
use bihuan_rules::{Act, Subject, id::TaskId, task};
use serde_json::json;

/// Registers more tasks like the first.
fn more_tasks(house: &crate::record::House, count: usize) {
    let books = house.app.books.clone();
    let (person, post) = ("clerk".to_owned().try_into().unwrap(), "clerk".to_owned().try_into().unwrap());
    let clerk = books.reference().office.actor(&person, &post, house.app.today()).unwrap();
    books
        .work(clerk, house.app.now(), move |work| {
            for number in 1..=count {
                let order = json!({
                    "problems": ["AL-2021-0001"], "source": "S-1", "field": "garbage", "ruleset": "sichuan-2021",
                    "title": format!("任务 {number}"), "kind": "non_works", "level": "province", "items": 1,
                });
                let event = task::register(&work.situation("sichuan-2021"), serde_json::from_value(order).unwrap());
                let id = TaskId::new(format!("AL-2022-{number}-1")).unwrap();
                work.record(Subject::Task(id), Act::Task(event.unwrap()))?;
            }
            Ok::<_, bihuan_store::Error>(())
        })
        .unwrap();
}

#[tokio::test]
async fn the_first_thing_of_the_day_can_be_done_from_there() {
    let house = house();
    let clerk = house.enter("clerk").await;
    let page = clerk.get("/").await.text();
    assert!(page.contains("今天有 1 件要办"), "{page}");
    assert!(page.contains(&format!("href=\"/tasks/{TASK}/assign\"")), "the act that is due has its button");
    let auditor = house.enter("auditor").await.get("/").await.text();
    assert!(auditor.contains("今日无待办") && auditor.contains("最近到期的是"), "{auditor}");
    assert!(!auditor.contains("/remind"), "an auditor reminds nobody");
}

#[tokio::test]
async fn a_reminder_takes_one_press_and_stands_in_the_ledger() {
    let house = house();
    let chief = house.enter("committee").await;
    let address = format!("/tasks/{TASK}/remind");
    let sent = chief.post(&address, &[("back", "today"), ("once", "a")]).await;
    assert_eq!(
        (sent.status, sent.location.as_str()),
        (StatusCode::SEE_OTHER, format!("/?reminded={TASK}").as_str())
    );
    let again = chief.post(&address, &[("back", "today"), ("once", "a")]).await;
    assert_eq!(again.status, StatusCode::SEE_OTHER, "a double press is one reminder");
    let second = chief.post(&address, &[("once", "b")]).await;
    assert_eq!(second.status, StatusCode::UNPROCESSABLE_ENTITY, "one a day is enough");
    let clerk = house.enter("clerk").await;
    assert!(clerk.get("/").await.text().contains("已催办 2021-06-11"), "whoever owes the step sees it");
    let own = clerk.post(&address, &[("once", "c")]).await;
    assert_eq!(own.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(own.text().contains("不必催办"));
}

#[tokio::test]
async fn a_timeline_is_narrowed_to_a_kind_of_act_or_a_person() {
    let house = house();
    let committee = house.enter("committee").await;
    committee.post(&format!("/tasks/{TASK}/remind"), &[("text", "请尽快交办"), ("once", "a")]).await;
    let address = format!("/tasks/{TASK}");
    let whole = committee.get(&address).await.text();
    assert!(whole.contains("请尽快交办") && whole.contains("时限原文"));
    let words = committee.get(&format!("{address}?show=words")).await.text();
    assert!(words.contains("请尽快交办"));
    let lines = |page: &str| page.split("id=\"timeline\"").nth(1).unwrap().matches("class=\"what\"").count();
    assert_eq!((lines(&whole), lines(&words)), (2, 1));
    assert_eq!(lines(&committee.get(&format!("{address}?who=clerk")).await.text()), 1);
    assert_eq!(
        lines(&committee.get(&format!("{address}?who=nobody&show=nothing")).await.text()),
        2,
        "what is unknown narrows nothing"
    );
}

#[tokio::test]
async fn many_tasks_at_once_are_asked_about_first_and_recorded_one_by_one() {
    let house = house();
    more_tasks(&house, 2);
    let clerk = house.enter("clerk").await;
    let size = || house.app.books.read(|c| bihuan_store::ledger::head(c, "519904")).unwrap().unwrap().0;
    let before = size();
    let chosen =
        [("task", "AL-2022-1-1"), ("task", "AL-2022-2-1"), ("remark", "已电话联系"), ("back", "open=yes")];
    let ask = |go: &'static str| [chosen.as_slice(), &[("go", go)]].concat();
    let asked = clerk.post("/tasks/bulk", &ask("note")).await;
    assert_eq!(asked.status, StatusCode::OK);
    assert!(asked.text().contains("将对 2 件任务备注"), "{}", asked.text());
    assert_eq!(size(), before, "asking records nothing");
    let refused = clerk.post("/tasks/bulk", &ask("remind")).await.text();
    assert!(
        refused.contains("不必催办") && !refused.contains("value=\"remind\""),
        "nothing is left to confirm"
    );
    let sure = [ask("note").as_slice(), &[("sure", "yes"), ("once", "a")]].concat();
    let done = clerk.post("/tasks/bulk", &sure).await;
    assert_eq!(done.location, "/tasks?open=yes&assigned=2");
    assert_eq!(size(), before + 2, "one entry for each");
    clerk.post("/tasks/bulk", &sure).await;
    assert_eq!(size(), before + 2, "sent twice, done once");
    let town = house.enter("town-2").await;
    assert_eq!(town.post("/tasks/bulk", &sure).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_look_of_the_list_lies_in_its_address() {
    let house = house();
    let clerk = house.enter("clerk").await;
    let page = clerk.get("/tasks?rows=compact&cols=area&cols=step&turn=mine").await.text();
    assert!(page.contains("cards-on-phone compact") && page.contains(TASK));
    assert!(page.contains("data-label=\"办理期限\"") && !page.contains("data-label=\"牵头单位\""));
    assert!(page.contains("cols=area%2Cstep"), "links keep the columns");
    let committee = house.enter("committee").await;
    assert!(!committee.get("/tasks?turn=mine").await.text().contains(TASK));
    assert!(committee.get("/tasks?turn=others").await.text().contains(TASK));
    for stage in ["finished", "accepted", "signed", "closed"] {
        assert!(!clerk.get(&format!("/tasks?stage={stage}")).await.text().contains(TASK), "{stage}");
    }
    assert!(clerk.get("/tasks?stage=on_schedule").await.text().contains(TASK));
}

#[tokio::test]
async fn an_export_holds_every_row_of_the_list() {
    let house = house();
    more_tasks(&house, 450);
    let file = house.enter("clerk").await.get("/export/tasks?open=all").await.bytes;
    let document =
        bihuan_papers::container::open(&file, "list.xlsx", &bihuan_papers::Limits::default()).unwrap();
    let text = format!("{document:?}");
    for number in [1, 200, 201, 450] {
        assert!(text.contains(&format!("AL-2022-{number}-1")), "task {number} is missing");
    }
}
