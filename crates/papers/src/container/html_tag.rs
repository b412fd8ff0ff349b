//! Tags of HTML (标签): names, attributes, entities, and what lies between a tag and its end.

/// Bytes looked at to see whether a table is more than layout.
const LOOK_AHEAD_BYTES: usize = 256 * 1024;

/// Whether the table that has just begun has two rows of three cells, itself or in a table it lays out.
pub(super) fn holds_rows_of_cells(text: &str) -> bool {
    let (mut depth, mut cells, mut rows) = (1_usize, 0, 0);
    let (mut rest, mut seen) = (text, 0);
    while let Some(at) = rest.find('<') {
        seen += at + 1;
        if seen > LOOK_AHEAD_BYTES {
            return false;
        }
        rest = &rest[at + 1..];
        let is_name = |c: &char| c.is_ascii_alphabetic() || *c == '/';
        let name: String = rest.chars().take(7).take_while(is_name).map(|c| c.to_ascii_lowercase()).collect();
        match name.as_str() {
            "table" => depth += 1,
            "/table" if depth == 1 => return false,
            "/table" => depth -= 1,
            "tr" => cells = 0,
            "td" | "th" => {
                cells += 1;
                rows += usize::from(cells == 3);
            }
            _ => {}
        }
        if rows == 2 {
            return true;
        }
    }
    false
}

/// A tag longer than this is taken to have forgotten the end of a quote.
const LONGEST_TAG_BYTES: usize = 64 * 1024;

/// Whether the text begins with a tag rather than with a lonely `<`.
pub(super) fn is_tag(text: &str) -> bool {
    let mut chars = text.chars();
    chars.next() == Some('<') && chars.next().is_some_and(|c| c == '/' || c.is_ascii_alphabetic())
}

/// Position of the `>` that ends the tag, outside quotes, or the end of the text.
pub(super) fn tag_end(text: &str) -> usize {
    let mut quote = None;
    let mut after_equals = false;
    for (at, byte) in text.bytes().take(LONGEST_TAG_BYTES).enumerate() {
        match (quote, byte) {
            (None, b'>') => return at,
            (None, b'"' | b'\'') if after_equals => quote = Some(byte),
            (Some(open), byte) if byte == open => quote = None,
            _ => {}
        }
        after_equals = byte == b'=' || (after_equals && byte == b' ');
    }
    // An open quote swallowed everything: such a tag ends at its first bracket.
    text.find('>').unwrap_or(text.len())
}

/// The tag's name in lower case, with `/` in front when it ends something, and its attributes.
pub(super) fn name_of(tag: &str) -> (String, &str) {
    let end = tag
        .char_indices()
        .skip(1)
        .find(|(_, c)| c.is_whitespace() || *c == '/')
        .map_or(tag.len(), |(at, _)| at);
    let name = tag[..end].to_ascii_lowercase();
    (name.rsplit_once(':').map_or(name.clone(), |(_, local)| local.to_owned()), &tag[end..])
}

/// The text after the end tag of the element.
pub(super) fn after_end_of<'t>(text: &'t str, name: &str) -> &'t str {
    let mut rest = text;
    while let Some(at) = rest.find("</") {
        rest = &rest[at + 2..];
        if rest.get(..name.len()).is_some_and(|found| found.eq_ignore_ascii_case(name)) {
            return rest.split_once('>').map_or("", |(_, after)| after);
        }
    }
    ""
}

/// An attribute's value.
pub(super) fn attribute(attributes: &str, name: &str) -> Option<String> {
    let mut rest = attributes;
    loop {
        let (key, after) = rest.split_once('=')?;
        let after = after.trim_start();
        let (value, next) = match after.chars().next() {
            Some(quote @ ('"' | '\'')) => after[1..].split_once(quote).unwrap_or((&after[1..], "")),
            _ => after.split_once(char::is_whitespace).unwrap_or((after, "")),
        };
        if key.split_whitespace().next_back().is_some_and(|key| key.eq_ignore_ascii_case(name)) {
            return Some(value.trim_end_matches('/').to_owned());
        }
        rest = next;
    }
}

/// The character an entity stands for and how many bytes it takes.
pub(super) fn entity(text: &str) -> Option<(char, usize)> {
    let end = text.bytes().take(12).position(|byte| byte == b';')?;
    let name = &text[1..end];
    let c = if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hexadecimal) => u32::from_str_radix(hexadecimal, 16).ok()?,
            None => number.parse().ok()?,
        };
        char::from_u32(code).filter(|c| !c.is_control() || matches!(c, '\n' | '\t'))?
    } else {
        match name {
            "amp" => '&',
            "lt" => '<',
            "gt" => '>',
            "quot" => '"',
            "apos" => '\'',
            "nbsp" => '\u{a0}',
            "ensp" | "emsp" | "thinsp" => '\u{a0}',
            "ldquo" => '“',
            "rdquo" => '”',
            "lsquo" => '‘',
            "rsquo" => '’',
            "mdash" => '—',
            "ndash" => '–',
            "hellip" => '…',
            "middot" => '·',
            "times" => '×',
            "deg" => '°',
            "sup2" => '²',
            "sup3" => '³',
            "micro" => 'µ',
            "plusmn" => '±',
            "le" => '≤',
            "ge" => '≥',
            "permil" => '‰',
            _ => return None,
        }
    };
    Some((c, end + 1))
}
