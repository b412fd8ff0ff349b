//! Administration from the outside: accounts, passwords, second factor, sessions, units and posts.

mod common;

use axum::http::StatusCode;
use bihuan_rules::{Act, act::AccountAct};
use bihuan_store::{Work, checkpoint, ledger};
use common::{Answer, PASSWORD, Site};
use jiff::Timestamp;
use std::collections::BTreeMap;

/// A password that nothing is wrong with.
const FRESH: &str = "nine slow barges drift";

fn shown_password(answer: &Answer) -> String {
    let after = answer.page.split("id=\"new-password\">").nth(1).expect("the page shows a password");
    after.split('<').next().unwrap_or_default().to_owned()
}

/// An account for the cadre of the town; the first password.
async fn opened(site: &Site, administrator: &str) -> String {
    let fields = [("person", "p-town"), ("login", "luo.min")];
    let answer = site.fill(administrator, "/accounts/open", "/accounts/open", &fields).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.page);
    shown_password(&answer)
}

async fn change_password(site: &Site, cookie: &str, now: &str, new: &str) -> Answer {
    let fields = [("password_now", now), ("new_password", new), ("new_password_again", new)];
    site.fill(cookie, "/account/password", "/account/password", &fields).await
}

fn account_acts(site: &Site) -> Vec<AccountAct> {
    let area = site.books.area().to_owned();
    let mut acts = Vec::new();
    let read = site.books.read(|connection| {
        ledger::each(connection, &area, |entry, _| {
            if let Ok(Act::Account(act)) = Act::read(&entry.kind, entry.body) {
                acts.push(act);
            }
            Ok(true)
        })
    });
    read.map_err(|error: bihuan_store::Error| error).unwrap();
    acts
}

#[tokio::test]
async fn a_new_person_changes_the_first_password_before_anything_else() {
    let site = Site::new();
    let administrator = site.session("admin").await;
    let first = opened(&site, &administrator).await;
    let again = site.get(&administrator, "/accounts/p-town").await;
    assert!(
        again.page.contains("luo.min") && !again.page.contains(&first),
        "the password is shown only once"
    );

    let entered = site.sign_in("luo.min", &first, "").await;
    let cookie = entered.cookie.expect("the shown password fits");
    for path in ["/", "/tasks", "/account", "/office", "/sign-in"] {
        let answer = site.get(&cookie, path).await;
        assert_eq!(
            (answer.status, answer.location.as_str()),
            (StatusCode::SEE_OTHER, "/account/password"),
            "{path}"
        );
    }
    let changed = change_password(&site, &cookie, &first, FRESH).await;
    assert_eq!((changed.status, changed.location.as_str()), (StatusCode::SEE_OTHER, "/"), "{}", changed.page);
    let fresh = changed.cookie.expect("the session begins anew");
    assert_eq!(site.get(&fresh, "/").await.status, StatusCode::OK);
    assert_eq!(
        site.get(&cookie, "/tasks").await.location,
        "/sign-in?back=%2Ftasks",
        "the old session has ended"
    );
    assert_eq!(site.sign_in("luo.min", &first, "").await.cookie, None);
    assert!(site.sign_in("luo.min", FRESH, "").await.cookie.is_some());

    let kinds: Vec<String> =
        account_acts(&site).iter().map(|act| Act::Account(act.clone()).write().0).collect();
    let expected = [
        "account.opened",
        "account.opened",
        "account.opened",
        "account.password_set",
        "account.password_set",
    ];
    assert_eq!(kinds, expected);
    let report = bihuan_store::verify::run(&site.books, &[], &mut |_| true).unwrap();
    assert_eq!(report.fault, None);
}

