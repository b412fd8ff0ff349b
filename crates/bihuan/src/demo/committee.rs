//! The committee of the year (环委会): a meeting long held, with a demand answered and one still open; one held three days ago, with films,
//! a circular and two lists adopted in principle and issued since; the next one called.

use super::{
    district,
    paper::Paper,
    stage::{Piece, Stage, What, instant},
};
use anyhow::Result;
use bihuan_rules::{
    committee::{Agenda, Attendance, Call, Demand, ItemKind, ListKind, MeetingOrder, Outcome, Presence},
    id::{PostId, RecordId, UnitId},
    office::UnitKind,
    official_document::DocumentKind,
};
use jiff::{ToSpan, civil::Date};

/// The town of the role card answers for one demand, its department for another.
const TOWN: &str = "post-town-12-4";
const DEPARTMENT: &str = "post-housing-2";

/// Days before the story ends that the meeting was held.
const HELD_BEFORE: i64 = 40;
/// Days before the story ends that the latest meeting was held.
const LATE_BEFORE: i64 = 3;
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

/// The day a demand of that meeting was answered.
fn answered_on(as_of: Date) -> Date {
    bihuan_rules::calendar::Calendar::embedded().roll(held_on(as_of) + 18.days())
}

/// The day of the latest meeting, which watched two films.
pub fn late_on(as_of: Date) -> Date {
    let calendar = bihuan_rules::calendar::Calendar::embedded();
    let late = (LATE_BEFORE..).map(|days| as_of - days.days()).find(|day| calendar.is_working_day(*day));
    late.filter(|day| *day > answered_on(as_of)).unwrap_or(answered_on(as_of))
}

fn late_number(held_on: Date, late_on: Date) -> u8 {
    if late_on.year() == held_on.year() { 2 } else { 1 }
}

/// The code of the latest meeting.
///
/// # Errors
/// None in practice: the code is made of numbers.
pub fn latest(as_of: Date) -> Result<RecordId> {
    let (held_on, late_on) = (held_on(as_of), late_on(as_of));
    Ok(RecordId::new(format!("M-{}-{:03}", late_on.year(), late_number(held_on, late_on)))?)
}

/// The place of the duty list on the agenda of the meeting that was held.
const DUTY_ITEM: u32 = 7;

/// The pieces of the meetings and of their paper.
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
    let open = vec![What::Paper(Paper::Open(first.clone(), attendance(&held)))];
    let adopt = vec![What::AdoptDuties(first.clone(), DUTY_ITEM)];
    let opened = Piece { at: instant(held_on.at(9, 0, 0, 0))?, by: by.clone(), what: open };
    let adopted = Piece { at: instant(held_on.at(11, 41, 0, 0))?, by, what: adopt };

    let answered_on = answered_on(as_of);
    let answer = "已排查管网42公里，发现混接点位19处，台账和改造计划已报区环委办。";
    let answer = vec![MeetingOrder::Answer(8, 1, answer.to_owned())];
    add(&PostId::new(DEPARTMENT)?, answered_on, 15, 20, &first, answer)?;
    add(&registrar, answered_on, 16, 30, &first, vec![MeetingOrder::AcceptAnswer(8, 1)])?;

    pieces.extend([opened, adopted]);
    let late_on = late_on(as_of);
    let n = late_number(held_on, late_on);
    let latest = latest(as_of)?;
    let held = call(stage, late_on, n)?;
    let mut what = vec![What::Paper(Paper::Circular)];
    what.push(What::Meeting(latest.clone(), MeetingOrder::Call(held.clone())));
    what.extend(
        late_agenda(late_on)
            .into_iter()
            .map(|item| What::Meeting(latest.clone(), MeetingOrder::PlaceItem(item))),
    );
    let before = calendar.roll(late_on - 6.days()).min(late_on - 1.days());
    pieces.push(Piece { at: instant(before.at(16, 10, 0, 0))?, by: stage.actor(&registrar, before)?, what });
    let mut what = vec![What::Paper(Paper::Open(latest.clone(), attendance(&held)))];
    what.extend(late_outcome(stage, late_on)?.into_iter().map(|order| What::Meeting(latest.clone(), order)));
    pieces.push(Piece {
        at: instant(late_on.at(11, 50, 0, 0))?,
        by: stage.actor(&registrar, late_on)?,
        what,
    });
    let issued_on = (1..).map(|days| as_of - days.days()).find(|day| calendar.is_working_day(*day));
    let issued_on = issued_on.filter(|day| *day > late_on).unwrap_or(late_on);
    let what = vec![
        What::Paper(Paper::IssueList(latest.clone(), 6)),
        What::Paper(Paper::IssueList(latest.clone(), 7)),
        What::Paper(Paper::Minutes(latest)),
    ];
    let by = stage.actor(&registrar, issued_on)?;
    pieces.push(Piece { at: instant(issued_on.at(17, 5, 0, 0))?, by, what });
    pieces.extend(letters(stage, answered_on, before, issued_on)?);

    let next_on = calendar.roll(as_of + NEXT_AFTER.days());
    let n = if next_on.year() == late_on.year() { n + 1 } else { 1 };
    let next = meeting(n, next_on)?;
    let mut orders = vec![MeetingOrder::Call(call(stage, next_on, n)?)];
    orders.extend(
        [
            agenda(ItemKind::Report, "通报督察反馈问题整改和回头看情况", None),
            agenda(ItemKind::Deliberate, "审议《突出生态环境问题清单》", Some(ListKind::Problems)),
            agenda(ItemKind::Statement, "整改滞后单位表态发言", None),
        ]
        .map(MeetingOrder::PlaceItem),
    );
    let by = stage.actor(&registrar, issued_on)?;
    let what = orders.into_iter().map(|order| What::Meeting(next.clone(), order)).collect();
    pieces.push(Piece { at: instant(issued_on.at(17, 40, 0, 0))?, by, what });
    Ok(pieces)
}

