//! Rows whose numbers stand in links, mails and on paper: numbered above everything that was ever given, also by a
//! register that is lost (table `restoration`). PostgreSQL's counters are raised once, when the register is put back.

use super::Words;

/// The next number of a table, in SQLite's words.
macro_rules! next_number {
    ($table:literal) => {
        concat!(
            "(SELECT max(coalesce((SELECT max(id) FROM ",
            $table,
            "), 0), coalesce((SELECT max(floor_",
            $table,
            ") FROM restoration), 0)) + 1)"
        )
    };
}
pub(super) use next_number;

/// (source, external_id, registered).
pub(in crate::store) const INSERT_DOCUMENT: Words = Words {
    sqlite: concat!(
        "INSERT INTO document (id, source, external_id, registered) VALUES (",
        next_number!("document"),
        ", $1, $2, $3) RETURNING id"
    ),
    postgres: "INSERT INTO document (source, external_id, registered) VALUES ($1, $2, $3) RETURNING id",
};

/// (document, number, fingerprint, symbol, content, registered).
pub(in crate::store) const INSERT_REVISION: Words = Words {
    sqlite: concat!(
        "INSERT INTO revision (id, document, number, fingerprint, symbol, content, registered) VALUES (",
        next_number!("revision"),
        ", $1, $2, $3, $4, $5, $6) RETURNING id"
    ),
    postgres: "
INSERT INTO revision (document, number, fingerprint, symbol, content, registered)
VALUES ($1, $2, $3, $4, $5, $6) RETURNING id",
};

/// (kind, source, external_id, document, unit, task, reason, raw, opened); no row where the same is open already.
pub(in crate::store) const OPEN_HOLD: Words = Words {
    sqlite: concat!(
        "INSERT INTO hold (id, kind, source, external_id, document, unit, task, reason, raw, opened) VALUES (",
        next_number!("hold"),
        ", $1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING RETURNING id"
    ),
    postgres: "
INSERT INTO hold (kind, source, external_id, document, unit, task, reason, raw, opened)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
ON CONFLICT DO NOTHING RETURNING id",
};
