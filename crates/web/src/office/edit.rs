//! The forms that change the office: units, posts, and who takes and leaves them.

use super::{enter, read};
use crate::{
    app::App,
    failure::Failure,
    filled::{FieldError, Filled},
    frame::{
        form::{Field, Kind},
        sheet::{Sheet, field, line, options},
    },
    locale::Locale,
    order,
    session::Signed,
    words,
};
use axum::{
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
};
use bihuan_rules::{
    Act, Refusal,
    access::Room,
    id::{PersonId, PostId, UnitId},
    office::{Level, Line, Office, Role, UnitKind},
};

/// What a form of the office is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Deed {
    NewUnit,
    ChangeUnit(UnitId),
    CloseUnit(UnitId),
    NewPost(UnitId),
    ChangePost(PostId),
    Appoint(PostId),
    Relieve(PostId),
    Charge(PostId),
    Rename(PersonId),
}

impl Deed {
    fn of_unit(id: &str, deed: &str, office: &Office) -> Result<Deed, Failure> {
        let id = UnitId::new(id).map_err(|_| Failure::NotFound)?;
        office.open_unit("unit", &id).map_err(|_| Failure::NotFound)?;
        match deed {
            "change" => Ok(Deed::ChangeUnit(id)),
            "close" => Ok(Deed::CloseUnit(id)),
            "post" => Ok(Deed::NewPost(id)),
            _ => Err(Failure::NotFound),
        }
    }

    fn of_post(id: &str, deed: &str, office: &Office) -> Result<Deed, Failure> {
        let id = PostId::new(id).map_err(|_| Failure::NotFound)?;
        if !office.posts.contains_key(&id) {
            return Err(Failure::NotFound);
        }
        match deed {
            "change" => Ok(Deed::ChangePost(id)),
            "appoint" => Ok(Deed::Appoint(id)),
            "relieve" => Ok(Deed::Relieve(id)),
            "charge" => Ok(Deed::Charge(id)),
            _ => Err(Failure::NotFound),
        }
    }

    fn of_person(id: &str, deed: &str, office: &Office) -> Result<Deed, Failure> {
        let id = PersonId::new(id).map_err(|_| Failure::NotFound)?;
        if deed == "rename" && office.persons.contains_key(&id) {
            Ok(Deed::Rename(id))
        } else {
            Err(Failure::NotFound)
        }
    }

    /// Key of the heading and the button.
    fn key(&self) -> &'static str {
        match self {
            Deed::NewUnit => "office-new-unit",
            Deed::ChangeUnit(_) => "office-change-unit",
            Deed::CloseUnit(_) => "office-close-unit",
            Deed::NewPost(_) => "office-new-post",
            Deed::ChangePost(_) => "office-change-post",
            Deed::Appoint(_) => "office-appoint",
            Deed::Relieve(_) => "office-relieve",
            Deed::Charge(_) => "office-charge",
            Deed::Rename(_) => "office-rename",
        }
    }

    fn action(&self) -> String {
        match self {
            Deed::NewUnit => "/office/units/new".to_owned(),
            Deed::ChangeUnit(id) => format!("/office/units/{id}/change"),
            Deed::CloseUnit(id) => format!("/office/units/{id}/close"),
            Deed::NewPost(id) => format!("/office/units/{id}/post"),
            Deed::ChangePost(id) => format!("/office/posts/{id}/change"),
            Deed::Appoint(id) => format!("/office/posts/{id}/appoint"),
            Deed::Relieve(id) => format!("/office/posts/{id}/relieve"),
            Deed::Charge(id) => format!("/office/posts/{id}/charge"),
            Deed::Rename(id) => format!("/office/persons/{id}/rename"),
        }
    }

    /// The page above.
    fn above(&self) -> String {
        match self {
            Deed::NewUnit => "/office".to_owned(),
            Deed::ChangeUnit(id) | Deed::CloseUnit(id) | Deed::NewPost(id) => format!("/office/units/{id}"),
            Deed::ChangePost(id) | Deed::Appoint(id) | Deed::Relieve(id) | Deed::Charge(id) => {
                format!("/office/posts/{id}")
            }
            Deed::Rename(id) => format!("/office/persons/{id}"),
        }
    }

    /// What it is about, in words.
    fn about(&self, office: &Office) -> String {
        match self {
            Deed::NewUnit => String::new(),
            Deed::ChangeUnit(id) | Deed::CloseUnit(id) | Deed::NewPost(id) => {
                words::unit(office, id.as_str())
            }
            Deed::ChangePost(id) | Deed::Appoint(id) | Deed::Relieve(id) | Deed::Charge(id) => {
                words::post(office, id)
            }
            Deed::Rename(id) => office.persons.get(id).map_or_else(String::new, |person| person.name.clone()),
        }
    }
}

