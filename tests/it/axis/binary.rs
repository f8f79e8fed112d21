//! The program itself beside an axis, as somebody who has just written the settings meets it.

use std::sync::Arc;

use tokio::runtime::Runtime;
use vanthu::runtime::clock::WallClock;

use super::fake::{Act, Fake, document};
use super::{ORGAN, lgsp_server, vxp_server};
use crate::support::daemon::{Ended, World, wait_until};

/// Shows what a command said, in what does not change from run to run; widths stay as they were.
macro_rules! assert_said {
    ($name:literal, $ended:expr) => {
        let said: Ended = $ended;
        insta::with_settings!({filters => FILTERS.to_vec(), omit_expression => true}, {
            insta::assert_snapshot!($name, format!("exit {}\n{}{}", said.code, said.out, said.err));
        });
    };
}

const FILTERS: [(&str, &str); 5] = [
    (r"/tmp/\.tmp\w{6}", "/cau-hinh/thu-1"),
    (r"127\.0\.0\.1:\d{4,5}", "127.0.0.1:PORT."),
    (r"\d{2}/\d{2}/\d{4} \d{2}:\d{2}", "NN/NN/NNNN GG:PP"),
    (r"\d{2}:\d{2} \d{2}/\d{2}/\d{4}", "GG:PP NN/NN/NNNN"),
    (r"bản [0-9a-f]{12} (.*), người sửa \S+", "bản 0123456789ab $1, người sửa NGƯỜI"),
];

/// An office whose one source is an axis.
struct Office {
    world: World,
    fake: Fake,
    _runtime: Runtime,
}

impl Office {
    fn new(provincial: bool) -> Self {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let clock = Arc::new(WallClock);
        let fake = match provincial {
            true => runtime.block_on(lgsp_server::start(&clock)),
            false => runtime.block_on(vxp_server::start(&clock)),
        };
        let world = World::new();
        let source = if provincial { LGSP } else { VXP };
        point_at(&world, &source.replace("{URL}", &fake.url()).replace("{ORGAN}", ORGAN));
        for (name, secret) in [
            ("vxp-secret", vxp_server::SECRET),
            ("lgsp-password", lgsp_server::PASSWORD),
            ("lgsp-secret", lgsp_server::SECRET_KEY),
        ] {
            world.write(&format!("secrets/{name}"), secret);
        }
        let office = Self { world, fake, _runtime: runtime };
        office.put("1", "Sinh hoạt chuyên đề quý I");
        office.put("2", "(MẬT) Sinh hoạt chuyên đề chim hoạ mi");
        office
    }

    /// A document that is due long after this test.
    fn put(&self, id: &str, subject: &str) {
        self.fake.put_text(id, "edoc", document(id, subject).replace("2026/03/20", "2099/12/31"));
    }
}

/// Puts a source in the place of the one the office has.
fn point_at(world: &World, source: &str) {
    let settings = std::fs::read_to_string(world.path("vanthu.toml")).unwrap();
    let (before, rest) = settings.split_once("[[source]]").unwrap();
    let (_, after) = rest.split_once("[mail]").unwrap();
    world.write("vanthu.toml", &format!("{before}{source}\n[mail]{after}"));
}

const VXP: &str = r#"
[[source]]
type = "vxp"
id = "truc"
url = "{URL}"
system_id = "{ORGAN}"
secret = { file = "secrets/vxp-secret" }
organ = "{ORGAN}"
pace = "0s"
"#;

const LGSP: &str = r#"
[[source]]
type = "lgsp"
id = "lgsp"
url = "{URL}"
username = "vanthu"
password = { file = "secrets/lgsp-password" }
application_code = "VANTHU"
system_id = "{ORGAN}"
secret_key = { file = "secrets/lgsp-secret" }
organ = "{ORGAN}"
pace = "0s"
"#;

