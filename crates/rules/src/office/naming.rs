//! Names over time (名称沿革): a person or unit that is renamed keeps its code, and what it was called before.

use super::{Office, Person, Unit};
use crate::{
    id::{PersonId, UnitId},
    refusal::Refusal,
    text,
};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// A name borne before (曾用名).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Former {
    /// The name.
    pub name: String,
    /// The last day it was borne.
    pub until: Date,
}

fn name_on<'a>(name: &'a str, formerly: &'a [Former], on: Date) -> &'a str {
    let then = formerly.iter().filter(|former| on <= former.until).min_by_key(|former| former.until);
    then.map_or(name, |former| &former.name)
}

impl Person {
    /// What the person was called on that day.
    #[must_use]
    pub fn name_on(&self, on: Date) -> &str {
        name_on(&self.name, &self.formerly, on)
    }
}

impl Unit {
    /// What the unit was called on that day.
    #[must_use]
    pub fn name_on(&self, on: Date) -> &str {
        name_on(&self.name, &self.formerly, on)
    }
}

/// The names before, after a change: those known, and the one given up. In an order only the day of the last one
/// counts; without it the new name holds from today.
fn history(
    known: Option<(&str, &[Former])>,
    name: &str,
    ordered: &[Former],
    today: Date,
) -> Result<Vec<Former>, Refusal> {
    let Some((given_up, formerly)) = known else { return Ok(Vec::new()) };
    let mut kept = formerly.to_vec();
    if given_up == name {
        return Ok(kept);
    }
    let until = ordered.last().map_or_else(|| today.yesterday().unwrap_or(today), |former| former.until);
    if until >= today {
        return Err(Refusal::DateAfter { field: "since", limit: today });
    }
    if let Some(last) = kept.last()
        && until < last.until
    {
        let limit = last.until.tomorrow().unwrap_or(last.until);
        return Err(Refusal::DateBefore { field: "since", limit });
    }
    kept.push(Former { name: given_up.to_owned(), until });
    Ok(kept)
}

impl Office {
    /// The person with the names borne before.
    pub(super) fn with_history_of_person(&self, person: Person, today: Date) -> Result<Person, Refusal> {
        let name = text::required("name", &person.name, text::LINE_CHARS_MAX)?;
        let known = self.persons.get(&person.id).map(|known| (known.name.as_str(), &*known.formerly));
        let formerly = history(known, &name, &person.formerly, today)?;
        Ok(Person { name, formerly, ..person })
    }

    /// The unit with the names borne before.
    pub(super) fn with_history_of_unit(&self, unit: Unit, today: Date) -> Result<Unit, Refusal> {
        let name = text::required("name", &unit.name, text::LINE_CHARS_MAX)?;
        let known = self.units.get(&unit.id).map(|known| (known.name.as_str(), &*known.formerly));
        let formerly = history(known, &name, &unit.formerly, today)?;
        Ok(Unit { name, formerly, ..unit })
    }

    /// The name of a person today and on that day; the code when nobody has it.
    #[must_use]
    pub fn person_names<'a>(&'a self, id: &'a PersonId, on: Date) -> (&'a str, &'a str) {
        self.persons.get(id).map_or((id.as_str(), id.as_str()), |person| (&person.name, person.name_on(on)))
    }

    /// The name of a unit today and on that day; the code when there is none.
    #[must_use]
    pub fn unit_names<'a>(&'a self, id: &'a UnitId, on: Date) -> (&'a str, &'a str) {
        self.units.get(id).map_or((id.as_str(), id.as_str()), |unit| (&unit.name, unit.name_on(on)))
    }
}
