//! The paper of the year (公文): the circular and the lists of the last meeting, its minutes, and letters about overdue work. Drafted from
//! the records at the instant they were written, by the very code that drafts them for the pages.

use anyhow::{Context, Result, anyhow};
use bihuan_rules::{
    Act, Situation, Subject,
    committee::{self, Attendance, Meeting, MeetingOrder},
    day_of,
    id::{RecordId, UnitId},
    official_document::{self, DocumentKind, DocumentOrder, OfficialDocument},
    record::Kind,
    task::Flag,
};
use bihuan_store::{
    Work,
    list::{self, Filter, Scope},
    shelf,
};
use bihuan_web::{app::Outlook, document, failure::Failure, meeting};

/// Rows of the problem list that the meeting had taken off before it was issued.
const TAKEN_OFF: usize = 2;
/// Overdue tasks looked through for one to write about.
const OVERDUE_MAX: u32 = 500;

/// Something that is written from the records as they stand.
#[derive(Debug, Clone)]
pub enum Paper {
    /// The circular is issued; the meeting reads it out.
    Circular,
    /// The meeting is opened with its lists as they stand.
    Open(RecordId, Vec<Attendance>),
    /// The list of an item is issued as the meeting revised it.
    IssueList(RecordId, u32),
    /// The minutes are issued.
    Minutes(RecordId),
    /// A letter about the most overdue task of a unit is issued to it.
    Letter(DocumentKind, UnitId),
    /// A letter is drafted and not issued yet.
    Draft(DocumentKind, UnitId),
    /// The unit of the actor signs for every document it got.
    Receive,
    /// It answers every one that asks for it.
    Answer(&'static str),
    /// Every answer is accepted.
    Accept,
}

fn told(failure: Failure) -> anyhow::Error {
    anyhow!("{failure:?}")
}

fn outlook(work: &Work<'_>) -> Outlook {
    Outlook::new(work.reference(), day_of(work.at))
}

/// Writes it.
///
/// # Errors
/// When a rule refuses it, or the books cannot be written.
pub fn write(work: &mut Work<'_>, paper: Paper) -> Result<()> {
    let looked = outlook(work);
    let on = day_of(work.at);
    let organ = UnitId::new(document::committee(&looked))?;
    match paper {
        Paper::Circular => {
            let draft = document::draft(&looked, work.connection(), Some(DocumentKind::Circular), organ, "")
                .map_err(told)?;
            document::issue_at_once(work, draft, on).map_err(told)?;
        }
        Paper::Open(id, attendance) => {
            let known = held(work, &id)?;
            let mut laid = Vec::new();
            for (n, item) in (1..).zip(&known.items) {
                if let Some(list) = item.agenda.list {
                    let frozen = meeting::freeze(work.connection(), looked.reference(), list, on);
                    laid.push((n, frozen.map_err(told)?));
                }
            }
            let act =
                committee::decide(&work.situation(""), Some(&known), MeetingOrder::Open(attendance, laid))?;
            work.record(Subject::Record(Kind::Meeting, id), Act::from(act))?;
        }
        Paper::IssueList(id, n) => {
            let known = held(work, &id)?;
            let item = known.items.get(n as usize - 1).context("the item is on the agenda")?;
            let mut rows = item.laid.as_ref().context("the list was laid")?.rows.clone();
            if rows.len() > 10 * TAKEN_OFF {
                rows.truncate(rows.len() - TAKEN_OFF);
            }
            let series = document::series(&looked, &known.call.organ);
            meeting::issue_list(work, &known, n, rows, &series).map_err(told)?;
        }
        Paper::Minutes(id) => {
            let known = held(work, &id)?;
            let (title, text) = (format!("{}纪要", known.call.title), meeting::minutes_text(&looked, &known));
            let series = format!("{}纪", document::series(&looked, &known.call.organ));
            meeting::issue_minutes(work, &known, title, text, series).map_err(told)?;
        }
        Paper::Letter(kind, unit) => {
            if let Some(draft) = letter(work, &looked, organ, kind, unit)? {
                document::issue_at_once(work, draft, on).map_err(told)?;
            }
        }
        Paper::Draft(kind, unit) => {
            if let Some(draft) = letter(work, &looked, organ, kind, unit)? {
                let order = DocumentOrder::Draft(Box::new(draft));
                let act = official_document::decide(&work.situation(""), None, order)?;
                let id = work.next_code::<OfficialDocument>(&format!("D-{}", on.year()))?;
                work.record(Subject::Record(Kind::Document, id), Act::from(act))?;
            }
        }
        Paper::Receive => each(work, |situation, document| {
            let is_new = document.draft.units.contains(&situation.by.unit)
                && document.number.is_some()
                && !document.is_received_by(&situation.by.unit);
            is_new.then_some(vec![DocumentOrder::Receive])
        })?,
        Paper::Answer(text) => each(work, |situation, document| {
            let unit = &situation.by.unit;
            let is_asked = document.draft.units.contains(unit)
                && document.draft.answer_due_on.is_some()
                && document.is_received_by(unit);
            is_asked.then(|| vec![DocumentOrder::Answer { text: text.to_owned() }])
        })?,
        Paper::Accept => each(work, |_, document| {
            let open = document.replies.iter().filter(|reply| reply.accepted_on.is_none());
            Some(open.map(|reply| DocumentOrder::AcceptAnswer(reply.unit.clone())).collect())
        })?,
    }
    Ok(())
}

fn held(work: &mut Work<'_>, id: &RecordId) -> Result<Meeting> {
    Ok(work.filed::<Meeting>(id)?.with_context(|| format!("no meeting {id}"))?.record)
}

/// A letter about the most overdue task that the unit leads, if there is one.
fn letter(
    work: &mut Work<'_>,
    looked: &Outlook,
    organ: UnitId,
    kind: DocumentKind,
    unit: UnitId,
) -> Result<Option<official_document::Draft>> {
    let mut filter = Filter::all(Scope::Whole, looked.today());
    (filter.open, filter.flag, filter.lead) = (Some(true), Some(Flag::Overdue), Some(unit.clone()));
    let mut found = list::tasks(work.connection(), &filter, OVERDUE_MAX, 0)?;
    if found.is_empty() {
        filter.flag = None;
        found = list::tasks(work.connection(), &filter, OVERDUE_MAX, 0)?;
    }
    let Some(task) = found.into_iter().next() else { return Ok(None) };
    let about = Subject::Task(task.id).to_string();
    document::draft(looked, work.connection(), Some(kind), organ, &about).map(Some).map_err(told)
}

/// Carries out orders about every document of the year that wants one.
fn each(
    work: &mut Work<'_>,
    wanted: impl Fn(&Situation<'_>, &OfficialDocument) -> Option<Vec<DocumentOrder>>,
) -> Result<()> {
    let documents = shelf::list::<OfficialDocument>(work.connection(), OVERDUE_MAX)?;
    for (id, _) in documents {
        let known = work.filed::<OfficialDocument>(&id)?.context("a document is filed")?.record;
        for order in wanted(&work.situation(""), &known).unwrap_or_default() {
            let act = official_document::decide(&work.situation(""), Some(&known), order)?;
            work.record(Subject::Record(Kind::Document, id.clone()), Act::from(act))?;
        }
    }
    Ok(())
}
