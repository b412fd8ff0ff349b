//! The blocks of tasks on the page of the day: sorted by urgency, each with the act that is due.

use crate::{
    app::App,
    locale::Locale,
    session::Signed,
    task::show::{left_words, main_acts, may_remind, tags},
    words,
};
use bihuan_rules::task::{State, Task};
use bihuan_store::list::TaskRow;

/// Working days before its last day from which a step is near.
const NEAR_DAYS: u32 = 3;
/// Days since it came that a task is new.
const NEW_DAYS: i32 = 3;

/// A task on the page of the day.
pub struct Item {
    pub id: String,
    pub title: String,
    pub tags: Vec<(String, &'static str)>,
    pub marks: Vec<String>,
    pub lead: String,
    pub due_on: String,
    /// How long the step may take, with the class of its tag.
    pub left: (String, &'static str),
    /// What is to be done: address and words.
    pub act: Option<(String, String)>,
    pub may_remind: bool,
}

/// Tasks that are equally urgent.
pub struct Group {
    pub words: String,
    pub class: &'static str,
    pub items: Vec<Item>,
}

/// A task in words.
pub fn item(app: &App, locale: Locale, signed: &Signed, task: &Task) -> Item {
    let office = &app.reference().office;
    let mut marks = Vec::new();
    if let Some(on) = task.days.reminded_on {
        marks.push(locale.text("mark-reminded").with("on", locale.date(on)).to_string());
    }
    for (count, key) in [(task.counts.returns, "mark-returned"), (task.counts.extensions, "mark-extended")] {
        if count > 0 {
            marks.push(locale.text(key).with("count", i64::from(count)).to_string());
        }
    }
    let lead = task.parties.as_ref().map(|parties| words::unit(office, parties.lead.as_str()));
    Item {
        id: task.id.to_string(),
        title: task.title.clone(),
        tags: tags(app, locale, task),
        marks,
        lead: lead.unwrap_or_default(),
        due_on: words::day(locale, task.step_due_on),
        left: left_words(app, locale, task),
        act: main_acts(app, locale, signed, task).into_iter().next(),
        may_remind: may_remind(app, signed, task),
    }
}

/// The person's turn: overdue, near, returned, new, and the rest.
pub fn groups(app: &App, locale: Locale, signed: &Signed, mine: &[Task]) -> Vec<Group> {
    let mut groups: [(&str, &'static str, Vec<Item>); 5] = [
        ("today-overdue", "late", Vec::new()),
        ("today-near", "near", Vec::new()),
        ("today-returned", "back", Vec::new()),
        ("today-new", "work", Vec::new()),
        ("today-rest", "plain", Vec::new()),
    ];
    for task in mine {
        groups[urgency(app, task)].2.push(item(app, locale, signed, task));
    }
    groups
        .into_iter()
        .filter(|(_, _, items)| !items.is_empty())
        .map(|(key, class, items)| Group {
            words: locale.text(key).with("count", items.len().to_string()).to_string(),
            class,
            items,
        })
        .collect()
}

fn urgency(app: &App, task: &Task) -> usize {
    let (today, reference) = (app.today(), app.reference());
    if let Some(due) = task.step_due_on {
        if due < today {
            return 0;
        }
        if reference.calendar.working_days_between(today, due) <= NEAR_DAYS {
            return 1;
        }
    }
    let is_back = matches!(task.state, State::Assigned | State::Rectifying) && task.counts.returns > 0;
    let is_new = task.days.state_since.is_some_and(|since| (today - since).get_days() <= NEW_DAYS);
    match (is_back, is_new) {
        (true, _) => 2,
        (false, true) => 3,
        (false, false) => 4,
    }
}

/// For whoever has nothing to do: what falls due next, in words, and where it is.
pub fn next_day(locale: Locale, idle: bool, next: Option<&TaskRow>) -> Option<(String, String)> {
    let next = next.filter(|_| idle)?;
    let text = locale.text("today-next").with("on", words::day(locale, next.step_due_on));
    Some((text.with("title", next.title.as_str()).to_string(), format!("/tasks/{}", next.id)))
}
