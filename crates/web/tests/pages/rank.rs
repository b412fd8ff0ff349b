//! A board: figures taken in, published, objected to, decided by others, made final; and who sees what before.

use crate::{
    meeting::{once, step},
    record::{House, house, on_each_engine},
};
use axum::http::StatusCode;
use bihuan_rules::{
    Act, Actor, Subject,
    id::{PersonId, PostId, UnitId},
    office::{OfficeAct, Unit},
    ranking::Ranking,
};
use bihuan_store::{Error, past::Past, shelf};
use bihuan_web::rank::make;

const BOARD: &str = "/rank/published/PM-2021-05-district-default";

async fn publish(house: &House) {
    let clerk = house.enter("clerk").await;
    let to = step(&clerk, "/rank/2021-05/publish", &[]).await;
    assert_eq!(to, "/rank/2021-05?scheme=district-default");
}

#[test]
fn a_board_is_published_objected_to_decided_by_others_and_made_final() {
    on_each_engine(async |house| {
        publish(house).await;
        let town = house.enter("town-1").await.in_english();
        let board = town.get("/rank/2021-05").await.text();
        assert!(board.contains("Published, open to objections"), "{board}");
        assert!(
            town.get("/rank/2021-05/u-town-2").await.text().contains("云溪镇"),
            "published statements are open"
        );

        let foreign = town.get(&format!("{BOARD}/object?unit=u-town-2")).await;
        assert_eq!(foreign.status, StatusCode::NOT_FOUND, "nobody objects for another unit");
        let object = format!("{BOARD}/object?unit=u-town-1");
        let empty = town.post(&format!("{BOARD}/object"), &[("once", "a"), ("unit", "u-town-1")]).await;
        assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY, "an objection says why");
        step(&town, &object, &[("unit", "u-town-1"), ("rank_objection", "有一件已按期完成。")]).await;
        assert!(town.get("/rank/2021-05").await.text().contains("In review"));

        let clerk = house.enter("clerk").await;
        let decide = format!("{BOARD}/decide?n=1");
        assert_eq!(
            clerk.get(&decide).await.status,
            StatusCode::NOT_FOUND,
            "whoever published does not decide"
        );
        let committee = house.enter("committee").await.in_english();
        let key = once(&committee.get(&format!("{BOARD}/confirm")).await.text());
        let early = committee.post(&format!("{BOARD}/confirm"), &[("once", &key)]).await;
        assert_eq!(early.status, StatusCode::UNPROCESSABLE_ENTITY, "the term still runs");
        assert!(
            committee.get("/").await.text().contains("Objections"),
            "the objection stands on the committee's day"
        );
        step(&committee, &decide, &[("n", "1"), ("rank_upheld", "no"), ("reason", "账本上没有这一件。")])
            .await;
        let board = committee.get("/rank/2021-05").await.text();
        assert!(board.contains("Not upheld") && board.contains("账本上没有这一件。"), "{board}");
    });
}

#[tokio::test]
async fn a_board_is_final_only_after_its_term_and_by_somebody_else() {
    let house = house();
    publish(&house).await;
    let house = house.later("2021-06-18T09:00:00+08:00");
    let town = house.enter("town-1").await;
    let late = [("once", "late"), ("unit", "u-town-1"), ("rank_objection", "迟来的申请。")];
    let late = town.post(&format!("{BOARD}/object"), &late).await;
    assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY, "the term is over");
    let leader = house.enter("committee").await.in_english();
    step(&leader, &format!("{BOARD}/confirm"), &[]).await;
    assert!(leader.get("/rank/2021-05").await.text().contains("Final"));
    let again = leader.post(&format!("{BOARD}/confirm"), &[("once", "again")]).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn a_running_board_is_seen_by_the_office_and_each_town_sees_its_own_statement() {
    let house = house();
    let (clerk, town) = (house.enter("clerk").await.in_english(), house.enter("town-1").await.in_english());
    assert!(clerk.get("/rank/2021-06").await.text().contains("Running"));
    assert_eq!(town.get("/rank/2021-06").await.status, StatusCode::NOT_FOUND);
    assert!(town.get("/rank/2021-06/u-town-1").await.text().contains("Still to be won"));
    assert_eq!(town.get("/rank/2021-06/u-town-2").await.status, StatusCode::NOT_FOUND);
    let early = step_refused(&house, "/rank/2021-06/publish").await;
    assert_eq!(early, StatusCode::UNPROCESSABLE_ENTITY, "a period that runs is not published");
    for nowhere in ["/rank/2021-07", "/rank/2021-Q1", "/rank/2021-13", "/rank/2021-05?scheme=none"] {
        assert_eq!(clerk.get(nowhere).await.status, StatusCode::NOT_FOUND, "{nowhere}");
    }
    assert_eq!(house.enter("admin").await.get("/rank").await.status, StatusCode::NOT_FOUND);
}

