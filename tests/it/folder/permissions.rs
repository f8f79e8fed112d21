//! A folder, or a file in it, that the account of the program may not touch, by the program itself under an account
//! that is not root's: the source is seen to fail with its path and what to do, everything else goes on, and once
//! the permissions are right all of it is read.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::sheets::{export, row};
use crate::support::daemon::{Ended, World};

/// Nobody's account, which every system has.
const ACCOUNT: &str = "nobody";

/// An office with a watched folder, all of it the account's own.
struct Office {
    world: World,
    program: PathBuf,
}

impl Office {
    fn new() -> Self {
        let world = World::new();
        let text = fs::read_to_string(world.path("vanthu.toml")).unwrap();
        let source =
            "[[source]]\ntype = \"folder\"\nid = \"thu-muc\"\npath = \"den\"\nrest = \"100ms\"\n\n[mail]";
        world.write("vanthu.toml", &text.replace("[mail]", source));
        fs::create_dir(world.path("den")).unwrap();
        // The account need not be able to reach the folder of the build.
        let program = world.path("vanthu");
        fs::copy(env!("CARGO_BIN_EXE_vanthu"), &program).unwrap();
        let office = Self { world, program };
        office.drop_file("so.xlsx", 7);
        office.own();
        office
    }

    fn folder(&self) -> PathBuf {
        self.world.path("den")
    }

    fn drop_file(&self, name: &str, number: u32) {
        let symbol = format!("{number}-KH/ĐUK");
        fs::write(self.folder().join(name), export(&[row(number, &symbol, "Chuyên đề")])).unwrap();
    }

    fn own(&self) {
        let folder = self.world.path("");
        let owner = Command::new("chown").args(["-R", ACCOUNT]).arg(&folder).status().unwrap();
        assert!(owner.success(), "these tests run as root, like those of the mail server");
    }

    /// Runs a command as the account.
    fn vanthu(&self, arguments: &[&str]) -> Ended {
        let mut command = Command::new("runuser");
        command.env_clear().env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin").env("USER", ACCOUNT);
        command.env("VANTHU_CONFIG", self.world.path("vanthu.toml"));
        command.args(["-u", ACCOUNT, "--"]).arg(&self.program).args(arguments);
        Ended::from(command.output().unwrap())
    }

    /// How many documents the folder has brought.
    fn documents(&self) -> usize {
        let show = self.vanthu(&["show", "7-KH/ĐUK", "--json"]);
        usize::from(show.code == 0 && show.out.contains("thu-muc"))
    }
}

fn chmod(path: &Path, mode: u32) {
    fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
}

#[test]
fn a_folder_that_may_not_be_used_fails_visibly_and_loses_nothing() {
    for mode in [0o555, 0o000, 0o333] {
        let office = Office::new();
        office.world.deliver(1);
        chmod(&office.folder(), mode);
        let polled = office.vanthu(&["poll", "--once"]);
        assert_eq!(polled.code, 69, "{mode:o}: {}{}", polled.out, polled.err);
        let path = office.folder().display().to_string();
        assert!(polled.err.contains(&path) && polled.err.contains("phải đọc và ghi được"), "{}", polled.err);
        assert!(polled.out.contains("ioffice: 1 dòng, 1 văn bản mới"), "the others go on: {}", polled.out);
        let status = office.vanthu(&["status"]);
        assert!(status.out.contains("LỖI") && status.out.contains("thu-muc"), "{}", status.out);
        let doctor = office.vanthu(&["doctor", "--json"]);
        assert!(doctor.out.contains(&path) && doctor.out.contains("quyền của thư mục"), "{}", doctor.out);

        chmod(&office.folder(), 0o755);
        assert!(office.folder().join("so.xlsx").exists(), "{mode:o}: it lies where it was dropped");
        let polled = office.vanthu(&["poll", "--once"]);
        assert_eq!(polled.code, 0, "{}{}", polled.out, polled.err);
        assert_eq!(office.documents(), 1, "{mode:o}");
        assert!(!office.vanthu(&["status"]).out.contains("LỖI"));
    }
}

#[test]
fn a_file_that_may_not_be_read_is_put_aside_and_held() {
    let office = Office::new();
    office.drop_file("cam.xlsx", 8);
    let file = office.folder().join("cam.xlsx");
    assert!(Command::new("chown").arg("root").arg(&file).status().unwrap().success());
    chmod(&file, 0o600);
    let bytes = fs::read(&file).unwrap();
    let polled = office.vanthu(&["poll", "--once"]);
    assert_eq!(polled.code, 0, "{}{}", polled.out, polled.err);
    assert_eq!(office.documents(), 1, "the file beside it is read");
    let holds = office.vanthu(&["hold", "list"]);
    assert!(holds.out.contains("cam.xlsx"), "{}", holds.out);
    let aside = office.folder().join("refused/cam.xlsx");
    assert!(fs::read(&aside).unwrap() == bytes, "as it came");

    // Its permissions put right, it is dropped once more.
    fs::rename(&aside, &file).unwrap();
    office.own();
    office.vanthu(&["poll", "--once"]);
    assert_eq!(office.vanthu(&["show", "8-KH/ĐUK"]).code, 0);
}

/// One of our own subfolders is somebody else's: nothing is claimed that could not be put away.
#[test]
fn a_subfolder_of_somebody_else_stops_the_source() {
    let office = Office::new();
    let working = office.folder().join("working");
    fs::create_dir(&working).unwrap();
    chmod(&working, 0o700);
    let polled = office.vanthu(&["poll", "--once"]);
    assert_eq!(polled.code, 69, "{}{}", polled.out, polled.err);
    assert!(polled.err.contains(&office.folder().display().to_string()), "{}", polled.err);
    assert!(office.folder().join("so.xlsx").exists());
    office.own();
    assert_eq!(office.vanthu(&["poll", "--once"]).code, 0);
    assert_eq!(office.documents(), 1);
}
