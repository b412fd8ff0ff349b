//! What a ladder proposes: every row of every shipped ladder, told through the real acts, with what would have avoided it.

#![expect(clippy::unwrap_used, reason = "helpers outside the test functions unwrap as well")]

#[expect(dead_code, reason = "ladders need stories, not the walk")]
mod support;

use bihuan_rules::{
    id::RecordId,
    ladder::{
        Case, CaseAct, Ladder, LadderFlaw, Opening, Proposal, Row, Rung, Step, ladders, named, propose,
    },
    office::Level,
    record::Record,
    ruleset::Conclusion,
    task::{
        CheckSustained, EvidenceRole, Hand, LookBack, Order, Registered, Reopen, Report, ReviewPlan, Stamp,
        State, Suspend, Verdict, Void,
    },
};
use std::collections::BTreeSet;
use support::*;

/// A task with the measures that were decided about it, on a day.
struct World {
    story: Story,
    cases: Vec<Case>,
}

impl World {
    /// Under way since March, with this milestone, to be finished by the end of June.
    fn with_milestone(on: &str) -> World {
        let mut story = Story::given("generic", Level::County);
        story.when("registrar", Order::Assign(assign(None)));
        story.when("town", Order::Plan(plan(day(on))));
        story.when("committee", Order::ReviewPlan(ReviewPlan { approve: true, remark: String::new() }));
        World { story, cases: Vec::new() }
    }

    fn under_way() -> World {
        World::with_milestone("2021-06-30")
    }

    #[track_caller]
    fn on(mut self, date: &str) -> World {
        assert!(day(date) >= self.story.today, "stories go forward");
        self.story.today = day(date);
        self
    }

    fn milestone_reported(mut self) -> World {
        self.story.when("town", Order::Attach(evidence(EvidenceRole::During)));
        self.story
            .when("town", Order::Report(Report { text: "the pipe is laid".to_owned(), milestones: vec![1] }));
        self
    }

    fn claimed(mut self) -> World {
        self.story.until_claimed();
        self
    }

    fn returned(mut self) -> World {
        self.story.until_claimed();
        let order =
            verify(&self.story.ruleset, Conclusion::NotPass, &["verifier-2", "verifier-3"], self.story.today);
        self.story.when("verifier-1", Order::Verify(order)).then(State::Rectifying);
        self
    }

    fn closed(mut self) -> World {
        self.story.until_closed();
        self
    }

    fn looked_back(mut self, verdict: Verdict) -> World {
        let look = LookBack { verdict, findings: "seen at the outlet".to_owned() };
        self.story.when("inspector", Order::LookBack(look));
        self
    }

    fn reopened(mut self, due_on: &str) -> World {
        let (cause, document) = ("the pipe broke".to_owned(), "Minutes 9".to_owned());
        self.story.when("registrar", Order::Reopen(Reopen { due_on: day(due_on), cause, document }));
        self
    }

    fn suspended(mut self) -> World {
        let (reason, document) = ("a law suit".to_owned(), "Minutes 4".to_owned());
        let until = day("2021-12-31");
        self.story.when("committee", Order::Suspend(Suspend { reason, document, until }));
        self
    }

    fn act(&self, opening: Opening, is_taken: bool) -> Case {
        let by = self.story.district.actor("committee");
        let hand = Hand::from(by);
        let today = self.story.today;
        let act = if is_taken {
            CaseAct::Opened { opening, by: hand, answer_by: today, objections_until: today }
        } else {
            CaseAct::Declined { opening, reason: "not now".to_owned(), by: hand }
        };
        let id = RecordId::new("DB-2021-001").unwrap();
        Case::step(None, &id, &Stamp::new(by, morning(today)), &act).unwrap()
    }

