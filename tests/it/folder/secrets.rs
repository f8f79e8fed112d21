//! What may be secret leaves nothing of itself anywhere but in the file people gave us.

use std::fs;

use vanthu::app::ports::HoldKind;

use super::Desk;
use super::sheets::{HEADINGS, export, marked, row, workbook};

const SECRET: &str = "chim hoạ mi";

#[tokio::test]
async fn rows_not_known_to_be_open_are_withheld_and_so_is_their_file() {
    let desk = Desk::new().await;
    let subject = format!("Chuyên đề {SECRET}");
    desk.put(
        "so.xlsx",
        export(&[
            row(1, "1-KH/TU", "Chuyên đề"),
            marked(2, "2-KH/TU", &subject, "Mật"),
            marked(3, "3-KH/TU", &subject, ""),
            marked(4, "4-KH/TU", &subject, "M"),
            row(5, "5-KH/TU", &format!("(TỐI MẬT) {subject}")),
            row(6, "6-KH/TU", &format!("{subject} kèm Danh mục MẬT")),
        ]),
    );
    let polled = desk.settle().await;
    assert_eq!((polled.registered, polled.withheld), (1, 5));
    assert!(desk.holds().await.iter().all(|hold| hold.kind == HoldKind::Secret));
    assert_eq!(desk.tree(), ["withheld/so.xlsx", "withheld/so.xlsx.ket-qua.txt"]);
    let outcome = desk.text("withheld/so.xlsx.ket-qua.txt");
    assert!(!outcome.contains(SECRET) && !outcome.contains("2-KH/TU"), "{outcome}");
    insta::assert_snapshot!(outcome);
    let register = format!("{:?}{:?}", desk.holds().await, desk.documents().await);
    assert!(!register.contains(SECRET) && !register.contains("2-KH/TU"), "{register}");

    // Its mark was wrong: once mended, the document is read.
    desk.put("so.xlsx", export(&[marked(2, "2-KH/TU", &subject, "Không mật")]));
    assert_eq!(desk.settle().await.registered, 1);
}

#[tokio::test]
async fn an_export_without_marks_is_withheld_as_one() {
    let desk = Desk::new().await;
    let without = |cells: &[String]| cells[..8].to_vec();
    let mut rows = vec![HEADINGS[..8].iter().map(|heading| (*heading).to_owned()).collect::<Vec<_>>()];
    rows.extend((1..=300).map(|number| without(&row(number, &format!("{number}-KH/TU"), "Chuyên đề"))));
    desk.put("so.xlsx", workbook(&rows));
    let polled = desk.settle().await;
    assert_eq!((polled.registered, polled.withheld, desk.holds().await.len()), (0, 1, 1));
    insta::assert_snapshot!(desk.text("withheld/so.xlsx.ket-qua.txt"));
}

#[tokio::test]
async fn a_mark_in_the_name_of_a_file_is_enough() {
    let desk = Desk::new().await;
    desk.put("Danh sách MẬT.xlsx", export(&[row(1, "1-KH/TU", "Chuyên đề")]));
    let polled = desk.settle().await;
    assert_eq!((polled.registered, polled.withheld), (0, 1));
    assert!(fs::metadata(desk.path("withheld/Danh sách MẬT.xlsx")).is_ok());
    assert!(!format!("{:?}", desk.holds().await).contains("Danh sách"));
}
