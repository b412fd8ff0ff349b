//! The loop (闭环) in sentences: one test for each guard of each verb.

#[expect(dead_code, reason = "the walk needs parts of the office that these sentences do not")]
mod support;

use bihuan_rules::{
    Refusal,
    office::{Level, Role},
    ruleset::Conclusion,
    task::*,
};
use support::*;

const SICHUAN: &str = "sichuan-2021";
const ANHUI: &str = "anhui-standards";
const SHANDONG: &str = "shandong-six-steps";

fn text(words: &str) -> String {
    words.to_owned()
}

fn extend(due_on: &str) -> Order {
    Order::Extend(Extend { due_on: Some(day(due_on)), waive: Vec::new(), reason: text("rain") })
}

fn decide(grant: bool, document: &str) -> Order {
    let remark = if grant { String::new() } else { text("no need shown") };
    Order::DecideExtension(DecideExtension { grant, remark, document: text(document) })
}

fn close_notice() -> Order {
    Order::CloseNotice(CloseNotice { record: text("page 3") })
}

fn look_back(verdict: Verdict) -> Order {
    Order::LookBack(LookBack { verdict, findings: text("seen at the outlet") })
}

fn reopen(due_on: jiff::civil::Date) -> Order {
    Order::Reopen(Reopen { due_on, cause: text("the pipe broke"), document: text("Minutes 9") })
}

fn suspend(story: &Story, days: i64) -> Order {
    let until = story.today.checked_add(jiff::ToSpan::days(days)).expect("in range");
    Order::Suspend(Suspend { reason: text("court case"), document: text("Minutes 4"), until })
}

fn resume() -> Order {
    Order::Resume(Resume { remark: String::new() })
}

fn object() -> Order {
    Order::Object(Object { reason: text("not ours") })
}

/// The notice that the procedure of the story wants.
fn published(story: &Story) -> Order {
    Order::Publish(publish(&story.ruleset))
}

fn raise() -> Order {
    Order::RaiseObjection(RaiseObjection { text: text("it still leaks"), channel: text("letter") })
}

fn answer(upheld: bool) -> Order {
    Order::AnswerObjection(AnswerObjection { number: 1, upheld, answer: text("looked at again") })
}

fn recheck(passed: bool, document: &str) -> Order {
    Order::Recheck(Recheck { passed, document: text(document), opinion: text("seen") })
}

fn not_yours(role: Role, relation: Relation) -> Refusal {
    Refusal::NotYours { role, relation }
}

#[test]
fn under_every_procedure_and_from_every_level_a_task_reaches_the_end() {
    for ruleset in bihuan_rules::ruleset::shipped() {
        for level in Level::ALL {
            let mut story = Story::given(&ruleset.name, level);
            story.until_closed().then(State::Closed);
        }
    }
}

#[test]
fn a_unit_cannot_accept_its_own_work() {
    let mut order = assign(None);
    order.parties.acceptance = order.parties.lead.clone();
    Story::given(SICHUAN, Level::City).then_refused(
        "registrar",
        Order::Assign(order),
        &Refusal::OwnAcceptance,
    );
}

#[test]
fn a_helper_cannot_accept_what_it_helped_with() {
    let mut order = assign(None);
    order.parties.co.insert(unit("bureau"));
    Story::given(SICHUAN, Level::City).then_refused(
        "registrar",
        Order::Assign(order),
        &Refusal::OwnAcceptance,
    );
}

#[test]
fn a_task_is_not_assigned_to_a_unit_where_nobody_could_answer() {
    let mut order = assign(None);
    order.parties.lead = unit("leadership");
    let vacant = Refusal::Vacant { unit: text("leadership"), role: Role::Responsible };
    Story::given(SICHUAN, Level::City).then_refused("registrar", Order::Assign(order), &vacant);
}

#[test]
fn an_assignment_cannot_loosen_the_date_of_the_document() {
    let order = assign(Some(day("2021-07-01")));
    let refusal = Refusal::DateAfter { field: "due_on", limit: day("2021-06-30") };
    Story::given(SICHUAN, Level::City).then_refused("registrar", Order::Assign(order), &refusal);
}

#[test]
fn a_task_without_a_date_cannot_be_assigned_without_one() {
    let registered = Registered { due_on: None, ..registration(SICHUAN, Level::County) };
    Story::given_task(registered).then_refused(
        "registrar",
        Order::Assign(assign(None)),
        &Refusal::Missing { field: "due_on" },
    );
}

#[test]
fn only_the_registrar_assigns() {
    let refusal = not_yours(Role::Registrar, Relation::Anyone);
    Story::given(SICHUAN, Level::City).then_refused("committee", Order::Assign(assign(None)), &refusal);
}

