//! The layouts that offices send (handbook 1 §3, L1–L13) and their dirty variants, read and compared field by field
//! with what a person wrote down from the text. Fictional places and problems throughout.

use bihuan_papers::{
    document::{Block, Cell, Cover, Document, Format, GridRow, Paragraph, Table},
    reading::{ReadOptions, Reading, interpret},
};
use serde_json::Value;
use std::{collections::BTreeMap, fs, path::PathBuf};

/// The fields that are compared; a field that is empty on both sides is not counted.
const FIELDS: [&str; 25] = [
    "no",
    "source_no",
    "title",
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
    "kind",
    "city_no",
    "province_no",
    "investigation",
    "accountability",
    "note",
    "cancelled",
    "deadline",
];

/// A document from its text form: `#table [sheet]` … `#end` holds tab-separated rows in which `\n` is a line break, `<` a
/// cell covered from the left, `^` one covered from above and `~text~` a struck cell; other lines are paragraphs.
fn document(source: &str) -> Document {
    let mut blocks = Vec::new();
    let mut table: Option<Table> = None;
    let (mut tables, mut paragraphs) = (0, 0);
    for line in source.lines() {
        if let Some(sheet) = line.strip_prefix("#table") {
            tables += 1;
            table = Some(Table { sheet: sheet.trim().into(), number: tables, ..Table::default() });
        } else if line == "#end" {
            if let Some(mut table) = table.take() {
                let width = table.rows.iter().map(|row| row.cells.len()).max().unwrap_or(0);
                for row in &mut table.rows {
                    row.cells.resize(width, Cell::default());
                }
                blocks.push(Block::Table(table));
            }
        } else if let Some(table) = &mut table {
            let number = u32::try_from(table.rows.len() + 1).unwrap();
            table.rows.push(GridRow { number, cells: line.split('\t').map(cell).collect(), hidden: false });
        } else if !line.trim().is_empty() {
            paragraphs += 1;
            let text = line.replace("\\n", "\n");
            blocks.push(Block::Paragraph(Paragraph { number: paragraphs, text, heading: 0, struck: false }));
        }
    }
    Document { format: Format::Docx, blocks, warnings: Vec::new() }
}

fn cell(text: &str) -> Cell {
    let cover = match text {
        "<" => Cover::Left,
        "^" => Cover::Above,
        _ => Cover::Own,
    };
    let struck = text.len() > 2 && text.starts_with('~') && text.ends_with('~');
    let text = if cover == Cover::Own { text.trim_matches('~').replace("\\n", "\n") } else { String::new() };
    Cell { text, cover, struck }
}

fn corpus() -> Vec<(String, String, Value)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/corpus");
    let mut names: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|end| end == "txt"))
        .collect();
    names.sort();
    names
        .into_iter()
        .map(|path| {
            let name = path.file_stem().unwrap().to_string_lossy().into_owned();
            let expected =
                fs::read_to_string(path.with_extension("json")).unwrap_or_else(|_| panic!("{name}.json"));
            let expected =
                serde_json::from_str(&expected).unwrap_or_else(|error| panic!("{name}.json: {error}"));
            (name, fs::read_to_string(&path).unwrap(), expected)
        })
        .collect()
}

fn options(expected: &Value) -> ReadOptions {
    let day = |key: &str| expected[key].as_str().map(|text| text.parse().unwrap());
    ReadOptions {
        issued_on: day("issued_on"),
        received_on: day("received_on"),
        mapping: None,
        values_only: false,
    }
}

/// A value as it is compared: nothing, an empty text, an empty list and `false` are the same.
fn comparable(value: &Value) -> Value {
    match value {
        Value::Object(map) => {
            let kept: BTreeMap<&String, Value> = map
                .iter()
                .map(|(key, value)| (key, comparable(value)))
                .filter(|(_, value)| !value.is_null())
                .collect();
            if kept.is_empty() { Value::Null } else { serde_json::to_value(kept).unwrap() }
        }
        Value::Array(items) if items.is_empty() => Value::Null,
        Value::String(text) if text.is_empty() => Value::Null,
        Value::Bool(false) => Value::Null,
        other => other.clone(),
    }
}

