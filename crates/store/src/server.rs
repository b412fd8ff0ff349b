//! A PostgreSQL server (数据库服务器): its address, and how the line to it is encrypted.
//!
//! `sslmode` stands in the address, as PostgreSQL's own programs write it: `disable` speaks in the clear; `prefer`, the
//! default, encrypts where the server offers it; `require` (and `verify-ca`, `verify-full`, which ask for no more here)
//! refuses a server that does not encrypt or whose certificate does not lead to a trusted authority and bear its name.
//! Trusted is the root certificate that was named, else the system's. `prefer` checks the certificate only against a
//! root that was named: whoever could forge it could as well pretend that the server does not encrypt.

use crate::{Error, Result};
use percent_encoding::percent_decode_str;
use postgres::config::SslMode;
use rustls::{
    ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme,
    client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    crypto::{CryptoProvider, aws_lc_rs, verify_tls12_signature, verify_tls13_signature},
    pki_types::{CertificateDer, ServerName, UnixTime, pem::PemObject},
};
use std::{
    error::Error as StdError,
    fmt, io,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};
use tokio_postgres_rustls::MakeRustlsConnect;

/// Longest wait for a server to take the call.
const CONNECT_WAIT: Duration = Duration::from_secs(5);
/// Silence after which a server is asked whether it is still there.
const ASK_AFTER: Duration = Duration::from_secs(30);
/// Longest wait for what was sent to be acknowledged; then the line counts as cut.
const ACKNOWLEDGE_WAIT: Duration = Duration::from_secs(20);

/// Where a server is and what proves that it is the right one.
#[derive(Clone, PartialEq, Eq)]
pub struct Server {
    url: String,
    root_certificate: Option<PathBuf>,
}

impl fmt::Debug for Server {
    /// The address may bear a password, so only what follows it is shown.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Server").field(&self.without_password()).finish()
    }
}

impl Server {
    /// Reads `postgres://…`, with `sslmode` and `sslrootcert` among its settings.
    #[must_use]
    pub fn read(url: &str) -> Server {
        let host = url.rfind('@').unwrap_or(0);
        let Some(question) = url[host..].find('?').map(|at| host + at) else {
            return Server { url: url.to_owned(), root_certificate: None };
        };
        let mut root_certificate = None;
        let mut kept = Vec::new();
        for setting in url[question + 1..].split('&') {
            match setting.split_once('=') {
                Some(("sslrootcert", path)) => {
                    let path = percent_decode_str(path).decode_utf8_lossy().into_owned();
                    root_certificate = Some(PathBuf::from(path)).filter(|path| !path.as_os_str().is_empty());
                }
                Some(("sslmode", "verify-ca" | "verify-full")) => kept.push("sslmode=require"),
                _ => kept.push(setting),
            }
        }
        let url = match kept.join("&") {
            rest if rest.is_empty() => url[..question].to_owned(),
            rest => format!("{}?{rest}", &url[..question]),
        };
        Server { url, root_certificate }
    }

    /// Trusts this root certificate (PEM), unless the address names one.
    #[must_use]
    pub fn trusting(mut self, root_certificate: &Path) -> Server {
        self.root_certificate.get_or_insert_with(|| root_certificate.to_owned());
        self
    }

    fn without_password(&self) -> &str {
        self.url.rsplit_once('@').map_or(self.url.as_str(), |(_, host)| host)
    }

    /// Opens a connection.
    ///
    /// # Errors
    /// When the address or the certificate cannot be read, or the server does not answer, encrypt or prove itself.
    pub(crate) fn connect(&self) -> Result<postgres::Client> {
        let mut config: postgres::Config = self.url.parse().map_err(|error| self.unreachable(&error))?;
        config
            .connect_timeout(CONNECT_WAIT)
            .keepalives_idle(ASK_AFTER)
            .tcp_user_timeout(ACKNOWLEDGE_WAIT)
            .application_name("bihuan");
        let client = if config.get_ssl_mode() == SslMode::Disable {
            config.connect(postgres::NoTls)
        } else {
            config.connect(MakeRustlsConnect::new(self.encryption(config.get_ssl_mode())?))
        };
        client.map_err(|error| self.unreachable(&error))
    }

