//! `hold`: what waits for a human.

use super::{Exit, Place, print};
use crate::app::ports::{JournalEntry, JournalKind};
use crate::domain::ids::HoldId;

/// `hold …`
#[derive(Debug, clap::Subcommand)]
pub enum Verb {
    /// Liệt kê những việc chờ người quyết định
    List {
        /// Cả những việc đã giải quyết
        #[arg(long)]
        all: bool,
        /// In dạng JSON
        #[arg(long)]
        json: bool,
    },
    /// Đánh dấu một việc là đã giải quyết
    Release {
        /// Số của việc
        number: i64,
        /// Lý do, ghi vào nhật ký
        #[arg(long)]
        reason: String,
    },
}

pub(super) async fn run(place: &Place, verb: &Verb) -> anyhow::Result<Exit> {
    let Some(loaded) = place.load() else { return Ok(Exit::Configuration) };
    match verb {
        Verb::List { all, json } => {
            let Some(store) = place.reader(&loaded).await? else { return Ok(Exit::Failed) };
            let holds = store.holds(!all).await?;
            if *json {
                print::json(&holds)?;
                return Ok(Exit::Done);
            }
            if holds.is_empty() {
                print::text("không có việc nào chờ người quyết định");
            }
            let calendar = &loaded.office.calendar;
            print::table(
                &["Số", "Loại", "Từ lúc", "Nguồn", "Mã ở nguồn", "Tổ chức", "Lý do"],
                holds.iter().map(|hold| {
                    vec![
                        hold.id.to_string(),
                        hold.kind.as_str().to_owned(),
                        print::instant(Some(hold.opened), calendar),
                        hold.source.to_string(),
                        hold.external_id.to_string(),
                        hold.unit.as_ref().map(ToString::to_string).unwrap_or_default(),
                        hold.reason.clone(),
                    ]
                }),
            );
            Ok(Exit::Done)
        }
        Verb::Release { number, reason } => release(place, &loaded, HoldId(*number), reason).await,
    }
}

async fn release(
    place: &Place,
    loaded: &crate::config::Loaded,
    id: HoldId,
    reason: &str,
) -> anyhow::Result<Exit> {
    let Some(store) = place.register(loaded).await? else { return Ok(Exit::Failed) };
    let now = place.now();
    let mut tx = store.begin().await?;
    if !tx.release_hold(id, now).await? {
        print::error(&format!("không có việc chờ số {id}, hoặc việc đó đã được giải quyết"));
        return Ok(Exit::Failed);
    }
    let detail = serde_json::json!({"hold": id, "reason": reason, "actor": place.actor()});
    let entry =
        JournalEntry { at: now, kind: JournalKind::Released, document: None, obligation: None, detail };
    tx.append(&[entry]).await?;
    tx.commit().await?;
    print::text(&format!("việc số {id} đã được đánh dấu là giải quyết xong"));
    Ok(Exit::Done)
}
