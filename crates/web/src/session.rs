//! Sessions (会话): server-side, by an opaque token in a cookie; roles hang on the post the person acts in.

use crate::{app::App, failure::Failure};
use axum::{
    extract::{FromRef, FromRequestParts},
    http::{HeaderMap, HeaderValue, header, request::Parts},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use bihuan_ledger::Hash;
use bihuan_rules::{
    Actor, day_of,
    id::{PersonId, PostId},
};
use bihuan_store::{
    Error,
    account::{self, Session},
    checkpoint::machine,
};
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};
use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

/// The cookie of the session.
pub const COOKIE_NAME: &str = "bihuan_session";
/// A session unused this long is over.
pub const IDLE_MAX: SignedDuration = SignedDuration::from_mins(30);
/// A session begun this long ago is over.
pub const AGE_MAX: SignedDuration = SignedDuration::from_hours(12);
/// How long a proof of identity counts for signing and exporting.
pub const STEP_UP_MAX: SignedDuration = SignedDuration::from_mins(15);
/// Where the password is changed.
pub const CHANGE_PASSWORD: &str = "/account/password";
/// Where somebody proves themselves again.
pub const PROVE: &str = "/account/prove";
/// What stays open to somebody who must change their password first.
const OPEN_BEFORE_CHANGE: [&str; 2] = [CHANGE_PASSWORD, "/sign-out"];
/// Most sessions kept in memory.
const CACHE_MAX: usize = 10_000;

/// Random text of 256 bits.
#[must_use]
pub fn random_token() -> String {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).expect("the operating system gives random bytes");
    URL_SAFE_NO_PAD.encode(bytes)
}

/// The hash under which a token is stored: a stolen database holds no usable session.
#[must_use]
pub fn token_hash(token: &str) -> String {
    Hash(Sha256::digest(token.as_bytes()).into()).to_string()
}

/// Sessions in memory; the database holds them too.
#[derive(Default)]
pub struct Sessions {
    known: Mutex<HashMap<String, Session>>,
}

impl Sessions {
    fn get(&self, token: &str) -> Option<Session> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).get(token).cloned()
    }

    fn put(&self, session: Session) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= CACHE_MAX {
            known.clear();
        }
        known.insert(session.token.clone(), session);
    }

    fn forget(&self, token: &str) {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).remove(token);
    }

    /// Forgets every session of a person.
    pub fn forget_person(&self, person: &PersonId) {
        self.known
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .retain(|_, session| &session.person != person);
    }
}

/// Somebody signed in, acting in one post.
#[derive(Debug, Clone)]
pub struct Signed {
    /// Who, in which post, with which roles.
    pub actor: Actor,
    /// The session.
    pub session: Session,
    /// The address that was asked for, without its host.
    pub address: String,
}

impl Signed {
    /// Somebody whose affairs are looked at while they are away: no session, no secret, nothing that could be sent.
    #[must_use]
    pub(crate) fn away(actor: Actor) -> Signed {
        let never = Timestamp::UNIX_EPOCH;
        let session = Session {
            token: String::new(),
            person: actor.person.clone(),
            post: actor.post.clone(),
            csrf: random_token(),
            created_at: never,
            seen_at: never,
            step_up_at: never,
            must_change: true,
        };
        Signed { actor, session, address: String::new() }
    }

    /// Whether the person proved themselves recently enough to sign or export.
    #[must_use]
    pub fn is_stepped_up(&self, at: Timestamp) -> bool {
        at.duration_since(self.session.step_up_at) <= STEP_UP_MAX
    }

    /// Whether a form was made for this session.
    ///
    /// # Errors
    /// [`Failure::Forged`] when the secret of the form is not this session's.
    pub fn check_form(&self, csrf: &str) -> Result<(), Failure> {
        if token_hash(csrf) == token_hash(&self.session.csrf) { Ok(()) } else { Err(Failure::Forged) }
    }
}

pub(crate) fn cookie<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(known, _)| *known == name)
        .map(|(_, value)| value)
}

/// The `Set-Cookie` value of a new session, or of the end of one when the token is empty.
#[must_use]
pub fn set_cookie(token: &str, secure: bool) -> HeaderValue {
    let age = if token.is_empty() { 0 } else { AGE_MAX.as_secs() };
    let secure = if secure { "; Secure" } else { "" };
    HeaderValue::from_str(&format!(
        "{COOKIE_NAME}={token}; Path=/; HttpOnly; SameSite=Lax; Max-Age={age}{secure}"
    ))
    .expect("a token is plain ASCII")
}

