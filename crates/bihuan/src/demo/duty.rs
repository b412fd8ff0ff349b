//! The duty list of the year (责任清单): adopted by a paper when the books were opened, revised and widened by the committee's meeting;
//! and two posts that changed hands, one handed over with both signatures, one still waiting for the second.

use super::{
    district::{self, District},
    stage::{Piece, Stage, What, instant},
};
use anyhow::{Context, Result};
use bihuan_rules::{
    calendar::Calendar,
    duty::{AdoptedBy, Duty, DutyAct, DutyOrder, Wording},
    handover::{Change, HandoverOrder},
    id::{PostId, RecordId, UnitId},
    office::{Charge, Line, Office},
    record::{AnyRecord, Kind, Record, Records},
    task::Stamp,
};
use jiff::{ToSpan, civil::Date};
use serde::Deserialize;
use std::{collections::BTreeSet, sync::Arc};

/// The paper that adopted the first list.
const PAPER: &str = "安环委〔{year}〕2号《关于印发〈安澜区生态环境保护责任清单〉的通知》";
/// The head of a town whose handover both signed, and the post whose taker has not signed.
pub const SIGNED: &str = "post-town-05-2";
const HALF_SIGNED: &str = "post-agriculture-2";
/// Days before the meeting that the changes were proposed.
const PROPOSED_BEFORE: i64 = 8;
/// Days before the story ends that the campaign of the spring ran out.
const LAPSED_BEFORE: i64 = 12;

#[derive(Debug, Deserialize)]
struct File {
    duty: Vec<Entry>,
}

/// A duty as the file words it.
#[derive(Debug, Clone, Deserialize)]
struct Entry {
    text: String,
    #[serde(default)]
    fields: BTreeSet<String>,
    basis: Vec<String>,
    liability: String,
    principle: String,
    degree: String,
    holders: Vec<String>,
    #[serde(default)]
    post: bool,
    #[serde(default)]
    lapsed: bool,
    #[serde(default)]
    new: bool,
    #[serde(default)]
    revised: String,
}

fn entries() -> Result<Vec<Entry>> {
    let file: File = toml::from_str(include_str!("../../../../demo/duties.toml"))
        .context("demo/duties.toml cannot be read")?;
    Ok(file.duty)
}

/// The days on which the list changes.
struct Days {
    adopted_on: Date,
    proposed_on: Date,
    held_on: Date,
    as_of: Date,
}

impl Days {
    fn of(opened_on: Date, held_on: Date, as_of: Date) -> Days {
        let calendar = Calendar::embedded();
        let proposed_on = calendar.roll(held_on - PROPOSED_BEFORE.days());
        Days { adopted_on: calendar.roll(opened_on + 1.day()), proposed_on, held_on, as_of }
    }

    /// What the meeting adopts is in force from the day after.
    fn revised_from(&self) -> Date {
        self.held_on + 1.day()
    }
}

fn wording(entry: &Entry, district: &District, days: &Days) -> Result<Wording> {
    let (mut units, mut posts) = (BTreeSet::new(), BTreeSet::new());
    for holder in &entry.holders {
        if holder == "@towns" {
            for town in &district.town {
                units.insert(UnitId::new(&town.id)?);
            }
        } else if entry.post {
            posts.insert(PostId::new(holder)?);
        } else {
            units.insert(UnitId::new(holder)?);
        }
    }
    Ok(Wording {
        text: entry.text.clone(),
        fields: entry.fields.clone(),
        basis: entry.basis.clone(),
        liability: entry.liability.clone(),
        principle: entry.principle.clone(),
        degree: entry.degree.clone(),
        units,
        posts,
        from: if entry.new { days.revised_from() } else { days.adopted_on },
        until: entry.lapsed.then(|| days.as_of - LAPSED_BEFORE.days()),
    })
}

fn code(n: usize) -> Result<RecordId> {
    Ok(RecordId::new(format!("B-{n:03}"))?)
}

/// The duties as they will be known at the end of the story, so that every assignment can be planned against those of its day.
///
/// # Errors
/// When the file cannot be read or names what is not there.
pub fn book(district: &District, opened_on: Date, held_on: Date, as_of: Date) -> Result<Records> {
    let days = Days::of(opened_on, held_on, as_of);
    let stamp = |on: Date| -> Result<Stamp> {
        let person = bihuan_rules::id::PersonId::new("p-001")?;
        Ok(Stamp { on, person, post: PostId::new(district::REGISTRAR)? })
    };
    let by = || AdoptedBy::Document { number: String::new() };
    let mut records = Records::new();
    for (n, entry) in (1..).zip(entries()?) {
        let id = code(n)?;
        let first = wording(&entry, district, &days)?;
        let from = first.from;
        let mut acts =
            vec![DutyAct::Proposed { wording: first.clone() }, DutyAct::Adopted { by: by(), from }];
        if !entry.revised.is_empty() {
            let from = days.revised_from();
            let wording = Wording { text: entry.revised.clone(), from, ..first };
            acts.extend([DutyAct::Revised { wording }, DutyAct::Adopted { by: by(), from }]);
        }
        let mut duty: Option<Duty> = None;
        for act in &acts {
            duty = Duty::step(duty, &id, &stamp(days.adopted_on)?, act);
        }
        let duty = duty.with_context(|| format!("{id} does not follow from its acts"))?;
        records.insert((Kind::Duty, id), Arc::new(AnyRecord::Duty(Box::new(duty))));
    }
    Ok(records)
}

