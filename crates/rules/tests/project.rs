//! Projects: backward scheduling against brute force, the status table, whose step is whose, and replay.

#![expect(clippy::unwrap_used, reason = "helpers outside the test functions unwrap as well")]

#[expect(dead_code, reason = "projects need the office, but no story")]
mod support;

use bihuan_rules::{
    Refusal,
    calendar::Calendar,
    campaign::{self, Campaign, CampaignOrder, CampaignPlan},
    id::RecordId,
    office::Role,
    project::{
        Around, Brief, Flaw, Fund, MilestonePlan, Plan, Project, ProjectAct, ProjectOrder, ProjectState,
        Quantity, Reach, Reported, TargetPlan, decide,
        schedule::{self, DayUnit, Stretch, Window},
    },
    record::Record,
    task::{Flag, Stamp},
};
use jiff::{ToSpan, civil::Date};
use proptest::prelude::*;
use support::{District, day, post, unit};

fn id(text: &str) -> RecordId {
    RecordId::new(text).unwrap()
}

fn milestone(title: &str, from: &str, until: &str, after: &[u32]) -> MilestonePlan {
    MilestonePlan {
        title: title.to_owned(),
        from: day(from),
        until: day(until),
        post: None,
        after: after.to_vec(),
        dropped: false,
    }
}

fn plan() -> Plan {
    Plan {
        brief: Brief {
            title: "河沿社区污水处理站".to_owned(),
            campaign: None,
            content: "日处理300吨".to_owned(),
            field: "sewage".to_owned(),
            area: Some(unit("town")),
            lead: unit("town"),
            post: post("town"),
            acceptance: unit("bureau"),
            start_on: day("2021-03-01"),
            due_on: day("2021-08-31"),
            after: Vec::new(),
            about: Vec::new(),
        },
        milestones: vec![
            milestone("施工图审查", "2021-03-01", "2021-03-31", &[]),
            milestone("主体完工", "2021-04-01", "2021-06-30", &[1]),
            milestone("通水试运行", "2021-07-01", "2021-08-31", &[2]),
        ],
        targets: vec![TargetPlan {
            indicator: "日处理能力".to_owned(),
            unit: "吨/日".to_owned(),
            baseline: "0".parse().unwrap(),
            target: "300".parse().unwrap(),
        }],
        funds: vec![Fund { source: "省级专项".to_owned(), planned_yuan: 2_000_000 }],
    }
}

/// A project that lives by orders; every act is kept, so that it can be replayed.
struct Life {
    district: District,
    around: Around,
    project: Option<Project>,
    acts: Vec<(Stamp, ProjectAct)>,
}

impl Life {
    fn new() -> Life {
        Life { district: District::new(), around: Around::default(), project: None, acts: Vec::new() }
    }

    fn planned() -> Life {
        let mut life = Life::new();
        life.order("registrar", "2021-02-25", ProjectOrder::Plan(Box::new(plan()))).unwrap();
        life
    }

    fn order(&mut self, by: &str, on: &str, order: ProjectOrder) -> Result<(), Refusal> {
        let by = self.district.actor(by);
        let ruleset = self.district.ruleset("generic");
        let situation = self.district.situation(by, day(on), ruleset);
        let act = decide(&situation, self.project.as_ref(), order, &self.around)?;
        let stamp = Stamp::new(by, situation.at);
        self.project = Project::step(self.project.take(), &id("P-1"), &stamp, &act);
        assert!(self.project.is_some(), "an act that was decided fits");
        self.acts.push((stamp, act));
        Ok(())
    }

    fn reach(&mut self, n: u32, on: &str) -> Result<(), Refusal> {
        let reach = Reach { n, on: day(on), note: "验收单".to_owned(), files: Vec::new() };
        self.order("town", on, ProjectOrder::Reach(reach))
    }

    fn done(until: &str) -> Life {
        let mut life = Life::planned();
        life.order("town", "2021-03-01", ProjectOrder::Start(day("2021-03-01"))).unwrap();
        life.reach(1, "2021-03-30").unwrap();
        life.reach(2, "2021-06-25").unwrap();
        life.reach(3, "2021-08-20").unwrap();
        let reach = Reach { n: 1, on: day(until), note: "检测报告".to_owned(), files: Vec::new() };
        life.order("town", until, ProjectOrder::ReportTarget(reach, "310".parse().unwrap())).unwrap();
        life
    }
}

