//! What somebody may order about a project.

use super::{ENTRIES_MAX, Flaw, Milestone, Plan, Project, ProjectAct, ProjectState, Quantity, check};
use crate::{
    campaign::Campaign,
    id::RecordId,
    kept_file::{self, KeptFile},
    office::Role,
    record::Kind,
    refusal::Refusal,
    situation::Situation,
    task::Relation,
    text,
};
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};

/// What stands around a project: what it may wait for, belong to and serve.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Around {
    /// Every project.
    pub projects: BTreeMap<RecordId, Project>,
    /// Every campaign.
    pub campaigns: BTreeMap<RecordId, Campaign>,
    /// The subjects that a plan names and that exist.
    pub subjects: BTreeSet<String>,
}

/// Something that was reached on a day, with what shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reach {
    /// Number of the milestone or target, from 1.
    pub n: u32,
    /// The day.
    pub on: Date,
    /// What shows it.
    pub note: String,
    /// Files that show it.
    pub files: Vec<KeptFile>,
}

/// Words with the files that show them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reported {
    /// The words.
    pub text: String,
    /// Files.
    pub files: Vec<KeptFile>,
}

/// What somebody wants done with a project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProjectOrder {
    /// Plan it.
    Plan(Box<Plan>),
    /// Revise the plan, with the reason.
    Revise(Box<Plan>, String),
    /// Begin work on that day.
    Start(Date),
    /// Report progress.
    Report(Reported),
    /// A milestone is reached.
    Reach(Reach),
    /// A target stands at this value.
    ReportTarget(Reach, Quantity),
    /// Money was paid: source by number from 1, yuan, day, to whom and for what.
    Pay(u32, u64, Date, String),
    /// It is finished.
    Finish(Reported),
    /// Whether it is accepted.
    Accept(bool, Reported),
    /// Stop it.
    Stop(String),
}

/// Judges an order about a project. The office or the lead unit plans; only the office moves the final date back; the
/// lead unit and the posts named in the plan report; another unit, and a person without a hand in the work, accepts.
///
/// # Errors
/// A [`Refusal`] naming whose step it is, what it waits for, or the date that cannot be used.
pub fn decide(
    situation: &Situation<'_>,
    known: Option<&Project>,
    order: ProjectOrder,
    around: &Around,
) -> Result<ProjectAct, Refusal> {
    let Some(project) = known else {
        let ProjectOrder::Plan(plan) = order else { return Err(not_open("none")) };
        plans(situation, &plan)?;
        return Ok(ProjectAct::Planned { plan: check::checked(situation, None, around, *plan)? });
    };
    match order {
        ProjectOrder::Plan(_) => Err(Refusal::OnceOnly),
        ProjectOrder::Revise(plan, reason) => revise(situation, project, *plan, &reason, around),
        ProjectOrder::Start(on) => start(situation, project, on, around),
        ProjectOrder::Report(told) => {
            works(situation, project)?;
            in_state(project, &[ProjectState::Planned, ProjectState::Running])?;
            room(project.reports.len(), "text")?;
            let told = checked("text", told)?;
            Ok(ProjectAct::Reported { text: told.text, files: told.files })
        }
        ProjectOrder::Reach(reach) => reach_milestone(situation, project, reach),
        ProjectOrder::ReportTarget(reach, value) => report_target(situation, project, reach, value),
        ProjectOrder::Pay(fund, yuan, on, note) => pay(situation, project, fund, yuan, on, &note),
        ProjectOrder::Finish(told) => finish(situation, project, told),
        ProjectOrder::Accept(passed, told) => accept(situation, project, passed, told),
        ProjectOrder::Stop(reason) => {
            let may = [Role::Registrar, Role::Committee];
            if !may.iter().any(|role| situation.by.roles.contains(role)) {
                return Err(Refusal::NotYours { role: Role::Committee, relation: Relation::Anyone });
            }
            in_state(project, &[ProjectState::Planned, ProjectState::Running, ProjectState::Finished])?;
            Ok(ProjectAct::Stopped { reason: text::required("reason", &reason, text::PASSAGE_CHARS_MAX)? })
        }
    }
}

fn not_open(state: &'static str) -> Refusal {
    Refusal::NotOpen { kind: Kind::Project, state }
}

fn in_state(project: &Project, states: &[ProjectState]) -> Result<(), Refusal> {
    if states.contains(&project.state) { Ok(()) } else { Err(not_open(project.state.name())) }
}

