//! Duties (责任清单): adopted, replaced and ended by day; cited by assignments; gaps and chains.

#[expect(dead_code, reason = "duties are tested with a small part of the district")]
mod support;

use bihuan_rules::{
    Refusal,
    answer::{self, Because, Question},
    committee::{FrozenList, Item, ListKind, Meeting, MeetingState, Outcome},
    duty::{self, AdoptedBy, Duty, DutyAct, DutyOrder, DutyState, Wording},
    id::RecordId,
    office::{Charge, Level, Line, OfficeAct},
    record::{AnyRecord, Kind, Record, Records},
    situation::Situation,
    task::{Order, Stamp, Task},
};
use jiff::{ToSpan, civil::Date};
use proptest::prelude::*;
use std::{collections::BTreeSet, sync::Arc};
use support::{District, assign, day, person, post, registration, task_id, unit};

fn code(id: &str) -> RecordId {
    RecordId::new(id).expect("a code")
}

fn wording(text: &str, holder: &str, field: &str, from: &str) -> Wording {
    Wording {
        text: text.to_owned(),
        fields: [field.to_owned()].into(),
        basis: Vec::new(),
        liability: String::new(),
        principle: "three_musts_business".to_owned(),
        degree: "direct".to_owned(),
        units: [unit(holder)].into(),
        posts: BTreeSet::new(),
        from: day(from),
        until: None,
    }
}

fn stamp(on: Date) -> Stamp {
    Stamp { on, person: person("registrar"), post: post("registrar") }
}

fn by() -> AdoptedBy {
    AdoptedBy::Document { number: "安环委〔2021〕1号".to_owned() }
}

/// A duty that was proposed and adopted from its first day on.
fn adopted(id: &str, wording: Wording) -> Duty {
    let from = wording.from;
    let proposed = Duty::step(None, &code(id), &stamp(from), &DutyAct::Proposed { wording });
    Duty::step(proposed, &code(id), &stamp(from), &DutyAct::Adopted { by: by(), from }).expect("both fit")
}

fn records(duties: impl IntoIterator<Item = Duty>) -> Records {
    let filed = duties
        .into_iter()
        .map(|duty| ((Kind::Duty, duty.id.clone()), Arc::new(AnyRecord::Duty(Box::new(duty)))));
    filed.collect()
}

fn ordered(
    district: &District,
    known: Option<&Duty>,
    on: &str,
    order: DutyOrder,
) -> Result<DutyAct, Refusal> {
    let situation =
        district.situation(district.actor("registrar"), day(on), district.ruleset("sichuan-2021"));
    duty::decide(&situation, known, order)
}

#[test]
fn only_the_office_keeps_the_duty_list() {
    let district = District::new();
    for actor in district.actors.iter().filter(|actor| actor.post.as_str() != "registrar") {
        let situation = district.situation(actor, day("2021-03-01"), district.ruleset("generic"));
        let order = DutyOrder::Propose(Box::new(wording("Sewage", "bureau", "sewage", "2021-01-01")));
        let refused = duty::decide(&situation, None, order);
        assert!(matches!(refused, Err(Refusal::NotYours { .. })), "{}", actor.post);
    }
}

#[test]
fn a_duty_names_holders_fields_principles_and_degrees_that_exist() {
    let district = District::new();
    let good = || wording("Sewage", "bureau", "sewage", "2021-01-01");
    let propose = |wording: Wording| {
        ordered(&district, None, "2021-03-01", DutyOrder::Propose(Box::new(wording))).map_err(|no| no.field())
    };
    assert!(propose(good()).is_ok());
    let bad = [
        (Wording { units: BTreeSet::new(), ..good() }, "holders"),
        (Wording { units: [unit("nowhere")].into(), ..good() }, "holders"),
        (Wording { posts: [post("nowhere")].into(), ..good() }, "holder_posts"),
        (Wording { fields: ["dreams".to_owned()].into(), ..good() }, "fields"),
        (Wording { principle: "luck".to_owned(), ..good() }, "principle"),
        (Wording { degree: "some".to_owned(), ..good() }, "degree"),
        (Wording { text: " ".to_owned(), ..good() }, "duty_text"),
        (Wording { until: Some(day("2020-12-31")), ..good() }, "valid_from"),
    ];
    for (wording, field) in bad {
        assert_eq!(propose(wording), Err(Some(field)));
    }
}

