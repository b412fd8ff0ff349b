//! The form of opening a notice (公示): its text is derived from the record and may be edited.

use super::spec::{Ask, Desk, Read, Reading, Spec};
use crate::filled::Filled;
use bihuan_rules::task::{Order, Publish};

pub fn ask(desk: &Desk<'_>) -> Vec<Spec> {
    let channels =
        desk.ruleset.notice.channels.iter().map(|channel| (channel.clone(), channel.clone())).collect();
    vec![
        Spec::needed("text", Ask::Passage).with(draft(desk)),
        Spec::needed("contact", Ask::Line),
        Spec::needed("channel", Ask::Menu(channels))
            .with(desk.ruleset.notice.channels.first().cloned().unwrap_or_default()),
    ]
}

/// The notice in the usual pattern: task, goal, what was done. Official papers are Chinese in every language.
fn draft(desk: &Desk<'_>) -> String {
    let task = desk.task;
    let mut text = format!("整改任务:{}\n", task.title);
    if !task.goal.is_empty() {
        text.push_str(&format!("整改目标:{}\n", task.goal));
    }
    text.push_str("整改完成情况:\n");
    for measure in task.measures.iter().filter(|measure| !measure.result.is_empty()) {
        text.push_str(&format!("{}. {}\n", measure.number, measure.result));
    }
    text
}

pub fn read(filled: &Filled, _: &Desk<'_>) -> Read {
    let mut reading = Reading::of(filled);
    let (text, contact, channel) =
        (reading.needed("text"), reading.needed("contact"), reading.needed("channel"));
    reading.order(|| Some(Order::Publish(Publish { text, contact, channel })))
}
