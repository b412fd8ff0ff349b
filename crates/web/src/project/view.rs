//! Projects as other pages show them: linked with a task or a problem, and what a post must do about them.

use super::{ROWS_MAX, at_risk_days, may_read, tags};
use crate::{app::App, failure::Failure, locale::Locale, session::Signed};
use bihuan_rules::{
    Subject,
    project::{Project, ProjectState},
};
use bihuan_store::{Connection, shelf};
use jiff::{ToSpan, civil::Date};

/// Most linked records that a page shows.
const LINKS_MAX: u32 = 20;

/// A link to something with its tags.
pub(crate) struct Link {
    /// Address.
    pub href: String,
    /// Title.
    pub title: String,
    /// What is said beside it.
    pub note: String,
    /// Tags: words and class.
    pub tags: Vec<(String, &'static str)>,
}

/// The projects that serve a task or a problem, as far as this reader may see them.
///
/// # Errors
/// When the engine refuses.
pub(crate) fn linked(
    app: &App,
    locale: Locale,
    signed: &Signed,
    connection: &mut Connection,
    subject: &Subject,
) -> Result<Vec<Link>, Failure> {
    let found = shelf::about::<Project>(connection, subject, LINKS_MAX)?;
    let link = |project: Project| Link {
        href: format!("/projects/{}", project.id),
        note: locale.text("project-until").with("on", locale.date(project.brief.due_on)).to_string(),
        tags: tags(app, locale, &project),
        title: project.brief.title,
    };
    let seen = found.into_iter().map(|(_, seen)| seen.record).filter(|project| may_read(signed, project));
    Ok(seen.map(link).collect())
}

/// Something to be done by a day.
pub(crate) struct Due {
    /// Where.
    pub link: Link,
    /// Until when, or since when.
    pub on: Date,
    /// The day is the last one; otherwise it is the day on which it came.
    pub is_term: bool,
}

/// What this post has to do about projects this week: its milestones that are near or missed, starts that are due,
/// acceptances that wait for its unit.
///
/// # Errors
/// When the engine refuses.
pub(crate) fn due(
    app: &App,
    locale: Locale,
    signed: &Signed,
    connection: &mut Connection,
) -> Result<Vec<Due>, Failure> {
    let (actor, today) = (&signed.actor, app.today());
    let horizon = today + 7.days();
    let mut dues = Vec::new();
    for (_, seen) in shelf::list::<Project>(connection, ROWS_MAX)? {
        let project = seen.record;
        let brief = &project.brief;
        let link = |note: String, late: bool, key: &str| Link {
            href: format!("/projects/{}", project.id),
            title: brief.title.clone(),
            note,
            tags: vec![(locale.say(key), if late { "late" } else { "near" })],
        };
        match project.state {
            ProjectState::Planned if brief.post == actor.post && brief.start_on <= horizon => {
                let link = link(locale.say("project-step-start"), brief.start_on < today, "due-start");
                dues.push(Due { link, on: brief.start_on, is_term: true });
            }
            ProjectState::Running => {
                let open = project.milestones.iter().filter(|milestone| !milestone.is_settled());
                for milestone in open.filter(|milestone| milestone.plan.until <= horizon) {
                    if milestone.plan.post.as_ref().unwrap_or(&brief.post) == &actor.post {
                        let late = milestone.plan.until < today;
                        let key = if late { "due-milestone-late" } else { "due-milestone" };
                        let link = link(milestone.plan.title.clone(), late, key);
                        dues.push(Due { link, on: milestone.plan.until, is_term: true });
                    }
                }
            }
            ProjectState::Finished if brief.acceptance == actor.unit && super::step::looks(signed) => {
                let on = project.finished.as_ref().map_or(today, |finished| finished.on);
                let on = on + i64::from(at_risk_days(app)).days();
                dues.push(Due {
                    link: link(locale.say("project-step-accept"), on < today, "due-accept"),
                    on,
                    is_term: true,
                });
            }
            _ => {}
        }
    }
    Ok(dues)
}
