//! The year (一年): which sources came when, and which problems they brought.

use super::{
    dice::Dice,
    district::District,
    finding::{self, Names, Template},
    life::{Fate, Lines, Plot},
    picture::Kind,
    stage::Stage,
};
use anyhow::{Context, Result, ensure};
use bihuan_rules::{
    deadline,
    id::{ProblemId, SourceId, UnitId},
    office::Level,
    source::{Source, SourceKind},
    task::{State, TaskKind},
};
use jiff::{
    ToSpan,
    civil::{Date, DateTime},
};
use std::collections::{BTreeMap, BTreeSet};

/// How much work a problem is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// Put right at once (立行立改).
    Quick,
    /// A facility is repaired.
    Facility,
    /// Something is built.
    Engineering,
}

/// The year being laid out.
pub struct Year<'a> {
    pub stage: &'a Stage,
    pub district: &'a District,
    pub templates: &'a [Template],
    pub seed: u64,
    pub dice: Dice,
    pub sources: Vec<Source>,
    pub plots: Vec<Plot>,
    texts: BTreeSet<String>,
    diligence: Vec<i64>,
}

/// Of one hundred problems of a field, how many are engineering and how many a facility.
fn mix(field: &str, level: Level) -> (i64, i64) {
    match (level, field) {
        (Level::Central | Level::Province, _) => (35, 50),
        (_, "sewage") => (14, 40),
        (_, "soil") => (45, 40),
        (_, "water" | "enterprise" | "livestock") => (6, 42),
        (_, "toilet" | "other") => (1, 36),
        (_, "garbage") => (2, 24),
        _ => (0, 14),
    }
}

