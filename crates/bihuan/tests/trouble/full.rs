//! No room on the disk: the limit on the size of a file, lowered and raised while the program runs, refuses every write
//! that goes beyond it, wherever in an act that happens to be.

use super::{
    a_task, note,
    program::{Program, bihuan, make_demo, verify},
};
use bihuan_store::FREE_BYTES_MIN;
use std::{
    collections::BTreeSet,
    path::Path,
    process::{Command, Stdio},
};

/// Lets the program write no file beyond this size, or any.
fn limit(program: &Program, bytes: Option<u64>) {
    let size = bytes.map_or("unlimited".to_owned(), |bytes| bytes.to_string());
    let limit =
        ["--pid", &program.process().to_string(), &format!("--fsize={size}:unlimited")].map(str::to_owned);
    assert!(Command::new("prlimit").args(limit).status().unwrap().success());
}

/// A write beyond the limit shall fail, not end the program.
fn serve(dir: &Path) -> Program {
    let mut command = Command::new("sh");
    let program = bihuan(&[]).get_program().to_owned();
    command.args(["-c", "trap '' XFSZ; exec \"$@\"", "sh"]).arg(program).arg("demo");
    Program::serve(command, dir, None)
}

fn files(dir: &Path) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for entry in std::fs::read_dir(dir).unwrap() {
        let entry = entry.unwrap();
        if entry.file_type().unwrap().is_dir() {
            found.extend(files(&entry.path()));
        } else {
            found.insert(entry.path().display().to_string());
        }
    }
    found
}

/// A picture that no compression makes small.
fn noise() -> Vec<u8> {
    let mut state = 7_u32;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        state.to_be_bytes()[0]
    };
    let picture = image::RgbImage::from_fn(400, 300, |_, _| image::Rgb([next(), next(), next()]));
    let mut bytes = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    bytes.into_inner()
}

#[test]
fn acts_are_refused_on_a_full_disk_and_reading_goes_on() {
    let dir = tempfile::tempdir().unwrap();
    make_demo(dir.path(), None);
    let program = serve(dir.path());
    let cookie = program.enter("clerk");
    let task = a_task(&program, &cookie);
    let form = || program.get(&cookie, &format!("{task}/note")).hidden(&format!("{task}/note"));
    let entries = || program.get("", "/healthz").page;
    assert_eq!(note(&program, &cookie, &form(), &task), 303);
    let mut before = entries();

    // From no room at all to room for the beginning of an act.
    let log = dir.path().join("bihuan.db-wal");
    for more in [None, Some(100), Some(4_200), Some(9_000), Some(13_000)] {
        let refused = form();
        let size = std::fs::metadata(&log).unwrap().len();
        limit(&program, Some(more.map_or(0, |more| size + more)));
        for _ in 0..3 {
            assert_eq!(note(&program, &cookie, &refused, &task), 503, "{more:?}");
        }
        for (path, words) in [("/tasks", "AL-"), (task.as_str(), "AL-"), ("/ledger", "checkpoint"), ("/", "")]
        {
            let answer = program.get(&cookie, path);
            assert!(
                answer.status == 200 && answer.page.contains(words),
                "{more:?} {path}: {}",
                answer.status
            );
        }
        assert_eq!(entries(), before, "{more:?}");
        limit(&program, None);
        assert_eq!(note(&program, &cookie, &refused, &task), 303, "{more:?}");
        assert_ne!(entries(), before, "{more:?}");
        before = entries();
    }
    limit(&program, Some(0));
    let refused = program.send_fields(&cookie, &format!("{task}/note"), &form());
    assert_eq!(refused.status, 422, "a form with errors needs no room");
    drop(program);
    let (content, report) = verify(dir.path());
    assert!(content, "{report}");
}

