//! The look-back draws of the year (回头看抽取): one void because a party refused, one drawn and looked at, one that waits for
//! its frame to be frozen: a visitor can play its whole ceremony with the role cards.

use super::{
    district,
    inspection::{Numbers, Teller, begin, plan, teams},
    stage::{Piece, What},
    year::Year,
};
use anyhow::{Context, Result, anyhow};
use bihuan_methods::{digest::Digest, look_back::ceremony};
use bihuan_rules::{
    Act, Refusal, Situation, Subject,
    id::{PersonId, PostId, RecordId, UnitId},
    mission::{Answer, Answered, Entry, Mission, MissionOrder, Outcome, Stop},
    record::Kind,
    round::{self, CheckItem, Choice, Frame, Member, Round, RoundKind, RoundOrder, Team},
    task::{Order, Reopen, State, Task, Verdict},
};
use bihuan_store::Work;
use bihuan_web::{
    failure::Failure,
    inspection::{self, Circle},
};
use jiff::{ToSpan, civil::Date};
use std::collections::{BTreeMap, BTreeSet};

/// The posts that speak for the parties.
const PARTIES: [&str; 4] = [district::REGISTRAR, "post-supervision-i1", district::AUDITOR, "post-town-12-4"];
/// Tasks drawn, and reserves behind them.
const DRAWN: (u32, u32) = (24, 6);
/// Teams that look.
const TEAMS: usize = 3;
/// Stops of a team on one day.
const STOPS_A_DAY: i64 = 4;
/// Of so many tasks one has come back.
const ONE_REBOUND_IN: u64 = 3;
/// Days before the end of the story on which the draw that is looked at was made.
const LOOKED_DAYS_AGO: i64 = 24;
/// Days that a task gets that starts again.
const AGAIN_DAYS: i64 = 35;

const CHECKLIST: [(&str, &str, &str, &str); 4] = [
    (
        "整改措施是否落实",
        "对照方案逐条核对，有无以文件代整改",
        "整改方案、销号表",
        "现场查看，对照整改前后影像",
    ),
    ("问题是否反弹", "同一点位有无同类问题再现", "原反馈意见", "不打招呼，看现场、问群众"),
    ("设施是否正常运行", "有无建而不用、时开时停", "运行记录、用电记录", "查记录，必要时采样"),
    ("长效机制是否执行", "责任人、巡查、经费是否到位", "长期坚持台账", "查阅台账，询问责任人"),
];

/// How a draw ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    /// Drawn, looked at, over.
    Looked,
    /// A party refused to reveal.
    Void,
    /// Planned, not frozen.
    Planned,
}

fn secret(round: &RecordId, post: &str) -> Digest {
    Digest::of_text(&format!("demo|{round}|{post}"))
}

/// The pieces of every draw.
pub fn tell(year: &Year<'_>, numbers: &mut Numbers) -> Result<Vec<Piece>> {
    let mut pieces = Vec::new();
    for (title, days_ago, fate) in [
        ("第一次销号问题回头看", 60, Fate::Void),
        ("第二次销号问题回头看", LOOKED_DAYS_AGO, Fate::Looked),
        ("第三次销号问题回头看", 14, Fate::Planned),
    ] {
        pieces.extend(one(year, numbers, title, days_ago, fate)?);
    }
    Ok(pieces)
}

fn one(year: &Year<'_>, numbers: &mut Numbers, title: &str, days_ago: i64, fate: Fate) -> Result<Vec<Piece>> {
    let stage = year.stage;
    let on = stage.calendar.roll(stage.as_of - days_ago.days());
    let id = numbers.next(on)?;
    let mut teller =
        Teller { stage, id: id.clone(), sealed: false, pieces: Vec::new(), seen: 0, with_photos: false };
    let clerk = teller.actor(district::REGISTRAR, on)?;
    let scope = "已销号满15天的问题，按风险加权随机抽取，现场核实是否反弹。";
    let until = if fate == Fate::Planned { stage.as_of + 14.days() } else { on + 18.days() };
    let mut plan = plan(title.to_owned(), RoundKind::LookBack, on, until, false, scope)?;
    plan.checklist = CHECKLIST
        .map(|(item, key_point, standard, method)| CheckItem {
            item: item.to_owned(),
            key_point: key_point.to_owned(),
            standard: standard.to_owned(),
            method: method.to_owned(),
        })
        .to_vec();
    let teams = if fate == Fate::Void { Vec::new() } else { teams(stage, on, 7, TEAMS, true)? };
    begin(&mut teller, &clerk, plan, &teams, on.at(9, 0, 0, 0))?;
    if fate == Fate::Planned {
        return Ok(teller.pieces);
    }
    ceremony(&mut teller, on, fate)?;
    if fate == Fate::Looked {
        let next = next_day(&teller, on)?;
        looked(&mut teller, next, teams)?;
    }
    Ok(teller.pieces)
}

