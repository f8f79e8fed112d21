//! What staff read beside their file: what became of it, line by line, and what to do. It names what is in
//! the register by number and symbol, and what may be secret by its place alone.

use std::fmt::Write as _;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::archive::Shelf;
use super::contents::Contents;
use super::item::{Item, Piece};
use crate::domain::calendar::moment;

/// Lines of one sort that are written out; a whole year need not be.
const MOST_LINES: usize = 500;

/// What an outcome is about.
pub(super) struct About<'a> {
    /// The file as it lies now, below the folder.
    pub place: &'a str,
    /// When it was put away.
    pub at: DateTime<Utc>,
    pub zone: Tz,
    pub shelf: Shelf,
}

/// The outcome as text.
pub(super) fn write(about: &About<'_>, contents: &Contents) -> String {
    let sorts = Sorts::of(&contents.items);
    let at = moment(about.at, about.zone);
    let mut text = format!("KẾT QUẢ ĐỌC TỆP\nTệp: {}\nLúc: {at}\n\n{}\n", about.place, verdict(&sorts));
    section(&mut text, "Mới ghi vào sổ hoặc có thay đổi", &sorts.asked, documents);
    section(&mut text, "Đã có trong sổ từ trước, không ghi lại", &sorts.known, |item| {
        documents(item)
    });
    section(&mut text, "Thông báo trạng thái, đã chuyển văn thư xem", &sorts.statuses, |_| {
        String::new()
    });
    section(&mut text, "Không nhận vì độ mật", &sorts.withheld, withheld);
    section(&mut text, "Không đọc được", &sorts.broken, broken);
    if !contents.passed_over.is_empty() {
        let numbers: Vec<_> = contents.passed_over.iter().map(ToString::to_string).collect();
        let numbers = numbers.join(", ");
        text.push_str(&format!("\nBỏ qua vì không phải dòng văn bản: dòng {numbers}\n"));
    }
    let advice = advice(about.shelf, &sorts, &contents.advice);
    if !advice.is_empty() {
        text.push_str("\nViệc cần làm:\n");
        advice.iter().for_each(|line| text.push_str(&format!("  - {line}\n")));
    }
    // Windows' own editor shows one long line otherwise.
    text.replace('\n', "\r\n")
}

/// The items by what became of them.
#[derive(Default)]
struct Sorts<'a> {
    asked: Vec<&'a Item>,
    known: Vec<&'a Item>,
    statuses: Vec<&'a Item>,
    withheld: Vec<&'a Item>,
    broken: Vec<&'a Item>,
}

impl<'a> Sorts<'a> {
    fn of(items: &'a [Item]) -> Self {
        let mut sorts = Self::default();
        for item in items {
            match &item.piece {
                Piece::Open(_) if item.asked => sorts.asked.push(item),
                Piece::Open(_) => sorts.known.push(item),
                Piece::Status(_) => sorts.statuses.push(item),
                Piece::Withheld(_) => sorts.withheld.push(item),
                Piece::Broken(_) => sorts.broken.push(item),
            }
        }
        sorts
    }
}

fn verdict(sorts: &Sorts<'_>) -> String {
    let counts = [
        (sorts.asked.len(), "văn bản mới ghi vào sổ hoặc có thay đổi"),
        (sorts.known.len(), "văn bản đã có trong sổ"),
        (sorts.statuses.len(), "thông báo trạng thái"),
        (sorts.withheld.len(), "mục không nhận vì độ mật"),
        (sorts.broken.len(), "mục không đọc được"),
    ];
    let told: Vec<_> = counts
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| format!("{count} {what}"))
        .collect();
    if told.is_empty() {
        "Không có văn bản nào trong tệp.".to_owned()
    } else {
        format!("{}.", told.join(", "))
    }
}

fn section(text: &mut String, title: &str, items: &[&Item], line: impl Fn(&Item) -> String) {
    if items.is_empty() {
        return;
    }
    text.push_str(&format!("\n{title}:\n"));
    for item in items.iter().take(MOST_LINES) {
        let said = line(item);
        let parts = [item.place.as_str(), said.as_str()];
        let told: Vec<_> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        text.push_str(&format!("  - {}\n", told.join(": ")));
    }
    if let Some(more) = items.len().checked_sub(MOST_LINES).filter(|more| *more > 0) {
        // Writing to a text cannot fail.
        let _written = writeln!(text, "  - và {more} mục nữa");
    }
}

fn documents(item: &Item) -> String {
    item.title().filter(|symbol| !symbol.is_empty()).unwrap_or("không số, ký hiệu").to_owned()
}

fn withheld(item: &Item) -> String {
    match &item.piece {
        Piece::Withheld(why) => why.vietnamese().to_owned(),
        _ => String::new(),
    }
}

/// The reason without what stands before it already: the file, the place.
fn broken(item: &Item) -> String {
    let Piece::Broken(broken) = &item.piece else { return String::new() };
    let reason = broken.reason.split_once("”, ").map_or(broken.reason.as_str(), |(_, reason)| reason);
    reason.strip_prefix(&format!("{}: ", item.place)).unwrap_or(reason).to_owned()
}

fn advice(shelf: Shelf, sorts: &Sorts<'_>, own: &[String]) -> Vec<String> {
    let mut advice = own.to_vec();
    if shelf == Shelf::Withheld {
        advice.push(
            "Văn bản có độ mật: xử lý theo quy định về bí mật nhà nước, ngoài chương trình này. \
             Chương trình không lưu nội dung; xoá tệp trong withheld khi đã xử lý xong."
                .to_owned(),
        );
        // Own advice says already what to mend.
        if own.is_empty() {
            advice.push(
                "Nếu văn bản không mật: sửa độ mật trên hệ thống gốc (Thường, Không mật), xuất lại và thả lại."
                    .to_owned(),
            );
        }
    }
    if !sorts.broken.is_empty() {
        advice.push(
            "Sửa chỗ không đọc được rồi thả lại tệp; phần đã ghi vào sổ không bị ghi lần nữa. \
             Chỗ chưa sửa nằm trong danh sách chờ: vanthu hold list."
                .to_owned(),
        );
    }
    advice
}
