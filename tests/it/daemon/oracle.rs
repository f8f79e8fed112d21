//! The oracle itself: what it says of a good office, and that it finds each broken invariant that it judges.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, chown};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use tempfile::TempDir;
use vanthu::demo::ioffice::FakeDocument;

use super::mail::{Mail, taken};
use crate::mail::dovecot::{Dovecot, PASSWORD};
use crate::mail::pki::Authority;
use crate::support::daemon::{CELLS, World, now, wait_until};
use crate::support::net;
use crate::support::outside::{Bounds, Outside};

/// A word that stands in a secret document alone.
const CANARY: &str = "hoang-anh-tam-chin";

const BOUNDS: Bounds = Bounds { kills: 0, workers: 1, per_day: 10 };

/// Two directives and a secret one, served, mailed and answered: by link, by mail, and by staff. For a while its rules are
/// broken.
fn office() -> (World, Outside) {
    let (world, outside) = (World::new(), Outside::new());
    let post = Post::new(&world);
    for id in 1..=2 {
        world.deliver(id);
        outside.delivered(id);
    }
    let secret = FakeDocument {
        secrecy: Some("Mật".to_owned()),
        ..FakeDocument::new(3, "3-KH/ĐUK", &format!("Kế hoạch chuyên đề {CANARY}"), now())
    };
    outside.served(&secret, Some(CANARY));
    world.ioffice.put(secret);
    let daemon = world.start();
    let sent = || world.vanthu(&["status", "--json"]).json()["outbox"]["sent"] == 2 * CELLS;
    wait_until("all is sent", sent);
    let mails = taken(&world.sink);
    answer(&world, &outside, &mails[0]);
    look(&world, &outside, &mails[1]);
    post.reply(&outside, &mails[2], "", "Đã nhận ạ.");
    post.reply(&outside, &mails[3], "Auto-Submitted: auto-replied\r\n", "Đã nhận thư. Tôi đi công tác.");
    wait_until("both are read", || post.dovecot.counts().1 == 2);
    break_rules(&world, &outside);
    assert!(daemon.terminate().0.success());
    // Mails leave in no order: staff answer for a cell that nobody else has answered for.
    let called = &mails[4];
    let call = ["ack", &called.symbol, cell(called), "done", "--reason", "gọi điện", "--report", "5-BC/CB"];
    assert_eq!(world.vanthu(&call).code, 0);
    world.sink.mails().iter().for_each(|mail| outside.took(mail));
    (world, outside)
}

/// The mailbox for answers.
struct Post {
    dovecot: Dovecot,
    _folder: TempDir,
}

impl Post {
    fn new(world: &World) -> Self {
        let folder = tempfile::tempdir_in("/tmp").unwrap();
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
        let boxes = folder.path().join("box");
        fs::create_dir(&boxes).unwrap();
        chown(&boxes, Some(65_534), Some(65_534)).unwrap();
        let dovecot = Dovecot::start(&Authority::new(folder.path()).issue("localhost"), &boxes);
        world.write("secrets/imap", PASSWORD);
        let inbox = format!(
            "\n[inbox]\nhost = \"127.0.0.1\"\nport = {}\ntls = \"plain\"\nusername = \"vanthu\"\n\
             password = {{ file = \"secrets/imap\" }}\npoll = \"10s\"\n",
            dovecot.imap
        );
        world.edit("vanthu.toml", "\n[web]\n", &format!("{inbox}\n[web]\n"));
        Self { dovecot, _folder: folder }
    }

    /// A mail about one of ours comes, from its reader or a machine of hers.
    fn reply(&self, outside: &Outside, mail: &Mail, headers: &str, text: &str) {
        let (id, to) = (&mail.message_id, &mail.to);
        let message = format!(
            "Return-Path: <{to}>\r\nFrom: Chi bộ <{to}>\r\nTo: vanthu@duk.mau.example\r\nSubject: Re: việc\r\n\
             Message-ID: <{id}.tra-loi>\r\nIn-Reply-To: <{id}>\r\nReferences: <{id}>\r\n{headers}\
             MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n"
        );
        outside.replied(id, to, !headers.is_empty());
        self.dovecot.deliver(id, message.as_bytes());
    }
}