    fn unreachable(&self, error: &postgres::Error) -> Error {
        let mut text = error.to_string();
        let mut untrusted = false;
        let mut cause = error.source();
        while let Some(inner) = cause {
            let words = inner.to_string();
            if !text.contains(&words) {
                text = format!("{text}: {words}");
            }
            untrusted |= is_untrusted(inner);
            cause = inner.source();
        }
        if untrusted {
            text += "; name the authority of its certificate with sslrootcert or BIHUAN_DATABASE_ROOT_CERTIFICATE";
        }
        Error::Unusable(format!("the database server {}: {text}", self.without_password()))
    }

    fn encryption(&self, mode: SslMode) -> Result<ClientConfig> {
        let provider = Arc::new(aws_lc_rs::default_provider());
        let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
            .with_safe_default_protocol_versions()
            .map_err(|error| Error::Unusable(error.to_string()))?;
        let config = match &self.root_certificate {
            Some(path) => builder.with_root_certificates(named_root(path)?),
            None if mode == SslMode::Prefer => {
                builder.dangerous().with_custom_certificate_verifier(Arc::new(Anybody { provider }))
            }
            None => builder.with_root_certificates(system_roots()?),
        };
        Ok(config.with_no_client_auth())
    }
}

fn is_untrusted(error: &(dyn StdError + 'static)) -> bool {
    let carried = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
    let refused = carried.and_then(|inner| inner.downcast_ref::<rustls::Error>());
    matches!(refused.or_else(|| error.downcast_ref()), Some(rustls::Error::InvalidCertificate(_)))
}

fn named_root(path: &Path) -> Result<RootCertStore> {
    let unreadable = |why: &dyn fmt::Display| {
        Error::Unusable(format!("the root certificate {} cannot be used: {why}", path.display()))
    };
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_file_iter(path).map_err(|error| unreadable(&error))? {
        let certificate = certificate.map_err(|error| unreadable(&error))?;
        roots.add(certificate).map_err(|error| unreadable(&error))?;
    }
    if roots.is_empty() {
        return Err(unreadable(&"it holds no certificate in PEM form"));
    }
    Ok(roots)
}

fn system_roots() -> Result<RootCertStore> {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if roots.is_empty() {
        return Err(Error::Unusable(
            "the system trusts no certificate authority; name one with sslrootcert or BIHUAN_DATABASE_ROOT_CERTIFICATE"
                .to_owned(),
        ));
    }
    Ok(roots)
}

/// Takes any certificate whose key the server truly holds: secrecy against listeners, no proof of who answers.
#[derive(Debug)]
struct Anybody {
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for Anybody {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls12_signature(message, certificate, signed, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls13_signature(message, certificate, signed, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_root_certificate_is_taken_out_of_the_address() {
        let server =
            Server::read("postgres://a:b?c@db/books?sslmode=verify-full&sslrootcert=/etc/my%20ca.pem");
        assert_eq!(server.url, "postgres://a:b?c@db/books?sslmode=require");
        assert_eq!(server.root_certificate.as_deref(), Some(Path::new("/etc/my ca.pem")));
        let kept = server.clone().trusting(Path::new("/other.pem"));
        assert_eq!(kept, server);
        assert_eq!(format!("{server:?}"), "Server(\"db/books?sslmode=require\")");
    }

    #[test]
    fn an_address_without_settings_stays_as_it_is() {
        let server = Server::read("postgres://db/books?sslrootcert=");
        assert_eq!((server.url.as_str(), &server.root_certificate), ("postgres://db/books", &None));
        let trusting = server.trusting(Path::new("/ca.pem"));
        assert_eq!(trusting.root_certificate.as_deref(), Some(Path::new("/ca.pem")));
    }
}
