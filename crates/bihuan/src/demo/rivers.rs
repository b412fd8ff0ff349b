//! The rivers of the twin (河湖): reaches through every town, chiefs on each, alerts.

use super::{
    dice::Dice,
    district, river_papers,
    stage::{Piece, Stage, What, instant},
};
use anyhow::{Context, Result};
use bihuan_rules::{
    calendar::Calendar,
    id::{PostId, RecordId, UnitId},
    river::{
        Alert, AlertCause, AlertLevel, Chief, ChiefKind, ChiefLevel, Duty, Every, Outline, Reach, RiverOrder,
        Spot, WaterKind,
    },
    task::Datum,
};
use jiff::{ToSpan, civil::Date};
use serde::Deserialize;
use std::collections::BTreeMap;

/// The rule of patrols of the district.
const RULE: &str = "sichuan-county";
/// Days before the story ends: rivers listed, alert raised.
const LISTED_BEFORE: i64 = 392;
const ALERTED_BEFORE: i64 = 33;
/// The river and reach under alert, by their places.
pub const ALERTED: (usize, u32) = (2, 2);

/// The file of the rivers.
#[derive(Debug, Deserialize)]
struct File {
    river: Vec<Stream>,
    reservoir: Vec<Basin>,
}

#[derive(Debug, Deserialize)]
struct Stream {
    name: String,
    course: String,
    head: [i64; 2],
    mouth: [i64; 2],
    towns: Vec<String>,
    sections: Vec<String>,
    chief: String,
    village_every: Every,
    civil: String,
}

#[derive(Debug, Deserialize)]
struct Basin {
    name: String,
    town: String,
    centre: [i64; 2],
    chief: String,
}

/// A seat whose chief patrols.
#[derive(Debug, Clone)]
pub struct Seat {
    pub river: RecordId,
    pub river_place: usize,
    pub reaches: Vec<u32>,
    pub chief: u32,
    pub level: ChiefLevel,
    pub every: Every,
    pub post: PostId,
    pub assistant: Option<PostId>,
}

/// What the rivers are, told as pieces, and who patrols.
pub struct Told {
    pub pieces: Vec<Piece>,
    pub seats: Vec<Seat>,
    pub from: Date,
    /// Unit and line of every reach, by its river and place in the river's file.
    pub reaches: BTreeMap<(RecordId, u32), (UnitId, Vec<Spot>)>,
}

/// Collects the pieces of the rivers.
pub struct Teller<'s> {
    stage: &'s Stage,
    pieces: Vec<Piece>,
    seats: Vec<Seat>,
    from: Date,
    reaches: BTreeMap<(RecordId, u32), (UnitId, Vec<Spot>)>,
}

impl Teller<'_> {
    pub fn add(&mut self, post: &str, on: Date, hour: i8, minute: i8, what: Vec<What>) -> Result<()> {
        let by = self.stage.actor(&PostId::new(post)?, on)?;
        self.pieces.push(Piece { at: instant(on.at(hour, minute, 0, 0))?, by, what });
        Ok(())
    }

    fn seat(&mut self, river: &RecordId, chief: Chief, what: &mut Vec<What>) {
        what.push(What::River(river.clone(), RiverOrder::Appoint(chief)));
    }
}

/// The rivers of the district.
///
/// # Errors
/// When the file cannot be read, or a post is vacant on its day.
pub fn tell(stage: &Stage, district: &district::District, seed: u64, as_of: Date) -> Result<Told> {
    let file: File = toml::from_str(include_str!("../../../../demo/rivers.toml"))
        .context("demo/rivers.toml cannot be read")?;
    let calendar = Calendar::embedded();
    let from = calendar.roll(as_of - LISTED_BEFORE.days());
    let mut teller = Teller { stage, pieces: Vec::new(), seats: Vec::new(), from, reaches: BTreeMap::new() };
    let mut dice = Dice::new(seed, "rivers");
    for (place, stream) in file.river.iter().enumerate() {
        list_stream(&mut teller, district, stream, place, &mut dice)?;
    }
    for (place, basin) in (file.river.len()..).zip(&file.reservoir) {
        list_basin(&mut teller, district, basin, place)?;
    }
    alert(&mut teller, as_of)?;
    let names: Vec<&str> = file.river.iter().map(|river| river.name.as_str()).collect();
    river_papers::tell(&mut teller, &names, as_of)?;
    Ok(Told { pieces: teller.pieces, seats: teller.seats, from: teller.from, reaches: teller.reaches })
}

