//! Rounds, missions and findings: who may look where, in which order, and who decides what was seen.

#[expect(dead_code, reason = "the office alone is needed, no story")]
mod support;

use bihuan_rules::{
    Actor, Refusal, Situation,
    calendar::Calendar,
    finding::{self, Finding, FindingOrder, Ruling, Seen, Severity},
    id::{PersonId, PostId, RecordId, UnitId},
    mission::{
        self, Answer, Answered, Course, Entry, Kept, Mission, MissionAct, MissionOrder, MissionStep, Outcome,
        Stop, StopState,
    },
    office::OfficeAct,
    record::Record,
    round::{
        self, Assigned, Assignment, Beacon, CallReserve, CheckItem, Choice, Drawing, Earlier, Frame,
        FrameRow, Member, Mode, Plan, Recusal, Round, RoundAct, RoundKind, RoundOrder, SetApart, Team,
    },
    task::{Stamp, Verdict},
};
use jiff::{Timestamp, civil::Date, civil::date};
use std::collections::BTreeSet;
use support::{District, morning, person, post, unit};

const TODAY: Date = date(2021, 6, 11);

fn actor(district: &District, id: &str) -> Actor {
    district.actors.iter().find(|actor| actor.post == post(id)).expect("a post of the office").clone()
}

fn situation<'a>(district: &'a District, by: &'a Actor) -> Situation<'a> {
    situation_at(district, by, morning(TODAY))
}

fn situation_at<'a>(district: &'a District, by: &'a Actor, at: Timestamp) -> Situation<'a> {
    let ruleset = &district.rulesets[0];
    let records = &bihuan_rules::record::NONE;
    Situation { by, at, ruleset, calendar: Calendar::embedded(), office: &district.office, records }
}

fn stamp(by: &Actor) -> Stamp {
    Stamp::new(by, morning(TODAY))
}

fn code(id: &str) -> RecordId {
    RecordId::new(id).expect("a code")
}

fn plan(kind: RoundKind, sealed: bool) -> Plan {
    Plan {
        title: "第1轮".to_owned(),
        kind,
        organ: unit("eco-office"),
        fields: Vec::new(),
        from: TODAY,
        until: TODAY,
        scope: String::new(),
        sealed,
        checklist: vec![CheckItem {
            item: "污水".to_owned(),
            key_point: String::new(),
            standard: String::new(),
            method: String::new(),
        }],
    }
}

/// A round in which everybody named has declared that there is nothing to declare.
fn planned(district: &District, kind: RoundKind, declared: &[&str]) -> Round {
    let registrar = actor(district, "registrar");
    let act =
        round::decide(&situation(district, &registrar), None, RoundOrder::Plan(plan(kind, false))).unwrap();
    let mut round = Round::step(None, &code("R-1"), &stamp(&registrar), &act).unwrap();
    for id in declared {
        round = declare(district, round, id, Vec::new());
    }
    round
}

fn declare(district: &District, round: Round, id: &str, units: Vec<UnitId>) -> Round {
    let by = actor(district, id);
    let note = if units.is_empty() { "" } else { "亲属" };
    let order = RoundOrder::Declare(units, note.to_owned());
    let act = round::decide(&situation(district, &by), Some(&round), order).unwrap();
    Round::step(Some(round), &code("R-1"), &stamp(&by), &act).unwrap()
}

fn team(members: &[(&str, &str)]) -> Team {
    let member = |(id, of): &(&str, &str)| Member { person: person(id), post: post(id), unit: unit(of) };
    Team {
        name: "第1组".to_owned(),
        leader: person(members[0].0),
        members: members.iter().map(member).collect(),
        skills: Vec::new(),
    }
}

const PAIR: [(&str, &str); 2] = [("inspector", "inspectorate"), ("discipline", "discipline")];

fn stop(of: &str) -> Stop {
    Stop { unit: unit(of), place: "污水处理站".to_owned(), task: None, at: None, note: String::new() }
}

fn give(district: &District, round: &Round, team: Team, stops: Vec<Stop>) -> Result<MissionStep, Refusal> {
    let registrar = actor(district, "registrar");
    mission::plan(&situation(district, &registrar), round, team, stops, &[])
}

