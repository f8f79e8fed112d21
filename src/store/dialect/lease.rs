//! Leases, which on a server end by its own clock: instances on machines whose clocks differ must agree on who has what.

use super::Words;

/// The server's clock, in milliseconds, as it is while the statement runs.
macro_rules! server_now {
    () => {
        "(extract(epoch FROM clock_timestamp()) * 1000)::bigint"
    };
}

/// Takes or keeps the lease `$1` for `$2` during `$3` milliseconds; SQLite counts from `$4`.
macro_rules! hold {
    ($now:expr) => {
        concat!(
            "
INSERT INTO lease (name, holder, epoch, until) VALUES ($1, $2, 1, ",
            $now,
            " + $3)
ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until,
    epoch = lease.epoch + CASE WHEN lease.holder = excluded.holder AND lease.until > ",
            $now,
            " THEN 0 ELSE 1 END
WHERE lease.holder = excluded.holder OR lease.until <= ",
            $now,
            "
RETURNING epoch"
        )
    };
}

/// Takes or keeps a lease; its epoch, no row while another has it.
pub(in crate::store) const HOLD: Words = Words { sqlite: hold!("$4"), postgres: hold!(server_now!()) };

/// The time on the server.
pub(in crate::store) const SERVER_TIME: &str = concat!("SELECT ", server_now!());

/// The instances that live, each holding itself.
pub(in crate::store) const INSTANCES: &str =
    concat!("SELECT holder FROM lease WHERE name = holder AND until > ", server_now!(), " ORDER BY holder");

/// The table with the most rows that could not be cleared away: over `$1`, and twice as many as autovacuum waits for by
/// itself (50 and a fifth of those in use). PostgreSQL's words.
pub(in crate::store) const UNCLEARED: &str = "
SELECT relname::text, n_dead_tup, n_live_tup FROM pg_stat_user_tables
WHERE schemaname = current_schema() AND n_dead_tup > $1 AND n_dead_tup > 2 * (50 + n_live_tup / 5)
ORDER BY n_dead_tup DESC LIMIT 1";

/// Frees the mails that instances which live no more had claimed, at `$1`. One in flight may have been accepted.
pub(in crate::store) const FREE_NOTICES: &str = concat!(
    "
UPDATE notice SET delivery = 'ambiguous', lease_until = NULL, send_at = $1, doubtful = $1
WHERE delivery = 'sending' AND instance NOT IN (SELECT holder FROM lease WHERE until > ",
    server_now!(),
    ")"
);

/// The same for what was to be told upstream.
pub(in crate::store) const FREE_STATUSES: &str = concat!(
    "
UPDATE status SET delivery = 'queued', lease_until = NULL
WHERE delivery = 'sending' AND instance NOT IN (SELECT holder FROM lease WHERE until > ",
    server_now!(),
    ")"
);
