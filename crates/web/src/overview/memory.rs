//! What boards remember (看板缓存): ends of months, which cannot change, and the district as it stands at one entry of the ledger.

use super::{books::Said, show::Seen};
use jiff::civil::Date;
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

/// What the boards of a site remember.
#[derive(Default)]
pub struct Boards {
    month_ends: Mutex<BTreeMap<Date, Option<Said>>>,
    district: Mutex<Option<(u64, Arc<Seen>)>>,
}

impl Boards {
    /// What the books said at the end of a month that is over; `Some(None)` when they had not begun.
    pub(super) fn month_end(&self, end: Date) -> Option<Option<Said>> {
        self.month_ends.lock().unwrap_or_else(PoisonError::into_inner).get(&end).copied()
    }

    pub(super) fn keep_month_end(&self, end: Date, said: Option<Said>) {
        self.month_ends.lock().unwrap_or_else(PoisonError::into_inner).insert(end, said);
    }

    /// The district on a day after so many entries.
    pub(super) fn district(&self, size: u64, today: Date) -> Option<Arc<Seen>> {
        let held = self.district.lock().unwrap_or_else(PoisonError::into_inner);
        let (_, seen) = held.as_ref().filter(|(known, seen)| *known == size && seen.today == today)?;
        Some(Arc::clone(seen))
    }

    pub(super) fn keep_district(&self, size: u64, seen: &Arc<Seen>) {
        *self.district.lock().unwrap_or_else(PoisonError::into_inner) = Some((size, Arc::clone(seen)));
    }
}
