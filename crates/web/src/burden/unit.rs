//! A month of one unit, printable on A4: its figures, what each form cost, what was asked and what it was spared; or the list behind one
//! figure.

use super::{
    Number, asked_month, counted, counted_units, enter, meter, natural, number, place, sees_all, unit_address,
};
use crate::{
    app::App,
    failure::Failure,
    filled::Filled,
    frame::{Frame, show},
    ledger::about,
    locale::Locale,
    session::Signed,
};
use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use bihuan_rules::{
    access::Room,
    burden::{Asked, AskedAs, Figure, Handed, MonthOf, Spared},
    id::UnitId,
    office::Office,
    ranking::Period,
};

/// What a kind of form cost.
pub(super) struct Form {
    pub name: String,
    pub times: u64,
    pub fields: u64,
    pub characters: u64,
    pub photos: u64,
    pub each: String,
}

/// A form that was handed in, in words.
pub(super) struct Line {
    pub on: String,
    pub form: String,
    pub about: String,
    pub href: String,
    pub sequence: u64,
    pub fields: u64,
    pub characters: u64,
    pub photos: u64,
}

/// Something asked, in words.
pub(super) struct Wanted {
    pub on: String,
    pub what: String,
    pub title: String,
    pub about: String,
    pub href: String,
    pub due_on: String,
}

/// A question that was left out, in words.
pub(super) struct Left {
    pub on: String,
    pub text: String,
    pub survey: String,
    pub place: String,
    pub href: String,
}

#[derive(Template)]
#[template(path = "burden/unit.html")]
struct View {
    frame: Frame,
    finding: String,
    compared: String,
    is_running: bool,
    stats: Vec<Number>,
    before: (String, String),
    after: (String, String),
    whole: String,
    /// The figure whose list is shown; empty for the whole page.
    of: String,
    forms: Vec<Form>,
    lines: Vec<Line>,
    wanted: Vec<Wanted>,
    left: Vec<Left>,
    /// What the lines of the list add up to.
    sum: String,
    exports: Vec<(String, String)>,
}

/// The words of a form by the name of its act.
pub(super) fn form_words(locale: Locale, act: &str) -> String {
    let key = act.strip_prefix("task.").map_or_else(|| act.to_owned(), str::to_owned);
    locale.say(&format!("act-{}", key.replace(['.', '_'], "-")))
}

pub(super) fn forms(locale: Locale, month: &MonthOf) -> Vec<Form> {
    let form = |(act, times, sums): (String, u64, bihuan_rules::burden::Weight)| {
        let tenths = (sums.fields * 10 + times / 2) / times.max(1);
        Form {
            name: form_words(locale, &act),
            times,
            fields: sums.fields,
            characters: sums.characters,
            photos: sums.photos,
            each: format!("{}.{}", tenths / 10, tenths % 10),
        }
    };
    month.by_form().into_iter().map(form).collect()
}

pub(super) fn line(locale: Locale, office: &Office, handed: &Handed) -> Line {
    let (about, href) = about(locale, office, &handed.about.to_string());
    Line {
        on: locale.date(handed.on),
        form: form_words(locale, &handed.act),
        about,
        href,
        sequence: handed.sequence,
        fields: handed.weight.fields,
        characters: handed.weight.characters,
        photos: handed.weight.photos,
    }
}

pub(super) fn wanted(locale: Locale, office: &Office, asked: &Asked) -> Wanted {
    let (about, href) = about(locale, office, &asked.about.to_string());
    Wanted {
        on: locale.date(asked.on),
        what: locale.say(&format!("burden-asked-{}", asked.as_what.name())),
        title: asked.title.clone(),
        about,
        href,
        due_on: asked.due_on.map(|due| locale.date(due)).unwrap_or_default(),
    }
}

pub(super) fn left(locale: Locale, spared: &Spared) -> Left {
    let (words, href) = place(locale, &spared.because.stands);
    Left {
        on: locale.date(spared.on),
        text: spared.text.clone(),
        survey: spared.survey.to_string(),
        place: words,
        href,
    }
}

