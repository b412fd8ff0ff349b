//! Every format, and every hostile file, through `container::open`.

#[cfg(test)]
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
    assert!(tables[1].hidden && tables[1].sheet.as_ref() == "旧" && tables[1].number == 2);
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

/// A paragraph of one run, with run properties.
fn paragraph(properties: &str, run: &str, text: &str) -> String {
    format!("<w:p><w:pPr>{properties}</w:pPr><w:r><w:rPr>{run}</w:rPr><w:t>{text}</w:t></w:r></w:p>")
}

#[test]
fn a_word_file_is_read_as_it_would_be_printed() {
    let text_box = "<w:txbxContent><w:p><w:r><w:t>框内</w:t></w:r></w:p></w:txbxContent>";
    let body = [
        paragraph("", "", "甲&amp;乙&#x4e2d;"),
        "<w:p><w:r><w:t>一</w:t><w:tab/><w:t>二</w:t><w:br/><w:t>三</w:t></w:r><w:hyperlink r:id='1'><w:r><w:t>链接</w:t></w:r></w:hyperlink></w:p>".to_owned(),
        "<w:p><w:ins><w:r><w:t>新</w:t></w:r></w:ins><w:del><w:r><w:delText>旧</w:delText></w:r></w:del><w:r><w:footnoteReference w:id='1'/><w:t>文</w:t></w:r></w:p>".to_owned(),
        format!("<w:p><w:r><w:t>主</w:t></w:r><w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><wps:txbx>{text_box}</wps:txbx></w:drawing></mc:Choice><mc:Fallback><w:pict><v:textbox>{text_box}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r></w:p>"),
        format!("<w:p><w:r><mc:AlternateContent><mc:Fallback><w:pict><v:textbox>{text_box}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r></w:p>"),
        paragraph("", "<w:strike/>", "作废"),
        paragraph("", "<w:strike w:val='0'/>", "有效"),
        "<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>隐藏</w:t></w:r><w:r><w:t>可见</w:t></w:r></w:p>".to_owned(),
        "<w:sdt><w:sdtPr><w:alias w:val='x'/></w:sdtPr><w:sdtContent><w:p><w:r><w:t>控件</w:t></w:r></w:p></w:sdtContent></w:sdt>".to_owned(),
        "<w:p><w:r><w:fldChar w:fldCharType='begin'/><w:instrText>PAGE</w:instrText><w:t>7</w:t></w:r><w:r><w:object><o:OLEObject/></w:object></w:r></w:p>".to_owned(),
    ];
    let document = read(&fixtures::word(&body.concat(), &[]), "通知.docx");
    assert_eq!(document.format, Format::Docx);
    assert_eq!(
        paragraphs(&document),
        ["甲&乙中", "一\t二\n三链接", "新文", "主", "框内", "框内", "作废", "有效", "可见", "控件", "7"]
    );
    let struck =
        document.blocks.iter().filter(|block| matches!(block, Block::Paragraph(p) if p.struck)).count();
    assert_eq!(struck, 1);
    assert_eq!(codes(&document), ["tracked_changes", "struck_cells", "hidden_text", "skipped_objects"]);
}

#[test]
fn word_tables_keep_their_spans() {
    let cell =
        |properties: &str, content: &str| format!("<w:tc><w:tcPr>{properties}</w:tcPr>{content}</w:tc>");
    let text = |text: &str| paragraph("", "", text);
    let nested = format!("<w:tbl><w:tr>{}{}</w:tr></w:tbl>", cell("", &text("内")), cell("", &text("层")));
    let rows = [
        [cell("<w:vMerge w:val='restart'/>", &text("序号")), cell("<w:gridSpan w:val='2'/>", &text("问题"))]
            .concat(),
        [
            cell("<w:vMerge/>", &text("")),
            cell("", &text("甲")),
            cell("", &paragraph("", "<w:dstrike/>", "乙")),
        ]
        .concat(),
        [cell("", &text("1")), cell("", &(text("第一") + &text("第二") + &nested)), cell("", &text(""))]
            .concat(),
    ];
    let table = rows
        .iter()
        .fold("<w:tbl><w:tblPr/><w:tblGrid/>".to_owned(), |out, row| out + "<w:tr>" + row + "</w:tr>");
    let deleted = format!("<w:tr><w:trPr><w:del w:id='1'/></w:trPr>{}</w:tr>", cell("", &text("删")));
    let document = read(&fixtures::word(&format!("{table}{deleted}</w:tbl>"), &[]), "x.docx");
    let table = tables(&document)[0];
    assert_eq!(
        texts(table),
        [vec!["序号", "问题", ""], vec!["", "甲", "乙"], vec!["1", "第一\n第二\n内 层", ""]]
    );
    assert_eq!((table.rows[0].cells[2].cover, table.rows[1].cells[0].cover), (Cover::Left, Cover::Above));
    assert!(table.rows[1].cells[2].struck);
    assert_eq!(codes(&document), ["struck_cells", "tracked_changes"]);
}

