//! Changes of the office's files, as staff make them while the real program runs: saved by every kind of
//! editor, half written, broken, too large to go through unseen, undone.

use std::fs;
use std::os::unix::net::UnixDatagram;
use std::time::Duration;

use mail_parser::MessageParser;
use serde_json::Value;

use crate::support::daemon::{CELLS, Daemon, Ended, World, wait_until};

const RULES: &str = "rules.d/10-chung.toml";
/// A way in which rules are broken.
const BROKEN: (&str, &str) = ("role = \"lead\"", "role = \"leader\"");
/// A way in which they become others, without concern for any document.
const OTHER: (&str, &str) = ("name = \"Sinh hoạt chuyên đề\"", "name = \"Chuyên đề hằng quý\"");

/// What `rules log --all` says, newest first: kind and author.
fn log(world: &World) -> Vec<(String, String)> {
    let lines = world.vanthu(&["rules", "log", "--all", "--json"]).json();
    let text = |line: &Value, key: &str| line[key].as_str().unwrap_or_default().to_owned();
    lines.as_array().unwrap().iter().map(|line| (text(line, "kind"), text(line, "author"))).collect()
}

fn kinds(world: &World) -> Vec<String> {
    log(world).into_iter().map(|(kind, _)| kind).collect()
}

/// The edition in force, and what is the matter with the files.
fn stand(world: &World) -> (String, Option<String>) {
    let files = &world.vanthu(&["status", "--json"]).json()["files"];
    let matter = files["matter"]["matter"].as_str().map(str::to_owned);
    (files["force"]["edition"].as_str().unwrap_or_default().to_owned(), matter)
}

fn edition(world: &World) -> String {
    stand(world).0
}

/// As much of an edition's name as people type.
fn begins(edition: &str) -> &str {
    edition.get(..8).unwrap()
}

fn matter(world: &World) -> Option<String> {
    stand(world).1
}

fn metric(world: &World, name: &str) -> String {
    let metrics = world.board("/metrics");
    let line = metrics.lines().find_map(|line| line.strip_prefix(&format!("{name} ")));
    line.unwrap_or_else(|| panic!("no {name}")).to_owned()
}

fn reload(world: &World, more: &[&str]) -> Ended {
    world.vanthu(&[&["reload", "--wait"], more].concat())
}

/// An office that waits so long for files to rest, or forever.
fn office(watch: &str, quiet: &str) -> World {
    let world = World::new();
    world.edit(
        "vanthu.toml",
        "watch = \"200ms\"\nquiet = \"500ms\"",
        &format!("watch = \"{watch}\"\nquiet = \"{quiet}\""),
    );
    world
}

fn end(daemon: Daemon, world: &World) {
    assert!(daemon.terminate().0.success(), "{}", world.log());
}

#[test]
fn a_storm_of_saves_is_one_change() {
    let world = office("200ms", "3s");
    let daemon = world.start();
    let first = edition(&world);
    let good = fs::read_to_string(world.path(RULES)).unwrap();
    // What editors do: swap files, backups, temporary names, half of the text, all of it, again and again.
    for round in 0..30 {
        fs::write(world.path("rules.d/.10-chung.toml.swp"), "b0VIM").unwrap();
        fs::write(world.path("rules.d/10-chung.toml~"), "[[[").unwrap();
        fs::write(world.path("rules.d/4913"), "").unwrap();
        fs::write(world.path(RULES), &good.as_bytes()[..good.len() * round / 30]).unwrap();
        std::thread::sleep(Duration::from_millis(60));
        fs::remove_file(world.path("rules.d/4913")).unwrap();
    }
    fs::write(world.path(RULES), good.replace(OTHER.0, OTHER.1)).unwrap();
    wait_until("the last text is in force", || edition(&world) != first);
    assert_eq!(kinds(&world), ["accepted", "accepted"]);
    assert!(!world.log().contains("có lỗi"), "{}", world.log());
    end(daemon, &world);
}