impl<'a> Year<'a> {
    /// An empty year.
    pub fn new(stage: &'a Stage, district: &'a District, templates: &'a [Template], seed: u64) -> Year<'a> {
        let mut dice = Dice::new(seed, "year");
        let diligence = district.town.iter().map(|_| dice.between(75, 125)).collect();
        Year {
            stage,
            district,
            templates,
            seed,
            dice,
            sources: Vec::new(),
            plots: Vec::new(),
            texts: BTreeSet::new(),
            diligence,
        }
    }

    /// Lays out every stream of the year, then numbers the problems in the order of their registration.
    pub fn lay_out(&mut self) -> Result<()> {
        self.above()?;
        self.covert_rounds()?;
        self.own_lists()?;
        super::stories::add(self)?;
        super::endings::add(self)?;
        super::films::add(self)?;
        self.number()
    }

    /// The day so many days before the day the story has reached, if need be the next working day.
    pub fn day(&self, days_ago: i64) -> Date {
        self.stage.calendar.roll(self.stage.as_of - days_ago.days())
    }

    /// Registers a source.
    pub fn source(
        &mut self,
        kind: SourceKind,
        level: Level,
        title: &str,
        days_ago: i64,
        ruleset: &str,
    ) -> Result<Source> {
        let received_on = self.day(days_ago);
        let n = self.sources.len() + 1;
        let year = received_on.year();
        let (sender, sign) = match level {
            Level::Central => ("中央生态环境保护督察组", "环督察"),
            Level::Province => ("省生态环境保护督察工作领导小组办公室", "省督察办"),
            Level::City => ("遂江市生态环境保护委员会办公室", "遂环委办"),
            Level::County | Level::Town => ("安澜区生态环境保护委员会办公室", "安环委办"),
        };
        let source = Source {
            id: SourceId::new(format!("S-{year}-{n:03}"))?,
            kind,
            level,
            title: title.to_owned(),
            round: String::new(),
            batch: String::new(),
            document_number: format!("{sign}〔{year}〕{}号", n + 6),
            sender: sender.to_owned(),
            issued_on: Some(received_on - 3.days()),
            received_on,
            ruleset: ruleset.to_owned(),
        };
        self.sources.push(source.clone());
        Ok(source)
    }

    fn set_round(&mut self, source: &mut Source, round: &str, batch: &str) {
        round.clone_into(&mut source.round);
        batch.clone_into(&mut source.batch);
        if let Some(last) = self.sources.last_mut() {
            last.clone_from(source);
        }
    }

    fn above(&mut self) -> Result<()> {
        let mut central = self.source(
            SourceKind::InspectionLookBack,
            Level::Central,
            "中央生态环境保护督察“回头看”反馈意见",
            338,
            "sichuan-2021",
        )?;
        self.set_round(&mut central, "第一轮", "回头看");
        self.fill(&central, 6, "第{n}项")?;
        let mut province = self.source(
            SourceKind::Inspection,
            Level::Province,
            "省级生态环境保护督察反馈意见",
            238,
            "sichuan-2021",
        )?;
        self.set_round(&mut province, "第二轮", "第三批");
        self.fill(&province, 14, "省{n}")?;
        let city = self.source(
            SourceKind::SpecialInspection,
            Level::City,
            "遂江市琼澜河流域水污染防治专项督察交办清单",
            248,
            "sichuan-2021",
        )?;
        self.fill(&city, 10, "市专{n}")?;
        let film = self.source(
            SourceKind::WarningFilm,
            Level::Province,
            "省级生态环境警示片披露问题",
            196,
            "sichuan-2021",
        )?;
        self.fill(&film, 3, "片{n}")?;
        let city = self.source(
            SourceKind::CovertCheck,
            Level::City,
            "遂江市生态环境暗访发现问题交办函",
            112,
            "sichuan-2021",
        )?;
        self.fill(&city, 8, "市暗{n}")
    }

    fn covert_rounds(&mut self) -> Result<()> {
        const DAYS_AGO: [i64; 12] = [352, 321, 290, 262, 231, 201, 172, 141, 110, 80, 47, 12];
        for (round, days_ago) in (1..).zip(DAYS_AGO) {
            let ruleset = match round {
                4 => "generic",
                6 => "anhui-standards",
                8 => "shandong-six-steps",
                _ => "sichuan-2021",
            };
            let title = format!("区级生态环境暗访第{round}轮问题清单");
            let mut source =
                self.source(SourceKind::CovertCheck, Level::County, &title, days_ago, ruleset)?;
            self.set_round(&mut source, &format!("第{round}轮"), "");
            self.fill(&source, 14, &format!("第{round}轮-{{n}}"))?;
        }
        Ok(())
    }

    fn own_lists(&mut self) -> Result<()> {
        for (n, days_ago) in (1..).zip([330, 240, 150, 62]) {
            let title = format!("区直部门和镇街自查发现问题第{n}批");
            let source =
                self.source(SourceKind::SelfFound, Level::County, &title, days_ago, "sichuan-2021")?;
            self.fill(&source, if n < 4 { 6 } else { 2 }, "自{n}")?;
        }
        for (n, days_ago) in (1..).zip([300, 190, 85]) {
            let title = format!("区环委会月度调度交办问题（第{n}期）");
            let source =
                self.source(SourceKind::Assigned, Level::County, &title, days_ago, "sichuan-2021")?;
            self.fill(&source, 7, "调{n}")?;
        }
        for n in 0..12 {
            let days_ago = 345 - n * 29;
            let on = self.day(days_ago);
            let title = format!("{}年{}月群众信访举报转办件", on.year(), on.month());
            let source =
                self.source(SourceKind::Complaint, Level::County, &title, days_ago, "sichuan-2021")?;
            self.fill(&source, if n < 11 { 3 } else { 0 }, "访{n}")?;
        }
        Ok(())
    }

    /// Problems of a source.
    pub fn fill(&mut self, source: &Source, count: i64, number: &str) -> Result<()> {
        for n in 1..=count {
            let at = self.registered_at(source, n);
            let template = self.template();
            let town = self.town();
            let mut plot = self.plot(source, at, template, town, None)?;
            let number = match source.kind {
                SourceKind::WarningFilm => super::films::timecode(n),
                _ => number.replace("{n}", &n.to_string()),
            };
            plot.numbers.insert("source".to_owned(), number);
            if source.level == Level::Central {
                plot.numbers.insert("province".to_owned(), format!("省-{}", 30 + n));
            }
            if source.level >= Level::Province {
                plot.numbers.insert("city".to_owned(), format!("市-{}-{}", self.sources.len(), 10 + n));
            }
            self.plots.push(plot);
        }
        Ok(())
    }

    /// Spread over two mornings for a list, over the month for complaints.
    fn registered_at(&mut self, source: &Source, n: i64) -> DateTime {
        let days = match source.kind {
            SourceKind::Complaint => u32::try_from(n * 4).unwrap_or(1),
            _ => u32::from(n > 9),
        };
        let on = self.stage.calendar.add_working_days(source.received_on, days).on;
        on.at(9, 5, 0, 0) + (n * 6).minutes() + self.dice.between(0, 250).seconds()
    }

    /// A field by its share.
    pub fn template(&mut self) -> &'a Template {
        self.dice.pick_weighted(self.templates, |template| template.weight)
    }

