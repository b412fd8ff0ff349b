//! The menu (指令清单) of the walk: for each verb a few concrete orders, good and bad.
//!
//! An order marked `never` must be refused by any actor in any state; accepting one is a violation.

use super::*;

/// One thing to try.
pub struct Choice {
    /// How a path names it.
    pub label: &'static str,
    /// The order.
    pub order: Order,
    /// Nobody may ever get this accepted.
    pub never: bool,
}

/// Which side roads the walk takes beside the main procedure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SideRoads {
    /// Wrong routing and plans returned.
    pub routing: bool,
    /// Extensions and changes of measures.
    pub extension: bool,
    /// Suspension, and voiding from it.
    pub suspension: bool,
    /// Transfer to the second department.
    pub transfer: bool,
    /// The person with four posts, checkers from other units, and what one day more or less changes.
    pub crowd: bool,
}

impl SideRoads {
    /// Only the procedure itself, with its returns and reopenings.
    pub const NONE: SideRoads =
        SideRoads { routing: false, extension: false, suspension: false, transfer: false, crowd: false };
}

fn good(label: &'static str, order: Order) -> Choice {
    Choice { label, order, never: false }
}

fn never(label: &'static str, order: Order) -> Choice {
    Choice { label, order, never: true }
}

fn text(text: &str) -> String {
    text.to_owned()
}

/// What could be ordered with this verb by this actor.
pub fn choices(
    verb: Verb,
    task: &Task,
    by: &Actor,
    today: Date,
    ruleset: &Ruleset,
    roads: SideRoads,
) -> Vec<Choice> {
    let later = |days: i64| today.checked_add(days.days()).expect("the walk stays within the calendar");
    match verb {
        Verb::Split | Verb::Merge => Vec::new(),
        Verb::Assign => assignments(task, later(60), roads),
        Verb::Object if !roads.routing => Vec::new(),
        Verb::Object => vec![
            good("object", Order::Object(Object { reason: text("not ours") })),
            never("object without a reason", Order::Object(Object { reason: text("  ") })),
        ],
        Verb::Plan => plans(task, today),
        Verb::ReviewPlan => {
            let review =
                |approve, remark: &str| Order::ReviewPlan(ReviewPlan { approve, remark: text(remark) });
            let mut all =
                vec![good("approve", review(true, "")), never("return without a reason", review(false, ""))];
            if roads.routing {
                all.push(good("return the plan", review(false, "the dates are missing")));
            }
            all
        }
        Verb::Report => vec![
            good("report", Order::Report(Report { text: text("pipe ordered"), milestones: Vec::new() })),
            good(
                "report a milestone",
                Order::Report(Report { text: text("pipe laid"), milestones: vec![1] }),
            ),
            never(
                "report an unknown milestone",
                Order::Report(Report { text: text("x"), milestones: vec![9] }),
            ),
        ],
        Verb::Extend | Verb::DecideExtension if !roads.extension => Vec::new(),
        Verb::Extend => extensions(task),
        Verb::DecideExtension => {
            let decide = |grant, remark: &str, document: &str| {
                Order::DecideExtension(DecideExtension {
                    grant,
                    remark: text(remark),
                    document: text(document),
                })
            };
            vec![
                good("grant", decide(true, "", "")),
                good("grant with the superior's document", decide(true, "", "City letter 7")),
                good("deny with the superior's document", decide(false, "no need shown", "City letter 7")),
                never("deny without a reason", decide(false, "", "City letter 7")),
            ]
        }
        Verb::Claim => claims(task),
        Verb::Verify => verifications(task, by, today, ruleset, roads),
        Verb::Clarify => {
            let clarify = |document: &str| Clarify { standard: text("class III"), document: text(document) };
            vec![
                good("clarify", Order::Clarify(clarify("Minutes 5"))),
                never("clarify without a decision", Order::Clarify(clarify(""))),
            ]
        }
        Verb::SendBack => vec![
            good("send back", Order::SendBack(SendBack { reason: text("the outlet still smells") })),
            never("send back without a reason", Order::SendBack(SendBack { reason: String::new() })),
        ],
        Verb::Publish | Verb::RaiseObjection | Verb::AnswerObjection | Verb::CloseNotice => {
            notices(verb, task, ruleset)
        }
        _ => closings(verb, task, today, ruleset, roads),
    }
}