/// The form of a deed before anybody typed.
fn blank(app: &App, deed: &Deed) -> Filled {
    let (reference, mut filled) = (app.reference(), Filled::default());
    let (office, today) = (&reference.office, app.today().to_string());
    match deed {
        Deed::NewUnit | Deed::NewPost(_) => {}
        Deed::ChangeUnit(id) => {
            if let Some(unit) = office.units.get(id) {
                filled.set("name", unit.name.clone());
                filled.set("unit_kind", unit.kind.name());
                filled.set("level", unit.level.name());
                filled.set("parent", unit.parent.as_ref().map(ToString::to_string).unwrap_or_default());
                filled.set("aliases", unit.aliases.join("\n"));
                filled.set("since", today);
            }
        }
        Deed::CloseUnit(_) => filled.set("closed_on", today),
        Deed::ChangePost(id) => {
            if let Some(post) = office.posts.get(id) {
                filled.set("title", post.title.clone());
                filled.set_all("roles", post.roles.iter().map(|role| role.name().to_owned()).collect());
            }
        }
        Deed::Rename(id) => {
            filled.set("name", office.persons.get(id).map_or("", |person| person.name.as_str()));
            filled.set("since", today);
        }
        Deed::Appoint(_) => filled.set("taken_on", today),
        Deed::Charge(id) => {
            if let Some(charge) = office.charge_on(id, app.today()) {
                filled.set("heads", charge.heads.map(Line::name).unwrap_or_default());
                filled.set_all("fields", charge.fields.iter().cloned().collect());
            }
            filled.set("charged_from", today);
        }
        Deed::Relieve(id) => {
            filled.set("left_on", today);
            let mut held = office.holdings.iter().filter(|h| &h.post == id && h.until.is_none());
            if let (Some(only), None) = (held.next(), held.next()) {
                filled.set("person", only.person.to_string());
            }
        }
    }
    filled
}

