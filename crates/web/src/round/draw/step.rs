//! The forms of a draw: freeze, commit, reveal, refuse, draw. A party speaks for itself; the office freezes and draws.

use super::{super::find, super::may_plan, drawn, freeze};
use crate::{
    app::App,
    failure::Failure,
    filled::{FieldError, Filled},
    frame::{
        form::{Field, Kind},
        sheet::{Sheet, field, line, options},
    },
    locale::Locale,
    order::{self, steps},
    session::{Signed, random_token},
};
use axum::{
    extract::{Path, State},
    response::Response,
};
use bihuan_methods::{
    digest::Digest,
    look_back::{beacon, ceremony},
};
use bihuan_rules::{
    Act, Refusal, Subject,
    access::Room,
    id::{TaskId, UnitId},
    office::{Role, UnitKind},
    record::Kind as RecordKind,
    round::{self, Beacon, Frame, Round, RoundOrder, RoundState, SetApart},
};
use jiff::{Timestamp, ToSpan};

/// What is usually drawn; within ten points either way for some 120 closed tasks of which a tenth came back.
const DRAW: u32 = 24;
/// Reserves that usually stand behind them.
const RESERVES: u32 = 6;
/// Days that the parties usually get.
const REVEAL_DAYS: i64 = 3;

steps! {
    /// A form of a draw.
    pub enum Step {
        /// Freezes the frame.
        Freeze = "freeze",
        /// Commits to a secret.
        Commit = "commit",
        /// Reveals it.
        Reveal = "reveal",
        /// Puts on record that a party does not.
        Refuse = "refuse",
        /// Draws.
        Run = "run",
    }
}

/// The steps that are open to this reader; the rules decide for good.
pub fn open_to(signed: &Signed, round: &Round) -> Vec<Step> {
    if round.state != RoundState::Planned {
        return Vec::new();
    }
    let plans = may_plan(signed);
    let Some(draw) = &round.draw else {
        let looks_back = round.plan.kind == round::RoundKind::LookBack && !round.plan.sealed;
        return if plans && looks_back { vec![Step::Freeze] } else { Vec::new() };
    };
    let mut steps = Vec::new();
    if draw.drawing.is_none() && draw.frame.parties.contains(&signed.actor.unit) {
        match draw.party(&signed.actor.unit) {
            None => steps.push(Step::Commit),
            Some(own) if own.secret.is_none() && draw.all_committed() => steps.push(Step::Reveal),
            Some(_) => {}
        }
    }
    let waits = draw.commitments.iter().any(|each| each.secret.is_none());
    let is_party = draw.party(&signed.actor.unit).is_some_and(|own| own.secret.is_none());
    if draw.drawing.is_none() && draw.all_committed() && waits && (is_party || plans) {
        steps.push(Step::Refuse);
    }
    if plans && draw.drawing.is_none() && draw.secrets().is_some() {
        steps.push(Step::Run);
    }
    steps
}

/// Who usually takes part: the office itself, inspectors, auditors and the superior, one unit each.
fn usual_parties(app: &App, signed: &Signed) -> Vec<String> {
    let reference = app.reference();
    let mut parties = vec![signed.actor.unit.to_string()];
    for role in [Role::Inspector, Role::Auditor, Role::Superior] {
        let posts = reference.office.posts.values().filter(|post| post.roles.contains(&role));
        let unit = posts.map(|post| post.unit.to_string()).find(|unit| !parties.contains(unit));
        parties.extend(unit);
    }
    parties
}

/// Units that may be a party: those with a post that enters the room.
fn candidates(app: &App) -> Vec<(String, String)> {
    let reference = app.reference();
    let speaks = |unit: &UnitId| {
        let posts = reference.office.posts.values().filter(|post| &post.unit == unit);
        posts.flat_map(|post| &post.roles).any(|role| Room::Rounds.roles().contains(role))
    };
    let open = reference.office.units.values().filter(|unit| unit.closed_on.is_none());
    let open = open.filter(|unit| unit.kind != UnitKind::Enterprise && speaks(&unit.id));
    let mut units: Vec<_> = open.map(|unit| (unit.kind, unit.id.to_string(), unit.name.clone())).collect();
    units.sort();
    units.into_iter().map(|(_, id, name)| (id, name)).collect()
}

