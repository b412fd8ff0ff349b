//! The meter and the answers to a survey as files.

use super::{asked_month, counted, counted_units, enter, meter, sees_all, survey, unit};
use crate::{
    app::App,
    export::{self, XLSX},
    failure::Failure,
    filled::Filled,
    locale::Locale,
    session::Signed,
    words,
};
use axum::{
    extract::{Path, State},
    response::Response,
};
use bihuan_papers::writing::{Sheet, Workbook, csv::to_csv, sheet::Cell};
use bihuan_rules::{
    access::Room,
    burden::{Figure, MonthOf, QuestionKind},
};

/// Media type of comma-separated values.
const CSV: &str = "text/csv; charset=utf-8";

fn may_export(signed: &Signed) -> Result<(), Failure> {
    enter(signed)?;
    if signed.actor.may_enter(Room::Export) { Ok(()) } else { Err(Failure::NotFound) }
}

#[expect(clippy::cast_precision_loss, reason = "counts of a month are far below the limit")]
fn count(number: u64) -> Cell {
    Cell::Number(number as f64)
}

/// The sheets as a workbook, or the first of them as text.
fn file(app: &App, name: &str, as_what: &str, sheets: Vec<Sheet>) -> Result<Response, Failure> {
    match as_what {
        "csv" => {
            let first = sheets.first().ok_or(Failure::NotFound)?;
            Ok(export::file(&format!("{name}.csv"), CSV, to_csv(first)?))
        }
        _ => {
            let bytes = Workbook { sheets, ..Workbook::default() }.to_xlsx(app.today())?;
            Ok(export::file(&format!("{name}.xlsx"), XLSX, bytes))
        }
    }
}

/// `GET /burden/export?month=2021-05&as=xlsx`.
pub async fn overview(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    asked: Filled,
) -> Result<Response, Failure> {
    may_export(&signed)?;
    let month = asked_month(asked.text("month"), app.today())?;
    let all = sees_all(&signed);
    let counted = counted(&app, month, (!all).then(|| signed.actor.unit.clone())).await?;
    let reference = app.reference();
    let none = MonthOf::default();
    let rows = counted_units(&reference.office, month.from())
        .into_iter()
        .filter(|unit| all || unit.id == signed.actor.unit)
        .map(|unit| {
            let now = counted.now.get(&unit.id).unwrap_or(&none);
            let before = counted.before.get(&unit.id).unwrap_or(&none);
            let mut row: Vec<Cell> =
                vec![unit.name.clone().into(), words::unit_kind(locale, unit.kind).into()];
            for figure in Figure::ALL {
                row.push(count(now.count(*figure)));
                row.push(count(before.count(*figure)));
            }
            row
        });
    let title = locale.text("burden-export-title").with("month", meter::month_words(locale, month));
    let (now, before) = (locale.say("burden-this-month"), locale.say("burden-last-month"));
    let mut headings = vec![locale.say("field-unit"), locale.say("field-unit-kind")];
    for figure in Figure::ALL {
        let words = super::figure(locale, *figure);
        headings.push(format!("{words}/{now}"));
        headings.push(format!("{words}/{before}"));
    }
    let sheet = Sheet {
        name: locale.say("room-burden"),
        title: title.to_string(),
        headings,
        rows: rows.collect(),
        ..Sheet::default()
    };
    export::note(&app, &signed, "burden", "burden".to_owned()).await?;
    let name = format!("{}-{month}", locale.say("room-burden"));
    file(&app, &name, asked.text("as"), vec![sheet])
}

