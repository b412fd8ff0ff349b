//! Ranking (考核排名): boards by published schemes, from outcomes on the ground only.
//!
//! A scheme is data; the books give a tally; from both follows a board whose statements add up to its scores. A published board is kept
//! as it was, can be objected to line by line, and is corrected by numbered revisions only.

mod act;
mod board;
mod consequence;
mod decide;
mod figures;
mod period;
mod points;
mod scheme;
mod tally;

pub use act::{Decided, Gate, ObjectedLine, Objection, Published, Ranking, RankingAct, Revision, Snapshot};
pub use board::{Board, Line, Ranked, Row, Says, Unrated, board};
pub use consequence::{Proposal, proposals};
pub use decide::{OBJECTIONS_MAX, RankingOrder, decide};
pub use figures::{FIGURES_MAX, FigureSet, Figures, FiguresAct, enter, figure_names};
pub use period::{Length, Period};
pub use points::Points;
pub use scheme::{
    Action, Anew, Better, Consequence, Event, Fact, Group, Indicator, Measure, Null, Population, Ratio,
    Scale, Scheme, SchemeFlaw, Ties, When, named, schemes,
};
pub use tally::{Counted, Happened, History, Measured, Open, Struck, Tally, tally, tally_so_far};
