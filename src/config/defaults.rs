//! Values of settings that nobody wrote.

use std::net::SocketAddr;
use std::time::Duration;

pub(super) fn login() -> String {
    "login".to_owned()
}
pub(super) fn lists() -> Vec<String> {
    ["waiting", "processed", "notify"].map(str::to_owned).to_vec()
}
pub(super) fn page_size() -> u32 {
    50
}
pub(super) fn open_marks() -> Vec<String> {
    ["Thường", "Không mật", "Không", "Bình thường"].map(str::to_owned).to_vec()
}
pub(super) fn connect_timeout() -> Duration {
    Duration::from_secs(10)
}
pub(super) fn request_timeout() -> Duration {
    Duration::from_secs(60)
}
pub(super) fn body_limit() -> u64 {
    32 * 1024 * 1024
}
pub(super) fn pace() -> Duration {
    Duration::from_millis(50)
}
pub(super) fn overlap() -> Duration {
    Duration::from_secs(7 * 24 * 3600)
}
pub(super) fn recheck() -> Duration {
    Duration::from_secs(6 * 3600)
}
pub(super) fn message_timeout() -> Duration {
    Duration::from_secs(120)
}
pub(super) fn message_limit() -> u64 {
    128 * 1024 * 1024
}
pub(super) fn message_recheck() -> Duration {
    Duration::from_secs(24 * 3600)
}
pub(super) fn sweep() -> Duration {
    Duration::from_secs(30 * 24 * 3600)
}
pub(super) fn compare() -> Duration {
    Duration::from_secs(30 * 24 * 3600)
}
pub(super) fn poll() -> String {
    "*/5 * * * *".to_owned()
}
pub(super) fn rest() -> Duration {
    Duration::from_secs(5)
}
pub(super) fn kinds() -> Vec<String> {
    ["edxml", "xml", "eml", "xlsx"].map(str::to_owned).to_vec()
}
pub(super) fn folder_poll() -> String {
    "* * * * *".to_owned()
}
pub(super) fn waits() -> Vec<Duration> {
    [1, 5, 15, 60, 60, 240, 240, 480, 960].map(|minutes| Duration::from_secs(minutes * 60)).to_vec()
}
pub(super) fn yes() -> bool {
    true
}
pub(super) fn stop_words() -> Vec<String> {
    ["kỷ luật", "tố cáo", "khiếu nại", "nhân sự", "dấu hiệu vi phạm"].map(str::to_owned).to_vec()
}
pub(super) fn sessions() -> usize {
    4
}
pub(super) fn command_timeout() -> Duration {
    Duration::from_secs(60)
}
pub(super) fn dot_timeout() -> Duration {
    Duration::from_secs(600)
}
pub(super) fn web_listen() -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], 8080))
}
pub(super) fn link_life() -> Duration {
    Duration::from_secs(180 * 24 * 3600)
}