/// The unit of an address, for somebody who may see its burden.
pub(super) fn known_unit(
    app: &App,
    signed: &Signed,
    id: &str,
    month: Period,
) -> Result<(UnitId, String), Failure> {
    enter(signed)?;
    let reference = app.reference();
    let mut units = counted_units(&reference.office, month.from()).into_iter();
    let unit = units.find(|unit| unit.id.as_str() == id).ok_or(Failure::NotFound)?;
    if !sees_all(signed) && unit.id != signed.actor.unit {
        return Err(Failure::NotFound);
    }
    Ok((unit.id.clone(), unit.name.clone()))
}

/// `GET /burden/units/{unit}/{month}?of=forms`.
pub async fn get(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    Path((unit, month)): Path<(String, String)>,
    asked: Filled,
) -> Result<Response, Failure> {
    let today = app.today();
    let month = asked_month(&month, today)?;
    let (unit, name) = known_unit(&app, &signed, &unit, month)?;
    let of = match asked.text("of") {
        "" => None,
        name => Some(*Figure::ALL.iter().find(|figure| figure.name() == name).ok_or(Failure::NotFound)?),
    };
    let mut counted = counted(&app, month, Some(unit.clone())).await?;
    let (now, before) =
        (counted.now.remove(&unit).unwrap_or_default(), counted.before.remove(&unit).unwrap_or_default());
    let office = &app.reference().office;
    let address = unit_address(&unit, month);
    let stats = Figure::ALL.iter().map(|figure| {
        let href = format!("{address}?of={}", figure.name());
        number(locale, *figure, now.count(*figure), before.count(*figure), href)
    });
    let is_of = |figures: &[Figure]| of.is_some_and(|of| figures.contains(&of));
    let as_what = |asked: &Asked| match asked.as_what {
        AskedAs::Letter => Figure::Letters,
        AskedAs::Reminder => Figure::Reminders,
        AskedAs::Survey => Figure::Surveys,
    };
    let lines = now.handed.iter().filter(|handed| match of {
        Some(Figure::Forms) => true,
        Some(Figure::Fields) => handed.weight.fields > 0,
        Some(Figure::Characters) => handed.weight.characters > 0,
        Some(Figure::Photos) => handed.weight.photos > 0,
        _ => false,
    });
    let asked_of = now.asked.iter().filter(|asked| of.is_none() || is_of(&[as_what(asked)]));
    let text = locale.text("burden-finding-unit").with("unit", name.clone());
    let text = text.with("month", meter::month_words(locale, month));
    let text = text.with("forms", locale.number(natural(now.count(Figure::Forms))));
    let text = text.with("fields", locale.number(natural(now.count(Figure::Fields))));
    let text = text.with("photos", locale.number(natural(now.count(Figure::Photos))));
    let turn = |to: Period| (unit_address(&unit, to), meter::month_words(locale, to));
    let mut frame = Frame::new(&app, locale, &signed, Room::Burden, format!("{name} {month}"))
        .below(format!("/burden?month={month}"), locale.say("room-burden"));
    if let Some(of) = of {
        frame.title = super::figure(locale, of);
        frame = frame.below(address.clone(), format!("{name} {month}"));
    }
    let view = View {
        finding: text.to_string(),
        compared: meter::compared(&app, locale, month),
        is_running: month.holds(today),
        stats: stats.collect(),
        before: turn(month.before()),
        after: if month.after().from() <= today { turn(month.after()) } else { Default::default() },
        of: of.map(|of| of.name().to_owned()).unwrap_or_default(),
        forms: if of.is_none() { forms(locale, &now) } else { Vec::new() },
        lines: lines.map(|handed| line(locale, office, handed)).collect(),
        wanted: asked_of.map(|asked| wanted(locale, office, asked)).collect(),
        left: if of.is_none() || is_of(&[Figure::Spared]) {
            now.spared.iter().map(|spared| left(locale, spared)).collect()
        } else {
            Vec::new()
        },
        sum: of.map(|of| locale.number(natural(now.count(of)))).unwrap_or_default(),
        exports: if signed.actor.may_enter(Room::Export) {
            let file = |kind: &str| format!("{address}/export?as={kind}");
            vec![(file("xlsx"), "Excel".to_owned()), (file("csv"), "CSV".to_owned())]
        } else {
            Vec::new()
        },
        whole: address,
        frame,
    };
    Ok(show(StatusCode::OK, &view))
}
