//! The sheets as a PDF: the type of each sign embedded as far as it is used, the text readable and searchable.

use std::{
    collections::{BTreeMap, btree_map::Entry},
    sync::Arc,
};

use jiff::civil::Date;
use pdf_writer::{
    Content, Filter, Finish, Name, Pdf, Rect, Ref, Str, TextStr,
    types::{CidFontType, FontFlags, SystemInfo, UnicodeCmap},
};
use subsetter::GlyphRemapper;
use ttf_parser::GlyphId;

use super::sheet::{Face, Piece, SHEET_HEIGHT, SHEET_WIDTH, Sheet};

/// Effort of the packing, 1 to 10.
const EFFORT: u8 = 6;
const IDENTITY: SystemInfo<'static> =
    SystemInfo { registry: Str(b"Adobe"), ordering: Str(b"Identity"), supplement: 0 };

/// A typeface: the bytes of a font file and its place in the file.
#[derive(Debug, Clone)]
pub struct Typeface {
    /// The file. Faces out of the same file share it.
    pub bytes: Arc<Vec<u8>>,
    /// Place in a collection; 0 in a file of one face.
    pub index: u32,
}

/// The typefaces a paper is drawn with.
#[derive(Debug, Clone)]
pub struct Typefaces {
    /// For each type of the paper, best first.
    pub faces: BTreeMap<Face, Typeface>,
    /// For letters and digits, of the widths of Times; without it those of the types themselves.
    pub latin: Option<Typeface>,
}

/// Why no PDF can be drawn.
#[derive(Debug, thiserror::Error)]
pub enum PdfError {
    /// A type has no typeface.
    #[error("no typeface for {0:?}")]
    NoTypeface(Face),
    /// A font file cannot be read or may not be embedded.
    #[error("a font cannot be used: {0}")]
    Font(String),
}

/// A typeface in use.
struct Used<'a> {
    typeface: &'a Typeface,
    face: ttf_parser::Face<'a>,
    glyphs: GlyphRemapper,
    /// Sign of each glyph in use.
    signs: BTreeMap<u16, char>,
}

impl Used<'_> {
    fn units(&self) -> f64 {
        f64::from(self.face.units_per_em())
    }

    /// Width of a glyph, in thousandths of the size.
    fn width(&self, glyph: u16) -> f64 {
        f64::from(self.face.glyph_hor_advance(GlyphId(glyph)).unwrap_or(0)) * 1000.0 / self.units()
    }
}

/// Typefaces in use, by file and place.
struct Case<'a> {
    order: Vec<Used<'a>>,
    of: BTreeMap<Face, usize>,
    latin: Option<usize>,
}

impl<'a> Case<'a> {
    fn new(typefaces: &'a Typefaces) -> Result<Self, PdfError> {
        let mut case = Case { order: Vec::new(), of: BTreeMap::new(), latin: None };
        let mut known: BTreeMap<(usize, u32), usize> = BTreeMap::new();
        let named = typefaces.faces.iter().map(|(face, typeface)| (Some(*face), typeface));
        for (name, typeface) in named.chain(typefaces.latin.iter().map(|typeface| (None, typeface))) {
            let key = (Arc::as_ptr(&typeface.bytes) as usize, typeface.index);
            let at = match known.entry(key) {
                Entry::Occupied(known) => *known.get(),
                Entry::Vacant(new) => {
                    let face = ttf_parser::Face::parse(&typeface.bytes, typeface.index)
                        .map_err(|error| PdfError::Font(error.to_string()))?;
                    let (glyphs, signs) = (GlyphRemapper::new(), BTreeMap::new());
                    case.order.push(Used { typeface, face, glyphs, signs });
                    *new.insert(case.order.len() - 1)
                }
            };
            match name {
                Some(face) => {
                    case.of.insert(face, at);
                }
                None => case.latin = Some(at),
            }
        }
        match Face::ALL.into_iter().find(|face| !case.of.contains_key(face)) {
            Some(missing) => Err(PdfError::NoTypeface(missing)),
            None => Ok(case),
        }
    }

