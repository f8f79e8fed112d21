//! `calendar …`: the working calendar as people keep it: draft, confirm, show, count, and what a change moves.

mod explain;
mod plan;
mod write;
mod year;

use super::{Exit, Place};

/// `calendar …`
#[derive(Debug, clap::Subcommand)]
pub enum Verb {
    /// Đếm hạn từng ngày một, theo ngày hoặc giờ làm việc
    Explain(explain::Args),
    /// Xem lịch một năm: ngày nghỉ, làm bù, nửa ngày, số ngày làm việc
    Show(year::Args),
    /// Tính sẵn lịch một năm thành bản nháp, chờ người xác nhận
    Draft(write::DraftArgs),
    /// Xác nhận lịch một năm theo thông báo chính thức
    Confirm(write::ConfirmArgs),
    /// Xem lịch vừa sửa làm đổi những hạn nào đang mở (thoát 2 khi có thay đổi)
    Plan(plan::Args),
    /// Áp dụng đúng những gì một kế hoạch đã cho xem
    Apply(super::rules::apply::Args),
}

pub(super) async fn run(place: &Place, verb: &Verb) -> anyhow::Result<Exit> {
    match verb {
        Verb::Explain(args) => explain::run(place, args),
        Verb::Show(args) => year::run(place, args),
        Verb::Draft(args) => write::draft(place, args),
        Verb::Confirm(args) => write::confirm(place, args),
        Verb::Plan(args) => plan::run(place, args).await,
        Verb::Apply(args) => super::rules::apply::run(place, args).await,
    }
}
