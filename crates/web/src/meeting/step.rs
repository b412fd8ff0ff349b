//! The forms of a meeting: call, agenda, attendance, decisions, revised lists, answers.

use super::{find, lists, may_write, show::post_words};
use crate::{
    app::App,
    document::compose,
    failure::Failure,
    filled::{FieldError, Filled},
    frame::{
        form::{Column, Field, Kind},
        sheet::{Sheet, field, line, options},
    },
    intake::{
        entry::{Entry, own_source},
        review::Item as Typed,
    },
    locale::Locale,
    office::choose::units,
    order::{self, steps},
    session::Signed,
    words,
};
use axum::{
    extract::{Path, State},
    response::Response,
};
use bihuan_rules::{
    Act, Refusal, Subject,
    access::Room,
    committee::{
        self, Agenda, Attendance, Call, Demand, ItemKind, ListKind, Meeting, MeetingAct, MeetingOrder,
        Outcome, Presence,
    },
    duty,
    id::{PostId, RecordId, TaskId, UnitId},
    office::{Role, UnitKind},
    official_document::{DocumentKind, Draft},
    record::Kind as RecordKind,
    task::TaskKind,
};
use bihuan_store::{Receipt, Work};

/// Demands that the form of an item has room for.
const DEMAND_ROWS: usize = 6;
/// Present in person, of those called, in percent, for the form.
const QUORUM_PERCENT: u8 = 50;

steps! {
    /// What a form is for.
    enum Step {
        New = "new",
        Recall = "recall",
        PlaceItem = "place-item",
        ChangeItem = "change-item",
        TakeItem = "take-item",
        Open = "open",
        CloseItem = "close-item",
        End = "end",
        IssueList = "issue-list",
        Task = "task",
        Answer = "answer",
        Accept = "accept",
        CallOff = "call-off",
    }
}

impl Step {
    /// Whether this reader is shown the form at all; the rules decide for good.
    fn is_for(self, signed: &Signed) -> bool {
        self == Step::Answer || may_write(signed)
    }
}

/// The posts that may be called: leadership, heads of departments and towns.
fn members(app: &App) -> Vec<(String, String)> {
    let reference = app.reference();
    let office = &reference.office;
    let mut posts: Vec<_> = office
        .posts
        .values()
        .filter_map(|post| Some((office.units.get(&post.unit)?, post)))
        .filter(|(unit, post)| unit.closed_on.is_none() && !post.roles.contains(&Role::Administrator))
        .filter(|(unit, _)| matches!(unit.kind, UnitKind::Leadership | UnitKind::Department | UnitKind::Town))
        .map(|(unit, post)| {
            let order = (unit.kind != UnitKind::Leadership, unit.kind != UnitKind::Department);
            (order, unit.name.clone(), post.title.clone(), post.id.to_string())
        })
        .collect();
    posts.sort();
    posts.into_iter().map(|(_, unit, title, id)| (id, format!("{unit} {title}"))).collect()
}

fn call_of(call: &Call) -> Filled {
    let mut filled = Filled::default();
    filled.set("title", call.title.clone());
    filled.set("organ", call.organ.to_string());
    filled.set("held_on", call.on.to_string());
    filled.set("venue", call.place.clone());
    filled.set("chair", call.chair.to_string());
    filled.set_all("members", call.members.iter().map(ToString::to_string).collect());
    filled.set("guests", call.guests.join("\n"));
    filled.set("quorum", call.quorum_percent.to_string());
    filled
}

fn agenda_of(agenda: &Agenda) -> Filled {
    let mut filled = Filled::default();
    filled.set("item_kind", agenda.kind.name());
    filled.set("title", agenda.title.clone());
    filled.set("reporter", agenda.reporter.as_ref().map(ToString::to_string).unwrap_or_default());
    filled.set("list", agenda.list.map(ListKind::name).unwrap_or_default());
    filled.set("paper", agenda.paper.clone());
    filled.set("item_record", agenda.record.clone().unwrap_or_default());
    filled
}

