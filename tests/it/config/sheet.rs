//! Units from and to spreadsheets.

use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use rust_xlsxwriter::{Format, Workbook, Worksheet};
use vanthu::config::diagnostic::{Findings, Report};
use vanthu::config::file::SourceFile;
use vanthu::config::settings::Language;
use vanthu::config::unit::import::{Import, Plan, apply, plan};
use vanthu::config::unit::{export, read as read_units};
use vanthu::config::{sample, sheet};
use vanthu::domain::unit::Units;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// A file of units, and a folder for sheets.
struct Directory {
    text: String,
    folder: tempfile::TempDir,
    as_of: Option<NaiveDate>,
    dissolve: Option<NaiveDate>,
}

impl Directory {
    fn new(text: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self { text: text.to_owned(), folder, as_of: None, dissolve: None }
    }

    fn sample() -> Self {
        Self::new(sample::FILES.iter().find(|(path, _)| *path == "units.toml").unwrap().1)
    }

    fn units(&self) -> Units {
        let findings = Findings::default();
        let units = read_units(&SourceFile::new("units.toml", self.text.as_str()), &findings);
        let report = findings.into_report();
        assert_eq!(report.errors(), 0, "{report}\n{}", self.text);
        units.unwrap().0
    }

    fn plan(&self, path: &Path) -> Result<(Plan, Report), Report> {
        let sheet = sheet::read(path, None).map_err(|finding| Report { diagnostics: vec![finding] })?;
        let (as_of, dissolve) = (self.as_of, self.dissolve);
        plan(&Import { sheet: &sheet, units: &self.units(), today: day("2026-06-15"), as_of, dissolve })
    }

    fn import(&mut self, path: &Path) -> Plan {
        let (plan, warnings) = self.plan(path).unwrap_or_else(|report| panic!("{report}"));
        assert_eq!(warnings.diagnostics, []);
        self.text = apply(&self.text, &plan).unwrap();
        plan
    }

    fn tells(&self, path: &Path) -> String {
        let report = match self.plan(path) {
            Ok((_, warnings)) => warnings,
            Err(report) => report,
        };
        let folder = self.folder.path().display().to_string();
        report.render(Language::Vi, false).replace(&folder, "/bang")
    }

    fn csv(&self, text: &str) -> PathBuf {
        let path = self.folder.path().join("bang.csv");
        std::fs::write(&path, text).unwrap();
        path
    }

    fn xlsx(&self, fill: impl FnOnce(&mut Worksheet)) -> PathBuf {
        let path = self.folder.path().join("bang.xlsx");
        let mut book = Workbook::new();
        fill(book.add_worksheet().set_name("Chi bộ").unwrap());
        book.save(&path).unwrap();
        path
    }
}

const SMALL: &str = r#"# Tổ chức của văn phòng thử.
office = "duk"

[[kind]]
id = "committee"
name = "đảng bộ cơ sở"

[[kind]]
id = "cell"
name = "chi bộ"
cell = true

[sectors]
administration = "hành chính"

[[unit]]
id = "duk"
name = "Đảng uỷ Khối"
kind = "committee"

# Sở Nội vụ: gọi bà Hà trước khi sửa.
[[unit]]
id = "db-noi-vu"
name = "Đảng bộ Sở Nội vụ"
kind = "committee"
parent = "duk" # từ 2015

[[unit]]
id = "cb-van-phong"
name = "Chi bộ Văn phòng"
kind = "cell"
parent = "db-noi-vu"
# hộp thư của bí thư, không phải của văn thư
mailbox = "vp@mau.example" # đã thử 03/2026

[[unit]]
id = "cb-thanh-tra"
name = "Chi bộ Thanh tra"
kind = "cell"
parent = "db-noi-vu"
mailboxes = [
  { address = "tt@mau.example", post = "secretary" }, # bí thư
  { address = "tt2@mau.example", post = "deputy" },
]
"#;

#[test]
fn what_was_exported_changes_nothing_when_it_comes_back() {
    for mut directory in [Directory::sample(), Directory::new(SMALL)] {
        let path = directory.folder.path().join("xuat.xlsx");
        let units = directory.units();
        let written = export::write(&path, &units, day("2026-06-15")).unwrap();
        assert_eq!(written, units.iter().count());
        let before = directory.text.clone();
        let plan = directory.import(&path);
        assert!(plan.is_empty() && plan.missing.is_empty(), "{plan:?}");
        assert_eq!(directory.text, before);
    }
}

