//! Measures, colours and styles of GB/T 9704-2012, as a word processor wants them (twentieths of a point).

use super::super::ooxml::{NAMES, fonts};

/// Height of a line: 22 of them fill the 225 mm between the margins.
pub(super) const LINE: u32 = 579;
/// Width between the margins, 156 mm.
pub(super) const WIDTH: u32 = 8845;
/// Margin at the left, 28 mm.
pub(super) const LEFT: u32 = 1587;
/// A character of 3号.
pub(super) const SIGN: u32 = 320;
/// Half points of 3号.
pub(super) const SIZE_3: u32 = 32;
/// Half points of 4号.
pub(super) const SIZE_4: u32 = 28;
/// Half points of 2号.
pub(super) const SIZE_2: u32 = 44;
/// Type of titles and marks.
pub(super) const TITLE_FONT: &str = "方正小标宋简体";
/// Type of the text.
pub(super) const BODY_FONT: &str = "仿宋_GB2312";
/// Type of headings of the first level, secrecy and urgency.
pub(super) const BLACK_FONT: &str = "黑体";
/// Type of headings of the second level and of names of signers.
pub(super) const BRUSH_FONT: &str = "楷体_GB2312";
/// Type of page numbers.
pub(super) const SONG_FONT: &str = "宋体";

/// How much closer than their own width characters stand, so that a line takes 28 of them.
const SQUEEZE: &str = r#"<w:spacing w:val="-6"/>"#;

/// A paragraph style: id, name, font, half points, first-line indent in characters, outline level from 1.
const STYLES: [(&str, &str, &str, u32, u32, u32); 9] = [
    ("Body", "Body Text", BODY_FONT, SIZE_3, 2, 0),
    ("Flush", "Flush", BODY_FONT, SIZE_3, 0, 0),
    ("Heading1", "heading 1", BLACK_FONT, SIZE_3, 2, 1),
    ("Heading2", "heading 2", BRUSH_FONT, SIZE_3, 2, 2),
    ("Heading3", "heading 3", BODY_FONT, SIZE_3, 2, 3),
    ("Heading4", "heading 4", BODY_FONT, SIZE_3, 2, 4),
    ("Title", "Title", TITLE_FONT, SIZE_2, 0, 0),
    ("Imprint", "Imprint", BODY_FONT, SIZE_4, 0, 0),
    ("PageNumber", "Page Number", SONG_FONT, SIZE_4, 0, 0),
];

/// Styles of the cells of tables: id, name, font, half points, whether centred.
const CELLS: [(&str, &str, &str, u32, bool); 4] = [
    ("Label", "Label", BLACK_FONT, 24, true),
    ("Value", "Value", BODY_FONT, 24, false),
    ("SmallLabel", "Small Label", BLACK_FONT, 20, true),
    ("SmallValue", "Small Value", BODY_FONT, 20, false),
];

/// The styles part. The page has a grid of lines and characters; paragraphs keep to its measures by their own line height
/// and spacing, so that every word processor breaks lines at the same place, and no sign hangs over the margin.
pub(super) fn styles() -> String {
    let mut out = format!(
        r#"<w:styles {NAMES}><w:docDefaults><w:rPrDefault><w:rPr>{}{SQUEEZE}<w:snapToGrid w:val="0"/><w:sz w:val="32"/><w:szCs w:val="32"/><w:lang w:val="en-US" w:eastAsia="zh-CN"/></w:rPr></w:rPrDefault><w:pPrDefault><w:pPr><w:overflowPunct w:val="0"/><w:snapToGrid w:val="0"/></w:pPr></w:pPrDefault></w:docDefaults><w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:pPr><w:widowControl w:val="0"/><w:overflowPunct w:val="0"/><w:snapToGrid w:val="0"/><w:spacing w:line="{LINE}" w:lineRule="exact"/><w:jc w:val="both"/></w:pPr><w:rPr><w:sz w:val="32"/><w:szCs w:val="32"/></w:rPr></w:style>"#,
        fonts(BODY_FONT)
    );
    for (id, name, font, size, indent, level) in STYLES {
        let mut properties = String::new();
        if level > 0 {
            properties.push_str("<w:keepNext/>");
        }
        if indent > 0 {
            properties.push_str(&format!(
                r#"<w:ind w:firstLineChars="{}" w:firstLine="{}"/>"#,
                indent * 100,
                indent * SIGN
            ));
        }
        if id == "Title" {
            properties.push_str(r#"<w:jc w:val="center"/>"#);
        }
        if level > 0 {
            properties.push_str(&format!(r#"<w:outlineLvl w:val="{}"/>"#, level - 1));
        }
        let squeeze = if size == SIZE_3 { "" } else { r#"<w:spacing w:val="0"/>"# };
        style(&mut out, id, name, &properties, &format!("{}{squeeze}", fonts(font)), size);
    }
    for (id, name, font, size, is_centred) in CELLS {
        let properties = format!(
            r#"<w:spacing w:line="240" w:lineRule="auto"/><w:jc w:val="{}"/>"#,
            if is_centred { "center" } else { "left" }
        );
        style(&mut out, id, name, &properties, &format!(r#"{}<w:spacing w:val="0"/>"#, fonts(font)), size);
    }
    out + "</w:styles>"
}

fn style(out: &mut String, id: &str, name: &str, paragraph: &str, run: &str, size: u32) {
    out.push_str(&format!(
        r#"<w:style w:type="paragraph" w:styleId="{id}"><w:name w:val="{name}"/><w:basedOn w:val="Normal"/><w:qFormat/><w:pPr>{paragraph}</w:pPr><w:rPr>{run}<w:sz w:val="{size}"/><w:szCs w:val="{size}"/></w:rPr></w:style>"#
    ));
}
