//! What a district may adopt in a text of its own (自定办法): a ranking scheme, a ladder. A name stands for one text for ever, so that
//! what ran under it can be made again.

use crate::{refusal::Refusal, text};
use jiff::civil::Date;
use serde::Serialize;
use std::{collections::BTreeMap, sync::Arc};

/// Longest text, in bytes.
pub const TEXT_BYTES_MAX: usize = 64 * 1024;
/// Longest name, in characters.
pub const NAME_CHARS_MAX: usize = 40;

/// A sort of texts that a district may adopt.
pub trait Adoptable: Clone + PartialEq + Serialize + Send + Sync + 'static {
    /// What can be wrong with one.
    type Flaw: std::error::Error;
    /// The field under which refusals name it.
    const FIELD: &'static str;

    /// Reads a text and looks it through.
    ///
    /// # Errors
    /// The first flaw.
    fn read(toml: &str) -> Result<Self, Self::Flaw>;
    /// Its name.
    fn name(&self) -> &str;
    /// From when it is in force.
    fn valid_from(&self) -> Date;
    /// Those that ship, the default of a district first, each with its text.
    fn shipped() -> Vec<(&'static str, &'static Self)>;
}

/// All texts of one sort: those that ship and the district's own; one is chosen.
#[derive(Debug, Clone)]
pub struct Texts<T> {
    known: Vec<Arc<T>>,
    texts: BTreeMap<String, String>,
    chosen: Option<String>,
}

impl<T: Adoptable> Default for Texts<T> {
    fn default() -> Texts<T> {
        let known = T::shipped().into_iter().map(|(_, shipped)| Arc::new(shipped.clone())).collect();
        Texts { known, texts: BTreeMap::new(), chosen: None }
    }
}

impl<T: Adoptable> Texts<T> {
    /// Every one, shipped ones first.
    pub fn all(&self) -> impl Iterator<Item = &Arc<T>> {
        self.known.iter()
    }

    /// The one of this name.
    #[must_use]
    pub fn named(&self, name: &str) -> Option<&Arc<T>> {
        self.known.iter().find(|known| known.name() == name)
    }

    /// The one that is used when none is named.
    #[must_use]
    pub fn chosen(&self) -> &Arc<T> {
        let chosen = self.chosen.as_deref().and_then(|name| self.named(name));
        chosen.or_else(|| self.known.first()).expect("some ship with the program")
    }

    /// The text of this name.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<&str> {
        let own = self.texts.get(name).map(String::as_str);
        own.or_else(|| T::shipped().into_iter().find(|(_, known)| known.name() == name).map(|(text, _)| text))
    }

    /// Whether the district adopted it.
    #[must_use]
    pub fn is_own(&self, name: &str) -> bool {
        self.texts.contains_key(name)
    }

    /// Takes a text that was adopted; its name.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn adopt(&mut self, toml: &str) -> Result<String, T::Flaw> {
        let own = T::read(toml)?;
        let name = own.name().to_owned();
        self.known.retain(|known| known.name() != name);
        self.known.push(Arc::new(own));
        self.texts.insert(name.clone(), toml.to_owned());
        Ok(name)
    }

    /// Takes the choice of a name.
    pub fn choose(&mut self, name: &str) {
        self.chosen = Some(name.to_owned());
    }

    /// The next name that none bears: `generic-2` after `generic`.
    #[must_use]
    pub fn next_name(&self, name: &str) -> String {
        next_name(name, |next| self.named(next).is_some())
    }

    /// Judges whether a text can be adopted: readable, under a name of its own, and in force from a day that has not passed.
    ///
    /// # Errors
    /// A [`Refusal`] naming what is wrong.
    pub fn adoptable(&self, toml: &str, today: Date) -> Result<Arc<T>, Refusal> {
        if toml.len() > TEXT_BYTES_MAX {
            return Err(Refusal::TooLong { field: T::FIELD, limit: TEXT_BYTES_MAX });
        }
        let own =
            T::read(toml).map_err(|flaw| Refusal::Unknown { field: T::FIELD, value: flaw.to_string() })?;
        let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        let name = text::required("ruleset_name", own.name(), NAME_CHARS_MAX)?;
        if !name.chars().all(is_plain) || self.named(&name).is_some() {
            return Err(Refusal::Taken { field: "ruleset_name", value: name });
        }
        if own.valid_from() < today {
            return Err(Refusal::DateBefore { field: "valid_from", limit: today });
        }
        Ok(Arc::new(own))
    }

    /// Judges whether this one may be chosen.
    ///
    /// # Errors
    /// [`Refusal::Unknown`] when there is none of this name.
    pub fn choosable(&self, name: &str) -> Result<(), Refusal> {
        if self.named(name).is_some() {
            return Ok(());
        }
        Err(Refusal::Unknown { field: T::FIELD, value: name.to_owned() })
    }
}

