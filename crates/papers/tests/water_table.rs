//! Tables of water readings as agencies lay them out, with what is wrong in them.

#![expect(clippy::unwrap_used, reason = "helpers outside the test functions unwrap as well")]

use bihuan_papers::{
    container::{Limits, open},
    water_table::{Figure, Term, WaterTable, When, figure, read},
};

fn terms() -> Vec<Term> {
    let term = |code: &str, names: &[&str]| Term {
        code: code.to_owned(),
        names: names.iter().map(|name| (*name).to_owned()).collect(),
        is_ph: code == "w01001",
    };
    vec![
        term("w01001", &["pH", "pH值"]),
        term("w21003", &["氨氮", "NH3-N"]),
        term("w21011", &["总磷", "TP"]),
        term("w01018", &["化学需氧量", "COD", "CODCr"]),
    ]
}

fn table(text: &str) -> WaterTable {
    read(&open(text.as_bytes(), "readings.csv", &Limits::default()).unwrap(), &terms())
}

/// Section, month, code, number with `<` below detection, unit.
fn lines(table: &WaterTable) -> Vec<String> {
    let terms = terms();
    let line = |reading: &bihuan_papers::water_table::Reading| {
        let flag = if reading.is_below { "<" } else { "" };
        format!(
            "{} {}-{:02} {} {flag}{}{}",
            table.sections[reading.section].name,
            reading.when.year,
            reading.when.month,
            terms[reading.term].code,
            reading.number,
            reading.unit
        )
    };
    table.readings.iter().map(line).collect()
}

fn faults(table: &WaterTable) -> Vec<(u32, u32, &str)> {
    table.faults.iter().map(|fault| (fault.place.row, fault.place.column, fault.code.as_str())).collect()
}

#[test]
fn a_wide_table_with_names_and_units_in_the_heading() {
    let found = table(
        "断面名称,所在河流,采样时间,pH值(无量纲),氨氮（mg/L）,总磷(以P计)(mg/L),水质类别\n\
         大安桥,琼澜河,2021-06-11 08:30,7.8,0.42,0.01L,Ⅱ\n\
         跑马滩,琼澜河,2021年6月,8.1,<0.025,/,Ⅱ\n",
    );
    assert_eq!(
        lines(&found),
        [
            "大安桥 2021-06 w01001 7.8无量纲",
            "大安桥 2021-06 w21003 0.42mg/l",
            "大安桥 2021-06 w21011 <0.01mg/l",
            "跑马滩 2021-06 w01001 8.1无量纲",
            "跑马滩 2021-06 w21003 <0.025mg/l"
        ]
    );
    assert_eq!(found.sections[0].river, "琼澜河");
    assert!(found.faults.is_empty() && found.notices.is_empty(), "{found:?}");
}

#[test]
fn codes_as_headings_and_codes_below_names() {
    let codes = table("站点名称,监测时间,w21003,W21011\n甲,2021/7/1,1.2,0.3\n");
    assert_eq!(lines(&codes), ["甲 2021-07 w21003 1.2", "甲 2021-07 w21011 0.3"]);
    let both = table("断面,年,月,氨氮,总磷\n,,,w21003,w21011\n,,,mg/L,μg/L\n甲,2021,7,1.2,300\n");
    assert_eq!(lines(&both), ["甲 2021-07 w21003 1.2mg/l", "甲 2021-07 w21011 300μg/l"]);
}

#[test]
fn a_heading_of_two_levels_with_a_class_beside_each_figure() {
    let found = table(
        "2021年8月地表水监测结果表,,,,,\n序号,断面名称,氨氮,,总磷,\n,,监测值,类别,监测值,类别\n1,甲,0.4,Ⅱ,0.15,Ⅲ\n2,乙,1.7,Ⅴ,0.31,Ⅴ\n,平均值,1.05,,0.23,\n",
    );
    let expected = [
        "甲 2021-08 w21003 0.4",
        "甲 2021-08 w21011 0.15",
        "乙 2021-08 w21003 1.7",
        "乙 2021-08 w21011 0.31",
    ];
    assert_eq!(lines(&found), expected);
    assert_eq!(found.notices.len(), 1);
    assert_eq!(found.notices[0].code, "summary_row");
}