    /// A measure of this rung is decided today, whatever brought it about.
    fn measure(mut self, rung: Rung, is_taken: bool) -> World {
        let opening = Opening {
            ladder: "another".to_owned(),
            step: rung.name().to_owned(),
            rung,
            task: self.story.task.id.clone(),
            round: self.story.task.counts.reopened,
            unit: unit("town"),
            grounds: Vec::new(),
            demand: "finish it".to_owned(),
            organ: String::new(),
        };
        self.cases.push(self.act(opening, is_taken));
        self
    }

    /// What is proposed today is decided.
    #[track_caller]
    fn decided(mut self, ladder: &Ladder, is_taken: bool) -> World {
        let proposal = self.proposal(ladder).expect("something is proposed");
        let opening = Opening {
            ladder: ladder.name.clone(),
            step: proposal.step,
            rung: proposal.rung,
            task: proposal.task,
            round: self.story.task.counts.reopened,
            unit: proposal.unit,
            grounds: proposal.grounds,
            demand: "finish it".to_owned(),
            organ: String::new(),
        };
        self.cases.push(self.act(opening, is_taken));
        self
    }

    fn proposal(&self, ladder: &Ladder) -> Option<Proposal> {
        let cases: Vec<&Case> = self.cases.iter().collect();
        propose(ladder, &self.story.task, &cases, self.story.today)
    }

    fn step(&self, ladder: &Ladder) -> Option<String> {
        self.proposal(ladder).map(|proposal| proposal.step)
    }
}

fn generic() -> &'static Ladder {
    named("generic").unwrap()
}