/// The first list, what was proposed before the meeting, and the handovers.
///
/// # Errors
/// When the file cannot be read, or a post is vacant on its day.
pub fn tell(stage: &Stage, district: &District, opened_on: Date, held_on: Date) -> Result<Vec<Piece>> {
    let days = Days::of(opened_on, held_on, stage.as_of);
    let registrar = PostId::new(district::REGISTRAR)?;
    let (mut first, mut proposed) = (Vec::new(), Vec::new());
    let number = PAPER.replace("{year}", &days.adopted_on.year().to_string());
    for (n, entry) in (1..).zip(entries()?) {
        let id = code(n)?;
        let words = wording(&entry, district, &days)?;
        if entry.new {
            proposed.push(What::Duty(id, DutyOrder::Propose(Box::new(words))));
            continue;
        }
        first.push(What::Duty(id.clone(), DutyOrder::Propose(Box::new(words.clone()))));
        let adopt = DutyOrder::AdoptByDocument { number: number.clone(), on: days.adopted_on };
        first.push(What::Duty(id.clone(), adopt));
        if !entry.revised.is_empty() {
            let words = Wording { text: entry.revised.clone(), from: days.revised_from(), ..words };
            proposed.push(What::Duty(id, DutyOrder::Revise(Box::new(words))));
        }
    }
    let mut pieces = Vec::new();
    for (on, what) in [(days.adopted_on, first), (days.proposed_on, proposed)] {
        let by = stage.actor(&registrar, on)?;
        pieces.push(Piece { at: instant(on.at(9, 5, 0, 0))?, by, what });
    }
    pieces.extend(handovers(stage, &registrar)?);
    Ok(pieces)
}

/// Who followed whom in a post, and when.
fn change(office: &Office, post: &str) -> Result<Change> {
    let post = PostId::new(post)?;
    let mut held: Vec<_> = office.holdings.iter().filter(|holding| holding.post == post).collect();
    held.sort_by_key(|holding| holding.from);
    let [.., before, after] = held.as_slice() else { anyhow::bail!("{post} did not change hands") };
    Ok(Change { post, from: before.person.clone(), to: after.person.clone(), on: after.from })
}

fn handovers(stage: &Stage, registrar: &PostId) -> Result<Vec<Piece>> {
    let mut pieces = Vec::new();
    for (n, (post, is_signed)) in (1..).zip([(HALF_SIGNED, false), (SIGNED, true)]) {
        let change = change(&stage.office, post)?;
        let id = RecordId::new(format!("J-{}-{n:03}", change.on.year()))?;
        let (on, before) = (change.on, change.on - 1.day());
        let mut add = |post: &PostId, on: Date, hour: i8, order: HandoverOrder| {
            let by = stage.actor(post, on)?;
            let at = instant(on.at(hour, 20, 0, 0))?;
            pieces.push(Piece { at, by, what: vec![What::Handover(id.clone(), order)] });
            anyhow::Ok(())
        };
        let post = change.post.clone();
        add(registrar, before, 9, HandoverOrder::Draw(change))?;
        let remark = "台账、图纸和往来文件已移交档案柜，未办结事项逐项说明。".to_owned();
        add(&post, before, 16, HandoverOrder::Give { lines: Vec::new(), remark })?;
        if is_signed {
            let remark = "已逐项核对，无异议。".to_owned();
            add(&post, on, 10, HandoverOrder::Take { lines: Vec::new(), remark })?;
        }
    }
    Ok(pieces)
}

/// What every post answers for: both heads of the district and of the towns, and the fields in charge, which follow from the duties.
///
/// # Errors
/// When the file cannot be read.
pub fn charges(district: &District, from: Date) -> Result<Vec<Charge>> {
    let entries = entries()?;
    let fields_of = |holder: &str| -> BTreeSet<String> {
        let held = entries.iter().filter(|entry| entry.holders.iter().any(|each| each == holder));
        held.flat_map(|entry| entry.fields.iter().cloned()).collect()
    };
    let charge =
        |post: &str, heads, fields| anyhow::Ok(Charge { post: PostId::new(post)?, from, heads, fields });
    let mut charges = vec![
        charge(district::SECRETARY, Some(Line::Party), BTreeSet::new())?,
        charge(district::MAYOR, Some(Line::Government), BTreeSet::new())?,
        charge("post-eco-office-chief", Some(Line::Government), BTreeSet::new())?,
    ];
    for post in [district::COMMITTEE, "post-committee-2", "post-committee-3", "post-committee-4"] {
        charges.push(charge(post, None, fields_of(post))?);
    }
    for body in &district.department {
        if !matches!(body.id.as_str(), "u-eco-office" | "u-discipline") {
            let post = format!("post-{}-1", body.id.trim_start_matches("u-"));
            charges.push(charge(&post, None, fields_of(&body.id))?);
        }
    }
    for town in &district.town {
        let id = town.id.trim_start_matches("u-");
        charges.push(charge(&format!("post-{id}-1"), Some(Line::Party), BTreeSet::new())?);
        charges.push(charge(&format!("post-{id}-2"), Some(Line::Government), BTreeSet::new())?);
        charges.push(charge(&format!("post-{id}-3"), None, fields_of("@towns"))?);
    }
    Ok(charges)
}
