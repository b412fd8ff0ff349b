//! Stories (故事): lives written by hand, so that a visitor finds whole cases worth reading.

use super::{
    finding::Finding,
    life::{Fate, Lines, Plot},
    year::{Class, Year, set_deadline},
};
use anyhow::{Context, Result};
use bihuan_rules::{
    id::UnitId,
    office::Level,
    source::{Source, SourceKind},
    task::{State, TaskKind},
};
use jiff::ToSpan;

/// Adds the stories to the year.
pub fn add(year: &mut Year<'_>) -> Result<()> {
    huilong_sewage(year)?;
    baoshi_garbage(year)?;
    citizen_report(year)
}

fn lines(given: &[&str]) -> Vec<String> {
    given.iter().map(|line| (*line).to_owned()).collect()
}

fn pairs(given: &[(&str, &str)]) -> Vec<(String, String)> {
    given.iter().map(|(measure, result)| ((*measure).to_owned(), (*result).to_owned())).collect()
}

fn calm(work_days: i64) -> Fate {
    Fate {
        work_days,
        extends: false,
        returns: 0,
        returned_at: State::Claimed,
        objects: false,
        plan_returned: false,
        objection: None,
        rebound: None,
        suspended: false,
        looked_after: true,
        brisk: false,
        stops_at: None,
        objection_stays_open: false,
    }
}

/// A plot of that field and town, with everything drawn replaced by hand.
fn base(year: &mut Year<'_>, source: &Source, days_ago: i64, field: &str, town: usize) -> Result<Plot> {
    let at = year.day(days_ago).at(9, 20, 0, 0);
    let template = year.template_of(field)?;
    let mut plot = year.plot(source, at, template, town, Some(Class::Facility))?;
    plot.lead = plot.area.clone();
    plot.co.clear();
    plot.kind = TaskKind::Works;
    Ok(plot)
}

/// ① A covert check of the province finds 汇龙镇's sewage in the river; a sewer is built, the section improves from
/// class Ⅳ to Ⅲ, the city re-checks, the look-back passes.
fn huilong_sewage(year: &mut Year<'_>) -> Result<()> {
    let source = year.source(
        SourceKind::CovertCheck,
        Level::Province,
        "省级生态环境暗访发现问题交办函",
        322,
        "sichuan-2021",
    )?;
    let mut plot = base(year, &source, 321, "sewage", 11)?;
    plot.finding = Finding {
        title: "汇龙镇场镇生活污水直排琼澜河".to_owned(),
        text: "汇龙镇场镇老街片区约420户生活污水未接入管网，经河堤下3个暗管直排琼澜河，排口处水体发黑，排口下游200米氨氮2.7毫克/升、总磷0.42毫克/升；下游区控断面近半年水质为Ⅳ类，未达到Ⅲ类考核目标。镇污水处理厂设计规模1200立方米/日，实际进水不足400立方米/日。".to_owned(),
        place: "汇龙镇场镇老街河堤排口".to_owned(),
        goal: "老街片区污水全部接管，封堵3个直排口，下游区控断面稳定达到Ⅲ类".to_owned(),
        measures: pairs(&[
            ("开展老街片区管网排查，建立排口和接户台账", "查明暗管3处、错接21处，接户台账420户逐户签字"),
            ("新建污水主管2.6公里、提升泵站1座", "新建主管2.64公里、提升泵站1座，闭水试验合格"),
            ("完成420户接户，封堵3个直排口", "接户418户（2户拆迁已无排水）,3个排口封堵并立碑公示"),
            ("加密断面监测，逐月公布水质", "连续5个月监测，断面由Ⅳ类改善为Ⅲ类，数据逐月公示"),
        ]),
        standard: "现场无直排，污水厂日进水不低于900立方米，下游断面连续三个月达到Ⅲ类".to_owned(),
        mechanism: "镇长任管网长，运维单位每日比对泵站流量与水厂进水，偏差超过15%即启动排查".to_owned(),
        similar: "对沿琼澜河其余4个场镇开展同类排查，封堵直排口5个".to_owned(),
    };
    plot.numbers.insert("source".to_owned(), "省暗3".to_owned());
    plot.numbers.insert("city".to_owned(), "市-省暗-3".to_owned());
    let due = year.day(118);
    set_deadline(
        &mut plot,
        &format!("{}年{}月底前，长期坚持", due.year(), due.month()),
        &source,
        year.stage,
    )?;
    plot.co = vec![UnitId::new("u-ecology")?, UnitId::new("u-ent-sewage")?];
    plot.fate = calm(158);
    plot.lines = Lines {
        reports: lines(&[
            "完成内窥检测3.1公里，查明3处暗管来源为老街雨污合流沟，已建立接户台账。",
            "主管工程完成招标，施工单位进场；老街两侧临时导流管已通，直排水量减少约一半。",
            "主管完成1.5公里，泵站基坑开挖完成；因电力管线交叉调整走向一次。",
            "主管全线贯通，泵站设备安装完成，接户完成286户。",
            "接户完成418户，3个排口全部封堵；断面本月监测氨氮0.8毫克/升、总磷0.17毫克/升，达到Ⅲ类。",
        ]),
        summary: "四项措施全部完成，老街片区无污水直排，污水厂日均进水960立方米，下游断面连续三个月达到Ⅲ类，现申请销号。".to_owned(),
        opinion: "现场逐一查看3个原排口，均已封堵；泵站运行正常，进水流量计读数与台账一致；调阅监测报告，断面连续三个月为Ⅲ类，同意通过验收。".to_owned(),
        look_backs: lines(&[
            "暴雨后第二天抽查，原排口无外流，泵站双泵运行，群众反映异味消失。",
            "断面当月总磷0.15毫克/升，仍为Ⅲ类；随机入户12户均已接管。",
        ]),
        rebound_cause: String::new(),
    };
    year.plots.push(plot);
    Ok(())
}

