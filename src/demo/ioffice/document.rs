//! Documents of the fake.

use chrono::{DateTime, NaiveDate, Utc};

/// A list a document stands in. `outdate` is no list of its own: it shows what waits past its due date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FakeList {
    /// Chờ xử lý.
    Waiting,
    /// Đã xử lý.
    Processed,
    /// Xem để biết.
    Notify,
}

/// A file; it has a name and a size, and no content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FakeFile {
    /// Its name.
    pub name: String,
    /// Its size in bytes.
    pub size: u64,
}

/// A document as staff entered it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FakeDocument {
    /// Its id.
    pub id: i64,
    /// Trích yếu.
    pub subject: String,
    /// Số, ký hiệu.
    pub symbol: String,
    /// Hình thức văn bản.
    pub kind_name: String,
    /// Cơ quan ban hành.
    pub issuer: String,
    /// Ngày văn bản.
    pub issued: NaiveDate,
    /// Ngày nhận; before it the document is not there.
    pub received: DateTime<Utc>,
    /// Hạn giải quyết.
    pub due: Option<NaiveDate>,
    /// Độ khẩn, a name; empty where nobody chose one.
    pub urgency: String,
    /// Độ mật; `None` leaves the field out of the detail.
    pub secrecy: Option<String>,
    /// Người ký.
    pub signer: String,
    /// Lĩnh vực.
    pub field: String,
    /// Ghi chú.
    pub content: String,
    /// Its files.
    pub files: Vec<FakeFile>,
    /// Comments in its activity log, oldest first.
    pub comments: Vec<String>,
    /// The list it stands in.
    pub list: FakeList,
    /// User id of the only post that sees it; `None` shows it to every post.
    pub post: Option<String>,
}

impl FakeDocument {
    /// An ordinary document: a plan that waits, not secret, without due date and files.
    pub fn new(id: i64, symbol: &str, subject: &str, received: DateTime<Utc>) -> Self {
        Self {
            id,
            subject: subject.to_owned(),
            symbol: symbol.to_owned(),
            kind_name: "Kế hoạch".to_owned(),
            issuer: "Đảng uỷ Khối".to_owned(),
            issued: received.date_naive(),
            received,
            due: None,
            urgency: "Thường".to_owned(),
            secrecy: Some("Thường".to_owned()),
            signer: "Phó Bí thư".to_owned(),
            field: "Công tác Đảng".to_owned(),
            content: String::new(),
            files: Vec::new(),
            comments: Vec::new(),
            list: FakeList::Waiting,
            post: None,
        }
    }
}

/// A receiver of a directive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FakeReceiver {
    /// A person.
    pub full_name: String,
    /// Their unit.
    pub unit: String,
    /// Their address; empty where the account has none.
    pub email: String,
    /// When they first look at it; before it they have not.
    pub seen: Option<DateTime<Utc>>,
}

impl FakeReceiver {
    /// Somebody of a unit.
    pub fn new(unit: &str, email: &str, seen: Option<DateTime<Utc>>) -> Self {
        let full_name = "Người nhận".to_owned();
        Self { full_name, unit: unit.to_owned(), email: email.to_owned(), seen }
    }
}

/// A directive of the module "Thông tin chỉ đạo".
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FakeDirective {
    /// Its id; counted apart from those of documents.
    pub id: i64,
    /// Tiêu đề.
    pub title: String,
    /// Who sent it.
    pub sender: String,
    /// Nội dung, HTML.
    pub html: String,
    /// When it was sent; before it the directive is not there.
    pub received: DateTime<Utc>,
    /// Whether it stands among those sent instead of those received.
    pub is_sent: bool,
    /// A secrecy field that this tenant's module has; `None` leaves it out, as the real one does.
    pub secrecy: Option<String>,
    /// Its files.
    pub files: Vec<FakeFile>,
    /// Whom it went to.
    pub receivers: Vec<FakeReceiver>,
}

impl FakeDirective {
    /// A directive that was received, without files and receivers.
    pub fn new(id: i64, title: &str, html: &str, received: DateTime<Utc>) -> Self {
        Self {
            id,
            title: title.to_owned(),
            sender: "Chánh Văn phòng".to_owned(),
            html: html.to_owned(),
            received,
            is_sent: false,
            secrecy: None,
            files: Vec::new(),
            receivers: Vec::new(),
        }
    }
}
