//! The lint on a set of drafts, half of them clean: what it finds, and what it finds wrongly.

use std::collections::BTreeSet;

use bihuan_papers::writing::official::{
    Attachment, Block, DocumentNumber, Form, OfficialPaper, Text,
    lint::{Facts, lint},
};

use super::DAY;

const OFFICE: &str = "遂宁市安居区生态环境保护委员会办公室";

/// A draft with the rules it breaks.
struct Draft {
    title: String,
    paper: OfficialPaper,
    facts: Facts,
    expected: BTreeSet<String>,
}

/// Text in which `[[written|record|noun]]` is a figure.
fn text(line: &str) -> Text {
    let mut text = Text::new();
    for (index, piece) in line.split("[[").enumerate() {
        match piece.split_once("]]") {
            Some((figure, rest)) if index > 0 => {
                let parts: Vec<&str> = figure.split('|').collect();
                text = text.written_figure("drafts", parts[2], parts[1], parts[0]).and(rest);
            }
            _ => text = text.and(piece),
        }
    }
    text
}

fn draft(source: &str) -> Draft {
    let mut paper = OfficialPaper {
        organ_marks: vec![format!("{OFFICE}文件")],
        number: Some(DocumentNumber { organ_code: "安环委办".to_owned(), year: 2022, n: 8 }),
        addressees: vec!["各镇人民政府、街道办事处".to_owned(), "区级有关部门".to_owned()],
        issuers: vec![OFFICE.to_owned()],
        date: Some(DAY),
        ..OfficialPaper::default()
    };
    let mut facts = Facts::default();
    let mut expected = BTreeSet::new();
    let mut times = 1;
    for line in source.lines().filter(|line| !line.trim().is_empty()) {
        let list = |value: &str| {
            if value == "-" { Vec::new() } else { value.split('，').map(str::to_owned).collect::<Vec<_>>() }
        };
        if let Some((key, value)) = line.split_once(": ") {
            match key {
                "expect" => expected.extend(value.split_whitespace().map(str::to_owned)),
                "title" => value.clone_into(&mut paper.title),
                "to" => paper.addressees = list(value),
                "issuer" => paper.issuers = list(value),
                "date" => paper.date = None,
                "secrecy" => value.clone_into(&mut paper.secrecy),
                "special" => facts.is_special_work = true,
                "record" => {
                    let (noun, record) = value.split_once('=').unwrap();
                    facts.records.push((noun.to_owned(), record.to_owned()));
                }
                "attach" => {
                    let titles = value.split(" | ");
                    paper.attachments = titles
                        .map(|title| Attachment { title: title.to_owned(), blocks: Vec::new() })
                        .collect();
                }
                "form" => {
                    paper.form = match value {
                        "letter" => Form::Letter,
                        "minutes" => Form::Minutes,
                        "order" => Form::Order,
                        other => panic!("{other} is no form"),
                    }
                }
                other => panic!("{other} is no key"),
            }
        } else if let Some(count) = line.strip_prefix("@repeat ") {
            times = count.parse().unwrap();
        } else {
            let level = line.bytes().take_while(|byte| *byte == b'#').count();
            let block = match u8::try_from(level).unwrap() {
                0 => Block::Paragraph(text(line)),
                level => Block::heading(level, line.trim_start_matches('#').trim()),
            };
            paper.body.extend(std::iter::repeat_n(block, times));
            times = 1;
        }
    }
    Draft { title: paper.title.clone(), paper, facts, expected }
}

fn drafts(source: &str) -> Vec<Draft> {
    source.split("====\n").map(draft).collect()
}

#[test]
fn nearly_every_fault_is_found_and_nearly_nothing_else() {
    let mut drafts_of_both = drafts(include_str!("../lint/clean.txt"));
    let clean = drafts_of_both.len();
    drafts_of_both.extend(drafts(include_str!("../lint/flawed.txt")));
    assert!(drafts_of_both.len() >= 60 && clean >= 30, "{} drafts, {clean} clean", drafts_of_both.len());
    let (mut found_rightly, mut found_wrongly, mut missed) = (0.0, 0.0, 0.0);
    for draft in &drafts_of_both {
        let flags = lint(&draft.paper, &draft.facts);
        for flag in &flags {
            assert!(!flag.basis.zh.is_empty() && !flag.basis.en.is_empty(), "{} has no basis", flag.rule);
        }
        let found: BTreeSet<String> = flags.iter().map(|flag| flag.rule.clone()).collect();
        for rule in found.union(&draft.expected) {
            match (found.contains(rule), draft.expected.contains(rule)) {
                (true, true) => found_rightly += 1.0,
                (true, false) => {
                    eprintln!("wrongly {rule} in {}: {flags:#?}", draft.title);
                    found_wrongly += 1.0;
                }
                _ => {
                    eprintln!("missed {rule} in {}", draft.title);
                    missed += 1.0;
                }
            }
        }
    }
    let (recall, precision) =
        (found_rightly / (found_rightly + missed), found_rightly / (found_rightly + found_wrongly));
    eprintln!("recall {recall:.3}, precision {precision:.3} in {} drafts", drafts_of_both.len());
    assert!(recall >= 0.95, "recall {recall:.3}");
    assert!(precision >= 0.90, "precision {precision:.3}");
}
