//! The inspectors of the year (督查): twelve rounds of cross covert checks with what they found, a special check under way, and
//! a sealed round whose teams go out today.

use super::{
    district,
    life::Plot,
    look_back_draw,
    picture::{Condition, Kind, Scene},
    stage::{Piece, Stage, What, instant},
    year::Year,
};
use anyhow::{Context, Result};
use bihuan_rules::{
    Actor,
    finding::{Ruling, Seen, Severity},
    id::{PostId, RecordId, TaskId, UnitId},
    mission::{Answer, Answered, Entry, MissionOrder, Outcome, Stop},
    office::Level,
    round::{CheckItem, Member, Plan, RoundKind, RoundOrder, Team},
    source::{Source, SourceKind},
    task::{Datum, Place},
};
use bihuan_store::checkpoint;
use jiff::{
    Timestamp, ToSpan,
    civil::{Date, DateTime},
};
use std::collections::BTreeMap;

/// The inspector of the role card.
const CARD: &str = "post-supervision-i1";
/// Teams of a round of the year.
const TEAMS: usize = 3;
/// The rounds from this one on are sealed.
const SEALED_FROM: usize = 11;
/// Every so many places are given in the datum of ordinary maps.
const GCJ_EVERY: usize = 17;

const CHECKLIST: [(&str, &str, &str, &str); 5] = [
    ("污水收集处理设施", "是否正常运行、有无溢流直排", "GB 18918、GB 3838", "查看进出水、溢流口、运行记录"),
    ("垃圾收集转运", "有无暴露垃圾、渗滤液外溢", "CJJ/T 109", "查看站点及周边沟渠"),
    ("畜禽养殖粪污", "收集池是否防渗、有无直排", "GB 18596", "查看粪污去向和消纳台账"),
    ("河道沿岸", "有无排污口、漂浮物、占用岸线", "河道管理条例", "沿河步行查看"),
    ("秸秆禁烧", "有无焚烧痕迹", "大气污染防治法第七十七条", "查看田间地头"),
];

/// The item of the checklist that a field belongs to.
fn item_of(field: &str) -> usize {
    match field {
        "sewage" | "toilet" | "enterprise" => 0,
        "garbage" | "medical_waste" => 1,
        "livestock" => 2,
        "straw" | "air" => 4,
        _ => 3,
    }
}

/// Collects the pieces of one round.
pub(super) struct Teller<'a> {
    pub(super) stage: &'a Stage,
    pub(super) id: RecordId,
    pub(super) sealed: bool,
    pub(super) pieces: Vec<Piece>,
    pub(super) seen: usize,
    pub(super) with_photos: bool,
}

