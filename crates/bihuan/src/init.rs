//! `bihuan init`: a folder for real use, with one administrator and a random password that is shown once.

use crate::{config, config::Config, keys, serve::wall_clock};
use anyhow::{Context, Result, bail};
use bihuan_rules::{
    Act, Actor, Subject,
    act::{AccountAct, AreaAct},
    id::{PersonId, PostId, UnitId},
    office::{Level, OfficeAct, Person, Post, Role, Unit, UnitKind},
};
use bihuan_store::{Error, account};
use bihuan_web::sign_in::{hash_password, random_password};
use clap::Args;
use std::{collections::BTreeSet, path::PathBuf, process::ExitCode};

/// Makes a folder for real use.
#[derive(Debug, Args)]
pub struct Init {
    /// The folder; it must be empty or missing.
    #[arg(long)]
    dir: PathBuf,
    /// Code of the area, six digits as in GB/T 2260.
    #[arg(long)]
    area: String,
    /// Name of the area, such as 某某区.
    #[arg(long)]
    name: String,
    /// Prefix of its own numbers, such as AJ.
    #[arg(long)]
    prefix: String,
    /// Name of the first administrator.
    #[arg(long, default_value = "系统管理员")]
    administrator: String,
    /// `postgres://…`, with `sslmode` (disable, prefer, require) and `sslrootcert` if need be; without it the embedded database.
    #[arg(long)]
    database: Option<String>,
}

impl Init {
    /// Makes the folder and prints the password once.
    pub fn run(&self) -> Result<ExitCode> {
        if self.area.len() != 6 || !self.area.bytes().all(|byte| byte.is_ascii_digit()) {
            bail!("“{}” is no area code: six digits, such as 510904", self.area);
        }
        if self.prefix.is_empty() || !self.prefix.chars().all(|c| c.is_ascii_alphanumeric()) {
            bail!("“{}” is no prefix: letters and digits, such as AJ", self.prefix);
        }
        if self.dir.exists() && std::fs::read_dir(&self.dir)?.next().is_some() {
            bail!("{} is not empty", self.dir.display());
        }
        std::fs::create_dir_all(&self.dir)
            .with_context(|| format!("{} cannot be made", self.dir.display()))?;
        let config = Config {
            area: self.area.clone(),
            database: self.database.clone().unwrap_or_default(),
            ..Config::fresh()
        };
        std::fs::write(self.dir.join(config::FILE), toml::to_string(&config)?)?;
        keys::create(&self.dir, &self.area)?;
        let books = config.open(&self.dir)?;
        if books.reference().area.is_some() {
            bail!("this database holds books already; give an empty one");
        }
        let password = random_password();
        let hash = hash_password(&password).context("the password cannot be hashed")?;
        let (code, name, prefix) = (self.area.clone(), self.name.clone(), self.prefix.clone());
        let administrator = self.administrator.clone();
        let founder = founder();
        books
            .work(founder, wall_clock(), move |work| {
                let founded =
                    AreaAct::Founded { code, name: name.clone(), number_prefix: prefix, simulated: false };
                work.record(Subject::Area, Act::Area(founded))?;
                let person = work.by.person.clone();
                for (subject, act) in first_office(&person, &name, administrator, work.at) {
                    work.record(subject, Act::Office(act))?;
                }
                let opened = AccountAct::Opened { person: person.clone(), login: "admin".to_owned() };
                work.record(Subject::Person(person.clone()), Act::Account(opened))?;
                work.record(
                    Subject::Person(person.clone()),
                    Act::Account(AccountAct::PasswordSet { person: person.clone() }),
                )?;
                let credential = account::Credential {
                    password: hash,
                    must_change: true,
                    totp_secret: String::new(),
                    totp_step: 0,
                    failures: 0,
                    locked_until: jiff::Timestamp::UNIX_EPOCH,
                };
                account::set_credential(work.connection(), &person, &credential)
            })
            .map_err(|error: Error| anyhow::anyhow!(error))?;
        books.close();
        println!("The folder {} is ready.", self.dir.display());
        println!("Sign in as   admin");
        println!("Password     {password}");
        println!("It is shown only this once and must be changed at the first sign-in.");
        println!("Start with   bihuan serve --dir {}", self.dir.display());
        Ok(ExitCode::SUCCESS)
    }
}

fn founder() -> Actor {
    Actor {
        person: PersonId::new("p-admin").expect("a fixed code"),
        post: PostId::new("post-admin").expect("a fixed code"),
        unit: UnitId::new("u-admin").expect("a fixed code"),
        level: Level::County,
        roles: BTreeSet::from([Role::Administrator]),
    }
}

/// The first unit, post and person; everything else the administrator adds on the pages.
fn first_office(
    person: &PersonId,
    area: &str,
    administrator: String,
    at: jiff::Timestamp,
) -> Vec<(Subject, OfficeAct)> {
    let founder = founder();
    let unit = Unit {
        id: founder.unit.clone(),
        name: format!("{area}系统管理"),
        formerly: Vec::new(),
        aliases: Vec::new(),
        parent: None,
        kind: UnitKind::Department,
        level: Level::County,
        closed_on: None,
    };
    let post = Post {
        id: founder.post.clone(),
        unit: founder.unit.clone(),
        title: "系统管理员".to_owned(),
        roles: founder.roles,
    };
    let taken = OfficeAct::PostTaken {
        post: founder.post.clone(),
        person: person.clone(),
        from: bihuan_rules::day_of(at),
    };
    let someone = Person { id: person.clone(), name: administrator, formerly: Vec::new() };
    vec![
        (Subject::Unit(founder.unit), OfficeAct::UnitSet(unit)),
        (Subject::Post(founder.post.clone()), OfficeAct::PostSet(post)),
        (Subject::Person(person.clone()), OfficeAct::PersonSet(someone)),
        (Subject::Post(founder.post), taken),
    ]
}
