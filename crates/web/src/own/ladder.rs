//! A ladder of the district's own: tried on the past year, beside the one it is taken from.

use super::Trial;
use crate::{app::App, failure::Failure, locale::Locale, supervise::trial, words};
use bihuan_rules::{
    access::Room,
    act::SettingAct,
    adopted::Texts,
    ladder::{Ladder, LadderFlaw},
};
use bihuan_store::Reference;
use std::collections::BTreeMap;

/// Ladders.
pub(super) struct Own;

impl super::Own for Own {
    type Text = Ladder;
    const HOME: &'static str = "supervise";
    const ROOM: Room = Room::Supervise;

    fn texts(reference: &Reference) -> &Texts<Ladder> {
        &reference.ladders
    }

    fn title(locale: Locale, text: &Ladder) -> String {
        if locale == Locale::En { text.title_en.clone() } else { text.title_zh.clone() }
    }

    fn flaw(locale: Locale, flaw: &LadderFlaw) -> String {
        match flaw {
            LadderFlaw::Unreadable(detail) => {
                locale.text("own-flaw-unreadable").with("detail", detail.as_str()).to_string()
            }
            LadderFlaw::Unconditional { step, .. } => {
                locale.text("own-flaw-unconditional").with("name", step.as_str()).to_string()
            }
            LadderFlaw::Twice { step, .. } => {
                locale.text("own-flaw-twice").with("name", step.as_str()).to_string()
            }
        }
    }

    fn adopted(toml: String, ground: String) -> SettingAct {
        SettingAct::LadderAdopted { toml, ground }
    }

    fn chosen(name: String, ground: String) -> SettingAct {
        SettingAct::LadderChosen { name, ground }
    }

    async fn tried(app: &App, locale: Locale, own: Ladder, base: Ladder) -> Result<Trial, Failure> {
        let (found, before) = (trial::proposed(app, own).await?, trial::proposed(app, base).await?);
        let mut units: BTreeMap<String, (usize, usize)> = BTreeMap::new();
        let office = &app.reference().office;
        for (_, proposal) in &before {
            units.entry(words::unit(office, proposal.unit.as_str())).or_default().0 += 1;
        }
        for (_, proposal) in &found {
            units.entry(words::unit(office, proposal.unit.as_str())).or_default().1 += 1;
        }
        let mut rows: Vec<_> = units.into_iter().collect();
        rows.sort_by_key(|(_, (_, after))| std::cmp::Reverse(*after));
        let affected = rows.iter().filter(|(_, (_, after))| *after > 0).count();
        let text = locale.text("case-try-finding").with("count", found.len()).with("units", affected);
        Ok(Trial {
            finding: text.to_string(),
            headings: ["field-unit", "own-before", "own-after"].map(|key| locale.say(key)).to_vec(),
            rows: rows
                .into_iter()
                .map(|(unit, (before, after))| vec![unit, before.to_string(), after.to_string()])
                .collect(),
        })
    }
}
