//! The pages over real HTTP and the real register, with a clock that stands still until told.

mod admin;
mod answer;
mod holds;
mod leaks;
mod limits;
mod machines;
mod refusals;
mod requests;
mod respites;
mod scanner;
mod tokens;
