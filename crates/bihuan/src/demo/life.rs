//! A life (一生): what happens to one task from its registration to the day the story has reached.
//!
//! The life is planned against the rules themselves: every order is judged while it is planned, and again
//! when it is recorded through the one door.

use super::{
    dice::Dice,
    district,
    finding::Finding,
    picture::{Condition, Kind, Scene},
    stage::{Content, Piece, Stage, What, instant},
};
use anyhow::{Context, Result, anyhow};
use bihuan_rules::{
    duty,
    id::{PostId, ProblemId, RecordId, SourceId, TaskId, UnitId},
    office::{Level, Role},
    problem,
    task::{self, Evidence, EvidenceRole, Order, Parties, Stamp, State, Task, TaskAct, TaskKind},
};
use jiff::{ToSpan, civil::Date, civil::DateTime};
use std::collections::{BTreeMap, BTreeSet};

/// What will happen to a task, drawn before it begins.
#[derive(Debug, Clone)]
pub struct Fate {
    /// Calendar days from assignment or approval to the claim.
    pub work_days: i64,
    /// Asks for an extension.
    pub extends: bool,
    /// How often it is returned.
    pub returns: u8,
    /// Where it is returned.
    pub returned_at: State,
    /// The lead unit objects to the routing.
    pub objects: bool,
    /// The plan is returned once.
    pub plan_returned: bool,
    /// Somebody objects to the notice: upheld or not.
    pub objection: Option<bool>,
    /// Comes back after closing; whether it was fake.
    pub rebound: Option<bool>,
    /// Is suspended for a while.
    pub suspended: bool,
    /// Look-backs are done when they are owed.
    pub looked_after: bool,
    /// Everybody acts within a day.
    pub brisk: bool,
    /// Nothing happens after this state is entered.
    pub stops_at: Option<State>,
    /// An objection stays open.
    pub objection_stays_open: bool,
}

/// Words written by hand for a story; what is missing is drawn.
#[derive(Debug, Clone, Default)]
pub struct Lines {
    pub reports: Vec<String>,
    pub summary: String,
    pub opinion: String,
    pub look_backs: Vec<String>,
    pub rebound_cause: String,
}

/// A task before its life begins.
#[derive(Debug, Clone)]
pub struct Plot {
    pub problem: ProblemId,
    pub numbers: BTreeMap<String, String>,
    pub source: SourceId,
    pub level: Level,
    pub ruleset: String,
    pub field: String,
    pub kind: TaskKind,
    pub scene: Kind,
    pub area: UnitId,
    pub place_e6: (i64, i64),
    pub finding: Finding,
    pub registered_at: DateTime,
    pub found_on: Option<Date>,
    pub deadline_text: String,
    pub due_on: Option<Date>,
    pub immediate: bool,
    pub sustain: bool,
    pub lead: UnitId,
    pub co: Vec<UnitId>,
    pub acceptance: UnitId,
    pub items: u64,
    pub fate: Fate,
    pub lines: Lines,
    pub seed: u64,
}

/// Why a life stops being told.
pub enum Stop {
    /// The day of the story is reached, or the plot ends here.
    Over,
    /// The plot does not work.
    Fault(anyhow::Error),
}

impl From<anyhow::Error> for Stop {
    fn from(error: anyhow::Error) -> Stop {
        Stop::Fault(error)
    }
}

/// A step of the telling.
pub type Told = Result<(), Stop>;

/// A life being told.
pub struct Life<'a> {
    pub stage: &'a Stage,
    pub plot: &'a Plot,
    pub dice: Dice,
    pub id: TaskId,
    pub task: Option<Task>,
    pub now: DateTime,
    pub pieces: Vec<Piece>,
    pub fate: Fate,
    pub claim_on: Option<Date>,
    pub reports: usize,
    pub look_backs: usize,
}