pub fn code(place: usize) -> Result<RecordId> {
    Ok(RecordId::new(format!("R-{:03}", place + 1))?)
}

fn town<'d>(district: &'d district::District, id: &str) -> Result<&'d district::Town> {
    district.town.iter().find(|town| town.id == id).with_context(|| format!("no town {id}"))
}

fn spot([lon_e6, lat_e6]: [i64; 2]) -> Spot {
    Spot { lon_e6, lat_e6 }
}

/// A winding line between two places, both included.
fn winding(from: Spot, until: Spot, dice: &mut Dice) -> Vec<Spot> {
    const BENDS: i64 = 4;
    let mut line = vec![from];
    for n in 1..BENDS {
        let part = |a: i64, b: i64| a + (b - a) * n / BENDS;
        line.push(Spot {
            lon_e6: part(from.lon_e6, until.lon_e6) + dice.between(-3_500, 3_500),
            lat_e6: part(from.lat_e6, until.lat_e6) + dice.between(-4_500, 4_500),
        });
    }
    line.push(until);
    line
}

/// Length of a line, in metres: a degree of latitude is 111 km, one of longitude 96 km here; rivers wind more than lines.
fn length_m(line: &[Spot]) -> Result<u32> {
    let mut metres = 0;
    for pair in line.windows(2) {
        let (x, y) = ((pair[1].lon_e6 - pair[0].lon_e6) * 96, (pair[1].lat_e6 - pair[0].lat_e6) * 111);
        metres += ((x * x + y * y) / 1_000_000).isqrt();
    }
    Ok(u32::try_from(metres * 13 / 10)?)
}

/// The reaches of a stream: the border of two towns lies between their seeds.
fn reaches(district: &district::District, stream: &Stream, dice: &mut Dice) -> Result<Vec<Reach>> {
    let seeds = stream.towns.iter().map(|id| {
        let town = town(district, id)?;
        Ok(Spot { lon_e6: town.lon_e6, lat_e6: town.lat_e6 + dice.between(-2_000, 2_000) })
    });
    let seeds = seeds.collect::<Result<Vec<Spot>>>()?;
    let border = |a: Spot, b: Spot| Spot {
        lon_e6: i64::midpoint(a.lon_e6, b.lon_e6),
        lat_e6: i64::midpoint(a.lat_e6, b.lat_e6),
    };
    let mut begin = spot(stream.head);
    let mut reaches = Vec::new();
    for (n, seed) in seeds.iter().enumerate() {
        let end = seeds.get(n + 1).map_or(spot(stream.mouth), |next| border(*seed, *next));
        let mut line = winding(begin, *seed, dice);
        line.extend(winding(*seed, end, dice).into_iter().skip(1));
        let town = town(district, &stream.towns[n])?;
        let phone = 1_000 + u32::try_from(reaches.len())? + u32::try_from(stream.name.len())? * 10;
        reaches.push(Reach {
            name: format!("{}{}段", stream.name, town.short),
            section: stream.sections.get(n).cloned().unwrap_or_default(),
            order: u32::try_from(n + 1)?,
            length_m: length_m(&line)?,
            unit: UnitId::new(&town.id)?,
            towns: vec![UnitId::new(&town.id)?],
            datum: Datum::Cgcs2000,
            line,
            goals: "水质稳定达到或优于Ⅲ类\n岸线无乱占、乱采、乱堆、乱建\n水面无漂浮物，排口无污水直排"
                .to_owned(),
            phone: format!("199-0000-{phone:04}"),
        });
        begin = end;
    }
    Ok(reaches)
}

