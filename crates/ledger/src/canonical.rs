//! Canonical JSON (规范形式): one value, one spelling, so that two programs hash the same bytes.
//!
//! Keys sorted and plain ASCII, no white space, text as unescaped UTF-8 with only the escapes JSON demands, integers only
//! (`i64` or `u64`). Within ±(2^53 − 1) this is RFC 8785 (JCS) for the subset. [`write`] produces the bytes; [`check`] tells whether
//! bytes are canonical in one pass and without allocating. Both refuse the same things, so what is written can be read.

use serde_json::Value;

use crate::Error;

/// Deepest nesting of arrays and objects, the outermost included. Every JSON reader we know can follow that far.
pub const DEPTH_MAX: usize = 64;

/// Appends the canonical bytes of `value` to `out`.
///
/// # Errors
/// [`Error::Float`], [`Error::Key`] or [`Error::TooDeep`]; `out` then holds a useless beginning.
pub fn write(value: &Value, out: &mut Vec<u8>) -> Result<(), Error> {
    write_at_depth(value, out, 0)
}

/// The canonical text of a value that will stand inside an object: one level of nesting is already used up.
pub(crate) fn text_inside(value: &Value) -> Result<String, Error> {
    let mut out = Vec::with_capacity(256);
    write_at_depth(value, &mut out, 1)?;
    Ok(String::from_utf8(out).expect("the writer copies text and adds ASCII only"))
}

fn write_at_depth(value: &Value, out: &mut Vec<u8>, depth: usize) -> Result<(), Error> {
    match value {
        Value::Null => out.extend_from_slice(b"null"),
        Value::Bool(true) => out.extend_from_slice(b"true"),
        Value::Bool(false) => out.extend_from_slice(b"false"),
        Value::Number(number) if number.is_i64() || number.is_u64() => {
            out.extend_from_slice(number.to_string().as_bytes());
        }
        Value::Number(number) => return Err(Error::Float(number.to_string())),
        Value::String(text) => write_text(text, out),
        Value::Array(_) | Value::Object(_) if depth == DEPTH_MAX => return Err(Error::TooDeep),
        Value::Array(items) => {
            out.push(b'[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push(b',');
                }
                write_at_depth(item, out, depth + 1)?;
            }
            out.push(b']');
        }
        Value::Object(members) => {
            // Sorted here rather than trusting the map: another crate may switch serde_json to insertion order.
            let mut sorted: Vec<(&String, &Value)> = members.iter().collect();
            sorted.sort_unstable_by_key(|(key, _)| key.as_bytes());
            out.push(b'{');
            for (index, (key, member)) in sorted.into_iter().enumerate() {
                if !key.bytes().all(is_key_byte) {
                    return Err(Error::Key(key.chars().take(80).collect()));
                }
                if index > 0 {
                    out.push(b',');
                }
                out.push(b'"');
                out.extend_from_slice(key.as_bytes());
                out.extend_from_slice(b"\":");
                write_at_depth(member, out, depth + 1)?;
            }
            out.push(b'}');
        }
    }
    Ok(())
}

/// Printable ASCII that needs no escape, so that the order of keys is the order of their bytes for everybody.
fn is_key_byte(byte: u8) -> bool {
    matches!(byte, 0x20..=0x7e) && byte != b'"' && byte != b'\\'
}

/// True for bytes that may stand in a JSON text as they are.
fn is_plain(byte: u8) -> bool {
    byte >= 0x20 && byte != b'"' && byte != b'\\'
}

/// How many bytes from the beginning on are plain; looks at eight at a time, since most of a ledger is plain text.
fn plain_length(bytes: &[u8]) -> usize {
    const ONES: u64 = u64::from_le_bytes([1; 8]);
    const HIGH: u64 = u64::from_le_bytes([0x80; 8]);
    // The lowest marked byte is exact; a borrow can mark only bytes above one that is marked rightly.
    let below = |word: u64, limit: u64| word.wrapping_sub(ONES * limit) & !word & HIGH;
    let (words, rest) = bytes.as_chunks::<8>();
    for (index, word) in words.iter().enumerate() {
        let word = u64::from_le_bytes(*word);
        let quote = word ^ (ONES * u64::from(b'"'));
        let backslash = word ^ (ONES * u64::from(b'\\'));
        let marks = below(word, 0x20) | below(quote, 1) | below(backslash, 1);
        if marks != 0 {
            return index * 8 + marks.trailing_zeros() as usize / 8;
        }
    }
    let tail = rest.iter().position(|&byte| !is_plain(byte)).unwrap_or(rest.len());
    words.len() * 8 + tail
}

