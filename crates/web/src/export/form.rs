//! The sign-off form (整改销号申请表, handbook form A): every row of it derived from the ledger.

use super::{DOCX, PDF, enter, file, note};
use crate::{
    app::App, document::typeface, failure::Failure, locale::Locale, session::Signed, task::act::visible,
    words,
};
use axum::{
    extract::{Path, State},
    response::Response,
};
use bihuan_papers::writing::{
    OfficialPaper,
    official::{Block, Form},
    table::{Cell, Table},
};
use bihuan_rules::{
    Act, Subject,
    guarantee::{Guarantee, GuaranteeAct, Opinion, Visit},
    id::{RecordId, TaskId},
    office::Office,
    problem::Problem,
    record::{Kind, RecordAct},
    source::Source,
    task::{Method, Task, TaskAct},
};
use bihuan_store::{Connection, Reference, ledger, ledger::Line, problem, shelf, source};

/// Its name as a file.
pub(super) const NAME: &str = "整改销号申请表";
/// What stands under the form.
const NOTE: &str = "本表各栏由办理账本生成，签字栏为账本所记办理人和时间；账本条目号见案卷存证。";
/// Most guarantees of one task that are looked at.
const GUARANTEES_MAX: u32 = 50;

/// Everything the form tells.
pub(super) struct Facts {
    /// The task.
    pub task: Task,
    /// Its problems.
    pub problems: Vec<Problem>,
    /// Its source.
    pub source: Option<Source>,
    /// Its timeline, newest first.
    pub lines: Vec<Line>,
    /// What its guarantors say, with the post; no verification.
    pub opinions: Vec<Opinion>,
    /// Visits of the guarantors of the task itself.
    pub visits: Vec<Visit>,
    /// What the ledger says of it in the guarantees, by record, oldest first: see [`tells`].
    pub guaranteed: Vec<(RecordId, Line)>,
}

impl Facts {
    /// Reads a task this reader may see with all that belongs to it.
    ///
    /// # Errors
    /// [`Failure::NotFound`] when there is none or it is not for them.
    pub fn read(connection: &mut Connection, signed: &Signed, id: &TaskId) -> Result<Facts, Failure> {
        let task = visible(connection, signed, id)?.record;
        let mut problems = Vec::new();
        for id in &task.problems {
            problems.extend(problem::load(connection, id)?.map(|seen| seen.record));
        }
        let source = source::find(connection, &task.source)?;
        let lines = ledger::timeline(connection, &Subject::Task(id.clone()))?;
        let guarantees = shelf::about::<Guarantee>(connection, &Subject::Task(id.clone()), GUARANTEES_MAX)?;
        let guarantees: Vec<Guarantee> = guarantees.into_iter().map(|(_, seen)| seen.record).collect();
        let opinions = guarantees.iter().filter_map(|guarantee| guarantee.opinion_on(id).cloned()).collect();
        let own = Subject::Task(id.clone()).to_string();
        let is_own = |guarantee: &Guarantee| guarantee.terms.iter().any(|(_, terms)| terms.subject == own);
        let mut guaranteed = Vec::new();
        for guarantee in &guarantees {
            let subject = Subject::Record(Kind::Guarantee, guarantee.id.clone());
            let lines = ledger::timeline(connection, &subject)?.into_iter();
            let lines = lines.filter(|line| tells(&line.act, id, is_own(guarantee)));
            guaranteed.extend(lines.map(|line| (guarantee.id.clone(), line)));
        }
        guaranteed.sort_by_key(|(_, line)| line.sequence);
        let of_task = guarantees.into_iter().filter(is_own);
        let mut visits: Vec<Visit> = of_task.flat_map(|guarantee| guarantee.visits).collect();
        visits.sort_by_key(|visit| visit.on);
        Ok(Facts { task, problems, source, lines, opinions, visits, guaranteed })
    }

