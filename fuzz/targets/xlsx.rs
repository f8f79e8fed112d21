//! Register exports: whatever bytes come, an answer. Bytes that begin with `<` stand for the first sheet of a
//! workbook, since a damaged zip ends before the sheet is ever looked at.

#![no_main]

mod bounds;

use std::io::{Cursor, Write};

use chrono::TimeDelta;
use chrono_tz::Asia::Ho_Chi_Minh;
use libfuzzer_sys::fuzz_target;
use vanthu::app::ports::Reading;
use vanthu::domain::secrecy::judge_text;
use vanthu::source::folder::{Hand, Kind, Options, readings};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// What a workbook is but for its sheet.
const AROUND: [(&str, &str); 4] = [
    (
        "[Content_Types].xml",
        r#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/></Types>"#,
    ),
    (
        "_rels/.rels",
        r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#,
    ),
    (
        "xl/workbook.xml",
        r#"<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>"#,
    ),
    (
        "xl/_rels/workbook.xml.rels",
        r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#,
    ),
];

fuzz_target!(|bytes: &[u8]| {
    let book = if bytes.first() == Some(&b'<') { workbook(bytes) } else { bytes.to_vec() };
    bounds::within_bounds(|| check(&book));
});

fn workbook(sheet: &[u8]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    let sheet = ("xl/worksheets/sheet1.xml", sheet);
    for (name, content) in AROUND.map(|(name, text)| (name, text.as_bytes())).into_iter().chain([sheet]) {
        zip.start_file(name, stored).expect("a zip in memory");
        zip.write_all(content).expect("a zip in memory");
    }
    zip.finish().expect("a zip in memory").into_inner()
}

fn check(bytes: &[u8]) {
    let options = Options {
        id: "thu-muc".into(),
        path: "/khong-dung".into(),
        rest: TimeDelta::zero(),
        kinds: Vec::new(),
        open_marks: vec!["Thường".to_owned()],
        hand: Hand::Looks,
        zone: Ho_Chi_Minh,
    };
    for reading in readings(Kind::Register, bytes, &options).expect("bytes in memory never fail") {
        match reading {
            Reading::Open(incoming) => {
                let document = incoming.document.get();
                assert!(judge_text(&document.subject).is_ok());
                assert!(document.external_id.as_str().starts_with("vb-"));
            }
            Reading::Broken(broken) => assert!(!broken.reason.is_empty()),
            Reading::Withheld(_) => {}
            Reading::Status(_) | Reading::Gone => panic!("a register holds rows"),
        }
    }
}
