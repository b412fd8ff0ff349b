//! What may happen to a guarantee, and what it makes of it.

use super::{Answer, Guarantee, Opinion, Request, Terms, Visit};
use crate::{
    id::{PostId, TaskId, UnitId},
    kept_file::KeptFile,
    task::Stamp,
};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// What happened to a guarantee.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "body", rename_all = "snake_case")]
pub enum GuaranteeAct {
    /// Taken on (确定包保).
    Taken {
        /// What was taken on.
        terms: Terms,
    },
    /// Changed from this day on (调整); what was owed before stays owed.
    Changed {
        /// What holds now.
        terms: Terms,
        /// Why.
        reason: String,
    },
    /// Another post guarantees, because the task names another one (随任务调整).
    HandedOn {
        /// The post.
        post: PostId,
    },
    /// Visited (走访).
    Visited {
        /// The day.
        on: Date,
        /// Where.
        place: String,
        /// What was seen.
        seen: String,
        /// Files that show it.
        #[serde(default)]
        files: Vec<KeptFile>,
    },
    /// Resources were asked for (提出需求).
    Asked {
        /// What is needed.
        text: String,
        /// Of which unit.
        of: UnitId,
    },
    /// A request was answered (答复需求).
    Answered {
        /// Its number, from 1.
        n: u32,
        /// Whether it is granted.
        granted: bool,
        /// How, or why not.
        text: String,
    },
    /// An opinion at the sign-off of a task (包保意见).
    Opined {
        /// The task.
        task: TaskId,
        /// Whether the guarantor is for signing off.
        supports: bool,
        /// In words.
        text: String,
    },
    /// Ended (解除包保).
    Ended {
        /// The last day.
        on: Date,
        /// Why.
        reason: String,
    },
}

impl Guarantee {
    pub(super) fn apply(&mut self, stamp: &Stamp, act: &GuaranteeAct) -> Option<()> {
        match act {
            GuaranteeAct::Taken { .. } => return None,
            GuaranteeAct::Changed { terms, .. } => self.terms.push((stamp.on, terms.clone())),
            GuaranteeAct::HandedOn { post } => {
                let terms = Terms { post: post.clone(), ..self.now().clone() };
                self.terms.push((stamp.on, terms));
            }
            GuaranteeAct::Visited { on, place, seen, files } => {
                let post = self.terms_on(*on).post.clone();
                self.visits.push(Visit {
                    on: *on,
                    place: place.clone(),
                    seen: seen.clone(),
                    files: files.clone(),
                    post,
                    written_by: stamp.post.clone(),
                });
            }
            GuaranteeAct::Asked { text, of } => {
                self.requests.push(Request { text: text.clone(), of: of.clone(), on: stamp.on, answer: None })
            }
            GuaranteeAct::Answered { n, granted, text } => {
                let place = usize::try_from(*n).ok()?.checked_sub(1)?;
                self.requests.get_mut(place)?.answer = Some(Answer {
                    granted: *granted,
                    text: text.clone(),
                    on: stamp.on,
                    by: stamp.post.clone(),
                });
            }
            GuaranteeAct::Opined { task, supports, text } => self.opinions.push(Opinion {
                task: task.clone(),
                supports: *supports,
                text: text.clone(),
                on: stamp.on,
                by: stamp.post.clone(),
            }),
            GuaranteeAct::Ended { on, reason } => self.ended = Some((*on, reason.clone())),
        }
        Some(())
    }
}
