//! The river-chief system as a browser sees it: a river is listed, a chief appointed, a patrol logged, a finding followed.

use crate::record::{Answer, Browser, house};
use axum::http::StatusCode;

fn once(page: &str) -> String {
    let rest = page.split("name=\"once\" value=\"").nth(1).expect("the key of the form");
    rest.split('"').next().unwrap_or_default().to_owned()
}

async fn send(who: &Browser<'_>, form: &str, fields: &[(&str, &str)]) -> Answer {
    let key = once(&who.get(form).await.text());
    let mut fields = fields.to_vec();
    fields.push(("once", &key));
    who.post(form.split('?').next().unwrap_or_default(), &fields).await
}

/// Fills in a form; answers with where it leads.
async fn step(who: &Browser<'_>, form: &str, fields: &[(&str, &str)]) -> String {
    let answer = send(who, form, fields).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{form}: {}", answer.text());
    answer.location
}

const RIVER: [(&str, &str); 5] = [
    ("name", "琼澜河"),
    ("water_kind", "river"),
    ("office", "u-office"),
    ("length_m", "9000"),
    ("rule", "sichuan-county"),
];
const REACH: [(&str, &str); 8] = [
    ("name", "琼澜河白鹿镇段"),
    ("order", "1"),
    ("length_m", "9000"),
    ("unit", "u-town-1"),
    ("towns", "u-town-1"),
    ("datum", "wgs84"),
    ("line", "105.196,30.37\n105.2956，30.3781"),
    ("goals", "水质达到Ⅲ类"),
];
const CHIEF: [(&str, &str); 5] = [
    ("reach", "1"),
    ("chief_kind", "administrative"),
    ("chief_level", "town"),
    ("chief_post", "town-1"),
    ("from_on", "2021-03-01"),
];

async fn a_river(clerk: &Browser<'_>) -> String {
    let river = step(clerk, "/rivers/new", &RIVER).await;
    step(clerk, &format!("{river}/reach"), &REACH).await;
    step(clerk, &format!("{river}/chief"), &CHIEF).await;
    river
}

#[tokio::test]
async fn a_river_is_listed_patrolled_and_what_was_found_becomes_a_task() {
    let house = house();
    let clerk = house.enter("clerk").await.in_english();
    assert!(clerk.get("/rivers").await.text().contains("No river is on file yet"));
    let river = a_river(&clerk).await;
    let page = clerk.get(&river).await.text();
    assert!(
        page.contains("琼澜河白鹿镇段") && page.contains("town-1君") && page.contains("<polyline"),
        "{page}"
    );
    assert!(page.contains("3 owed · 0 made · 3 missed"), "March to May: {page}");

    let town = house.enter("town-1").await.in_english();
    assert!(town.get("/").await.text().contains("琼澜河白鹿镇段"), "the duty stands in today");
    let form = format!("{river}/patrol?chief=1&reach=1");
    let key = once(&town.get(&form).await.text());
    let log = [
        ("once", key.as_str()),
        ("chief", "1"),
        ("reach", "1"),
        ("patrolled_on", "2021-06-10"),
        ("time_from", "8：30"),
        ("time_until", "9:20"),
        ("way", "foot"),
        ("seen", "水体清澈"),
        ("findings_seen", "排口有黑水\n岸边堆放垃圾"),
    ];
    let logged = town.post_parts(&format!("{river}/log"), &log, None).await;
    assert_eq!(logged.status, StatusCode::SEE_OTHER, "{}", logged.text());
    assert!(town.get(&logged.location).await.text().contains("2 found, to be followed"));

    let settle = format!("{}/settle?n=2", logged.location);
    step(&town, &settle, &[("n", "2"), ("settled", "当场清运")]).await;
    assert!(clerk.get("/").await.text().contains("1 findings of patrols"));
    let register = format!("{}/register?n=1", logged.location);
    let fields = [("n", "1"), ("title", "排口有黑水"), ("field", "water"), ("area", "u-town-1")];
    let task = step(&clerk, &register, &fields).await;
    assert!(task.starts_with("/tasks/AL-2021-"), "{task}");
    assert!(clerk.get(&task).await.text().contains("2021年河长巡河发现"));
    let page = clerk.get(&logged.location).await.text();
    assert!(page.contains(&task) && page.contains("当场清运"), "{page}");
}