#[test]
fn a_file_moved_into_place_is_noticed_and_so_is_one_taken_away() {
    let world = World::new();
    let daemon = world.start();
    let first = edition(&world);
    let good = fs::read_to_string(world.path(RULES)).unwrap();
    // The length stays and the time is set back, as by an archive or a share: the inode has changed.
    let other = good.replace("Kế hoạch chuyên đề giao cả năm", "Kế hoạch chuyên đề giao đủ năm");
    assert_ne!(good, other);
    let modified = fs::metadata(world.path(RULES)).unwrap().modified().unwrap();
    fs::write(world.path("rules.d/.tam"), other).unwrap();
    fs::File::options().write(true).open(world.path("rules.d/.tam")).unwrap().set_modified(modified).unwrap();
    fs::rename(world.path("rules.d/.tam"), world.path(RULES)).unwrap();
    wait_until("the moved file is in force", || edition(&world) != first);
    let second = edition(&world);

    world.write("rules.d/20-them.toml", "# không có quy tắc nào\n");
    wait_until("a new file is in force", || edition(&world) != second);
    fs::remove_file(world.path("rules.d/20-them.toml")).unwrap();
    wait_until("its absence is in force", || edition(&world) == second);
    assert_eq!(kinds(&world), ["accepted"; 4]);
    end(daemon, &world);
}

#[test]
fn a_broken_file_changes_nothing_and_is_told_everywhere() {
    let world = World::new();
    let daemon = world.start();
    let first = edition(&world);
    world.edit(RULES, BROKEN.0, BROKEN.1);
    wait_until("the finding is known", || matter(&world).is_some());
    assert_eq!(stand(&world), (first.clone(), Some("broken".to_owned())));
    wait_until("the board says so", || world.board("/").contains("đang dùng bản tốt gần nhất"));
    assert_eq!(metric(&world, "vanthu_config_last_reload_successful"), "0");
    let ready: Value = serde_json::from_str(&world.board("/readyz")).unwrap();
    assert_eq!(ready["status"], "degraded", "{ready}");
    // Commands beside the daemon work on what is in force.
    let status = world.vanthu(&["status"]);
    assert_eq!(status.code, 0, "{}", status.err);
    assert!(status.out.contains("CHÚ Ý: Tệp quy tắc"), "{}", status.out);
    assert_eq!(world.vanthu(&["hold", "list"]).code, 0);
    world.deliver(1);
    daemon.signal("HUP");
    let poll = world.vanthu(&["reload", "--wait"]);
    assert_eq!(poll.code, 78, "{}", poll.err);
    assert!(poll.err.contains("rules.d/10-chung.toml:17"), "{}", poll.err);

    // Put back as it was: nothing new comes into force, and all is well again.
    world.edit(RULES, BROKEN.1, BROKEN.0);
    wait_until("all is well", || !world.board("/").contains("đang dùng bản tốt gần nhất"));
    assert_eq!(kinds(&world), ["returned", "refused", "accepted"]);
    assert_eq!(metric(&world, "vanthu_config_last_reload_successful"), "1");
    assert_eq!(edition(&world), first);
    end(daemon, &world);
}

#[test]
fn a_restart_with_a_broken_file_runs_on_the_last_good_edition() {
    let world = World::new();
    end(world.start(), &world);
    world.edit(RULES, BROKEN.0, BROKEN.1);
    world.deliver(1);

    let path = world.path("bao");
    let socket = UnixDatagram::bind(&path).unwrap();
    socket.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    let mut command = world.command(&["run"]);
    command.env("NOTIFY_SOCKET", &path);
    let mut daemon = world.spawn_with(command);
    let mut buffer = [0; 1024];
    let length = socket.recv(&mut buffer).unwrap();
    let ready = std::str::from_utf8(&buffer[..length]).unwrap();
    assert!(ready.starts_with("READY=1\nSTATUS=đang chạy. Tệp quy tắc"), "{ready}");
    world.ready(&mut daemon);

    wait_until("all cells are told", || world.sink.count() == CELLS);
    assert_eq!(matter(&world).as_deref(), Some("broken"));
    assert_eq!(metric(&world, "vanthu_config_last_reload_successful"), "0");
    assert!(world.board("/").contains("đang dùng bản tốt gần nhất"));
    end(daemon, &world);
    // Known already: a further start records nothing more, nor does a single poll.
    end(world.start(), &world);
    assert_eq!(world.vanthu(&["poll", "--once"]).code, 0);
    assert_eq!(kinds(&world), ["refused", "accepted"]);
}

