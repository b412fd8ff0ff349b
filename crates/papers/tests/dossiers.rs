//! Dossiers: what goes in is listed, unchanged and safe to unpack.

use bihuan_papers::writing::{
    Dossier, Entry, WriteError,
    dossier::{DossierLimits, FILES},
};
use jiff::civil::{Date, date};
use proptest::prelude::*;
use sha2::{Digest, Sha256};
use std::{
    collections::HashSet,
    io::{Cursor, Read},
};

const DAY: Date = date(2022, 3, 1);

fn digest(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A dossier that lists the files as they are.
fn of(files: &[(String, Vec<u8>)]) -> Dossier {
    let entries = files
        .iter()
        .enumerate()
        .map(|(at, (path, bytes))| Entry {
            number: (at + 1).to_string(),
            part: "来源文件".to_owned(),
            title: format!("第{}件", at + 1),
            date: Some(DAY),
            path: path.clone(),
            sha256: digest(bytes),
            pages: Some(2),
        })
        .collect();
    Dossier {
        number: "安2021-12".to_owned(),
        title: "河道垃圾".to_owned(),
        unit: "区环委办".to_owned(),
        entries,
    }
}

fn files(files: &[(&str, &str)]) -> Vec<(String, Vec<u8>)> {
    files.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec())).collect()
}

fn unpacked(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    (0..archive.len())
        .map(|at| {
            let mut file = archive.by_index(at).unwrap();
            let mut bytes = Vec::new();
            file.read_to_end(&mut bytes).unwrap();
            (file.name().unwrap().into_owned(), bytes)
        })
        .collect()
}

#[test]
fn a_dossier_holds_its_files_and_two_indexes() {
    let given = files(&[("01 来源/通知.pdf", "甲"), ("02 照片/整改前.jpg", "乙")]);
    let bytes = of(&given).to_zip(&given, DAY).unwrap();
    assert_eq!(bytes, of(&given).to_zip(&given, DAY).unwrap());
    let unpacked = unpacked(&bytes);
    let names: Vec<&str> = unpacked.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["index.html", "index.csv", "01 来源/通知.pdf", "02 照片/整改前.jpg"]);
    assert_eq!(unpacked[2..], given);
    let page = String::from_utf8(unpacked[0].1.clone()).unwrap();
    for text in [
        "一问题一档",
        "Index of the dossier",
        "安2021-12",
        "2022-03-01",
        &digest("甲".as_bytes()),
        "href=\"./01%20%E6%9D%A5%E6%BA%90/",
        "@media print",
    ] {
        assert!(page.contains(text), "{text}");
    }
    assert!(!page.contains("http:") && !page.contains("https:") && !page.contains("<script"));
    let table = String::from_utf8(unpacked[1].1.clone()).unwrap();
    let row = format!(
        "1,来源文件,第1件,2022-03-01,01 来源/通知.pdf,01 来源/通知.pdf,2,3,{}\r\n",
        digest("甲".as_bytes())
    );
    assert!(table.contains(&row), "{table}");
}

#[test]
fn hostile_names_and_titles_do_no_harm() {
    let given = files(&[
        ("../../etc/passwd", "1"),
        ("C:\\x\\CON.txt", "2"),
        ("index.html", "3"),
        ("INDEX.CSV", "4"),
        ("a.jpg", "5"),
        ("A.jpg", "6"),
        ("javascript:alert(1)", "7"),
        ("\"><script>.txt", "8"),
        ("", "9"),
    ]);
    let mut dossier = of(&given);
    dossier.title = "<script>alert(1)</script>".to_owned();
    dossier.entries[0].title = "=HYPERLINK(\"http://x\")".to_owned();
    dossier.entries[1].title = "<img src=x onerror=alert(1)>".to_owned();
    let unpacked = unpacked(&dossier.to_zip(&given, DAY).unwrap());
    let names: Vec<&str> = unpacked[2..].iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(
        names,
        [
            "etc/passwd",
            "C_/x/_CON.txt",
            "index (2).html",
            "INDEX (2).CSV",
            "a.jpg",
            "A (2).jpg",
            "javascript_alert(1)",
            "___script_.txt",
            "未命名"
        ]
    );
    let page = String::from_utf8(unpacked[0].1.clone()).unwrap();
    assert!(!page.contains("<script") && !page.contains("<img"));
    let table = String::from_utf8(unpacked[1].1.clone()).unwrap();
    assert!(table.contains("'=HYPERLINK") && table.contains("../../etc/passwd"));
}

#[test]
fn files_and_index_must_match() {
    let given = files(&[("a", "1"), ("b", "2")]);
    let refused = |dossier: &Dossier, files: &[(String, Vec<u8>)]| {
        let error = dossier.to_zip(files, DAY).unwrap_err();
        assert!(!error.message_zh().is_empty() && !error.message_en().is_empty());
        error
    };
    let dossier = of(&given);
    let b = || "b".to_owned();
    assert_eq!(refused(&dossier, &given[..1]), WriteError::MissingFile { path: b() });
    assert_eq!(refused(&of(&given[..1]), &given), WriteError::UnlistedFile { path: b() });
    assert_eq!(refused(&dossier, &files(&[("a", "1"), ("b", "3")])), WriteError::WrongDigest { path: b() });
    assert_eq!(
        refused(&dossier, &files(&[("a", "1"), ("b", "2"), ("b", "2")])),
        WriteError::RepeatedFile { path: b() }
    );
}

#[test]
fn too_much_is_refused() {
    let many: Vec<(String, Vec<u8>)> = (0..=FILES).map(|at| (at.to_string(), Vec::new())).collect();
    assert_eq!(of(&many).to_zip(&many, DAY), Err(WriteError::TooManyFiles { limit: FILES }));
    assert!(of(&many[..FILES]).to_zip(&many[..FILES], DAY).is_ok());
    let given = files(&[("a", "123"), ("b", "45")]);
    let limits = |bytes| DossierLimits { bytes, ..DossierLimits::default() };
    assert!(of(&given).to_zip_within(&given, DAY, &limits(5)).is_ok());
    assert_eq!(of(&given).to_zip_within(&given, DAY, &limits(4)), Err(WriteError::TooManyBytes { limit: 4 }));
    assert_eq!(DossierLimits::default().bytes, 2 << 30);
}

proptest! {
    #[test]
    fn whatever_the_names_every_file_is_there_once(paths in prop::collection::hash_set(".{0,40}|[aA./\\\\: ]{0,8}", 0..12)) {
        let given: Vec<(String, Vec<u8>)> =
            paths.into_iter().enumerate().map(|(at, path)| (path, at.to_string().into_bytes())).collect();
        let unpacked = unpacked(&of(&given).to_zip(&given, DAY).unwrap());
        prop_assert_eq!(unpacked.len(), given.len() + 2);
        let names: HashSet<String> = unpacked.iter().map(|(name, _)| name.to_lowercase()).collect();
        prop_assert_eq!(names.len(), unpacked.len());
        for (name, _) in &unpacked {
            for (at, _) in name.match_indices('/') {
                prop_assert!(!names.contains(&name[..at].to_lowercase()), "{} is file and folder", &name[..at]);
            }
            prop_assert!(name.split('/').all(|part| !part.is_empty() && part != "." && part != ".." && part.len() <= 180));
            prop_assert!(!name.contains(['\\', ':', '\0']));
        }
        for ((_, before), (_, after)) in given.iter().zip(&unpacked[2..]) {
            prop_assert_eq!(before, after);
        }
    }
}
