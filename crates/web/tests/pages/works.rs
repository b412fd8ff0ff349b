//! Campaigns, projects and guarantees as a browser sees them: planned backwards, worked on, accepted by others.

use crate::record::{Browser, TASK, house};
use axum::http::StatusCode;

fn once(page: &str) -> String {
    let rest = page.split("name=\"once\" value=\"").nth(1).expect("the key of the form");
    rest.split('"').next().unwrap_or_default().to_owned()
}

/// Sends a form as it is after its key was read.
pub async fn send(who: &Browser<'_>, path: &str, fields: &[(&str, &str)]) -> crate::record::Answer {
    let key = once(&who.get(path).await.text());
    let mut fields = fields.to_vec();
    fields.push(("once", &key));
    who.post(path.split('?').next().unwrap_or_default(), &fields).await
}

/// Fills in a form; answers with where it leads.
pub async fn step(who: &Browser<'_>, path: &str, fields: &[(&str, &str)]) -> String {
    let answer = send(who, path, fields).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{path}: {}", answer.text());
    answer.location
}

fn plan<'f>(campaign: &'f str, more: &[(&'f str, &'f str)]) -> Vec<(&'f str, &'f str)> {
    let mut fields = vec![
        ("title", "河沿社区污水处理站"),
        ("campaign", campaign),
        ("field", "sewage"),
        ("area", "u-town-1"),
        ("lead", "u-town-1"),
        ("post", "town-1"),
        ("acceptance", "u-office"),
        ("start_on", "2021-06-01"),
        ("final_on", "2021-08-31"),
        ("milestone_title", "施工图审查"),
        ("milestone_title", "通水试运行"),
        ("milestone_days", "10"),
        ("milestone_days", "20"),
        ("milestone_unit", "working"),
        ("milestone_unit", "calendar"),
        ("milestone_after", ""),
        ("milestone_after", "1"),
        ("milestone_post", ""),
        ("milestone_post", "town-1"),
        ("target_indicator", "日处理能力"),
        ("target_unit", "吨"),
        ("target_baseline", "0"),
        ("target_goal", "300"),
        ("fund_source", "省级专项"),
        ("fund_planned", "200000"),
        ("about", TASK),
    ];
    fields.extend(more);
    fields
}

