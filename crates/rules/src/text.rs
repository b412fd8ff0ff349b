//! Text that people typed (文字): trimmed, present where the rule demands it, and never endless.

use crate::refusal::Refusal;

/// Longest single line, in characters.
pub const LINE_CHARS_MAX: usize = 300;
/// Longest passage, in characters.
pub const PASSAGE_CHARS_MAX: usize = 20_000;

/// A line or passage that must not be empty.
pub(crate) fn required(field: &'static str, text: &str, chars_max: usize) -> Result<String, Refusal> {
    let text = optional(field, text, chars_max)?;
    if text.is_empty() { Err(Refusal::Missing { field }) } else { Ok(text) }
}

/// A line or passage that may be empty.
pub(crate) fn optional(field: &'static str, text: &str, chars_max: usize) -> Result<String, Refusal> {
    let text = text.trim();
    if text.chars().count() > chars_max {
        return Err(Refusal::TooLong { field, limit: chars_max });
    }
    Ok(text.to_owned())
}