#[test]
fn merged_cells_of_a_sheet_reach_over_columns_and_rows() {
    let html = "<table><tr><th rowspan=2>断面名称</th><th rowspan=2>采样日期</th><th colspan=2>监测项目</th></tr>\
        <tr><th>氨氮</th><th>化学需氧量CODCr</th></tr>\
        <tr><td rowspan=2>甲</td><td>2021-06-01</td><td>0.4</td><td>12</td></tr>\
        <tr><td>2021-06-15</td><td>0.5</td><td>ND</td></tr></table>";
    let found = read(&open(html.as_bytes(), "a.html", &Limits::default()).unwrap(), &terms());
    assert_eq!(lines(&found), ["甲 2021-06 w21003 0.4", "甲 2021-06 w01018 12", "甲 2021-06 w21003 0.5"]);
    assert_eq!(faults(&found), [(4, 4, "no_limit")]);
}

#[test]
fn a_long_table_with_codes_units_and_flags() {
    let found = table(
        "断面名称,监测日期,项目编码,监测值,单位,检出标识\n甲,20210611,w21003,0.42,mg/L,\n甲,20210611,w21011,0.01,mg/L,L\n甲,20210611,w99999,3,mg/L,\n",
    );
    assert_eq!(lines(&found), ["甲 2021-06 w21003 0.42mg/l", "甲 2021-06 w21011 <0.01mg/l"]);
    assert_eq!(found.notices[0].code, "unknown_item");
}

#[test]
fn what_is_wrong_is_named_at_its_row_and_column_and_the_rest_is_taken() {
    let found = table(
        "断面名称,采样时间,pH,氨氮,总磷,浊度\n\
         甲,2021-06-11,7.9,0..4,0.1,3\n\
         ,2021-06-11,7.9,0.4,0.1,3\n\
         乙,6月,7.9,0.4,0.1,3\n\
         丙,2021-02-30,7.9,0.4,0.1,3\n\
         丁,2021-06-11,79,-0.4,未检出,3\n\
         甲,2021-06-11,,,0.2,3\n\
         戊,2021-06-11,—,停测,＜0.01,3\n",
    );
    assert_eq!(lines(&found), ["甲 2021-06 w01001 7.9", "甲 2021-06 w21011 0.1", "戊 2021-06 w21011 <0.01"]);
    assert_eq!(
        faults(&found),
        [
            (2, 4, "no_number"),
            (3, 1, "no_section"),
            (4, 2, "no_date"),
            (5, 2, "no_date"),
            (6, 3, "no_ph"),
            (6, 4, "negative"),
            (6, 5, "no_limit"),
            (7, 5, "twice")
        ]
    );
    assert_eq!(
        found.notices.iter().map(|notice| notice.code.as_str()).collect::<Vec<_>>(),
        ["unknown_column"]
    );
}

#[test]
fn a_row_of_detection_limits_serves_the_cells_that_say_nd() {
    let found = table("断面名称,采样时间,氨氮,总磷\n检出限,,0.025,0.01\n甲,2021-06-11,ND,未检出\n");
    assert_eq!(lines(&found), ["甲 2021-06 w21003 <0.025", "甲 2021-06 w21011 <0.01"]);
}

#[test]
fn another_table_is_no_table_of_readings() {
    assert_eq!(faults(&table("序号,问题,责任单位\n1,污水直排,区住建局\n")), [(1, 0, "no_water_table")]);
}

#[test]
fn figures_and_dates_as_people_write_them() {
    for (text, expected) in [
        ("0.42", Figure::Number("0.42".into())),
        ("１．２", Figure::Number("1.2".into())),
        ("2.4×10^4", Figure::Number("2.4e4".into())),
        ("1,200", Figure::Number("1200".into())),
        ("0.01L", Figure::Below("0.01".into())),
        ("0.01(L)", Figure::Below("0.01".into())),
        ("小于0.01", Figure::Below("0.01".into())),
        ("≥24000", Figure::AtLeast("24000".into())),
        ("ND", Figure::BelowUnknown),
        ("-", Figure::Missing),
        ("-1", Figure::Negative),
        ("1.2.3", Figure::Unclear),
        ("约1", Figure::Unclear),
    ] {
        assert_eq!(figure(text), expected, "{text}");
    }
    let when = |text: &str| When::read(text).map(|when| (when.year, when.month, when.day, when.minute));
    assert_eq!(when("2021/6/11 8:05"), Some((2021, 6, 11, 485)));
    assert_eq!(when("２０２１年６月"), Some((2021, 6, 0, 0)));
    assert_eq!(when("202106"), Some((2021, 6, 0, 0)));
    assert_eq!((when("6月"), when("2021-13"), when("21-6-1"), when("")), (None, None, None, None));
}
