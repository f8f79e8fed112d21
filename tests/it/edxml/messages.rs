//! What of a message reaches the disk and the register, and under which names.

use std::path::Path;

use vanthu::app::ports::{Reading, mentioned};
use vanthu::source::edxml::Limits;

use super::{Desk, fixture, fixtures};
use crate::support::number;

/// Every path below the files' folder is ours: two hex digits, then 32.
#[track_caller]
fn only_our_names(desk: &Desk) {
    for path in desk.on_disk() {
        let inside: Vec<_> = path.strip_prefix(desk.files.root()).unwrap().iter().collect();
        let [fan, name] = inside.as_slice() else { panic!("{path:?} is not where files lie") };
        let (fan, name) = (fan.to_str().unwrap(), name.to_str().unwrap());
        let is_hex =
            |text: &str| text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'a'..=b'f'));
        assert!(name.len() == 32 && is_hex(name) && name.starts_with(fan), "{path:?}");
    }
}

#[test]
fn contents_come_out_as_they_were_put_in() {
    for (name, expected) in [
        ("minimal", &b"%PDF-"[..]),
        ("utf-16-le", b"%PDF-"),
        ("base64-with-line-ends", b"%PDF-"),
        ("base64-with-references", b"%PDF-"),
        ("base64-in-cdata", b"%PDF-"),
        ("files-first", b"%PDF-"),
        ("name-after-content", b"%PDF-"),
        ("file-empty", b""),
    ] {
        let desk = Desk::new();
        let document = desk.document(&fixture(name));
        assert_eq!(desk.content(&document, 0), expected, "{name}");
        only_our_names(&desk);
    }
}

#[test]
fn a_zip_in_disguise_is_taken_out_under_the_outer_name_and_a_message_within_stays_closed() {
    let desk = Desk::new();
    let document = desk.document(&fixture("zip-named-doc"));
    assert!(desk.content(&document, 0).starts_with(b"\xd0\xcf\x11\xe0"));
    let document = desk.document(&fixture("zip-with-edxml-within"));
    assert_eq!(document.attachments.len(), 1, "what is in the message within is not looked for");
    assert!(desk.content(&document, 0).starts_with(b"<?xml"));
    for kept_as_sent in ["zip-of-two", "zip-bomb"] {
        let document = desk.document(&fixture(kept_as_sent));
        assert!(desk.content(&document, 0).starts_with(b"PK"), "{kept_as_sent}");
    }
    only_our_names(&desk);
}

#[test]
fn a_withheld_message_leaves_nothing_behind() {
    for (name, bytes) in fixtures().into_iter().filter(|(name, _)| name.starts_with("secret-")) {
        let desk = Desk::new();
        let reading = desk.read(&bytes);
        assert!(matches!(reading, Reading::Withheld(_)), "{name}: {reading:?}");
        assert_eq!(desk.on_disk(), Vec::<std::path::PathBuf>::new(), "{name}");
    }
}

#[test]
fn what_is_kept_of_a_message_names_its_files_and_holds_no_content() {
    let desk = Desk::new();
    for name in ["minimal", "names-like-paths", "files-first"] {
        let Reading::Open(incoming) = desk.read(&fixture(name)) else { panic!("{name}") };
        let files = &incoming.document.get().attachments;
        let ids: Vec<_> = files.iter().map(|file| file.stored.clone().unwrap().id).collect();
        assert_eq!(mentioned(&incoming.raw).collect::<Vec<_>>(), ids, "{name}");
        let raw = String::from_utf8(incoming.raw).unwrap();
        assert!(!raw.contains("JVBE") && raw.contains("</edXML>"), "{raw}");
    }
}

#[test]
fn what_is_held_keeps_its_files_too() {
    let desk = Desk::new();
    let Reading::Broken(broken) = desk.read(&fixture("receiver-type-unknown")) else { panic!("not broken") };
    let raw = broken.raw.unwrap();
    let mentioned: Vec<_> = mentioned(&raw).collect();
    assert_eq!(mentioned.len(), 1);
    assert!(vanthu::app::ports::Files::open(&desk.files, &mentioned[0]).is_ok());
    assert!(String::from_utf8(raw).unwrap().contains("<edXML:ReceiverType>7<"));
}

#[test]
fn a_plain_message_in_another_encoding_is_kept_as_utf_8() {
    let Reading::Open(incoming) = Desk::new().read(&fixture("utf-16-be")) else { panic!("not open") };
    assert!(String::from_utf8(incoming.raw).unwrap().contains("sinh hoạt chuyên đề"));
}

#[test]
fn the_same_message_again_is_the_same_revision() {
    let desk = Desk::new();
    let [one, two] = [(), ()].map(|()| desk.document(&fixture("minimal")));
    assert_ne!(one.attachments, two.attachments, "each reading stores anew");
    assert_eq!(one.fingerprint(), two.fingerprint());
    let other = desk.document(
        &String::from_utf8(fixture("minimal")).unwrap().replace("JVBERi0=", "JVBERj0=").into_bytes(),
    );
    assert_ne!(one.fingerprint(), other.fingerprint(), "another content is another revision");
}

