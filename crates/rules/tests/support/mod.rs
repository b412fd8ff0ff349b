//! A small office (机构) for the tests of the loop: one district with its leadership, an environment bureau that
//! accepts, a town that leads, a second town and a second department, two units of inspectors, a city and a province.
//!
//! Every post is held by one person of its own, except the posts of `double`, who wears four hats and must never
//! take two of the four steps. [`Story`] tells a task's life in sentences: given, when, then.

pub mod explore;
pub mod orders;
pub mod witness;

use bihuan_rules::{
    Actor, Refusal, Situation,
    calendar::Calendar,
    id::{PersonId, PostId, ProblemId, SourceId, TaskId, UnitId},
    office::{Level, Office, OfficeAct, Person, Post, Role, Unit, UnitKind},
    ruleset::{self, Conclusion, Ruleset},
    task::*,
};
use jiff::{Timestamp, ToSpan, civil::Date, tz};
use std::collections::BTreeSet;

/// Unit, kind and level of every unit of the office.
const UNITS: [(&str, UnitKind, Level); 11] = [
    ("leadership", UnitKind::Leadership, Level::County),
    ("committee", UnitKind::Leadership, Level::County),
    ("eco-office", UnitKind::Department, Level::County),
    ("bureau", UnitKind::Department, Level::County),
    ("second", UnitKind::Department, Level::County),
    ("town", UnitKind::Town, Level::Town),
    ("neighbour", UnitKind::Town, Level::Town),
    ("inspectorate", UnitKind::Department, Level::County),
    ("discipline", UnitKind::Department, Level::County),
    ("city", UnitKind::Superior, Level::City),
    ("province", UnitKind::Superior, Level::Province),
];

/// Post, unit and roles of every post that one person of its own holds.
const POSTS: [(&str, &str, &[Role]); 18] = [
    ("registrar", "eco-office", &[Role::Registrar]),
    ("publisher", "eco-office", &[Role::Publisher]),
    ("committee", "committee", &[Role::Committee]),
    ("chief", "leadership", &[Role::Chief]),
    ("town", "town", &[Role::Responsible]),
    ("neighbour", "neighbour", &[Role::Responsible]),
    ("second", "second", &[Role::Responsible]),
    ("verifier-1", "bureau", &[Role::Verifier]),
    ("verifier-2", "bureau", &[Role::Verifier]),
    ("verifier-3", "second", &[Role::Verifier]),
    ("verifier-of-the-town", "town", &[Role::Verifier]),
    ("inspector", "inspectorate", &[Role::Inspector]),
    ("discipline", "discipline", &[Role::Inspector]),
    ("discipline-2", "discipline", &[Role::Inspector]),
    ("city", "city", &[Role::Superior]),
    ("province", "province", &[Role::Superior]),
    ("auditor", "discipline", &[Role::Auditor]),
    ("administrator", "eco-office", &[Role::Administrator]),
];

/// The posts that one and the same person, `double`, holds.
pub const DOUBLE_POSTS: [(&str, &str, &[Role]); 4] = [
    ("double-town", "town", &[Role::Responsible]),
    ("double-bureau", "bureau", &[Role::Verifier]),
    ("double-leadership", "leadership", &[Role::Chief, Role::Committee]),
    ("double-inspectorate", "inspectorate", &[Role::Inspector]),
];

/// A unit of the office.
pub fn unit(id: &str) -> UnitId {
    UnitId::new(id).expect("test units have plain codes")
}

/// A post of the office.
pub fn post(id: &str) -> PostId {
    PostId::new(id).expect("test posts have plain codes")
}

/// A person of the office; each is called like the post, or `double`.
pub fn person(id: &str) -> PersonId {
    PersonId::new(id).expect("test persons have plain codes")
}

/// A task number.
pub fn task_id(id: &str) -> TaskId {
    TaskId::new(id).expect("test tasks have plain codes")
}

/// A date, written as in a document.
pub fn day(text: &str) -> Date {
    text.parse().expect("test dates are dates")
}

