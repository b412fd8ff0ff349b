//! Working-day calendar (工作日历).
