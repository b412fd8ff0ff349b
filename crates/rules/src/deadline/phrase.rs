//! Phrases (词语): the words of a deadline that are not days, and the walk over the whole text.

use super::{
    day::{self, Part, Written, Year},
    reading::{Place, ends_sentence},
};
use crate::calendar::{TERM_AMOUNT_MAX, TermUnit};

/// The event that starts a term (起算点).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Event {
    /// The document was received (收到, 交办, 签收).
    Received,
    /// The document was issued (印发, 发布, 即日).
    Issued,
    /// Nothing is said.
    Unsaid,
    /// A written day.
    On(Written),
    /// Something the papers do not tell, in the words of the text.
    Other(String),
}

/// What a stretch of the text says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Said {
    /// A last day.
    Day(Written),
    /// The start of a range or of work that has no end here.
    Start(Written),
    /// A term.
    Term(u32, TermUnit, Event),
    /// At once (立行立改).
    Immediate,
    /// For good (长期坚持).
    Sustain,
    /// Done (已完成).
    Done,
    /// Something that only a person can settle, with the reason.
    Open(&'static str),
}

/// A stretch of the text and what it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mark {
    /// What it says.
    pub(super) said: Said,
    /// Its first sign.
    pub(super) start: usize,
    /// The place behind it.
    pub(super) end: usize,
}

const IMMEDIATE_WORDS: [&str; 20] = [
    "立行立改",
    "立查立改",
    "立知立改",
    "立整立改",
    "立说立行",
    "立改立行",
    "即知即改",
    "即行即改",
    "即查即改",
    "即时整改",
    "边督边改",
    "边查边改",
    "立即",
    "立刻",
    "马上",
    "即刻",
    "即改",
    "立改",
    "当即",
    "随即",
];
const SUSTAIN_WORDS: [&str; 12] = [
    "长期坚持",
    "长期",
    "长效管控",
    "长效坚持",
    "持续",
    "常态化",
    "常态",
    "常抓不懈",
    "长抓不懈",
    "坚持不懈",
    "永久",
    "久久为功",
];
const DONE_WORDS: [&str; 14] = [
    "已全部完成",
    "已基本完成",
    "已经完成",
    "已完成",
    "已全部整改",
    "已整改",
    "已办结",
    "已经办结",
    "已销号",
    "已完结",
    "已落实",
    "已解决",
    "均已完成",
    "完成整改并销号",
];
const NOT_WORDS: [&str; 7] = ["不能", "无法", "难以", "不宜", "未", "不", "没有"];
const BUILT_WORDS: [&str; 6] = ["建立", "健全", "完善", "构建", "形成", "制定"];
const OPEN_WORDS: [(&str, &str); 41] = [
    ("汛期", "“汛期”没有确定的日期"),
    ("入汛", "“入汛”没有确定的日期"),
    ("汛前", "“汛前”没有确定的日期"),
    ("节前", "节日前后没有写明日期"),
    ("枯水期", "“枯水期”没有确定的日期"),
    ("丰水期", "“丰水期”没有确定的日期"),
    ("雨季", "“雨季”没有确定的日期"),
    ("采暖季", "“采暖季”没有确定的日期"),
    ("采暖期", "“采暖期”没有确定的日期"),
    ("秋冬季", "“秋冬季”没有确定的日期"),
    ("春节", "节日前后没有写明日期"),
    ("国庆", "节日前后没有写明日期"),
    ("五一", "节日前后没有写明日期"),
    ("期间", "只写了期间，没有写明截止日期"),
    ("统一时限", "时限由上级另定，文中没有日期"),
    ("统一要求", "时限由上级另定，文中没有日期"),
    ("时限要求", "时限由别的文件规定，文中没有日期"),
    ("规定时限", "时限由别的文件规定，文中没有日期"),
    ("时序", "按时序推进，没有写明日期"),
    ("按计划", "时限由别的文件规定，文中没有日期"),
    ("另行", "时限另行确定"),
    ("待定", "时限待定"),
    ("适时", "“适时”没有确定的日期"),
    ("尽快", "“尽快”没有确定的日期"),
    ("尽早", "“尽早”没有确定的日期"),
    ("近期", "“近期”没有确定的日期"),
    ("短期内", "“短期内”没有确定的日期"),
    ("年初", "“年初”没有确定的日期"),
    ("几个工作日", "“几个”没有确定的数"),
    ("几个月", "“几个”没有确定的数"),
    ("数日内", "“数日”没有确定的数"),
    ("调整为", "时限有变更，以哪个为准不明确"),
    ("变更为", "时限有变更，以哪个为准不明确"),
    ("提前至", "时限有变更，以哪个为准不明确"),
    ("提前到", "时限有变更，以哪个为准不明确"),
    ("每年", "写的是周期，不是截止日期"),
    ("每半年", "写的是周期，不是截止日期"),
    ("每季", "写的是周期，不是截止日期"),
    ("每月", "写的是周期，不是截止日期"),
    ("每周", "写的是周期，不是截止日期"),
    ("每日", "写的是周期，不是截止日期"),
];
const PLAN_PERIODS: [&str; 6] = ["十二五", "十三五", "十四五", "十五五", "十六五", "十七五"];
const RECEIVED_WORDS: [&str; 10] =
    ["收到", "接到", "接报", "接收", "签收", "交办", "转办", "受理", "送达", "到件"];
