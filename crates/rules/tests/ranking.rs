//! Ranking: the shipped schemes recomputed by hand, boards that add up, counts through the real acts, and who may do what to a
//! published board.

use bihuan_rules::ranking::{Scheme, named, schemes};
use std::collections::BTreeSet;

#[test]
fn every_shipped_scheme_is_its_own_and_says_where_it_comes_from() {
    let names: BTreeSet<&str> = schemes().iter().map(|scheme| scheme.name.as_str()).collect();
    assert_eq!(names.len(), schemes().len());
    let titles: BTreeSet<&str> = schemes().iter().map(|scheme| scheme.title_zh.as_str()).collect();
    assert_eq!(titles.len(), schemes().len());
    for scheme in schemes() {
        assert!(!scheme.sources.is_empty() && scheme.sources.iter().all(|source| !source.is_empty()));
        assert!(scheme.valid_until.is_none_or(|until| until > scheme.valid_from), "{}", scheme.name);
        assert_eq!(named(&scheme.name), Some(scheme));
        let written = toml::to_string(scheme).expect("a scheme can be written");
        assert_eq!(Scheme::read(&written).as_ref(), Ok(scheme), "{}", scheme.name);
    }
}
