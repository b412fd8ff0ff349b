//! The Rust verifier and `docs/ledger/verify.py` must agree: on untouched packages, on tampered ones, and on where the
//! first bad place is. Without `python3` these tests print a notice and check the Rust side alone.

#![expect(clippy::unwrap_used, reason = "helpers outside the test functions unwrap as well")]

use std::fs;
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use bihuan_ledger::{
    Chain, Checkpoint, Content, ContentHasher, Dossier, Draft, Entry, ExportManifest, ExportVerifier,
    ListedFile, Note, Sealed, SigningKey, Tree, VerifierKey, canonical, read_checkpoints, write_checkpoints,
    write_keys,
};
use serde_json::{Value, json};

const AREA: &str = "519904";
const PHOTO: &[u8] = b"\xff\xd8\xff a photo";
const VIDEO: &[u8] = b"a video that is sealed";

fn script() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/ledger/verify.py")
}

fn python_is_missing() -> bool {
    let missing = Command::new("python3").arg("--version").output().is_err();
    if missing {
        eprintln!("NOTICE: there is no python3 here, the independent verifier was not run");
    }
    missing
}

/// `Ok` with what the script printed, or `Err` with the bad place it named.
fn python(arguments: &[&Path]) -> Result<String, String> {
    let output = Command::new("python3").arg(script()).args(arguments).output().unwrap();
    let printed = String::from_utf8(output.stdout).unwrap();
    match output.status.code() {
        Some(0) => Ok(printed),
        Some(1) => Err(printed.strip_prefix("BAD  ").expect(&printed).trim_end().to_owned()),
        other => panic!("{other:?}: {}", String::from_utf8_lossy(&output.stderr)),
    }
}

fn key(name: &str, seed: u8) -> SigningKey {
    SigningKey::from_seed(name, &[seed; 32]).unwrap()
}

/// Bodies in which two JSON programs are most likely to disagree.
fn bodies() -> Vec<Value> {
    let controls: String =
        (0..=0x20_u8).chain([0x7f]).map(char::from).chain("\"\\/\u{80}\u{2028}\u{feff}".chars()).collect();
    vec![
        json!({}),
        json!(controls),
        json!("a plain text as a body"),
        json!({ "text": "河长制🚧👩🏽‍🔧 𠮷 é e\u{301} \u{10ffff}" }),
        json!([i64::MIN, -1, 0, 1, 9_007_199_254_740_993_i64, i64::MAX, u64::MAX]),
        json!({ "b": { "z": [], "A": {}, "a": [[[null, true, false]]] }, "a b": 1, "B": 2, "": 3, "~": 4 }),
        (1..canonical::DEPTH_MAX).fold(json!("deep"), |inner, _| json!([inner])),
        json!({ "photo": { "sha256": Content::of(PHOTO).sha256, "size_bytes": PHOTO.len() } }),
        json!({ "video": { "sha256": Content::of(VIDEO).sha256 }, "digest": "ab" }),
        json!(null),
    ]
}

struct Ledger {
    chain: Chain,
    sealed: Vec<Sealed>,
    checkpoints: Vec<Note>,
    keys: Vec<VerifierKey>,
}

fn ledger() -> Ledger {
    let (own, city) = (key("bihuan/519904", 1), key("贵州/遵义", 2));
    let mut chain = Chain::new(AREA);
    let (mut sealed, mut checkpoints) = (Vec::new(), vec![chain.checkpoint().sign(&[&own]).unwrap()]);
    for (number, body) in bodies().into_iter().enumerate() {
        let draft = Draft {
            at: 1_767_225_600_000_000 + number as i64 / 2,
            person: format!("p-{number}"),
            post: "环保站\t站长".to_owned(),
            subject: "task-7".to_owned(),
            kind: "task.reported".to_owned(),
            body,
        };
        sealed.push(chain.append(draft).unwrap());
        if number % 4 == 0 || number + 1 == bodies().len() {
            let mut note = chain.checkpoint().sign(&[&own]).unwrap();
            note.add_signature(&city).unwrap();
            note.add_signature(&key("unknown.example/witness", 9)).unwrap();
            checkpoints.push(note);
        }
    }
    let keys = vec![own.verifier().clone(), city.verifier().clone()];
    Ledger { chain, sealed, checkpoints, keys }
}

