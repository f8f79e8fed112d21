//! Every request this adapter can make, and no other.
//!
//! iOffice has GET requests that change state (`document/finish/{id}/`, `recoverdocument`,
//! `signdocument`…). They cannot be made by mistake because they cannot be written down here. The one
//! exception is `switch/{userid}/`, without which a further post of the account cannot be read: it is
//! called only for posts that ops configured, at most once per login, and never repeated. What is told upstream
//! goes by the two POSTs of [`Write`], and only where the settings ask for it. The module "Thông tin chỉ đạo"
//! has no request here that creates, edits, sends or deletes anything.

use serde::{Deserialize, Serialize};

/// A list of documents, as iOffice names them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum List {
    /// Chờ xử lý.
    Waiting,
    /// Đã xử lý.
    Processed,
    /// Xem để biết, thông báo.
    Notify,
    /// Đến hạn, quá hạn.
    Outdate,
}

impl List {
    pub(super) fn parse(name: &str) -> Option<Self> {
        [Self::Waiting, Self::Processed, Self::Notify, Self::Outdate]
            .into_iter()
            .find(|list| list.name() == name)
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Processed => "processed",
            Self::Notify => "notify",
            Self::Outdate => "outdate",
        }
    }
}

/// Which half of the module "Thông tin chỉ đạo", as iOffice names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Direction {
    /// Chỉ đạo nhận được.
    Receive,
    /// Chỉ đạo đã gửi.
    Send,
}

impl Direction {
    fn name(self) -> &'static str {
        match self {
            Self::Receive => "receive",
            Self::Send => "send",
        }
    }
}

/// What can be walked page by page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Roll {
    /// A list of documents.
    List(List),
    /// Directives of the module "Thông tin chỉ đạo"; iOffice does not count them.
    Directives(Direction),
    /// Documents found by their day of issue.
    Lookup,
}

impl Roll {
    /// The request that counts its rows; `None` where there is none.
    pub(super) fn count(self) -> Option<Read> {
        match self {
            Self::List(list) => Some(Read::Count(list)),
            Self::Lookup => Some(Read::CountLookup),
            Self::Directives(_) => None,
        }
    }

    fn path(self) -> String {
        match self {
            Self::List(list) => format!("document/getlist{}document/", list.name()),
            Self::Directives(direction) => format!("information/getlist{}/", direction.name()),
            Self::Lookup => "document/getlistlookupbyparam/".to_owned(),
        }
    }
}

/// Generation of the login request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LoginPath {
    /// `login/`
    First,
    /// `login/v3/`: also names the device.
    Third,
    /// `login/v6/`: may ask for a one-time password.
    Sixth,
}

impl LoginPath {
    pub(super) fn parse(text: &str) -> Option<Self> {
        [Self::First, Self::Third, Self::Sixth].into_iter().find(|path| path.path() == text.trim_matches('/'))
    }

    fn path(self) -> &'static str {
        match self {
            Self::First => "login",
            Self::Third => "login/v3",
            Self::Sixth => "login/v6",
        }
    }
}

/// An id that may stand as one segment of a path: letters, digits, `_`, `-`; 1 to 64 of them.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub(super) struct Code(String);

impl TryFrom<String> for Code {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text).ok_or("not one segment of a path")
    }
}

impl From<Code> for String {
    fn from(code: Code) -> Self {
        code.0
    }
}

impl Code {
    pub(super) fn parse(text: &str) -> Option<Self> {
        let fits = (1..=64).contains(&text.len())
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-');
        fits.then(|| Self(text.to_owned()))
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

/// A request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Call {
    /// Log in. A repeated login may lock the account.
    Login(LoginPath),
    /// Take on a further post; the only GET here that changes state, see the module's text.
    Switch(Code),
    /// Read something.
    Read(Read),
    /// Change something, because the settings ask for it. Sent once.
    Write(Write),
}

/// A request that changes something upstream: what a source tells of a document, and nothing else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Write {
    /// A comment under a document.
    Comment,
    /// A status of a document, to the integration interface.
    Status(Code),
}

/// A request that may be repeated: asking twice is the same as asking once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Read {
    /// How many rows a list has.
    Count(List),
    /// How many documents a lookup finds.
    CountLookup,
    /// One page of what is walked.
    Page(Roll),
    /// A document's detail.
    Detail(Code),
    /// Who did what with it.
    Activity(Code),
    /// The names of its files; their content is never fetched.
    Files(Code),
    /// What a directive of the module "Thông tin chỉ đạo" says.
    Directive(Code),
    /// The names of its files.
    DirectiveFiles(Code),
    /// Whom it went to; the directive is named in the body.
    Receivers,
}