/// One mail for each state of the files, however often they are read; it says what `check` says.
#[test]
fn whoever_looks_after_the_rules_is_told_once() {
    let world = World::new();
    let owner = "phone = \"0200 123 456\"\nrules_owner = \"quy-tac@duk.mau.example\"";
    world.edit("vanthu.toml", "phone = \"0200 123 456\"", owner);
    let daemon = world.start();
    world.edit(RULES, BROKEN.0, BROKEN.1);
    wait_until("the mail is out", || world.sink.count() == 1);
    assert_eq!(reload(&world, &[]).code, 78);
    end(daemon, &world);
    let daemon = world.start();
    assert_eq!(reload(&world, &[]).code, 78);
    // Broken in another way: another mail, the second and last.
    world.edit(RULES, BROKEN.1, "role = \"chủ trì\"");
    wait_until("the second mail is out", || world.sink.count() == 2);
    world.edit(RULES, "role = \"chủ trì\"", BROKEN.0);
    wait_until("all is well", || matter(&world).is_none());
    world.deliver(1);
    end(daemon, &world);
    assert_eq!(world.vanthu(&["poll", "--once"]).code, 0);
    let daemon = world.start();
    wait_until("all cells are told", || world.sink.count() == 2 + CELLS);
    end(daemon, &world);

    let mails: Vec<String> = world.sink.mails().iter().filter_map(|mail| to_the_owner(mail)).collect();
    assert_eq!(mails.len(), 2, "{mails:?}");
    let text = mails.iter().find(|text| text.contains("leader")).unwrap();
    let text = regex(r"\d\d:\d\d ngày \d\d/\d\d/\d{4}", text, "GG:PP ngày NN/NN/NNNN");
    let text = regex(r"\b[0-9a-f]{12}\b", &text, "0123456789ab");
    let text = regex(r"gần nhất: \S+\.", &text, "gần nhất: NGƯỜI.");
    insta::assert_snapshot!("bulletin", text);
}

/// Subject and text of a mail to whoever looks after the rules.
fn to_the_owner(raw: &[u8]) -> Option<String> {
    let mail = MessageParser::default().parse(raw).unwrap();
    let to = mail.to().unwrap().first().unwrap().address() == Some("quy-tac@duk.mau.example");
    let text = || mail.body_text(0).unwrap().replace("\r\n", "\n");
    to.then(|| format!("{}\n\n{}", mail.subject().unwrap(), text()))
}

fn regex(pattern: &str, text: &str, with: &str) -> String {
    regex::Regex::new(pattern).unwrap().replace_all(text, with).into_owned()
}

#[test]
fn broken_files_without_a_good_edition_do_not_start() {
    let world = World::new();
    world.edit(RULES, BROKEN.0, BROKEN.1);
    for command in [&["run"][..], &["poll", "--once"]] {
        let ended = world.vanthu(command);
        assert_eq!(ended.code, 78, "{}", ended.err);
        assert!(ended.err.contains("`leader` không phải giá trị của `role`"), "{}", ended.err);
    }
}

#[test]
fn reload_tells_the_verdict() {
    let world = office("0s", "0s");
    let nobody = reload(&world, &[]);
    assert_eq!(nobody.code, 69, "{}", nobody.err);
    assert!(nobody.err.contains("không có dịch vụ vanthu nào nghe ở"), "{}", nobody.err);

    let daemon = world.start();
    let same = reload(&world, &["--json"]).json();
    assert_eq!(same["verdict"], "unchanged", "{same}");
    world.edit(RULES, OTHER.0, OTHER.1);
    let accepted = reload(&world, &["--author", "nguyen-van-a", "--json"]).json();
    assert_eq!(accepted["verdict"], "accepted", "{accepted}");
    assert!(edition(&world).starts_with(accepted["edition"].as_str().unwrap()));
    assert_eq!(log(&world)[0], ("accepted".to_owned(), "nguyen-van-a".to_owned()));

    world.edit(RULES, BROKEN.0, BROKEN.1);
    let refused = reload(&world, &["--json"]);
    assert_eq!(refused.code, 78, "{}", refused.err);
    let refused: Value = serde_json::from_str(&refused.out).unwrap();
    assert_eq!(refused["verdict"], "refused", "{refused}");
    assert!(refused["findings"].as_str().unwrap().contains("VT023"), "{refused}");
    // Without --wait the command does not stay for the verdict.
    assert_eq!(world.vanthu(&["reload"]).code, 0);
    end(daemon, &world);
}

