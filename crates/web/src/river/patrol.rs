//! `/rivers/patrols/{id}`: one patrol: when, where, what was seen, what became of each finding; its photos.

use super::{chief_words, enter, find as find_river, forms::choose, keeps, map, seat_words, track};
use crate::{
    app::App,
    failure::Failure,
    filled::{FieldError, Filled},
    frame::{Frame, sheet::Sheet, show},
    intake::{
        entry::{Entry, own_source},
        review::Item,
    },
    kept,
    locale::Locale,
    order::{self, steps},
    project::Link,
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
    Act, Refusal, Subject,
    access::Room,
    id::{RecordId, TaskId},
    office::{Office, Role, UnitKind},
    record::Kind,
    river::{Patrol, PatrolOrder, PatrolRule, River, Verdict, decide_patrol, judge},
    task::TaskKind,
};
use bihuan_store::{Connection, Receipt, Seen, Work, shelf};

/// Most patrols beside a task.
const LINKS_MAX: u32 = 50;

/// A patrol in a table.
pub(super) struct Row {
    pub id: String,
    pub when: String,
    pub place: String,
    pub chief: String,
    pub seen: String,
    pub state: (String, &'static str),
}

/// A finding with what became of it.
struct Found {
    n: u32,
    text: String,
    place: String,
    task: String,
    settled: String,
    is_open: bool,
}

#[derive(Template)]
#[template(path = "river/patrol.html")]
struct View {
    frame: Frame,
    id: String,
    state: (String, &'static str),
    facts: Vec<(String, String)>,
    seen: String,
    found: Vec<Found>,
    photos: Vec<(String, String)>,
    map: map::Map,
    task: String,
    may_register: bool,
    may_settle: bool,
    may_withdraw: bool,
}

/// How a patrol stands in words, with the class of its tag.
fn state(locale: Locale, patrol: &Patrol) -> (String, &'static str) {
    let open = patrol.open_findings().count();
    let count = i64::try_from(patrol.log.findings.len()).unwrap_or(0);
    let words = |key: &'static str| locale.text(key).with("count", count).to_string();
    match (patrol.stands(), patrol.log.findings.is_empty(), open) {
        (false, ..) => (locale.say("patrol-state-withdrawn"), "plain"),
        (true, true, _) => (locale.say("patrol-state-clean"), "done"),
        (true, false, 0) => (words("patrol-state-followed"), "done"),
        (true, false, _) => (words("patrol-state-open"), "near"),
    }
}

fn when(locale: Locale, patrol: &Patrol) -> String {
    let (from, until) = (patrol.log.from, patrol.log.until);
    format!("{} {}–{}", locale.date(from.date()), from.strftime("%H:%M"), until.strftime("%H:%M"))
}

pub(super) fn row(locale: Locale, office: &Office, river: &River, patrol: &Patrol) -> Row {
    let chief = river.chief(patrol.log.chief);
    let on = patrol.log.from.date();
    let who = chief.map(|chief| {
        let (name, _) = chief_words(office, chief, on);
        let seat = seat_words(locale, chief);
        if chief.post.as_ref().is_some_and(|post| *post != patrol.by) {
            format!("{seat} {name} · {}", locale.say("river-by-assistant"))
        } else {
            format!("{seat} {name}")
        }
    });
    Row {
        id: patrol.id.to_string(),
        when: when(locale, patrol),
        place: river.reach(patrol.log.reach).map(|reach| reach.name.clone()).unwrap_or_default(),
        chief: who.unwrap_or_default(),
        seen: patrol.log.seen.lines().next().unwrap_or_default().chars().take(60).collect(),
        state: state(locale, patrol),
    }
}

fn find(connection: &mut Connection, id: &str) -> Result<Seen<Patrol>, Failure> {
    let id = RecordId::new(id).map_err(|_| Failure::NotFound)?;
    shelf::find::<Patrol>(connection, &id)?.ok_or(Failure::NotFound)
}

async fn open(app: &App, signed: &Signed, id: String) -> Result<(Patrol, River), Failure> {
    enter(signed)?;
    let patrol = app.books.ask(move |connection| find(connection, &id)).await?.record;
    let river = find_river(&app.reference(), patrol.log.river.as_str())?;
    Ok((patrol, river))
}

/// Patrols that looked after a task, or found it.
///
/// # Errors
/// When the engine refuses.
pub(crate) fn linked(
    app: &App,
    locale: Locale,
    signed: &Signed,
    connection: &mut Connection,
    task: &TaskId,
) -> Result<Vec<Link>, Failure> {
    if enter(signed).is_err() {
        return Ok(Vec::new());
    }
    let reference = app.reference();
    let mut found = shelf::about::<Patrol>(connection, &Subject::Task(task.clone()), LINKS_MAX)?;
    found.sort_by_key(|(_, seen)| std::cmp::Reverse(seen.record.log.from));
    let link = |patrol: Patrol| {
        let river = find_river(&reference, patrol.log.river.as_str()).ok()?;
        let line = row(locale, &reference.office, &river, &patrol);
        let has_found = patrol.found.iter().any(|found| found.task.as_ref() == Some(task));
        let key = if has_found { "river-patrol-found" } else { "river-patrol-looked" };
        Some(Link {
            href: format!("/rivers/patrols/{}", patrol.id),
            title: format!("{} {}", line.place, line.when),
            tags: vec![(locale.say(key), "plain")],
            note: line.chief,
        })
    };
    Ok(found.into_iter().filter_map(|(_, seen)| link(seen.record)).collect())
}

/// `GET /rivers/patrols/{id}`.
pub async fn get(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let (patrol, river) = open(&app, &signed, id).await?;
    let reference = app.reference();
    let office = &reference.office;
    let line = row(locale, office, &river, &patrol);
    let rule = PatrolRule::named(&river.outline.rule);
    let verdict = judge(rule, &[patrol.trip()]).first().copied().unwrap_or(Verdict::Counts);
    let mut facts = vec![
        (locale.say("river-when"), line.when.clone()),
        (locale.say("field-reach"), line.place.clone()),
        (locale.say("river-seat"), line.chief.clone()),
        (locale.say("river-logged-by"), words::post(office, &patrol.by)),
        (locale.say("field-way"), locale.say(&format!("river-method-{}", patrol.log.method.name()))),
    ];
    if let Some(metres) = patrol.log.distance_m {
        facts.push((locale.say("field-distance-m"), format!("{metres} m")));
    }
    if let Some(datum) = patrol.log.datum.filter(|_| !patrol.log.track.is_empty()) {
        let points = i64::try_from(patrol.log.track.len()).unwrap_or(0);
        let words = locale.text("river-track-words").with("points", points);
        let words = words.with("datum", locale.say(&format!("datum-{}", datum.name())));
        facts.push((locale.say("river-track"), words.to_string()));
    }
    if let Some(place) = &patrol.log.at {
        let spot =
            format!("{}, {}", super::forms::decimal(place.lon_e6), super::forms::decimal(place.lat_e6));
        facts.push((locale.say("river-position"), spot));
    }
    let counts = locale.say(&format!("river-verdict-{}", verdict.name().replace('_', "-")));
    facts.push((locale.say("river-counts"), counts));
    if !patrol.withdrawn.is_empty() {
        facts.push((locale.say("field-reason"), patrol.withdrawn.clone()));
    }
    let found = (1..).zip(patrol.log.findings.iter().zip(&patrol.found)).map(|(n, (finding, found))| Found {
        n,
        text: finding.text.clone(),
        place: finding
            .place
            .map(|place| {
                format!("{}, {}", super::forms::decimal(place.lon_e6), super::forms::decimal(place.lat_e6))
            })
            .unwrap_or_default(),
        task: found.task.as_ref().map(ToString::to_string).unwrap_or_default(),
        settled: found.settled.clone(),
        is_open: found.is_open() && patrol.stands(),
    });
    let owns = keeps(&signed, Some(&river)) || patrol.by == signed.actor.post;
    let photo = |photo: &bihuan_rules::river::Photo| {
        (format!("/rivers/patrols/{}/photos/{}", patrol.id, photo.sha256), photo.name.clone())
    };
    let has_task = patrol.found.iter().any(|found| found.task.is_some());
    let drawn = river.reach(patrol.log.reach).filter(|_| !patrol.log.track.is_empty());
    let over = drawn.map(|reach| track::over(&patrol.log, reach)).unwrap_or_default();
    let shades = match drawn {
        Some(_) => vec![(&river, vec![(patrol.log.reach, map::Shade::Kept)])],
        None => Vec::new(),
    };
    let view = View {
        map: map::draw_way(locale, office, &shades, &over),
        task: patrol.log.task.as_ref().map(ToString::to_string).unwrap_or_default(),
        state: state(locale, &patrol),
        facts,
        seen: patrol.log.seen.clone(),
        found: found.collect(),
        photos: patrol.log.photos.iter().map(photo).collect(),
        may_register: signed.actor.roles.contains(&Role::Registrar),
        may_settle: owns,
        may_withdraw: owns && patrol.stands() && !has_task,
        frame: Frame::new(&app, locale, &signed, Room::Rivers, locale.say("record-patrol"))
            .below("/rivers", locale.say("room-rivers"))
            .below(format!("/rivers/{}", river.id), river.outline.name.clone())
            .below(format!("/rivers/{}/reaches/{}", river.id, patrol.log.reach), line.place),
        id: patrol.id.to_string(),
    };
    Ok(show(StatusCode::OK, &view))
}

/// `GET /rivers/patrols/{id}/photos/{sha256}`: a photo of a patrol; never run by the browser.
pub async fn photo(
    State(app): State<App>,
    signed: Signed,
    Path((id, sha256)): Path<(String, String)>,
) -> Result<Response, Failure> {
    let (patrol, _) = open(&app, &signed, id).await?;
    let photo = patrol.log.photos.into_iter().find(|photo| photo.sha256 == sha256);
    let photo = photo.ok_or(Failure::NotFound)?;
    let bytes = app.books.evidence().get(&photo.sha256).await?;
    kept::hand_out(bytes, &photo.name, &photo.media_type, true)
}

steps! {
    /// What a form is for.
    enum Step {
        Register = "register",
        Settle = "settle",
        Withdraw = "withdraw",
    }
}

fn finding<'p>(patrol: &'p Patrol, filled: &Filled) -> Option<(u32, &'p str)> {
    let n = u32::try_from(filled.number("n").ok().flatten()?).ok()?;
    let finding = patrol.log.findings.get(usize::try_from(n).ok()?.checked_sub(1)?)?;
    Some((n, finding.text.as_str()))
}

fn sheet(app: &App, locale: Locale, step: Step, patrol: &Patrol, river: &River, filled: &Filled) -> Sheet {
    let above = format!("/rivers/patrols/{}", patrol.id);
    let fields = match step {
        Step::Register => {
            vec![
                super::forms::line(locale, "title", filled),
                choose(locale, "field", words::work_fields(locale), filled),
                choose(locale, "area", super::forms::units(app, |kind| kind == UnitKind::Town), filled),
            ]
        }
        Step::Settle => vec![super::forms::passage(locale, "settled", 3, filled)],
        Step::Withdraw => vec![super::forms::line(locale, "reason", filled)],
    };
    Sheet {
        room: Some(Room::Rivers),
        title: locale.say(&format!("patrol-step-{}", step.name())),
        crumbs: vec![
            ("/rivers".to_owned(), locale.say("room-rivers")),
            (format!("/rivers/{}", river.id), river.outline.name.clone()),
            (above.clone(), locale.say("record-patrol")),
        ],
        intro: finding(patrol, filled).map(|(_, text)| text.to_owned()).unwrap_or_default(),
        action: format!("{above}/{}", step.name()),
        cancel: above,
        submit: locale.say(&format!("patrol-step-{}", step.name())),
        fields,
        hidden: vec![("n", filled.text("n").to_owned())],
    }
}

/// `GET /rivers/patrols/{id}/{step}`.
pub async fn form(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    Path((id, step)): Path<(String, String)>,
    asked: Filled,
) -> Result<Response, Failure> {
    let step = Step::named(&step)?;
    let (patrol, river) = open(&app, &signed, id).await?;
    let mut filled = Filled::default();
    filled.set("n", asked.text("n"));
    if step == Step::Register {
        let (_, text) = finding(&patrol, &asked).ok_or(Failure::NotFound)?;
        filled.set("title", text.chars().take(60).collect::<String>());
        filled.set("field", "water");
        let unit = river.reach(patrol.log.reach).map(|reach| reach.unit.to_string());
        filled.set("area", unit.unwrap_or_default());
    }
    Ok(sheet(&app, locale, step, &patrol, &river, &filled).answer(&app, locale, &signed, &[], None))
}

/// What the form orders.
enum Wanted {
    Order(PatrolOrder),
    Register(u32, Box<Entry>),
}

fn wanted(
    app: &App,
    step: Step,
    patrol: &Patrol,
    river: &River,
    filled: &Filled,
) -> Result<Wanted, Vec<FieldError>> {
    let n = finding(patrol, filled);
    let needs = || vec![FieldError::at("n", "form-missing")];
    Ok(match step {
        Step::Withdraw => Wanted::Order(PatrolOrder::Withdraw(filled.text("reason").to_owned())),
        Step::Settle => {
            let (n, _) = n.ok_or_else(needs)?;
            Wanted::Order(PatrolOrder::SettleFinding(n, filled.text("settled").replace("\r\n", "\n")))
        }
        Step::Register => {
            let (n, text) = n.ok_or_else(needs)?;
            let place = river.reach(patrol.log.reach).map(|reach| reach.name.clone()).unwrap_or_default();
            let original = format!("{}，{place}巡河发现：{text}", patrol.log.from.date());
            let values = [
                ("title", filled.text("title").to_owned()),
                ("original_text", original),
                ("field", filled.text("field").to_owned()),
                ("area", filled.text("area").to_owned()),
                ("kind", TaskKind::ALL.first().map_or("", |kind| kind.name()).to_owned()),
                ("source_number", patrol.id.to_string()),
                ("immediate", "yes".to_owned()),
            ];
            let values = values.map(|(name, value)| (name.to_owned(), value)).into_iter().collect();
            let entry = Entry::read(Item { values, ..Item::default() }, str::to_owned, app.today())?;
            Wanted::Register(n, Box::new(entry))
        }
    })
}

/// `POST /rivers/patrols/{id}/{step}`.
pub async fn post(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    Path((id, step)): Path<(String, String)>,
    filled: Filled,
) -> Result<Response, Failure> {
    let step = Step::named(&step)?;
    signed.check_form(filled.text("csrf"))?;
    let (patrol, river) = open(&app, &signed, id).await?;
    let refuse = |errors: &[FieldError], refusal: Option<&Refusal>| {
        sheet(&app, locale, step, &patrol, &river, &filled).answer(&app, locale, &signed, errors, refusal)
    };
    let wanted = match wanted(&app, step, &patrol, &river, &filled) {
        Ok(wanted) => wanted,
        Err(errors) => return Ok(refuse(&errors, None)),
    };
    let request = format!("patrol {} {} {}", patrol.id, step.name(), filled.text("n"));
    let (code, of) = (patrol.id.clone(), river.clone());
    let done =
        order::carry_out(&app, &signed, &filled, request, move |work| carry(work, &code, &of, wanted)).await;
    let to = |address: Option<String>| address.unwrap_or_else(|| format!("/rivers/patrols/{}", patrol.id));
    order::answered(done, to, |refusal| refuse(&[], Some(refusal)))
}

fn carry(
    work: &mut Work<'_>,
    code: &RecordId,
    river: &River,
    wanted: Wanted,
) -> Result<(String, Receipt), Failure> {
    let known = work.filed::<Patrol>(code)?.ok_or(Failure::NotFound)?.record;
    let subject = Subject::Record(Kind::Patrol, code.clone());
    let decide = |work: &Work<'_>, order| decide_patrol(&work.situation(""), river, Some(&known), order);
    match wanted {
        Wanted::Order(order) => {
            let act = decide(work, order)?;
            Ok((format!("/rivers/patrols/{code}"), work.record(subject, Act::from(act))?))
        }
        Wanted::Register(n, entry) => {
            let year = known.log.from.year();
            let on = bihuan_rules::day_of(work.at);
            let title = format!("{year}年河长巡河发现");
            let source = own_source::<Failure>(work, &format!("patrols-{year}"), &title, on)?;
            let prefix =
                work.reference().area.as_ref().map(|area| area.number_prefix.clone()).unwrap_or_default();
            let task: TaskId = entry.record::<Failure>(work, &source, &prefix)?;
            let act = decide(work, PatrolOrder::RegisterFinding(n, task.clone()))?;
            Ok((format!("/tasks/{task}"), work.record(subject, Act::from(act))?))
        }
    }
}
