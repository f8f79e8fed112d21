//! vanthu, the clerk of cells that have none: it reads a VNPT iOffice-style system, routes every
//! directive to the cells that must act, mails them, follows them up and can prove every step.
//!
//! Read in this order:
//! - [`domain`]: what things are and what follows from them; pure, no IO, no clock.
//! - [`app`]: the use cases, one verb per file, and the few ports they need.
//! - [`source`], [`store`], [`mail`], [`render`], [`web`]: the adapters behind those ports.
//! - [`tls`], [`mime`], [`sheet`]: TLS as a client, the shape of mails, and spreadsheets, for all who need them.
//! - [`config`]: from TOML to checked settings, units, calendars and rules, with diagnostics.
//! - [`runtime`]: the only place that knows everybody; wiring, loops, life and death.
//! - [`cli`]: one file per verb.
//! - [`demo`]: a whole office to try it on; speaks HTTP and SMTP like a stranger.
//!
//! The map, the allowed edges and the walk of one document: docs/ARCHITECTURE.md.

pub mod domain;

pub mod app;

pub mod mime;
pub mod sheet;
pub mod tls;

pub mod mail;
pub mod render;
pub mod source;
pub mod store;
pub mod web;

pub mod config;

pub mod runtime;

pub mod cli;

pub mod demo;
