//! How fast a chain is verified, beside bare SHA-256 over the same bytes: `cargo run --release -p bihuan-ledger --example verify_rate`.

use std::hint::black_box;
use std::time::{Duration, Instant};

use bihuan_ledger::{Chain, Draft, Fields, Sealed, Verifier};
use serde_json::json;
use sha2::{Digest, Sha256};

const ENTRIES: usize = 200_000;
const ROUNDS: usize = 5;

fn entries() -> Vec<Sealed> {
    let mut chain = Chain::new("519904");
    let note = "已清理河道两侧垃圾，安装围挡".to_owned();
    let draft = |number: usize| Draft {
        at: 1_767_225_600_000_000 + number as i64,
        person: format!("person-{:06}", number % 500),
        post: format!("post-{:04}", number % 90),
        subject: format!("task-{:08}", number / 10),
        kind: "task.reported".to_owned(),
        body: json!({ "note": note, "progress": number % 100, "milestone": "m-3", "reported_on": "2026-03-14", "unit": "unit-017" }),
    };
    (0..ENTRIES).map(|number| chain.append(draft(number)).expect("the draft is canonical")).collect()
}

fn best(mut round: impl FnMut()) -> Duration {
    let once = |round: &mut dyn FnMut()| {
        let start = Instant::now();
        round();
        start.elapsed()
    };
    (0..ROUNDS).map(|_| once(&mut round)).min().unwrap_or_default()
}

fn main() {
    let entries = entries();
    let bytes: usize = entries.iter().map(|sealed| sealed.canonical.len()).sum();
    println!("{ENTRIES} entries of {} bytes on average", bytes / ENTRIES);
    let bare = best(|| {
        for sealed in &entries {
            black_box(Sha256::digest(black_box(&sealed.canonical)));
        }
    });
    let by_fields = best(|| {
        let mut verifier = Verifier::new("519904");
        for Sealed { entry, body, hash, .. } in &entries {
            let fields = Fields {
                area: &entry.area,
                at: entry.at,
                body,
                kind: &entry.kind,
                person: &entry.person,
                post: &entry.post,
                prev: &entry.prev,
                seq: entry.seq,
                subject: &entry.subject,
            };
            verifier.push_fields(&fields, Some(hash)).expect("the chain is untouched");
        }
    });
    let by_bytes = best(|| {
        let mut verifier = Verifier::new("519904");
        for Sealed { canonical, hash, .. } in &entries {
            verifier.push_canonical(canonical, Some(hash)).expect("the chain is untouched");
        }
    });
    for (name, time) in [("bare SHA-256", bare), ("push_fields", by_fields), ("push_canonical", by_bytes)] {
        let rate = ENTRIES as f64 / time.as_secs_f64();
        println!("{name:15} {rate:10.0} entries/s  {:4.2} of bare", bare.as_secs_f64() / time.as_secs_f64());
    }
}
