//! The PDF of our own against the standard, and against what LibreOffice makes of the Word file.

use std::{collections::BTreeMap, sync::Arc};

use bihuan_papers::writing::{
    official::{Block, Face, Form, OfficialPaper, PdfError, Typeface, Typefaces},
    table::{Cell, Table},
};

use super::{
    DAY,
    measure::{Line, Page, pages, pdf, same},
    rendered::{LEFT, PITCH, TOP, circular},
};

/// Typefaces of this machine.
fn typefaces() -> Typefaces {
    let mut fonts = fontdb::Database::new();
    fonts.load_system_fonts();
    let mut files = BTreeMap::new();
    let mut find = |names: &[&str]| {
        let face = names.iter().find_map(|name| {
            let is_upright = |face: &&fontdb::FaceInfo| face.style == fontdb::Style::Normal;
            let of_name = |face: &&fontdb::FaceInfo| face.families.iter().any(|(family, _)| family == name);
            fonts.faces().filter(is_upright).find(of_name)
        });
        let face =
            face.unwrap_or_else(|| panic!("none of {names:?} is installed; `cargo xtask test` does it"));
        let fontdb::Source::File(path) = &face.source else { panic!("a font is a file") };
        let bytes = files.entry(path.clone()).or_insert_with(|| Arc::new(std::fs::read(path).unwrap()));
        Typeface { bytes: Arc::clone(bytes), index: face.index }
    };
    let chinese = find(&["Noto Serif CJK SC", "Noto Sans CJK SC", "WenQuanYi Zen Hei"]);
    let faces = Face::ALL.into_iter().map(|face| (face, chinese.clone())).collect();
    Typefaces { faces, latin: Some(find(&["Liberation Serif", "Nimbus Roman", "DejaVu Serif"])) }
}

fn drawn(paper: &OfficialPaper) -> Vec<Page> {
    let bytes = paper.to_pdf(DAY, &typefaces()).unwrap();
    if let Some(keep) = std::env::var_os("BIHUAN_KEEP_PAPERS") {
        let name = std::thread::current().name().unwrap_or("paper").replace("::", "-");
        std::fs::write(std::path::Path::new(&keep).join(format!("{name}-own.pdf")), &bytes).unwrap();
    }
    pages(&bytes)
}

#[test]
fn a_full_page_of_the_pdf_has_22_lines_of_28_characters_in_the_box_of_the_standard() {
    let pages = drawn(&circular());
    for page in &pages {
        same(page.width, 210.0, 0.2, "width of the sheet");
        same(page.height, 297.0, 0.2, "height of the sheet");
    }
    let lines: Vec<_> = pages[2].lines.iter().filter(|line| !line.text.contains('—')).collect();
    assert_eq!(lines.len(), 22);
    for (index, line) in (0_u32..).zip(&lines) {
        assert_eq!(line.text.chars().count(), 28, "{}", line.text);
        same(line.left, LEFT, 1.0, "left edge");
        same(line.right, LEFT + 156.0, 1.0, "right edge");
        same(line.bottom, TOP + PITCH * f64::from(index + 1), 1.0, "foot of the line");
    }
    for (index, page) in pages.iter().enumerate() {
        let line = page.line(&format!("—{}—", index + 1));
        let outer = if index % 2 == 0 { LEFT + 156.0 - line.right } else { line.left - LEFT };
        same(outer, 4.94, 1.0, "page number from the outer margin");
        same((line.top + line.bottom) / 2.0, TOP + 225.0 + 7.0, 1.5, "dashes below the text");
    }
    let sheets = circular().sheets();
    let mark = sheets[0].pieces.iter().find(|piece| piece.is_red).unwrap();
    // A sign of the mark is as high as its size, an eighth of it below the base line.
    same((mark.base - mark.size * 0.875) / 72.0 * 25.4, TOP + 35.0, 1.5, "mark");
}

