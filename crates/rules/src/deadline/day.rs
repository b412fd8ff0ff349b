//! Days as they are written (日期写法): 2021年6月底前, 第三季度末, 10月中旬, 6.30前, and what day each one means.

use super::reading::Place;
use jiff::{ToSpan, civil::Date};

/// First year that is believed; earlier ones are typing errors.
pub const YEAR_MIN: i16 = 1990;
/// Last year that is believed; later ones are typing errors.
pub const YEAR_MAX: i16 = 2100;

/// The year of a written day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Year {
    /// Written out.
    Number(u32),
    /// 今年, 明年 and so on: years after the year of the document.
    After(i16),
    /// 次年, 当年: years after the year said last, else after the year of the document.
    Following(i16),
    /// 同年: the year of the day before it.
    Same,
    /// Not written.
    Missing,
}

/// The part of a year that ends on the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// A day of a month.
    Day(u32, u32),
    /// A month; its last day.
    Month(u32),
    /// The first, middle or last ten days of a month (旬).
    TenDays(u32, u32),
    /// A quarter.
    Quarter(u32),
    /// A half year.
    Half(u32),
    /// The whole year.
    Year,
    /// A month counted from the month of the document (本月, 下月); its last day or the day given.
    MonthAfter(i32, Option<u32>),
    /// A day whose month was said at the start of the range.
    DayOnly(u32),
    /// A part without a definite end, such as 月初.
    Vague,
}

/// A day in the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Written {
    /// Its year.
    pub(super) year: Year,
    /// Its part of the year.
    pub(super) part: Part,
    /// The place behind it.
    pub(super) end: usize,
    /// Words such as 底, 前 or 内 say that it is a last day.
    pub(super) closed: bool,
    /// Only 前 follows a month or longer: could mean before its first day, is read as its last.
    pub(super) before_period: bool,
}

/// What a written day means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Meaning {
    /// This day.
    On(Date),
    /// There is no such day.
    Impossible,
    /// The year is outside [`YEAR_MIN`] to [`YEAR_MAX`].
    Unbelievable,
    /// No definite day.
    Vague,
}

const YEAR_WORDS: [(&str, Year); 9] = [
    ("今年", Year::After(0)),
    ("本年度", Year::After(0)),
    ("本年", Year::After(0)),
    ("当年", Year::Following(0)),
    ("明年", Year::After(1)),
    ("次年", Year::Following(1)),
    ("翌年", Year::Following(1)),
    ("后年", Year::After(2)),
    ("去年", Year::After(-1)),
];
const MONTH_WORDS: [(&str, i32); 8] = [
    ("本月份", 0),
    ("本月", 0),
    ("当月", 0),
    ("这个月", 0),
    ("下个月", 1),
    ("下月", 1),
    ("次月", 1),
    ("上月", -1),
];

/// Reads the day that starts here.
pub(super) fn written(start: Place<'_>) -> Option<Written> {
    let mut found = numeric(start).or_else(|| worded(start))?;
    close(start, &mut found);
    Some(found)
}

/// Reads the end of a range, which may leave out what its start has said: 6月1日至30日, 2021.6.1-6.30, 2021.6—12.
pub(super) fn range_end(start: Place<'_>, first: Part) -> Option<Written> {
    written(start).or_else(|| {
        let number = start.number().filter(|number| number.end - start.at <= 3)?;
        let mut place = Place { at: number.end, ..start };
        let part = if place.pass(&["日", "号"]).is_some() {
            Part::DayOnly(number.value)
        } else if let (Some(sign), Part::Day(..)) = (place.sign(), first)
            && is_date_sign(sign)
        {
            let day = place.skip(1).number().filter(|day| (1..=2).contains(&day.digits))?;
            place.at = day.end;
            Part::Day(number.value, day.value)
        } else {
            match first {
                Part::Day(_, day) if day <= number.value => Part::DayOnly(number.value),
                Part::Month(_) => Part::Month(number.value),
                _ => return None,
            }
        };
        let mut found = open(Year::Missing, part, place.at);
        close(start, &mut found);
        let said = matches!(part, Part::DayOnly(_)) && place.at > number.end;
        (said || found.closed || Place { at: found.end, ..start }.is_at_pause()).then_some(found)
    })
}

fn open(year: Year, part: Part, end: usize) -> Written {
    Written { year, part, end, closed: false, before_period: false }
}

