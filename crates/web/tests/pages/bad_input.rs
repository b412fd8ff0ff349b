//! Bad input: what cannot stand is refused in the reader's language, with where and what to do, and everything typed is still there.

use crate::record::{Answer, Browser, House, TASK, on_each_engine};
use axum::http::StatusCode;
use bihuan_papers::writing::official::{Block, OfficialPaper};

/// The languages of a reader, each with its words for the same thing.
const LANGUAGES: [usize; 2] = [0, 1];

async fn enter<'h>(house: &'h House, name: &str, language: usize) -> Browser<'h> {
    let who = house.enter(name).await;
    if language == 0 { who } else { who.in_english() }
}

/// A hidden value of the form on a page.
fn hidden(page: &str, name: &str) -> String {
    let rest = page.split(&format!("name=\"{name}\" value=\"")).nth(1).unwrap_or_default();
    rest.split('"').next().unwrap_or_default().to_owned()
}

async fn send(who: &Browser<'_>, path: &str, fields: &[(&str, &str)]) -> Answer {
    let page = who.get(path).await.text();
    let [once, seen] = ["once", "seen"].map(|name| hidden(&page, name));
    let mut fields = fields.to_vec();
    fields.extend([("once", once.as_str()), ("seen", seen.as_str())]);
    who.post(path, &fields).await
}

pub async fn done(who: &Browser<'_>, path: &str, fields: &[(&str, &str)]) {
    let answer = send(who, path, fields).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{path}: {}", answer.text());
}

/// Sends what cannot stand: the page says `sentence`, in its summary and at the field, and holds every one of `typed`.
async fn refused(who: &Browser<'_>, path: &str, fields: &[(&str, &str)], sentence: &str, typed: &[&str]) {
    let answer = send(who, path, fields).await;
    let page = answer.text();
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{path}: {page}");
    assert!(page.contains(&format!("<span class=\"error\">{sentence}")), "at the field, {sentence}: {page}");
    assert!(page.contains("id=\"error-summary\""));
    for value in typed {
        assert!(page.contains(value), "{value} was typed into {path} and is gone: {page}");
    }
}

#[test]
fn two_holders_of_one_seat_are_refused_with_who_holds_it_and_since_when() {
    on_each_engine(async |house| {
        let admin = enter(house, "admin", 0).await;
        let charge = [("heads", "government"), ("charged_from", "2021-01-01")];
        done(&admin, "/office/posts/chief/charge", &charge).await;
        for language in LANGUAGES {
            let admin = enter(house, "admin", language).await;
            let sentence = [
                "chief君从 2021-01-01 起担任这个岗位，现在仍在任。主要负责人和分管岗位同一天只能有一人：请先给前任登记离任",
                "chief君 has held this post since 1 Jan 2021, and still does.",
            ][language];
            let fields = [("person", ""), ("new_person", "陈立新"), ("taken_on", "2021.6.15")];
            let typed = ["value=\"陈立新\"", "value=\"2021.6.15\""];
            refused(&admin, "/office/posts/chief/appoint", &fields, sentence, &typed).await;
        }
        done(&admin, "/office/posts/chief/relieve", &[("person", "chief"), ("left_on", "2021-06-14")]).await;
        let fields = [("person", ""), ("new_person", "陈立新"), ("taken_on", "2021.6.15")];
        done(&admin, "/office/posts/chief/appoint", &fields).await;
    });
}

