//! The office (机构与岗位): units and posts as a tree, held by persons for dated terms.
//!
//! Acts store both the person and the post, because accountability for life (终身追究) asks who held
//! the post on that day.

mod charge;
mod naming;

pub use charge::{Charge, Line};
pub use naming::Former;

use crate::{
    id::{PersonId, PostId, UnitId},
    refusal::Refusal,
    situation::{Actor, Situation},
    text,
};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// How high a unit or a source stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Town or street (镇、街道).
    Town,
    /// County-level district (县、区).
    County,
    /// City (市).
    City,
    /// Province (省).
    Province,
    /// The centre (中央).
    Central,
}

impl Level {
    /// From the lowest to the highest.
    pub const ALL: [Level; 5] = [Level::Town, Level::County, Level::City, Level::Province, Level::Central];

    /// The name used in message keys and records.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Level::Town => "town",
            Level::County => "county",
            Level::City => "city",
            Level::Province => "province",
            Level::Central => "central",
        }
    }
}

/// What a post may do. Rights hang on posts, never on persons.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Clerk of the committee office (环委办经办): registers, assigns, files.
    Registrar,
    /// Cadre of a responsible unit (责任单位经办): plans, reports, claims.
    Responsible,
    /// Verifier of an industry department (行业主管部门核查人).
    Verifier,
    /// Leading group or committee (领导小组、环委会).
    Committee,
    /// Main leader who signs (主要领导审签).
    Chief,
    /// Office of a higher level (上级).
    Superior,
    /// Independent inspector (暗访、回头看检查员).
    Inspector,
    /// Publishes notices (公示经办).
    Publisher,
    /// Reads everything and changes nothing (监督、审计).
    Auditor,
    /// Keeps units, posts, accounts and calendars (系统管理员); takes no part in the loop.
    Administrator,
}

impl Role {
    /// Every role.
    pub const ALL: [Role; 10] = [
        Role::Registrar,
        Role::Responsible,
        Role::Verifier,
        Role::Committee,
        Role::Chief,
        Role::Superior,
        Role::Inspector,
        Role::Publisher,
        Role::Auditor,
        Role::Administrator,
    ];

    /// The name used in message keys and records.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Role::Registrar => "registrar",
            Role::Responsible => "responsible",
            Role::Verifier => "verifier",
            Role::Committee => "committee",
            Role::Chief => "chief",
            Role::Superior => "superior",
            Role::Inspector => "inspector",
            Role::Publisher => "publisher",
            Role::Auditor => "auditor",
            Role::Administrator => "administrator",
        }
    }
}

/// What kind of body a unit is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UnitKind {
    /// Party or government organ of the whole area (区委、区政府).
    Leadership,
    /// Department or bureau (部门).
    Department,
    /// Town or street (镇、街道).
    Town,
    /// Village or community (村、社区).
    Village,
    /// Body of a higher level (上级单位).
    Superior,
    /// Enterprise or institution (企事业单位).
    Enterprise,
}

impl UnitKind {
    /// Every kind.
    pub const ALL: [UnitKind; 6] = [
        UnitKind::Leadership,
        UnitKind::Department,
        UnitKind::Town,
        UnitKind::Village,
        UnitKind::Superior,
        UnitKind::Enterprise,
    ];

    /// The name used in message keys and records.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            UnitKind::Leadership => "leadership",
            UnitKind::Department => "department",
            UnitKind::Town => "town",
            UnitKind::Village => "village",
            UnitKind::Superior => "superior",
            UnitKind::Enterprise => "enterprise",
        }
    }
}

/// A unit (单位).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unit {
    /// Code.
    pub id: UnitId,
    /// Full name.
    pub name: String,
    /// Names borne before, the oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub formerly: Vec<Former>,
    /// Other names that documents use for it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<String>,
    /// The unit above it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<UnitId>,
    /// What kind of body it is.
    pub kind: UnitKind,
    /// How high it stands.
    pub level: Level,
    /// The last day it existed, once closed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed_on: Option<Date>,
}

/// A post (岗位).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Post {
    /// Code.
    pub id: PostId,
    /// Its unit.
    pub unit: UnitId,
    /// Title, such as 镇长.
    pub title: String,
    /// What it may do.
    pub roles: BTreeSet<Role>,
}

