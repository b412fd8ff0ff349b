//! The outbox on both engines: each saying once, one process on a channel, what is done is no longer said.

use super::{books, somebody};
use bihuan_rules::{
    id::PersonId,
    outbox::{Fate, Hours, Matter, Occasion, Wish},
};
use bihuan_store::{
    Error, Work,
    outbox::{self, GROUP, INSIDE, NewMessage, sending, wish},
};
use jiff::Timestamp;
use std::collections::BTreeSet;

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

fn saying(n: u32, person: &str, channel: &str) -> NewMessage {
    let matter = Matter {
        href: format!("/tasks/AL-{n}"),
        number: format!("AL-{n}"),
        title: "清运".to_owned(),
        due_on: None,
        since: None,
    };
    NewMessage {
        saying: matter.key(Occasion::Came, person, channel),
        person: person.to_owned(),
        channel: channel.to_owned(),
        occasion: Occasion::Came,
        matter,
        goes_at: at(100),
    }
}

#[test]
fn a_saying_is_made_once_and_ended_when_it_is_done() {
    for (_dir, books) in books() {
        let one = saying(1, "p1", INSIDE);
        let both = [one.clone(), saying(2, "p1", INSIDE), saying(1, "p1", "mail")];
        let work = move |work: &mut Work<'_>| {
            let connection = work.connection();
            assert_eq!(outbox::put(connection, &both, at(100))?, 3);
            assert_eq!(outbox::put(connection, &both, at(200))?, 0, "the second look makes nothing");
            let owed = BTreeSet::from([one.saying.clone()]);
            assert!(!outbox::is_settled(connection, INSIDE, &owed)?);
            assert_eq!(outbox::settle(connection, INSIDE, &owed)?, 1);
            assert_eq!(outbox::unread(connection)?, [("p1".to_owned(), 1)]);
            assert_eq!(outbox::settle(connection, "mail", &BTreeSet::new())?, 1);
            assert!(outbox::due(connection, "mail", at(300))?.is_empty(), "what is done is not said");
            assert_eq!(
                outbox::put(connection, &both, at(400))?,
                2,
                "owed again, and never said: said after all"
            );
            Ok::<_, Error>(outbox::due(connection, "mail", at(400))?.len())
        };
        assert_eq!(books.work(somebody(), at(100), work).unwrap(), 1);
        let person = PersonId::new("p1").unwrap();
        let inbox = books.read(|connection| outbox::inbox(connection, &person, 0)).unwrap();
        assert_eq!(inbox.len(), 2);
    }
}

#[test]
fn reading_by_mail_is_reading() {
    for (_dir, books) in books() {
        let work = |work: &mut Work<'_>| {
            let connection = work.connection();
            outbox::put(
                connection,
                &[saying(1, "p1", INSIDE), saying(1, "p1", "mail"), saying(11, "p1", INSIDE)],
                at(1),
            )?;
            let mailed = outbox::due(connection, "mail", at(100))?;
            outbox::mark_read(connection, &mailed[0], at(150))?;
            assert_eq!(outbox::unread(connection)?, [("p1".to_owned(), 1)], "the other is another");
            let person = PersonId::new("p1").unwrap();
            outbox::mark_all_read(connection, &person, at(160))?;
            outbox::unread(connection)
        };
        assert!(books.work(somebody(), at(1), work).unwrap().is_empty());
    }
}

#[test]
fn one_process_speaks_until_its_time_is_over() {
    for (_dir, books) in books() {
        let work = |work: &mut Work<'_>| {
            let connection = work.connection();
            assert!(sending::hold(connection, "mail", "one", at(10), at(130))?.is_some());
            assert!(sending::hold(connection, "mail", "two", at(20), at(140))?.is_none());
            assert!(sending::hold(connection, "mail", "one", at(30), at(150))?.is_some(), "and may go on");
            assert!(sending::hold(connection, "robot", "two", at(30), at(150))?.is_some(), "another channel");
            assert!(sending::hold(connection, "mail", "two", at(150), at(270))?.is_some(), "once it is over");
            Ok::<_, Error>(())
        };
        books.work(somebody(), at(1), work).unwrap();
    }
}

#[test]
fn a_sending_keeps_its_body_and_its_answers() {
    for (_dir, books) in books() {
        let work = |work: &mut Work<'_>| {
            let connection = work.connection();
            outbox::put(connection, &[saying(1, GROUP, "robot"), saying(2, GROUP, "robot")], at(1))?;
            let due = outbox::due(connection, "robot", at(100))?;
            let id =
                sending::make(connection, "robot", GROUP, "{}", &due.iter().collect::<Vec<_>>(), at(100))?;
            assert!(
                outbox::due(connection, "robot", at(100))?.is_empty()
                    && outbox::next(connection, "robot")?.is_none()
            );
            sending::hold(connection, "robot", "one", at(100), at(200))?;
            let first = sending::next(connection, "robot", at(100))?.remove(0);
            assert!(sending::begin(connection, &first, at(100))?);
            assert_eq!(
                sending::next(connection, "robot", at(100))?[0].state,
                "under_way",
                "a crash would find it"
            );
            sending::end(connection, &first, Fate::Rest(at(700)), ("130101", "too fast"), at(101))?;
            let rests = sending::hold(connection, "robot", "one", at(102), at(200))?;
            assert_eq!(rests, Some(at(700)));
            let again = sending::next(connection, "robot", at(700))?.remove(0);
            assert_eq!((again.id.as_str(), again.attempts, again.code.as_str()), (id.as_str(), 0, "130101"));
            assert!(sending::begin(connection, &again, at(700))?);
            sending::end(connection, &again, Fate::GivenUp, ("93000", "no such robot"), at(701))?;
            assert_eq!(sending::requests_since(connection, "robot", at(0))?.len(), 2);
            assert_eq!(outbox::of_sending(connection, &id)?[0].state, "given_up");
            assert!(!sending::give_up(connection, &id, at(702))?, "it is given up already");
            assert!(sending::again(connection, &id, at(703))?);
            assert_eq!(sending::soon(connection, "robot")?, Some(at(703)));
            assert_eq!(sending::counts(connection)?, [("robot".to_owned(), "waiting".to_owned(), 1)]);
            assert!(sending::give_up(connection, &id, at(704))?);
            sending::forget(connection, at(800), at(800))?;
            assert!(sending::one(connection, &id)?.is_none());
            outbox::forget(connection, at(800))
        };
        assert_eq!(books.work(somebody(), at(1), work).unwrap(), 2);
    }
}

#[test]
fn a_choice_is_kept_beside_the_books() {
    for (_dir, books) in books() {
        let person = PersonId::new("p1").unwrap();
        let chosen = Wish {
            email: "p1@example.cn".to_owned(),
            hours: Hours { digest_at: None, quiet_from: 18, quiet_until: 9 },
            ..Wish::default()
        };
        let (kept, of) = (chosen.clone(), person.clone());
        books.work(somebody(), at(1), move |work| wish::set(work.connection(), &of, &kept)).unwrap();
        assert_eq!(books.read(|connection| wish::of(connection, &person)).unwrap(), chosen);
        let other = PersonId::new("p2").unwrap();
        assert_eq!(books.read(|connection| wish::of(connection, &other)).unwrap(), Wish::default());
        assert!(books.read(wish::all).unwrap().contains_key("p1"));
    }
}
