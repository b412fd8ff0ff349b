//! What counts as a form, and what it weighs (填报计量), as data: `rulesets/burden/forms.toml`.

use serde::Deserialize;
use serde_json::Value;
use std::{collections::BTreeMap, sync::LazyLock};

/// What a form cost: fields that somebody filled in, characters typed, photos attached.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Weight {
    /// Fields filled in, typed or chosen.
    pub fields: u64,
    /// Characters typed, white space left out.
    pub characters: u64,
    /// Pictures.
    pub photos: u64,
}

/// One form: where in the body of its act its fields stand.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Form {
    act: String,
    #[serde(default)]
    typed: Vec<String>,
    #[serde(default)]
    chosen: Vec<String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Others {
    acts: Vec<String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    form: Vec<Form>,
    others: Vec<Others>,
}

/// What is wrong with the table of forms.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FormsFlaw {
    /// It is no table at all.
    #[error("not readable as a table of forms: {0}")]
    Unreadable(String),
    /// An act is there twice.
    #[error("{0} is there twice")]
    Twice(String),
}

struct Forms {
    forms: BTreeMap<String, Form>,
    others: Vec<String>,
}

fn read(toml: &str) -> Result<Forms, FormsFlaw> {
    let file: File = toml::from_str(toml).map_err(|error| FormsFlaw::Unreadable(error.to_string()))?;
    let others: Vec<String> = file.others.into_iter().flat_map(|others| others.acts).collect();
    let mut forms = BTreeMap::new();
    for form in file.form {
        let act = form.act.clone();
        if others.contains(&act) || forms.insert(act.clone(), form).is_some() {
            return Err(FormsFlaw::Twice(act));
        }
    }
    Ok(Forms { forms, others })
}

static FORMS: LazyLock<Forms> = LazyLock::new(|| {
    read(include_str!("../../../../rulesets/burden/forms.toml")).expect("the shipped table is read by a test")
});

/// The acts that are forms handed in, by their names in the ledger.
pub fn counted() -> impl Iterator<Item = &'static str> {
    FORMS.forms.keys().map(String::as_str)
}

/// Whether the table says anything of an act: that it is a form, or that it is not.
#[must_use]
pub fn is_listed(act: &str) -> bool {
    let family = act.split('.').next().unwrap_or_default();
    FORMS.forms.contains_key(act)
        || FORMS.others.iter().any(|other| other == act || other.strip_suffix(".*") == Some(family))
}

/// What an act weighs, by its name and body as the ledger holds them; nothing when it is no form.
#[must_use]
pub fn weigh(act: &str, body: &Value) -> Option<Weight> {
    let form = FORMS.forms.get(act)?;
    let body = body.get("body").unwrap_or(body);
    let mut weight = Weight { photos: photos(body), ..Weight::default() };
    for path in &form.typed {
        let steps: Vec<&str> = path.split('.').collect();
        add(body, &steps, true, &mut weight);
    }
    for path in &form.chosen {
        let steps: Vec<&str> = path.split('.').collect();
        add(body, &steps, false, &mut weight);
    }
    Some(weight)
}

fn add(value: &Value, steps: &[&str], is_typed: bool, weight: &mut Weight) {
    match (value, steps) {
        (Value::Array(each), _) => each.iter().for_each(|value| add(value, steps, is_typed, weight)),
        (Value::Object(fields), [step, rest @ ..]) => {
            if let Some(value) = fields.get(*step) {
                add(value, rest, is_typed, weight);
            }
        }
        (Value::Object(fields), []) => fields.values().for_each(|value| add(value, &[], is_typed, weight)),
        (Value::String(text), []) if !text.trim().is_empty() => {
            weight.fields += 1;
            if is_typed {
                let typed = text.chars().filter(|c| !c.is_whitespace()).count();
                weight.characters += u64::try_from(typed).unwrap_or(u64::MAX);
            }
        }
        (Value::Number(_) | Value::Bool(_), []) => weight.fields += 1,
        _ => {}
    }
}

/// Pictures anywhere in the body: files of such a type, and hashes under `photos`.
fn photos(value: &Value) -> u64 {
    match value {
        Value::Array(each) => each.iter().map(photos).sum(),
        Value::Object(fields) => {
            let is_picture = |fields: &serde_json::Map<String, Value>| {
                let kind = fields.get("media_type").and_then(Value::as_str);
                kind.is_some_and(|kind| kind.starts_with("image/"))
            };
            let hashes = match fields.get("photos") {
                Some(Value::Array(photos)) => photos.iter().filter(|photo| photo.is_string()).count(),
                _ => 0,
            };
            let own = u64::from(is_picture(fields)) + u64::try_from(hashes).unwrap_or(u64::MAX);
            own + fields.values().map(photos).sum::<u64>()
        }
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn every_field_that_was_filled_counts_once_and_what_stayed_empty_does_not() {
        let body = json!({ "body": {
            "summary": "已 全部落实", "mechanism": "", "results": [{ "number": 1, "text": "已铺管" }, { "number": 2, "text": "已清运" }],
            "spent_fen": 1_250_000, "hand": { "person": "lin" },
        }});
        let weight = weigh("task.claimed", &body).expect("a form");
        assert_eq!(weight, Weight { fields: 4, characters: 11, photos: 0 });
        assert_eq!(weigh("task.signed", &body), None, "a signature of a leader is nobody's form");
    }

    #[test]
    fn pictures_count_wherever_they_are_attached_and_papers_do_not() {
        let files = json!({ "body": { "text": "已完工", "files": [{ "media_type": "image/jpeg" }, { "media_type": "application/pdf" }] }});
        assert_eq!(weigh("project.reported", &files).map(|weight| weight.photos), Some(1));
        let seen = json!({ "body": { "seen": { "facts": "直排", "photos": ["ab", "cd"] }}});
        assert_eq!(weigh("finding.recorded", &seen).map(|weight| weight.photos), Some(2));
    }

    #[test]
    fn an_act_that_is_named_twice_is_refused() {
        let twice = "[[form]]\nact = \"a.b\"\n[[others]]\nacts = [\"a.b\"]";
        assert_eq!(read(twice).err(), Some(FormsFlaw::Twice("a.b".to_owned())));
    }
}