/// Passes the words that make a part of a year a last day.
fn close(start: Place<'_>, found: &mut Written) {
    let mut place = Place { at: found.end, ..start };
    if place.pass(&["月底", "月末", "底", "末"]).is_some() {
        found.closed = true;
    }
    let is_period = !matches!(found.part, Part::Day(..) | Part::DayOnly(_) | Part::MonthAfter(_, Some(_)));
    let word = place.pass(&["之前", "以前", "之内", "以内", "为止", "前", "内", "止"]);
    found.before_period = is_period && !found.closed && word.is_some_and(|word| word.ends_with('前'));
    found.closed |= word.is_some();
    found.end = place.at;
}

/// Units of measure; digits before them are an amount such as 2021.5万元 and no day.
const MEASURES: [&str; 18] = [
    "万", "亿", "元", "吨", "千米", "千克", "米", "亩", "%", "公里", "公顷", "平方", "立方", "倍", "m", "k",
    "t", "个",
];

/// Days in digits alone: 2021.6.30, 2021/6, 20210630, 6.30前.
fn numeric(start: Place<'_>) -> Option<Written> {
    digits_alone(start).filter(|found| {
        let behind = Place { at: found.end, ..start };
        !MEASURES.iter().any(|measure| behind.sees(measure))
    })
}

fn digits_alone(start: Place<'_>) -> Option<Written> {
    let first = start.number()?;
    let place = Place { at: first.end, ..start };
    match first.digits {
        8 if first.end - start.at == 8 => {
            let (month, day) = (first.value / 100 % 100, first.value % 100);
            Some(open(Year::Number(first.value / 10_000), Part::Day(month, day), first.end))
        }
        6 if (1..=12).contains(&(first.value % 100)) && believed(first.value / 100) => {
            Some(open(Year::Number(first.value / 100), Part::Month(first.value % 100), first.end))
        }
        4 => dotted(place, first.value),
        1 | 2 if (1..=12).contains(&first.value) && !first.is_sequence => short_dotted(place, first.value),
        _ => None,
    }
}

fn is_date_sign(sign: char) -> bool {
    matches!(sign, '.' | '/' | '-')
}

/// The rest of 2021.6.30 or 2021.6 behind the year.
fn dotted(place: Place<'_>, year: u32) -> Option<Written> {
    let sign = place.sign().filter(|sign| is_date_sign(*sign))?;
    let month = place.skip(1).number().filter(|number| (1..=2).contains(&number.digits))?;
    let mut end = Place { at: month.end, ..place };
    let day = (end.sign() == Some(sign))
        .then(|| end.skip(1).number())
        .flatten()
        .filter(|day| (1..=2).contains(&day.digits))
        .filter(|day| !matches!(place.signs.get(day.end), Some('月' | '年')));
    if let Some(day) = day {
        end.at = day.end;
        end.pass(&["日", "号"]);
        return Some(open(Year::Number(year), Part::Day(month.value, day.value), end.at));
    }
    if end.sign() == Some('年') {
        return None;
    }
    if end.sign() == Some('月') {
        return Some(month_part(end.skip(1), Year::Number(year), month.value));
    }
    Some(open(Year::Number(year), Part::Month(month.value), end.at))
}

/// The rest of 6.30前 behind the month; only a closing word makes it a day.
fn short_dotted(place: Place<'_>, month: u32) -> Option<Written> {
    place.sign().filter(|sign| is_date_sign(*sign))?;
    let day = place.skip(1).number().filter(|number| (1..=2).contains(&number.digits))?;
    let mut end = Place { at: day.end, ..place };
    let said = end.pass(&["日", "号"]).is_some() || end.sees("前") || end.sees("之前") || end.sees("以前");
    said.then(|| open(Year::Missing, Part::Day(month, day.value), end.at))
}

/// Days with 年, 月, 季度 and the like.
fn worded(start: Place<'_>) -> Option<Written> {
    let (year, place) = year_of(start);
    if let Some(part) = part_of_year(place, year) {
        return Some(part);
    }
    (year != Year::Missing).then(|| open(year, Part::Year, place.at))
}

