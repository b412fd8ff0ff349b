//! `/rank/own`, `/supervise/own`: a scheme or a ladder of the district's own (自定办法) — taken from one that is there, changed as text,
//! compared, tried on the past, and adopted under a name of its own with the decision that it rests on.

mod difference;
mod ladder;
mod scheme;

use crate::{
    app::App,
    failure::Failure,
    filled::Filled,
    frame::{
        Frame,
        form::{Field, Form, Kind},
        show,
    },
    locale::Locale,
    order,
    session::{Signed, random_token},
    upload, words,
};
use askama::Template;
use axum::{
    Router,
    extract::{Multipart, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use bihuan_rules::{
    Act, Subject,
    access::Room,
    act::SettingAct,
    adopted::{Adoptable, Texts},
    office::Role,
    ranking::{Length, Period},
    setting,
};
use bihuan_store::Reference;
use difference::Change;
use jiff::{ToSpan, civil::Date};

/// Rows of the text area.
const ROWS: u32 = 24;

/// The addresses of own schemes and ladders.
pub fn router() -> Router<App> {
    pages::<scheme::Own>().merge(pages::<ladder::Own>())
}

fn pages<O: Own>() -> Router<App> {
    let path = |end: &str| format!("/{}/own{end}", O::HOME);
    Router::new()
        .route(&path(""), get(draft::<O>).post(check::<O>))
        .route(&path("/text"), get(download::<O>))
        .route(&path("/adopt"), post(adopt::<O>))
        .route(&path("/choose"), post(choose::<O>))
}

/// What a text would have done to whom: a sentence, headings, rows.
struct Trial {
    finding: String,
    headings: Vec<String>,
    rows: Vec<Vec<String>>,
}

/// A sort of texts with its pages.
trait Own: Send + Sync + 'static {
    /// What is adopted.
    type Text: Adoptable;
    /// Under which address its room stands.
    const HOME: &'static str;
    /// Its room.
    const ROOM: Room;

    /// Those that the books know.
    fn texts(reference: &Reference) -> &Texts<Self::Text>;
    /// Its title.
    fn title(locale: Locale, text: &Self::Text) -> String;
    /// What is wrong, in words.
    fn flaw(locale: Locale, flaw: &<Self::Text as Adoptable>::Flaw) -> String;
    /// The act that adopts it.
    fn adopted(toml: String, ground: String) -> SettingAct;
    /// The act that chooses it.
    fn chosen(name: String, ground: String) -> SettingAct;
    /// What it would have done in the past, beside the one that it is taken from.
    fn tried(
        app: &App,
        locale: Locale,
        own: Self::Text,
        base: Self::Text,
    ) -> impl Future<Output = Result<Trial, Failure>> + Send;
}

/// What a checked text would change.
struct Checked {
    name: String,
    title: String,
    heading: String,
    changes: Vec<Change>,
    trial: Trial,
    text: String,
    once: String,
}

/// A text that could be chosen.
struct Known {
    name: String,
    title: String,
    is_chosen: bool,
    is_own: bool,
}

#[derive(Template)]
#[template(path = "own/page.html")]
struct View {
    frame: Frame,
    intro: String,
    home: &'static str,
    form: Form,
    checked: Option<Checked>,
    known: Vec<Known>,
    once: String,
}

fn enter<O: Own>(signed: &Signed) -> Result<(), Failure> {
    let may = signed.actor.may_enter(O::ROOM) && signed.actor.roles.contains(&Role::Registrar);
    if may { Ok(()) } else { Err(Failure::NotFound) }
}

/// `GET …/own/text`: a text as it was adopted or as it ships.
async fn download<O: Own>(
    State(app): State<App>,
    signed: Signed,
    asked: Filled,
) -> Result<Response, Failure> {
    if !signed.actor.may_enter(O::ROOM) {
        return Err(Failure::NotFound);
    }
    let reference = app.reference();
    let name = asked.text("name");
    let text = O::texts(&reference).text(name).ok_or(Failure::NotFound)?;
    let mut headers = HeaderMap::new();
    for (header, value) in [
        (header::CONTENT_TYPE, "text/plain; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, words::disposition("attachment", &format!("{name}.toml"))),
    ] {
        headers.insert(header, value.parse().map_err(|_| Failure::NotFound)?);
    }
    Ok((headers, text.to_owned()).into_response())
}

/// A text as the draft of another: under the next free name, in force from a day.
fn renamed(text: &str, next: &str, from: Date) -> String {
    let mut is_heading = true;
    let line = |line: &str| {
        is_heading &= !line.starts_with('[');
        match line.split_once('=').map(|(key, _)| key.trim()).filter(|_| is_heading) {
            Some("name") => format!("name = \"{next}\""),
            Some("valid_from") => format!("valid_from = \"{from}\""),
            _ => line.to_owned(),
        }
    };
    text.lines().map(line).collect::<Vec<_>>().join("\n")
}

/// `GET …/own`: a draft from the text `from`, or from the chosen one.
async fn draft<O: Own>(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    asked: Filled,
) -> Result<Response, Failure> {
    enter::<O>(&signed)?;
    let reference = app.reference();
    let texts = O::texts(&reference);
    let from = match asked.text("from") {
        "" => texts.chosen().name(),
        name => name,
    };
    let text = texts.text(from).ok_or(Failure::NotFound)?;
    let mut filled = Filled::default();
    filled.set("from", from);
    filled.set("text", renamed(text, &texts.next_name(from), next_month(app.today())));
    filled.set("done", asked.text("done"));
    Ok(page::<O>(&app, locale, &signed, &filled, Vec::new(), None))
}

/// The first day of the month that follows: what is adopted holds for whole periods.
fn next_month(today: Date) -> Date {
    Period::holding(Length::Month, today).until().saturating_add(1.day())
}

/// `POST …/own`: checks what was typed or uploaded, compares it, tries it on the past; nothing is adopted yet.
async fn check<O: Own>(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    parts: Multipart,
) -> Result<Response, Failure> {
    enter::<O>(&signed)?;
    let (mut filled, mut uploads) = upload::receive(parts).await?;
    signed.check_form(filled.text("csrf"))?;
    if let Some(upload) = uploads.pop().filter(|upload| !upload.bytes.is_empty()) {
        match String::from_utf8(upload.bytes) {
            Ok(text) => filled.set("text", text.trim_start_matches('\u{feff}')),
            Err(_) => {
                let wrong = vec![locale.say("procedure-not-utf8")];
                return Ok(page::<O>(&app, locale, &signed, &filled, wrong, None));
            }
        }
    }
    filled.set("text", filled.text("text").replace("\r\n", "\n"));
    judged::<O>(&app, locale, &signed, &filled).await
}

/// The page again: with what is wrong, or with what the text changes and what it would have done.
async fn judged<O: Own>(
    app: &App,
    locale: Locale,
    signed: &Signed,
    filled: &Filled,
) -> Result<Response, Failure> {
    let (reference, text) = (app.reference(), filled.text("text"));
    let texts = O::texts(&reference);
    let own = match O::Text::read(text) {
        Ok(own) => own,
        Err(flaw) => {
            return Ok(page::<O>(app, locale, signed, filled, vec![O::flaw(locale, &flaw)], None));
        }
    };
    if let Err(refusal) = texts.adoptable(text, app.today()) {
        let wrong = vec![words::refusal(locale, &refusal)];
        return Ok(page::<O>(app, locale, signed, filled, wrong, None));
    }
    let base = texts.named(filled.text("from")).unwrap_or_else(|| texts.chosen());
    let changes = difference::between(base.as_ref(), &own);
    let trial = O::tried(app, locale, own.clone(), base.as_ref().clone()).await?;
    let checked = Checked {
        name: own.name().to_owned(),
        title: O::title(locale, &own),
        heading: locale
            .text("own-changes")
            .with("base", O::title(locale, base))
            .with("count", changes.len())
            .to_string(),
        changes,
        trial,
        text: text.to_owned(),
        once: random_token(),
    };
    Ok(page::<O>(app, locale, signed, filled, Vec::new(), Some(checked)))
}

/// `POST …/own/adopt`.
async fn adopt<O: Own>(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    filled: Filled,
) -> Result<Response, Failure> {
    let act = O::adopted(filled.text("text").replace("\r\n", "\n"), filled.text("ruleset_ground").to_owned());
    settle::<O>(&app, locale, &signed, &filled, act).await
}

/// `POST …/own/choose`: what is used when no other is named.
async fn choose<O: Own>(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    filled: Filled,
) -> Result<Response, Failure> {
    let act = O::chosen(filled.text("name").to_owned(), filled.text("ruleset_ground").to_owned());
    settle::<O>(&app, locale, &signed, &filled, act).await
}

async fn settle<O: Own>(
    app: &App,
    locale: Locale,
    signed: &Signed,
    filled: &Filled,
    act: SettingAct,
) -> Result<Response, Failure> {
    enter::<O>(signed)?;
    signed.check_form(filled.text("csrf"))?;
    let request = format!("{} own", O::HOME);
    let done = order::carry_out(app, signed, filled, request, move |work| {
        let reference = work.reference();
        let act = setting::decide(&work.situation(""), reference.known(), act)?;
        let receipt = work.record(Subject::Area, Act::Setting(act))?;
        Ok((receipt.sequence, receipt))
    })
    .await;
    match done {
        Ok(sequence) => {
            let done = sequence.map(|sequence| sequence.to_string()).unwrap_or_default();
            Ok(Redirect::to(&format!("/{}/own?done={done}", O::HOME)).into_response())
        }
        Err(Failure::Refused(refusal)) => {
            let wrong = vec![words::refusal(locale, &refusal)];
            Ok(page::<O>(app, locale, signed, filled, wrong, None))
        }
        Err(other) => Err(other),
    }
}

fn page<O: Own>(
    app: &App,
    locale: Locale,
    signed: &Signed,
    filled: &Filled,
    wrong: Vec<String>,
    checked: Option<Checked>,
) -> Response {
    let field = |name: &str, kind: Kind, optional: bool| Field {
        name: name.to_owned(),
        label: locale.say(if name == "text" { "own-text" } else { "procedure-field-file" }),
        hint: if name == "text" { String::new() } else { locale.say("procedure-hint-file") },
        error: String::new(),
        optional,
        kind,
    };
    let form = Form {
        locale,
        action: format!("/{}/own", O::HOME),
        files: true,
        fields: vec![
            field("text", Kind::Passage(filled.text("text").to_owned(), ROWS), false),
            field("file", Kind::Files(".toml,.txt,text/plain", false), true),
        ],
        submit: locale.say("own-check"),
        cancel: format!("/{}", O::HOME),
        hidden: vec![("csrf", signed.session.csrf.clone()), ("from", filled.text("from").to_owned())],
        errors: wrong,
    };
    let reference = app.reference();
    let texts = O::texts(&reference);
    let mut frame = Frame::new(app, locale, signed, O::ROOM, locale.say("own-title"))
        .below(format!("/{}", O::HOME), locale.say(&format!("room-{}", O::HOME)));
    frame.has_errors = form.has_errors();
    if let Ok(Some(sequence)) = filled.number("done") {
        frame.flash = locale.text("own-done").with("sequence", sequence.to_string()).to_string();
    }
    let status = if form.has_errors() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let known = texts.all().map(|known| Known {
        name: known.name().to_owned(),
        title: O::title(locale, known),
        is_chosen: known.name() == texts.chosen().name(),
        is_own: texts.is_own(known.name()),
    });
    let view = View {
        intro: locale.say(&format!("own-intro-{}", O::HOME)),
        home: O::HOME,
        known: known.collect(),
        once: random_token(),
        frame,
        form,
        checked,
    };
    show(status, &view)
}