#[test]
fn a_wrong_routing_is_objected_to_once() {
    let mut story = Story::given(SICHUAN, Level::City);
    story
        .when("registrar", Order::Assign(assign(None)))
        .when("town", object())
        .then(State::Reassigning)
        .when("registrar", Order::Assign(assign(None)))
        .then_refused("town", object(), &Refusal::OnceOnly);
}

#[test]
fn a_wrong_routing_is_objected_to_within_five_working_days() {
    let mut story = Story::given(SICHUAN, Level::City);
    story.when("registrar", Order::Assign(assign(None))).days_pass(7);
    assert!(story.tries("town", object()).is_ok(), "8 March is the fifth working day");
    story.days_pass(1).then_refused("town", object(), &Refusal::TooLate { until: day("2021-03-08") });
}

#[test]
fn immediate_tasks_skip_the_plan_where_the_procedure_says_so() {
    let at_once =
        |ruleset| Registered { immediate: true, due_on: None, ..registration(ruleset, Level::City) };
    let mut story = Story::given_task(at_once(SICHUAN));
    story.when("registrar", Order::Assign(assign(None))).then(State::Rectifying);
    assert_eq!(story.task.deadline.due_on, Some(day("2021-03-08")), "seven days");
    let mut story = Story::given_task(at_once(ANHUI));
    story.when("registrar", Order::Assign(assign(None))).then(State::Assigned);
}

#[test]
fn a_plan_cannot_run_beyond_the_date_of_the_superior() {
    let mut story = Story::given(SICHUAN, Level::City);
    story.when("registrar", Order::Assign(assign(None)));
    let limit = day("2021-06-30");
    let late = Plan { due_on: Some(day("2021-07-01")), ..plan(day("2021-05-01")) };
    story.then_refused("town", Order::Plan(late), &Refusal::DateAfter { field: "due_on", limit });
    let on = day("2021-07-01");
    let late = plan(on);
    story.then_refused("town", Order::Plan(late), &Refusal::MilestoneLate { n: 1, on, limit });
}

#[test]
fn a_plan_needs_measures_and_milestones() {
    let mut story = Story::given(SICHUAN, Level::City);
    story.when("registrar", Order::Assign(assign(None)));
    let without_measures = Plan { measures: vec![text("  ")], ..plan(day("2021-05-01")) };
    let without_milestones = Plan { milestones: Vec::new(), ..plan(day("2021-05-01")) };
    story
        .then_refused("town", Order::Plan(without_measures), &Refusal::Missing { field: "measures" })
        .then_refused("town", Order::Plan(without_milestones), &Refusal::Missing { field: "milestones" });
}

#[test]
fn a_helper_reports_but_does_not_plan_or_claim() {
    let mut story = Story::given(SICHUAN, Level::City);
    story.until_rectifying();
    let lead = not_yours(Role::Responsible, Relation::Lead);
    let order = claim(&story.task);
    story
        .when("neighbour", Order::Report(Report { text: text("half done"), milestones: Vec::new() }))
        .then_refused("neighbour", Order::Claim(order), &lead);
}

#[test]
fn a_plan_is_returned_only_with_a_reason() {
    let mut story = Story::given(SICHUAN, Level::City);
    story.when("registrar", Order::Assign(assign(None))).when("town", Order::Plan(plan(day("2021-05-01"))));
    let review = |remark: &str| Order::ReviewPlan(ReviewPlan { approve: false, remark: text(remark) });
    story
        .then_refused("committee", review(" "), &Refusal::Missing { field: "remark" })
        .when("committee", review("the dates are missing"))
        .then(State::Assigned);
    assert_eq!(story.task.counts.returns, 1);
}

#[test]
fn a_milestone_is_reported_as_reached_only_with_evidence() {
    let mut story = Story::given(SICHUAN, Level::City);
    story.until_rectifying();
    let report = || Order::Report(Report { text: text("laid"), milestones: vec![1] });
    let missing = Refusal::EvidenceMissing { roles: vec![EvidenceRole::During] };
    story
        .then_refused("town", report(), &missing)
        .when("town", Order::Attach(evidence(EvidenceRole::During)))
        .when("town", report());
    assert_eq!(story.task.milestones[0].done_on, Some(story.today));
}

#[test]
fn an_extension_keeps_the_original_date() {
    let mut story = Story::given(SICHUAN, Level::County);
    story.until_rectifying().when("town", extend("2021-08-31")).when("committee", decide(true, ""));
    story.then(State::Rectifying);
    assert_eq!(story.task.deadline.due_on, Some(day("2021-08-31")));
    assert_eq!(story.task.deadline.original_due_on, Some(day("2021-06-30")));
    assert_eq!(story.task.counts.extensions, 1);
}

