//! Words for what the rules say (措辞): states, refusals, acts and names, in the reader's language.

use crate::{locale::Locale, task::spec::Desk};
use bihuan_rules::{
    Act, Refusal,
    act::{AccountAct, AreaAct, SettingAct},
    day_of,
    id::{PersonId, PostId, UnitId},
    office::{Charge, Former, Level, Office, OfficeAct, Role, UnitKind},
    problem::{FIELDS, ProblemAct},
    project::Flaw,
    refusal::FilmFlaw,
    round::Recusal,
    task::{Flag, State, TaskAct},
};
use fluent_bundle::FluentArgs;
use jiff::{Timestamp, civil::Date};
use std::collections::BTreeSet;

/// A key made of a prefix and a name of the rules.
fn key(prefix: &str, name: &str) -> String {
    format!("{prefix}-{}", name.replace('_', "-"))
}

/// The fields of business for a menu: name and words.
#[must_use]
pub fn work_fields(locale: Locale) -> Vec<(String, String)> {
    FIELDS.iter().map(|name| ((*name).to_owned(), locale.say(&key("work-field", name)))).collect()
}

/// The state in words.
#[must_use]
pub fn state(locale: Locale, state: State) -> String {
    locale.say(&key("state", state.name()))
}

/// Class of the tag that shows a state.
#[must_use]
pub fn state_class(state: State) -> &'static str {
    match state {
        State::Assigned | State::Rectifying | State::PlanReview | State::ExtensionReview => "work",
        State::Claimed | State::Verified | State::Notice | State::PendingSignature | State::Signed => "check",
        State::Closed => "done",
        State::Rebounded => "back",
        State::Suspended => "stop",
        State::Registered | State::Reassigning | State::Void | State::Split | State::Merged => "",
    }
}

/// The flag in words.
#[must_use]
pub fn flag(locale: Locale, flag: Flag) -> String {
    locale.say(&key("flag", flag.name()))
}

/// Class of the tag that shows a flag.
#[must_use]
pub fn flag_class(flag: Flag) -> &'static str {
    match flag {
        Flag::Done => "done",
        Flag::OnSchedule => "plain",
        Flag::AtRisk => "near",
        Flag::Lagging | Flag::Overdue => "late",
    }
}

/// A day, or a dash.
#[must_use]
pub fn day(locale: Locale, date: Option<Date>) -> String {
    date.map_or_else(|| "–".to_owned(), |date| locale.date(date))
}

/// Until when somebody holds a post or seat: the last day, or that it goes on.
fn last_day(locale: Locale, until: Option<Date>) -> String {
    match until {
        Some(until) => locale.text("held-until").with("until", locale.date(until)).to_string(),
        None => locale.say("held-still"),
    }
}

/// The place a town or village is, from the name of its government: 汇龙镇人民政府 is 汇龙镇.
#[must_use]
pub fn place(office: &Office, id: &UnitId) -> String {
    let name = unit(office, id.as_str());
    let ends = ["人民政府", "办事处", "村民委员会", "居民委员会"];
    ends.iter().find_map(|end| name.strip_suffix(end)).map(str::to_owned).unwrap_or(name)
}

/// Name of a unit by its code.
#[must_use]
pub fn unit(office: &Office, id: &str) -> String {
    office.units.get(id).map_or_else(|| id.to_owned(), |unit| unit.name.clone())
}

/// Unit and title of a post by its code.
#[must_use]
pub fn post(office: &Office, id: &PostId) -> String {
    office
        .posts
        .get(id)
        .map_or_else(|| id.to_string(), |post| format!("{} {}", unit(office, post.unit.as_str()), post.title))
}

/// A name as it is now, with the one of that day beside it where it was another.
fn then(locale: Locale, (now, then): (&str, &str)) -> String {
    if now == then {
        return now.to_owned();
    }
    locale.text("name-then").with("now", now.to_owned()).with("then", then.to_owned()).to_string()
}

