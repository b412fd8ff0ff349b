//! Why a file could not be read (读取失败): a code for programs, a sentence in each language for people.

/// Why a file was refused. Nothing of a refused file is used.
///
/// [`ReadError::message_zh`] and [`ReadError::message_en`] say where the trouble is and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.message_en())]
pub enum ReadError {
    /// The file has no bytes, or nothing but white space.
    Empty,
    /// The file has more bytes than the limit.
    FileTooLarge {
        /// Bytes of the file.
        bytes: usize,
        /// The limit in bytes.
        limit: usize,
    },
    /// Unpacked, the parts are larger than the limit.
    UnpackedTooLarge {
        /// Part of the package that went over.
        part: String,
        /// The limit in bytes.
        limit: usize,
    },
    /// The package has more parts than the limit.
    TooManyEntries {
        /// The limit.
        limit: usize,
    },
    /// A part unpacks to far more than it weighs: a decompression bomb.
    CompressionBomb {
        /// The part.
        part: String,
    },
    /// XML or HTML nested deeper than the limit.
    TooDeep {
        /// The part.
        part: String,
        /// The limit.
        limit: usize,
    },
    /// A document type definition, which no office program writes.
    DocumentType {
        /// The part.
        part: String,
    },
    /// A part whose name points outside the package.
    UnsafeName {
        /// The name, control characters replaced.
        part: String,
    },
    /// Protected by a password.
    Encrypted,
    /// Word before 2007 (.doc).
    OldWord,
    /// Excel before 97, or a compound file without a workbook.
    OldExcel,
    /// Rich text (.rtf).
    RichText,
    /// PDF.
    Pdf,
    /// A picture or a scan.
    Picture,
    /// Some other kind of file.
    Unknown,
    /// Broken or cut off.
    Damaged {
        /// The part, or empty for the file as a whole.
        part: String,
    },
    /// Content below the last row allowed.
    TooManyRows {
        /// Sheet name, or the number of the table.
        sheet: String,
        /// The limit.
        limit: usize,
    },
    /// Content right of the last column allowed.
    TooManyColumns {
        /// Sheet name, or the number of the table.
        sheet: String,
        /// The limit.
        limit: usize,
    },
    /// More cells, strings or text than a document may have.
    TooMuch {
        /// Sheet name, part or table.
        sheet: String,
    },
    /// A cell or paragraph longer than the limit.
    TextTooLong {
        /// Sheet name, part or table.
        sheet: String,
        /// Row or paragraph, from 1.
        row: u32,
        /// Limit in characters.
        limit: usize,
    },
    /// Text in no encoding we know.
    Undecodable {
        /// Line of the first byte that makes no sense, from 1.
        line: usize,
    },
}

const MEBIBYTE: usize = 1024 * 1024;

/// Bytes as megabytes, at least 1.
fn megabytes(bytes: usize) -> usize {
    bytes.div_ceil(MEBIBYTE).max(1)
}

