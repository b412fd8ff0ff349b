//! Every format, and every hostile file, through `container::open`.

mod fixtures;

use bihuan_papers::{
    container::{Limits, ReadError, open},
    document::{Block, Cover, Document, Format, Table},
};

fn read(bytes: &[u8], name: &str) -> Document {
    open(bytes, name, &Limits::default()).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn code(bytes: &[u8], name: &str) -> &'static str {
    match open(bytes, name, &Limits::default()) {
        Ok(document) => panic!("{name} was read: {document:?}"),
        Err(error) => {
            assert!(!error.message_zh().is_empty() && !error.message_en().is_empty());
            error.code()
        }
    }
}

fn tables(document: &Document) -> Vec<&Table> {
    document
        .blocks
        .iter()
        .filter_map(|block| if let Block::Table(table) = block { Some(table) } else { None })
        .collect()
}

fn paragraphs(document: &Document) -> Vec<&str> {
    let texts = document.blocks.iter();
    texts
        .filter_map(
            |block| if let Block::Paragraph(paragraph) = block { Some(&*paragraph.text) } else { None },
        )
        .collect()
}

fn texts(table: &Table) -> Vec<Vec<&str>> {
    table.rows.iter().map(|row| row.cells.iter().map(|cell| &*cell.text).collect()).collect()
}

fn codes(document: &Document) -> Vec<&str> {
    document.warnings.iter().map(|warning| &*warning.code).collect()
}

#[test]
fn a_workbook_is_read_as_people_see_it() {
    let document = read(&fixtures::ledger(), "台账.xlsx");
    assert_eq!(document.format, Format::Xlsx);
    let tables = tables(&document);
    let ledger = tables[0];
    assert_eq!(
        texts(ledger),
        [
            vec!["整改台账", "", "", ""],
            vec!["序号", "问题", "时限", "进度"],
            vec!["1", "河道\n垃圾", "2021-06-30", "50%"],
            vec!["2", "已撤销", "", ""],
            vec!["", "0.25", "", ""],
            vec!["", "末行", "", ""],
        ]
    );
    assert_eq!(ledger.rows.iter().map(|row| row.number).collect::<Vec<_>>(), [1, 2, 3, 4, 5, 10]);
    assert_eq!(ledger.rows[0].cells[3].cover, Cover::Left);
    assert_eq!(ledger.rows[4].cells[0].cover, Cover::Above);
    assert!(ledger.rows[3].cells[1].struck && ledger.rows[4].hidden && !ledger.hidden);
    assert!(tables[1].hidden && tables[1].sheet == "旧" && tables[1].number == 2);
    assert_eq!(codes(&document), ["hidden_rows", "hidden_columns", "struck_cells", "hidden_sheet"]);
}

#[test]
fn a_workbook_without_cell_addresses_is_read_in_order() {
    let bytes = fixtures::workbook(
        r#"<sheetData><row><c t="s"><v>0</v></c><c><v>2</v></c></row><row><c t="inlineStr"><is><t>丙&amp;丁</t></is></c></row></sheetData>"#,
        "<sst><si><t>甲</t></si></sst>",
    );
    assert_eq!(texts(tables(&read(&bytes, "x"))[0]), [vec!["甲", "2"], vec!["丙&丁", ""]]);
}

#[test]
fn a_sheet_that_reaches_to_a_far_corner_is_refused() {
    let right = fixtures::workbook(
        r#"<sheetData><row r="1"><c r="A1"><v>1</v></c><c r="XFD1"><v>1</v></c></row></sheetData>"#,
        "<sst/>",
    );
    assert_eq!(code(&right, "x.xlsx"), "too_many_columns");
    let below = fixtures::workbook(
        r#"<sheetData><row r="1048576"><c r="A1048576"><v>1</v></c></row></sheetData>"#,
        "<sst/>",
    );
    let error = open(&below, "x.xlsx", &Limits::default()).unwrap_err();
    assert_eq!(error, ReadError::TooManyRows { sheet: "表".to_owned(), limit: 100_000 });
    assert!(error.message_zh().contains("表"));
}

#[test]
fn an_empty_dimension_lie_costs_nothing() {
    let bytes = fixtures::workbook(
        r#"<dimension ref="A1:XFD1048576"/><sheetData><row r="2"><c r="B2"><v>7</v></c></row></sheetData>"#,
        "<sst/>",
    );
    assert_eq!(texts(tables(&read(&bytes, "x"))[0]), [["", "7"]]);
}

