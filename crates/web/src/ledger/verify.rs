//! `POST /ledger/verify`: the whole books are checked in the background; the first bad place is named.

use super::sees_everything;
use crate::{
    app::App,
    failure::Failure,
    filled::Filled,
    job::{Job, Outcome},
    session::Signed,
};
use axum::{
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use bihuan_rules::access::Room;
use bihuan_store::{
    Error,
    audit::{self, AuditLine},
    verify::{self, Fault, Progress, Report, Stage},
};

/// `POST /ledger/verify`.
pub async fn post(State(app): State<App>, signed: Signed, filled: Filled) -> Result<Response, Failure> {
    signed.check_form(filled.text("csrf"))?;
    if !signed.actor.may_enter(Room::Ledger) {
        return Err(Failure::NotFound);
    }
    let person = signed.actor.person.to_string();
    let job = match app.jobs.running(&person, "job-verify") {
        Some(job) => job,
        None => {
            let whole = app.clone();
            app.jobs.start(&person, "job-verify", app.now(), move |job| verify_books(&whole, &signed, job))
        }
    };
    Ok(Redirect::to(&format!("/jobs/{}", job.id)).into_response())
}

fn stage_key(stage: Stage) -> &'static str {
    match stage {
        Stage::Database => "job-stage-database",
        Stage::Chain => "job-stage-chain",
        Stage::Tables => "job-stage-tables",
        Stage::Evidence => "job-stage-evidence",
    }
}

fn verify_books(app: &App, signed: &Signed, job: &Job) -> Outcome {
    let keys = [app.key.verifier().clone()];
    let mut watch = |progress: Progress| job.tell(stage_key(progress.stage), progress.done, progress.total);
    let report = match verify::run(&app.books, &keys, &mut watch) {
        Ok(report) => report,
        Err(error) => return failed(&error),
    };
    let outcome = match (&report.fault, report.cancelled) {
        (Some(_), _) => "bad",
        (None, true) => "cancelled",
        (None, false) => "fits",
    };
    if let Err(error) = note(app, signed, "verify ledger", outcome) {
        return failed(&error);
    }
    match &report.fault {
        Some(fault) => bad(fault, sees_everything(signed)),
        None if report.cancelled => Outcome::Cancelled,
        None => fits(&report),
    }
}

/// Leaves a line in the audit.
pub(super) fn note(app: &App, signed: &Signed, what: &str, outcome: &str) -> Result<(), Error> {
    let line = AuditLine {
        at: app.now(),
        person: signed.actor.person.to_string(),
        post: signed.actor.post.to_string(),
        what: what.to_owned(),
        subject: "area".to_owned(),
        outcome: outcome.to_owned(),
        address: String::new(),
    };
    app.books.work(signed.actor.clone(), app.now(), move |work| audit::add(work.connection(), &line))
}

/// The books could not be read; the log holds why.
pub(super) fn failed(error: &Error) -> Outcome {
    tracing::error!(%error, "a job about the ledger failed");
    Outcome::Failed(
        "账本无法读取或写入，原因已记入日志，请联系管理员。".to_owned(),
        "The books could not be read or written; the log holds why. Please tell an administrator.".to_owned(),
    )
}

fn fits(report: &Report) -> Outcome {
    let Report { entries, checkpoints, rows, files, root, head, .. } = report;
    Outcome::Said(
        format!(
            "账实相符。\n账本 {entries} 条首尾相接，签名检查点 {checkpoints} 个全部吻合；\n页面所用的 {rows} 行数据与账本逐行重算\
             一致，佐证文件 {files} 个与指纹一致。\n末条指纹 {head}\n根值 {root}"
        ),
        format!(
            "Everything fits.\n{entries} entries stand in one chain, {checkpoints} signed checkpoints agree with it;\n\
             {rows} rows that the pages show equal what follows from the ledger, {files} evidence files equal their \
             hashes.\nnewest hash {head}\nroot {root}"
        ),
    )
}

/// The first bad place; what exactly differs may quote a record, so only those hear it who may see every record.
fn bad(fault: &Fault, whole: bool) -> Outcome {
    let place = |zh: &str, rest: &str| format!("{zh} {rest}").trim().to_owned();
    let zh = if let Some(rest) = fault.place.strip_prefix("ledger entry") {
        place("账本第", &format!("{} 条", rest.trim()))
    } else if let Some(rest) = fault.place.strip_prefix("checkpoint") {
        place("检查点", rest.trim())
    } else if let Some(rest) = fault.place.strip_prefix("evidence") {
        place("佐证文件", rest.trim())
    } else if let Some(rest) = fault.place.strip_prefix("table") {
        place("数据表", rest.trim())
    } else {
        "数据库".to_owned()
    };
    let detail = if whole { format!("\n{}", fault.what) } else { String::new() };
    Outcome::Failed(
        format!("账实不符。第一处不符：{zh}{detail}\n请保留现场，不要删除任何文件，并通知监督审计和管理员。"),
        format!(
            "Something does not fit. First bad place: {}{detail}\nKeep everything as it is, delete no file, and tell \
             the auditor and an administrator.",
            fault.place
        ),
    )
}
