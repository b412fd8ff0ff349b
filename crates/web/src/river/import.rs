//! `/rivers/import`: rivers, reaches and chiefs from a workbook (导入河湖名录): a template to fill in, a review in which every row can be
//! corrected, and nothing kept before all of it fits the rules.

use super::{book_plan, enter, keeps};
use crate::{
    app::App,
    export,
    failure::Failure,
    filled::Filled,
    frame::{
        Frame,
        form::{Column, Field, Form, Kind},
        sheet::field,
        show,
    },
    locale::Locale,
    order,
    session::{Signed, random_token},
    upload, words,
};
use askama::Template;
use axum::{
    extract::{Multipart, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use bihuan_papers::{
    Limits,
    container::open,
    river_book::{self, BookRow, CHIEFS, REACHES, RIVERS, RiverBook},
};
use bihuan_rules::{Act, Subject, access::Room, record::Kind as RecordKind, river::River};

#[derive(Template)]
#[template(path = "river/import.html")]
struct View {
    frame: Frame,
    form: Form,
    intro: String,
    is_upload: bool,
}

fn writer(signed: &Signed) -> Result<(), Failure> {
    enter(signed)?;
    if keeps(signed, None) { Ok(()) } else { Err(Failure::NotFound) }
}

fn page(app: &App, locale: Locale, signed: &Signed, mut form: Form, intro: String) -> Response {
    form.hidden.push(("csrf", signed.session.csrf.clone()));
    form.hidden.push(("once", random_token()));
    let is_upload = form.files;
    let mut frame = Frame::new(app, locale, signed, Room::Rivers, locale.say("river-import"))
        .below("/rivers", locale.say("room-rivers"));
    frame.has_errors = form.has_errors();
    let status = if frame.has_errors { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    show(status, &View { frame, form, intro, is_upload })
}

fn upload_form(locale: Locale, errors: Vec<String>) -> Form {
    Form {
        locale,
        action: "/rivers/import".to_owned(),
        files: true,
        fields: vec![field(locale, "river_book", Kind::Files(".xlsx,.xls", false))],
        submit: locale.say("river-import-read"),
        cancel: "/rivers".to_owned(),
        hidden: Vec::new(),
        errors,
    }
}

/// The three tables of the review: key of the field, prefix of its inputs, headings of its columns.
const TABLES: [(&str, &str, &[&str]); 3] =
    [("book_rivers", "w", &RIVERS), ("book_reaches", "d", &REACHES), ("book_chiefs", "z", &CHIEFS)];

fn input(prefix: &str, column: usize) -> String {
    format!("{prefix}{column}")
}

/// Most cells of one review; a form holds no more.
const CELLS_MAX: usize = 18_000;

/// The rows numbered as the review shows them.
fn numbered(mut book: RiverBook) -> RiverBook {
    for rows in [&mut book.rivers, &mut book.reaches, &mut book.chiefs] {
        for (number, row) in (1..).zip(rows.iter_mut()) {
            row.number = number;
        }
    }
    book
}

/// What stands in the inputs of the review.
fn typed(filled: &Filled) -> RiverBook {
    let rows = |(_, prefix, columns): (&str, &str, &[&str])| -> Vec<BookRow> {
        let count = filled.column(&input(prefix, 0)).len();
        let cell = |n: usize, column: usize| {
            filled.column(&input(prefix, column)).get(n).map_or("", |text| text.trim()).to_owned()
        };
        let row = |n: usize| BookRow {
            number: u32::try_from(n + 1).unwrap_or(u32::MAX),
            cells: (0..columns.len()).map(|column| cell(n, column)).collect(),
        };
        (0..count).map(row).collect()
    };
    let [rivers, reaches, chiefs] = TABLES.map(rows);
    RiverBook { rivers, reaches, chiefs }
}

fn review_form(locale: Locale, book: &RiverBook, errors: Vec<String>) -> Form {
    let tables = [&book.rivers, &book.reaches, &book.chiefs];
    let fields = TABLES.into_iter().zip(tables).filter(|(_, rows)| !rows.is_empty()).map(
        |((key, prefix, headings), rows)| -> Field {
            let columns = headings.iter().enumerate().map(|(column, heading)| Column {
                name: input(prefix, column),
                label: (*heading).to_owned(),
                options: Vec::new(),
            });
            let rows = rows.iter().map(|row| row.cells.clone());
            field(locale, key, Kind::Rows(columns.collect(), rows.collect()))
        },
    );
    Form {
        locale,
        action: "/rivers/import/adopt".to_owned(),
        files: false,
        fields: fields.collect(),
        submit: locale.say("river-import-adopt"),
        cancel: "/rivers/import".to_owned(),
        hidden: Vec::new(),
        errors,
    }
}

/// The sentences about rows that cannot be used: table, row and what is wrong.
fn sentences(locale: Locale, flaws: &[book_plan::Flaw]) -> Vec<String> {
    let sentence = |flaw: &book_plan::Flaw| {
        let table = locale.say(&format!("field-{}", flaw.table.name().replace('_', "-")));
        let text = locale.text("river-import-row").with("table", table);
        text.with("row", flaw.row.to_string()).with("wrong", flaw.wrong.words(locale)).to_string()
    };
    flaws.iter().map(sentence).collect()
}

fn check(app: &App, signed: &Signed, book: &RiverBook) -> Result<Vec<book_plan::Kept>, Vec<book_plan::Flaw>> {
    let reference = app.reference();
    let situation = reference.situation(&signed.actor, app.now(), "");
    let known: Vec<River> = reference.records::<River>().map(|(_, river)| river.clone()).collect();
    book_plan::plan(&situation, &known, book)
}

/// `GET /rivers/import`.
pub async fn get(State(app): State<App>, locale: Locale, signed: Signed) -> Result<Response, Failure> {
    writer(&signed)?;
    Ok(page(&app, locale, &signed, upload_form(locale, Vec::new()), locale.say("river-import-intro")))
}

/// `GET /rivers/import/template`: the workbook to fill in.
pub async fn template(State(app): State<App>, locale: Locale, signed: Signed) -> Result<Response, Failure> {
    writer(&signed)?;
    let bytes = river_book::template(app.today())?;
    Ok(export::file(&format!("{}.xlsx", locale.say("river-import-template-name")), export::XLSX, bytes))
}

/// `POST /rivers/import`: reads the workbook and shows its rows with what is wrong; nothing is kept.
pub async fn post(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    parts: Multipart,
) -> Result<Response, Failure> {
    writer(&signed)?;
    let (filled, uploads) = upload::receive(parts).await?;
    signed.check_form(filled.text("csrf"))?;
    let again = |sentence: String| {
        let form = upload_form(locale, vec![sentence]);
        page(&app, locale, &signed, form, locale.say("river-import-intro"))
    };
    let Some(file) = uploads.into_iter().next() else { return Ok(again(locale.say("river-import-no-file"))) };
    let read = tokio::task::spawn_blocking(move || open(&file.bytes, &file.name, &Limits::default()))
        .await
        .map_err(|_| Failure::TooLarge)?;
    let document = match read {
        Ok(document) => document,
        Err(error) => {
            return Ok(again(if locale == Locale::En { error.message_en() } else { error.message_zh() }));
        }
    };
    let book = numbered(river_book::read(&document));
    if book.is_empty() {
        return Ok(again(locale.say("river-import-none")));
    }
    let cells = TABLES.iter().zip([&book.rivers, &book.reaches, &book.chiefs]);
    if cells.map(|((.., columns), rows)| columns.len() * rows.len()).sum::<usize>() > CELLS_MAX {
        return Ok(again(locale.say("river-import-too-many")));
    }
    let errors = check(&app, &signed, &book).err().unwrap_or_default();
    let number = |rows: &[BookRow]| i64::try_from(rows.len()).unwrap_or(0);
    let intro = locale.text("river-import-found").with("rivers", number(&book.rivers));
    let intro = intro.with("reaches", number(&book.reaches)).with("chiefs", number(&book.chiefs)).to_string();
    let form = review_form(locale, &book, sentences(locale, &errors));
    Ok(page(&app, locale, &signed, form, intro))
}

/// `POST /rivers/import/adopt`: keeps what the review shows, all of it or nothing.
pub async fn adopt(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    filled: Filled,
) -> Result<Response, Failure> {
    writer(&signed)?;
    signed.check_form(filled.text("csrf"))?;
    let book = typed(&filled);
    let again = |errors: Vec<String>| {
        let form = review_form(locale, &book, errors);
        Ok(page(&app, locale, &signed, form, locale.say("river-import-check")))
    };
    match check(&app, &signed, &book) {
        Err(flaws) => return again(sentences(locale, &flaws)),
        Ok(kept) if kept.iter().all(|kept| kept.acts.is_empty()) => {
            return again(vec![locale.say("river-import-nothing-new")]);
        }
        Ok(_) => {}
    }
    let rows = book.rivers.len() + book.reaches.len() + book.chiefs.len();
    let (request, listed) = (format!("rivers import {rows}"), book.clone());
    let done = order::carry_out(&app, &signed, &filled, request, move |work| {
        let reference = work.reference();
        let known: Vec<River> = reference.records::<River>().map(|(_, river)| river.clone()).collect();
        // What was fitting a moment ago may not be any more: it is judged again, in the same piece of work.
        let kept = book_plan::plan(&work.situation(""), &known, &listed);
        let kept = kept.map_err(|flaws| flaws.into_iter().next().and_then(book_plan::Flaw::refusal));
        let kept = kept.map_err(|refusal| refusal.map_or(Failure::NotAForm, Failure::Refused))?;
        let mut last = None;
        for each in kept {
            let id = match each.id {
                Some(id) => id,
                None => work.next_code::<River>("R")?,
            };
            for act in each.acts {
                last = Some(work.record(Subject::Record(RecordKind::River, id.clone()), Act::from(act))?);
            }
        }
        Ok(((), last.ok_or(Failure::NotAForm)?))
    })
    .await;
    match done {
        Ok(_) => Ok(Redirect::to("/rivers").into_response()),
        Err(Failure::Refused(refusal)) => again(vec![words::refusal(locale, &refusal)]),
        Err(other) => Err(other),
    }
}
