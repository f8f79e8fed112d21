//! The journal as evidence: what can be proved from it, and that nobody can change it unseen.

mod bundle;
mod chain;
mod command;
mod stranger;
