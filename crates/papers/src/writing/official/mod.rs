//! Official paper (公文) in the format of GB/T 9704-2012: values in, a Word file (.docx), a PDF and pictures of the sheets out.
//!
//! A page is A4 with margins of 37, 35, 28 and 26 mm and holds 22 lines of 28 characters of 3号仿宋. Headings are numbered
//! here, never by hand. A figure in the text carries the id of the records it was counted from.

mod docx;
mod foot;
mod head;
pub mod lint;
mod measure;
mod number;
mod pdf;
mod sheet;
mod style;
mod svg;
pub mod template;
mod text;

pub use number::DocumentNumber;
pub use pdf::{PdfError, Typeface, Typefaces};
pub use sheet::{Face, Piece, Sheet, Stroke};
pub use text::{Figure, Span, Text};

use jiff::civil::Date;

use super::{WriteError, table::Table};

/// The kind of sheet a paper is set on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Form {
    /// The usual sheet with a red line under the number (文件).
    #[default]
    Ordinary,
    /// The letter (信函): double red lines, no page number on its first page.
    Letter,
    /// Minutes (纪要): the mark is the name of the minutes, who was there stands after the text.
    Minutes,
    /// No head at all: papers that are no official documents, such as the pack of a meeting.
    Plain,
    /// An order (命令、令): a mark that ends in 令 and a number such as 第3号, no title.
    Order,
}

/// A block of the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// A heading. Its number is made from its level and place.
    Heading {
        /// 1 for 一、黑体, 2 for （一）楷体, 3 for 1.仿宋, 4 for （1）仿宋.
        level: u8,
        /// The words after the number.
        text: Text,
        /// Text that goes on in the same paragraph, in 仿宋; empty for a heading of its own.
        then: Text,
    },
    /// A paragraph, indented by two characters.
    Paragraph(Text),
    /// A line without indent.
    Flush(Text),
    /// A table.
    Table(Table),
}

impl Block {
    /// A heading that stands alone.
    #[must_use]
    pub fn heading(level: u8, text: impl Into<Text>) -> Self {
        Self::Heading { level, text: text.into(), then: Text::default() }
    }

    /// A heading whose paragraph goes on.
    #[must_use]
    pub fn run_in(level: u8, text: impl Into<Text>, then: impl Into<Text>) -> Self {
        Self::Heading { level, text: text.into(), then: then.into() }
    }

    /// A paragraph.
    #[must_use]
    pub fn paragraph(text: impl Into<Text>) -> Self {
        Self::Paragraph(text.into())
    }

    /// The texts of the block in reading order, without those of tables.
    fn texts(&self) -> impl Iterator<Item = &Text> {
        let (first, second) = match self {
            Self::Heading { text, then, .. } => (Some(text), Some(then)),
            Self::Paragraph(text) | Self::Flush(text) => (Some(text), None),
            Self::Table(_) => (None, None),
        };
        first.into_iter().chain(second)
    }
}

/// Something attached (附件).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Attachment {
    /// Its name, without number and without 《》.
    pub title: String,
    /// What it holds; nothing when it is sent beside the paper.
    pub blocks: Vec<Block>,
}

/// Who printed the paper and when (印发机关和印发日期).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Printing {
    /// The organ, such as the office of the issuer.
    pub organ: String,
    /// The day.
    pub date: Date,
}

/// Who was at a meeting, a line of the minutes such as `出席：…`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Presence {
    /// 出席, 列席, 请假 or the like.
    pub label: String,
    /// Names, with their posts.
    pub names: String,
}

