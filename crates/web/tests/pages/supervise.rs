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

#[test]
fn the_office_asks_for_an_interview_a_leader_approves_it_and_the_answer_runs_from_the_meeting() {
    on_each_engine(async |house| {
        assigned(house).await;
        let clerk = house.enter("clerk").await.in_english();
        let request = format!("/supervise/request?step=interview&task={TASK}");
        let cited = [
            ("step", "interview"),
            ("task", TASK),
            ("case_cited", "上级领导指示批示未落实"),
            ("case_facts", "区长批示两个月未落实。"),
            ("case_demand", "说明原因，限期完成。"),
        ];
        let asked = step(&clerk, &request, &cited).await;
        assert!(asked.starts_with("/supervise/DB-2021-"), "{asked}");
        let committee = house.enter("committee").await.in_english();
        assert!(committee.get("/").await.text().contains("Approve"), "it stands on the leader's day");
        let own = clerk.post(&format!("{asked}/approve"), &[("once", "a"), ("case_demand", "限期")]).await;
        assert_eq!(own.status, StatusCode::UNPROCESSABLE_ENTITY, "whoever asks does not decide");
        step(&committee, &format!("{asked}/approve"), &[("case_demand", "限期一个月完成。")]).await;
        let town = house.enter("town-1").await.in_english();
        let early = town.post(&format!("{asked}/answer"), &[("once", "b"), ("case_answer", "已完成")]).await;
        assert_eq!(early.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(early.text().contains("Minutes of the meeting"), "the meeting comes first");
        step(&town, &format!("{asked}/report"), &[("case_report", "管线迁改滞后。")]).await;
        let today = house.app.today().to_string();
        let meeting = [
            ("case_met_on", today.as_str()),
            ("case_present", "副区长、镇长"),
            ("case_minutes", "通报问题，限期三十日。"),
            ("case_pledge", "按期完成。"),
        ];
        step(&clerk, &format!("{asked}/meet"), &meeting).await;
        let page = town.get(&asked).await.text();
        assert!(page.contains("按期完成。") && page.contains("管线迁改滞后。"), "{page}");
        step(&town, &format!("{asked}/answer"), &[("case_answer", "已清运完毕。")]).await;
    });
}

#[test]
fn a_listing_is_published_and_more_time_is_asked_for_and_refused() {
    on_each_engine(async |house| {
        assigned(house).await;
        let committee = house.enter("committee").await.in_english();
        let new = format!("/supervise/new?step=listed&task={TASK}");
        let cited = [
            ("step", "listed"),
            ("task", TASK),
            ("case_cited", "环委会决定挂牌督办"),
            ("case_facts", "第 2 次全会决定。"),
            ("case_demand", "两个月内完成清理。"),
        ];
        let listed = step(&committee, &new, &cited).await;
        let clerk = house.enter("clerk").await.in_english();
        step(&clerk, &format!("{listed}/publish"), &[("case_place", "区政府门户网站")]).await;
        let town = house.enter("town-1").await.in_english();
        let asked = [("case_days", "20"), ("case_asked", "设备到货推迟。")];
        step(&town, &format!("{listed}/ask-extension"), &asked).await;
        assert!(committee.get("/").await.text().contains("Give more time"), "it waits for the leader");
        let page = committee.get(&listed).await.text();
        assert!(page.contains("设备到货推迟。") && page.contains("区政府门户网站"), "{page}");
        step(&committee, &format!("{listed}/refuse-extension"), &[("reason", "先补人手。")]).await;
        assert!(!town.get(&listed).await.text().contains("设备到货推迟。"));
    });
}
