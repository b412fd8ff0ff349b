//! `bihuan outbox try`: sends one test message by a channel and says in words what came of it.

use super::channel::Channel;
use crate::{config::Config, serve::wall_clock};
use anyhow::{Context, Result, bail};
use bihuan_rules::outbox::{Allowance, Answer, ChannelKind, Fate, Occasion, after, read_email, read_mobile};
use bihuan_web::message::letter::Body;
use clap::{Args, Subcommand};
use std::{path::PathBuf, process::ExitCode};

/// Messages.
#[derive(Debug, Args)]
pub struct OutboxCommand {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Sends one test message by a channel and says what came of it.
    Try {
        /// The folder, made by `bihuan init`.
        #[arg(long)]
        dir: PathBuf,
        /// The name of the channel in `bihuan.toml`.
        #[arg(long)]
        channel: String,
        /// The address or mobile number; robots need none.
        #[arg(long, default_value = "")]
        to: String,
    },
}

impl OutboxCommand {
    /// Runs it.
    pub fn run(&self) -> Result<ExitCode> {
        let What::Try { dir, channel, to } = &self.what;
        let config = Config::load(dir)?;
        let Some(found) = config.outbox.channel.iter().find(|each| each.name == *channel) else {
            let names: Vec<&str> = config.outbox.channel.iter().map(|each| each.name.as_str()).collect();
            bail!("there is no channel {channel}; bihuan.toml has: {}", names.join(", "));
        };
        let kind = found.kind;
        let to = match kind {
            ChannelKind::Email => read_email(to).context("--to is no e-mail address")?,
            ChannelKind::Sms => read_mobile(to).context("--to is no mobile number")?,
            ChannelKind::Wecom | ChannelKind::Dingtalk => String::new(),
        };
        let set_up = Channel::new(&config.outbox, found)?;
        let (title, text) = (
            "闭环 · 测试",
            "闭环：这是一条测试消息，无需办理。\n\nbihuan: a test message, nothing to be done.",
        );
        let body = match kind {
            ChannelKind::Email => Body::Mail { subject: title.to_owned(), text: text.to_owned() },
            ChannelKind::Sms => {
                Body::Template { occasion: Occasion::Came, matter: "测试".to_owned(), days: 0 }
            }
            ChannelKind::Wecom | ChannelKind::Dingtalk => {
                Body::Markdown { title: title.to_owned(), text: text.to_owned() }
            }
        };
        let now = wall_clock();
        let body = serde_json::to_string(&body)?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let answer = runtime.block_on(set_up.give("bihuan-try", &body, &to, now));
        let fate = after(Allowance::of(kind), &answer, 1, now);
        println!("{}", told(&answer, fate));
        Ok(if answer == Answer::Taken { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}

/// What came of it, in a sentence.
fn told(answer: &Answer, fate: Fate) -> String {
    match (answer, fate) {
        (Answer::Taken, _) => "the channel took the message".to_owned(),
        (Answer::Nothing { words }, _) => {
            format!("no answer ({words}); a message of the outbox would be tried again")
        }
        (Answer::Refused { code, words }, Fate::Rest(until)) => {
            format!("refused for now, {code}: {words}; the outbox would let the channel rest until {until}")
        }
        (Answer::Refused { code, words }, Fate::GivenUp) => {
            format!("refused, {code}: {words}; the outbox would give the message up")
        }
        (Answer::Refused { code, words }, _) => {
            format!("refused, {code}: {words}; the outbox would try again")
        }
    }
}
