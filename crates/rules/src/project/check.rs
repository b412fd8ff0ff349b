//! What a plan must hold: dates in order, dependencies that exist and lead nowhere in a circle, sums in range.

use super::{
    ABOUT_MAX, AFTER_MAX, Around, FUNDS_MAX, MILESTONES_MAX, Plan, Project, TARGETS_MAX, YUAN_MAX,
    plan::{Brief, Fund, MilestonePlan, TargetPlan},
    schedule,
};
use crate::{id::RecordId, problem::FIELDS, refusal::Refusal, situation::Situation, text};
use jiff::civil::Date;

/// Why the dates or dependencies of a plan cannot stand.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Flaw {
    /// A milestone ends before it starts.
    #[error("milestone {n} ends before it starts")]
    EndsBeforeStart {
        /// Its number, from 1.
        n: usize,
    },
    /// A milestone lies after the final date.
    #[error("milestone {n} ends after the final date {limit}")]
    AfterFinalDate {
        /// Its number, from 1.
        n: usize,
        /// The final date.
        limit: Date,
    },
    /// A milestone starts before the project does.
    #[error("milestone {n} starts before the project, which starts on {limit}")]
    BeforeProject {
        /// Its number, from 1.
        n: usize,
        /// The first day of the project.
        limit: Date,
    },
    /// A milestone comes after one that is not there.
    #[error("milestone {n} comes after milestone {on}, which does not exist")]
    UnknownDependency {
        /// Its number, from 1.
        n: usize,
        /// What was given.
        on: u32,
    },
    /// A milestone starts before the one it comes after has ended.
    #[error("milestone {n} starts before milestone {on} has ended")]
    BeforeDependency {
        /// Its number, from 1.
        n: usize,
        /// The one it comes after.
        on: u32,
    },
    /// Milestones wait for each other in a circle.
    #[error("milestones wait for each other: {path:?}")]
    Cycle {
        /// The round trip by numbers from 1; the first stands at the end again.
        path: Vec<usize>,
    },
    /// Projects wait for each other in a circle.
    #[error("projects wait for each other: {path:?}")]
    ProjectCycle {
        /// The round trip; the first stands at the end again.
        path: Vec<RecordId>,
    },
    /// A length is no length.
    #[error("the length of milestone {n} is out of range")]
    Duration {
        /// Its number, from 1.
        n: usize,
    },
    /// A milestone that was reached is changed.
    #[error("milestone {n} was reached and stays as it is")]
    Reached {
        /// Its number, from 1.
        n: usize,
    },
    /// A milestone is missing from the revised plan.
    #[error("milestone {n} is missing")]
    Gone {
        /// Its number, from 1.
        n: usize,
    },
}

/// The plan with its texts trimmed, if it can stand.
pub(super) fn checked(
    situation: &Situation<'_>,
    known: Option<&Project>,
    around: &Around,
    plan: Plan,
) -> Result<Plan, Refusal> {
    let brief = checked_brief(situation, known, around, plan.brief)?;
    if plan.milestones.len() > MILESTONES_MAX {
        return Err(Refusal::TooMany { field: "milestones", limit: MILESTONES_MAX });
    }
    let milestones = checked_milestones(situation, &brief, plan.milestones)?;
    if !milestones.iter().any(|milestone| !milestone.dropped) {
        return Err(Refusal::Missing { field: "milestones" });
    }
    if let Some(known) = known {
        stays_true(known, &milestones)?;
    }
    if plan.targets.len() > TARGETS_MAX {
        return Err(Refusal::TooMany { field: "targets", limit: TARGETS_MAX });
    }
    if known.is_some_and(|known| known.targets.len() > plan.targets.len()) {
        return Err(Refusal::Missing { field: "targets" });
    }
    let targets = plan.targets.into_iter().map(|target| {
        Ok(TargetPlan {
            indicator: text::required("targets", &target.indicator, text::LINE_CHARS_MAX)?,
            unit: text::required("targets", &target.unit, 40)?,
            ..target
        })
    });
    let targets = targets.collect::<Result<_, Refusal>>()?;
    let funds = checked_funds(known, plan.funds)?;
    Ok(Plan { brief, milestones, targets, funds })
}

