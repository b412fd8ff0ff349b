//! The one form (表单): fields as data, drawn by one template; errors on top and at the field, what was typed kept.

use crate::locale::Locale;
use std::borrow::Cow;

/// A value and the words for it, and whether it is chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Option_ {
    /// Value.
    pub value: String,
    /// Words.
    pub words: String,
    /// Chosen.
    pub chosen: bool,
}

/// How a field is drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// One line: value, input type (`text`, `password`), short.
    Line(String, &'static str, bool),
    /// A passage: value, rows.
    Passage(String, u32),
    /// A menu.
    Menu(Vec<Option_>),
    /// One of a few.
    Radio(Vec<Option_>),
    /// Any of a few.
    Checks(Vec<Option_>),
    /// A passage for each label: label, value.
    Each(Vec<(String, String)>),
    /// Rows of columns: column labels and names, rows of values; a column with options is a menu.
    Rows(Vec<Column>, Vec<Vec<String>>),
    /// Files: accepted types, several.
    Files(&'static str, bool),
    /// A button amid the form that sends it to another end: the value it sends; label and hint are its words.
    Deed(String),
}

/// One column of a field with rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Name of the input.
    pub name: String,
    /// Label.
    pub label: String,
    /// Options, when it is a menu.
    pub options: Vec<(String, String)>,
}

/// One field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// Name of the input.
    pub name: String,
    /// Label.
    pub label: String,
    /// Hint, may be empty.
    pub hint: String,
    /// Error, may be empty.
    pub error: String,
    /// May stay empty.
    pub optional: bool,
    /// How it is drawn.
    pub kind: Kind,
}

impl Field {
    /// The field draws a group of inputs, so that its label is a legend.
    #[must_use]
    pub fn is_group(&self) -> bool {
        matches!(self.kind, Kind::Radio(_) | Kind::Checks(_) | Kind::Each(_) | Kind::Rows(..))
    }

    /// Address of the field for the error summary.
    #[must_use]
    pub fn anchor(&self) -> String {
        if self.is_group() { format!("f-{}-0", self.name) } else { format!("f-{}", self.name) }
    }
}

/// A form.
#[derive(Debug, Clone)]
pub struct Form {
    /// Language.
    pub locale: Locale,
    /// Where it is sent.
    pub action: String,
    /// It carries files.
    pub files: bool,
    /// Fields.
    pub fields: Vec<Field>,
    /// Words of the button.
    pub submit: String,
    /// Where the link beside the button leads; empty for none.
    pub cancel: String,
    /// Hidden values.
    pub hidden: Vec<(&'static str, String)>,
    /// Sentences on top that belong to no field.
    pub errors: Vec<String>,
}

impl Form {
    /// Whether anything is wrong.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        !self.errors.is_empty() || self.fields.iter().any(|field| !field.error.is_empty())
    }

    /// Fields with an error, in order.
    pub fn bad_fields(&self) -> impl Iterator<Item = &Field> {
        self.fields.iter().filter(|field| !field.error.is_empty())
    }

    /// Plain words.
    #[must_use]
    pub fn say(&self, key: &str) -> Cow<'static, str> {
        self.locale.lent(key)
    }
}
