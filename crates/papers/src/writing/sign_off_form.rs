//! The form for signing off (整改销号申请（验收）表): everything about one problem on one sheet, from source to signature.
//!
//! What is known is filled in; what is not stays a blank to be filled in by hand. Every row is always there.

use jiff::civil::Date;

use super::{
    Language, Letter, WriteError,
    letter::{Block, Cell, Page, Signature, Table},
};

/// A measure and what came of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Measure {
    /// The measure as planned.
    pub text: String,
    /// What was done.
    pub result: String,
    /// Whether it is done; nothing when nobody has said.
    pub done: Option<bool>,
}

/// A milestone.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Milestone {
    /// What is to be reached.
    pub text: String,
    /// Until when.
    pub due: Option<Date>,
    /// When it was reached.
    pub reached: Option<Date>,
}

/// The claim of the responsible unit that the work is done (自查意见).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Claim {
    /// Its words.
    pub text: String,
    /// Post and name of the head who claims.
    pub person: String,
    /// When.
    pub date: Option<Date>,
}

/// The check on the spot (核查).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Verification {
    /// How it was checked.
    pub method: String,
    /// Who checked: unit, post and name.
    pub people: Vec<String>,
    /// When.
    pub date: Option<Date>,
    /// What was found, and the conclusion.
    pub opinion: String,
}

/// The public notice (公示).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Notice {
    /// First day.
    pub from: Option<Date>,
    /// Last day.
    pub to: Option<Date>,
    /// Where it was published.
    pub channel: String,
    /// Objections and what became of them.
    pub outcome: String,
}

/// One level of signing off (审核、审签、复核).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Level {
    /// What the level is called, such as `县（区）主要领导审签`.
    pub name: String,
    /// Its opinion.
    pub opinion: String,
    /// Who signed.
    pub person: String,
    /// As what.
    pub post: String,
    /// When.
    pub date: Option<Date>,
}

/// The values of the form.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SignOffForm {
    /// The language of the words of the form.
    pub language: Language,
    /// Number of the form (表号).
    pub form_number: String,
    /// Round, batch and name of the inspection (问题来源).
    pub source: String,
    /// The numbers of the problem on each level, such as `省序号12，市序号9`.
    pub numbers: String,
    /// The problem in the words of the source.
    pub problem: String,
    /// The task.
    pub task: String,
    /// The goal.
    pub goal: String,
    /// Measures with what came of each.
    pub measures: Vec<Measure>,
    /// Milestones.
    pub milestones: Vec<Milestone>,
    /// The deadline first set.
    pub deadline: String,
    /// The deadline after extension, or empty.
    pub extended_deadline: String,
    /// The unit that answers for it (责任单位、牵头单位).
    pub responsible_unit: String,
    /// Units that help.
    pub co_units: String,
    /// The leader who answers for it.
    pub leader: String,
    /// Who does it, with telephone.
    pub contact: String,
    /// The unit that supervises.
    pub supervising_unit: String,
    /// The unit that accepts the work.
    pub acceptance_unit: String,
    /// Places with coordinates.
    pub points: String,
    /// Money spent.
    pub funds: String,
    /// Cases, fines and transfers.
    pub penalties: String,
    /// The same kind elsewhere (举一反三).
    pub similar: String,
    /// What keeps it from coming back (长效机制).
    pub mechanism: String,
    /// Titles of the evidence in the dossier.
    pub evidence: Vec<String>,
    /// The claim.
    pub claim: Claim,
    /// The check.
    pub verification: Verification,
    /// The notice.
    pub notice: Notice,
    /// Levels of signing off in their order; the usual three, all blank, when there are none.
    pub levels: Vec<Level>,
    /// Number under which it was filed (备案号).
    pub filing_number: String,
}

/// Columns of the grid.
const COLUMNS: usize = 6;