#[test]
fn a_team_is_two_people_from_two_units_who_have_all_declared() {
    let district = District::new();
    let round = planned(&district, RoundKind::Special, &["inspector", "discipline", "discipline-2"]);
    let go = |members: &[(&str, &str)]| give(&district, &round, team(members), vec![stop("town")]);
    assert!(go(&PAIR).is_ok());
    let small = Refusal::TeamTooSmall { members: 2, units: 2 };
    assert_eq!(go(&PAIR[..1]), Err(small.clone()));
    assert_eq!(go(&[("discipline", "discipline"), ("discipline-2", "discipline")]), Err(small));
    let undeclared = planned(&district, RoundKind::Special, &["inspector"]);
    let refused = give(&district, &undeclared, team(&PAIR), vec![stop("town")]).unwrap_err();
    assert_eq!(refused.key(), "refusal-not-declared");
    let no_inspector = go(&[("inspector", "inspectorate"), ("verifier-1", "bureau")]).unwrap_err();
    assert_eq!(no_inspector.key(), "refusal-unknown");
}

#[test]
fn nobody_looks_at_their_own_unit_their_former_post_their_kin_or_what_they_verified() {
    let mut district = District::new();
    let round = planned(&district, RoundKind::Special, &["inspector", "discipline"]);
    let why = |district: &District, round: &Round, earlier: Option<&Earlier>, at: Date, of: &str| {
        let by = actor(district, "registrar");
        let situation = situation_at(district, &by, morning(at));
        round::recused(&situation, round, &person("inspector"), &unit(of), earlier)
    };
    assert_eq!(why(&district, &round, None, TODAY, "town"), None);
    assert_eq!(why(&district, &round, None, TODAY, "inspectorate"), Some(Recusal::OwnUnit));

    let until = date(2019, 3, 31);
    let (held, who): (PostId, PersonId) = (post("town"), person("inspector"));
    district.office.apply(&OfficeAct::PostTaken {
        post: held.clone(),
        person: who.clone(),
        from: date(2019, 1, 1),
    });
    district.office.apply(&OfficeAct::PostLeft { post: held, person: who, until });
    let former = Some(Recusal::FormerPost { until: Some(until) });
    assert_eq!(why(&district, &round, None, TODAY, "town"), former);
    assert_eq!(why(&district, &round, None, date(2022, 3, 31), "town"), former, "three years to the day");
    assert_eq!(why(&district, &round, None, date(2022, 4, 1), "town"), None);
    assert_eq!(why(&district, &round, None, TODAY, "neighbour"), None);

    let kin = declare(&district, round.clone(), "inspector", vec![unit("neighbour")]);
    assert_eq!(why(&district, &kin, None, TODAY, "neighbour"), Some(Recusal::Declared));
    let again = declare(&district, kin, "inspector", Vec::new());
    assert_eq!(why(&district, &again, None, TODAY, "neighbour"), None, "the newest declaration counts");

    let task = support::task_id("AL-2021-00001-1");
    let persons = BTreeSet::from([person("inspector")]);
    let earlier = Earlier { task: Some(task.clone()), persons, units: BTreeSet::new() };
    let hand = Some(Recusal::EarlierHand { task });
    assert_eq!(why(&district, &round, Some(&earlier), TODAY, "neighbour"), hand);
    let refused = give(&district, &round, team(&PAIR), vec![stop("town")]).unwrap_err();
    assert_eq!(refused.key(), "refusal-recused");
}

#[test]
fn every_target_is_given_out_once_and_no_two_units_check_each_other() {
    let district = District::new();
    let round = planned(&district, RoundKind::CrossCovert, &[]);
    let registrar = actor(&district, "registrar");
    let assign = |teams: Vec<(Team, Vec<UnitId>)>, targets: &[&str]| {
        let missions = (1..=teams.len()).map(|n| code(&format!("X-{n}"))).collect();
        let assignment = Box::new(Assignment {
            mode: Mode::ByHand,
            method: String::new(),
            seed: String::new(),
            input: String::new(),
            input_sha256: String::new(),
            measure: String::new(),
            pairs: Vec::new(),
        });
        let targets = targets.iter().map(|id| unit(id)).collect();
        let order = RoundOrder::Assign { teams, targets, missions, assignment, sealed: None };
        round::decide(&situation(&district, &registrar), Some(&round), order)
    };
    let of = |id: &str, home: &str| team(&[(id, home), (&format!("{id}-b"), "inspectorate")]);
    let one = || of("a", "town");
    let two = || of("b", "neighbour");
    let key = |outcome: Result<RoundAct, Refusal>| outcome.map_err(|refusal| refusal.key());
    assert!(
        assign(vec![(one(), vec![unit("second")]), (two(), vec![unit("bureau")])], &["second", "bureau"])
            .is_ok()
    );
    let twice = vec![(one(), vec![unit("second")]), (two(), vec![unit("second")])];
    assert_eq!(key(assign(twice, &["second"])), Err("refusal-taken"));
    assert_eq!(
        key(assign(vec![(one(), vec![unit("second")])], &["second", "bureau"])),
        Err("refusal-uncovered")
    );
    let mutual = vec![(one(), vec![unit("neighbour")]), (two(), vec![unit("town")])];
    assert_eq!(key(assign(mutual, &["neighbour", "town"])), Err("refusal-mutual-pair"));
    assert_eq!(key(assign(vec![(one(), vec![]), (one(), vec![])], &[])), Err("refusal-taken"));
}

