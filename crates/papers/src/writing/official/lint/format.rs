//! Length, elements, attachments, numbers, dates and headings.

use std::sync::LazyLock;

use jiff::civil::Date;
use regex::{Captures, Regex};

use super::{Facts, Flag, Place, blocks, excerpt, flag};
use crate::writing::official::{Block, DocumentNumber, Form, OfficialPaper, number::chinese};

/// Most characters of a paper.
const LENGTH_MAX: usize = 5000;
/// Most characters of a paper about special work.
const SPECIAL_LENGTH_MAX: usize = 4000;

/// Something that looks like a document number.
static NUMBER: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"[\u{4e00}-\u{9fff}]{1,10}([〔\[【（(﹝［{]\s*[0-9]{2,4}\s*[〕\]】）)﹞］}]\s*(?:第\s*)?[0-9]+\s*号)").ok()
});
/// Something that looks like a date.
static DATE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?P<bad>[0-9]{4}[./-][0-9]{1,2}[./-][0-9]{1,2}|[〇零一二三四五六七八九]{4}年[一二三四五六七八九十]{1,2}月)|(?P<year>[0-9]{2,4})年(?P<month>[0-9]{1,2})月(?:(?P<day>[0-9]{1,2})日)?",
    )
    .ok()
});
/// An attachment that the text speaks of, with its number if it has one.
static ATTACHED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new("(?:见|详见|按照?|填报|填写|如|（|依据)[^，。；（）]{0,4}附件([0-9]*)|附件([0-9]+)|附件[）：]|现将[^，。；]{0,30}(?:随文|一并)?印发").ok()
});

/// Notes what is wrong with the form of a paper.
pub(super) fn look(paper: &OfficialPaper, facts: &Facts, flags: &mut Vec<Flag>) {
    length(paper, facts, flags);
    elements(paper, flags);
    attachments(paper, flags);
    headings(paper, flags);
    for (block, text) in blocks(paper) {
        numbers(block, &text, flags);
        dates(block, &text, flags);
    }
    own_number(paper, flags);
}

fn length(paper: &OfficialPaper, facts: &Facts, flags: &mut Vec<Flag>) {
    let most = if facts.is_special_work { SPECIAL_LENGTH_MAX } else { LENGTH_MAX };
    let length = paper.length();
    if length > most {
        let (zh, en) = (
            format!("正文{length}字，超过{most}字，请压缩{}字以上", length - most),
            format!("The text has {length} characters, more than {most}; cut at least {}", length - most),
        );
        flag(flags, "too_long", Place::Body { block: 1, words: String::new() }, zh, en);
    }
}

fn elements(paper: &OfficialPaper, flags: &mut Vec<Flag>) {
    let mut missing = |place: Place, zh: &str, en: &str| {
        flag(flags, "element_missing", place, format!("缺少{zh}"), format!("The {en} is missing"));
    };
    if paper.title.trim().is_empty() && paper.form != Form::Order {
        missing(Place::Title, "标题", "title");
    }
    // A paper to everybody goes to nobody in particular; minutes and orders have no addressee.
    let is_public = ["公告", "通告", "公示", "决定"].iter().any(|kind| paper.title.trim().ends_with(kind));
    let needs_addressee = matches!(paper.form, Form::Ordinary | Form::Letter) && !is_public;
    if needs_addressee && paper.addressees.iter().all(|name| name.trim().is_empty()) {
        missing(Place::Addressees, "主送机关", "addressee");
    }
    let is_signed = !paper.issuers.is_empty() || paper.form == Form::Order && !paper.signer.is_empty();
    if !is_signed {
        missing(Place::Foot, "发文机关署名", "issuer");
    }
    if paper.date.is_none() {
        missing(Place::Foot, "成文日期", "date");
    }
    if !paper.secrecy.is_empty() {
        let (zh, en) = ("标有密级，不能在本系统办理".to_owned(), "The paper has a secrecy mark".to_owned());
        flag(flags, "secrecy", Place::Head, zh, en);
    }
}

fn attachments(paper: &OfficialPaper, flags: &mut Vec<Flag>) {
    let count = paper.attachments.len();
    let mut is_named = false;
    let mut named = vec![false; count];
    for (block, text) in blocks(paper) {
        for found in ATTACHED.as_ref().into_iter().flat_map(|pattern| pattern.captures_iter(&text)) {
            let Some(whole) = found.get(0) else { continue };
            if !whole.as_str().contains("附件") {
                // 现将……印发: what is issued is attached.
                is_named |= count > 0;
                continue;
            }
            is_named = true;
            let digits = found.get(1).or_else(|| found.get(2)).map_or("", |digits| digits.as_str());
            let wanted: usize = digits.parse().unwrap_or(0);
            match wanted {
                0 => named.fill(true),
                _ if wanted <= count => named[wanted - 1] = true,
                _ => {}
            }
            if count == 0 || wanted > count {
                let words = excerpt(&text, whole.range());
                let what = format!("附件{digits}");
                let (zh, en) = (
                    format!("文中提到{what}，但没有附上"),
                    format!("The text speaks of attachment {digits}, which is not attached"),
                );
                flag(flags, "attachment_missing", Place::Body { block, words }, zh, en);
            }
        }
        for (index, attachment) in paper.attachments.iter().enumerate() {
            if !attachment.title.is_empty() && text.contains(&*attachment.title) {
                named[index] = true;
                is_named = true;
            }
        }
    }
    if count > 0 && !is_named {
        named.fill(false);
    }
    for (index, attachment) in paper.attachments.iter().enumerate() {
        if attachment.title.trim().is_empty()
            || !is_named
            || (!named[index] && named.iter().any(|named| *named))
        {
            let (zh, en) = (
                format!("附件{}“{}”在正文中没有提到", index + 1, attachment.title),
                format!("The text does not speak of attachment {} \"{}\"", index + 1, attachment.title),
            );
            flag(flags, "attachment_unnamed", Place::Attachment(index + 1), zh, en);
        }
    }
}

