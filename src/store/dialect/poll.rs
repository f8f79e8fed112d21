//! Polls, receipts, and the comparison of a source with the register.

use super::Words;

/// Of the rows (external_id, fingerprint, received) `$2` of source `$1` those to be read, in order:
/// never read; changed in the list; failed less than `$5` times in a row, and last before `$7`; or last read before `$4` and
/// received since `$3`, which what failed more often is only if `$6`, and what was kept only if `$8`. What has no
/// stored fingerprint (a withheld document) cannot be seen to change; what has no date counts as
/// received since, because reading once too often harms nobody.
pub(in crate::store) const UNREAD: Words = Words {
    sqlite: "
SELECT j.value ->> 0 AS external_id
FROM jsonb_each($2) AS j LEFT JOIN reading r ON r.source = $1 AND r.external_id = j.value ->> 0
WHERE r.source IS NULL OR r.fingerprint <> j.value ->> 1
    OR (r.tries BETWEEN 1 AND $5 - 1 AND r.read_at < $7)
    OR ((r.tries < $5 OR $6 = 1) AND ($8 = 1 OR r.tries > 0 OR r.fingerprint IS NULL) AND r.read_at < $4
        AND ($3 IS NULL OR j.value ->> 2 IS NULL OR j.value ->> 2 >= $3))
ORDER BY j.key",
    postgres: "
SELECT j.v ->> 0 AS external_id
FROM jsonb_array_elements($2::jsonb) WITH ORDINALITY AS j (v, key)
    LEFT JOIN reading r ON r.source = $1 AND r.external_id = j.v ->> 0
WHERE r.source IS NULL OR r.fingerprint <> j.v ->> 1
    OR (r.tries BETWEEN 1 AND $5 - 1 AND r.read_at < $7)
    OR ((r.tries < $5 OR $6 = 1) AND ($8 = 1 OR r.tries > 0 OR r.fingerprint IS NULL) AND r.read_at < $4
        AND ($3 IS NULL OR j.v ->> 2 IS NULL OR (j.v ->> 2)::bigint >= $3))
ORDER BY j.key",
};

/// Of the ids `$2` of source `$1` those that are kept: a withheld row leaves no fingerprint, one that could not be
/// read counts its tries until a person dismisses it.
pub(in crate::store) const KEPT: Words = Words {
    sqlite: "
SELECT r.external_id
FROM jsonb_each($2) AS j JOIN reading r ON r.source = $1 AND r.external_id = j.value
WHERE r.fingerprint IS NOT NULL AND r.tries = 0
ORDER BY j.key",
    postgres: "
SELECT r.external_id
FROM jsonb_array_elements_text($2::jsonb) WITH ORDINALITY AS j (value, key)
    JOIN reading r ON r.source = $1 AND r.external_id = j.value
WHERE r.fingerprint IS NOT NULL AND r.tries = 0
ORDER BY j.key",
};

/// Rows (external_id, fingerprint, broken) of source `$1`, read at `$2`; those broken are counted.
pub(in crate::store) const MARK_READ: Words = Words {
    sqlite: "
INSERT INTO reading (source, external_id, fingerprint, read_at, tries)
SELECT $1, value ->> 0, value ->> 1, $2, value ->> 2 FROM jsonb_each($3) WHERE true
ON CONFLICT (source, external_id) DO UPDATE SET fingerprint = excluded.fingerprint, read_at = excluded.read_at,
    tries = CASE excluded.tries WHEN 0 THEN 0 ELSE reading.tries + 1 END",
    // A row that is listed twice counts once, as it was read last: one statement may not change a row twice here.
    postgres: "
INSERT INTO reading (source, external_id, fingerprint, read_at, tries)
SELECT DISTINCT ON (v ->> 0) $1, v ->> 0, v ->> 1, $2, (v ->> 2)::bigint
FROM jsonb_array_elements($3::jsonb) WITH ORDINALITY AS j (v, key)
ORDER BY v ->> 0, key DESC
ON CONFLICT (source, external_id) DO UPDATE SET fingerprint = excluded.fingerprint, read_at = excluded.read_at,
    tries = CASE excluded.tries WHEN 0 THEN 0 ELSE reading.tries + 1 END",
};

