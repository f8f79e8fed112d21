//! Claims of notices and their outcomes: whose a notice is while it is being sent.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use serde::Deserialize;

use super::dialect::ids;
use super::front::{Front, Watch};
use super::obligation::{self, columns};
use super::sql::{Words, array, gathered, query, query_as, query_gathered, query_scalar};
use super::value::{Place, json, millis};
use super::{Conn, dialect, recall, restoration};
use crate::app::ports::{ClaimRequest, Claimed, Settled, Settlement, StoreError};
use crate::domain::ids::{DocumentId, NoticeId, RevisionId, UnitId};
use crate::domain::notice::{Delivery, NoticeKey, NoticeKind};

/// A claimed notice, in the order of [`claimed!`].
#[derive(Deserialize)]
struct NoticeRow {
    id: i64,
    epoch: i64,
    document: i64,
    revision: i64,
    unit: String,
    kind: String,
    step: String,
    mailbox: String,
    message_id: String,
    tries: i64,
    about: Option<String>,
    doubtful: Option<i64>,
    sent_before: i64,
}

/// A claimed notice with one of the unit's obligations, if it has any.
#[derive(Deserialize)]
struct ClaimedRow {
    notice: NoticeRow,
    obligation: Option<obligation::Row>,
}

impl TryFrom<ClaimedRow> for Claimed {
    type Error = StoreError;

    fn try_from(claimed: ClaimedRow) -> Result<Self, StoreError> {
        let row = claimed.notice;
        let place = Place { table: "notice", key: row.id };
        Ok(Self {
            id: NoticeId(row.id),
            epoch: row.epoch,
            document: DocumentId(row.document),
            tries: place.number("tries", (row.tries - 1).max(0))?,
            sent_before: place.number("sent_before", row.sent_before)?,
            about: row.about.map(|about| place.json("about", &about)).transpose()?.unwrap_or_default(),
            obligations: claimed.obligation.map(TryInto::try_into).transpose()?.into_iter().collect(),
            key: NoticeKey {
                revision: RevisionId(row.revision),
                unit: UnitId(row.unit),
                kind: place.word("kind", &row.kind, NoticeKind::parse)?,
                step: row.step,
                mailbox: row.mailbox,
            },
            message_id: row.message_id,
            doubtful: place.instant_of("doubtful", row.doubtful)?,
        })
    }
}

/// Notices just claimed, in the order to send them. Mails "before" are those about any revision of the
/// document, to the same unit at the same address.
macro_rules! claimed {
    ($engine:ident) => {
        concat!(
            "SELECT ",
            gathered!(
                $engine,
                array!(
                    $engine,
                    array!(
                        $engine,
                        "n.id, n.epoch, n.document, n.revision, n.unit, n.kind, n.step, n.mailbox, n.message_id,
                        n.tries, n.about, n.doubtful,
                        (SELECT count(*) FROM revision r JOIN notice s ON s.revision = r.id AND s.unit = n.unit
                         WHERE r.document = n.document AND s.mailbox = n.mailbox AND s.delivery = 'sent')"
                    ),
                    ", CASE WHEN o.id IS NOT NULL THEN ",
                    array!($engine, columns!()),
                    " END"
                ),
                "n.priority, n.send_at, n.id, o.id"
            ),
            " FROM notice n LEFT JOIN obligation o ON o.revision = n.revision AND o.cell = n.unit WHERE n.id IN ",
            ids!($engine, "$1")
        )
    };
}

/// Those of the JSON array `$1`.
pub(super) const CLAIMED: Words = Words { sqlite: claimed!(sqlite), postgres: claimed!(postgres) };

/// Claims notices that are due and reads what their letters need; none of a register that was put back and is not
/// released.
pub(super) async fn claim(conn: &mut Conn, request: &ClaimRequest) -> Result<Vec<Claimed>, StoreError> {
    if restoration::holds_back(conn).await? {
        return Ok(Vec::new());
    }
    let ids = take(conn, request).await?;
    let sent = recall::recognise(conn, &ids, request.now).await?;
    let ids: Vec<_> = ids.into_iter().filter(|id| !sent.contains(id)).collect();
    if ids.is_empty() { Ok(Vec::new()) } else { read(conn, &ids).await }
}

/// Claims them; on a server from the front on.
async fn take(conn: &mut Conn, request: &ClaimRequest) -> Result<Vec<i64>, StoreError> {
    let claim = query_as::<(i64, i64, i64)>(dialect::CLAIM)
        .bind(&request.instance)
        .bind(millis(request.now))
        .bind(millis(request.lease_until))
        .bind(i64::from(request.limit));
    let Some(look) = conn.watch.as_ref().map(Watch::look) else {
        let taken = claim.fetch_all(conn).await?;
        return Ok(taken.into_iter().map(|(id, ..)| id).collect());
    };
    let now = millis(request.now);
    let front = match look.front.clone().filter(|front| front.is_before(now)) {
        Some(front) => front,
        None => Front::whole(query_scalar::<i64>(dialect::LEVELS).fetch_all(&mut *conn).await?),
    };
    let levels: Vec<_> = front.since.iter().collect();
    let taken = claim.bind(json(&levels)?).bind(front.lease).fetch_all(&mut *conn).await?;
    let (ids, places): (Vec<_>, Vec<_>) =
        taken.into_iter().map(|(id, priority, at)| (id, (priority, at))).unzip();
    let limit = usize::try_from(request.limit).unwrap_or(usize::MAX);
    conn.found = Some(look.found(front, &places, now, limit));
    Ok(ids)
}

