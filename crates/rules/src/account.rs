//! Accounts (账号): who may open, close and prove them. Secrets are no business of the rules.

use crate::{
    act::AccountAct,
    id::PersonId,
    office::Role,
    refusal::Refusal,
    situation::{Actor, Situation},
    task::Relation,
    text,
};
use std::collections::BTreeMap;

/// Longest sign-in name, in characters.
pub const LOGIN_CHARS_MAX: usize = 64;

/// An account, without its secrets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// The person.
    pub person: PersonId,
    /// The sign-in name.
    pub login: String,
    /// May sign in.
    pub is_open: bool,
    /// Needs a second factor.
    pub second_factor: bool,
}

/// In which capacity somebody gives an order about an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Capacity {
    /// Its owner, who has just proven themselves.
    Owner,
    /// An administrator, about the account of somebody else.
    Administrator,
}

/// Whether somebody may administer the account of this person.
///
/// # Errors
/// A [`Refusal`] when they are no administrator, or when it is their own account: whoever administers
/// others proves themselves like everybody else.
pub fn may_administer(by: &Actor, person: &PersonId) -> Result<(), Refusal> {
    if !by.roles.contains(&Role::Administrator) {
        return Err(Refusal::NotYours { role: Role::Administrator, relation: Relation::Anyone });
    }
    if &by.person == person { Err(Refusal::OwnAccount) } else { Ok(()) }
}

/// Judges an order about an account.
///
/// # Errors
/// A [`Refusal`] naming what is missing, unknown, taken, or not theirs to order.
pub fn decide(
    situation: &Situation<'_>,
    accounts: &BTreeMap<PersonId, Account>,
    capacity: Capacity,
    act: AccountAct,
) -> Result<AccountAct, Refusal> {
    let by = situation.by;
    let person = act.person().clone();
    match capacity {
        Capacity::Administrator => may_administer(by, &person)?,
        Capacity::Owner if by.person != person => {
            return Err(Refusal::Unknown { field: "person", value: person.to_string() });
        }
        Capacity::Owner => {}
    }
    let known = accounts.get(&person);
    let is_open = known.is_some_and(|account| account.is_open);
    let unknown = || Refusal::Unknown { field: "person", value: person.to_string() };
    let act = match (act, capacity) {
        (AccountAct::Opened { person, login }, Capacity::Administrator) => {
            if !situation.office.persons.contains_key(&person) {
                return Err(unknown());
            }
            if is_open {
                return Err(Refusal::OnceOnly);
            }
            let login = free_login(accounts, &person, &login)?;
            AccountAct::Opened { person, login }
        }
        (act @ AccountAct::Closed { .. }, Capacity::Administrator) if is_open => act,
        (act @ AccountAct::PasswordSet { .. }, _) if is_open => act,
        (act @ AccountAct::SecondFactorAdded { .. }, Capacity::Owner) if is_open => {
            if known.is_some_and(|account| account.second_factor) {
                return Err(Refusal::OnceOnly);
            }
            act
        }
        (act @ AccountAct::SecondFactorRemoved { .. }, _)
            if known.is_some_and(|account| account.second_factor) =>
        {
            act
        }
        _ => return Err(unknown()),
    };
    Ok(act)
}

/// The sign-in name, trimmed, if nobody else has it; names differ by more than the size of letters.
fn free_login(
    accounts: &BTreeMap<PersonId, Account>,
    person: &PersonId,
    login: &str,
) -> Result<String, Refusal> {
    let login = text::required("login", login, LOGIN_CHARS_MAX)?;
    let wanted = login.to_lowercase();
    let others = accounts.values().filter(|account| &account.person != person);
    let is_taken = others.into_iter().any(|account| account.login.to_lowercase() == wanted);
    let is_word = login.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '@'));
    if is_taken || !is_word {
        return Err(Refusal::Taken { field: "login", value: login });
    }
    Ok(login)
}
