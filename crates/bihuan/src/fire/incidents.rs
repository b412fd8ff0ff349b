//! `bihuan fire incidents FILE… --areas FILE [--datum NAME] [--static FILE] [--history FILE…] [--json]`.

use super::text;
use anyhow::{Context, Result, bail};
use bihuan_methods::{
    coordinates::Datum,
    fire::{
        self, Areas, Candidate, DayOfLooks, Fault, Hotspot, Incident, Kind, Static, candidates, incidents,
        looks, masked, read_areas, read_firms, read_static,
    },
};
use clap::{Args, ValueEnum};
use serde_json::{Value, json};
use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

/// Largest file that is read, in bytes.
const FILE_BYTES_MAX: u64 = 256 * 1024 * 1024;
/// Points farther from all areas than this are none of the district's; wider than any footprint and link.
const NEAR_KM: f64 = 12.0;

/// The datum of the areas.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum DatumName {
    /// WGS-84, within a metre of CGCS2000.
    #[value(name = "wgs-84")]
    Wgs84,
    #[value(name = "cgcs2000")]
    Cgcs2000,
    #[value(name = "gcj-02")]
    Gcj02,
    #[value(name = "bd-09")]
    Bd09,
}

/// Links fire points into incidents without storing anything.
#[derive(Debug, Args)]
pub struct Incidents {
    /// Files of FIRMS, MODIS or VIIRS, as published (.csv).
    #[arg(required = true)]
    hotspots: Vec<PathBuf>,
    /// The areas: polygons of GeoJSON with `name`, if possible `code` and `cropland` (0 to 1).
    #[arg(long)]
    areas: PathBuf,
    /// The datum of the areas.
    #[arg(long, value_enum, default_value = "wgs-84")]
    datum: DatumName,
    /// Confirmed static heat: points of GeoJSON with `name`, if possible `confirmed_on` (then it expires after a year).
    #[arg(long = "static")]
    known: Option<PathBuf>,
    /// Earlier files, looked through together with these for new static heat.
    #[arg(long)]
    history: Vec<PathBuf>,
    /// One object of JSON.
    #[arg(long)]
    json: bool,
}

/// What came of the files.
pub(super) struct Found {
    pub(super) areas: Areas,
    /// Pixels near the areas that are no static heat.
    pub(super) spots: Vec<Hotspot>,
    /// The others, with the number of the source; `None` where the file itself says that it is no vegetation.
    pub(super) masked: Vec<(Hotspot, Option<usize>)>,
    pub(super) sources: Vec<Static>,
    pub(super) incidents: Vec<Incident>,
    /// Incidents that no area has a part of.
    pub(super) outside: usize,
    pub(super) candidates: Vec<Candidate>,
    pub(super) looks: Vec<DayOfLooks>,
    /// File and fault.
    pub(super) faults: Vec<(String, Fault)>,
    pub(super) read: usize,
}

fn open(path: &Path) -> Result<String> {
    let shown = path.display();
    let size = std::fs::metadata(path).with_context(|| format!("{shown} 无法读取 cannot be read"))?.len();
    if size > FILE_BYTES_MAX {
        bail!("{shown}: {size} 字节,上限 bytes; the limit is {FILE_BYTES_MAX}");
    }
    std::fs::read_to_string(path).with_context(|| format!("{shown} 无法读取 cannot be read"))
}

impl Incidents {
    fn all(&self, files: &[PathBuf], faults: &mut Vec<(String, Fault)>) -> Result<Vec<Hotspot>> {
        let mut spots = Vec::new();
        for file in files {
            let mut firms = read_firms(&open(file)?);
            faults.extend(firms.faults.drain(..).map(|fault| (file.display().to_string(), fault)));
            spots.append(&mut firms.hotspots);
        }
        Ok(spots)
    }

