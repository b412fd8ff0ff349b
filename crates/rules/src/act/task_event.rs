//! Acts about tasks, read from the text of the ledger in one pass: there are more of them than of all others together, and
//! a replay reads every one.

use crate::task::{Reckoned, TaskAct, TaskEvent};
use jiff::civil::Date;
use serde::{
    Deserialize,
    de::{DeserializeSeed, Deserializer, IntoDeserializer, MapAccess, Visitor, value::MapAccessDeserializer},
};
use std::{borrow::Cow, fmt};

/// Reads the body of an act whose kind is `task.<name>`.
///
/// # Errors
/// When the text is no object or does not fit the kind.
pub(super) fn read(name: &str, text: &str) -> Result<TaskEvent, serde_json::Error> {
    let mut reader = serde_json::Deserializer::from_str(text);
    let event = reader.deserialize_map(Event { name })?;
    reader.end()?;
    Ok(event)
}

struct Event<'n> {
    name: &'n str,
}

impl<'de> Visitor<'de> for Event<'_> {
    type Value = TaskEvent;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an act about a task")
    }

    fn visit_map<A: MapAccess<'de>>(self, fields: A) -> Result<TaskEvent, A::Error> {
        let mut days = Days::default();
        let tagged = Tagged { name: self.name, is_told: false, fields, days: &mut days };
        let act = TaskAct::deserialize(MapAccessDeserializer::new(tagged))?;
        let Days { due_on, look_back_on, sustain_on, reckoned } = days;
        Ok(TaskEvent { act, due_on, look_back_on, sustain_on, reckoned })
    }
}

/// What stands beside the act.
#[derive(Default)]
struct Days {
    due_on: Option<Date>,
    look_back_on: Option<Date>,
    sustain_on: Option<Date>,
    reckoned: Vec<Reckoned>,
}

/// The fields of the act with its kind in front, so that the body is read straight into its type; the days are set aside.
struct Tagged<'n, 'd, A> {
    name: &'n str,
    is_told: bool,
    fields: A,
    days: &'d mut Days,
}

/// A key; borrowed from the text unless it is written with escapes.
#[derive(Deserialize)]
struct Key<'t>(#[serde(borrow)] Cow<'t, str>);

impl<'de, A: MapAccess<'de>> MapAccess<'de> for Tagged<'_, '_, A> {
    type Error = A::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, A::Error> {
        if !self.is_told {
            return seed.deserialize("kind".into_deserializer()).map(Some);
        }
        while let Some(Key(key)) = self.fields.next_key()? {
            match &*key {
                "due_on" => self.days.due_on = self.fields.next_value()?,
                "look_back_on" => self.days.look_back_on = self.fields.next_value()?,
                "sustain_on" => self.days.sustain_on = self.fields.next_value()?,
                "reckoned" => self.days.reckoned = self.fields.next_value()?,
                // The kind stands beside the body in the ledger; one inside it says nothing.
                "kind" => drop(self.fields.next_value::<serde::de::IgnoredAny>()?),
                key => return seed.deserialize(key.into_deserializer()).map(Some),
            }
        }
        Ok(None)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, A::Error> {
        if self.is_told {
            return self.fields.next_value_seed(seed);
        }
        self.is_told = true;
        seed.deserialize(self.name.into_deserializer())
    }
}
