//! `rules`: check, explain, test, plan, apply, fmt, new, schema, and the editions: log, diff, revert, approve, reject.

pub(super) mod apply;
mod ask;
mod explain;
mod fmt;
mod hints;
mod interview;
mod new;
pub(super) mod plan;
mod preview;
mod test;

use super::{Exit, Place, check, edition, schema};
use crate::config::schema::Schema;

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
    /// Xếp lại dấu cách, dòng trống trong tệp quy tắc; giữ nguyên chú thích và nghĩa
    Fmt(fmt::Args),
    /// Hỏi vài câu rồi viết thành một quy tắc kèm phép thử, nối vào cuối tệp
    New(Box<new::Args>),
    /// In lược đồ JSON của tệp quy tắc, cho trình soạn thảo
    Schema(schema::Options),
    /// Quy tắc mà chi bộ nhiều lần báo giao không đúng trách nhiệm
    Hints(hints::Args),
    /// Những bản quy tắc đã có hiệu lực: lúc nào, ai sửa, đổi gì
    Log(edition::LogArgs),
    /// Hai bản khác nhau thế nào
    Diff(edition::DiffArgs),
    /// Lấy lại các tệp của một bản cũ
    Revert(edition::RevertArgs),
    /// Duyệt một bản đang chờ
    Approve(edition::DecideArgs),
    /// Từ chối một bản đang chờ
    Reject(edition::DecideArgs),
}

pub(super) async fn run(place: &Place, verb: &Verb) -> anyhow::Result<Exit> {
    match verb {
        Verb::Check(args) => check::run(place, args).await,
        Verb::Explain(args) => explain::run(place, args).await,
        Verb::Test(args) => test::run(place, args).await,
        Verb::Plan(args) => plan::run(place, args).await,
        Verb::Apply(args) => apply::run(place, args).await,
        Verb::Fmt(args) => fmt::run(place, args),
        Verb::New(args) => new::run(place, args).await,
        Verb::Schema(options) => schema::write(place, Schema::Rules, options),
        Verb::Hints(args) => hints::run(place, args).await,
        Verb::Log(args) => edition::log(place, args).await,
        Verb::Diff(args) => edition::diff(place, args).await,
        Verb::Revert(args) => edition::revert(place, args).await,
        Verb::Approve(args) => edition::approve(place, args).await,
        Verb::Reject(args) => edition::reject(place, args).await,
    }
}