fn write_export(ledger: &Ledger, folder: &Path) {
    let withheld = vec![Content::of(VIDEO).sha256];
    let manifest = ExportManifest::new(AREA, ledger.chain.size(), withheld);
    let lines: Vec<u8> =
        ledger.sealed.iter().flat_map(|entry| [&entry.canonical[..], b"\n"].concat()).collect();
    fs::create_dir(folder.join("evidence")).unwrap();
    fs::write(folder.join("export.json"), manifest.to_json()).unwrap();
    fs::write(folder.join("ledger.jsonl"), lines).unwrap();
    fs::write(folder.join("checkpoints.txt"), write_checkpoints(&ledger.checkpoints)).unwrap();
    fs::write(folder.join("keys.txt"), write_keys(&ledger.keys)).unwrap();
    fs::write(folder.join("evidence").join(Content::of(PHOTO).sha256.to_string()), PHOTO).unwrap();
}

fn digest(path: &Path) -> Option<Content> {
    let mut file = fs::File::open(path).ok()?;
    let (mut hasher, mut piece) = (ContentHasher::new(), [0; 8]);
    loop {
        match file.read(&mut piece).ok()? {
            0 => return Some(hasher.finish()),
            length => hasher.update(&piece[..length]),
        }
    }
}

fn verify_export(folder: &Path, trusted: Option<&[VerifierKey]>, kept: &[Checkpoint]) -> Result<(), String> {
    let text = |name| fs::read_to_string(folder.join(name)).unwrap();
    let manifest = text("export.json");
    let run = || {
        let mut verifier =
            ExportVerifier::open(manifest.as_bytes(), &text("keys.txt"), &text("checkpoints.txt"), trusted)?;
        kept.iter().try_for_each(|checkpoint| verifier.expect(checkpoint))?;
        for line in fs::read(folder.join("ledger.jsonl")).unwrap().split_inclusive(|byte| *byte == b'\n') {
            verifier.push_line(line.strip_suffix(b"\n").unwrap_or(line))?;
        }
        let names = fs::read_dir(folder.join("evidence")).unwrap();
        let names = names.map(|item| item.unwrap().file_name().into_string().unwrap());
        verifier.finish(names, |name| digest(&folder.join("evidence").join(name))).map(|_| ())
    };
    run().map_err(|fault: bihuan_ledger::PackageFault| fault.to_string())
}

fn write_dossier(ledger: &Ledger, folder: &Path) {
    fs::create_dir(folder.join("佐证")).unwrap();
    let files = [("佐证/照片.jpg", PHOTO), ("目录.html", b"<h1>" as &[u8])].map(|(path, content)| {
        fs::write(folder.join(path), content).unwrap();
        ListedFile::new(path, Content::of(content))
    });
    let tree: Tree = ledger.sealed.iter().map(|entry| entry.hash).collect();
    let entries = [1, 3, 7, 8]
        .map(|seq: usize| (seq as u64, String::from_utf8(ledger.sealed[seq].canonical.clone()).unwrap()));
    let withheld = vec![Content::of(VIDEO).sha256];
    let checkpoint = ledger.checkpoints.last().unwrap();
    let dossier =
        Dossier::build(AREA, checkpoint, &ledger.keys, &tree, entries, files.to_vec(), withheld).unwrap();
    fs::write(folder.join("proof.json"), dossier.to_json()).unwrap();
}

fn paths(folder: &Path, below: &str) -> Vec<String> {
    let mut found = Vec::new();
    for item in fs::read_dir(folder.join(below)).unwrap() {
        let item = item.unwrap();
        let path = format!("{below}{}", item.file_name().to_str().unwrap());
        if item.file_type().unwrap().is_dir() {
            found.extend(paths(folder, &format!("{path}/")));
        } else if path != "proof.json" {
            found.push(path);
        }
    }
    found.sort();
    found
}