/// Name of a unit, with its name on that day.
#[must_use]
pub fn unit_on(locale: Locale, office: &Office, id: &UnitId, on: Date) -> String {
    then(locale, office.unit_names(id, on))
}

/// Name of a person, with the name on that day.
#[must_use]
pub fn person_on(locale: Locale, office: &Office, id: &PersonId, on: Date) -> String {
    then(locale, office.person_names(id, on))
}

/// Unit and title of a post, with the name of the unit on that day.
#[must_use]
pub fn post_on(locale: Locale, office: &Office, id: &PostId, on: Date) -> String {
    let post = office.posts.get(id);
    post.map_or_else(
        || id.to_string(),
        |post| format!("{} {}", unit_on(locale, office, &post.unit, on), post.title),
    )
}

/// A moment in China Standard Time, to the minute.
#[must_use]
pub fn moment(at: Timestamp) -> String {
    jiff::tz::offset(8).to_datetime(at).strftime("%Y-%m-%d %H:%M").to_string()
}

/// The role in words.
#[must_use]
pub fn role(locale: Locale, role: Role) -> String {
    locale.say(&key("role", role.name()))
}

/// The kind of a unit in words.
#[must_use]
pub fn unit_kind(locale: Locale, kind: UnitKind) -> String {
    locale.say(&key("unit-kind", kind.name()))
}

/// The level in words.
#[must_use]
pub fn level(locale: Locale, level: Level) -> String {
    locale.say(&key("level", level.name()))
}

