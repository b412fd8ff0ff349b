//! What only a PostgreSQL server can do to the books: encrypt, go away, sort by a language.

mod cluster;
mod collation;
mod encryption;
mod gone;

use bihuan_rules::{
    Act, Actor, Subject,
    act::AreaAct,
    id::{PersonId, PostId, UnitId},
    office::{Level, OfficeAct, Person},
};
use bihuan_store::{Books, Error};
use jiff::Timestamp;
use std::collections::BTreeSet;

const AREA: &str = "519904";

fn somebody() -> Actor {
    Actor {
        person: PersonId::new("p-1").unwrap(),
        post: PostId::new("post-1").unwrap(),
        unit: UnitId::new("u-1").unwrap(),
        level: Level::County,
        roles: BTreeSet::new(),
    }
}

fn act(books: &Books, subject: Subject, act: Act) -> Result<(), Error> {
    books.work(somebody(), Timestamp::UNIX_EPOCH, move |work| work.record(subject, act).map(drop))
}

fn found(books: &Books) {
    let founded = AreaAct::Founded {
        code: AREA.to_owned(),
        name: "安澜区".to_owned(),
        number_prefix: "AL".to_owned(),
        simulated: true,
    };
    act(books, Subject::Area, Act::Area(founded)).unwrap();
}

fn name(books: &Books, code: &str) -> Result<(), Error> {
    let id = PersonId::new(code).unwrap();
    let person = Person { id: id.clone(), name: "王建国".to_owned(), formerly: Vec::new() };
    act(books, Subject::Person(id), Act::Office(OfficeAct::PersonSet(person)))
}
