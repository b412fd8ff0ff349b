//! The reach map (河段图): a schematic drawn on the server from the lines of the reaches; it needs no tiles and no script.

use crate::{locale::Locale, words};
use bihuan_rules::{
    id::UnitId,
    office::Office,
    river::{AlertLevel, ChiefKind, Patrol, River, Spot},
};
use jiff::civil::Date;

/// Width of the drawing, in its own units.
const WIDTH: i64 = 1_000;
/// Least and greatest height.
const HEIGHTS: std::ops::RangeInclusive<i64> = 240..=680;
/// Space around the lines.
const MARGIN: i64 = 60;
/// A degree of longitude is shorter than one of latitude by this at 30° north, in thousandths.
const LON_SHRINK: i64 = 863;

/// How a reach is drawn: alerts first, then whether patrols were made last month and this.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Shade {
    /// Every patrol owed was made.
    Kept,
    /// Patrols were missed.
    Missed,
    /// No administrative chief answers for it.
    Vacant,
    /// A yellow alert.
    Yellow,
    /// An orange alert.
    Orange,
    /// A red alert.
    Red,
}

impl Shade {
    /// Every one, the gravest last.
    pub const ALL: [Shade; 6] =
        [Shade::Kept, Shade::Missed, Shade::Vacant, Shade::Yellow, Shade::Orange, Shade::Red];

    /// The name used in classes and message keys.
    pub fn name(self) -> &'static str {
        match self {
            Shade::Kept => "kept",
            Shade::Missed => "missed",
            Shade::Vacant => "vacant",
            Shade::Yellow => "yellow",
            Shade::Orange => "orange",
            Shade::Red => "red",
        }
    }

    /// Class of the tag that shows it.
    pub fn tag(self) -> &'static str {
        match self {
            Shade::Kept => "done",
            Shade::Missed | Shade::Orange => "late",
            Shade::Vacant => "",
            Shade::Yellow => "near",
            Shade::Red => "stop",
        }
    }

    /// In words.
    pub fn words(self, locale: Locale) -> String {
        locale.say(&format!("river-shade-{}", self.name()))
    }

    /// How a reach stands today.
    pub fn of(river: &River, n: u32, patrols: &[Patrol], today: Date) -> Shade {
        match river.alert_on(Some(n), today) {
            Some(AlertLevel::Red) => return Shade::Red,
            Some(AlertLevel::Orange) => return Shade::Orange,
            Some(AlertLevel::Yellow) => return Shade::Yellow,
            None => {}
        }
        let chiefs: Vec<u32> = river
            .chiefs_on(Some(n), today)
            .filter(|(_, chief)| chief.reach == Some(n) && chief.kind == ChiefKind::Administrative)
            .map(|(chief, _)| chief)
            .collect();
        if chiefs.is_empty() {
            return Shade::Vacant;
        }
        let since = super::lately_since(today);
        let missed = chiefs.iter().any(|chief| river.compliance(*chief, patrols, since, today).missed() > 0);
        if missed { Shade::Missed } else { Shade::Kept }
    }
}

/// A reach as it is drawn.
pub struct Drawn {
    pub points: String,
    pub class: &'static str,
    pub href: String,
    pub title: String,
}

/// A name on the map.
pub struct Name {
    pub x: i64,
    pub y: i64,
    pub words: String,
}

/// The drawing.
pub struct Map {
    pub height: i64,
    pub lines: Vec<Drawn>,
    pub towns: Vec<Name>,
    pub rivers: Vec<Name>,
    pub ends: Vec<(i64, i64)>,
    /// The way that was walked, as points of a line; empty when none is drawn.
    pub way: String,
    pub legend: Vec<(&'static str, String)>,
    pub label: String,
}

impl Map {
    /// Whether there is nothing to draw.
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }
}

/// Where the points of the world lie on the drawing.
struct Frame {
    west: i64,
    north: i64,
    scale_num: i64,
    scale_den: i64,
    height: i64,
}

impl Frame {
    fn around(spots: &[Spot]) -> Option<Frame> {
        let (west, east) = (spots.iter().map(|s| s.lon_e6).min()?, spots.iter().map(|s| s.lon_e6).max()?);
        let (south, north) = (spots.iter().map(|s| s.lat_e6).min()?, spots.iter().map(|s| s.lat_e6).max()?);
        let (wide, high) = (((east - west) * LON_SHRINK / 1_000).max(1), (north - south).max(1));
        let inner = WIDTH - 2 * MARGIN;
        let most = HEIGHTS.end() - 2 * MARGIN;
        let (scale_num, scale_den) = if high * inner / wide <= most { (inner, wide) } else { (most, high) };
        let height = (high * scale_num / scale_den + 2 * MARGIN).max(*HEIGHTS.start());
        Some(Frame { west, north, scale_num, scale_den, height })
    }

