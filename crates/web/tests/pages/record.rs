//! A small office on temporary books, and a browser without a window.

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{Request, StatusCode, header},
};
use bihuan_ledger::{SigningKey, origin};
use bihuan_rules::{
    Act, Actor, Subject,
    act::AreaAct,
    id::{PersonId, PostId, ProblemId, SourceId, TaskId, UnitId},
    office::{Level, Office, OfficeAct, Role},
    problem, source, task,
};
use bihuan_store::{Books, EvidenceStore, Place};
use bihuan_web::{App, app::Shared, session};
use jiff::Timestamp;
use serde_json::{Value, json};
use std::sync::Arc;
use tower::ServiceExt;

/// The task of the first town.
pub const TASK: &str = "AL-2021-0001-1";
/// Ten in the morning of 2021-06-11 in China.
pub const NOW: &str = "2021-06-11T10:00:00+08:00";

/// The office: person and post bear the same name.
pub const POSTS: [(&str, &str, &str, Role); 11] = [
    ("clerk", "u-office", "经办", Role::Registrar),
    ("town-1", "u-town-1", "副镇长", Role::Responsible),
    ("town-2", "u-town-2", "副镇长", Role::Responsible),
    ("auditor", "u-office", "审计员", Role::Auditor),
    ("admin", "u-office", "管理员", Role::Administrator),
    ("verifier", "u-office", "核查人", Role::Verifier),
    ("committee", "u-office", "副主任", Role::Committee),
    ("chief", "u-office", "区长", Role::Chief),
    ("superior", "u-office", "科长", Role::Superior),
    ("inspector", "u-office", "检查员", Role::Inspector),
    ("publisher", "u-office", "公示经办", Role::Publisher),
];

/// Books, pages and the folder they lie in.
pub struct House {
    pub app: App,
    router: Router,
    _dir: Arc<tempfile::TempDir>,
}

/// What came back.
pub struct Answer {
    pub status: StatusCode,
    pub location: String,
    /// What the page may load and from where.
    pub policy: String,
    pub bytes: Vec<u8>,
}

impl Answer {
    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }
}

/// Somebody with a session.
pub struct Browser<'h> {
    house: &'h House,
    cookie: String,
    csrf: String,
}

fn instant() -> Timestamp {
    NOW.parse().expect("an instant")
}

fn read<T: serde::de::DeserializeOwned>(value: Value) -> T {
    serde_json::from_value(value).expect("a record")
}

/// The actor of a post, before the books know it.
fn actor(name: &str, office: &Office) -> Actor {
    let (person, post) = (PersonId::new(name).expect("a code"), PostId::new(name).expect("a code"));
    office.actor(&person, &post, bihuan_rules::day_of(instant())).unwrap_or_else(|| Actor {
        person,
        post,
        unit: UnitId::new("u-office").expect("a code"),
        level: Level::County,
        roles: [Role::Administrator].into(),
    })
}

fn office_acts() -> Vec<(Subject, Act)> {
    let mut acts = Vec::new();
    let units = [
        ("u-office", "区环委办", "department"),
        ("u-town-1", "白鹿镇", "town"),
        ("u-town-2", "云溪镇", "town"),
    ];
    for (id, name, kind) in units {
        let level = if kind == "town" { "town" } else { "county" };
        let unit = read(json!({ "id": id, "name": name, "kind": kind, "level": level }));
        acts.push((Subject::Unit(UnitId::new(id).expect("a code")), Act::Office(OfficeAct::UnitSet(unit))));
    }
    for (name, unit, title, role) in POSTS {
        let (post, person) = (PostId::new(name).expect("a code"), PersonId::new(name).expect("a code"));
        let body = read(json!({ "id": name, "unit": unit, "title": title, "roles": [role] }));
        acts.push((Subject::Post(post.clone()), Act::Office(OfficeAct::PostSet(body))));
        let body = read(json!({ "id": name, "name": format!("{name}君") }));
        acts.push((Subject::Person(person.clone()), Act::Office(OfficeAct::PersonSet(body))));
        let from = jiff::civil::date(2021, 1, 1);
        let taken = OfficeAct::PostTaken { post: post.clone(), person, from };
        acts.push((Subject::Post(post), Act::Office(taken)));
    }
    acts
}

