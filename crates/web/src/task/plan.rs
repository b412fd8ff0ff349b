//! The form of a plan (整改方案): what the document already said stands in it beforehand.

use super::spec::{Ask, Desk, Read, Reading, Spec};
use crate::filled::{FieldError, Filled};
use bihuan_rules::{
    deadline::read_date,
    id::PostId,
    task::{MilestonePlan, Order, Plan},
};

pub fn ask(desk: &Desk<'_>) -> Vec<Spec> {
    let task = desk.task;
    let lead: Vec<_> = task.parties.iter().map(|parties| &parties.lead).collect();
    let measures =
        task.measures.iter().map(|measure| measure.text.replace('\n', " ")).collect::<Vec<_>>().join("\n");
    vec![
        Spec::needed("goal", Ask::Passage).with(task.goal.clone()),
        Spec::needed("measures", Ask::Lines).with(measures),
        Spec::needed("milestones", Ask::Milestones(desk.posts(&lead))),
        Spec::needed("standard", Ask::Passage).with(task.standard.clone()),
        Spec::optional("due_on", Ask::Date)
            .with(task.deadline.due_on.map(|date| date.to_string()).unwrap_or_default()),
    ]
}

pub fn read(filled: &Filled, desk: &Desk<'_>) -> Read {
    let mut reading = Reading::of(filled);
    let goal = reading.needed("goal");
    let standard = reading.needed("standard");
    let due_on = reading.take(filled.date("due_on", desk.today)).flatten();
    let measures = filled.lines("measures");
    if measures.is_empty() {
        reading.errors.push(FieldError::at("measures", "form-missing"));
    }
    let mut milestones = Vec::new();
    let (texts, dates, posts) = (
        filled.column("milestones_text"),
        filled.column("milestones_date"),
        filled.column("milestones_post"),
    );
    let mut row = 0;
    for (index, text) in texts.iter().enumerate() {
        let cell =
            |column: &[String]| column.get(index).map(|cell| cell.trim().to_owned()).unwrap_or_default();
        let (date, post) = (cell(dates), cell(posts));
        if text.trim().is_empty() && date.is_empty() && post.is_empty() {
            continue;
        }
        row += 1;
        let wrong = |key| FieldError::at("milestones", key).in_row(row);
        match read_date(&date, Some(desk.today)) {
            Some(due_on) if !text.trim().is_empty() => milestones.push(MilestonePlan {
                text: text.trim().to_owned(),
                due_on,
                post: PostId::new(post).ok(),
            }),
            Some(_) => reading.errors.push(wrong("form-milestone-text")),
            None => reading.errors.push(wrong("form-milestone-date")),
        }
    }
    if milestones.is_empty() && reading.errors.iter().all(|error| error.field != "milestones") {
        reading.errors.push(FieldError::at("milestones", "form-missing"));
    }
    reading.order(|| Some(Order::Plan(Plan { goal, measures, milestones, standard, due_on })))
}