fn told(text: &str) -> Reported {
    Reported { text: text.to_owned(), files: Vec::new() }
}

#[test]
fn a_project_is_closed_only_by_another_unit_and_by_hands_that_did_not_build_it() {
    let mut life = Life::done("2021-08-22");
    life.order("town", "2021-08-23", ProjectOrder::Finish(told("已建成"))).unwrap();
    let accept = || ProjectOrder::Accept(true, told("现场查看，运行正常"));
    for by in ["town", "registrar", "second", "committee", "verifier-of-the-town"] {
        let refused = life.order(by, "2021-08-25", accept());
        assert!(matches!(refused, Err(Refusal::NotYours { .. })), "{by}: {refused:?}");
    }
    life.order("verifier-1", "2021-08-25", ProjectOrder::Accept(false, told("曝气不足"))).unwrap();
    assert_eq!(life.project.as_ref().map(|project| project.state), Some(ProjectState::Running));
    life.order("double-town", "2021-08-27", ProjectOrder::Finish(told("已整修"))).unwrap();
    let same = life.order("double-bureau", "2021-08-28", accept());
    assert_eq!(same, Err(Refusal::OwnAcceptance), "the same person in another unit has the same hands");
    life.order("verifier-1", "2021-08-28", accept()).unwrap();
    let late = life.order("town", "2021-08-29", ProjectOrder::Report(told("补记")));
    assert!(matches!(late, Err(Refusal::NotOpen { state: "accepted", .. })));
}

#[test]
fn nothing_is_finished_before_milestones_and_targets_are_reached() {
    let mut life = Life::planned();
    let early = life.reach(1, "2021-03-01");
    assert!(matches!(early, Err(Refusal::NotOpen { state: "planned", .. })));
    life.order("town", "2021-03-01", ProjectOrder::Start(day("2021-03-01"))).unwrap();
    let waits = life.reach(2, "2021-03-20");
    assert_eq!(waits, Err(Refusal::Waits { on: "施工图审查".to_owned() }));
    life.reach(1, "2021-03-30").unwrap();
    assert_eq!(life.reach(1, "2021-03-30"), Err(Refusal::OnceOnly));
    let before = Reach { n: 2, on: day("2021-03-29"), note: "单".to_owned(), files: Vec::new() };
    let limit = day("2021-03-30");
    let earlier = life.order("town", "2021-04-02", ProjectOrder::Reach(before));
    assert_eq!(earlier, Err(Refusal::DateBefore { field: "reached_on", limit }));
    let finish = ProjectOrder::Finish(told("完工"));
    assert_eq!(life.order("town", "2021-04-02", finish.clone()), Err(Refusal::MilestoneOpen { n: 2 }));
    life.reach(2, "2021-06-25").unwrap();
    life.reach(3, "2021-08-20").unwrap();
    assert_eq!(life.order("town", "2021-08-21", finish), Err(Refusal::TargetOpen { n: 1 }));
}

#[test]
fn a_flaw_of_the_plan_is_named_with_its_milestone() {
    let mut life = Life::new();
    let mut try_plan = |change: &dyn Fn(&mut Plan)| {
        let mut plan = plan();
        change(&mut plan);
        life.order("registrar", "2021-02-25", ProjectOrder::Plan(Box::new(plan)))
    };
    type Change = fn(&mut Plan);
    let table: [(Change, Flaw); 6] = [
        (|plan| plan.milestones[1].until = day("2021-03-31"), Flaw::EndsBeforeStart { n: 2 }),
        (
            |plan| plan.milestones[2].until = day("2021-09-01"),
            Flaw::AfterFinalDate { n: 3, limit: day("2021-08-31") },
        ),
        (
            |plan| plan.milestones[0].from = day("2021-02-28"),
            Flaw::BeforeProject { n: 1, limit: day("2021-03-01") },
        ),
        (|plan| plan.milestones[1].after = vec![9], Flaw::UnknownDependency { n: 2, on: 9 }),
        (|plan| plan.milestones[1].from = day("2021-03-31"), Flaw::BeforeDependency { n: 2, on: 1 }),
        (|plan| plan.milestones[0].after = vec![3], Flaw::Cycle { path: vec![1, 3, 2, 1] }),
    ];
    for (change, flaw) in table {
        assert_eq!(try_plan(&change), Err(Refusal::Plan(flaw)));
    }
    let same = try_plan(&|plan| plan.brief.acceptance = unit("town"));
    assert_eq!(same, Err(Refusal::OwnAcceptance));
    let unknown = try_plan(&|plan| plan.brief.after = vec![id("P-9")]);
    assert_eq!(unknown, Err(Refusal::Unknown { field: "after", value: "P-9".to_owned() }));
}