/// A refusal in words: the rule, and what would satisfy it.
#[must_use]
pub fn refusal(locale: Locale, refusal: &Refusal) -> String {
    let mut args = FluentArgs::new();
    let field = |name: &str| locale.say(&key("field", name));
    match refusal {
        Refusal::NotNow { state: now, .. } => args.set("state", state(locale, *now)),
        Refusal::NotYours { role, relation } => {
            args.set("role", locale.say(&key("role", role.name())));
            args.set("relation", locale.say(&key("relation", relation.name())));
        }
        Refusal::SameHands { step, .. } => args.set("step", locale.say(&key("step", step.name()))),
        Refusal::SameUnit { step, .. } => args.set("step", locale.say(&key("step", step.name()))),
        Refusal::Missing { field: name } => args.set("field", field(name)),
        Refusal::TooLong { field: name, limit } | Refusal::TooMany { field: name, limit } => {
            args.set("field", field(name));
            args.set("limit", i64::try_from(*limit).unwrap_or(i64::MAX).to_string());
        }
        Refusal::NotAllowed { field: name, value, ruleset } => {
            args.set("field", field(name));
            args.set("value", value.clone());
            args.set("ruleset", ruleset.clone());
        }
        Refusal::AdministratorApart { field: name } => args.set("field", field(name)),
        Refusal::Taken { field: name, value } | Refusal::Unknown { field: name, value } => {
            args.set("field", field(name));
            args.set("value", value.clone());
        }
        Refusal::KnownAlready { question, stands } => {
            args.set("question", question.clone());
            args.set("place", crate::burden::place(locale, stands).0);
        }
        Refusal::Vacant { unit, role } => {
            args.set("unit", unit.clone());
            args.set("role", locale.say(&key("role", role.name())));
        }
        Refusal::DateAfter { field: name, limit } | Refusal::DateBefore { field: name, limit } => {
            args.set("field", field(name));
            args.set("limit", locale.date(*limit));
        }
        Refusal::TooLate { until: limit } | Refusal::TooEarly { from: limit } => {
            args.set("limit", locale.date(*limit));
        }
        Refusal::SumDiffers { expected, found } => {
            args.set("expected", expected.to_string());
            args.set("found", found.to_string());
        }
        Refusal::EvidenceMissing { roles } => {
            let roles: Vec<_> = roles.iter().map(|role| locale.say(&key("evidence", role.name()))).collect();
            args.set("roles", roles.join("、"));
        }
        Refusal::MeasureOpen { number } => args.set("number", number.to_string()),
        Refusal::StandardOpen { number } => args.set("number", number.to_string()),
        Refusal::OpenObjections { count } => args.set("count", count.to_string()),
        Refusal::LevelTooLow { needed } => args.set("level", locale.say(&key("level", needed.name()))),
        Refusal::TooFewCheckers { needed } => args.set("needed", needed.to_string()),
        Refusal::NoSuchStep { ruleset } => args.set("ruleset", ruleset.clone()),
        Refusal::OwnAcceptance
        | Refusal::OnceOnly
        | Refusal::OwnTurn
        | Refusal::OwnAccount
        | Refusal::OnSiteNeeded
        | Refusal::StandardDisputed
        | Refusal::Stale { .. }
        | Refusal::AuthorDecides
        | Refusal::Classified => {}
        Refusal::BelowItself { unit } | Refusal::DutyElsewhere { unit } => args.set("unit", unit.clone()),
        Refusal::Held { person, from, until } => {
            args.set("person", person.clone());
            args.set("from", locale.date(*from));
            args.set("until", last_day(locale, *until));
        }
        Refusal::NotYourSignature { person } => args.set("person", person.clone()),
        Refusal::NotDecided { n } => args.set("number", n.to_string()),
        Refusal::TeamTooSmall { members, units } => {
            args.set("members", members.to_string());
            args.set("units", units.to_string());
        }
        Refusal::NotDeclared { person } => args.set("person", person.clone()),
        Refusal::Recused { person, unit, why } => {
            args.set("person", person.clone());
            args.set("unit", unit.clone());
            args.set("why", recusal(locale, why));
        }
        Refusal::Uncovered { unit } => args.set("unit", unit.clone()),
        Refusal::MutualPair { one, other } => {
            args.set("one", one.clone());
            args.set("other", other.clone());
        }
        Refusal::ProvesTooLittle { found, needed, people, units } => {
            args.set("found", found.map_or("–", bihuan_rules::picture::Grade::name));
            args.set("needed", needed.name());
            args.set("people", people.to_string());
            args.set("units", units.to_string());
        }
        Refusal::StillSealed { count } => args.set("count", count.to_string()),
        Refusal::TooFewParties { needed } => args.set("needed", needed.to_string()),
        Refusal::NotOutOfReach { task } => args.set("task", task.clone()),
        Refusal::OrganiserOnly
        | Refusal::NotArrived
        | Refusal::OwnFinding
        | Refusal::OwnPicture
        | Refusal::NotAllCommitted
        | Refusal::NoReserveLeft
        | Refusal::DrawnInTheOpen
        | Refusal::NotTheSecret => {}
        Refusal::ItemOpen { n } | Refusal::MilestoneOpen { n } | Refusal::TargetOpen { n } => {
            args.set("number", n.to_string());
        }
        Refusal::ObjectionOpen { n } => args.set("number", n.to_string()),
        Refusal::Plan(flaw) => flaw_values(locale, flaw, &mut args),
        Refusal::MilestoneLate { n, on, limit } => {
            args.set("number", n.to_string());
            args.set("on", locale.date(*on));
            args.set("limit", locale.date(*limit));
        }
        Refusal::Waits { on } => args.set("on", on.clone()),
        Refusal::Overpaid { planned_yuan, paid_yuan } => {
            args.set("planned", locale.number(i64::try_from(*planned_yuan).unwrap_or(i64::MAX)));
            args.set("paid", locale.number(i64::try_from(*paid_yuan).unwrap_or(i64::MAX)));
        }
        Refusal::ProjectOpen { title } => args.set("title", title.clone()),
        Refusal::FilmItem { row, flaw } => {
            args.set("number", row.to_string());
            match flaw {
                FilmFlaw::NotATimecode { typed } => args.set("typed", typed.clone()),
                FilmFlaw::BeyondTheEnd { length } => args.set("length", length.to_string()),
                FilmFlaw::EndsBeforeStart | FilmFlaw::NothingSeen => {}
            }
        }
        Refusal::NotTheGuarantor | Refusal::GuarantorVerifies => {}
        Refusal::NoQuorum { present, needed } => {
            args.set("present", present.to_string());
            args.set("needed", needed.to_string());
        }
        Refusal::LineBroken { point } => args.set("number", point.to_string()),
        Refusal::SeatHeld { from, until } => {
            args.set("from", locale.date(*from));
            args.set("until", last_day(locale, *until));
        }
        Refusal::SubjectOpen { subject } => {
            args.set("subject", locale.say(&key("river-subject", subject.name())));
        }
        Refusal::NotOpen { kind, state } => {
            let prefix = format!("{}-state", kind.name().replace('_', "-"));
            args.set("state", locale.say(&key(&prefix, state)));
        }
    }
    locale.say_with(refusal.key(), &args)
}

