//! Wording (文字): narrowing, one-line forms, titles out of full texts, numbers out of number cells.

use super::measure::{Style, chinese_number, mark};
use regex::Regex;
use std::sync::LazyLock;

/// Full-width letters, digits and brackets narrowed; Chinese signs, quotes and 。 stay. Lines stay.
pub(super) fn narrow(text: &str) -> String {
    text.chars()
        .filter(|sign| !matches!(sign, '\u{200b}' | '\u{feff}' | '\u{200c}' | '\u{200d}'))
        .map(|sign| match sign {
            '\u{3000}' | '\u{a0}' => ' ',
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(sign) - 0xfee0).unwrap_or(sign),
            _ => sign,
        })
        .collect()
}

/// One line: white space between Chinese signs is dropped, elsewhere it becomes one space.
pub(super) fn one_line(text: &str) -> String {
    let signs: Vec<char> = text.trim().chars().collect();
    let mut out = String::with_capacity(text.len());
    let mut gap = false;
    for sign in signs {
        if sign.is_whitespace() || matches!(sign, '\u{200b}' | '\u{feff}') {
            gap = true;
            continue;
        }
        if gap && sign.is_ascii() && out.chars().next_back().is_some_and(|last| last.is_ascii()) {
            out.push(' ');
        }
        gap = false;
        out.push(sign);
    }
    out
}

/// Text as it stood, without white space at the ends of the whole and of each line, without empty lines.
pub(super) fn passage(text: &str) -> String {
    let lines: Vec<&str> = text
        .lines()
        .map(|line| line.trim_matches(|sign: char| sign.is_whitespace() || sign == '\u{feff}'))
        .filter(|line| !line.is_empty())
        .collect();
    lines.join("\n")
}

/// Most characters of a title made from a text.
const TITLE_CHARS_MAX: usize = 60;

/// One line that names the problem: the quoted feedback after 关于, else the first sentence or clause.
pub(super) fn title_of(text: &str) -> Option<String> {
    let line = one_line(text);
    let line = match mark(&line) {
        Some(mark) if mark.style != Style::Is => &line[mark.length..],
        _ => &line,
    };
    let quoted = quoted_after_about(line);
    let source = quoted.as_deref().unwrap_or(line).trim();
    let source = source.strip_prefix("关于").filter(|_| quoted.is_none()).unwrap_or(source);
    let source = if quoted.is_none() { source.strip_suffix("的问题").unwrap_or(source) } else { source };
    if source.chars().count() <= TITLE_CHARS_MAX {
        let whole = source.trim_end_matches(['。', ';', '；', ',', '，']);
        let first = whole.split('。').next().unwrap_or(whole).trim();
        return (!first.is_empty()).then(|| first.to_owned());
    }
    let sentence = source.split(['。', '；', ';']).next().unwrap_or(source);
    let mut title = String::new();
    for clause in sentence.split_inclusive(['，', ',', '：', ':']) {
        if !title.is_empty() && title.chars().count() + clause.chars().count() > TITLE_CHARS_MAX {
            break;
        }
        title.push_str(clause);
    }
    let title = title.trim_end_matches(['，', ',', '：', ':']);
    let cut: String = title.chars().take(TITLE_CHARS_MAX).collect();
    (!cut.is_empty()).then_some(cut)
}

/// The outermost quotation after 关于, nested quotes included.
pub(super) fn quoted_after_about(line: &str) -> Option<String> {
    let rest = line.strip_prefix("关于").unwrap_or(line).trim_start();
    let open = rest.chars().next()?;
    let inner = &rest[open.len_utf8()..];
    let mut depth = 1_u32;
    match open {
        '“' | '「' | '『' => {
            for (at, sign) in inner.char_indices() {
                match sign {
                    '“' | '「' | '『' => depth += 1,
                    '”' | '」' | '』' => depth -= 1,
                    _ => {}
                }
                if depth == 0 {
                    // A quotation that is only the first words of the line is no title.
                    let after = inner[at + sign.len_utf8()..].trim();
                    let closes = after.is_empty()
                        || after.starts_with("的问题")
                        || after.starts_with("问题")
                        || after.chars().count() <= 6;
                    return (closes && at > 0).then(|| inner[..at].to_owned());
                }
            }
            None
        }
        // Straight quotes do not nest visibly: the last one closes.
        '"' => inner
            .rfind('"')
            .filter(|at| *at > 0 && inner[at + 1..].chars().count() <= 6)
            .map(|at| inner[..at].to_owned()),
        _ => None,
    }
}

