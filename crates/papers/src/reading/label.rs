//! Labels (标签): `责任单位:…`, `【整改目标】`, a line that is nothing but 整改措施, or `(责任单位:…)` at the end of an item.
//!
//! A label counts only where a clause may begin and only when its name is known word for word, so a colon inside a
//! sentence stays part of the sentence.

use super::{
    heading::{self, Field, plain},
    measure::{Mark, Style, mark},
};

/// A label found in a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Label {
    /// The field; nothing for a label that ends a problem, such as 公示时间.
    pub(super) field: Option<Field>,
    /// Its name.
    pub(super) name: String,
    /// Byte where the label begins in the line, its number and brackets included.
    pub(super) start: usize,
    /// Byte where its text begins.
    pub(super) text_start: usize,
    /// Byte where its text ends.
    pub(super) end: usize,
    /// It stands in brackets inside a passage.
    pub(super) bracketed: bool,
    /// The number in front of it.
    pub(super) mark: Option<Mark>,
}

/// Most characters of a label's name.
const NAME_CHARS_MAX: usize = 16;

/// Names that begin something that is no problem any more.
const ENDS: &[&str] = &[
    "特此",
    "公示时间",
    "公示期",
    "公示日期",
    "公示单位",
    "公示地点",
    "公示方式",
    "公示起止",
    "联系电话",
    "联系人",
    "联系方式",
    "监督电话",
    "举报电话",
    "受理电话",
    "受理单位",
    "电子邮箱",
    "邮箱",
    "通讯地址",
    "通信地址",
    "邮寄地址",
    "联系地址",
    "附件",
    "附表",
    "附:",
    "附：",
    "抄送",
    "主送",
    "签发人",
    "分享到",
    "打印本页",
    "【打印",
    "扫一扫",
    "上一篇",
    "下一篇",
    "相关链接",
    "相关附件",
    "主办单位",
    "主办:",
    "主办：",
    "承办:",
    "承办：",
    "版权所有",
    "网站标识码",
    "责任编辑",
    "编辑:",
    "编辑：",
    "来源:",
    "来源：",
    "信息来源",
    "欢迎广大",
    "欢迎社会",
    "社会各界",
    "公示期间",
    "如有异议",
    "关闭窗口",
    "欢迎访问",
    "打印】",
    "微信扫",
    "分享到",
    "字体:",
    "字体：",
    "[关闭",
    "传真",
];

/// Whether a line ends a problem: contacts, notice dates, attachments, what a web page prints around a text.
pub(super) fn ends_problem(line: &str) -> bool {
    let line = line.trim_start();
    let line = mark(line).filter(|mark| mark.style != Style::Is).map_or(line, |mark| &line[mark.length..]);
    let line = line.trim_start_matches(|sign: char| sign.is_whitespace() || "(（【[".contains(sign));
    ENDS.iter().any(|end| line.starts_with(end))
}

/// Names too common to be labels outside a table, or labels of the notice rather than the problem.
fn is_table_only(field: Field, name: &str) -> bool {
    (field == Field::Person && name.contains("联系"))
        || matches!(
            name,
            "号" | "序"
                | "备"
                | "注"
                | "其他"
                | "其它"
                | "要素"
                | "说明"
                | "街道"
                | "地区"
                | "区域"
                | "点位"
                | "项目"
                | "单位名称"
                | "企业名称"
        )
}

/// The field of a label's name in prose.
pub(super) fn field_of(name: &str) -> Option<Field> {
    let name = plain(name);
    heading::exact(&name).filter(|field| !is_table_only(*field, &name))
}

/// The label that a line begins with.
pub(super) fn at_start(line: &str) -> Option<Label> {
    let mut at = line.len() - line.trim_start().len();
    let start = at;
    at += bullets(&line[at..]);
    let number = mark(&line[at..]).filter(|mark| mark.style != Style::Is);
    if let Some(number) = number {
        at += number.length;
        at += line[at..].len() - line[at..].trim_start().len();
    }
    let ways = [bracketed_name, name_before_colon, name_alone, name_before_space];
    let (name, text_start, field) = ways.iter().find_map(|way| {
        let (name, text_start) = way(&line[at..])?;
        field_of(&name).map(|field| (name, text_start, field))
    })?;
    Some(Label {
        field: Some(field),
        name: plain(&name),
        start,
        text_start: at + text_start,
        end: line.len(),
        bracketed: false,
        mark: number,
    })
}

/// Bytes of bullets at the start.
fn bullets(text: &str) -> usize {
    text.len()
        - text
            .trim_start_matches(|sign: char| "—-–●◆■□▪·•※★☆➢▶►*".contains(sign) || sign.is_whitespace())
            .len()
}

/// `【整改目标】…`, `[责任单位]:…`
fn bracketed_name(text: &str) -> Option<(String, usize)> {
    let open = text.chars().next()?;
    let close = match open {
        '【' => '】',
        '[' => ']',
        '〔' => '〕',
        '［' => '］',
        '「' => '」',
        '『' => '』',
        _ => return None,
    };
    let inner = &text[open.len_utf8()..];
    let end = inner.find(close)?;
    if inner[..end].chars().count() > NAME_CHARS_MAX {
        return None;
    }
    let mut after = open.len_utf8() + end + close.len_utf8();
    if let Some(colon) = text[after..].chars().next().filter(|sign| is_colon(*sign)) {
        after += colon.len_utf8();
    }
    Some((inner[..end].to_owned(), after))
}

