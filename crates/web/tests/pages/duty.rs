//! Duties, handovers, leaders and who answered: from a proposal to the sheet that both sign.

use crate::record::{Browser, TASK, house};
use axum::http::StatusCode;
use bihuan_rules::{
    Act, Subject,
    id::{PersonId, PostId},
    office::{Charge, Line, OfficeAct, Role},
};

fn once(page: &str) -> String {
    let rest = page.split("name=\"once\" value=\"").nth(1).expect("the key of the form");
    rest.split('"').next().unwrap_or_default().to_owned()
}

/// Fills in a form; answers with where it leads, without the receipt.
async fn step(who: &Browser<'_>, path: &str, fields: &[(&str, &str)]) -> String {
    let key = once(&who.get(path).await.text());
    let mut fields = fields.to_vec();
    fields.push(("once", &key));
    let address = path.split('?').next().unwrap_or_default();
    let answer = who.post(address, &fields).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{path}: {}", answer.text());
    answer.location.split('?').next().unwrap_or_default().to_owned()
}

/// The words of a Word file, without the marks between them.
fn words_of(docx: &[u8]) -> String {
    let mut package = zip::ZipArchive::new(std::io::Cursor::new(docx)).expect("a package");
    let part = package.by_name("word/document.xml").expect("a text");
    let text = std::io::read_to_string(part).expect("readable text");
    let plain = text.split('<').filter_map(|piece| piece.split_once('>')).map(|(_, words)| words.trim());
    plain.collect()
}

const DUTY: [(&str, &str); 6] = [
    ("duty_text", "负责河道保洁"),
    ("fields", "garbage"),
    ("holders", "u-town-1"),
    ("basis", "《中华人民共和国水污染防治法》"),
    ("principle", "territorial_duty"),
    ("valid_from", "2021-06-01"),
];

const ASSIGN: [(&str, &str); 3] =
    [("lead", "u-town-1"), ("acceptance", "u-office"), ("due_on", "2021-12-31")];

async fn assign(clerk: &Browser<'_>, more: &[(&str, &str)]) -> (StatusCode, String) {
    let path = format!("/tasks/{TASK}/assign");
    let page = clerk.get(&path).await.text();
    let key = once(&page);
    let mut fields = ASSIGN.to_vec();
    fields.extend(more);
    fields.push(("once", &key));
    let answer = clerk.post(&path, &fields).await;
    (answer.status, answer.text())
}

#[tokio::test]
async fn a_new_office_without_a_duty_list_assigns_and_its_page_says_that_the_list_is_missing() {
    let house = house();
    let clerk = house.enter("clerk").await.in_english();
    assert!(!clerk.get(&format!("/tasks/{TASK}/assign")).await.text().contains("Duties cited"));
    assert_eq!(assign(&clerk, &[]).await.0, StatusCode::SEE_OTHER);
    assert!(clerk.get(&format!("/tasks/{TASK}")).await.text().contains("No duty list is in force yet"));
    assert!(clerk.get("/duties").await.text().contains("There is no duty list yet"));
}

