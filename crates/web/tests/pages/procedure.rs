//! A procedure of the district's own: drafted, checked, compared, adopted, chosen.

use crate::record::{Answer, Browser, TASK, house};
use axum::http::StatusCode;
use bihuan_rules::id::TaskId;

/// The value of a field in a page.
fn value(page: &str, name: &str) -> String {
    let rest = page.split(&format!("name=\"{name}\" value=\"")).nth(1).expect("the field");
    let raw = rest.split('"').next().unwrap_or_default();
    raw.replace("&#34;", "\"").replace("&#60;", "<").replace("&#62;", ">").replace("&#38;", "&")
}

async fn draft(admin: &Browser<'_>, from: &str) -> String {
    let page = admin.get(&format!("/procedure/own?from={from}")).await.text();
    let text = page.split("<textarea id=\"f-text\"").nth(1).and_then(|rest| rest.split_once('>'));
    let text = text.expect("the draft").1.split("</textarea>").next().unwrap_or_default();
    text.replace("&#34;", "\"").replace("&#62;", ">").replace("&#60;", "<").trim().to_owned()
}

async fn adopted(admin: &Browser<'_>, text: &str) -> Answer {
    let checked = admin.post_parts("/procedure/own", &[("text", text)], None).await;
    assert_eq!(checked.status, StatusCode::OK, "{}", checked.text());
    let page = checked.text();
    let (text, once) = (value(&page, "text"), value(&page, "once"));
    admin.post("/procedure/adopt", &[("text", &text), ("once", &once)]).await
}

#[tokio::test]
async fn an_own_procedure_is_checked_compared_adopted_and_chosen() {
    let house = house();
    let admin = house.enter("admin").await.in_english();
    let changed = draft(&admin, "sichuan-2021").await.replacen("verify = \"10wd\"", "verify = \"8wd\"", 1);
    let page = admin.post_parts("/procedure/own", &[("text", &changed)], None).await.text();
    assert!(page.contains("Differences from “Sichuan 2021"), "{page}");
    assert!(page.contains("8 working days") && page.contains("10 working days"), "{page}");

    let done = adopted(&admin, &changed).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER);
    assert!(done.location.starts_with("/procedure?name=sichuan-2021-2&adopted="), "{}", done.location);
    assert!(admin.get(&done.location).await.text().contains("Made from:"));
    let text = admin.get("/procedure/text?name=sichuan-2021-2").await;
    assert_eq!(text.text(), changed);

    assert_eq!(house.app.reference().chosen_ruleset, "sichuan-2021");
    admin.post("/procedure/choose", &[("name", "sichuan-2021-2")]).await;
    assert_eq!(house.app.reference().chosen_ruleset, "sichuan-2021-2");
    let report = bihuan_store::verify::run(&house.app.books, &[], &mut |_| true).unwrap();
    assert_eq!(report.fault, None, "what was adopted can be replayed");
}

#[tokio::test]
async fn what_is_wrong_is_named_with_its_line_and_what_was_typed_stays() {
    let house = house();
    let admin = house.enter("admin").await.in_english();
    let draft = draft(&admin, "generic").await;
    let wrong = draft.replacen("checkers_min = 2", "checkers_min = 0 # nobody", 1);
    let answer = admin.post_parts("/procedure/own", &[("text", &wrong)], None).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let page = answer.text();
    let line = wrong.lines().position(|line| line.contains("# nobody")).unwrap() + 1;
    assert!(page.contains(&format!("Line {line}, “checkers_min = 0 # nobody”: At least one")), "{page}");
    assert!(page.contains("checkers_min = 0 # nobody\n"), "what was typed stays");

    let file = draft.replacen("minutes = true", "minuets = true", 1);
    let answer = admin.post_parts("/procedure/own", &[("text", "")], Some(file.as_bytes())).await;
    assert!(answer.text().contains("There is no value “minuets”"), "{}", answer.text());
    let answer = admin.post_parts("/procedure/own", &[("text", "kept")], Some(&[0xff, 0xfe, 0])).await;
    assert!(answer.text().contains("no text in UTF-8") && answer.text().contains("kept"));
}

#[tokio::test]
async fn a_name_stands_for_one_text_so_nothing_under_way_ever_changes() {
    let house = house();
    let admin = house.enter("admin").await.in_english();
    let taken = bihuan_rules::ruleset::shipped_text("sichuan-2021").unwrap();
    let taken = taken.replacen("verify = \"10wd\"", "verify = \"1wd\"", 1);
    let answer = admin.post_parts("/procedure/own", &[("text", &taken)], None).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text().contains("Change the name to “sichuan-2021-2”"), "{}", answer.text());
    let sent = [("text", taken.as_str()), ("once", "k-1")];
    assert_eq!(admin.post("/procedure/adopt", &sent).await.status, StatusCode::UNPROCESSABLE_ENTITY);

    let own = draft(&admin, "sichuan-2021").await;
    assert_eq!(adopted(&admin, &own).await.status, StatusCode::SEE_OTHER);
    let twice = [("text", own.as_str()), ("once", "k-2")];
    assert_eq!(admin.post("/procedure/adopt", &twice).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let id = TaskId::new(TASK).unwrap();
    let seen = house.app.books.read(|connection| bihuan_store::task::load(connection, &id)).unwrap().unwrap();
    let reference = house.app.reference();
    assert_eq!(seen.record.ruleset, "sichuan-2021");
    assert_eq!(reference.ruleset(&seen.record.ruleset).terms.verify.amount, 10);
}
