//! What a check of the document found (校验): the sender's own table with a verdict, a sentence and red cells for every
//! row; the rows that are wrong can be left out with one act. And the template for offices that send no table.

use super::{
    enter,
    entry::Entry,
    keep, open, page,
    review::{Item, Review, form_field},
};
use crate::{
    app::App,
    export::{XLSX, file},
    failure::Failure,
    filled::Filled,
    locale::Locale,
    session::Signed,
};
use axum::{
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
};
use bihuan_papers::writing::{OwnRow, ledger_template, own_layout_of};
use bihuan_rules::office::{Office, UnitKind};
use jiff::civil::Date;

/// How a row came out of the check.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It stands on the list already.
    Known,
    /// It cannot be adopted as it is.
    Wrong,
    /// A person must decide something.
    Unsure,
    /// Nothing is in doubt.
    Right,
}

impl Verdict {
    fn key(self) -> &'static str {
        match self {
            Verdict::Known => "intake-verdict-known",
            Verdict::Wrong => "intake-verdict-wrong",
            Verdict::Unsure => "intake-verdict-unsure",
            Verdict::Right => "intake-verdict-right",
        }
    }
}

/// A sentence about a field of the form.
struct Fault {
    field: String,
    sentence: String,
}

/// How a row came out; nothing is worded for it.
fn verdict(review: &Review, item: &Item, office: &Office, today: Date) -> Verdict {
    let is_unknown = |name: &String| review.unit_named(name, office).is_none();
    let has_doubts = || Item::NAMES.iter().any(|name| item.doubts_of(name).next().is_some());
    let names_strangers = || Item::UNITS.iter().any(|field| item.names(field).iter().any(is_unknown));
    match () {
        () if !item.known.is_empty() => Verdict::Known,
        () if !wrong(item, today).is_empty() => Verdict::Wrong,
        () if has_doubts() || names_strangers() => Verdict::Unsure,
        () => Verdict::Right,
    }
}

/// Every sentence that can be said against a row, with its field.
fn faults(review: &Review, item: &Item, office: &Office, today: Date, locale: Locale) -> Vec<Fault> {
    let label = |field: &str| locale.say(&format!("intake-item-{}", field.replace('_', "-")));
    let fault = |field: &str, why: String| Fault {
        field: field.to_owned(),
        sentence: locale.text("intake-fault").with("field", label(field)).with("why", why).to_string(),
    };
    let mut faults: Vec<Fault> =
        wrong(item, today).iter().map(|error| fault(&error.field, locale.say(error.key))).collect();
    for name in Item::NAMES {
        for doubt in item.doubts_of(name) {
            faults.push(fault(name, if locale == Locale::En { doubt.en.clone() } else { doubt.zh.clone() }));
        }
    }
    for name in Item::UNITS {
        let unknown: Vec<String> =
            item.names(name).into_iter().filter(|unit| review.unit_named(unit, office).is_none()).collect();
        if !unknown.is_empty() {
            let words = locale.text("intake-unit-unknown").with("names", unknown.join("、")).to_string();
            faults.push(fault(name, words));
        }
    }
    faults
}

/// Fields without which a row cannot be adopted.
fn wrong(item: &Item, today: Date) -> Vec<crate::filled::FieldError> {
    Entry::read(item.clone(), str::to_owned, today).err().unwrap_or_default()
}

/// How many rows that are to be adopted are wrong, and how many are not sure.
pub(super) fn counted(review: &Review, office: &Office, today: Date) -> (usize, usize) {
    let adopted = review.items.iter().filter(|item| item.adopt);
    adopted.fold((0, 0), |(wrong, unsure), item| match verdict(review, item, office, today) {
        Verdict::Wrong => (wrong + 1, unsure),
        Verdict::Unsure => (wrong, unsure + 1),
        Verdict::Known | Verdict::Right => (wrong, unsure),
    })
}

/// `GET /intake/{id}/report`: the sender's own table with what the check found.
pub(super) async fn report(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let (draft, review) = open(&app, &signed, id).await?;
    let reference = app.reference();
    let headings: Vec<String> = review.columns.iter().map(|column| column.title.clone()).collect();
    let title_of = |field: &str| {
        let column = review.columns.iter().find(|column| column.field.map(form_field) == Some(field));
        column.map(|column| column.title.clone())
    };
    let row = |item: &Item| {
        let (office, today) = (&reference.office, app.today());
        let faults = faults(&review, item, office, today, locale);
        OwnRow {
            cells: item.cells.clone(),
            verdict: locale.say(verdict(&review, item, office, today).key()),
            faults: faults.into_iter().map(|fault| (title_of(&fault.field), fault.sentence)).collect(),
            ..OwnRow::default()
        }
    };
    let rows: Vec<OwnRow> = review.items.iter().map(row).collect();
    let mut workbook = own_layout_of(&headings, &rows);
    for sheet in &mut workbook.sheets {
        sheet.title.clone_from(&review.source.title);
    }
    let stem = draft.name.rsplit_once('.').map_or(draft.name.as_str(), |(stem, _)| stem);
    let name = format!("{stem}-{}.xlsx", locale.say("intake-report-name"));
    Ok(file(&bihuan_papers::writing::archive::safe_name(&name), XLSX, workbook.to_xlsx(app.today())?))
}

/// `POST /intake/{id}/only-right`: rows that are wrong are left out; everything else stays as it is.
pub(super) async fn only_right(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
    filled: Filled,
) -> Result<Response, Failure> {
    signed.check_form(filled.text("csrf"))?;
    let (draft, mut review) = open(&app, &signed, id).await?;
    for item in review.items.iter_mut().filter(|item| item.adopt) {
        item.adopt = wrong(item, app.today()).is_empty();
    }
    let id = draft.id.clone();
    keep(&app, &signed, draft, &review).await?;
    Ok(Redirect::to(&format!("/intake/{id}")).into_response())
}

/// `GET /intake/template`: an empty ledger whose menus hold the units and towns of this office.
pub(super) async fn template(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
) -> Result<Response, Failure> {
    enter(&signed)?;
    let reference = app.reference();
    let names = |kind: Option<UnitKind>| -> Vec<String> {
        page::unit_options(&reference.office, kind, "").into_iter().map(|option| option.words).collect()
    };
    let towns = names(Some(UnitKind::Town));
    let units: Vec<String> = reference
        .office
        .units
        .values()
        .filter(|unit| unit.closed_on.is_none() && unit.kind != UnitKind::Village)
        .map(|unit| unit.name.clone())
        .collect();
    let title = locale.say("intake-template-title");
    let workbook = ledger_template(&Locale::ZhCn.say("intake-template-title"), &units, &towns);
    Ok(file(&format!("{title}.xlsx"), XLSX, workbook.to_xlsx(app.today())?))
}
