//! One board: ranks with how far chance goes, what is proposed and on which grounds, objections and corrections.

use super::{
    Proposed, code, make, may_decide, may_publish, proposed, scheme, sees_drafts, state, statement_address,
    title, unit_name, unrated,
};
use crate::{
    app::App,
    failure::Failure,
    filled::Filled,
    frame::{Frame, show as page},
    locale::Locale,
    session::Signed,
    task::timeline::{Entry, entries},
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
    ranking::{Objection, Period, Points, Ranking, Row, Says, Scheme, Snapshot, Unrated},
    record::Kind,
};
use bihuan_store::{Connection, ledger, ledger::Line, shelf};
use std::{collections::BTreeSet, sync::Arc};

/// Width of a score bar, in its own units.
const BAR: i64 = 100;

/// One unit on the board, in words.
struct Place {
    rank: String,
    is_pending: bool,
    unit: String,
    href: String,
    score: String,
    /// Length of the bar, of [`BAR`].
    bar: i64,
    band: String,
    interval: String,
    /// Points of every indicator, then of everything that happened.
    columns: Vec<String>,
    unrated: String,
    is_own: bool,
}

struct Group {
    title: String,
    places: Vec<Place>,
}

/// An objection in words.
struct Objected {
    n: u32,
    unit: String,
    line: String,
    text: String,
    on: String,
    decide_by: String,
    outcome: (String, &'static str),
    reason: String,
    may_decide: bool,
}

#[derive(Template)]
#[template(path = "rank/show.html")]
struct View {
    frame: Frame,
    scheme: String,
    finding: String,
    chance: String,
    state: (String, &'static str),
    /// Facts about the publication.
    facts: Vec<(String, String)>,
    columns: Vec<String>,
    groups: Vec<Group>,
    proposals: Vec<Proposed>,
    objections: Vec<Objected>,
    revisions: Vec<(usize, String, String, String)>,
    /// Address of the published board; empty before.
    record: String,
    may_publish: String,
    may_revise: bool,
    may_confirm: bool,
    sources: Vec<String>,
    lines: Vec<Entry>,
}

/// What the first line says: who leads, who is last, and how much of that is chance.
pub(super) fn finding(locale: Locale, snapshot: &Snapshot) -> (String, String) {
    let board = &snapshot.board;
    let of =
        |wanted: &dyn Fn(&Row) -> bool| -> Vec<&Row> { board.rows().filter(|row| wanted(row)).collect() };
    let (first, last) = (of(&|row| row.rank == Some(1)), of(&|row| row.from_last == Some(1)));
    let (Some(best), Some(worst)) = (first.first(), last.first()) else {
        return (locale.say("rank-finding-none"), String::new());
    };
    let names =
        |rows: &[&Row]| rows.iter().map(|row| unit_name(snapshot, &row.unit)).collect::<Vec<_>>().join("、");
    let text =
        locale.text("rank-finding").with("period", board.period.to_string()).with("first", names(&first));
    let text = text.with("best", best.score.to_string()).with("last", names(&last));
    let finding = text.with("worst", worst.score.to_string()).to_string();
    let gate = snapshot.gates.get(&worst.unit).filter(|_| last.len() == 1);
    let chance = gate.map(|gate| {
        let key = if gate.is_beyond_chance { "rank-chance-beyond" } else { "rank-chance-within" };
        let percent = i64::from((gate.last + 5) / 10);
        locale.text(key).with("unit", names(&last)).with("last", percent).to_string()
    });
    (finding, chance.unwrap_or_default())
}

/// Whether anybody's score makes up for an indicator that was left out.
fn rescales(snapshot: &Snapshot) -> bool {
    snapshot.board.rows().any(|row| row.statement.iter().any(|line| line.says == Says::Rescaled))
}

/// Headings of the columns behind the band: indicators, what makes up for those left out, plus and minus.
fn columns(locale: Locale, snapshot: &Snapshot) -> Vec<String> {
    let rescales = rescales(snapshot);
    let scheme = &snapshot.scheme;
    let indicators = scheme.indicators.iter().map(|indicator| {
        let title = if locale == Locale::En { &indicator.title_en } else { &indicator.title_zh };
        format!("{title} ({})", indicator.weight.to_string().trim_end_matches(".00"))
    });
    let rest = [(rescales, "rank-rescaled"), (!scheme.events.is_empty(), "rank-events")];
    indicators
        .chain(rest.into_iter().filter(|(is_there, _)| *is_there).map(|(_, key)| locale.say(key)))
        .collect()
}

fn place(
    locale: Locale,
    snapshot: &Snapshot,
    rescales: bool,
    own: &bihuan_rules::id::UnitId,
    row: &Row,
) -> Place {
    let scheme = &snapshot.scheme;
    let gate = snapshot.gates.get(&row.unit);
    let whole: Points =
        scheme.indicators.iter().map(|indicator| indicator.weight).sum::<Points>() + scheme.base;
    let sum_of = |wanted: &dyn Fn(&Says) -> bool| -> Points {
        row.statement.iter().filter(|line| wanted(&line.says)).map(|line| line.points).sum()
    };
    let mut columns: Vec<String> = scheme
        .indicators
        .iter()
        .map(|indicator| row.indicators.get(&indicator.name).map(ToString::to_string).unwrap_or_default())
        .collect();
    if rescales {
        columns.push(sum_of(&|says| *says == Says::Rescaled).to_string());
    }
    if !scheme.events.is_empty() {
        let happened = |says: &Says| matches!(says, Says::Event { .. } | Says::Capped { .. } | Says::Bounded);
        columns.push(sum_of(&happened).to_string());
    }
    Place {
        rank: row.rank.map(|rank| rank.to_string()).unwrap_or_default(),
        is_pending: row.is_pending,
        unit: unit_name(snapshot, &row.unit),
        href: statement_address(snapshot.board.period, scheme, &row.unit),
        // What could not be rated has no score to compare, only a statement.
        score: if row.unrated == Some(Unrated::TooLittle) { String::new() } else { row.score.to_string() },
        bar: (row.score.hundredths() * BAR / whole.hundredths().max(1)).clamp(0, BAR),
        band: gate.map(|gate| gate.band.clone()).unwrap_or_default(),
        interval: gate.map(|gate| format!("{}–{}", gate.rank_from, gate.rank_until)).unwrap_or_default(),
        columns,
        unrated: row.unrated.map(|why| unrated(locale, why)).unwrap_or_default(),
        is_own: &row.unit == own,
    }
}

fn objected(
    app: &App,
    locale: Locale,
    ranking: &Ranking,
    signed: &Signed,
    objection: &Objection,
) -> Objected {
    let names = ranking.newest().map(|newest| &newest.snapshot);
    let class = |upheld: bool| if upheld { ("rank-upheld", "done") } else { ("rank-rejected", "plain") };
    let (key, class) =
        objection.decided.as_ref().map_or(("rank-undecided", "near"), |(decided, ..)| class(decided.upheld));
    let stands_aside = signed.actor.person == ranking.published_by
        || signed.actor.person == objection.by.person
        || signed.actor.unit == objection.by.unit;
    Objected {
        n: objection.n,
        unit: names.map(|snapshot| unit_name(snapshot, &objection.against.unit)).unwrap_or_default(),
        line: objection.against.line.map_or_else(
            || locale.say("rank-whole-statement"),
            |line| locale.text("rank-line").with("n", i64::from(line)).to_string(),
        ),
        text: objection.text.clone(),
        on: locale.date(objection.on),
        decide_by: locale.date(objection.decide_by),
        outcome: (locale.say(key), class),
        reason: objection.decided.as_ref().map(|(decided, ..)| decided.reason.clone()).unwrap_or_default(),
        may_decide: objection.decided.is_none() && may_decide(app, signed) && !stands_aside,
    }
}

/// What a page of a board needs: the published one with its lines, or one made for the moment.
pub(super) enum Found {
    Published(Box<Ranking>, Vec<Line>),
    Draft(Box<make::Made>),
}

/// The board of a period: the published one, else as the books stand, for whoever may see that.
pub(super) async fn found(
    app: &App,
    scheme: Arc<Scheme>,
    period: Period,
    is_draft_seen: bool,
) -> Result<Found, Failure> {
    if period.length() != scheme.period || period > Period::holding(scheme.period, app.today()) {
        return Err(Failure::NotFound);
    }
    let (id, outlook) = (code(period, &scheme)?, app.outlook());
    let look = move |connection: &mut Connection| {
        if let Some(seen) = shelf::find::<Ranking>(connection, &id)? {
            let lines = ledger::timeline(connection, &Subject::Record(Kind::Ranking, id))?;
            return Ok(Found::Published(Box::new(seen.record), lines));
        }
        if !is_draft_seen {
            return Err(Failure::NotFound);
        }
        let (reference, today) = (outlook.reference(), outlook.today());
        let made = make::make(connection, reference, &scheme, period, today, &BTreeSet::new())?;
        Ok(Found::Draft(Box::new(made)))
    };
    app.books.ask(look).await
}

/// `GET /rank/{period}`.
pub async fn get(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    Path(period): Path<String>,
    asked: Filled,
) -> Result<Response, Failure> {
    if !signed.actor.may_enter(Room::Rank) {
        return Err(Failure::NotFound);
    }
    let period = Period::read(&period).ok_or(Failure::NotFound)?;
    let scheme = scheme(&app, &asked)?;
    let found = found(&app, scheme.clone(), period, sees_drafts(&signed)).await?;
    let is_over = app.today() > period.until();
    let (snapshot, ranking, lines) = match &found {
        Found::Published(ranking, lines) => {
            let newest = ranking.newest().ok_or(Failure::NotFound)?;
            (&newest.snapshot, Some(ranking.as_ref()), lines.clone())
        }
        Found::Draft(made) => (&made.snapshot, None, Vec::new()),
    };
    let mut facts = Vec::new();
    let mut revisions = Vec::new();
    if let Some(ranking) = ranking {
        facts.extend([
            (
                locale.say("rank-published-on"),
                words::day(locale, ranking.revisions.first().map(|first| first.on)),
            ),
            (locale.say("rank-objections-until"), locale.date(ranking.objections_until)),
            (locale.say("rank-confirmed-on"), words::day(locale, ranking.confirmed_on)),
        ]);
        facts.extend(ranking.newest().map(|newest| (locale.say("rank-hash"), newest.hash.clone())));
        revisions = ranking
            .revisions
            .iter()
            .enumerate()
            .skip(1)
            .map(|(n, revision)| {
                (n, locale.date(revision.on), revision.reason.clone(), revision.hash.clone())
            })
            .collect();
    }
    let (finding, chance) = finding(locale, snapshot);
    let rescales = rescales(snapshot);
    let group = |(n, rows): (usize, &Vec<Row>)| {
        let known = snapshot.scheme.groups.get(n);
        let title = known.map(|group| if locale == Locale::En { &group.title_en } else { &group.title_zh });
        Group {
            title: title.cloned().unwrap_or_default(),
            places: rows
                .iter()
                .map(|row| place(locale, snapshot, rescales, &signed.actor.unit, row))
                .collect(),
        }
    };
    let view = View {
        scheme: title(locale, &snapshot.scheme).to_owned(),
        finding,
        chance,
        state: match ranking {
            Some(ranking) => state(locale, ranking),
            None if is_over => (locale.say("rank-unpublished"), "near"),
            None => (locale.say("rank-running"), "plain"),
        },
        facts: facts.into_iter().filter(|(_, value)| value != "–").collect(),
        columns: columns(locale, snapshot),
        groups: snapshot
            .board
            .groups
            .iter()
            .enumerate()
            .map(group)
            .filter(|group| !group.places.is_empty())
            .collect(),
        proposals: if sees_drafts(&signed) {
            snapshot.proposals.iter().map(|proposal| proposed(locale, snapshot, ranking, proposal)).collect()
        } else {
            Vec::new()
        },
        objections: ranking.map_or_else(Vec::new, |ranking| {
            ranking
                .objections
                .iter()
                .map(|objection| objected(&app, locale, ranking, &signed, objection))
                .collect()
        }),
        revisions,
        record: ranking.map(|ranking| format!("/rank/published/{}", ranking.id)).unwrap_or_default(),
        may_publish: if ranking.is_none() && is_over && may_publish(&signed) {
            format!("/rank/{period}/publish?scheme={}", scheme.name)
        } else {
            String::new()
        },
        may_revise: may_publish(&signed)
            && ranking.is_some_and(|ranking| {
                ranking.confirmed_on.is_none() && ranking.unrevised().next().is_some()
            }),
        may_confirm: may_decide(&app, &signed)
            && ranking.is_some_and(|ranking| {
                ranking.state() == "open"
                    && app.today() > ranking.objections_until
                    && ranking.published_by != signed.actor.person
            }),
        sources: snapshot.scheme.sources.clone(),
        lines: entries(&app, locale, lines),
        frame: Frame::new(&app, locale, &signed, Room::Rank, period.to_string())
            .below("/rank", locale.say("room-rank")),
    };
    Ok(page(StatusCode::OK, &view))
}
