//! The sweep (巡检): what each person owes now becomes a message, each thing once; what is done is no longer said.
//!
//! It asks the same questions as the page of the day, in the name of everybody who holds a post today, and so lists nothing that the page
//! does not, and nothing twice.

use super::Route;
use crate::{app::App, failure::Failure, locale::Locale, session::Signed, today};
use bihuan_rules::{
    Actor,
    access::Reach,
    id::{PersonId, PostId, UnitId},
    outbox::{Hours, Matter, Occasion, Wish, spread},
};
use bihuan_store::{
    Connection, Error,
    checkpoint::machine,
    entries,
    list::{self, Filter, Scope, Sort, Turn, Whose},
    outbox::{self, GROUP, INSIDE, NewMessage, wish},
    task,
};
use jiff::{SignedDuration, Timestamp, ToSpan, civil::Date, tz};
use std::collections::{BTreeMap, BTreeSet};

/// Most open tasks of one turn that are looked at.
const TASKS_MAX: u32 = 5_000;
/// Where things lie that were said in confidence: no word of them goes into a message.
const IN_CONFIDENCE: [&str; 1] = ["/burden/complaints/"];
/// How long a saying is remembered before it is offered to the books again.
const KNOWN_FOR: SignedDuration = SignedDuration::from_hours(24 * 60);

/// What a sweep did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Swept {
    /// People looked after.
    pub people: usize,
    /// Messages made.
    pub made: u64,
    /// Messages whose matter is done.
    pub ended: u64,
}

/// Things that somebody owes, by address.
type Owed = BTreeMap<String, (Matter, bool)>;

/// Looks after everybody once.
///
/// # Errors
/// When the books refuse; nothing is lost, the next sweep finds it all again.
pub async fn sweep(app: &App) -> Result<Swept, Failure> {
    let everybody = everybody(app);
    let wishes = app.books.ask(wish::all).await?;
    let mut swept = Swept { people: everybody.len(), ..Swept::default() };
    let mut turns = BTreeMap::new();
    let (mut of_people, mut of_units) = (BTreeMap::<PersonId, Owed>::new(), BTreeMap::<UnitId, Owed>::new());
    for actor in everybody {
        // One look for each person, so that no reader of the books is kept for long.
        let (looked, reader, known) = (app.clone(), actor.clone(), std::mem::take(&mut turns));
        let language = wishes.get(actor.person.as_str()).and_then(|wish| Locale::from_tag(&wish.language));
        let locale = language.unwrap_or_default();
        let look = move |connection: &mut Connection| {
            let mut known = known;
            owed(&looked, locale, &reader, connection, &mut known).map(|owed| (owed, known))
        };
        let (owed, known) = app.books.ask(look).await?;
        turns = known;
        of_units.entry(actor.unit).or_default().extend(owed.clone());
        of_people.entry(actor.person).or_default().extend(owed);
    }
    let messages = messages(app, &of_people, &of_units, &wishes);
    let channels: Vec<String> = std::iter::once(INSIDE)
        .chain(app.routes.iter().map(|route| route.name.as_str()))
        .map(str::to_owned)
        .collect();
    let now = app.now();
    let since = now.checked_sub(KNOWN_FOR).unwrap_or(now);
    for channel in channels {
        let of_channel: Vec<NewMessage> =
            messages.iter().filter(|each| each.channel == channel).cloned().collect();
        let owed: BTreeSet<String> = of_channel.iter().map(|each| each.saying.clone()).collect();
        let (named, all) = (channel.clone(), owed.clone());
        let look = move |connection: &mut Connection| {
            let known = outbox::known(connection, &named, since)?;
            let is_settled = outbox::is_settled(connection, &named, &all)?;
            Ok::<_, Error>((known, is_settled))
        };
        let (known, is_settled) = app.books.ask(look).await?;
        let fresh: Vec<NewMessage> =
            of_channel.into_iter().filter(|each| !known.contains(&each.saying)).collect();
        if fresh.is_empty() && is_settled {
            continue;
        }
        let write = move |work: &mut bihuan_store::Work<'_>| {
            let ended = outbox::settle(work.connection(), &channel, &owed)?;
            Ok::<_, Error>((outbox::put(work.connection(), &fresh, now)?, ended))
        };
        let (made, ended) = app.books.act(machine(), now, write).await?;
        swept.made += made;
        swept.ended += ended;
    }
    app.unread.set(app.books.ask(outbox::unread).await?);
    Ok(swept)
}

