//! The report for people: a line for each section and month, each river and month, each trend; remarks on the error stream.

use super::report::{MonthOf, Report, SectionOf};
use bihuan_methods::water::{Amount, Change, Evaluation, Incomparable, Month, Standard, Trend};
use bihuan_papers::document::{Place, Warning};

fn percent(share: Amount) -> String {
    let percent = share.times(Amount::whole(100)).fixed(2);
    if percent.starts_with('-') { format!("{percent} %") } else { format!("+{percent} %") }
}

fn changed(change: Option<Result<Change, Incomparable>>) -> String {
    match change {
        None => "–".to_owned(),
        Some(Ok(change)) => percent(change.index_change),
        Some(Err(_)) => "项目不同 items differ".to_owned(),
    }
}

fn class(found: &Evaluation) -> String {
    found.class.map_or_else(|| "–".to_owned(), |class| format!("{} {}", class.zh(), class.quality().zh()))
}

fn main_pollutants(standard: &Standard, found: &Evaluation) -> String {
    let name = |result: &bihuan_methods::water::ItemResult| {
        let multiple =
            result.multiple.map_or_else(String::new, |multiple| format!("({})", multiple.fixed(2)));
        format!("{}{multiple}", standard.items[result.item].zh)
    };
    let names: Vec<String> = found.main().map(name).collect();
    if names.is_empty() { "–".to_owned() } else { names.join("、") }
}

pub(super) fn print(report: &Report) {
    if report.sections.is_empty() {
        return;
    }
    println!("{}\n{}\n", report.standard.title_zh, report.standard.title_en);
    println!(
        "断面 section\t月份 month\t类别 class\t主要污染指标 main pollutants\tCWQI\t项 items\t同比 year\t环比 month"
    );
    for of in &report.sections {
        for (month, at) in &of.months {
            println!("{}", line(report, of, *month, at));
        }
    }
    println!(
        "\n河流 river\t月份 month\t断面 sections\tⅠ/Ⅱ/Ⅲ/Ⅳ/Ⅴ/劣Ⅴ\t水质 quality\t超Ⅲ类 over III\tCWQI\t项 items"
    );
    for of in &report.rivers {
        let name = if of.name.is_empty() { "全部河流断面 all" } else { &of.name };
        for (month, river) in &of.months {
            let counts: Vec<String> = river.by_class.iter().map(u32::to_string).collect();
            let over = river
                .over
                .iter()
                .take(3)
                .map(|(item, times)| format!("{}({times})", report.standard.items[*item].zh));
            let over: Vec<String> = over.collect();
            let how = if river.by_share { "" } else { " (均值 mean)" };
            println!(
                "{name}\t{month}\t{}\t{}\t{}{how}\t{}\t{}\t{}/{}",
                river.sections,
                counts.join("/"),
                river.quality.map_or("–", |quality| quality.zh()),
                if over.is_empty() { "–".to_owned() } else { over.join("、") },
                river.mean.index.value.fixed(4),
                river.mean.index.items,
                river.mean.index.of
            );
        }
    }
    trends(report);
    beside(report);
}

fn line(report: &Report, of: &SectionOf, month: Month, at: &MonthOf) -> String {
    format!(
        "{}\t{month}\t{}\t{}\t{}\t{}/{}\t{}\t{}",
        of.section.name,
        class(&at.found),
        main_pollutants(report.standard, &at.found),
        at.found.index.value.fixed(4),
        at.found.index.items,
        at.found.index.of,
        changed(of.beside(month, 12)),
        changed(of.beside(month, 1))
    )
}

fn trends(report: &Report) {
    let examined: usize = report.sections.iter().map(|of| of.trends.len()).sum();
    if examined == 0 {
        return;
    }
    println!("\n断面 section\t项目 item\t趋势 trend\t每年 per year\tz\tp\t年 years");
    let mut shown = 0;
    for of in &report.sections {
        for (item, trend) in of.trends.iter().filter(|(_, trend)| trend.probability < 0.05) {
            shown += 1;
            let item = &report.standard.items[*item];
            println!(
                "{}\t{}\t{}\t{:+.5} {}\t{:.3}\t{:.2e}\t{}",
                of.section.name,
                item.zh,
                direction(trend),
                trend.slope_per_year,
                item.unit,
                trend.z,
                trend.probability,
                trend.years
            );
        }
    }
    println!("检验 {examined} 项,{shown} 项 p < 0.05; {examined} tested, {shown} with p < 0.05");
}

fn direction(trend: &Trend) -> &'static str {
    match (trend.s > 0, trend.is_indicative_only) {
        (true, false) => "上升 rises",
        (false, false) => "下降 falls",
        (true, true) => "上升(仅供参考) rises (indicative only)",
        (false, true) => "下降(仅供参考) falls (indicative only)",
    }
}

fn beside(report: &Report) {
    if !report.passages.is_empty() {
        println!("\n月份 month\t来水 inflow\t出水 outflow\t说明 note");
    }
    for (month, passage) in &report.passages {
        let sign = |class: Option<bihuan_methods::water::Class>| class.map_or("–", |class| class.zh());
        let note = match (passage.inflow_is_over, passage.is_worse) {
            (true, false) => "来水已超Ⅲ类 the inflow is over III already",
            (true, true) => "来水已超Ⅲ类,出境更差 the inflow is over III, and it leaves worse",
            (false, true) => "出境变差 it leaves worse",
            (false, false) => "–",
        };
        println!("{month}\t{}\t{}\t{note}", sign(passage.inflow), sign(passage.outflow));
    }
    if !report.effects.is_empty() {
        println!("\n项目 item\t整改前 before\t整改后 after\t变化 change\t扣除来水 net\t月对 pairs\tp");
    }
    for (item, effect) in &report.effects {
        let mark = if effect.is_indicative_only { " 仅供参考 indicative only" } else { "" };
        println!(
            "{}\t{}\t{}\t{}\t{}\t{}\t{:.3}{mark}",
            report.standard.items[*item].zh,
            effect.before,
            effect.after,
            effect.change,
            effect.net.map_or_else(|| "–".to_owned(), |net| net.to_string()),
            effect.pairs.len(),
            effect.probability
        );
    }
}

fn place_en(place: &Place) -> String {
    let column = if place.column > 0 { format!(", column {}", place.column) } else { String::new() };
    format!("row {}{column}", place.row)
}

/// Says what was not taken, and what was remarked, at its place in the file.
pub(super) fn remarks(report: &Report) {
    let tell = |warning: &Warning| {
        eprintln!("{}: {}\n    {}: {}", warning.place.zh(), warning.zh, place_en(&warning.place), warning.en)
    };
    report.faults.iter().chain(&report.notices).for_each(tell);
    let (readings, faults, notices) = (report.readings, report.faults.len(), report.notices.len());
    eprintln!(
        "读入 {readings} 个数据,未读入 {faults} 处,提示 {notices} 处; {readings} figures, {faults} faults, {notices} notices"
    );
}
