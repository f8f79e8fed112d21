//! Exports of the register: every row a document, the same row never twice.

use chrono::NaiveDate;
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};
use vanthu::app::ports::{HoldKind, JournalKind};
use vanthu::domain::document::Urgency;

use super::Desk;
use super::sheets::{HEADINGS, export, row, workbook};

/// An export with all that offices put around a list: a letterhead, two lines of headings, merged cells,
/// days as serial numbers, as text and as bare numbers, a hidden sheet before it, a sum, a signature.
fn with_all_trimmings() -> Vec<u8> {
    let mut book = Workbook::new();
    let hidden = book.add_worksheet();
    hidden.set_name("Mã dùng chung").unwrap().set_hidden(true);
    hidden.write_string(0, 0, "Trích yếu").unwrap();
    let sheet = book.add_worksheet();
    sheet.set_active(true);
    let (plain, day) = (Format::new(), Format::new().set_num_format("dd/mm/yyyy"));
    sheet.merge_range(0, 0, 0, 9, "ĐẢNG UỶ KHỐI MẪU", &plain).unwrap();
    sheet.merge_range(1, 0, 1, 9, "SỔ VĂN BẢN ĐẾN THÁNG 02/2026", &plain).unwrap();
    for (column, heading) in [(0, "TT"), (1, "Số đến"), (2, "Ngày đến"), (6, "Trích yếu nội dung")]
    {
        sheet.merge_range(3, column, 4, column, heading, &plain).unwrap();
    }
    sheet.merge_range(3, 3, 3, 5, "Văn bản đến", &plain).unwrap();
    sheet.merge_range(3, 7, 3, 9, "Xử lý", &plain).unwrap();
    let finer = [
        (3, "Tác giả"),
        (4, "Số, ký hiệu"),
        (5, "Ngày, tháng"),
        (7, "Mức độ khẩn"),
        (8, "Độ mật"),
        (9, "Hạn xử lý"),
    ];
    for (column, heading) in finer {
        sheet.write_string(4, column, heading).unwrap();
    }
    for column in 0..10_u16 {
        sheet.write_string(5, column, format!("({})", column + 1)).unwrap();
    }
    sheet.merge_range(6, 0, 6, 9, "Tuần 4", &plain).unwrap();
    let issued = ExcelDateTime::from_ymd(2026, 2, 26).unwrap();
    sheet.write_number(7, 0, 1.0).unwrap().write_number(7, 1, 118.0).unwrap();
    sheet.write_datetime_with_format(7, 2, &issued, &day).unwrap();
    sheet.merge_range(7, 3, 8, 3, "Tỉnh uỷ Mẫu", &plain).unwrap();
    sheet.write_string(7, 4, "12-KH/TU").unwrap().write_datetime_with_format(7, 5, &issued, &day).unwrap();
    sheet.write_string(7, 6, "Kế hoạch sinh hoạt chuyên đề quý I").unwrap();
    sheet.write_string(7, 7, "Hỏa tốc").unwrap().write_string(7, 8, "Không mật").unwrap();
    sheet.write_string(7, 9, "15/3/2026").unwrap();
    sheet.write_string(8, 0, "2").unwrap().write_string(8, 1, "0119").unwrap();
    sheet.write_string(8, 2, "27/02/2026 08:15").unwrap().write_string(8, 4, "31-CV/TU").unwrap();
    sheet.write_number(8, 5, 46_080.0).unwrap();
    sheet
        .write_formula(
            8,
            6,
            rust_xlsxwriter::Formula::new("=\"Về việc \"&\"chuyên đề\"").set_result("Về việc chuyên đề"),
        )
        .unwrap();
    sheet.write_string(8, 7, "Thường").unwrap().write_string(8, 8, "Thường").unwrap();
    sheet.merge_range(9, 0, 9, 4, "Tổng cộng: 2 văn bản", &plain).unwrap();
    sheet.write_string(11, 6, "Mẫu, ngày 28 tháng 02 năm 2026").unwrap();
    sheet.write_string(12, 6, "VĂN THƯ").unwrap();
    book.save_to_buffer().unwrap()
}

