//! `journal`: the record of everything that happened, as evidence.

mod export;
mod verify;

use super::{Exit, Place};

/// `journal`
#[derive(Debug, clap::Subcommand)]
pub enum Verb {
    /// Kiểm tra từng dòng nhật ký còn nguyên như lúc ghi, và chưa bị cắt bớt
    Verify(verify::Args),
    /// Xuất bằng chứng về một văn bản, hoặc cả nhật ký, để kiểm tra mà không cần vanthu
    Export(export::Args),
}

pub(super) async fn run(place: &Place, verb: &Verb) -> anyhow::Result<Exit> {
    match verb {
        Verb::Verify(args) => verify::run(place, args).await,
        Verb::Export(args) => export::run(place, args).await,
    }
}