#[test]
fn automatic_numbers_and_headings_are_written_out() {
    let level = |at: usize, format: &str, text: &str| {
        format!(
            "<w:lvl w:ilvl='{at}'><w:start w:val='1'/><w:numFmt w:val='{format}'/><w:lvlText w:val='{text}'/></w:lvl>"
        )
    };
    let numbering = format!(
        "<w:numbering xmlns:w='w'><w:abstractNum w:abstractNumId='0'>{}{}{}</w:abstractNum><w:abstractNum w:abstractNumId='1'>{}</w:abstractNum><w:num w:numId='1'><w:abstractNumId w:val='0'/></w:num><w:num w:numId='2'><w:abstractNumId w:val='0'/><w:lvlOverride w:ilvl='0'><w:startOverride w:val='1'/></w:lvlOverride></w:num><w:num w:numId='3'><w:abstractNumId w:val='1'/></w:num></w:numbering>",
        level(0, "chineseCounting", "%1、"),
        level(1, "chineseCountingThousand", "（%2）"),
        level(2, "decimal", "%3."),
        level(0, "bullet", "\u{f06c}")
    );
    let styles = "<w:styles xmlns:w='w'><w:style w:type='paragraph' w:styleId='1'><w:name w:val='heading 1'/><w:pPr><w:outlineLvl w:val='0'/></w:pPr></w:style><w:style w:type='paragraph' w:styleId='2'><w:basedOn w:val='1'/><w:pPr><w:numPr><w:numId w:val='1'/></w:numPr></w:pPr></w:style></w:styles>";
    let item = |list: u8, level: u8, text: &str| {
        paragraph(&format!("<w:numPr><w:ilvl w:val='{level}'/><w:numId w:val='{list}'/></w:numPr>"), "", text)
    };
    let body = [
        paragraph("<w:pStyle w:val='2'/>", "", "总则"),
        item(1, 1, "目标"),
        item(1, 1, "原则"),
        item(1, 2, "细目"),
        item(1, 0, "任务"),
        item(1, 1, "清单"),
        item(2, 0, "重来"),
        item(3, 0, "圆点"),
        paragraph("<w:pStyle w:val='2'/><w:numPr><w:numId w:val='0'/></w:numPr>", "", "无号"),
    ];
    let parts = [("word/numbering.xml", &*numbering), ("word/styles.xml", styles)];
    let document = read(&fixtures::word(&body.concat(), &parts), "x.docx");
    assert_eq!(
        paragraphs(&document),
        [
            "一、总则",
            "（一）目标",
            "（二）原则",
            "1. 细目",
            "二、任务",
            "（一）清单",
            "一、重来",
            "圆点",
            "无号"
        ]
    );
    assert!(matches!(&document.blocks[0], Block::Paragraph(p) if p.heading == 1));
}

#[test]
fn hostile_word_files_are_refused() {
    let doctype =
        br#"<!DOCTYPE d SYSTEM "file:///etc/passwd"><w:document xmlns:w="w"><w:body/></w:document>"#;
    assert_eq!(code(&fixtures::package(&[("word/document.xml", doctype)]), "x.docx"), "document_type");
    assert_eq!(
        code(&fixtures::word("<w:p><w:r><w:t>&xxe;</w:t></w:r></w:p>", &[]), "x.docx"),
        "document_type"
    );
    let deep = "<w:tbl><w:tr><w:tc>".repeat(100) + &"</w:tc></w:tr></w:tbl>".repeat(100);
    assert_eq!(code(&fixtures::word(&deep, &[]), "x.docx"), "too_deep");
    assert_eq!(code(&fixtures::word("<w:p><w:r>", &[]), "x.docx"), "damaged");
    let wide = format!(
        "<w:tbl><w:tr>{}</w:tr></w:tbl>",
        "<w:tc><w:p><w:r><w:t>x</w:t></w:r></w:p></w:tc>".repeat(600)
    );
    assert_eq!(code(&fixtures::word(&wide, &[]), "x.docx"), "too_many_columns");
    let long = paragraph("", "", &"长".repeat(40_000));
    assert_eq!(code(&fixtures::word(&long, &[]), "x.docx"), "text_too_long");
    assert_eq!(code(&fixtures::package(&[("word/styles.xml", b"<a/>")]), "x.docx"), "damaged");
}