/// T72: names are text. Two thousand hostile ones, a hundred in a message; the million of the promise by
///
///     VANTHU_NAMES=1000000 cargo test --test it edxml::messages::no_name
#[test]
fn no_name_ever_becomes_a_path() {
    let hostile =
        ["../../x", "/etc/passwd", "..\\..\\x", "CON", "nul.pdf", "a/b/c", "~root", "%2e%2e%2fx", "-rf", "."];
    let (long, before_us) = ("x".repeat(300), Path::new("/tmp/x").exists());
    let message = String::from_utf8(fixture("minimal")).unwrap();
    let (before, rest) = message.split_once("<AttachmentEncoded>").unwrap();
    let before = before.replace("<edXML:ContentId>cid:a1", "<edXML:ContentId>cid:0");
    let after = rest.split_once("</AttachmentEncoded>").unwrap().1;
    let rounds = usize::try_from(number("VANTHU_NAMES", 2_000)).unwrap().div_ceil(100);
    // A fresh folder now and then: what is looked for would be lost among a million files.
    for batch in (0..rounds).collect::<Vec<_>>().chunks(50) {
        let desk = Desk::new();
        let outside = desk.files.root().parent().unwrap().to_owned();
        for round in batch {
            let files: String = (0..100)
                .map(|number| {
                    let name = hostile.get((number + round) % 11).copied().unwrap_or(&long);
                    format!(
                        "<Attachment><ContentId>{number}</ContentId><AttachmentName>{name}</AttachmentName>\
                         <ContentTransferEncoded>JVBERi0=</ContentTransferEncoded></Attachment>"
                    )
                })
                .collect();
            let whole = format!("{before}<AttachmentEncoded>{files}</AttachmentEncoded>{after}");
            assert_eq!(desk.document(whole.as_bytes()).attachments.len(), 100);
        }
        only_our_names(&desk);
        assert_eq!(desk.on_disk().len(), 100 * batch.len());
        assert_eq!(std::fs::read_dir(outside).unwrap().count(), 1, "nothing beside the files' folder");
        assert_eq!(Path::new("/tmp/x").exists(), before_us);
    }
}

#[test]
fn limits_are_obeyed() {
    let desk = Desk::new();
    let plain = Limits::default();
    let table = [
        (Limits { message: 1000, ..plain }, "quá giới hạn: thông điệp quá lớn"),
        (Limits { metadata: 1000, ..plain }, "quá giới hạn: phần đầu của thông điệp quá lớn"),
        (Limits { node: 40, ..plain }, "quá giới hạn: một thẻ hoặc một đoạn chữ quá dài"),
        (Limits { texts: 100, ..plain }, "quá giới hạn: quá nhiều chữ trong phần đầu của thông điệp"),
        (Limits { depth: 5, ..plain }, "quá giới hạn: các thẻ lồng nhau quá sâu"),
        (Limits { attributes: 0, ..plain }, "quá giới hạn: một thẻ có quá nhiều thuộc tính"),
        (Limits { elements: 10, ..plain }, "quá giới hạn: quá nhiều thẻ"),
        (Limits { files: 0, ..plain }, "quá giới hạn: quá nhiều tệp đính kèm"),
    ];
    for (limits, reason) in table {
        let Ok(Reading::Broken(broken)) = desk.try_read(&fixture("minimal"), limits) else {
            panic!("{reason}")
        };
        assert_eq!(broken.reason, reason);
    }
    let limits = Limits { early: 4, ..plain };
    let Ok(Reading::Broken(broken)) = desk.try_read(&fixture("files-first"), limits) else { panic!("early") };
    assert!(broken.reason.contains("đứng trước"), "{}", broken.reason);
    let Ok(Reading::Broken(broken)) = desk.try_read(&fixture("truncated"), Limits { held: 10, ..plain })
    else {
        panic!("held")
    };
    assert_eq!(broken.raw, None);
    assert_eq!(desk.on_disk().len(), 0);
}

#[test]
fn a_carrier_that_breaks_off_is_not_a_broken_message() {
    struct Cut<'a>(&'a [u8]);
    impl std::io::Read for Cut<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
            match self.0.read(buffer)? {
                0 => Err(std::io::ErrorKind::ConnectionReset.into()),
                amount => Ok(amount),
            }
        }
    }
    let desk = Desk::new();
    let whole = fixture("minimal");
    for length in [0, 10, 500, whole.len() - 60] {
        let read = desk.read_from(Cut(&whole[..length]), Limits::default());
        assert!(matches!(read, Err(vanthu::source::edxml::ReadError::Input(_))), "{length}: {read:?}");
    }
    assert_eq!(desk.on_disk().len(), 0);
}
