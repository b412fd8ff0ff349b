//! Deadlines: every row of handbook 3 §3i, the ways deadlines are typed, and what must stay open.

use bihuan_rules::{
    calendar::{Calendar, Term},
    deadline::{Anchor, Deadline, Kind, Options, TEXT_CHARS_MAX, read, read_date, read_with},
};
use jiff::civil::{Date, date};
use proptest::prelude::*;

/// A document of 11 June 2021, received on 15 June.
fn summer() -> Anchor<'static> {
    Anchor {
        received_on: Some(date(2021, 6, 15)),
        issued_on: Some(date(2021, 6, 11)),
        calendar: Calendar::embedded(),
    }
}

fn nothing_known() -> Anchor<'static> {
    Anchor { received_on: None, issued_on: None, calendar: Calendar::embedded() }
}

fn received(on: Date) -> Anchor<'static> {
    Anchor { received_on: Some(on), ..nothing_known() }
}

fn issued(on: Date) -> Anchor<'static> {
    Anchor { issued_on: Some(on), ..nothing_known() }
}

fn dates(deadline: &Deadline) -> String {
    deadline.dates.iter().map(|dated| dated.on.to_string()).collect::<Vec<_>>().join(" ")
}

/// Kind, dates and flags in one line, so that a table of rows reads like the handbook.
fn line(deadline: &Deadline) -> String {
    let mut line = format!("{} {}", deadline.kind.name(), dates(deadline));
    for (flag, name) in [
        (deadline.immediate, "immediate"),
        (deadline.sustain, "sustain"),
        (deadline.provisional, "provisional"),
        (deadline.unresolved, "unresolved"),
        (deadline.inferred_year, "inferred"),
    ] {
        if flag {
            line = format!("{} +{name}", line.trim_end());
        }
    }
    line.trim_end().to_owned()
}

