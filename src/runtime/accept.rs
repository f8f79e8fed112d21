//! Taking changes of the office's files into force, at start and while running, and the loop that
//! notices them. Files are looked at again and again rather than watched by the kernel: notification is
//! silent on network shares, where staff keep files, and a look costs a dozen `stat`s.

mod answer;
mod follow;

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::Context as _;
use aws_lc_rs::hmac;
use sd_notify::NotifyState;
use tokio::sync::{mpsc, oneshot, watch};

use super::daemon::Daemon;
use super::files::{Files, Look};
use super::loops::stopped;
use super::rest::Rest;
use super::wiring;
use crate::app::accept::{self, Broken, Candidate, Caution, Force, Matter, Owner, Stand, Verdict};
use crate::app::ports::{Clock, Store};
use crate::config::{Office, Report};
use crate::domain::edition::{hash, short};
use crate::mail::compose::Composer;

use answer::answer;
pub use answer::{Answer, Word};

/// Who is named where no owner is known.
const NOBODY: &str = "không rõ";
/// How often text that changes under its reader is read again.
const TRIES: usize = 5;
/// The pause between two of these.
const PAUSE: Duration = Duration::from_millis(300);
/// How often other instances' editions are looked for where files are not looked at.
const FOLLOW: Duration = Duration::from_secs(5);
/// The shortest pause between two looks.
const SHORTEST: Duration = Duration::from_millis(100);

/// Asks for the files to be read now.
#[derive(Debug)]
pub struct Request {
    /// Who asks; the owner of the newest file if `None`.
    pub author: Option<String>,
    /// Told what became of it.
    pub answer: Option<oneshot::Sender<Answer>>,
}

/// Takes changes into force.
#[derive(Debug)]
pub struct Acceptor {
    files: Files,
    caution: Caution,
    /// The edition in force.
    force: Mutex<String>,
    /// The edition of this machine's files, where another machine that shares the register has overtaken it.
    overtaken: Mutex<Option<String>>,
}

/// What the files of an office that starts come to.
pub enum Begun {
    /// This is in force.
    Force(Box<Office>),
    /// They are broken, and nothing good was ever kept; the findings.
    Broken(String),
}

/// Settles what is in force at start: the files, or the last good edition where they are broken or wait.
///
/// # Errors
/// The register's.
pub async fn begin(files: &Files, store: &dyn Store, clock: &dyn Clock) -> anyhow::Result<Begun> {
    let stand = accept::stand(store).await?;
    let kept = match stand.edition() {
        Some(edition) => store.edition(edition).await?,
        None => None,
    };
    let author = files.owner().unwrap_or_else(|| NOBODY.to_owned());
    let last_good = || kept.as_ref().map(|edition| files.restore(edition));
    let office = match files.read() {
        Ok(office) => office,
        Err(report) => return broken_at_start(files, store, clock, &report, last_good()).await,
    };
    let good = match &kept {
        Some(kept) if kept.hash() != office.edition.hash() => last_good().and_then(Result::ok),
        _ => None,
    };
    let is_overtaken = follow::is_overtaken(store, office.edition.hash()).await?;
    let good = match good {
        Some(good) if is_overtaken => return Ok(Begun::Force(Box::new(good))),
        good => good,
    };
    let candidate = wiring::office(files.settings(), &office);
    let candidate = Candidate { edition: &office.edition, office: &candidate, author: &author };
    let old = good.as_ref().map(|good| wiring::office(files.settings(), good));
    let force = match (&old, &good, stand.edition()) {
        (Some(old), Some(good), _) => Some(Force { edition: good.edition.hash(), office: old }),
        (None, _, Some(edition)) if edition == office.edition.hash() => {
            Some(Force { edition, office: candidate.office })
        }
        _ => None,
    };
    let caution = caution(files, store).await?;
    let verdict = accept::consider(store, force, candidate, &caution, clock.now()).await?;
    let stays = matches!(verdict, Verdict::Waiting(_) | Verdict::Rejected);
    Ok(Begun::Force(Box::new(if stays { good.unwrap_or(office) } else { office })))
}

async fn broken_at_start(
    files: &Files,
    store: &dyn Store,
    clock: &dyn Clock,
    report: &Report,
    last_good: Option<Result<Office, Report>>,
) -> anyhow::Result<Begun> {
    let findings = files.tell(report);
    match last_good {
        Some(Ok(good)) => {
            let hash = hash([findings.as_str()].into_iter());
            let author = files.owner().unwrap_or_else(|| NOBODY.to_owned());
            let owner = caution(files, store).await?.owner;
            let force = good.edition.hash();
            let broken = Broken { findings: &findings, hash: &hash, author: &author, force, owner: &owner };
            accept::refuse(store, broken, clock.now()).await?;
            tracing::error!(report = %findings, "tệp cấu hình có lỗi; khởi động với bản tốt gần nhất");
            Ok(Begun::Force(Box::new(good)))
        }
        Some(Err(kept)) => Ok(Begun::Broken(format!(
            "{findings}\nbản tốt gần nhất trong sổ cũng không dùng được với phiên bản vanthu này:\n{}",
            files.tell(&kept)
        ))),
        None => Ok(Begun::Broken(findings)),
    }
}