#[test]
fn an_extension_is_asked_for_before_the_deadline() {
    let mut story = Story::given(SICHUAN, Level::County);
    story.until_rectifying();
    story.today = day("2021-07-01");
    story.then_refused("town", extend("2021-08-31"), &Refusal::TooLate { until: day("2021-06-30") });
}

#[test]
fn an_extension_asked_for_in_the_last_thirty_days_is_marked_late() {
    let late_on = |today: &str| {
        let mut story = Story::given(SICHUAN, Level::County);
        story.until_rectifying();
        story.today = day(today);
        story.when("town", extend("2021-08-31"));
        story.task.extension.expect("just asked").asked.late
    };
    assert!(!late_on("2021-05-20"));
    assert!(late_on("2021-06-20"));
}

#[test]
fn a_superior_date_needs_the_superior() {
    let mut story = Story::given(SICHUAN, Level::Province);
    story.until_rectifying().when("town", extend("2021-08-31"));
    let too_low = Refusal::LevelTooLow { needed: Level::Province };
    story
        .then_refused("committee", decide(true, ""), &too_low)
        .then_refused("city", decide(true, ""), &too_low)
        .then_refused("registrar", decide(true, ""), &Refusal::Missing { field: "document" })
        .when("province", decide(true, ""))
        .then(State::Rectifying);
}

#[test]
fn the_registrar_may_enter_what_the_superior_decided_with_its_document() {
    let mut story = Story::given(SICHUAN, Level::Province);
    story.until_rectifying().when("town", extend("2021-08-31"));
    story.when("registrar", decide(true, "Provincial letter 7"));
    assert_eq!(story.task.deadline.due_on, Some(day("2021-08-31")));
}

#[test]
fn a_denied_extension_leaves_the_deadline_where_it_was() {
    let mut story = Story::given(SICHUAN, Level::County);
    story.until_rectifying().when("town", extend("2021-08-31")).when("committee", decide(false, ""));
    assert_eq!(story.task.deadline.due_on, Some(day("2021-06-30")));
    assert_eq!((story.task.counts.extensions, story.task.extension), (0, None));
}

#[test]
fn a_claim_answers_every_measure_that_is_not_waived() {
    let mut story = Story::given(SICHUAN, Level::County);
    story.until_rectifying();
    for role in [EvidenceRole::Before, EvidenceRole::After] {
        story.when("town", Order::Attach(evidence(role)));
    }
    let mut short = claim(&story.task);
    short.results.pop();
    story.then_refused("town", Order::Claim(short.clone()), &Refusal::MeasureOpen { number: 2 });
    let waive = Extend { due_on: None, waive: vec![2], reason: text("no ditch there") };
    story
        .when("town", Order::Extend(waive))
        .when("committee", decide(true, ""))
        .when("town", Order::Claim(short))
        .then(State::Claimed);
}

#[test]
fn a_claim_carries_the_evidence_of_its_kind() {
    let mut story = Story::given(SICHUAN, Level::County);
    story.until_rectifying().when("town", Order::Attach(evidence(EvidenceRole::Before)));
    let missing = Refusal::EvidenceMissing { roles: vec![EvidenceRole::After] };
    let order = claim(&story.task);
    story.then_refused("town", Order::Claim(order), &missing);
}

#[test]
fn a_verifier_from_the_lead_unit_is_refused() {
    let mut story = Story::given(SICHUAN, Level::County);
    story.until_rectifying().until_claimed();
    let own = Refusal::SameUnit { step: Step::Claim, unit: text("town") };
    let order = verify(&story.ruleset, Conclusion::Pass, &["verifier-of-the-town"], story.today);
    story.then_refused("verifier-1", Order::Verify(order.clone()), &own);
    let acceptance = not_yours(Role::Verifier, Relation::Acceptance);
    story.then_refused("verifier-of-the-town", Order::Verify(order), &acceptance);
}

#[test]
fn one_checker_alone_is_too_few() {
    for (ruleset, needed) in [(SICHUAN, 2), (ANHUI, 3)] {
        let mut story = Story::given(ruleset, Level::County);
        story.until_rectifying().until_claimed();
        let order = verify(&story.ruleset, Conclusion::Pass, &[], story.today);
        story.then_refused("verifier-1", Order::Verify(order), &Refusal::TooFewCheckers { needed });
    }
}