fn fields(app: &App, locale: Locale, deed: &Deed, filled: &Filled) -> Vec<Field> {
    let reference = app.reference();
    let office = &reference.office;
    let day = |name: &str| field(locale, name, Kind::Line(filled.text(name).to_owned(), "text", true));
    let menu = |name: &str, choices: Vec<(String, String)>| {
        field(locale, name, Kind::Menu(options(choices, filled.column(name))))
    };
    let optional = |field: Field| Field { optional: true, ..field };
    match deed {
        Deed::NewUnit | Deed::ChangeUnit(_) => {
            let own = if let Deed::ChangeUnit(id) = deed { Some(id) } else { None };
            // What was chosen stays in the menu even where it cannot stand, beside the sentence that says why.
            let chosen = filled.text("parent");
            let fits =
                |id: &UnitId| id.as_str() == chosen || own.is_none_or(|own| !office.is_within(id, own));
            let open = office.units.values().filter(|unit| unit.closed_on.is_none() && fits(&unit.id));
            let kinds = UnitKind::ALL.map(|kind| (kind.name().to_owned(), words::unit_kind(locale, kind)));
            let levels = Level::ALL.map(|level| (level.name().to_owned(), words::level(locale, level)));
            let aliases = Kind::Passage(filled.text("aliases").to_owned(), 3);
            let mut fields = vec![
                line(locale, "name", filled),
                menu("unit_kind", kinds.to_vec()),
                menu("level", levels.to_vec()),
                optional(menu("parent", open.map(|unit| (unit.id.to_string(), unit.name.clone())).collect())),
                optional(field(locale, "aliases", aliases)),
            ];
            if own.is_some() {
                fields.insert(1, optional(day("since")));
            }
            fields
        }
        Deed::Rename(_) => vec![line(locale, "name", filled), day("since")],
        Deed::CloseUnit(_) => vec![day("closed_on")],
        Deed::NewPost(_) | Deed::ChangePost(_) => {
            let roles = Role::ALL.map(|role| (role.name().to_owned(), words::role(locale, role)));
            let title = line(locale, "title", filled);
            vec![
                Field { label: locale.say("office-post-title"), ..title },
                optional(field(locale, "roles", Kind::Checks(options(roles, filled.column("roles"))))),
            ]
        }
        Deed::Appoint(_) => {
            let persons = office.persons.values().map(|person| {
                let post = office.posts_of(&person.id, app.today()).next();
                let post = post.map(|post| format!(" · {}", words::post(office, &post.id)));
                (person.id.to_string(), format!("{}{}", person.name, post.unwrap_or_default()))
            });
            vec![
                menu("person", persons.collect()),
                optional(line(locale, "new_person", filled)),
                day("taken_on"),
            ]
        }
        Deed::Charge(_) => {
            let lines = Line::ALL
                .map(|line| (line.name().to_owned(), locale.say(&format!("office-line-{}", line.name()))));
            let checks = Kind::Checks(options(words::work_fields(locale), filled.column("fields")));
            vec![
                optional(menu("heads", lines.to_vec())),
                optional(field(locale, "fields", checks)),
                day("charged_from"),
            ]
        }
        Deed::Relieve(post) => {
            let held = office.holdings.iter().filter(|h| &h.post == post && h.until.is_none());
            let persons = held.filter_map(|holding| office.persons.get(&holding.person));
            vec![
                menu("person", persons.map(|person| (person.id.to_string(), person.name.clone())).collect()),
                day("left_on"),
            ]
        }
    }
}

fn sheet(app: &App, locale: Locale, deed: &Deed, filled: &Filled) -> Sheet {
    let reference = app.reference();
    let about = deed.about(&reference.office);
    let mut crumbs = vec![("/office".to_owned(), locale.say("room-office"))];
    if !about.is_empty() {
        crumbs.push((deed.above(), about.clone()));
    }
    let words = locale.say(deed.key());
    let intro = format!("intro-{}", deed.key());
    Sheet {
        room: Some(Room::Office),
        title: if about.is_empty() { words.clone() } else { format!("{words} · {about}") },
        crumbs,
        intro: if locale.knows(&intro) { locale.say(&intro) } else { String::new() },
        action: deed.action(),
        cancel: deed.above(),
        submit: words,
        fields: fields(app, locale, deed, filled),
        hidden: Vec::new(),
    }
}

/// `GET /office/units/new`; `parent` fills the unit above in.
pub(super) async fn get_new_unit(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    asked: Filled,
) -> Result<Response, Failure> {
    enter(&signed, Room::OfficeEdit)?;
    Ok(sheet(&app, locale, &Deed::NewUnit, &asked).answer(&app, locale, &signed, &[], None))
}

/// `GET /office/units/{id}/{deed}`.
pub(super) async fn get_unit(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    Path((id, deed)): Path<(String, String)>,
) -> Result<Response, Failure> {
    enter(&signed, Room::OfficeEdit)?;
    let deed = Deed::of_unit(&id, &deed, &app.reference().office)?;
    Ok(sheet(&app, locale, &deed, &blank(&app, &deed)).answer(&app, locale, &signed, &[], None))
}

