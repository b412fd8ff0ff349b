//! The committee of the year (环委会): one meeting held, with a demand answered and one still open; the next one called.

use super::{
    district,
    stage::{Piece, Stage, What, instant},
};
use anyhow::Result;
use bihuan_rules::{
    committee::{Agenda, Attendance, Call, Demand, ItemKind, ListKind, MeetingOrder, Outcome, Presence},
    id::{PostId, RecordId, UnitId},
    office::UnitKind,
};
use jiff::{ToSpan, civil::Date};

/// The town of the role card answers for one demand, its department for another.
const TOWN: &str = "post-town-12-4";
const DEPARTMENT: &str = "post-housing-2";

/// Days before the story ends that the meeting was held.
const HELD_BEFORE: i64 = 40;
/// Days after the story ends for which the next one is called.
const NEXT_AFTER: i64 = 7;

fn agenda(kind: ItemKind, title: &str, list: Option<ListKind>) -> Agenda {
    Agenda { kind, title: title.to_owned(), reporter: None, list, paper: String::new(), record: None }
}

/// Leaders of the district, of the departments and of the towns: the first post of each.
fn members(stage: &Stage) -> Vec<PostId> {
    let mut members: Vec<PostId> = Vec::new();
    for unit in stage.office.units.values() {
        if matches!(unit.kind, UnitKind::Leadership | UnitKind::Department | UnitKind::Town) {
            let first = stage.office.posts.values().find(|post| post.unit == unit.id);
            members.extend(first.map(|post| post.id.clone()));
        }
    }
    members
}

fn call(stage: &Stage, on: Date, n: u8) -> Result<Call> {
    let chair = PostId::new(district::MAYOR)?;
    let mut members = members(stage);
    members.retain(|post| post.as_str() != district::ADMINISTRATOR);
    members.push(chair.clone());
    let leading = stage.office.units.values().filter(|unit| unit.kind == UnitKind::Leadership);
    let committee = { leading }.find(|unit| unit.name.contains("环境保护委员会"));
    let organ = committee.map_or_else(|| UnitId::new("u-district"), |unit| Ok(unit.id.clone()))?;
    Ok(Call {
        title: format!("区生态环境保护委员会{}年第{n}次全体会议", on.year()),
        organ,
        on,
        place: "上午9:00 区政府三楼会议室".to_owned(),
        chair,
        members,
        guests: vec!["区生态环境监测站站长".to_owned()],
        quorum_percent: 50,
    })
}

fn unit_of(stage: &Stage, post: &str) -> Result<UnitId> {
    let post = stage.office.posts.get(&PostId::new(post)?);
    Ok(post.map_or_else(|| UnitId::new("u-office"), |post| Ok(post.unit.clone()))?)
}

/// The day of the meeting that was held.
pub fn held_on(as_of: Date) -> Date {
    bihuan_rules::calendar::Calendar::embedded().roll(as_of - HELD_BEFORE.days())
}

/// The place of the duty list on the agenda of the meeting that was held.
const DUTY_ITEM: u32 = 7;