    /// The typeface that has the sign, and its glyph there: letters first in their own typeface, then in that of the text; a sign
    /// that no typeface has is an empty box.
    fn glyph(&mut self, face: Face, sign: char) -> (usize, u16, f64) {
        let own = self.of.get(&face).copied().unwrap_or(0);
        let first = self.latin.filter(|_| sign.is_ascii() && face != Face::Song);
        let order = first.into_iter().chain([own]).chain(self.of.values().copied());
        let has = |at: &usize| self.order[*at].face.glyph_index(sign).is_some();
        let at = { order }.find(has).unwrap_or(own);
        let used = &mut self.order[at];
        let glyph = used.face.glyph_index(sign).map_or(0, |glyph| glyph.0);
        used.signs.entry(glyph).or_insert(sign);
        let width = used.width(glyph);
        (at, used.glyphs.remap(glyph), width)
    }
}

/// Draws sheets.
pub(super) fn draw(
    sheets: &[Sheet],
    title: &str,
    day: Date,
    typefaces: &Typefaces,
) -> Result<Vec<u8>, PdfError> {
    let mut case = Case::new(typefaces)?;
    let contents: Vec<Vec<u8>> = sheets.iter().map(|sheet| content(sheet, &mut case)).collect();
    let mut pdf = Pdf::new();
    let mut next = 0;
    let mut number = || {
        next += 1;
        Ref::new(next)
    };
    let (catalog, tree, about) = (number(), number(), number());
    pdf.catalog(catalog).pages(tree).lang(TextStr("zh-CN"));
    let year = u16::try_from(day.year()).unwrap_or_default();
    let [month, day] = [day.month(), day.day()].map(|part| u8::try_from(part).unwrap_or(1));
    let date = pdf_writer::Date::new(year).month(month).day(day);
    pdf.document_info(about).title(TextStr(title)).creation_date(date);
    let fonts: Vec<Ref> = case.order.iter().map(|_| number()).collect();
    let pages: Vec<(Ref, Ref)> = contents.iter().map(|_| (number(), number())).collect();
    pdf.pages(tree)
        .kids(pages.iter().map(|(page, _)| *page))
        .count(i32::try_from(pages.len()).unwrap_or(i32::MAX));
    for ((page, stream), content) in pages.iter().zip(&contents) {
        let mut page = pdf.page(*page);
        page.media_box(Rect::new(0.0, 0.0, SHEET_WIDTH as f32, SHEET_HEIGHT as f32));
        page.parent(tree).contents(*stream);
        let mut resources = page.resources();
        let mut names = resources.fonts();
        for (at, font) in fonts.iter().enumerate() {
            names.pair(Name(name(at).as_bytes()), *font);
        }
        names.finish();
        resources.finish();
        page.finish();
        let packed = packed(content);
        pdf.stream(*stream, &packed).filter(Filter::FlateDecode);
    }
    for (at, (used, font)) in case.order.iter().zip(&fonts).enumerate() {
        embed(&mut pdf, at, used, *font, [number(), number(), number(), number()])?;
    }
    Ok(pdf.finish())
}

fn name(at: usize) -> String {
    format!("F{at}")
}

fn packed(bytes: &[u8]) -> Vec<u8> {
    miniz_oxide::deflate::compress_to_vec_zlib(bytes, EFFORT)
}

fn content(sheet: &Sheet, case: &mut Case<'_>) -> Vec<u8> {
    let mut content = Content::new();
    for stroke in &sheet.strokes {
        colour(&mut content, stroke.is_red);
        let y = SHEET_HEIGHT - stroke.y - stroke.height;
        content.rect(stroke.x as f32, y as f32, stroke.width as f32, stroke.height as f32).fill_nonzero();
    }
    for piece in &sheet.pieces {
        colour(&mut content, piece.is_red);
        content.begin_text();
        write(&mut content, piece, case);
        content.end_text();
    }
    content.finish().into_vec()
}

fn colour(content: &mut Content, is_red: bool) {
    content.set_fill_rgb(if is_red { 1.0 } else { 0.0 }, 0.0, 0.0);
}

