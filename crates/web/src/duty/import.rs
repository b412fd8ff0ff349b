//! `/duties/import`: a duty list from Excel, Word or a web page (导入责任清单), looked through row by row before anything is kept.

use super::{enter, may_write, step};
use crate::{
    app::App,
    failure::Failure,
    filled::{FieldError, Filled},
    frame::{
        Frame,
        form::{Column, Field, Form, Kind},
        sheet::{field, line},
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
use bihuan_papers::{Limits, container::open, reading};
use bihuan_rules::{
    Act, Subject,
    access::Room,
    duty::{self, Duty, DutyOrder, Wording},
    id::UnitId,
    record::Kind as RecordKind,
};
use jiff::civil::Date;
use std::collections::BTreeSet;

#[derive(Template)]
#[template(path = "duty/import.html")]
struct View {
    frame: Frame,
    form: Form,
    intro: String,
}

/// The columns of the form of rows.
const COLUMNS: [&str; 5] = ["row_text", "row_units", "row_field", "row_basis", "row_liability"];

fn writer(signed: &Signed) -> Result<(), Failure> {
    enter(signed)?;
    if may_write(signed) { Ok(()) } else { Err(Failure::NotFound) }
}

fn page(app: &App, locale: Locale, signed: &Signed, mut form: Form, intro: String) -> Response {
    form.hidden.push(("csrf", signed.session.csrf.clone()));
    form.hidden.push(("once", random_token()));
    let mut frame = Frame::new(app, locale, signed, Room::Duties, locale.say("duty-import"))
        .below("/duties", locale.say("room-duties"));
    frame.has_errors = form.has_errors();
    let status = if frame.has_errors { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    show(status, &View { frame, form, intro })
}

fn upload_form(locale: Locale, errors: Vec<String>) -> Form {
    Form {
        locale,
        action: "/duties/import".to_owned(),
        files: true,
        fields: vec![field(locale, "file", Kind::Files(".xlsx,.xls,.docx,.csv,.html,.txt", false))],
        submit: locale.say("duty-import-read"),
        cancel: "/duties".to_owned(),
        hidden: Vec::new(),
        errors,
    }
}

fn rows_form(locale: Locale, filled: &Filled, errors: Vec<String>) -> Form {
    let work_fields = words::work_fields(locale);
    let columns = COLUMNS.map(|name| Column {
        name: name.to_owned(),
        label: locale.say(&format!("field-{}", name.replace('_', "-"))),
        options: if name == "row_field" { work_fields.clone() } else { Vec::new() },
    });
    let count = filled.column("row_text").len();
    let cell = |name: &str, n: usize| filled.column(name).get(n).cloned().unwrap_or_default();
    let rows = (0..count).map(|n| COLUMNS.iter().map(|name| cell(name, n)).collect()).collect();
    let mut document = line(locale, "document", filled);
    document.optional = true;
    let day =
        |name: &str| -> Field { field(locale, name, Kind::Line(filled.text(name).to_owned(), "text", true)) };
    let mut adopted_on = day("adopted_on");
    adopted_on.optional = true;
    Form {
        locale,
        action: "/duties/import/adopt".to_owned(),
        files: false,
        fields: vec![
            field(locale, "duties", Kind::Rows(columns.to_vec(), rows)),
            day("valid_from"),
            document,
            adopted_on,
        ],
        submit: locale.say("duty-import-adopt"),
        cancel: "/duties/import".to_owned(),
        hidden: Vec::new(),
        errors,
    }
}

/// `GET /duties/import`.
pub async fn get(State(app): State<App>, locale: Locale, signed: Signed) -> Result<Response, Failure> {
    writer(&signed)?;
    let form = upload_form(locale, Vec::new());
    Ok(page(&app, locale, &signed, form, locale.say("duty-import-intro")))
}

/// `POST /duties/import`: reads the file and shows its rows; nothing is kept.
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
        page(&app, locale, &signed, upload_form(locale, vec![sentence]), locale.say("duty-import-intro"))
    };
    let Some(file) = uploads.into_iter().next() else { return Ok(again(locale.say("duty-import-no-file"))) };
    let name = file.name.clone();
    let read = tokio::task::spawn_blocking(move || open(&file.bytes, &file.name, &Limits::default()))
        .await
        .map_err(|_| Failure::TooLarge)?;
    let document = match read {
        Ok(document) => document,
        Err(error) => {
            let words = if locale == Locale::En { error.message_en() } else { error.message_zh() };
            return Ok(again(words));
        }
    };
    let rows = reading::duty_list(&document);
    if rows.is_empty() {
        return Ok(again(locale.text("duty-import-none").with("name", name).to_string()));
    }
    let mut filled = Filled::default();
    filled.set_all("row_text", rows.iter().map(|row| row.text.clone()).collect());
    filled.set_all("row_units", rows.iter().map(|row| row.units.join("、")).collect());
    filled.set_all("row_field", rows.iter().map(|row| row.field.unwrap_or_default().to_owned()).collect());
    filled.set_all("row_basis", rows.iter().map(|row| row.basis.join("；")).collect());
    filled.set_all("row_liability", rows.iter().map(|row| row.liability.clone()).collect());
    filled.set("valid_from", app.today().to_string());
    let intro = locale.text("duty-import-found").with("count", i64::try_from(rows.len()).unwrap_or(0));
    Ok(page(&app, locale, &signed, rows_form(locale, &filled, Vec::new()), intro.to_string()))
}

/// The wordings that the rows of the form give; a sentence for each row that cannot be used.
fn wordings(app: &App, locale: Locale, filled: &Filled, from: Date) -> Result<Vec<Wording>, Vec<String>> {
    let reference = app.reference();
    let known: BTreeSet<String> =
        reference.records::<Duty>().filter_map(|(_, duty)| Some(duty.newest()?.text.clone())).collect();
    let (mut wordings, mut errors) = (Vec::new(), Vec::new());
    for (n, text) in filled.column("row_text").iter().enumerate() {
        let text = text.trim();
        if text.is_empty() || known.contains(text) {
            continue;
        }
        let cell = |name: &str| filled.column(name).get(n).map_or("", |value| value.trim());
        let mut units = BTreeSet::<UnitId>::new();
        for name in cell("row_units").split(['、', '，', ',']).map(str::trim).filter(|name| !name.is_empty())
        {
            match reference.office.unit_named(name) {
                Some(unit) => drop(units.insert(unit.id.clone())),
                None => {
                    let number = i64::try_from(n + 1).unwrap_or(0);
                    let words = locale.text("duty-import-unknown-unit").with("row", number);
                    errors.push(words.with("unit", name.to_owned()).to_string());
                }
            }
        }
        wordings.push(Wording {
            text: text.to_owned(),
            fields: Some(cell("row_field").to_owned())
                .filter(|field| !field.is_empty())
                .into_iter()
                .collect(),
            basis: cell("row_basis").split('；').map(|line| line.trim().to_owned()).collect(),
            liability: cell("row_liability").to_owned(),
            principle: String::new(),
            degree: String::new(),
            units,
            posts: BTreeSet::new(),
            from,
            until: None,
        });
    }
    if errors.is_empty() { Ok(wordings) } else { Err(errors) }
}

/// `POST /duties/import/adopt`: keeps the rows as proposals, or as adopted by the paper that issued them. What is known already stays as it is.
pub async fn adopt(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    filled: Filled,
) -> Result<Response, Failure> {
    writer(&signed)?;
    signed.check_form(filled.text("csrf"))?;
    let today = app.today();
    let again = |errors: Vec<String>| {
        Ok(page(&app, locale, &signed, rows_form(locale, &filled, errors), locale.say("duty-import-check")))
    };
    let said = |error: FieldError| vec![locale.say(error.key)];
    let from = match filled.date_needed("valid_from", today) {
        Ok(from) => from,
        Err(error) => return again(said(error)),
    };
    let adopted_on = match filled.date("adopted_on", today) {
        Ok(on) => on.unwrap_or(from),
        Err(error) => return again(said(error)),
    };
    let wordings = match wordings(&app, locale, &filled, from) {
        Ok(wordings) => wordings,
        Err(errors) => return again(errors),
    };
    if wordings.is_empty() {
        return again(vec![locale.say("duty-import-nothing-new")]);
    }
    let paper = Some(filled.text("document").to_owned()).filter(|number| !number.is_empty());
    let request = format!("duties import {}", wordings.len());
    let done = order::carry_out(&app, &signed, &filled, request, move |work| {
        let (mut count, mut last) = (0_u64, None);
        for wording in wordings {
            let id = work.next_code::<Duty>(step::PREFIX)?;
            let subject = Subject::Record(RecordKind::Duty, id.clone());
            let act = duty::decide(&work.situation(""), None, DutyOrder::Propose(Box::new(wording)))?;
            let mut receipt = work.record(subject.clone(), Act::from(act))?;
            if let Some(number) = &paper {
                let known = work.filed::<Duty>(&id)?.map(|seen| seen.record);
                let order = DutyOrder::AdoptByDocument { number: number.clone(), on: adopted_on };
                let act = duty::decide(&work.situation(""), known.as_ref(), order)?;
                receipt = work.record(subject, Act::from(act))?;
            }
            count += 1;
            last = Some(receipt);
        }
        Ok((count, last.ok_or(Failure::NotAForm)?))
    })
    .await;
    match done {
        Ok(_) if filled.has("document") => Ok(Redirect::to("/duties").into_response()),
        Ok(_) => Ok(Redirect::to("/duties?state=proposed").into_response()),
        Err(Failure::Refused(refusal)) => again(vec![words::refusal(locale, &refusal)]),
        Err(other) => Err(other),
    }
}
