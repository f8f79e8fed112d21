//! The chasing letter (công văn đôn đốc) as people read it: its words once, for text and for Word.
//!
//! Its form is that of Party documents (Hướng dẫn 36-HD/VPTW, 03/4/2018, and 05-HD/VPTW, 27/5/2026): the heading
//! "ĐẢNG CỘNG SẢN VIỆT NAM" in the place of the State's quốc hiệu, a star below the body's name, `Số …-CV/…`.
//! Number, day, place and signature are left for a person.

mod docx;
mod text;

pub use docx::{DocxError, docx};
pub use text::text;

use chrono::Datelike as _;
use chrono_tz::Tz;

use super::line::one_line;
use super::mail::words::{self, Due};
use crate::domain::chasing::{ChasingLetter, Group, Member, Standing};
use crate::domain::notice::Facts;

/// The words of a letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Words {
    /// Body and office, in capitals.
    issuer: Vec<String>,
    /// `Số       -CV/…`
    number: &'static str,
    /// `V/v đôn đốc thực hiện Kế hoạch số 12-KH/ĐUK`
    subject: String,
    /// `…………, ngày … tháng 3 năm 2026`
    place: String,
    /// Who is written to, one line each.
    to: Vec<String>,
    /// What the letter says.
    paragraphs: Vec<String>,
    /// Who gets a copy.
    copies: Vec<String>,
    /// Titles of the two lists, each with its groups.
    lists: Vec<List>,
}

/// A list that goes with the letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct List {
    title: String,
    /// Headings of the columns after the number.
    columns: [&'static str; 3],
    groups: Vec<(String, Vec<[String; 3]>)>,
}

const MOTTO: &str = "ĐẢNG CỘNG SẢN VIỆT NAM";
const SIGNED: [&str; 2] = ["T/L …………………………", "CHÁNH VĂN PHÒNG"];
const TO: &str = "Kính gửi:";
/// Committees that are written to by name; more would fill the page that says why.
const NAMED: usize = 6;
const COPIES: &str = "Nơi nhận:";

impl Words {
    pub(super) fn new(letter: &ChasingLetter, zone: Tz) -> Self {
        let document = words::document(&letter.facts);
        Self {
            issuer: letter
                .body
                .iter()
                .chain([&letter.office])
                .map(|name| one_line(name).to_uppercase())
                .collect(),
            number: "Số        -CV/……",
            subject: format!("V/v đôn đốc thực hiện {document}"),
            place: format!("………, ngày     tháng {:02} năm {}", letter.day.month(), letter.day.year()),
            to: recipients(letter),
            paragraphs: paragraphs(letter, zone),
            copies: vec!["- Như trên,".to_owned(), "- ………………………,".to_owned(), "- Lưu Văn phòng.".to_owned()],
            lists: lists(letter),
        }
    }
}

/// Committees whose cells owe, a few by name; base cells together, because the list names them.
fn recipients(letter: &ChasingLetter) -> Vec<String> {
    let committees = letter.owing.iter().filter_map(|group| group.committee.as_deref());
    let mut committees: Vec<_> = committees.map(|name| format!("- {},", one_line(name))).collect();
    if committees.len() > NAMED {
        committees = vec!["- Các đảng uỷ cơ sở có chi bộ trong danh sách kèm theo,".to_owned()];
    }
    let direct = letter.owing.iter().filter(|group| group.committee.is_none());
    let direct: Vec<_> =
        direct.map(|group| format!("- Các {} có tên trong danh sách kèm theo,", group.kind)).collect();
    let mut lines = [committees, direct].concat();
    if let Some(last) = lines.last_mut() {
        last.pop();
        last.push('.');
    }
    lines
}

