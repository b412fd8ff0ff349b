//! The office's own template: found, refused, filled and read back.

use std::{
    collections::BTreeMap,
    io::{Cursor, Read, Write},
};

use bihuan_papers::{
    Limits, container,
    document::Block,
    writing::official::{
        Block as Written, DocumentNumber, OfficialPaper, Text,
        template::{KNOWN, Record, TemplateError, Values, check, fill, placeholders},
    },
};
use docx_rs::{Docx, Footer, Paragraph, Run, RunFonts, Table, TableCell, TableRow};

use super::{
    DAY,
    measure::{pages, pdf, same, saved_as},
    rendered::LEFT,
};

fn run(text: &str) -> Run {
    Run::new().add_text(text)
}

fn line(text: &str) -> Paragraph {
    Paragraph::new().add_run(run(text))
}

fn bytes(docx: Docx) -> Vec<u8> {
    let mut out = Cursor::new(Vec::new());
    docx.build().pack(&mut out).unwrap();
    out.into_inner()
}

fn cells(texts: &[&str]) -> TableRow {
    TableRow::new(texts.iter().map(|text| TableCell::new().add_paragraph(line(text))).collect())
}

/// A template whose placeholders are cut into runs as word processors cut them.
fn template() -> Vec<u8> {
    let cut = Paragraph::new()
        .add_run(run("{").fonts(RunFonts::new().east_asia("方正小标宋简体")).size(44))
        .add_run(run("{标").size(44))
        .add_run(run("题}").bold())
        .add_run(run("}（试行）"));
    bytes(
        Docx::new()
            .footer(Footer::new().add_paragraph(line("经办：{{经办人}}")))
            .add_paragraph(line("{{文号}}"))
            .add_paragraph(cut)
            .add_paragraph(line("{{主送}}："))
            .add_paragraph(line("｛｛正文｝｝").style("Body"))
            .add_table(Table::new(vec![
                cells(&["名次", "单位", "得分"]),
                cells(&["{{#行}}{{名次}}", "{{单位}}", "{{得分}}{{/行}}"]),
            ]))
            .add_paragraph(line("{{#附件}}"))
            .add_paragraph(line("附件{{序号}}：{{名称}}"))
            .add_paragraph(line("{{/附件}}"))
            .add_paragraph(line("{{发文机关}}　{{日期}}")),
    )
}