fn chief(reach: Option<u32>, kind: ChiefKind, level: ChiefLevel, post: &str, from: Date) -> Result<Chief> {
    Ok(Chief {
        reach,
        kind,
        level,
        stretch: String::new(),
        post: Some(PostId::new(post)?),
        name: String::new(),
        assistants: Vec::new(),
        from,
        until: None,
    })
}

fn list_stream(
    teller: &mut Teller<'_>,
    district: &district::District,
    stream: &Stream,
    place: usize,
    dice: &mut Dice,
) -> Result<()> {
    use ChiefKind::{Administrative, Civil, Police, Procurator, Technical};
    use ChiefLevel::{District, Town, Village};
    let (id, from) = (code(place)?, teller.from);
    let reaches = reaches(district, stream, dice)?;
    let village = Duty { level: Village, visits: 1, every: stream.village_every, season: None };
    let outline = Outline {
        name: stream.name.clone(),
        kind: WaterKind::River,
        office: UnitId::new("u-water")?,
        length_m: reaches.iter().map(|reach| reach.length_m).sum(),
        course: stream.course.clone(),
        rule: RULE.to_owned(),
        duties: vec![
            Duty { level: District, visits: 1, every: Every::Quarter, season: None },
            Duty { level: Town, visits: 1, every: Every::Month, season: None },
            village,
        ],
    };
    let mut what = vec![What::River(id.clone(), RiverOrder::List(outline))];
    let all: Vec<u32> = (1..).zip(&reaches).map(|(n, _)| n).collect();
    for (n, reach) in (1..).zip(&reaches) {
        teller.reaches.insert((id.clone(), n), (reach.unit.clone(), reach.line.clone()));
    }
    what.extend(
        reaches
            .iter()
            .map(|reach| What::River(id.clone(), RiverOrder::SetReach(None, Box::new(reach.clone())))),
    );
    let mut n = 0;
    let mut seat = |teller: &mut Teller<'_>, chief: Chief, every: Option<Every>| {
        n += 1;
        if let (Some(every), Some(post)) = (every, chief.post.clone()) {
            teller.seats.push(Seat {
                river: id.clone(),
                river_place: place,
                reaches: chief.reach.map_or_else(|| all.clone(), |reach| vec![reach]),
                chief: n,
                level: chief.level,
                every,
                post,
                assistant: chief.assistants.first().cloned(),
            });
        }
        teller.seat(&id, chief, &mut what);
    };
    seat(teller, chief(None, Administrative, District, &stream.chief, from)?, Some(Every::Quarter));
    seat(teller, chief(None, Technical, District, "post-water-1", from)?, None);
    seat(teller, chief(None, Police, District, "post-police-1", from)?, None);
    seat(teller, chief(None, Procurator, District, district::PROCURATOR, from)?, None);
    let civil =
        Chief { post: None, name: stream.civil.clone(), ..chief(None, Civil, District, "post", from)? };
    seat(teller, civil, None);
    for (n, id) in (1..).zip(&stream.towns) {
        let short = id.trim_start_matches("u-");
        let head = chief(Some(n), Administrative, Town, &format!("post-{short}-2"), from)?;
        let aide = vec![PostId::new(format!("post-{short}-4"))?];
        seat(teller, Chief { assistants: aide, ..head }, Some(Every::Month));
        let number = short.trim_start_matches("town-");
        let village = chief(Some(n), Administrative, Village, &format!("post-village-{number}"), from)?;
        let at = number.parse::<usize>().ok().and_then(|n| n.checked_sub(1));
        let stretch = at.and_then(|at| district.villages.get(at)).cloned().unwrap_or_default();
        seat(teller, Chief { stretch, ..village }, Some(stream.village_every));
    }
    let minute = i8::try_from(place * 4)?;
    teller.add(district::REGISTRAR, from, 9, 5 + minute, what)
}

