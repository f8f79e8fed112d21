//! `mailbox`: which addresses of units mail does not reach, and using one again that was mended.

use serde::Serialize;

use super::{Exit, Place, print};
use crate::app::mailbox::{self, ReviveError};
use crate::app::ports::InboxState;
use crate::config::Loaded;
use crate::domain::ids::UnitId;
use crate::domain::mailbox::{Health, Record};

/// `mailbox …`
#[derive(Debug, clap::Subcommand)]
pub enum Verb {
    /// Liệt kê hộp thư đang hỏng hoặc có thư bị trả lại
    List {
        /// Cả những hộp thư đã tốt trở lại
        #[arg(long)]
        all: bool,
        /// In dạng JSON
        #[arg(long)]
        json: bool,
    },
    /// Dùng lại một hộp thư đã được sửa
    Revive {
        /// Địa chỉ
        address: String,
        /// Vì sao dùng lại được, ghi vào nhật ký
        #[arg(long)]
        reason: String,
    },
}

/// A mailbox with whose it is.
#[derive(Serialize)]
struct Line<'a> {
    #[serde(flatten)]
    record: &'a Record,
    units: Vec<UnitId>,
}

/// What `mailbox list --json` tells.
#[derive(Serialize)]
struct Listing<'a> {
    mailboxes: Vec<Line<'a>>,
    inboxes: Vec<InboxState>,
}

pub(super) async fn run(place: &Place, verb: &Verb) -> anyhow::Result<Exit> {
    let Some(loaded) = place.in_force().await else { return Ok(Exit::Configuration) };
    match verb {
        Verb::List { all, json } => list(place, &loaded, *all, *json).await,
        Verb::Revive { address, reason } => revive(place, &loaded, address, reason).await,
    }
}

async fn list(place: &Place, loaded: &Loaded, all: bool, json: bool) -> anyhow::Result<Exit> {
    let Some(store) = place.reader(loaded).await? else { return Ok(Exit::Failed) };
    let records = mailbox::list(store.as_ref()).await?;
    let shown = records.iter().filter(|record| all || record.health != Health::Ok);
    let mailboxes: Vec<_> =
        shown.map(|record| Line { record, units: units(loaded, &record.address) }).collect();
    let inboxes = store.inboxes().await?;
    if json {
        print::json(&Listing { mailboxes, inboxes })?;
        return Ok(Exit::Done);
    }
    let calendar = &loaded.office.calendar;
    if mailboxes.is_empty() {
        print::text("không có hộp thư nào bị ghi là hỏng");
    } else {
        print::table(
            &["Hộp thư", "Của", "Tình trạng", "Từ lúc", "Số ngày bị trả lại", "Máy chủ trả lời"],
            mailboxes.iter().map(|Line { record, units }| {
                let units: Vec<_> = units.iter().map(UnitId::as_str).collect();
                vec![
                    record.address.clone(),
                    units.join(", "),
                    health(record.health).to_owned(),
                    print::instant(Some(record.since), calendar),
                    record.days.len().to_string(),
                    record.reason.clone(),
                ]
            }),
        );
    }
    if loaded.settings.inbox.is_none() {
        print::text("Chưa khai [inbox]: thư bị trả lại sau khi máy chủ đã nhận thì không biết được.");
    }
    for inbox in &inboxes {
        let read = match inbox.good {
            Some(_) => format!("đọc đến hết lúc {}", print::instant(inbox.good, calendar)),
            None => "chưa đọc được lần nào".to_owned(),
        };
        let trouble = inbox.error.as_ref().map(|error| format!("; đang lỗi: {error}")).unwrap_or_default();
        print::text(&format!("Hộp thư nhận {}: {read}{trouble}", inbox.inbox));
    }
    Ok(Exit::Done)
}

/// The units an address belongs to, by code.
fn units(loaded: &Loaded, address: &str) -> Vec<UnitId> {
    let has = |of: &&crate::domain::unit::Unit| {
        of.mailboxes.iter().any(|mailbox| mailbox.address.eq_ignore_ascii_case(address))
    };
    loaded.office.units.iter().filter(has).map(|unit| unit.id.clone()).collect()
}

fn health(health: Health) -> &'static str {
    match health {
        Health::Ok => "tốt",
        Health::Failing => "có thư bị trả lại, vẫn gửi",
        Health::Dead => "hỏng, không gửi nữa",
    }
}

async fn revive(place: &Place, loaded: &Loaded, address: &str, reason: &str) -> anyhow::Result<Exit> {
    if reason.trim().is_empty() {
        print::error("cần ghi lý do: --reason \"…\"");
        return Ok(Exit::Failed);
    }
    let Some(store) = place.register(loaded).await? else { return Ok(Exit::Failed) };
    let actor = place.actor();
    match mailbox::revive(store.as_ref(), address, (&actor, reason), place.now()).await {
        Ok(record) => {
            print::text(&format!(
                "từ nay lại gửi thư đến {}; thư đã bị trả lại thì gửi lại bằng `vanthu outbox retry SỐ`",
                record.address
            ));
            Ok(Exit::Done)
        }
        Err(error @ ReviveError::Well(_)) => {
            print::error(&error.to_string());
            Ok(Exit::Failed)
        }
        Err(ReviveError::Store(error)) => Err(error.into()),
    }
}
