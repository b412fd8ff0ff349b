//! Configuration (配置): `bihuan.toml` in the folder, overridden by `BIHUAN_…` in the environment.

use crate::outbox::config::OutboxConfig;
use anyhow::{Context, Result, bail};
use bihuan_store::{Books, EvidenceStore, Place};
use serde::{Deserialize, Serialize};
use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
};

/// Name of the configuration file.
pub const FILE: &str = "bihuan.toml";

const ROOT_CERTIFICATE: &str = "BIHUAN_DATABASE_ROOT_CERTIFICATE";

/// Everything that can be set. Secrets of a database or a store come from the environment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Code of the area, such as `519904`.
    pub area: String,
    /// Where to listen.
    pub listen: SocketAddr,
    /// `postgres://…` with `sslmode` and `sslrootcert` among its settings, or empty for the embedded database in the folder.
    pub database: String,
    /// PEM file with the root certificate that a database server must lead to; empty for the system's.
    pub database_root_certificate: String,
    /// Cookies are sent over HTTPS only; switch on behind a TLS front.
    pub secure_cookies: bool,
    /// Where evidence lies: empty for the folder, or `s3://bucket/prefix`.
    pub evidence: String,
    /// Address of an S3-compatible service.
    pub s3_endpoint: String,
    /// Region of the S3-compatible service.
    pub s3_region: String,
    /// What is logged, such as `info` or `bihuan_store=debug,info`.
    pub log: String,
    /// Logs as JSON lines.
    pub log_json: bool,
    /// A checkpoint is signed at least this often while the ledger grows, in seconds.
    pub checkpoint_seconds: u64,
    /// Key of the Tianditu map service (天地图); empty for sketches alone, and no page then asks any other host for anything.
    pub tianditu_key: String,
    /// Messages that leave the house; none without a channel.
    #[serde(skip_serializing_if = "OutboxConfig::is_empty")]
    pub outbox: OutboxConfig,
}

impl Default for Config {
    fn default() -> Config {
        Config {
            area: String::new(),
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            database: String::new(),
            database_root_certificate: String::new(),
            secure_cookies: false,
            evidence: String::new(),
            s3_endpoint: String::new(),
            s3_region: "us-east-1".to_owned(),
            log: "info".to_owned(),
            log_json: false,
            checkpoint_seconds: 300,
            tianditu_key: String::new(),
            outbox: OutboxConfig::default(),
        }
    }
}

impl Config {
    /// Reads the configuration of a folder and the environment.
    pub fn load(dir: &Path) -> Result<Config> {
        let path = dir.join(FILE);
        let text = std::fs::read_to_string(&path).with_context(|| {
            format!("{} cannot be read; make the folder with `bihuan init`", path.display())
        })?;
        let mut config: Config =
            toml::from_str(&text).with_context(|| format!("{} is not valid", path.display()))?;
        config.overlay(|name| std::env::var(name).ok())?;
        Ok(config)
    }

    /// What a new folder begins with: the defaults, and the authority of the database server from the environment.
    pub fn fresh() -> Config {
        let database_root_certificate = std::env::var(ROOT_CERTIFICATE).unwrap_or_default();
        Config { database_root_certificate, ..Config::default() }
    }

    fn overlay(&mut self, variable: impl Fn(&str) -> Option<String>) -> Result<()> {
        if let Some(listen) = variable("BIHUAN_LISTEN") {
            self.listen = listen.parse().context("BIHUAN_LISTEN is no address and port")?;
        }
        if let Some(secure) = variable("BIHUAN_SECURE_COOKIES") {
            self.secure_cookies = matches!(secure.as_str(), "1" | "true" | "yes");
        }
        for (name, field) in [
            ("BIHUAN_DATABASE", &mut self.database),
            (ROOT_CERTIFICATE, &mut self.database_root_certificate),
            ("BIHUAN_EVIDENCE", &mut self.evidence),
            ("BIHUAN_S3_ENDPOINT", &mut self.s3_endpoint),
            ("BIHUAN_S3_REGION", &mut self.s3_region),
            ("BIHUAN_LOG", &mut self.log),
            ("BIHUAN_TIANDITU_KEY", &mut self.tianditu_key),
        ] {
            if let Some(value) = variable(name) {
                *field = value;
            }
        }
        if !self.tianditu_key.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            bail!("tianditu_key has letters and digits only");
        }
        self.outbox.overlay(variable);
        self.outbox.check()?;
        Ok(())
    }

    /// Where the books of the folder are.
    pub fn place(&self, dir: &Path) -> Place {
        if self.database.is_empty() {
            return Place::File(database_file(dir));
        }
        let place = Place::read(&self.database);
        if self.database_root_certificate.is_empty() {
            place
        } else {
            place.trusting(Path::new(&self.database_root_certificate))
        }
    }

    /// Opens the books of the folder.
    pub fn open(&self, dir: &Path) -> Result<Books> {
        let evidence = self.evidence_store(dir)?;
        Books::open(self.place(dir), &self.area, evidence).context("the books cannot be opened")
    }

    fn evidence_store(&self, dir: &Path) -> Result<EvidenceStore> {
        if self.evidence.is_empty() {
            return EvidenceStore::folder(&dir.join("evidence"))
                .context("the evidence folder cannot be made");
        }
        let Some(bucket) = self.evidence.strip_prefix("s3://") else {
            bail!("evidence must be empty or s3://bucket/prefix, not {}", self.evidence);
        };
        EvidenceStore::s3(bucket, &self.s3_endpoint, &self.s3_region).context("the S3 store cannot be set up")
    }
}

/// The embedded database of a folder.
pub fn database_file(dir: &Path) -> PathBuf {
    dir.join("bihuan.db")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_environment_goes_before_the_file() {
        let mut config = Config::default();
        let listen = |name: &str| (name == "BIHUAN_LISTEN").then(|| "[::1]:9000".to_owned());
        config.overlay(listen).unwrap();
        assert_eq!(config.listen.port(), 9000);
    }

    #[test]
    fn an_unknown_setting_is_refused() {
        assert!(toml::from_str::<Config>("lissten = \"x\"").is_err());
    }
}