fn fields(app: &App, locale: Locale, step: Step, round: &Round, filled: &Filled) -> Vec<Field> {
    let optional = |mut field: Field| {
        field.optional = true;
        field
    };
    let passage = |name: &str, rows| field(locale, name, Kind::Passage(filled.text(name).to_owned(), rows));
    let line = |name: &str| line(locale, name, filled);
    let number = |name: &str| field(locale, name, Kind::Line(filled.text(name).to_owned(), "text", true));
    match step {
        Step::Freeze => vec![
            number("draw"),
            number("reserves"),
            field(locale, "parties", Kind::Checks(options(candidates(app), &filled.texts("parties")))),
            number("reveal_by"),
            optional(number("beacon_round")),
            optional(passage("purposive", 3)),
            optional(passage("excluded", 3)),
        ],
        Step::Commit => vec![line("secret"), optional(line("commitment"))],
        Step::Reveal => vec![line("secret")],
        Step::Refuse => {
            let draw = round.draw.as_ref();
            let waiting = draw.iter().flat_map(|draw| &draw.commitments).filter(|each| each.secret.is_none());
            let reference = app.reference();
            let named = waiting.map(|each| {
                let unit = each.party.to_string();
                let name = crate::words::unit(&reference.office, &unit);
                (unit, name)
            });
            let chosen = filled.texts("party");
            vec![field(locale, "party", Kind::Radio(options(named, &chosen))), line("reason")]
        }
        Step::Run if round.draw.as_ref().is_some_and(|draw| draw.frame.beacon.is_some()) => {
            vec![line("beacon_value")]
        }
        Step::Run => Vec::new(),
    }
}

/// What stands in the form before anybody typed; for the commitment a fresh secret to keep.
fn before(app: &App, signed: &Signed, step: Step) -> Filled {
    let mut filled = Filled::default();
    match step {
        Step::Freeze => {
            filled.set("draw", DRAW.to_string());
            filled.set("reserves", RESERVES.to_string());
            filled.set_all("parties", usual_parties(app, signed));
            filled.set("reveal_by", (app.today() + REVEAL_DAYS.days()).to_string());
        }
        Step::Commit => {
            let fresh = Digest::of(&[random_token().as_bytes(), random_token().as_bytes()]);
            filled.set("secret", fresh.to_string());
        }
        Step::Refuse => filled.set("party", signed.actor.unit.to_string()),
        Step::Reveal | Step::Run => {}
    }
    filled
}

/// Lines of task and reason.
fn apart(text: &str, name: &str) -> Result<Vec<SetApart>, FieldError> {
    let lines = text.lines().filter(|line| !line.trim().is_empty());
    lines
        .map(|line| {
            let mut cells = line.split(['|', '｜', '\t']).map(str::trim);
            let mut next = || cells.next().unwrap_or_default();
            let task = TaskId::new(next()).map_err(|_| FieldError::at(name, "form-not-a-code"))?;
            let reason = next().to_owned();
            if reason.is_empty() {
                return Err(FieldError::at(name, "round-apart-reason"));
            }
            Ok(SetApart { task, reason })
        })
        .collect()
}

/// What was typed, before the books are asked.
enum Typed {
    Order(RoundOrder),
    Run(Option<Digest>),
}

fn digits(filled: &Filled, name: &str) -> Result<Digest, FieldError> {
    let typed: String = filled.text(name).chars().filter(|c| !c.is_whitespace()).collect();
    typed.to_ascii_lowercase().parse().map_err(|_| FieldError::at(name, "round-secret-form"))
}

