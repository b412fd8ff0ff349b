//! `POST /intake/{id}/adopt`: the reviewed problems are put on the list, all or none (采用).

use super::{entry::Entry, open, page, review::Review};
use crate::{
    app::App,
    failure::Failure,
    filled::{FieldError, Filled},
    locale::Locale,
    session::Signed,
    words,
};
use axum::{
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
};
use bihuan_rules::{
    Act, Refusal, Subject,
    access::Room,
    id::SourceId,
    intake::Adopted,
    office::Level,
    source::{self, Source, SourceKind},
};
use bihuan_store::{Error, Work, draft, draft::Draft, once};
use jiff::civil::Date;

/// Why nothing was adopted.
enum Stop {
    /// The source cannot be registered.
    Source(Refusal),
    /// The problem of this index cannot.
    Item(usize, Refusal),
    /// Something else.
    Other(Failure),
}

impl From<Error> for Stop {
    fn from(error: Error) -> Stop {
        Stop::Other(error.into())
    }
}

/// A refusal on its way to being told where it belongs.
enum Told {
    Refused(Refusal),
    Broken(Error),
}

impl From<Refusal> for Told {
    fn from(refusal: Refusal) -> Told {
        Told::Refused(refusal)
    }
}

impl From<Error> for Told {
    fn from(error: Error) -> Told {
        Told::Broken(error)
    }
}

/// The source of a document as the form tells it.
pub(super) enum SourceOrder {
    /// One that is registered.
    Known(SourceId),
    /// A new one, its code to be given.
    New(Box<NewSource>),
}

/// A source before it has a code.
pub(super) struct NewSource {
    kind: SourceKind,
    level: Level,
    issued_on: Option<Date>,
    received_on: Date,
}

/// Reads the source that was typed.
///
/// # Errors
/// The fields that cannot be used.
pub(super) fn read_source(review: &Review, today: Date) -> Result<SourceOrder, Vec<FieldError>> {
    let typed = &review.source;
    if !typed.known.is_empty() {
        let known = SourceId::new(typed.known.as_str());
        return known.map(SourceOrder::Known).map_err(|_| vec![FieldError::at("known", "form-not-a-code")]);
    }
    let filled = Filled::from_pairs(
        super::review::SourceFields::NAMES.map(|name| (name.to_owned(), typed.get(name).to_owned())),
    );
    let mut errors = Vec::new();
    let kind = filled.one_of("kind", SourceKind::ALL, SourceKind::name).map_err(|e| errors.push(e));
    let level = filled.one_of("level", Level::ALL, Level::name).map_err(|e| errors.push(e));
    let issued_on = filled.date("issued_on", today).map_err(|e| errors.push(e));
    let received_on = filled.date_needed("received_on", today).map_err(|e| errors.push(e));
    if !filled.has("title") {
        errors.push(FieldError::at("title", "form-missing"));
    }
    match (kind, level, issued_on, received_on) {
        (Ok(kind), Ok(level), Ok(issued_on), Ok(received_on)) if errors.is_empty() => {
            Ok(SourceOrder::New(Box::new(NewSource { kind, level, issued_on, received_on })))
        }
        _ => Err(errors),
    }
}

