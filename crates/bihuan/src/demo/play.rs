//! Playing (演出): the planned pieces go through the one door, in the order of time.

use super::{
    boards, burden, look_back_draw, picture,
    stage::{Content, Piece, What},
};
use anyhow::{Context, Result, anyhow};
use bihuan_rules::{
    Act, Actor, Situation, Subject,
    act::AreaAct,
    campaign::{self, Campaign},
    checklist::{self, Checklist},
    committee::{self, Meeting},
    duty::{self, Duty},
    film::{self, Film},
    finding::{self, Finding, FindingOrder},
    guarantee::{self, Guarantee, GuaranteeOrder},
    handover::{self, Handover, HandoverOrder, Seat},
    id::{RecordId, TaskId},
    kept_file::KeptFile,
    ladder::{self, Case},
    mission::MissionOrder,
    official_document::{self, OfficialDocument},
    photo_question::{self, PhotoQuestion},
    picture::Picture,
    problem,
    project::{self, Around, Project, ProjectOrder},
    record::Kind,
    river::{self, Patrol, River, RiverPlan, RiverScheme},
    round::{self, Round, RoundOrder},
    source,
    task::{self, Order},
};
use bihuan_store::{
    Books, Work,
    envelope::EnvelopeSecret,
    list::{self, Filter, Scope},
    owed, shelf,
};
use bihuan_web::{
    inspection::{self, Circle},
    pictures,
};
use jiff::Timestamp;
use std::{
    collections::HashSet,
    sync::atomic::{AtomicUsize, Ordering},
    thread,
};

/// Findings of a round looked through.
const FINDINGS_MAX: u32 = 200;
/// Pieces that are handed in together; they are committed in groups.
const TOGETHER: usize = 200;
/// Most records of a kind that the script writes.
const RECORDS_MAX: u32 = 200;

/// Makes and stores every file of the pieces, and writes hash and size into the acts that cite them.
/// Returns how many pictures there are.
///
/// # Errors
/// When a file cannot be made or stored.
pub fn store_files(books: &Books, pieces: &mut [Piece]) -> Result<u64> {
    let contents: Vec<Content> = pieces
        .iter()
        .flat_map(|piece| &piece.what)
        .flat_map(|what| match what {
            What::Attach(_, content, _) => vec![content.clone()],
            What::Visited { files, .. } => files.iter().map(|(_, content)| content.clone()).collect(),
            What::Photographed(_, _, _, _, scenes) => scenes.iter().cloned().map(Content::Picture).collect(),
            _ => Vec::new(),
        })
        .collect();
    let next = AtomicUsize::new(0);
    let makers = thread::available_parallelism().map_or(2, usize::from) * 2;
    let make_some = || -> Result<Vec<Made>> {
        let mut made = Vec::new();
        loop {
            let n = next.fetch_add(1, Ordering::Relaxed);
            let Some(content) = contents.get(n) else { return Ok(made) };
            let bytes = match content {
                Content::Picture(scene) => picture::jpeg(scene)?,
                Content::Again(scene) => picture::again(scene)?,
                Content::Text(text) => text.clone().into_bytes(),
            };
            let size = u64::try_from(bytes.len())?;
            let read = match content {
                Content::Text(_) => None,
                _ => pictures::read_chosen("", "", &bytes, Timestamp::UNIX_EPOCH),
            };
            made.push(Made { n, sha256: books.evidence().put_waiting(bytes)?, size, read });
        }
    };
    let mut made = thread::scope(|scope| -> Result<Vec<Made>> {
        let threads: Vec<_> = (0..makers).map(|_| scope.spawn(make_some)).collect();
        let mut made = Vec::with_capacity(contents.len());
        for thread in threads {
            made.extend(thread.join().map_err(|_| anyhow!("a thread that draws pictures failed"))??);
        }
        Ok(made)
    })?;
    made.sort_unstable_by_key(|made| made.n);
    let mut stored = made.into_iter();
    let mut distinct = HashSet::new();
    for piece in pieces {
        for what in &mut piece.what {
            if let What::Attach(_, content, evidence) = what {
                let made = stored.next().context("every file was stored")?;
                if !matches!(content, Content::Text(_)) {
                    distinct.insert(made.sha256.clone());
                }
                evidence.sha256 = made.sha256;
                evidence.size_bytes = made.size;
                if let Some(read) = made.read {
                    evidence.fingerprint = read.fingerprint;
                    evidence.proof = read.proof;
                }
            }
            if let What::Visited { files, kept, .. } = what {
                for (name, content) in files {
                    let made = stored.next().context("every file was stored")?;
                    let is_text = matches!(content, Content::Text(_));
                    kept.push(KeptFile {
                        sha256: made.sha256,
                        name: name.clone(),
                        media_type: if is_text { "text/plain" } else { "image/jpeg" }.to_owned(),
                        size_bytes: made.size,
                    });
                }
            }
            if let What::Photographed(_, _, _, seen, scenes) = what {
                for n in 1..=scenes.len() {
                    let made = stored.next().context("every file was stored")?;
                    distinct.insert(made.sha256.clone());
                    seen.photos.push(made.sha256.clone());
                    let name = format!("现场照片_{n}.jpg");
                    seen.pictures.extend(made.read.map(|read| Picture {
                        name,
                        sha256: made.sha256,
                        size_bytes: made.size,
                        ..read
                    }));
                }
            }
        }
    }
    Ok(u64::try_from(distinct.len())?)
}

