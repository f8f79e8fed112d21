//! Reload: read the office's files again and swap them in as a whole, or keep what was good.

use std::sync::Arc;

use super::daemon::Daemon;
use super::wiring;
use crate::app::office::Office;

/// Reads the office's files; the error is a rendered report for people.
pub type Loader = Box<dyn Fn() -> Result<Office, String> + Send + Sync>;

/// What the board says while the files are broken.
const KEPT: &str = "Tệp cấu hình mới có lỗi; đang dùng bản tốt gần nhất. Chạy `vanthu check` để xem.";

/// How to read the files again.
pub struct Reload(pub Loader);

impl Reload {
    /// Reads and swaps; on any finding the last good set stays in force and the finding is shown.
    pub fn reload(&self, daemon: &Daemon) {
        match (self.0)() {
            Ok(office) => {
                tracing::info!(ruleset = %office.ruleset.hash, "đã nhận quy tắc, tổ chức và lịch mới");
                let until = wiring::covered_until(&office.calendar);
                daemon.metrics.reloaded(&office.ruleset.hash, until, daemon.clock.now());
                daemon.standing.send_modify(|standing| standing.banners.retain(|banner| banner != KEPT));
                daemon.office.send_replace(Arc::new(office));
            }
            Err(report) => {
                tracing::error!(%report, "tệp cấu hình có lỗi; giữ nguyên bản đang dùng");
                daemon.metrics.reload_failed();
                daemon.standing.send_modify(|standing| {
                    if !standing.banners.iter().any(|banner| banner == KEPT) {
                        standing.banners.push(KEPT.to_owned());
                    }
                });
            }
        }
    }
}