fn optional(mut field: Field) -> Field {
    field.optional = true;
    field
}

fn menu<T: Copy>(
    locale: Locale,
    name: &str,
    prefix: &str,
    all: &[T],
    word: fn(T) -> &'static str,
    filled: &Filled,
) -> Field {
    let choices = all.iter().map(|each| {
        let value = word(*each);
        (value.to_owned(), locale.say(&format!("{prefix}-{}", value.replace('_', "-"))))
    });
    field(locale, name, Kind::Menu(options(choices, &filled.texts(name))))
}

fn fields(app: &App, locale: Locale, step: Step, meeting: Option<&Meeting>, filled: &Filled) -> Vec<Field> {
    let line = |name: &str| line(locale, name, filled);
    let passage = |name: &str, rows| field(locale, name, Kind::Passage(filled.text(name).to_owned(), rows));
    let choose = |name: &str, choices| field(locale, name, Kind::Menu(options(choices, &filled.texts(name))));
    match step {
        Step::New | Step::Recall => vec![
            line("title"),
            choose("organ", units(app, |kind| kind == UnitKind::Leadership)),
            line("held_on"),
            line("venue"),
            choose("chair", members(app)),
            field(locale, "members", Kind::Checks(options(members(app), &filled.texts("members")))),
            optional(passage("guests", 2)),
            line("quorum"),
        ],
        Step::PlaceItem | Step::ChangeItem => vec![
            menu(locale, "item_kind", "meeting-item", &ItemKind::ALL, ItemKind::name, filled),
            line("title"),
            optional(choose("reporter", units(app, |kind| kind != UnitKind::Enterprise))),
            optional(menu(locale, "list", "meeting-list", &ListKind::ALL, ListKind::name, filled)),
            optional(passage("paper", 6)),
            optional(line("item_record")),
        ],
        Step::Open => {
            let Some(meeting) = meeting else { return Vec::new() };
            let presences = Presence::ALL.map(|presence| {
                let key = format!("meeting-presence-{}", presence.name().replace('_', "-"));
                (presence.name().to_owned(), locale.say(&key))
            });
            let column = |name: &str, options: Vec<(String, String)>| Column {
                name: name.to_owned(),
                label: locale.say(&format!("field-{}", name.replace('_', "-"))),
                options,
            };
            let rows = meeting.call.members.iter().enumerate().map(|(n, member)| {
                let typed = |name: &str| filled.column(name).get(n).cloned();
                vec![
                    post_words(&app.outlook(), meeting, member),
                    typed("presence").unwrap_or_else(|| Presence::InPerson.name().to_owned()),
                    typed("presence_note").unwrap_or_default(),
                ]
            });
            let columns = vec![
                column("member", Vec::new()),
                column("presence", presences.to_vec()),
                column("presence_note", Vec::new()),
            ];
            vec![field(locale, "attendance", Kind::Rows(columns, rows.collect()))]
        }
        Step::CloseItem => {
            let kind = item_of(meeting, filled).map(|item| item.agenda.kind);
            let outcomes: Vec<Outcome> = Outcome::ALL
                .into_iter()
                .filter(|outcome| (*outcome == Outcome::Noted) != (kind == Some(ItemKind::Deliberate)))
                .collect();
            let column = |name: &str, options: Vec<(String, String)>| Column {
                name: name.to_owned(),
                label: locale.say(&format!("field-{}", name.replace('_', "-"))),
                options,
            };
            let columns = vec![
                column("demand_text", Vec::new()),
                column("demand_lead", units(app, |kind| kind != UnitKind::Enterprise)),
                column("demand_due", Vec::new()),
            ];
            let rows = (0..DEMAND_ROWS.max(filled.column("demand_text").len())).map(|n| {
                let cell = |name: &str| filled.column(name).get(n).cloned().unwrap_or_default();
                vec![cell("demand_text"), cell("demand_lead"), cell("demand_due")]
            });
            vec![
                menu(locale, "outcome", "meeting-outcome", &outcomes, Outcome::name, filled),
                optional(passage("note", 5)),
                optional(field(locale, "demands", Kind::Rows(columns, rows.collect()))),
            ]
        }
        // The duty list is made of the duties themselves: what is to read differently is revised there.
        Step::IssueList if is_duty_list(meeting, filled) => Vec::new(),
        Step::IssueList => vec![passage("rows", 16)],
        Step::Task => {
            vec![
                choose("field", words::work_fields(locale)),
                optional(choose("area", units(app, |kind| kind == UnitKind::Town))),
            ]
        }
        Step::Answer => vec![passage("answer", 5)],
        Step::CallOff => vec![line("reason")],
        Step::TakeItem | Step::End | Step::Accept => Vec::new(),
    }
}

