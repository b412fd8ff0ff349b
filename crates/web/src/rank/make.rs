//! Making a board from the books: the tally of its period, how far chance goes, and what is proposed after the boards before it.

use bihuan_methods::{
    digest::Digest,
    fair::{self, Strength, Trial},
};
use bihuan_rules::{
    Act, Subject, day_of,
    id::{RecordId, UnitId},
    office::{Office, Unit, UnitKind},
    ranking::{
        self, Board, Figures, Gate, History, Measured, Period, Population, Ranked, Ranking, RankingAct,
        Ratio, Scheme, Snapshot, Struck, Tally,
    },
    record::{Kind, RecordAct},
};
use bihuan_store::{Books, Connection, Error, Reference, history, ledger, past::Past, shelf};
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};

/// Most published boards that are looked at for counters.
const BOARDS_MAX: u32 = 400;
/// Most sets of figures that are looked through.
const SETS_MAX: u32 = 2_000;
/// What the seed of the rank intervals begins with; the period follows.
const SEED: &str = "bihuan-rank-intervals";

/// A board as the books give it, with everything it was made of.
#[derive(Debug, Clone)]
pub struct Made {
    /// What would be published.
    pub snapshot: Snapshot,
    /// What counts for each unit.
    pub tallies: BTreeMap<UnitId, Tally>,
}

impl Made {
    /// The hash under which it is published.
    ///
    /// # Errors
    /// When the snapshot cannot be written as JSON, which no snapshot of ours does.
    pub fn hash(&self) -> Result<String, serde_json::Error> {
        hash(&self.snapshot)
    }
}

/// SHA-256 of a snapshot as JSON.
///
/// # Errors
/// When it cannot be written as JSON, which no snapshot of ours does.
pub fn hash(snapshot: &Snapshot) -> Result<String, serde_json::Error> {
    Ok(Digest::of_text(&serde_json::to_string(snapshot)?).to_string())
}

/// Makes the board of a period as the books stand on a day; upheld objections no longer count.
///
/// # Errors
/// When the engine refuses or a record is damaged.
pub fn make(
    connection: &mut Connection,
    reference: &Reference,
    scheme: &Scheme,
    period: Period,
    day: Date,
    struck: &BTreeSet<Struck>,
) -> Result<Made, Error> {
    let months = [period.before().before(), period.before(), period];
    let area = reference.area.as_ref().map(|area| area.code.clone()).unwrap_or_default();
    let histories = history::since(connection, &area, months[0].from())?;
    let units = population(&reference.office, scheme.population, period);
    let mut tallies = complete(&units, ranking::tally_so_far(scheme, period, day, &histories, struck));
    give_figures(connection, period, &mut tallies)?;
    let board = board(scheme, period, &units, &tallies, struck);
    let gates = gates(scheme, &units, &months, &histories, &tallies);
    let earlier = earlier(connection, scheme, period)?;
    let earlier: Vec<&Board> = earlier.iter().collect();
    let beyond: BTreeSet<UnitId> =
        gates.iter().filter(|(_, gate)| gate.is_beyond_chance).map(|(unit, _)| unit.clone()).collect();
    let proposals = ranking::proposals(scheme, &board, &earlier, &beyond);
    let names = units.iter().map(|unit| (unit.id.clone(), unit.name.clone())).collect();
    Ok(Made { snapshot: Snapshot { scheme: scheme.clone(), board, names, gates, proposals }, tallies })
}

/// The newest edition of a published board made again, by its own scheme, from the books as they stood before it was
/// published: what was renamed, closed or corrected since does not touch it.
///
/// # Errors
/// When the books cannot be read, or hold no publication of this board.
pub fn again(books: &Books, past: &Past, ranking: &Ranking) -> Result<Made, Error> {
    let subject = Subject::Record(Kind::Ranking, ranking.id.clone());
    let lines = books.read(|connection| ledger::timeline(connection, &subject))?;
    let publishes = |act: &Act| {
        use RankingAct::{Published, Revised};
        matches!(act, Act::Record(RecordAct::Ranking(Published(_) | Revised { .. })))
    };
    let published = lines.iter().find(|line| publishes(&line.act)).zip(ranking.newest());
    let (line, newest) = published.ok_or_else(|| unpublished(&ranking.id))?;
    let before = line.sequence.checked_sub(1).ok_or_else(|| unpublished(&ranking.id))?;
    let Snapshot { scheme, board, .. } = &newest.snapshot;
    let then = past.after(before, day_of(line.at))?;
    let reference = then.books.reference();
    then.books.read(|connection| make(connection, &reference, scheme, board.period, Date::MAX, &board.struck))
}

fn unpublished(id: &RecordId) -> Error {
    Error::Damaged { table: "ledger", what: format!("no publication of {id}") }
}

/// The board of these tallies.
pub fn board(
    scheme: &Scheme,
    period: Period,
    units: &[&Unit],
    tallies: &BTreeMap<UnitId, Tally>,
    struck: &BTreeSet<Struck>,
) -> Board {
    let ranked: Vec<Ranked<'_>> = units
        .iter()
        .filter_map(|unit| Some((&unit.id, unit.name.as_str(), tallies.get(&unit.id)?)))
        .collect();
    ranking::board(scheme, period, &ranked, struck)
}