#[tokio::test]
async fn an_export_with_all_trimmings_is_read_row_by_row() {
    let desk = Desk::new().await;
    desk.put("Sổ đến tháng 2.xlsx", with_all_trimmings());
    let polled = desk.settle().await;
    assert_eq!((polled.registered, polled.withheld, polled.broken), (2, 0, 0));
    let documents = desk.documents().await;
    let (plan, letter) = (&documents[0], &documents[1]);
    assert_eq!((plan.symbol.as_str(), letter.symbol.as_str()), ("12-KH/TU", "31-CV/TU"));
    assert_eq!((plan.issuer.as_str(), letter.issuer.as_str()), ("Tỉnh uỷ Mẫu", "Tỉnh uỷ Mẫu"));
    assert_eq!(letter.subject, "Về việc chuyên đề");
    assert_eq!((plan.urgency, letter.urgency), (Urgency::Express, Urgency::Normal));
    assert_eq!(plan.issued, NaiveDate::from_ymd_opt(2026, 2, 26));
    assert_eq!(letter.issued, NaiveDate::from_ymd_opt(2026, 2, 27));
    assert_eq!((plan.due, letter.due), (NaiveDate::from_ymd_opt(2026, 3, 15), None));
    insta::assert_snapshot!(desk.text("done/2026/03/Sổ đến tháng 2.xlsx.ket-qua.txt"));
}

#[tokio::test]
async fn the_same_export_again_adds_nothing_and_a_changed_row_is_a_revision() {
    let desk = Desk::new().await;
    let rows = [row(1, "12-KH/TU", "Chuyên đề quý I"), row(2, "13-KH/TU", "Chuyên đề quý II")];
    desk.put("so.xlsx", export(&rows));
    assert_eq!(desk.settle().await.registered, 2);
    desk.put("so.xlsx", export(&rows));
    assert_eq!(desk.settle().await.registered, 0);

    // Another order of columns and rows, another spelling of the number: the same rows.
    let mut turned = vec![HEADINGS.iter().rev().map(|heading| (*heading).to_owned()).collect::<Vec<_>>()];
    turned.extend(rows.iter().rev().map(|row| row.iter().rev().cloned().collect()));
    turned[1][7] = "002".to_owned();
    desk.put("so khac.xlsx", workbook(&turned));
    assert_eq!(desk.settle().await.registered, 0);

    desk.put("so.xlsx", export(&[row(1, "12-KH/TU", "Chuyên đề quý I (sửa)"), rows[1].clone()]));
    assert_eq!(desk.settle().await.registered, 1);
    assert_eq!(desk.symbols().await, ["12-KH/TU", "13-KH/TU"]);
    assert!(desk.holds().await.is_empty());
    let outcome = desk.text("done/2026/03/so (3).xlsx.ket-qua.txt");
    assert!(outcome.contains("1 văn bản mới ghi vào sổ hoặc có thay đổi, 1 văn bản đã có"), "{outcome}");
}

#[tokio::test]
async fn rows_that_cannot_be_read_are_told_by_number_and_held() {
    let desk = Desk::new().await;
    let bad_day = |number: u32, column: usize, text: &str| {
        let mut cells = row(number, &format!("{number}-CV/TU"), "Chuyên đề");
        cells[column] = text.to_owned();
        cells
    };
    let rows = [
        row(1, "12-KH/TU", "Chuyên đề"),
        bad_day(2, 4, "31/02/2026"),
        bad_day(3, 3, "2026-03-12"),
        bad_day(4, 6, "Sinh ho¹t chuyªn ®Ò"),
        bad_day(5, 2, "hôm qua"),
        row(1, "12-KH/TU", "Chuyên đề khác hẳn"),
        row(1, "12-KH/TU", "Chuyên đề"),
    ];
    desk.put("so.xlsx", export(&rows));
    let polled = desk.settle().await;
    assert_eq!((polled.registered, polled.broken), (1, 5));
    let holds = desk.holds().await;
    assert!(holds.iter().all(|hold| hold.kind == HoldKind::Broken));
    let mut reasons: Vec<_> = holds.iter().map(|hold| hold.reason.clone()).collect();
    reasons.sort();
    insta::assert_snapshot!("reasons", reasons.join("\n"));
    insta::assert_snapshot!("some_broken", desk.text("done/2026/03/so.xlsx.ket-qua.txt"));
    // What was mended is read; what was read is not read again.
    desk.put("so.xlsx", export(&[row(1, "12-KH/TU", "Chuyên đề"), row(2, "2-CV/TU", "Chuyên đề")]));
    assert_eq!(desk.settle().await.registered, 1);
}

