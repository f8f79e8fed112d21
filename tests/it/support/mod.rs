//! What several areas need.

pub mod office;
pub mod rig;
pub mod store;
