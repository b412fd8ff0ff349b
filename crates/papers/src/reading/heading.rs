//! Headings and labels (表头、标签): which words of the field name which value.
//!
//! A heading is compared without white space, brackets and trailing colons. Exact names come first, then a few words
//! that decide wherever they stand, so that 县级整改责任单位 is still a responsible unit. What is not recognised stays
//! unknown; nothing is guessed from the contents of a column.

use serde::{Deserialize, Serialize};
use std::{collections::HashMap, sync::LazyLock};
use unicode_normalization::UnicodeNormalization;

/// A value of a draft.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// The document's own number (序号).
    No,
    /// The city's number (市序号).
    CityNo,
    /// The province's number (省序号).
    ProvinceNo,
    /// Case number (受理编号).
    SourceNo,
    /// Title (问题名称).
    Title,
    /// The problem (反馈问题).
    Description,
    /// Goal (整改目标).
    Goal,
    /// Measures (整改措施).
    Measures,
    /// Deadline (整改时限).
    Deadline,
    /// Leading unit (牵头单位).
    LeadUnits,
    /// Helping unit (配合单位).
    CoUnits,
    /// Responsible unit (责任单位).
    ResponsibleUnits,
    /// Leader (责任领导).
    Leader,
    /// Person (责任人).
    Person,
    /// Supervising unit (督导单位).
    SupervisingUnit,
    /// Acceptance unit (验收单位).
    AcceptanceUnit,
    /// Progress (整改进展情况).
    Progress,
    /// State (是否完成).
    Status,
    /// Truth (是否属实).
    Truth,
    /// Area (行政区域).
    Area,
    /// Kind (问题类型).
    Kind,
    /// What the check found (调查核实情况).
    Investigation,
    /// Accountability (责任人被处理情况).
    Accountability,
    /// Note (备注).
    Note,
}

impl Field {
    /// Every field, in the order of a ledger.
    pub const ALL: [Field; 24] = [
        Field::No,
        Field::CityNo,
        Field::ProvinceNo,
        Field::SourceNo,
        Field::Title,
        Field::Description,
        Field::Goal,
        Field::Measures,
        Field::Deadline,
        Field::LeadUnits,
        Field::CoUnits,
        Field::ResponsibleUnits,
        Field::Leader,
        Field::Person,
        Field::SupervisingUnit,
        Field::AcceptanceUnit,
        Field::Progress,
        Field::Status,
        Field::Truth,
        Field::Area,
        Field::Kind,
        Field::Investigation,
        Field::Accountability,
        Field::Note,
    ];

    /// The field's Chinese name, as the usual heading words it.
    #[must_use]
    pub fn zh(self) -> &'static str {
        match self {
            Field::No => "序号",
            Field::CityNo => "市序号",
            Field::ProvinceNo => "省序号",
            Field::SourceNo => "受理编号",
            Field::Title => "问题名称",
            Field::Description => "问题描述",
            Field::Goal => "整改目标",
            Field::Measures => "整改措施",
            Field::Deadline => "整改时限",
            Field::LeadUnits => "牵头单位",
            Field::CoUnits => "配合单位",
            Field::ResponsibleUnits => "责任单位",
            Field::Leader => "责任领导",
            Field::Person => "责任人",
            Field::SupervisingUnit => "督导单位",
            Field::AcceptanceUnit => "验收单位",
            Field::Progress => "整改进展情况",
            Field::Status => "是否完成",
            Field::Truth => "是否属实",
            Field::Area => "行政区域",
            Field::Kind => "问题类型",
            Field::Investigation => "调查核实情况",
            Field::Accountability => "责任人被处理情况",
            Field::Note => "备注",
        }
    }
}

