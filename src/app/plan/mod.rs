//! Plan: what other rules, units or calendar would change, told by routing the documents of late again.
//! It is given nothing to write or to send with.

pub mod impact;