impl Teller<'_> {
    pub(super) fn actor(&self, post: &str, on: Date) -> Result<Actor> {
        self.stage.actor(&PostId::new(post)?, on)
    }

    pub(super) fn add(&mut self, at: DateTime, by: Actor, what: Vec<What>) -> Result<Timestamp> {
        let at = instant(at)?;
        self.pieces.push(Piece { at, by, what });
        Ok(at)
    }

    pub(super) fn order(&mut self, at: DateTime, by: &Actor, order: RoundOrder) -> Result<()> {
        let what = vec![What::Round(self.id.clone(), order)];
        self.add(at, by.clone(), what).map(drop)
    }

    /// Under seal the ledger holds nobody's name.
    fn name(&self, by: &Actor) -> Actor {
        if self.sealed { checkpoint::machine() } else { by.clone() }
    }

    fn visit(&mut self, at: DateTime, by: &Actor, team: usize, order: MissionOrder) -> Result<()> {
        let what = vec![What::Visit(by.clone(), self.id.clone(), team, order)];
        self.add(at, self.name(by), what).map(drop)
    }

    /// A stop from arrival to leaving, with what was seen there; answers the moment the team left.
    fn stop(
        &mut self,
        at: DateTime,
        by: &Actor,
        team: usize,
        unit: &UnitId,
        seen: Vec<Seen>,
    ) -> Result<DateTime> {
        let place = seen.first().and_then(|seen| seen.place);
        let arrive = MissionOrder::Arrive { entry: Entry::Unannounced, escorted: false, place };
        self.visit(at, by, team, arrive)?;
        let answers = CHECKLIST.iter().enumerate().map(|(n, _)| {
            let facts = seen.iter().find(|seen| item_of(&seen.field) == n);
            match facts {
                Some(seen) => Answer { result: Answered::Problem, note: seen.title() },
                None => Answer { result: Answered::Fine, note: String::new() },
            }
        });
        let answers = answers.collect();
        self.visit(at + 25.minutes(), by, team, MissionOrder::Check(answers))?;
        let mut at = at + 27.minutes();
        for mut each in seen {
            self.seen += 1;
            if self.seen.is_multiple_of(GCJ_EVERY)
                && let Some(place) = &mut each.place
            {
                place.datum = Datum::Gcj02;
            }
            each.unit = unit.clone();
            let scenes = self.scenes(&each, at);
            let what = vec![What::Photographed(by.clone(), self.id.clone(), team, Box::new(each), scenes)];
            self.add(at, self.name(by), what)?;
            at += 4.minutes();
        }
        self.visit(at, by, team, MissionOrder::Leave(Outcome::Visited, String::new()))?;
        Ok(at)
    }

    /// The photos of what was seen: two where the check is on the desk or under way, none in the rounds long past, whose pictures
    /// stand at their tasks.
    fn scenes(&self, seen: &Seen, at: DateTime) -> Vec<Scene> {
        if !self.with_photos {
            return Vec::new();
        }
        let place =
            seen.facts.bytes().fold(17_u64, |hash, byte| hash.wrapping_mul(31).wrapping_add(u64::from(byte)));
        let kind = match seen.field.as_str() {
            "garbage" => Kind::Heap,
            "water" => Kind::River,
            _ => Kind::Pipe,
        };
        let month = u8::try_from(at.month()).unwrap_or(1);
        let scene = |shot| Scene {
            kind,
            condition: Condition::Before,
            place: place + u64::from(shot),
            month,
            shot,
            stamp: at,
        };
        vec![scene(1), scene(2)]
    }

    fn rule(&mut self, at: DateTime, by: &Actor, facts: &str, ruling: Ruling, reason: &str) -> Result<()> {
        let what = vec![What::Rule(self.id.clone(), facts.to_owned(), ruling, reason.to_owned())];
        self.add(at, by.clone(), what).map(drop)
    }
}

pub(super) fn checklist() -> Vec<CheckItem> {
    let item = |(item, key_point, standard, method): (&str, &str, &str, &str)| CheckItem {
        item: item.to_owned(),
        key_point: key_point.to_owned(),
        standard: standard.to_owned(),
        method: method.to_owned(),
    };
    CHECKLIST.map(item).to_vec()
}

fn seen_of(plot: &Plot) -> Seen {
    let (lon_e6, lat_e6) = plot.place_e6;
    Seen {
        at: Timestamp::UNIX_EPOCH,
        unit: plot.area.clone(),
        spot: plot.finding.place.clone(),
        place: Some(Place { lat_e6, lon_e6, datum: Datum::Wgs84, accuracy_m: Some(8) }),
        field: plot.field.clone(),
        item: CHECKLIST[item_of(&plot.field)].0.to_owned(),
        facts: plot.finding.text.clone(),
        samples: String::new(),
        act: String::new(),
        fix_now: plot.immediate,
        severity: if plot.immediate { Severity::Minor } else { Severity::Serious },
        suspected: Some(plot.lead.clone()),
        repeats: None,
        photos: Vec::new(),
        pictures: Vec::new(),
        captures: Vec::new(),
        made: None,
    }
}