#[test]
fn first_dates_stay_for_ever_and_only_the_office_moves_the_final_date_back() {
    let mut life = Life::planned();
    life.order("town", "2021-03-01", ProjectOrder::Start(day("2021-03-01"))).unwrap();
    life.reach(1, "2021-03-30").unwrap();
    let mut later = plan();
    later.brief.due_on = day("2021-10-31");
    later.milestones[2].until = day("2021-10-31");
    let revise = |plan: &Plan| ProjectOrder::Revise(Box::new(plan.clone()), "汛期停工".to_owned());
    let own = life.order("town", "2021-06-01", revise(&later));
    assert_eq!(own, Err(Refusal::DateAfter { field: "final_on", limit: day("2021-08-31") }));
    life.order("registrar", "2021-06-01", revise(&later)).unwrap();
    let project = life.project.as_ref().unwrap();
    assert_eq!(project.first_due_on, day("2021-08-31"));
    assert_eq!(project.milestones[2].first_until, day("2021-08-31"));
    assert_eq!(project.milestones[2].plan.until, day("2021-10-31"));
    assert_eq!(project.revisions[0].due_before, day("2021-08-31"));
    let mut rewritten = later.clone();
    rewritten.milestones[0].title = "别的".to_owned();
    let refused = life.order("registrar", "2021-06-02", revise(&rewritten));
    assert_eq!(refused, Err(Refusal::Plan(Flaw::Reached { n: 1 })));
    let mut shorter = later.clone();
    shorter.milestones.pop();
    let refused = life.order("registrar", "2021-06-02", revise(&shorter));
    assert_eq!(refused, Err(Refusal::Plan(Flaw::Gone { n: 3 })));
    let mut dropped = later;
    dropped.milestones[1].dropped = true;
    life.order("registrar", "2021-06-02", revise(&dropped)).unwrap();
    life.reach(3, "2021-08-20").unwrap();
}

#[test]
fn money_is_never_paid_beyond_the_plan() {
    let mut life = Life::planned();
    let pay = |yuan| ProjectOrder::Pay(1, yuan, day("2021-03-01"), "进度款".to_owned());
    life.order("town", "2021-03-01", pay(1_500_000)).unwrap();
    let over = life.order("registrar", "2021-03-02", pay(500_001));
    assert_eq!(over, Err(Refusal::Overpaid { planned_yuan: 2_000_000, paid_yuan: 2_000_001 }));
    let mut less = plan();
    less.funds[0].planned_yuan = 1_000_000;
    let cut = life.order("registrar", "2021-03-02", ProjectOrder::Revise(Box::new(less), "减".to_owned()));
    assert_eq!(cut, Err(Refusal::Overpaid { planned_yuan: 1_000_000, paid_yuan: 1_500_000 }));
    assert_eq!(life.project.map(|project| project.money()), Some((2_000_000, 1_500_000)));
}

#[test]
fn projects_that_wait_for_each_other_in_a_circle_are_refused_and_named() {
    let mut life = Life::planned();
    let first = life.project.clone().unwrap();
    let mut second = first.clone();
    second.id = id("P-2");
    second.brief.title = "配套管网".to_owned();
    second.brief.after = vec![id("P-1")];
    life.around.projects = [(id("P-1"), first), (id("P-2"), second.clone())].into();
    let mut circular = plan();
    circular.brief.after = vec![id("P-2")];
    let revise = ProjectOrder::Revise(Box::new(circular), "先建管网".to_owned());
    let refused = life.order("registrar", "2021-03-01", revise);
    let path = vec![id("P-1"), id("P-2"), id("P-1")];
    assert_eq!(refused, Err(Refusal::Plan(Flaw::ProjectCycle { path })));

    life.around.projects.get_mut(&id("P-2")).unwrap().brief.after.clear();
    let mut waiting = plan();
    waiting.brief.after = vec![id("P-2")];
    let revise = ProjectOrder::Revise(Box::new(waiting), "先建管网".to_owned());
    life.order("registrar", "2021-03-01", revise).unwrap();
    let waits = life.order("town", "2021-03-02", ProjectOrder::Start(day("2021-03-02")));
    assert_eq!(waits, Err(Refusal::Waits { on: "配套管网".to_owned() }));
}