/// Fields compared and the differences of one document.
fn compare(name: &str, expected: &Value, reading: &Reading) -> (usize, Vec<String>) {
    let mut printed = Vec::new();
    reading.write_json(&mut printed).unwrap();
    let actual: Value = serde_json::from_slice(&printed).unwrap();
    let (mut counted, mut wrong) = (0, Vec::new());
    let empty = Vec::new();
    let wanted = expected["problems"].as_array().unwrap_or(&empty);
    let got = actual["problems"].as_array().unwrap();
    for index in 0..wanted.len().max(got.len()) {
        let (left, right) =
            (wanted.get(index).unwrap_or(&Value::Null), got.get(index).unwrap_or(&Value::Null));
        for field in FIELDS {
            let (want, have) = (comparable(&left[field]), comparable(&right[field]));
            if want.is_null() && have.is_null() {
                continue;
            }
            counted += 1;
            if want != have {
                wrong.push(format!("{name} #{} {field}:\n    want {want}\n    have {have}", index + 1));
            }
        }
    }
    for (key, value) in expected["head"].as_object().into_iter().flatten() {
        counted += 1;
        if actual["head"][key] != *value {
            wrong.push(format!("{name} head.{key}: want {value} have {}", actual["head"][key]));
        }
    }
    for counter in expected["counters"].as_array().into_iter().flatten() {
        counted += 1;
        let found = reading.counters.iter().any(|have| {
            counter["name"] == have.name.as_str()
                && counter["of"].as_str().unwrap_or("") == have.of
                && counter["value"] == have.value
        });
        if !found {
            wrong.push(format!("{name} counter missing: {counter}"));
        }
    }
    for code in expected["warning_codes"].as_array().into_iter().flatten() {
        counted += 1;
        if !reading.warnings.iter().any(|warning| *code == warning.code.as_str()) {
            wrong.push(format!("{name} warning missing: {code}"));
        }
    }
    if let Some(layout) = expected["layout"].as_str() {
        counted += 1;
        if reading.layout != layout {
            wrong.push(format!("{name} layout: want {layout} have {}", reading.layout));
        }
    }
    (counted, wrong)
}

#[test]
fn at_least_ninety_five_percent_of_the_fields_of_the_corpus_are_right() {
    let (mut counted, mut wrong, mut documents) = (0, Vec::new(), 0);
    for (name, source, expected) in corpus() {
        let reading = interpret(&document(&source), &options(&expected));
        let (more, differences) = compare(&name, &expected, &reading);
        counted += more;
        wrong.extend(differences);
        documents += 1;
    }
    let right = counted - wrong.len().min(counted);
    println!("{}", wrong.join("\n"));
    println!(
        "{documents} documents, {counted} fields, {right} right, {:.2} %",
        100.0 * right as f64 / counted as f64
    );
    assert!(documents >= 30, "the corpus has only {documents} documents");
    assert!(right * 100 >= counted * 95, "only {right} of {counted} fields are right");
}

#[test]
fn every_row_of_every_table_is_accounted_for() {
    for (name, source, _) in corpus() {
        let document = document(&source);
        let rows: usize = document
            .blocks
            .iter()
            .map(|block| if let Block::Table(table) = block { table.rows.len() } else { 0 })
            .sum();
        let reading = interpret(&document, &ReadOptions::default());
        let count = &reading.rows;
        assert_eq!(count.all as usize, rows, "{name}: rows in");
        assert_eq!(
            count.drafts + count.continued + count.headings + count.explained,
            count.all,
            "{name}: rows explained, {count:?}"
        );
    }
}

/// Every text of a table that became drafts stands in a raw cell, a warning or a heading.
#[test]
fn no_text_of_a_document_vanishes() {
    for (name, source, _) in corpus() {
        let document = document(&source);
        let reading = interpret(&document, &ReadOptions::default());
        let mut kept: String = reading
            .problems
            .iter()
            .flat_map(|draft| &draft.raw)
            .map(|cell| format!("{}{}", cell.title, cell.text))
            .collect();
        kept.extend(reading.warnings.iter().map(|warning| warning.zh.as_str()));
        kept.extend(reading.columns.iter().map(|column| column.title.as_str()));
        kept.extend(
            reading.counters.iter().map(|counter| format!("{}{}{}", counter.name, counter.of, counter.value)),
        );
        let squeeze = |text: &str| text.chars().filter(|sign| sign.is_alphanumeric()).collect::<String>();
        let kept = squeeze(&kept);
        for block in &document.blocks {
            let Block::Table(table) = block else { continue };
            for cell in table.rows.iter().flat_map(|row| &row.cells) {
                let text: String = squeeze(&cell.text).chars().take(20).collect();
                assert!(kept.contains(&text), "{name}: “{text}” vanished");
            }
        }
    }
}
