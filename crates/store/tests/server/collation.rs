//! On a server whose database sorts by a language, the books sort as everywhere.

use super::{
    AREA,
    cluster::{Cluster, Wanted},
    found, name,
};
use bihuan_store::{Books, Error, EvidenceStore, Place, verify};

/// Codes that languages sort otherwise than bytes do: case and punctuation count last there.
const CODES: [&str; 8] = ["p-B", "p-a", "p-A", "pb", "p-b", "P-1", "p_1", "p-10"];

/// Fresh books in which these people are; what the server itself makes of their order, and what the books do.
fn orders(place: Place) -> (Vec<String>, Vec<String>) {
    let dir = tempfile::tempdir().unwrap();
    let evidence = EvidenceStore::folder(dir.path()).unwrap();
    let books = Books::open(place.clone(), AREA, evidence.clone()).unwrap();
    found(&books);
    for code in CODES {
        name(&books, code).unwrap();
    }
    // Opened again, so that nothing is done twice.
    books.close();
    let books = Books::open(place, AREA, evidence).unwrap();
    let report = verify::run(&books, &[], &mut |_| true).unwrap();
    assert_eq!(report.fault, None);
    let texts = |sql: &'static str| {
        let read = books.read(|connection| {
            connection
                .all(sql, &[])?
                .iter()
                .map(|row| Ok(row.text(0)?.to_owned()))
                .collect::<Result<_, Error>>()
        });
        read.unwrap()
    };
    let literal = "SELECT code FROM (VALUES ('p-B'), ('p-a'), ('p-A'), ('pb'), ('p-b'), ('P-1'), ('p_1'), ('p-10')) AS v (code)
        ORDER BY code";
    (texts(literal), texts("SELECT id FROM office WHERE kind = 'person' ORDER BY id"))
}

#[test]
fn the_books_are_sorted_by_bytes_on_a_server_that_sorts_by_language() {
    let mut bytewise = CODES.map(str::to_owned).to_vec();
    bytewise.sort_unstable();
    for ordered in [
        &["--locale-provider=icu", "--icu-locale=zh", "--locale=C.UTF-8"][..],
        &["--locale-provider=icu", "--icu-locale=en-US", "--locale=C.UTF-8"],
        &["--locale=C.UTF-8"],
    ] {
        let Some(cluster) = Cluster::start(&Wanted { ordered, ..Wanted::default() }) else { return };
        let (server, books) = orders(Place::read(&cluster.url()));
        assert_eq!(books, bytewise, "{ordered:?}");
        assert_eq!(server == bytewise, ordered.len() == 1, "{ordered:?}: {server:?}");
    }
}
