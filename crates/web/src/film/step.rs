//! The forms of a film: taking it in, entering what it shows, and settling each item.

use super::{find, may_write};
use crate::{
    app::App,
    failure::Failure,
    filled::{FieldError, Filled},
    frame::{
        form::{Column, Field, Kind},
        sheet::{Sheet, field, line, options},
    },
    intake::{
        entry::{Entry, Origin, source_from},
        review::Item as ReviewItem,
    },
    locale::Locale,
    office::choose::units,
    order::{self, steps},
    session::Signed,
    words,
};
use axum::{
    extract::{Path, State},
    response::Response,
};
use bihuan_rules::{
    Act, Refusal, Subject,
    access::Room,
    committee::{self, Meeting, MeetingOrder},
    film::{self, Fate, Film, FilmFacts, FilmItem, FilmOrder, Timecode, Typed},
    id::{ProblemId, RecordId, TaskId, UnitId},
    office::{Level, UnitKind},
    record::Kind as RecordKind,
    source::SourceKind,
    task::TaskKind,
};
use bihuan_store::{Receipt, Work, shelf};
use jiff::civil::Date;

/// Items that the form has room for at once.
const ITEM_ROWS: usize = 6;
/// Signs of what is seen that become the title of a problem.
const TITLE_CHARS: usize = 60;
/// What the codes of films begin with (`W-2021-001`): findings have `F`. Books from before this hold films with `F` codes; they stay
/// as they are.
const PREFIX: &str = "W";
/// What a row of an item is made of.
const COLUMNS: [&str; 6] = ["film_from", "film_until", "film_seen", "film_place", "film_area", "film_unit"];

steps! {
    /// What a form is for.
    enum Step {
        New = "new",
        Correct = "correct",
        Enter = "enter",
        Change = "change",
        Problem = "problem",
        Known = "known",
        SetAside = "set-aside",
    }
}

fn item_rows(app: &App, locale: Locale, filled: &Filled, rows: usize) -> Field {
    let towns = units(app, |kind| kind == UnitKind::Town);
    let answerable = units(app, |kind| matches!(kind, UnitKind::Town | UnitKind::Department));
    let columns = COLUMNS.map(|name| Column {
        name: name.to_owned(),
        label: locale.say(&format!("field-{}", name.replace('_', "-"))),
        options: match name {
            "film_area" => towns.clone(),
            "film_unit" => answerable.clone(),
            _ => Vec::new(),
        },
    });
    let typed = filled.column("film_from").len();
    let cell = |name: &str, n: usize| filled.column(name).get(n).cloned().unwrap_or_default();
    let rows = (0..rows.max(typed)).map(|n| COLUMNS.map(|name| cell(name, n)).to_vec());
    field(locale, "film_items", Kind::Rows(columns.to_vec(), rows.collect()))
}

fn fields(app: &App, locale: Locale, step: Step, filled: &Filled) -> Vec<Field> {
    let line = |name: &str| line(locale, name, filled);
    let menu = |name: &str, choices: Vec<(String, String)>| {
        field(locale, name, Kind::Menu(options(choices, &filled.texts(name))))
    };
    let optional = |mut field: Field| {
        field.optional = true;
        field
    };
    match step {
        Step::New | Step::Correct => vec![
            line("title"),
            menu(
                "level",
                Level::ALL.map(|level| (level.name().to_owned(), words::level(locale, level))).to_vec(),
            ),
            optional(line("film_sender")),
            line("film_length"),
            line("film_received_on"),
        ],
        Step::Enter => vec![item_rows(app, locale, filled, ITEM_ROWS)],
        Step::Change => vec![item_rows(app, locale, filled, 1)],
        Step::Problem => {
            let kinds = TaskKind::ALL.map(|kind| {
                (kind.name().to_owned(), locale.say(&format!("kind-{}", kind.name().replace('_', "-"))))
            });
            vec![
                line("title"),
                menu("field", words::work_fields(locale)),
                menu("kind", kinds.to_vec()),
                optional(menu("area", units(app, |kind| kind == UnitKind::Town))),
                optional(menu(
                    "lead",
                    units(app, |kind| matches!(kind, UnitKind::Town | UnitKind::Department)),
                )),
                optional(line("due_on")),
            ]
        }
        Step::Known => vec![line("known_task")],
        Step::SetAside => vec![field(locale, "reason", Kind::Passage(filled.text("reason").to_owned(), 3))],
    }
}

