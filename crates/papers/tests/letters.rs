//! Letters, forms and lists, written and read again with this crate's reader.

use bihuan_papers::{
    container::{Limits, open},
    document::{Block as Read, Cover, Document, Table as ReadTable},
    writing::{
        Letter, ListKind, ProblemList, ProblemRow,
        letter::{Block, Cell, Page, Signature, Table},
    },
};
use jiff::civil::{Date, date};

const DAY: Date = date(2022, 3, 1);

fn read(bytes: &[u8]) -> Document {
    let document = open(bytes, "x.docx", &Limits::default()).unwrap();
    assert!(document.warnings.is_empty(), "{:?}", document.warnings);
    document
}

fn lines(document: &Document) -> Vec<&str> {
    let blocks = document.blocks.iter();
    blocks
        .filter_map(|block| if let Read::Paragraph(line) = block { Some(&*line.text) } else { None })
        .collect()
}

fn table(document: &Document) -> &ReadTable {
    let mut blocks = document.blocks.iter();
    blocks.find_map(|block| if let Read::Table(table) = block { Some(table) } else { None }).unwrap()
}

fn part(bytes: &[u8], name: &str) -> String {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    std::io::read_to_string(archive.by_name(name).unwrap()).unwrap()
}

/// Every own text of a table, without the covered cells.
fn own(table: &ReadTable) -> Vec<Vec<&str>> {
    let own = |cell: &&bihuan_papers::document::Cell| cell.cover == Cover::Own;
    table.rows.iter().map(|row| row.cells.iter().filter(own).map(|cell| &*cell.text).collect()).collect()
}

fn letter() -> Letter {
    Letter {
        title: "关于<整改>&销号的函\n（第二行）".to_owned(),
        blocks: vec![
            Block::Flush("区水务局：".to_owned()),
            Block::Heading(1, "一、基本情况".to_owned()),
            Block::Paragraph("第一段。\u{0}\n第二\t段 ]]> \u{1f600}".to_owned()),
            Block::Table(Table {
                shares: vec![1, 2, 1],
                heading_rows: 1,
                rows: vec![
                    vec![Cell::label("项目"), Cell::label("内容").over(2)],
                    vec![Cell::label("甲"), Cell::value("一\n二"), Cell::centred("3")],
                    vec![Cell::above(), Cell::value("只有两格")],
                ],
            }),
            Block::Signatures(vec![
                Signature::default(),
                Signature { role: "局长".to_owned(), person: "张三".to_owned(), date: Some(DAY) },
            ]),
            Block::Right("区环委办".to_owned()),
        ],
        ..Letter::default()
    }
}

#[test]
fn a_letter_is_read_back_as_it_was_written() {
    let bytes = letter().to_docx(DAY).unwrap();
    let document = read(&bytes);
    assert_eq!(
        lines(&document),
        [
            "关于<整改>&销号的函",
            "（第二行）",
            "区水务局：",
            "一、基本情况",
            "第一段。",
            "第二\t段 ]]> \u{1f600}",
            "签名：＿＿＿＿＿＿　　　　年　　月　　日",
            "局长：张三　　2022年3月1日",
            "区环委办",
        ]
    );
    let table = table(&document);
    assert_eq!(own(table), [vec!["项目", "内容"], vec!["甲", "一\n二", "3"], vec!["只有两格", ""]]);
    assert_eq!(table.rows[2].cells[0].cover, Cover::Above);
    assert_eq!(table.rows[0].cells[2].cover, Cover::Left);
}

