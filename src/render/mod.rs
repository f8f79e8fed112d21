//! Typed views become text and HTML here. Templates are embedded, staff may override those of the
//! mails, and every view has samples: an override is tried on them before it is believed, and the
//! tests render them.

pub mod calendar;
pub mod chasing;
pub mod evidence;
pub mod examined;
pub mod explain;
pub mod ics;
pub mod mail;
pub mod pages;
pub mod plan;
pub mod report;

pub use crate::domain::line;
