//! A private PostgreSQL cluster for the tests: on a free port of the loopback, in a temporary folder, stopped at the end.

use anyhow::{Context, Result, bail};
use std::{
    net::TcpListener,
    path::{Path, PathBuf},
    process::Command,
};

/// A running cluster.
pub struct Server {
    bin: PathBuf,
    dir: PathBuf,
    url: String,
}

impl Server {
    /// Installs PostgreSQL from Debian's packages if it is missing, makes a cluster and starts it.
    pub fn start() -> Result<Server> {
        eprintln!("── a private PostgreSQL");
        let bin = match binaries() {
            Some(bin) => bin,
            None => {
                install(&["postgresql"])?;
                binaries().context("PostgreSQL was installed but its programs were not found")?
            }
        };
        let dir = std::env::temp_dir().join(format!("bihuan-postgres-{}", std::process::id()));
        std::fs::create_dir_all(&dir)?;
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let server = Server { bin, url: format!("postgres://postgres@127.0.0.1:{port}/postgres"), dir };
        // PostgreSQL refuses to run as root, so the folder is handed to its own account.
        if is_root() {
            command("chown", &["postgres".to_owned(), text(&server.dir)])?;
        }
        let data = text(&server.dir.join("data"));
        server.run(
            "initdb",
            &["-D", &data, "-U", "postgres", "-A", "trust", "--locale=C", "-E", "UTF8", "-N"],
        )?;
        let options = format!(
            "-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c max_connections=200"
        );
        let log = text(&server.dir.join("log"));
        server.run("pg_ctl", &["-D", &data, "-l", &log, "-w", "-o", &options, "start"])?;
        Ok(server)
    }

    /// Where it answers.
    pub fn url(&self) -> &str {
        &self.url
    }

    fn run(&self, program: &str, arguments: &[&str]) -> Result<()> {
        let program = text(&self.bin.join(program));
        let mut all: Vec<String> = arguments.iter().map(|argument| (*argument).to_owned()).collect();
        if is_root() {
            let mut under = vec!["-u".to_owned(), "postgres".to_owned(), "--".to_owned(), program];
            under.append(&mut all);
            command("runuser", &under)
        } else {
            command(&program, &all)
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let data = text(&self.dir.join("data"));
        if let Err(error) = self.run("pg_ctl", &["-D", &data, "-m", "immediate", "stop"]) {
            eprintln!("the private PostgreSQL could not be stopped: {error:#}");
        }
        drop(std::fs::remove_dir_all(&self.dir));
    }
}

fn text(path: &Path) -> String {
    path.display().to_string()
}

fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout.starts_with(b"0"))
}

fn command(program: &str, arguments: &[String]) -> Result<()> {
    let mut command = Command::new(program);
    // What the server inherits it would keep open, so nothing of ours is handed to it.
    command.args(arguments).current_dir("/").stdin(std::process::Stdio::null());
    command.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::null());
    let status = command.status().with_context(|| format!("{program} could not be started"))?;
    if status.success() { Ok(()) } else { bail!("{program} {} failed ({status})", arguments.join(" ")) }
}

/// The newest server programs of Debian's layout.
fn binaries() -> Option<PathBuf> {
    let mut versions: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
        .ok()?
        .filter_map(|entry| Some(entry.ok()?.path().join("bin")))
        .filter(|bin| bin.join("initdb").exists() && bin.join("pg_ctl").exists())
        .collect();
    versions.sort();
    versions.pop()
}

/// Installs packages of Debian.
///
/// # Errors
/// When the package manager refuses.
pub fn install(packages: &[&str]) -> Result<()> {
    let packages = packages.join(" ");
    eprintln!("installing {packages}");
    let install = format!(
        "apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends {packages}"
    );
    command("sh", &["-c".to_owned(), install])
        .with_context(|| format!("{packages} could not be installed from Debian's packages"))
}
