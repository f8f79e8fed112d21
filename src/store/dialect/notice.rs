//! Notices: enqueued, carried, dropped, claimed, settled.

use super::{Words, of_array};

/// Rows (revision, unit, kind, step, mailbox, message_id, send_at, priority, about) of `$1` document at `$2`.
pub(in crate::store) const ENQUEUE: Words = Words {
    sqlite: "
INSERT INTO notice (document, revision, unit, kind, step, mailbox, message_id, send_at, priority, about,
    enqueued, delivery, tries, epoch)
SELECT $1, value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6,
    value ->> 7, value ->> 8, $2, 'queued', 0, 0
FROM jsonb_each($3) WHERE true
ON CONFLICT DO NOTHING",
    postgres: "
INSERT INTO notice (document, revision, unit, kind, step, mailbox, message_id, send_at, priority, about,
    enqueued, delivery, tries, epoch)
SELECT $1, (v ->> 0)::bigint, v ->> 1, v ->> 2, v ->> 3, v ->> 4, v ->> 5, (v ->> 6)::bigint,
    (v ->> 7)::bigint, v ->> 8, $2, 'queued', 0, 0
FROM jsonb_array_elements($3::jsonb) AS j (v)
ON CONFLICT DO NOTHING",
};

/// Moves to revision `$1` what is not delivered of earlier ones of document `$2`, but for the units of the JSON
/// array `$3`. Where the same step of the same unit stands there already, it stays behind.
pub(in crate::store) const CARRY_NOTICES: Words = Words {
    sqlite: "
UPDATE OR IGNORE notice SET revision = $1
WHERE revision IN (SELECT id FROM revision WHERE document = $2 AND id < $1)
    AND delivery IN ('queued', 'held', 'sending', 'ambiguous', 'failed')
    AND unit NOT IN (SELECT value FROM jsonb_each($3))",
    postgres: "
UPDATE notice SET revision = $1
WHERE id IN (
    SELECT DISTINCT ON (n.unit, n.kind, n.step, n.mailbox) n.id FROM revision r JOIN notice n ON n.revision = r.id
    WHERE r.document = $2 AND r.id < $1
        AND n.delivery IN ('queued', 'held', 'sending', 'ambiguous', 'failed')
        AND n.unit NOT IN (SELECT value FROM jsonb_array_elements_text($3::jsonb) AS j (value))
        AND NOT EXISTS (SELECT 1 FROM notice there WHERE there.revision = $1 AND there.unit = n.unit
            AND there.kind = n.kind AND there.step = n.step AND there.mailbox = n.mailbox)
    ORDER BY n.unit, n.kind, n.step, n.mailbox, n.id)",
};

/// Drops what is queued or held about document `$1` for the units of the JSON array `$2`, because of `$3`.
pub(in crate::store) const DROP_QUEUED_OF: Words = of_array!(
    "
UPDATE notice SET delivery = 'dropped', reply = $3
WHERE delivery IN ('queued', 'held') AND kind <> 'digest'
    AND revision IN (SELECT id FROM revision WHERE document = $1)
    AND unit IN ",
    texts("$2"),
    ""
);

/// Drops what the ladder wrote to a cell about document `$1` and did not get away, because of `$3`, where one of
/// `$2` (unit, mailbox, kind, step, obligations) comes after it and is about all that it is about.
pub(in crate::store) const OVERTAKE: Words = Words {
    sqlite: "
UPDATE notice SET delivery = 'dropped', reply = $3
WHERE delivery = 'queued' AND kind IN ('reminder', 'chase') AND about IS NOT NULL
    AND revision IN (SELECT id FROM revision WHERE document = $1)
    AND EXISTS (SELECT 1 FROM jsonb_each($2) n
        WHERE n.value ->> 0 = notice.unit AND n.value ->> 1 = notice.mailbox
            AND (n.value ->> 2, n.value ->> 3) <> (notice.kind, notice.step)
            AND NOT EXISTS (SELECT 1 FROM json_each(notice.about) old
                WHERE old.value ->> 0 NOT IN (SELECT new.value FROM jsonb_each(n.value, '$[4]') new)))",
    postgres: "
UPDATE notice SET delivery = 'dropped', reply = $3
WHERE delivery = 'queued' AND kind IN ('reminder', 'chase') AND about IS NOT NULL
    AND revision IN (SELECT id FROM revision WHERE document = $1)
    AND EXISTS (SELECT 1 FROM jsonb_array_elements($2::jsonb) AS n (v)
        WHERE n.v ->> 0 = notice.unit AND n.v ->> 1 = notice.mailbox
            AND (n.v ->> 2, n.v ->> 3) <> (notice.kind, notice.step)
            AND NOT EXISTS (SELECT 1 FROM jsonb_array_elements(notice.about::jsonb) AS earlier (v)
                WHERE NOT (n.v -> 4) @> jsonb_build_array(earlier.v -> 0)))",
};

