//! Guarantees of the district's leaders (包保): monthly visits, one leader who owes some, requests, an opinion.

use super::{
    district,
    picture::{Condition, Kind, Scene},
    stage::{Content, Piece, Stage, What, instant},
    year::Year,
};
use anyhow::Result;
use bihuan_rules::{
    guarantee::{GuaranteeOrder, Period, ScopeKind, Terms},
    id::{PostId, RecordId, UnitId},
    office::Level,
};
use jiff::{ToSpan, civil::Date};

/// Days before the story ends that the plan of guarantees was adopted.
const TAKEN_BEFORE: i64 = 130;
/// Months that are visited at most.
const MONTHS: usize = 7;
/// The leader who owes visits.
const OWES: &str = "post-committee-3";

const SEEN: [&str; 6] = [
    "排口已封堵，沟渠水质转清；要求镇里两周内补齐台账。",
    "处理设施运行正常，现场记录缺两天，当场要求补正。",
    "仍有少量生活垃圾露天堆放，限三日清运并固定清运频次。",
    "走访农户五户，反映夜间异味减轻；要求企业继续检修密闭设施。",
    "施工围挡到位，进度略慢，协调住建局增派力量。",
    "对照整改方案逐条查看，措施已落实，长效管护人员还未到位。",
];

fn things() -> Vec<(&'static str, ScopeKind, &'static str, &'static str)> {
    vec![
        (district::SECRETARY, ScopeKind::Town, "unit/u-town-13", "三溪镇"),
        (district::MAYOR, ScopeKind::Town, "unit/u-town-12", "汇龙镇"),
        (district::COMMITTEE, ScopeKind::Field, "sewage", "城镇污水治理"),
        ("post-committee-2", ScopeKind::Enterprise, "unit/u-ent-slaughter", "福顺生猪定点屠宰场"),
        ("post-committee-2", ScopeKind::Village, "", "双桥村"),
        (OWES, ScopeKind::Enterprise, "unit/u-ent-pickle", "甜水湾泡菜厂"),
        (OWES, ScopeKind::Village, "", "石埂子村"),
        ("post-committee-4", ScopeKind::River, "", "姚家河"),
        ("post-committee-4", ScopeKind::Point, "", "城关镇老城片区3号排口"),
    ]
}

struct Teller<'s> {
    stage: &'s Stage,
    pieces: Vec<Piece>,
}

impl Teller<'_> {
    fn add(
        &mut self,
        post: &str,
        on: Date,
        at: (i8, i8),
        id: &RecordId,
        order: GuaranteeOrder,
    ) -> Result<()> {
        let by = self.stage.actor(&PostId::new(post)?, on)?;
        let what = vec![What::Guarantee(id.clone(), order)];
        self.pieces.push(Piece { at: instant(on.at(at.0, at.1, 0, 0))?, by, what });
        Ok(())
    }
}

/// The pieces of every guarantee.
pub fn tell(year: &Year<'_>) -> Result<Vec<Piece>> {
    let stage = year.stage;
    let taken_on = stage.calendar.roll(stage.as_of - TAKEN_BEFORE.days());
    let mut all: Vec<(String, ScopeKind, String, String)> = things()
        .into_iter()
        .map(|(post, scope, subject, name)| (post.to_owned(), scope, subject.to_owned(), name.to_owned()))
        .collect();
    let weighty = year
        .plots
        .iter()
        .filter(|plot| plot.level >= Level::Province && plot.registered_at.date() < taken_on - 3.days());
    let leaders = [district::COMMITTEE, "post-committee-2", "post-committee-4", district::MAYOR];
    for (plot, leader) in weighty.take(leaders.len()).zip(leaders) {
        // The name is the problem's own; the play fills it in.
        all.push((leader.to_owned(), ScopeKind::Problem, format!("problem/{}", plot.problem), String::new()));
    }
    let mut teller = Teller { stage, pieces: Vec::new() };
    for (n, (post, scope, subject, name)) in all.into_iter().enumerate() {
        let id = RecordId::new(format!("G-{}-{:03}", taken_on.year(), n + 1))?;
        let terms = Terms {
            post: PostId::new(&post)?,
            scope,
            subject,
            name,
            visits: 1,
            period: if scope == ScopeKind::Field { Period::Quarter } else { Period::Month },
            from: taken_on,
            until: None,
            document: format!("安环委发〔{}〕2号", taken_on.year()),
        };
        let minute = i8::try_from(n)? + 5;
        teller.add(district::REGISTRAR, taken_on, (9, minute), &id, GuaranteeOrder::Take(terms))?;
        visits(&mut teller, n, &post, &id, taken_on)?;
        requests(&mut teller, n, &post, &id)?;
        if scope == ScopeKind::Field {
            let on = stage.as_of;
            let by = stage.actor(&PostId::new(&post)?, on)?;
            let what = vec![What::Opinion(id, "sewage".to_owned())];
            teller.pieces.push(Piece { at: instant(on.at(8, 58, 0, 0))?, by, what });
        }
    }
    Ok(teller.pieces)
}

