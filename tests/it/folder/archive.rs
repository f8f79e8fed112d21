//! Files come slowly, the process dies, names are taken: nothing is half read, lost, repeated, or written
//! over.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use chrono::TimeDelta;
use vanthu::app::ports::Source as _;

use super::sheets::{export, row};
use super::{Desk, REST};

fn one(symbol: &str) -> Vec<u8> {
    export(&[row(1, symbol, "Chuyên đề")])
}

#[tokio::test]
async fn a_slow_copy_is_read_when_it_is_whole() {
    let desk = Desk::new().await;
    let whole = one("12-KH/TU");
    let mut written = 0;
    while written < whole.len() {
        written = (written + whole.len() / 7 + 1).min(whole.len());
        desk.put("so.xlsx", &whole[..written]);
        desk.wait(REST - TimeDelta::milliseconds(1));
        assert_eq!(desk.poll().await.unwrap().listed, 0, "{written} of {}", whole.len());
    }
    desk.wait(TimeDelta::milliseconds(REST.num_milliseconds() - 1));
    assert_eq!(desk.poll().await.unwrap().listed, 0);
    desk.wait(TimeDelta::milliseconds(1));
    assert_eq!(desk.poll().await.unwrap().registered, 1);
}

#[tokio::test]
async fn copies_under_way_and_litter_are_left_alone() {
    let desk = Desk::new().await;
    let names = [
        "~$so.xlsx",
        "so.xlsx.part",
        "so.xlsx.tmp",
        ".so.xlsx.Xy12",
        "so.xlsx.crdownload",
        "Thumbs.db",
        "so.xlsx~",
    ];
    names.iter().for_each(|name| desk.put(name, one("12-KH/TU")));
    assert_eq!(desk.settle().await.listed, 0);
    let mut left = names.map(str::to_owned).to_vec();
    left.sort();
    assert_eq!(desk.tree(), left);
    fs::rename(desk.path("so.xlsx.part"), desk.path("so.xlsx")).unwrap();
    assert_eq!(desk.settle().await.registered, 1);
}

#[tokio::test]
async fn a_crash_at_any_point_loses_nothing_and_repeats_nothing() {
    // How far the process came: listed (claimed), read but not committed, committed in part.
    for reached in 0..4 {
        let mut desk = Desk::new().await;
        let rows: Vec<_> =
            (1..=3).map(|number| row(number, &format!("{number}-KH/TU"), "Chuyên đề")).collect();
        desk.put("so.xlsx", export(&rows));
        desk.poll().await.unwrap();
        desk.wait(REST);
        let page = desk.source.list(None).await.unwrap();
        assert_eq!(page.rows.len(), 3);
        for row in page.rows.iter().take(reached) {
            desk.source.read(row).await.unwrap();
        }
        desk.restart();
        assert_eq!(desk.tree(), ["working/so.xlsx"]);
        assert_eq!(desk.settle().await.registered, 3);
        // All of it is in the register, and the process dies before the file is put away.
        fs::rename(desk.path("done/2026/03/so.xlsx"), desk.path("working/so.xlsx")).unwrap();
        fs::remove_file(desk.path("done/2026/03/so.xlsx.ket-qua.txt")).unwrap();
        desk.restart();
        assert_eq!(desk.settle().await.registered, 0);
        assert_eq!(desk.tree(), ["done/2026/03/so.xlsx", "done/2026/03/so.xlsx.ket-qua.txt"]);
        assert_eq!(desk.symbols().await, ["1-KH/TU", "2-KH/TU", "3-KH/TU"]);
        assert_eq!(desk.rig.send().await.len(), desk.rig.mailer.letters().len());
    }
}

#[tokio::test]
async fn a_name_dropped_again_never_writes_over() {
    let desk = Desk::new().await;
    // A workbook bears the second it was made in: made once, compared with itself.
    let books = ["1-KH/TU", "2-KH/TU", "3-KH/TU"].map(one);
    for book in &books {
        desk.put("so.xlsx", book);
        assert_eq!(desk.settle().await.registered, 1);
    }
    for (name, book) in ["so.xlsx", "so (2).xlsx", "so (3).xlsx"].into_iter().zip(&books) {
        assert_eq!(&fs::read(desk.path(&format!("done/2026/03/{name}"))).unwrap(), book);
    }
    assert_eq!(desk.tree().len(), 6);
}

#[tokio::test]
async fn a_name_dropped_while_its_namesake_is_read_waits_beside_it() {
    let mut desk = Desk::new().await;
    desk.put("so.xlsx", one("1-KH/TU"));
    desk.poll().await.unwrap();
    desk.wait(REST);
    desk.source.list(None).await.unwrap();
    desk.put("so.xlsx", one("2-KH/TU"));
    desk.restart();
    assert_eq!(desk.settle().await.registered, 2);
    assert_eq!(desk.symbols().await, ["1-KH/TU", "2-KH/TU"]);
}

#[tokio::test]
async fn what_only_looks_moves_nothing() {
    let desk = Desk::new().await;
    desk.put("so.xlsx", one("12-KH/TU"));
    let looking = vanthu::source::folder::Options {
        hand: vanthu::source::folder::Hand::Looks,
        rest: TimeDelta::zero(),
        ..super::options(desk.root())
    };
    let kept = tempfile::tempdir().unwrap();
    let files = super::files(kept.path());
    let source = vanthu::source::folder::Folder::new(looking, desk.rig.clock.clone(), files);
    let page = source.list(None).await.unwrap();
    assert_eq!(page.rows.len(), 1);
    source.read(&page.rows[0]).await.unwrap();
    source.passed(&page.rows).await.unwrap();
    assert_eq!(desk.tree(), ["so.xlsx"]);
    assert_eq!(fs::read_dir(desk.root()).unwrap().count(), 1);
}

#[tokio::test]
async fn a_folder_that_cannot_be_used_is_told_and_comes_back() {
    let desk = Desk::new().await;
    let away = desk.root().with_extension("away");
    fs::rename(desk.root(), &away).unwrap();
    let told = desk.poll().await.unwrap_err().to_string();
    assert!(told.contains("không có thư mục") && told.contains("gắn lại ổ mạng"), "{told}");
    fs::rename(&away, desk.root()).unwrap();
    fs::write(desk.path("working"), "").unwrap();
    let told = desk.poll().await.unwrap_err().to_string();
    assert!(told.contains("không phải thư mục thật"), "{told}");
    fs::remove_file(desk.path("working")).unwrap();
    desk.put("so.xlsx", one("12-KH/TU"));
    assert_eq!(desk.settle().await.registered, 1);
    assert!(desk.rig.store.polls().await.unwrap()[0].failing_since.is_none());
}

#[tokio::test]
async fn what_we_make_is_for_the_people_whose_folder_it_is() {
    let desk = Desk::new().await;
    fs::set_permissions(desk.root(), fs::Permissions::from_mode(0o2770)).unwrap();
    desk.put("so.xlsx", one("12-KH/TU"));
    desk.settle().await;
    let mode = |name: &str| fs::metadata(desk.path(name)).unwrap().permissions().mode() & 0o7777;
    for folder in ["working", "done", "done/2026", "done/2026/03", "withheld"] {
        assert_eq!(mode(folder), 0o2770, "{folder}");
    }
    assert_eq!(mode("done/2026/03/so.xlsx.ket-qua.txt"), 0o660);
}