/// Why somebody may not look, in words.
#[must_use]
pub fn recusal(locale: Locale, why: &Recusal) -> String {
    let mut args = FluentArgs::new();
    match why {
        Recusal::FormerPost { until } => args.set("until", day(locale, *until)),
        Recusal::EarlierHand { task } => args.set("task", task.to_string()),
        Recusal::OwnUnit | Recusal::Declared => {}
    }
    locale.say_with(&key("recusal", why.name()), &args)
}

/// The values of the sentence about a plan that cannot stand.
fn flaw_values(locale: Locale, flaw: &Flaw, args: &mut FluentArgs<'_>) {
    let path = |parts: Vec<String>| parts.join(" → ");
    match flaw {
        Flaw::EndsBeforeStart { n } | Flaw::Duration { n } | Flaw::Reached { n } | Flaw::Gone { n } => {
            args.set("number", n.to_string());
        }
        Flaw::AfterFinalDate { n, limit } | Flaw::BeforeProject { n, limit } => {
            args.set("number", n.to_string());
            args.set("limit", locale.date(*limit));
        }
        Flaw::UnknownDependency { n, on } | Flaw::BeforeDependency { n, on } => {
            args.set("number", n.to_string());
            let unknown = *on == u32::MAX;
            args.set("on", if unknown { locale.say("project-empty-row") } else { on.to_string() });
        }
        Flaw::Cycle { path: round } => {
            args.set("path", path(round.iter().map(ToString::to_string).collect()))
        }
        Flaw::ProjectCycle { path: round } => {
            args.set("path", path(round.iter().map(ToString::to_string).collect()));
        }
    }
}

/// What a form shows of the task beside it: label, value, label, value ….
#[must_use]
pub fn task_facts(desk: &Desk<'_>) -> Vec<String> {
    let (task, locale, office) = (desk.task, desk.locale, &desk.reference.office);
    let mut facts = vec![
        locale.say("task-number"),
        task.id.to_string(),
        locale.say("task-state"),
        state(locale, task.state),
        locale.say("field-due-on"),
        day(locale, task.deadline.due_on),
    ];
    if !task.deadline.text.is_empty() {
        facts.extend([locale.say("task-deadline-text"), task.deadline.text.clone()]);
    }
    if let Some(parties) = &task.parties {
        facts.extend([locale.say("field-lead"), unit(office, parties.lead.as_str())]);
        facts.extend([locale.say("field-acceptance"), unit(office, parties.acceptance.as_str())]);
    }
    let named = [
        ("field-lead", task.proposal.lead.join("、")),
        ("field-co", task.proposal.co.join("、")),
        ("field-acceptance", task.proposal.acceptance.clone()),
        ("proposal-leader", task.proposal.leader.clone()),
    ];
    if task.parties.is_none() {
        for (label, value) in named.into_iter().filter(|(_, value)| !value.is_empty()) {
            facts.extend([format!("{} · {}", locale.say(label), locale.say("proposal-in-document")), value]);
        }
    }
    if !task.goal.is_empty() {
        facts.extend([locale.say("field-goal"), task.goal.clone()]);
    }
    facts
}