/// Who is ranked: every unit of the population that was not closed before the period ended.
pub fn population(office: &Office, population: Population, period: Period) -> Vec<&Unit> {
    let is_of = |kind: UnitKind| match population {
        Population::Towns => kind == UnitKind::Town,
        Population::Departments => kind == UnitKind::Department,
        Population::Units => matches!(kind, UnitKind::Town | UnitKind::Department),
    };
    let stands = |unit: &&Unit| unit.closed_on.is_none_or(|closed| closed > period.until());
    office.units.values().filter(|unit| is_of(unit.kind)).filter(stands).collect()
}

/// Every unit has a tally, if only an empty one; others are not ranked.
fn complete(units: &[&Unit], mut found: BTreeMap<UnitId, Tally>) -> BTreeMap<UnitId, Tally> {
    units.iter().map(|unit| (unit.id.clone(), found.remove(&unit.id).unwrap_or_default())).collect()
}

/// Puts the figures of the period, and those of the year before beside them, to what counts for each unit.
fn give_figures(
    connection: &mut Connection,
    period: Period,
    tallies: &mut BTreeMap<UnitId, Tally>,
) -> Result<(), Error> {
    let sets: Vec<Figures> =
        shelf::list::<Figures>(connection, SETS_MAX)?.into_iter().map(|(_, seen)| seen.record).collect();
    let of = |period: Period, figure: &str| {
        sets.iter().map(|known| &known.set).find(|set| set.period == period && set.figure == figure)
    };
    for set in sets.iter().map(|known| &known.set).filter(|set| set.period == period) {
        let before = of(period.last_year(), &set.figure);
        for (unit, tally) in tallies.iter_mut() {
            if let Some(value) = set.values.get(unit) {
                let last_year = before.and_then(|before| before.values.get(unit)).copied();
                tally.figures.insert(set.figure.clone(), Measured { value: *value, last_year });
            }
        }
    }
    Ok(())
}

/// Tasks due and done in time, each counted once.
fn trial(tally: Option<&Tally>) -> Trial {
    let counted =
        tally.and_then(|tally| tally.ratios.get(&Ratio::OnTime)).map(Vec::as_slice).unwrap_or_default();
    let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    Trial { due: count(counted.len()), done: count(counted.iter().filter(|one| one.good).count()) }
}

/// How far chance goes: ranks of the period by simulation, the gate over three periods. Units without a task have none.
fn gates(
    scheme: &Scheme,
    units: &[&Unit],
    months: &[Period; 3],
    histories: &[History],
    now: &BTreeMap<UnitId, Tally>,
) -> BTreeMap<UnitId, Gate> {
    let nothing = BTreeSet::new();
    let before: Vec<BTreeMap<UnitId, Tally>> =
        months[..2].iter().map(|month| ranking::tally(scheme, *month, histories, &nothing)).collect();
    let trials: Vec<Trial> = units.iter().map(|unit| trial(now.get(&unit.id))).collect();
    let strength = Strength::Fixed(f64::from(scheme.strength));
    let Ok(shrunk) = fair::shrink(&trials, strength) else { return BTreeMap::new() };
    let places = shrunk.ranks(&format!("{SEED}-{}-{}", scheme.name, months[2]), fair::DRAWS);
    let windows: Vec<[Trial; 3]> = units
        .iter()
        .zip(&trials)
        .map(|(unit, trial_now)| [trial(before[0].get(&unit.id)), trial(before[1].get(&unit.id)), *trial_now])
        .collect();
    let pooled = Trial::sum(windows.as_flattened());
    let mean = pooled.raw().unwrap_or(1.0);
    let gate = fair::Gate::default();
    let permille = |share: f64| (share * 1_000.0).round().clamp(0.0, 1_000.0) as u32;
    units
        .iter()
        .zip(places)
        .zip(windows)
        .filter_map(|((unit, place), window)| {
            let place = place?;
            let judged = gate.judge(&window, mean).ok();
            let gate = Gate {
                band: format!("{:?}", place.band),
                rank_from: place.lower,
                rank_until: place.upper,
                last: permille(place.last),
                below: judged.as_ref().map_or(0, |judged| permille(judged.probability)),
                is_beyond_chance: judged.is_some_and(|judged| judged.passes),
            };
            Some((unit.id.clone(), gate))
        })
        .collect()
}

/// The published boards of a scheme before a period, the newest first.
fn earlier(connection: &mut Connection, scheme: &Scheme, period: Period) -> Result<Vec<Board>, Error> {
    let mut boards: Vec<Board> = shelf::list::<Ranking>(connection, BOARDS_MAX)?
        .into_iter()
        .filter_map(|(_, seen)| seen.record.revisions.into_iter().next_back())
        .filter(|revision| revision.snapshot.scheme.name == scheme.name)
        .map(|revision| revision.snapshot.board)
        .filter(|board| board.period < period)
        .collect();
    boards.sort_by_key(|board| std::cmp::Reverse(board.period));
    Ok(boards)
}

/// What one more open task would do for a unit: its score if it is done in time, and if it is not.
#[must_use]
pub fn what_if(
    made: &Made,
    office: &Office,
    unit: &UnitId,
    open: &ranking::Open,
) -> Option<(ranking::Points, ranking::Points)> {
    let Snapshot { scheme, board: now, .. } = &made.snapshot;
    let units = population(office, scheme.population, now.period);
    let score = |good: bool| {
        let mut tallies = made.tallies.clone();
        let then = tallies.get(unit)?.if_done(open, good);
        tallies.insert(unit.clone(), then);
        board(scheme, now.period, &units, &tallies, &now.struck).row(unit).map(|row| row.score)
    };
    Some((score(true)?, score(false)?))
}
