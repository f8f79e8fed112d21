//! The oracle itself: what it says of a good office, and that it finds each broken invariant that it judges.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use vanthu::demo::ioffice::FakeDocument;

use super::mail::{Mail, taken};
use crate::support::daemon::{CELLS, World, now, wait_until};
use crate::support::net;
use crate::support::outside::{Bounds, Outside};

/// A word that stands in a secret document alone.
const CANARY: &str = "hoang-anh-tam-chin";

const BOUNDS: Bounds = Bounds { kills: 0, workers: 1, per_day: 10 };

/// Two directives and a secret one, served, mailed and answered.
fn office() -> (World, Outside) {
    let (world, outside) = (World::new(), Outside::new());
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
    assert!(daemon.terminate().0.success());
    let call = ["ack", "1-KH/ĐUK", "cb-quy-mau", "done", "--reason", "gọi điện", "--report", "5-BC/CB"];
    assert_eq!(world.vanthu(&call).code, 0);
    world.sink.mails().iter().for_each(|mail| outside.took(mail));
    (world, outside)
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
const FORGERIES: [(u8, Forgery); 17] = [
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
    assert!(lines[..11].iter().all(|line| is(line, "held")), "{said}");
    assert!(lines[11].contains("not judged"), "{said}");
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
