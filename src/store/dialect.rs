//! The statements that another engine words differently, side by side: those that take their rows from
//! one parameter, and the claim.
//!
//! Rows come as one JSON text, an array of arrays, so that a directive for 221 cells is one statement.
//! `value ->> 0` is the first column of such a row, with the type JSON gave it; `jsonb_each` (SQLite
//! 3.51) parses the text once where `json_each` parses each row again for each column, a quarter of the
//! whole. `WHERE true` parts the source from `ON CONFLICT`, which the parser would otherwise take for a
//! join's `ON`.

/// Rows (duty, cell, task, acknowledge_due, due, next_action) under `$1` document, `$2` revision, `$3` now.
pub(super) const OPEN_OBLIGATIONS: &str = "
INSERT INTO obligation (document, revision, duty, cell, task, state, opened, since, acknowledge_due, due, step,
    next_action)
SELECT $1, $2, value ->> 0, value ->> 1, value ->> 2, 'open', $3, $3, value ->> 3, value ->> 4, 0, value ->> 5
FROM jsonb_each($4) WHERE true
ON CONFLICT (revision, cell, task) DO NOTHING
RETURNING id, cell";

/// Rows (id, state, since, acknowledge_due, due, grade, promised, extension_asked, step, next_action).
pub(super) const SAVE_OBLIGATIONS: &str = "
UPDATE obligation SET state = j.state, since = j.since, acknowledge_due = j.acknowledge_due, due = j.due,
    grade = j.grade, promised = j.promised, extension_asked = j.extension_asked, step = j.step,
    next_action = j.next_action
FROM (SELECT value ->> 0 AS id, value ->> 1 AS state, value ->> 2 AS since, value ->> 3 AS acknowledge_due,
        value ->> 4 AS due, value ->> 5 AS grade, value ->> 6 AS promised, value ->> 7 AS extension_asked,
        value ->> 8 AS step, value ->> 9 AS next_action
    FROM jsonb_each($1)) AS j
WHERE obligation.id = j.id";

/// Rows (id, duty, opened), for what [`SAVE_OBLIGATIONS`] leaves as it was because hardly anything changes it.
pub(super) const REASSIGN: &str = "
UPDATE obligation SET duty = j.duty, opened = j.opened
FROM (SELECT value ->> 0 AS id, value ->> 1 AS duty, value ->> 2 AS opened FROM jsonb_each($1)) AS j
WHERE obligation.id = j.id";

