//! The sheets as pictures for a page (SVG): drawn with the reader's own types, each sign at its place on the sheet.

use super::{
    super::ooxml::escape,
    sheet::{Face, SHEET_HEIGHT, SHEET_WIDTH, Sheet},
};

/// The classes of pieces, for the style of the page.
fn class(face: Face) -> &'static str {
    match face {
        Face::Title => "t",
        Face::Body => "b",
        Face::Black => "k",
        Face::Brush => "r",
        Face::Song => "s",
    }
}

fn shortened(length: f64) -> String {
    let text = format!("{length:.1}");
    text.strip_suffix(".0").map(str::to_owned).unwrap_or(text)
}

/// A sheet as an `svg` element. `address` says where the records behind a figure are shown; nothing for a figure without a page.
pub(super) fn draw(sheet: &Sheet, address: &dyn Fn(&str) -> Option<String>) -> String {
    let mut out = format!(
        r#"<svg class="sheet" viewBox="0 0 {SHEET_WIDTH} {SHEET_HEIGHT}" xmlns="http://www.w3.org/2000/svg">"#
    );
    for stroke in &sheet.strokes {
        let red = if stroke.is_red { r#" class="red""# } else { "" };
        out.push_str(&format!(
            r#"<rect{red} x="{}" y="{}" width="{}" height="{:.2}"/>"#,
            shortened(stroke.x),
            shortened(stroke.y),
            shortened(stroke.width),
            stroke.height
        ));
    }
    for piece in &sheet.pieces {
        let link = Some(piece.source.as_str()).filter(|source| !source.is_empty()).and_then(address);
        if let Some(address) = &link {
            out.push_str(&format!(r#"<a href="{}">"#, escape(address)));
        }
        let xs: Vec<String> = piece.xs.iter().map(|x| shortened(*x)).collect();
        let red = if piece.is_red { " red" } else { "" };
        out.push_str(&format!(
            r#"<text class="{}{red}" font-size="{}" y="{}" x="{}">{}</text>"#,
            class(piece.face),
            shortened(piece.size),
            shortened(piece.base),
            xs.join(" "),
            escape(&piece.text)
        ));
        if link.is_some() {
            out.push_str("</a>");
        }
    }
    out + "</svg>"
}
