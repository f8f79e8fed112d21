//! A mail server that takes each mail and never says so, beside a mailbox that gets a copy of what it took.

use std::collections::BTreeSet;
use std::fs;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::mail::{grouped, taken};
use crate::mail::dovecot::{Dovecot, PASSWORD};
use crate::mail::pki::Authority;
use crate::support::daemon::{CELLS, World, wait_until};

/// Copies what the server took into the mailbox, until told to stop.
fn copying(world: &World, dovecot: &Dovecot, stop: &AtomicBool) {
    let mut known = BTreeSet::new();
    while !stop.load(Ordering::Relaxed) {
        for entry in fs::read_dir(world.sink.folder()).unwrap().flatten() {
            let name = entry.file_name().into_string().unwrap();
            let mail = fs::read(entry.path()).unwrap_or_default();
            if mail.trim_ascii_end().ends_with(b"--") && known.insert(name.clone()) {
                dovecot.deliver(&name, &mail);
            }
        }
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// `smtp-sink -q .` hangs up at each final dot after it has stored the mail (RFC 1047): without anybody to ask, every mail
/// would come again and again.
#[test]
fn no_mail_comes_twice_from_a_server_that_never_answers_the_dot() {
    let folder = tempfile::tempdir_in("/tmp").unwrap();
    let authority = Authority::new(folder.path());
    let boxes = tempfile::Builder::new().prefix("vanthu-hop-thu").tempdir_in("/tmp").unwrap();
    std::os::unix::fs::chown(boxes.path(), Some(65_534), Some(65_534)).unwrap();
    let dovecot = Dovecot::start(&authority.issue("localhost"), boxes.path());
    let mut world = World::new();
    world.sink.pause();
    world.sink.resume(&["-q", "."]);
    world.write("secrets/nhat-ky", PASSWORD);
    let sent = format!(
        "[mail.sent]\ntype = \"imap\"\nhost = \"localhost\"\nport = {}\nusername = \"vanthu\"\n\
         password = {{ file = \"secrets/nhat-ky\" }}\nca_file = \"{}\"\ngrace = \"1m\"\n",
        dovecot.imaps,
        authority.ca_file().display()
    );
    world.write("vanthu.toml.d/60-da-gui.toml", &sent);
    world.deliver(1);
    let stop = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| copying(&world, &dovecot, &stop));
        let daemon = world.start();
        wait_until("all are known to be sent", || {
            world.vanthu(&["status", "--json"]).json()["outbox"]["sent"] == CELLS
        });
        assert!(daemon.terminate().0.success(), "{}", world.log());
        stop.store(true, Ordering::Relaxed);
    });
    let mails = taken(&world.sink);
    assert_eq!(mails.len(), CELLS, "each came once");
    assert_eq!(grouped(&mails).len(), CELLS);
    let outbox = world.vanthu(&["outbox", "list", "--json"]);
    assert!(
        outbox.out.contains("không gửi lại: đã thấy trong hộp thư vanthu@localhost/INBOX"),
        "{}",
        outbox.out
    );
}
