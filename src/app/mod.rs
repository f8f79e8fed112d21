//! The use cases, one verb per file, and the ports they need. A use case loads, calls a pure
//! function of the domain, and stores what it returned, in one transaction that also enqueues what
//! follows.

pub mod ports;

pub mod office;
pub mod policy;

pub mod hold;
pub mod ingest;

pub mod dispatch;

pub mod preview;

pub mod chase;

pub mod recur;

pub mod digest;

pub mod feed;

pub mod report;

pub mod chasing;

pub mod due;

mod desk;
pub mod respite;

pub mod almanac;

pub mod reorganise;

pub mod explain;

pub mod find;

pub mod history;

pub mod evidence;

pub mod dump;

pub mod accept;

pub mod acknowledge;

pub mod inbound;

pub mod decide;
pub mod mailbox;

pub mod attend;

pub mod hint;

pub mod report_up;

pub mod plan;

mod enqueue;
mod letter;
pub mod restore;
pub mod timekeeping;
pub mod waking;
mod withdraw;
