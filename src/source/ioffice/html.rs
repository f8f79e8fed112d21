//! The text of a piece of HTML, as the directives of "Thông tin chỉ đạo" carry it. Never fails: whatever is no
//! tag stays as it stands, because what a reader sees must be seen by whoever judges it too.

use std::borrow::Cow;

use super::entity::once;

/// Elements that end a line.
const BLOCKS: [&str; 12] = ["p", "br", "div", "li", "ul", "ol", "tr", "table", "h1", "h2", "h3", "hr"];

/// Elements whose content nobody reads.
const HIDDEN: [&str; 2] = ["script", "style"];

/// Tags away, entities decoded, lines kept and white space gathered. HTML that was escaped as a whole is undone
/// once more.
pub(super) fn text(html: &str) -> String {
    let first = once(&strip(html)).into_owned();
    let twice = if is_markup(&first) { once(&strip(&first)).into_owned() } else { first };
    lines(&twice)
}

/// Whether there is an end tag or a line break left.
fn is_markup(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    ["</p>", "</div>", "<br", "</span>", "</li>", "</td>"].iter().any(|tag| lower.contains(tag))
}

fn strip(html: &str) -> Cow<'_, str> {
    if !html.contains('<') {
        return Cow::Borrowed(html);
    }
    let mut kept = String::with_capacity(html.len());
    let mut rest = html;
    while let Some((before, after)) = rest.split_once('<') {
        kept.push_str(before);
        rest = match tag(after) {
            Some((name, tail)) => {
                if BLOCKS.iter().any(|block| name.eq_ignore_ascii_case(block)) {
                    kept.push('\n');
                }
                hidden(name, after, tail)
            }
            None => {
                kept.push('<');
                after
            }
        };
    }
    kept.push_str(rest);
    Cow::Owned(kept)
}

/// Name and what follows of the tag, comment or declaration that starts after a `<`; `None` if it is none.
fn tag(after: &str) -> Option<(&str, &str)> {
    if let Some(comment) = after.strip_prefix("!--") {
        return comment.split_once("-->").map(|(_, tail)| ("", tail));
    }
    let name = after.strip_prefix(['/', '!', '?']).unwrap_or(after);
    let end =
        name.find(|letter: char| !letter.is_ascii_alphanumeric() && letter != ':').unwrap_or(name.len());
    let starts = name.starts_with(|letter: char| letter.is_ascii_alphabetic());
    let (name, attributes) = name.split_at_checked(end).filter(|_| starts)?;
    closing(attributes).map(|tail| (name, tail))
}

/// What follows the `>` that ends a tag; one inside quotes does not.
fn closing(attributes: &str) -> Option<&str> {
    let mut quote = None;
    for (at, letter) in attributes.char_indices() {
        match (quote, letter) {
            (None, '>') => return attributes.get(at + 1..),
            (None, '"' | '\'') => quote = Some(letter),
            (Some(open), letter) if open == letter => quote = None,
            _ => {}
        }
    }
    // An open quote swallows nothing: the first `>` ends the tag after all.
    attributes.split_once('>').map(|(_, tail)| tail)
}

/// Where to go on behind a start tag: behind the end tag of what nobody reads.
fn hidden<'a>(name: &str, after: &'a str, tail: &'a str) -> &'a str {
    let is_hidden = HIDDEN.iter().any(|hidden| name.eq_ignore_ascii_case(hidden)) && !after.starts_with('/');
    if !is_hidden {
        return tail;
    }
    let end = format!("</{}", name.to_ascii_lowercase());
    tail.to_ascii_lowercase().find(&end).and_then(|at| tail.get(at..)).unwrap_or_default()
}

/// Lines without white space around and within more than one blank; no empty ones.
fn lines(text: &str) -> String {
    let tidy = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ");
    text.lines().map(tidy).filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn tags_go_and_what_is_read_stays() {
        let table = [
            ("<p>Yêu cầu <b>các chi bộ</b></p><p>b&aacute;o c&aacute;o</p>", "Yêu cầu các chi bộ\nbáo cáo"),
            ("một<br/>hai<BR>ba", "một\nhai\nba"),
            ("<div title=\"a > b\">x</div>", "x"),
            ("<style>p { color: red }</style>Nội dung<script>alert('</p>')</script>!", "Nội dung!"),
            ("5 < 7 và 9 > 8", "5 < 7 và 9 > 8"),
            ("T<span style='x'>ối</span> m<i>ậ</i>t", "Tối mật"),
            ("&lt;p&gt;Bị escape cả khối&lt;/p&gt;", "Bị escape cả khối"),
            ("a <!-- ghi chú --> b", "a b"),
            ("<p title=\"chưa đóng>x</p>", "x"),
            ("chưa xong <", "chưa xong <"),
            ("chưa xong <p", "chưa xong <p"),
            ("<o:p>&nbsp;</o:p>Word", "Word"),
            ("<script>không có kết thúc", ""),
            ("", ""),
        ];
        for (html, expected) in table {
            assert_eq!(text(html), expected, "{html}");
        }
    }

    proptest! {
        #[test]
        fn never_panics(html in "[<>/!a-z\"'&;# \\-ập]{0,80}") {
            text(&html);
        }

        /// Without markup nothing of a text is lost.
        #[test]
        fn plain_text_stays(words in prop::collection::vec("[a-zậế0-9.,]{1,8}", 0..8)) {
            prop_assert_eq!(text(&words.join(" ")), words.join(" "));
        }
    }
}
