//! Small real books: a selection of the twin district's year, with every kind of act, evidence and checkpoints.

use bihuan_ledger::{Entry, SigningKey, content_references, origin};
use bihuan_rules::{
    Act, Actor, Subject,
    act::{AccountAct, SettingAct},
    id::{PersonId, PostId, UnitId},
    intake::Adopted,
    office::Level,
    task::TaskAct,
};
use bihuan_store::{
    Books, Error, EvidenceStore, Place, Work,
    account::{Credential, Session, set_credential, set_session},
    audit::{self, AuditLine},
    draft::{self, Draft},
    ledger, once,
};
use jiff::Timestamp;
use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
    process::{Command, Stdio},
};

pub const AREA: &str = "519904";

pub fn key() -> SigningKey {
    SigningKey::from_seed(&origin(AREA), &[7; 32]).unwrap()
}

pub fn open(dir: &Path) -> Result<Books, Error> {
    let evidence = EvidenceStore::folder(&dir.join("evidence"))?;
    Books::open(Place::File(dir.join("bihuan.db")), AREA, evidence)
}

/// Makes the small books in `dir` and closes them.
pub fn make(dir: &Path) {
    let year = tempfile::tempdir().unwrap();
    let told = Command::new(env!("CARGO_BIN_EXE_bihuan"))
        .args(["demo", "--no-serve", "--as-of", "2021-03-01", "--dir"])
        .arg(year.path())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .unwrap();
    assert!(told.success());
    let books = open(dir).unwrap();
    let whole = open(year.path()).unwrap();
    let entries = selection(&entries_of(&whole));
    let quarter = entries.len() / 4 + 1;
    for part in entries.chunks(quarter) {
        let pieces = part.iter().map(|entry| {
            let (subject, mut act) =
                (Subject::read(&entry.subject).unwrap(), Act::read(&entry.kind, entry.body.clone()).unwrap());
            if let Act::Task(event) = &mut act
                && let TaskAct::Attached(file) = &mut event.act
            {
                let bytes = format!("{} {}\n", entry.seq, "证".repeat(entry.seq as usize % 300)).into_bytes();
                file.size_bytes = bytes.len() as u64;
                file.sha256 = books.evidence().put_waiting(bytes).unwrap();
            } else {
                // The photos of a finding come along as they are; a list that was frozen has a digest and no file.
                for hash in content_references(&entry.body) {
                    if let Ok(bytes) = whole.evidence().get_waiting(&hash.to_string()) {
                        books.evidence().put_waiting(bytes).unwrap();
                    }
                }
            }
            let at = Timestamp::from_microsecond(entry.at).unwrap();
            let record = move |work: &mut Work<'_>| work.record(subject, act).map(drop);
            (actor(&entry.person, &entry.post), at, record)
        });
        for outcome in books.many::<(), Error, _>(pieces.collect::<Vec<_>>()).unwrap() {
            outcome.unwrap();
        }
        books.checkpoint(&key(), latest(part)).unwrap().unwrap();
    }
    settle(&books, entries.last().unwrap());
    books.close();
}

fn latest(part: &[Entry]) -> Timestamp {
    Timestamp::from_microsecond(part.last().unwrap().at).unwrap()
}

fn actor(person: &str, post: &str) -> Actor {
    Actor {
        person: PersonId::new(person).unwrap(),
        post: PostId::new(post).unwrap(),
        unit: UnitId::new("u-admin").unwrap(),
        level: Level::County,
        roles: BTreeSet::new(),
    }
}

fn entries_of(books: &Books) -> Vec<Entry> {
    let mut entries = Vec::new();
    books
        .read(|connection| {
            ledger::each(connection, AREA, |entry, _| {
                entries.push(entry);
                Ok(true)
            })
        })
        .unwrap();
    entries
}

/// The shortest task of each kind of act, and whatever these acts speak of.
fn selection(year: &[Entry]) -> Vec<Entry> {
    let mut subjects: BTreeMap<&str, Vec<&Entry>> = BTreeMap::new();
    for entry in year {
        subjects.entry(&entry.subject).or_default().push(entry);
    }
    let by_code: BTreeMap<&str, &str> = subjects
        .keys()
        .map(|subject| (subject.split_once('/').map_or(*subject, |(_, code)| code), *subject))
        .collect();
    let kinds: BTreeSet<&str> = year.iter().map(|entry| entry.kind.as_str()).collect();
    let mut wanted: Vec<&str> = vec!["area"];
    for kind in kinds {
        let has = |subject: &str| subjects[subject].iter().any(|entry| entry.kind == kind);
        if !wanted.iter().any(|subject| has(subject)) {
            wanted.extend(subjects.keys().filter(|subject| has(subject)).min_by_key(|s| subjects[*s].len()));
        }
    }
    let mut kept = BTreeSet::new();
    while let Some(subject) = wanted.pop() {
        if kept.insert(subject) {
            for entry in &subjects[subject] {
                wanted.extend(by_code.get(entry.person.as_str()));
                wanted.extend(by_code.get(entry.post.as_str()));
                spoken_of(&entry.body, &mut |text| wanted.extend(by_code.get(text)));
            }
        }
    }
    year.iter().filter(|entry| kept.contains(entry.subject.as_str())).cloned().collect()
}

