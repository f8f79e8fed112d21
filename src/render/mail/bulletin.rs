//! The mails to staff, in Vietnamese or English.

mod english;
mod rest;
mod restoring;
mod view;

pub use view::BulletinView;

use super::weekly::WeeklyView;
use super::{Office, request};

use crate::domain::bulletin::{Bulletin, CalendarNews, News, SourceNews, WeeklyNews};
use crate::domain::calendar::{Wanting, moment};
use crate::domain::edition::short;
use crate::domain::language::Language;
use crate::domain::watch::Odd;

/// What a bulletin says, ready for a mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RenderedBulletin {
    /// What it is, for the sender's name.
    pub heading: &'static str,
    /// The subject line.
    pub subject: String,
    /// The text part, lines ended by LF.
    pub text: String,
    /// The HTML part: the same, paragraph by paragraph.
    pub html: String,
    /// Files that go with it.
    pub files: Vec<Attached>,
}

/// A file that goes with a mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attached {
    /// Its name, ASCII.
    pub name: String,
    /// What it is, as mails say it.
    pub kind: &'static str,
    /// What it holds.
    pub bytes: Vec<u8>,
}

/// Heading, subject and text.
pub(super) type Text = (&'static str, String, String);

/// Heading, subject line and text, in the language of whoever reads.
pub(super) fn text(bulletin: &Bulletin, office: &Office) -> Text {
    match bulletin.language {
        Language::Vi => vietnamese(bulletin, office),
        Language::En => english::text(bulletin, office),
    }
}

/// Of a week the sentence about the whole; the table is made by its templates.
fn week(news: &WeeklyNews, office: &Office, language: Language) -> Text {
    let view = WeeklyView::new(news, office, language);
    (view.heading, view.subject, view.opening)
}

fn vietnamese(bulletin: &Bulletin, office: &Office) -> Text {
    let at = moment(bulletin.at, office.zone);
    let (force, author) = (short(&bulletin.force), &bulletin.author);
    match &bulletin.news {
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
        News::Source(news) => source(news, office),
        News::Calendar(news) => calendar(news, office),
        News::Request(news) => request::request(news, office),
        News::Hint(news) => request::hint(news, office),
        News::Rest(news) => rest::vietnamese(news, office),
        News::Weekly(news) => week(news, office, bulletin.language),
        News::Restoring(news) => restoring::vietnamese(news, office),
    }
}

fn source(news: &SourceNews, office: &Office) -> Text {
    let SourceNews { source, concern, over } = news;
    let what = concern.odd.vietnamese();
    let (means, todo) = odd(concern.odd);
    let since = moment(concern.since, office.zone);
    if *over {
        let text = format!(
            "Kính gửi đồng chí phụ trách,\n\nNguồn văn bản {source} của {} đã trở lại bình thường: hết tình trạng “{what}” \
             có từ {since}.\nVăn bản đến trong thời gian đó đã được đọc bù. Không phải làm gì thêm.\n",
            office.name
        );
        return (
            "Nguồn văn bản đã bình thường",
            format!("Nguồn {source} đã bình thường: hết “{what}”"),
            text,
        );
    }
    let text = format!(
        "Kính gửi đồng chí phụ trách,\n\nTừ {since}, nguồn văn bản {source} của {}: {what}.\nCụ thể: {}.\n\n{means}\n\n\
         Cần làm: {todo}\nXem tình hình: vanthu status, hoặc trang Hệ thống của bảng theo dõi.\nKhi hết, sẽ có thư báo.\n",
        office.name, concern.detail
    );
    ("Nguồn văn bản bất thường", format!("Nguồn {source}: {what}"), text)
}

fn calendar(news: &CalendarNews, office: &Office) -> Text {
    let each = |one: &Wanting| {
        format!("- Năm {}: {}.\n  Cần làm: {}", one.year, one.standing.vietnamese(), one.advice())
    };
    let list: Vec<_> = news.wanting.iter().map(each).collect();
    let years: Vec<_> = news.wanting.iter().map(|one| one.year.to_string()).collect();
    let text = format!(
        "Kính gửi đồng chí phụ trách,\n\nLịch làm việc của {} chưa được xác nhận cho những năm cần dùng:\n\n{}\n\n\
         Khi chưa xác nhận, hạn tính qua những năm này chỉ là tạm tính và có thể lệch vì ngày lễ, ngày làm bù.\n\
         Xác nhận xong, xem hạn nào đổi: vanthu calendar plan\nThư này nhắc mỗi tháng một lần cho đến khi xác nhận.\n",
        office.name,
        list.join("\n"),
    );
    ("Lịch làm việc chờ xác nhận", format!("Lịch làm việc năm {} chờ xác nhận", years.join(", ")), text)
}

/// What it means for the office, and what to do.
fn odd(odd: Odd) -> (&'static str, &'static str) {
    match odd {
        Odd::Failing => (
            "Văn bản mới chưa vào sổ, chi bộ chưa được báo. vanthu vẫn thử lại theo lịch; đọc được thì không mất văn bản nào.",
            "mở hệ thống văn bản bằng trình duyệt; nếu mở được thì chạy `vanthu doctor` để xem mật khẩu, mạng, chứng thư.",
        ),
        Odd::Gap => (
            "Có thể có văn bản mà danh sách chưa đưa ra. vanthu đọc lại toàn bộ mỗi giờ và giữ nguyên mốc đã đọc.",
            "so số văn bản trên màn hình hệ thống văn bản với số dòng ở `vanthu status`; hỏi nơi quản trị nếu còn lệch.",
        ),
        Odd::Emptied => (
            "Thường do tài khoản dịch vụ bị đổi quyền, đổi chức vụ hoặc máy chủ trả thiếu. Chưa có gì bị coi là đã đọc.",
            "đăng nhập bằng tài khoản dịch vụ và xem danh sách văn bản đến còn đủ không.",
        ),
        Odd::Uncompared => (
            "Văn bản vẫn được đọc theo danh sách như thường; riêng việc đối chiếu hằng đêm với hệ thống văn bản chưa làm được, nên văn bản nào lọt khỏi danh sách thì chưa thấy.",
            "xem lý do ở `vanthu status`; nếu tài khoản dịch vụ không có quyền tra cứu, xin cấp quyền hoặc đặt compare = \"0s\" ở nguồn ấy.",
        ),
        Odd::Quiet => (
            "Có thể đúng là không có văn bản, cũng có thể tài khoản dịch vụ không còn được chuyển văn bản.",
            "hỏi văn thư xem có văn bản nào đến trong thời gian này không.",
        ),
        Odd::Skewed => (
            "Hạn và thứ tự văn bản có thể sai. Mốc đã đọc không bao giờ vượt quá văn bản đã nhận.",
            "xem đồng hồ của máy này (timedatectl) rồi báo nơi quản trị hệ thống văn bản.",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::mail::{LetterRenderer, bulletin_samples, sample_office};

    fn rendered(language: Language) -> Vec<RenderedBulletin> {
        let renderer = LetterRenderer::new(sample_office()).unwrap();
        bulletin_samples(language).iter().map(|bulletin| renderer.bulletin(bulletin).unwrap()).collect()
    }

    #[test]
    fn a_bulletin_says_what_is_the_matter_and_what_to_do() {
        for (language, name) in [
            (Language::Vi, "a_bulletin_says_what_is_the_matter_and_what_to_do"),
            (Language::En, "a_bulletin_in_english"),
        ] {
            let texts: Vec<_> = rendered(language)
                .into_iter()
                .map(|rendered| {
                    assert!(!rendered.html.contains("<Bí"), "{}", rendered.html);
                    format!("{}\n{}\n\n{}", rendered.heading, rendered.subject, rendered.text)
                })
                .collect();
            insta::assert_snapshot!(name, texts.join("\n––––––––––\n"));
        }
    }

    /// What is asked with its button, what was found with its carets.
    #[test]
    fn a_bulletin_in_html() {
        for language in Language::ALL {
            for (name, at) in [("request", 0), ("broken", 3), ("calendar", 12), ("rest", 13)] {
                let html = rendered(language).swap_remove(at).html;
                insta::assert_snapshot!(format!("html_{name}_{}", language.as_str()), html);
            }
        }
    }

    /// In English nothing Vietnamese is left but names, and what a source or a check said.
    #[test]
    fn nothing_vietnamese_is_left_in_english() {
        for RenderedBulletin { heading, subject, text, .. } in rendered(Language::En) {
            for word in ["Kính gửi", "Cần làm", "Hạn ", "Lý do", "chi bộ báo", "xin gia hạn"] {
                for said in [heading, &subject, &text] {
                    assert!(!said.contains(word), "{word}: {said}");
                }
            }
        }
    }
}
