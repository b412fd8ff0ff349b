//! Minutes (会议纪要): written from what was recorded, put right by a person, numbered and issued.

use super::{find, may_write, show::post_words};
use crate::{
    app::{App, Outlook},
    document::compose,
    failure::Failure,
    filled::Filled,
    frame::{
        form::Kind,
        sheet::{Sheet, field, line},
    },
    locale::Locale,
    order,
    session::Signed,
    words,
};
use axum::{
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
};
use bihuan_rules::{
    Act, Refusal, Subject,
    access::Room,
    committee::{self, ItemKind, Meeting, MeetingOrder, Outcome, Presence},
    id::RecordId,
    official_document::{DocumentKind, Draft},
    record::Kind as RecordKind,
};
use bihuan_store::{Receipt, Work};

const NUMERALS: [&str; 10] = ["一", "二", "三", "四", "五", "六", "七", "八", "九", "十"];

/// A number in Chinese, as headings have it.
pub(crate) fn numeral(n: usize) -> String {
    match n {
        1..=10 => NUMERALS[n - 1].to_owned(),
        11..=19 => format!("十{}", NUMERALS[n - 11]),
        n => n.to_string(),
    }
}

/// The text of the minutes: each item, what was decided, who must do what by when; who came.
///
/// The day of the meeting counts for who held which post.
#[must_use]
pub fn text(app: &Outlook, meeting: &Meeting) -> String {
    let reference = app.reference();
    let unit = |id: &bihuan_rules::id::UnitId| words::unit(&reference.office, id.as_str());
    let chair = post_words(app, meeting, &meeting.call.chair);
    let mut text = format!(
        "{}，{}在{}召开。会议由{chair}主持。现将会议议定事项纪要如下。\n",
        compose::day(meeting.call.on),
        meeting.call.title,
        meeting.call.place
    );
    for (n, item) in (1..).zip(&meeting.items) {
        text.push_str(&format!("{}、{}\n", numeral(n), item.agenda.title));
        let what = match (item.agenda.kind, item.outcome) {
            (ItemKind::Deliberate, Some(Outcome::Adopted)) => "会议审议并通过。",
            (ItemKind::Deliberate, Some(Outcome::AdoptedInPrinciple)) => {
                "会议审议并原则通过，按会议意见修改完善后印发。"
            }
            (ItemKind::Deliberate, Some(Outcome::Revise)) => "会议要求修改后再次提交审议。",
            (ItemKind::Deliberate, Some(Outcome::Deferred)) => "会议决定暂缓审议。",
            (ItemKind::Deliberate, Some(Outcome::Rejected)) => "会议未予通过。",
            (ItemKind::Film, _) => "会议观看了警示片。",
            (ItemKind::Circular, _) => "会议宣读了通报。",
            _ => "",
        };
        let said = [what, item.note.trim()].into_iter().filter(|part| !part.is_empty());
        let said = said.collect::<Vec<_>>().join("\n");
        if !said.is_empty() {
            text.push_str(&format!("{said}\n"));
        }
        for decided in &item.demands {
            let demand = &decided.demand;
            let due = compose::day(demand.due_on);
            text.push_str(&format!("{}（{}负责，{due}前完成）\n", demand.text, unit(&demand.lead)));
        }
    }
    let came = |presence: Presence| {
        let each = meeting.attendance.iter().filter(|each| each.presence == presence);
        each.map(|each| {
            let post = post_words(app, meeting, &each.post);
            if each.note.is_empty() { post } else { format!("{post}（{}）", each.note) }
        })
        .collect::<Vec<_>>()
        .join("，")
    };
    for (label, presence) in [
        ("出席", Presence::InPerson),
        ("代会", Presence::Substitute),
        ("请假", Presence::Excused),
        ("缺席", Presence::Absent),
    ] {
        let names = came(presence);
        if !names.is_empty() {
            text.push_str(&format!("{label}：{names}\n"));
        }
    }
    if !meeting.call.guests.is_empty() {
        text.push_str(&format!("列席：{}\n", meeting.call.guests.join("，")));
    }
    text
}

