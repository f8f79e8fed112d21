//! The mail to whoever looks after the office's files.

use super::Office;
use crate::domain::bulletin::{Bulletin, News};
use crate::domain::edition::short;

/// What a bulletin says, ready for a mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RenderedBulletin {
    /// What it is, for the sender's name.
    pub heading: &'static str,
    /// The subject line.
    pub subject: String,
    /// The text part, lines ended by LF.
    pub text: String,
    /// The HTML part: the same, in letters of one width, so that carets stand under their words.
    pub html: String,
}

/// Renders a bulletin.
pub fn bulletin(bulletin: &Bulletin, office: &Office) -> RenderedBulletin {
    let at = bulletin.at.with_timezone(&office.zone).format("%H:%M ngày %d/%m/%Y");
    let (force, author) = (short(&bulletin.force), &bulletin.author);
    let (heading, subject, text) = match &bulletin.news {
        News::Broken { findings } => (
            "Tệp quy tắc có lỗi",
            format!("Tệp quy tắc có lỗi; bản {force} vẫn có hiệu lực"),
            format!(
                "Kính gửi đồng chí phụ trách quy tắc,

Lúc {at}, các tệp quy tắc, tổ chức, lịch hoặc mẫu thư của {office} có lỗi. Người sửa gần nhất: {author}.
Những gì vừa sửa CHƯA có hiệu lực. Bản {force} vẫn có hiệu lực, văn bản vẫn được giao như trước.

{findings}

Sửa xong, lưu tệp là đủ: vanthu tự đọc lại. Xem lại lỗi: vanthu check
Lấy lại bản đang có hiệu lực: vanthu rules revert {force} --all
",
                office = office.name,
                findings = findings.trim_end(),
            ),
        ),
        News::Waiting { edition, impact } => {
            let (edition, impact) = (short(edition), impact.vietnamese());
            (
                "Quy tắc chờ duyệt",
                format!("Bản quy tắc {edition} thay đổi lớn, đang chờ duyệt"),
                format!(
                    "Kính gửi đồng chí phụ trách quy tắc,

Lúc {at}, {author} sửa các tệp quy tắc, tổ chức, lịch hoặc mẫu thư của {office}. Bản mới {edition} {impact}.
Thay đổi này lớn nên CHƯA có hiệu lực và đang chờ duyệt. Bản {force} vẫn có hiệu lực.

Xem khác gì:  vanthu rules diff
Duyệt:        vanthu rules approve {edition} --reason \"…\"
Từ chối:      vanthu rules reject {edition} --reason \"…\"
Sửa lại tệp như cũ thì thôi chờ.
",
                    office = office.name,
                ),
            )
        }
    };
    let html = format!(
        "<!doctype html><html lang=\"vi\"><head><meta charset=\"utf-8\"><title>{heading}</title></head>\
         <body><pre style=\"font-family: ui-monospace, Consolas, monospace; white-space: pre-wrap\">{}</pre></body></html>",
        quick_xml::escape::escape(text.as_str())
    );
    RenderedBulletin { heading, subject, text, html }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::edition::Impact;
    use crate::render::mail::sample_office;

    #[test]
    fn a_bulletin_says_what_is_the_matter_and_what_to_do() {
        let findings = "lỗi[VT023]: `leader` không phải giá trị của `role`\n --> rules.d/10.toml:3:8\n\n1 lỗi, 0 cảnh báo\n";
        let impact = Impact { documents: 40, changed: 12, removed: 60, cells: 5, ..Impact::default() };
        let news = [
            News::Broken { findings: findings.to_owned() },
            News::Waiting { edition: "b".repeat(64), impact },
        ];
        let texts = news.map(|news| {
            let bulletin = bulletin(
                &Bulletin {
                    id: 1,
                    message_id: "x@vanthu.example".to_owned(),
                    to: "quy-tac@duk.example".to_owned(),
                    news,
                    author: "nguyen-van-a".to_owned(),
                    force: "a".repeat(64),
                    at: chrono::DateTime::from_timestamp(1_770_000_000, 0).unwrap(),
                },
                &sample_office(),
            );
            assert!(!bulletin.html.contains("<ng"), "{}", bulletin.html);
            format!("{}\n\n{}", bulletin.subject, bulletin.text)
        });
        insta::assert_snapshot!(texts.join("\n––––––––––\n"));
    }
}
