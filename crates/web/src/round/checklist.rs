//! `/rounds/checklists`: the checklists that rounds begin with (检查清单), by kind: read by whoever sees rounds, kept by the office.

use super::{
    may_plan,
    step::{checklist_text, read_checklist},
};
use crate::{
    app::App,
    failure::Failure,
    filled::{FieldError, Filled},
    frame::{
        Frame,
        form::Kind,
        sheet::{Sheet, field, line, options},
        show,
    },
    locale::Locale,
    order::{self, steps},
    session::Signed,
};
use askama::Template;
use axum::{
    Router,
    extract::{Path, State},
    http::StatusCode,
    response::Response,
    routing::get,
};
use bihuan_rules::{
    Act, Refusal, Subject,
    access::Room,
    checklist::{self, Checklist, ChecklistOrder, ChecklistText, for_kind, shipped},
    id::RecordId,
    record::{Kind as RecordKind, Records, of_kind},
    round::{CheckItem, RoundKind},
};

/// The addresses of checklists.
pub fn router() -> Router<App> {
    Router::new()
        .route("/rounds/checklists", get(list))
        .route("/rounds/checklists/new", get(new).post(create))
        .route("/rounds/checklists/{id}", get(one))
        .route("/rounds/checklists/{id}/{step}", get(edit).post(change))
}

/// A checklist by the code or kind that an address asks for.
pub(super) fn asked_for<'r>(records: &'r Records, asked: &Filled) -> Option<&'r ChecklistText> {
    let code = RecordId::new(asked.text("checklist")).ok();
    let own = code.and_then(|code| find(records, &code)).map(|checklist| &checklist.text);
    let kind = || {
        let kind = RoundKind::ALL.into_iter().find(|kind| kind.name() == asked.text("kind"));
        for_kind(records, kind.unwrap_or(RoundKind::CrossCovert))
    };
    own.or_else(kind)
}

fn find<'r>(records: &'r Records, id: &RecordId) -> Option<&'r Checklist> {
    of_kind::<Checklist>(records).find(|(code, _)| *code == id).map(|(_, checklist)| checklist)
}

fn kind_words(locale: Locale, kind: RoundKind) -> String {
    locale.say(&format!("round-kind-{}", kind.name().replace('_', "-")))
}

/// A checklist on the page.
struct Card {
    /// Its code; empty for a shipped one.
    id: String,
    title: String,
    kind: String,
    kind_name: &'static str,
    changed: String,
    /// Why it is out of use; empty while it is in use.
    retired: String,
    /// Rounds of its kind begin with it.
    is_first: bool,
    items: Vec<CheckItem>,
}

#[derive(Template)]
#[template(path = "round/checklists.html")]
struct View {
    frame: Frame,
    cards: Vec<Card>,
    may_plan: bool,
    /// One alone.
    is_one: bool,
}

fn card(locale: Locale, records: &Records, checklist: &Checklist) -> Card {
    let text = &checklist.text;
    Card {
        id: checklist.id.to_string(),
        title: text.title.clone(),
        kind: kind_words(locale, text.kind),
        kind_name: text.kind.name(),
        changed: locale.date(checklist.changed_on),
        retired: checklist.retired.clone().unwrap_or_default(),
        is_first: checklist.retired.is_none() && for_kind(records, text.kind) == Some(text),
        items: text.items.clone(),
    }
}

/// Those in use by kind – the office's own, else the shipped one – and what is out of use at the end.
fn cards(locale: Locale, records: &Records) -> Vec<Card> {
    let own = || of_kind::<Checklist>(records).map(|(_, checklist)| checklist);
    let mut cards = Vec::new();
    for kind in RoundKind::ALL {
        let mut in_use: Vec<&Checklist> =
            own().filter(|checklist| checklist.retired.is_none() && checklist.text.kind == kind).collect();
        in_use.sort_by_key(|checklist| std::cmp::Reverse(checklist.changed_on));
        cards.extend(in_use.iter().map(|checklist| card(locale, records, checklist)));
        let begun = shipped().iter().filter(|text| text.kind == kind && in_use.is_empty());
        cards.extend(begun.map(|text| Card {
            id: String::new(),
            title: text.title.clone(),
            kind: kind_words(locale, kind),
            kind_name: kind.name(),
            changed: locale.say("checklist-shipped"),
            retired: String::new(),
            is_first: true,
            items: text.items.clone(),
        }));
    }
    let retired = own().filter(|checklist| checklist.retired.is_some());
    cards.extend(retired.map(|checklist| card(locale, records, checklist)));
    cards
}

/// `GET /rounds/checklists`.
async fn list(State(app): State<App>, locale: Locale, signed: Signed) -> Result<Response, Failure> {
    if !signed.actor.may_enter(Room::Rounds) {
        return Err(Failure::NotFound);
    }
    let cards = cards(locale, &app.reference().records);
    let frame = Frame::new(&app, locale, &signed, Room::Rounds, locale.say("checklists"))
        .below("/rounds", locale.say("room-rounds"));
    Ok(show(StatusCode::OK, &View { frame, cards, may_plan: may_plan(&signed), is_one: false }))
}

/// `GET /rounds/checklists/{id}`.
async fn one(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    if !signed.actor.may_enter(Room::Rounds) {
        return Err(Failure::NotFound);
    }
    let reference = app.reference();
    let known = known(&reference.records, &id)?;
    let cards = vec![card(locale, &reference.records, known)];
    let frame = Frame::new(&app, locale, &signed, Room::Rounds, known.text.title.clone())
        .below("/rounds", locale.say("room-rounds"))
        .below("/rounds/checklists", locale.say("checklists"));
    Ok(show(StatusCode::OK, &View { frame, cards, may_plan: may_plan(&signed), is_one: true }))
}

