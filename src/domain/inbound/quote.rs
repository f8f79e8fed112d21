//! What a writer of a reply wrote, apart from what the mail program quoted below or around it.

use crate::domain::text::{bare_key, clean};

/// Lines of a reply that are looked at; whoever writes more writes a letter.
const MOST: usize = 60;

/// How mail programs begin a quotation, as bare keys of a whole line: Outlook's rule of underscores and its
/// `Original Message`, Gmail and Apple in both languages, Zimbra, Yahoo.
const RULES: [&str; 8] = [
    "original message",
    "original appointment",
    "forwarded message",
    "thu goc",
    "tin nhan goc",
    "thu da chuyen tiep",
    "tin nhan chuyen tiep",
    "reply above this line",
];

/// The keys of a quoted mail's header lines, as Outlook and phones show them; two in a row begin a quotation.
const HEADERS: [&str; 14] = [
    "from:",
    "sent:",
    "to:",
    "cc:",
    "subject:",
    "date:",
    "tu:",
    "da gui:",
    "toi:",
    "den:",
    "chu de:",
    "tieu de:",
    "ngay:",
    "nguoi gui:",
];

/// The lines a person wrote above the first quotation, cleaned, empty ones left out.
pub fn own_words(text: &str) -> Vec<String> {
    let lines: Vec<String> = text.lines().map(clean).collect();
    let mut own = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        if own.len() >= MOST || begins_quote(line, &lines, at) || is_signature(line) {
            break;
        }
        if !line.is_empty() && !line.starts_with('>') {
            own.push(line.clone());
        }
    }
    own
}

fn begins_quote(line: &str, lines: &[String], at: usize) -> bool {
    let key = bare_key(line);
    let bare = key.trim_matches(|c: char| !c.is_alphanumeric());
    if RULES.contains(&bare) || (line.chars().count() >= 20 && line.chars().all(|c| c == '_')) {
        return true;
    }
    if is_header(&key) {
        let next = lines.iter().skip(at + 1).find(|line| !line.is_empty());
        return next.is_some_and(|next| is_header(&bare_key(next)));
    }
    is_attribution(&key) || wraps(&key, lines, at)
}

fn is_header(key: &str) -> bool {
    let key = key.trim_start_matches(['*', '>', ' ']);
    HEADERS.iter().any(|header| key.starts_with(header))
}

/// `On Mon, … wrote:`, `Vào Th 2, … đã viết:`, `Ngày …, … viết:`
fn is_attribution(key: &str) -> bool {
    let ends = ["wrote:", "da viet:", "viet:", "writes:"].iter().any(|end| key.ends_with(end));
    let begins = ["on ", "vao ", "ngay ", "luc ", "trong "].iter().any(|start| key.starts_with(start));
    ends && (begins || key.contains('@') || key.contains('<'))
}

/// An attribution that its program broke over two lines.
fn wraps(key: &str, lines: &[String], at: usize) -> bool {
    let begins = ["on ", "vao "].iter().any(|start| key.starts_with(start));
    let next = lines.get(at + 1).map(|next| bare_key(next));
    begins && next.is_some_and(|next| is_attribution(&format!("{key} {next}")))
}

/// `-- ` (RFC 3676 §4.3), or what phones and Outlook add by themselves.
fn is_signature(line: &str) -> bool {
    let key = bare_key(line);
    line == "--"
        || ["sent from my ", "get outlook for ", "duoc gui tu ", "gui tu "]
            .iter()
            .any(|start| key.starts_with(start))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_quoted_is_left_out() {
        for (text, expected) in [
            ("Đã nhận\n\n> thư cũ", vec!["Đã nhận"]),
            (
                "Đã nhận\n\nVào Th 2, 2 thg 3, 2026 lúc 08:00 Văn thư <vanthu@khoi.example> đã viết:\n> a",
                vec!["Đã nhận"],
            ),
            (
                "Đã nhận\n\nVào Th 2, 2 thg 3, 2026 lúc 08:00 Văn thư\n<vanthu@khoi.example> đã viết:\n\nBáo cáo đi",
                vec!["Đã nhận"],
            ),
            ("Rõ.\nOn Mon, 2 Mar 2026 at 08:00, Văn thư <vanthu@khoi.example> wrote:\nx", vec!["Rõ."]),
            ("Đã nhận\n________________________________\nTừ: Văn thư\nĐã gửi: 2/3/2026\nx", vec!["Đã nhận"]),
            ("Đã nhận\nFrom: Văn thư\nSent: Monday\nTo: Chi bộ\nx", vec!["Đã nhận"]),
            ("Đã nhận\n-----Original Message-----\nx", vec!["Đã nhận"]),
            ("Đã nhận\n-----Thư gốc-----\nx", vec!["Đã nhận"]),
            ("Đã nhận\n\nĐược gửi từ iPhone của tôi", vec!["Đã nhận"]),
            ("Đã nhận\n-- \nNguyễn Văn A", vec!["Đã nhận"]),
            ("> thư cũ\nĐã nhận", vec!["Đã nhận"]),
            ("Kính gửi Văn phòng\nĐã nhận.", vec!["Kính gửi Văn phòng", "Đã nhận."]),
            ("Tới: mai sẽ gửi", vec!["Tới: mai sẽ gửi"]),
            ("", vec![]),
        ] {
            assert_eq!(own_words(text), expected, "{text}");
        }
    }

    #[test]
    fn a_long_letter_is_cut() {
        assert_eq!(own_words(&"dòng\n".repeat(10_000)).len(), MOST);
    }
}
