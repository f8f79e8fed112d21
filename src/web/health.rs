//! Health: `/livez` depends on nothing; `/readyz` is 503 only where restarting or waiting helps, that
//! is, when the register cannot be read. A source or a mail server that is down must never take the
//! daemon down with it (experience.md R3.2): then it is 200 and `degraded`, with the check's name.

use std::time::Duration;

use axum::Json;
use axum::extract;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;
use tokio::time::timeout;

use super::State;
use crate::app::ports::{InboxState, PollState, Room, StoreError};
use crate::app::{restore, timekeeping};
use crate::domain::watch::Concern;
use crate::render::pages::words;

/// A register that takes longer is no register.
const ANSWER: Duration = Duration::from_secs(3);
/// A mail that has been due for longer than this waits for something.
const STUCK: TimeDelta = TimeDelta::minutes(15);

/// One named check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Check {
    /// `database`, `disk`, `clock`, `restore`, `journal`, `backup`, `files`, `mail`, `outbox`, `inbox`, or `source:` with the source's name.
    pub(super) name: String,
    /// Whether it is well.
    pub(super) ok: bool,
    /// What is the matter.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(super) detail: String,
}

impl Check {
    fn new(name: impl Into<String>, trouble: Option<String>) -> Self {
        Self { name: name.into(), ok: trouble.is_none(), detail: trouble.unwrap_or_default() }
    }
}

/// All checks, and what they come to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Readiness {
    /// `ok`, `degraded` or `failing`.
    pub(super) status: &'static str,
    /// The checks.
    pub(super) checks: Vec<Check>,
}

/// 200, whatever else may be: the process answers.
pub(super) async fn livez() -> &'static str {
    "ok\n"
}

/// The checks as JSON.
pub(super) async fn readyz(extract::State(state): extract::State<State>) -> Response {
    let readiness = check(&state, state.clock.now()).await;
    let failing = readiness.status == "failing";
    let status = if failing { StatusCode::SERVICE_UNAVAILABLE } else { StatusCode::OK };
    (status, Json(readiness)).into_response()
}

/// Runs the checks.
pub(super) async fn check(state: &State, now: DateTime<Utc>) -> Readiness {
    let read = async {
        let polls = state.store.polls().await?;
        // Its index answers at once; counting the outbox would read every notice there ever was.
        let oldest = state.store.next_send().await?.filter(|at| *at <= now);
        let restoring = state.store.restoring().await?;
        let uncopied = state.store.uncopied().await;
        let stored = (restoring, uncopied, state.store.uncleared().await?.as_ref().map(words::uncleared));
        Ok::<_, StoreError>((polls, oldest, state.store.inboxes().await?, stored))
    };
    let read = match timeout(ANSWER, read).await {
        Ok(read) => read.map_err(|error| error.to_string()),
        Err(_) => Err(format!("không trả lời trong {} giây", ANSWER.as_secs())),
    };
    let standing = (state.standing)();
    let office = (state.office)();
    let read = read.map(|(polls, oldest, inboxes, (restoring, uncopied, uncleared))| {
        let restoring = restoring.map(|restoration| restore::sentence(&restoration, &office.calendar));
        (polls, oldest, inboxes, Stored { restoring, uncopied, uncleared })
    });
    let doubt = state.clock.doubt();
    let known = Known {
        clock: doubt.map(|doubt| timekeeping::sentence(&doubt, &office.calendar)),
        mail: standing.mail_trouble,
        room: standing.room,
        files: standing.files.matter,
        backup: standing.backups.map(|backups| backups.complaint(now)),
    };
    judge(read, known, now)
}

type Read = (Vec<PollState>, Option<DateTime<Utc>>, Vec<InboxState>, Stored);

/// What is the matter with the register itself.
#[derive(Default)]
struct Stored {
    /// It was put back and holds back what would leave.
    restoring: Option<String>,
    /// The copy of its journal cannot be written.
    uncopied: Option<String>,
    /// Its server cannot clear away what was changed.
    uncleared: Option<String>,
}

/// What only the runtime knows.
#[derive(Default)]
struct Known {
    /// Why the clock is in doubt.
    clock: Option<String>,
    mail: Option<String>,
    room: Room,
    files: Option<String>,
    /// `None` where nobody watches over copies.
    backup: Option<Option<String>>,
}