/// A file that was made and stored.
struct Made {
    n: usize,
    sha256: String,
    size: u64,
    /// What the server reads from a picture.
    read: Option<Picture>,
}

/// Plays the pieces.
///
/// # Errors
/// When a rule refuses an act, which is a fault of the script, or the books cannot be written.
pub fn play(
    books: &Books,
    secret: &EnvelopeSecret,
    pieces: Vec<Piece>,
    tell: &mut dyn FnMut(u64, u64),
) -> Result<()> {
    let total = u64::try_from(pieces.len())?;
    let mut done = 0;
    let mut pieces = pieces.into_iter();
    loop {
        let some: Vec<_> = pieces
            .by_ref()
            .take(TOGETHER)
            .map(|piece| {
                let what = piece.what;
                let at = piece.at;
                let seal = Seal { secret: secret.clone(), area: books.area().to_owned() };
                let work = move |work: &mut Work<'_>| {
                    for one in what {
                        let name = one.name();
                        record(work, &seal, one).with_context(|| format!("{name} at {at}"))?;
                    }
                    anyhow::Ok(())
                };
                (piece.by, piece.at, work)
            })
            .collect();
        if some.is_empty() {
            return Ok(());
        }
        for outcome in books.many(some)? {
            outcome?;
            done += 1;
        }
        tell(done, total);
    }
}

/// What sealed missions are sealed with.
struct Seal {
    secret: EnvelopeSecret,
    area: String,
}

impl Seal {
    fn circle<'a>(&'a self, by: &'a Actor) -> Circle<'a> {
        Circle { by, secret: &self.secret, area: &self.area }
    }
}

/// The mission of a team of a round, counted from 0.
fn mission_of(work: &mut Work<'_>, round: &RecordId, team: usize) -> Result<RecordId> {
    let seen = work.filed::<Round>(round)?.with_context(|| format!("no round {round}"))?.record;
    let missions = seen.assigned.map(|assigned| assigned.missions).unwrap_or_default();
    missions.get(team).cloned().with_context(|| format!("no team {team} in {round}"))
}

fn rule(work: &mut Work<'_>, round: &RecordId, facts: &str, order: FindingOrder) -> Result<()> {
    let subject = Subject::Record(Kind::Round, round.clone());
    let findings = shelf::about::<Finding>(work.connection(), &subject, FINDINGS_MAX)?;
    let found = findings.into_iter().find(|(_, seen)| seen.record.seen.facts == facts);
    let (id, seen) = found.with_context(|| format!("no finding “{facts}”"))?;
    let act = finding::decide(&work.situation(""), Some(&seen.record), order)?;
    work.record(Subject::Record(Kind::Finding, id), Act::from(act))?;
    Ok(())
}

