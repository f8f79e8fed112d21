//! `journal verify` beside a running daemon, and after somebody changed the journal.

use serde_json::Value;

use super::stranger::Stranger;
use crate::support::daemon::{CELLS, Ended, World, wait_until};

fn said(ended: &Ended) -> String {
    format!("exit {}\n{}{}", ended.code, ended.out, ended.err)
}

/// Shows what the command said without hashes and instants.
macro_rules! assert_said {
    ($name:literal, $ended:expr) => {
        insta::with_settings!({filters => vec![
            (r"[0-9a-f]{64}", "DẤU"), (r"\d{2}/\d{2}/\d{4} \d{2}:\d{2}", "NN/NN/NNNN GG:PP"),
        ], omit_expression => true}, {
            insta::assert_snapshot!($name, said(&$ended));
        });
    };
}

fn sent(world: &World) {
    world.deliver(1);
    let daemon = world.start();
    wait_until("all is sent", || world.vanthu(&["status", "--json"]).json()["outbox"]["sent"] == CELLS);
    let whole = world.vanthu(&["journal", "verify", "--json"]).json();
    assert_eq!(whole["verdict"], "whole");
    assert!(world.log().contains("dấu cuối của nhật ký"), "{}", world.log());
    assert!(daemon.terminate().0.success());
}

fn change(world: &World, sql: &str) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let mut stranger = Stranger::of_file(&world.path("vanthu.db")).await;
        stranger.unlock_journal().await;
        stranger.run(sql).await;
    });
}

#[test]
fn a_journal_is_verified_and_its_head_is_kept() {
    let world = World::over(vanthu::demo::ioffice::Setup::default(), None);
    sent(&world);
    let heads = world.path("dau-cuoi").display().to_string();
    let kept = world.vanthu(&["journal", "verify", "--keep", &heads]);
    assert_eq!(kept.code, 0, "{}", said(&kept));
    let line = std::fs::read_to_string(&heads).unwrap();
    let rows: i64 = line.split(' ').next().unwrap().parse().unwrap();
    let call = ["ack", "1-KH/ĐUK", "cb-hoi-mau", "received", "--reason", "gọi điện"];
    assert_eq!(world.vanthu(&call).code, 0);
    let again = world.vanthu(&["journal", "verify", "--head", &heads, "--json"]).json();
    assert!(again["rows"].as_i64().unwrap() > rows && again["heads"] == 1, "{again}");
    assert_said!("no-head", world.vanthu(&["journal", "verify", "--head", "33c8f8"]));
    assert_said!("whole", world.vanthu(&["journal", "verify", "--head", &heads]));

    change(&world, &format!("DELETE FROM journal WHERE number >= {rows}"));
    assert_eq!(
        world.vanthu(&["journal", "verify"]).code,
        0,
        "the chain alone cannot show that its end is gone"
    );
    let cut = world.vanthu(&["journal", "verify", "--head", &heads]);
    assert_said!("cut", cut);
    let hash = line.split(' ').nth(1).unwrap();
    let strange = world.vanthu(&["journal", "verify", "--head", hash, "--json"]);
    let strange: Value = serde_json::from_str(&strange.out).unwrap();
    assert_eq!((&strange["verdict"], &strange["hash"]), (&"strange".into(), &hash.into()));
}

#[test]
fn a_changed_row_is_named_with_what_it_is_about() {
    let world = World::over(vanthu::demo::ioffice::Setup::default(), None);
    sent(&world);
    change(&world, "UPDATE journal SET detail = replace(detail, 'lead', 'info') WHERE kind = 'routed'");
    let changed = world.vanthu(&["journal", "verify"]);
    assert_said!("changed", changed);
    let json: Value = serde_json::from_str(&world.vanthu(&["journal", "verify", "--json"]).out).unwrap();
    assert_eq!((&json["verdict"], &json["row"]["kind"]), (&"changed".into(), &"routed".into()));
    change_again(&world);
}

fn change_again(world: &World) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let mut stranger = Stranger::of_file(&world.path("vanthu.db")).await;
        stranger.run("DELETE FROM journal WHERE number = 1").await;
    });
    assert_said!("missing", world.vanthu(&["journal", "verify"]));
}
