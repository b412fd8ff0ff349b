//! A measure: cited by a leader, signed for, objected to with the clock standing, answered, verified by another unit, lifted.

use crate::{
    bad_input::done,
    meeting::{once, step},
    record::{TASK, on_each_engine},
};
use axum::http::StatusCode;

/// Gives the task to its town, so that somebody answers for it.
async fn assigned(house: &crate::record::House) {
    let clerk = house.enter("clerk").await;
    let fields = [("lead", "u-town-1"), ("acceptance", "u-office"), ("due_on", "2021-12-31")];
    done(&clerk, &format!("/tasks/{TASK}/assign"), &fields).await;
}

#[test]
fn a_measure_is_decided_signed_for_objected_to_answered_verified_by_others_and_lifted() {
    on_each_engine(async |house| {
        assigned(house).await;
        let committee = house.enter("committee").await.in_english();
        let fields = |step: &'static str, cited: &'static str| {
            [
                ("step", step),
                ("task", TASK),
                ("case_cited", cited),
                ("case_facts", "2021 年第 2 次全会决定。"),
                ("case_demand", "两个月内完成清理。"),
            ]
        };
        let bare =
            committee.post("/supervise/new", &[("once", "a"), ("step", "listed"), ("task", TASK)]).await;
        assert_eq!(bare.status, StatusCode::UNPROCESSABLE_ENTITY, "a situation is cited, with facts");
        let new = format!("/supervise/new?step=listed&task={TASK}");
        let listed = step(&committee, &new, &fields("listed", "环委会决定挂牌督办")).await;
        assert!(listed.starts_with("/supervise/DB-2021-"), "{listed}");

        let key = once(&committee.get(&new).await.text());
        let mut twice = fields("listed", "环委会决定挂牌督办").to_vec();
        twice.push(("once", &key));
        let twice = committee.post("/supervise/new", &twice).await;
        assert_eq!(twice.status, StatusCode::UNPROCESSABLE_ENTITY, "it stands already");
        let clerk = house.enter("clerk").await.in_english();
        assert_eq!(clerk.get(&new).await.status, StatusCode::NOT_FOUND, "a listing is the leaders'");
        let other = house.enter("town-2").await;
        assert_eq!(other.get(&listed).await.status, StatusCode::NOT_FOUND, "another town does not see it");
        let town = house.enter("town-1").await.in_english();
        assert!(town.get("/").await.text().contains("Sign for it"), "it stands on the town's day");
        step(&town, &format!("{listed}/receive"), &[]).await;
        step(&town, &format!("{listed}/object"), &[("case_objection", "已列入年度计划。")]).await;
        assert!(town.get(&listed).await.text().contains("the term stands still"));
        let own = [("once", "b"), ("rank_upheld", "no"), ("reason", "维持")];
        let own = committee.post(&format!("{listed}/decide"), &own).await;
        assert_eq!(own.status, StatusCode::UNPROCESSABLE_ENTITY, "whoever decided the measure stands aside");

        let new = format!("/supervise/new?step=red&task={TASK}");
        let red = step(&clerk, &new, &fields("red", "经评估已不可能按期完成")).await;
        step(&town, &format!("{red}/answer"), &[("case_answer", "已清运完毕，附照片。")]).await;
        let verifier = house.enter("verifier").await.in_english();
        step(&verifier, &format!("{red}/verify"), &[("case_passed", "yes"), ("case_seen", "现场已清理。")])
            .await;
        let own = town.post(&format!("{red}/lift"), &[("once", "c"), ("reason", "完成")]).await;
        assert_eq!(own.status, StatusCode::UNPROCESSABLE_ENTITY, "no unit lifts its own");
        step(&committee, &format!("{red}/lift"), &[("reason", "核实属实。")]).await;
        assert!(town.get(&red).await.text().contains("Lifted"));
        assert!(town.get(&format!("/tasks/{TASK}")).await.text().contains("Listed supervision"));
    });
}