/// The rules are broken for as long as it takes to be seen, and a second longer.
fn break_rules(world: &World, outside: &Outside) {
    let (rules, trouble) = ("rules.d/10-chung.toml", Some("quy tắc hỏng"));
    outside.look(world, None);
    world.edit(rules, "role = \"lead\"", "role = \"leader\"");
    wait_until("the broken rules are seen", || {
        outside.look(world, trouble).is_some_and(|status| status != "ok")
    });
    for _ in 0..10 {
        outside.look(world, trouble);
        std::thread::sleep(Duration::from_millis(100));
    }
    world.edit(rules, "role = \"leader\"", "role = \"lead\"");
    wait_until("all is well", || outside.look(world, None).is_some_and(|status| status == "ok"));
}

fn cell(mail: &Mail) -> &str {
    mail.to.split('@').next().unwrap()
}

fn answer(world: &World, outside: &Outside, mail: &Mail) {
    let digits: String = mail.symbol.chars().take_while(char::is_ascii_digit).collect();
    let (status, _) = net::post(world.web, &mail.path, &format!("answer=received&digits={digits}")).unwrap();
    outside.visited("POST", (cell(mail), &mail.symbol), status == 200);
}

fn look(world: &World, outside: &Outside, mail: &Mail) {
    assert_eq!(net::get(world.web, &mail.path).unwrap().0, 200);
    outside.visited("GET", (cell(mail), &mail.symbol), false);
}

/// How one file of what was seen is changed.
type Forgery = fn(&Path);

fn edit(folder: &Path, name: &str, change: impl Fn(&str) -> String) {
    let before = fs::read_to_string(folder.join(name)).unwrap();
    let after = change(&before);
    assert_ne!(before, after, "{name} is as it was");
    fs::write(folder.join(name), after).unwrap();
}

fn a_mail(folder: &Path) -> PathBuf {
    folder.join("thu").join("0000000.eml")
}

fn edit_mail(folder: &Path, change: impl Fn(&str) -> String) {
    edit(&folder.join("thu"), "0000000.eml", change);
}