fn next_day(teller: &Teller<'_>, on: Date) -> Result<Date> {
    Ok(teller.stage.calendar.roll(on.tomorrow()?))
}

/// Freezing, commitments, and on the next working day what was revealed.
fn ceremony(teller: &mut Teller<'_>, on: Date, fate: Fate) -> Result<()> {
    let (id, stage) = (teller.id.clone(), teller.stage);
    let clerk = teller.actor(district::REGISTRAR, on)?;
    let mut parties: Vec<UnitId> = Vec::new();
    for post in PARTIES {
        parties.push(teller.actor(post, on)?.unit);
    }
    let round = teller.pieces.iter().flat_map(|piece| &piece.what).find_map(|what| match what {
        What::Round(_, RoundOrder::Plan(plan)) => Some(plan.title.clone()),
        _ => None,
    });
    let frame = Frame {
        title: round.context("a plan")?,
        draw: DRAWN.0,
        reserves: DRAWN.1,
        rows: Vec::new(),
        excluded: Vec::new(),
        purposive: Vec::new(),
        sha256: String::new(),
        parties,
        reveal_by: on + 5.days(),
        beacon: None,
    };
    teller.add(on.at(14, 30, 0, 0), clerk, vec![What::Freeze(id.clone(), Box::new(frame))])?;
    for (n, post) in (0_i64..).zip(PARTIES) {
        let by = stage.actor(&PostId::new(post)?, on)?;
        let commitment = ceremony::commitment(&secret(&id, post).0).to_string();
        teller.order(on.at(15, 0, 0, 0) + (n * 13).minutes(), &by, RoundOrder::Commit(commitment))?;
    }
    let next = next_day(teller, on)?;
    for (n, post) in (0_i64..).zip(PARTIES) {
        let at = next.at(9, 40, 0, 0) + (n * 6).minutes();
        let by = stage.actor(&PostId::new(post)?, next)?;
        if n == 3 && fate == Fate::Void {
            let reason = "到会后不公开秘密值，未说明原因。".to_owned();
            let order = RoundOrder::RefuseReveal { party: by.unit.clone(), reason };
            return teller.order(at, &by, order);
        }
        let secret = secret(&id, post);
        let commitment = ceremony::commitment(&secret.0).to_string();
        teller.order(at, &by, RoundOrder::Reveal { secret: secret.to_string(), commitment })?;
    }
    Ok(())
}

