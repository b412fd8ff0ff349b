//! A server that goes away and comes back: clear refusals meanwhile, and no dead line is handed out again.

use super::{
    AREA,
    cluster::{Cluster, Wanted},
    found, name,
};
use bihuan_store::{Books, Error, EvidenceStore, Place, ledger, verify};
use std::{
    sync::Barrier,
    time::{Duration, Instant},
};

/// Readers at once, so that as many lines are idle when the server goes.
const READERS: usize = 6;

fn size(books: &Books) -> Result<u64, Error> {
    books.read(|connection| ledger::size(connection, AREA))
}

fn fill_the_pool(books: &Books) {
    let together = Barrier::new(READERS);
    std::thread::scope(|scope| {
        for _ in 0..READERS {
            scope.spawn(|| {
                let looked = books.read(|connection| {
                    together.wait();
                    ledger::size(connection, AREA)
                });
                looked.map_err(|error: Error| error).unwrap();
            });
        }
    });
}

fn quickly<T>(what: impl FnOnce() -> T) -> T {
    let begun = Instant::now();
    let answer = what();
    assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", begun.elapsed());
    answer
}

#[test]
fn books_whose_server_went_away_refuse_at_once_and_go_on_when_it_is_back() {
    let Some(cluster) = Cluster::start(&Wanted::default()) else { return };
    let dir = tempfile::tempdir().unwrap();
    let evidence = EvidenceStore::folder(dir.path()).unwrap();
    let books = Books::open(Place::read(&cluster.url()), AREA, evidence).unwrap();
    found(&books);

    let mut entries = 1;
    for round in 0..3 {
        fill_the_pool(&books);
        cluster.stop();
        if round < 2 {
            for n in 0..3 {
                let refused = quickly(|| name(&books, &format!("p-{round}-refused-{n}")));
                assert!(matches!(refused, Err(Error::NotCommitted(_))), "{refused:?}");
                assert!(quickly(|| size(&books)).is_err());
            }
        }
        cluster.resume();
        // In the last round nobody noticed that the server was away: every idle line is dead.
        for _ in 0..READERS {
            assert_eq!(quickly(|| size(&books)).unwrap(), entries);
        }
        quickly(|| name(&books, &format!("p-{round}"))).unwrap();
        entries += 1;
        assert_eq!(size(&books).unwrap(), entries);
    }
    let report = verify::run(&books, &[], &mut |_| true).unwrap();
    assert_eq!((report.fault, report.entries), (None, entries));
}
