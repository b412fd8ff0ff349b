//! The duty list as Excel.

use super::{Asked, HEADINGS, cells, enter};
use crate::{app::App, export, failure::Failure, filled::Filled, locale::Locale, session::Signed};
use axum::{extract::State, response::Response};
use bihuan_papers::writing::{Sheet, Workbook, sheet::Cell};
use bihuan_rules::access::Room;

/// `GET /duties/export`: what the list shows, as a workbook that prints on A4 across.
pub async fn get(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    filled: Filled,
) -> Result<Response, Failure> {
    enter(&signed)?;
    if !signed.actor.may_enter(Room::Export) {
        return Err(Failure::NotFound);
    }
    let reference = app.reference();
    let asked = Asked::read(&app, locale, &filled);
    let row = |cells: Vec<String>| cells.into_iter().map(Cell::from).collect::<Vec<Cell>>();
    let rows = asked
        .duties(&reference)
        .into_iter()
        .map(|(id, _, wording)| row(cells(locale, &reference, id, wording)));
    let area = reference.area.as_ref().map_or_else(String::new, |area| area.name.clone());
    let title = locale.text("duty-print-title").with("area", area);
    let sheet = Sheet {
        name: locale.say("room-duties"),
        title: title.to_string(),
        headings: HEADINGS.map(|key| locale.say(key)).to_vec(),
        rows: rows.collect(),
        ..Sheet::default()
    };
    let bytes = Workbook { sheets: vec![sheet], ..Workbook::default() }.to_xlsx(app.today())?;
    export::note(&app, &signed, "duties", "duties".to_owned()).await?;
    Ok(export::file(&format!("{}-{}.xlsx", locale.say("room-duties"), asked.on), export::XLSX, bytes))
}