/// The pieces of both meetings.
pub fn tell(stage: &Stage, as_of: Date) -> Result<Vec<Piece>> {
    let calendar = bihuan_rules::calendar::Calendar::embedded();
    let held_on = held_on(as_of);
    let meeting = |n: u8, on: Date| RecordId::new(format!("M-{}-{n:03}", on.year()));
    let first = meeting(1, held_on)?;
    let held = call(stage, held_on, 1)?;
    let registrar = PostId::new(district::REGISTRAR)?;
    let mut pieces = Vec::new();
    let mut add =
        |post: &PostId, on: Date, hour: i8, minute: i8, id: &RecordId, orders: Vec<MeetingOrder>| {
            let by = stage.actor(post, on)?;
            let what = orders.into_iter().map(|order| What::Meeting(id.clone(), order)).collect();
            pieces.push(Piece { at: instant(on.at(hour, minute, 0, 0))?, by, what });
            anyhow::Ok(())
        };
    let before = calendar.roll(held_on - 12.days());
    let mut orders = vec![MeetingOrder::Call(held.clone())];
    let items = [
        (ItemKind::Convey, "传达学习上级生态环境保护会议精神"),
        (ItemKind::Report, "通报各级督察反馈问题整改情况"),
        (ItemKind::Film, "观看市级生态环境警示片"),
        (ItemKind::Film, "观看区级生态环境警示片"),
        (ItemKind::Circular, "宣读《关于生态环境问题整改情况的通报》"),
        (ItemKind::Deliberate, "审议《交叉暗访工作办法》"),
        (ItemKind::Deliberate, "审议《安澜区生态环境保护责任清单》"),
        (ItemKind::Demand, "主任讲话"),
    ];
    orders.extend((1..).zip(items).map(|(n, (kind, title))| {
        MeetingOrder::PlaceItem(agenda(kind, title, (n == DUTY_ITEM).then_some(ListKind::Duties)))
    }));
    add(&registrar, before, 10, 5, &first, orders)?;

    let came = held.members.iter().enumerate().map(|(n, post)| match n % 9 {
        4 => {
            Attendance { post: post.clone(), presence: Presence::Substitute, note: "副职代会".to_owned() }
        }
        7 => Attendance { post: post.clone(), presence: Presence::Excused, note: "外出参会".to_owned() },
        _ => Attendance { post: post.clone(), presence: Presence::InPerson, note: String::new() },
    });
    let mut came: Vec<Attendance> = came.collect();
    came.sort_by(|a, b| a.post.cmp(&b.post));
    came.dedup_by(|a, b| a.post == b.post);
    let mut orders = Vec::new();
    for (n, (kind, _)) in (1..).zip(items) {
        let demands = if kind == ItemKind::Demand {
            vec![
                Demand {
                    text: "排查城区雨污混接点位，建立台账并明确改造时序。".to_owned(),
                    lead: unit_of(stage, DEPARTMENT)?,
                    due_on: calendar.roll(held_on + 20.days()),
                },
                Demand {
                    text: "对群众反复投诉的点位逐一回访，查明反弹原因。".to_owned(),
                    lead: unit_of(stage, TOWN)?,
                    due_on: calendar.roll(as_of + 5.days()),
                },
            ]
        } else {
            Vec::new()
        };
        let outcome = if kind == ItemKind::Deliberate { Outcome::Adopted } else { Outcome::Noted };
        let note = match kind {
            ItemKind::Deliberate if n == DUTY_ITEM => "新增三项、修订三项职责，次日起生效。",
            ItemKind::Deliberate => "暗访对象一律随机抽取，不打招呼。",
            _ => "",
        };
        orders.push(MeetingOrder::CloseItem { n, outcome, note: note.to_owned(), demands });
    }
    orders.push(MeetingOrder::End);
    add(&registrar, held_on, 11, 40, &first, orders)?;
    let by = stage.actor(&registrar, held_on)?;
    let open = vec![What::OpenMeeting(first.clone(), came)];
    let mut pieces_of_the_day =
        vec![Piece { at: instant(held_on.at(9, 0, 0, 0))?, by: by.clone(), what: open }];
    let adopt = vec![What::AdoptDuties(first.clone(), DUTY_ITEM)];
    pieces_of_the_day.push(Piece { at: instant(held_on.at(11, 41, 0, 0))?, by, what: adopt });

    let answered_on = calendar.roll(held_on + 18.days());
    let answer = "已排查管网42公里，发现混接点位19处，台账和改造计划已报区环委办。";
    let answer = vec![MeetingOrder::Answer(8, 1, answer.to_owned())];
    add(&PostId::new(DEPARTMENT)?, answered_on, 15, 20, &first, answer)?;
    add(&registrar, answered_on, 16, 30, &first, vec![MeetingOrder::AcceptAnswer(8, 1)])?;

    let next_on = calendar.roll(as_of + NEXT_AFTER.days());
    let next = meeting(if next_on.year() == held_on.year() { 2 } else { 1 }, next_on)?;
    let n = if next_on.year() == held_on.year() { 2 } else { 1 };
    let mut orders = vec![MeetingOrder::Call(call(stage, next_on, n)?)];
    orders.extend(
        [
            agenda(ItemKind::Report, "通报督察反馈问题整改和回头看情况", None),
            agenda(ItemKind::Deliberate, "审议《突出生态环境问题清单》", Some(ListKind::Problems)),
            agenda(ItemKind::Statement, "整改滞后单位表态发言", None),
        ]
        .map(MeetingOrder::PlaceItem),
    );
    let called_on = calendar.roll(as_of - 4.days()).min(as_of - 1.days());
    add(&registrar, called_on, 9, 50, &next, orders)?;
    pieces.extend(pieces_of_the_day);
    Ok(pieces)
}
