//! The order of the chief river chief (总河长令): what the lists say about the waters, and what is to be done.

use super::{day, take, towns};
use crate::{app::Outlook, failure::Failure};
use bihuan_rules::official_document::Draft;
use bihuan_store::Connection;

pub(super) fn write(app: &Outlook, connection: &mut Connection, draft: &mut Draft) -> Result<(), Failure> {
    let reference = app.reference();
    let area = reference.area.as_ref().map_or("", |area| area.name.as_str());
    take(app, connection, draft, "水环境问题", "field=water&open=all")?;
    take(app, connection, draft, "水环境未完成", "field=water&open=yes")?;
    take(app, connection, draft, "污水问题", "field=sewage&open=all")?;
    take(app, connection, draft, "污水未完成", "field=sewage&open=yes")?;
    let overdue = take(app, connection, draft, "超期", "field=water&open=yes&flag=overdue")?;
    draft.title = "关于开展河湖突出问题整治行动的命令".to_owned();
    draft.addressees = vec!["各镇（街道）河长".to_owned(), "区级河长联系单位".to_owned()];
    draft.units = towns(&reference.office);
    let late = if overdue > 0 {
        "超期的{超期}个问题，由所在河段河长现场督办，逐项明确责任人和完成时限。"
    } else {
        "目前超期问题{超期}个，各级河长要盯住后续节点，不再新增超期。"
    };
    draft.text = format!(
        "截至{}，{area}在册水环境问题{{水环境问题}}个，未完成整改{{水环境未完成}}个；污水处理问题{{污水问题}}个，未完成整改{{污水未完成}}个。\
         为切实改善河湖水质，现就有关事项命令如下。\n\
         一、全面排查\n各级河长对责任河段逐段巡查，重点查看排污口、污水管网、畜禽养殖和沿岸垃圾，发现问题当日登记。\n\
         二、限期整治\n{late}\n\
         三、严格核查\n完成整改的，由验收单位到现场核查；未经核查不得销号。反弹的，重新整改并说明原因。\n",
        day(app.today())
    );
    Ok(())
}
