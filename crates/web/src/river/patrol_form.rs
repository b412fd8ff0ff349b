//! `/rivers/{id}/patrol`: the form of a patrol, for the phone: the times are filled in, one passage says what was seen,
//! everything else may stay empty.

use super::{enter, find, forms, seat_words, track};
use crate::{
    app::App,
    failure::Failure,
    filled::{FieldError, Filled},
    frame::{
        Frame,
        form::{Field, Form, Kind},
        sheet::field,
        show,
    },
    locale::Locale,
    order, picture,
    session::{Signed, random_token},
    task::set_point::degrees,
    upload::{Upload, receive},
    words,
};
use askama::Template;
use axum::{
    extract::{Multipart, Path, State},
    http::StatusCode,
    response::Response,
};
use bihuan_rules::{
    Act, Refusal, Subject,
    access::Room,
    id::TaskId,
    record::Kind as RecordKind,
    river::{Finding, Log, Method, Patrol, PatrolOrder, Photo, River, decide_patrol, may_patrol},
    task::{Datum, Place},
};
use jiff::civil::{Date, Time};

#[derive(Template)]
#[template(path = "river/patrol_form.html")]
struct View {
    frame: Frame,
    form: Form,
}

/// The seats on whose account this reader may patrol today, with the reaches of each.
fn seats(app: &App, signed: &Signed, river: &River) -> Vec<u32> {
    let sitting = river.chiefs_on(None, app.today());
    sitting.map(|(n, _)| n).filter(|n| may_patrol(&signed.actor, river, *n)).collect()
}

fn fields(app: &App, locale: Locale, signed: &Signed, river: &River, filled: &Filled) -> Vec<Field> {
    let mine = seats(app, signed, river);
    let seat = |n: &u32| {
        let chief = river.chief(*n)?;
        let reach = chief.reach.and_then(|reach| river.reach(reach)).map(|reach| reach.name.clone());
        let place = reach.unwrap_or_else(|| river.outline.name.clone());
        Some((n.to_string(), format!("{} · {place}", seat_words(locale, chief))))
    };
    let chosen = filled.number("chief").ok().flatten().and_then(|n| u32::try_from(n).ok());
    let narrow = chosen.and_then(|n| river.chief(n)).and_then(|chief| chief.reach);
    let reaches = river.in_flow_order().into_iter().filter(|(n, _)| narrow.is_none_or(|only| only == *n));
    let reaches = reaches.map(|(n, reach)| (n.to_string(), reach.name.clone())).collect();
    let short = |name: &str, kind| field(locale, name, Kind::Line(filled.text(name).to_owned(), kind, true));
    vec![
        forms::radio(locale, "chief", mine.iter().filter_map(seat).collect(), filled),
        forms::radio(locale, "reach", reaches, filled),
        short("patrolled_on", "date"),
        short("time_from", "time"),
        short("time_until", "time"),
        forms::passage(locale, "seen", 3, filled),
        forms::optional(forms::passage(locale, "findings_seen", 3, filled)),
        forms::optional(field(locale, "files", Kind::Files("image/*", true))),
        forms::radio(locale, "way", forms::worded(locale, "river-method", Method::ALL, Method::name), filled),
        forms::optional(field(locale, "track_file", Kind::Files(".gpx,application/gpx+xml", false))),
        forms::optional(forms::passage(locale, "track", 2, filled)),
        forms::optional(forms::choose(
            locale,
            "track_datum",
            forms::worded(locale, "datum", &Datum::ALL, Datum::name),
            filled,
        )),
        forms::optional(short("distance_m", "text")),
        forms::optional(short("patrol_task", "text")),
        forms::optional(short("longitude", "text")),
        forms::optional(short("latitude", "text")),
    ]
}