/// The year, if one is said, and the place behind it.
fn year_of(start: Place<'_>) -> (Year, Place<'_>) {
    let mut place = start;
    if place.pass(&["同年"]).is_some() {
        return (Year::Same, place);
    }
    for (word, year) in YEAR_WORDS {
        if place.pass(&[word]).is_some() {
            place.pass(&["度"]);
            return (year, place);
        }
    }
    let Some(number) = start.number() else { return (Year::Missing, start) };
    place.at = number.end;
    if place.pass(&["年"]).is_none() {
        return (Year::Missing, start);
    }
    let goes_on = place.number().is_some()
        || ["底", "末", "年", "上半", "下半", "第"].iter().any(|word| place.sees(word));
    let year = match number.digits {
        4 => number.value,
        2 if goes_on && number.end - start.at == 2 && !(number.value < 10 && number.is_sequence) => {
            2000 + number.value
        }
        _ => return (Year::Missing, start),
    };
    place.pass(&["度"]);
    (Year::Number(year), place)
}

/// The part of the year, from 上半年 to 30日.
fn part_of_year(mut place: Place<'_>, year: Year) -> Option<Written> {
    if place.pass(&["年底", "年末", "岁末"]).is_some() {
        return Some(Written { closed: true, ..open(year, Part::Year, place.at) });
    }
    let stands_alone =
        place.before().is_none_or(|sign| !sign.is_alphanumeric() || matches!(sign, '于' | '在'));
    if (year != Year::Missing || stands_alone) && place.pass(&["年内"]).is_some() {
        return Some(Written { closed: true, ..open(year, Part::Year, place.at) });
    }
    let vague: &[&str] = if year == Year::Missing {
        &["年初", "年中"]
    } else {
        &["年初", "年中", "初", "中旬", "中期"]
    };
    if place.pass(vague).is_some() {
        return Some(open(year, Part::Vague, place.at));
    }
    if place.pass(&["上半年", "前半年"]).is_some() {
        return Some(open(year, Part::Half(1), place.at));
    }
    if place.pass(&["下半年", "后半年"]).is_some() {
        return Some(open(year, Part::Half(2), place.at));
    }
    if year == Year::Missing {
        for (word, months) in MONTH_WORDS {
            if place.pass(&[word]).is_some() {
                return Some(month_after(place, months));
            }
        }
        if stands_alone && place.pass(&["月底", "月末"]).is_some() {
            return Some(Written { closed: true, ..open(year, Part::MonthAfter(0, None), place.at) });
        }
    }
    let mut quarter = place;
    quarter.pass(&["第"]);
    if let Some(number) = quarter.number() {
        quarter.at = number.end;
        if quarter.pass(&["季度", "季"]).is_some() {
            return Some(open(year, Part::Quarter(number.value), quarter.at));
        }
    }
    if place.pass(&["元月"]).is_some() {
        return Some(month_part(place, year, 1));
    }
    let number = place.number().filter(|number| !number.is_sequence || number.digits < 3)?;
    place.at = number.end;
    if place.pass(&["月"]).is_some() {
        return Some(month_part(place, year, number.value));
    }
    if let (true, Some(found)) = (year != Year::Missing, behind_worded_year(place, year, number.value)) {
        return Some(found);
    }
    // 6—9月 : the months of a range share one 月.
    if year != Year::Missing || (1..=12).contains(&number.value) {
        let mut range = place;
        if range.pass_range_sign()
            && let Some(last) = range.number().filter(|last| last.end - range.at <= 3 && last.digits < 3)
            && place.signs.get(last.end) == Some(&'月')
        {
            let behind = Place { at: last.end + 1, ..place };
            return Some(month_part(behind, year, last.value));
        }
    }
    None
}

/// The rest of 2021年12.31, of 2021年6、12月 or of 2021年一、二季度 behind the first number.
fn behind_worded_year(mut place: Place<'_>, year: Year, month: u32) -> Option<Written> {
    let end = place.at;
    let sign = place.sign().filter(|sign| *sign == '、' || is_date_sign(*sign))?;
    let number = place.skip(1).number().filter(|number| (1..=2).contains(&number.digits))?;
    place.at = number.end;
    if place.sign() == Some('月') {
        // Two months share one 月; the second is read next and takes the year from the first.
        return (sign == '、').then(|| open(year, Part::Month(month), end));
    }
    if sign == '、' && place.pass(&["季度", "季"]).is_some() {
        return Some(open(year, Part::Quarter(number.value), place.at));
    }
    let is_day =
        sign != '、' && (place.pass(&["日", "号"]).is_some() || place.is_at_pause() || place.sees("前"));
    is_day.then(|| open(year, Part::Day(month, number.value), place.at))
}

