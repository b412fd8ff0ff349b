//! `bihuan rank --dir DIR --month YYYY-MM [--ruleset NAME] [--json]`: a board made anew from the books, without a server.

use crate::config::Config;
use anyhow::{Context, Result, bail};
use bihuan_rules::ranking::{Period, Ranking, Scheme};
use bihuan_store::{Books, Error, past::Past, shelf};
use bihuan_web::rank::make;
use clap::Args;
use jiff::civil::Date;
use std::{collections::BTreeSet, path::PathBuf, process::ExitCode};

/// Makes the board of a period from the books and prints it; exit status 1 when a published board is not what the books give.
#[derive(Debug, Args)]
pub struct Rank {
    /// The folder of the books.
    #[arg(long)]
    dir: PathBuf,
    /// The period: 2026-10, 2026-Q3 or 2026-W41, as the scheme counts.
    #[arg(long)]
    month: String,
    /// The scheme; the default of a district without it.
    #[arg(long)]
    ruleset: Option<String>,
    /// One line of JSON: board, statements, bands, proposals, hash.
    #[arg(long)]
    json: bool,
}

/// A board made anew, beside the published one.
struct Again {
    made: make::Made,
    published: Option<String>,
}

/// The board of a period: the published one from the books as they stood then, any other from the books of today.
fn again(books: &Books, scheme: &Scheme, period: Period) -> std::result::Result<Again, Error> {
    let boards = books.read(|connection| shelf::list::<Ranking>(connection, u32::MAX))?;
    let known = boards.into_iter().map(|(_, seen)| seen.record).find(|ranking| {
        ranking.newest().is_some_and(|newest| {
            newest.snapshot.board.period == period && newest.snapshot.scheme.name == scheme.name
        })
    });
    if let Some(ranking) = &known {
        let made = make::again(books, &Past::of(books), ranking)?;
        return Ok(Again { made, published: ranking.newest().map(|newest| newest.hash.clone()) });
    }
    let (reference, nothing) = (books.reference(), BTreeSet::new());
    let made =
        books.read(|connection| make::make(connection, &reference, scheme, period, Date::MAX, &nothing))?;
    Ok(Again { made, published: None })
}

impl Rank {
    /// Prints the board.
    pub fn run(&self) -> Result<ExitCode> {
        let books = Config::load(&self.dir)?.open(&self.dir)?;
        let reference = books.reference();
        let scheme = match &self.ruleset {
            None => reference.schemes.chosen(),
            Some(name) => match reference.schemes.named(name) {
                Some(scheme) => scheme,
                None => {
                    let known: Vec<&str> = reference.schemes.all().map(|known| known.name.as_str()).collect();
                    bail!("no scheme is called {name}; known are {}", known.join(", "));
                }
            },
        };
        let period = Period::read(&self.month)
            .with_context(|| format!("“{}” is no period; write 2026-10, 2026-Q3 or 2026-W41", self.month))?;
        if period.length() != scheme.period {
            bail!("{} ranks each {}, and {period} is none", scheme.name, scheme.period.name());
        }
        let Again { made, published } = again(&books, scheme, period)?;
        books.close();
        let hash = made.hash()?;
        let differs = published.as_ref().is_some_and(|published| *published != hash);
        if self.json {
            let line = serde_json::json!({
                "period": period, "ruleset": made.snapshot.scheme.name, "hash": hash, "published": published,
                "board": made.snapshot.board, "bands": made.snapshot.gates, "names": made.snapshot.names,
                "proposals": made.snapshot.proposals,
            });
            println!("{line}");
        } else {
            print(&made);
            println!("sha256 {hash}");
            match (&published, differs) {
                (None, _) => println!("not published 未发布"),
                (Some(_), false) => println!("equals the published board 与已发布一致"),
                (Some(published), true) => {
                    println!("DIFFERS from the published board 与已发布不一致 {published}")
                }
            }
        }
        Ok(if differs { ExitCode::FAILURE } else { ExitCode::SUCCESS })
    }
}

fn print(made: &make::Made) {
    let snapshot = &made.snapshot;
    for row in snapshot.board.rows() {
        let name = snapshot.names.get(&row.unit).map_or_else(|| row.unit.to_string(), Clone::clone);
        let rank = row.rank.map_or_else(|| "–".to_owned(), |rank| rank.to_string());
        let gate = snapshot.gates.get(&row.unit);
        let band = gate
            .map(|gate| format!("{} {}–{}", gate.band, gate.rank_from, gate.rank_until))
            .unwrap_or_default();
        println!("{rank:>3}  {:>7}  {band:8} {name}", row.score);
    }
    for proposal in &snapshot.proposals {
        let held = if proposal.is_held_back { " (held back: may be chance)" } else { "" };
        println!("{} {}: {}{held}", proposal.unit, proposal.action.name(), proposal.consequence);
    }
}
