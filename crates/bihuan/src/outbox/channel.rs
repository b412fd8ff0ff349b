//! The channels (通道): how a body is put into the words of a WeCom robot, a DingTalk robot, an SMS gateway or a mail server.

use super::{
    config::{ChannelConfig, OutboxConfig},
    http::Line,
    mail::Mail,
};
use anyhow::{Context, Result};
use aws_lc_rs::hmac;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use bihuan_rules::outbox::{Answer, ChannelKind};
use bihuan_web::message::letter::Body;
use jiff::Timestamp;
use reqwest::Url;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// One way out of the house, ready to speak.
pub struct Channel {
    /// How it is configured.
    pub config: ChannelConfig,
    way: Way,
}

enum Way {
    Mail(Box<Mail>),
    Post(Line, Url),
}

impl Channel {
    /// Sets a channel up; nothing is spoken yet.
    pub fn new(outbox: &OutboxConfig, config: &ChannelConfig) -> Result<Channel> {
        let way = if config.kind == ChannelKind::Email {
            Way::Mail(Box::new(Mail::new(outbox, config)?))
        } else {
            let line = Line::new(&outbox.allow, outbox.root_certificate.as_deref())?;
            let url = line.address(&config.url)?;
            Way::Post(line, url)
        };
        Ok(Channel { config: config.clone(), way })
    }

    /// Gives the channel a body for an address, under a code that stays the same when it is given again.
    pub async fn give(&self, id: &str, body: &str, address: &str, now: Timestamp) -> Answer {
        let body: Body = match serde_json::from_str(body) {
            Ok(body) => body,
            Err(error) => return unfit(error.to_string()),
        };
        match (&self.way, body) {
            (Way::Mail(mail), Body::Mail { subject, text }) => {
                mail.give(id, &subject, &text, address, now).await
            }
            (Way::Post(line, url), Body::Markdown { title, text }) => {
                self.tell(line, url, &title, &text, now).await
            }
            (Way::Post(line, url), Body::Template { occasion, matter, days }) => {
                self.text(line, url, id, address, (occasion.name(), &matter, days)).await
            }
            _ => unfit("the body was made for another kind of channel".to_owned()),
        }
    }

    async fn tell(&self, line: &Line, url: &Url, title: &str, text: &str, now: Timestamp) -> Answer {
        let mut url = url.clone();
        let body = if self.config.kind == ChannelKind::Dingtalk {
            if !self.config.secret.is_empty() {
                let at = now.as_millisecond();
                let sign = signature(&self.config.secret, at);
                url.query_pairs_mut().append_pair("timestamp", &at.to_string()).append_pair("sign", &sign);
            }
            json!({ "msgtype": "markdown", "markdown": { "title": title, "text": text } })
        } else {
            json!({ "msgtype": "markdown", "markdown": { "content": text } })
        };
        line.post(url, &BTreeMap::new(), &body, "errcode", "0").await
    }

    async fn text(
        &self,
        line: &Line,
        url: &Url,
        id: &str,
        mobile: &str,
        (occasion, matter, days): (&str, &str, i64),
    ) -> Answer {
        let days = days.to_string();
        let template = self.config.templates.get(occasion).map_or("", String::as_str);
        let values = [
            ("{mobile}", mobile),
            ("{template}", template),
            ("{matter}", matter),
            ("{days}", &days),
            ("{signature}", &self.config.signature),
            ("{id}", id),
            ("{secret}", &self.config.secret),
        ];
        let mut body: Value = match serde_json::from_str(&self.config.body) {
            Ok(body) => body,
            Err(error) => return unfit(error.to_string()),
        };
        fill_in(&mut body, &values);
        let headers =
            self.config.headers.iter().map(|(name, value)| (name.clone(), filled(value, &values))).collect();
        line.post(url.clone(), &headers, &body, &self.config.code_field, &self.config.success).await
    }
}

/// No repetition makes it fit, but somebody may repair the configuration: it is tried a few times and then given up.
fn unfit(words: String) -> Answer {
    Answer::Refused { code: "unfit".to_owned(), words }
}

/// Fills values into every text of a JSON value, so that no value can end a text.
fn fill_in(value: &mut Value, values: &[(&str, &str)]) {
    match value {
        Value::String(text) => *text = filled(text, values),
        Value::Array(items) => items.iter_mut().for_each(|item| fill_in(item, values)),
        Value::Object(fields) => fields.values_mut().for_each(|field| fill_in(field, values)),
        _ => {}
    }
}

fn filled(text: &str, values: &[(&str, &str)]) -> String {
    values.iter().fold(text.to_owned(), |text, (mark, value)| text.replace(mark, value))
}

/// The signature of a DingTalk robot: HMAC-SHA256 of time and secret under the secret.
pub fn signature(secret: &str, at_milliseconds: i64) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    STANDARD.encode(hmac::sign(&key, format!("{at_milliseconds}\n{secret}").as_bytes()))
}

/// Sets up every channel of a configuration.
pub fn all(outbox: &OutboxConfig) -> Result<Vec<Channel>> {
    let set_up = |config: &ChannelConfig| {
        Channel::new(outbox, config).with_context(|| format!("the channel {} cannot be set up", config.name))
    };
    outbox.channel.iter().map(set_up).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_signature_is_that_of_the_robot() {
        // Reckoned apart with `openssl dgst -sha256 -hmac SECthis -binary | base64` over "1577262236757\nSECthis".
        assert_eq!(signature("SECthis", 1_577_262_236_757), EXPECTED);
    }

    const EXPECTED: &str = "kF4wfFP9hA3gxOYzwmYk42ZHhcUKme9jHejbrir0mo8=";

    #[test]
    fn a_value_cannot_leave_its_text() {
        let mut body: Value = serde_json::from_str(r#"{"to":["{mobile}"],"p":{"m":"{matter}"}}"#).unwrap();
        fill_in(&mut body, &[("{mobile}", "138"), ("{matter}", "\",\"x\":\"")]);
        assert_eq!(body, json!({ "to": ["138"], "p": { "m": "\",\"x\":\"" } }));
    }
}