/// What a ledger line says happened, and its details: heading, then label and value.
#[must_use]
pub fn act(locale: Locale, office: &Office, act: &Act, at: Timestamp) -> (String, Vec<(String, String)>) {
    let named = |prefix: &str, name: &str| locale.say(&key(prefix, name));
    match act {
        Act::Task(event) => {
            (named("act", event.act.name()), task_details(locale, office, &event.act, day_of(at)))
        }
        Act::Problem(ProblemAct::Registered(_)) => (locale.say("act-problem-registered"), Vec::new()),
        Act::Problem(ProblemAct::PublicTextSet { text }) => {
            (locale.say("act-problem-public-text"), vec![(locale.say("field-public-text"), text.clone())])
        }
        Act::Problem(ProblemAct::Numbered { level, number }) => {
            (locale.say("act-problem-numbered"), vec![(named("level", level), number.clone())])
        }
        Act::Source(source) => {
            (locale.say("act-source-registered"), vec![(locale.say("field-title"), source.title.clone())])
        }
        Act::Intake(adopted) => {
            (locale.say("act-intake-adopted"), vec![(locale.say("field-file"), adopted.file_name.clone())])
        }
        Act::Office(act) => (named("act-office", office_act_name(act)), office_details(locale, act)),
        Act::Setting(act) => (named("act-setting", setting_act_name(act)), Vec::new()),
        Act::Account(act) => (named("act-account", account_act_name(act)), Vec::new()),
        Act::Record(act) => (named("act", &act.name().replace('.', "-")), Vec::new()),
        Act::Area(AreaAct::Founded { name, .. }) => {
            (locale.say("act-area-founded"), vec![(String::new(), name.clone())])
        }
    }
}

fn office_act_name(act: &OfficeAct) -> &'static str {
    match act {
        OfficeAct::UnitSet(_) => "unit_set",
        OfficeAct::UnitClosed { .. } => "unit_closed",
        OfficeAct::PostSet(_) => "post_set",
        OfficeAct::PersonSet(_) => "person_set",
        OfficeAct::PostTaken { .. } => "post_taken",
        OfficeAct::PostLeft { .. } => "post_left",
        OfficeAct::PostCharged(_) => "post_charged",
    }
}

fn setting_act_name(act: &SettingAct) -> &'static str {
    match act {
        SettingAct::RulesetChosen { .. } => "ruleset_chosen",
        SettingAct::RulesetAdopted { .. } => "ruleset_adopted",
        SettingAct::SchemeAdopted { .. } => "scheme_adopted",
        SettingAct::SchemeChosen { .. } => "scheme_chosen",
        SettingAct::LadderAdopted { .. } => "ladder_adopted",
        SettingAct::LadderChosen { .. } => "ladder_chosen",
        SettingAct::CalendarYearSet { .. } => "calendar_year_set",
        SettingAct::ViewSaved { .. } => "view_saved",
        SettingAct::ViewDropped { .. } => "view_dropped",
    }
}

fn account_act_name(act: &AccountAct) -> &'static str {
    match act {
        AccountAct::Opened { .. } => "opened",
        AccountAct::Closed { .. } => "closed",
        AccountAct::PasswordSet { .. } => "password_set",
        AccountAct::SecondFactorAdded { .. } => "second_factor_added",
        AccountAct::SecondFactorRemoved { .. } => "second_factor_removed",
    }
}

