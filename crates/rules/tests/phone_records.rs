//! Records of phones: two of a team, without network, in any order of arrival; nothing lost, nothing doubled, differences shown.

#[expect(dead_code, reason = "the office alone is needed, no story")]
mod support;

use bihuan_rules::{
    Actor, Refusal, Situation,
    calendar::Calendar,
    capture::Made,
    finding::{Seen, Severity},
    id::RecordId,
    mission::{
        self, Answer, Answered, Arrival, Course, Entry, Kept, Mission, MissionAct, MissionOrder, MissionStep,
        Report, ReportField, Saw, Stop, StopState,
    },
    record::Record,
    round::{CheckItem, Member, Plan, Round, RoundAct, RoundKind, Team},
    task::{Stamp, Verdict},
};
use jiff::{SignedDuration, Timestamp, civil::Date, civil::date};
use proptest::prelude::*;
use support::{District, morning, person, post, unit};

const TODAY: Date = date(2021, 6, 11);
const PAIR: [(&str, &str); 2] = [("inspector", "inspectorate"), ("discipline", "discipline")];

fn actor(district: &District, id: &str) -> Actor {
    district.actors.iter().find(|actor| actor.post == post(id)).expect("a post of the office").clone()
}

fn situation<'a>(district: &'a District, by: &'a Actor) -> Situation<'a> {
    let records = &bihuan_rules::record::NONE;
    let ruleset = &district.rulesets[0];
    Situation {
        by,
        at: morning(TODAY),
        ruleset,
        calendar: Calendar::embedded(),
        office: &district.office,
        records,
    }
}

fn code(id: &str) -> RecordId {
    RecordId::new(id).expect("a code")
}

fn round(district: &District) -> Round {
    let plan = Plan {
        title: "第1轮".to_owned(),
        kind: RoundKind::Special,
        organ: unit("eco-office"),
        fields: Vec::new(),
        from: TODAY,
        until: TODAY,
        scope: String::new(),
        sealed: false,
        checklist: vec![CheckItem {
            item: "污水".to_owned(),
            key_point: String::new(),
            standard: String::new(),
            method: String::new(),
        }],
    };
    let stamp = Stamp::new(&actor(district, "registrar"), morning(TODAY));
    Round::step(None, &code("R-1"), &stamp, &RoundAct::Planned { plan }).expect("a round")
}

fn mission(district: &District) -> Mission {
    let member = |(id, of): (&str, &str)| Member { person: person(id), post: post(id), unit: unit(of) };
    let team = Team {
        name: "第1组".to_owned(),
        leader: person("inspector"),
        members: PAIR.map(member).to_vec(),
        skills: Vec::new(),
    };
    let stop = |task: Option<&str>| Stop {
        unit: unit("town"),
        place: "污水处理站".to_owned(),
        task: task.map(support::task_id),
        at: None,
        note: String::new(),
    };
    let step = MissionStep::Planned { team, stops: vec![stop(Some("AL-2021-00001-1")), stop(None)] };
    let stamp = Stamp::new(&actor(district, "registrar"), morning(TODAY));
    let given = MissionAct::Given { round: code("R-1"), step };
    Mission::step(None, &code("X-1"), &stamp, &given).expect("a mission")
}

fn at(minutes: i64) -> Timestamp {
    morning(TODAY) + SignedDuration::from_mins(minutes)
}

fn made(key: &str, minutes: i64) -> Made {
    Made { at: at(minutes), device: format!("d-{key}"), n: 1, key: key.to_owned(), sent_at: at(minutes + 90) }
}

fn report(key: &str, minutes: i64, saw: Saw, entry: Entry, answers: Vec<Answered>) -> Report {
    Report {
        made: made(key, minutes),
        received_at: None,
        arrival: Arrival { at: at(minutes - 5), entry, escorted: false, place: None },
        saw,
        note: format!("记录{key}"),
        answers: answers.into_iter().map(|result| Answer { result, note: "见现场".to_owned() }).collect(),
        captures: Vec::new(),
        pictures: Vec::new(),
        seen: None,
    }
}

fn held(key: &str, minutes: i64) -> Report {
    report(key, minutes, Saw::Held, Entry::Unannounced, Vec::new())
}