fn room(entries: usize, field: &'static str) -> Result<(), Refusal> {
    if entries < ENTRIES_MAX { Ok(()) } else { Err(Refusal::TooMany { field, limit: ENTRIES_MAX }) }
}

fn checked(field: &'static str, told: Reported) -> Result<Reported, Refusal> {
    Ok(Reported {
        text: text::required(field, &told.text, text::PASSAGE_CHARS_MAX)?,
        files: kept_file::checked(told.files)?,
    })
}

fn is_office(situation: &Situation<'_>) -> bool {
    situation.by.roles.contains(&Role::Registrar)
}

/// The office plans any project, a unit its own.
fn plans(situation: &Situation<'_>, plan: &Plan) -> Result<(), Refusal> {
    let by = situation.by;
    let own = by.roles.contains(&Role::Responsible) && by.unit == plan.brief.lead;
    if own || is_office(situation) {
        Ok(())
    } else {
        Err(Refusal::NotYours { role: Role::Registrar, relation: Relation::Anyone })
    }
}

/// The lead unit works on it, and the post that answers for it.
fn works(situation: &Situation<'_>, project: &Project) -> Result<(), Refusal> {
    let by = situation.by;
    let own = by.roles.contains(&Role::Responsible) && by.unit == project.brief.lead;
    if own || by.post == project.brief.post {
        Ok(())
    } else {
        Err(Refusal::NotYours { role: Role::Responsible, relation: Relation::Lead })
    }
}

fn past(situation: &Situation<'_>, field: &'static str, on: Date) -> Result<(), Refusal> {
    let today = situation.today();
    if on > today { Err(Refusal::DateAfter { field, limit: today }) } else { Ok(()) }
}

fn revise(
    situation: &Situation<'_>,
    project: &Project,
    plan: Plan,
    reason: &str,
    around: &Around,
) -> Result<ProjectAct, Refusal> {
    if !is_office(situation) {
        works(situation, project)?;
        if plan.brief.due_on > project.brief.due_on {
            return Err(Refusal::DateAfter { field: "final_on", limit: project.brief.due_on });
        }
        let handed_on =
            plan.brief.lead != project.brief.lead || plan.brief.acceptance != project.brief.acceptance;
        if handed_on {
            return Err(Refusal::NotYours { role: Role::Registrar, relation: Relation::Anyone });
        }
    }
    in_state(project, &[ProjectState::Planned, ProjectState::Running])?;
    room(project.revisions.len(), "reason")?;
    let reason = text::required("reason", reason, text::PASSAGE_CHARS_MAX)?;
    Ok(ProjectAct::Revised { plan: check::checked(situation, Some(project), around, plan)?, reason })
}

fn start(
    situation: &Situation<'_>,
    project: &Project,
    on: Date,
    around: &Around,
) -> Result<ProjectAct, Refusal> {
    works(situation, project)?;
    in_state(project, &[ProjectState::Planned])?;
    past(situation, "started_on", on)?;
    let is_done = |id: &&RecordId| {
        around
            .projects
            .get(*id)
            .is_none_or(|before| before.state.is_over() || before.state == ProjectState::Finished)
    };
    match project.brief.after.iter().find(|id| !is_done(id)) {
        Some(waits) => {
            let title = around.projects.get(waits).map(|before| before.brief.title.clone());
            Err(Refusal::Waits { on: title.unwrap_or_else(|| waits.to_string()) })
        }
        None => Ok(ProjectAct::Started { on }),
    }
}

fn milestone(project: &Project, n: u32) -> Result<(usize, &Milestone), Refusal> {
    let place = usize::try_from(n).ok().and_then(|n| n.checked_sub(1));
    place
        .and_then(|place| Some((place, project.milestones.get(place)?)))
        .ok_or_else(|| Refusal::Unknown { field: "milestone", value: n.to_string() })
}

