//! Adapters in: each speaks the protocol of one kind of document system and hands over judged documents.

pub mod edxml;
pub mod folder;
pub mod heartbeat;
pub mod ioffice;

mod hash;
mod http;
mod when;
