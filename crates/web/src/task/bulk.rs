//! `POST /tasks/bulk`: the same order for many tasks (批量办理). First a page tells what would happen to each and asks; then
//! every task gets a ledger entry of its own, and what a task refuses is told with its reason.

use super::{
    act::{carry_out, visible},
    assign,
    list::{ROWS, render},
};
use crate::{
    app::App,
    failure::Failure,
    filled::Filled,
    frame::{Frame, show},
    locale::Locale,
    session::{Signed, random_token},
    words,
};
use askama::Template;
use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use bihuan_rules::{
    access::Room,
    id::TaskId,
    task::{Note, Order, Remind, Task},
};

/// What is done to all of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Deed {
    Assign,
    Remind,
    Note,
}

impl Deed {
    fn named(name: &str) -> Option<Deed> {
        match name {
            "assign" => Some(Deed::Assign),
            "remind" => Some(Deed::Remind),
            "note" => Some(Deed::Note),
            _ => None,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Deed::Assign => "assign",
            Deed::Remind => "remind",
            Deed::Note => "note",
        }
    }

    /// The order for a task; words that say why there is none.
    fn order(self, app: &App, locale: Locale, task: &Task, text: &str) -> Result<Order, String> {
        match self {
            Deed::Assign => assign::from_document(task, &app.reference(), app.today())
                .map(Order::Assign)
                .ok_or_else(|| locale.say("bulk-unnamed")),
            Deed::Remind => Ok(Order::Remind(Remind { text: text.to_owned() })),
            Deed::Note => Ok(Order::Note(Note { text: text.to_owned() })),
        }
    }
}

/// A task on the page that asks.
struct Line {
    id: String,
    title: String,
    /// Why nothing would happen; empty when it would.
    refused: String,
}

#[derive(Template)]
#[template(path = "task/bulk.html")]
struct Asking {
    frame: Frame,
    lines: Vec<Line>,
    good: usize,
    go: &'static str,
    sentence: String,
    remark: String,
    back: String,
    once: String,
}

/// `POST /tasks/bulk`.
pub async fn post(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    filled: Filled,
) -> Result<Response, Failure> {
    signed.check_form(filled.text("csrf"))?;
    let deed = Deed::named(filled.text("go")).ok_or(Failure::NotFound)?;
    let chosen = filled.texts("task");
    let ids: Vec<TaskId> =
        chosen.iter().take(ROWS as usize).filter_map(|id| TaskId::new(id.as_str()).ok()).collect();
    if filled.text("sure") != "yes" {
        return ask(&app, locale, &signed, &filled, deed, ids).await;
    }
    let (mut done, mut refused) = (0, Vec::new());
    for id in ids {
        let (reader, wanted) = (signed.clone(), id.clone());
        let seen = app.books.ask(move |connection| visible(connection, &reader, &wanted)).await?;
        let order = match deed.order(&app, locale, &seen.record, filled.text("remark")) {
            Ok(order) => order,
            Err(why) => {
                refused.push(format!("{id}: {why}"));
                continue;
            }
        };
        let key = format!("{}-{id}", filled.text("once"));
        match carry_out(&app, &signed, &id, order, None, key).await {
            Ok(_) => done += 1,
            Err(Failure::Refused(refusal)) => {
                refused.push(format!("{id}: {}", words::refusal(locale, &refusal)));
            }
            Err(other) => return Err(other),
        }
    }
    let back = filled.text("back");
    if refused.is_empty() {
        return Ok(Redirect::to(&format!("/tasks?{back}&assigned={done}")).into_response());
    }
    let mut asked = Filled::from_pairs(form_urlencoded::parse(back.as_bytes()).into_owned());
    asked.set("assigned", done.to_string());
    render(&app, locale, &signed, &asked, refused).await
}

/// The page that tells what would happen: the rules judge every task, and nothing is recorded.
async fn ask(
    app: &App,
    locale: Locale,
    signed: &Signed,
    filled: &Filled,
    deed: Deed,
    ids: Vec<TaskId>,
) -> Result<Response, Failure> {
    let remark = filled.text("remark").trim().to_owned();
    let mut lines = Vec::with_capacity(ids.len());
    for id in ids {
        let (reader, wanted) = (signed.clone(), id.clone());
        let seen = app.books.ask(move |connection| visible(connection, &reader, &wanted)).await?;
        let task = seen.record;
        let judged = deed.order(app, locale, &task, &remark).and_then(|order| {
            let reference = app.reference();
            let situation = reference.situation(&signed.actor, app.now(), &task.ruleset);
            task.decide(&situation, order).map_err(|refusal| words::refusal(locale, &refusal))
        });
        lines.push(Line {
            id: id.to_string(),
            title: task.title.clone(),
            refused: judged.err().unwrap_or_default(),
        });
    }
    let good = lines.iter().filter(|line| line.refused.is_empty()).count();
    let count = i64::try_from(good).unwrap_or(i64::MAX);
    let all = i64::try_from(lines.len()).unwrap_or(i64::MAX);
    let text = locale.text("bulk-sure").with("deed", locale.say(&format!("bulk-deed-{}", deed.name())));
    let view = Asking {
        sentence: text.with("count", count).with("all", all).to_string(),
        frame: Frame::new(app, locale, signed, Room::Tasks, locale.say("bulk-title"))
            .below("/tasks", locale.say("room-tasks")),
        go: deed.name(),
        remark,
        back: filled.text("back").to_owned(),
        once: random_token(),
        good,
        lines,
    };
    Ok(show(StatusCode::OK, &view))
}
