//! Tasks on screen (任务页面): the list, one task, and a form for each verb of the procedure.

pub mod act;
pub mod attach;
pub mod list;
pub mod show;
pub mod spec;
pub mod split;

mod answer_objection;
mod assign;
mod bulk;
mod check_sustained;
mod claim;
mod clarify;
mod close_notice;
mod decide_extension;
mod extend;
mod file;
pub(crate) mod files;
pub(crate) mod form;
mod gantt;
mod look;
mod look_back;
mod note;
mod object;
mod plan;
mod publish;
mod raise_objection;
mod recheck;
mod remind;
mod reopen;
mod report;
mod resume;
mod review_plan;
mod send_back;
mod set_flag;
pub(crate) mod set_point;
mod sign_off;
mod suspend;
pub(crate) mod timeline;
mod told;
mod transfer;
mod verify;
mod views;
mod void;

use crate::app::App;
use axum::{Router, routing::get};

/// The addresses of tasks.
pub fn router() -> Router<App> {
    Router::new()
        .route("/tasks", get(list::get))
        .route("/tasks/bulk", axum::routing::post(bulk::post))
        .route("/tasks/views", axum::routing::post(views::save))
        .route("/tasks/views/drop", axum::routing::post(views::drop))
        .route("/tasks/{id}", get(show::get))
        .route("/tasks/{id}/attach", get(attach::get).post(attach::post))
        .route("/tasks/{id}/split", get(split::get).post(split::post))
        .route("/tasks/{id}/merge", get(split::get_merge).post(split::post_merge))
        .route("/tasks/{id}/{verb}", get(act::get).post(act::post))
}