#[test]
fn reloads_at_once_are_settled_one_after_the_other() {
    let world = office("0s", "0s");
    let daemon = world.start();
    world.edit(RULES, OTHER.0, OTHER.1);
    let commands: Vec<_> = (0..8)
        .map(|_| {
            let mut command = world.command(&["reload", "--wait", "--json"]);
            command.stdout(std::process::Stdio::piped()).spawn().unwrap()
        })
        .collect();
    daemon.signal("HUP");
    let mut verdicts: Vec<String> = Vec::new();
    for command in commands {
        let ended = Ended::from(command.wait_with_output().unwrap());
        verdicts.push(ended.json()["verdict"].as_str().unwrap().to_owned());
    }
    verdicts.sort();
    // The signal may have been the first; then nothing was left to accept for the commands.
    let accepted = verdicts.iter().filter(|verdict| *verdict == "accepted").count();
    assert!(accepted <= 1 && verdicts.len() == 8, "{verdicts:?}");
    assert_eq!(kinds(&world), ["accepted", "accepted"]);
    end(daemon, &world);
}

#[test]
fn templates_are_part_of_it() {
    let world = office("0s", "0s");
    let daemon = world.start();
    world.write("templates/mail/request.txt", "Kính đề nghị {{ unit }} xem {{ document }} {{ khong_co }}.");
    let refused = reload(&world, &[]);
    assert_eq!(refused.code, 78, "{}", refused.err);
    assert!(
        refused.err.contains("VT221") && refused.err.contains("templates/mail/request.txt"),
        "{}",
        refused.err
    );
    assert_eq!(world.vanthu(&["check"]).code, 78);
    world.write("templates/mail/request.txt", "Trân trọng kính đề nghị {{ unit }} thực hiện {{ document }}.");
    assert_eq!(reload(&world, &[]).code, 0);
    end(daemon, &world);
}

/// Twelve documents that went to all cells, before a rule that would send them nowhere.
fn drastic() -> (World, Daemon) {
    let world = office("200ms", "200ms");
    (1..=12).for_each(|id| world.deliver(id));
    let daemon = world.start();
    wait_until("all cells are told", || world.sink.count() == 12 * CELLS);
    (world, daemon)
}

const DRASTIC: (&str, &str) = ("text_any = [\"chuyên đề\"]", "text_any = [\"chuyên đề quý\"]");

#[test]
fn a_large_change_waits_for_a_persons_word() {
    let (world, daemon) = drastic();
    let first = edition(&world);
    world.edit(RULES, DRASTIC.0, DRASTIC.1);
    wait_until("it waits", || matter(&world).is_some());
    let (force, matter) = stand(&world);
    assert_eq!((force.as_str(), matter.as_deref()), (first.as_str(), Some("waiting")));
    wait_until("the board says so", || world.board("/").contains("đang chờ duyệt"));
    assert_eq!(metric(&world, "vanthu_config_awaits_approval"), "1");
    let again = reload(&world, &[]);
    assert_eq!(again.code, 75, "{}", again.err);
    assert!(again.err.contains("bớt 60 việc"), "{}", again.err);
    // What waits survives a restart.
    end(daemon, &world);
    let daemon = world.start();
    assert_eq!(edition(&world), first);

    let waiting = world.vanthu(&["status", "--json"]).json()["files"]["matter"]["edition"].clone();
    let waiting = waiting.as_str().unwrap();
    let wrong = world.vanthu(&["rules", "approve", "ffff"]);
    assert_eq!(wrong.code, 1, "{}", wrong.err);
    let approved = world.vanthu(&["rules", "approve", begins(waiting), "--reason", "đã họp"]);
    assert_eq!(approved.code, 0, "{}{}", approved.out, approved.err);
    assert_eq!(stand(&world), (waiting.to_owned(), None));
    assert_eq!(metric(&world, "vanthu_config_awaits_approval"), "0");
    let log = world.vanthu(&["rules", "log", "--json"]).json();
    assert_eq!(log[0]["approved_by"], "van-thu", "{log}");
    assert_eq!(kinds(&world), ["accepted", "approved", "waiting", "accepted"]);
    assert_eq!(world.vanthu(&["rules", "approve", waiting]).code, 1);
    end(daemon, &world);
}

