//! The forms of a document: draft, revise, issue, drop, withdraw.

use super::{check, compose, find, may_write};
use crate::{
    app::App,
    failure::Failure,
    filled::{FieldError, Filled},
    frame::{
        form::{Column, Kind},
        sheet::{Sheet, field, line, options},
    },
    locale::Locale,
    order::{self, steps},
    session::Signed,
};
use axum::{
    extract::{Path, State},
    response::Response,
};
use bihuan_rules::{
    Act, Refusal, Subject,
    access::Room,
    id::{RecordId, UnitId},
    office::UnitKind,
    official_document::{
        self, DocumentKind, DocumentOrder, DocumentState, Draft, Figure, OfficialDocument, series_of_year,
    },
    record::Kind as RecordKind,
};
use bihuan_store::{Connection, Work, shelf};
use jiff::civil::Date;

/// Figures that a form has room for beyond those it shows.
const SPARE_FIGURES: usize = 3;

steps! {
    /// What a form is for.
    enum Step {
        New = "new",
        Revise = "revise",
        Issue = "issue",
        Drop = "drop",
        Withdraw = "withdraw",
        Receive = "receive",
        Answer = "answer",
        Accept = "accept",
    }
}

impl Step {
    /// Whether this reader is shown the form at all; the rules decide for good.
    fn is_for(self, signed: &Signed) -> bool {
        matches!(self, Step::Receive | Step::Answer) || may_write(signed)
    }
}

/// The unit that issues: the committee's or another of the leadership.
fn organs(app: &App) -> Vec<(String, String)> {
    let reference = app.reference();
    let units = reference.office.units.values();
    let mut organs: Vec<_> = units
        .filter(|unit| unit.closed_on.is_none())
        .filter(|unit| matches!(unit.kind, UnitKind::Leadership | UnitKind::Department))
        .map(|unit| (unit.kind != UnitKind::Leadership, unit.id.to_string(), unit.name.clone()))
        .collect();
    organs.sort();
    organs.into_iter().map(|(_, id, name)| (id, name)).collect()
}

/// The units that a document can be sent to.
fn receivers(app: &App) -> Vec<(String, String)> {
    let reference = app.reference();
    let open = reference.office.units.values().filter(|unit| unit.closed_on.is_none());
    let mut units: Vec<_> = open
        .filter(|unit| unit.kind != UnitKind::Enterprise)
        .map(|unit| (unit.kind != UnitKind::Town, unit.id.to_string(), unit.name.clone()))
        .collect();
    units.sort();
    units.into_iter().map(|(_, id, name)| (id, name)).collect()
}

fn fill(draft: &Draft) -> Filled {
    let mut filled = Filled::default();
    filled.set("kind", draft.kind.name());
    filled.set("organ", draft.organ.to_string());
    filled.set("series", draft.code.clone());
    filled.set("title", draft.title.clone());
    filled.set("addressees", draft.addressees.join("\n"));
    filled.set_all("units", draft.units.iter().map(ToString::to_string).collect());
    filled.set("cc", draft.cc.join("\n"));
    filled.set("answer_due_on", draft.answer_due_on.map(|on| on.to_string()).unwrap_or_default());
    filled.set("text", draft.text.clone());
    filled.set("attachments", draft.attachments.join("\n"));
    let column = |pick: fn(&Figure) -> &String| draft.figures.iter().map(|each| pick(each).clone()).collect();
    filled.set_all("figure_name", column(|figure| &figure.name));
    filled.set_all("figure_value", column(|figure| &figure.value));
    filled.set_all("figure_source", column(|figure| &figure.source));
    filled.set("annex", draft.annex.iter().map(|row| row.join("\t")).collect::<Vec<_>>().join("\n"));
    filled.set("about", draft.about.join("\n"));
    filled
}

