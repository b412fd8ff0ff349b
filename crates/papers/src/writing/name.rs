//! File names that every system can hold (文件名): no way out of the folder, no reserved names, none too long, none twice.

use std::collections::{HashMap, HashSet};

use unicode_normalization::UnicodeNormalization;

/// Bytes of one part of a path: 60 Chinese characters.
const PART_BYTES: usize = 180;
/// Parts of a path; folders beyond it are left out from the middle.
const PARTS: usize = 4;

/// The parts of a path, each safe.
pub(super) fn safe_parts(path: &str) -> Vec<String> {
    let mut parts: Vec<String> = path.split(['/', '\\']).filter_map(safe_part).collect();
    if parts.len() > PARTS {
        parts.drain(PARTS - 1..parts.len() - 1);
    }
    if parts.is_empty() {
        parts.push("未命名".to_owned());
    }
    parts
}

/// One part of a path, or nothing if nothing of it is left.
pub(super) fn safe_part(part: &str) -> Option<String> {
    let plain: String = part
        .nfc()
        .filter_map(|sign| match sign {
            '<' | '>' | ':' | '"' | '|' | '?' | '*' => Some('_'),
            // Marks that turn or hide what is written.
            '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{feff}'
            | '\u{61c}' => None,
            '\u{2028}' | '\u{2029}' | '\u{fffe}' | '\u{ffff}' => None,
            sign if sign.is_control() => None,
            sign => Some(sign),
        })
        .collect();
    let plain = plain.trim_matches(|sign: char| sign == '.' || sign.is_whitespace());
    if plain.is_empty() {
        return None;
    }
    let stem = plain.split('.').next().unwrap_or_default().trim().to_ascii_uppercase();
    let is_device = matches!(stem.as_str(), "CON" | "PRN" | "AUX" | "NUL" | "CONIN$" | "CONOUT$")
        || (stem.starts_with("COM") || stem.starts_with("LPT"))
            && matches!(stem.chars().skip(3).collect::<Vec<_>>()[..], ['0'..='9' | '¹' | '²' | '³']);
    let plain =
        if is_device || plain.starts_with(['-', '~']) { format!("_{plain}") } else { plain.to_owned() };
    Some(with_ending(&plain, ""))
}

/// The name with an ending before its extension, within the length allowed.
fn with_ending(name: &str, ending: &str) -> String {
    let (stem, extension) = match name.rsplit_once('.') {
        Some((stem, extension)) if !stem.is_empty() && extension.len() <= 16 => {
            (stem, format!(".{extension}"))
        }
        _ => (name, String::new()),
    };
    let room = PART_BYTES - ending.len() - extension.len();
    let mut kept = String::new();
    for sign in stem.chars() {
        if kept.len() + sign.len_utf8() > room {
            break;
        }
        kept.push(sign);
    }
    let kept = kept.trim_end_matches(|sign: char| sign == '.' || sign.is_whitespace());
    format!("{kept}{ending}{extension}")
}

/// The names given out so far. Names that differ only in case count as the same.
#[derive(Debug, Default)]
pub(super) struct Names {
    files: HashSet<String>,
    folders: HashSet<String>,
    /// How often a name was asked for.
    asked: HashMap<String, u32>,
}

fn key(path: &str) -> String {
    path.to_lowercase()
}

impl Names {
    /// Keeps a name from being given out.
    pub(super) fn reserve(&mut self, name: &str) {
        self.files.insert(key(name));
    }

    /// A safe path that nobody else has, with `/` between its parts.
    pub(super) fn give(&mut self, path: &str) -> String {
        let mut parts = safe_parts(path);
        let file = parts.pop().unwrap_or_default();
        let mut folder = String::new();
        for part in parts {
            let mut path = format!("{folder}{part}");
            let mut number = 1_u32;
            while self.files.contains(&key(&path)) {
                number += 1;
                path = format!("{folder}{}", with_ending(&part, &format!(" ({number})")));
            }
            self.folders.insert(key(&path));
            folder = format!("{path}/");
        }
        let first = format!("{folder}{file}");
        let mut path = first.clone();
        let mut number = self.asked.get(&key(&first)).copied().unwrap_or(1);
        while self.files.contains(&key(&path)) || self.folders.contains(&key(&path)) {
            number += 1;
            path = format!("{folder}{}", with_ending(&file, &format!(" ({number})")));
        }
        self.asked.insert(key(&first), number);
        self.files.insert(key(&path));
        path
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(text: &str) -> String {
        safe_parts(text).join("/")
    }

    #[test]
    fn no_name_leads_out_of_the_folder_or_troubles_a_system() {
        for (given, safe) in [
            ("../../etc/passwd", "etc/passwd"),
            ("/绝对/路径.txt", "绝对/路径.txt"),
            ("C:\\Windows\\x.dll", "C_/Windows/x.dll"),
            ("a/./../b", "a/b"),
            ("", "未命名"),
            ("..", "未命名"),
            (" . ", "未命名"),
            ("con", "_con"),
            ("NUL.txt", "_NUL.txt"),
            ("com1.tar.gz", "_com1.tar.gz"),
            ("command.txt", "command.txt"),
            ("照片?*.jpg. ", "照片__.jpg"),
            ("gpj.\u{202e}exe", "gpj.exe"),
            ("a\u{0}b\nc", "abc"),
            (".htaccess", "htaccess"),
            ("-rf", "_-rf"),
            ("1/2/3/4/5/6/7/8.txt", "1/2/3/8.txt"),
        ] {
            assert_eq!(path(given), safe, "{given:?}");
        }
        let long = path(&format!("{}.docx", "长".repeat(300)));
        assert!(long.len() <= PART_BYTES && long.ends_with("长.docx"));
        assert!(path(&format!("a.{}", "长".repeat(300))).len() <= PART_BYTES);
    }

    #[test]
    fn no_name_is_given_twice() {
        let mut names = Names::default();
        names.reserve("index.html");
        let given = ["a.jpg", "A.JPG", "a.jpg", "a", "a/b", "x/y", "x", "INDEX.html", "../a.jpg", "a/c"];
        let given = given.map(|path| names.give(path));
        assert_eq!(
            given,
            [
                "a.jpg",
                "A (2).JPG",
                "a (3).jpg",
                "a",
                "a (2)/b",
                "x/y",
                "x (2)",
                "INDEX (2).html",
                "a (4).jpg",
                "a (2)/c"
            ]
        );
    }
}