#[tokio::test]
async fn a_project_is_planned_backwards_built_and_accepted_by_another_unit() {
    let house = house();
    let clerk = house.enter("clerk").await.in_english();
    let campaign = [
        ("title", "农村生活污水治理专项行动"),
        ("organ", "u-office"),
        ("aim", "安置点污水全收集"),
        ("begins_on", "2021-01-01"),
        ("ends_on", "2021-12-31"),
    ];
    let campaign = step(&clerk, "/campaigns/new", &campaign).await;
    let code = campaign.trim_start_matches("/campaigns/").to_owned();

    let reckoned = send(&clerk, "/projects/new", &plan(&code, &[("backward", "yes")])).await;
    assert_eq!(reckoned.status, StatusCode::OK);
    let page = reckoned.text();
    assert!(page.contains("value=\"2021-08-12\"") && page.contains("value=\"2021-07-29\""), "{page}");
    assert!(page.contains("There is enough time") && page.contains("value=\"河沿社区污水处理站\""));
    let short = [("backward", "yes"), ("milestone_title", "竣工"), ("milestone_days", "80")];
    let short = send(&clerk, "/projects/new", &plan(&code, &short)).await.text();
    assert!(short.contains("there is not enough time"), "{short}");

    let dates = |second: &'static str| {
        [
            ("milestone_from", "2021-06-01"),
            ("milestone_from", second),
            ("milestone_until", "2021-06-30"),
            ("milestone_until", "2021-08-31"),
        ]
    };
    let early = send(&clerk, "/projects/new", &plan(&code, &dates("2021-06-30"))).await;
    assert_eq!(early.status, StatusCode::UNPROCESSABLE_ENTITY);
    let page = early.text();
    assert!(page.contains("starts before milestone 1 has ended") && page.contains("河沿社区污水处理站"));
    let project = step(&clerk, "/projects/new", &plan(&code, &dates("2021-07-01"))).await;

    let page = clerk.get(&project).await.text();
    assert!(page.contains("<svg class=\"gantt\"") && page.contains("清理白鹿镇河道垃圾"), "{page}");
    let task = clerk.get(&format!("/tasks/{TASK}")).await.text();
    assert!(task.contains("河沿社区污水处理站"), "a link shows on both sides");
    assert!(clerk.get("/projects?flag=lagging").await.text().contains("河沿社区污水处理站"));
    assert!(!clerk.get("/projects?flag=overdue").await.text().contains("/projects/P-"));
    assert_eq!(house.enter("town-2").await.get(&project).await.status, StatusCode::NOT_FOUND);

    let town = house.enter("town-1").await.in_english();
    step(&town, &format!("{project}/start"), &[("started_on", "2021-06-01")]).await;
    let reach = |n| [("milestone", n), ("reached_on", "2021-06-11"), ("shown_by", "验收单")];
    let waits = send(&town, &format!("{project}/reach"), &reach("2")).await;
    assert!(waits.text().contains("“施工图审查” comes first"));
    let key = once(&town.get(&format!("{project}/reach?n=1")).await.text());
    let mut fields = reach("1").to_vec();
    fields.push(("once", &key));
    let sent = town.post_parts(&format!("{project}/reach"), &fields, Some(b"as seen on site")).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text());
    let page = town.get(&project).await.text();
    let file = page.split(&format!("{project}/files/")).nth(1).and_then(|rest| rest.split('"').next());
    let file = town.get(&format!("{project}/files/{}", file.expect("the file is linked"))).await;
    assert_eq!(file.bytes, b"as seen on site");
    step(&town, &format!("{project}/reach"), &reach("2")).await;
    let open = send(&town, &format!("{project}/finish"), &[("achieved", "建成")]).await;
    assert!(open.text().contains("Target 1 is not reached"));
    let value =
        [("target", "1"), ("value", "310.5"), ("measured_on", "2021-06-11"), ("shown_by", "检测报告")];
    step(&town, &format!("{project}/report-target"), &value).await;
    let pay = |yuan| [("fund", "1"), ("yuan", yuan), ("paid_on", "2021-06-11"), ("note", "进度款")];
    let over = send(&town, &format!("{project}/pay"), &pay("200001")).await;
    assert_eq!(over.status, StatusCode::UNPROCESSABLE_ENTITY);
    step(&town, &format!("{project}/pay"), &pay("200000")).await;
    step(&town, &format!("{project}/finish"), &[("achieved", "建成通水")]).await;
    assert_eq!(town.get(&format!("{project}/accept")).await.status, StatusCode::NOT_FOUND);
    let verifier = house.enter("verifier").await.in_english();
    assert!(verifier.get("/").await.text().contains("河沿社区污水处理站"), "it waits on the first page");
    let accept = [("accepted", "yes"), ("opinion", "现场查看")];
    step(&verifier, &format!("{project}/accept"), &accept).await;
    let committee = house.enter("committee").await.in_english();
    step(&committee, &format!("{campaign}/close"), &[("achieved", "全部建成")]).await;
    assert!(committee.get(&campaign).await.text().contains("1 accepted"));

    let report = bihuan_store::verify::run(&house.app.books, &[], &mut |_| true).unwrap();
    assert_eq!(report.fault, None);
}

