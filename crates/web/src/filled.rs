//! A form as somebody filled it in (表单填写): every value as typed, so that a refused page shows it again.

use crate::{failure::Failure, locale::Locale};
use axum::{
    body::Bytes,
    extract::{FromRequest, Request},
    http::{Method, header},
};
use bihuan_rules::{deadline::read_date, id};
use jiff::civil::Date;
use std::collections::BTreeMap;

/// Most fields of one form.
const FIELDS_MAX: usize = 20_000;
/// Largest form without files, in bytes.
pub const FORM_BYTES_MAX: usize = 4 * 1024 * 1024;

/// A filled-in form.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filled {
    values: BTreeMap<String, Vec<String>>,
}

/// A field that cannot be used, with the key of the sentence that says why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    /// Name of the field.
    pub field: String,
    /// Message key.
    pub key: &'static str,
    /// The row of the field it is about, from 1; none when the field has no rows.
    pub row: Option<usize>,
}

impl FieldError {
    /// An error at a field.
    #[must_use]
    pub fn at(field: &str, key: &'static str) -> FieldError {
        FieldError { field: field.to_owned(), key, row: None }
    }

    /// The same error in a row of the field, from 1.
    #[must_use]
    pub fn in_row(self, row: usize) -> FieldError {
        FieldError { row: Some(row), ..self }
    }

    /// What is wrong and what to do, in the reader's language.
    #[must_use]
    pub fn words(&self, locale: Locale) -> String {
        let sentence = locale.say(self.key);
        match self.row {
            Some(row) => {
                let row = i64::try_from(row).unwrap_or(i64::MAX);
                locale.text("form-in-row").with("number", row).with("sentence", sentence).to_string()
            }
            None => sentence,
        }
    }
}

impl Filled {
    /// Reads pairs of names and values.
    #[must_use]
    pub fn from_pairs(pairs: impl IntoIterator<Item = (String, String)>) -> Filled {
        let mut values: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (name, value) in pairs.into_iter().take(FIELDS_MAX) {
            values.entry(name).or_default().push(value);
        }
        Filled { values }
    }

    /// The first value, trimmed; empty when the field was not sent.
    #[must_use]
    pub fn text(&self, field: &str) -> &str {
        self.values.get(field).and_then(|values| values.first()).map_or("", |value| value.trim())
    }

    /// Every non-empty value, trimmed.
    #[must_use]
    pub fn texts(&self, field: &str) -> Vec<String> {
        let values = self.values.get(field).map_or(&[][..], Vec::as_slice);
        values.iter().map(|value| value.trim().to_owned()).filter(|value| !value.is_empty()).collect()
    }

    /// Every value as typed, empty ones too, so that rows stay in line.
    #[must_use]
    pub fn column(&self, field: &str) -> &[String] {
        self.values.get(field).map_or(&[][..], Vec::as_slice)
    }

    /// Lines of a text area that are not empty.
    #[must_use]
    pub fn lines(&self, field: &str) -> Vec<String> {
        self.text(field).lines().map(|line| line.trim().to_owned()).filter(|line| !line.is_empty()).collect()
    }

    /// Whether the field was sent with any value.
    #[must_use]
    pub fn has(&self, field: &str) -> bool {
        !self.text(field).is_empty()
    }

    /// Sets a value, for forms that are filled in beforehand.
    pub fn set(&mut self, field: &str, value: impl Into<String>) {
        self.values.insert(field.to_owned(), vec![value.into()]);
    }

    /// Sets several values.
    pub fn set_all(&mut self, field: &str, values: Vec<String>) {
        self.values.insert(field.to_owned(), values);
    }

    /// A date in any usual spelling; empty is none.
    ///
    /// # Errors
    /// When something was typed that is no date.
    pub fn date(&self, field: &str, today: Date) -> Result<Option<Date>, FieldError> {
        match self.text(field) {
            "" => Ok(None),
            typed => read_date(typed, Some(today))
                .map(Some)
                .ok_or_else(|| FieldError::at(field, "form-not-a-date")),
        }
    }