/// The value of a beacon as its public pages print it: the randomness, or the signature whose digest it is.
fn beacon_value(filled: &Filled) -> Result<Digest, FieldError> {
    let typed = filled.text("beacon_value").to_ascii_lowercase();
    let is_hex = typed.bytes().all(|b| b.is_ascii_hexdigit());
    if is_hex && typed.len() == 96 {
        let pairs = typed.as_bytes().chunks(2).filter_map(|pair| std::str::from_utf8(pair).ok());
        let bytes: Vec<u8> = pairs.filter_map(|pair| u8::from_str_radix(pair, 16).ok()).collect();
        return Ok(beacon::randomness(&bytes));
    }
    typed.parse().map_err(|_| FieldError::at("beacon_value", "round-beacon-form"))
}

fn frozen(app: &App, round: &Round, filled: &Filled) -> Result<Frame, Vec<FieldError>> {
    let mut errors = Vec::new();
    let mut number = |name: &'static str| match filled.number(name) {
        Ok(number) => number.unwrap_or(0),
        Err(error) => {
            errors.push(error);
            0
        }
    };
    let (draw, reserves, agreed) = (number("draw"), number("reserves"), number("beacon_round"));
    let small = |number: u64| u32::try_from(number).unwrap_or(u32::MAX);
    let text = |name: &str| filled.text(name).replace("\r\n", "\n");
    let beacon = match (agreed, beacon::appears_at(agreed)) {
        (0, _) => None,
        (round, Some(at)) => match Timestamp::from_second(at) {
            Ok(appears_at) => Some(Beacon { round, appears_at }),
            Err(_) => {
                errors.push(FieldError::at("beacon_round", "form-not-a-number"));
                None
            }
        },
        (_, None) => None,
    };
    let apart = |name: &str, errors: &mut Vec<FieldError>| match apart(&text(name), name) {
        Ok(apart) => apart,
        Err(error) => {
            errors.push(error);
            Vec::new()
        }
    };
    let (purposive, excluded) = (apart("purposive", &mut errors), apart("excluded", &mut errors));
    let reveal_by = match filled.date_needed("reveal_by", app.today()) {
        Ok(on) => on,
        Err(error) => {
            errors.push(error);
            app.today()
        }
    };
    if !errors.is_empty() {
        return Err(errors);
    }
    Ok(Frame {
        title: round.plan.title.clone(),
        draw: small(draw),
        reserves: small(reserves),
        rows: Vec::new(),
        excluded,
        purposive,
        sha256: String::new(),
        parties: filled.texts("parties").into_iter().filter_map(|unit| UnitId::new(unit).ok()).collect(),
        reveal_by,
        beacon,
    })
}

fn wanted(app: &App, step: Step, round: &Round, filled: &Filled) -> Result<Typed, Vec<FieldError>> {
    let one = |error: FieldError| vec![error];
    Ok(match step {
        Step::Freeze => Typed::Order(RoundOrder::Freeze(Box::new(frozen(app, round, filled)?))),
        Step::Commit if filled.has("commitment") => {
            Typed::Order(RoundOrder::Commit(digits(filled, "commitment").map_err(one)?.to_string()))
        }
        Step::Commit => {
            let secret = digits(filled, "secret").map_err(one)?;
            Typed::Order(RoundOrder::Commit(ceremony::commitment(&secret.0).to_string()))
        }
        Step::Reveal => {
            let secret = digits(filled, "secret").map_err(one)?;
            let commitment = ceremony::commitment(&secret.0).to_string();
            Typed::Order(RoundOrder::Reveal { secret: secret.to_string(), commitment })
        }
        Step::Refuse => {
            let party = filled.id_needed::<UnitId>("party").map_err(one)?;
            Typed::Order(RoundOrder::RefuseReveal { party, reason: filled.text("reason").to_owned() })
        }
        Step::Run if filled.has("beacon_value") => Typed::Run(Some(beacon_value(filled).map_err(one)?)),
        Step::Run => Typed::Run(None),
    })
}