#[tokio::test]
async fn a_guarantee_is_entered_once_visited_and_answered() {
    let house = house();
    let clerk = house.enter("clerk").await.in_english();
    let terms = [
        ("guarantor", "chief"),
        ("scope", "enterprise"),
        ("name", "泡菜厂"),
        ("visits", "1"),
        ("period", "month"),
        ("begins_on", "2021-05-03"),
    ];
    let guarantee = step(&clerk, "/guarantees/new", &terms).await;
    let list = clerk.get("/guarantees").await.text();
    assert!(list.contains("0 of 1 made") && list.contains("泡菜厂"), "{list}");
    let chief = house.enter("chief").await.in_english();
    assert!(chief.get("/").await.text().contains(&format!("{guarantee}/visit")));
    let early = [("visited_on", "2021-05-01"), ("place", "厂区"), ("seen", "无异味")];
    let refused = send(&chief, &format!("{guarantee}/visit"), &early).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text().contains("无异味"), "what was typed stays");
    let visit = [("visited_on", "2021-06-10"), ("place", "厂区"), ("seen", "无异味")];
    step(&chief, &format!("{guarantee}/visit"), &visit).await;
    assert!(!chief.get("/").await.text().contains(&format!("{guarantee}/visit")));
    assert!(clerk.get("/guarantees?state=behind").await.text().contains("泡菜厂"), "May was missed");
    assert!(!clerk.get("/guarantees?state=owing").await.text().contains(&guarantee));

    step(&chief, &format!("{guarantee}/ask"), &[("of", "u-town-1"), ("text", "吸污车一台")]).await;
    let town = house.enter("town-1").await.in_english();
    assert!(town.get("/").await.text().contains("吸污车一台"), "a request waits on the first page");
    let answer = [("n", "1"), ("granted", "yes"), ("answer", "下周到位")];
    step(&town, &format!("{guarantee}/answer?n=1"), &answer).await;
    assert!(chief.get(&guarantee).await.text().contains("下周到位"));
    let inspector = house.enter("inspector").await;
    assert_eq!(inspector.get(&format!("{guarantee}/visit")).await.status, StatusCode::NOT_FOUND);
    assert_eq!(house.enter("town-2").await.get(&guarantee).await.status, StatusCode::NOT_FOUND);

    let report = bihuan_store::verify::run(&house.app.books, &[], &mut |_| true).unwrap();
    assert_eq!(report.fault, None);
}

#[tokio::test]
async fn the_guarantor_of_a_task_is_entered_once_and_stands_in_both_places() {
    let house = house();
    let clerk = house.enter("clerk").await.in_english();
    let page = format!("/tasks/{TASK}/assign");
    let opened = clerk.get(&page).await.text();
    let (key, seen) = (once(&opened), opened.split("name=\"seen\" value=\"").nth(1));
    let seen = seen.and_then(|rest| rest.split('"').next()).expect("the position seen");
    let assign = [
        ("once", key.as_str()),
        ("seen", seen),
        ("lead", "u-town-1"),
        ("acceptance", "u-office"),
        ("due_on", "2021-12-31"),
    ];
    assert_eq!(clerk.post(&page, &assign).await.status, StatusCode::SEE_OTHER);
    let path = format!("/guarantees/new?task={TASK}");
    let terms = [
        ("guarantor", "committee"),
        ("scope", "task"),
        ("subject", TASK),
        ("visits", "1"),
        ("period", "month"),
        ("begins_on", "2021-06-11"),
    ];
    let guarantee = step(&clerk, &path, &terms).await;
    let guarantor = || {
        let id = TASK.to_owned().try_into().unwrap();
        let task = house.app.books.read(|connection| bihuan_store::task::load(connection, &id));
        let task = task.map_err(|error: bihuan_store::Error| error).unwrap().unwrap().record;
        task.guarantor().map(ToString::to_string)
    };
    assert_eq!(guarantor().as_deref(), Some("committee"));
    assert!(clerk.get(&format!("/tasks/{TASK}")).await.text().contains(&guarantee));
    let twice = send(&clerk, &path, &terms).await;
    assert_eq!(twice.status, StatusCode::UNPROCESSABLE_ENTITY, "a task has one guarantee");
    let change = [
        ("guarantor", "chief"),
        ("visits", "2"),
        ("period", "month"),
        ("reason", "分工调整"),
        ("name", "河道"),
    ];
    step(&clerk, &format!("{guarantee}/change"), &change).await;
    assert_eq!(guarantor().as_deref(), Some("chief"));
    let end = [("ended_on", "2021-06-11"), ("reason", "另行安排")];
    step(&clerk, &format!("{guarantee}/end"), &end).await;
    assert_eq!(guarantor(), None);
    let report = bihuan_store::verify::run(&house.app.books, &[], &mut |_| true).unwrap();
    assert_eq!(report.fault, None);
}