/// Everybody who may sign in, in each post that they hold today, whether for themselves or in place of another.
fn everybody(app: &App) -> Vec<Actor> {
    let (reference, today) = (app.reference(), app.today());
    let office = &reference.office;
    let may_sign_in =
        |person: &PersonId| app.demo || reference.accounts.get(person).is_some_and(|account| account.is_open);
    let people = office.persons.keys().filter(|person| may_sign_in(person));
    let seats = people.flat_map(|person| office.posts_of(person, today).map(move |post| (person, &post.id)));
    seats.filter_map(|(person, post)| office.actor(person, post, today)).collect()
}

/// What a post owes now, with whether it is sealed.
fn owed(
    app: &App,
    locale: Locale,
    actor: &Actor,
    connection: &mut Connection,
    turns: &mut BTreeMap<String, Vec<Matter>>,
) -> Result<Owed, Failure> {
    let signed = Signed::away(actor.clone());
    let reach = match actor.reach() {
        Reach::Whole => Scope::Whole,
        Reach::OwnUnit => Scope::Unit(actor.unit.clone()),
        Reach::Nothing => return Ok(Owed::new()),
    };
    let mut owed = Owed::new();
    for turn in today::turns(&signed, &reach) {
        let key = format!("{turn:?}");
        if !turns.contains_key(&key) {
            turns.insert(key.clone(), of_turn(app, connection, turn)?);
        }
        let tasks = turns.get(&key).into_iter().flatten();
        owed.extend(tasks.map(|matter| (matter.href.clone(), (matter.clone(), false))));
    }
    for matter in guaranteed(app, connection, &actor.post)? {
        owed.entry(matter.href.clone()).or_insert((matter, false));
    }
    for (on, due) in today::dues::all(app, locale, &signed, connection)? {
        let matter = if due.is_sealed {
            // Neither place nor number: the row must name nothing to whoever reads the tables.
            let href = "/missions".to_owned();
            Matter { href, number: String::new(), title: String::new(), due_on: None, since: on }
        } else {
            let (due_on, since) = if due.is_term { (on, None) } else { (None, on) };
            let is_told = !IN_CONFIDENCE.iter().any(|begin| due.href.starts_with(begin));
            let title = if is_told { due.title } else { String::new() };
            Matter { href: due.href, number: String::new(), title, due_on, since }
        };
        owed.entry(matter.href.clone()).or_insert((matter, due.is_sealed));
    }
    Ok(owed)
}

/// Open tasks of a turn that are near, late, or new.
fn of_turn(app: &App, connection: &mut Connection, turn: Turn) -> Result<Vec<Matter>, Failure> {
    let today = app.today();
    let base = Filter { open: Some(true), sort: Sort::Step, ..Filter::all(Scope::Whole, today) };
    let filter = Filter { whose: Whose::These(vec![turn]), ..base };
    let first_new = today.checked_sub(bihuan_rules::outbox::NEW_DAYS.days()).unwrap_or(today);
    let (newer, _) = entries::positions_of(connection, app.books.area(), first_new)?;
    let mut rows = Vec::new();
    list::each_task(connection, &filter, TASKS_MAX, |row| {
        rows.push(row);
        Ok(true)
    })?;
    let mut matters = Vec::new();
    for row in rows {
        let mut matter = Matter {
            href: format!("/tasks/{}", row.id),
            number: row.id.to_string(),
            title: row.title,
            due_on: row.step_due_on,
            since: row.registered_on.or(Some(Date::MIN)),
        };
        if row.last_sequence >= newer {
            let seen = task::load(connection, &row.id)?;
            matter.since = seen.and_then(|seen| seen.record.days.state_since).or(matter.since);
        }
        matters.push(matter);
    }
    Ok(matters)
}

