//! Ledger, audit, notices, procedure and saved views, as a browser sees them.

use crate::record::{TASK, house};
use axum::http::StatusCode;
use bihuan_ledger::{SigningKey, origin};

const VEIL: &str = "内容不在您的岗位范围内";

#[tokio::test]
async fn only_the_auditor_reads_the_audit() {
    let house = house();
    for name in ["town-1", "clerk", "admin"] {
        assert_eq!(house.enter(name).await.get("/audit").await.status, StatusCode::NOT_FOUND, "{name}");
    }
    let town = house.enter("town-1").await;
    let done = town.post("/ledger/verify", &[]).await;
    town.result(&done.location).await;
    let auditor = house.enter("auditor").await;
    let all = auditor.get("/audit").await.text();
    assert!(all.contains("town-1君") && all.contains("验账") && all.contains("账实相符"));
    let other = auditor.get("/audit?person=clerk&day=2021-06-11").await.text();
    assert!(other.contains("没有符合条件的记录") && !other.contains("town-1君 "));
    assert!(auditor.get("/audit?day=2021-06-11").await.text().contains("town-1君"));
    assert!(!auditor.get("/audit?day=2021-06-12").await.text().contains("town-1君"));
    assert_eq!(auditor.get("/audit?day=foo").await.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn the_books_verify_from_the_page() {
    let house = house();
    let clerk = house.enter("clerk").await.in_english();
    let sent = clerk.post("/ledger/verify", &[]).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER);
    let page = clerk.result(&sent.location).await;
    assert!(page.contains("Everything fits"), "{page}");
    let other = house.enter("town-1").await.get(&sent.location).await;
    assert_eq!(other.status, StatusCode::NOT_FOUND, "a job is its owner's");
}

#[tokio::test]
async fn a_checkpoint_by_a_stranger_is_the_first_bad_place() {
    let house = house();
    let stranger = SigningKey::from_seed(&origin("519904"), &[9; 32]).expect("a key");
    house.app.books.checkpoint(&stranger, house.app.now()).expect("a checkpoint");
    let clerk = house.enter("clerk").await;
    let sent = clerk.post("/ledger/verify", &[]).await;
    let page = clerk.result(&sent.location).await;
    assert!(page.contains("账实不符") && page.contains("第一处不符：检查点"), "{page}");
}

#[tokio::test]
async fn the_ledger_is_filtered_by_subject_kind_person_and_day() {
    let house = house();
    let clerk = house.enter("clerk").await;
    let task = clerk.get(&format!("/ledger?subject={TASK}")).await.text();
    assert!(task.contains(&format!("/tasks/{TASK}")) && !task.contains("登记人员"));
    let kind = clerk.get("/ledger?kind=office").await.text();
    assert!(kind.contains("登记人员") && !kind.contains(TASK));
    let person = clerk.get("/ledger?person=clerk%E5%90%9B").await.text();
    assert!(person.contains(TASK) && !person.contains("登记人员"));
    let before = clerk.get("/ledger?day=2021-06-10").await.text();
    assert!(before.contains("登记人员") && !before.contains(TASK));
    assert!(clerk.get("/ledger?day=2021-06-09").await.text().contains("没有符合条件的记录"));
    let broken = clerk.get("/ledger?day=2021-06-31").await;
    assert_eq!(broken.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(broken.text().contains("2021-06-31"), "what was typed stays");
    let paged = clerk.get("/ledger?from=3").await.text();
    assert!(paged.contains("/ledger/3\"") && !paged.contains("/ledger/4\""));
}

#[tokio::test]
async fn what_an_entry_says_is_veiled_for_those_it_is_not_for() {
    let house = house();
    let own = house.enter("town-1").await.get("/ledger").await.text();
    assert!(own.contains(TASK) && own.matches(VEIL).count() == 0);
    let other = house.enter("town-2").await;
    let page = other.get("/ledger").await.text();
    assert!(!page.contains(TASK) && page.matches(VEIL).count() == 2, "problem and task");
    let filtered = other.get(&format!("/ledger?subject={TASK}")).await.text();
    assert!(filtered.contains("没有符合条件的记录"), "a filter tells nothing either");
    let size = house.app.books.read(|c| bihuan_store::ledger::size(c, "519904")).expect("a size");
    let entry = other.get(&format!("/ledger/{}", size - 1)).await.text();
    assert!(entry.contains(VEIL) && !entry.contains("deadline_text"));
    let admin = house.enter("admin").await.get("/ledger").await.text();
    assert!(!admin.contains(TASK) && admin.matches(VEIL).count() == 3);
}

#[tokio::test]
async fn an_entry_shows_its_text_and_its_proof() {
    let house = house();
    let clerk = house.enter("clerk").await;
    let size = house.app.books.read(|c| bihuan_store::ledger::size(c, "519904")).expect("a size");
    let address = format!("/ledger/{}", size - 1);
    assert!(clerk.get(&address).await.text().contains("还没有签署检查点"));
    house.app.books.checkpoint(&house.app.key, house.app.now()).expect("a checkpoint");
    let page = clerk.get(&address).await.text();
    assert!(page.contains("证明成立") && page.contains("deadline_text") && page.contains("clerk君"));
    assert_eq!(clerk.get(&format!("/ledger/{size}")).await.status, StatusCode::NOT_FOUND);
    let key = clerk.get("/ledger/key").await.text();
    assert!(key.contains("519904+"), "{key}");
}

#[tokio::test]
async fn the_export_is_for_those_who_may() {
    let house = house();
    let town = house.enter("town-1").await;
    assert_eq!(town.get("/ledger/export").await.status, StatusCode::NOT_FOUND);
    assert_eq!(town.post("/ledger/export", &[]).await.status, StatusCode::NOT_FOUND);
    let auditor = house.enter("auditor").await;
    assert_eq!(auditor.get("/ledger/export").await.status, StatusCode::OK);
    let sent = auditor.post("/ledger/export", &[]).await;
    let page = auditor.result(&sent.location).await;
    assert!(page.contains("bihuan-ledger-519904-"), "{page}");
    let file = auditor.get(&format!("{}/file", sent.location)).await;
    let mut package = zip::ZipArchive::new(std::io::Cursor::new(file.bytes)).expect("a package");
    let mut names: Vec<_> = package.file_names().map(|name| name.expect("a name").into_owned()).collect();
    names.sort();
    assert_eq!(names, ["checkpoints.txt", "export.json", "keys.txt", "ledger.jsonl"]);
    let lines = std::io::read_to_string(package.by_name("ledger.jsonl").expect("the chain")).expect("text");
    let size = house.app.books.read(|c| bihuan_store::ledger::size(c, "519904")).expect("a size");
    assert_eq!(lines.lines().count() as u64, size);
}

#[tokio::test]
async fn a_broken_calendar_year_is_refused_in_words() {
    let house = house();
    let clerk = house.enter("clerk").await;
    assert_eq!(clerk.get("/calendar/edit").await.status, StatusCode::NOT_FOUND);
    let admin = house.enter("admin").await;
    let before = admin.get("/calendar/2027").await.text();
    assert!(before.contains("尚未公布") && before.contains("/calendar/edit?year=2027"));
    let wrong = [("year", "2027"), ("off", "2027-01-01 元旦\n某日 春节"), ("worked", "")];
    let refused = admin.post("/calendar/edit", &wrong).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let text = refused.text();
    assert!(text.contains("看不懂这一行") && text.contains("2027-01-01 元旦"), "{text}");
    let twice = [("year", "2027"), ("off", "2027-01-01至2027-01-03 元旦"), ("worked", "2027-01-02 元旦")];
    assert!(admin.post("/calendar/edit", &twice).await.text().contains("出现了两次"));
    let json = [("year", "2027"), ("json", "{\"year\": 2027")];
    assert!(admin.post("/calendar/edit", &json).await.text().contains("不是年份文件"));
    let right = [("year", "2027"), ("off", "2027-01-01至2027-01-03 元旦"), ("worked", "2027-01-09 元旦")];
    let saved = admin.post("/calendar/edit", &right).await;
    assert_eq!((saved.status, saved.location.as_str()), (StatusCode::SEE_OTHER, "/calendar/2027?done=yes"));
    let after = admin.get("/calendar/2027").await.text();
    assert!(!after.contains("尚未公布") && after.contains("2027-01-01 – 2027-01-03"), "{after}");
    assert_eq!(clerk.post("/calendar/edit", &right).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_administrator_chooses_the_procedure_for_new_sources() {
    let house = house();
    let town = house.enter("town-1").await;
    let page = town.get("/procedure").await.text();
    assert!(
        page.contains("四川（2021）") && page.contains("30 个工作日") && !page.contains("新来源改用此程序")
    );
    let chosen = [("name", "generic")];
    assert_eq!(town.post("/procedure/choose", &chosen).await.status, StatusCode::NOT_FOUND);
    let admin = house.enter("admin").await;
    let refused = admin.post("/procedure/choose", &[("name", "elsewhere")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(admin.post("/procedure/choose", &chosen).await.status, StatusCode::SEE_OTHER);
    assert_eq!(house.app.reference().chosen_ruleset, "generic");
    assert!(admin.get("/ledger?kind=setting").await.text().contains("选用程序"));
}

#[tokio::test]
async fn a_view_is_saved_for_the_post_and_dropped() {
    let house = house();
    let clerk = house.enter("clerk").await;
    let form = [("name", "垃圾"), ("query", "field=garbage&open=yes&evil=1")];
    let saved = clerk.post("/tasks/views", &form).await;
    assert_eq!(saved.location, "/tasks?open=yes&field=garbage");
    let link = "/tasks?open=yes&#38;field=garbage\">垃圾</a>";
    assert!(clerk.get("/tasks").await.text().contains(link));
    assert!(!house.enter("town-1").await.get("/tasks").await.text().contains(link));
    clerk.post("/tasks/views/drop", &[("name", "垃圾")]).await;
    assert!(!clerk.get("/tasks").await.text().contains(link));
    let empty = clerk.post("/tasks/views", &[("name", " "), ("query", "open=yes")]).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn board_and_register_are_for_the_loop() {
    let house = house();
    let (clerk, admin) = (house.enter("clerk").await, house.enter("admin").await);
    for address in ["/notices", "/notices?shelf=closed", "/sustain", "/sustain?owed=yes"] {
        assert_eq!(clerk.get(address).await.status, StatusCode::OK, "{address}");
        assert_eq!(admin.get(address).await.status, StatusCode::NOT_FOUND, "{address}");
    }
}