fn kept(by: &Actor, step: MissionStep) -> Kept {
    Kept { person: by.person.clone(), post: by.post.clone(), at: morning(TODAY), step }
}

fn seen() -> Seen {
    Seen {
        at: morning(TODAY),
        unit: unit("town"),
        spot: "污水处理站".to_owned(),
        place: None,
        field: "sewage".to_owned(),
        item: String::new(),
        facts: "设备停运，污水直排。".to_owned(),
        samples: String::new(),
        act: String::new(),
        fix_now: false,
        severity: Severity::Serious,
        suspected: None,
        repeats: None,
        photos: Vec::new(),
        pictures: Vec::new(),
        captures: Vec::new(),
        made: None,
    }
}

#[test]
fn stops_are_released_one_by_one_and_left_only_when_everything_is_answered() {
    let district = District::new();
    let round = planned(&district, RoundKind::Special, &["inspector", "discipline"]);
    let inspector = actor(&district, "inspector");
    let mut second = stop("neighbour");
    second.task = Some(support::task_id("AL-2021-00001-1"));
    let step = give(&district, &round, team(&PAIR), vec![stop("town"), second]).unwrap();
    let given = MissionAct::Given { round: round.id.clone(), step };
    let mut mission = Mission::step(None, &code("X-1"), &stamp(&inspector), &given).unwrap();
    let go = |mission: &mut Mission, by: &Actor, order: MissionOrder| {
        let course = mission.course.clone().expect("in the open");
        let step = mission::decide(&situation(&district, by), &round, mission, &course, order)?;
        let act = MissionAct::Went { step };
        *mission = Mission::step(Some(mission.clone()), &code("X-1"), &stamp(by), &act).expect("it fits");
        Ok::<_, Refusal>(())
    };
    let stands = |mission: &Mission, n| mission.course.as_ref().unwrap().stop_state(n);
    let arrive = || MissionOrder::Arrive { entry: Entry::Unannounced, escorted: false, place: None };
    let leave = || MissionOrder::Leave(Outcome::Visited, String::new());
    let problem =
        || MissionOrder::Check(vec![Answer { result: Answered::Problem, note: "停运".to_owned() }]);
    let refused = |outcome: Result<(), Refusal>| outcome.unwrap_err();

    assert_eq!((stands(&mission, 1), stands(&mission, 2)), (StopState::Released, StopState::Waiting));
    let stranger = actor(&district, "discipline-2");
    assert_eq!(refused(go(&mut mission, &stranger, arrive())).key(), "refusal-not-yours");
    assert_eq!(refused(go(&mut mission, &inspector, leave())), Refusal::NotArrived);
    go(&mut mission, &inspector, arrive()).unwrap();
    assert_eq!(refused(go(&mut mission, &inspector, leave())), Refusal::Missing { field: "answers" });
    go(&mut mission, &inspector, problem()).unwrap();
    assert_eq!(refused(go(&mut mission, &inspector, leave())), Refusal::Missing { field: "finding" });
    go(&mut mission, &inspector, MissionOrder::Find(Box::new(seen()))).unwrap();
    go(&mut mission, &inspector, leave()).unwrap();
    assert_eq!((stands(&mission, 1), stands(&mission, 2)), (StopState::Left, StopState::Released));
    go(&mut mission, &inspector, arrive()).unwrap();
    go(
        &mut mission,
        &inspector,
        MissionOrder::Check(vec![Answer { result: Answered::Fine, note: String::new() }]),
    )
    .unwrap();
    assert_eq!(refused(go(&mut mission, &inspector, leave())), Refusal::Missing { field: "verdict" });
    go(&mut mission, &inspector, MissionOrder::LookBack(Verdict::Held, "已整改".to_owned())).unwrap();
    go(&mut mission, &inspector, leave()).unwrap();
    assert_eq!(mission.state(), "done");
    assert_eq!(refused(go(&mut mission, &inspector, arrive())).key(), "refusal-not-open");

    let acts = finding::record(&round, &mission, mission.course.as_ref().unwrap());
    let [act] = acts.as_slice() else { panic!("one finding: {acts:?}") };
    let found = Finding::step(None, &code("F-1"), &stamp(&inspector), act).unwrap();
    assert_eq!(found.seen.title(), "污水处理站：设备停运，污水直排");
    let registrar = actor(&district, "registrar");
    let rule = |found: &Finding, by: &Actor, ruling: Ruling, reason: &str| {
        finding::decide(&situation(&district, by), Some(found), FindingOrder::Rule(ruling, reason.to_owned()))
    };
    assert_eq!(rule(&found, &registrar, Ruling::NoProblem, ""), Err(Refusal::Missing { field: "reason" }));
    assert_eq!(rule(&found, &inspector, Ruling::NoProblem, "无").unwrap_err().key(), "refusal-not-yours");
    let mut maker = registrar.clone();
    maker.person = person("inspector");
    assert_eq!(rule(&found, &maker, Ruling::NoProblem, "无"), Err(Refusal::OwnFinding));
    let clue = Ruling::Clue { unit: unit("bureau"), text: "查来源".to_owned() };
    let act = rule(&found, &registrar, clue.clone(), "").unwrap();
    let clued = Finding::step(Some(found), &code("F-1"), &stamp(&registrar), &act).unwrap();
    assert_eq!(
        rule(&clued, &registrar, clue, "").unwrap_err().key(),
        "refusal-not-open",
        "a clue is ruled upon, not kept"
    );
    let act = rule(&clued, &registrar, Ruling::NoProblem, "查无实据").unwrap();
    let closed = Finding::step(Some(clued), &code("F-1"), &stamp(&registrar), &act).unwrap();
    assert!(!closed.label().is_open);
    assert!(rule(&closed, &registrar, Ruling::NoProblem, "再").is_err());
}

