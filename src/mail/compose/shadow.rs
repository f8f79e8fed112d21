//! The banner of a trial run: whoever reads the mail instead sees at once whom it was meant for.

use quick_xml::escape::escape;

/// What stands before the sender's name.
pub(super) const MARK: &str = "CHẠY THỬ – ";

/// The text and HTML parts of a mail under a banner that names its true recipient.
pub(super) fn banner(text: &str, html: &str, meant: &str) -> (String, String) {
    let line = format!("CHẠY THỬ: thư này lẽ ra gửi tới {meant}. Nơi đó chưa nhận được.");
    let note = format!(
        "<div role=\"note\" style=\"padding:12px 16px;background:#5b21b6;color:#fff;font:bold 16px/1.5 Arial,\
         Segoe UI,Tahoma,sans-serif\">{}</div>",
        escape(line.as_str())
    );
    // Right behind the opening tag of the body, before everything that is shown.
    let body = html.find("<body").and_then(|at| Some(at + html.get(at..)?.find('>')? + 1));
    let (head, rest) = html.split_at(body.unwrap_or(0));
    (format!("{line}\n\n{text}"), format!("{head}{note}{rest}"))
}