impl SignOffForm {
    /// The form as a letter, for adding to it.
    #[must_use]
    pub fn letter(&self) -> Letter {
        let language = self.language;
        let mut rows = Vec::new();
        self.origin(&mut rows);
        self.work(&mut rows);
        self.people(&mut rows);
        self.circumstances(&mut rows);
        self.opinions(&mut rows);
        let number = match language {
            Language::Chinese => format!("编号：{}", blank(&self.form_number)),
            Language::English => format!("No.: {}", blank(&self.form_number)),
        };
        Letter {
            language,
            page: Page::Portrait,
            title: language
                .pick("生态环境问题整改销号申请（验收）表", "Application for signing off a rectification")
                .to_owned(),
            blocks: vec![
                Block::Right(number),
                Block::Table(Table { shares: vec![15, 21, 8, 22, 22, 12], heading_rows: 0, rows }),
            ],
        }
    }

    /// The form as a Word file. The same values and day give the same bytes.
    ///
    /// # Errors
    /// As for [`Letter::to_docx`].
    pub fn to_docx(&self, created: Date) -> Result<Vec<u8>, WriteError> {
        self.letter().to_docx(created)
    }

    /// A label with a value over the rest of the row.
    fn wide(&self, rows: &mut Vec<Vec<Cell>>, zh: &'static str, en: &'static str, value: &str) {
        rows.push(vec![Cell::label(self.language.pick(zh, en)), Cell::value(value).over(COLUMNS - 1)]);
    }

    /// Two labels, each with a value.
    fn pair(&self, rows: &mut Vec<Vec<Cell>>, labels: [(&'static str, &'static str); 2], values: [&str; 2]) {
        let mut row = Vec::new();
        for ((zh, en), value) in labels.into_iter().zip(values) {
            row.extend([Cell::label(self.language.pick(zh, en)), Cell::value(value).over(2)]);
        }
        rows.push(row);
    }

    fn origin(&self, rows: &mut Vec<Vec<Cell>>) {
        self.wide(rows, "问题来源", "Source", &self.source);
        self.wide(rows, "问题序号", "Numbers", &self.numbers);
        self.wide(rows, "反馈问题原文", "Original problem", &self.problem);
        self.wide(rows, "整改任务", "Task", &self.task);
        self.wide(rows, "整改目标", "Goal", &self.goal);
        let deadlines = [("整改时限", "Deadline"), ("延期后时限", "After extension")];
        self.pair(rows, deadlines, [&self.deadline, &self.extended_deadline]);
    }

    /// Measures and milestones, each a little table inside the form.
    fn work(&self, rows: &mut Vec<Vec<Cell>>) {
        let word = |zh, en| self.language.pick(zh, en);
        rows.push(vec![
            Cell::label(word("整改措施及完成情况", "Measures and results")),
            Cell::label(word("整改措施", "Measure")).over(2),
            Cell::label(word("完成情况", "Result")).over(2),
            Cell::label(word("是否完成", "Done")),
        ]);
        let nothing = [Measure::default()];
        let measures = if self.measures.is_empty() { &nothing[..] } else { &self.measures };
        for (number, measure) in (1..).zip(measures) {
            let text = if measure.text.is_empty() || measures.len() == 1 {
                measure.text.clone()
            } else {
                format!("{number}.{}", measure.text)
            };
            let done = match measure.done {
                Some(true) => word("是", "Yes"),
                Some(false) => word("否", "No"),
                None => "",
            };
            rows.push(vec![
                Cell::above(),
                Cell::value(text).over(2),
                Cell::value(&measure.result).over(2),
                Cell::centred(done),
            ]);
        }
        rows.push(vec![
            Cell::label(word("时间节点", "Milestones")),
            Cell::label(word("节点目标", "To be reached")).over(2),
            Cell::label(word("计划完成", "Due")),
            Cell::label(word("实际完成", "Reached")).over(2),
        ]);
        let nothing = [Milestone::default()];
        let milestones = if self.milestones.is_empty() { &nothing[..] } else { &self.milestones };
        for milestone in milestones {
            rows.push(vec![
                Cell::above(),
                Cell::value(&milestone.text).over(2),
                Cell::centred(self.day(milestone.due)),
                Cell::centred(self.day(milestone.reached)).over(2),
            ]);
        }
    }

    fn people(&self, rows: &mut Vec<Vec<Cell>>) {
        let units = [("责任单位", "Responsible unit"), ("配合单位", "Helping units")];
        self.pair(rows, units, [&self.responsible_unit, &self.co_units]);
        let persons = [("责任领导", "Leader"), ("责任人及电话", "Contact")];
        self.pair(rows, persons, [&self.leader, &self.contact]);
        let others = [("督导单位", "Supervising unit"), ("验收单位", "Accepting unit")];
        self.pair(rows, others, [&self.supervising_unit, &self.acceptance_unit]);
    }

