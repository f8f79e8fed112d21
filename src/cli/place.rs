//! Where a command works: configuration, language, register, clock, and who is asking.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::{Lang, print};
use crate::app::accept;
use crate::app::ports::{Clock, Reader, Store, StoreError};
use crate::config::settings::{self, Language, Settings};
use crate::config::{self, Loaded, Report, Secrets};
use crate::runtime::clock::WallClock;
use crate::runtime::files::{self, Files};
use crate::runtime::wiring;

/// Where a command works.
#[derive(Debug, Clone)]
pub struct Place {
    config: PathBuf,
    lang: Option<Lang>,
    env: BTreeMap<String, String>,
    clock: Arc<dyn Clock>,
}

impl Place {
    /// A place by the main file, or by its folder; the environment is read here, once.
    pub fn new(config: PathBuf, lang: Option<Lang>) -> Self {
        let env = std::env::vars_os()
            .filter_map(|(key, value)| Some((key.into_string().ok()?, value.into_string().ok()?)))
            .collect();
        Self { config, lang, env, clock: Arc::new(WallClock) }
    }

    /// The language people asked for: the option, else the locale, else Vietnamese.
    pub fn language(&self) -> Language {
        let locale = ["LC_ALL", "LC_MESSAGES", "LANG"].iter().find_map(|key| self.env.get(*key));
        match self.lang {
            Some(Lang::En) => Language::En,
            Some(Lang::Vi) => Language::Vi,
            None if locale.is_some_and(|locale| locale.starts_with("en")) => Language::En,
            None => Language::Vi,
        }
    }

    /// Everything in the files, checked; findings are printed, and `None` returned, when they are wrong.
    pub fn load(&self) -> Option<Loaded> {
        match self.examine() {
            Ok(loaded) => Some(loaded),
            Err(report) => {
                print::block(&report.render(self.language(), print::colour()));
                None
            }
        }
    }

    /// The office in force: as the daemon accepted it last, whatever the files say now; as the files say
    /// where it has accepted none. Findings are printed when nothing of it can be used.
    pub async fn in_force(&self) -> Option<Loaded> {
        let settings = self.plain_settings()?;
        match self.accepted(&settings).await {
            Some(office) => Some(wiring::loaded(settings, office)),
            None => self.load(),
        }
    }

    async fn accepted(&self, settings: &Settings) -> Option<config::Office> {
        if !settings.store.may_exist() {
            return None;
        }
        let store = wiring::visit(settings).await.ok()?;
        let stand = accept::stand(store.as_ref()).await.ok()?;
        let edition = store.edition(stand.edition()?).await.ok()??;
        config::restore_office(settings, &edition).ok().map(|(office, _)| office)
    }

    /// Everything in the files but secrets, without running the tests beside the rules, or everything wrong with
    /// them; nothing is printed.
    ///
    /// # Errors
    /// The findings, if an error is among them.
    pub fn load_quietly(&self) -> Result<Loaded, Report> {
        config::load_without_secrets(&self.root(), &self.env)
    }

    /// Everything in the files, or everything wrong with them. The tests beside the rules are run: a rule
    /// that does not do what its author wrote down is as wrong as one that cannot be read. Templates of
    /// mails are tried.
    ///
    /// # Errors
    /// The findings, if an error is among them.
    pub fn examine(&self) -> Result<Loaded, Report> {
        let loaded = config::load(&self.root(), &self.env, self.credentials().as_deref())?;
        self.examined(loaded)
    }

    /// [`examine`](Self::examine) without this machine: no credentials, no environment variables.
    ///
    /// # Errors
    /// The findings, if an error is among them.
    pub fn examine_offline(&self) -> Result<Loaded, Report> {
        self.examined(config::load_offline(&self.root())?)
    }

    fn examined(&self, loaded: Loaded) -> Result<Loaded, Report> {
        let faults = files::templates(&loaded.settings, &loaded.office);
        config::examine(loaded, faults, self.now())
    }

    /// Everything in the files but secrets, without running the tests beside the rules: for commands that
    /// run those tests themselves, or try rules out on a desk where no password is.
    pub fn load_untested(&self) -> Option<Loaded> {
        self.load_quietly()
            .map_err(|report| print::block(&report.render(self.language(), print::colour())))
            .ok()
    }

