//! The line to robots and gateways (HTTP): named hosts only, no redirection, no proxy, no more of an answer than is needed.

use anyhow::{Context, Result, bail};
use bihuan_rules::outbox::Answer;
use reqwest::{Certificate, Client, Url, redirect::Policy};
use serde_json::Value;
use std::{collections::BTreeMap, path::Path, time::Duration};

/// Longest that a request may take.
pub const TIME_MAX: Duration = Duration::from_secs(20);
/// Longest that the handshake may take.
const CONNECT_MAX: Duration = Duration::from_secs(10);
/// Most of an answer that is read.
const ANSWER_BYTES_MAX: usize = 64 * 1024;
/// Most of an answer's words that are kept.
const WORDS_BYTES_MAX: usize = 300;

/// Speaks HTTP to the hosts that are allowed.
#[derive(Debug, Clone)]
pub struct Line {
    client: Client,
    allow: Vec<String>,
}

/// Checks that a host is allowed; plain text is for the machine itself only.
pub fn allowed(allow: &[String], host: &str, is_encrypted: bool) -> Result<()> {
    if !allow.iter().any(|known| known == host) {
        bail!("{host} is not among outbox.allow");
    }
    let is_here = matches!(host, "127.0.0.1" | "[::1]" | "localhost");
    if !is_encrypted && !is_here {
        bail!("{host} would be spoken to without encryption");
    }
    Ok(())
}

impl Line {
    /// A line to these hosts, trusting one more root certificate if there is one.
    pub fn new(allow: &[String], root_certificate: Option<&Path>) -> Result<Line> {
        let mut builder = Client::builder()
            .redirect(Policy::none())
            .no_proxy()
            .timeout(TIME_MAX)
            .connect_timeout(CONNECT_MAX)
            .user_agent(concat!("bihuan/", env!("CARGO_PKG_VERSION")));
        if let Some(path) = root_certificate {
            let pem = std::fs::read(path).with_context(|| format!("{} cannot be read", path.display()))?;
            let certificate = Certificate::from_pem(&pem).context("outbox.root_certificate is no PEM")?;
            builder = builder.tls_certs_merge([certificate]);
        }
        let client = builder.build().context("no line can be set up")?;
        Ok(Line { client, allow: allow.to_vec() })
    }

    /// Reads an address and checks its host.
    pub fn address(&self, text: &str) -> Result<Url> {
        let url: Url = text.parse().context("url is no address")?;
        let host = url.host_str().context("url names no host")?;
        allowed(&self.allow, host, url.scheme() == "https")?;
        if !matches!(url.scheme(), "https" | "http") {
            bail!("url must begin with https://");
        }
        Ok(url)
    }

    /// Posts JSON and reads the code of the answer; `success` is the code that means yes.
    pub async fn post(
        &self,
        url: Url,
        headers: &BTreeMap<String, String>,
        body: &Value,
        field: &str,
        success: &str,
    ) -> Answer {
        let mut request = self.client.post(url).header("content-type", "application/json; charset=utf-8");
        for (name, value) in headers {
            request = request.header(name, value);
        }
        let mut response = match request.body(body.to_string()).send().await {
            Ok(response) => response,
            Err(error) => return Answer::Nothing { words: told(error) },
        };
        let status = response.status();
        let mut bytes = Vec::new();
        loop {
            match response.chunk().await {
                Ok(Some(chunk)) if bytes.len() < ANSWER_BYTES_MAX => bytes.extend_from_slice(&chunk),
                Ok(_) => break,
                Err(error) => return Answer::Nothing { words: told(error) },
            }
        }
        let answer = serde_json::from_slice::<Value>(&bytes).ok();
        let code = answer.as_ref().and_then(|answer| answer.get(field)).and_then(text);
        match code {
            Some(code) if code == success && status.is_success() => Answer::Taken,
            Some(code) => Answer::Refused { code, words: words(&bytes) },
            None => Answer::Refused { code: format!("HTTP {}", status.as_u16()), words: words(&bytes) },
        }
    }
}

/// A code as text, whether it was sent as text or number.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

fn words(bytes: &[u8]) -> String {
    bihuan_rules::outbox::cut(&String::from_utf8_lossy(bytes), WORDS_BYTES_MAX)
}

/// What went wrong, without the address: it holds the key of a robot.
fn told(error: reqwest::Error) -> String {
    let kind = if error.is_timeout() {
        "timeout"
    } else if error.is_connect() {
        "connect"
    } else {
        "broken"
    };
    let cause = std::error::Error::source(&error).map(ToString::to_string).unwrap_or_default();
    bihuan_rules::outbox::cut(format!("{kind}: {cause}").trim_end_matches([':', ' ']), WORDS_BYTES_MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_named_hosts_are_spoken_to_and_others_only_encrypted() {
        let line = Line::new(&["127.0.0.1".to_owned(), "qyapi.weixin.qq.com".to_owned()], None).unwrap();
        assert!(line.address("https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=1").is_ok());
        assert!(line.address("http://127.0.0.1:9/").is_ok());
        for bad in [
            "http://qyapi.weixin.qq.com/",
            "https://qyapi.weixin.qq.com.evil.cn/",
            "https://evil.cn/?qyapi.weixin.qq.com",
            "https://qyapi.weixin.qq.com@evil.cn/",
            "https://169.254.169.254/",
            "http://2130706433.evil/",
            "http://[::ffff:127.0.0.1]/",
            "file:///etc/passwd",
            "gopher://127.0.0.1/",
        ] {
            assert!(line.address(bad).is_err(), "{bad}");
        }
    }
}