#[test]
fn what_is_in_force_changes_by_adoption_only_and_never_for_days_past() {
    let district = District::new();
    let first = adopted("B-001", wording("Old words", "bureau", "sewage", "2021-01-01"));
    let words = |duty: &Duty, on: &str| duty.in_force(day(on)).map(|version| version.wording.text.clone());
    let new = wording("New words", "second", "sewage", "2021-02-01");
    let order = DutyOrder::Revise(Box::new(new));
    let act = ordered(&district, Some(&first), "2021-03-01", order).expect("it may be revised");
    let revised = Duty::step(Some(first.clone()), &code("B-001"), &stamp(day("2021-03-01")), &act).unwrap();
    assert_eq!(revised.state(), DutyState::Revised);
    assert_eq!(words(&revised, "2021-03-05"), Some("Old words".to_owned()), "a proposal changes nothing");

    let order = DutyOrder::AdoptByDocument { number: "3".to_owned(), on: day("2021-03-10") };
    let act = ordered(&district, Some(&revised), "2021-03-12", order).expect("it may be adopted");
    let second = Duty::step(Some(revised), &code("B-001"), &stamp(day("2021-03-12")), &act).unwrap();
    assert_eq!(words(&second, "2021-03-09"), Some("Old words".to_owned()), "nobody answers backwards");
    assert_eq!(words(&second, "2021-03-10"), Some("New words".to_owned()));

    let end = |until: &str| DutyOrder::End { until: day(until), reason: "moved".to_owned() };
    let early = ordered(&district, Some(&second), "2021-04-01", end("2021-03-20"));
    assert_eq!(early, Err(Refusal::DateBefore { field: "valid_until", limit: day("2021-03-31") }));
    let act = ordered(&district, Some(&second), "2021-04-01", end("2021-04-30")).expect("it may end");
    let ended = Duty::step(Some(second), &code("B-001"), &stamp(day("2021-04-01")), &act).unwrap();
    assert_eq!((words(&ended, "2021-04-30").is_some(), words(&ended, "2021-05-01")), (true, None));
}

fn meeting(outcome: Outcome, rows: Vec<Vec<String>>) -> Meeting {
    let list =
        FrozenList { list: ListKind::Duties, version: 4, rows, sha256: String::new(), on: day("2021-03-01") };
    let mut meeting: Meeting = serde_json::from_value(serde_json::json!({
        "id": "M-2021-001", "state": "ended", "items": [], "attendance": [], "minutes": null, "documents": [],
        "reason": "", "call": { "title": "t", "organ": "committee", "on": "2021-03-01", "place": "p",
        "chair": "chief", "members": [], "quorum_percent": 50 },
    }))
    .expect("a meeting");
    assert_eq!(meeting.state, MeetingState::Ended);
    meeting.items.push(
        serde_json::from_value::<Item>(serde_json::json!({
            "agenda": { "kind": "deliberate", "title": "list", "list": "duties" }, "outcome": outcome.name(),
            "note": "", "demands": [], "laid": null, "issued": null,
        }))
        .expect("an item"),
    );
    if outcome == Outcome::Adopted {
        meeting.items[0].issued = Some(list);
    }
    meeting
}

#[test]
fn a_meeting_adopts_what_stands_in_its_list_word_for_word() {
    let proposed = |id: &str, text: &str| {
        let wording = wording(text, "bureau", "sewage", "2021-01-01");
        Duty::step(None, &code(id), &stamp(day("2021-02-01")), &DutyAct::Proposed { wording }).unwrap()
    };
    let known = records([
        proposed("B-001", "As laid"),
        proposed("B-002", "Changed since"),
        proposed("B-003", "Not in the list"),
    ]);
    let row = |id: &str, text: &str| vec![id.to_owned(), "bureau".to_owned(), text.to_owned()];
    let rows = vec![row("code", "text"), row("B-001", "As laid"), row("B-002", "As it was")];
    let adopted =
        duty::adoptions(&known, &meeting(Outcome::Adopted, rows.clone()), 1, day("2021-03-01")).unwrap();
    let by = AdoptedBy::Meeting { meeting: code("M-2021-001"), item: 1, list: 4 };
    assert_eq!(adopted, vec![(code("B-001"), DutyAct::Adopted { by, from: day("2021-03-01") })]);
    let deferred = duty::adoptions(&known, &meeting(Outcome::Deferred, rows), 1, day("2021-03-01"));
    assert_eq!(deferred, Err(Refusal::NotDecided { n: 1 }));
}

