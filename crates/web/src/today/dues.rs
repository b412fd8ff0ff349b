//! What the person owes beside the loop this week (本周应办): visits, milestones, answers.

use crate::{app::App, failure::Failure, guarantee, locale::Locale, project, session::Signed};

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
    let mut dues = app
        .books
        .ask(move |connection| {
            let mut dues = guarantee::due(&looked, locale, &reader, connection)?;
            dues.extend(project::due(&looked, locale, &reader, connection)?);
            Ok::<_, Failure>(dues)
        })
        .await?;
    dues.sort_by_key(|due| due.on);
    let due = |due: project::Due| Due {
        href: due.link.href,
        title: due.link.title,
        note: due.link.note,
        tags: due.link.tags,
        on: locale.date(due.on),
    };
    Ok(dues.into_iter().take(ROWS).map(due).collect())
}