/// What inspectors saw that is not on the list: by hand, for the desk.
fn seen_extra(stage: &Year<'_>, town: usize, field: &str, spot: &str, facts: &str) -> Result<Seen> {
    let place = stage.district.town.get(town).context("a town")?;
    Ok(Seen {
        at: Timestamp::UNIX_EPOCH,
        unit: UnitId::new(&place.id)?,
        spot: spot.replace("{}", &place.short),
        place: Some(Place {
            lat_e6: place.lat_e6 + 3_100,
            lon_e6: place.lon_e6 - 2_700,
            datum: Datum::Wgs84,
            accuracy_m: Some(15),
        }),
        field: field.to_owned(),
        item: CHECKLIST[item_of(field)].0.to_owned(),
        facts: facts.replace("{}", &place.short),
        samples: String::new(),
        act: String::new(),
        fix_now: false,
        severity: Severity::Minor,
        suspected: None,
        repeats: None,
        photos: Vec::new(),
        pictures: Vec::new(),
        captures: Vec::new(),
        made: None,
    })
}

/// Pairs from two units, another for each round; the card's inspector leads the first when wanted.
pub(super) fn teams(
    stage: &Stage,
    on: Date,
    turn: usize,
    count: usize,
    with_card: bool,
) -> Result<Vec<Team>> {
    let unit = |post: &PostId| stage.office.posts.get(post).map(|post| post.unit.clone());
    let card = PostId::new(CARD)?;
    let own = unit(&card);
    let (mut leaders, mut others): (Vec<&PostId>, Vec<&PostId>) =
        stage.inspectors.iter().partition(|post| unit(post) == own);
    leaders.retain(|post| **post != card);
    if with_card {
        leaders.insert(0, &card);
    }
    let turned = |list: &mut Vec<&PostId>| {
        let by = turn % list.len().max(1);
        list.rotate_left(by);
    };
    turned(&mut others);
    if !with_card {
        turned(&mut leaders);
    }
    let pairs = leaders.into_iter().zip(others).take(count);
    let mut teams = Vec::new();
    for (n, (leader, other)) in (1..).zip(pairs) {
        let mut members = Vec::new();
        for post in [leader, other] {
            let actor = stage.actor(post, on)?;
            members.push(Member { person: actor.person, post: actor.post, unit: actor.unit });
        }
        let leader = members.first().context("a leader")?.person.clone();
        teams.push(Team { name: format!("第{n}组"), leader, members, skills: Vec::new() });
    }
    Ok(teams)
}

/// Plans a round and lets every member declare.
pub(super) fn begin(
    teller: &mut Teller<'_>,
    clerk: &Actor,
    plan: Plan,
    teams: &[Team],
    at: DateTime,
) -> Result<()> {
    teller.order(at, clerk, RoundOrder::Plan(plan))?;
    for (n, member) in (0_i64..).zip(teams.iter().flat_map(|team| &team.members)) {
        let by = teller.actor(member.post.as_str(), at.date())?;
        teller.order(at + (90 + 11 * n).minutes(), &by, RoundOrder::Declare(Vec::new(), String::new()))?;
    }
    Ok(())
}

pub(super) fn plan(
    title: String,
    kind: RoundKind,
    from: Date,
    until: Date,
    sealed: bool,
    scope: &str,
) -> Result<Plan> {
    Ok(Plan {
        title,
        kind,
        organ: UnitId::new("u-eco-office")?,
        fields: Vec::new(),
        from,
        until,
        scope: scope.to_owned(),
        sealed,
        checklist: checklist(),
    })
}

/// Numbers rounds year by year.
#[derive(Default)]
pub(super) struct Numbers(BTreeMap<i16, u32>);

impl Numbers {
    pub(super) fn next(&mut self, on: Date) -> Result<RecordId> {
        let n = self.0.entry(on.year()).or_insert(0);
        *n += 1;
        Ok(RecordId::new(format!("R-{}-{n:03}", on.year()))?)
    }
}

/// The pieces of every round.
pub fn tell(year: &Year<'_>) -> Result<Vec<Piece>> {
    let own = |source: &&Source| source.kind == SourceKind::CovertCheck && source.level == Level::County;
    let mut numbers = Numbers::default();
    let mut pieces = Vec::new();
    for (n, source) in (1..).zip(year.sources.iter().filter(own)) {
        pieces.extend(past(year, n, source, &mut numbers)?);
    }
    pieces.extend(look_back_draw::tell(year, &mut numbers)?);
    pieces.extend(special(year, &mut numbers)?);
    pieces.extend(today(year, &mut numbers)?);
    Ok(pieces)
}