    /// The settings alone, for what must start while the office's files are broken. Where the settings
    /// themselves are, everything found in all files is printed.
    pub fn settings(&self) -> Option<Settings> {
        let credentials = self.credentials();
        let secrets = Secrets::Filled(credentials.as_deref());
        let settings = config::load_settings(&self.root(), &self.env, secrets).ok();
        if settings.is_none()
            && let Err(report) = config::load(&self.root(), &self.env, credentials.as_deref())
        {
            print::block(&report.render(self.language(), print::colour()));
        }
        settings
    }

    /// The settings without passwords and keys, which only the daemon may read: for commands beside it.
    /// Findings are printed.
    pub fn plain_settings(&self) -> Option<Settings> {
        let read = config::load_settings(&self.root(), &self.env, Secrets::LeftOut);
        let tell = |report: Report| print::block(&report.render(self.language(), print::colour()));
        read.map_err(tell).ok()
    }

    /// The office's files that settings name.
    pub fn files(&self, settings: &Settings) -> Files {
        Files::new(settings.clone(), self.root(), self.language())
    }

    /// Where the office's files are, whether or not they are right.
    pub fn paths(&self) -> settings::Files {
        let read = config::load_settings(&self.root(), &self.env, Secrets::LeftOut).ok();
        read.map_or_else(|| settings::Files::default().below(&self.root()), |settings| settings.files)
    }

    /// The folder of the files.
    pub fn root(&self) -> PathBuf {
        files::root(&self.config)
    }

    /// The environment as it was at start.
    pub fn env(&self) -> &BTreeMap<String, String> {
        &self.env
    }

    /// The main file.
    pub fn config(&self) -> &std::path::Path {
        &self.config
    }

    /// The folder in which systemd hands over credentials.
    pub fn credentials(&self) -> Option<PathBuf> {
        self.env.get("CREDENTIALS_DIRECTORY").map(PathBuf::from)
    }

    /// The register, for reading and for short writes beside a running daemon; `None` after saying why
    /// not.
    ///
    /// # Errors
    /// The store's.
    pub async fn register(&self, loaded: &Loaded) -> anyhow::Result<Option<Arc<dyn Store>>> {
        self.register_at(&loaded.settings).await
    }

    /// The same by the settings alone.
    ///
    /// # Errors
    /// The store's.
    pub async fn register_at(&self, settings: &Settings) -> anyhow::Result<Option<Arc<dyn Store>>> {
        if !has_register(settings) {
            return Ok(None);
        }
        made(wiring::visit(settings).await)
    }

    /// The register, for reading alone; `None` after saying why not. What a command only shows or tries
    /// out is worked out with this.
    ///
    /// # Errors
    /// The store's.
    pub async fn reader(&self, loaded: &Loaded) -> anyhow::Result<Option<Arc<dyn Reader>>> {
        if !has_register(&loaded.settings) {
            return Ok(None);
        }
        made(wiring::reader(&loaded.settings).await)
    }

    /// The clock.
    pub fn clock(&self) -> Arc<dyn Clock> {
        self.clock.clone()
    }

    /// Now.
    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// Who is asking, for the journal: the operating system's user.
    pub fn actor(&self) -> String {
        let user = ["SUDO_USER", "USER", "LOGNAME"].iter().find_map(|key| self.env.get(*key));
        user.cloned().unwrap_or_else(|| "không rõ".to_owned())
    }
}

fn has_register(settings: &Settings) -> bool {
    let there = settings.store.may_exist();
    if !there {
        print::error(&format!(
            "chưa có sổ ở {}; chạy `vanthu run` hoặc `vanthu poll --once` trước",
            settings.store.place()
        ));
    }
    there
}

/// A register that was opened; `None` after saying that there is none yet.
fn made<T>(opened: anyhow::Result<T>) -> anyhow::Result<Option<T>> {
    match opened {
        Ok(store) => Ok(Some(store)),
        Err(error) if matches!(error.downcast_ref(), Some(StoreError::Unmade(_))) => {
            print::error(&format!("{error}; chạy `vanthu run` hoặc `vanthu poll --once` trước"));
            Ok(None)
        }
        Err(error) => Err(error),
    }
}
