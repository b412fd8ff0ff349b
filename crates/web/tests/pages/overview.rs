//! Boards: every figure equals the list that it leads to, today and as of a month's end; who may see which; tables as files.

use crate::{
    bad_input::done,
    record::{Browser, House, POSTS, TASK, house, on_each_engine, register_more},
};
use axum::http::StatusCode;

/// What is registered besides the first task: its number, town, field, and the deadline it is given; one stays unassigned.
const MORE: [(&str, &str, &str, &str); 7] = [
    ("0002", "u-town-1", "garbage", "2021-06-12"),
    ("0003", "u-town-1", "water", "2021-07-01"),
    ("0004", "u-town-2", "water", "2021-08-25"),
    ("0005", "u-town-2", "sewage", "2021-09-10"),
    ("0006", "u-town-2", "sewage", "2021-09-20"),
    ("0007", "u-town-1", "straw", "2021-12-31"),
    ("0008", "u-town-2", "straw", ""),
];

/// Three months later, some deadlines are past by each of the ages.
const LATER: &str = "2021-09-15T10:00:00+08:00";

/// Registers and assigns the tasks.
async fn filled(house: &House) {
    register_more(house, &MORE.map(|(number, town, field, _)| (number, town, field)));
    let clerk = house.enter("clerk").await;
    for (number, town, _, due_on) in MORE {
        if due_on.is_empty() {
            continue;
        }
        let path = format!("/tasks/AL-2021-{number}-1/assign");
        done(&clerk, &path, &[("lead", town), ("acceptance", "u-office"), ("due_on", due_on)]).await;
    }
}

/// Every link of a page to a list of tasks with the number that it shows.
fn figures(page: &str) -> Vec<(String, u64)> {
    let mut found = Vec::new();
    for link in page.split("<a ").skip(1) {
        let (head, rest) = link.split_once('>').expect("a whole tag");
        let Some(href) = head.split("href=\"/tasks?").nth(1).and_then(|rest| rest.split('"').next()) else {
            continue;
        };
        let inside = rest.split("</a>").next().expect("an end");
        let shown = match inside.split_once("<b>") {
            Some((_, number)) => number.split("</b>").next().unwrap_or_default(),
            None => inside.split('<').next().unwrap_or_default(),
        };
        let digits: String = shown.chars().filter(|letter| *letter != '\u{202f}').collect();
        let digits = digits.split('/').next().unwrap_or_default().trim();
        if let Ok(number) = digits.parse() {
            found.push((format!("/tasks?{}", href.replace("&amp;", "&").replace("&#38;", "&")), number));
        }
    }
    found
}

/// How many tasks a list says it has.
async fn listed(reader: &Browser<'_>, address: &str) -> u64 {
    let answer = reader.get(address).await;
    assert_eq!(answer.status, StatusCode::OK, "{address}");
    let page = answer.text();
    match page.split("共 ").nth(1).and_then(|rest| rest.split(" 件").next()) {
        Some(number) => number.parse().expect("a number"),
        None => {
            assert!(page.contains("没有符合条件的任务"), "{address}");
            0
        }
    }
}

/// Follows every figure of a page to its list.
async fn figures_hold(reader: &Browser<'_>, address: &str, at_least: usize) {
    let answer = reader.get(address).await;
    assert_eq!(answer.status, StatusCode::OK, "{address}");
    let page = answer.text();
    assert!(!page.contains('⟦'), "a word is missing on {address}");
    let mut figures = figures(&page);
    figures.sort();
    figures.dedup();
    assert!(figures.len() >= at_least, "{address} has {} figures: {page}", figures.len());
    for (list, figure) in figures {
        assert_eq!(listed(reader, &list).await, figure, "{address} says so of {list}");
    }
}

#[test]
fn every_figure_equals_the_list_behind_it() {
    on_each_engine(async |house| {
        filled(house).await;
        let house = house.seen_at(LATER);
        let clerk = house.enter("clerk").await;
        figures_hold(&clerk, "/overview", 50).await;
        figures_hold(&clerk, "/overview/towns/u-town-1", 20).await;
        figures_hold(&clerk, "/overview/wall", 5).await;
        figures_hold(&clerk, "/overview/review?month=2021-09", 20).await;
        let town = house.enter("town-2").await;
        figures_hold(&town, "/overview", 40).await;
        figures_hold(&town, "/overview/towns/u-town-2", 20).await;
        let page = clerk.get("/overview").await.text();
        assert!(page.contains("未销号 8 件，逾期 4 件，其中超过 30 天的 2 件"), "{page}");
        let page = town.get("/overview/towns/u-town-2").await.text();
        assert!(page.contains("云溪镇：未销号 4 件，逾期 2 件"), "{page}");
    });
}

#[test]
fn a_month_that_is_over_is_read_from_the_books_as_they_stood_and_never_changes() {
    on_each_engine(async |house| {
        filled(house).await;
        let later = house.seen_at(LATER);
        let clerk = later.enter("clerk").await;
        figures_hold(&clerk, "/overview/review?month=2021-08", 20).await;
        let page = clerk.get("/overview/review?month=2021-08").await.text();
        assert!(page.contains("8 月末逾期 3 件，比上月末多 1 件"), "{page}");
        assert!(page.contains("8 月没有销号，与上月持平"), "{page}");
        assert!(page.contains("as-of=2021-08-31"), "its figures lead to the lists of then");
        let names = ["closed", "open", "overdue", "kept", "ages", "towns", "stations", "pressure"];
        let mut files = Vec::new();
        for name in names {
            files.push(clerk.get(&format!("/overview/review/{name}.csv?month=2021-08")).await.bytes);
        }
        let more = [("lead", "u-town-2"), ("acceptance", "u-office"), ("due_on", "2021-10-31")];
        done(&clerk, "/tasks/AL-2021-0008-1/assign", &more).await;
        let again = house.seen_at("2021-11-02T10:00:00+08:00");
        let clerk = again.enter("clerk").await;
        for (name, file) in names.into_iter().zip(files) {
            let now = clerk.get(&format!("/overview/review/{name}.csv?month=2021-08")).await.bytes;
            assert_eq!(now, file, "{name}");
        }
    });
}

