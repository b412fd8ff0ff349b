//! What the person owes beside the loop this week (本周应办): visits, milestones, answers.

use crate::{
    app::App, burden, failure::Failure, guarantee, locale::Locale, mission, project, rank, river,
    session::Signed, supervise, words,
};
use jiff::civil::Date;

/// Rows of the block.
const ROWS: usize = 12;

/// One thing that is owed.
pub struct Due {
    pub href: String,
    pub title: String,
    pub note: String,
    pub tags: Vec<(String, &'static str)>,
    pub on: String,
}

/// What every kind of record asks of the reader, the soonest first.
pub async fn owed(app: &App, locale: Locale, signed: &Signed) -> Result<Vec<Due>, Failure> {
    let (looked, reader) = (app.clone(), signed.clone());
    let (dues, rivers, missions) = app
        .books
        .ask(move |connection| {
            let mut dues = guarantee::due(&looked, locale, &reader, connection)?;
            dues.extend(project::due(&looked, locale, &reader, connection)?);
            dues.extend(rank::due(&looked, locale, &reader, connection)?);
            dues.extend(supervise::due(&looked, locale, &reader, connection)?);
            dues.extend(burden::due(&looked, locale, &reader, connection)?);
            let missions = mission::waiting(&looked, connection, &reader)?;
            Ok::<_, Failure>((dues, river::today::due(&looked, connection, locale, &reader)?, missions))
        })
        .await?;
    let of_rivers = rivers.into_iter().map(|due| {
        let (title, href, tags) = (due.words, due.href, vec![due.tag]);
        (due.until, Due { href, title, note: String::new(), tags, on: words::day(locale, due.until) })
    });
    let others = dues.into_iter().map(|due| {
        let (href, title, note, tags) = (due.link.href, due.link.title, due.link.note, due.link.tags);
        (Some(due.on), Due { href, title, note, tags, on: locale.date(due.on) })
    });
    let of_missions = missions.into_iter().map(|waiting| {
        let sealed = (locale.say("mission-sealed"), "stop");
        let due = Due {
            href: format!("/missions/{}", waiting.id),
            title: locale.text("today-mission").with("place", waiting.place).to_string(),
            note: waiting.team,
            tags: if waiting.sealed { vec![sealed] } else { Vec::new() },
            on: locale.date(waiting.from),
        };
        (Some(waiting.from), due)
    });
    let mut all: Vec<_> = of_missions.chain(of_rivers).chain(others).collect();
    all.sort_by_key(|(on, _)| on.unwrap_or(Date::MAX));
    Ok(all.into_iter().take(ROWS).map(|(_, due)| due).collect())
}