/// Books with an office, one source, one problem and one task of the first town.
pub fn house() -> House {
    let dir = tempfile::tempdir().expect("a folder");
    house_in(Place::File(dir.path().join("books.db")), dir)
}

/// Carries a test out in a house on each engine, and verifies the books afterwards; PostgreSQL is used when
/// `BIHUAN_TEST_POSTGRES` names a server. Its client waits by itself, so houses are made, verified and left outside the test's own
/// waiting.
pub fn on_each_engine(test: impl AsyncFn(&House)) {
    let mut houses = vec![house()];
    match std::env::var("BIHUAN_TEST_POSTGRES") {
        Ok(url) => {
            let name = format!("pages{}", std::process::id());
            let mut client = postgres::Client::connect(&url, postgres::NoTls).expect("the server");
            client.batch_execute(&format!("CREATE DATABASE {name}")).expect("a database");
            let server = url.rsplit_once('/').expect("a database in the address").0;
            let dir = tempfile::tempdir().expect("a folder");
            houses.push(house_in(Place::read(&format!("{server}/{name}")), dir));
        }
        Err(_) => eprintln!("BIHUAN_TEST_POSTGRES is not set: SQLite only"),
    }
    for house in houses {
        let waiting = tokio::runtime::Runtime::new().expect("a runtime");
        waiting.block_on(test(&house));
        drop(waiting);
        let report = bihuan_store::verify::run(&house.app.books, &[], &mut |_| true).expect("a report");
        assert_eq!(report.fault, None);
    }
}

fn house_in(place: Place, dir: tempfile::TempDir) -> House {
    let evidence = EvidenceStore::folder(&dir.path().join("evidence")).expect("evidence");
    let books = Books::open(place, "519904", evidence).expect("books");
    let founded = AreaAct::Founded {
        code: "519904".to_owned(),
        name: "安澜区".to_owned(),
        number_prefix: "AL".to_owned(),
        simulated: true,
    };
    let day_before = "2021-06-10T09:00:00+08:00".parse().expect("an instant");
    books
        .work(actor("admin", &Office::default()), day_before, move |work| {
            work.record(Subject::Area, Act::Area(founded))?;
            for (subject, act) in office_acts() {
                work.record(subject, act)?;
            }
            Ok::<_, bihuan_store::Error>(())
        })
        .expect("the office");
    let clerk = actor("clerk", &books.reference().office);
    books.work(clerk, instant(), register).expect("the task");
    let key = SigningKey::from_seed(&origin("519904"), &[7; 32]).expect("a key");
    let app = App::from(Shared { demo: true, ..Shared::new(books, Arc::new(instant), key) });
    House { router: bihuan_web::router(app.clone()), app, _dir: Arc::new(dir) }
}

fn register(work: &mut bihuan_store::Work<'_>) -> bihuan_store::Result<()> {
    let (source_id, problem_id) =
        (SourceId::new("S-1").expect("a code"), ProblemId::new("AL-2021-0001").expect("a code"));
    let body = read(json!({
        "id": "S-1", "kind": "inspection", "level": "province", "title": "省级督察反馈意见",
        "received_on": "2021-06-01", "ruleset": "sichuan-2021",
    }));
    let body = source::register(&work.situation("sichuan-2021"), body).expect("a source");
    work.record(Subject::Source(source_id), Act::Source(body))?;
    let body = read(json!({
        "source": "S-1", "title": "河道垃圾", "original_text": "白鹿镇河道有垃圾。", "field": "garbage",
        "area": "u-town-1",
    }));
    let act = problem::register(&work.situation(""), body).expect("a problem");
    work.record(Subject::Problem(problem_id), Act::Problem(act))?;
    let body = read(json!({
        "problems": ["AL-2021-0001"], "source": "S-1", "field": "garbage", "area": "u-town-1",
        "ruleset": "sichuan-2021", "title": "清理白鹿镇河道垃圾", "kind": "non_works", "level": "province",
        "items": 1, "deadline_text": "2021年12月底前",
    }));
    let event = task::register(&work.situation("sichuan-2021"), body).expect("a task");
    work.record(Subject::Task(TaskId::new(TASK).expect("a code")), Act::Task(event))?;
    Ok(())
}

