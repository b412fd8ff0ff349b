//! Guarantees as other pages show them: beside a task or problem, at its sign-off, and in what is to be done today.

use super::{ROWS_MAX, guarantor, list::owed, may_read, show::opinion_tag};
use crate::{
    app::App,
    failure::Failure,
    locale::Locale,
    project::{Due, Link},
    session::Signed,
};
use bihuan_rules::{
    Act, Subject,
    guarantee::{self, Guarantee, GuaranteeOrder},
    id::TaskId,
    record::Kind as RecordKind,
    task::{State, Task, TaskAct, TaskEvent},
};
use bihuan_store::{
    Connection, Work,
    list::{self, Filter, Scope},
    shelf,
};
use jiff::{ToSpan, civil::Date};

/// Most linked records that a page shows.
const LINKS_MAX: u32 = 20;
/// Most tasks whose sign-off a guarantor is asked about at once.
const TASKS_MAX: u32 = 200;

/// An opinion of a guarantor on the sign-off of a task; it counts as no verification.
#[derive(Debug, Clone)]
pub(crate) struct Voice {
    /// Who gave it.
    pub who: String,
    /// For or against, with the class of the tag.
    pub tag: (String, &'static str),
    /// In words.
    pub text: String,
    /// The day.
    pub on: Date,
}

/// The guarantees of a task or problem, as far as this reader may see them.
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
    let found = shelf::about::<Guarantee>(connection, subject, LINKS_MAX)?;
    let own = subject.to_string();
    let seen = found.into_iter().map(|(_, seen)| seen.record);
    let seen = seen.filter(|guarantee| guarantee.now().subject == own && may_read(app, signed, guarantee));
    Ok(seen
        .map(|guarantee| Link {
            href: format!("/guarantees/{}", guarantee.id),
            title: guarantor(app, &guarantee.now().post),
            note: guarantee.id.to_string(),
            tags: vec![owed(locale, guarantee.tally_now(app.today()).as_ref())],
        })
        .collect())
}

/// The newest opinion of each guarantor on a task.
///
/// # Errors
/// When the engine refuses.
pub(crate) fn voices(
    app: &App,
    locale: Locale,
    connection: &mut Connection,
    task: &TaskId,
) -> Result<Vec<Voice>, Failure> {
    let found = shelf::about::<Guarantee>(connection, &Subject::Task(task.clone()), LINKS_MAX)?;
    let opinions = found.iter().filter_map(|(_, seen)| seen.record.opinion_on(task));
    let mut voices: Vec<Voice> = opinions
        .map(|opinion| Voice {
            who: guarantor(app, &opinion.by),
            tag: opinion_tag(locale, opinion.supports),
            text: opinion.text.clone(),
            on: opinion.on,
        })
        .collect();
    voices.sort_by_key(|voice| std::cmp::Reverse(voice.on));
    Ok(voices)
}

/// After an assignment that names another guarantor, the guarantee of the task goes on with that post: the name was
/// entered once.
///
/// # Errors
/// When the rules refuse the post or the engine refuses.
pub(crate) fn follow(work: &mut Work<'_>, task: &Task, event: &TaskEvent) -> Result<(), Failure> {
    let TaskAct::Assigned(assigned) = &event.act else { return Ok(()) };
    let Some(post) = &assigned.parties.guarantor else { return Ok(()) };
    let subject = Subject::Task(task.id.clone());
    let own = subject.to_string();
    for (id, seen) in shelf::about::<Guarantee>(work.connection(), &subject, LINKS_MAX)? {
        let known = seen.record;
        if known.ended.is_some() || known.now().subject != own || known.now().post == *post {
            continue;
        }
        let order = GuaranteeOrder::HandOn(post.clone());
        let act = guarantee::decide(&work.situation(""), Some(&known), order, Some(task))?;
        work.record(Subject::Record(RecordKind::Guarantee, id), Act::from(act))?;
    }
    Ok(())
}

/// What this post has to do about its guarantees: visits of the present period and opinions on tasks that wait for a
/// signature; and requests that wait for an answer of its unit.
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
    let mut dues = Vec::new();
    let mut own = Vec::new();
    for (id, seen) in shelf::list::<Guarantee>(connection, ROWS_MAX)? {
        let guarantee = seen.record;
        if guarantee.ended.is_some() {
            continue;
        }
        let link = |href: String, note: String, tag: (String, &'static str)| Link {
            href,
            title: guarantee.now().name.clone(),
            note,
            tags: vec![tag],
        };
        let waiting = guarantee.requests.iter().filter(|request| {
            request.answer.is_none() && request.of == actor.unit && guarantee.now().post != actor.post
        });
        for request in waiting {
            let href = format!("/guarantees/{id}");
            let link = link(href, request.text.clone(), (locale.say("due-answer"), "near"));
            dues.push(Due { link, on: request.on + 7.days(), is_term: true });
        }
        if guarantee.now().post != actor.post {
            continue;
        }
        if let Some(tally) = guarantee.tally_now(today).filter(|tally| tally.missing() > 0) {
            let (words, _) = owed(locale, Some(&tally));
            let late = guarantee.missed_before(today) > 0;
            let tag = (locale.say("due-visit"), if late { "late" } else { "near" });
            let link = link(format!("/guarantees/{id}/visit"), words, tag);
            dues.push(Due { link, on: tally.until, is_term: true });
        }
        own.push(guarantee);
    }
    if own.is_empty() {
        return Ok(dues);
    }
    let filter = Filter { state: Some(State::PendingSignature), ..Filter::all(Scope::Whole, today) };
    for row in list::tasks(connection, &filter, TASKS_MAX, 0)? {
        // A thing that its own record names is found without opening the task.
        let subject = format!("task/{}", row.id);
        let problem = format!("problem/{}", row.problem);
        let named = own.iter().find(|guarantee| [&subject, &problem].contains(&&guarantee.now().subject));
        let Some(guarantee) = named.filter(|guarantee| guarantee.opinion_on(&row.id).is_none()) else {
            continue;
        };
        let link = Link {
            href: format!("/guarantees/{}/opine?task={}", guarantee.id, row.id),
            title: row.title,
            note: row.id.to_string(),
            tags: vec![(locale.say("due-opinion"), "near")],
        };
        let on = row.step_due_on.or(row.accepted_on).unwrap_or(today);
        dues.push(Due { link, on, is_term: row.step_due_on.is_some() });
    }
    Ok(dues)
}
