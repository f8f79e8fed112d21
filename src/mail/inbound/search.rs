//! A folder opened read-only, to be searched.

use std::time::Duration;

use super::Imap;
use super::dial::Wire;
use super::session::within;
use crate::app::ports::InboxError;

/// An open folder that nothing is changed in.
pub struct Searching {
    session: Wire,
    patience: Duration,
}

impl Imap {
    /// Connects, logs in and opens the folder read-only.
    ///
    /// # Errors
    /// [`InboxError`].
    pub async fn search(&self) -> Result<Searching, InboxError> {
        let session = self.examine().await?;
        Ok(Searching { session, patience: self.options.patience })
    }
}

impl Searching {
    /// The newest message that fits a query (RFC 3501 §6.4.4), by UID.
    ///
    /// # Errors
    /// [`InboxError`]; the connection is to be dropped.
    pub async fn find(&mut self, query: &str) -> Result<Option<u32>, InboxError> {
        // What came since the folder was opened is told with the answer to a command.
        within(self.patience, self.session.noop()).await?;
        let found = within(self.patience, self.session.uid_search(query)).await?;
        Ok(found.into_iter().max())
    }
}
