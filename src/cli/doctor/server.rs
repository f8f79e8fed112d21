//! A register on a server: which daemons serve it, and whether the machine's clock is the server's.

use chrono::Duration;

use super::Findings;
use crate::app::ports::{Clock, Reader};

/// How far a machine's clock may differ; daemons go by the server's all the same.
const ODD: Duration = Duration::seconds(5);

/// What the server says of them; nothing where the register is a file.
pub(super) async fn server(
    clock: &dyn Clock,
    store: &dyn Reader,
    findings: &mut Findings,
) -> anyhow::Result<()> {
    let Some(time) = store.server_time().await? else { return Ok(()) };
    let apart = (clock.now() - time).abs();
    findings.judge(
        apart <= ODD,
        "Sổ",
        "giờ máy chủ của sổ",
        format!("lệch với máy này {} giây", apart.num_seconds()),
        "bật đồng bộ giờ (NTP) trên cả hai máy",
    );
    let detail = match store.instances().await?.len() {
        0 => "không dịch vụ nào đang chạy".to_owned(),
        count => format!("{count} dịch vụ đang chạy"),
    };
    findings.good("Sổ", "phục vụ sổ", detail);
    Ok(())
}
