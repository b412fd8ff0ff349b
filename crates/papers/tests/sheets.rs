//! Workbooks and comma-separated values, written and read again.

use bihuan_papers::{
    ReadOptions,
    container::{Limits, open},
    document::{Block, Cover, Document, Table},
    reading::{Draft, Reading},
    writing::{
        OwnRow, Sheet, Workbook, WriteError, csv, own_layout, own_layout_of,
        sheet::{CELL_CHARACTERS, Cell, ROWS},
    },
};
use jiff::civil::{Date, date};

const DAY: Date = date(2021, 6, 30);

fn sheet(headings: &[&str], rows: Vec<Vec<Cell>>) -> Sheet {
    let headings = headings.iter().map(|heading| (*heading).to_owned()).collect();
    Sheet { name: "台账".to_owned(), title: "整改台账".to_owned(), headings, rows, ..Sheet::default() }
}

fn written(sheet: Sheet) -> Result<Vec<u8>, WriteError> {
    Workbook { sheets: vec![sheet], ..Workbook::default() }.to_xlsx(DAY)
}

fn tables(document: &Document) -> Vec<&Table> {
    let blocks = document.blocks.iter();
    blocks.filter_map(|block| if let Block::Table(table) = block { Some(table) } else { None }).collect()
}

fn texts(table: &Table) -> Vec<Vec<&str>> {
    table.rows.iter().map(|row| row.cells.iter().map(|cell| &*cell.text).collect()).collect()
}

fn part(bytes: &[u8], name: &str) -> String {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    std::io::read_to_string(archive.by_name(name).unwrap()).unwrap()
}

#[test]
fn a_workbook_is_read_back_as_it_was_written() {
    let text = |text: &str| Cell::text(text);
    let rows = vec![
        vec![Cell::Across("一、水环境".to_owned())],
        vec![Cell::Number(1.0), text("河道\n垃圾"), text("区水务局"), text("各镇街"), Cell::Date(DAY)],
        vec![Cell::Above, Cell::Struck("已撤销".to_owned()), Cell::Empty, text(" 前有空格")],
    ];
    let bytes = written(sheet(&["序号", "问题", "单位/牵头", "单位/配合", "是/否"], rows)).unwrap();
    let document = open(&bytes, "x.xlsx", &Limits::default()).unwrap();
    let table = tables(&document)[0];
    assert_eq!(
        texts(table),
        [
            ["整改台账", "", "", "", ""],
            ["序号", "问题", "单位", "", "是/否"],
            ["", "", "牵头", "配合", ""],
            ["一、水环境", "", "", "", ""],
            ["1", "河道\n垃圾", "区水务局", "各镇街", "2021-06-30"],
            ["", "已撤销", "", " 前有空格", ""],
        ]
    );
    let cover = |row: usize, column: usize| table.rows[row].cells[column].cover;
    assert_eq!([cover(0, 4), cover(1, 3), cover(3, 4)], [Cover::Left; 3]);
    assert_eq!([cover(2, 0), cover(2, 4), cover(5, 0)], [Cover::Above; 3]);
    assert!(table.rows[5].cells[1].struck && !table.rows[4].cells[1].struck);
    let xml = part(&bytes, "xl/worksheets/sheet1.xml");
    for setting in ["state=\"frozen\"", "orientation=\"landscape\"", "fitToPage=\"1\"", "paperSize=\"9\""] {
        assert!(xml.contains(setting), "{setting}");
    }
    assert!(part(&bytes, "xl/workbook.xml").contains("_xlnm.Print_Titles"));
    assert!(part(&bytes, "xl/workbook.xml").contains("$2:$3"));
}

#[test]
fn the_same_workbook_gives_the_same_bytes() {
    let sheet = || sheet(&["序号"], vec![vec![Cell::Number(1.0)], vec![Cell::text("甲")]]);
    assert_eq!(written(sheet()), written(sheet()));
    let later = Workbook { sheets: vec![sheet()], ..Workbook::default() }.to_xlsx(date(2022, 1, 1)).unwrap();
    assert_ne!(written(sheet()).unwrap(), later);
    assert!(part(&later, "docProps/core.xml").contains("2022-01-01T00:00:00Z"));
}

