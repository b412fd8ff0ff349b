//! `/answer`: who answered for this on that day (责任追溯): for a task, an area, a unit or a field, on any day.

use crate::{
    app::App,
    failure::Failure,
    filled::Filled,
    frame::{Frame, show},
    locale::Locale,
    session::Signed,
    task::act::may_see,
    words,
};
use askama::Template;
use axum::{extract::State, http::StatusCode, response::Response};
use bihuan_rules::{
    access::Room,
    answer::{self, Because, Link, Question},
    duty::{self, Duty, Wording},
    id::{RecordId, TaskId, UnitId},
    office::UnitKind,
    problem::FIELDS,
    task::Task,
};
use bihuan_store::{Reference, task};
use jiff::civil::Date;

/// One rung of the chain, in words.
pub(crate) struct Rung {
    pub because: String,
    pub who: String,
    pub is_vacant: bool,
    pub principle: String,
    /// The step now owed lies with this unit.
    pub is_turn: bool,
}

/// A duty that says why.
pub(crate) struct Why {
    pub id: String,
    pub text: String,
    pub holders: String,
    pub basis: String,
}

fn rung(locale: Locale, reference: &Reference, link: &Link, on: Date) -> Rung {
    let office = &reference.office;
    let principle = match link.because {
        Because::DistrictHead(_) | Because::AreaHead(_) => locale.say("answer-both-heads"),
        Because::DistrictField | Because::AreaField | Because::LeadField => locale.say("answer-in-charge"),
        _ => String::new(),
    };
    let unit = words::unit_on(locale, office, &link.unit, on);
    let who = match &link.post {
        None => unit,
        Some(post) => {
            let title = office.posts.get(post).map_or("", |post| post.title.as_str());
            let names: Vec<String> =
                link.holders.iter().map(|person| words::person_on(locale, office, person, on)).collect();
            format!("{unit} {title} {}", names.join("、")).trim().to_owned()
        }
    };
    Rung {
        because: locale.say(&format!("because-{}", link.because.name())),
        is_vacant: link.post.is_some() && link.holders.is_empty(),
        who,
        principle,
        is_turn: false,
    }
}

fn question(task: &Task) -> Question<'_> {
    Question {
        area: task.area.as_ref(),
        field: Some(&task.field),
        unit: None,
        parties: task.parties.as_ref(),
        cited: Some(&task.duties),
    }
}

/// The chain of a task on a day; empty before it was assigned.
pub(crate) fn of_task(app: &App, locale: Locale, task: &Task, on: Date) -> Vec<Rung> {
    if task.parties.is_none() {
        return Vec::new();
    }
    let reference = app.reference();
    let chain = answer::chain(&reference.office, &question(task), on);
    let turn = task.turn_unit();
    let is_turn =
        |link: &Link| matches!(link.because, Because::Lead | Because::Acceptance) && turn == Some(&link.unit);
    chain.iter().map(|link| Rung { is_turn: is_turn(link), ..rung(locale, &reference, link, on) }).collect()
}

fn why_of(reference: &Reference, id: &RecordId, wording: &Wording) -> Why {
    Why {
        id: id.to_string(),
        text: wording.text.clone(),
        holders: crate::duty::holders(&reference.office, wording),
        basis: wording.basis.join("；"),
    }
}

/// The duties that a task cites, in the words in force when it was assigned.
pub(crate) fn why(app: &App, _: Locale, task: &Task) -> Vec<Why> {
    let reference = app.reference();
    let on = task.days.assigned_on.unwrap_or(app.today());
    let cited = reference.records::<Duty>().filter(|(id, _)| task.duties.contains(*id));
    let wording = |duty: &Duty| duty.in_force(on).map(|version| version.wording.clone());
    cited
        .filter_map(|(id, duty)| {
            let wording = wording(duty).or_else(|| duty.newest().cloned())?;
            Some(why_of(&reference, id, &wording))
        })
        .collect()
}

/// Why a task cites no duty, in words; empty when it cites one.
pub(crate) fn why_none(app: &App, locale: Locale, task: &Task, today: Date) -> String {
    if !task.duties.is_empty() {
        return String::new();
    }
    let reference = app.reference();
    let has_list = |on| duty::in_force(&reference.records, on).next().is_some();
    let key = match task.days.assigned_on {
        Some(on) if has_list(on) => "answer-why-older",
        _ if has_list(today) => "answer-why-before-list",
        _ => "answer-why-no-list",
    };
    locale.say(key)
}

