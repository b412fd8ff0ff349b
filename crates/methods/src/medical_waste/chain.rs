//! The chain (交接链): every container from its first storage to disposal, small ones inside large ones (小箱进大箱).

use super::{
    Terms,
    balance::weighed,
    clock::{Clock, clock},
};
use crate::moment::Moment;
use serde::Serialize;
use std::collections::HashMap;

/// Whose hands it is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Party {
    /// A clinic or hospital, by its number; the clock runs.
    Institution(u32),
    /// A carrier; the clock of storage stands.
    Carrier(u32),
    /// A disposer; a clock of its own runs.
    Disposer(u32),
}

/// A hand-over with both weighings and both signers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct HandOver {
    /// Who gives.
    pub from: Party,
    /// Who takes.
    pub to: Party,
    /// What the giver weighed, in grams.
    pub sent_g: i64,
    /// What the taker weighed, in grams.
    pub received_g: i64,
    /// Bags and boxes that the giver counted.
    pub sent_pieces: u32,
    /// Bags and boxes that the taker counted.
    pub received_pieces: u32,
    /// Who signed for the giver; two different people sign.
    pub giver: Option<u32>,
    /// Who signed for the taker.
    pub taker: Option<u32>,
}

/// What was done with a container.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Act {
    /// First put into store.
    Stored {
        /// Where.
        by: Party,
        /// In grams.
        weight_g: i64,
    },
    /// Put into a larger container, which is there from its first content on.
    Packed {
        /// The larger one.
        into: u32,
    },
    /// Handed over.
    HandedOver(HandOver),
    /// Burned or sterilised.
    Disposed {
        /// In grams.
        weight_g: i64,
    },
}

/// An act with its container and time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Event {
    /// The container.
    pub container: u32,
    /// When.
    pub at: Moment,
    /// What.
    pub act: Act,
}

/// What is wrong with an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// Nobody stored the container before.
    Unknown,
    /// It was stored before.
    StoredTwice,
    /// It lies in a larger one, or was disposed of.
    Gone,
    /// A container put into itself, or into one that is gone or in other hands.
    Misplaced,
    /// Earlier than the event before.
    Backwards,
    /// Whoever gives does not have it.
    NotHolder,
    /// One of the two signers is missing.
    Unsigned,
    /// One person signed for both.
    SameSigner,
    /// Weights differ by more than is allowed.
    Weight {
        /// Received less sent, in grams.
        difference_g: i64,
    },
    /// The giver's weight is not what the container held.
    Content {
        /// Weighed less held, in grams.
        difference_g: i64,
    },
    /// The numbers of bags and boxes differ.
    Pieces,
    /// A weight below zero.
    Negative,
    /// It lay longer than 48 hours before the carrier had it.
    Overdue {
        /// From its first storage.
        minutes: i64,
    },
    /// It lay too long at the disposer.
    DisposedLate {
        /// From its arrival.
        minutes: i64,
    },
}

/// A finding at an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Number of the event in the list.
    pub event: usize,
    /// What is wrong.
    pub what: What,
}

/// Where all the grams went: stored = disposed + held + missing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Mass {
    /// First storage.
    pub stored_g: i64,
    /// Burned or sterilised.
    pub disposed_g: i64,
    /// Still in somebody's hands.
    pub held_g: i64,
    /// Lost between weighings; negative when more arrived than was sent.
    pub missing_g: i64,
}

/// A container that is not disposed of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Open {
    /// The container.
    pub container: u32,
    /// In whose hands.
    pub holder: Party,
    /// In grams.
    pub weight_g: i64,
    /// First storage of the oldest thing in it.
    pub first_stored_at: Moment,
    /// What its clock shows; `None` on the way and at the disposer.
    pub clock: Option<Clock>,
}

/// What a chain came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Chain {
    /// What is wrong, in the order of events.
    pub findings: Vec<Finding>,
    /// The balance.
    pub mass: Mass,
    /// What is still open, by its number.
    pub open: Vec<Open>,
}

#[derive(Debug, Clone, Copy)]
struct State {
    holder: Party,
    weight_g: i64,
    first_stored_at: Moment,
    last_at: Moment,
    arrived_at: Option<Moment>,
    is_gone: bool,
}

/// Follows all events in their order; `until` is the moment at which open clocks are read.
///
/// An event that cannot be (unknown, gone, misplaced, twice) changes nothing; one that is only wrong (weight, signer, time) counts and
/// is named. The clock of a larger container is that of the oldest thing in it.
#[must_use]
pub fn check_chain(events: &[Event], until: Moment, terms: &Terms) -> Chain {
    let mut check = Check { terms, states: HashMap::new(), findings: Vec::new(), mass: Mass::default() };
    for (number, event) in events.iter().enumerate() {
        check.take(number, event);
    }
    let open = |(container, state): (&u32, &State)| Open {
        container: *container,
        holder: state.holder,
        weight_g: state.weight_g,
        first_stored_at: state.first_stored_at,
        clock: matches!(state.holder, Party::Institution(_))
            .then(|| clock(state.first_stored_at, until, terms)),
    };
    let mut open: Vec<Open> = check.states.iter().filter(|(_, state)| !state.is_gone).map(open).collect();
    open.sort_unstable_by_key(|open| open.container);
    check.mass.held_g = open.iter().map(|open| open.weight_g).sum();
    Chain { findings: check.findings, mass: check.mass, open }
}

