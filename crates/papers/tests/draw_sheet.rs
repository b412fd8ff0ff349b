//! The workbook of a draw reckons it: LibreOffice finds from the formulas what the method found, whatever was written as
//! the last known values.

#![expect(clippy::unwrap_used, reason = "helpers outside the test functions unwrap as well")]

use bihuan_papers::writing::{
    DrawSheet, Language,
    draw_sheet::{FrameRow, Pass, Row},
};
use std::process::Command;

/// Makes LibreOffice reckon every formula when it opens a workbook.
const RECKON: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>"#;

/// The draw of handbook 3 §3c, with every last known value of the walk left wrong on purpose.
fn drawing() -> DrawSheet {
    let row = |(id, weight, digest): &(&str, u32, &str)| Row {
        id: (*id).to_owned(),
        weight: *weight,
        order_sha256: (*digest).to_owned(),
        ..Row::default()
    };
    // Digests shortened to what keeps their order; the workbook only compares them.
    let order = [
        ("P-007", 4, "0a"),
        ("P-003", 2, "1b"),
        ("P-004", 2, "2c"),
        ("P-006", 3, "3d"),
        ("P-002", 1, "9e"),
        ("P-005", 3, "af"),
        ("P-001", 1, "f0"),
    ];
    DrawSheet {
        title: "6月回头看".to_owned(),
        seed: "anju|huitoukan|2021-06|6b6e0f".to_owned(),
        start_sha256: "f02a6d0ffa1bec76".to_owned() + &"0".repeat(48),
        passes: vec![
            Pass { draws: 4, total_weight: 22, certain: vec![("P-008".to_owned(), 8)] },
            Pass { draws: 3, total_weight: 14, certain: Vec::new() },
        ],
        order: order.iter().map(row).collect(),
        reserves: vec!["P-002".to_owned()],
        ..DrawSheet::default()
    }
}

/// The rows of a sheet, as LibreOffice reckons them.
fn reckoned(bytes: &[u8], sheet: &str) -> Vec<Vec<String>> {
    let room = tempfile::tempdir().unwrap();
    let file = room.path().join("draw.xlsx");
    std::fs::write(&file, bytes).unwrap();
    let user = room.path().join("profile/user");
    std::fs::create_dir_all(&user).unwrap();
    std::fs::write(user.join("registrymodifications.xcu"), RECKON).unwrap();
    let output = Command::new("soffice")
        .arg(format!("-env:UserInstallation=file://{}", room.path().join("profile").display()))
        .args([
            "--headless",
            "--convert-to",
            "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1",
        ])
        .arg("--outdir")
        .arg(room.path())
        .arg(&file)
        .output()
        .expect("LibreOffice; `cargo xtask test` installs it");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = std::fs::read_to_string(room.path().join(format!("draw-{sheet}.csv"))).unwrap();
    text.lines().map(|line| line.split(',').map(str::to_owned).collect()).collect()
}

#[test]
fn the_formulas_draw_what_the_method_draws() {
    let bytes = drawing().to_workbook(Language::Chinese).to_xlsx(jiff::civil::date(2021, 6, 30)).unwrap();
    let walk = reckoned(&bytes, "抽签");
    let drawn: Vec<&str> = walk[2..].iter().filter(|row| row[8] == "1").map(|row| row[1].as_str()).collect();
    assert_eq!(drawn, ["P-003", "P-006", "P-001"], "{walk:?}");
    let sums: Vec<&str> = walk[2..].iter().map(|row| row[6].as_str()).collect();
    assert_eq!(sums, ["4", "6", "8", "11", "12", "15", "16"]);
    assert!(walk[2..].iter().all(|row| row[5] == "√"));
}

/// The same with its frame.
fn framed() -> DrawSheet {
    let weights = [1, 1, 2, 2, 3, 3, 4, 8];
    let row = |(n, weight): (usize, &u32)| FrameRow {
        id: format!("P-{:03}", n + 1),
        field: if n % 2 == 0 { "污水" } else { "" }.to_owned(),
        factors: if *weight == 3 { "曾反弹=3" } else { "" }.to_owned(),
        weight: *weight,
    };
    let mut sheet = drawing();
    sheet.frame = weights.iter().enumerate().map(row).collect();
    for row in &mut sheet.order {
        row.drawn = ["P-003", "P-006", "P-001"].contains(&row.id.as_str());
    }
    sheet
}

fn settings(sheet: &DrawSheet) -> Vec<Vec<String>> {
    let bytes = sheet.to_workbook(Language::Chinese).to_xlsx(jiff::civil::date(2021, 6, 30)).unwrap();
    reckoned(&bytes, "参数")
}

#[test]
fn the_workbook_reckons_the_control_number_of_its_frame_as_it_was_frozen() {
    let rows = settings(&framed());
    assert_eq!(rows[14][1], rows[15][1], "{rows:?}");
    assert_eq!(rows[15][2], "√ 抽样框未改动");
    assert_eq!((rows[16][1].as_str(), rows[16][2].as_str()), ("0", "√"));
}

#[test]
fn the_workbook_looks_up_the_reserve_of_each_absence_and_tells_one_that_was_picked_instead() {
    let mut sheet = framed();
    sheet.reserves = vec!["P-002".to_owned(), "P-005".to_owned(), "P-004".to_owned()];
    let stepped =
        |absent: &str, reserve: &str| (absent.to_owned(), "道路中断".to_owned(), reserve.to_owned());
    // The second should have been P-005.
    sheet.stepped_in = vec![stepped("P-003", "P-002"), stepped("P-002", "P-004")];
    let bytes = sheet.to_workbook(Language::Chinese).to_xlsx(jiff::civil::date(2021, 6, 30)).unwrap();
    let rows = reckoned(&bytes, "递补");
    let told: Vec<[&str; 3]> =
        rows[2..].iter().map(|row| [row[3].as_str(), row[4].as_str(), row[5].as_str()]).collect();
    assert_eq!(told, [["P-002", "P-002", "√"], ["P-005", "P-004", "×"]], "{rows:?}");
}

/// Writes another value into a cell of a sheet, as somebody would in a spreadsheet program.
fn changed(bytes: &[u8], sheet: &str, cell: &str, value: &str) -> Vec<u8> {
    let mut old = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let mut new = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for at in 0..old.len() {
        let mut part = old.by_index(at).unwrap();
        let name = part.name().unwrap().into_owned();
        let mut text = Vec::new();
        std::io::Read::read_to_end(&mut part, &mut text).unwrap();
        if name.ends_with(sheet) {
            let page = String::from_utf8(text).unwrap();
            let from = page.find(&format!("<c r=\"{cell}\"")).unwrap();
            let open = from + page[from..].find("<v>").unwrap() + 3;
            let close = open + page[open..].find("</v>").unwrap();
            text = format!("{}{value}{}", &page[..open], &page[close..]).into_bytes();
        }
        new.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        std::io::Write::write_all(&mut new, &text).unwrap();
    }
    new.finish().unwrap().into_inner()
}

#[test]
fn a_weight_changed_in_the_frame_of_the_workbook_is_told_and_changes_the_sample() {
    let bytes = framed().to_workbook(Language::Chinese).to_xlsx(jiff::civil::date(2021, 6, 30)).unwrap();
    // P-001 weighs 9 instead of 1.
    let bent = changed(&bytes, "sheet2.xml", "E3", "9");
    let rows = reckoned(&bent, "参数");
    assert_ne!(rows[14][1], rows[15][1]);
    assert_eq!(rows[15][2], "× 抽样框已改动");
    assert_eq!(rows[16][2], "×", "{rows:?}");
}
