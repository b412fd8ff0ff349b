//! `/duties`: the duty list (责任清单) by unit and by field as of any day, each duty with its versions, what is missing, and the forms.

mod export;
mod gaps;
mod import;
mod show;
mod step;
mod table;

pub(crate) use table::{HEADINGS, cells, holders};

use crate::{
    app::App,
    failure::Failure,
    filled::Filled,
    frame::{Frame, show as page},
    locale::Locale,
    session::Signed,
    words,
};
use askama::Template;
use axum::{Router, extract::State, http::StatusCode, response::Response, routing::get};
use bihuan_rules::{
    access::Room,
    duty::{self, Duty, DutyState, Wording},
    id::{RecordId, UnitId},
    office::{Role, UnitKind},
    problem::FIELDS,
};
use bihuan_store::Reference;
use jiff::civil::Date;

/// The addresses of duties.
pub fn router() -> Router<App> {
    Router::new()
        .route("/duties", get(list))
        .route("/duties/print", get(print))
        .route("/duties/export", get(export::get))
        .route("/duties/gaps", get(gaps::get))
        .route("/duties/import", get(import::get).post(import::post))
        .route("/duties/import/adopt", axum::routing::post(import::adopt))
        .route("/duties/new", get(step::new).post(step::create))
        .route("/duties/{id}", get(show::get))
        .route("/duties/{id}/{step}", get(step::get).post(step::post))
}

fn enter(signed: &Signed) -> Result<(), Failure> {
    if signed.actor.may_enter(Room::Duties) { Ok(()) } else { Err(Failure::NotFound) }
}

/// Whether somebody keeps the list.
fn may_write(signed: &Signed) -> bool {
    signed.actor.roles.contains(&Role::Registrar)
}

/// The state in words, with the class of its tag.
fn state(locale: Locale, duty: &Duty) -> (String, &'static str) {
    let class = match duty.state() {
        DutyState::Adopted => "done",
        DutyState::Proposed | DutyState::Revised => "near",
        DutyState::Ended | DutyState::Withdrawn => "plain",
    };
    (locale.say(&format!("duty-state-{}", duty.state().name())), class)
}

/// Fields of work in words; none named is all of them.
fn field_words(locale: Locale, wording: &Wording) -> Vec<String> {
    if wording.fields.is_empty() {
        return vec![locale.say("duty-every-field")];
    }
    wording
        .fields
        .iter()
        .map(|field| locale.say(&format!("work-field-{}", field.replace('_', "-"))))
        .collect()
}

/// What the reader asked to see.
struct Asked {
    on: Date,
    on_typed: String,
    on_error: String,
    unit: Option<UnitId>,
    field: String,
    words: String,
    /// Proposals beside what is in force.
    proposals: bool,
    by_field: bool,
}

impl Asked {
    fn read(app: &App, locale: Locale, asked: &Filled) -> Asked {
        let today = app.today();
        let on = asked.date("on", today);
        Asked {
            on_error: on.as_ref().err().map(|error| locale.say(error.key)).unwrap_or_default(),
            on: on.ok().flatten().unwrap_or(today),
            on_typed: asked.text("on").to_owned(),
            unit: asked.id("unit").ok().flatten(),
            field: Some(asked.text("field"))
                .filter(|field| FIELDS.contains(field))
                .unwrap_or_default()
                .to_owned(),
            words: asked.text("words").to_owned(),
            proposals: asked.text("state") == "proposed",
            by_field: asked.text("by") == "field",
        }
    }

    fn fits(&self, reference: &Reference, wording: &Wording) -> bool {
        let held = |unit: &UnitId| wording.is_held_by(&reference.office, unit);
        self.unit.as_ref().is_none_or(held)
            && (self.field.is_empty() || wording.covers(&self.field))
            && (self.words.is_empty()
                || wording.text.contains(&self.words)
                || wording.basis.iter().any(|basis| basis.contains(&self.words)))
    }

