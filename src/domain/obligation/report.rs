//! What a cell says of its finished work beside number and date: figures that a rule asks for, and a link
//! to a file that is shown and never followed.

use serde::{Deserialize, Serialize};
use url::Url;

use crate::domain::text::clean;

/// Most figures one rule may ask for: more is a form of its own, not an answer.
pub const FIGURES: usize = 8;
/// Longest link, in letters; mail programs break longer ones.
const LINK: usize = 1000;
/// Digits of a figure, the decimals included.
const DIGITS: usize = 15;

/// A figure that was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figure {
    /// What it counts, as the rule calls it: `Số đảng viên dự (người)`.
    pub name: String,
    /// Its value: digits, and after a comma its decimals; no thousands, no leading zeros.
    pub value: String,
}

/// Why a figure or a link cannot be taken; each says what to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// Not a number.
    #[error("Chỉ ghi chữ số, ví dụ 38 hoặc 97,5.")]
    NoNumber,
    /// Thousands or decimals: nobody can tell.
    #[error("Không rõ dấu chấm là hàng nghìn hay thập phân; xin ghi 1.250 hoặc 12,5.")]
    Ambiguous,
    /// Too many digits.
    #[error("Số quá dài; xin xem lại.")]
    Long,
    /// Not an address of the web.
    #[error(
        "Chỉ nhận đường dẫn bắt đầu bằng https:// hoặc http://, ví dụ https://tep.example.vn/bao-cao.pdf."
    )]
    NoLink,
    /// An address that carries a name and a password.
    #[error("Đường dẫn có kèm tên hoặc mật khẩu đăng nhập; xin bỏ phần trước dấu @.")]
    Credentials,
    /// Too long a link.
    #[error("Đường dẫn dài quá 1000 chữ; xin dùng đường dẫn ngắn hơn.")]
    LongLink,
}

impl Figure {
    /// Reads what was typed as people here write numbers: `1.250` is a thousand and more, `12,5` has a
    /// decimal. `12.5` is refused, because half of the readers would take it for the one and half for the other.
    ///
    /// # Errors
    /// [`Unreadable`]; nothing is guessed.
    pub fn read(name: &str, typed: &str) -> Result<Self, Unreadable> {
        let text: String = clean(typed).chars().filter(|c| !c.is_whitespace()).collect();
        let (whole, decimals) = text.split_once(',').map_or((text.as_str(), None), |(a, b)| (a, Some(b)));
        let whole = ungrouped(whole)?;
        let is_number = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_digit());
        if !is_number(&whole) || decimals.is_some_and(|decimals| !is_number(decimals)) {
            return Err(Unreadable::NoNumber);
        }
        let decimals = decimals.unwrap_or_default();
        if whole.len() + decimals.len() > DIGITS {
            return Err(Unreadable::Long);
        }
        let (whole, decimals) = (whole.trim_start_matches('0'), decimals.trim_end_matches('0'));
        let whole = if whole.is_empty() { "0" } else { whole };
        let value = if decimals.is_empty() { whole.to_owned() } else { format!("{whole},{decimals}") };
        Ok(Self { name: name.to_owned(), value })
    }

    /// Its value with points between thousands: `1.250,5`.
    pub fn shown(&self) -> String {
        let (whole, decimals) = self.value.split_once(',').unwrap_or((&self.value, ""));
        let mut text = String::new();
        for (place, digit) in whole.chars().enumerate() {
            if place > 0 && (whole.len() - place).is_multiple_of(3) {
                text.push('.');
            }
            text.push(digit);
        }
        if decimals.is_empty() { text } else { format!("{text},{decimals}") }
    }
}

/// The whole part without its points, which must part thousands.
fn ungrouped(whole: &str) -> Result<String, Unreadable> {
    if !whole.contains('.') {
        return Ok(whole.to_owned());
    }
    let groups: Vec<_> = whole.split('.').collect();
    let is_digits = |group: &&str| group.chars().all(|c| c.is_ascii_digit());
    if !groups.iter().all(is_digits) {
        return Err(Unreadable::NoNumber);
    }
    let first = groups.first().map_or(0, |group| group.len());
    let grouped = (1..=3).contains(&first) && groups.iter().skip(1).all(|group| group.len() == 3);
    if grouped { Ok(groups.concat()) } else { Err(Unreadable::Ambiguous) }
}

