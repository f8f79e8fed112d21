//! What the register rests on: its copies, and the machine's clock.

use super::settings::DURATION;
use super::shape::{Form, Table, key};

/// `[backup]`
pub static BACKUP: Table = Table {
    name: "[backup]",
    about: "Bản sao lưu của sổ: để ở đâu, giữ mấy bản, cũ bao lâu thì báo. Lệnh: vanthu backup.",
    keys: &[
        key("folder", Form::Text, "Thư mục của các bản sao lưu, nên ở ổ đĩa khác.")
            .like(&["/var/backups/vanthu"]),
        key("keep", Form::Number(1, 1000), "Giữ bao nhiêu bản mới nhất."),
        key("warn_after", DURATION, "Bản mới nhất cũ hơn mức này thì bảng theo dõi, status và /readyz báo.")
            .like(&["26h", "8days"]),
    ],
};

/// `[clock]`
pub static CLOCK: Table = Table {
    name: "[clock]",
    about: "Đồng hồ của máy: nhảy quá một phút thì vanthu tạm dừng nhắc việc cho đến khi biết giờ nào đúng.",
    keys: &[key(
        "set_right",
        Form::Text,
        "Tệp được chạm vào mỗi khi máy chỉnh giờ theo máy chủ thời gian; có sau cú nhảy thì tin giờ máy.",
    )
    .like(&["/run/systemd/timesync/synchronized"])],
};

/// `[journal]`
pub static JOURNAL: Table = Table {
    name: "[journal]",
    about: "Bản chép thứ hai của nhật ký, ghi ngay sau mỗi việc, để phục hồi mà không gửi lại thư, không mất xác nhận.",
    keys: &[key("copy", Form::Text, "Thư mục của bản chép, nên ở ổ đĩa khác.").like(&["/mnt/o-hai/nhat-ky"])],
};
