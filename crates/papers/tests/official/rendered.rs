//! The rendered page measured against GB/T 9704-2012.

use bihuan_papers::{
    container::{Limits, open},
    document::Block as Read,
    writing::{
        official::{Attachment, Block, DocumentNumber, Form, OfficialPaper, Presence, Printing, Text},
        table::{Cell, Table},
    },
};
use jiff::civil::date;

use super::{
    DAY,
    measure::{Page, pages, pdf, same},
};

/// Height of a line, and the text area.
pub(crate) const PITCH: f64 = 225.0 / 22.0;
pub(crate) const LEFT: f64 = 28.0;
pub(crate) const TOP: f64 = 37.0;

pub(crate) fn circular() -> OfficialPaper {
    let text = str::to_owned;
    OfficialPaper {
        organ_marks: vec![text("遂宁市安居区生态环境保护委员会办公室文件")],
        number: Some(DocumentNumber { organ_code: text("安环委办"), year: 2022, n: 3 }),
        title: text("关于2022年3月全区生态环境问题整改情况的通报"),
        addressees: vec![text("各镇人民政府、街道办事处"), text("区级有关部门")],
        body: vec![
            Block::Paragraph(
                Text::from("截至2022年3月31日，全区共有问题")
                    .figure("problems.all", "问题", 128)
                    .and("个，已完成整改")
                    .figure("problems.done", "完成整改", 96)
                    .and("个。现将有关情况通报如下。"),
            ),
            Block::heading(1, "总体情况"),
            Block::run_in(2, "任务完成情况。", "各镇各部门按照方案推进整改，总体进展较为顺利。"),
            Block::run_in(3, "省级督察反馈问题。", "已完成整改的均经区级验收。"),
            Block::run_in(4, "水环境问题。", "重点河段水质保持稳定。"),
            Block::heading(1, "工作要求"),
            // A paragraph of plain characters that fills lines and pages.
            Block::paragraph("生态环境问题整改工作".repeat(130)),
        ],
        attachments: vec![Attachment {
            title: text("2022年3月整改情况排名表"),
            blocks: vec![Block::Table(Table {
                shares: vec![1, 3, 2],
                heading_rows: 1,
                rows: vec![
                    vec![Cell::label("名次"), Cell::label("单位"), Cell::label("得分")],
                    vec![Cell::centred("1"), Cell::value("柔刚街道"), Cell::centred("98.5")],
                ],
            })],
        }],
        issuers: vec![text("遂宁市安居区生态环境保护委员会办公室")],
        date: Some(DAY),
        note: text("联系人：张三，电话：0825-8660000"),
        cc: vec![text("市生态环境保护委员会办公室"), text("区纪委监委")],
        printing: Some(Printing {
            organ: text("遂宁市安居区生态环境保护委员会办公室"),
            date: date(2022, 4, 7),
        }),
        ..OfficialPaper::default()
    }
}

/// The pages without the line of the page number.
fn rendered(paper: &OfficialPaper) -> (Vec<u8>, Vec<Page>) {
    let pdf = pdf(&paper.to_docx(DAY).unwrap());
    let pages = pages(&pdf);
    for page in &pages {
        same(page.width, 210.0, 0.2, "width of the sheet");
        same(page.height, 297.0, 0.2, "height of the sheet");
    }
    (pdf, pages)
}

fn body(page: &Page) -> Vec<super::measure::Line> {
    page.lines.iter().filter(|line| !line.text.contains('—')).cloned().collect()
}

#[test]
fn a_full_page_has_22_lines_of_28_characters_in_the_box_of_the_standard() {
    let (_, pages) = rendered(&circular());
    let page = &pages[2];
    let lines = body(page);
    assert_eq!(lines.len(), 22);
    for (index, line) in (0_u32..).zip(&lines) {
        assert_eq!(line.text.chars().count(), 28, "{}", line.text);
        same(line.left, LEFT, 1.0, "left edge");
        same(line.right, LEFT + 156.0, 1.0, "right edge");
        // The character stands at the foot of its line, as every line of fixed height has it.
        let foot = TOP + PITCH * f64::from(index + 1);
        same(line.bottom, foot, 1.0, "foot of the line");
        assert!(line.top >= foot - PITCH, "the line begins within its own height");
    }
}

