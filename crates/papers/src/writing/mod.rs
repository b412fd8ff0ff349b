//! Writing (成文): values into the papers that offices send and file: workbooks, letters, forms and dossiers.
//!
//! Everything here is a function of its values: the day of making is passed in, so the same values give the same bytes.
//! What is written can be read back by this crate.

pub mod csv;
mod error;
mod layout;
pub mod round_trip;
pub mod sheet;

pub use error::WriteError;
pub use round_trip::{OwnRow, own_layout, own_layout_of};
pub use sheet::{Sheet, Workbook};

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