#[test]
fn promised_strings_far_cells_and_repeated_long_strings_are_refused() {
    let sheet = r#"<sheetData><row r="1"><c r="A1"><v>1</v></c></row></sheetData>"#;
    for promise in ["99999999999999999999", "4000000000", "18446744073709551615"] {
        let bytes = fixtures::workbook(
            sheet,
            &format!(r#"<sst x=">" uniqueCount="{promise}"><si><t>a</t></si></sst>"#),
        );
        assert_eq!(code(&bytes, "x.xlsx"), "too_much");
    }
    let cells: String =
        (1..=100_000).map(|row| format!(r#"<row r="{row}"><c r="SR{row}"><v>1</v></c></row>"#)).collect();
    assert_eq!(
        code(&fixtures::workbook(&format!("<sheetData>{cells}</sheetData>"), "<sst/>"), "x"),
        "too_much"
    );
    let long = "长".repeat(32_767);
    let cells: String =
        (1..=2_000).map(|row| format!(r#"<row r="{row}"><c r="A{row}" t="s"><v>0</v></c></row>"#)).collect();
    let bytes = fixtures::workbook(
        &format!("<sheetData>{cells}</sheetData>"),
        &format!("<sst><si><t>{long}</t></si></sst>"),
    );
    assert_eq!(code(&bytes, "x.xlsx"), "too_much");
    let bytes = fixtures::workbook(
        r#"<sheetData><row r="1"><c r="A1" t="s"><v>0</v></c></row></sheetData>"#,
        &format!("<sst><si><t>{long}长</t></si></sst>"),
    );
    assert_eq!(code(&bytes, "x.xlsx"), "text_too_long");
}

#[test]
fn a_bomb_is_refused_before_it_fills_the_memory() {
    let zeros = vec![b' '; 60 * 1024 * 1024];
    let mut sheet = b"<sheetData>".to_vec();
    sheet.extend(&zeros);
    let bytes = fixtures::workbook(std::str::from_utf8(&sheet).unwrap(), "<sst/>");
    assert!(["compression_bomb", "too_much"].contains(&code(&bytes, "x.xlsx")));
    let bomb = fixtures::package(&[
        ("[Content_Types].xml", b"<Types/>"),
        ("_rels/.rels", b"<R/>"),
        ("xl/media/image1.png", &zeros),
    ]);
    assert_eq!(code(&bomb, "x.xlsx"), "compression_bomb");
}

#[test]
fn document_types_and_deep_nesting_are_refused() {
    let lol = r#"<!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;">]><sst/>"#;
    let sheet = "<sheetData/>";
    assert_eq!(code(&fixtures::workbook(sheet, lol), "x.xlsx"), "document_type");
    let deep = format!("{}{}", "<a>".repeat(300), "</a>".repeat(300));
    assert_eq!(code(&fixtures::workbook(&deep, "<sst/>"), "x.xlsx"), "too_deep");
}

#[test]
fn unsafe_names_are_refused() {
    for name in ["../evil.xml", "/etc/passwd", "a/../../b", "C:\\x", "..\\x", "a\u{202e}b"] {
        let bytes = fixtures::package(&[("word/document.xml", b"<a/>"), (name, b"x")]);
        assert_eq!(code(&bytes, "x.docx"), "unsafe_name", "{name}");
    }
}

#[test]
fn files_of_other_kinds_get_their_own_advice() {
    let cases: [(&[u8], &str); 9] = [
        (b"", "empty"),
        (b"  \r\n\t ", "empty"),
        (b"%PDF-1.7\n", "pdf"),
        (b"{\\rtf1\\ansi x}", "rich_text"),
        (b"\x89PNG\r\n\x1a\n\0\0", "picture"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "picture"),
        (b"\x7fELF\x02\x01\x01\0\0\0", "unknown_format"),
        (b"PK\x03\x04garbage", "damaged"),
        (b"\x09\x08\x08\x00\x00\x05", "old_excel"),
    ];
    for (bytes, expected) in cases {
        assert_eq!(code(bytes, "x.docx"), expected, "{bytes:?}");
    }
    let ledger = fixtures::ledger();
    for cut in [ledger.len() / 2, ledger.len() - 10, 40] {
        assert_eq!(code(&ledger[..cut], "x.xlsx"), "damaged");
    }
    let small = Limits { file_bytes: 10, ..Limits::default() };
    assert_eq!(open(&ledger, "x", &small).unwrap_err().code(), "file_too_large");
    let few = Limits { entries: 3, ..Limits::default() };
    assert_eq!(open(&ledger, "x", &few).unwrap_err().code(), "too_many_entries");
    assert_eq!(code(&fixtures::package(&[("mimetype", b"application/epub")]), "x.epub"), "unknown_format");
}

#[test]
fn separated_values_are_read_in_every_encoding() {
    let text = "序号,问题,时限\n1,\"河道,\n垃圾\",2021-06-30\n\n2,=\"0012\",\n";
    let expected =
        [vec!["序号", "问题", "时限"], vec!["1", "河道,\n垃圾", "2021-06-30"], vec!["2", "0012", ""]];
    let (gbk, ..) = encoding_rs::GBK.encode(text);
    let marked = [b"\xef\xbb\xbf", text.as_bytes()].concat();
    let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let marked16 = [b"\xff\xfe", &utf16[..]].concat();
    let big16 = [b"\xfe\xff".to_vec(), text.encode_utf16().flat_map(u16::to_be_bytes).collect()].concat();
    for bytes in [text.as_bytes(), &gbk, &marked, &utf16, &marked16, &big16] {
        let document = read(bytes, "台账.csv");
        assert_eq!(document.format, Format::Csv);
        let table = tables(&document)[0];
        assert_eq!(texts(table), expected);
        assert_eq!(table.rows.iter().map(|row| row.number).collect::<Vec<_>>(), [1, 2, 4]);
    }
    for delimiter in [";", "\t"] {
        let bytes = "甲,乙,丙\n1,2,3\n".replace(',', delimiter);
        assert_eq!(texts(tables(&read(bytes.as_bytes(), "x.csv"))[0]), [["甲", "乙", "丙"], ["1", "2", "3"]]);
        assert_eq!(read(bytes.as_bytes(), "x.txt").format, Format::Csv);
    }
}

#[test]
fn text_is_paragraphs_with_tables_between() {
    let text = "# 关于整改的通知\n一、总体要求，认真落实。\n\n| 序号 | 问题 |\n|---|---|\n| 1 | 甲 |\n\n甲\t乙\n1\t2\n结束，特此通知。";
    let document = read(text.as_bytes(), "通知.txt");
    assert_eq!(document.format, Format::Text);
    assert_eq!(paragraphs(&document), ["关于整改的通知", "一、总体要求，认真落实。", "结束，特此通知。"]);
    let tables = tables(&document);
    assert_eq!(texts(tables[0]), [["序号", "问题"], ["1", "甲"]]);
    assert_eq!(texts(tables[1]), [["甲", "乙"], ["1", "2"]]);
    assert!(matches!(&document.blocks[0], Block::Paragraph(p) if p.heading == 1 && p.number == 1));
}

#[test]
fn broken_utf8_is_told_by_its_line() {
    let mut bytes = "第一行的文字很多很多\n第二行".as_bytes().to_vec();
    bytes.push(0xff);
    bytes.extend("后面".as_bytes());
    assert_eq!(open(&bytes, "x.txt", &Limits::default()).unwrap_err(), ReadError::Undecodable { line: 2 });
}

#[test]
fn a_page_with_spans_is_read_even_when_it_calls_itself_excel() {
    let page = r#"<!DOCTYPE html><html><head><meta charset="gb2312"><title>x</title><style>td{}</style></head><body>
        <h2>整改<b>台账</b></h2><p>说明&nbsp;一&amp;二<br>三</p>
        <table border=1><tr><th rowspan="2">序号<th colspan=2>问题</tr><tr><td>甲<td><s>乙</s></tr>
        <tr><td>1<td>第一<br/>第二<table><tr><td>内</td><td>层</td></tr></table><td>&#x4e2d;&lt;3</tr></table></body></html>"#;
    let (gbk, ..) = encoding_rs::GBK.encode(page);
    let document = read(&gbk, "台账.xls");
    assert_eq!(document.format, Format::Html);
    assert_eq!(paragraphs(&document), ["整改台账", "说明 一&二", "三"]);
    let table = tables(&document)[0];
    assert_eq!(
        texts(table),
        [vec!["序号", "问题", ""], vec!["", "甲", "乙"], vec!["1", "第一\n第二\n内 层", "中<3"]]
    );
    assert_eq!((table.rows[0].cells[2].cover, table.rows[1].cells[0].cover), (Cover::Left, Cover::Above));
    assert!(table.rows[1].cells[2].struck);
    assert_eq!(codes(&document), ["struck_cells"]);
    assert_eq!(code(b"<!DOCTYPE html [<!ENTITY a 'b'>]><table><tr><td>1</table>", "x.html"), "document_type");
}