/// A person (人员).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Code.
    pub id: PersonId,
    /// Name.
    pub name: String,
    /// Names borne before, the oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub formerly: Vec<Former>,
}

/// One person holding one post for a dated term.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holding {
    /// The post.
    pub post: PostId,
    /// The person.
    pub person: PersonId,
    /// First day.
    pub from: Date,
    /// Last day, once over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Date>,
}

/// What happened to the office.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "body", rename_all = "snake_case")]
pub enum OfficeAct {
    /// A unit was added or its entry replaced.
    UnitSet(Unit),
    /// A unit was closed; it keeps its history.
    UnitClosed {
        /// The unit.
        id: UnitId,
        /// Its last day.
        on: Date,
    },
    /// A post was added or its entry replaced.
    PostSet(Post),
    /// A person was added or renamed.
    PersonSet(Person),
    /// A person took up a post.
    PostTaken {
        /// The post.
        post: PostId,
        /// The person.
        person: PersonId,
        /// First day.
        from: Date,
    },
    /// A person left a post.
    PostLeft {
        /// The post.
        post: PostId,
        /// The person.
        person: PersonId,
        /// Last day.
        until: Date,
    },
    /// What a post answers for was laid down (分工).
    PostCharged(Charge),
}

/// Units, posts, persons and who held what when.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Office {
    /// Units by code.
    pub units: BTreeMap<UnitId, Unit>,
    /// Posts by code.
    pub posts: BTreeMap<PostId, Post>,
    /// Persons by code.
    pub persons: BTreeMap<PersonId, Person>,
    /// Every term of every post, post by post in the order of time.
    pub holdings: Vec<Holding>,
    /// What every post answered for, and from when; post by post in the order of time.
    pub charges: Vec<Charge>,
}

impl Office {
    /// Puts a term where it belongs.
    pub fn place_holding(&mut self, holding: Holding) {
        let before = |known: &Holding| (&known.post, known.from) <= (&holding.post, holding.from);
        self.holdings.insert(self.holdings.partition_point(before), holding);
    }

    /// Puts a charge where it belongs, instead of another of the same post from the same day.
    pub fn place_charge(&mut self, charge: Charge) {
        let key = (&charge.post, charge.from);
        match self.charges.binary_search_by(|known| (&known.post, known.from).cmp(&key)) {
            Ok(known) => self.charges[known] = charge,
            Err(place) => self.charges.insert(place, charge),
        }
    }

    /// The office after one more act.
    pub fn apply(&mut self, act: &OfficeAct) {
        match act {
            OfficeAct::UnitSet(unit) => {
                self.units.insert(unit.id.clone(), unit.clone());
            }
            OfficeAct::UnitClosed { id, on } => {
                if let Some(unit) = self.units.get_mut(id) {
                    unit.closed_on = Some(*on);
                }
            }
            OfficeAct::PostSet(post) => {
                self.posts.insert(post.id.clone(), post.clone());
            }
            OfficeAct::PersonSet(person) => {
                self.persons.insert(person.id.clone(), person.clone());
            }
            OfficeAct::PostTaken { post, person, from } => self.place_holding(Holding {
                post: post.clone(),
                person: person.clone(),
                from: *from,
                until: None,
            }),
            OfficeAct::PostLeft { post, person, until } => {
                for holding in &mut self.holdings {
                    if &holding.post == post && &holding.person == person && holding.until.is_none() {
                        holding.until = Some(*until);
                    }
                }
            }
            OfficeAct::PostCharged(charge) => self.place_charge(charge.clone()),
        }
    }

