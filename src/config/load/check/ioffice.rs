//! What an iOffice source must be beyond the types of its keys.

use std::collections::BTreeMap;
use std::time::Duration;

use super::{Checker, steps};
use crate::config::code::Code;
use crate::config::diagnostic::Word;
use crate::config::settings::{Directives, FieldNames, Ioffice, Unmarked};
use crate::config::suggest::similar_words;

/// The lists that iOffice has.
const LISTS: [&str; 4] = ["waiting", "processed", "notify", "outdate"];
/// Seconds of a day.
const DAY: u64 = 24 * 60 * 60;
/// Days back that a night can compare.
const DAYS: u64 = 366;

/// Whole days, not too many.
fn is_span(compare: Duration) -> bool {
    let seconds = compare.as_secs();
    compare.subsec_nanos() == 0 && seconds.is_multiple_of(DAY) && seconds / DAY <= DAYS
}

impl Checker<'_> {
    pub(super) fn ioffice(&self, path: &str, source: &Ioffice) {
        self.url(&format!("{path}.url"), &source.url);
        self.lists(path, source);
        self.timeouts(path, source.connect_timeout, source.request_timeout);
        if source.page_size == 0 {
            let wanted: Word = ("số từ 1 trở lên", "a number from 1").into();
            self.report(Code::BadValue, &format!("{path}.page_size"), ["page_size".into(), wanted]);
        }
        if !is_span(source.compare) {
            let wanted: Word =
                (format!("số ngày tròn, nhiều nhất {DAYS}"), format!("whole days, at most {DAYS}")).into();
            self.report(Code::BadValue, &format!("{path}.compare"), ["compare".into(), wanted]);
        }
        if source.directives != Directives::Off && source.unmarked_directives == Unmarked::Withhold {
            self.report(Code::UnmarkedWithheld, &format!("{path}.directives"), []);
        }
        self.fields(&format!("{path}.fields"), &source.fields);
        let told = (source.statuses.as_deref(), source.statuses_when);
        if source.statuses_by.is_none() {
            let remedy: Word = (
                "thêm statuses_by = \"comment\" (ghi ý kiến) hoặc \"integration\" (cổng tích hợp), hoặc bỏ khoá này",
                "add statuses_by = \"comment\" or \"integration\", or remove this key",
            )
                .into();
            self.told_nowhere(path, (Code::StatusesNowhere, &[source.id.as_str().into(), remedy]), told);
        }
        self.statuses(path, told.0);
    }

    fn lists(&self, path: &str, source: &Ioffice) {
        if source.lists.is_empty() {
            self.report(Code::Empty, &format!("{path}.lists"), ["lists".into()]);
        }
        for (number, list) in
            source.lists.iter().enumerate().filter(|(_, list)| !LISTS.contains(&list.as_str()))
        {
            let path = format!("{path}.lists[{number}]");
            let finding = self.finding(Code::UnknownWord, &path).with(list.as_str()).with("lists");
            self.add(&path, finding.with(LISTS.join(", ")).or_rather(similar_words(list, LISTS)));
        }
    }

    /// One field cannot mean two things, and none is called nothing.
    fn fields(&self, path: &str, fields: &FieldNames) {
        let mut first: BTreeMap<String, (&str, String)> = BTreeMap::new();
        for (key, names) in fields.all() {
            for (number, name) in names.iter().enumerate() {
                let here = format!("{path}.{key}[{number}]");
                if name.trim().is_empty() {
                    self.report(Code::Empty, &here, [key.into()]);
                    continue;
                }
                let Some((other, earlier)) = first.insert(name.to_ascii_lowercase(), (key, here.clone()))
                else {
                    continue;
                };
                let finding = self.finding(Code::FieldTwice, &here).with(name.as_str()).with(other).with(key);
                let earlier = self.layers.locate(&steps(&earlier), false);
                self.add(&here, finding.and_at(&earlier, ("và ở đây", "and here")));
            }
        }
    }
}