#[tokio::test]
async fn accounts_exist_only_for_administrators() {
    let site = Site::new();
    let clerk = site.session("clerk").await;
    for path in [
        "/accounts",
        "/accounts/open",
        "/accounts/p-admin",
        "/office/units/new",
        "/office/posts/post-town/appoint",
    ] {
        assert_eq!(site.get(&clerk, path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    let page = site.get(&clerk, "/account").await;
    let hidden = page.hidden("/sign-out");
    let csrf = &hidden.iter().find(|(name, _)| name == "csrf").unwrap().1;
    let sent = [("csrf", csrf.as_str()), ("once", "k"), ("person", "p-town"), ("login", "luo")];
    assert_eq!(site.post(&clerk, "/accounts/open", &sent).await.status, StatusCode::NOT_FOUND);
    assert_eq!(site.post(&clerk, "/accounts/p-admin/close", &sent).await.status, StatusCode::NOT_FOUND);
    assert_eq!(site.get(&clerk, "/office").await.status, StatusCode::OK, "who holds what is open to all");
}

#[tokio::test]
async fn a_wrong_or_weak_password_keeps_the_form() {
    let site = Site::new();
    let clerk = site.session("clerk").await;
    let wrong = change_password(&site, &clerk, "not the password", FRESH).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        wrong.page.contains("The password does not fit.") && wrong.page.contains("name=\"new_password\"")
    );
    assert!(
        !wrong.page.contains(FRESH) && !wrong.page.contains("not the password"),
        "secrets are not repeated"
    );
    for (new, sentence) in [
        ("short", "at least 12 characters"),
        ("clerk of the office", "must not contain"),
        ("aaaaaaaaaaaaaaaa", "too common"),
        (PASSWORD, "is the old one"),
    ] {
        let answer = change_password(&site, &clerk, PASSWORD, new).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{new}");
        assert!(answer.page.contains(sentence), "{new}: {}", answer.page);
    }
    for _ in 0..4 {
        change_password(&site, &clerk, "not the password", FRESH).await;
    }
    let resting = change_password(&site, &clerk, PASSWORD, FRESH).await;
    assert_eq!(resting.status, StatusCode::UNPROCESSABLE_ENTITY, "guessing is counted here too");

    let administrator = site.session("admin").await;
    let list = site.get(&administrator, "/accounts").await;
    assert!(list.page.contains("resting after wrong attempts"));
    let unlocked = site.fill(&administrator, "/accounts/p-clerk", "/accounts/p-clerk/unlock", &[]).await;
    assert_eq!(unlocked.location, "/accounts/p-clerk?done=unlock");
    assert_eq!(change_password(&site, &clerk, PASSWORD, FRESH).await.location, "/account?done=password");
}

#[tokio::test]
async fn a_closed_account_is_out_at_once_and_stays_out() {
    let site = Site::new();
    let (administrator, clerk) = (site.session("admin").await, site.session("clerk").await);
    let closed = site.fill(&administrator, "/accounts/p-clerk", "/accounts/p-clerk/close", &[]).await;
    assert_eq!(closed.location, "/accounts/p-clerk?done=close");
    assert_eq!(site.get(&clerk, "/tasks").await.location, "/sign-in?back=%2Ftasks");
    assert_eq!(site.sign_in("clerk", PASSWORD, "").await.status, StatusCode::UNPROCESSABLE_ENTITY);

    let own = site.get(&administrator, "/accounts/p-admin").await;
    assert!(!own.page.contains("/accounts/p-admin/close"), "nobody closes their own account");
    let hidden = own.hidden("/sign-out");
    let sent = [("csrf", hidden[0].1.as_str()), ("once", "own")];
    for change in ["close", "password", "unlock", "remove-factor"] {
        let refused = site.post(&administrator, &format!("/accounts/p-admin/{change}"), &sent).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{change}");
    }
    assert_eq!(site.get(&administrator, "/accounts").await.status, StatusCode::OK);

    let taken = [("person", "p-town"), ("login", "Clerk")];
    let refused = site.fill(&administrator, "/accounts/open", "/accounts/open", &taken).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.page.contains("somebody has it") && refused.page.contains("value=\"Clerk\""));

    let fields = [("person", "p-clerk"), ("login", "clerk")];
    let reopened = site.fill(&administrator, "/accounts/open", "/accounts/open", &fields).await;
    assert!(site.sign_in("clerk", &shown_password(&reopened), "").await.cookie.is_some());
}

#[tokio::test]
async fn administering_accounts_wants_a_recent_proof() {
    let site = Site::new();
    let administrator = site.session("admin").await;
    let opened = site.get(&administrator, "/accounts/p-clerk").await;
    site.minutes_pass(16);
    let hidden = opened.hidden("/accounts/p-clerk/close");
    let sent: Vec<(&str, &str)> = hidden.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    let held_up = site.post(&administrator, "/accounts/p-clerk/close", &sent).await;
    assert_eq!(held_up.location, "/account/prove?back=%2Faccounts%2Fp-clerk");
    let wrong =
        site.fill(&administrator, &held_up.location, "/account/prove", &[("password_now", "guess")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    let right = [("password_now", PASSWORD)];
    let proven = site.fill(&administrator, &held_up.location, "/account/prove", &right).await;
    assert_eq!(proven.location, "/accounts/p-clerk");
    assert_eq!(
        site.post(&administrator, "/accounts/p-clerk/close", &sent).await.location,
        "/accounts/p-clerk?done=close"
    );
}

#[tokio::test]
async fn the_second_factor_is_asked_for_and_no_code_works_twice() {
    let site = Site::new();
    let clerk = site.session("clerk").await;
    let page = site.get(&clerk, "/account/second-factor").await;
    assert!(
        page.page.contains("<svg class=\"qr\"") && page.page.contains("otpauth://totp/bihuan:clerk?secret=")
    );
    let hidden: BTreeMap<String, String> = page.hidden("/account/second-factor").into_iter().collect();
    let secret = totp_rs::Secret::try_from_base32(&hidden["secret"]).unwrap();
    let totp =
        totp_rs::Builder::new().with_algorithm(totp_rs::Algorithm::SHA1).with_secret(secret).build().unwrap();
    let start = "2021-06-11T01:00:00Z".parse::<Timestamp>().unwrap().as_second();
    let code = |minutes: i64| totp.generate(u64::try_from(start + minutes * 60).unwrap());
    let fields = |code: &str, password: &str| {
        let mut fields: Vec<(String, String)> = hidden.clone().into_iter().collect();
        fields
            .extend([("code".to_owned(), code.to_owned()), ("password_now".to_owned(), password.to_owned())]);
        fields
    };
    async fn send(site: &Site, clerk: &str, fields: Vec<(String, String)>) -> Answer {
        let fields: Vec<(&str, &str)> = fields.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
        site.post(clerk, "/account/second-factor", &fields).await
    }
    let wrong = send(&site, &clerk, fields("000000", PASSWORD)).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.page.contains(&hidden["secret"]), "the secret stays, so that nobody scans twice");
    let not_the_owner = send(&site, &clerk, fields(&code(0).to_string(), "guess")).await;
    assert_eq!(not_the_owner.status, StatusCode::UNPROCESSABLE_ENTITY);
    let added = send(&site, &clerk, fields(&code(0).to_string(), PASSWORD)).await;
    assert_eq!(added.location, "/account?done=factor", "{}", added.page);

    site.minutes_pass(2);
    assert_eq!(site.sign_in("clerk", PASSWORD, "").await.cookie, None);
    assert!(site.sign_in("clerk", PASSWORD, &code(2).to_string()).await.cookie.is_some());
    assert_eq!(site.sign_in("clerk", PASSWORD, &code(2).to_string()).await.cookie, None, "a code works once");

    let administrator = site.session("admin").await;
    let removed =
        site.fill(&administrator, "/accounts/p-clerk", "/accounts/p-clerk/remove-factor", &[]).await;
    assert_eq!(removed.location, "/accounts/p-clerk?done=remove-factor");
    assert!(site.sign_in("clerk", PASSWORD, "").await.cookie.is_some());
    let report = bihuan_store::verify::run(&site.books, &[], &mut |_| true).unwrap();
    assert_eq!(report.fault, None);
}

#[tokio::test]
async fn sessions_are_listed_and_ended_one_by_one() {
    let site = Site::new();
    let (here, there) = (site.session("clerk").await, site.session("clerk").await);
    let foreign = site.session("admin").await;
    let page = site.get(&here, "/account").await;
    assert_eq!(page.page.matches("name=\"session\"").count(), 2, "their own, nobody else's");
    let others = site.fill(&here, "/account", "/account/sessions/end", &[("session", "")]).await;
    assert_eq!(others.location, "/account?done=session");
    assert_eq!(site.get(&here, "/account").await.status, StatusCode::OK);
    assert_eq!(site.get(&there, "/account").await.location, "/sign-in?back=%2Faccount");
    assert_eq!(site.get(&foreign, "/account").await.status, StatusCode::OK);
}

#[tokio::test]
async fn units_posts_and_holders_are_changed_on_pages_and_refusals_are_worded() {
    let site = Site::new();
    let administrator = site.session("admin").await;
    let fill =
        async |form: &str, fields: &[(&str, &str)]| site.fill(&administrator, form, form, fields).await;
    let unit = [("name", "白鹤村"), ("unit_kind", "village"), ("level", "town"), ("parent", "u-town")];
    let added = fill("/office/units/new", &unit).await;
    assert!(added.location.starts_with("/office/units/u-3?done="), "{} {}", added.location, added.page);
    let nameless =
        fill("/office/units/new", &[("name", " "), ("unit_kind", "village"), ("level", "town")]).await;
    assert_eq!(nameless.status, StatusCode::UNPROCESSABLE_ENTITY);
    let post = fill("/office/units/u-3/post", &[("title", "村主任"), ("roles", "responsible")]).await;
    assert!(post.location.starts_with("/office/posts/post-4?done="), "{}", post.location);
    let both = [("title", "x"), ("roles", "administrator"), ("roles", "verifier")];
    let refused = fill("/office/units/u-3/post", &both).await;
    assert!(refused.page.contains("administrators take no part in the loop"), "{}", refused.page);

    let appoint = "/office/posts/post-4/appoint";
    let taken = fill(appoint, &[("new_person", "田立"), ("taken_on", "2021-06-01")]).await;
    assert!(taken.location.starts_with("/office/posts/post-4?done="), "{}", taken.page);
    let apart = fill(appoint, &[("person", "p-admin"), ("taken_on", "2021-06-01")]).await;
    assert_eq!(apart.status, StatusCode::UNPROCESSABLE_ENTITY);
    let early = fill("/office/posts/post-4/relieve", &[("person", "p-4"), ("left_on", "2021-05-01")]).await;
    assert!(early.page.contains("must not be before"), "{}", early.page);
    let left = fill("/office/posts/post-4/relieve", &[("person", "p-4"), ("left_on", "2021-06-09")]).await;
    assert!(left.location.starts_with("/office/posts/post-4?done="), "{}", left.page);

    let today = site.get(&administrator, "/office").await;
    assert!(today.page.contains("白鹤村") && !today.page.contains("田立"));
    let then = site.get(&administrator, "/office?on=2021-06-05").await;
    assert!(then.page.contains("田立"), "who held it then is still known");
    let close = fill("/office/units/u-3/close", &[("closed_on", "2021-06-10")]).await;
    assert!(close.location.starts_with("/office/units/u-3?done="));
    assert!(!site.get(&administrator, "/office").await.page.contains("白鹤村"));
    let report = bihuan_store::verify::run(&site.books, &[], &mut |_| true).unwrap();
    assert_eq!(report.fault, None);
}

#[tokio::test]
async fn reading_goes_on_in_a_session_whose_use_cannot_be_stored() {
    let site = Site::new();
    let clerk = site.session("clerk").await;
    let unwritable =
        "CREATE TRIGGER full BEFORE INSERT ON session BEGIN SELECT RAISE(ABORT, 'the disk is full'); END";
    let refuse = move |work: &mut Work<'_>| work.connection().batch(unwritable);
    site.books.work(checkpoint::machine(), Timestamp::UNIX_EPOCH, refuse).unwrap();
    for _ in 0..3 {
        site.minutes_pass(20);
        assert_eq!(site.get(&clerk, "/tasks").await.status, StatusCode::OK);
    }
    site.minutes_pass(31);
    assert_eq!(site.get(&clerk, "/tasks").await.status, StatusCode::SEE_OTHER, "unused too long is over");
}

#[tokio::test]
async fn a_renamed_person_or_unit_is_shown_with_the_name_of_the_day() {
    let site = Site::new();
    site.minutes_pass(2 * 24 * 60);
    let administrator = site.session("admin").await;
    let rename = "/office/persons/p-clerk/rename";
    let same = site.fill(&administrator, rename, rename, &[("name", "何静"), ("since", "2021-06-12")]).await;
    assert!(same.page.contains("This is the present name."), "{}", same.page);
    let future =
        site.fill(&administrator, rename, rename, &[("name", "何晓静"), ("since", "2021-07-01")]).await;
    assert!(future.page.contains("must not be after"), "{}", future.page);
    let done =
        site.fill(&administrator, rename, rename, &[("name", "何晓静"), ("since", "2021-06-12")]).await;
    assert!(done.location.starts_with("/office/persons/p-clerk?done="), "{} {}", done.location, done.page);
    let page = site.get(&administrator, &done.location).await.page;
    assert!(page.contains("何静 (until "), "{page}");

    let change = "/office/units/u-office/change";
    let fields = [
        ("name", "区生态环境委员会办公室"),
        ("unit_kind", "department"),
        ("level", "county"),
        ("since", "2021-06-12"),
    ];
    let done = site.fill(&administrator, change, change, &fields).await;
    assert!(done.location.starts_with("/office/units/u-office?done="), "{}", done.page);
    let ledger = site.get(&administrator, "/ledger").await.page;
    assert!(ledger.contains("区生态环境委员会办公室 (then 区环委办)"), "{ledger}");
    assert!(site.get(&administrator, "/office?on=2021-06-11").await.page.contains("区环委办"));
    let report = bihuan_store::verify::run(&site.books, &[], &mut |_| true).unwrap();
    assert_eq!(report.fault, None);
    let clerk = site.session("clerk").await;
    assert_eq!(site.get(&clerk, rename).await.status, StatusCode::NOT_FOUND);
}
