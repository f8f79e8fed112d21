//! The command `vanthu`.
fn main() {}
