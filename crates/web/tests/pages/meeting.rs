//! A meeting of the committee: called, held, decided, answered; its lists and documents.

use crate::record::{Browser, house};
use axum::http::StatusCode;

const CALL: [(&str, &str); 7] = [
    ("title", "环委会2021年第2次全体会议"),
    ("organ", "u-office"),
    ("held_on", "2021-06-11"),
    ("venue", "上午9:00 三楼会议室"),
    ("chair", "chief"),
    ("members", "town-1"),
    ("quorum", "50"),
];

pub fn once(page: &str) -> String {
    let rest = page.split("name=\"once\" value=\"").nth(1).expect("the key of the form");
    rest.split('"').next().unwrap_or_default().to_owned()
}

/// Fills in a form of the meeting; answers with where it leads.
pub async fn step(who: &Browser<'_>, path: &str, fields: &[(&str, &str)]) -> String {
    let key = once(&who.get(path).await.text());
    let mut fields = fields.to_vec();
    fields.push(("once", &key));
    let address = path.split('?').next().unwrap_or_default();
    let answer = who.post(address, &fields).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{path}: {}", answer.text());
    answer.location
}

#[tokio::test]
async fn a_meeting_is_called_held_decided_and_followed_until_it_is_answered() {
    let house = house();
    let clerk = house.enter("clerk").await.in_english();
    let meeting = step(&clerk, "/meetings/new", &CALL).await;
    let place = format!("{meeting}/place-item");
    let problems = [("item_kind", "deliberate"), ("title", "审议《问题清单》"), ("list", "problems")];
    step(&clerk, &place, &problems).await;
    step(&clerk, &place, &[("item_kind", "demand"), ("title", "主任讲话")]).await;

    let absent =
        [("presence", "in_person"), ("presence", "absent"), ("presence_note", ""), ("presence_note", "")];
    step(&clerk, &format!("{meeting}/open"), &absent).await;
    let key = once(&clerk.get(&format!("{meeting}/end")).await.text());
    let early = clerk.post(&format!("{meeting}/end"), &[("once", &key)]).await;
    assert_eq!(early.status, StatusCode::UNPROCESSABLE_ENTITY, "an item is still open");

    let close = |n: u32| format!("{meeting}/close-item?item={n}");
    step(&clerk, &close(1), &[("item", "1"), ("outcome", "adopted_in_principle")]).await;
    let demand = [
        ("item", "2"),
        ("outcome", "noted"),
        ("demand_text", "排查雨污混接"),
        ("demand_lead", "u-town-1"),
        ("demand_due", "2021-07-31"),
    ];
    step(&clerk, &close(2), &demand).await;
    step(&clerk, &format!("{meeting}/end"), &[]).await;

    let revised = [("item", "1"), ("rows", "编号\t问题\nAL-2021-0001\t污水直排")];
    let list = step(&clerk, &format!("{meeting}/issue-list?item=1"), &revised).await;
    assert!(clerk.get(&list).await.text().contains("安环委〔2021〕1号"));
    let minutes = [("title", "会议纪要"), ("text", "一、审议《问题清单》\n会议审议并原则通过。")];
    let minutes = step(&clerk, &format!("{meeting}/minutes"), &minutes).await;
    let file = clerk.get(&format!("{minutes}/docx")).await;
    assert!(file.status == StatusCode::OK && file.bytes.starts_with(b"PK"));

    let stranger = house.enter("town-2").await;
    assert_eq!(stranger.get(&meeting).await.status, StatusCode::NOT_FOUND);
    let town = house.enter("town-1").await.in_english();
    let at = [("item", "2"), ("demand", "1")];
    let answer = [at[0], at[1], ("answer", "已排查完毕")];
    step(&town, &format!("{meeting}/answer?item=2&demand=1"), &answer).await;
    let owed = clerk.get(&meeting).await.text();
    assert!(owed.contains("1 answers"), "an answer settles nothing before it is accepted");
    step(&clerk, &format!("{meeting}/accept?item=2&demand=1"), &at).await;
    assert!(!clerk.get(&meeting).await.text().contains("Still owed"));

    let report = bihuan_store::verify::run(&house.app.books, &[], &mut |_| true).unwrap();
    assert_eq!(report.fault, None);
}

#[tokio::test]
async fn a_figure_that_moved_holds_the_circular_until_somebody_says_why() {
    let house = house();
    let clerk = house.enter("clerk").await.in_english();
    let draft = [
        ("kind", "circular"),
        ("organ", "u-office"),
        ("series", "安环委"),
        ("title", "通报"),
        ("addressees", "各镇人民政府"),
        ("text", "一、总体情况\n共{总数}个，其中{其他}个。"),
        ("figure_name", "总数"),
        ("figure_value", "99"),
        ("figure_source", "/tasks?open=all"),
        ("figure_name", "其他"),
        ("figure_value", "7"),
        ("figure_source", ""),
    ];
    let document = step(&clerk, "/documents/new?kind=circular", &draft).await;
    let page = clerk.get(&document).await.text();
    assert!(page.contains("<td>总数</td><td>1</td>"), "what the records hold goes before what was typed");
    assert!(page.contains("resolves to no record"));
    let issue = format!("{document}/issue");
    let key = once(&clerk.get(&issue).await.text());
    let refused = clerk.post(&issue, &[("issued_on", "2021-06-11"), ("once", &key)]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    step(&clerk, &issue, &[("issued_on", "2021-06-11"), ("remarks", "由镇上报")]).await;
    assert!(clerk.get(&document).await.text().contains("安环委〔2021〕1号"));
    let town = house.enter("town-1").await;
    assert_eq!(
        town.get(&document).await.status,
        StatusCode::OK,
        "what is issued is for everybody in the loop"
    );
    assert_eq!(town.get(&issue).await.status, StatusCode::NOT_FOUND);
}
