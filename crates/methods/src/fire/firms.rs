//! Files of active fires as NASA FIRMS publishes them (火点数据): MODIS and VIIRS, near real time and archive.
//!
//! Columns are known by their names: `latitude, longitude, scan, track, acq_date, acq_time, satellite, confidence` are needed;
//! `brightness` or `bright_ti4`, `frp`, `instrument`, `version`, `daynight` and `type` may be missing. Times are world time, positions the
//! centre of the pixel. Source: FIRMS attribute tables of MCD14DL, VNP14IMGTDL_NRT, VJ114IMGTDL_NRT.

use crate::moment::Moment;
use serde::Serialize;

/// How sure the algorithm is (置信度).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Confidence {
    /// Sun glint or a weak anomaly; MODIS below 30.
    Low,
    /// MODIS 30 to 79.
    Nominal,
    /// Saturated pixels; MODIS from 80.
    High,
}

/// What the archive says a hot spot is; near-real-time files do not say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// 0.
    Vegetation,
    /// 1.
    Volcano,
    /// 2.
    OtherStaticLand,
    /// 3.
    Offshore,
}

/// One pixel that was hot.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Hotspot {
    /// Latitude of the centre of the pixel, degrees.
    pub latitude: f64,
    /// Longitude, degrees.
    pub longitude: f64,
    /// Size of the pixel across the track, km.
    pub scan_km: f64,
    /// Size along the track, km.
    pub track_km: f64,
    /// When.
    pub at: Moment,
    /// The satellite, as the file writes it.
    pub satellite: String,
    /// How sure.
    pub confidence: Confidence,
    /// Fire radiative power, MW; only for small unsaturated fires.
    pub frp_mw: Option<f64>,
    /// By day, if the file says.
    pub is_day: Option<bool>,
    /// What it is, if the file says.
    pub kind: Option<Kind>,
    /// Line of the file, from 1.
    pub line: u32,
}

impl Hotspot {
    /// The larger side of its pixel, km.
    #[must_use]
    pub fn size_km(&self) -> f64 {
        self.scan_km.max(self.track_km)
    }
}

/// What is wrong in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FaultKind {
    /// The heading lacks this column; nothing can be read.
    NoColumn,
    /// Fewer cells than the heading has.
    Short,
    /// No number, or one out of range.
    Number,
    /// No day or time.
    Time,
    /// No confidence.
    Confidence,
}

/// A line that was not taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fault {
    /// Line of the file, from 1.
    pub line: u32,
    /// Column, from 1; 0 for the whole line.
    pub column: u32,
    /// What.
    pub kind: FaultKind,
    /// The name of the column.
    pub name: String,
    /// What stands there.
    pub text: String,
}

impl Fault {
    /// In Chinese.
    #[must_use]
    pub fn zh(&self) -> String {
        let Fault { name, text, .. } = self;
        match self.kind {
            FaultKind::NoColumn => format!("表头缺少“{name}”列,不是 FIRMS 火点文件"),
            FaultKind::Short => "列数少于表头,未读入".to_owned(),
            FaultKind::Number => format!("{name}“{text}”不是数或超出范围,未读入"),
            FaultKind::Time => format!("{name}“{text}”不是日期或时间,未读入"),
            FaultKind::Confidence => format!("置信度“{text}”看不懂,未读入"),
        }
    }

    /// In English.
    #[must_use]
    pub fn en(&self) -> String {
        let Fault { name, text, .. } = self;
        match self.kind {
            FaultKind::NoColumn => format!("the heading has no column {name}; this is no FIRMS file"),
            FaultKind::Short => "fewer cells than the heading has; the line was not read".to_owned(),
            FaultKind::Number => {
                format!("{name}: “{text}” is no number or out of range; the line was not read")
            }
            FaultKind::Time => format!("{name}: “{text}” is no date or time; the line was not read"),
            FaultKind::Confidence => format!("the confidence “{text}” is not known; the line was not read"),
        }
    }
}

/// What a file holds.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Firms {
    /// Hot pixels in the order of the file.
    pub hotspots: Vec<Hotspot>,
    /// Lines that were not taken.
    pub faults: Vec<Fault>,
}

struct Columns {
    names: Vec<String>,
    latitude: usize,
    longitude: usize,
    scan: usize,
    track: usize,
    date: usize,
    time: usize,
    satellite: usize,
    confidence: usize,
    frp: Option<usize>,
    day: Option<usize>,
    kind: Option<usize>,
}

