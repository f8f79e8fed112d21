//! The one integration binary.
//!
//! `cfg(test)` always holds here; written out, it tells clippy that helpers beside the test functions
//! are tests too, where `unwrap` is how a test fails.

#[cfg(test)]
mod app;
#[cfg(test)]
mod axis;
#[cfg(test)]
mod browser;
#[cfg(test)]
mod calendar;
#[cfg(test)]
mod config;
#[cfg(test)]
mod daemon;
#[cfg(test)]
mod demo;
#[cfg(test)]
mod deploy;
#[cfg(test)]
mod digest;
#[cfg(test)]
mod edxml;
#[cfg(test)]
mod evidence;
#[cfg(test)]
mod folder;
#[cfg(test)]
mod inbound;
#[cfg(test)]
mod ioffice;
#[cfg(test)]
mod layers;
#[cfg(test)]
mod mail;
#[cfg(test)]
mod model;
#[cfg(test)]
mod national;
#[cfg(test)]
mod polls;
#[cfg(test)]
mod store;
#[cfg(test)]
mod support;
#[cfg(test)]
mod web;
#[cfg(test)]
mod year;
