//! The dossier of a task (一问题一档): index, documents, evidence and the ledger proof in one archive that anybody can check.

use super::{
    enter, file,
    form::{self, Facts},
    note,
};
use crate::{
    app::{App, scope},
    document::typeface,
    failure::Failure,
    locale::Locale,
    session::Signed,
    words,
};
use askama::Template;
use axum::{
    extract::{Path, State},
    response::Response,
};
use bihuan_ledger::{Content, Dossier, Entry, Hash, ListedFile, Note, Tree, content_references};
use bihuan_papers::writing::archive;
use bihuan_rules::{
    Act, Subject,
    guarantee::GuaranteeAct,
    id::TaskId,
    record::{Kind, RecordAct},
    task::EvidenceRole,
};
use bihuan_store::{Error, checkpoint, ledger, list::Scope};
use std::collections::BTreeSet;

/// How to check a dossier, by somebody with only this file and public tools.
const HOW_TO_CHECK: &str = include_str!("how_to_check.txt");
/// The second, independent verifier.
const VERIFIER: &str = include_str!("../../../../docs/ledger/verify.py");

/// A file of the dossier with its line in the index.
struct Paper {
    path: String,
    title: String,
    day: String,
    bytes: Vec<u8>,
}

#[derive(Template)]
#[template(path = "export/dossier.html")]
struct Index<'d> {
    area: &'d str,
    id: &'d str,
    title: &'d str,
    facts: &'d [(String, String)],
    papers: &'d [(usize, String, String, String, String)],
    lines: &'d [(u64, String, String, String)],
    size: u64,
    root: &'d str,
    withheld: usize,
}

/// `GET /tasks/{id}/dossier`.
pub async fn get(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    enter(&signed)?;
    let id = TaskId::new(id).map_err(|_| Failure::NotFound)?;
    let (site, reader, wanted) = (app.clone(), signed.clone(), id.clone());
    let bytes = tokio::task::spawn_blocking(move || build(&site, &reader, &wanted))
        .await
        .map_err(|_| Failure::Broken(Error::WriterGone))??;
    note(&app, &signed, "dossier", format!("task/{id}")).await?;
    Ok(file(&format!("{id}-一问题一档.zip"), "application/zip", bytes))
}

/// The folder a piece of evidence belongs in.
fn folder(role: EvidenceRole) -> &'static str {
    match role {
        EvidenceRole::Before => "05-整改照片/整改前",
        EvidenceRole::During => "05-整改照片/整改中",
        EvidenceRole::After => "05-整改照片/整改后",
        EvidenceRole::Document => "06-工程与制度资料",
        EvidenceRole::Verification => "11-核查记录",
        EvidenceRole::Notice => "12-公示",
        EvidenceRole::LookBack => "14-回头看",
    }
}

fn damaged(what: &dyn std::fmt::Display) -> Failure {
    Failure::Broken(Error::Damaged { table: "ledger", what: what.to_string() })
}

/// Builds the archive. Waits; belongs on a thread that may.
fn build(app: &App, signed: &Signed, id: &TaskId) -> Result<Vec<u8>, Failure> {
    app.books.checkpoint(&app.key, app.now())?;
    let area = app.books.area().to_owned();
    let facts = app.books.read(|connection| Facts::read(connection, signed, id))?;
    let (signed_root, tree) = app.books.read(|connection| {
        let last = checkpoint::last(connection, &area)?.ok_or_else(|| damaged(&"no checkpoint"))?;
        let mut tree = Tree::new();
        ledger::hashes(connection, &area, 0, |hash| {
            tree.push(hash);
            Ok(())
        })?;
        Ok::<_, Failure>((last, tree))
    })?;
    let entries = app.books.read(|connection| {
        let mut entries = Vec::new();
        let mut subjects = vec![Subject::Task(id.clone()), Subject::Source(facts.task.source.clone())];
        subjects.extend(facts.task.problems.iter().cloned().map(Subject::Problem));
        for subject in &subjects {
            entries.extend(ledger::of_subject(connection, &area, subject)?);
        }
        let mut known = BTreeSet::new();
        for (guarantee, _) in facts.guaranteed.iter().filter(|(guarantee, _)| known.insert(guarantee)) {
            let subject = Subject::Record(Kind::Guarantee, guarantee.clone());
            let told = ledger::of_subject(connection, &area, &subject)?;
            let is_told = |entry: &Entry| facts.guaranteed.iter().any(|(_, line)| line.sequence == entry.seq);
            entries.extend(told.into_iter().filter(is_told));
        }
        entries.retain(|entry| entry.seq < signed_root.size);
        entries.sort_by_key(|entry| entry.seq);
        Ok::<_, Failure>(entries)
    })?;
    let whole = scope(&signed.actor) == Some(Scope::Whole);
    let mut papers = documents(app, &facts)?;
    papers.extend(evidence(app, &facts)?);
    papers.extend(visit_files(app, &facts)?);
    let mut withheld: BTreeSet<Hash> = BTreeSet::new();
    for entry in &entries {
        if let Some(adopted) = adopted(entry) {
            // The superior's document speaks of other units' problems too: only who sees the whole area gets it.
            if whole {
                papers.push(source_document(app, &adopted)?);
            } else {
                withheld.extend(content_references(&entry.body));
            }
        }
    }
    papers.sort_by(|a, b| a.path.cmp(&b.path));
    let index = index(app, &facts, &papers, &signed_root, withheld.len())?;
    papers.insert(0, plain("00-目录.html", "目录", index.into_bytes()));
    papers.insert(1, plain("00-怎样核验.txt", "怎样核验", HOW_TO_CHECK.as_bytes().to_vec()));
    papers.insert(2, plain("verify.py", "独立核验程序", VERIFIER.as_bytes().to_vec()));
    let listed = papers.iter().map(|paper| ListedFile::new(&paper.path, Content::of(&paper.bytes))).collect();
    let note = Note::parse(&signed_root.note).map_err(|error| damaged(&error))?;
    let canonical: Result<Vec<(u64, String)>, Failure> = entries
        .iter()
        .map(|entry| {
            let bytes = entry.canonical().map_err(|error| damaged(&error))?;
            Ok((entry.seq, String::from_utf8(bytes).map_err(|error| damaged(&error))?))
        })
        .collect();
    let keys = std::slice::from_ref(app.key.verifier());
    let withheld: Vec<Hash> = withheld.into_iter().collect();
    let proof = Dossier::build(&area, &note, keys, &tree, canonical?, listed, withheld)
        .map_err(|error| damaged(&error))?
        .to_json();
    let files = std::iter::once(("proof.json", proof.as_bytes()))
        .chain(papers.iter().map(|paper| (paper.path.as_str(), paper.bytes.as_slice())));
    Ok(archive::pack(files)?)
}

