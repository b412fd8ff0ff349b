//! Areas (镇街边界): polygons of GeoJSON, and which of them a place lies in.
//!
//! A grid lies over all areas. A cell knows, of each area that reaches into it, only the edges a ray to the east could meet
//! inside the cell's row, and how often it crosses the others; so most places are found with one look and no arithmetic.

use super::ground::{degree_east_km, degree_km};
use crate::coordinates::{Datum, convert};
use serde_json::Value;

/// A ring of longitude and latitude, closed or not.
pub(super) type Ring = Vec<(f64, f64)>;

/// One area.
#[derive(Debug, Clone, PartialEq)]
pub struct Area {
    /// Its code, if the file gives one.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Share of cropland, 0 to 1, if the file gives one (`cropland`).
    pub cropland: Option<f64>,
    /// Polygons: the outer ring first, then holes.
    pub(super) polygons: Vec<Vec<Ring>>,
    pub(super) bounds: Bounds,
}

/// West, south, east, north.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Bounds {
    pub(super) west: f64,
    pub(super) south: f64,
    pub(super) east: f64,
    pub(super) north: f64,
}

impl Bounds {
    const NOTHING: Bounds = Bounds {
        west: f64::INFINITY,
        south: f64::INFINITY,
        east: f64::NEG_INFINITY,
        north: f64::NEG_INFINITY,
    };

    fn with(self, other: Bounds) -> Bounds {
        Bounds {
            west: self.west.min(other.west),
            south: self.south.min(other.south),
            east: self.east.max(other.east),
            north: self.north.max(other.north),
        }
    }

    pub(super) fn meets(&self, other: &Bounds) -> bool {
        self.west <= other.east
            && other.west <= self.east
            && self.south <= other.north
            && other.south <= self.north
    }
}

/// Why a text gives no areas.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoAreas {
    /// No JSON.
    #[error("the file is no JSON: {0}")]
    Json(String),
    /// No collection of features with polygons.
    #[error("the file is no GeoJSON FeatureCollection with polygons")]
    Shape,
    /// A feature whose coordinates are none.
    #[error("feature {0}: its coordinates are no rings of longitude and latitude")]
    Coordinates(usize),
}

impl NoAreas {
    /// In Chinese.
    #[must_use]
    pub fn zh(&self) -> String {
        match self {
            NoAreas::Json(error) => format!("文件不是 JSON:{error}"),
            NoAreas::Shape => "文件不是含多边形的 GeoJSON FeatureCollection".to_owned(),
            NoAreas::Coordinates(feature) => format!("第{feature}个要素的坐标不是经纬度环"),
        }
    }
}

#[derive(Debug, Clone, Copy)]
struct Edge {
    from: (f64, f64),
    to: (f64, f64),
}

impl Edge {
    fn low(&self) -> f64 {
        self.from.1.min(self.to.1)
    }

    fn high(&self) -> f64 {
        self.from.1.max(self.to.1)
    }

    fn west(&self) -> f64 {
        self.from.0.min(self.to.0)
    }

    fn east(&self) -> f64 {
        self.from.0.max(self.to.0)
    }

    /// Whether a ray from the place to the east meets it.
    fn meets(&self, (x, y): (f64, f64)) -> bool {
        let ((x1, y1), (x2, y2)) = (self.from, self.to);
        (y1 > y) != (y2 > y) && x < (x2 - x1) * (y - y1) / (y2 - y1) + x1
    }
}

/// What a cell knows of an area.
#[derive(Debug, Clone, Copy)]
struct Entry {
    area: u32,
    /// First of its edges.
    first: u32,
    edges: u32,
    /// Whether a ray crosses the other edges an odd number of times.
    is_odd: bool,
}

/// Areas with their grid.
#[derive(Debug)]
pub struct Areas {
    areas: Vec<Area>,
    bounds: Bounds,
    columns: usize,
    rows: usize,
    /// Where the entries of each cell begin; one more than there are cells.
    starts: Vec<u32>,
    entries: Vec<Entry>,
    edges: Vec<Edge>,
}

/// Columns and rows of the grid for so many areas.
fn fineness(areas: usize) -> usize {
    (4.0 * (areas as f64).sqrt()).ceil().clamp(16.0, 1024.0) as usize
}

impl Area {
    /// An area of polygons, each an outer ring followed by its holes, of longitude and latitude in WGS-84.
    #[must_use]
    pub fn new(code: &str, name: &str, cropland: Option<f64>, polygons: Vec<Vec<Ring>>) -> Area {
        let places = polygons.iter().flatten().flatten();
        let bounds = places.fold(Bounds::NOTHING, |bounds, (x, y)| {
            bounds.with(Bounds { west: *x, south: *y, east: *x, north: *y })
        });
        Area { code: code.to_owned(), name: name.to_owned(), cropland, polygons, bounds }
    }

