//! Official documents: drafted from the records, sent, signed for, answered; templates of the office's own.

use crate::{
    meeting::{once, step},
    record::{Browser, TASK, house, on_each_engine},
};
use axum::http::StatusCode;
use bihuan_papers::writing::official::{Block, OfficialPaper};
use bihuan_rules::official_document::OfficialDocument;
use bihuan_store::shelf;
use jiff::civil::date;

/// What stands in the fields of a form.
fn field(page: &str, name: &str) -> String {
    let at = page.find(&format!("name=\"{name}\"")).unwrap_or_else(|| panic!("no field {name}"));
    let rest = &page[at..];
    let value = match (rest.find("value=\""), rest.find('>')) {
        (Some(value), Some(end)) if value < end => rest[value + 7..].split('"').next(),
        _ => rest.split_once('>').and_then(|(_, text)| text.split("</textarea>").next()),
    };
    value.unwrap_or_default().replace("&#60;", "<").trim_start().to_owned()
}

/// The draft that the form proposes, sent as it stands.
async fn draft(who: &Browser<'_>, kind: &str) -> String {
    let path = format!("/documents/new?kind={kind}&about=task/{TASK}");
    let page = who.get(&path).await.text();
    let taken = |name| field(&page, name);
    let (title, text) = (taken("title"), taken("text"));
    let fields = [
        ("kind", kind),
        ("organ", "u-office"),
        ("series", "安环委"),
        ("title", &title),
        ("addressees", "白鹿镇人民政府"),
        ("units", "u-town-1"),
        ("answer_due_on", "2021-06-18"),
        ("text", &text),
        ("figure_name", "未完成"),
        ("figure_value", "0"),
        ("figure_source", "/tasks?lead=u-town-1&open=yes"),
        ("figure_name", "超期"),
        ("figure_value", "0"),
        ("figure_source", "/tasks?lead=u-town-1&open=yes&flag=overdue"),
        ("about", &format!("task/{TASK}")),
    ];
    step(who, &path, &fields).await
}

#[tokio::test]
async fn every_letter_about_a_task_is_drafted_from_its_records() {
    let house = house();
    let clerk = house.enter("clerk").await;
    let page = clerk.get(&format!("/tasks/{TASK}")).await.text();
    assert!(page.contains("发交办函"), "the page of the task leads to its letters");
    for kind in
        ["assignment", "reminder", "supervision_letter", "interview_notice", "sign_off_notice", "site_check"]
    {
        let page = clerk.get(&format!("/documents/new?kind={kind}&about=task/{TASK}")).await.text();
        assert!(field(&page, "title").contains("清理白鹿镇河道垃圾"), "{kind}: {page}");
        assert!(field(&page, "text").contains(TASK), "{kind} names the task");
        assert!(page.contains("白鹿镇人民政府"), "{kind} goes to the unit that answers");
    }
    let order = clerk.get("/documents/new?kind=river_order").await.text();
    assert!(field(&order, "text").contains("{水环境未完成}"));
    let town = house.enter("town-1").await;
    assert!(!town.get(&format!("/tasks/{TASK}")).await.text().contains("发交办函"));
}

#[tokio::test]
async fn a_letter_is_signed_for_and_answered_by_its_unit_until_the_office_accepts() {
    let house = house();
    let clerk = house.enter("clerk").await;
    let letter = draft(&clerk, "supervision_letter").await;
    let town = house.enter("town-1").await;
    assert_eq!(town.get(&letter).await.status, StatusCode::NOT_FOUND, "a draft is not for the town");
    step(&clerk, &format!("{letter}/issue"), &[("issued_on", "2021-06-11"), ("remarks", "无")]).await;
    assert!(clerk.get(&format!("/tasks/{TASK}")).await.text().contains("安环委〔2021〕1号"));
    assert!(town.get("/documents").await.text().contains("等本单位签收或回复"));
    let answer = format!("{letter}/answer");
    let key = once(&town.get(&answer).await.text());
    let early = town.post(&answer, &[("answer", "已整改"), ("once", &key)]).await;
    assert_eq!(early.status, StatusCode::UNPROCESSABLE_ENTITY, "who has not signed for it does not answer");
    step(&town, &format!("{letter}/receive"), &[]).await;
    step(&town, &answer, &[("answer", "已整改")]).await;
    let other = house.enter("town-2").await;
    let key = once(&other.get(&format!("{letter}/receive")).await.text());
    let foreign = other.post(&format!("{letter}/receive"), &[("once", &key)]).await;
    assert_eq!(foreign.status, StatusCode::UNPROCESSABLE_ENTITY, "only a unit that gets it signs");
    assert!(town.get("/documents").await.text().contains("等本单位签收或回复"), "not accepted yet");
    step(&clerk, &format!("{letter}/accept?unit=u-town-1"), &[("unit", "u-town-1")]).await;
    assert!(!town.get("/documents").await.text().contains("等本单位签收或回复"));
    assert!(clerk.get(&letter).await.text().contains("已认可"));
}

