//! The pages in a real Chromium: the whole loop across roles with scripts, without them and by keyboard alone, and every
//! page looked at by axe on three screens. `cargo xtask test` installs what this needs.

use std::{
    path::Path,
    process::{Command, Stdio},
};

/// Plays a script of `tests/browser` in folders of its own.
fn play(script: &str, settings: &[(&str, &str)]) {
    let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/browser");
    assert!(
        here.join("node_modules/playwright-core").is_dir(),
        "the browser tests are not set up; `cargo xtask test` does it"
    );
    let work = tempfile::tempdir().unwrap();
    let (dir, papers) = (work.path().join("demo"), work.path().join("papers"));
    std::fs::create_dir_all(&papers).unwrap();
    let output = Command::new("node")
        .arg(here.join(script))
        .env("BIHUAN", env!("CARGO_BIN_EXE_bihuan"))
        .env("DIR", &dir)
        .env("WORK", &papers)
        .env("VERIFIER", here.join("../../../../docs/ledger/verify.py"))
        .envs(settings.iter().copied())
        .stdin(Stdio::null())
        .output()
        .expect("Node.js is installed");
    let told = String::from_utf8_lossy(&output.stderr).replace('\r', "\n");
    assert!(output.status.success(), "{script} {settings:?}:\n{told}");
}

#[test]
fn the_loop_goes_from_a_word_document_to_a_proved_dossier() {
    play("loop.mjs", &[]);
}

#[test]
fn the_loop_needs_no_scripts() {
    play("loop.mjs", &[("SCRIPTS", "off")]);
}

#[test]
fn the_loop_needs_no_mouse() {
    play("loop.mjs", &[("MOUSE", "off")]);
}

#[test]
fn a_meeting_is_prepared_held_and_followed_and_its_circular_printed() {
    play("meeting.mjs", &[]);
}

#[test]
fn a_month_is_ranked_objected_to_and_corrected() {
    play("rank.mjs", &[]);
}

#[test]
fn a_leader_approves_a_listing_and_the_wall_shows_it() {
    play("boards.mjs", &[]);
}

#[test]
fn every_leaders_page_and_every_chiefs_page_is_one_sheet() {
    play("sheets.mjs", &[]);
}

#[test]
fn the_phone_stores_a_check_in_five_taps_without_network_and_gives_everything_back() {
    play("phone.mjs", &[]);
}

#[test]
fn three_hundred_random_runs_of_the_phones_queue_lose_and_double_nothing() {
    play("phone_runs.mjs", &[]);
}

#[test]
fn every_page_is_accessible_and_fits_every_screen() {
    play("pages.mjs", &[]);
}