impl ReadError {
    /// The stable code of the refusal, for programs and translation keys.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::FileTooLarge { .. } => "file_too_large",
            Self::UnpackedTooLarge { .. } => "unpacked_too_large",
            Self::TooManyEntries { .. } => "too_many_entries",
            Self::CompressionBomb { .. } => "compression_bomb",
            Self::TooDeep { .. } => "too_deep",
            Self::DocumentType { .. } => "document_type",
            Self::UnsafeName { .. } => "unsafe_name",
            Self::Encrypted => "encrypted",
            Self::OldWord => "old_word",
            Self::OldExcel => "old_excel",
            Self::RichText => "rich_text",
            Self::Pdf => "pdf",
            Self::Picture => "picture",
            Self::Unknown => "unknown_format",
            Self::Damaged { .. } => "damaged",
            Self::TooManyRows { .. } => "too_many_rows",
            Self::TooManyColumns { .. } => "too_many_columns",
            Self::TooMuch { .. } => "too_much",
            Self::TextTooLong { .. } => "text_too_long",
            Self::Undecodable { .. } => "undecodable",
        }
    }

    /// What is wrong, where, and what to do, in Chinese.
    #[must_use]
    pub fn message_zh(&self) -> String {
        match self {
            Self::Empty => "文件是空的。请确认选对了文件，再上传一次。".to_owned(),
            Self::FileTooLarge { bytes, limit } => format!(
                "文件有{}MB，上限是{}MB。请删去图片或拆成几个文件。",
                megabytes(*bytes),
                megabytes(*limit)
            ),
            Self::UnpackedTooLarge { part, limit } => {
                format!("“{part}”解压后超过{}MB。请只保留需要的表格，另存后再上传。", megabytes(*limit))
            }
            Self::TooManyEntries { limit } => {
                format!("文件内部超过{limit}个部件。请把内容复制到新文件中另存。")
            }
            Self::CompressionBomb { part } => {
                format!("“{part}”的压缩比异常，不予解压。请在Office或WPS中打开后另存。")
            }
            Self::TooDeep { part, limit } => {
                format!("“{part}”的嵌套超过{limit}层。请把内容复制到新文件中另存。")
            }
            Self::DocumentType { part } => {
                format!("“{part}”含有文档类型定义（DTD），不予读取。请在Office或WPS中打开后另存。")
            }
            Self::UnsafeName { part } => {
                format!("文件内部的名称“{part}”不安全，不予读取。请在Office或WPS中打开后另存。")
            }
            Self::Encrypted => "文件有密码。请取消密码后再上传。".to_owned(),
            Self::OldWord => "这是旧版Word文件（.doc）。请在Word或WPS中另存为.docx。".to_owned(),
            Self::OldExcel => "这是过旧的Excel文件，或里面没有工作簿。请另存为.xlsx。".to_owned(),
            Self::RichText => "这是RTF文件。请在Word或WPS中另存为.docx。".to_owned(),
            Self::Pdf => "这是PDF。请用原来的Word文件，或转换后另存为.docx。".to_owned(),
            Self::Picture => "这是图片，读不出文字。请录入或识别后另存为.docx。".to_owned(),
            Self::Unknown => "认不出文件格式。请另存为.docx、.xlsx或.csv。".to_owned(),
            Self::Damaged { part } if part.is_empty() => {
                "文件已损坏或不完整。请重新下载，或在Office、WPS中打开后另存。".to_owned()
            }
            Self::Damaged { part } => {
                format!("“{part}”已损坏或不完整。请重新下载，或在Office、WPS中打开后另存。")
            }
            Self::TooManyRows { sheet, limit } => {
                format!("“{sheet}”的内容超过{limit}行。请拆成几个文件，或删去远处的多余内容。")
            }
            Self::TooManyColumns { sheet, limit } => {
                format!("“{sheet}”的内容超过{limit}列。请删去右侧远处的多余内容。")
            }
            Self::TooMuch { sheet } => format!("读到“{sheet}”时内容过多。请拆成几个文件。"),
            Self::TextTooLong { sheet, row, limit } => {
                let place = if sheet.is_empty() { String::new() } else { format!("“{sheet}”") };
                format!("{place}第{row}行（段）有文字超过{limit}个字。请拆开后再上传。")
            }
            Self::Undecodable { line } => {
                format!("第{line}行起的文字编码认不出。请另存为UTF-8编码。")
            }
        }
    }

    /// What is wrong, where, and what to do, in English.
    #[must_use]
    pub fn message_en(&self) -> String {
        match self {
            Self::Empty => "The file is empty. Check that it is the right file and upload it again.".to_owned(),
            Self::FileTooLarge { bytes, limit } => format!(
                "The file has {} MB; the limit is {} MB. Remove pictures or split it.",
                megabytes(*bytes),
                megabytes(*limit)
            ),
            Self::UnpackedTooLarge { part, limit } => format!(
                "\"{part}\" unpacks to more than {} MB. Keep only the tables needed and save again.",
                megabytes(*limit)
            ),
            Self::TooManyEntries { limit } => {
                format!("The file has more than {limit} parts inside. Copy the content into a new file.")
            }
            Self::CompressionBomb { part } => format!(
                "\"{part}\" is compressed beyond reason and was not unpacked. Open it in Office or WPS and save again."
            ),
            Self::TooDeep { part, limit } => {
                format!("\"{part}\" is nested deeper than {limit} levels. Copy the content into a new file.")
            }
            Self::DocumentType { part } => format!(
                "\"{part}\" has a document type definition and was not read. Open it in Office or WPS and save again."
            ),
            Self::UnsafeName { part } => format!(
                "The name \"{part}\" inside the file is unsafe. Open the file in Office or WPS and save again."
            ),
            Self::Encrypted => "The file is encrypted. Remove the password and upload it again.".to_owned(),
            Self::OldWord => "This is an old Word file (.doc). Save it as .docx in Word or WPS.".to_owned(),
            Self::OldExcel => {
                "This Excel file is too old, or has no workbook inside. Save it as .xlsx.".to_owned()
            }
            Self::RichText => "This is an RTF file. Save it as .docx in Word or WPS.".to_owned(),
            Self::Pdf => "This is a PDF. Use the original Word file, or convert it and save as .docx.".to_owned(),
            Self::Picture => {
                "This is a picture and holds no text. Type it in, or recognise it and save as .docx.".to_owned()
            }
            Self::Unknown => "The format is not known. Save the file as .docx, .xlsx or .csv.".to_owned(),
            Self::Damaged { part } if part.is_empty() => {
                "The file is damaged or cut off. Download it again, or open it in Office or WPS and save again."
                    .to_owned()
            }
            Self::Damaged { part } => format!(
                "\"{part}\" is damaged or cut off. Download the file again, or open it in Office or WPS and save again."
            ),
            Self::TooManyRows { sheet, limit } => format!(
                "\"{sheet}\" has content below row {limit}. Split the file, or delete what lies far below."
            ),
            Self::TooManyColumns { sheet, limit } => {
                format!("\"{sheet}\" has content right of column {limit}. Delete what lies far to the right.")
            }
            Self::TooMuch { sheet } => format!("\"{sheet}\" makes the file too big to read. Split the file."),
            Self::TextTooLong { sheet, row, limit } => {
                let place = if sheet.is_empty() { String::new() } else { format!("\"{sheet}\", ") };
                format!("{place}row (paragraph) {row}: text longer than {limit} characters. Split it and upload again.")
            }
            Self::Undecodable { line } => {
                format!("From line {line} on the text is in an unknown encoding. Save it as UTF-8.")
            }
        }
    }

    /// The refusal of a broken part.
    pub(super) fn damaged(part: &str) -> Self {
        Self::Damaged { part: part.to_owned() }
    }
}
