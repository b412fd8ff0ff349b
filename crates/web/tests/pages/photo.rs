//! Pictures: graded when they come in, asked about when they look like one handed in before, handed on from a finding to its task.

use crate::{
    inspection::{ANSWERS, ARRIVE, give, once, plan, step, wide_house},
    record::{Answer, Browser, House, TASK, house},
};
use axum::http::StatusCode;
use bihuan_rules::{Act, Subject, id::TaskId, task};
use image::{ImageBuffer, Luma, codecs::jpeg::JpegEncoder, imageops};

type Picture = ImageBuffer<Luma<u8>, Vec<u8>>;

/// Blocks of light at places that the number says: no two numbers look alike.
pub fn scene(number: u32) -> Picture {
    let mut state = number.wrapping_mul(2_654_435_761).wrapping_add(12_345);
    let mut next = move |below: u32| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) % below
    };
    let mut picture = ImageBuffer::from_pixel(320, 240, Luma([90]));
    for _ in 0..16 {
        let (left, top, wide, high) = (next(280), next(200), 30 + next(90), 20 + next(70));
        let tone = u8::try_from(next(200)).unwrap();
        for y in top..(top + high).min(240) {
            for x in left..(left + wide).min(320) {
                picture.put_pixel(x, y, Luma([tone]));
            }
        }
    }
    picture
}

pub fn jpeg(picture: &Picture, quality: u8) -> Vec<u8> {
    let mut bytes = Vec::new();
    picture.write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, quality)).unwrap();
    bytes
}

async fn attach(who: &Browser<'_>, id: &str, role: &str, file: &[u8]) -> Answer {
    let path = format!("/tasks/{id}/attach");
    let key = once(&who.get(&path).await.text());
    let fields = [("role", role), ("caption", ""), ("once", key.as_str())];
    who.post_files(&path, &fields, "files", &[("现场.jpg", file)]).await
}

/// A second task, of the second town, and the first one's lead unit for both.
fn two_tasks(house: &House) -> &'static str {
    const OTHER: &str = "AL-2021-0002-1";
    let by = {
        let office = &house.app.reference().office;
        let code = bihuan_rules::id::PersonId::new("clerk").unwrap();
        let post = bihuan_rules::id::PostId::new("clerk").unwrap();
        office.actor(&code, &post, house.app.today()).unwrap()
    };
    let write = move |work: &mut bihuan_store::Work<'_>| {
        let body = serde_json::json!({
            "source": "S-1", "title": "河道污水", "original_text": "云溪镇河道有污水。", "field": "sewage",
            "area": "u-town-2",
        });
        let act = bihuan_rules::problem::register(&work.situation(""), serde_json::from_value(body).unwrap())
            .unwrap();
        let problem = bihuan_rules::id::ProblemId::new("AL-2021-0002").unwrap();
        work.record(Subject::Problem(problem), Act::Problem(act))?;
        let body = serde_json::json!({
            "problems": ["AL-2021-0002"], "source": "S-1", "field": "sewage", "area": "u-town-2",
            "ruleset": "sichuan-2021", "title": "治理云溪镇河道污水", "kind": "non_works", "level": "province",
            "items": 1, "deadline_text": "2021年12月底前",
        });
        let event =
            task::register(&work.situation("sichuan-2021"), serde_json::from_value(body).unwrap()).unwrap();
        let id = TaskId::new(OTHER).unwrap();
        work.record(Subject::Task(id.clone()), Act::Task(event))?;
        for (id, lead) in [(TASK, "u-town-1"), (OTHER, "u-town-2")] {
            let id = TaskId::new(id).unwrap();
            let seen = work.task(&id)?.unwrap().record;
            let parties = task::Parties {
                lead: bihuan_rules::id::UnitId::new(lead).unwrap(),
                co: [].into(),
                supervising: None,
                acceptance: bihuan_rules::id::UnitId::new("u-office").unwrap(),
                guarantor: None,
            };
            let body = task::Assign {
                parties,
                duties: [].into(),
                due_on: Some(jiff::civil::date(2021, 12, 31)),
                remark: String::new(),
            };
            let event = seen.decide(&work.situation("sichuan-2021"), task::Order::Assign(body)).unwrap();
            work.record(Subject::Task(id), Act::Task(event))?;
        }
        Ok::<_, bihuan_store::Error>(())
    };
    house.app.books.work(by, house.app.now(), write).unwrap();
    OTHER
}