/// Whether a session still counts at this instant.
#[must_use]
pub fn is_alive(session: &Session, now: Timestamp) -> bool {
    now.duration_since(session.seen_at) <= IDLE_MAX && now.duration_since(session.created_at) <= AGE_MAX
}

/// Begins a session and returns the token for the cookie.
///
/// # Errors
/// When the books cannot store it.
pub async fn begin(
    app: &App,
    person: PersonId,
    post: PostId,
    step_up: bool,
    must_change: bool,
) -> Result<String, Error> {
    let now = app.now();
    let token = random_token();
    let session = Session {
        token: token_hash(&token),
        person,
        post,
        csrf: random_token(),
        created_at: now,
        seen_at: now,
        step_up_at: if step_up { now } else { Timestamp::UNIX_EPOCH },
        must_change,
    };
    store(app, session).await?;
    Ok(token)
}

/// Stores a changed session.
///
/// # Errors
/// When the books cannot store it.
pub async fn store(app: &App, session: Session) -> Result<(), Error> {
    let row = session.clone();
    app.books.act(machine(), app.now(), move |work| account::set_session(work.connection(), &row)).await?;
    app.sessions.put(session);
    Ok(())
}

/// Ends a session.
///
/// # Errors
/// When the books cannot store it.
pub async fn end(app: &App, session: &Session) -> Result<(), Error> {
    let token = session.token.clone();
    app.sessions.forget(&token);
    app.books.act(machine(), app.now(), move |work| account::drop_session(work.connection(), &token)).await
}

/// Whoever must change their password is led there and may do nothing else but sign out.
async fn admitted(app: &App, parts: &Parts) -> Result<Option<Signed>, Failure> {
    let address = parts.uri.path_and_query().map_or("", |asked| asked.as_str());
    let signed = find(app, &parts.headers, address).await?;
    let held_up = signed.as_ref().is_some_and(|signed| signed.session.must_change && !app.demo);
    if held_up && !OPEN_BEFORE_CHANGE.contains(&parts.uri.path()) {
        return Err(Failure::ChangePasswordFirst);
    }
    Ok(signed)
}

async fn find(app: &App, headers: &HeaderMap, address: &str) -> Result<Option<Signed>, Error> {
    let app = app.home();
    let Some(token) = cookie(headers, COOKIE_NAME).filter(|token| !token.is_empty()) else { return Ok(None) };
    let token = token_hash(token);
    let session = match app.sessions.get(&token) {
        Some(session) => Some(session),
        None => {
            let wanted = token.clone();
            let found = app.books.ask(move |connection| account::session(connection, &wanted)).await?;
            if let Some(session) = &found {
                app.sessions.put(session.clone());
            }
            found
        }
    };
    let Some(mut session) = session else { return Ok(None) };
    let now = app.now();
    let unused = now.duration_since(session.seen_at);
    if !is_alive(&session, now) {
        // Over is over, whether or not the books can be told.
        if let Err(error) = end(app, &session).await {
            tracing::warn!(%error, "the end of a session could not be stored");
        }
        return Ok(None);
    }
    let reference = app.books.reference();
    let may_sign_in =
        app.demo || reference.accounts.get(&session.person).is_some_and(|account| account.is_open);
    let actor = reference.office.actor(&session.person, &session.post, day_of(now)).filter(|_| may_sign_in);
    let Some(actor) = actor else { return Ok(None) };
    if unused > SignedDuration::from_mins(1) {
        session.seen_at = now;
        // Reading goes on while the books cannot be written; this process knows that the session is in use.
        if let Err(error) = store(app, session.clone()).await {
            tracing::warn!(%error, "the use of a session could not be stored");
            app.sessions.put(session.clone());
        }
    }
    Ok(Some(Signed { actor, session, address: address.to_owned() }))
}

impl<S: Send + Sync> FromRequestParts<S> for Signed
where
    App: FromRef<S>,
{
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Signed, Failure> {
        let app = App::from_ref(state);
        admitted(&app, parts).await?.ok_or_else(|| Failure::SignInFirst(parts.uri.to_string()))
    }
}

/// Somebody signed in, or nobody.
pub struct MaybeSigned(pub Option<Signed>);

impl<S: Send + Sync> FromRequestParts<S> for MaybeSigned
where
    App: FromRef<S>,
{
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<MaybeSigned, Failure> {
        let app = App::from_ref(state);
        Ok(MaybeSigned(admitted(&app, parts).await?))
    }
}
