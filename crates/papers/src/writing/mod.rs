//! Writing (成文): values into the papers that offices send and file: workbooks, official papers and dossiers.
//!
//! Everything here is a function of its values: the day of making is passed in, so the same values give the same bytes.
//! What is written can be read back by this crate.

pub mod archive;
mod choices;
pub mod csv;
pub mod dossier;
pub mod draw_sheet;
mod error;
mod index_page;
mod layout;
pub mod ledger_template;
mod name;
pub mod official;
mod ooxml;
pub mod round_trip;
pub mod sheet;
pub mod table;

pub use dossier::{Dossier, Entry};
pub use draw_sheet::DrawSheet;
pub use error::WriteError;
pub use ledger_template::ledger_template;
pub use official::OfficialPaper;
pub use round_trip::{CHECK_TITLES, OwnRow, own_layout, own_layout_of};
pub use sheet::{Sheet, Workbook};

use jiff::civil::Date;

/// The language of the fixed words of a paper.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Language {
    /// Chinese, the language of the file.
    #[default]
    Chinese,
    /// English.
    English,
}

impl Language {
    /// The word in this language.
    fn pick(self, zh: &'static str, en: &'static str) -> &'static str {
        match self {
            Self::Chinese => zh,
            Self::English => en,
        }
    }

    /// A day as papers write it, such as `2021年6月30日`.
    #[must_use]
    pub fn day(self, date: Date) -> String {
        let (year, month, day) = (date.year(), date.month(), date.day());
        match self {
            Self::Chinese => format!("{year}年{month}月{day}日"),
            Self::English => date.strftime("%-d %B %Y").to_string(),
        }
    }
}

/// Text as a paper can hold it: line ends as `\n`, without characters that XML forbids.
fn clean(text: &str) -> String {
    let text = text.replace("\r\n", "\n");
    text.chars()
        .filter_map(|sign| match sign {
            '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => Some('\n'),
            '\n' | '\t' => Some(sign),
            '\u{fffe}' | '\u{ffff}' => None,
            sign if sign.is_control() => None,
            sign => Some(sign),
        })
        .collect()
}

/// Width of a line in halves of a Chinese character.
fn width(line: &str) -> usize {
    line.chars().map(|sign| if sign < '\u{2e80}' { 1 } else { 2 }).sum()
}
