//! Incidents for people: a line each, with what was set apart and how often anybody could have seen anything.

use super::incidents::Found;
use bihuan_methods::fire::{Charge, Confidence, Incident, Moment};

/// A day counted from 1970-01-01 as people write it.
pub(super) fn day(day: i64) -> String {
    // Noon in world time is the same day in Beijing.
    let (year, month, day) = Moment(day * 1_440 + 720 - 480).date();
    format!("{year:04}-{month:02}-{day:02}")
}

fn charge(charge: Charge) -> &'static str {
    match charge {
        Charge::Charged => "主责 charged",
        Charge::ToVerify => "主责待核 to verify",
        Charge::Joint => "联合告知 joint notice",
    }
}

fn confidence(confidence: Confidence) -> &'static str {
    match confidence {
        Confidence::Low => "低 low",
        Confidence::Nominal => "中 nominal",
        Confidence::High => "高 high",
    }
}

fn owners(found: &Found, incident: &Incident) -> String {
    let owners = incident.owners.iter().filter(|owner| owner.probability >= 0.005).map(|owner| {
        let name = owner.area.map_or("区外 outside", |area| found.areas.list()[area].name.as_str());
        format!("{name} {:.0}%", owner.probability * 100.0)
    });
    owners.collect::<Vec<_>>().join("、")
}

pub(super) fn print(found: &Found) {
    println!(
        "编号 no\t首见 first\t末见 last\t像元 pixels\t经度 lon\t纬度 lat\t置信度 confidence\tFRP MW\t归属 owners\t处置 charge\t复燃 reburn"
    );
    for (number, incident) in found.mine() {
        println!(
            "{}\t{}\t{}\t{}\t{:.4}\t{:.4}\t{}\t{}\t{}\t{}\t{}",
            number + 1,
            incident.first_at,
            incident.last_at,
            incident.pixels.len(),
            incident.longitude,
            incident.latitude,
            confidence(incident.confidence),
            incident.frp_mw.map_or_else(|| "–".to_owned(), |power| format!("{power:.1}")),
            owners(found, incident),
            charge(incident.charge),
            incident.reburn_of.map_or_else(
                || "–".to_owned(),
                |earlier| format!("{} 同址30日内 within 30 days", earlier + 1)
            )
        );
    }
    let (mine, outside, masked) = (found.mine().count(), found.outside, found.masked.len());
    println!("\n火情 incidents {mine};区外 outside {outside};固定热源像元 masked pixels {masked}");
    for candidate in &found.candidates {
        println!(
            "待确认固定热源 candidate for static heat\t{:.4}\t{:.4}\t{} 天 days\t{} 个月 months\t{}",
            candidate.longitude, candidate.latitude, candidate.days, candidate.months, candidate.last_at
        );
    }
    println!(
        "\n日期 day\t有火点的过境次数 passes that saw anything (没有火点不等于没有焚烧 no point is not no fire)"
    );
    for look in &found.looks {
        let passes: Vec<String> = look.passes.iter().map(|(name, count)| format!("{name} {count}")).collect();
        println!("{}\t{}", day(look.day), if passes.is_empty() { "–".to_owned() } else { passes.join("、") });
    }
}

/// Says which lines were not taken, at their place in the user's own file.
pub(super) fn faults(found: &Found) {
    for (file, fault) in &found.faults {
        let column = if fault.column > 0 { format!("第{}列", fault.column) } else { String::new() };
        eprintln!(
            "{file} 第{}行{column}: {}\n    line {}, column {}: {}",
            fault.line,
            fault.zh(),
            fault.line,
            fault.column,
            fault.en()
        );
    }
    eprintln!(
        "读入 {} 个火点,未读入 {} 处; {} points, {} faults",
        found.read,
        found.faults.len(),
        found.read,
        found.faults.len()
    );
}
