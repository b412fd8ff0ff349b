//! Surface water on the command line: from an agency's table to class, index, trend, effect, and what was wrong in it.

#![expect(clippy::unwrap_used, reason = "helpers outside the test functions unwrap as well")]

use serde_json::{Value, json};
use std::process::{Command, Output};

fn evaluate(table: &str, more: &[&str]) -> Output {
    let room = tempfile::tempdir().unwrap();
    let file = room.path().join("readings.csv");
    std::fs::write(&file, table).unwrap();
    Command::new(env!("CARGO_BIN_EXE_bihuan"))
        .args(["water", "evaluate"])
        .arg(file)
        .args(more)
        .output()
        .unwrap()
}

fn read(output: &Output) -> Value {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Two sections of one river over five years; from 2021-06 the one downstream has less ammonia.
fn years() -> String {
    let mut table = "断面名称,所在河流,采样时间,溶解氧(mg/L),w21003,总磷(μg/L)\n".to_owned();
    for year in 2017..=2021 {
        for month in 1..=12 {
            let ammonia = if (year, month) >= (2021, 6) { "0.60" } else { "1.44" };
            table.push_str(&format!("大安桥,琼澜河,{year}-{month:02}-05,7.6,0.20,90\n"));
            table.push_str(&format!(
                "跑马滩,琼澜河,{year}年{month}月,5.4,{ammonia},{}\n",
                280 - (year - 2017) * 10
            ));
        }
    }
    table
}

#[test]
fn a_table_is_evaluated_by_section_month_and_river() {
    let found = read(&evaluate(&years(), &["--json"]));
    assert_eq!((&found["standard"], &found["readings"]), (&json!("gb3838-2002"), &json!(360)));
    let below = &found["sections"][1];
    let first = &below["months"][0];
    assert_eq!((&first["class"], &first["class_zh"]), (&json!("IV"), &json!("Ⅳ")));
    assert_eq!(
        (&first["main"][0]["code"], &first["main"][0]["multiple"]),
        (&json!("w21003"), &json!("0.44"))
    );
    assert_eq!(first["main"][1]["value"], "0.28");
    // 5/5.4 + 1.44 + 0.28/0.2
    assert_eq!((&first["index"]["value"], &first["index"]["items"]), (&json!("3.7659"), &json!(3)));
    assert_eq!(first["index"]["missing"].as_array().unwrap().len(), 18);
    let last = &below["months"][59];
    assert_eq!(last["year_on_year"]["class_before"], "IV");
    assert_eq!(last["month_on_month"]["index_change"], "0");
    let river = &found["rivers"][0];
    assert_eq!((&river["river"], &river["months"][0]["by_share"]), (&json!("琼澜河"), &json!(false)));
    let trend = below["trends"].as_array().unwrap().iter().find(|trend| trend["code"] == "w21011").unwrap();
    assert!((trend["slope_per_year"].as_f64().unwrap() + 0.01).abs() < 1e-12);
    let annual =
        below["annual_trends"].as_array().unwrap().iter().find(|trend| trend["code"] == "w21011").unwrap();
    assert_eq!((&annual["r"], &annual["is_significant"]), (&json!(-1.0), &json!(true)));
}

#[test]
fn what_came_in_and_what_a_rectification_did_are_shown() {
    let asked = ["--inflow", "大安桥", "--outflow", "跑马滩", "--since", "2021-06", "--json"];
    let found = read(&evaluate(&years(), &asked));
    let passage = &found["passages"][0];
    assert_eq!(
        (&passage["inflow"], &passage["outflow"], &passage["is_worse"]),
        (&json!("II"), &json!("IV"), &json!(true))
    );
    let effect =
        found["effects"].as_array().unwrap().iter().find(|effect| effect["code"] == "w21003").unwrap();
    assert_eq!(
        (&effect["before"], &effect["after"], &effect["net"]),
        (&json!("1.44"), &json!("0.6"), &json!("-0.84"))
    );
    assert_eq!(effect["pairs"].as_array().unwrap().len(), 7);
    let stranger = evaluate(&years(), &["--outflow", "没有的断面"]);
    assert_eq!(stranger.status.code(), Some(2));
}

#[test]
fn faults_are_named_at_their_cells_and_the_rest_is_evaluated() {
    let table = "断面名称,采样时间,氨氮,总磷(NTU)\n甲,2021-06,0.0L5,\n乙,2021-06,0.4,\n丙,无,0.4,\n";
    let output = evaluate(table, &[]);
    assert!(output.status.success());
    let (said, remarks) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(said.contains("乙\t2021-06\tⅡ 优"), "{said}");
    assert!(
        remarks.contains("第2行第3列: 氨氮“0.0L5”不是数") && remarks.contains("row 4, column 2"),
        "{remarks}"
    );
    assert_eq!(evaluate("序号,问题\n1,污水\n", &[]).status.code(), Some(1));
}
