//! Several instances over one register, each with files of its own: the edition that was accepted last is in force on all
//! of them, wherever it was accepted. Files that another machine has overtaken are shown, and do not come into force by
//! themselves, at a restart for example; asked for by a person (`vanthu reload`) they do.

use anyhow::Context as _;

use super::{Acceptor, Answer, PoisonError, Word, wiring};
use crate::app::accept;
use crate::app::ports::{AcceptanceKind, Reader};
use crate::domain::edition::short;
use crate::runtime::daemon::Daemon;
use crate::runtime::files::Files;

/// Whether an edition was accepted once and another after it, by an instance that shares the register.
///
/// # Errors
/// The register's.
pub(super) async fn is_overtaken(store: &dyn Reader, edition: &str) -> anyhow::Result<bool> {
    if store.server_time().await?.is_none() {
        return Ok(false);
    }
    let accepted = store.acceptances(Some(AcceptanceKind::Accepted), 0).await?;
    let last = accepted.first().is_some_and(|row| row.edition == edition);
    Ok(!last && accepted.iter().any(|row| row.edition == edition))
}

/// The edition of this machine's own files, where another machine has overtaken it.
///
/// # Errors
/// The register's.
pub(super) async fn overtaken(files: &Files, store: &dyn Reader) -> anyhow::Result<Option<String>> {
    let own = files.texts().hash().to_owned();
    Ok(is_overtaken(store, &own).await?.then_some(own))
}

impl Acceptor {
    /// Puts in force what another instance has accepted since, if anything.
    ///
    /// # Errors
    /// The register's; an edition that this program does not take.
    pub(super) async fn follow(&self, daemon: &Daemon) -> anyhow::Result<()> {
        let stand = accept::stand(daemon.store.as_ref()).await?;
        let Some(newest) = stand.edition().filter(|newest| *newest != self.force()) else { return Ok(()) };
        let edition = daemon.store.edition(newest).await?.context("bản có hiệu lực không còn trong sổ")?;
        let files = self.files.clone();
        let restored = tokio::task::spawn_blocking(move || files.restore(&edition)).await?;
        match restored {
            Ok(files) => {
                let office = wiring::office(self.files.settings(), &files);
                self.put_in_force(daemon, &files, office)?;
                tracing::warn!(edition = short(newest), "đã theo bản quy tắc mà máy khác vừa nhận");
                daemon.share.may_act(true);
            }
            Err(report) => {
                // Whoever cannot read what is in force must not act by what was.
                daemon.share.may_act(false);
                let report = self.files.tell(&report);
                tracing::error!(edition = short(newest), %report, "không dùng được bản mà máy khác đã nhận; máy này đứng chờ");
            }
        }
        let own = overtaken(&self.files, daemon.store.as_ref()).await?;
        *self.overtaken.lock().unwrap_or_else(PoisonError::into_inner) = own;
        self.announce(daemon).await?;
        Ok(())
    }

    /// What staff must know of files that another machine has overtaken.
    pub(super) fn overtaken_sentence(&self) -> Option<String> {
        let own = self.overtaken.lock().unwrap_or_else(PoisonError::into_inner).clone()?;
        let (own, force) = (short(&own).to_owned(), self.force());
        Some(format!(
            "Tệp quy tắc trên máy này là bản cũ {own}; máy khác đã nhận bản {}, đang có hiệu lực. Hãy chép tệp từ máy kia sang; nếu chính tệp trên máy này mới đúng thì chạy `vanthu reload`.",
            short(&force)
        ))
    }

    /// Whether files are those that another machine has overtaken.
    pub(super) fn is_overtaken(&self, edition: &str) -> bool {
        self.overtaken.lock().unwrap_or_else(PoisonError::into_inner).as_deref() == Some(edition)
    }

    /// Files that are no longer overtaken: they were changed, or a person asked for them.
    pub(super) fn forget_overtaken(&self) {
        *self.overtaken.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// What whoever looks at overtaken files is told.
    pub(super) fn stays(&self, edition: &str) -> Answer {
        Answer {
            verdict: Word::Unchanged,
            edition: Some(short(edition).to_owned()),
            sentence: self.overtaken_sentence().unwrap_or_default(),
            findings: None,
        }
    }
}