/// Names that mean exactly one field. Source: handbook 1 §3 and §10, and the headings published ledgers use.
const NAMES: &[(Field, &str)] = &[
    (
        Field::No,
        "序号 序 编号 问题序号 问题编号 任务编号 任务序号 整改序号 整改任务序号 清单序号 清单编号 号 NO No. NO. 反馈问题序号 反馈问题编号 县序号 区序号 县级序号 区级序号 总序号 项目序号 措施序号 台账序号 台账编号 顺序号 原序号",
    ),
    (
        Field::CityNo,
        "市序号 州序号 市级序号 州级序号 市方案序号 市整改方案序号 市清单序号 市级编号 市级方案序号 对应市序号 对应市方案序号 市级清单序号 市级问题序号 市编号 市任务编号 市级任务编号",
    ),
    (
        Field::ProvinceNo,
        "省序号 省级序号 省方案序号 省整改方案序号 省清单序号 省级编号 省级方案序号 对应省序号 对应省方案序号 省级清单序号 省级问题序号 省编号 自治区序号 中央序号 省任务编号 省级任务编号 中央反馈序号",
    ),
    (
        Field::SourceNo,
        "受理编号 信访编号 交办编号 点位编号 案件编号 举报编号 转办编号 交办件编号 交办单编号 信访件编号 举报件编号 信访受理编号 交办序号 来电来信编号 交办案件编号 交办受理编号 案卷编号 转办单编号 举报受理编号 督察受理编号 受理号 信访举报编号 信访件受理编号 信访件编号 举报编号或信访编号 交办单号 转办单号 转办序号 督察编号 督察组编号 督察交办编号 案号 受理单编号 信访交办编号 交办信访件编号 点位序号 点位号 工单编号 工单号 交办件号 信访件号 来信来电编号 举报件号 移交编号 问题编码 任务编码 案件号 受理序号 原受理编号 督办编号 督办单号",
    ),
    (
        Field::Title,
        "问题名称 整改任务名称 任务名称 问题标题 标题 项目名称 整改事项 整改项目 事项 事项名称 问题简称 点位名称 整改问题名称 整改任务简称 问题概述 问题概要 问题点位 点位 点位名 项目 工作任务 任务事项 重点任务 整改重点 整改点位 企业名称 单位名称 涉事企业 涉及企业 问题企业 被举报单位 被投诉单位 举报对象 信访对象 问题标题名称 任务标题 案件名称 问题主题",
    ),
    (
        Field::Description,
        "问题 反馈问题 存在问题 存在的问题 存在主要问题 存在的主要问题 具体内容 问题内容 问题描述 具体问题 具体问题描述 主要问题 交办问题基本情况 信访内容 信访问题 整改任务 任务 任务内容 整改任务内容 整改内容 反馈意见 督察反馈问题 督察反馈意见 反馈问题内容 反馈具体问题 问题清单 信访举报内容 举报内容 举报问题 交办内容 交办问题 投诉内容 反映问题 反映内容 反映情况 群众反映问题 群众反映情况 信访件内容 举报事项 信访问题基本情况 举报问题基本情况 问题基本情况 发现问题 发现的问题 检查发现问题 检查发现的问题 督察发现问题 督察发现的问题 问题表现 突出问题 需整改问题 需整改的问题 整改问题 转办问题 转办问题基本情况 反馈事项 问题详情 问题具体描述 具体表现 问题具体内容 问题情况 个性问题 共性问题 信访反映问题 交办件内容 信访举报问题 举报基本情况 交办问题情况 交办事项 警示片披露问题 披露问题 移交问题 整改任务及问题 督察组反馈问题 中央反馈问题 反馈的问题 反馈问题描述 反馈问题原文 问题原文 存在问题描述 存在具体问题 信访事项 来电来信内容 审计查出问题 审计发现问题 违法违规问题 具体事项 反馈问题情况 反馈问题及整改任务 反馈问题(整改任务) 问题及表现 问题清单内容 中央环保督察反馈问题 省级督察反馈问题 省环保督察反馈问题 存在的突出问题 存在突出问题 督察指出问题 督察问题 问题概况 问题简要描述 问题简述 问题现状 点位问题 点位存在问题 反映的主要问题 反映主要问题 信访反映主要问题 主要反映问题 主要举报内容 举报主要内容 信访主要内容 信访件主要内容 信访件反映问题 投诉问题 投诉举报内容 受理内容 诉求内容 案件内容 案件基本情况 信访件基本情况 信访基本情况 交办信访问题基本情况 交办问题内容 交办件基本情况 转办件内容 移交问题基本情况 移交问题内容 隐患问题 环境问题 生态环境问题 具体问题表现 待整改问题 整改任务描述 任务描述 审计指出问题 检查问题 巡查发现问题 暗访发现问题 暗查暗访发现问题 现场发现问题 警示片反映问题 通报问题 曝光问题 涉及问题 涉及我市问题 涉及我县问题 涉及我区问题 反馈涉及问题 问题来源及内容 信访投诉内容 群众举报内容 群众信访举报内容",
    ),
    (
        Field::Goal,
        "整改目标 攻坚目标 办结目标 目标 工作目标 目标要求 整改要求 整改标准 整改完成目标 目标任务 整改目标要求 整改目标任务 整改目标及要求 整改预期目标 预期目标 完成目标 验收标准 整改验收标准 销号标准 整改目标和要求 整改成效目标 整改完成标准 整改预期效果 整改效果 整改要求及标准 目标及要求 目标和要求 整改销号标准 销号验收标准 完成标准 整改达到的目标 达到目标 工作要求 整治目标 治理目标 整改任务目标 阶段目标 完成目标任务 预期成效",
    ),
    (
        Field::Measures,
        "整改措施 工作措施 措施 处理情况 处置情况 查处情况及整改 具体措施 具体整改措施 主要措施 处理和整改情况 处理及整改情况 处理整改情况 整改举措 工作举措 举措 整改任务及措施 整改工作措施 整改方案 攻坚措施 拟采取措施 拟采取的措施 整改思路 主要整改措施 整改具体措施 整改措施及进度安排 处置和整改情况 处置及整改情况 处理与整改情况 整改措施及要求 整改意见 整改建议 措施内容 整改措施内容 整改任务措施 拟采取整改措施 处理措施 下一步整改措施 下一步工作措施 整改要点 整改内容及措施 整改任务和措施 整改措施和要求 具体举措 具体工作措施 主要举措 拟整改措施 下步整改措施 下步工作措施 下一步措施 下一步工作 下一步工作安排 下一步整改计划 下步工作计划 下步打算 下一步打算 整改计划 工作计划 处理和整改措施 处理及整改措施 整改处理情况 处理整改措施 处置整改情况 查处整改情况 处理与整改 处罚和整改情况 查处和整改情况 查处及整改情况 处理情况和整改情况 整改方案及措施 任务措施 治理措施 整治措施 对策措施 针对性措施",
    ),
    (
        Field::Deadline,
        "整改时限 完成时限 整改期限 办结时限 时间节点 时限 期限 完成时间 整改时间 整改完成时间 整改完成时限 计划完成时间 整改时限要求 时限要求 拟完成时间 整改时间节点 整改完成期限 办结时间 完成期限 整改截止时间 截止时间 办理时限 预计完成时间 销号时限 完成整改时限 完成整改时间 计划完成时限 要求完成时限 要求完成时间 整改限期 拟整改完成时间 整治时限 整治期限 攻坚时限 任务时限 完成日期 整改完成日期 限期 目标时限 整改计划完成时间 计划销号时间 整改时间要求 时间要求 完成时限要求 整改到位时间 整改时段 整改完成时间节点 整改时限节点 目标完成时间 完成整改时间节点 整改时间节点要求 计划整改时间 计划整改完成时间 整改到位时限 完成时间节点 计划时限 拟整改时限 序时要求 反馈时限 办结期限 整改完成日 整改完成时限要求 达标时限 限期整改时间 整改最后期限 工作时限",
    ),
    (
        Field::LeadUnits,
        "牵头单位 牵头部门 牵头责任单位 州级牵头部门 市级牵头部门 省级牵头部门 牵头负责单位 整改牵头单位 县级牵头单位 区级牵头单位 市级牵头单位 省级牵头单位 牵头责任部门 牵头整改单位 第一责任单位 牵头 牵头主管部门 县级牵头部门 区级牵头部门",
    ),
    (
        Field::CoUnits,
        "配合单位 协办单位 参与单位 配合部门 协同单位 责任配合单位 协助单位 参加单位 配合责任单位 责任协办单位 协作单位 协同部门 配合整改单位 协办部门 参与部门",
    ),
    (
        Field::ResponsibleUnits,
        "责任单位 整改责任单位 主责单位 承办单位 整改主体 责任主体 整改单位 责任部门 整改责任主体 主办单位 办理单位 主体责任单位 实施单位 落实单位 整改实施单位 主要责任单位 责任整改单位 整改责任部门 承办部门 整改承办单位 主责部门 实施主体 整改实施主体 责任地区 责任单位及部门 责任地方 县级责任单位 区级责任单位 市级责任单位 省级责任单位 属地责任单位 责任乡镇 整改落实单位 具体责任单位 具体落实单位 处理单位 转办单位 交办单位 移交单位 整改任务单位 责任地区和单位 责任地区及单位 整改主体单位 责任单位(主体) 主体单位 被督察单位 主办部门 责任单位及责任人 责任单位和责任人 责任单位、责任人 整改责任单位及责任人 责任单位(责任人) 整改责任单位(责任人) 责任单位(部门) 责任单位/部门 责任县区 责任县市区 责任镇街 责任区县 属地政府 市县责任单位 主体责任 承办地区 承办县区 交办对象 办理责任单位 县区责任单位 责任科室 责任单位名称 整改责任地区 责任市县 责任主体单位 责任党委政府",
    ),
    (
        Field::Leader,
        "责任领导 包案领导 牵头领导 县级责任领导 包保领导 州级牵头领导 市级牵头领导 县级牵头领导 区级责任领导 市级责任领导 分管领导 挂点领导 包抓领导 包联领导 督办领导 县级包案领导 县级包保领导 市级包保领导 区级包保领导 市级包案领导 区级牵头领导 区级包案领导 挂牌领导 领导 挂牌督战领导 省级责任领导 责任县领导 责任区领导 责任市领导 联系领导 县级领导 包干领导 督导领导 牵头市领导 牵头县领导 牵头区领导 责任领导及职务 整改责任领导 市级领导 区级领导 挂钩领导 包挂领导 州级责任领导 督战领导 包抓领导及职务 责任县级领导 责任区级领导 县级责任人 市级责任人 区级责任人 挂包领导 领衔领导 领办领导 督战县领导 主管领导 县处级领导 责任处级领导 包保县领导 包案县领导 分管县领导 分管副县长 分管市领导 分管区领导 包保责任领导 包保领导及职务 督办领导及职务 牵头负责人 牵头责任领导 总责任人 县领导 区领导 市领导 州领导 河长 责任河长 总河长 市级河长 县级河长 区级河长 乡级河长 镇级河长",
    ),
    (
        Field::Person,
        "责任人 具体责任人 联系人 经办人 整改责任人 直接责任人 单位责任人 责任人员 主要责任人 第一责任人 负责人 具体负责人 责任人及职务 责任单位责任人 整改负责人 牵头人 单位负责人 现场负责人 联络员 联系人及电话 责任人及联系方式 牵头单位责任人 整改直接责任人 责任人员及职务 责任人姓名 责任人(职务) 整改责任人及职务 具体责任人及职务 整改联系人 工作责任人 直接责任人及职务 承办人 办理人 主要负责人 责任单位主要负责人 责任单位负责人 主体责任人 牵头单位负责人 责任人电话 责任人及电话 责任科室及责任人 业务负责人 分管负责人 具体经办人 具体承办人 责任负责人",
    ),
    (
        Field::SupervisingUnit,
        "督导单位 督办单位 行业主管部门 监管单位 督导部门 督办部门 监管部门 督导责任单位 监督单位 行业监管部门 督促单位 主管部门 行业部门 督查单位 指导单位 监督部门 督促指导单位 督导督办单位 行业主管单位 指导督促单位 指导部门 市级督导单位 省级督导单位 县级督导单位 市级督办单位 县级督办单位 督导责任部门 督促部门 监管责任单位 督察单位 监管主体 市级督导部门 省级督导部门 业务指导单位 督导(督办)单位 督导督促单位 监督指导单位 督导指导单位 督查督办单位 督办责任单位 督察督办单位 行业指导单位 行业监管单位 市级监管部门 省级监管部门 监管责任部门 行业责任单位 业务主管部门 行业牵头部门 省级督办单位 州级督导单位 督导验收单位 市直督导单位 县直督导单位 督促落实单位 监督责任单位 包抓单位 主管单位",
    ),
    (
        Field::AcceptanceUnit,
        "验收单位 销号单位 核查单位 验收部门 销号验收单位 验收责任单位 核查部门 验收销号单位 销号责任单位 核查验收单位 销号部门 验收牵头单位 牵头验收单位 审核单位 销号审核单位 验收主体 验收牵头部门 验收销号牵头单位 销号验收牵头单位 验收责任部门 核查核实单位 验收(销号)单位 验收、销号单位 组织验收单位 省级验收单位 市级验收单位 县级验收单位 牵头核查单位 核查责任单位 审核部门 核实单位 复核单位 整改验收单位 销号验收部门 销号核查单位 州级验收单位 销号把关单位 验收审核单位",
    ),
    (
        Field::Progress,
        "整改进展情况 完成情况 整改完成情况 整改落实情况 目前进展 整改情况 进展情况 整改进展 工作进展 目前进展情况 整改工作进展 整改工作进展情况 落实情况 工作进展情况 整改进度 整改成效 整改结果 整改工作完成情况 整改工作情况 整改工作落实情况 措施落实情况 任务完成情况 整改任务完成情况 整改措施落实情况 整改措施完成情况 完成进度 整改推进情况 当前进展 当前进展情况 最新进展 整改目标完成情况 办理情况 办理结果 整改落实情况及成效 整改情况及成效 工作开展情况 推进情况 整改落实进展情况 落实整改情况 具体整改情况 整改具体情况 整改主要工作及成效 主要工作及成效 整改实施情况 办理进展情况 已开展工作 已完成工作 进展 目前整改情况 整改办理情况 整改工作成效 工作成效 办理进展 整改进度情况 整改开展情况 整改工作进展及成效 整改落实进展 目前整改进展 整改进展和成效 整改进展及成效 进展成效 整改完成情况及成效 整改落实成效 完成整改情况 整改推进情况及成效 完成情况说明 阶段进展 本月进展 本月进展情况 本月整改进展 季度进展 工作落实情况 整改验收情况 整改情况说明 整改完成情况说明 主要整改情况 整改过程 具体进展 具体进展情况 具体完成情况 整改措施及落实情况 整改措施及成效 整改措施及完成情况 整改措施完成进展 整改成果 取得成效 主要成效 任务进展 任务进展情况 任务落实情况 工作完成情况 完成情况及成效 整改情况及进展 整改进展说明 具体情况",
    ),
    (
        Field::Status,
        "是否完成 整改状态 是否销号 是否办结 完成状态 是否完成整改 状态 办结情况 销号情况 办理状态 是否整改完成 整改是否完成 进展状态 是否整改到位 是否完成销号 办结状态 销号状态 是否整改 是否已销号 是否已完成 是否已办结 是否达到序时进度 是否达到序时 进度状态 整改完成状态 是否完成验收销号 是否整改销号 任务状态 是否阶段性办结 整改进度状态 当前状态 办结与否 完成与否 销号与否 是否办结或阶段性办结 办结/阶段性办结 是否办理完结 是否完结 整改状态情况 整改进度(是否完成) 整改是否到位 是否整改销号完成 是否验收 是否完成验收 销号进展 当前整改状态 完成情况(是否完成) 是否完成整改销号 整改销号情况 验收销号情况 是否按时完成 办理状况 完成整改情况(是/否)",
    ),
    (
        Field::Truth,
        "是否属实 举报是否属实 属实情况 是否属实情况 信访是否属实 调查是否属实 核实是否属实 属实与否 反映问题是否属实 问题是否属实",
    ),
    (
        Field::Area,
        "行政区域 所属区县 县市区 乡镇街道 区县 所在区域 所属区域 所在地 属地 市县 县区 市县区 所在县区 区域 所属地区 地区 所属乡镇 所在乡镇 乡镇 街道 镇街 镇街道 所属镇街 所属县区 责任属地 问题所在地 所属街道 所在区县 所属县市区 县市 市州 地市 行政区 所在县市区 区市县 旗县区 涉及地区 涉及区域 涉及地市 所属行政区 所属行政区域 问题属地 市地 所在地区 辖区 属地乡镇 所在行政区域 区市 所在镇街 所在街道 所在镇 所属镇 所在县 所在市 所在市县 所属市县 所属市 责任区域 发生地 涉及县区 涉及县市区 涉及乡镇 涉及镇街 涉及区县 涉及市县 问题所在县区 问题所在区域 点位所在地 区县市 区县名称 县区名称 单位地区 县市区名称 属地县区 属地镇街 所在位置 市州名称 行政辖区 所属辖区 乡镇街道名称 镇街名称 乡镇名称 镇办 镇街园区 县区市 地州 地州市 盟市 旗县市区 旗县 盟市旗县",
    ),
    (
        Field::Kind,
        "污染类型 问题类型 类别 大类 小类 问题大类 问题小类 行业类别 发生领域 问题类别 类型 污染类别 问题分类 举报类型 涉及领域 领域 信访类型 问题领域 环境要素 环境污染类型 主要污染类型 举报问题类型 任务类型 整改类型 分类 要素 污染问题类型 行业 行业类型 污染要素 涉及类型 环境问题类型 环境问题类别 生态环境问题类型 污染种类 污染源类型 交办类型 信访类别 举报类别 案件类型 要素类型 环境要素类型 问题所属领域 所属领域 所属类别 问题属性 整改类别 领域类别 问题种类 任务类别 类别领域 涉及环境要素 污染类型或问题类型",
    ),
    (
        Field::Investigation,
        "调查核实情况 核查情况 现场情况 调查情况 核实情况 现场核查情况 现场调查情况 调查结果 调查核查情况 核查结果 现场核实情况 调查处理情况 办理核实情况 查处情况 调查核实结果 现场检查情况 调查处理结果 核实结果 经调查核实情况 调查核实 现场核实 现场核查 调查情况及结论 核查结论 调查结论 核实调查情况 办理情况调查核实 现场调查核实情况 调查核实及处理情况 核查核实情况 实地核查情况 经核实情况 现场勘查情况 现场勘察情况 查实情况 检查情况 调查经过",
    ),
    (
        Field::Accountability,
        "责任人被处理情况 追责问责情况 责任追究情况 问责情况 责任人处理情况 追责情况 责任人被问责情况 责任人员处理情况 责任人问责情况 责任人追责问责情况 问责追责情况 责任人被追责问责情况 责任人追究情况 对责任人处理情况 追究问责情况 责任人员被处理情况 责任人处理 问责处理情况 追责问责 责任追究 问责 处理人员情况 责任人被处理 责任人处分情况 责任人处理结果 责任人员被处理 责任人员问责情况 责任人被处罚情况 责任人及被处理情况 问责人员情况 追究责任情况 责任人被问责处理情况",
    ),
    (Field::Note, "备注 说明 备注说明 其他 附注 注 备 其它"),
];

