//! `bihuan read` stays within 256 MB above its idle size, whatever the document is.

use std::{
    fs::File,
    io::{BufWriter, Write},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::Duration,
};
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

/// Most that a document may add, in kibibytes.
const ABOVE_IDLE_KIB: u64 = 256 * 1024;
/// How often the program is looked at.
const LOOK_EVERY: Duration = Duration::from_micros(500);
const MEBIBYTE: usize = 1024 * 1024;

#[expect(clippy::disallowed_methods, reason = "memory is looked at while it is used")]
fn wait() {
    std::thread::sleep(LOOK_EVERY);
}

/// What reading a file took at most, in kibibytes, and whether it could be read.
fn peak(file: &Path) -> (u64, bool) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bihuan"));
    command.arg("read").arg(file).arg("--json").stdout(Stdio::null()).stderr(Stdio::null());
    let mut child = command.spawn().unwrap();
    let status = format!("/proc/{}/status", child.id());
    let mut peak = 0;
    loop {
        // The kernel keeps the highest size itself, so what is missed is the last half millisecond at most.
        let text = std::fs::read_to_string(&status).unwrap_or_default();
        let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let size = line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok());
        peak = peak.max(size.unwrap_or(0));
        if let Some(ended) = child.try_wait().unwrap() {
            assert!(ended.code().is_some_and(|code| code <= 1), "{}: {ended}", file.display());
            return (peak, ended.success());
        }
        wait();
    }
}

/// Files written as they grow, so that the tests need little memory themselves.
struct Maker {
    dir: tempfile::TempDir,
    over: Vec<String>,
    idle: u64,
}

type Part<'p> = (&'p str, &'p dyn Fn(&mut dyn Write));

impl Maker {
    fn new() -> Maker {
        let mut maker = Maker { dir: tempfile::tempdir().unwrap(), over: Vec::new(), idle: 0 };
        let small = maker.write("small.csv", &|file| {
            put(file, "序号,问题,整改时限\n1,河道垃圾,2021年6月底\n");
        });
        maker.idle = peak(&small).0;
        assert!(maker.idle > 1024, "{} KiB", maker.idle);
        maker
    }

    fn write(&self, name: &str, fill: &dyn Fn(&mut dyn Write)) -> PathBuf {
        let path = self.dir.path().join(name);
        let mut file = BufWriter::new(File::create(&path).unwrap());
        fill(&mut file);
        file.flush().unwrap();
        path
    }

