//! The chain: whatever is changed in it is found, at the changed entry or at the one that follows.

#![expect(clippy::unwrap_used, reason = "helpers outside the test functions unwrap as well")]

use bihuan_ledger::{
    Chain, Draft, Entry, Error, Fault, FaultKind, Fields, Hash, Sealed, Verifier, leaf_hash,
};
use proptest::prelude::*;
use serde_json::json;

fn draft(number: i64) -> Draft {
    Draft {
        at: 1_767_225_600_000_000 + number,
        person: format!("p-{}", number % 3),
        post: "环保站站长".to_owned(),
        subject: format!("task-{number}"),
        kind: "task.reported".to_owned(),
        body: json!({ "note": format!("清理河道 {number}\n\"完成\"🚧"), "done": number, "parts": [1, null, true, { "k": "v" }] }),
    }
}

fn chain(size: i64) -> (Chain, Vec<Sealed>) {
    let mut chain = Chain::new("519904");
    let sealed = (0..size).map(|number| chain.append(draft(number)).unwrap()).collect();
    (chain, sealed)
}

/// Reads lines with the hashes that are stored beside them, and demands the root at the end.
fn read(lines: &[Vec<u8>], stored: Option<&[Hash]>, root: Hash) -> Result<(), Fault> {
    let mut verifier = Verifier::new("519904");
    verifier.expect(lines.len() as u64, root);
    for (index, line) in lines.iter().enumerate() {
        verifier.push_canonical(line, stored.map(|hashes| &hashes[index]))?;
    }
    verifier.finish().map(|_| ())
}

fn lines_and_hashes(sealed: &[Sealed]) -> (Vec<Vec<u8>>, Vec<Hash>) {
    sealed.iter().map(|entry| (entry.canonical.clone(), entry.hash)).unzip()
}

#[test]
fn an_untouched_chain_verifies_by_bytes_by_value_and_by_fields() {
    let (chain, sealed) = chain(20);
    let mut verifiers = [Verifier::new("519904"), Verifier::new("519904"), Verifier::new("519904")];
    for Sealed { entry, body, canonical, hash } in &sealed {
        verifiers[0].push_canonical(canonical, Some(hash)).unwrap();
        verifiers[1].push(entry, Some(hash)).unwrap();
        let Entry { area, at, kind, person, post, prev, seq, subject, .. } = entry;
        let fields = Fields { area, at: *at, body, kind, person, post, prev, seq: *seq, subject };
        verifiers[2].push_fields(&fields, Some(hash)).unwrap();
    }
    for verifier in verifiers {
        let summary = verifier.finish().unwrap();
        assert_eq!((summary.size, summary.head, summary.root), (20, chain.head(), chain.root()));
    }
}

#[test]
fn every_change_of_a_single_byte_is_found_at_that_entry() {
    let (chain, sealed) = chain(4);
    let (lines, hashes) = lines_and_hashes(&sealed);
    for entry in 0..lines.len() {
        for byte in 0..lines[entry].len() {
            for change in [0x01, 0x20, 0x80] {
                let mut changed = lines.clone();
                changed[entry][byte] ^= change;
                let fault = read(&changed, Some(&hashes), chain.root()).unwrap_err();
                assert_eq!(fault.sequence, entry as u64, "byte {byte}: {fault}");
                // Even without hashes beside the entries, the next entry or the checkpoint shows it.
                let fault = read(&changed, None, chain.root()).unwrap_err();
                assert!((entry..=entry + 1).contains(&(fault.sequence as usize)), "byte {byte}: {fault}");
            }
        }
    }
}

#[test]
fn a_removed_doubled_or_swapped_entry_is_a_gap() {
    let (chain, sealed) = chain(6);
    let (lines, _) = lines_and_hashes(&sealed);
    let mut removed = lines.clone();
    removed.remove(2);
    let mut doubled = lines.clone();
    doubled.insert(3, lines[2].clone());
    let mut swapped = lines.clone();
    swapped.swap(2, 3);
    for (changed, sequence, found) in [(removed, 2, 3), (doubled, 3, 2), (swapped, 2, 3)] {
        assert_eq!(
            read(&changed, None, chain.root()),
            Err(Fault { sequence, what: FaultKind::Gap { found } })
        );
    }
}

#[test]
fn a_chain_rewritten_from_one_entry_on_contradicts_the_kept_root() {
    let (chain, sealed) = chain(6);
    let mut forged = Chain::new("519904");
    let mut lines = Vec::new();
    for (number, original) in sealed.iter().enumerate() {
        let mut draft = draft(number as i64);
        if number == 3 {
            draft.body = json!("一直如此");
        }
        let entry = forged.append(draft).unwrap();
        assert_eq!(entry.hash == original.hash, number < 3);
        lines.push(entry.canonical);
    }
    read(&lines, None, forged.root()).unwrap();
    assert_eq!(read(&lines, None, chain.root()), Err(Fault { sequence: 5, what: FaultKind::WrongRoot }));
}

