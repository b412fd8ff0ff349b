//! `/field/device`: who holds the phone now, and the key under which it keeps what it holds for them.
//!
//! The key grows from the secret of the house and the person: whoever signs in gets their own again, on any phone, and
//! nobody else's. A phone drops it when its holder signs out or the lease ends; what it keeps stays unreadable until the
//! same person is back.

use super::reply::reply;
use crate::{
    app::App,
    failure::Failure,
    locale::Locale,
    session::{MaybeSigned, Signed},
};
use axum::{extract::State, response::Response};
use bihuan_rules::access::Room;
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

/// How long a phone may keep its key without having met the server.
const LEASE: SignedDuration = SignedDuration::from_hours(72);

/// Who holds the phone.
#[derive(Serialize)]
pub(super) struct Device {
    person: String,
    name: String,
    csrf: String,
    /// The key, lower-case hexadecimal.
    key: String,
    /// The instant after which the phone drops the key.
    lease_until: Timestamp,
    /// This instant, by the server's clock.
    now: Timestamp,
}

pub(super) fn device(app: &App, signed: &Signed) -> Result<Device, Failure> {
    if !signed.actor.may_enter(Room::Missions) {
        return Err(Failure::NotFound);
    }
    let person = &signed.actor.person;
    let reference = app.reference();
    let name = reference.office.persons.get(person).map_or_else(String::new, |known| known.name.clone());
    let now = app.now();
    Ok(Device {
        person: person.to_string(),
        name,
        csrf: signed.session.csrf.clone(),
        key: app.envelopes.key_of_phones(app.books.area(), person).publish(),
        lease_until: now.checked_add(LEASE).unwrap_or(now),
        now,
    })
}

/// `GET /field/device`.
pub async fn get(State(app): State<App>, locale: Locale, MaybeSigned(signed): MaybeSigned) -> Response {
    let answer = match signed {
        Some(signed) => device(&app, &signed),
        None => Err(Failure::SignInFirst("/field".to_owned())),
    };
    reply(locale, answer)
}
