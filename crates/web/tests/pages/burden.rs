//! Burden: every figure is the length or sum of its list, a known value is refused with its place, like questions need a reason, somebody
//! else approves, towns answer, and a complaint is answered with a consequence, with or without a name.

use crate::{
    bad_input::done,
    meeting::{once, step},
    record::{Answer, Browser, TASK, house, on_each_engine},
};
use axum::http::StatusCode;
use bihuan_papers::{Limits, container::open};
use bihuan_rules::{Subject, burden::catalogue, id::RecordId, record::Kind};
use bihuan_store::{Connection, ledger};

const MONTH: &str = "/burden/units/u-town-1/2021-06";

/// The number of a figure on the page of a unit.
fn figure(page: &str, name: &str) -> usize {
    let begins = format!("?of={name}\">");
    let rest = page.split(&begins).nth(1).unwrap_or_else(|| panic!("no {name}: {page}"));
    let number = rest.split("<b>").nth(1).and_then(|rest| rest.split("</b>").next()).unwrap();
    number.parse().unwrap_or_else(|_| panic!("{name} is {number}"))
}

/// The numbers of a column of the only table of a page.
fn column(page: &str, label: &str) -> Vec<usize> {
    let begins = format!("data-label=\"{label}\">");
    let cells = page.split(&begins).skip(1);
    cells.map(|cell| cell.split('<').next().unwrap().trim().parse().unwrap()).collect()
}

#[test]
fn every_figure_is_what_its_list_adds_up_to() {
    on_each_engine(async |house| {
        let clerk = house.enter("clerk").await.in_english();
        let fields = [("lead", "u-town-1"), ("acceptance", "u-office"), ("due_on", "2021-12-31")];
        done(&clerk, &format!("/tasks/{TASK}/assign"), &fields).await;
        let town = house.enter("town-1").await.in_english();
        let plan = [
            ("goal", "河面无垃圾"),
            ("measures", "清捞\n设拦网"),
            ("standard", "现场无积存"),
            ("due_on", "2021-12-31"),
            ("milestones_text", "拦网"),
            ("milestones_date", "2021-11-30"),
            ("milestones_post", "town-1"),
        ];
        done(&town, &format!("/tasks/{TASK}/plan"), &plan).await;
        done(&town, &format!("/tasks/{TASK}/note"), &[("text", "已 联系保洁公司")]).await;

        let page = town.get(MONTH).await.text();
        let forms = town.get(&format!("{MONTH}?of=forms")).await.text();
        assert_eq!(figure(&page, "forms"), 2, "{page}");
        assert_eq!(column(&forms, "Fields").len(), 2);
        for (name, label) in [("fields", "Fields"), ("characters", "Characters typed"), ("photos", "Photos")]
        {
            let list = town.get(&format!("{MONTH}?of={name}")).await.text();
            let sum: usize = column(&list, label).iter().sum();
            assert_eq!(figure(&page, name), sum, "{name}");
        }
        assert_eq!(column(&forms, "Characters typed"), [17, 7], "white space is not typed");
        let other = house.enter("town-2").await;
        assert_eq!(other.get(MONTH).await.status, StatusCode::NOT_FOUND, "a town sees its own");
        let whole = clerk.get("/burden?month=2021-06").await.text();
        assert!(
            whole.contains("白鹿镇") && whole.contains("云溪镇") && !whole.contains("town-1君"),
            "{whole}"
        );
        let own = town.get("/burden").await.text();
        assert!(own.contains("白鹿镇") && !own.contains("云溪镇"));
        assert_eq!(clerk.get("/burden?month=2021-07").await.status, StatusCode::NOT_FOUND, "not begun");

        let csv = town.get(&format!("{MONTH}/export?as=csv")).await;
        assert_eq!(csv.text().lines().count(), 3, "headings and two forms");
        let book = clerk.get("/burden/export?month=2021-06&as=xlsx").await;
        let read = open(&book.bytes, "b.xlsx", &Limits::default()).unwrap();
        assert!(format!("{:?}", read.blocks).contains("白鹿镇"));
    });
}