#[test]
fn the_status_follows_from_dates_milestones_and_the_forecast() {
    let calendar = Calendar::embedded();
    let flag = |life: &Life, on: &str| life.project.as_ref().unwrap().flag(day(on), 7, calendar);
    let planned = Life::planned();
    let mut running = Life::planned();
    running.order("town", "2021-03-01", ProjectOrder::Start(day("2021-03-01"))).unwrap();
    let table = [
        (&planned, "2021-02-26", Flag::OnSchedule),
        (&planned, "2021-03-10", Flag::Lagging),
        (&running, "2021-03-10", Flag::OnSchedule),
        (&running, "2021-03-26", Flag::AtRisk),
        (&running, "2021-04-01", Flag::Lagging),
        (&running, "2021-09-01", Flag::Overdue),
    ];
    for (life, on, expected) in table {
        assert_eq!(flag(life, on), expected, "{on}");
    }
    running.reach(1, "2021-03-30").unwrap();
    assert_eq!(flag(&running, "2021-05-10"), Flag::OnSchedule);
    // The plan leaves no slack after the second milestone; when it slips, the end slips with it.
    let project = running.project.as_ref().unwrap();
    assert_eq!(project.forecast_on(day("2021-05-10"), calendar), Some(day("2021-08-31")));
    assert!(project.forecast_on(day("2021-07-05"), calendar) > Some(day("2021-08-31")));
    let done = Life::done("2021-08-22");
    assert_eq!(done.project.as_ref().unwrap().percent(), 100);
    assert_eq!(done.project.as_ref().unwrap().forecast_on(day("2021-08-22"), calendar), None);
}

#[test]
fn a_project_follows_from_its_acts_alone() {
    let mut life = Life::done("2021-08-22");
    life.order("town", "2021-08-23", ProjectOrder::Finish(told("已建成"))).unwrap();
    life.order("verifier-1", "2021-08-25", ProjectOrder::Accept(true, told("运行正常"))).unwrap();
    let mut again: Option<Project> = None;
    for (stamp, act) in &life.acts {
        again = Project::step(again, &id("P-1"), stamp, act);
    }
    assert_eq!(again, life.project);
    let text = serde_json::to_string(&again).unwrap();
    assert_eq!(serde_json::from_str::<Option<Project>>(&text).unwrap(), life.project);
}

#[test]
fn a_campaign_is_closed_by_the_committee_once_nothing_in_it_is_open() {
    let district = District::new();
    let ruleset = district.ruleset("generic");
    let at = |by: &'static str| district.situation(district.actor(by), day("2021-09-01"), ruleset);
    let wanted = CampaignPlan {
        title: "农村生活污水治理专项行动".to_owned(),
        organ: unit("committee"),
        goal: "六个安置点污水全收集".to_owned(),
        document: String::new(),
        from: day("2021-01-01"),
        until: day("2021-12-31"),
    };
    let act = campaign::decide(&at("registrar"), None, CampaignOrder::Open(wanted.clone()), &[]).unwrap();
    let stamp = Stamp::new(district.actor("registrar"), at("registrar").at);
    let open = Campaign::step(None, &id("C-1"), &stamp, &act).unwrap();
    let projects = [Life::planned().project.unwrap()];
    let close = || CampaignOrder::Close("全部建成".to_owned());
    let own = campaign::decide(&at("registrar"), Some(&open), close(), &[]);
    assert!(matches!(own, Err(Refusal::NotYours { role: Role::Committee, .. })));
    let refused = campaign::decide(&at("committee"), Some(&open), close(), &projects);
    assert_eq!(refused, Err(Refusal::ProjectOpen { title: projects[0].brief.title.clone() }));
    let shorter = CampaignPlan { until: day("2021-06-30"), ..wanted };
    let order = CampaignOrder::Revise(shorter, "提前".to_owned());
    let refused = campaign::decide(&at("registrar"), Some(&open), order, &projects);
    assert_eq!(refused, Err(Refusal::DateBefore { field: "ends_on", limit: day("2021-08-31") }));
    assert!(campaign::decide(&at("committee"), Some(&open), close(), &[]).is_ok());
}

