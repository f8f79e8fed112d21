//! edXML messages, alone and attached to mails.

use std::time::{Duration, Instant};

use vanthu::app::ports::HoldKind;

use super::Desk;
use crate::edxml::{fixture, fixtures};

/// A mail with these messages attached, in base64, as mail programs write them.
pub fn mail(subject: &str, attached: &[(&str, &[u8])]) -> String {
    let head = format!(
        "From: Van thu <a@mau.example>\r\nTo: b@mau.example\r\nSubject: {subject}\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/mixed; boundary=\"=_x\"\r\n\r\n--=_x\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n\
         Kính gửi văn bản kèm theo.\r\n"
    );
    let part = |(name, bytes): &(&str, &[u8])| {
        let text = data_encoding::BASE64_MIME.encode(bytes);
        format!(
            "--=_x\r\nContent-Type: application/octet-stream; name=\"{name}\"\r\nContent-Transfer-Encoding: base64\r\n\
             Content-Disposition: attachment; filename=\"{name}\"\r\n\r\n{text}\r\n"
        )
    };
    format!("{head}{}--=_x--\r\n", attached.iter().map(part).collect::<String>())
}

#[tokio::test]
async fn a_message_is_registered_once_with_its_attachment() {
    let desk = Desk::new().await;
    desk.put("31-CV-TU.edxml", fixture("minimal"));
    desk.put("anh.xml", "<svg/>");
    let polled = desk.settle().await;
    assert_eq!((polled.registered, polled.broken, desk.kept()), (1, 1, 1));
    let document = desk.documents().await.remove(0);
    assert_eq!(document.symbol, "31-CV/TU");
    assert!(document.external_id.as_str().starts_with("vb-"), "{}", document.external_id);
    assert_eq!(document.attachments[0].name, "31-CV-TU.pdf");
    // Sent again, in other bytes: known by the name its sender gave it.
    let again = String::from_utf8(fixture("minimal")).unwrap().replace("> <", ">\n  <") + "\n";
    desk.put("31-CV-TU.edxml", again);
    assert_eq!(desk.settle().await.registered, 0);
    insta::assert_snapshot!(desk.text("done/2026/03/31-CV-TU.edxml.ket-qua.txt"));
    insta::assert_snapshot!("not_edxml", desk.text("refused/anh.xml.ket-qua.txt"));
}

#[tokio::test]
async fn a_revocation_is_a_message_of_its_own_and_a_status_is_passed_on() {
    let desk = Desk::new().await;
    desk.put("1.edxml", fixture("minimal"));
    desk.put("2.edxml", fixture("revoke"));
    desk.put("3.edxml", fixture("status-01"));
    let polled = desk.settle().await;
    assert_eq!(polled.read, 3);
    assert_eq!(desk.tree().iter().filter(|path| path.starts_with("done/2026/03/")).count(), 6);
    assert!(desk.text("done/2026/03/3.edxml.ket-qua.txt").contains("Thông báo trạng thái"));
}

#[tokio::test]
async fn every_fixture_ends_somewhere_and_secrets_stay_out_of_the_archive() {
    let desk = Desk::new().await;
    let all = fixtures();
    for (name, bytes) in &all {
        // A file that is empty waits for its content.
        desk.put(&format!("{name}.edxml"), if bytes.is_empty() { b"\n" } else { bytes.as_slice() });
    }
    desk.settle().await;
    let tree = desk.tree();
    assert_eq!(tree.len(), all.len() * 2, "{tree:?}");
    for name in all.iter().map(|(name, _)| name).filter(|name| name.starts_with("secret-")) {
        let file = format!("{name}.edxml");
        let at = tree.iter().find(|path| path.ends_with(&file)).unwrap();
        assert!(at.starts_with("withheld/"), "{at}");
    }
}

#[tokio::test]
async fn mails_give_the_messages_they_carry() {
    let desk = Desk::new().await;
    let (one, other) = (fixture("minimal"), fixture("symbol-of-the-state"));
    let other =
        String::from_utf8(other).unwrap().replace("31-CV/TU</edXML:DocumentId>", "32</edXML:DocumentId>");
    let other = other.into_bytes();
    let broken = fixture("truncated");
    desk.put(
        "chuyển tiếp.eml",
        mail(
            "Chuyen van ban",
            &[("31.edxml", &one), ("anh.jpg", b"JFIF"), ("b.xml", &other), ("hong.edxml", &broken)],
        ),
    );
    desk.put("trong.eml", mail("Khong kem", &[]));
    desk.put("mat.eml", mail("Van ban MAT", &[("31.edxml", &one)]));
    let polled = desk.settle().await;
    assert_eq!(polled.withheld, 1);
    assert_eq!((polled.registered, polled.broken), (2, 2), "{:?}", desk.holds().await);
    insta::assert_snapshot!(desk.text("done/2026/03/chuyển tiếp.eml.ket-qua.txt"));
    insta::assert_snapshot!("mail_without", desk.text("refused/trong.eml.ket-qua.txt"));
    assert!(desk.tree().contains(&"withheld/mat.eml".to_owned()));
    let secret = desk.holds().await.into_iter().find(|hold| hold.kind == HoldKind::Secret).unwrap();
    assert!(!secret.reason.contains("31"), "{}", secret.reason);
}

#[tokio::test]
async fn hostile_mails_are_refused_in_time() {
    let desk = Desk::new().await;
    let part = "--=_x\r\nContent-Disposition: attachment; filename=\"a.edxml\"\r\n\r\n<edXML/>\r\n";
    let head = "Subject: x\r\nContent-Type: multipart/mixed; boundary=\"=_x\"\r\n\r\n";
    desk.put("phan.eml", format!("{head}{}--=_x--", part.repeat(100_000)));
    let deep: String = (0..20_000)
        .map(|n| format!("Content-Type: multipart/mixed; boundary=\"b{n}\"\r\n\r\n--b{n}\r\n"))
        .collect();
    desk.put("sau.eml", deep);
    let tower = "Content-Type: message/rfc822\r\n\r\n".repeat(100_000);
    desk.put("thap.eml", tower);
    let within =
        data_encoding::BASE64_MIME.encode("Content-Type: message/rfc822\r\n\r\n".repeat(50_000).as_bytes());
    desk.put(
        "giau.eml",
        format!("Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\n{within}"),
    );
    let headers: String = (0..200_000).map(|n| format!("X-{n}: {n}\r\n")).collect();
    desk.put("dau.eml", headers);
    let large = std::fs::File::create(desk.path("lon.eml")).unwrap();
    large.set_len(100 << 20).unwrap();
    desk.put("31.edxml", fixture("minimal"));
    let begun = Instant::now();
    let polled = desk.settle().await;
    assert!(begun.elapsed() < Duration::from_secs(20), "{:?}", begun.elapsed());
    assert_eq!((polled.registered, polled.broken), (1, 6));
    assert!(desk.text("refused/lon.eml.ket-qua.txt").contains("lớn hơn mức được đọc"));
    assert!(desk.text("refused/phan.eml.ket-qua.txt").contains("quá nhiều phần"));
}
