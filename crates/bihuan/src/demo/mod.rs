//! The demo (演示): 安澜区, a district that does not exist, and one year of its work.
//!
//! Everything is invented and marked so (模拟数据). The year is drawn from a seed, planned against the rules, and then
//! written through the one door by the persons who held the posts on the day: an act that a rule refuses is a fault of
//! the script. The same seed and day give the same ledger.

mod boards;
mod burden;
mod checklists;
mod closing;
mod committee;
mod cross;
mod dice;
mod district;
mod duty;
mod endings;
mod family;
mod films;
mod finding;
mod guarantee;
mod inspection;
mod life;
mod look_again;
mod look_back_draw;
mod paper;
mod patrols;
mod picture;
mod play;
mod pressure;
mod reuse;
mod river_papers;
mod rivers;
mod stage;
mod steps;
mod stories;
mod works;
mod year;

use anyhow::{Context, Result};
use bihuan_rules::{
    Actor,
    id::{PersonId, PostId, UnitId},
    office::{Level, Role},
};
use bihuan_store::{Books, Reference, envelope::EnvelopeSecret};
use jiff::{ToSpan, civil::Date};
use stage::{Piece, Stage, What, instant};
use std::collections::BTreeSet;

/// What to create.
#[derive(Debug, Clone, Copy)]
pub struct DemoOptions {
    /// The day the story has reached; its last act is before nine in the morning.
    pub as_of: Date,
    /// Seed of everything that is drawn.
    pub seed: u64,
}

/// What was created.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DemoReport {
    /// Problems.
    pub problems: u64,
    /// Tasks, parts of split ones included.
    pub tasks: u64,
    /// Entries of the ledger.
    pub entries: u64,
    /// Distinct pictures.
    pub photos: u64,
}

/// What sealed missions of the demo are sealed with: it follows from the seed, so that the same seed gives the same ledger.
/// The secret of a real district follows from its signing key.
#[must_use]
pub fn secret(seed: u64) -> EnvelopeSecret {
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_be_bytes());
    EnvelopeSecret::from_bytes(bytes)
}

/// A person to sign in as.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cast {
    /// The role on the card: clerk, town, verifier, leader, inspector, auditor, committee, superior, publisher,
    /// administrator.
    pub role_key: &'static str,
    /// Who.
    pub person: PersonId,
    /// In which post.
    pub post: PostId,
}

const CARDS: [(&str, &str); 10] = [
    ("clerk", district::REGISTRAR),
    ("town", "post-town-12-4"),
    ("verifier", "post-housing-2"),
    ("leader", district::MAYOR),
    ("inspector", "post-supervision-i1"),
    ("auditor", district::AUDITOR),
    ("committee", district::COMMITTEE),
    ("superior", district::CITY),
    ("publisher", district::PUBLISHER),
    ("administrator", district::ADMINISTRATOR),
];

/// The persons of the role cards: whoever holds the card's post now.
#[must_use]
pub fn cast(reference: &Reference) -> Vec<Cast> {
    let holds = |post: &str| {
        let now = |h: &&bihuan_rules::office::Holding| h.post.as_str() == post && h.until.is_none();
        reference.office.holdings.iter().find(now).map(|h| (h.person.clone(), h.post.clone()))
    };
    CARDS
        .into_iter()
        .filter_map(|(role_key, post)| holds(post).map(|(person, post)| Cast { role_key, person, post }))
        .collect()
}

