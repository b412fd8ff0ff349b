//! Upkeep (日常维护): what a server does at its start and every hour, beside the pages. It decides nothing: it asks the questions
//! about pictures that a crash left unasked, and forgets what has had its time.

use crate::{
    app::App,
    failure::Failure,
    photo,
    session::{AGE_MAX, IDLE_MAX},
};
use bihuan_store::{account, checkpoint, once, parts};

/// What was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kept {
    /// Keys of requests that were forgotten.
    pub requests: u64,
    /// Sessions that were over.
    pub sessions: u64,
    /// Parts of pictures that nobody claimed.
    pub parts: u64,
}

/// Asks what is to be asked, and forgets what has had its time.
///
/// # Errors
/// When the books or the evidence store refuse; the rest is done the next time.
pub async fn upkeep(app: &App) -> Result<Kept, Failure> {
    loop {
        let asking = app.clone();
        let asked = move || photo::ask_waiting(&asking.books, &asking.pictures, asking.now());
        let more =
            tokio::task::spawn_blocking(asked).await.map_err(|_| bihuan_store::Error::WriterGone)??;
        if !more {
            break;
        }
    }
    let now = app.now();
    let since = |span| now.checked_sub(span).unwrap_or(now);
    let (forgotten, unused_since, begun_before) = (since(once::KEPT), since(IDLE_MAX), since(AGE_MAX));
    let forget = move |work: &mut bihuan_store::Work<'_>| {
        let requests = once::expire(work.connection(), forgotten)?;
        let sessions = account::expire_sessions(work.connection(), unused_since, begun_before)?;
        Ok::<_, Failure>((requests, sessions))
    };
    let (requests, sessions) = app.books.act(checkpoint::machine(), now, forget).await?;
    app.days.close();
    let parts = app.books.evidence().sweep_parts(since(parts::PARTS_KEPT)).await?;
    Ok(Kept { requests, sessions, parts })
}