    /// The duties asked for: those in force on the day, or the proposals.
    fn duties<'r>(&self, reference: &'r Reference) -> Vec<(&'r RecordId, &'r Duty, &'r Wording)> {
        let wording = |duty: &'r Duty| {
            if self.proposals {
                duty.draft.as_ref()
            } else {
                duty.in_force(self.on).map(|version| &version.wording)
            }
        };
        let all = reference.records::<Duty>().filter_map(|(id, duty)| Some((id, duty, wording(duty)?)));
        all.filter(|(_, _, wording)| self.fits(reference, wording)).collect()
    }

    fn query(&self) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.append_pair("on", &self.on.to_string());
        let unit = self.unit.as_ref().map(ToString::to_string).unwrap_or_default();
        for (name, value) in [("unit", unit.as_str()), ("field", &self.field), ("words", &self.words)] {
            if !value.is_empty() {
                query.append_pair(name, value);
            }
        }
        if self.proposals {
            query.append_pair("state", "proposed");
        }
        query.finish()
    }
}

/// A duty in the list.
struct Row {
    id: String,
    text: String,
    holders: String,
    fields: Vec<String>,
    basis: String,
    principle: String,
    state: (String, &'static str),
}

/// Duties under one heading.
struct Group {
    name: String,
    /// The units that hold just the same duties, when there are several.
    units: String,
    rows: Vec<Row>,
}

#[derive(Template)]
#[template(path = "duty/list.html")]
struct View {
    frame: Frame,
    total: String,
    groups: Vec<Group>,
    units: Vec<(String, String, bool)>,
    fields: Vec<(String, String, bool)>,
    on: String,
    on_error: String,
    words: String,
    proposals: bool,
    by_field: bool,
    query: String,
    gaps: usize,
    proposed: usize,
    is_empty_house: bool,
    may_write: bool,
    may_export: bool,
}

fn row(locale: Locale, reference: &Reference, id: &RecordId, duty: &Duty, wording: &Wording) -> Row {
    Row {
        id: id.to_string(),
        text: wording.text.clone(),
        holders: holders(&reference.office, wording),
        fields: field_words(locale, wording),
        basis: wording.basis.join("\n"),
        principle: table::principle(locale, reference, wording),
        state: state(locale, duty),
    }
}

fn groups(locale: Locale, reference: &Reference, asked: &Asked) -> Vec<Group> {
    let duties = asked.duties(reference);
    let mut groups: Vec<Group> = Vec::new();
    let mut put = |name: String, row: Row| match groups.iter_mut().find(|group| group.name == name) {
        Some(group) => group.rows.push(row),
        None => groups.push(Group { name, units: String::new(), rows: vec![row] }),
    };
    if asked.by_field {
        for field in FIELDS {
            let name = locale.say(&format!("work-field-{}", field.replace('_', "-")));
            for (id, duty, wording) in duties.iter().filter(|(_, _, wording)| wording.fields.contains(field))
            {
                put(name.clone(), row(locale, reference, id, duty, wording));
            }
        }
        for (id, duty, wording) in duties.iter().filter(|(_, _, wording)| wording.fields.is_empty()) {
            put(locale.say("duty-every-field"), row(locale, reference, id, duty, wording));
        }
    } else {
        for unit in table::units_in_order(reference, duties.iter().map(|(_, _, wording)| *wording)) {
            if asked.unit.as_ref().is_some_and(|wanted| wanted != &unit) {
                continue;
            }
            let name = words::unit(&reference.office, unit.as_str());
            let held = duties.iter().filter(|(_, _, wording)| wording.is_held_by(&reference.office, &unit));
            for (id, duty, wording) in held {
                put(name.clone(), row(locale, reference, id, duty, wording));
            }
        }
        return shared(locale, groups);
    }
    groups
}

/// Units that hold just the same duties stand under one heading, so that eighteen towns are read once.
fn shared(locale: Locale, groups: Vec<Group>) -> Vec<Group> {
    let mut merged: Vec<(Group, Vec<String>)> = Vec::new();
    for group in groups {
        let same =
            |other: &Group| other.rows.iter().map(|row| &row.id).eq(group.rows.iter().map(|row| &row.id));
        match merged.iter_mut().find(|(other, _)| same(other)) {
            Some((_, names)) => names.push(group.name),
            None => {
                let names = vec![group.name.clone()];
                merged.push((group, names));
            }
        }
    }
    let headed = merged.into_iter().map(|(group, names)| match names.len() {
        1 => group,
        count => {
            let text = locale.text("duty-shared").with("first", group.name.clone());
            let name = text.with("count", i64::try_from(count).unwrap_or(i64::MAX)).to_string();
            Group { name, units: names.join("、"), ..group }
        }
    });
    headed.collect()
}

/// `GET /duties`.
async fn list(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    filled: Filled,
) -> Result<Response, Failure> {
    enter(&signed)?;
    let reference = app.reference();
    let asked = Asked::read(&app, locale, &filled);
    let groups = groups(locale, &reference, &asked);
    let count = asked.duties(&reference).len();
    let units = reference.office.units.values().filter(|unit| {
        unit.closed_on.is_none()
            && matches!(unit.kind, UnitKind::Leadership | UnitKind::Department | UnitKind::Town)
    });
    let chosen = |id: &str| asked.unit.as_ref().is_some_and(|unit| unit.as_str() == id);
    let key = if asked.proposals { "duty-total-proposed" } else { "duty-total" };
    let total = locale.text(key).with("count", i64::try_from(count).unwrap_or(0));
    let view = View {
        total: total.with("on", locale.date(asked.on)).to_string(),
        units: units.map(|unit| (unit.id.to_string(), unit.name.clone(), chosen(unit.id.as_str()))).collect(),
        fields: FIELDS
            .map(|field| {
                let words = locale.say(&format!("work-field-{}", field.replace('_', "-")));
                (field.to_owned(), words, asked.field == field)
            })
            .to_vec(),
        gaps: duty::gaps(&reference.office, &reference.records, app.today()).count(),
        proposed: reference.records::<Duty>().filter(|(_, duty)| duty.draft.is_some()).count(),
        is_empty_house: reference.records::<Duty>().next().is_none(),
        query: asked.query(),
        on: asked.on_typed.clone(),
        on_error: asked.on_error.clone(),
        words: asked.words.clone(),
        proposals: asked.proposals,
        by_field: asked.by_field,
        groups,
        may_write: may_write(&signed),
        may_export: signed.actor.may_enter(Room::Export),
        frame: Frame::new(&app, locale, &signed, Room::Duties, locale.say("room-duties")),
    };
    Ok(page(StatusCode::OK, &view))
}

/// A line of the printed list; the unit stands once, before its duties.
struct Line {
    unit: String,
    span: usize,
    n: usize,
    cells: Vec<String>,
}

#[derive(Template)]
#[template(path = "duty/print.html")]
struct PrintView {
    frame: Frame,
    query: String,
    under: String,
    headings: Vec<String>,
    lines: Vec<Line>,
}

/// `GET /duties/print`: the list as it is issued, on A4 across (A4 横向).
async fn print(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    filled: Filled,
) -> Result<Response, Failure> {
    enter(&signed)?;
    let reference = app.reference();
    let asked = Asked::read(&app, locale, &filled);
    let duties = asked.duties(&reference);
    let mut lines = Vec::new();
    for unit in table::units_in_order(&reference, duties.iter().map(|(_, _, wording)| *wording)) {
        if asked.unit.as_ref().is_some_and(|wanted| wanted != &unit) {
            continue;
        }
        let held: Vec<_> =
            duties.iter().filter(|(_, _, wording)| wording.is_held_by(&reference.office, &unit)).collect();
        for (place, (_, _, wording)) in held.iter().enumerate() {
            let mut cells = vec![wording.text.clone(), wording.basis.join("\n"), wording.liability.clone()];
            cells.push(field_words(locale, wording).join("、"));
            cells.push(table::principle(locale, &reference, wording));
            let span = if place == 0 { held.len() } else { 0 };
            let name = words::unit(&reference.office, unit.as_str());
            lines.push(Line { unit: name, span, n: lines.len() + 1, cells });
        }
    }
    let area = reference.area.as_ref().map_or_else(String::new, |area| area.name.clone());
    let title = locale.text("duty-print-title").with("area", area).to_string();
    let headings = ["duty-n", "duty-unit", "duty-text-short", "field-basis", "field-liability"];
    let mut headings: Vec<String> = headings.map(|key| locale.say(key)).to_vec();
    headings.extend([locale.say("filter-field"), locale.say("field-principle")]);
    let under = locale.text("duty-print-under").with("on", locale.date(asked.on));
    let view = PrintView {
        under: under.with("count", i64::try_from(duties.len()).unwrap_or(0)).to_string(),
        query: asked.query(),
        headings,
        lines,
        frame: Frame::new(&app, locale, &signed, Room::Duties, title)
            .below("/duties", locale.say("room-duties")),
    };
    Ok(page(StatusCode::OK, &view))
}