/// Stretches whose dependencies lead back only, so that they can be arranged, under shuffled numbers.
fn stretches(count: usize, days_max: u32) -> impl Strategy<Value = Vec<Stretch>> {
    let one = (1..=days_max, any::<bool>(), proptest::collection::vec(any::<bool>(), count));
    let order: Vec<usize> = (0..count).collect();
    (proptest::collection::vec(one, count), Just(order).prop_shuffle()).prop_map(|(drawn, place)| {
        let mut all = vec![Stretch { days: 1, unit: DayUnit::Working, after: Vec::new() }; drawn.len()];
        for (n, (days, working, before)) in drawn.iter().enumerate() {
            let unit = if *working { DayUnit::Working } else { DayUnit::Calendar };
            let after = (0..n).filter(|earlier| before[*earlier]);
            let after = after.map(|earlier| u32::try_from(place[earlier] + 1).unwrap()).collect();
            all[place[n]] = Stretch { days: *days, unit, after };
        }
        all
    })
}

fn fits(window: Window, stretch: &Stretch) -> bool {
    let calendar = Calendar::embedded();
    match stretch.unit {
        DayUnit::Calendar => {
            window.from.until(window.until).unwrap().get_days() + 1 == i32::try_from(stretch.days).unwrap()
        }
        DayUnit::Working => {
            let days = window.from.series(1.day()).take_while(|day| *day <= window.until);
            let working = days.filter(|day| calendar.is_working_day(*day)).count();
            working == stretch.days as usize
                && calendar.is_working_day(window.from)
                && calendar.is_working_day(window.until)
        }
    }
}

fn is_feasible(windows: &[Window], stretches: &[Stretch], final_on: Date) -> bool {
    windows.iter().zip(stretches).all(|(window, stretch)| {
        fits(*window, stretch)
            && window.until <= final_on
            && stretch.after.iter().all(|on| windows[*on as usize - 1].until < window.from)
    })
}

/// Every window of the right length within the last `horizon` days.
fn candidates(stretch: &Stretch, final_on: Date, horizon: i64) -> Vec<Window> {
    let first = final_on - horizon.days();
    let days: Vec<Date> = first.series(1.day()).take_while(|day| *day <= final_on).collect();
    let mut found = Vec::new();
    for (n, from) in days.iter().enumerate() {
        found.extend(
            days[n..]
                .iter()
                .map(|until| Window { from: *from, until: *until })
                .filter(|window| fits(*window, stretch)),
        );
    }
    found
}

/// The latest feasible windows by trying every combination.
fn by_trying(stretches: &[Stretch], final_on: Date, horizon: i64) -> Vec<Option<Date>> {
    let choices: Vec<Vec<Window>> =
        stretches.iter().map(|stretch| candidates(stretch, final_on, horizon)).collect();
    let mut best = vec![None; stretches.len()];
    let mut picked = vec![0_usize; stretches.len()];
    loop {
        let windows: Vec<Window> = picked.iter().zip(&choices).map(|(at, of)| of[*at]).collect();
        if is_feasible(&windows, stretches, final_on) {
            for (best, window) in best.iter_mut().zip(&windows) {
                *best = (*best).max(Some(window.until));
            }
        }
        let Some(turn) = (0..picked.len()).find(|n| picked[*n] + 1 < choices[*n].len()) else { return best };
        picked[turn] += 1;
        picked[..turn].fill(0);
    }
}