/// A condition and a history that misses it by one.
type Miss = (&'static str, fn() -> World);

/// One row, a history that brings exactly it about, and for each of its conditions one that misses it by one.
struct Example {
    ladder: &'static str,
    step: &'static str,
    row: usize,
    holds: fn() -> World,
    misses: &'static [Miss],
}

fn lagging_after_yellow(yellow_on: &str, today: &str) -> World {
    World::with_milestone("2021-05-10").on(yellow_on).measure(Rung::Yellow, true).on(today)
}

fn after(rung: Rung, on: &str, today: &str) -> World {
    World::under_way().on(on).measure(rung, true).on(today)
}

fn in_time() -> World {
    World::under_way().on("2021-06-30").claimed()
}

fn seen_again(verdict: Verdict) -> World {
    World::under_way().on("2021-05-01").closed().on("2021-06-08").looked_back(verdict)
}

#[expect(clippy::too_many_lines, reason = "a table of histories, read row by row")]
fn examples() -> Vec<Example> {
    let lagging: &[Miss] = &[
        ("lagging", || World::with_milestone("2021-05-10").on("2021-05-10")),
        ("lagging", || {
            World::with_milestone("2021-05-10").on("2021-05-10").milestone_reported().on("2021-05-11")
        }),
        ("lagging", || World::with_milestone("2021-05-10").on("2021-05-10").claimed().on("2021-05-11")),
        ("lagging", || World::with_milestone("2021-05-10").on("2021-07-01")),
    ];
    let overdue: &[Miss] = &[
        ("overdue_days", || World::under_way().on("2021-06-30")),
        ("overdue_days", || in_time().on("2021-07-01")),
    ];
    vec![
        Example {
            ladder: "generic",
            step: "remind",
            row: 0,
            holds: || World::under_way().on("2021-06-15"),
            misses: &[
                ("due_within", || World::under_way().on("2021-06-14")),
                ("due_within", || World::under_way().on("2021-06-14").claimed().on("2021-06-15")),
                ("due_within", || World::under_way().on("2021-07-01")),
            ],
        },
        Example {
            ladder: "generic",
            step: "yellow",
            row: 0,
            holds: || World::with_milestone("2021-05-10").on("2021-05-11"),
            misses: lagging,
        },
        Example {
            ladder: "generic",
            step: "letter",
            row: 0,
            holds: || lagging_after_yellow("2021-05-11", "2021-05-26"),
            misses: &[
                ("lagging", || lagging_after_yellow("2021-05-11", "2021-05-26").milestone_reported()),
                ("earlier.days", || lagging_after_yellow("2021-05-11", "2021-05-25")),
                ("earlier.times", || {
                    World::with_milestone("2021-05-10")
                        .on("2021-05-11")
                        .measure(Rung::Yellow, false)
                        .on("2021-05-26")
                }),
            ],
        },
        Example {
            ladder: "generic",
            step: "red",
            row: 0,
            holds: || World::under_way().on("2021-07-01"),
            misses: overdue,
        },
        Example {
            ladder: "generic",
            step: "red",
            row: 1,
            holds: || World::under_way().on("2021-04-01").returned().on("2021-04-12").returned(),
            misses: &[
                ("returns", || World::under_way().on("2021-04-01").returned()),
                ("returns", || {
                    World::under_way().on("2021-04-01").returned().on("2021-04-12").returned().claimed()
                }),
            ],
        },
        Example {
            ladder: "generic",
            step: "interview",
            row: 0,
            holds: || after(Rung::Red, "2021-06-11", "2021-07-01"),
            misses: &[
                ("overdue_days", || after(Rung::Red, "2021-06-10", "2021-06-30")),
                ("overdue_days", || after(Rung::Red, "2021-06-11", "2021-06-30").claimed().on("2021-07-01")),
                ("earlier.days", || after(Rung::Red, "2021-06-12", "2021-07-01")),
                ("earlier.times", || {
                    World::under_way().on("2021-06-11").measure(Rung::Red, false).on("2021-07-01")
                }),
            ],
        },
        Example {
            ladder: "generic",
            step: "listed",
            row: 0,
            holds: || World::under_way().on("2021-07-31"),
            misses: &[
                ("overdue_days", || World::under_way().on("2021-07-30")),
                ("overdue_days", || in_time().on("2021-07-31")),
            ],
        },
        Example {
            ladder: "generic",
            step: "listed",
            row: 1,
            holds: || seen_again(Verdict::Rebounded),
            misses: &[("rebounded", || seen_again(Verdict::Held))],
        },
        Example {
            ladder: "generic",
            step: "raised",
            row: 0,
            holds: || after(Rung::Interview, "2021-04-02", "2021-07-01"),
            misses: &[
                ("overdue_days", || after(Rung::Interview, "2021-04-01", "2021-06-30")),
                ("earlier.days", || after(Rung::Interview, "2021-04-03", "2021-07-01")),
                ("earlier.times", || {
                    World::under_way().on("2021-04-02").measure(Rung::Interview, false).on("2021-07-01")
                }),
            ],
        },
        Example {
            ladder: "generic",
            step: "transfer",
            row: 0,
            holds: || seen_again(Verdict::Fake),
            misses: &[("fake", || seen_again(Verdict::Rebounded)), ("fake", || seen_again(Verdict::Held))],
        },
        Example {
            ladder: "guangyuan-2018",
            step: "yellow",
            row: 0,
            holds: || World::with_milestone("2021-05-10").on("2021-05-11"),
            misses: lagging,
        },
        Example {
            ladder: "guangyuan-2018",
            step: "letter",
            row: 0,
            holds: || lagging_after_yellow("2021-05-11", "2021-06-10"),
            misses: &[
                ("lagging", || lagging_after_yellow("2021-05-11", "2021-06-10").milestone_reported()),
                ("earlier.days", || lagging_after_yellow("2021-05-11", "2021-06-09")),
                ("earlier.times", || {
                    World::with_milestone("2021-05-10")
                        .on("2021-05-11")
                        .measure(Rung::Yellow, false)
                        .on("2021-06-10")
                }),
            ],
        },
        Example {
            ladder: "guangyuan-2018",
            step: "red",
            row: 0,
            holds: || World::under_way().on("2021-07-01"),
            misses: overdue,
        },
        Example {
            ladder: "sichuan-interviews-2022",
            step: "interview_3",
            row: 0,
            holds: || after(Rung::Interview, "2021-03-10", "2021-06-10"),
            misses: &[
                ("earlier.days", || after(Rung::Interview, "2021-03-11", "2021-06-10")),
                ("earlier.days", || {
                    after(Rung::Interview, "2021-03-10", "2021-06-09").claimed().on("2021-06-10")
                }),
                ("earlier.times", || {
                    World::under_way().on("2021-03-10").measure(Rung::Interview, false).on("2021-06-10")
                }),
            ],
        },
    ]
}

/// The conditions of a row, and the facts that they bring along.
fn conditions(row: &Row) -> (BTreeSet<&'static str>, Vec<&'static str>) {
    let Row { due_within, lagging, overdue_days, returns, rebounded, fake, earlier } = row;
    let mut names = BTreeSet::new();
    let mut facts = Vec::new();
    for (is_said, name, fact) in [
        (due_within.is_some(), "due_within", "due-soon"),
        (*lagging, "lagging", "milestone"),
        (overdue_days.is_some(), "overdue_days", "overdue"),
        (returns.is_some(), "returns", "returned"),
        (*rebounded, "rebounded", "rebounded"),
        (*fake, "fake", "fake"),
        (earlier.is_some(), "earlier.times", "earlier"),
    ] {
        if is_said {
            names.insert(name);
            facts.push(fact);
        }
    }
    if earlier.as_ref().is_some_and(|earlier| earlier.days > 0) {
        names.insert("earlier.days");
    }
    (names, facts)
}

fn facts(proposal: &Proposal) -> Vec<&'static str> {
    proposal.grounds.iter().map(bihuan_rules::ladder::Ground::name).collect()
}