/// Words that decide a longer heading wherever they stand, in order.
const WORDS: &[(&str, Field)] = &[
    ("受理编号", Field::SourceNo),
    ("信访编号", Field::SourceNo),
    ("交办编号", Field::SourceNo),
    ("是否属实", Field::Truth),
    ("是否办结", Field::Status),
    ("是否完成", Field::Status),
    ("是否销号", Field::Status),
    ("被处理情况", Field::Accountability),
    ("问责情况", Field::Accountability),
    ("追责", Field::Accountability),
    ("牵头领导", Field::Leader),
    ("责任领导", Field::Leader),
    ("包保领导", Field::Leader),
    ("包案领导", Field::Leader),
    ("配合单位", Field::CoUnits),
    ("配合部门", Field::CoUnits),
    ("协办单位", Field::CoUnits),
    ("验收单位", Field::AcceptanceUnit),
    ("销号单位", Field::AcceptanceUnit),
    ("督导单位", Field::SupervisingUnit),
    ("督办单位", Field::SupervisingUnit),
    ("主管部门", Field::SupervisingUnit),
    ("牵头单位", Field::LeadUnits),
    ("牵头部门", Field::LeadUnits),
    ("责任人", Field::Person),
    ("责任单位", Field::ResponsibleUnits),
    ("责任部门", Field::ResponsibleUnits),
    ("责任主体", Field::ResponsibleUnits),
    ("整改目标", Field::Goal),
    ("整改时限", Field::Deadline),
    ("完成时限", Field::Deadline),
    ("整改期限", Field::Deadline),
    ("完成时间", Field::Deadline),
    ("核实情况", Field::Investigation),
    ("进展情况", Field::Progress),
    ("完成情况", Field::Progress),
    ("落实情况", Field::Progress),
    ("整改情况", Field::Progress),
    ("整改措施", Field::Measures),
    ("工作措施", Field::Measures),
    ("问题类型", Field::Kind),
    ("污染类型", Field::Kind),
    ("反馈问题", Field::Description),
    ("存在问题", Field::Description),
    ("存在的问题", Field::Description),
    ("问题描述", Field::Description),
    ("反馈意见", Field::Description),
    ("整改任务", Field::Description),
    ("举报内容", Field::Description),
    ("信访内容", Field::Description),
    ("基本情况", Field::Description),
    ("行政区域", Field::Area),
    ("所属区县", Field::Area),
    ("序号", Field::No),
];

