//! Plan: what other rules would change, before anybody is told.
//!
//! A plan is drawn ([`draw::draw`]) from a register that can only be read. It is applied
//! ([`apply::apply`]) exactly as it was shown, or not at all: rules, units and calendar must bear the stamp
//! it was drawn under, and no obligation it touches may have moved since. Accepting rules never routes
//! an old document again; only a plan does.

pub mod apply;
mod decide;
pub mod draw;
pub mod letter;
mod one;