fn final_dates() -> impl Strategy<Value = Date> {
    (0_i64..1_500).prop_map(|days| jiff::civil::date(2019, 1, 15) + days.days())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn a_backward_schedule_is_feasible_and_nothing_in_it_can_be_later(
        stretches in (1_usize..9).prop_flat_map(|count| stretches(count, 40)), final_on in final_dates(),
    ) {
        let calendar = Calendar::embedded();
        let windows = schedule::backward(final_on, &stretches, calendar).unwrap();
        prop_assert!(is_feasible(&windows, &stretches, final_on));
        // Latest: whatever ends before its limit ends before a day off that it cannot use.
        for (n, window) in windows.iter().enumerate() {
            let number = u32::try_from(n + 1).unwrap();
            let after = windows.iter().zip(&stretches).filter(|(_, stretch)| stretch.after.contains(&number));
            let limit = after.map(|(later, _)| later.from.yesterday().unwrap()).min().unwrap_or(final_on);
            let rest = window.until.tomorrow().unwrap().series(1.day()).take_while(|day| *day <= limit);
            let usable = rest.filter(|day| stretches[n].unit == DayUnit::Calendar || calendar.is_working_day(*day));
            prop_assert_eq!(usable.count(), 0);
        }
        // A later final date never makes anything earlier.
        let later = schedule::backward(final_on + 1.day(), &stretches, calendar).unwrap();
        prop_assert!(windows.iter().zip(&later).all(|(now, then)| now.from <= then.from));
    }

    #[test]
    fn conflicts_are_exactly_what_would_begin_too_early(
        stretches in stretches(5, 20), final_on in final_dates(), before in 0_i64..120,
    ) {
        let windows = schedule::backward(final_on, &stretches, Calendar::embedded()).unwrap();
        let start_on = final_on - before.days();
        let told = schedule::conflicts(&windows, start_on);
        for (n, window) in (1..).zip(&windows) {
            let found = told.iter().find(|(at, _)| *at == n);
            prop_assert_eq!(found.is_some(), window.from < start_on);
            if let Some((_, short)) = found {
                prop_assert_eq!(window.from + short.days(), start_on);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn backward_scheduling_equals_trying_everything_on_small_graphs(
        stretches in (1_usize..4).prop_flat_map(|count| stretches(count, 3)), final_on in final_dates(),
    ) {
        // Three stretches of three working days end within 33 days even across the longest holidays.
        let windows = schedule::backward(final_on, &stretches, Calendar::embedded()).unwrap();
        let found: Vec<_> = windows.iter().map(|window| Some(window.until)).collect();
        prop_assert_eq!(by_trying(&stretches, final_on, 33), found);
    }
}

#[test]
fn a_circle_and_a_length_of_nothing_are_named() {
    let stretch = |days, after: &[u32]| Stretch { days, unit: DayUnit::Working, after: after.to_vec() };
    let calendar = Calendar::embedded();
    let circle = [stretch(1, &[2]), stretch(1, &[1])];
    let path = vec![1, 2, 1];
    assert_eq!(schedule::backward(day("2021-06-30"), &circle, calendar), Err(Flaw::Cycle { path }));
    let own = [stretch(1, &[1])];
    let path = vec![1, 1];
    assert_eq!(schedule::backward(day("2021-06-30"), &own, calendar), Err(Flaw::Cycle { path }));
    let none = [stretch(0, &[])];
    assert_eq!(schedule::backward(day("2021-06-30"), &none, calendar), Err(Flaw::Duration { n: 1 }));
    let nowhere = [stretch(1, &[0])];
    let flaw = Flaw::UnknownDependency { n: 1, on: 0 };
    assert_eq!(schedule::backward(day("2021-06-30"), &nowhere, calendar), Err(flaw));
}

#[test]
fn holidays_are_stepped_over_backwards() {
    // Ten working days up to Friday 25 June 2021 step over two weekends and the Dragon Boat day of 14 June.
    let stretches = [
        Stretch { days: 10, unit: DayUnit::Working, after: Vec::new() },
        Stretch { days: 5, unit: DayUnit::Calendar, after: vec![1] },
    ];
    let windows = schedule::backward(day("2021-06-30"), &stretches, Calendar::embedded()).unwrap();
    assert_eq!(windows[1], Window { from: day("2021-06-26"), until: day("2021-06-30") });
    assert_eq!(windows[0], Window { from: day("2021-06-11"), until: day("2021-06-25") });
}

#[test]
fn quantities_compare_by_value() {
    let quantity = |text: &str| text.parse::<Quantity>().unwrap();
    assert!(quantity("2") < quantity("10.5"));
    assert_eq!(quantity("1.50"), quantity("1.5"));
}
