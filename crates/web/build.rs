//! Builds what the pages carry inside the binary: the bundled styles and islands, and the list of word files.
//!
//! Three steps, each only when its inputs changed: `npm ci` in `assets/` (when the lock file differs from the one
//! last installed), esbuild into `OUT_DIR/assets`, and two generated Rust files that name every built asset and
//! every translation file, so that adding one needs no edit anywhere.

use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

type Outcome<T> = Result<T, Box<dyn Error>>;

fn main() {
    if let Err(error) = build() {
        // Cargo shows the lines of a failed build script as they are, so plain words are best here.
        eprintln!("\nthe pages could not be built: {error}\n");
        std::process::exit(1);
    }
}

fn build() -> Outcome<()> {
    let crate_dir = PathBuf::from(std::env::var("CARGO_MANIFEST_DIR")?);
    let out_dir = PathBuf::from(std::env::var("OUT_DIR")?);
    let assets = crate_dir.join("../../assets");
    let locales = crate_dir.join("locales");

    println!("cargo::rerun-if-changed=build.rs");
    for input in ["package.json", "package-lock.json", "styles", "islands", "phone", "images"] {
        println!("cargo::rerun-if-changed={}", assets.join(input).display());
    }
    println!("cargo::rerun-if-changed={}", locales.display());

    install_packages(&assets)?;
    let built = out_dir.join("assets");
    if built.exists() {
        fs::remove_dir_all(&built)?;
    }
    fs::create_dir_all(&built)?;
    bundle(&assets, &built)?;
    for image in files_below(&assets.join("images"))? {
        fs::copy(&image, built.join(image.file_name().ok_or("an image without a name")?))?;
    }
    write_if_changed(&out_dir.join("asset_files.rs"), &list_of_assets(&built)?)?;
    write_if_changed(&out_dir.join("locale_files.rs"), &list_of_locales(&locales)?)
}

/// Runs `npm ci` unless the very same lock file has been installed already.
fn install_packages(assets: &Path) -> Outcome<()> {
    let lock = fs::read(assets.join("package-lock.json"))?;
    let stamp = assets.join("node_modules/.installed-lock");
    let installed = fs::read(&stamp).unwrap_or_default();
    if installed == lock && assets.join("node_modules/esbuild").is_dir() {
        return Ok(());
    }
    let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
    let arguments = ["ci", "--ignore-scripts", "--omit=dev", "--no-audit", "--no-fund"];
    let output = Command::new(npm).args(arguments).current_dir(assets).output().map_err(|error| {
        format!(
            "`{npm}` could not be started ({error}). Node.js 18 or newer with npm is needed to bundle the styles \
             and scripts; on Debian: apt-get install nodejs npm"
        )
    })?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        return Err(
            format!("`npm {}` in assets/ failed ({}):\n{said}", arguments.join(" "), output.status).into()
        );
    }
    fs::write(stamp, lock)?;
    Ok(())
}

/// What is bundled: the one stylesheet and the one script every page links to, and the page of the phone with its worker.
const BUNDLES: [(&str, &str); 4] = [
    ("islands/main.ts", "bihuan.js"),
    ("phone/main.ts", "field.js"),
    ("phone/worker.ts", "field-worker.js"),
    ("styles/main.css", "bihuan.css"),
];

/// Bundles the styles and scripts.
fn bundle(assets: &Path, built: &Path) -> Outcome<()> {
    let esbuild = Path::new("node_modules/esbuild/bin/esbuild");
    for (entry, name) in BUNDLES {
        let output = Command::new("node")
            .arg(esbuild)
            .arg(entry)
            .args(["--bundle", "--minify", "--log-level=warning", "--charset=utf8"])
            .args(["--target=es2018,chrome70,firefox68"])
            .arg(format!("--outfile={}", built.join(name).display()))
            .current_dir(assets)
            .output()
            .map_err(|error| {
                format!("`node` could not be started ({error}); Node.js 18 or newer is needed")
            })?;
        if !output.status.success() {
            return Err(format!(
                "esbuild refused assets/{entry}:\n{}",
                String::from_utf8_lossy(&output.stderr)
            )
            .into());
        }
    }
    Ok(())
}

/// `&[("bihuan.css", include_bytes!(…)), …]`, sorted by name.
fn list_of_assets(built: &Path) -> Outcome<String> {
    let mut list = String::from("&[\n");
    for file in files_below(built)? {
        let name =
            file.file_name().and_then(|name| name.to_str()).ok_or("an asset without a readable name")?;
        writeln!(list, "    ({name:?}, include_bytes!({:?})),", file.display().to_string())?;
    }
    list.push_str("]\n");
    Ok(list)
}

/// `&[("zh-CN", "shell.ftl", include_str!(…)), …]`, sorted by language and name.
fn list_of_locales(locales: &Path) -> Outcome<String> {
    let mut list = String::from("&[\n");
    for language in ["zh-CN", "en"] {
        for file in files_below(&locales.join(language))? {
            if file.extension().is_some_and(|extension| extension == "ftl") {
                let name =
                    file.file_name().and_then(|name| name.to_str()).ok_or("a word file without a name")?;
                let path = file.display().to_string();
                writeln!(list, "    ({language:?}, {name:?}, include_str!({path:?})),")?;
            }
        }
    }
    list.push_str("]\n");
    Ok(list)
}

/// The files directly in a folder, sorted by name.
fn files_below(folder: &Path) -> Outcome<Vec<PathBuf>> {
    let entries = fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut files = Vec::new();
    for entry in entries {
        let path = entry?.path();
        if path.is_file() {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// Leaves the file's time alone when nothing changed, so that nothing is compiled again for it.
fn write_if_changed(path: &Path, text: &str) -> Outcome<()> {
    if fs::read_to_string(path).ok().as_deref() != Some(text) {
        fs::write(path, text)?;
    }
    Ok(())
}
