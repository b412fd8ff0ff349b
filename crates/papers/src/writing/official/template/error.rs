//! Why a template cannot be used (模板有误): a code for programs, a sentence in each language for people.

use crate::container::ReadError;

/// Why a template was not filled. Nothing is written in part.
#[derive(Debug, thiserror::Error)]
#[error("{}", self.message_en())]
pub enum TemplateError {
    /// The file cannot be read.
    Unreadable(ReadError),
    /// The file is no Word file (.docx).
    NotWord,
    /// There is nothing to fill in.
    NoPlaceholders,
    /// Placeholders that nobody knows.
    Unknown {
        /// Each as it stands in the template.
        names: Vec<String>,
        /// Those that can be used.
        known: Vec<String>,
    },
    /// Braces that are opened and not closed in the same paragraph.
    Unclosed {
        /// The text from the braces on.
        text: String,
    },
    /// A list that is begun and not ended, or ended and not begun.
    Unmatched {
        /// The name of the list.
        name: String,
    },
    /// The packing itself failed.
    Packing {
        /// What the packer said.
        reason: String,
    },
}

impl TemplateError {
    /// The stable code, for programs and translation keys.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unreadable(_) => "template_unreadable",
            Self::NotWord => "template_not_word",
            Self::NoPlaceholders => "template_without_placeholders",
            Self::Unknown { .. } => "template_unknown_placeholders",
            Self::Unclosed { .. } => "template_unclosed",
            Self::Unmatched { .. } => "template_unmatched",
            Self::Packing { .. } => "template_packing",
        }
    }

    /// What is wrong and what to do, in Chinese.
    #[must_use]
    pub fn message_zh(&self) -> String {
        match self {
            Self::Unreadable(error) => error.message_zh(),
            Self::NotWord => "这不是Word文档（.docx）。请用Word或WPS另存为.docx后再上传。".to_owned(),
            Self::NoPlaceholders => {
                "模板里没有占位符，系统不知道往哪里填。请在要填写的位置写上{{标题}}、{{正文}}等占位符后再上传。".to_owned()
            }
            Self::Unknown { names, known } => format!(
                "模板里有系统不认识的占位符：{}。请改正或删去。可以使用的有：{}。",
                names.join("、"),
                known.join("、")
            ),
            Self::Unclosed { text } => format!("占位符没有写完：“{text}”。请在同一段里用}}}}收尾。"),
            Self::Unmatched { name } => {
                format!("重复部分“{name}”的开头{{{{#{name}}}}}和结尾{{{{/{name}}}}}没有成对出现。请补上缺少的一个。")
            }
            Self::Packing { reason } => format!("文件没有写成（{reason}）。请稍后再试。"),
        }
    }

    /// What is wrong and what to do, in English.
    #[must_use]
    pub fn message_en(&self) -> String {
        match self {
            Self::Unreadable(error) => error.message_en(),
            Self::NotWord => "This is not a Word file (.docx). Save it as .docx and upload it again.".to_owned(),
            Self::NoPlaceholders => "The template has no placeholders, so there is nothing to fill in. Write placeholders such as {{标题}} or {{正文}} where the text belongs and upload it again.".to_owned(),
            Self::Unknown { names, known } => format!(
                "The template has unknown placeholders: {}. Correct or remove them. These can be used: {}.",
                names.join(", "),
                known.join(", ")
            ),
            Self::Unclosed { text } => {
                format!("A placeholder is not closed: \"{text}\". Close it with }}}} in the same paragraph.")
            }
            Self::Unmatched { name } => format!(
                "The repeated part \"{name}\" needs both {{{{#{name}}}}} and {{{{/{name}}}}}. Add the one that is missing."
            ),
            Self::Packing { reason } => format!("The file could not be written ({reason}). Try again later."),
        }
    }

    /// The refusal of a packer.
    pub(super) fn packing(reason: impl std::fmt::Display) -> Self {
        Self::Packing { reason: reason.to_string() }
    }
}
