//! Accounts: administrators administer others, owners prove themselves, names are unique.

#[expect(dead_code, reason = "accounts are tested without a task")]
mod support;

use bihuan_rules::{
    Refusal,
    account::{Account, Capacity, decide},
    act::AccountAct,
    id::PersonId,
};
use std::collections::BTreeMap;
use support::{District, day, person};

fn accounts() -> BTreeMap<PersonId, Account> {
    let account = |id: &str, is_open, second_factor| {
        let account = Account { person: person(id), login: format!("{id}.a"), is_open, second_factor };
        (person(id), account)
    };
    BTreeMap::from([
        account("administrator", true, false),
        account("town", true, true),
        account("chief", false, false),
    ])
}

fn ordered(by: &str, capacity: Capacity, act: AccountAct) -> Result<AccountAct, &'static str> {
    let district = District::new();
    let situation = district.situation(district.actor(by), day("2021-03-01"), district.ruleset("generic"));
    decide(&situation, &accounts(), capacity, act).map_err(|no: Refusal| no.key())
}

fn opened(id: &str, login: &str) -> AccountAct {
    AccountAct::Opened { person: person(id), login: login.to_owned() }
}

#[test]
fn an_administrator_opens_accounts_under_free_names() {
    use Capacity::{Administrator, Owner};
    assert!(ordered("administrator", Administrator, opened("second", " lin.a ")).is_ok());
    assert!(
        ordered("administrator", Administrator, opened("chief", "chief.a")).is_ok(),
        "a closed one opens again"
    );
    for (by, capacity, act, key) in [
        ("town", Administrator, opened("second", "lin"), "refusal-not-yours"),
        ("town", Owner, opened("town", "lin"), "refusal-unknown"),
        ("administrator", Administrator, opened("town", "other"), "refusal-once-only"),
        ("administrator", Administrator, opened("second", "TOWN.A"), "refusal-taken"),
        ("administrator", Administrator, opened("second", "a b"), "refusal-taken"),
        ("administrator", Administrator, opened("second", " "), "refusal-missing"),
        ("administrator", Administrator, opened("nobody", "lin"), "refusal-unknown"),
    ] {
        assert_eq!(ordered(by, capacity, act), Err(key));
    }
}

#[test]
fn nobody_administers_their_own_account_and_nobody_owns_anothers() {
    use Capacity::{Administrator, Owner};
    let set = |id: &str| AccountAct::PasswordSet { person: person(id) };
    let closed = |id: &str| AccountAct::Closed { person: person(id) };
    let added = |id: &str| AccountAct::SecondFactorAdded { person: person(id) };
    let removed = |id: &str| AccountAct::SecondFactorRemoved { person: person(id) };
    for (by, capacity, act, result) in [
        ("administrator", Administrator, set("town"), None),
        ("administrator", Administrator, set("administrator"), Some("refusal-own-account")),
        ("administrator", Administrator, closed("administrator"), Some("refusal-own-account")),
        ("administrator", Administrator, closed("town"), None),
        ("administrator", Administrator, closed("chief"), Some("refusal-unknown")),
        ("administrator", Administrator, removed("town"), None),
        ("administrator", Administrator, added("town"), Some("refusal-unknown")),
        ("administrator", Owner, added("administrator"), None),
        ("administrator", Owner, removed("administrator"), Some("refusal-unknown")),
        ("administrator", Owner, set("town"), Some("refusal-unknown")),
        ("town", Owner, set("town"), None),
        ("town", Owner, closed("town"), Some("refusal-unknown")),
        ("town", Owner, added("town"), Some("refusal-once-only")),
        ("town", Owner, removed("town"), None),
    ] {
        let act_text = format!("{by} {capacity:?} {act:?}");
        assert_eq!(ordered(by, capacity, act).err(), result, "{act_text}");
    }
}
