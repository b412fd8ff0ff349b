//! `bihuan demo`: the twin district with its year, and a server over it.

use crate::{config, config::Config, demo, keys, outbox::config::OutboxConfig, serve};
use anyhow::{Context, Result, bail};
use bihuan_rules::deadline::read_date;
use bihuan_store::{Books, EvidenceStore};
use bihuan_web::app::{Card, Shared};
use clap::Args;
use jiff::{civil::Date, tz};
use std::{net::SocketAddr, path::PathBuf, process::ExitCode, sync::Arc, time::Duration};

/// The area code of the twin district.
const AREA: &str = "519904";

/// Creates the fictional twin district with its year and serves it.
#[derive(Debug, Args)]
pub struct Demo {
    /// The folder; without it a fresh temporary one. An existing demo folder is served as it is.
    #[arg(long)]
    dir: Option<PathBuf>,
    /// Where to listen.
    #[arg(long, default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// The day the story has reached; without it today.
    #[arg(long)]
    as_of: Option<String>,
    /// Seed of everything that is drawn at random.
    #[arg(long, default_value_t = 20_210_611)]
    seed: u64,
    /// Creates the books and stops.
    #[arg(long)]
    no_serve: bool,
    /// `postgres://…`, an empty database; without it the embedded one.
    #[arg(long)]
    database: Option<String>,
}

impl Demo {
    /// Creates and serves.
    pub fn run(&self) -> Result<ExitCode> {
        serve::start_log("warn", false);
        let as_of: Date = match &self.as_of {
            Some(text) => {
                read_date(text, None).with_context(|| format!("“{text}” is no date; write 2021-06-11"))?
            }
            None => bihuan_rules::day_of(serve::wall_clock()),
        };
        let dir = match &self.dir {
            Some(dir) => dir.clone(),
            None => tempfile::Builder::new().prefix("bihuan-demo-").tempdir()?.keep(),
        };
        std::fs::create_dir_all(&dir).with_context(|| format!("{} cannot be made", dir.display()))?;
        let books = self.books(&dir, as_of)?;
        let reference = books.reference();
        if !reference.area.as_ref().is_some_and(|area| area.simulated) {
            bail!("{} holds real books; the demo never touches them", dir.display());
        }
        println!("demo folder → {}", dir.display());
        if self.no_serve {
            books.close();
            return Ok(ExitCode::SUCCESS);
        }
        let start = tz::offset(8).to_timestamp(as_of.at(9, 30, 0, 0)).context("the day is out of range")?;
        let start = latest(&books)?.map_or(start, |last| start.max(last));
        let mut shared = Shared::new(books, Arc::new(serve::clock_from(start)), keys::load(&dir)?);
        shared.demo = true;
        shared.envelopes = Arc::new(demo::secret(self.seed));
        shared.cards = Arc::new(
            demo::cast(&reference)
                .into_iter()
                .map(|cast| Card { role: cast.role_key.to_owned(), person: cast.person, post: cast.post })
                .collect(),
        );
        serve::serve(shared.into(), &OutboxConfig::default(), self.listen, Duration::from_secs(60))?;
        Ok(ExitCode::SUCCESS)
    }

    fn books(&self, dir: &std::path::Path, as_of: Date) -> Result<Books> {
        let database = self.database.clone().unwrap_or_default();
        let config = Config { area: AREA.to_owned(), database, listen: self.listen, ..Config::fresh() };
        if !dir.join(config::FILE).exists() {
            if std::fs::read_dir(dir)?.next().is_some() {
                bail!("{} is not empty and holds no demo", dir.display());
            }
            std::fs::write(dir.join(config::FILE), toml::to_string(&config)?)?;
            keys::create(dir, AREA)?;
        }
        let books = Books::open(config.place(dir), AREA, EvidenceStore::folder(&dir.join("evidence"))?)?;
        if books.reference().area.is_none() {
            let begun = std::time::Instant::now();
            let options = demo::DemoOptions { as_of, seed: self.seed };
            let mut tell = |done: u64, total: u64| {
                if done == total || done.is_multiple_of(500) {
                    eprint!("\rwriting the year {done}/{total}   ");
                }
            };
            let report = demo::create(&books, &options, &mut tell)?;
            eprintln!();
            let end = tz::offset(8).to_timestamp(as_of.at(9, 0, 0, 0)).context("the day is out of range")?;
            let end = latest(&books)?.map_or(end, |last| end.max(last));
            books.checkpoint(&keys::load(dir)?, end)?;
            println!(
                "{} problems, {} tasks, {} ledger entries, {} pictures in {:.1} s",
                report.problems,
                report.tasks,
                report.entries,
                report.photos,
                begun.elapsed().as_secs_f64()
            );
        }
        Ok(books)
    }
}

/// The instant of the newest entry.
fn latest(books: &Books) -> Result<Option<jiff::Timestamp>> {
    let area = books.area().to_owned();
    let newest = books.read(|connection| {
        let size = bihuan_store::ledger::size(connection, &area)?;
        bihuan_store::ledger::page(connection, &area, size.saturating_sub(1), 1)
    });
    let newest: Vec<_> = newest.map_err(|error: bihuan_store::Error| anyhow::anyhow!(error))?;
    newest
        .first()
        .map(|(entry, _)| jiff::Timestamp::from_microsecond(entry.at).context("a damaged instant"))
        .transpose()
}
