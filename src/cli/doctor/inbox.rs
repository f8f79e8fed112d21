//! The mailbox for answers and the health of the units' own.

use super::Findings;
use crate::app::ports::{Inbox as _, Reader};
use crate::cli::print;
use crate::config::Loaded;
use crate::domain::mailbox::Health;
use crate::runtime::wiring;

/// Whether the mailbox for answers can be opened.
pub(super) async fn knock(loaded: &Loaded, findings: &mut Findings) -> anyhow::Result<()> {
    let (group, name) = ("Thư về", "hộp thư nhận");
    let Some(inbox) = wiring::inbox(&loaded.settings)? else {
        let detail = "chưa khai [inbox]: thư trả lời và thư bị trả lại do người đọc";
        findings.good(group, name, detail);
        return Ok(());
    };
    match inbox.open().await {
        Ok(open) => {
            open.close().await;
            findings.good(group, name, format!("{}: đăng nhập và mở được", inbox.name()));
        }
        Err(error) => {
            let advice = "xem lại host, port, tls, username, password, folder trong [inbox]";
            findings.bad(group, name, error.to_string(), advice);
        }
    }
    Ok(())
}

/// What the register knows: how reading goes, and which mailboxes of units do not take mail.
pub(super) async fn known(
    loaded: &Loaded,
    store: &dyn Reader,
    findings: &mut Findings,
) -> anyhow::Result<()> {
    for inbox in store.inboxes().await? {
        let read = print::instant(inbox.good, &loaded.office.calendar);
        let detail = inbox.error.clone().unwrap_or_else(|| format!("đọc đến hết lúc {read}"));
        let advice = "xem lại [inbox] và máy chủ IMAP; trong lúc đó thư bị trả lại chưa được biết";
        findings.judge(inbox.error.is_none(), "Thư về", &inbox.inbox, detail, advice);
    }
    let mailboxes = store.mailboxes().await?;
    let count = |health| mailboxes.iter().filter(|record| record.health == health).count();
    let (failing, dead) = (count(Health::Failing), count(Health::Dead));
    let detail = format!("{dead} hộp thư hỏng, {failing} hộp thư có thư bị trả lại");
    let advice =
        "xem `vanthu mailbox list`; sửa địa chỉ trong units.toml, hoặc `vanthu mailbox revive ĐỊA-CHỈ`";
    findings.judge(dead + failing == 0, "Thư về", "hộp thư của chi bộ", detail, advice);
    Ok(())
}