fn read(
    app: &App,
    connection: &mut Connection,
    filled: &Filled,
) -> Result<Result<Draft, Vec<FieldError>>, Failure> {
    let kind = filled.one_of("kind", DocumentKind::ALL, DocumentKind::name);
    let organ = filled.id_needed::<UnitId>("organ");
    let (kind, organ) = match (kind, organ) {
        (Ok(kind), Ok(organ)) => (kind, organ),
        (kind, organ) => return Ok(Err([kind.err(), organ.err()].into_iter().flatten().collect())),
    };
    let answer_due_on = match filled.date("answer_due_on", app.today()) {
        Ok(on) => on,
        Err(error) => return Ok(Err(vec![error])),
    };
    let mut figures = Vec::new();
    for (n, name) in filled.column("figure_name").iter().enumerate() {
        let cell = |field: &str| filled.column(field).get(n).map_or("", |text| text.trim()).to_owned();
        let (name, source) = (name.trim().to_owned(), cell("figure_source"));
        if name.is_empty() {
            continue;
        }
        // A figure is taken from the records; only what no record holds is as typed.
        let value =
            check::figure(&app.outlook(), connection, &source)?.unwrap_or_else(|| cell("figure_value"));
        figures.push(Figure { name, value, source });
    }
    let annex = filled.text("annex").lines().filter(|line| !line.trim().is_empty());
    Ok(Ok(Draft {
        kind,
        organ,
        code: filled.text("series").to_owned(),
        title: filled.text("title").to_owned(),
        addressees: filled.lines("addressees"),
        units: filled.texts("units").into_iter().filter_map(|unit| UnitId::new(unit).ok()).collect(),
        cc: filled.lines("cc"),
        answer_due_on,
        text: filled.text("text").replace("\r\n", "\n"),
        figures,
        attachments: filled.lines("attachments"),
        annex: annex.map(|line| line.split('\t').map(|cell| cell.trim().to_owned()).collect()).collect(),
        about: filled.lines("about"),
    }))
}

fn sheet(
    app: &App,
    locale: Locale,
    step: Step,
    id: Option<&RecordId>,
    filled: &Filled,
    remarks: &[String],
) -> Sheet {
    let passage = |name: &str, rows| field(locale, name, Kind::Passage(filled.text(name).to_owned(), rows));
    let optional = |mut field: crate::frame::form::Field| {
        field.optional = true;
        field
    };
    let fields = match step {
        Step::New | Step::Revise => {
            let kinds = DocumentKind::ALL.map(|kind| {
                let words = locale.say(&format!("document-kind-{}", kind.name().replace('_', "-")));
                (kind.name().to_owned(), words)
            });
            let columns = ["figure_name", "figure_value", "figure_source"];
            let count = filled.column("figure_name").len() + SPARE_FIGURES;
            let rows = (0..count).map(|n| {
                columns.map(|name| filled.column(name).get(n).cloned().unwrap_or_default()).to_vec()
            });
            let columns = columns.map(|name| Column {
                name: name.to_owned(),
                label: locale.say(&format!("field-{}", name.replace('_', "-"))),
                options: Vec::new(),
            });
            let mut kind = field(locale, "kind", Kind::Menu(options(kinds, &filled.texts("kind"))));
            kind.label = locale.say("document-kind");
            vec![
                kind,
                field(locale, "organ", Kind::Menu(options(organs(app), &filled.texts("organ")))),
                line(locale, "series", filled),
                line(locale, "title", filled),
                optional(passage("addressees", 2)),
                optional(field(
                    locale,
                    "units",
                    Kind::Checks(options(receivers(app), &filled.texts("units"))),
                )),
                optional(line(locale, "answer_due_on", filled)),
                passage("text", 18),
                optional(field(locale, "figures", Kind::Rows(columns.to_vec(), rows.collect()))),
                optional(passage("attachments", 2)),
                optional(passage("cc", 2)),
                optional(passage("annex", 6)),
            ]
        }
        Step::Issue => vec![
            line(locale, "issued_on", filled),
            if remarks.is_empty() { optional(passage("remarks", 2)) } else { passage("remarks", 2) },
        ],
        Step::Drop | Step::Withdraw => vec![line(locale, "reason", filled)],
        Step::Answer => vec![passage("answer", 6)],
        Step::Receive | Step::Accept => Vec::new(),
    };
    let above = id.map_or("/documents".to_owned(), |id| format!("/documents/{id}"));
    let intro = match step {
        Step::Issue if !remarks.is_empty() => {
            format!("{} {}", locale.say("document-issue-remarks"), remarks.join(" "))
        }
        Step::Issue => locale.say("document-issue-intro"),
        Step::New | Step::Revise => locale.say("document-draft-intro"),
        Step::Receive => locale.say("document-receive-intro"),
        Step::Answer => locale.say("document-answer-intro"),
        Step::Accept => locale.say("document-accept-intro"),
        _ => String::new(),
    };
    let mut crumbs = vec![("/documents".to_owned(), locale.say("room-documents"))];
    crumbs.extend(id.map(|id| (above.clone(), id.to_string())));
    Sheet {
        room: Some(Room::Documents),
        title: locale.say(&format!("document-step-{}", step.name())),
        crumbs,
        intro,
        action: if step == Step::New {
            "/documents/new".to_owned()
        } else {
            format!("{above}/{}", step.name())
        },
        cancel: above,
        submit: locale.say(&format!("document-step-{}", step.name())),
        fields,
        hidden: vec![("about", filled.text("about").to_owned()), ("unit", filled.text("unit").to_owned())],
    }
}