fn is_colon(sign: char) -> bool {
    matches!(sign, ':' | '：' | '﹕' | '∶' | '︰')
}

/// `责任单位:…`
fn name_before_colon(text: &str) -> Option<(String, usize)> {
    for (count, (at, sign)) in text.char_indices().enumerate() {
        if is_colon(sign) {
            return Some((text[..at].to_owned(), at + sign.len_utf8()));
        }
        if count > NAME_CHARS_MAX + 4 || matches!(sign, '。' | '，' | ',' | ';' | '；') {
            return None;
        }
    }
    None
}

/// A line that is a name and nothing else; short names need a colon.
fn name_alone(text: &str) -> Option<(String, usize)> {
    let name = text.trim().trim_end_matches(['|', '｜']).trim();
    let count = name.chars().filter(|sign| !sign.is_whitespace()).count();
    ((3..=NAME_CHARS_MAX).contains(&count) && !name.contains(['。', '，', ',', '；']))
        .then(|| (name.to_owned(), text.len()))
}

/// `责任单位  某局`: a known name of four signs or more, then a gap.
fn name_before_space(text: &str) -> Option<(String, usize)> {
    let at = text.find(|sign: char| sign.is_whitespace() || sign == '|' || sign == '｜')?;
    let name = &text[..at];
    (name.chars().count() >= 4 && field_of(name).is_some()).then(|| {
        let rest = text[at..].len()
            - text[at..]
                .trim_start_matches(|sign: char| sign.is_whitespace() || sign == '|' || sign == '｜')
                .len();
        (name.to_owned(), at + rest)
    })
}

/// Labels in a line after its beginning: behind a full stop, a semicolon, a gap or an opening bracket.
pub(super) fn inside(line: &str) -> Vec<Label> {
    let mut found: Vec<Label> = Vec::new();
    for (at, sign) in line.char_indices() {
        if !is_colon(sign) {
            continue;
        }
        let head = &line[..at];
        let Some(begin) = name_start(head) else { continue };
        let name = &head[begin..];
        let Some(field) = field_of(name) else { continue };
        if name.chars().count() < 3 {
            continue;
        }
        let opener = line[..begin].chars().next_back();
        let bracketed = matches!(opener, Some('(' | '（'))
            || found.last().is_some_and(|last| last.bracketed && begin < last.end);
        let text_start = at + sign.len_utf8();
        let end = if bracketed {
            found.last().filter(|last| last.bracketed && begin < last.end).map_or_else(
                || closing_bracket(&line[text_start..]).map_or(line.len(), |length| text_start + length),
                |last| last.end,
            )
        } else {
            line.len()
        };
        if let Some(last) = found.last_mut() {
            last.end = last.end.min(begin);
        }
        found.push(Label {
            field: Some(field),
            name: plain(name),
            start: begin,
            text_start,
            end,
            bracketed,
            mark: None,
        });
    }
    found
}

/// Where the name before a colon begins, if what stands before it may end a clause.
fn name_start(head: &str) -> Option<usize> {
    let mut count = 0;
    for (at, sign) in head.char_indices().rev() {
        if sign.is_whitespace() || "。；;，,(（】)）”、|｜.".contains(sign) {
            return Some(at + sign.len_utf8());
        }
        count += 1;
        if count > NAME_CHARS_MAX {
            return None;
        }
    }
    None
}

/// Bytes up to the bracket that closes.
pub(super) fn closing_bracket(text: &str) -> Option<usize> {
    let mut depth = 1_u32;
    for (at, sign) in text.char_indices() {
        match sign {
            '(' | '（' => depth += 1,
            ')' | '）' => {
                depth -= 1;
                if depth == 0 {
                    return Some(at);
                }
            }
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn start(line: &str) -> Option<(Field, &str)> {
        at_start(line).map(|label| (label.field.expect("a field"), line[label.text_start..label.end].trim()))
    }

    #[test]
    fn labels_begin_lines_in_many_ways() {
        assert_eq!(start("责任单位：县水利局"), Some((Field::ResponsibleUnits, "县水利局")));
        assert_eq!(start("　　（二）整改目标：达标。"), Some((Field::Goal, "达标。")));
        assert_eq!(start("【整改时限】2021年底前"), Some((Field::Deadline, "2021年底前")));
        assert_eq!(start("三、整改措施"), Some((Field::Measures, "")));
        assert_eq!(start("整改 目标: 达标"), Some((Field::Goal, "达标")));
        assert_eq!(start("责任单位　县水利局"), Some((Field::ResponsibleUnits, "县水利局")));
        assert_eq!(start("督察指出:问题严重"), None);
        assert_eq!(start("联系人:张某"), None);
    }

    #[test]
    fn labels_inside_a_line_end_where_the_next_begins() {
        let line = "责任单位:甲局；整改时限:2021年底前。整改目标：达标。";
        let names: Vec<(String, &str)> = inside(line)
            .into_iter()
            .map(|label| (label.name, line[label.text_start..label.end].trim()))
            .collect();
        assert_eq!(names, [("整改时限".to_owned(), "2021年底前。"), ("整改目标".to_owned(), "达标。")]);
        let line = "胡同内有垃圾。(责任单位:英雄街道、执法局;完成时限:5月底)";
        let labels = inside(line);
        assert_eq!(labels.len(), 2);
        assert!(labels.iter().all(|label| label.bracketed));
        assert_eq!(&line[labels[0].text_start..labels[0].end], "英雄街道、执法局;");
        assert_eq!(&line[labels[1].text_start..labels[1].end], "5月底");
    }
}