/// What the facts come to.
fn judge(read: Result<Read, String>, known: Known, now: DateTime<Utc>) -> Readiness {
    let (database, (polls, oldest, inboxes, stored)) = match read {
        Ok(facts) => (Check::new("database", None), facts),
        Err(trouble) => (Check::new("database", Some(trouble)), Read::default()),
    };
    // While answers are still taken nobody is to be turned away.
    let failing = !database.ok || matches!(known.room, Room::Spent(_));
    let mut checks = vec![
        database,
        Check::new("disk", known.room.lack()),
        Check::new("clock", known.clock),
        Check::new("restore", stored.restoring),
        Check::new("journal", stored.uncopied),
        Check::new("vacuum", stored.uncleared),
    ];
    checks.extend(known.backup.map(|trouble| Check::new("backup", trouble)));
    checks.extend(polls.iter().map(source));
    checks.push(Check::new("files", known.files));
    checks.push(Check::new("mail", known.mail));
    let waited = oldest.map(|at| now.signed_duration_since(at)).filter(|waited| *waited > STUCK);
    let stuck = waited.map(|waited| format!("thư đến giờ đã chờ {} phút", waited.num_minutes()));
    checks.push(Check::new("outbox", stuck));
    checks.extend(inboxes.into_iter().map(inbox));
    let status = match (failing, checks.iter().all(|check| check.ok)) {
        (true, _) => "failing",
        (false, true) => "ok",
        (false, false) => "degraded",
    };
    Readiness { status, checks }
}

/// The mailbox for answers: while it cannot be read, nobody hears of bounces.
fn inbox(state: InboxState) -> Check {
    let since = state.failing_since.map(|since| since.to_rfc3339()).unwrap_or_default();
    Check::new("inbox", state.error.map(|error| format!("từ {since}: {error}")))
}

fn source(poll: &PollState) -> Check {
    let concerns = poll.concerns();
    let line = |concern: &Concern| format!("từ {}: {}", concern.since.to_rfc3339(), concern.detail);
    let trouble: Vec<_> = concerns.iter().map(line).collect();
    let trouble = Some(trouble.join("; ")).filter(|trouble| !trouble.is_empty());
    Check::new(format!("source:{}", poll.source), trouble)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_register_makes_the_daemon_unready() {
        let now = DateTime::from_timestamp(1_770_000_000, 0).unwrap();
        let word = || Some("454".to_owned());
        let poll =
            |failing_since| PollState { source: "ioffice".to_owned(), failing_since, ..PollState::default() };
        let well = || Ok((vec![poll(None)], None, Vec::new(), Stored::default()));
        let source_down = Ok((vec![poll(Some(now))], None, Vec::new(), Stored::default()));
        let stuck = Ok((vec![poll(None)], Some(now - TimeDelta::minutes(16)), Vec::new(), Stored::default()));
        let late = Ok((vec![poll(None)], Some(now - TimeDelta::minutes(14)), Vec::new(), Stored::default()));
        let inbox = |error: Option<&str>| InboxState {
            inbox: "vanthu@mail/INBOX".to_owned(),
            validity: 1,
            uid: 0,
            good: None,
            failing_since: error.map(|_| now),
            error: error.map(str::to_owned),
        };
        let deaf = Ok((vec![poll(None)], None, vec![inbox(Some("đăng nhập"))], Stored::default()));
        let hears = Ok((vec![poll(None)], None, vec![inbox(None)], Stored::default()));
        let stored = |stored| Ok((vec![poll(None)], None, Vec::new(), stored));
        let restored = stored(Stored { restoring: word(), ..Stored::default() });
        let uncopied = stored(Stored { uncopied: word(), ..Stored::default() });
        let uncleared = stored(Stored { uncleared: word(), ..Stored::default() });
        let copies = |trouble| Known { backup: Some(trouble), ..Known::default() };
        let sides = |mail, files| Known { mail, files, ..Known::default() };
        let disk = |room| Known { room, ..Known::default() };
        for (name, read, known, status) in [
            ("well", well(), sides(None, None), "ok"),
            ("a mail on its way", late, sides(None, None), "ok"),
            ("source down", source_down, sides(None, None), "degraded"),
            ("mail down", well(), sides(word(), None), "degraded"),
            ("mail stuck", stuck, sides(None, None), "degraded"),
            ("inbox down", deaf, sides(None, None), "degraded"),
            ("inbox well", hears, sides(None, None), "ok"),
            ("files broken", well(), sides(None, word()), "degraded"),
            ("clock leapt", well(), Known { clock: word(), ..Known::default() }, "degraded"),
            ("disk full, answers taken", well(), disk(Room::Tight("đầy".to_owned())), "degraded"),
            ("disk full, nothing taken", well(), disk(Room::Spent("đầy".to_owned())), "failing"),
            ("copies young", well(), copies(None), "ok"),
            ("copies old", well(), copies(word()), "degraded"),
            ("journal not copied", uncopied, sides(None, None), "degraded"),
            ("rows not cleared away", uncleared, sides(None, None), "degraded"),
            ("put back", restored, sides(None, None), "degraded"),
            ("register gone", Err("disk".to_owned()), sides(None, None), "failing"),
        ] {
            let readiness = judge(read, known, now);
            assert_eq!(readiness.status, status, "{name}");
            assert_eq!(readiness.checks.iter().all(|check| check.ok), status == "ok", "{name}");
        }
    }
}
