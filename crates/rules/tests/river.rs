//! Rivers: lines on the map, seats of chiefs by any day, alerts, and what a chief owed, made and missed.

use bihuan_rules::{
    Actor, Refusal, Situation,
    calendar::Calendar,
    id::{PersonId, PostId, RecordId, UnitId},
    office::{Level, Office, OfficeAct, Role},
    record::Record,
    river::{
        Alert, AlertCause, AlertLevel, Chief, ChiefKind, ChiefLevel, Every, Governing, Log, Method, Outline,
        Patrol, PatrolAct, PatrolOrder, PatrolRule, Per, Reach, River, RiverAct, RiverOrder, RiverScheme,
        Scheme, SchemeAct, SchemeOrder, Slot, SlotKind, SlotState, Spot, Tally, Trip, Verdict, WaterKind,
        check_line, decide, decide_patrol, decide_scheme, judge,
    },
    ruleset,
    task::{Datum, Stamp},
};
use jiff::{
    Timestamp, ToSpan,
    civil::{Date, date},
};
use proptest::prelude::*;
use serde_json::json;
use std::collections::BTreeSet;

const TODAY: Date = date(2021, 6, 11);

fn unit(id: &str) -> UnitId {
    UnitId::new(id).unwrap()
}

fn post(id: &str) -> PostId {
    PostId::new(id).unwrap()
}

fn office() -> Office {
    let mut office = Office::default();
    for (id, kind, level) in [("water", "department", "county"), ("town", "town", "town")] {
        let body = json!({ "id": id, "name": id, "kind": kind, "level": level });
        office.apply(&OfficeAct::UnitSet(serde_json::from_value(body).unwrap()));
    }
    for (id, unit, role) in
        [("clerk", "water", "registrar"), ("head", "town", "responsible"), ("aide", "town", "responsible")]
    {
        let body = json!({ "id": id, "unit": unit, "title": id, "roles": [role] });
        office.apply(&OfficeAct::PostSet(serde_json::from_value(body).unwrap()));
    }
    office
}

fn actor(name: &str, unit_id: &str, role: Role) -> Actor {
    Actor {
        person: PersonId::new(name).unwrap(),
        post: post(name),
        unit: unit(unit_id),
        level: Level::Town,
        roles: BTreeSet::from([role]),
    }
}

