//! When a source that can be read is odd all the same.

use super::settings::DURATION;
use super::shape::{Data, Form, Table, key};

/// `[watch]`
pub static WATCH: Table = Table {
    name: "[watch]",
    about: "Khi nào một nguồn đọc được vẫn bị coi là bất thường.",
    keys: &[
        key(
            "quiet_after",
            DURATION,
            "Bao nhiêu giờ làm việc không có văn bản mới thì báo; 0s là không bao giờ.",
        )
        .like(&["16h", "0s"]),
        key("source", Form::Many(&WATCH_SOURCE), "Nguồn cần mức riêng."),
    ],
};

/// `[[watch.source]]`
pub static WATCH_SOURCE: Table = Table {
    name: "[[watch.source]]",
    about: "Mức riêng của một nguồn.",
    keys: &[
        key("id", Form::Of(Data::Sources), "Tên nguồn.").required(),
        key("quiet_after", DURATION, "Bao nhiêu giờ làm việc không có văn bản mới thì báo.")
            .required()
            .like(&["40h"]),
    ],
};