fn sheet(app: &App, locale: Locale, step: Step, round: &Round, filled: &Filled) -> Sheet {
    let above = format!("/rounds/{}/draw", round.id);
    let words = format!("round-step-{}", step.name());
    let mut intro = locale.say(&format!("round-intro-{}", step.name()));
    let beacon = round.draw.as_ref().and_then(|draw| draw.frame.beacon);
    if let Some(beacon) = beacon.filter(|_| step == Step::Run) {
        let text = locale.text("round-intro-beacon").with("round", beacon.round.to_string());
        intro = format!("{intro} {}", text.with("at", crate::words::moment(beacon.appears_at)));
    }
    let (home, is_frozen) = (format!("/rounds/{}", round.id), round.draw.is_some());
    let mut crumbs =
        vec![("/rounds".to_owned(), locale.say("room-rounds")), (home.clone(), round.plan.title.clone())];
    crumbs.extend(is_frozen.then(|| (above.clone(), locale.say("round-draw"))));
    Sheet {
        room: Some(Room::Rounds),
        title: locale.say(&words),
        crumbs,
        intro,
        action: format!("{above}/{}", step.name()),
        cancel: if is_frozen { above } else { home },
        submit: locale.say(&words),
        fields: fields(app, locale, step, round, filled),
        hidden: Vec::new(),
    }
}

async fn look(app: &App, signed: &Signed, step: Step, id: String) -> Result<Round, Failure> {
    if matches!(step, Step::Freeze | Step::Run) && !may_plan(signed) {
        return Err(Failure::NotFound);
    }
    let reader = signed.clone();
    Ok(app.books.ask(move |connection| find(connection, &reader, &id)).await?.record)
}

/// `GET /rounds/{id}/draw/{step}`.
pub async fn get(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    Path((id, step)): Path<(String, String)>,
) -> Result<Response, Failure> {
    let step = Step::named(&step)?;
    let round = look(&app, &signed, step, id).await?;
    let filled = before(&app, &signed, step);
    Ok(sheet(&app, locale, step, &round, &filled).answer(&app, locale, &signed, &[], None))
}

/// `POST /rounds/{id}/draw/{step}`.
pub async fn post(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    Path((id, step)): Path<(String, String)>,
    filled: Filled,
) -> Result<Response, Failure> {
    let step = Step::named(&step)?;
    signed.check_form(filled.text("csrf"))?;
    let round = look(&app, &signed, step, id).await?;
    let refuse = |errors: &[FieldError], refusal: Option<&Refusal>| {
        sheet(&app, locale, step, &round, &filled).answer(&app, locale, &signed, errors, refusal)
    };
    let typed = match wanted(&app, step, &round, &filled) {
        Ok(typed) => typed,
        Err(errors) => return Ok(refuse(&errors, None)),
    };
    let code = round.id.clone();
    let request = format!("round {code} draw {}", step.name());
    let done = order::carry_out(&app, &signed, &filled, request, move |work| {
        let known = work.filed::<Round>(&code)?.ok_or(Failure::NotFound)?.record;
        let today = bihuan_rules::day_of(work.at);
        let order = match typed {
            Typed::Order(RoundOrder::Freeze(frame)) => {
                let frame = freeze(work.connection(), *frame, &known.plan.fields, today)?;
                RoundOrder::Freeze(Box::new(frame))
            }
            Typed::Order(order) => order,
            Typed::Run(beacon) => RoundOrder::Draw(drawn(&known, beacon)?),
        };
        let act = round::decide(&work.situation(""), Some(&known), order)?;
        Ok(((), work.record(Subject::Record(RecordKind::Round, code), Act::from(act))?))
    })
    .await;
    let to = |_| format!("/rounds/{}/draw", round.id);
    order::answered(done, to, |refusal| refuse(&[], Some(refusal)))
}