/// The priorities at which notices wait, one seek in the index each: the index is led by priority, and
/// whatever looks for an instant alone would walk all that wait. A `WITH` clause.
macro_rules! levels {
    () => {
        "WITH RECURSIVE level (priority) AS (
            SELECT min(priority) FROM notice WHERE delivery IN ('queued', 'ambiguous')
            UNION ALL
            SELECT (SELECT min(n.priority) FROM notice n
                    WHERE n.delivery IN ('queued', 'ambiguous') AND n.priority > level.priority)
            FROM level WHERE level.priority IS NOT NULL)"
    };
}
pub(in crate::store) use levels;

/// The same from a front on: rows (priority, from which instant on) of the JSON array `$from`. PostgreSQL's words.
macro_rules! levels_from {
    ($from:literal) => {
        concat!(
            "WITH level (priority, since) AS (
            SELECT (v ->> 0)::bigint, (v ->> 1)::bigint FROM jsonb_array_elements(",
            $from,
            "::jsonb) AS j (v))"
        )
    };
}
pub(in crate::store) use levels_from;

/// The priorities at which notices wait.
pub(in crate::store) const LEVELS: &str =
    concat!(levels!(), " SELECT priority FROM level WHERE priority IS NOT NULL");

/// Claims for `$1` instance at `$2` until `$3` at most `$4` notices: waiting ones that are due, and
/// those whose claimant let the lease run out; on PostgreSQL from a front on: `$5` for what waits, `$6` for the ends of
/// leases. The inner limits stop the walk along the index as soon as there are enough. What another claim is taking is
/// passed over; SQLite has one writer anyway.
pub(in crate::store) const CLAIM: Words = Words {
    sqlite: concat!(
        levels!(),
        "
UPDATE notice SET delivery = 'sending', instance = $1, lease_until = $3, epoch = epoch + 1, tries = tries + 1,
    doubtful = CASE WHEN delivery = 'sending' THEN $2 ELSE doubtful END
WHERE id IN (
    SELECT id FROM (
        SELECT id, priority, send_at FROM (
            SELECT id, priority, send_at FROM notice
            WHERE delivery IN ('queued', 'ambiguous') AND send_at <= $2
                AND priority IN (SELECT priority FROM level)
            ORDER BY priority, send_at, id LIMIT $4)
        UNION ALL
        SELECT id, priority, send_at FROM notice WHERE delivery = 'sending' AND lease_until <= $2)
    ORDER BY priority, send_at, id LIMIT $4)
RETURNING id, priority, send_at"
    ),
    postgres: concat!(
        levels_from!("$5"),
        ", picked AS MATERIALIZED (
    SELECT id FROM (
        SELECT n.id, n.priority, n.send_at FROM level CROSS JOIN LATERAL (
            SELECT id, priority, send_at FROM notice
            WHERE delivery IN ('queued', 'ambiguous') AND priority = level.priority AND send_at <= $2
                AND send_at >= level.since
            ORDER BY send_at, id LIMIT $4 FOR UPDATE SKIP LOCKED) AS n
        UNION ALL
        SELECT lost.id, lost.priority, lost.send_at FROM (
            SELECT id, priority, send_at FROM notice
            WHERE delivery = 'sending' AND lease_until <= $2 AND lease_until >= $6
            ORDER BY priority, send_at, id LIMIT $4 FOR UPDATE SKIP LOCKED) AS lost) AS found
    ORDER BY priority, send_at, id LIMIT $4)
UPDATE notice SET delivery = 'sending', instance = $1, lease_until = $3, epoch = epoch + 1, tries = tries + 1,
    doubtful = CASE WHEN delivery = 'sending' THEN $2 ELSE doubtful END
WHERE id IN (SELECT id FROM picked)
RETURNING id, priority, send_at"
    ),
};

