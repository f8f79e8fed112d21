//! Statuses, and which document another body means.

use super::Words;

/// Claims for `$1` instance at `$2` until `$3` the status to be told next to one of the sources `$list`.
/// About one document of a source they go in the order they were said, so one that waits holds back those
/// after it. While a person must look (secrecy, doubt about what the document is, a recall) nothing goes out
/// about the document; while a source is braked, nothing goes to it at all.
macro_rules! claim_status {
    ($list:expr, $lock:literal) => {
        concat!(
            "
UPDATE status SET delivery = 'sending', instance = $1, lease_until = $3, epoch = epoch + 1, tries = tries + 1
WHERE id = (
    SELECT s.id FROM status s
    WHERE (s.delivery = 'queued' AND s.send_at <= $2 OR s.delivery = 'sending' AND s.lease_until <= $2)
        AND s.source IN ",
            $list,
            "
        AND NOT EXISTS (SELECT 1 FROM status e
            WHERE e.source = s.source AND e.external_id = s.external_id AND e.id < s.id
                AND e.delivery IN ('queued', 'sending'))
        AND NOT EXISTS (SELECT 1 FROM hold h
            WHERE h.closed IS NULL AND (h.kind = 'brake' AND h.source = s.source
                OR h.kind IN ('secret', 'broken', 'ambiguous', 'operation', 'recall')
                    AND (h.source = s.source AND h.external_id = s.external_id OR h.document = s.document)))
    ORDER BY s.send_at, s.id LIMIT 1",
            $lock,
            ")
RETURNING id"
        )
    };
}

/// The status to be told next to one of the JSON array `$4`.
pub(in crate::store) const CLAIM_STATUS: Words = Words {
    sqlite: claim_status!(super::texts!(sqlite, "$4"), ""),
    postgres: claim_status!(super::texts!(postgres, "$4"), " FOR UPDATE OF s SKIP LOCKED"),
};

/// Documents that the body `$1` sent with the symbol `$2`, issued on `$3`.
pub(in crate::store) const REFERRED_BY_SYMBOL: Words = Words {
    sqlite: "
SELECT DISTINCT document FROM revision
WHERE symbol = $2 AND symbol <> '' AND json_extract(content, '$.exchange.organ') = $1
    AND json_extract(content, '$.issued') = $3
ORDER BY document",
    postgres: "
SELECT DISTINCT document FROM revision
WHERE symbol = $2 AND symbol <> '' AND content::json #>> '{exchange,organ}' = $1
    AND content::json ->> 'issued' = $3
ORDER BY document",
};

/// Where document `$1` came from; a message that only revokes or updates it is no origin to be told of.
pub(in crate::store) const ORIGIN_IDS: Words = Words {
    sqlite: "
SELECT source, external_id FROM document WHERE id = $1
UNION SELECT source, external_id FROM origin WHERE document = $1 AND content ->> '$.operation' = 'new'
ORDER BY source, external_id",
    postgres: "
SELECT source, external_id FROM document WHERE id = $1
UNION SELECT source, external_id FROM origin WHERE document = $1 AND content::json ->> 'operation' = 'new'
ORDER BY source, external_id",
};

/// How the cells of the newest revision of document `$1` stand: asked, received, done. `$owes` is what a duty owes,
/// as JSON text.
macro_rules! counts {
    ($owes:literal) => {
        concat!(
            "
WITH newest AS (SELECT max(id) AS id FROM revision WHERE document = $1),
    share AS MATERIALIZED (
        SELECT d.id, ",
            $owes,
            " AS owes FROM duty d
        WHERE d.id IN (SELECT duty FROM obligation WHERE revision = (SELECT id FROM newest))),
    cell AS (
        SELECT min(CASE WHEN o.state IN ('acknowledged', 'done') THEN 1 ELSE 0 END) AS received,
            min(CASE WHEN o.state = 'done' OR o.state = 'acknowledged' AND s.owes = '[\"acknowledge\"]'
                THEN 1 ELSE 0 END) AS done
        FROM obligation o JOIN share s ON s.id = o.duty
        WHERE o.revision = (SELECT id FROM newest) AND s.owes <> '[]'
            AND o.state NOT IN ('withdrawn', 'excused')
        GROUP BY o.cell)
SELECT count(*), coalesce(sum(received), 0), coalesce(sum(done), 0) FROM cell"
        )
    };
}

/// As the macro of that name says.
pub(in crate::store) const COUNTS: Words =
    Words { sqlite: counts!("d.content ->> '$.owes'"), postgres: counts!("d.content::json ->> 'owes'") };