/// The name that was given, and the one it took the place of.
fn office_details(locale: Locale, act: &OfficeAct) -> Vec<(String, String)> {
    if let OfficeAct::PostCharged(charge) = act {
        return charge_details(locale, charge);
    }
    let (name, formerly) = match act {
        OfficeAct::UnitSet(unit) => (&unit.name, &unit.formerly),
        OfficeAct::PersonSet(person) => (&person.name, &person.formerly),
        _ => return Vec::new(),
    };
    let mut details = vec![(locale.say("field-name"), name.clone())];
    details.extend(
        formerly.last().map(|former| (locale.say("office-formerly"), formerly_named(locale, former))),
    );
    details
}

/// What a post was put in charge of.
fn charge_details(locale: Locale, charge: &Charge) -> Vec<(String, String)> {
    let fields = charge.fields.iter().map(|field| locale.say(&key("work-field", field)));
    let heads = charge.heads.map(|line| locale.say(&key("office-line", line.name())));
    let mut details = vec![(locale.say("field-charged-from"), locale.date(charge.from))];
    details.extend(heads.map(|heads| (locale.say("field-heads"), heads)));
    details.push((locale.say("field-fields"), fields.collect::<Vec<_>>().join("、")));
    details
}

/// A former name and its last day.
#[must_use]
pub fn formerly_named(locale: Locale, former: &Former) -> String {
    let text = locale.text("office-former").with("name", former.name.clone());
    text.with("until", locale.date(former.until)).to_string()
}