fn is_duty_list(meeting: Option<&Meeting>, filled: &Filled) -> bool {
    item_of(meeting, filled).is_some_and(|item| item.agenda.list == Some(ListKind::Duties))
}

fn item_of<'m>(meeting: Option<&'m Meeting>, filled: &Filled) -> Option<&'m committee::Item> {
    let n = filled.number("item").ok().flatten()?;
    meeting?.items.get(usize::try_from(n).ok()?.checked_sub(1)?)
}

fn sheet(app: &App, locale: Locale, step: Step, meeting: Option<&Meeting>, filled: &Filled) -> Sheet {
    let above = meeting.map_or("/meetings".to_owned(), |meeting| format!("/meetings/{}", meeting.id));
    let mut crumbs = vec![("/meetings".to_owned(), locale.say("room-meetings"))];
    crumbs.extend(meeting.map(|meeting| (above.clone(), meeting.call.title.clone())));
    let intro = format!("meeting-intro-{}", step.name());
    let intro = if step == Step::IssueList && is_duty_list(meeting, filled) {
        "meeting-intro-issue-duties".to_owned()
    } else {
        intro
    };
    let mut intro = if locale.knows(&intro) { locale.say(&intro) } else { String::new() };
    if let Some(item) = item_of(meeting, filled) {
        intro = format!("{}. {} {intro}", filled.text("item"), item.agenda.title);
    }
    Sheet {
        room: Some(Room::Meetings),
        title: locale.say(&format!("meeting-step-{}", step.name())),
        crumbs,
        intro,
        action: format!("{above}/{}", step.name()),
        cancel: above,
        submit: locale.say(&format!("meeting-step-{}", step.name())),
        fields: fields(app, locale, step, meeting, filled),
        hidden: vec![("item", filled.text("item").to_owned()), ("demand", filled.text("demand").to_owned())],
    }
}

fn read_call(filled: &Filled, app: &App) -> Result<Call, Vec<FieldError>> {
    let organ = filled.id_needed::<UnitId>("organ");
    let on = filled.date_needed("held_on", app.today());
    let chair = filled.id_needed::<PostId>("chair");
    let quorum = filled.number("quorum").map(|number| number.unwrap_or(u64::from(QUORUM_PERCENT)));
    match (organ, on, chair, quorum) {
        (Ok(organ), Ok(on), Ok(chair), Ok(quorum)) => {
            let mut members: Vec<PostId> =
                filled.texts("members").into_iter().filter_map(|post| PostId::new(post).ok()).collect();
            members.push(chair.clone());
            Ok(Call {
                title: filled.text("title").to_owned(),
                organ,
                on,
                place: filled.text("venue").to_owned(),
                chair,
                members,
                guests: filled.lines("guests"),
                quorum_percent: u8::try_from(quorum).unwrap_or(u8::MAX),
            })
        }
        (organ, on, chair, quorum) => {
            Err([organ.err(), on.err(), chair.err(), quorum.err()].into_iter().flatten().collect())
        }
    }
}