#[test]
fn nobody_counts_as_two_checkers() {
    let mut story = Story::given(SICHUAN, Level::County);
    story.until_rectifying().until_claimed();
    let order = verify(&story.ruleset, Conclusion::Pass, &["verifier-1"], story.today);
    let unknown = Refusal::Unknown { field: "checkers", value: text("verifier-1") };
    story.then_refused("verifier-1", Order::Verify(order), &unknown);
}

#[test]
fn works_are_verified_on_site() {
    let mut story = Story::given(SICHUAN, Level::County);
    story.until_rectifying().until_claimed();
    let on_site = verify(&story.ruleset, Conclusion::Pass, &["verifier-2"], story.today);
    let on_paper = Verify { method: Method::OnPaper, ..on_site };
    story.then_refused("verifier-1", Order::Verify(on_paper), &Refusal::OnSiteNeeded);
}

#[test]
fn a_visit_before_the_claim_verifies_nothing() {
    let mut story = Story::given(SICHUAN, Level::County);
    story.days_pass(10).until_rectifying().until_claimed();
    let order = verify(&story.ruleset, Conclusion::Pass, &["verifier-2"], day("2021-03-10"));
    let before = Refusal::DateBefore { field: "checked_on", limit: day("2021-03-11") };
    story.then_refused("verifier-1", Order::Verify(order), &before);
}

#[test]
fn every_standard_of_anhui_must_be_met() {
    let mut story = Story::given(ANHUI, Level::County);
    story.until_rectifying().until_claimed();
    let full = verify(&story.ruleset, Conclusion::Pass, &["verifier-2", "verifier-3"], story.today);
    let short = Verify { standards: vec![1, 2, 3, 5], ..full };
    story.then_refused("verifier-1", Order::Verify(short), &Refusal::StandardOpen { number: 4 });
}

#[test]
fn a_disputed_standard_is_clarified_before_anybody_verifies() {
    let mut story = Story::given(ANHUI, Level::County);
    story.until_rectifying().until_claimed();
    let team = ["verifier-2", "verifier-3"];
    let unclear = verify(&story.ruleset, Conclusion::StandardUnclear, &team, story.today);
    let pass = verify(&story.ruleset, Conclusion::Pass, &team, story.today);
    let clarify = Clarify { standard: text("class III"), document: text("Minutes 5") };
    story
        .when("verifier-1", Order::Verify(unclear))
        .then(State::Claimed)
        .then_refused("verifier-1", Order::Verify(pass.clone()), &Refusal::StandardDisputed)
        .when("committee", Order::Clarify(clarify))
        .when("verifier-1", Order::Verify(pass))
        .then(State::PendingSignature);
    assert_eq!(story.task.standard, "class III");
}

#[test]
fn a_conclusion_the_procedure_does_not_know_is_refused() {
    let mut story = Story::given(SHANDONG, Level::County);
    story.until_rectifying().until_claimed();
    let order = verify(&story.ruleset, Conclusion::PassWithFollowUps, &["verifier-2"], story.today);
    let refusal =
        story.tries("verifier-1", Order::Verify(order)).expect_err("Shandong knows two conclusions");
    assert_eq!(refusal.key(), "refusal-not-allowed");
}

#[test]
fn a_task_that_did_not_pass_goes_back_and_must_be_claimed_again() {
    let mut story = Story::given(SICHUAN, Level::County);
    story.until_rectifying().until_claimed();
    let order = verify(&story.ruleset, Conclusion::NotPass, &["verifier-2"], story.today);
    story.when("verifier-1", Order::Verify(order)).then(State::Rectifying);
    assert_eq!(story.task.counts.returns, 1);
    assert_eq!(story.task.days.finished_on, None);
    assert!(story.task.measures.iter().all(|measure| measure.result.is_empty()));
}

#[test]
fn a_notice_cannot_be_closed_before_it_ends() {
    let mut story = Story::given(SICHUAN, Level::County);
    story.until_rectifying().until_claimed().until_verified();
    let notice = published(&story);
    story.when("publisher", notice);
    let ends_on = story.task.notice.as_ref().expect("open").opened.ends_on;
    assert_eq!(ends_on, day("2021-03-08"), "seven days after the first of March");
    story.today = ends_on;
    story.then_refused("publisher", close_notice(), &Refusal::TooEarly { from: day("2021-03-09") });
    story.days_pass(1).when("publisher", close_notice()).then(State::PendingSignature);
}

#[test]
fn a_notice_with_an_open_objection_cannot_be_closed() {
    let mut story = Story::given(SICHUAN, Level::County);
    story.until_rectifying().until_claimed().until_verified();
    let notice = published(&story);
    story.when("publisher", notice).when("registrar", raise()).days_pass(8);
    story
        .then_refused("publisher", close_notice(), &Refusal::OpenObjections { count: 1 })
        .when("registrar", answer(false))
        .when("publisher", close_notice())
        .then(State::PendingSignature);
}

