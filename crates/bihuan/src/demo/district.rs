//! The twin district (安澜区): units, posts, persons and who held what when.

use super::dice::Dice;
use anyhow::{Context, Result};
use bihuan_rules::{
    Subject,
    act::AccountAct,
    calendar::Calendar,
    id::{PersonId, PostId, UnitId},
    office::{Level, Office, OfficeAct, Person, Post, Role, Unit, UnitKind},
};
use jiff::{ToSpan, civil::Date};
use serde::Deserialize;
use std::collections::BTreeSet;

/// The file of the district.
#[derive(Debug, Deserialize)]
pub struct District {
    pub code: String,
    pub name: String,
    pub prefix: String,
    pub rivers: Vec<String>,
    pub reservoirs: Vec<String>,
    pub villages: Vec<String>,
    pub leadership: Vec<Body>,
    pub superior: Vec<Body>,
    pub department: Vec<Body>,
    pub town: Vec<Town>,
    pub enterprise: Vec<Body>,
}

/// A unit that is not a town.
#[derive(Debug, Deserialize)]
pub struct Body {
    pub id: String,
    pub name: String,
    #[serde(default)]
    pub aliases: Vec<String>,
    #[serde(default)]
    pub level: Option<Level>,
    #[serde(default)]
    pub verifies: bool,
    #[serde(default)]
    pub inspectors: u32,
}

/// A town.
#[derive(Debug, Deserialize)]
pub struct Town {
    pub id: String,
    pub name: String,
    pub short: String,
    pub lon_e6: i64,
    pub lat_e6: i64,
    pub people: i64,
}

/// Reads the file that ships with the program.
pub fn read() -> Result<District> {
    toml::from_str(include_str!("../../../../demo/district.toml"))
        .context("demo/district.toml cannot be read")
}

/// Posts that the story names.
pub const REGISTRAR: &str = "post-registrar";
pub const PUBLISHER: &str = "post-publisher";
pub const COMMITTEE: &str = "post-committee";
pub const MAYOR: &str = "post-mayor";
pub const SECRETARY: &str = "post-secretary";
pub const CITY: &str = "post-city";
pub const PROVINCE: &str = "post-province";
pub const AUDITOR: &str = "post-auditor";
pub const ADMINISTRATOR: &str = "post-admin";
pub const PROCURATOR: &str = "post-procurator-1";

/// An office act with its subject, on the day it is recorded.
pub struct Dated {
    pub on: Date,
    pub subject: Subject,
    pub act: OfficeAct,
}

/// Everything about the office: what is entered when, and the office as it will be at the end.
pub struct Staffing {
    pub acts: Vec<Dated>,
    pub accounts: Vec<(PersonId, String)>,
    pub office: Office,
}

struct Maker {
    dice: Dice,
    names: NameList,
    taken: BTreeSet<String>,
    persons: u32,
    opened_on: Date,
    acts: Vec<Dated>,
    accounts: Vec<(PersonId, String)>,
}

#[derive(Deserialize)]
struct NameList {
    surnames: String,
    first: String,
    second: String,
}

/// Staffs the district: the books were opened on `opened_on`, the story ends on `as_of`.
pub fn staff(district: &District, seed: u64, opened_on: Date, as_of: Date) -> Result<Staffing> {
    let names: NameList = toml::from_str(include_str!("../../../../demo/names.toml"))
        .context("demo/names.toml cannot be read")?;
    let mut maker = Maker {
        dice: Dice::new(seed, "persons"),
        names,
        taken: BTreeSet::new(),
        persons: 0,
        opened_on,
        acts: Vec::new(),
        accounts: Vec::new(),
    };
    maker.administrator()?;
    maker.above(district)?;
    maker.departments(district)?;
    maker.towns(district)?;
    maker.enterprises(district)?;
    maker.vacancy()?;
    for charge in super::duty::charges(district, opened_on)? {
        maker.put(opened_on, Subject::Post(charge.post.clone()), OfficeAct::PostCharged(charge));
    }
    maker.handovers(as_of)?;
    maker.river_chiefs(district)?;
    let mut office = Office::default();
    for dated in &maker.acts {
        office.apply(&dated.act);
    }
    Ok(Staffing { acts: maker.acts, accounts: maker.accounts, office })
}

impl Maker {
    fn put(&mut self, on: Date, subject: Subject, act: OfficeAct) {
        self.acts.push(Dated { on, subject, act });
    }

    fn unit(&mut self, body: &Body, parent: Option<&str>, kind: UnitKind, level: Level) -> Result<()> {
        let id = UnitId::new(&body.id)?;
        let parent = parent.map(UnitId::new).transpose()?;
        let unit = Unit {
            id: id.clone(),
            name: body.name.clone(),
            formerly: Vec::new(),
            aliases: body.aliases.clone(),
            parent,
            kind,
            level: body.level.unwrap_or(level),
            closed_on: None,
        };
        self.put(self.opened_on, Subject::Unit(id), OfficeAct::UnitSet(unit));
        Ok(())
    }

