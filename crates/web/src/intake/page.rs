//! The pages of a review (核对页): the source, names and columns of a document, and its problems beside the original.

use super::{
    adopt::read_source,
    entry::Entry,
    keep, open, read,
    review::{Item, Remembered, Review, SourceFields},
};
use crate::{
    app::App,
    failure::Failure,
    filled::{FieldError, Filled},
    frame::{
        Frame,
        form::{Field, Form, Kind, Option_},
        show,
    },
    locale::Locale,
    session::Signed,
};
use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use bihuan_papers::reading::{Field as Column, Mapping};
use bihuan_rules::{
    access::Room,
    id::{ProblemId, UnitId},
    office::{Level, Office, UnitKind},
    problem::FIELDS,
    source::{Source, SourceKind},
    task::TaskKind,
};
use bihuan_store::{draft::Draft, problem, source};
use std::collections::{BTreeMap, HashMap};

/// Rows of the table on the overview; the pages of the review show all.
const OVERVIEW_ROWS: usize = 200;
/// Most problems of one source that are compared.
const KNOWN_MAX: u32 = 10_000;
/// Sources offered in the menu.
const SOURCES_MAX: u32 = 50;

/// How a row stands to the list.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Standing {
    /// Nothing like it is on the list.
    New,
    /// The same row was adopted before.
    Known(String),
    /// A row with the same number was adopted from the same source; the cells that differ: title, before, now.
    Changed(String, Vec<(String, String, String)>),
}

/// Rows that are on the list already are not to be adopted again; changed ones only when a person says so.
///
/// # Errors
/// When the books refuse.
pub(super) async fn leave_out_known(app: &App, review: &mut Review) -> Result<(), Failure> {
    let all = 0..review.items.len();
    let standings = standings(app, review, all).await?;
    for (item, standing) in review.items.iter_mut().zip(standings) {
        if let Standing::Known(problem) | Standing::Changed(problem, _) = standing {
            item.adopt = false;
            item.known = problem;
        }
    }
    Ok(())
}

/// How the rows of a range stand to the list.
async fn standings(
    app: &App,
    review: &Review,
    range: std::ops::Range<usize>,
) -> Result<Vec<Standing>, Failure> {
    type Row = (String, String, Vec<(String, String)>);
    let known = review.source.known.clone();
    let row = |item: &Item| -> Row {
        (item.fingerprint.clone(), item.get("source_number").to_owned(), item.cells.clone())
    };
    let rows: Vec<Row> = review.items[range].iter().map(row).collect();
    let look = move |connection: &mut bihuan_store::Connection| {
        let mut numbered: HashMap<String, ProblemId> = HashMap::new();
        if !known.is_empty() {
            for row in problem::of_source(connection, &known, KNOWN_MAX)? {
                if let Some(number) = row.numbers.get("source") {
                    numbered.insert(number.clone(), row.id);
                }
            }
        }
        let mut standings = Vec::with_capacity(rows.len());
        for (fingerprint, number, cells) in rows {
            standings.push(match problem::with_fingerprint(connection, &fingerprint)? {
                Some(problem) => Standing::Known(problem),
                None => match numbered.get(&number) {
                    Some(id) => difference(connection, id, &cells)?,
                    None => Standing::New,
                },
            });
        }
        Ok::<_, Failure>(standings)
    };
    app.books.ask(look).await
}

/// What differs between a row and the problem that was adopted under its number.
fn difference(
    connection: &mut bihuan_store::Connection,
    id: &ProblemId,
    cells: &[(String, String)],
) -> Result<Standing, Failure> {
    let before: BTreeMap<String, String> = match problem::load(connection, id)? {
        Some(seen) => seen.record.registered.cells.into_iter().collect(),
        None => BTreeMap::new(),
    };
    let differs = |(title, now): &&(String, String)| before.get(title) != Some(now);
    let changes = cells
        .iter()
        .filter(differs)
        .map(|(title, now)| (title.clone(), before.get(title).cloned().unwrap_or_default(), now.clone()));
    Ok(Standing::Changed(id.to_string(), changes.collect()))
}