/// Judges an order and applies what follows.
fn go(district: &District, mission: &mut Mission, who: &str, order: MissionOrder) -> Result<(), Refusal> {
    let by = actor(district, who);
    let course = mission.course.clone().expect("in the open");
    let step = mission::decide(&situation(district, &by), &round(district), mission, &course, order)?;
    let act = MissionAct::Went { step };
    let stamp = Stamp::new(&by, morning(TODAY));
    *mission = Mission::step(Some(mission.clone()), &code("X-1"), &stamp, &act).expect("it fits");
    Ok(())
}

fn course(mission: &Mission) -> &Course {
    mission.course.as_ref().expect("in the open")
}

#[test]
fn a_report_is_a_whole_visit_and_releases_the_next_stop() {
    let district = District::new();
    let mut mission = mission(&district);
    go(&district, &mut mission, "inspector", MissionOrder::Report(1, Box::new(held("a", 30)))).unwrap();
    let visit = course(&mission).visit(1).unwrap();
    assert_eq!(course(&mission).stop_state(2), StopState::Released);
    assert_eq!(visit.arrival.as_ref().unwrap().at, at(25), "by the clock of the phone");
    let (verdict, who, words) = visit.looked_back.clone().unwrap();
    assert_eq!((verdict, who, words.as_str()), (Verdict::Held, person("inspector"), "整改到位。记录a"));
}

#[test]
fn a_record_is_taken_once_at_stops_the_team_knows_and_from_the_team_alone() {
    let district = District::new();
    let mut mission = mission(&district);
    let mut send = |who: &str, n, report: Report| {
        go(&district, &mut mission, who, MissionOrder::Report(n, Box::new(report)))
    };
    let ahead = report("b", 30, Saw::Clean, Entry::Unannounced, Vec::new());
    assert_eq!(
        send("inspector", 2, ahead.clone()).unwrap_err().key(),
        "refusal-not-open",
        "not yet released"
    );
    assert_eq!(send("discipline-2", 1, held("a", 30)).unwrap_err().key(), "refusal-not-yours");
    let clean = report("a", 30, Saw::Clean, Entry::Unannounced, Vec::new());
    assert_eq!(send("inspector", 1, clean).unwrap_err().key(), "refusal-unknown", "a task needs a verdict");
    send("inspector", 1, held("a", 30)).unwrap();
    assert_eq!(send("inspector", 1, held("a", 30)), Err(Refusal::OnceOnly));
    assert_eq!(send("inspector", 2, Report { made: made("a", 40), ..ahead }), Err(Refusal::OnceOnly));
}

#[test]
fn what_arrives_after_the_mission_is_over_or_called_off_is_kept_all_the_same() {
    let district = District::new();
    let mut mission = mission(&district);
    go(&district, &mut mission, "inspector", MissionOrder::CallOff("暴雨".to_owned())).unwrap();
    go(&district, &mut mission, "discipline", MissionOrder::Report(1, Box::new(held("a", 30)))).unwrap();
    let seen = Seen {
        at: at(0),
        unit: unit("town"),
        spot: "溢流口".to_owned(),
        place: None,
        field: "sewage".to_owned(),
        item: String::new(),
        facts: String::new(),
        samples: String::new(),
        act: String::new(),
        fix_now: false,
        severity: Severity::Minor,
        suspected: None,
        repeats: None,
        photos: vec!["ab".repeat(32)],
        pictures: Vec::new(),
        captures: Vec::new(),
        made: Some(made("f", 40)),
    };
    go(&district, &mut mission, "inspector", MissionOrder::FindAt(1, Box::new(seen.clone()))).unwrap();
    let visit = course(&mission).visit(1).unwrap();
    assert_eq!((visit.reports.len(), visit.seen.len()), (1, 1));
    assert_eq!(visit.seen[0].title(), "溢流口", "a picture needs no words");
    let wordless = Seen { photos: Vec::new(), made: Some(made("g", 41)), ..seen };
    let refused = go(&district, &mut mission, "inspector", MissionOrder::FindAt(1, Box::new(wordless)));
    assert_eq!(refused, Err(Refusal::Missing { field: "facts" }));
}