#[test]
fn an_objection_after_the_notice_is_too_late() {
    let mut story = Story::given(SICHUAN, Level::County);
    story.until_rectifying().until_claimed().until_verified();
    let notice = published(&story);
    story.when("publisher", notice).days_pass(8);
    story.then_refused("registrar", raise(), &Refusal::TooLate { until: day("2021-03-08") });
}

#[test]
fn an_upheld_objection_sends_the_task_back() {
    let mut story = Story::given(SICHUAN, Level::County);
    story.until_rectifying().until_claimed().until_verified();
    let notice = published(&story);
    story
        .when("publisher", notice)
        .when("registrar", raise())
        .when("committee", answer(true))
        .then(State::Rectifying);
    assert_eq!((&story.task.notice, &story.task.verification), (&None, &None));
}

#[test]
fn the_same_person_cannot_claim_and_sign() {
    let mut story = Story::given(SICHUAN, Level::County);
    story.until_rectifying();
    for role in [EvidenceRole::Before, EvidenceRole::After] {
        story.when("town", Order::Attach(evidence(role)));
    }
    let order = claim(&story.task);
    story.when("double-town", Order::Claim(order)).until_verified().until_notice_closed();
    let same = Refusal::SameHands { step: Step::Claim, person: text("double") };
    story
        .then_refused("double-leadership", Order::SignOff(sign_off()), &same)
        .when("chief", Order::SignOff(sign_off()))
        .then(State::Signed);
}

#[test]
fn the_same_person_cannot_claim_and_verify() {
    let mut story = Story::given(SICHUAN, Level::County);
    story.until_rectifying();
    for role in [EvidenceRole::Before, EvidenceRole::After] {
        story.when("town", Order::Attach(evidence(role)));
    }
    let order = claim(&story.task);
    story.when("double-town", Order::Claim(order));
    let order = verify(&story.ruleset, Conclusion::Pass, &["verifier-2"], story.today);
    let same = Refusal::SameHands { step: Step::Claim, person: text("double") };
    story.then_refused("double-bureau", Order::Verify(order), &same);
}

#[test]
fn a_checker_of_the_verification_cannot_look_back() {
    let mut story = Story::given(SICHUAN, Level::County);
    story.until_rectifying().until_claimed();
    let order = verify(&story.ruleset, Conclusion::Pass, &["discipline"], story.today);
    story.when("verifier-1", Order::Verify(order)).until_notice_closed().until_signed();
    story.when("registrar", Order::File(File { number: text("F-1") }));
    let same_person = Refusal::SameHands { step: Step::Verify, person: text("discipline") };
    let same_unit = Refusal::SameUnit { step: Step::Verify, unit: text("discipline") };
    story
        .then_refused("discipline", look_back(Verdict::Held), &same_person)
        .then_refused("discipline-2", look_back(Verdict::Held), &same_unit)
        .when("inspector", look_back(Verdict::Held));
}

#[test]
fn a_signature_names_the_minutes_where_the_procedure_wants_a_meeting() {
    let mut story = Story::given(SICHUAN, Level::County);
    story.until_rectifying().until_claimed().until_verified().until_notice_closed();
    let bare = SignOff { minutes: String::new(), opinion: String::new() };
    story.then_refused("chief", Order::SignOff(bare), &Refusal::Missing { field: "minutes" });
}

#[test]
fn only_the_signer_of_the_procedure_signs() {
    let mut story = Story::given(SICHUAN, Level::County);
    story.until_rectifying().until_claimed().until_verified().until_notice_closed();
    let chief = not_yours(Role::Chief, Relation::Leadership);
    story.then_refused("committee", Order::SignOff(sign_off()), &chief);
}

#[test]
fn under_anhui_the_notice_follows_the_signature() {
    let mut story = Story::given(ANHUI, Level::County);
    story.until_rectifying().until_claimed().until_verified().then(State::PendingSignature).until_signed();
    let refusal = Refusal::NoSuchStep { ruleset: text(ANHUI) };
    story.then_refused("registrar", Order::File(File { number: text("F-1") }), &refusal);
    story.until_notice_closed().then(State::Signed);
    story.when("registrar", Order::File(File { number: text("F-1") })).then(State::Closed);
}