/// An official paper.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OfficialPaper {
    /// The sheet.
    pub form: Form,
    /// Mark of the issuing organ (发文机关标志), red; several for a joint paper, a line each. On an ordinary sheet it
    /// usually ends in 文件, on minutes it is their name, on an order it ends in 令.
    pub organ_marks: Vec<String>,
    /// Number of the paper (发文字号).
    pub number: Option<DocumentNumber>,
    /// Number of the copy (份号), six digits.
    pub copy_no: Option<u32>,
    /// Secrecy (密级和保密期限), or empty.
    pub secrecy: String,
    /// Urgency (紧急程度), or empty.
    pub urgency: String,
    /// Who signs a paper to a superior (签发人), or empty.
    pub signer: String,
    /// Title. A line break is kept; a long title without one is broken where it can be.
    pub title: String,
    /// To whom it goes (主送机关).
    pub addressees: Vec<String>,
    /// The text.
    pub body: Vec<Block>,
    /// What is attached, in order.
    pub attachments: Vec<Attachment>,
    /// Who was there, for minutes.
    pub presence: Vec<Presence>,
    /// Who issues it (发文机关署名); several for a joint paper.
    pub issuers: Vec<String>,
    /// Day of issue (成文日期).
    pub date: Option<Date>,
    /// Note in brackets under the date (附注), such as the person to ask; without brackets.
    pub note: String,
    /// Who gets a copy (抄送机关).
    pub cc: Vec<String>,
    /// Who printed it.
    pub printing: Option<Printing>,
}

impl OfficialPaper {
    /// The file. Its properties name the day of issue, or else `created`; the same paper and day give the same bytes.
    ///
    /// # Errors
    /// [`WriteError::Packing`] when the parts could not be packed.
    pub fn to_docx(&self, created: Date) -> Result<Vec<u8>, WriteError> {
        docx::write(self, self.date.unwrap_or(created))
    }

    /// The paper set on sheets, as [`Self::to_pdf`] and [`Self::to_svg`] draw it.
    #[must_use]
    pub fn sheets(&self) -> Vec<Sheet> {
        sheet::set(self)
    }

    /// The paper as a PDF of the same lines as the Word file. The same paper, day and typefaces give the same bytes.
    ///
    /// # Errors
    /// A [`PdfError`] when a typeface is missing or cannot be used.
    pub fn to_pdf(&self, created: Date, typefaces: &Typefaces) -> Result<Vec<u8>, PdfError> {
        pdf::draw(&self.sheets(), &self.title.replace('\n', ""), self.date.unwrap_or(created), typefaces)
    }

    /// The sheets as `svg` elements. `address` says where the records behind a figure are shown.
    #[must_use]
    pub fn to_svg(&self, address: &dyn Fn(&str) -> Option<String>) -> Vec<String> {
        self.sheets().iter().map(|sheet| svg::draw(sheet, address)).collect()
    }

    /// The title in lines, none longer than a page is wide.
    #[must_use]
    pub fn title_lines(&self) -> Vec<String> {
        text::title_lines(&self.title)
    }

    /// Every block of the text and of the attachments, in reading order.
    pub fn blocks(&self) -> impl Iterator<Item = &Block> {
        self.body.iter().chain(self.attachments.iter().flat_map(|attachment| &attachment.blocks))
    }

    /// Every figure of the paper with its place in reading order.
    pub fn figures(&self) -> impl Iterator<Item = &Figure> {
        self.blocks()
            .flat_map(Block::texts)
            .flat_map(|text| text.spans())
            .filter_map(|span| span.figure.as_ref())
    }

    /// The running text as a reader sees it, a paragraph a line: headings with their numbers, without tables, head and foot.
    #[must_use]
    pub fn plain_body(&self) -> Vec<String> {
        let numbered = number::numbered(&self.body);
        numbered.filter_map(|(mark, block)| plain(&mark, block)).collect()
    }

    /// Characters of the text, headings and numbers included, blanks and tables not.
    #[must_use]
    pub fn length(&self) -> usize {
        let lines = self.plain_body();
        lines.iter().map(|line| line.chars().filter(|sign| !sign.is_whitespace()).count()).sum()
    }
}

/// A block as one line, or nothing for a table.
fn plain(mark: &str, block: &Block) -> Option<String> {
    let mut texts = block.texts().peekable();
    texts.peek()?;
    Some(texts.fold(mark.to_owned(), |line, text| line + &text.plain()))
}