#[test]
fn head_foot_and_page_numbers_stand_where_the_standard_wants_them() {
    let (pdf, pages) = rendered(&circular());
    let first = &pages[0];
    same(first.line("办公室文件").top, TOP + 35.0, 1.5, "mark");
    let [number, title] = [first.line("安环委办〔2022〕3号"), first.line("关于2022年3月")];
    same((number.left + number.right) / 2.0, LEFT + 78.0, 1.0, "middle of the number");
    // Two lines are empty between the number and the title.
    same(title.bottom - number.bottom, PITCH * 3.0 + 4.0, 1.5, "title below the number");
    same(first.line("一、总体情况").left, LEFT + 2.0 * 156.0 / 28.0, 1.0, "indent");
    for (index, page) in pages.iter().enumerate() {
        let line = page.line(&format!("—{}—", index + 1));
        let outer = if index % 2 == 0 { LEFT + 156.0 - line.right } else { line.left - LEFT };
        same(outer, 4.94, 0.5, "page number from the outer margin");
        same((line.top + line.bottom) / 2.0, TOP + 225.0 + 7.0, 1.0, "dashes below the text");
    }
    let at_end =
        pages.iter().find(|page| page.lines.iter().any(|line| line.text.contains("联系人"))).unwrap();
    let day = at_end.line("2022年4月6日");
    let issuer = at_end.lines.iter().find(|line| line.text.ends_with("委员会办公室")).unwrap();
    same((day.left + day.right) / 2.0, (issuer.left + issuer.right) / 2.0, 1.0, "date under the issuer");
    same(LEFT + 156.0 - issuer.right, 2.0 * 156.0 / 28.0, 1.0, "issuer from the right margin");
    let last = pages.last().unwrap();
    assert_eq!(last.lines[0].text, "附件");
    same(last.line("印发").bottom, TOP + 225.0, 1.0, "foot of the imprint");
    assert!(last.line("抄送").bottom < last.line("印发").top);
    assert!(pdf.starts_with(b"%PDF"));
}

fn part(docx: &[u8], name: &str) -> String {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(docx)).unwrap();
    std::io::read_to_string(archive.by_name(name).unwrap()).unwrap()
}

/// The type of the run that holds these words; where the run has none, that of its style.
fn font(docx: &[u8], words: &str) -> String {
    let document = part(docx, "word/document.xml");
    let end = document.find(words).unwrap_or_else(|| panic!("{words} is not written"));
    let run = &document[document[..end].rfind("<w:r>").unwrap()..end];
    let named = |text: &str| {
        let start = text.find("w:eastAsia=\"")? + 12;
        Some(text[start..start + text[start..].find('"')?].to_owned())
    };
    named(run).unwrap_or_else(|| {
        let paragraph = &document[document[..end].rfind("<w:pStyle w:val=\"").unwrap() + 17..];
        let id = &paragraph[..paragraph.find('"').unwrap()];
        let styles = part(docx, "word/styles.xml");
        named(&styles[styles.find(&format!("w:styleId=\"{id}\"")).unwrap()..]).unwrap()
    })
}