#[test]
fn where_two_reports_differ_both_stay_until_one_of_the_team_says_which_counts() {
    let district = District::new();
    let mut mission = mission(&district);
    let early = report("a", 30, Saw::Held, Entry::Unannounced, vec![Answered::Fine]);
    let late = report("b", 50, Saw::Rebounded, Entry::Unannounced, vec![Answered::Problem]);
    go(&district, &mut mission, "discipline", MissionOrder::Report(1, Box::new(late))).unwrap();
    go(&district, &mut mission, "inspector", MissionOrder::Report(1, Box::new(early))).unwrap();
    let conflicts = |mission: &Mission| -> Vec<ReportField> {
        course(mission).visit(1).unwrap().conflicts().iter().map(|conflict| conflict.field).collect()
    };
    assert_eq!(conflicts(&mission), [ReportField::Saw, ReportField::Answer(0)]);
    let verdict = |mission: &Mission| course(mission).visit(1).unwrap().looked_back.clone().unwrap().0;
    assert_eq!(verdict(&mission), Verdict::Held, "the earliest, until somebody says otherwise");
    let settle = |key: &str| MissionOrder::Settle(1, ReportField::Saw, key.to_owned());
    assert_eq!(
        go(&district, &mut mission, "discipline-2", settle("b")).unwrap_err().key(),
        "refusal-not-yours"
    );
    assert_eq!(
        go(&district, &mut mission, "inspector", settle("c")),
        Err(Refusal::Missing { field: "version" })
    );
    go(&district, &mut mission, "inspector", settle("b")).unwrap();
    assert_eq!(verdict(&mission), Verdict::Rebounded);
    assert_eq!(conflicts(&mission), [ReportField::Answer(0)]);
    assert_eq!(course(&mission).visit(1).unwrap().reports.len(), 2, "both versions stay");
}

fn any_report(n: usize) -> impl Strategy<Value = (bool, Report)> {
    let saw = prop::sample::select(vec![Saw::Held, Saw::Partly, Saw::NotDone, Saw::Rebounded]);
    let entry = prop::sample::select(Entry::ALL.to_vec());
    let answers = prop::option::of(prop::sample::select(Answered::ALL.to_vec()));
    (any::<bool>(), 0..20_i64, saw, entry, answers, any::<bool>()).prop_map(
        move |(first, minutes, saw, entry, answers, escorted)| {
            let mut made = report(&format!("k{n}"), minutes, saw, entry, answers.into_iter().collect());
            made.arrival.escorted = escorted;
            (first, made)
        },
    )
}

fn histories() -> impl Strategy<Value = (Vec<(bool, Report)>, Vec<usize>)> {
    (1..7_usize).prop_flat_map(|count| {
        let reports: Vec<_> = (0..count).map(any_report).collect();
        (reports, Just((0..count).collect::<Vec<_>>()).prop_shuffle())
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn the_order_of_arrival_changes_nothing_and_nothing_is_lost((reports, order) in histories()) {
        let district = District::new();
        let start = mission(&district).course.expect("in the open");
        let file = |course: Course, n: usize| {
            let (first, report) = &reports[n];
            let who = person(if *first { "inspector" } else { "discipline" });
            let step = MissionStep::Reported { n: 1, report: Box::new(report.clone()) };
            Course::after(Some(course), &who, &step).expect("it fits")
        };
        let told = (0..reports.len()).fold(start.clone(), file);
        let shuffled = order.iter().fold(start, |course, n| file(course, *n));
        prop_assert_eq!(&told, &shuffled);
        let visit = told.visit(1).expect("a stop");
        prop_assert_eq!(visit.reports.len(), reports.len());
        for (_, report) in &reports {
            prop_assert!(visit.has_record(&report.made.key));
        }
        let differ = reports.iter().any(|(_, report)| report.saw != reports[0].1.saw);
        prop_assert_eq!(visit.conflicts().iter().any(|each| each.field == ReportField::Saw), differ);
        let kept = serde_json::to_string(&told).expect("JSON");
        prop_assert_eq!(serde_json::from_str::<Course>(&kept).expect("reads back"), told);
    }
}

#[test]
fn a_replay_of_envelopes_tells_the_same_course() {
    let district = District::new();
    let by = actor(&district, "inspector");
    let planned = {
        let mission = mission(&district);
        let course = mission.course.expect("in the open");
        let stops = course.visits.iter().map(|visit| visit.stop.clone()).collect();
        MissionStep::Planned { team: course.team, stops }
    };
    let kept = |step| Kept { person: by.person.clone(), post: by.post.clone(), at: morning(TODAY), step };
    let steps = vec![kept(planned), kept(MissionStep::Reported { n: 1, report: Box::new(held("a", 30)) })];
    let course = Course::replay(&steps).expect("they fit");
    assert!(course.has_record("a"));
    assert_eq!(course.current(), Some(2));
}