fn number(filled: &Filled) -> u32 {
    let number = filled.number("item").ok().flatten();
    number.and_then(|number| u32::try_from(number).ok()).unwrap_or(0)
}

fn sheet(app: &App, locale: Locale, step: Step, film: Option<&Film>, filled: &Filled) -> Sheet {
    let above = match film {
        Some(film) => format!("/films/{}", film.id),
        None if filled.has("meeting") => format!("/meetings/{}", filled.text("meeting")),
        None => "/films".to_owned(),
    };
    let mut crumbs = vec![
        ("/meetings".to_owned(), locale.say("room-meetings")),
        ("/films".to_owned(), locale.say("film-list")),
    ];
    crumbs.extend(film.map(|film| (above.clone(), film.facts.title.clone())));
    let intro = format!("film-intro-{}", step.name());
    let mut intro = if locale.knows(&intro) { locale.say(&intro) } else { String::new() };
    let item = film.and_then(|film| film.item(number(filled))).map(|entered| &entered.item);
    if let Some(item) = item.filter(|_| step != Step::Change) {
        intro = format!("{} {} {} {intro}", item.timecode(), item.seen, item.place);
    }
    let action = film.map_or("/films/new".to_owned(), |_| format!("{above}/{}", step.name()));
    Sheet {
        room: Some(Room::Meetings),
        title: locale.say(&format!("film-step-{}", step.name())),
        crumbs,
        intro: intro.trim().to_owned(),
        action,
        cancel: above,
        submit: locale.say(&format!("film-do-{}", step.name())),
        fields: fields(app, locale, step, filled),
        hidden: vec![
            ("item", filled.text("item").to_owned()),
            ("meeting", filled.text("meeting").to_owned()),
        ],
    }
}

fn read_facts(filled: &Filled, today: Date) -> Result<FilmFacts, Vec<FieldError>> {
    let level = filled.one_of("level", Level::ALL, Level::name);
    let received_on = filled.date_needed("film_received_on", today);
    let length = match filled.text("film_length") {
        "" => Err(FieldError::at("film_length", "form-missing")),
        typed => Timecode::read(typed).ok_or_else(|| FieldError::at("film_length", "film-length-unread")),
    };
    match (level, received_on, length) {
        (Ok(level), Ok(received_on), Ok(length)) => Ok(FilmFacts {
            title: filled.text("title").to_owned(),
            level,
            sender: filled.text("film_sender").to_owned(),
            length,
            received_on,
        }),
        (level, received_on, length) => {
            Err([level.err(), received_on.err(), length.err()].into_iter().flatten().collect())
        }
    }
}

/// The rows of the form in which anything was typed.
fn read_items(filled: &Filled) -> Vec<Typed> {
    let rows = filled.column("film_from").len();
    let cell = |name: &str, n: usize| filled.column(name).get(n).map_or("", |text| text.trim()).to_owned();
    let unit = |name: &str, n: usize| UnitId::new(cell(name, n)).ok();
    (0..rows)
        .filter(|n| COLUMNS.iter().any(|name| !cell(name, *n).is_empty()))
        .map(|n| Typed {
            row: n + 1,
            from: cell("film_from", n),
            until: cell("film_until", n),
            seen: cell("film_seen", n),
            place: cell("film_place", n),
            area: unit("film_area", n),
            unit: unit("film_unit", n),
        })
        .collect()
}