/// Registers further problems with a task each: number, town, field.
pub fn register_more(house: &House, more: &[(&str, &str, &str)]) {
    let clerk = actor("clerk", &house.app.books.reference().office);
    let more: Vec<[String; 3]> = more
        .iter()
        .map(|(number, town, field)| [number, town, field].map(|text| (*text).to_owned()))
        .collect();
    let register = move |work: &mut bihuan_store::Work<'_>| {
        for [number, town, field] in &more {
            let problem_id = ProblemId::new(format!("AL-2021-{number}")).expect("a code");
            let title = format!("第 {number} 号问题");
            let body = read(json!({
                "source": "S-1", "title": title, "original_text": "现场有问题。", "field": field, "area": town,
            }));
            let act = problem::register(&work.situation(""), body).expect("a problem");
            work.record(Subject::Problem(problem_id.clone()), Act::Problem(act))?;
            let body = read(json!({
                "problems": [problem_id], "source": "S-1", "field": field, "area": town, "ruleset": "sichuan-2021",
                "title": title, "kind": "non_works", "level": "province", "items": 1, "deadline_text": "限期",
            }));
            let event = task::register(&work.situation("sichuan-2021"), body).expect("a task");
            let id = TaskId::new(format!("AL-2021-{number}-1")).expect("a code");
            work.record(Subject::Task(id), Act::Task(event))?;
        }
        Ok::<_, bihuan_store::Error>(())
    };
    house.app.books.work(clerk, instant(), register).expect("the tasks");
}

impl House {
    /// The same books seen at another time; both houses stand on the same folder.
    pub fn seen_at(&self, now: &'static str) -> House {
        let key = SigningKey::from_seed(&origin("519904"), &[7; 32]).expect("a key");
        let clock = move || now.parse().expect("an instant");
        let shared = Shared { demo: true, ..Shared::new(self.app.books.clone(), Arc::new(clock), key) };
        let app = App::from(shared);
        House { router: bihuan_web::router(app.clone()), app, _dir: Arc::clone(&self._dir) }
    }

    /// The same house at a later time.
    pub fn later(self, now: &'static str) -> House {
        let key = SigningKey::from_seed(&origin("519904"), &[7; 32]).expect("a key");
        let clock = move || now.parse().expect("an instant");
        let shared = Shared { demo: true, ..Shared::new(self.app.books.clone(), Arc::new(clock), key) };
        let app = App::from(shared);
        House { router: bihuan_web::router(app.clone()), app, _dir: self._dir }
    }

    /// The same house with a key of the map service.
    pub fn with_map_key(self, key: &str) -> House {
        let app = App::from(Shared { tianditu_key: key.into(), ..Shared::clone(&self.app) });
        House { router: bihuan_web::router(app.clone()), app, _dir: self._dir }
    }

    /// The same house with another site over its books.
    pub fn over(self, app: App) -> House {
        House { router: bihuan_web::router(app.clone()), app, _dir: self._dir }
    }

    /// Somebody without a session.
    pub fn stranger(&self) -> Browser<'_> {
        Browser { house: self, cookie: "bihuan_lang=zh-CN".to_owned(), csrf: String::new() }
    }

    /// Signs somebody in.
    pub async fn enter(&self, name: &str) -> Browser<'_> {
        let (person, post) = (PersonId::new(name).expect("a code"), PostId::new(name).expect("a code"));
        let token = session::begin(&self.app, person, post, true, false).await.expect("a session");
        let mut browser = Browser {
            house: self,
            cookie: format!("{}={token}; bihuan_lang=zh-CN", session::COOKIE_NAME),
            csrf: String::new(),
        };
        let page = browser.get("/procedure").await.text();
        let csrf = page.split("name=\"csrf\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
        browser.csrf = csrf.expect("a form").to_owned();
        browser
    }
}

