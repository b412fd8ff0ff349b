//! The books (账簿): one SQL text on SQLite and PostgreSQL; evidence by hash; [`Work`], the one door.
//!
//! `store` never refuses: whoever may do what is decided in the rules. Derived rows are written only by
//! [`Work::record`]; dropping them all and replaying the ledger gives the same rows, and [`verify`] proves it.

pub mod account;
pub mod audit;
pub mod board;
mod books;
pub mod burden;
pub mod checkpoint;
pub mod counts;
pub mod db;
pub mod dialect;
pub mod draft;
pub mod entries;
pub mod envelope;
pub mod evidence;
mod hex;
pub mod history;
pub mod intake;
mod lately;
pub mod ledger;
pub mod list;
pub mod migrate;
pub mod nonce;
pub mod once;
pub mod owed;
pub mod parts;
pub mod past;
pub mod photo;
pub mod problem;
pub mod reference;
mod seal;
pub mod sealed_read;
pub mod search;
mod server;
pub mod shelf;
pub mod source;
pub mod task;
mod tiles;
pub mod trend;
pub mod verify;
mod work;
mod writer;

pub use books::{Books, Place};
pub use db::{Connection, Error, Result, Row, Value};
pub use evidence::EvidenceStore;
pub use reference::Reference;
pub use server::Server;
pub use work::{Receipt, Seen, Work};
pub use writer::FREE_BYTES_MIN;

/// Every statement whose text is fixed, by file; a test prepares each on both engines.
pub const STATEMENTS: &[(&str, &[&str])] = &[
    ("account", account::STATEMENTS),
    ("audit", audit::STATEMENTS),
    ("board", board::STATEMENTS),
    ("burden", burden::STATEMENTS),
    ("checkpoint", checkpoint::STATEMENTS),
    ("draft", draft::STATEMENTS),
    ("entries", entries::STATEMENTS),
    ("history", history::STATEMENTS),
    ("intake", intake::STATEMENTS),
    ("ledger", ledger::STATEMENTS),
    ("list", list::STATEMENTS),
    ("migrate", migrate::STATEMENTS),
    ("nonce", nonce::STATEMENTS),
    ("once", once::STATEMENTS),
    ("owed", owed::STATEMENTS),
    ("past", past::STATEMENTS),
    ("photo", photo::STATEMENTS),
    ("problem", problem::STATEMENTS),
    ("reference", reference::STATEMENTS),
    ("seal", seal::STATEMENTS),
    ("sealed_read", sealed_read::STATEMENTS),
    ("search", search::STATEMENTS),
    ("shelf", shelf::STATEMENTS),
    ("source", source::STATEMENTS),
    ("task", task::STATEMENTS),
    ("verify", verify::STATEMENTS),
];
