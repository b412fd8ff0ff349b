//! Every role at every address: who may enter gets the page, who may not is told that there is none. Generated from the
//! table of the rules, [`bihuan_rules::access`].

use crate::record::{POSTS, TASK, house};
use axum::http::StatusCode;
use bihuan_rules::{access::Room, id::PostId};

/// The pages of each room.
pub const ADDRESSES: &[(Room, &[&str])] = &[
    (Room::Today, &["/", "/account"]),
    (Room::Tasks, &["/tasks", "/tasks?state=closed&q=河", "/photos", "/photos?state=open"]),
    (Room::Desk, &["/desk"]),
    (Room::Intake, &["/intake"]),
    (Room::Register, &["/problems/new"]),
    (Room::Notices, &["/notices"]),
    (Room::Sustain, &["/sustain"]),
    (Room::Duties, &["/duties", "/duties/print", "/duties/gaps", "/answer", "/answer?field=water"]),
    (Room::Handovers, &["/handovers", "/handovers/new"]),
    (Room::Leaders, &["/leaders"]),
    (Room::Rounds, &["/rounds"]),
    (Room::Missions, &["/missions", "/field"]),
    (Room::Findings, &["/findings", "/findings?state=open", "/findings/map"]),
    (Room::Projects, &["/projects", "/projects?flag=overdue"]),
    (Room::Guarantees, &["/guarantees", "/guarantees?state=owing"]),
    (Room::Rivers, &["/rivers", "/rivers/chiefs/town-1"]),
    (Room::Burden, &["/burden", "/burden?month=2021-05", "/burden/surveys", "/burden/complaints"]),
    (Room::ComplaintBox, &["/complaint-box?page=/tasks", "/complaint-box/sent"]),
    (Room::Office, &["/office"]),
    (Room::Procedure, &["/procedure", "/procedure/text?name=generic"]),
    (Room::ProcedureEdit, &["/procedure/own", "/procedure/own?from=generic"]),
    (Room::Calendar, &["/calendar"]),
    (Room::Ledger, &["/ledger", "/ledger/0", "/ledger/key"]),
    (Room::Past, &["/past", "/past/compare?from=2021-06-10&to=2021-06-11"]),
    (Room::Export, &["/export/tasks"]),
    (Room::Accounts, &["/accounts"]),
    (Room::Audit, &["/audit"]),
];

#[tokio::test]
async fn a_room_is_there_for_those_who_may_enter_and_for_nobody_else() {
    let house = house();
    for (name, ..) in POSTS {
        let browser = house.enter(name).await;
        let reference = house.app.reference();
        let (post, today) = (PostId::new(name).unwrap(), house.app.today());
        let person = bihuan_rules::id::PersonId::new(name).unwrap();
        let actor = reference.office.actor(&person, &post, today).unwrap();
        for (room, addresses) in ADDRESSES {
            for address in *addresses {
                let answer = browser.get(address).await;
                // A room may lead on to a page of its own, such as the year of the calendar.
                let leads_on = answer.status == StatusCode::SEE_OTHER && answer.location.starts_with(address);
                let is_there = answer.status == StatusCode::OK || leads_on;
                assert_eq!(is_there, actor.may_enter(*room), "{name} at {address}: {}", answer.status);
                assert!(
                    is_there || answer.status == StatusCode::NOT_FOUND,
                    "{name} at {address}: {}",
                    answer.status
                );
            }
        }
    }
}

#[tokio::test]
async fn a_stranger_is_led_to_the_sign_in_and_learns_nothing() {
    let house = house();
    let stranger = house.stranger();
    let all = ADDRESSES.iter().flat_map(|(_, addresses)| addresses.iter().copied());
    for address in all.chain([&*format!("/tasks/{TASK}"), "/jobs/1", "/no-such-page"]) {
        // The first page is the sign-in; the public key is public.
        if address == "/" || address == "/ledger/key" {
            continue;
        }
        let answer = stranger.get(address).await;
        let is_led = answer.status == StatusCode::SEE_OTHER && answer.location.starts_with("/sign-in");
        assert!(is_led || answer.status == StatusCode::NOT_FOUND, "{address}: {}", answer.status);
        assert!(!answer.text().contains("白鹿镇"), "{address}");
    }
}
