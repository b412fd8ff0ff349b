//! The warning films of the year (警示片): one of the province, and two that the latest meeting of the committee watched. Every item
//! is a problem, part of a known task, set aside for a reason, or still waits for the office.

use super::{
    committee, district,
    life::Plot,
    stage::{Piece, What, instant},
    year::Year,
};
use anyhow::{Context, Result};
use bihuan_rules::{
    committee::MeetingOrder,
    film::{Fate, FilmFacts, FilmOrder, Timecode, Typed},
    id::{PostId, RecordId, TaskId},
    office::Level,
    source::{Source, SourceKind},
};
use jiff::{ToSpan, civil::Date};

/// How long each film is, in minutes.
const MINUTES: u32 = 15;
/// Items of the district's own film that were on the list before.
const KNOWN: usize = 5;

/// Where the n-th item of a film, from 1, begins and ends.
fn places(n: i64) -> (Timecode, Timecode) {
    let from = u32::try_from(n).unwrap_or(1) * 95 + 20;
    (Timecode::from_seconds(from), Timecode::from_seconds(from + 48))
}

/// The place of the n-th item in its film, which is the number of its problem in the source.
pub fn timecode(n: i64) -> String {
    let (from, until) = places(n);
    format!("{from}–{until}")
}

/// The city's film of the latest meeting brings two problems in the afternoon.
pub fn add(year: &mut Year<'_>) -> Result<()> {
    let on = committee::late_on(year.stage.as_of);
    let days_ago = i64::from((year.stage.as_of - on).get_days());
    let title = format!("{}年市级生态环境警示片", on.year());
    let source = year.source(SourceKind::WarningFilm, Level::City, &title, days_ago, "sichuan-2021")?;
    year.fill(&source, 2, "")?;
    for (n, plot) in (0i64..).zip(year.plots.iter_mut().filter(|plot| plot.source == source.id)) {
        plot.registered_at = on.at(15, 10, 0, 0) + (n * 5).minutes();
    }
    Ok(())
}

fn typed(row: usize, seen: &str, place: &str, plot: Option<&Plot>) -> Typed {
    let (from, until) = places(i64::try_from(row).unwrap_or(1));
    Typed {
        row,
        from: from.to_string(),
        until: until.to_string(),
        seen: seen.to_owned(),
        place: place.to_owned(),
        area: plot.map(|plot| plot.area.clone()),
        unit: plot.map(|plot| plot.lead.clone()),
    }
}

fn of_plot(row: usize, plot: &Plot) -> Typed {
    typed(row, &plot.finding.text, &plot.finding.place, Some(plot))
}

fn task(plot: &Plot) -> Result<TaskId> {
    Ok(TaskId::new(format!("{}-1", plot.problem))?)
}

fn became(plot: &Plot) -> Result<Fate> {
    Ok(Fate::Problem { problem: plot.problem.clone(), task: task(plot)? })
}

fn facts(title: &str, level: Level, sender: &str, on: Date) -> FilmFacts {
    FilmFacts {
        title: title.to_owned(),
        level,
        sender: sender.to_owned(),
        length: Timecode::from_seconds(MINUTES * 60),
        received_on: on,
    }
}

/// The codes of the films, in the order they came.
fn codes(days: [Date; 3]) -> Result<[RecordId; 3]> {
    let code = |at: usize| {
        let before = days.iter().take(at).filter(|day| day.year() == days[at].year()).count();
        RecordId::new(format!("W-{}-{:03}", days[at].year(), before + 1))
    };
    Ok([code(0)?, code(1)?, code(2)?])
}

