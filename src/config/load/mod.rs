//! Loading the settings: layers, strict reading, checks, secrets, paths.

mod check;
mod layers;
mod secrets;
mod shown;
mod strict;
pub mod tree;

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

pub use layers::{DROP_INS, MAIN, PREFIX};
pub use shown::{Origin, Shown};

use self::layers::Layers;
use super::code::Code;
use super::diagnostic::{Diagnostic, Findings};
use super::file::Place;
use super::secret::{Secret, SecretPlace};
use super::settings::{SentSettings, Settings, SourceSettings, Transport};

/// Variables of the command line, which set no setting.
const COMMAND_LINE: [&str; 3] = ["VANTHU_CONFIG", "VANTHU_LANG", "VANTHU_COLOR"];

/// Whether secrets are read.
#[derive(Debug, Clone, Copy)]
pub enum Secrets<'a> {
    /// They are; with `$CREDENTIALS_DIRECTORY`.
    Filled(Option<&'a Path>),
    /// They stay empty: for whoever may not read them and needs none.
    LeftOut,
}

/// That there is no office at all below `root`: one finding instead of one for each file of it.
pub fn missing(root: &Path) -> Option<Diagnostic> {
    let main = root.join(layers::MAIN);
    let absent = main.metadata().is_err_and(|error| error.kind() == ErrorKind::NotFound);
    let shown = main.display().to_string();
    absent.then(|| Diagnostic::new(Code::NoSettings, Place::Path(shown.clone())).with(shown))
}

/// Reads the settings below `root`; `None` beside findings that are errors. Paths come out absolute or
/// relative to the working folder, as `root` is. Without surroundings the files alone are read: secrets
/// stay empty, and no variable counts.
pub fn settings(
    root: &Path,
    env: &BTreeMap<String, String>,
    secrets: Secrets<'_>,
    findings: &Findings,
) -> Option<(Settings, Vec<Shown>)> {
    let layers = Layers::gather(root, env, findings)?;
    let read = strict::read(layers.merged(findings)?, &layers, findings);
    let mut settings = read.settings?;
    check::check(&settings, &layers, &read.mended, findings);
    resolve(&mut settings, root);
    if let Secrets::Filled(credentials) = secrets {
        let vault = secrets::Vault { credentials, env };
        secrets::fill(&mut settings, &vault, &layers, &read.mended, findings);
        check::folders(&settings, &layers, findings);
    } else {
        secrets::fill_register(&mut settings, env);
    }
    foreign_variables(env, &mut settings, findings);
    let shown = shown::shown(&settings, &layers);
    (!findings.has_errors()).then_some((settings, shown))
}

/// Makes relative paths lie below the folder of `vanthu.toml`, drop-ins included: a setting means the
/// same wherever it stands.
fn resolve(settings: &mut Settings, root: &Path) {
    settings.files = settings.files.below(root);
    let mut paths =
        vec![&mut settings.store.path, &mut settings.admin.control, &mut settings.clock.set_right];
    paths.extend(settings.store.files.as_mut());
    paths.extend(settings.journal.copy.as_mut());
    paths.extend(settings.backup.as_mut().map(|backup| &mut backup.folder));
    paths.extend(settings.store.ca_file.as_mut());
    paths.extend(settings.store.password.as_mut().and_then(secret_file));
    for source in &mut settings.sources {
        match source {
            SourceSettings::Ioffice(source) => {
                paths.extend(source.ca_file.as_mut());
                paths.extend(secret_file(&mut source.password));
            }
            SourceSettings::Folder(source) => paths.push(&mut source.path),
            SourceSettings::Vxp(source) => {
                paths.extend(source.ca_file.as_mut());
                paths.extend(secret_file(&mut source.secret));
            }
            SourceSettings::Lgsp(source) => {
                paths.extend(source.ca_file.as_mut());
                paths.extend(secret_file(&mut source.password));
                paths.extend(secret_file(&mut source.secret_key));
            }
        }
    }
    match &mut settings.mail.transport {
        Transport::Smtp(smtp) => {
            paths.extend(smtp.ca_file.as_mut());
            paths.extend(smtp.password.as_mut().and_then(secret_file));
        }
        Transport::File { folder } => paths.push(folder),
    }
    match &mut settings.mail.sent {
        Some(SentSettings::Imap(imap)) => {
            paths.extend(imap.ca_file.as_mut());
            paths.extend(secret_file(&mut imap.password));
        }
        Some(SentSettings::Log(log)) => paths.push(&mut log.path),
        None => {}
    }
    if let Some(inbox) = &mut settings.inbox {
        paths.extend(inbox.ca_file.as_mut());
        paths.extend(secret_file(&mut inbox.password));
    }
    paths.extend(settings.web.link_keys.iter_mut().filter_map(|key| secret_file(&mut key.secret)));
    paths.extend(settings.heartbeat.url.as_mut().and_then(secret_file));
    paths.extend(settings.heartbeat.sources.iter_mut().filter_map(|own| secret_file(&mut own.url)));
    for path in paths {
        *path = root.join(&*path);
    }
}

fn secret_file(secret: &mut Secret) -> Option<&mut PathBuf> {
    match &mut secret.place {
        SecretPlace::File(path) => Some(path),
        SecretPlace::Credential(_) | SecretPlace::Env(_) => None,
    }
}

/// Warns of variables that begin like ours and are neither a setting, nor the command line's, nor the
/// place of a secret: a misspelt override would otherwise be silence.
fn foreign_variables(env: &BTreeMap<String, String>, settings: &mut Settings, findings: &Findings) {
    let secrets = secrets::secrets(settings);
    let names: Vec<_> = secrets.iter().filter_map(|(_, secret)| secret_variable(secret)).collect();
    for name in env.keys().filter(|name| name.starts_with(PREFIX)) {
        let ours = layers::path_of(name).is_some() || COMMAND_LINE.contains(&name.as_str());
        if !ours && !names.contains(&name.as_str()) {
            findings.add(
                Diagnostic::new(Code::UnknownVariable, Place::Variable(name.clone())).with(name.as_str()),
            );
        }
    }
}

fn secret_variable(secret: &Secret) -> Option<&str> {
    match &secret.place {
        SecretPlace::Env(name) => Some(name),
        SecretPlace::Credential(_) | SecretPlace::File(_) => None,
    }
}