fn task_details(locale: Locale, office: &Office, act: &TaskAct, on: Date) -> Vec<(String, String)> {
    let mut details = Vec::new();
    let mut add = |label: &str, value: &str| {
        if !value.is_empty() {
            details.push((locale.say(label), value.to_owned()));
        }
    };
    let date = |date: &Option<Date>| date.map(|date| locale.date(date)).unwrap_or_default();
    match act {
        TaskAct::Registered(registered) => add("task-deadline-text", &registered.deadline_text),
        TaskAct::Split { parts } => {
            add("field-parts", &parts.iter().map(ToString::to_string).collect::<Vec<_>>().join("、"));
        }
        TaskAct::Merged { into } => add("field-into", into.as_str()),
        TaskAct::Absorbed { from, measures, sustain, .. } => {
            add("field-from", from.as_str());
            add("field-measures", &measures.join("\n"));
            add("field-sustain", &if *sustain { locale.say("rules-yes") } else { String::new() });
        }
        TaskAct::Assigned(assigned) => {
            add("field-lead", &unit_on(locale, office, &assigned.parties.lead, on));
            add("field-acceptance", &unit_on(locale, office, &assigned.parties.acceptance, on));
            add("field-duties", &codes(&assigned.duties));
            add("field-due-on", &date(&assigned.due_on));
            add("field-remark", &assigned.remark);
        }
        TaskAct::RoutingObjected { reason } | TaskAct::SentBack { reason } => add("field-reason", reason),
        TaskAct::Planned(plan) => {
            add("field-goal", &plan.goal);
            add("field-due-on", &date(&plan.due_on));
        }
        TaskAct::PlanReviewed { approved, remark } => {
            add("field-approve", &locale.say(if *approved { "choice-approve" } else { "choice-return" }));
            add("field-remark", remark);
        }
        TaskAct::Reported(report) => add("field-text", &report.text),
        TaskAct::ExtensionAsked(asked) => {
            add("field-due-on", &date(&asked.due_on));
            add("field-reason", &asked.reason);
        }
        TaskAct::ExtensionDecided(decided) => {
            add("field-grant", &locale.say(if decided.granted { "choice-grant" } else { "choice-deny" }));
            add("field-due-on", &date(&decided.due_on));
            add("field-remark", &decided.remark);
            add("field-document", &decided.document);
        }
        TaskAct::Claimed(claimed) => add("field-summary", &claimed.summary),
        TaskAct::Verified(verified) => {
            add("field-conclusion", &locale.say(&key("conclusion", verified.conclusion.name())));
            let names: Vec<_> =
                verified.checkers.iter().map(|hand| person_on(locale, office, &hand.person, on)).collect();
            add("field-checkers", &names.join("、"));
            add("field-opinion", &verified.opinion);
        }
        TaskAct::Clarified { standard, document } => {
            add("field-standard", standard);
            add("field-document", document);
        }
        TaskAct::NoticeOpened(opened) => {
            add("notice-until", &locale.date(opened.ends_on));
            add("field-channel", &opened.channel);
        }
        TaskAct::ObjectionRaised { text, .. } | TaskAct::Noted { text } | TaskAct::Reminded { text } => {
            add("field-text", text);
        }
        TaskAct::ObjectionAnswered { upheld, answer, .. } => {
            add("field-upheld", &locale.say(if *upheld { "choice-upheld" } else { "choice-rejected" }));
            add("field-answer", answer);
        }
        TaskAct::NoticeClosed { record } => add("field-record", record),
        TaskAct::Signed(signed) => {
            add("field-minutes", &signed.minutes);
            add("field-opinion", &signed.opinion);
        }
        TaskAct::Rechecked { passed, document, opinion } => {
            add("field-passed", &locale.say(if *passed { "choice-pass" } else { "choice-return" }));
            add("field-document", document);
            add("field-opinion", opinion);
        }
        TaskAct::Filed { number } => add("field-number", number),
        TaskAct::LookedBack(looked) => {
            add("field-verdict", &locale.say(&key("verdict", looked.verdict.name())));
            add("field-findings", &looked.findings);
        }
        TaskAct::SustainChecked(checked) => {
            add("field-held", &locale.say(if checked.held { "verdict-held" } else { "verdict-rebounded" }));
            add("field-findings", &checked.findings);
        }
        TaskAct::Reopened { deadline_on, cause, document, closed_on } => {
            add("field-due-on", &locale.date(*deadline_on));
            add("field-cause", cause);
            add("field-document", document);
            add("reopened-from", &date(closed_on));
        }
        TaskAct::Suspended { reason, document, until } => {
            add("field-reason", reason);
            add("field-document", document);
            add("field-until", &locale.date(*until));
        }
        TaskAct::Redated(redated) => {
            add("date-of-step", &date(&redated.step_on));
            add("date-of-deadline", &date(&redated.deadline_on));
            add("date-of-sustain", &date(&redated.sustain_on));
        }
        TaskAct::Resumed(resumed) => add("field-remark", &resumed.remark),
        TaskAct::Voided { reason, document } => {
            add("field-reason", reason);
            add("field-document", document);
        }
        TaskAct::Transferred { lead, duties, reason, document } => {
            add("field-lead", &unit_on(locale, office, lead, on));
            add("field-duties", &codes(duties));
            add("field-reason", reason);
            add("field-document", document);
        }
        TaskAct::Attached(file) => {
            add("field-role", &locale.say(&key("evidence", file.role.name())));
            add("field-file", &file.name);
        }
        TaskAct::PointSet(point) => add("field-name", &point.name),
        TaskAct::GuarantorNamed { post: named } => {
            add(
                "field-guarantor",
                &named.as_ref().map(|id| post_on(locale, office, id, on)).unwrap_or_default(),
            );
        }
        TaskAct::FlagSet { flag: set, reason } => {
            add("field-flag", &set.map_or_else(|| locale.say("flag-computed"), |set| flag(locale, set)));
            add("field-reason", reason);
        }
    }
    details
}

fn codes<T: ToString>(codes: &BTreeSet<T>) -> String {
    codes.iter().map(ToString::to_string).collect::<Vec<_>>().join("、")
}

/// A `Content-Disposition` with a name in any script.
#[must_use]
pub fn disposition(kind: &str, name: &str) -> String {
    let encoded: String = form_urlencoded::byte_serialize(name.as_bytes()).collect();
    format!("{kind}; filename*=UTF-8''{}", encoded.replace('+', "%20"))
}
