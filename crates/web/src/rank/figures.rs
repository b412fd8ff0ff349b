//! Figures of a period (月度数据): pasted as lines of unit and value, with the bulletin they stand in.

use super::may_publish;
use crate::{
    app::App,
    failure::Failure,
    filled::{FieldError, Filled},
    frame::{
        Frame,
        form::Kind,
        sheet::{Sheet, field, line, options},
        show as page,
    },
    locale::Locale,
    order,
    session::Signed,
    words,
};
use askama::Template;
use axum::{extract::State, http::StatusCode, response::Response};
use bihuan_rules::{
    Act, Refusal, Subject,
    access::Room,
    adopted::Texts,
    id::{RecordId, UnitId},
    office::Office,
    ranking::{self, FigureSet, Figures, Indicator, Measure, Period, Scheme, figure_names},
    record::Kind as RecordKind,
};
use bihuan_store::{Connection, shelf};
use std::collections::BTreeMap;

/// Most sets on the page.
const ROWS_MAX: u32 = 300;
/// What the codes of figures begin with, before the period and the name.
const PREFIX: &str = "SJ";

/// A set in words.
struct Row {
    period: String,
    figure: String,
    source: String,
    units: usize,
    on: String,
    times: u32,
    values: Vec<(String, String)>,
}

#[derive(Template)]
#[template(path = "rank/figures.html")]
struct View {
    frame: Frame,
    rows: Vec<Row>,
    may_write: bool,
}

/// A figure in words: those of the program, or of the scheme that looks at it.
fn name(locale: Locale, schemes: &Texts<Scheme>, figure: &str) -> String {
    let key = format!("figure-{}", figure.replace('_', "-"));
    if locale.knows(&key) {
        return locale.say(&key);
    }
    let is_meant = |indicator: &&Indicator| matches!(&indicator.measure, Measure::Figure { figure: known, .. } if known == figure);
    let indicator = schemes.all().find_map(|scheme| scheme.indicators.iter().find(is_meant));
    let words = indicator.map(|known| if locale == Locale::En { &known.title_en } else { &known.title_zh });
    words.cloned().unwrap_or_else(|| figure.to_owned())
}