#[test]
fn a_chain_cut_at_its_end_is_missing_what_the_checkpoint_covers() {
    let (chain, sealed) = chain(6);
    let mut verifier = Verifier::new("519904");
    assert!(verifier.expect(6, chain.root()));
    assert!(!verifier.expect(6, leaf_hash(b"a second history")));
    for entry in &sealed[..4] {
        verifier.push_canonical(&entry.canonical, None).unwrap();
    }
    let what = FaultKind::Missing { expected_size: 6 };
    assert_eq!(verifier.finish(), Err(Fault { sequence: 4, what }));
}

#[test]
fn another_area_and_time_running_backwards_are_named() {
    let (_, sealed) = chain(2);
    let mut verifier = Verifier::new("519905");
    let fault = verifier.push_canonical(&sealed[0].canonical, None).unwrap_err();
    assert_eq!(fault.what, FaultKind::WrongArea("519904".to_owned()));
    let mut late = sealed[1].entry.clone();
    late.at = sealed[0].entry.at - 1;
    let mut verifier = Verifier::new("519904");
    verifier.push(&sealed[0].entry, None).unwrap();
    assert_eq!(verifier.push(&late, None).unwrap_err().what, FaultKind::TimeBackwards);
}

#[test]
fn the_writer_refuses_time_backwards_and_floats_and_stays_where_it_was() {
    let (mut chain, sealed) = chain(3);
    let before = chain.clone();
    let last = sealed[2].entry.at;
    let early = Draft { at: last - 1, ..draft(0) };
    assert_eq!(chain.append(early).unwrap_err(), Error::TimeBackwards { at: last - 1, last });
    let float = Draft { body: json!({ "share": 0.5 }), ..draft(9) };
    assert_eq!(chain.append(float).unwrap_err(), Error::Float("0.5".to_owned()));
    assert_eq!(chain, before);
}

#[test]
fn a_stored_end_of_the_chain_goes_on_where_it_was() {
    let (whole, _) = chain(9);
    let (mut part, _) = chain(5);
    part = serde_json::from_str(&serde_json::to_string(&part).unwrap()).unwrap();
    for number in 5..9 {
        part.append(draft(number)).unwrap();
    }
    assert_eq!(part, whole);
}

#[test]
fn the_quick_reader_and_the_full_reader_agree_on_what_an_entry_is() {
    let (_, sealed) = chain(1);
    let line = String::from_utf8(sealed[0].canonical.clone()).unwrap();
    for (from, to) in [
        ("\"seq\":0", "\"seq\":\"0\""),
        ("\"seq\":0", "\"seq\":-1"),
        ("\"kind\":\"task.reported\"", "\"kind\":1"),
        ("\"at\":1767225600000000", "\"at\":null"),
        ("\"at\":1767225600000000", "\"at\":9223372036854775808"),
        ("\"area\":\"519904\"", "\"area\":519904"),
        ("\"prev\":\"0", "\"prev\":\"g"),
        ("\"prev\":\"0", "\"prev\":\""),
        (",\"subject\":\"task-0\"", ""),
        (",\"subject\"", ",\"shadow\":1,\"subject\""),
        ("}", "} "),
        ("\"task-0\"}", "\"task-0\",\"zzz\":1}"),
    ] {
        let changed = line.replacen(from, to, 1);
        assert_ne!(changed, line);
        assert!(Entry::from_canonical(changed.as_bytes()).is_err(), "{changed}");
        let fault = Verifier::new("519904").push_canonical(changed.as_bytes(), None).unwrap_err();
        assert!(matches!(fault.what, FaultKind::NotCanonical(_)), "{changed}: {fault}");
    }
    let escaped = line.replace("\"519904\"", "\"5\\n\"");
    Verifier::new("5\n").push_canonical(escaped.as_bytes(), None).unwrap();
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn fields_moved_between_columns_never_keep_the_hash(
        texts in prop::collection::vec("[\"\\\\,:a河\n]{0,6}", 4),
        others in prop::collection::vec("[\"\\\\,:a河\n]{0,6}", 4),
    ) {
        let line = |texts: &[String]| {
            let mut out = Vec::new();
            Fields {
                area: "1", at: 0, body: "{}", kind: &texts[0], person: &texts[1], post: &texts[2],
                prev: &bihuan_ledger::GENESIS, seq: 0, subject: &texts[3],
            }
            .write_canonical(&mut out);
            out
        };
        prop_assert_eq!(line(&texts) == line(&others), texts == others);
        prop_assert!(bihuan_ledger::canonical::check(&line(&texts)).is_ok());
    }

    #[test]
    fn arbitrary_bytes_never_panic_the_readers(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = Entry::from_canonical(&bytes);
        let text = String::from_utf8_lossy(&bytes);
        let _ = bihuan_ledger::Note::parse(&text);
        let _ = bihuan_ledger::VerifierKey::parse(&text);
        let _ = bihuan_ledger::Checkpoint::parse_text(&text);
    }
}
