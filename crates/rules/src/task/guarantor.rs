//! The guarantor of a task (包保领导): named at the assignment or later; whoever guarantees does not verify.

use super::{Step, Task, TaskAct, TaskEvent};
use crate::{
    id::{PersonId, PostId},
    office::Role,
    refusal::Refusal,
    situation::Situation,
    task::{Relation, State, Verb},
};

/// Names the guarantor of a task that runs, or takes the name away. The record of the guarantee is written in the same
/// piece of work; see [`crate::guarantee`].
///
/// # Errors
/// [`Refusal::NotYours`] for others than the office, the committee and the leaders, [`Refusal::NotNow`] when nobody
/// answers for the task yet or it is over, [`Refusal::GuarantorVerifies`] for a post whose holder verified it.
pub fn name_guarantor(
    task: &Task,
    situation: &Situation<'_>,
    post: Option<PostId>,
) -> Result<TaskEvent, Refusal> {
    let may = [Role::Registrar, Role::Committee, Role::Chief];
    if !may.iter().any(|role| situation.by.roles.contains(role)) {
        return Err(Refusal::NotYours { role: Role::Registrar, relation: Relation::Anyone });
    }
    if task.parties.is_none() || matches!(task.state, State::Void | State::Split | State::Merged) {
        return Err(Refusal::NotNow { verb: Verb::Assign, state: task.state });
    }
    if let Some(post) = &post {
        if !situation.office.posts.contains_key(post) {
            return Err(Refusal::Unknown { field: "guarantor", value: post.to_string() });
        }
        task.stays_unverified_by(situation, post)?;
    }
    // The step that is owed stays owed.
    Ok(TaskEvent { due_on: task.step_due_on, ..TaskEvent::from(TaskAct::GuarantorNamed { post }) })
}

impl Task {
    /// The guarantor's post.
    #[must_use]
    pub fn guarantor(&self) -> Option<&PostId> {
        self.parties.as_ref()?.guarantor.as_ref()
    }

    /// Whoever holds the post has not verified the task.
    pub(crate) fn stays_unverified_by(
        &self,
        situation: &Situation<'_>,
        post: &PostId,
    ) -> Result<(), Refusal> {
        let Some(hands) = self.hands.get(&Step::Verify) else { return Ok(()) };
        let today = situation.today();
        let verified =
            situation.office.holders_on(post, today).any(|person| hands.persons.contains(&person.id));
        if verified { Err(Refusal::GuarantorVerifies) } else { Ok(()) }
    }

    /// Neither the guarantor's post nor whoever holds it, in whatever post, verifies.
    pub(super) fn is_not_guarantor(
        &self,
        situation: &Situation<'_>,
        person: &PersonId,
        post: &PostId,
    ) -> Result<(), Refusal> {
        let Some(guarantor) = self.guarantor() else { return Ok(()) };
        let today = situation.today();
        let holds = situation.office.holders_on(guarantor, today).any(|holder| holder.id == *person);
        if guarantor == post || holds { Err(Refusal::GuarantorVerifies) } else { Ok(()) }
    }
}
