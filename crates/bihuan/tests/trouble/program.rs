//! The built program, served as a process of its own and spoken to over HTTP, one question a line.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    path::Path,
    process::{Child, Command, Stdio},
    time::Duration,
};

/// Longest that any answer may take.
pub const PATIENCE: Duration = Duration::from_secs(40);
const BOUNDARY: &str = "a-line-that-no-file-holds";

/// The demo, served.
pub struct Program {
    child: Child,
    address: String,
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    /// Status.
    pub status: u16,
    /// Everything before the page.
    pub head: String,
    /// The page.
    pub page: String,
}

/// The command line of the built program.
pub fn bihuan(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bihuan"));
    command.args(arguments);
    command
}

/// Makes the demo's books in a folder, there or on a server.
pub fn make_demo(dir: &Path, database: Option<&str>) {
    let mut make = bihuan(&["demo", "--no-serve", "--as-of", "2021-06-11", "--dir", dir.to_str().unwrap()]);
    make.args(database.iter().flat_map(|url| ["--database", url]));
    let made = make.stdout(Stdio::null()).stderr(Stdio::null()).status().unwrap();
    assert!(made.success());
}

/// What `bihuan ledger verify` says, and whether it is content.
pub fn verify(dir: &Path) -> (bool, String) {
    let answer = bihuan(&["ledger", "verify", "--json", "--dir", dir.to_str().unwrap()]).output().unwrap();
    (answer.status.success(), String::from_utf8_lossy(&answer.stdout).into_owned())
}

impl Program {
    /// Serves the demo's books with this command, which ends in `bihuan demo`.
    pub fn serve(mut command: Command, dir: &Path, database: Option<&str>) -> Program {
        command.args(["--as-of", "2021-06-11", "--listen", "127.0.0.1:0", "--dir"]).arg(dir);
        command.args(database.iter().flat_map(|url| ["--database", url]));
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut told = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        while told.read_line(&mut line).unwrap() > 0 && !line.contains("http://") {
            line.clear();
        }
        let address = line.trim().rsplit_once("http://").expect("an address").1.trim_end_matches('/');
        Program { child, address: address.to_owned() }
    }

    /// Number of its process.
    pub fn process(&self) -> u32 {
        self.child.id()
    }

    fn send(&self, request: &[u8]) -> Answer {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        // Who refuses a long body early may close before all of it was sent.
        drop(stream.write_all(request));
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).expect("an answer in time");
        let text = String::from_utf8_lossy(&bytes);
        let (head, page) = text.split_once("\r\n\r\n").expect("a whole answer");
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap();
        Answer { status, head: head.to_owned(), page: page.to_owned() }
    }

    /// Opens a page in a language.
    pub fn get_in(&self, language: &str, cookie: &str, path: &str) -> Answer {
        let host = &self.address;
        let request = format!(
            "GET {path} HTTP/1.1\r\nHost: {host}\r\nCookie: {cookie}\r\nAccept-Language: {language}\r\nConnection: close\r\n\r\n"
        );
        self.send(request.as_bytes())
    }

    /// Opens a page.
    pub fn get(&self, cookie: &str, path: &str) -> Answer {
        self.get_in("en", cookie, path)
    }

    /// Sends a body of this kind.
    fn post(&self, cookie: &str, path: &str, kind: &str, body: &[u8]) -> Answer {
        let (host, length) = (&self.address, body.len());
        let mut request = format!(
            "POST {path} HTTP/1.1\r\nHost: {host}\r\nCookie: {cookie}\r\nAccept-Language: en\r\nContent-Type: {kind}\r\n\
             Content-Length: {length}\r\nConnection: close\r\n\r\n"
        )
        .into_bytes();
        request.extend_from_slice(body);
        self.send(&request)
    }

    /// Takes a role card; the cookie of the session.
    pub fn enter(&self, role: &str) -> String {
        let answer = self.post(
            "",
            "/demo/enter",
            "application/x-www-form-urlencoded",
            format!("role={role}").as_bytes(),
        );
        let cookie = answer.head.split("set-cookie: ").find(|rest| rest.starts_with("bihuan_session="));
        cookie.expect("a session").split(';').next().unwrap().to_owned()
    }

    /// Sends what a form would: its hidden fields, these, and files with their names.
    pub fn send_form(
        &self,
        cookie: &str,
        path: &str,
        fields: &[(String, String)],
        files: &[(&str, &[u8])],
    ) -> Answer {
        let mut body = Vec::new();
        for (name, value) in fields {
            body.extend(
                format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
                    .bytes(),
            );
        }
        for (name, bytes) in files {
            body.extend(
                format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"files\"; filename=\"{name}\"\r\n\r\n").bytes(),
            );
            body.extend_from_slice(bytes);
            body.extend(b"\r\n");
        }
        body.extend(format!("--{BOUNDARY}--\r\n").bytes());
        self.post(cookie, path, &format!("multipart/form-data; boundary={BOUNDARY}"), &body)
    }

    /// Sends fields that are plain words and codes.
    pub fn send_fields(&self, cookie: &str, path: &str, fields: &[(String, String)]) -> Answer {
        let pairs: Vec<String> =
            fields.iter().map(|(name, value)| format!("{name}={}", value.replace('+', "%2B"))).collect();
        self.post(cookie, path, "application/x-www-form-urlencoded", pairs.join("&").as_bytes())
    }
}

impl Answer {
    /// Hidden fields of the form that leads there.
    pub fn hidden(&self, action: &str) -> Vec<(String, String)> {
        let form = self.page.split("<form ").find(|form| form.contains(&format!("action=\"{action}\"")));
        let form = form.unwrap_or_else(|| panic!("no form for {action}: {} {}", self.status, self.page));
        let form = form.split("</form>").next().unwrap_or_default();
        let inputs = form.split("<input type=\"hidden\" ").skip(1);
        inputs.map(|input| (attribute(input, "name"), attribute(input, "value"))).collect()
    }
}

fn attribute(input: &str, name: &str) -> String {
    let rest = input.split(&format!("{name}=\"")).nth(1).unwrap_or_default();
    rest.split('"').next().unwrap_or_default().to_owned()
}

impl Drop for Program {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