fn facts_of(facts: &FilmFacts) -> Filled {
    let mut filled = Filled::default();
    filled.set("title", facts.title.clone());
    filled.set("level", facts.level.name());
    filled.set("film_sender", facts.sender.clone());
    filled.set("film_length", facts.length.to_string());
    filled.set("film_received_on", facts.received_on.to_string());
    filled
}

fn item_of(item: &FilmItem) -> Filled {
    let unit = |unit: &Option<UnitId>| unit.as_ref().map(ToString::to_string).unwrap_or_default();
    let mut filled = Filled::default();
    let values = [
        item.from.to_string(),
        item.until.to_string(),
        item.seen.clone(),
        item.place.clone(),
        unit(&item.area),
        unit(&item.unit),
    ];
    for (name, value) in COLUMNS.into_iter().zip(values) {
        filled.set(name, value);
    }
    filled
}

/// What the office would most likely put on the list for an item.
fn problem_of(item: &FilmItem) -> Filled {
    let mut filled = Filled::default();
    filled.set(
        "title",
        item.seen.lines().next().unwrap_or_default().chars().take(TITLE_CHARS).collect::<String>(),
    );
    filled.set("kind", TaskKind::Works.name());
    filled.set("area", item.area.as_ref().map(ToString::to_string).unwrap_or_default());
    filled
        .set("lead", item.unit.as_ref().or(item.area.as_ref()).map(ToString::to_string).unwrap_or_default());
    filled
}

/// The problem of an item as the list takes it: the place in the film is its number in the source, and every cell stays readable.
fn entry(app: &App, film: &Film, item: &FilmItem, filled: &Filled) -> Result<Entry, Vec<FieldError>> {
    let reference = app.reference();
    let name = |unit: &str| words::unit(&reference.office, unit);
    let typed = |name: &str| filled.text(name).to_owned();
    let due = filled.date("due_on", app.today()).map_err(|error| vec![error])?;
    let lead = filled.id::<UnitId>("lead").map_err(|error| vec![error])?;
    let values = [
        ("title", typed("title")),
        ("original_text", item.seen.clone()),
        ("field", typed("field")),
        ("area", typed("area")),
        ("kind", typed("kind")),
        ("source_number", item.timecode()),
        ("due_on", due.map(|due| due.to_string()).unwrap_or_default()),
        ("lead", lead.map(|lead| name(lead.as_str())).unwrap_or_default()),
    ];
    let values = values.into_iter().map(|(name, value)| (name.to_owned(), value));
    let unit = |unit: &Option<UnitId>| unit.as_ref().map(|unit| name(unit.as_str())).unwrap_or_default();
    let cells = [
        ("警示片", film.facts.title.clone()),
        ("时间码", item.timecode()),
        ("画面内容", item.seen.clone()),
        ("地点", item.place.clone()),
        ("属地", unit(&item.area)),
        ("建议负责单位", unit(&item.unit)),
    ];
    let cells = cells.into_iter().filter(|(_, value)| !value.is_empty());
    let typed = ReviewItem {
        values: values.filter(|(_, value)| !value.is_empty()).collect(),
        cells: cells.map(|(name, value)| (name.to_owned(), value)).collect(),
        ..ReviewItem::default()
    };
    Entry::read(typed, str::to_owned, app.today())
}

/// `GET /films/new`.
pub async fn new(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    asked: Filled,
) -> Result<Response, Failure> {
    if !may_write(&signed) {
        return Err(Failure::NotFound);
    }
    let mut filled = Filled::default();
    filled.set("film_received_on", app.today().to_string());
    if let Ok(id) = RecordId::new(asked.text("meeting")) {
        let seen = app.books.ask(move |connection| shelf::find::<Meeting>(connection, &id)).await?;
        let meeting = seen.ok_or(Failure::NotFound)?.record;
        let place = usize::try_from(number(&asked)).ok().and_then(|n| n.checked_sub(1));
        let item = place.and_then(|place| meeting.items.get(place)).ok_or(Failure::NotFound)?;
        let title = item.agenda.title.trim_start_matches("观看").to_owned();
        filled.set("title", title);
        filled.set("film_received_on", meeting.call.on.min(app.today()).to_string());
        filled.set("meeting", meeting.id.to_string());
        filled.set("item", asked.text("item"));
    }
    Ok(sheet(&app, locale, Step::New, None, &filled).answer(&app, locale, &signed, &[], None))
}

