//! The demo's world, met by vanthu's own judgement.

mod papers;