/// A list as an office keeps it: letterhead, two lines of headings, merged cells, a line that numbers
/// the columns, groups, blank lines and a total.
fn office_list(sheet: &mut Worksheet) {
    let plain = Format::new();
    let mut put = |row, column, text: &str| {
        sheet.write_string(row, column, text).unwrap();
    };
    put(0, 0, "ĐẢNG UỶ KHỐI");
    put(1, 0, "Danh sách chi bộ, tháng 6 năm 2026");
    for (column, text) in [(0, "TT"), (1, "Tên chi bộ"), (2, "Loại"), (3, "Trực thuộc"), (4, "Liên hệ")]
    {
        put(3, column, text);
    }
    put(4, 4, "Hộp thư (công vụ)");
    put(4, 5, "Điện thoại");
    put(3, 6, "Ngày thành lập");
    for column in 0..7 {
        put(5, column, &format!("({})", column + 1));
    }
    put(7, 0, "1");
    put(7, 1, "Chi bộ Văn phòng");
    put(7, 2, "chi bộ");
    put(7, 3, "Đảng bộ Sở Nội vụ");
    put(7, 4, "van-phong@mau.example; pho@mau.example");
    put(7, 5, "0299 123 456");
    put(9, 0, "2");
    put(9, 1, "Chi bo\u{323}\u{302} Phòng Pháp chế");
    put(9, 2, "Chi bộ");
    put(9, 4, "pc@mau.example");
    put(11, 1, "Tổng cộng");
    put(11, 2, "2");
    for column in [0, 1, 2, 3, 6] {
        let text = ["TT", "Tên chi bộ", "Loại", "Trực thuộc", "", "", "Ngày thành lập"][usize::from(column)];
        sheet.merge_range(3, column, 4, column, text, &plain).unwrap();
    }
    sheet.merge_range(3, 4, 3, 5, "Liên hệ", &plain).unwrap();
    sheet.merge_range(6, 0, 6, 6, "I. SỞ NỘI VỤ", &plain).unwrap();
    sheet.merge_range(7, 3, 9, 3, "Đảng bộ Sở Nội vụ", &plain).unwrap();
    sheet.write_number(9, 6, 46_174).unwrap();
    let date = Format::new().set_num_format("dd/mm/yyyy");
    sheet.write_with_format(9, 6, chrono_day("2026-06-01"), &date).unwrap();
}

fn chrono_day(text: &str) -> rust_xlsxwriter::ExcelDateTime {
    rust_xlsxwriter::ExcelDateTime::parse_from_str(text).unwrap()
}

#[test]
fn an_office_list_is_understood_and_the_rest_of_the_file_stays() {
    let mut directory = Directory::new(SMALL);
    let path = directory.xlsx(office_list);
    let plan = directory.import(&path);
    assert_eq!((plan.added.len(), plan.changed.len(), plan.missing.len()), (1, 1, 3), "{plan:#?}");
    insta::assert_snapshot!("import_written", directory.text);
    let again = directory.import(&path);
    assert!(again.is_empty(), "{again:?}");
}

#[test]
fn what_the_sheet_does_not_have_ends_only_on_a_day_that_is_named() {
    let mut directory = Directory::new(SMALL);
    directory.dissolve = Some(day("2026-06-30"));
    let path = directory.csv("\u{feff}Mã;Tên tổ chức\r\ncb-van-phong;Chi bộ Văn phòng\r\n");
    let plan = directory.import(&path);
    let missing: Vec<_> =
        plan.missing.iter().map(|unit| (unit.id.as_str(), unit.until.is_some(), unit.spared)).collect();
    assert_eq!(
        missing,
        [
            ("cb-thanh-tra", true, None),
            ("db-noi-vu", false, Some("còn tổ chức trực thuộc")),
            ("duk", false, Some("là văn phòng")),
        ]
    );
    let ended = directory.units();
    assert_eq!(ended.get(&"cb-thanh-tra".into()).unwrap().valid.until, Some(day("2026-06-30")));
    assert!(directory.import(&path).is_empty());
}

