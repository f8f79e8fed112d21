//! Adapters in: each speaks the protocol of one kind of document system and hands over judged documents.

pub mod axis;
pub mod edxml;
pub mod folder;
pub mod heartbeat;
pub mod ioffice;
pub mod lgsp;
pub mod vxp;

mod address;
mod hash;
mod http;
mod retry;
mod when;
