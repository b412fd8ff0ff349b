//! A warning film: taken in for a meeting, entered by timecode, its items settled once, linked both ways.

use crate::{
    meeting::{once, step},
    record::house,
};
use axum::http::StatusCode;

const CALL: [(&str, &str); 6] = [
    ("title", "环委会2021年第2次全体会议"),
    ("organ", "u-office"),
    ("held_on", "2021-06-11"),
    ("venue", "上午9:00 三楼会议室"),
    ("chair", "chief"),
    ("quorum", "1"),
];

fn row<'t>(from: &'t str, until: &'t str, seen: &'t str) -> [(&'static str, &'t str); 6] {
    [
        ("film_from", from),
        ("film_until", until),
        ("film_seen", seen),
        ("film_place", "东溪镇污水处理站"),
        ("film_area", "u-town-1"),
        ("film_unit", "u-town-1"),
    ]
}

#[tokio::test]
async fn items_of_a_film_become_problems_once_and_are_linked_both_ways() {
    let house = house();
    let clerk = house.enter("clerk").await;
    let meeting = step(&clerk, "/meetings/new", &CALL).await;
    let watch = [("item_kind", "film"), ("title", "观看市级生态环境警示片")];
    step(&clerk, &format!("{meeting}/place-item"), &watch).await;

    let code = meeting.trim_start_matches("/meetings/").to_owned();
    let new = format!("/films/new?meeting={code}&item=1");
    let form = clerk.get(&new).await.text();
    assert!(form.contains("value=\"市级生态环境警示片\""), "the title is that of the agenda");
    let film = [
        ("meeting", code.as_str()),
        ("item", "1"),
        ("title", "市级生态环境警示片"),
        ("level", "city"),
        ("film_sender", "市环委办"),
        ("film_length", "12:00"),
        ("film_received_on", "2021-06-11"),
    ];
    let film = step(&clerk, &new, &film).await;
    let mut items = row("03:15", "04:02", "污水直排河道").to_vec();
    items.extend(row("03:40", "05:00", "河岸垃圾堆放"));
    items.extend(row("11:00", "11:30", "邻县河段漂浮物"));
    step(&clerk, &format!("{film}/enter"), &items).await;

    let problem = [
        ("item", "1"),
        ("title", "污水直排河道"),
        ("field", "sewage"),
        ("kind", "works"),
        ("area", "u-town-1"),
        ("lead", "u-town-1"),
    ];
    let form = format!("{film}/problem?item=1");
    step(&clerk, &form, &problem).await;
    let shown = clerk.get(&film).await.text();
    let number = shown.split("/problems/").nth(1).and_then(|rest| rest.split('"').next());
    let number = number.expect("the problem of the item").to_owned();

    let again = clerk.get(&format!("{film}/problem?item=2")).await.text();
    let key = once(&again);
    let mut twice = problem.to_vec();
    twice.push(("once", &key));
    let twice = clerk.post(&format!("{film}/problem"), &twice).await;
    assert_eq!(twice.status, StatusCode::UNPROCESSABLE_ENTITY, "an item becomes a problem once");

    let page = clerk.get(&format!("/problems/{number}")).await.text();
    assert!(page.contains("03:15–04:02"), "the place in the film stands with the problem");
    assert!(page.contains(&format!("href=\"{film}\"")), "the problem leads to the film");
    let task = clerk.get(&format!("/tasks/{number}-1")).await.text();
    assert!(task.contains(&format!("href=\"{film}\"")), "the task leads to the film");

    let known = format!("{number}-1");
    step(&clerk, &format!("{film}/known?item=2"), &[("item", "2"), ("known_task", &known)]).await;
    let reason = [("item", "3"), ("reason", "不在本区范围")];
    step(&clerk, &format!("{film}/set-aside?item=3"), &reason).await;
    let shown = clerk.get(&film).await.text();
    assert!(shown.contains("已全部处理") && shown.contains("不在本区范围"));
    let held = clerk.get(&meeting).await.text();
    assert!(held.contains(&format!("href=\"{film}\"")), "the meeting leads to the film");
    assert!(shown.contains(&format!("href=\"{meeting}\"")), "the film leads to the meeting");

    let stranger = house.enter("town-2").await;
    assert_eq!(stranger.get(&film).await.status, StatusCode::NOT_FOUND);
    let named = house.enter("town-1").await;
    assert_eq!(named.get(&film).await.status, StatusCode::OK, "a unit sees the film that names it");
    assert_eq!(named.get(&format!("{film}/enter")).await.status, StatusCode::NOT_FOUND);
    let report = bihuan_store::verify::run(&house.app.books, &[], &mut |_| true).unwrap();
    assert_eq!(report.fault, None);
}

#[tokio::test]
async fn a_bad_timecode_is_named_by_its_row_and_nothing_typed_is_lost() {
    let house = house();
    let clerk = house.enter("clerk").await.in_english();
    let film = [
        ("title", "Film"),
        ("level", "county"),
        ("film_length", "12:00"),
        ("film_received_on", "2021-06-11"),
    ];
    let film = step(&clerk, "/films/new", &film).await;
    let table = [
        (("04:00", "03:15"), "Row 2: it ends before it starts"),
        (("11:50", "12:10"), "Row 2: it lies beyond the length of the film, 12:00"),
        (("4.75", "05:00"), "Row 2: “4.75” is no timecode"),
    ];
    for ((from, until), told) in table {
        let enter = format!("{film}/enter");
        let key = once(&clerk.get(&enter).await.text());
        let mut rows = row("01:00", "02:00", "first seen").to_vec();
        rows.extend(row(from, until, "second seen"));
        rows.push(("once", &key));
        let answer = clerk.post(&enter, &rows).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        let page = answer.text();
        assert!(page.contains(told), "{told}");
        assert!(page.contains("first seen") && page.contains("second seen") && page.contains(from));
    }
    assert!(clerk.get(&film).await.text().contains("Nothing has been entered"));
    let long =
        [("title", "Film"), ("level", "county"), ("film_length", "long"), ("film_received_on", "2021-06-11")];
    let key = once(&clerk.get("/films/new").await.text());
    let mut long = long.to_vec();
    long.push(("once", &key));
    let answer = clerk.post("/films/new", &long).await;
    assert!(answer.text().contains("Write the length as minutes:seconds"));
}