fn publish(work: &mut Work<'_>, seal: &Seal, id: &RecordId) -> Result<()> {
    let known = work.filed::<Round>(id)?.with_context(|| format!("no round {id}"))?.record;
    let key = seal.secret.key(&seal.area, Kind::Round, id);
    let assigned = known.assigned.as_ref().and_then(|assigned| assigned.envelope.as_deref());
    let assignment = Box::new(key.open(0, assigned.context("a sealed assignment")?)?);
    let order = RoundOrder::OpenAssignment { key: key.publish(), assignment, still_sealed: 0 };
    let act = round::decide(&work.situation(""), Some(&known), order)?;
    work.record(Subject::Record(Kind::Round, id.clone()), Act::from(act))?;
    Ok(())
}

fn record(work: &mut Work<'_>, seal: &Seal, what: What) -> Result<()> {
    let (subject, act) = match what {
        What::Found { code, name, prefix } => {
            let founded = AreaAct::Founded { code, name, number_prefix: prefix, simulated: true };
            (Subject::Area, Act::Area(founded))
        }
        What::Office(subject, act) => {
            let reference = work.reference();
            let act = reference.office.decide(&work.situation(""), act)?;
            (subject, Act::Office(act))
        }
        What::Account(person, act) => (Subject::Person(person), Act::Account(act)),
        What::Source(source) => {
            let source = source::register(&work.situation(&source.ruleset), source)?;
            (Subject::Source(source.id.clone()), Act::Source(source))
        }
        What::Problem(id, registered) => {
            let act = problem::register(&work.situation(""), registered)?;
            (Subject::Problem(id), Act::Problem(act))
        }
        What::PublicText(id, text) => {
            let seen = work.problem(&id)?.with_context(|| format!("no problem {id}"))?;
            let act = seen.record.decide(&work.situation(""), problem::ProblemOrder::SetPublicText(text))?;
            (Subject::Problem(id), Act::Problem(act))
        }
        What::Task(id, registered) => {
            let event = task::register(&work.situation(&registered.ruleset), *registered)?;
            (Subject::Task(id), Act::Task(event))
        }
        What::Split(id, parts) => {
            let events = with_task(work, &id, |seen, situation| task::split(seen, situation, parts))?;
            return record_all(work, events);
        }
        What::Merge { from, into } => {
            let from = work.task(&from)?.with_context(|| format!("no task {from}"))?.record;
            let events = with_task(work, &into, |into, situation| task::merge(&from, into, situation))?;
            return record_all(work, events);
        }
        What::Order(id, order) => {
            let event = with_task(work, &id, |seen, situation| seen.decide(situation, order))?;
            (Subject::Task(id), Act::Task(event))
        }
        What::Meeting(id, order) => {
            let known = work.filed::<Meeting>(&id)?.map(|seen| seen.record);
            let act = committee::decide(&work.situation(""), known.as_ref(), order)?;
            (Subject::Record(Kind::Meeting, id), Act::from(act))
        }
        What::AdoptDuties(id, n) => {
            let known = work.filed::<Meeting>(&id)?.with_context(|| format!("no meeting {id}"))?.record;
            let on = bihuan_rules::day_of(work.at);
            for (duty, act) in duty::adoptions(&work.reference().records, &known, n, on)? {
                work.record(Subject::Record(Kind::Duty, duty), Act::from(act))?;
            }
            return Ok(());
        }
        What::Measure(id, order) => {
            let known = work.filed::<Case>(&id)?.map(|seen| seen.record);
            let ladder = ladder::ladders().first().context("a ladder ships with the program")?;
            let act = ladder::decide(&work.situation(""), ladder, known.as_ref(), order)?;
            (Subject::Record(Kind::Case, id), Act::from(act))
        }
        What::Survey(id, order) => burden::survey(work, id, order)?,
        What::Grievance(id, order) => burden::grievance(work, id, order)?,
        What::Board(period, step) => return boards::record(work, period, step),
        What::Film(id, order) => {
            let known = work.filed::<Film>(&id)?.map(|seen| seen.record);
            let act = film::decide(&work.situation(""), known.as_ref(), order)?;
            (Subject::Record(Kind::Film, id), Act::from(act))
        }
        What::Duty(id, order) => {
            let known = work.filed::<Duty>(&id)?.map(|seen| seen.record);
            let act = duty::decide(&work.situation(""), known.as_ref(), order)?;
            (Subject::Record(Kind::Duty, id), Act::from(act))
        }
        What::Handover(id, order) => {
            let known = work.filed::<Handover>(&id)?.map(|seen| seen.record);
            let order = signed(work, known.as_ref(), order)?;
            let act = handover::decide(&work.situation(""), known.as_ref(), order)?;
            (Subject::Record(Kind::Handover, id), Act::from(act))
        }
        What::Paper(paper) => return super::paper::write(work, paper),
        What::Campaign(id, order) => {
            let known = work.filed::<Campaign>(&id)?.map(|seen| seen.record);
            let act = campaign::decide(&work.situation(""), known.as_ref(), order, &[])?;
            (Subject::Record(Kind::Campaign, id), Act::from(act))
        }
        What::Project(id, order) => {
            let known = work.filed::<Project>(&id)?.map(|seen| seen.record);
            let around = around(work, &order)?;
            let act = project::decide(&work.situation(""), known.as_ref(), order, &around)?;
            (Subject::Record(Kind::Project, id), Act::from(act))
        }
        What::Guarantee(id, order) => {
            let order = named(work, order)?;
            let known = work.filed::<Guarantee>(&id)?.map(|seen| seen.record);
            let act = guarantee::decide(&work.situation(""), known.as_ref(), order, None)?;
            (Subject::Record(Kind::Guarantee, id), Act::from(act))
        }
        What::Visited { id, visit: (on, place, seen), kept, .. } => {
            let known = work.filed::<Guarantee>(&id)?.map(|seen| seen.record);
            let order = GuaranteeOrder::Visit(on, place, seen, kept);
            let act = guarantee::decide(&work.situation(""), known.as_ref(), order, None)?;
            (Subject::Record(Kind::Guarantee, id), Act::from(act))
        }
        What::Opinion(id, field) => {
            let today = bihuan_rules::day_of(work.at);
            let filter = Filter {
                state: Some(task::State::PendingSignature),
                field: Some(field),
                ..Filter::all(Scope::Whole, today)
            };
            let Some(row) = list::tasks(work.connection(), &filter, 1, 0)?.into_iter().next() else {
                return Ok(());
            };
            let task = work.task(&row.id)?.with_context(|| format!("no task {}", row.id))?.record;
            let known = work.filed::<Guarantee>(&id)?.map(|seen| seen.record);
            let text = "两次到现场查看，措施已落实，群众反映良好，同意按程序审签。".to_owned();
            let order = GuaranteeOrder::Opine(row.id, true, text);
            let act = guarantee::decide(&work.situation(""), known.as_ref(), order, Some(&task))?;
            (Subject::Record(Kind::Guarantee, id), Act::from(act))
        }
        What::Document(id, order) => {
            let known = work.filed::<OfficialDocument>(&id)?.map(|seen| seen.record);
            let act = official_document::decide(&work.situation(""), known.as_ref(), order)?;
            (Subject::Record(Kind::Document, id), Act::from(act))
        }
        What::River(id, order) => {
            let known = work.filed::<River>(&id)?.map(|seen| seen.record);
            let act = river::decide(&work.situation(""), known.as_ref(), order)?;
            (Subject::Record(Kind::River, id), Act::from(act))
        }
        What::Patrol(id, of, order) => {
            let known = work.filed::<Patrol>(&id)?.map(|seen| seen.record);
            let river = on_file(work, &of)?;
            let act = river::decide_patrol(&work.situation(""), &river, known.as_ref(), order)?;
            (Subject::Record(Kind::Patrol, id), Act::from(act))
        }
        What::Plan(id, of, order) => {
            let known = work.filed::<RiverPlan>(&id)?.map(|seen| seen.record);
            let river = on_file(work, &of)?;
            let act = river::decide_plan(&work.situation(""), &river, known.as_ref(), order)?;
            (Subject::Record(Kind::RiverPlan, id), Act::from(act))
        }
        What::Scheme(id, order) => {
            let known = work.filed::<RiverScheme>(&id)?.map(|seen| seen.record);
            let act = river::decide_scheme(&work.situation(""), known.as_ref(), order)?;
            (Subject::Record(Kind::RiverScheme, id), Act::from(act))
        }
        What::Round(id, order) => {
            let known = work.filed::<Round>(&id)?.map(|seen| seen.record);
            let act = round::decide(&work.situation(""), known.as_ref(), order)?;
            (Subject::Record(Kind::Round, id), Act::from(act))
        }
        What::Give(by, id, teams, stops) => {
            let given = inspection::give_out(work, &seal.circle(&by), &id, teams, stops);
            return given.map(drop).map_err(failed);
        }
        What::GiveCross(by, id, teams, stops, assignment) => {
            let given = inspection::give_out_as(work, &seal.circle(&by), &id, teams, stops, *assignment);
            return given.map(drop).map_err(failed);
        }
        What::Freeze(id, frame) => return look_back_draw::freeze(work, &id, *frame),
        What::DrawNow(id) => return look_back_draw::draw_now(work, &id),
        What::GiveDrawn(by, id, teams) => {
            return look_back_draw::give(work, &seal.circle(&by), &id, teams);
        }
        What::LookAgain(by, round, turn) => {
            let mission = mission_of(work, &round, turn.team)?;
            let circle = seal.circle(&by);
            return look_back_draw::look_again(work, &circle, &mission, turn.stop, turn.is_last);
        }
        What::CallReserves(id) => return look_back_draw::call_reserves(work, &id),
        What::LookAtReserve(by, id) => {
            return look_back_draw::look_at_reserve(work, &seal.circle(&by), &id);
        }
        What::ReopenWhatCameBack(id) => return look_back_draw::reopen(work, &id),
        What::Checklist(id, order) => {
            let known = work.filed::<Checklist>(&id)?.map(|seen| seen.record);
            let act = checklist::decide(&work.situation(""), known.as_ref(), order)?;
            (Subject::Record(Kind::Checklist, id), Act::from(act))
        }
        What::Visit(by, round, team, order) => {
            let mission = mission_of(work, &round, team)?;
            return inspection::go(work, &seal.circle(&by), &mission, order).map(drop).map_err(failed);
        }
        What::Photographed(by, round, team, seen, _) => {
            let mission = mission_of(work, &round, team)?;
            let order = MissionOrder::Find(seen);
            return inspection::go(work, &seal.circle(&by), &mission, order).map(drop).map_err(failed);
        }
        What::Question(id, order) => {
            let known = work.filed::<PhotoQuestion>(&id)?.map(|seen| seen.record);
            let act = photo_question::decide(&work.situation(""), known.as_ref(), order)?;
            (Subject::Record(Kind::PhotoQuestion, id), Act::from(act))
        }
        What::OpenMission(by, round, team) => {
            let mission = mission_of(work, &round, team)?;
            return inspection::open(work, &seal.circle(&by), &mission).map(drop).map_err(failed);
        }
        What::Publish(id) => return publish(work, seal, &id),
        What::Rule(round, facts, ruling, reason) => {
            return rule(work, &round, &facts, FindingOrder::Rule(ruling, reason));
        }
        What::Attach(id, _, evidence) => {
            let event =
                with_task(work, &id, |seen, situation| seen.decide(situation, Order::Attach(evidence)))?;
            (Subject::Task(id), Act::Task(event))
        }
    };
    work.record(subject, act)?;
    Ok(())
}

