//! Pages over HTTP on the loopback, with a session, beside the bare queries with the plainest rendering in process.

use crate::{
    data::Data,
    table::{Table, in_turns, median, rate},
};
use anyhow::{Context, Result, bail};
use axum::{
    body::HttpBody as _,
    extract::{Path, State},
};
use bihuan_rules::{Subject, id::TaskId};
use bihuan_store::{
    Connection, Error, Row, Value, account,
    list::{self, Filter, Scope},
};
use bihuan_web::{App, app::Shared, filled::Filled, locale::Locale, session::Signed};
use jiff::civil::Date;
use std::{
    fmt::Write as _,
    io::{BufRead, BufReader, Write},
    net::{SocketAddr, TcpStream},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};
use tokio::runtime::Runtime;

/// Connections that ask at once.
const CLIENTS: usize = 8;
const SPAN: Duration = Duration::from_secs(2);
const TOWN: &str = "u-town-04";
const SEARCHED: &str = "渗漏";

/// Measures list, detail and search.
pub fn measure(data: &Data, table: &mut Table) -> Result<()> {
    let runtime = bihuan_web::runtime()?;
    let now = data.now;
    let shared =
        Shared { demo: true, ..Shared::new(data.books.clone(), Arc::new(move || now), data.key.clone()) };
    let app = App::from(shared);
    let clerk = data.cast.first().context("nobody to sign in as")?;
    let token = runtime.block_on(bihuan_web::session::begin(
        &app,
        clerk.person.clone(),
        clerk.post.clone(),
        true,
        false,
    ))?;
    let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0"))?;
    let address = listener.local_addr()?;
    let router = bihuan_web::router(app.clone()).into_make_service_with_connect_info::<SocketAddr>();
    let server = runtime.spawn(async move { axum::serve(listener, router).await });
    let today = bihuan_rules::day_of(now);

    let list_path = format!("/tasks?open=yes&area={TOWN}&sort=due");
    let filter = Filter {
        open: Some(true),
        area: Some(bihuan_rules::id::UnitId::new(TOWN)?),
        ..Filter::all(Scope::Whole, today)
    };
    let (ours, bare) = in_turns(
        || over_http(address, &token, |_| list_path.clone()),
        || in_process(|_| data.books.read(|connection| bare_list(connection, &filter))),
    )?;
    table.ratio("list page, 8 clients", ours, bare, "pages", 1.0 / 3.0);
    let task = |n: usize| &data.tasks[n.wrapping_mul(7_919) % data.tasks.len()];
    let (ours, bare) = in_turns(
        || over_http(address, &token, |n| format!("/tasks/{}", task(n))),
        || {
            in_process(|n| {
                data.books.read(|connection| bare_detail(connection, &Subject::Task(task(n).clone())))
            })
        },
    )?;
    table.tell(
        "detail page beside the plainest table of its rows",
        format!("{:.2} ×, {bare:.0} tables/s", ours / bare),
    );
    let reader = reader(data, &token, today)?;
    let drawn = in_process(|n| drawn(&runtime, &app, &reader, task(n)))?;
    table.ratio(
        "detail page, 8 clients, beside its own queries and rendering in process",
        ours,
        drawn,
        "pages",
        1.0 / 3.0,
    );
    let leaders = leaders(address, &token)?;
    for (name, millis) in leaders {
        table.at_most(&format!("leader page {name}, one after another"), millis, "ms", 200.0);
    }
    server.abort();
    search(data, today, table)
}

/// The clerk as a page knows them, without a request.
fn reader(data: &Data, token: &str, today: Date) -> Result<Signed> {
    let hash = bihuan_web::session::token_hash(token);
    let session = data.books.read(|connection| account::session(connection, &hash))?.context("no session")?;
    let actor = data.books.reference().office.actor(&session.person, &session.post, today);
    Ok(Signed { actor: actor.context("the clerk has no post")?, session, address: "/".to_owned() })
}