#[test]
fn evidence_is_refused_whole_on_a_full_disk() {
    let dir = tempfile::tempdir().unwrap();
    make_demo(dir.path(), None);
    let program = serve(dir.path());
    let cookie = program.enter("town");
    let list = program.get(&cookie, "/tasks");
    let may_attach = |rest: &str| {
        let address = format!("/tasks/{}/attach", rest.split('"').next()?);
        let page = program.get(&cookie, &address);
        (page.status == 200).then(|| (page.hidden(&address), address))
    };
    let tasks = list.page.split("href=\"/tasks/").filter(|rest| rest.starts_with("AL-"));
    let (mut form, address) = tasks.filter_map(may_attach).next().expect("a task that takes evidence");
    form.push(("role".to_owned(), "before".to_owned()));
    form.push(("caption".to_owned(), String::new()));
    let picture = noise();
    assert!(picture.len() > 300_000);
    let (before, entries) = (files(&dir.path().join("evidence")), program.get("", "/healthz").page);
    let send = || program.send_form(&cookie, &address, &form, &[("排口.png", &picture)]);

    for room in [0, 200_000] {
        limit(&program, Some(room));
        let refused = send();
        assert_eq!(refused.status, 503, "{}", refused.page);
        assert!(refused.page.contains("Cannot write at the moment"), "{}", refused.page);
        assert_eq!(files(&dir.path().join("evidence")), before, "no half of a file is left");
        assert_eq!(program.get("", "/healthz").page, entries);
    }
    limit(&program, None);
    let taken = send();
    assert_eq!(taken.status, 303, "{}", taken.page);
    assert_eq!(files(&dir.path().join("evidence")).len(), before.len() + 1);
    drop(program);
    let (content, report) = verify(dir.path());
    assert!(content, "{report}");
}

/// A file system of its own in memory, taken away at the end.
struct SmallDisk {
    dir: tempfile::TempDir,
}

impl SmallDisk {
    /// Nothing where the tests may not mount; the limit on the size of files shows the same there.
    fn mount(mebibytes: u32) -> Option<SmallDisk> {
        let dir = tempfile::tempdir().unwrap();
        let size = format!("size={mebibytes}m");
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", &size, "tmpfs"]).arg(dir.path()).stderr(Stdio::null());
        mount.status().is_ok_and(|status| status.success()).then_some(SmallDisk { dir })
    }

    /// Takes all space but so much.
    fn leave(&self, bytes: u64) {
        let free = bihuan_store::evidence::free_bytes(self.dir.path()).unwrap();
        let taken = vec![7; usize::try_from(free.saturating_sub(bytes)).unwrap()];
        std::fs::write(self.dir.path().join("taken"), taken).unwrap();
    }

    fn give_back(&self) {
        std::fs::remove_file(self.dir.path().join("taken")).unwrap();
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        drop(Command::new("umount").arg("-l").arg(self.dir.path()).status());
    }
}

#[test]
fn a_small_disk_that_fills_up_is_survived() {
    let Some(disk) = SmallDisk::mount(256) else {
        eprintln!("no file system can be mounted here: the limit on the size of files only");
        return;
    };
    let dir = disk.dir.path().join("books");
    make_demo(&dir, None);
    let program = serve(&dir);
    let cookie = program.enter("clerk");
    let task = a_task(&program, &cookie);
    for left in [FREE_BYTES_MIN - 1024 * 1024, 0] {
        let form = program.get(&cookie, &format!("{task}/note")).hidden(&format!("{task}/note"));
        let entries = program.get("", "/healthz").page;
        disk.leave(left);
        assert_eq!(note(&program, &cookie, &form, &task), 503, "{left} bytes left");
        for path in ["/tasks", &task, "/ledger", "/"] {
            assert_eq!(program.get(&cookie, path).status, 200, "{left} bytes left: {path}");
        }
        assert_eq!(program.get("", "/healthz").page, entries);
        disk.give_back();
        assert_eq!(note(&program, &cookie, &form, &task), 303, "{left} bytes left");
    }
    disk.leave(0);
    drop(program);
    let (content, report) = verify(&dir);
    assert!(content, "books on a full disk can be verified: {report}");
}
