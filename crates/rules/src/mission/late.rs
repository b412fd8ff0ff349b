//! Records that arrive late (离线补传): what a phone made without network is taken whatever the mission did meanwhile.
//!
//! Nothing that was seen may be lost because a colleague was quicker: a record fits any stop the team has been told of, while
//! the mission is under way, when it is over, and when it has been called off or opened.

use super::{
    Course, MissionOrder, MissionStep,
    decide::checked_answers,
    report::{REPORTS_MAX, Report, Saw},
};
use crate::{
    capture,
    finding::{Seen, checked_seen},
    office::Role,
    picture,
    record::Kind,
    refusal::Refusal,
    round::Round,
    situation::Situation,
    task::Relation,
    text,
};

/// Judges the orders of phones and what follows from them; any other order is given back.
///
/// # Errors
/// The order itself, when it is not of this kind.
pub(super) fn decide(
    situation: &Situation<'_>,
    round: &Round,
    course: &Course,
    order: MissionOrder,
) -> Result<Result<MissionStep, Refusal>, MissionOrder> {
    match order {
        MissionOrder::Report(n, report) => Ok(reported(situation, round, course, n, *report)),
        MissionOrder::FindAt(n, seen) => Ok(found(situation, course, n, *seen)),
        MissionOrder::Settle(n, field, key) => Ok(fits(situation, course, n).and_then(|visit| {
            let is_open = visit.conflicts().iter().any(|conflict| {
                conflict.field == field
                    && conflict.versions.iter().any(|version| version.report.made.key == key)
            });
            if !is_open {
                return Err(Refusal::Missing { field: "version" });
            }
            Ok(MissionStep::Settled { n, field, key })
        })),
        other => Err(other),
    }
}

/// The stop of a record: somebody of the team made it, and the team has been told of the stop.
fn fits<'c>(situation: &Situation<'_>, course: &'c Course, n: u32) -> Result<&'c super::Visit, Refusal> {
    if !course.team.has(&situation.by.person) {
        return Err(Refusal::NotYours { role: Role::Inspector, relation: Relation::Anyone });
    }
    let visit = course.visit(n).filter(|_| course.is_released(n));
    visit.ok_or(Refusal::NotOpen { kind: Kind::Mission, state: course.state() })
}

fn reported(
    situation: &Situation<'_>,
    round: &Round,
    course: &Course,
    n: u32,
    report: Report,
) -> Result<MissionStep, Refusal> {
    let visit = fits(situation, course, n)?;
    if course.has_record(&report.made.key) {
        return Err(Refusal::OnceOnly);
    }
    if visit.reports.len() >= REPORTS_MAX {
        return Err(Refusal::TooMany { field: "reports", limit: REPORTS_MAX });
    }
    capture::checked(&report.made, &report.captures)?;
    let photos: Vec<String> = report.captures.iter().map(|capture| capture.sha256.clone()).collect();
    let pictures = picture::checked(&photos, report.pictures)?;
    if report.arrival.place.is_some_and(|place| !place.is_on_earth()) {
        return Err(Refusal::Unknown { field: "place", value: String::new() });
    }
    if !Saw::offered(visit.stop.task.is_some()).contains(&report.saw) {
        return Err(Refusal::Unknown { field: "verdict", value: report.saw.name().to_owned() });
    }
    let answers =
        if report.answers.is_empty() { Vec::new() } else { checked_answers(round, report.answers)? };
    let seen = match (report.saw, report.seen) {
        (Saw::New, Some(seen)) => Some(Box::new(checked_seen(situation, *seen)?)),
        (Saw::New, None) => return Err(Refusal::Missing { field: "finding" }),
        (_, _) => None,
    };
    let note = text::optional("note", &report.note, text::PASSAGE_CHARS_MAX)?;
    Ok(MissionStep::Reported {
        n,
        report: Box::new(Report { received_at: Some(situation.at), note, answers, pictures, seen, ..report }),
    })
}

fn found(situation: &Situation<'_>, course: &Course, n: u32, seen: Seen) -> Result<MissionStep, Refusal> {
    fits(situation, course, n)?;
    let made = seen.made.as_ref().ok_or(Refusal::Missing { field: "key" })?;
    if course.has_record(&made.key) {
        return Err(Refusal::OnceOnly);
    }
    Ok(MissionStep::Found { n, seen: Box::new(checked_seen(situation, seen)?) })
}