fn known<'r>(records: &'r Records, id: &str) -> Result<&'r Checklist, Failure> {
    let id = RecordId::new(id).map_err(|_| Failure::NotFound)?;
    find(records, &id).ok_or(Failure::NotFound)
}

steps! {
    /// What a form is for.
    enum Step {
        New = "new",
        Edit = "edit",
        Retire = "retire",
    }
}

fn filled_of(text: &ChecklistText) -> Filled {
    let mut filled = Filled::default();
    filled.set("title", text.title.clone());
    filled.set("round_kind", text.kind.name());
    filled.set("checklist", checklist_text(&text.items));
    filled
}

fn sheet(locale: Locale, step: Step, known: Option<&Checklist>, filled: &Filled) -> Sheet {
    let above =
        known.map_or("/rounds/checklists".to_owned(), |known| format!("/rounds/checklists/{}", known.id));
    let kinds = RoundKind::ALL.map(|kind| (kind.name().to_owned(), kind_words(locale, kind)));
    let fields = match step {
        Step::Retire => vec![line(locale, "reason", filled)],
        Step::New | Step::Edit => vec![
            line(locale, "title", filled),
            field(locale, "round_kind", Kind::Radio(options(kinds, &filled.texts("round_kind")))),
            field(locale, "checklist", Kind::Passage(filled.text("checklist").to_owned(), 12)),
        ],
    };
    let mut crumbs = vec![
        ("/rounds".to_owned(), locale.say("room-rounds")),
        ("/rounds/checklists".to_owned(), locale.say("checklists")),
    ];
    crumbs.extend(known.map(|known| (above.clone(), known.text.title.clone())));
    Sheet {
        room: Some(Room::Rounds),
        title: locale.say(&format!("checklist-step-{}", step.name())),
        crumbs,
        intro: locale.say(&format!("checklist-intro-{}", step.name())),
        action: format!("{above}/{}", step.name()),
        cancel: above,
        submit: locale.say(&format!("checklist-step-{}", step.name())),
        fields,
        hidden: Vec::new(),
    }
}

fn wanted(step: Step, filled: &Filled) -> Result<ChecklistOrder, FieldError> {
    if step == Step::Retire {
        return Ok(ChecklistOrder::Retire(filled.text("reason").to_owned()));
    }
    Ok(ChecklistOrder::Set(ChecklistText {
        kind: filled.one_of("round_kind", RoundKind::ALL, RoundKind::name)?,
        title: filled.text("title").to_owned(),
        items: read_checklist(&filled.text("checklist").replace("\r\n", "\n")),
    }))
}

/// `GET /rounds/checklists/new`: begun with what rounds of the kind begin with now.
async fn new(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    asked: Filled,
) -> Result<Response, Failure> {
    if !may_plan(&signed) {
        return Err(Failure::NotFound);
    }
    let reference = app.reference();
    let filled = asked_for(&reference.records, &asked).map(filled_of).unwrap_or_default();
    Ok(sheet(locale, Step::New, None, &filled).answer(&app, locale, &signed, &[], None))
}

/// `POST /rounds/checklists/new`.
async fn create(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    filled: Filled,
) -> Result<Response, Failure> {
    carry_out(&app, locale, &signed, Step::New, None, filled).await
}

/// `GET /rounds/checklists/{id}/{step}`.
async fn edit(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    Path((id, step)): Path<(String, String)>,
) -> Result<Response, Failure> {
    let step = Step::named(&step)?;
    if !may_plan(&signed) {
        return Err(Failure::NotFound);
    }
    let reference = app.reference();
    let known = known(&reference.records, &id)?;
    let filled = filled_of(&known.text);
    Ok(sheet(locale, step, Some(known), &filled).answer(&app, locale, &signed, &[], None))
}

/// `POST /rounds/checklists/{id}/{step}`.
async fn change(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    Path((id, step)): Path<(String, String)>,
    filled: Filled,
) -> Result<Response, Failure> {
    let step = Step::named(&step)?;
    let reference = app.reference();
    let known = known(&reference.records, &id)?;
    carry_out(&app, locale, &signed, step, Some(known), filled).await
}

async fn carry_out(
    app: &App,
    locale: Locale,
    signed: &Signed,
    step: Step,
    known: Option<&Checklist>,
    filled: Filled,
) -> Result<Response, Failure> {
    if !may_plan(signed) {
        return Err(Failure::NotFound);
    }
    signed.check_form(filled.text("csrf"))?;
    let refuse = |errors: &[FieldError], refusal: Option<&Refusal>| {
        sheet(locale, step, known, &filled).answer(app, locale, signed, errors, refusal)
    };
    let order = match wanted(step, &filled) {
        Ok(order) => order,
        Err(error) => return Ok(refuse(&[error], None)),
    };
    let code = known.map(|known| known.id.clone());
    let request = format!("checklist {} {}", code.as_ref().map_or("new", RecordId::as_str), step.name());
    let done = order::carry_out(app, signed, &filled, request, move |work| {
        let known = match &code {
            Some(code) => Some(work.filed::<Checklist>(code)?.ok_or(Failure::NotFound)?.record),
            None => None,
        };
        let act = checklist::decide(&work.situation(""), known.as_ref(), order)?;
        let year = bihuan_rules::day_of(work.at).year();
        let id = match code {
            Some(code) => code,
            None => work.next_code::<Checklist>(&format!("K-{year}"))?,
        };
        Ok(((), work.record(Subject::Record(RecordKind::Checklist, id), Act::from(act))?))
    })
    .await;
    order::answered(done, |_| "/rounds/checklists".to_owned(), |refusal| refuse(&[], Some(refusal)))
}
