//! What somebody may order about a meeting.

use super::{
    Agenda, Attendance, Call, DEMANDS_MAX, Decided, Demand, FrozenList, ITEMS_MAX, Item, ItemKind,
    MEMBERS_MAX, Meeting, MeetingAct, MeetingState, Outcome, Presence, needed,
};
use crate::{
    id::{RecordId, TaskId},
    office::{Office, Role},
    record::Kind,
    refusal::Refusal,
    situation::Situation,
    task::Relation,
    text,
};

/// What somebody wants done with a meeting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MeetingOrder {
    /// Call it.
    Call(Call),
    /// Move or change it.
    Recall(Call),
    /// Put an item at the end of the agenda.
    PlaceItem(Agenda),
    /// Change an item.
    ChangeItem(u32, Agenda),
    /// Show a film on an item, before the meeting or after it.
    ShowFilm(u32, RecordId),
    /// Take an item off.
    TakeItem(u32),
    /// Hold it.
    Open(Vec<Attendance>, Vec<(u32, FrozenList)>),
    /// Deal with an item.
    CloseItem {
        /// Its place, from 1.
        n: u32,
        /// How it ended.
        outcome: Outcome,
        /// What was said or decided.
        note: String,
        /// Demands decided on it.
        demands: Vec<Demand>,
    },
    /// End it.
    End,
    /// Issue the revised list.
    IssueList(u32, FrozenList, RecordId),
    /// Follow a demand as a task.
    Task(u32, u32, TaskId),
    /// Answer a demand.
    Answer(u32, u32, String),
    /// Accept the answer.
    AcceptAnswer(u32, u32),
    /// Issue the minutes.
    Minute(RecordId),
    /// Call it off.
    CallOff(String),
}

/// Judges an order about a meeting. The office prepares, opens and records; whoever a demand was made of answers it; nobody accepts
/// their own answer.
///
/// # Errors
/// A [`Refusal`] naming whose step it is, the state it is not open in, or the value that cannot be used.
pub fn decide(
    situation: &Situation<'_>,
    known: Option<&Meeting>,
    order: MeetingOrder,
) -> Result<MeetingAct, Refusal> {
    if let MeetingOrder::Answer(n, demand, text) = order {
        return answer(situation, known, n, demand, &text);
    }
    if !situation.by.roles.contains(&Role::Registrar) {
        return Err(Refusal::NotYours { role: Role::Registrar, relation: Relation::Anyone });
    }
    let Some(meeting) = known else {
        return match order {
            MeetingOrder::Call(call) => {
                Ok(MeetingAct::Called { call: checked_call(situation.office, call)? })
            }
            _ => Err(Refusal::NotOpen { kind: Kind::Meeting, state: "none" }),
        };
    };
    let needs = |wanted: MeetingState| {
        if meeting.state == wanted { Ok(()) } else { Err(not_open(meeting)) }
    };
    Ok(match order {
        MeetingOrder::Call(_) => return Err(Refusal::OnceOnly),
        MeetingOrder::Recall(call) => {
            needs(MeetingState::Called)?;
            MeetingAct::Recalled { call: checked_call(situation.office, call)? }
        }
        MeetingOrder::PlaceItem(agenda) => {
            needs(MeetingState::Called)?;
            if meeting.items.len() >= ITEMS_MAX {
                return Err(Refusal::TooMany { field: "items", limit: ITEMS_MAX });
            }
            MeetingAct::ItemPlaced { agenda: checked_item(situation.office, agenda)? }
        }
        MeetingOrder::ChangeItem(n, agenda) => {
            needs(MeetingState::Called)?;
            item(meeting, n)?;
            MeetingAct::ItemChanged { n, agenda: checked_item(situation.office, agenda)? }
        }
        MeetingOrder::ShowFilm(n, film) => {
            if meeting.state == MeetingState::CalledOff {
                return Err(not_open(meeting));
            }
            let known = item(meeting, n)?;
            if known.agenda.kind != ItemKind::Film {
                return Err(Refusal::Unknown {
                    field: "item_kind",
                    value: known.agenda.kind.name().to_owned(),
                });
            }
            if known.agenda.film().is_some() {
                return Err(Refusal::OnceOnly);
            }
            MeetingAct::FilmShown { n, film }
        }
        MeetingOrder::TakeItem(n) => {
            needs(MeetingState::Called)?;
            item(meeting, n)?;
            MeetingAct::ItemTaken { n }
        }
        MeetingOrder::Open(attendance, lists) => open(situation, meeting, attendance, lists)?,
        MeetingOrder::CloseItem { n, outcome, note, demands } => {
            close_item(situation, meeting, n, outcome, &note, demands)?
        }
        MeetingOrder::End => {
            needs(MeetingState::Open)?;
            if let Some(n) = meeting.items.iter().position(|item| item.outcome.is_none()) {
                return Err(Refusal::ItemOpen { n: n + 1 });
            }
            MeetingAct::Ended
        }
        MeetingOrder::IssueList(n, list, document) => {
            needs(MeetingState::Ended)?;
            if !item(meeting, n)?.owes_revision() {
                return Err(Refusal::OnceOnly);
            }
            MeetingAct::ListIssued { n, list, document }
        }
        MeetingOrder::Task(n, demand, task) => {
            needs(MeetingState::Ended)?;
            if find(meeting, n, demand)?.task.is_some() {
                return Err(Refusal::OnceOnly);
            }
            MeetingAct::Tasked { n, demand, task }
        }
        MeetingOrder::AcceptAnswer(n, demand) => {
            let decided = find(meeting, n, demand)?;
            match &decided.answer {
                None => return Err(Refusal::Missing { field: "answer" }),
                Some(answer) if answer.accepted_on.is_some() => return Err(Refusal::OnceOnly),
                Some(answer) if answer.post == situation.by.post => return Err(Refusal::OwnAcceptance),
                Some(_) => MeetingAct::AnswerAccepted { n, demand },
            }
        }
        MeetingOrder::Minute(document) => {
            needs(MeetingState::Ended)?;
            if meeting.minutes.is_some() {
                return Err(Refusal::OnceOnly);
            }
            MeetingAct::Minuted { document }
        }
        MeetingOrder::CallOff(reason) => {
            needs(MeetingState::Called)?;
            MeetingAct::CalledOff { reason: text::required("reason", &reason, text::LINE_CHARS_MAX)? }
        }
        MeetingOrder::Answer(..) => unreachable!("answers are judged above"),
    })
}

