//! A procedure in readable form: every value it sets, by group, in the reader's language and in a fixed order.

use crate::locale::Locale;
use bihuan_rules::{
    calendar::{Term, TermUnit},
    office::Level,
    ruleset::{Named, NoticeOrder, Ruleset},
    task::TaskKind,
};

/// A group of values; two procedures always have the same groups with the same lines.
pub struct Group {
    /// Heading.
    pub name: String,
    /// Label and value.
    pub lines: Vec<(String, String)>,
}

/// A term in words: `30 个工作日`.
pub fn term(locale: Locale, term: &Term) -> String {
    let key = match term.unit {
        TermUnit::WorkingDays => "length-working-days",
        TermUnit::Days => "length-days",
        TermUnit::Months => "length-months",
        TermUnit::Hours => "length-hours",
    };
    let length = locale.text(key).with("count", i64::from(term.amount)).to_string();
    if term.roll { length } else { format!("{length} {}", locale.say("length-keeps")) }
}

/// Every value of a procedure.
pub fn rules(locale: Locale, ruleset: &Ruleset) -> Vec<Group> {
    let group = |key: &str, lines| Group { name: locale.say(key), lines };
    vec![
        group("rules-terms", terms(locale, ruleset)),
        group("rules-plan-verify", verification(locale, ruleset)),
        group("rules-notice-sign", notice(locale, ruleset)),
        group("rules-recheck", rechecks(locale, ruleset)),
        group("rules-evidence", evidence(locale, ruleset)),
        group("rules-after", after(locale, ruleset)),
        group("rules-duty", duty(locale, ruleset)),
    ]
}

fn named(locale: Locale, prefix: &str, name: &str) -> String {
    locale.say(&format!("{prefix}-{}", name.replace('_', "-")))
}

fn yes(locale: Locale, yes: bool) -> String {
    locale.say(if yes { "rules-yes" } else { "rules-no" })
}

fn list(values: impl IntoIterator<Item = String>) -> String {
    let values: Vec<_> = values.into_iter().collect();
    if values.is_empty() { "–".to_owned() } else { values.join("、") }
}

fn terms(locale: Locale, ruleset: &Ruleset) -> Vec<(String, String)> {
    let terms = &ruleset.terms;
    let lines = [
        ("rules-term-assign", &terms.assign),
        ("rules-term-object", &terms.object),
        ("rules-term-plan", &terms.plan),
        ("rules-term-review-plan", &terms.review_plan),
        ("rules-term-report", &terms.report),
        ("rules-term-fix-now", &terms.fix_now),
        ("rules-term-extend-before", &terms.extend_before),
        ("rules-term-decide-extension", &terms.decide_extension),
        ("rules-term-verify", &terms.verify),
        ("rules-term-publish", &terms.publish),
        ("rules-term-answer-objection", &terms.answer_objection),
        ("rules-term-sign", &terms.sign),
        ("rules-term-recheck", &terms.recheck),
        ("rules-term-file", &terms.file),
        ("rules-term-reopen", &terms.reopen),
    ];
    lines.into_iter().map(|(key, length)| (locale.say(key), term(locale, length))).collect()
}

fn verification(locale: Locale, ruleset: &Ruleset) -> Vec<(String, String)> {
    let verify = &ruleset.verify;
    let conclusions = verify.conclusions.iter().map(|each| named(locale, "conclusion", each.name()));
    let standards = (1..).zip(&verify.standards).map(|(number, standard)| {
        let words = if locale == Locale::En { &standard.en } else { &standard.zh };
        format!("{number}. {words}")
    });
    let standards: Vec<_> = standards.collect();
    vec![
        (locale.say("rules-plan-skipped"), yes(locale, ruleset.plan.skipped_when_immediate)),
        (locale.say("rules-checkers"), verify.checkers_min.to_string()),
        (
            locale.say("rules-on-site"),
            list(verify.on_site.iter().map(|kind| named(locale, "kind", kind.name()))),
        ),
        (locale.say("rules-conclusions"), conclusions.collect::<Vec<_>>().join("\n")),
        (
            locale.say("rules-standards"),
            if standards.is_empty() { locale.say("rules-none") } else { standards.join("\n") },
        ),
    ]
}

fn notice(locale: Locale, ruleset: &Ruleset) -> Vec<(String, String)> {
    let order = match ruleset.notice.order {
        NoticeOrder::BeforeSignature => "rules-order-notice-first",
        NoticeOrder::AfterSignature => "rules-order-signature-first",
    };
    vec![
        (locale.say("rules-notice-term"), term(locale, &ruleset.notice.term)),
        (locale.say("rules-order"), locale.say(order)),
        (locale.say("rules-channels"), list(ruleset.notice.channels.iter().cloned())),
        (locale.say("rules-signer"), named(locale, "role", ruleset.sign.by.name())),
        (locale.say("rules-minutes"), yes(locale, ruleset.sign.minutes)),
    ]
}

fn rechecks(locale: Locale, ruleset: &Ruleset) -> Vec<(String, String)> {
    let by = |level: Level| match ruleset.rechecks(level) {
        Some(by) => locale.text("rules-recheck-by").with("level", named(locale, "level", by.name())).into(),
        None => locale.say("rules-recheck-none"),
    };
    let from = |level: Level| {
        locale.text("rules-recheck-from").with("level", named(locale, "level", level.name())).to_string()
    };
    Level::ALL.into_iter().rev().map(|level| (from(level), by(level))).collect()
}

fn evidence(locale: Locale, ruleset: &Ruleset) -> Vec<(String, String)> {
    let line = |kind: TaskKind| {
        let roles = ruleset.evidence_for(kind);
        let roles = roles.iter().map(|role| named(locale, "evidence", role.name()));
        (named(locale, "kind", kind.name()), list(roles))
    };
    TaskKind::ALL.into_iter().map(line).collect()
}

fn after(locale: Locale, ruleset: &Ruleset) -> Vec<(String, String)> {
    let after = &ruleset.after;
    let months = after.look_back_months.iter().map(ToString::to_string);
    vec![
        (
            locale.say("rules-look-backs"),
            locale.text("rules-look-back-months").with("months", list(months)).to_string(),
        ),
        (locale.say("rules-sustain-first"), term(locale, &after.sustain_first)),
        (locale.say("rules-sustain-every"), term(locale, &after.sustain_every)),
        (
            locale.say("rules-at-risk"),
            locale.text("length-days").with("count", i64::from(ruleset.progress.at_risk_days)).to_string(),
        ),
    ]
}

fn duty(locale: Locale, ruleset: &Ruleset) -> Vec<(String, String)> {
    let words = |all: &[Named]| {
        let word = |named: &Named| if locale == Locale::En { named.en.clone() } else { named.zh.clone() };
        list(all.iter().map(word))
    };
    vec![
        (locale.say("rules-duty-principles"), words(&ruleset.duty.principles)),
        (locale.say("rules-duty-degrees"), words(&ruleset.duty.degrees)),
    ]
}