async fn step_refused(house: &House, path: &str) -> StatusCode {
    let clerk = house.enter("clerk").await;
    let key = once(&clerk.get(path).await.text());
    clerk.post(path, &[("once", &key)]).await.status
}

#[tokio::test]
async fn figures_are_pasted_once_and_a_line_that_cannot_be_read_is_named() {
    let house = house();
    let clerk = house.enter("clerk").await.in_english();
    let form = |values: &'static str| {
        [
            ("rank_period", "2021-05"),
            ("figure", "water"),
            ("figure_origin", "安澜区水环境质量月报（2021年5月）"),
            ("figure_values", values),
        ]
    };
    let mut fields = form("白鹿镇 78.5\n某某镇 80\n云溪镇\t八十").to_vec();
    let key = once(&clerk.get("/rank/figures/new").await.text());
    fields.push(("once", &key));
    let refused = clerk.post("/rank/figures/new", &fields).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let page = refused.text();
    assert!(
        page.contains('2') && page.contains('3') && page.contains("某某镇 80"),
        "what was typed stays: {page}"
    );
    step(&clerk, "/rank/figures/new", &form("白鹿镇 78.5\n云溪镇\t91")).await;
    let statement = clerk.get("/rank/2021-05/u-town-1").await.text();
    assert!(statement.contains("measured 78.5") && statement.contains("+7.85"), "{statement}");
    step(&clerk, "/rank/figures/new", &form("白鹿镇 60\n云溪镇 91")).await;
    assert!(
        clerk.get("/rank/2021-05/u-town-1").await.text().contains("+6.00"),
        "given again, they are corrected"
    );
}

#[tokio::test]
async fn a_published_board_is_made_again_whatever_was_renamed_or_corrected_since() {
    let house = house();
    let clerk = house.enter("clerk").await;
    let figures = |values: &'static str| {
        [
            ("rank_period", "2021-05"),
            ("figure", "water"),
            ("figure_origin", "安澜区水环境质量月报（2021年5月）"),
            ("figure_values", values),
        ]
    };
    step(&clerk, "/rank/figures/new", &figures("白鹿镇 78.5\n云溪镇\t91")).await;
    publish(&house).await;
    step(&clerk, "/rank/figures/new", &figures("白鹿镇 60\n云溪镇\t91")).await;
    let books = &house.app.books;
    let town = UnitId::new("u-town-1").unwrap();
    let renamed = Unit { name: "白鹭镇".to_owned(), ..books.reference().office.units[&town].clone() };
    let (person, post) = (PersonId::new("admin").unwrap(), PostId::new("admin").unwrap());
    let by: Actor = books.reference().office.actor(&person, &post, house.app.today()).unwrap();
    let rename = |work: &mut bihuan_store::Work<'_>| {
        work.record(Subject::Unit(town), Act::Office(OfficeAct::UnitSet(renamed))).map(drop)
    };
    books.work(by, house.app.now(), rename).unwrap();
    let boards = books.read(|connection| shelf::list::<Ranking>(connection, 10));
    let (_, published) = boards.map_err(|error: Error| error).unwrap().remove(0);
    let made = make::again(books, &Past::of(books), &published.record).unwrap();
    assert_eq!(made.hash().unwrap(), published.record.newest().unwrap().hash);
}
