//! Writing (出文): letters and forms as Word, lists as Excel, dossiers as one archive.
//!
//! Values in, bytes out. The same values give the same bytes; nothing is cut: what is too much is refused.

pub mod archive;
pub mod letter;
pub mod sheet;

/// Why something could not be written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WriteError {
    /// A cell holds more than Excel can show.
    #[error("row {row}, column {column}: longer than the {limit} characters a cell can hold")]
    CellTooLong {
        /// Row of the data, from 1.
        row: usize,
        /// Column, from 1.
        column: usize,
        /// The limit, in characters.
        limit: usize,
    },
    /// More rows than a sheet can hold.
    #[error("more than {limit} rows")]
    TooManyRows {
        /// The limit.
        limit: usize,
    },
    /// More or larger files than an archive may hold.
    #[error("the archive would be larger than {limit} bytes or hold more than {files} files")]
    TooLarge {
        /// Limit of bytes.
        limit: u64,
        /// Limit of files.
        files: usize,
    },
    /// The format's own writer failed.
    #[error("{0}")]
    Failed(String),
}

impl WriteError {
    /// What is wrong, in Chinese.
    #[must_use]
    pub fn message_zh(&self) -> String {
        match self {
            Self::CellTooLong { row, column, limit } => {
                format!("第{row}行第{column}列超过单元格能容纳的{limit}个字符")
            }
            Self::TooManyRows { limit } => format!("超过{limit}行，请缩小范围后再导出"),
            Self::TooLarge { limit, files } => {
                format!("案卷超过{}MB或{files}个文件，请分次导出", limit / 1024 / 1024)
            }
            Self::Failed(why) => format!("文件未能生成：{why}"),
        }
    }
}
