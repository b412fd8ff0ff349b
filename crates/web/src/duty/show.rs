//! `/duties/{id}`: one duty with every version, what adopted it, and what cites it.

use super::{cells, enter, field_words, holders, may_write, state, table};
use crate::{
    app::App,
    failure::Failure,
    filled::Filled,
    frame::{Frame, show},
    locale::Locale,
    session::Signed,
    task::timeline::{Entry, entries},
};
use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use bihuan_rules::{
    Subject,
    access::Room,
    duty::{AdoptedBy, Duty, DutyState, Wording},
    id::RecordId,
    record::Kind,
};
use bihuan_store::{Reference, ledger};

/// A wording as it is shown.
struct Version {
    heading: String,
    tag: (String, &'static str),
    adopted: (String, String),
    text: String,
    facts: Vec<(String, String)>,
}

#[derive(Template)]
#[template(path = "duty/show.html")]
struct View {
    frame: Frame,
    id: String,
    state: (String, &'static str),
    reason: String,
    versions: Vec<Version>,
    steps: Vec<(&'static str, String)>,
    entries: Vec<Entry>,
}

pub(super) fn find<'r>(reference: &'r Reference, id: &str) -> Result<(&'r RecordId, &'r Duty), Failure> {
    let mut duties = reference.records::<Duty>();
    duties.find(|(known, _)| known.as_str() == id).ok_or(Failure::NotFound)
}

/// What adopted a version: words and the address of the meeting.
fn adopted(locale: Locale, by: &AdoptedBy) -> (String, String) {
    match by {
        AdoptedBy::Meeting { meeting, item, list } => {
            let words = locale.text("duty-by-meeting").with("meeting", meeting.to_string());
            let words = words.with("item", i64::from(*item)).with("list", i64::from(*list));
            (words.to_string(), format!("/meetings/{meeting}"))
        }
        AdoptedBy::Document { number } => (number.clone(), String::new()),
    }
}

fn facts(locale: Locale, reference: &Reference, id: &RecordId, wording: &Wording) -> Vec<(String, String)> {
    let validity = cells(locale, reference, id, wording).pop().unwrap_or_default();
    let named = |of: fn(&bihuan_rules::ruleset::DutyRule) -> &Vec<bihuan_rules::ruleset::Named>,
                 code: &str| { table::named(locale, reference, of, code) };
    let mut facts = vec![
        (locale.say("field-holders"), holders(&reference.office, wording)),
        (locale.say("filter-field"), field_words(locale, wording).join("、")),
        (locale.say("field-basis"), wording.basis.join("\n")),
        (locale.say("field-liability"), wording.liability.clone()),
        (locale.say("field-principle"), named(|rule| &rule.principles, &wording.principle)),
        (locale.say("field-degree"), named(|rule| &rule.degrees, &wording.degree)),
        (locale.say("duty-validity"), validity),
    ];
    facts.retain(|(_, value)| !value.is_empty());
    facts
}

/// `GET /duties/{id}`.
pub async fn get(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    Path(id): Path<String>,
    asked: Filled,
) -> Result<Response, Failure> {
    enter(&signed)?;
    let reference = app.reference();
    let (id, duty) = find(&reference, &id)?;
    let today = app.today();
    let in_force = duty.in_force(today).map(|version| version.wording.from);
    let mut versions = Vec::new();
    if let Some(draft) = &duty.draft {
        versions.push(Version {
            heading: locale.say("duty-draft"),
            tag: (locale.say("duty-state-proposed"), "near"),
            adopted: (String::new(), String::new()),
            text: draft.text.clone(),
            facts: facts(locale, &reference, id, draft),
        });
    }
    for (n, version) in (1_i64..).zip(&duty.versions).collect::<Vec<_>>().into_iter().rev() {
        let tag = match version.wording.from {
            from if in_force == Some(from) => ("duty-in-force", "done"),
            from if from > today => ("duty-not-yet", "near"),
            _ => ("duty-past", "plain"),
        };
        versions.push(Version {
            heading: locale.text("duty-version").with("n", n).to_string(),
            tag: (locale.say(tag.0), tag.1),
            adopted: adopted(locale, &version.adopted_by),
            text: version.wording.text.clone(),
            facts: facts(locale, &reference, id, &version.wording),
        });
    }
    let subject = Subject::Record(Kind::Duty, id.clone());
    let lines =
        app.books.ask(move |connection| Ok::<_, Failure>(ledger::timeline(connection, &subject)?)).await?;
    let steps: &[&str] = match duty.state() {
        _ if !may_write(&signed) => &[],
        DutyState::Proposed => &["revise", "adopt", "withdraw"],
        DutyState::Revised => &["revise", "adopt", "withdraw", "end"],
        DutyState::Adopted => &["revise", "end"],
        DutyState::Ended => &["revise"],
        DutyState::Withdrawn => &[],
    };
    let mut frame = Frame::new(&app, locale, &signed, Room::Duties, id.to_string())
        .below("/duties", locale.say("room-duties"));
    if let Ok(Some(sequence)) = asked.number("done") {
        frame.flash = locale.text("office-done").with("sequence", sequence.to_string()).to_string();
    }
    let view = View {
        id: id.to_string(),
        state: state(locale, duty),
        reason: duty.reason.clone(),
        versions,
        steps: steps.iter().map(|step| (*step, locale.say(&format!("duty-step-{step}")))).collect(),
        entries: entries(&app, locale, lines),
        frame,
    };
    Ok(show(StatusCode::OK, &view))
}