/// Rows (id, epoch, delivery, send_at, sent_at, reply, untried, doubtful): an outcome counts only while the
/// epoch is still the claimant's. Returns the ids that counted.
pub(in crate::store) const SETTLE: Words = Words {
    sqlite: "
UPDATE notice SET delivery = j.delivery, send_at = coalesce(j.send_at, notice.send_at), sent_at = j.sent_at,
    reply = coalesce(j.reply, notice.reply), tries = notice.tries - j.untried, lease_until = NULL,
    doubtful = coalesce(j.doubtful, notice.doubtful)
FROM (SELECT value ->> 0 AS id, value ->> 1 AS epoch, value ->> 2 AS delivery, value ->> 3 AS send_at,
        value ->> 4 AS sent_at, value ->> 5 AS reply, value ->> 6 AS untried, value ->> 7 AS doubtful
    FROM jsonb_each($1)) AS j
WHERE notice.id = j.id AND notice.epoch = j.epoch AND notice.delivery = 'sending'
RETURNING id",
    postgres: "
UPDATE notice SET delivery = j.delivery, send_at = coalesce(j.send_at, notice.send_at), sent_at = j.sent_at,
    reply = coalesce(j.reply, notice.reply), tries = notice.tries - j.untried, lease_until = NULL,
    doubtful = coalesce(j.doubtful, notice.doubtful)
FROM (SELECT (v ->> 0)::bigint AS id, (v ->> 1)::bigint AS epoch, v ->> 2 AS delivery,
        (v ->> 3)::bigint AS send_at, (v ->> 4)::bigint AS sent_at, v ->> 5 AS reply,
        (v ->> 6)::bigint AS untried, (v ->> 7)::bigint AS doubtful
    FROM jsonb_array_elements($1::jsonb) AS e (v)) AS j
WHERE notice.id = j.id AND notice.epoch = j.epoch AND notice.delivery = 'sending'
RETURNING notice.id",
};

/// Rows (document, unit, mailbox, topic, started, first); a conversation that is known stays as it is.
pub(in crate::store) const KEEP_THREADS: Words = Words {
    sqlite: "
INSERT INTO thread (document, unit, mailbox, topic, started, first)
SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5
FROM jsonb_each($1) WHERE true
ON CONFLICT (document, unit, mailbox) DO NOTHING",
    postgres: "
INSERT INTO thread (document, unit, mailbox, topic, started, first)
SELECT (v ->> 0)::bigint, v ->> 1, v ->> 2, v ->> 3, (v ->> 4)::bigint, v ->> 5
FROM jsonb_array_elements($1::jsonb) AS j (v)
ON CONFLICT (document, unit, mailbox) DO NOTHING",
};

/// Rows (notice, mailbox).
pub(in crate::store) const KEEP_OUTSIDE: Words = Words {
    sqlite: "
INSERT INTO outside (notice, mailbox) SELECT value ->> 0, value ->> 1 FROM jsonb_each($1) WHERE true
ON CONFLICT (notice) DO NOTHING",
    postgres: "
INSERT INTO outside (notice, mailbox)
SELECT (v ->> 0)::bigint, v ->> 1 FROM jsonb_array_elements($1::jsonb) AS j (v)
ON CONFLICT (notice) DO NOTHING",
};

/// The held notices of the JSON array `$1` may leave from `$2` on.
pub(in crate::store) const ADMIT: Words = of_array!(
    "
UPDATE notice SET delivery = 'queued', send_at = $2, reply = NULL
WHERE delivery = 'held' AND id IN ",
    ids("$1"),
    ""
);

/// The notices of the JSON array `$1` are no longer held because of their domain.
pub(in crate::store) const FORGET_OUTSIDE: Words = of_array!(
    "
DELETE FROM outside WHERE notice IN ",
    ids("$1"),
    ""
);

/// The queued notices of the JSON array `$1` are dropped because of `$2`.
pub(in crate::store) const FOLD: Words = of_array!(
    "
UPDATE notice SET delivery = 'dropped', reply = $2
WHERE delivery = 'queued' AND id IN ",
    ids("$1"),
    ""
);
