//! Where a command works: configuration, language, register, clock, and who is asking.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::{Lang, print};
use crate::app::ports::{Clock, Reader, Store};
use crate::config::calendar::missing_years;
use crate::config::{self, Loaded, Report, rules_test, settings::Language};
use crate::runtime::clock::WallClock;
use crate::runtime::reload::Reload;
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

    /// Everything in the files, without running the tests beside the rules, or everything wrong with
    /// them; nothing is printed.
    ///
    /// # Errors
    /// The findings, if an error is among them.
    pub fn load_quietly(&self) -> Result<Loaded, Report> {
        config::load(&self.root(), &self.env, self.credentials().as_deref())
    }

    /// Everything in the files, or everything wrong with them. The tests beside the rules are run: a rule
    /// that does not do what its author wrote down is as wrong as one that cannot be read.
    ///
    /// # Errors
    /// The findings, if an error is among them.
    pub fn examine(&self) -> Result<Loaded, Report> {
        let mut loaded = config::load(&self.root(), &self.env, self.credentials().as_deref())?;
        let folder = loaded.settings.files.calendar.display().to_string();
        loaded.warnings.extend(missing_years(&loaded.office.calendar, &folder, self.now()));
        let failures = rules_test::report(&rules_test::run(&loaded.office));
        if failures.errors() > 0 {
            loaded.warnings.extend(failures);
            return Err(loaded.warnings);
        }
        Ok(loaded)
    }

    /// Everything in the files, without running the tests beside the rules: for the command that runs
    /// them and tells of each.
    pub fn load_untested(&self) -> Option<Loaded> {
        self.load_quietly()
            .map_err(|report| print::block(&report.render(self.language(), print::colour())))
            .ok()
    }

    /// The folder of the files.
    pub fn root(&self) -> PathBuf {
        match self.config.parent() {
            Some(folder) if !self.config.is_dir() => folder.to_owned(),
            _ => self.config.clone(),
        }
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
        if !has_register(loaded) {
            return Ok(None);
        }
        Ok(Some(wiring::visit(loaded).await?))
    }

    /// The register, for reading alone; `None` after saying why not. What a command only shows or tries
    /// out is worked out with this.
    ///
    /// # Errors
    /// The store's.
    pub async fn reader(&self, loaded: &Loaded) -> anyhow::Result<Option<Arc<dyn Reader>>> {
        if !has_register(loaded) {
            return Ok(None);
        }
        Ok(Some(wiring::reader(loaded).await?))
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

    /// How a running daemon reads the office's files again.
    pub fn reload(&self) -> Reload {
        let place = self.clone();
        Reload(Box::new(move || {
            let loaded = place.examine().map_err(|report| report.render(place.language(), false))?;
            Ok(wiring::office(&loaded.settings, &loaded.office))
        }))
    }
}

fn has_register(loaded: &Loaded) -> bool {
    let path = &loaded.settings.store.path;
    let there = path.exists();
    if !there {
        print::error(&format!(
            "chưa có sổ ở {}; chạy `vanthu run` hoặc `vanthu poll --once` trước",
            path.display()
        ));
    }
    there
}