#[test]
fn a_unit_below_itself_is_refused_and_what_was_chosen_stays() {
    on_each_engine(async |house| {
        let admin = enter(house, "admin", 0).await;
        let below = |name, kind, level, parent| {
            [("name", name), ("unit_kind", kind), ("level", level), ("parent", parent), ("aliases", "环委办")]
        };
        let town = below("白鹿镇", "town", "town", "u-office");
        done(&admin, "/office/units/u-town-1/change", &town).await;
        for language in LANGUAGES {
            let admin = enter(house, "admin", language).await;
            let sentence = [
                "“区环委办（新）”不能归到它自己或它的下级单位之下，请另选上级单位。",
                "“区环委办（新）” cannot lie below itself or a unit of its own; choose another unit above.",
            ][language];
            for (parent, typed) in [
                ("u-town-1", "<option value=\"u-town-1\" selected>白鹿镇"),
                ("u-office", "<option value=\"u-office\" selected>区环委办"),
            ] {
                let fields = below("区环委办（新）", "department", "county", parent);
                let typed = [
                    "value=\"区环委办（新）\"",
                    typed,
                    "<option value=\"department\" selected>",
                    "环委办</textarea>",
                ];
                refused(&admin, "/office/units/u-office/change", &fields, sentence, &typed).await;
            }
        }
    });
}

#[test]
fn a_milestone_after_the_deadline_of_its_task_is_named_with_both_dates() {
    on_each_engine(async |house| {
        let clerk = enter(house, "clerk", 0).await;
        let assign = [("lead", "u-town-1"), ("acceptance", "u-office"), ("due_on", "2021-12-31")];
        done(&clerk, &format!("/tasks/{TASK}/assign"), &assign).await;
        for language in LANGUAGES {
            let town = enter(house, "town-1", language).await;
            let plan = |second: &'static str| {
                [
                    ("goal", "河道无垃圾"),
                    ("measures", "清运存量垃圾\n设置拦污栅"),
                    ("milestones_text", "清运完成"),
                    ("milestones_date", "2021.9.30"),
                    ("milestones_post", "town-1"),
                    ("milestones_text", ""),
                    ("milestones_date", ""),
                    ("milestones_post", ""),
                    ("milestones_text", "拦污栅建成"),
                    ("milestones_date", second),
                    ("milestones_post", "town-1"),
                    ("standard", "现场无可见垃圾"),
                    ("due_on", "2021-12-31"),
                ]
            };
            let typed = [
                "河道无垃圾</textarea>",
                "清运存量垃圾\n设置拦污栅</textarea>",
                "value=\"清运完成\"",
                "value=\"2021.9.30\"",
                "value=\"拦污栅建成\"",
                "现场无可见垃圾</textarea>",
                "value=\"2021-12-31\"",
            ];
            let path = format!("/tasks/{TASK}/plan");
            let sentence = [
                "第 2 个节点（2022-01-15）晚于整改时限 2021-12-31：请提前这个节点",
                "Milestone 2 (15 Jan 2022) lies after the deadline 31 Dec 2021: bring it forward",
            ][language];
            refused(&town, &path, &plan("2022-01-15"), sentence, &typed).await;
            let sentence = ["第 2 行：没有可用的日期", "Row 2: There is no usable date."][language];
            refused(&town, &path, &plan("某日"), sentence, &typed).await;
            refused(&town, &path, &plan("某日"), sentence, &["value=\"某日\""]).await;
        }
    });
}

