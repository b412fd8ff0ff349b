//! The paper of the rivers: a plan approved and one in review (一河一策), an order (河长令), the scheme “1223” with open slots.

use super::{
    district,
    rivers::{Teller, code},
    stage::What,
};
use anyhow::{Context, Result};
use bihuan_rules::{
    calendar::Calendar,
    id::{RecordId, UnitId},
    official_document::{DocumentKind, DocumentOrder, Draft},
    river::{
        ChiefLevel, Opinion, Per, PlanOrder, PlanSubject, PlanTask, PlanText, Scheme, SchemeOrder, Slot,
        SlotKind,
    },
};
use jiff::{ToSpan, civil::Date};

/// Days before the story ends that the order was issued.
const ORDERED_BEFORE: i64 = 60;

/// The pieces of plans, order and scheme; `names` are those of the rivers.
///
/// # Errors
/// When a post is vacant on its day.
pub fn tell(teller: &mut Teller<'_>, names: &[&str], as_of: Date) -> Result<()> {
    plans(teller, names, as_of)?;
    order(teller, as_of)?;
    scheme(teller, as_of)
}

/// Subject, what is to be done, lead unit, months after the plan begins.
type Measure = (PlanSubject, &'static str, &'static str, i64);

const MEASURES: [Measure; 7] = [
    (PlanSubject::Resources, "落实生态流量调度方案，枯水期逐月核查下泄流量", "u-water", 6),
    (PlanSubject::Shoreline, "划定岸线管控范围并设置界桩，清理岸线违建和堆放", "u-water", 10),
    (PlanSubject::Pollution, "补齐沿河场镇污水支管网，消除雨污混接", "u-housing", 14),
    (PlanSubject::Pollution, "规范沿河养殖场粪污还田，建立台账", "u-agriculture", 12),
    (PlanSubject::Environment, "实施沿河农村生活垃圾收运全覆盖", "u-urban", 9),
    (PlanSubject::Environment, "排查入河排口并逐一溯源整治", "u-ecology", 8),
    (PlanSubject::Ecology, "修复河岸植被缓冲带，开展增殖放流", "u-agriculture", 18),
];

fn plan(river: &RecordId, name: &str, from: Date) -> Result<PlanText> {
    let tasks = MEASURES.iter().map(|(subject, text, lead, months)| {
        Ok(PlanTask {
            subject: *subject,
            phase: if *months <= 10 { "第一阶段" } else { "第二阶段" }.to_owned(),
            text: (*text).to_owned(),
            lead: UnitId::new(*lead)?,
            due_on: Calendar::embedded().roll(from + months.months()),
        })
    });
    Ok(PlanText {
        title: format!("{name}“一河一策”管理保护方案"),
        river: river.clone(),
        unit: UnitId::new("u-water")?,
        from,
        until: from + 3.years() - 1.day(),
        goals: vec![
            "出境断面水质稳定达到Ⅲ类".to_owned(),
            "沿河场镇生活污水收集处理率达到90%".to_owned(),
            "岸线“四乱”动态清零".to_owned(),
        ],
        tasks: tasks.collect::<Result<_>>()?,
    })
}

fn plans(teller: &mut Teller<'_>, names: &[&str], as_of: Date) -> Result<()> {
    let calendar = Calendar::embedded();
    let day = |before: i64| calendar.roll(as_of - before.days());
    let opinion = |unit: &str, text: &str, answer: &str| -> Result<PlanOrder> {
        Ok(PlanOrder::NoteOpinion(Opinion {
            unit: UnitId::new(unit)?,
            text: text.to_owned(),
            answer: answer.to_owned(),
        }))
    };
    for (n, river, drafted) in [(1, 0_usize, day(215)), (2, 1, day(24))] {
        let name = names.get(river).context("the rivers are there")?;
        let (id, code) = (RecordId::new(format!("Y-{}-{n:03}", drafted.year()))?, code(river)?);
        let step = |order| What::Plan(id.clone(), code.clone(), order);
        let text = plan(&code, name, drafted.first_of_month())?;
        let water = "post-water-2";
        teller.add(water, drafted, 14, 10, vec![step(PlanOrder::Draft(Box::new(text)))])?;
        let opinions = vec![
            step(opinion("u-housing", "管网任务需与老旧小区改造同步，建议第二阶段完成。", "已采纳。")?),
            step(opinion("u-finance", "请明确管护经费来源。", "已写入保障措施，列入年度预算。")?),
            step(opinion("u-town-08", "建议增加沿河村保洁员。", "部分采纳，由镇统筹。")?),
        ];
        teller.add(water, calendar.roll(drafted + 12.days()), 15, 0, opinions)?;
        let submitted = calendar.roll(drafted + 16.days());
        teller.add(water, submitted, 9, 30, vec![step(PlanOrder::Submit)])?;
        if river == 0 {
            let review = PlanOrder::Review { agreed: true, remark: "同意，按程序报批。".to_owned() };
            teller.add(
                district::COMMITTEE,
                calendar.roll(submitted + 5.days()),
                10,
                0,
                vec![step(review)],
            )?;
            let approve = PlanOrder::Approve { basis: "区政府常务会议审议通过".to_owned() };
            teller.add(district::MAYOR, calendar.roll(submitted + 15.days()), 16, 0, vec![step(approve)])?;
        }
    }
    Ok(())
}