#[derive(Template)]
#[template(path = "answer.html")]
struct View {
    frame: Frame,
    task: String,
    on: String,
    errors: Vec<String>,
    areas: Vec<(String, String, bool)>,
    units: Vec<(String, String, bool)>,
    fields: Vec<(String, String, bool)>,
    sentence: String,
    rungs: Vec<Rung>,
    why: Vec<Why>,
    is_asked: bool,
}

/// `GET /answer?on=…` with `task`, or with any of `area`, `unit` and `field`.
pub async fn get(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    asked: Filled,
) -> Result<Response, Failure> {
    if !signed.actor.may_enter(Room::Duties) {
        return Err(Failure::NotFound);
    }
    let (reference, today) = (app.reference(), app.today());
    let office = &reference.office;
    let mut errors = Vec::new();
    let on = asked.date("on", today).unwrap_or_else(|error| {
        errors.push(format!("{}: {}", locale.say("office-on"), locale.say(error.key)));
        None
    });
    let on = on.unwrap_or(today);
    let unit_asked =
        |name: &str| asked.id::<UnitId>(name).ok().flatten().filter(|id| office.units.contains_key(id));
    let (area, unit) = (unit_asked("area"), unit_asked("unit"));
    let field = FIELDS.into_iter().find(|field| *field == asked.text("field"));
    let mut view_rungs = Vec::new();
    let mut view_why = Vec::new();
    let mut about = Vec::new();
    let mut is_asked = false;
    if asked.has("task") {
        match past_task(&app, &signed, asked.text("task"), on).await? {
            Some(task) if task.parties.is_some() => {
                is_asked = true;
                about.push(format!("{} {}", task.id, task.title));
                view_rungs = of_task(&app, locale, &task, on);
                view_why = why(&app, locale, &task);
            }
            Some(task) => {
                errors.push(locale.text("answer-not-assigned").with("task", task.id.to_string()).into())
            }
            None => {
                errors.push(locale.text("answer-no-task").with("task", asked.text("task").to_owned()).into())
            }
        }
    } else if area.is_some() || unit.is_some() || field.is_some() {
        is_asked = true;
        let question = Question { area: area.as_ref(), field, unit: unit.as_ref(), ..Question::default() };
        let chain = answer::chain(office, &question, on);
        view_rungs = chain.iter().map(|link| rung(locale, &reference, link, on)).collect();
        let duties = answer::duties(office, &reference.records, &question, on);
        view_why = duties.into_iter().map(|(id, wording)| why_of(&reference, id, wording)).collect();
        about.extend([&area, &unit].into_iter().flatten().map(|id| words::unit_on(locale, office, id, on)));
        about.extend(field.map(|field| locale.say(&format!("work-field-{}", field.replace('_', "-")))));
    }
    let sentence = locale.text("answer-sentence").with("on", locale.date(on));
    let choices = |kinds: &[UnitKind], chosen: &Option<UnitId>| -> Vec<(String, String, bool)> {
        let open = office.units.values().filter(|unit| kinds.contains(&unit.kind));
        open.map(|unit| (unit.id.to_string(), unit.name.clone(), chosen.as_ref() == Some(&unit.id))).collect()
    };
    let view = View {
        sentence: sentence.with("about", about.join(" · ")).to_string(),
        task: asked.text("task").to_owned(),
        on: on.to_string(),
        errors,
        areas: choices(&[UnitKind::Town], &area),
        units: choices(&[UnitKind::Department, UnitKind::Town], &unit),
        fields: FIELDS
            .map(|name| {
                let words = locale.say(&format!("work-field-{}", name.replace('_', "-")));
                (name.to_owned(), words, field == Some(name))
            })
            .to_vec(),
        rungs: view_rungs,
        why: view_why,
        is_asked,
        frame: Frame::new(&app, locale, &signed, Room::Duties, locale.say("answer-title"))
            .below("/duties", locale.say("room-duties")),
    };
    Ok(show(StatusCode::OK, &view))
}

/// The task as it stood on that day, for whoever may see it.
async fn past_task(app: &App, signed: &Signed, id: &str, on: Date) -> Result<Option<Task>, Failure> {
    let Ok(id) = TaskId::new(id) else { return Ok(None) };
    let reader = signed.clone();
    app.books
        .ask(move |connection| match may_see(connection, &reader, &id) {
            Ok(()) => Ok(task::load_on(connection, &id, on)?),
            Err(Failure::NotFound) => Ok(None),
            Err(other) => Err(other),
        })
        .await
}
