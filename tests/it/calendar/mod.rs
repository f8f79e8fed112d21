//! Calendars and deadlines from outside: files, a second implementation, plans that move dues, periods.

mod files;
mod moves;
mod recurring;
mod second;
