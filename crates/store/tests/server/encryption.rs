//! The line to a PostgreSQL server: encrypted where it can be, refused where it must not be trusted.

use super::cluster::{Cluster, Wanted};
use bihuan_store::{Books, EvidenceStore, Place, Server};

use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

/// What an authority makes: its own certificate, and one for the loopback with its key.
struct Authority {
    root: PathBuf,
    certificate: PathBuf,
    key: PathBuf,
}

fn openssl(dir: &Path, arguments: &[&str]) {
    let mut command = Command::new("openssl");
    command.args(arguments).current_dir(dir).stdout(Stdio::null()).stderr(Stdio::null());
    assert!(command.status().expect("openssl, which PostgreSQL comes with").success(), "{arguments:?}");
}

fn authority(dir: &Path, name: &str) -> Authority {
    let dir = dir.join(name);
    std::fs::create_dir(&dir).unwrap();
    let curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
    let subject = format!("/CN={name}");
    let root = ["req", "-x509", "-days", "2", "-subj", &subject, "-keyout", "root.key", "-out", "root.pem"];
    openssl(&dir, &[&root[..], &curve[..]].concat());
    let asked = ["req", "-subj", "/CN=127.0.0.1", "-keyout", "server.key", "-out", "server.csr"];
    openssl(&dir, &[&asked[..], &curve[..]].concat());
    std::fs::write(dir.join("names"), "subjectAltName=IP:127.0.0.1\n").unwrap();
    let signed = "x509 -req -in server.csr -CA root.pem -CAkey root.key -CAcreateserial -days 2 -extfile names -out server.pem";
    openssl(&dir, &signed.split(' ').collect::<Vec<_>>());
    Authority { root: dir.join("root.pem"), certificate: dir.join("server.pem"), key: dir.join("server.key") }
}

/// Opens books there; whether the line is encrypted, or why there is none.
fn opens(place: Place) -> Result<bool, String> {
    let dir = tempfile::tempdir().unwrap();
    let evidence = EvidenceStore::folder(dir.path()).unwrap();
    let books = Books::open(place, "519904", evidence).map_err(|error| error.to_string())?;
    let encrypted = books.read(|connection| {
        let own = "SELECT CAST(COUNT(*) AS BIGINT) FROM pg_stat_ssl WHERE ssl AND pid = pg_backend_pid()";
        connection.one(own, &[])?.unwrap().int(0)
    });
    encrypted.map(|lines| lines == 1).map_err(|error: bihuan_store::Error| error.to_string())
}

fn with(url: &str, settings: &str) -> Result<bool, String> {
    opens(Place::read(&format!("{url}?{settings}")))
}

#[test]
fn an_encrypting_server_must_prove_who_it_is() {
    let dir = tempfile::tempdir().unwrap();
    let wanted = {
        let ours = authority(dir.path(), "ours");
        Wanted { certificate: Some((ours.certificate, ours.key)), ..Wanted::default() }
    };
    let Some(cluster) = Cluster::start(&wanted) else { return };
    let url = cluster.url();
    let root = dir.path().join("ours/root.pem");
    let other = authority(dir.path(), "another").root;
    let (root, other) = (root.display(), other.display());

    assert_eq!(with(&url, &format!("sslmode=require&sslrootcert={root}")), Ok(true));
    assert_eq!(with(&url, &format!("sslmode=verify-full&sslrootcert={root}")), Ok(true));
    assert_eq!(
        opens(Place::Server(Server::read(&url).trusting(&dir.path().join("ours/root.pem")))),
        Ok(true)
    );
    assert_eq!(opens(Place::read(&url)), Ok(true), "encryption is preferred");
    assert_eq!(with(&url, "sslmode=disable"), Ok(false));

    for settings in [
        format!("sslmode=require&sslrootcert={other}"),
        format!("sslrootcert={other}"),
        "sslmode=require".to_owned(),
    ] {
        let refused = with(&url, &settings).expect_err(&settings);
        assert!(refused.contains("UnknownIssuer"), "{settings}: {refused}");
        assert!(refused.contains("BIHUAN_DATABASE_ROOT_CERTIFICATE"), "{settings}: {refused}");
    }
    // The certificate is for the address, not for the name.
    let named = url.replace("127.0.0.1", "localhost");
    let refused = with(&named, &format!("sslmode=require&sslrootcert={root}")).expect_err("another name");
    assert!(refused.contains("not valid for name"), "{refused}");

    std::fs::write(dir.path().join("empty.pem"), "no certificate\n").unwrap();
    let empty = dir.path().join("empty.pem");
    let refused = with(&url, &format!("sslrootcert={}", empty.display())).expect_err("no certificate");
    assert!(refused.contains("holds no certificate"), "{refused}");
    let refused = with(&url, "sslrootcert=/nowhere.pem").expect_err("no file");
    assert!(refused.contains("/nowhere.pem cannot be used"), "{refused}");
}

#[test]
fn a_server_that_does_not_encrypt_is_refused_when_it_must() {
    let Some(cluster) = Cluster::start(&Wanted::default()) else { return };
    assert_eq!(opens(Place::read(&cluster.url())), Ok(false));
    let refused = with(&cluster.url(), "sslmode=require").expect_err("no encryption");
    assert!(refused.contains("does not support TLS"), "{refused}");
    cluster.stop();
    let refused = opens(Place::read(&cluster.url())).expect_err("nobody answers");
    assert!(refused.contains("127.0.0.1") && refused.contains("refused"), "{refused}");
}
