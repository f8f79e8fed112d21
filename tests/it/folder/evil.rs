//! What people, systems and attackers put into folders.

use std::fs;
use std::io::{Cursor, Write as _};
use std::os::unix::ffi::OsStringExt as _;
use std::os::unix::fs::symlink;
use std::time::{Duration, Instant};

use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use super::Desk;
use super::sheets::{HEADINGS, export, row};

/// A guard against work without bounds, not a measure: a busy host took over a minute where a quiet one took twenty
/// seconds. What one input may cost is measured by fuzzing.
const PATIENCE: Duration = Duration::from_secs(120);

fn one() -> Vec<u8> {
    export(&[row(1, "1-KH/TU", "Chuyên đề")])
}

#[tokio::test]
async fn names_are_names() {
    let desk = Desk::new().await;
    let long = format!("{}.xlsx", "ế".repeat(82));
    let names =
        ["x\\..\\..\\etc.xlsx", "C:evil.xlsx", "a\nb.xlsx", "$(touch x).xlsx", "-rf.xlsx", "CON.xlsx", &long];
    for (number, name) in (1..).zip(names) {
        desk.put(name, export(&[row(number, &format!("{number}-KH/TU"), "Chuyên đề")]));
    }
    let outside = fs::read_dir(desk.root().parent().unwrap()).unwrap().count();
    assert_eq!(desk.settle().await.registered, 7);
    let tree = desk.tree();
    assert_eq!(tree.len(), 14);
    assert!(tree.iter().all(|path| path.starts_with("done/2026/03/")), "{tree:?}");
    assert!(fs::read_dir(desk.root().parent().unwrap()).unwrap().count() <= outside + 8);
}

#[tokio::test]
async fn what_is_no_plain_file_is_left_with_a_word() {
    let desk = Desk::new().await;
    let elsewhere = tempfile::tempdir().unwrap();
    fs::write(elsewhere.path().join("so.xlsx"), one()).unwrap();
    symlink(elsewhere.path().join("so.xlsx"), desk.path("lien-ket.xlsx")).unwrap();
    symlink("/dev/zero", desk.path("zero.xlsx")).unwrap();
    symlink("khong-co", desk.path("hong.xlsx")).unwrap();
    fs::create_dir(desk.path("thu-muc.xlsx")).unwrap();
    rustix::fs::mknodat(
        rustix::fs::CWD,
        desk.path("ong.xlsx"),
        rustix::fs::FileType::Fifo,
        rustix::fs::Mode::from_raw_mode(0o600),
        0,
    )
    .unwrap();
    let _socket = std::os::unix::net::UnixListener::bind(desk.path("o-cam.xlsx")).unwrap();
    desk.put("cong-van.pdf", "%PDF-1.7");
    desk.put("rong.xlsx", "");
    let bad = std::ffi::OsString::from_vec(b"s\xe2.xlsx".to_vec());
    fs::write(desk.root().join(bad), one()).unwrap();
    assert_eq!(desk.settle().await.listed, 0);
    assert!(desk.holds().await.is_empty());
    insta::assert_snapshot!(desk.text("GHI-CHU-VANTHU.txt"));
    for name in
        ["lien-ket.xlsx", "zero.xlsx", "hong.xlsx", "ong.xlsx", "o-cam.xlsx", "cong-van.pdf", "rong.xlsx"]
    {
        fs::remove_file(desk.path(name)).unwrap();
    }
    fs::remove_dir(desk.path("thu-muc.xlsx")).unwrap();
    fs::remove_file(desk.root().join(std::ffi::OsString::from_vec(b"s\xe2.xlsx".to_vec()))).unwrap();
    desk.poll().await.unwrap();
    assert!(desk.tree().is_empty(), "a note about nothing is taken away");
}

#[tokio::test]
async fn our_own_folders_are_no_doors_to_others() {
    let desk = Desk::new().await;
    let elsewhere = tempfile::tempdir().unwrap();
    symlink(elsewhere.path(), desk.path("done")).unwrap();
    desk.put("so.xlsx", one());
    assert!(desk.poll().await.unwrap_err().to_string().contains("không phải thư mục thật"));
    assert_eq!(fs::read_dir(elsewhere.path()).unwrap().count(), 0);
}

/// A workbook with one entry replaced.
pub fn with_entry(book: &[u8], name: &str, content: &[u8]) -> Vec<u8> {
    let mut old = ZipArchive::new(Cursor::new(book)).unwrap();
    let mut new = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_level(Some(9));
    for number in 0..old.len() {
        let mut entry = old.by_index(number).unwrap();
        let entry_name = entry.name().unwrap().into_owned();
        new.start_file(&entry_name, options).unwrap();
        if entry_name == name {
            new.write_all(content).unwrap();
        } else {
            std::io::copy(&mut entry, &mut new).unwrap();
        }
    }
    new.finish().unwrap().into_inner()
}