fn assignments(task: &Task, due_on: Date, roads: SideRoads) -> Vec<Choice> {
    let dated = task.deadline.due_on.is_none() && !task.deadline.immediate && !task.deadline.sustain;
    let usual = assign(dated.then_some(due_on));
    let with = |change: &dyn Fn(&mut Parties)| {
        let mut order = usual.clone();
        change(&mut order.parties);
        Order::Assign(order)
    };
    let mut all = vec![
        good("assign to the town", Order::Assign(usual.clone())),
        never("assign for its own acceptance", with(&|p| p.lead = unit("bureau"))),
        never(
            "assign for acceptance by a helper",
            with(&|p| {
                p.co.insert(unit("bureau"));
            }),
        ),
        never("assign to nobody", with(&|p| p.lead = unit("leadership"))),
        never("assign to a unit that does not exist", with(&|p| p.lead = unit("nowhere"))),
        never("accept by nobody", with(&|p| p.acceptance = unit("eco-office"))),
    ];
    if roads.routing || roads.transfer {
        all.push(good(
            "assign to the second department",
            with(&|p| {
                p.lead = unit("second");
                p.co.clear();
            }),
        ));
    }
    all
}

fn plans(task: &Task, today: Date) -> Vec<Choice> {
    let last = task.deadline.due_on.unwrap_or(today).max(today);
    let usual = plan(task.deadline.due_on.unwrap_or(last));
    let mut loose = usual.clone();
    loose.due_on = Some(last.checked_add(400.days()).expect("the walk stays within the calendar"));
    let mut bare = usual.clone();
    bare.measures = vec![text("   ")];
    let mut endless = usual.clone();
    endless.milestones.clear();
    let mut all = vec![
        good("plan", Order::Plan(usual)),
        never("plan without measures", Order::Plan(bare)),
        never("plan without milestones", Order::Plan(endless)),
    ];
    if task.deadline.due_on.is_some() {
        all.push(never("plan beyond the deadline", Order::Plan(loose)));
    }
    all
}

fn extensions(task: &Task) -> Vec<Choice> {
    let ask = |days: Option<i64>, waive: Vec<u32>, reason: &str| {
        let due_on =
            task.deadline.due_on.zip(days).map(|(due, days)| due.checked_add(days.days()).expect("in range"));
        Order::Extend(Extend { due_on, waive, reason: text(reason) })
    };
    let last = task.measures.last().map(|m| m.number);
    vec![
        good("ask for ten days more", ask(Some(10), Vec::new(), "rain")),
        good("ask to waive the last measure", ask(None, last.into_iter().collect(), "no pipe there")),
        never("ask for an earlier date", ask(Some(-1), Vec::new(), "rain")),
        never("ask for nothing", ask(None, Vec::new(), "rain")),
        never("ask without a reason", ask(Some(10), Vec::new(), "")),
        never("ask to waive an unknown measure", ask(None, vec![99], "rain")),
    ]
}

fn claims(task: &Task) -> Vec<Choice> {
    let usual = claim(task);
    let mut silent = usual.clone();
    silent.summary.clear();
    let mut all = vec![
        good("claim", Order::Claim(usual.clone())),
        never("claim without a summary", Order::Claim(silent)),
    ];
    if !usual.results.is_empty() {
        let unanswered = Claim { results: Vec::new(), ..usual };
        all.push(never("claim with a measure unanswered", Order::Claim(unanswered)));
    }
    all
}

