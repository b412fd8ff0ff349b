//! Pictures (照片): type by content, EXIF time and place as hints, thumbnails. Bounded in size before anything is decoded.

use bihuan_methods::photo::{Asked, Grey};
use bihuan_rules::task::{Datum, Place};
use image::{DynamicImage, ImageReader, Limits};
use jiff::Timestamp;
use std::io::Cursor;

/// Largest picture that is decoded, in pixels of one side.
const SIDE_MAX: u32 = 12_000;
/// Most memory for decoding one picture, in bytes.
const DECODE_BYTES_MAX: u64 = 200 * 1024 * 1024;
/// Longest side of a thumbnail, in pixels.
const THUMB_SIDE: u32 = 480;
/// Longest side of what fingerprints are taken of, in pixels.
const HASH_SIDE: u32 = 256;

/// What a file is, by its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct About {
    /// Media type.
    pub media_type: String,
    /// When the picture says it was taken.
    pub taken_at: Option<Timestamp>,
    /// Where the picture says it was taken.
    pub taken_where: Option<Place>,
    /// It names a program that edits pictures.
    pub is_edited: bool,
}

/// Kinds of file that may be kept, besides plain text.
const ALLOWED: &[&str] = &[
    "image/jpeg",
    "image/png",
    "image/webp",
    "image/heif",
    "video/mp4",
    "video/quicktime",
    "video/webm",
    "application/pdf",
    "application/zip",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "application/vnd.ms-excel",
    "application/msword",
];

/// What the bytes are; `None` for a kind that is not kept, such as programs and scripts.
#[must_use]
pub fn describe(bytes: &[u8]) -> Option<About> {
    let media_type = match infer::get(bytes) {
        Some(kind) => {
            ALLOWED.iter().find(|allowed| **allowed == kind.mime_type()).map(|kind| (*kind).to_owned())?
        }
        None if is_plain_text(bytes) => "text/plain; charset=utf-8".to_owned(),
        None => return None,
    };
    let (taken_at, taken_where, is_edited) =
        if media_type.starts_with("image/") { exif(bytes) } else { (None, None, false) };
    Some(About { media_type, taken_at, taken_where, is_edited })
}

fn is_plain_text(bytes: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(bytes) else { return false };
    let start = text.trim_start().get(..64.min(text.trim_start().len())).unwrap_or("").to_ascii_lowercase();
    !text.contains('\0')
        && !start.starts_with("<!doctype")
        && !start.starts_with("<html")
        && !start.starts_with("<svg")
        && !start.starts_with("<?xml")
}

/// Programs that edit pictures, as EXIF names them; the software of cameras and phones is none.
const EDITORS: &[&str] = &[
    "photoshop",
    "lightroom",
    "snapseed",
    "gimp",
    "picsart",
    "affinity",
    "pixelmator",
    "paint.net",
    "meitu",
    "美图",
    "醒图",
    "光影魔术手",
];