/// Drawn, given out and looked at.
fn looked(teller: &mut Teller<'_>, on: Date, teams: Vec<Team>) -> Result<()> {
    let id = teller.id.clone();
    let clerk = teller.actor(district::REGISTRAR, on)?;
    teller.add(on.at(10, 20, 0, 0), clerk.clone(), vec![What::DrawNow(id.clone())])?;
    let give = What::GiveDrawn(clerk.clone(), id.clone(), teams.clone());
    teller.add(on.at(10, 50, 0, 0), clerk, vec![give])?;
    let most = i64::from(DRAWN.0);
    for (n, team) in teams.iter().enumerate() {
        for stop in 0..most {
            let day = on + (1 + stop / STOPS_A_DAY).days();
            // Whoever of the team is free for this stop records it; when nobody is, the leader says so.
            let mut turns: Vec<&Member> = team.members.iter().collect();
            turns.extend(team.members.first());
            for (turn, member) in (0_i64..).zip(&turns) {
                let by = teller.actor(member.post.as_str(), day)?;
                let minutes = stop % STOPS_A_DAY * 105 + i64::try_from(n)? * 9 + turn * 3;
                let is_last = usize::try_from(turn)? + 1 == turns.len();
                let at = Turn { team: n, stop: u32::try_from(stop + 1)?, is_last };
                let what = vec![What::LookAgain(by.clone(), id.clone(), at)];
                teller.add(day.at(9, 5, 0, 0) + minutes.minutes(), by, what)?;
            }
        }
    }
    let over = stage_roll(teller, on + (2 + most / STOPS_A_DAY).days());
    let clerk = teller.actor(district::REGISTRAR, over)?;
    teller.add(over.at(8, 50, 0, 0), clerk.clone(), vec![What::CallReserves(id.clone())])?;
    for reserve in 0..i64::from(DRAWN.1) {
        let members = teams.iter().flat_map(|team| &team.members);
        for (turn, member) in (0_i64..).zip(members) {
            let by = teller.actor(member.post.as_str(), over)?;
            let minutes = reserve * 50 + turn * 6;
            let what = vec![What::LookAtReserve(by.clone(), id.clone())];
            teller.add(over.at(9, 20, 0, 0) + minutes.minutes(), by, what)?;
        }
    }
    teller.add(over.at(15, 10, 0, 0), clerk.clone(), vec![What::ReopenWhatCameBack(id)])?;
    let note = "去不了的已由备选递补；结果已写回任务，反弹的已重新交办。".to_owned();
    teller.order(over.at(16, 0, 0, 0), &clerk, RoundOrder::End { note, under_way: 0 })
}

fn stage_roll(teller: &Teller<'_>, on: Date) -> Date {
    teller.stage.calendar.roll(on)
}

fn failed(failure: Failure) -> anyhow::Error {
    match failure {
        Failure::Refused(refusal) => anyhow!(refusal),
        other => anyhow!("{other:?}"),
    }
}

fn filed(work: &mut Work<'_>, id: &RecordId) -> Result<Round> {
    Ok(work.filed::<Round>(id)?.with_context(|| format!("no round {id}"))?.record)
}

fn record(work: &mut Work<'_>, known: &Round, order: RoundOrder) -> Result<()> {
    let act = round::decide(&work.situation(""), Some(known), order)?;
    work.record(Subject::Record(Kind::Round, known.id.clone()), Act::from(act))?;
    Ok(())
}

/// Freezes a frame as the books stand.
pub fn freeze(work: &mut Work<'_>, id: &RecordId, frame: Frame) -> Result<()> {
    let known = filed(work, id)?;
    let today = bihuan_rules::day_of(work.at);
    let frame = inspection::freeze(work.connection(), frame, &known.plan.fields, today).map_err(failed)?;
    record(work, &known, RoundOrder::Freeze(Box::new(frame)))
}

/// Draws from what was revealed.
pub fn draw_now(work: &mut Work<'_>, id: &RecordId) -> Result<()> {
    let known = filed(work, id)?;
    let drawing = inspection::drawn(&known, None).map_err(failed)?;
    record(work, &known, RoundOrder::Draw(drawing))
}

