//! What a copy of the journal keeps, and what of it is found again.

use super::{Words, ids, of_array};

/// The mails of the JSON array `$1`, with what they are about.
pub(in crate::store) const POSTED: Words = of_array!(
    "
SELECT n.id, d.source, d.external_id, r.fingerprint, n.unit, n.kind, n.step, n.mailbox, n.message_id,
    coalesce(n.sent_at, n.send_at) AS at, n.reply, n.about
FROM notice n JOIN revision r ON r.id = n.revision JOIN document d ON d.id = n.document
WHERE n.id IN ",
    ids("$1"),
    ""
);

/// The obligations of the JSON array `$1`, by what they are about.
pub(in crate::store) const OPENED: Words = of_array!(
    "
SELECT o.id, d.source, d.external_id, o.cell, o.task FROM obligation o JOIN document d ON d.id = o.document
WHERE o.id IN ",
    ids("$1"),
    ""
);

/// What was answered for the obligations of the JSON array `$1`, oldest first.
pub(in crate::store) const SAID: Words = of_array!(
    "SELECT obligation, content, grade, channel, actor, reason, at FROM answer WHERE obligation IN ",
    ids("$1"),
    " ORDER BY id"
);

/// Rows (line, place, kind, source, external_id, unit, content, at); one that is known stays as it is.
pub(in crate::store) const STAGE: Words = Words {
    sqlite: "
INSERT INTO recalled (line, place, kind, source, external_id, unit, content, at)
SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6, value ->> 7
FROM jsonb_each($1) WHERE true
ON CONFLICT (line, place) DO NOTHING",
    postgres: "
INSERT INTO recalled (line, place, kind, source, external_id, unit, content, at)
SELECT v ->> 0, (v ->> 1)::bigint, v ->> 2, v ->> 3, v ->> 4, v ->> 5, v ->> 6, (v ->> 7)::bigint
FROM jsonb_array_elements($1::jsonb) AS j (v)
ON CONFLICT (line, place) DO NOTHING",
};

/// Rows (obligation, source, external_id, cell, task); one that is known stays as it is.
pub(in crate::store) const STAGE_FORMER: Words = Words {
    sqlite: "
INSERT INTO former (obligation, source, external_id, cell, task)
SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4 FROM jsonb_each($1) WHERE true
ON CONFLICT (obligation) DO NOTHING",
    postgres: "
INSERT INTO former (obligation, source, external_id, cell, task)
SELECT (v ->> 0)::bigint, v ->> 1, v ->> 2, v ->> 3, v ->> 4 FROM jsonb_array_elements($1::jsonb) AS j (v)
ON CONFLICT (obligation) DO NOTHING",
};

/// The documents that an id of a source brought, by the expressions of both.
macro_rules! documents_of {
    ($source:literal, $id:literal) => {
        concat!(
            "(SELECT id FROM document WHERE source = ",
            $source,
            " AND external_id = ",
            $id,
            " UNION SELECT document FROM origin WHERE source = ",
            $source,
            " AND external_id = ",
            $id,
            ")"
        )
    };
}

/// The mails of the JSON array `$1` as they can be found again: id, document, unit, kind, step, mailbox, fingerprint,
/// about.
pub(in crate::store) const WANTED: Words = of_array!(
    "
SELECT n.id, n.document, n.unit, n.kind, n.step, n.mailbox, r.fingerprint, n.about
FROM notice n JOIN revision r ON r.id = n.revision WHERE n.id IN ",
    ids("$1"),
    ""
);

/// What is recalled of mails about the documents of the JSON array `$1`, newest first: id, document, kind, content, unit.
macro_rules! recalled_of {
    ($ids:expr) => {
        concat!(
            "
SELECT c.id, k.document, c.kind, c.content, c.unit
FROM (SELECT id AS document, source, external_id FROM document WHERE id IN ",
            $ids,
            " UNION SELECT document, source, external_id FROM origin WHERE document IN ",
            $ids,
            ") AS k JOIN recalled c ON c.external_id = k.external_id AND c.source = k.source
WHERE c.kind IN ('sent', 'doubtful', 'planned') ORDER BY c.id DESC"
        )
    };
}

/// As [`recalled_of!`] says.
pub(in crate::store) const RECALLED_OF: Words =
    Words { sqlite: recalled_of!(ids!(sqlite, "$1")), postgres: recalled_of!(ids!(postgres, "$1")) };

/// The facts of the JSON array `$1` were found again at `$2`.
pub(in crate::store) const APPLIED: Words = of_array!(
    "
UPDATE recalled SET applied = $2 WHERE applied IS NULL AND id IN ",
    ids("$1"),
    ""
);

/// Answers that can be recorded now, with the row each is about, oldest first; at most `$1`.
macro_rules! recalled_answers {
    ($task:literal) => {
        concat!(
            "
SELECT id, external_id, unit, content, target FROM (
    SELECT c.id, c.external_id, c.unit, c.content, c.at, (
        SELECT o.id FROM obligation o WHERE o.cell = c.unit AND o.task = ",
            $task,
            " AND o.document IN ",
            documents_of!("c.source", "c.external_id"),
            " ORDER BY o.revision DESC, o.id DESC LIMIT 1) AS target
    FROM recalled c WHERE c.kind = 'answered' AND c.applied IS NULL) AS waiting
WHERE target IS NOT NULL ORDER BY at, id LIMIT $1"
        )
    };
}

/// As [`recalled_answers!`] says.
pub(in crate::store) const RECALLED_ANSWERS: Words = Words {
    sqlite: recalled_answers!("c.content ->> '$.obligation.task'"),
    postgres: recalled_answers!("(c.content::json #>> '{obligation,task}')"),
};

/// The row that stands for `$1` of a lost register.
pub(in crate::store) const FORMERLY: &str = concat!(
    "
SELECT o.id FROM former f JOIN obligation o ON o.cell = f.cell AND o.task = f.task AND o.document IN ",
    documents_of!("f.source", "f.external_id"),
    " WHERE f.obligation = $1 ORDER BY o.revision DESC, o.id DESC LIMIT 1"
);