/// Appends a JSON text: quotes, and the shortest escape where JSON demands one.
pub(crate) fn write_text(text: &str, out: &mut Vec<u8>) {
    let mut rest = text.as_bytes();
    out.push(b'"');
    loop {
        let (plain, other) = rest.split_at(plain_length(rest));
        out.extend_from_slice(plain);
        let Some((&byte, after)) = other.split_first() else { break };
        rest = after;
        match byte {
            b'"' => out.extend_from_slice(b"\\\""),
            b'\\' => out.extend_from_slice(b"\\\\"),
            0x08 => out.extend_from_slice(b"\\b"),
            b'\t' => out.extend_from_slice(b"\\t"),
            b'\n' => out.extend_from_slice(b"\\n"),
            0x0c => out.extend_from_slice(b"\\f"),
            b'\r' => out.extend_from_slice(b"\\r"),
            control => {
                let digits = b"0123456789abcdef";
                let pair = [digits[usize::from(control >> 4)], digits[usize::from(control & 15)]];
                out.extend_from_slice(b"\\u00");
                out.extend_from_slice(&pair);
            }
        }
    }
    out.push(b'"');
}

/// Appends a whole number without sign.
pub(crate) fn write_natural(mut natural: u64, out: &mut Vec<u8>) {
    // u64::MAX has 20 digits.
    let mut digits = [0; 20];
    let mut start = digits.len();
    loop {
        start -= 1;
        digits[start] = b'0' + (natural % 10) as u8;
        natural /= 10;
        if natural == 0 {
            break;
        }
    }
    out.extend_from_slice(&digits[start..]);
}

/// Appends an integer.
pub(crate) fn write_integer(integer: i64, out: &mut Vec<u8>) {
    if integer < 0 {
        out.push(b'-');
    }
    write_natural(integer.unsigned_abs(), out);
}

/// Checks that `bytes` are exactly one canonical JSON value.
///
/// # Errors
/// [`Error::NotCanonical`] with the first bad byte, [`Error::Float`] or [`Error::TooDeep`].
pub fn check(bytes: &[u8]) -> Result<(), Error> {
    if let Err(error) = std::str::from_utf8(bytes) {
        return Err(Error::NotCanonical { at: error.valid_up_to(), why: "UTF-8" });
    }
    let mut reader = Reader { bytes, at: 0 };
    reader.value(0)?;
    if reader.at == bytes.len() { Ok(()) } else { Err(reader.bad("the end of the value")) }
}

