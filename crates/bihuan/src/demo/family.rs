//! Families (分解与合并): one task becomes several, two become one.

use super::{
    district,
    life::{Life, Plot, Stop, Told, replayed},
    stage::{Piece, What, instant},
    year::Year,
};
use anyhow::{Context, Result};
use bihuan_rules::{
    id::{PostId, TaskId, UnitId},
    office::Level,
    task::{self, Part, Stamp, TaskAct},
};
use jiff::ToSpan;

/// Tells every life of the year, the split one and the merged pair among them.
pub fn tell_all(year: &Year<'_>) -> Result<(Vec<Piece>, u64)> {
    let split =
        year.plots.iter().position(|plot| plot.level == Level::Province && plot.lines.summary.is_empty());
    let pair = pair(year);
    let mut pieces = Vec::new();
    let mut tasks = 0;
    for (n, plot) in year.plots.iter().enumerate() {
        if pair.is_some_and(|(_, from)| from == n) {
            continue;
        }
        if split == Some(n) {
            pieces.extend(tell_split(year, plot)?);
            tasks += 4;
        } else if let Some((into, from)) = pair.filter(|(into, _)| *into == n) {
            pieces.extend(tell_merge(year, &year.plots[into], &year.plots[from])?);
            tasks += 2;
        } else {
            pieces.extend(Life::new(year.stage, plot)?.tell()?.pieces);
            tasks += 1;
        }
    }
    Ok((pieces, tasks))
}

/// Two neighbours of one round with the same deadline's order: the first answers for the second too.
fn pair(year: &Year<'_>) -> Option<(usize, usize)> {
    let fits = |into: &Plot, from: &Plot| {
        into.source == from.source
            && into.level == Level::County
            && into.field == from.field
            && into.registered_at.date() == from.registered_at.date()
            && into.due_on.is_some()
            && from.due_on.is_some()
            && into.due_on <= from.due_on
            && into.fate.stops_at.is_none()
            && from.fate.stops_at.is_none()
            && into.lines.summary.is_empty()
            && from.lines.summary.is_empty()
    };
    let plots = &year.plots;
    (0..plots.len()).find_map(|into| {
        (into + 1..plots.len().min(into + 10))
            .find(|from| fits(&plots[into], &plots[*from]))
            .map(|from| (into, from))
    })
}

fn tell_split(year: &Year<'_>, whole: &Plot) -> Result<Vec<Piece>> {
    let mut plot = whole.clone();
    plot.items = 3;
    plot.finding.title = format!("{}等3处同类问题", plot.finding.title);
    let mut life = Life::new(year.stage, &plot)?;
    life.register()?;
    let towns: Vec<&district::Town> =
        year.district.town.iter().filter(|town| town.id != whole.area.as_str()).take(3).collect();
    let mut parts = Vec::new();
    for (n, town) in (2..).zip(&towns) {
        parts.push(Part {
            id: TaskId::new(format!("{}-{n}", plot.problem))?,
            title: format!("{}（{}部分）", plot.finding.title, town.short),
            kind: plot.kind,
            items: 1,
            lead: vec![town.name.clone()],
        });
    }
    life.now += 50.minutes();
    let at = instant(life.now)?;
    let by = year.stage.actor(&PostId::new(district::REGISTRAR)?, life.now.date())?;
    let ruleset = year.stage.ruleset(&plot.ruleset)?;
    let situation = year.stage.situation(&by, at, ruleset);
    let events = task::split(life.task.as_ref().context("registered")?, &situation, parts.clone())?;
    let mut pieces = std::mem::take(&mut life.pieces);
    pieces.push(Piece { at, by: by.clone(), what: vec![What::Split(life.id.clone(), parts)] });
    for ((id, event), town) in
        events.iter().filter(|(_, event)| matches!(event.act, TaskAct::Registered(_))).zip(&towns)
    {
        let lead = UnitId::new(&town.id)?;
        let own = Plot {
            lead: lead.clone(),
            co: Vec::new(),
            seed: plot.seed ^ u64::try_from(town.people)?,
            ..plot.clone()
        };
        let mut part = Life::new(year.stage, &own)?;
        part.id = id.clone();
        part.task = Some(replayed(id, Stamp::new(&by, at), event)?);
        part.now = life.now;
        let told = part.before().and_then(|()| part.go_on());
        pieces.extend(part.done(told)?.pieces);
    }
    Ok(pieces)
}

fn tell_merge(year: &Year<'_>, into: &Plot, from: &Plot) -> Result<Vec<Piece>> {
    let mut one = Life::new(year.stage, into)?;
    one.register()?;
    let mut other = Life::new(year.stage, from)?;
    other.register()?;
    let now = one.now.max(other.now) + 40.minutes();
    let at = instant(now)?;
    let by = year.stage.actor(&PostId::new(district::REGISTRAR)?, now.date())?;
    let situation = year.stage.situation(&by, at, year.stage.ruleset(&into.ruleset)?);
    let (from_task, into_task) = (other.task.context("registered")?, one.task.take().context("registered")?);
    let events = task::merge(&from_task, &into_task, &situation)?;
    let (_, absorbed) = events.last().context("two events")?;
    one.task = Some(into_task.after(&Stamp::new(&by, at), absorbed));
    one.now = now;
    one.pieces.extend(other.pieces);
    one.pieces.push(Piece { at, by, what: vec![What::Merge { from: other.id, into: one.id.clone() }] });
    let told = one.go_on();
    Ok(one.done(told)?.pieces)
}

impl From<Stop> for anyhow::Error {
    fn from(stop: Stop) -> anyhow::Error {
        match stop {
            Stop::Over => anyhow::anyhow!("the story is over too early"),
            Stop::Fault(error) => error,
        }
    }
}

impl Life<'_> {
    /// A part gets its own picture before anybody works on it.
    fn before(&mut self) -> Told {
        self.now += 30.minutes();
        let picture = self.picture(task::EvidenceRole::Before, super::picture::Condition::Before, "整改前");
        self.act(district::REGISTRAR, vec![picture])
    }
}
