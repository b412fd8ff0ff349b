//! How the list looks (显示设置): columns and height of the rows. Both lie in the address, so a saved view keeps them.

use super::list;
use crate::{filled::Filled, locale::Locale};

/// What of an address changes the look and not the rows.
pub const NAMES: [&str; 3] = ["sort", "rows", "cols"];
/// Heights of a row: as an address names them.
const HEIGHTS: [&str; 3] = ["compact", "standard", "loose"];
/// Columns that can be shown or left out; the number, the title and the state always stay.
const COLUMNS: [&str; 7] = ["flag", "due", "lead", "level", "step", "area", "field"];
/// Columns shown when nobody chose.
const COLUMNS_FIRST: [&str; 4] = ["flag", "due", "lead", "level"];

/// How the list looks: columns and height of the rows, each with the links that change it.
pub struct Look {
    /// Class of the table.
    pub height: &'static str,
    /// Address, words, is chosen.
    pub heights: Vec<(String, String, bool)>,
    /// Name, words, is shown.
    pub columns: Vec<(&'static str, String, bool)>,
    /// What else the address asks for.
    pub rest: Vec<(&'static str, String)>,
}

impl Look {
    /// What the address asks for.
    pub fn of(locale: Locale, asked: &Filled) -> Look {
        let height = HEIGHTS.into_iter().find(|height| *height == asked.text("rows")).unwrap_or("standard");
        let wanted: Vec<String> = asked
            .texts("cols")
            .iter()
            .flat_map(|text| text.split(',').map(str::to_owned).collect::<Vec<_>>())
            .collect();
        let shows = |column: &&str| match asked.has("cols") {
            true => wanted.iter().any(|wanted| wanted == column),
            false => COLUMNS_FIRST.contains(column),
        };
        let rest = list::query_without(asked, &["rows"]);
        Look {
            height,
            heights: HEIGHTS
                .into_iter()
                .map(|each| {
                    let words = locale.say(&format!("rows-{each}"));
                    (format!("/tasks?{rest}&rows={each}"), words, each == height)
                })
                .collect(),
            columns: COLUMNS
                .into_iter()
                .map(|column| (column, locale.say(&format!("list-column-{column}")), shows(&column)))
                .collect(),
            rest: list::NAMES
                .into_iter()
                .filter(|name| *name != "cols" && asked.has(name))
                .map(|name| (name, asked.text(name).to_owned()))
                .collect(),
        }
    }

    /// Whether a column is shown.
    pub fn shows(&self, column: &str) -> bool {
        self.columns.iter().any(|(name, _, shown)| *name == column && *shown)
    }
}