fn read_agenda(filled: &Filled) -> Result<Agenda, Vec<FieldError>> {
    let kind = filled.one_of("item_kind", ItemKind::ALL, ItemKind::name).map_err(|error| vec![error])?;
    Ok(Agenda {
        kind,
        title: filled.text("title").to_owned(),
        reporter: filled.id("reporter").map_err(|error| vec![error])?,
        list: ListKind::ALL.into_iter().find(|list| list.name() == filled.text("list")),
        paper: filled.text("paper").replace("\r\n", "\n"),
        record: Some(filled.text("item_record").to_owned()).filter(|record| Subject::read(record).is_some()),
    })
}

fn read_attendance(filled: &Filled, meeting: &Meeting) -> Vec<Attendance> {
    let cell = |name: &str, n: usize| filled.column(name).get(n).map_or("", |text| text.trim()).to_owned();
    let named = |name: &str| Presence::ALL.into_iter().find(|presence| presence.name() == name);
    let members = meeting.call.members.iter().enumerate();
    members
        .map(|(n, post)| Attendance {
            post: post.clone(),
            presence: named(&cell("presence", n)).unwrap_or(Presence::Absent),
            note: cell("presence_note", n),
        })
        .collect()
}

fn read_demands(filled: &Filled, app: &App) -> Result<Vec<Demand>, Vec<FieldError>> {
    let mut demands = Vec::new();
    for (n, text) in filled.column("demand_text").iter().enumerate() {
        if text.trim().is_empty() {
            continue;
        }
        let cell = |name: &str| filled.column(name).get(n).map_or("", |text| text.trim());
        let lead = UnitId::new(cell("demand_lead"));
        let due_on = bihuan_rules::deadline::read_date(cell("demand_due"), Some(app.today()));
        match (lead, due_on) {
            (Ok(lead), Some(due_on)) => demands.push(Demand { text: text.trim().to_owned(), lead, due_on }),
            _ => return Err(vec![FieldError::at("demands", "meeting-demand-incomplete")]),
        }
    }
    Ok(demands)
}

/// What the form orders, as far as it can be told without the books.
enum Wanted {
    Order(MeetingOrder),
    Open(Vec<Attendance>),
    IssueList(u32, Vec<Vec<String>>),
    Task(u32, u32, Box<Typed>),
}

fn wanted(app: &App, step: Step, meeting: &Meeting, filled: &Filled) -> Result<Wanted, Vec<FieldError>> {
    let number = |name: &str| {
        let number = filled.number(name).ok().flatten();
        number.and_then(|number| u32::try_from(number).ok()).unwrap_or(0)
    };
    let (n, demand) = (number("item"), number("demand"));
    let text = |name: &str| filled.text(name).replace("\r\n", "\n");
    Ok(Wanted::Order(match step {
        Step::New | Step::Recall => MeetingOrder::Recall(read_call(filled, app)?),
        Step::PlaceItem => MeetingOrder::PlaceItem(read_agenda(filled)?),
        Step::ChangeItem => MeetingOrder::ChangeItem(n, read_agenda(filled)?),
        Step::TakeItem => MeetingOrder::TakeItem(n),
        Step::Open => return Ok(Wanted::Open(read_attendance(filled, meeting))),
        Step::CloseItem => MeetingOrder::CloseItem {
            n,
            outcome: filled.one_of("outcome", Outcome::ALL, Outcome::name).map_err(|error| vec![error])?,
            note: text("note"),
            demands: read_demands(filled, app)?,
        },
        Step::End => MeetingOrder::End,
        Step::IssueList if is_duty_list(Some(meeting), filled) => {
            return Ok(Wanted::IssueList(n, Vec::new()));
        }
        Step::IssueList => {
            let rows = text("rows");
            let rows = rows.lines().filter(|line| !line.trim().is_empty());
            let rows: Vec<Vec<String>> =
                rows.map(|line| line.split('\t').map(|cell| cell.trim().to_owned()).collect()).collect();
            if rows.len() < 2 {
                return Err(vec![FieldError::at("rows", "form-missing")]);
            }
            return Ok(Wanted::IssueList(n, rows));
        }
        Step::Task => {
            let Some(decided) = item_of(Some(meeting), filled)
                .and_then(|item| item.demands.get(usize::try_from(demand).ok()?.checked_sub(1)?))
            else {
                return Err(vec![FieldError::at("demand", "form-missing")]);
            };
            let title: String = decided.demand.text.chars().take(60).collect();
            let reference = app.reference();
            let values = [
                ("title", title),
                ("original_text", decided.demand.text.clone()),
                ("field", filled.text("field").to_owned()),
                ("area", filled.text("area").to_owned()),
                ("kind", TaskKind::ALL.first().map_or("", |kind| kind.name()).to_owned()),
                ("due_on", decided.demand.due_on.to_string()),
                ("lead", words::unit(&reference.office, decided.demand.lead.as_str())),
            ];
            let values = values.into_iter().map(|(name, value)| (name.to_owned(), value));
            let values = values.filter(|(_, value)| !value.is_empty()).collect();
            return Ok(Wanted::Task(n, demand, Box::new(Typed { values, ..Typed::default() })));
        }
        Step::Answer => MeetingOrder::Answer(n, demand, text("answer")),
        Step::Accept => MeetingOrder::AcceptAnswer(n, demand),
        Step::CallOff => MeetingOrder::CallOff(text("reason")),
    }))
}