fn place(ladder: &Ladder, step: Option<&str>) -> Option<usize> {
    step.and_then(|name| ladder.steps.iter().position(|step| step.name == name))
}

#[test]
fn every_shipped_ladder_reads_and_names_its_source() {
    let names: BTreeSet<&str> = ladders().iter().map(|ladder| ladder.name.as_str()).collect();
    assert_eq!(names.len(), ladders().len());
    assert_eq!(ladders()[0].name, "generic");
    for ladder in ladders() {
        assert_eq!(named(&ladder.name), Some(ladder));
        let texts = ladder.sources.iter().chain([&ladder.title_zh, &ladder.title_en]);
        let of_steps = |step: &'static Step| {
            let words = [&step.title_zh, &step.title_en].into_iter();
            words.chain(&step.cited).chain(&step.restrictions)
        };
        for text in texts.chain(ladder.steps.iter().flat_map(of_steps)) {
            assert!(!text.trim().is_empty(), "{}", ladder.name);
        }
        assert!(!ladder.sources.is_empty() && ladder.objection_days > 0);
        assert!(ladder.steps.iter().all(|step| step.answer_days > 0));
        let written = toml::to_string(ladder).unwrap();
        assert_eq!(Ladder::read(&written).as_ref(), Ok(ladder), "it is the same when it is written and read");
    }
    assert_eq!(named("nowhere"), None);
}

