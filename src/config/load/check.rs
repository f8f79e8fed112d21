//! What a setting must be beyond its type.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::time::Duration;

use rustix::fs::Access;

use super::layers::Layers;
use super::tree::Step;
use crate::config::address::{self, is_domain, is_plain};
use crate::config::code::Code;
use crate::config::diagnostic::{Diagnostic, Findings, Word};
use crate::config::fields::is_code;
use crate::config::settings::{Folder, Settings, Smtp, SourceSettings, Tls, Transport};
use crate::config::suggest::similar_words;
use crate::domain::schedule::Schedule;
use crate::domain::status::{Fold, StatusCode, Voice};

mod axis;
mod backup;
mod inbox;
mod ioffice;
mod rounds;
mod sending;
mod sent;
mod store;

/// Endings of files that a folder may be asked for.
const KINDS: [&str; 4] = ["edxml", "xml", "eml", "xlsx"];
/// SMTP connections at once: relays refuse more, and none is no mail.
const SESSIONS: std::ops::RangeInclusive<usize> = 1..=64;
/// Longest id of a link key; it stands in every link.
const KEY_ID: usize = 8;
/// Longest id of a source; it stands in metrics and SQL.
const SOURCE_ID: usize = 32;

/// Reports what is wrong, except about what was mended.
pub fn check(settings: &Settings, layers: &Layers, mended: &[Vec<Step>], findings: &Findings) {
    let checker = Checker { layers, mended, findings };
    checker.sources(settings);
    checker.mail(settings);
    checker.inbox(settings);
    checker.web(settings);
    checker.store(settings);
    checker.backup(settings);
    checker.operations(settings);
    checker.cron("schedule.chase", &settings.schedule.chase);
    checker.watched(settings);
    checker.rounds(settings);
}

/// Warns of folders that are not there or that this account may not move files in. Not an error: a network
/// share that is away must not keep the daemon from starting.
pub fn folders(settings: &Settings, layers: &Layers, findings: &Findings) {
    for (number, source) in settings.sources.iter().enumerate() {
        let SourceSettings::Folder(folder) = source else { continue };
        let access = Access::READ_OK | Access::WRITE_OK | Access::EXEC_OK;
        let why = match folder.path.metadata() {
            Err(_) => ("không có thư mục này", "there is no such folder"),
            Ok(found) if !found.is_dir() => ("không phải thư mục", "it is no folder"),
            Ok(_) if rustix::fs::access(&folder.path, access).is_err() => {
                ("không đọc và ghi được trong đó", "this account cannot read and write in it")
            }
            Ok(_) => continue,
        };
        let place = layers.locate(&steps(&format!("source[{number}].path")), false);
        let finding = Diagnostic::new(Code::FolderUnusable, place);
        findings.add(finding.with(folder.path.display().to_string()).with(why));
    }
}

struct Checker<'a> {
    layers: &'a Layers,
    mended: &'a [Vec<Step>],
    findings: &'a Findings,
}

/// Whether a text has the form of a mã định danh: those of QCVN 102:2016/BTTTT (`000.00.00.H41`) and of Quyết định
/// 20/2020/QĐ-TTg (`H37.02.02`), and the short forms that occur.
fn is_organ(text: &str) -> bool {
    let fits = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '.';
    (3..=35).contains(&text.len()) && text.chars().all(fits)
}

