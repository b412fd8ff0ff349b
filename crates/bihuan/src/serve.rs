//! `bihuan serve`: the pages over the books of a folder, until a signal asks to stop.

use crate::{
    config::Config,
    keys,
    outbox::{Outbox, config::OutboxConfig},
};
use anyhow::{Context, Result};
use bihuan_store::Books;
use bihuan_web::{App, app::Shared};
use clap::Args;
use jiff::{SignedDuration, Timestamp};
use std::{net::SocketAddr, path::PathBuf, process::ExitCode, sync::Arc, time::Duration};
use tracing_subscriber::{EnvFilter, fmt, layer::SubscriberExt, util::SubscriberInitExt};

/// Time between two rounds of upkeep.
const UPKEEP_EVERY: Duration = Duration::from_secs(3_600);

/// How long the end waits for what is on the line.
const LAST_SENDING_MAX: Duration = Duration::from_secs(25);

/// Serves the books of a folder.
#[derive(Debug, Args)]
pub struct Serve {
    /// The folder, made by `bihuan init`.
    #[arg(long)]
    dir: PathBuf,
    /// Where to listen, instead of the configured address.
    #[arg(long)]
    listen: Option<SocketAddr>,
    /// `postgres://…`, with `sslmode` and `sslrootcert` if need be, instead of the configured database.
    #[arg(long)]
    database: Option<String>,
}

impl Serve {
    /// Serves until SIGINT or SIGTERM.
    pub fn run(&self) -> Result<ExitCode> {
        let mut config = Config::load(&self.dir)?;
        config.listen = self.listen.unwrap_or(config.listen);
        if let Some(database) = &self.database {
            config.database.clone_from(database);
        }
        start_log(&config.log, config.log_json);
        let key = keys::load(&self.dir)?;
        let books = config.open(&self.dir)?;
        let mut shared = Shared::new(books, Arc::new(wall_clock), key);
        shared.secure = config.secure_cookies;
        shared.tianditu_key = config.tianditu_key.as_str().into();
        shared.routes = Arc::new(config.outbox.routes());
        let checkpoint_every = Duration::from_secs(config.checkpoint_seconds.max(1));
        serve(shared.into(), &config.outbox, config.listen, checkpoint_every)?;
        Ok(ExitCode::SUCCESS)
    }
}

/// The wall clock, where time enters the program.
#[expect(clippy::disallowed_methods, reason = "this is where the clock is handed in")]
pub fn wall_clock() -> Timestamp {
    Timestamp::now()
}

/// A clock that runs from another day on, for the demo.
pub fn clock_from(start: Timestamp) -> impl Fn() -> Timestamp + Send + Sync + 'static {
    let begun = std::time::Instant::now();
    move || {
        let passed = SignedDuration::try_from(begun.elapsed()).unwrap_or(SignedDuration::ZERO);
        start.checked_add(passed).unwrap_or(start)
    }
}

/// Structured logs on standard error.
pub fn start_log(filter: &str, json: bool) {
    let filter = EnvFilter::try_new(filter).unwrap_or_else(|_| EnvFilter::new("info"));
    let registry = tracing_subscriber::registry().with(filter);
    let started = if json {
        registry.with(fmt::layer().json().with_writer(std::io::stderr)).try_init()
    } else {
        registry.with(fmt::layer().with_target(false).with_writer(std::io::stderr)).try_init()
    };
    drop(started);
}

/// Serves until a signal, then finishes what is under way and closes the books.
pub fn serve(app: App, outbox: &OutboxConfig, listen: SocketAddr, checkpoint_every: Duration) -> Result<()> {
    let outbox = Outbox::new(app.clone(), outbox)?;
    let runtime = bihuan_web::runtime()?;
    let (books, days) = (app.books.clone(), Arc::clone(&app.days));
    runtime.block_on(async move {
        let listener = tokio::net::TcpListener::bind(listen)
            .await
            .with_context(|| format!("{listen} is not free; give another address with --listen"))?;
        let address = listener.local_addr()?;
        println!("bihuan 闭环 → http://{address}/");
        tracing::info!(%address, "serving");
        let checkpoints = tokio::spawn(sign_checkpoints(app.clone(), checkpoint_every));
        let upkeep = tokio::spawn(keep_up(app.clone()));
        let (stop, stopped) = tokio::sync::watch::channel(false);
        let sender = tokio::spawn(outbox.run(stopped));
        let router = bihuan_web::router(app).into_make_service_with_connect_info::<SocketAddr>();
        let served = axum::serve(listener, router).with_graceful_shutdown(stop_signal()).await;
        checkpoints.abort();
        upkeep.abort();
        stop.send_replace(true);
        // What is on the line is finished, so that nobody gets it twice.
        drop(tokio::time::timeout(LAST_SENDING_MAX, sender).await);
        served.context("the server stopped")
    })?;
    runtime.shutdown_timeout(Duration::from_secs(10));
    days.end();
    close(&books);
    tracing::info!("stopped");
    Ok(())
}

fn close(books: &Books) {
    books.close();
}

/// What a crash left undone and what has had its time, at the start and every hour.
async fn keep_up(app: App) {
    let mut ticks = tokio::time::interval(UPKEEP_EVERY);
    loop {
        ticks.tick().await;
        match bihuan_web::upkeep(&app).await {
            Ok(kept) => tracing::debug!(?kept, "upkeep"),
            Err(failure) => tracing::error!(?failure, "the upkeep was not finished; it is tried again"),
        }
    }
}

/// Signs a checkpoint whenever the ledger grew, beside the writer.
async fn sign_checkpoints(app: App, every: Duration) {
    let mut ticks = tokio::time::interval(every);
    loop {
        ticks.tick().await;
        let (books, key, at) = (app.books.clone(), Arc::clone(&app.key), app.now());
        let signed = tokio::task::spawn_blocking(move || books.checkpoint(&key, at)).await;
        match signed {
            Ok(Ok(Some(signed))) => {
                tracing::info!(size = signed.size, root = %signed.root, "checkpoint signed");
            }
            Ok(Ok(None)) => {}
            Ok(Err(error)) => tracing::error!(%error, "no checkpoint could be signed"),
            Err(error) => tracing::error!(%error, "the checkpoint task failed"),
        }
    }
}

async fn stop_signal() {
    let interrupt = tokio::signal::ctrl_c();
    let mut terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())
        .expect("a signal handler can be installed");
    tokio::select! {
        _ = interrupt => {}
        _ = terminate.recv() => {}
    }
}
