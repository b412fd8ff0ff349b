//! The navigation (导航): the rooms that a reader may enter, in groups; on a phone the four used most, the rest behind one button.

use crate::locale::Locale;
use askama::Template;
use bihuan_rules::access::Room;
use std::{
    borrow::Cow,
    collections::HashMap,
    sync::{Arc, LazyLock, PoisonError, RwLock},
};

/// One entry of the navigation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Address.
    pub href: &'static str,
    /// Words.
    pub label: String,
    /// Name of the room, by which the styles know its picture.
    pub room: &'static str,
    /// This page lies there.
    pub current: bool,
    /// How much waits there.
    pub count: u64,
}

/// Rooms that belong together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Heading; empty for the first group.
    pub title: String,
    /// Its rooms.
    pub items: Vec<Item>,
    /// Unfolded: the page lies in it, or none does and it is the first with a heading.
    pub is_open: bool,
}

/// The navigation of one reader, as it is sent: drawn once for everybody who may enter the same rooms.
#[derive(Debug, Clone, Default)]
pub struct Menu {
    drawn: Arc<str>,
}

/// Who sees the same navigation: language, rooms by their places in [`Room::ALL`], the room that the page lies in.
type Same = (Locale, u64, Option<Room>);

static DRAWN: LazyLock<RwLock<HashMap<Same, Arc<str>>>> = LazyLock::new(RwLock::default);

#[derive(Template)]
#[template(path = "frame/menu.html")]
struct View<'v> {
    locale: Locale,
    groups: &'v [Group],
}

/// A room with its address.
type Entry = (Room, &'static str);

/// Every group by the key of its heading.
const GROUPS: &[(&str, &[Entry])] = &[
    ("", &[(Room::Today, "/"), (Room::Tasks, "/tasks")]),
    (
        "loop",
        &[
            (Room::Intake, "/intake"),
            (Room::Desk, "/desk"),
            (Room::Notices, "/notices"),
            (Room::Sustain, "/sustain"),
        ],
    ),
    (
        "answer",
        &[
            (Room::Leaders, "/leaders"),
            (Room::Duties, "/duties"),
            (Room::Handovers, "/handovers"),
            (Room::Projects, "/projects"),
            (Room::Guarantees, "/guarantees"),
            (Room::Rivers, "/rivers"),
            (Room::Office, "/office"),
        ],
    ),
    ("check", &[(Room::Rounds, "/rounds"), (Room::Missions, "/missions"), (Room::Findings, "/findings")]),
    ("pressure", &[(Room::Rank, "/rank"), (Room::Supervise, "/supervise")]),
    ("paper", &[(Room::Meetings, "/meetings"), (Room::Documents, "/documents"), (Room::Burden, "/burden")]),
    ("record", &[(Room::Ledger, "/ledger"), (Room::Past, "/past"), (Room::Audit, "/audit")]),
    (
        "settings",
        &[(Room::Procedure, "/procedure"), (Room::Calendar, "/calendar"), (Room::Accounts, "/accounts")],
    ),
];

/// Rooms that are first on a phone, for whoever may enter them.
const FIRST_ON_PHONE: [Room; 5] = [Room::Today, Room::Tasks, Room::Desk, Room::Documents, Room::Ledger];
/// How many of them beside the button for all.
const ON_PHONE: usize = 3;

impl Menu {
    /// The navigation of somebody who may enter these rooms and stands in one.
    #[must_use]
    pub fn new(locale: Locale, may_enter: impl Fn(Room) -> bool, here: Option<Room>) -> Menu {
        let rooms = (0..).zip(Room::ALL).filter(|(_, room)| may_enter(**room));
        let same = (locale, rooms.fold(0, |rooms, (place, _): (u32, _)| rooms | 1 << place), here);
        let known = DRAWN.read().unwrap_or_else(PoisonError::into_inner).get(&same).cloned();
        let drawn = known.unwrap_or_else(|| {
            let drawn = draw(locale, &groups(locale, may_enter, here));
            DRAWN.write().unwrap_or_else(PoisonError::into_inner).insert(same, Arc::clone(&drawn));
            drawn
        });
        Menu { drawn }
    }

    /// [`Menu::new`] with how much waits at some addresses.
    #[must_use]
    pub fn with_counts(
        locale: Locale,
        may_enter: impl Fn(Room) -> bool,
        here: Option<Room>,
        counts: &[(&str, u64)],
    ) -> Menu {
        let mut groups = groups(locale, may_enter, here);
        for item in groups.iter_mut().flat_map(|group| &mut group.items) {
            let count = counts.iter().find(|(href, _)| *href == item.href);
            item.count = count.map_or(0, |(_, count)| *count);
        }
        Menu { drawn: draw(locale, &groups) }
    }

    /// Whether there is nothing to go to.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.drawn.is_empty()
    }

    /// The navigation as HTML.
    #[must_use]
    pub fn html(&self) -> &str {
        &self.drawn
    }
}

fn draw(locale: Locale, groups: &[Group]) -> Arc<str> {
    if groups.is_empty() {
        return Arc::default();
    }
    View { locale, groups }.render().map_or_else(
        |error| {
            tracing::error!(%error, "the navigation could not be drawn");
            Arc::default()
        },
        Arc::from,
    )
}

fn groups(locale: Locale, may_enter: impl Fn(Room) -> bool, here: Option<Room>) -> Vec<Group> {
    let item = |(room, href): &Entry| Item {
        href,
        label: locale.say(&format!("room-{}", room.name())),
        room: room.name(),
        current: here == Some(*room),
        count: 0,
    };
    let groups = GROUPS.iter().map(|(key, entries)| {
        let items: Vec<Item> = entries.iter().filter(|(room, _)| may_enter(*room)).map(item).collect();
        let title = if key.is_empty() { String::new() } else { locale.say(&format!("menu-{key}")) };
        Group { title, is_open: items.iter().any(|item| item.current), items }
    });
    let mut groups: Vec<Group> = groups.filter(|group| !group.items.is_empty()).collect();
    let titled = |group: &&mut Group| !group.title.is_empty();
    if !groups.iter().any(|group| group.is_open && !group.title.is_empty())
        && let Some(first) = groups.iter_mut().find(titled)
    {
        first.is_open = true;
    }
    groups
}

impl View<'_> {
    fn say(&self, key: &str) -> Cow<'static, str> {
        self.locale.lent(key)
    }

    /// The entries that stand in the bar of a phone.
    fn first(&self) -> Vec<&Item> {
        let href_of = |room: &Room| {
            let mut entries = GROUPS.iter().flat_map(|(_, entries)| entries.iter());
            entries.find(|(each, _)| each == room).map(|(_, href)| *href)
        };
        let items = || self.groups.iter().flat_map(|group| &group.items);
        FIRST_ON_PHONE
            .iter()
            .filter_map(|room| items().find(|item| Some(item.href) == href_of(room)))
            .take(ON_PHONE)
            .collect()
    }
}
