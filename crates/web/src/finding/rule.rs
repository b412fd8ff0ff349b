//! The form of the desk (研判): problem with a task, part of a known task, clue, or no problem.

use super::{find, may_rule, similar};
use crate::{
    app::App,
    failure::Failure,
    filled::{FieldError, Filled},
    frame::{
        form::{Field, Kind},
        sheet::{Sheet, field, line, options},
    },
    intake::{entry::Entry, review::Item},
    locale::Locale,
    office::choose::units,
    order,
    session::Signed,
    words,
};
use axum::{
    extract::{Path, State},
    response::Response,
};
use bihuan_rules::{
    Act, Refusal, Subject,
    access::Room,
    finding::{self, Finding, FindingAct, FindingOrder, FindingSource, Ruling},
    id::{RecordId, TaskId, UnitId},
    office::{Level, UnitKind},
    record::Kind as RecordKind,
    round::Round,
    source::{self, Source, SourceKind},
    task::{Evidence, EvidenceRole, Order, State as TaskState, TaskKind},
};
use bihuan_store::{Receipt, Work};

/// What the desk may choose.
const RULINGS: [&str; 4] = ["problem", "known", "clue", "no_problem"];
/// Sources that are looked through for the one of the round.
const SOURCES_MAX: u32 = 2_000;

struct Desk {
    finding: Finding,
    likely: Vec<(String, String)>,
}

async fn look(app: &App, signed: &Signed, id: String) -> Result<Desk, Failure> {
    if !may_rule(signed) {
        return Err(Failure::NotFound);
    }
    let (reader, today) = (signed.clone(), app.today());
    app.books
        .ask(move |connection| {
            let finding = find(connection, &reader, &id)?.record;
            let likely = similar::likely(connection, &finding, today)?;
            let likely = likely
                .into_iter()
                .map(|each| (each.task.to_string(), format!("{} {}", each.task, each.title)));
            let likely = likely.collect();
            Ok(Desk { finding, likely })
        })
        .await
}

fn fields(app: &App, locale: Locale, desk: &Desk, filled: &Filled) -> Vec<Field> {
    let optional = |mut field: Field| {
        field.optional = true;
        field
    };
    let rulings = RULINGS
        .map(|name| (name.to_owned(), locale.say(&format!("finding-ruling-{}", name.replace('_', "-")))));
    let kinds = TaskKind::ALL
        .map(|kind| (kind.name().to_owned(), locale.say(&format!("kind-{}", kind.name().replace('_', "-")))));
    let menu = |name: &str, choices: Vec<(String, String)>| {
        field(locale, name, Kind::Menu(options(choices, &filled.texts(name))))
    };
    let mut known = desk.likely.clone();
    let typed = filled.text("known_task");
    if !typed.is_empty() && !known.iter().any(|(id, _)| id == typed) {
        known.push((typed.to_owned(), typed.to_owned()));
    }
    vec![
        field(locale, "ruling", Kind::Radio(options(rulings, &filled.texts("ruling")))),
        optional(line(locale, "title", filled)),
        optional(menu("kind", kinds.to_vec())),
        optional(menu(
            "problem_lead",
            units(app, |kind| matches!(kind, UnitKind::Department | UnitKind::Town)),
        )),
        optional(line(locale, "problem_due", filled)),
        optional(menu("known_task", known)),
        optional(menu("clue_unit", units(app, |kind| matches!(kind, UnitKind::Department | UnitKind::Town)))),
        optional(field(locale, "clue", Kind::Passage(filled.text("clue").to_owned(), 2))),
        optional(field(locale, "reason", Kind::Passage(filled.text("reason").to_owned(), 2))),
    ]
}

