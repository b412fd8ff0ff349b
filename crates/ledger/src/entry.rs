//! An entry (存证条目): one act, by one person in one post, at one instant, tied to the entry before it.
//!
//! [`Entry`] owns its fields; [`Fields`] borrows them, so that rows coming out of a database can be hashed without
//! building an entry first. Both write the same canonical bytes.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::Error;
use crate::canonical::{self, write_integer, write_natural, write_text};
use crate::hash::{Hash, leaf_hash};

/// The `prev` of the first entry of every chain: there is nothing before it.
pub const GENESIS: Hash = Hash([0; 32]);

/// One line of the ledger. It is never changed and never deleted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// The area whose chain this is (区划代码), for example `519904`.
    pub area: String,
    /// The server's time, in microseconds since 1970-01-01 UTC. Never before the entry it follows.
    pub at: i64,
    /// What was done, in the words of its kind; canonical JSON without floats.
    pub body: Value,
    /// The kind of act, for example `task.signed_off`.
    pub kind: String,
    /// Who did it.
    pub person: String,
    /// In which post (职务、岗位).
    pub post: String,
    /// Hash of the entry before, [`GENESIS`] for the first.
    pub prev: Hash,
    /// Position in the chain, from 0, without gaps.
    pub seq: u64,
    /// What it was done to.
    pub subject: String,
}

impl Entry {
    /// The bytes that are hashed, exported and checked.
    ///
    /// # Errors
    /// [`Error::Float`], [`Error::Key`] or [`Error::TooDeep`] if the body has no canonical form.
    pub fn canonical(&self) -> Result<Vec<u8>, Error> {
        let body = canonical::text_inside(&self.body)?;
        let mut out = Vec::with_capacity(256 + body.len());
        self.fields(&body).write_canonical(&mut out);
        Ok(out)
    }

    /// The entry's hash: what the next entry names as `prev`, and its leaf in the tree.
    ///
    /// # Errors
    /// As [`Entry::canonical`].
    pub fn hash(&self) -> Result<Hash, Error> {
        Ok(leaf_hash(&self.canonical()?))
    }

    /// Reads an entry from its canonical bytes and nothing else.
    ///
    /// # Errors
    /// [`Error::NotCanonical`], [`Error::Float`] or [`Error::TooDeep`] for bytes in another form, [`Error::NotAnEntry`] for missing, unknown or
    /// wrongly typed fields.
    pub fn from_canonical(bytes: &[u8]) -> Result<Self, Error> {
        canonical::check(bytes)?;
        serde_json::from_slice(bytes).map_err(|error| Error::NotAnEntry(error.to_string()))
    }

    /// The same fields, borrowed, with the canonical text of the body beside them.
    pub(crate) fn fields<'a>(&'a self, body: &'a str) -> Fields<'a> {
        Fields {
            area: &self.area,
            at: self.at,
            body,
            kind: &self.kind,
            person: &self.person,
            post: &self.post,
            prev: &self.prev,
            seq: self.seq,
            subject: &self.subject,
        }
    }
}

/// The fields of an entry as a store holds them: borrowed, the body as its canonical JSON text.
///
/// The bytes written from these fields determine the fields again (every text is quoted and escaped, the order is
/// fixed), so moving something from one column into another cannot leave the hash as it was.
#[derive(Debug, Clone, Copy)]
pub struct Fields<'a> {
    /// See [`Entry::area`].
    pub area: &'a str,
    /// See [`Entry::at`].
    pub at: i64,
    /// The canonical text of [`Entry::body`]; it is copied, not parsed.
    pub body: &'a str,
    /// See [`Entry::kind`].
    pub kind: &'a str,
    /// See [`Entry::person`].
    pub person: &'a str,
    /// See [`Entry::post`].
    pub post: &'a str,
    /// See [`Entry::prev`].
    pub prev: &'a Hash,
    /// See [`Entry::seq`].
    pub seq: u64,
    /// See [`Entry::subject`].
    pub subject: &'a str,
}

impl Fields<'_> {
    /// Appends the entry's canonical bytes, provided that `body` is canonical.
    pub fn write_canonical(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(b"{\"area\":");
        write_text(self.area, out);
        out.extend_from_slice(b",\"at\":");
        write_integer(self.at, out);
        out.extend_from_slice(b",\"body\":");
        out.extend_from_slice(self.body.as_bytes());
        out.extend_from_slice(b",\"kind\":");
        write_text(self.kind, out);
        out.extend_from_slice(b",\"person\":");
        write_text(self.person, out);
        out.extend_from_slice(b",\"post\":");
        write_text(self.post, out);
        out.extend_from_slice(b",\"prev\":\"");
        out.extend_from_slice(&self.prev.hex());
        out.extend_from_slice(b"\",\"seq\":");
        write_natural(self.seq, out);
        out.extend_from_slice(b",\"subject\":");
        write_text(self.subject, out);
        out.push(b'}');
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn entry() -> Entry {
        Entry {
            area: "519904".to_owned(),
            at: -1,
            body: json!({ "b": [true, null], "a": "引号\"与\n换行" }),
            kind: "task.registered".to_owned(),
            person: "p-1".to_owned(),
            post: "科员".to_owned(),
            prev: GENESIS,
            seq: 0,
            subject: "t-1".to_owned(),
        }
    }

    #[test]
    fn the_fields_are_written_in_the_one_canonical_order() {
        let bytes = entry().canonical().unwrap();
        let mut expected = Vec::new();
        canonical::write(&serde_json::to_value(entry()).unwrap(), &mut expected).unwrap();
        assert_eq!(String::from_utf8(bytes).unwrap(), String::from_utf8(expected).unwrap());
    }

    #[test]
    fn an_entry_comes_back_from_its_bytes() {
        assert_eq!(Entry::from_canonical(&entry().canonical().unwrap()).unwrap(), entry());
    }

    #[test]
    fn a_line_with_a_missing_or_an_unknown_field_is_no_entry() {
        let line = String::from_utf8(entry().canonical().unwrap()).unwrap();
        let missing = line.replace(r#","subject":"t-1""#, "");
        let unknown = line.replace(r#","subject""#, r#","shadow":1,"subject""#);
        for text in [missing, unknown, line.replace("\"seq\":0", "\"seq\":-1"), "[]".to_owned()] {
            assert!(matches!(Entry::from_canonical(text.as_bytes()), Err(Error::NotAnEntry(_))), "{text}");
        }
    }

    #[test]
    fn the_deepest_body_that_is_written_can_be_read_again() {
        let mut deep = entry();
        deep.body = (1..canonical::DEPTH_MAX).fold(json!(1), |inner, _| json!([inner]));
        assert_eq!(Entry::from_canonical(&deep.canonical().unwrap()).unwrap(), deep);
        deep.body = json!([deep.body]);
        assert_eq!(deep.canonical(), Err(Error::TooDeep));
    }
}
