//! `GET /ledger/{sequence}`: one entry in words and as it was hashed, with the proof that it stands in the checkpoint.

use super::{Line, line, moment, reader};
use crate::{
    app::App,
    failure::Failure,
    frame::{Frame, show},
    locale::Locale,
    session::Signed,
};
use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use bihuan_ledger::{Entry, verify_inclusion};
use bihuan_rules::access::Room;
use bihuan_store::{
    checkpoint, entries,
    entries::{Said, Seen},
    reference::damaged,
};

/// The proof that an entry stands in a signed checkpoint.
struct Proof {
    size: u64,
    signed_at: String,
    root: String,
    path: Vec<String>,
    holds: bool,
}

#[derive(Template)]
#[template(path = "ledger/entry.html")]
struct View {
    frame: Frame,
    line: Line,
    prev: String,
    canonical: String,
    proof: Option<Proof>,
    next: Option<u64>,
}

/// `GET /ledger/{sequence}`.
pub async fn get(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    Path(sequence): Path<u64>,
) -> Result<Response, Failure> {
    if !signed.actor.may_enter(Room::Ledger) {
        return Err(Failure::NotFound);
    }
    let (books, area, reader) = (app.books.clone(), app.books.area().to_owned(), reader(&signed));
    let (seen, size, proof) = app
        .books
        .ask(move |connection| {
            let seen = entries::one(connection, &area, &reader, sequence)?.ok_or(Failure::NotFound)?;
            let size = bihuan_store::ledger::size(connection, &area)?;
            let last = checkpoint::last(connection, &area)?.filter(|last| last.size > sequence);
            let proof = match last {
                Some(last) => books.inclusion(connection, sequence, last.size)?.map(|(path, _)| {
                    let root = last.root.parse();
                    let holds = root.is_ok_and(|root| {
                        verify_inclusion(seen.hash, sequence, last.size, &path, root).is_ok()
                    });
                    Proof {
                        size: last.size,
                        signed_at: moment(last.at),
                        root: last.root,
                        path: path.iter().map(ToString::to_string).collect(),
                        holds,
                    }
                }),
                None => None,
            };
            Ok::<_, Failure>((seen, size, proof))
        })
        .await?;
    let canonical = match &seen.said {
        Some(said) => canonical(app.books.area(), &seen, said)?,
        None => String::new(),
    };
    let title = locale.text("ledger-entry").with("sequence", sequence.to_string()).to_string();
    let view = View {
        frame: Frame::new(&app, locale, &signed, Room::Ledger, title)
            .below("/ledger", locale.say("room-ledger")),
        line: line(locale, &app.reference().office, &seen),
        prev: seen.prev.to_string(),
        canonical,
        proof,
        next: Some(sequence + 1).filter(|next| *next < size),
    };
    Ok(show(StatusCode::OK, &view))
}

/// The bytes that were hashed, as text.
fn canonical(area: &str, seen: &Seen, said: &Said) -> Result<String, bihuan_store::Error> {
    let entry = Entry {
        area: area.to_owned(),
        seq: seen.sequence,
        at: seen.at.as_microsecond(),
        person: said.person.to_string(),
        post: said.post.to_string(),
        subject: said.subject.clone(),
        kind: said.kind.clone(),
        body: serde_json::from_str(&said.body).map_err(|e| damaged("ledger", e))?,
        prev: seen.prev,
    };
    let bytes = entry.canonical().map_err(|e| damaged("ledger", e))?;
    String::from_utf8(bytes).map_err(|e| damaged("ledger", e))
}
