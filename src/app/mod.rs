//! The use cases, one verb per file, and the ports they need.

pub mod ports;

pub mod office;

pub mod acknowledge;
