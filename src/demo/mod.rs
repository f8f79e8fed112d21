//! A whole office to try the daemon on. It knows nothing of the daemon's insides: it speaks HTTP and
//! SMTP like a stranger.

pub mod ioffice;