/// Ten in the morning of that day in China Standard Time.
pub fn morning(date: Date) -> Timestamp {
    tz::offset(8).to_timestamp(date.at(10, 0, 0, 0)).expect("test dates are within the range of the clock")
}

/// The district that every test takes place in.
pub struct District {
    /// Units, posts, persons.
    pub office: Office,
    /// The procedures that come with the program.
    pub rulesets: Vec<Ruleset>,
    /// Everybody who acts: one actor for each post.
    pub actors: Vec<Actor>,
}

impl District {
    /// Builds the office from its acts, as the ledger would.
    pub fn new() -> District {
        let mut office = Office::default();
        let from = day("2019-01-01");
        for (id, kind, level) in UNITS {
            let parent = (id != "province").then(|| match level {
                Level::City => unit("province"),
                _ if id == "leadership" => unit("city"),
                _ => unit("leadership"),
            });
            office.apply(&OfficeAct::UnitSet(Unit {
                id: unit(id),
                name: format!("unit {id}"),
                formerly: Vec::new(),
                aliases: Vec::new(),
                parent: parent.filter(|parent| parent != &unit(id)),
                kind,
                level,
                closed_on: None,
            }));
        }
        let own = POSTS.iter().map(|(id, unit, roles)| (*id, *id, *unit, *roles));
        let double = DOUBLE_POSTS.iter().map(|(id, unit, roles)| ("double", *id, *unit, *roles));
        let mut actors = Vec::new();
        for (holder, id, of, roles) in own.chain(double) {
            let roles: BTreeSet<Role> = roles.iter().copied().collect();
            office.apply(&OfficeAct::PostSet(Post {
                id: post(id),
                unit: unit(of),
                title: id.to_owned(),
                roles,
            }));
            office.apply(&OfficeAct::PersonSet(Person {
                id: person(holder),
                name: holder.to_owned(),
                formerly: Vec::new(),
            }));
            office.apply(&OfficeAct::PostTaken { post: post(id), person: person(holder), from });
            actors.push(office.actor(&person(holder), &post(id), from).expect("the post was just taken"));
        }
        District { office, rulesets: ruleset::shipped(), actors }
    }

    /// Who acts in a post.
    pub fn actor(&self, post_id: &str) -> &Actor {
        self.actors.iter().find(|actor| actor.post.as_str() == post_id).expect("the post is in the office")
    }

    /// A procedure by name.
    pub fn ruleset(&self, name: &str) -> &Ruleset {
        self.rulesets.iter().find(|ruleset| ruleset.name == name).expect("the ruleset is shipped")
    }

    /// The situation of an actor on a day.
    pub fn situation<'a>(&'a self, by: &'a Actor, on: Date, ruleset: &'a Ruleset) -> Situation<'a> {
        let records = &bihuan_rules::record::NONE;
        Situation {
            by,
            at: morning(on),
            ruleset,
            calendar: Calendar::embedded(),
            office: &self.office,
            records,
        }
    }
}

/// A task as it is put on the list, before anything varies.
pub fn registration(ruleset: &str, level: Level) -> Registered {
    Registered {
        problems: vec![ProblemId::new("XX-2021-0001").expect("a plain code")],
        parent: None,
        source: SourceId::new("S-1").expect("a plain code"),
        field: "water".to_owned(),
        area: Some(unit("town")),
        ruleset: ruleset.to_owned(),
        title: "The drain behind the market".to_owned(),
        kind: TaskKind::Works,
        level,
        items: 3,
        goal: "No waste water in the ditch".to_owned(),
        measures: vec!["Lay the pipe".to_owned(), "Clear the ditch".to_owned()],
        deadline_text: "before the end of June 2021".to_owned(),
        due_on: Some(day("2021-06-30")),
        immediate: false,
        sustain: false,
        proposal: Proposal::default(),
        received_on: None,
        issued_on: None,
    }
}

/// The usual assignment: the town leads, its neighbour helps, the bureau accepts.
pub fn assign(due_on: Option<Date>) -> Assign {
    let parties = Parties {
        lead: unit("town"),
        co: BTreeSet::from([unit("neighbour")]),
        supervising: Some(unit("eco-office")),
        acceptance: unit("bureau"),
        guarantor: Some(post("chief")),
    };
    Assign { parties, duties: BTreeSet::new(), due_on, remark: String::new() }
}