impl<'a> Life<'a> {
    /// A life about to begin.
    pub fn new(stage: &'a Stage, plot: &'a Plot) -> Result<Life<'a>> {
        Ok(Life {
            stage,
            plot,
            dice: Dice::new(plot.seed, "life"),
            id: TaskId::new(format!("{}-1", plot.problem))?,
            task: None,
            now: plot.registered_at,
            pieces: Vec::new(),
            fate: plot.fate.clone(),
            claim_on: None,
            reports: 0,
            look_backs: 0,
        })
    }

    /// Tells it to the end.
    ///
    /// # Errors
    /// When the rules refuse a step: a fault of the script.
    pub fn tell(mut self) -> Result<Life<'a>> {
        let told = self.register().and_then(|()| self.go_on());
        self.done(told)
    }

    /// Ends the telling.
    pub fn done(self, told: Told) -> Result<Life<'a>> {
        match told {
            Ok(()) | Err(Stop::Over) => Ok(self),
            Err(Stop::Fault(error)) => {
                let state = self.task.as_ref().map_or("unregistered", |task| task.state.name());
                Err(error.context(format!("{} in state {state} at {}", self.id, self.now)))
            }
        }
    }

    /// The state the task is in.
    pub fn state(&self) -> Result<&Task> {
        self.task.as_ref().context("the task is not registered yet")
    }

    /// Moves on by so many working days, to some hour of work.
    pub fn wait(&mut self, from: i64, to: i64) {
        let (from, to) = if self.fate.brisk { (from.min(0), to.min(1)) } else { (from, to) };
        let days = u32::try_from(self.dice.between(from, to)).unwrap_or(0);
        let on = self.stage.calendar.add_working_days(self.now.date(), days).on;
        self.wait_until(on);
    }

    /// Moves on to that day, or the next working day, or later the same day.
    pub fn wait_until(&mut self, on: Date) {
        let on = self.stage.calendar.roll(on);
        let (hour, minute) = if self.dice.percent(55) {
            (self.dice.between(9, 11), self.dice.between(0, 54))
        } else {
            (self.dice.between(14, 17), self.dice.between(5, 44))
        };
        let small = |n: i64| i8::try_from(n).expect("hours and minutes are small");
        let second = self.dice.between(0, 59);
        let then = on.at(small(hour), small(minute), small(second), 0);
        self.now = if then > self.now {
            then
        } else {
            let later = self.now + self.dice.between(7, 25).minutes();
            if later.time() < jiff::civil::time(17, 50, 0, 0) {
                later
            } else {
                let next = self.stage.calendar.add_working_days(self.now.date(), 1).on;
                next.at(8, small(self.dice.between(40, 59)), small(second), 0)
            }
        };
    }

    /// One piece of work by whoever holds the post; every order is judged here already.
    pub fn act(&mut self, post: &str, what: Vec<What>) -> Told {
        let post = PostId::new(post).map_err(|error| anyhow!(error))?;
        self.act_by(&post, what)
    }

    /// The same, the post being known.
    pub fn act_by(&mut self, post: &PostId, what: Vec<What>) -> Told {
        let at = instant(self.now)?;
        if at > self.stage.cutoff {
            return Err(Stop::Over);
        }
        let by = self.stage.actor(post, self.now.date())?;
        for one in &what {
            self.judge(&by, at, one)?;
        }
        self.pieces.push(Piece { at, by, what });
        let stops = self.fate.stops_at;
        if stops.is_some() && self.task.as_ref().map(|task| task.state) == stops {
            return Err(Stop::Over);
        }
        Ok(())
    }

    fn judge(&mut self, by: &bihuan_rules::Actor, at: jiff::Timestamp, what: &What) -> Result<()> {
        let ruleset = self.stage.ruleset(&self.plot.ruleset)?;
        let situation = self.stage.situation(by, at, ruleset);
        let stamp = Stamp::new(by, at);
        let order = match what {
            What::Task(id, registered) if id == &self.id => {
                let event = task::register(&situation, (**registered).clone())?;
                self.task = Task::replay(id, [(stamp, &event)]);
                return Ok(());
            }
            What::Merge { .. } | What::Split(..) | What::Task(..) => return Ok(()),
            What::Order(_, order) => order.clone(),
            What::Attach(_, _, evidence) => Order::Attach(evidence.clone()),
            _ => return Ok(()),
        };
        let task = self.task.take().context("the task is not registered yet")?;
        let event = task.decide(&situation, order.clone()).with_context(|| format!("{order:?}"))?;
        self.task = Some(task.after(&stamp, &event));
        Ok(())
    }

    /// Wraps an order about this task.
    pub fn order(&self, order: Order) -> What {
        What::Order(self.id.clone(), order)
    }

    /// A picture of the place.
    pub fn picture(&mut self, role: EvidenceRole, condition: Condition, caption: &str) -> What {
        let scene = Scene {
            kind: self.plot.scene,
            condition,
            place: self.plot.seed,
            month: u8::try_from(self.now.month()).unwrap_or(1),
            shot: u32::try_from(self.dice.between(0, 0xFFFF)).unwrap_or(0),
            stamp: self.now,
        };
        let nth = self.task.as_ref().map_or(0, |task| task.evidence.len()) + 1;
        let name = format!("{}_{}_{}.jpg", self.id, caption_word(role), nth);
        let evidence = evidence(name, "image/jpeg", role, caption);
        What::Attach(self.id.clone(), Content::Picture(scene), evidence)
    }

    /// A text document.
    pub fn document(&self, role: EvidenceRole, title: &str, text: String) -> What {
        let name = format!("{}_{title}.txt", self.id);
        What::Attach(self.id.clone(), Content::Text(text), evidence(name, "text/plain", role, title))
    }

    pub(super) fn register(&mut self) -> Told {
        let plot = self.plot;
        let problem = problem::Registered {
            source: plot.source.clone(),
            numbers: plot.numbers.clone(),
            title: plot.finding.title.clone(),
            original_text: plot.finding.text.clone(),
            field: plot.field.clone(),
            area: Some(plot.area.clone()),
            found_on: plot.found_on,
            fingerprint: String::new(),
            cells: Vec::new(),
        };
        let mut what = vec![
            What::Problem(plot.problem.clone(), problem),
            What::Task(self.id.clone(), Box::new(self.registration())),
        ];
        let place = task::Place {
            lat_e6: plot.place_e6.1,
            lon_e6: plot.place_e6.0,
            datum: *self.dice.pick(&[
                task::Datum::Cgcs2000,
                task::Datum::Wgs84,
                task::Datum::Wgs84,
                task::Datum::Gcj02,
            ]),
            accuracy_m: Some(u32::try_from(self.dice.between(4, 25)).unwrap_or(10)),
        };
        let point = task::Point { name: plot.finding.place.clone(), place };
        what.push(self.order(Order::SetPoint(point)));
        if plot.kind != TaskKind::Policy {
            what.push(self.picture(EvidenceRole::Before, Condition::Before, "整改前"));
        }
        self.act(district::REGISTRAR, what)
    }

    /// The task as it is put on the list.
    pub fn registration(&self) -> task::Registered {
        let plot = self.plot;
        let office = &self.stage.office;
        let name = |unit: &UnitId| office.units.get(unit).map_or_else(String::new, |unit| unit.name.clone());
        task::Registered {
            problems: vec![plot.problem.clone()],
            parent: None,
            source: plot.source.clone(),
            field: plot.field.clone(),
            area: Some(plot.area.clone()),
            ruleset: plot.ruleset.clone(),
            title: plot.finding.title.clone(),
            kind: plot.kind,
            level: plot.level,
            items: plot.items,
            goal: plot.finding.goal.clone(),
            measures: plot.finding.measures.iter().map(|(measure, _)| measure.clone()).collect(),
            deadline_text: plot.deadline_text.clone(),
            due_on: plot.due_on,
            immediate: plot.immediate,
            sustain: plot.sustain,
            proposal: task::Proposal {
                lead: vec![name(&plot.lead)],
                co: plot.co.iter().map(name).collect(),
                acceptance: name(&plot.acceptance),
                ..task::Proposal::default()
            },
            received_on: None,
            issued_on: None,
        }
    }

    /// One step after the other, as the state asks for.
    pub fn go_on(&mut self) -> Told {
        loop {
            match self.state()?.state {
                State::Registered | State::Reassigning => self.assign()?,
                State::Assigned => self.plan()?,
                State::PlanReview => self.review_plan()?,
                State::Rectifying => self.rectify()?,
                State::ExtensionReview => self.decide_extension()?,
                State::Claimed => self.verify()?,
                State::Verified => self.publish()?,
                State::Notice => self.notice()?,
                State::PendingSignature => self.sign_off()?,
                State::Signed => self.finish()?,
                State::Closed => self.look_after()?,
                State::Rebounded => self.reopen()?,
                State::Suspended => self.resume()?,
                State::Void | State::Split | State::Merged => return Err(Stop::Over),
            }
        }
    }

    /// The duties that say why this unit leads: its own in the field, else the closest one of the day.
    fn duties(&self, lead: &UnitId) -> Result<BTreeSet<RecordId>> {
        let (office, records, on) = (&self.stage.office, &self.stage.records, self.now.date());
        let fitting = duty::fitting(records, office, lead, &self.state()?.field, on);
        let own = fitting.iter().filter(|(_, wording)| wording.is_held_by(office, lead));
        let own: BTreeSet<RecordId> = own.map(|(id, _)| (*id).clone()).collect();
        let first = || fitting.first().map(|(id, _)| (*id).clone()).into_iter().collect();
        Ok(if own.is_empty() { first() } else { own })
    }

    fn assign(&mut self) -> Told {
        self.wait(0, 2);
        let plot = self.plot;
        let again = self.state()?.state == State::Reassigning;
        if self.fate.stops_at == Some(State::Void) {
            self.wait(2, 4);
            let order = task::Void {
                reason: "经现场复核，反映情况与另一问题为同一点位的重复登记，且原问题已按程序整改，予以作废并保留记录。".to_owned(),
                document: self.minutes(),
            };
            let order = self.order(Order::Void(order));
            return self.act(district::COMMITTEE, vec![order]);
        }
        let guarantor = ["post-committee-2", "post-committee-3", "post-committee-4", district::COMMITTEE];
        let parties = Parties {
            lead: plot.lead.clone(),
            co: plot.co.iter().cloned().collect(),
            supervising: Some(UnitId::new("u-supervision").context("a fixed code")?),
            acceptance: plot.acceptance.clone(),
            guarantor: Some(PostId::new(*self.dice.pick(&guarantor)).context("a fixed code")?),
        };
        let remark = if again {
            "经核对权责清单和属地划分，该点位仍由你单位牵头，配合单位按职责协助。".to_owned()
        } else {
            "请按清单制、责任制、销号制要求落实，完成后附佐证材料申请销号。".to_owned()
        };
        let duties = self.duties(&parties.lead)?;
        let order = self.order(Order::Assign(task::Assign { parties, duties, due_on: None, remark }));
        self.act(district::REGISTRAR, vec![order])?;
        if self.fate.objects && !again {
            self.fate.objects = false;
            self.wait(1, 3);
            let reason =
                "该点位位于两镇交界，权属以河道中线为界，排口在对岸一侧，建议由对岸镇牵头或由行业部门统筹。"
                    .to_owned();
            let order = self.order(Order::Object(task::Object { reason }));
            let lead = plot.lead.clone();
            return self.act_for(&lead, Role::Responsible, vec![order]);
        }
        Ok(())
    }

    /// One piece of work by somebody of the unit with this role.
    pub fn act_for(&mut self, unit: &UnitId, role: Role, what: Vec<What>) -> Told {
        let post = self.stage.post(unit, role, &mut self.dice)?;
        self.act_by(&post, what)
    }

    /// Minutes of the committee in the year of the act.
    pub fn minutes(&mut self) -> String {
        format!("安环委会纪〔{}〕{}号", self.now.year(), self.now.month())
    }

    /// The task's newest act as the rules saw it; for checks of the script.
    pub fn lead(&self) -> Result<UnitId> {
        let parties = self.state()?.parties.as_ref().context("not assigned")?;
        Ok(parties.lead.clone())
    }
}

fn evidence(name: String, media_type: &str, role: EvidenceRole, caption: &str) -> Evidence {
    Evidence {
        sha256: "0".repeat(64),
        name,
        media_type: media_type.to_owned(),
        size_bytes: 0,
        role,
        caption: caption.to_owned(),
        taken_at: None,
        taken_where: None,
        fingerprint: None,
        proof: None,
    }
}

fn caption_word(role: EvidenceRole) -> &'static str {
    match role {
        EvidenceRole::Before => "整改前",
        EvidenceRole::During => "整改中",
        EvidenceRole::After => "整改后",
        EvidenceRole::Document => "资料",
        EvidenceRole::Verification => "核查",
        EvidenceRole::Notice => "公示",
        EvidenceRole::LookBack => "回头看",
    }
}

/// The registration of a split: the parts as tasks of their own.
pub fn replayed(id: &TaskId, stamp: Stamp, event: &task::TaskEvent) -> Result<Task> {
    match &event.act {
        TaskAct::Registered(_) => Task::replay(id, [(stamp, event)]).context("a part is registered"),
        _ => Err(anyhow!("no registration")),
    }
}
