//! Fire points on the command line: from a file as published to incidents with their owners.

#![expect(clippy::unwrap_used, reason = "helpers outside the test functions unwrap as well")]

use serde_json::{Value, json};
use std::{
    path::Path,
    process::{Command, Output},
};

const HEADING: &str = "latitude,longitude,bright_ti4,scan,track,acq_date,acq_time,satellite,confidence,version,bright_ti5,frp,daynight\n";

fn incidents(room: &Path, files: &[(&str, &str)], more: &[&str]) -> Output {
    for (name, text) in files {
        std::fs::write(room.join(name), text).unwrap();
    }
    let mut command = Command::new(env!("CARGO_BIN_EXE_bihuan"));
    command
        .current_dir(room)
        .args(["fire", "incidents", "points.csv", "--areas", "towns.geojson"])
        .args(more);
    command.output().unwrap()
}

fn towns() -> String {
    let square = |name: &str, west: f64, east: f64| {
        json!({ "type": "Feature", "properties": { "name": name, "code": 510904 }, "geometry": { "type": "Polygon",
            "coordinates": [[[west, 30.0], [east, 30.0], [east, 31.0], [west, 31.0], [west, 30.0]]] } })
    };
    json!({ "type": "FeatureCollection", "features": [square("汇龙镇", 105.0, 105.45), square("清江镇", 105.45, 106.0)] }).to_string()
}

fn points() -> String {
    let lines = [
        "30.3500,105.4400,330,0.4,0.4,2021-05-21,0510,N,nominal,1.0NRT,290,3.1,D",
        "30.3512,105.4420,340,0.4,0.4,2021-05-21,0510,N,high,1.0NRT,290,5.2,D",
        "30.3512,105.4499,340,0.4,0.4,2021-05-23,18:05,N,low,1.0NRT,290,1.2,N",
        "30.6000,105.7000,340,0.4,0.4,2021-05-21,0510,N,nominal,1.0NRT,290,9.9,D",
        "30.6000,115.7000,340,0.4,0.4,2021-05-21,0510,N,nominal,1.0NRT,290,9.9,D",
        "30.6000,105.7000,340,0.4,0.4,2021-05-21,5 am,N,nominal,1.0NRT,290,9.9,D",
    ];
    format!("{HEADING}{}\n", lines.join("\n"))
}

#[test]
fn points_become_incidents_with_owners_and_what_is_wrong_is_named() {
    let room = tempfile::tempdir().unwrap();
    let kiln = json!({ "features": [{ "properties": { "name": "砖厂" }, "geometry": { "type": "Point", "coordinates": [105.7, 30.601] } }] });
    let files = [("points.csv", points()), ("towns.geojson", towns()), ("kilns.geojson", kiln.to_string())];
    let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (*name, text.as_str())).collect();
    let output = incidents(room.path(), &files, &["--static", "kilns.geojson", "--json"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let found: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&found["read"], found["incidents"].as_array().unwrap().len()), (&json!(5), 2));
    let first = &found["incidents"][0];
    assert_eq!((&first["charge"], &first["owners"][0]["name"]), (&json!("charged"), &json!("汇龙镇")));
    assert_eq!((&first["confidence"], &first["frp_mw"]), (&json!("high"), &json!(5.2)));
    assert_eq!(first["first_at"], "2021-05-21T13:10+08:00");
    let second = &found["incidents"][1];
    assert_eq!((&second["charge"], &second["owners"][0]["name"]), (&json!("to_verify"), &json!("汇龙镇")));
    let sum: f64 =
        second["owners"].as_array().unwrap().iter().map(|owner| owner["probability"].as_f64().unwrap()).sum();
    assert!((sum - 1.0).abs() < 1e-9);
    assert_eq!(found["masked"][0]["source"], "砖厂");
    assert_eq!((&found["faults"][0]["line"], &found["faults"][0]["column"]), (&json!(7), &json!(7)));
    assert_eq!(found["looks"].as_array().unwrap().len(), 4);
    let said = incidents(room.path(), &[], &[]);
    assert!(String::from_utf8_lossy(&said.stdout).contains("汇龙镇"));
}

#[test]
fn files_that_are_none_are_refused_in_both_languages() {
    let room = tempfile::tempdir().unwrap();
    let towns = towns();
    let none = incidents(room.path(), &[("points.csv", "a,b\n1,2\n"), ("towns.geojson", &towns)], &[]);
    assert_eq!(none.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&none.stderr).contains("不是 FIRMS 火点文件"));
    let points = points();
    let broken = incidents(room.path(), &[("points.csv", &points), ("towns.geojson", "{}")], &[]);
    assert_eq!(broken.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&broken.stderr).contains("GeoJSON"));
}