#[test]
fn documents_issued_at_once_from_their_pages_are_numbered_without_gaps() {
    const DRAFTS: u32 = 24;
    on_each_engine(async |house| {
        let clerk = house.enter("clerk").await;
        let mut forms = Vec::new();
        for n in 0..DRAFTS {
            let letter = draft(&clerk, if n % 2 == 0 { "reminder" } else { "supervision_letter" }).await;
            let issue = format!("{letter}/issue");
            let key = once(&clerk.get(&issue).await.text());
            forms.push((issue, key));
        }
        // Every form is sent twice, as an impatient hand does.
        let send = async |(issue, key): &(String, String)| {
            let fields = [("issued_on", "2021-06-11"), ("remarks", "无"), ("once", key.as_str())];
            clerk.post(issue, &fields).await.status
        };
        let all = forms.iter().chain(&forms).map(|form| Box::pin(send(form)) as Sending<'_>);
        assert!(at_once(all.collect()).await.iter().all(|status| *status == StatusCode::SEE_OTHER));
        // One of them is taken back; its number stays with it.
        let first = forms[0].0.replace("issue", "withdraw");
        step(&clerk, &first, &[("reason", "收件单位有误")]).await;
        let next = draft(&clerk, "reminder").await;
        step(&clerk, &format!("{next}/issue"), &[("issued_on", "2021-06-11"), ("remarks", "无")]).await;
        let issued = house.app.books.ask(|connection| shelf::list::<OfficialDocument>(connection, 100));
        let issued = issued.await.map_err(|error: bihuan_store::Error| error).unwrap();
        let numbers = issued.iter().filter_map(|(_, seen)| seen.record.number.as_ref());
        let mut numbers: Vec<u32> = numbers.map(|number| number.n).collect();
        numbers.sort_unstable();
        assert_eq!(numbers, (1..=DRAFTS + 1).collect::<Vec<u32>>());
    });
}

type Sending<'f> = std::pin::Pin<Box<dyn Future<Output = StatusCode> + 'f>>;

/// Waits for all of them, none before another.
async fn at_once(mut waiting: Vec<Sending<'_>>) -> Vec<StatusCode> {
    let mut done: Vec<Option<StatusCode>> = vec![None; waiting.len()];
    std::future::poll_fn(|context| {
        for (future, done) in waiting.iter_mut().zip(&mut done) {
            if done.is_none()
                && let std::task::Poll::Ready(status) = future.as_mut().poll(context)
            {
                *done = Some(status);
            }
        }
        if done.iter().all(Option::is_some) { std::task::Poll::Ready(()) } else { std::task::Poll::Pending }
    })
    .await;
    done.into_iter().flatten().collect()
}

#[tokio::test]
async fn a_document_is_shown_on_its_sheets_and_given_as_pdf() {
    let house = house();
    let clerk = house.enter("clerk").await;
    let letter = draft(&clerk, "assignment").await;
    let page = clerk.get(&letter).await.text();
    assert!(page.contains("<svg class=\"sheet\""));
    assert!(
        page.contains("<a href=\"/tasks?lead=u-town-1&amp;open=yes\"><text"),
        "a figure leads to its list"
    );
    let pdf = clerk.get(&format!("{letter}/pdf")).await;
    if pdf.status == StatusCode::OK {
        assert!(pdf.bytes.starts_with(b"%PDF"));
    } else {
        assert!(pdf.text().contains("没有安装中文字体"), "a machine without types is told so");
    }
}

/// A Word file with these placeholders.
fn template(title: &str, text: &str) -> Vec<u8> {
    let body = vec![Block::paragraph(text), Block::paragraph("本单位自用格式")];
    let paper = OfficialPaper { title: title.to_owned(), body, ..OfficialPaper::default() };
    paper.to_docx(date(2021, 6, 1)).unwrap()
}

fn document_part(docx: &[u8]) -> String {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(docx)).unwrap();
    std::io::read_to_string(archive.by_name("word/document.xml").unwrap()).unwrap()
}

#[tokio::test]
async fn a_template_of_the_offices_own_is_looked_through_and_then_used() {
    let house = house();
    let clerk = house.enter("clerk").await;
    let hand_in = async |file: &[u8]| {
        let key = once(&clerk.get("/documents/templates").await.text());
        let fields = [("template_for", "assignment"), ("once", key.as_str())];
        clerk.post_parts("/documents/templates", &fields, Some(file)).await
    };
    let none = hand_in(&template("标题", "正文")).await;
    assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(none.text().contains("模板里没有占位符"));
    let unknown = hand_in(&template("{{标题}}", "{{密码}}")).await;
    assert!(
        unknown.text().contains("{{密码}}") && unknown.text().contains("{{正文}}"),
        "it says what can be used"
    );
    assert!(hand_in(b"no word file").await.status == StatusCode::UNPROCESSABLE_ENTITY);
    assert!(clerk.get("/documents/templates").await.text().contains("还没有模板"), "nothing was put to use");

    assert_eq!(hand_in(&template("{{标题}}", "{{正文}}")).await.status, StatusCode::SEE_OTHER);
    let letter = draft(&clerk, "assignment").await;
    step(&clerk, &format!("{letter}/issue"), &[("issued_on", "2021-06-11"), ("remarks", "无")]).await;
    let set = document_part(&clerk.get(&format!("{letter}/docx")).await.bytes);
    assert!(set.contains("本单位自用格式") && set.contains("清理白鹿镇河道垃圾") && !set.contains("{{"));
    let standard = document_part(&clerk.get(&format!("{letter}/docx?form=standard")).await.bytes);
    assert!(!standard.contains("本单位自用格式"));

    step(&clerk, "/documents/templates/T-2021-001/retire", &[("reason", "改用新版")]).await;
    let set = document_part(&clerk.get(&format!("{letter}/docx")).await.bytes);
    assert!(set.contains("本单位自用格式"), "what was issued in it keeps it");
    let town = house.enter("town-1").await;
    assert_eq!(town.get("/documents/templates").await.status, StatusCode::NOT_FOUND);
    let report = bihuan_store::verify::run(&house.app.books, &[], &mut |_| true).unwrap();
    assert_eq!(report.fault, None);
}