impl Columns {
    fn of(heading: &str) -> Result<Columns, Fault> {
        let names: Vec<String> = cells(heading).map(str::to_lowercase).collect();
        let find = |name: &str| names.iter().position(|known| known == name);
        let need = |name: &str| {
            let (kind, name_of) = (FaultKind::NoColumn, name.to_owned());
            find(name).ok_or(Fault { line: 1, column: 0, kind, name: name_of, text: String::new() })
        };
        Ok(Columns {
            latitude: need("latitude")?,
            longitude: need("longitude")?,
            scan: need("scan")?,
            track: need("track")?,
            date: need("acq_date")?,
            time: need("acq_time")?,
            satellite: need("satellite")?,
            confidence: need("confidence")?,
            frp: find("frp"),
            day: find("daynight"),
            kind: find("type"),
            names,
        })
    }
}

fn cells(line: &str) -> impl Iterator<Item = &str> {
    line.split(',').map(|cell| cell.trim().trim_matches('"'))
}

/// Reads a file. Lines that cannot be understood are named and left out; a heading that is none of FIRMS leaves nothing.
#[must_use]
pub fn read_firms(text: &str) -> Firms {
    let mut firms = Firms::default();
    let mut lines = (1_u32..).zip(text.trim_start_matches('\u{feff}').lines());
    let columns = match Columns::of(lines.next().map_or("", |(_, heading)| heading)) {
        Ok(columns) => columns,
        Err(fault) => {
            firms.faults.push(fault);
            return firms;
        }
    };
    let mut row = Vec::with_capacity(columns.names.len());
    for (line, written) in lines.filter(|(_, written)| !written.trim().is_empty()) {
        row.clear();
        row.extend(cells(written));
        match hotspot(&columns, &row, line) {
            Ok(hotspot) => firms.hotspots.push(hotspot),
            Err(fault) => firms.faults.push(fault),
        }
    }
    firms
}

fn hotspot(columns: &Columns, row: &[&str], line: u32) -> Result<Hotspot, Fault> {
    if row.len() < columns.names.len() {
        let kind = FaultKind::Short;
        return Err(Fault { line, column: 0, kind, name: String::new(), text: String::new() });
    }
    let fault = |column: usize, kind: FaultKind| Fault {
        line,
        column: u32::try_from(column + 1).unwrap_or(0),
        kind,
        name: columns.names[column].clone(),
        text: row[column].to_owned(),
    };
    let number = |column: usize, least: f64, most: f64| {
        let read = row[column].parse::<f64>().ok().filter(|number| *number >= least && *number <= most);
        read.ok_or_else(|| fault(column, FaultKind::Number))
    };
    let confidence = match row[columns.confidence] {
        "l" | "low" => Confidence::Low,
        "n" | "nominal" => Confidence::Nominal,
        "h" | "high" => Confidence::High,
        other => match other.parse::<u8>() {
            Ok(0..30) => Confidence::Low,
            Ok(30..80) => Confidence::Nominal,
            Ok(80..=100) => Confidence::High,
            _ => return Err(fault(columns.confidence, FaultKind::Confidence)),
        },
    };
    let day = day(row[columns.date]).ok_or_else(|| fault(columns.date, FaultKind::Time))?;
    let time = time(row[columns.time]).ok_or_else(|| fault(columns.time, FaultKind::Time))?;
    let at = Moment::utc(day.0, day.1, day.2, time.0, time.1);
    Ok(Hotspot {
        latitude: number(columns.latitude, -90.0, 90.0)?,
        longitude: number(columns.longitude, -180.0, 180.0)?,
        scan_km: number(columns.scan, 0.01, 20.0)?,
        track_km: number(columns.track, 0.01, 20.0)?,
        at: at.ok_or_else(|| fault(columns.date, FaultKind::Time))?,
        satellite: row[columns.satellite].to_owned(),
        confidence,
        frp_mw: columns.frp.and_then(|column| row[column].parse().ok()),
        is_day: columns.day.and_then(|column| match row[column] {
            "D" => Some(true),
            "N" => Some(false),
            _ => None,
        }),
        kind: columns.kind.and_then(|column| match row[column] {
            "0" => Some(Kind::Vegetation),
            "1" => Some(Kind::Volcano),
            "2" => Some(Kind::OtherStaticLand),
            "3" => Some(Kind::Offshore),
            _ => None,
        }),
        line,
    })
}

/// `2020-09-30`, also with slashes.
fn day(text: &str) -> Option<(i64, i64, i64)> {
    let mut parts = text.split(['-', '/']).map(|part| part.parse().ok());
    let day = (parts.next()??, parts.next()??, parts.next()??);
    parts.next().is_none().then_some(day)
}

/// `0040`, `40` and `00:40`.
fn time(text: &str) -> Option<(i64, i64)> {
    let digits = text.replace(':', "");
    let is_time = !digits.is_empty() && digits.len() <= 4 && digits.bytes().all(|byte| byte.is_ascii_digit());
    let number: i64 = digits.parse().ok().filter(|_| is_time)?;
    Some((number / 100, number % 100))
}
