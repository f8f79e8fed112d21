//! Units through the real program: a merger while work is open, and the commands for staff.

use std::fs;

use chrono::Days;

use super::mail::taken;
use crate::support::daemon::{CELLS, World, now, wait_until};
use crate::support::net;

/// Shows what a command said; paths and days of today are made the same in every run.
macro_rules! assert_said {
    ($name:literal, $world:expr, $arguments:expr) => {
        let said = $world.vanthu($arguments);
        let folder = $world.path("").display().to_string();
        let text = format!("exit {}\n{}{}", said.code, said.out, said.err).replace(&folder, "/cau-hinh/");
        insta::with_settings!({filters => vec![(r"\d{2}/\d{2}/\d{4}", "NN/NN/NNNN")], omit_expression => true}, {
            insta::assert_snapshot!($name, text);
        });
    };
}

/// Ended yesterday, and merged into another.
fn merge(world: &World, id: &str, into: &str) {
    let yesterday = now().date_naive().checked_sub_days(Days::new(2)).unwrap();
    let head = format!("id = \"{id}\"\n");
    world.edit("units.toml", &head, &format!("{head}until = {yesterday}\nsuccessor = \"{into}\"\n"));
}

#[test]
fn a_cell_that_was_merged_answers_through_its_successor() {
    let world = World::new();
    world.deliver(1);
    let daemon = world.start();
    wait_until("all is sent", || world.sink.count() == CELLS);
    let mails = taken(&world.sink);
    let old = mails.iter().find(|mail| mail.to.starts_with("cb-quy-mau@")).unwrap();

    merge(&world, "cb-quy-mau", "cb-hoi-mau");
    assert_said!("units-check-before", world, &["units", "check"]);
    daemon.signal("HUP");
    wait_until("the work is merged", || {
        let shown = world.vanthu(&["show", "#1", "--json"]).json();
        let rows = shown[0]["obligations"].as_array().unwrap().clone();
        rows.iter().any(|row| row["cell"] == "cb-quy-mau" && row["state"] == "withdrawn")
    });

    let digits: String = old.symbol.chars().take_while(char::is_ascii_digit).collect();
    let (status, page) =
        net::post(world.web, &old.path, &format!("answer=received&digits={digits}")).unwrap();
    assert_eq!(status, 200, "{page}");
    assert!(page.contains("Liên kết này trước đây gửi Chi bộ Quỹ Mẫu."), "{page}");
    assert!(page.contains("được ghi nhận cho Chi bộ Hội Mẫu."), "{page}");
    let shown = world.vanthu(&["show", "#1", "--json"]).json();
    let rows = shown[0]["obligations"].as_array().unwrap();
    let heir = rows.iter().find(|row| row["cell"] == "cb-hoi-mau").unwrap();
    assert_eq!(heir["state"], "acknowledged");
    assert!(daemon.terminate().0.success(), "{}", world.log());
}

#[test]
fn units_are_listed_shown_and_exchanged_with_a_sheet() {
    let world = World::new();
    assert_said!("units-list", world, &["units", "list", "--kind", "chi bộ trực thuộc"]);
    assert_said!("units-tree", world, &["units", "tree"]);
    assert_said!("units-show", world, &["units", "show", "Chi bộ Hội Mẫu"]);
    assert_said!("units-show-unknown", world, &["units", "show", "Chi bộ Hội Mậu"]);
    assert_said!("units-check", world, &["units", "check"]);
    let listed = world.vanthu(&["units", "list", "--json"]).json();
    assert_eq!(listed.as_array().unwrap().len(), 7);
    assert_eq!(listed[0]["name"], "Chi bộ Hội Mẫu");
    let csv = world.vanthu(&["units", "list", "--csv"]).out;
    assert!(csv.starts_with("\u{feff}Tên;Mã;Loại"), "{csv}");

    let sheet = world.path("to-chuc.xlsx").display().to_string();
    assert_eq!(world.vanthu(&["units", "export", "--xlsx", &sheet]).code, 0);
    assert_eq!(world.vanthu(&["units", "export", "--xlsx", &sheet]).code, 1, "nothing is overwritten");
    assert_said!("units-import-same", world, &["units", "import", &sheet]);

    let before = fs::read_to_string(world.path("units.toml")).unwrap();
    world.write(
        "bang.csv",
        "\u{feff}Mã;Tên tổ chức;Loại;Trực thuộc;Hộp thư\r\n\
         cb-hoi-mau;Chi bộ Hội Mẫu;;;hoi@mau.example\r\n\
         ;Chi bộ Trung tâm 2;chi bộ trực thuộc;Đảng bộ Sở Mẫu;tt2@mau.example\r\n",
    );
    let bang = world.path("bang.csv").display().to_string();
    assert_said!("units-import-diff", world, &["units", "import", &bang]);
    assert_eq!(fs::read_to_string(world.path("units.toml")).unwrap(), before, "a look writes nothing");
    assert_eq!(world.vanthu(&["units", "import", &bang, "--write"]).code, 0);
    assert_said!("units-import-again", world, &["units", "import", &bang, "--write"]);
    let after = fs::read_to_string(world.path("units.toml")).unwrap();
    assert!(after.contains("cb-trung-tam-2") && after.contains("hoi@mau.example"), "{after}");
}

/// A sheet in which a cell with open work is missing says what becomes of that work before it is written.
#[test]
fn an_import_that_ends_a_cell_tells_what_becomes_of_its_open_work() {
    let world = World::new();
    world.deliver(1);
    assert_eq!(world.vanthu(&["poll", "--once"]).code, 0);
    let csv = world.vanthu(&["units", "list", "--csv"]).out;
    let kept: Vec<_> = csv.lines().filter(|line| !line.contains("cb-quy-mau")).collect();
    world.write("con-lai.csv", &kept.join("\r\n"));
    let (sheet, tomorrow) = (world.path("con-lai.csv"), now().date_naive() + Days::new(1));
    let (sheet, tomorrow) = (sheet.display().to_string(), tomorrow.to_string());
    let before = fs::read_to_string(world.path("units.toml")).unwrap();
    let said = world.vanthu(&["units", "import", &sheet, "--dissolve-missing", &tomorrow]);
    assert_eq!(said.code, 0, "{}{}", said.out, said.err);
    assert!(said.out.contains("◇ 1 việc đang mở của Chi bộ Quỹ Mẫu từ ngày"), "{}", said.out);
    assert!(said.out.contains("chờ văn thư chọn nơi tiếp nhận"), "{}", said.out);
    assert_eq!(fs::read_to_string(world.path("units.toml")).unwrap(), before, "a look writes nothing");
}
