//! A ranking scheme of the district's own: the last period that is over by it, beside the one it is taken from.

use super::Trial;
use crate::{app::App, failure::Failure, locale::Locale, rank::make};
use bihuan_rules::{
    access::Room,
    act::SettingAct,
    adopted::Texts,
    ranking::{Period, Row, Scheme, SchemeFlaw, Snapshot},
};
use bihuan_store::{Connection, Reference};
use std::collections::BTreeSet;

/// Schemes.
pub(super) struct Own;

/// Place and score, as a table shows them.
fn place(row: Option<&Row>) -> String {
    let Some(row) = row else { return String::new() };
    let rank = row.rank.map_or_else(|| "–".to_owned(), |rank| rank.to_string());
    format!("{rank} · {}", row.score)
}

impl super::Own for Own {
    type Text = Scheme;
    const HOME: &'static str = "rank";
    const ROOM: Room = Room::Rank;

    fn texts(reference: &Reference) -> &Texts<Scheme> {
        &reference.schemes
    }

    fn title(locale: Locale, text: &Scheme) -> String {
        if locale == Locale::En { text.title_en.clone() } else { text.title_zh.clone() }
    }

    fn flaw(locale: Locale, flaw: &SchemeFlaw) -> String {
        let named =
            |key: &str, name: &str| locale.text(format!("own-flaw-{key}")).with("name", name).to_string();
        let of = |key: &str, at: &str, name: &str| {
            locale.text(format!("own-flaw-{key}")).with("at", at).with("name", name).to_string()
        };
        match flaw {
            SchemeFlaw::Unreadable(detail) => {
                locale.text("own-flaw-unreadable").with("detail", detail.as_str()).to_string()
            }
            SchemeFlaw::UnknownKey { key, .. } => named("key", key),
            SchemeFlaw::Empty(_) => locale.say("own-flaw-empty"),
            SchemeFlaw::Never { consequence, .. } => named("never", consequence),
            SchemeFlaw::UnknownName { consequence, name, .. } => of("name", consequence, name),
            SchemeFlaw::Twice { name, .. } => named("twice", name),
            SchemeFlaw::Cap { fact, .. } => named("cap", fact),
            SchemeFlaw::NoMean { indicator, .. } => named("mean", indicator),
            SchemeFlaw::Flat { indicator, .. } => named("flat", indicator),
        }
    }

    fn adopted(toml: String, ground: String) -> SettingAct {
        SettingAct::SchemeAdopted { toml, ground }
    }

    fn chosen(name: String, ground: String) -> SettingAct {
        SettingAct::SchemeChosen { name, ground }
    }

    async fn tried(app: &App, locale: Locale, own: Scheme, base: Scheme) -> Result<Trial, Failure> {
        let (reference, today) = (app.reference(), app.today());
        let period = Period::holding(own.period, today).before();
        let is_alike = base.period == own.period && base.population == own.population;
        let look = move |connection: &mut Connection| {
            let nothing = BTreeSet::new();
            let after = make::make(connection, &reference, &own, period, today, &nothing)?.snapshot;
            let before = is_alike.then(|| make::make(connection, &reference, &base, period, today, &nothing));
            Ok::<_, Failure>((before.transpose()?.map(|made| made.snapshot), after))
        };
        let (before, after): (Option<Snapshot>, Snapshot) = app.books.ask(look).await?;
        let name = |row: &Row| after.names.get(&row.unit).cloned().unwrap_or_else(|| row.unit.to_string());
        let rows = after.board.rows().map(|row| {
            let earlier = before.as_ref().and_then(|before| before.board.row(&row.unit));
            vec![name(row), place(earlier), place(Some(row))]
        });
        let moved = after.board.rows().filter(|row| {
            let earlier = before.as_ref().and_then(|before| before.board.row(&row.unit));
            earlier.is_some_and(|earlier| earlier.rank != row.rank)
        });
        let text = locale.text("own-try-scheme").with("period", period.to_string());
        Ok(Trial {
            finding: text.with("count", moved.count()).with("proposals", after.proposals.len()).to_string(),
            headings: ["field-unit", "own-before", "own-after"].map(|key| locale.say(key)).to_vec(),
            rows: rows.collect(),
        })
    }
}