/// A round of the year whose problems are on the list.
fn past(year: &Year<'_>, n: usize, source: &Source, numbers: &mut Numbers) -> Result<Vec<Piece>> {
    let stage = year.stage;
    let from = source.received_on - 14.days();
    let planned_on = stage.calendar.roll(from - 6.days()).min(from - 2.days());
    let sealed = n >= SEALED_FROM;
    let id = numbers.next(planned_on)?;
    let mut teller = Teller { stage, id, sealed, pieces: Vec::new(), seen: n, with_photos: false };
    let clerk = teller.actor(district::REGISTRAR, planned_on)?;
    let title = format!("第{n}轮全覆盖交叉暗访");
    let plan = plan(
        title.clone(),
        RoundKind::CrossCovert,
        from,
        source.received_on - 4.days(),
        sealed,
        "全区18个镇街随机点位，不打招呼、直奔现场。",
    )?;
    let teams = teams(stage, planned_on, n, TEAMS, false)?;
    begin(&mut teller, &clerk, plan, &teams, planned_on.at(9, 20, 0, 0))?;

    let mut by_town: BTreeMap<UnitId, Vec<&Plot>> = BTreeMap::new();
    for plot in year.plots.iter().filter(|plot| plot.source == source.id) {
        by_town.entry(plot.area.clone()).or_default().push(plot);
    }
    let mut given: Vec<(Team, Vec<UnitId>)> = teams.into_iter().map(|team| (team, Vec::new())).collect();
    let mut stops = Vec::new();
    let towns: Vec<UnitId> = by_town.keys().cloned().collect();
    let crossed: Vec<Team> = given.iter().map(|(team, _)| team.clone()).collect();
    let drawn = if n == SEALED_FROM - 1 {
        Some(super::cross::drawn(year, &teller.id, &title, &crossed, &towns)?)
    } else {
        None
    };
    for (at, (town, plots)) in by_town.iter().enumerate() {
        let own = drawn.as_ref().map(|drawn| {
            let pair = drawn.pairs.iter().find(|(_, unit)| unit == town);
            pair.and_then(|(name, _)| given.iter().position(|(team, _)| &team.name == name))
        });
        given[own.flatten().unwrap_or(at % TEAMS)].1.push(town.clone());
        let first = plots.first().context("a problem")?;
        let (lon_e6, lat_e6) = first.place_e6;
        let place = Place { lat_e6, lon_e6, datum: Datum::Wgs84, accuracy_m: None };
        stops.push(Stop {
            unit: town.clone(),
            place: first.finding.place.clone(),
            task: None,
            at: Some(place),
            note: String::new(),
        });
    }
    let posts: Vec<PostId> = given.iter().map(|(team, _)| team.members[0].post.clone()).collect();
    let assigned_at = (from - 1.days()).at(17, 10, 0, 0);
    let what = match drawn {
        Some(drawn) => {
            What::GiveCross(clerk.clone(), teller.id.clone(), given.clone(), stops, Box::new(drawn))
        }
        None => What::Give(clerk.clone(), teller.id.clone(), given.clone(), stops),
    };
    let name = teller.name(&clerk);
    teller.add(assigned_at, name, vec![what])?;
    let mut last = from;
    for (team, ((_, towns), post)) in given.iter().zip(&posts).enumerate() {
        let mut day = from;
        for town in towns {
            let by = teller.actor(post.as_str(), day)?;
            let seen = by_town[town].iter().map(|plot| seen_of(plot)).collect();
            let minute = i64::try_from(team * 7)?;
            teller.stop(day.at(9, 30, 0, 0) + minute.minutes(), &by, team, town, seen)?;
            last = last.max(day);
            day = (day + 2.days()).min(source.received_on - 4.days());
            if day == last {
                day = day.tomorrow()?;
            }
        }
        if sealed {
            let on = last.max(day);
            let by = teller.actor(post.as_str(), on)?;
            let minute = i64::try_from(team * 9)?;
            let what = vec![What::OpenMission(by.clone(), teller.id.clone(), team)];
            teller.add(on.at(17, 0, 0, 0) + minute.minutes(), by, what)?;
            last = on;
        }
    }
    for plot in by_town.values().flatten() {
        let task = TaskId::new(format!("{}-1", plot.problem))?;
        let at = plot.registered_at.max((last + 1.days()).at(9, 0, 0, 0)) + 3.minutes();
        teller.rule(at, &clerk, &plot.finding.text, Ruling::Problem { task }, "")?;
    }
    let over = source.received_on.max(last) + 2.days();
    let clerk = teller.actor(district::REGISTRAR, over)?;
    if sealed {
        teller.add(over.at(16, 0, 0, 0), clerk.clone(), vec![What::Publish(teller.id.clone())])?;
    }
    let count = by_town.values().map(Vec::len).sum::<usize>();
    let note = format!("共检查{}个镇街，发现问题{count}个，已全部登记交办。", by_town.len());
    teller.order(over.at(16, 30, 0, 0), &clerk, RoundOrder::End { note, under_way: 0 })?;
    Ok(teller.pieces)
}