#[test]
fn a_sealed_mission_shows_nothing_of_itself_until_it_is_opened_with_everything_its_envelopes_held() {
    let district = District::new();
    let inspector = actor(&district, "inspector");
    let planned = MissionStep::Planned { team: team(&PAIR), stops: vec![stop("town")] };
    let sealed =
        MissionAct::Sealed { round: code("R-1"), key_sha256: "ab".repeat(32), envelope: "one".to_owned() };
    let next = |mission: Option<Mission>, act: &MissionAct| {
        Mission::step(mission, &code("X-1"), &stamp(&inspector), act)
    };
    let mission = next(None, &sealed).unwrap();
    let label = mission.label();
    assert_eq!((label.title.as_str(), label.state, label.unit.clone()), ("X-1", "sealed", None));
    assert_eq!(label.about.len(), 1, "nothing but its round");
    let step = MissionStep::CalledOff { reason: "暴雨".to_owned() };
    assert_eq!(
        next(Some(mission.clone()), &MissionAct::Went { step: step.clone() }),
        None,
        "no step in the open"
    );
    let mission = next(Some(mission), &MissionAct::Added { envelope: "two".to_owned() }).unwrap();
    let open = |kept| MissionAct::Opened { key: "cd".repeat(32), kept };
    let first = kept(&inspector, planned);
    assert_eq!(next(Some(mission.clone()), &open(vec![first.clone()])), None, "every envelope is opened");
    let mission = next(Some(mission), &open(vec![first, kept(&inspector, step)])).unwrap();
    assert_eq!(mission.state(), "called_off");
    assert!(mission.label().about.iter().any(|subject| subject.to_string() == "unit/town"));
    assert_eq!(next(Some(mission), &MissionAct::Added { envelope: "three".to_owned() }), None);
}

