//! The banner of a trial run: whoever reads the mail instead sees at once whom it was meant for.

use quick_xml::escape::escape;

use crate::render::mail::Rendered;

/// The same letter under a banner that names its true recipient, in both parts and in the sender's name.
pub(super) fn banner(rendered: Rendered, meant: &str) -> Rendered {
    let line = format!("CHẠY THỬ: thư này lẽ ra gửi tới {meant}. Chi bộ chưa nhận được.");
    let html = format!(
        "<div role=\"note\" style=\"padding:12px 16px;background:#5b21b6;color:#fff;font:bold 16px/1.5 Arial,\
         Segoe UI,Tahoma,sans-serif\">{}</div>",
        escape(line.as_str())
    );
    // Right behind the opening tag of the body, before everything that is shown.
    let body = rendered.html.find("<body").and_then(|at| Some(at + rendered.html.get(at..)?.find('>')? + 1));
    let (head, rest) = rendered.html.split_at(body.unwrap_or(0));
    Rendered {
        heading: format!("CHẠY THỬ – {}", rendered.heading),
        text: format!("{line}\n\n{}", rendered.text),
        html: format!("{head}{html}{rest}"),
        ..rendered
    }
}