/// The name by which the office knows a unit that a document names; the document's own word when nobody matched it.
pub(super) fn unit_name(review: &Review, office: &Office, name: &str) -> String {
    let unit = review.unit_named(name, office).and_then(|id| office.units.get(&id));
    unit.map_or_else(|| name.to_owned(), |unit| unit.name.clone())
}

/// Open units for menus, by name, those of the kind only when one is given.
pub(crate) fn unit_options(office: &Office, kind: Option<UnitKind>, chosen: &str) -> Vec<Option_> {
    let open = office.units.values().filter(|unit| unit.closed_on.is_none());
    let mut units: Vec<_> = open.filter(|unit| kind.is_none_or(|kind| unit.kind == kind)).collect();
    units.sort_by_key(|unit| (unit.kind, unit.id.clone()));
    let option = |unit: &bihuan_rules::office::Unit| Option_ {
        value: unit.id.to_string(),
        words: unit.name.clone(),
        chosen: unit.id.as_str() == chosen,
    };
    units.into_iter().map(option).collect()
}

/// Options of a closed set of names, worded `<prefix>-<name>`.
fn named_options<'n>(
    locale: Locale,
    prefix: &str,
    names: impl IntoIterator<Item = &'n str>,
    chosen: &str,
) -> Vec<Option_> {
    let option = |name: &str| Option_ {
        value: name.to_owned(),
        words: locale.say(&format!("{prefix}-{}", name.replace('_', "-"))),
        chosen: name == chosen,
    };
    names.into_iter().map(option).collect()
}

