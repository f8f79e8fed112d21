//! Column headings, as offices write them: with accents or without, over one line or two.

use crate::config::code::Code;
use crate::config::diagnostic::Diagnostic;
use crate::config::sheet::Sheet;
use crate::sheet::heading;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Column {
    /// Số thứ tự: read, and of no interest.
    Number,
    /// Mã
    Id,
    /// Tên tổ chức
    Name,
    /// Loại
    Kind,
    /// Khối / Lĩnh vực
    Sector,
    /// Trực thuộc
    Parent,
    /// Tên gọi khác
    Aliases,
    /// Bí thư
    Secretary,
    /// Hộp thư
    Mailbox,
    /// Điện thoại
    Phone,
    /// Ngày thành lập
    From,
    /// Ngày giải thể
    Until,
    /// Tổ chức tiếp nhận
    Successors,
    /// Ghi chú
    Note,
}

impl Column {
    /// Every column with the heading that exports write, in their order.
    pub const ALL: [(Self, &str); 14] = [
        (Self::Number, "STT"),
        (Self::Id, "Mã"),
        (Self::Name, "Tên tổ chức"),
        (Self::Kind, "Loại"),
        (Self::Sector, "Khối/Lĩnh vực"),
        (Self::Parent, "Trực thuộc"),
        (Self::Aliases, "Tên gọi khác"),
        (Self::Secretary, "Bí thư"),
        (Self::Mailbox, "Hộp thư"),
        (Self::Phone, "Điện thoại"),
        (Self::From, "Ngày thành lập"),
        (Self::Until, "Ngày giải thể"),
        (Self::Successors, "Tổ chức tiếp nhận"),
        (Self::Note, "Ghi chú"),
    ];

    /// The heading that exports write.
    pub fn heading(self) -> &'static str {
        Self::ALL.into_iter().find(|(column, _)| *column == self).map_or("", |(_, heading)| heading)
    }

    /// The column behind a heading in folded form.
    fn of(heading: &str) -> Option<Self> {
        Some(match heading {
            "stt" | "tt" | "so tt" | "so thu tu" => Self::Number,
            "ma" | "ma so" | "ma to chuc" | "ma don vi" | "ma chi bo" | "ma to chuc dang" => Self::Id,
            "ten" | "ten to chuc" | "ten don vi" | "ten chi bo" | "ten to chuc dang" | "to chuc"
            | "to chuc dang" | "don vi" | "chi bo" | "ten goi" | "ten day du" => Self::Name,
            "loai" | "loai hinh" | "loai to chuc" | "loai to chuc dang" => Self::Kind,
            "khoi" | "linh vuc" | "khoi linh vuc" | "khoi nganh" | "nganh" => Self::Sector,
            "truc thuoc" | "cap tren" | "don vi cap tren" | "to chuc cap tren" | "dang bo"
            | "thuoc dang bo" | "cap tren truc tiep" | "thuoc" | "truc thuoc dang bo" => Self::Parent,
            "ten khac" | "ten goi khac" | "ten viet tat" | "viet tat" | "ten thuong goi" => Self::Aliases,
            "bi thu" | "ho ten bi thu" | "ho va ten bi thu" | "dong chi bi thu" | "bi thu chi bo" => {
                Self::Secretary
            }
            "hop thu"
            | "email"
            | "e mail"
            | "mail"
            | "thu dien tu"
            | "dia chi thu"
            | "dia chi thu dien tu"
            | "dia chi email"
            | "hop thu dien tu"
            | "hop thu cong vu"
            | "hop thu bi thu" => Self::Mailbox,
            "dien thoai" | "so dien thoai" | "sdt" | "dt" | "so dt" | "di dong" => Self::Phone,
            "ngay thanh lap" | "thanh lap" | "tu ngay" | "ngay bat dau" => Self::From,
            "ngay giai the" | "giai the" | "den ngay" | "ngay ket thuc" | "ket thuc" | "het hieu luc" => {
                Self::Until
            }
            "tiep nhan" | "to chuc tiep nhan" | "noi tiep nhan" | "don vi tiep nhan" | "sap nhap vao"
            | "nhap vao" => Self::Successors,
            "ghi chu" | "chu thich" => Self::Note,
            _ => return None,
        })
    }
}

/// Which column of the sheet holds what, and where the rows begin.
pub type Headings = heading::Headings<Column>;

/// Finds the headings; unknown ones are warned of.
///
/// # Errors
/// A sheet without a line of headings.
pub fn find(sheet: &Sheet, findings: &mut Vec<Diagnostic>) -> Result<Headings, Diagnostic> {
    let found = heading::find(&sheet.rows, Column::of, Column::Name);
    let headings = found.ok_or_else(|| Diagnostic::new(Code::NoHeading, sheet.place()))?;
    unknown(sheet, &headings, findings);
    Ok(headings)
}

fn unknown(sheet: &Sheet, headings: &Headings, findings: &mut Vec<Diagnostic>) {
    let used: Vec<_> = headings.columns.values().copied().collect();
    let row = headings.line;
    for at in 0..sheet.rows.get(row).map_or(0, Vec::len) {
        let written = sheet.cell(row, at);
        let grouped = (row + 1..headings.first).any(|below| !sheet.cell(below, at).is_empty());
        if written.is_empty()
            || used.contains(&at)
            || grouped
            || Column::of(&heading::folded(written)).is_some()
        {
            continue;
        }
        let all: Vec<_> = Column::ALL.iter().map(|(_, heading)| *heading).collect();
        let finding = Diagnostic::new(Code::UnknownColumn, sheet.at(row, at));
        findings.push(finding.with(written).with(all.join(", ")));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sheet(rows: &[&[&str]]) -> Sheet {
        let rows = rows.iter().map(|row| row.iter().map(|cell| (*cell).to_owned()).collect()).collect();
        Sheet { file: "a.xlsx".to_owned(), name: "T".to_owned(), rows }
    }

    #[test]
    fn exported_headings_are_understood() {
        for (column, heading) in Column::ALL {
            let row = ["x", heading];
            assert_eq!(
                heading::known(&sheet(&[&row]).rows, 0, Column::of).get(&column),
                Some(&1),
                "{heading}"
            );
        }
    }

    #[test]
    fn two_lines_of_headings_below_a_letterhead() {
        let sheet = sheet(&[
            &["ĐẢNG BỘ TỈNH", "ĐẢNG BỘ TỈNH", "", "", ""],
            &["DANH SÁCH CHI BỘ", "", "", "", ""],
            &["TT", "TÊN CHI BỘ", "Liên hệ", "Liên hệ", "Số đảng viên"],
            &["TT", "TÊN CHI BỘ", "Thư điện tử", "Số điện thoại", "Số đảng viên"],
            &["1", "Chi bộ A", "a@mau.example", "", "12"],
        ]);
        let mut findings = Vec::new();
        let headings = find(&sheet, &mut findings).unwrap();
        assert_eq!(headings.first, 4);
        let columns = [(Column::Number, 0), (Column::Name, 1), (Column::Mailbox, 2), (Column::Phone, 3)];
        assert_eq!(headings.columns, columns.into());
    }
}