#[test]
fn a_letter_is_set_as_the_standard_has_it() {
    let bytes = letter().to_docx(DAY).unwrap();
    let styles = part(&bytes, "word/styles.xml");
    for setting in
        ["方正小标宋简体", "仿宋_GB2312", r#"w:line="560" w:lineRule="exact""#, r#"<w:sz w:val="44"/>"#]
    {
        assert!(styles.contains(setting), "{setting}");
    }
    assert!(
        part(&bytes, "word/fontTable.xml")
            .contains(r#"<w:font w:name="仿宋_GB2312"><w:altName w:val="仿宋"/>"#)
    );
    let document = part(&bytes, "word/document.xml");
    assert!(document.contains(r#"w:top="2098" w:right="1474" w:bottom="1984" w:left="1587""#));
    assert!(document.contains("<w:tblHeader/>"));
    for name in
        ["word/document.xml", "word/styles.xml", "word/footer1.xml", "word/settings.xml", "docProps/core.xml"]
    {
        let text = part(&bytes, name);
        let mut reader = quick_xml::Reader::from_str(&text);
        while !matches!(reader.read_event().unwrap(), quick_xml::events::Event::Eof) {}
    }
}

#[test]
fn the_same_letter_gives_the_same_bytes() {
    assert_eq!(letter().to_docx(DAY), letter().to_docx(DAY));
    assert_ne!(letter().to_docx(DAY), letter().to_docx(date(2022, 3, 2)));
}

#[test]
fn odd_tables_do_not_break_a_letter() {
    let rows = vec![
        vec![Cell::above().over(0)],
        vec![],
        vec![Cell::value("宽").over(4)],
        vec![Cell::above(), Cell::value("上面更宽，不能并入")],
    ];
    let blocks = vec![
        Block::Table(Table::default()),
        Block::Table(Table { shares: vec![0, u32::MAX], heading_rows: 9, rows }),
    ];
    let document = read(&Letter { blocks, ..Letter::default() }.to_docx(DAY).unwrap());
    assert!(own(table(&document)).concat().contains(&"宽"));
}

fn list(kind: ListKind) -> ProblemList {
    let row = |number: &str, problem: &str, measures: &[&str]| ProblemRow {
        number: number.to_owned(),
        problem: problem.to_owned(),
        measures: measures.iter().map(|measure| (*measure).to_owned()).collect(),
        lead_units: "区水务局".to_owned(),
        deadline: "2022年12月底前".to_owned(),
        ..ProblemRow::default()
    };
    ProblemList {
        kind,
        unit: "区环委办".to_owned(),
        as_of: Some(DAY),
        rows: vec![row("1", "河道垃圾较多。", &["清理。", "巡查。"]), row("2", "=1+1", &["整治。"])],
        ..ProblemList::default()
    }
}

#[test]
fn a_list_is_read_back_as_problems() {
    let options = bihuan_papers::ReadOptions::default();
    let docx = list(ListKind::Tasks).to_docx(DAY).unwrap();
    assert!(part(&docx, "word/document.xml").contains(r#"w:orient="landscape""#));
    let xlsx = list(ListKind::Tasks).to_workbook().to_xlsx(DAY).unwrap();
    for (bytes, name) in [(&docx, "x.docx"), (&xlsx, "x.xlsx")] {
        let reading = bihuan_papers::read(bytes, name, &options).unwrap();
        assert_eq!(reading.problems.len(), 2, "{name}");
        let first = &reading.problems[0];
        assert_eq!(first.no.as_deref(), Some("1"), "{name}");
        assert_eq!(first.description.as_deref(), Some("河道垃圾较多。"), "{name}");
        assert_eq!(first.measures, ["清理。", "巡查。"], "{name}");
        assert_eq!(first.deadline.dates, [date(2022, 12, 31)], "{name}");
        assert_eq!(reading.problems[1].description.as_deref(), Some("=1+1"), "{name}");
        let unknown = reading.columns.iter().filter(|column| column.field.is_none());
        assert_eq!(unknown.count(), 0, "{name}: {:?}", reading.columns);
    }
    let problems = read(&list(ListKind::Problems).to_docx(DAY).unwrap());
    assert_eq!(lines(&problems), ["生态环境问题清单", "填报单位：区环委办　　截至2022年3月1日"]);
    assert_eq!(table(&problems).rows[0].cells.len(), 8);
    assert_eq!(Page::default(), Page::Portrait);
}
