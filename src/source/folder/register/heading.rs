//! Columns of a register of incoming documents, as iOffice exports it, as Phụ lục IV of Nghị định
//! 30/2020/NĐ-CP lays it out, and as offices have changed either.

use crate::sheet::heading::{self, Headings};

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Column {
    /// Số thứ tự: of no interest.
    Number,
    /// Số đến
    ArrivalNumber,
    /// Ngày đến
    Arrived,
    /// Số, ký hiệu
    Symbol,
    /// Số, where the sign stands in a column of its own.
    SymbolNumber,
    /// Ký hiệu, where the number stands in a column of its own.
    SymbolSign,
    /// Ngày văn bản
    Issued,
    /// Cơ quan ban hành
    Issuer,
    /// Loại văn bản
    Kind,
    /// Trích yếu
    Subject,
    /// Người ký
    Signer,
    /// Độ khẩn
    Urgency,
    /// Độ mật
    Secrecy,
    /// Hạn xử lý
    Due,
    /// Lĩnh vực
    Field,
    /// Ghi chú
    Note,
}

impl Column {
    /// As staff know it.
    pub(super) fn vietnamese(self) -> &'static str {
        match self {
            Self::Number => "Số thứ tự",
            Self::ArrivalNumber => "Số đến",
            Self::Arrived => "Ngày đến",
            Self::Symbol => "Số, ký hiệu",
            Self::SymbolNumber => "Số",
            Self::SymbolSign => "Ký hiệu",
            Self::Issued => "Ngày văn bản",
            Self::Issuer => "Cơ quan ban hành",
            Self::Kind => "Loại văn bản",
            Self::Subject => "Trích yếu",
            Self::Signer => "Người ký",
            Self::Urgency => "Độ khẩn",
            Self::Secrecy => "Độ mật",
            Self::Due => "Hạn xử lý",
            Self::Field => "Lĩnh vực",
            Self::Note => "Ghi chú",
        }
    }

    /// The column behind a heading in folded form.
    fn of(folded: &str) -> Option<Self> {
        Some(match plain(folded).as_str() {
            "stt" | "tt" | "so tt" | "so thu tu" => Self::Number,
            "so den" | "so thu tu den" | "so dang ky" | "so vao so" | "so dk" | "so cong den" => {
                Self::ArrivalNumber
            }
            "ngay den" | "ngay nhan" | "ngay tiep nhan" | "ngay vao so" | "ngay den don vi"
            | "thoi gian den" | "thoi gian nhan" | "ngay dang ky" => Self::Arrived,
            "so ky hieu" | "so ki hieu" | "ky hieu so" | "so hieu" | "so kh" | "so ky hieu goc" | "skh" => {
                Self::Symbol
            }
            "so" => Self::SymbolNumber,
            "ky hieu" | "ki hieu" => Self::SymbolSign,
            "ngay" | "ngay ban hanh" | "ngay ky" | "ngay phat hanh" | "ngay bh" => Self::Issued,
            "co quan ban hanh"
            | "don vi ban hanh"
            | "noi ban hanh"
            | "ten co quan ban hanh"
            | "co quan phat hanh"
            | "noi phat hanh"
            | "co quan gui"
            | "don vi gui"
            | "noi gui"
            | "tac gia"
            | "cq ban hanh"
            | "cqbh" => Self::Issuer,
            "loai" | "ten loai" | "the loai" | "hinh thuc" => Self::Kind,
            "trich yeu"
            | "trich yeu noi dung"
            | "noi dung"
            | "noi dung trich yeu"
            | "ve viec"
            | "ten loai trich yeu noi dung"
            | "ten loai trich yeu"
            | "tieu de" => Self::Subject,
            "nguoi ky" | "ho ten nguoi ky" | "lanh dao ky" => Self::Signer,
            "do khan" | "muc do khan" | "do uu tien" | "muc do uu tien" | "do khan cap" | "khan" => {
                Self::Urgency
            }
            "do mat" | "muc do mat" | "muc mat" | "do bao mat" | "cap do mat" | "mat" => Self::Secrecy,
            "han xu ly"
            | "han giai quyet"
            | "han"
            | "thoi han"
            | "thoi han xu ly"
            | "thoi han giai quyet"
            | "han hoan thanh"
            | "ngay het han"
            | "han xl"
            | "ngay han xu ly"
            | "han tra loi" => Self::Due,
            "linh vuc" => Self::Field,
            "ghi chu" | "chu thich" => Self::Note,
            _ => return None,
        })
    }
}

/// A heading without the words that say only that this is about documents: “Ngày, tháng văn bản” and
/// “Ngày văn bản” are one, and so are “Số văn bản đến” and “Số đến”.
fn plain(folded: &str) -> String {
    let padded = format!(" {folded} ");
    let fillers =
        [" ngay thang nam ", " ngay thang ", " van ban ", " vb ", " cong van ", " cv ", " va ", " cua "];
    let bare = fillers.iter().fold(padded, |text, filler| {
        let kept = if filler.starts_with(" ngay") { " ngay " } else { " " };
        text.replace(filler, kept)
    });
    bare.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Finds the headings; a sheet without Trích yếu is no register.
pub(super) fn find(rows: &[Vec<String>]) -> Option<Headings<Column>> {
    heading::find(rows, Column::of, Column::Subject)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(heading: &str, expected: Option<Column>) {
        assert_eq!(Column::of(&heading::folded(heading)), expected, "{heading}");
    }

    #[test]
    fn headings_as_offices_write_them() {
        for (heading, column) in [
            ("STT", Column::Number),
            ("Số đến", Column::ArrivalNumber),
            ("SỐ VĂN BẢN ĐẾN", Column::ArrivalNumber),
            ("Ngày VB đến", Column::Arrived),
            ("Số, ký hiệu", Column::Symbol),
            ("Số/Ký hiệu văn bản", Column::Symbol),
            ("So ky hieu", Column::Symbol),
            ("Ký hiệu, số", Column::Symbol),
            ("Số", Column::SymbolNumber),
            ("Ngày, tháng văn bản", Column::Issued),
            ("Ngày tháng năm", Column::Issued),
            ("Ngày ban hành (ngày/tháng/năm)", Column::Issued),
            ("Cơ quan ban hành văn bản", Column::Issuer),
            ("Tác giả", Column::Issuer),
            ("Tên loại và trích yếu nội dung văn bản", Column::Subject),
            ("TRÍCH YẾU", Column::Subject),
            ("Độ Mật", Column::Secrecy),
            ("Mức độ khẩn", Column::Urgency),
            ("Hạn xử lý", Column::Due),
            ("Loại văn bản", Column::Kind),
        ] {
            check(heading, Some(column));
        }
        for other in ["Người xử lý", "Ký nhận", "Trạng thái", "Số đến ngày", "", "Tổng cộng"]
        {
            check(other, None);
        }
    }
}
