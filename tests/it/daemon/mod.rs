//! The real program from outside: what it mails, prints, answers and survives.

mod accept;
pub mod answers;
mod authoring;
mod cli;
mod copies;
mod cuts;
mod disk;
mod dots;
mod doubt;
mod independent;
mod instances;
pub mod kill;
mod leaps;
mod mail;
mod oracle;
mod outage;
mod plan;
mod recall;
mod replies;
mod restore;
mod secrets;
mod signals;
mod sweep;
mod trouble;
mod units;
mod visits;