/// `GET /documents/new`.
pub async fn new(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    asked: Filled,
) -> Result<Response, Failure> {
    if !may_write(&signed) {
        return Err(Failure::NotFound);
    }
    let kind = DocumentKind::ALL.into_iter().find(|kind| kind.name() == asked.text("kind"));
    let organ = organs(&app).first().map(|(id, _)| id.clone()).unwrap_or_default();
    let organ = UnitId::new(organ).map_err(|_| Failure::NotFound)?;
    let looked = app.clone();
    let about = asked.text("about").to_owned();
    let draft = app
        .books
        .ask(move |connection| compose::draft(&looked.outlook(), connection, kind, organ, &about))
        .await?;
    let sheet = sheet(&app, locale, Step::New, None, &fill(&draft), &[]);
    Ok(sheet.answer(&app, locale, &signed, &[], None))
}

/// `POST /documents/new`.
pub async fn create(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    filled: Filled,
) -> Result<Response, Failure> {
    if !may_write(&signed) {
        return Err(Failure::NotFound);
    }
    signed.check_form(filled.text("csrf"))?;
    let refuse = |errors: &[FieldError], refusal: Option<&Refusal>| {
        sheet(&app, locale, Step::New, None, &filled, &[]).answer(&app, locale, &signed, errors, refusal)
    };
    let (looked, typed) = (app.clone(), filled.clone());
    let draft = match app.books.ask(move |connection| read(&looked, connection, &typed)).await? {
        Ok(draft) => draft,
        Err(errors) => return Ok(refuse(&errors, None)),
    };
    let request = format!("document new {}", draft.title);
    let done = order::carry_out(&app, &signed, &filled, request, move |work| {
        let order = DocumentOrder::Draft(Box::new(draft));
        let act = official_document::decide(&work.situation(""), None, order)?;
        let year = bihuan_rules::day_of(work.at).year();
        let id = work.next_code::<OfficialDocument>(&format!("D-{year}"))?;
        let receipt = work.record(Subject::Record(RecordKind::Document, id.clone()), Act::from(act))?;
        Ok((id, receipt))
    })
    .await;
    let to = |done| match done {
        Some(id) => format!("/documents/{id}"),
        None => "/documents".to_owned(),
    };
    order::answered(done, to, |refusal| refuse(&[], Some(refusal)))
}

async fn looked_up(
    app: &App,
    signed: &Signed,
    id: &str,
    locale: Locale,
) -> Result<(OfficialDocument, Vec<String>), Failure> {
    let (reader, looked, id) = (signed.clone(), app.clone(), id.to_owned());
    let (document, remarks) = app
        .books
        .ask(move |connection| {
            let document = find(connection, &reader, &id)?.record;
            let remarks = check::run(&looked, connection, &document.draft)?;
            Ok::<_, Failure>((document, remarks))
        })
        .await?;
    Ok((document, remarks.iter().map(|remark| remark.words(locale)).collect()))
}

/// `GET /documents/{id}/{step}`.
pub async fn get(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    Path((id, step)): Path<(String, String)>,
    asked: Filled,
) -> Result<Response, Failure> {
    let step = Step::named(&step)?;
    if !step.is_for(&signed) {
        return Err(Failure::NotFound);
    }
    let (document, remarks) = looked_up(&app, &signed, &id, locale).await?;
    let is_after = matches!(step, Step::Withdraw | Step::Receive | Step::Answer | Step::Accept);
    if is_after != (document.state == DocumentState::Issued) {
        return Err(Refusal::NotOpen { kind: RecordKind::Document, state: document.state.name() }.into());
    }
    let mut filled = fill(&document.draft);
    filled.set("issued_on", app.today().to_string());
    filled.set("unit", asked.text("unit"));
    let sheet = sheet(&app, locale, step, Some(&document.id), &filled, &remarks);
    Ok(sheet.answer(&app, locale, &signed, &[], None))
}