/// `POST /films/new`.
pub async fn create(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    filled: Filled,
) -> Result<Response, Failure> {
    if !may_write(&signed) {
        return Err(Failure::NotFound);
    }
    signed.check_form(filled.text("csrf"))?;
    let refuse = |errors: &[FieldError], refusal: Option<&Refusal>| {
        sheet(&app, locale, Step::New, None, &filled).answer(&app, locale, &signed, errors, refusal)
    };
    let facts = match read_facts(&filled, app.today()) {
        Ok(facts) => facts,
        Err(errors) => return Ok(refuse(&errors, None)),
    };
    let shown_at = RecordId::new(filled.text("meeting")).ok().map(|meeting| (meeting, number(&filled)));
    let request = format!("film new {} {}", facts.title, filled.text("meeting"));
    let done = order::carry_out(&app, &signed, &filled, request, move |work| {
        let year = facts.received_on.year();
        let act = film::decide(&work.situation(""), None, FilmOrder::Receive(facts))?;
        let id = work.next_code::<Film>(&format!("{PREFIX}-{year}"))?;
        let mut receipt = work.record(Subject::Record(RecordKind::Film, id.clone()), Act::from(act))?;
        if let Some((meeting, n)) = shown_at {
            let known = work.filed::<Meeting>(&meeting)?.ok_or(Failure::NotFound)?.record;
            let order = MeetingOrder::ShowFilm(n, id.clone());
            let act = committee::decide(&work.situation(""), Some(&known), order)?;
            receipt = work.record(Subject::Record(RecordKind::Meeting, meeting), Act::from(act))?;
        }
        Ok((id, receipt))
    })
    .await;
    let to = |done| match done {
        Some(id) => format!("/films/{id}"),
        None => "/films".to_owned(),
    };
    order::answered(done, to, |refusal| refuse(&[], Some(refusal)))
}

/// The film, for somebody who may write it.
async fn known(app: &App, signed: &Signed, id: String) -> Result<Film, Failure> {
    if !may_write(signed) {
        return Err(Failure::NotFound);
    }
    let (reader, looked) = (signed.clone(), app.clone());
    Ok(app.books.ask(move |connection| find(&looked, connection, &reader, &id)).await?.record)
}

/// `GET /films/{id}/{step}`.
pub async fn get(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    Path((id, step)): Path<(String, String)>,
    asked: Filled,
) -> Result<Response, Failure> {
    let step = Step::named(&step)?;
    let film = known(&app, &signed, id).await?;
    let item = film.item(number(&asked)).map(|entered| &entered.item);
    let mut filled = match (step, item) {
        (Step::Correct, _) => facts_of(&film.facts),
        (Step::Enter, _) => Filled::default(),
        (Step::Change, Some(item)) => item_of(item),
        (Step::Problem, Some(item)) => problem_of(item),
        (_, Some(_)) => Filled::default(),
        (_, None) => return Err(Failure::NotFound),
    };
    filled.set("item", asked.text("item"));
    Ok(sheet(&app, locale, step, Some(&film), &filled).answer(&app, locale, &signed, &[], None))
}

/// What a form orders.
enum Wanted {
    Order(FilmOrder),
    Problem(u32, Box<Entry>),
}