    fn edges(&self) -> impl Iterator<Item = Edge> {
        self.polygons.iter().flatten().flat_map(|ring| {
            let next = ring.iter().cycle().skip(1);
            ring.iter().zip(next).map(|(from, to)| Edge { from: *from, to: *to })
        })
    }
}

impl Areas {
    /// Lays the grid over areas.
    #[must_use]
    pub fn new(areas: Vec<Area>) -> Areas {
        let bounds = areas.iter().fold(Bounds::NOTHING, |bounds, area| bounds.with(area.bounds));
        let side = fineness(areas.len());
        let mut laid = Areas {
            areas: Vec::new(),
            bounds,
            columns: side,
            rows: side,
            starts: Vec::new(),
            entries: Vec::new(),
            edges: Vec::new(),
        };
        let mut cells: Vec<Vec<Entry>> = vec![Vec::new(); side * side];
        for (number, area) in (0_u32..).zip(&areas) {
            laid.lay(number, area, &mut cells);
        }
        for cell in cells {
            laid.starts.push(u32::try_from(laid.entries.len()).unwrap_or(u32::MAX));
            laid.entries.extend(cell);
        }
        laid.starts.push(u32::try_from(laid.entries.len()).unwrap_or(u32::MAX));
        laid.areas = areas;
        laid
    }

    fn width(&self) -> f64 {
        ((self.bounds.east - self.bounds.west) / self.columns as f64).max(f64::MIN_POSITIVE)
    }

    fn height(&self) -> f64 {
        ((self.bounds.north - self.bounds.south) / self.rows as f64).max(f64::MIN_POSITIVE)
    }

    fn column(&self, x: f64) -> usize {
        (((x - self.bounds.west) / self.width()) as usize).min(self.columns - 1)
    }

    fn row(&self, y: f64) -> usize {
        (((y - self.bounds.south) / self.height()) as usize).min(self.rows - 1)
    }

    fn lay(&mut self, number: u32, area: &Area, cells: &mut [Vec<Entry>]) {
        let all: Vec<Edge> = area.edges().collect();
        // A hair wider than the cell, so that rounding puts no place beyond the edges kept for it.
        let (width, height) = (self.width(), self.height());
        let hair = 1e-6;
        for row in self.row(area.bounds.south)..=self.row(area.bounds.north) {
            let south = self.bounds.south + (row as f64 - hair) * height;
            let north = self.bounds.south + (row as f64 + 1.0 + hair) * height;
            let band: Vec<Edge> = (all.iter())
                .filter(|edge| edge.low() <= north && edge.high() >= south && edge.low() < edge.high())
                .copied()
                .collect();
            for column in self.column(area.bounds.west)..=self.column(area.bounds.east) {
                let west = self.bounds.west + (column as f64 - hair) * width;
                let east = self.bounds.west + (column as f64 + 1.0 + hair) * width;
                let first = self.edges.len();
                let mut is_odd = false;
                for edge in band.iter().filter(|edge| edge.east() >= west) {
                    if edge.west() > east && edge.low() <= south && edge.high() >= north {
                        is_odd = !is_odd;
                    } else {
                        self.edges.push(*edge);
                    }
                }
                let edges = self.edges.len() - first;
                if edges > 0 || is_odd {
                    let [first, edges] = [first, edges].map(|count| u32::try_from(count).unwrap_or(u32::MAX));
                    cells[row * self.columns + column].push(Entry { area: number, first, edges, is_odd });
                }
            }
        }
    }

    fn entries_at(&self, (x, y): (f64, f64)) -> &[Entry] {
        let Bounds { west, south, east, north } = self.bounds;
        if !(x >= west && x <= east && y >= south && y <= north) {
            return &[];
        }
        let cell = self.row(y) * self.columns + self.column(x);
        &self.entries[self.starts[cell] as usize..self.starts[cell + 1] as usize]
    }

    /// The numbers of all areas that a place of longitude and latitude lies in.
    pub fn all_at(&self, place: (f64, f64)) -> impl Iterator<Item = usize> {
        self.entries_at(place)
            .iter()
            .filter(move |entry| self.holds(entry, place))
            .map(|entry| entry.area as usize)
    }