#[test]
fn an_office_on_the_national_axis() {
    let office = Office::new(false);
    let world = &office.world;
    assert_eq!(world.vanthu(&["check"]).code, 0);
    assert_said!("config-show", only(world.vanthu(&["config", "show"]), "source"));
    assert_said!("doctor", only(world.vanthu(&["doctor"]), "Nguồn"));
    assert_said!("dry-run", world.vanthu(&["poll", "--once", "--dry-run"]));
    assert_eq!(office.fake.acknowledged(), [""; 0], "who only looks tells the axis nothing");
    assert_eq!(office.fake.asked("getAgenciesList"), 0);

    assert_said!("poll", world.vanthu(&["poll", "--once"]));
    assert_eq!(office.fake.acknowledged(), ["1"]);
    assert_said!("status", world.vanthu(&["status"]));
    assert_said!("hold-list", world.vanthu(&["hold", "list"]));
    assert_said!("upstream-waiting", world.vanthu(&["upstream", "list"]));

    let daemon = world.start();
    wait_until("the axis is told", || office.fake.world().sent.len() == 1);
    wait_until("it is settled", || {
        world.vanthu(&["upstream", "list", "--json"]).json()[0]["delivery"] == "sent"
    });
    assert_said!("upstream-told", world.vanthu(&["upstream", "list"]));
    let board = world.board("/system");
    assert!(board.contains("truc") && board.contains("Nhận trạng thái"), "{board}");
    assert!(daemon.terminate().0.success(), "{}", world.log());
    assert!(!world.log().contains("chim hoạ mi"), "the log tells nothing of what is secret");
    office.fake.check();
}

#[test]
fn an_office_on_a_provincial_axis() {
    let office = Office::new(true);
    let world = &office.world;
    assert_said!("lgsp-doctor", only(world.vanthu(&["doctor"]), "Nguồn"));
    assert_said!("lgsp-poll", world.vanthu(&["poll", "--once"]));
    assert_said!("lgsp-poll-again", world.vanthu(&["poll", "--once"]));
    assert_eq!(office.fake.acknowledged(), ["1"]);
    assert_eq!(office.fake.asked("getEdoc"), 2, "what is kept, and what was withheld, is not fetched again");
    office.fake.check();
}

/// What somebody reads who copied a key badly, or whose axis is away.
#[test]
fn what_is_said_when_the_axis_turns_away() {
    let office = Office::new(false);
    let refusal = serde_json::json!({"status": "FAIL", "ErrorCode": "1", "ErrorDesc": "Sai chu ky"});
    office.fake.script_many("getReceivedEdocList", 0, 9, Act::Body(refusal));
    assert_said!("denied-doctor", only(office.world.vanthu(&["doctor"]), "truc"));
    assert_said!("denied-poll", office.world.vanthu(&["poll", "--once"]));
    assert_said!("denied-again", office.world.vanthu(&["poll", "--once"]));
    assert_said!("denied-status", only(office.world.vanthu(&["status"]), "truc"));
}

/// What the guide says to write works as it stands there.
#[test]
fn the_settings_of_the_guide_are_good() {
    let guide = include_str!("../../../docs/TRUC-LIEN-THONG.md");
    let settings: Vec<_> =
        guide.split("```toml\n").skip(1).map(|rest| rest.split_once("```").unwrap().0).collect();
    assert_eq!(settings.len(), 2);
    let office = Office::new(false);
    for source in settings {
        point_at(&office.world, source);
        let mut check = office.world.command(&["check"]);
        let said =
            Ended::from(check.env("CREDENTIALS_DIRECTORY", office.world.path("secrets")).output().unwrap());
        assert_eq!(said.code, 0, "{source}\n{}{}", said.out, said.err);
    }
}

/// Its lines that hold a word.
fn only(said: Ended, word: &str) -> Ended {
    let out = said.out.lines().filter(|line| line.contains(word)).map(|line| format!("{line}\n")).collect();
    Ended { out, ..said }
}
