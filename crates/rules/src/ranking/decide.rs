//! What somebody may order about a board.

use super::{
    Decided, Measure, ObjectedLine, Objection, Published, Ranking, RankingAct, Says, Snapshot, Struck,
};
use crate::{
    office::Role,
    record::Kind,
    refusal::Refusal,
    situation::Situation,
    task::{Hand, Relation},
    text,
};

/// Most objections to one board.
pub const OBJECTIONS_MAX: usize = 500;
/// Working days in which an objection is decided.
const DECIDE_DAYS: u32 = 5;

/// What somebody wants done with a board.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RankingOrder {
    /// Publish it, with the hash of the snapshot.
    Publish(Box<Snapshot>, String),
    /// Object to a line of one's own statement, or to all of it.
    Object(ObjectedLine, String),
    /// Decide an objection: its number, whether it is upheld, why.
    Decide(u32, bool, String),
    /// Publish a correction.
    Revise(Box<Snapshot>, String, String),
    /// Make it final.
    Confirm,
}

/// Judges an order about a board. Whoever published it decides no objection to it and does not make it final; nobody decides their
/// own objection or one of their unit.
///
/// # Errors
/// A [`Refusal`] naming whose step it is, the term, the objection that is open, or who must stand aside.
pub fn decide(
    situation: &Situation<'_>,
    known: Option<&Ranking>,
    order: RankingOrder,
) -> Result<RankingAct, Refusal> {
    let Some(ranking) = known else {
        return match order {
            RankingOrder::Publish(snapshot, hash) => publish(situation, *snapshot, hash),
            _ => Err(Refusal::NotOpen { kind: Kind::Ranking, state: "none" }),
        };
    };
    if ranking.confirmed_on.is_some() {
        return Err(Refusal::NotOpen { kind: Kind::Ranking, state: "final" });
    }
    match order {
        RankingOrder::Publish(..) => Err(Refusal::OnceOnly),
        RankingOrder::Object(against, words) => object(situation, ranking, against, &words),
        RankingOrder::Decide(n, upheld, reason) => decide_objection(situation, ranking, n, upheld, &reason),
        RankingOrder::Revise(snapshot, hash, reason) => {
            situation.needs(&[Role::Registrar])?;
            let is_same = ranking.period() == Some(snapshot.board.period)
                && ranking.newest().is_some_and(|known| known.snapshot.scheme.name == snapshot.scheme.name);
            if !is_same || ranking.newest().is_some_and(|known| known.hash == hash) {
                return Err(Refusal::OnceOnly);
            }
            let reason = text::required("reason", &reason, text::PASSAGE_CHARS_MAX)?;
            Ok(RankingAct::Revised { reason, snapshot, hash })
        }
        RankingOrder::Confirm => confirm(situation, ranking),
    }
}

fn publish(situation: &Situation<'_>, snapshot: Snapshot, hash: String) -> Result<RankingAct, Refusal> {
    situation.needs(&[Role::Registrar])?;
    let until = snapshot.board.period.until();
    if situation.today() <= until {
        return Err(Refusal::DateAfter { field: "rank_period", limit: situation.today() });
    }
    let days = snapshot.scheme.objection_days;
    let objections_until = situation.calendar.add_working_days(situation.today(), days).on;
    Ok(RankingAct::Published(Box::new(Published { snapshot, hash, objections_until })))
}

fn object(
    situation: &Situation<'_>,
    ranking: &Ranking,
    against: ObjectedLine,
    words: &str,
) -> Result<RankingAct, Refusal> {
    if situation.by.unit != against.unit {
        return Err(Refusal::NotYours { role: Role::Responsible, relation: Relation::Lead });
    }
    if situation.today() > ranking.objections_until {
        return Err(Refusal::DateAfter { field: "rank_objection", limit: ranking.objections_until });
    }
    if ranking.objections.len() >= OBJECTIONS_MAX {
        return Err(Refusal::TooMany { field: "rank_objection", limit: OBJECTIONS_MAX });
    }
    let unknown = |value: String| Refusal::Unknown { field: "statement_line", value };
    let row = ranking.newest().and_then(|newest| newest.snapshot.board.row(&against.unit));
    row.ok_or_else(|| unknown(against.unit.to_string()))?;
    if let Some(line) = against.line {
        ranking.line(&against).ok_or_else(|| unknown(line.to_string()))?;
    }
    if ranking.open().any(|known| known.against == against) {
        return Err(Refusal::OnceOnly);
    }
    let text = text::required("rank_objection", words, text::PASSAGE_CHARS_MAX)?;
    let decide_by = situation.calendar.add_working_days(situation.today(), DECIDE_DAYS).on;
    Ok(RankingAct::Objected { against, text, by: Hand::from(situation.by), decide_by })
}

/// What does not count any more when an objection to a line is right; nothing when the line is about no task.
fn struck(ranking: &Ranking, objection: &Objection) -> Option<Struck> {
    let unit = objection.against.unit.clone();
    match &objection.line.as_ref()?.says {
        Says::Missed { indicator, task } => {
            let scheme = &ranking.newest()?.snapshot.scheme;
            let ratio = scheme.indicators.iter().find_map(|known| match known.measure {
                Measure::Ratio { ratio, .. } if known.name == *indicator => Some(ratio),
                _ => None,
            });
            Some(Struck { unit, task: task.clone(), fact: None, ratio })
        }
        Says::Event { fact, task } => {
            Some(Struck { unit, task: task.clone(), fact: Some(*fact), ratio: None })
        }
        _ => None,
    }
}

fn decide_objection(
    situation: &Situation<'_>,
    ranking: &Ranking,
    n: u32,
    upheld: bool,
    reason: &str,
) -> Result<RankingAct, Refusal> {
    situation.needs_leaders()?;
    let objection = ranking.objections.iter().find(|objection| objection.n == n);
    let objection =
        objection.ok_or_else(|| Refusal::Unknown { field: "rank_objection", value: n.to_string() })?;
    if objection.decided.is_some() {
        return Err(Refusal::OnceOnly);
    }
    let by = situation.by;
    if ranking.is_author(&by.person) || by.person == objection.by.person || by.unit == objection.by.unit {
        return Err(Refusal::AuthorDecides);
    }
    let reason = text::required("reason", reason, text::PASSAGE_CHARS_MAX)?;
    let struck = if upheld { struck(ranking, objection) } else { None };
    let decided = Decided { upheld, reason, struck };
    Ok(RankingAct::ObjectionDecided { n, decided, by: Hand::from(by) })
}

fn confirm(situation: &Situation<'_>, ranking: &Ranking) -> Result<RankingAct, Refusal> {
    situation.needs_leaders()?;
    if ranking.is_author(&situation.by.person) {
        return Err(Refusal::AuthorDecides);
    }
    if situation.today() <= ranking.objections_until {
        return Err(Refusal::DateBefore { field: "objections_until", limit: ranking.objections_until });
    }
    if let Some(open) = ranking.open().chain(ranking.unrevised()).next() {
        return Err(Refusal::ObjectionOpen { n: open.n });
    }
    Ok(RankingAct::Confirmed)
}
