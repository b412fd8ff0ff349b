//! The pack of a meeting (会议材料): agenda, papers and lists for every member, as a page and as one file.

use super::{find, lists, show::facts};
use crate::{
    app::App,
    document::{day, typeface},
    export,
    failure::Failure,
    locale::Locale,
    session::Signed,
    words,
};
use axum::{
    extract::{Path, State},
    response::Response,
};
use bihuan_papers::writing::{
    OfficialPaper,
    official::{Attachment, Block, Form},
    table::{Cell, Table},
};
use bihuan_rules::{committee::Meeting, film::Film};
use bihuan_store::{Connection, shelf};

/// Widest a column is made, in signs.
const COLUMN_SIGNS_MAX: usize = 20;

/// A list with the title of the item it is laid for.
type Laid = (String, Vec<Vec<String>>);

/// The meeting and the lists before it: as they were laid, or as they stand now.
pub(super) fn gather(
    app: &App,
    connection: &mut Connection,
    signed: &Signed,
    id: &str,
) -> Result<(Meeting, Vec<Laid>), Failure> {
    let meeting = find(app, connection, signed, id)?.record;
    let reference = app.reference();
    let mut laid = Vec::new();
    for item in &meeting.items {
        if let Some(film) = item.agenda.film()
            && let Some(seen) = shelf::find::<Film>(connection, &film)?
            && !seen.record.items.is_empty()
        {
            laid.push((item.agenda.title.clone(), crate::film::table(&reference.office, &seen.record)));
        }
        let Some(list) = item.agenda.list else { continue };
        let frozen = match &item.laid {
            Some(laid) => laid.clone(),
            None => lists::freeze(connection, &reference, list, app.today())?,
        };
        laid.push((item.agenda.title.clone(), frozen.rows));
    }
    Ok((meeting, laid))
}

fn table(rows: &[Vec<String>]) -> Block {
    let columns = rows.first().map_or(0, Vec::len);
    let shares = (0..columns).map(|column| {
        let widest = rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max();
        u32::try_from(widest.unwrap_or(1).clamp(4, COLUMN_SIGNS_MAX)).unwrap_or(4)
    });
    let cells = rows.iter().enumerate().map(|(at, row)| {
        row.iter().map(|cell| if at == 0 { Cell::label(cell) } else { Cell::value(cell) }).collect()
    });
    Block::Table(Table { shares: shares.collect(), heading_rows: 1, rows: cells.collect() })
}

/// The pack as a paper: the agenda first, each paper and each list on sheets of its own.
fn paper(app: &App, locale: Locale, meeting: &Meeting, laid: Vec<Laid>) -> OfficialPaper {
    let office = &app.reference().office;
    let mut body = vec![Block::heading(1, "会议安排")];
    body.extend(
        facts(app, locale, meeting)
            .into_iter()
            .map(|(name, value)| Block::paragraph(format!("{name}：{value}"))),
    );
    body.push(Block::heading(1, "会议议程"));
    let mut attachments = Vec::new();
    for item in &meeting.items {
        let agenda = &item.agenda;
        let reporter = agenda.reporter.as_ref().map(|unit| words::unit(office, unit.as_str()));
        let kind = locale.say(&format!("meeting-item-{}", agenda.kind.name()));
        let reporter = reporter.map(|unit| format!("，{unit}")).unwrap_or_default();
        body.push(Block::heading(3, format!("{}（{kind}{reporter}）", agenda.title)));
        if !agenda.paper.is_empty() {
            let lines = agenda.paper.lines().filter(|line| !line.trim().is_empty());
            let blocks = lines.map(|line| Block::paragraph(line.trim())).collect();
            attachments.push(Attachment { title: agenda.title.clone(), blocks });
        }
    }
    let lists = laid.iter().filter(|(_, rows)| rows.len() > 1);
    attachments
        .extend(lists.map(|(title, rows)| Attachment { title: title.clone(), blocks: vec![table(rows)] }));
    OfficialPaper {
        form: Form::Plain,
        title: format!("{}\n会议材料", meeting.call.title),
        addressees: Vec::new(),
        body,
        attachments,
        issuers: vec![words::unit(office, meeting.call.organ.as_str())],
        date: Some(meeting.call.on),
        ..OfficialPaper::default()
    }
}

async fn ready(
    app: &App,
    locale: Locale,
    signed: &Signed,
    id: String,
) -> Result<(OfficialPaper, Meeting), Failure> {
    let (looked, reader) = (app.clone(), signed.clone());
    let (meeting, laid) = app.books.ask(move |connection| gather(&looked, connection, &reader, &id)).await?;
    Ok((paper(app, locale, &meeting, laid), meeting))
}

fn name(meeting: &Meeting, ending: &str) -> String {
    format!("{}会议材料 {}.{ending}", meeting.call.title, day(meeting.call.on))
}

/// `GET /meetings/{id}/pack/docx`.
pub async fn docx(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let (paper, meeting) = ready(&app, locale, &signed, id).await?;
    Ok(export::file(&name(&meeting, "docx"), export::DOCX, paper.to_docx(meeting.call.on)?))
}

/// `GET /meetings/{id}/pack/pdf`.
pub async fn pdf(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let (paper, meeting) = ready(&app, locale, &signed, id).await?;
    let on = meeting.call.on;
    let drawn = tokio::task::spawn_blocking(move || typeface::with(|types| paper.to_pdf(on, types)));
    let bytes = drawn.await.map_err(|_| Failure::NotFound)??;
    Ok(export::file(&name(&meeting, "pdf"), export::PDF, bytes))
}