fn paragraphs(letter: &ChasingLetter, zone: Tz) -> Vec<String> {
    let office = one_line(&letter.office);
    let source = cited(&letter.facts);
    let about = letter.facts.subject.as_deref().map(|subject| format!(" về “{}”", one_line(subject)));
    let due = letter.due.map(|at| format!(", hạn hoàn thành {}", Due::new(at, zone).short));
    let day = words::date_text(letter.day);
    let (asked, done, owing) = (letter.asked_count(), letter.done_count(), letter.owing_count());
    let parts = [
        (letter.late_count(), "đã quá hạn"),
        (letter.unreached_count(), "chưa liên lạc được qua thư điện tử"),
    ];
    let parts: Vec<_> = parts
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| format!("{count} chi bộ {what}"))
        .collect();
    let among = if parts.is_empty() { String::new() } else { format!(", trong đó {}", parts.join(", ")) };
    let mut said = vec![
        format!(
            "Thực hiện {source}{}, {office} đã giao việc đến {asked} chi bộ{}.",
            about.unwrap_or_default(),
            due.unwrap_or_default()
        ),
        format!(
            "Tính đến ngày {day}, có {done}/{asked} chi bộ đã hoàn thành; còn {owing} chi bộ chưa hoàn thành{among} \
             (có danh sách kèm theo)."
        ),
        format!("{office} đề nghị:"),
        "1. Các chi bộ có tên trong danh sách khẩn trương thực hiện, báo cáo kết quả trước ngày ……/……/………; chi bộ đã \
         thực hiện xong mà chưa báo thì trả lời theo thư giao việc để được ghi nhận."
            .to_owned(),
    ];
    if letter.owing.iter().any(|group| group.committee.is_some()) {
        said.push(
            "2. Các đảng uỷ cơ sở chỉ đạo, đôn đốc chi bộ trực thuộc có tên trong danh sách hoàn thành đúng thời gian nêu \
             trên."
                .to_owned(),
        );
    }
    said.push("Đề nghị các đồng chí quan tâm thực hiện.".to_owned());
    said
}

/// `Kế hoạch số 12-KH/ĐUK, ngày 15/01/2026 của Đảng uỷ Khối`: the Party puts a comma before the day.
fn cited(facts: &Facts) -> String {
    let day = facts.issued.map(|day| format!(", ngày {}", words::date_text(day))).unwrap_or_default();
    let issuer = one_line(&facts.issuer);
    let of = if issuer.is_empty() { String::new() } else { format!(" của {issuer}") };
    format!("{}{day}{of}", words::document(facts))
}

fn lists(letter: &ChasingLetter) -> Vec<List> {
    let owing = List {
        title: format!("DANH SÁCH {} CHI BỘ CHƯA HOÀN THÀNH", letter.owing_count()),
        columns: ["Tổ chức", "Tình trạng", "Quá hạn (ngày làm việc)"],
        groups: letter.owing.iter().map(|group| (heading(group), rows(group, &owing_row))).collect(),
    };
    let done = List {
        title: format!("DANH SÁCH {} CHI BỘ ĐÃ HOÀN THÀNH", letter.done_count()),
        columns: ["Tổ chức", "Tình trạng", "Ngày hoàn thành"],
        groups: letter.done.iter().map(|group| (heading(group), rows(group, &done_row))).collect(),
    };
    [owing, done].into_iter().filter(|list| !list.groups.is_empty()).collect()
}

fn heading(group: &Group) -> String {
    let name = group.committee.as_deref().map(one_line);
    let count = group.members.len();
    match name {
        Some(name) => format!("{name} ({count})"),
        None => format!("{} ({count})", words::capitalised(&group.kind)),
    }
}

fn rows(group: &Group, row: &dyn Fn(&Member) -> [String; 3]) -> Vec<[String; 3]> {
    group.members.iter().map(row).collect()
}

fn owing_row(member: &Member) -> [String; 3] {
    let standing = match member.standing {
        Standing::Done => "đã hoàn thành",
        Standing::Acknowledged => "đã nhận, chưa hoàn thành",
        Standing::Silent => "chưa xác nhận đã nhận",
        Standing::Unreached => "chưa liên lạc được",
    };
    let tasks: Vec<_> = member.tasks.iter().map(|task| format!("“{}”", one_line(task))).collect();
    let tasks = if tasks.is_empty() { String::new() } else { format!("; còn việc {}", tasks.join(", ")) };
    let late = if member.days_late > 0 { member.days_late.to_string() } else { "–".to_owned() };
    [one_line(&member.name).into_owned(), format!("{standing}{tasks}"), late]
}

fn done_row(member: &Member) -> [String; 3] {
    let day = member.done.map(words::date_text).unwrap_or_default();
    [one_line(&member.name).into_owned(), "đã hoàn thành".to_owned(), day]
}

#[cfg(test)]
mod tests;
