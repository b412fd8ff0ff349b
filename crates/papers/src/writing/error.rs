//! Why a paper could not be written (成文失败): a code for programs, a sentence in each language for people.

/// Why a paper was not written. Nothing is written in part.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.message_en())]
pub enum WriteError {
    /// A workbook without sheets, or a sheet without columns.
    NothingToWrite,
    /// A cell longer than Excel can hold.
    TextTooLong {
        /// Sheet name.
        sheet: String,
        /// Row as people count, from 1.
        row: usize,
        /// Column, from 1.
        column: usize,
        /// The limit in characters.
        limit: usize,
    },
    /// More rows than a sheet can hold.
    TooManyRows {
        /// Sheet name.
        sheet: String,
        /// The limit.
        limit: usize,
    },
    /// More columns than a sheet can hold.
    TooManyColumns {
        /// Sheet name.
        sheet: String,
        /// The limit.
        limit: usize,
    },
    /// More files than a dossier may have.
    TooManyFiles {
        /// The limit.
        limit: usize,
    },
    /// More bytes than a dossier may have.
    TooManyBytes {
        /// The limit in bytes.
        limit: u64,
    },
    /// Two files of a dossier have the same path.
    RepeatedFile {
        /// The path.
        path: String,
    },
    /// The index names a file that is not there.
    MissingFile {
        /// The path.
        path: String,
    },
    /// A file that the index does not name.
    UnlistedFile {
        /// The path.
        path: String,
    },
    /// A file whose bytes have another SHA-256 than the index says.
    WrongDigest {
        /// The path.
        path: String,
    },
    /// The packing itself failed.
    Packing {
        /// What the packer said.
        reason: String,
    },
}

impl WriteError {
    /// The stable code, for programs and translation keys.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NothingToWrite => "nothing_to_write",
            Self::TextTooLong { .. } => "text_too_long",
            Self::TooManyRows { .. } => "too_many_rows",
            Self::TooManyColumns { .. } => "too_many_columns",
            Self::TooManyFiles { .. } => "too_many_files",
            Self::TooManyBytes { .. } => "too_many_bytes",
            Self::RepeatedFile { .. } => "repeated_file",
            Self::MissingFile { .. } => "missing_file",
            Self::UnlistedFile { .. } => "unlisted_file",
            Self::WrongDigest { .. } => "wrong_digest",
            Self::Packing { .. } => "packing",
        }
    }

    /// What is wrong, where, and what to do, in Chinese.
    #[must_use]
    pub fn message_zh(&self) -> String {
        match self {
            Self::NothingToWrite => "没有可以导出的栏目。请先选定内容。".to_owned(),
            Self::TextTooLong { sheet, row, column, limit } => format!(
                "“{sheet}”第{row}行第{column}列超过{limit}个字，Excel单元格放不下。请精简这段文字，或导出为Word。"
            ),
            Self::TooManyRows { sheet, limit } => {
                format!("“{sheet}”超过{limit}行。请缩小范围，分几次导出。")
            }
            Self::TooManyColumns { sheet, limit } => {
                format!("“{sheet}”超过{limit}列。请减少栏目后再导出。")
            }
            Self::TooManyFiles { limit } => {
                format!("档案超过{limit}个文件。请分几次导出。")
            }
            Self::TooManyBytes { limit } => {
                format!("档案超过{}MB。请分几次导出，或不带影像资料。", limit / MEBIBYTE)
            }
            Self::RepeatedFile { path } => format!("档案里有两个文件都叫“{path}”。请给其中一个改名。"),
            Self::MissingFile { path } => {
                format!("目录里有“{path}”，但没有这个文件。请补上文件，或从目录中删去。")
            }
            Self::UnlistedFile { path } => format!("文件“{path}”没有列入目录。请补入目录后再导出。"),
            Self::WrongDigest { path } => {
                format!("文件“{path}”与登记的SHA-256校验值不符，可能已被改动或损坏。请核对原件。")
            }
            Self::Packing { reason } => format!("文件没有写成（{reason}）。请稍后再试。"),
        }
    }

    /// What is wrong, where, and what to do, in English.
    #[must_use]
    pub fn message_en(&self) -> String {
        match self {
            Self::NothingToWrite => "There are no columns to export. Choose the content first.".to_owned(),
            Self::TextTooLong { sheet, row, column, limit } => format!(
                "\"{sheet}\", row {row}, column {column}: text longer than {limit} characters does not fit into an Excel cell. Shorten it, or export to Word."
            ),
            Self::TooManyRows { sheet, limit } => {
                format!("\"{sheet}\" has more than {limit} rows. Narrow the range and export in parts.")
            }
            Self::TooManyColumns { sheet, limit } => {
                format!("\"{sheet}\" has more than {limit} columns. Choose fewer columns.")
            }
            Self::TooManyFiles { limit } => {
                format!("The dossier has more than {limit} files. Export it in parts.")
            }
            Self::TooManyBytes { limit } => format!(
                "The dossier has more than {} MB. Export it in parts, or without pictures and films.",
                limit / MEBIBYTE
            ),
            Self::RepeatedFile { path } => {
                format!("Two files of the dossier are called \"{path}\". Rename one of them.")
            }
            Self::MissingFile { path } => format!(
                "The index names \"{path}\", but there is no such file. Add the file or take it off the index."
            ),
            Self::UnlistedFile { path } => {
                format!("The file \"{path}\" is not in the index. Add it to the index and export again.")
            }
            Self::WrongDigest { path } => format!(
                "The file \"{path}\" does not match its recorded SHA-256; it may be altered or damaged. Check the original."
            ),
            Self::Packing { reason } => format!("The file could not be written ({reason}). Try again later."),
        }
    }

    /// The refusal of a packer.
    pub(super) fn packing(reason: impl std::fmt::Display) -> Self {
        Self::Packing { reason: reason.to_string() }
    }
}

const MEBIBYTE: u64 = 1024 * 1024;
