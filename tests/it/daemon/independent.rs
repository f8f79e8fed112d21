//! Every mail read once more by a parser that is not ours: one recipient, its own link, nobody else's address
//! (promises.md T58). `VANTHU_MAILS` sets how many.

use std::process::Command;

use crate::support::daemon::{CELLS, World, wait_until};
use crate::support::number;

#[test]
fn python_finds_in_each_mail_one_reader_and_that_readers_link() {
    let mails = usize::try_from(number("VANTHU_MAILS", 100)).unwrap().next_multiple_of(CELLS);
    let world = World::new();
    (1..).take(mails / CELLS).for_each(|id| world.deliver(id));
    let daemon = world.start();
    let mut before = 0;
    while before < mails {
        wait_until("more mails are out", || world.sink.count() > before);
        before = world.sink.count();
    }
    assert!(daemon.terminate().0.success());
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/daemon/independent.py");
    let run = Command::new("python3").arg(script).arg(world.sink.folder()).output().unwrap();
    let told = String::from_utf8_lossy(&run.stdout);
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    println!("{told}");
    let expected = format!("{mails} mails to {CELLS} readers, {mails} links: each its own");
    assert_eq!(told.trim_end(), expected);
}
