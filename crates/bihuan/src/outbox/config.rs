//! How the outbox is configured (消息通道): the table `outbox` of `bihuan.toml`; addresses with secrets in them may come from the environment.

use anyhow::{Context, Result, bail};
use bihuan_rules::{
    id::UnitId,
    outbox::{Allowance, ChannelKind, Hours, Occasion},
};
use bihuan_web::message::Route;
use serde::{Deserialize, Serialize};
use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
};

/// Longest variable of days in a short message.
const DAYS_CHARACTERS_MAX: usize = 4;

/// Everything that can be set about messages.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct OutboxConfig {
    /// What addresses in messages begin with, such as `https://bihuan.example.gov.cn`.
    pub address: String,
    /// Hosts that may be spoken to; no other is, whatever a channel says.
    pub allow: Vec<String>,
    /// PEM file with a root certificate beside those of the system, for editions in the office's own network.
    pub root_certificate: Option<PathBuf>,
    /// The ways out of the house.
    pub channel: Vec<ChannelConfig>,
}

/// One way out of the house.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChannelConfig {
    /// Its name: small letters, digits and hyphens.
    pub name: String,
    /// `email`, `wecom`, `dingtalk` or `sms`.
    pub kind: ChannelKind,
    /// Robots and gateways: where to post. E-mail: `smtps://host:465` or `smtp+starttls://host:587`.
    #[serde(default)]
    pub url: String,
    /// DingTalk: the secret of the signature. E-mail: the password. Gateways: what `{secret}` stands for.
    #[serde(default)]
    pub secret: String,
    /// Robots: the units to whose group it speaks; empty for every unit.
    #[serde(default)]
    pub units: BTreeSet<UnitId>,
    /// Titles may leave the house by it; otherwise numbers and days only.
    #[serde(default)]
    pub titles: bool,
    /// Robots: when it speaks.
    #[serde(default)]
    pub hours: Hours,
    /// Robots: the language, `zh-CN` or `en`.
    #[serde(default)]
    pub language: String,
    /// E-mail: the sender, such as `闭环 <bihuan@example.gov.cn>`.
    #[serde(default)]
    pub from: String,
    /// E-mail: the name of the account, if it is not the sender's address.
    #[serde(default)]
    pub user: String,
    /// Gateways: what is posted, as JSON with `{mobile}`, `{template}`, `{matter}`, `{days}`, `{signature}`, `{id}` and `{secret}` in its texts.
    #[serde(default)]
    pub body: String,
    /// Gateways: headers, with the same marks.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    /// Gateways: the signature without its brackets.
    #[serde(default)]
    pub signature: String,
    /// Gateways: the code of the approved template for `came`, `near` and `late`.
    #[serde(default)]
    pub templates: BTreeMap<String, String>,
    /// Gateways: the approved text of each template, to reckon its length.
    #[serde(default)]
    pub texts: BTreeMap<String, String>,
    /// Gateways: the field of the answer that holds the code, such as `Code`.
    #[serde(default)]
    pub code_field: String,
    /// Gateways: the code of success, such as `OK`.
    #[serde(default)]
    pub success: String,
}

impl OutboxConfig {
    /// Whether nothing is set.
    pub fn is_empty(&self) -> bool {
        *self == OutboxConfig::default()
    }

    /// Takes what the environment says: `BIHUAN_OUTBOX_ADDRESS`, and for a channel `ROBOT-1` its `BIHUAN_OUTBOX_ROBOT_1_URL` and `…_SECRET`.
    pub fn overlay(&mut self, variable: impl Fn(&str) -> Option<String>) {
        if let Some(address) = variable("BIHUAN_OUTBOX_ADDRESS") {
            self.address = address;
        }
        for channel in &mut self.channel {
            let name = channel.name.to_uppercase().replace('-', "_");
            for (what, field) in [("URL", &mut channel.url), ("SECRET", &mut channel.secret)] {
                if let Some(value) = variable(&format!("BIHUAN_OUTBOX_{name}_{what}")) {
                    *field = value;
                }
            }
        }
    }