/// For each invariant that is judged, something that breaks it.
const FORGERIES: [(u8, Forgery); 22] = [
    (1, |folder| fs::remove_file(a_mail(folder)).unwrap()),
    (2, |folder| {
        fs::copy(a_mail(folder), folder.join("thu/lap.eml")).unwrap();
    }),
    (2, |folder| fs::remove_file(a_mail(folder)).unwrap()),
    (2, |folder| edit_mail(folder, |mail| mail.replacen("Message-ID: <", "Message-ID: <la", 1))),
    (3, |folder| {
        edit(folder, "khach.jsonl", |text| text.replace("\"confirmed\":false", "\"confirmed\":true"))
    }),
    (3, |folder| edit(folder, "so.jsonl", |text| without(text, "\"table\":\"answer\""))),
    (4, |folder| edit(folder, "khach.jsonl", |text| text.replace("POST", "HEAD"))),
    (4, |folder| edit(folder, "so.jsonl", |text| text.replace("\"reasoned\":true", "\"reasoned\":false"))),
    (4, |folder| edit(folder, "nghe.jsonl", |text| text.replace("\"machine\":false", "\"machine\":true"))),
    (4, |folder| edit(folder, "nghe.jsonl", |text| text.replacen("\"from\":\"", "\"from\":\"la-", 1))),
    (4, |folder| {
        edit(folder, "so.jsonl", |text| text.replace("\"channel\":\"reply\"", "\"channel\":\"upstream\""))
    }),
    (5, |folder| edit_mail(folder, |mail| format!("X-Ghi-Chu: {CANARY}\n{mail}"))),
    (6, |folder| edit_mail(folder, |mail| mail.replacen("X-Rcpt-Args: <", "X-Rcpt-Args: <la-", 1))),
    (6, |folder| edit_mail(folder, |mail| format!("X-Ghi-Chu: {}\n{mail}", foreign(mail)))),
    (7, |folder| {
        let row = r#"{"id":"999","symbol":"999-KH/ĐUK","text":"khác","secret":false,"canary":null}"#;
        edit(folder, "nguon.jsonl", |text| format!("{text}{row}\n"));
    }),
    (8, |folder| edit(folder, "so.jsonl", |text| text.replacen("\\\"sent\\\":[", "\\\"sent\\\":[1,1,", 1))),
    (9, |folder| edit(folder, "so.jsonl", |text| text.replace("\"state\":\"done\"", "\"state\":\"open\""))),
    (9, |folder| {
        edit(folder, "so.jsonl", |text| {
            text.replacen("\\\"role\\\":\\\"lead\\\"", "\\\"role\\\":\\\"info\\\"", 1)
        })
    }),
    (10, |folder| {
        for number in 0..11 {
            fs::copy(a_mail(folder), folder.join(format!("thu/lap-{number}.eml"))).unwrap();
        }
    }),
    (11, |folder| edit(folder, "nhat-ky", |text| format!("{text}{CANARY}\n"))),
    (12, |folder| {
        edit(folder, "suc-khoe.jsonl", |text| {
            let (before, after) = text.rsplit_once("\"status\":\"degraded\",\"trouble\":\"").unwrap();
            format!("{before}\"status\":\"ok\",\"trouble\":\"{after}")
        });
    }),
    (12, |folder| {
        let row = |at| format!("{{\"at\":{at},\"status\":\"ok\",\"trouble\":\"đĩa đầy\"}}\n");
        edit(folder, "suc-khoe.jsonl", |text| format!("{text}{}{}", row(10_000.0), row(10_010.5)));
    }),
];

fn without(text: &str, what: &str) -> String {
    text.lines().filter(|line| !line.contains(what)).map(|line| format!("{line}\n")).collect()
}

/// The address of a reader that this mail is not to.
fn foreign(mail: &str) -> &'static str {
    let all = ["cb-hoi-mau@mau.example", "cb-quy-mau@mau.example"];
    all.into_iter().find(|address| !mail.contains(&format!("X-Rcpt-Args: <{address}>"))).unwrap()
}

/// Whether a line of the oracle says this, after the number of its invariant.
fn is(line: &str, word: &str) -> bool {
    line.trim_start().trim_start_matches(|c: char| c.is_ascii_digit()).trim_start().starts_with(word)
}

#[test]
fn the_oracle_holds_a_good_office_and_finds_each_broken_invariant() {
    let (world, outside) = office();
    let said = outside.judge(&world, BOUNDS);
    let lines: Vec<_> = said.lines().collect();
    assert_eq!(lines.len(), 12, "{said}");
    assert!(lines.iter().all(|line| is(line, "held")), "{said}");
    assert!(lines[3].contains("1 by reply, 0 by upstream"), "{said}");
    let good = outside.path("");
    let dump = fs::read_to_string(good.join("so.jsonl")).unwrap();
    for kept_back in ["cb-hoi-mau@", "inh hoạt chuyên đề", "/a/v1."] {
        assert!(!dump.contains(kept_back), "the dump holds {kept_back}");
    }
    for (number, (invariant, forge)) in FORGERIES.into_iter().enumerate() {
        let copies = tempfile::tempdir_in("/tmp").unwrap();
        let folder = copies.path().join("hong");
        assert!(Command::new("cp").arg("-r").arg(&good).arg(&folder).status().unwrap().success());
        forge(&folder);
        let said = Outside::asked(&folder, &world, BOUNDS);
        let line = said.out.lines().nth(usize::from(invariant) - 1).unwrap_or_default();
        assert!(said.code == 1 && is(line, "BROKEN"), "forgery {number}: {}{}", said.out, said.err);
    }
}
