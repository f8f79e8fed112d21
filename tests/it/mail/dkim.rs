//! Signed mails, verified by somebody else's program: Debian's python3-dkim.

use std::io::Write as _;
use std::process::{Command, Stdio};

use vanthu::domain::dkim::Key;
use vanthu::domain::language::Language;
use vanthu::mail::Post;
use vanthu::mail::compose::ComposeOptions;
use vanthu::mail::dkim::DkimOptions;
use vanthu::mail::transport::{Outbox, TransportOptions};
use vanthu::render::mail::samples_in;

use super::compose_options;

const VERIFY: &str = r#"
import sys, dkim
record = sys.argv[1].encode()
asked = []
def txt(name, timeout=5):
    asked.append(name)
    return record
mail = sys.stdin.buffer.read()
print("good" if dkim.verify(mail, dnsfunc=txt) else "bad", asked[0].decode() if asked else "-")
"#;

/// A new private key as an office makes one.
fn key(arguments: &[&str]) -> String {
    let made = Command::new("openssl").arg("genpkey").args(arguments).output().unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    String::from_utf8(made.stdout).unwrap()
}

fn post(pem: &str) -> Post {
    let dkim = DkimOptions {
        domain: "khoi.example".to_owned(),
        selector: "vanthu2026".to_owned(),
        key: pem.to_owned().into(),
    };
    let options = ComposeOptions { dkim: Some(dkim), ..compose_options() };
    Post::new(options, TransportOptions::Memory(Outbox::default())).unwrap().0
}

/// What the verifier says of a mail under a DNS record.
fn verified(mail: &[u8], record: &str) -> String {
    // The system's own: that is where its packages are.
    let mut python = Command::new("/usr/bin/python3")
        .args(["-c", VERIFY, record])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    python.stdin.take().unwrap().write_all(mail).unwrap();
    let said = python.wait_with_output().unwrap();
    assert!(said.status.success());
    String::from_utf8(said.stdout).unwrap().trim().to_owned()
}

#[test]
fn an_independent_verifier_believes_every_mail() {
    for (name, pem) in [
        ("rsa", key(&["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"])),
        ("ed25519", key(&["-algorithm", "ed25519"])),
    ] {
        let record = Key::parse(&pem).unwrap().record().unwrap();
        let post = post(&pem);
        for letter in samples_in(Language::Vi) {
            let mail = post.composer().compose(&letter).unwrap();
            let said = verified(&mail.bytes, &record);
            assert_eq!(said, "good vanthu2026._domainkey.khoi.example.", "{name} {:?}", letter.kind);
            assert_eq!(post.composer().compose(&letter).unwrap(), mail, "the same bytes each time");
        }
    }
}

/// Whatever a receiver would show changed, added or removed: the signature no longer holds. What relays do on
/// the way leaves it whole.
#[test]
fn a_signature_holds_what_readers_see_and_no_more() {
    let pem = key(&["-algorithm", "ed25519"]);
    let record = Key::parse(&pem).unwrap().record().unwrap();
    let letter = samples_in(Language::Vi).swap_remove(1);
    let mail = String::from_utf8(post(&pem).composer().compose(&letter).unwrap().bytes).unwrap();
    let changed = |old: &str, new: &str| {
        assert!(mail.contains(old), "{old}");
        mail.replacen(old, new, 1)
    };
    for (what, mail, expected) in [
        ("as signed", mail.clone(), "good"),
        ("a relay's line", format!("Received: from a by b\r\n{mail}"), "good"),
        ("folded anew", changed("\r\nReferences: ", "\r\nReferences:\r\n  "), "good"),
        ("a second From", format!("From: ke-gian@khoi.example\r\n{mail}"), "bad"),
        ("a second Subject", format!("Subject: x\r\n{mail}"), "bad"),
        ("another subject", changed("\r\nSubject: ", "\r\nSubject: x"), "bad"),
        ("another reader", changed("\r\nTo: ", "\r\nTo: x"), "bad"),
        ("another body", changed("\r\n\r\n", "\r\n\r\nx\r\n"), "bad"),
        ("a Reply-To of a stranger", format!("Reply-To: a@b.example\r\n{mail}"), "bad"),
    ] {
        let said = verified(mail.as_bytes(), &record);
        assert!(said.starts_with(expected), "{what}: {said}");
    }
    let other = Key::parse(&key(&["-algorithm", "ed25519"])).unwrap().record().unwrap();
    assert!(verified(mail.as_bytes(), &other).starts_with("bad"), "another key");
}

#[test]
fn a_short_key_is_refused() {
    let short = key(&["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:1024"]);
    assert_eq!(Key::parse(&short).err(), Some(vanthu::domain::dkim::KeyFault::Short));
}