/// Numbers of one row at the levels.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Numbers {
    /// The document's own.
    pub(super) own: Option<String>,
    /// The city's.
    pub(super) city: Option<String>,
    /// The province's.
    pub(super) province: Option<String>,
}

/// Reads a number cell: `序号8(市序号9)`, `8（省序号12）`, `一`, `(三)`, `1.`.
pub(super) fn numbers(text: &str) -> Numbers {
    static INNER: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(中央|省级?|自治区|全省|市级?|州级?|全市|县级?|区级?)?(?:整改)?(?:方案|清单|台账|反馈|任务|问题)*(?:序号|编号|第)?[:.]?(\d+(?:[-—~.]\d+)*)")
            .expect("the pattern is fixed")
    });
    let line = one_line(&narrow(text));
    let (head, tail) = match line.find(['(', '/', '[']) {
        Some(at) if at > 0 => line.split_at(at),
        _ => (line.as_str(), ""),
    };
    let mut numbers = Numbers { own: own_number(head), ..Numbers::default() };
    let level = |level: &str| {
        if level.contains('省') || level.contains("中央") || level.contains("自治区") { 2 } else { 1 }
    };
    for found in INNER.captures_iter(tail) {
        let (Some(prefix), Some(number)) = (found.get(1), found.get(2)) else { continue };
        let slot = match (level(prefix.as_str()), prefix.as_str().starts_with(['县', '区'])) {
            (_, true) => continue,
            (2, _) => &mut numbers.province,
            _ => &mut numbers.city,
        };
        *slot = Some(number.as_str().to_owned());
    }
    if numbers.own.is_none() && !line.is_empty() {
        numbers.own = own_number(&line);
    }
    if !tail.is_empty() && numbers.city.is_none() && numbers.province.is_none() {
        numbers.own = own_number(&line);
    }
    numbers
}

/// The number text without 序号, 第…项, brackets and a closing dot.
fn own_number(text: &str) -> Option<String> {
    let mut text = text.trim();
    for word in ["问题序号", "任务序号", "序号", "编号", "问题", "任务", "第", "NO.", "No."]
    {
        text = text.strip_prefix(word).unwrap_or(text);
    }
    for word in ["项", "条", "号"] {
        text = text.strip_suffix(word).unwrap_or(text);
    }
    let text = text.trim_matches([':', '.', '、', ' ', ',', '*', '★']);
    let inner = text.strip_prefix('(').and_then(|text| text.strip_suffix(')'));
    let text = inner.unwrap_or(text).trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// Whether a cell can be a row's number: 12, 一, (三), 1-2, 序号8(市序号9), ①.
pub(super) fn is_number(text: &str) -> bool {
    static NUMBER: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^(?:[★*]?\d+(?:[-—~.]\d+)*|[A-Za-z]{1,4}-?\d+|\d+-?[A-Za-z])[★*]?$")
            .expect("the pattern is fixed")
    });
    let line = one_line(&narrow(text));
    if line.is_empty() || line.chars().count() > 40 {
        return false;
    }
    if mark(&line).is_some_and(|mark| mark.length == line.len()) {
        return true;
    }
    let bare = own_number(line.split(['(', '/']).next().filter(|head| !head.is_empty()).unwrap_or(&line));
    bare.is_some_and(|bare| {
        NUMBER.is_match(&bare) || chinese_number(&bare).is_some_and(|(_, length)| length == bare.len())
    })
}

