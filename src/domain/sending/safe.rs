//! The domains an office writes to. A mail to another one is kept back and shown to staff: a misspelt
//! domain belongs to somebody.

use super::host;

/// Domains, `dcs.vn` for itself alone, `*.dcs.vn` for all below it; an empty list admits everybody.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SafeList(Vec<String>);

impl SafeList {
    /// A list of such patterns, in any case.
    pub fn new(domains: impl IntoIterator<Item = String>) -> Self {
        Self(domains.into_iter().map(|domain| domain.trim().to_ascii_lowercase()).collect())
    }

    /// Whether a mail may go to an address.
    pub fn admits(&self, address: &str) -> bool {
        let domain = host(address);
        self.0.is_empty() || self.0.iter().any(|pattern| fits(pattern, &domain))
    }
}

fn fits(pattern: &str, domain: &str) -> bool {
    match pattern.strip_prefix("*.") {
        Some(parent) => {
            domain.strip_suffix(parent).is_some_and(|below| below.len() > 1 && below.ends_with('.'))
        }
        None => pattern == domain,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn domains_and_all_below_them() {
        let list = |domains: &[&str]| SafeList::new(domains.iter().map(|one| (*one).to_owned()));
        for (domains, address, admitted) in [
            (&[][..], "a@b.example", true),
            (&["mau.example"], "a@mau.example", true),
            (&["Mau.Example"], "a@MAU.example", true),
            (&["mau.example"], "a@so.mau.example", false),
            (&["mau.example"], "a@xmau.example", false),
            (&["*.mau.example"], "a@so.mau.example", true),
            (&["*.mau.example"], "a@y.so.mau.example", true),
            (&["*.mau.example"], "a@mau.example", false),
            (&["*.mau.example"], "a@.mau.example", false),
            (&["*.mau.example"], "a@xmau.example", false),
            (&["mau.example"], "a@mau.example.evil.example", false),
            (&["mau.example"], "mau.example", false),
            (&["mau.example", "*.dcs.vn"], "a@tinh.dcs.vn", true),
        ] {
            assert_eq!(list(domains).admits(address), admitted, "{domains:?} {address}");
        }
    }
}
