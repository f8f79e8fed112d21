//! `feed`: the private address of a cell's calendar.

use super::cell::find;
use super::{Exit, Place, print};
use crate::app::feed::address;
use crate::runtime::wiring;

/// `feed`
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Mã hoặc tên chi bộ
    cell: String,
    /// Cấp địa chỉ mới, thu lại địa chỉ cũ (khi đã lộ ra ngoài)
    #[arg(long)]
    renew: bool,
}

pub(super) async fn run(place: &Place, args: &Args) -> anyhow::Result<Exit> {
    let Some(loaded) = place.in_force().await else { return Ok(Exit::Configuration) };
    let now = place.now();
    let today = loaded.office.calendar.date_of(now);
    let cell = match find(&loaded.office.units, &args.cell, today) {
        Ok(unit) => unit.id.clone(),
        Err(why) => {
            print::error(&why);
            return Ok(Exit::Failed);
        }
    };
    if args.renew {
        let Some(store) = place.register(&loaded).await? else { return Ok(Exit::Failed) };
        let mut tx = store.begin().await?;
        tx.renew_feed(&cell, now).await?;
        tx.commit().await?;
    }
    let Some(store) = place.reader(&loaded).await? else { return Ok(Exit::Failed) };
    let policy = wiring::policy(&loaded, store.as_ref()).await?;
    print::text(&address(store.as_ref(), &policy, &cell).await?);
    if args.renew {
        print::text(
            "Địa chỉ cũ không còn dùng được. Gửi riêng địa chỉ này cho chi bộ; thư việc cần làm cũng có.",
        );
    }
    Ok(Exit::Done)
}
