//! `/missions/{id}/settle`: where records of two phones differ, somebody of the team says which counts (以哪条为准); both stay.

use super::{
    Known,
    course::{self, Circle},
    step::look,
};
use crate::{
    app::App, failure::Failure, filled::Filled, locale::Locale, order, session::Signed, task::files::Photo,
    words,
};
use axum::{
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
};
use bihuan_rules::{
    mission::{MissionOrder, Report, ReportField, Visit},
    office::Office,
};

/// A record of a phone in words.
pub(super) struct ReportLine {
    pub who: String,
    pub made: String,
    pub received: String,
    pub saw: String,
    pub note: String,
    pub photos: Vec<Photo>,
}

/// A field in which records differ.
pub(super) struct Differing {
    pub field: String,
    pub label: String,
    /// Key of the record and what it says.
    pub versions: Vec<(String, String)>,
}

fn name(office: &Office, person: &bihuan_rules::id::PersonId) -> String {
    office.persons.get(person).map_or_else(|| person.to_string(), |known| known.name.clone())
}

/// What a report says in a field, in words.
fn says(locale: Locale, field: ReportField, report: &Report) -> String {
    let said = field.of(report).unwrap_or_default().replace('_', "-");
    match field {
        ReportField::Saw => locale.say(&format!("onsite-saw-{said}")),
        ReportField::Entry => locale.say(&format!("mission-entry-{said}")),
        ReportField::Escorted => locale.say(if said == "yes" { "rules-yes" } else { "rules-no" }),
        ReportField::Answer(n) => {
            let note = report.answers.get(n).map_or("", |answer| answer.note.as_str());
            let answer = locale.say(&format!("mission-answer-{said}"));
            if note.is_empty() { answer } else { format!("{answer}：{note}") }
        }
    }
}

/// The records of a stop, the earliest first.
pub(super) fn reports(
    locale: Locale,
    office: &Office,
    visit: &Visit,
    photos: impl Fn(&Report) -> Vec<Photo>,
) -> Vec<ReportLine> {
    let line = |each: &bihuan_rules::mission::Reported| ReportLine {
        who: name(office, &each.person),
        made: words::moment(each.report.made.at),
        received: each.report.received_at.map(words::moment).unwrap_or_default(),
        saw: says(locale, ReportField::Saw, &each.report),
        note: each.report.note.clone(),
        photos: photos(&each.report),
    };
    visit.reports.iter().map(line).collect()
}

/// Where the records of a stop differ.
pub(super) fn differing(locale: Locale, office: &Office, known: &Known, visit: &Visit) -> Vec<Differing> {
    let label = |field| match field {
        ReportField::Saw => locale.say("onsite-saw"),
        ReportField::Entry => locale.say("field-entry"),
        ReportField::Escorted => locale.say("field-escorted"),
        ReportField::Answer(n) => {
            known.round.plan.checklist.get(n).map_or_else(|| (n + 1).to_string(), |item| item.item.clone())
        }
    };
    let conflicts = visit.conflicts();
    let each = conflicts.iter().map(|conflict| Differing {
        field: conflict.field.name(),
        label: label(conflict.field),
        versions: conflict
            .versions
            .iter()
            .map(|each| {
                let said = says(locale, conflict.field, &each.report);
                let made = words::moment(each.report.made.at);
                (each.report.made.key.clone(), format!("{said} · {} {made}", name(office, &each.person)))
            })
            .collect(),
    });
    each.collect()
}

/// `POST /missions/{id}/settle`.
pub async fn post(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
    filled: Filled,
) -> Result<Response, Failure> {
    signed.check_form(filled.text("csrf"))?;
    let known = look(&app, &signed, id).await?;
    let stop = filled.text("stop").parse().map_err(|_| Failure::NotFound)?;
    let field = ReportField::named(filled.text("field")).ok_or(Failure::NotFound)?;
    let wanted = MissionOrder::Settle(stop, field, filled.text("version").to_owned());
    let (by, name, inner) = (signed.actor.clone(), course::name_of(&signed, &known.mission), app.clone());
    let (id, request) = (known.mission.id.clone(), format!("mission {} settle", known.mission.id));
    order::carry_out_as(&app, name, &filled, request, move |work| {
        let circle = Circle { by: &by, secret: &inner.envelopes, area: inner.books.area() };
        Ok(((), course::go(work, &circle, &id, wanted)?))
    })
    .await?;
    Ok(Redirect::to(&format!("/missions/{}", known.mission.id)).into_response())
}