    /// The newest act that `pick` takes, with its line.
    fn newest<'f, T>(&'f self, pick: impl Fn(&'f TaskAct) -> Option<T>) -> Option<(&'f Line, T)> {
        self.lines.iter().find_map(|line| match &line.act {
            Act::Task(event) => pick(&event.act).map(|found| (line, found)),
            _ => None,
        })
    }
}

/// Whether an act of a guarantee belongs to the dossier of a task: of its own guarantee who took it on and what they saw, of a
/// guarantee of a whole village or river only the opinion on this task. Requests to other units stay out.
fn tells(act: &Act, id: &TaskId, is_own: bool) -> bool {
    match act {
        Act::Record(RecordAct::Guarantee(GuaranteeAct::Opined { task, .. })) => task == id,
        Act::Record(RecordAct::Guarantee(GuaranteeAct::Asked { .. } | GuaranteeAct::Answered { .. })) => {
            false
        }
        _ => is_own,
    }
}

/// `GET /tasks/{id}/sign-off-form`: the Word file.
pub async fn docx(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let (id, paper) = asked(&app, &signed, id).await?;
    let bytes = paper.to_docx(app.today())?;
    note(&app, &signed, "sign-off form", format!("task/{id}")).await?;
    Ok(file(&format!("{id}-{NAME}.docx"), DOCX, bytes))
}

/// `GET /tasks/{id}/sign-off-form/pdf`: the same lines as the Word file, shown by the browser.
pub async fn pdf(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let (id, paper) = asked(&app, &signed, id).await?;
    let day = app.today();
    let drawn = tokio::task::spawn_blocking(move || typeface::with(|types| paper.to_pdf(day, types)));
    let bytes = drawn.await.map_err(|_| Failure::NotFound)??;
    note(&app, &signed, "sign-off form", format!("task/{id}")).await?;
    Ok(file(&format!("{id}-{NAME}.pdf"), PDF, bytes))
}

/// The form of a task that this reader may see and export.
async fn asked(app: &App, signed: &Signed, id: String) -> Result<(TaskId, OfficialPaper), Failure> {
    enter(signed)?;
    let id = TaskId::new(id).map_err(|_| Failure::NotFound)?;
    let (reader, wanted) = (signed.clone(), id.clone());
    let facts = app.books.ask(move |connection| Facts::read(connection, &reader, &wanted)).await?;
    Ok((id, paper(&facts, &app.reference())))
}

/// The form as a paper, from which both the Word file and the PDF are made; it is paper of a Chinese office and always Chinese.
pub(super) fn paper(facts: &Facts, reference: &Reference) -> OfficialPaper {
    let area = reference.area.as_ref().map_or("", |area| area.name.as_str());
    let form = Table { shares: vec![1; 12], heading_rows: 0, rows: rows(facts, &reference.office) };
    OfficialPaper {
        form: Form::Plain,
        title: format!("{area}生态环境问题整改销号申请表"),
        body: vec![
            Block::Flush(format!("编号：{}", facts.task.id).as_str().into()),
            Block::Table(form),
            Block::Flush(NOTE.into()),
        ],
        ..OfficialPaper::default()
    }
}

