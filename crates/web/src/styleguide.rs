//! The style guide (样式页): every part of the pages in every state, with invented data, in both languages.
//!
//! It needs neither books nor session, so it shows exactly what the styles and the frame do by themselves.

use crate::{
    frame::{
        Frame, Menu, User,
        form::{Column, Field, Form, Kind, Option_},
        show,
    },
    locale::Locale,
};
use askama::Template;
use axum::{http::StatusCode, response::Response};
use bihuan_rules::access::Room;

#[derive(Template)]
#[template(path = "styleguide.html")]
struct View {
    frame: Frame,
    /// Class and words of each tag.
    tags: Vec<(&'static str, &'static str)>,
    /// Class and words of each step of the bar.
    steps: Vec<(&'static str, &'static str)>,
    /// Role and holder.
    chain: Vec<(&'static str, &'static str)>,
    /// Act, detail, who and when, ledger number.
    entries: Vec<(&'static str, &'static str, &'static str, u32)>,
    facts: Vec<(&'static str, &'static str)>,
    /// Number, title, tag class, tag words, due date, unit.
    rows: Vec<[&'static str; 6]>,
    /// Headings of the list.
    headings: [&'static str; 5],
    /// Town, and three numbers.
    figures: Vec<(&'static str, [u32; 3])>,
    figure_words: [&'static str; 6],
    stats: Vec<(&'static str, &'static str, bool)>,
    messages: [&'static str; 3],
    roles: Vec<(&'static str, &'static str, &'static str)>,
    words: Words,
    form: Form,
    refused: Form,
}

/// Loose words of the examples.
struct Words {
    turn: &'static str,
    acts: [&'static str; 3],
    empty: &'static str,
    working: &'static str,
    quote: &'static str,
    before: &'static str,
    after: &'static str,
    chosen: &'static str,
    pages: &'static str,
    bulk: &'static str,
}

/// `GET /styleguide`.
pub async fn styleguide(locale: Locale) -> Response {
    show(StatusCode::OK, &view(locale))
}

fn frame(locale: Locale) -> Frame {
    let shown = [Room::Today, Room::Tasks, Room::Desk, Room::Notices, Room::Ledger];
    let counts = [("/", 3), ("/desk", 2)];
    let menu = Menu::with_counts(locale, |room| shown.contains(&room), Some(Room::Tasks), &counts);
    let say = |zh: &str, en: &str| in_language(locale, zh, en).to_owned();
    let post = say("汇龙镇 镇长", "Huilong town, mayor");
    Frame {
        locale,
        title: locale.say("guide-title"),
        area: say("示例区", "Example district"),
        user: Some(User {
            name: say("王建国", "Wang Jianguo"),
            posts: vec![
                ("a".to_owned(), post.clone(), true),
                ("b".to_owned(), say("河长", "River chief"), false),
            ],
            post,
        }),
        menu,
        crumbs: vec![("/".to_owned(), locale.say("room-today"))],
        csrf: String::new(),
        demo: true,
        flash: say("已登记,账本第 8 812 条。", "Recorded as ledger entry 8 812."),
        query: String::new(),
        has_errors: false,
        printed: String::new(),
        past: None,
        complaint_box: String::new(),
        ledger: Some((8812, "3f9a1c07".to_owned())),
    }
}

fn in_language<'a>(locale: Locale, zh: &'a str, en: &'a str) -> &'a str {
    match locale {
        Locale::ZhCn => zh,
        Locale::En => en,
    }
}

fn view(locale: Locale) -> View {
    let say = |zh: &'static str, en: &'static str| in_language(locale, zh, en);
    View {
        frame: frame(locale),
        tags: vec![
            ("", say("待交办", "Unassigned")),
            ("work", say("整改中", "Being rectified")),
            ("check", say("待核查", "Awaiting check")),
            ("done", say("已销号", "Signed off")),
            ("near", say("临期 3 个工作日", "Due in 3 working days")),
            ("late", say("逾期 2 天", "2 days overdue")),
            ("back", say("反弹", "Rebounded")),
            ("stop", say("挂牌督办", "Listed supervision")),
            ("plain", say("工程类", "Works")),
        ],
        steps: vec![
            ("past", say("登记", "Register")),
            ("past", say("交办", "Assign")),
            ("past", say("方案", "Plan")),
            ("now", say("整改", "Rectify")),
            ("next", say("申请销号", "Claim")),
            ("next", say("部门核查", "Verify")),
            ("next", say("公示", "Notice")),
            ("next", say("审签销号", "Sign off")),
            ("next", say("回头看", "Look back")),
        ],
        chain: vec![
            (say("包保领导", "Guarantor"), say("副区长 张敏", "Zhang Min, vice head")),
            (say("牵头单位", "Lead unit"), say("区住建局 李强", "Housing bureau, Li Qiang")),
            (say("属地", "Town"), say("汇龙镇 王建国", "Huilong town, Wang Jianguo")),
            (say("验收单位", "Acceptance unit"), say("区生态环境局", "Ecology bureau")),
        ],
        entries: entries(locale),
        facts: vec![
            (say("编号", "Number"), "AJ-2021-0137"),
            (say("来源", "Source"), say("省级督察反馈 第 12 项", "Provincial inspection, item 12")),
            (
                say("整改时限", "Deadline"),
                say("2021-06-30（立行立改，长期坚持）", "2021-06-30, at once and for good"),
            ),
            (say("验收单位", "Acceptance unit"), "–"),
        ],
        rows: rows(locale),
        headings: [
            say("编号", "Number"),
            say("问题", "Problem"),
            say("状态", "State"),
            say("时限", "Due"),
            say("牵头单位", "Lead unit"),
        ],
        figures: vec![
            (say("汇龙镇", "Huilong"), [32, 25, 13]),
            (say("石桥镇", "Shiqiao"), [108, 96, 71]),
            (say("全区", "District"), [1140, 1021, 884]),
        ],
        figure_words: [
            say("各镇整改任务", "Tasks by town"),
            say("来源：账本；数据截至 2021-06-15", "Source: ledger; as of 2021-06-15"),
            say("镇", "Town"),
            say("任务（件）", "Tasks"),
            say("已完成（件）", "Finished"),
            say("已销号（件）", "Signed off"),
        ],
        stats: vec![
            ("41", say("整改任务", "Tasks"), false),
            ("25", say("已完成", "Finished"), false),
            ("13", say("已销号", "Signed off"), false),
            ("3", say("逾期", "Overdue"), true),
        ],
        messages: [
            say("公示期间可向区生态环境局提出异议。", "Objections may be raised during the notice."),
            say("销号后发现反弹的，将重新立案并提级督办。", "A rebound reopens the task one level higher."),
            say("提交人和核查人不能是同一单位。", "Who claims and who verifies must be of different units."),
        ],
        roles: vec![
            (say("经办人", "Clerk"), say("陈静", "Chen Jing"), say("区环委办", "Committee office")),
            (say("镇街干部", "Town cadre"), say("王建国", "Wang Jianguo"), say("汇龙镇", "Huilong town")),
            (say("部门核查人", "Verifier"), say("刘洋", "Liu Yang"), say("区生态环境局", "Ecology bureau")),
        ],
        words: words(locale),
        form: form(locale, false),
        refused: form(locale, true),
    }
}

fn entries(locale: Locale) -> Vec<(&'static str, &'static str, &'static str, u32)> {
    let say = |zh: &'static str, en: &'static str| in_language(locale, zh, en);
    vec![
        (
            say("退回整改", "Sent back"),
            say(
                "现场仍有污水直排，照片 3、4 与方案不符。",
                "Sewage still runs out; photos 3 and 4 contradict the plan.",
            ),
            say("2021-06-12 16:40 · 刘洋 区生态环境局", "2021-06-12 16:40 · Liu Yang, ecology bureau"),
            8812,
        ),
        (
            say("申请销号", "Claimed done"),
            say("截污管网 1.2 km 已接通。", "1.2 km of sewer connected."),
            say("2021-06-08 09:15 · 王建国 汇龙镇", "2021-06-08 09:15 · Wang Jianguo, Huilong town"),
            8790,
        ),
        (
            say("交办", "Assigned"),
            "",
            say("2021-04-14 10:02 · 陈静 区环委办", "2021-04-14 10:02 · Chen Jing, office"),
            8211,
        ),
    ]
}

fn rows(locale: Locale) -> Vec<[&'static str; 6]> {
    let say = |zh: &'static str, en: &'static str| in_language(locale, zh, en);
    let housing = say("区住建局", "Housing bureau");
    vec![
        [
            "AJ-2021-0137",
            say("汇龙镇场镇生活污水直排琼溪", "Household sewage of Huilong runs into the Qiong brook"),
            "near",
            say("临期", "Due soon"),
            "2021-06-30",
            housing,
        ],
        [
            "AJ-2021-0092",
            say(
                "石桥镇砖厂粉尘无组织排放，未按要求建设围挡和喷淋设施，周边群众多次反映",
                "Dust of the Shiqiao brickworks without fence or spray; residents complained repeatedly",
            ),
            "late",
            say("逾期", "Overdue"),
            "2021-05-31",
            say("区经信局", "Industry bureau"),
        ],
        [
            "AJ-2021-0021",
            say("医疗废物暂存间标识不全", "Signs missing at a store for medical waste"),
            "done",
            say("已销号", "Signed off"),
            "2021-04-30",
            say("区卫健局", "Health bureau"),
        ],
    ]
}

fn words(locale: Locale) -> Words {
    let say = |zh: &'static str, en: &'static str| in_language(locale, zh, en);
    Words {
        turn: say("现在该谁：汇龙镇（还剩 3 个工作日）", "Whose turn: Huilong town, 3 working days left"),
        acts: [
            say("申请销号", "Claim done"),
            say("上报进展", "Report progress"),
            say("申请延期", "Ask for more time"),
        ],
        empty: say("今日无待办。下一个到期日：2021-06-30。", "Nothing to do today. Next date: 30 Jun 2021."),
        working: say("正在读取台账：已读 1 200 行，共 3 000 行", "Reading the ledger: 1 200 of 3 000 rows"),
        quote: say(
            "“汇龙镇场镇污水管网建设滞后，生活污水直排琼溪。”",
            "“The sewers of Huilong are behind schedule; household sewage runs into the brook.”",
        ),
        before: say("整改前 · 2021-04-12 · B", "Before · 2021-04-12 · B"),
        after: say("整改后 · 2021-06-08 · A", "After · 2021-06-08 · A"),
        chosen: say("已选", "Chosen"),
        pages: say("第 1–50 条，共 312 条", "1–50 of 312"),
        bulk: say("批量催办", "Send reminders"),
    }
}

fn form(locale: Locale, refused: bool) -> Form {
    let say = |zh: &'static str, en: &'static str| in_language(locale, zh, en).to_owned();
    let option = |value: &str, words: String, chosen| Option_ { value: value.to_owned(), words, chosen };
    let column = |name: &str, label: String| Column { name: name.to_owned(), label, options: Vec::new() };
    let prefix = if refused { "refused" } else { "fresh" };
    let field = |name: &str, label: String, kind| Field {
        name: format!("{prefix}-{name}"),
        label,
        hint: String::new(),
        error: String::new(),
        optional: false,
        kind,
    };
    let typed = if refused { "2021-02-30" } else { "2021-06-30" };
    let units = vec![
        option("1", say("区住建局", "Housing bureau"), !refused),
        option("2", say("区水利局", "Water bureau"), false),
    ];
    let checks = vec![
        option("1", say("工程竣工资料", "Completion papers"), true),
        option("2", say("监测报告", "Monitoring report"), false),
    ];
    let methods = vec![
        option("on_site", say("现场核查", "On site"), true),
        option("on_paper", say("资料核查", "On paper"), false),
    ];
    let milestones = vec![
        vec![say("管网接通", "Sewer connected"), "2021-05-30".to_owned()],
        vec![String::new(), String::new()],
    ];
    let columns = vec![column("text", say("工作内容", "Work")), column("on", say("完成日期", "Date"))];
    let mut fields = vec![
        field("lead", say("牵头单位", "Lead unit"), Kind::Menu(units)),
        field("due", say("完成日期", "Due on"), Kind::Line(typed.to_owned(), "text", true)),
        field("goal", say("整改目标", "Goal"), Kind::Passage(say("污水全收集", "All sewage collected"), 3)),
        field("method", say("核查方式", "Method"), Kind::Radio(methods)),
        field("papers", say("佐证材料", "Evidence"), Kind::Checks(checks)),
        field("milestones", say("节点", "Milestones"), Kind::Rows(columns, milestones)),
        field("files", say("照片", "Photos"), Kind::Files("image/*", true)),
    ];
    fields[1].hint = say("可写 2021-06-30、2021年6月30日", "For example 2021-06-30");
    fields[6].optional = true;
    if refused {
        fields[0].error = locale.say("form-choose");
        fields[1].error = locale.say("form-not-a-date");
    }
    Form {
        locale,
        action: "/styleguide".to_owned(),
        files: false,
        fields,
        submit: say("提交方案", "Submit the plan"),
        cancel: "/styleguide".to_owned(),
        hidden: Vec::new(),
        errors: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_guide_is_worded_in_every_language() {
        for locale in Locale::ALL {
            let html = view(locale).render().unwrap();
            assert!(!html.contains('⟦'), "{} lacks a word", locale.tag());
        }
    }

    #[test]
    fn no_page_carries_inline_script_or_style() {
        let html = view(Locale::ZhCn).render().unwrap();
        assert!(!html.contains(" style=") && !html.contains("<style") && !html.contains(" onclick="));
        assert!(html.split("<script").skip(1).all(|script| script.trim_start().starts_with("defer src=")));
    }
}
