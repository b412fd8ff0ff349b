//! Holders over time (任职时间线): whoever is asked for on any day, the answer equals a naive replay; bad orders are named and change nothing.

#[expect(dead_code, reason = "holders are tested with a small part of the district")]
mod support;

use bihuan_rules::{
    Refusal,
    handover::{self, Change, Handover, HandoverAct, HandoverOrder, Owed, Seat},
    id::RecordId,
    office::{Charge, Line, Office, OfficeAct, UnitKind},
    record::Record,
    task::Stamp,
};
use jiff::{ToSpan, civil::Date};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use support::{District, day, person, post, unit};

const BEGIN: &str = "2021-01-01";
const DAYS: usize = 400;
const POSTS: [&str; 2] = ["town", "neighbour"];
const PERSONS: [&str; 4] = ["town", "neighbour", "second", "inspector"];

fn ordered(office: &Office, district: &District, on: Date, act: OfficeAct) -> Result<OfficeAct, Refusal> {
    let situation = district.situation(district.actor("administrator"), on, district.ruleset("generic"));
    office.decide(&situation, act)
}

/// An office in which both posts have one seat and nobody in it.
fn empty_seats(district: &District) -> Office {
    let mut office = district.office.clone();
    office.holdings.retain(|holding| !POSTS.contains(&holding.post.as_str()));
    for id in POSTS {
        office.apply(&OfficeAct::PostCharged(Charge {
            post: post(id),
            from: day("2019-01-01"),
            heads: Some(Line::Government),
            fields: BTreeSet::new(),
        }));
    }
    office
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    /// Taking up, leaving and charging in any order: the holder of a post, the head of its unit and the posts of a person on any day
    /// are those of a strip of days on which every accepted order was written.
    #[test]
    fn the_holder_on_any_day_equals_a_naive_replay(
        orders in prop::collection::vec((0_u8..3, 0_usize..2, 0_usize..4, 0_usize..DAYS), 1..24)
    ) {
        let district = District::new();
        let mut office = empty_seats(&district);
        let begin = day(BEGIN);
        let at = |offset: usize| begin + i64::try_from(offset).unwrap_or(0).days();
        let mut strips: BTreeMap<&str, Vec<Option<&str>>> =
            POSTS.into_iter().map(|post| (post, vec![None; DAYS])).collect();
        let mut sits: BTreeMap<(&str, &str), usize> = BTreeMap::new();
        for (what, which, who, offset) in orders {
            let (post_id, person_id) = (POSTS[which], PERSONS[who]);
            let act = match what {
                0 | 1 => OfficeAct::PostTaken { post: post(post_id), person: person(person_id), from: at(offset) },
                _ => OfficeAct::PostLeft { post: post(post_id), person: person(person_id), until: at(offset) },
            };
            let before = office.clone();
            match ordered(&office, &district, at(offset), act) {
                Ok(act) => {
                    office.apply(&act);
                    let strip = strips.get_mut(post_id).expect("the post has a strip");
                    match act {
                        OfficeAct::PostTaken { .. } => {
                            prop_assert!(strip[offset..].iter().all(Option::is_none), "one seat, one person");
                            strip[offset..].fill(Some(person_id));
                            sits.insert((post_id, person_id), offset);
                        }
                        _ => {
                            let from = sits.remove(&(post_id, person_id)).expect("they held it");
                            prop_assert!(from <= offset);
                            strip[offset + 1..].fill(None);
                        }
                    }
                }
                Err(refusal) => {
                    prop_assert_eq!(&office, &before, "a refused order changes nothing");
                    prop_assert!(!refusal.key().is_empty());
                }
            }
        }
        for (post_id, strip) in &strips {
            let id = post(post_id);
            for (offset, expected) in strip.iter().enumerate() {
                let on = at(offset);
                let found: Vec<&str> = office.holders_on(&id, on).map(|person| person.id.as_str()).collect();
                prop_assert_eq!(found, expected.iter().copied().collect::<Vec<_>>(), "{} on {}", post_id, on);
                let head = office.head(&unit(post_id), Line::Government, on).map(|post| post.id.clone());
                prop_assert_eq!(head, Some(id.clone()));
            }
        }
    }
}

#[test]
fn a_head_is_followed_only_after_leaving_and_the_message_says_who_sits_there() {
    let district = District::new();
    let mut office = district.office.clone();
    office.apply(&OfficeAct::PostCharged(Charge {
        post: post("town"),
        from: day("2019-01-01"),
        heads: Some(Line::Government),
        fields: BTreeSet::new(),
    }));
    let take =
        |from: &str| OfficeAct::PostTaken { post: post("town"), person: person("second"), from: day(from) };
    let refused = ordered(&office, &district, day("2021-03-01"), take("2021-03-01"));
    let held = Refusal::Held { person: "town".to_owned(), from: day("2019-01-01"), until: None };
    assert_eq!(refused, Err(held));
    let left = OfficeAct::PostLeft { post: post("town"), person: person("town"), until: day("2021-03-31") };
    office.apply(&left);
    assert!(ordered(&office, &district, day("2021-03-01"), take("2021-03-15")).is_err());
    assert!(ordered(&office, &district, day("2021-03-01"), take("2021-04-01")).is_ok());
}

