//! What a form about the office orders: the acts, with codes for what is new.

use super::edit::Deed;
use crate::filled::{FieldError, Filled};
use bihuan_rules::{
    Subject,
    id::{PersonId, PostId, UnitId},
    office::{Charge, Former, Level, Line, Office, OfficeAct, Person, Post, Role, Unit, UnitKind},
};
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};

/// What an act is about.
pub(super) fn subject(act: &OfficeAct) -> Subject {
    match act {
        OfficeAct::UnitSet(unit) => Subject::Unit(unit.id.clone()),
        OfficeAct::UnitClosed { id, .. } => Subject::Unit(id.clone()),
        OfficeAct::PostSet(post) => Subject::Post(post.id.clone()),
        OfficeAct::PersonSet(person) => Subject::Person(person.id.clone()),
        OfficeAct::PostTaken { post, .. }
        | OfficeAct::PostLeft { post, .. }
        | OfficeAct::PostCharged(Charge { post, .. }) => Subject::Post(post.clone()),
    }
}

/// The next code nobody has: short, so that it can be read out on the telephone.
fn next_code<T: Ord + TryFrom<String>, V>(prefix: &str, taken: &BTreeMap<T, V>) -> Option<T> {
    (taken.len() + 1..)
        .take(taken.len() + 1)
        .filter_map(|number| T::try_from(format!("{prefix}-{number}")).ok())
        .find(|code| !taken.contains_key(code))
}

/// The acts that a filled form orders.
pub(super) fn acts(
    deed: &Deed,
    filled: &Filled,
    office: &Office,
    today: Date,
) -> Result<Vec<OfficeAct>, Vec<FieldError>> {
    let wrong = |error: FieldError| vec![error];
    let no_code = || vec![FieldError::at("", "form-not-a-code")];
    Ok(match deed {
        Deed::NewUnit => {
            let id = next_code("u", &office.units).ok_or_else(no_code)?;
            vec![OfficeAct::UnitSet(unit(id, filled, Vec::new())?)]
        }
        Deed::ChangeUnit(id) => {
            let given_up = office.units.get(id).map_or("", |known| known.name.as_str());
            vec![OfficeAct::UnitSet(unit(id.clone(), filled, given_up_on(given_up, filled, today)?)?)]
        }
        Deed::Rename(id) => {
            let known = office.persons.get(id).ok_or_else(no_code)?;
            let name = filled.text("name").to_owned();
            if name == known.name {
                return Err(vec![FieldError::at("name", "office-same-name")]);
            }
            let formerly = given_up_on(&known.name, filled, today)?;
            vec![OfficeAct::PersonSet(Person { id: id.clone(), name, formerly })]
        }
        Deed::CloseUnit(id) => {
            let on = filled.date_needed("closed_on", today).map_err(wrong)?;
            vec![OfficeAct::UnitClosed { id: id.clone(), on }]
        }
        Deed::NewPost(unit) => {
            let id = next_code("post", &office.posts).ok_or_else(no_code)?;
            vec![OfficeAct::PostSet(post(id, unit.clone(), filled))]
        }
        Deed::ChangePost(id) => {
            let known = office.posts.get(id).ok_or_else(no_code)?;
            vec![OfficeAct::PostSet(post(id.clone(), known.unit.clone(), filled))]
        }
        Deed::Appoint(post) => appointed(post, filled, office, today)?,
        Deed::Charge(post) => vec![OfficeAct::PostCharged(Charge {
            post: post.clone(),
            from: filled.date_needed("charged_from", today).map_err(wrong)?,
            heads: Line::ALL.into_iter().find(|line| line.name() == filled.text("heads")),
            fields: filled.texts("fields").into_iter().collect(),
        })],
        Deed::Relieve(post) => vec![OfficeAct::PostLeft {
            post: post.clone(),
            person: filled.id_needed("person").map_err(wrong)?,
            until: filled.date_needed("left_on", today).map_err(wrong)?,
        }],
    })
}

/// The name given up, up to the day before the new one holds; no day is today.
fn given_up_on(name: &str, filled: &Filled, today: Date) -> Result<Vec<Former>, Vec<FieldError>> {
    let since = filled.date("since", today).map_err(|error| vec![error])?.unwrap_or(today);
    let until = since.yesterday().map_err(|_| vec![FieldError::at("since", "form-not-a-date")])?;
    Ok(vec![Former { name: name.to_owned(), until }])
}

fn unit(id: UnitId, filled: &Filled, formerly: Vec<Former>) -> Result<Unit, Vec<FieldError>> {
    let kind = filled.one_of("unit_kind", UnitKind::ALL, UnitKind::name);
    let level = filled.one_of("level", Level::ALL, Level::name);
    let parent = filled.id("parent");
    match (kind, level, parent) {
        (Ok(kind), Ok(level), Ok(parent)) => Ok(Unit {
            id,
            name: filled.text("name").to_owned(),
            formerly,
            aliases: filled.lines("aliases"),
            parent,
            kind,
            level,
            closed_on: None,
        }),
        (kind, level, parent) => Err([kind.err(), level.err(), parent.err()].into_iter().flatten().collect()),
    }
}

fn post(id: PostId, unit: UnitId, filled: &Filled) -> Post {
    let chosen = filled.texts("roles");
    let roles: BTreeSet<Role> =
        Role::ALL.into_iter().filter(|role| chosen.iter().any(|name| name == role.name())).collect();
    Post { id, unit, title: filled.text("title").to_owned(), roles }
}

/// Somebody known, or somebody new by name.
fn appointed(
    post: &PostId,
    filled: &Filled,
    office: &Office,
    today: Date,
) -> Result<Vec<OfficeAct>, Vec<FieldError>> {
    let from = filled.date_needed("taken_on", today).map_err(|error| vec![error])?;
    let known: Option<PersonId> = filled.id("person").map_err(|error| vec![error])?;
    let new = filled.text("new_person");
    let taken = |person| OfficeAct::PostTaken { post: post.clone(), person, from };
    match known {
        Some(_) if !new.is_empty() => Err(vec![FieldError::at("new_person", "office-one-of-both")]),
        Some(person) => Ok(vec![taken(person)]),
        None if new.is_empty() => Err(vec![FieldError::at("person", "form-missing")]),
        None => {
            let id: PersonId = next_code("p", &office.persons)
                .ok_or_else(|| vec![FieldError::at("new_person", "form-not-a-code")])?;
            let person = Person { id: id.clone(), name: new.to_owned(), formerly: Vec::new() };
            Ok(vec![OfficeAct::PersonSet(person), taken(id)])
        }
    }
}