/// Moves the rows of the JSON array `$2` to revision `$1`, adding the notices that told their cells before.
pub(super) const CARRY_ROWS: &str = concat!(
    "
UPDATE obligation SET revision = $1, told = told + (
    SELECT count(*) FROM notice n WHERE n.revision = obligation.revision AND n.unit = obligation.cell
        AND n.delivery = 'sent' AND NOT EXISTS (SELECT 1 FROM bounced b WHERE b.notice = n.id) AND ",
    super::tally::telling!("n"),
    ")
WHERE id IN (SELECT value FROM jsonb_each($2)) AND revision <> $1"
);

/// Moves to revision `$1` what is not delivered of earlier ones of document `$2`, but for the units of the JSON
/// array `$3`. Where the same step of the same unit stands there already, it stays behind.
pub(super) const CARRY_NOTICES: &str = "
UPDATE OR IGNORE notice SET revision = $1
WHERE revision IN (SELECT id FROM revision WHERE document = $2 AND id < $1)
    AND delivery IN ('queued', 'held', 'sending', 'ambiguous', 'failed')
    AND unit NOT IN (SELECT value FROM jsonb_each($3))";

/// Drops what is queued or held about document `$1` for the units of the JSON array `$2`, because of `$3`.
pub(super) const DROP_QUEUED_OF: &str = "
UPDATE notice SET delivery = 'dropped', reply = $3
WHERE delivery IN ('queued', 'held') AND kind <> 'digest'
    AND revision IN (SELECT id FROM revision WHERE document = $1)
    AND unit IN (SELECT value FROM jsonb_each($2))";

/// Drops what the ladder wrote to a cell about document `$1` and did not get away, because of `$3`, where one of
/// `$2` (unit, mailbox, kind, step, obligations) comes after it and is about all that it is about.
pub(super) const OVERTAKE: &str = "
UPDATE notice SET delivery = 'dropped', reply = $3
WHERE delivery = 'queued' AND kind IN ('reminder', 'chase') AND about IS NOT NULL
    AND revision IN (SELECT id FROM revision WHERE document = $1)
    AND EXISTS (SELECT 1 FROM jsonb_each($2) n
        WHERE n.value ->> 0 = notice.unit AND n.value ->> 1 = notice.mailbox
            AND (n.value ->> 2, n.value ->> 3) <> (notice.kind, notice.step)
            AND NOT EXISTS (SELECT 1 FROM json_each(notice.about) old
                WHERE old.value ->> 0 NOT IN (SELECT new.value FROM jsonb_each(n.value, '$[4]') new)))";

/// The ids of the JSON array `$ids`; the right side of `IN`.
macro_rules! ids {
    ($ids:literal) => {
        concat!("(SELECT value FROM jsonb_each(", $ids, "))")
    };
}
pub(super) use ids;

/// Rows (obligation, at, step, kind, recipient, unit).
pub(super) const RECORD_STEPS: &str = "
INSERT INTO stepped (obligation, at, step, kind, recipient, unit)
SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5 FROM jsonb_each($1) WHERE true
ON CONFLICT (obligation, at, step) DO NOTHING";

/// Live obligations of revision `$1` whose cell is in the JSON array `$2`; a predicate.
macro_rules! among {
    () => {
        "o.revision = $1 AND o.cell IN (SELECT value FROM jsonb_each($2))"
    };
}
pub(super) use among;

/// Rows (revision, unit, kind, step, mailbox, message_id, send_at, priority, about) of `$1` document at `$2`.
pub(super) const ENQUEUE: &str = "
INSERT INTO notice (document, revision, unit, kind, step, mailbox, message_id, send_at, priority, about,
    enqueued, delivery, tries, epoch)
SELECT $1, value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6,
    value ->> 7, value ->> 8, $2, 'queued', 0, 0
FROM jsonb_each($3) WHERE true
ON CONFLICT DO NOTHING";

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
pub(super) use levels;

/// Claims for `$1` instance at `$2` until `$3` at most `$4` notices: waiting ones that are due, and
/// those whose claimant let the lease run out. The inner limit stops the walk along the index as soon
/// as there are enough. SQLite has one writer; another engine must skip locked rows here.
pub(super) const CLAIM: &str = concat!(
    levels!(),
    "
UPDATE notice SET delivery = 'sending', instance = $1, lease_until = $3, epoch = epoch + 1, tries = tries + 1
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
RETURNING id"
);

/// The claimed notices of the JSON array `$1`; a predicate.
macro_rules! claimed {
    () => {
        "n.id IN (SELECT value FROM jsonb_each($1))"
    };
}
pub(super) use claimed;

/// Rows (id, epoch, delivery, send_at, sent_at, reply, untried): an outcome counts only while the
/// epoch is still the claimant's. Returns the ids that counted.
pub(super) const SETTLE: &str = "
UPDATE notice SET delivery = j.delivery, send_at = coalesce(j.send_at, notice.send_at), sent_at = j.sent_at,
    reply = coalesce(j.reply, notice.reply), tries = notice.tries - j.untried, lease_until = NULL
FROM (SELECT value ->> 0 AS id, value ->> 1 AS epoch, value ->> 2 AS delivery, value ->> 3 AS send_at,
        value ->> 4 AS sent_at, value ->> 5 AS reply, value ->> 6 AS untried
    FROM jsonb_each($1)) AS j
WHERE notice.id = j.id AND notice.epoch = j.epoch AND notice.delivery = 'sending'
RETURNING id";

/// Rows (document, unit, mailbox, topic, started, first); a conversation that is known stays as it is.
pub(super) const KEEP_THREADS: &str = "
INSERT INTO thread (document, unit, mailbox, topic, started, first)
SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5
FROM jsonb_each($1) WHERE true
ON CONFLICT (document, unit, mailbox) DO NOTHING";

/// Rows (notice, mailbox).
pub(super) const KEEP_OUTSIDE: &str = "
INSERT INTO outside (notice, mailbox) SELECT value ->> 0, value ->> 1 FROM jsonb_each($1) WHERE true
ON CONFLICT (notice) DO NOTHING";

/// The held notices of the JSON array `$1` may leave from `$2` on.
pub(super) const ADMIT: &str = "
UPDATE notice SET delivery = 'queued', send_at = $2, reply = NULL
WHERE delivery = 'held' AND id IN (SELECT value FROM jsonb_each($1))";

/// The notices of the JSON array `$1` are no longer held because of their domain.
pub(super) const FORGET_OUTSIDE: &str = "
DELETE FROM outside WHERE notice IN (SELECT value FROM jsonb_each($1))";

/// Of the rows (external_id, fingerprint, received) `$2` of source `$1` those to be read, in order:
/// never read; changed in the list; failed less than `$5` times in a row, and last before `$7`; or last read before `$4` and
/// received since `$3`, which what failed more often is only if `$6`, and what was kept only if `$8`. What has no
/// stored fingerprint (a withheld document) cannot be seen to change; what has no date counts as
/// received since, because reading once too often harms nobody.
pub(super) const UNREAD: &str = "
SELECT j.value ->> 0 AS external_id
FROM jsonb_each($2) AS j LEFT JOIN reading r ON r.source = $1 AND r.external_id = j.value ->> 0
WHERE r.source IS NULL OR r.fingerprint <> j.value ->> 1
    OR (r.tries BETWEEN 1 AND $5 - 1 AND r.read_at < $7)
    OR ((r.tries < $5 OR $6 = 1) AND ($8 = 1 OR r.tries > 0 OR r.fingerprint IS NULL) AND r.read_at < $4
        AND ($3 IS NULL OR j.value ->> 2 IS NULL OR j.value ->> 2 >= $3))
ORDER BY j.key";

/// Of the ids `$2` of source `$1` those that are kept: a withheld row leaves no fingerprint, one that could not be
/// read counts its tries until a person dismisses it.
pub(super) const KEPT: &str = "
SELECT r.external_id
FROM jsonb_each($2) AS j JOIN reading r ON r.source = $1 AND r.external_id = j.value
WHERE r.fingerprint IS NOT NULL AND r.tries = 0
ORDER BY j.key";

/// Rows (external_id, fingerprint, broken) of source `$1`, read at `$2`; those broken are counted.
pub(super) const MARK_READ: &str = "
INSERT INTO reading (source, external_id, fingerprint, read_at, tries)
SELECT $1, value ->> 0, value ->> 1, $2, value ->> 2 FROM jsonb_each($3) WHERE true
ON CONFLICT (source, external_id) DO UPDATE SET fingerprint = excluded.fingerprint, read_at = excluded.read_at,
    tries = CASE excluded.tries WHEN 0 THEN 0 ELSE reading.tries + 1 END";

/// Rows (number, at, kind, document, obligation, detail, hash).
pub(super) const APPEND: &str = "
INSERT INTO journal (number, at, kind, document, obligation, detail, hash)
SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6
FROM jsonb_each($1)";

/// Claims for `$1` instance at `$2` until `$3` the status to be told next to one of the JSON array `$4`.
/// About one document of a source they go in the order they were said, so one that waits holds back those
/// after it. While a person must look (secrecy, doubt about what the document is, a recall) nothing goes out
/// about the document; while a source is braked, nothing goes to it at all.
pub(super) const CLAIM_STATUS: &str = "
UPDATE status SET delivery = 'sending', instance = $1, lease_until = $3, epoch = epoch + 1, tries = tries + 1
WHERE id = (
    SELECT s.id FROM status s
    WHERE (s.delivery = 'queued' AND s.send_at <= $2 OR s.delivery = 'sending' AND s.lease_until <= $2)
        AND s.source IN (SELECT value FROM jsonb_each($4))
        AND NOT EXISTS (SELECT 1 FROM status e
            WHERE e.source = s.source AND e.external_id = s.external_id AND e.id < s.id
                AND e.delivery IN ('queued', 'sending'))
        AND NOT EXISTS (SELECT 1 FROM hold h
            WHERE h.closed IS NULL AND (h.kind = 'brake' AND h.source = s.source
                OR h.kind IN ('secret', 'broken', 'ambiguous', 'operation', 'recall')
                    AND (h.source = s.source AND h.external_id = s.external_id OR h.document = s.document)))
    ORDER BY s.send_at, s.id LIMIT 1)
RETURNING id";

/// Documents that the body `$1` sent with the symbol `$2`, issued on `$3`.
pub(super) const REFERRED_BY_SYMBOL: &str = "
SELECT DISTINCT document FROM revision
WHERE symbol = $2 AND symbol <> '' AND json_extract(content, '$.exchange.organ') = $1
    AND json_extract(content, '$.issued') = $3
ORDER BY document";

/// The files that revisions, origins and what waits refer to. Walks them all, which a sweep at midnight can afford; most have
/// no stored file and are passed over by the text alone.
pub(super) const FILES: &str = "
SELECT DISTINCT value ->> '$.stored.id' FROM (
    SELECT content FROM revision UNION ALL SELECT content FROM origin
    UNION ALL SELECT content FROM waiting WHERE ended IS NULL) AS known,
    json_each(known.content, '$.attachments')
WHERE content LIKE '%\"stored\":%' AND value ->> '$.stored.id' IS NOT NULL";

/// Rows (cell, received, seen) of the JSON array `$3`, of document `$1` in source `$2`; what is known stays.
pub(super) const KEEP_RECEIPTS: &str = "
INSERT INTO receipt (document, source, cell, received, seen)
SELECT $1, $2, value ->> 0, value ->> 1, value ->> 2 FROM jsonb_each($3) WHERE true
ON CONFLICT (document, cell, source) DO UPDATE SET received = coalesce(receipt.received, excluded.received),
    seen = coalesce(receipt.seen, excluded.seen)";

/// Rows (external_id, overdue) of the JSON array `$3`, found in source `$1` by the comparison of `$2`.
pub(super) const NOTE_FOUND: &str = "
INSERT INTO compared (source, external_id, found, overdue, overdue_since)
SELECT $1, id, $2, CASE overdue WHEN 1 THEN $2 END, CASE overdue WHEN 1 THEN $2 END
FROM (SELECT value ->> 0 AS id, max(value ->> 1) AS overdue FROM jsonb_each($3) GROUP BY value ->> 0) WHERE true
ON CONFLICT (source, external_id) DO UPDATE SET found = excluded.found,
    overdue = coalesce(excluded.overdue, compared.overdue),
    overdue_since = coalesce(compared.overdue_since, excluded.overdue_since)";

/// What source `$1` delivered, issued from `$3` to `$4`, and the comparison of `$2` did not find, is missing
/// since the first that did not. Walks what the source ever delivered, which a night can afford.
pub(super) const NOTE_MISSING: &str = "
INSERT INTO compared (source, external_id, missing)
SELECT o.source, o.external_id, $2 FROM origin o
LEFT JOIN compared c ON c.source = o.source AND c.external_id = o.external_id
WHERE o.source = $1 AND json_extract(o.content, '$.issued') BETWEEN $3 AND $4
    AND (c.found IS NULL OR c.found < $2)
ON CONFLICT (source, external_id) DO UPDATE SET missing = coalesce(compared.missing, excluded.missing)";

/// Of the ids in the JSON array `$2` those of source `$1` that were never read.
pub(super) const UNKNOWN: &str = "
SELECT j.value FROM jsonb_each($2) AS j
LEFT JOIN reading r ON r.source = $1 AND r.external_id = j.value
WHERE r.source IS NULL ORDER BY j.key";