/// The agenda of the latest meeting.
fn late_agenda(on: Date) -> Vec<Agenda> {
    let with =
        |kind, title: &str, paper: &str| Agenda { paper: paper.to_owned(), ..agenda(kind, title, None) };
    let mut circular = agenda(ItemKind::Circular, "宣读《关于生态环境问题整改情况的通报》", None);
    circular.record = Some(format!("document/D-{}-002", on.year()));
    vec![
        with(
            ItemKind::Convey,
            "传达学习中央、省、市生态环境保护工作会议精神",
            "一、坚持精准治污、科学治污、依法治污。\n二、各级督察反馈问题要逐项销号，不搞表面整改。\n三、回头看发现反弹的，重新整改并说明原因。",
        ),
        with(
            ItemKind::Report,
            "通报中央、省、市督察反馈问题整改和全覆盖交叉暗访情况",
            "总体进展、超期和滞后问题、反弹问题，以及各镇（街道）情况，见通报及附件。",
        ),
        with(ItemKind::Film, "观看市级生态环境警示片", "片长15分钟，涉及本区点位2处。"),
        with(ItemKind::Film, "观看区级生态环境警示片", "片长15分钟，涉及点位6处，多数已在问题清单上。"),
        circular,
        agenda(ItemKind::Deliberate, "审议《责任清单》", Some(ListKind::Duties)),
        agenda(ItemKind::Deliberate, "审议《问题清单》", Some(ListKind::Problems)),
        agenda(ItemKind::Statement, "整改滞后镇（街道）主要负责同志表态发言", None),
        agenda(ItemKind::Demand, "主任强调", None),
    ]
}