/// Writes the district and its year into empty books; tells how far it is.
///
/// # Errors
/// When the books cannot be written, or a rule refuses an act of the script.
pub fn create(books: &Books, options: &DemoOptions, tell: &mut dyn FnMut(u64, u64)) -> Result<DemoReport> {
    let district = district::read()?;
    let calendar = bihuan_rules::calendar::Calendar::embedded();
    let opened_on = calendar.roll(options.as_of - 400.days());
    let staffing = district::staff(&district, options.seed, opened_on, options.as_of)?;
    let rulesets = books.reference().rulesets.clone();
    let held_on = committee::held_on(options.as_of);
    let records = duty::book(&district, opened_on, held_on, options.as_of)?;
    let stage = Stage::new(staffing.office.clone(), rulesets, records, options.as_of)?;
    let templates = finding::templates()?;
    let mut year = year::Year::new(&stage, &district, &templates, options.seed);
    year.lay_out()?;
    let mut pieces = opening(&district, &staffing, opened_on)?;
    for source in &year.sources {
        let on = calendar.roll(source.received_on);
        let by = stage.actor(&PostId::new(district::REGISTRAR)?, on)?;
        let at = instant(on.at(8, 35, 0, 0))?;
        pieces.push(Piece { at, by, what: vec![What::Source(source.clone())] });
    }
    let (told, tasks) = family::tell_all(&year)?;
    pieces.extend(told);
    pieces.extend(committee::tell(&stage, options.as_of)?);
    pieces.extend(films::tell(&year)?);
    pieces.extend(boards::tell(&year)?);
    pieces.extend(burden::tell(&stage)?);
    pieces.extend(duty::tell(&stage, &district, opened_on, held_on)?);
    pieces.extend(works::tell(&year)?);
    pieces.extend(guarantee::tell(&year)?);
    let told = rivers::tell(&stage, &district, options.seed, options.as_of)?;
    pieces.extend(patrols::tell(&year, &told)?);
    pieces.extend(told.pieces);
    pieces.extend(inspection::tell(&year)?);
    pieces.extend(checklists::tell(&stage, options.as_of)?);
    pieces.sort_by_key(|piece| piece.at);
    reuse::plant(&mut pieces);
    let photos = play::store_files(books, &mut pieces)?;
    let planted = reuse::planted(&pieces);
    // What the ladder proposes on a day is read from the books as they stand then.
    let begun = pressure::begun(&stage)?;
    let mut later = pieces.split_off(pieces.partition_point(|piece| piece.at < begun));
    play::play(books, &secret(options.seed), pieces, tell)?;
    later.extend(pressure::tell(&year, books)?);
    later.sort_by_key(|piece| piece.at);
    play::play(books, &secret(options.seed), later, tell)?;
    play::play(books, &secret(options.seed), look_again::tell(&year, books)?, tell)?;
    let asked = reuse::ask(books, &stage, planted)?;
    play::play(books, &secret(options.seed), asked, &mut |_, _| {})?;
    let area = books.area().to_owned();
    let size = books.read(|connection| bihuan_store::ledger::size(connection, &area));
    let entries = size.map_err(|error: bihuan_store::Error| anyhow::anyhow!(error))?;
    Ok(DemoReport { problems: u64::try_from(year.plots.len())?, tasks, entries, photos })
}

/// The books are opened, the office is entered; later changes of the office on their days.
fn opening(
    district: &district::District,
    staffing: &district::Staffing,
    opened_on: Date,
) -> Result<Vec<Piece>> {
    let administrator = staffing.accounts.first().context("the administrator comes first")?.0.clone();
    let by = Actor {
        person: administrator,
        post: PostId::new(district::ADMINISTRATOR)?,
        unit: UnitId::new("u-admin")?,
        level: Level::County,
        roles: BTreeSet::from([Role::Administrator]),
    };
    let found = What::Found {
        code: district.code.clone(),
        name: district.name.clone(),
        prefix: district.prefix.clone(),
    };
    let at = instant(opened_on.at(8, 30, 0, 0))?;
    let mut pieces = vec![Piece { at, by: by.clone(), what: vec![found] }];
    let days: BTreeSet<Date> = staffing.acts.iter().map(|dated| dated.on).collect();
    for on in days {
        let mut what = Vec::new();
        for dated in staffing.acts.iter().filter(|dated| dated.on == on) {
            what.push(What::Office(dated.subject.clone(), dated.act.clone()));
            if let bihuan_rules::office::OfficeAct::PersonSet(person) = &dated.act {
                let login = staffing.accounts.iter().find(|(known, _)| known == &person.id);
                let (id, login) = login.context("every person has an account")?;
                what.push(What::Account(id.clone(), district::account(id, login)));
            }
        }
        pieces.push(Piece { at: instant(on.at(8, 31, 0, 0))?, by: by.clone(), what });
    }
    Ok(pieces)
}
