//! The office (机构与岗位): who may change it, and what it answers.

#[expect(dead_code, reason = "the office is tested without a task")]
mod support;

use bihuan_rules::{
    Refusal,
    office::{Former, Level, Office, OfficeAct, Person, Post, Role, Unit, UnitKind},
};
use support::{District, day, person, post, unit};

/// An order of the administrator.
fn ordered(district: &District, act: OfficeAct) -> Result<OfficeAct, Refusal> {
    let by = district.actor("administrator");
    let situation = district.situation(by, day("2021-03-01"), district.ruleset("generic"));
    district.office.decide(&situation, act)
}

fn village(id: &str, parent: &str) -> Unit {
    Unit {
        id: unit(id),
        name: format!("unit {id}"),
        formerly: Vec::new(),
        aliases: vec!["Upper Mill".to_owned()],
        parent: Some(unit(parent)),
        kind: UnitKind::Village,
        level: Level::Town,
        closed_on: None,
    }
}

fn new_post(id: &str, of: &str, roles: &[Role]) -> OfficeAct {
    let roles = roles.iter().copied().collect();
    OfficeAct::PostSet(Post { id: post(id), unit: unit(of), title: id.to_owned(), roles })
}

fn take(of: &str, who: &str) -> OfficeAct {
    OfficeAct::PostTaken { post: post(of), person: person(who), from: day("2021-03-01") }
}

#[test]
fn only_an_administrator_changes_the_office() {
    let district = District::new();
    for actor in district.actors.iter().filter(|actor| actor.post.as_str() != "administrator") {
        let situation = district.situation(actor, day("2021-03-01"), district.ruleset("generic"));
        let refused = district.office.decide(&situation, OfficeAct::UnitSet(village("mill", "town")));
        assert!(
            matches!(refused, Err(Refusal::NotYours { role: Role::Administrator, .. })),
            "{}",
            actor.post
        );
    }
    assert!(ordered(&district, OfficeAct::UnitSet(village("mill", "town"))).is_ok());
}

#[test]
fn a_unit_never_lies_below_itself() {
    let district = District::new();
    let mut leadership = district.office.units[&unit("leadership")].clone();
    leadership.parent = Some(unit("town"));
    let refused = ordered(&district, OfficeAct::UnitSet(leadership));
    assert_eq!(refused, Err(Refusal::BelowItself { unit: "unit leadership".to_owned() }));
}

#[test]
fn an_administrator_takes_no_part_in_the_loop() {
    let district = District::new();
    let both = new_post("both", "bureau", &[Role::Administrator, Role::Verifier]);
    assert_eq!(ordered(&district, both).map_err(|no| no.key()), Err("refusal-administrator-apart"));
    let into_the_loop = take("verifier-1", "administrator");
    assert_eq!(ordered(&district, into_the_loop).map_err(|no| no.key()), Err("refusal-administrator-apart"));
    let out_of_the_loop = take("administrator", "chief");
    assert_eq!(
        ordered(&district, out_of_the_loop).map_err(|no| no.key()),
        Err("refusal-administrator-apart")
    );
}

#[test]
fn a_post_is_not_turned_while_it_is_held() {
    let mut district = District::new();
    let turned = |district: &District| {
        ordered(district, new_post("administrator", "bureau", &[Role::Registrar])).map_err(|no| no.key())
    };
    assert_eq!(turned(&district), Err("refusal-administrator-apart"));
    let held = district.office.holdings.iter().find(|holding| holding.post == post("administrator"));
    let (who, until) = (held.unwrap().person.clone(), day("2021-03-01"));
    district.office.apply(&OfficeAct::PostLeft { post: post("administrator"), person: who, until });
    assert!(turned(&district).is_ok());
}

#[test]
fn an_administrator_is_relieved_by_another() {
    let district = District::new();
    let own = district.actor("administrator").person.clone();
    let left = OfficeAct::PostLeft { post: post("administrator"), person: own, until: day("2021-03-01") };
    assert_eq!(ordered(&district, left), Err(Refusal::OwnAccount));
}

#[test]
fn terms_of_one_person_in_one_post_never_overlap() {
    let mut district = District::new();
    let left = OfficeAct::PostLeft { post: post("town"), person: person("town"), until: day("2021-03-01") };
    district.office.apply(&left);
    let refusal = Refusal::DateBefore { field: "taken_on", limit: day("2021-03-02") };
    assert_eq!(ordered(&district, take("town", "town")), Err(refusal));
    let later = OfficeAct::PostTaken { post: post("town"), person: person("town"), from: day("2021-03-02") };
    assert!(ordered(&district, later).is_ok());
}

#[test]
fn nobody_takes_a_post_twice_or_leaves_one_they_do_not_hold() {
    let district = District::new();
    assert_eq!(ordered(&district, take("town", "town")), Err(Refusal::OnceOnly));
    let leave = OfficeAct::PostLeft { post: post("town"), person: person("chief"), until: day("2021-03-01") };
    assert_eq!(ordered(&district, leave).map_err(|no| no.key()), Err("refusal-unknown"));
    let before = OfficeAct::PostLeft { post: post("town"), person: person("town"), until: day("2018-12-31") };
    let refusal = Refusal::DateBefore { field: "left_on", limit: day("2019-01-01") };
    assert_eq!(ordered(&district, before), Err(refusal));
}