    /// A date that must be there.
    ///
    /// # Errors
    /// When nothing, or no date, was typed.
    pub fn date_needed(&self, field: &str, today: Date) -> Result<Date, FieldError> {
        self.date(field, today)?.ok_or_else(|| FieldError::at(field, "form-missing"))
    }

    /// A whole number; empty is none.
    ///
    /// # Errors
    /// When something was typed that is no whole number.
    pub fn number(&self, field: &str) -> Result<Option<u64>, FieldError> {
        match self.text(field) {
            "" => Ok(None),
            typed => {
                half_width(typed).parse().map(Some).map_err(|_| FieldError::at(field, "form-not-a-number"))
            }
        }
    }

    /// Whole numbers of checkboxes.
    #[must_use]
    pub fn numbers<T: std::str::FromStr>(&self, field: &str) -> Vec<T> {
        self.texts(field).iter().filter_map(|text| text.parse().ok()).collect()
    }

    /// A code; empty is none.
    ///
    /// # Errors
    /// When something was typed that is no code.
    pub fn id<T: TryFrom<String, Error = id::BadId>>(&self, field: &str) -> Result<Option<T>, FieldError> {
        match self.text(field) {
            "" => Ok(None),
            typed => {
                T::try_from(typed.to_owned()).map(Some).map_err(|_| FieldError::at(field, "form-not-a-code"))
            }
        }
    }

    /// A code that must be there.
    ///
    /// # Errors
    /// When nothing, or no code, was typed.
    pub fn id_needed<T: TryFrom<String, Error = id::BadId>>(&self, field: &str) -> Result<T, FieldError> {
        self.id(field)?.ok_or_else(|| FieldError::at(field, "form-missing"))
    }

    /// One of a closed set of names.
    ///
    /// # Errors
    /// When nothing, or another name, was chosen.
    pub fn one_of<T: Copy>(
        &self,
        field: &str,
        all: impl IntoIterator<Item = T>,
        name: impl Fn(T) -> &'static str,
    ) -> Result<T, FieldError> {
        let chosen = self.text(field);
        all.into_iter().find(|each| name(*each) == chosen).ok_or_else(|| FieldError::at(field, "form-choose"))
    }
}

fn half_width(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '０'..='９' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
            other => other,
        })
        .filter(|c| !c.is_whitespace() && *c != ',')
        .collect()
}

impl<S: Send + Sync> FromRequest<S> for Filled {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &S) -> Result<Filled, Failure> {
        let pairs = if request.method() == Method::GET {
            serde_urlencoded(request.uri().query().unwrap_or_default().as_bytes())
        } else {
            let kind = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
            if !kind.is_some_and(|kind| kind.starts_with("application/x-www-form-urlencoded")) {
                return Err(Failure::NotAForm);
            }
            let bytes = Bytes::from_request(request, state).await.map_err(|_| Failure::TooLarge)?;
            if bytes.len() > FORM_BYTES_MAX {
                return Err(Failure::TooLarge);
            }
            serde_urlencoded(&bytes)
        };
        Ok(Filled::from_pairs(pairs))
    }
}

fn serde_urlencoded(bytes: &[u8]) -> Vec<(String, String)> {
    form_urlencoded::parse(bytes).into_owned().take(FIELDS_MAX).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn full_width_digits_and_odd_dates_are_understood() {
        let filled = Filled::from_pairs([
            ("n".to_owned(), "１２".to_owned()),
            ("d".to_owned(), "2021.6.30".to_owned()),
        ]);
        assert_eq!(filled.number("n"), Ok(Some(12)));
        let today = jiff::civil::date(2021, 6, 11);
        assert_eq!(filled.date("d", today), Ok(Some(jiff::civil::date(2021, 6, 30))));
    }
}
