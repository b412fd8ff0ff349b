//! The frame (页面框架) around every page: navigation, who is signed in, language, footer; and the one form template.

pub mod form;
mod menu;
pub mod sheet;

use crate::{app::App, locale::Locale, session::Signed};
use askama::Template;
use axum::{
    http::StatusCode,
    response::{Html, IntoResponse, Response},
};
use bihuan_rules::access::Room;
use jiff::civil::Date;
pub use menu::Menu;
use std::borrow::Cow;

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
    pub menu: Menu,
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
    /// Who prints the page and when, for the foot of the paper.
    pub printed: String,
    /// The day of the past that the page shows, and today.
    pub past: Option<(Date, Date)>,
    /// The address of the complaint box, with this page filled in; empty where nobody can complain.
    pub complaint_box: String,
}

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
        let reference = app.home().reference();
        let office = &reference.office;
        let today = app.home().today();
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
        let menu =
            if is_held_up { Menu::default() } else { Menu::new(locale, |room| actor.may_enter(room), room) };
        let complaint_box = if is_held_up || app.looking.is_some() {
            String::new()
        } else {
            crate::burden::box_address(&signed.address)
        };
        let printed = locale.text("frame-printed").with("name", user.name.as_str());
        let printed = printed.with("at", crate::ledger::moment(app.home().now())).to_string();
        Frame {
            printed,
            complaint_box,
            user: Some(user),
            menu,
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
            menu: Menu::default(),
            crumbs: Vec::new(),
            csrf: String::new(),
            demo: area.is_some_and(|area| area.simulated),
            flash: String::new(),
            query: String::new(),
            has_errors: false,
            ledger: None,
            printed: String::new(),
            past: app.looking.as_ref().map(|looking| (looking.day, looking.home.today())),
            complaint_box: String::new(),
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
    pub fn say(&self, key: &str) -> Cow<'static, str> {
        self.locale.lent(key)
    }

    /// The tag of the other language.
    #[must_use]
    pub fn other_language(&self) -> &'static str {
        match self.locale {
            Locale::ZhCn => "en",
            Locale::En => "zh-CN",
        }
    }

    /// What a page of the past says of itself.
    #[must_use]
    pub fn past_words(&self) -> String {
        self.past.map_or_else(String::new, |(day, _)| {
            self.locale.text("past-banner").with("on", self.locale.date(day)).to_string()
        })
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