fn render(
    app: &App,
    locale: Locale,
    signed: &Signed,
    river: &River,
    filled: &Filled,
    errors: &[FieldError],
    refusal: Option<&Refusal>,
) -> Response {
    let mut form = Form {
        locale,
        action: format!("/rivers/{}/log", river.id),
        files: true,
        fields: fields(app, locale, signed, river, filled),
        submit: locale.say("river-patrol-submit"),
        cancel: format!("/rivers/{}", river.id),
        hidden: vec![("csrf", signed.session.csrf.clone()), ("once", random_token())],
        errors: Vec::new(),
    };
    let told = errors.iter().map(|error| (Some(error.field.as_str()), locale.say(error.key)));
    let refused = refusal.map(|refusal| (refusal.field(), words::refusal(locale, refusal)));
    for (name, sentence) in told.chain(refused) {
        let name = match name {
            Some("findings") => Some("findings_seen"),
            Some("line") => Some("track"),
            other => other,
        };
        match form.fields.iter_mut().find(|field| Some(field.name.as_str()) == name) {
            Some(field) => field.error = sentence,
            None => form.errors.push(sentence),
        }
    }
    let mut frame = Frame::new(app, locale, signed, Room::Rivers, locale.say("river-patrol-log"))
        .below("/rivers", locale.say("room-rivers"))
        .below(format!("/rivers/{}", river.id), river.outline.name.clone());
    frame.has_errors = form.has_errors();
    let status = if frame.has_errors { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    show(status, &View { frame, form })
}

/// `GET /rivers/{id}/patrol`.
pub async fn get(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    Path(id): Path<String>,
    asked: Filled,
) -> Result<Response, Failure> {
    enter(&signed)?;
    let river = find(&app.reference(), &id)?;
    let mine = seats(&app, &signed, &river);
    let first = *mine.first().ok_or(Failure::NotFound)?;
    let now = jiff::tz::offset(8).to_datetime(app.now());
    let chief = match asked.number("chief").ok().flatten().and_then(|n| u32::try_from(n).ok()) {
        Some(n) if mine.contains(&n) => n,
        _ => first,
    };
    let mut filled = Filled::default();
    filled.set("chief", chief.to_string());
    let own = river.chief(chief).and_then(|chief| chief.reach).map(|n| n.to_string());
    let only = (river.reaches.len() == 1).then(|| "1".to_owned());
    filled.set("reach", own.or(only).unwrap_or_else(|| asked.text("reach").to_owned()));
    filled.set("patrolled_on", now.date().to_string());
    filled.set("time_until", now.strftime("%H:%M").to_string());
    filled.set("way", Method::Foot.name());
    filled.set("patrol_task", asked.text("task"));
    filled.set("track_datum", Datum::Wgs84.name());
    Ok(render(&app, locale, &signed, &river, &filled, &[], None))
}

fn time(filled: &Filled, name: &str) -> Result<Time, FieldError> {
    let typed = filled.text(name).replace(['：', '点'], ":");
    let (hour, minute) = typed.split_once(':').ok_or_else(|| FieldError::at(name, "form-not-a-time"))?;
    let minute = minute.trim_end_matches('分').get(..2).unwrap_or(minute);
    let number = |text: &str| text.trim().parse::<i8>().map_err(|_| FieldError::at(name, "form-not-a-time"));
    Time::new(number(hour)?, number(minute)?, 0, 0).map_err(|_| FieldError::at(name, "form-not-a-time"))
}

fn place(filled: &Filled) -> Result<Option<Place>, FieldError> {
    if !filled.has("longitude") && !filled.has("latitude") {
        return Ok(None);
    }
    let read =
        |name: &str| degrees(filled.text(name)).ok_or_else(|| FieldError::at(name, "form-not-degrees"));
    Ok(Some(Place {
        lon_e6: read("longitude")?,
        lat_e6: read("latitude")?,
        datum: Datum::Wgs84,
        accuracy_m: None,
    }))
}

fn read(filled: &Filled, river: &River, gpx: Option<&Upload>, today: Date) -> Result<Log, Vec<FieldError>> {
    let number = |name: &str| match filled.number(name) {
        Ok(Some(n)) => u32::try_from(n).map_err(|_| FieldError::at(name, "form-not-a-number")),
        Ok(None) => Err(FieldError::at(name, "form-missing")),
        Err(error) => Err(error),
    };
    let (chief, reach) = (number("chief"), number("reach"));
    let on = filled.date_needed("patrolled_on", today);
    let (from, until) = (time(filled, "time_from"), time(filled, "time_until"));
    let method = filled.one_of("way", Method::ALL.iter().copied(), Method::name);
    let at = place(filled);
    let distance = filled.number("distance_m");
    let (way, task) = (track::read(filled, gpx), filled.id::<TaskId>("patrol_task"));
    let way = match (way, task) {
        (Ok(way), Ok(task)) => Ok((way, task)),
        (way, task) => Err([way.err(), task.err()].into_iter().flatten().collect::<Vec<_>>()),
    };
    match (chief, reach, on, from, until, method, at, distance, way) {
        (
            Ok(chief),
            Ok(reach),
            Ok(on),
            Ok(from),
            Ok(until),
            Ok(method),
            Ok(at),
            Ok(distance),
            Ok((way, task)),
        ) => Ok(Log {
            river: river.id.clone(),
            reach,
            chief,
            from: on.to_datetime(from),
            until: on.to_datetime(until),
            method,
            distance_m: distance
                .and_then(|metres| u32::try_from(metres).ok())
                .or(way.as_ref().map(|way| way.length_m)),
            datum: way.as_ref().map(|way| way.datum),
            track: way.map(|way| way.track).unwrap_or_default(),
            task,
            at,
            seen: filled.text("seen").replace("\r\n", "\n"),
            findings: filled
                .lines("findings_seen")
                .into_iter()
                .map(|text| Finding { text, place: at })
                .collect(),
            photos: Vec::new(),
        }),
        (chief, reach, on, from, until, method, at, distance, way) => Err([
            chief.err(),
            reach.err(),
            on.err(),
            from.err(),
            until.err(),
            method.err(),
            at.err(),
            distance.err(),
        ]
        .into_iter()
        .flatten()
        .chain(way.err().unwrap_or_default())
        .collect()),
    }
}

/// `POST /rivers/{id}/log`.
pub async fn post(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    Path(id): Path<String>,
    parts: Multipart,
) -> Result<Response, Failure> {
    enter(&signed)?;
    let river = find(&app.reference(), &id)?;
    let (filled, uploads) = receive(parts).await?;
    signed.check_form(filled.text("csrf"))?;
    let refuse = |errors: &[FieldError], refusal: Option<&Refusal>| {
        render(&app, locale, &signed, &river, &filled, errors, refusal)
    };
    let (tracks, uploads): (Vec<_>, Vec<_>) =
        uploads.into_iter().partition(|upload| upload.field == "track_file");
    let mut log = match read(&filled, &river, tracks.first(), app.today()) {
        Ok(log) => log,
        Err(errors) => return Ok(refuse(&errors, None)),
    };
    match photos(&app, uploads).await? {
        Some(photos) => log.photos = photos,
        None => return Ok(refuse(&[FieldError::at("files", "form-file-kind")], None)),
    }
    let request = format!("patrol log {} {} {} {}", river.id, log.reach, log.chief, log.from);
    let of = river.clone();
    let done = order::carry_out(&app, &signed, &filled, request, move |work| {
        let year = log.from.year();
        if let Some(task) = &log.task
            && work.task(task)?.is_none()
        {
            return Err(Refusal::Unknown { field: "patrol_task", value: task.to_string() }.into());
        }
        let act = decide_patrol(&work.situation(""), &of, None, PatrolOrder::Log(Box::new(log)))?;
        let id = work.next_code::<Patrol>(&format!("X-{year}"))?;
        let receipt = work.record(Subject::Record(RecordKind::Patrol, id.clone()), Act::from(act))?;
        Ok((id, receipt))
    })
    .await;
    let to = |done| match done {
        Some(id) => format!("/rivers/patrols/{id}"),
        None => format!("/rivers/{}", river.id),
    };
    order::answered(done, to, |refusal| refuse(&[], Some(refusal)))
}

/// Keeps the pictures that came with the form; `None` when one of the files is no picture.
async fn photos(app: &App, uploads: Vec<Upload>) -> Result<Option<Vec<Photo>>, Failure> {
    let mut photos = Vec::new();
    for upload in uploads {
        let Some(about) = picture::describe(&upload.bytes) else { return Ok(None) };
        if !about.media_type.starts_with("image/") {
            return Ok(None);
        }
        let size_bytes = upload.bytes.len() as u64;
        let sha256 = app.books.evidence().put(upload.bytes).await?;
        photos.push(Photo { sha256, name: upload.name, media_type: about.media_type, size_bytes });
    }
    Ok(Some(photos))
}
