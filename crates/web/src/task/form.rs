//! The page of a verb: what the task is, what the rule wants, the form, and after a refusal the rule by name.

use super::{
    act::{ask, needs_step_up, once_key},
    spec::{Ask, Choice, Desk, Spec},
};
use crate::{
    app::App,
    failure::Failure,
    filled::{FieldError, Filled},
    frame::{
        Frame,
        form::{Column, Field, Form, Kind, Option_},
        show,
    },
    guarantee::Voice,
    locale::Locale,
    session::Signed,
    words,
};
use askama::Template;
use axum::{http::StatusCode, response::Response};
use bihuan_rules::{
    Refusal,
    access::Room,
    task::{Task, Verb},
};
use bihuan_store::Seen;

/// Blank rows offered beneath those that are filled in.
const BLANK_ROWS: usize = 4;

/// What the page of a verb needs.
pub(super) struct Page<'a> {
    pub app: &'a App,
    pub locale: Locale,
    pub signed: &'a Signed,
    pub seen: &'a Seen<Task>,
    pub verb: Verb,
    /// What guarantors say, for whoever signs.
    pub voices: Vec<Voice>,
}

#[derive(Template)]
#[template(path = "task/form.html")]
struct View {
    frame: Frame,
    form: Form,
    task: Task,
    intro: String,
    original: Vec<String>,
    voices: Vec<Voice>,
}

