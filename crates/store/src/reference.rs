//! Reference (基础资料): units, posts, calendar, rulesets and settings, kept in memory and read by every rule.

use crate::{
    Error, Result,
    db::{Connection, Value},
    shelf,
};
pub use bihuan_rules::account::Account;
use bihuan_rules::{
    Actor, Situation,
    act::{AccountAct, AreaAct, SettingAct},
    adopted::Texts,
    calendar::Calendar,
    id::{PersonId, PostId, RecordId},
    ladder::Ladder,
    office::{Charge, Holding, Office, OfficeAct},
    ranking::Scheme,
    record::{self, AnyRecord, Kind, Record, Records},
    ruleset::{self, Ruleset},
    setting,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use std::{collections::BTreeMap, sync::Arc};

/// The area whose books these are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Area {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Prefix of its own numbers.
    pub number_prefix: String,
    /// Everything in it is invented.
    pub simulated: bool,
}

/// A saved view of a list (保存的视图).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct View {
    /// Its name.
    pub name: String,
    /// The query string of the list.
    pub query: String,
    /// The post it belongs to.
    pub post: PostId,
}

/// Everything that rules look up.
#[derive(Debug, Clone)]
pub struct Reference {
    /// The area.
    pub area: Option<Area>,
    /// Units, posts, persons, holders.
    pub office: Office,
    /// Working days.
    pub calendar: Calendar,
    /// Years added by administrators, as text.
    pub calendar_years: BTreeMap<i16, String>,
    /// Procedures by name.
    pub rulesets: BTreeMap<String, Ruleset>,
    /// Procedures of the district's own, as they were adopted.
    pub adopted_rulesets: BTreeMap<String, String>,
    /// The procedure for new sources.
    pub chosen_ruleset: String,
    /// Ranking schemes.
    pub schemes: Texts<Scheme>,
    /// Ladders of pressure.
    pub ladders: Texts<Ladder>,
    /// Saved views.
    pub views: Vec<View>,
    /// Accounts by person.
    pub accounts: BTreeMap<PersonId, Account>,
    /// Records that are held in memory, by kind.
    pub records: Records,
    /// Changes with every change of the above.
    pub version: i64,
}

impl Default for Reference {
    fn default() -> Reference {
        let rulesets: BTreeMap<_, _> =
            ruleset::shipped().into_iter().map(|ruleset| (ruleset.name.clone(), ruleset)).collect();
        Reference {
            area: None,
            office: Office::default(),
            calendar: Calendar::embedded().clone(),
            calendar_years: BTreeMap::new(),
            rulesets,
            adopted_rulesets: BTreeMap::new(),
            chosen_ruleset: "sichuan-2021".to_owned(),
            schemes: Texts::default(),
            ladders: Texts::default(),
            views: Vec::new(),
            accounts: BTreeMap::new(),
            records: BTreeMap::new(),
            version: 0,
        }
    }
}

const OFFICE: &str = "SELECT kind, id, body FROM office ORDER BY kind, id";
const OFFICE_SET: &str = "INSERT INTO office (kind, id, body) VALUES (?1, ?2, ?3)
    ON CONFLICT (kind, id) DO UPDATE SET body = excluded.body";
const SETTINGS: &str = "SELECT key, body FROM setting ORDER BY key";
const SETTING_SET: &str =
    "INSERT INTO setting (key, body) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET body = excluded.body";
const SETTING_DROP: &str = "DELETE FROM setting WHERE key = ?1";
const ACCOUNTS: &str = "SELECT person, login, is_open, second_factor FROM account ORDER BY person";
const ACCOUNT_SET: &str =
    "INSERT INTO account (person, login, is_open, second_factor) VALUES (?1, ?2, ?3, ?4)
    ON CONFLICT (person) DO UPDATE SET login = excluded.login, is_open = excluded.is_open,
    second_factor = excluded.second_factor";
const VERSION: &str = "SELECT body FROM setting WHERE key = 'version'";

/// Every statement of this file.
pub const STATEMENTS: &[&str] =
    &[OFFICE, OFFICE_SET, SETTINGS, SETTING_SET, SETTING_DROP, ACCOUNTS, ACCOUNT_SET, VERSION];