#[test]
fn nothing_written_can_act_as_a_formula() {
    let hostile =
        ["=1+1", "+cmd|' /C calc'!A0", "-2", "@SUM(A1)", "=HYPERLINK(\"http://x\")", "\t=1", "\r=1"];
    let rows = || hostile.iter().map(|text| vec![Cell::text(*text)]).collect();
    let bytes = written(sheet(&["=A1"], rows())).unwrap();
    let xml = part(&bytes, "xl/worksheets/sheet1.xml");
    assert!(!xml.contains("<f>") && !xml.contains("<hyperlink"));
    let document = open(&bytes, "x.xlsx", &Limits::default()).unwrap();
    let read = texts(tables(&document)[0]).concat();
    assert_eq!(read[1..7], ["=A1", hostile[0], hostile[1], hostile[2], hostile[3], hostile[4]]);
    let csv = String::from_utf8(csv::to_csv(&sheet(&["=A1", "数"], rows())).unwrap()).unwrap();
    for field in csv.trim_start_matches('\u{feff}').split("\r\n").filter(|line| !line.is_empty()) {
        assert!(field.trim_start_matches('"').starts_with('\''), "{field:?}");
    }
    assert_eq!(csv::guarded("＝1"), "'＝1");
    assert_eq!(csv::guarded("甲=1"), "甲=1");
}

#[test]
fn comma_separated_values_are_read_back() {
    let rows = vec![
        vec![Cell::text("甲,乙\"丙\""), Cell::Number(-1.5), Cell::Date(DAY)],
        vec![Cell::Above, Cell::text("两\n行")],
    ];
    let bytes = csv::to_csv(&sheet(&["问题", "数", "日期"], rows)).unwrap();
    let document = open(&bytes, "x.csv", &Limits::default()).unwrap();
    assert_eq!(
        texts(tables(&document)[0]),
        [["问题", "数", "日期"], ["甲,乙\"丙\"", "-1.5", "2021-06-30"], ["甲,乙\"丙\"", "两\n行", ""]]
    );
}

#[test]
fn what_excel_cannot_hold_is_refused_with_its_place() {
    let cells = |text: String| sheet(&["序号", "问题"], vec![vec![Cell::Empty, Cell::Text(text)]]);
    assert!(written(cells("长".repeat(CELL_CHARACTERS))).is_ok());
    let error = written(cells("长".repeat(CELL_CHARACTERS + 1))).unwrap_err();
    assert_eq!(
        error,
        WriteError::TextTooLong { sheet: "台账".to_owned(), row: 3, column: 2, limit: CELL_CHARACTERS }
    );
    assert!(error.message_zh().contains("第3行第2列") && error.message_en().contains("row 3"));
    let many = written(sheet(&["序号"], vec![Vec::new(); ROWS + 1])).unwrap_err();
    assert_eq!(many.code(), "too_many_rows");
    assert_eq!(written(sheet(&["列"; 513], Vec::new())).unwrap_err().code(), "too_many_columns");
    assert_eq!(written(sheet(&[], Vec::new())), Err(WriteError::NothingToWrite));
    assert_eq!(Workbook::default().to_xlsx(DAY), Err(WriteError::NothingToWrite));
}

#[test]
fn hostile_names_and_characters_are_made_to_fit() {
    let named =
        |name: &str| Sheet { name: name.to_owned(), ..sheet(&["序号"], vec![vec![Cell::text("甲")]]) };
    let names = ["a/b:c*?[]", "A/B:C*?[]", "", "'", "History", &"长".repeat(40), &"长".repeat(50)];
    let workbook = Workbook { sheets: names.iter().map(|name| named(name)).collect(), ..Workbook::default() };
    let document = open(&workbook.to_xlsx(DAY).unwrap(), "x.xlsx", &Limits::default()).unwrap();
    let read: Vec<&str> = tables(&document).iter().map(|table| table.sheet.as_ref()).collect();
    let long = ["长".repeat(31), format!("{}(2)", "长".repeat(28))];
    assert_eq!(read, ["a b c", "A B C(2)", "表", "表(2)", "History_", &long[0], &long[1]]);
    let odd =
        written(sheet(&["甲"], vec![vec![Cell::text("a\u{0}\u{b}b\u{ffff}\r\nc<&>\u{1f600}")]])).unwrap();
    let document = open(&odd, "x.xlsx", &Limits::default()).unwrap();
    assert_eq!(tables(&document)[0].rows[2].cells[0].text, "a\nb\nc<&>\u{1f600}");
}

