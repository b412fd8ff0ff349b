//! What somebody may order about a handover.

use super::{Change, Handover, HandoverAct, HandoverState, LINES_MAX, Owed};
use crate::{
    id::{PersonId, PostId},
    office::{Office, Role},
    record::Kind,
    refusal::Refusal,
    situation::Situation,
    task::Relation,
    text,
};

/// What somebody wants done with a handover. Every signature brings what is open at that moment; only the first one counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HandoverOrder {
    /// Draw the sheet up.
    Draw(Change),
    /// Sign as the one who leaves.
    Give {
        /// What is open now.
        lines: Vec<Owed>,
        /// Remark.
        remark: String,
    },
    /// Stand by for the one who leaves and cannot sign.
    GiveFor {
        /// What is open now.
        lines: Vec<Owed>,
        /// Why they cannot.
        reason: String,
    },
    /// Sign as the one who takes over.
    Take {
        /// What is open now.
        lines: Vec<Owed>,
        /// Remark.
        remark: String,
    },
    /// Call it off.
    CallOff(String),
}

/// Judges an order about a handover. Both sign for themselves; the office of the committee draws sheets up, and stands by where the one
/// who leaves cannot sign.
///
/// # Errors
/// A [`Refusal`] naming whose signature it is, the state it is not open in, or the value that cannot be used.
pub fn decide(
    situation: &Situation<'_>,
    known: Option<&Handover>,
    order: HandoverOrder,
) -> Result<HandoverAct, Refusal> {
    let by = situation.by;
    let registrar = || {
        if by.roles.contains(&Role::Registrar) {
            Ok(())
        } else {
            Err(Refusal::NotYours { role: Role::Registrar, relation: Relation::Anyone })
        }
    };
    let Some(handover) = known else {
        let HandoverOrder::Draw(change) = order else {
            return Err(Refusal::NotOpen { kind: Kind::Handover, state: "none" });
        };
        if by.person != change.from && by.person != change.to {
            registrar()?;
        }
        return Ok(HandoverAct::Drawn { change: checked(situation.office, change)? });
    };
    let state = handover.state();
    if matches!(state, HandoverState::Signed | HandoverState::CalledOff) {
        return Err(Refusal::NotOpen { kind: Kind::Handover, state: state.name() });
    }
    let signs = |wanted: &PersonId| {
        if &by.person == wanted {
            return Ok(());
        }
        let person = situation.office.person_names(wanted, situation.today()).0.to_owned();
        Err(Refusal::NotYourSignature { person })
    };
    let frozen = |mut lines: Vec<Owed>| {
        lines.sort();
        lines.dedup();
        match lines.len() {
            _ if handover.is_frozen() => Ok(None),
            0..=LINES_MAX => Ok(Some(lines)),
            _ => Err(Refusal::TooMany { field: "items", limit: LINES_MAX }),
        }
    };
    let once = |signed: bool| if signed { Err(Refusal::OnceOnly) } else { Ok(()) };
    let remark = |text: &str| text::optional("remark", text, text::PASSAGE_CHARS_MAX);
    Ok(match order {
        HandoverOrder::Draw(_) => return Err(Refusal::OnceOnly),
        HandoverOrder::Give { lines, remark: words } => {
            once(handover.given.is_some())?;
            signs(&handover.change.from)?;
            HandoverAct::Given { lines: frozen(lines)?, remark: remark(&words)? }
        }
        HandoverOrder::GiveFor { lines, reason } => {
            once(handover.given.is_some())?;
            registrar()?;
            if by.person == handover.change.to {
                return Err(Refusal::OwnAcceptance);
            }
            let reason = text::required("reason", &reason, text::LINE_CHARS_MAX)?;
            HandoverAct::GivenFor { lines: frozen(lines)?, reason }
        }
        HandoverOrder::Take { lines, remark: words } => {
            once(handover.taken.is_some())?;
            signs(&handover.change.to)?;
            HandoverAct::Taken { lines: frozen(lines)?, remark: remark(&words)? }
        }
        HandoverOrder::CallOff(reason) => {
            registrar()?;
            once(handover.is_frozen())?;
            HandoverAct::CalledOff { reason: text::required("reason", &reason, text::LINE_CHARS_MAX)? }
        }
    })
}

fn checked(office: &Office, change: Change) -> Result<Change, Refusal> {
    let unknown = |field, value: &str| Refusal::Unknown { field, value: value.to_owned() };
    if !office.posts.contains_key(&change.post) {
        return Err(unknown("post", change.post.as_str()));
    }
    if !held_before(office, &change.post, &change.from, &change) {
        return Err(unknown("from_person", office.person_names(&change.from, change.on).0));
    }
    if !office.persons.contains_key(&change.to) || change.to == change.from {
        return Err(unknown("to_person", office.person_names(&change.to, change.on).0));
    }
    Ok(change)
}

/// Whether the person held the post on that day or the day before.
fn held_before(office: &Office, post: &PostId, person: &PersonId, change: &Change) -> bool {
    let days = [Some(change.on), change.on.yesterday().ok()];
    days.into_iter().flatten().any(|on| office.holders_on(post, on).any(|holder| &holder.id == person))
}

/// Changes of holders that no sheet answers for yet: whoever left and whoever followed them.
#[must_use]
pub fn owed<'h>(office: &Office, known: impl Iterator<Item = &'h Handover> + Clone) -> Vec<Change> {
    let mut owed = Vec::new();
    for before in office.holdings.iter().filter(|holding| holding.until.is_some()) {
        let Some(until) = before.until else { continue };
        let later = office.holdings.iter().filter(|h| h.post == before.post && h.from > until);
        let Some(after) = later.min_by_key(|h| h.from).filter(|after| after.person != before.person) else {
            continue;
        };
        let change = Change {
            post: before.post.clone(),
            from: before.person.clone(),
            to: after.person.clone(),
            on: after.from,
        };
        let is_drawn = |handover: &Handover| {
            let drawn = &handover.change;
            let same = drawn.post == change.post && drawn.from == change.from && drawn.to == change.to;
            same && handover.state() != HandoverState::CalledOff
        };
        if !{ known.clone() }.any(is_drawn) {
            owed.push(change);
        }
    }
    owed.sort_by(|a, b| (b.on, &a.post).cmp(&(a.on, &b.post)));
    owed
}
