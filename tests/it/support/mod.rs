//! What several areas need.

pub mod daemon;
pub mod net;
pub mod office;
pub mod rig;
pub mod scripted;
pub mod site;
pub mod smtp_sink;
pub mod store;
