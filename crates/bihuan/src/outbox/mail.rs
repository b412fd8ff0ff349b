//! E-mail (邮件): one letter at a time to the server of the office, encrypted, under a code that stays the same when it is sent again.

use super::{
    config::{ChannelConfig, OutboxConfig},
    http::{TIME_MAX, allowed},
};
use anyhow::{Context, Result, bail};
use bihuan_rules::outbox::Answer;
use jiff::Timestamp;
use lettre::{
    Message, SmtpTransport, Transport,
    message::{Mailbox, header::ContentType},
    transport::smtp::{
        authentication::Credentials,
        client::{Certificate, Tls, TlsParameters},
    },
};
use std::time::{Duration, UNIX_EPOCH};

/// Speaks to the mail server.
pub struct Mail {
    transport: SmtpTransport,
    from: Mailbox,
}

impl Mail {
    /// Sets the line up; nothing is spoken yet.
    pub fn new(outbox: &OutboxConfig, config: &ChannelConfig) -> Result<Mail> {
        let (scheme, rest) = config.url.split_once("://").context("url must begin with smtps://")?;
        let (host, port) = rest.rsplit_once(':').context("url must end with a port, such as :465")?;
        let port: u16 = port.trim_end_matches('/').parse().context("the port is none")?;
        allowed(&outbox.allow, host, scheme != "smtp")?;
        let tls = || -> Result<TlsParameters> {
            let mut builder = TlsParameters::builder(host.to_owned());
            if let Some(path) = &outbox.root_certificate {
                let pem =
                    std::fs::read(path).with_context(|| format!("{} cannot be read", path.display()))?;
                builder = builder.add_root_certificate(Certificate::from_pem(&pem).context("no PEM")?);
            }
            builder.build_rustls().context("no encryption can be set up")
        };
        let tls = match scheme {
            "smtps" => Tls::Wrapper(tls()?),
            "smtp+starttls" => Tls::Required(tls()?),
            "smtp" => Tls::None,
            _ => bail!("url must begin with smtps:// or smtp+starttls://"),
        };
        let from: Mailbox = config.from.parse().context("from is no address")?;
        let mut builder = SmtpTransport::builder_dangerous(host).port(port).tls(tls).timeout(Some(TIME_MAX));
        if !config.secret.is_empty() {
            let user = if config.user.is_empty() { from.email.to_string() } else { config.user.clone() };
            builder = builder.credentials(Credentials::new(user, config.secret.clone()));
        }
        Ok(Mail { transport: builder.build(), from })
    }

    /// Sends one letter. The line is opened for it and closed after it.
    pub async fn give(&self, id: &str, subject: &str, text: &str, address: &str, now: Timestamp) -> Answer {
        let letter = match self.letter(id, subject, text, address, now) {
            Ok(letter) => letter,
            Err(error) => return Answer::Refused { code: "553".to_owned(), words: format!("{error:#}") },
        };
        let transport = self.transport.clone();
        let sent = tokio::task::spawn_blocking(move || transport.send(&letter)).await;
        match sent {
            Ok(Ok(_)) => Answer::Taken,
            Ok(Err(error)) => match error.status() {
                Some(code) => Answer::Refused { code: code.to_string(), words: error.to_string() },
                None => Answer::Nothing { words: error.to_string() },
            },
            Err(error) => Answer::Nothing { words: error.to_string() },
        }
    }

    fn letter(&self, id: &str, subject: &str, text: &str, address: &str, now: Timestamp) -> Result<Message> {
        let to: Mailbox = address.parse().context("no address")?;
        let domain = self.from.email.domain();
        Message::builder()
            .message_id(Some(format!("<{id}@{domain}>")))
            .date(UNIX_EPOCH + Duration::from_secs(u64::try_from(now.as_second()).unwrap_or(0)))
            .from(self.from.clone())
            .to(to)
            .subject(subject)
            .header(ContentType::TEXT_PLAIN)
            .body(text.to_owned())
            .context("the letter cannot be put together")
    }
}
