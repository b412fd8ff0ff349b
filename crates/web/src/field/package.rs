//! `/field/package`: the task package (任务包): the stops released to this person, with everything needed there without network.
//!
//! Of a mission its team knows one stop at a time, on the phone as on the page; the next comes with the receipt of the last.

use super::{
    check_csrf,
    device::{Device, device},
    record::tag_of,
    reply::reply,
};
use crate::{
    app::App,
    failure::Failure,
    locale::Locale,
    mission::{self, Known},
    picture,
    session::{Signed, random_token},
    words,
};
use axum::{extract::State, http::HeaderMap, response::Response};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use bihuan_rules::{
    mission::{Saw, Stop, StopState},
    problem::FIELDS,
    river::River,
    task::{Datum, EvidenceRole, Place, Task},
};
use bihuan_store::{Connection, checkpoint::machine, nonce, shelf, task};
use serde::Serialize;

/// Random codes given out for a stop with each package.
const CODES: usize = 4;
/// Most last pictures of a stop.
const PHOTOS_MAX: usize = 2;
/// Most rivers looked through for the outline of the map.
const RIVERS_MAX: u32 = 200;
/// How far around a stop the outline reaches, in millionths of a degree: some four kilometres.
const AROUND_E6: i64 = 40_000;

/// The package.
#[derive(Serialize)]
struct Package {
    device: Device,
    /// Fields of work: name and words.
    fields: Vec<(&'static str, String)>,
    missions: Vec<Mission>,
}

#[derive(Serialize)]
struct Mission {
    id: String,
    team: String,
    round: String,
    sealed: bool,
    checklist: Vec<Item>,
    stops: Vec<Out>,
    /// Stops the team does not know yet.
    hidden: usize,
    done: usize,
}

#[derive(Serialize)]
struct Item {
    item: String,
    key_point: String,
    how: String,
}

/// A stop as the phone shows it.
#[derive(Serialize)]
struct Out {
    n: u32,
    unit: String,
    place: String,
    note: String,
    at: Option<Place>,
    arrived: bool,
    /// The task that is looked at again: number, title, what was promised.
    task: Option<(String, String, Vec<String>)>,
    /// Names of what may be seen.
    saw: Vec<&'static str>,
    /// The field that a new finding here most likely is of.
    field: String,
    /// The last pictures: digest, JPEG as base64, words.
    photos: Vec<(String, String, String)>,
    /// Lines of waters around, in millionths of a degree.
    outline: Vec<(String, Vec<(i64, i64)>)>,
    codes: Vec<String>,
}

/// `POST /field/package`: it gives random codes out, so it is no reading alone.
pub async fn post(State(app): State<App>, locale: Locale, signed: Signed, headers: HeaderMap) -> Response {
    let answer = match check_csrf(&signed, &headers) {
        Ok(()) => packed(&app, locale, &signed).await,
        Err(failure) => Err(failure),
    };
    reply(locale, answer)
}

async fn packed(app: &App, locale: Locale, signed: &Signed) -> Result<Package, Failure> {
    let device = device(app, signed)?;
    let (looked, reader) = (app.clone(), signed.clone());
    let (missions, codes) =
        app.books.ask(move |connection| missions(&looked, connection, locale, &reader)).await?;
    app.books
        .act(machine(), app.now(), move |work| {
            let at = work.at;
            for (about, codes) in &codes {
                nonce::give(work.connection(), about, codes, at)?;
            }
            Ok::<_, Failure>(())
        })
        .await?;
    let fields =
        FIELDS.map(|field| (field, locale.say(&format!("work-field-{}", field.replace('_', "-"))))).to_vec();
    Ok(Package { device, fields, missions })
}

/// Random codes by the tag of what they are bound to.
type Codes = Vec<(String, Vec<String>)>;

fn missions(
    app: &App,
    connection: &mut Connection,
    locale: Locale,
    signed: &Signed,
) -> Result<(Vec<Mission>, Codes), Failure> {
    let known = mission::all_known(app, connection, signed)?;
    let rivers: Vec<River> =
        shelf::list::<River>(connection, RIVERS_MAX)?.into_iter().map(|(_, seen)| seen.record).collect();
    let (mut missions, mut codes) = (Vec::new(), Vec::new());
    for each in known.iter().filter(|each| each.is_team(signed) && each.course.is_under_way()) {
        let mut stops = Vec::new();
        for (n, visit) in (1_u32..).zip(&each.course.visits) {
            if !matches!(each.course.stop_state(n), StopState::Released | StopState::There) {
                continue;
            }
            let given: Vec<String> = (0..CODES).map(|_| random_token()).collect();
            codes.push((tag_of(app, signed, each, n), given.clone()));
            let mut out = stop(app, connection, locale, each, &visit.stop, n, given)?;
            out.arrived = visit.arrival.is_some();
            out.outline = visit.stop.at.as_ref().map(|at| outline(&rivers, at)).unwrap_or_default();
            stops.push(out);
        }
        let of = |state| {
            (1_u32..)
                .zip(&each.course.visits)
                .filter(move |(n, _)| each.course.stop_state(*n) == state)
                .count()
        };
        missions.push(Mission {
            id: each.mission.id.to_string(),
            team: each.course.team.name.clone(),
            round: each.round.plan.title.clone(),
            sealed: each.mission.is_sealed(),
            checklist: each
                .round
                .plan
                .checklist
                .iter()
                .map(|item| Item {
                    item: item.item.clone(),
                    key_point: item.key_point.clone(),
                    how: [item.standard.as_str(), item.method.as_str()]
                        .into_iter()
                        .filter(|text| !text.is_empty())
                        .collect::<Vec<_>>()
                        .join(" · "),
                })
                .collect(),
            hidden: of(StopState::Waiting),
            done: of(StopState::Left),
            stops,
        });
    }
    Ok((missions, codes))
}

fn stop(
    app: &App,
    connection: &mut Connection,
    locale: Locale,
    known: &Known,
    stop: &Stop,
    n: u32,
    codes: Vec<String>,
) -> Result<Out, Failure> {
    let reference = app.reference();
    let looked_at = match &stop.task {
        Some(id) => task::load(connection, id)?.map(|seen| seen.record),
        None => None,
    };
    let only = match known.round.plan.fields.as_slice() {
        [only] => Some(only.clone()),
        _ => None,
    };
    let field = looked_at.as_ref().map(|task| task.field.clone()).or(only);
    Ok(Out {
        n,
        unit: words::unit(&reference.office, stop.unit.as_str()),
        place: stop.place.clone(),
        note: stop.note.clone(),
        at: stop.at.or_else(|| looked_at.as_ref()?.points.last().map(|point| point.place)),
        arrived: false,
        saw: Saw::offered(stop.task.is_some()).iter().map(|saw| saw.name()).collect(),
        field: field.unwrap_or_else(|| "other".to_owned()),
        photos: looked_at.as_ref().map(|task| last_photos(app, locale, task)).unwrap_or_default(),
        task: looked_at.map(|task| {
            let promised = task.measures.iter().filter(|measure| !measure.waived);
            let promised = promised.map(|measure| measure.text.clone());
            let promised =
                Some(task.goal.clone()).into_iter().chain(promised).filter(|text| !text.is_empty());
            (task.id.to_string(), task.title.clone(), promised.collect())
        }),
        outline: Vec::new(),
        codes,
    })
}

/// The newest pictures of a task, those of afterwards first, small.
fn last_photos(app: &App, locale: Locale, task: &Task) -> Vec<(String, String, String)> {
    let order = |role: EvidenceRole| match role {
        EvidenceRole::LookBack => 0,
        EvidenceRole::Verification | EvidenceRole::After => 1,
        EvidenceRole::During => 2,
        _ => 3,
    };
    let mut pictures: Vec<_> =
        task.evidence.iter().rev().filter(|each| each.file.media_type.starts_with("image/")).collect();
    pictures.sort_by_key(|each| order(each.file.role));
    let small = |each: &&bihuan_rules::task::EvidenceOnTask| {
        let bytes = app.books.evidence().get_waiting(&each.file.sha256).ok()?;
        let jpeg = STANDARD.encode(picture::thumbnail(&bytes)?);
        let role = locale.say(&format!("evidence-{}", each.file.role.name().replace('_', "-")));
        Some((each.file.sha256.clone(), jpeg, format!("{role} · {}", each.attached_on)))
    };
    pictures.iter().filter_map(small).take(PHOTOS_MAX).collect()
}

/// The lines of waters near a place; a line in another datum is left out rather than drawn half a kilometre beside.
fn outline(rivers: &[River], at: &Place) -> Vec<(String, Vec<(i64, i64)>)> {
    let is_true = |datum: Datum| matches!(datum, Datum::Wgs84 | Datum::Cgcs2000);
    let near = |lon_e6: i64, lat_e6: i64| {
        (lon_e6 - at.lon_e6).abs() <= AROUND_E6 && (lat_e6 - at.lat_e6).abs() <= AROUND_E6
    };
    let reaches = rivers.iter().flat_map(|river| &river.reaches).filter(|reach| is_true(reach.datum));
    reaches
        .filter(|_| is_true(at.datum))
        .filter(|reach| reach.line.iter().any(|spot| near(spot.lon_e6, spot.lat_e6)))
        .map(|reach| {
            let line = reach.line.iter().filter(|spot| near(spot.lon_e6, spot.lat_e6));
            (reach.name.clone(), line.map(|spot| (spot.lon_e6, spot.lat_e6)).collect())
        })
        .collect()
}