#[test]
fn what_is_wrong_with_a_ladder_is_named() {
    let head = "name = \"own\"\ntitle_zh = \"自\"\ntitle_en = \"Own\"\nsources = [\"s\"]\nvalid_from = \"2021-01-01\"\nobjection_days = 5\n";
    let step = |name: &str, more: &str| {
        format!(
            "[[step]]\nname = \"{name}\"\nrung = \"red\"\ntitle_zh = \"红\"\ntitle_en = \"Red\"\nanswer_days = 5\n{more}\n"
        )
    };
    let read = |steps: &[String]| Ladder::read(&format!("{head}{}", steps.concat()));
    let flaw = |ladder: &str, step: &str| (ladder.to_owned(), step.to_owned());
    let good = step("one", "when = [{ overdue_days = 1 }]");
    read(&[good.clone(), step("two", "cited = [\"x\"]")]).unwrap();
    let (ladder, name) = flaw("own", "two");
    let unconditional = LadderFlaw::Unconditional { ladder, step: name };
    for more in [
        "",
        "when = [{}]",
        "when = [{ overdue_days = 1 }, {}]\ncited = [\"x\"]",
        "when = [{ lagging = false }]",
    ] {
        assert_eq!(read(&[good.clone(), step("two", more)]), Err(unconditional.clone()), "{more}");
    }
    let (ladder, name) = flaw("own", "one");
    assert_eq!(read(&[good.clone(), good.clone()]), Err(LadderFlaw::Twice { ladder, step: name }));
    for text in [
        "",
        "name = 1",
        &format!("{head}{good}colour = \"red\""),
        &format!("{head}{}", step("a", "when = [{ late = 1 }]")),
    ] {
        assert!(matches!(Ladder::read(text), Err(LadderFlaw::Unreadable(_))), "{text}");
    }
}

#[test]
fn every_row_of_every_ladder_holds_in_its_example_and_not_next_to_it() {
    let mut covered = BTreeSet::new();
    for example in examples() {
        let Example { ladder: name, step, row, holds, misses } = example;
        let label = format!("{name} {step} {row}");
        let ladder = named(name).unwrap_or_else(|| panic!("no ladder {name}"));
        let (wanted, expected) = conditions(&ladder.step(step).unwrap().when[row]);
        let proposal = holds().proposal(ladder).unwrap_or_else(|| panic!("{label}: nothing is proposed"));
        assert_eq!((proposal.step.as_str(), facts(&proposal)), (step, expected.clone()), "{label}");
        assert_eq!((proposal.unit.as_str(), proposal.rung), ("town", ladder.step(step).unwrap().rung));
        let missed: BTreeSet<&str> = misses.iter().map(|(condition, _)| *condition).collect();
        assert_eq!(missed, wanted, "{label}: for every condition one that misses it");
        for (n, (condition, miss)) in misses.iter().enumerate() {
            let proposal = miss().proposal(ladder);
            let is_same = proposal.as_ref().is_some_and(|p| p.step == step && facts(p) == expected);
            assert!(!is_same, "{label}: {condition} {n}: {proposal:?}");
        }
        covered.insert((name.to_owned(), step.to_owned(), row));
    }
    let of_step = |ladder: &'static Ladder, step: &'static Step| {
        (0..step.when.len()).map(move |row| (ladder.name.clone(), step.name.clone(), row))
    };
    let all =
        ladders().iter().flat_map(|ladder| ladder.steps.iter().flat_map(move |step| of_step(ladder, step)));
    assert_eq!(covered, all.collect::<BTreeSet<_>>(), "every row has an example");
}

#[test]
fn what_would_have_avoided_a_fact_makes_the_proposal_gentler() {
    let late = || World::with_milestone("2021-05-10").on("2021-05-10");
    let cases: [(&str, World, World); 7] = [
        (
            "due-soon",
            World::under_way().on("2021-06-20"),
            World::under_way().on("2021-06-19").claimed().on("2021-06-20"),
        ),
        ("milestone", late().on("2021-05-20"), late().milestone_reported().on("2021-05-20")),
        ("overdue", World::under_way().on("2021-08-01"), in_time().on("2021-08-01")),
        (
            "returned",
            World::under_way().on("2021-04-01").returned().returned(),
            World::under_way().on("2021-04-01").returned(),
        ),
        ("rebounded", seen_again(Verdict::Rebounded), seen_again(Verdict::Held)),
        ("fake", seen_again(Verdict::Fake), seen_again(Verdict::Rebounded)),
        ("earlier", after(Rung::Interview, "2021-03-10", "2021-07-02"), World::under_way().on("2021-07-02")),
    ];
    for (fact, happened, avoided) in cases {
        let before = happened.proposal(generic()).unwrap_or_else(|| panic!("{fact}: nothing is proposed"));
        assert!(facts(&before).contains(&fact), "{fact}: {before:?}");
        let after = avoided.proposal(generic());
        let step = after.as_ref().map(|proposal| proposal.step.as_str());
        assert!(place(generic(), step) < place(generic(), Some(&before.step)), "{fact}: {after:?}");
        assert!(after.is_none_or(|after| !facts(&after).contains(&fact)), "{fact}");
    }
}

