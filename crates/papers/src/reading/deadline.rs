//! Deadlines in documents (整改时限): the words kept, the days from [`bihuan_rules::deadline`].

use super::{ReadOptions, draft::DraftDeadline};
use bihuan_rules::{calendar::Calendar, deadline};

/// What was read, and whether a person must look: nothing definite, or a year that the text leaves out.
#[derive(Clone)]
pub(super) struct Read {
    /// The deadline.
    pub(super) deadline: DraftDeadline,
    /// Why a person must look, in Chinese and English.
    pub(super) doubt: Option<(String, String)>,
}

/// Reads the deadline of a cell or label.
pub(super) fn read(text: &str, options: &ReadOptions) -> Read {
    let anchor = deadline::Anchor {
        received_on: options.received_on,
        issued_on: options.issued_on,
        calendar: Calendar::embedded(),
    };
    let text = text.trim();
    let found = deadline::read(text, &anchor);
    // A term whose start is not known yet is no day that anybody could be held to.
    let waits = found.term.is_some() && found.dates.is_empty();
    let doubt = (waits || found.unresolved || found.inferred_year || found.provisional)
        .then(|| (found.why_zh.clone(), found.why_en.clone()));
    Read {
        deadline: DraftDeadline {
            text: text.to_owned(),
            dates: found.dates.iter().map(|dated| dated.on).collect(),
            immediate: found.immediate,
            sustain: found.sustain,
        },
        doubt,
    }
}