/// `GET /burden/units/{unit}/{month}/export?as=xlsx`: the lines first, so that a plain text holds them.
pub async fn unit(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    Path((id, month)): Path<(String, String)>,
    asked: Filled,
) -> Result<Response, Failure> {
    may_export(&signed)?;
    let month = asked_month(&month, app.today())?;
    let (id, name) = unit::known_unit(&app, &signed, &id, month)?;
    let mut counted = counted(&app, month, Some(id.clone())).await?;
    let now = counted.now.remove(&id).unwrap_or_default();
    let office = &app.reference().office;
    let say = |keys: &[&str]| keys.iter().map(|key| locale.say(key)).collect::<Vec<_>>();
    let title = locale.text("burden-export-unit").with("unit", name.clone());
    let title = title.with("month", meter::month_words(locale, month)).to_string();
    let sheet = |key: &str, headings: &[&str], rows: Vec<Vec<Cell>>| Sheet {
        name: locale.say(key),
        title: title.clone(),
        headings: say(headings),
        rows,
        ..Sheet::default()
    };
    let lines = now.handed.iter().map(|handed| {
        let line = unit::line(locale, office, handed);
        vec![
            Cell::Date(handed.on),
            line.form.into(),
            line.about.into(),
            count(line.fields),
            count(line.characters),
            count(line.photos),
            count(line.sequence),
        ]
    });
    let forms = unit::forms(locale, &now).into_iter().map(|form| {
        vec![
            form.name.into(),
            count(form.times),
            count(form.fields),
            count(form.characters),
            count(form.photos),
        ]
    });
    let asked_of = now.asked.iter().map(|asked| {
        let wanted = unit::wanted(locale, office, asked);
        vec![
            Cell::Date(asked.on),
            wanted.what.into(),
            wanted.title.into(),
            wanted.about.into(),
            asked.due_on.into(),
        ]
    });
    let left = now.spared.iter().map(|spared| {
        let left = unit::left(locale, spared);
        vec![Cell::Date(spared.on), left.text.into(), left.place.into(), left.survey.into()]
    });
    let weights = ["burden-figure-fields", "burden-figure-characters", "burden-figure-photos"];
    let with = |first: &[&'static str], last: &[&'static str]| [first, &weights, last].concat();
    let sheets = vec![
        sheet(
            "burden-lines",
            &with(&["burden-on", "burden-form", "burden-about-what"], &["burden-entry"]),
            lines.collect(),
        ),
        sheet("burden-by-form", &with(&["burden-form", "burden-times"], &[]), forms.collect()),
        sheet(
            "burden-asked",
            &["burden-on", "burden-as", "field-title", "burden-about-what", "survey-due-on"],
            asked_of.collect(),
        ),
        sheet(
            "burden-left",
            &["burden-on", "burden-question", "burden-stands", "record-survey"],
            left.collect(),
        ),
    ];
    export::note(&app, &signed, "burden", format!("unit/{id}")).await?;
    file(&app, &format!("{name}-{month}"), asked.text("as"), sheets)
}

/// `GET /burden/surveys/{id}/export`: the answers, a unit a row.
pub async fn answers(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    may_export(&signed)?;
    let survey = survey::known(&app, &signed, id).await?;
    if !survey::sees_answers(&signed, &survey) {
        return Err(Failure::NotFound);
    }
    let office = &app.reference().office;
    let rows = survey.form.units.iter().map(|unit| {
        let reply = survey.reply_of(unit);
        let mut row: Vec<Cell> =
            vec![words::unit(office, unit.as_str()).into(), reply.map(|reply| reply.on).into()];
        for (n, question) in survey.form.questions.iter().enumerate() {
            let value = reply.and_then(|reply| reply.values.get(n)).map_or("", String::as_str);
            row.push(match (question.answer, value.parse::<f64>()) {
                (QuestionKind::Number, Ok(number)) => Cell::Number(number),
                (QuestionKind::YesNo, _) if !value.is_empty() => survey::value(locale, value).into(),
                _ => value.into(),
            });
        }
        row
    });
    let mut headings = vec![locale.say("field-unit"), locale.say("survey-answered-on")];
    // A slash in a question would come under a merged heading.
    headings.extend(survey.form.questions.iter().map(|question| question.text.replace('/', "／")));
    let sheet = Sheet {
        name: survey.id.to_string(),
        title: survey.form.title.clone(),
        headings,
        rows: rows.collect(),
        ..Sheet::default()
    };
    export::note(&app, &signed, "survey", format!("survey/{}", survey.id)).await?;
    let name = bihuan_papers::writing::archive::safe_name(&survey.form.title);
    file(&app, &name, "xlsx", vec![sheet])
}
