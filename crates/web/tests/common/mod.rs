//! The site over fresh books in a temporary folder, driven without a network.

use axum::{
    Router,
    body::Body,
    extract::connect_info::MockConnectInfo,
    http::{Request, Response, StatusCode, header},
};
use bihuan_ledger::{SigningKey, origin};
use bihuan_rules::{
    Act, Actor, Subject,
    act::{AccountAct, AreaAct},
    id::{PersonId, PostId, UnitId},
    office::{Level, OfficeAct, Person, Post, Role, Unit, UnitKind},
};
use bihuan_store::{
    Books, EvidenceStore, Place,
    account::{self, Credential},
};
use bihuan_web::{App, app::Shared};
use jiff::Timestamp;
use std::{
    collections::BTreeSet,
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
};
use tower::ServiceExt;

/// The code of the area.
const AREA: &str = "519904";
/// Password of the administrator and of everybody whom [`Site::new`] gives an account.
pub const PASSWORD: &str = "seven quiet herons";

/// A site with an administrator and a clerk of the committee office.
pub struct Site {
    router: Router,
    /// Its books.
    pub books: Books,
    minutes: Arc<AtomicI64>,
    _dir: tempfile::TempDir,
}

/// What came back.
pub struct Answer {
    /// Status.
    pub status: StatusCode,
    /// Where it leads.
    pub location: String,
    /// The page.
    pub page: String,
    /// The session it sets.
    pub cookie: Option<String>,
}

fn id<T: TryFrom<String>>(text: &str) -> T {
    T::try_from(text.to_owned()).ok().unwrap()
}

impl Site {
    /// Fresh books; the clock stands until [`Site::minutes_pass`].
    pub fn new() -> Site {
        let dir = tempfile::tempdir().unwrap();
        let evidence = EvidenceStore::folder(&dir.path().join("evidence")).unwrap();
        let books = Books::open(Place::File(dir.path().join("bihuan.db")), AREA, evidence).unwrap();
        let start: Timestamp = "2021-06-11T01:00:00Z".parse().unwrap();
        found(&books, start);
        let minutes = Arc::new(AtomicI64::new(0));
        let passed = Arc::clone(&minutes);
        let clock = move || start + jiff::SignedDuration::from_mins(passed.load(Ordering::Relaxed));
        let key = SigningKey::from_seed(&origin(AREA), &[7; 32]).unwrap();
        let app = App::from(Shared::new(books.clone(), Arc::new(clock), key));
        let router = bihuan_web::router(app).layer(MockConnectInfo(SocketAddr::from(([127, 0, 0, 1], 4000))));
        Site { router, books, minutes, _dir: dir }
    }

    /// Lets time pass.
    pub fn minutes_pass(&self, minutes: i64) {
        self.minutes.fetch_add(minutes, Ordering::Relaxed);
    }

    async fn send(&self, request: Request<Body>) -> Answer {
        let response: Response<Body> = self.router.clone().oneshot(request).await.unwrap();
        let header = |name| response.headers().get(name).and_then(|value| value.to_str().ok());
        let location = header(header::LOCATION).unwrap_or_default().to_owned();
        let cookie = header(header::SET_COOKIE)
            .filter(|cookie| cookie.starts_with("bihuan_session="))
            .and_then(|cookie| cookie.split(';').next())
            .map(str::to_owned);
        let status = response.status();
        let bytes = axum::body::to_bytes(response.into_body(), 16 * 1024 * 1024).await.unwrap();
        Answer { status, location, cookie, page: String::from_utf8_lossy(&bytes).into_owned() }
    }

    /// Opens a page.
    pub async fn get(&self, cookie: &str, path: &str) -> Answer {
        let request = Request::get(path).header(header::COOKIE, cookie);
        self.send(request.header(header::ACCEPT_LANGUAGE, "en").body(Body::empty()).unwrap()).await
    }

    /// Sends fields as they are.
    pub async fn post(&self, cookie: &str, path: &str, fields: &[(&str, &str)]) -> Answer {
        let mut body = form_urlencoded::Serializer::new(String::new());
        let request = Request::post(path)
            .header(header::COOKIE, cookie)
            .header(header::ACCEPT_LANGUAGE, "en")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.send(request.body(Body::from(body.extend_pairs(fields).finish())).unwrap()).await
    }