/// Gives what was drawn to the teams: each unit to the team with the fewest that may go there.
pub fn give(work: &mut Work<'_>, circle: &Circle<'_>, id: &RecordId, teams: Vec<Team>) -> Result<()> {
    let known = filed(work, id)?;
    let draw = known.draw.as_ref().context("a draw")?;
    let chosen = draw.drawing.iter().flat_map(|drawing| &drawing.chosen);
    let mut stops: Vec<Stop> = Vec::new();
    for (task, _) in chosen.filter(|(_, choice)| *choice != Choice::Reserve) {
        let row = draw.frame.rows.iter().find(|row| &row.task == task).context("a row of the frame")?;
        let unit = row.unit.clone().context("a unit")?;
        let stop =
            Stop { unit, place: String::new(), task: Some(task.clone()), at: None, note: String::new() };
        stops.push(stop);
    }
    let mut given: Vec<(Team, Vec<UnitId>)> = teams.into_iter().map(|team| (team, Vec::new())).collect();
    let mut units: Vec<UnitId> = stops.iter().map(|stop| stop.unit.clone()).collect();
    units.sort();
    units.dedup();
    // Whoever claimed, verified or signed there does not look back there, nor does anybody of their unit.
    let mut hands: BTreeMap<UnitId, BTreeSet<PersonId>> = BTreeMap::new();
    let mut of_units: BTreeMap<UnitId, Vec<BTreeSet<UnitId>>> = BTreeMap::new();
    for stop in &stops {
        let Some(task) = &stop.task else { continue };
        let Some(seen) = work.task(task)? else { continue };
        let persons = seen.record.hands.values().flat_map(|hands| hands.persons.iter().cloned());
        hands.entry(stop.unit.clone()).or_default().extend(persons);
        let units = seen.record.hands.values().flat_map(|hands| hands.units.iter().cloned());
        of_units.entry(stop.unit.clone()).or_default().push(units.collect());
    }
    let situation = Situation { by: circle.by, ..work.situation("") };
    for unit in units {
        let had_a_hand = |person: &PersonId| hands.get(&unit).is_some_and(|persons| persons.contains(person));
        let may = |team: &Team| {
            let stays = |person: &PersonId| {
                had_a_hand(person) || round::recused(&situation, &known, person, &unit, None).is_some()
            };
            !team.members.iter().any(|member| stays(&member.person))
        };
        // Stops for which nobody of the team is free.
        let barred = |team: &Team| {
            let each = of_units.get(&unit).into_iter().flatten();
            each.filter(|had| team.members.iter().all(|member| had.contains(&member.unit))).count()
        };
        let free = given.iter_mut().filter(|(team, _)| may(team));
        match free.min_by_key(|(team, units)| (barred(team), units.len())) {
            Some(least) => least.1.push(unit),
            None => stops.retain(|stop| stop.unit != unit),
        }
    }
    inspection::give_out(work, circle, id, given, stops).map(drop).map_err(failed)
}

/// How a task is found: most have held; of a few the problem is back, unless its next step is told for one of the days that
/// are left of the story.
fn verdict(task: &Task, today: Date) -> Option<Verdict> {
    if task.state != State::Closed {
        return None;
    }
    let soon = today + LOOKED_DAYS_AGO.days();
    let busy = [task.look_back_due_on, task.sustain_due_on].into_iter().flatten().any(|due| due <= soon);
    let is_back = Digest::of_text(task.id.as_str()).head().is_multiple_of(ONE_REBOUND_IN);
    Some(if is_back && !busy { Verdict::Rebounded } else { Verdict::Held })
}

/// Whose turn it is to look at a stop.
#[derive(Debug, Clone, Copy)]
pub struct Turn {
    /// The team, counted from 0.
    pub team: usize,
    /// The stop, from 1.
    pub stop: u32,
    /// Nobody else of the team comes after: who is not free says so.
    pub is_last: bool,
}

/// A stop of a mission, from arrival to leaving; nothing when it is not the next, or this person leaves it to another.
pub fn look_again(
    work: &mut Work<'_>,
    circle: &Circle<'_>,
    id: &RecordId,
    stop: u32,
    is_last: bool,
) -> Result<()> {
    let mission = work.filed::<Mission>(id)?.with_context(|| format!("no mission {id}"))?.record;
    let course = mission.course.as_ref().context("an open mission")?;
    let current = course.current().filter(|n| *n == stop);
    let Some(visit) = current.and_then(|n| course.visit(n)) else { return Ok(()) };
    let task = visit.stop.task.clone().context("a task")?;
    let task = work.task(&task)?.with_context(|| format!("no task {task}"))?.record;
    let found = verdict(&task, bihuan_rules::day_of(work.at));
    let had_a_hand = task.hands.values().any(|hands| hands.units.contains(&circle.by.unit));
    let mut go = |order| inspection::go(work, circle, id, order).map(drop).map_err(failed);
    let Some(verdict) = found else {
        return go(MissionOrder::Leave(Outcome::NotReached, "该问题已由另一次回头看处理。".to_owned()));
    };
    if had_a_hand && !is_last {
        return Ok(());
    }
    if had_a_hand {
        let note = "本单位参与过该问题的核查，依规回避，改由其他单位回头看。".to_owned();
        return go(MissionOrder::Leave(Outcome::NotReached, note));
    }
    go(MissionOrder::Arrive { entry: Entry::Unannounced, escorted: false, place: visit.stop.at })?;
    let back = verdict == Verdict::Rebounded;
    let answer = |n: usize| match (n, back) {
        (1, true) => Answer { result: Answered::Problem, note: "同一点位问题再现。".to_owned() },
        _ => Answer { result: Answered::Fine, note: String::new() },
    };
    go(MissionOrder::Check((0..CHECKLIST.len()).map(answer).collect()))?;
    let findings = if back {
        "现场同类问题再次出现，整改措施未持续。"
    } else {
        "现场整洁，措施仍在执行，未见反弹。"
    };
    go(MissionOrder::LookBack(verdict, findings.to_owned()))?;
    go(MissionOrder::Leave(Outcome::Visited, String::new()))
}

