//! Tiles of Tianditu (天地图切片): which lie under a drawing, and their addresses.
//!
//! The service's grid in degrees (`_c`, CGCS2000): at level z the world is 2^z tiles across, tile 0 begins at 180° west and 90°
//! north. Source: the WMTS interface of the national platform (handbook 2 D1).

use super::map::Extent;
use crate::locale::Locale;

/// Most tiles under one drawing, by layer.
const TILES_MAX: i64 = 30;
/// The finest level that is asked for.
const LEVEL_MAX: u32 = 16;
/// The way around the world, in millionths of a degree.
const WORLD_E6: i64 = 360_000_000;
/// The coarsest level of the service.
const LEVEL_MIN: u32 = 1;

/// The policy of an answer with tiles: pictures from the hosts of the service, and nothing else from anywhere.
pub(super) const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob: \
     https://t0.tianditu.gov.cn https://t1.tianditu.gov.cn https://t2.tianditu.gov.cn https://t3.tianditu.gov.cn; \
     connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

/// What lies under the drawing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Layer {
    /// Streets and names (矢量).
    Streets,
    /// Imagery and names (影像).
    Imagery,
}

impl Layer {
    /// The layer of a name in an address.
    pub(super) fn named(name: &str) -> Option<Layer> {
        match name {
            "vec" => Some(Layer::Streets),
            "img" => Some(Layer::Imagery),
            _ => None,
        }
    }

    /// Ground and names, as the service calls them.
    fn names(self) -> [&'static str; 2] {
        match self {
            Layer::Streets => ["vec", "cva"],
            Layer::Imagery => ["img", "cia"],
        }
    }
}

/// The layers to choose from: address, words, is chosen.
pub(super) fn layers(locale: Locale, chosen: Option<Layer>) -> Vec<(String, String, bool)> {
    [("sketch", None), ("vec", Some(Layer::Streets)), ("img", Some(Layer::Imagery))]
        .map(|(name, layer)| {
            (
                format!("/findings/map?layer={name}"),
                locale.say(&format!("finding-layer-{name}")),
                chosen == layer,
            )
        })
        .to_vec()
}

/// A tile on the drawing.
pub(super) struct Tile {
    pub(super) address: String,
    pub(super) x: i64,
    pub(super) y: i64,
    pub(super) width: i64,
    pub(super) height: i64,
}

/// The tiles under a drawing, the ground before the names, as fine as the limit allows.
pub(super) fn under(extent: &Extent, layer: Layer, key: &str) -> Vec<Tile> {
    let (west, south, east, north) = extent.bounds_e6();
    // A tile is no whole number of millionths of a degree across: multiply first, divide last.
    let across = |level: u32| {
        let column = |lon_e6: i64| ((lon_e6 + 180_000_000) << level).div_euclid(WORLD_E6);
        let row = |lat_e6: i64| ((90_000_000 - lat_e6) << level).div_euclid(WORLD_E6);
        (column(west)..=column(east), row(north)..=row(south))
    };
    let count = |level: u32| {
        let (columns, rows) = across(level);
        (columns.end() - columns.start() + 1) * (rows.end() - rows.start() + 1)
    };
    let level = (LEVEL_MIN..=LEVEL_MAX).rev().find(|level| count(*level) <= TILES_MAX).unwrap_or(LEVEL_MIN);
    let (columns, rows) = across(level);
    let edge = |n: i64| (n * WORLD_E6) >> level;
    let mut tiles = Vec::new();
    for name in layer.names() {
        for row in rows.clone() {
            for column in columns.clone() {
                let (left, right) = (edge(column) - 180_000_000, edge(column + 1) - 180_000_000);
                let (top, bottom) = (90_000_000 - edge(row), 90_000_000 - edge(row + 1));
                let (x, y) = (extent.x(left), extent.y(top));
                let host = (column + row).rem_euclid(4);
                tiles.push(Tile {
                    address: format!(
                        "https://t{host}.tianditu.gov.cn/{name}_c/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER={name}\
                         &STYLE=default&TILEMATRIXSET=c&FORMAT=tiles&TILEMATRIX={level}&TILEROW={row}&TILECOL={column}&tk={key}"
                    ),
                    x,
                    y,
                    width: extent.x(right) - x,
                    height: extent.y(bottom) - y,
                });
            }
        }
    }
    tiles
}