#[test]
fn files_of_another_word_writer_are_read() {
    use docx_rs::{Docx, Paragraph, Run, Table, TableCell, TableRow};
    let cell =
        |text: &str| TableCell::new().add_paragraph(Paragraph::new().add_run(Run::new().add_text(text)));
    let mut bytes = std::io::Cursor::new(Vec::new());
    Docx::new()
        .add_paragraph(Paragraph::new().add_run(Run::new().add_text("整改通知")))
        .add_table(Table::new(vec![TableRow::new(vec![cell("序号"), cell("问题")])]))
        .build()
        .pack(&mut bytes)
        .unwrap();
    let document = read(&bytes.into_inner(), "x.docx");
    assert_eq!(paragraphs(&document), ["整改通知"]);
    assert_eq!(texts(tables(&document)[0]), [["序号", "问题"]]);
}

#[test]
fn an_old_workbook_is_read_as_people_see_it() {
    let document = read(&fixtures::old_workbook(), "台账.xls");
    assert_eq!(document.format, Format::Xls);
    let table = tables(&document)[0];
    assert_eq!(table.sheet.as_ref(), "表");
    assert_eq!(
        texts(table),
        [
            vec!["台账", "", ""],
            vec!["河道", "2021-06-30", "50%"],
            vec!["abc", "12", "12.5"],
            vec!["算得", "", ""]
        ]
    );
    assert_eq!(table.rows[0].cells[2].cover, Cover::Left);
    assert!(table.rows[2].hidden && table.rows[2].cells[0].struck);
    assert_eq!(codes(&document), ["hidden_rows", "struck_cells"]);
}

#[test]
fn compound_files_that_are_no_workbook_get_their_own_advice() {
    assert_eq!(code(&fixtures::compound(&[("WordDocument", vec![1])]), "x.doc"), "old_word");
    let encrypted = fixtures::compound(&[("EncryptionInfo", vec![1]), ("EncryptedPackage", vec![1])]);
    assert_eq!(code(&encrypted, "x.xlsx"), "encrypted");
    assert!(
        open(&encrypted, "x", &Limits::default()).unwrap_err().message_en().contains("Remove the password")
    );
    assert_eq!(code(&fixtures::compound(&[("Other", vec![1])]), "x.xls"), "old_excel");
    let workbook = fixtures::old_workbook();
    assert_eq!(code(&workbook[..600], "x.xls"), "old_excel");
    assert_eq!(code(&workbook[..100], "x.xls"), "damaged");
    let protected = [words_of(&[0x0809, 4, 0x0600, 5]), words_of(&[0x002f, 6, 1, 1, 1])].concat();
    assert_eq!(code(&fixtures::compound(&[("Workbook", protected)]), "x.xls"), "encrypted");
}

fn words_of(words: &[u16]) -> Vec<u8> {
    words.iter().flat_map(|word| word.to_le_bytes()).collect()
}

#[test]
fn an_encrypted_zip_is_told_from_a_broken_one() {
    let mut bytes = fixtures::package(&[("word/document.xml", b"<a/>")]);
    let directory = bytes.windows(4).position(|window| window == b"PK\x01\x02").unwrap();
    bytes[6] |= 1;
    bytes[directory + 8] |= 1;
    assert_eq!(code(&bytes, "x.docx"), "encrypted");
}

mod anything {
    use std::time::{Duration, Instant};

    use proptest::prelude::*;

    use super::*;