#[test]
fn every_level_has_its_type() {
    let docx = circular().to_docx(DAY).unwrap();
    for (words, wanted) in [
        ("遂宁市安居区生态环境保护委员会办公室文件", "方正小标宋简体"),
        ("关于2022年3月", "方正小标宋简体"),
        ("总体情况", "黑体"),
        ("（一）", "楷体_GB2312"),
        ("任务完成情况。", "楷体_GB2312"),
        ("省级督察反馈问题。", "仿宋_GB2312"),
        ("水环境问题。", "仿宋_GB2312"),
        ("各镇各部门按照方案", "仿宋_GB2312"),
    ] {
        assert_eq!(font(&docx, words), wanted, "{words}");
    }
    let document = part(&docx, "word/document.xml");
    assert!(document.contains(r#"w:top="2098" w:right="1474" w:bottom="1984" w:left="1587""#));
    assert!(document.contains(r#"<w:docGrid w:type="linesAndChars" w:linePitch="579" w:charSpace="-848"/>"#));
    assert!(document.contains(r#"w:name="figure_problems_all_1"/>"#), "figures carry their ids");
    assert!(part(&docx, "word/fontTable.xml").contains(r#"<w:altName w:val="仿宋"/>"#));
    let embedded = zip::ZipArchive::new(std::io::Cursor::new(&docx)).unwrap();
    assert!(!embedded.file_names().any(|name| name.unwrap().contains("fonts/")), "no type is embedded");
}

/// The type that LibreOffice sets these words in, by its own reading of the file: of the span, else of the style of the paragraph or
/// of those it stands on.
fn type_as_read(fodt: &str, words: &str) -> String {
    let body = fodt.find("<office:body").unwrap();
    let end = body + fodt[body..].find(words).unwrap_or_else(|| panic!("{words} is not there"));
    let before = &fodt[..end];
    let attribute = |tag: &str, name: &str| {
        let start = tag.find(&format!("{name}=\""))? + name.len() + 2;
        Some(tag[start..start + tag[start..].find('"')?].to_owned())
    };
    let opened = |name: &str| {
        let tag = &before[before.rfind(&format!("<{name} "))?..];
        let closed = tag.contains(&format!("</{name}>"));
        (!closed).then(|| attribute(tag, "text:style-name")).flatten()
    };
    let paragraph = opened("text:p").or_else(|| opened("text:h"));
    for first in [opened("text:span"), paragraph].into_iter().flatten() {
        let mut style = Some(first);
        while let Some(name) = style {
            let Some(start) = fodt.find(&format!("<style:style style:name=\"{name}\"")) else { break };
            let whole = &fodt[start..];
            let head = &whole[..whole.find('>').unwrap()];
            let body =
                if head.ends_with('/') { head } else { &whole[..whole.find("</style:style>").unwrap()] };
            if let Some(found) = attribute(body, "style:font-name-asian") {
                return found;
            }
            style = attribute(head, "style:parent-style-name");
        }
    }
    panic!("no type for {words}")
}

#[test]
fn libreoffice_reads_the_type_of_every_level() {
    let fodt = super::measure::saved_as(&circular().to_docx(DAY).unwrap(), "fodt");
    let fodt = String::from_utf8(fodt).unwrap();
    for (words, wanted) in [
        ("关于2022年3月全区", "方正小标宋简体"),
        ("总体情况", "黑体"),
        ("任务完成情况。", "楷体_GB2312"),
        ("省级督察反馈问题。", "仿宋_GB2312"),
        ("水环境问题。", "仿宋_GB2312"),
        ("各镇各部门按照方案", "仿宋_GB2312"),
    ] {
        assert!(type_as_read(&fodt, words).starts_with(wanted), "{words}: {}", type_as_read(&fodt, words));
    }
}

#[test]
fn a_paper_is_read_back_as_it_was_written() {
    let paper = circular();
    let docx = paper.to_docx(DAY).unwrap();
    assert_eq!(docx, paper.to_docx(date(2030, 1, 1)).unwrap(), "the day of issue counts");
    let text = super::measure::paragraphs(&docx);
    for line in paper.plain_body() {
        assert!(text.contains(&line), "{line}");
    }
    assert_eq!(paper.plain_body()[2], "（一）任务完成情况。各镇各部门按照方案推进整改，总体进展较为顺利。");
    assert_eq!(paper.figures().map(|figure| &*figure.record).collect::<Vec<_>>(), ["128", "96"]);
}

#[test]
fn a_letter_has_its_mark_near_the_edge_and_no_number_on_its_first_page() {
    let paper = OfficialPaper {
        form: Form::Letter,
        organ_marks: vec!["遂宁市安居区生态环境保护委员会办公室".to_owned()],
        printing: None,
        attachments: Vec::new(),
        ..circular()
    };
    let (_, pages) = rendered(&paper);
    same(pages[0].line("委员会办公室").top, 30.0, 2.5, "mark from the edge of the sheet");
    let number = pages[0].line("安环委办〔2022〕3号");
    same(number.right, LEFT + 156.0, 1.0, "number at the right");
    assert!(!pages[0].lines.iter().any(|line| line.text.contains("—1—")), "the first page has no number");
    same(pages[1].line("—2—").top, 266.5, 1.0, "number of the second page");
}

#[test]
fn minutes_and_orders_have_their_own_heads() {
    let text = str::to_owned;
    let minutes = OfficialPaper {
        form: Form::Minutes,
        organ_marks: vec![text("生态环境保护委员会会议纪要")],
        presence: vec![Presence { label: text("出席"), names: text("张三、李四、王五") }],
        addressees: Vec::new(),
        ..circular()
    };
    let (_, pages) = rendered(&minutes);
    assert!(pages[0].line("2022年4月6日").text.starts_with("遂宁市安居区"), "issuer and day in one line");
    assert!(pages.iter().any(|page| page.lines.iter().any(|line| line.text == "出席：张三、李四、王五")));
    let order = OfficialPaper {
        form: Form::Order,
        organ_marks: vec![text("安居区总河长令")],
        title: String::new(),
        addressees: Vec::new(),
        attachments: Vec::new(),
        signer: text("总河长　张三"),
        issuers: Vec::new(),
        ..circular()
    };
    let (_, pages) = rendered(&order);
    same(pages[0].line("总河长令").top, TOP + 20.0, 2.0, "mark of an order");
    assert!(pages[0].lines.iter().any(|line| line.text == "第3号"));
}

#[test]
fn a_paper_to_a_superior_names_its_signer_beside_the_number() {
    let paper = OfficialPaper {
        signer: "张三".to_owned(),
        copy_no: Some(12),
        urgency: "特急".to_owned(),
        ..circular()
    };
    let (_, pages) = rendered(&paper);
    let lines = &pages[0].lines;
    assert_eq!((&*lines[0].text, &*lines[1].text), ("000012", "特急"));
    same(pages[0].line("办公室文件").top, TOP + 35.0, 1.5, "mark");
    let line = pages[0].line("签发人");
    assert_eq!(line.text, "安环委办〔2022〕3号签发人：张三");
    same(line.left, LEFT + 5.6, 1.0, "number one character in");
    same(line.right, LEFT + 156.0 - 5.6, 1.0, "signer one character in");
}

#[test]
fn odd_tables_do_not_break_a_paper() {
    let rows = vec![
        vec![Cell::above().over(0)],
        vec![],
        vec![Cell::value("宽").over(4)],
        vec![Cell::above(), Cell::value("上面更宽，不能并入")],
    ];
    let odd = Table { shares: vec![0, u32::MAX], heading_rows: 9, rows };
    let body = vec![Block::Table(Table::default()), Block::Table(odd)];
    let docx = OfficialPaper { body, ..circular() }.to_docx(DAY).unwrap();
    let document = open(&docx, "x.docx", &Limits::default()).unwrap();
    assert!(document.warnings.is_empty(), "{:?}", document.warnings);
    let mut tables = document.blocks.iter().filter_map(|block| match block {
        Read::Table(table) => Some(table),
        _ => None,
    });
    assert!(tables.any(|table| table.rows.iter().flat_map(|row| &row.cells).any(|cell| cell.text == "宽")));
}
