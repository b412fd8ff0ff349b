//! The words on screen (文字): every sentence a person reads comes from a Fluent file in `locales/`, Chinese first.
//!
//! [`Locale`] is a small copyable value that every page and component carries. `locale.say("key")` gives plain words;
//! `locale.text("key").with("count", 3)` fills in values and can be written straight into a template. A word that
//! exists in no language shows as `⟦key⟧`, and the test `words` fails for it.

use std::borrow::Cow;
use std::collections::HashMap;
use std::convert::Infallible;
use std::fmt;
use std::sync::LazyLock;

use axum::extract::{FromRequestParts, Request};
use axum::http::header::{ACCEPT_LANGUAGE, COOKIE, HOST, LOCATION, REFERER, SET_COOKIE};
use axum::http::request::Parts;
use axum::http::{HeaderValue, Method, StatusCode, Uri};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use rustc_hash::FxBuildHasher;
use unic_langid::LanguageIdentifier;

/// The cookie that remembers the chosen language.
pub const COOKIE_NAME: &str = "bihuan_lang";

/// Every word file, as language, file name and text; collected by the build script.
pub const FILES: &[(&str, &str, &str)] = include!(concat!(env!("OUT_DIR"), "/locale_files.rs"));

/// A language the pages are worded in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Locale {
    /// Simplified Chinese (简体中文), the first language.
    #[default]
    ZhCn,
    /// English, complete.
    En,
}

static CHINESE: LazyLock<FluentBundle<FluentResource>> = LazyLock::new(|| bundle(Locale::ZhCn));
static ENGLISH: LazyLock<FluentBundle<FluentResource>> = LazyLock::new(|| bundle(Locale::En));

fn bundle(locale: Locale) -> FluentBundle<FluentResource> {
    let tag: LanguageIdentifier =
        locale.tag().parse().expect("the two tags are well-formed language identifiers");
    let mut bundle = FluentBundle::new_concurrent(vec![tag]);
    // The marks that isolate text directions are never needed here and would end up in copied text and in tests.
    bundle.set_use_isolating(false);
    for (language, name, text) in FILES {
        if *language != locale.tag() {
            continue;
        }
        // A broken entry must not take the other words down with it; the test `words` reports both kinds of error.
        let resource = FluentResource::try_new((*text).to_owned()).unwrap_or_else(|(resource, errors)| {
            tracing::error!(language, name, ?errors, "a word file does not parse");
            resource
        });
        if let Err(errors) = bundle.add_resource(resource) {
            tracing::error!(language, name, ?errors, "a key is worded twice");
        }
    }
    bundle
}

/// Words by their keys. The keys are our own, so that the hash need not withstand anybody.
type Plain = HashMap<String, String, FxBuildHasher>;

static PLAIN_CHINESE: LazyLock<Plain> = LazyLock::new(|| plain(Locale::ZhCn));
static PLAIN_ENGLISH: LazyLock<Plain> = LazyLock::new(|| plain(Locale::En));

/// The words of a language that take no values, ready to be copied.
fn plain(locale: Locale) -> Plain {
    let mut words = Plain::default();
    for (_, _, text) in FILES.iter().filter(|(language, _, _)| *language == locale.tag()) {
        let resource = FluentResource::try_new((*text).to_owned()).unwrap_or_else(|(resource, _)| resource);
        for entry in resource.entries() {
            let fluent_syntax::ast::Entry::Message(message) = entry else { continue };
            let Some(pattern) = &message.value else { continue };
            let takes_none = |element: &fluent_syntax::ast::PatternElement<&str>| {
                matches!(element, fluent_syntax::ast::PatternElement::TextElement { .. })
            };
            if pattern.elements.iter().all(takes_none) {
                let key = message.id.name;
                words.entry(key.to_owned()).or_insert_with(|| locale.worded(key, None));
            }
        }
    }
    words
}

impl Locale {
    /// Every language, the first one first.
    pub const ALL: [Self; 2] = [Self::ZhCn, Self::En];

