//! Proving who somebody is (身份鉴别): passwords, second factor, lock-out. Nothing here knows about pages.

use crate::{app::App, session::Signed};
use argon2::{
    Argon2,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use bihuan_rules::id::PersonId;
use bihuan_store::{
    Error,
    account::{self, Credential},
    checkpoint::machine,
};
use jiff::SignedDuration;
use std::sync::LazyLock;
use totp_rs::{Algorithm, Builder, Secret};

/// Wrong attempts after which an account rests.
pub const FAILURES_MAX: i64 = 5;
/// How long it rests.
pub const REST: SignedDuration = SignedDuration::from_mins(10);
/// Shortest password, in characters.
pub const PASSWORD_CHARS_MIN: usize = 12;
/// Longest password, in characters; hashing takes longer the longer the text.
pub const PASSWORD_CHARS_MAX: usize = 200;

/// Length of a second-factor secret, in characters of base32.
const TOTP_SECRET_CHARS: usize = 32;

/// A hash nobody's password fits, so that an unknown name takes as long as a known one.
static NOBODY: LazyLock<String> =
    LazyLock::new(|| hash_password("nobody signs in with this").unwrap_or_default());

/// What a sign-in attempt came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Attempt {
    /// Name, password and second factor fit.
    Right {
        /// The password must be changed first.
        must_change: bool,
    },
    /// Something does not fit; which, is not said.
    Wrong,
    /// Too many wrong attempts; nothing was evaluated.
    Resting,
}

/// Hashes a password with Argon2id.
///
/// # Errors
/// When the hash cannot be computed.
pub fn hash_password(password: &str) -> Result<String, argon2::password_hash::Error> {
    Ok(Argon2::default().hash_password(password.as_bytes())?.to_string())
}

/// [`hash_password`] beside the threads that answer; hashing takes a while on purpose.
///
/// # Errors
/// When the hash cannot be computed.
pub async fn hash_aside(password: &str) -> Result<String, Error> {
    let password = password.to_owned();
    let failed = |why: String| Error::Unusable(format!("the password cannot be hashed: {why}"));
    let hashed = tokio::task::spawn_blocking(move || hash_password(&password)).await;
    hashed.map_err(|error| failed(error.to_string()))?.map_err(|error| failed(error.to_string()))
}

fn fits(password: &str, hash: &str) -> bool {
    PasswordHash::new(hash)
        .is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok())
}

/// A password nobody could guess: 20 characters that are hard to confuse.
#[must_use]
pub fn random_password() -> String {
    const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
    let mut bytes = [0_u8; 20];
    getrandom::fill(&mut bytes).expect("the operating system gives random bytes");
    bytes.iter().map(|byte| char::from(LETTERS[usize::from(byte % 32)])).collect()
}

/// Why a password cannot be used; the key of the sentence.
#[must_use]
pub fn weakness(password: &str, login: &str, name: &str) -> Option<&'static str> {
    let count = password.chars().count();
    let lower = password.to_lowercase();
    let distinct = password.chars().collect::<std::collections::BTreeSet<_>>().len();
    let common =
        ["password", "123456", "qwerty", "admin", "888888", "bihuan", "huanbao", "iloveyou", "111111"];
    if count < PASSWORD_CHARS_MIN {
        Some("password-too-short")
    } else if count > PASSWORD_CHARS_MAX {
        Some("password-too-long")
    } else if distinct < 5 || common.iter().any(|word| lower.contains(word)) {
        Some("password-too-common")
    } else if (!login.is_empty() && lower.contains(&login.to_lowercase()))
        || (!name.is_empty() && lower.contains(name))
    {
        Some("password-holds-name")
    } else {
        None
    }
}

/// The time step that a code belongs to, if it fits now and was not used before.
fn totp_step(secret: &str, code: &str, last_step: i64, now: jiff::Timestamp) -> Option<i64> {
    let seconds = u64::try_from(now.as_second()).ok()?;
    let step = i64::try_from(totp(secret)?.check(code, seconds)?).ok()?;
    (step > last_step).then_some(step)
}

fn totp(secret: &str) -> Option<totp_rs::Totp> {
    let secret = Secret::try_from_base32(secret).ok()?;
    Builder::new().with_algorithm(Algorithm::SHA1).with_secret(secret).build().ok()
}

/// A fresh second-factor secret in base32.
#[must_use]
pub fn random_totp_secret() -> String {
    const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let mut bytes = [0_u8; TOTP_SECRET_CHARS];
    getrandom::fill(&mut bytes).expect("the operating system gives random bytes");
    bytes.iter().map(|byte| char::from(ALPHABET[usize::from(byte % 32)])).collect()
}

/// The time step of a code, if it fits a secret now.
#[must_use]
pub fn code_step(secret: &str, code: &str, now: jiff::Timestamp) -> Option<i64> {
    totp_step(secret, code.trim(), 0, now)
}

/// Whether a text has the shape of a secret of [`random_totp_secret`].
#[must_use]
pub fn is_totp_secret(text: &str) -> bool {
    text.len() == TOTP_SECRET_CHARS && text.bytes().all(|byte| matches!(byte, b'A'..=b'Z' | b'2'..=b'7'))
}