/// A row of the overview's table.
struct RowView {
    number: usize,
    href: String,
    title: String,
    standing: (String, &'static str),
    lead: String,
    due_on: String,
    doubts: i64,
    adopt: bool,
    seen: bool,
}

/// A column and the field it is read into.
struct ColumnView {
    title: String,
    options: Vec<Option_>,
}

/// A name to be matched, how often it comes, and the units to choose from.
struct NameView {
    name: String,
    count: usize,
    options: Vec<Option_>,
}

#[derive(Template)]
#[template(path = "intake/overview.html")]
struct Overview {
    frame: Frame,
    id: String,
    errors: Vec<String>,
    counts: String,
    /// What the check found, and whether some rows are wrong.
    checked: String,
    has_wrong: bool,
    warnings: Vec<(String, String)>,
    form: Form,
    names: Vec<NameView>,
    columns: Vec<ColumnView>,
    rows: Vec<RowView>,
    rows_left_out: i64,
    is_ready: bool,
}

/// `GET /intake/{id}`.
pub(super) async fn overview(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let (draft, review) = open(&app, &signed, id).await?;
    show_overview(&app, locale, &signed, &draft, &review, &[], Vec::new()).await
}

/// Draws the overview, with errors of the source's fields and sentences that belong to none.
pub(super) async fn show_overview(
    app: &App,
    locale: Locale,
    signed: &Signed,
    draft: &Draft,
    review: &Review,
    errors: &[FieldError],
    sentences: Vec<String>,
) -> Result<Response, Failure> {
    let reference = app.reference();
    let office = &reference.office;
    let sources = app.books.ask(|connection| source::list(connection, SOURCES_MAX)).await?;
    let shown = 0..review.items.len().min(OVERVIEW_ROWS);
    let standings = standings(app, review, shown.clone()).await?;
    let form = source_form(app, locale, signed, draft, review, &sources, errors);
    let row = |(index, standing): (usize, Standing)| {
        let item = &review.items[index];
        RowView {
            number: index + 1,
            href: format!(
                "/intake/{}/rows?page={}#p{}",
                draft.id,
                index / super::review::PAGE_ITEMS + 1,
                index + 1
            ),
            title: item.get("title").to_owned(),
            standing: standing_words(locale, &standing),
            lead: item.get("lead").to_owned(),
            due_on: item.get("due_on").to_owned(),
            doubts: i64::try_from(item.doubts.len()).unwrap_or(i64::MAX),
            adopt: item.adopt,
            seen: item.seen,
        }
    };
    let (adopted, seen) = review.counts();
    let count = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
    let counts = locale
        .text("intake-counts")
        .with("read", count(review.items.len()))
        .with("adopted", count(adopted))
        .with("seen", count(seen))
        .to_string();
    let (wrong, unsure) = super::report::counted(review, office, app.today());
    let checked = locale.text("intake-checked").with("wrong", count(wrong)).with("unsure", count(unsure));
    let mut frame = Frame::new(app, locale, signed, Room::Intake, draft.name.clone())
        .below("/intake", locale.say("room-intake"));
    frame.has_errors = form.has_errors() || !sentences.is_empty();
    let status = if frame.has_errors { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let page = Overview {
        id: draft.id.clone(),
        errors: sentences,
        counts,
        checked: checked.to_string(),
        has_wrong: wrong > 0,
        warnings: warnings(locale, review),
        names: names(review, office),
        columns: columns(locale, review),
        rows: shown.zip(standings).map(row).collect(),
        rows_left_out: count(review.items.len().saturating_sub(OVERVIEW_ROWS)),
        is_ready: adopted > 0 && adopted == seen,
        form,
        frame,
    };
    Ok(show(status, &page))
}

fn warnings(locale: Locale, review: &Review) -> Vec<(String, String)> {
    let warning = |warning: &bihuan_papers::document::Warning| {
        (place(locale, &warning.place), warning.message(locale.tag()).to_owned())
    };
    review.warnings.iter().map(warning).collect()
}

/// Where something stands in the document.
fn place(locale: Locale, place: &bihuan_papers::document::Place) -> String {
    if place.row == 0 {
        return String::new();
    }
    let of_table = place.table > 0 || !place.sheet.is_empty();
    let key = match (of_table, place.column > 0) {
        (true, true) => "intake-place-cell",
        (true, false) => "intake-place-row",
        (false, _) => "intake-place-paragraph",
    };
    let sheet = if place.sheet.is_empty() {
        locale.text("intake-place-table").with("number", place.table).to_string()
    } else {
        place.sheet.to_string()
    };
    let words = locale.text(key).with("row", place.row).with("column", place.column);
    words.with("sheet", sheet).to_string()
}

fn standing_words(locale: Locale, standing: &Standing) -> (String, &'static str) {
    match standing {
        Standing::New => (locale.say("intake-is-new"), "work"),
        Standing::Known(problem) => {
            (locale.text("intake-is-known").with("number", problem.as_str()).into(), "done")
        }
        Standing::Changed(problem, _) => {
            (locale.text("intake-is-changed").with("number", problem.as_str()).into(), "near")
        }
    }
}

fn names(review: &Review, office: &Office) -> Vec<NameView> {
    let unknown = review.unknown_units(office).into_iter().map(|(name, count)| NameView {
        name,
        count,
        options: unit_options(office, None, ""),
    });
    let matched = review.matched_units().into_iter().map(|(name, unit)| NameView {
        name,
        count: 0,
        options: unit_options(office, None, unit.as_str()),
    });
    unknown.chain(matched).collect()
}

fn columns(locale: Locale, review: &Review) -> Vec<ColumnView> {
    let mut columns: Vec<ColumnView> = Vec::new();
    for column in &review.columns {
        if columns.iter().any(|known| known.title == column.title) {
            continue;
        }
        let option = |field: Column| Option_ {
            value: column_name(field),
            words: if locale == Locale::ZhCn {
                field.zh().to_owned()
            } else {
                locale.say(&format!("column-{}", column_name(field).replace('_', "-")))
            },
            chosen: column.field == Some(field),
        };
        columns.push(ColumnView {
            title: column.title.clone(),
            options: Column::ALL.into_iter().map(option).collect(),
        });
    }
    columns
}

/// The name of a reader's field in forms.
fn column_name(field: Column) -> String {
    serde_json::to_value(field).ok().and_then(|name| name.as_str().map(str::to_owned)).unwrap_or_default()
}

fn source_form(
    app: &App,
    locale: Locale,
    signed: &Signed,
    draft: &Draft,
    review: &Review,
    sources: &[Source],
    errors: &[FieldError],
) -> Form {
    let reference = app.reference();
    let field = |name: &'static str| {
        let value = review.source.get(name).to_owned();
        let kind = match name {
            "known" => Kind::Menu(
                sources
                    .iter()
                    .map(|source| Option_ {
                        value: source.id.to_string(),
                        words: format!("{} {}", source.id, source.title),
                        chosen: source.id.as_str() == value,
                    })
                    .collect(),
            ),
            "kind" => Kind::Menu(named_options(
                locale,
                "source-kind",
                SourceKind::ALL.map(SourceKind::name),
                &value,
            )),
            "level" => Kind::Menu(named_options(locale, "level", Level::ALL.map(Level::name), &value)),
            "ruleset" => Kind::Menu(
                reference
                    .rulesets
                    .values()
                    .map(|ruleset| Option_ {
                        value: ruleset.name.clone(),
                        words: if locale == Locale::En {
                            ruleset.title_en.clone()
                        } else {
                            ruleset.title_zh.clone()
                        },
                        chosen: ruleset.name == value,
                    })
                    .collect(),
            ),
            "title" | "sender" => Kind::Line(value, "text", false),
            _ => Kind::Line(value, "text", true),
        };
        let hint = format!("intake-source-{}-hint", name.replace('_', "-"));
        Field {
            name: name.to_owned(),
            label: locale.say(&format!("intake-source-{}", name.replace('_', "-"))),
            hint: if locale.knows(&hint) { locale.say(&hint) } else { String::new() },
            error: errors
                .iter()
                .find(|error| error.field == name)
                .map(|error| locale.say(error.key))
                .unwrap_or_default(),
            optional: matches!(
                name,
                "known" | "sender" | "document_number" | "round" | "batch" | "issued_on"
            ),
            kind,
        }
    };
    Form {
        locale,
        action: format!("/intake/{}", draft.id),
        files: false,
        fields: SourceFields::NAMES.map(field).to_vec(),
        submit: locale.say("intake-save-source"),
        cancel: String::new(),
        hidden: vec![("csrf", signed.session.csrf.clone())],
        errors: Vec::new(),
    }
}

/// `POST /intake/{id}`: the source.
pub(super) async fn save_overview(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    Path(id): Path<String>,
    filled: Filled,
) -> Result<Response, Failure> {
    signed.check_form(filled.text("csrf"))?;
    let (draft, mut review) = open(&app, &signed, id).await?;
    review.source.take(&filled);
    keep(&app, &signed, draft.clone(), &review).await?;
    match read_source(&review, app.today()) {
        Ok(_) => Ok(Redirect::to(&format!("/intake/{}", draft.id)).into_response()),
        Err(errors) => show_overview(&app, locale, &signed, &draft, &review, &errors, Vec::new()).await,
    }
}

/// `POST /intake/{id}/columns`: the document is read again with these columns; what was typed about its problems is
/// read anew.
pub(super) async fn save_columns(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    Path(id): Path<String>,
    filled: Filled,
) -> Result<Response, Failure> {
    signed.check_form(filled.text("csrf"))?;
    let (draft, review) = open(&app, &signed, id).await?;
    let chosen = |name: &str| Column::ALL.into_iter().find(|field| column_name(*field) == name);
    let pairs = filled.column("title").iter().zip(filled.column("column"));
    let choices = pairs.map(|(title, name)| (title.clone(), chosen(name))).collect();
    let remembered = Remembered { columns: Mapping { choices }, ..review.remembered };
    let bytes = app.books.evidence().get(&draft.sha256).await?;
    let reading = match read(bytes, &draft.name, &remembered, &review.source).await?.1 {
        Ok(reading) => reading,
        Err(error) => return Err(Failure::Unreadable(error.message_zh(), error.message_en())),
    };
    let office = app.reference();
    let mut fresh = Review::of(&reading, remembered, review.source, &draft.name, &office.office);
    leave_out_known(&app, &mut fresh).await?;
    keep(&app, &signed, draft.clone(), &fresh).await?;
    show_overview(&app, locale, &signed, &draft, &fresh, &[], Vec::new()).await
}

/// `POST /intake/{id}/units`: names of units as this sender writes them.
pub(super) async fn save_units(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
    filled: Filled,
) -> Result<Response, Failure> {
    signed.check_form(filled.text("csrf"))?;
    let (draft, mut review) = open(&app, &signed, id).await?;
    let reference = app.reference();
    for (name, unit) in filled.column("name").iter().zip(filled.column("unit")) {
        match UnitId::new(unit.as_str()) {
            Ok(unit) if reference.office.units.contains_key(&unit) => {
                review.remembered.units.insert(name.clone(), unit);
            }
            _ => {
                review.remembered.units.remove(name);
            }
        }
    }
    let id = draft.id.clone();
    keep(&app, &signed, draft, &review).await?;
    Ok(Redirect::to(&format!("/intake/{id}")).into_response())
}

/// One problem on a page of the review.
struct ItemView {
    number: usize,
    index: usize,
    place: String,
    standing: (String, &'static str),
    changes: Vec<(String, String, String)>,
    adopt: bool,
    seen: bool,
    cells: Vec<(String, String)>,
    fields: Vec<Field>,
    more: Vec<Field>,
    has_errors: bool,
}

#[derive(Template)]
#[template(path = "intake/rows.html")]
struct Rows {
    frame: Frame,
    form: Form,
    id: String,
    items: Vec<ItemView>,
    counts: String,
    page: usize,
    pages: usize,
}

/// `GET /intake/{id}/rows?page=1`.
pub(super) async fn rows(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    Path(id): Path<String>,
    asked: Filled,
) -> Result<Response, Failure> {
    let (draft, review) = open(&app, &signed, id).await?;
    let page = page_of(&asked, &review);
    show_rows(&app, locale, &signed, &draft, &review, page, &[]).await
}

fn page_of(asked: &Filled, review: &Review) -> usize {
    asked.text("page").parse().unwrap_or(1).clamp(1, review.pages())
}

async fn show_rows(
    app: &App,
    locale: Locale,
    signed: &Signed,
    draft: &Draft,
    review: &Review,
    page: usize,
    errors: &[(usize, FieldError)],
) -> Result<Response, Failure> {
    let reference = app.reference();
    let range = review.range(page);
    let standings = standings(app, review, range.clone()).await?;
    let item = |(index, standing): (usize, Standing)| {
        let item = &review.items[index];
        let field = |name: &'static str| item_field(locale, review, &reference.office, index, name, errors);
        let is_main = |name: &&'static str| {
            !matches!(*name, "city_number" | "province_number" | "leader" | "person" | "progress")
        };
        ItemView {
            number: index + 1,
            index,
            place: place(locale, &item.place),
            standing: standing_words(locale, &standing),
            changes: if let Standing::Changed(_, changes) = standing { changes } else { Vec::new() },
            adopt: item.adopt,
            seen: item.seen,
            cells: item.cells.clone(),
            fields: Item::NAMES.into_iter().filter(is_main).map(field).collect(),
            more: Item::NAMES.into_iter().filter(|name| !is_main(name)).map(field).collect(),
            has_errors: errors.iter().any(|error| error.0 == index),
        }
    };
    let items: Vec<ItemView> = range.zip(standings).map(item).collect();
    let (adopted, seen) = review.counts();
    let count = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
    let counts = locale.text("intake-counts").with("read", count(review.items.len()));
    let counts = counts.with("adopted", count(adopted)).with("seen", count(seen)).to_string();
    let mut frame = Frame::new(app, locale, signed, Room::Intake, locale.say("intake-rows"))
        .below("/intake", locale.say("room-intake"))
        .below(format!("/intake/{}", draft.id), draft.name.clone());
    frame.has_errors = !errors.is_empty();
    let sentence = |index: usize, error: &FieldError| {
        let label = locale.say(&format!("intake-item-{}", error.field.replace('_', "-")));
        format!("{} · {label}: {}", index + 1, locale.say(error.key))
    };
    let form = Form {
        locale,
        action: format!("/intake/{}/rows?page={page}", draft.id),
        files: false,
        fields: Vec::new(),
        submit: String::new(),
        cancel: String::new(),
        hidden: vec![("csrf", signed.session.csrf.clone()), ("page", page.to_string())],
        errors: errors.iter().map(|(index, error)| sentence(*index, error)).collect(),
    };
    let status = if frame.has_errors { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let view = Rows { form, id: draft.id.clone(), items, counts, page, pages: review.pages(), frame };
    Ok(show(status, &view))
}

/// A field of a problem as the page draws it.
pub(crate) fn item_kind(locale: Locale, office: &Office, name: &str, value: &str) -> Kind {
    let passage = |least: u32| {
        let lines: usize = value.lines().map(|line| line.chars().count() / 34 + 1).sum();
        Kind::Passage(value.to_owned(), u32::try_from(lines).unwrap_or(u32::MAX).clamp(least, 12))
    };
    let line = |short: bool| Kind::Line(value.to_owned(), "text", short);
    match name {
        "original_text" | "measures" => passage(3),
        "goal" | "progress" => passage(2),
        "field" => Kind::Menu(named_options(locale, "work-field", FIELDS, value)),
        "area" => Kind::Menu(unit_options(office, Some(UnitKind::Town), value)),
        "kind" => Kind::Menu(named_options(locale, "kind", TaskKind::ALL.map(TaskKind::name), value)),
        "immediate" | "sustain" => Kind::Checks(vec![Option_ {
            value: "yes".to_owned(),
            words: locale.say(&format!("intake-item-{name}-yes")),
            chosen: !value.is_empty(),
        }]),
        _ => line(false),
    }
}

fn item_field(
    locale: Locale,
    review: &Review,
    office: &Office,
    index: usize,
    name: &'static str,
    errors: &[(usize, FieldError)],
) -> Field {
    let item = &review.items[index];
    let mut hints: Vec<String> = item
        .doubts_of(name)
        .map(|doubt| if locale == Locale::En { doubt.en.clone() } else { doubt.zh.clone() })
        .collect();
    if Item::UNITS.contains(&name) {
        let unknown: Vec<String> =
            item.names(name).into_iter().filter(|unit| review.unit_named(unit, office).is_none()).collect();
        if !unknown.is_empty() {
            hints.push(locale.text("intake-unit-unknown").with("names", unknown.join("、")).to_string());
        }
    }
    let hint = if hints.is_empty() {
        String::new()
    } else {
        locale
            .text("intake-check")
            .with("why", hints.join(if locale == Locale::En { "; " } else { "；" }))
            .to_string()
    };
    let error = errors.iter().find(|(at, error)| *at == index && error.field == name);
    Field {
        name: format!("{index}_{name}"),
        label: locale.say(&format!("intake-item-{}", name.replace('_', "-"))),
        hint,
        error: error.map(|(_, error)| locale.say(error.key)).unwrap_or_default(),
        optional: false,
        kind: item_kind(locale, office, name, item.get(name)),
    }
}

/// `POST /intake/{id}/rows`: what was typed is kept; a page that was looked over is marked so.
pub(super) async fn save_rows(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    Path(id): Path<String>,
    filled: Filled,
) -> Result<Response, Failure> {
    signed.check_form(filled.text("csrf"))?;
    let (draft, mut review) = open(&app, &signed, id).await?;
    let page = page_of(&filled, &review);
    review.take_page(page, &filled);
    let mut errors = Vec::new();
    for index in review.range(page) {
        let item = review.items[index].clone();
        let wrong = if item.adopt {
            Entry::read(item, str::to_owned, app.today()).err().unwrap_or_default()
        } else {
            Vec::new()
        };
        review.items[index].seen = filled.text("go") == "next" && wrong.is_empty();
        errors.extend(wrong.into_iter().map(|error| (index, error)));
    }
    keep(&app, &signed, draft.clone(), &review).await?;
    if !errors.is_empty() {
        return show_rows(&app, locale, &signed, &draft, &review, page, &errors).await;
    }
    let next = match filled.text("go") {
        "next" if page < review.pages() => format!("/intake/{}/rows?page={}", draft.id, page + 1),
        "next" => format!("/intake/{}", draft.id),
        _ => format!("/intake/{}/rows?page={page}", draft.id),
    };
    Ok(Redirect::to(&next).into_response())
}