    fn package(&self, name: &str, parts: &[Part<'_>]) -> PathBuf {
        let path = self.dir.path().join(name);
        let mut zip = ZipWriter::new(BufWriter::new(File::create(&path).unwrap()));
        let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
        for (name, fill) in parts {
            zip.start_file(*name, options).unwrap();
            let mut buffer = BufWriter::with_capacity(MEBIBYTE, &mut zip);
            fill(&mut buffer);
            buffer.flush().unwrap();
        }
        zip.finish().unwrap().flush().unwrap();
        path
    }

    fn word(&self, name: &str, body: &dyn Fn(&mut dyn Write)) -> PathBuf {
        let document = |part: &mut dyn Write| {
            put(part, r#"<?xml version="1.0"?><w:document xmlns:w="w"><w:body>"#);
            body(part);
            put(part, "</w:body></w:document>");
        };
        self.package(
            name,
            &[("[Content_Types].xml", &|part| put(part, "<Types/>")), ("word/document.xml", &document)],
        )
    }

    fn workbook(
        &self,
        name: &str,
        sheet: &dyn Fn(&mut dyn Write),
        strings: &dyn Fn(&mut dyn Write),
    ) -> PathBuf {
        let rels = |part: &mut dyn Write| {
            put(
                part,
                r#"<Relationships><Relationship Id="r1" Type="x/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#,
            );
        };
        let workbook = |part: &mut dyn Write| {
            put(
                part,
                r#"<workbook xmlns:r="r"><sheets><sheet name="表" sheetId="1" r:id="s1"/></sheets></workbook>"#,
            );
        };
        let sheets = |part: &mut dyn Write| {
            put(
                part,
                r#"<Relationships><Relationship Id="s1" Type="x/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#,
            );
        };
        let whole = |part: &mut dyn Write| {
            put(part, r#"<?xml version="1.0"?><worksheet xmlns="m"><sheetData>"#);
            sheet(part);
            put(part, "</sheetData></worksheet>");
        };
        let shared = |part: &mut dyn Write| {
            put(part, r#"<?xml version="1.0"?><sst>"#);
            strings(part);
            put(part, "</sst>");
        };
        self.package(
            name,
            &[
                ("[Content_Types].xml", &|part| put(part, "<Types/>")),
                ("_rels/.rels", &rels),
                ("xl/workbook.xml", &workbook),
                ("xl/_rels/workbook.xml.rels", &sheets),
                ("xl/worksheets/sheet1.xml", &whole),
                ("xl/sharedStrings.xml", &shared),
            ],
        )
    }

    /// Reads it and notes what it took.
    fn read(&mut self, file: &Path) -> bool {
        let (peak, read) = peak(file);
        let above = peak.saturating_sub(self.idle);
        let name = file.file_name().unwrap().to_string_lossy();
        let bytes = std::fs::metadata(file).unwrap().len();
        let outcome = if read { "read" } else { "refused" };
        let line = format!("{name}: {bytes} bytes, {outcome}, {} MiB above idle", above / 1024);
        eprintln!("{line}");
        if above > ABOVE_IDLE_KIB {
            self.over.push(line);
        }
        std::fs::remove_file(file).unwrap();
        read
    }

    fn finish(self) {
        assert_eq!(self.over, Vec::<String>::new(), "idle: {} KiB", self.idle);
    }
}

fn put(to: &mut dyn Write, text: &str) {
    to.write_all(text.as_bytes()).unwrap();
}

/// As many times as fit into so many bytes.
fn repeat(to: &mut dyn Write, text: &str, bytes: usize) {
    let (times, at_once) = (bytes / text.len(), (64 * 1024 / text.len()).max(1));
    let many = text.repeat(at_once);
    (0..times / at_once).for_each(|_| put(to, &many));
    put(to, &text.repeat(times % at_once));
}

/// Text that packs a little less well than one letter does, so that it is no bomb by its ratio.
fn mixed(number: usize, characters: usize) -> String {
    let mut state = number as u32 + 1;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        char::from_u32(0x4e00 + (state >> 16) % 0x3000).unwrap()
    };
    (0..characters).map(|_| next()).collect()
}

fn column(mut number: usize) -> String {
    let mut letters = String::new();
    while number > 0 {
        letters.insert(0, char::from(b'A' + u8::try_from((number - 1) % 26).unwrap()));
        number = (number - 1) / 26;
    }
    letters
}

#[test]
fn hostile_word_files_stay_small() {
    let mut maker = Maker::new();
    let bomb = maker.word("bomb.docx", &|part| repeat(part, " ", 1024 * MEBIBYTE));
    assert!(!maker.read(&bomb));
    let deep = maker.word("deep.docx", &|part| repeat(part, "<w:sdt><w:sdtContent>", 40 * MEBIBYTE));
    assert!(!maker.read(&deep));
    let empty = maker.word("empty-paragraphs.docx", &|part| repeat(part, "<w:p/>", 60 * MEBIBYTE));
    maker.read(&empty);
    let tables = maker.word("tables.docx", &|part| {
        repeat(
            part,
            "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>一</w:t></w:r></w:p></w:tc></w:tr></w:tbl>",
            60 * MEBIBYTE,
        );
    });
    maker.read(&tables);
    let cells = maker.word("cells.docx", &|part| {
        put(part, "<w:tbl>");
        let row = format!("<w:tr>{}</w:tr>", "<w:tc><w:p><w:r><w:t>一</w:t></w:r></w:p></w:tc>".repeat(500));
        repeat(part, &row, 58 * MEBIBYTE);
        put(part, "</w:tbl>");
    });
    maker.read(&cells);
    let words = maker.word("paragraphs.docx", &|part| {
        for number in 0..60_000 {
            put(part, &format!("<w:p><w:r><w:t>{}、{}</w:t></w:r></w:p>", number + 1, mixed(number, 200)));
        }
    });
    maker.read(&words);
    let nested = maker.word("nested-tables.docx", &|part| {
        for _ in 0..2_000 {
            put(part, &"<w:tbl><w:tr><w:tc>".repeat(20));
            put(part, "<w:p><w:r><w:t>一</w:t></w:r></w:p>");
            put(part, &"</w:tc></w:tr></w:tbl>".repeat(20));
        }
    });
    maker.read(&nested);
    let entities = maker.package(
        "laughs.docx",
        &[("[Content_Types].xml", &|part| put(part, "<Types/>")), ("word/document.xml", &|part| {
            put(part, "<!DOCTYPE w [<!ENTITY a0 \"ha\"><!ENTITY x SYSTEM \"file:///etc/passwd\">");
            for n in 1..30 {
                put(part, &format!("<!ENTITY a{n} \"&a{0};&a{0};\">", n - 1));
            }
            put(part, "]><w:document xmlns:w=\"w\"><w:body><w:p><w:r><w:t>&a29;&x;</w:t></w:r></w:p></w:body></w:document>");
        })],
    );
    assert!(!maker.read(&entities));
    maker.finish();
}

#[test]
fn hostile_workbooks_stay_small() {
    let mut maker = Maker::new();
    let none = |_: &mut dyn Write| {};
    let wide = maker.workbook(
        "wide.xlsx",
        &|part| {
            put(part, r#"<row r="1">"#);
            for number in 1..=100_000 {
                put(part, &format!(r#"<c r="{}1"><v>1</v></c>"#, column(number)));
            }
            put(part, "</row>");
        },
        &none,
    );
    assert!(!maker.read(&wide));
    let bomb = maker.workbook("bomb.xlsx", &|part| repeat(part, " ", 1024 * MEBIBYTE), &none);
    assert!(!maker.read(&bomb));
    let deep = maker.workbook("deep.xlsx", &|part| repeat(part, "<row>", 40 * MEBIBYTE), &none);
    assert!(!maker.read(&deep));
    let one = |part: &mut dyn Write| put(part, r#"<row r="1"><c r="A1" t="s"><v>0</v></c></row>"#);
    let strings =
        maker.workbook("strings.xlsx", &one, &|part| repeat(part, "<si><t>一二</t></si>", 60 * MEBIBYTE));
    maker.read(&strings);
    let fewer = maker.workbook("fewer-strings.xlsx", &one, &|part| {
        for number in 0..1_900_000 {
            put(part, &format!("<si><t>{number}</t></si>"));
        }
    });
    maker.read(&fewer);
    let long = maker.workbook("long-strings.xlsx", &one, &|part| {
        for number in 0..2_000 {
            put(part, &format!("<si><t>{}</t></si>", mixed(number, 10_000)));
        }
    });
    maker.read(&long);
    let rich = maker.workbook("rich-strings.xlsx", &one, &|part| {
        repeat(part, "<si><r><t>一</t></r><r><t>二</t></r></si>", 60 * MEBIBYTE)
    });
    maker.read(&rich);
    let cells = maker.workbook(
        "cells.xlsx",
        &|part| {
            for row in 1..=2_300 {
                put(part, &format!(r#"<row r="{row}">"#));
                for _ in 0..510 {
                    put(part, r#"<c t="inlineStr"><is><t>一二三四五六七八</t></is></c>"#);
                }
                put(part, "</row>");
            }
        },
        &none,
    );
    maker.read(&cells);
    let numbers = maker.workbook(
        "numbers.xlsx",
        &|part| {
            for row in 1..=2_300 {
                put(part, &format!(r#"<row r="{row}">"#));
                repeat(part, "<c><v>1</v></c>", 15 * 510);
                put(part, "</row>");
            }
        },
        &none,
    );
    maker.read(&numbers);
    let texts = maker.workbook(
        "texts.xlsx",
        &|part| {
            put(part, "<row><c t=\"inlineStr\"><is><t>序号</t></is></c><c t=\"inlineStr\"><is><t>存在问题</t></is></c></row>");
            for row in 0..38_000 {
                put(part, &format!("<row><c><v>{row}</v></c><c t=\"inlineStr\"><is><t>{}</t></is></c></row>", mixed(row, 340)));
            }
        },
        &none,
    );
    maker.read(&texts);
    maker.finish();
}

#[test]
fn hostile_texts_stay_small() {
    let mut maker = Maker::new();
    let files: [Part<'_>; 6] = [
        ("commas.csv", &|file| repeat(file, "一,", 48 * MEBIBYTE)),
        ("narrow.csv", &|file| repeat(file, "1,2,3\n", 48 * MEBIBYTE)),
        ("lines.txt", &|file| repeat(file, "一\n", 48 * MEBIBYTE)),
        ("blank.txt", &|file| repeat(file, "\n", 48 * MEBIBYTE)),
        ("deep.html", &|file| {
            put(file, "<html><body>");
            repeat(file, "<div>", 48 * MEBIBYTE);
        }),
        ("table.html", &|file| {
            put(file, "<html><body><table>");
            repeat(file, "<tr><td>一<td>二<td>三", 48 * MEBIBYTE);
        }),
    ];
    for (name, fill) in files {
        let file = maker.write(name, fill);
        maker.read(&file);
    }
    let huge = maker.write("huge.txt", &|file| repeat(file, "一", 60 * MEBIBYTE));
    assert!(!maker.read(&huge));
    maker.finish();
}

/// 50,000 rows of 20 columns, as a county's whole history would be.
#[test]
fn the_largest_lawful_workbook_stays_small() {
    const HEADS: [&str; 20] = [
        "序号",
        "问题编号",
        "存在问题",
        "问题类型",
        "整改目标",
        "整改措施",
        "整改时限",
        "责任单位",
        "责任领导",
        "责任人",
        "督导单位",
        "验收单位",
        "乡镇",
        "点位",
        "进展情况",
        "完成情况",
        "是否销号",
        "销号时间",
        "联系电话",
        "备注",
    ];
    let mut maker = Maker::new();
    let cell = |text: &str| format!("<c t=\"inlineStr\"><is><t>{text}</t></is></c>");
    let lawful = maker.workbook(
        "lawful.xlsx",
        &|part| {
            put(part, &format!("<row>{}</row>", HEADS.map(cell).concat()));
            for row in 1..=50_000 {
                let texts = [
                    row.to_string(),
                    format!("AL-{row}"),
                    format!("东溪镇凉水井村{row}号聚居点检查井污水渗漏，附近沟渠水体发黑。"),
                    "水污染".to_owned(),
                    "污水全收集".to_owned(),
                    "1.修复破损管段；2.清淤沟渠；3.加强巡查。".to_owned(),
                    "2021年6月底前".to_owned(),
                    "东溪镇人民政府".to_owned(),
                ];
                let rest =
                    (8..20).map(|column| cell(&format!("第{column}列内容{}", row % 97))).collect::<String>();
                put(part, &format!("<row>{}{rest}</row>", texts.map(|text| cell(&text)).concat()));
            }
        },
        &|_| {},
    );
    assert!(maker.read(&lawful), "it is lawful");
    maker.finish();
}
