//! The forms of a question: whoever handed the picture in explains, somebody else settles.

use super::find;
use crate::{
    app::App,
    failure::Failure,
    filled::{FieldError, Filled},
    frame::{
        form::Kind,
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
    photo_question::{self, Explanation, PhotoQuestion, PhotoQuestionOrder},
    record::Kind as RecordKind,
};

steps! {
    /// What a form is for.
    enum Step {
        Explain = "explain",
        Settle = "settle",
    }
}

fn sheet(locale: Locale, step: Step, question: &PhotoQuestion, filled: &Filled) -> Sheet {
    let above = format!("/photos/{}", question.id);
    let radio = |name: &str, choices: Vec<(String, String)>| {
        field(locale, name, Kind::Radio(options(choices, &filled.texts(name))))
    };
    let passage = |name: &str| field(locale, name, Kind::Passage(filled.text(name).to_owned(), 2));
    let fields = match step {
        Step::Explain => {
            let words = |each: &Explanation| {
                let key = format!("photo-explanation-{}", each.name().replace('_', "-"));
                (each.name().to_owned(), locale.say(&key))
            };
            let mut text = passage("explanation_text");
            text.optional = true;
            vec![radio("explanation", Explanation::ALL.iter().map(words).collect()), text]
        }
        Step::Settle => {
            let words = ["stands", "set-aside"]
                .map(|name| (name.to_owned(), locale.say(&format!("photo-settle-{name}"))));
            vec![radio("stands", words.to_vec()), passage("reason")]
        }
    };
    Sheet {
        room: Some(Room::Tasks),
        title: locale.say(&format!("photo-{}", step.name())),
        crumbs: vec![
            ("/photos".to_owned(), locale.say("photo-questions")),
            (above.clone(), question.id.to_string()),
        ],
        intro: locale.say(&format!("photo-why-{}", question.why.name().replace('_', "-"))),
        action: format!("{above}/{}", step.name()),
        cancel: above,
        submit: locale.say(&format!("photo-{}", step.name())),
        fields,
        hidden: Vec::new(),
    }
}

fn wanted(step: Step, filled: &Filled) -> Result<PhotoQuestionOrder, FieldError> {
    let text = |name: &str| filled.text(name).replace("\r\n", "\n");
    Ok(match step {
        Step::Explain => {
            let all = Explanation::ALL.iter().copied();
            let explanation = filled.one_of("explanation", all, Explanation::name)?;
            PhotoQuestionOrder::Explain(explanation, text("explanation_text"))
        }
        Step::Settle => match filled.text("stands") {
            "stands" => PhotoQuestionOrder::Settle(true, text("reason")),
            "set-aside" => PhotoQuestionOrder::Settle(false, text("reason")),
            _ => return Err(FieldError::at("stands", "form-choose")),
        },
    })
}

async fn look(app: &App, signed: &Signed, id: String) -> Result<PhotoQuestion, Failure> {
    let reader = signed.clone();
    app.books.ask(move |connection| find(connection, &reader, &id)).await
}

/// `GET /photos/{id}/{step}`.
pub async fn get(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    Path((id, step)): Path<(String, String)>,
) -> Result<Response, Failure> {
    let step = Step::named(&step)?;
    let question = look(&app, &signed, id).await?;
    let mut filled = Filled::default();
    if step == Step::Settle {
        filled.set("stands", "stands");
    }
    // Who may not is told before anything is typed.
    let reference = app.reference();
    let probe = match step {
        Step::Explain => PhotoQuestionOrder::Explain(Explanation::TakenAgain, String::new()),
        Step::Settle => PhotoQuestionOrder::Settle(true, "–".to_owned()),
    };
    let situation = reference.situation(&signed.actor, app.now(), "");
    photo_question::decide(&situation, Some(&question), probe)?;
    Ok(sheet(locale, step, &question, &filled).answer(&app, locale, &signed, &[], None))
}

/// `POST /photos/{id}/{step}`.
pub async fn post(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    Path((id, step)): Path<(String, String)>,
    filled: Filled,
) -> Result<Response, Failure> {
    let step = Step::named(&step)?;
    signed.check_form(filled.text("csrf"))?;
    let question = look(&app, &signed, id).await?;
    let refuse = |errors: &[FieldError], refusal: Option<&Refusal>| {
        sheet(locale, step, &question, &filled).answer(&app, locale, &signed, errors, refusal)
    };
    let order = match wanted(step, &filled) {
        Ok(order) => order,
        Err(error) => return Ok(refuse(&[error], None)),
    };
    let id = question.id.clone();
    let request = format!("photo {id} {}", step.name());
    let done = order::carry_out(&app, &signed, &filled, request, move |work| {
        let known = work.filed::<PhotoQuestion>(&id)?.ok_or(Failure::NotFound)?.record;
        let act = photo_question::decide(&work.situation(""), Some(&known), order)?;
        Ok(((), work.record(Subject::Record(RecordKind::PhotoQuestion, id), Act::from(act))?))
    })
    .await;
    let to = |_| format!("/photos/{}", question.id);
    order::answered(done, to, |refusal| refuse(&[], Some(refusal)))
}