/// A link to the file of a report. It is kept and shown as text with its host; nobody here opens it, and no
/// page makes a link of it: where it leads, only its sender knows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct FileLink(String);

impl FileLink {
    /// Reads what was typed.
    ///
    /// # Errors
    /// [`Unreadable`]: no `http` or `https` address with a host, one with credentials, or too long.
    pub fn read(typed: &str) -> Result<Self, Unreadable> {
        let text = clean(typed);
        let text = text.trim();
        if text.chars().count() > LINK {
            return Err(Unreadable::LongLink);
        }
        if text.chars().any(char::is_whitespace) {
            return Err(Unreadable::NoLink);
        }
        let url = Url::parse(text).map_err(|_| Unreadable::NoLink)?;
        if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none_or(str::is_empty) {
            return Err(Unreadable::NoLink);
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(Unreadable::Credentials);
        }
        Ok(Self(url.to_string()))
    }

    /// The address. A host in other letters stands in its ASCII form, so that none can pass for another.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Its host, which people look at before they open anything.
    pub fn host(&self) -> String {
        Url::parse(&self.0).ok().and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn figures_are_read_as_people_here_write_them() {
        use Unreadable::{Ambiguous, Long, NoNumber};
        for (typed, expected) in [
            ("38", Ok("38")),
            (" 0038 ", Ok("38")),
            ("0", Ok("0")),
            ("1.250", Ok("1250")),
            ("1 250", Ok("1250")),
            ("97,5", Ok("97,5")),
            ("97,50", Ok("97,5")),
            ("100,0", Ok("100")),
            ("1.234.567,89", Ok("1234567,89")),
            ("12.5", Err(Ambiguous)),
            ("1.2345", Err(Ambiguous)),
            (".500", Err(Ambiguous)),
            ("1,5,2", Err(NoNumber)),
            ("-3", Err(NoNumber)),
            ("38 người", Err(NoNumber)),
            ("97%", Err(NoNumber)),
            ("", Err(NoNumber)),
            (",5", Err(NoNumber)),
            ("5,", Err(NoNumber)),
            ("٣٨", Err(NoNumber)),
            ("1234567890123456", Err(Long)),
        ] {
            let read = Figure::read("Số", typed).map(|figure| figure.value);
            assert_eq!(read.as_deref().map_err(|e| *e), expected, "{typed:?}");
        }
    }

    #[test]
    fn links_are_web_addresses_that_show_their_host() {
        use Unreadable::{Credentials, LongLink, NoLink};
        let long = format!("https://tep.example.vn/{}", "a".repeat(1000));
        for (typed, expected) in [
            (" https://tep.example.vn/bao-cao.pdf ", Ok("tep.example.vn")),
            ("HTTP://TEP.example.vn:8080/x?y=1#z", Ok("tep.example.vn")),
            ("https://vănthư.example/x", Ok("xn--vnth-0sa55h.example")),
            ("javascript:alert(1)", Err(NoLink)),
            ("data:text/html,x", Err(NoLink)),
            ("ftp://tep.example.vn/x", Err(NoLink)),
            ("file:///etc/passwd", Err(NoLink)),
            ("tep.example.vn/x", Err(NoLink)),
            ("https://", Err(NoLink)),
            ("https://tep.example.vn/x y", Err(NoLink)),
            ("https://vanthu.example@xau.example/x", Err(Credentials)),
            ("", Err(NoLink)),
            (long.as_str(), Err(LongLink)),
        ] {
            let read = FileLink::read(typed).map(|link| link.host());
            assert_eq!(read.as_deref().map_err(|e| *e), expected, "{typed:?}");
        }
    }

    proptest! {
        #[test]
        fn a_figure_reads_itself_again(typed in "[0-9., ]{0,20}") {
            if let Ok(figure) = Figure::read("x", &typed) {
                prop_assert_eq!(Figure::read("x", &figure.shown()), Ok(figure.clone()));
                prop_assert_eq!(Figure::read("x", &figure.value), Ok(figure));
            }
        }

        #[test]
        fn no_text_makes_another_scheme(typed in ".{0,60}") {
            if let Ok(link) = FileLink::read(&typed) {
                prop_assert!(link.as_str().starts_with("http://") || link.as_str().starts_with("https://"));
                prop_assert!(!link.as_str().chars().any(|c| c.is_control() || c.is_whitespace()));
                prop_assert!(!link.host().is_empty());
            }
        }
    }
}