#[test]
fn the_highest_step_that_holds_is_proposed_and_gentler_ones_do_not_follow_behind_it() {
    let all = World::under_way()
        .on("2021-04-02")
        .measure(Rung::Interview, true)
        .on("2021-06-01")
        .measure(Rung::Red, true);
    let all = all.on("2021-07-31");
    assert_eq!(all.step(generic()).as_deref(), Some("raised"), "over listed, interview and red");
    assert_eq!(all.decided(generic(), true).step(generic()), None);
}

#[test]
fn what_was_decided_or_declined_is_not_proposed_again_until_the_task_is_reopened() {
    for ladder in ["generic", "guangyuan-2018"].map(|name| named(name).unwrap()) {
        for is_taken in [true, false] {
            let world = World::under_way().on("2021-07-01");
            assert_eq!(world.step(ladder).as_deref(), Some("red"));
            let world = world.decided(ladder, is_taken);
            assert_eq!(world.step(ladder), None);
            let world = world.on("2021-07-05");
            assert_eq!(world.step(ladder), None, "whether taken or not");
            let world = world.closed();
            let on = world.story.today.tomorrow().unwrap().to_string();
            let mut world = world.on(&on).looked_back(Verdict::Rebounded);
            if ladder.name == "generic" {
                assert_eq!(world.step(ladder).as_deref(), Some("listed"));
                world = world.decided(ladder, is_taken);
            }
            assert_eq!(world.step(ladder), None, "the old day is over");
            let world = world.reopened("2021-12-01");
            assert_eq!(world.step(ladder), None, "the rebound was decided about before it was reopened");
            let world = world.on("2021-12-02");
            assert_eq!(world.step(ladder).as_deref(), Some("red"), "a new day was missed");
            assert_eq!(world.decided(ladder, is_taken).step(ladder), None);
        }
    }
}

#[test]
fn another_ladder_decides_nothing_for_this_one() {
    let world = World::under_way().on("2021-07-01").decided(named("guangyuan-2018").unwrap(), true);
    assert_eq!(world.step(generic()).as_deref(), Some("red"));
}

#[test]
fn a_rebound_that_waits_to_be_reopened_has_missed_no_day() {
    let world = World::under_way().on("2021-05-01").closed().on("2021-06-08").looked_back(Verdict::Rebounded);
    let world = world.on("2021-09-30");
    assert_eq!(facts(&world.proposal(generic()).unwrap()), ["rebounded"]);
    assert_eq!(world.proposal(named("guangyuan-2018").unwrap()), None);
}

#[test]
fn what_was_to_be_kept_up_and_was_not_is_a_rebound() {
    let registered = Registered { sustain: true, ..registration("generic", Level::County) };
    let mut story = Story::given_task(registered);
    story.until_rectifying();
    let mut world = World { story, cases: Vec::new() }.on("2021-05-01").closed().on("2021-06-08");
    assert_eq!(world.step(generic()), None);
    let check = CheckSustained { held: false, findings: "it leaks again".to_owned() };
    world.story.when("inspector", Order::CheckSustained(check)).then(State::Rebounded);
    assert_eq!(facts(&world.proposal(generic()).unwrap()), ["rebounded"]);
}

