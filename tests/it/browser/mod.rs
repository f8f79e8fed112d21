//! Pages and mails in a real browser: headless Chromium behind chromedriver. A browser that is not
//! installed is a failure, never a skip.

mod answer;
mod board;
mod busy;
pub mod chromium;
mod guide;
mod looks;
mod mail;
mod pictures;
pub mod scanner;
mod terminal;