    /// Looks for what cannot work.
    pub fn check(&self) -> Result<()> {
        if self.channel.is_empty() {
            return Ok(());
        }
        if !self.address.starts_with("https://") && !self.address.starts_with("http://") {
            bail!("outbox.address must say what addresses begin with, such as https://bihuan.example.gov.cn");
        }
        if self.address.ends_with('/') {
            bail!("outbox.address ends without a stroke");
        }
        let mut names = BTreeSet::new();
        for channel in &self.channel {
            if !names.insert(channel.name.as_str()) {
                bail!("two channels are called {}", channel.name);
            }
            channel.check().with_context(|| format!("the channel {}", channel.name))?;
        }
        Ok(())
    }

    /// The ways out of the house, as the pages know them.
    pub fn routes(&self) -> Vec<Route> {
        let route = |channel: &ChannelConfig| Route {
            name: channel.name.clone(),
            kind: channel.kind,
            units: channel.units.clone(),
            hours: channel.hours.clone(),
            titles: channel.titles,
        };
        self.channel.iter().map(route).collect()
    }
}

impl ChannelConfig {
    fn check(&self) -> Result<()> {
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if self.name.is_empty() || self.name == bihuan_store::outbox::INSIDE || !self.name.chars().all(plain)
        {
            bail!("a name has small letters, digits and hyphens, and is not “inside”");
        }
        if self.url.is_empty() {
            bail!("url is missing");
        }
        if !self.hours.is_sound() {
            bail!("hours are from 0 to 23, and the digest must not fall into quiet");
        }
        match self.kind {
            ChannelKind::Email if self.from.is_empty() => bail!("from is missing"),
            ChannelKind::Sms => self.check_gateway(),
            _ => Ok(()),
        }
    }

    fn check_gateway(&self) -> Result<()> {
        serde_json::from_str::<serde_json::Value>(&self.body).context("body is not JSON")?;
        if self.code_field.is_empty() || self.success.is_empty() {
            bail!("code_field and success must say how the gateway answers");
        }
        let allowance = Allowance::of(ChannelKind::Sms);
        for occasion in Occasion::ALL {
            let name = occasion.name();
            if !self.templates.contains_key(name) {
                bail!("templates.{name} is missing");
            }
            let Some(text) = self.texts.get(name) else { bail!("texts.{name} is missing") };
            let fixed = text.replace("{matter}", "").replace("{days}", "").chars().count();
            let matter = if text.contains("{matter}") { allowance.variable_characters_max } else { 0 };
            let days = if text.contains("{days}") { DAYS_CHARACTERS_MAX } else { 0 };
            // The signature stands in brackets: 【…】.
            let length = fixed + matter + days + self.signature.chars().count() + 2;
            if length > allowance.characters_max {
                bail!(
                    "texts.{name} can reach {length} characters with the signature; one short message has {}",
                    allowance.characters_max
                );
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_come_from_the_environment() {
        let mut config: OutboxConfig =
            toml::from_str("[[channel]]\nname = \"office-1\"\nkind = \"wecom\"").unwrap();
        config.overlay(|name| (name == "BIHUAN_OUTBOX_OFFICE_1_URL").then(|| "https://x/?key=1".to_owned()));
        assert_eq!(config.channel[0].url, "https://x/?key=1");
    }

    #[test]
    fn a_short_message_that_can_grow_too_long_is_refused_at_the_start() {
        let text = |late: &str| {
            format!(
                "address = \"https://b.cn\"\n[[channel]]\nname = \"sms\"\nkind = \"sms\"\nurl = \"https://g.cn/\"\nbody = \"{{}}\"\n\
                 code_field = \"Code\"\nsuccess = \"OK\"\nsignature = \"安澜区环委办\"\n\
                 templates = {{ came = \"1\", near = \"2\", late = \"3\" }}\n\
                 texts = {{ came = \"新到{{matter}}\", near = \"{{matter}}还剩{{days}}天\", late = \"{late}\" }}"
            )
        };
        let short: OutboxConfig = toml::from_str(&text("{matter}已逾期{days}天，请登录闭环办理。")).unwrap();
        assert!(short.check().is_ok());
        let long: OutboxConfig = toml::from_str(&text(&"办".repeat(63))).unwrap();
        assert!(format!("{:#}", long.check().unwrap_err()).contains("71"));
    }
}