#[tokio::test]
async fn a_month_with_nothing_says_so_and_one_before_the_books_is_not_there() {
    let house = house();
    let clerk = house.enter("clerk").await;
    let page = clerk.get("/overview/review?month=2021-06").await.text();
    for said in [
        "6 月没有销号。",
        "目前未销号 1 件。",
        "目前没有逾期。",
        "6 月没有办结有时限的任务。",
        "没有逾期的任务。",
        "各镇街均无逾期。",
        "6 月没有反弹重开，没有采取督办措施。",
        "本月尚未结束",
    ] {
        assert!(page.contains(said), "{said}: {page}");
    }
    for wrong in ["2021-05", "2021-07", "2021-13", "x"] {
        let answer = clerk.get(&format!("/overview/review?month={wrong}")).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{wrong}");
    }
    assert_eq!(clerk.get("/overview/review/none.csv?month=2021-06").await.status, StatusCode::NOT_FOUND);
    assert_eq!(clerk.get("/overview/none.csv").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn ties_are_named() {
    let house = house();
    filled(&house).await;
    let house = house.seen_at("2021-09-11T10:00:00+08:00");
    let clerk = house.enter("clerk").await;
    let page = clerk.get("/overview").await.text();
    assert!(page.contains("白鹿镇、云溪镇逾期最多，各 2 件"), "{page}");
}

#[tokio::test]
async fn a_file_holds_what_the_table_beside_the_chart_holds() {
    let house = house();
    filled(&house).await;
    let house = house.seen_at(LATER);
    let clerk = house.enter("clerk").await;
    let page = clerk.get("/overview/review?month=2021-09").await.text();
    for name in ["closed", "open", "overdue", "kept", "ages", "towns", "stations", "pressure"] {
        let figure = page.split(&format!("id=\"{name}\"")).nth(1).expect("a chart");
        let figure = figure.split("</figure>").next().expect("an end");
        assert!(
            figure.contains("<svg") && figure.contains(&format!("/overview/review/{name}.csv")),
            "{name}"
        );
        let rows = figure.split("<tr>").skip(2).map(|row| {
            let cells = row.split("<t").skip(1).filter_map(|cell| cell.split_once('>'));
            let cells = cells.map(|(_, cell)| {
                let cell = cell.split("</t").next().unwrap_or_default();
                let cell = cell.strip_prefix("<a ").map_or(cell, |link| {
                    link.split_once('>').map_or("", |(_, words)| words.split('<').next().unwrap_or_default())
                });
                if cell == "–" { String::new() } else { cell.to_owned() }
            });
            cells.collect::<Vec<_>>().join(",")
        });
        let table: Vec<String> = rows.collect();
        let file = clerk.get(&format!("/overview/review/{name}.csv?month=2021-09")).await;
        let text = file.text();
        assert!(text.starts_with('\u{feff}'), "a spreadsheet reads it as UTF-8");
        let lines: Vec<&str> = text.lines().skip(1).collect();
        assert_eq!(lines, table, "{name}");
    }
}

#[tokio::test]
async fn a_town_reads_its_own_page_and_no_other_and_is_led_there_from_its_day() {
    let house = house();
    for (name, unit, ..) in POSTS {
        let browser = house.enter(name).await;
        let whole = !["town-1", "town-2", "admin", "verifier"].contains(&name);
        for town in ["u-town-1", "u-town-2"] {
            let answer = browser.get(&format!("/overview/towns/{town}")).await;
            let may = whole || unit == town;
            assert_eq!(answer.status == StatusCode::OK, may, "{name} at {town}");
            assert!(may || answer.status == StatusCode::NOT_FOUND);
        }
        let office = browser.get("/overview/towns/u-office").await;
        assert_eq!(office.status, StatusCode::NOT_FOUND, "an office is no town");
    }
    let town = house.enter("town-1").await;
    assert!(town.get("/").await.text().contains("href=\"/overview/towns/u-town-1\""));
    assert!(!town.get("/overview").await.text().contains("/overview/wall"), "no link to what is not there");
    let page = town.get("/overview/towns/u-town-1").await.text();
    assert!(!page.contains("/findings"), "what inspectors saw is not for the town");
    assert!(house.enter("clerk").await.get("/overview/wall").await.text().contains("白鹿镇"));
}

#[tokio::test]
async fn the_wall_names_what_is_late_and_who_answers_and_asks_for_itself_without_scripts() {
    let house = house();
    filled(&house).await;
    let house = house.seen_at(LATER);
    let page = house.enter("chief").await.get("/overview/wall").await.text();
    assert!(page.contains("<noscript><meta http-equiv=\"refresh\" content=\"60\"></noscript>"));
    assert!(page.contains("逾期 4 件，最久的已过 95 天"), "{page}");
    assert!(page.contains("逾期 95 天</b> 白鹿镇"), "{page}");
    assert!(page.contains("没有挂牌督办"));
    assert!(!page.contains(TASK), "what has no deadline is not late");
}