#[test]
fn a_task_of_the_centre_is_re_checked_by_the_province() {
    let mut story = Story::given(SICHUAN, Level::Central);
    story.until_rectifying().until_claimed().until_verified().until_notice_closed().until_signed();
    let file = Order::File(File { number: text("F-1") });
    story
        .then_refused("registrar", file, &Refusal::NoSuchStep { ruleset: text(SICHUAN) })
        .then_refused("city", recheck(true, ""), &Refusal::LevelTooLow { needed: Level::Province })
        .then_refused("registrar", recheck(true, ""), &Refusal::Missing { field: "document" })
        .when("province", recheck(true, ""))
        .then(State::Closed);
}

#[test]
fn a_failed_re_check_sends_the_task_back() {
    let mut story = Story::given(SICHUAN, Level::City);
    story.until_rectifying().until_claimed().until_verified().until_notice_closed().until_signed();
    story.when("city", recheck(false, "")).then(State::Rectifying);
    assert_eq!(story.task.days.signed_on, None);
    story.until_closed();
}

#[test]
fn look_backs_fall_due_one_three_six_and_twelve_months_after_closing() {
    let mut story = Story::given(SICHUAN, Level::County);
    story.until_closed();
    assert_eq!(story.task.days.closed_on, Some(day("2021-03-09")));
    for due_on in ["2021-04-09", "2021-06-09", "2021-09-09", "2022-03-09"] {
        assert_eq!(story.task.look_back_due_on, Some(day(due_on)));
        story.today = day(due_on);
        story.when("inspector", look_back(Verdict::Held)).then(State::Closed);
    }
    assert_eq!(story.task.look_back_due_on, None);
}

#[test]
fn a_rebound_reopens_with_the_old_dossier_linked() {
    let mut story = Story::given(SICHUAN, Level::County);
    story.until_closed();
    let closed_on = story.task.days.closed_on;
    story.days_pass(30).when("inspector", look_back(Verdict::Rebounded)).then(State::Rebounded);
    let due_on = story.today;
    story.when("registrar", reopen(due_on)).then(State::Rectifying);
    let Some((_, TaskEvent { act: TaskAct::Reopened { closed_on: linked, .. }, .. })) = story.events.last()
    else {
        panic!("the last act is the reopening");
    };
    assert!(closed_on.is_some() && *linked == closed_on);
    assert_eq!(story.task.counts.reopened, 1);
    assert_eq!(story.task.deadline.original_due_on, Some(day("2021-06-30")));
}

#[test]
fn a_rebounded_task_no_longer_counts_as_done() {
    let mut story = Story::given(SICHUAN, Level::County);
    story.until_closed();
    assert_eq!(story.task.flag(story.today, 7), Flag::Done);
    story.days_pass(30).when("inspector", look_back(Verdict::Rebounded));
    assert_eq!(story.task.flag(story.today, 7), Flag::OnSchedule);
}

#[test]
fn evidence_from_before_a_rebound_proves_nothing_after_it() {
    let mut story = Story::given(SICHUAN, Level::County);
    story.until_closed().when("inspector", look_back(Verdict::Rebounded));
    let due_on = story.today;
    story.when("registrar", reopen(due_on));
    let order = claim(&story.task);
    let missing = Refusal::EvidenceMissing { roles: vec![EvidenceRole::After] };
    story.then_refused("town", Order::Claim(order), &missing).until_closed();
}

#[test]
fn a_fake_rectification_is_never_forgotten() {
    let mut story = Story::given(SICHUAN, Level::County);
    story.until_closed().when("inspector", look_back(Verdict::Fake)).then(State::Rebounded);
    let due_on = story.today;
    story.when("registrar", reopen(due_on)).until_closed();
    assert!(story.task.fake_found);
}

#[test]
fn whoever_signed_once_cannot_verify_after_the_task_was_reopened() {
    let mut story = Story::given(SICHUAN, Level::County);
    story.until_rectifying().until_claimed().until_verified().until_notice_closed();
    story.when("double-leadership", Order::SignOff(sign_off()));
    story.when("registrar", Order::File(File { number: text("F-1") }));
    story.when("inspector", look_back(Verdict::Rebounded));
    let due_on = story.today;
    story.when("registrar", reopen(due_on)).until_claimed();
    let order = verify(&story.ruleset, Conclusion::Pass, &["verifier-2"], story.today);
    let same = Refusal::SameHands { step: Step::Sign, person: text("double") };
    story.then_refused("double-bureau", Order::Verify(order), &same);
}

