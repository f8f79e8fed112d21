//! Codes made from names: the same name gives the same code, and no two units the same.

use std::collections::BTreeSet;

use crate::domain::text::bare_key;

/// Longest code that is proposed; short enough to type.
const LENGTH: usize = 48;

/// Beginnings of names and how codes abbreviate them.
const KINDS: [(&str, &str); 5] = [
    ("dang uy ", "du "),
    ("dang bo bo phan ", "dbbp "),
    ("dang bo ", "db "),
    ("chi bo ", "cb "),
    ("ban can su ", "bcs "),
];

/// A code for a name that is not among `taken`; it is added there. Where the plain one is taken, the
/// parent's code tells them apart, then a number.
pub fn propose(name: &str, parent: Option<&str>, taken: &mut BTreeSet<String>) -> String {
    let plain = plain(name);
    let of_parent = parent.map(|parent| cut(&format!("{plain}-{}", parent.trim_start_matches("db-"))));
    let numbered = (2..).map(|number: u32| format!("{}-{number}", plain.get(..LENGTH - 6).unwrap_or(&plain)));
    let wanted = std::iter::once(plain.clone()).chain(of_parent).chain(numbered);
    let code = wanted.into_iter().find(|code| !taken.contains(code)).unwrap_or_default();
    taken.insert(code.clone());
    code
}

fn plain(name: &str) -> String {
    let folded = bare_key(name);
    let kind = KINDS.iter().find_map(|(long, short)| Some((short, folded.strip_prefix(long)?)));
    let text = kind.map_or_else(|| folded.clone(), |(short, rest)| format!("{short}{rest}"));
    let words = text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let code = cut(&words.collect::<Vec<_>>().join("-"));
    if code.is_empty() { "to-chuc".to_owned() } else { code }
}

/// At most [`LENGTH`] letters, ending with a whole word where there is one.
fn cut(code: &str) -> String {
    let Some(head) = code.get(..LENGTH) else { return code.to_owned() };
    let whole = head.rsplit_once('-').map_or(head, |(whole, _)| whole);
    whole.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::fields::is_code;
    use proptest::prelude::*;

    #[test]
    fn codes_follow_names() {
        let mut taken = BTreeSet::new();
        assert_eq!(propose("Chi bộ Văn phòng", Some("db-so-noi-vu"), &mut taken), "cb-van-phong");
        assert_eq!(propose("Chi bộ Văn phòng", Some("db-so-y-te"), &mut taken), "cb-van-phong-so-y-te");
        assert_eq!(propose("Chi bộ Văn phòng", Some("db-so-y-te"), &mut taken), "cb-van-phong-2");
        assert_eq!(propose("Đảng bộ Sở Nội vụ", None, &mut taken), "db-so-noi-vu");
        assert_eq!(propose("???", None, &mut taken), "to-chuc");
    }

    proptest! {
        #[test]
        fn any_name_gives_a_code_of_its_own(names in prop::collection::vec("\\PC{0,80}", 1..6)) {
            let mut taken = BTreeSet::new();
            let codes: Vec<_> = names.iter().map(|name| propose(name, Some("db-x"), &mut taken)).collect();
            prop_assert!(codes.iter().all(|code| is_code(code, 64)), "{codes:?}");
            prop_assert_eq!(codes.iter().collect::<BTreeSet<_>>().len(), names.len());
        }
    }
}