#[test]
fn what_is_not_there_or_has_no_name_is_refused() {
    let district = District::new();
    for (act, key) in [
        (take("nowhere", "town"), "refusal-unknown"),
        (take("town", "nobody"), "refusal-unknown"),
        (OfficeAct::UnitClosed { id: unit("nowhere"), on: day("2021-03-01") }, "refusal-unknown"),
        (OfficeAct::UnitSet(village("mill", "nowhere")), "refusal-unknown"),
        (new_post("clerk", "nowhere", &[Role::Responsible]), "refusal-unknown"),
        (
            OfficeAct::PersonSet(Person { id: person("wu"), name: "  ".to_owned(), formerly: Vec::new() }),
            "refusal-missing",
        ),
    ] {
        assert_eq!(ordered(&district, act).map_err(|no| no.key()), Err(key));
    }
}

#[test]
fn who_held_a_post_is_known_for_every_day() {
    let mut district = District::new();
    let (of, from) = (post("town"), day("2021-03-02"));
    let left = OfficeAct::PostLeft { post: of.clone(), person: person("town"), until: day("2021-03-01") };
    district.office.apply(&left);
    district.office.apply(&OfficeAct::PostTaken { post: of.clone(), person: person("second"), from });
    let holders = |on: &str| -> Vec<String> {
        district.office.holders_on(&of, day(on)).map(|person| person.id.to_string()).collect()
    };
    assert_eq!(holders("2018-12-31"), Vec::<String>::new());
    assert_eq!(holders("2021-03-01"), ["town"]);
    assert_eq!(holders("2021-03-02"), ["second"]);
    assert_eq!(district.office.actor(&person("town"), &of, day("2021-03-02")), None);
}

#[test]
fn a_unit_is_found_by_name_and_alias_but_never_guessed() {
    let mut office = Office::default();
    let named = |id: &str, name: &str, alias: &str| {
        OfficeAct::UnitSet(Unit {
            name: name.to_owned(),
            formerly: Vec::new(),
            aliases: vec![alias.to_owned()],
            parent: None,
            ..village(id, "none")
        })
    };
    office.apply(&named("a", "青石镇人民政府", "青石镇"));
    office.apply(&named("b", "白石镇人民政府", "石镇"));
    office.apply(&named("c", "黑石镇人民政府", "石镇"));
    let found = |name: &str| office.unit_named(name).map(|unit| unit.id.to_string());
    assert_eq!(found("青石镇"), Some("a".to_owned()));
    assert_eq!(found(" 青石镇 人民政府"), Some("a".to_owned()), "spaces of a table do not count");
    assert_eq!(found("石镇"), None, "two units answer to it");
    assert_eq!(found(""), None);
    office.apply(&OfficeAct::UnitClosed { id: unit("c"), on: day("2021-03-01") });
    assert_eq!(office.unit_named("石镇").map(|unit| unit.id.as_str()), Some("b"));
}

#[test]
fn a_circle_of_units_does_not_hang_the_program() {
    let mut office = Office::default();
    office.apply(&OfficeAct::UnitSet(village("a", "b")));
    office.apply(&OfficeAct::UnitSet(village("b", "a")));
    assert!(office.is_within(&unit("a"), &unit("b")));
    assert!(!office.is_within(&unit("a"), &unit("c")));
}

#[test]
fn a_renamed_person_keeps_the_code_and_every_name_borne_before() {
    let mut district = District::new();
    let renamed = |district: &District, name: &str, until: &str| {
        let formerly = vec![Former { name: "forged".to_owned(), until: day(until) }];
        ordered(
            district,
            OfficeAct::PersonSet(Person { id: person("town"), name: name.to_owned(), formerly }),
        )
    };
    let late = renamed(&district, "Lin", "2021-03-01");
    assert_eq!(late, Err(Refusal::DateAfter { field: "since", limit: day("2021-03-01") }));
    for (name, until) in [(" Lin ", "2020-12-31"), ("Lin Xia", "2021-02-14")] {
        let act = renamed(&district, name, until).expect("a new name");
        district.office.apply(&act);
    }
    let early = renamed(&district, "Lin", "2021-02-01");
    assert_eq!(early, Err(Refusal::DateBefore { field: "since", limit: day("2021-02-15") }));
    let names = |on: &str| district.office.persons[&person("town")].name_on(day(on)).to_owned();
    assert_eq!(names("2020-12-31"), "town", "what the order says about the past does not count");
    assert_eq!(names("2021-01-01"), "Lin");
    assert_eq!(names("2021-02-15"), "Lin Xia");
    assert_eq!(district.office.person_names(&person("town"), day("2021-01-01")), ("Lin Xia", "Lin"));
}

#[test]
fn documents_find_a_renamed_unit_by_its_former_name() {
    let mut district = District::new();
    let town = district.office.units[&unit("town")].clone();
    let renamed = Unit { name: "Greenstone".to_owned(), ..town };
    let act = ordered(&district, OfficeAct::UnitSet(renamed)).expect("a new name");
    district.office.apply(&act);
    for name in ["Greenstone", "unit town"] {
        assert_eq!(district.office.unit_named(name).map(|unit| unit.id.as_str()), Some("town"), "{name}");
    }
    let unchanged = district.office.units[&unit("town")].clone();
    assert_eq!(ordered(&district, OfficeAct::UnitSet(unchanged.clone())), Ok(OfficeAct::UnitSet(unchanged)));
}
