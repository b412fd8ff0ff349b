//! Publish (公示): the notice runs its term, objections are recorded and answered, then it is closed.

use super::{Task, TaskAct};
use crate::{refusal::Refusal, situation::Situation, text};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// The order to open a notice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Publish {
    /// The public text.
    pub text: String,
    /// Where objections may be sent.
    pub contact: String,
    /// Where it is published; one of the ruleset's channels.
    pub channel: String,
}

/// A notice as opened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoticeOpened {
    /// The public text.
    pub text: String,
    /// Where objections may be sent.
    pub contact: String,
    /// Where it is published.
    pub channel: String,
    /// First day.
    pub opened_on: Date,
    /// Last day for objections.
    pub ends_on: Date,
}

/// The order to record an objection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RaiseObjection {
    /// What is objected.
    pub text: String,
    /// How it came in; no names of private persons.
    pub channel: String,
}

/// The order to answer an objection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnswerObjection {
    /// Its number, from 1.
    pub number: u32,
    /// Whether it is upheld; then the task goes back.
    pub upheld: bool,
    /// The answer.
    pub answer: String,
}

/// The order to close a notice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CloseNotice {
    /// Where the record of the publication lies: address of the page, issue of the newspaper.
    pub record: String,
}

impl Task {
    pub(super) fn publish(&self, situation: &Situation<'_>, order: Publish) -> Result<TaskAct, Refusal> {
        let rule = &situation.ruleset.notice;
        let channel = text::required("channel", &order.channel, text::LINE_CHARS_MAX)?;
        if !rule.channels.contains(&channel) {
            let ruleset = situation.ruleset.name.clone();
            return Err(Refusal::NotAllowed { field: "channel", value: channel, ruleset });
        }
        let opened_on = situation.today();
        Ok(TaskAct::NoticeOpened(NoticeOpened {
            text: text::required("text", &order.text, text::PASSAGE_CHARS_MAX)?,
            contact: text::required("contact", &order.contact, text::LINE_CHARS_MAX)?,
            channel,
            opened_on,
            ends_on: situation.calendar.due(opened_on, &rule.term).on,
        }))
    }

    pub(super) fn raise_objection(
        &self,
        situation: &Situation<'_>,
        order: RaiseObjection,
    ) -> Result<TaskAct, Refusal> {
        let ends_on = self.notice.as_ref().map_or_else(|| situation.today(), |notice| notice.opened.ends_on);
        if situation.today() > ends_on {
            return Err(Refusal::TooLate { until: ends_on });
        }
        Ok(TaskAct::ObjectionRaised {
            text: text::required("text", &order.text, text::PASSAGE_CHARS_MAX)?,
            channel: text::optional("channel", &order.channel, text::LINE_CHARS_MAX)?,
        })
    }

    pub(super) fn answer_objection(&self, order: AnswerObjection) -> Result<TaskAct, Refusal> {
        let objections = self.notice.as_ref().map_or(&[][..], |notice| &notice.objections);
        if !objections.iter().any(|o| o.number == order.number && o.answer.is_none()) {
            return Err(Refusal::Unknown { field: "number", value: order.number.to_string() });
        }
        Ok(TaskAct::ObjectionAnswered {
            number: order.number,
            upheld: order.upheld,
            answer: text::required("answer", &order.answer, text::PASSAGE_CHARS_MAX)?,
        })
    }

    pub(super) fn close_notice(
        &self,
        situation: &Situation<'_>,
        order: CloseNotice,
    ) -> Result<TaskAct, Refusal> {
        let notice = self.notice.as_ref().expect("the state Notice has a notice");
        if situation.today() <= notice.opened.ends_on {
            let from = notice.opened.ends_on.tomorrow().unwrap_or(notice.opened.ends_on);
            return Err(Refusal::TooEarly { from });
        }
        let count = self.open_objections();
        if count > 0 {
            return Err(Refusal::OpenObjections { count });
        }
        Ok(TaskAct::NoticeClosed { record: text::required("record", &order.record, text::LINE_CHARS_MAX)? })
    }
}