const SURVEY: [(&str, &str); 6] = [
    ("title", "秸秆禁烧准备情况"),
    ("survey_reason", "安排巡查"),
    ("survey_ground", "安环委办〔2021〕9号"),
    ("survey_units", "u-town-1"),
    ("survey_units", "u-town-2"),
    ("due_on", "2021-06-25"),
];

/// Sends the draft of a survey with these questions: words, kind, reason.
async fn draft(who: &Browser<'_>, questions: &[(&str, &str, &str)], more: &[(&str, &str)]) -> Answer {
    let key = once(&who.get("/burden/surveys/new").await.text());
    let mut fields = SURVEY.to_vec();
    for (text, kind, why) in questions {
        fields.extend([("q_text", *text), ("q_kind", *kind), ("q_why", *why)]);
    }
    fields.extend(more);
    fields.push(("once", &key));
    who.post("/burden/surveys/new", &fields).await
}

#[test]
fn a_known_value_is_refused_with_its_place_and_what_was_answered_becomes_known() {
    on_each_engine(async |house| {
        let clerk = house.enter("clerk").await.in_english();
        let asked = [("禁烧劝导队人数", "number", ""), ("目前超期任务有多少个", "number", "")];
        let refused = draft(&clerk, &asked, &[]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        let page = refused.text();
        assert!(page.contains("href=\"/tasks?flag=overdue\""), "the place where it stands: {page}");
        assert!(page.contains("禁烧劝导队人数"), "what was typed is kept");

        let kept = draft(&clerk, &asked, &[("survey_strikes", "yes")]).await;
        assert_eq!(kept.status, StatusCode::SEE_OTHER, "{}", kept.text());
        let survey = kept.location;
        let town = house.enter("town-1").await.in_english();
        assert_eq!(town.get(&survey).await.status, StatusCode::NOT_FOUND, "not before it is sent");
        let own = clerk.post(&format!("{survey}/approve"), &[("once", "a")]).await;
        assert_eq!(own.status, StatusCode::UNPROCESSABLE_ENTITY, "whoever drafts does not approve");
        let committee = house.enter("committee").await.in_english();
        assert!(committee.get("/").await.text().contains("Approve and send"), "it stands on their day");
        step(&committee, &format!("{survey}/approve"), &[]).await;

        let like = draft(&clerk, &[("劝导队禁烧人数", "number", "")], &[]).await;
        assert_eq!(like.status, StatusCode::UNPROCESSABLE_ENTITY, "it is open, and needs a reason");
        assert!(like.text().contains(&format!("href=\"{survey}\"")), "beside the former one");

        assert!(town.get("/").await.text().contains("秸秆禁烧准备情况"), "it stands on the town's day");
        let words = town.post(&format!("{survey}/answer"), &[("once", "b"), ("a1", "十二")]).await;
        assert_eq!(words.status, StatusCode::UNPROCESSABLE_ENTITY);
        step(&town, &format!("{survey}/answer"), &[("a1", "１2")]).await;
        let town_2 = house.enter("town-2").await.in_english();
        let answered = town_2.get(&survey).await.text();
        assert!(!answered.contains("<td data-label"), "no town sees the answers of another");
        step(&town_2, &format!("{survey}/answer"), &[("a1", "7")]).await;

        let again = draft(&clerk, &[("劝导队禁烧人数", "number", "要最新的")], &[]).await;
        assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY, "it is known now, whatever the reason");
        assert!(again.text().contains("Answers to question 1"), "{}", again.text());
        let sheet = clerk.get(&format!("{survey}/export")).await;
        let read = format!("{:?}", open(&sheet.bytes, "s.xlsx", &Limits::default()).unwrap().blocks);
        assert!(read.contains("白鹿镇") && read.contains("\"12\""), "{read}");

        let month = town.get(MONTH).await.text();
        assert_eq!((figure(&month, "surveys"), figure(&month, "spared")), (1, 1));
        assert!(month.contains("目前超期任务有多少个") && month.contains("/tasks?flag=overdue"), "{month}");
        step(&clerk, &format!("{survey}/close"), &[("survey_used", "已调整巡查分组")]).await;
        assert!(town.get(&survey).await.text().contains("已调整巡查分组"), "towns see what it was for");
    });
}