fn rows(facts: &Facts, office: &Office) -> Vec<Vec<Cell>> {
    let zh = Locale::ZhCn;
    let task = &facts.task;
    let one = |label: &str, value: String| vec![Cell::label(label).over(2), Cell::value(value).over(10)];
    let two = |first: (&str, String), second: (&str, String)| {
        vec![
            Cell::label(first.0).over(2),
            Cell::value(first.1).over(4),
            Cell::label(second.0).over(2),
            Cell::value(second.1).over(4),
        ]
    };
    let unit = |id: &bihuan_rules::id::UnitId| words::unit(office, id.as_str());
    let parties = task.parties.as_ref();
    let source = facts.source.as_ref().map_or_else(String::new, |source| {
        let parts = [&source.title, &source.round, &source.batch, &source.document_number];
        parts.into_iter().filter(|part| !part.is_empty()).cloned().collect::<Vec<_>>().join(" ")
    });
    let problem = |problem: &Problem| problem.registered.original_text.clone();
    let numbers: Vec<String> = facts
        .problems
        .iter()
        .flat_map(|problem| &problem.registered.numbers)
        .map(|(level, number)| format!("{} {number}", zh.say(&format!("number-{level}"))))
        .collect();
    let mut due = words::day(zh, task.deadline.due_on);
    if let Some(first) = task.deadline.original_due_on.filter(|first| Some(*first) != task.deadline.due_on) {
        due = format!("{due}（原定{first}）");
    }
    let measures: Vec<String> =
        task.measures.iter().map(|measure| format!("{}. {}", measure.number, measure.text)).collect();
    let results: Vec<String> = task
        .measures
        .iter()
        .map(|measure| match (measure.waived, measure.result.is_empty()) {
            (true, _) => format!("{}. 经批准不再实施", measure.number),
            (false, true) => format!("{}. ", measure.number),
            (false, false) => format!("{}. {}", measure.number, measure.result),
        })
        .collect();
    let co = parties
        .map_or_else(String::new, |parties| parties.co.iter().map(unit).collect::<Vec<_>>().join("、"));
    let points: Vec<String> = task.points.iter().map(|point| point.name.clone()).collect();
    let mut rows = vec![
        one("问题来源", source),
        two(("各级编号", numbers.join("；")), ("点位", points.join("、"))),
        one("反馈问题原文", facts.problems.iter().map(problem).collect::<Vec<_>>().join("\n")),
        one("整改目标", task.goal.clone()),
        one("整改措施", measures.join("\n")),
        two(
            ("整改时限", due),
            (
                "督导单位",
                parties.and_then(|parties| parties.supervising.as_ref()).map(unit).unwrap_or_default(),
            ),
        ),
        two(("牵头单位", parties.map(|parties| unit(&parties.lead)).unwrap_or_default()), ("配合单位", co)),
        one("整改完成情况", results.join("\n")),
    ];
    rows.extend(claim_rows(facts, office, &two, &one));
    rows.extend(check_rows(facts, office, &one));
    if !facts.opinions.is_empty() {
        rows.push(one("包保领导意见（不作为核查结论）", opinions(facts, office)));
    }
    rows
}

/// What the guarantors say, a line each.
fn opinions(facts: &Facts, office: &Office) -> String {
    let lines = facts.opinions.iter().map(|opinion| {
        let names: Vec<_> =
            office.holders_on(&opinion.by, opinion.on).map(|person| person.name.clone()).collect();
        let stance = if opinion.supports { "同意销号" } else { "暂不同意销号" };
        let post = words::post_on(Locale::ZhCn, office, &opinion.by, opinion.on);
        format!("{post} {}：{stance}。{}（{}）", names.join("、"), opinion.text, opinion.on)
    });
    lines.collect::<Vec<_>>().join("\n")
}

type One<'f> = dyn Fn(&str, String) -> Vec<Cell> + 'f;
type Two<'f> = dyn Fn((&str, String), (&str, String)) -> Vec<Cell> + 'f;

fn claim_rows(facts: &Facts, office: &Office, two: &Two<'_>, one: &One<'_>) -> Vec<Vec<Cell>> {
    let claim = facts.newest(|act| if let TaskAct::Claimed(claimed) = act { Some(claimed) } else { None });
    let text = |pick: fn(&bihuan_rules::task::Claimed) -> &String| {
        claim.as_ref().map(|(_, claimed)| pick(claimed).clone()).unwrap_or_default()
    };
    let spent = claim.as_ref().and_then(|(_, claimed)| claimed.spent_fen);
    let spent = spent.map_or_else(String::new, |fen| format!("{}.{:02}元", fen / 100, fen % 100));
    let mut files: Vec<String> = Vec::new();
    for evidence in &facts.task.evidence {
        let role = Locale::ZhCn.say(&format!("evidence-{}", evidence.file.role.name().replace('_', "-")));
        files.push(format!("{role}：{}", evidence.file.name));
    }
    const FILES_SHOWN: usize = 30;
    let more = files.len().saturating_sub(FILES_SHOWN);
    files.truncate(FILES_SHOWN);
    if more > 0 {
        files.push(format!("另有{more}件，见案卷目录"));
    }
    vec![
        two(("投入资金", spent), ("立案处罚移送", text(|claimed| &claimed.enforcement))),
        one("举一反三", text(|claimed| &claimed.similar)),
        one("长效机制", text(|claimed| &claimed.mechanism)),
        one("佐证材料", files.join("\n")),
        one(
            "责任单位自查意见",
            signed(claim.as_ref().map(|(line, claimed)| (*line, claimed.summary.clone())), office),
        ),
    ]
}

