//! Filling in secrets from the credential folder, a file or the environment.

use std::collections::BTreeMap;
use std::path::Path;

use secrecy::{ExposeSecret as _, SecretString};

use super::check::steps;
use super::layers::Layers;
use super::tree::Step;
use crate::config::code::Code;
use crate::config::diagnostic::{Diagnostic, Findings};
use crate::config::secret::{Secret, SecretPlace};
use crate::config::settings::{SentSettings, Settings, SourceSettings, Transport};
use crate::domain::dkim;

/// Shortest key that signs links, in bytes: HMAC-SHA256 gains nothing beyond, and loses below
/// (RFC 2104 §3).
const KEY_LENGTH: usize = 32;

/// Where secrets may be found.
pub struct Vault<'a> {
    /// `$CREDENTIALS_DIRECTORY`
    pub credentials: Option<&'a Path>,
    /// The environment.
    pub env: &'a BTreeMap<String, String>,
}

/// Fills every secret in; what cannot be had is a finding, except where the setting was mended.
pub fn fill(
    settings: &mut Settings,
    vault: &Vault<'_>,
    layers: &Layers,
    mended: &[Vec<Step>],
    findings: &Findings,
) {
    for (path, secret) in secrets(settings) {
        let at = steps(&path);
        if mended.iter().any(|mended| at.starts_with(mended)) {
            continue;
        }
        let place = layers.locate(&at, false);
        match vault.fetch(&secret.place) {
            Ok(value) => secret.value = SecretString::from(value),
            Err(reason) => {
                findings.add(
                    Diagnostic::new(Code::SecretUnread, place).with(secret.place.to_string()).with(reason),
                );
                continue;
            }
        }
        if let SecretPlace::Env(name) = &secret.place {
            findings.add(Diagnostic::new(Code::SecretInEnv, place.clone()).with(name.as_str()));
        }
        if path.starts_with("heartbeat.") && !is_address(secret.value.expose_secret()) {
            findings.add(Diagnostic::new(Code::BadHeartbeat, place.clone()).with(secret.place.to_string()));
        }
        if path == "mail.dkim.key"
            && let Err(fault) = dkim::Key::parse(secret.value.expose_secret())
        {
            let reason = (fault.vietnamese(), fault.english());
            findings.add(
                Diagnostic::new(Code::BadDkimKey, place.clone()).with(secret.place.to_string()).with(reason),
            );
        }
        if path.starts_with("web.link_keys") && secret.value.expose_secret().len() < KEY_LENGTH {
            findings.add(Diagnostic::new(Code::ShortKey, place).with(secret.place.to_string()));
        }
    }
}

/// The key to the register alone, for commands beside the daemon: whoever may read it may read the register, as with
/// a file. Where it cannot be read, the server has the last word.
pub fn fill_register(settings: &mut Settings, env: &BTreeMap<String, String>) {
    let vault = Vault { credentials: env.get("CREDENTIALS_DIRECTORY").map(Path::new), env };
    if let Some(secret) = &mut settings.store.password
        && let Ok(value) = vault.fetch(&secret.place)
    {
        secret.value = SecretString::from(value);
    }
}

/// Every secret with its path.
pub fn secrets(settings: &mut Settings) -> Vec<(String, &mut Secret)> {
    let mut secrets = Vec::new();
    for (number, source) in settings.sources.iter_mut().enumerate() {
        let mut add = |key: &str, secret| secrets.push((format!("source[{number}].{key}"), secret));
        match source {
            SourceSettings::Ioffice(source) => add("password", &mut source.password),
            SourceSettings::Folder(_) => {}
            SourceSettings::Vxp(source) => add("secret", &mut source.secret),
            SourceSettings::Lgsp(source) => {
                add("password", &mut source.password);
                add("secret_key", &mut source.secret_key);
            }
        }
    }
    if let Transport::Smtp(smtp) = &mut settings.mail.transport {
        secrets.extend(smtp.password.as_mut().map(|secret| ("mail.transport.password".to_owned(), secret)));
    }
    let register = settings.store.password.as_mut();
    secrets.extend(register.map(|secret| ("store.password".to_owned(), secret)));
    secrets.extend(settings.inbox.as_mut().map(|inbox| ("inbox.password".to_owned(), &mut inbox.password)));
    if let Some(SentSettings::Imap(imap)) = &mut settings.mail.sent {
        secrets.push(("mail.sent.password".to_owned(), &mut imap.password));
    }
    let dkim = settings.mail.dkim.as_mut();
    secrets.extend(dkim.map(|dkim| ("mail.dkim.key".to_owned(), &mut dkim.key)));
    secrets.extend(settings.heartbeat.url.as_mut().map(|secret| ("heartbeat.url".to_owned(), secret)));
    for (number, own) in settings.heartbeat.sources.iter_mut().enumerate() {
        secrets.push((format!("heartbeat.source[{number}].url"), &mut own.url));
    }
    for (number, key) in settings.web.link_keys.iter_mut().enumerate() {
        secrets.push((format!("web.link_keys[{number}].secret"), &mut key.secret));
    }
    secrets
}

/// Whether it can be called; the address itself is never shown.
fn is_address(text: &str) -> bool {
    url::Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
}

type Reason = (&'static str, &'static str);

impl Vault<'_> {
    fn fetch(&self, place: &SecretPlace) -> Result<String, Reason> {
        let value = match place {
            SecretPlace::Credential(name) => self.credential(name)?,
            SecretPlace::File(path) => read(path)?,
            SecretPlace::Env(name) => {
                self.env.get(name).cloned().ok_or(("không có biến này", "there is no such variable"))?
            }
        };
        let value = value.trim_end_matches(['\r', '\n']);
        if value.is_empty() { Err(("rỗng", "it is empty")) } else { Ok(value.to_owned()) }
    }

    /// A credential's name is a file name and nothing more.
    fn credential(&self, name: &str) -> Result<String, Reason> {
        if name.is_empty() || name.starts_with('.') || name.contains(['/', '\\']) {
            return Err(("tên credential không hợp lệ", "not a credential's name"));
        }
        let folder = self
            .credentials
            .ok_or(("dịch vụ không được cấp credential nào", "the service was given no credentials"))?;
        read(&folder.join(name))
    }
}

fn read(path: &Path) -> Result<String, Reason> {
    std::fs::read_to_string(path).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => ("không có tệp này", "there is no such file"),
        std::io::ErrorKind::PermissionDenied => ("không có quyền đọc", "permission denied"),
        _ => ("không đọc được", "it cannot be read"),
    })
}
