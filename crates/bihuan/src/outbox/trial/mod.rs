//! The sender against servers on the loopback that enforce the real limits, by a clock of its own.

mod servers;

use super::{Outbox, config::OutboxConfig};
use bihuan_ledger::{SigningKey, origin};
use bihuan_rules::{
    id::PersonId,
    outbox::{Matter, Occasion, Wish},
};
use bihuan_store::{
    Books, Error, EvidenceStore, Place,
    checkpoint::machine,
    outbox::{self, NewMessage, sending, wish},
};
use bihuan_web::{App, app::Shared};
use servers::{Clock, Fault, Kind, Server, Taken};
use std::sync::Arc;
use tokio::sync::watch;

const AREA: &str = "519904";

/// Books, a clock, and one server behind one channel.
struct House {
    app: App,
    clock: Clock,
    server: Server,
    config: OutboxConfig,
    _dir: tempfile::TempDir,
}

impl House {
    async fn new(kind: Kind) -> House {
        let clock = Clock::at("2021-06-11T02:00:00Z".parse().unwrap());
        let server = Server::start(kind.clone(), &clock).await;
        let dir = tempfile::tempdir().unwrap();
        let evidence = EvidenceStore::folder(&dir.path().join("evidence")).unwrap();
        let books = Books::open(Place::File(dir.path().join("bihuan.db")), AREA, evidence).unwrap();
        let key = SigningKey::from_seed(&origin(AREA), &[7; 32]).unwrap();
        let time = clock.clone();
        let app = App::from(Shared::new(books, Arc::new(move || time.now()), key));
        let config = config(&kind, server.port);
        config.check().unwrap();
        House { app, clock, server, config, _dir: dir }
    }

    fn outbox(&self) -> Outbox {
        Outbox::new(self.app.clone(), &self.config).unwrap()
    }

    /// Something to be said, to a person or, without one, to the group.
    fn say(&self, n: usize, person: &str) {
        let matter = Matter {
            href: format!("/tasks/AL-2021-{n:04}-1"),
            number: format!("AL-2021-{n:04}-1"),
            title: String::new(),
            due_on: Some("2021-06-15".parse().unwrap()),
            since: None,
        };
        let now = self.clock.now();
        let message = NewMessage {
            saying: matter.key(Occasion::Near, person, "way"),
            person: person.to_owned(),
            channel: "way".to_owned(),
            occasion: Occasion::Near,
            matter,
            goes_at: now,
        };
        let write = move |work: &mut bihuan_store::Work<'_>| outbox::put(work.connection(), &[message], now);
        self.app.books.work(machine(), now, write).map(drop).unwrap();
    }

    fn reachable(&self, person: &str, n: usize) {
        let wish = Wish {
            email: format!("{person}@office.test"),
            mobile: format!("1380000{n:04}"),
            ..Wish::default()
        };
        self.wish(person, wish);
    }

    fn wish(&self, person: &str, wish: Wish) {
        let person = PersonId::new(person).unwrap();
        let write = move |work: &mut bihuan_store::Work<'_>| wish::set(work.connection(), &person, &wish);
        self.app.books.work(machine(), self.clock.now(), write).unwrap();
    }

    fn states(&self, state: &'static str) -> usize {
        self.app.books.read(|connection| sending::list(connection, state)).map(|all| all.len()).unwrap()
    }

    /// Turns with so much time between them, until nothing waits.
    async fn until_empty(&self, outbox: &Outbox, milliseconds: i64, turns_max: usize) {
        let (_stop, stopped) = watch::channel(false);
        for _ in 0..turns_max {
            outbox.turn(&stopped).await.unwrap();
            let look = |connection: &mut bihuan_store::Connection| {
                Ok::<_, Error>((outbox::next(connection, "way")?, sending::soon(connection, "way")?))
            };
            if self.app.books.read(look).unwrap() == (None, None) {
                return;
            }
            self.clock.pass(milliseconds);
        }
        panic!("something still waits after {turns_max} turns");
    }

    /// Every message was taken once.
    fn each_once(&self, count: usize) {
        let text: String = self.server.taken().iter().map(|taken| taken.text.as_str()).collect();
        for n in 0..count {
            assert_eq!(text.matches(&format!("AL-2021-{n:04}-1")).count(), 1, "{n}");
        }
        assert_eq!(self.server.over(), 0, "the server was never asked too often");
    }
}

