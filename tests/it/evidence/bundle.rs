//! Evidence about one directive, checked by a program that shares nothing with ours (`tests/verify/verify.py`): good
//! bundles pass, and each kind of forgery is found.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use vanthu::demo::ioffice::{FakeDocument, Setup};
use vanthu::domain::chain::sha256;

use crate::support::daemon::{CELLS, Ended, World, now, wait_until};

/// Words that a cell wrote, and that no journal may hold.
const WORDS: &str = "chi bộ còn ý kiến khác về cách làm";

/// The verifier, run by Python in isolation: no packages but its own.
fn verify(arguments: &[&str]) -> Ended {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/verify/verify.py");
    let mut command = Command::new("python3");
    command.args(["-I", "-S"]).arg(script).args(arguments).env("PYTHONUTF8", "1");
    Ended::from(command.output().unwrap())
}

fn path(world: &World, name: &str) -> String {
    world.path(name).display().to_string()
}

/// Two directives mailed, answered in two ways, and all stopped.
fn office() -> World {
    let world = World::over(Setup::default(), None);
    [1, 71].into_iter().for_each(|id| world.deliver(id));
    let secret = FakeDocument {
        secrecy: Some("Mật".to_owned()),
        ..FakeDocument::new(3, "3-KH/ĐUK", "Nội dung không ai được thấy", now())
    };
    world.ioffice.put(secret);
    let daemon = world.start();
    let sent = || world.vanthu(&["status", "--json"]).json()["outbox"]["sent"] == 2 * CELLS;
    wait_until("all is sent", sent);
    assert!(daemon.terminate().0.success());
    let done = ["ack", "1-KH/ĐUK", "cb-hoi-mau", "done", "--reason", "gọi điện", "--report", "5-BC/CB"];
    assert_eq!(world.vanthu(&[&done[..], &["--note", WORDS]].concat()).code, 0);
    let received = ["ack", "1-KH/ĐUK", "cb-quy-mau", "received", "--reason", "gọi điện"];
    assert_eq!(world.vanthu(&received).code, 0);
    world
}

fn export(world: &World, directive: &str, name: &str) -> PathBuf {
    let out = path(world, name);
    let exported = world.vanthu(&["journal", "export", "--directive", directive, "--out", &out]);
    assert_eq!(exported.code, 0, "{}{}", exported.out, exported.err);
    PathBuf::from(out)
}

fn listed(folder: &Path) -> Vec<String> {
    let manifest: Value = serde_json::from_slice(&fs::read(folder.join("manifest.json")).unwrap()).unwrap();
    let files = manifest["files"].as_array().unwrap().iter();
    files.map(|file| file["path"].as_str().unwrap().to_owned()).collect()
}

/// A copy of a bundle to be forged.
fn copy(world: &World, from: &Path, name: &str) -> PathBuf {
    let to = world.path(name);
    assert!(Command::new("cp").arg("-r").arg(from).arg(&to).status().unwrap().success());
    to
}

/// Changes a file of a bundle, and the manifest too, so that it says what is there now.
fn forge(folder: &Path, name: &str, change: impl Fn(&str) -> String) {
    let file = folder.join(name);
    let before = fs::read_to_string(&file).unwrap();
    let after = change(&before);
    assert_ne!(before, after, "{name} is as it was");
    fs::write(&file, &after).unwrap();
    let place = folder.join("manifest.json");
    let mut manifest: Value = serde_json::from_slice(&fs::read(&place).unwrap()).unwrap();
    let files = manifest["files"].as_array_mut().unwrap();
    let entry = files.iter_mut().find(|file| file["path"] == name).unwrap();
    entry["size"] = after.len().into();
    entry["sha256"] = sha256(&[after.as_bytes()]).into();
    fs::write(place, serde_json::to_vec(&manifest).unwrap()).unwrap();
}

fn refused(arguments: &[&str], why: &str) {
    let ended = verify(arguments);
    assert!(
        ended.code == 1 && ended.err.contains(why),
        "{arguments:?}: {} {}{}",
        ended.code,
        ended.out,
        ended.err
    );
}

