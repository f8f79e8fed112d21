//! What several areas need.

pub mod store;
