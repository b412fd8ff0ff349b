//! The dossier of a task and its sign-off form: what the guarantors did is proved like everything else, and nothing of other tasks.

use crate::{
    record::{Browser, TASK, house},
    works::{send, step},
};
use axum::http::StatusCode;
use bihuan_ledger::{Content, Dossier, Entry};
use std::{collections::BTreeMap, io::Read};

/// The files of an archive by their paths.
fn unpacked(zip: &[u8]) -> BTreeMap<String, Vec<u8>> {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(zip)).unwrap();
    (0..archive.len())
        .map(|n| {
            let mut entry = archive.by_index(n).unwrap();
            let mut bytes = Vec::new();
            entry.read_to_end(&mut bytes).unwrap();
            (entry.name().unwrap().into_owned(), bytes)
        })
        .collect()
}

/// The proved entries of a dossier that fits.
async fn proved(who: &Browser<'_>) -> (BTreeMap<String, Vec<u8>>, Vec<Entry>) {
    let answer = who.get(&format!("/tasks/{TASK}/dossier")).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    let mut files = unpacked(&answer.bytes);
    let dossier = Dossier::from_json(&files.remove("proof.json").unwrap()).unwrap();
    dossier
        .verify(None, files.keys().cloned(), |path| files.get(path).map(|bytes| Content::of(bytes)))
        .unwrap();
    let entries = dossier.entries().iter();
    let entries = entries.map(|proved| Entry::from_canonical(proved.entry.as_bytes()).unwrap()).collect();
    (files, entries)
}

#[tokio::test]
async fn visits_and_opinions_of_the_guarantor_are_proved_in_the_dossier() {
    let house = house();
    let clerk = house.enter("clerk").await.in_english();
    let assign = [("lead", "u-town-1"), ("acceptance", "u-office"), ("due_on", "2021-12-31")];
    crate::bad_input::done(&clerk, &format!("/tasks/{TASK}/assign"), &assign).await;
    let terms = [
        ("guarantor", "chief"),
        ("scope", "task"),
        ("subject", TASK),
        ("visits", "1"),
        ("period", "month"),
        ("begins_on", "2021-06-01"),
    ];
    let own = step(&clerk, &format!("/guarantees/new?task={TASK}"), &terms).await;
    let other = [
        ("guarantor", "committee"),
        ("scope", "village"),
        ("name", "双桥村"),
        ("visits", "1"),
        ("period", "month"),
        ("begins_on", "2021-06-01"),
    ];
    let other = step(&clerk, "/guarantees/new", &other).await;
    let chief = house.enter("chief").await.in_english();
    let page = chief.get(&format!("{own}/visit")).await.text();
    let key = page.split("name=\"once\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
    let visit = [("visited_on", "2021-06-10"), ("place", "河道"), ("seen", "垃圾已清"), ("once", key)];
    let sent = chief.post_parts(&format!("{own}/visit"), &visit, Some(b"as seen on the visit")).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text());
    step(&chief, &format!("{own}/ask"), &[("of", "u-town-1"), ("text", "吸污车一台")]).await;
    let committee = house.enter("committee").await.in_english();
    let elsewhere = [("visited_on", "2021-06-10"), ("place", "双桥村"), ("seen", "无异味")];
    let sent = send(&committee, &format!("{other}/visit"), &elsewhere).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text());

    let (files, entries) = proved(&clerk).await;
    let of = |kind: &str| entries.iter().filter(|entry| entry.kind == kind).count();
    assert_eq!((of("guarantee.taken"), of("guarantee.visited")), (1, 1), "its own, and no other");
    assert_eq!(of("guarantee.asked"), 0, "what was asked of other units stays out");
    let file = files.iter().find(|(path, _)| path.starts_with("04-办理过程/包保走访/"));
    assert_eq!(file.unwrap().1, b"as seen on the visit");
    let text = String::from_utf8(files["04-办理过程/包保.txt"].clone()).unwrap();
    let visited = entries.iter().find(|entry| entry.kind == "guarantee.visited").unwrap();
    assert!(text.contains(&format!("#{} 2021-06-10", visited.seq)) && text.contains("垃圾已清"), "{text}");
    assert!(!text.contains("双桥村"));
}

#[tokio::test]
async fn the_sign_off_form_is_given_as_word_and_as_pdf_with_the_same_words() {
    let house = house();
    let clerk = house.enter("clerk").await;
    let page = clerk.get(&format!("/tasks/{TASK}")).await.text();
    let path = format!("/tasks/{TASK}/sign-off-form");
    assert!(page.contains(&format!("href=\"{path}\"")) && page.contains(&format!("href=\"{path}/pdf\"")));
    let word = clerk.get(&path).await;
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(&word.bytes)).unwrap();
    let text = std::io::read_to_string(archive.by_name("word/document.xml").unwrap()).unwrap();
    for words in ["整改销号申请表", "白鹿镇河道有垃圾。", "主要领导审签", TASK] {
        assert!(text.contains(words), "{words}");
    }
    let pdf = clerk.get(&format!("{path}/pdf")).await;
    if pdf.status == StatusCode::OK {
        assert!(pdf.bytes.starts_with(b"%PDF"));
        let dossier = unpacked(&clerk.get(&format!("/tasks/{TASK}/dossier")).await.bytes);
        assert!(dossier.keys().any(|path| path.ends_with("整改销号申请表.pdf")));
    } else {
        assert!(pdf.text().contains("没有安装中文字体"), "a machine without types is told so");
    }
    for name in ["town-2", "admin"] {
        let other = house.enter(name).await;
        assert_eq!(other.get(&format!("{path}/pdf")).await.status, StatusCode::NOT_FOUND, "{name}");
    }
}