/// The rest behind 本月 or 下月.
fn month_after(mut place: Place<'_>, months: i32) -> Written {
    if place.pass(&["初", "中", "上旬", "中旬"]).is_some() {
        return open(Year::Missing, Part::Vague, place.at);
    }
    if let Some(day) = place.number() {
        let mut end = Place { at: day.end, ..place };
        if end.pass(&["日", "号"]).is_some() {
            return open(Year::Missing, Part::MonthAfter(months, Some(day.value)), end.at);
        }
    }
    open(Year::Missing, Part::MonthAfter(months, None), place.at)
}

/// The rest behind 6月: a day, a range of days, ten days, or nothing.
fn month_part(mut place: Place<'_>, year: Year, month: u32) -> Written {
    place.pass(&["份"]);
    for (words, third) in [("上旬", 1), ("中旬", 2), ("下旬", 3)] {
        if place.pass(&[words]).is_some() {
            return open(year, Part::TenDays(month, third), place.at);
        }
    }
    if place.pass(&["初", "中"]).is_some() {
        return open(year, Part::Vague, place.at);
    }
    let Some(day) = place.number() else { return open(year, Part::Month(month), place.at) };
    let mut end = Place { at: day.end, ..place };
    if end.pass(&["日", "号"]).is_some() {
        return open(year, Part::Day(month, day.value), end.at);
    }
    let mut range = end;
    if range.pass_range_sign()
        && let Some(last) = range.number()
        && matches!(place.signs.get(last.end), Some('日' | '号'))
    {
        return open(year, Part::Day(month, last.value), last.end + 1);
    }
    if end.sees("前")
        || end.sees("之前")
        || end.sees("以前")
        || (end.is_at_pause() && end.sign() != Some('、'))
    {
        return open(year, Part::Day(month, day.value), end.at);
    }
    open(year, Part::Month(month), place.at)
}

/// Whether the year is one that documents of this century carry.
pub(super) fn believed(year: u32) -> bool {
    i16::try_from(year).is_ok_and(|year| (YEAR_MIN..=YEAR_MAX).contains(&year))
}

/// The last day of the part in the year; a month counted from the document starts at `today`.
pub(super) fn meaning(part: Part, year: i16, today: Option<Date>) -> Meaning {
    if !(YEAR_MIN..=YEAR_MAX).contains(&year) {
        return Meaning::Unbelievable;
    }
    let on = match part {
        Part::Day(month, day) => day_of(year, month, day),
        Part::Month(month) | Part::TenDays(month, 3) => last_day(year, month),
        Part::TenDays(month, third) => day_of(year, month, third * 10),
        Part::Quarter(quarter @ 1..=4) => last_day(year, quarter * 3),
        Part::Half(half) => last_day(year, half * 6),
        Part::Year => last_day(year, 12),
        Part::MonthAfter(months, day) => {
            let month = today.and_then(|today| today.first_of_month().checked_add(months.months()).ok());
            month.and_then(|month| match day {
                Some(day) => day_of(month.year(), month.month().unsigned_abs().into(), day),
                None => Some(month.last_of_month()),
            })
        }
        Part::Vague => return Meaning::Vague,
        Part::DayOnly(_) | Part::Quarter(_) => None,
    };
    on.map_or(Meaning::Impossible, Meaning::On)
}

fn day_of(year: i16, month: u32, day: u32) -> Option<Date> {
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

fn last_day(year: i16, month: u32) -> Option<Date> {
    day_of(year, month, 1).map(Date::last_of_month)
}

/// The day that is the whole text.
pub(super) fn single(signs: &[char]) -> Option<Written> {
    let start = Place { signs, at: 0 };
    let found = short_whole(start).or_else(|| {
        let found = numeric(start).or_else(|| worded(start))?;
        let mut end = Place { at: found.end, ..start };
        end.pass(&["前", "之前", "以前"]);
        (end.at == signs.len()).then_some(found)
    })?;
    matches!(found.part, Part::Day(..) | Part::MonthAfter(_, Some(_))).then_some(found)
}

/// 6.30 or 6/30, where the whole text is a day.
fn short_whole(start: Place<'_>) -> Option<Written> {
    let month = start.number().filter(|month| month.digits <= 2 && !month.is_sequence)?;
    let place = Place { at: month.end, ..start };
    place.sign().filter(|sign| is_date_sign(*sign))?;
    let day = place.skip(1).number().filter(|day| day.digits <= 2 && day.end == start.signs.len())?;
    Some(open(Year::Missing, Part::Day(month.value, day.value), day.end))
}
