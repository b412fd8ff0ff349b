//! One leader on one page: exactly one sheet of A4 when it is printed.

use super::{charge, holders, may_read, reach, reach::Reach};
use crate::{
    app::App,
    chart::Chart,
    failure::Failure,
    frame::{Frame, show},
    locale::Locale,
    overview,
    river::held::{self, Held},
    session::Signed,
    task::list::{Row, rows},
    words,
};
use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use bihuan_rules::{
    Subject,
    access::Room,
    handover::{Owed, Seat},
    id::PostId,
    record::Kind,
    task::Flag,
};
use bihuan_store::{
    Connection, Reference,
    list::{self, Filter, TaskRow},
    owed,
    trend::{self, Month},
};
use jiff::{ToSpan, civil::Date};

/// Rows of each block; more would not fit on the sheet.
const ROWS: u32 = 6;
/// Duties on the sheet.
const DUTIES: usize = 6;
/// Longest text of a duty on the sheet, in characters.
const DUTY_CHARS: usize = 46;
/// Towns on the sheet.
const TOWNS: usize = 8;
/// Days of the week ahead.
const WEEK_DAYS: i64 = 7;

/// A number with the list it was counted from.
struct Stat {
    value: String,
    words: String,
    href: String,
    bad: bool,
}

/// Something owed that is no task.
struct Item {
    words: String,
    href: String,
    due_on: String,
    is_late: bool,
}

#[derive(Template)]
#[template(path = "leader/show.html")]
struct View {
    frame: Frame,
    holder: String,
    charge: String,
    sentence: String,
    stats: Vec<Stat>,
    red: Vec<Row>,
    red_more: (u64, String),
    week: Vec<Row>,
    week_more: (u64, String),
    items: Vec<Item>,
    items_more: usize,
    duties: Vec<(String, String)>,
    duties_more: usize,
    trend: Option<Chart>,
    trend_words: String,
    towns: Vec<(String, u64, String)>,
    is_town: bool,
    rivers: Option<Held>,
}

/// What the books say of a leader's reach.
struct Found {
    open: u64,
    late: u64,
    red: Vec<TaskRow>,
    due: u64,
    week: Vec<TaskRow>,
    guaranteed: u64,
    months: Vec<Month>,
    towns: Vec<(String, u64)>,
    items: Vec<Owed>,
}

fn look(
    connection: &mut Connection,
    reference: &Reference,
    reach: &Reach,
    seat: &Seat,
    at_risk_days: u32,
) -> bihuan_store::Result<Found> {
    let today = seat.on;
    let base = reach.filter(today, at_risk_days);
    let late = Filter { flag: Some(Flag::Overdue), ..base.clone() };
    let week = Filter { due_within: Some((today, week_ends(today))), ..base.clone() };
    let guaranteed = Filter { guarantor: Some(seat.post.clone()), ..base.clone() };
    let trend = reach.trend();
    Ok(Found {
        open: list::count(connection, &base)?,
        late: list::count(connection, &late)?,
        red: list::tasks(connection, &late, ROWS, 0)?,
        due: list::count(connection, &week)?,
        week: list::tasks(connection, &week, ROWS, 0)?,
        guaranteed: list::count(connection, &guaranteed)?,
        months: match &trend {
            Some(part) => trend::months(connection, part, today)?,
            None => Vec::new(),
        },
        towns: match &trend {
            Some(part) if part.area.is_none() => trend::late_by_area(connection, part, today)?,
            _ => Vec::new(),
        },
        items: owed::of_records(connection, reference, seat)?,
    })
}

fn week_ends(today: Date) -> Date {
    today.checked_add(WEEK_DAYS.days()).unwrap_or(today)
}