fn plain(path: &str, title: &str, bytes: Vec<u8>) -> Paper {
    Paper { path: path.to_owned(), title: title.to_owned(), day: String::new(), bytes }
}

/// The adoption of a document, if the entry is one.
fn adopted(entry: &Entry) -> Option<bihuan_rules::intake::Adopted> {
    match Act::read(&entry.kind, entry.body.clone()).ok()? {
        Act::Intake(adopted) => Some(adopted),
        _ => None,
    }
}

fn source_document(app: &App, adopted: &bihuan_rules::intake::Adopted) -> Result<Paper, Failure> {
    Ok(Paper {
        path: format!("01-来源文件/{}-{}", &adopted.sha256[..8], archive::safe_name(&adopted.file_name)),
        title: format!("来源文件 {}", adopted.file_name),
        day: String::new(),
        bytes: app.books.evidence().get_waiting(&adopted.sha256)?,
    })
}

/// What is derived for the dossier.
fn documents(app: &App, facts: &Facts) -> Result<Vec<Paper>, Failure> {
    let (form, day) = (form::paper(facts, &app.reference()), app.today());
    let path = |ending: &str| format!("13-审签/{}.{ending}", form::NAME);
    let mut papers = vec![plain(&path("docx"), form::NAME, form.to_docx(day)?)];
    match typeface::with(|types| form.to_pdf(day, types)) {
        Ok(pdf) => papers.push(plain(&path("pdf"), "整改销号申请表（PDF）", pdf)),
        // A machine without Chinese types says so where the PDF itself is asked for; the dossier has the Word file.
        Err(Failure::Unwritable(..)) => {}
        Err(other) => return Err(other),
    }
    let written = timeline(app, facts);
    papers.push(plain("04-办理过程/时间线.txt", "办理时间线（账本逐条）", written.into_bytes()));
    let guaranteed = guarantees(app, facts);
    if !guaranteed.is_empty() {
        papers.push(plain(
            "04-办理过程/包保.txt",
            "包保走访与意见（不作为核查结论）",
            guaranteed.into_bytes(),
        ));
    }
    Ok(papers)
}

/// Visits and opinions of the guarantors as text, each with its entry of the ledger.
fn guarantees(app: &App, facts: &Facts) -> String {
    let reference = app.reference();
    let office = &reference.office;
    let mut out = String::new();
    for (_, line) in &facts.guaranteed {
        let told = match &line.act {
            Act::Record(RecordAct::Guarantee(GuaranteeAct::Visited { on, place, seen, files })) => {
                let visit = facts.visits.iter().find(|visit| visit.on == *on && visit.place == *place);
                let post = visit.map_or(&line.post, |visit| &visit.post);
                let post = words::post_on(Locale::ZhCn, office, post, *on);
                let files: Vec<_> = files.iter().map(|file| format!("\n    附件：{}", file.name)).collect();
                format!("{on} {post}走访{place}\n    {}{}", seen.replace('\n', "\n    "), files.concat())
            }
            Act::Record(RecordAct::Guarantee(GuaranteeAct::Opined { supports, text, .. })) => {
                let (when, who) = told(app, line);
                let stance = if *supports { "同意销号" } else { "暂不同意销号" };
                format!("{when} {who}：{stance}。{text}")
            }
            _ => continue,
        };
        out.push_str(&format!("#{} {told}\n", line.sequence));
    }
    out
}