fn check_rows(facts: &Facts, office: &Office, one: &One<'_>) -> Vec<Vec<Cell>> {
    let zh = Locale::ZhCn;
    let verified =
        facts.newest(|act| if let TaskAct::Verified(verified) = act { Some(verified) } else { None });
    let verified = verified.map(|(line, verified)| {
        let on = bihuan_rules::day_of(line.at);
        let checkers: Vec<String> =
            verified.checkers.iter().map(|hand| words::person_on(zh, office, &hand.person, on)).collect();
        let method = match verified.method {
            Method::OnSite => "现场核查",
            Method::OnPaper => "资料核查",
        };
        let conclusion = zh.say(&format!("conclusion-{}", verified.conclusion.name().replace('_', "-")));
        let text = format!(
            "{}\n核查人：{}；{method}，{}；结论：{conclusion}",
            verified.opinion,
            checkers.join("、"),
            verified.checked_on
        );
        (line, text)
    });
    let notice =
        facts.newest(|act| if let TaskAct::NoticeOpened(opened) = act { Some(opened) } else { None });
    let closed =
        facts.newest(|act| if let TaskAct::NoticeClosed { record } = act { Some(record) } else { None });
    let notice = notice.map_or_else(String::new, |(_, opened)| {
        let objections = facts.task.notice.as_ref().map_or(0, |notice| notice.objections.len());
        let record = closed.map(|(_, record)| format!("；留痕：{record}")).unwrap_or_default();
        format!(
            "{}至{}，{}；收到异议{objections}条{record}",
            opened.opened_on, opened.ends_on, opened.channel
        )
    });
    let sign = facts.newest(|act| if let TaskAct::Signed(signed) = act { Some(signed) } else { None });
    let sign = sign.map(|(line, signed)| {
        let minutes = if signed.minutes.is_empty() {
            String::new()
        } else {
            format!("\n会议纪要：{}", signed.minutes)
        };
        (line, format!("{}{minutes}", signed.opinion))
    });
    let recheck = facts.newest(|act| match act {
        TaskAct::Rechecked { passed, opinion, document } => Some((*passed, opinion, document)),
        _ => None,
    });
    let recheck = recheck.map(|(line, (passed, opinion, document))| {
        (line, format!("{} {opinion} {document}", if passed { "通过" } else { "退回" }))
    });
    vec![
        one("行业主管部门核查意见", signed(verified, office)),
        one("公示情况", notice),
        one("主要领导审签", signed(sign, office)),
        one("上级复核意见", signed(recheck, office)),
        one("备案号", facts.task.filing_number.clone()),
    ]
}

/// An opinion with who gave it, in which post, and when; a blank signature line when nobody has yet.
fn signed(found: Option<(&Line, String)>, office: &Office) -> String {
    let Some((line, text)) = found else {
        return "\n签字：            （盖章）        年   月   日".to_owned();
    };
    let day = bihuan_rules::day_of(line.at);
    let name = words::person_on(Locale::ZhCn, office, &line.person, day);
    let post = words::post_on(Locale::ZhCn, office, &line.post, day);
    format!("{text}\n{post} {name} {day}（账本第{}条）", line.sequence)
}
