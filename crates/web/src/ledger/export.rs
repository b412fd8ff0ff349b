//! `/ledger/export`: the ledger with its evidence in the documented format, packed in the background.

use super::verify::{failed, note};
use crate::{
    app::App,
    failure::Failure,
    filled::Filled,
    frame::{
        Frame,
        form::{Field, Form, Kind},
        show,
    },
    job::{Job, Outcome, StoredFile},
    locale::Locale,
    session::Signed,
    sign_in,
};
use askama::Template;
use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use bihuan_ledger::{ExportManifest, Hash, Note, content_references, write_checkpoints, write_keys};
use bihuan_rules::access::Room;
use bihuan_store::{Error, checkpoint, ledger, reference::damaged};
use std::{collections::BTreeSet, io::Write};
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

/// How often the watcher is told, in entries.
const TELL_EVERY: u64 = 500;

#[derive(Template)]
#[template(path = "ledger/export.html")]
struct View {
    frame: Frame,
    form: Form,
}

fn needs_step_up(app: &App, signed: &Signed) -> bool {
    !app.demo && !signed.is_stepped_up(app.now())
}

fn page(app: &App, locale: Locale, signed: &Signed, status: StatusCode, error: Option<&str>) -> Response {
    let mut fields = Vec::new();
    if needs_step_up(app, signed) {
        let factor = app.reference().accounts.get(&signed.actor.person).is_some_and(|a| a.second_factor);
        let field = |name: &str, kind: &'static str, key: &str| Field {
            name: name.to_owned(),
            label: locale.say(key),
            hint: String::new(),
            error: error.filter(|_| name == "password").map(|key| locale.say(key)).unwrap_or_default(),
            optional: false,
            kind: Kind::Line(String::new(), kind, true),
        };
        fields.push(field("password", "password", "field-password"));
        if factor {
            fields.push(field("code", "text", "field-code"));
        }
    }
    let form = Form {
        locale,
        action: "/ledger/export".to_owned(),
        files: false,
        fields,
        submit: locale.say("ledger-export"),
        cancel: "/ledger".to_owned(),
        hidden: vec![("csrf", signed.session.csrf.clone())],
        errors: Vec::new(),
    };
    let mut frame = Frame::new(app, locale, signed, Room::Ledger, locale.say("ledger-export"))
        .below("/ledger", locale.say("room-ledger"));
    frame.has_errors = form.has_errors();
    show(status, &View { frame, form })
}

/// `GET /ledger/export`.
pub async fn get(State(app): State<App>, locale: Locale, signed: Signed) -> Result<Response, Failure> {
    if !signed.actor.may_enter(Room::LedgerExport) {
        return Err(Failure::NotFound);
    }
    Ok(page(&app, locale, &signed, StatusCode::OK, None))
}

/// `POST /ledger/export`.
pub async fn post(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    filled: Filled,
) -> Result<Response, Failure> {
    if !signed.actor.may_enter(Room::LedgerExport) {
        return Err(Failure::NotFound);
    }
    signed.check_form(filled.text("csrf"))?;
    if needs_step_up(&app, &signed)
        && !sign_in::prove(&app, &signed, filled.text("password"), filled.text("code")).await?
    {
        return Ok(page(&app, locale, &signed, StatusCode::UNPROCESSABLE_ENTITY, Some("sign-in-wrong")));
    }
    let person = signed.actor.person.to_string();
    let job = match app.jobs.running(&person, "job-export") {
        Some(job) => job,
        None => {
            let whole = app.clone();
            app.jobs.start(&person, "job-export", app.now(), move |job| export_books(&whole, &signed, job))
        }
    };
    Ok(Redirect::to(&format!("/jobs/{}", job.id)).into_response())
}

fn export_books(app: &App, signed: &Signed, job: &Job) -> Outcome {
    let packed = pack(app, job).and_then(|packed| {
        note(app, signed, "export ledger", if packed.is_some() { "packed" } else { "cancelled" })?;
        Ok(packed)
    });
    match packed {
        Ok(Some((name, file))) => Outcome::Stored(name, "application/zip", file),
        Ok(None) => Outcome::Cancelled,
        Err(error) => failed(&error),
    }
}

/// Writes the package to a file; `None` when the person cancelled.
fn pack(app: &App, job: &Job) -> Result<Option<(String, StoredFile)>, Error> {
    if !job.tell("job-stage-checkpoint", 0, 0) {
        return Ok(None);
    }
    app.books.checkpoint(&app.key, app.now())?;
    let area = app.books.area();
    let file = tempfile::NamedTempFile::new()?;
    let mut zip = ZipWriter::new(file);
    let deflated =
        SimpleFileOptions::default().compression_method(CompressionMethod::Deflated).large_file(true);
    start(&mut zip, "ledger.jsonl", deflated)?;
    let (mut files, mut size, mut stopped) = (BTreeSet::new(), 0, false);
    let checkpoints = app.books.read(|connection| {
        let checkpoints = checkpoint::all(connection, area)?;
        let covered = checkpoints.last().map_or(0, |last| last.size);
        ledger::each(connection, area, |entry, _| {
            stopped = size % TELL_EVERY == 0 && !job.tell("job-stage-chain", size, covered);
            if stopped || entry.seq >= covered {
                return Ok(false);
            }
            files.extend(content_references(&entry.body));
            zip.write_all(&entry.canonical().map_err(|e| damaged("ledger", e))?)?;
            zip.write_all(b"\n")?;
            size += 1;
            Ok(true)
        })?;
        Ok::<_, Error>(checkpoints)
    })?;
    if stopped {
        return Ok(None);
    }
    let notes = checkpoints.iter().map(|signed| Note::parse(&signed.note)).collect::<Result<Vec<_>, _>>();
    let notes = notes.map_err(|e| damaged("checkpoint", e))?;
    for (name, text) in [
        ("checkpoints.txt", write_checkpoints(&notes)),
        ("keys.txt", write_keys(std::slice::from_ref(app.key.verifier()))),
        ("export.json", ExportManifest::new(area, size, Vec::new()).to_json()),
    ] {
        start(&mut zip, name, deflated)?;
        zip.write_all(text.as_bytes())?;
    }
    if !pack_evidence(app, job, &mut zip, &files)? {
        return Ok(None);
    }
    let file = zip.finish().map_err(|e| Error::Io(e.into()))?;
    Ok(Some((format!("bihuan-ledger-{area}-{size}.zip"), StoredFile::keep(file))))
}

/// Photos and documents are packed already, so they are only stored; `false` when the person cancelled.
fn pack_evidence(
    app: &App,
    job: &Job,
    zip: &mut ZipWriter<tempfile::NamedTempFile>,
    files: &BTreeSet<Hash>,
) -> Result<bool, Error> {
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored).large_file(true);
    let total = files.len() as u64;
    for (done, hash) in (0..).zip(files) {
        if !job.tell("job-stage-evidence", done, total) {
            return Ok(false);
        }
        let name = hash.to_string();
        let bytes = app.books.evidence().get_waiting(&name)?;
        start(zip, &format!("evidence/{name}"), stored)?;
        zip.write_all(&bytes)?;
    }
    Ok(true)
}

fn start(
    zip: &mut ZipWriter<tempfile::NamedTempFile>,
    name: &str,
    options: SimpleFileOptions,
) -> Result<(), Error> {
    zip.start_file(name, options).map_err(|e| Error::Io(e.into()))
}
