//! What was worked on lately (近期任务): the writer keeps the newest state of tasks, so that the next act on one need not
//! replay its whole story.
//!
//! It is never more than a copy: whatever a piece of work put here is forgotten when the work is rolled back, and all of
//! it when a commit fails or somebody else wrote to the chain.

use crate::work::Seen;
use bihuan_rules::{id::TaskId, task::Task};
use std::collections::HashMap;

/// Most tasks of one generation; two are kept.
const GENERATION_MAX: usize = 4_096;

/// Tasks by code, in two generations: the older one is dropped whole when the younger is full.
#[derive(Default)]
pub(crate) struct Lately {
    young: HashMap<TaskId, Seen<Task>>,
    old: HashMap<TaskId, Seen<Task>>,
    /// Put here by the piece of work that is being done.
    touched: Vec<TaskId>,
}

impl Lately {
    /// The newest state of a task, if it is known.
    pub fn get(&mut self, id: &TaskId) -> Option<&Seen<Task>> {
        if let Some(seen) = self.old.remove(id) {
            self.settle(id.clone(), seen);
        }
        self.young.get(id)
    }

    /// Takes the newest state of a task out, to be changed and put back.
    pub fn take(&mut self, id: &TaskId) -> Option<Seen<Task>> {
        self.young.remove(id).or_else(|| self.old.remove(id))
    }

    /// Keeps the newest state of a task.
    pub fn put(&mut self, id: &TaskId, seen: Seen<Task>) {
        self.touched.push(id.clone());
        self.settle(id.clone(), seen);
    }

    fn settle(&mut self, id: TaskId, seen: Seen<Task>) {
        if self.young.len() >= GENERATION_MAX {
            self.old = std::mem::take(&mut self.young);
        }
        self.old.remove(&id);
        self.young.insert(id, seen);
    }

    /// A piece of work begins.
    pub fn begin(&mut self) {
        self.touched.clear();
    }

    /// The piece of work was rolled back.
    pub fn roll_back(&mut self) {
        for id in self.touched.drain(..) {
            self.young.remove(&id);
            self.old.remove(&id);
        }
    }

    /// Nothing can be relied on any more.
    pub fn forget(&mut self) {
        *self = Lately::default();
    }
}
