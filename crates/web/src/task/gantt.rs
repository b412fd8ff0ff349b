//! The plan as a picture (节点图): one bar for each milestone over the days of the task, with today and the deadline; drawn on the
//! server, with the same facts as a table below.

use crate::{app::App, locale::Locale};
use bihuan_rules::task::Task;
use jiff::civil::Date;

/// Width of the picture, in its own units.
const WIDTH: i64 = 600;
/// Height of a milestone's line, in the same units.
const LINE: i64 = 22;
/// Width of the shortest bar, in the same units.
const BAR_MIN: i64 = 4;
/// Room above the lines for the dates.
const HEAD: i64 = 18;

/// A milestone: its bar and its words.
pub(crate) struct Bar {
    pub y: i64,
    pub x: i64,
    pub width: i64,
    pub class: &'static str,
    pub number: u32,
    pub text: String,
    pub due_on: String,
    pub done_on: String,
    pub tag: (String, &'static str),
    pub who: String,
}

/// The picture.
pub(crate) struct Gantt {
    pub width: i64,
    pub height: i64,
    pub head: i64,
    pub bars: Vec<Bar>,
    pub today: Option<i64>,
    pub due: Option<i64>,
    pub first_day: String,
    pub last_day: String,
    /// What it shows, in a sentence.
    pub says: String,
}

/// The plan of a task; nothing when it has no milestones.
pub(crate) fn gantt(app: &App, locale: Locale, task: &Task) -> Option<Gantt> {
    let (reference, today) = (app.reference(), app.today());
    let office = &reference.office;
    let begun = task.days.assigned_on.or(task.days.registered_on)?;
    let last_milestone = task.milestones.iter().map(|milestone| milestone.due_on).max()?;
    let last_done = task.milestones.iter().filter_map(|milestone| milestone.done_on).max();
    let end = [Some(last_milestone), task.deadline.due_on, last_done].into_iter().flatten().max()?;
    let days = i64::from((end - begun).get_days()).max(1);
    let at = |day: Date| (i64::from((day - begun).get_days()) * WIDTH / days).clamp(0, WIDTH);
    let mut from = begun;
    let mut bars = Vec::new();
    for (line, milestone) in (0_i64..).zip(&task.milestones) {
        let until = milestone.done_on.unwrap_or(milestone.due_on);
        let (key, class) = match milestone.done_on {
            Some(_) => ("milestone-done", "done"),
            None if milestone.due_on < today => ("milestone-missed", "late"),
            None => ("milestone-open", "plain"),
        };
        let holders = milestone.post.as_ref().and_then(|post| office.posts.get(post)).map(|post| {
            let names: Vec<_> = office.holders_on(&post.id, today).map(|p| p.name.clone()).collect();
            format!("{} {}", post.title, names.join("、"))
        });
        let x = at(from.min(until)).min(WIDTH - BAR_MIN);
        bars.push(Bar {
            y: HEAD + line * LINE,
            x,
            width: (at(until) - x).max(BAR_MIN),
            class,
            number: milestone.number,
            text: milestone.text.clone(),
            due_on: locale.date(milestone.due_on),
            done_on: milestone.done_on.map(|day| locale.date(day)).unwrap_or_default(),
            tag: (locale.say(key), class),
            who: holders.unwrap_or_default(),
        });
        from = milestone.due_on.max(from);
    }
    let reached = task.milestones.iter().filter(|milestone| milestone.done_on.is_some()).count();
    let is_late =
        |milestone: &&bihuan_rules::task::Milestone| milestone.done_on.is_none() && milestone.due_on < today;
    let missed = task.milestones.iter().filter(is_late).count();
    let count = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
    let says = locale.text("gantt-says").with("reached", count(reached));
    let says = says.with("all", count(task.milestones.len())).with("missed", count(missed)).to_string();
    Some(Gantt {
        width: WIDTH,
        height: HEAD + count(bars.len()) * LINE + 4,
        head: HEAD,
        bars,
        today: (today >= begun && today <= end).then(|| at(today)),
        due: task.deadline.due_on.map(at),
        first_day: locale.date(begun),
        last_day: locale.date(end),
        says,
    })
}
