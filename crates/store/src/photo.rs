//! Pictures (照片): every one that an act handed in, with what it is found again by, over all years.
//!
//! The rows are derived from the ledger, where the fingerprint stands as it was reckoned when the picture came in. Whoever
//! looks for like pictures keeps them in memory and reads from here what came since ([`since`]).

use crate::{
    Result,
    db::{Connection, Row, Value},
    ledger,
    reference::damaged,
};
use bihuan_rules::{
    Act, Subject,
    finding::FindingAct,
    mission::{MissionAct, MissionStep, Saw},
    picture::Fingerprint,
    record::RecordAct,
    task::{Datum, Place, TaskAct},
};
use jiff::Timestamp;
use std::borrow::Cow;

const STORE: &str =
    "INSERT INTO photo (seq, k, at, subject, role, sha256, taken_at, lat_e6, lon_e6, datum, fingerprint)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)";
pub(crate) const DUMP: &str = "SELECT seq, k, at, subject, role, sha256, taken_at, lat_e6, lon_e6, datum, fingerprint FROM photo ORDER BY seq, k";
const SINCE: &str =
    "SELECT seq, k, at, subject, role, sha256, taken_at, lat_e6, lon_e6, datum, fingerprint FROM photo
    WHERE seq > ?1 ORDER BY seq, k LIMIT ?2";
const OF_HASH: &str =
    "SELECT seq, k, at, subject, role, sha256, taken_at, lat_e6, lon_e6, datum, fingerprint FROM photo
    WHERE sha256 = ?1 ORDER BY seq, k LIMIT ?2";
const COMPARED: &str = "SELECT seq FROM photo_compared WHERE one = 1";
const SET_COMPARED: &str = "UPDATE photo_compared SET seq = ?1 WHERE one = 1";

const DROP: &str = "DELETE FROM photo";
const TOLD: &str = "SELECT seq, at, subject, kind, body FROM ledger
    WHERE kind IN ('task.attached', 'finding.recorded', 'mission.went', 'mission.opened') ORDER BY seq";

/// Every statement of this file.
pub const STATEMENTS: &[&str] = &[STORE, DUMP, SINCE, OF_HASH, COMPARED, SET_COMPARED, DROP, TOLD];

/// The role that the pictures of a finding have.
pub const OF_FINDING: &str = "finding";
/// How the role of pictures begins that show that nothing was found at a stop of a mission; its number follows.
pub const OF_VISIT: &str = "visit-";

/// A picture that was handed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Photo {
    /// Entry of the ledger that handed it in.
    pub sequence: u64,
    /// When it came in.
    pub at: Timestamp,
    /// What it stands at.
    pub subject: Subject,
    /// What it shows: the role of evidence of a task, [`OF_FINDING`], or [`OF_VISIT`] with the number of the stop.
    pub role: String,
    /// SHA-256 of the bytes.
    pub sha256: String,
    /// When it says it was taken.
    pub taken_at: Option<Timestamp>,
    /// Where it says it was taken.
    pub taken_where: Option<Place>,
    /// What it is found again by; nothing for forms, scans and pictures of the time before fingerprints.
    pub fingerprint: Option<Fingerprint>,
}

/// What an act tells of a picture.
struct Told<'a> {
    role: Cow<'static, str>,
    sha256: &'a str,
    taken_at: Option<Timestamp>,
    taken_where: Option<Place>,
    fingerprint: Option<&'a Fingerprint>,
}

fn told(act: &Act) -> Vec<Told<'_>> {
    match act {
        Act::Task(event) => match &event.act {
            TaskAct::Attached(file) if file.media_type.starts_with("image/") => vec![Told {
                role: file.role.name().into(),
                sha256: &file.sha256,
                taken_at: file.taken_at,
                taken_where: file.taken_where,
                fingerprint: file.fingerprint.as_ref(),
            }],
            _ => Vec::new(),
        },
        Act::Record(RecordAct::Finding(FindingAct::Recorded { seen, .. })) => {
            let of_hash = |sha256| seen.pictures.iter().find(|picture| &picture.sha256 == sha256);
            let photos = seen.photos.iter();
            photos
                .map(|sha256| {
                    let picture = of_hash(sha256);
                    Told {
                        role: OF_FINDING.into(),
                        sha256,
                        taken_at: picture.and_then(|picture| picture.taken_at),
                        taken_where: picture.and_then(|picture| picture.taken_where).or(seen.place),
                        fingerprint: picture.and_then(|picture| picture.fingerprint.as_ref()),
                    }
                })
                .collect()
        }
        Act::Record(RecordAct::Mission(MissionAct::Went { step })) => told_by(step),
        Act::Record(RecordAct::Mission(MissionAct::Opened { kept, .. })) => {
            kept.iter().flat_map(|kept| told_by(&kept.step)).collect()
        }
        _ => Vec::new(),
    }
}

/// The pictures of a stop where nothing was found. Those of a look-back are told by the task that they are attached to, those
/// of a finding by the finding.
fn told_by(step: &MissionStep) -> Vec<Told<'_>> {
    match step {
        MissionStep::Reported { n, report } if report.saw == Saw::Clean => {
            let each = report.pictures.iter().map(|picture| Told {
                role: format!("{OF_VISIT}{n}").into(),
                sha256: &picture.sha256,
                taken_at: picture.taken_at,
                taken_where: picture.taken_where.or(report.arrival.place),
                fingerprint: picture.fingerprint.as_ref(),
            });
            each.collect()
        }
        _ => Vec::new(),
    }
}