    /// Judges an order about the office; only administrators give such orders, and never to their own
    /// advantage: an administrator's person cannot be put into a post of the loop. Nor do they leave the post they
    /// administer from; another administrator relieves them, so that one always remains.
    ///
    /// # Errors
    /// A [`Refusal`] naming what is missing or unknown.
    pub fn decide(&self, situation: &Situation<'_>, act: OfficeAct) -> Result<OfficeAct, Refusal> {
        if !situation.by.roles.contains(&Role::Administrator) {
            return Err(Refusal::NotYours {
                role: Role::Administrator,
                relation: crate::task::Relation::Anyone,
            });
        }
        let act = match act {
            OfficeAct::UnitSet(unit) => {
                OfficeAct::UnitSet(self.with_history_of_unit(unit, situation.today())?)
            }
            OfficeAct::PersonSet(person) => {
                OfficeAct::PersonSet(self.with_history_of_person(person, situation.today())?)
            }
            other => other,
        };
        match &act {
            OfficeAct::UnitSet(unit) => {
                if let Some(parent) = &unit.parent {
                    self.open_unit("parent", parent)?;
                    if self.is_within(parent, &unit.id) {
                        return Err(Refusal::BelowItself { unit: unit.name.clone() });
                    }
                }
            }
            OfficeAct::UnitClosed { id, .. } => {
                self.open_unit("unit", id)?;
            }
            OfficeAct::PostSet(post) => {
                text::required("title", &post.title, text::LINE_CHARS_MAX)?;
                self.open_unit("unit", &post.unit)?;
                self.stays_apart(post)?;
            }
            OfficeAct::PersonSet(_) => {}
            OfficeAct::PostTaken { post, person, from } => self.may_take(situation, post, person, *from)?,
            OfficeAct::PostLeft { post, person, until } => {
                let administers =
                    self.posts.get(post).is_some_and(|post| post.roles.contains(&Role::Administrator));
                if administers && person == &situation.by.person {
                    return Err(Refusal::OwnAccount);
                }
                let held = self
                    .holdings
                    .iter()
                    .find(|h| &h.post == post && &h.person == person && h.until.is_none());
                let held =
                    held.ok_or_else(|| Refusal::Unknown { field: "person", value: person.to_string() })?;
                if *until < held.from {
                    return Err(Refusal::DateBefore { field: "left_on", limit: held.from });
                }
            }
            OfficeAct::PostCharged(charge) => self.may_charge(charge)?,
        }
        Ok(act)
    }

    /// A post is either for administration or for the loop, and is not turned while somebody holds it.
    fn stays_apart(&self, post: &Post) -> Result<(), Refusal> {
        let administers = post.roles.contains(&Role::Administrator);
        let before = self.posts.get(&post.id);
        let turns = before.is_some_and(|before| before.roles.contains(&Role::Administrator) != administers);
        let is_held = self.holdings.iter().any(|h| h.post == post.id && h.until.is_none());
        if (administers && post.roles.len() > 1) || (turns && is_held) {
            return Err(Refusal::AdministratorApart { field: "roles" });
        }
        Ok(())
    }

    fn may_take(
        &self,
        situation: &Situation<'_>,
        post: &PostId,
        person: &PersonId,
        from: Date,
    ) -> Result<(), Refusal> {
        let target = self
            .posts
            .get(post)
            .ok_or_else(|| Refusal::Unknown { field: "post", value: post.to_string() })?;
        self.open_unit("unit", &target.unit)?;
        if !self.persons.contains_key(person) {
            return Err(Refusal::Unknown { field: "person", value: person.to_string() });
        }
        if self.holdings.iter().any(|h| &h.post == post && &h.person == person && h.until.is_none()) {
            return Err(Refusal::OnceOnly);
        }
        self.seat_is_free(post, person, from)?;
        let terms = self.holdings.iter().filter(|h| &h.post == post && &h.person == person);
        if let Some(limit) =
            terms.filter_map(|h| h.until?.tomorrow().ok()).max().filter(|limit| from < *limit)
        {
            return Err(Refusal::DateBefore { field: "taken_on", limit });
        }
        let administers =
            |p: &PostId| self.posts.get(p).is_some_and(|p| p.roles.contains(&Role::Administrator));
        let holds_other_kind = self
            .holdings
            .iter()
            .any(|h| &h.person == person && h.until.is_none() && administers(&h.post) != administers(post));
        if holds_other_kind
            || (person == &situation.by.person && !target.roles.contains(&Role::Administrator))
        {
            return Err(Refusal::AdministratorApart { field: "person" });
        }
        Ok(())
    }

    /// A post that heads its unit or is in charge of a field has one seat: whoever follows waits until it is left (党政同责、一岗双责
    /// name one person, not two).
    fn seat_is_free(&self, post: &PostId, person: &PersonId, from: Date) -> Result<(), Refusal> {
        if self.charge_on(post, from).is_none() {
            return Ok(());
        }
        let others = self.holdings.iter().filter(|h| &h.post == post && &h.person != person);
        match { others }.find(|h| h.until.is_none_or(|until| from <= until)) {
            None => Ok(()),
            Some(held) => Err(Refusal::Held {
                person: self.person_names(&held.person, from).0.to_owned(),
                from: held.from,
                until: held.until,
            }),
        }
    }

