//! Copies of the register.

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

/// `[journal]`
pub static JOURNAL: Table = Table {
    name: "[journal]",
    about: "Bản chép thứ hai của nhật ký, ghi ngay sau mỗi việc, để phục hồi mà không gửi lại thư, không mất xác nhận.",
    keys: &[key("copy", Form::Text, "Thư mục của bản chép, nên ở ổ đĩa khác.").like(&["/mnt/o-hai/nhat-ky"])],
};