/// Words that decide a longer heading when they close it, in order.
const CLOSING: &[(&str, Field)] = &[
    ("措施", Field::Measures),
    ("举措", Field::Measures),
    ("时限", Field::Deadline),
    ("期限", Field::Deadline),
    ("领导", Field::Leader),
    ("目标", Field::Goal),
    ("进展", Field::Progress),
    ("进度", Field::Progress),
    ("问题线索", Field::Description),
    ("问题", Field::Description),
];

/// A heading as it is compared: full-width forms narrowed, no white space, no closing colon.
#[must_use]
pub fn plain(text: &str) -> String {
    let narrow: String = text
        .nfkc()
        .filter(|sign| {
            !sign.is_whitespace() && !matches!(sign, '\u{200b}' | '\u{feff}' | '*' | '★' | '●' | '◆')
        })
        .collect();
    narrow.trim_matches([':', '。', ',', ';']).to_owned()
}

/// A heading without what stands in brackets, and without brackets around the whole.
fn without_brackets(text: &str) -> String {
    let mut depth = 0_u32;
    let mut out = String::new();
    for sign in text.chars() {
        match sign {
            '(' | '[' | '〔' | '【' | '<' | '《' => depth += 1,
            ')' | ']' | '〕' | '】' | '>' | '》' => depth = depth.saturating_sub(1),
            _ if depth == 0 => out.push(sign),
            _ => {}
        }
    }
    if out.is_empty() {
        text.trim_matches(['(', ')', '[', ']', '〔', '〕', '【', '】']).to_owned()
    } else {
        out
    }
}

