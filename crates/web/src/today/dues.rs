//! What the person owes beside the loop this week (本周应办): visits, milestones, answers.

use crate::{
    app::App, burden, failure::Failure, guarantee, locale::Locale, mission, project, rank, river,
    session::Signed, supervise, words,
};
use bihuan_store::Connection;
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
    /// The day is the last one; otherwise it is the day on which it came.
    pub is_term: bool,
    /// Nothing of it may be told outside.
    pub is_sealed: bool,
}

/// What every kind of record asks of the reader, the soonest first, as much as the page has room for.
pub async fn owed(app: &App, locale: Locale, signed: &Signed) -> Result<Vec<Due>, Failure> {
    let (looked, reader) = (app.clone(), signed.clone());
    let mut all = app.books.ask(move |connection| all(&looked, locale, &reader, connection)).await?;
    all.sort_by_key(|each| each.0.unwrap_or(Date::MAX));
    Ok(all.into_iter().take(ROWS).map(|(_, due)| due).collect())
}

/// What every kind of record asks of the reader, with its day; what is sealed says so in its tags.
pub fn all(
    app: &App,
    locale: Locale,
    signed: &Signed,
    connection: &mut Connection,
) -> Result<Vec<(Option<Date>, Due)>, Failure> {
    let mut dues = guarantee::due(app, locale, signed, connection)?;
    dues.extend(project::due(app, locale, signed, connection)?);
    dues.extend(rank::due(app, locale, signed, connection)?);
    dues.extend(supervise::due(app, locale, signed, connection)?);
    dues.extend(burden::due(app, locale, signed, connection)?);
    let missions = mission::waiting(app, connection, signed)?;
    let of_missions = missions.into_iter().map(|waiting| {
        let sealed = (locale.say("mission-sealed"), "stop");
        let due = Due {
            href: format!("/missions/{}", waiting.id),
            title: locale.text("today-mission").with("place", waiting.place).to_string(),
            note: waiting.team,
            tags: if waiting.sealed { vec![sealed] } else { Vec::new() },
            on: locale.date(waiting.from),
            is_term: false,
            is_sealed: true,
        };
        (Some(waiting.from), due)
    });
    let rivers = river::today::due(app, connection, locale, signed)?;
    let of_rivers = rivers.into_iter().map(|due| {
        let (title, href, tags) = (due.words, due.href, vec![due.tag]);
        let on = words::day(locale, due.until);
        (due.until, Due { href, title, note: String::new(), tags, on, is_term: true, is_sealed: false })
    });
    let others = dues.into_iter().map(|due| {
        let (href, title, note, tags) = (due.link.href, due.link.title, due.link.note, due.link.tags);
        let (on, is_term) = (locale.date(due.on), due.is_term);
        (Some(due.on), Due { href, title, note, tags, on, is_term, is_sealed: false })
    });
    Ok(of_missions.chain(of_rivers).chain(others).collect())
}