/// `POST /documents/{id}/{step}`.
pub async fn post(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    Path((id, step)): Path<(String, String)>,
    filled: Filled,
) -> Result<Response, Failure> {
    let step = Step::named(&step)?;
    if !step.is_for(&signed) {
        return Err(Failure::NotFound);
    }
    signed.check_form(filled.text("csrf"))?;
    let (document, remarks) = looked_up(&app, &signed, &id, locale).await?;
    let refuse = |errors: &[FieldError], refusal: Option<&Refusal>| {
        let sheet = sheet(&app, locale, step, Some(&document.id), &filled, &remarks);
        sheet.answer(&app, locale, &signed, errors, refusal)
    };
    let order = match step {
        Step::New => return Err(Failure::NotFound),
        Step::Revise => {
            let (looked, typed) = (app.clone(), filled.clone());
            let mut draft = match app.books.ask(move |connection| read(&looked, connection, &typed)).await? {
                Ok(draft) => draft,
                Err(errors) => return Ok(refuse(&errors, None)),
            };
            draft.about.clone_from(&document.draft.about);
            DocumentOrder::Revise(Box::new(draft))
        }
        Step::Issue => match filled.date_needed("issued_on", app.today()) {
            Ok(on) => DocumentOrder::Issue {
                last: 0,
                on,
                remarks: filled.text("remarks").to_owned(),
                open_remarks: remarks.len(),
                template: None,
            },
            Err(error) => return Ok(refuse(&[error], None)),
        },
        Step::Drop => DocumentOrder::Drop { reason: filled.text("reason").to_owned() },
        Step::Withdraw => DocumentOrder::Withdraw { reason: filled.text("reason").to_owned() },
        Step::Receive => DocumentOrder::Receive,
        Step::Answer => DocumentOrder::Answer { text: filled.text("answer").replace("\r\n", "\n") },
        Step::Accept => match filled.id_needed::<UnitId>("unit") {
            Ok(unit) => DocumentOrder::AcceptAnswer(unit),
            Err(error) => return Ok(refuse(&[error], None)),
        },
    };
    let (code, request) =
        (document.id.clone(), format!("document {} {}", document.id, step.name()) + filled.text("unit"));
    let done = order::carry_out(&app, &signed, &filled, request, move |work| {
        let known = work.filed::<OfficialDocument>(&code)?.ok_or(Failure::NotFound)?.record;
        let order = match order {
            DocumentOrder::Issue { on, remarks, open_remarks, .. } => {
                let last = last_number(work.connection(), &known.draft.code, on.year())?;
                let template = super::template::in_use(work.connection(), known.draft.kind)?;
                DocumentOrder::Issue { last, on, remarks, open_remarks, template }
            }
            order => order,
        };
        let act = official_document::decide(&work.situation(""), Some(&known), order)?;
        let receipt = work.record(Subject::Record(RecordKind::Document, code), Act::from(act))?;
        Ok(((), receipt))
    })
    .await;
    let to = |_| format!("/documents/{}", document.id);
    order::answered(done, to, |refusal| refuse(&[], Some(refusal)))
}

/// Drafts, numbers and issues a document in one piece of work.
///
/// # Errors
/// What the rules refuse, or the engine.
pub fn issue_at_once(work: &mut Work<'_>, draft: Draft, on: Date) -> Result<RecordId, Failure> {
    let (kind, code) = (draft.kind, draft.code.clone());
    let order = DocumentOrder::Draft(Box::new(draft));
    let act = official_document::decide(&work.situation(""), None, order)?;
    let document = work.next_code::<OfficialDocument>(&format!("D-{}", on.year()))?;
    let subject = Subject::Record(RecordKind::Document, document.clone());
    work.record(subject.clone(), Act::from(act))?;
    let drafted = work.filed::<OfficialDocument>(&document)?.ok_or(Failure::NotFound)?.record;
    let last = last_number(work.connection(), &code, on.year())?;
    let template = super::template::in_use(work.connection(), kind)?;
    let order = DocumentOrder::Issue { last, on, remarks: String::new(), open_remarks: 0, template };
    let act = official_document::decide(&work.situation(""), Some(&drafted), order)?;
    work.record(subject, Act::from(act))?;
    Ok(document)
}

/// The last number of a series; a withdrawn document keeps its own.
fn last_number(connection: &mut Connection, code: &str, year: i16) -> Result<u32, Failure> {
    Ok(shelf::last_number(connection, RecordKind::Document, &series_of_year(code, year))?)
}
