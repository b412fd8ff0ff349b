//! Reserves (备选递补): who takes the place of a drawn unit that could not be looked at.
//!
//! The absences are taken in the order in which they were put on record: the n-th takes the n-th reserve of the published
//! order. A reserve that stepped in and could not be looked at either is an absence like any other. Nobody chooses, and a
//! spreadsheet needs nothing but the n-th row of a list.

use super::Drawing;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// A unit of the sample that could not be looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Absence {
    /// Its number.
    pub id: String,
    /// Why not.
    pub reason: String,
    /// Who is said to have stepped in; left out where that is still to be found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reserve: Option<String>,
}

/// What is wrong with a list of absences.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoAbsence {
    /// It was neither drawn nor had it stepped in before.
    #[error("{0} was neither drawn nor had it stepped in before")]
    Stranger(String),
    /// It stands in the list twice.
    #[error("{0} stands among the absences twice")]
    Twice(String),
    /// It gives no reason.
    #[error("{0} gives no reason")]
    NoReason(String),
}

impl NoAbsence {
    /// The same in Chinese.
    #[must_use]
    pub fn zh(&self) -> String {
        match self {
            NoAbsence::Stranger(id) => format!("{id}既没有抽中,此前也没有递补"),
            NoAbsence::Twice(id) => format!("{id}在未能查看的名单中出现两次"),
            NoAbsence::NoReason(id) => format!("{id}没有写明未能查看的原因"),
        }
    }
}

/// For each absence, in order, the reserve that takes its place; nothing once all have stepped in.
///
/// # Errors
/// [`NoAbsence`] names an absence that is none.
pub fn step_in<'d>(drawing: &'d Drawing, absences: &[Absence]) -> Result<Vec<Option<&'d str>>, NoAbsence> {
    let mut reserves = drawing.reserves.iter().map(String::as_str);
    let mut sample: BTreeSet<&str> = drawing.drawn.iter().map(String::as_str).collect();
    let mut absent = BTreeSet::new();
    let mut stepped = Vec::with_capacity(absences.len());
    for absence in absences {
        let id = absence.id.as_str();
        if !absent.insert(id) {
            return Err(NoAbsence::Twice(id.to_owned()));
        }
        if !sample.remove(id) {
            return Err(NoAbsence::Stranger(id.to_owned()));
        }
        if absence.reason.trim().is_empty() {
            return Err(NoAbsence::NoReason(id.to_owned()));
        }
        let reserve = reserves.next();
        sample.extend(reserve);
        stepped.push(reserve);
    }
    Ok(stepped)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::look_back::{Frame, Unit, draw};

    fn drawing() -> Drawing {
        let unit = |n: u32| Unit {
            id: format!("P-{n:03}"),
            weight: Some(1 + n % 3),
            field: String::new(),
            factors: Vec::new(),
        };
        let frame = Frame {
            title: String::new(),
            draw: 4,
            reserves: 3,
            units: (1..=20).map(unit).collect(),
            excluded: Vec::new(),
            purposive: Vec::new(),
        };
        draw(&frame, "a seed").unwrap()
    }

    fn absent(id: &str) -> Absence {
        Absence { id: id.to_owned(), reason: "道路中断".to_owned(), reserve: None }
    }

    #[test]
    fn the_nth_absence_takes_the_nth_reserve_and_a_reserve_that_is_absent_is_followed_by_the_next() {
        let drawing = drawing();
        let [one, two, three] = [0, 1, 2].map(|n| drawing.reserves[n].as_str());
        let absences = [absent(&drawing.drawn[2]), absent(one), absent(&drawing.drawn[0]), absent(two)];
        let stepped = step_in(&drawing, &absences).unwrap();
        assert_eq!(stepped, [Some(one), Some(two), Some(three), None]);
    }

    #[test]
    fn what_is_no_absence_is_named() {
        let drawing = drawing();
        let first = drawing.drawn[0].as_str();
        let cases = [
            (vec![absent("P-999")], NoAbsence::Stranger("P-999".to_owned())),
            (vec![absent(&drawing.reserves[0])], NoAbsence::Stranger(drawing.reserves[0].clone())),
            (vec![absent(first), absent(first)], NoAbsence::Twice(first.to_owned())),
            (
                vec![Absence { reason: " ".to_owned(), ..absent(first) }],
                NoAbsence::NoReason(first.to_owned()),
            ),
        ];
        for (absences, expected) in cases {
            assert_eq!(step_in(&drawing, &absences), Err(expected));
        }
    }
}
