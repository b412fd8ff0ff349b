//! The database goes away while the pages are served, and comes back.

use super::{
    a_task,
    cluster::{Cluster, Wanted},
    note,
    program::{Program, bihuan, make_demo, verify},
};
use std::time::{Duration, Instant};

#[test]
fn pages_say_so_while_the_database_is_gone_and_work_when_it_is_back() {
    let Some(cluster) = Cluster::start(&Wanted::default()) else { return };
    let dir = tempfile::tempdir().unwrap();
    let url = cluster.url();
    make_demo(dir.path(), Some(&url));
    let program = Program::serve(bihuan(&["demo"]), dir.path(), Some(&url));
    let cookie = program.enter("clerk");
    let task = a_task(&program, &cookie);
    let form = program.get(&cookie, &format!("{task}/note")).hidden(&format!("{task}/note"));

    cluster.stop();
    for (language, words) in [("zh-CN", "数据库没有应答"), ("en", "The database does not answer")] {
        for path in ["/tasks", &task, "/ledger", "/"] {
            let begun = Instant::now();
            let answer = program.get_in(language, &cookie, path);
            assert_eq!(answer.status, 503, "{path}");
            assert!(answer.page.contains(words), "{path}: {}", answer.page);
            assert!(begun.elapsed() < Duration::from_secs(10), "{path}: {:?}", begun.elapsed());
        }
    }
    assert_eq!(program.get("", "/healthz").status, 503);
    assert_eq!(note(&program, &cookie, &form, &task), 503);

    cluster.resume();
    for path in ["/tasks", &task, "/ledger", "/", "/healthz"] {
        assert_eq!(program.get(&cookie, path).status, 200, "{path}");
    }
    // The form that was refused is sent again as it was.
    assert_eq!(note(&program, &cookie, &form, &task), 303);
    assert!(program.get(&cookie, &task).page.contains("已电话联系"));
    drop(program);
    let (content, report) = verify(dir.path());
    assert!(content, "{report}");
}