/// A reservoir is one reach around its shore.
fn list_basin(
    teller: &mut Teller<'_>,
    district: &district::District,
    basin: &Basin,
    place: usize,
) -> Result<()> {
    let (id, from) = (code(place)?, teller.from);
    let town = town(district, &basin.town)?;
    let centre = spot(basin.centre);
    let shore =
        [(9_000, 0), (6_000, 5_200), (-1_000, 6_400), (-7_000, 3_800), (-9_400, -900), (-4_500, -5_600)];
    let shore = shore.into_iter().chain([(3_500, -6_000), (9_000, -200)]);
    let line: Vec<Spot> =
        shore.map(|(x, y)| Spot { lon_e6: centre.lon_e6 + x, lat_e6: centre.lat_e6 + y }).collect();
    let outline = Outline {
        name: basin.name.clone(),
        kind: WaterKind::Reservoir,
        office: UnitId::new("u-water")?,
        length_m: 0,
        course: "农村供水备用水源".to_owned(),
        rule: RULE.to_owned(),
        duties: Vec::new(),
    };
    let reach = Reach {
        name: format!("{}库岸", basin.name),
        section: String::new(),
        order: 1,
        length_m: length_m(&line)?,
        unit: UnitId::new(&town.id)?,
        towns: vec![UnitId::new(&town.id)?],
        datum: Datum::Cgcs2000,
        line,
        goals: "库区无网箱养殖\n水质稳定达到Ⅲ类".to_owned(),
        phone: format!("199-0000-{:04}", 2_000 + place),
    };
    let short = town.id.trim_start_matches("u-");
    let head = chief(None, ChiefKind::Administrative, ChiefLevel::District, &basin.chief, from)?;
    let local =
        chief(Some(1), ChiefKind::Administrative, ChiefLevel::Town, &format!("post-{short}-3"), from)?;
    for (n, chief, every) in [(1, &head, Every::Quarter), (2, &local, Every::Month)] {
        teller.seats.push(Seat {
            river: id.clone(),
            river_place: place,
            reaches: vec![1],
            chief: n,
            level: chief.level,
            every,
            post: chief.post.clone().context("a chief of a reservoir has a post")?,
            assistant: None,
        });
    }
    let orders = [
        RiverOrder::List(outline),
        RiverOrder::SetReach(None, Box::new(reach)),
        RiverOrder::Appoint(head),
        RiverOrder::Appoint(local),
    ];
    let what = orders.into_iter().map(|order| What::River(id.clone(), order)).collect();
    teller.add(district::REGISTRAR, from, 9, 5 + i8::try_from(place * 4)?, what)
}

fn alert(teller: &mut Teller<'_>, as_of: Date) -> Result<()> {
    let on = Calendar::embedded().roll(as_of - ALERTED_BEFORE.days());
    let alert = Alert {
        reach: Some(ALERTED.1),
        level: AlertLevel::Orange,
        cause: AlertCause::WaterQuality,
        reason: "月度监测氨氮连续两次超标".to_owned(),
        from: on,
        lifted_on: None,
        lifted_because: String::new(),
    };
    let what = What::River(code(ALERTED.0)?, RiverOrder::RaiseAlert(alert));
    teller.add(district::REGISTRAR, on, 10, 40, vec![what])?;
    let lifted = Calendar::embedded().roll(as_of - 150.days());
    let raised = Calendar::embedded().roll(as_of - 185.days());
    let before = Alert {
        reach: Some(3),
        level: AlertLevel::Yellow,
        cause: AlertCause::Circular,
        reason: "市级通报岸线垃圾反弹".to_owned(),
        from: raised,
        lifted_on: None,
        lifted_because: String::new(),
    };
    let id = code(0)?;
    teller.add(
        district::REGISTRAR,
        raised,
        10,
        40,
        vec![What::River(id.clone(), RiverOrder::RaiseAlert(before))],
    )?;
    let lift = RiverOrder::LiftAlert { n: 1, on: lifted, reason: "复查整改到位".to_owned() };
    teller.add(district::REGISTRAR, lifted, 10, 45, vec![What::River(id, lift)])
}