fn numbers(block: usize, text: &str, flags: &mut Vec<Flag>) {
    for found in NUMBER.as_ref().into_iter().flat_map(|pattern| pattern.captures_iter(text)) {
        let Some(tail) = found.get(1) else { continue };
        if format!("文{}", tail.as_str()).parse::<DocumentNumber>().is_err() {
            let words = excerpt(text, tail.range());
            let (zh, en) = (
                format!("文号“{}”不规范，应写作〔年份〕序号号", tail.as_str()),
                format!("The document number \"{}\" is not written as 〔year〕n号", tail.as_str()),
            );
            flag(flags, "number_format", Place::Body { block, words }, zh, en);
        }
    }
}

fn own_number(paper: &OfficialPaper, flags: &mut Vec<Flag>) {
    let Some(number) = &paper.number else { return };
    let written = number.to_string();
    let is_sound = written.parse::<DocumentNumber>().as_ref() == Ok(number)
        && number.organ_code.chars().all(|sign| ('\u{4e00}'..='\u{9fff}').contains(&sign))
        && number.n > 0;
    if !is_sound {
        let (zh, en) = (
            format!("发文字号“{written}”不规范"),
            format!("The document number \"{written}\" is not well formed"),
        );
        flag(flags, "number_format", Place::Head, zh, en);
    }
}

fn dates(block: usize, text: &str, flags: &mut Vec<Flag>) {
    for found in DATE.as_ref().into_iter().flat_map(|pattern| pattern.captures_iter(text)) {
        let Some(whole) = found.get(0) else { continue };
        if is_sound_date(&found) {
            continue;
        }
        let words = excerpt(text, whole.range());
        let (zh, en) = (
            format!("日期“{}”不规范，应写作2022年3月5日的样子", whole.as_str()),
            format!("The date \"{}\" is not written like 2022年3月5日", whole.as_str()),
        );
        flag(flags, "date_format", Place::Body { block, words }, zh, en);
    }
}

fn is_sound_date(found: &Captures<'_>) -> bool {
    if found.name("bad").is_some() {
        return false;
    }
    let part = |name: &str| found.name(name).map_or("", |part| part.as_str());
    let (year, month, day) = (part("year"), part("month"), part("day"));
    if year.len() != 4 || month.starts_with('0') || day.starts_with('0') {
        return false;
    }
    let day = if day.is_empty() { "1" } else { day };
    match (year.parse(), month.parse(), day.parse()) {
        (Ok(year), Ok(month), Ok(day)) => Date::new(year, month, day).is_ok(),
        _ => false,
    }
}

/// Headings go down one level at a time; numbers typed by hand follow one another.
fn headings(paper: &OfficialPaper, flags: &mut Vec<Flag>) {
    let mut above = 0;
    let mut typed = 0;
    for (block, body) in (1..).zip(&paper.body) {
        let (wrong, words) = match body {
            Block::Heading { level, text, .. } => {
                let is_wrong = *level > above + 1;
                above = *level;
                (is_wrong, text.plain())
            }
            Block::Paragraph(text) | Block::Flush(text) => {
                let text = text.plain();
                let next = chinese(typed + 1);
                let Some(mark) = typed_mark(&text) else { continue };
                let is_first = mark == chinese(1);
                let is_wrong = mark != next && !is_first;
                typed = if is_first { 1 } else { typed + 1 };
                (is_wrong, text.chars().take(12).collect())
            }
            Block::Table(_) => continue,
        };
        if wrong {
            let (zh, en) = (
                format!("标题层次或序号不连续：{words}"),
                format!("The level or number of this heading is out of turn: {words}"),
            );
            flag(flags, "heading_order", Place::Body { block, words }, zh, en);
        }
    }
}

/// The number of a heading typed by hand, as in 三、.
fn typed_mark(text: &str) -> Option<String> {
    let (mark, _) = text.split_once('、')?;
    let is_number = !mark.is_empty() && mark.chars().all(|sign| "一二三四五六七八九十".contains(sign));
    is_number.then(|| mark.to_owned())
}