/// The missions of a round, those of reserves last.
fn missions(work: &mut Work<'_>, id: &RecordId) -> Result<Vec<Mission>> {
    let assigned = filed(work, id)?.assigned.context("given out")?;
    let each = assigned.missions.iter().map(|mission| {
        let seen = work.filed::<Mission>(mission)?;
        Ok(seen.with_context(|| format!("no mission {mission}"))?.record)
    });
    each.collect()
}

/// The next reserves step in for what could not be looked at, each with the first team that may go there.
pub fn call_reserves(work: &mut Work<'_>, id: &RecordId) -> Result<()> {
    let known = filed(work, id)?;
    let given = missions(work, id)?;
    for absent in inspection::absent(work.connection(), &known)? {
        let now = filed(work, id)?.draw.context("a draw")?;
        let Some(next) = now.next_reserve() else { return Ok(()) };
        let next = work.task(next)?.context("a task")?.record;
        let units: BTreeSet<&UnitId> = next.hands.values().flat_map(|hands| &hands.units).collect();
        let barred = |mission: &&Mission| {
            let mut members = mission.course.iter().flat_map(|course| &course.team.members);
            members.all(|member| units.contains(&member.unit))
        };
        let mut teams: Vec<&Mission> = given.iter().collect();
        teams.sort_by_key(barred);
        let teams: Vec<RecordId> = teams.into_iter().map(|mission| mission.id.clone()).collect();
        for team in &teams {
            match inspection::call_reserve(work, id, absent.clone(), team) {
                Ok(_) => break,
                Err(Failure::Refused(Refusal::NoReserveLeft)) => return Ok(()),
                Err(Failure::Refused(Refusal::Recused { .. })) => {}
                Err(other) => return Err(failed(other)),
            }
        }
    }
    Ok(())
}

/// A reserve whose team this person belongs to; nothing when there is none. The leader, whose turn comes first, leaves it to the
/// other who may be free.
pub fn look_at_reserve(work: &mut Work<'_>, circle: &Circle<'_>, id: &RecordId) -> Result<()> {
    let draw = filed(work, id)?.draw.context("a draw")?;
    for mission in missions(work, id)? {
        let is_reserve = draw.stepped_in.iter().any(|each| each.mission == mission.id);
        let course = mission.course.as_ref().context("an open mission")?;
        if is_reserve && course.is_under_way() && course.team.has(&circle.by.person) {
            return look_again(work, circle, &mission.id, 1, course.team.leader != circle.by.person);
        }
    }
    Ok(())
}

/// What has come back starts again, with a new deadline.
pub fn reopen(work: &mut Work<'_>, id: &RecordId) -> Result<()> {
    let due_on = bihuan_rules::day_of(work.at) + AGAIN_DAYS.days();
    let visits = missions(work, id)?.into_iter().filter_map(|mission| mission.course);
    let tasks: Vec<_> = visits.flat_map(|course| course.visits).filter_map(|visit| visit.stop.task).collect();
    for id in tasks {
        let Some(seen) = work.task(&id)?.filter(|seen| seen.record.state == State::Rebounded) else {
            continue;
        };
        let order = Order::Reopen(Reopen {
            due_on,
            cause: "回头看发现同一点位问题再现，日常管护没有跟上。".to_owned(),
            document: format!("安环委办督〔{}〕{}", due_on.year(), id),
        });
        let event = seen.record.decide(&work.situation(&seen.record.ruleset), order)?;
        work.record(Subject::Task(id), Act::Task(event))?;
    }
    Ok(())
}