/// `GET /office/persons/{id}/{deed}`.
pub(super) async fn get_person(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    Path((id, deed)): Path<(String, String)>,
) -> Result<Response, Failure> {
    enter(&signed, Room::OfficeEdit)?;
    let deed = Deed::of_person(&id, &deed, &app.reference().office)?;
    Ok(sheet(&app, locale, &deed, &blank(&app, &deed)).answer(&app, locale, &signed, &[], None))
}

/// `POST /office/persons/{id}/{deed}`.
pub(super) async fn post_person(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    Path((id, deed)): Path<(String, String)>,
    filled: Filled,
) -> Result<Response, Failure> {
    enter(&signed, Room::OfficeEdit)?;
    let deed = Deed::of_person(&id, &deed, &app.reference().office)?;
    carry_out(&app, locale, &signed, deed, filled).await
}

/// `GET /office/posts/{id}/{deed}`.
pub(super) async fn get_post(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    Path((id, deed)): Path<(String, String)>,
) -> Result<Response, Failure> {
    enter(&signed, Room::OfficeEdit)?;
    let deed = Deed::of_post(&id, &deed, &app.reference().office)?;
    Ok(sheet(&app, locale, &deed, &blank(&app, &deed)).answer(&app, locale, &signed, &[], None))
}

/// `POST /office/units/new`.
pub(super) async fn post_new_unit(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    filled: Filled,
) -> Result<Response, Failure> {
    enter(&signed, Room::OfficeEdit)?;
    carry_out(&app, locale, &signed, Deed::NewUnit, filled).await
}

/// `POST /office/units/{id}/{deed}`.
pub(super) async fn post_unit(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    Path((id, deed)): Path<(String, String)>,
    filled: Filled,
) -> Result<Response, Failure> {
    enter(&signed, Room::OfficeEdit)?;
    let deed = Deed::of_unit(&id, &deed, &app.reference().office)?;
    carry_out(&app, locale, &signed, deed, filled).await
}

/// `POST /office/posts/{id}/{deed}`.
pub(super) async fn post_post(
    State(app): State<App>,
    locale: Locale,
    signed: Signed,
    Path((id, deed)): Path<(String, String)>,
    filled: Filled,
) -> Result<Response, Failure> {
    enter(&signed, Room::OfficeEdit)?;
    let deed = Deed::of_post(&id, &deed, &app.reference().office)?;
    carry_out(&app, locale, &signed, deed, filled).await
}

async fn carry_out(
    app: &App,
    locale: Locale,
    signed: &Signed,
    deed: Deed,
    filled: Filled,
) -> Result<Response, Failure> {
    signed.check_form(filled.text("csrf"))?;
    let again = |errors: &[FieldError], refusal: Option<&Refusal>| {
        Ok(sheet(app, locale, &deed, &filled).answer(app, locale, signed, errors, refusal))
    };
    let today = app.today();
    if let Err(errors) = read::acts(&deed, &filled, &app.reference().office, today) {
        return again(&errors, None);
    }
    let (ordered, form) = (deed.clone(), filled.clone());
    let recorded = order::carry_out(app, signed, &filled, deed.action(), move |work| {
        // Codes for what is new are given by the writer, so that no two orders give the same.
        let office = work.reference();
        let acts = read::acts(&ordered, &form, &office.office, today).map_err(|_| Failure::NotAForm)?;
        let mut recorded = Vec::new();
        for act in acts {
            let act = work.reference().office.decide(&work.situation(""), act)?;
            recorded.push((read::subject(&act), work.record(read::subject(&act), Act::Office(act))?));
        }
        let (subject, receipt) = recorded.pop().ok_or(Failure::NotAForm)?;
        Ok(((subject, receipt.sequence), receipt))
    })
    .await;
    match recorded {
        Ok(Some((subject, sequence))) => {
            let page = subject.to_string().replacen('/', "s/", 1);
            Ok(Redirect::to(&format!("/office/{page}?done={sequence}")).into_response())
        }
        Ok(None) => Ok(Redirect::to(&deed.above()).into_response()),
        Err(Failure::Refused(refusal)) => again(&[], Some(&refusal)),
        Err(other) => Err(other),
    }
}