    fn circumstances(&self, rows: &mut Vec<Vec<Cell>>) {
        self.wide(rows, "点位及坐标", "Places", &self.points);
        self.wide(rows, "投入资金", "Funds", &self.funds);
        self.wide(rows, "立案处罚、移送情况", "Penalties and transfers", &self.penalties);
        self.wide(rows, "举一反三情况", "The same elsewhere", &self.similar);
        self.wide(rows, "长效机制", "Lasting mechanism", &self.mechanism);
        self.wide(rows, "佐证材料目录", "Evidence", &super::problem_list::numbered(&self.evidence));
    }

    fn opinions(&self, rows: &mut Vec<Vec<Cell>>) {
        let language = self.language;
        let sign = |role: &str, person: &str, date| {
            Signature { role: role.to_owned(), person: person.to_owned(), date }.line(language)
        };
        let head = language.pick("主要负责人（签字、盖章）", "Head of the unit (signature and seal)");
        let claim = joined([&*self.claim.text, &*sign(head, &self.claim.person, self.claim.date)]);
        self.wide(rows, "责任单位自查意见", "Claim of the unit", &claim);
        let methods = [("核查方式", "Method"), ("核查日期", "Date of the check")];
        let day = self.day(self.verification.date);
        self.pair(rows, methods, [&self.verification.method, &day]);
        let role = language.pick("核查人（签字）", "Checked by (signature)");
        let mut opinion = vec![self.verification.opinion.clone()];
        let people = &self.verification.people;
        opinion.extend(people.iter().map(|person| sign(role, person, self.verification.date)));
        // Two people check at least; who is missing signs by hand.
        opinion.extend((people.len()..2).map(|_| sign(role, "", None)));
        let opinion = joined(opinion.iter().map(String::as_str));
        self.wide(rows, "行业主管部门核查意见", "Opinion of the department", &opinion);
        let days = match (self.notice.from, self.notice.to) {
            (None, None) => String::new(),
            (from, to) => {
                let between = language.pick("至", " to ");
                format!("{}{between}{}", blank(&self.day(from)), blank(&self.day(to)))
            }
        };
        self.pair(
            rows,
            [("公示起止", "Notice"), ("公示媒体", "Published in")],
            [&days, &self.notice.channel],
        );
        self.wide(rows, "异议及处理情况", "Objections", &self.notice.outcome);
        for level in &self.usual_levels() {
            let person = joined_by(" ", [&*level.post, &*level.person]);
            let role = language.pick("签字", "Signature");
            let text = joined([&*level.opinion, &*sign(role, &person, level.date)]);
            rows.push(vec![Cell::label(&level.name), Cell::value(text).over(COLUMNS - 1)]);
        }
        self.wide(rows, "备案号", "Filing number", &self.filing_number);
    }

    /// The levels, or the usual ones to be signed by hand.
    fn usual_levels(&self) -> Vec<Level> {
        if !self.levels.is_empty() {
            return self.levels.clone();
        }
        [
            ("领导小组办公室审核意见", "Opinion of the office"),
            ("县（区）主要领导审签", "Signature of the district's leader"),
            ("上级复核意见", "Opinion of the superior"),
        ]
        .map(|(zh, en)| Level { name: self.language.pick(zh, en).to_owned(), ..Level::default() })
        .to_vec()
    }

    fn day(&self, date: Option<Date>) -> String {
        date.map(|date| self.language.day(date)).unwrap_or_default()
    }
}

/// The text, or a line to write on.
fn blank(text: &str) -> &str {
    if text.is_empty() { "＿＿＿＿＿＿" } else { text }
}

/// What is there, a line each.
fn joined<'a>(texts: impl IntoIterator<Item = &'a str>) -> String {
    joined_by("\n", texts)
}

fn joined_by<'a>(between: &str, texts: impl IntoIterator<Item = &'a str>) -> String {
    let texts: Vec<&str> = texts.into_iter().filter(|text| !text.is_empty()).collect();
    texts.join(between)
}
