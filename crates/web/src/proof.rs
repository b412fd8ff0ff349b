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
    let mut bytes = [0_u8; 32];
    getrandom::fill(&mut bytes).expect("the operating system gives random bytes");
    bytes.iter().map(|byte| char::from(ALPHABET[usize::from(byte % 32)])).collect()
}

/// Whether a code fits a secret now.
#[must_use]
pub fn code_fits(secret: &str, code: &str, now: jiff::Timestamp) -> bool {
    totp_step(secret, code.trim(), 0, now).is_some()
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
    let attempt = attempt_as(app, &account.person, password, code).await?;
    Ok((attempt, Some(account.person.clone())))
}

/// Evaluates one attempt of a known person.
async fn attempt_as(app: &App, person: &PersonId, password: &str, code: &str) -> Result<Attempt, Error> {
    let (now, wanted) = (app.now(), person.clone());
    let found = app.books.ask(move |connection| account::credential(connection, &wanted)).await?;
    let Some(credential) = found else { return Ok(Attempt::Wrong) };
    if credential.locked_until > now {
        return Ok(Attempt::Resting);
    }
    let (typed, hash) = (password.to_owned(), credential.password.clone());
    let right = password.chars().count() <= PASSWORD_CHARS_MAX
        && tokio::task::spawn_blocking(move || fits(&typed, &hash)).await.unwrap_or(false);
    let step = if credential.totp_secret.is_empty() {
        Some(credential.totp_step)
    } else {
        totp_step(&credential.totp_secret, code.trim(), credential.totp_step, now)
    };
    let must_change = credential.must_change;
    let changed = match step {
        Some(totp_step) if right => Credential { totp_step, failures: 0, ..credential },
        _ => {
            let failures = credential.failures + 1;
            let resting = failures >= FAILURES_MAX;
            let locked_until = if resting { now + REST } else { credential.locked_until };
            Credential { failures: if resting { 0 } else { failures }, locked_until, ..credential }
        }
    };
    let person = person.clone();
    app.books
        .act(machine(), now, move |work| account::set_credential(work.connection(), &person, &changed))
        .await?;
    Ok(if right && step.is_some() { Attempt::Right { must_change } } else { Attempt::Wrong })
}

/// Lets somebody prove themselves again before a weighty act; remembers it in the session.
///
/// # Errors
/// When the books cannot be read or written.
pub async fn prove(app: &App, signed: &Signed, password: &str, code: &str) -> Result<bool, Error> {
    let attempt = attempt_as(app, &signed.actor.person, password, code).await?;
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