/// The short words that say how far a problem is, longest first.
const STATES: &[&str] = &[
    "未完成但达到序时进度",
    "未完成,达到序时进度",
    "未完成,但达到序时进度",
    "已完成并长期坚持",
    "已完成整改并销号",
    "已完成整改并长期坚持",
    "基本完成整改",
    "正在整改中",
    "已完成整改",
    "完成整改",
    "阶段性办结",
    "阶段性完成",
    "达到序时进度",
    "未达到序时进度",
    "按序时进度推进",
    "达序时进度",
    "未达序时进度",
    "已整改完成",
    "整改完成",
    "基本完成",
    "已经完成",
    "正在推进",
    "持续推进",
    "正在整改",
    "整改中",
    "已完成",
    "未完成",
    "已办结",
    "未办结",
    "已销号",
    "未销号",
    "已整改",
    "未整改",
    "正在办理",
    "办理中",
    "推进中",
    "进行中",
    "阶段办结",
    "办结",
    "完成",
    "是",
    "否",
    "销号",
    "长期坚持",
];

/// The state a passage begins with, when it is a clause of its own.
pub(super) fn state_of(text: &str) -> Option<String> {
    let line = one_line(&narrow(text));
    let line = line
        .strip_prefix("该问题")
        .or_else(|| line.strip_prefix("该项任务"))
        .or_else(|| line.strip_prefix("此问题"))
        .unwrap_or(&line);
    let whole = line.trim_end_matches(['。', ';', ',', '.', '!']);
    if let Some(state) = STATES.iter().find(|state| **state == whole) {
        return Some((*state).to_owned());
    }
    // A state of two clauses counts where the passage goes on behind it.
    let sentence = text.split(['。', '；', ';', '\n']).find(|part| !part.trim().is_empty()).unwrap_or(text);
    let sentence = one_line(&narrow(sentence));
    if let Some(state) = STATES.iter().find(|state| state.starts_with("未完成") && **state == sentence) {
        return Some((*state).to_owned());
    }
    let clause = line.split(['。', ',', ';', ':', '(']).next().unwrap_or(line).trim();
    STATES
        .iter()
        .find(|state| **state == clause && !matches!(**state, "是" | "否" | "完成" | "长期坚持"))
        .map(|state| (*state).to_owned())
}

/// Whether a text is one of the short words of state.
pub(super) fn is_state(text: &str) -> bool {
    let line = one_line(&narrow(text));
    STATES.contains(&line.trim_end_matches(['。', ',']))
}

/// Whether a text is the name of an area and nothing else.
pub(super) fn is_area(text: &str) -> bool {
    const ENDS: [&str; 12] =
        ["区", "县", "市", "镇", "乡", "街道", "州", "旗", "新区", "开发区", "管委会", "街道办事处"];
    let line = one_line(text);
    let count = line.chars().count();
    (2..=14).contains(&count)
        && ENDS.iter().any(|end| line.ends_with(end))
        && line.chars().all(|sign| sign.is_alphabetic() && !sign.is_ascii())
        && !line.contains("问题")
        && !line.starts_with('各')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_three_levels_are_told_apart() {
        let read = |text| {
            let numbers = numbers(text);
            (numbers.own, numbers.city, numbers.province)
        };
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(read("序号8(市序号9)"), (some("8"), some("9"), None));
        assert_eq!(read("8（省序号12）"), (some("8"), None, some("12")));
        assert_eq!(read("3(省12、市7)"), (some("3"), some("7"), some("12")));
        assert_eq!(read("（一）"), (some("一"), None, None));
        assert_eq!(read("１．"), (some("1"), None, None));
        assert_eq!(read("1-2"), (some("1-2"), None, None));
    }

    #[test]
    fn titles_come_from_the_quoted_feedback_or_the_first_clause() {
        assert_eq!(
            title_of("关于“某县‘散乱污’企业整治不力。”的问题").as_deref(),
            Some("某县‘散乱污’企业整治不力")
        );
        assert_eq!(title_of("城区管网破损。污水直排。").as_deref(), Some("城区管网破损"));
    }

    #[test]
    fn states_are_short_words() {
        assert_eq!(state_of("已完成,长期坚持。").as_deref(), Some("已完成"));
        assert_eq!(state_of("该问题已完成整改。一是甲").as_deref(), Some("已完成整改"));
        assert_eq!(state_of("完成了管网改造"), None);
    }
}