/// What became of each item of the latest meeting, and its end.
fn late_outcome(stage: &Stage, on: Date) -> Result<Vec<MeetingOrder>> {
    let calendar = bihuan_rules::calendar::Calendar::embedded();
    let close = |n: u32, outcome: Outcome, note: &str, demands: Vec<Demand>| MeetingOrder::CloseItem {
        n,
        outcome,
        note: note.to_owned(),
        demands,
    };
    let noted = |n: u32, note: &str| close(n, Outcome::Noted, note, Vec::new());
    let demand = |text: &str, post: &str, days: i64| -> Result<Demand> {
        let due_on = calendar.roll(on + days.days());
        Ok(Demand { text: text.to_owned(), lead: unit_of(stage, post)?, due_on })
    };
    Ok(vec![
        noted(1, ""),
        noted(2, "超期问题由牵头单位逐项说明原因。"),
        noted(3, "片中涉及本区的2处点位纳入问题清单。"),
        noted(4, ""),
        noted(5, ""),
        close(6, Outcome::AdoptedInPrinciple, "补充各镇（街道）分管负责同志后印发。", Vec::new()),
        close(7, Outcome::AdoptedInPrinciple, "已通过核查的问题不再列入，修改后印发。", Vec::new()),
        noted(8, "两个镇作了表态发言，承诺月底前完成超期问题整改。"),
        close(
            9,
            Outcome::Noted,
            "各级各部门要对照清单逐项落实。",
            vec![
                demand("制定雨污分流改造年度计划，报区环委办备案。", DEPARTMENT, 21)?,
                demand("对超期问题逐项明确完成时限，并在村（社区）公示。", TOWN, 14)?,
            ],
        ),
        MeetingOrder::End,
    ])
}

/// The towns that get a reminder and an invitation to an interview.
const REMINDED: &str = "post-town-07-2";
const INTERVIEWED: &str = "post-town-06-2";

/// Letters about overdue work: one answered and accepted, one not signed for, a reminder not signed for either, an interview notice
/// signed for on the same evening, one still being drafted.
fn letters(stage: &Stage, first_on: Date, second_on: Date, last_on: Date) -> Result<Vec<Piece>> {
    let registrar = PostId::new(district::REGISTRAR)?;
    let department = PostId::new(DEPARTMENT)?;
    let (town_unit, department_unit) = (unit_of(stage, TOWN)?, unit_of(stage, DEPARTMENT)?);
    let mut pieces = Vec::new();
    let mut add = |post: &PostId, on: Date, hour: i8, minute: i8, papers: Vec<Paper>| {
        let by = stage.actor(post, on)?;
        let what = papers.into_iter().map(What::Paper).collect();
        pieces.push(Piece { at: instant(on.at(hour, minute, 0, 0))?, by, what });
        anyhow::Ok(())
    };
    add(&registrar, first_on, 9, 5, vec![Paper::Letter(DocumentKind::SupervisionLetter, department_unit)])?;
    add(&department, first_on, 14, 20, vec![Paper::Receive])?;
    let answer = "已明确由分管负责同志牵头，施工单位本周进场，计划月底前完成管网修复。";
    add(&department, second_on, 10, 15, vec![Paper::Answer(answer)])?;
    add(&registrar, second_on, 11, 5, vec![Paper::Accept])?;
    add(
        &registrar,
        second_on,
        17,
        0,
        vec![Paper::Letter(DocumentKind::SupervisionLetter, town_unit.clone())],
    )?;
    add(&department, last_on, 9, 40, vec![Paper::Receive])?;
    let (reminded, interviewed) = (unit_of(stage, REMINDED)?, unit_of(stage, INTERVIEWED)?);
    add(&registrar, last_on, 17, 30, vec![Paper::Letter(DocumentKind::Reminder, reminded)])?;
    add(&registrar, last_on, 17, 35, vec![Paper::Letter(DocumentKind::InterviewNotice, interviewed)])?;
    add(&PostId::new(INTERVIEWED)?, last_on, 18, 20, vec![Paper::Receive])?;
    add(&registrar, last_on, 17, 50, vec![Paper::Draft(DocumentKind::Reminder, town_unit)])?;
    Ok(pieces)
}

/// Who came: now and then a deputy, now and then nobody.
fn attendance(call: &Call) -> Vec<Attendance> {
    let came = call.members.iter().enumerate().map(|(n, post)| match n % 9 {
        4 => {
            Attendance { post: post.clone(), presence: Presence::Substitute, note: "副职代会".to_owned() }
        }
        7 => Attendance { post: post.clone(), presence: Presence::Excused, note: "外出参会".to_owned() },
        _ => Attendance { post: post.clone(), presence: Presence::InPerson, note: String::new() },
    });
    let mut came: Vec<Attendance> = came.collect();
    came.sort_by(|a, b| a.post.cmp(&b.post));
    came.dedup_by(|a, b| a.post == b.post);
    came
}