impl Checker<'_> {
    /// Reports at a setting written `mail.transport.port`, `source[0].url`.
    fn report(&self, code: Code, path: &str, words: impl IntoIterator<Item = Word>) {
        self.add(path, Diagnostic { words: words.into_iter().collect(), ..self.finding(code, path) });
    }

    fn finding(&self, code: Code, path: &str) -> Diagnostic {
        Diagnostic::new(code, self.layers.locate(&steps(path), false))
    }

    fn add(&self, path: &str, finding: Diagnostic) {
        let path = steps(path);
        if !self.mended.iter().any(|mended| path.starts_with(mended)) {
            self.findings.add(finding);
        }
    }

    fn sources(&self, settings: &Settings) {
        let mut first = BTreeMap::new();
        for (number, source) in settings.sources.iter().enumerate() {
            let path = format!("source[{number}]");
            let id = format!("{path}.id");
            if !is_code(source.id(), SOURCE_ID) {
                self.report(Code::BadCode, &id, [source.id().into(), SOURCE_ID.to_string().into()]);
            }
            if let Some(earlier) = first.insert(source.id().to_owned(), id.clone()) {
                let finding = self.finding(Code::DuplicateId, &id).with(source.id()).with("[[source]]");
                let earlier = self.layers.locate(&steps(&earlier), false);
                self.add(&id, finding.and_at(&earlier, ("lần đầu", "the first time")));
            }
            match source {
                SourceSettings::Ioffice(source) => self.ioffice(&path, source),
                SourceSettings::Folder(source) => self.folder(&path, source),
                SourceSettings::Vxp(source) => self.vxp(&path, source),
                SourceSettings::Lgsp(source) => self.lgsp(&path, source),
            }
            self.cron(&format!("{path}.poll"), source.poll());
        }
        self.shared_folders(settings);
    }

    fn folder(&self, path: &str, source: &Folder) {
        if source.kinds.is_empty() {
            self.report(Code::Empty, &format!("{path}.kinds"), ["kinds".into()]);
        }
        let unknown = source.kinds.iter().enumerate().filter(|(_, kind)| !KINDS.contains(&kind.as_str()));
        for (number, kind) in unknown {
            let path = format!("{path}.kinds[{number}]");
            let finding = self.finding(Code::UnknownWord, &path).with(kind.as_str()).with("kinds");
            self.add(&path, finding.with(KINDS.join(", ")).or_rather(similar_words(kind, KINDS)));
        }
    }

    /// Two sources over one folder would take each other's files, and so would one within another.
    fn shared_folders(&self, settings: &Settings) {
        let folders: Vec<_> = settings
            .sources
            .iter()
            .enumerate()
            .filter_map(|(number, source)| match source {
                SourceSettings::Folder(folder) => Some((number, &folder.path)),
                _ => None,
            })
            .collect();
        for (at, (number, folder)) in folders.iter().enumerate() {
            let mut earlier = folders.iter().take(at);
            let shared = earlier.find(|(_, other)| folder.starts_with(other) || other.starts_with(folder));
            if let Some((other, _)) = shared {
                let path = format!("source[{number}].path");
                let finding = self.finding(Code::SharedFolder, &path).with(folder.display().to_string());
                let other = self.layers.locate(&steps(&format!("source[{other}].path")), false);
                self.add(&path, finding.and_at(&other, ("thư mục kia", "the other folder")));
            }
        }
    }

    fn operations(&self, settings: &Settings) {
        let operations = &settings.operations;
        let ids: Vec<_> = settings.sources.iter().map(SourceSettings::id).collect();
        for (number, id) in operations.order.iter().enumerate().filter(|(_, id)| !ids.contains(&id.as_str()))
        {
            let known = if ids.is_empty() { "–".to_owned() } else { ids.join(", ") };
            let path = format!("operations.order[{number}]");
            self.report(Code::UnknownOrder, &path, [id.as_str().into(), known.into()]);
        }
        let bad = |organ: &&String| !is_organ(organ);
        for (number, organ) in operations.organs.iter().enumerate().filter(|(_, organ)| bad(organ)) {
            let path = format!("operations.organs[{number}]");
            self.report(Code::BadOrgan, &path, [organ.as_str().into()]);
        }
    }

    fn timeouts(&self, path: &str, connect: Duration, request: Duration) {
        if connect > request {
            let words = ["connect_timeout".into(), "request_timeout".into()];
            self.report(Code::TimeoutOrder, &format!("{path}.connect_timeout"), words);
        }
    }

    /// What is to be told, where there is no way to tell it.
    fn told_nowhere(
        &self,
        path: &str,
        (code, words): (Code, &[Word]),
        (codes, fold): (Option<&[String]>, Fold),
    ) {
        let set = [("statuses", codes.is_some()), ("statuses_when", fold != Fold::default())];
        for (key, _) in set.into_iter().filter(|(_, is_set)| *is_set) {
            self.report(
                code,
                &format!("{path}.{key}"),
                std::iter::once(key.into()).chain(words.iter().cloned()),
            );
        }
    }

    /// What may be told upstream by itself.
    fn statuses(&self, path: &str, codes: Option<&[String]>) {
        let machine = Voice::MACHINE.map(StatusCode::digits);
        for (number, digits) in codes.into_iter().flatten().enumerate() {
            let path = format!("{path}.statuses[{number}]");
            match StatusCode::parse(digits) {
                Some(code) if Voice::MACHINE.contains(&code) => {}
                Some(code) => self.report(Code::StatusByHand, &path, [code.digits().into()]),
                None => {
                    let words = [digits.as_str().into(), "statuses".into(), machine.join(", ").into()];
                    self.report(Code::UnknownWord, &path, words);
                }
            }
        }
    }

    /// Sources that are named must be there: a misspelt one would be watched by nobody.
    fn watched(&self, settings: &Settings) {
        let known: Vec<_> = settings.sources.iter().map(SourceSettings::id).collect();
        let watch = settings.watch.sources.iter().map(|own| own.id.as_str());
        let beats = settings.heartbeat.sources.iter().map(|own| own.id.as_str());
        let named = [("watch", watch.collect::<Vec<_>>()), ("heartbeat", beats.collect())];
        for (table, ids) in named {
            for (number, id) in ids.into_iter().enumerate().filter(|(_, id)| !known.contains(id)) {
                let path = format!("{table}.source[{number}].id");
                let finding = self.finding(Code::UnknownWord, &path).with(id).with("id");
                self.add(
                    &path,
                    finding.with(known.join(", ")).or_rather(similar_words(id, known.iter().copied())),
                );
            }
        }
    }

    fn mail(&self, settings: &Settings) {
        let mail = &settings.mail;
        self.address("mail.from", &mail.from);
        let owner = &settings.office.rules_owner;
        owner.iter().for_each(|address| self.plain("office.rules_owner", address));
        mail.reply_to.iter().for_each(|address| self.address("mail.reply_to", address));
        if !is_domain(&mail.list_id) {
            let wanted: Word =
                ("tên dạng chi-dao.don-vi.vn, không dấu", "a name like orders.office.vn, ASCII").into();
            self.report(Code::BadValue, "mail.list_id", ["list_id".into(), wanted]);
        }
        if mail.waits.is_empty() {
            self.report(Code::Empty, "mail.waits", ["waits".into()]);
        }
        if let Transport::Smtp(smtp) = &mail.transport {
            self.smtp(smtp);
        }
        self.sending(mail);
    }

    fn smtp(&self, smtp: &Smtp) {
        if !SESSIONS.contains(&smtp.sessions) {
            let (low, high) = (SESSIONS.start(), SESSIONS.end());
            let wanted = (format!("số từ {low} đến {high}"), format!("a number from {low} to {high}")).into();
            self.report(Code::BadValue, "mail.transport.sessions", ["sessions".into(), wanted]);
        }
        if smtp.tls == Tls::Plain && !is_loopback(&smtp.host) {
            self.report(Code::PlainFar, "mail.transport.tls", []);
        }
        // A password that was written wrongly is a finding of its own, and absent here.
        let password = steps("mail.transport.password");
        let mended =
            self.mended.iter().any(|mended| password.starts_with(mended) || mended.starts_with(&password));
        if smtp.username.is_some() != smtp.password.is_some() && !mended {
            self.report(Code::HalfLogin, "mail.transport", []);
        }
        if smtp.command_timeout > smtp.dot_timeout {
            self.report(
                Code::TimeoutOrder,
                "mail.transport.command_timeout",
                ["command_timeout".into(), "dot_timeout".into()],
            );
        }
    }

    /// A mailbox as it stands in From: `Name <address>` or the address alone. The mailer's own parser
    /// has the last word, so that it can never refuse later what was accepted here.
    fn address(&self, path: &str, text: &str) {
        let parsed = text.parse::<lettre::message::Mailbox>();
        if !parsed.is_ok_and(|mailbox| is_plain(mailbox.email.as_ref())) {
            let bare = text.rsplit_once('<').map_or(text, |(_, rest)| rest.trim_end().trim_end_matches('>'));
            let whole = if is_plain(bare) { text } else { bare };
            self.add(path, address::finding(whole, self.layers.locate(&steps(path), false)));
        }
    }

    /// An address alone.
    fn plain(&self, path: &str, address: &str) {
        if !is_plain(address) {
            self.add(path, address::finding(address, self.layers.locate(&steps(path), false)));
        }
    }

    fn web(&self, settings: &Settings) {
        self.url("web.public_url", &settings.web.public_url);
        if settings.web.link_keys.is_empty() {
            self.report(Code::Empty, "web.link_keys", ["link_keys".into()]);
        }
        let mut first = BTreeMap::new();
        for (number, key) in settings.web.link_keys.iter().enumerate() {
            let path = format!("web.link_keys[{number}].id");
            let plain = key.id.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit());
            if !plain || key.id.is_empty() || key.id.len() > KEY_ID {
                self.report(Code::BadCode, &path, [key.id.as_str().into(), KEY_ID.to_string().into()]);
            }
            if let Some(earlier) = first.insert(key.id.clone(), path.clone()) {
                let finding = self.finding(Code::DuplicateId, &path).with(key.id.as_str()).with("link_keys");
                let earlier = self.layers.locate(&steps(&earlier), false);
                self.add(&path, finding.and_at(&earlier, ("lần đầu", "the first time")));
            }
        }
    }

    /// An address of http or https with a host and nothing that would end up in every link or request.
    fn url(&self, path: &str, text: &str) {
        let good = url::Url::parse(text).is_ok_and(|url| {
            let scheme = matches!(url.scheme(), "http" | "https");
            let plain = url.username().is_empty() && url.password().is_none();
            scheme && plain && url.has_host() && url.query().is_none() && url.fragment().is_none()
        });
        if !good {
            self.report(Code::BadUrl, path, [text.into()]);
        }
    }

    fn cron(&self, path: &str, expression: &str) {
        // Whether an expression is well formed does not depend on the zone.
        if let Err(error) = Schedule::parse(expression, chrono_tz::Asia::Ho_Chi_Minh) {
            let reason = (error.to_string(), "not a plain five-field expression".to_owned());
            self.report(Code::BadSchedule, path, [expression.into(), reason.into()]);
        }
    }
}

fn is_loopback(host: &str) -> bool {
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// `source[0].url` as steps.
pub fn steps(path: &str) -> Vec<Step> {
    let part = |part: &str| {
        let mut pieces = part.split('[');
        let key = pieces.next().map(|key| Step::Key(key.to_owned()));
        let indexes = pieces.filter_map(|piece| piece.trim_end_matches(']').parse().ok().map(Step::Index));
        key.into_iter().chain(indexes).collect::<Vec<_>>()
    };
    path.split('.').flat_map(part).collect()
}

#[cfg(test)]
mod tests {
    use super::super::tree::join;
    use super::*;

    #[test]
    fn paths_go_both_ways() {
        for path in ["mail.transport.port", "source[0].lists[2]", "web.link_keys[10].id"] {
            assert_eq!(join(&steps(path)), path);
        }
    }

    #[test]
    fn only_this_machine_is_loopback() {
        for (host, expected) in
            [("localhost", true), ("127.0.0.1", true), ("::1", true), ("10.0.0.1", false), ("mail.vn", false)]
        {
            assert_eq!(is_loopback(host), expected, "{host}");
        }
    }
}