#[tokio::test]
async fn a_picture_like_one_of_another_task_is_asked_about_explained_and_settled_by_somebody_else() {
    let house = house();
    let other = two_tasks(&house);
    let (one, two) = (house.enter("town-1").await, house.enter("town-2").await);
    let picture = scene(7);
    let sent = attach(&one, TASK, "after", &jpeg(&picture, 90)).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text());
    let page = one.get(&format!("/tasks/{TASK}")).await.text();
    assert!(page.contains("C级") && page.contains("不是在系统内拍摄"), "graded with its reason: {page}");
    assert!(!page.contains("/photos/Q-"), "the first of its kind is not asked about");

    // The same scene, mirrored, smaller and pressed harder, at a task of another town.
    let again =
        imageops::flip_horizontal(&imageops::resize(&picture, 240, 180, imageops::FilterType::Triangle));
    attach(&two, other, "after", &jpeg(&again, 60)).await;
    attach(&two, other, "after", &jpeg(&scene(8), 80)).await;
    let page = two.get(&format!("/tasks/{other}")).await.text();
    assert_eq!(
        page.matches("/photos/Q-2021-").count(),
        1,
        "the picture is asked about where it stands among the files: {page}"
    );
    assert!(page.contains("D级"));
    let question = two.get("/photos/Q-2021-001").await.text();
    assert!(question.contains("是在这里重新拍的吗") && question.contains("左右翻转"), "{question}");
    assert!(!question.contains(TASK), "whose picture it looks like is not for the town");
    assert_eq!(
        one.get("/photos/Q-2021-001").await.status,
        StatusCode::NOT_FOUND,
        "nor is the question for the other town"
    );
    for word in ["假", "弄虚", "违规"] {
        assert!(!question.contains(word), "it asks and never accuses");
    }

    let verifier = house.enter("verifier").await;
    let desk = verifier.get("/desk").await.text();
    assert!(desk.contains("照片核对 1"), "{desk}");
    let seen = verifier.get("/photos/Q-2021-001").await.text();
    assert!(seen.contains(TASK) && seen.contains(other), "{seen}");
    step(
        &two,
        "/photos/Q-2021-001/explain",
        &[("explanation", "mistake"), ("explanation_text", "相册里选错了")],
    )
    .await;
    assert_eq!(two.get("/photos/Q-2021-001/settle").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    step(&verifier, "/photos/Q-2021-001/settle", &[("stands", "set-aside"), ("reason", "两处同图")]).await;
    let page = two.get(&format!("/tasks/{other}")).await.text();
    assert!(page.contains("D级"), "set aside it counts for nothing better");
    let seen = verifier.get("/photos?state=set_aside").await.text();
    assert!(seen.contains("Q-2021-001"));
    let report = bihuan_store::verify::run(&house.app.books, &[], &mut |_| true).unwrap();
    assert_eq!(report.fault, None);
}

