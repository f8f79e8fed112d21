//! Obligations, and the steps of their ladders.

use super::{Words, next_number, of_array};

/// Rows (duty, cell, task, acknowledge_due, due, next_action) under `$1` document, `$2` revision, `$3` now.
pub(in crate::store) const OPEN_OBLIGATIONS: Words = Words {
    sqlite: concat!(
        "
INSERT INTO obligation (id, document, revision, duty, cell, task, state, opened, since, acknowledge_due, due, step,
    next_action)
SELECT ", next_number!("obligation"), " + key, $1, $2, value ->> 0, value ->> 1, value ->> 2, 'open', $3, $3,
    value ->> 3, value ->> 4, 0, value ->> 5
FROM jsonb_each($4) WHERE true
ON CONFLICT (revision, cell, task) DO NOTHING
RETURNING id, cell"
    ),
    postgres: "
INSERT INTO obligation (document, revision, duty, cell, task, state, opened, since, acknowledge_due, due, step,
    next_action)
SELECT $1, $2, (v ->> 0)::bigint, v ->> 1, v ->> 2, 'open', $3, $3, (v ->> 3)::bigint, (v ->> 4)::bigint, 0,
    (v ->> 5)::bigint
FROM jsonb_array_elements($4::jsonb) AS j (v)
ON CONFLICT (revision, cell, task) DO NOTHING
RETURNING id, cell",
};

/// Rows (id, state, since, acknowledge_due, due, grade, promised, extension_asked, step, next_action).
pub(in crate::store) const SAVE_OBLIGATIONS: Words = Words {
    sqlite: "
UPDATE obligation SET state = j.state, since = j.since, acknowledge_due = j.acknowledge_due, due = j.due,
    grade = j.grade, promised = j.promised, extension_asked = j.extension_asked, step = j.step,
    next_action = j.next_action
FROM (SELECT value ->> 0 AS id, value ->> 1 AS state, value ->> 2 AS since, value ->> 3 AS acknowledge_due,
        value ->> 4 AS due, value ->> 5 AS grade, value ->> 6 AS promised, value ->> 7 AS extension_asked,
        value ->> 8 AS step, value ->> 9 AS next_action
    FROM jsonb_each($1)) AS j
WHERE obligation.id = j.id",
    postgres: "
UPDATE obligation SET state = j.state, since = j.since, acknowledge_due = j.acknowledge_due, due = j.due,
    grade = j.grade, promised = j.promised, extension_asked = j.extension_asked, step = j.step,
    next_action = j.next_action
FROM (SELECT (v ->> 0)::bigint AS id, v ->> 1 AS state, (v ->> 2)::bigint AS since,
        (v ->> 3)::bigint AS acknowledge_due, (v ->> 4)::bigint AS due, v ->> 5 AS grade, v ->> 6 AS promised,
        v ->> 7 AS extension_asked, (v ->> 8)::bigint AS step, (v ->> 9)::bigint AS next_action
    FROM jsonb_array_elements($1::jsonb) AS e (v)) AS j
WHERE obligation.id = j.id",
};

/// Rows (obligation, revision, content, grade, channel, actor, reason, evidence, at), in their order.
pub(in crate::store) const RECORD_ANSWERS: Words = Words {
    sqlite: "
INSERT INTO answer (obligation, revision, content, grade, channel, actor, reason, evidence, at)
SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6, value ->> 7,
    value ->> 8
FROM jsonb_each($1) ORDER BY key",
    postgres: "
INSERT INTO answer (obligation, revision, content, grade, channel, actor, reason, evidence, at)
SELECT (v ->> 0)::bigint, (v ->> 1)::bigint, v ->> 2, v ->> 3, v ->> 4, v ->> 5, v ->> 6, v ->> 7, (v ->> 8)::bigint
FROM jsonb_array_elements($1::jsonb) WITH ORDINALITY AS j (v, key) ORDER BY key",
};

/// Rows (obligation, ended).
pub(in crate::store) const END_DOUBTS: Words = Words {
    sqlite: "
UPDATE doubted SET ended = j.ended
FROM (SELECT value ->> 0 AS obligation, value ->> 1 AS ended FROM jsonb_each($1)) AS j
WHERE doubted.obligation = j.obligation AND doubted.ended IS NULL",
    postgres: "
UPDATE doubted SET ended = j.ended
FROM (SELECT (v ->> 0)::bigint AS obligation, (v ->> 1)::bigint AS ended
    FROM jsonb_array_elements($1::jsonb) AS e (v)) AS j
WHERE doubted.obligation = j.obligation AND doubted.ended IS NULL",
};

/// Rows (id, duty, opened), for what [`SAVE_OBLIGATIONS`] leaves as it was because hardly anything changes it.
pub(in crate::store) const REASSIGN: Words = Words {
    sqlite: "
UPDATE obligation SET duty = j.duty, opened = j.opened
FROM (SELECT value ->> 0 AS id, value ->> 1 AS duty, value ->> 2 AS opened FROM jsonb_each($1)) AS j
WHERE obligation.id = j.id",
    postgres: "
UPDATE obligation SET duty = j.duty, opened = j.opened
FROM (SELECT (v ->> 0)::bigint AS id, (v ->> 1)::bigint AS duty, (v ->> 2)::bigint AS opened
    FROM jsonb_array_elements($1::jsonb) AS e (v)) AS j
WHERE obligation.id = j.id",
};

/// Moves the rows of the JSON array `$2` to revision `$1`, adding the notices that told their cells before.
pub(in crate::store) const CARRY_ROWS: Words = of_array!(
    concat!(
        "
UPDATE obligation SET revision = $1, told = told + (
    SELECT count(*) FROM notice n WHERE n.revision = obligation.revision AND n.unit = obligation.cell
        AND n.delivery = 'sent' AND NOT EXISTS (SELECT 1 FROM bounced b WHERE b.notice = n.id) AND ",
        crate::store::tally::telling!("n"),
        ")
WHERE id IN "
    ),
    ids("$2"),
    " AND revision <> $1"
);

/// Rows (obligation, at, step, kind, recipient, unit).
pub(in crate::store) const RECORD_STEPS: Words = Words {
    sqlite: "
INSERT INTO stepped (obligation, at, step, kind, recipient, unit)
SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5 FROM jsonb_each($1) WHERE true
ON CONFLICT (obligation, at, step) DO NOTHING",
    postgres: "
INSERT INTO stepped (obligation, at, step, kind, recipient, unit)
SELECT (v ->> 0)::bigint, (v ->> 1)::bigint, (v ->> 2)::bigint, v ->> 3, v ->> 4, v ->> 5
FROM jsonb_array_elements($1::jsonb) AS j (v)
ON CONFLICT (obligation, at, step) DO NOTHING",
};

/// How often the appointments of the rows of the JSON array `$1` changed.
pub(in crate::store) const SEQUENCES: Words =
    of_array!("SELECT id, sequence FROM obligation WHERE id IN ", ids("$1"), "");