#[test]
fn a_stranger_can_check_what_was_exported() {
    let world = office();
    let (journal, folder, zip) = (
        path(&world, "nhat-ky.jsonl"),
        export(&world, "1-KH/ĐUK", "goi"),
        export(&world, "1-KH/ĐUK", "goi.zip"),
    );
    assert_eq!(world.vanthu(&["journal", "export", "--out", &journal]).code, 0);
    let again = world.vanthu(&[
        "journal",
        "export",
        "--directive",
        "1-KH/ĐUK",
        "--out",
        &folder.display().to_string(),
    ]);
    assert!(again.code == 1 && again.err.contains("không ghi được"), "{}", again.err);
    let head = path(&world, "dau-cuoi");
    assert_eq!(world.vanthu(&["journal", "verify", "--keep", &head]).code, 0);
    for bundle in [&folder, &zip] {
        let bundle = bundle.display().to_string();
        let eml = world.path("thu.eml");
        fs::write(&eml, a_mail(&world, &folder)).unwrap();
        let eml = eml.display().to_string();
        let good = verify(&["bundle", &bundle, "--journal", &journal, "--head-file", &head, "--mail", &eml]);
        assert_eq!(good.code, 0, "{}{}", good.out, good.err);
        for said in ["1 bản gốc, 2 câu trả lời, 5 thư đã gửi", "khớp 1 dấu đã giữ", "là thư số"]
        {
            assert!(good.out.contains(said), "{}", good.out);
        }
    }
    let whole = verify(&["journal", &journal, "--head-file", &head]);
    assert_eq!(whole.code, 0, "{}{}", whole.out, whole.err);
    let text = fs::read_to_string(&journal).unwrap();
    assert!(!text.contains(WORDS), "the journal holds no words of a cell");
    assert!(fs::read_to_string(folder.join("answers.jsonl")).unwrap().contains(WORDS));
    nothing_else(&folder);
    let named = |path: &String| match path.strip_prefix("edition/").and_then(|rest| rest.split_once('/')) {
        Some((_, rest)) => format!("edition/BẢN/{}", rest.replace(char::is_numeric, "N")),
        None => path.clone(),
    };
    insta::assert_snapshot!("files", listed(&folder).iter().map(named).collect::<Vec<_>>().join("\n"));
}

/// A mail of the directive as a server took it.
fn a_mail(world: &World, folder: &Path) -> Vec<u8> {
    let rows = fs::read_to_string(folder.join("mails.jsonl")).unwrap();
    let row: Value = serde_json::from_str(rows.lines().next().unwrap()).unwrap();
    let id = row["message_id"].as_str().unwrap();
    let mails = world.sink.mails();
    mails.into_iter().find(|mail| String::from_utf8_lossy(mail).contains(id)).unwrap()
}

/// Nothing in it tells of another document, of a secret one, or gives a way to answer.
fn nothing_else(folder: &Path) {
    for name in listed(folder) {
        let text = String::from_utf8_lossy(&fs::read(folder.join(&name)).unwrap()).into_owned();
        for strange in ["71-KH/ĐUK", "không ai được thấy", "/a/v1.", "link-key"] {
            assert!(!text.contains(strange), "{name} holds {strange}");
        }
    }
}

#[test]
fn every_forgery_of_a_bundle_is_found() {
    let world = office();
    let (whole, journal) = (export(&world, "1-KH/ĐUK", "goi"), path(&world, "nhat-ky.jsonl"));
    assert_eq!(world.vanthu(&["journal", "export", "--out", &journal]).code, 0);
    let head = path(&world, "dau-cuoi");
    assert_eq!(world.vanthu(&["journal", "verify", "--keep", &head]).code, 0);
    for (number, name) in listed(&whole).iter().enumerate() {
        let folder = copy(&world, &whole, &format!("hong-{number}"));
        let file = folder.join(name);
        let mut bytes = fs::read(&file).unwrap();
        if let Some(middle) = bytes.len().checked_div(2).filter(|_| !bytes.is_empty()) {
            bytes[middle] ^= 1;
            fs::write(&file, bytes).unwrap();
            refused(&["bundle", &folder.display().to_string()], "đã bị thay");
        }
        fs::remove_file(&file).unwrap();
        refused(&["bundle", &folder.display().to_string()], "gói thiếu tệp");
    }
    type Change = fn(&str) -> String;
    let forgeries: [(&str, &str, &str, Change); 7] = [
        ("loi", "answers.jsonl", "lời đã bị thay", |text| text.replace("ý kiến khác", "ý kiến tốt")),
        ("muc", "answers.jsonl", "khác nhật ký", |text| {
            text.replace("\"grade\":\"staff\"", "\"grade\":\"verified\"")
        }),
        ("so", "answers.jsonl", "khác nhật ký", |text| text.replace("5-BC/CB", "6-BC/CB")),
        ("thu", "mails.jsonl", "câu trả lời của máy chủ khác", |text| {
            text.replace("2.0.0 Ok", "2.0.1 Ok")
        }),
        ("dong", "journal.jsonl", "không như lúc ghi", |text| text.replace("cb-quy-mau", "cb-hoi-mau")),
        ("chuoi", "chain.txt", "", |text| text.replacen('a', "b", 1)),
        ("goc", "revisions/1/raw.bin", "không phải bản gốc", |text| {
            text.replace("chuyên đề", "chuyên môn")
        }),
    ];
    for (folder, name, why, change) in forgeries {
        let folder = copy(&world, &whole, folder);
        forge(&folder, name, change);
        refused(&["bundle", &folder.display().to_string()], why);
    }
    hidden_and_strange(&world, &whole, &journal);
    rewritten(&world, &whole, &head);
}

