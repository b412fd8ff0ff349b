//! The chain beside bare SHA-256, and the verification of the whole books.

use crate::{
    data::{AREA, Data},
    table::{Table, in_turns},
};
use anyhow::Result;
use bihuan_ledger::{Entry, Fields, Hash, Verifier};
use bihuan_store::{
    ledger,
    verify::{self, Stage},
};
use sha2::{Digest, Sha256};
use std::time::Instant;

/// Entries of the chain that are gone through again and again: few enough to stay near the processor on both sides, as
/// rows fresh from the database are.
const SAMPLE: usize = 4_000;
const TIMES: usize = 50;

/// Measures chain and replay.
pub fn measure(data: &Data, table: &mut Table) -> Result<()> {
    chain(data, table)?;
    let mut begun = [None; 4];
    let mut note = |stage: Stage| begun[stage as usize].get_or_insert_with(Instant::now).elapsed();
    let started = Instant::now();
    let report = verify::run(&data.books, &[data.key.verifier().clone()], &mut |progress| {
        note(progress.stage);
        true
    })?;
    let whole = started.elapsed().as_secs_f64();
    if let Some(fault) = report.fault {
        anyhow::bail!("the books do not verify: {} {}", fault.place, fault.what);
    }
    let from = begun[Stage::Chain as usize].unwrap_or(started);
    let compared = from.elapsed().as_secs_f64();
    table.at_least(
        "replay and comparison, one core",
        report.entries as f64 / compared,
        "entries/s",
        100_000.0,
    );
    let tables = begun[Stage::Tables as usize].map_or(0.0, |from| from.elapsed().as_secs_f64());
    let rows = format!(
        "{whole:.1} s: the engine's own check {:.1}, chain and replay {:.1}, tables and search {tables:.1}",
        whole - compared,
        compared - tables
    );
    table.tell(&format!("verification of {} entries and {} rows", report.entries, report.rows), rows);
    Ok(())
}

fn chain(data: &Data, table: &mut Table) -> Result<()> {
    let mut entries: Vec<(Entry, Hash)> = Vec::with_capacity(SAMPLE);
    data.books.read(|connection| {
        ledger::each(connection, AREA, |entry, hash| {
            entries.push((entry, hash));
            Ok(entries.len() < SAMPLE)
        })
    })?;
    let bodies = entries
        .iter()
        .map(|(entry, _)| {
            let mut body = Vec::new();
            bihuan_ledger::canonical::write(&entry.body, &mut body)?;
            Ok(String::from_utf8(body)?)
        })
        .collect::<Result<Vec<String>>>()?;
    let canonical: Vec<Vec<u8>> =
        entries.iter().map(|(entry, _)| entry.canonical()).collect::<Result<_, _>>()?;
    let count = (entries.len() * TIMES) as f64;
    let (ours, bare) = in_turns(
        || {
            let begun = Instant::now();
            for _ in 0..TIMES {
                let mut verifier = Verifier::new(AREA);
                for ((entry, hash), body) in entries.iter().zip(&bodies) {
                    verifier.push_fields(&fields(entry, body), Some(hash))?;
                }
                anyhow::ensure!(verifier.size() == entries.len() as u64, "the chain ends early");
            }
            Ok::<_, anyhow::Error>(count / begun.elapsed().as_secs_f64())
        },
        || {
            let begun = Instant::now();
            let mut mixed = 0_u8;
            for _ in 0..TIMES {
                for bytes in &canonical {
                    mixed ^= Sha256::digest(bytes)[0];
                }
            }
            std::hint::black_box(mixed);
            Ok(count / begun.elapsed().as_secs_f64())
        },
    )?;
    table.ratio("chain verification beside SHA-256 of the same bytes", ours, bare, "entries", 0.5);
    Ok(())
}

fn fields<'a>(entry: &'a Entry, body: &'a str) -> Fields<'a> {
    Fields {
        area: &entry.area,
        at: entry.at,
        body,
        kind: &entry.kind,
        person: &entry.person,
        post: &entry.post,
        prev: &entry.prev,
        seq: entry.seq,
        subject: &entry.subject,
    }
}