/// The rows of an act.
pub(crate) fn rows(sequence: u64, at: Timestamp, subject: &Subject, act: &Act) -> Vec<Vec<Value>> {
    let told = told(act);
    if told.is_empty() {
        return Vec::new();
    }
    let subject = subject.to_string();
    (0_i64..)
        .zip(told)
        .map(|(k, told)| {
            vec![
                sequence.into(),
                k.into(),
                at.as_microsecond().into(),
                subject.as_str().into(),
                told.role.as_ref().into(),
                told.sha256.into(),
                told.taken_at.map(Timestamp::as_microsecond).into(),
                told.taken_where.map(|place| place.lat_e6).into(),
                told.taken_where.map(|place| place.lon_e6).into(),
                told.taken_where.map(|place| place.datum.name()).into(),
                told.fingerprint.map(Fingerprint::as_str).into(),
            ]
        })
        .collect()
}

/// Writes the rows of an act.
pub(crate) fn derive(
    connection: &mut Connection,
    sequence: u64,
    at: Timestamp,
    subject: &Subject,
    act: &Act,
) -> Result<()> {
    for row in rows(sequence, at, subject, act) {
        connection.run(STORE, &row)?;
    }
    Ok(())
}

/// Derives every row anew from the ledger, for books that an older program wrote.
///
/// # Errors
/// When the engine refuses or the ledger is damaged.
pub(crate) fn derive_anew(connection: &mut Connection) -> Result<()> {
    connection.run(DROP, &[])?;
    for row in connection.all(TOLD, &[])? {
        let subject = Subject::read(row.text(2)?).ok_or_else(|| damaged("ledger", "unknown subject"))?;
        let act = Act::read_text(row.text(3)?, row.text(4)?).map_err(|e| damaged("ledger", e))?;
        derive(connection, ledger::natural(&row, 0)?, ledger::instant(&row, 1)?, &subject, &act)?;
    }
    Ok(())
}

fn read(row: &Row) -> Result<Photo> {
    let instant = |column| match row.0.get(column) {
        Some(Value::Int(micros)) => {
            Timestamp::from_microsecond(*micros).map(Some).map_err(|e| damaged("photo", e))
        }
        _ => Ok(None),
    };
    let text = |column: usize| match row.0.get(column) {
        Some(Value::Text(text)) => Some(text.clone()),
        _ => None,
    };
    let taken_where = match (row.0.get(7), row.0.get(8), text(9)) {
        (Some(Value::Int(lat_e6)), Some(Value::Int(lon_e6)), Some(datum)) => {
            let datum = Datum::ALL.into_iter().find(|each| each.name() == datum);
            let datum = datum.ok_or_else(|| damaged("photo", "an unknown datum"))?;
            Some(Place { lat_e6: *lat_e6, lon_e6: *lon_e6, datum, accuracy_m: None })
        }
        _ => None,
    };
    Ok(Photo {
        sequence: ledger::natural(row, 0)?,
        at: ledger::instant(row, 2)?,
        subject: Subject::read(row.text(3)?).ok_or_else(|| damaged("photo", "an unknown subject"))?,
        role: row.text(4)?.to_owned(),
        sha256: row.text(5)?.to_owned(),
        taken_at: instant(6)?,
        taken_where,
        fingerprint: text(10).map(Fingerprint::try_from).transpose().map_err(|e| damaged("photo", e))?,
    })
}

/// Pictures that came in after an entry of the ledger, in its order.
///
/// # Errors
/// When the engine refuses or a row is damaged.
pub fn since(connection: &mut Connection, sequence: i64, limit: u32) -> Result<Vec<Photo>> {
    connection.all(SINCE, &[sequence.into(), limit.into()])?.iter().map(read).collect()
}

/// Where the very same file was handed in.
///
/// # Errors
/// When the engine refuses or a row is damaged.
pub fn of_hash(connection: &mut Connection, sha256: &str, limit: u32) -> Result<Vec<Photo>> {
    connection.all(OF_HASH, &[sha256.into(), limit.into()])?.iter().map(read).collect()
}

/// The newest entry whose pictures were compared with those handed in before; -1 before the first.
///
/// # Errors
/// When the engine refuses.
pub fn compared(connection: &mut Connection) -> Result<i64> {
    connection.one(COMPARED, &[])?.map_or(Ok(-1), |row| row.int(0))
}

/// Keeps that the pictures up to an entry were compared, in the transaction that raises the questions about them.
///
/// # Errors
/// When the engine refuses.
pub fn set_compared(connection: &mut Connection, sequence: i64) -> Result<()> {
    connection.run(SET_COMPARED, &[sequence.into()]).map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;
    use bihuan_rules::{id::RecordId, record::Kind};
    use serde_json::Value as Json;

    #[test]
    fn every_kind_of_act_that_hands_pictures_in_is_read_when_rows_are_derived_anew() {
        let subject = Subject::Record(Kind::Finding, RecordId::new("F-1").unwrap());
        let golden = include_str!("../../rules/tests/golden/acts.jsonl").lines();
        let mut found = 0;
        for golden in golden.map(|line| serde_json::from_str::<Json>(line).unwrap()) {
            let kind = golden["kind"].as_str().unwrap();
            let act = Act::read(kind, golden["body"].clone()).unwrap();
            if !rows(0, Timestamp::UNIX_EPOCH, &subject, &act).is_empty() {
                assert!(TOLD.contains(&format!("'{kind}'")), "{kind} hands pictures in");
                found += 1;
            }
        }
        assert!(found >= 2, "the golden acts hand pictures in");
    }
}
