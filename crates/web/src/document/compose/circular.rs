//! The circular (通报): how rectification stands, by town, every figure from a list.

use super::{super::check, day};
use crate::{app::Outlook, failure::Failure};
use bihuan_rules::{office::UnitKind, official_document::Draft};
use bihuan_store::Connection;

/// The circular on the state of rectification (关于生态环境问题整改情况的通报).
pub(super) fn write(app: &Outlook, connection: &mut Connection, draft: &mut Draft) -> Result<(), Failure> {
    let reference = app.reference();
    let area = reference.area.as_ref().map_or("", |area| area.name.as_str());
    let mut take = |name: &str, query: &str| super::take(app, connection, draft, name, query);
    take("总数", "open=all")?;
    take("已销号", "state=closed")?;
    take("未完成", "open=yes")?;
    let overdue = take("超期", "open=yes&flag=overdue")?;
    let lagging = take("滞后", "open=yes&flag=lagging")?;
    let reopened = take("反弹", "reopened=yes")?;
    let mut towns = Vec::new();
    for unit in reference.office.units.values() {
        if unit.kind != UnitKind::Town || unit.closed_on.is_some() {
            continue;
        }
        let mut count = |query: &str| -> Result<u64, Failure> {
            let source = format!("/tasks?area={}&{query}", unit.id);
            let found = check::figure(app, connection, &source)?.unwrap_or_default();
            Ok(found.parse().unwrap_or(0))
        };
        let (all, closed) = (count("open=all")?, count("state=closed")?);
        let late = count("open=yes&flag=overdue")?;
        if all > 0 {
            towns.push((unit.name.clone(), all, closed, late));
        }
    }
    towns.sort_by(|a, b| (b.2 * a.1).cmp(&(a.2 * b.1)).then(a.3.cmp(&b.3)).then_with(|| a.0.cmp(&b.0)));
    draft.title = "关于生态环境问题整改情况的通报".to_owned();
    draft.addressees = vec!["各镇人民政府、街道办事处".to_owned(), "区级有关部门".to_owned()];
    draft.units = super::towns(&reference.office);
    let mut text = format!(
        "现将截至{}全区生态环境问题整改情况通报如下。\n一、总体情况\n{area}登记在册的各级督察、回头看、暗访及群众反映问题共{{总数}}个，\
         已销号{{已销号}}个，未完成整改{{未完成}}个，其中超期{{超期}}个、进度滞后{{滞后}}个；回头看发现反弹、重新整改{{反弹}}个。\
         各镇（街道）情况见附件。\n",
        day(app.today())
    );
    let names = |towns: &[&(String, u64, u64, u64)]| {
        towns.iter().map(|town| town.0.as_str()).collect::<Vec<_>>().join("、")
    };
    let good: Vec<_> = towns.iter().filter(|town| town.3 == 0 && town.2 > 0).take(3).collect();
    let bad: Vec<_> = towns.iter().rev().filter(|town| town.3 > 0).take(3).collect();
    text.push_str("二、主要做法和存在问题\n");
    if !good.is_empty() {
        text.push_str(&format!("（一）{}按期推进整改，没有超期问题，予以肯定。\n", names(&good)));
    }
    if !bad.is_empty() {
        let mark = if good.is_empty() { "（一）" } else { "（二）" };
        text.push_str(&format!("{mark}{}仍有超期问题未完成整改，请主要负责同志亲自研究。\n", names(&bad)));
    }
    text.push_str("三、下一步要求\n");
    let demand = match (overdue, lagging + reopened) {
        (0, 0) => "请各责任单位保持力度，按时限完成整改，销号前须由验收单位到现场核查。\n",
        (0, _) => "进度滞后和反弹问题的责任单位要倒排工期，逐项明确责任人和完成时限。\n",
        _ => {
            "超期问题的责任单位要在5个工作日内书面说明原因和整改安排；验收单位要到现场核查，未经核查不得销号。\n"
        }
    };
    text.push_str(demand);
    draft.text = text;
    draft.attachments = vec!["各镇（街道）整改情况表".to_owned()];
    draft.annex = vec![["镇（街道）", "问题总数", "已销号", "超期"].map(str::to_owned).to_vec()];
    draft.annex.extend(
        towns
            .iter()
            .map(|town| vec![town.0.clone(), town.1.to_string(), town.2.to_string(), town.3.to_string()]),
    );
    Ok(())
}