/// Whatever cell was wrong, the row is known again once it was put right, and nobody need close anything.
#[tokio::test]
async fn the_hold_of_a_mended_row_closes_by_itself() {
    for (column, wrong) in [
        (1, ""),
        (2, "hôm qua"),
        (3, "2026-03-12"),
        (4, "31/02/2026"),
        (5, "TØnh uû MÉu"),
        (6, "Sinh ho¹t chuyªn ®Ò"),
    ] {
        let desk = Desk::new().await;
        let (good, other) = (row(7, "7-CV/TU", "Chuyên đề"), row(8, "8-CV/TU", "Chuyên đề"));
        let mut bad = good.clone();
        bad[column] = wrong.to_owned();
        if column == 1 {
            bad[4] = "31/02/2026".to_owned();
        }
        desk.put("so.xlsx", export(&[bad.clone(), other]));
        assert_eq!(desk.settle().await.broken, 1, "{wrong}");
        desk.put("so.xlsx", export(&[bad, row(9, "9-CV/TU", "Chuyên đề")]));
        desk.settle().await;
        assert_eq!(desk.holds().await.len(), 1, "{wrong}: the same row again, and others, settle nothing");
        desk.put("so.xlsx", export(&[good]));
        assert_eq!(desk.settle().await.registered, 1, "{wrong}");
        assert!(desk.holds().await.is_empty(), "{wrong}: {:?}", desk.holds().await);
        let journal = desk.rig.store.journal(None, 0, 0).await.unwrap();
        let released = journal.iter().filter(|entry| entry.kind == JournalKind::Released);
        let released: Vec<_> = released.map(|entry| entry.document.is_some()).collect();
        assert_eq!(released, [true], "{wrong}");
    }
}

/// The document was in the register before its row was spoilt: nothing is read, and the hold closes all the same.
#[tokio::test]
async fn a_spoilt_row_that_is_put_back_needs_nobody() {
    let desk = Desk::new().await;
    let good = row(7, "7-CV/TU", "Chuyên đề");
    let mut bad = good.clone();
    bad[4] = "31/02/2026".to_owned();
    for (row, open) in [(&good, 0), (&bad, 1), (&good, 0)] {
        desk.put("so.xlsx", export(std::slice::from_ref(row)));
        desk.settle().await;
        assert_eq!(desk.holds().await.len(), open);
    }
}

/// Two of four things are not enough to say that it is the same document.
#[tokio::test]
async fn a_row_of_which_little_is_known_waits_for_a_person() {
    let desk = Desk::new().await;
    let good = row(7, "7-CV/TU", "Chuyên đề");
    let mut bad = good.clone();
    for column in [1, 2, 4, 5] {
        bad[column] = String::new();
    }
    desk.put("so.xlsx", export(&[bad]));
    desk.settle().await;
    desk.put("so.xlsx", export(&[good]));
    assert_eq!((desk.settle().await.registered, desk.holds().await.len()), (1, 1));
}

#[tokio::test]
async fn what_is_no_register_is_refused_in_words() {
    let desk = Desk::new().await;
    let text = |cells: &[&str]| cells.iter().map(|cell| (*cell).to_owned()).collect::<Vec<_>>();
    desk.put("a-danh-ba.xlsx", workbook(&[text(&["Họ tên", "Điện thoại"]), text(&["Lê Văn Mẫu", "0200"])]));
    desk.put("b-trong.xlsx", export(&[]));
    desk.put("c-khong-phai.xlsx", "<html><table><tr><td>Trích yếu</td></tr></table></html>");
    let polled = desk.settle().await;
    assert_eq!((polled.registered, polled.broken, desk.holds().await.len()), (0, 2, 2));
    let outcomes = desk.tree().into_iter().filter(|name| name.ends_with(".txt"));
    let told: Vec<_> = outcomes.map(|name| format!("== {name}\n{}", desk.text(&name))).collect();
    assert_eq!(told.len(), 3);
    insta::assert_snapshot!(told.join("\n"));
}

#[tokio::test]
async fn a_large_export_is_read_page_by_page() {
    let desk = Desk::new().await;
    let rows: Vec<_> = (1..=1_201).map(|number| row(number, &format!("{number}-CV/TU"), "Để lưu")).collect();
    desk.put("so.xlsx", export(&rows));
    let polled = desk.settle().await;
    assert_eq!((polled.listed, polled.registered), (1_201, 1_201));
    assert_eq!(desk.tree().len(), 2);
}