/// The field an exact name stands for.
#[must_use]
pub fn exact(title: &str) -> Option<Field> {
    let name = plain(title);
    if name.is_empty() {
        return None;
    }
    static KNOWN: LazyLock<HashMap<&str, Field>> = LazyLock::new(|| {
        let mut known = HashMap::new();
        for (field, names) in NAMES {
            for name in names.split(' ') {
                known.entry(name).or_insert(*field);
            }
        }
        known
    });
    if name.chars().count() > HEADING_CHARS_MAX {
        return None;
    }
    let find = |name: &str| KNOWN.get(name).copied();
    let bare = without_brackets(&name);
    let joined: String = name.chars().filter(|sign| !"()[]、/〔〕【】-—".contains(*sign)).collect();
    find(&name).or_else(|| find(&joined)).or_else(|| find(&bare)).or_else(|| {
        let joined: String = bare.chars().filter(|sign| !"、/-—".contains(*sign)).collect();
        find(&joined)
    })
}

/// The longest heading that the deciding words may name; a longer cell is contents.
const HEADING_CHARS_MAX: usize = 30;

/// Whether a heading announces a number of things: 整改任务数, 交办数量(件), 完成率.
#[must_use]
pub fn counts(title: &str) -> bool {
    const ENDS: [&str; 24] = [
        "数", "数量", "率", "占比", "得分", "分值", "排名", "名次", "合计", "总计", "小计", "(件)", "(项)",
        "(个)", "(分)", "(宗)", "(人)", "(家)", "(起)", "(条)", "(%)", "(万元)", "(次)", "件次",
    ];
    let name = plain(title);
    ENDS.iter().any(|end| name.ends_with(end))
}

