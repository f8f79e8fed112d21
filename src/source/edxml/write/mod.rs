//! Writing, strict where reading is lenient: every element inside the envelope bears its prefix, because
//! the national axis drops those that do not; what the standard demands must be there, and nothing is longer
//! than it allows. Lengths are those that implementers check (domain of QCVN 102, `MessageHeader`).

use std::io;

use crate::app::ports::FilesError;

mod document;
mod sheet;
mod status;

pub use document::{Outgoing, write_document};
pub use status::write_status;

/// A body that takes part in the exchange.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Organ {
    /// Mã định danh.
    pub id: String,
    /// Its name; the code stands in where there is none.
    pub name: Option<String>,
}

/// Why a message cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// The standard demands it.
    #[error("thiếu {0}, trường bắt buộc của edXML")]
    Missing(&'static str),
    /// Longer than receivers take, in letters.
    #[error("{field} dài quá {most} chữ, bên nhận sẽ từ chối")]
    TooLong {
        /// The element.
        field: &'static str,
        /// How much is allowed.
        most: usize,
    },
    /// Not what can stand there.
    #[error("{0} có giá trị không hợp lệ")]
    Invalid(&'static str),
    /// The content of a file cannot be had.
    #[error(transparent)]
    Files(#[from] FilesError),
    /// Where it was written to.
    #[error("không ghi được thông điệp: {0}")]
    Output(#[from] io::Error),
}
