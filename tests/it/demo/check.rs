//! `demo --check`, as anyone would run it.

use std::process::Command;

#[test]
fn ninety_days_pass_the_demo_s_own_check() {
    let mut demo = Command::new(env!("CARGO_BIN_EXE_vanthu"));
    demo.args(["demo", "--check", "--at", "2026-11-20T10:00:00+07:00"]);
    let output = demo.output().unwrap();
    let (table, trouble) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{table}\n{trouble}");
    assert!(table.contains("Văn bản mật, chỉ đếm"), "{table}");
}
