//! The procedures that come with the program (规则集), and values that no procedure may have.

use bihuan_rules::ruleset::{Flaw, RULESET_BYTES_MAX, Ruleset, shipped, shipped_text};
use std::collections::BTreeSet;

const GENERIC: &str = include_str!("../../../rulesets/generic.toml");

#[test]
fn the_shipped_rulesets_can_be_read_and_the_sichuan_one_is_the_default() {
    let names: Vec<String> = shipped().into_iter().map(|ruleset| ruleset.name).collect();
    assert_eq!(names, ["sichuan-2021", "generic", "shandong-six-steps", "anhui-standards"]);
    assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len());
}

#[test]
fn every_shipped_ruleset_names_its_sources_and_two_titles() {
    for ruleset in shipped() {
        assert!(!ruleset.sources.is_empty(), "{}", ruleset.name);
        assert!(!ruleset.title_zh.is_empty() && !ruleset.title_en.is_empty(), "{}", ruleset.name);
    }
}

#[test]
fn every_shipped_file_is_among_the_shipped_rulesets() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../rulesets");
    let files = std::fs::read_dir(folder).expect("the folder of the rulesets is there");
    let files =
        files.filter_map(Result::ok).filter(|file| file.path().extension().is_some_and(|e| e == "toml"));
    let on_disk: BTreeSet<String> =
        files.filter_map(|file| Some(file.path().file_stem()?.to_str()?.to_owned())).collect();
    assert_eq!(on_disk, shipped().into_iter().map(|ruleset| ruleset.name).collect());
}

/// The generic ruleset with one line replaced must be refused for this reason.
#[track_caller]
fn refused(line: &str, instead: &str, reason: &str) {
    assert!(GENERIC.contains(line), "the generic ruleset no longer has the line {line}");
    let error = Ruleset::read(&GENERIC.replacen(line, instead, 1)).expect_err("a bad ruleset was accepted");
    assert!(error.to_string().contains(reason), "{error}");
}

#[test]
fn a_verification_without_a_checker_is_no_verification() {
    refused("checkers_min = 2", "checkers_min = 0", "checker");
}

#[test]
fn a_verification_that_cannot_fail_is_no_verification() {
    refused(r#"["pass", "pass_with_follow_ups", "not_pass"]"#, r#"["pass"]"#, "not to pass");
}

#[test]
fn the_lead_unit_cannot_be_made_the_signer() {
    refused(r#"by = "committee""#, r#"by = "responsible""#, "signs");
}

#[test]
fn a_notice_of_no_days_is_no_notice() {
    refused(r#"term = "5wd""#, r#"term = "0wd""#, "at least one day");
}

#[test]
fn a_notice_that_appears_nowhere_is_no_notice() {
    refused(r#"channels = ["政府网站"]"#, "channels = []", "channel");
}

#[test]
fn the_district_cannot_re_check_itself() {
    refused(r#"province = "city""#, r#"province = "county""#, "above the county");
}

#[test]
fn no_kind_of_task_closes_without_evidence() {
    refused(r#"policy = ["document"]"#, "policy = []", "evidence");
    refused("policy = [\"document\"]\n", "", "evidence");
}

#[test]
fn a_misspelled_key_is_refused_instead_of_ignored() {
    refused("minutes = true", "minuets = true", "minuets");
}

#[test]
fn a_term_without_a_unit_is_refused() {
    refused(r#"plan = "30wd""#, r#"plan = "30""#, "30");
}

#[test]
fn everything_wrong_is_named_with_its_line() {
    let text = GENERIC.replacen("checkers_min = 2", "checkers_min = 0", 1).replacen(
        r#"channels = ["政府网站"]"#,
        r#"channels = [" "]"#,
        1,
    );
    let faults = Ruleset::check(&text).expect_err("two values are wrong");
    let line =
        |wanted: &str| (1..).zip(text.lines()).find(|(_, line)| line.contains(wanted)).map(|(at, _)| at);
    let at: Vec<_> = faults.iter().map(|fault| fault.line).collect();
    assert_eq!(at, [line("checkers_min"), line("channels")]);

    let misspelt = GENERIC.replacen("minutes = true", "minuets = true", 1);
    let faults = Ruleset::check(&misspelt).expect_err("a misspelt key");
    assert_eq!(faults[0].flaw, Flaw::UnknownKey("minuets".to_owned()));
    assert_eq!(
        faults[0].line,
        (1..).zip(misspelt.lines()).find(|(_, l)| l.contains("minuets")).map(|(n, _)| n)
    );
    let faults = Ruleset::check(&GENERIC.replacen("plan = \"30wd\"\n", "", 1)).expect_err("a missing key");
    assert_eq!(faults[0].flaw, Flaw::MissingKey("plan".to_owned()));
}

#[test]
fn a_name_that_no_address_can_hold_is_refused() {
    refused(r#"name = "generic""#, r#"name = "Our own/1""#, "lower-case");
    refused(r#"name = "generic""#, r#"name = """#, "lower-case");
}

#[test]
fn look_backs_follow_one_another() {
    refused("look_back_months = [3, 12]", "look_back_months = [12, 3]", "follow one another");
    refused("look_back_months = [3, 12]", "look_back_months = [0]", "follow one another");
}

#[test]
fn a_text_out_of_all_proportion_is_not_read() {
    let long = format!("{GENERIC}\n# {}", "x".repeat(RULESET_BYTES_MAX));
    assert!(matches!(Ruleset::check(&long).expect_err("too long")[0].flaw, Flaw::TooLong(_)));
}

#[test]
fn the_text_of_a_shipped_ruleset_is_its_file() {
    assert_eq!(shipped_text("generic"), Some(GENERIC));
    assert_eq!(shipped_text("elsewhere"), None);
}
