//! Where accepted mails can be seen.

use super::Findings;
use crate::config::Loaded;
use crate::runtime::eyes;

/// Whether it can be looked at; nothing is said where nothing is set.
pub(super) async fn knock(loaded: &Loaded, findings: &mut Findings) -> anyhow::Result<()> {
    let Some(place) = eyes::place(&loaded.settings)? else { return Ok(()) };
    let (group, name) = ("Thư đi", "nơi xem thư đã gửi");
    match place.knock().await {
        Ok(()) => findings.good(group, name, "mở được"),
        Err(reason) => findings.bad(
            group,
            name,
            reason,
            "xem lại [mail.sent]; nhật ký thì tài khoản vanthu phải đọc được",
        ),
    }
    Ok(())
}