fn record(pairs: &[(&str, &str)]) -> Record {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

fn values() -> Values {
    Values {
        texts: record(&[
            ("文号", "安环委办〔2022〕3号"),
            ("标题", "关于<整改>&情况的通报"),
            ("主送", "各镇人民政府"),
            ("正文", "第一段。\n第二段{{不是占位符}}。\n第三段。"),
            ("发文机关", "区环委办"),
            ("日期", "2022年4月6日"),
            ("经办人", "张三"),
        ]),
        lists: BTreeMap::from([
            (
                "行".to_owned(),
                vec![
                    record(&[("名次", "1"), ("单位", "柔刚街道"), ("得分", "98.5")]),
                    record(&[("名次", "2"), ("单位", "白马镇"), ("得分", "97")]),
                ],
            ),
            (
                "附件".to_owned(),
                vec![
                    record(&[("序号", "1"), ("名称", "得分表")]),
                    record(&[("序号", "2"), ("名称", "清单")]),
                ],
            ),
        ]),
    }
}

fn part(docx: &[u8], name: &str) -> String {
    let mut archive = zip::ZipArchive::new(Cursor::new(docx)).unwrap();
    let mut text = String::new();
    archive.by_name(name).unwrap().read_to_string(&mut text).unwrap();
    text
}

#[test]
fn what_is_filled_in_is_read_back_and_styles_stay() {
    let template = template();
    let filled = fill(&template, &values()).unwrap();
    assert_eq!(filled, fill(&template, &values()).unwrap());
    assert_eq!(
        super::measure::paragraphs(&filled),
        [
            "安环委办〔2022〕3号",
            "关于<整改>&情况的通报（试行）",
            "各镇人民政府：",
            "第一段。",
            "第二段{{不是占位符}}。",
            "第三段。",
            "附件1：得分表",
            "附件2：清单",
            "区环委办　2022年4月6日",
        ]
    );
    let document = container::open(&filled, "x.docx", &Limits::default()).unwrap();
    let table = document.blocks.iter().find_map(|block| match block {
        Block::Table(table) => Some(table),
        Block::Paragraph(_) => None,
    });
    let rows: Vec<Vec<&str>> =
        table.unwrap().rows.iter().map(|row| row.cells.iter().map(|cell| &*cell.text).collect()).collect();
    assert_eq!(rows, [["名次", "单位", "得分"], ["1", "柔刚街道", "98.5"], ["2", "白马镇", "97"]]);
    let text = part(&filled, "word/document.xml");
    assert!(text.contains("方正小标宋简体"), "the type of the title stays");
    assert_eq!(
        text.matches(r#"<w:pStyle w:val="Body""#).count(),
        3,
        "each paragraph has the style of its template"
    );
    assert_eq!(part(&filled, "word/styles.xml"), part(&template, "word/styles.xml"));
    let footer = (1..4).find(|index| {
        let mut archive = zip::ZipArchive::new(Cursor::new(&filled)).unwrap();
        archive.by_name(&format!("word/footer{index}.xml")).is_ok()
    });
    assert!(part(&filled, &format!("word/footer{}.xml", footer.unwrap())).contains("张三"));
}

#[test]
fn an_empty_list_leaves_nothing_behind() {
    let mut values = values();
    values.lists.insert("行".to_owned(), Vec::new());
    values.lists.insert("附件".to_owned(), Vec::new());
    let filled = fill(&template(), &values).unwrap();
    assert!(!super::measure::paragraphs(&filled).concat().contains("附件"));
    let left = part(&filled, "word/document.xml");
    assert!(!left.replace("{{不是占位符}}", "").contains("{{"), "{left}");
}

#[test]
fn rows_between_a_row_of_beginning_and_a_row_of_end_are_repeated() {
    let template = bytes(Docx::new().add_table(Table::new(vec![
        cells(&["{{#行}}", ""]),
        cells(&["{{单位}}", "得分"]),
        cells(&["", "{{得分}}"]),
        cells(&["{{/行}}", ""]),
    ])));
    let filled = fill(&template, &values()).unwrap();
    let text = part(&filled, "word/document.xml");
    assert_eq!(text.matches("<w:tr>").count() + text.matches("<w:tr ").count(), 4);
    assert!(text.find("柔刚街道").unwrap() < text.find("98.5").unwrap());
    assert!(text.find("98.5").unwrap() < text.find("白马镇").unwrap());
}

#[test]
fn every_placeholder_is_listed_once() {
    let found = placeholders(&template()).unwrap();
    let names: Vec<&str> = found.iter().map(|place| &*place.name).collect();
    for name in ["文号", "标题", "主送", "正文", "行", "名次", "附件", "名称", "发文机关", "日期", "经办人"]
    {
        assert!(names.contains(&name), "{name}");
    }
    let list = found.iter().find(|place| place.name == "单位").unwrap();
    assert_eq!(list.list.as_deref(), Some("行"));
}

#[test]
fn bad_templates_are_refused_in_plain_words() {
    let empty = bytes(Docx::new().add_paragraph(line("没有要填写的地方")));
    let error = placeholders(&empty).unwrap_err();
    assert_eq!(error.code(), "template_without_placeholders");
    assert!(error.message_zh().contains("{{标题}}") && error.message_en().contains("no placeholders"));

    let unknown = bytes(Docx::new().add_paragraph(line("{{标题}}{{天气}}")).add_paragraph(line("{{心情}}")));
    let error = check(&unknown, &KNOWN, &[]).unwrap_err();
    for message in
        [error.message_zh(), error.message_en(), fill(&unknown, &values()).unwrap_err().message_zh()]
    {
        assert!(message.contains("{{天气}}") && message.contains("{{心情}}"), "{message}");
    }
    assert!(error.message_zh().contains("{{正文}}"), "what can be used is named");

    let open = bytes(Docx::new().add_paragraph(line("{{标题")));
    assert!(matches!(placeholders(&open), Err(TemplateError::Unclosed { text }) if text == "{{标题"));
    for odd in ["{{#行}}{{单位}}", "{{单位}}{{/行}}", "{{#行}}{{/列}}"] {
        let odd = bytes(Docx::new().add_paragraph(line(odd)));
        assert!(matches!(placeholders(&odd), Err(TemplateError::Unmatched { .. })));
    }
    assert_eq!(placeholders(b"no file").unwrap_err().code(), "template_not_word");
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    zip.start_file("a.txt", zip::write::SimpleFileOptions::default()).unwrap();
    zip.write_all(b"a").unwrap();
    assert!(placeholders(&zip.finish().unwrap().into_inner()).is_err());
}

#[test]
fn a_paper_fills_the_usual_names() {
    let paper = OfficialPaper {
        number: Some(DocumentNumber { organ_code: "安环委".to_owned(), year: 2022, n: 3 }),
        title: "关于整改的通报".to_owned(),
        body: vec![Written::heading(1, "情况"), Written::paragraph("正文。")],
        date: Some(DAY),
        ..OfficialPaper::default()
    };
    let template =
        bytes(Docx::new().add_paragraph(line("{{文号}} {{标题}} {{日期}}")).add_paragraph(line("{{正文}}")));
    check(&template, &KNOWN, &[]).unwrap();
    let filled = fill(&template, &Values::of(&paper)).unwrap();
    assert_eq!(
        super::measure::paragraphs(&filled),
        ["安环委〔2022〕3号 关于整改的通报 2022年4月6日", "一、情况", "正文。"]
    );
}

#[test]
fn a_template_that_a_word_processor_saved_is_filled_in_and_keeps_its_place_on_the_sheet() {
    let text = str::to_owned;
    let paper = OfficialPaper {
        organ_marks: vec![text("{{发文机关标志}}")],
        title: text("{{标题}}"),
        addressees: vec![text("{{主送}}")],
        body: vec![Written::Paragraph(Text::from("{{正文}}"))],
        issuers: vec![text("{{发文机关}}")],
        ..OfficialPaper::default()
    };
    // Written here, opened and saved by LibreOffice as the office would, handed in, filled in, opened by LibreOffice again.
    let template = saved_as(&paper.to_docx(DAY).unwrap(), "docx");
    let names: Vec<String> =
        check(&template, &KNOWN, &[]).unwrap().into_iter().map(|place| place.name).collect();
    assert_eq!(names, ["主送", "发文机关", "发文机关标志", "标题", "正文"]);
    let values = Values::of(&OfficialPaper {
        organ_marks: vec![text("安澜区生态环境保护委员会文件")],
        title: text("关于整改情况的通报"),
        addressees: vec![text("各镇人民政府")],
        body: vec![Written::paragraph("生态环境问题整改工作".repeat(20)), Written::paragraph("特此通报。")],
        issuers: vec![text("安澜区生态环境保护委员会")],
        ..OfficialPaper::default()
    });
    let filled = fill(&template, &values).unwrap();
    let sheets = pages(&pdf(&filled));
    let all: String = sheets.iter().flat_map(|page| &page.lines).map(|line| line.text.as_str()).collect();
    assert!(!all.contains("{{") && !all.contains("}}"), "{all}");
    for words in ["安澜区生态环境保护委员会文件", "关于整改情况的通报", "各镇人民政府：", "特此通报。"]
    {
        assert!(all.contains(words), "{words}: {all}");
    }
    let full = sheets[0].lines.iter().find(|line| line.text.chars().count() == 28);
    let full = full.unwrap_or_else(|| panic!("no full line of 28 characters: {all}"));
    same(full.left, LEFT, 1.0, "left edge");
    same(full.right, LEFT + 156.0, 1.0, "right edge");
}