/// Whether a heading names two different things, such as 责任单位及整改时限, so that its cells need a person.
#[must_use]
pub fn is_mixed(title: &str) -> bool {
    if exact(title).is_some() && !plain(title).contains("责任人及") {
        return false;
    }
    let bare = without_brackets(&plain(title));
    let Some(parts) = bare.split_once(['及', '和', '与', '、', '/']) else { return false };
    match (recognise(parts.0), recognise(parts.1)) {
        (Some(first), Some(second)) => first != second,
        _ => false,
    }
}

/// The field a column heading stands for, exactly or by a deciding word.
#[must_use]
pub fn recognise(title: &str) -> Option<Field> {
    if let Some(field) = exact(title) {
        return Some(field);
    }
    let name = plain(title);
    if name.chars().count() > HEADING_CHARS_MAX || name.contains(['。', ',']) {
        return None;
    }
    if counts(&name) {
        return None;
    }
    let bare = without_brackets(&name);
    if let Some(rest) = bare.strip_suffix("序号").or_else(|| bare.strip_suffix("编号")) {
        return Some(if rest.contains('省') || rest.contains("中央") {
            Field::ProvinceNo
        } else if rest.contains('市') || rest.contains('州') {
            Field::CityNo
        } else if rest.contains("案") || rest.contains("访") || rest.contains("件") || rest.contains("受理")
        {
            Field::SourceNo
        } else {
            Field::No
        });
    }
    let inside = WORDS.iter().find(|(word, _)| bare.contains(word)).map(|(_, field)| *field);
    // 公示期限 is about the notice, 是否存在问题 is a question.
    let closes = || CLOSING.iter().find(|(word, _)| bare.ends_with(word)).map(|(_, field)| *field);
    inside.or_else(|| if bare.starts_with("是否") || bare.contains("公示") { None } else { closes() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_are_recognised_with_spaces_brackets_and_prefixes() {
        let cases = [
            ("责任 单位", Field::ResponsibleUnits),
            ("序\n号", Field::No),
            ("完成\n时限", Field::Deadline),
            ("县(市、区)", Field::Area),
            ("乡镇(街道)", Field::Area),
            ("是否 属实", Field::Truth),
            ("县级整改责任单位", Field::ResponsibleUnits),
            ("处理和整改情况", Field::Measures),
            ("责任人被处理情况", Field::Accountability),
            ("反馈问题(中央督察)", Field::Description),
            ("整改措施:", Field::Measures),
            ("省整改方案任务编号", Field::ProvinceNo),
        ];
        for (title, field) in cases {
            assert_eq!(recognise(title), Some(field), "{title}");
        }
    }

    #[test]
    fn a_sentence_is_no_heading() {
        assert_eq!(recognise("该镇未按整改措施要求落实,存在问题较多。"), None);
        assert_eq!(recognise("电话"), None);
    }
}
