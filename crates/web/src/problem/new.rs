//! `/problems/new`: a problem registered by hand (手工登记), for what comes without a document.

use crate::{
    app::App,
    failure::Failure,
    filled::{FieldError, Filled},
    frame::{
        Frame,
        form::{Field, Form, Kind, Option_},
        show,
    },
    intake::{
        entry::Entry,
        item_kind,
        review::{Item, SourceFields},
    },
    locale::Locale,
    session::Signed,
    task::act::once_key,
    words,
};
use askama::Template;
use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use bihuan_rules::{
    Act, Refusal, Subject,
    access::Room,
    id::{SourceId, TaskId},
    office::Level,
    source::{self, Source, SourceKind},
};
use bihuan_store::{Work, once};
use jiff::civil::Date;

/// Sources offered in the menu.
const SOURCES_MAX: u32 = 100;
/// Fields of the problem that the form asks for, in order.
const NAMES: [&str; 15] = [
    "title",
    "original_text",
    "field",
    "area",
    "kind",
    "source_number",
    "goal",
    "measures",
    "deadline",
    "due_on",
    "immediate",
    "sustain",
    "lead",
    "co",
    "acceptance",
];
/// Fields of a new source.
const SOURCE_NAMES: [&str; 5] = ["known", "source_kind", "source_level", "source_title", "received_on"];

#[derive(Template)]
#[template(path = "task/attach.html")]
struct View {
    frame: Frame,
    form: Form,
}

fn enter(signed: &Signed) -> Result<(), Failure> {
    if signed.actor.may_enter(Room::Register) { Ok(()) } else { Err(Failure::NotFound) }
}

/// `GET /problems/new`.
pub async fn get(State(app): State<App>, locale: Locale, signed: Signed) -> Result<Response, Failure> {
    enter(&signed)?;
    let mut filled = Filled::default();
    filled.set("received_on", app.today().to_string());
    filled.set("source_kind", SourceKind::SelfFound.name());
    filled.set("source_level", Level::County.name());
    filled.set("kind", "non_works");
    render(&app, locale, &signed, &filled, &[], None).await
}

