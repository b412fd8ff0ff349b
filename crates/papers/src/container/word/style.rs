//! Styles of a Word file (样式): what a paragraph inherits that changes how it is read.

use std::collections::HashMap;

use crate::container::{
    Limits, ReadError,
    markup::{Step, Walk},
};

/// Styles may build on each other only so far; longer chains are circles.
const LONGEST_CHAIN: usize = 32;

/// One style, as far as reading is concerned.
#[derive(Debug, Clone, Default)]
struct Style {
    based_on: Option<String>,
    name: String,
    outline_level: Option<u8>,
    list: Option<String>,
    list_level: Option<usize>,
    is_struck: Option<bool>,
    is_hidden: Option<bool>,
}

/// All styles by their id.
#[derive(Debug, Default)]
pub(super) struct Styles {
    styles: HashMap<String, Style>,
    default_paragraph: Option<String>,
}

impl Styles {
    /// Reads `word/styles.xml`.
    pub(super) fn read(part: &str, text: &str, limits: &Limits) -> Result<Self, ReadError> {
        let mut walk = Walk::new(part, text, limits);
        let mut all = Self::default();
        let mut open: Option<(String, Style)> = None;
        while let Some(step) = walk.next()? {
            let element = match step {
                Step::Start(element) => element,
                Step::End(name) if name == "style" => {
                    all.styles.extend(open.take());
                    continue;
                }
                _ => continue,
            };
            if element.name() == "style" {
                let id = element.attribute("styleId").unwrap_or_default();
                if element.attribute("type").as_deref() == Some("paragraph")
                    && matches!(element.attribute("default").as_deref(), Some("1" | "true"))
                {
                    all.default_paragraph = Some(id.clone());
                }
                open = Some((id, Style::default()));
                continue;
            }
            let Some((_, style)) = &mut open else { continue };
            match element.name() {
                "name" => style.name = element.val().unwrap_or_default().to_lowercase(),
                "basedOn" => style.based_on = element.val(),
                "outlineLvl" => style.outline_level = element.val().and_then(|level| level.parse().ok()),
                "numId" => style.list = element.val(),
                "ilvl" => style.list_level = element.val().and_then(|level| level.parse().ok()),
                "strike" | "dstrike" => style.is_struck = Some(element.is_on()),
                "vanish" => style.is_hidden = Some(element.is_on()),
                _ => {}
            }
        }
        Ok(all)
    }

    /// The first style in the chain that has something to say.
    fn inherited<T>(&self, id: Option<&str>, say: impl Fn(&Style) -> Option<T>) -> Option<T> {
        let mut id = id.or(self.default_paragraph.as_deref());
        for _ in 0..LONGEST_CHAIN {
            let style = self.styles.get(id?)?;
            if let Some(said) = say(style) {
                return Some(said);
            }
            id = style.based_on.as_deref();
        }
        None
    }

    /// Heading level from 1, or 0: by outline level, else by the name every language version keeps.
    pub(super) fn heading(&self, id: Option<&str>) -> u8 {
        let level = self.inherited(id, |style| {
            style.outline_level.map(|level| if level < 9 { level + 1 } else { 0 }).or_else(|| {
                let level =
                    style.name.strip_prefix("heading ").or_else(|| style.name.strip_prefix("标题 "))?;
                level.parse().ok().filter(|level| (1..=9).contains(level))
            })
        });
        level.unwrap_or(0)
    }

    /// List and level of the paragraphs of a style.
    pub(super) fn list(&self, id: Option<&str>) -> Option<(String, usize)> {
        let list = self.inherited(id, |style| style.list.clone())?;
        Some((list, self.inherited(id, |style| style.list_level).unwrap_or(0)))
    }

    /// Whether text of the style is struck through.
    pub(super) fn is_struck(&self, id: Option<&str>) -> bool {
        self.inherited(id, |style| style.is_struck).unwrap_or(false)
    }

    /// Whether text of the style is hidden.
    pub(super) fn is_hidden(&self, id: Option<&str>) -> bool {
        self.inherited(id, |style| style.is_hidden).unwrap_or(false)
    }
}