/// Thousandths without needless zeros.
pub(super) fn thousandths(value: i64) -> String {
    let sign = if value < 0 { "-" } else { "" };
    let text = format!("{sign}{}.{:03}", value.unsigned_abs() / 1_000, value.unsigned_abs() % 1_000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// Reads a number with at most three decimals as thousandths.
fn read_value(text: &str) -> Option<i64> {
    let (sign, digits) = text.strip_prefix('-').map_or((1, text), |digits| (-1, digits));
    let (whole, decimals) = digits.split_once('.').unwrap_or((digits, "0"));
    let numeric = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if !numeric(whole) || !numeric(decimals) || decimals.len() > 3 || whole.len() > 9 {
        return None;
    }
    Some(sign * (whole.parse::<i64>().ok()? * 1_000 + format!("{decimals:0<3}").parse::<i64>().ok()?))
}

/// Lines of unit and value, apart by a tab, a comma or blanks. A line that cannot be read is named.
fn read_values(office: &Office, text: &str) -> Result<BTreeMap<UnitId, i64>, Vec<FieldError>> {
    let mut values = BTreeMap::new();
    let mut errors = Vec::new();
    for (n, row) in (1..).zip(text.lines()).filter(|(_, row)| !row.trim().is_empty()) {
        let row = row.trim();
        let parts = row.rsplit_once(['\t', ',', '，', ' ', '　']);
        let read = parts.and_then(|(called, value)| {
            Some((&office.unit_named(called.trim_matches([',', '，']))?.id, read_value(value.trim())?))
        });
        match read {
            Some((unit, value)) if !values.contains_key(unit) => {
                values.insert(unit.clone(), value);
            }
            Some(_) => errors.push(FieldError::at("figure_values", "figure-twice").in_row(n)),
            None => errors.push(FieldError::at("figure_values", "figure-unread").in_row(n)),
        }
    }
    if errors.is_empty() { Ok(values) } else { Err(errors) }
}

/// `GET /rank/figures`.
pub async fn list(State(app): State<App>, locale: Locale, signed: Signed) -> Result<Response, Failure> {
    if !signed.actor.may_enter(Room::Rank) {
        return Err(Failure::NotFound);
    }
    let reference = app.reference();
    let look = |connection: &mut Connection| Ok::<_, Failure>(shelf::list::<Figures>(connection, ROWS_MAX)?);
    let sets = app.books.ask(look).await?;
    let rows = sets.into_iter().map(|(_, seen)| {
        let Figures { set, times, entered_on, .. } = seen.record;
        Row {
            period: set.period.to_string(),
            figure: name(locale, &reference.schemes, &set.figure),
            source: set.source,
            units: set.values.len(),
            on: locale.date(entered_on),
            times,
            values: set
                .values
                .iter()
                .map(|(unit, value)| (words::unit(&reference.office, unit.as_str()), thousandths(*value)))
                .collect(),
        }
    });
    let view = View {
        rows: rows.collect(),
        may_write: may_publish(&signed),
        frame: Frame::new(&app, locale, &signed, Room::Rank, locale.say("rank-figures"))
            .below("/rank", locale.say("room-rank")),
    };
    Ok(page(StatusCode::OK, &view))
}

fn sheet(app: &App, locale: Locale, filled: &Filled) -> Sheet {
    let reference = app.reference();
    let schemes = &reference.schemes;
    let choices =
        figure_names(schemes).into_iter().map(|figure| (figure.to_owned(), name(locale, schemes, figure)));
    Sheet {
        room: Some(Room::Rank),
        title: locale.say("rank-step-figures"),
        crumbs: vec![
            ("/rank".to_owned(), locale.say("room-rank")),
            ("/rank/figures".to_owned(), locale.say("rank-figures")),
        ],
        intro: locale.say("rank-intro-figures"),
        action: "/rank/figures/new".to_owned(),
        cancel: "/rank/figures".to_owned(),
        submit: locale.say("rank-do-figures"),
        fields: vec![
            line(locale, "rank_period", filled),
            field(locale, "figure", Kind::Menu(options(choices, &filled.texts("figure")))),
            line(locale, "figure_origin", filled),
            field(locale, "figure_values", Kind::Passage(filled.text("figure_values").to_owned(), 12)),
        ],
        hidden: Vec::new(),
    }
}

/// `GET /rank/figures/new`.
pub async fn new(State(app): State<App>, locale: Locale, signed: Signed) -> Result<Response, Failure> {
    if !may_publish(&signed) {
        return Err(Failure::NotFound);
    }
    let mut filled = Filled::default();
    let running = Period::holding(ranking::Length::Month, app.today());
    filled.set("rank_period", running.before().to_string());
    Ok(sheet(&app, locale, &filled).answer(&app, locale, &signed, &[], None))
}

/// `POST /rank/figures/new`.
pub async fn create(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    filled: Filled,
) -> Result<Response, Failure> {
    if !may_publish(&signed) {
        return Err(Failure::NotFound);
    }
    signed.check_form(filled.text("csrf"))?;
    let refuse = |errors: &[FieldError], refusal: Option<&Refusal>| {
        sheet(&app, locale, &filled).answer(&app, locale, &signed, errors, refusal)
    };
    let period = Period::read(filled.text("rank_period"));
    let values = read_values(&app.reference().office, filled.text("figure_values"));
    let (period, values) = match (period, values) {
        (Some(period), Ok(values)) => (period, values),
        (period, values) => {
            let unread = period.is_none().then(|| FieldError::at("rank_period", "rank-period-unread"));
            let errors: Vec<FieldError> =
                unread.into_iter().chain(values.err().unwrap_or_default()).collect();
            return Ok(refuse(&errors, None));
        }
    };
    let set = FigureSet {
        period,
        figure: filled.text("figure").to_owned(),
        source: filled.text("figure_origin").to_owned(),
        values,
    };
    let request = format!("figures {} {}", set.period, set.figure);
    let done = order::carry_out(&app, &signed, &filled, request, move |work| {
        let id = RecordId::new(format!("{PREFIX}-{}-{}", set.period, set.figure))
            .map_err(|_| Failure::NotFound)?;
        let act = ranking::enter(&work.situation(""), &work.reference().schemes, set)?;
        Ok(((), work.record(Subject::Record(RecordKind::Figures, id), Act::from(act))?))
    })
    .await;
    order::answered(done, |_| "/rank/figures".to_owned(), |refusal| refuse(&[], Some(refusal)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_read_in_thousandths_and_written_back() {
        for (text, value) in [("78", 78_000), ("3.25", 3_250), ("-0.5", -500), ("0.001", 1)] {
            assert_eq!(read_value(text), Some(value), "{text}");
            assert_eq!(thousandths(value), text);
        }
        for text in ["", "a", "1.2345", "1,2", "--1", "1."] {
            assert_eq!(read_value(text), None, "{text}");
        }
    }
}
