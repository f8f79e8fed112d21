//! Mails: whatever bytes come, an answer, and never more stack than there is.

#![no_main]

mod bounds;

use chrono::TimeDelta;
use chrono_tz::Asia::Ho_Chi_Minh;
use libfuzzer_sys::fuzz_target;
use vanthu::app::ports::Reading;
use vanthu::source::folder::{Hand, Kind, Options, readings};

fuzz_target!(|bytes: &[u8]| bounds::within_bounds(|| check(bytes)));

fn check(bytes: &[u8]) {
    let options = Options {
        id: "thu-muc".into(),
        path: "/khong-dung".into(),
        rest: TimeDelta::zero(),
        kinds: Vec::new(),
        open_marks: Vec::new(),
        hand: Hand::Looks,
        zone: Ho_Chi_Minh,
    };
    let readings = readings(Kind::Mail, bytes, &options).expect("bytes and files in memory never fail");
    assert!(!readings.is_empty(), "a mail without messages is one that cannot be used");
    for reading in readings {
        if let Reading::Broken(broken) = reading {
            assert!(!broken.reason.is_empty());
        }
    }
}
