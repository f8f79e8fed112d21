//! The composition: wiring, lifecycle, loops, telemetry. The only place that knows everybody.

pub mod clock;

pub mod lifecycle;

pub mod rehearsal;

pub mod accept;

pub mod answers;

pub mod control;

pub mod files;

pub mod rest;

pub mod servers;

pub mod saved;

pub mod wiring;

pub mod daemon;

pub mod eyes;

pub mod loops;

pub mod pulse;

pub mod seat;

pub mod share;

pub mod preview;

pub mod telemetry;

pub mod backup;
pub mod transfer;

pub mod space;
