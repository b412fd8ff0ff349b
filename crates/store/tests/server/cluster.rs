//! A PostgreSQL cluster of a test's own, which it may stop, start, encrypt and sort as it likes.

use std::{
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

/// How a cluster is made.
#[derive(Default)]
pub struct Wanted {
    /// Arguments of `initdb` that say how texts are ordered; bytewise without any.
    pub ordered: &'static [&'static str],
    /// Certificate and key of an encrypting server, in PEM form.
    pub certificate: Option<(PathBuf, PathBuf)>,
}

/// A cluster in a temporary folder, on a free port of the loopback; stopped at the end.
pub struct Cluster {
    bin: PathBuf,
    dir: tempfile::TempDir,
    port: u16,
}

impl Cluster {
    /// Makes and starts a cluster; nothing when the tests run without PostgreSQL.
    pub fn start(wanted: &Wanted) -> Option<Cluster> {
        if std::env::var("BIHUAN_TEST_POSTGRES").is_err() {
            eprintln!("BIHUAN_TEST_POSTGRES is not set: no cluster of its own");
            return None;
        }
        let bin = binaries().expect("the programs of PostgreSQL, in Debian's layout");
        let dir = tempfile::tempdir().unwrap();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let cluster = Cluster { bin, dir, port };
        if is_root() {
            succeed(Command::new("chown").arg("postgres").arg(cluster.dir.path()));
        }
        let ordered = if wanted.ordered.is_empty() { &["--locale=C"] } else { wanted.ordered };
        let mut make = cluster.program("initdb");
        make.arg("-D").arg(cluster.data()).args(["-U", "postgres", "-A", "trust", "-E", "UTF8", "-N"]);
        succeed(make.args(ordered));
        if let Some((certificate, key)) = &wanted.certificate {
            for (from, to) in [(certificate, "server.crt"), (key, "server.key")] {
                let to = cluster.data().join(to);
                std::fs::copy(from, &to).unwrap();
                succeed(Command::new("chmod").arg("600").arg(&to));
                if is_root() {
                    succeed(Command::new("chown").arg("postgres").arg(&to));
                }
            }
            let settings = cluster.data().join("postgresql.conf");
            let text = std::fs::read_to_string(&settings).unwrap();
            std::fs::write(&settings, format!("{text}\nssl = on\n")).unwrap();
        }
        cluster.resume();
        Some(cluster)
    }

    /// Address of the database that every cluster has.
    pub fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }

    /// Starts the server again, on the same port.
    pub fn resume(&self) {
        let options = format!(
            "-p {} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c max_connections=60",
            self.port
        );
        let mut start = self.program("pg_ctl");
        start.arg("-D").arg(self.data()).arg("-l").arg(self.dir.path().join("log"));
        succeed(start.args(["-w", "-o", &options, "start"]));
    }

    /// Stops the server; lines to it are cut.
    pub fn stop(&self) {
        succeed(self.program("pg_ctl").arg("-D").arg(self.data()).args(["-m", "immediate", "-w", "stop"]));
    }

    fn data(&self) -> PathBuf {
        self.dir.path().join("data")
    }

    /// PostgreSQL refuses to run as root, so its programs run under its own account there.
    fn program(&self, name: &str) -> Command {
        let program = self.bin.join(name);
        if is_root() {
            let mut under = Command::new("runuser");
            under.args(["-u", "postgres", "--"]).arg(program);
            under
        } else {
            Command::new(program)
        }
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let mut stop = self.program("pg_ctl");
        stop.arg("-D").arg(self.data()).args(["-m", "immediate", "stop"]);
        drop(quiet(&mut stop).status());
    }
}

fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout.starts_with(b"0"))
}

/// What the server inherits it would keep open, so nothing of ours is handed to it.
fn quiet(command: &mut Command) -> &mut Command {
    command.current_dir("/").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null())
}

fn succeed(command: &mut Command) {
    let status = quiet(command).status().unwrap();
    assert!(status.success(), "{command:?}: {status}");
}

fn binaries() -> Option<PathBuf> {
    let of_version = |entry: std::io::Result<std::fs::DirEntry>| Some(entry.ok()?.path().join("bin"));
    let all = std::fs::read_dir(Path::new("/usr/lib/postgresql")).ok()?.filter_map(of_version);
    all.filter(|bin| bin.join("initdb").exists()).max()
}