#[tokio::test]
async fn before_and_after_of_one_task_may_look_alike_but_not_be_the_same_and_forms_are_never_asked_about() {
    let house = house();
    two_tasks(&house);
    let town = house.enter("town-1").await;
    let picture = scene(3);
    attach(&town, TASK, "before", &jpeg(&picture, 90)).await;
    attach(&town, TASK, "document", &jpeg(&picture, 80)).await;
    assert!(!town.get("/photos").await.text().contains("Q-2021-"), "a document is not asked about");
    attach(&town, TASK, "after", &jpeg(&picture, 70)).await;
    let page = town.get("/photos").await.text();
    assert!(page.contains("几乎相同"), "{page}");
    // A page of text stands at two tasks: forms look alike by nature.
    let paper: Picture =
        ImageBuffer::from_fn(300, 400, |x, y| Luma([if y % 12 < 3 && x % 9 < 5 { 30 } else { 250 }]));
    attach(&town, TASK, "during", &jpeg(&paper, 90)).await;
    let two = house.enter("town-2").await;
    attach(&two, "AL-2021-0002-1", "during", &jpeg(&paper, 70)).await;
    assert!(!two.get("/photos").await.text().contains("Q-2021-"));
}

#[tokio::test]
async fn photos_of_a_finding_are_shown_with_it_and_go_on_to_the_task_it_becomes() {
    let house = wide_house();
    let clerk = house.enter("clerk").await;
    let (one, two) = (house.enter("watcher-1").await, house.enter("watcher-2").await);
    let round = plan(&clerk, "special", "no").await;
    step(&one, &format!("{round}/declare"), &[]).await;
    step(&two, &format!("{round}/declare"), &[]).await;
    assert_eq!(give(&clerk, &round, "云溪镇", "").await.status, StatusCode::SEE_OTHER);
    let mission = "/missions/X-2021-001";
    step(&one, &format!("{mission}/arrive"), &ARRIVE).await;
    step(&one, &format!("{mission}/check"), &ANSWERS).await;
    let path = format!("{mission}/find");
    let key = once(&one.get(&path).await.text());
    let seen = [
        ("once", key.as_str()),
        ("facts", "设备停运，污水直排云溪河。"),
        ("field", "sewage"),
        ("severity", "serious"),
        ("spot", "污水处理站"),
        ("unit", "u-town-2"),
    ];
    let (first, second) = (jpeg(&scene(21), 90), jpeg(&scene(22), 90));
    let refused = one.post_files(&path, &seen, "photos", &[("a.txt", b"no picture at all")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let files: [(&str, &[u8]); 2] = [("溢流口.jpg", &first), ("设备间.jpg", &second)];
    let sent = one.post_files(&path, &seen, "photos", &files).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text());
    let own = one.get(mission).await.text();
    assert_eq!(own.matches("/thumb\"").count(), 2, "{own}");

    let page = clerk.get("/findings/F-2021-001").await.text();
    let thumbs: Vec<&str> = page.split("src=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    let thumbs: Vec<&str> = thumbs.into_iter().filter(|address| address.ends_with("/thumb")).collect();
    assert_eq!(thumbs.len(), 2, "{page}");
    for thumb in &thumbs {
        assert_eq!(clerk.get(thumb).await.status, StatusCode::OK);
        assert_eq!(clerk.get(thumb.trim_end_matches("/thumb")).await.status, StatusCode::OK);
        let town = house.enter("town-2").await;
        assert_eq!(town.get(thumb).await.status, StatusCode::NOT_FOUND);
    }
    let problem =
        [("ruling", "problem"), ("title", "云溪镇污水直排"), ("kind", "works"), ("problem_lead", "u-town-2")];
    step(&clerk, "/findings/F-2021-001/rule", &problem).await;
    let ruled = clerk.get("/findings/F-2021-001").await.text();
    let id = ruled.split("/tasks/").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
    let task = clerk.get(&format!("/tasks/{id}")).await.text();
    assert!(task.contains("溢流口.jpg") && task.contains("设备间.jpg"), "{task}");
    assert!(!clerk.get("/photos").await.text().contains("Q-2021-"), "the copy raises no question");
    let report = bihuan_store::verify::run(&house.app.books, &[], &mut |_| true).unwrap();
    assert_eq!(report.fault, None);
}

#[tokio::test]
async fn a_picture_that_a_crash_left_unasked_is_asked_about_at_the_next_start_and_once_only() {
    let house = house();
    let other = two_tasks(&house);
    let one = house.enter("town-1").await;
    attach(&one, TASK, "after", &jpeg(&scene(7), 90)).await;
    // The second picture is in the books, and the server dies before it is compared.
    let bytes = jpeg(&imageops::flip_horizontal(&scene(7)), 70);
    let sha256 = house.app.books.evidence().put(bytes.clone()).await.unwrap();
    let picture = bihuan_web::pictures::read_chosen("现场.jpg", &sha256, &bytes, house.app.now()).unwrap();
    let by = {
        let code = bihuan_rules::id::PersonId::new("town-2").unwrap();
        let post = bihuan_rules::id::PostId::new("town-2").unwrap();
        house.app.reference().office.actor(&code, &post, house.app.today()).unwrap()
    };
    let write = move |work: &mut bihuan_store::Work<'_>| {
        let id = TaskId::new(other).unwrap();
        let seen = work.task(&id)?.unwrap().record;
        let evidence = task::Evidence::of(picture, task::EvidenceRole::After, String::new());
        let event = seen.decide(&work.situation("sichuan-2021"), task::Order::Attach(evidence)).unwrap();
        work.record(Subject::Task(id), Act::Task(event))?;
        Ok::<_, bihuan_store::Error>(())
    };
    house.app.books.work(by, house.app.now(), write).unwrap();
    let clerk = house.enter("clerk").await;
    assert!(!clerk.get("/photos").await.text().contains("Q-2021-"), "nothing was asked");

    // Another start over the same books.
    let house = house.later(crate::record::NOW);
    bihuan_web::upkeep(&house.app).await.unwrap();
    let two = house.enter("town-2").await;
    let question = two.get("/photos/Q-2021-001").await;
    assert_eq!(question.status, StatusCode::OK, "it is asked of the unit that handed the picture in");
    bihuan_web::upkeep(&house.app).await.unwrap();
    // Books rebuilt from the ledger compare everything once more.
    let again = |work: &mut bihuan_store::Work<'_>| bihuan_store::photo::set_compared(work.connection(), -1);
    house.app.books.work(bihuan_store::checkpoint::machine(), house.app.now(), again).unwrap();
    bihuan_web::upkeep(&house.app).await.unwrap();
    let list = house.enter("clerk").await.get("/photos").await.text();
    assert!(list.contains("Q-2021-001") && !list.contains("Q-2021-002"), "{list}");
}

#[tokio::test]
async fn upkeep_forgets_what_has_had_its_time_and_nothing_else() {
    let house = house();
    let person = bihuan_rules::id::PersonId::new("clerk").unwrap();
    let now = house.app.now();
    let remember = {
        let person = person.clone();
        move |work: &mut bihuan_store::Work<'_>| {
            let old = now - bihuan_store::once::KEPT - jiff::SignedDuration::from_secs(1);
            bihuan_store::once::remember(work.connection(), "old", &person, "r", 1, old)?;
            bihuan_store::once::remember(work.connection(), "new", &person, "r", 2, now)
        }
    };
    house.app.books.work(bihuan_store::checkpoint::machine(), now, remember).unwrap();
    let kept = bihuan_web::upkeep(&house.app).await.unwrap();
    assert_eq!((kept.requests, kept.sessions), (1, 0));
    let ask = move |work: &mut bihuan_store::Work<'_>| {
        let known = |work: &mut bihuan_store::Work<'_>, key| {
            bihuan_store::once::before(work.connection(), key, &person, "r", now)
        };
        Ok::<_, bihuan_store::Error>((known(work, "old")?, known(work, "new")?))
    };
    let known = house.app.books.work(bihuan_store::checkpoint::machine(), now, ask).unwrap();
    assert_eq!(known, (bihuan_store::once::Before::Never, bihuan_store::once::Before::Done(2)));
    house.enter("clerk").await;
    let house = house.later("2021-06-12T10:00:00+08:00");
    assert_eq!(bihuan_web::upkeep(&house.app).await.unwrap().sessions, 1, "a session of yesterday is over");
}
