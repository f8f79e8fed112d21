//! What the settings of the two axes must be beyond their types.

use url::Url;

use super::{Checker, is_loopback, is_organ};
use crate::config::code::Code;
use crate::config::settings::{Lgsp, Vxp};
use crate::domain::status::Fold;

impl Checker<'_> {
    pub(super) fn vxp(&self, path: &str, source: &Vxp) {
        self.url(&format!("{path}.url"), &source.url);
        if !source.plain_http {
            self.encrypted(path, &source.url, "plain_http = true");
        }
        self.header(path, "system_id", &source.system_id);
        self.organ(
            path,
            &source.id,
            source.organ.as_deref(),
            (source.statuses.as_deref(), source.statuses_when),
        );
        self.timeouts(path, source.connect_timeout, source.request_timeout);
    }

    pub(super) fn lgsp(&self, path: &str, source: &Lgsp) {
        self.url(&format!("{path}.url"), &source.url);
        self.encrypted(path, &source.url, "");
        self.header(path, "system_id", &source.system_id);
        self.organ(
            path,
            &source.id,
            source.organ.as_deref(),
            (source.statuses.as_deref(), source.statuses_when),
        );
        self.timeouts(path, source.connect_timeout, source.request_timeout);
        if source.window > source.sweep {
            self.report(Code::WindowOrder, &format!("{path}.window"), ["window".into(), "sweep".into()]);
        }
    }

    /// Documents travel encrypted, except within this machine.
    fn encrypted(&self, path: &str, url: &str, unless: &str) {
        let plain = Url::parse(url)
            .is_ok_and(|url| url.scheme() == "http" && !url.host_str().is_some_and(is_loopback));
        if plain {
            let code = if unless.is_empty() { Code::PlainSecret } else { Code::PlainAxis };
            self.report(code, &format!("{path}.url"), [url.into()]);
        }
    }

    fn header(&self, path: &str, key: &'static str, text: &str) {
        if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_graphic()) {
            self.report(Code::NotHeader, &format!("{path}.{key}"), [key.into(), text.into()]);
        }
    }

    /// The organ that speaks to the axis, and what it says.
    fn organ(&self, path: &str, id: &str, organ: Option<&str>, told: (Option<&[String]>, Fold)) {
        match organ {
            None => self.told_nowhere(path, (Code::StatusesNoOrgan, &[id.into()]), told),
            Some(organ) if !is_organ(organ) => {
                self.report(Code::BadOrgan, &format!("{path}.organ"), [organ.into()]);
            }
            Some(_) => {}
        }
        self.statuses(path, told.0);
    }
}