fn verify_dossier(folder: &Path) -> Result<(), String> {
    Dossier::from_json(&fs::read(folder.join("proof.json")).unwrap())
        .and_then(|dossier| dossier.verify(None, paths(folder, ""), |path| digest(&folder.join(path))))
        .map(|_| ())
        .map_err(|fault| fault.to_string())
}

/// Replaces text in a file of the package; panics if it is not there, so that no tampering is void.
fn replace(folder: &Path, name: &str, from: &str, to: &str) {
    let text = fs::read_to_string(folder.join(name)).unwrap();
    assert!(text.contains(from), "{name} holds no {from}");
    fs::write(folder.join(name), text.replacen(from, to, 1)).unwrap();
}

type Tampering = (&'static str, &'static str, fn(&Path));

fn drop_line(folder: &Path, number: usize) {
    let text = fs::read_to_string(folder.join("ledger.jsonl")).unwrap();
    let kept: String =
        text.split_inclusive('\n').enumerate().filter(|(n, _)| *n != number).map(|(_, l)| l).collect();
    fs::write(folder.join("ledger.jsonl"), kept).unwrap();
}

/// What is done to an export, and how the message that names the bad place begins.
const EXPORT_TAMPERINGS: &[Tampering] = &[
    ("a person is replaced", "entry 4: prev", |f| replace(f, "ledger.jsonl", "\"p-3\"", "\"p-4\"")),
    ("the last person is replaced", "entry 9: a checkpoint", |f| {
        replace(f, "ledger.jsonl", "\"p-9\"", "\"p-1\"");
    }),
    ("a number is respelled", "entry 4: ", |f| {
        replace(f, "ledger.jsonl", "[-9223372036854775808,-1,0", "[-9223372036854775808,-1,0.0");
    }),
    ("white space is added", "entry 0: not canonical", |f| {
        replace(f, "ledger.jsonl", "\"body\":{}", "\"body\": {}");
    }),
    ("a field is added", "entry 0: not", |f| {
        replace(f, "ledger.jsonl", ",\"subject\"", ",\"shadow\":1,\"subject\"");
    }),
    ("a line is missing", "entry 2: sequence 3", |f| drop_line(f, 2)),
    ("the last line is missing", "entry 9: ", |f| drop_line(f, 9)),
    ("the last three lines are missing", "entry 7: ", |f| {
        drop_line(f, 9);
        drop_line(f, 8);
        drop_line(f, 7);
    }),
    ("a checkpoint speaks of another size", "checkpoint 3: the signature", |f| {
        replace(f, "checkpoints.txt", "\n5\n", "\n6\n");
    }),
    ("a signature is damaged", "checkpoint 1: the signature", |f| {
        let text = fs::read_to_string(f.join("checkpoints.txt")).unwrap();
        let end = text.find("==\n").or(text.find("=\n")).unwrap();
        let mut bytes = text.into_bytes();
        bytes[end - 10] = if bytes[end - 10] == b'A' { b'B' } else { b'A' };
        fs::write(f.join("checkpoints.txt"), bytes).unwrap();
    }),
    ("the last checkpoint is missing", "entry 9: no checkpoint", |f| {
        let text = fs::read_to_string(f.join("checkpoints.txt")).unwrap();
        let blocks: Vec<&str> = text.split("\n\n").collect();
        fs::write(f.join("checkpoints.txt"), blocks[..8].join("\n\n") + "\n").unwrap();
    }),
    ("the keys are replaced", "checkpoint 1: no signature", |f| {
        fs::write(f.join("keys.txt"), write_keys(&[key("bihuan/519904", 77).verifier().clone()])).unwrap();
    }),
    ("a key is damaged", "keys: ", |f| replace(f, "keys.txt", "bihuan/519904+", "bihuan/519905+")),
    ("the area is another", "checkpoint 1: ", |f| replace(f, "export.json", "519904", "519905")),
    ("a photo is replaced", "file evidence/", |f| {
        fs::write(f.join("evidence").join(Content::of(PHOTO).sha256.to_string()), b"another").unwrap();
    }),
    ("a photo is missing", "entry 7: the file with SHA-256", |f| {
        fs::remove_file(f.join("evidence").join(Content::of(PHOTO).sha256.to_string())).unwrap();
    }),
    ("a stranger lies among the evidence", "file evidence/", |f| {
        fs::write(f.join("evidence/stranger.jpg"), b"x").unwrap();
    }),
    ("a withheld file is no longer declared", "entry 8: the file with SHA-256", |f| {
        replace(f, "export.json", &format!("\"{}\"", Content::of(VIDEO).sha256), "");
    }),
    ("the export claims fewer entries", "export.json: it speaks of 9", |f| {
        replace(f, "export.json", "\"size\": 10", "\"size\": 9");
    }),
    ("the format is a later one", "export.json: ", |f| {
        replace(f, "export.json", "bihuan-ledger-1", "bihuan-ledger-2");
    }),
    ("the digest is another", "export.json: ", |f| replace(f, "export.json", "sha256", "sm3")),
];