    fn place(&self, spot: Spot) -> (i64, i64) {
        let x = (spot.lon_e6 - self.west) * LON_SHRINK / 1_000 * self.scale_num / self.scale_den;
        let y = (self.north - spot.lat_e6) * self.scale_num / self.scale_den;
        (x + MARGIN, y + MARGIN)
    }
}

/// Height and width that a sign of a name takes on a phone, where names are largest.
const SIGN: (i64, i64) = (36, 32);

/// Puts a name at the first place where it covers no other; at the first of all when there is none.
fn put(taken: &mut Vec<Name>, places: impl Iterator<Item = (i64, i64)>, words: &str) -> Name {
    let wide = |words: &str| i64::try_from(words.chars().count()).unwrap_or(0) * SIGN.1;
    let is_free = |(x, y): &(i64, i64)| {
        let apart = |other: &Name| {
            (other.y - y).abs() >= SIGN.0 || (other.x - x).abs() * 2 >= wide(&other.words) + wide(words)
        };
        taken.iter().all(apart)
    };
    let places: Vec<(i64, i64)> = places.collect();
    let (x, y) = places.iter().find(|place| is_free(place)).or(places.first()).copied().unwrap_or_default();
    taken.push(Name { x, y, words: words.to_owned() });
    Name { x, y, words: words.to_owned() }
}

/// Draws reaches of rivers: each river with the reaches to be drawn and how they stand.
pub fn draw(locale: Locale, office: &Office, rivers: &[(&River, Vec<(u32, Shade)>)]) -> Map {
    draw_way(locale, office, rivers, &[])
}

/// [`draw`] with the way of a patrol over it, on the datum of the reaches.
pub fn draw_way(
    locale: Locale,
    office: &Office,
    rivers: &[(&River, Vec<(u32, Shade)>)],
    way: &[Spot],
) -> Map {
    let reaches = || {
        rivers.iter().flat_map(|(river, reaches)| {
            reaches.iter().filter_map(move |(n, shade)| Some((*river, *n, *shade, river.reach(*n)?)))
        })
    };
    let spots = reaches().flat_map(|(_, _, _, reach)| reach.line.iter().copied());
    let spots: Vec<Spot> = spots.chain(way.iter().copied()).collect();
    let Some(frame) = Frame::around(&spots) else {
        return Map {
            height: 0,
            lines: Vec::new(),
            towns: Vec::new(),
            rivers: Vec::new(),
            ends: Vec::new(),
            way: String::new(),
            legend: Vec::new(),
            label: String::new(),
        };
    };
    let mut lines: Vec<(Shade, Drawn)> = reaches()
        .map(|(river, n, shade, reach)| {
            let points = reach.line.iter().map(|spot| frame.place(*spot));
            let points: Vec<String> = points.map(|(x, y)| format!("{x},{y}")).collect();
            let drawn = Drawn {
                points: points.join(" "),
                class: shade.name(),
                href: format!("/rivers/{}/reaches/{n}", river.id),
                title: format!("{} · {}", reach.name, shade.words(locale)),
            };
            (shade, drawn)
        })
        .collect();
    lines.sort_by_key(|(shade, _)| *shade);
    let mut taken: Vec<Name> = Vec::new();
    let mut names = Vec::new();
    for (river, drawn) in rivers {
        let first = river.in_flow_order().into_iter().find(|(n, _)| drawn.iter().any(|(m, _)| m == n));
        let Some((_, reach)) = first else { continue };
        let places = reach.line.iter().map(|spot| frame.place(*spot));
        let places = places.flat_map(|(x, y)| [(x, (y - 20).max(24)), (x, y + 40)]);
        names.push(put(&mut taken, places, &river.outline.name));
    }
    let mut towns: Vec<Name> = Vec::new();
    let mut named: Vec<&UnitId> = Vec::new();
    for (_, _, _, reach) in reaches() {
        if named.contains(&&reach.unit) {
            continue;
        }
        named.push(&reach.unit);
        let half = reach.line.len() / 2;
        let inward = reach.line.iter().skip(half).chain(reach.line.iter().take(half).rev());
        let places = inward.map(|spot| frame.place(*spot));
        let places = places.flat_map(|(x, y)| [(x, y + 34), (x, y - 16)]);
        towns.push(put(&mut taken, places, &words::place(office, &reach.unit)));
    }
    let ends = reaches().filter_map(|(_, _, _, reach)| reach.line.last()).map(|spot| frame.place(*spot));
    let shown = |shade: &Shade| lines.iter().any(|(each, _)| each == shade);
    let legend = Shade::ALL.into_iter().filter(shown).map(|shade| (shade.name(), shade.words(locale)));
    Map {
        height: frame.height,
        towns,
        rivers: names,
        ends: ends.collect(),
        way: {
            let points = way.iter().map(|spot| frame.place(*spot));
            points.map(|(x, y)| format!("{x},{y}")).collect::<Vec<_>>().join(" ")
        },
        legend: legend.collect(),
        label: locale.say("river-map"),
        lines: lines.into_iter().map(|(_, drawn)| drawn).collect(),
    }
}