/// What assigning the usual task comes to with these duties in force, citing these.
fn assigning(duties: &Records, cited: &[&str]) -> Result<Task, Refusal> {
    let district = District::new();
    let ruleset = district.ruleset("sichuan-2021");
    let registrar = district.actor("registrar");
    let on = day("2021-03-01");
    let id = task_id("XX-2021-0001-1");
    let registered = bihuan_rules::task::register(
        &district.situation(registrar, on, ruleset),
        registration(&ruleset.name, Level::County),
    )?;
    let task = Task::replay(&id, [(stamp(on), &registered)]).expect("it was registered");
    let mut order = assign(None);
    order.duties = cited.iter().map(|id| code(id)).collect();
    let situation = Situation { records: duties, ..district.situation(registrar, on, ruleset) };
    let event = task.decide(&situation, Order::Assign(order))?;
    Ok(task.after(&stamp(on), &event))
}

#[test]
fn an_assignment_cites_the_closest_duty_once_a_list_is_in_force() {
    let none = records([]);
    assert!(assigning(&none, &[]).is_ok(), "a new office has no list yet and is not stuck");
    assert_eq!(
        assigning(&none, &["B-001"]).map(drop),
        Err(Refusal::Unknown { field: "duties", value: "B-001".to_owned() })
    );

    let known = records([
        adopted("B-001", wording("Town, water", "town", "water", "2021-01-01")),
        adopted("B-002", wording("Town, straw", "town", "straw", "2021-01-01")),
        adopted("B-003", wording("Bureau, water", "bureau", "water", "2021-01-01")),
        adopted("B-004", wording("Not yet", "town", "water", "2021-06-01")),
    ]);
    assert_eq!(assigning(&known, &[]).map(drop), Err(Refusal::Missing { field: "duties" }));
    assert_eq!(assigning(&known, &["B-002", "B-003"]).map_err(|no| no.key()), Err("refusal-duty-elsewhere"));
    assert!(matches!(assigning(&known, &["B-001", "B-004"]), Err(Refusal::Unknown { .. })));
    let assigned = assigning(&known, &["B-001", "B-003"]).expect("one of the town's own in the field");
    assert_eq!(assigned.duties, [code("B-001"), code("B-003")].into());

    let elsewhere = records([adopted("B-005", wording("Second, noise", "second", "noise", "2021-01-01"))]);
    assert!(
        assigning(&elsewhere, &["B-005"]).is_ok(),
        "a gap in the list leaves no problem without an owner"
    );
}

#[test]
fn gaps_name_fields_vacancies_doubles_and_what_has_run_out() {
    let mut district = District::new();
    let on = day("2021-03-01");
    let lapsed =
        Wording { until: Some(day("2021-02-28")), ..wording("Lapsed", "second", "straw", "2021-01-01") };
    let known = records([
        adopted("B-001", wording("Water", "town", "water", "2021-01-01")),
        adopted("B-002", lapsed),
    ]);
    let leaves = OfficeAct::PostLeft {
        post: post("publisher"),
        person: person("publisher"),
        until: day("2021-02-01"),
    };
    district.office.apply(&leaves);
    district.office.apply(&OfficeAct::PostTaken { post: post("town"), person: person("chief"), from: on });
    district.office.apply(&OfficeAct::PostCharged(Charge {
        post: post("town"),
        from: on,
        heads: Some(Line::Government),
        fields: BTreeSet::new(),
    }));
    let gaps = duty::gaps(&district.office, &known, on);
    assert!(
        !gaps.fields.contains(&"water") && gaps.fields.contains(&"straw") && !gaps.fields.contains(&"other")
    );
    assert_eq!(gaps.vacancies, vec![post("publisher")]);
    let doubles: Vec<_> = gaps.doubles.iter().map(|(post, persons)| (post.as_str(), persons.len())).collect();
    assert_eq!(doubles, [("town", 2)]);
    assert_eq!(gaps.lapsed, vec![code("B-002")]);
    let missing = [
        (unit("neighbour"), Line::Party),
        (unit("neighbour"), Line::Government),
        (unit("town"), Line::Party),
    ];
    assert_eq!(gaps.headless, missing);
    assert!(gaps.dutyless.contains(&unit("bureau")) && !gaps.dutyless.contains(&unit("town")));
}

