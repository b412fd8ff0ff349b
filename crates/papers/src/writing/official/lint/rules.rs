//! The rules as data: what they rest on and which phrases they name.

use std::sync::LazyLock;

use regex::Regex;
use serde::Deserialize;

/// What a rule rests on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Basis {
    /// In Chinese, as it is cited.
    pub zh: String,
    /// In English.
    pub en: String,
}

#[derive(Deserialize)]
struct File {
    unless: Vec<String>,
    basis: Vec<Ground>,
    phrase: Vec<Listed>,
}

#[derive(Deserialize)]
struct Ground {
    rule: String,
    zh: String,
    en: String,
}

#[derive(Deserialize)]
struct Listed {
    rule: String,
    words: Vec<String>,
    zh: String,
    en: String,
}

/// A phrase that a paper may not demand.
pub(super) struct Phrase {
    pub(super) rule: String,
    pub(super) words: Vec<Regex>,
}

/// The rules read once.
pub(super) struct Rules {
    /// Words before a phrase that turn it into its opposite.
    pub(super) unless: Vec<String>,
    pub(super) phrases: Vec<Phrase>,
    bases: Vec<(String, Basis)>,
}

/// The rules of the house. A file that cannot be read gives no rules; a test reads it.
pub(super) static RULES: LazyLock<Rules> = LazyLock::new(|| read(include_str!("rules.toml")).unwrap_or(NONE));

const NONE: Rules = Rules { unless: Vec::new(), phrases: Vec::new(), bases: Vec::new() };

fn read(text: &str) -> Option<Rules> {
    let file: File = toml::from_str(text).ok()?;
    let mut bases = Vec::new();
    for ground in file.basis {
        bases.push((ground.rule, Basis { zh: ground.zh, en: ground.en }));
    }
    let mut phrases = Vec::new();
    for listed in file.phrase {
        let words: Result<Vec<Regex>, _> = listed.words.iter().map(|word| Regex::new(word)).collect();
        phrases.push(Phrase { rule: listed.rule.clone(), words: words.ok()? });
        bases.push((listed.rule, Basis { zh: listed.zh, en: listed.en }));
    }
    Some(Rules { unless: file.unless, phrases, bases })
}

/// What a rule rests on.
pub(super) fn basis(rule: &str) -> Basis {
    let mut bases = RULES.bases.iter();
    bases.find(|(known, _)| known == rule).map(|(_, basis)| basis.clone()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rules_can_be_read_and_each_has_a_basis() {
        let rules = read(include_str!("rules.toml")).unwrap();
        assert!(rules.phrases.len() >= 7);
        assert!(rules.bases.iter().all(|(_, basis)| !basis.zh.is_empty() && !basis.en.is_empty()));
    }
}