fn verifications(task: &Task, by: &Actor, today: Date, ruleset: &Ruleset, roads: SideRoads) -> Vec<Choice> {
    let needed = ruleset.verify.checkers_min.saturating_sub(1);
    let team = |pool: &[&'static str]| -> Vec<&'static str> {
        pool.iter().copied().filter(|id| *id != by.person.as_str()).take(needed).collect()
    };
    let usual = team(&["verifier-2", "verifier-1", "verifier-3", "discipline"]);
    let mixed = team(&["verifier-3", "discipline", "verifier-2"]);
    let with = |conclusion, team: &[&str]| verify(ruleset, conclusion, team, today);
    let passes = with(Conclusion::Pass, &usual);
    let yesterday = today.yesterday().expect("in range");
    let mut all = vec![
        good("pass", Order::Verify(passes.clone())),
        good("do not pass", Order::Verify(with(Conclusion::NotPass, &usual))),
        good("find the standard unclear", Order::Verify(with(Conclusion::StandardUnclear, &usual))),
        good("pass with follow-ups", Order::Verify(with(Conclusion::PassWithFollowUps, &usual))),
        never("pass with too few", Order::Verify(with(Conclusion::Pass, &usual[..needed.saturating_sub(1)]))),
        never(
            "pass with somebody of the town",
            Order::Verify(with(Conclusion::Pass, &["verifier-of-the-town"; 1].repeat(needed.max(1)))),
        ),
        never(
            "pass with a reader",
            Order::Verify(with(Conclusion::Pass, &[&usual[..], &["auditor"]].concat())),
        ),
        never(
            "pass before the claim",
            Order::Verify(Verify {
                checked_on: task.days.finished_on.unwrap_or(yesterday).yesterday().expect("in range"),
                ..passes.clone()
            }),
        ),
        never(
            "pass tomorrow",
            Order::Verify(Verify { checked_on: today.tomorrow().expect("in range"), ..passes.clone() }),
        ),
        never("pass in silence", Order::Verify(Verify { opinion: String::new(), ..passes.clone() })),
    ];
    if task.parties.as_ref().is_some_and(|p| p.lead.as_str() != "town") {
        all.retain(|choice| choice.label != "pass with somebody of the town");
    }
    if ruleset.verify.on_site.contains(&task.kind) {
        all.push(never("pass on paper", Order::Verify(Verify { method: Method::OnPaper, ..passes.clone() })));
    }
    if !ruleset.verify.standards.is_empty() {
        all.push(never(
            "pass with a standard unanswered",
            Order::Verify(Verify { standards: vec![1], ..passes }),
        ));
    }
    if roads.crowd {
        all.push(good("pass with other units", Order::Verify(with(Conclusion::Pass, &mixed))));
        let double = Verify {
            companions: vec![
                (person("double"), post("double-bureau")),
                (person("verifier-2"), post("verifier-2")),
            ],
            ..with(Conclusion::Pass, &[])
        };
        all.push(good("pass with the double", Order::Verify(double)));
    }
    all
}

fn notices(verb: Verb, task: &Task, ruleset: &Ruleset) -> Vec<Choice> {
    match verb {
        Verb::Publish => vec![
            good("publish", Order::Publish(publish(ruleset))),
            never(
                "publish without a contact",
                Order::Publish(Publish { contact: String::new(), ..publish(ruleset) }),
            ),
            never(
                "publish elsewhere",
                Order::Publish(Publish { channel: text("elsewhere"), ..publish(ruleset) }),
            ),
        ],
        Verb::RaiseObjection => {
            let raise = |words: &str| RaiseObjection { text: text(words), channel: text("letter") };
            let mut all = vec![never("object to the notice in silence", Order::RaiseObjection(raise("")))];
            if task.notice.as_ref().is_some_and(|notice| notice.objections.is_empty()) {
                all.push(good("object to the notice", Order::RaiseObjection(raise("it still leaks"))));
            }
            all
        }
        Verb::AnswerObjection => {
            let answer = |number, upheld, words: &str| {
                Order::AnswerObjection(AnswerObjection { number, upheld, answer: text(words) })
            };
            vec![
                good("reject the objection", answer(1, false, "measured, clean")),
                good("uphold the objection", answer(1, true, "true, it leaks")),
                never("answer an objection nobody made", answer(9, false, "measured, clean")),
                never("answer in silence", answer(1, false, "")),
            ]
        }
        _ => vec![
            good("close the notice", Order::CloseNotice(CloseNotice { record: text("page 3") })),
            never(
                "close the notice without a record",
                Order::CloseNotice(CloseNotice { record: String::new() }),
            ),
        ],
    }
}

fn closings(verb: Verb, task: &Task, today: Date, ruleset: &Ruleset, roads: SideRoads) -> Vec<Choice> {
    let later = |days: i64| today.checked_add(days.days()).expect("the walk stays within the calendar");
    match verb {
        Verb::SignOff => vec![good("sign", Order::SignOff(sign_off()))],
        Verb::Recheck => {
            let recheck = |passed, document: &str, opinion: &str| {
                Order::Recheck(Recheck { passed, document: text(document), opinion: text(opinion) })
            };
            vec![
                good("re-check", recheck(true, "", "")),
                good("re-check by document", recheck(true, "City letter 12", "")),
                good("re-check and return", recheck(false, "City letter 12", "it is not done")),
                never("return without an opinion", recheck(false, "City letter 12", "")),
            ]
        }
        Verb::File => vec![
            good("file", Order::File(File { number: text("F-1") })),
            never("file without a number", Order::File(File { number: text(" ") })),
        ],
        Verb::LookBack => {
            let look =
                |verdict, findings: &str| Order::LookBack(LookBack { verdict, findings: text(findings) });
            vec![
                good("look back: held", look(Verdict::Held, "clean")),
                good("look back: rebounded", look(Verdict::Rebounded, "it leaks again")),
                good("look back: fake", look(Verdict::Fake, "never laid")),
                never("look back without findings", look(Verdict::Held, "")),
            ]
        }
        Verb::CheckSustained => {
            let check = |held| Order::CheckSustained(CheckSustained { held, findings: text("seen") });
            vec![good("sustained", check(true)), good("not sustained", check(false))]
        }
        Verb::Reopen => {
            let reopen = |due_on, document: &str| {
                Order::Reopen(Reopen { due_on, cause: text("the pipe broke"), document: text(document) })
            };
            vec![
                good("reopen", reopen(later(30), "Minutes 9")),
                never("reopen into the past", reopen(later(-1), "Minutes 9")),
                never("reopen without a decision", reopen(later(30), "")),
            ]
        }
        Verb::Suspend if !roads.suspension => Vec::new(),
        Verb::Suspend => {
            let suspend = |until, document: &str| {
                Order::Suspend(Suspend { reason: text("court case"), document: text(document), until })
            };
            vec![
                good("suspend", suspend(later(40), "Minutes 4")),
                never("suspend without a decision", suspend(later(40), "")),
                never("suspend until today", suspend(today, "Minutes 4")),
            ]
        }
        Verb::Resume => vec![good("resume", Order::Resume(Resume { remark: String::new() }))],
        Verb::Void => {
            let void = |document: &str| {
                Order::Void(Void { reason: text("twice on the list"), document: text(document) })
            };
            vec![good("void", void("Minutes 3")), never("void without a decision", void(""))]
        }
        Verb::Transfer if !roads.transfer => Vec::new(),
        Verb::Transfer => {
            let transfer = |lead: &str| {
                Order::Transfer(Transfer {
                    duties: Default::default(),
                    lead: unit(lead),
                    reason: text("new duties"),
                    document: text("Minutes 6"),
                })
            };
            vec![
                good("transfer to the second department", transfer("second")),
                good("transfer to the town", transfer("town")),
                never("transfer to the accepting bureau", transfer("bureau")),
                never("transfer to nobody", transfer("leadership")),
            ]
        }
        _ => remarks(verb, task, ruleset),
    }
}

fn remarks(verb: Verb, task: &Task, ruleset: &Ruleset) -> Vec<Choice> {
    match verb {
        // One file of each kind is enough; more would multiply the walk and change no guard.
        Verb::Attach if task.state == State::Rectifying => {
            let here = |role: &EvidenceRole| {
                task.evidence.iter().any(|e| e.file.role == *role && e.round == task.counts.reopened)
            };
            let owed = ruleset.evidence_for(task.kind).into_iter().filter(|role| !here(role));
            let bad = Evidence { sha256: text("no hash"), ..evidence(EvidenceRole::After) };
            let mut all = vec![never("attach a file that is not there", Order::Attach(bad))];
            all.extend(owed.map(|role| good("attach", Order::Attach(evidence(role)))));
            all
        }
        Verb::SetPoint if task.points.is_empty() && task.state == State::Registered => {
            let at =
                |lat_e6| Place { lat_e6, lon_e6: 105_000_000, datum: Datum::Cgcs2000, accuracy_m: Some(5) };
            vec![
                good("give a place", Order::SetPoint(Point { name: text("outlet"), place: at(31_000_000) })),
                never(
                    "give a place off the earth",
                    Order::SetPoint(Point { name: text("moon"), place: at(91_000_000) }),
                ),
            ]
        }
        Verb::SetFlag => {
            let flag =
                |reason: &str| Order::SetFlag(SetFlag { flag: Some(Flag::Lagging), reason: text(reason) });
            vec![good("set the flag", flag("rain")), never("set the flag without a reason", flag(""))]
        }
        Verb::Remind => vec![
            good("remind", Order::Remind(Remind::default())),
            never("remind at length", Order::Remind(Remind { text: "x".repeat(10_000) })),
        ],
        Verb::Note => vec![
            good("note", Order::Note(Note { text: text("called the contractor") })),
            never("note nothing", Order::Note(Note { text: String::new() })),
        ],
        _ => Vec::new(),
    }
}