impl Call {
    /// Its path below the base address.
    pub(super) fn path(&self) -> String {
        match self {
            Self::Login(login) => format!("{}/", login.path()),
            Self::Switch(post) => format!("switch/{}/", post.0),
            Self::Read(read) => read.path(),
            // The spelling is the system's.
            Self::Write(Write::Comment) => "incommingdocument/sendcomment/".to_owned(),
            Self::Write(Write::Status(id)) => {
                format!("shared/integration/doc/receive_status/?ids={}", id.0)
            }
        }
    }

    /// Whether it is sent as a POST with a body.
    pub(super) fn is_post(&self) -> bool {
        match self {
            Self::Login(_) | Self::Write(_) => true,
            Self::Switch(_) => false,
            Self::Read(read) => read.is_post(),
        }
    }

    /// What it does, for people; never names an account.
    pub(super) fn title(&self) -> &'static str {
        match self {
            Self::Login(_) => "đăng nhập",
            Self::Switch(_) => "chuyển chức danh",
            Self::Read(Read::Count(_)) => "đếm văn bản trong danh sách",
            Self::Read(Read::CountLookup) => "đếm văn bản tra cứu được",
            Self::Read(Read::Page(Roll::List(_))) => "lấy trang danh sách",
            Self::Read(Read::Page(Roll::Directives(_))) => "lấy trang thông tin chỉ đạo",
            Self::Read(Read::Page(Roll::Lookup)) => "tra cứu văn bản",
            Self::Read(Read::Directive(_)) => "đọc thông tin chỉ đạo",
            Self::Read(Read::DirectiveFiles(_)) => "đọc danh sách tệp của thông tin chỉ đạo",
            Self::Read(Read::Receivers) => "đọc danh sách người nhận chỉ đạo",
            Self::Read(Read::Detail(_)) => "đọc chi tiết văn bản",
            Self::Read(Read::Activity(_)) => "đọc nhật ký xử lý",
            Self::Read(Read::Files(_)) => "đọc danh sách tệp đính kèm",
            Self::Write(Write::Comment) => "ghi ý kiến",
            Self::Write(Write::Status(_)) => "báo trạng thái",
        }
    }
}

impl Read {
    /// Whether it is asked by a POST, whose body says which page or filter is meant.
    fn is_post(&self) -> bool {
        matches!(self, Self::Count(_) | Self::CountLookup | Self::Page(_) | Self::Receivers)
    }

    fn path(&self) -> String {
        match self {
            Self::Count(list) => format!("document/getpaging{}document/", list.name()),
            Self::CountLookup => "document/paginglookupbyparam/".to_owned(),
            Self::Page(roll) => roll.path(),
            Self::Detail(id) => format!("document/getdetaildocument/{}/", id.0),
            Self::Activity(id) => format!("document/getactivitylog/{}/", id.0),
            Self::Files(id) => format!("file/getfileattach/{}/", id.0),
            Self::Directive(id) => format!("information/getdetail/{}/", id.0),
            Self::DirectiveFiles(id) => format!("information/getfiles/{}/", id.0),
            Self::Receivers => "information/getuserreceiver/".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_one_segment() {
        for good in ["1", "0042", "U16", "a-b_c"] {
            assert!(Code::parse(good).is_some(), "{good}");
        }
        for bad in ["", ".", "..", "../finish/5", "5/", "5?x", "5#", "5%2F", "số", " 5", &"9".repeat(65)] {
            assert!(Code::parse(bad).is_none(), "{bad}");
        }
    }

    /// iOffice changes state by GET too. Whatever id is put in, no path here is one of those, and of the module
    /// "Thông tin chỉ đạo" nothing can be created, edited, sent or deleted.
    #[test]
    fn nothing_that_changes_state_can_be_asked_for_as_a_reading() {
        let id = || Code::parse("finish").unwrap();
        let lists = [List::Waiting, List::Processed, List::Notify, List::Outdate];
        let mut rolls = lists.map(Roll::List).to_vec();
        rolls.extend([Roll::Directives(Direction::Receive), Roll::Directives(Direction::Send), Roll::Lookup]);
        let mut reads: Vec<Read> = rolls.iter().copied().map(Read::Page).collect();
        reads.extend(rolls.iter().filter_map(|roll| roll.count()));
        reads.extend([Read::Detail(id()), Read::Activity(id()), Read::Files(id()), Read::Receivers]);
        reads.extend([Read::Directive(id()), Read::DirectiveFiles(id())]);
        for read in reads {
            let path = read.path();
            let call = path.split('/').nth(1).unwrap();
            assert!(call.starts_with("get") || call.starts_with("paging"), "{path}");
        }
    }

    #[test]
    fn names_round_trip() {
        for name in ["waiting", "processed", "notify", "outdate"] {
            assert_eq!(List::parse(name).unwrap().name(), name);
        }
        assert_eq!(List::parse("finish"), None);
        assert_eq!(LoginPath::parse("/login/v6/"), Some(LoginPath::Sixth));
        assert_eq!(LoginPath::parse("login/v4"), None);
    }
}
