//! Checklists by kind: a round begins with the one of its kind, the office changes it, and what is out already keeps what it has.

use crate::inspection::{give, send, step, wide_house};
use axum::http::StatusCode;

#[tokio::test]
async fn a_round_begins_with_the_checklist_of_its_kind_which_the_office_changes_without_touching_what_is_out()
{
    let house = wide_house();
    let clerk = house.enter("clerk").await;
    let (one, two) = (house.enter("watcher-1").await, house.enter("watcher-2").await);
    // A fresh office has the shipped ones.
    let form = |kind: &'static str| {
        let clerk = &clerk;
        async move { clerk.get(&format!("/rounds/new?kind={kind}")).await.text() }
    };
    assert!(form("look_back").await.contains("问题是否反弹 | 同一点位有无同类问题再现 | 原反馈意见"));
    assert!(form("patrol").await.contains("公示牌与责任人"));
    assert!(clerk.get("/rounds/new").await.text().contains("秸秆禁烧 | 有无焚烧痕迹"));

    let own = "场镇污水 | 有无直排 | GB 18918 | 看溢流口\n垃圾 | 有无暴露";
    let fields = [("title", "污水专项清单"), ("round_kind", "special"), ("checklist", own)];
    step(&clerk, "/rounds/checklists/new", &fields).await;
    assert!(form("special").await.contains("场镇污水 | 有无直排 | GB 18918 | 看溢流口"));
    assert!(!form("look_back").await.contains("场镇污水"), "kinds do not mix");

    // What was begun with it goes out, and is asked at the stop: item, key point, standard and method.
    let plan = [
        ("title", "专项"),
        ("round_kind", "special"),
        ("sealed", "no"),
        ("organiser", "u-office"),
        ("starts_on", "2021-06-11"),
        ("ends_on", "2021-06-18"),
        ("checklist", own),
    ];
    let round = step(&clerk, "/rounds/new?kind=special", &plan).await;
    step(&one, &format!("{round}/declare"), &[]).await;
    step(&two, &format!("{round}/declare"), &[]).await;
    assert_eq!(give(&clerk, &round, "白鹿镇", "").await.status, StatusCode::SEE_OTHER);
    step(&one, "/missions/X-2021-001/arrive", &crate::inspection::ARRIVE).await;
    let check = one.get("/missions/X-2021-001/check").await.text();
    for part in ["场镇污水", "有无直排", "GB 18918", "看溢流口"] {
        assert!(check.contains(part), "{part}: {check}");
    }

    let changed = [("title", "污水专项清单"), ("round_kind", "special"), ("checklist", "管网 | 有无破损")];
    step(&clerk, "/rounds/checklists/K-2021-001/edit", &changed).await;
    assert!(form("special").await.contains("管网 | 有无破损"));
    assert!(one.get("/missions/X-2021-001/check").await.text().contains("场镇污水"), "what is out stays");
    let empty = send(
        &clerk,
        "/rounds/checklists/K-2021-001/edit",
        &[("title", "空"), ("round_kind", "special"), ("checklist", " ")],
    )
    .await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);

    assert_eq!(one.get("/rounds/checklists").await.status, StatusCode::OK, "inspectors read them");
    assert_eq!(one.get("/rounds/checklists/new").await.status, StatusCode::NOT_FOUND, "and do not keep them");
    step(&clerk, "/rounds/checklists/K-2021-001/retire", &[("reason", "专项结束")]).await;
    assert!(form("special").await.contains("处理设施运行"), "the shipped one takes over again");
    let page = clerk.get("/rounds/checklists").await.text();
    assert!(page.contains("已停用") && page.contains("专项结束"), "{page}");
    let again = send(&clerk, "/rounds/checklists/K-2021-001/edit", &changed).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY, "out of use it stays");
    let report = bihuan_store::verify::run(&house.app.books, &[], &mut |_| true).unwrap();
    assert_eq!(report.fault, None);
}