/// The queries and the rendering of a task's page alone: no address, no connection, no session.
fn drawn(runtime: &Runtime, app: &App, reader: &Signed, id: &TaskId) -> Result<usize> {
    let page = bihuan_web::task::show::get(
        State(app.clone()),
        Locale::ZhCn,
        reader.clone(),
        Path(id.to_string()),
        Filled::default(),
    );
    let page = runtime.block_on(page).map_err(|failure| anyhow::anyhow!("{failure:?}"))?;
    let length = page.body().size_hint().exact().context("a page of unknown length")?;
    Ok(usize::try_from(length)?)
}

/// Leaders whose page is asked for: the whole district, some fields of it, a town.
const LEADERS: [&str; 3] = ["post-mayor", "post-committee", "post-town-04-2"];

/// The median time of each leader's page, in milliseconds.
fn leaders(address: SocketAddr, token: &str) -> Result<Vec<(&'static str, f64)>> {
    let stream = TcpStream::connect(address)?;
    stream.set_nodelay(true)?;
    let mut stream = BufReader::with_capacity(64 * 1024, stream);
    let mut found = Vec::new();
    for post in LEADERS {
        let mut spans = Vec::new();
        for _ in 0..30 {
            let begun = Instant::now();
            get(&mut stream, &format!("/leaders/{post}"), token)?;
            spans.push(begun.elapsed().as_secs_f64() * 1_000.0);
        }
        found.push((post, median(&mut spans)));
    }
    Ok(found)
}

fn search(data: &Data, today: Date, table: &mut Table) -> Result<()> {
    let filter = Filter { words: SEARCHED.to_owned(), ..Filter::all(Scope::Whole, today) };
    let mut spans = Vec::new();
    let mut hits = 0;
    for _ in 0..50 {
        let begun = Instant::now();
        hits = data
            .books
            .read(|connection| {
                list::tasks(connection, &filter, 50, 0)?;
                list::count(connection, &filter)
            })
            .map_err(|error: Error| error)?;
        spans.push(begun.elapsed().as_secs_f64() * 1_000.0);
    }
    table.at_most(
        &format!("search {SEARCHED}, {hits} hits, count and 50 rows"),
        median(&mut spans),
        "ms",
        5.0,
    );
    Ok(())
}

fn bare_list(connection: &mut Connection, filter: &Filter) -> Result<usize, Error> {
    let no_query = || Error::Unusable("no query".to_owned());
    let (sql, values) = filter.count_sql(connection).ok_or_else(no_query)?;
    let count = connection.one(&sql, &values)?;
    let (sql, mut values) = filter.page_sql(connection).ok_or_else(no_query)?;
    values.extend([Value::Int(50), Value::Int(0)]);
    let rows = connection.all(&sql, &values)?;
    Ok(render(count.iter().chain(&rows)).len())
}

fn bare_detail(connection: &mut Connection, subject: &Subject) -> Result<usize, Error> {
    let lines = connection.all(
        "SELECT seq, at, person, post, kind, body, hash FROM ledger WHERE subject = ?1 ORDER BY seq DESC",
        &[subject.to_string().into()],
    )?;
    let id = subject.to_string();
    let id = id.strip_prefix("task/").unwrap_or_default();
    let rows = connection.all(
        "SELECT t.*, p.original_text, p.numbers FROM task t JOIN problem p ON p.id = t.problem WHERE t.id = ?1",
        &[id.into()],
    )?;
    let source = connection
        .all("SELECT s.* FROM source s JOIN task t ON t.source = s.id WHERE t.id = ?1", &[id.into()])?;
    let beside = connection
        .all("SELECT DISTINCT kind FROM record_link WHERE subject = ?1", &[subject.to_string().into()])?;
    Ok(render(lines.iter().chain(&rows).chain(&source).chain(&beside)).len())
}