/// Time, place and whether it was edited, from EXIF: hints only, chat programs strip them and other programs forge them.
fn exif(bytes: &[u8]) -> (Option<Timestamp>, Option<Place>, bool) {
    let Ok(exif) = exif::Reader::new().read_from_container(&mut Cursor::new(bytes)) else {
        return (None, None, false);
    };
    let field = |tag| exif.get_field(tag, exif::In::PRIMARY);
    let taken_at = field(exif::Tag::DateTimeOriginal).and_then(|field| match &field.value {
        exif::Value::Ascii(lines) => {
            let time = exif::DateTime::from_ascii(lines.first()?).ok()?;
            let civil = jiff::civil::DateTime::new(
                i16::try_from(time.year).ok()?,
                i8::try_from(time.month).ok()?,
                i8::try_from(time.day).ok()?,
                i8::try_from(time.hour).ok()?,
                i8::try_from(time.minute).ok()?,
                i8::try_from(time.second).ok()?,
                0,
            )
            .ok()?;
            jiff::tz::offset(8).to_timestamp(civil).ok()
        }
        _ => None,
    });
    let degrees_e6 = |tag, reference_tag, negative: &str| {
        let exif::Value::Rational(parts) = &field(tag)?.value else { return None };
        let [degrees, minutes, seconds] = parts.get(..3)? else { return None };
        // Millionths of a degree in whole numbers: no float is ever stored.
        let millionths = |part: &exif::Rational, unit: u128| {
            (part.denom != 0).then(|| u128::from(part.num) * 1_000_000 / u128::from(part.denom) / unit)
        };
        let sum = millionths(degrees, 1)? + millionths(minutes, 60)? + millionths(seconds, 3600)?;
        let sign = field(reference_tag)?.display_value().to_string();
        let sum = i64::try_from(sum).ok()?;
        Some(if sign.starts_with(negative) { -sum } else { sum })
    };
    let place = (|| {
        let place = Place {
            lat_e6: degrees_e6(exif::Tag::GPSLatitude, exif::Tag::GPSLatitudeRef, "S")?,
            lon_e6: degrees_e6(exif::Tag::GPSLongitude, exif::Tag::GPSLongitudeRef, "W")?,
            datum: Datum::Wgs84,
            accuracy_m: None,
        };
        place.is_on_earth().then_some(place)
    })();
    let software = field(exif::Tag::Software).map(|field| field.display_value().to_string().to_lowercase());
    let is_edited = software.is_some_and(|software| EDITORS.iter().any(|editor| software.contains(editor)));
    (taken_at, place, is_edited)
}

/// What a picture is looked for by; `None` when it cannot be decoded within the limits, or is a form or a scan.
#[must_use]
pub fn asked(bytes: &[u8]) -> Option<Asked> {
    let grey = grey(bytes).filter(|grey| !grey.is_paper())?;
    Some(Asked::of(&grey))
}

/// What a picture is found again by; see [`asked`].
#[must_use]
pub fn fingerprint(bytes: &[u8]) -> Option<bihuan_rules::picture::Fingerprint> {
    let grey = grey(bytes).filter(|grey| !grey.is_paper())?;
    Some(kept(&bihuan_methods::photo::Fingerprint::of(&grey)))
}

/// A fingerprint as the ledger keeps it.
fn kept(fingerprint: &bihuan_methods::photo::Fingerprint) -> bihuan_rules::picture::Fingerprint {
    bihuan_rules::picture::Fingerprint::of(bihuan_methods::photo::METHOD, fingerprint.to_hashes())
}

fn grey(bytes: &[u8]) -> Option<Grey> {
    // Hashes look at 32 cells a side: what is left after shrinking is more than enough, and quick to add up.
    let small = decode(bytes)?.thumbnail(HASH_SIDE, HASH_SIDE).to_luma8();
    let (width, height) = (small.width() as usize, small.height() as usize);
    Grey::new(width, height, small.into_raw())
}

/// A JPEG no longer than [`THUMB_SIDE`] on a side; `None` when it cannot be decoded within the limits.
#[must_use]
pub fn thumbnail(bytes: &[u8]) -> Option<Vec<u8>> {
    let small = decode(bytes)?.thumbnail(THUMB_SIDE, THUMB_SIDE).to_rgb8();
    let mut out = Cursor::new(Vec::new());
    small.write_to(&mut out, image::ImageFormat::Jpeg).ok()?;
    Some(out.into_inner())
}

fn decode(bytes: &[u8]) -> Option<DynamicImage> {
    let mut reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format().ok()?;
    let mut limits = Limits::default();
    limits.max_image_width = Some(SIDE_MAX);
    limits.max_image_height = Some(SIDE_MAX);
    limits.max_alloc = Some(DECODE_BYTES_MAX);
    reader.limits(limits);
    reader.decode().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_and_pages_are_not_kept() {
        assert_eq!(describe(b"<!DOCTYPE html><script>alert(1)</script>"), None);
        assert_eq!(describe(b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0"), None);
        assert_eq!(describe(b"<svg xmlns='x' onload='y'/>"), None);
        assert!(describe("现场记录".as_bytes()).is_some());
    }
}
