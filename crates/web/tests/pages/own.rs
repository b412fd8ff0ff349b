//! A scheme and a ladder of the district's own: drafted, compared, tried on the past, adopted with the decision, chosen.

use crate::record::{Browser, house};
use axum::http::StatusCode;

/// What a page says between two marks, as it was typed.
fn between(page: &str, from: &str, to: &str) -> String {
    let raw = page.split(from).nth(1).expect("the mark").split(to).next().unwrap_or_default();
    raw.replace("&#34;", "\"").replace("&#60;", "<").replace("&#62;", ">").replace("&#38;", "&")
}

async fn draft(clerk: &Browser<'_>, home: &str) -> String {
    let page = clerk.get(&format!("/{home}/own")).await.text();
    let text = between(&page, "<textarea id=\"f-text\"", "</textarea>");
    text.split_once('>').expect("the draft").1.trim().to_owned()
}

async fn checked(clerk: &Browser<'_>, home: &str, text: &str) -> (StatusCode, String) {
    let answer = clerk.post_parts(&format!("/{home}/own"), &[("text", text)], None).await;
    (answer.status, answer.text())
}

#[tokio::test]
async fn a_scheme_and_a_ladder_are_adopted_with_the_decision_they_rest_on_and_then_used() {
    let house = house();
    let clerk = house.enter("clerk").await.in_english();
    for (home, name, from, to, place) in [
        ("rank", "district-default-2", "objection_days = 3", "objection_days = 5", "objection_days"),
        ("supervise", "generic-2", "answer_days = 60", "answer_days = 40", "step.listed.answer_days"),
    ] {
        let text = draft(&clerk, home).await.replacen(from, to, 1);
        assert!(text.contains(name) && text.contains(to), "{text}");
        let (status, page) = checked(&clerk, home, &text).await;
        assert_eq!(status, StatusCode::OK, "{page}");
        assert!(page.contains(place), "the difference is named: {page}");
        let once = between(&page, "/own/adopt\"", "</form>");
        let once = between(&once, "name=\"once\" value=\"", "\"");
        let adopt = |ground: &'static str, once: String| {
            let clerk = &clerk;
            let text = text.clone();
            async move {
                let fields = [("text", text.as_str()), ("ruleset_ground", ground), ("once", once.as_str())];
                clerk.post(&format!("/{home}/own/adopt"), &fields).await
            }
        };
        assert_eq!(adopt(" ", "x".to_owned()).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        let done = adopt("环委会第3次会议", once).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text());
        assert!(clerk.get(&done.location).await.text().contains("Entered into the ledger"));
        assert_eq!(clerk.get(&format!("/{home}/own/text?name={name}")).await.text(), text);
        let (status, page) = checked(&clerk, home, &text).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "a name stands for one text: {page}");
        let chosen = [("name", name), ("ruleset_ground", "环委会第3次会议"), ("once", name)];
        clerk.post(&format!("/{home}/own/choose"), &chosen).await;
        assert_eq!(clerk.get(&format!("/{home}")).await.status, StatusCode::OK);
    }
    let reference = house.app.reference();
    assert_eq!(reference.schemes.chosen().name, "district-default-2");
    assert_eq!(reference.ladders.chosen().step("listed").unwrap().answer_days, 40);
    let report = bihuan_store::verify::run(&house.app.books, &[], &mut |_| true).unwrap();
    assert_eq!(report.fault, None, "what was adopted can be replayed");
}

#[tokio::test]
async fn what_is_wrong_is_said_in_words_and_what_happened_before_is_not_ranked_by_it() {
    let house = house();
    let clerk = house.enter("clerk").await.in_english();
    let text = draft(&clerk, "rank").await;
    let (status, page) = checked(&clerk, "rank", &text.replacen("objection_days", "objection_daze", 1)).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.contains("The text cannot be read") && page.contains("objection_daze"), "{page}");
    let past = text.lines().map(|line| match line.split_once('=') {
        Some((key, _)) if key.trim() == "valid_from" => "valid_from = \"2020-01-01\"",
        _ => line,
    });
    let (status, page) = checked(&clerk, "rank", &past.collect::<Vec<_>>().join("\n")).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{page}");
    for who in ["town-1", "committee", "admin"] {
        let other = house.enter(who).await;
        assert_eq!(other.get("/rank/own").await.status, StatusCode::NOT_FOUND, "{who}");
    }
    let adopt = [("text", text.as_str()), ("ruleset_ground", "环委会第3次会议"), ("once", "a")];
    clerk.post("/rank/own/adopt", &adopt).await;
    let month = house.app.today().first_of_month().yesterday().unwrap();
    let period = month.strftime("%Y-%m").to_string();
    let scheme = [("scheme", "district-default-2"), ("once", "b")];
    let early = clerk.post(&format!("/rank/{period}/publish"), &scheme).await;
    assert_eq!(early.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", early.text());
}
