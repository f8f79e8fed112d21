//! The files of deploy/ as their readers see them: systemd itself judges the unit, makes the user and
//! the folders; the operator's page names everything an operator may meet.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

/// Exposure allowed, in tenths: 1.5 of 10. A bare unit scores 9.6.
const EXPOSURE: &str = "--threshold=15";

fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("deploy").join(name)
}

fn text(name: &str) -> String {
    fs::read_to_string(path(name)).unwrap()
}

/// The unit as it will stand in /etc, but starting the program under test, which exists here.
fn unit() -> String {
    text("systemd/vanthu.service").replace("/usr/bin/vanthu ", &format!("{} ", env!("CARGO_BIN_EXE_vanthu")))
}

/// The units of the nightly copy, likewise.
fn backup_unit() -> String {
    text("systemd/vanthu-backup.service")
        .replace("/usr/bin/vanthu ", &format!("{} ", env!("CARGO_BIN_EXE_vanthu")))
}

/// Writes a unit and runs `systemd-analyze` on it; a missing tool is a failure, test.sh installs it.
fn analyze(unit: &str, arguments: &[&str]) -> Output {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("vanthu.service");
    fs::write(&file, unit).unwrap();
    Command::new("systemd-analyze").args(arguments).arg(&file).output().unwrap()
}

/// Everything a run said, and whether it ended well.
fn said(output: &Output) -> (bool, String) {
    let both = [output.stdout.as_slice(), &output.stderr].concat();
    (output.status.success(), String::from_utf8_lossy(&both).into_owned())
}

const VERIFY: &[&str] = &["verify", "--man=no", "--recursive-errors=no"];

#[test]
fn systemd_has_nothing_to_say_about_the_unit() {
    assert_eq!(said(&analyze(&unit(), VERIFY)), (true, String::new()));
}

#[test]
fn systemd_has_nothing_to_say_about_the_nightly_copy() {
    let folder = TempDir::new().unwrap();
    let [service, timer] =
        ["vanthu-backup.service", "vanthu-backup.timer"].map(|name| folder.path().join(name));
    fs::write(&service, backup_unit()).unwrap();
    fs::write(&timer, text("systemd/vanthu-backup.timer")).unwrap();
    let verify = || Command::new("systemd-analyze").args(VERIFY).args([&service, &timer]).output().unwrap();
    assert_eq!(said(&verify()), (true, String::new()));
    fs::write(&timer, text("systemd/vanthu-backup.timer").replace("OnCalendar=", "OnCalender=")).unwrap();
    assert!(!said(&verify()).1.is_empty(), "a misspelt timer went unnoticed");
}

/// It talks to nobody, so it must be tighter than the daemon.
#[test]
fn the_nightly_copy_is_hardened() {
    let (passed, output) =
        said(&analyze(&backup_unit(), &["security", "--offline=true", "--no-pager", "--threshold=10"]));
    assert!(passed, "{output}");
    let unit = text("systemd/vanthu-backup.service");
    for line in ["PrivateNetwork=yes", "User=vanthu", "ReadWritePaths=-/var/backups/vanthu"] {
        assert!(unit.lines().any(|other| other == line), "the unit lost `{line}`");
    }
    assert!(!unit.contains("LoadCredential="), "a copy needs no password");
}

/// `verify` ends with 0 on words it does not know, so only silence counts as passing.
#[test]
fn the_verification_can_fail() {
    let broken = [
        ("Type=notify", "Type=notify-reloaded"),
        ("WatchdogSec=30", "WatchdogSec=sixty"),
        ("ProtectHome=yes", "ProtectHouse=yes"),
        (env!("CARGO_BIN_EXE_vanthu"), "/nowhere/vanthu"),
    ];
    for (good, bad) in broken {
        assert!(unit().contains(good), "{good}");
        let (_, output) = said(&analyze(&unit().replace(good, bad), VERIFY));
        assert!(!output.is_empty(), "{bad} went unnoticed");
    }
}

#[test]
fn the_unit_is_hardened() {
    let arguments = &["security", "--offline=true", "--no-pager", EXPOSURE];
    let (passed, output) = said(&analyze(&unit(), arguments));
    assert!(passed, "{output}");
    let (bare, _) = said(&analyze("[Service]\nExecStart=/bin/true\n", arguments));
    assert!(!bare, "the threshold lets a bare unit pass");
}

/// What the daemon and its supervisor have agreed on; the reasons stand in the unit.
#[test]
fn the_unit_keeps_the_agreements() {
    let unit = text("systemd/vanthu.service");
    let agreed = [
        "Type=notify",
        "NotifyAccess=main",
        "WatchdogSec=30",
        "ExecStart=/usr/bin/vanthu run --config /etc/vanthu/vanthu.toml",
        "ExecReload=/usr/bin/vanthu reload --wait --config /etc/vanthu/vanthu.toml",
        "Restart=on-failure",
        "RestartPreventExitStatus=77 78",
        "TimeoutStopSec=45s",
        "StateDirectory=vanthu",
        "User=vanthu",
    ];
    for line in agreed {
        assert!(unit.lines().any(|other| other == line), "the unit lost `{line}`");
    }
}

