//! XML (标记) of office parts, read strictly: no document types, no entities of one's own, no bottomless nesting.

use quick_xml::{
    Reader,
    events::{BytesStart, Event},
};

use super::{Limits, ReadError};

/// What the walk meets, with an empty element as a start followed by an end.
pub(super) enum Step<'t> {
    /// An element begins.
    Start(Element<'t>),
    /// An element ends; its local name.
    End(String),
    /// Text.
    Text(String),
}

/// An element's start.
pub(super) struct Element<'t>(BytesStart<'t>);

impl Element<'_> {
    /// The name without its prefix.
    pub(super) fn name(&self) -> &str {
        self.0.local_name().into_inner()
    }

    /// An attribute by its name without prefix, entities resolved.
    pub(super) fn attribute(&self, name: &str) -> Option<String> {
        let mut attributes = self.0.attributes();
        attributes.with_checks(false);
        for attribute in attributes.flatten() {
            if attribute.key.local_name().into_inner() == name {
                let value = quick_xml::escape::unescape(&attribute.value);
                return Some(value.map_or_else(|_| attribute.value.to_string(), |value| value.into_owned()));
            }
        }
        None
    }

    /// The `val` attribute.
    pub(super) fn val(&self) -> Option<String> {
        self.attribute("val")
    }

    /// An on-off property: on unless its value says off.
    pub(super) fn is_on(&self) -> bool {
        !matches!(self.val().as_deref(), Some("0" | "false" | "off" | "none"))
    }
}

/// A walk over one part.
pub(super) struct Walk<'t> {
    reader: Reader<&'t [u8]>,
    part: &'t str,
    depth: usize,
    most_depth: usize,
    is_started: bool,
}

impl<'t> Walk<'t> {
    pub(super) fn new(part: &'t str, text: &'t str, limits: &Limits) -> Self {
        let mut reader = Reader::from_str(text);
        reader.config_mut().expand_empty_elements = true;
        Self { reader, part, depth: 0, most_depth: limits.depth, is_started: false }
    }

    fn damaged(&self) -> ReadError {
        ReadError::damaged(self.part)
    }

    /// The next step, or nothing at the end. A part that ends inside an element is damaged.
    pub(super) fn next(&mut self) -> Result<Option<Step<'t>>, ReadError> {
        loop {
            match self.reader.read_event().map_err(|_| self.damaged())? {
                Event::Start(start) => {
                    self.depth += 1;
                    self.is_started = true;
                    if self.depth > self.most_depth {
                        return Err(ReadError::TooDeep {
                            part: self.part.to_owned(),
                            limit: self.most_depth,
                        });
                    }
                    return Ok(Some(Step::Start(Element(start))));
                }
                Event::End(end) => {
                    self.depth = self.depth.saturating_sub(1);
                    return Ok(Some(Step::End(end.local_name().into_inner().to_owned())));
                }
                Event::Text(text) => return Ok(Some(Step::Text(text.xml10_content().into_owned()))),
                Event::CData(text) => return Ok(Some(Step::Text(text.xml10_content().into_owned()))),
                Event::GeneralRef(reference) => {
                    if let Some(c) = reference.resolve_char_ref().map_err(|_| self.damaged())? {
                        return Ok(Some(Step::Text(c.to_string())));
                    }
                    let text = match &*reference.xml10_content() {
                        "amp" => "&",
                        "lt" => "<",
                        "gt" => ">",
                        "quot" => "\"",
                        "apos" => "'",
                        _ => return Err(ReadError::DocumentType { part: self.part.to_owned() }),
                    };
                    return Ok(Some(Step::Text(text.to_owned())));
                }
                Event::DocType(_) => return Err(ReadError::DocumentType { part: self.part.to_owned() }),
                Event::Eof if self.depth > 0 || !self.is_started => return Err(self.damaged()),
                Event::Eof => return Ok(None),
                Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::Empty(_) => {}
            }
        }
    }

    /// Passes over everything up to the end of the element that has just begun.
    pub(super) fn skip(&mut self) -> Result<(), ReadError> {
        let outside = self.depth.saturating_sub(1);
        while self.depth > outside {
            if self.next()?.is_none() {
                return Err(self.damaged());
            }
        }
        Ok(())
    }
}
