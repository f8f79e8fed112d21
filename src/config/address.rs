//! Mail addresses as vanthu accepts them: plain `name@domain`, ASCII, nothing quoted. What RFC 5322
//! allows beyond that no office uses, and every allowance is a way to smuggle a header.

/// Whether `address` is a plain address: RFC 5321 lengths, a dot-atom before the `@`, a domain of at
/// least two labels after it.
pub fn is_plain(address: &str) -> bool {
    let Some((local, domain)) = address.rsplit_once('@') else { return false };
    address.len() <= 254 && local.len() <= 64 && is_dot_atom(local) && is_domain(domain)
}

/// Whether `domain` is an ASCII host name of at least two labels.
pub fn is_domain(domain: &str) -> bool {
    let label = |label: &str| {
        let inner = label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
        inner && !label.is_empty() && label.len() <= 63 && !label.starts_with('-') && !label.ends_with('-')
    };
    domain.contains('.') && domain.split('.').all(label)
}

fn is_dot_atom(local: &str) -> bool {
    let atom = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~".contains(c);
    local.split('.').all(|part| !part.is_empty() && part.chars().all(atom))
}

#[cfg(test)]
mod tests {
    use super::*;

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
