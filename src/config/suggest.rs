//! "Có phải ý bạn là …": what somebody may have meant, compared without accents and case, because
//! `Chi bo Truong hoc` and `Chi bộ Trường học` are the same slip of the keyboard.

use crate::domain::text::bare_key;

/// Below this similarity (Jaro–Winkler, 0–1) a name is another name and no slip.
const CLOSE: f64 = 0.82;
/// More than three offers are no help.
const MOST: usize = 3;

/// Up to three of `known`, closest first.
///
/// Each known entry is (what is shown, forms to compare with): a unit is offered by its code, and found
/// by its code or its name.
pub fn similar<'a, K, F>(wrong: &str, known: K) -> Vec<String>
where
    K: IntoIterator<Item = (String, F)>,
    F: IntoIterator<Item = &'a str>,
{
    let wrong = bare_key(wrong);
    let mut scored: Vec<(f64, String)> = known
        .into_iter()
        .map(|(shown, forms)| {
            let score = forms.into_iter().map(|form| closeness(&wrong, &bare_key(form)));
            (score.fold(0.0, f64::max), shown)
        })
        .filter(|(score, _)| *score >= CLOSE)
        .collect();
    scored.sort_by(|left, right| right.0.total_cmp(&left.0).then_with(|| left.1.cmp(&right.1)));
    // A perfect folded match is what was meant; anything else beside it only distracts.
    if scored.first().is_some_and(|(score, _)| *score >= 1.0) {
        scored.retain(|(score, _)| *score >= 1.0);
    }
    scored.into_iter().take(MOST).map(|(_, shown)| shown).collect()
}

/// Jaro–Winkler, which likes equal beginnings, except between words of very different length: `thu`
/// (Thursday) is not what `thứ hai` (Monday) meant.
fn closeness(wrong: &str, known: &str) -> f64 {
    let (wrong_len, known_len) = (wrong.chars().count(), known.chars().count());
    let alike = wrong_len.min(known_len) * 2 >= wrong_len.max(known_len);
    if alike { strsim::jaro_winkler(wrong, known) } else { 0.0 }
}

/// Words of the rules, as people call them; who does not know the English one writes these.
const VIETNAMESE: [(&str, &str); 20] = [
    ("hoả tốc", "express"),
    ("hoả tốc hẹn giờ", "express-timed"),
    ("thượng khẩn", "very-urgent"),
    ("khẩn", "urgent"),
    ("thường", "normal"),
    ("không rõ", "unknown"),
    ("mới", "new"),
    ("thu hồi", "revoke"),
    ("cập nhật", "update"),
    ("thay thế", "replace"),
    ("chủ trì", "lead"),
    ("phối hợp", "support"),
    ("để biết", "inform"),
    ("xác nhận", "acknowledge"),
    ("thực hiện", "do"),
    ("báo cáo", "report"),
    ("nhắc", "remind"),
    ("đôn đốc", "chase"),
    ("chi bộ", "cell"),
    ("văn phòng", "office"),
];

/// The words of `known` that a Vietnamese word means, or that are close to it.
pub fn meant<'a>(wrong: &str, known: impl IntoIterator<Item = &'a str> + Clone) -> Vec<String> {
    let key = bare_key(wrong);
    let names = VIETNAMESE.iter().filter(|(name, _)| bare_key(name) == key).map(|(_, word)| *word);
    let named: Vec<_> = names.filter(|word| known.clone().into_iter().any(|known| known == *word)).collect();
    if named.is_empty() {
        similar_words(wrong, known)
    } else {
        named.into_iter().map(str::to_owned).collect()
    }
}

/// [`similar`] for plain words.
pub fn similar_words<'a>(wrong: &str, known: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    similar(wrong, known.into_iter().map(|word| (word.to_owned(), [word])))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_find_what_was_meant() {
        let known = ["text_any", "text_all", "text_none", "urgency", "issuer"];
        assert_eq!(similar_words("text_anny", known).first().map(String::as_str), Some("text_any"));
        assert_eq!(similar_words("urgancy", known), ["urgency"]);
        assert!(similar_words("ladder", known).is_empty());
        assert!(similar_words("thứ hai", ["mon", "thu"]).is_empty());
    }

    #[test]
    fn vietnamese_words_are_known() {
        let urgencies = ["normal", "urgent", "express"];
        assert_eq!(meant("Hỏa tốc", urgencies), ["express"]);
        assert_eq!(meant("khan", urgencies), ["urgent"]);
        assert_eq!(meant("urgnt", urgencies), ["urgent"]);
        assert!(meant("chủ trì", urgencies).is_empty());
    }

    #[test]
    fn accents_and_case_do_not_matter() {
        let units = [("cb-th", ["Chi bộ Trường học"]), ("cb-yt", ["Chi bộ Y tế"])];
        let known = || units.iter().map(|(code, forms)| ((*code).to_owned(), *forms));
        assert_eq!(similar("Chi bo Truong hoc", known()), ["cb-th"]);
        assert!(similar("", known()).is_empty());
    }
}
