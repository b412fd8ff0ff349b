//! `/rivers/chiefs/{post}`: a chief's page: my reaches, what I must do this week, red items, the map and the trend; one
//! sheet when printed.

use super::{
    alert_words, enter,
    held::{reaches_of, shades},
    map, patrol, patrols, seat_words, tally_words,
    today::{Seat, place_words, seats},
    trend, year_since,
};
use crate::{
    app::{App, scope},
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
    id::{PostId, UnitId},
    river::{Patrol, River, Tally, may_patrol},
    task::Flag,
};
use bihuan_store::list::{self, Filter};
use jiff::civil::Date;
use std::collections::BTreeMap;

/// Newest patrols on the page.
const PATROLS_SHOWN: usize = 6;

/// A seat of the chief.
struct Mine {
    place: String,
    href: String,
    seat: String,
    tally: String,
    missed: u32,
}

/// Something to do.
struct Due {
    place: String,
    words: String,
    until: String,
    tag: Option<(String, &'static str)>,
    patrol: String,
}

/// Something red.
struct Red {
    words: String,
    href: String,
}

#[derive(Template)]
#[template(path = "river/chief.html")]
struct View {
    frame: Frame,
    who: String,
    post: String,
    sentence: String,
    mine: Vec<Mine>,
    due: Vec<Due>,
    red: Vec<Red>,
    map: map::Map,
    months: Vec<trend::Month>,
    year: String,
    walks: Vec<patrol::Row>,
}

/// `GET /rivers/chiefs/{post}`.
pub async fn get(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    Path(post): Path<String>,
) -> Result<Response, Failure> {
    enter(&signed)?;
    let post = PostId::new(post).map_err(|_| Failure::NotFound)?;
    let (reference, today) = (app.reference(), app.today());
    let office = &reference.office;
    let known = office.posts.get(&post).ok_or(Failure::NotFound)?;
    let seats = seats(&reference, &post, today);
    let units: Vec<UnitId> = {
        let reaches = seats.iter().flat_map(|seat| reaches_of(seat).into_iter().map(move |n| (seat, n)));
        let mut units: Vec<UnitId> =
            reaches.filter_map(|(seat, n)| Some(seat.river.reach(n)?.unit.clone())).collect();
        units.sort();
        units.dedup();
        units
    };
    let reach = scope(&signed.actor);
    let (made, overdue) = app
        .books
        .ask(move |connection| {
            let made = patrols(connection, year_since(today))?;
            let mut overdue = Vec::new();
            for unit in units {
                let Some(reach) = reach.clone() else { break };
                let filter = Filter {
                    area: Some(unit.clone()),
                    flag: Some(Flag::Overdue),
                    open: Some(true),
                    ..Filter::all(reach, today)
                };
                let count = list::count(connection, &filter)?;
                if count > 0 {
                    overdue.push((unit, count));
                }
            }
            Ok::<_, Failure>((made, overdue))
        })
        .await?;
    let mut year = Tally::default();
    let (mut mine, mut due) = (Vec::new(), Vec::new());
    for seat in &seats {
        let tally = seat.river.compliance(seat.chief, &made, year_since(today), today);
        let Some(chief) = seat.river.chief(seat.chief) else { continue };
        let href = match chief.reach {
            Some(n) => format!("/rivers/{}/reaches/{n}", seat.river.id),
            None => format!("/rivers/{}", seat.river.id),
        };
        let place = place_words(locale, seat);
        mine.push(Mine {
            place: place.clone(),
            href,
            seat: seat_words(locale, chief),
            tally: tally_words(locale, &tally),
            missed: tally.missed(),
        });
        for owed in tally.now.iter().filter(|owed| owed.missing() > 0) {
            let n = chief.reach.map(|n| format!("&reach={n}")).unwrap_or_default();
            let may = may_patrol(&signed.actor, &seat.river, seat.chief);
            due.push((
                owed.until,
                Due {
                    place: place.clone(),
                    words: locale
                        .text("river-owed-words")
                        .with("count", i64::from(owed.missing()))
                        .to_string(),
                    until: locale.date(owed.until),
                    tag: owed.because.map(|level| alert_words(locale, level)),
                    patrol: if may {
                        format!("/rivers/{}/patrol?chief={}{n}", seat.river.id, seat.chief)
                    } else {
                        String::new()
                    },
                },
            ));
        }
        year.add(&tally);
    }
    due.sort_by_key(|(until, _)| *until);
    let holders: Vec<_> = office.holders_on(&post, today).map(|person| person.name.clone()).collect();
    let who = if holders.is_empty() { locale.say("river-post-vacant") } else { holders.join("、") };
    let walks = made
        .iter()
        .filter(|patrol| seats.iter().any(|s| s.river.id == patrol.log.river && s.chief == patrol.log.chief));
    let rivers: BTreeMap<_, &River> = seats.iter().map(|seat| (seat.river.id.clone(), &seat.river)).collect();
    let row =
        |each: &Patrol| rivers.get(&each.log.river).map(|river| patrol::row(locale, office, river, each));
    let red = red(&app, locale, &seats, &made, &overdue, today);
    let sentence = locale
        .text("river-chief-sentence")
        .with("reaches", i64::try_from(seats.len()).unwrap_or(0))
        .with("due", i64::try_from(due.len()).unwrap_or(0))
        .with("red", i64::try_from(red.len()).unwrap_or(0))
        .to_string();
    let view = View {
        post: words::post(office, &known.id),
        sentence,
        red,
        map: map::draw(locale, office, &shades(&seats, &made, today)),
        months: trend::months(&year, today),
        year: tally_words(locale, &year),
        walks: walks.take(PATROLS_SHOWN).filter_map(row).collect(),
        mine,
        due: due.into_iter().map(|(_, due)| due).collect(),
        frame: Frame::new(&app, locale, &signed, Room::Rivers, who.clone())
            .below("/rivers", locale.say("room-rivers")),
        who,
    };
    Ok(show(StatusCode::OK, &view))
}

/// Alerts on the chief's reaches, findings nobody followed, tasks of the towns that are overdue.
fn red(
    app: &App,
    locale: Locale,
    seats: &[Seat],
    made: &[Patrol],
    overdue: &[(UnitId, u64)],
    today: Date,
) -> Vec<Red> {
    let reference = app.reference();
    let mut red = Vec::new();
    for seat in seats {
        let reaches = reaches_of(seat);
        for n in &reaches {
            let Some(reach) = seat.river.reach(*n) else { continue };
            if let Some(level) = seat.river.alert_on(Some(*n), today) {
                let href = format!("/rivers/{}/reaches/{n}", seat.river.id);
                red.push(Red { words: format!("{} {}", reach.name, alert_words(locale, level).0), href });
            }
        }
        let here =
            |patrol: &&Patrol| patrol.log.river == seat.river.id && reaches.contains(&patrol.log.reach);
        for patrol in made.iter().filter(here) {
            for (n, finding) in patrol.open_findings() {
                let text = locale.text("river-red-finding").with("text", finding.text.clone());
                let href = format!("/rivers/patrols/{}#finding-{n}", patrol.id);
                red.push(Red { words: text.to_string(), href });
            }
        }
    }
    red.extend(overdue.iter().map(|(unit, count)| {
        let text = locale.text("river-red-overdue").with("unit", words::place(&reference.office, unit));
        Red {
            words: text.with("count", i64::try_from(*count).unwrap_or(0)).to_string(),
            href: format!("/tasks?area={unit}&open=yes&flag=overdue"),
        }
    }));
    red.dedup_by(|a, b| a.href == b.href);
    red
}
