//! Files as offices publish them, in every format, read through the container and compared field by field with what a
//! person wrote down from the page before the reader saw it. Layouts and phrasing follow published plans, notices,
//! complaint tables and action plans of many provinces; places, people and problems are invented.

use bihuan_papers::{
    ReadOptions, Reading, read,
    writing::{OwnRow, own_layout_of},
};
use jiff::civil::date;
use serde_json::Value;
use std::{fs, path::PathBuf};
use unicode_normalization::UnicodeNormalization;

const FIELDS: [&str; 16] = [
    "no",
    "source_no",
    "description",
    "goal",
    "measures",
    "lead_units",
    "co_units",
    "responsible_units",
    "leader",
    "person",
    "supervising_unit",
    "acceptance_unit",
    "progress",
    "status",
    "truth",
    "area",
];

/// What a field says: full-width forms, white space and the closing stop make no difference; nothing is null.
fn said(value: &Value) -> Value {
    match value {
        Value::String(text) => {
            let text: String = text.nfkc().filter(|sign| !sign.is_whitespace()).collect();
            let text = text.trim_end_matches(['。', ';', ',']);
            if text.is_empty() { Value::Null } else { text.into() }
        }
        Value::Array(items) if items.is_empty() => Value::Null,
        Value::Array(items) => items.iter().map(said).collect(),
        Value::Bool(false) => Value::Null,
        other => other.clone(),
    }
}

/// One field that was compared.
struct Compared {
    right: bool,
    /// The reader said that a person must look.
    told: bool,
    what: String,
}

fn field(name: &str, expected: &Value, have: &Value, told: bool, also: &Value) -> Option<Compared> {
    let (want, have) = (said(expected), said(have));
    if want.is_null() && have.is_null() {
        return None;
    }
    let also = also.as_array().is_some_and(|others| others.iter().any(|other| said(other) == have));
    Some(Compared { right: want == have || also, told, what: format!("{name}: want {want} have {have}") })
}

fn printed(reading: &Reading) -> Value {
    let mut printed = Vec::new();
    reading.write_json(&mut printed).unwrap();
    serde_json::from_slice(&printed).unwrap()
}

fn expectations() -> Vec<Value> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/published");
    let mut names: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|end| end == "json"))
        .collect();
    names.sort();
    names.iter().map(|path| serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()).collect()
}

fn compare(expected: &Value) -> Vec<Compared> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/published");
    let file = expected["file"].as_str().unwrap();
    let day = |key: &str| expected[key].as_str().map(|text| text.parse().unwrap());
    let options = ReadOptions {
        issued_on: day("issued_on"),
        received_on: day("received_on"),
        ..ReadOptions::default()
    };
    let actual = printed(&read(&fs::read(folder.join(file)).unwrap(), file, &options).unwrap());
    let (wanted, got) = (expected["problems"].as_array().unwrap(), actual["problems"].as_array().unwrap());
    let mut out = Vec::new();
    if wanted.len() != got.len() {
        let what = format!("{file}: {} problems, {} read", wanted.len(), got.len());
        out.push(Compared { right: false, told: false, what });
    }
    for (index, (want, have)) in wanted.iter().zip(got).enumerate() {
        let unsure =
            |field: &str| have["unsure"].as_array().unwrap().iter().any(|unsure| unsure["field"] == field);
        for name in FIELDS {
            let skipped =
                expected["not_compared"].as_array().is_some_and(|names| names.contains(&name.into()));
            let label = format!("{file} #{} {name}", index + 1);
            if !skipped {
                let also = &expected["also_right"][name];
                out.extend(field(&label, &want[name], &have[name], unsure(name), also));
            }
        }
        for part in ["text", "dates", "immediate", "sustain"] {
            let label = format!("{file} #{} deadline.{part}", index + 1);
            let (want, have) = (&want["deadline"][part], &have["deadline"][part]);
            out.extend(field(&label, want, have, unsure("deadline"), &Value::Null));
        }
        if let Some(title) = want.get("title") {
            let label = format!("{file} #{} title", index + 1);
            out.extend(field(&label, title, &have["title"], false, &expected["also_right"]["title"]));
        }
    }
    out
}

#[test]
fn published_files_are_read_field_by_field_and_no_error_is_silent() {
    let expectations = expectations();
    let compared: Vec<Compared> = expectations.iter().flat_map(compare).collect();
    let right = compared.iter().filter(|field| field.right).count();
    for wrong in compared.iter().filter(|field| !field.right) {
        println!("{}{}", if wrong.told { "told   " } else { "SILENT " }, wrong.what);
    }
    println!("{} documents, {} fields, {right} right", expectations.len(), compared.len());
    let silent = compared.iter().filter(|field| !field.right && !field.told).count();
    assert!(expectations.len() >= 40, "only {} documents", expectations.len());
    assert!(right * 100 >= compared.len() * 97, "only {right} of {} fields are right", compared.len());
    assert_eq!(silent, 0, "wrong fields that nobody was told of");
}

#[test]
fn a_published_table_goes_back_in_its_own_columns_and_reads_the_same() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/published");
    let day = date(2021, 6, 30);
    let options = ReadOptions { issued_on: Some(day), ..ReadOptions::default() };
    let mut tables = 0;
    let mut wrong = Vec::new();
    for expected in expectations() {
        let file = expected["file"].as_str().unwrap();
        let first = read(&fs::read(folder.join(file)).unwrap(), file, &options).unwrap();
        let one_table = first.columns.iter().all(|column| column.table == first.columns[0].table);
        if !matches!(first.layout.as_str(), "table" | "complaints") || !one_table {
            continue;
        }
        tables += 1;
        let headings: Vec<String> = first.columns.iter().map(|column| column.title.clone()).collect();
        let rows: Vec<OwnRow> = first.problems.iter().map(OwnRow::from).collect();
        let again = own_layout_of(&headings, &rows).to_xlsx(day).unwrap();
        let second = read(&again, "x.xlsx", &options).unwrap();
        let (first, second) = (printed(&first), printed(&second));
        let (before, after) = (first["problems"].as_array().unwrap(), second["problems"].as_array().unwrap());
        if before.len() != after.len() {
            wrong.push(format!("{file}: {} problems became {}", before.len(), after.len()));
        }
        for (one, other) in before.iter().zip(after) {
            for name in FIELDS.into_iter().chain(["deadline", "title", "kind", "note"]) {
                if one[name] != other[name] {
                    wrong.push(format!("{file} {name}: {} became {}", one[name], other[name]));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(tables >= 25, "only {tables} tables");
}
