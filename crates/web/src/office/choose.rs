//! Menus of units and posts (选择单位与岗位) for forms.

use crate::app::App;
use bihuan_rules::office::{Role, Unit, UnitKind};

/// Open units that fit, by name: code and words.
pub(crate) fn units(app: &App, wanted: impl Fn(UnitKind) -> bool) -> Vec<(String, String)> {
    let reference = app.reference();
    let open = reference.office.units.values().filter(|unit| unit.closed_on.is_none());
    let mut units: Vec<_> =
        open.filter(|unit| wanted(unit.kind)).map(|unit| (unit.id.to_string(), unit.name.clone())).collect();
    units.sort_by(|a, b| a.1.cmp(&b.1));
    units
}

/// Posts of open units that fit, leadership first, then departments, then the others: code and words with the holder.
pub(crate) fn posts(app: &App, wanted: impl Fn(&Unit) -> bool) -> Vec<(String, String)> {
    let (reference, today) = (app.reference(), app.today());
    let office = &reference.office;
    let mut posts: Vec<_> = office
        .posts
        .values()
        .filter_map(|post| Some((office.units.get(&post.unit)?, post)))
        .filter(|(unit, post)| unit.closed_on.is_none() && !post.roles.contains(&Role::Administrator))
        .filter(|(unit, _)| wanted(unit))
        .map(|(unit, post)| {
            let order = (unit.kind != UnitKind::Leadership, unit.kind != UnitKind::Department);
            let holders: Vec<_> =
                office.holders_on(&post.id, today).map(|person| person.name.clone()).collect();
            let words = format!("{} {} {}", unit.name, post.title, holders.join("、"));
            (order, unit.name.clone(), post.id.to_string(), words.trim().to_owned())
        })
        .collect();
    posts.sort();
    posts.into_iter().map(|(_, _, id, words)| (id, words)).collect()
}
