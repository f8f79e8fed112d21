//! `rules approve` and `rules reject`: a person's word about an edition that waits.

use super::{Exit, Place, open, print};
use crate::app::accept::{self, Decision, Undecided};
use crate::cli::reload;
use crate::domain::edition::short;

/// `rules approve`, `rules reject`
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Mã của bản đang chờ, xem `vanthu status`
    edition: String,
    /// Vì sao, ghi vào sổ
    #[arg(long)]
    reason: Option<String>,
}

pub async fn approve(place: &Place, args: &Args) -> anyhow::Result<Exit> {
    let decided = decide(place, args, true).await?;
    let (settings, edition) = match decided {
        Ok(decided) => decided,
        Err(exit) => return Ok(exit),
    };
    print::text(&format!("đã duyệt bản {}", short(&edition)));
    Ok(match reload::ask(&settings, None, true).await {
        Ok(reply) => reload::tell(&reply, false)?,
        Err(unanswered) => {
            print::error(&format!("{unanswered}"));
            print::text("đã ghi vào sổ; dịch vụ sẽ nhận bản này khi xem tệp lần tới hoặc khi khởi động");
            Exit::Done
        }
    })
}

pub async fn reject(place: &Place, args: &Args) -> anyhow::Result<Exit> {
    let (settings, edition) = match decide(place, args, false).await? {
        Ok(decided) => decided,
        Err(exit) => return Ok(exit),
    };
    print::text(&format!("đã từ chối bản {}; bản đang có hiệu lực giữ nguyên", short(&edition)));
    // Board and status follow at the daemon's next look anyway.
    reload::ask(&settings, None, false).await.ok();
    Ok(Exit::Done)
}

async fn decide(
    place: &Place,
    args: &Args,
    approve: bool,
) -> anyhow::Result<Result<(crate::config::settings::Settings, String), Exit>> {
    let (settings, store) = match open(place).await? {
        Ok(opened) => opened,
        Err(exit) => return Ok(Err(exit)),
    };
    let actor = place.actor();
    let reason = args.reason.as_deref();
    let decision = Decision { edition: &args.edition, approve, actor: &actor, reason };
    match accept::decide(store.as_ref(), decision, place.now()).await {
        Ok(edition) => Ok(Ok((settings, edition))),
        Err(Undecided::Store(error)) => Err(error.into()),
        Err(undecided) => {
            print::error(&undecided.to_string());
            Ok(Err(Exit::Failed))
        }
    }
}
