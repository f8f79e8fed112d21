//! The statements that the engines word differently, side by side: those that take their rows from one parameter,
//! those that look into JSON, and the claims.
//!
//! Rows come as one JSON text, an array of arrays, so that a directive for 221 cells is one statement.
//!
//! - SQLite: `value ->> 0` is the first column of such a row, with the type JSON gave it; `jsonb_each` (SQLite
//!   3.51) parses the text once where `json_each` parses each row again for each column, a quarter of the
//!   whole. `WHERE true` parts the source from `ON CONFLICT`, which the parser would otherwise take for a
//!   join's `ON`.
//! - PostgreSQL: `->>` gives text, so numbers are cast. What is stored is read as `json`, which only looks at what
//!   is asked for; `jsonb` would refuse a whole document for one escaped NUL in it.

mod lease;
mod notice;
mod number;
mod obligation;
mod poll;
mod recall;
mod status;

pub(super) use lease::*;
pub(super) use notice::*;
pub(super) use number::*;
pub(super) use obligation::*;
pub(super) use poll::*;
pub(super) use recall::*;
pub(super) use status::*;

use super::sql::Words;

/// The numbers of the JSON array `$array`; the right side of `IN`.
macro_rules! ids {
    (sqlite, $array:literal) => {
        concat!("(SELECT value FROM jsonb_each(", $array, "))")
    };
    (postgres, $array:literal) => {
        concat!("(SELECT value::bigint FROM jsonb_array_elements_text(", $array, "::jsonb) AS j (value))")
    };
}
pub(super) use ids;

/// The texts of the JSON array `$array`; the right side of `IN`.
macro_rules! texts {
    (sqlite, $array:literal) => {
        concat!("(SELECT value FROM jsonb_each(", $array, "))")
    };
    (postgres, $array:literal) => {
        concat!("(SELECT value FROM jsonb_array_elements_text(", $array, "::jsonb) AS j (value))")
    };
}
pub(super) use texts;

/// A statement whose words differ only in what stands for the numbers (`ids`) or texts (`texts`) of one array.
macro_rules! of_array {
    ($before:expr, $list:ident($array:literal), $after:expr) => {
        Words {
            sqlite: concat!($before, crate::store::dialect::$list!(sqlite, $array), $after),
            postgres: concat!($before, crate::store::dialect::$list!(postgres, $array), $after),
        }
    };
}
use of_array;

/// Rows of the journal after `$1`, at most `$2`, texts as bytes: a damaged one need not be UTF-8.
pub(super) const LINKS: Words = Words {
    sqlite: "
SELECT number, at, CAST(kind AS BLOB) AS kind, document, obligation, CAST(detail AS BLOB) AS detail,
    CAST(hash AS BLOB) AS hash
FROM journal WHERE number > $1 ORDER BY number LIMIT $2",
    postgres: "
SELECT number, at, convert_to(kind, 'UTF8') AS kind, document, obligation, convert_to(detail, 'UTF8') AS detail,
    convert_to(hash, 'UTF8') AS hash
FROM journal WHERE number > $1 ORDER BY number LIMIT $2",
};

/// Rows (number, at, kind, document, obligation, detail, hash).
pub(super) const APPEND: Words = Words {
    sqlite: "
INSERT INTO journal (number, at, kind, document, obligation, detail, hash)
SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6
FROM jsonb_each($1)",
    postgres: "
INSERT INTO journal (number, at, kind, document, obligation, detail, hash)
SELECT (v ->> 0)::bigint, (v ->> 1)::bigint, v ->> 2, (v ->> 3)::bigint, (v ->> 4)::bigint, v ->> 5, v ->> 6
FROM jsonb_array_elements($1::jsonb) AS j (v)",
};

/// The files that revisions, origins and what waits refer to. Walks them all, which a sweep at midnight can afford; most have
/// no stored file and are passed over by the text alone.
pub(super) const FILES: Words = Words {
    sqlite: "
SELECT DISTINCT value ->> '$.stored.id' FROM (
    SELECT content FROM revision UNION ALL SELECT content FROM origin
    UNION ALL SELECT content FROM waiting WHERE ended IS NULL) AS known,
    json_each(known.content, '$.attachments')
WHERE content LIKE '%\"stored\":%' AND value ->> '$.stored.id' IS NOT NULL",
    postgres: "
SELECT DISTINCT file #>> '{stored,id}' FROM (
    SELECT content FROM revision WHERE content LIKE '%\"stored\":%'
    UNION ALL SELECT content FROM origin WHERE content LIKE '%\"stored\":%'
    UNION ALL SELECT content FROM waiting WHERE ended IS NULL AND content LIKE '%\"stored\":%') AS known
    CROSS JOIN LATERAL json_array_elements(known.content::json -> 'attachments') AS j (file)
WHERE file #>> '{stored,id}' IS NOT NULL",
};
