//! Mail addresses as vanthu accepts them: plain `name@domain`, ASCII, nothing quoted. What RFC 5322
//! allows beyond that no office uses, and every allowance is a way to smuggle a header.

use super::code::Code;
use super::diagnostic::Diagnostic;
use super::file::Place;

/// Most octets of an address (RFC 5321 §4.5.3.1.3, without the angle brackets).
const LONGEST: usize = 254;
/// Most octets before the `@` (RFC 5321 §4.5.3.1.1).
const LONGEST_LOCAL: usize = 64;

/// Whether `address` is a plain address: RFC 5321 lengths, a dot-atom before the `@`, a domain of at
/// least two labels after it.
pub fn is_plain(address: &str) -> bool {
    let Some((local, domain)) = address.rsplit_once('@') else { return false };
    address.len() <= LONGEST && local.len() <= LONGEST_LOCAL && is_dot_atom(local) && is_domain(domain)
}

/// Whether `domain` is an ASCII host name of at least two labels.
pub fn is_domain(domain: &str) -> bool {
    let label = |label: &str| {
        let inner = label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
        inner && !label.is_empty() && label.len() <= 63 && !label.starts_with('-') && !label.ends_with('-')
    };
    domain.contains('.') && domain.split('.').all(label)
}

/// What is wrong with an address that is not [plain](is_plain), at a place: said so that whoever typed it
/// finds the letter.
pub fn finding(address: &str, place: Place) -> Diagnostic {
    let local = address.rsplit_once('@').map_or(address, |(local, _)| local);
    let shown = address.escape_debug().to_string();
    if address.chars().any(char::is_control) {
        return Diagnostic::new(Code::BrokenAddress, place).with(shown);
    }
    if address.len() > LONGEST || local.len() > LONGEST_LOCAL {
        return Diagnostic::new(Code::LongAddress, place).with(address.chars().count().to_string());
    }
    let code = if address.is_ascii() { Code::BadAddress } else { Code::ForeignAddress };
    Diagnostic::new(code, place).with(shown)
}

fn is_dot_atom(local: &str) -> bool {
    let atom = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~".contains(c);
    local.split('.').all(|part| !part.is_empty() && part.chars().all(atom))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_slip_has_a_code() {
        let long = format!("{}@mau.example", "a".repeat(65));
        for (address, code) in [
            ("cb@mau.example\r\nBcc: x@y.vn", Code::BrokenAddress),
            ("cb\u{0}@mau.example", Code::BrokenAddress),
            ("bí-thư@mau.example", Code::ForeignAddress),
            ("cb@đảng.vn", Code::ForeignAddress),
            (long.as_str(), Code::LongAddress),
            ("a b@mau.example", Code::BadAddress),
            ("a@mau.example,b@mau.example", Code::BadAddress),
        ] {
            assert!(!is_plain(address));
            assert_eq!(finding(address, Place::Path("units.toml".to_owned())).code, code, "{address:?}");
        }
    }

    #[test]
    fn plain_addresses() {
        for good in ["cb-y-te@mau.example", "a.b+c@x-1.example.vn", "bithu_1@tinh.dcs.vn"] {
            assert!(is_plain(good), "{good}");
        }
        let bad = [
            "",
            "cb",
            "cb@",
            "@mau.example",
            "cb@mau",
            "bí-thư@mau.example",
            "cb@đảng.vn",
            "a b@mau.example",
            "cb@mau.example\r\nBcc: x@y.vn",
            "<cb@mau.example>",
            "a@b@mau.example,c@d.vn",
            "\"cb\"@mau.example",
            "cb.@mau.example",
            "cb@-mau.example",
            "cb@mau..example",
            "cb@mau.example.",
        ];
        for bad in bad {
            assert!(!is_plain(bad), "{bad}");
        }
    }
}