/// The address that authenticator programs read from a QR code.
#[must_use]
pub fn totp_address(login: &str, secret: &str) -> String {
    let login: String = form_urlencoded::byte_serialize(login.as_bytes()).collect();
    format!("otpauth://totp/bihuan:{}?secret={secret}&issuer=bihuan", login.replace('+', "%20"))
}

/// Evaluates one attempt and keeps count.
///
/// # Errors
/// When the books cannot be read or written.
pub async fn attempt(
    app: &App,
    login: &str,
    password: &str,
    code: &str,
) -> Result<(Attempt, Option<PersonId>), Error> {
    let wanted = login.trim().to_lowercase();
    let reference = app.reference();
    let known =
        reference.accounts.values().find(|account| account.is_open && account.login.to_lowercase() == wanted);
    let Some(account) = known else {
        let password = password.to_owned();
        drop(tokio::task::spawn_blocking(move || fits(&password, &NOBODY)).await);
        return Ok((Attempt::Wrong, None));
    };
    let attempt = attempt_as(app, &account.person, password, Some(code)).await?;
    Ok((attempt, Some(account.person.clone())))
}

/// Whether this is the person's password, for somebody whose session proved the second factor; wrong ones are counted
/// like wrong attempts to sign in.
///
/// # Errors
/// When the books cannot be read or written.
pub async fn attempt_password(app: &App, person: &PersonId, password: &str) -> Result<Attempt, Error> {
    attempt_as(app, person, password, None).await
}

/// Evaluates one attempt of a known person; without a code the second factor is not asked for.
async fn attempt_as(
    app: &App,
    person: &PersonId,
    password: &str,
    code: Option<&str>,
) -> Result<Attempt, Error> {
    let (now, wanted) = (app.now(), person.clone());
    let found = app.books.ask(move |connection| account::credential(connection, &wanted)).await?;
    let Some(evaluated) = found else { return Ok(Attempt::Wrong) };
    if evaluated.locked_until > now {
        return Ok(Attempt::Resting);
    }
    let (typed, hash) = (password.to_owned(), evaluated.password.clone());
    let right = password.chars().count() <= PASSWORD_CHARS_MAX
        && tokio::task::spawn_blocking(move || fits(&typed, &hash)).await.unwrap_or(false);
    let (person, code) = (person.clone(), code.map(|code| code.trim().to_owned()));
    // Hashing took a while: what is counted and compared is the credential as it is when the writer comes to it.
    app.books
        .act(machine(), now, move |work| {
            let found = account::credential(work.connection(), &person)?;
            let Some(credential) = found else { return Ok(Attempt::Wrong) };
            let step = match code {
                Some(code) if !credential.totp_secret.is_empty() => {
                    totp_step(&credential.totp_secret, &code, credential.totp_step, now)
                }
                _ => Some(credential.totp_step),
            };
            let right = right && credential.password == evaluated.password;
            let must_change = credential.must_change;
            let (changed, attempt) = match step {
                Some(totp_step) if right => {
                    (Credential { totp_step, failures: 0, ..credential }, Attempt::Right { must_change })
                }
                _ => (one_more_failure(credential, now), Attempt::Wrong),
            };
            account::set_credential(work.connection(), &person, &changed)?;
            Ok(attempt)
        })
        .await
}

fn one_more_failure(credential: Credential, now: jiff::Timestamp) -> Credential {
    let failures = credential.failures + 1;
    if failures >= FAILURES_MAX {
        Credential { failures: 0, locked_until: now + REST, ..credential }
    } else {
        Credential { failures, ..credential }
    }
}

/// Lets somebody prove themselves again before a weighty act; remembers it in the session.
///
/// # Errors
/// When the books cannot be read or written.
pub async fn prove(app: &App, signed: &Signed, password: &str, code: &str) -> Result<bool, Error> {
    let attempt = attempt_as(app, &signed.actor.person, password, Some(code)).await?;
    let right = matches!(attempt, Attempt::Right { .. });
    if right {
        let session = account::Session { step_up_at: app.now(), ..signed.session.clone() };
        crate::session::store(app, session).await?;
    }
    Ok(right)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weak_passwords_are_named() {
        assert_eq!(weakness("short", "", ""), Some("password-too-short"));
        assert_eq!(weakness("aaaaaaaaaaaaaaaa", "", ""), Some("password-too-common"));
        assert_eq!(weakness("wangjianguo-2021!", "wangjianguo", ""), Some("password-holds-name"));
        assert_eq!(weakness(&random_password(), "a1", "王"), None);
    }

    #[test]
    fn a_code_works_once() {
        let secret = random_totp_secret();
        let now: jiff::Timestamp = "2021-06-11T01:30:00Z".parse().unwrap();
        let code = totp(&secret).unwrap().generate(u64::try_from(now.as_second()).unwrap()).to_string();
        let step = totp_step(&secret, &code, 0, now).unwrap();
        assert_eq!(totp_step(&secret, &code, step, now), None);
    }
}