/// A plan with two measures and one milestone by that day.
pub fn plan(milestone_on: Date) -> Plan {
    Plan {
        goal: "No waste water in the ditch".to_owned(),
        measures: vec!["Lay the pipe".to_owned(), "Clear the ditch".to_owned()],
        milestones: vec![MilestonePlan {
            text: "Pipe laid".to_owned(),
            due_on: milestone_on,
            post: Some(post("town")),
        }],
        standard: "Water of class III at the outlet".to_owned(),
        due_on: None,
    }
}

/// A file that shows something.
pub fn evidence(role: EvidenceRole) -> Evidence {
    Evidence {
        sha256: "0123456789abcdef".repeat(4),
        name: format!("{}.jpg", role.name()),
        media_type: "image/jpeg".to_owned(),
        size_bytes: 120_000,
        role,
        caption: String::new(),
        taken_at: None,
        taken_where: None,
        fingerprint: None,
        proof: None,
    }
}

/// A claim that answers every measure still owed.
pub fn claim(task: &Task) -> Claim {
    let owed = task.measures.iter().filter(|measure| !measure.waived);
    Claim {
        results: owed
            .map(|m| MeasureResult { number: m.number, text: format!("done: {}", m.text) })
            .collect(),
        summary: "All measures are carried out".to_owned(),
        ..Claim::default()
    }
}

/// A verification on site with these companions, who each act in the post of their name, answering every standard.
pub fn verify(ruleset: &Ruleset, conclusion: Conclusion, companions: &[&str], checked_on: Date) -> Verify {
    Verify {
        companions: companions.iter().map(|id| (person(id), post(id))).collect(),
        method: Method::OnSite,
        checked_on,
        findings: Vec::new(),
        standards: (1..=ruleset.verify.standards.len()).collect(),
        conclusion,
        opinion: "Seen on site".to_owned(),
    }
}

/// The notice that publishes the result, where the procedure wants it.
pub fn publish(ruleset: &Ruleset) -> Publish {
    Publish {
        text: "The drain was repaired".to_owned(),
        contact: "Eco-office, 0000-0000000".to_owned(),
        channel: ruleset.notice.channels[0].clone(),
    }
}

/// A signature with minutes.
pub fn sign_off() -> SignOff {
    SignOff { minutes: "Minutes 2021-07".to_owned(), opinion: "Agreed".to_owned() }
}

/// The life of one task, told in sentences.
pub struct Story {
    /// Where it takes place.
    pub district: District,
    /// The procedure.
    pub ruleset: Ruleset,
    /// The task now.
    pub task: Task,
    /// Everything that happened, as the ledger would tell it.
    pub events: Vec<(Stamp, TaskEvent)>,
    /// The day it is.
    pub today: Date,
}

impl Story {
    /// Given: a task on the list under this procedure, from a source of this level.
    pub fn given(ruleset: &str, level: Level) -> Story {
        Story::given_task(registration(ruleset, level))
    }

    /// Given: a task on the list, registered like this.
    pub fn given_task(registered: Registered) -> Story {
        let district = District::new();
        let ruleset = district.ruleset(&registered.ruleset).clone();
        let today = day("2021-03-01");
        let by = district.actor("registrar");
        let event =
            register(&district.situation(by, today, &ruleset), registered).expect("the registration is good");
        let stamp = Stamp::new(by, morning(today));
        let id = task_id("XX-2021-0001-1");
        let task = Task::replay(&id, [(stamp.clone(), &event)]).expect("registered");
        Story { district, ruleset, task, events: vec![(stamp, event)], today }
    }

    /// Somebody tries something; nothing has happened yet.
    pub fn tries(&self, post: &str, order: Order) -> Result<TaskEvent, Refusal> {
        let by = self.district.actor(post);
        self.task.decide(&self.district.situation(by, self.today, &self.ruleset), order)
    }

