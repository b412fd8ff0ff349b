//! Text whose figures know where they come from, and how titles are broken into lines.

use super::super::clean;

/// A figure in a text: what was counted, and what the records say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figure {
    /// Id under which the records behind it can be looked up, such as `tasks.overdue:2022-03`.
    pub id: String,
    /// The value of the records when the text was made, as digits, such as `128` or `75.0`.
    pub record: String,
    /// What it counts, as the text calls it, such as `问题` or `完成率`.
    pub noun: String,
}

/// A piece of text, with the figure it shows if it shows one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Span {
    /// What is written.
    pub text: String,
    /// The figure behind it.
    pub figure: Option<Figure>,
}

/// Text in pieces. Line breaks within it begin no new paragraph; they are written as blanks.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Text(Vec<Span>);

impl Text {
    /// No text yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The text with words added.
    #[must_use]
    pub fn and(mut self, text: impl Into<String>) -> Self {
        let text = text.into();
        if !text.is_empty() {
            self.0.push(Span { text, figure: None });
        }
        self
    }

    /// The text with another one added.
    #[must_use]
    pub fn and_text(mut self, other: Self) -> Self {
        self.0.extend(other.0);
        self
    }

    /// The text with a figure added, written as the records have it.
    #[must_use]
    pub fn figure(self, id: impl Into<String>, noun: impl Into<String>, record: impl ToString) -> Self {
        let record = record.to_string();
        self.written_figure(id, noun, record.clone(), record)
    }

    /// The text with a figure added that somebody has written otherwise than the records have it.
    #[must_use]
    pub fn written_figure(
        mut self,
        id: impl Into<String>,
        noun: impl Into<String>,
        record: impl Into<String>,
        written: impl Into<String>,
    ) -> Self {
        let figure = Figure { id: id.into(), record: record.into(), noun: noun.into() };
        self.0.push(Span { text: written.into(), figure: Some(figure) });
        self
    }

    /// The pieces in order.
    #[must_use]
    pub fn spans(&self) -> &[Span] {
        &self.0
    }

    /// Whether nothing is written.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.iter().all(|span| span.text.is_empty())
    }

    /// What is written, as one line.
    #[must_use]
    pub fn plain(&self) -> String {
        self.0.iter().map(|span| one_line(&span.text)).collect()
    }
}

impl<T: Into<String>> From<T> for Text {
    fn from(text: T) -> Self {
        Self::new().and(text)
    }
}

/// Text without line breaks and without characters that a file cannot hold.
pub(super) fn one_line(text: &str) -> String {
    clean(text).replace(['\n', '\t'], " ")
}

/// Characters of 2号 that fit into a line.
const TITLE_CHARS: usize = 20;

/// A title in lines of about the same length. Given line breaks are kept; a word in 《》 or “” is not cut, and a line
/// begins neither with 的 nor with a sign that closes something.
pub(super) fn title_lines(title: &str) -> Vec<String> {
    clean(title)
        .split('\n')
        .filter(|line| !line.trim().is_empty())
        .flat_map(|line| broken(line.trim()))
        .collect()
}

fn broken(line: &str) -> Vec<String> {
    let signs: Vec<char> = line.chars().collect();
    let wanted = signs.len().div_ceil(TITLE_CHARS - 1).max(1);
    let mut lines = Vec::new();
    let mut start = 0;
    for left in (1..=wanted).rev() {
        let rest = signs.len() - start;
        if left == 1 || rest <= TITLE_CHARS && lines.len() + 1 == wanted {
            break;
        }
        let aim = start + rest.div_ceil(left);
        let end = (start + 2..(start + TITLE_CHARS + 1).min(signs.len() - 1))
            .min_by_key(|at| at.abs_diff(aim) * 2 + penalty(&signs, *at))
            .unwrap_or(aim);
        lines.push(signs[start..end].iter().collect());
        start = end;
    }
    // What is still too long is cut where the line is full.
    lines.extend(signs[start..].chunks(TITLE_CHARS).map(|chunk| chunk.iter().collect::<String>()));
    lines
}

/// Words of the field that are not cut.
const WORDS: [&str; 32] = [
    "生态环境",
    "环境",
    "问题",
    "整改",
    "督察",
    "督查",
    "督办",
    "情况",
    "办公室",
    "委员会",
    "反馈",
    "方案",
    "通报",
    "通知",
    "中央",
    "省级",
    "全区",
    "全市",
    "领导",
    "小组",
    "任务",
    "清单",
    "责任",
    "工作",
    "会议",
    "纪要",
    "进展",
    "销号",
    "验收",
    "核查",
    "现场",
    "约谈",
];

/// How bad it is to break before this sign.
fn penalty(signs: &[char], at: usize) -> usize {
    let (before, after) = (signs[at - 1], signs[at]);
    let open = signs[..at].iter().filter(|sign| matches!(sign, '《' | '“' | '（')).count();
    let closed = signs[..at].iter().filter(|sign| matches!(sign, '》' | '”' | '）')).count();
    let starts_badly = matches!(after, '的' | '和' | '》' | '”' | '）' | '、' | '，' | '〕' | '号');
    let ends_badly = matches!(before, '《' | '“' | '（' | '〔' | '关') || before.is_ascii_digit();
    if starts_badly || ends_badly {
        return 100;
    }
    if open > closed {
        return 60;
    }
    let is_cut = |word: &&str| {
        let word: Vec<char> = word.chars().collect();
        (1..word.len())
            .any(|part| at >= part && signs.get(at - part..at - part + word.len()) == Some(&word[..]))
    };
    if WORDS.iter().any(is_cut) {
        return 40;
    }
    let tail: String = signs[at..].iter().take(2).collect();
    let is_good = matches!(before, '的' | '》' | '、' | '于') || tail == "关于" || tail == "情况";
    if is_good { 0 } else { 5 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_are_broken_evenly_and_not_before_a_closing_sign() {
        assert_eq!(title_lines("关于整改情况的通报"), ["关于整改情况的通报"]);
        let lines = title_lines("关于2022年3月全区生态环境问题整改情况的通报");
        assert_eq!(lines.concat(), "关于2022年3月全区生态环境问题整改情况的通报");
        assert_eq!(lines.len(), 2);
        let long = title_lines(
            "遂宁市安居区生态环境保护委员会办公室关于转发《第二轮中央生态环境保护督察反馈问题整改方案》的通知",
        );
        assert!(long.iter().all(|line| line.chars().count() <= TITLE_CHARS), "{long:?}");
        assert!(!long.iter().any(|line| line.starts_with(['的', '》'])), "{long:?}");
        assert_eq!(title_lines("上\n下"), ["上", "下"]);
        assert!(title_lines("").is_empty());
    }

    #[test]
    fn a_figure_keeps_its_record_beside_what_is_written() {
        let text = Text::from("共有问题").figure("problems", "问题", 128).and("个");
        assert_eq!(text.plain(), "共有问题128个");
        assert_eq!(text.spans()[1].figure.as_ref().unwrap().record, "128");
    }
}