/// The pieces of the films.
pub fn tell(year: &Year<'_>) -> Result<Vec<Piece>> {
    let films: Vec<&Source> =
        year.sources.iter().filter(|source| source.kind == SourceKind::WarningFilm).collect();
    let [province, city] = films[..] else { anyhow::bail!("two films brought problems") };
    let late_on = committee::late_on(year.stage.as_of);
    let [first, second, third] = codes([province.received_on, late_on, late_on])?;
    let of = |source: &Source| year.plots.iter().filter(|plot| plot.source == source.id).collect::<Vec<_>>();
    let mut pieces = Vec::new();
    let registrar = PostId::new(district::REGISTRAR)?;
    let mut add = |on: Date, hour: i8, minute: i8, film: &RecordId, orders: Vec<FilmOrder>| {
        let what = orders.into_iter().map(|order| What::Film(film.clone(), order)).collect();
        let at = instant(on.at(hour, minute, 0, 0))?;
        pieces.push(Piece { at, by: year.stage.actor(&registrar, on)?, what });
        anyhow::Ok(())
    };

    let shown = of(province);
    let rows = (1..).zip(&shown).map(|(row, plot)| of_plot(row, plot)).collect();
    let facts_of = |source: &Source, on| facts(&source.title, source.level, &source.sender, on);
    let orders = vec![FilmOrder::Receive(facts_of(province, province.received_on)), FilmOrder::Enter(rows)];
    add(province.received_on, 8, 40, &first, orders)?;
    let settled = (1..).zip(&shown).map(|(n, plot)| Ok(FilmOrder::Settle(n, became(plot)?)));
    add(province.received_on, 17, 20, &first, settled.collect::<Result<_>>()?)?;

    let shown = of(city);
    let mut rows: Vec<Typed> = (1..).zip(&shown).map(|(row, plot)| of_plot(row, plot)).collect();
    rows.push(typed(
        rows.len() + 1,
        "琼澜河下游河段水面有大片漂浮物，保洁船未作业。",
        "琼澜河界碑以下河段",
        None,
    ));
    let orders = vec![FilmOrder::Receive(facts_of(city, late_on)), FilmOrder::Enter(rows)];
    add(late_on, 14, 5, &second, orders)?;
    let settled = (1..).zip(&shown).map(|(n, plot)| Ok(FilmOrder::Settle(n, became(plot)?)));
    let mut settled = settled.collect::<Result<Vec<_>>>()?;
    let reason = "画面在界碑下游邻县河段，不在本区范围，已函告邻县环委办。".to_owned();
    settled.push(FilmOrder::Settle(3, Fate::SetAside { reason }));
    add(late_on, 16, 30, &second, settled)?;

    let rounds = year.sources.iter().filter(|source| {
        source.kind == SourceKind::CovertCheck
            && source.level == Level::County
            && source.received_on < late_on
    });
    let round =
        rounds.max_by_key(|source| source.received_on).context("a covert round before the meeting")?;
    let shown: Vec<_> = of(round).into_iter().take(KNOWN).collect();
    let mut rows: Vec<Typed> = (1..).zip(&shown).map(|(row, plot)| of_plot(row, plot)).collect();
    let open = "农贸市场后侧雨水口有污水流入，地面残留油污。";
    rows.push(typed(rows.len() + 1, open, "城区农贸市场后巷", None));
    let title = format!("{}年区级生态环境警示片", late_on.year());
    let sender = "区生态环境保护委员会办公室";
    let orders =
        vec![FilmOrder::Receive(facts(&title, Level::County, sender, late_on)), FilmOrder::Enter(rows)];
    add(late_on, 14, 6, &third, orders)?;
    let settled =
        (1..).zip(&shown).map(|(n, plot)| Ok(FilmOrder::Settle(n, Fate::Known { task: task(plot)? })));
    add(late_on, 16, 40, &third, settled.collect::<Result<_>>()?)?;

    let latest = committee::latest(year.stage.as_of)?;
    let what = [(3, second), (4, third)]
        .map(|(n, film)| What::Meeting(latest.clone(), MeetingOrder::ShowFilm(n, film)))
        .to_vec();
    let at = instant(late_on.at(14, 7, 0, 0))?;
    pieces.push(Piece { at, by: year.stage.actor(&registrar, late_on)?, what });
    Ok(pieces)
}