/// A row kept back is found by the whole journal, a file too many by the manifest.
fn hidden_and_strange(world: &World, whole: &Path, journal: &str) {
    let folder = copy(world, whole, "giau");
    forge(&folder, "journal.jsonl", |text| {
        text.lines().filter(|line| !line.contains("\"answered\"")).map(|line| format!("{line}\n")).collect()
    });
    forge(&folder, "answers.jsonl", |_| String::new());
    let shown = folder.display().to_string();
    assert_eq!(verify(&["bundle", &shown]).code, 0, "alone it cannot be seen that a row is not shown");
    refused(&["bundle", &shown, "--journal", journal], "gói giấu các dòng");
    let folder = copy(world, whole, "them");
    fs::write(folder.join("edition/la.toml"), "x").unwrap();
    refused(&["bundle", &folder.display().to_string()], "không có trong manifest.json");
}

/// A whole chain made anew fits in itself; a head that was kept elsewhere says otherwise.
fn rewritten(world: &World, whole: &Path, head: &str) {
    let folder = copy(world, whole, "ghi-lai");
    let rows = fs::read_to_string(folder.join("journal.jsonl")).unwrap();
    let mut rows: Vec<Value> = rows.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    rows.iter_mut().for_each(|row| row["at"] = (row["at"].as_i64().unwrap() + 1).into());
    let chain = fs::read_to_string(folder.join("chain.txt")).unwrap();
    let mut lines: Vec<String> = chain.lines().map(str::to_owned).collect();
    let first: i64 = lines[0].split(' ').next().unwrap().parse().unwrap();
    let mut previous = lines[0].split(' ').nth(1).unwrap().to_owned();
    for (place, leaf) in lines.iter_mut().skip(1).enumerate() {
        let number = first + i64::try_from(place).unwrap();
        if let Some(row) = rows.iter_mut().find(|row| row["number"] == number) {
            let id = |key: &str| row[key].as_i64().map_or("-".to_owned(), |id| id.to_string());
            let text = |key: &str| row[key].as_str().unwrap().to_owned();
            let parts = [
                number.to_string(),
                row["at"].to_string(),
                text("kind"),
                id("document"),
                id("obligation"),
                text("detail"),
            ];
            *leaf = sha256(&[parts.join("\n").as_bytes()]);
            row["hash"] = sha256(&[previous.as_bytes(), b"\n", leaf.as_bytes()]).into();
        }
        previous = sha256(&[previous.as_bytes(), b"\n", leaf.as_bytes()]);
    }
    forge(&folder, "chain.txt", |_| lines.join("\n") + "\n");
    forge(&folder, "journal.jsonl", |_| rows.iter().map(|row| format!("{row}\n")).collect());
    let answers = |text: &str| {
        let rows = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
        rows.map(|mut row| {
            row["at"] = (row["at"].as_i64().unwrap() + 1).into();
            format!("{row}\n")
        })
        .collect()
    };
    forge(&folder, "answers.jsonl", answers);
    let place = folder.join("manifest.json");
    let mut manifest: Value = serde_json::from_slice(&fs::read(&place).unwrap()).unwrap();
    manifest["head"]["hash"] = previous.into();
    fs::write(place, manifest.to_string()).unwrap();
    let shown = folder.display().to_string();
    let fits = verify(&["bundle", &shown]);
    assert_eq!(fits.code, 0, "the forger's bundle fits in itself: {}{}", fits.out, fits.err);
    refused(&["bundle", &shown, "--head-file", head], "khác dấu đã giữ");
}

#[test]
fn what_may_be_secret_has_no_evidence() {
    let world = office();
    let out = path(&world, "mat");
    let none = world.vanthu(&["journal", "export", "--directive", "3-KH/ĐUK", "--out", &out]);
    assert!(none.code == 1 && !world.path("mat").exists(), "{}{}", none.out, none.err);
    // The same document comes again under a mark: what was open before stays where it is.
    let marked = FakeDocument {
        secrecy: Some("Mật".to_owned()),
        ..FakeDocument::new(1, "1-KH/ĐUK", "Kế hoạch đã sửa", now())
    };
    world.ioffice.put(marked);
    let poll = world.vanthu(&["poll", "--once"]);
    assert_eq!(poll.code, 0, "{}{}", poll.out, poll.err);
    let refused = world.vanthu(&["journal", "export", "--directive", "1-KH/ĐUK", "--out", &out]);
    assert!(refused.code == 1 && refused.err.contains("dấu mật"), "{}{}", refused.out, refused.err);
    assert!(!world.path("mat").exists());
}