/// What must survive: everything but the places, and the doubt about a passage that is whole again.
fn essence(reading: &Reading) -> Vec<Draft> {
    let mut drafts = reading.problems.clone();
    for draft in &mut drafts {
        draft.place = Default::default();
        draft.raw.iter_mut().for_each(|cell| cell.place = Default::default());
        draft.unsure.retain(|unsure| unsure.en != "joined from two rows across a page break");
    }
    drafts
}

/// The tables of a corpus document, each a workbook of its own with every merge and struck cell of the source.
fn fixtures(source: &str) -> Vec<Vec<u8>> {
    let mut out = Vec::new();
    let (mut rows, mut name): (Vec<Vec<Cell>>, _) = (Vec::new(), String::new());
    let mut inside = false;
    for line in source.lines() {
        if let Some(sheet) = line.strip_prefix("#table") {
            (name, inside) = (sheet.trim().to_owned(), true);
        } else if line == "#end" {
            out.push(merged(&name, &std::mem::take(&mut rows)));
            inside = false;
        } else if inside {
            rows.push(line.split('\t').map(|text| Cell::Text(text.to_owned())).collect());
        }
    }
    out
}

fn merged(name: &str, rows: &[Vec<Cell>]) -> Vec<u8> {
    use rust_xlsxwriter::Format;
    let text = |row: usize, column: usize| match rows.get(row).and_then(|row| row.get(column)) {
        Some(Cell::Text(text)) => text.as_str(),
        _ => "",
    };
    let mut workbook = rust_xlsxwriter::Workbook::new();
    let sheet = workbook.add_worksheet();
    if !name.is_empty() {
        sheet.set_name(name).unwrap();
    }
    for (row, cells) in rows.iter().enumerate() {
        for column in 0..cells.len() {
            let own = text(row, column);
            if own == "<" || own == "^" || own.is_empty() {
                continue;
            }
            let right = (column + 1..cells.len()).take_while(|at| text(row, *at) == "<").count();
            let down = (row + 1..rows.len()).take_while(|at| text(*at, column) == "^").count();
            let struck = own.len() > 2 && own.starts_with('~');
            let format = if struck { Format::new().set_font_strikethrough() } else { Format::new() };
            let own = own.trim_matches('~').replace("\\n", "\n");
            let (row, column) = (row as u32, column as u16);
            if right + down > 0 {
                sheet
                    .merge_range(row, column, row + down as u32, column + right as u16, &own, &format)
                    .unwrap();
            } else {
                sheet.write_string_with_format(row, column, &own, &format).unwrap();
            }
        }
    }
    workbook.save_to_buffer().unwrap()
}

#[test]
fn a_ledger_goes_back_in_the_senders_own_columns() {
    let folder = std::path::PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/corpus");
    let options = ReadOptions {
        issued_on: Some(date(2021, 1, 31)),
        received_on: Some(DAY),
        mapping: None,
        values_only: false,
    };
    let mut round_trips = 0;
    for name in [
        "d01-two-level-merged",
        "d02-carry-down",
        "d08-repeated-heading-and-struck",
        "d10-unknown-column",
        "d11-merged-numbers",
        "d12-complaint-ditto-fullwidth",
        "d15-milestones-and-terms",
        "d16-area-sections",
        "d18-leader-name-and-post",
        "l01-notice-annex",
        "l04-complaints",
        "l08-plan-with-annex",
    ] {
        for bytes in fixtures(&std::fs::read_to_string(folder.join(format!("{name}.txt"))).unwrap()) {
            let first = bihuan_papers::read(&bytes, "x.xlsx", &options).unwrap();
            if first.problems.is_empty() {
                continue;
            }
            let headings: Vec<String> = first.columns.iter().map(|column| column.title.clone()).collect();
            let rows: Vec<OwnRow> = first.problems.iter().map(OwnRow::from).collect();
            let again = own_layout_of(&headings, &rows).to_xlsx(DAY).unwrap();
            let second = bihuan_papers::read(&again, "x.xlsx", &options).unwrap();
            assert_eq!(essence(&first), essence(&second), "{name}");
            let columns: Vec<&String> = second.columns.iter().map(|column| &column.title).collect();
            assert_eq!(columns, headings.iter().collect::<Vec<_>>(), "{name}");
            let third =
                own_layout_of(&headings, &second.problems.iter().map(OwnRow::from).collect::<Vec<_>>());
            assert_eq!(third.to_xlsx(DAY).unwrap(), again, "{name}: writing again changes nothing");
            round_trips += 1;
        }
    }
    assert!(round_trips >= 12, "{round_trips}");
}