/// ③ 宝石镇's garbage station is signed off, the look-back finds it as bad as before, it is put under public supervision
/// and done again, this time for good.
fn baoshi_garbage(year: &mut Year<'_>) -> Result<()> {
    let source =
        year.sources.iter().find(|source| source.round == "第3轮").cloned().context("the third round")?;
    let mut plot = base(year, &source, 289, "garbage", 7)?;
    plot.finding = Finding {
        title: "宝石镇垃圾中转站渗滤液外溢".to_owned(),
        text: "宝石镇垃圾中转站压缩箱破损停用，约45立方米生活垃圾露天堆放在站外空地，渗滤液沿排水沟流入下方水田约60米，距最近农户35米；站内无消杀记录，转运联单上月仅9份。".to_owned(),
        place: "宝石镇垃圾中转站".to_owned(),
        goal: "积存垃圾清零，渗滤液全收集，日产日清".to_owned(),
        measures: pairs(&[
            ("清运站外积存垃圾", "清运垃圾31吨，联单6份"),
            ("更换压缩箱，修复渗滤液收集池", "更换压缩箱1台，收集池扩至18立方米并做防渗"),
            ("恢复水田，补偿农户", "清理沟渠60米，补偿农户2户"),
        ]),
        standard: "站外无积存、无渗滤液外流，一个月内两次夜查无反弹".to_owned(),
        mechanism: "收运车辆定位入网，超过24小时未清运自动提醒镇分管领导".to_owned(),
        similar: "排查全镇收集点14处，规范3处".to_owned(),
    };
    plot.numbers.insert("source".to_owned(), "第3轮-15".to_owned());
    let due = year.day(262);
    set_deadline(
        &mut plot,
        &format!("立行立改，{}年{}月{}日前完成", due.year(), due.month(), due.day()),
        &source,
        year.stage,
    )?;
    plot.fate = Fate { rebound: Some(false), ..calm(13) };
    plot.lines = Lines {
        reports: lines(&["压缩箱已采购，站外垃圾清运过半。"]),
        summary: "站外垃圾已清零，压缩箱和收集池投入使用，现申请销号。".to_owned(),
        opinion: "现场无积存，收集池运行正常，联单与方量相符，同意通过验收。".to_owned(),
        look_backs: lines(&[
            "夜查发现站外再次堆放垃圾约20立方米，收集池满溢，值守人员称车辆检修已三天未清运。与销号时状况相比明显反弹，建议挂牌督办。",
            "挂牌督办整改后第一次复查：站外无堆放，备用车辆到位，定位平台显示当日清运两次。",
            "第二次复查：未见反弹，农户反映良好，建议摘牌。",
        ]),
        rebound_cause:
            "只修设备未补运力，唯一一台收运车检修即停运；镇级未安排备用车辆。区环委会决定挂牌督办。"
                .to_owned(),
    };
    year.plots.push(plot);
    Ok(())
}

/// ⑧ A citizen calls; nine days later the result is published.
fn citizen_report(year: &mut Year<'_>) -> Result<()> {
    let list = year.sources.iter().filter(|source| source.kind == SourceKind::Complaint);
    let source =
        list.filter(|source| source.received_on < year.day(31)).max_by_key(|source| source.received_on);
    let source = source.cloned().context("a list of complaints")?;
    let mut plot = base(year, &source, 30, "garbage", 2)?;
    plot.kind = TaskKind::Complaint;
    plot.finding = Finding {
        title: "城关镇滨河路桥下倾倒装修垃圾".to_owned(),
        text: "群众来电反映：城关镇滨河路二桥桥下连续几晚有人用小货车倾倒装修垃圾，已有十几车，下雨会冲进琼澜河，希望尽快处理并告知结果。".to_owned(),
        place: "城关镇滨河路二桥桥下".to_owned(),
        goal: "垃圾清运、查清来源、堵住通道，九日内答复来电群众".to_owned(),
        measures: pairs(&[
            ("两日内清运桥下装修垃圾", "清运装修垃圾46吨，进入建筑垃圾消纳场，联单12份"),
            ("调取监控查清倾倒车辆", "查明小货车2辆，依法立案2件，罚款0.8万元"),
            ("设置限高杆和监控", "设限高杆1处、监控2处、举报牌1块"),
        ]),
        standard: "现场清运干净，通道封闭，来电群众回访满意".to_owned(),
        mechanism: "装修垃圾预约收运点向社会公布，夜间由社区网格员巡查".to_owned(),
        similar: "排查沿河桥涵11处，清理2处".to_owned(),
    };
    plot.found_on = Some(plot.registered_at.date() - 1.day());
    let due = plot.registered_at.date() + 9.days();
    set_deadline(
        &mut plot,
        &format!("立行立改，{}年{}月{}日前完成", due.year(), due.month(), due.day()),
        &source,
        year.stage,
    )?;
    plot.fate = Fate { brisk: true, ..calm(3) };
    plot.lines = Lines {
        reports: Vec::new(),
        summary: "两日内完成清运，车辆已查清并立案，通道已封闭，来电群众回访表示满意，现申请销号。"
            .to_owned(),
        opinion: "现场清运干净，限高杆和监控已启用，电话回访来电群众表示满意，同意通过验收。".to_owned(),
        look_backs: lines(&["雨后抽查桥下无垃圾，举报牌完好。"]),
        rebound_cause: String::new(),
    };
    year.plots.push(plot);
    Ok(())
}
