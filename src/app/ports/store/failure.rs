//! Why the store could not do it, and how much room it has.

/// Why the store could not do it.
#[derive(Debug, Clone, thiserror::Error)]
pub enum StoreError {
    /// The engine failed; whether the work was done is known: it was not.
    #[error("cơ sở dữ liệu: {0}")]
    Engine(String),
    /// The disk is full.
    #[error("hết chỗ trên đĩa của cơ sở dữ liệu: {0}")]
    Full(String),
    /// The server cannot be reached, or undid the work because of a conflict; it may simply be done again. Where a
    /// commit was not answered it may have been done all the same, and its reason says so.
    #[error("cơ sở dữ liệu tạm thời không dùng được: {0}")]
    Away(String),
    /// A row cannot be understood.
    #[error("dữ liệu không hợp lệ ở {table}.{column}, khoá {key}")]
    Inconsistent {
        /// The table.
        table: &'static str,
        /// The column.
        column: &'static str,
        /// The row.
        key: String,
    },
    /// There is no register yet where one is looked for.
    #[error("{0}")]
    Unmade(String),
    /// The file is not ours, is newer than this program, or lies where it would not be safe: a person must act.
    #[error("{0}")]
    Refused(String),
    /// Another process serves the register.
    #[error("{0}")]
    Busy(String),
    /// The system does not let this account have the register.
    #[error("{0}")]
    Forbidden(String),
    /// The disk failed while reading, writing or syncing, or what lies on it is damaged. What was confirmed before is
    /// durable; nothing may be confirmed after, and nothing tried again: only a new start finds out what is there.
    #[error(
        "đĩa hoặc tệp của sổ bị lỗi: {0}; kiểm tra đĩa (dmesg, smartctl), khởi động lại, nếu vẫn lỗi thì phục hồi từ bản sao lưu"
    )]
    Broken(String),
    /// The server's register lacks what it had confirmed: another one took its place that had not received everything, or
    /// an older copy was put back. As after a broken disk, nothing may be confirmed after, and only a new start finds out
    /// what is there; where no copy of the journal is kept, not even that.
    #[error("máy chủ của sổ không còn những gì đã ghi: dòng {row} của nhật ký không như cũ; {}", after_loss(*copied))]
    Receded {
        /// The row of the journal that it should have.
        row: i64,
        /// Whether a copy of the journal is kept that knows more.
        copied: bool,
    },
}

/// What is to be done about a register that has lost what it confirmed.
fn after_loss(copied: bool) -> &'static str {
    if copied {
        "khi khởi động lại, sổ được đối chiếu với bản chép nhật ký (journal.copy) rồi chờ `vanthu restore release`"
    } else {
        "không có bản chép nhật ký (journal.copy) để đối chiếu: dừng mọi dịch vụ vanthu, chạy `vanthu restore hold` rồi mới khởi động lại"
    }
}

/// How much room the register has to grow.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Room {
    /// Enough.
    #[default]
    Ample,
    /// Only what is kept back for what must be recorded: answers, and outcomes of mails that have left. Why, for ops.
    Tight(String),
    /// None: nothing can be recorded. Why, for ops.
    Spent(String),
}

impl Room {
    /// What is lacking, for ops.
    pub fn lack(self) -> Option<String> {
        match self {
            Self::Ample => None,
            Self::Tight(reason) | Self::Spent(reason) => Some(reason),
        }
    }
}
