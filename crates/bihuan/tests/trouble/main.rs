//! The built program in trouble: no room on the disk, no database. Refusals are clear, nothing is half written, reading
//! goes on, and so does the work when the trouble is over.

#[path = "../../../store/tests/server/cluster.rs"]
mod cluster;
mod full;
mod gone;
mod program;

use program::Program;

/// The first task of the clerk's list.
pub fn a_task(program: &Program, cookie: &str) -> String {
    let list = program.get(cookie, "/tasks?state=ordered");
    let address = list.page.split("href=\"/tasks/").find(|rest| rest.starts_with("AL-")).expect("a task");
    format!("/tasks/{}", address.split('"').next().unwrap())
}

/// Sends the form of a remark as it was opened, however often; the status of the answer.
pub fn note(program: &Program, cookie: &str, form: &[(String, String)], task: &str) -> u16 {
    let mut fields = form.to_vec();
    fields.push(("text".to_owned(), "已电话联系".to_owned()));
    program.send_fields(cookie, &format!("{task}/note"), &fields).status
}