#[test]
fn a_cell_without_a_column_gets_one() {
    let cell = |title: &str, text: &str| (title.to_owned(), text.to_owned());
    let headings = ["序号".to_owned(), "备注".to_owned(), "备注".to_owned()];
    let workbook = own_layout(
        &headings,
        &[
            vec![cell("序号", "1"), cell("备注", "甲"), cell("备注", "乙"), cell("新栏", "丙")],
            vec![cell("序号", "2"), cell("新栏", "丁")],
        ],
    );
    let sheet = &workbook.sheets[0];
    assert_eq!(sheet.headings, ["序号", "备注", "备注", "新栏"]);
    assert_eq!(sheet.rows[0], ["1", "甲", "乙", "丙"].map(Cell::text));
    assert_eq!(sheet.rows[1], ["2", "", "", "丁"].map(Cell::text));
}

#[test]
fn a_checked_ledger_comes_back_in_its_own_columns_and_reads_as_before() {
    let table = [
        ["序号", "反馈问题", "整改时限", "牵头单位"],
        ["1", "污水直排。", "2022年9月底前", "区住建局"],
        ["2", "垃圾乱堆。", "尽快", "区某某局"],
    ];
    let rows = table[1..].iter().map(|row| row.map(Cell::text).to_vec()).collect();
    let sent = written(sheet(&table[0], rows)).unwrap();
    let options = ReadOptions { issued_on: Some(DAY), ..ReadOptions::default() };
    let first = bihuan_papers::read(&sent, "x.xlsx", &options).unwrap();
    let headings: Vec<String> = first.columns.iter().map(|column| column.title.clone()).collect();
    let mut rows: Vec<OwnRow> = first.problems.iter().map(OwnRow::from).collect();
    rows[0].verdict = "可采用".to_owned();
    rows[1].verdict = "有误".to_owned();
    rows[1].faults = vec![(Some("整改时限".to_owned()), "整改时限：读不出日期".to_owned())];
    let workbook = own_layout_of(&headings, &rows);
    let sheet = &workbook.sheets[0];
    assert_eq!(sheet.headings[4..], ["校验结果", "错误说明"]);
    assert_eq!(sheet.rows[1][2], Cell::Wrong("尽快".to_owned()));
    assert_eq!(sheet.rows[1][5], Cell::text("整改时限：读不出日期"));
    assert!(matches!(sheet.rows[0][2], Cell::Text(_)), "what is right stays as it was");
    let again = bihuan_papers::read(&workbook.to_xlsx(DAY).unwrap(), "x.xlsx", &options).unwrap();
    assert_eq!(essence(&first), essence(&again));
    let cells = |reading: &Reading| -> Vec<Vec<String>> {
        let draft = |draft: &Draft| draft.raw.iter().map(|cell| cell.text.clone()).collect();
        reading.problems.iter().map(draft).collect()
    };
    assert_eq!(cells(&first), cells(&again), "handed in again it is the same document");
}

#[test]
fn the_template_has_menus_and_a_version_and_its_sample_row_is_no_problem() {
    let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    let workbook = bihuan_papers::writing::ledger_template(
        "整改台账",
        &names(&["区住建局", "区水利局"]),
        &names(&["河口镇"]),
    );
    let bytes = workbook.to_xlsx(DAY).unwrap();
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(&bytes)).unwrap();
    let mut part = |name: &str| std::io::read_to_string(archive.by_name(name).unwrap()).unwrap();
    let (book, table) = (part("xl/workbook.xml"), part("xl/worksheets/sheet1.xml"));
    assert!(book.contains(r#"<definedName name="bihuan_template">"1"</definedName>"#), "{book}");
    assert!(book.contains(r#"name="选项" sheetId="2" state="hidden""#), "{book}");
    assert_eq!(table.matches("<dataValidation ").count(), 5, "lead, supervising, acceptance, area, state");
    assert!(table.contains(r#"state="frozen""#));
    let reading = bihuan_papers::read(&bytes, "x.xlsx", &ReadOptions::default()).unwrap();
    assert_eq!(reading.problems.len(), 0, "{:?}", reading.problems);
    assert_eq!(reading.columns.iter().filter(|column| column.field.is_none()).count(), 0);
    assert!(reading.warnings.iter().any(|warning| warning.code == "sample_row"));
}