fn not_open(meeting: &Meeting) -> Refusal {
    Refusal::NotOpen { kind: Kind::Meeting, state: meeting.state.name() }
}

fn item(meeting: &Meeting, n: u32) -> Result<&Item, Refusal> {
    meeting.item(n).ok_or_else(|| Refusal::Unknown { field: "item", value: n.to_string() })
}

fn find(meeting: &Meeting, n: u32, demand: u32) -> Result<&Decided, Refusal> {
    let place = usize::try_from(demand).ok().and_then(|demand| demand.checked_sub(1));
    place
        .and_then(|place| item(meeting, n).ok()?.demands.get(place))
        .ok_or_else(|| Refusal::Unknown { field: "demand", value: format!("{n}.{demand}") })
}

fn open(
    situation: &Situation<'_>,
    meeting: &Meeting,
    attendance: Vec<Attendance>,
    lists: Vec<(u32, FrozenList)>,
) -> Result<MeetingAct, Refusal> {
    if meeting.state != MeetingState::Called {
        return Err(not_open(meeting));
    }
    if meeting.call.on > situation.today() {
        return Err(Refusal::TooEarly { from: meeting.call.on });
    }
    if meeting.items.is_empty() {
        return Err(Refusal::Missing { field: "items" });
    }
    let mut seen = std::collections::BTreeSet::new();
    for each in &attendance {
        if !meeting.call.members.contains(&each.post) || !seen.insert(&each.post) {
            return Err(Refusal::Unknown { field: "attendance", value: each.post.to_string() });
        }
        if each.presence == Presence::Substitute {
            text::required("substitute", &each.note, text::LINE_CHARS_MAX)?;
        }
    }
    if seen.len() < meeting.call.members.len() {
        return Err(Refusal::Missing { field: "attendance" });
    }
    let present = attendance.iter().filter(|each| each.presence.counts()).count();
    let needed = needed(meeting.call.members.len(), meeting.call.quorum_percent);
    if present < needed {
        return Err(Refusal::NoQuorum { present, needed });
    }
    for (n, item) in (1..).zip(&meeting.items) {
        if let Some(list) = item.agenda.list
            && !lists.iter().any(|(place, laid)| *place == n && laid.list == list)
        {
            return Err(Refusal::Missing { field: "list" });
        }
    }
    Ok(MeetingAct::Opened { attendance, lists })
}

