//! Pure values and functions: what an office owes, to whom, by when, and why. Nothing here reads a
//! clock, a file, a socket or a random number; `now` and ids come in as arguments.

pub mod text;

pub mod legacy;

pub mod line;

pub mod language;

pub mod symbol;

pub mod secrecy;

pub mod document;

pub mod unit;

pub mod calendar;

pub mod deadline;

pub mod rule;

pub mod routing;

pub mod change;

pub mod operation;

pub mod examine;

pub mod redact;

pub mod stamp;

pub mod plan;

pub mod ladder;

pub mod obligation;

pub mod receipt;

pub mod notice;

pub mod digest;

pub mod appointment;
pub mod thread;

pub mod sending;

pub mod backup;

pub mod dkim;

pub mod token;

pub mod challenge;

pub mod inbound;

pub mod mailbox;

pub mod schedule;

pub mod reckoning;

pub mod retry;

pub mod watch;

pub mod brake;

pub mod status;

pub mod tally;

pub mod chasing;

pub mod edition;

pub mod chain;

pub mod hint;

pub mod bulletin;

pub mod ids;