#[test]
fn the_sustain_register_checks_again_and_again() {
    let registered = Registered { sustain: true, due_on: None, ..registration(SICHUAN, Level::County) };
    let mut story = Story::given_task(registered);
    story.until_closed();
    assert_eq!(story.task.sustain_due_on, Some(day("2021-04-08")), "thirty days after closing");
    story.today = day("2021-04-08");
    let check = |held| Order::CheckSustained(CheckSustained { held, findings: text("seen") });
    story.when("inspector", check(true)).then(State::Closed);
    assert_eq!(story.task.sustain_due_on, Some(day("2021-07-08")), "every three months");
    story.today = day("2021-07-08");
    story.when("inspector", check(false)).then(State::Rebounded);
    assert_eq!(story.task.sustain_due_on, None);
}

#[test]
fn a_dated_task_is_not_in_the_sustain_register() {
    let mut story = Story::given(SICHUAN, Level::County);
    story.until_closed();
    let check = Order::CheckSustained(CheckSustained { held: true, findings: text("seen") });
    story.then_refused("inspector", check, &Refusal::NoSuchStep { ruleset: text(SICHUAN) });
}

#[test]
fn suspension_moves_the_clock() {
    let mut story = Story::given(SICHUAN, Level::County);
    story.until_rectifying();
    let order = suspend(&story, 40);
    story.when("committee", order).then(State::Suspended);
    assert_eq!(story.task.step_due_on, Some(day("2021-04-10")), "a suspension has an end");
    story.days_pass(20).when("committee", resume()).then(State::Rectifying);
    assert_eq!(story.task.deadline.due_on, Some(day("2021-07-20")));
    assert_eq!(story.task.deadline.original_due_on, Some(day("2021-06-30")));
    assert_eq!(story.task.milestones[0].due_on, day("2021-07-20"));
    assert_eq!(story.task.step_due_on, Some(day("2021-07-20")));
}

#[test]
fn a_suspension_does_not_use_up_the_days_for_objections() {
    let mut story = Story::given(SICHUAN, Level::County);
    story.until_rectifying().until_claimed().until_verified();
    let notice = published(&story);
    story.when("publisher", notice).days_pass(2);
    let order = suspend(&story, 40);
    story.when("committee", order).days_pass(20).when("committee", resume()).then(State::Notice);
    story.then_refused("publisher", close_notice(), &Refusal::TooEarly { from: day("2021-03-29") });
    story.when("registrar", raise());
}

#[test]
fn an_extension_granted_after_a_suspension_is_longer_than_the_suspension() {
    let mut story = Story::given(SICHUAN, Level::County);
    story.until_rectifying().when("town", extend("2021-07-10"));
    let order = suspend(&story, 40);
    story.when("committee", order).days_pass(20).when("committee", resume());
    story.when("committee", decide(true, ""));
    assert_eq!(story.task.deadline.due_on, Some(day("2021-07-30")));
}

#[test]
fn a_task_under_verification_is_voided_only_by_way_of_a_suspension() {
    let void = || Order::Void(Void { reason: text("twice on the list"), document: text("Minutes 3") });
    let mut story = Story::given(SICHUAN, Level::County);
    story.until_rectifying().until_claimed();
    let not_now = Refusal::NotNow { verb: Verb::Void, state: State::Claimed };
    let order = suspend(&story, 40);
    story
        .then_refused("committee", void(), &not_now)
        .when("committee", order)
        .when("committee", void())
        .then(State::Void);
}

#[test]
fn a_decision_document_is_needed_to_suspend_void_transfer_and_reopen() {
    let missing = Refusal::Missing { field: "document" };
    let mut story = Story::given(SICHUAN, Level::County);
    story.until_rectifying();
    let until = day("2021-05-01");
    let suspend = Suspend { reason: text("court case"), document: String::new(), until };
    let void = Void { reason: text("twice"), document: String::new() };
    let transfer = Transfer {
        lead: unit("second"),
        duties: Default::default(),
        reason: text("new duties"),
        document: String::new(),
    };
    story
        .then_refused("committee", Order::Suspend(suspend), &missing)
        .then_refused("committee", Order::Void(void), &missing)
        .then_refused("committee", Order::Transfer(transfer), &missing);
    story.until_closed().when("inspector", look_back(Verdict::Rebounded));
    let reopen = Reopen { due_on: story.today, cause: text("broke"), document: String::new() };
    story.then_refused("registrar", Order::Reopen(reopen), &missing);
}

#[test]
fn a_unit_that_verified_cannot_take_the_lead() {
    let mut story = Story::given(SICHUAN, Level::County);
    story.until_rectifying().until_claimed();
    let order = verify(&story.ruleset, Conclusion::Pass, &["verifier-3"], story.today);
    story.when("verifier-1", Order::Verify(order)).then(State::Verified);
    let to = |lead: &str| {
        let (reason, document) = (text("new duties"), text("Minutes 6"));
        Order::Transfer(Transfer { lead: unit(lead), duties: Default::default(), reason, document })
    };
    let verified = Refusal::SameUnit { step: Step::Verify, unit: text("second") };
    story
        .then_refused("committee", to("second"), &verified)
        .then_refused("committee", to("bureau"), &Refusal::OwnAcceptance)
        .when("committee", to("neighbour"));
    assert!(!story.task.parties.as_ref().expect("assigned").co.contains(&unit("neighbour")));
}