fn close_item(
    situation: &Situation<'_>,
    meeting: &Meeting,
    n: u32,
    outcome: Outcome,
    note: &str,
    demands: Vec<Demand>,
) -> Result<MeetingAct, Refusal> {
    if meeting.state != MeetingState::Open {
        return Err(not_open(meeting));
    }
    let known = item(meeting, n)?;
    if known.outcome.is_some() {
        return Err(Refusal::OnceOnly);
    }
    if (known.agenda.kind == ItemKind::Deliberate) == (outcome == Outcome::Noted) {
        return Err(Refusal::Unknown { field: "outcome", value: outcome.name().to_owned() });
    }
    if demands.len() > DEMANDS_MAX {
        return Err(Refusal::TooMany { field: "demands", limit: DEMANDS_MAX });
    }
    let mut checked = Vec::with_capacity(demands.len());
    for demand in demands {
        if !situation.office.units.contains_key(&demand.lead) {
            return Err(Refusal::Unknown { field: "lead", value: demand.lead.to_string() });
        }
        if demand.due_on < meeting.call.on {
            return Err(Refusal::DateBefore { field: "due_on", limit: meeting.call.on });
        }
        checked.push(Demand { text: text::required("demand", &demand.text, 2_000)?, ..demand });
    }
    let note = text::optional("note", note, text::PASSAGE_CHARS_MAX)?;
    Ok(MeetingAct::ItemClosed { n, outcome, note, demands: checked })
}

fn answer(
    situation: &Situation<'_>,
    known: Option<&Meeting>,
    n: u32,
    demand: u32,
    text: &str,
) -> Result<MeetingAct, Refusal> {
    let meeting = known.ok_or(Refusal::NotOpen { kind: Kind::Meeting, state: "none" })?;
    let decided = find(meeting, n, demand)?;
    if meeting.state != MeetingState::Ended {
        return Err(not_open(meeting));
    }
    if decided.is_settled() {
        return Err(Refusal::OnceOnly);
    }
    if situation.by.unit != decided.demand.lead {
        return Err(Refusal::NotYours { role: Role::Responsible, relation: Relation::Lead });
    }
    Ok(MeetingAct::Answered { n, demand, text: text::required("answer", text, text::PASSAGE_CHARS_MAX)? })
}

fn checked_call(office: &Office, call: Call) -> Result<Call, Refusal> {
    if !office.units.contains_key(&call.organ) {
        return Err(Refusal::Unknown { field: "organ", value: call.organ.to_string() });
    }
    if call.members.len() > MEMBERS_MAX {
        return Err(Refusal::TooMany { field: "members", limit: MEMBERS_MAX });
    }
    if let Some(post) = call.members.iter().find(|post| !office.posts.contains_key(*post)) {
        return Err(Refusal::Unknown { field: "members", value: post.to_string() });
    }
    if !call.members.contains(&call.chair) {
        return Err(Refusal::Unknown { field: "chair", value: call.chair.to_string() });
    }
    if call.quorum_percent > 100 {
        return Err(Refusal::Unknown { field: "quorum", value: call.quorum_percent.to_string() });
    }
    let mut members = call.members;
    members.sort();
    members.dedup();
    Ok(Call {
        title: text::required("title", &call.title, text::LINE_CHARS_MAX)?,
        place: text::required("place", &call.place, text::LINE_CHARS_MAX)?,
        members,
        ..call
    })
}

fn checked_item(office: &Office, agenda: Agenda) -> Result<Agenda, Refusal> {
    if let Some(unit) = &agenda.reporter
        && !office.units.contains_key(unit)
    {
        return Err(Refusal::Unknown { field: "reporter", value: unit.to_string() });
    }
    if agenda.list.is_some() && agenda.kind != ItemKind::Deliberate {
        return Err(Refusal::Unknown { field: "list", value: agenda.kind.name().to_owned() });
    }
    Ok(Agenda {
        title: text::required("title", &agenda.title, text::LINE_CHARS_MAX)?,
        paper: text::optional("paper", &agenda.paper, text::PASSAGE_CHARS_MAX)?,
        ..agenda
    })
}
