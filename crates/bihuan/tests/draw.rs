//! Draws on the command line: drawn, published, repeated by the program and by a script that shares no code with it.

#![expect(clippy::unwrap_used, reason = "helpers outside the test functions unwrap as well")]

use serde_json::{Value, json};
use std::{
    path::{Path, PathBuf},
    process::{Command, Output},
};

fn bihuan(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_bihuan")).arg("draw").args(arguments).output().unwrap()
}

fn python(arguments: &[&str]) -> Option<Output> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/draws/recompute.py");
    let output = Command::new("python3").arg(script).args(arguments).output();
    if output.is_err() {
        eprintln!("NOTICE: there is no python3 here, the independent script was not run");
    }
    output.ok()
}

fn out(output: &Output) -> Value {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

fn write(room: &Path, name: &str, value: &Value) -> PathBuf {
    let path = room.join(name);
    std::fs::write(&path, value.to_string()).unwrap();
    path
}

/// A frame of many shapes: factors, fields, Chinese numbers, certainties, reserves, units set apart.
fn frame(size: u64) -> Value {
    let unit = |at: u64| match at % 3 {
        0 => json!({ "id": format!("案-{at:03}"), "weight": 1 + at * 7 % 11, "field": "水" }),
        1 => json!({ "id": format!("P-{at}"), "factors": [{ "what": "严重程度", "times": 1 + at % 3 }] }),
        _ => json!({ "id": format!("p-{at}") }),
    };
    json!({
        "title": "2021年6月回头看", "draw": 1 + size / 4, "reserves": size / 8,
        "units": (0..size).map(unit).chain([json!({ "id": "重", "weight": 500 })]).collect::<Vec<_>>(),
        "excluded": [{ "id": "x-1", "reason": "在建" }], "purposive": [{ "id": "x-2", "reason": "区长点名" }],
    })
}

#[test]
fn the_program_and_the_independent_script_draw_the_same() {
    let room = tempfile::tempdir().unwrap();
    for size in [1_u64, 2, 7, 40, 150] {
        let frame = write(room.path(), "frame.json", &frame(size));
        for seed in ["anju|huitoukan|2021-06|6b6e0f", "种子"] {
            let drawn =
                out(&bihuan(&["look-back", "--input", frame.to_str().unwrap(), "--seed", seed, "--json"]));
            let Some(again) = python(&[frame.to_str().unwrap(), seed]) else { return };
            let again = out(&again);
            for part in ["frame_sha256", "drawn", "reserves"] {
                assert_eq!(drawn[part], again[part], "{part} of {size} with {seed}");
            }
            let published = write(room.path(), "draw.json", &drawn);
            assert_eq!(python(&[published.to_str().unwrap()]).unwrap().status.code(), Some(0));
        }
    }
}

#[test]
fn a_draw_by_ceremony_verifies_and_a_changed_frame_is_detected_by_both() {
    let room = tempfile::tempdir().unwrap();
    let path = |name: &str| room.path().join(name).to_str().unwrap().to_owned();
    write(room.path(), "frame.json", &frame(20));
    let parties: Vec<Value> = ["环委办", "汇龙镇"]
        .iter()
        .map(|name| {
            let output = bihuan(&["commit"]);
            let text = String::from_utf8(output.stdout).unwrap();
            let word = |at: usize| text.split_whitespace().nth(at).unwrap().to_owned();
            json!({ "name": name, "commitment": word(1), "secret": word(3) })
        })
        .collect();
    write(room.path(), "ceremony.json", &json!({ "parties": parties, "public_value": "第7次会议" }));
    let digest = bihuan(&["digest", "--input", &path("frame.json")]).stdout;
    let digest = String::from_utf8(digest).unwrap();
    let look_back =
        ["look-back", "--input", &path("frame.json"), "--ceremony", &path("ceremony.json"), "--json"];
    let mut drawing = out(&bihuan(&look_back));
    write(room.path(), "draw.json", &drawing);
    let draw = path("draw.json");
    let ceremony = path("ceremony.json");
    let verify = ["verify", "--input", &draw, "--frame-sha256", digest.trim(), "--ceremony", &ceremony];
    assert!(bihuan(&verify).status.success());

    drawing["frame"]["units"][3]["weight"] = json!(9);
    write(room.path(), "draw.json", &drawing);
    let told = bihuan(&verify);
    assert_eq!(told.status.code(), Some(1));
    let told = String::from_utf8(told.stdout).unwrap();
    assert!(told.contains("frame_sha256") && told.contains("not the one whose digest"), "{told}");
    assert_eq!(python(&[&draw]).map_or(Some(1), |output| output.status.code()), Some(1));

    let mut refused = parties;
    refused[1].as_object_mut().unwrap().remove("secret");
    write(room.path(), "ceremony.json", &json!({ "parties": refused, "public_value": "第7次会议" }));
    let told = bihuan(&look_back);
    assert_eq!(told.status.code(), Some(1));
    assert!(String::from_utf8(told.stderr).unwrap().contains("抽签作废:汇龙镇没有公开秘密值"));
}

#[test]
fn findings_become_a_rate_with_its_interval_and_the_workbook_is_written() {
    let room = tempfile::tempdir().unwrap();
    let path = |name: &str| room.path().join(name).to_str().unwrap().to_owned();
    write(room.path(), "frame.json", &frame(40));
    let (frame, xlsx) = (path("frame.json"), path("draw.xlsx"));
    let look_back = ["look-back", "--input", &frame, "--seed", "x", "--json", "--xlsx", &xlsx];
    let drawing = out(&bihuan(&look_back));
    let first = std::fs::read(&xlsx).unwrap();
    out(&bihuan(&look_back));
    assert_eq!(std::fs::read(&xlsx).unwrap(), first, "the same draw gives the same bytes");
    let findings: Vec<Value> = drawing["drawn"]
        .as_array()
        .unwrap()
        .iter()
        .enumerate()
        .map(|(at, id)| json!({ "id": id, "rebounded": at % 5 == 0 }))
        .collect();
    write(room.path(), "draw.json", &drawing);
    write(room.path(), "findings.json", &json!(findings));
    let rates = out(&bihuan(&[
        "estimate",
        "--input",
        &path("draw.json"),
        "--findings",
        &path("findings.json"),
        "--json",
    ]));
    let whole = &rates["rates"][0]["estimate"];
    assert_eq!(whole["population"], 41);
    assert!(whole["lower"].as_f64() < whole["hajek"].as_f64());
}

#[test]
fn program_and_script_agree_on_who_steps_in_and_refuse_another_reserve_or_a_stranger() {
    let room = tempfile::tempdir().unwrap();
    let path = |name: &str| room.path().join(name).to_str().unwrap().to_owned();
    write(room.path(), "frame.json", &frame(40));
    let drawing = out(&bihuan(&["look-back", "--input", &path("frame.json"), "--seed", "x", "--json"]));
    write(room.path(), "draw.json", &drawing);
    let reserve = |n: usize| drawing["reserves"][n].as_str().unwrap().to_owned();
    let drawn = |n: usize| drawing["drawn"][n].as_str().unwrap().to_owned();
    let absent = |id: &str, reserve: &str| json!({ "id": id, "reason": "道路中断", "reserve": reserve });
    let good = json!([
        absent(&drawn(3), &reserve(0)),
        absent(&reserve(0), &reserve(1)),
        absent(&drawn(0), &reserve(2))
    ]);
    let picked = json!([absent(&drawn(3), &reserve(1))]);
    let stranger = json!([absent(&reserve(2), &reserve(0))]);
    for (name, list, accepted) in
        [("good", &good, true), ("picked", &picked, false), ("stranger", &stranger, false)]
    {
        write(room.path(), "absent.json", list);
        let told =
            bihuan(&["reserves", "--input", &path("draw.json"), "--absent", &path("absent.json"), "--json"]);
        assert_eq!(told.status.success(), accepted, "{name}: {}", String::from_utf8_lossy(&told.stderr));
        if let Some(script) = python(&[&path("draw.json"), &path("absent.json")]) {
            assert_eq!(
                script.status.success(),
                accepted,
                "{name}: {}",
                String::from_utf8_lossy(&script.stdout)
            );
        }
    }
    let open: Vec<Value> =
        good.as_array().unwrap().iter().map(|each| json!({ "id": each["id"], "reason": "x" })).collect();
    write(room.path(), "absent.json", &json!(open));
    let told = out(&bihuan(&[
        "reserves",
        "--input",
        &path("draw.json"),
        "--absent",
        &path("absent.json"),
        "--json",
    ]));
    let stepped: Vec<&str> =
        told["stepped_in"].as_array().unwrap().iter().map(|each| each["reserve"].as_str().unwrap()).collect();
    assert_eq!(stepped, [reserve(0), reserve(1), reserve(2)]);
}

#[test]
fn a_frame_that_cannot_be_understood_is_refused_with_the_place() {
    let room = tempfile::tempdir().unwrap();
    let frame =
        write(room.path(), "frame.json", &json!({ "draw": 1, "units": [{ "id": "a", "wieght": 2 }] }));
    let told = bihuan(&["look-back", "--input", frame.to_str().unwrap(), "--seed", "x"]);
    assert_eq!(told.status.code(), Some(2));
    let told = String::from_utf8(told.stderr).unwrap();
    assert!(told.contains("wieght") && told.contains("line 1"), "{told}");
    assert!(told.contains("内容看不懂"), "{told}");
    let frame = write(room.path(), "frame.json", &json!({ "draw": 3, "units": [{ "id": "a" }] }));
    let told = bihuan(&["look-back", "--input", frame.to_str().unwrap(), "--seed", "x"]);
    let told = String::from_utf8(told.stderr).unwrap();
    assert!(told.contains("要抽3件,抽样框里只有1件") && told.contains("3 are to be drawn"), "{told}");
}

#[test]
fn the_plan_of_the_documentation_is_drawn_optimised_and_checked_and_a_bent_result_does_not_hold() {
    let room = tempfile::tempdir().unwrap();
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/draws/cross.md");
    let page = std::fs::read_to_string(page).unwrap();
    let example = page.split("```json").nth(1).unwrap().split("```").next().unwrap();
    let plan = write(room.path(), "plan.json", &serde_json::from_str(example).unwrap());
    let plan = plan.to_str().unwrap();
    let modes: [&[&str]; 2] = [&[], &["--mode", "optimised", "--steps", "20000"]];
    for mode in modes {
        let mut arguments = vec!["cross", "--input", plan, "--seed", "x", "--json"];
        arguments.extend(mode);
        let mut result = out(&bihuan(&arguments));
        assert_eq!(result, out(&bihuan(&arguments)), "the same seed gives the same plan");
        let path = write(room.path(), "result.json", &result);
        let check = ["cross", "--input", plan, "--check", path.to_str().unwrap(), "--json"];
        assert_eq!(out(&bihuan(&check))["holds"], true);
        let first = result["rounds"][0]["visits"][0]["team"].clone();
        result["rounds"][0]["visits"][1]["team"] = first;
        write(room.path(), "result.json", &result);
        let told = bihuan(&check);
        assert_eq!(told.status.code(), Some(1));
    }
}

#[test]
fn rules_that_exclude_each_other_are_told_in_words() {
    let room = tempfile::tempdir().unwrap();
    let plan = json!({ "teams": [{ "id": "甲" }, { "id": "乙" }], "targets": [{ "id": "甲" }, { "id": "乙" }],
        "distances": [[0, 1], [1, 0]] });
    let plan = write(room.path(), "plan.json", &plan);
    let told = bihuan(&["cross", "--input", plan.to_str().unwrap(), "--seed", "x"]);
    assert_eq!(told.status.code(), Some(1));
    let told = String::from_utf8(told.stderr).unwrap();
    assert!(told.contains("检查组不查本单位、同一轮不互查") && told.contains("check each other"), "{told}");
}