/// A visit in most months; the leader who owes some has made one only.
fn visits(teller: &mut Teller<'_>, n: usize, post: &str, id: &RecordId, taken_on: Date) -> Result<()> {
    let mut month = taken_on.first_of_month();
    for made in 0..MONTHS {
        let day = (month + i64::try_from(3 + n * 2 % 20)?.days()).max(taken_on + 2.days());
        let on = teller.stage.calendar.roll(day);
        month += 1.month();
        if on >= teller.stage.as_of {
            break;
        }
        if post == OWES && made > 0 {
            continue;
        }
        let seen = SEEN[(n + made) % SEEN.len()].to_owned();
        let place = ["整改现场", "村委会及排口", "厂区污水站", "河段沿岸"][(n + made) % 4].to_owned();
        // The office writes down what the leaders' secretaries hand in on paper.
        let by = if n % 4 == 1 { district::REGISTRAR } else { post };
        let files = files(n, made, on, &place, &seen);
        let what = What::Visited { id: id.clone(), visit: (on, place, seen), files, kept: Vec::new() };
        let minute = i8::try_from(n)? + 5;
        let by = teller.stage.actor(&PostId::new(by)?, on)?;
        teller.pieces.push(Piece { at: instant(on.at(17, minute, 0, 0))?, by, what: vec![what] });
    }
    Ok(())
}

/// What a visit left behind: a photo on every second one, on some the notes that were taken.
fn files(n: usize, made: usize, on: Date, place: &str, seen: &str) -> Vec<(String, Content)> {
    const KINDS: [Kind; 4] = [Kind::Pipe, Kind::Station, Kind::Heap, Kind::River];
    let mut files = Vec::new();
    if (n + made).is_multiple_of(2) {
        let scene = Scene {
            kind: KINDS[n % KINDS.len()],
            condition: if made < 2 { Condition::During } else { Condition::After },
            // Places of the guarantees, told apart from those of tasks, which come from their seeds.
            place: 0x6a7a_0000 + n as u64,
            month: on.month().unsigned_abs(),
            shot: u32::try_from(made).unwrap_or_default() + 1,
            stamp: on.at(16, 20, 0, 0) + (i64::try_from(n).unwrap_or_default() * 2).minutes(),
        };
        files.push((format!("走访现场_{on}.jpg"), Content::Picture(scene)));
    }
    if (n + made).is_multiple_of(3) {
        let text = format!("包保走访记录（模拟数据）\n日期：{on}\n地点：{place}\n所见与要求：{seen}\n");
        files.push((format!("走访记录_{on}.txt"), Content::Text(text)));
    }
    files
}

fn requests(teller: &mut Teller<'_>, n: usize, post: &str, id: &RecordId) -> Result<()> {
    let asked_on = teller.stage.calendar.roll(teller.stage.as_of - 34.days());
    let minute = i8::try_from(n)? + 5;
    if n == 3 {
        let text = "屠宰场污水站扩容尚缺资金30万元，请财政统筹。".to_owned();
        let ask = GuaranteeOrder::Ask(text, UnitId::new("u-finance")?);
        teller.add(post, asked_on, (10, minute), id, ask)?;
        let text = "已列入第二批生态环境专项资金，月底前下达。".to_owned();
        let on = teller.stage.calendar.roll(asked_on + 9.days());
        teller.add("post-finance-1", on, (11, minute), id, GuaranteeOrder::Answer(1, true, text))?;
    }
    if n == 1 {
        let text = "汇龙镇缺吸污车一台，雨季清掏跟不上，请住建局调配。".to_owned();
        let on = teller.stage.calendar.roll(teller.stage.as_of - 13.days());
        teller.add(post, on, (10, minute), id, GuaranteeOrder::Ask(text, UnitId::new("u-housing")?))?;
    }
    Ok(())
}