#[test]
fn a_draw_needs_three_parties_all_committed_before_the_first_reveals_and_a_refusal_voids_it() {
    let district = District::new();
    let registrar = actor(&district, "registrar");
    let round = planned(&district, RoundKind::LookBack, &[]);
    let frame = |parties: &[&str]| {
        let row = FrameRow {
            task: support::task_id("AL-2021-00001-1"),
            unit: None,
            field: "sewage".to_owned(),
            weight: 2,
            factors: Vec::new(),
        };
        RoundOrder::Freeze(Box::new(Frame {
            title: "回头看".to_owned(),
            draw: 1,
            reserves: 0,
            rows: vec![row],
            excluded: Vec::new(),
            purposive: Vec::new(),
            sha256: "ab".repeat(32),
            parties: parties.iter().map(|id| unit(id)).collect(),
            reveal_by: TODAY,
            beacon: None,
        }))
    };
    let act = |by: &Actor, round: &Round, order| round::decide(&situation(&district, by), Some(round), order);
    let after = |by: &Actor, round: Round, act: &RoundAct| {
        Round::step(Some(round), &code("R-1"), &stamp(by), act).unwrap()
    };
    let few = act(&registrar, &round, frame(&["eco-office", "discipline", "discipline"]));
    assert_eq!(few, Err(Refusal::TooFewParties { needed: 3 }));
    let agreed_at = |appears_at: Timestamp| match frame(&["eco-office", "discipline", "town"]) {
        RoundOrder::Freeze(mut frame) => {
            frame.beacon = Some(Beacon { round: 7, appears_at });
            RoundOrder::Freeze(frame)
        }
        other => other,
    };
    let told = act(&registrar, &round, agreed_at(morning(TODAY)));
    assert_eq!(told.unwrap_err().key(), "refusal-date-before", "everybody knows the value already");
    assert!(act(&registrar, &round, agreed_at(morning(TODAY.tomorrow().unwrap()))).is_ok());
    let frozen = act(&registrar, &round, frame(&["eco-office", "discipline", "town"])).unwrap();
    let mut round = after(&registrar, round, &frozen);
    let secret = "一个足够长的秘密一个足够长的秘密";
    let reveal =
        |n: u8| RoundOrder::Reveal { secret: secret.to_owned(), commitment: format!("{n}").repeat(64) };
    let parties = ["registrar", "discipline", "town"].map(|id| actor(&district, id));
    for (n, party) in (1_u8..).zip(&parties) {
        if n == 3 {
            assert_eq!(act(&parties[0], &round, reveal(1)), Err(Refusal::NotAllCommitted));
        }
        let committed = act(party, &round, RoundOrder::Commit(format!("{n}").repeat(64))).unwrap();
        round = after(party, round, &committed);
    }
    let outsider = actor(&district, "neighbour");
    assert_eq!(
        act(&outsider, &round, RoundOrder::Commit("9".repeat(64))).unwrap_err().key(),
        "refusal-not-yours"
    );
    assert_eq!(act(&parties[0], &round, reveal(2)), Err(Refusal::NotTheSecret));
    let revealed = act(&parties[0], &round, reveal(1)).unwrap();
    let round = after(&parties[0], round, &revealed);
    let refuse =
        |party: &str| RoundOrder::RefuseReveal { party: unit(party), reason: "未到会".to_owned() };
    assert_eq!(act(&registrar, &round, refuse("town")).unwrap_err().key(), "refusal-too-early");
    let refused = act(&parties[2], &round, refuse("town")).unwrap();
    let round = after(&parties[2], round, &refused);
    assert_eq!(round.state.name(), "draw_void");
    assert!(!round.label().is_open);
}