fn reach_milestone(
    situation: &Situation<'_>,
    project: &Project,
    reach: Reach,
) -> Result<ProjectAct, Refusal> {
    let (place, known) = milestone(project, reach.n)?;
    if known.plan.post.as_ref() != Some(&situation.by.post) {
        works(situation, project)?;
    }
    in_state(project, &[ProjectState::Running])?;
    if known.plan.dropped {
        return Err(Refusal::Unknown { field: "milestone", value: reach.n.to_string() });
    }
    if known.reached.is_some() {
        return Err(Refusal::OnceOnly);
    }
    past(situation, "reached_on", reach.on)?;
    if let Some(started) = project.started_on.filter(|started| reach.on < *started) {
        return Err(Refusal::DateBefore { field: "reached_on", limit: started });
    }
    for on in project.waits_for(place) {
        let Some(before) = project.milestones.get(on) else { continue };
        match &before.reached {
            None => return Err(Refusal::Waits { on: before.plan.title.clone() }),
            Some(reached) if reached.on > reach.on => {
                return Err(Refusal::DateBefore { field: "reached_on", limit: reached.on });
            }
            Some(_) => {}
        }
    }
    Ok(ProjectAct::MilestoneReached {
        n: reach.n,
        on: reach.on,
        note: text::required("shown_by", &reach.note, text::PASSAGE_CHARS_MAX)?,
        files: kept_file::checked(reach.files)?,
    })
}

fn report_target(
    situation: &Situation<'_>,
    project: &Project,
    reach: Reach,
    value: Quantity,
) -> Result<ProjectAct, Refusal> {
    works(situation, project)?;
    in_state(project, &[ProjectState::Running])?;
    let place = usize::try_from(reach.n).ok().and_then(|n| n.checked_sub(1));
    let target = place.and_then(|place| project.targets.get(place));
    let target = target.ok_or_else(|| Refusal::Unknown { field: "target", value: reach.n.to_string() })?;
    room(target.readings.len(), "value")?;
    past(situation, "measured_on", reach.on)?;
    Ok(ProjectAct::TargetReported {
        n: reach.n,
        value,
        on: reach.on,
        note: text::required("shown_by", &reach.note, text::PASSAGE_CHARS_MAX)?,
        files: kept_file::checked(reach.files)?,
    })
}

fn pay(
    situation: &Situation<'_>,
    project: &Project,
    fund: u32,
    yuan: u64,
    on: Date,
    note: &str,
) -> Result<ProjectAct, Refusal> {
    if !is_office(situation) {
        works(situation, project)?;
    }
    in_state(
        project,
        &[ProjectState::Planned, ProjectState::Running, ProjectState::Finished, ProjectState::Accepted],
    )?;
    room(project.payments.len(), "yuan")?;
    past(situation, "paid_on", on)?;
    let place = usize::try_from(fund).ok().and_then(|fund| fund.checked_sub(1));
    let known = place.and_then(|place| project.funds.get(place));
    let known = known.ok_or_else(|| Refusal::Unknown { field: "fund", value: fund.to_string() })?;
    if yuan == 0 {
        return Err(Refusal::Missing { field: "yuan" });
    }
    let paid_yuan = project.paid_from(fund).saturating_add(yuan);
    if paid_yuan > known.planned_yuan {
        return Err(Refusal::Overpaid { planned_yuan: known.planned_yuan, paid_yuan });
    }
    Ok(ProjectAct::Paid { fund, yuan, on, note: text::required("note", note, text::LINE_CHARS_MAX)? })
}

fn finish(situation: &Situation<'_>, project: &Project, told: Reported) -> Result<ProjectAct, Refusal> {
    works(situation, project)?;
    in_state(project, &[ProjectState::Running])?;
    if let Some(n) = project.milestones.iter().position(|milestone| !milestone.is_settled()) {
        return Err(Refusal::MilestoneOpen { n: n + 1 });
    }
    if let Some(n) = project.targets.iter().position(|target| !target.is_met()) {
        return Err(Refusal::TargetOpen { n: n + 1 });
    }
    let told = checked("achieved", told)?;
    Ok(ProjectAct::Finished { summary: told.text, files: told.files })
}

fn accept(
    situation: &Situation<'_>,
    project: &Project,
    passed: bool,
    told: Reported,
) -> Result<ProjectAct, Refusal> {
    let by = situation.by;
    let looks = [Role::Verifier, Role::Inspector, Role::Committee];
    if by.unit != project.brief.acceptance || !looks.iter().any(|role| by.roles.contains(role)) {
        return Err(Refusal::NotYours { role: Role::Verifier, relation: Relation::Acceptance });
    }
    in_state(project, &[ProjectState::Finished])?;
    if by.unit == project.brief.lead || by.post == project.brief.post || project.hands.contains(&by.person) {
        return Err(Refusal::OwnAcceptance);
    }
    let told = checked("opinion", told)?;
    Ok(ProjectAct::Accepted { passed, opinion: told.text, files: told.files })
}

impl From<Flaw> for Refusal {
    fn from(flaw: Flaw) -> Refusal {
        Refusal::Plan(flaw)
    }
}
