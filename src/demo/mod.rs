//! The demo: a whole world outside vanthu, invented from a seed. Papers arrive in a document system,
//! mails land in mailboxes that can be read, secretaries answer by the links they find there.
//!
//! Nothing here imports the rest of the crate: the demo speaks HTTP and SMTP like a stranger, so what
//! it shows is what any other office would see.

pub mod check;
pub mod ioffice;
pub mod mailbox;
pub mod mailboxes;
pub mod papers;
pub mod people;
pub mod sink;

mod random;
mod worktime;
