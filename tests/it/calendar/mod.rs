//! Calendars and deadlines from outside: files, a second implementation, plans that move dues, periods.

mod cli;
mod entered;
mod files;
mod gaps;
mod loud;
mod moves;
mod recurring;
mod second;
mod slow;