#[tokio::test]
async fn questions_are_read_from_the_heads_of_a_table() {
    let house = house();
    let clerk = house.enter("clerk").await.in_english();
    let file = "秸秆禁烧统计表,,\n序号,劝导队人数,逾期任务数\n".as_bytes();
    let page = clerk.post_parts("/burden/surveys/read", &[], Some(file)).await.text();
    assert!(page.contains("value=\"劝导队人数\"") && page.contains("value=\"逾期任务数\""), "{page}");
    assert!(page.contains("Known, must not be asked"), "and compared at once");
    let town = house.enter("town-1").await;
    assert_eq!(town.get("/burden/surveys/new").await.status, StatusCode::NOT_FOUND, "towns ask nobody");
}

#[tokio::test]
async fn every_known_value_has_a_page_where_it_stands() {
    let house = house();
    let clerk = house.enter("clerk").await;
    for value in &catalogue().values {
        assert_eq!(
            clerk.get(&value.address).await.status,
            StatusCode::OK,
            "{}: {}",
            value.name,
            value.address
        );
    }
}

#[test]
fn a_complaint_is_said_on_any_page_and_answered_with_a_consequence() {
    on_each_engine(async |house| {
        let town = house.enter("town-1").await.in_english();
        let page = town.get("/tasks?state=closed").await.text();
        let link = page.split("href=\"").find(|rest| rest.starts_with("/complaint-box")).unwrap();
        let link = link.split('"').next().unwrap();
        assert!(link.contains("%2Ftasks%3Fstate%3Dclosed"), "with the page filled in: {link}");
        assert!(town.get(link).await.text().contains("value=\"/tasks?state=closed\""));

        let said = [("page", "/tasks"), ("grievance_ill", "asked_twice"), ("grievance_text", "周报月报重复")];
        step(&town, "/complaint-box", &said).await;
        let mut unnamed = said.to_vec();
        unnamed.push(("unnamed", "yes"));
        step(&town, "/complaint-box", &unnamed).await;
        let clerk = house.enter("clerk").await.in_english();
        let list = clerk.get("/burden/complaints").await.text();
        assert!(list.contains("Somebody (") && list.contains("白鹿镇"), "{list}");
        let hidden = clerk.get("/burden/complaints/JF-2021-002").await.text();
        assert!(!hidden.contains("白鹿镇") && !hidden.contains("town-1"), "{hidden}");
        let look = |connection: &mut Connection| {
            let subject = Subject::Record(Kind::Grievance, RecordId::new("JF-2021-002").unwrap());
            ledger::timeline(connection, &subject)
        };
        let lines = house.app.books.ask(look).await.unwrap();
        assert_eq!(lines[0].person.as_str(), "bihuan", "the ledger holds nobody's name");

        let address = "/burden/complaints/JF-2021-001/answer";
        assert_eq!(town.get(address).await.status, StatusCode::NOT_FOUND);
        let fields =
            |outcome| [("once", "k"), ("grievance_outcome", outcome), ("grievance_answer", "周报并入月报")];
        let kept = clerk.post(address, &fields("kept")).await;
        assert_eq!(kept.status, StatusCode::UNPROCESSABLE_ENTITY, "that it stays is the leaders' to say");
        step(&clerk, address, &fields("merged")[1..]).await;
        let answered = town.get("/burden/complaints/JF-2021-001").await.text();
        assert!(answered.contains("Merged") && answered.contains("周报并入月报"), "{answered}");
        assert!(town.get("/burden").await.text().contains("Merged"), "it is shown on the meter");
        let admin = house.enter("admin").await;
        step(&admin, "/complaint-box", &said).await;
        assert_eq!(admin.get("/burden").await.status, StatusCode::NOT_FOUND);
    });
}
