//! The duty list as rows (清单行): the same columns on screen, in Excel and in what is laid before the committee.

use crate::{locale::Locale, words};
use bihuan_rules::{
    duty::Wording,
    id::{RecordId, UnitId},
    office::{Office, UnitKind},
    ruleset::{DutyRule, Named},
};
use bihuan_store::Reference;
use std::collections::BTreeSet;

/// Keys of the headings, in order; the places of code and text are fixed by the rules.
pub(crate) const HEADINGS: [&str; 9] = [
    "duty-code",
    "duty-unit",
    "duty-text-short",
    "filter-field",
    "field-basis",
    "field-liability",
    "field-principle",
    "field-degree",
    "duty-validity",
];

/// A principle or degree by its code, in whichever procedure words it.
pub(crate) fn named(
    locale: Locale,
    reference: &Reference,
    of: fn(&DutyRule) -> &Vec<Named>,
    code: &str,
) -> String {
    let chosen = std::iter::once(reference.ruleset(""));
    let mut known = chosen.chain(reference.rulesets.values()).flat_map(|ruleset| of(&ruleset.duty));
    known.find(|named| named.code == code).map_or_else(
        || code.to_owned(),
        |named| if locale == Locale::En { named.en.clone() } else { named.zh.clone() },
    )
}

/// Principle and degree in one line.
pub(super) fn principle(locale: Locale, reference: &Reference, wording: &Wording) -> String {
    let principle = named(locale, reference, |rule| &rule.principles, &wording.principle);
    let degree = named(locale, reference, |rule| &rule.degrees, &wording.degree);
    [principle, degree].into_iter().filter(|words| !words.is_empty()).collect::<Vec<_>>().join(" · ")
}

/// Units and posts that hold a duty, in words.
pub(crate) fn holders(office: &Office, wording: &Wording) -> String {
    let units = wording.units.iter().map(|unit| words::unit(office, unit.as_str()));
    units.chain(wording.posts.iter().map(|post| words::post(office, post))).collect::<Vec<_>>().join("、")
}

/// The units that hold any of these duties: leadership, departments, towns, each by name.
pub(super) fn units_in_order<'w>(
    reference: &Reference,
    wordings: impl Iterator<Item = &'w Wording>,
) -> Vec<UnitId> {
    let office = &reference.office;
    let mut held = BTreeSet::new();
    for wording in wordings {
        held.extend(wording.units.iter().cloned());
        held.extend(wording.posts.iter().filter_map(|post| Some(office.posts.get(post)?.unit.clone())));
    }
    let mut units: Vec<UnitId> = held.into_iter().collect();
    units.sort_by_key(|id| (office.units.get(id).map_or(UnitKind::Enterprise, |unit| unit.kind), id.clone()));
    units
}

/// A row of the list.
pub(crate) fn cells(locale: Locale, reference: &Reference, id: &RecordId, wording: &Wording) -> Vec<String> {
    let until = wording.until.map(|until| locale.date(until)).unwrap_or_default();
    vec![
        id.to_string(),
        holders(&reference.office, wording),
        wording.text.clone(),
        super::field_words(locale, wording).join("、"),
        wording.basis.join("\n"),
        wording.liability.clone(),
        named(locale, reference, |rule| &rule.principles, &wording.principle),
        named(locale, reference, |rule| &rule.degrees, &wording.degree),
        format!("{}—{until}", locale.date(wording.from)),
    ]
}
