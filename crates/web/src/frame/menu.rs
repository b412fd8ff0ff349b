//! The navigation (导航): the rooms that a reader may enter, in groups; on a phone the four used most, the rest behind one button.

use crate::locale::Locale;
use bihuan_rules::access::Room;

/// One entry of the navigation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Address.
    pub href: &'static str,
    /// Words.
    pub label: String,
    /// Path of the icon in a 24 × 24 field.
    pub icon: &'static str,
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

/// The navigation of one reader.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Menu {
    /// Every group with a room in it.
    pub groups: Vec<Group>,
}

/// A room with its address and icon.
type Entry = (Room, &'static str, &'static str);

/// Every group by the key of its heading.
const GROUPS: &[(&str, &[Entry])] = &[
    (
        "",
        &[
            (Room::Today, "/", "M4 5h16v15H4zM4 10h16M9 3v4M15 3v4"),
            (Room::Tasks, "/tasks", "M5 6h2M10 6h9M5 12h2M10 12h9M5 18h2M10 18h9"),
        ],
    ),
    (
        "loop",
        &[
            (Room::Intake, "/intake", "M12 3v11M8 10l4 4 4-4M4 15v5h16v-5"),
            (Room::Desk, "/desk", "M4 4h11v16H4zM8 9h4M8 13h4M17 9l3 3-4 4"),
            (Room::Notices, "/notices", "M4 10v4h3l7 4V6l-7 4zM17 9.5a4 4 0 0 1 0 5M8 14.5V19h2.5v-3"),
            (Room::Sustain, "/sustain", "M19 12a7 7 0 1 1-2.2-5.1M19.5 3v4.3h-4.3M12 8v4l3 2"),
        ],
    ),
    (
        "answer",
        &[
            (
                Room::Leaders,
                "/leaders",
                "M9 4a3.5 3.5 0 1 1 0 7a3.5 3.5 0 0 1 0-7M3 20c0-4 3-6 6-6s6 2 6 6M17 8h4M17 12h4M18 16h3",
            ),
            (Room::Duties, "/duties", "M5 4h14v16H5zM8 9l1.5 1.5L12 8M14 9h3M8 15l1.5 1.5L12 14M14 15h3"),
            (Room::Handovers, "/handovers", "M4 8h13M13 4l4 4-4 4M20 16H7M11 12l-4 4 4 4"),
            (Room::Projects, "/projects", "M4 5h9v4H4zM8 10h11v4H8zM12 15h8v4h-8z"),
            (Room::Guarantees, "/guarantees", "M12 3l7 3v6c0 4-3 7-7 9-4-2-7-5-7-9V6zM9 12l2 2 4-4"),
            (
                Room::Rivers,
                "/rivers",
                "M3 8c3-3 6-3 9 0s6 3 9 0M3 13c3-3 6-3 9 0s6 3 9 0M3 18c3-3 6-3 9 0s6 3 9 0",
            ),
            (Room::Office, "/office", "M9 4h6v5H9zM3 16h6v5H3zM15 16h6v5h-6zM12 9v4M6 16v-3h12v3"),
        ],
    ),
    (
        "check",
        &[
            (Room::Rounds, "/rounds", "M12 4a8 8 0 1 1 0 16a8 8 0 0 1 0-16M12 8v4l3 2"),
            (
                Room::Missions,
                "/missions",
                "M12 21s-6-5.3-6-10a6 6 0 0 1 12 0c0 4.700-6 10-6 10M12 9a2 2 0 1 1 0 4a2 2 0 0 1 0-4",
            ),
            (
                Room::Findings,
                "/findings",
                "M4 12s3-6 8-6 8 6 8 6-3 6-8 6-8-6-8-6M12 10a2 2 0 1 1 0 4a2 2 0 0 1 0-4",
            ),
        ],
    ),
    (
        "paper",
        &[
            (Room::Meetings, "/meetings", "M4 8h16M4 8l2-4h12l2 4M6 8v12M18 8v12M6 14h12"),
            (Room::Documents, "/documents", "M6 3h9l4 4v14H6zM14 3v5h5M9 12h7M9 16h7"),
        ],
    ),
    (
        "record",
        &[
            (
                Room::Ledger,
                "/ledger",
                "M5 4h12a2 2 0 0 1 2 2v14H7a2 2 0 0 1-2-2zM5 18a2 2 0 0 1 2-2h12M9 8h6M9 11.5h4",
            ),
            (Room::Audit, "/audit", "M10 4a6 6 0 1 1 0 12a6 6 0 0 1 0-12M14.5 14.5L20 20M8 10h4"),
        ],
    ),
    (
        "settings",
        &[
            (Room::Procedure, "/procedure", "M4 5h6v4H4zM14 15h6v4h-6zM7 9v4h10v2M4 17h5"),
            (Room::Calendar, "/calendar", "M4 6h16v14H4zM4 11h16M8 3v5M16 3v5M8 15h2M14 15h2"),
            (Room::Accounts, "/accounts", "M12 4a4 4 0 1 1 0 8 4 4 0 0 1 0-8M4 21c0-4 4-6 8-6s8 2 8 6"),
        ],
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
        let item = |(room, href, icon): &Entry| Item {
            href,
            label: locale.say(&format!("room-{}", room.name())),
            icon,
            current: here == Some(*room),
            count: 0,
        };
        let groups = GROUPS.iter().map(|(key, entries)| {
            let items: Vec<Item> = entries.iter().filter(|(room, ..)| may_enter(*room)).map(item).collect();
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
        Menu { groups }
    }

    /// Whether there is nothing to go to.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.groups.is_empty()
    }

    /// Notes how much waits at an address.
    pub fn count(&mut self, href: &str, count: u64) {
        let mut items = self.groups.iter_mut().flat_map(|group| &mut group.items);
        if let Some(item) = items.find(|item| item.href == href) {
            item.count = count;
        }
    }

    /// The entries that stand in the bar of a phone.
    #[must_use]
    pub fn first(&self) -> Vec<&Item> {
        let href_of = |room: &Room| {
            let mut entries = GROUPS.iter().flat_map(|(_, entries)| entries.iter());
            entries.find(|(each, ..)| each == room).map(|(_, href, _)| *href)
        };
        let items = || self.groups.iter().flat_map(|group| &group.items);
        FIRST_ON_PHONE
            .iter()
            .filter_map(|room| items().find(|item| Some(item.href) == href_of(room)))
            .take(ON_PHONE)
            .collect()
    }
}
