//! What several areas need.

pub mod office;
pub mod rig;
pub mod site;
pub mod store;
