//! Checklists of the office (检查清单): two that it drew up itself, one taken out of use; the other kinds begin with the shipped ones.

use super::{
    Piece, district,
    stage::{Stage, What, instant},
};
use anyhow::Result;
use bihuan_rules::{
    checklist::{ChecklistOrder, ChecklistText},
    id::{PostId, RecordId},
    round::{CheckItem, RoundKind},
};
use jiff::{ToSpan, civil::Date};

const STRAW: [(&str, &str, &str, &str); 4] = [
    (
        "焚烧痕迹",
        "有无过火地块、黑斑，面积多大",
        "大气污染防治法第七十七条",
        "沿田间道路查看，记录坐标和面积",
    ),
    ("收集离田", "秸秆是否及时离田，堆放点是否防火", "安澜区秸秆禁烧实施方案", "查看堆放点，抽查离田台账"),
    ("综合利用", "收储点是否运行，去向是否清楚", "秸秆综合利用台账", "核对过磅单"),
    ("网格巡查", "网格员是否在岗，巡查记录是否真实", "网格化管理办法", "现场点名，查看巡查轨迹"),
];

const PATROL: [(&str, &str, &str, &str); 4] = [
    ("水面与岸线", "有无漂浮物、乱堆、乱占", "河道管理条例", "沿线步行查看"),
    ("排口", "有无新增排口、异常颜色或气味", "水污染防治法第二十二条", "逐口查看并拍照"),
    ("养殖尾水", "有无直排入河", "畜禽规模养殖污染防治条例", "查看尾水沟和消纳池"),
    ("既往问题", "上次发现的问题是否还在", "上次巡查记录", "同位置拍照对比"),
];

fn items(lines: &[(&str, &str, &str, &str)]) -> Vec<CheckItem> {
    let item = |(item, key_point, standard, method): &(&str, &str, &str, &str)| CheckItem {
        item: (*item).to_owned(),
        key_point: (*key_point).to_owned(),
        standard: (*standard).to_owned(),
        method: (*method).to_owned(),
    };
    lines.iter().map(item).collect()
}

/// The pieces: drawn up half a year ago, the older one taken out of use since.
pub fn tell(stage: &Stage, as_of: Date) -> Result<Vec<Piece>> {
    let mut pieces = Vec::new();
    let mut tell = |days_ago: i64, id: String, order: ChecklistOrder| -> Result<()> {
        let on = stage.calendar.roll(as_of - days_ago.days());
        let by = stage.actor(&PostId::new(district::REGISTRAR)?, on)?;
        let what = vec![What::Checklist(RecordId::new(id)?, order)];
        pieces.push(Piece { at: instant(on.at(16, 10, 0, 0))?, by, what });
        Ok(())
    };
    let set = |kind, title: &str, lines: &[_]| {
        ChecklistOrder::Set(ChecklistText { kind, title: title.to_owned(), items: items(lines) })
    };
    let (straw, patrol) = ("K-001".to_owned(), "K-002".to_owned());
    tell(190, straw.clone(), set(RoundKind::Special, "秋季秸秆禁烧专项清单", &STRAW))?;
    tell(120, patrol, set(RoundKind::Patrol, "河道日常巡查清单", &PATROL))?;
    tell(60, straw, ChecklistOrder::Retire("秋季禁烧期已过，夏收前另行制定。".to_owned()))?;
    Ok(pieces)
}
