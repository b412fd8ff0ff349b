//! A Word file rendered by LibreOffice and measured: pages of lines with their places in millimetres.

use std::{path::Path, process::Command};

/// A line of text on a page, its box in millimetres from the upper left corner of the sheet.
#[derive(Debug, Clone)]
pub(crate) struct Line {
    pub(crate) left: f64,
    pub(crate) right: f64,
    pub(crate) top: f64,
    pub(crate) bottom: f64,
    pub(crate) text: String,
}

/// A page.
#[derive(Debug, Clone, Default)]
pub(crate) struct Page {
    pub(crate) width: f64,
    pub(crate) height: f64,
    pub(crate) lines: Vec<Line>,
}

impl Page {
    /// The line that holds these words.
    pub(crate) fn line(&self, words: &str) -> &Line {
        let found = self.lines.iter().find(|line| line.text.contains(words));
        found.unwrap_or_else(|| panic!("no line with {words}: {:#?}", self.lines))
    }
}

/// What LibreOffice makes of a Word file when it saves it as `kind`: `pdf`, `fodt`, or `docx` once more.
pub(crate) fn saved_as(docx: &[u8], kind: &str) -> Vec<u8> {
    let room = tempfile::tempdir().unwrap();
    let (file, out) = (room.path().join("paper.docx"), room.path().join("out"));
    std::fs::write(&file, docx).unwrap();
    let profile = format!("-env:UserInstallation=file://{}", room.path().join("profile").display());
    run(Command::new("soffice")
        .args([&profile, "--headless", "--convert-to", kind, "--outdir"])
        .arg(&out)
        .arg(&file));
    std::fs::read(out.join(format!("paper.{kind}"))).unwrap()
}

/// The PDF that LibreOffice makes of a Word file.
pub(crate) fn pdf(docx: &[u8]) -> Vec<u8> {
    let pdf = saved_as(docx, "pdf");
    if let Some(keep) = std::env::var_os("BIHUAN_KEEP_PAPERS") {
        let name = std::thread::current().name().unwrap_or("paper").replace("::", "-");
        std::fs::write(Path::new(&keep).join(format!("{name}.docx")), docx).unwrap();
        std::fs::write(Path::new(&keep).join(format!("{name}.pdf")), &pdf).unwrap();
    }
    pdf
}

fn run(command: &mut Command) -> String {
    let output = command.output().unwrap_or_else(|error| {
        panic!("{:?} could not be started ({error}); `cargo xtask test` installs it", command.get_program())
    });
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// The pages of a PDF.
pub(crate) fn pages(pdf: &[u8]) -> Vec<Page> {
    let room = tempfile::tempdir().unwrap();
    let file = room.path().join("paper.pdf");
    std::fs::write(&file, pdf).unwrap();
    let listing = run(Command::new("pdftotext").arg("-bbox").arg(&file).arg("-"));
    let mut pages: Vec<Page> = Vec::new();
    for row in listing.lines() {
        let number = |name: &str| {
            let start = row.find(&format!("{name}=\"")).unwrap() + name.len() + 2;
            let points: f64 = row[start..start + row[start..].find('"').unwrap()].parse().unwrap();
            points / 72.0 * 25.4
        };
        if row.trim_start().starts_with("<page ") {
            pages.push(Page { width: number("width"), height: number("height"), lines: Vec::new() });
        } else if row.trim_start().starts_with("<word ") {
            let text = row[row.find('>').unwrap() + 1..row.rfind("</word>").unwrap()].to_owned();
            let text = text.replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">");
            let page = pages.last_mut().unwrap();
            let word = Line {
                left: number("xMin"),
                right: number("xMax"),
                top: number("yMin"),
                bottom: number("yMax"),
                text,
            };
            let middle = |line: &Line| (line.top + line.bottom) / 2.0;
            match page.lines.iter_mut().find(|line| (middle(line) - middle(&word)).abs() < 2.0) {
                Some(line) if line.left <= word.left => {
                    line.right = line.right.max(word.right);
                    line.text.push_str(&word.text);
                }
                Some(line) => {
                    line.left = word.left;
                    line.text.insert_str(0, &word.text);
                }
                None => page.lines.push(word),
            }
        }
    }
    for page in &mut pages {
        page.lines.sort_by(|a, b| a.top.total_cmp(&b.top));
    }
    pages
}

/// Whether two lengths are the same within so many millimetres.
#[track_caller]
pub(crate) fn same(measured: f64, wanted: f64, within: f64, what: &str) {
    assert!((measured - wanted).abs() <= within, "{what}: {measured:.2} mm, wanted {wanted:.2} ± {within}");
}

/// The paragraphs of a Word file outside tables, as this crate reads them.
pub(crate) fn paragraphs(docx: &[u8]) -> Vec<String> {
    use bihuan_papers::{Limits, container::open, document::Block};
    let document = open(docx, "paper.docx", &Limits::default()).unwrap();
    assert!(document.warnings.is_empty(), "{:?}", document.warnings);
    let blocks = document.blocks.into_iter();
    blocks
        .filter_map(|block| if let Block::Paragraph(line) = block { Some(line.text) } else { None })
        .collect()
}