fn spoken_of(value: &serde_json::Value, visit: &mut impl FnMut(&str)) {
    match value {
        serde_json::Value::String(text) => visit(text),
        serde_json::Value::Array(items) => items.iter().for_each(|item| spoken_of(item, visit)),
        serde_json::Value::Object(fields) => fields.values().for_each(|field| spoken_of(field, visit)),
        _ => {}
    }
}

/// Settings, accounts, an adopted document, the audit, and what stands beside the books.
fn settle(books: &Books, last: &Entry) {
    let (person, post) = (PersonId::new(&last.person).unwrap(), PostId::new(&last.post).unwrap());
    let by = actor(&last.person, &last.post);
    let at = Timestamp::from_microsecond(last.at).unwrap();
    let ruleset = include_str!("../../../../rulesets/generic.toml").replace("\"generic\"", "\"our-own\"");
    let year = include_str!("../../../../rulesets/calendar/2026.json").to_owned();
    let view = |name: &str| SettingAct::ViewSaved {
        name: name.to_owned(),
        query: "open=yes&sort=step".to_owned(),
        post: post.clone(),
    };
    let settings = [
        SettingAct::RulesetAdopted { toml: ruleset },
        SettingAct::RulesetChosen { name: "our-own".to_owned() },
        SettingAct::CalendarYearSet { year: 2026, json: year },
        view("我的清单"),
        view("快到期的"),
        SettingAct::ViewDropped { name: "快到期的".to_owned(), post: post.clone() },
    ];
    let sha256 = books.evidence().put_waiting("来文：某某区问题清单".as_bytes().to_vec()).unwrap();
    let adopted = Adopted {
        file_name: "清单.xlsx".to_owned(),
        sha256: sha256.clone(),
        sender: "市督察整改办".to_owned(),
        rows_read: 40,
        rows_adopted: 38,
        rows_known: 2,
        mapping: "序号=1,问题=2,责任单位=5".to_owned(),
    };
    let written: Result<(), Error> = books.work(by, at, move |work| {
        for setting in settings {
            work.record(Subject::Area, Act::Setting(setting))?;
        }
        work.record(Subject::Area, Act::Intake(adopted))?;
        for act in [
            AccountAct::PasswordSet { person: person.clone() },
            AccountAct::SecondFactorAdded { person: person.clone() },
        ] {
            work.record(Subject::Person(person.clone()), Act::Account(act))?;
        }
        for n in 0..60_i64 {
            let line = AuditLine {
                at: at + jiff::SignedDuration::from_secs(n / 3),
                person: person.to_string(),
                post: post.to_string(),
                what: ["sign-in", "read", "refused"][usize::try_from(n % 3).unwrap()].to_owned(),
                subject: format!("task/{n}"),
                outcome: "done".to_owned(),
                address: "10.12.0.7".to_owned(),
            };
            audit::add(work.connection(), &line)?;
        }
        let credential = Credential {
            password: "$argon2id$v=19$m=19456,t=2,p=1$c2FsdA$aGFzaA".to_owned(),
            must_change: false,
            totp_secret: "JBSWY3DPEHPK3PXP".to_owned(),
            totp_step: 53_000_000,
            failures: 0,
            locked_until: Timestamp::UNIX_EPOCH,
        };
        set_credential(work.connection(), &person, &credential)?;
        let session = Session {
            token: "ab".repeat(32),
            person: person.clone(),
            post,
            csrf: "form".to_owned(),
            created_at: at,
            seen_at: at,
            step_up_at: at,
            must_change: false,
        };
        set_session(work.connection(), &session)?;
        once::remember(work.connection(), "key-1", &person, "sign-off", 17, at)?;
        let waiting = Draft {
            id: "d-1".to_owned(),
            at,
            person: person.to_string(),
            name: "来文.docx".to_owned(),
            sha256,
            body: "{}".to_owned(),
        };
        draft::store(work.connection(), &waiting)
    });
    written.unwrap();
    books.checkpoint(&key(), at).unwrap().unwrap();
}