/// Papers of every form.
fn forms() -> Vec<(&'static str, OfficialPaper)> {
    let text = str::to_owned;
    let letter = OfficialPaper {
        form: Form::Letter,
        organ_marks: vec![text("遂宁市安居区生态环境保护委员会办公室")],
        printing: None,
        ..circular()
    };
    let minutes = OfficialPaper {
        form: Form::Minutes,
        organ_marks: vec![text("生态环境保护委员会会议纪要")],
        addressees: Vec::new(),
        ..circular()
    };
    let order = OfficialPaper {
        form: Form::Order,
        organ_marks: vec![text("安居区总河长令")],
        title: String::new(),
        addressees: Vec::new(),
        signer: text("总河长　张三"),
        issuers: Vec::new(),
        ..circular()
    };
    let signed =
        OfficialPaper { signer: text("张三"), copy_no: Some(12), urgency: text("特急"), ..circular() };
    // A form that is nothing but a table, with cells of several lines and one that is longer than a sheet.
    let cell = |words: &str, times: usize| Cell::value(words.repeat(times)).over(10);
    let rows = vec![
        vec![Cell::label("问题来源").over(2), cell("省级生态环境保护督察反馈意见 ", 1)],
        vec![
            Cell::label("整改时限").over(2),
            Cell::value("2021-06-30（原定2021-03-31）").over(4),
            Cell::label("督导单位").over(2),
            Cell::value("区生态环境局").over(4),
        ],
        vec![Cell::label("整改措施").over(2), cell("清运存量垃圾，设置拦污栅。\n", 6)],
        vec![
            Cell::label("佐证材料").over(2),
            cell("整改后：现场照片，拍摄于河道下游右岸，可与整改前对照。\n", 60),
        ],
        vec![Cell::label("主要领导审签").over(2), cell("同意销号。\n区长 2021-06-11（账本第128条）", 1)],
    ];
    let plain = OfficialPaper {
        form: Form::Plain,
        title: text("安澜区生态环境问题整改销号申请表"),
        body: vec![
            Block::Flush("编号：AL-2021-0001-1".into()),
            Block::Table(Table { shares: vec![1; 12], heading_rows: 0, rows }),
            Block::Flush("本表各栏由办理账本生成。".into()),
        ],
        ..OfficialPaper::default()
    };
    vec![
        ("form", plain),
        ("ordinary", circular()),
        ("letter", letter),
        ("minutes", minutes),
        ("order", order),
        ("to a superior", signed),
    ]
}

#[test]
fn the_pdf_looks_like_the_word_file_line_by_line() {
    for (name, paper) in forms() {
        let (own, word) = (drawn(&paper), pages(&pdf(&paper.to_docx(DAY).unwrap())));
        assert_eq!(own.len(), word.len(), "sheets of {name}");
        for (number, (own, word)) in own.iter().zip(&word).enumerate() {
            // Cells of a row are listed in whichever order the file draws them.
            let sorted = |line: &Line| {
                let mut signs: Vec<char> = line.text.chars().collect();
                signs.sort_unstable();
                signs.into_iter().collect::<String>()
            };
            let words = |page: &Page| page.lines.iter().map(sorted).collect::<Vec<_>>();
            assert_eq!(words(own), words(word), "{name}, sheet {}", number + 1);
            for (own, word) in own.lines.iter().zip(&word.lines) {
                // Dashes of different types are of different lengths.
                if own.text.contains('—') {
                    continue;
                }
                let what = format!("{name}, sheet {}, {}", number + 1, own.text);
                same(own.left, word.left, 1.0, &format!("left edge: {what}"));
                same(own.right, word.right, 1.0, &format!("right edge: {what}"));
                // Types differ in where their box begins; the feet are what the eye compares.
                same(own.bottom, word.bottom, 2.0, &format!("foot: {what}"));
            }
        }
    }
}

#[test]
fn the_same_paper_gives_the_same_bytes_and_a_missing_typeface_is_said() {
    let (paper, typefaces) = (circular(), typefaces());
    let first = paper.to_pdf(DAY, &typefaces).unwrap();
    assert_eq!(first, paper.to_pdf(DAY, &typefaces).unwrap());
    assert!(first.starts_with(b"%PDF") && first.len() < 2_000_000, "{} bytes", first.len());
    let mut poor = typefaces;
    poor.faces.remove(&Face::Brush);
    assert!(matches!(paper.to_pdf(DAY, &poor), Err(PdfError::NoTypeface(Face::Brush))));
}

#[test]
fn a_sheet_on_the_page_links_every_figure_to_its_records() {
    let sheets = circular().to_svg(&|source| Some(format!("/tasks?from={source}&open=yes")));
    assert_eq!(sheets.len(), circular().sheets().len());
    assert!(sheets[0].contains(r#"<a href="/tasks?from=problems.all&amp;open=yes">"#), "{}", sheets[0]);
    assert!(sheets[0].contains(">128</text></a>"));
}