#[test]
fn a_unit_has_one_head_on_each_line_and_charges_follow_one_another() {
    let district = District::new();
    let mut office = district.office.clone();
    let charge = |id: &str, from: &str, heads| Charge {
        post: post(id),
        from: day(from),
        heads,
        fields: BTreeSet::new(),
    };
    let order = |office: &Office, charge: Charge| {
        ordered(office, &district, day("2021-03-01"), OfficeAct::PostCharged(charge)).map_err(|no| no.field())
    };
    office.apply(&OfficeAct::PostCharged(charge("town", "2021-01-01", Some(Line::Party))));
    assert_eq!(order(&office, charge("double-town", "2021-02-01", Some(Line::Party))), Err(Some("heads")));
    assert!(order(&office, charge("double-town", "2021-02-01", Some(Line::Government))).is_ok());
    assert_eq!(order(&office, charge("town", "2020-12-01", None)), Err(Some("charged_from")));
    let unknown = Charge { fields: ["dreams".to_owned()].into(), ..charge("town", "2021-02-01", None) };
    assert_eq!(order(&office, unknown), Err(Some("fields")));
    let leaders: Vec<&str> = office.leaders(day("2021-03-01")).map(|post| post.id.as_str()).collect();
    let leadership = |id: &&str| office.units[&office.posts[&post(id)].unit].kind == UnitKind::Leadership;
    assert!(leaders.contains(&"town") && leaders.iter().filter(|id| **id != "town").all(leadership));
}

fn stamp(who: &str, on: &str) -> Stamp {
    Stamp { on: day(on), person: person(who), post: post(who) }
}

#[test]
fn both_sign_for_themselves_and_the_first_signature_freezes_the_list() {
    let district = District::new();
    let change =
        Change { post: post("town"), from: person("town"), to: person("second"), on: day("2021-03-01") };
    let order = |known: Option<&Handover>, by: &str, order: HandoverOrder| {
        let situation =
            district.situation(district.actor(by), day("2021-03-01"), district.ruleset("generic"));
        handover::decide(&situation, known, order)
    };
    let draw = |by: &str, change: Change| order(None, by, HandoverOrder::Draw(change));
    assert!(matches!(draw("inspector", change.clone()), Err(Refusal::NotYours { .. })));
    let stranger = Change { from: person("inspector"), ..change.clone() };
    assert_eq!(draw("registrar", stranger).map_err(|no| no.field()), Err(Some("from_person")));
    let act = draw("registrar", change).expect("it may be drawn up");
    let id = RecordId::new("J-2021-001").expect("a code");
    let drawn = Handover::step(None, &id, &stamp("registrar", "2021-03-01"), &act).expect("it begins");
    let line = |n: u32| Owed { subject: format!("task/XX-{n}"), title: "t".to_owned(), due_on: None };
    let give = |lines: Vec<Owed>| HandoverOrder::Give { lines, remark: String::new() };
    let take = |lines: Vec<Owed>| HandoverOrder::Take { lines, remark: String::new() };
    assert!(matches!(order(Some(&drawn), "second", give(vec![])), Err(Refusal::NotYourSignature { .. })));
    let act = order(Some(&drawn), "town", give(vec![line(2), line(1), line(2)])).expect("it is theirs");
    let given = Handover::step(Some(drawn), &id, &stamp("town", "2021-03-01"), &act).expect("it fits");
    assert_eq!(given.lines, vec![line(1), line(2)], "each once, in order");
    assert_eq!(order(Some(&given), "town", give(vec![])), Err(Refusal::OnceOnly));
    assert_eq!(
        order(Some(&given), "registrar", HandoverOrder::CallOff("x".to_owned())),
        Err(Refusal::OnceOnly)
    );
    let act = order(Some(&given), "second", take(vec![line(9)])).expect("it is theirs");
    assert!(matches!(&act, HandoverAct::Taken { lines: None, .. }), "what came later is not on the sheet");
    let signed = Handover::step(Some(given), &id, &stamp("second", "2021-03-02"), &act).expect("it fits");
    assert_eq!((signed.state().name(), signed.lines.len()), ("signed", 2));
    assert!(matches!(order(Some(&signed), "town", give(vec![])), Err(Refusal::NotOpen { .. })));
    assert!(
        signed
            .owed_by(&id, &Seat::of(&district.office, &post("town"), day("2021-03-02")).unwrap())
            .is_empty()
    );
}

#[test]
fn a_change_without_a_sheet_is_owed() {
    let mut office = District::new().office;
    office.apply(&OfficeAct::PostLeft {
        post: post("town"),
        person: person("town"),
        until: day("2021-02-28"),
    });
    assert!(handover::owed(&office, std::iter::empty()).is_empty(), "nobody followed yet");
    let from = day("2021-03-05");
    office.apply(&OfficeAct::PostTaken { post: post("town"), person: person("second"), from });
    let change = Change { post: post("town"), from: person("town"), to: person("second"), on: from };
    assert_eq!(handover::owed(&office, std::iter::empty()), vec![change.clone()]);
    let id = RecordId::new("J-2021-001").expect("a code");
    let drawn = Handover::step(None, &id, &stamp("registrar", "2021-03-05"), &HandoverAct::Drawn { change });
    assert!(handover::owed(&office, drawn.iter()).is_empty());
}
