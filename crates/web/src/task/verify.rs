//! The form of verifying (核查): who looked, how, when, what was seen, measure by measure.

use super::{
    claim,
    spec::{Ask, Choice, Desk, Read, Reading, Spec},
};
use crate::filled::{FieldError, Filled};
use bihuan_rules::{
    id::{PersonId, PostId},
    office::Role,
    ruleset::Conclusion,
    task::{Method, Order, Verify},
};

pub fn ask(desk: &Desk<'_>) -> Vec<Spec> {
    let rule = &desk.ruleset.verify;
    let methods = vec![
        ("on_site".to_owned(), desk.locale.say("method-on-site")),
        ("on_paper".to_owned(), desk.locale.say("method-on-paper")),
    ];
    let mut specs = vec![
        Spec::needed("method", Ask::Radio(methods)).with("on_site"),
        Spec::needed("checked_on", Ask::Date).with(desk.today.to_string()),
        Spec::needed("checkers", Ask::Checks(companions(desk))),
    ];
    if !desk.measures().is_empty() {
        specs.push(Spec::optional("results", Ask::Each(desk.measures())));
    }
    if !rule.standards.is_empty() {
        let standards = (1..).zip(&rule.standards).map(|(n, standard)| {
            let words = if desk.locale.tag() == "en" { &standard.en } else { &standard.zh };
            (n.to_string(), format!("{n}. {words}"))
        });
        specs.push(Spec::optional("standards", Ask::Checks(standards.collect())));
    }
    let conclusions = desk.words("conclusion", rule.conclusions.iter().map(|conclusion| conclusion.name()));
    specs.push(Spec::needed("conclusion", Ask::Radio(conclusions)));
    specs.push(Spec::needed("opinion", Ask::Passage));
    specs
}

/// Persons who may look beside the one who records: verifiers and inspectors, none of the units that did the work.
fn companions(desk: &Desk<'_>) -> Vec<Choice> {
    let office = &desk.reference.office;
    let worked = |unit| desk.task.parties.as_ref().is_some_and(|p| &p.lead == unit || p.co.contains(unit));
    let own = desk.task.parties.as_ref().map(|parties| &parties.acceptance);
    let mut found = Vec::new();
    for post in office.posts.values() {
        let checks = post.roles.contains(&Role::Verifier) || post.roles.contains(&Role::Inspector);
        if !checks || worked(&post.unit) {
            continue;
        }
        for person in office.holders_on(&post.id, desk.today).filter(|person| person.id != desk.actor.person)
        {
            let unit = office.units.get(&post.unit).map_or("", |unit| unit.name.as_str());
            let words = format!("{} · {unit} {}", person.name, post.title);
            found.push((own != Some(&post.unit), format!("{}@{}", person.id, post.id), words));
        }
    }
    found.sort();
    found.into_iter().map(|(_, value, words)| (value, words)).collect()
}

pub fn read(filled: &Filled, desk: &Desk<'_>) -> Read {
    let mut reading = Reading::of(filled);
    let method = match filled.text("method") {
        "on_site" => Some(Method::OnSite),
        "on_paper" => Some(Method::OnPaper),
        _ => reading.take(Err(FieldError::at("method", "form-choose"))),
    };
    let checked_on = reading.take(filled.date_needed("checked_on", desk.today));
    let conclusion = reading.take(filled.one_of("conclusion", Conclusion::ALL, Conclusion::name));
    let opinion = reading.needed("opinion");
    let companions = filled
        .texts("checkers")
        .iter()
        .filter_map(|pair| pair.split_once('@'))
        .filter_map(|(person, post)| Some((PersonId::new(person).ok()?, PostId::new(post).ok()?)))
        .collect();
    let findings =
        claim::results(filled, desk).into_iter().filter(|result| !result.text.is_empty()).collect();
    let standards = filled.numbers("standards");
    reading.order(|| {
        Some(Order::Verify(Verify {
            companions,
            method: method?,
            checked_on: checked_on?,
            findings,
            standards,
            conclusion: conclusion?,
            opinion,
        }))
    })
}
