//! The composition: wiring, lifecycle, loops, telemetry. The only place that knows everybody.

pub mod clock;

//D pub mod daemon;

//D pub mod loops;

pub mod pulse;

pub mod telemetry;
