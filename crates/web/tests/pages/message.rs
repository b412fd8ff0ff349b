//! Messages: what the page of the day shows is said once; the inbox, the settings, and what leaves the house.

use crate::record::{House, TASK, house};
use axum::http::StatusCode;
use bihuan_rules::{
    id::PersonId,
    outbox::{ChannelKind, Fate, Hours, Wish},
};
use bihuan_store::{
    Error, Work,
    checkpoint::machine,
    outbox::{self, GROUP, INSIDE, Message, sending, wish},
};
use bihuan_web::{
    App,
    app::Shared,
    message::{Route, sweep},
};
use std::{collections::BTreeSet, sync::Arc};

fn route(name: &str, kind: ChannelKind, units: &[&str], titles: bool) -> Route {
    let units = units.iter().map(|unit| (*unit).to_owned().try_into().unwrap()).collect::<BTreeSet<_>>();
    Route { name: name.to_owned(), kind, units, hours: Hours::default(), titles }
}

/// The same books with ways out of the house.
fn with_routes(house: &House, routes: Vec<Route>) -> App {
    App::from(Shared { routes: Arc::new(routes), ..Shared::clone(&house.app) })
}

fn set_wish(house: &House, person: &str, wish: Wish) {
    let person = PersonId::new(person).unwrap();
    let write = move |work: &mut Work<'_>| wish::set(work.connection(), &person, &wish);
    house.app.books.work(machine(), house.app.now(), write).unwrap();
}

fn inbox(house: &House, person: &str) -> Vec<Message> {
    let person = PersonId::new(person).unwrap();
    house.app.books.read(|connection| outbox::inbox(connection, &person, 0)).unwrap()
}

/// Everything that waits in a channel, whenever it leaves.
fn waiting(house: &House, channel: &str) -> Vec<Message> {
    let later = house.app.now() + jiff::SignedDuration::from_hours(24 * 30);
    house.app.books.read(|connection| outbox::due(connection, channel, later)).unwrap()
}

#[tokio::test]
async fn what_is_owed_is_said_once_and_leads_to_where_it_is_done() {
    let house = house();
    assert!(sweep(&house.app).await.unwrap().made > 0);
    assert_eq!(sweep(&house.app).await.unwrap().made, 0, "the second look says nothing");
    let clerk = house.enter("clerk").await;
    let page = clerk.get("/messages").await.text();
    assert!(page.contains("清理白鹿镇河道垃圾") && page.contains(TASK), "{page}");
    assert!(page.contains("<li class=\"unread\">") && page.contains("1 条未读"), "{page}");
    assert!(clerk.get("/tasks").await.text().contains("class=\"messages\" href=\"/messages\">消息 <b>1<"));
    let message = inbox(&house, "clerk").remove(0);
    let address = format!("/m/{}", message.id);
    let other = house.enter("town-2").await.get(&address).await;
    assert_eq!(other.status, StatusCode::NOT_FOUND, "a message is for its reader");
    let led = clerk.get(&address).await;
    assert_eq!((led.status, led.location), (StatusCode::SEE_OTHER, format!("/tasks/{TASK}")));
    assert!(clerk.get("/messages").await.text().contains("没有未读消息"), "whoever followed it has read it");
    let stranger = house.stranger().get(&address).await;
    assert!(stranger.location.starts_with("/sign-in"), "{}", stranger.location);
}

#[tokio::test]
async fn what_is_done_is_over_and_the_next_hand_is_told() {
    let house = house();
    sweep(&house.app).await.unwrap();
    assert!(inbox(&house, "town-1").is_empty());
    let clerk = house.enter("clerk").await;
    let assign = [("lead", "u-town-1"), ("acceptance", "u-office"), ("due_on", "2021-12-31")];
    crate::bad_input::done(&clerk, &format!("/tasks/{TASK}/assign"), &assign).await;
    sweep(&house.app).await.unwrap();
    assert_eq!(inbox(&house, "clerk")[0].state, "over");
    assert_eq!(inbox(&house, "town-1")[0].matter.href, format!("/tasks/{TASK}"));
    assert!(clerk.get("/messages").await.text().contains("已办或已变化"));
}

#[tokio::test]
async fn outside_goes_what_was_chosen_when_it_was_chosen_and_without_titles() {
    let house = house();
    let chosen = Wish { email: "clerk@office.test".to_owned(), ..Wish::default() };
    set_wish(&house, "clerk", chosen);
    let routes = vec![
        route("mail", ChannelKind::Email, &[], false),
        route("sms", ChannelKind::Sms, &[], false),
        route("office", ChannelKind::Wecom, &["u-office"], true),
        route("towns", ChannelKind::Dingtalk, &["u-town-1"], true),
    ];
    let app = with_routes(&house, routes);
    sweep(&app).await.unwrap();
    let [mail]: [Message; 1] = waiting(&house, "mail").try_into().expect("one person chose e-mail");
    assert_eq!((mail.matter.number.as_str(), mail.matter.title.as_str()), (TASK, ""));
    // It is ten on a Friday, after the hour of the digest; Monday is a holiday.
    assert!(mail.goes_at > "2021-06-15T09:00:00+08:00".parse().unwrap(), "{}", mail.goes_at);
    assert!(waiting(&house, "sms").is_empty(), "nobody gave a number");
    let office = waiting(&house, "office");
    assert!(office.iter().all(|message| message.person == GROUP));
    assert!(office.iter().any(|message| message.matter.title.contains("白鹿镇")));
    assert!(waiting(&house, "towns").is_empty(), "the town owes nothing yet");
    assert_eq!(inbox(&house, "clerk").len(), 1);
}

