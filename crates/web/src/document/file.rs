//! The document as a file for Word and WPS, in the format of GB/T 9704.

use super::{find, show::level, typeface};
use crate::{app::App, export, failure::Failure, filled::Filled, session::Signed, words};
use axum::{
    extract::{Path, State},
    response::Response,
};
use bihuan_papers::writing::{
    OfficialPaper,
    official::{Attachment, Block, DocumentNumber, Form, Presence, Printing, Text, template},
    table::{Cell, Table},
};
use bihuan_rules::official_document::{self, DocumentKind, DocumentState, Draft, OfficialDocument};
use jiff::civil::Date;

/// Beginnings of the lines of minutes that tell who was there.
const PRESENCES: [&str; 5] = ["出席", "代会", "请假", "缺席", "列席"];

/// The paper of a document with the day for its properties and its name as a file.
fn set(app: &App, document: &OfficialDocument) -> (OfficialPaper, Date, String) {
    let organ = words::unit(&app.reference().office, document.draft.organ.as_str());
    let paper = paper(&document.draft, document.number.as_ref(), document.issued_on, &organ);
    let name = match &document.number {
        Some(number) => format!("{number} {}", document.draft.title),
        None => document.draft.title.clone(),
    };
    (paper, document.issued_on.unwrap_or(document.drafted_on), name)
}

/// `GET /documents/{id}/docx`: in the template it was issued in, a draft in the one for its kind; `?form=standard` in the format of
/// the standard.
pub async fn docx(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
    asked: Filled,
) -> Result<Response, Failure> {
    let reader = signed.clone();
    let (document, template) = app
        .books
        .ask(move |connection| {
            let document = find(connection, &reader, &id)?.record;
            let template = match document.state {
                DocumentState::Draft => super::template::in_use(connection, document.draft.kind)?,
                _ => document.template.clone(),
            };
            Ok::<_, Failure>((document, template))
        })
        .await?;
    let (paper, day, name) = set(&app, &document);
    let bytes = match template.filter(|_| asked.text("form") != "standard") {
        Some(sha256) => {
            let template = app.books.evidence().get(&sha256).await?;
            let filled = template::fill(&template, &template::Values::of(&paper));
            filled.map_err(|error| Failure::Unwritable(error.message_zh(), error.message_en()))?
        }
        None => paper.to_docx(day)?,
    };
    Ok(export::file(&format!("{name}.docx"), export::DOCX, bytes))
}

/// `GET /documents/{id}/pdf`: the same lines as the Word file in the format of the standard.
pub async fn pdf(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let document = app.books.ask(move |connection| find(connection, &signed, &id)).await?.record;
    let (paper, day, name) = set(&app, &document);
    let drawn = tokio::task::spawn_blocking(move || typeface::with(|types| paper.to_pdf(day, types)));
    let bytes = drawn.await.map_err(|_| Failure::NotFound)??;
    Ok(export::file(&format!("{name}.pdf"), export::PDF, bytes))
}

/// The sheets of a document as pictures; a figure leads to its records.
pub(super) fn sheets(app: &App, document: &OfficialDocument) -> Vec<String> {
    let is_list = |source: &str| source.starts_with("/tasks?").then(|| source.to_owned());
    set(app, document).0.to_svg(&is_list)
}

/// A line with its figures in their places, each with the records it was counted from.
fn text(draft: &Draft, line: &str) -> Text {
    let mut text = Text::new();
    let mut rest = line;
    while let Some((before, after)) = rest.split_once('{') {
        let Some((name, then)) = after.split_once('}') else { break };
        let Some(figure) = draft.figures.iter().find(|figure| figure.name == name) else {
            text = text.and(format!("{before}{{{name}}}"));
            rest = then;
            continue;
        };
        text = text.and(before).figure(&figure.source, name, &figure.value);
        rest = then;
    }
    text.and(rest)
}

/// A heading without its number, which the paper makes itself: the words, and what goes on in the same paragraph.
fn heading(draft: &Draft, level: u8, line: &str) -> Block {
    let words = match level {
        3 => line.split_once(['.', '．']).map_or(line, |(_, words)| words),
        1 => line.split_once('、').map_or(line, |(_, words)| words),
        _ => line.split_once(['）', ')']).map_or(line, |(_, words)| words),
    };
    match words.split_once('。') {
        Some((first, then)) if !then.is_empty() => {
            Block::run_in(level, text(draft, &format!("{first}。")), text(draft, then))
        }
        // A sentence that bears a number is text, no heading.
        Some(_) => Block::run_in(level, Text::new(), text(draft, words)),
        None => Block::heading(level, text(draft, words)),
    }
}

fn annex(draft: &Draft) -> Vec<Block> {
    let Some((head, rows)) = draft.annex.split_first() else { return Vec::new() };
    let heads = head.iter().map(Cell::label).collect();
    let rows = rows.iter().map(|row| row.iter().map(Cell::value).collect());
    let shares = (0..head.len()).map(|column| {
        let widest = draft.annex.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count());
        u32::try_from(widest.max().unwrap_or(1).clamp(3, 20)).unwrap_or(3)
    });
    vec![Block::Table(Table {
        shares: shares.collect(),
        heading_rows: 1,
        rows: std::iter::once(heads).chain(rows).collect(),
    })]
}

/// The paper as it is set: a draft has neither number nor date.
pub(super) fn paper(
    draft: &Draft,
    number: Option<&official_document::DocumentNumber>,
    date: Option<Date>,
    organ: &str,
) -> OfficialPaper {
    let is_minutes = draft.kind == DocumentKind::Minutes;
    let (form, mark) = match draft.kind {
        DocumentKind::Minutes => (Form::Minutes, format!("{organ}会议纪要")),
        DocumentKind::RiverOrder => (Form::Order, format!("{organ}令")),
        DocumentKind::Circular | DocumentKind::ListIssue => (Form::Ordinary, format!("{organ}文件")),
        DocumentKind::SiteCheck => {
            (Form::Letter, format!("{organ}现场检查记录").replace("委员会现场", "委员会　现场"))
        }
        _ => (Form::Letter, organ.to_owned()),
    };
    let mut body = Vec::new();
    let mut presence = Vec::new();
    for line in draft.text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let came = line.split_once('：').filter(|(label, _)| is_minutes && PRESENCES.contains(label));
        if let Some((label, names)) = came {
            presence.push(Presence { label: label.to_owned(), names: names.to_owned() });
            continue;
        }
        body.push(match level(line) {
            0 => Block::Paragraph(text(draft, line)),
            level => heading(draft, level, line),
        });
    }
    let mut attachments: Vec<Attachment> = draft
        .attachments
        .iter()
        .map(|title| Attachment { title: title.clone(), blocks: Vec::new() })
        .collect();
    match attachments.first_mut() {
        Some(first) => first.blocks = annex(draft),
        None => body.extend(annex(draft)),
    }
    OfficialPaper {
        form,
        organ_marks: vec![mark],
        number: number.map(|number| DocumentNumber {
            organ_code: number.code.clone(),
            year: u16::try_from(number.year).unwrap_or_default(),
            n: number.n,
        }),
        title: draft.title.clone(),
        addressees: draft.addressees.clone(),
        body,
        attachments,
        presence,
        cc: draft.cc.clone(),
        printing: (form == Form::Ordinary || form == Form::Minutes)
            .then(|| {
                date.map(|date| Printing {
                    organ: format!("{organ}办公室").replace("办公室办公室", "办公室"),
                    date,
                })
            })
            .flatten(),
        issuers: if is_minutes { Vec::new() } else { vec![organ.to_owned()] },
        date,
        ..OfficialPaper::default()
    }
}