#[test]
fn a_change_that_is_turned_down_or_taken_back_never_comes_into_force() {
    let (world, daemon) = drastic();
    let first = edition(&world);
    world.edit(RULES, DRASTIC.0, DRASTIC.1);
    wait_until("it waits", || matter(&world).as_deref() == Some("waiting"));
    world.edit(RULES, DRASTIC.1, DRASTIC.0);
    wait_until("the wait has ended", || matter(&world).is_none());

    world.edit(RULES, DRASTIC.0, DRASTIC.1);
    wait_until("it waits again", || matter(&world).as_deref() == Some("waiting"));
    let waiting = world.vanthu(&["status", "--json"]).json()["files"]["matter"]["edition"].clone();
    let rejected = world.vanthu(&["rules", "reject", waiting.as_str().unwrap(), "--reason", "nhầm"]);
    assert_eq!(rejected.code, 0, "{}", rejected.err);
    assert_eq!(stand(&world), (first.clone(), Some("rejected".to_owned())));
    assert_eq!(reload(&world, &[]).code, 75);
    wait_until("the board says so", || world.board("/").contains("bị van-thu từ chối"));
    // Another edition: the files change once more, to something harmless.
    world.edit(RULES, DRASTIC.1, DRASTIC.0);
    world.edit(RULES, OTHER.0, OTHER.1);
    wait_until("the harmless one is in force", || matter(&world).is_none() && edition(&world) != first);
    end(daemon, &world);
}

#[test]
fn an_earlier_edition_can_be_compared_and_taken_back() {
    let world = World::new();
    let daemon = world.start();
    let first = edition(&world);
    world.edit(RULES, OTHER.0, OTHER.1);
    world.write("rules.d/20-them.toml", "# một tệp mới\n");
    world.edit("units.toml", "Chi bộ Hội Mẫu", "Chi bộ Hội Kiểu mẫu");
    let settled = || world.vanthu(&["rules", "diff"]).out.starts_with("không khác gì");
    wait_until("it is in force", || edition(&world) != first && settled());

    let diff = world.vanthu(&["rules", "diff", begins(&first)]);
    assert_eq!(diff.code, 0, "{}", diff.err);
    insta::assert_snapshot!("rules_diff", diff.out);
    let asked = world.vanthu(&["rules", "revert", begins(&first)]);
    assert_eq!(asked.code, 1, "{}", asked.err);
    assert!(asked.err.contains("--yes"), "{}", asked.err);

    let reverted = world.vanthu(&["rules", "revert", begins(&first), "--yes"]);
    assert_eq!(reverted.code, 0, "{}", reverted.err);
    wait_until("the old rules are in force", settled);
    assert!(!fs::read_to_string(world.path(RULES)).unwrap().contains(OTHER.1));
    assert!(!world.path("rules.d/20-them.toml").exists());
    assert!(world.path(&format!("rules.d/20-them.toml.truoc-{}", aside(&world))).exists());
    // The units entered since then stay; with --all everything is as it was, to the letter.
    assert!(fs::read_to_string(world.path("units.toml")).unwrap().contains("Kiểu mẫu"));
    assert_eq!(world.vanthu(&["rules", "revert", begins(&first), "--all", "--yes"]).code, 0);
    wait_until("all is as it was", || edition(&world) == first);
    end(daemon, &world);
}

/// The name under which a revert set a file aside.
fn aside(world: &World) -> String {
    let names = fs::read_dir(world.path("rules.d")).unwrap();
    let names = names.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let name = names.filter_map(|name| name.split_once(".truoc-").map(|(_, hash)| hash.to_owned())).next();
    name.expect("a file was set aside")
}