/// A signature with everything that is open when it is given.
fn signed(work: &mut Work<'_>, known: Option<&Handover>, order: HandoverOrder) -> Result<HandoverOrder> {
    let reference = work.reference();
    let on = bihuan_rules::day_of(work.at);
    let Some(seat) = known.and_then(|known| Seat::of(&reference.office, &known.change.post, on)) else {
        return Ok(order);
    };
    let lines = owed::of_seat(work.connection(), &reference, &seat)?;
    Ok(match order {
        HandoverOrder::Give { remark, .. } => HandoverOrder::Give { lines, remark },
        HandoverOrder::Take { remark, .. } => HandoverOrder::Take { lines, remark },
        other => other,
    })
}

/// What stands around a project; the subjects that its plan names are there, or the books refuse them.
fn around(work: &mut Work<'_>, order: &ProjectOrder) -> Result<Around> {
    let mut around = Around::default();
    let (ProjectOrder::Plan(plan) | ProjectOrder::Revise(plan, _)) = order else {
        if matches!(order, ProjectOrder::Start(_)) {
            let projects = shelf::list::<Project>(work.connection(), RECORDS_MAX)?;
            around.projects = projects.into_iter().map(|(id, seen)| (id, seen.record)).collect();
        }
        return Ok(around);
    };
    let projects = shelf::list::<Project>(work.connection(), RECORDS_MAX)?;
    around.projects = projects.into_iter().map(|(id, seen)| (id, seen.record)).collect();
    let campaigns = shelf::list::<Campaign>(work.connection(), RECORDS_MAX)?;
    around.campaigns = campaigns.into_iter().map(|(id, seen)| (id, seen.record)).collect();
    for text in &plan.brief.about {
        let is_there = match Subject::read(text) {
            Some(Subject::Problem(id)) => work.problem(&id)?.is_some(),
            Some(Subject::Task(id)) => work.task(&id)?.is_some(),
            _ => false,
        };
        if is_there {
            around.subjects.insert(text.clone());
        }
    }
    Ok(around)
}