    fn find(&self) -> Result<Found> {
        let datum = match self.datum {
            DatumName::Wgs84 => Datum::Wgs84,
            DatumName::Cgcs2000 => Datum::Cgcs2000,
            DatumName::Gcj02 => Datum::Gcj02,
            DatumName::Bd09 => Datum::Bd09,
        };
        let shown =
            |path: &Path, error: fire::NoAreas| format!("{}: {}\n{error}", path.display(), error.zh());
        let areas = match read_areas(&open(&self.areas)?, datum) {
            Ok(areas) => areas,
            Err(error) => bail!(shown(&self.areas, error)),
        };
        let sources =
            match self.known.as_ref().map(|path| Ok::<_, anyhow::Error>((path, open(path)?))).transpose()? {
                None => Vec::new(),
                Some((path, text)) => match read_static(&text) {
                    Ok(sources) => sources,
                    Err(error) => bail!(shown(path, error)),
                },
            };
        let mut faults = Vec::new();
        let everything = self.all(&self.hotspots, &mut faults)?;
        let read = everything.len();
        let looks = looks(&everything);
        let near = |spot: &Hotspot| areas.is_near((spot.longitude, spot.latitude), NEAR_KM);
        let mut mine: Vec<Hotspot> = everything.into_iter().filter(near).collect();
        mine.sort_by_key(|spot| spot.at);
        let mut history = self.all(&self.history, &mut faults)?;
        history.retain(near);
        history.extend(mine.iter().cloned());
        let marks = masked(&mine, &sources);
        let is_other = |spot: &Hotspot| spot.kind.is_some_and(|kind| kind != Kind::Vegetation);
        let (spots, masked): (Vec<_>, Vec<_>) =
            mine.into_iter().zip(marks).partition(|(spot, mark)| mark.is_none() && !is_other(spot));
        let spots: Vec<Hotspot> = spots.into_iter().map(|(spot, _)| spot).collect();
        let all = incidents(&spots, &areas);
        let is_mine = |incident: &Incident| incident.owners.iter().any(|owner| owner.area.is_some());
        let outside = all.iter().filter(|incident| !is_mine(incident)).count();
        let candidates = new_candidates(&history, &sources);
        Ok(Found { areas, spots, masked, sources, incidents: all, outside, candidates, looks, faults, read })
    }

    /// Prints the incidents; exit status 1 when no point could be read.
    pub fn run(&self) -> Result<ExitCode> {
        let found = self.find()?;
        if self.json {
            println!("{}", found.json());
        } else {
            text::print(&found);
        }
        text::faults(&found);
        Ok(if found.read == 0 && !found.faults.is_empty() { ExitCode::FAILURE } else { ExitCode::SUCCESS })
    }
}

/// Candidates that are no confirmed source yet.
fn new_candidates(history: &[Hotspot], sources: &[Static]) -> Vec<Candidate> {
    let is_known = |candidate: &Candidate| {
        sources.iter().any(|source| {
            let place = (source.latitude, source.longitude);
            bihuan_methods::coordinates::distance_m(place, (candidate.latitude, candidate.longitude))
                <= fire::MASK_M
        })
    };
    candidates(history).into_iter().filter(|candidate| !is_known(candidate)).collect()
}

impl Found {
    /// Incidents that an area has a part of, with their numbers.
    pub(super) fn mine(&self) -> impl Iterator<Item = (usize, &Incident)> {
        self.incidents
            .iter()
            .enumerate()
            .filter(|(_, incident)| incident.owners.iter().any(|owner| owner.area.is_some()))
    }

    fn json(&self) -> Value {
        let incident = |(number, incident): (usize, &Incident)| {
            let owners = incident.owners.iter().map(|owner| {
                let area = owner.area.map(|area| &self.areas.list()[area]);
                json!({ "name": area.map(|area| &area.name), "code": area.map(|area| &area.code), "probability": owner.probability })
            });
            let pixels = incident.pixels.iter().map(|pixel| &self.spots[*pixel]);
            json!({
                "number": number + 1, "first_at": incident.first_at, "last_at": incident.last_at, "latitude": incident.latitude,
                "longitude": incident.longitude, "confidence": incident.confidence, "frp_mw": incident.frp_mw,
                "charge": incident.charge, "owners": owners.collect::<Vec<_>>(),
                "reburn_of": incident.reburn_of.map(|number| number + 1), "pixels": pixels.collect::<Vec<_>>(),
            })
        };
        let masked = |(spot, source): &(Hotspot, Option<usize>)| json!({ "pixel": spot, "source": source.map(|source| &self.sources[source].name) });
        let fault = |(file, fault): &(String, Fault)| json!({ "file": file, "line": fault.line, "column": fault.column, "kind": fault.kind, "zh": fault.zh(), "en": fault.en() });
        json!({
            "method": fire::METHOD,
            "read": self.read,
            "incidents": self.mine().map(incident).collect::<Vec<_>>(),
            "outside": self.outside,
            "masked": self.masked.iter().map(masked).collect::<Vec<_>>(),
            "candidates": self.candidates,
            "looks": self.looks.iter().map(|look| json!({ "day": text::day(look.day), "passes": look.passes })).collect::<Vec<_>>(),
            "faults": self.faults.iter().map(fault).collect::<Vec<_>>(),
        })
    }
}