/// Judges something as somebody, at ten in the morning of [`TODAY`].
fn as_somebody<T>(by: &Actor, judge: impl FnOnce(&Situation<'_>) -> T) -> T {
    let (office, rulesets) = (office(), ruleset::shipped());
    let at: Timestamp = "2021-06-11T10:00:00+08:00".parse().unwrap();
    let (calendar, records) = (Calendar::embedded(), &bihuan_rules::record::NONE);
    judge(&Situation { by, at, ruleset: &rulesets[0], calendar, office: &office, records })
}

fn as_clerk<T>(judge: impl FnOnce(&Situation<'_>) -> T) -> T {
    as_somebody(&actor("clerk", "water", Role::Registrar), judge)
}

fn stamp() -> Stamp {
    let at = "2021-01-04T10:00:00+08:00".parse().unwrap();
    Stamp::new(&actor("clerk", "water", Role::Registrar), at)
}

fn outline(rule: &str) -> Outline {
    Outline {
        name: "琼澜河".to_owned(),
        kind: WaterKind::River,
        office: unit("water"),
        length_m: 9_000,
        course: String::new(),
        rule: rule.to_owned(),
        duties: Vec::new(),
    }
}

fn spot(lon_e6: i64, lat_e6: i64) -> Spot {
    Spot { lon_e6, lat_e6 }
}

fn reach(order: u32) -> Reach {
    Reach {
        name: format!("第{order}段"),
        section: String::new(),
        order,
        length_m: 4_000,
        unit: unit("town"),
        towns: vec![unit("town")],
        datum: Datum::Wgs84,
        line: vec![spot(105_100_000, 30_200_000), spot(105_200_000, 30_300_000)],
        goals: String::new(),
        phone: String::new(),
    }
}

fn chief(level: ChiefLevel, from: Date, until: Option<Date>) -> Chief {
    Chief {
        reach: Some(1),
        kind: ChiefKind::Administrative,
        level,
        stretch: String::new(),
        post: Some(post("head")),
        name: String::new(),
        assistants: vec![post("aide")],
        from,
        until,
    }
}

/// A river with two reaches and whatever else happened to it.
fn river(rule: &str, acts: Vec<RiverAct>) -> River {
    let id = RecordId::new("R-001").unwrap();
    let mut all = vec![
        RiverAct::Listed { outline: outline(rule) },
        RiverAct::ReachSet { n: 1, reach: reach(1) },
        RiverAct::ReachSet { n: 2, reach: reach(2) },
    ];
    all.extend(acts);
    all.iter().fold(None, |river, act| River::step(river, &id, &stamp(), act)).unwrap()
}

fn log(on: Date, minutes: i64) -> Log {
    let from = on.at(8, 0, 0, 0);
    Log {
        river: RecordId::new("R-001").unwrap(),
        reach: 1,
        chief: 1,
        from,
        until: from + minutes.minutes(),
        method: Method::Foot,
        distance_m: Some(3_000),
        track: Vec::new(),
        datum: None,
        at: None,
        seen: "水体清澈".to_owned(),
        findings: Vec::new(),
        photos: Vec::new(),
        task: None,
    }
}

fn patrol(n: usize, on: Date) -> Patrol {
    let id = RecordId::new(format!("X-{n}")).unwrap();
    Patrol::step(None, &id, &stamp(), &PatrolAct::Logged { log: log(on, 60) }).unwrap()
}

#[test]
fn every_shipped_rule_of_patrols_is_whole_and_names_its_source() {
    let names: BTreeSet<&str> = PatrolRule::shipped().iter().map(|rule| rule.name.as_str()).collect();
    assert_eq!(names.len(), 7);
    for rule in PatrolRule::shipped() {
        assert!(!rule.sources.is_empty(), "{}", rule.name);
        assert!(!rule.duty.is_empty() && rule.duty.iter().all(|duty| duty.visits > 0), "{}", rule.name);
        let seasons = rule.duty.iter().filter_map(|duty| duty.season);
        assert!({ seasons }.all(|season| season.is_of_months()), "{}", rule.name);
    }
    let aheqi = PatrolRule::named("aheqi");
    assert_eq!((aheqi.minutes_min, aheqi.distance_min_m, aheqi.gap_hours), (30, 2_000, 96));
    let governs = |level, on| aheqi.governing(&[], ChiefKind::Administrative, level, on, None);
    assert_eq!(governs(ChiefLevel::Town, date(2021, 2, 10)), None, "from March on");
    assert_eq!(governs(ChiefLevel::Village, date(2021, 3, 1)).unwrap().every, Every::Week);
}

#[test]
fn a_line_needs_two_points_in_the_country_longitude_first() {
    let good = [spot(105_100_000, 30_200_000), spot(105_200_000, 30_300_000)];
    assert_eq!(check_line(&good), Ok(()));
    for (line, point) in [
        (vec![], 1),
        (vec![good[0]], 2),
        (vec![good[0], good[0]], 2),
        (vec![good[0], spot(30_300_000, 105_200_000)], 2),
        (vec![spot(200_000_000, 30_200_000), good[1]], 1),
        (vec![good[0], spot(105_200_000, -30_300_000)], 2),
    ] {
        assert_eq!(check_line(&line), Err(Refusal::LineBroken { point }), "{line:?}");
    }
}

#[test]
fn a_place_in_flow_order_belongs_to_one_reach() {
    let known = river("sichuan-county", Vec::new());
    let set = |n, order, name: &str| {
        let reach = Reach { order, name: name.to_owned(), ..reach(1) };
        as_clerk(|situation| decide(situation, Some(&known), RiverOrder::SetReach(n, Box::new(reach))))
    };
    assert!(matches!(set(None, 3, "第三段"), Ok(RiverAct::ReachSet { n: 3, .. })));
    assert!(matches!(set(Some(2), 2, "第二段改名"), Ok(RiverAct::ReachSet { n: 2, .. })));
    assert!(matches!(set(None, 2, "第三段"), Err(Refusal::Taken { field: "order", .. })));
    assert!(matches!(set(None, 0, "第三段"), Err(Refusal::Taken { field: "order", .. })));
    assert!(matches!(set(None, 3, "第1段"), Err(Refusal::Taken { field: "name", .. })));
    assert!(matches!(set(Some(5), 3, "第三段"), Err(Refusal::Unknown { field: "reach", .. })));
}

#[test]
fn a_seat_is_held_by_one_chief_at_a_time() {
    let first = chief(ChiefLevel::Town, date(2021, 1, 1), Some(date(2021, 3, 31)));
    let known = river("sichuan-county", vec![RiverAct::ChiefAppointed { chief: first }]);
    let appoint = |chief| as_clerk(|situation| decide(situation, Some(&known), RiverOrder::Appoint(chief)));
    assert!(appoint(chief(ChiefLevel::Town, date(2021, 4, 1), None)).is_ok());
    assert_eq!(
        appoint(chief(ChiefLevel::Town, date(2021, 3, 31), None)),
        Err(Refusal::SeatHeld { from: date(2021, 1, 1), until: Some(date(2021, 3, 31)) })
    );
    assert!(appoint(chief(ChiefLevel::District, date(2021, 3, 1), None)).is_ok(), "another level");
    let elsewhere =
        Chief { stretch: "双桥村".to_owned(), ..chief(ChiefLevel::Town, date(2021, 3, 1), None) };
    assert!(appoint(elsewhere).is_ok(), "another stretch");
    let nobody = Chief { post: None, ..chief(ChiefLevel::Town, date(2021, 5, 1), None) };
    assert_eq!(appoint(nobody.clone()), Err(Refusal::Missing { field: "chief_post" }));
    let civil = Chief { kind: ChiefKind::Civil, name: "王建".to_owned(), ..nobody };
    assert!(appoint(civil).is_ok(), "a civil chief is named in person");
}

#[test]
fn an_assistant_patrols_only_where_the_rule_allows_it() {
    let seat = RiverAct::ChiefAppointed { chief: chief(ChiefLevel::Town, date(2021, 1, 1), None) };
    for (rule, allowed) in [("sichuan-county", true), ("shantou-2023", false)] {
        let known = river(rule, vec![seat.clone()]);
        let log_as = |name: &str| {
            let order = PatrolOrder::Log(Box::new(log(date(2021, 6, 10), 60)));
            let by = actor(name, "town", Role::Responsible);
            as_somebody(&by, |situation| decide_patrol(situation, &known, None, order))
        };
        assert!(log_as("head").is_ok());
        assert_eq!(log_as("aide").is_ok(), allowed, "{rule}");
        assert!(matches!(log_as("stranger"), Err(Refusal::NotYours { .. })));
    }
}

#[test]
fn a_patrol_is_neither_ahead_of_time_nor_backwards() {
    let seat = RiverAct::ChiefAppointed { chief: chief(ChiefLevel::Town, date(2021, 1, 1), None) };
    let known = river("sichuan-county", vec![seat]);
    let judge = |log: Log| {
        let by = actor("head", "town", Role::Responsible);
        as_somebody(&by, |situation| decide_patrol(situation, &known, None, PatrolOrder::Log(Box::new(log))))
    };
    assert!(matches!(judge(log(TODAY, 300)), Err(Refusal::DateAfter { field: "time_until", .. })));
    assert!(matches!(judge(log(TODAY, 0)), Err(Refusal::DateBefore { field: "time_until", .. })));
    assert!(matches!(
        judge(Log { reach: 2, ..log(TODAY, 60) }),
        Err(Refusal::Unknown { field: "chief", .. })
    ));
    let silent = Log { seen: " ".to_owned(), ..log(TODAY, 60) };
    assert_eq!(judge(silent), Err(Refusal::Missing { field: "seen" }));
}

#[test]
fn what_is_too_short_too_near_too_soon_or_made_otherwise_does_not_count() {
    let rule = PatrolRule::named("aheqi");
    let trip = |day: i8, minutes: i64, distance_m, method| {
        let from = date(2021, 5, day).at(8, 0, 0, 0);
        Trip { from, until: from + minutes.minutes(), distance_m, method }
    };
    let trips = [
        trip(1, 20, Some(5_000), Method::Foot),
        trip(2, 60, Some(900), Method::Foot),
        trip(3, 60, None, Method::Foot),
        trip(4, 60, Some(2_000), Method::Foot),
        trip(7, 60, Some(2_000), Method::Foot),
        trip(8, 60, Some(2_000), Method::Foot),
        trip(20, 60, None, Method::Drone),
    ];
    use Verdict::{Counts, OtherMethod, TooNear, TooShort, TooSoon};
    assert_eq!(judge(rule, &trips), [TooShort, TooNear, TooNear, Counts, TooSoon, Counts, OtherMethod]);
}

#[test]
fn an_open_slot_of_a_scheme_is_open_and_a_filled_one_is_counted() {
    let slot = |digit| Slot {
        digit,
        label: String::new(),
        kind: None,
        level: None,
        min: 0,
        every: None,
        season: None,
        per: None,
        text: String::new(),
    };
    let name = |name: &str, digits: &[u8]| {
        let slots = digits.iter().map(|digit| slot(*digit)).collect();
        let scheme = Scheme { name: name.to_owned(), unit: unit("water"), slots };
        as_clerk(|situation| decide_scheme(situation, None, SchemeOrder::Name(scheme)))
    };
    assert!(matches!(name("1223", &[1, 2, 3]), Err(Refusal::Unknown { field: "slots", .. })));
    let SchemeAct::Named { scheme } = name("1223", &[1, 2, 2, 3]).unwrap() else { panic!("it is named") };
    let id = RecordId::new("H-001").unwrap();
    let known = RiverScheme::step(None, &id, &stamp(), &SchemeAct::Named { scheme }).unwrap();
    assert_eq!(known.filled(), (0, 4));
    let fill =
        |slot| as_clerk(|situation| decide_scheme(situation, Some(&known), SchemeOrder::SetSlot(1, slot)));
    let head_count =
        Slot { label: "每段1名镇级河长".to_owned(), kind: Some(SlotKind::PostCount), ..slot(9) };
    assert_eq!(fill(head_count.clone()), Err(Refusal::Missing { field: "slot_min" }));
    let head_count = Slot { min: 1, per: Some(Per::Section), level: Some(ChiefLevel::Town), ..head_count };
    let SchemeAct::SlotSet { slot: filled, .. } = fill(head_count).unwrap() else { panic!("it is filled") };
    assert_eq!(filled.digit, 1, "the digit belongs to the name");
    let seat = RiverAct::ChiefAppointed { chief: chief(ChiefLevel::Town, date(2021, 1, 1), None) };
    let rivers = river("sichuan-county", vec![seat]);
    let check = |slot: &Slot| known.check(slot, &[&rivers], &[], date(2021, 1, 1), TODAY);
    assert_eq!(check(&slot(1)), SlotState::Open);
    assert_eq!(check(&filled), SlotState::Met { filled: 1, required: 2 });
    let visits = Slot { kind: Some(SlotKind::VisitsPerPeriod), every: Some(Every::Month), ..filled };
    let patrols = [patrol(1, date(2021, 2, 3)), patrol(2, date(2021, 2, 5)), patrol(3, date(2021, 4, 1))];
    let state = known.check(&visits, &[&rivers], &patrols, date(2021, 1, 1), TODAY);
    assert_eq!(state, SlotState::Met { filled: 2, required: 8 }, "two reaches, February to May");
}

fn level() -> impl Strategy<Value = AlertLevel> {
    prop::sample::select(AlertLevel::ALL)
}

fn day(offset: i32) -> Date {
    date(2021, 1, 1) + offset.days()
}

/// Every period of the calendar that begins within two days, written down without the rules.
fn periods(every: Every, since: Date, until: Date) -> Vec<(Date, Date)> {
    let starts = |day: Date| match every {
        Every::Week => day.weekday() == jiff::civil::Weekday::Monday,
        Every::TenDays => [1, 11, 21].contains(&day.day()),
        Every::HalfMonth => [1, 16].contains(&day.day()),
        Every::Month => day.day() == 1,
        Every::Quarter => day.day() == 1 && [1, 4, 7, 10].contains(&day.month()),
        Every::HalfYear => day.day() == 1 && [1, 7].contains(&day.month()),
        Every::Year => day.day() == 1 && day.month() == 1,
    };
    let days: Vec<Date> = since.series(1.day()).take_while(|day| *day <= until + 400.days()).collect();
    let begins: Vec<Date> = days.into_iter().filter(|day| starts(*day)).collect();
    begins.windows(2).map(|pair| (pair[0], pair[1] - 1.day())).filter(|(from, _)| *from <= until).collect()
}

proptest! {
    #[test]
    fn a_day_lies_in_its_period_and_periods_follow_one_another(offset in 0..2_000_i32) {
        for every in Every::ALL {
            let (from, until) = every.period(day(offset));
            prop_assert!(from <= day(offset) && day(offset) <= until);
            prop_assert_eq!(every.period(from), (from, until));
            prop_assert_eq!(every.period(until), (from, until));
            prop_assert_eq!(every.period(until + 1.day()).0, until + 1.day());
        }
    }

    #[test]
    fn compliance_is_what_counting_by_hand_gives(
        every in prop::sample::select(Every::ALL),
        visits in 1..4_u32,
        term in (0..300_i32, prop::option::of(0..500_i32)),
        trips in prop::collection::vec(0..500_i32, 0..60),
        today in 0..500_i32,
    ) {
        let (since, today) = (day(0), day(today));
        let term = (day(term.0), term.1.map(|length| day(term.0 + length)));
        let governing = |_| Some(Governing { visits, every, because: None });
        let made: Vec<Date> = trips.iter().map(|offset| day(*offset)).collect();
        let tally = Tally::reckon(since, today, term, governing, &made);
        let (mut owed, mut done, mut running) = (0, 0, 0);
        for (from, until) in periods(every, since, today) {
            if from < term.0 || term.1.is_some_and(|last| last < until) {
                continue;
            }
            if until >= today {
                running += 1;
                continue;
            }
            owed += visits;
            let hits = made.iter().filter(|on| from <= **on && **on <= until).count();
            done += u32::try_from(hits).unwrap().min(visits);
        }
        prop_assert_eq!((tally.owed(), tally.made(), tally.missed()), (owed, done, owed - done));
        prop_assert_eq!(tally.now.len(), running);
    }

    #[test]
    fn the_highest_alert_wins_until_it_is_lifted(
        alerts in prop::collection::vec((prop::option::of(1..3_u32), level(), 0..100_i32, prop::option::of(0..100_i32)), 0..8),
        on in 0..200_i32,
    ) {
        let mut acts = Vec::new();
        for (n, (reach, level, from, length)) in (1..).zip(&alerts) {
            let alert = Alert {
                reach: *reach,
                level: *level,
                cause: AlertCause::Problem,
                reason: "排口".to_owned(),
                from: day(*from),
                lifted_on: None,
                lifted_because: String::new(),
            };
            acts.push(RiverAct::AlertRaised { alert });
            if let Some(length) = length {
                acts.push(RiverAct::AlertLifted { n, on: day(from + length), reason: "达标".to_owned() });
            }
        }
        let known = river("sichuan-county", acts);
        let mut highest = None;
        for (reach, level, from, length) in alerts {
            let holds = from <= on && length.is_none_or(|length| on < from + length);
            if holds && reach != Some(2) {
                highest = highest.max(Some(level));
            }
        }
        prop_assert_eq!(known.alert_on(Some(1), day(on)), highest);
        let rule = PatrolRule::named("sichuan-county");
        let governs = |alert| {
            let duty = rule.governing(&[], ChiefKind::Administrative, ChiefLevel::Village, day(on), alert);
            duty.unwrap()
        };
        let because = governs(highest).because;
        prop_assert_eq!(because, highest.filter(|level| *level != AlertLevel::Yellow));
    }

    #[test]
    fn who_answered_on_a_day_is_known_for_any_day(
        terms in prop::collection::vec((0..300_i32, prop::option::of(0..60_i32)), 1..12),
        on in 0..400_i32,
    ) {
        let mut known = river("sichuan-county", Vec::new());
        let id = known.id.clone();
        let mut accepted: Vec<(i32, Option<i32>)> = Vec::new();
        for (from, length) in terms {
            let until = length.map(|length| from + length);
            let seat = chief(ChiefLevel::Town, day(from), until.map(day));
            let free = accepted.iter().all(|(other_from, other_until)| {
                other_until.is_some_and(|last| last < from) || until.is_some_and(|last| last < *other_from)
            });
            let outcome = as_clerk(|situation| decide(situation, Some(&known), RiverOrder::Appoint(seat)));
            prop_assert_eq!(outcome.is_ok(), free);
            if let Ok(act) = outcome {
                known = River::step(Some(known), &id, &stamp(), &act).unwrap();
                accepted.push((from, until));
            }
        }
        let expected = accepted.iter().filter(|(from, until)| *from <= on && until.is_none_or(|last| on <= last));
        let expected = expected.count();
        prop_assert!(expected <= 1);
        prop_assert_eq!(known.chiefs_on(Some(1), day(on)).count(), expected);
        prop_assert_eq!(known.chiefs_on(Some(2), day(on)).count(), 0);
    }
}