fn config(kind: &Kind, port: u16) -> OutboxConfig {
    let (name, url, more) = match kind {
        Kind::Wecom => {
            ("wecom", format!("http://127.0.0.1:{port}/cgi-bin/webhook/send?key=k"), String::new())
        }
        Kind::Dingtalk(secret) => {
            let url = format!("http://127.0.0.1:{port}/robot/send?access_token=t");
            ("dingtalk", url, format!("secret = \"{secret}\""))
        }
        Kind::Gateway => {
            let more = r#"
                signature = "安澜区环委办"
                body = '{"mobile":"{mobile}","template":"{template}","matter":"{matter}","days":"{days}","id":"{id}"}'
                code_field = "Code"
                success = "OK"
                templates = { came = "T1", near = "T2", late = "T3" }
                texts = { came = "新到{matter}", near = "{matter}还剩{days}天到期", late = "{matter}已逾期{days}天" }"#;
            ("sms", format!("http://127.0.0.1:{port}/sms"), more.to_owned())
        }
        Kind::Mail => {
            ("email", format!("smtp://127.0.0.1:{port}"), "from = \"bihuan@office.test\"".to_owned())
        }
    };
    toml::from_str(&format!(
        "address = \"https://b.test\"\nallow = [\"127.0.0.1\"]\n[[channel]]\nname = \"way\"\nkind = \"{name}\"\nurl = \"{url}\"\n{more}"
    ))
    .unwrap()
}

#[tokio::test]
async fn fifty_events_in_a_second_reach_a_wecom_group_once_each_and_never_over_the_limit() {
    let house = House::new(Kind::Wecom).await;
    let (outbox, (_stop, stopped)) = (house.outbox(), watch::channel(false));
    for n in 0..50 {
        house.say(n, outbox::GROUP);
        outbox.turn(&stopped).await.unwrap();
        house.clock.pass(20);
    }
    house.until_empty(&outbox, 1_000, 120).await;
    house.each_once(50);
    let taken = house.server.taken();
    assert!(taken.len() <= 4, "what happens within the minute goes together: {}", taken.len());
}

#[tokio::test]
async fn what_is_there_at_once_goes_together() {
    let house = House::new(Kind::Wecom).await;
    (0..50).for_each(|n| house.say(n, outbox::GROUP));
    house.until_empty(&house.outbox(), 1_000, 5).await;
    house.each_once(50);
    assert!(house.server.taken().len() <= 3);
}

#[tokio::test]
async fn fifty_letters_in_a_second_reach_fifty_people_once_each_and_never_over_the_limit() {
    let house = House::new(Kind::Mail).await;
    for n in 0..50 {
        house.reachable(&format!("p{n}"), n);
        house.say(n, &format!("p{n}"));
        house.clock.pass(20);
    }
    let before = house.clock.milliseconds();
    house.until_empty(&house.outbox(), 1_000, 120).await;
    house.each_once(50);
    assert_eq!(house.server.taken().len(), 50);
    assert!(house.clock.milliseconds() - before >= 59_000, "the second half waited for its minute");
}

#[tokio::test]
async fn fifty_events_reach_a_dingtalk_group_signed_and_once_each() {
    let house = House::new(Kind::Dingtalk("SECtrial")).await;
    let (outbox, (_stop, stopped)) = (house.outbox(), watch::channel(false));
    for n in 0..50 {
        house.say(n, outbox::GROUP);
        outbox.turn(&stopped).await.unwrap();
        house.clock.pass(20);
    }
    house.until_empty(&outbox, 1_000, 120).await;
    house.each_once(50);
}

#[tokio::test]
async fn a_dingtalk_robot_that_others_have_tired_rests_for_ten_minutes() {
    let house = House::new(Kind::Dingtalk("SECtrial")).await;
    house.server.crowd(20);
    house.say(0, outbox::GROUP);
    let (outbox, before) = (house.outbox(), house.clock.milliseconds());
    house.until_empty(&outbox, 5_000, 200).await;
    let taken = house.server.taken();
    assert_eq!(taken.len(), 1);
    assert!(taken[0].at - before >= 600_000);
    assert_eq!(house.server.over(), 1, "asked once, and then not again before its time");
}

#[tokio::test]
async fn short_messages_keep_the_limits_of_the_gateway_and_of_each_number() {
    let house = House::new(Kind::Gateway).await;
    for n in 0..50 {
        house.reachable(&format!("p{n}"), n);
        house.say(n, &format!("p{n}"));
    }
    let outbox = house.outbox();
    house.until_empty(&outbox, 200, 200).await;
    house.each_once(50);
    // One person, one matter after another: five in an hour, and the rest together when the hour is over.
    let (_stop, stopped) = watch::channel(false);
    let before = house.clock.milliseconds();
    house.clock.pass(61_000);
    for n in 50..57 {
        house.say(n, "p0");
        outbox.turn(&stopped).await.unwrap();
        house.clock.pass(61_000);
    }
    house.until_empty(&outbox, 20_000, 400).await;
    let to_this: Vec<Taken> =
        house.server.taken().into_iter().filter(|taken| taken.to == "13800000000").collect();
    let said: Vec<&str> = to_this.iter().map(|taken| taken.text.as_str()).collect();
    assert_eq!(said.len(), 6, "{said:?}");
    assert!(said[5].contains("等3件") && to_this[5].at - before >= 3_500_000, "{said:?}");
    assert_eq!(house.server.over(), 0, "the gateway was never asked too often");
}

