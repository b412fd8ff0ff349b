//! The forms of a survey: approving and returning, answering, ending, taking back.

use super::{may_answer, survey};
use crate::{
    app::App,
    failure::Failure,
    filled::{FieldError, Filled},
    frame::{
        form::{Field, Kind},
        sheet::{Sheet, field, options},
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
    burden::{Question, QuestionKind, Survey, SurveyOrder, decide_survey},
    id::RecordId,
    record::Kind as RecordKind,
};
use bihuan_store::{Receipt, Work};
use jiff::civil::Date;

steps! {
    /// What a form is for.
    enum Step {
        Approve = "approve",
        Return = "return",
        Answer = "answer",
        Close = "close",
        Withdraw = "withdraw",
    }
}

/// The field of the n-th question, with its own words.
fn answer_field(locale: Locale, n: usize, question: &Question, filled: &Filled) -> Field {
    let name = format!("a{}", n + 1);
    let typed = filled.text(&name).to_owned();
    let kind = match question.answer {
        QuestionKind::Text => Kind::Line(typed, "text", false),
        QuestionKind::Number | QuestionKind::Date => Kind::Line(typed, "text", true),
        QuestionKind::YesNo => {
            let choices =
                ["yes", "no"].map(|value| (value.to_owned(), locale.say(&format!("survey-value-{value}"))));
            Kind::Radio(options(choices, &[typed]))
        }
    };
    let hint = match question.answer {
        QuestionKind::Number => locale.say("survey-hint-number"),
        QuestionKind::Date => locale.say("survey-hint-date"),
        QuestionKind::Text | QuestionKind::YesNo => String::new(),
    };
    let label = format!("{}. {}", n + 1, question.text);
    Field { name, label, hint, error: String::new(), optional: false, kind }
}

fn sheet(locale: Locale, step: Step, survey: &Survey, filled: &Filled) -> Sheet {
    let passage = |name: &str| field(locale, name, Kind::Passage(filled.text(name).to_owned(), 3));
    let fields = match step {
        Step::Approve => Vec::new(),
        Step::Return | Step::Withdraw => vec![passage("reason")],
        Step::Close => vec![passage("survey_used")],
        Step::Answer => {
            let questions = survey.form.questions.iter().enumerate();
            questions.map(|(n, question)| answer_field(locale, n, question, filled)).collect()
        }
    };
    let page = format!("/burden/surveys/{}", survey.id);
    let intro = match step {
        Step::Answer => locale
            .text("survey-intro-answer")
            .with("reason", survey.form.reason.as_str())
            .with("ground", survey.form.ground.as_str())
            .with("due", locale.date(survey.form.due_on))
            .to_string(),
        _ => locale.say(&format!("survey-intro-{}", step.name())),
    };
    let title = match step {
        Step::Answer => survey.form.title.clone(),
        _ => locale.say(&format!("survey-step-{}", step.name())),
    };
    Sheet {
        room: Some(Room::Burden),
        title,
        crumbs: vec![
            ("/burden".to_owned(), locale.say("room-burden")),
            ("/burden/surveys".to_owned(), locale.say("survey-title")),
            (page.clone(), survey.id.to_string()),
        ],
        intro,
        action: format!("{page}/{}", step.name()),
        cancel: page,
        submit: locale.say(&format!("survey-do-{}", step.name())),
        fields,
        hidden: Vec::new(),
    }
}

/// What was answered, each as the books hold it; every answer that cannot be used is named.
fn answers(survey: &Survey, filled: &Filled, today: Date) -> Result<Vec<String>, Vec<FieldError>> {
    let (mut values, mut errors) = (Vec::new(), Vec::new());
    for (n, question) in survey.form.questions.iter().enumerate() {
        let name = format!("a{}", n + 1);
        let typed = filled.text(&name);
        let value = match question.answer {
            _ if typed.is_empty() => Err(FieldError::at(&name, "form-missing")),
            QuestionKind::Date => filled.date_needed(&name, today).map(|day| day.to_string()),
            QuestionKind::Number => number(typed).ok_or(FieldError::at(&name, "form-not-a-number")),
            QuestionKind::Text | QuestionKind::YesNo => Ok(typed.to_owned()),
        };
        match value {
            Ok(value) => values.push(value),
            Err(error) => errors.push(error),
        }
    }
    if errors.is_empty() { Ok(values) } else { Err(errors) }
}

/// A number in half-width digits, without separators.
fn number(typed: &str) -> Option<String> {
    let plain: String = typed
        .chars()
        .map(|c| match c {
            '０'..='９' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
            '．' => '.',
            '－' | '−' => '-',
            other => other,
        })
        .filter(|c| !c.is_whitespace() && !matches!(c, ',' | '，'))
        .collect();
    plain.parse::<f64>().ok().filter(|number| number.is_finite()).map(|_| plain)
}

fn order_of(
    step: Step,
    survey: &Survey,
    filled: &Filled,
    today: Date,
) -> Result<SurveyOrder, Vec<FieldError>> {
    let text = |name: &str| filled.text(name).replace("\r\n", "\n");
    Ok(match step {
        Step::Approve => SurveyOrder::Approve,
        Step::Return => SurveyOrder::Return(text("reason")),
        Step::Answer => SurveyOrder::Answer(answers(survey, filled, today)?),
        Step::Close => SurveyOrder::Close(text("survey_used")),
        Step::Withdraw => SurveyOrder::Withdraw(text("reason")),
    })
}

/// `GET /burden/surveys/{id}/{step}`.
pub async fn get(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    Path((id, step)): Path<(String, String)>,
) -> Result<Response, Failure> {
    let step = Step::named(&step)?;
    let survey = survey::known(&app, &signed, id).await?;
    let mut filled = Filled::default();
    if step == Step::Answer {
        if !may_answer(&signed, &survey, app.today()) {
            return Err(Failure::NotFound);
        }
        let said =
            survey.reply_of(&signed.actor.unit).map(|reply| reply.values.as_slice()).unwrap_or_default();
        for (n, value) in said.iter().enumerate() {
            filled.set(&format!("a{}", n + 1), value.clone());
        }
    }
    Ok(sheet(locale, step, &survey, &filled).answer(&app, locale, &signed, &[], None))
}

/// `POST /burden/surveys/{id}/{step}`.
pub async fn post(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    Path((id, step)): Path<(String, String)>,
    filled: Filled,
) -> Result<Response, Failure> {
    let step = Step::named(&step)?;
    let survey = survey::known(&app, &signed, id).await?;
    signed.check_form(filled.text("csrf"))?;
    let sheet = sheet(locale, step, &survey, &filled);
    let refuse = |errors: &[FieldError], refusal: Option<&Refusal>| {
        sheet.clone().answer(&app, locale, &signed, errors, refusal)
    };
    let order = match order_of(step, &survey, &filled, app.today()) {
        Ok(order) => order,
        Err(errors) => return Ok(refuse(&errors, None)),
    };
    let code = survey.id.clone();
    let request = format!("survey {code} {}", step.name());
    let done = order::carry_out(&app, &signed, &filled, request, move |work| carry(work, &code, order)).await;
    order::answered(done, |_| sheet.cancel.clone(), |refusal| refuse(&[], Some(refusal)))
}

fn carry(work: &mut Work<'_>, code: &RecordId, order: SurveyOrder) -> Result<((), Receipt), Failure> {
    let known = work.filed::<Survey>(code)?.ok_or(Failure::NotFound)?.record;
    let act = decide_survey(&work.situation(""), Some(&known), order)?;
    Ok(((), work.record(Subject::Record(RecordKind::Survey, code.clone()), Act::from(act))?))
}