#[test]
fn both_equal_heads_stand_on_the_chain_and_the_post_in_charge_joins_them() {
    let mut district = District::new();
    let from = day("2021-01-01");
    let mut charge = |id: &str, heads: Option<Line>, fields: &[&str]| {
        let fields = fields.iter().map(|field| (*field).to_owned()).collect();
        district.office.apply(&OfficeAct::PostCharged(Charge { post: post(id), from, heads, fields }));
    };
    charge("double-leadership", Some(Line::Party), &[]);
    charge("chief", Some(Line::Government), &[]);
    charge("committee", None, &["water"]);
    charge("town", Some(Line::Party), &[]);
    charge("double-town", Some(Line::Government), &[]);
    charge("verifier-of-the-town", None, &["water"]);
    let (area, on) = (unit("town"), day("2021-03-01"));
    let question = Question { area: Some(&area), field: Some("water"), ..Question::default() };
    let chain: Vec<_> = answer::chain(&district.office, &question, on)
        .into_iter()
        .map(|link| (link.because, link.post.expect("posts only").to_string()))
        .collect();
    let expected = [
        (Because::DistrictHead(Line::Party), "double-leadership"),
        (Because::DistrictHead(Line::Government), "chief"),
        (Because::DistrictField, "committee"),
        (Because::AreaHead(Line::Party), "town"),
        (Because::AreaHead(Line::Government), "double-town"),
        (Because::AreaField, "verifier-of-the-town"),
    ];
    assert_eq!(chain, expected.map(|(because, post)| (because, post.to_owned())));
    let before = answer::chain(&district.office, &question, day("2020-12-31"));
    assert!(before.is_empty(), "nobody was charged with anything then");
}

/// One step in the life of a duty: which act, and how many days later its date lies.
fn steps() -> impl Strategy<Value = Vec<(u8, i64, i64)>> {
    prop::collection::vec((0_u8..5, 0_i64..40, 0_i64..60), 1..14)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    /// For any sequence of orders that the rules accept, the answer for any day equals a naive replay: the adopted wordings
    /// are written on a strip of days, one over the other.
    #[test]
    fn the_duty_in_force_on_any_day_equals_a_naive_replay(steps in steps()) {
        let district = District::new();
        let begin = day("2021-01-01");
        let horizon = 700_usize;
        let mut strip: Vec<Option<String>> = vec![None; horizon];
        let index = |on: Date| usize::try_from((on - begin).get_days()).unwrap_or(0).min(horizon);
        let (mut known, mut today) = (None::<Duty>, begin);
        for (n, (what, later, span)) in steps.into_iter().enumerate() {
            today += later.days();
            let date = today + span.days();
            let words = Wording {
                until: (span % 3 == 0).then(|| date + (span * 2).days()),
                ..wording(&format!("version {n}"), "bureau", "water", &date.to_string())
            };
            let order = match (what, known.is_some()) {
                (_, false) => DutyOrder::Propose(Box::new(words)),
                (0 | 1, true) => DutyOrder::Revise(Box::new(words)),
                (2, true) => DutyOrder::AdoptByDocument { number: "1".to_owned(), on: today },
                (3, true) => DutyOrder::End { until: date, reason: "moved".to_owned() },
                _ => DutyOrder::Withdraw { reason: "given up".to_owned() },
            };
            let Ok(act) = ordered(&district, known.as_ref(), &today.to_string(), order) else { continue };
            match &act {
                DutyAct::Adopted { from, .. } => {
                    let draft = known.as_ref().and_then(|duty| duty.draft.clone()).expect("there was a proposal");
                    let last = draft.until.map_or(horizon, |until| (index(until) + 1).min(horizon));
                    strip[index(*from)..].fill(None);
                    strip[index(*from)..last].fill(Some(draft.text));
                }
                DutyAct::Ended { until, .. } => {
                    let first = (index(*until) + 1).min(horizon);
                    strip[first..].fill(None);
                }
                _ => {}
            }
            let before = known.clone();
            known = Duty::step(known, &code("B-001"), &stamp(today), &act);
            prop_assert!(known.is_some(), "{act:?} does not fit {before:?}");
            let duty = known.as_ref().expect("it fits");
            for (offset, expected) in (0_i64..).zip(&strip) {
                let on = begin + offset.days();
                let found = duty.in_force(on).map(|version| version.wording.text.clone());
                prop_assert_eq!(&found, expected, "on {}", on);
            }
            // What was answered for days that are past never changes.
            if let Some(before) = before {
                for back in 2_i64..60 {
                    let on = today - back.days();
                    let text = |duty: &Duty| duty.in_force(on).map(|version| version.wording.text.clone());
                    prop_assert_eq!(text(&before), text(duty), "{} is past", on);
                }
            }
        }
    }
}