/// `GET /meetings/new`.
pub async fn new(State(app): State<App>, locale: Locale, signed: Signed) -> Result<Response, Failure> {
    if !may_write(&signed) {
        return Err(Failure::NotFound);
    }
    let mut filled = Filled::default();
    filled.set("quorum", QUORUM_PERCENT.to_string());
    filled.set("organ", compose::committee(&app.outlook()));
    Ok(sheet(&app, locale, Step::New, None, &filled).answer(&app, locale, &signed, &[], None))
}

/// `POST /meetings/new`.
pub async fn create(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    filled: Filled,
) -> Result<Response, Failure> {
    if !may_write(&signed) {
        return Err(Failure::NotFound);
    }
    signed.check_form(filled.text("csrf"))?;
    let refuse = |errors: &[FieldError], refusal: Option<&Refusal>| {
        sheet(&app, locale, Step::New, None, &filled).answer(&app, locale, &signed, errors, refusal)
    };
    let call = match read_call(&filled, &app) {
        Ok(call) => call,
        Err(errors) => return Ok(refuse(&errors, None)),
    };
    let request = format!("meeting new {}", call.title);
    let done = order::carry_out(&app, &signed, &filled, request, move |work| {
        let year = call.on.year();
        let act = committee::decide(&work.situation(""), None, MeetingOrder::Call(call))?;
        let id = work.next_code::<Meeting>(&format!("M-{year}"))?;
        let receipt = work.record(Subject::Record(RecordKind::Meeting, id.clone()), Act::from(act))?;
        Ok((id, receipt))
    })
    .await;
    let to = |done| match done {
        Some(id) => format!("/meetings/{id}"),
        None => "/meetings".to_owned(),
    };
    order::answered(done, to, |refusal| refuse(&[], Some(refusal)))
}

/// `GET /meetings/{id}/{step}`.
pub async fn get(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    Path((id, step)): Path<(String, String)>,
    asked: Filled,
) -> Result<Response, Failure> {
    let step = Step::named(&step)?;
    if !step.is_for(&signed) {
        return Err(Failure::NotFound);
    }
    let (reader, looked) = (signed.clone(), app.clone());
    let meeting = app.books.ask(move |connection| find(&looked, connection, &reader, &id)).await?.record;
    let mut filled = match step {
        Step::Recall => call_of(&meeting.call),
        Step::ChangeItem => agenda_of(&item_of(Some(&meeting), &asked).ok_or(Failure::NotFound)?.agenda),
        Step::IssueList => {
            let item = item_of(Some(&meeting), &asked).ok_or(Failure::NotFound)?;
            let rows = item.laid.as_ref().map(|list| list.rows.clone()).unwrap_or_default();
            let mut filled = Filled::default();
            filled.set("rows", rows.iter().map(|row| row.join("\t")).collect::<Vec<_>>().join("\n"));
            filled
        }
        _ => Filled::default(),
    };
    filled.set("item", asked.text("item"));
    filled.set("demand", asked.text("demand"));
    Ok(sheet(&app, locale, step, Some(&meeting), &filled).answer(&app, locale, &signed, &[], None))
}