#[test]
fn a_clue_that_was_handed_over_does_not_keep_quiet_about_the_work_begun_anew() {
    let world = seen_again(Verdict::Fake).decided(generic(), true);
    assert_eq!(world.step(generic()), None);
    let world = world.reopened("2021-12-01");
    assert_eq!(facts(&world.proposal(generic()).unwrap()), ["rebounded"], "not the same clue once more");
    let world = world.decided(generic(), false).on("2021-12-02");
    assert_eq!(world.step(generic()), None, "listed was decided in this round");
    let world = world.closed();
    let on = world.story.today.tomorrow().unwrap().to_string();
    let world = world.on(&on).looked_back(Verdict::Fake);
    assert_eq!(world.step(generic()).as_deref(), Some("transfer"), "a second one is new");
}

#[test]
fn returns_that_were_decided_about_do_not_count_again_until_there_is_another() {
    let world = World::under_way().on("2021-04-01").returned().returned().decided(generic(), true);
    let world = world.on("2021-04-20").closed().on("2021-06-08").looked_back(Verdict::Rebounded);
    let world = world.decided(generic(), true).reopened("2021-12-01");
    assert_eq!(world.step(generic()), None);
    assert_eq!(world.returned().step(generic()).as_deref(), Some("red"));
}

#[test]
fn a_measure_before_the_reopening_is_not_one_that_the_work_begun_anew_failed_to_follow() {
    let world = after(Rung::Interview, "2021-04-02", "2021-05-01").closed().on("2021-06-08");
    let world = world.looked_back(Verdict::Rebounded).decided(generic(), true).reopened("2021-12-01");
    let world = world.on("2021-12-02");
    assert_eq!(world.step(generic()).as_deref(), Some("red"), "not raised");
    assert_eq!(world.proposal(named("sichuan-interviews-2022").unwrap()), None);
}

#[test]
fn what_stands_or_is_over_brings_nothing_about_but_what_was_found_afterwards() {
    let pressed = || {
        World::with_milestone("2021-05-10")
            .on("2021-05-11")
            .measure(Rung::Yellow, true)
            .measure(Rung::Interview, true)
    };
    let mut void = pressed().on("2021-06-20");
    let (reason, document) = ("the same as another".to_owned(), "Minutes 3".to_owned());
    void.story.when("committee", Order::Void(Void { reason, document }));
    let worlds = [
        ("suspended", pressed().on("2021-06-20").suspended()),
        ("claimed", pressed().on("2021-06-20").claimed()),
        ("closed", pressed().on("2021-06-01").closed()),
        ("void", void),
    ];
    for (what, world) in worlds {
        for today in ["2021-07-10", "2021-12-30"] {
            let cases: Vec<&Case> = world.cases.iter().collect();
            for ladder in ladders() {
                let proposal = propose(ladder, &world.story.task, &cases, day(today));
                assert_eq!(proposal, None, "{what} {}", ladder.name);
            }
        }
    }
    let again = seen_again(Verdict::Rebounded).reopened("2021-12-01");
    let facts_of = |world: World| facts(&world.proposal(generic()).unwrap());
    assert_eq!(facts_of(again.on("2021-12-20").suspended()), ["rebounded"]);
    let again = seen_again(Verdict::Fake).reopened("2021-12-01");
    assert_eq!(facts_of(again.on("2021-11-20").claimed().on("2021-12-20")), ["fake"]);
    let mut void = seen_again(Verdict::Rebounded).reopened("2021-12-01");
    let (reason, document) = ("the same as another".to_owned(), "Minutes 3".to_owned());
    void.story.when("committee", Order::Void(Void { reason, document }));
    assert_eq!(void.step(generic()), None, "nothing is listed that was taken off the list");
}

#[test]
fn a_task_that_nobody_leads_brings_nothing_about() {
    let mut story = Story::given("generic", Level::County);
    story.today = day("2021-09-30");
    assert_eq!(World { story, cases: Vec::new() }.proposal(generic()), None);
}
