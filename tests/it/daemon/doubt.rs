//! A mail server that takes each mail and never says so, beside a mailbox that gets a copy of what it took.

use super::copies::Copied;
use super::mail::{grouped, taken};
use crate::support::daemon::{CELLS, World, wait_until};

/// `smtp-sink -q .` hangs up at each final dot after it has stored the mail (RFC 1047): without anybody to ask, every mail
/// would come again and again.
#[test]
fn no_mail_comes_twice_from_a_server_that_never_answers_the_dot() {
    let mut world = World::new();
    world.sink.pause();
    world.sink.resume(&["-q", "."]);
    let copied = Copied::start(&world, "1m");
    world.deliver(1);
    copied.beside(world.sink.folder(), || {
        let daemon = world.start();
        wait_until("all are known to be sent", || {
            world.vanthu(&["status", "--json"]).json()["outbox"]["sent"] == CELLS
        });
        assert!(daemon.terminate().0.success(), "{}", world.log());
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