/// Writes the signs of a piece, those of one typeface together, each at its place.
fn write(content: &mut Content, piece: &Piece, case: &mut Case<'_>) {
    let placed: Vec<_> = piece
        .text
        .chars()
        .zip(&piece.xs)
        .map(|(sign, x)| {
            let (at, glyph, width) = case.glyph(piece.face, sign);
            (at, glyph, width * piece.size / 1000.0, *x)
        })
        .collect();
    for run in placed.chunk_by(|before, after| before.0 == after.0) {
        let Some((at, _, _, start)) = run.first() else { continue };
        content.set_font(Name(name(*at).as_bytes()), piece.size as f32);
        let base = SHEET_HEIGHT - piece.base;
        content.set_text_matrix([1.0, 0.0, 0.0, 1.0, *start as f32, base as f32]);
        let mut shown = content.show_positioned();
        let mut items = shown.items();
        let mut pen = *start;
        for (_, glyph, width, x) in run {
            let gap = (x - pen) * 1000.0 / piece.size;
            if gap.abs() >= 0.5 {
                items.adjust(-(gap.round() as f32));
                pen += gap.round() * piece.size / 1000.0;
            }
            items.show(Str(&glyph.to_be_bytes()));
            pen += width;
        }
    }
}

/// Embeds what is used of a typeface.
fn embed(
    pdf: &mut Pdf,
    at: usize,
    used: &Used<'_>,
    font: Ref,
    [cid, descriptor, file, cmap]: [Ref; 4],
) -> Result<(), PdfError> {
    let Typeface { bytes, index } = used.typeface;
    let subset =
        subsetter::subset(bytes, *index, &used.glyphs).map_err(|error| PdfError::Font(error.to_string()))?;
    // Outlines of the PostScript kind are embedded without the tables around them.
    let outlines = {
        let raw =
            ttf_parser::RawFace::parse(&subset, 0).map_err(|error| PdfError::Font(error.to_string()))?;
        raw.table(ttf_parser::Tag::from_bytes(b"CFF ")).map(<[u8]>::to_vec)
    };
    let is_cff = outlines.is_some();
    let base = format!("{}+Paper{at}", tag(at));
    let cid_name = if is_cff { format!("{base}-Identity-H") } else { base.clone() };
    pdf.type0_font(font)
        .base_font(Name(cid_name.as_bytes()))
        .encoding_predefined(Name(b"Identity-H"))
        .descendant_font(cid)
        .to_unicode(cmap);
    let mut writer = pdf.cid_font(cid);
    writer.subtype(if is_cff { CidFontType::Type0 } else { CidFontType::Type2 });
    writer.base_font(Name(base.as_bytes())).system_info(IDENTITY).font_descriptor(descriptor);
    writer.default_width(0.0);
    if !is_cff {
        writer.cid_to_gid_map_predefined(Name(b"Identity"));
    }
    let widths = used.glyphs.remapped_gids().map(|glyph| used.width(glyph) as f32);
    writer.widths().consecutive(0, widths);
    writer.finish();
    let scaled = |value: i16| (f64::from(value) * 1000.0 / used.units()) as f32;
    let bounds = used.face.global_bounding_box();
    let mut writer = pdf.font_descriptor(descriptor);
    writer
        .name(Name(base.as_bytes()))
        .flags(FontFlags::SYMBOLIC)
        .bbox(Rect::new(
            scaled(bounds.x_min),
            scaled(bounds.y_min),
            scaled(bounds.x_max),
            scaled(bounds.y_max),
        ))
        .italic_angle(0.0)
        .ascent(scaled(used.face.ascender()))
        .descent(scaled(used.face.descender()))
        .cap_height(scaled(used.face.capital_height().unwrap_or_else(|| used.face.ascender())))
        .stem_v(80.0);
    if is_cff {
        writer.font_file3(file);
    } else {
        writer.font_file2(file);
    }
    writer.finish();
    let packed_file = packed(outlines.as_deref().unwrap_or(&subset));
    let mut stream = pdf.stream(file, &packed_file);
    stream.filter(Filter::FlateDecode);
    if is_cff {
        stream.pair(Name(b"Subtype"), Name(b"CIDFontType0C"));
    }
    stream.finish();
    let mut unicode = UnicodeCmap::new(Name(b"Custom"), IDENTITY);
    for (glyph, sign) in &used.signs {
        if let Some(glyph) = used.glyphs.get(*glyph) {
            unicode.pair(glyph, *sign);
        }
    }
    let unicode = unicode.finish();
    pdf.cmap(cmap, &unicode);
    Ok(())
}

/// The six letters that mark a part of a font.
fn tag(at: usize) -> String {
    let letter = |place: u32| char::from(b'A' + u8::try_from(at / 26_usize.pow(place) % 26).unwrap_or(0));
    (0..6).rev().map(letter).collect()
}
