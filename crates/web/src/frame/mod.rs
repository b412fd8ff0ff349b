//! The frame (页面框架) around every page: navigation, who is signed in, language, footer; and the one form template.

pub mod form;
pub mod sheet;

use crate::{app::App, locale::Locale, session::Signed};
use askama::Template;
use axum::{
    http::StatusCode,
    response::{Html, IntoResponse, Response},
};
use bihuan_rules::access::Room;

/// Who is signed in, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// Name.
    pub name: String,
    /// Unit and title of the post.
    pub post: String,
    /// Every post of the person: code, words, is the present one.
    pub posts: Vec<(String, String, bool)>,
}

/// One entry of the navigation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NavItem {
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

/// Everything around a page.
#[derive(Debug, Clone)]
pub struct Frame {
    /// Language.
    pub locale: Locale,
    /// Title of the page.
    pub title: String,
    /// Name of the area.
    pub area: String,
    /// Who is signed in.
    pub user: Option<User>,
    /// Navigation.
    pub nav: Vec<NavItem>,
    /// Links to the pages above.
    pub crumbs: Vec<(String, String)>,
    /// Secret of the session's forms.
    pub csrf: String,
    /// Everything is invented.
    pub demo: bool,
    /// What has just been done.
    pub flash: String,
    /// Words in the search field.
    pub query: String,
    /// The page shows errors.
    pub has_errors: bool,
    /// Entries of the ledger and prefix of the root, as far as known.
    pub ledger: Option<(u64, String)>,
}

/// Rooms in the navigation: room, address, icon.
const ROOMS: &[(Room, &str, &str)] = &[
    (Room::Today, "/", "M4 5h16v15H4zM4 10h16M9 3v4M15 3v4"),
    (Room::Tasks, "/tasks", "M5 6h2M10 6h9M5 12h2M10 12h9M5 18h2M10 18h9"),
    (Room::Intake, "/intake", "M12 3v11M8 10l4 4 4-4M4 15v5h16v-5"),
    (Room::Desk, "/desk", "M4 4h11v16H4zM8 9h4M8 13h4M17 9l3 3-4 4"),
    (Room::Notices, "/notices", "M4 10v4h3l7 4V6l-7 4zM17 9.5a4 4 0 0 1 0 5M8 14.5V19h2.5v-3"),
    (Room::Sustain, "/sustain", "M19 12a7 7 0 1 1-2.2-5.1M19.5 3v4.3h-4.3M12 8v4l3 2"),
    (Room::Meetings, "/meetings", "M4 8h16M4 8l2-4h12l2 4M6 8v12M18 8v12M6 14h12"),
    (Room::Projects, "/projects", "M4 5h9v4H4zM8 10h11v4H8zM12 15h8v4h-8z"),
    (Room::Guarantees, "/guarantees", "M12 3l7 3v6c0 4-3 7-7 9-4-2-7-5-7-9V6zM9 12l2 2 4-4"),
    (Room::Documents, "/documents", "M6 3h9l4 4v14H6zM14 3v5h5M9 12h7M9 16h7"),
    (
        Room::Ledger,
        "/ledger",
        "M5 4h12a2 2 0 0 1 2 2v14H7a2 2 0 0 1-2-2zM5 18a2 2 0 0 1 2-2h12M9 8h6M9 11.5h4",
    ),
    (Room::Office, "/office", "M9 4h6v5H9zM3 16h6v5H3zM15 16h6v5h-6zM12 9v4M6 16v-3h12v3"),
    (Room::Procedure, "/procedure", "M4 5h6v4H4zM14 15h6v4h-6zM7 9v4h10v2M4 17h5"),
    (Room::Calendar, "/calendar", "M4 6h16v14H4zM4 11h16M8 3v5M16 3v5M8 15h2M14 15h2"),
    (Room::Accounts, "/accounts", "M12 4a4 4 0 1 1 0 8 4 4 0 0 1 0-8M4 21c0-4 4-6 8-6s8 2 8 6"),
    (Room::Audit, "/audit", "M10 4a6 6 0 1 1 0 12a6 6 0 0 1 0-12M14.5 14.5L20 20M8 10h4"),
];

impl Frame {
    /// The frame of a page for somebody signed in; what is their own lies in no room. Whoever must change their password
    /// first is shown nothing that leads elsewhere.
    #[must_use]
    pub fn new(
        app: &App,
        locale: Locale,
        signed: &Signed,
        room: impl Into<Option<Room>>,
        title: impl Into<String>,
    ) -> Frame {
        let room = room.into();
        let is_held_up = signed.session.must_change && !app.demo;
        let reference = app.reference();
        let office = &reference.office;
        let today = app.today();
        let words = |post: &bihuan_rules::office::Post| {
            let unit = office.units.get(&post.unit).map_or("", |unit| unit.name.as_str());
            format!("{unit} {}", post.title)
        };
        let actor = &signed.actor;
        let user = User {
            name: office.persons.get(&actor.person).map_or_else(String::new, |person| person.name.clone()),
            post: office.posts.get(&actor.post).map(words).unwrap_or_default(),
            posts: office
                .posts_of(&actor.person, today)
                .filter(|_| !is_held_up)
                .map(|post| (post.id.to_string(), words(post), post.id == actor.post))
                .collect(),
        };
        let nav = ROOMS
            .iter()
            .filter(|(each, ..)| actor.may_enter(*each) && !is_held_up)
            .map(|(each, href, icon)| NavItem {
                href,
                label: locale.say(&format!("room-{}", each.name())),
                icon,
                current: room == Some(*each),
                count: 0,
            })
            .collect();
        Frame {
            user: Some(user),
            nav,
            csrf: signed.session.csrf.clone(),
            ..Frame::outside(app, locale, title)
        }
    }

    /// The frame of a page for nobody in particular.
    #[must_use]
    pub fn outside(app: &App, locale: Locale, title: impl Into<String>) -> Frame {
        let reference = app.reference();
        let area = reference.area.as_ref();
        Frame {
            locale,
            title: title.into(),
            area: area.map_or_else(String::new, |area| area.name.clone()),
            user: None,
            nav: Vec::new(),
            crumbs: Vec::new(),
            csrf: String::new(),
            demo: area.is_some_and(|area| area.simulated),
            flash: String::new(),
            query: String::new(),
            has_errors: false,
            ledger: None,
        }
    }

    /// The frame with a link to a page above.
    #[must_use]
    pub fn below(mut self, href: impl Into<String>, words: impl Into<String>) -> Frame {
        self.crumbs.push((href.into(), words.into()));
        self
    }

    /// Plain words.
    #[must_use]
    pub fn say(&self, key: &str) -> String {
        self.locale.say(key)
    }

    /// The tag of the other language.
    #[must_use]
    pub fn other_language(&self) -> &'static str {
        match self.locale {
            Locale::ZhCn => "en",
            Locale::En => "zh-CN",
        }
    }

    /// Where the ledger stands.
    #[must_use]
    pub fn ledger_words(&self) -> String {
        match &self.ledger {
            Some((size, root)) => {
                let size = i64::try_from(*size).unwrap_or(i64::MAX);
                let text = self.locale.text("frame-ledger").with("size", self.locale.number(size));
                text.with("root", root.as_str()).to_string()
            }
            None => String::new(),
        }
    }
}

/// A page as an answer.
pub fn show(status: StatusCode, page: &impl Template) -> Response {
    match page.render() {
        Ok(html) => (status, Html(html)).into_response(),
        Err(error) => {
            tracing::error!(%error, "a template failed");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}
