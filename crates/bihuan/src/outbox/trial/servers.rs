//! Servers on the loopback that behave as the real ones: they enforce the real limits by the clock of the test, answer with the real
//! codes, and break when they are told to.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use jiff::Timestamp;
use serde_json::{Value, json};
use std::{
    collections::{BTreeSet, HashMap, VecDeque},
    sync::{
        Arc, Mutex,
        atomic::{AtomicI64, Ordering},
    },
};
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
};

/// The clock of a test, in milliseconds.
#[derive(Clone)]
pub struct Clock(Arc<AtomicI64>);

impl Clock {
    pub fn at(start: Timestamp) -> Clock {
        Clock(Arc::new(AtomicI64::new(start.as_millisecond())))
    }

    pub fn milliseconds(&self) -> i64 {
        self.0.load(Ordering::SeqCst)
    }

    pub fn now(&self) -> Timestamp {
        Timestamp::from_millisecond(self.milliseconds()).unwrap()
    }

    pub fn pass(&self, milliseconds: i64) {
        self.0.fetch_add(milliseconds, Ordering::SeqCst);
    }
}

/// What goes wrong with the next request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The server is broken: HTTP 500, or 451.
    Broken,
    /// The line breaks before the message was taken.
    DropBefore,
    /// The message is taken, and the line breaks before that is said.
    DropAfter,
}

/// What a server is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    Wecom,
    /// With the secret of its signature.
    Dingtalk(&'static str),
    /// Knows codes: the same code is taken once.
    Gateway,
    Mail,
}

/// A message as it was taken: when, for whom, under which code, its text.
#[derive(Debug, Clone)]
pub struct Taken {
    pub at: i64,
    pub to: String,
    pub id: String,
    pub text: String,
}

#[derive(Default)]
struct Inside {
    taken: Vec<Taken>,
    /// Requests refused because there were too many: never, if the limits are kept.
    over: usize,
    blocked_until: i64,
    faults: VecDeque<Fault>,
    codes: BTreeSet<String>,
}

/// A server.
#[derive(Clone)]
pub struct Server {
    pub port: u16,
    kind: Kind,
    clock: Clock,
    inside: Arc<Mutex<Inside>>,
}