#[test]
fn a_rename_with_its_day_keeps_the_old_name() {
    let mut directory = Directory::new(SMALL);
    directory.as_of = Some(day("2026-07-01"));
    let path = directory.csv("Mã,Tên tổ chức,Trực thuộc\ncb-van-phong,Chi bộ Văn phòng Sở,Đảng uỷ Khối\n");
    directory.import(&path);
    let units = directory.units();
    let unit = units.get(&"cb-van-phong".into()).unwrap();
    assert_eq!(unit.name_on(day("2026-06-30")), "Chi bộ Văn phòng");
    assert_eq!(unit.name_on(day("2026-07-01")), "Chi bộ Văn phòng Sở");
    assert_eq!(unit.parent_on(day("2026-06-30")).unwrap().as_str(), "db-noi-vu");
    assert_eq!(unit.parent_on(day("2026-07-01")).unwrap().as_str(), "duk");
    assert!(directory.text.contains("# hộp thư của bí thư"), "{}", directory.text);
    assert!(directory.import(&path).is_empty());
}

#[test]
fn a_merger_is_written_from_a_sheet() {
    let mut directory = Directory::new(SMALL);
    let path = directory.csv(
        "Mã;Tên tổ chức;Ngày giải thể;Tổ chức tiếp nhận\ncb-thanh-tra;Chi bộ Thanh tra;30/06/2026;Chi bộ Văn phòng\n",
    );
    directory.import(&path);
    let units = directory.units();
    let unit = units.get(&"cb-thanh-tra".into()).unwrap();
    assert_eq!(unit.succession.heir().unwrap().as_str(), "cb-van-phong");
    assert!(directory.import(&path).is_empty());
}

#[test]
fn every_wrong_cell_is_told_at_its_place() {
    let directory = Directory::new(SMALL);
    let path = directory.csv(
        "Mã;Tên tổ chức;Loại;Khối;Trực thuộc;Hộp thư;Ngày thành lập;Màu\n\
         cb-van-phong;Chi bộ Văn phòng;chi bo;hanh chính;Đảng bộ Sở Nội vụu;văn-phòng@mau.example;31/02/2026;đỏ\n\
         CB 9;Chi bộ Chín;;;;;;\n\
         cb-van-phong;Chi bộ Văn phòng;chi bộ;;;;;\n",
    );
    insta::assert_snapshot!(directory.tells(&path));
}

#[test]
fn a_sheet_without_headings_and_one_in_an_old_code_page() {
    let directory = Directory::new(SMALL);
    insta::assert_snapshot!("sheet_without_headings", directory.tells(&directory.csv("a;b\n1;2\n")));
    let old = "M·;Tªn tæ chøc;Lo¹i\ncb-1;Chi bé Së Néi vô;chi bé\ncb-2;§¶ng bé Së Y tÕ;®¶ng bé\n";
    insta::assert_snapshot!("sheet_in_tcvn3", directory.tells(&directory.csv(old)));
    let path = directory.folder.path().join("bang.xlsx");
    std::fs::write(&path, "không phải tệp Excel").unwrap();
    insta::assert_snapshot!("sheet_that_is_none", directory.tells(&path));
}

#[test]
fn two_units_of_one_name_are_told_apart_by_their_parents() {
    let mut directory = Directory::new(SMALL);
    let path = directory.csv(
        "Tên tổ chức;Loại;Trực thuộc;Hộp thư\n\
         Đảng bộ Sở Y tế;đảng bộ cơ sở;Đảng uỷ Khối;\n\
         Chi bộ Văn phòng;chi bộ;Đảng bộ Sở Y tế;yt@mau.example\n\
         Chi bộ Văn phòng;chi bộ;Đảng bộ Sở Nội vụ;vp@mau.example\n",
    );
    let plan = directory.import(&path);
    let added: Vec<_> = plan.added.iter().map(|unit| unit.id.as_str()).collect();
    assert_eq!(added, ["db-so-y-te", "cb-van-phong-so-y-te"], "{plan:#?}");
    assert!(plan.changed.is_empty(), "{plan:#?}");
    let again = directory.import(&path);
    assert!(again.is_empty(), "{again:#?}");
}
