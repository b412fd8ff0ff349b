//! What two texts say differently: each value by the names that lead to it.

use bihuan_rules::adopted::Adoptable;
use serde_json::Value;
use std::collections::BTreeMap;

/// One value that differs.
pub(super) struct Change {
    /// Where it stands.
    pub place: String,
    /// What the one it is taken from says; nothing when that says nothing there.
    pub before: String,
    /// What it says.
    pub after: String,
}

/// By what a line of a list is called: named lines are compared with the line of that name wherever it stands.
const CALLED: [&str; 2] = ["name", "fact"];

fn flatten(place: &str, value: &Value, into: &mut BTreeMap<String, String>) {
    let inner = |name: &str| if place.is_empty() { name.to_owned() } else { format!("{place}.{name}") };
    match value {
        Value::Object(fields) => fields.iter().for_each(|(name, value)| flatten(&inner(name), value, into)),
        Value::Array(lines) if lines.iter().any(Value::is_object) => {
            for (n, line) in lines.iter().enumerate() {
                let called = CALLED.iter().find_map(|key| line.get(*key)?.as_str());
                flatten(&inner(called.unwrap_or(&(n + 1).to_string())), line, into);
            }
        }
        Value::Array(words) => {
            let words: Vec<String> = words.iter().map(plain).collect();
            into.insert(place.to_owned(), words.join("\n"));
        }
        value => {
            into.insert(place.to_owned(), plain(value));
        }
    }
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn flat<T: Adoptable>(text: &T) -> BTreeMap<String, String> {
    let mut flat = BTreeMap::new();
    flatten("", &serde_json::to_value(text).unwrap_or_default(), &mut flat);
    flat.retain(|place, value| place != "name" && value != "null");
    flat
}

/// What differs, in order of the places.
pub(super) fn between<T: Adoptable>(base: &T, own: &T) -> Vec<Change> {
    let (before, after) = (flat(base), flat(own));
    let said = |flat: &BTreeMap<String, String>, place: &str| flat.get(place).cloned().unwrap_or_default();
    let places: std::collections::BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    places
        .into_iter()
        .filter(|place| before.get(*place) != after.get(*place))
        .map(|place| Change {
            place: place.clone(),
            before: said(&before, place),
            after: said(&after, place),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use bihuan_rules::ladder;

    #[test]
    fn a_value_is_named_by_the_step_that_it_belongs_to_wherever_that_stands() {
        let base = ladder::named("generic").unwrap();
        assert!(between(base, base).is_empty());
        let mut own = base.clone();
        own.name = "generic-2".to_owned();
        own.steps.iter_mut().find(|step| step.name == "red").unwrap().answer_days = 7;
        let step = own.steps.remove(0);
        let changes = between(base, &own);
        let red = changes.iter().find(|change| change.place == "step.red.answer_days").unwrap();
        assert_eq!((red.before.as_str(), red.after.as_str()), ("10", "7"));
        assert!(
            changes
                .iter()
                .skip(1)
                .all(|change| change.place.contains(&step.name) || change.place.contains("red"))
        );
        assert!(changes.iter().any(|change| change.place == "step.remind.rung" && change.after.is_empty()));
    }
}