/// A guarantee of a problem bears the name of the problem.
fn named(work: &mut Work<'_>, order: GuaranteeOrder) -> Result<GuaranteeOrder> {
    let GuaranteeOrder::Take(mut terms) = order else { return Ok(order) };
    if let Some(Subject::Problem(id)) = Subject::read(&terms.subject) {
        terms.name = work.problem(&id)?.with_context(|| format!("no problem {id}"))?.record.registered.title;
    }
    Ok(GuaranteeOrder::Take(terms))
}

/// The file of a river; rivers are held in memory.
fn on_file(work: &Work<'_>, id: &RecordId) -> Result<River> {
    let reference = work.reference();
    let found = reference.records::<River>().find(|(known, _)| *known == id).map(|(_, river)| river.clone());
    found.with_context(|| format!("no river {id}"))
}

fn failed(failure: bihuan_web::failure::Failure) -> anyhow::Error {
    anyhow!("{failure:?}")
}

fn with_task<T>(
    work: &mut Work<'_>,
    id: &TaskId,
    decide: impl FnOnce(&task::Task, &Situation<'_>) -> Result<T, bihuan_rules::Refusal>,
) -> Result<T> {
    let seen = work.task(id)?.with_context(|| format!("no task {id}"))?.record;
    Ok(decide(&seen, &work.situation(&seen.ruleset))?)
}

fn record_all(work: &mut Work<'_>, events: Vec<(TaskId, task::TaskEvent)>) -> Result<()> {
    for (id, event) in events {
        work.record(Subject::Task(id), Act::Task(event))?;
    }
    Ok(())
}