/// When a change waits for a person, and who is told.
async fn caution(files: &Files, store: &dyn Store) -> anyhow::Result<Caution> {
    let accept = &files.settings().accept;
    let window = chrono::Duration::from_std(accept.window).context("accept.window: quá dài")?;
    let brake =
        crate::domain::edition::Brake { documents: accept.documents, cells: accept.cells, open: accept.open };
    let owner = Owner {
        mailbox: files.settings().office.rules_owner.clone(),
        secret: hmac::Key::new(hmac::HMAC_SHA256, &store.meta().await?.secret),
        domain: wiring::mail_domain(files.settings())?,
    };
    Ok(Caution { brake, window, owner })
}

impl Acceptor {
    /// Takes changes of these files; `force` is the edition in force.
    ///
    /// # Errors
    /// A setting that cannot work; the register's.
    pub async fn new(files: Files, store: &dyn Store, force: &str) -> anyhow::Result<Self> {
        let overtaken = Mutex::new(follow::overtaken(&files, store).await?);
        Ok(Self {
            caution: caution(&files, store).await?,
            files,
            force: Mutex::new(force.to_owned()),
            overtaken,
        })
    }

    /// Reads the files and settles what becomes of them. Readers of the office see the old one or the
    /// new one, never parts of both.
    ///
    /// # Errors
    /// The register's; what was in force stays.
    pub async fn take(
        &self,
        daemon: &Daemon,
        author: Option<&str>,
        is_asked: bool,
    ) -> anyhow::Result<Answer> {
        let owner = || self.files.owner().unwrap_or_else(|| NOBODY.to_owned());
        let author = author.map_or_else(owner, str::to_owned);
        let answer = match self.read().await? {
            Ok(office) if !is_asked && self.is_overtaken(office.edition.hash()) => {
                self.stays(office.edition.hash())
            }
            Ok(office) => {
                self.forget_overtaken();
                let answer = self.consider(daemon, &office, &author).await?;
                let (office, now) = (daemon.office(), daemon.clock.now());
                daemon.metrics.reloaded(&office.ruleset.hash, wiring::covered_until(&office.calendar), now);
                answer
            }
            Err(report) => self.refuse(daemon, &report, &author).await?,
        };
        self.announce(daemon).await?;
        // There may be a mail about it.
        daemon.bell.notify_one();
        Ok(answer)
    }

    /// Reads until what was read did not change meanwhile.
    async fn read(&self) -> anyhow::Result<Result<Office, Report>> {
        for _ in 0..TRIES {
            let files = self.files.clone();
            let (before, read, after) = tokio::task::spawn_blocking(move || {
                let before = files.look()?;
                Ok::<_, std::io::Error>((before, files.read(), files.look()?))
            })
            .await?
            .context("chưa xem được tệp của văn phòng")?;
            if before == after {
                return Ok(read);
            }
            tokio::time::sleep(PAUSE).await;
        }
        anyhow::bail!("tệp đang được ghi liên tục; chưa đọc được trọn vẹn, hãy thử lại")
    }

    async fn consider(&self, daemon: &Daemon, office: &Office, author: &str) -> anyhow::Result<Answer> {
        let (old, new) = (daemon.office(), wiring::office(self.files.settings(), office));
        let in_force = self.force();
        let force = Some(Force { edition: &in_force, office: &old });
        let candidate = Candidate { edition: &office.edition, office: &new, author };
        let now = daemon.clock.now();
        let verdict = accept::consider(daemon.store.as_ref(), force, candidate, &self.caution, now).await?;
        if let Verdict::Accepted(_) = verdict {
            self.put_in_force(daemon, office, new)?;
        }
        Ok(answer(&verdict, short(office.edition.hash()), short(&in_force)))
    }

    fn put_in_force(
        &self,
        daemon: &Daemon,
        files: &Office,
        office: crate::app::office::Office,
    ) -> anyhow::Result<()> {
        let (composer, _) = Composer::new(wiring::letters(self.files.settings(), files))?;
        daemon.mailer.compose_with(composer);
        daemon.office.send_replace(Arc::new(office));
        *self.force.lock().unwrap_or_else(PoisonError::into_inner) = files.edition.hash().to_owned();
        tracing::info!(
            edition = short(files.edition.hash()),
            "đã nhận quy tắc, tổ chức, lịch và mẫu thư mới"
        );
        Ok(())
    }

    async fn refuse(&self, daemon: &Daemon, report: &Report, author: &str) -> anyhow::Result<Answer> {
        let findings = self.files.tell(report);
        let hash = hash([findings.as_str()].into_iter());
        let (force, owner) = (self.force(), &self.caution.owner);
        let broken = Broken { findings: &findings, hash: &hash, author, force: &force, owner };
        if accept::refuse(daemon.store.as_ref(), broken, daemon.clock.now()).await? {
            tracing::error!(report = %findings, "tệp cấu hình có lỗi; giữ nguyên bản đang dùng");
        }
        let summary = report.summary(crate::config::settings::Language::Vi);
        Ok(Answer {
            verdict: Word::Refused,
            edition: None,
            sentence: format!("tệp có lỗi ({summary}); bản {} vẫn có hiệu lực", short(&self.force())),
            findings: Some(findings),
        })
    }