fn check(anchor: &Anchor<'_>, rows: &[(&str, &str)]) {
    let wrong: Vec<String> = rows
        .iter()
        .filter_map(|(text, wanted)| {
            let deadline = read(text, anchor);
            assert!(!deadline.why_zh.is_empty() && !deadline.why_en.is_empty(), "{text} has no reason");
            let found = line(&deadline);
            (found != *wanted)
                .then(|| format!("{text}\n  wanted {wanted}\n  found  {found}\n  {}", deadline.why_zh))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_row_of_the_handbook_is_read() {
    check(
        &issued(date(2021, 6, 11)),
        &[
            ("立行立改,长期坚持", "immediate_sustain +immediate +sustain"),
            ("立行立改，长期坚持", "immediate_sustain +immediate +sustain"),
            ("2021年12月底前", "fixed 2021-12-31"),
            ("2024年底前,并长期坚持", "fixed 2024-12-31 +sustain"),
            ("2021年6月底前完成排查,2022年12月底前完成整治", "milestones 2021-06-30 2022-12-31"),
            ("明年6月底前", "fixed 2022-06-30"),
            ("9月底前", "fixed 2021-09-30 +inferred"),
            ("第三季度末", "fixed 2021-09-30 +inferred"),
            ("上半年", "fixed 2021-06-30 +inferred"),
            ("10月中旬", "fixed 2021-10-20 +inferred"),
            ("十四五期间", "unresolved +unresolved"),
            ("2021—2025年", "unresolved +unresolved"),
            ("按省上统一时限", "unresolved +unresolved"),
            ("2022年汛期前", "unresolved +unresolved"),
            ("2021年2月30日", "unresolved +unresolved"),
        ],
    );
    check(&nothing_known(), &[("收到交办单后7个工作日内", "relative")]);
    assert_eq!(read("收到交办单后7个工作日内", &nothing_known()).term, Some(Term::working_days(7)));
}

#[test]
fn thirty_working_days_from_receipt_name_start_holiday_and_result() {
    let deadline = read("收到后30个工作日内", &received(date(2021, 2, 25)));
    assert_eq!(line(&deadline), "relative 2021-04-09");
    for words in ["2021-02-25", "清明节", "2021-04-09"] {
        assert!(deadline.why_zh.contains(words), "{}", deadline.why_zh);
        assert!(deadline.why_en.contains(words), "{}", deadline.why_en);
    }
}

#[test]
fn the_json_has_exactly_the_promised_keys() {
    let json = read("2021年6月底前完成排查，2022年12月底前完成整治", &summer()).to_json();
    let keys: Vec<&str> = json.as_object().unwrap().keys().map(String::as_str).collect();
    let mut wanted = ["kind", "dates", "immediate", "sustain", "provisional", "unresolved", "why"];
    wanted.sort_unstable();
    let mut sorted = keys.clone();
    sorted.sort_unstable();
    assert_eq!(sorted, wanted);
    assert_eq!(json["kind"], "milestones");
    assert_eq!(json["dates"], serde_json::json!(["2021-06-30", "2022-12-31"]));
}

#[test]
fn days_are_read_in_every_spelling() {
    check(
        &nothing_known(),
        &[
            ("2020年12月10日前", "fixed 2020-12-10"),
            ("2021.6.30", "fixed 2021-06-30"),
            ("2021/6/30", "fixed 2021-06-30"),
            ("2021-06-30", "fixed 2021-06-30"),
            ("2021-06-30 00:00:00", "fixed 2021-06-30"),
            ("2021-06-30T00:00:00", "fixed 2021-06-30"),
            ("20210630", "fixed 2021-06-30"),
            ("2021.6", "fixed 2021-06-30"),
            ("2021.12底前", "fixed 2021-12-31"),
            ("二〇二一年六月底前", "fixed 2021-06-30"),
            ("二○二一年六月三十日", "fixed 2021-06-30"),
            ("二零二一年十二月三十一日前", "fixed 2021-12-31"),
            ("２０２１年６月３０日前", "fixed 2021-06-30"),
            ("2021 年 6 月\n30 日 前", "fixed 2021-06-30"),
            ("2021年12月3\n1日", "fixed 2021-12-31"),
            ("2021年", "fixed 2021-12-31"),
            ("2021年底", "fixed 2021-12-31"),
            ("2021年年底前", "fixed 2021-12-31"),
            ("2021年内", "fixed 2021-12-31"),
            ("2021年末", "fixed 2021-12-31"),
            ("2021年6月", "fixed 2021-06-30"),
            ("2021年6月份", "fixed 2021-06-30"),
            ("2021年6月前", "fixed 2021-06-30"),
            ("21年6月底", "fixed 2021-06-30"),
            ("2020年2月底前", "fixed 2020-02-29"),
            ("2021年上半年", "fixed 2021-06-30"),
            ("2021年下半年", "fixed 2021-12-31"),
            ("2022年第二季度前", "fixed 2022-06-30"),
            ("2021年四季度", "fixed 2021-12-31"),
            ("2021年10月上旬", "fixed 2021-10-10"),
            ("2021年2月下旬", "fixed 2021-02-28"),
            ("整改时限：2021年6月底前。", "fixed 2021-06-30"),
            ("第三季度末(2021年9月30日前)", "fixed 2021-09-30 +unresolved"),
            ("2021年12月31日前完成(2021年底前)", "fixed 2021-12-31"),
            ("2021年12.31", "fixed 2021-12-31"),
            ("2021年一、二季度", "fixed 2021-06-30"),
            ("2021年6、12月", "milestones 2021-06-30 2021-12-31"),
            ("二О二一年六月底前", "fixed 2021-06-30"),
        ],
    );
}

#[test]
fn a_year_that_is_missing_comes_from_the_papers() {
    check(
        &summer(),
        &[
            ("6月30日前", "fixed 2021-06-30 +inferred"),
            ("12月底", "fixed 2021-12-31 +inferred"),
            ("6.30前", "fixed 2021-06-30 +inferred"),
            ("今年底", "fixed 2021-12-31"),
            ("今年年底前", "fixed 2021-12-31"),
            ("年底前", "fixed 2021-12-31 +inferred"),
            ("年内", "fixed 2021-12-31 +inferred"),
            ("明年底前", "fixed 2022-12-31"),
            ("下半年", "fixed 2021-12-31 +inferred"),
            ("一季度", "fixed 2022-03-31 +inferred"),
            ("10月上旬", "fixed 2021-10-10 +inferred"),
            ("10月下旬", "fixed 2021-10-31 +inferred"),
            ("本月底前", "fixed 2021-06-30 +inferred"),
            ("下月20日前", "fixed 2021-07-20 +inferred"),
            ("3月底前", "fixed 2022-03-31 +inferred"),
            ("13月底前", "unresolved +unresolved +inferred"),
        ],
    );
    check(&received(date(2021, 6, 11)), &[("明年6月底前", "fixed 2022-06-30 +inferred")]);
    check(
        &nothing_known(),
        &[
            ("9月底前", "unresolved +unresolved"),
            ("年底前", "unresolved +unresolved"),
            ("明年6月底前", "unresolved +unresolved"),
        ],
    );
}

#[test]
fn terms_start_with_receipt_or_issue() {
    check(
        &received(date(2021, 6, 11)),
        &[
            ("15日内", "relative 2021-06-28"),
            ("15 天内", "relative 2021-06-28"),
            ("自收到之日起15日内", "relative 2021-06-28"),
            ("自…之日起15日内", "relative 2021-06-28"),
            ("6个月内", "relative 2021-12-13"),
            ("三个月内", "relative 2021-09-13"),
            ("半年内", "relative 2021-12-13"),
            ("两年内", "relative 2023-06-12"),
            ("一周内", "relative 2021-06-18"),
            ("24小时内", "relative 2021-06-12"),
            ("收到后3个工作日内", "relative 2021-06-17"),
            ("收到交办单后7个工作日内", "relative 2021-06-23"),
            ("15个工作日", "relative 2021-07-05"),
            ("十五个工作日内", "relative 2021-07-05"),
            ("自2021年1月31日起1个月内", "relative 2021-03-01"),
            ("自本方案印发之日起6个月内", "relative"),
            ("整改完成后10日内", "relative +unresolved"),
        ],
    );
    check(&issued(date(2021, 6, 11)), &[("自本方案印发之日起6个月内", "relative 2021-12-13")]);
    check(&issued(date(2021, 6, 11)), &[("收到后15日内", "relative")]);
    check(
        &nothing_known(),
        &[("6个月内", "relative"), ("30日内", "relative"), ("30天内", "relative"), ("24小时内", "relative")],
    );
}

#[test]
fn words_of_haste_of_patience_and_of_the_past_are_flags() {
    check(
        &nothing_known(),
        &[
            ("立行立改", "immediate +immediate"),
            ("立即整改", "immediate +immediate"),
            ("立即启动", "immediate +immediate"),
            ("即知即改", "immediate +immediate"),
            ("马上整改", "immediate +immediate"),
            ("长期坚持", "sustain +sustain"),
            ("持续推进", "sustain +sustain"),
            ("常态化", "sustain +sustain"),
            ("常态化管控", "sustain +sustain"),
            ("已完成", "done"),
            ("已完成并长期坚持", "done +sustain"),
            ("已完成，长期坚持", "done +sustain"),
            ("已于2021年5月30日完成整改", "done 2021-05-30"),
            ("立即启动，2021年6月30日前完成", "fixed 2021-06-30 +immediate"),
            ("2021年6月至今，长期坚持", "sustain +sustain"),
            ("2021年底前建立长效机制", "fixed 2021-12-31"),
            ("2021年底前建立常态化巡查机制", "fixed 2021-12-31"),
            ("不能立即整改的，2021年底前完成", "fixed 2021-12-31"),
        ],
    );
}

#[test]
fn the_end_of_a_range_is_the_deadline() {
    check(
        &nothing_known(),
        &[
            ("2021年3月—2021年12月", "fixed 2021-12-31"),
            ("2021年3月至12月", "fixed 2021-12-31"),
            ("2021年3-12月", "fixed 2021-12-31"),
            ("2021.3-2021.12", "fixed 2021-12-31"),
            ("2021.3.1-2021.6.30", "fixed 2021-06-30"),
            ("2021年11月—3月", "fixed 2022-03-31"),
            ("2021年6月1日至30日", "fixed 2021-06-30"),
            ("2021年6月1-30日", "fixed 2021-06-30"),
            ("2021年1月至2023年12月", "fixed 2023-12-31"),
            ("2021.6.1-6.30", "fixed 2021-06-30"),
            ("2021/6/1-6/30", "fixed 2021-06-30"),
            ("2021.6.1-30", "fixed 2021-06-30"),
            ("2021.6—12", "fixed 2021-12-31"),
            ("2021年10月至次年3月", "fixed 2022-03-31"),
            ("2021.6.1-6.31", "unresolved +unresolved"),
            ("2021.6.20-5", "unresolved +unresolved"),
        ],
    );
}

#[test]
fn milestones_carry_the_work_that_they_end() {
    let labels = |text: &str| -> Vec<(String, String)> {
        let deadline = read(text, &summer());
        assert_eq!(deadline.kind, Kind::Milestones, "{text}: {}", deadline.why_zh);
        deadline.dates.into_iter().map(|dated| (dated.on.to_string(), dated.label)).collect()
    };
    let wanted = vec![
        ("2021-06-30".to_owned(), "完成排查".to_owned()),
        ("2022-12-31".to_owned(), "完成整治".to_owned()),
    ];
    for text in [
        "2021年6月底前完成排查，2022年12月底前完成整治",
        "2021年6月底前，完成排查；2022年12月底前，完成整治。",
        "1.2021年6月底前完成排查；2.2022年12月底前完成整治。",
        "1、2021年6月底前完成排查\n2、2022年12月底前完成整治",
        "（1）2021年6月底前完成排查（2）2022年12月底前完成整治",
        "①2021年6月底前完成排查②2022年12月底前完成整治",
        "一、2021年6月底前完成排查\n二、2022年12月底前完成整治",
        "完成排查：2021年6月底前；完成整治：2022年12月底前",
        "完成排查（2021年6月底前）；完成整治（2022年12月底前）",
        "2021.6.30完成排查\n2022.12.31完成整治",
    ] {
        assert_eq!(labels(text), wanted, "{text}");
    }
    check(
        &summer(),
        &[
            ("2021.6.30 2022.12.31", "milestones 2021-06-30 2022-12-31"),
            ("6月底前完成排查，12月底前完成整治", "milestones 2021-06-30 2021-12-31 +inferred"),
            ("2021年9月底前完成排查，12月底前完成整治", "milestones 2021-09-30 2021-12-31"),
            ("收到后7个工作日内报方案，3个月内完成整改", "milestones 2021-06-24 2021-09-15"),
            ("2021年9月底前制定方案，方案批复后3个月内完成", "fixed 2021-09-30 +unresolved"),
        ],
    );
}

#[test]
fn what_names_no_day_stays_open() {
    check(
        &summer(),
        &[
            ("", "unresolved +unresolved"),
            ("/", "unresolved +unresolved"),
            ("见附件", "unresolved +unresolved"),
            ("“十四五”期间", "unresolved +unresolved"),
            ("2021-2025年", "unresolved +unresolved"),
            ("2021年至2025年", "unresolved +unresolved"),
            ("尽快", "unresolved +unresolved"),
            ("几个工作日内", "unresolved +unresolved"),
            ("每年12月底前", "unresolved +unresolved"),
            ("2021年初", "unresolved +unresolved"),
            ("春节前", "unresolved +unresolved"),
            ("2021年6月起", "unresolved +unresolved"),
            ("3021年6月底前", "unresolved +unresolved"),
            ("0000年1月1日", "unresolved +unresolved"),
            ("2021年6月底前，2021年2月30日前", "fixed 2021-06-30 +unresolved"),
            ("十四五期间长期坚持", "sustain +sustain +unresolved"),
        ],
    );
    let impossible = read("2021年2月30日", &summer());
    assert!(impossible.why_zh.contains("2021年2月30日") && impossible.why_zh.contains("不存在"));
}

#[test]
fn amounts_and_lengths_of_work_are_no_deadlines() {
    check(
        &summer(),
        &[
            ("总投资2021.5万元，2022年6月底前完成", "fixed 2022-06-30"),
            ("投资1998.6万元", "unresolved +unresolved"),
            ("2021年12月底前完成工程建设，试运行3个月", "fixed 2021-12-31"),
            ("2021年底前完成，公示期为7个工作日", "fixed 2021-12-31"),
            ("2021年6月底前完成1.5公里管网", "fixed 2021-06-30"),
            ("7×24小时", "unresolved +unresolved"),
            ("1.5年内", "unresolved +unresolved"),
            ("时限为3个月", "relative 2021-09-15"),
            ("立行立改\n6个月", "relative 2021-12-15 +immediate"),
        ],
    );
}

#[test]
fn what_recurs_or_was_changed_is_left_to_a_person() {
    check(
        &summer(),
        &[
            ("每年6月底、12月底前", "unresolved +unresolved"),
            ("2021年12月底前调整为2021年9月底前", "milestones 2021-09-30 2021-12-31 +unresolved"),
            ("汛前", "unresolved +unresolved"),
        ],
    );
}

#[test]
fn what_is_reported_done_lies_behind_the_document() {
    check(
        &summer(),
        &[
            ("已于5月底完成", "done 2021-05-31 +inferred"),
            ("已于6月底完成", "done 2021-06-30 +inferred"),
            ("已于12月底完成", "done 2020-12-31 +inferred"),
        ],
    );
}

#[test]
fn before_a_bare_year_is_read_as_its_end_but_shown_to_a_person() {
    check(&summer(), &[("2022年前", "fixed 2022-12-31 +unresolved"), ("2022年6月前", "fixed 2022-06-30")]);
}

#[test]
fn the_next_year_is_counted_from_the_year_said_before() {
    check(
        &summer(),
        &[
            ("2020年11月底前完成方案，次年3月底前完成", "milestones 2020-11-30 2021-03-31"),
            ("次年3月底前", "fixed 2022-03-31 +inferred"),
            ("2020年11月底前完成方案，明年3月底前完成", "milestones 2020-11-30 2022-03-31"),
        ],
    );
}

#[test]
fn a_label_is_the_work_and_nothing_else() {
    for (text, wanted) in [
        ("立行立改，2021年6月底前完成，长期坚持", vec!["完成"]),
        ("2021年12月底前，长期坚持", vec![""]),
        ("完成时限：2021年12月底前", vec![""]),
        ("自交办之日起5个工作日内", vec![""]),
        ("近期2021年6月底，远期2025年底", vec!["近期", "远期"]),
        ("一是2021年6月底前完成排查，二是2022年12月底前完成整治", vec!["完成排查", "完成整治"]),
        ("2021年12月底前（延期至2022年6月底前）", vec!["", "延期至"]),
        ("第一阶段（2021年3月-6月）；第二阶段（2021年7月-12月）", vec!["第一阶段", "第二阶段"]),
        ("短期：2021年6月底前；长期：2025年底前", vec!["短期", "长期"]),
    ] {
        let labels: Vec<String> = read(text, &summer()).dates.into_iter().map(|dated| dated.label).collect();
        assert_eq!(labels, wanted, "{text}");
    }
}

#[test]
fn a_text_that_is_too_long_is_read_in_part_and_marked() {
    let long = format!("2021年6月底前{}2022年6月底前", "完成".repeat(TEXT_CHARS_MAX));
    let deadline = read(&long, &summer());
    assert_eq!(line(&deadline), "fixed 2021-06-30 +unresolved");
    assert!(deadline.why_zh.contains("2000"));
}

#[test]
fn rolling_is_a_choice() {
    let keep = Options { roll_terms: false, roll_promises: false };
    assert_eq!(dates(&read_with("15日内", &received(date(2021, 6, 11)), &keep)), "2021-06-26");
    assert_eq!(dates(&read("2021年10月上旬", &summer())), "2021-10-10");
    let roll = Options { roll_terms: true, roll_promises: true };
    assert_eq!(dates(&read_with("2021年10月底前", &summer(), &roll)), "2021-11-01");
    assert_eq!(dates(&read("2021年10月底前", &summer())), "2021-10-31");
}

#[test]
fn a_term_into_an_unpublished_year_is_provisional() {
    let deadline = read("30个工作日内", &received(date(2026, 12, 20)));
    assert!(deadline.provisional && deadline.why_zh.contains("尚未公布"));
}

#[test]
fn a_single_date_is_read_leniently() {
    let today = Some(date(2021, 3, 1));
    for text in [
        "2021.6.30",
        "2021/6/30",
        "2021-06-30",
        "2021年6月30日",
        "20210630",
        "6月30日",
        "6.30",
        "6/30",
        "２０２１年６月３０日",
        " 2021 年 6 月 30 日 ",
        "二〇二一年六月三十日",
        "2021-06-30 00:00:00",
        "2021年6月30日前",
    ] {
        assert_eq!(read_date(text, today), Some(date(2021, 6, 30)), "{text}");
    }
    for text in ["", "无", "2021年6月", "2021年2月30日", "2021年6月30日完成", "44377", "6.31", "1.5.2021"]
    {
        assert_eq!(read_date(text, today), None, "{text}");
    }
    assert_eq!(read_date("6月30日", None), None);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn a_written_day_is_read_back(days in 0_i32..40_000, style in 0_usize..6) {
        let on = date(1990, 1, 1).checked_add(jiff::Span::new().days(days)).unwrap();
        let (year, month, day) = (on.year(), on.month(), on.day());
        let text = match style {
            0 => format!("{year}年{month}月{day}日前"),
            1 => format!("{year}.{month}.{day}"),
            2 => format!("{year}/{month:02}/{day:02}"),
            3 => format!("{year}{month:02}{day:02}"),
            4 => format!("{year} 年 {month} 月 {day} 日"),
            _ => on.to_string(),
        };
        prop_assert_eq!(read(&text, &nothing_known()).due_on(), Some(on));
        prop_assert_eq!(read_date(&text, None), Some(on));
    }

    #[test]
    fn reading_never_panics(text in any::<String>()) {
        let _ = read(&text, &summer());
        let _ = read_date(&text, Some(date(2021, 6, 11)));
    }

    #[test]
    fn reading_never_panics_on_words_of_deadlines(
        words in prop::collection::vec(
            prop::sample::select(vec![
                "2021", "年", "月", "底", "前", "6", "30", "日", "内", "个工作日", "自", "之日起", "收到后", "—", "至", ".", "/",
                "-", "第", "季度", "半年", "上", "中旬", "明年", "长期", "立即", "十", "二〇", "百", "99999999999", "\n", " ", "1.",
                "①", "(", ")", "每", "9999", "小时", "已完成", ";", "，", "十四五", "同年", "本月", ":00",
            ]),
            0..14,
        ),
    ) {
        let text = words.concat();
        let deadline = read(&text, &summer());
        prop_assert!(deadline.dates.is_sorted());
        prop_assert!(!deadline.why_zh.is_empty());
        prop_assert!(deadline.kind != Kind::Unresolved || deadline.unresolved);
        let _ = read(&text, &nothing_known());
        let _ = read_date(&text, None);
    }
}