/// The next name that is free: `sichuan-2021-2` after `sichuan-2021`; years are no numbers of versions.
#[must_use]
pub fn next_name(name: &str, is_taken: impl Fn(&str) -> bool) -> String {
    let numbered = name.rsplit_once('-').and_then(|(stem, last)| {
        last.parse::<u32>().ok().filter(|number| *number < 100).map(|number| (stem, number))
    });
    let (stem, last) = numbered.unwrap_or((name, 1));
    (last.saturating_add(1)..)
        .map(|number| format!("{stem}-{number}"))
        .find(|next| !is_taken(next))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ladder::Ladder, ranking::Scheme};

    fn renamed<T: Adoptable>(texts: &Texts<T>, valid_from: &str) -> String {
        let name = texts.chosen().name().to_owned();
        let text = texts.text(&name).unwrap();
        let of = |line: &str| match line.split_once(" = ") {
            Some(("name", _)) if line.contains(&format!("\"{name}\"")) => {
                format!("name = \"{}\"", texts.next_name(&name))
            }
            Some(("valid_from", _)) => format!("valid_from = \"{valid_from}\""),
            _ => line.to_owned(),
        };
        text.lines().map(of).collect::<Vec<_>>().join("\n")
    }

    fn lives<T: Adoptable + std::fmt::Debug>() {
        let today = jiff::civil::date(2021, 6, 11);
        let mut texts = Texts::<T>::default();
        let first = texts.chosen().name().to_owned();
        let own = renamed(&texts, "2021-07-01");
        let read = texts.adoptable(&own, today).unwrap();
        assert_eq!(read.name(), format!("{first}-2"));
        let late = texts.adoptable(&renamed(&texts, "2021-06-10"), today);
        assert_eq!(late, Err(Refusal::DateBefore { field: "valid_from", limit: today }));
        assert_eq!(texts.adopt(&own).unwrap(), read.name());
        let again = texts.adoptable(&own, today);
        assert_eq!(again, Err(Refusal::Taken { field: "ruleset_name", value: read.name().to_owned() }));
        assert_eq!(
            (texts.chosen().name(), texts.next_name(read.name())),
            (first.as_str(), format!("{first}-3"))
        );
        texts.choose(read.name());
        assert_eq!((texts.chosen(), texts.text(read.name())), (&read, Some(own.as_str())));
        assert!(texts.is_own(read.name()) && !texts.is_own(&first));
        assert!(texts.choosable("nothing").is_err() && texts.adoptable("name = 1", today).is_err());
        let long = "#".repeat(TEXT_BYTES_MAX + 1);
        assert_eq!(
            texts.adoptable(&long, today),
            Err(Refusal::TooLong { field: T::FIELD, limit: TEXT_BYTES_MAX })
        );
    }

    #[test]
    fn a_district_adopts_a_scheme_and_a_ladder_each_under_one_name_for_ever() {
        lives::<Scheme>();
        lives::<Ladder>();
    }
}