/// `GET /leaders/{post}`.
pub async fn get(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let id = PostId::new(id).map_err(|_| Failure::NotFound)?;
    let (reference, today) = (app.reference(), app.today());
    let office = &reference.office;
    let post = office.leaders(today).find(|post| post.id == id).ok_or(Failure::NotFound)?;
    if !may_read(&signed, post) {
        return Err(Failure::NotFound);
    }
    let reach = Reach::of(&reference, post, today);
    let seat = Seat::of(office, &id, today).ok_or(Failure::NotFound)?;
    let at_risk_days = reference.ruleset(&reference.chosen_ruleset).progress.at_risk_days;
    let (looked, reader) = (app.reference(), signed.clone());
    let (found, reach, rivers) = app
        .books
        .ask(move |connection| {
            let found = look(connection, &looked, &reach, &seat, at_risk_days)?;
            let rivers = held::held(connection, &looked, locale, &reader, &seat.post, today)?;
            Ok::<_, Failure>((found, reach, rivers))
        })
        .await?;
    let duties = reach::duties(&reference, post, today);
    let shown = duties.iter().take(DUTIES).map(|(id, wording)| (id.to_string(), short(&wording.text)));
    let mut items: Vec<&Owed> = found
        .items
        .iter()
        .filter(|owed| match Subject::read(&owed.subject) {
            // Duties and rivers have places of their own on the sheet; a guarantee waits only while a visit is missing.
            Some(Subject::Record(Kind::Duty | Kind::River, _)) => false,
            Some(Subject::Record(Kind::Guarantee, _)) => owed.due_on.is_some(),
            _ => true,
        })
        .collect();
    items.sort_by_key(|owed| (owed.due_on.is_none(), owed.due_on));
    let title = format!("{} {}", words::unit(office, post.unit.as_str()), post.title);
    let view = View {
        holder: holders(office, post, today),
        charge: charge(locale, office, post, today),
        sentence: sentence(locale, &found),
        stats: stats(locale, &reach, &found, &id),
        red_more: (found.late.saturating_sub(u64::from(ROWS)), reach.query(&[("flag", "overdue")])),
        week_more: (found.due.saturating_sub(u64::from(ROWS)), reach.query(&[("due", "week")])),
        items_more: items.len().saturating_sub(ROWS as usize),
        items: items.into_iter().take(ROWS as usize).map(|owed| item(locale, today, owed)).collect(),
        duties_more: duties.len().saturating_sub(DUTIES),
        duties: shown.collect(),
        trend: (!found.months.is_empty()).then(|| overview::trend(locale, &found.months, &reach.more())),
        trend_words: trend_words(locale, &found.months),
        towns: found
            .towns
            .iter()
            .take(TOWNS)
            .map(|(area, count)| {
                let href = reach.query(&[("flag", "overdue"), ("area", area)]);
                (words::unit(office, area), *count, href)
            })
            .collect(),
        red: rows(&app, locale, found.red),
        week: rows(&app, locale, found.week),
        is_town: reach.unit.is_none(),
        rivers,
        frame: Frame::new(&app, locale, &signed, Room::Leaders, title)
            .below("/leaders", locale.say("room-leaders")),
    };
    Ok(show(StatusCode::OK, &view))
}

/// The beginning of a duty, as long as the sheet has room for.
fn short(text: &str) -> String {
    if text.chars().count() <= DUTY_CHARS {
        return text.to_owned();
    }
    let mut short: String = text.chars().take(DUTY_CHARS).collect();
    short.push('…');
    short
}

fn item(locale: Locale, today: Date, owed: &Owed) -> Item {
    let (kind, href) = match Subject::read(&owed.subject) {
        Some(Subject::Record(kind, id)) => {
            let words = locale.say(&format!("ledger-kind-{}", kind.name().replace('_', "-")));
            (format!("{words} · "), format!("{}/{id}", crate::record::room(kind)))
        }
        _ => (String::new(), String::new()),
    };
    Item {
        words: format!("{kind}{}", short(&owed.title)),
        href,
        due_on: owed.due_on.map(|due| locale.date(due)).unwrap_or_default(),
        is_late: owed.due_on.is_some_and(|due| due < today),
    }
}

fn sentence(locale: Locale, found: &Found) -> String {
    let key = match (found.late, found.due) {
        (0, 0) => "leader-calm",
        (0, _) => "leader-week-only",
        _ => "leader-late",
    };
    let count = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
    locale.text(key).with("late", count(found.late)).with("due", count(found.due)).to_string()
}

fn stats(locale: Locale, reach: &Reach, found: &Found, post: &PostId) -> Vec<Stat> {
    let number = |count: u64| locale.number(i64::try_from(count).unwrap_or(i64::MAX));
    let stat = |count: u64, key: &str, href: String, bad: bool| Stat {
        value: number(count),
        words: locale.say(key),
        href,
        bad,
    };
    let mut stats = vec![
        stat(found.open, "count-open", reach.query(&[]), false),
        stat(found.late, "count-overdue", reach.query(&[("flag", "overdue")]), found.late > 0),
        stat(found.due, "leader-due-week", reach.query(&[("due", "week")]), false),
    ];
    if found.guaranteed > 0 {
        let href = reach.query(&[("guarantor", post.as_str())]);
        stats.push(stat(found.guaranteed, "leader-guaranteed", href, false));
    }
    stats
}

/// What the drawing says, in a sentence.
fn trend_words(locale: Locale, months: &[Month]) -> String {
    let Some(now) = months.last() else { return String::new() };
    let sum = |of: fn(&Month) -> u64| i64::try_from(months.iter().map(of).sum::<u64>()).unwrap_or(i64::MAX);
    let count = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
    let text =
        locale.text("leader-trend-words").with("came", count(now.came)).with("closed", count(now.closed));
    text.with("came_year", sum(|month| month.came)).with("closed_year", sum(|month| month.closed)).to_string()
}
