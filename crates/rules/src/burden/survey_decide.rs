//! What somebody may order about a survey.

use super::{
    known::{Former, Match, catalogue, judge},
    survey::{Question, QuestionKind, Struck, Survey, SurveyAct, SurveyForm, SurveyState},
};
use crate::{
    office::Role,
    record::Kind,
    refusal::Refusal,
    situation::Situation,
    task::{Hand, Relation},
    text,
};
use jiff::civil::Date;

/// Most questions of a survey.
pub const QUESTIONS_MAX: usize = 40;
/// Most units that are asked.
const UNITS_MAX: usize = 200;

/// What somebody wants done with a survey.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SurveyOrder {
    /// Hand a draft in for approval, with what was asked before; barred questions are left out when `strikes` is set, else refused.
    Draft {
        /// What is to be asked.
        form: Box<SurveyForm>,
        /// What was asked before.
        former: Vec<Former>,
        /// Leave out what is known.
        strikes: bool,
    },
    /// Approve and send it.
    Approve,
    /// Return it.
    Return(String),
    /// Answer it.
    Answer(Vec<String>),
    /// End it, saying what the answers were used for.
    Close(String),
    /// Give it up, or take it back.
    Withdraw(String),
}

/// Judges an order about a survey. Whoever drafts does not approve; the committee or a leader of the district does. A question whose
/// answer is known is refused with the place where it stands; one that is like another needs a reason, which whoever approves reads.
///
/// # Errors
/// A [`Refusal`] naming the question and where its answer stands, whose step it is, the term, or the value that cannot be used.
pub fn decide(
    situation: &Situation<'_>,
    known: Option<&Survey>,
    order: SurveyOrder,
) -> Result<SurveyAct, Refusal> {
    let state = known.map_or("none", |survey| survey.state.name());
    let closed = || Refusal::NotOpen { kind: Kind::Survey, state };
    if let SurveyOrder::Draft { form, former, strikes } = order {
        may_ask(situation)?;
        if let Some(survey) = known {
            owns(situation, survey)?;
            if !matches!(survey.state, SurveyState::Drafted | SurveyState::Returned) {
                return Err(closed());
            }
        }
        let (form, struck) = checked(situation, *form, &former, strikes)?;
        return Ok(if known.is_some() {
            SurveyAct::Revised { form, struck }
        } else {
            SurveyAct::Drafted { form, struck }
        });
    }
    let survey = known.ok_or_else(closed)?;
    let stands = |states: &[SurveyState]| if states.contains(&survey.state) { Ok(()) } else { Err(closed()) };
    let by = || Hand::from(situation.by);
    match order {
        SurveyOrder::Draft { .. } => Err(Refusal::OnceOnly),
        SurveyOrder::Approve | SurveyOrder::Return(_) => {
            situation.needs_leaders()?;
            stands(&[SurveyState::Drafted])?;
            if situation.by.person == survey.drafted_by.0 {
                return Err(Refusal::AuthorDecides);
            }
            if let SurveyOrder::Return(reason) = order {
                let reason = text::required("reason", &reason, text::PASSAGE_CHARS_MAX)?;
                return Ok(SurveyAct::Returned { reason, by: by() });
            }
            if survey.form.due_on < situation.today() {
                return Err(Refusal::DateBefore { field: "due_on", limit: situation.today() });
            }
            let days = catalogue().expire_days;
            let expires_on = situation.calendar.add_working_days(survey.form.due_on, days).on;
            Ok(SurveyAct::Approved { expires_on, by: by() })
        }
        SurveyOrder::Answer(values) => {
            if !survey.form.units.contains(&situation.by.unit) {
                return Err(Refusal::NotYours { role: Role::Responsible, relation: Relation::Lead });
            }
            situation.needs(&[Role::Responsible, Role::Verifier, Role::Chief, Role::Registrar])?;
            stands(&[SurveyState::Sent])?;
            if let Some(until) = survey.expires_on.filter(|until| situation.today() > *until) {
                return Err(Refusal::TooLate { until });
            }
            let values = answers(&survey.form.questions, values)?;
            Ok(SurveyAct::Answered { unit: situation.by.unit.clone(), values })
        }
        SurveyOrder::Close(used) => {
            owns(situation, survey)?;
            stands(&[SurveyState::Sent])?;
            Ok(SurveyAct::Closed { used: text::required("survey_used", &used, text::PASSAGE_CHARS_MAX)? })
        }
        SurveyOrder::Withdraw(reason) => {
            owns(situation, survey)?;
            stands(&[SurveyState::Drafted, SurveyState::Returned, SurveyState::Sent])?;
            Ok(SurveyAct::Withdrawn { reason: text::required("reason", &reason, text::PASSAGE_CHARS_MAX)? })
        }
    }
}