#[tokio::test]
async fn what_cannot_be_used_is_named_and_what_was_typed_is_kept() {
    let house = house();
    let clerk = house.enter("clerk").await.in_english();
    let river = a_river(&clerk).await;
    let swapped = REACH.map(|(name, value)| match name {
        "line" => (name, "30.37,105.196\n30.3781,105.2956"),
        "name" => (name, "另一段"),
        "order" => (name, "2"),
        _ => (name, value),
    });
    let answer = send(&clerk, &format!("{river}/reach"), &swapped).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text().contains("Point 1 of the line") && answer.text().contains("30.37,105.196"));
    let answer = send(&clerk, &format!("{river}/chief"), &CHIEF).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        answer.text().contains("Somebody has held this seat since 1 Mar 2021, and still does."),
        "{}",
        answer.text()
    );
}

#[tokio::test]
async fn only_who_keeps_the_file_or_holds_the_seat_is_shown_the_forms() {
    let house = house();
    let clerk = house.enter("clerk").await;
    let river = a_river(&clerk).await;
    let town = house.enter("town-2").await;
    for path in ["amend", "reach", "chief", "alert", "patrol"] {
        let answer = town.get(&format!("{river}/{path}")).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
    }
    for path in ["", "/reaches/1", "/reaches/1/board"] {
        assert_eq!(town.get(&format!("{river}{path}")).await.status, StatusCode::OK, "{path}");
    }
    let board = town.get(&format!("{river}/reaches/1/board")).await.text();
    assert!(board.contains("河长公示牌") && board.contains("town-1君") && board.contains("水质达到Ⅲ类"));
    assert_eq!(house.enter("admin").await.get(&river).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn an_alert_colours_the_map_until_it_is_lifted() {
    let house = house();
    let clerk = house.enter("clerk").await;
    let river = a_river(&clerk).await;
    let alert = [
        ("reach", "1"),
        ("alert_level", "red"),
        ("alert_cause", "water_quality"),
        ("reason", "氨氮超标"),
        ("from_on", "2021-06-01"),
    ];
    step(&clerk, &format!("{river}/alert"), &alert).await;
    let page = clerk.get("/rivers").await.text();
    assert!(page.contains("reach red") && page.contains("红色预警"), "{page}");
    let lift = [("n", "1"), ("lifted_on", "2021-06-11"), ("reason", "复查达标")];
    step(&clerk, &format!("{river}/lift?n=1"), &lift).await;
    assert!(!clerk.get("/rivers").await.text().contains("reach red"));
}

#[tokio::test]
async fn a_scheme_says_that_its_meaning_is_open_until_the_district_fills_it_in() {
    let house = house();
    let clerk = house.enter("clerk").await;
    let scheme = step(&clerk, "/rivers/schemes/new", &[("scheme_name", "1223"), ("unit", "u-office")]).await;
    let page = clerk.get(&scheme).await.text();
    assert_eq!(page.matches("含义待区里填写</h2>").count(), 4, "{page}");
    let slot = [
        ("n", "1"),
        ("slot_label", "每条河1名区级河长"),
        ("slot_kind", "post_count"),
        ("slot_min", "1"),
        ("slot_per", "river"),
        ("slot_level", "district"),
    ];
    step(&clerk, &format!("{scheme}/slot?n=1"), &slot).await;
    let page = clerk.get(&scheme).await.text();
    assert_eq!(page.matches("含义待区里填写</h2>").count(), 3, "{page}");
    assert!(page.contains("每条河1名区级河长"));
}

#[tokio::test]
async fn a_plan_is_drafted_completed_reviewed_approved_and_followed() {
    let house = house();
    let clerk = house.enter("clerk").await;
    let river = a_river(&clerk).await;
    let district = [
        ("chief_kind", "administrative"),
        ("chief_level", "district"),
        ("chief_post", "committee"),
        ("from_on", "2021-03-01"),
    ];
    step(&clerk, &format!("{river}/chief"), &district).await;
    let code = river.trim_start_matches("/rivers/");
    let mut text = vec![
        ("river", code),
        ("title", "琼澜河一河一策"),
        ("unit", "u-office"),
        ("term_from", "2021-06-01"),
        ("term_until", "2024-05-31"),
        ("goals", "出境断面达到Ⅲ类"),
    ];
    for subject in ["resources", "shoreline", "pollution", "environment"] {
        text.extend([
            ("task_subject", subject),
            ("task_phase", "第一阶段"),
            ("task_text", "清理岸线"),
            ("task_lead", "u-town-1"),
            ("task_due", "2021-12-31"),
        ]);
    }
    let plan = step(&clerk, &format!("/rivers/plans/new?river={code}"), &text).await;
    let early = send(&clerk, &format!("{plan}/submit"), &[]).await;
    assert_eq!(early.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(early.text().contains("水生态修复"), "{}", early.text());
    text.extend([
        ("task_subject", "ecology"),
        ("task_phase", ""),
        ("task_text", "修复河岸植被"),
        ("task_lead", "u-town-1"),
        ("task_due", "2022-06-30"),
    ]);
    step(&clerk, &format!("{plan}/revise"), &text).await;
    let opinion = [("unit", "u-town-1"), ("opinion", "增加经费"), ("answer", "采纳")];
    step(&clerk, &format!("{plan}/opinion"), &opinion).await;
    step(&clerk, &format!("{plan}/submit"), &[]).await;
    let reviewer = house.enter("committee").await;
    assert!(reviewer.get("/").await.text().contains("琼澜河一河一策"), "the review stands in today");
    step(&reviewer, &format!("{plan}/review"), &[("agreed", "approve")]).await;
    let own = reviewer.get(&format!("{plan}/approve")).await;
    assert_eq!(own.status, StatusCode::NOT_FOUND, "nobody approves what they reviewed");
    let leader = house.enter("chief").await;
    step(&leader, &format!("{plan}/approve"), &[("approval", "区政府常务会议")]).await;
    let task = step(&clerk, &format!("{plan}/task?n=5"), &[("n", "5"), ("field", "water")]).await;
    assert!(clerk.get(&task).await.text().contains("修复河岸植被"));
    assert!(clerk.get(&plan).await.text().contains(&task));
}

/// A workbook of the three sheets with these rows.
fn book(rivers: &[&[&str]], reaches: &[&[&str]], chiefs: &[&[&str]]) -> Vec<u8> {
    use bihuan_papers::{
        river_book::{CHIEFS, REACHES, RIVERS},
        writing::{Sheet, Workbook, sheet::Cell},
    };
    let sheet = |name: &str, headings: &[&str], rows: &[&[&str]]| Sheet {
        name: name.to_owned(),
        headings: headings.iter().map(|heading| (*heading).to_owned()).collect(),
        rows: rows.iter().map(|row| row.iter().map(|cell| Cell::text(*cell)).collect()).collect(),
        ..Sheet::default()
    };
    let sheets = vec![
        sheet("河湖", &RIVERS, rivers),
        sheet("河段", &REACHES, reaches),
        sheet("河长", &CHIEFS, chiefs),
    ];
    Workbook { sheets, ..Workbook::default() }.to_xlsx(jiff::civil::date(2021, 6, 11)).expect("a workbook")
}

#[tokio::test]
async fn a_workbook_of_rivers_is_looked_through_row_by_row_before_anything_is_kept() {
    let house = house();
    let clerk = house.enter("clerk").await.in_english();
    assert!(clerk.get("/rivers/import/template").await.bytes.starts_with(b"PK"));
    let line = "105.1960 30.3700；105.2956 30.3781";
    let rivers: [&[&str]; 1] = [&["琼澜河", "河流", "天外天局", "9000", ""]];
    let reaches: [&[&str]; 2] = [
        &["琼澜河", "上段", "1", "4000", "白鹿镇", "", "WGS-84", line],
        &["无名河", "下段", "2", "4000", "白鹿镇", "", "WGS-84", line],
    ];
    let file = book(&rivers, &reaches, &[]);
    let page = clerk.post_parts("/rivers/import", &[], Some(&file)).await.text();
    assert!(
        page.contains("Rivers, row 1: “天外天局”") && page.contains("Reaches, row 2: “无名河”"),
        "{page}"
    );
    assert!(page.contains("1 rivers, 2 reaches"), "what was read is shown");
    assert!(clerk.get("/rivers").await.text().contains("No river is on file yet"), "nothing is kept yet");

    let key = once(&page);
    let mut typed = vec![("once", key.as_str())];
    let columns = |prefix: &str, cells: &[&'static str]| -> Vec<(String, &'static str)> {
        cells.iter().enumerate().map(|(n, cell)| (format!("{prefix}{n}"), *cell)).collect()
    };
    let mut cells = columns("w", &["琼澜河", "河流", "云溪镇", "9000", ""]);
    cells.extend(columns(
        "d",
        &["琼澜河", "上段", "1", "4000", "白鹿镇", "", "WGS-84", "105.1960 30.3700；105.2956 30.3781"],
    ));
    typed.extend(cells.iter().map(|(name, cell)| (name.as_str(), *cell)));
    let kept = clerk.post("/rivers/import/adopt", &typed).await;
    assert_eq!(kept.status, StatusCode::SEE_OTHER, "{}", kept.text());
    let list = clerk.get("/rivers").await.text();
    assert!(list.contains("琼澜河") && list.contains("<polyline"));
    let again = clerk.post_parts("/rivers/import", &[], Some(&file)).await.text();
    assert!(!again.contains("Rivers, row 1"), "what is on file already is not judged again");
    assert_eq!(house.enter("auditor").await.get("/rivers/import").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_patrol_with_a_track_is_measured_and_drawn_and_leads_to_its_task_and_back() {
    let house = house();
    let clerk = house.enter("clerk").await.in_english();
    let river = a_river(&clerk).await;
    let town = house.enter("town-1").await.in_english();
    let form = format!("{river}/patrol?chief=1&reach=1");
    let key = once(&town.get(&form).await.text());
    let log = |track: &'static str, datum: &'static str| {
        [
            ("chief", "1"),
            ("reach", "1"),
            ("patrolled_on", "2021-06-10"),
            ("time_from", "8:30"),
            ("time_until", "9:20"),
            ("way", "foot"),
            ("seen", "水体清澈"),
            ("track", track),
            ("track_datum", datum),
            ("patrol_task", crate::record::TASK),
        ]
    };
    let mut wrong = log("上游 下游", "wgs84").to_vec();
    wrong.push(("once", &key));
    let refused = town.post_parts(&format!("{river}/log"), &wrong, None).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let page = refused.text();
    assert!(page.contains("上游 下游") && page.contains("水体清澈"), "what was typed is kept");
    let key = once(&page);
    let mut right = log("105.2, 30.37\n105.2, 30.38", "wgs84").to_vec();
    right.push(("once", &key));
    let logged = town.post_parts(&format!("{river}/log"), &right, None).await;
    assert_eq!(logged.status, StatusCode::SEE_OTHER, "{}", logged.text());
    let page = town.get(&logged.location).await.text();
    assert!(page.contains("1112 m") && page.contains("class=\"way\"") && page.contains("WGS-84"), "{page}");
    assert!(page.contains(&format!("/tasks/{}", crate::record::TASK)));
    let task = clerk.get(&format!("/tasks/{}", crate::record::TASK)).await.text();
    assert!(task.contains(&logged.location), "the task leads to the patrol");
}
