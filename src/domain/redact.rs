//! Redact: take out of a document everything that routing does not need, and nothing more. Each step is
//! tried: what is left still routes as before, because it was routed.

use super::document::{Document, Exchange};

/// What stands for words that were taken out.
pub const GAP: &str = "…";

/// A document without what routing does not need.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Redacted {
    /// What is left.
    pub document: Document,
    /// The words of the texts that had to stay, as they follow each other.
    pub kept: Vec<String>,
}

/// Takes out what can go. `alike` says whether a document still routes as the whole one does.
///
/// Names of signers, files and long texts go first; of the subject and of what else must stay, every word
/// that can. The symbol stays: staff find the document by it.
pub fn redact(document: &Document, alike: &dyn Fn(&Document) -> bool) -> Redacted {
    let mut left = Document { attachments: Vec::new(), exchange: Exchange::default(), ..document.clone() };
    let simpler: [fn(&Document) -> Document; 7] = [
        |document| Document { signer: None, ..document.clone() },
        |document| Document { content: None, ..document.clone() },
        |document| Document { field: None, ..document.clone() },
        |document| Document { issuer: String::new(), ..document.clone() },
        |document| Document { kind_name: None, ..document.clone() },
        |document| Document { due: None, ..document.clone() },
        |document| Document { addressees: Vec::new(), ..document.clone() },
    ];
    for without in simpler {
        let fewer = without(&left);
        if alike(&fewer) {
            left = fewer;
        }
    }
    let subject = thin(&left.subject, &|text| alike(&Document { subject: text, ..left.clone() }));
    left.subject = join(&subject);
    let content = left
        .content
        .clone()
        .map(|content| thin(&content, &|text| alike(&Document { content: Some(text), ..left.clone() })));
    left.content = content.as_ref().map(|words| join(words));
    let kept = subject.iter().chain(content.iter().flatten()).flatten();
    Redacted { kept: kept.cloned().collect(), document: left }
}

/// The words of a text that must stay; the others are gaps.
fn thin(text: &str, alike: &dyn Fn(String) -> bool) -> Vec<Option<String>> {
    let mut words: Vec<Option<String>> = text.split_whitespace().map(|word| Some(word.to_owned())).collect();
    let all = words.len();
    cut(&mut words, 0..all, alike);
    // What had to stay beside something that went later may go now.
    for at in 0..all {
        if words.get(at).is_some_and(Option::is_some) {
            cut(&mut words, at..at + 1, alike);
        }
    }
    words
}

/// Takes the words of a range out if they can all go, else looks at its halves.
fn cut(words: &mut Vec<Option<String>>, range: std::ops::Range<usize>, alike: &dyn Fn(String) -> bool) {
    let mut fewer = words.clone();
    fewer.get_mut(range.clone()).unwrap_or_default().fill(None);
    if alike(join(&fewer)) {
        *words = fewer;
    } else if range.len() > 1 {
        let middle = range.start + range.len() / 2;
        cut(words, range.start..middle, alike);
        cut(words, middle..range.end, alike);
    }
}

/// The text with one gap for each run of words that went.
fn join(words: &[Option<String>]) -> String {
    let mut text: Vec<&str> = Vec::with_capacity(words.len());
    for word in words {
        match word {
            Some(word) => text.push(word),
            None if text.last() == Some(&GAP) => {}
            None => text.push(GAP),
        }
    }
    text.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::document::{Exchange, Operation, Urgency};
    use crate::domain::ids::{ExternalId, SourceId};

    fn document(subject: &str) -> Document {
        Document {
            source: SourceId::from("ioffice"),
            external_id: ExternalId::from("1"),
            symbol: "12-KH/ĐUK".to_owned(),
            kind_name: Some("Kế hoạch".to_owned()),
            subject: subject.to_owned(),
            content: Some("Đồng chí Nguyễn Văn A, điện thoại 0912 345 678".to_owned()),
            issuer: "Đảng uỷ Khối".to_owned(),
            signer: Some("Trần Thị B".to_owned()),
            issued: None,
            received: None,
            due: None,
            urgency: Urgency::Unknown,
            operation: Operation::New,
            steering: Default::default(),
            addressees: Vec::new(),
            exchange: Exchange::default(),
            field: None,
            attachments: Vec::new(),
        }
    }

    #[test]
    fn only_what_routing_needs_is_left() {
        let whole =
            document("Kế hoạch tổ chức sinh hoạt chuyên đề quý I do đồng chí Lê Văn C chủ trì, 0912345678");
        let redacted =
            redact(&whole, &|one| one.subject.contains("sinh hoạt chuyên đề") && !one.issuer.is_empty());
        assert_eq!(redacted.document.subject, "… sinh hoạt chuyên đề …");
        assert_eq!(redacted.kept, ["sinh", "hoạt", "chuyên", "đề"]);
        assert_eq!((redacted.document.signer, redacted.document.content), (None, None));
        assert_eq!(redacted.document.issuer, "Đảng uỷ Khối");
        assert_eq!(redacted.document.kind_name, None);
    }

    #[test]
    fn words_needed_in_the_content_stay_there() {
        let whole = document("Công văn");
        let redacted =
            redact(&whole, &|one| one.content.as_ref().is_some_and(|text| text.contains("điện thoại")));
        assert_eq!(redacted.document.content.as_deref(), Some("… điện thoại …"));
        assert_eq!(redacted.document.subject, GAP);
    }

    #[test]
    fn what_needs_everything_keeps_everything() {
        let whole = document("một hai ba");
        let redacted = redact(&whole, &|one| one.subject == "một hai ba");
        assert_eq!(redacted.document.subject, whole.subject);
    }
}