impl Reference {
    /// The situation of somebody who acts at that instant on a record that follows this procedure; an empty name means the
    /// chosen one.
    #[must_use]
    pub fn situation<'a>(&'a self, by: &'a Actor, at: Timestamp, ruleset: &str) -> Situation<'a> {
        Situation {
            by,
            at,
            ruleset: self.ruleset(ruleset),
            calendar: &self.calendar,
            office: &self.office,
            records: &self.records,
        }
    }

    /// Loads it from the derived tables.
    ///
    /// # Errors
    /// When the engine refuses or a record is damaged.
    pub fn load(connection: &mut Connection) -> Result<Reference> {
        let mut reference = Reference::default();
        reference.load_office(connection).map_err(|error| error.in_table("office"))?;
        reference.load_settings(connection).map_err(|error| error.in_table("setting"))?;
        reference.load_accounts(connection).map_err(|error| error.in_table("account"))?;
        for kind in Kind::ALL.iter().filter(|kind| kind.is_reference()) {
            for (id, record) in shelf::reference(connection, *kind)? {
                reference.records.insert((*kind, id), Arc::new(record));
            }
        }
        Ok(reference)
    }

    fn load_office(&mut self, connection: &mut Connection) -> Result<()> {
        for row in connection.all(OFFICE, &[])? {
            self.take_office(row.text(0)?, row.text(2)?)?;
        }
        Ok(())
    }

    fn load_settings(&mut self, connection: &mut Connection) -> Result<()> {
        for row in connection.all(SETTINGS, &[])? {
            self.take_setting(row.text(0)?, row.text(1)?)?;
        }
        Ok(())
    }

    fn load_accounts(&mut self, connection: &mut Connection) -> Result<()> {
        for row in connection.all(ACCOUNTS, &[])? {
            let person = PersonId::new(row.text(0)?).map_err(|e| damaged("account", e))?;
            self.accounts.insert(
                person.clone(),
                Account {
                    person,
                    login: row.text(1)?.to_owned(),
                    is_open: row.int(2)? != 0,
                    second_factor: row.int(3)? != 0,
                },
            );
        }
        Ok(())
    }

    fn take_office(&mut self, kind: &str, body: &str) -> Result<()> {
        match kind {
            "unit" => {
                let unit: bihuan_rules::office::Unit = read("office", body)?;
                self.office.units.insert(unit.id.clone(), unit);
            }
            "post" => {
                let post: bihuan_rules::office::Post = read("office", body)?;
                self.office.posts.insert(post.id.clone(), post);
            }
            "person" => {
                let person: bihuan_rules::office::Person = read("office", body)?;
                self.office.persons.insert(person.id.clone(), person);
            }
            "holding" => self.office.place_holding(read("office", body)?),
            "charge" => self.office.place_charge(read("office", body)?),
            other => return Err(damaged("office", format!("unknown kind {other}"))),
        }
        Ok(())
    }

    fn take_setting(&mut self, key: &str, body: &str) -> Result<()> {
        match key.split_once('/') {
            None if key == "area" => self.area = Some(read("setting", body)?),
            None if key == "ruleset" => body.clone_into(&mut self.chosen_ruleset),
            None if key == "scheme" => self.schemes.choose(body),
            None if key == "ladder" => self.ladders.choose(body),
            None if key == "version" => {
                self.version = body.parse().map_err(|e: std::num::ParseIntError| damaged("setting", e))?;
            }
            Some(("ruleset", _)) => {
                let ruleset = Ruleset::read(body).map_err(|e| damaged("setting", e))?;
                self.adopted_rulesets.insert(ruleset.name.clone(), body.to_owned());
                self.rulesets.insert(ruleset.name.clone(), ruleset);
            }
            Some(("scheme", _)) => {
                self.schemes.adopt(body).map_err(|e| damaged("setting", e))?;
            }
            Some(("ladder", _)) => {
                self.ladders.adopt(body).map_err(|e| damaged("setting", e))?;
            }
            Some(("calendar", year)) => {
                self.calendar = self.calendar.with_year(body).map_err(|e| damaged("setting", e))?;
                let year = year.parse().map_err(|e: std::num::ParseIntError| damaged("setting", e))?;
                self.calendar_years.insert(year, body.to_owned());
            }
            Some(("view", _)) => self.views.push(read("setting", body)?),
            _ => return Err(damaged("setting", format!("unknown key {key}"))),
        }
        Ok(())
    }

