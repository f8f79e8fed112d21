//! The words of a reply that came as HTML alone: a line for each block, as its reader sees it, and what it quotes
//! begun as a quotation in text begins.

use std::sync::LazyLock;

use mail_parser::decoders::html::html_to_text;
use regex::{Captures, Regex};

/// What stands on lines of its own. The library breaks lines at `<br>` and behind paragraphs alone, while Outlook and
/// Gmail write a division for each line.
#[expect(clippy::unwrap_used, reason = "the pattern is a constant; a test compiles it")]
static BLOCK: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)</?(?:(?P<quote>blockquote)|(?:div|table|tr|ul|ol|li|h[1-6])\b)").unwrap()
});

/// Begins a quotation ([`crate::domain::inbound::own_words`]).
const QUOTE: &str = "<br>-----Original Message-----<br>";

/// The text of a page.
pub(super) fn text(html: &str) -> String {
    let begin = |found: &Captures<'_>| {
        let (line, tag) = (if found.name("quote").is_some() { QUOTE } else { "<br>" }, &found[0]);
        format!("{line}{tag}")
    };
    html_to_text(&BLOCK.replace_all(html, begin))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::inbound::own_words;

    #[test]
    fn lines_are_lines_and_quotations_are_left_out() {
        for (html, expected) in [
            ("<p>Đã nhận</p>", vec!["Đã nhận"]),
            ("<div>Đã nhận ạ.</div><div>Trân trọng</div>", vec!["Đã nhận ạ.", "Trân trọng"]),
            ("<DIV>Đã nhận</DIV><BLOCKQUOTE type=cite>Kính gửi</BLOCKQUOTE>", vec!["Đã nhận"]),
            (
                "Đã nhận<div class=\"gmail_quote\"><blockquote><div>Rõ</div></blockquote></div>",
                vec!["Đã nhận"],
            ),
            (
                "<div>Đã nhận</div><hr><div><b>From:</b> Văn thư<br><b>Sent:</b> 2/3/2026<br></div><div>x</div>",
                vec!["Đã nhận"],
            ),
            ("<style>div { color: red }</style><table><tr><td>Rõ</td></tr></table>", vec!["Rõ"]),
            ("<!-- <div>Đã nhận</div> --><divan>a</divan>", vec!["a"]),
        ] {
            assert_eq!(own_words(&text(html)), expected, "{html}");
        }
    }
}
