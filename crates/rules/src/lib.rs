//! The rules (规则): what may happen, to what, by whom, until when. Pure.