/// `POST /intake/{id}/adopt`.
pub(super) async fn post(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    Path(id): Path<String>,
    filled: Filled,
) -> Result<Response, Failure> {
    signed.check_form(filled.text("csrf"))?;
    let (draft, review) = match open(&app, &signed, id).await {
        // Sent a second time after it was adopted: the intake lists what was adopted.
        Err(Failure::NotFound) if signed.actor.may_enter(Room::Intake) => {
            return Ok(Redirect::to("/intake").into_response());
        }
        opened => opened?,
    };
    let today = app.today();
    if let Some(index) = review.first_unseen() {
        let words = locale.text("intake-unseen").with("number", number(index)).to_string();
        return page::show_overview(&app, locale, &signed, &draft, &review, &[], vec![words]).await;
    }
    let source = match read_source(&review, today) {
        Ok(source) => source,
        Err(errors) => {
            return page::show_overview(&app, locale, &signed, &draft, &review, &errors, Vec::new()).await;
        }
    };
    let office = app.reference();
    let mut entries = Vec::new();
    for (index, item) in review.items.iter().enumerate().filter(|(_, item)| item.adopt) {
        let name = |name: &str| page::unit_name(&review, &office.office, name);
        match Entry::read(item.clone(), name, today) {
            Ok(entry) => entries.push((index, entry)),
            Err(_) => {
                let words = locale.text("intake-bad-row").with("number", number(index)).to_string();
                return page::show_overview(&app, locale, &signed, &draft, &review, &[], vec![words]).await;
            }
        }
    }
    if entries.is_empty() {
        let words = vec![locale.say("intake-none-chosen")];
        return page::show_overview(&app, locale, &signed, &draft, &review, &[], words).await;
    }
    let (kept, read) = (draft.clone(), review.clone());
    let done = app
        .books
        .act(signed.actor.clone(), app.now(), move |work| adopt(work, &kept, &read, source, entries))
        .await;
    match done {
        Ok(source) => Ok(Redirect::to(&format!("/tasks?source={source}")).into_response()),
        Err(Stop::Other(failure)) => Err(failure),
        Err(Stop::Source(refusal)) => {
            let words = vec![words::refusal(locale, &refusal)];
            page::show_overview(&app, locale, &signed, &draft, &review, &[], words).await
        }
        Err(Stop::Item(index, refusal)) => {
            let words = locale
                .text("intake-refused-row")
                .with("number", number(index))
                .with("why", words::refusal(locale, &refusal))
                .to_string();
            page::show_overview(&app, locale, &signed, &draft, &review, &[], vec![words]).await
        }
    }
}

/// The number of a problem as the page counts, from 1.
fn number(index: usize) -> String {
    (index + 1).to_string()
}

/// Source, problems, tasks and the adoption itself, in one piece of work; sent twice, done once.
fn adopt(
    work: &mut Work<'_>,
    draft: &Draft,
    review: &Review,
    source: SourceOrder,
    entries: Vec<(usize, Entry)>,
) -> Result<SourceId, Stop> {
    let (person, at) = (work.by.person.clone(), work.at);
    let request = "intake adopt";
    match once::before(work.connection(), &draft.id, &person, request, at)? {
        once::Before::Never => {}
        once::Before::Done(_) => return Err(Stop::Other(Failure::NotFound)),
        once::Before::Other => return Err(Stop::Other(Failure::OtherRequest)),
    }
    let source = source_of(work, review, source)?;
    let prefix = work.reference().area.as_ref().map(|area| area.number_prefix.clone()).unwrap_or_default();
    let adopted = entries.len();
    for (index, entry) in entries {
        entry.record(work, &source, &prefix).map_err(|told| match told {
            Told::Refused(refusal) => Stop::Item(index, refusal),
            Told::Broken(error) => error.into(),
        })?;
    }
    let mapping = serde_json::to_string(&review.remembered).unwrap_or_default();
    let count = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    let act = Adopted {
        file_name: draft.name.clone(),
        sha256: draft.sha256.clone(),
        sender: source.sender.clone(),
        rows_read: count(review.items.len()),
        rows_adopted: count(adopted),
        rows_known: count(review.items.iter().filter(|item| !item.known.is_empty() && !item.adopt).count()),
        mapping,
    };
    let receipt = work.record(Subject::Source(source.id.clone()), Act::Intake(act))?;
    once::remember(work.connection(), &draft.id, &person, request, receipt.sequence, at)?;
    draft::discard(work.connection(), &draft.id)?;
    Ok(source.id)
}

fn source_of(work: &mut Work<'_>, review: &Review, order: SourceOrder) -> Result<Source, Stop> {
    let typed = &review.source;
    match order {
        SourceOrder::Known(id) => {
            let unknown = Refusal::Unknown { field: "known", value: id.to_string() };
            work.source(&id)?.ok_or(Stop::Source(unknown))
        }
        SourceOrder::New(new) => {
            let id = bihuan_store::source::next_code(work.connection(), new.received_on.year())?;
            let source = Source {
                id: id.clone(),
                kind: new.kind,
                level: new.level,
                title: typed.title.clone(),
                round: typed.round.clone(),
                batch: typed.batch.clone(),
                document_number: typed.document_number.clone(),
                sender: typed.sender.clone(),
                issued_on: new.issued_on,
                received_on: new.received_on,
                ruleset: typed.ruleset.clone(),
            };
            let source = source::register(&work.situation(&typed.ruleset), source).map_err(Stop::Source)?;
            work.record(Subject::Source(id), Act::Source(source.clone()))?;
            Ok(source)
        }
    }
}