/// Tasks that a leader guarantees and whose step is near or late: they are told with whoever owes it.
fn guaranteed(app: &App, connection: &mut Connection, post: &PostId) -> Result<Vec<Matter>, Failure> {
    let filter = Filter {
        open: Some(true),
        guarantor: Some(post.clone()),
        sort: Sort::Step,
        ..Filter::all(Scope::Whole, app.today())
    };
    let mut matters = Vec::new();
    list::each_task(connection, &filter, TASKS_MAX, |row| {
        matters.push(Matter {
            href: format!("/tasks/{}", row.id),
            number: row.id.to_string(),
            title: row.title,
            due_on: row.step_due_on,
            since: row.registered_on.or(Some(Date::MIN)),
        });
        Ok(true)
    })?;
    Ok(matters)
}

/// Every saying that is in place now, by every channel.
fn messages(
    app: &App,
    of_people: &BTreeMap<PersonId, Owed>,
    of_units: &BTreeMap<UnitId, Owed>,
    wishes: &BTreeMap<String, Wish>,
) -> Vec<NewMessage> {
    let usual = Wish::default();
    let mut messages = Vec::new();
    for (person, owed) in of_people {
        let wish = wishes.get(person.as_str()).unwrap_or(&usual);
        let ways = app.routes.iter().filter(|route| wish.address(route.kind).is_some());
        for (occasion, matter, _) in said(app, owed) {
            messages.push(message(app, None, &wish.hours, person.as_str(), occasion, matter));
            let outside = ways
                .clone()
                .map(|route| message(app, Some(route), &wish.hours, person.as_str(), occasion, matter));
            messages.extend(outside);
        }
    }
    for route in app.routes.iter().filter(|route| route.kind.is_robot()) {
        let units = of_units.iter().filter(|(unit, _)| route.units.is_empty() || route.units.contains(*unit));
        let mut all = Owed::new();
        for (_, owed) in units {
            all.extend(
                owed.iter()
                    .filter(|(_, (_, is_sealed))| !is_sealed)
                    .map(|(key, each)| (key.clone(), each.clone())),
            );
        }
        let said = said(app, &all);
        messages.extend(
            said.map(|(occasion, matter, _)| {
                message(app, Some(route), &route.hours, GROUP, occasion, matter)
            }),
        );
    }
    messages
}

fn said<'o>(app: &App, owed: &'o Owed) -> impl Iterator<Item = (Occasion, &'o Matter, bool)> {
    let (reference, today) = (app.reference(), app.today());
    owed.values().filter_map(move |(matter, is_sealed)| {
        matter.occasion(today, &reference.calendar).map(|occasion| (occasion, matter, *is_sealed))
    })
}

fn message(
    app: &App,
    route: Option<&Route>,
    hours: &Hours,
    person: &str,
    occasion: Occasion,
    matter: &Matter,
) -> NewMessage {
    let now = app.now();
    let channel = route.map_or(INSIDE, |route| route.name.as_str());
    let may_name = route.is_none_or(|route| route.titles);
    let matter =
        Matter { title: if may_name { matter.title.clone() } else { String::new() }, ..matter.clone() };
    let to = if person == GROUP { format!("#{channel}") } else { person.to_owned() };
    let goes_at = if route.is_none() { now } else { leaves_at(app, hours, &to, matter.due_on, now) };
    NewMessage {
        saying: matter.key(occasion, &to, channel),
        person: person.to_owned(),
        channel: channel.to_owned(),
        occasion,
        matter,
        goes_at,
    }
}

fn leaves_at(app: &App, hours: &Hours, to: &str, due_on: Option<Date>, now: Timestamp) -> Timestamp {
    let here = tz::offset(8);
    let leaves = hours.leaves_at(&app.reference().calendar, here.to_datetime(now), due_on, spread(to));
    here.to_timestamp(leaves).unwrap_or(now)
}
