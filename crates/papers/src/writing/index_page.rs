//! The index of a dossier as a page (卷内目录): one file that needs nothing else, in both languages, made to be printed.

use jiff::civil::Date;

use super::{
    dossier::{Dossier, Placed},
    ooxml::escape,
};

const STYLE: &str = "\
body{font-family:'Noto Serif CJK SC','Songti SC',SimSun,serif;line-height:1.6;margin:0 auto;max-width:72rem;padding:1rem}\
h1{font-size:1.5rem;text-align:center}dl{display:grid;grid-template-columns:auto 1fr;gap:.2rem 1rem}dt{font-weight:bold}\
dd{margin:0;overflow-wrap:anywhere}table{border-collapse:collapse;width:100%}th,td{border:1px solid;padding:.3rem;\
text-align:left;vertical-align:top;overflow-wrap:anywhere}thead{display:table-header-group}tr{break-inside:avoid}\
.part{font-weight:bold;background:#eee}.number{text-align:right;white-space:nowrap}.digest{font-family:monospace;\
font-size:.75rem}p{font-size:.875rem}\
@media(max-width:40rem){thead{display:none}table,tbody,tr,td,th{display:block}tr{border-bottom:2px solid}\
td,th{border:0}td:empty{display:none}.number{text-align:left}}\
@media print{@page{size:A4 landscape;margin:15mm}body{padding:0;max-width:none}a{color:inherit;text-decoration:none}}";

/// The page.
pub(super) fn page(dossier: &Dossier, placed: &[Placed<'_>], created: Date) -> String {
    let mut rows = String::new();
    let mut part = "";
    for place in placed {
        if place.entry.part != part {
            part = &place.entry.part;
            rows.push_str(&format!(
                "<tr><th class=\"part\" colspan=\"6\" scope=\"rowgroup\">{}</th></tr>\n",
                escape(part)
            ));
        }
        rows.push_str(&row(place));
    }
    let title = escape(&dossier.title);
    let mut head = String::new();
    for (word, value) in [
        ("编号 Number", escape(&dossier.number)),
        ("问题 Problem", title.clone()),
        ("立档单位 Made by", escape(&dossier.unit)),
        ("导出日期 Made on", created.to_string()),
        ("文件 Papers", placed.len().to_string()),
    ] {
        if !value.is_empty() {
            head.push_str(&format!("<dt>{word}</dt><dd>{value}</dd>\n"));
        }
    }
    format!(
        "<!DOCTYPE html>\n<html lang=\"zh-CN\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{title} 一问题一档 Dossier</title>\n<style>{STYLE}</style>\n</head>\n<body>\n\
         <h1>一问题一档目录<br>Index of the dossier</h1>\n<dl>\n{head}</dl>\n<table>\n<thead><tr>\
         <th scope=\"col\">序号<br>No.</th><th scope=\"col\">题名<br>Title</th><th scope=\"col\">日期<br>Date</th>\
         <th scope=\"col\">页数<br>Pages</th><th scope=\"col\">大小<br>Size</th>\
         <th scope=\"col\">SHA-256</th></tr></thead>\n<tbody>\n{rows}</tbody>\n</table>\n\
         <p>SHA-256校验值与文件登记时一致；文件改动一个字节，校验值即不同。<br>\
         The SHA-256 values are those recorded when the files came in; one changed byte gives another value.</p>\n\
         </body>\n</html>\n"
    )
}

fn row(Placed { entry, path, bytes }: &Placed<'_>) -> String {
    let title = if entry.title.is_empty() { path } else { entry.title.as_str() };
    format!(
        "<tr><td>{}</td><td><a href=\"{}\">{}</a></td><td>{}</td><td class=\"number\">{}</td>\
         <td class=\"number\">{}</td><td class=\"digest\">{}</td></tr>\n",
        escape(&entry.number),
        link(path),
        escape(title),
        entry.date.map(|date| date.to_string()).unwrap_or_default(),
        entry.pages.map(|pages| pages.to_string()).unwrap_or_default(),
        size(*bytes),
        escape(&entry.sha256.trim().to_ascii_lowercase()),
    )
}

/// A relative address: everything but letters, digits and `/-_.` in percent form, `./` in front so that nothing is taken
/// for a scheme.
fn link(path: &str) -> String {
    let mut out = "./".to_owned();
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'_' | b'.' => out.push(byte.into()),
            byte => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

/// Bytes as people read them.
fn size(bytes: usize) -> String {
    let bytes = bytes as f64;
    match bytes {
        bytes if bytes < 1024.0 => format!("{bytes} B"),
        bytes if bytes < 1024.0 * 1024.0 => format!("{:.1} KB", bytes / 1024.0),
        bytes => format!("{:.1} MB", bytes / 1024.0 / 1024.0),
    }
}