#[tokio::test]
async fn a_duty_adopted_by_the_meeting_is_cited_and_says_why_this_unit() {
    let house = house();
    let clerk = house.enter("clerk").await.in_english();
    let duty = step(&clerk, "/duties/new", &DUTY).await;
    let call = [
        ("title", "环委会2021年第2次全体会议"),
        ("organ", "u-office"),
        ("held_on", "2021-06-11"),
        ("venue", "三楼会议室"),
        ("chair", "chief"),
        ("members", "town-1"),
        ("quorum", "50"),
    ];
    let meeting = step(&clerk, "/meetings/new", &call).await;
    let item = [("item_kind", "deliberate"), ("title", "审议《责任清单》"), ("list", "duties")];
    step(&clerk, &format!("{meeting}/place-item"), &item).await;
    let came =
        [("presence", "in_person"), ("presence", "in_person"), ("presence_note", ""), ("presence_note", "")];
    step(&clerk, &format!("{meeting}/open"), &came).await;
    let close = [("item", "1"), ("outcome", "adopted_in_principle")];
    step(&clerk, &format!("{meeting}/close-item?item=1"), &close).await;
    step(&clerk, &format!("{meeting}/end"), &[]).await;
    assert!(clerk.get(&duty).await.text().contains("Proposed"), "in principle is not yet in force");
    let mut revised = DUTY;
    revised[0].1 = "负责河道保洁，每周巡查一次";
    step(&clerk, &format!("{duty}/revise"), &revised).await;
    let document = step(&clerk, &format!("{meeting}/issue-list?item=1"), &[("item", "1")]).await;
    let file = clerk.get(&format!("{document}/docx")).await.bytes;
    assert!(words_of(&file).contains("每周巡查一次"), "the document that was issued holds the new words");
    let page = clerk.get(&duty).await.text();
    assert!(page.contains("每周巡查一次"), "the list was issued in its new words");
    assert!(page.contains("In force") && page.contains("M-2021-001, item 1, version"), "{page}");
    assert!(clerk.get("/duties/print").await.text().contains("每周巡查一次"));
    assert!(clerk.get("/duties/export").await.bytes.starts_with(b"PK"));

    let (status, page) = assign(&clerk, &[]).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.contains("Duties cited"), "the field that is missing is named");
    assert!(clerk.get(&format!("/tasks/{TASK}/assign")).await.text().contains("每周巡查一次"));
    assert_eq!(assign(&clerk, &[("duties", "B-001")]).await.0, StatusCode::SEE_OTHER);
    let page = clerk.get(&format!("/tasks/{TASK}")).await.text();
    assert!(page.contains("Why they") && page.contains("/duties/B-001"));
    let then = clerk.get(&format!("/answer?task={TASK}&on=2021-06-11")).await.text();
    assert!(then.contains("每周巡查一次"));
    let before = clerk.get(&format!("/answer?task={TASK}&on=2021-06-01")).await.text();
    assert!(before.contains("There is no task"), "it was not registered yet on that day");

    let report = bihuan_store::verify::run(&house.app.books, &[], &mut |_| true).unwrap();
    assert_eq!(report.fault, None);
}

#[tokio::test]
async fn gaps_name_the_field_that_nobody_answers_for() {
    let house = house();
    let auditor = house.enter("auditor").await.in_english();
    let page = auditor.get("/duties/gaps").await.text();
    assert!(page.contains("Kinds of problem without a duty holder") && page.contains("field=noise"));
    assert!(!page.contains("field=other"));
}

#[tokio::test]
async fn a_published_list_is_looked_through_before_anything_is_kept() {
    let house = house();
    let clerk = house.enter("clerk").await.in_english();
    let list = "责任单位,监管职责,法律政策依据,法律责任\n白鹿镇,负责秸秆禁烧巡查,《大气污染防治法》,追究责任\n\
                天外天局,负责噪声监管,,\n";
    let page = clerk.post_parts("/duties/import", &[], Some(list.as_bytes())).await.text();
    assert!(page.contains("负责秸秆禁烧巡查") && page.contains("2 duties were read"), "{page}");
    assert!(clerk.get("/duties").await.text().contains("There is no duty list yet"), "nothing is kept yet");
    let key = once(&page);
    let mut rows =
        vec![("once", key.as_str()), ("valid_from", "2021-06-01"), ("document", "安环委〔2020〕5号")];
    rows.extend([("row_text", "负责秸秆禁烧巡查"), ("row_units", "白鹿镇"), ("row_field", "straw")]);
    rows.extend([("row_text", "负责噪声监管"), ("row_units", "天外天局"), ("row_field", "noise")]);
    rows.extend([("row_basis", ""), ("row_basis", ""), ("row_liability", ""), ("row_liability", "")]);
    let refused = clerk.post("/duties/import/adopt", &rows).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let page = refused.text();
    assert!(page.contains("Row 2: there is no unit “天外天局”") && page.contains("负责秸秆禁烧巡查"));
    let key = once(&page);
    rows[0].1 = &key;
    for row in &mut rows {
        if row.1 == "天外天局" {
            row.1 = "云溪镇";
        }
    }
    assert_eq!(clerk.post("/duties/import/adopt", &rows).await.status, StatusCode::SEE_OTHER);
    assert!(clerk.get("/duties?on=2021-06-01").await.text().contains("2 duties in force"));
}