    /// The template of a field.
    pub fn template_of(&self, field: &str) -> Result<&'a Template> {
        self.templates.iter().find(|template| template.field == field).context("a field without a template")
    }

    /// A town; larger ones more often.
    pub fn town(&mut self) -> usize {
        let towns: Vec<(usize, i64)> =
            self.district.town.iter().enumerate().map(|(n, town)| (n, 150 + town.people)).collect();
        self.dice.pick_weighted(&towns, |(_, weight)| *weight).0
    }

    /// A finding whose title and text no other problem of the year has.
    fn new_finding(&mut self, template: &Template, town: &str) -> Result<finding::Finding> {
        let names = Names {
            town,
            villages: &self.district.villages,
            rivers: &self.district.rivers,
            reservoirs: &self.district.reservoirs,
        };
        loop {
            let drawn = finding::draw(template, &names, &mut self.dice)?;
            if !self.texts.contains(&drawn.title) && !self.texts.contains(&drawn.text) {
                self.texts.insert(drawn.title.clone());
                self.texts.insert(drawn.text.clone());
                return Ok(drawn);
            }
        }
    }

    /// A plot with a drawn finding, deadline and fate.
    pub fn plot(
        &mut self,
        source: &Source,
        at: DateTime,
        template: &Template,
        town: usize,
        class: Option<Class>,
    ) -> Result<Plot> {
        let place = &self.district.town[town];
        let finding = self.new_finding(template, &place.short)?;
        let (engineering, facility) = mix(&template.field, source.level);
        let drawn = self.dice.between(0, 99);
        let class = class.unwrap_or(match drawn {
            d if d < engineering => Class::Engineering,
            d if d < engineering + facility => Class::Facility,
            _ => Class::Quick,
        });
        let kind = match (source.kind, template.kind.as_str(), template.field.as_str()) {
            (_, "policy", _) => TaskKind::Policy,
            (SourceKind::Complaint, _, _) => TaskKind::Complaint,
            (_, _, "straw" | "fishing" | "noise" | "medical_waste") if self.dice.percent(40) => {
                TaskKind::NonWorks
            }
            _ => TaskKind::Works,
        };
        let (lead, co) = self.lead_of(template, town)?;
        let jitter = |dice: &mut Dice| dice.between(-22_000, 22_000);
        let place_e6 = (place.lon_e6 + jitter(&mut self.dice), place.lat_e6 + jitter(&mut self.dice));
        let fate = self.fate(class, town, &template.field);
        let mut plot = Plot {
            problem: ProblemId::new("AL-0-0")?,
            numbers: BTreeMap::new(),
            source: source.id.clone(),
            level: source.level,
            ruleset: source.ruleset.clone(),
            field: template.field.clone(),
            kind,
            scene: Kind::named(&template.scene),
            area: UnitId::new(&place.id)?,
            place_e6,
            finding,
            registered_at: at,
            found_on: Some(source.received_on - self.dice.between(4, 14).days()),
            deadline_text: String::new(),
            due_on: None,
            immediate: false,
            sustain: false,
            lead,
            co,
            acceptance: UnitId::new(&template.accepts)?,
            items: 1,
            fate,
            lines: Lines::default(),
            seed: self.seed ^ self.dice.next(),
        };
        self.date(&mut plot, source, class)?;
        Ok(plot)
    }

    fn lead_of(&mut self, template: &Template, town: usize) -> Result<(UnitId, Vec<UnitId>)> {
        let drawn = self.dice.between(0, 99);
        let town_unit = UnitId::new(&self.district.town[town].id)?;
        let department = UnitId::new(&template.leads)?;
        Ok(match drawn {
            0..=15 => (department, vec![town_unit]),
            16..=19 if !template.operator.is_empty() => (UnitId::new(&template.operator)?, vec![town_unit]),
            20..=55 => (town_unit, vec![department]),
            _ => (town_unit, Vec::new()),
        })
    }

    fn fate(&mut self, class: Class, town: usize, field: &str) -> Fate {
        let dice = &mut self.dice;
        let days = match class {
            Class::Quick => dice.about(18, 0.6),
            Class::Facility => dice.about(60, 0.5),
            Class::Engineering => dice.about(180, 0.4),
        };
        let returns = match dice.between(0, 99) {
            0..=3 => 2,
            4..=25 => 1,
            _ => 0,
        };
        let returned_at = match dice.between(0, 99) {
            0..=69 => State::Claimed,
            70..=79 => State::Verified,
            80..=91 => State::PendingSignature,
            _ => State::Signed,
        };
        let rebounds = match field {
            "garbage" => 22,
            "sewage" | "toilet" => 15,
            _ if class == Class::Engineering => 5,
            _ => 11,
        };
        let rebound = dice.percent(rebounds).then(|| dice.percent(12));
        Fate {
            work_days: (days * self.diligence[town] / 100).max(2),
            extends: dice.percent(if class == Class::Quick { 14 } else { 22 }),
            returns,
            returned_at,
            objects: dice.percent(4),
            plan_returned: dice.percent(6),
            objection: dice.percent(6).then(|| dice.percent(30)),
            rebound,
            suspended: class == Class::Engineering && dice.percent(20),
            looked_after: dice.percent(93),
            brisk: false,
            stops_at: None,
            objection_stays_open: false,
        }
    }

    /// Words the deadline as documents do, and reads it back as any document is read.
    pub fn date(&mut self, plot: &mut Plot, source: &Source, class: Class) -> Result<()> {
        let dice = &mut self.dice;
        let from = plot.registered_at.date();
        let on = from
            + match class {
                Class::Quick => dice.between(16, 32),
                Class::Facility => dice.between(66, 100),
                Class::Engineering => dice.between(190, 300),
            }
            .days();
        let (year, month, day) = (on.year(), on.month(), on.day());
        let text = match (class, dice.between(0, 99)) {
            (Class::Quick, 0..=54) => format!("立行立改，{year}年{month}月{day}日前完成"),
            (Class::Quick, 55..=72) => "立行立改".to_owned(),
            (Class::Quick, 73..=82) => "立行立改，长期坚持".to_owned(),
            (Class::Quick, _) => format!("{year}年{month}月{day}日前"),
            (Class::Facility, 0..=34) => format!("{year}年{month}月{day}日前完成"),
            (_, 35..=84) => format!("{year}年{month}月底前"),
            _ => format!("{year}年{month}月底前，长期坚持"),
        };
        set_deadline(plot, &text, source, self.stage)
    }

    /// Numbers the problems in the order of their registration, year by year.
    fn number(&mut self) -> Result<()> {
        self.plots.sort_by_key(|plot| plot.registered_at);
        let mut next: BTreeMap<i16, u32> = BTreeMap::new();
        for plot in &mut self.plots {
            let year = plot.registered_at.year();
            let n = next.entry(year).or_insert(0);
            *n += 1;
            plot.problem = ProblemId::new(format!("{}-{year}-{n:05}", self.district.prefix))?;
        }
        Ok(())
    }
}

/// Sets the deadline by its words.
pub fn set_deadline(plot: &mut Plot, text: &str, source: &Source, stage: &Stage) -> Result<()> {
    let anchor = deadline::Anchor {
        received_on: Some(source.received_on),
        issued_on: source.issued_on,
        calendar: &stage.calendar,
    };
    let read = deadline::read(text, &anchor);
    ensure!(!read.unresolved, "“{text}” cannot be read: {}", read.why_zh);
    plot.deadline_text = text.to_owned();
    plot.due_on = read.due_on();
    plot.immediate = read.immediate;
    plot.sustain = read.sustain;
    ensure!(plot.due_on.is_some() || plot.immediate, "“{text}” names no day");
    Ok(())
}