fn order(teller: &mut Teller<'_>, as_of: Date) -> Result<()> {
    let on = Calendar::embedded().roll(as_of - ORDERED_BEFORE.days());
    let rivers = (0..5).map(|place| Ok(format!("river/{}", code(place)?)));
    let draft = Draft {
        kind: DocumentKind::RiverOrder,
        organ: UnitId::new("u-gov")?,
        code: "安总河长令".to_owned(),
        title: "关于开展河道清漂清障专项行动的令".to_owned(),
        addressees: vec!["各级河长".to_owned(), "区级河长制成员单位".to_owned()],
        units: Vec::new(),
        cc: Vec::new(),
        answer_due_on: None,
        text: "为保障行洪安全和河道水环境，现就开展河道清漂清障专项行动命令如下。\n一、行动范围\n全区五条河流、两座水库及其管理范围。\n\
               二、行动任务\n（一）各镇级河长组织清理水面漂浮物和岸线垃圾，清理完成前每旬巡查。\n（二）水行政主管部门清理碍洪障碍物，建立销号台账。\n\
               三、工作要求\n各级河长要亲自部署、亲自巡查，发现问题及时登记交办，不得以检查代替整改。"
            .to_owned(),
        figures: Vec::new(),
        attachments: Vec::new(),
        annex: Vec::new(),
        about: rivers.collect::<Result<_>>()?,
    };
    let id = RecordId::new(format!("D-{}-001", on.year()))?;
    let issue = DocumentOrder::Issue { last: 0, on, remarks: String::new(), open_remarks: 0, template: None };
    let what =
        vec![What::Document(id.clone(), DocumentOrder::Draft(Box::new(draft))), What::Document(id, issue)];
    teller.add(district::REGISTRAR, on, 11, 20, what)
}

fn scheme(teller: &mut Teller<'_>, as_of: Date) -> Result<()> {
    let open = |digit| Slot {
        digit,
        label: String::new(),
        kind: None,
        level: None,
        min: 0,
        every: None,
        season: None,
        per: None,
        text: String::new(),
    };
    let id = RecordId::new("H-001")?;
    let scheme = Scheme {
        name: "1223".to_owned(),
        unit: UnitId::new("u-water")?,
        slots: [1, 2, 2, 3].map(open).to_vec(),
    };
    let heads = Slot {
        label: "每条河1名区级河长（演示填写）".to_owned(),
        kind: Some(SlotKind::PostCount),
        level: Some(ChiefLevel::District),
        min: 1,
        per: Some(Per::River),
        ..open(1)
    };
    let lists = Slot {
        label: "3张清单：问题、措施、责任（演示填写）".to_owned(),
        kind: Some(SlotKind::List),
        text: "问题清单见整改台账；措施、责任清单随一河一策印发。".to_owned(),
        ..open(3)
    };
    let on = Calendar::embedded().roll(as_of - 90.days());
    let what = [SchemeOrder::Name(scheme), SchemeOrder::SetSlot(1, heads), SchemeOrder::SetSlot(4, lists)];
    let what = what.into_iter().map(|order| What::Scheme(id.clone(), order)).collect();
    teller.add(district::REGISTRAR, on, 16, 30, what)
}
