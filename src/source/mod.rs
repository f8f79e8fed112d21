//! Adapters in: each speaks the protocol of one kind of document system and hands over judged documents.

pub mod edxml;
pub mod heartbeat;
pub mod ioffice;

mod http;
mod when;