#[tokio::test]
async fn a_broken_server_and_a_broken_line_delay_a_message_and_do_not_double_it() {
    for kind in [Kind::Wecom, Kind::Dingtalk("SECtrial"), Kind::Gateway, Kind::Mail] {
        let house = House::new(kind.clone()).await;
        let person = if matches!(kind, Kind::Gateway | Kind::Mail) { "p0" } else { outbox::GROUP };
        house.reachable("p0", 0);
        if kind != Kind::Mail {
            house.server.fault(Fault::Broken);
        }
        house.server.fault(Fault::DropBefore);
        house.say(0, person);
        let before = house.clock.milliseconds();
        house.until_empty(&house.outbox(), 10_000, 200).await;
        house.each_once(1);
        assert!(house.server.taken()[0].at - before >= 60_000, "{kind:?}");
    }
}

#[tokio::test]
async fn a_server_that_took_it_and_said_nothing_gets_it_again_under_the_same_code() {
    // A gateway that knows codes takes it once.
    let gateway = House::new(Kind::Gateway).await;
    gateway.reachable("p0", 0);
    gateway.server.fault(Fault::DropAfter);
    gateway.say(0, "p0");
    gateway.until_empty(&gateway.outbox(), 10_000, 50).await;
    gateway.each_once(1);
    // A mail server takes both, and both have one Message-ID; a robot takes both. This cannot be excluded.
    let mail = House::new(Kind::Mail).await;
    mail.reachable("p0", 0);
    mail.server.fault(Fault::DropAfter);
    mail.say(0, "p0");
    mail.until_empty(&mail.outbox(), 10_000, 50).await;
    let ids: Vec<String> = mail.server.taken().into_iter().map(|taken: Taken| taken.id).collect();
    assert!(ids.len() == 2 && ids[0] == ids[1] && ids[0].ends_with("@office.test>"), "{ids:?}");
}

#[tokio::test]
async fn what_nobody_can_take_is_given_up_with_the_words_of_the_channel() {
    let house = House::new(Kind::Mail).await;
    house.wish("p0", Wish { email: "nobody@office.test".to_owned(), ..Wish::default() });
    house.say(0, "p0");
    house.say(1, "p1");
    house.until_empty(&house.outbox(), 10_000, 5).await;
    assert_eq!((house.states("given_up"), house.server.taken().len()), (2, 0));
    let given_up = house.app.books.read(|connection| sending::list(connection, "given_up")).unwrap();
    let codes: Vec<&str> = given_up.iter().map(|sending| sending.code.as_str()).collect();
    assert!(codes.contains(&"550") && codes.contains(&"no-address"), "{codes:?}");
}

#[tokio::test]
async fn a_restart_in_the_middle_loses_nothing_and_doubles_nothing() {
    let house = House::new(Kind::Mail).await;
    for n in 0..50 {
        house.reachable(&format!("p{n}"), n);
        house.say(n, &format!("p{n}"));
    }
    let (_stop, stopped) = watch::channel(false);
    house.outbox().turn(&stopped).await.unwrap();
    let sent = house.server.taken().len();
    assert!(sent > 0 && sent < 50, "{sent}");
    // Another process with the same books: it waits until the first one's right to speak is over.
    house.until_empty(&house.outbox(), 5_000, 200).await;
    house.each_once(50);
}

#[tokio::test]
async fn what_was_on_the_line_when_the_process_died_goes_again() {
    let house = House::new(Kind::Mail).await;
    house.reachable("p0", 0);
    house.say(0, "p0");
    let outbox = house.outbox();
    outbox.pack(&outbox.channels[0], &[]).await.unwrap();
    let now = house.clock.now();
    let die = move |work: &mut bihuan_store::Work<'_>| {
        let waiting = sending::next(work.connection(), "way", now)?;
        sending::begin(work.connection(), &waiting[0], now)
    };
    assert!(house.app.books.work(machine(), now, die).unwrap());
    house.until_empty(&house.outbox(), 5_000, 100).await;
    house.each_once(1);
}

#[tokio::test]
async fn two_processes_never_speak_on_a_channel_at_the_same_time() {
    let house = House::new(Kind::Mail).await;
    for n in 0..40 {
        house.reachable(&format!("p{n}"), n);
        house.say(n, &format!("p{n}"));
    }
    let (one, two) = (house.outbox(), house.outbox());
    let (_stop, stopped) = watch::channel(false);
    for _ in 0..40 {
        let (first, second) = tokio::join!(one.turn(&stopped), two.turn(&stopped));
        first.unwrap();
        second.unwrap();
        house.clock.pass(5_000);
    }
    house.each_once(40);
    assert_eq!(house.server.taken().len(), 40);
}
