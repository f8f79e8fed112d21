//! The register: one suite of behaviours for whatever engine stands behind the port, and what is
//! particular to SQLite.

mod backup;
mod chronicle;
mod contract;
mod fixture;
mod model;
mod moved;
mod postgres;
mod silent;
mod sqlite;
mod statuses;
