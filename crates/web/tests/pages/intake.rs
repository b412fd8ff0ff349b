//! A ledger with mistakes: every one is told in the sender's own table, nothing is on the list before it is adopted, and
//! the corrected file adds what was missing once.

use crate::record::{Browser, house};
use axum::http::StatusCode;
use bihuan_papers::container::{Limits, open};

const HEADINGS: &str = "序号,反馈问题,整改措施,整改时限,牵头单位";

/// Fifty rows; `mend` says whether the seven defects are put right.
fn ledger(mend: bool) -> Vec<u8> {
    let mut text = format!("{HEADINGS}\n");
    for number in 1..=50 {
        let mut row = [
            number.to_string(),
            format!("第{number}处排口污水直排。"),
            "封堵排口。".to_owned(),
            "2021年12月31日前".to_owned(),
            "区环委办".to_owned(),
        ];
        if !mend {
            match number {
                1 => row[1].clear(),
                7 | 14 => row[3] = "尽快".to_owned(),
                21 => row[3] = "2021年13月45日前".to_owned(),
                28 | 35 => row[4] = "区某某局".to_owned(),
                49 => row[3] = "2021年6月31日前".to_owned(),
                _ => {}
            }
        }
        text.push_str(&row.join(","));
        text.push('\n');
    }
    text.into_bytes()
}

/// How many problems stand on the list.
fn listed(house: &crate::record::House) -> u64 {
    let today = house.app.today();
    let all = bihuan_store::list::Filter::all(bihuan_store::list::Scope::Whole, today);
    house.app.books.read(|connection| bihuan_store::list::count(connection, &all)).unwrap()
}

async fn hand_in(browser: &Browser<'_>, bytes: &[u8]) -> String {
    let fields = [("sender", "省督察办"), ("received_on", "2021-06-11")];
    let answer = browser.post_parts("/intake", &fields, Some(bytes)).await;
    assert!(answer.location.starts_with("/intake/"), "{} {}", answer.status, answer.location);
    answer.location
}

/// The rows of the check: number, verdict, sentences.
async fn checked(browser: &Browser<'_>, draft: &str) -> (Vec<[String; 3]>, Vec<u8>) {
    let file = browser.get(&format!("{draft}/report")).await;
    assert_eq!(file.status, StatusCode::OK);
    let book = open(&file.bytes, "x.xlsx", &Limits::default()).unwrap();
    let table = book
        .blocks
        .iter()
        .find_map(|block| match block {
            bihuan_papers::document::Block::Table(table) => Some(table),
            bihuan_papers::document::Block::Paragraph(_) => None,
        })
        .unwrap();
    let cell = |row: &bihuan_papers::document::GridRow, at: usize| {
        row.cells.get(at).map(|cell| cell.text.clone()).unwrap_or_default()
    };
    let rows = table.rows.iter().filter(|row| cell(row, 0).parse::<u32>().is_ok());
    (rows.map(|row| [cell(row, 0), cell(row, 5), cell(row, 6)]).collect(), file.bytes)
}

#[tokio::test]
async fn seven_mistakes_in_fifty_rows_are_told_at_their_cells_and_nothing_is_stored_before() {
    let house = house();
    let browser = house.enter("clerk").await;
    let before = listed(&house);
    let draft = hand_in(&browser, &ledger(false)).await;
    let (rows, bytes) = checked(&browser, &draft).await;
    assert_eq!(rows.len(), 50);
    let told: Vec<&str> = rows.iter().filter(|row| !row[2].is_empty()).map(|row| row[0].as_str()).collect();
    assert_eq!(told, ["1", "7", "14", "21", "28", "35", "49"], "{rows:?}");
    let row = |number: &str| rows.iter().find(|row| row[0] == number).unwrap();
    assert!(row("28")[2].contains("区某某局"), "{:?}", row("28"));
    assert_eq!(row("1")[1], "有误");
    assert_eq!(row("2")[1], "可采用");
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let mut sheet = String::new();
    std::io::Read::read_to_string(&mut archive.by_name("xl/worksheets/sheet1.xml").unwrap(), &mut sheet)
        .unwrap();
    assert!(
        sheet.contains(r#"activeCell="B3""#),
        "the first bad cell is selected: the problem of row 1 under title and headings"
    );
    let after = listed(&house);
    assert_eq!(before, after, "nothing is stored before it is adopted");

    let page = browser.get(&draft).await.text();
    assert!(page.contains("1 条有误"), "{page}");
    let left = browser.post(&format!("{draft}/only-right"), &[]).await;
    assert_eq!(left.location, draft);
    assert!(browser.get(&draft).await.text().contains("拟采用 49 条"));
    assert_eq!(
        house.enter("town-1").await.get(&format!("{draft}/report")).await.status,
        StatusCode::NOT_FOUND
    );
}

#[tokio::test]
async fn the_template_offers_the_units_of_the_office_to_those_who_read_in() {
    let house = house();
    let file = house.enter("clerk").await.get("/intake/template").await;
    assert_eq!(file.status, StatusCode::OK);
    let reading = bihuan_papers::read(&file.bytes, "x.xlsx", &bihuan_papers::ReadOptions::default()).unwrap();
    assert!(reading.problems.is_empty(), "the sample row is no problem");
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(file.bytes)).unwrap();
    let mut words = String::new();
    std::io::Read::read_to_string(&mut archive.by_name("xl/sharedStrings.xml").unwrap(), &mut words).unwrap();
    assert!(words.contains("白鹿镇") && words.contains("区环委办"));
    assert_eq!(house.enter("town-1").await.get("/intake/template").await.status, StatusCode::NOT_FOUND);
}