impl Browser<'_> {
    /// Reads pages in English from here on.
    pub fn in_english(mut self) -> Self {
        self.cookie = self.cookie.replace("zh-CN", "en");
        self
    }

    async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.house.router.clone().oneshot(request).await.expect("an answer");
        let status = response.status();
        let named = |name| {
            let value = response.headers().get(name).and_then(|value| value.to_str().ok());
            value.unwrap_or_default().to_owned()
        };
        let (location, policy) = (named(header::LOCATION), named(header::CONTENT_SECURITY_POLICY));
        let bytes = to_bytes(response.into_body(), usize::MAX).await.expect("a body").to_vec();
        Answer { status, location, policy, bytes }
    }

    /// Opens a page.
    pub async fn get(&self, address: &str) -> Answer {
        let request = Request::get(address).header(header::COOKIE, &self.cookie);
        self.send(request.body(Body::empty()).expect("a request")).await
    }

    /// Sends a form; the secret of the session is added.
    pub async fn post(&self, address: &str, fields: &[(&str, &str)]) -> Answer {
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.append_pair("csrf", &self.csrf).extend_pairs(fields);
        let request = Request::post(address)
            .header(header::COOKIE, &self.cookie)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.send(request.body(Body::from(form.finish())).expect("a request")).await
    }

    /// Sends what the page of the phone sends, with the secret of the session in its header.
    pub async fn post_as_phone(&self, address: &str, kind: &str, body: Vec<u8>) -> Answer {
        let request = Request::post(address)
            .header(header::COOKIE, &self.cookie)
            .header(header::CONTENT_TYPE, kind)
            .header("x-csrf", &self.csrf);
        self.send(request.body(Body::from(body)).expect("a request")).await
    }

    /// Sends a form that may carry a file; the secret of the session is added.
    pub async fn post_parts(&self, address: &str, fields: &[(&str, &str)], file: Option<&[u8]>) -> Answer {
        let mut body = Vec::new();
        for (name, value) in [("csrf", self.csrf.as_str())].iter().chain(fields) {
            let part =
                format!("--part\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
            body.extend_from_slice(part.as_bytes());
        }
        if let Some(file) = file {
            let head = "--part\r\nContent-Disposition: form-data; name=\"file\"; filename=\"f\"\r\n\r\n";
            body.extend_from_slice(head.as_bytes());
            body.extend_from_slice(file);
            body.extend_from_slice(b"\r\n");
        }
        self.post_form_parts(address, body).await
    }

    /// Sends a form with files of a field by their names; the secret of the session is added.
    pub async fn post_files(
        &self,
        address: &str,
        fields: &[(&str, &str)],
        field: &str,
        files: &[(&str, &[u8])],
    ) -> Answer {
        let mut body = Vec::new();
        for (name, value) in [("csrf", self.csrf.as_str())].iter().chain(fields) {
            let part =
                format!("--part\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
            body.extend_from_slice(part.as_bytes());
        }
        for (name, bytes) in files {
            let head = format!(
                "--part\r\nContent-Disposition: form-data; name=\"{field}\"; filename=\"{name}\"\r\n\r\n"
            );
            body.extend_from_slice(head.as_bytes());
            body.extend_from_slice(bytes);
            body.extend_from_slice(b"\r\n");
        }
        self.post_form_parts(address, body).await
    }

    async fn post_form_parts(&self, address: &str, mut body: Vec<u8>) -> Answer {
        body.extend_from_slice(b"--part--\r\n");
        let request = Request::post(address)
            .header(header::COOKIE, &self.cookie)
            .header(header::CONTENT_TYPE, "multipart/form-data; boundary=part");
        self.send(request.body(Body::from(body)).expect("a request")).await
    }

    /// The page of a job once it is over.
    pub async fn result(&self, address: &str) -> String {
        for _ in 0..2_000 {
            let page = self.get(address).await;
            assert_eq!(page.status, StatusCode::OK, "{address}");
            let text = page.text();
            if !text.contains("http-equiv=\"refresh\"") {
                return text;
            }
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
        panic!("{address} never ended");
    }
}
