//! A real Postfix that turns newcomers away and counts, and the whole dispatcher before it: each mail arrives once,
//! one refused recipient touches nobody else, and who keeps the relay's pace is never turned away.

use std::process::{Child, Command, Stdio};
use std::sync::Arc;

use tokio::sync::watch;
use vanthu::app::dispatch::{Dispatch, Dispatched};
use vanthu::app::policy::Policy;
use vanthu::app::ports::{Clock, HoldKind, Mailer, NoticeFilter, Tenure, Unlimited};
use vanthu::demo::ioffice::FakeDocument;
use vanthu::domain::notice::Delivery;
use vanthu::domain::sending::{Pace, Rate, Sending};

use super::pki::Authority;
use super::postfix::Postfix;
use super::{free_port, plain, smtp, wait_for};
use crate::support::office::readdressed;
use crate::support::rig::{Rig, local};

/// Seconds a newcomer is turned away.
const DELAY: u64 = 2;

/// A running postgrey; stopped when dropped.
struct Postgrey {
    child: Child,
    port: u16,
    _folder: tempfile::TempDir,
}

impl Postgrey {
    fn start() -> Self {
        let folder = tempfile::Builder::new().prefix("vanthu-postgrey").tempdir_in("/tmp").unwrap();
        let port = free_port();
        let child = Command::new("postgrey")
            .args([
                format!("--inet=127.0.0.1:{port}"),
                format!("--dbdir={}", folder.path().display()),
                format!("--delay={DELAY}"),
                "--user=root".to_owned(),
                "--group=root".to_owned(),
                format!("--pidfile={}/pid", folder.path().display()),
            ])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        wait_for(port);
        Self { child, port, _folder: folder }
    }
}

impl Drop for Postgrey {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

async fn drain(rig: &Rig, mailer: &Arc<dyn Mailer>) -> Dispatched {
    let clock: Arc<dyn Clock> = rig.clock.clone();
    let job = Dispatch {
        store: rig.store.as_ref(),
        mailer,
        office: &rig.office,
        policy: &rig.policy,
        clock: &clock,
        instance: "thử",
        witness: None,
        tenure: &(Arc::new(Unlimited) as Arc<dyn Tenure>),
    };
    let (_stop, stopped) = watch::channel(false);
    job.drain(&stopped).await.unwrap()
}

#[tokio::test]
async fn a_greylist_costs_one_retry_and_no_mail() {
    let folder = tempfile::tempdir_in("/tmp").unwrap();
    let authority = Authority::new(folder.path());
    let greylist = Postgrey::start();
    let postfix = Postfix::start_with(
        &authority.issue("localhost"),
        &format!(
            "smtpd_recipient_restrictions = check_recipient_access regexp:{{etc}}/recipients, check_policy_service inet:127.0.0.1:{}\n",
            greylist.port
        ),
        &[],
    );
    let mut rig = Rig::at("2026-03-02 09:00").await;
    // One of the three does not exist; Postfix knows before the greylist is asked.
    rig.office.units = readdressed(
        &rig.office.units,
        &[
            ("cb-1-1", "chibo1@khoi.example"),
            ("cb-1-2", "khong-co@khoi.example"),
            ("cb-2", "chibo2@khoi.example"),
        ],
    );
    let mailer: Arc<dyn Mailer> = Arc::new(smtp(plain(postfix.clear)));
    rig.ioffice.put(FakeDocument::new(1, "12-KH/ĐUK", "Chuyên đề", local("2026-03-02 08:40")));
    rig.poll().await.unwrap();

    let done = drain(&rig, &mailer).await;
    assert_eq!((done.sent, done.retried, done.failed, done.down), (0, 2, 1, None));
    let rows = rig.store.notices(&NoticeFilter::default()).await.unwrap();
    let waiting: Vec<_> = rows.iter().filter(|row| row.delivery == Delivery::Queued).collect();
    assert!(waiting.iter().all(|row| row.reply.as_deref().unwrap().contains("450 4.2.0")), "{waiting:?}");
    assert!(waiting.iter().all(|row| row.send_at == local("2026-03-02 09:01")), "by the list of waits");
    let holds = rig.store.holds(true).await.unwrap();
    assert_eq!(
        holds.iter().filter(|hold| hold.kind == HoldKind::Undeliverable).count(),
        1,
        "staff see it at once"
    );

    std::thread::sleep(std::time::Duration::from_secs(DELAY + 1));
    rig.go("2026-03-02 09:01");
    let done = drain(&rig, &mailer).await;
    assert_eq!((done.sent, done.retried, done.failed), (2, 0, 0), "the first retry after the list lifts");
    assert_eq!(postfix.delivered(2).len(), 2, "each once");
}

/// A relay that takes three mails in its time: without a pace the fourth is turned away, with one nothing ever is.
#[tokio::test]
async fn who_keeps_the_relays_pace_is_never_turned_away() {
    let folder = tempfile::tempdir_in("/tmp").unwrap();
    let authority = Authority::new(folder.path());
    for (pace, postponed) in [(None, 0), (Rate::parse("3 per minute"), 3)] {
        let postfix = Postfix::start_with(
            &authority.issue("localhost"),
            "smtpd_client_message_rate_limit = 3\nsmtpd_client_event_limit_exceptions =\n",
            &[],
        );
        let mut rig = Rig::at("2026-03-02 09:00").await;
        rig.office.units = readdressed(
            &rig.office.units,
            &[("cb-1-1", "a@khoi.example"), ("cb-1-2", "b@khoi.example"), ("cb-2", "c@khoi.example")],
        );
        let sending = Sending { pace: Pace { relay: pace, ..Pace::default() }, ..Sending::default() };
        rig.policy = Arc::new(Policy { sending, ..(*rig.policy).clone() });
        let mailer: Arc<dyn Mailer> = Arc::new(smtp(plain(postfix.clear)));
        for (id, symbol) in [(1, "1-KH/ĐUK"), (2, "2-KH/ĐUK")] {
            rig.ioffice.put(FakeDocument::new(id, symbol, "Chuyên đề", local("2026-03-02 08:40")));
            rig.poll().await.unwrap();
        }
        let done = drain(&rig, &mailer).await;
        assert_eq!((done.sent, done.failed, done.postponed), (3, 0, postponed), "{pace:?}: {done:?}");
        assert_eq!(done.down.is_some(), pace.is_none(), "{done:?}");
        assert!(done.down.is_none_or(|reason| reason.contains("450 4.7.1")));
        assert_eq!(postfix.delivered(3).len(), 3);
    }
}