impl Server {
    /// Listens on a free port.
    pub async fn start(kind: Kind, clock: &Clock) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let server = Server { port, kind, clock: clock.clone(), inside: Arc::default() };
        let serving = server.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let one = serving.clone();
                tokio::spawn(async move {
                    let done =
                        if one.kind == Kind::Mail { one.mail(stream).await } else { one.http(stream).await };
                    drop(done);
                });
            }
        });
        server
    }

    /// What goes wrong next.
    pub fn fault(&self, fault: Fault) {
        self.inside.lock().unwrap().faults.push_back(fault);
    }

    /// Somebody else uses up the limit of the same robot.
    pub fn crowd(&self, requests: usize) {
        let at = self.clock.milliseconds();
        let one = Taken { at, to: "others".to_owned(), id: String::new(), text: String::new() };
        self.inside.lock().unwrap().taken.extend(std::iter::repeat_n(one, requests));
    }

    /// What was taken, without what others sent.
    pub fn taken(&self) -> Vec<Taken> {
        self.inside.lock().unwrap().taken.iter().filter(|each| each.to != "others").cloned().collect()
    }

    /// How often it was asked too often.
    pub fn over(&self) -> usize {
        self.inside.lock().unwrap().over
    }

    fn fault_now(&self) -> Option<Fault> {
        self.inside.lock().unwrap().faults.pop_front()
    }

    /// Takes a message if the limits allow: most in how many milliseconds, for everybody or for this address alone.
    fn take(&self, to: &str, id: &str, text: &str, limits: &[(usize, i64, bool)]) -> bool {
        let at = self.clock.milliseconds();
        let mut inside = self.inside.lock().unwrap();
        let is_over = limits.iter().any(|(most, span, each)| {
            let counted = inside.taken.iter().filter(|one| one.at > at - span && (!each || one.to == to));
            counted.count() >= *most
        });
        if is_over {
            inside.over += 1;
            return false;
        }
        inside.taken.push(Taken { at, to: to.to_owned(), id: id.to_owned(), text: text.to_owned() });
        true
    }

    async fn http(&self, mut stream: TcpStream) -> std::io::Result<()> {
        let mut reader = BufReader::new(&mut stream);
        let mut first = String::new();
        reader.read_line(&mut first).await?;
        let mut length = 0;
        loop {
            let mut line = String::new();
            reader.read_line(&mut line).await?;
            if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                length = value.trim().parse().unwrap();
            }
            if line.trim().is_empty() {
                break;
            }
        }
        let mut body = vec![0; length];
        reader.read_exact(&mut body).await?;
        let fault = self.fault_now();
        if fault == Some(Fault::DropBefore) {
            return Ok(());
        }
        let (status, answer) = if fault == Some(Fault::Broken) {
            ("500 Internal Server Error", "out of order".to_owned())
        } else {
            let body: Value = serde_json::from_slice(&body).unwrap();
            ("200 OK", self.answer(first.split(' ').nth(1).unwrap_or_default(), &body).to_string())
        };
        if fault == Some(Fault::DropAfter) {
            return Ok(());
        }
        let head =
            format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n", answer.len());
        stream.write_all(head.as_bytes()).await?;
        stream.write_all(answer.as_bytes()).await
    }

    fn answer(&self, path: &str, body: &Value) -> Value {
        match self.kind {
            Kind::Wecom => self.wecom(body),
            Kind::Dingtalk(secret) => self.dingtalk(path, secret, body),
            Kind::Gateway => self.gateway(body),
            Kind::Mail => Value::Null,
        }
    }

    /// 20 a minute, Markdown of 4096 bytes.
    fn wecom(&self, body: &Value) -> Value {
        let text = body["markdown"]["content"].as_str().unwrap_or_default();
        if body["msgtype"] != "markdown" || text.is_empty() {
            return json!({ "errcode": 40008, "errmsg": "invalid message type" });
        }
        if text.len() > 4096 {
            return json!({ "errcode": 40058, "errmsg": "markdown.content exceed max length 4096" });
        }
        if !self.take("group", "", text, &[(20, 60_000, false)]) {
            return json!({ "errcode": 45009, "errmsg": "api freq out of limit" });
        }
        json!({ "errcode": 0, "errmsg": "ok" })
    }

    /// 20 a minute, else nothing for ten minutes; signed within the hour; the keyword in the text.
    fn dingtalk(&self, path: &str, secret: &str, body: &Value) -> Value {
        let query: HashMap<String, String> =
            reqwest::Url::parse(&format!("http://x{path}")).unwrap().query_pairs().into_owned().collect();
        let at: i64 = query.get("timestamp").and_then(|at| at.parse().ok()).unwrap_or(0);
        let is_signed =
            query.get("sign").is_some_and(|sign| *sign == super::super::channel::signature(secret, at));
        let text = body["markdown"]["text"].as_str().unwrap_or_default();
        if !is_signed || (self.clock.milliseconds() - at).abs() > 3_600_000 || !text.contains("闭环") {
            return json!({ "errcode": 310000, "errmsg": "sign not match" });
        }
        if body["markdown"]["title"].as_str().unwrap_or_default().is_empty() || text.len() > 20_000 {
            return json!({ "errcode": 400105, "errmsg": "unsupported message" });
        }
        let now = self.clock.milliseconds();
        let is_blocked = self.inside.lock().unwrap().blocked_until > now;
        if is_blocked || !self.take("group", "", text, &[(20, 60_000, false)]) {
            let mut inside = self.inside.lock().unwrap();
            inside.blocked_until = inside.blocked_until.max(now + 600_000);
            return json!({ "errcode": 130101, "errmsg": "send too fast, exceed 20 times per minute" });
        }
        json!({ "errcode": 0, "errmsg": "ok" })
    }

    /// One number 1 in a minute, 5 in an hour, 10 in a day; variables of 20 characters; the same code is taken once.
    fn gateway(&self, body: &Value) -> Value {
        let text = |name: &str| body[name].as_str().unwrap_or_default().to_owned();
        let (mobile, id, matter) = (text("mobile"), text("id"), text("matter"));
        if mobile.len() != 11 {
            return json!({ "Code": "isv.MOBILE_NUMBER_ILLEGAL", "Message": "号码格式错误" });
        }
        if matter.chars().count() > 20 || matter.contains("http") || text("template").is_empty() {
            return json!({ "Code": "isv.INVALID_PARAMETERS", "Message": "变量不合规" });
        }
        if !self.inside.lock().unwrap().codes.insert(id.clone()) {
            return json!({ "Code": "OK", "Message": "OK" });
        }
        let limits = [(1, 60_000, true), (5, 3_600_000, true), (10, 86_400_000, true), (20, 1_000, false)];
        if !self.take(&mobile, &id, &format!("{} {matter} {}", text("template"), text("days")), &limits) {
            self.inside.lock().unwrap().codes.remove(&id);
            return json!({ "Code": "isv.BUSINESS_LIMIT_CONTROL", "Message": "触发流控" });
        }
        json!({ "Code": "OK", "Message": "OK" })
    }

    /// 40 letters a minute; an unknown box is refused for good.
    async fn mail(&self, mut stream: TcpStream) -> std::io::Result<()> {
        let (read, mut write) = stream.split();
        let mut lines = BufReader::new(read).lines();
        write.write_all(b"220 mail.test ESMTP\r\n").await?;
        let mut to = String::new();
        while let Some(line) = lines.next_line().await? {
            let command = line.split([' ', ':']).next().unwrap_or_default().to_ascii_uppercase();
            let answer: &[u8] = match command.as_str() {
                "EHLO" => b"250-mail.test\r\n250 8BITMIME\r\n",
                "RCPT" => {
                    to = line.split(['<', '>']).nth(1).unwrap_or_default().to_owned();
                    if to.starts_with("nobody@") { b"550 5.1.1 no such box\r\n" } else { b"250 ok\r\n" }
                }
                "DATA" => {
                    write.write_all(b"354 go on\r\n").await?;
                    let (mut text, mut id) = (String::new(), String::new());
                    while let Some(line) = lines.next_line().await? {
                        if line == "." {
                            break;
                        }
                        if let Some(code) = line.strip_prefix("Message-ID: ") {
                            id = code.to_owned();
                        }
                        text.push_str(&line);
                        text.push('\n');
                    }
                    match self.fault_now() {
                        Some(Fault::DropBefore) => return Ok(()),
                        Some(Fault::Broken) => b"554 5.3.0 transaction failed\r\n",
                        fault => {
                            let is_taken = self.take(&to, &id, &plain(&text), &[(40, 60_000, false)]);
                            if fault == Some(Fault::DropAfter) {
                                return Ok(());
                            }
                            if is_taken { b"250 queued\r\n" } else { b"450 4.7.1 too many letters\r\n" }
                        }
                    }
                }
                "QUIT" => {
                    write.write_all(b"221 bye\r\n").await?;
                    return Ok(());
                }
                _ => b"250 ok\r\n",
            };
            write.write_all(answer).await?;
        }
        Ok(())
    }
}

/// The body of a letter, out of the encoding that its head names.
fn plain(letter: &str) -> String {
    let (head, body) = letter.split_once("\n\n").unwrap_or(("", letter));
    let head = head.to_ascii_lowercase();
    let bytes = if head.contains("content-transfer-encoding: base64") {
        STANDARD.decode(body.replace('\n', "")).unwrap()
    } else if head.contains("content-transfer-encoding: quoted-printable") {
        let joined = body.replace("=\n", "");
        let mut bytes = joined.bytes();
        let mut out = Vec::new();
        while let Some(byte) = bytes.next() {
            if byte != b'=' {
                out.push(byte);
                continue;
            }
            let digits = [bytes.next().unwrap(), bytes.next().unwrap()];
            out.push(u8::from_str_radix(std::str::from_utf8(&digits).unwrap(), 16).unwrap());
        }
        out
    } else {
        body.as_bytes().to_vec()
    };
    String::from_utf8(bytes).unwrap()
}
