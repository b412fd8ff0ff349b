//! The parts of a Word file (.docx) that are the same for every letter, and how they are packed.

use std::io::{Cursor, Write};

use jiff::civil::Date;
use zip::{CompressionMethod, DateTime, ZipWriter, write::SimpleFileOptions};

use super::{WriteError, clean};

/// Name spaces of the document part.
pub(super) const NAMES: &str = r#"xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships""#;

const HEAD: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>"#;

const CONTENT_TYPES: &str = r#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/><Override PartName="/word/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml"/><Override PartName="/word/settings.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.settings+xml"/><Override PartName="/word/fontTable.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.fontTable+xml"/><Override PartName="/word/footer1.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.footer+xml"/><Override PartName="/word/footer2.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.footer+xml"/><Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/></Types>"#;

const PACKAGE_RELATIONS: &str = r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties" Target="docProps/core.xml"/></Relationships>"#;

const DOCUMENT_RELATIONS: &str = r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/settings" Target="settings.xml"/><Relationship Id="rId3" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/fontTable" Target="fontTable.xml"/><Relationship Id="rId4" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/footer" Target="footer1.xml"/><Relationship Id="rId5" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/footer" Target="footer2.xml"/></Relationships>"#;

/// Fonts of GB/T 9704 that a machine may lack, each with what stands in for it, and the kind of its strokes.
const FONTS: [(&str, &str, &str); 4] = [
    ("方正小标宋简体", "宋体", "roman"),
    ("仿宋_GB2312", "仿宋", "modern"),
    ("楷体_GB2312", "楷体", "modern"),
    ("黑体", "SimHei", "modern"),
];

/// Text between tags or inside an attribute.
pub(super) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for sign in clean(text).chars() {
        match sign {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            sign => out.push(sign),
        }
    }
    out
}

/// The fonts of a run: Chinese signs in `east`, others in Times New Roman.
pub(super) fn fonts(east: &str) -> String {
    format!(
        r#"<w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman" w:cs="Times New Roman" w:eastAsia="{east}"/>"#
    )
}

fn font_table() -> String {
    let mut out = format!("<w:fonts {NAMES}>");
    for (name, instead, family) in FONTS {
        out.push_str(&format!(
            r#"<w:font w:name="{name}"><w:altName w:val="{instead}"/><w:charset w:val="86"/><w:family w:val="{family}"/><w:pitch w:val="default"/></w:font>"#
        ));
    }
    out + "</w:fonts>"
}

/// Packs a document part with its styles and the footers of odd and even pages (`rId4` and `rId5`). Further headers and
/// footers are given as kind, id and text.
pub(super) fn pack(
    document: &str,
    title: &str,
    created: Date,
    styles: &str,
    footers: [String; 2],
    extra: &[(&str, &str, String)],
) -> Result<Vec<u8>, WriteError> {
    let core = format!(
        r#"<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><dc:title>{}</dc:title><dcterms:created xsi:type="dcterms:W3CDTF">{created}T00:00:00Z</dcterms:created></cp:coreProperties>"#,
        escape(title)
    );
    let settings = format!(
        r#"<w:settings {NAMES}><w:evenAndOddHeaders/><w:compat><w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat></w:settings>"#
    );
    let name = |kind: &str, id: &str| format!("{kind}_{id}.xml");
    let (mut types, mut relations) = (String::new(), String::new());
    for (kind, id, _) in extra {
        let name = name(kind, id);
        types.push_str(&format!(
            r#"<Override PartName="/word/{name}" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.{kind}+xml"/>"#
        ));
        relations.push_str(&format!(
            r#"<Relationship Id="{id}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}" Target="{name}"/>"#
        ));
    }
    let [odd, even] = footers;
    let mut parts = vec![
        ("[Content_Types].xml".to_owned(), CONTENT_TYPES.replace("</Types>", &(types + "</Types>"))),
        ("_rels/.rels".to_owned(), PACKAGE_RELATIONS.to_owned()),
        ("docProps/core.xml".to_owned(), core),
        ("word/document.xml".to_owned(), document.to_owned()),
        (
            "word/_rels/document.xml.rels".to_owned(),
            DOCUMENT_RELATIONS.replace("</Relationships>", &(relations + "</Relationships>")),
        ),
        ("word/styles.xml".to_owned(), styles.to_owned()),
        ("word/settings.xml".to_owned(), settings),
        ("word/fontTable.xml".to_owned(), font_table()),
        ("word/footer1.xml".to_owned(), odd),
        ("word/footer2.xml".to_owned(), even),
    ];
    parts.extend(extra.iter().map(|(kind, id, text)| (format!("word/{}", name(kind, id)), text.clone())));
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(DateTime::default())
        .unix_permissions(0o644);
    for (name, text) in parts {
        zip.start_file(name, options).map_err(WriteError::packing)?;
        zip.write_all(HEAD.as_bytes()).map_err(WriteError::packing)?;
        zip.write_all(text.as_bytes()).map_err(WriteError::packing)?;
    }
    Ok(zip.finish().map_err(WriteError::packing)?.into_inner())
}