/// A special check in the open, under way: one stop seen, what was found on the desk in every state.
fn special(year: &Year<'_>, numbers: &mut Numbers) -> Result<Vec<Piece>> {
    let stage = year.stage;
    let as_of = stage.as_of;
    let planned_on = stage.calendar.roll(as_of - 12.days()).min(as_of - 9.days());
    let id = numbers.next(planned_on)?;
    let mut teller = Teller { stage, id, sealed: false, pieces: Vec::new(), seen: 0, with_photos: true };
    let clerk = teller.actor(district::REGISTRAR, planned_on)?;
    let mut plan = plan(
        "汛期入河排口专项检查".to_owned(),
        RoundKind::Special,
        as_of - 7.days(),
        as_of + 5.days(),
        false,
        "琼澜河、蟠溪沿岸镇街入河排口和溢流口。",
    )?;
    plan.fields = vec!["sewage".to_owned(), "water".to_owned()];
    let teams = teams(stage, planned_on, 3, 2, true)?;
    begin(&mut teller, &clerk, plan, &teams, planned_on.at(14, 10, 0, 0))?;
    let town = |n: usize| year.district.town.get(n).context("a town");
    let mut stops = Vec::new();
    let mut given: Vec<(Team, Vec<UnitId>)> = teams.into_iter().map(|team| (team, Vec::new())).collect();
    for (at, n) in [(0, 4), (0, 7), (1, 9), (1, 11)] {
        let unit = UnitId::new(&town(n)?.id)?;
        given[at].1.push(unit.clone());
        let place = format!("{}场镇雨污合流溢流口", town(n)?.short);
        stops.push(Stop {
            unit, place, task: None, at: None, note: "降雨后半小时内到场查看。".to_owned()
        });
    }
    let what = What::Give(clerk.clone(), teller.id.clone(), given.clone(), stops);
    teller.add((as_of - 8.days()).at(16, 20, 0, 0), clerk.clone(), vec![what])?;
    let on = as_of - 3.days();
    let (own, other) = (given[0].0.members[0].post.clone(), given[1].0.members[0].post.clone());
    let (card, second) = (teller.actor(own.as_str(), on)?, teller.actor(other.as_str(), on)?);
    let open = seen_extra(
        year,
        4,
        "sewage",
        "{}场镇雨污合流溢流口",
        "{}场镇雨污合流溢流口晴天有污水流出，溢流口下游十余米水面发黑。",
    )?;
    let grave =
        Seen {
            severity: Severity::Grave, act: "责令立即封堵并抽排".to_owned(), fix_now: true, ..open
        };
    let clue = seen_extra(
        year,
        4,
        "water",
        "{}大桥上游右岸",
        "{}大桥上游右岸发现一处直径约三十厘米的暗管，检查时未排水，管口有油膜痕迹。",
    )?;
    teller.stop(on.at(10, 5, 0, 0), &card, 0, &UnitId::new(&town(4)?.id)?, vec![grave, clue.clone()])?;
    let fine = seen_extra(year, 9, "water", "{}沿河步道", "{}沿河步道下方有清水渗出，经查为山泉。")?;
    let waiting = seen_extra(
        year,
        9,
        "garbage",
        "{}场镇临河垃圾点",
        "{}场镇临河垃圾点暴露堆放，约两立方米，距水面不足五米。",
    )?;
    teller.stop(on.at(14, 40, 0, 0), &second, 1, &UnitId::new(&town(9)?.id)?, vec![fine.clone(), waiting])?;
    let desk = (as_of - 2.days()).at(10, 0, 0, 0);
    let ask = Ruling::Clue {
        unit: UnitId::new("u-ecology")?,
        text: "查清暗管来源和去向，采样比对，五个工作日内报告。".to_owned(),
    };
    teller.rule(desk, &clerk, &clue.facts, ask, "")?;
    teller.rule(desk + 12.minutes(), &clerk, &fine.facts, Ruling::NoProblem, "水质快检正常，为山泉渗出。")?;
    Ok(teller.pieces)
}