async fn render(
    app: &App,
    locale: Locale,
    signed: &Signed,
    filled: &Filled,
    errors: &[FieldError],
    refusal: Option<&Refusal>,
) -> Result<Response, Failure> {
    let sources = app.books.ask(|connection| bihuan_store::source::list(connection, SOURCES_MAX)).await?;
    let reference = app.reference();
    let source_kind = |name: &str| {
        let value = filled.text(name);
        let menu = |prefix: &str, names: Vec<&str>| {
            let option = |each: &str| Option_ {
                value: each.to_owned(),
                words: locale.say(&format!("{prefix}-{}", each.replace('_', "-"))),
                chosen: each == value,
            };
            Kind::Menu(names.into_iter().map(option).collect())
        };
        match name {
            "known" => {
                let option = |source: &Source| Option_ {
                    value: source.id.to_string(),
                    words: format!("{} {}", source.id, source.title),
                    chosen: source.id.as_str() == value,
                };
                Kind::Menu(sources.iter().map(option).collect())
            }
            "source_kind" => menu("source-kind", SourceKind::ALL.map(SourceKind::name).to_vec()),
            "source_level" => menu("level", Level::ALL.map(Level::name).to_vec()),
            name => Kind::Line(value.to_owned(), "text", name == "received_on"),
        }
    };
    let field = |name: &str, label: String, hint: &str, kind: Kind, optional: bool| {
        let error = errors.iter().find(|error| error.field == name).map(|error| locale.say(error.key));
        let refused = refusal.filter(|refusal| refusal.field() == Some(name));
        Field {
            name: name.to_owned(),
            label,
            hint: if locale.knows(hint) { locale.say(hint) } else { String::new() },
            error: error
                .or_else(|| refused.map(|refusal| words::refusal(locale, refusal)))
                .unwrap_or_default(),
            optional,
            kind,
        }
    };
    let mut fields: Vec<Field> = SOURCE_NAMES
        .iter()
        .map(|name| {
            let key = format!("intake-source-{}", name.trim_start_matches("source_").replace('_', "-"));
            field(name, locale.say(&key), &format!("{key}-hint"), source_kind(name), *name == "known")
        })
        .collect();
    fields.extend(NAMES.iter().map(|name| {
        let key = format!("intake-item-{}", name.replace('_', "-"));
        let needed = ["title", "original_text", "field", "kind"].contains(name);
        let kind = item_kind(locale, &reference.office, name, filled.text(name));
        field(name, locale.say(&key), &format!("{key}-hint"), kind, !needed)
    }));
    let told = |name: &str| fields.iter().any(|field| field.name == name);
    let sentences = refusal.filter(|refusal| !refusal.field().is_some_and(told));
    let form = Form {
        locale,
        action: "/problems/new".to_owned(),
        files: false,
        errors: sentences.map(|refusal| words::refusal(locale, refusal)).into_iter().collect(),
        fields,
        submit: locale.say("problem-register"),
        cancel: "/tasks".to_owned(),
        hidden: vec![("csrf", signed.session.csrf.clone()), ("once", once_key())],
    };
    let mut frame = Frame::new(app, locale, signed, Room::Tasks, locale.say("problem-new"))
        .below("/tasks", locale.say("room-tasks"));
    frame.has_errors = form.has_errors();
    let status = if frame.has_errors { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok(show(status, &View { frame, form }))
}

/// What was typed as an item of the intake.
fn item(filled: &Filled) -> Item {
    let typed = NAMES.iter().map(|name| ((*name).to_owned(), filled.text(name).replace("\r\n", "\n")));
    Item { values: typed.filter(|(_, value)| !value.is_empty()).collect(), ..Item::default() }
}

/// The source that was chosen or typed, still without a code if it is new.
fn source(filled: &Filled, today: Date) -> Result<Result<SourceId, SourceFields>, Vec<FieldError>> {
    if filled.has("known") {
        return filled.id_needed("known").map(Ok).map_err(|error| vec![error]);
    }
    let mut errors = Vec::new();
    let kind = filled.one_of("source_kind", SourceKind::ALL, SourceKind::name);
    let level = filled.one_of("source_level", Level::ALL, Level::name);
    let received_on = filled.date_needed("received_on", today);
    errors.extend(kind.as_ref().err().cloned());
    errors.extend(level.as_ref().err().cloned());
    errors.extend(received_on.as_ref().err().cloned());
    if !filled.has("source_title") {
        errors.push(FieldError::at("source_title", "form-missing"));
    }
    match (kind, level, received_on) {
        (Ok(kind), Ok(level), Ok(received_on)) if errors.is_empty() => Ok(Err(SourceFields {
            kind: kind.name().to_owned(),
            level: level.name().to_owned(),
            title: filled.text("source_title").to_owned(),
            received_on: received_on.to_string(),
            ..SourceFields::default()
        })),
        _ => Err(errors),
    }
}

/// `POST /problems/new`.
pub async fn post(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    filled: Filled,
) -> Result<Response, Failure> {
    enter(&signed)?;
    signed.check_form(filled.text("csrf"))?;
    let today = app.today();
    let mut errors = Vec::new();
    let source = source(&filled, today).map_err(|wrong| errors.extend(wrong));
    let entry = Entry::read(item(&filled), str::to_owned, today).map_err(|wrong| errors.extend(wrong));
    let (Ok(source), Ok(entry)) = (source, entry) else {
        return render(&app, locale, &signed, &filled, &errors, None).await;
    };
    let key = filled.text("once").to_owned();
    let done =
        app.books.act(signed.actor.clone(), app.now(), move |work| register(work, &key, source, entry)).await;
    match done {
        Ok(Some(task)) => Ok(Redirect::to(&format!("/tasks/{task}")).into_response()),
        Ok(None) => Ok(Redirect::to("/tasks?sort=new").into_response()),
        Err(Failure::Refused(refusal)) => render(&app, locale, &signed, &filled, &[], Some(&refusal)).await,
        Err(other) => Err(other),
    }
}

/// Source, problem and task in one piece of work; `None` when the same form was sent before.
fn register(
    work: &mut Work<'_>,
    key: &str,
    source: Result<SourceId, SourceFields>,
    entry: Entry,
) -> Result<Option<TaskId>, Failure> {
    let (person, at) = (work.by.person.clone(), work.at);
    let request = "problem register";
    match once::before(work.connection(), key, &person, request, at)? {
        once::Before::Never => {}
        once::Before::Done(_) => return Ok(None),
        once::Before::Other => return Err(Failure::OtherRequest),
    }
    let source = match source {
        Ok(id) => {
            let unknown = Refusal::Unknown { field: "known", value: id.to_string() };
            work.source(&id)?.ok_or(unknown)?
        }
        Err(typed) => {
            let unknown = |field: &'static str| Refusal::Missing { field };
            let received_on: Date = typed.received_on.parse().map_err(|_| unknown("received_on"))?;
            let id = bihuan_store::source::next_code(work.connection(), received_on.year())?;
            let kind = SourceKind::ALL.into_iter().find(|kind| kind.name() == typed.kind);
            let level = Level::ALL.into_iter().find(|level| level.name() == typed.level);
            let new = Source {
                id: id.clone(),
                kind: kind.ok_or(unknown("source_kind"))?,
                level: level.ok_or(unknown("source_level"))?,
                title: typed.title,
                round: String::new(),
                batch: String::new(),
                document_number: String::new(),
                sender: String::new(),
                issued_on: None,
                received_on,
                ruleset: String::new(),
            };
            let new = source::register(&work.situation(""), new)?;
            work.record(Subject::Source(id), Act::Source(new.clone()))?;
            new
        }
    };
    let prefix = work.reference().area.as_ref().map(|area| area.number_prefix.clone()).unwrap_or_default();
    let task = entry.record::<Failure>(work, &source, &prefix)?;
    let last = work.ledger_size().saturating_sub(1);
    once::remember(work.connection(), key, &person, request, last, at)?;
    Ok(Some(task))
}
