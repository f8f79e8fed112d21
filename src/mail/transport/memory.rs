//! Mails on a list.

use std::sync::{Arc, Mutex, PoisonError};

use crate::app::ports::SendOutcome;
use crate::mail::compose::Mail;

/// A list of mails; clones share it.
#[derive(Debug, Clone, Default)]
pub struct Outbox(Arc<Mutex<Vec<Mail>>>);

impl Outbox {
    /// The mails so far, oldest first.
    pub fn mails(&self) -> Vec<Mail> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(super) fn send(&self, mail: &Mail) -> SendOutcome {
        let mut mails = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        mails.push(mail.clone());
        SendOutcome::Sent { reply: format!("250 đã ghi thư thứ {}", mails.len()), sha256: mail.sha256() }
    }
}