/// Rows (cell, received, seen) of the JSON array `$3`, of document `$1` in source `$2`; what is known stays.
pub(in crate::store) const KEEP_RECEIPTS: Words = Words {
    sqlite: "
INSERT INTO receipt (document, source, cell, received, seen)
SELECT $1, $2, value ->> 0, value ->> 1, value ->> 2 FROM jsonb_each($3) WHERE true
ON CONFLICT (document, cell, source) DO UPDATE SET received = coalesce(receipt.received, excluded.received),
    seen = coalesce(receipt.seen, excluded.seen)",
    postgres: "
INSERT INTO receipt (document, source, cell, received, seen)
SELECT $1, $2, v ->> 0, (v ->> 1)::bigint, (v ->> 2)::bigint FROM jsonb_array_elements($3::jsonb) AS j (v)
ON CONFLICT (document, cell, source) DO UPDATE SET received = coalesce(receipt.received, excluded.received),
    seen = coalesce(receipt.seen, excluded.seen)",
};

/// Rows (external_id, overdue) of the JSON array `$3`, found in source `$1` by the comparison of `$2`.
pub(in crate::store) const NOTE_FOUND: Words = Words {
    sqlite: "
INSERT INTO compared (source, external_id, found, overdue, overdue_since)
SELECT $1, id, $2, CASE overdue WHEN 1 THEN $2 END, CASE overdue WHEN 1 THEN $2 END
FROM (SELECT value ->> 0 AS id, max(value ->> 1) AS overdue FROM jsonb_each($3) GROUP BY value ->> 0) WHERE true
ON CONFLICT (source, external_id) DO UPDATE SET found = excluded.found,
    overdue = coalesce(excluded.overdue, compared.overdue),
    overdue_since = coalesce(compared.overdue_since, excluded.overdue_since)",
    postgres: "
INSERT INTO compared (source, external_id, found, overdue, overdue_since)
SELECT $1, id, $2, CASE overdue WHEN 1 THEN $2 END, CASE overdue WHEN 1 THEN $2 END
FROM (SELECT v ->> 0 AS id, max((v ->> 1)::bigint) AS overdue FROM jsonb_array_elements($3::jsonb) AS j (v)
    GROUP BY v ->> 0) AS listed
ON CONFLICT (source, external_id) DO UPDATE SET found = excluded.found,
    overdue = coalesce(excluded.overdue, compared.overdue),
    overdue_since = coalesce(compared.overdue_since, excluded.overdue_since)",
};

/// What source `$1` delivered, issued from `$3` to `$4`, and the comparison of `$2` did not find, is missing
/// since the first that did not. Walks what the source ever delivered, which a night can afford.
pub(in crate::store) const NOTE_MISSING: Words = Words {
    sqlite: "
INSERT INTO compared (source, external_id, missing)
SELECT o.source, o.external_id, $2 FROM origin o
LEFT JOIN compared c ON c.source = o.source AND c.external_id = o.external_id
WHERE o.source = $1 AND json_extract(o.content, '$.issued') BETWEEN $3 AND $4
    AND (c.found IS NULL OR c.found < $2)
ON CONFLICT (source, external_id) DO UPDATE SET missing = coalesce(compared.missing, excluded.missing)",
    postgres: "
INSERT INTO compared (source, external_id, missing)
SELECT o.source, o.external_id, $2 FROM origin o
LEFT JOIN compared c ON c.source = o.source AND c.external_id = o.external_id
WHERE o.source = $1 AND (o.content::json ->> 'issued') COLLATE \"C\" BETWEEN $3 AND $4
    AND (c.found IS NULL OR c.found < $2)
ON CONFLICT (source, external_id) DO UPDATE SET missing = coalesce(compared.missing, excluded.missing)",
};

/// Of the ids in the JSON array `$2` those of source `$1` that were never read.
pub(in crate::store) const UNKNOWN: Words = Words {
    sqlite: "
SELECT j.value FROM jsonb_each($2) AS j
LEFT JOIN reading r ON r.source = $1 AND r.external_id = j.value
WHERE r.source IS NULL ORDER BY j.key",
    postgres: "
SELECT j.value FROM jsonb_array_elements_text($2::jsonb) WITH ORDINALITY AS j (value, key)
LEFT JOIN reading r ON r.source = $1 AND r.external_id = j.value
WHERE r.source IS NULL ORDER BY j.key",
};
