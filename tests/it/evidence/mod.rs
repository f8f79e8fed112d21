//! The journal as evidence: what can be proved from it, and that nobody can change it unseen.

mod chain;
mod command;
mod stranger;