const DOSSIER_TAMPERINGS: &[Tampering] = &[
    ("a person is replaced", "entry 3: the proof", |f| replace(f, "proof.json", "p-3", "p-4")),
    ("a sequence is another", "entry 2: ", |f| replace(f, "proof.json", "\"seq\": 3,", "\"seq\": 2,")),
    ("an entry is not canonical", "entry 1: not canonical", |f| {
        replace(f, "proof.json", "{\\\"area\\\":", "{ \\\"area\\\":");
    }),
    ("a signature is missing", "checkpoint 1: ", |f| {
        replace(f, "proof.json", "\\n— bihuan/519904 ", "\\n— bihuan/519905 ");
    }),
    ("the photo is replaced", "file 佐证/照片.jpg: its content", |f| {
        fs::write(f.join("佐证/照片.jpg"), b"another").unwrap();
    }),
    ("a printout is replaced", "file 目录.html: its content", |f| {
        fs::write(f.join("目录.html"), b"<h2>").unwrap();
    }),
    ("a printout is missing", "file 目录.html: it is missing", |f| {
        fs::remove_file(f.join("目录.html")).unwrap();
    }),
    ("a file is added", "file 佐证/b.jpg: it is not listed", |f| {
        fs::write(f.join("佐证/b.jpg"), b"x").unwrap();
    }),
    ("a path leads outside", "file ../目录.html: its path", |f| {
        replace(f, "proof.json", "\"目录.html\"", "\"../目录.html\"");
    }),
    ("the photo is taken out of the list too", "entry 7: the file with SHA-256", |f| {
        let mut proof: Value = serde_json::from_slice(&fs::read(f.join("proof.json")).unwrap()).unwrap();
        proof["files"].as_array_mut().unwrap().remove(0);
        fs::write(f.join("proof.json"), proof.to_string()).unwrap();
        fs::remove_file(f.join("佐证/照片.jpg")).unwrap();
    }),
];

fn expect_all_found(
    tamperings: &[Tampering],
    write: fn(&Ledger, &Path),
    verify: fn(&Path) -> Result<(), String>,
) {
    let (ledger, skip_python) = (ledger(), python_is_missing());
    for (what, place, tamper) in tamperings {
        let folder = tempfile::tempdir().unwrap();
        write(&ledger, folder.path());
        verify(folder.path()).unwrap();
        tamper(folder.path());
        let found = verify(folder.path()).expect_err(what);
        assert!(found.starts_with(place), "{what}: rust says {found}");
        if !skip_python {
            let found = python(&[folder.path()]).expect_err(what);
            assert!(found.starts_with(place), "{what}: python says {found}");
        }
    }
}

