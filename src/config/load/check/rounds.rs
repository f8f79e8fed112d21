//! The mail of the morning and the table of the week: hours and addresses.

use super::Checker;
use crate::config::code::Code;
use crate::config::settings::{Settings, hour};

impl Checker<'_> {
    pub(super) fn rounds(&self, settings: &Settings) {
        for (path, at) in [("digest.at", &settings.digest.at), ("weekly.at", &settings.weekly.at)] {
            if hour(at).is_none() {
                let wanted = ("giờ và phút dạng \"07:30\"", "an hour and minutes like \"07:30\"").into();
                self.report(Code::BadValue, path, ["at".into(), wanted]);
            }
        }
        for (number, address) in settings.weekly.to.iter().enumerate() {
            self.plain(&format!("weekly.to[{number}]"), address);
        }
    }
}