/// Makes the holder of `town-1` head of the town, and puts `town-2` into the post after them.
fn hand_over(house: &crate::record::House) {
    let now = house.app.now();
    let office = house.app.reference();
    let (person, post) = (PersonId::new("admin").unwrap(), PostId::new("admin").unwrap());
    let admin = office.office.actor(&person, &post, house.app.today()).unwrap();
    assert!(admin.roles.contains(&Role::Administrator));
    let post = || PostId::new("town-1").unwrap();
    let today = house.app.today();
    let yesterday = today.yesterday().unwrap();
    let acts = [
        OfficeAct::PostCharged(Charge {
            post: post(),
            from: jiff::civil::date(2021, 1, 1),
            heads: Some(Line::Government),
            fields: [].into(),
        }),
        OfficeAct::PostLeft { post: post(), person: PersonId::new("town-1").unwrap(), until: yesterday },
        OfficeAct::PostTaken { post: post(), person: PersonId::new("town-2").unwrap(), from: today },
    ];
    house
        .app
        .books
        .work(admin, now, move |work| {
            for act in acts {
                let act = work.reference().office.decide(&work.situation(""), act).expect("it is allowed");
                work.record(Subject::Post(PostId::new("town-1").unwrap()), Act::Office(act))?;
            }
            Ok::<_, bihuan_store::Error>(())
        })
        .unwrap();
}

#[tokio::test]
async fn the_handover_of_a_town_head_lists_exactly_the_open_items_and_both_sign() {
    let house = house();
    let clerk = house.enter("clerk").await.in_english();
    let duty = step(&clerk, "/duties/new", &DUTY).await;
    step(
        &clerk,
        &format!("{duty}/adopt"),
        &[("document", "安环委〔2021〕1号"), ("adopted_on", "2021-06-01")],
    )
    .await;
    assert_eq!(assign(&clerk, &[("duties", "B-001")]).await.0, StatusCode::SEE_OTHER);
    hand_over(&house);
    let page = clerk.get("/handovers").await.text();
    assert!(page.contains("Changes not yet handed over") && page.contains("to_person=town-2"));
    let new = "/handovers/new?post=town-1&from_person=town-1&to_person=town-2&on=2021-06-11";
    let change =
        [("post", "town-1"), ("from_person", "town-1"), ("to_person", "town-2"), ("handed_on", "2021-06-11")];
    let sheet = step(&clerk, new, &change).await;
    let page = clerk.get(&sheet).await.text();
    assert!(page.contains("2 items.") && page.contains(TASK) && page.contains("/duties/B-001"), "{page}");
    assert!(page.contains("This is what is open now"));
    let taker = house.enter("town-2").await.in_english();
    step(&taker, &format!("{sheet}/take"), &[("remark", "已核对")]).await;
    let stand_by = clerk.get(&sheet).await.text();
    assert!(stand_by.contains("Signed by one") && stand_by.contains("fixed by the first signature"));
    let refused = taker.get(&format!("{sheet}/give")).await;
    assert_eq!(refused.status, StatusCode::NOT_FOUND, "nobody signs for the other");
    step(&clerk, &format!("{sheet}/give-for"), &[("reason", "已调离本地")]).await;
    assert!(clerk.get(&sheet).await.text().contains("Signed by both"));
    assert!(!clerk.get("/handovers").await.text().contains("Changes not yet handed over"));
    let report = bihuan_store::verify::run(&house.app.books, &[], &mut |_| true).unwrap();
    assert_eq!(report.fault, None);
}

#[tokio::test]
async fn a_leader_has_a_page_and_others_units_do_not_read_it() {
    let house = house();
    hand_over(&house);
    let clerk = house.enter("clerk").await.in_english();
    assert!(clerk.get("/leaders").await.text().contains("/leaders/town-1"));
    let page = clerk.get("/leaders/town-1").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.text().contains("class=\"chart-svg bars\""));
    assert_eq!(house.enter("verifier").await.get("/leaders/town-1").await.status, StatusCode::NOT_FOUND);
    assert_eq!(clerk.get("/leaders/clerk").await.status, StatusCode::NOT_FOUND, "no leader");
    let before = clerk.get("/answer?area=u-town-1&on=2021-06-10").await.text();
    assert!(before.contains("town-1君") && !before.contains("town-2君"));
    let after = clerk.get("/answer?area=u-town-1&on=2021-06-11").await.text();
    assert!(after.contains("town-2君") && !after.contains("town-1君"));
}