/// Whoever asks units for something: the office, the committee, verifying departments.
fn may_ask(situation: &Situation<'_>) -> Result<(), Refusal> {
    situation.needs(&[Role::Registrar, Role::Committee, Role::Verifier])
}

/// Only the unit that asks changes, ends or takes back what it asked.
fn owns(situation: &Situation<'_>, survey: &Survey) -> Result<(), Refusal> {
    may_ask(situation)?;
    if situation.by.unit == survey.form.organ {
        return Ok(());
    }
    let person = situation.office.person_names(&survey.drafted_by.0, situation.today()).0.to_owned();
    Err(Refusal::NotYourSignature { person })
}

fn checked(
    situation: &Situation<'_>,
    form: SurveyForm,
    former: &[Former],
    strikes: bool,
) -> Result<(SurveyForm, Vec<Struck>), Refusal> {
    let today = situation.today();
    let title = text::required("title", &form.title, text::LINE_CHARS_MAX)?;
    let reason = text::required("survey_reason", &form.reason, text::PASSAGE_CHARS_MAX)?;
    let ground = text::required("survey_ground", &form.ground, text::LINE_CHARS_MAX)?;
    if form.due_on < today {
        return Err(Refusal::DateBefore { field: "due_on", limit: today });
    }
    if form.units.is_empty() {
        return Err(Refusal::Missing { field: "survey_units" });
    }
    if form.units.len() > UNITS_MAX {
        return Err(Refusal::TooMany { field: "survey_units", limit: UNITS_MAX });
    }
    let unknown = form.units.iter().find(|unit| !situation.office.units.contains_key(*unit));
    if let Some(unit) = unknown {
        return Err(Refusal::Unknown { field: "survey_units", value: unit.to_string() });
    }
    if form.questions.len() > QUESTIONS_MAX {
        return Err(Refusal::TooMany { field: "survey_questions", limit: QUESTIONS_MAX });
    }
    let (mut questions, mut struck) = (Vec::new(), Vec::new());
    for (n, question) in form.questions.iter().enumerate() {
        let words = text::required("survey_questions", &question.text, text::LINE_CHARS_MAX)?;
        let because = text::optional("survey_why", &question.reason, text::LINE_CHARS_MAX)?;
        let found = judge(catalogue(), &form.questions, n, &form.units, former, today);
        match found {
            Some(because) if because.bars && strikes => struck.push(Struck { text: words, because }),
            Some(Match { stands, bars: true }) => {
                return Err(Refusal::KnownAlready { question: words, stands });
            }
            Some(_) if because.is_empty() => return Err(Refusal::Missing { field: "survey_why" }),
            beside => {
                let reason = if beside.is_some() { because } else { String::new() };
                questions.push(Question { text: words, reason, beside, answer: question.answer });
            }
        }
    }
    if questions.is_empty() {
        return Err(Refusal::Missing { field: "survey_questions" });
    }
    let organ = situation.by.unit.clone();
    Ok((SurveyForm { title, reason, ground, organ, questions, ..form }, struck))
}

fn answers(questions: &[Question], values: Vec<String>) -> Result<Vec<String>, Refusal> {
    if values.len() != questions.len() {
        return Err(Refusal::Missing { field: "survey_values" });
    }
    let each = questions.iter().zip(values).map(|(question, value)| {
        let value = text::required("survey_values", &value, text::LINE_CHARS_MAX)?;
        let fits = match question.answer {
            QuestionKind::Text => true,
            QuestionKind::Number => is_number(&value),
            QuestionKind::Date => value.parse::<Date>().is_ok(),
            QuestionKind::YesNo => value == "yes" || value == "no",
        };
        if fits { Ok(value) } else { Err(Refusal::Unknown { field: "survey_values", value }) }
    });
    each.collect()
}

/// Digits, with a sign and a decimal point at most.
fn is_number(value: &str) -> bool {
    let digits = value.strip_prefix('-').unwrap_or(value);
    let (whole, part) = digits.split_once('.').unwrap_or((digits, "0"));
    let all = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    all(whole) && all(part)
}