fn sheet(app: &App, locale: Locale, desk: &Desk, filled: &Filled) -> Sheet {
    let above = format!("/findings/{}", desk.finding.id);
    Sheet {
        room: Some(Room::Findings),
        title: locale.say("finding-rule"),
        crumbs: vec![
            ("/findings".to_owned(), locale.say("room-findings")),
            (above.clone(), desk.finding.seen.title()),
        ],
        intro: desk.finding.seen.facts.clone(),
        action: format!("{above}/rule"),
        cancel: above,
        submit: locale.say("finding-rule"),
        fields: fields(app, locale, desk, filled),
        hidden: Vec::new(),
    }
}

/// `GET /findings/{id}/rule`.
pub async fn get(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let desk = look(&app, &signed, id).await?;
    let mut filled = Filled::default();
    filled.set("title", desk.finding.seen.title());
    filled.set("kind", TaskKind::Works.name());
    filled.set(
        "problem_lead",
        desk.finding.seen.suspected.as_ref().unwrap_or(&desk.finding.seen.unit).to_string(),
    );
    if let Some(task) = &desk.finding.seen.repeats {
        filled.set("known_task", task.to_string());
    }
    Ok(sheet(&app, locale, &desk, &filled).answer(&app, locale, &signed, &[], None))
}

/// What the form orders.
enum Wanted {
    Problem(Box<Entry>),
    Rule(Ruling),
}

fn wanted(app: &App, desk: &Desk, filled: &Filled) -> Result<Wanted, Vec<FieldError>> {
    let one = |error: FieldError| vec![error];
    let seen = &desk.finding.seen;
    Ok(match filled.text("ruling") {
        "problem" => {
            let lead = filled.id_needed::<UnitId>("problem_lead").map_err(one)?;
            let due = filled
                .date("problem_due", app.today())
                .map_err(|_| one(FieldError::at("problem_due", "form-not-a-date")))?;
            let values = [
                ("title", filled.text("title").to_owned()),
                ("original_text", seen.facts.clone()),
                ("field", seen.field.clone()),
                ("area", seen.unit.to_string()),
                ("kind", filled.text("kind").to_owned()),
                ("due_on", due.map(|due| due.to_string()).unwrap_or_default()),
                ("lead", words::unit(&app.reference().office, lead.as_str())),
                ("immediate", if seen.fix_now { "yes".to_owned() } else { String::new() }),
            ];
            let values = values.into_iter().map(|(name, value)| (name.to_owned(), value));
            let values = values.filter(|(_, value)| !value.is_empty()).collect();
            let item = Item { values, ..Item::default() };
            Wanted::Problem(Box::new(Entry::read(item, str::to_owned, app.today())?))
        }
        "known" => {
            Wanted::Rule(Ruling::Known { task: filled.id_needed::<TaskId>("known_task").map_err(one)? })
        }
        "clue" => Wanted::Rule(Ruling::Clue {
            unit: filled.id_needed::<UnitId>("clue_unit").map_err(one)?,
            text: filled.text("clue").to_owned(),
        }),
        "no_problem" => Wanted::Rule(Ruling::NoProblem),
        _ => return Err(one(FieldError::at("ruling", "form-choose"))),
    })
}

/// `POST /findings/{id}/rule`.
pub async fn post(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    Path(id): Path<String>,
    filled: Filled,
) -> Result<Response, Failure> {
    signed.check_form(filled.text("csrf"))?;
    let desk = look(&app, &signed, id).await?;
    let refuse = |errors: &[FieldError], refusal: Option<&Refusal>| {
        sheet(&app, locale, &desk, &filled).answer(&app, locale, &signed, errors, refusal)
    };
    let wanted = match wanted(&app, &desk, &filled) {
        Ok(wanted) => wanted,
        Err(errors) => return Ok(refuse(&errors, None)),
    };
    let (id, reason) = (desk.finding.id.clone(), filled.text("reason").replace("\r\n", "\n"));
    let request = format!("finding {id} rule");
    let done =
        order::carry_out(&app, &signed, &filled, request, move |work| carry(work, &id, wanted, reason)).await;
    let to = |_| format!("/findings/{}", desk.finding.id);
    order::answered(done, to, |refusal| refuse(&[], Some(refusal)))
}

