//! Lists as Excel (清单导出): the filtered task list, and a source's ledger in the columns its sender used.

use super::{XLSX, enter, file, note};
use crate::{
    app::{App, scope},
    failure::Failure,
    filled::Filled,
    job::{Job, Outcome},
    locale::Locale,
    session::Signed,
    task::list::for_reader,
    words,
};
use axum::{
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
};
use bihuan_papers::writing::{Sheet, Workbook, WriteError, own_layout, sheet::Cell};
use bihuan_rules::id::SourceId;
use bihuan_store::{
    list::{self, Filter, Scope, TaskRow},
    problem, source,
};
use std::sync::Arc;

/// Most rows that are written while the reader waits; more run as a job with progress.
const ROWS_AT_ONCE: u64 = 5_000;
/// Most rows of one export; what a spreadsheet still opens with ease.
const ROWS_MAX: u32 = 100_000;
/// Rows after which the page is told how far the export is.
const ROWS_TOLD: usize = 1_000;

/// `GET /export/tasks?…`: what the list shows, all pages of it; a long one runs in the background.
pub async fn tasks(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    asked: Filled,
) -> Result<Response, Failure> {
    enter(&signed)?;
    let scope = scope(&signed.actor).ok_or(Failure::NotFound)?;
    let wanted = for_reader(&app, &signed, scope, &asked);
    let counted = wanted.clone();
    let count = app.books.ask(move |connection| list::count(connection, &counted)).await?;
    if count > u64::from(ROWS_MAX) {
        return Err(WriteError::TooManyRows { sheet: String::new(), limit: ROWS_MAX as usize }.into());
    }
    note(&app, &signed, "list", "tasks".to_owned()).await?;
    let name = format!("{}-{}.xlsx", locale.say("export-list"), app.today());
    if count > ROWS_AT_ONCE {
        let site = app.clone();
        let job =
            app.jobs.start(
                signed.actor.person.as_str(),
                "job-list",
                app.now(),
                move |job| match in_background(&site, locale, &wanted, count, job) {
                    Ok(Some(bytes)) => Outcome::File(name, XLSX, Arc::new(bytes)),
                    Ok(None) => Outcome::Cancelled,
                    Err(failure) => failed(&failure),
                },
            );
        return Ok(Redirect::to(&format!("/jobs/{}", job.id)).into_response());
    }
    let found = app
        .books
        .ask(move |connection| {
            let mut found = Vec::new();
            list::each_task(connection, &wanted, ROWS_MAX, |row| {
                found.push(row);
                Ok(true)
            })?;
            Ok::<_, Failure>(found)
        })
        .await?;
    let rows = found.iter().map(|row| cells(&app, locale, row)).collect();
    Ok(file(&name, XLSX, written(&app, locale, rows)?))
}

/// Reads and writes a long list, telling how far it is; `None` when the person stopped it.
fn in_background(
    app: &App,
    locale: Locale,
    wanted: &Filter,
    count: u64,
    job: &Job,
) -> Result<Option<Vec<u8>>, Failure> {
    let mut rows: Vec<Vec<Cell>> = Vec::new();
    let is_whole = app.books.read(|connection| {
        let mut goes_on = true;
        list::each_task(connection, wanted, ROWS_MAX, |row| {
            if rows.len().is_multiple_of(ROWS_TOLD) {
                goes_on = job.tell("job-stage-rows", rows.len() as u64, count);
            }
            rows.push(cells(app, locale, &row));
            Ok(goes_on)
        })?;
        Ok::<_, Failure>(goes_on)
    })?;
    if !is_whole || !job.tell("job-stage-writing", count, count) {
        return Ok(None);
    }
    written(app, locale, rows).map(Some)
}

fn failed(failure: &Failure) -> Outcome {
    tracing::error!(?failure, "an export of the list failed");
    Outcome::Failed(
        "清单没有导出，原因已记入日志，请重试或联系管理员。".to_owned(),
        "The list was not exported; the log holds why. Try again or tell an administrator.".to_owned(),
    )
}

/// The workbook of a list.
fn written(app: &App, locale: Locale, rows: Vec<Vec<Cell>>) -> Result<Vec<u8>, Failure> {
    let title =
        locale.text("export-list-title").with("area", area(app)).with("day", locale.date(app.today()));
    let headings = [
        "task-number",
        "field-title",
        "task-state",
        "task-flag",
        "task-kind",
        "filter-level",
        "filter-field",
        "field-area",
        "field-lead",
        "field-acceptance",
        "export-due-first",
        "field-due-on",
        "day-finished",
        "day-accepted",
        "day-signed",
        "day-closed",
    ];
    let sheet = Sheet {
        name: locale.say("export-list"),
        title: title.to_string(),
        headings: headings.map(|key| locale.say(key)).to_vec(),
        rows,
        ..Sheet::default()
    };
    Ok(Workbook { sheets: vec![sheet], ..Workbook::default() }.to_xlsx(app.today())?)
}

fn area(app: &App) -> String {
    app.reference().area.as_ref().map_or_else(String::new, |area| area.name.clone())
}

fn cells(app: &App, locale: Locale, row: &TaskRow) -> Vec<Cell> {
    let reference = app.reference();
    let unit = |id: &Option<String>| -> Cell {
        id.as_deref().map_or(Cell::Empty, |id| words::unit(&reference.office, id).into())
    };
    let key = |prefix: &str, name: &str| locale.say(&format!("{prefix}-{}", name.replace('_', "-")));
    vec![
        row.id.to_string().into(),
        row.title.clone().into(),
        words::state(locale, row.state).into(),
        words::flag(locale, row.flag).into(),
        key("kind", row.kind.name()).into(),
        key("level", row.level.name()).into(),
        key("work-field", &row.field).into(),
        unit(&row.area),
        unit(&row.lead),
        unit(&row.acceptance),
        row.original_due_on.into(),
        row.due_on.into(),
        row.finished_on.into(),
        row.accepted_on.into(),
        row.signed_on.into(),
        row.closed_on.into(),
    ]
}

/// `GET /export/sources/{id}`: the ledger as its sender laid it out; only for those who see the whole area.
pub async fn own_columns(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    enter(&signed)?;
    if scope(&signed.actor) != Some(Scope::Whole) {
        return Err(Failure::NotFound);
    }
    let id = SourceId::new(id).map_err(|_| Failure::NotFound)?;
    let wanted = id.clone();
    let (source, problems) = app
        .books
        .ask(move |connection| {
            let source = source::find(connection, &wanted)?.ok_or(Failure::NotFound)?;
            let mut problems = Vec::new();
            for row in problem::of_source(connection, wanted.as_str(), ROWS_MAX)? {
                let Some(seen) = problem::load(connection, &row.id)? else { continue };
                let registered = seen.record.registered;
                problems.push(if registered.cells.is_empty() {
                    vec![
                        ("序号".to_owned(), row.id.to_string()),
                        ("问题名称".to_owned(), registered.title),
                        ("问题描述".to_owned(), registered.original_text),
                    ]
                } else {
                    registered.cells
                });
            }
            Ok::<_, Failure>((source, problems))
        })
        .await?;
    let mut workbook = own_layout(&[], &problems);
    for sheet in &mut workbook.sheets {
        sheet.name = source.id.to_string();
        sheet.title.clone_from(&source.title);
    }
    let bytes = workbook.to_xlsx(app.today())?;
    note(&app, &signed, "ledger", format!("source/{id}")).await?;
    Ok(file(&format!("{}.xlsx", bihuan_papers::writing::archive::safe_name(&source.title)), XLSX, bytes))
}