/// `POST /meetings/{id}/{step}`.
pub async fn post(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    Path((id, step)): Path<(String, String)>,
    filled: Filled,
) -> Result<Response, Failure> {
    let step = Step::named(&step)?;
    if !step.is_for(&signed) {
        return Err(Failure::NotFound);
    }
    signed.check_form(filled.text("csrf"))?;
    let (reader, looked) = (signed.clone(), app.clone());
    let meeting = app.books.ask(move |connection| find(&looked, connection, &reader, &id)).await?.record;
    let refuse = |errors: &[FieldError], refusal: Option<&Refusal>| {
        sheet(&app, locale, step, Some(&meeting), &filled).answer(&app, locale, &signed, errors, refusal)
    };
    let wanted = match wanted(&app, step, &meeting, &filled) {
        Ok(wanted) => wanted,
        Err(errors) => return Ok(refuse(&errors, None)),
    };
    let entry = match &wanted {
        Wanted::Task(_, _, typed) => match Entry::read(typed.as_ref().clone(), str::to_owned, app.today()) {
            Ok(entry) => Some(entry),
            Err(errors) => return Ok(refuse(&errors, None)),
        },
        _ => None,
    };
    let (code, series) = (meeting.id.clone(), compose::series(&app.outlook(), &meeting.call.organ));
    let request = format!("meeting {code} {} {} {}", step.name(), filled.text("item"), filled.text("demand"));
    let done = order::carry_out(&app, &signed, &filled, request, move |work| {
        carry(work, &code, wanted, entry, &series)
    })
    .await;
    let to = |address: Option<String>| address.unwrap_or_else(|| format!("/meetings/{}", meeting.id));
    order::answered(done, to, |refusal| refuse(&[], Some(refusal)))
}

/// Does what was ordered, inside one piece of work; answers with the address to go to.
fn carry(
    work: &mut Work<'_>,
    code: &RecordId,
    wanted: Wanted,
    entry: Option<Entry>,
    series: &str,
) -> Result<(String, Receipt), Failure> {
    let known = work.filed::<Meeting>(code)?.ok_or(Failure::NotFound)?.record;
    let subject = Subject::Record(RecordKind::Meeting, code.clone());
    let home = format!("/meetings/{code}");
    let decide = |work: &Work<'_>, order| committee::decide(&work.situation(""), Some(&known), order);
    match wanted {
        Wanted::Order(order) => {
            let act = decide(work, order)?;
            let adopted = match &act {
                MeetingAct::ItemClosed { n, outcome: Outcome::Adopted, .. } => Some(*n),
                _ => None,
            };
            let mut receipt = work.record(subject, Act::from(act))?;
            if let Some(n) = adopted {
                receipt = adopt_duties(work, code, n)?.unwrap_or(receipt);
            }
            Ok((home, receipt))
        }
        Wanted::Open(attendance) => {
            let (reference, on) = (work.reference(), bihuan_rules::day_of(work.at));
            let mut laid = Vec::new();
            for (n, item) in (1..).zip(&known.items) {
                if let Some(list) = item.agenda.list {
                    laid.push((n, lists::freeze(work.connection(), &reference, list, on)?));
                }
            }
            let act = decide(work, MeetingOrder::Open(attendance, laid))?;
            Ok((home, work.record(subject, Act::from(act))?))
        }
        Wanted::IssueList(n, rows) => issue_list(work, &known, n, rows, series),
        Wanted::Task(n, demand, _) => {
            let entry = entry.ok_or(Failure::NotFound)?;
            let task = register(work, &known, entry)?;
            let act = decide(work, MeetingOrder::Task(n, demand, task.clone()))?;
            Ok((format!("/tasks/{task}"), work.record(subject, Act::from(act))?))
        }
    }
}