    /// A name nobody else in the district has.
    fn name(&mut self) -> String {
        let pick = |dice: &mut Dice, from: &str| {
            let signs: Vec<char> = from.chars().collect();
            *dice.pick(&signs)
        };
        loop {
            let mut name = String::from(pick(&mut self.dice, &self.names.surnames));
            if !self.dice.percent(12) {
                name.push(pick(&mut self.dice, &self.names.first));
            }
            name.push(pick(&mut self.dice, &self.names.second));
            if self.taken.insert(name.clone()) {
                return name;
            }
        }
    }

    fn person(&mut self, on: Date) -> Result<PersonId> {
        self.persons += 1;
        let id = PersonId::new(format!("p-{:03}", self.persons))?;
        let person = Person { id: id.clone(), name: self.name(), formerly: Vec::new() };
        self.put(on, Subject::Person(id.clone()), OfficeAct::PersonSet(person));
        self.accounts.push((id.clone(), format!("al{:03}", self.persons)));
        Ok(id)
    }

    fn post(&mut self, id: &str, unit: &str, title: &str, roles: &[Role]) -> Result<()> {
        let post = PostId::new(id)?;
        let roles = roles.iter().copied().collect();
        let entry = Post { id: post.clone(), unit: UnitId::new(unit)?, title: title.to_owned(), roles };
        self.put(self.opened_on, Subject::Post(post.clone()), OfficeAct::PostSet(entry));
        let person = self.person(self.opened_on)?;
        let act = OfficeAct::PostTaken { post: post.clone(), person, from: self.opened_on };
        self.put(self.opened_on, Subject::Post(post), act);
        Ok(())
    }

    fn administrator(&mut self) -> Result<()> {
        let body = Body {
            id: "u-admin".to_owned(),
            name: "安澜区系统管理".to_owned(),
            aliases: Vec::new(),
            level: None,
            verifies: false,
            inspectors: 0,
        };
        self.unit(&body, None, UnitKind::Department, Level::County)?;
        self.post(ADMINISTRATOR, "u-admin", "系统管理员", &[Role::Administrator])
    }

    fn above(&mut self, district: &District) -> Result<()> {
        for body in &district.superior {
            self.unit(body, None, UnitKind::Superior, Level::City)?;
        }
        self.post(PROVINCE, "u-province", "督察整改处经办", &[Role::Superior])?;
        self.post(CITY, "u-city", "督察整改科科长", &[Role::Superior])?;
        self.post("post-city-2", "u-city", "督察整改科经办", &[Role::Superior])?;
        self.post("post-city-eco", "u-city-eco", "督察协调科科长", &[Role::Superior])?;
        for body in &district.leadership {
            self.unit(body, None, UnitKind::Leadership, Level::County)?;
        }
        self.post(SECRETARY, "u-party", "区委书记", &[Role::Chief])?;
        self.post(MAYOR, "u-gov", "区长", &[Role::Chief])?;
        self.post(COMMITTEE, "u-committee", "环委会副主任、分管副区长", &[Role::Committee])?;
        self.post("post-committee-2", "u-committee", "环委会委员、常务副区长", &[Role::Committee])?;
        self.post("post-committee-3", "u-committee", "环委会委员、区委副书记", &[Role::Committee])?;
        self.post("post-committee-4", "u-committee", "环委会委员、区委组织部部长", &[Role::Committee])
    }

    fn departments(&mut self, district: &District) -> Result<()> {
        for body in &district.department {
            self.unit(body, Some("u-gov"), UnitKind::Department, Level::County)?;
            let id = body.id.trim_start_matches("u-");
            match body.id.as_str() {
                "u-eco-office" => {
                    self.post(REGISTRAR, &body.id, "整改督办股经办", &[Role::Registrar])?;
                    self.post(PUBLISHER, &body.id, "信息公示经办", &[Role::Publisher])?;
                    self.post("post-eco-office-chief", &body.id, "办公室主任", &[Role::Registrar])?;
                }
                "u-discipline" => {
                    self.post(AUDITOR, &body.id, "党风政风监督室主任", &[Role::Auditor])?;
                    self.post("post-auditor-2", &body.id, "监督检查室干部", &[Role::Auditor])?;
                    self.post("post-auditor-3", &body.id, "信访室干部", &[Role::Auditor])?;
                }
                _ => {
                    self.post(&format!("post-{id}-1"), &body.id, "分管负责人", &[Role::Responsible])?;
                    let (lead, second): (&[Role], &[Role]) = if body.verifies {
                        (&[Role::Verifier], &[Role::Verifier])
                    } else {
                        (&[Role::Responsible], &[Role::Responsible])
                    };
                    self.post(&format!("post-{id}-2"), &body.id, "业务股股长", lead)?;
                    self.post(&format!("post-{id}-3"), &body.id, "业务股干部", second)?;
                }
            }
            for n in 1..=body.inspectors {
                self.post(&format!("post-{id}-i{n}"), &body.id, "督查专员", &[Role::Inspector])?;
            }
        }
        Ok(())
    }