#[test]
fn an_untouched_export_is_accepted_by_both() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = ledger();
    write_export(&ledger, folder.path());
    verify_export(folder.path(), None, &[]).unwrap();
    let on_disk = fs::read_to_string(folder.path().join("checkpoints.txt")).unwrap();
    assert_eq!(read_checkpoints(&on_disk).unwrap(), ledger.checkpoints);
    if !python_is_missing() {
        let printed = python(&[folder.path()]).unwrap();
        assert!(printed.contains(&format!("hex {}", ledger.chain.root())), "{printed}");
        assert!(printed.contains("from the package itself"), "{printed}");
    }
}

#[test]
fn every_tampering_with_an_export_is_found_at_the_same_place_by_both() {
    expect_all_found(EXPORT_TAMPERINGS, write_export, |folder| verify_export(folder, None, &[]));
}

#[test]
fn every_tampering_with_a_dossier_is_found_at_the_same_place_by_both() {
    expect_all_found(DOSSIER_TAMPERINGS, write_dossier, verify_dossier);
}

#[test]
fn an_export_that_was_forged_as_a_whole_contradicts_the_key_and_the_checkpoint_that_others_kept() {
    let (honest, forged_folder) = (ledger(), tempfile::tempdir().unwrap());
    let mut forged = ledger();
    // The owner of the database and of the signing key writes a new history and signs it properly.
    let mut chain = Chain::new(AREA);
    for old in &mut forged.sealed {
        let Entry { at, person, post, subject, kind, body, .. } = old.entry.clone();
        let post = post.replace("站长", "局长");
        *old = chain.append(Draft { at, person, post, subject, kind, body }).unwrap();
    }
    forged.checkpoints = vec![chain.checkpoint().sign(&[&key("bihuan/519904", 1)]).unwrap()];
    write_export(&forged, forged_folder.path());
    verify_export(forged_folder.path(), None, &[]).unwrap();
    let kept_note = honest.checkpoints[2].to_string();
    let kept = Checkpoint::open(&kept_note, &honest.keys).unwrap();
    let place = "entry 4: a checkpoint over the entries up to here has another root";
    assert_eq!(verify_export(forged_folder.path(), None, &[kept]).unwrap_err(), place);
    let stranger = [key("bihuan/519904", 8).verifier().clone()];
    assert!(
        verify_export(forged_folder.path(), Some(&stranger), &[])
            .unwrap_err()
            .starts_with("checkpoint 1: no signature")
    );
    if python_is_missing() {
        return;
    }
    python(&[forged_folder.path()]).unwrap();
    let notes = tempfile::tempdir().unwrap();
    let (kept_file, keys_file) = (notes.path().join("kept.txt"), notes.path().join("keys.txt"));
    fs::write(&kept_file, kept_note).unwrap();
    fs::write(&keys_file, write_keys(&stranger)).unwrap();
    assert_eq!(python(&[Path::new("--checkpoint"), &kept_file, forged_folder.path()]).unwrap_err(), place);
    let found = python(&[Path::new("--keys"), &keys_file, forged_folder.path()]).unwrap_err();
    fs::write(&kept_file, "").unwrap();
    let empty = python(&[Path::new("--keys"), &kept_file, forged_folder.path()]).unwrap_err();
    assert!(empty.starts_with("--keys: "), "an empty list of trusted keys trusts nobody: {empty}");
    assert!(found.starts_with("checkpoint 1: no signature"), "{found}");
}

