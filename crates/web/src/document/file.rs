//! The document as a file for Word and WPS.

use super::{check, find, show::level};
use crate::{app::App, export, failure::Failure, locale::Locale, session::Signed, words};
use axum::{
    extract::{Path, State},
    response::Response,
};
use bihuan_papers::writing::{
    Letter, letter,
    letter::{Block, Cell, Table},
};
use bihuan_rules::official_document::OfficialDocument;

/// `GET /documents/{id}/docx`.
pub async fn docx(
    State(app): State<App>,
    _locale: Locale,
    signed: Signed,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let reader = signed.clone();
    let document = app.books.ask(move |connection| find(connection, &reader, &id)).await?.record;
    let organ = words::unit(&app.reference().office, document.draft.organ.as_str());
    let bytes = paper(&document, &organ).to_docx(document.issued_on.unwrap_or(document.drafted_on))?;
    let name = document.number.as_ref().map_or_else(
        || format!("{}.docx", document.draft.title),
        |number| format!("{number} {}.docx", document.draft.title),
    );
    Ok(export::file(&name, export::DOCX, bytes))
}

fn paper(document: &OfficialDocument, organ: &str) -> Letter {
    let draft = &document.draft;
    let mut blocks = Vec::new();
    if let Some(number) = &document.number {
        blocks.push(Block::Right(number.to_string()));
    }
    if !draft.addressees.is_empty() {
        blocks.push(Block::Flush(format!("{}：", draft.addressees.join("，"))));
    }
    for line in check::filled(draft).lines().map(str::trim).filter(|line| !line.is_empty()) {
        blocks.push(match level(line) {
            0 => Block::Paragraph(line.to_owned()),
            level => Block::Heading(level, line.to_owned()),
        });
    }
    for (n, attachment) in (1..).zip(&draft.attachments) {
        let mark = if n == 1 { "附件：" } else { "　　　" };
        let number = if draft.attachments.len() > 1 { format!("{n}．") } else { String::new() };
        blocks.push(Block::Paragraph(format!("{mark}{number}{attachment}")));
    }
    blocks.push(Block::Right(organ.to_owned()));
    if let Some(on) = document.issued_on {
        blocks.push(Block::Right(format!("{}年{}月{}日", on.year(), on.month(), on.day())));
    }
    if let Some((heading, rows)) = draft.annex.split_first() {
        let head = heading.iter().map(Cell::label).collect();
        let rows = rows.iter().map(|row| row.iter().map(Cell::value).collect());
        blocks.push(Block::Table(Table {
            shares: vec![1; heading.len()],
            heading_rows: 1,
            rows: std::iter::once(head).chain(rows).collect(),
        }));
    }
    Letter { page: letter::Page::Portrait, title: draft.title.clone(), blocks, ..Letter::default() }
}