fn wanted(app: &App, step: Step, film: &Film, filled: &Filled) -> Result<Wanted, Vec<FieldError>> {
    let n = number(filled);
    let one = |error: FieldError| vec![error];
    Ok(Wanted::Order(match step {
        Step::New | Step::Correct => FilmOrder::Correct(read_facts(filled, app.today())?),
        Step::Enter => FilmOrder::Enter(read_items(filled)),
        Step::Change => {
            let typed = read_items(filled).into_iter().next();
            FilmOrder::Change(n, typed.ok_or_else(|| one(FieldError::at("film_items", "form-missing")))?)
        }
        Step::Problem => {
            let item = film.item(n).ok_or_else(|| one(FieldError::at("title", "form-missing")))?;
            return Ok(Wanted::Problem(n, Box::new(entry(app, film, &item.item, filled)?)));
        }
        Step::Known => {
            let task = filled.id_needed::<TaskId>("known_task").map_err(one)?;
            FilmOrder::Settle(n, Fate::Known { task })
        }
        Step::SetAside => {
            let reason = filled.text("reason").replace("\r\n", "\n");
            FilmOrder::Settle(n, Fate::SetAside { reason })
        }
    }))
}

/// `POST /films/{id}/{step}`.
pub async fn post(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    Path((id, step)): Path<(String, String)>,
    filled: Filled,
) -> Result<Response, Failure> {
    let step = Step::named(&step)?;
    let film = known(&app, &signed, id).await?;
    signed.check_form(filled.text("csrf"))?;
    let refuse = |errors: &[FieldError], refusal: Option<&Refusal>| {
        sheet(&app, locale, step, Some(&film), &filled).answer(&app, locale, &signed, errors, refusal)
    };
    let wanted = match wanted(&app, step, &film, &filled) {
        Ok(wanted) => wanted,
        Err(errors) => return Ok(refuse(&errors, None)),
    };
    let code = film.id.clone();
    let request = format!("film {code} {} {}", step.name(), filled.text("item"));
    let done =
        order::carry_out(&app, &signed, &filled, request, move |work| carry(work, &code, wanted)).await;
    let to = |_| format!("/films/{}", film.id);
    order::answered(done, to, |refusal| refuse(&[], Some(refusal)))
}

/// Does what was ordered, inside one piece of work.
fn carry(work: &mut Work<'_>, code: &RecordId, wanted: Wanted) -> Result<((), Receipt), Failure> {
    let known = work.filed::<Film>(code)?.ok_or(Failure::NotFound)?.record;
    let subject = Subject::Record(RecordKind::Film, code.clone());
    let order = match wanted {
        Wanted::Order(FilmOrder::Settle(n, Fate::Known { task })) => {
            if work.task(&task)?.is_none() {
                return Err(Refusal::Unknown { field: "known_task", value: task.to_string() }.into());
            }
            FilmOrder::Settle(n, Fate::Known { task })
        }
        Wanted::Order(order) => order,
        Wanted::Problem(n, entry) => {
            let (problem, task) = register(work, &known, *entry)?;
            FilmOrder::Settle(n, Fate::Problem { problem, task })
        }
    };
    let act = film::decide(&work.situation(""), Some(&known), order)?;
    Ok(((), work.record(subject, Act::from(act))?))
}

/// Puts an item on the list, under the source that the film is.
///
/// # Errors
/// What the rules refuse, or the engine.
pub fn register(work: &mut Work<'_>, film: &Film, entry: Entry) -> Result<(ProblemId, TaskId), Failure> {
    let facts = &film.facts;
    let origin = Origin { kind: SourceKind::WarningFilm, level: facts.level, sender: &facts.sender };
    let source = source_from::<Failure>(work, origin, film.id.as_str(), &facts.title, facts.received_on)?;
    let prefix = work.reference().area.as_ref().map(|area| area.number_prefix.clone()).unwrap_or_default();
    let task = entry.record::<Failure>(work, &source, &prefix)?;
    let registered = work.task(&task)?.ok_or(Failure::NotFound)?.record;
    let problem = registered.problems.into_iter().next().ok_or(Failure::NotFound)?;
    Ok((problem, task))
}
