//! About: by what a reader tells one matter from another, without looking behind the text.

/// What a letter is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum About {
    /// One matter alone, in a conversation of its own.
    Conversation {
        /// The first mail of the conversation, by Message-ID.
        first: String,
        /// Whether this mail follows that one.
        follows: bool,
        /// Số, ký hiệu, where the document has one.
        number: Option<String>,
        /// Trích yếu, where mails may show it.
        subject: Option<String>,
    },
    /// One line of a list: `Công văn số 33-CV/ĐUK (Khẩn): Báo cáo nhanh`.
    Line(String),
}

impl About {
    /// Whether it goes on about what its reader knows: a mail by its conversation, a line of a list by number and
    /// subject. What begins a conversation is new.
    pub(super) fn goes_on(&self, known: &Self) -> bool {
        match (self, known) {
            (Self::Conversation { follows: false, .. }, _) => false,
            (Self::Conversation { first, .. }, Self::Conversation { first: known, .. }) => first == known,
            (Self::Line(line), Self::Line(known)) => line == known,
            (Self::Line(line), Self::Conversation { number, subject, .. })
            | (Self::Conversation { number, subject, .. }, Self::Line(line)) => {
                tells(line, number.as_deref(), subject.as_deref())
            }
        }
    }

    /// What it is kept under where it is new.
    pub(super) fn name(&self) -> &str {
        match self {
            Self::Conversation { first: name, .. } | Self::Line(name) => name,
        }
    }
}

/// Whether a line tells of the document with this number and subject. Numbers come again every year and some papers
/// bear none, so what is known of both must agree.
fn tells(line: &str, number: Option<&str>, subject: Option<&str>) -> bool {
    let known = number.is_some() || subject.is_some();
    known
        && number.is_none_or(|number| names(line, number))
        && subject.is_none_or(|subject| line.ends_with(subject))
}

/// Whether a number stands in a line as a whole: `3-CV/ĐUK` does not stand in `33-CV/ĐUK`.
fn names(line: &str, number: &str) -> bool {
    let ends = |text: Option<char>| text.is_none_or(|c| matches!(c, ' ' | ':' | '(' | ')' | ','));
    line.match_indices(number).any(|(at, found)| {
        let (before, after) = (line.get(..at), line.get(at + found.len()..));
        ends(before.and_then(|text| text.chars().next_back()))
            && ends(after.and_then(|text| text.chars().next()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mail(number: Option<&str>, subject: Option<&str>, follows: bool) -> About {
        let owned = |text: Option<&str>| text.map(str::to_owned);
        About::Conversation { first: "m1@x".into(), follows, number: owned(number), subject: owned(subject) }
    }

    #[test]
    fn a_line_is_known_by_number_and_subject() {
        let known = mail(Some("3-CV/ĐUK"), Some("Báo cáo nhanh"), false);
        for (line, same) in [
            ("Công văn số 3-CV/ĐUK: Báo cáo nhanh", true),
            ("Công văn số 3-CV/ĐUK (Khẩn): Báo cáo nhanh", true),
            ("Công văn số 33-CV/ĐUK: Báo cáo nhanh", false),
            ("Công văn số 3-CV/ĐUKT: Báo cáo nhanh", false),
            ("Công văn số 3-CV/ĐUK: Báo cáo năm", false),
            ("Thông tin chỉ đạo: Báo cáo nhanh", false),
        ] {
            assert_eq!(About::Line(line.into()).goes_on(&known), same, "{line}");
        }
        let line = About::Line("Thông tin chỉ đạo: Phòng cháy".into());
        assert!(line.goes_on(&mail(None, Some("Phòng cháy"), false)));
        assert!(!line.goes_on(&mail(None, None, false)), "nothing is known of it");
        assert!(line.goes_on(&line.clone()));
    }

    #[test]
    fn a_mail_is_known_by_its_conversation() {
        let known = mail(Some("3-CV/ĐUK"), None, false);
        assert!(mail(None, None, true).goes_on(&known));
        assert!(!known.goes_on(&known), "a first mail is new");
        let line = About::Line("Công văn số 3-CV/ĐUK".into());
        assert!(mail(Some("3-CV/ĐUK"), None, true).goes_on(&line));
        assert_eq!((known.name(), line.name()), ("m1@x", "Công văn số 3-CV/ĐUK"));
    }
}