const ISSUED_WORDS: [&str; 9] = ["印发", "下发", "发布", "公布", "发文", "即日", "本通知", "出台", "发出"];

/// Everything the text says, in order.
pub(super) fn walk(signs: &[char]) -> Vec<Mark> {
    let mut marks: Vec<Mark> = Vec::new();
    let mut at = 0;
    while at < signs.len() {
        let place = Place { signs, at };
        let said_until = marks.last().map_or(0, |mark| mark.end);
        if let Some(mark) = mark_at(place, said_until) {
            at = mark.end.max(at + 1);
            marks.push(mark);
        } else {
            at = place.number().map_or(at + 1, |number| number.end);
        }
    }
    marks
}

fn mark_at(place: Place<'_>, said_until: usize) -> Option<Mark> {
    let start = place.at;
    let mark = |said, end| Some(Mark { said, start, end });
    if let Some((reason, end)) = open_words(place) {
        return mark(Said::Open(reason), end);
    }
    if let Some((amount, unit, end)) = term(place, said_until == start) {
        return mark(Said::Term(amount, unit, event_before(place, said_until)), end);
    }
    if let Some((said, end)) = range_or_day(place) {
        return mark(said, end);
    }
    let mut behind = place;
    if behind.pass(&IMMEDIATE_WORDS).is_some() && !follows(place, &NOT_WORDS) {
        return mark(Said::Immediate, behind.at);
    }
    behind.at = start;
    if behind.pass(&SUSTAIN_WORDS).is_some()
        && !behind.sees("机制")
        && behind.sign() != Some(':')
        && !builds(place, behind)
    {
        behind.pass(&["坚持", "推进", "整改", "管控", "开展", "化"]);
        return mark(Said::Sustain, behind.at);
    }
    behind.at = start;
    if behind.pass(&DONE_WORDS).is_some() {
        behind.pass(&["整改到位", "整改任务", "整改", "到位", "完成"]);
        return mark(Said::Done, behind.at);
    }
    None
}

fn follows(place: Place<'_>, words: &[&str]) -> bool {
    words.iter().any(|word| {
        place.at.checked_sub(word.chars().count()).is_some_and(|at| Place { at, ..place }.sees(word))
    })
}

/// Whether the words are part of 建立常态化管控机制 and the like: something to build, no duty for good.
fn builds(place: Place<'_>, behind: Place<'_>) -> bool {
    let clause: String = place.signs[behind.at..]
        .iter()
        .take(8)
        .take_while(|sign| !matches!(sign, ',' | ';' | '。'))
        .collect();
    follows(place, &BUILT_WORDS)
        && (clause.contains("机制") || clause.contains("制度") || clause.contains("体系"))
}

/// Phrases that leave the day to a person, and the place behind them.
fn open_words(place: Place<'_>) -> Option<(&'static str, usize)> {
    let mut behind = place;
    if behind.pass(&PLAN_PERIODS).is_some() {
        behind.pass(&["规划"]);
        behind.pass(&["期间", "时期", "期内", "末", "期末"]);
        return Some(("只写了五年规划期，没有写明截止日期", behind.at));
    }
    if let Some(end) = span_of_years(place) {
        return Some(("只写了年度区间，没有写明截止日期", end));
    }
    let (word, reason) = OPEN_WORDS.iter().find(|(word, _)| place.sees(word))?;
    behind = place.skip(word.chars().count());
    if word.starts_with('每') {
        // What recurs has no end: 每年12月底前 is passed over as a whole.
        behind.pass(&["度"]);
        if let Some(written) = day::written(behind) {
            behind.at = written.end;
            let mut next = behind;
            while next.pass(&["、", "和", "及", "与"]).is_some()
                && let Some(written) = day::written(next)
            {
                next.at = written.end;
                behind = next;
            }
        } else {
            behind.pass(&["底前", "底", "末"]);
        }
    }
    Some((reason, behind.at))
}