    fn force(&self) -> String {
        self.force.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Shows on board and metrics how things stand, and tells systemd where that has changed.
    async fn announce(&self, daemon: &Daemon) -> anyhow::Result<Stand> {
        let before = daemon.standing.borrow().files.matter.clone();
        let stand = self.show(daemon).await?;
        let matter = daemon.standing.borrow().files.matter.clone();
        if matter != before {
            tell_systemd(matter.as_deref());
        }
        Ok(stand)
    }

    /// Shows on board and metrics how things stand.
    ///
    /// # Errors
    /// The register's.
    pub async fn show(&self, daemon: &Daemon) -> anyhow::Result<Stand> {
        let stand = accept::stand(daemon.store.as_ref()).await?;
        if let Some(Matter::Broken(_)) = &stand.matter {
            daemon.metrics.reload_failed();
        }
        let waits = matches!(stand.matter, Some(Matter::Waiting(_) | Matter::Approved(_)));
        daemon.metrics.awaits_approval(waits);
        let mut files = crate::web::FilesStanding::of(&stand);
        files.matter = files.matter.or_else(|| self.overtaken_sentence());
        daemon.standing.send_modify(|standing| standing.files = files);
        Ok(stand)
    }
}

/// What `systemctl status` shows beside the unit.
pub(super) fn status(matter: Option<&str>) -> String {
    matter.map_or_else(|| "đang chạy".to_owned(), |matter| format!("đang chạy. {matter}"))
}

fn tell_systemd(matter: Option<&str>) {
    if let Err(error) = sd_notify::notify(&[NotifyState::Status(&status(matter))]) {
        tracing::warn!(%error, "không báo được trạng thái cho systemd");
    }
}

/// Notices changes and answers requests, one at a time, until told to stop.
///
/// # Errors
/// Never; what fails is logged and tried again at the next change.
pub async fn run(
    acceptor: &Acceptor,
    daemon: &Daemon,
    mut requests: mpsc::Receiver<Request>,
    mut stop: watch::Receiver<bool>,
) -> anyhow::Result<()> {
    let accept = &acceptor.files.settings().accept;
    // With other machines their editions are looked for too.
    let pause = if accept.watch.is_zero() { FOLLOW } else { accept.watch.max(SHORTEST) };
    let quiet = chrono::Duration::from_std(accept.quiet).unwrap_or(chrono::Duration::MAX);
    // Whatever lies there at the first look was read at start a moment ago, or changed since: looking at
    // it once more costs little and misses nothing.
    let mut rest = Rest::new(Look::default(), quiet);
    let shared = daemon.share.is_shared();
    loop {
        let request = tokio::select! {
            () = stopped(&mut stop) => return Ok(()),
            request = requests.recv() => match request {
                Some(request) => Some(request),
                None => return Ok(()),
            },
            () = tokio::time::sleep(pause), if shared || !accept.watch.is_zero() => None,
        };
        if shared && let Err(error) = acceptor.follow(daemon).await {
            tracing::warn!(%error, "chưa xem được máy khác đã nhận bản nào");
        }
        if request.is_none() && accept.watch.is_zero() {
            continue;
        }
        let Ok(look) = acceptor.files.look() else {
            if request.is_some() {
                serve(acceptor, daemon, request).await;
            }
            continue;
        };
        let due = rest.look(look.clone(), daemon.clock.now()) || decided(acceptor, daemon).await;
        if request.is_some() || due {
            rest.take(look);
            serve(acceptor, daemon, request).await;
        }
    }
}

/// Whether a person has decided about an edition that waits, and the daemon has not acted yet.
async fn decided(acceptor: &Acceptor, daemon: &Daemon) -> bool {
    if daemon.standing.borrow().files.matter.is_none() {
        return false;
    }
    match acceptor.announce(daemon).await {
        Ok(stand) => matches!(stand.matter, Some(Matter::Approved(_))),
        Err(error) => {
            tracing::warn!(%error, "không đọc được sổ để xem đã duyệt chưa");
            false
        }
    }
}

async fn serve(acceptor: &Acceptor, daemon: &Daemon, request: Option<Request>) {
    let is_asked = request.is_some();
    let (author, reply) = request.map_or((None, None), |request| (request.author, request.answer));
    let answer = acceptor.take(daemon, author.as_deref(), is_asked).await.unwrap_or_else(|error| {
        tracing::error!(%error, "không xét được tệp mới; giữ nguyên bản đang dùng");
        Answer { verdict: Word::Failed, edition: None, sentence: format!("{error:#}"), findings: None }
    });
    tracing::info!(verdict = ?answer.verdict, edition = answer.edition, "đã xét tệp của văn phòng");
    if let Some(reply) = reply {
        // Whoever asked may have gone; what was settled stays settled.
        reply.send(answer).ok();
    }
}
