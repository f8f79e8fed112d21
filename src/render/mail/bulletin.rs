//! The mail to whoever looks after the office's files.

use super::weekly::weekly;
use super::{Office, request};
use chrono::{DateTime, Utc};

use crate::domain::bulletin::{Bulletin, CalendarNews, News, RequestNews, SourceNews};
use crate::domain::calendar::Wanting;
use crate::domain::edition::short;
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
    /// The HTML part: the same, in letters of one width, so that carets stand under their words.
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
        News::Source(news) => source(news, office),
        News::Calendar(news) => calendar(news, office),
        News::Request(news) => request::request(news, office),
        News::Hint(news) => request::hint(news, office),
        News::Weekly(news) => return weekly(news, office),
    };
    let html = format!(
        "<!doctype html><html lang=\"vi\"><head><meta charset=\"utf-8\"><title>{heading}</title></head>\
         <body><pre style=\"font-family: ui-monospace, Consolas, monospace; white-space: pre-wrap\">{}</pre></body></html>",
        anchored(&text, &bulletin.news)
    );
    RenderedBulletin { heading, subject, text, html, files: Vec::new() }
}

/// The text as HTML; the one link that a bulletin may bear can be followed.
fn anchored(text: &str, news: &News) -> String {
    let text = quick_xml::escape::escape(text).into_owned();
    let News::Request(RequestNews { link: Some(link), .. }) = news else { return text };
    let link = quick_xml::escape::escape(link.as_str());
    text.replace(&*link, &format!("<a href=\"{link}\">{link}</a>"))
}

fn source(news: &SourceNews, office: &Office) -> (&'static str, String, String) {
    let moment = |at: DateTime<Utc>| at.with_timezone(&office.zone).format("%H:%M ngày %d/%m/%Y").to_string();
    let SourceNews { source, concern, over } = news;
    let what = concern.odd.vietnamese();
    let (means, todo) = odd(concern.odd);
    let since = moment(concern.since);
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

fn calendar(news: &CalendarNews, office: &Office) -> (&'static str, String, String) {
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
    use crate::domain::bulletin::HintNews;
    use crate::domain::calendar::YearStanding;
    use crate::domain::edition::Impact;
    use crate::domain::ids::{HoldId, RequestId};
    use crate::domain::watch::Concern;
    use crate::render::mail::sample_office;

    #[test]
    fn a_bulletin_says_what_is_the_matter_and_what_to_do() {
        let findings = "lỗi[VT023]: `leader` không phải giá trị của `role`\n --> rules.d/10.toml:3:8\n\n1 lỗi, 0 cảnh báo\n";
        let impact = Impact { documents: 40, changed: 12, removed: 60, cells: 5, ..Impact::default() };
        let since = chrono::DateTime::from_timestamp(1_769_990_000, 0).unwrap();
        let concern = |odd, detail: &str| Concern { odd, since, detail: detail.to_owned() };
        let source = |concern, over| News::Source(SourceNews { source: "ioffice".to_owned(), concern, over });
        let day = |day| chrono::NaiveDate::from_ymd_opt(2026, 3, day);
        let asks = RequestNews {
            request: RequestId(3),
            hold: HoldId(7),
            cell: "Chi bộ Thí dụ 1".to_owned(),
            document: "12-KH/ĐUK, Đảng uỷ Khối".to_owned(),
            task: None,
            due: day(13),
            until: day(20),
            suggested: None,
            reason: "<Bí thư đi học>".to_owned(),
            link: Some("https://vanthu.example/d/d1.a.x".to_owned()),
            code: Some("482 913".to_owned()),
        };
        let declined = RequestNews {
            task: Some("Quán triệt kế hoạch".to_owned()),
            until: None,
            suggested: Some("Chi bộ Thí dụ 9".to_owned()),
            reason: "nhiệm vụ của khối doanh nghiệp".to_owned(),
            ..asks.clone()
        };
        let hint = HintNews {
            month: "2026-03".to_owned(),
            rule: "chuyen-de-quy".into(),
            name: "Sinh hoạt chuyên đề theo quý".to_owned(),
            corrections: 4,
            cells: vec![("Chi bộ Thí dụ 1".to_owned(), 3), ("Chi bộ Thí dụ 2".to_owned(), 1)],
            suggested: vec![("Chi bộ Thí dụ 9".to_owned(), 2)],
        };
        let news = [
            News::Request(asks),
            News::Request(declined),
            News::Hint(hint),
            News::Broken { findings: findings.to_owned() },
            News::Waiting { edition: "b".repeat(64), impact },
            source(concern(Odd::Failing, "không kết nối được: hết thời gian chờ trả lời"), false),
            source(concern(Odd::Gap, "nguồn đếm 120 dòng nhưng chỉ liệt kê 96"), false),
            source(concern(Odd::Emptied, "danh sách còn 3 dòng, thường là 120"), false),
            source(concern(Odd::Quiet, "đã quá số giờ làm việc đặt ở watch.quiet_after"), false),
            source(concern(Odd::Skewed, "đồng hồ của nguồn chạy chậm 7200 giây so với máy này"), false),
            source(concern(Odd::Uncompared, "tra cứu: nguồn đếm 132 dòng nhưng chỉ đưa ra 100"), false),
            source(concern(Odd::Gap, ""), true),
            News::Calendar(CalendarNews {
                month: "2026-11".to_owned(),
                wanting: vec![
                    Wanting { year: 2026, standing: YearStanding::Draft },
                    Wanting { year: 2027, standing: YearStanding::Missing },
                ],
            }),
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