/// A sealed round whose teams go out today; the card's team has not left yet, another is at its second stop.
fn today(year: &Year<'_>, numbers: &mut Numbers) -> Result<Vec<Piece>> {
    let stage = year.stage;
    let as_of = stage.as_of;
    let planned_on = stage.calendar.roll(as_of - 8.days()).min(as_of - 5.days());
    let id = numbers.next(planned_on)?;
    let mut teller = Teller { stage, id, sealed: true, pieces: Vec::new(), seen: 0, with_photos: true };
    let clerk = teller.actor(district::REGISTRAR, planned_on)?;
    let plan = plan(
        "第13轮全覆盖交叉暗访".to_owned(),
        RoundKind::CrossCovert,
        as_of - 1.days(),
        as_of + 6.days(),
        true,
        "全区18个镇街，不打招呼、直奔现场。",
    )?;
    let teams = teams(stage, planned_on, 5, TEAMS, true)?;
    begin(&mut teller, &clerk, plan, &teams, planned_on.at(9, 5, 0, 0))?;
    let mut given: Vec<(Team, Vec<UnitId>)> = teams.into_iter().map(|team| (team, Vec::new())).collect();
    let mut stops = Vec::new();
    let spots = ["场镇污水处理站", "垃圾中转站", "沿河养殖场"];
    for (at, town) in year.district.town.iter().enumerate() {
        let unit = UnitId::new(&town.id)?;
        given[at % TEAMS].1.push(unit.clone());
        let place = Place { lat_e6: town.lat_e6, lon_e6: town.lon_e6, datum: Datum::Wgs84, accuracy_m: None };
        let name = format!("{}{}", town.short, spots[at % spots.len()]);
        stops.push(Stop { unit, place: name, task: None, at: Some(place), note: String::new() });
    }
    let what = What::Give(clerk.clone(), teller.id.clone(), given.clone(), stops);
    let name = teller.name(&clerk);
    teller.add((as_of - 2.days()).at(17, 40, 0, 0), name, vec![what])?;
    let (team, towns) = &given[1];
    let by = teller.actor(team.members[0].post.as_str(), as_of - 1.days())?;
    let first = towns.first().context("a town")?;
    let seen =
        seen_extra(year, 1, "garbage", "{}垃圾中转站", "{}垃圾中转站渗滤液收集沟破损，渗滤液流入站外沟渠。")?;
    teller.stop((as_of - 1.days()).at(15, 10, 0, 0), &by, 1, first, vec![seen])?;
    let arrive = MissionOrder::Arrive { entry: Entry::Unannounced, escorted: false, place: None };
    teller.visit(as_of.at(8, 20, 0, 0), &by, 1, arrive)?;
    Ok(teller.pieces)
}