#[tokio::test]
async fn addresses_are_checked_and_shown_covered_and_never_enter_the_ledger() {
    let house = house();
    let mailing = with_routes(&house, vec![route("mail", ChannelKind::Email, &[], false)]);
    let house = house.over(mailing);
    let clerk = house.enter("clerk").await;
    let hours = [("digest_at", "10"), ("quiet_from", "19"), ("quiet_until", "7"), ("message_language", "en")];
    let with = |email| [&[("email", email)][..], &hours].concat();
    let bad = clerk.post("/messages/settings", &with("clerk at office")).await;
    assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(bad.text().contains("不是有效的邮箱地址"));
    let saved = clerk.post("/messages/settings", &with("clerk-jun@office.test")).await;
    assert_eq!(saved.location, "/messages/settings?done=saved");
    let page = clerk.get("/messages/settings").await.text();
    assert!(page.contains("cle****-jun@office.test") && !page.contains("clerk-jun@office.test"), "{page}");
    assert!(clerk.post("/messages/settings", &hours).await.location.ends_with("saved"), "empty keeps it");
    let late = [("digest_at", "22"), ("quiet_from", "20"), ("quiet_until", "8"), ("message_language", "en")];
    let contradiction = clerk.post("/messages/settings", &late).await;
    assert!(contradiction.text().contains("免打扰时段内"), "{}", contradiction.status);
    let person = PersonId::new("clerk").unwrap();
    let kept = house.app.books.read(|connection| wish::of(connection, &person)).unwrap();
    assert_eq!((kept.email.as_str(), kept.hours.digest_at), ("clerk-jun@office.test", Some(10)));
    let dropped = [&[("drop_address", "email")][..], &hours].concat();
    clerk.post("/messages/settings", &dropped).await;
    assert_eq!(house.app.books.read(|connection| wish::of(connection, &person)).unwrap().email, "");
    let area = house.app.books.area().to_owned();
    let look = |connection: &mut bihuan_store::Connection| {
        let mut found = false;
        bihuan_store::ledger::each(connection, &area, |entry, _| {
            found |= entry.body.to_string().contains("office.test");
            Ok(true)
        })?;
        Ok::<_, Error>(found)
    };
    assert!(!house.app.books.read(look).unwrap());
}

#[tokio::test]
async fn what_failed_says_why_and_is_tried_again_or_given_up_by_hand() {
    let house = house();
    set_wish(&house, "clerk", Wish { email: "clerk@office.test".to_owned(), ..Wish::default() });
    let mailing = with_routes(&house, vec![route("mail", ChannelKind::Email, &[], false)]);
    sweep(&mailing).await.unwrap();
    let house = house.over(mailing);
    let now = house.app.now();
    let said = waiting(&house, "mail");
    let fail = move |work: &mut Work<'_>| {
        let connection = work.connection();
        let id = sending::make(connection, "mail", "clerk", "{}", &said.iter().collect::<Vec<_>>(), now)?;
        let sending = sending::one(connection, &id)?.unwrap();
        sending::end(connection, &sending, Fate::GivenUp, ("550", "no such box"), now)?;
        Ok::<_, Error>(id)
    };
    let id = house.app.books.work(machine(), now, fail).unwrap();
    let clerk = house.enter("clerk").await;
    let page = clerk.get("/outbox").await.text();
    assert!(page.contains("邮箱不存在或拒收") && page.contains("clerk君 c****@office.test"), "{page}");
    assert!(!page.contains("clerk@office.test") && !page.contains("白鹿镇"), "neither address nor words");
    let again = clerk.post(&format!("/outbox/{id}/again"), &[]).await;
    assert_eq!(again.location, "/outbox?done=again");
    let state = |house: &House| house.app.books.read(|c| sending::one(c, &id)).unwrap().unwrap().state;
    assert_eq!(state(&house), "waiting");
    let town = house.enter("town-1").await;
    assert_eq!(town.post(&format!("/outbox/{id}/give-up"), &[]).await.status, StatusCode::NOT_FOUND);
    clerk.post(&format!("/outbox/{id}/give-up"), &[]).await;
    assert_eq!(state(&house), "given_up");
    assert_eq!(clerk.post("/outbox/none/again", &[]).await.status, StatusCode::NOT_FOUND);
    assert!(house.enter("auditor").await.get("/audit").await.text().contains("停止发送消息"));
}

#[tokio::test]
async fn everything_is_read_at_once_and_the_books_are_as_before() {
    let house = house();
    sweep(&house.app).await.unwrap();
    let clerk = house.enter("clerk").await;
    let size = |house: &House| {
        let area = house.app.books.area().to_owned();
        house.app.books.read(|connection| bihuan_store::ledger::size(connection, &area)).unwrap()
    };
    let before = size(&house);
    assert_eq!(clerk.post("/messages/read", &[]).await.location, "/messages?done=read");
    assert!(clerk.get("/messages").await.text().contains("没有未读消息"));
    assert!(
        inbox(&house, "clerk").iter().all(|message| message.channel == INSIDE && message.read_at.is_some())
    );
    assert_eq!(size(&house), before, "to have read a message is no act");
}