    /// The unit, if it exists and is open.
    ///
    /// # Errors
    /// [`Refusal::Unknown`] naming the field.
    pub fn open_unit(&self, field: &'static str, id: &UnitId) -> Result<&Unit, Refusal> {
        self.units
            .get(id)
            .filter(|unit| unit.closed_on.is_none())
            .ok_or_else(|| Refusal::Unknown { field, value: id.to_string() })
    }

    /// Whether `unit` is `above` or lies below it in the tree.
    #[must_use]
    pub fn is_within(&self, unit: &UnitId, above: &UnitId) -> bool {
        let mut at = Some(unit);
        let mut steps_left = 32;
        while let (Some(id), 1..) = (at, steps_left) {
            if id == above {
                return true;
            }
            at = self.units.get(id).and_then(|u| u.parent.as_ref());
            steps_left -= 1;
        }
        false
    }

    /// Who held the post on that day.
    pub fn holders_on<'a>(&'a self, post: &'a PostId, on: Date) -> impl Iterator<Item = &'a Person> {
        let first = self.holdings.partition_point(|h| &h.post < post);
        let terms = self.holdings[first..].iter().take_while(move |h| &h.post == post);
        let holds = terms.filter(move |h| h.from <= on && h.until.is_none_or(|until| on <= until));
        holds.filter_map(|h| self.persons.get(&h.person))
    }

    /// The posts a person holds on that day.
    pub fn posts_of<'a>(&'a self, person: &'a PersonId, on: Date) -> impl Iterator<Item = &'a Post> {
        self.holdings
            .iter()
            .filter(move |h| &h.person == person && h.from <= on && h.until.is_none_or(|until| on <= until))
            .filter_map(|h| self.posts.get(&h.post))
    }

    /// Whether somebody holds a post with this role in the unit on that day.
    #[must_use]
    pub fn is_staffed(&self, unit: &UnitId, role: Role, on: Date) -> bool {
        self.posts
            .values()
            .filter(|p| &p.unit == unit && p.roles.contains(&role))
            .any(|p| self.holders_on(&p.id, on).next().is_some())
    }

    /// The person acting in the post on that day, if they hold it.
    #[must_use]
    pub fn actor(&self, person: &PersonId, post: &PostId, on: Date) -> Option<Actor> {
        let post = self.posts.get(post)?;
        self.holders_on(&post.id, on).find(|p| &p.id == person)?;
        let unit = self.units.get(&post.unit)?;
        Some(Actor {
            person: person.clone(),
            post: post.id.clone(),
            unit: unit.id.clone(),
            level: unit.level,
            roles: post.roles.clone(),
        })
    }

    /// Whether a unit is the leadership of the district itself (区委、区政府、领导小组); the leaders of a town or a department are none.
    #[must_use]
    pub fn leads_the_district(&self, unit: &UnitId) -> bool {
        let unit = self.units.get(unit);
        unit.is_some_and(|unit| unit.kind == UnitKind::Leadership && unit.level == Level::County)
    }

    /// Whether somebody leads the district: for the committee, or as a head in its leadership.
    #[must_use]
    pub fn is_led_by(&self, actor: &Actor) -> bool {
        let heads = actor.roles.contains(&Role::Chief) && self.leads_the_district(&actor.unit);
        actor.roles.contains(&Role::Committee) || heads
    }

    /// The unit a document means by this name: an exact name, alias or former name, or the name with the area's own
    /// prefix left out. Never a guess: two candidates are none.
    #[must_use]
    pub fn unit_named(&self, name: &str) -> Option<&Unit> {
        let wanted = plain(name);
        if wanted.is_empty() {
            return None;
        }
        let mut found = self.units.values().filter(|unit| {
            unit.closed_on.is_none()
                && std::iter::once(&unit.name)
                    .chain(&unit.aliases)
                    .chain(unit.formerly.iter().map(|former| &former.name))
                    .any(|name| plain(name) == wanted)
        });
        let first = found.next()?;
        found.next().is_none().then_some(first)
    }
}

fn plain(name: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    name.nfkc().filter(|c| !c.is_whitespace()).collect()
}
