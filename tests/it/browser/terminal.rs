//! A terminal as a page: what a command prints with its colours, in HTML.

/// A page that looks like a terminal in which `command` was run.
pub fn page(command: &str, printed: &str) -> String {
    format!(
        "<!doctype html><html lang=vi><meta charset=utf-8><style>{STYLE}</style>\
         <pre><b class=prompt>$</b> {command}\n{}</pre>",
        marked_up(printed.trim_end())
    )
}

const STYLE: &str = "
    body { margin: 0; background: #11151a; color: #d6dce2; }
    pre { margin: 0; padding: 20px 24px; font: 14px/1.5 'DejaVu Sans Mono', monospace; }
    b { font-weight: 700; } .prompt { color: #7f8b97; }
    .c31, .c91 { color: #ff7b6b; } .c32, .c92 { color: #8bd49c; } .c33, .c93 { color: #f0c674; }
    .c34, .c94 { color: #7fb2ff; } .c35, .c95 { color: #d6a0e8; } .c36, .c96 { color: #6fd0d4; }
";

/// Escape sequences that set colour and weight (ECMA-48 SGR) as spans; any other does not occur.
fn marked_up(printed: &str) -> String {
    let mut html = String::new();
    let mut open = 0;
    for (place, piece) in printed.split("\u{1b}[").enumerate() {
        let text = match piece.split_once('m') {
            Some((codes, text)) if place > 0 => {
                for code in codes.split(';').map(|code| code.trim_start_matches('0')) {
                    html.push_str(&tag(code, &mut open));
                }
                text
            }
            _ => piece,
        };
        html.push_str(&text.replace('&', "&amp;").replace('<', "&lt;"));
    }
    html + &"</b>".repeat(open)
}

/// The tag for one code; an empty one ends all that are open.
fn tag(code: &str, open: &mut usize) -> String {
    match code {
        "" => "</b>".repeat(std::mem::take(open)),
        "1" => {
            *open += 1;
            "<b>".to_owned()
        }
        colour => {
            *open += 1;
            format!("<b style='font-weight:inherit' class=c{colour}>")
        }
    }
}

#[test]
fn colours_become_spans_and_text_stays_text() {
    let printed = "\u{1b}[1m\u{1b}[91merror\u{1b}[0m: <x> & y\u{1b}[1;34m|\u{1b}[0m";
    assert_eq!(
        marked_up(printed),
        "<b><b style='font-weight:inherit' class=c91>error</b></b>: &lt;x> &amp; y\
         <b><b style='font-weight:inherit' class=c34>|</b></b>"
    );
}