    /// The first area that a place of longitude and latitude lies in.
    #[must_use]
    pub fn at(&self, place: (f64, f64)) -> Option<usize> {
        self.entries_at(place).iter().find(|entry| self.holds(entry, place)).map(|entry| entry.area as usize)
    }

    fn holds(&self, entry: &Entry, place: (f64, f64)) -> bool {
        let edges = &self.edges[entry.first as usize..(entry.first + entry.edges) as usize];
        edges.iter().fold(entry.is_odd, |is_odd, edge| is_odd ^ edge.meets(place))
    }

    /// Numbers of the areas whose bounds meet these, in order.
    pub(super) fn meeting(&self, bounds: &Bounds) -> Vec<usize> {
        if !self.bounds.meets(bounds) {
            return Vec::new();
        }
        let rows = self.row(bounds.south.max(self.bounds.south))..=self.row(bounds.north);
        let columns = self.column(bounds.west.max(self.bounds.west))..=self.column(bounds.east);
        let mut found: Vec<usize> = rows
            .flat_map(|row| columns.clone().map(move |column| row * self.columns + column))
            .flat_map(|cell| &self.entries[self.starts[cell] as usize..self.starts[cell + 1] as usize])
            .map(|entry| entry.area as usize)
            .collect();
        found.sort_unstable();
        found.dedup();
        found.retain(|area| self.areas[*area].bounds.meets(bounds));
        found
    }

    /// Whether a place of longitude and latitude lies within so many kilometres of the rectangle around all areas.
    #[must_use]
    pub fn is_near(&self, (x, y): (f64, f64), km: f64) -> bool {
        let (wide, high) = (km / degree_east_km(y), km / degree_km());
        self.bounds.meets(&Bounds { west: x - wide, south: y - high, east: x + wide, north: y + high })
    }

    /// The areas in the order of the file.
    #[must_use]
    pub fn list(&self) -> &[Area] {
        &self.areas
    }
}

/// Reads polygons of a GeoJSON FeatureCollection; `datum` is the datum of the file, brought to WGS-84.
///
/// Names are taken from `name` or `名称`, codes from `code`, `adcode` or `id`, shares of cropland from `cropland`.
///
/// # Errors
/// [`NoAreas`] when there are none, or a feature is broken.
pub fn read_areas(text: &str, datum: Datum) -> Result<Areas, NoAreas> {
    let file: Value = serde_json::from_str(text.trim_start_matches('\u{feff}'))
        .map_err(|error| NoAreas::Json(error.to_string()))?;
    let features = file["features"].as_array().ok_or(NoAreas::Shape)?;
    let mut areas = Vec::new();
    for (number, feature) in (1..).zip(features) {
        let geometry = &feature["geometry"];
        let coordinates = &geometry["coordinates"];
        let polygons = match geometry["type"].as_str() {
            Some("Polygon") => polygon(coordinates, datum).map(|polygon| vec![polygon]),
            Some("MultiPolygon") => {
                coordinates.as_array().and_then(|all| all.iter().map(|one| polygon(one, datum)).collect())
            }
            _ => continue,
        };
        let polygons = polygons.ok_or(NoAreas::Coordinates(number))?;
        let properties = &feature["properties"];
        let told = |names: &[&str]| {
            let found = names.iter().map(|name| &properties[*name]).find(|value| !value.is_null());
            found
                .map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned))
                .unwrap_or_default()
        };
        let name = told(&["name", "名称", "NAME"]);
        let name = if name.is_empty() { format!("{number}") } else { name };
        let cropland = properties["cropland"].as_f64().filter(|share| (0.0..=1.0).contains(share));
        areas.push(Area::new(&told(&["code", "adcode", "id"]), &name, cropland, polygons));
    }
    if areas.is_empty() { Err(NoAreas::Shape) } else { Ok(Areas::new(areas)) }
}

fn polygon(rings: &Value, datum: Datum) -> Option<Vec<Ring>> {
    rings.as_array()?.iter().map(|ring| ring_of(ring, datum)).collect()
}

fn ring_of(places: &Value, datum: Datum) -> Option<Ring> {
    let place = |place: &Value| {
        let (x, y) = (place.get(0)?.as_f64()?, place.get(1)?.as_f64()?);
        let is_place = (-180.0..=180.0).contains(&x) && (-90.0..=90.0).contains(&y);
        let (latitude, longitude) = convert((y, x), datum, Datum::Wgs84);
        is_place.then_some((longitude, latitude))
    };
    let ring: Ring = places.as_array()?.iter().map(place).collect::<Option<_>>()?;
    (ring.len() >= 3).then_some(ring)
}
