//! The chain of responsibility (责任链): from the leader who guarantees it down to the unit that accepts, with the persons
//! in office today.

use crate::{app::App, locale::Locale, words};
use bihuan_rules::{
    id::UnitId,
    office::{Office, Role},
    task::Task,
};
use jiff::civil::Date;

/// One link: what it answers for, who, and the persons in office.
pub(crate) struct Link {
    pub part: String,
    pub who: String,
    pub persons: String,
    /// The step now owed lies here.
    pub is_turn: bool,
}

/// The links in the order in which they answer.
pub(crate) fn chain(app: &App, locale: Locale, task: &Task) -> Vec<Link> {
    let (reference, today) = (app.reference(), app.today());
    let office = &reference.office;
    let Some(parties) = &task.parties else { return Vec::new() };
    let turn = task.turn_unit();
    let mut chain = Vec::new();
    if let Some(post) = parties.guarantor.as_ref().and_then(|post| office.posts.get(post)) {
        let holders: Vec<_> = office.holders_on(&post.id, today).map(|person| person.name.clone()).collect();
        chain.push(Link {
            part: locale.say("field-guarantor"),
            who: post.title.clone(),
            persons: holders.join("、"),
            is_turn: false,
        });
    }
    let mut link = |part: &str, unit: &UnitId, role: Option<Role>, is_turn: bool| {
        chain.push(Link {
            part: locale.say(part),
            who: words::unit(office, unit.as_str()),
            persons: role.map(|role| answering(office, unit, role, today)).unwrap_or_default(),
            is_turn,
        });
    };
    link("field-lead", &parties.lead, Some(Role::Responsible), turn == Some(&parties.lead));
    for unit in &parties.co {
        link("field-co", unit, None, false);
    }
    if let Some(unit) = &parties.supervising {
        link("field-supervising", unit, None, false);
    }
    link("field-acceptance", &parties.acceptance, Some(Role::Verifier), turn == Some(&parties.acceptance));
    chain
}

/// The persons of a unit who hold a post with the role today, the first few.
fn answering(office: &Office, unit: &UnitId, role: Role, today: Date) -> String {
    const SHOWN: usize = 2;
    let posts = office.posts.values().filter(|post| &post.unit == unit && post.roles.contains(&role));
    let mut names: Vec<String> = Vec::new();
    for post in posts {
        for person in office.holders_on(&post.id, today) {
            if !names.contains(&person.name) {
                names.push(person.name.clone());
            }
        }
    }
    let more = names.len() > SHOWN;
    names.truncate(SHOWN);
    format!("{}{}", names.join("、"), if more { "等" } else { "" })
}
