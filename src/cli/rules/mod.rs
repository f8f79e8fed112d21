//! `rules`: check, explain, test, plan, apply.

mod apply;
mod explain;
mod plan;
mod test;

use super::{Exit, Place, check};

/// `rules …`
#[derive(Debug, clap::Subcommand)]
pub enum Verb {
    /// Kiểm tra quy tắc, tổ chức, lịch
    Check(check::Args),
    /// Cho biết một văn bản sẽ giao cho ai, vì sao
    Explain(explain::Args),
    /// Chạy các phép thử ghi cạnh quy tắc
    Test(test::Args),
    /// Cho biết quy tắc mới sẽ đổi gì ở các văn bản đã vào sổ; không đổi gì, không gửi gì
    Plan(plan::Args),
    /// Áp dụng đúng một kế hoạch đã lưu
    Apply(apply::Args),
}

pub(super) async fn run(place: &Place, verb: &Verb) -> anyhow::Result<Exit> {
    match verb {
        Verb::Check(args) => check::run(place, args),
        Verb::Explain(args) => explain::run(place, args).await,
        Verb::Test(args) => test::run(place, args).await,
        Verb::Plan(args) => plan::run(place, args).await,
        Verb::Apply(args) => apply::run(place, args).await,
    }
}