    /// The version stored now; another node may have changed it.
    ///
    /// # Errors
    /// When the engine refuses.
    pub fn version(connection: &mut Connection) -> Result<i64> {
        let Some(row) = connection.one(VERSION, &[])? else { return Ok(0) };
        row.text(0)?.parse().map_err(|e: std::num::ParseIntError| damaged("setting", e))
    }

    /// The procedure of this name, or the chosen one if it is gone.
    #[must_use]
    pub fn ruleset(&self, name: &str) -> &Ruleset {
        self.rulesets
            .get(name)
            .or_else(|| self.rulesets.get(&self.chosen_ruleset))
            .or_else(|| self.rulesets.values().next())
            .expect("rulesets ship with the program")
    }

    /// The records of a kind that is held in memory, in order of their codes.
    pub fn records<R: Record>(&self) -> impl Iterator<Item = (&RecordId, &R)>
    where
        for<'r> &'r R: TryFrom<&'r AnyRecord>,
    {
        record::of_kind(&self.records)
    }

    /// What a setting is judged against.
    #[must_use]
    pub fn known(&self) -> setting::Known<'_> {
        setting::Known { rulesets: &self.rulesets, schemes: &self.schemes, ladders: &self.ladders }
    }

    /// The text of a procedure: as it was adopted, or as it came with the program.
    #[must_use]
    pub fn ruleset_text(&self, name: &str) -> Option<&str> {
        self.adopted_rulesets.get(name).map(String::as_str).or_else(|| ruleset::shipped_text(name))
    }

    /// The rows that an office act changes: kind, id, body.
    pub(crate) fn apply_office(&mut self, act: &OfficeAct) -> Vec<(&'static str, String, String)> {
        self.office.apply(act);
        match act {
            OfficeAct::UnitSet(unit) => {
                vec![("unit", unit.id.to_string(), json(&self.office.units[&unit.id]))]
            }
            OfficeAct::UnitClosed { id, .. } => self
                .office
                .units
                .get(id)
                .map(|unit| ("unit", id.to_string(), json(unit)))
                .into_iter()
                .collect(),
            OfficeAct::PostSet(post) => vec![("post", post.id.to_string(), json(post))],
            OfficeAct::PersonSet(person) => vec![("person", person.id.to_string(), json(person))],
            OfficeAct::PostCharged(charge) => vec![("charge", charge_key(charge), json(charge))],
            OfficeAct::PostTaken { post, person, .. } | OfficeAct::PostLeft { post, person, .. } => self
                .office
                .holdings
                .iter()
                .filter(|holding| &holding.post == post && &holding.person == person)
                .map(|holding| ("holding", holding_key(holding), json(holding)))
                .collect(),
        }
    }

    /// The setting that an act changes: key and new body, `None` when it is dropped.
    pub(crate) fn apply_setting(&mut self, act: &SettingAct) -> (String, Option<String>) {
        match act {
            SettingAct::RulesetChosen { name } => {
                self.chosen_ruleset.clone_from(name);
                ("ruleset".to_owned(), Some(name.clone()))
            }
            SettingAct::RulesetAdopted { toml } => {
                let name = Ruleset::read(toml).map(|ruleset| {
                    let name = ruleset.name.clone();
                    self.adopted_rulesets.insert(name.clone(), toml.clone());
                    self.rulesets.insert(name.clone(), ruleset);
                    name
                });
                (format!("ruleset/{}", name.unwrap_or_default()), Some(toml.clone()))
            }
            SettingAct::SchemeAdopted { toml, .. } => {
                let name = self.schemes.adopt(toml).unwrap_or_default();
                (format!("scheme/{name}"), Some(toml.clone()))
            }
            SettingAct::SchemeChosen { name, .. } => {
                self.schemes.choose(name);
                ("scheme".to_owned(), Some(name.clone()))
            }
            SettingAct::LadderAdopted { toml, .. } => {
                let name = self.ladders.adopt(toml).unwrap_or_default();
                (format!("ladder/{name}"), Some(toml.clone()))
            }
            SettingAct::LadderChosen { name, .. } => {
                self.ladders.choose(name);
                ("ladder".to_owned(), Some(name.clone()))
            }
            SettingAct::CalendarYearSet { year, json } => {
                if let Ok(calendar) = self.calendar.with_year(json) {
                    self.calendar = calendar;
                }
                self.calendar_years.insert(*year, json.clone());
                (format!("calendar/{year}"), Some(json.clone()))
            }
            SettingAct::ViewSaved { name, query, post } => {
                let view = View { name: name.clone(), query: query.clone(), post: post.clone() };
                self.views.retain(|known| !(known.post == view.post && known.name == view.name));
                let body = json(&view);
                self.views.push(view);
                (format!("view/{post}/{name}"), Some(body))
            }
            SettingAct::ViewDropped { name, post } => {
                self.views.retain(|known| !(&known.post == post && &known.name == name));
                (format!("view/{post}/{name}"), None)
            }
        }
    }

    pub(crate) fn apply_area(&mut self, act: &AreaAct) -> (String, Option<String>) {
        let AreaAct::Founded { code, name, number_prefix, simulated } = act;
        let area = Area {
            code: code.clone(),
            name: name.clone(),
            number_prefix: number_prefix.clone(),
            simulated: *simulated,
        };
        let body = json(&area);
        self.area = Some(area);
        ("area".to_owned(), Some(body))
    }

    /// The account row that an act changes.
    pub(crate) fn apply_account(&mut self, act: &AccountAct) -> Option<[Value; 4]> {
        let person = act.person();
        if let AccountAct::Opened { login, .. } = act {
            let second_factor = self.accounts.get(person).is_some_and(|known| known.second_factor);
            let account =
                Account { person: person.clone(), login: login.clone(), is_open: true, second_factor };
            self.accounts.insert(person.clone(), account);
        }
        let account = self.accounts.get_mut(person)?;
        match act {
            AccountAct::Closed { .. } => account.is_open = false,
            AccountAct::SecondFactorAdded { .. } => account.second_factor = true,
            AccountAct::SecondFactorRemoved { .. } => account.second_factor = false,
            AccountAct::Opened { .. } | AccountAct::PasswordSet { .. } => {}
        }
        Some([
            person.as_str().into(),
            account.login.as_str().into(),
            account.is_open.into(),
            account.second_factor.into(),
        ])
    }
}