    /// Opens whatever it is; what matters is that it ends, soon, in a document or a refusal with words.
    fn survive(bytes: &[u8], name: &str) {
        let start = Instant::now();
        if let Err(error) = open(bytes, name, &Limits::default()) {
            assert!(!error.message_zh().is_empty());
        }
        assert!(start.elapsed() < Duration::from_secs(2), "{name} took {:?}", start.elapsed());
    }

    /// A valid file of each kind, its parts not compressed away from the reach of a mutation.
    fn valid(kind: usize) -> (Vec<u8>, &'static str) {
        match kind {
            0 => (fixtures::ledger(), "x.xlsx"),
            1 => (fixtures::old_workbook(), "x.xls"),
            2 => (
                fixtures::word(
                    "<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val='2'/></w:tcPr><w:p/></w:tc></w:tr></w:tbl>",
                    &[],
                ),
                "x.docx",
            ),
            3 => ("序号,问题\n1,\"甲\"\n".as_bytes().to_vec(), "x.csv"),
            _ => (
                b"<table><tr><td rowspan=2 colspan=3>a&amp;<td>b</tr><tr><td><table><tr><td>c</table>"
                    .to_vec(),
                "x.html",
            ),
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(256))]

        #[test]
        fn arbitrary_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..2000), head in 0_usize..5, name in 0_usize..5) {
            let (valid, _) = valid(head);
            survive(&bytes, valid_name(name));
            survive(&[&valid[..valid.len().min(8)], &bytes].concat(), valid_name(name));
        }

        #[test]
        fn mutated_files_never_panic(kind in 0_usize..5, changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..12), cut in any::<prop::sample::Index>(), cuts in any::<bool>()) {
            let (mut bytes, name) = valid(kind);
            for (at, byte) in changes {
                let at = at.index(bytes.len());
                bytes[at] = byte;
            }
            if cuts {
                bytes.truncate(cut.index(bytes.len()));
            }
            survive(&bytes, name);
        }

        #[test]
        fn mutated_markup_inside_a_whole_package_never_panics(pieces in prop::collection::vec(0_usize..16, 0..40)) {
            const WORD: [&str; 16] = ["<w:p>", "</w:p>", "<w:r>", "</w:r>", "<w:t>", "</w:t>", "文", "<w:tbl>", "</w:tbl>", "<w:tr>", "</w:tr>", "<w:tc><w:tcPr><w:vMerge/><w:gridSpan w:val='3'/></w:tcPr>", "</w:tc>", "<w:del/>", "<mc:AlternateContent><mc:Choice/></mc:AlternateContent>", "&#0;"];
            const SHEET: [&str; 16] = ["<sheetData>", "</sheetData>", "<row r='3' hidden='1'>", "<row>", "</row>", "<c r='B2' t='s'>", "<c>", "</c>", "<v>", "</v>", "0", "<mergeCell ref='A1:XFD9999999'/>", "<mergeCell ref='A1:B2'/>", "<is><t>x</t></is>", "<c r='ZZZZ99999999999'>", "<!-- > -->"];
            let build = |words: &[&str; 16]| pieces.iter().map(|piece| words[*piece]).collect::<String>();
            survive(&fixtures::word(&build(&WORD), &[]), "x.docx");
            survive(&fixtures::workbook(&build(&SHEET), "<sst><si><t>a</t></si></sst>"), "x.xlsx");
            survive(&fixtures::workbook(&format!("<sheetData>{}</sheetData>", build(&SHEET)), "<sst/>"), "x.xlsx");
        }
    }

    fn valid_name(kind: usize) -> &'static str {
        ["x.xlsx", "x.xls", "x.docx", "x.csv", "x.html"][kind]
    }
}

#[test]
fn a_record_of_too_many_fields_is_refused_before_it_is_held() {
    let wide = format!("序号,问题\n1{}\n", ",".repeat(20_000));
    assert_eq!(code(wide.as_bytes(), "x.csv"), "too_many_columns");
    // Quoted, the same signs are one text, and a doubled quote does not end it.
    let quoted = format!("序号,问题\n1,\"一\"\"{}\"\n", ",".repeat(20_001));
    assert_eq!(texts(tables(&read(quoted.as_bytes(), "x.csv"))[0])[1][1].len(), 20_005);
    let lines = format!("一{}二", "\n".repeat(1_000_001));
    assert_eq!(code(lines.as_bytes(), "x.txt"), "too_much");
}
