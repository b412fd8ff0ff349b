//! The second witness (旁证): two people of a team who recorded the same stop, each on a phone of their own, bear each other out.
//!
//! The second record may come days after the first, from whichever phone finds a network sooner. So the ledger keeps a picture's
//! grade as it was reckoned when it came in, and what bears it out is looked up whenever it is shown: the order of arrival
//! cannot matter.

use super::grade::proof_of;
use crate::place::wgs84;
use bihuan_methods::evidence_grade::{self, Reason, Sight};
use bihuan_rules::{
    capture::Capture,
    finding::Seen,
    id::PersonId,
    mission::Visit,
    picture::{Grade, Picture, Proof},
};
use std::collections::BTreeSet;

/// A picture of a stop with who took it, on which device.
struct Shot<'v> {
    person: &'v PersonId,
    device: &'v str,
    capture: &'v Capture,
    grade: Grade,
}

impl Shot<'_> {
    /// What it proves of time and place, where it proves anything: grade B at least, by itself.
    fn sight(&self) -> Option<Sight> {
        let place = self.capture.place.as_ref().and_then(wgs84).filter(|_| self.grade >= Grade::B)?;
        Some(Sight { at_s: self.capture.captured_at.as_second(), place })
    }

    fn bears_out(&self, other: &Shot<'_>) -> bool {
        let apart = self.person != other.person && self.device != other.device;
        let sights = self.sight().zip(other.sight());
        apart && sights.is_some_and(|(one, other)| evidence_grade::bears_out(&one, &other))
    }
}

/// SHA-256 of the pictures of a stop that somebody else's phone bears out.
pub(crate) fn borne_out(visit: &Visit) -> BTreeSet<String> {
    let shots = shots(visit);
    let witnessed = shots.iter().filter(|shot| shots.iter().any(|other| other.bears_out(shot)));
    witnessed.map(|shot| shot.capture.sha256.clone()).collect()
}

fn shots(visit: &Visit) -> Vec<Shot<'_>> {
    let mut shots = Vec::new();
    for each in &visit.reports {
        let (report, device) = (&each.report, each.report.made.device.as_str());
        shots.extend(graded(&each.person, device, &report.captures, &report.pictures));
        if let Some(seen) = &report.seen {
            shots.extend(graded(&each.person, device, &seen.captures, &seen.pictures));
        }
    }
    for seen in &visit.seen {
        if let Some((person, device)) = maker(visit, seen) {
            shots.extend(graded(person, device, &seen.captures, &seen.pictures));
        }
    }
    shots
}

/// Who made a finding that came by itself: whoever reported the stop from the same device, where that was one person only.
fn maker<'v>(visit: &'v Visit, seen: &'v Seen) -> Option<(&'v PersonId, &'v str)> {
    let made = seen.made.as_ref()?;
    let mut of_device = visit.reports.iter().filter(|each| each.report.made.device == made.device);
    let first = of_device.next()?;
    let is_one = of_device.all(|each| each.person == first.person);
    (is_one && first.report.made.key != made.key).then_some((&first.person, made.device.as_str()))
}

fn graded<'v>(
    person: &'v PersonId,
    device: &'v str,
    captures: &'v [Capture],
    pictures: &'v [Picture],
) -> impl Iterator<Item = Shot<'v>> {
    captures.iter().filter_map(move |capture| {
        let read = pictures.iter().find(|picture| picture.sha256 == capture.sha256);
        let proof = read.and_then(|read| read.proof.clone()).or_else(|| proof_of(capture, None, &[]))?;
        Some(Shot { person, device, capture, grade: proof.grade })
    })
}

/// A proof with a second witness: it makes up for a missing random code, and for nothing else.
pub(crate) fn with_witness(proof: &Proof) -> Proof {
    let reasons = proof.reasons.iter().map(|name| serde_json::from_value(serde_json::json!(name)));
    // What another version of the method wrote stays as it is.
    let Ok(reasons) = reasons.collect::<Result<Vec<Reason>, _>>() else { return proof.clone() };
    let witnessed = evidence_grade::witnessed(&reasons);
    if witnessed.reasons.len() == reasons.len() {
        return proof.clone();
    }
    super::grade::as_proof(&witnessed)
}