#[test]
fn a_flag_set_by_hand_needs_a_reason_and_is_taken_back_the_same_way() {
    let mut story = Story::given(SICHUAN, Level::County);
    story.until_rectifying();
    let set = |flag, reason: &str| Order::SetFlag(SetFlag { flag, reason: text(reason) });
    story
        .then_refused("registrar", set(Some(Flag::Lagging), ""), &Refusal::Missing { field: "reason" })
        .when("registrar", set(Some(Flag::Lagging), "the contractor left"));
    assert_eq!(story.task.flag(story.today, 7), Flag::Lagging);
    story.when("registrar", set(None, "a new one came"));
    assert_eq!(story.task.flag(story.today, 7), Flag::OnSchedule);
}

#[test]
fn an_auditor_and_an_administrator_do_nothing_in_the_loop() {
    let mut story = Story::given(SICHUAN, Level::County);
    let note = || Order::Note(Note { text: text("seen") });
    let refusal = not_yours(Role::Registrar, Relation::Anyone);
    for post in ["auditor", "administrator"] {
        story.then_refused(post, note(), &refusal);
        let by = story.district.actor(post);
        let situation = story.district.situation(by, story.today, &story.ruleset);
        assert_eq!(story.task.open_verbs(&situation), []);
    }
}

#[test]
fn a_flag_set_by_hand_ends_with_the_work_it_spoke_of() {
    let mut story = Story::given(SICHUAN, Level::County);
    story.until_rectifying();
    let lagging = SetFlag { flag: Some(Flag::Lagging), reason: text("the contractor left") };
    story.when("registrar", Order::SetFlag(lagging));
    assert_eq!(story.task.flag(story.today, 7), Flag::Lagging);
    story.until_closed();
    assert_eq!(story.task.flag(story.today, 7), Flag::Done);
    assert_eq!(story.task.flag_set, None);
}

#[test]
fn a_notice_appears_where_the_procedure_wants_it() {
    let mut story = Story::given(SICHUAN, Level::County);
    story.until_rectifying().until_claimed().until_verified();
    let elsewhere = Publish { channel: text("村口黑板"), ..publish(&story.ruleset) };
    let refusal = Refusal::NotAllowed {
        field: "channel",
        value: text("村口黑板"),
        ruleset: story.ruleset.name.clone(),
    };
    story.then_refused("publisher", Order::Publish(elsewhere), &refusal);
    let second = Publish { channel: story.ruleset.notice.channels[1].clone(), ..publish(&story.ruleset) };
    story.when("publisher", Order::Publish(second)).then(State::Notice);
}

#[test]
fn no_leader_of_a_town_or_a_department_signs_for_the_district() {
    let mut story = Story::given(SICHUAN, Level::County);
    story.until_rectifying().until_claimed().until_verified().until_notice_closed();
    let order = || Order::SignOff(sign_off());
    for (of, place) in [("neighbour", "a town"), ("second", "a department"), ("city", "the city")] {
        let mut by = story.district.actor("chief").clone();
        by.unit = unit(of);
        let situation = story.district.situation(&by, story.today, &story.ruleset);
        let refused = story.task.decide(&situation, order()).map(|_| ());
        assert_eq!(refused, Err(not_yours(Role::Chief, Relation::Leadership)), "the leader of {place}");
    }
    story.when("chief", order()).then(State::Signed);
}

#[test]
fn whoever_waits_reminds_once_a_day_and_never_themselves() {
    let mut story = Story::given(SICHUAN, Level::County);
    story.until_rectifying();
    let remind = || Order::Remind(Remind::default());
    story.then_refused("town", remind(), &Refusal::OwnTurn);
    story.then_refused("auditor", remind(), &not_yours(Role::Registrar, Relation::Anyone));
    story.when("registrar", remind());
    assert_eq!(story.task.days.reminded_on, Some(story.today));
    let tomorrow = story.today.tomorrow().expect("in range");
    story.then_refused("chief", remind(), &Refusal::TooEarly { from: tomorrow });
    story.days_pass(1).when("chief", remind());
    story.until_claimed();
    assert_eq!(story.task.days.reminded_on, None, "the step that was asked for is taken");
    story.when("town", remind());
}
