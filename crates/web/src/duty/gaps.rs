//! `/duties/gaps`: where nobody answers, where two do, and what has run out (责任空白).

use super::enter;
use crate::{
    app::App,
    failure::Failure,
    filled::Filled,
    frame::{Frame, show},
    locale::Locale,
    session::Signed,
    words,
};
use askama::Template;
use axum::{extract::State, http::StatusCode, response::Response};
use bihuan_rules::{access::Room, duty, id::RecordId};

/// One kind of gap: heading, what to do about it, and where each lies.
struct Part {
    heading: String,
    advice: String,
    rows: Vec<(String, String, String)>,
}

#[derive(Template)]
#[template(path = "duty/gaps.html")]
struct View {
    frame: Frame,
    on: String,
    on_error: String,
    sentence: String,
    parts: Vec<Part>,
}

/// `GET /duties/gaps`.
pub async fn get(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    asked: Filled,
) -> Result<Response, Failure> {
    enter(&signed)?;
    let reference = app.reference();
    let (office, today) = (&reference.office, app.today());
    let on = asked.date("on", today);
    let on_error = on.as_ref().err().map(|error| locale.say(error.key)).unwrap_or_default();
    let on = on.ok().flatten().unwrap_or(today);
    let gaps = duty::gaps(office, &reference.records, on);
    let post = |post: &bihuan_rules::id::PostId| (words::post(office, post), format!("/office/posts/{post}"));
    let duty = |id: &RecordId, note: &str| {
        let wording = super::show::find(&reference, id.as_str()).ok().and_then(|(_, duty)| duty.newest());
        let text = wording.map(|wording| wording.text.clone()).unwrap_or_default();
        (format!("{id} {text}"), format!("/duties/{id}"), note.to_owned())
    };
    let unit =
        |id: &bihuan_rules::id::UnitId| (words::unit(office, id.as_str()), format!("/office/units/{id}"));
    let part = |key: &str, rows: Vec<(String, String, String)>| Part {
        heading: locale.say(&format!("gap-{key}")),
        advice: locale.say(&format!("gap-{key}-advice")),
        rows,
    };
    let fields = gaps.fields.iter().map(|field| {
        let words = locale.say(&format!("work-field-{}", field.replace('_', "-")));
        (words, format!("/tasks?open=yes&field={field}"), String::new())
    });
    let vacancies = gaps.vacancies.iter().map(|each| {
        let (words, href) = post(each);
        (words, href, String::new())
    });
    let doubles = gaps.doubles.iter().map(|(each, persons)| {
        let (words, href) = post(each);
        let names: Vec<&str> = persons.iter().map(|person| office.person_names(person, on).0).collect();
        (words, href, names.join("、"))
    });
    let headless = gaps.headless.iter().map(|(each, line)| {
        let (words, href) = unit(each);
        (words, href, locale.say(&format!("office-line-{}", line.name())))
    });
    let dutyless = gaps.dutyless.iter().map(|each| {
        let (words, href) = unit(each);
        (words, href, String::new())
    });
    let parts = vec![
        part("fields", fields.collect()),
        part("vacancies", vacancies.collect()),
        part("doubles", doubles.collect()),
        part("headless", headless.collect()),
        part("lapsed", gaps.lapsed.iter().map(|id| duty(id, "")).collect()),
        part("unheld", gaps.unheld.iter().map(|id| duty(id, "")).collect()),
        part("dutyless", dutyless.collect()),
    ];
    let key = if gaps.count() == 0 { "gap-none" } else { "gap-some" };
    let sentence = locale.text(key).with("count", i64::try_from(gaps.count()).unwrap_or(0));
    let view = View {
        sentence: sentence.with("on", locale.date(on)).to_string(),
        on: asked.text("on").to_owned(),
        on_error,
        parts: parts.into_iter().filter(|part| !part.rows.is_empty()).collect(),
        frame: Frame::new(&app, locale, &signed, Room::Duties, locale.say("gap-title"))
            .below("/duties", locale.say("room-duties")),
    };
    Ok(show(StatusCode::OK, &view))
}