    /// When: somebody does something, and it is accepted.
    #[track_caller]
    pub fn when(&mut self, post: &str, order: Order) -> &mut Story {
        let state = self.task.state;
        let verb = order.verb();
        let event = self
            .tries(post, order)
            .unwrap_or_else(|no| panic!("{post} could not {} while {state:?}: {no}", verb.slug()));
        let stamp = Stamp::new(self.district.actor(post), morning(self.today));
        self.task = self.task.clone().after(&stamp, &event);
        self.events.push((stamp, event));
        self
    }

    /// When: days go by.
    pub fn days_pass(&mut self, days: i64) -> &mut Story {
        self.today = self.today.checked_add(days.days()).expect("tests stay within the calendar");
        self
    }

    /// Then: the task stands here.
    #[track_caller]
    pub fn then(&mut self, state: State) -> &mut Story {
        assert_eq!(self.task.state, state);
        self
    }

    /// Then: the same attempt is refused like this, and the task stays as it was.
    #[track_caller]
    pub fn then_refused(&mut self, post: &str, order: Order, refusal: &Refusal) -> &mut Story {
        let before = self.task.clone();
        assert_eq!(self.tries(post, order).as_ref().err(), Some(refusal));
        assert_eq!(self.task, before);
        self
    }

    /// Assigned, planned and approved.
    #[track_caller]
    pub fn until_rectifying(&mut self) -> &mut Story {
        self.when("registrar", Order::Assign(assign(None)));
        if self.task.state == State::Assigned {
            let milestone_on = self.task.deadline.due_on.unwrap_or(self.today);
            self.when("town", Order::Plan(plan(milestone_on)));
            self.when("committee", Order::ReviewPlan(ReviewPlan { approve: true, remark: String::new() }));
        }
        self.then(State::Rectifying)
    }

    /// With every piece of evidence, claimed by the town.
    #[track_caller]
    pub fn until_claimed(&mut self) -> &mut Story {
        for role in self.ruleset.evidence_for(self.task.kind) {
            self.when("town", Order::Attach(evidence(role)));
        }
        let order = claim(&self.task);
        self.when("town", Order::Claim(order)).then(State::Claimed)
    }

    /// Checked by the bureau, with companions of the bureau and the second department.
    #[track_caller]
    pub fn until_verified(&mut self) -> &mut Story {
        let order = verify(&self.ruleset, Conclusion::Pass, &["verifier-2", "verifier-3"], self.today);
        self.when("verifier-1", Order::Verify(order))
    }

    /// Published, run its term and closed without objections.
    #[track_caller]
    pub fn until_notice_closed(&mut self) -> &mut Story {
        let order = publish(&self.ruleset);
        self.when("publisher", Order::Publish(order)).then(State::Notice);
        let ends_on = self.task.notice.as_ref().expect("just opened").opened.ends_on;
        self.today = ends_on.tomorrow().expect("tests stay within the calendar");
        self.when("publisher", Order::CloseNotice(CloseNotice { record: "page 3".to_owned() }))
    }

    /// Signed by whoever signs under this procedure.
    #[track_caller]
    pub fn until_signed(&mut self) -> &mut Story {
        let signer = if self.ruleset.sign.by == Role::Chief { "chief" } else { "committee" };
        self.when(signer, Order::SignOff(sign_off())).then(State::Signed)
    }

    /// From the list to the end of the loop, under any procedure.
    #[track_caller]
    pub fn until_closed(&mut self) -> &mut Story {
        if self.task.state == State::Registered {
            self.until_rectifying();
        }
        self.until_claimed().until_verified();
        if self.task.state == State::Verified {
            self.until_notice_closed().until_signed();
        } else {
            self.until_signed().until_notice_closed();
        }
        if self.ruleset.rechecks(self.task.level).is_some() {
            let document = "City letter 12".to_owned();
            self.when(
                "registrar",
                Order::Recheck(Recheck { passed: true, document, opinion: String::new() }),
            );
        } else {
            self.when("registrar", Order::File(File { number: "F-1".to_owned() }));
        }
        self.then(State::Closed)
    }
}