fn checked_brief(
    situation: &Situation<'_>,
    known: Option<&Project>,
    around: &Around,
    brief: Brief,
) -> Result<Brief, Refusal> {
    let office = situation.office;
    office.open_unit("lead", &brief.lead)?;
    office.open_unit("acceptance", &brief.acceptance)?;
    if brief.lead == brief.acceptance {
        return Err(Refusal::OwnAcceptance);
    }
    if let Some(area) = &brief.area {
        office.open_unit("area", area)?;
    }
    if !office.posts.contains_key(&brief.post) {
        return Err(Refusal::Unknown { field: "post", value: brief.post.to_string() });
    }
    if !FIELDS.contains(&brief.field.as_str()) {
        return Err(Refusal::Unknown { field: "field", value: brief.field });
    }
    if brief.due_on < brief.start_on {
        return Err(Refusal::DateBefore { field: "final_on", limit: brief.start_on });
    }
    if let Some(campaign) = &brief.campaign {
        let unknown = || Refusal::Unknown { field: "campaign", value: campaign.to_string() };
        let campaign = around.campaigns.get(campaign).ok_or_else(unknown)?;
        if brief.due_on > campaign.plan.until {
            return Err(Refusal::DateAfter { field: "final_on", limit: campaign.plan.until });
        }
    }
    if brief.after.len() > AFTER_MAX {
        return Err(Refusal::TooMany { field: "after", limit: AFTER_MAX });
    }
    if let Some(unknown) = brief.after.iter().find(|id| !around.projects.contains_key(*id)) {
        return Err(Refusal::Unknown { field: "after", value: unknown.to_string() });
    }
    if let Some(known) = known {
        no_circle(known, &brief.after, around)?;
    }
    if brief.about.len() > ABOUT_MAX {
        return Err(Refusal::TooMany { field: "about", limit: ABOUT_MAX });
    }
    if let Some(unknown) = brief.about.iter().find(|subject| !around.subjects.contains(*subject)) {
        return Err(Refusal::Unknown { field: "about", value: unknown.clone() });
    }
    Ok(Brief {
        title: text::required("title", &brief.title, text::LINE_CHARS_MAX)?,
        content: text::optional("content", &brief.content, text::PASSAGE_CHARS_MAX)?,
        ..brief
    })
}

/// Projects must not wait for each other; a new one has nobody who waits for it yet.
fn no_circle(known: &Project, after: &[RecordId], around: &Around) -> Result<(), Refusal> {
    let ids: Vec<&RecordId> = around.projects.keys().collect();
    let place = |id: &RecordId| ids.binary_search(&id).ok();
    let edges: Vec<Vec<usize>> = ids
        .iter()
        .map(|id| {
            let after = if **id == known.id { after } else { around.projects[*id].brief.after.as_slice() };
            after.iter().filter_map(place).collect()
        })
        .collect();
    schedule::sorted(&edges).map(drop).map_err(|round| {
        Refusal::Plan(Flaw::ProjectCycle { path: round.into_iter().map(|at| ids[at].clone()).collect() })
    })
}

fn checked_milestones(
    situation: &Situation<'_>,
    brief: &Brief,
    milestones: Vec<MilestonePlan>,
) -> Result<Vec<MilestonePlan>, Refusal> {
    schedule::order(&milestones.iter().map(|milestone| milestone.after.clone()).collect::<Vec<_>>())
        .map_err(Refusal::Plan)?;
    for (n, milestone) in (1..).zip(&milestones) {
        if milestone.dropped {
            continue;
        }
        let flaw = if milestone.until < milestone.from {
            Some(Flaw::EndsBeforeStart { n })
        } else if milestone.until > brief.due_on {
            Some(Flaw::AfterFinalDate { n, limit: brief.due_on })
        } else if milestone.from < brief.start_on {
            Some(Flaw::BeforeProject { n, limit: brief.start_on })
        } else {
            let early = milestone.after.iter().find(|on| {
                let before = usize::try_from(**on).ok().and_then(|on| milestones.get(on - 1));
                before.is_some_and(|before| !before.dropped && before.until >= milestone.from)
            });
            early.map(|on| Flaw::BeforeDependency { n, on: *on })
        };
        if let Some(flaw) = flaw {
            return Err(Refusal::Plan(flaw));
        }
        if let Some(post) = milestone.post.as_ref().filter(|post| !situation.office.posts.contains_key(*post))
        {
            return Err(Refusal::Unknown { field: "milestones", value: post.to_string() });
        }
    }
    let trimmed = milestones.into_iter().map(|milestone| {
        Ok(MilestonePlan {
            title: text::required("milestones", &milestone.title, text::LINE_CHARS_MAX)?,
            ..milestone
        })
    });
    trimmed.collect()
}

/// What was reached stays as it was planned, and no place is lost.
fn stays_true(known: &Project, milestones: &[MilestonePlan]) -> Result<(), Refusal> {
    for (n, before) in (1..).zip(&known.milestones) {
        match milestones.get(n - 1) {
            None => return Err(Refusal::Plan(Flaw::Gone { n })),
            Some(wanted) if before.reached.is_some() && *wanted != before.plan => {
                return Err(Refusal::Plan(Flaw::Reached { n }));
            }
            Some(_) => {}
        }
    }
    Ok(())
}

fn checked_funds(known: Option<&Project>, funds: Vec<Fund>) -> Result<Vec<Fund>, Refusal> {
    if funds.len() > FUNDS_MAX {
        return Err(Refusal::TooMany { field: "funds", limit: FUNDS_MAX });
    }
    if known.is_some_and(|known| known.funds.len() > funds.len()) {
        return Err(Refusal::Missing { field: "funds" });
    }
    let mut checked = Vec::with_capacity(funds.len());
    for (n, fund) in (1..).zip(funds) {
        let paid = known.map_or(0, |known| known.paid_from(n));
        if fund.planned_yuan > YUAN_MAX {
            return Err(Refusal::Unknown { field: "funds", value: fund.planned_yuan.to_string() });
        }
        if fund.planned_yuan < paid {
            return Err(Refusal::Overpaid { planned_yuan: fund.planned_yuan, paid_yuan: paid });
        }
        checked.push(Fund { source: text::required("funds", &fund.source, text::LINE_CHARS_MAX)?, ..fund });
    }
    Ok(checked)
}