/// What the letters of notices need, in the order to send them.
pub(super) async fn read(conn: &mut Conn, ids: &[i64]) -> Result<Vec<Claimed>, StoreError> {
    let rows: Vec<ClaimedRow> = query_gathered(CLAIMED).bind(json(ids)?).fetch_all(conn).await?;
    let mut claimed: Vec<Claimed> = Vec::with_capacity(ids.len());
    for row in rows {
        let next = Claimed::try_from(row)?;
        match claimed.last_mut().filter(|last| last.id == next.id) {
            Some(last) => last.obligations.extend(next.obligations),
            None => claimed.push(next),
        }
    }
    Ok(claimed)
}

/// The columns an outcome writes: delivery, send_at, sent_at, reply, how many tries to take back, and since when it may
/// have been accepted.
type Outcome<'a> = (&'static str, Option<i64>, Option<i64>, Option<&'a str>, i64, Option<i64>);

fn outcome(settled: &Settled, now: DateTime<Utc>) -> Outcome<'_> {
    let (delivery, send_at, reply) = match settled {
        Settled::Sent { reply } => (Delivery::Sent, None, Some(reply)),
        Settled::Retry { at, reason } => (Delivery::Queued, Some(*at), Some(reason)),
        Settled::Failed { reason } => (Delivery::Failed, None, Some(reason)),
        Settled::Ambiguous { at, reason } => (Delivery::Ambiguous, Some(*at), Some(reason)),
        Settled::Dropped { reason } => (Delivery::Dropped, None, Some(reason)),
        Settled::Released => (Delivery::Queued, None, None),
        Settled::Postponed { at, reason } => (Delivery::Queued, Some(*at), Some(reason)),
        Settled::Held { reason } => (Delivery::Held, None, Some(reason)),
        Settled::Diverted { reply } => (Delivery::Dropped, None, Some(reply)),
        Settled::Found { evidence } => (Delivery::Sent, None, Some(evidence)),
        Settled::Doubted { at, reason } => (Delivery::Ambiguous, Some(*at), Some(reason)),
    };
    let sent_at = (delivery == Delivery::Sent).then(|| millis(now));
    let untried = !matches!(
        settled,
        Settled::Sent { .. }
            | Settled::Retry { .. }
            | Settled::Failed { .. }
            | Settled::Ambiguous { .. }
            | Settled::Diverted { .. }
    );
    let doubtful = matches!(settled, Settled::Ambiguous { .. }).then(|| millis(now));
    (delivery.as_str(), send_at.map(millis), sent_at, reply.map(String::as_str), i64::from(untried), doubtful)
}

/// Records outcomes. For each, in order, whether it counted: a second one for the same notice, like one
/// of an older epoch, does not.
pub(super) async fn settle(
    conn: &mut Conn,
    settlements: &[Settlement],
    now: DateTime<Utc>,
) -> Result<Vec<bool>, StoreError> {
    let mut seen = HashSet::new();
    let source: Vec<_> = settlements
        .iter()
        .filter(|settlement| seen.insert(settlement.id))
        .map(|settlement| {
            let (delivery, send_at, sent_at, reply, untried, doubtful) = outcome(&settlement.settled, now);
            (settlement.id, settlement.epoch, delivery, send_at, sent_at, reply, untried, doubtful)
        })
        .collect();
    let waiting = [Delivery::Queued, Delivery::Ambiguous].map(Delivery::as_str);
    let queued = source.iter().filter(|(_, _, delivery, ..)| waiting.contains(delivery));
    if let Some(at) = queued.map(|(_, _, _, at, ..)| at.unwrap_or(i64::MIN)).min() {
        conn.queues(None, at);
    }
    let counted: Vec<i64> = query_scalar(dialect::SETTLE).bind(json(&source)?).fetch_all(conn).await?;
    let mut counted: HashSet<_> = counted.into_iter().map(NoticeId).collect();
    Ok(settlements.iter().map(|settlement| counted.remove(&settlement.id)).collect())
}

/// Extends an instance's claims; returns how many it holds.
pub(super) async fn renew(conn: &mut Conn, instance: &str, until: DateTime<Utc>) -> Result<u64, StoreError> {
    let front = conn.watch.as_ref().and_then(|watch| watch.look().front);
    let done = query(
        "UPDATE notice SET lease_until = $2 WHERE delivery = 'sending' AND instance = $1 AND lease_until >= $3",
    )
        .bind(instance)
        .bind(millis(until))
        .bind(front.map_or(i64::MIN, |front| front.lease))
        .execute(conn)
        .await?;
    Ok(done.rows_affected())
}

/// Frees every claim. A mail that was in flight may have been accepted, so it is ambiguous, not queued. It may have been
/// sent for the second time after an older doubt: the newest counts, or a copy of it would have no time to turn up.
pub(super) async fn recover(conn: &mut Conn, now: DateTime<Utc>) -> Result<u64, StoreError> {
    let done = query(
        "UPDATE notice SET delivery = 'ambiguous', lease_until = NULL, send_at = $1, doubtful = $1
         WHERE delivery = 'sending'",
    )
    .bind(millis(now))
    .execute(conn)
    .await?;
    Ok(done.rows_affected())
}