#[test]
fn a_reserve_steps_in_by_the_published_order_for_what_is_on_record_as_out_of_reach_and_for_nothing_else() {
    let district = District::new();
    let (registrar, inspector) = (actor(&district, "registrar"), actor(&district, "inspector"));
    let task = |n: u32| support::task_id(&format!("AL-2021-{n:05}-1"));
    let row = |n: u32| FrameRow {
        task: task(n),
        unit: Some(unit("town")),
        field: "sewage".to_owned(),
        weight: 1,
        factors: Vec::new(),
    };
    let frame = Frame {
        title: "回头看".to_owned(),
        draw: 2,
        reserves: 2,
        rows: (1..=6).map(row).collect(),
        excluded: Vec::new(),
        purposive: vec![SetApart { task: task(9), reason: "点名".to_owned() }],
        sha256: "ab".repeat(32),
        parties: ["eco-office", "discipline", "town"].map(unit).to_vec(),
        reveal_by: TODAY,
        beacon: None,
    };
    let chosen = vec![
        (task(4), Choice::Drawn),
        (task(2), Choice::Drawn),
        (task(6), Choice::Reserve),
        (task(1), Choice::Reserve),
        (task(9), Choice::Purposive),
    ];
    let drawing = Drawing {
        method: "pps-sys-v1".to_owned(),
        seed: "12".repeat(32),
        chosen,
        public_value: String::new(),
    };
    let assigned =
        Assigned { missions: vec![code("X-1")], assignment: None, envelope: None, key_sha256: String::new() };
    let after = |round: Round, act: &RoundAct| {
        Round::step(Some(round), &code("R-1"), &stamp(&registrar), act).unwrap()
    };
    let mut round = planned(&district, RoundKind::LookBack, &[]);
    for act in [RoundAct::FrameFrozen { frame }, RoundAct::Drawn { drawing }] {
        round = after(round, &act);
    }
    let call = |by: &Actor, round: &Round, absent: u32, outcome: Option<Outcome>, reason: &str| {
        let called =
            CallReserve { absent: task(absent), outcome, reason: reason.to_owned(), mission: code("X-2") };
        round::decide(&situation(&district, by), Some(round), RoundOrder::CallReserve(called))
    };
    let (closed, away) = (Some(Outcome::Refused), Some(Outcome::NotReached));
    assert_eq!(
        call(&registrar, &round, 2, closed, "拒绝进入").unwrap_err().key(),
        "refusal-not-open",
        "nobody went yet"
    );
    round = after(round, &RoundAct::Assigned { assigned });
    let table = [
        (&inspector, 2, closed, "拒绝进入", "refusal-not-yours"),
        (&registrar, 2, None, "", "refusal-not-out-of-reach"),
        (&registrar, 2, Some(Outcome::Visited), "查过了", "refusal-not-out-of-reach"),
        (&registrar, 2, closed, " ", "refusal-missing"),
        (&registrar, 3, closed, "没有抽中", "refusal-unknown"),
        (&registrar, 6, closed, "备选还没有递补", "refusal-unknown"),
        (&registrar, 9, closed, "点名的不在样本里", "refusal-unknown"),
    ];
    for (by, absent, outcome, reason, key) in table {
        assert_eq!(call(by, &round, absent, outcome, reason).unwrap_err().key(), key, "{absent} {reason}");
    }
    let first = call(&registrar, &round, 2, closed, "拒绝进入").unwrap();
    assert!(matches!(&first, RoundAct::SteppedIn { reserve, .. } if *reserve == task(6)));
    let out_of_order = RoundAct::SteppedIn {
        absent: task(2),
        reason: "x".to_owned(),
        reserve: task(1),
        mission: code("X-2"),
    };
    assert_eq!(Round::step(Some(round.clone()), &code("R-1"), &stamp(&registrar), &out_of_order), None);
    round = after(round, &first);
    assert_eq!(call(&registrar, &round, 2, closed, "再次"), Err(Refusal::OnceOnly));
    // The reserve itself is out of reach: the next one follows, and then none is left.
    round = after(round.clone(), &call(&registrar, &round, 6, away, "道路中断").unwrap());
    assert_eq!(call(&registrar, &round, 4, away, "道路中断"), Err(Refusal::NoReserveLeft));
    let draw = round.draw.as_ref().unwrap();
    let sample: Vec<bool> = (1..=6).map(|n| draw.is_in_the_sample(&task(n))).collect();
    assert_eq!(sample, [true, true, false, true, false, true]);
    assert_eq!(draw.substitute(&task(2)).map(|each| &each.reserve), Some(&task(6)));
    assert_eq!(round.assigned.unwrap().missions.len(), 3, "each reserve has a mission of its own");
}

#[test]
fn only_the_organiser_and_the_team_know_a_sealed_course() {
    let district = District::new();
    let round = planned(&district, RoundKind::CrossCovert, &[]);
    let step = MissionStep::Planned { team: team(&PAIR), stops: vec![stop("town")] };
    let course = Course::after(None, &person("registrar"), &step).unwrap();
    for (who, knows) in [("registrar", true), ("inspector", true), ("discipline-2", false), ("chief", false)]
    {
        assert_eq!(mission::may_know(&person(who), &round, &course), knows, "{who}");
    }
}