/// A table with every value escaped, and nothing else.
fn render<'r>(rows: impl Iterator<Item = &'r Row>) -> String {
    let mut page = String::with_capacity(16 * 1024);
    page.push_str("<!doctype html><table>");
    for row in rows {
        page.push_str("<tr>");
        for value in &row.0 {
            page.push_str("<td>");
            match value {
                Value::Null => {}
                Value::Int(n) => write!(page, "{n}").unwrap_or_default(),
                Value::Text(text) => {
                    for c in text.chars() {
                        match c {
                            '<' => page.push_str("&lt;"),
                            '>' => page.push_str("&gt;"),
                            '&' => page.push_str("&amp;"),
                            '"' => page.push_str("&quot;"),
                            c => page.push(c),
                        }
                    }
                }
            }
        }
    }
    page
}

/// Every core calls again and again; calls a second.
fn in_process<E>(once: impl Fn(usize) -> Result<usize, E> + Sync) -> Result<f64>
where
    anyhow::Error: From<E>,
{
    let cores = std::thread::available_parallelism().map_or(2, usize::from);
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..cores)
            .map(|core| {
                let once = &once;
                scope.spawn(move || {
                    rate(SPAN, |n| once(n * cores + core).map(drop).map_err(anyhow::Error::from))
                })
            })
            .collect();
        let mut sum = 0.0;
        for thread in threads {
            sum += thread.join().map_err(|_| anyhow::anyhow!("a thread failed"))??;
        }
        Ok(sum)
    })
}

/// Every client asks again and again over a connection of its own; pages a second.
fn over_http(address: SocketAddr, token: &str, path: impl Fn(usize) -> String + Sync) -> Result<f64> {
    let (stop, done) = (AtomicBool::new(false), AtomicU64::new(0));
    let begun = Instant::now();
    std::thread::scope(|scope| {
        let clients: Vec<_> = (0..CLIENTS)
            .map(|client| {
                let (stop, done, path) = (&stop, &done, &path);
                scope.spawn(move || -> Result<()> {
                    let stream = TcpStream::connect(address)?;
                    stream.set_nodelay(true)?;
                    let mut stream = BufReader::with_capacity(64 * 1024, stream);
                    let mut n = client;
                    while !stop.load(Ordering::Relaxed) {
                        get(&mut stream, &path(n), token)?;
                        done.fetch_add(1, Ordering::Relaxed);
                        n += CLIENTS;
                    }
                    Ok(())
                })
            })
            .collect();
        while begun.elapsed() < SPAN {
            std::thread::park_timeout(SPAN.saturating_sub(begun.elapsed()));
        }
        stop.store(true, Ordering::Relaxed);
        for client in clients {
            client.join().map_err(|_| anyhow::anyhow!("a client failed"))??;
        }
        Ok(done.load(Ordering::Relaxed) as f64 / begun.elapsed().as_secs_f64())
    })
}

fn get(stream: &mut BufReader<TcpStream>, path: &str, token: &str) -> Result<usize> {
    let request = format!(
        "GET {path} HTTP/1.1\r\nHost: localhost\r\nCookie: {}={token}\r\n\r\n",
        bihuan_web::session::COOKIE_NAME
    );
    stream.get_mut().write_all(request.as_bytes())?;
    let mut line = String::new();
    stream.read_line(&mut line)?;
    if !line.starts_with("HTTP/1.1 200") {
        bail!("{path} answered {line}");
    }
    let mut length = 0;
    loop {
        line.clear();
        stream.read_line(&mut line)?;
        if line == "\r\n" {
            break;
        }
        if let Some((name, value)) = line.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            length = value.trim().parse()?;
        }
    }
    // The body lies in the buffer of the connection or comes through it; a client looks at it and lets it go.
    let mut left = length;
    while left > 0 {
        let seen = stream.fill_buf()?.len().min(left);
        if seen == 0 {
            bail!("{path} ended early");
        }
        stream.consume(seen);
        left -= seen;
    }
    Ok(length)
}