/// The timeline as text, oldest first.
fn timeline(app: &App, facts: &Facts) -> String {
    let reference = app.reference();
    let mut out = String::new();
    for line in facts.lines.iter().rev() {
        let (what, details) = words::act(Locale::ZhCn, &reference.office, &line.act, line.at);
        let (when, who) = told(app, line);
        out.push_str(&format!("#{} {when} {who} {what}\n", line.sequence));
        for (label, text) in details {
            out.push_str(&format!("    {label}：{}\n", text.replace('\n', "\n        ")));
        }
    }
    out
}

/// When and by whom a line was written.
fn told(app: &App, line: &ledger::Line) -> (String, String) {
    let reference = app.reference();
    let office = &reference.office;
    let on = bihuan_rules::day_of(line.at);
    let name = words::person_on(Locale::ZhCn, office, &line.person, on);
    let post = words::post_on(Locale::ZhCn, office, &line.post, on);
    let when = jiff::tz::offset(8).to_datetime(line.at).strftime("%Y-%m-%d %H:%M").to_string();
    (when, format!("{name}（{post}）"))
}

fn evidence(app: &App, facts: &Facts) -> Result<Vec<Paper>, Failure> {
    let mut papers = Vec::new();
    let mut taken = BTreeSet::new();
    for (number, evidence) in (1..).zip(&facts.task.evidence) {
        let file = &evidence.file;
        let path = format!("{}/{number:03}-{}", folder(file.role), archive::safe_name(&file.name));
        if !taken.insert(file.sha256.clone()) {
            continue;
        }
        papers.push(Paper {
            path,
            title: if file.caption.is_empty() { file.name.clone() } else { file.caption.clone() },
            day: evidence.attached_on.to_string(),
            bytes: app.books.evidence().get_waiting(&file.sha256)?,
        });
    }
    Ok(papers)
}

/// The files that visits of the guarantors brought.
fn visit_files(app: &App, facts: &Facts) -> Result<Vec<Paper>, Failure> {
    let mut papers = Vec::new();
    let mut taken: BTreeSet<&str> =
        facts.task.evidence.iter().map(|each| each.file.sha256.as_str()).collect();
    for visit in &facts.visits {
        for file in visit.files.iter().filter(|file| taken.insert(&file.sha256)) {
            let number = papers.len() + 1;
            papers.push(Paper {
                path: format!("04-办理过程/包保走访/{number:03}-{}", archive::safe_name(&file.name)),
                title: format!("包保走访 {}", file.name),
                day: visit.on.to_string(),
                bytes: app.books.evidence().get_waiting(&file.sha256)?,
            });
        }
    }
    Ok(papers)
}

fn index(
    app: &App,
    facts: &Facts,
    papers: &[Paper],
    signed_root: &checkpoint::SignedCheckpoint,
    withheld: usize,
) -> Result<String, Failure> {
    let reference = app.reference();
    let task = &facts.task;
    let zh = Locale::ZhCn;
    let unit = |id: &bihuan_rules::id::UnitId| words::unit(&reference.office, id.as_str());
    let mut told_facts = vec![
        ("来源".to_owned(), facts.source.as_ref().map_or_else(String::new, |source| source.title.clone())),
        (
            "问题原文".to_owned(),
            facts.problems.iter().map(|p| p.registered.original_text.as_str()).collect::<Vec<_>>().join("\n"),
        ),
        ("状态".to_owned(), words::state(zh, task.state)),
        ("整改时限".to_owned(), words::day(zh, task.deadline.due_on)),
    ];
    if let Some(parties) = &task.parties {
        told_facts.push(("牵头单位".to_owned(), unit(&parties.lead)));
        told_facts.push(("验收单位".to_owned(), unit(&parties.acceptance)));
    }
    let rows: Vec<_> = (1..)
        .zip(papers)
        .map(|(number, paper)| {
            let hash = Content::of(&paper.bytes).sha256.to_string();
            (number, paper.title.clone(), paper.path.clone(), paper.day.clone(), hash)
        })
        .collect();
    let lines: Vec<_> = facts
        .lines
        .iter()
        .rev()
        .map(|line| {
            let (when, who) = told(app, line);
            (line.sequence, when, who, words::act(zh, &reference.office, &line.act, line.at).0)
        })
        .collect();
    let page = Index {
        area: reference.area.as_ref().map_or("", |area| area.name.as_str()),
        id: task.id.as_str(),
        title: &task.title,
        facts: &told_facts,
        papers: &rows,
        lines: &lines,
        size: signed_root.size,
        root: &signed_root.root,
        withheld,
    };
    page.render().map_err(|error| damaged(&error))
}