/// 2021—2025年, 2021年至2025年: a range of bare years.
fn span_of_years(place: Place<'_>) -> Option<usize> {
    let first = place.number().filter(|number| number.digits == 4)?;
    let mut behind = Place { at: first.end, ..place };
    behind.pass(&["年"]);
    if !behind.pass_range_sign() {
        return None;
    }
    let last = behind.number().filter(|number| number.digits == 4 || number.digits == 2)?;
    behind.at = last.end;
    behind.pass(&["年"])?;
    let definite = behind.number().is_some()
        || ["底", "末", "年", "上半", "下半", "第", "内", "前"].iter().any(|word| behind.sees(word));
    (!definite).then_some(behind.at)
}

/// 30个工作日内, 半年内, 24小时内: amount, unit and the place behind; directly behind another mark 内 may be missing.
fn term(place: Place<'_>, follows_mark: bool) -> Option<(u32, TermUnit, usize)> {
    let is_decimal = place.before() == Some('.')
        && place.at.checked_sub(2).is_some_and(|at| place.signs[at].is_ascii_digit());
    if is_decimal || follows(place, &["每", "第", "连续", "提前", "近", "个", "前", "*", "×", "x", "X"])
    {
        return None;
    }
    let stands_alone = follows_mark || may_open_term(place);
    let mut behind = place;
    if behind.pass(&["半年"]).is_some() {
        return term_end(behind, 6, TermUnit::Months, stands_alone);
    }
    if behind.pass(&["半个月", "半月"]).is_some() {
        return term_end(behind, 15, TermUnit::Days, stands_alone);
    }
    let number = place.number().filter(|number| number.value > 0)?;
    behind.at = number.end;
    let word = behind.pass(&[
        "个工作日",
        "个工作天",
        "工作日",
        "工作天",
        "个自然日",
        "自然日",
        "个日历日",
        "日历日",
        "个月",
        "个季度",
        "个星期",
        "个周",
        "星期",
        "周年",
        "周",
        "个小时",
        "小时",
        "天",
        "日",
        "年",
    ])?;
    let (factor, unit) = match word {
        "个工作日" | "个工作天" | "工作日" | "工作天" => (1, TermUnit::WorkingDays),
        "个月" => (1, TermUnit::Months),
        "个季度" => (3, TermUnit::Months),
        "年" | "周年" => (12, TermUnit::Months),
        "个小时" | "小时" => (1, TermUnit::Hours),
        "个星期" | "个周" | "星期" | "周" => (7, TermUnit::Days),
        _ => (1, TermUnit::Days),
    };
    let amount = number.value.checked_mul(factor).filter(|amount| *amount <= TERM_AMOUNT_MAX)?;
    if word == "年" && number.value > 50 {
        return None;
    }
    term_end(behind, amount, unit, stands_alone && !matches!(word, "日" | "年" | "周"))
}

/// Whether a length of time without 内 may be a deadline here, and not part of 试运行3个月 or 公示7个工作日.
fn may_open_term(place: Place<'_>) -> bool {
    let Some(before) = place.before() else { return true };
    matches!(before, ',' | ')' | '(' | '、' | ':' | '后' | '起' | '限' | '在' | '于')
        || ends_sentence(before)
        || follows(place, &["限为", "时间为"])
}

/// Passes 内; without it only unmistakable units before a pause or 完成 make a term.
fn term_end(
    mut behind: Place<'_>,
    amount: u32,
    unit: TermUnit,
    unmistakable: bool,
) -> Option<(u32, TermUnit, usize)> {
    if behind.pass(&["之内", "以内", "内"]).is_some() {
        return Some((amount, unit, behind.at));
    }
    let goes_on = ["完成", "办结", "整改", "时间"].iter().any(|word| behind.sees(word));
    (unmistakable && (behind.is_at_pause() || goes_on)).then_some((amount, unit, behind.at))
}