struct Check<'t> {
    terms: &'t Terms,
    states: HashMap<u32, State>,
    findings: Vec<Finding>,
    mass: Mass,
}

impl Check<'_> {
    fn find(&mut self, event: usize, what: What) {
        self.findings.push(Finding { event, what });
    }

    fn take(&mut self, number: usize, event: &Event) {
        if let Act::Stored { by, weight_g } = event.act {
            return self.store(number, event, by, weight_g);
        }
        let Some(mut state) = self.states.get(&event.container).copied() else {
            return self.find(number, What::Unknown);
        };
        if state.is_gone {
            return self.find(number, What::Gone);
        }
        if event.at < state.last_at {
            self.find(number, What::Backwards);
        }
        match event.act {
            Act::Packed { into } => {
                if !self.pack(event, &state, into) {
                    return self.find(number, What::Misplaced);
                }
                state.is_gone = true;
                state.weight_g = 0;
            }
            Act::HandedOver(hand_over) => self.hand_over(number, event.at, &mut state, &hand_over),
            Act::Disposed { weight_g } => self.dispose(number, event.at, &mut state, weight_g),
            Act::Stored { .. } => {}
        }
        state.last_at = state.last_at.max(event.at);
        self.states.insert(event.container, state);
    }

    fn store(&mut self, number: usize, event: &Event, holder: Party, weight_g: i64) {
        if weight_g < 0 {
            return self.find(number, What::Negative);
        }
        if self.states.contains_key(&event.container) {
            return self.find(number, What::StoredTwice);
        }
        self.mass.stored_g += weight_g;
        let (at, arrived_at) = (event.at, None);
        let state = State { holder, weight_g, first_stored_at: at, last_at: at, arrived_at, is_gone: false };
        self.states.insert(event.container, state);
    }

    fn pack(&mut self, event: &Event, small: &State, into: u32) -> bool {
        let empty = State { weight_g: 0, ..*small };
        let large = *self.states.get(&into).unwrap_or(&empty);
        let fits = into != event.container && !large.is_gone && large.holder == small.holder;
        if fits {
            let packed = State {
                weight_g: large.weight_g + small.weight_g,
                first_stored_at: large.first_stored_at.min(small.first_stored_at),
                last_at: large.last_at.max(event.at),
                ..large
            };
            self.states.insert(into, packed);
        }
        fits
    }

    fn hand_over(&mut self, number: usize, at: Moment, state: &mut State, hand_over: &HandOver) {
        let HandOver { from, to, sent_g, received_g, .. } = *hand_over;
        if sent_g < 0 || received_g < 0 {
            return self.find(number, What::Negative);
        }
        if from != state.holder {
            self.find(number, What::NotHolder);
        }
        match (hand_over.giver, hand_over.taker) {
            (Some(giver), Some(taker)) if giver == taker => self.find(number, What::SameSigner),
            (Some(_), Some(_)) => {}
            _ => self.find(number, What::Unsigned),
        }
        let content = weighed(state.weight_g, sent_g, self.terms);
        if content.is_over {
            self.find(number, What::Content { difference_g: content.difference_g });
        }
        let weight = weighed(sent_g, received_g, self.terms);
        if weight.is_over {
            self.find(number, What::Weight { difference_g: weight.difference_g });
        }
        if hand_over.sent_pieces != hand_over.received_pieces {
            self.find(number, What::Pieces);
        }
        let leaves = matches!(state.holder, Party::Institution(_)) && !matches!(to, Party::Institution(_));
        if leaves && clock(state.first_stored_at, at, self.terms) == Clock::Overdue {
            self.find(number, What::Overdue { minutes: at.0 - state.first_stored_at.0 });
        }
        if matches!(to, Party::Disposer(_)) {
            state.arrived_at = state.arrived_at.or(Some(at));
        }
        self.mass.missing_g += state.weight_g - received_g;
        (state.holder, state.weight_g) = (to, received_g);
    }

    fn dispose(&mut self, number: usize, at: Moment, state: &mut State, weight_g: i64) {
        if weight_g < 0 {
            return self.find(number, What::Negative);
        }
        if !matches!(state.holder, Party::Disposer(_)) {
            self.find(number, What::NotHolder);
        }
        let weight = weighed(state.weight_g, weight_g, self.terms);
        if weight.is_over {
            self.find(number, What::Weight { difference_g: weight.difference_g });
        }
        let lay = state.arrived_at.map_or(0, |arrived| at.0 - arrived.0);
        if lay > i64::from(self.terms.disposal_minutes) {
            self.find(number, What::DisposedLate { minutes: lay });
        }
        self.mass.missing_g += state.weight_g - weight_g;
        self.mass.disposed_g += weight_g;
        (state.weight_g, state.is_gone) = (0, true);
    }
}
