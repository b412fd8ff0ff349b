//! The memory of pictures (照片比对库): every picture ever handed in, with an index that finds like ones in milliseconds.
//!
//! It is read from the table `photo` when it is first asked, and what came since each time after; nothing in it is lost with it.

use crate::failure::Failure;
use bihuan_methods::photo::{Asked, Fingerprint, Index, Likeness, METHOD};
use bihuan_store::{
    Connection,
    photo::{self, Photo},
};
use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

/// Pictures read at a time.
const PAGE: u32 = 20_000;
/// Like pictures that are looked at, the likest first.
const HITS_MAX: usize = 50;

/// Every picture ever handed in.
#[derive(Default)]
pub struct Memory {
    state: Mutex<State>,
    /// Pictures are compared in the order of the ledger, by one at a time.
    turn: Mutex<()>,
}

#[derive(Default)]
struct State {
    /// The newest entry of the ledger that was read, plus one.
    read: i64,
    known: Vec<Photo>,
    index: Index,
    /// Of each number of the index: the place among those known.
    numbers: Vec<usize>,
    by_hash: HashMap<String, Vec<usize>>,
}

impl State {
    fn catch_up(&mut self, connection: &mut Connection) -> Result<(), Failure> {
        loop {
            let mut page = photo::since(connection, self.read - 1, PAGE)?;
            let is_last = page.len() < PAGE as usize;
            if !is_last && let Some(last) = page.last().map(|photo| photo.sequence) {
                // The rest of the last act comes with the next page.
                page.retain(|photo| photo.sequence != last);
            }
            for photo in page {
                self.read = i64::try_from(photo.sequence).unwrap_or(i64::MAX - 1) + 1;
                let place = self.known.len();
                let hashes = photo.fingerprint.as_ref().and_then(|print| print.hashes(METHOD));
                if let Some(hashes) = hashes {
                    self.index.keep(Fingerprint::from_hashes(hashes));
                    self.numbers.push(place);
                }
                self.by_hash.entry(photo.sha256.clone()).or_default().push(place);
                self.known.push(photo);
            }
            if is_last {
                return Ok(());
            }
        }
    }
}

/// A picture like the one asked about.
pub struct Alike {
    /// The picture.
    pub photo: Photo,
    /// How alike; nothing for the very same file where nothing can be told.
    pub likeness: Option<Likeness>,
}

impl Memory {
    /// Waits until nobody else compares pictures.
    pub(super) fn turn(&self) -> MutexGuard<'_, ()> {
        self.turn.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Every picture that is the same file or like it, the likest first, and where the file itself stands.
    ///
    /// # Errors
    /// When the books cannot be read.
    pub fn alike(
        &self,
        connection: &mut Connection,
        sha256: &str,
        asked: Option<&Asked>,
    ) -> Result<Vec<Alike>, Failure> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.catch_up(connection)?;
        let same = state.by_hash.get(sha256).into_iter().flatten();
        let mut alike: Vec<Alike> =
            same.map(|place| Alike { photo: state.known[*place].clone(), likeness: None }).collect();
        let hits = asked.map(|asked| state.index.look_up(asked)).unwrap_or_default();
        for hit in hits.into_iter().take(HITS_MAX) {
            let photo = &state.known[state.numbers[hit.number as usize]];
            if photo.sha256 != sha256 {
                alike.push(Alike { photo: photo.clone(), likeness: Some(hit.likeness) });
            }
        }
        Ok(alike)
    }
}