/// The event in the words before a term, back to the last mark or sentence.
fn event_before(place: Place<'_>, said_until: usize) -> Event {
    let before = &place.signs[said_until..place.at];
    let sentence = before.iter().rposition(|sign| ends_sentence(*sign)).map_or(0, |at| at + 1);
    let words: String = before[sentence..].iter().collect();
    let words = words.trim_end_matches([',', '的', '在', '(', ':']);
    if words.ends_with("即日起") {
        return Event::Issued;
    }
    let Some(event) =
        ["之日起", "之日", "日起", "之后", "以后", "起", "后"].iter().find_map(|end| words.strip_suffix(end))
    else {
        return Event::Unsaid;
    };
    let event = event.rsplit([',', '、', '(']).next().unwrap_or(event);
    let event = event.strip_prefix('自').or_else(|| event.strip_prefix('从')).unwrap_or(event);
    if RECEIVED_WORDS.iter().any(|word| event.contains(word)) {
        Event::Received
    } else if ISSUED_WORDS.iter().any(|word| event.contains(word)) {
        Event::Issued
    } else if event.trim_matches(['.', '…', '×', 'X', 'x']).is_empty() {
        Event::Unsaid
    } else {
        Event::Other(event.chars().take(40).collect())
    }
}

/// A day, the end of a range, or a day that starts a term.
fn range_or_day(place: Place<'_>) -> Option<(Said, usize)> {
    let first = day::written(place)?;
    let mut behind = Place { at: first.end, ..place };
    if behind.pass_range_sign() {
        if let Some(last) = day::range_end(behind, first.part) {
            return Some((Said::Day(completed(first, last)), last.end));
        }
        if let Some(number) = behind.number().filter(|_| !first.closed) {
            return Some((Said::Open("起止日期没有读全"), number.end));
        }
        if ["今", "长期"].iter().any(|word| behind.sees(word)) || behind.sees("持续") {
            return Some((Said::Start(first), first.end));
        }
    }
    behind.at = first.end;
    if behind.pass(&["之日起", "起", "开始", "以来", "之后", "以后", "后"]).is_some() {
        let mut next = behind;
        next.pass(&["的", ",", "在"]);
        return Some(match term(next, true) {
            Some((amount, unit, end)) => (Said::Term(amount, unit, Event::On(first)), end),
            None => (Said::Start(first), behind.at),
        });
    }
    let bare_year = first.part == Part::Year && !first.closed;
    if bare_year && !behind_year_is_deadline(Place { at: first.end, ..place }) {
        return None;
    }
    // 2021年6月汛期前: the season decides, not the month.
    let blurred =
        !first.closed && OPEN_WORDS.iter().any(|(word, _)| Place { at: first.end, ..place }.sees(word));
    (!blurred).then_some((Said::Day(first), first.end))
}

/// A bare year is a deadline only where nothing but the work follows it.
fn behind_year_is_deadline(behind: Place<'_>) -> bool {
    behind.is_at_pause() || ["完成", "实现", "建成", "整改", "全面完成"].iter().any(|word| behind.sees(word))
}

/// The end of a range with what it leaves out taken from the start.
fn completed(first: Written, last: Written) -> Written {
    let year = if last.year == Year::Missing { first.year } else { last.year };
    let part = match (last.part, first.part) {
        (Part::DayOnly(day), Part::Day(month, _) | Part::Month(month)) => Part::Day(month, day),
        (part, _) => part,
    };
    let crosses = last.year == Year::Missing && month_of(part) < month_of(first.part);
    let year = match year {
        Year::Number(year) if crosses => Year::Number(year + 1),
        Year::After(years) if crosses => Year::After(years + 1),
        Year::Same => first.year,
        Year::Following(years) => match first.year {
            Year::Number(year) => Year::Number(year.saturating_add_signed(years.into())),
            Year::After(first) => Year::After(first.saturating_add(years)),
            _ => Year::Following(years),
        },
        year => year,
    };
    Written { year, part, ..last }
}

fn month_of(part: Part) -> u32 {
    match part {
        Part::Day(month, _) | Part::Month(month) | Part::TenDays(month, _) => month,
        Part::Quarter(quarter) => quarter * 3,
        Part::Half(half) => half * 6,
        Part::Year | Part::MonthAfter(..) | Part::DayOnly(_) | Part::Vague => 12,
    }
}