/// A root folder in which systemd-sysusers has made the accounts.
fn root_with_accounts() -> TempDir {
    let root = TempDir::new().unwrap();
    fs::create_dir(root.path().join("etc")).unwrap();
    let accounts = path("systemd/sysusers.d/vanthu.conf");
    let run = Command::new("systemd-sysusers").arg(root_option(&root)).arg(accounts).output().unwrap();
    let (passed, output) = said(&run);
    assert!(passed, "{output}");
    root
}

fn root_option(root: &TempDir) -> String {
    format!("--root={}", root.path().display())
}

#[test]
fn sysusers_makes_the_user_without_a_shell_and_both_groups() {
    let root = root_with_accounts();
    let passwd = fs::read_to_string(root.path().join("etc/passwd")).unwrap();
    assert!(
        passwd.starts_with("vanthu:x:") && passwd.trim_end().ends_with(":/var/lib/vanthu:/usr/sbin/nologin")
    );
    let groups = fs::read_to_string(root.path().join("etc/group")).unwrap();
    let members = groups.lines().find(|line| line.starts_with("vanthu-rules:")).unwrap();
    assert!(members.ends_with(":vanthu"), "the daemon cannot read what staff write: {members}");
}

/// Fields of the lines of the tmpfiles file.
fn tmpfiles() -> Vec<Vec<String>> {
    let fields = |line: &str| line.split_whitespace().map(str::to_owned).collect();
    text("systemd/tmpfiles.d/vanthu.conf").lines().filter(|line| !line.starts_with('#')).map(fields).collect()
}

/// Owners are left to the caller (`-`), who need not be root; the test below checks their names.
#[test]
fn tmpfiles_makes_the_folders_and_tightens_the_files() {
    let root = TempDir::new().unwrap();
    let credentials = root.path().join("etc/vanthu/credentials");
    fs::create_dir_all(&credentials).unwrap();
    fs::write(credentials.join("link-key"), "x").unwrap();
    let lines =
        tmpfiles().into_iter().map(|fields| format!("{} {} {} - - -\n", fields[0], fields[1], fields[2]));
    let conf = root.path().join("vanthu.conf");
    fs::write(&conf, lines.collect::<String>()).unwrap();
    let run =
        Command::new("systemd-tmpfiles").args(["--create", &root_option(&root)]).arg(&conf).output().unwrap();
    assert_eq!(said(&run), (true, String::new()));
    let mode = |name: &str| {
        fs::metadata(root.path().join("etc/vanthu").join(name)).unwrap().permissions().mode() & 0o7777
    };
    assert_eq!(mode(""), 0o750);
    assert_eq!(mode("rules.d"), 0o2770);
    assert_eq!(mode("credentials"), 0o700);
    assert_eq!(mode("credentials/link-key"), 0o600);
    assert!(!root.path().join("etc/vanthu/units.toml").exists(), "tmpfiles must not create what staff own");
}

#[test]
fn tmpfiles_names_only_accounts_that_sysusers_makes() {
    let groups = fs::read_to_string(root_with_accounts().path().join("etc/group")).unwrap();
    let known: BTreeSet<&str> =
        groups.lines().filter_map(|line| line.split(':').next()).chain(["root"]).collect();
    for fields in tmpfiles() {
        assert!(known.contains(fields[3].as_str()) && known.contains(fields[4].as_str()), "{fields:?}");
    }
}

/// Words of `text` that `pick` accepts, cut at everything that is not part of a name.
fn words(text: &str, pick: impl Fn(&str) -> bool) -> BTreeSet<String> {
    let is_name = |c: char| c.is_alphanumeric() || c == '_' || c == '-';
    text.split(|c| !is_name(c)).filter(|word| pick(word)).map(str::to_owned).collect()
}

#[test]
fn the_operators_page_names_every_credential_variable_and_metric() {
    let page = text("README.md");
    let unit = text("systemd/vanthu.service");
    let credentials = unit.lines().filter_map(|line| line.strip_prefix("LoadCredential="));
    let mut names: BTreeSet<String> =
        credentials.filter_map(|line| line.split(':').next()).map(str::to_owned).collect();
    assert_eq!(names.len(), 3, "credentials of the unit");
    names.extend(words(&text("vanthu.env.sample"), |word| {
        word.starts_with("VANTHU_") && !word.ends_with("__")
    }));
    names.extend(words(&text("prometheus/alerts.yml"), |word| word.starts_with("vanthu_")));
    let unnamed: Vec<&String> = names.iter().filter(|name| !page.contains(name.as_str())).collect();
    assert!(unnamed.is_empty(), "deploy/README.md does not name {unnamed:?}");
}

#[test]
fn the_operators_page_explains_every_exit_code() {
    let page = text("README.md");
    for code in ["0", "1", "2", "69", "75", "77", "78"] {
        assert!(page.contains(&format!("\n| {code} |")), "exit code {code} has no row in deploy/README.md");
    }
}

/// Every alert says how long, how bad, what happened and what to do.
#[test]
fn every_alert_is_complete() {
    let alerts = text("prometheus/alerts.yml");
    let rules: Vec<&str> = alerts.split("- alert: ").skip(1).collect();
    assert!(rules.len() >= 8, "{} alerts", rules.len());
    for rule in rules {
        let name = rule.lines().next().unwrap_or_default();
        for part in ["expr:", "for:", "severity:", "summary:", "description:"] {
            assert!(rule.contains(part), "alert {name} has no {part}");
        }
    }
}