    fn towns(&mut self, district: &District) -> Result<()> {
        for town in &district.town {
            let body = Body {
                id: town.id.clone(),
                name: town.name.clone(),
                aliases: vec![town.short.clone(), format!("安澜区{}", town.short)],
                level: None,
                verifies: false,
                inspectors: 0,
            };
            self.unit(&body, Some("u-gov"), UnitKind::Town, Level::Town)?;
            let id = town.id.trim_start_matches("u-");
            let (party, head) = if town.short.ends_with("街道") {
                ("街道党工委书记", "街道办事处主任")
            } else {
                ("镇党委书记", "镇长")
            };
            for (n, title) in [party, head, "分管副职", "生态环境办公室主任"].into_iter().enumerate()
            {
                self.post(&format!("post-{id}-{}", n + 1), &town.id, title, &[Role::Responsible])?;
            }
        }
        Ok(())
    }

    fn enterprises(&mut self, district: &District) -> Result<()> {
        for body in &district.enterprise {
            self.unit(body, Some("u-gov"), UnitKind::Enterprise, Level::Town)?;
            let id = body.id.trim_start_matches("u-");
            for (n, title) in ["负责人", "环保专员", "运行班长"].into_iter().enumerate() {
                self.post(&format!("post-{id}-{}", n + 1), &body.id, title, &[Role::Responsible])?;
            }
        }
        Ok(())
    }

    /// A post that was set up and never filled.
    fn vacancy(&mut self) -> Result<()> {
        let post = PostId::new("post-publisher-2")?;
        let entry = Post {
            id: post.clone(),
            unit: UnitId::new("u-eco-office")?,
            title: "信息公示助理".to_owned(),
            roles: BTreeSet::from([Role::Publisher]),
        };
        self.put(self.opened_on, Subject::Post(post), OfficeAct::PostSet(entry));
        Ok(())
    }

    /// A village of every town, and the procuratorate: who else is a river chief.
    fn river_chiefs(&mut self, district: &District) -> Result<()> {
        let body = |id: String, name: &str| Body {
            id,
            name: name.to_owned(),
            aliases: Vec::new(),
            level: None,
            verifies: false,
            inspectors: 0,
        };
        let procuratorate = body("u-procurator".to_owned(), "区人民检察院");
        self.unit(&procuratorate, None, UnitKind::Department, Level::County)?;
        self.post(PROCURATOR, "u-procurator", "公益诉讼检察部门负责人", &[Role::Responsible])?;
        for (town, name) in district.town.iter().zip(&district.villages) {
            let number = town.id.trim_start_matches("u-town-");
            let village = body(format!("u-village-{number}"), name);
            self.unit(&village, Some(&town.id), UnitKind::Village, Level::Town)?;
            let id = format!("post-village-{number}");
            self.post(&id, &village.id, "党组织书记", &[Role::Responsible])?;
        }
        Ok(())
    }

    /// Four posts change hands during the year; acts before and after keep the person of their day.
    fn handovers(&mut self, as_of: Date) -> Result<()> {
        let changes =
            [(MAYOR, 150), ("post-town-12-4", 118), ("post-agriculture-2", 75), (super::duty::SIGNED, 52)];
        for (post, days_ago) in changes {
            let on = Calendar::embedded().roll(as_of - i64::from(days_ago).days());
            let post = PostId::new(post)?;
            let before = self.acts.iter().rev().find_map(|dated| match &dated.act {
                OfficeAct::PostTaken { post: taken, person, .. } if taken == &post => Some(person.clone()),
                _ => None,
            });
            let before = before.with_context(|| format!("nobody holds {post}"))?;
            let until = on - 1.day();
            // Whoever takes over is known some days before, so that the handover can be drawn up.
            let earlier = (6..).map(|days| on - days.days());
            let known_on = earlier.into_iter().find(|day| Calendar::embedded().is_working_day(*day));
            let person = self.person(known_on.unwrap_or(on))?;
            let left = OfficeAct::PostLeft { post: post.clone(), person: before, until };
            self.put(on, Subject::Post(post.clone()), left);
            let taken = OfficeAct::PostTaken { post: post.clone(), person, from: on };
            self.put(on, Subject::Post(post), taken);
        }
        Ok(())
    }
}

/// Opens the account of a person.
pub fn account(person: &PersonId, login: &str) -> AccountAct {
    AccountAct::Opened { person: person.clone(), login: login.to_owned() }
}
