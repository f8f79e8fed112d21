//! The machine-readable part of a report of delivery (RFC 3464 §2.1): groups of fields apart by empty lines,
//! the first about the mail, each further one about a recipient.

use crate::domain::inbound::{Action, Recipient, Report, StatusCode};

/// Recipients of one report; each of our mails has one.
const RECIPIENTS: usize = 16;
/// Letters of a field.
const FIELD: usize = 1000;

/// Reads the part; what is not understood is passed over.
pub(super) fn read(text: &str) -> Report {
    let mut report = Report::default();
    let mut last: Option<Recipient> = None;
    for (name, value) in fields(text) {
        match (name.as_str(), value) {
            ("", _) => report.recipients.extend(last.take().filter(|known| known.action.is_some())),
            ("original-envelope-id", value) => report.envelope = Some(value),
            ("original-recipient", value) => last.get_or_insert_default().original = Some(address(&value)),
            ("final-recipient", value) => last.get_or_insert_default().last = Some(address(&value)),
            ("action", value) => last.get_or_insert_default().action = Action::parse(&value),
            ("status", value) => last.get_or_insert_default().status = StatusCode::parse(&value),
            ("diagnostic-code", value) => last.get_or_insert_default().diagnostic = Some(words(&value)),
            _ => {}
        }
        if report.recipients.len() >= RECIPIENTS {
            break;
        }
    }
    report
}

/// Fields in order, folded lines made one, names in lower case; an empty name stands for the end of a group.
fn fields(text: &str) -> Vec<(String, String)> {
    let mut fields: Vec<(String, String)> = Vec::new();
    for line in text.lines() {
        let line: String = line.chars().take(FIELD).collect();
        if line.starts_with([' ', '\t']) && !line.trim().is_empty() {
            if let Some((_, value)) = fields.last_mut().filter(|(_, value)| value.len() < FIELD) {
                value.push(' ');
                value.push_str(line.trim());
            }
        } else if let Some((name, value)) = line.split_once(':') {
            fields.push((name.trim().to_ascii_lowercase(), value.trim().to_owned()));
        } else {
            fields.push(Default::default());
        }
    }
    fields.push(Default::default());
    fields
}

/// `rfc822; a@b.example` without its type, lower case.
fn address(value: &str) -> String {
    let address = value.split_once(';').map_or(value, |(_, address)| address);
    address.trim().trim_matches(['<', '>']).to_lowercase()
}

/// `smtp; 550 5.1.1 …` without its type.
fn words(value: &str) -> String {
    let words = value.split_once(';').map_or(value, |(_, words)| words);
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::inbound::Fate;

    #[test]
    fn groups_are_told_apart() {
        let report = read(concat!(
            "Reporting-MTA: dns; mail.khoi.example\r\nOriginal-Envelope-Id: k5f@khoi.example\r\n\r\n",
            "Final-Recipient: rfc822; A@Khoi.example\r\nOriginal-Recipient: rfc822;a.cu@khoi.example\r\n",
            "Action: failed\r\nStatus: 5.1.1 (bad)\r\nDiagnostic-Code: smtp; 550 5.1.1\r\n  no such\r\n\tuser\r\n",
            "\r\n\r\nFinal-Recipient: rfc822;b@khoi.example\r\nAction: delayed\r\nStatus: 4.4.1\r\n",
        ));
        assert_eq!(report.envelope.as_deref(), Some("k5f@khoi.example"));
        let [first, second] = report.recipients.as_slice() else { panic!("{report:?}") };
        assert!(first.is("a@khoi.example") && first.is("A.CU@khoi.example") && !first.is("b@khoi.example"));
        assert_eq!(first.diagnostic.as_deref(), Some("550 5.1.1 no such user"));
        assert_eq!(second.fate(), Some(Fate::Delayed));
    }

    #[test]
    fn nonsense_reports_nothing() {
        for text in ["", "\n\n\n", ":::", "Action: failed", "Status: 5.1.1\n\nFinal-Recipient:"] {
            let report = read(text);
            assert!(report.recipients.iter().all(|known| known.last.is_none()), "{text:?}: {report:?}");
        }
        assert_eq!(read(&"Action: failed\n\n".repeat(1000)).recipients.len(), RECIPIENTS);
    }
}