/// Checks like [`check`], and that the value is an object with exactly these keys (in ascending order); returns the bytes of their values.
///
/// # Errors
/// As [`check`], or [`Error::NotAnEntry`] for other keys.
pub(crate) fn read_members<'a, const N: usize>(
    bytes: &'a [u8],
    keys: &[&str; N],
) -> Result<[&'a [u8]; N], Error> {
    if let Err(error) = std::str::from_utf8(bytes) {
        return Err(Error::NotCanonical { at: error.valid_up_to(), why: "UTF-8" });
    }
    let mut reader = Reader { bytes, at: 0 };
    let mut values = [&bytes[..0]; N];
    let other_keys = |key: &str| {
        check(bytes)?;
        Err(Error::NotAnEntry(format!("something else stands in the place of {key}")))
    };
    for (index, (key, value)) in keys.iter().zip(&mut values).enumerate() {
        let opening = if index == 0 { b"{\"" } else { b",\"" };
        let start = reader.at + opening.len();
        let end = start + key.len();
        let fits = bytes[reader.at..].starts_with(opening)
            && bytes[start..].starts_with(key.as_bytes())
            && bytes[end..].starts_with(b"\":");
        if !fits {
            return other_keys(key);
        }
        reader.at = end + 2;
        let start = reader.at;
        reader.value(1)?;
        *value = &bytes[start..reader.at];
    }
    if &bytes[reader.at..] == b"}" { Ok(values) } else { other_keys("the end") }
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Reader<'_> {
    fn bad(&self, why: &'static str) -> Error {
        Error::NotCanonical { at: self.at, why }
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn take(&mut self, byte: u8, why: &'static str) -> Result<(), Error> {
        if self.peek() != Some(byte) {
            return Err(self.bad(why));
        }
        self.at += 1;
        Ok(())
    }

    fn word(&mut self, word: &'static str) -> Result<(), Error> {
        if !self.bytes[self.at..].starts_with(word.as_bytes()) {
            return Err(self.bad(word));
        }
        self.at += word.len();
        Ok(())
    }

    fn value(&mut self, depth: usize) -> Result<(), Error> {
        match self.peek() {
            Some(b'"') => self.text(),
            Some(b'{' | b'[') if depth == DEPTH_MAX => Err(Error::TooDeep),
            Some(b'{') => self.object(depth),
            Some(b'[') => self.array(depth),
            Some(b'-' | b'0'..=b'9') => self.integer(),
            Some(b'n') => self.word("null"),
            Some(b't') => self.word("true"),
            Some(b'f') => self.word("false"),
            _ => Err(self.bad("a value without white space")),
        }
    }

    fn object(&mut self, depth: usize) -> Result<(), Error> {
        self.at += 1;
        if self.peek() == Some(b'}') {
            self.at += 1;
            return Ok(());
        }
        let mut last: Option<&[u8]> = None;
        let bytes = self.bytes;
        loop {
            self.take(b'"', "a key")?;
            let start = self.at;
            while self.peek().is_some_and(is_key_byte) {
                self.at += 1;
            }
            let key = &bytes[start..self.at];
            if last.is_some_and(|last| last >= key) {
                self.at = start;
                return Err(self.bad("keys in ascending order, each once"));
            }
            last = Some(key);
            self.take(b'"', "a plain ASCII key")?;
            self.take(b':', "a colon")?;
            self.value(depth + 1)?;
            if self.peek() == Some(b',') {
                self.at += 1;
            } else {
                return self.take(b'}', "a comma or the end of the object");
            }
        }
    }

    fn array(&mut self, depth: usize) -> Result<(), Error> {
        self.at += 1;
        if self.peek() == Some(b']') {
            self.at += 1;
            return Ok(());
        }
        loop {
            self.value(depth + 1)?;
            if self.peek() == Some(b',') {
                self.at += 1;
            } else {
                return self.take(b']', "a comma or the end of the array");
            }
        }
    }

    fn text(&mut self) -> Result<(), Error> {
        self.at += 1;
        loop {
            self.at += plain_length(&self.bytes[self.at..]);
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(());
                }
                Some(b'\\') => self.escape()?,
                _ => return Err(self.bad("a closing quote, control characters escaped")),
            }
        }
    }

    fn escape(&mut self) -> Result<(), Error> {
        let rest = &self.bytes[self.at + 1..];
        let length = match rest.first() {
            Some(b'"' | b'\\' | b'b' | b'f' | b'n' | b'r' | b't') => 2,
            // Only control characters are written by number, and those with a short escape never are.
            Some(b'u') => match rest.get(1..5) {
                Some([b'0', b'0', b'0', b'0'..=b'7' | b'b' | b'e' | b'f']) => 6,
                Some([b'0', b'0', b'1', b'0'..=b'9' | b'a'..=b'f']) => 6,
                _ => return Err(self.bad("the character itself instead of its number")),
            },
            _ => return Err(self.bad("an escape that JSON demands")),
        };
        self.at += length;
        Ok(())
    }

    fn integer(&mut self) -> Result<(), Error> {
        let start = self.at;
        let negative = self.peek() == Some(b'-');
        self.at += usize::from(negative);
        let first = self.at;
        while self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
        let digits = &self.bytes[first..self.at];
        if digits.is_empty() || digits[0] == b'0' && (digits.len() > 1 || negative) {
            self.at = start;
            return Err(self.bad("an integer without superfluous digits"));
        }
        let text = |end| String::from_utf8_lossy(&self.bytes[start..end]).into_owned();
        if matches!(self.peek(), Some(b'.' | b'e' | b'E')) {
            return Err(Error::Float(text(self.at + 1)));
        }
        // Up to 18 digits always fit; only longer ones are worth parsing.
        if digits.len() > 18 {
            let text = text(self.at);
            if text.parse::<i64>().is_err() && text.parse::<u64>().is_err() {
                self.at = start;
                return Err(self.bad("an integer of 64 bits"));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn written(value: &Value) -> Vec<u8> {
        let mut out = Vec::new();
        write(value, &mut out).unwrap();
        out
    }

    #[test]
    fn the_canonical_spelling_is_the_sorted_compact_one() {
        let value = json!({ "z": [1, -2, u64::MAX, i64::MIN, 0], "a": { "b": null, "B": true }, "": "河🚧\u{7f}\u{2028}" });
        assert_eq!(
            String::from_utf8(written(&value)).unwrap(),
            "{\"\":\"河🚧\u{7f}\u{2028}\",\"a\":{\"B\":true,\"b\":null},\"z\":[1,-2,18446744073709551615,-9223372036854775808,0]}"
        );
    }

    #[test]
    fn every_control_character_has_one_spelling_and_the_check_knows_it() {
        let text: String = (0..0x30u8).map(char::from).chain("\"\\/".chars()).collect();
        let bytes = written(&json!([text]));
        assert_eq!(bytes, serde_json::to_vec(&json!([text])).unwrap());
        check(&bytes).unwrap();
    }

    #[test]
    fn plain_bytes_are_counted_exactly_wherever_the_other_one_stands() {
        for length in 0..20 {
            for at in 0..length {
                for byte in 0..=255 {
                    let mut bytes = vec![0xe6; length];
                    bytes[at] = byte;
                    assert_eq!(
                        plain_length(&bytes),
                        if is_plain(byte) { length } else { at },
                        "{byte} at {at}"
                    );
                }
            }
        }
        assert_eq!(plain_length(b"\x21\"\x20\x23\x21\x1f!!"), 1);
    }

    #[test]
    fn floats_odd_keys_and_deep_nesting_are_refused() {
        let mut out = Vec::new();
        assert_eq!(write(&json!([1.5]), &mut out), Err(Error::Float("1.5".to_owned())));
        assert!(matches!(write(&json!({ "键": 1 }), &mut out), Err(Error::Key(_))));
        assert!(matches!(write(&json!({ "a\"": 1 }), &mut out), Err(Error::Key(_))));
        let nested = |depth| (0..depth).fold(json!(1), |inner, _| json!([inner]));
        assert_eq!(write(&nested(DEPTH_MAX + 1), &mut out), Err(Error::TooDeep));
        check(&written(&nested(DEPTH_MAX))).unwrap();
        let too_deep = format!("{}1{}", "[".repeat(DEPTH_MAX + 1), "]".repeat(DEPTH_MAX + 1));
        assert_eq!(check(too_deep.as_bytes()), Err(Error::TooDeep));
    }

    #[test]
    fn every_other_spelling_is_refused() {
        for text in [
            "",
            " 1",
            "1 ",
            "[1, 2]",
            "{\"a\" :1}",
            "{\"b\":1,\"a\":1}",
            "{\"a\":1,\"a\":1}",
            "01",
            "-0",
            "+1",
            "-",
            "1.0",
            "1e3",
            "18446744073709551616",
            "-9223372036854775809",
            "\"\\/\"",
            "\"\\u0041\"",
            "\"\\u000a\"",
            "\"\\u001F\"",
            "\"\\ud83d\\ude00\"",
            "\"a",
            "\"\n\"",
            "[1,]",
            "{\"a\":1,}",
            "nul",
            "True",
            "[",
            "{",
            "{\"a\"",
            "{\"a\\n\":1}",
            "{\"é\":1}",
            "NaN",
            "1,2",
        ] {
            assert!(check(text.as_bytes()).is_err(), "{text}");
        }
        assert!(check(b"\"\xff\"").is_err());
    }

    #[test]
    fn integers_are_written_like_the_standard_library_does() {
        for integer in [0, 7, -7, i64::MIN, i64::MAX, 1_767_225_600_000_000] {
            let mut out = Vec::new();
            write_integer(integer, &mut out);
            assert_eq!(String::from_utf8(out).unwrap(), integer.to_string());
        }
        let mut out = Vec::new();
        write_natural(u64::MAX, &mut out);
        assert_eq!(out, u64::MAX.to_string().as_bytes());
    }
}
