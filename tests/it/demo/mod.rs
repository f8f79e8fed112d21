//! The demo's world, met by vanthu's own judgement.

mod check;
mod papers;
