//! The books as of an earlier day: every page shows what stood then, and nothing can be done there.

use crate::{
    record::{POSTS, TASK, house, on_each_engine},
    rooms::ADDRESSES,
};
use axum::http::StatusCode;
use bihuan_store::ledger;

/// The office was there, the task was not.
const BEFORE: &str = "as-of=2021-06-10";

#[test]
fn a_page_shows_what_stood_at_the_end_of_the_day() {
    on_each_engine(async |house| {
        let clerk = house.enter("clerk").await.in_english();
        let banner = "as of the end of";
        let today = clerk.get("/tasks").await.text();
        assert!(today.contains(TASK) && !today.contains(banner));
        let then = clerk.get(&format!("/tasks?{BEFORE}")).await;
        assert_eq!(then.status, StatusCode::OK);
        let then = then.text();
        assert!(then.contains(banner), "{then}");
        assert!(!then.contains(TASK), "{then}");
        assert!(!clerk.get(&format!("/tasks?q=垃圾&{BEFORE}")).await.text().contains(TASK));
        assert_eq!(clerk.get(&format!("/tasks/{TASK}?{BEFORE}")).await.status, StatusCode::NOT_FOUND);
        assert!(clerk.get("/tasks?as-of=2021-06-11").await.text().contains(TASK), "today is no past");
        let early = clerk.get("/tasks?as-of=2020-01-01").await;
        assert_eq!(early.status, StatusCode::NOT_FOUND);
        assert!(early.text().contains("no books on that day"));
    });
}

#[test]
fn nothing_is_done_in_the_past() {
    on_each_engine(async |house| {
        let clerk = house.enter("clerk").await.in_english();
        let size = async || {
            let look = |connection: &mut bihuan_store::Connection| ledger::size(connection, "519904");
            house.app.books.ask(look).await.expect("a size")
        };
        let before = size().await;
        let sent = clerk.post(&format!("/tasks/{TASK}/note?{BEFORE}"), &[("once", "a"), ("text", "x")]).await;
        assert_eq!(sent.status, StatusCode::CONFLICT);
        assert!(sent.text().contains("can only be read"));
        assert_eq!(before, size().await, "nothing was recorded");
    });
}

#[test]
fn a_day_is_chosen_and_left() {
    on_each_engine(async |house| {
        let clerk = house.enter("clerk").await.in_english();
        let chosen = clerk.post("/past", &[("past_day", "2021年6月10日")]).await;
        assert_eq!((chosen.status, chosen.location.as_str()), (StatusCode::SEE_OTHER, "/tasks"));
        let left = clerk.post("/past/leave", &[]).await;
        assert_eq!((left.status, left.location.as_str()), (StatusCode::SEE_OTHER, "/"));
        for typed in ["", "2021-06-11", "2020-01-01", "2021-13-40"] {
            let wrong = clerk.post("/past", &[("past_day", typed)]).await;
            assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY, "{typed}");
            assert!(wrong.text().contains("class=\"error\""), "{typed}");
        }
    });
}

#[test]
fn two_days_are_compared_within_what_the_reader_may_see() {
    on_each_engine(async |house| {
        let address = "/past/compare?from=2021-06-10&to=2021-06-11";
        let clerk = house.enter("clerk").await.in_english();
        let page = clerk.get(address).await.text();
        assert!(page.contains(TASK) && page.contains("New: 1"), "{page}");
        let other = house.enter("town-2").await;
        assert!(!other.get(address).await.text().contains(TASK), "a task of another town");
        assert_eq!(house.enter("admin").await.get(address).await.status, StatusCode::NOT_FOUND);
        for wrong in
            ["", "?from=x&to=2021-06-11", "?from=2021-06-11&to=2021-06-10", "?from=2020-01-01&to=2021-06-11"]
        {
            let answer = clerk.get(&format!("/past/compare{wrong}")).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong}");
        }
    });
}

#[tokio::test]
async fn every_room_has_a_past_for_those_who_may_enter_it() {
    let house = house();
    for (name, ..) in POSTS {
        let browser = house.enter(name).await;
        for address in ADDRESSES.iter().flat_map(|(_, addresses)| *addresses) {
            let mark = if address.contains('?') { '&' } else { '?' };
            let (now, then) =
                (browser.get(address).await, browser.get(&format!("{address}{mark}{BEFORE}")).await);
            assert_eq!(then.status, now.status, "{name} at {address}");
        }
    }
}
