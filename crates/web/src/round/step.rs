//! The forms of a round: plan, declare, end, call off, publish the sealed assignment; what belongs to the draw lies beside.

use super::{checklist, find, may_plan};
use crate::{
    app::App,
    failure::Failure,
    filled::{FieldError, Filled},
    frame::{
        form::{Field, Kind},
        sheet::{Sheet, field, line, options},
    },
    locale::Locale,
    office::choose::units,
    order::{self, steps},
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
    id::UnitId,
    mission::Mission,
    office::{Role, UnitKind},
    record::Kind as RecordKind,
    round::{self, CheckItem, Plan, Round, RoundKind, RoundOrder},
};
use bihuan_store::{Work, shelf};

steps! {
    /// What a form is for.
    enum Step {
        New = "new",
        Edit = "edit",
        Declare = "declare",
        Publish = "publish",
        End = "end",
        CallOff = "call-off",
    }
}

impl Step {
    /// Whether this reader is shown the form at all; the rules decide for good.
    fn is_for(self, signed: &Signed) -> bool {
        match self {
            Step::Declare => signed.actor.roles.contains(&Role::Inspector),
            _ => may_plan(signed),
        }
    }
}

/// The lines of a checklist as they are typed.
pub(super) fn checklist_text(items: &[CheckItem]) -> String {
    let line = |item: &CheckItem| {
        [&item.item, &item.key_point, &item.standard, &item.method].map(String::as_str).join(" | ")
    };
    items.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// A checklist as it was typed: a line for each item.
pub(super) fn read_checklist(text: &str) -> Vec<CheckItem> {
    let lines = text.lines().filter(|line| !line.trim().is_empty());
    lines
        .map(|line| {
            let mut cells = line.split(['|', '｜', '\t']).map(|cell| cell.trim().to_owned());
            let mut next = || cells.next().unwrap_or_default();
            CheckItem { item: next(), key_point: next(), standard: next(), method: next() }
        })
        .collect()
}

fn plan_of(plan: &Plan) -> Filled {
    let mut filled = Filled::default();
    filled.set("title", plan.title.clone());
    filled.set("round_kind", plan.kind.name());
    filled.set("organiser", plan.organ.to_string());
    filled.set_all("fields", plan.fields.clone());
    filled.set("starts_on", plan.from.to_string());
    filled.set("ends_on", plan.until.to_string());
    filled.set("round_scope", plan.scope.clone());
    filled.set("sealed", if plan.sealed { "yes" } else { "no" });
    filled.set("checklist", checklist_text(&plan.checklist));
    filled
}

fn read_plan(filled: &Filled, app: &App) -> Result<Plan, Vec<FieldError>> {
    let kind = filled.one_of("round_kind", RoundKind::ALL, RoundKind::name);
    let organ = filled.id_needed::<UnitId>("organiser");
    let from = filled.date_needed("starts_on", app.today());
    let until = filled.date_needed("ends_on", app.today());
    match (kind, organ, from, until) {
        (Ok(kind), Ok(organ), Ok(from), Ok(until)) => Ok(Plan {
            title: filled.text("title").to_owned(),
            kind,
            organ,
            fields: filled.texts("fields"),
            from,
            until,
            scope: filled.text("round_scope").replace("\r\n", "\n"),
            sealed: filled.text("sealed") == "yes",
            checklist: read_checklist(&filled.text("checklist").replace("\r\n", "\n")),
        }),
        (kind, organ, from, until) => {
            Err([kind.err(), organ.err(), from.err(), until.err()].into_iter().flatten().collect())
        }
    }
}

fn fields(app: &App, locale: Locale, step: Step, filled: &Filled) -> Vec<Field> {
    let optional = |mut field: Field| {
        field.optional = true;
        field
    };
    let line = |name: &str| line(locale, name, filled);
    let passage = |name: &str, rows| field(locale, name, Kind::Passage(filled.text(name).to_owned(), rows));
    let chosen = |name: &str, choices: Vec<(String, String)>| options(choices, &filled.texts(name));
    match step {
        Step::New | Step::Edit => {
            let kinds = RoundKind::ALL.map(|kind| {
                let key = format!("round-kind-{}", kind.name().replace('_', "-"));
                (kind.name().to_owned(), locale.say(&key))
            });
            let yes_no = ["yes", "no"].map(|value| (value.to_owned(), locale.say(&format!("rules-{value}"))));
            let organs = units(app, |kind| matches!(kind, UnitKind::Leadership | UnitKind::Department));
            vec![
                line("title"),
                field(locale, "round_kind", Kind::Radio(chosen("round_kind", kinds.to_vec()))),
                field(locale, "sealed", Kind::Radio(chosen("sealed", yes_no.to_vec()))),
                field(locale, "organiser", Kind::Menu(chosen("organiser", organs))),
                line("starts_on"),
                line("ends_on"),
                optional(field(locale, "fields", Kind::Checks(chosen("fields", words::work_fields(locale))))),
                optional(passage("round_scope", 2)),
                passage("checklist", 8),
            ]
        }
        Step::Declare => {
            let all = units(app, |kind| {
                matches!(kind, UnitKind::Department | UnitKind::Town | UnitKind::Enterprise)
            });
            vec![
                optional(field(locale, "declared_units", Kind::Checks(chosen("declared_units", all)))),
                optional(passage("note", 2)),
            ]
        }
        Step::End => vec![optional(passage("note", 3))],
        Step::CallOff => vec![line("reason")],
        Step::Publish => Vec::new(),
    }
}

fn sheet(app: &App, locale: Locale, step: Step, round: Option<&Round>, filled: &Filled) -> Sheet {
    let above = round.map_or("/rounds".to_owned(), |round| format!("/rounds/{}", round.id));
    let mut crumbs = vec![("/rounds".to_owned(), locale.say("room-rounds"))];
    crumbs.extend(round.map(|round| (above.clone(), round.plan.title.clone())));
    let intro = format!("round-intro-{}", step.name());
    Sheet {
        room: Some(Room::Rounds),
        title: locale.say(&format!("round-step-{}", step.name())),
        crumbs,
        intro: if locale.knows(&intro) { locale.say(&intro) } else { String::new() },
        action: format!("{above}/{}", step.name()),
        cancel: above,
        submit: locale.say(&format!("round-step-{}", step.name())),
        fields: fields(app, locale, step, filled),
        hidden: Vec::new(),
    }
}

/// `GET /rounds/new`.
pub async fn new(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    asked: Filled,
) -> Result<Response, Failure> {
    if !may_plan(&signed) {
        return Err(Failure::NotFound);
    }
    let reference = app.reference();
    let begun = checklist::asked_for(&reference.records, &asked);
    let kind = begun.map_or(RoundKind::CrossCovert, |text| text.kind);
    let mut filled = Filled::default();
    filled.set("organiser", signed.actor.unit.to_string());
    filled.set("round_kind", kind.name());
    // What is drawn in the open cannot be sealed, and a patrol is no secret.
    let is_covert = matches!(kind, RoundKind::CrossCovert | RoundKind::Special);
    filled.set("sealed", if is_covert { "yes" } else { "no" });
    filled.set("starts_on", app.today().to_string());
    filled.set("checklist", begun.map(|text| checklist_text(&text.items)).unwrap_or_default());
    Ok(sheet(&app, locale, Step::New, None, &filled).answer(&app, locale, &signed, &[], None))
}

/// `POST /rounds/new`.
pub async fn create(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    filled: Filled,
) -> Result<Response, Failure> {
    if !may_plan(&signed) {
        return Err(Failure::NotFound);
    }
    signed.check_form(filled.text("csrf"))?;
    let refuse = |errors: &[FieldError], refusal: Option<&Refusal>| {
        sheet(&app, locale, Step::New, None, &filled).answer(&app, locale, &signed, errors, refusal)
    };
    let plan = match read_plan(&filled, &app) {
        Ok(plan) => plan,
        Err(errors) => return Ok(refuse(&errors, None)),
    };
    let done = order::carry_out(&app, &signed, &filled, "round new".to_owned(), move |work| {
        let act = round::decide(&work.situation(""), None, RoundOrder::Plan(plan))?;
        let year = bihuan_rules::day_of(work.at).year();
        let id = work.next_code::<Round>(&format!("R-{year}"))?;
        let receipt = work.record(Subject::Record(RecordKind::Round, id.clone()), Act::from(act))?;
        Ok((id, receipt))
    })
    .await;
    let to = |done| match done {
        Some(id) => format!("/rounds/{id}"),
        None => "/rounds".to_owned(),
    };
    order::answered(done, to, |refusal| refuse(&[], Some(refusal)))
}

async fn look(app: &App, signed: &Signed, step: Step, id: String) -> Result<Round, Failure> {
    if !step.is_for(signed) {
        return Err(Failure::NotFound);
    }
    let reader = signed.clone();
    Ok(app.books.ask(move |connection| find(connection, &reader, &id)).await?.record)
}

/// `GET /rounds/{id}/{step}`.
pub async fn get(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    Path((id, step)): Path<(String, String)>,
) -> Result<Response, Failure> {
    let step = Step::named(&step)?;
    let round = look(&app, &signed, step, id).await?;
    let mut filled = Filled::default();
    if step == Step::Edit {
        filled = plan_of(&round.plan);
    }
    if let Some(declared) = round.declared(&signed.actor.person).filter(|_| step == Step::Declare) {
        filled.set_all("declared_units", declared.units.iter().map(ToString::to_string).collect());
        filled.set("note", declared.note.clone());
    }
    Ok(sheet(&app, locale, step, Some(&round), &filled).answer(&app, locale, &signed, &[], None))
}

/// How many missions are still sealed, and how many under way or sealed.
fn still(work: &mut Work<'_>, round: &Round) -> Result<(usize, usize), Failure> {
    let subject = Subject::Record(RecordKind::Round, round.id.clone());
    let missions = shelf::about::<Mission>(work.connection(), &subject, super::ROWS_MAX)?;
    let sealed = missions.iter().filter(|(_, seen)| seen.record.is_sealed()).count();
    let open = missions
        .iter()
        .filter(|(_, seen)| seen.record.course.as_ref().is_some_and(|course| course.is_under_way()))
        .count();
    Ok((sealed, sealed + open))
}

/// `POST /rounds/{id}/{step}`.
pub async fn post(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    Path((id, step)): Path<(String, String)>,
    filled: Filled,
) -> Result<Response, Failure> {
    let step = Step::named(&step)?;
    signed.check_form(filled.text("csrf"))?;
    let round = look(&app, &signed, step, id).await?;
    let refuse = |errors: &[FieldError], refusal: Option<&Refusal>| {
        sheet(&app, locale, step, Some(&round), &filled).answer(&app, locale, &signed, errors, refusal)
    };
    let plan = match step {
        Step::Edit => match read_plan(&filled, &app) {
            Ok(plan) => Some(plan),
            Err(errors) => return Ok(refuse(&errors, None)),
        },
        _ => None,
    };
    let (code, typed, inner) = (round.id.clone(), filled.clone(), app.clone());
    let request = format!("round {code} {}", step.name());
    let done = order::carry_out(&app, &signed, &filled, request, move |work| {
        let known = work.filed::<Round>(&code)?.ok_or(Failure::NotFound)?.record;
        let (sealed, under_way) = still(work, &known)?;
        let text = |name: &str| typed.text(name).replace("\r\n", "\n");
        let order = match (step, plan) {
            (_, Some(plan)) => RoundOrder::Plan(plan),
            (Step::Declare, _) => {
                let units =
                    typed.texts("declared_units").into_iter().filter_map(|unit| UnitId::new(unit).ok());
                RoundOrder::Declare(units.collect(), text("note"))
            }
            (Step::Publish, _) => {
                let key = inner.envelopes.key(inner.books.area(), RecordKind::Round, &code);
                let assigned = known.assigned.as_ref().and_then(|assigned| assigned.envelope.as_deref());
                let assignment = key.open(0, assigned.ok_or(Failure::NotFound)?)?;
                let assignment = Box::new(assignment);
                RoundOrder::OpenAssignment { key: key.publish(), assignment, still_sealed: sealed }
            }
            (Step::End, _) => RoundOrder::End { note: text("note"), under_way },
            _ => RoundOrder::CallOff(text("reason")),
        };
        let act = round::decide(&work.situation(""), Some(&known), order)?;
        Ok(((), work.record(Subject::Record(RecordKind::Round, code), Act::from(act))?))
    })
    .await;
    let to = |_| format!("/rounds/{}", round.id);
    order::answered(done, to, |refusal| refuse(&[], Some(refusal)))
}