fn carry(
    work: &mut Work<'_>,
    id: &RecordId,
    wanted: Wanted,
    reason: String,
) -> Result<((), Receipt), Failure> {
    let known = work.filed::<Finding>(id)?.ok_or(Failure::NotFound)?.record;
    let ruling = match wanted {
        Wanted::Rule(ruling) => {
            if let Ruling::Known { task } = &ruling
                && work.task(task)?.is_none()
            {
                return Err(Refusal::Unknown { field: "known_task", value: task.to_string() }.into());
            }
            ruling
        }
        Wanted::Problem(entry) => {
            let source = source_of(work, &known)?;
            let prefix =
                work.reference().area.as_ref().map(|area| area.number_prefix.clone()).unwrap_or_default();
            Ruling::Problem { task: entry.record::<Failure>(work, &source, &prefix)? }
        }
    };
    let act = finding::decide(&work.situation(""), Some(&known), FindingOrder::Rule(ruling, reason))?;
    if let FindingAct::Ruled { ruling: Ruling::Problem { task } | Ruling::Known { task }, .. } = &act {
        hand_on(work, &known, task)?;
    }
    Ok(((), work.record(Subject::Record(RecordKind::Finding, id.clone()), Act::from(act))?))
}

/// The pictures of a finding go on to its task: as those of before, or of a look-back when the task was closed. What a task
/// does not take, such as one off the list, stays with the finding.
fn hand_on(work: &mut Work<'_>, finding: &Finding, id: &TaskId) -> Result<(), Failure> {
    for picture in &finding.seen.pictures {
        let Some(seen) = work.task(id)? else { return Ok(()) };
        if seen.record.evidence.iter().any(|known| known.file.sha256 == picture.sha256) {
            continue;
        }
        let role = match seen.record.state {
            TaskState::Closed | TaskState::Rebounded => EvidenceRole::LookBack,
            _ => EvidenceRole::Before,
        };
        let evidence = Evidence::of(picture.clone(), role, finding.id.to_string());
        let situation = work.situation(&seen.record.ruleset);
        if let Ok(event) = seen.record.decide(&situation, Order::Attach(evidence)) {
            work.record(Subject::Task(id.clone()), Act::Task(event))?;
        }
    }
    Ok(())
}

/// The source of the round that made the finding; registered with its first problem.
fn source_of(work: &mut Work<'_>, finding: &Finding) -> Result<Source, Failure> {
    let round = work.filed::<Round>(&finding.origin.round)?.ok_or(Failure::NotFound)?.record;
    let known = bihuan_store::source::list(work.connection(), SOURCES_MAX)?;
    if let Some(source) = known.into_iter().find(|source| source.document_number == round.id.as_str()) {
        return Ok(source);
    }
    let today = bihuan_rules::day_of(work.at);
    let id = bihuan_store::source::next_code(work.connection(), today.year())?;
    let kind = match finding.origin.source {
        FindingSource::Complaint => SourceKind::Complaint,
        FindingSource::Transfer => SourceKind::Assigned,
        FindingSource::Patrol | FindingSource::PermitCheck | FindingSource::LookBack => SourceKind::SelfFound,
        FindingSource::OwnCovert | FindingSource::CrossCovert | FindingSource::Special => {
            SourceKind::CovertCheck
        }
    };
    let new = Source {
        id: id.clone(),
        kind,
        level: Level::County,
        title: round.plan.title.clone(),
        round: String::new(),
        batch: String::new(),
        document_number: round.id.to_string(),
        sender: String::new(),
        issued_on: None,
        received_on: today,
        ruleset: String::new(),
    };
    let new = source::register(&work.situation(""), new)?;
    work.record(Subject::Source(id), Act::Source(new.clone()))?;
    Ok(new)
}