    /// The language tag of BCP 47, as used in `lang=` and in the folder names.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::ZhCn => "zh-CN",
            Self::En => "en",
        }
    }

    /// The language's name in itself, for the switch.
    pub const fn own_name(self) -> &'static str {
        match self {
            Self::ZhCn => "中文",
            Self::En => "English",
        }
    }

    /// The languages one can switch to from here.
    pub fn others(self) -> impl Iterator<Item = Self> {
        Self::ALL.into_iter().filter(move |other| *other != self)
    }

    /// The language a tag such as `zh`, `zh-Hans-CN` or `en-GB` asks for.
    pub fn from_tag(tag: &str) -> Option<Self> {
        let primary = tag.trim().split(['-', '_']).next()?;
        match primary.to_ascii_lowercase().as_str() {
            "zh" => Some(Self::ZhCn),
            "en" => Some(Self::En),
            _ => None,
        }
    }

    fn bundle(self) -> &'static FluentBundle<FluentResource> {
        match self {
            Self::ZhCn => &CHINESE,
            Self::En => &ENGLISH,
        }
    }

    /// Whether this very language has a wording for the key.
    pub fn knows(self, key: &str) -> bool {
        self.bundle().get_message(key).is_some_and(|message| message.value().is_some())
    }

    /// The words of a key without values.
    pub fn say(self, key: &str) -> String {
        self.lent(key).into_owned()
    }

    /// The words of a key without values, lent to whoever only writes them out.
    pub fn lent(self, key: &str) -> Cow<'static, str> {
        let plain = match self {
            Self::ZhCn => &PLAIN_CHINESE,
            Self::En => &PLAIN_ENGLISH,
        };
        plain.get(key).map_or_else(|| self.worded(key, None).into(), |words| words.as_str().into())
    }

    /// The words of a key with values filled in.
    pub fn say_with(self, key: &str, values: &FluentArgs<'_>) -> String {
        self.worded(key, Some(values))
    }

    /// The words of a key to which values are added one by one: `locale.text("rows").with("count", 3)`.
    pub fn text<'v>(self, key: impl Into<Cow<'v, str>>) -> Text<'v> {
        Text { locale: self, key: key.into(), values: FluentArgs::new() }
    }

    fn worded(self, key: &str, values: Option<&FluentArgs<'_>>) -> String {
        // Chinese is the first language: better a Chinese word on an English page than none.
        for bundle in [self.bundle(), Self::ZhCn.bundle()] {
            if let Some(pattern) = bundle.get_message(key).and_then(|message| message.value()) {
                let mut errors = Vec::new();
                let worded = bundle.format_pattern(pattern, values, &mut errors).into_owned();
                if !errors.is_empty() {
                    tracing::error!(key, ?errors, language = self.tag(), "a wording lacks a value");
                }
                return worded;
            }
        }
        tracing::error!(key, "a word is missing");
        format!("⟦{key}⟧")
    }

    /// A date as people of this language write it in tables: `2021-06-30`, `30 Jun 2021`.
    pub fn date(self, date: jiff::civil::Date) -> String {
        match self {
            Self::ZhCn => date.to_string(),
            Self::En => date.strftime("%-d %b %Y").to_string(),
        }
    }

    /// A whole number with thin groups of three, as both languages print it: `8 812`.
    pub fn number(self, number: i64) -> String {
        let digits = number.unsigned_abs().to_string();
        let mut grouped = String::with_capacity(digits.len() + digits.len() / 3 + 1);
        if number < 0 {
            grouped.push('-');
        }
        for (place, digit) in digits.chars().enumerate() {
            if place > 0 && (digits.len() - place).is_multiple_of(3) {
                grouped.push('\u{202f}');
            }
            grouped.push(digit);
        }
        grouped
    }
}

/// Words with values: written into a template or turned into a `String`.
pub struct Text<'v> {
    locale: Locale,
    key: Cow<'v, str>,
    values: FluentArgs<'v>,
}

impl<'v> Text<'v> {
    /// Adds one named value: text or number.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<FluentValue<'v>>) -> Self {
        self.values.set(name, value);
        self
    }
}

impl fmt::Display for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.locale.say_with(&self.key, &self.values))
    }
}

impl From<Text<'_>> for String {
    fn from(text: Text<'_>) -> Self {
        text.to_string()
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Locale {
    type Rejection = Infallible;

    /// The remembered choice, else what the browser prefers, else Chinese.
    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Infallible> {
        Ok(from_cookie(parts).or_else(|| from_preference(parts)).unwrap_or_default())
    }
}

fn from_cookie(parts: &Parts) -> Option<Locale> {
    parts
        .headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(name, _)| *name == COOKIE_NAME)
        .and_then(|(_, tag)| Locale::from_tag(tag))
}

/// `Accept-Language` lists tags with optional weights `;q=0.8`; equal weights keep their order.
fn from_preference(parts: &Parts) -> Option<Locale> {
    let header = parts.headers.get(ACCEPT_LANGUAGE)?.to_str().ok()?;
    let mut best: Option<(f32, Locale)> = None;
    for entry in header.split(',').take(20) {
        let (tag, weight) = entry.split_once(';').unwrap_or((entry, "q=1"));
        let weight: f32 = weight.trim().trim_start_matches("q=").parse().unwrap_or(0.0);
        if let Some(locale) = Locale::from_tag(tag)
            && weight > best.map_or(0.0, |(most, _)| most)
        {
            best = Some((weight, locale));
        }
    }
    best.map(|(_, locale)| locale)
}