#[test]
fn a_milestone_after_the_end_of_its_project_is_named_by_its_row() {
    on_each_engine(async |house| {
        for language in LANGUAGES {
            let clerk = enter(house, "clerk", language).await;
            let plan = |until: &'static str, after: &'static str| {
                let mut fields = vec![
                    ("title", "河沿社区污水处理站"),
                    ("campaign", ""),
                    ("field", "sewage"),
                    ("area", "u-town-1"),
                    ("lead", "u-town-1"),
                    ("post", "town-1"),
                    ("acceptance", "u-office"),
                    ("start_on", "2021-06-01"),
                    ("final_on", "2021-08-31"),
                    ("target_indicator", "日处理能力"),
                    ("target_unit", "吨"),
                    ("target_baseline", "0"),
                    ("target_goal", "300"),
                    ("about", TASK),
                ];
                // A blank row lies between the two that are filled in.
                for (title, from, until, after) in [
                    ("施工图审查", "2021-06-01", "2021-06-30", ""),
                    ("", "", "", ""),
                    ("通水试运行", "2021-07-01", until, after),
                ] {
                    fields.extend([("milestone_title", title), ("milestone_from", from)]);
                    fields.extend([("milestone_until", until), ("milestone_after", after)]);
                    fields.extend([("milestone_days", ""), ("milestone_unit", ""), ("milestone_post", "")]);
                }
                fields
            };
            let typed = [
                "value=\"河沿社区污水处理站\"",
                "value=\"施工图审查\"",
                "value=\"通水试运行\"",
                "value=\"日处理能力\"",
                "<option value=\"town-1\" selected>",
                &format!("{TASK}</textarea>"),
            ];
            let sentence = [
                "第 2 个节点晚于项目完成时限 2021-08-31；请提前该节点",
                "Milestone 2 ends after the final date 31 Aug 2021; move it forward",
            ][language];
            refused(&clerk, "/projects/new", &plan("2021-09-15", "1"), sentence, &typed).await;
            let sentence =
                ["节点互相等待，永远排不出来：2 → 2。", "Milestones wait for each other: 2 → 2."][language];
            refused(&clerk, "/projects/new", &plan("2021-08-31", "3"), sentence, &typed).await;
            let sentence =
                ["第 2 个节点的前置节点 0 不存在", "Milestone 2 comes after 0, which does not exist"]
                    [language];
            refused(&clerk, "/projects/new", &plan("2021-08-31", "2"), sentence, &typed).await;
            let sentence = ["第 2 行：请补齐名称、开始日期和完成日期", "Row 2: fill in a title"][language];
            refused(&clerk, "/projects/new", &plan("", "1"), sentence, &typed).await;
        }
    });
}

/// A Word file with this text.
fn word(text: &str) -> Vec<u8> {
    let paper = OfficialPaper { body: vec![Block::paragraph(text)], ..OfficialPaper::default() };
    paper.to_docx(jiff::civil::date(2021, 6, 1)).unwrap()
}

#[test]
fn a_template_that_cannot_be_filled_in_is_named_with_what_is_wrong_in_it() {
    on_each_engine(async |house| {
        for language in LANGUAGES {
            let clerk = enter(house, "clerk", language).await;
            for (file, sentence) in [
                (
                    word("没有要填写的地方"),
                    [
                        "“通报模板.docx”没有采用。模板里没有占位符",
                        "“通报模板.docx” was not taken. The template has no placeholders",
                    ],
                ),
                (
                    word("{{标题}}{{天气}}{{心情}}"),
                    [
                        "“通报模板.docx”没有采用。模板里有系统不认识的占位符：{{天气}}、{{心情}}。请改正或删去。可以使用的有：",
                        "“通报模板.docx” was not taken. The template has unknown placeholders: {{天气}}, {{心情}}. Correct or remove them.",
                    ],
                ),
                (
                    b"no word file".to_vec(),
                    [
                        "“通报模板.docx”没有采用。这不是Word文档",
                        "“通报模板.docx” was not taken. This is not a Word file",
                    ],
                ),
            ] {
                let key = hidden(&clerk.get("/documents/templates").await.text(), "once");
                let fields = [("template_for", "circular"), ("once", key.as_str())];
                let files = [("通报模板.docx", file.as_slice())];
                let answer = clerk.post_files("/documents/templates", &fields, "template_file", &files).await;
                let page = answer.text();
                assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
                let sentence = sentence[language];
                assert!(page.contains(&format!("<span class=\"error\">{sentence}")), "{sentence}: {page}");
                assert!(page.contains("<option value=\"circular\" selected>"), "the kind stays chosen");
            }
            let page = clerk.get("/documents/templates").await.text();
            assert!(
                page.contains(["还没有模板", "There are no templates"][language]),
                "nothing was put to use: {page}"
            );
        }
    });
}