/// A sheet of these rows.
pub fn sheet_xml(rows: &str) -> Vec<u8> {
    let head = r#"<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>"#;
    format!("{head}{rows}</sheetData></worksheet>").into_bytes()
}

/// Where a workbook keeps its first sheet.
pub const SHEET: &str = "xl/worksheets/sheet1.xml";
const STRINGS: &str = "xl/sharedStrings.xml";

/// Hostile workbooks, by what they do.
fn hostile() -> Vec<(&'static str, Vec<u8>)> {
    let book = one();
    let heading = |column: usize, text: &str| {
        let at = char::from(b'A' + u8::try_from(column).unwrap());
        format!(r#"<c r="{at}1" t="inlineStr"><is><t>{text}</t></is></c>"#)
    };
    let headings: String = HEADINGS.iter().enumerate().map(|(at, text)| heading(at, text)).collect();
    let headings = format!(r#"<row r="1">{headings}</row>"#);
    let bomb = " ".repeat(40 << 20);
    let million: String =
        (2..=400_000).map(|row| format!(r#"<row r="{row}"><c r="D{row}"><v>1</v></c></row>"#)).collect();
    let far = format!(r#"{headings}<row r="1048576"><c r="G1048576"><v>1</v></c></row>"#);
    let long = format!(r#"<sst count="1" uniqueCount="1"><si><t>{}</t></si></sst>"#, "x".repeat(30_000));
    let cells: String =
        (2..=20_000).map(|row| format!(r#"<row r="{row}"><c r="G{row}" t="s"><v>0</v></c></row>"#)).collect();
    let repeated = with_entry(&book, STRINGS, long.as_bytes());
    let nested = format!("{}{}", "<a>".repeat(1_000_000), "</a>".repeat(1_000_000));
    let entity = br#"<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]><worksheet><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>&b;</t></is></c></row></sheetData></worksheet>"#;
    vec![
        ("a zip bomb", with_entry(&book, SHEET, bomb.as_bytes())),
        ("a million rows", with_entry(&book, SHEET, &sheet_xml(&format!("{headings}{million}")))),
        ("a row at the very end", with_entry(&book, SHEET, &sheet_xml(&far))),
        (
            "one long text in every cell",
            with_entry(&repeated, SHEET, &sheet_xml(&format!("{headings}{cells}"))),
        ),
        ("a deep sheet", with_entry(&book, SHEET, &sheet_xml(&nested))),
        ("entities", with_entry(&book, SHEET, entity)),
        ("cut short", book[..book.len() / 2].to_vec()),
        ("a damaged middle", {
            let mut bad = book.clone();
            let at = bad.len() / 2;
            bad[at..at + 64].fill(0xff);
            bad
        }),
        ("an empty zip", vec![b'P', b'K', 5, 6, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
        ("many entries", many_entries()),
        ("an old workbook with a password", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".repeat(512)),
    ]
}

fn many_entries() -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for number in 0..5_000 {
        zip.start_file(format!("{number}"), SimpleFileOptions::default()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

#[tokio::test]
async fn hostile_workbooks_are_refused_and_the_rest_goes_on() {
    let desk = Desk::new().await;
    let hostile = hostile();
    for (number, (_, bytes)) in hostile.iter().enumerate() {
        desk.put(&format!("{number:02}.xlsx"), bytes);
    }
    desk.put("so.xlsx", one());
    let begun = Instant::now();
    let polled = desk.settle().await;
    assert!(begun.elapsed() < PATIENCE, "{:?}", begun.elapsed());
    assert_eq!(polled.registered, 1);
    let refused = desk.tree().into_iter().filter(|path| path.starts_with("refused/")).count();
    assert_eq!(refused, hostile.len() * 2, "{:?}", desk.tree());
}

#[tokio::test]
async fn cells_of_wrong_types_are_read_as_what_they_show() {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    for (column, heading) in (0..).zip(HEADINGS) {
        sheet.write_string(0, column, heading).unwrap();
    }
    sheet.write_boolean(1, 0, true).unwrap().write_number(1, 1, 7.0).unwrap();
    sheet.write_string(1, 3, "\u{202e}12-KH/TU\u{200b}").unwrap().write_number(1, 4, 46_079.25).unwrap();
    sheet.write_formula(1, 5, rust_xlsxwriter::Formula::new("=1/0").set_result("#DIV/0!")).unwrap();
    sheet.write_string(1, 6, "Chuyên  đề\n=cmd|' /C calc'!A0").unwrap().write_string(1, 8, "thường").unwrap();
    let desk = Desk::new().await;
    desk.put("so.xlsx", book.save_to_buffer().unwrap());
    assert_eq!(desk.settle().await.registered, 1);
    let document = desk.documents().await.remove(0);
    assert_eq!(document.symbol, "12-KH/TU");
    assert_eq!(document.subject, "Chuyên đề =cmd|' /C calc'!A0");
}