pub(crate) fn store_office(
    connection: &mut Connection,
    rows: Vec<(&'static str, String, String)>,
) -> Result<()> {
    for (kind, id, body) in rows {
        connection.run(OFFICE_SET, &[kind.into(), id.into(), body.into()])?;
    }
    Ok(())
}

pub(crate) fn store_setting(connection: &mut Connection, key: &str, body: Option<&str>) -> Result<()> {
    match body {
        Some(body) => connection.run(SETTING_SET, &[key.into(), body.into()])?,
        None => connection.run(SETTING_DROP, &[key.into()])?,
    };
    Ok(())
}

pub(crate) fn store_account(connection: &mut Connection, row: &[Value; 4]) -> Result<()> {
    connection.run(ACCOUNT_SET, row).map(drop)
}

pub(crate) fn holding_key(holding: &Holding) -> String {
    format!("{}.{}.{}", holding.post, holding.person, holding.from)
}

pub(crate) fn charge_key(charge: &Charge) -> String {
    format!("{}.{}", charge.post, charge.from)
}

pub(crate) fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("records have string keys, so they are always serialisable")
}

fn read<T: DeserializeOwned>(table: &'static str, body: &str) -> Result<T> {
    serde_json::from_str(body).map_err(|error| damaged(table, error))
}

/// A stored record that breaks an invariant.
pub fn damaged(table: &'static str, what: impl std::fmt::Display) -> Error {
    Error::Damaged { table, what: what.to_string() }
}
