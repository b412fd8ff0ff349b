//! A cross assignment on the pages: tried, drawn and given out, made again from what the pages give, and told in words when
//! its rules exclude each other.

use crate::{
    inspection::{send, step, wide_house},
    record::{Browser, House},
};
use axum::http::StatusCode;
use bihuan_methods::cross::{Plan, Report, broken_rules, drawn_report};

async fn planned(clerk: &Browser<'_>) -> String {
    let fields = [
        ("title", "第2轮交叉暗访"),
        ("round_kind", "cross_covert"),
        ("sealed", "no"),
        ("organiser", "u-office"),
        ("starts_on", "2021-06-12"),
        ("ends_on", "2021-06-20"),
        ("checklist", "污水 | 有无直排"),
    ];
    step(clerk, "/rounds/new", &fields).await
}

/// Two teams of two units each, who have all declared; one of the first may not go to 白鹿镇.
async fn ready(house: &House) -> String {
    let clerk = house.enter("clerk").await;
    let round = planned(&clerk).await;
    for (who, kin) in [("watcher-1", "u-town-1"), ("watcher-2", ""), ("watcher-3", ""), ("inspector", "")] {
        let own = house.enter(who).await;
        let note = if kin.is_empty() { "" } else { "配偶在该镇" };
        let mut fields = vec![("note", note)];
        if !kin.is_empty() {
            fields.push(("declared_units", kin));
        }
        step(&own, &format!("{round}/declare"), &fields).await;
    }
    round
}

const TEAMS: [(&str, &str); 12] = [
    ("stops", "白鹿镇 | 污水站\n云溪镇 | 河边\n青石镇 | 料场"),
    ("team_name", "第1组"),
    ("team_leader", "watcher-1|watcher-1"),
    ("team_second", "watcher-2|watcher-2"),
    ("team_third", ""),
    ("team_name", "第2组"),
    ("team_leader", "inspector|inspector"),
    ("team_second", "watcher-3|watcher-3"),
    ("team_third", ""),
    ("repeat_within", "3"),
    ("capacity", ""),
    ("places", ""),
];

fn with<'a>(more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut fields: Vec<(&str, &str)> = TEAMS.to_vec();
    fields.extend(more);
    fields
}

#[tokio::test]
async fn a_round_is_tried_then_drawn_and_given_out_and_anybody_makes_it_again() {
    let house = wide_house();
    let round = ready(&house).await;
    let clerk = house.enter("clerk").await;
    let form = clerk.get(&format!("{round}/cross")).await;
    assert_eq!(form.status, StatusCode::OK, "{}", form.text());
    let page = format!("{round}/cross");
    let tried = send(&clerk, &page, &with(&[("mode", "drawn")])).await;
    assert_eq!(tried.status, StatusCode::OK, "{}", tried.text());
    let tried = tried.text();
    assert!(tried.contains("规则可以同时满足") && tried.contains("不可预测度"), "{tried}");
    assert!(tried.contains("第1组 ✕ 白鹿镇"), "the declaration forbids the pair: {tried}");
    assert!(tried.contains("有 1 个单位只有一个组能去"), "{tried}");
    assert!(!clerk.get(&round).await.text().contains("X-2021-001"), "nothing is given out by a try");

    let given = send(&clerk, &page, &with(&[("mode", "drawn"), ("confirm", "yes")])).await;
    assert_eq!(given.status, StatusCode::SEE_OTHER, "{}", given.text());
    let shown = clerk.get(&round).await.text();
    assert!(shown.contains("cross-drawn-v1") && shown.contains("bihuan draw cross --input"), "{shown}");
    assert!(shown.contains("第2组 → 白鹿镇"), "{shown}");
    let plan: Plan = serde_json::from_slice(&clerk.get(&format!("{page}/plan.json")).await.bytes).unwrap();
    let result: Report =
        serde_json::from_slice(&clerk.get(&format!("{page}/result.json")).await.bytes).unwrap();
    assert_eq!(drawn_report(&plan, &result.seed).unwrap(), result);
    assert!(broken_rules(&plan, &result.visits()).is_empty());
    for trip in &result.rounds[0].visits {
        assert!(shown.contains(&format!("{} → {}", trip.team, trip.target)), "{trip:?}");
    }
    let report = bihuan_store::verify::run(&house.app.books, &[], &mut |_| true).unwrap();
    assert_eq!(report.fault, None);
}

#[tokio::test]
async fn an_optimised_plan_is_shown_with_its_bound_before_it_is_given_out() {
    let house = wide_house();
    let round = ready(&house).await;
    let clerk = house.enter("clerk").await;
    let places = "白鹿镇 | 30.1 | 105.1\n云溪镇 | 30.2 | 105.2\n青石镇 | 30.3 | 105.1\n区环委办 | 30.2 | 105.1\n区委督查室 | 30.2 | 105.1";
    let mut fields = with(&[("mode", "optimised")]);
    fields.retain(|(name, _)| *name != "places");
    fields.push(("places", places));
    let tried = send(&clerk, &format!("{round}/cross"), &fields).await;
    let tried = tried.text();
    assert!(tried.contains("已证明的下界") && tried.contains("公里"), "{tried}");
}

#[tokio::test]
async fn rules_that_exclude_each_other_are_told_in_words_and_nothing_is_given_out() {
    let house = wide_house();
    let round = ready(&house).await;
    let clerk = house.enter("clerk").await;
    let mut fields = with(&[("mode", "drawn"), ("confirm", "yes")]);
    fields.retain(|(name, _)| *name != "capacity");
    fields.push(("capacity", "1"));
    let told = send(&clerk, &format!("{round}/cross"), &fields).await;
    assert_eq!(told.status, StatusCode::UNPROCESSABLE_ENTITY);
    let told = told.text();
    assert!(told.contains("每轮每组对象数上限") && told.contains("请放宽其中一条"), "{told}");
    let again = send(
        &clerk,
        &format!("{round}/cross"),
        &with(&[("mode", "drawn"), ("forbidden", "第9组 | 云溪镇 | 试")]),
    )
    .await;
    assert!(again.text().contains("组名不在编组里"), "{}", again.text());
    let watcher = house.enter("watcher-1").await;
    assert_eq!(watcher.get(&format!("{round}/cross")).await.status, StatusCode::NOT_FOUND);
}