    /// Opens the page at `form`, fills the form that leads to `action` and sends it with its hidden fields.
    pub async fn fill(&self, cookie: &str, form: &str, action: &str, fields: &[(&str, &str)]) -> Answer {
        let opened = self.get(cookie, form).await;
        assert_eq!(opened.status, StatusCode::OK, "{form}");
        let hidden = opened.hidden(action);
        let mut sent: Vec<(&str, &str)> = hidden.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
        sent.extend(fields);
        self.post(cookie, action, &sent).await
    }

    /// Signs in; the answer holds the session's cookie if it worked.
    pub async fn sign_in(&self, login: &str, password: &str, code: &str) -> Answer {
        self.post("", "/sign-in", &[("login", login), ("password", password), ("code", code)]).await
    }

    /// The session of somebody whom [`Site::new`] gave an account.
    pub async fn session(&self, login: &str) -> String {
        self.sign_in(login, PASSWORD, "").await.cookie.expect("the password fits")
    }
}

impl Answer {
    /// Hidden fields of the form with this action.
    pub fn hidden(&self, action: &str) -> Vec<(String, String)> {
        let form = self.page.split("<form ").find(|form| form.contains(&format!("action=\"{action}\"")));
        let form = form.unwrap_or_else(|| panic!("no form for {action}"));
        let form = form.split("</form>").next().unwrap_or_default();
        form.split("<input type=\"hidden\" ")
            .skip(1)
            .map(|input| (attribute(input, "name"), attribute(input, "value")))
            .collect()
    }
}

fn attribute(input: &str, name: &str) -> String {
    let rest = input.split(&format!("{name}=\"")).nth(1).unwrap_or_default();
    rest.split('"').next().unwrap_or_default().to_owned()
}

/// The area, an administrator (`admin`), a clerk (`clerk`), and a cadre of a town without an account (`p-town`).
fn found(books: &Books, at: Timestamp) {
    let administrator = Actor {
        person: id("p-admin"),
        post: id("post-admin"),
        unit: id("u-office"),
        level: Level::County,
        roles: BTreeSet::from([Role::Administrator]),
    };
    let hash = bihuan_web::proof::hash_password(PASSWORD).unwrap();
    books
        .work(administrator, at, move |work| {
            let founded = AreaAct::Founded {
                code: AREA.to_owned(),
                name: "安澜区".to_owned(),
                number_prefix: "AL".to_owned(),
                simulated: false,
            };
            work.record(Subject::Area, Act::Area(founded))?;
            for (unit, name, kind) in
                [("u-office", "区环委办", UnitKind::Department), ("u-town", "青石镇", UnitKind::Town)]
            {
                let unit = Unit {
                    id: id(unit),
                    name: name.to_owned(),
                    formerly: Vec::new(),
                    aliases: Vec::new(),
                    parent: None,
                    kind,
                    level: Level::County,
                    closed_on: None,
                };
                work.record(Subject::Unit(unit.id.clone()), Act::Office(OfficeAct::UnitSet(unit)))?;
            }
            for (who, name, unit, role) in [
                ("admin", "管理员", "u-office", Role::Administrator),
                ("clerk", "何静", "u-office", Role::Registrar),
                ("town", "罗敏", "u-town", Role::Responsible),
            ] {
                let (person, post): (PersonId, PostId) =
                    (id(&format!("p-{who}")), id(&format!("post-{who}")));
                let held = Post {
                    id: post.clone(),
                    unit: id::<UnitId>(unit),
                    title: who.to_owned(),
                    roles: BTreeSet::from([role]),
                };
                let someone = Person { id: person.clone(), name: name.to_owned(), formerly: Vec::new() };
                let from = bihuan_rules::day_of(at);
                let taken = OfficeAct::PostTaken { post: post.clone(), person: person.clone(), from };
                work.record(Subject::Post(post.clone()), Act::Office(OfficeAct::PostSet(held)))?;
                work.record(Subject::Person(person.clone()), Act::Office(OfficeAct::PersonSet(someone)))?;
                work.record(Subject::Post(post), Act::Office(taken))?;
            }
            for login in ["admin", "clerk"] {
                let person: PersonId = id(&format!("p-{login}"));
                let opened = AccountAct::Opened { person: person.clone(), login: login.to_owned() };
                work.record(Subject::Person(person.clone()), Act::Account(opened))?;
                let credential = Credential {
                    password: hash.clone(),
                    must_change: false,
                    totp_secret: String::new(),
                    totp_step: 0,
                    failures: 0,
                    locked_until: Timestamp::UNIX_EPOCH,
                };
                account::set_credential(work.connection(), &person, &credential)?;
            }
            Ok::<_, bihuan_store::Error>(())
        })
        .unwrap();
}