/// Middleware: a link with `?lang=en` stores the choice in a cookie and leads back to the same page without it.
///
/// No POST is needed, since choosing a language changes nothing but the reader's own cookie.
pub async fn remember_choice(request: Request, next: Next) -> Response {
    if request.method() == Method::GET
        && let Some((locale, rest)) = chosen(request.uri())
        && let Ok(location) = HeaderValue::from_str(&came_from(&request, &rest).unwrap_or(rest))
    {
        let cookie = format!("{COOKIE_NAME}={}; Path=/; Max-Age=31536000; SameSite=Lax", locale.tag());
        let cookie = HeaderValue::from_str(&cookie).expect("a language tag is plain ASCII");
        return (StatusCode::SEE_OTHER, [(LOCATION, location), (SET_COOKIE, cookie)]).into_response();
    }
    next.run(request).await
}

/// The same page with the filters it was read with: the link that chooses a language knows none of them.
fn came_from(request: &Request, rest: &str) -> Option<String> {
    let referer: Uri = request.headers().get(REFERER)?.to_str().ok()?.parse().ok()?;
    let host = request.headers().get(HOST)?.to_str().ok()?;
    let same = referer.authority()?.as_str() == host && referer.path() == rest && !rest.contains('?');
    let query = referer.query().filter(|query| same && !query.contains("lang="))?;
    Some(format!("{rest}?{query}"))
}

/// The language asked for in the query and the same address without that wish.
fn chosen(uri: &Uri) -> Option<(Locale, String)> {
    let query = uri.query()?;
    let tag = query.split('&').find_map(|pair| pair.strip_prefix("lang="))?;
    let locale = Locale::from_tag(tag)?;
    let kept: Vec<&str> = query.split('&').filter(|pair| !pair.starts_with("lang=")).collect();
    // A path of several slashes would be read as another host by the browser.
    let path = format!("/{}", uri.path().trim_start_matches('/'));
    Some((locale, if kept.is_empty() { path } else { format!("{path}?{}", kept.join("&")) }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(headers: &[(&str, &str)]) -> Parts {
        let mut request = Request::builder().uri("/");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.body(axum::body::Body::empty()).unwrap().into_parts().0
    }

    #[test]
    fn the_remembered_choice_comes_before_the_browsers_wish() {
        let parts = parts(&[("cookie", "a=b; bihuan_lang=en"), ("accept-language", "zh-CN")]);
        assert_eq!(from_cookie(&parts).or_else(|| from_preference(&parts)), Some(Locale::En));
    }

    #[test]
    fn the_heaviest_known_language_is_taken() {
        let wish = |value| from_preference(&parts(&[("accept-language", value)]));
        assert_eq!(wish("fr, en;q=0.5, zh;q=0.8"), Some(Locale::ZhCn));
        assert_eq!(wish("en-GB,en;q=0.9,zh;q=0.8"), Some(Locale::En));
        assert_eq!(wish("fr"), None);
    }

    #[test]
    fn a_language_link_leads_back_to_the_same_page_and_never_elsewhere() {
        let uri: Uri = "/p?state=open&lang=en&sort=due".parse().unwrap();
        assert_eq!(chosen(&uri), Some((Locale::En, "/p?state=open&sort=due".to_owned())));
        let uri: Uri = "http://host//evil.example/?lang=zh".parse().unwrap();
        assert_eq!(chosen(&uri), Some((Locale::ZhCn, "/evil.example/".to_owned())));
        assert_eq!(chosen(&"/p?lang=xx".parse().unwrap()), None);
    }

    #[test]
    fn numbers_are_grouped_in_threes() {
        assert_eq!(Locale::ZhCn.number(8812), "8\u{202f}812");
        assert_eq!(Locale::ZhCn.number(-1_234_567), "-1\u{202f}234\u{202f}567");
        assert_eq!(Locale::ZhCn.number(12), "12");
    }

    #[test]
    fn a_missing_word_is_noticeable() {
        assert_eq!(Locale::En.say("no-such-word"), "⟦no-such-word⟧");
    }

    #[test]
    fn choosing_a_language_keeps_the_filters_of_the_page() {
        let asked = |referer: &str| {
            let request = Request::builder().uri("/tasks?lang=en").header(HOST, "district.example");
            came_from(&request.header(REFERER, referer).body(axum::body::Body::empty()).unwrap(), "/tasks")
        };
        assert_eq!(
            asked("http://district.example/tasks?flag=overdue"),
            Some("/tasks?flag=overdue".to_owned())
        );
        for other in [
            "http://district.example/tasks",
            "http://district.example/desk?a=1",
            "http://evil.example/tasks?a=1",
        ] {
            assert_eq!(asked(other), None, "{other}");
        }
    }
}