/// Issues the revised list with a document of its own; answers with the address of the document.
///
/// # Errors
/// What the rules refuse, or the engine.
pub fn issue_list(
    work: &mut Work<'_>,
    known: &Meeting,
    n: u32,
    rows: Vec<Vec<String>>,
    series: &str,
) -> Result<(String, Receipt), Failure> {
    let on = bihuan_rules::day_of(work.at);
    let item = usize::try_from(n).ok().and_then(|n| n.checked_sub(1)).and_then(|n| known.items.get(n));
    let item = item.ok_or(Failure::NotFound)?;
    let list = item.agenda.list.ok_or(Failure::NotFound)?;
    let reference = work.reference();
    let mut frozen = lists::freeze(work.connection(), &reference, list, on)?;
    if list == ListKind::Problems {
        frozen.sha256 = lists::hash(&rows);
        frozen.rows = rows;
    }
    let rows = frozen.rows.clone();
    let name = match list {
        ListKind::Problems => "问题清单",
        ListKind::Duties => "责任清单",
    };
    let draft = Draft {
        kind: DocumentKind::ListIssue,
        organ: known.call.organ.clone(),
        code: series.to_owned(),
        title: format!("关于印发《{name}》的通知"),
        addressees: vec!["各镇人民政府、街道办事处".to_owned(), "区级有关部门".to_owned()],
        units: compose::towns(&reference.office),
        cc: Vec::new(),
        answer_due_on: None,
        text: format!(
            "《{name}》经{}审议原则通过，已按会议意见修改完善，现予印发，请按照附件抓好落实。",
            known.call.title
        ),
        figures: Vec::new(),
        attachments: vec![name.to_owned()],
        annex: rows,
        about: vec![Subject::Record(RecordKind::Meeting, known.id.clone()).to_string()],
    };
    let document = crate::document::issue_at_once(work, draft, on)?;
    let act: MeetingAct = committee::decide(
        &work.situation(""),
        Some(known),
        MeetingOrder::IssueList(n, frozen, document.clone()),
    )?;
    let receipt = work.record(Subject::Record(RecordKind::Meeting, known.id.clone()), Act::from(act))?;
    let receipt = adopt_duties(work, &known.id, n)?.unwrap_or(receipt);
    Ok((format!("/documents/{document}"), receipt))
}

/// Puts the duties in force that stand in the list which was just adopted or issued.
fn adopt_duties(work: &mut Work<'_>, code: &RecordId, n: u32) -> Result<Option<Receipt>, Failure> {
    let meeting = work.filed::<Meeting>(code)?.ok_or(Failure::NotFound)?.record;
    let place = usize::try_from(n).ok().and_then(|n| n.checked_sub(1));
    let item = place.and_then(|place| meeting.items.get(place));
    if item.is_none_or(|item| item.agenda.list != Some(ListKind::Duties)) {
        return Ok(None);
    }
    let on = bihuan_rules::day_of(work.at);
    let mut last = None;
    for (id, act) in duty::adoptions(&work.reference().records, &meeting, n, on)? {
        last = Some(work.record(Subject::Record(RecordKind::Duty, id), Act::from(act))?);
    }
    Ok(last)
}

/// Registers a demand as problem and task, under a source of the meeting's own.
fn register(work: &mut Work<'_>, known: &Meeting, entry: Entry) -> Result<TaskId, Failure> {
    let source = own_source::<Failure>(work, known.id.as_str(), &known.call.title, known.call.on)?;
    let prefix = work.reference().area.as_ref().map(|area| area.number_prefix.clone()).unwrap_or_default();
    entry.record::<Failure>(work, &source, &prefix)
}
