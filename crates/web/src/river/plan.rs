//! `/rivers/plans/{id}`: the plan of a river (一河一策): goals, tasks by subject, opinions, review and approval.

use super::{enter, find as find_river, keeps, list::plan_state};
use crate::{
    app::App,
    failure::Failure,
    frame::{Frame, show},
    locale::Locale,
    session::Signed,
    words,
};
use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use bihuan_rules::{
    access::Room,
    id::RecordId,
    office::Role,
    river::{ChiefKind, ChiefLevel, PlanState, PlanSubject, River, RiverPlan},
};
use bihuan_store::{Connection, Seen, shelf};

/// A task of the plan.
struct Line {
    n: u32,
    phase: String,
    text: String,
    lead: String,
    due_on: String,
    task: String,
    may_task: bool,
}

#[derive(Template)]
#[template(path = "river/plan.html")]
struct View {
    frame: Frame,
    id: String,
    state: (String, &'static str),
    facts: Vec<(String, String)>,
    goals: Vec<String>,
    subjects: Vec<(String, Vec<Line>)>,
    opinions: Vec<(String, String, String)>,
    steps: Vec<(&'static str, String)>,
}

pub(super) fn find(connection: &mut Connection, id: &str) -> Result<Seen<RiverPlan>, Failure> {
    let id = RecordId::new(id).map_err(|_| Failure::NotFound)?;
    shelf::find::<RiverPlan>(connection, &id)?.ok_or(Failure::NotFound)
}

/// Whether this post reviews the plans of the river: an administrative chief of the district.
pub(super) fn reviews(app: &App, signed: &Signed, river: &River) -> bool {
    let mut seats = river.seats_of(&signed.actor.post, app.today());
    seats.any(|(_, chief)| chief.kind == ChiefKind::Administrative && chief.level == ChiefLevel::District)
}

/// The forms that are open to this reader, the next step first.
pub(super) fn steps(app: &App, signed: &Signed, river: &River, plan: &RiverPlan) -> Vec<&'static str> {
    let roles = &signed.actor.roles;
    let makes = keeps(signed, Some(river))
        || (signed.actor.unit == plan.text.unit && roles.contains(&Role::Responsible));
    let approves = [Role::Chief, Role::Committee].iter().any(|role| roles.contains(role));
    match plan.state {
        PlanState::Draft if makes => vec!["submit", "opinion", "revise"],
        PlanState::Review if reviews(app, signed, river) => vec!["review"],
        PlanState::Reviewed
            if approves && plan.reviewed.as_ref().is_none_or(|(post, ..)| *post != signed.actor.post) =>
        {
            vec!["approve"]
        }
        _ => Vec::new(),
    }
}

/// `GET /rivers/plans/{id}`.
pub async fn get(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    enter(&signed)?;
    let plan = app.books.ask(move |connection| find(connection, &id)).await?.record;
    let reference = app.reference();
    let office = &reference.office;
    let river = find_river(&reference, plan.text.river.as_str())?;
    let registers = signed.actor.roles.contains(&Role::Registrar);
    let line = |(n, task): (u32, &bihuan_rules::river::PlanTask)| Line {
        n,
        phase: task.phase.clone(),
        text: task.text.clone(),
        lead: words::unit(office, task.lead.as_str()),
        due_on: locale.date(task.due_on),
        task: plan.task_of(n).map(ToString::to_string).unwrap_or_default(),
        may_task: registers && plan.state == PlanState::Approved && plan.task_of(n).is_none(),
    };
    let subjects = PlanSubject::ALL.iter().map(|subject| {
        let of_subject = (1..).zip(&plan.text.tasks).filter(|(_, task)| task.subject == *subject);
        (locale.say(&format!("river-subject-{}", subject.name())), of_subject.map(line).collect())
    });
    let mut facts = vec![
        (locale.say("field-river"), river.outline.name.clone()),
        (locale.say("river-plan-unit"), words::unit(office, plan.text.unit.as_str())),
        (
            locale.say("river-plan-term"),
            format!("{} – {}", locale.date(plan.text.from), locale.date(plan.text.until)),
        ),
    ];
    if let Some((post, on, remark)) = &plan.reviewed {
        let text = format!("{} {} {remark}", words::post(office, post), locale.date(*on));
        facts.push((locale.say("river-plan-reviewed"), text));
    }
    if let Some((on, basis)) = &plan.approved {
        facts.push((locale.say("river-plan-approved"), format!("{basis} {}", locale.date(*on))));
    }
    let open = steps(&app, &signed, &river, &plan);
    let view = View {
        state: plan_state(locale, plan.state),
        facts,
        goals: plan.text.goals.clone(),
        subjects: subjects.collect(),
        opinions: plan
            .opinions
            .iter()
            .map(|opinion| {
                let unit = words::unit(office, opinion.unit.as_str());
                (unit, opinion.text.clone(), opinion.answer.clone())
            })
            .collect(),
        steps: open.into_iter().map(|step| (step, locale.say(&format!("river-plan-step-{step}")))).collect(),
        id: plan.id.to_string(),
        frame: Frame::new(&app, locale, &signed, Room::Rivers, plan.text.title.clone())
            .below("/rivers", locale.say("room-rivers"))
            .below(format!("/rivers/{}", river.id), river.outline.name.clone()),
    };
    Ok(show(StatusCode::OK, &view))
}
