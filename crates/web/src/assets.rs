//! Styles, scripts and images (静态资源), served from the binary itself so that an intranet needs nothing else.
//!
//! Every address carries the first twelve digits of the file's SHA-256, so a browser may keep it for ever and a new
//! version of the program is fetched at once: `/assets/bihuan-3f2a9c01d4e7.css`.

use std::fmt::Write as _;
use std::sync::LazyLock;

use axum::extract::Path;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};

/// The built files by name; the build script writes the list.
const FILES: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/asset_files.rs"));

/// The path under which [`serve`] must be mounted.
pub const ROUTE: &str = "/assets/{file}";

/// One file carried in the binary.
struct Asset {
    name: &'static str,
    bytes: &'static [u8],
    /// The name with the digest before its extension.
    file: String,
    url: String,
    etag: String,
}

static ASSETS: LazyLock<Vec<Asset>> =
    LazyLock::new(|| FILES.iter().map(|(name, bytes)| Asset::new(name, bytes)).collect());

impl Asset {
    fn new(name: &'static str, bytes: &'static [u8]) -> Self {
        let digest = Sha256::digest(bytes).iter().take(6).fold(String::new(), |mut hex, byte| {
            write!(hex, "{byte:02x}").expect("writing to a string cannot fail");
            hex
        });
        let (stem, extension) = name.rsplit_once('.').unwrap_or((name, "bin"));
        let file = format!("{stem}-{digest}.{extension}");
        Self { name, bytes, url: format!("/assets/{file}"), file, etag: format!("\"{digest}\"") }
    }

    fn content_type(&self) -> &'static str {
        match self.name.rsplit_once('.').map_or("", |(_, extension)| extension) {
            "css" => "text/css; charset=utf-8",
            "js" => "text/javascript; charset=utf-8",
            "svg" => "image/svg+xml",
            "png" => "image/png",
            "jpg" => "image/jpeg",
            _ => "application/octet-stream",
        }
    }
}

/// The files the pages link to.
pub struct Assets;

impl Assets {
    /// The lasting address of a built file such as `bihuan.css`.
    ///
    /// An unknown name gives an address that answers 404; the test of the page shell asks for every one it uses.
    pub fn url(name: &str) -> &'static str {
        ASSETS.iter().find(|asset| asset.name == name).map_or("/assets/unknown", |asset| asset.url.as_str())
    }

    /// The text of a built file that is served under an address of its own; empty for an unknown name.
    pub fn text(name: &str) -> &'static str {
        let found = ASSETS.iter().find(|asset| asset.name == name);
        found.and_then(|asset| std::str::from_utf8(asset.bytes).ok()).unwrap_or_default()
    }
}

/// `GET /assets/{file}`: the file, for ever; 304 when the browser has it; 404 for anything else.
pub async fn serve(Path(file): Path<String>, headers: HeaderMap) -> Response {
    let Some(asset) = ASSETS.iter().find(|asset| asset.file == file) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let lasting = [(CACHE_CONTROL, "public, max-age=31536000, immutable"), (ETAG, asset.etag.as_str())];
    let known = headers.get(IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    if known.is_some_and(|tags| tags.split(',').any(|tag| tag.trim().trim_start_matches("W/") == asset.etag))
    {
        return (StatusCode::NOT_MODIFIED, lasting).into_response();
    }
    (lasting, [(CONTENT_TYPE, asset.content_type())], asset.bytes).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_file_is_served_for_ever_and_not_sent_twice() {
        let file = Assets::url("bihuan.css").trim_start_matches("/assets/").to_owned();
        let first = serve(Path(file.clone()), HeaderMap::new()).await;
        assert_eq!(first.status(), StatusCode::OK);
        assert_eq!(first.headers()[CONTENT_TYPE], "text/css; charset=utf-8");
        assert!(first.headers()[CACHE_CONTROL].to_str().unwrap().contains("immutable"));

        let mut known = HeaderMap::new();
        known.insert(IF_NONE_MATCH, first.headers()[ETAG].clone());
        assert_eq!(serve(Path(file), known).await.status(), StatusCode::NOT_MODIFIED);
    }

    #[tokio::test]
    async fn a_name_without_its_digest_is_not_served() {
        assert_eq!(
            serve(Path("bihuan.css".to_owned()), HeaderMap::new()).await.status(),
            StatusCode::NOT_FOUND
        );
    }

    #[test]
    fn an_ordinary_page_loads_at_most_thirty_kilobytes_of_script() {
        let script = ASSETS.iter().find(|asset| asset.name == "bihuan.js").unwrap();
        assert!(script.bytes.len() < 30_000, "{} bytes", script.bytes.len());
    }
}
