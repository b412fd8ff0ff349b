//! `bihuan draw commit [--secret HEX]`: what a party keeps, and what it publishes before the deadline.

use anyhow::Result;
use bihuan_methods::{digest::Digest, look_back::ceremony::commitment};
use clap::Args;
use std::process::ExitCode;

/// Makes the secret of a party and the commitment to it.
#[derive(Debug, Args)]
pub struct Commit {
    /// A secret that was made before, as 64 hexadecimal digits; without it a new one is made.
    #[arg(long)]
    secret: Option<Digest>,
}

impl Commit {
    /// Prints the commitment first, so that it alone can be cut out and published.
    pub fn run(&self) -> Result<ExitCode> {
        let secret = match self.secret {
            Some(secret) => secret,
            None => {
                let mut bytes = [0; 32];
                getrandom::fill(&mut bytes)
                    .map_err(|error| anyhow::anyhow!("取不到随机数 no randomness: {error}"))?;
                Digest(bytes)
            }
        };
        println!("commitment {}", commitment(&secret.0));
        println!("secret     {secret}");
        Ok(ExitCode::SUCCESS)
    }
}
