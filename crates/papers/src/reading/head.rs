//! The head of a document (版头): title, document number, issuer, date, degree of secrecy.
//!
//! Only what stands where heads stand is taken: the first paragraphs, or the title rows of the first table.

use super::draft::DocumentHead;
use crate::document::{Block, Document, Place};
use bihuan_rules::deadline::read_date;
use regex::Regex;
use std::sync::LazyLock;

/// How many lines the head of a document is looked for in.
const HEAD_LINES: usize = 25;

/// Reads the head. The place is that of the degree of secrecy, when one was found.
pub(super) fn read(document: &Document) -> (DocumentHead, Option<Place>) {
    let lines = first_lines(document);
    let mut head = DocumentHead::default();
    let mut secret_place = None;
    for (line, place) in &lines {
        if head.secret.is_none()
            && let Some(degree) = secrecy(line)
        {
            head.secret = Some(degree);
            secret_place = Some(place.clone());
        }
        if head.number.is_none() {
            head.number = number(line);
        }
    }
    head.title = title(&lines);
    let (issuer, issued_on) = signature(document);
    head.issuer = issuer;
    head.issued_on = issued_on.or_else(|| lines.iter().find_map(|(line, _)| dated_line(line)));
    (head, secret_place)
}

/// The first lines of the document with their places.
fn first_lines(document: &Document) -> Vec<(String, Place)> {
    let mut lines = Vec::new();
    for block in document.blocks.iter().take(HEAD_LINES * 2) {
        match block {
            Block::Paragraph(paragraph) => {
                let place = Place { row: paragraph.number, ..Place::default() };
                for line in paragraph.text.lines().map(str::trim).filter(|line| !line.is_empty()) {
                    lines.push((line.to_owned(), place.clone()));
                }
            }
            Block::Table(table) => {
                for row in table.rows.iter().take(4) {
                    let filled: Vec<&str> = row
                        .cells
                        .iter()
                        .map(|cell| cell.text.trim())
                        .filter(|text| !text.is_empty())
                        .collect();
                    if filled.len() <= 2 {
                        let place = super::table::place(table, row, 0);
                        for line in filled.iter().flat_map(|text| text.lines()) {
                            lines.push((line.trim().to_owned(), place.clone()));
                        }
                    }
                }
            }
        }
        if lines.len() >= HEAD_LINES {
            break;
        }
    }
    lines.truncate(HEAD_LINES);
    lines
}

/// The degree of secrecy a line states: 绝密, 机密★1年, 秘密. Only a line of its own counts, never a word in a sentence.
fn secrecy(line: &str) -> Option<String> {
    static DEGREE: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^(?:密级[:：]?)?(绝密|机密|秘密)(?:[★☆*].{0,8})?$").expect("the pattern is fixed")
    });
    let bare: String = line.chars().filter(|sign| !sign.is_whitespace()).collect();
    DEGREE.captures(&bare).map(|found| found[1].to_owned())
}

/// The document number in a line, with square brackets for whatever brackets it has.
fn number(line: &str) -> Option<String> {
    static NUMBER: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"([\p{Han}]{2,14})\s*[〔﹝\[【（(［]\s*((?:19|20)\d{2})\s*[〕﹞\]】）)］]\s*(?:第)?\s*(\d{1,5})\s*号")
            .expect("the pattern is fixed")
    });
    let found = NUMBER.captures(line)?;
    // A number that a sentence quotes is somebody else's.
    let before = &line[..found.get(0)?.start()];
    let whole = found.get(0)?;
    let after = &line[whole.end()..];
    let alone = before.trim().is_empty() && after.trim().chars().count() <= 24;
    let labelled = before.ends_with([':', '：'])
        || before.ends_with("文号")
        || before.ends_with('|')
        || before.trim_end().ends_with("| ");
    (alone || labelled).then(|| format!("{}〔{}〕{}号", &found[1], &found[2], &found[3]))
}