#[test]
fn a_dossier_is_accepted_by_both_as_a_folder_and_as_an_archive() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = ledger();
    write_dossier(&ledger, folder.path());
    let dossier = Dossier::from_json(&fs::read(folder.path().join("proof.json")).unwrap()).unwrap();
    let summary = dossier
        .verify(Some(&ledger.keys), paths(folder.path(), ""), |p| digest(&folder.path().join(p)))
        .unwrap();
    assert_eq!((summary.entries, summary.files_proved, summary.files_listed, summary.withheld), (4, 1, 1, 1));
    assert_eq!(summary.signers, ["bihuan/519904", "贵州/遵义"]);
    if python_is_missing() {
        return;
    }
    python(&[folder.path()]).unwrap();
    let outside = tempfile::tempdir().unwrap();
    let path = outside.path().join("dossier.zip");
    let mut archive = zip::ZipWriter::new(fs::File::create(&path).unwrap());
    for name in paths(folder.path(), "").into_iter().chain(["proof.json".to_owned()]) {
        archive.start_file(format!("一问题一档/{name}"), zip::write::SimpleFileOptions::default()).unwrap();
        archive.write_all(&fs::read(folder.path().join(&name)).unwrap()).unwrap();
    }
    archive.finish().unwrap();
    let printed = python(&[&path]).unwrap();
    assert!(
        printed.contains("1 files are named by these entries, 1 are listed only; 1 withheld"),
        "{printed}"
    );
}

#[test]
fn both_programs_draw_the_same_line_between_canonical_and_not() {
    if python_is_missing() {
        return;
    }
    let line = |body: &str| {
        let (zeros, field) = ("0".repeat(64), r#""kind":"","person":"","post":"","prev""#);
        format!(r#"{{"area":"","at":0,"body":{body},{field}:"{zeros}","seq":0,"subject":""}}"#).into_bytes()
    };
    let mut lines: Vec<Vec<u8>> = bodies().iter().map(|body| line(&body.to_string())).collect();
    let other_spellings = [
        "1.0",
        "1e2",
        "-0",
        "01",
        "18446744073709551616",
        "-9223372036854775809",
        "NaN",
        "Infinity",
        "\"\\/\"",
        "\"\\u0041\"",
        "\"\\u000A\"",
        "\"\\u000a\"",
        "\"\\u001F\"",
        "\"\\u001f\"",
        "\"\\u007f\"",
        "\"\\ud800\"",
        "\"\\ud83d\\udea7\"",
        "\"\t\"",
        "{\"b\":1,\"a\":1}",
        "{\"a\":1,\"a\":1}",
        "{\"a\":1,\"a\":2}",
        "{\"é\":1}",
        "{\"a\\n\":1}",
        "{\"a\\\"\":1}",
        "[1, 2]",
        "[1,]",
        "[]",
        "{}",
        "\"\"",
        "\"",
        "tru",
        "",
        "{\"\u{7f}\":1}",
        "{\" \":1}",
        "\"\u{7f}\u{2029}\"",
        "-",
        "+1",
        "1_000",
        "０",
        "[",
        "]",
    ];
    lines.extend(other_spellings.map(line));
    lines.push(line(&format!("{}{}", "[".repeat(64), "]".repeat(64))));
    lines.push(line(&format!("{}{}", "[".repeat(5000), "]".repeat(5000))));
    lines.extend([
        b"\xff".to_vec(),
        line("\"x\"").into_iter().map(|byte| if byte == b'x' { 0xff } else { byte }).collect(),
        b"[]".to_vec(),
        b"null".to_vec(),
    ]);
    let program = "import sys; sys.path.insert(0, sys.argv[1]); import verify\n\
        for line in sys.stdin:\n\
        \ttry: verify.read_entry(bytes.fromhex(line), ''); print('good')\n\
        \texcept verify.Bad: print('bad')";
    let folder = script().parent().unwrap().to_owned();
    let mut child = Command::new("python3")
        .args(["-B", "-c", program])
        .arg(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let hex: String =
        lines.iter().map(|l| l.iter().map(|b| format!("{b:02x}")).collect::<String>() + "\n").collect();
    child.stdin.take().unwrap().write_all(hex.as_bytes()).unwrap();
    let answers = String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap();
    let answers: Vec<&str> = answers.lines().collect();
    assert_eq!(answers.len(), lines.len());
    for (line, answer) in lines.iter().zip(answers) {
        let rust = if Entry::from_canonical(line).is_ok() { "good" } else { "bad" };
        assert_eq!(rust, answer, "{}", String::from_utf8_lossy(line));
    }
}