impl Page<'_> {
    fn task(&self) -> &Task {
        &self.seen.record
    }

    /// Whether the verb is open to this person now.
    pub fn may(&self) -> Result<(), Failure> {
        let reference = self.app.reference();
        let situation = reference.situation(&self.signed.actor, self.app.now(), &self.task().ruleset);
        Ok(self.task().may(&situation, self.verb)?)
    }

    /// What forms look at.
    pub fn desk(&self) -> Desk<'_> {
        let reference = self.app.reference();
        Desk {
            task: self.task(),
            ruleset: reference.ruleset(&self.task().ruleset).clone(),
            reference,
            actor: &self.signed.actor,
            today: self.app.today(),
            locale: self.locale,
        }
    }

    /// The form as it is before anybody typed.
    pub fn blank(&self) -> Filled {
        let mut filled = Filled::default();
        for spec in ask(self.verb, &self.desk()).unwrap_or_default() {
            if let Ask::Milestones(_) = spec.ask {
                let milestones = &self.task().milestones;
                filled.set_all("milestones_text", milestones.iter().map(|m| m.text.clone()).collect());
                filled.set_all("milestones_date", milestones.iter().map(|m| m.due_on.to_string()).collect());
                let posts = milestones.iter().map(|m| m.post.clone().map(String::from).unwrap_or_default());
                filled.set_all("milestones_post", posts.collect());
            } else {
                filled.set_all(spec.name, spec.before);
            }
        }
        filled
    }

    /// Draws the page.
    pub fn render(
        &self,
        status: StatusCode,
        filled: &Filled,
        errors: &[FieldError],
        refusal: Option<&Refusal>,
    ) -> Response {
        let desk = self.desk();
        let specs = ask(self.verb, &desk).unwrap_or_default();
        let slug = self.verb.slug();
        let (id, locale) = (&self.task().id, self.locale);
        let mut form = Form {
            locale,
            action: format!("/tasks/{id}/{slug}"),
            files: false,
            fields: specs.into_iter().map(|spec| self.field(spec, filled, errors)).collect(),
            submit: locale.say(&format!("verb-{slug}")),
            cancel: format!("/tasks/{id}"),
            hidden: vec![
                ("csrf", self.signed.session.csrf.clone()),
                ("seen", self.seen.sequence.to_string()),
                (
                    "once",
                    if filled.has("once") && refusal.is_none() {
                        filled.text("once").to_owned()
                    } else {
                        once_key()
                    },
                ),
            ],
            errors: Vec::new(),
        };
        if needs_step_up(self.app, self.signed, self.verb) {
            form.fields.extend(self.step_up_fields(errors));
        }
        if let Some(refusal) = refusal {
            let sentence = words::refusal(locale, refusal);
            match refusal.field().and_then(|name| form.fields.iter_mut().find(|field| field.name == name)) {
                Some(field) => field.error = sentence,
                None => form.errors.push(sentence),
            }
        }
        let title = format!("{} · {}", locale.say(&format!("verb-{slug}")), self.task().title);
        let mut frame = Frame::new(self.app, locale, self.signed, Room::Tasks, title)
            .below("/tasks", locale.say("room-tasks"))
            .below(format!("/tasks/{id}"), id.to_string());
        frame.has_errors = form.has_errors();
        let intro_key = format!("intro-{slug}");
        let intro = if locale.knows(&intro_key) { locale.say(&intro_key) } else { String::new() };
        let original = words::task_facts(&desk);
        let (task, voices) = (self.task().clone(), self.voices.clone());
        show(status, &View { frame, form, task, intro, original, voices })
    }

    fn step_up_fields(&self, errors: &[FieldError]) -> Vec<Field> {
        let factor =
            self.app.reference().accounts.get(&self.signed.actor.person).is_some_and(|a| a.second_factor);
        let mut fields =
            vec![self.plain_field("password", Kind::Line(String::new(), "password", true), errors)];
        if factor {
            fields.push(self.plain_field("code", Kind::Line(String::new(), "text", true), errors));
        }
        fields
    }

    fn plain_field(&self, name: &str, kind: Kind, errors: &[FieldError]) -> Field {
        let told: Vec<_> = errors.iter().filter(|error| error.field == name).collect();
        let hint_key = format!("hint-{name}");
        Field {
            name: name.to_owned(),
            label: self.locale.say(&format!("field-{}", name.replace('_', "-"))),
            hint: if self.locale.knows(&hint_key) { self.locale.say(&hint_key) } else { String::new() },
            error: told.iter().map(|error| error.words(self.locale)).collect::<Vec<_>>().join(" "),
            optional: false,
            kind,
        }
    }

    fn field(&self, spec: Spec, filled: &Filled, errors: &[FieldError]) -> Field {
        let name = spec.name;
        let value = filled.text(name).to_owned();
        let chosen = filled.column(name).to_vec();
        let options = |choices: Vec<Choice>| {
            choices
                .into_iter()
                .map(|(value, words)| Option_ { chosen: chosen.contains(&value), value, words })
                .collect()
        };
        let kind = match spec.ask {
            Ask::Line => Kind::Line(value, "text", false),
            Ask::Date | Ask::Number => Kind::Line(value, "text", true),
            Ask::Passage => {
                let lines = value.lines().count().clamp(4, 14);
                Kind::Passage(value, u32::try_from(lines).unwrap_or(4))
            }
            Ask::Lines => {
                let lines = value.lines().count().clamp(5, 14) + 1;
                Kind::Passage(value, u32::try_from(lines).unwrap_or(5))
            }
            Ask::Menu(choices) => Kind::Menu(options(choices)),
            Ask::Radio(choices) => Kind::Radio(options(choices)),
            Ask::Checks(choices) => Kind::Checks(options(choices)),
            Ask::Each(choices) => {
                let typed = filled.column(name);
                let rows = choices.into_iter().enumerate();
                Kind::Each(
                    rows.map(|(i, (_, label))| (label, typed.get(i).cloned().unwrap_or_default())).collect(),
                )
            }
            Ask::Milestones(posts) => {
                let column = |part: &str, options| Column {
                    name: format!("milestones_{part}"),
                    label: self.locale.say(&format!("field-milestone-{part}")),
                    options,
                };
                let columns =
                    vec![column("text", Vec::new()), column("date", Vec::new()), column("post", posts)];
                Kind::Rows(columns.clone(), typed_rows(filled, &columns, BLANK_ROWS))
            }
            Ask::Parts | Ask::Files => Kind::Line(value, "text", false),
        };
        Field { optional: !spec.needed, ..self.plain_field(name, kind, errors) }
    }
}

/// The rows that were typed and some blank ones.
pub(crate) fn typed_rows(filled: &Filled, columns: &[Column], blank: usize) -> Vec<Vec<String>> {
    let typed = columns.iter().map(|column| filled.column(&column.name).len()).max().unwrap_or(0);
    let used = (0..typed)
        .filter(|row| {
            columns.iter().any(|c| filled.column(&c.name).get(*row).is_some_and(|v| !v.trim().is_empty()))
        })
        .map(|row| {
            columns.iter().map(|c| filled.column(&c.name).get(row).cloned().unwrap_or_default()).collect()
        });
    used.chain(std::iter::repeat_n(vec![String::new(); columns.len()], blank)).collect()
}
