//! Mails as `.eml` files: a dry run that any mail program can open.

use std::io;
use std::path::{Path, PathBuf};

use crate::app::ports::SendOutcome;
use crate::mail::compose::Mail;

/// A folder of `.eml` files, named by notice: `thu-0000017.eml`. A repeat replaces its file, as the
/// same Message-ID replaces a mail.
#[derive(Debug, Clone)]
pub struct Folder {
    path: PathBuf,
}

impl Folder {
    /// The folder at `path`; it is made when the first mail comes.
    pub fn new(path: PathBuf) -> Self {
        Self { path }
    }

    pub(super) async fn send(&self, mail: &Mail) -> SendOutcome {
        let file = self.path.join(format!("thu-{:07}.eml", mail.notice.0));
        match write(&self.path, &file, &mail.bytes).await {
            Ok(()) => {
                SendOutcome::Sent { reply: format!("250 đã ghi {}", file.display()), sha256: mail.sha256() }
            }
            Err(error) => SendOutcome::Retry {
                reason: format!("không ghi được {}: {error}", file.display()),
                everyone: true,
            },
        }
    }

    pub(super) async fn knock(&self) -> Result<(), String> {
        let file = self.path.join(".thu-ghi");
        let tried = async {
            write(&self.path, &file, b"").await?;
            tokio::fs::remove_file(&file).await
        };
        tried.await.map_err(|error| format!("không ghi được vào {}: {error}", self.path.display()))
    }
}

/// Writes beside the file and renames, so that no half mail is ever seen.
async fn write(folder: &Path, file: &Path, bytes: &[u8]) -> io::Result<()> {
    tokio::fs::create_dir_all(folder).await?;
    let half = file.with_extension("half");
    tokio::fs::write(&half, bytes).await?;
    tokio::fs::rename(&half, file).await
}