fn sheet(locale: Locale, meeting: &Meeting, filled: &Filled) -> Sheet {
    Sheet {
        room: Some(Room::Meetings),
        title: locale.say("meeting-minutes-draft"),
        crumbs: vec![
            ("/meetings".to_owned(), locale.say("room-meetings")),
            (format!("/meetings/{}", meeting.id), meeting.call.title.clone()),
        ],
        intro: locale.say("document-issue-intro"),
        action: format!("/meetings/{}/minutes", meeting.id),
        cancel: format!("/meetings/{}", meeting.id),
        submit: locale.say("document-step-issue"),
        fields: vec![
            line(locale, "title", filled),
            field(locale, "text", Kind::Passage(filled.text("text").to_owned(), 20)),
        ],
        hidden: Vec::new(),
    }
}

/// `GET /meetings/{id}/minutes`.
pub async fn get(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    if !may_write(&signed) {
        return Err(Failure::NotFound);
    }
    let (reader, looked) = (signed.clone(), app.clone());
    let meeting = app.books.ask(move |connection| find(&looked, connection, &reader, &id)).await?.record;
    let mut filled = Filled::default();
    filled.set("title", format!("{}纪要", meeting.call.title));
    filled.set("text", text(&app.outlook(), &meeting));
    Ok(sheet(locale, &meeting, &filled).answer(&app, locale, &signed, &[], None))
}

/// `POST /meetings/{id}/minutes`.
pub async fn post(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    Path(id): Path<String>,
    filled: Filled,
) -> Result<Response, Failure> {
    if !may_write(&signed) {
        return Err(Failure::NotFound);
    }
    signed.check_form(filled.text("csrf"))?;
    let (reader, looked) = (signed.clone(), app.clone());
    let meeting = app.books.ask(move |connection| find(&looked, connection, &reader, &id)).await?.record;
    let series = format!("{}纪", compose::series(&app.outlook(), &meeting.call.organ));
    let (title, text) = (filled.text("title").to_owned(), filled.text("text").replace("\r\n", "\n"));
    let code = meeting.id.clone();
    let request = format!("meeting {code} minutes");
    let done = order::carry_out(&app, &signed, &filled, request, move |work| {
        let known = work.filed::<Meeting>(&code)?.ok_or(Failure::NotFound)?.record;
        issue(work, &known, title, text, series)
    })
    .await;
    let refuse = |refusal: &Refusal| {
        sheet(locale, &meeting, &filled).answer(&app, locale, &signed, &[], Some(refusal))
    };
    match done {
        Ok(Some(document)) => Ok(Redirect::to(&format!("/documents/{document}")).into_response()),
        Ok(None) => Ok(Redirect::to(&format!("/meetings/{}", meeting.id)).into_response()),
        Err(Failure::Refused(refusal)) => Ok(refuse(&refusal)),
        Err(other) => Err(other),
    }
}

/// Issues the minutes with a document of their own.
///
/// # Errors
/// What the rules refuse, or the engine.
pub fn issue(
    work: &mut Work<'_>,
    known: &Meeting,
    title: String,
    text: String,
    series: String,
) -> Result<(RecordId, Receipt), Failure> {
    let on = bihuan_rules::day_of(work.at);
    let subject = Subject::Record(RecordKind::Meeting, known.id.clone());
    let draft = Draft {
        kind: DocumentKind::Minutes,
        organ: known.call.organ.clone(),
        code: series,
        title,
        addressees: Vec::new(),
        units: Vec::new(),
        cc: Vec::new(),
        answer_due_on: None,
        text,
        figures: Vec::new(),
        attachments: Vec::new(),
        annex: Vec::new(),
        about: vec![subject.to_string()],
    };
    let document = crate::document::issue_at_once(work, draft, on)?;
    let act = committee::decide(&work.situation(""), Some(known), MeetingOrder::Minute(document.clone()))?;
    let receipt = work.record(subject, Act::from(act))?;
    Ok((document, receipt))
}