/// The title: the first line that ends like one, joined with the line before when it is broken in two.
fn title(lines: &[(String, Place)]) -> Option<String> {
    const ENDS: [&str; 23] = [
        "方案",
        "清单",
        "台账",
        "通知",
        "公示",
        "通报",
        "公告",
        "情况",
        "一览表",
        "统计表",
        "报告",
        "简报",
        "公开版)",
        "公开版）",
        "情况表",
        "明细表",
        "汇总表",
        "任务表",
        "计划",
        "进展",
        "说明",
        "意见",
        "函",
    ];
    let is_title = |line: &str| {
        let count = line.chars().count();
        (4..=90).contains(&count)
            && !line.contains(['。', '；', '>', '|'])
            && !line.ends_with([':', '：', '，'])
            && !line.starts_with("附件")
            && (ENDS.iter().any(|end| line.ends_with(end))
                || ((line.contains("清单")
                    || line.contains("一览表")
                    || line.contains("情况")
                    || line.contains("台账")
                    || line.contains("方案"))
                    && line.ends_with(['）', ')'])))
            && super::measure::mark(line).is_none()
    };
    let at = lines.iter().take(12).position(|(line, _)| is_title(line))?;
    let line = &lines[at].0;
    if at > 0 && (line.chars().count() <= 12 || line.starts_with("关于")) {
        let before = &lines[at - 1].0;
        let joins = (6..=60).contains(&before.chars().count())
            && !before.contains(['。', ':', '：', '〔', '[', '>'])
            && !before.starts_with("附件")
            && !before.chars().any(|sign| sign.is_ascii_digit());
        if joins {
            return Some(format!("{before}{line}"));
        }
    }
    (line.chars().count() >= 6).then(|| line.clone())
}

/// A line that is only a date, or a date with the words of a web page around it.
fn dated_line(line: &str) -> Option<jiff::civil::Date> {
    static DATE: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^(?:发布时间|发布日期|日期|时间|成文日期|发文日期|印发日期)?[:：]?\s*((?:19|20|二).{5,12}?[日\d])(?:\s|$|[|印])")
            .expect("the pattern is fixed")
    });
    let line = line.trim();
    if line.chars().count() > 60 {
        return None;
    }
    read_date(line, None).or_else(|| read_date(DATE.captures(line)?.get(1)?.as_str(), None))
}

/// Whether a text is only a full date.
pub(super) fn is_date_line(line: &str) -> bool {
    let count = line.trim().chars().count();
    (8..=14).contains(&count)
        && line.trim().contains(['年', '-', '.', '/'])
        && read_date(line.trim(), None).is_some()
}

/// Whether a text looks like the name of whoever signs.
pub(super) fn is_signer(line: &str) -> bool {
    const ENDS: [&str; 14] = [
        "局",
        "委员会",
        "办公室",
        "政府",
        "中心",
        "小组",
        "厅",
        "部",
        "分局",
        "管委会",
        "街道办事处",
        "委",
        "公司",
        "组",
    ];
    let line = line.trim();
    (4..=40).contains(&line.chars().count())
        && ENDS.iter().any(|end| line.ends_with(end))
        && !line.contains([':', '：', '。', '，', '、', ',', ';', '；'])
}

/// Who signed at the end of the prose, and when.
fn signature(document: &Document) -> (Option<String>, Option<jiff::civil::Date>) {
    let lines: Vec<&str> = document
        .blocks
        .iter()
        .rev()
        .filter_map(|block| {
            if let Block::Paragraph(paragraph) = block { Some(paragraph.text.as_str()) } else { None }
        })
        .take(60)
        .collect();
    for (index, line) in lines.iter().enumerate() {
        if is_date_line(line) {
            let issuer = lines
                .get(index + 1)
                .filter(|before| is_signer(before))
                .map(|before| before.trim().to_owned());
            if issuer.is_some() {
                return (issuer, read_date(line.trim(), None));
            }
        }
    }
    (None, None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_documents_have_many_brackets() {
        assert_eq!(number("某府办〔2021〕16号").as_deref(), Some("某府办〔2021〕16号"));
        assert_eq!(number("某办发[2017]16号    签发人:某某").as_deref(), Some("某办发〔2017〕16号"));
        assert_eq!(number("根据《某办法》(国办发【2014】56号)的要求").as_deref(), None);
    }

    #[test]
    fn secrecy_is_a_line_of_its_own() {
        assert_eq!(secrecy("机 密★1年").as_deref(), Some("机密"));
        assert_eq!(secrecy("严守国家秘密"), None);
    }
}
