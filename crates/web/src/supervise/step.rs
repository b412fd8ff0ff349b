//! The forms of a measure that is under way: approving, signing, meeting, answering, objecting, verifying, lifting, publishing.

use super::find;
use crate::{
    app::App,
    failure::Failure,
    filled::{FieldError, Filled},
    frame::{
        form::Kind,
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
    id::RecordId,
    ladder::{self, Case, CaseOrder, Meeting},
    record::Kind as RecordKind,
};
use bihuan_store::{Receipt, Work};
use jiff::civil::Date;

steps! {
    /// What a form is for.
    enum Step {
        Approve = "approve",
        Refuse = "refuse",
        Receive = "receive",
        Report = "report",
        Meet = "meet",
        Object = "object",
        Decide = "decide",
        AskExtension = "ask-extension",
        Extend = "extend",
        RefuseExtension = "refuse-extension",
        Answer = "answer",
        Verify = "verify",
        Lift = "lift",
        Publish = "publish",
    }
}

fn sheet(locale: Locale, step: Step, case: &Case, filled: &Filled) -> Sheet {
    let passage = |name: &str| field(locale, name, Kind::Passage(filled.text(name).to_owned(), 4));
    let yes_or_no = |name: &str, prefix: &str| {
        let choices = ["yes", "no"].map(|value| (value.to_owned(), locale.say(&format!("{prefix}-{value}"))));
        field(locale, name, Kind::Radio(options(choices, &filled.texts(name))))
    };
    let fields = match step {
        Step::Receive => Vec::new(),
        Step::Approve => vec![passage("case_demand")],
        Step::Refuse | Step::RefuseExtension => vec![passage("reason")],
        Step::Report => vec![passage("case_report")],
        Step::Meet => vec![
            line(locale, "case_met_on", filled),
            line(locale, "case_present", filled),
            passage("case_minutes"),
            passage("case_pledge"),
        ],
        Step::AskExtension => vec![line(locale, "case_days", filled), passage("case_asked")],
        Step::Publish => vec![line(locale, "case_place", filled)],
        Step::Object => vec![passage("case_objection")],
        Step::Decide => vec![yes_or_no("rank_upheld", "rank-decide"), passage("reason")],
        Step::Extend => vec![line(locale, "case_days", filled), passage("reason")],
        Step::Answer => vec![passage("case_answer")],
        Step::Verify => vec![yes_or_no("case_passed", "case-passed"), passage("case_seen")],
        Step::Lift => vec![passage("reason")],
    };
    let page = format!("/supervise/{}", case.id);
    let mut intro = locale.say(&format!("case-intro-{}", step.name()));
    let said = match step {
        Step::Decide => case.objection.as_ref().map(|(text, _)| text.clone()),
        Step::Verify => case.answer.as_ref().map(|(text, _)| text.clone()),
        Step::Meet => case.report.as_ref().map(|(text, _)| text.clone()),
        Step::Extend | Step::RefuseExtension => case.asked.as_ref().map(|asked| asked.text.clone()),
        _ => None,
    };
    if let Some(said) = said {
        intro = format!("{said} {intro}");
    }
    Sheet {
        room: Some(Room::Supervise),
        title: locale.say(&format!("case-step-{}", step.name())),
        crumbs: vec![
            ("/supervise".to_owned(), locale.say("room-supervise")),
            (page.clone(), case.id.to_string()),
        ],
        intro,
        action: format!("{page}/{}", step.name()),
        cancel: page,
        submit: locale.say(&format!("case-do-{}", step.name())),
        fields,
        hidden: Vec::new(),
    }
}

/// The measure, for a reader whose part the step may be.
async fn known(app: &App, signed: &Signed, id: String) -> Result<Case, Failure> {
    let reader = signed.clone();
    Ok(app.books.ask(move |connection| find(connection, &reader, &id)).await?.record)
}

/// `GET /supervise/{id}/{step}`.
pub async fn get(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    Path((id, step)): Path<(String, String)>,
) -> Result<Response, Failure> {
    let step = Step::named(&step)?;
    let case = known(&app, &signed, id).await?;
    let mut filled = Filled::default();
    match step {
        Step::Approve => filled.set("case_demand", case.opening.demand.clone()),
        Step::Meet => filled.set("case_met_on", app.today().to_string()),
        Step::Extend => {
            if let Some(asked) = &case.asked {
                filled.set("case_days", asked.days.to_string());
            }
        }
        _ => {}
    }
    Ok(sheet(locale, step, &case, &filled).answer(&app, locale, &signed, &[], None))
}

fn days(filled: &Filled) -> Result<u32, Vec<FieldError>> {
    let days = filled.number("case_days").map_err(|error| vec![error])?;
    Ok(days.and_then(|days| u32::try_from(days).ok()).unwrap_or(0))
}

fn order_of(step: Step, filled: &Filled, today: Date) -> Result<CaseOrder, Vec<FieldError>> {
    let text = |name: &str| filled.text(name).replace("\r\n", "\n");
    let said = |name: &str| match filled.text(name) {
        "yes" => Ok(true),
        "no" => Ok(false),
        _ => Err(vec![FieldError::at(name, "form-missing")]),
    };
    Ok(match step {
        Step::Receive => CaseOrder::Receive,
        Step::Approve => CaseOrder::Approve(text("case_demand")),
        Step::Refuse => CaseOrder::Refuse(text("reason")),
        Step::Report => CaseOrder::Report(text("case_report")),
        Step::Meet => {
            let on = filled.date_needed("case_met_on", today).map_err(|error| vec![error])?;
            let (present, minutes, pledge) =
                (text("case_present"), text("case_minutes"), text("case_pledge"));
            CaseOrder::Meet(Box::new(Meeting { on, present, minutes, pledge }))
        }
        Step::AskExtension => CaseOrder::AskExtension(days(filled)?, text("case_asked")),
        Step::RefuseExtension => CaseOrder::RefuseExtension(text("reason")),
        Step::Publish => CaseOrder::Publish(text("case_place")),
        Step::Object => CaseOrder::Object(text("case_objection")),
        Step::Decide => CaseOrder::DecideObjection(said("rank_upheld")?, text("reason")),
        Step::Extend => CaseOrder::Extend(days(filled)?, text("reason")),
        Step::Answer => CaseOrder::Answer(text("case_answer")),
        Step::Verify => CaseOrder::Verify(said("case_passed")?, text("case_seen")),
        Step::Lift => CaseOrder::Lift(text("reason")),
    })
}

/// `POST /supervise/{id}/{step}`.
pub async fn post(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    Path((id, step)): Path<(String, String)>,
    filled: Filled,
) -> Result<Response, Failure> {
    let step = Step::named(&step)?;
    let case = known(&app, &signed, id).await?;
    signed.check_form(filled.text("csrf"))?;
    let sheet = sheet(locale, step, &case, &filled);
    let refuse = |errors: &[FieldError], refusal: Option<&Refusal>| {
        sheet.clone().answer(&app, locale, &signed, errors, refusal)
    };
    let order = match order_of(step, &filled, app.today()) {
        Ok(order) => order,
        Err(errors) => return Ok(refuse(&errors, None)),
    };
    let code = case.id.clone();
    let request = format!("case {code} {}", step.name());
    let done = order::carry_out(&app, &signed, &filled, request, move |work| carry(work, &code, order)).await;
    order::answered(done, |_| sheet.cancel.clone(), |refusal| refuse(&[], Some(refusal)))
}

fn carry(work: &mut Work<'_>, code: &RecordId, order: CaseOrder) -> Result<((), Receipt), Failure> {
    let known = work.filed::<Case>(code)?.ok_or(Failure::NotFound)?.record;
    let reference = work.reference();
    let ladder = reference.ladders.named(&known.opening.ladder).ok_or(Failure::NotFound)?;
    let act = ladder::decide(&work.situation(""), ladder, Some(&known), order)?;
    Ok(((), work.record(Subject::Record(RecordKind::Case, code.clone()), Act::from(act))?))
}
