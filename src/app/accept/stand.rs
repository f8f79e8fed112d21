//! How things stand with the office's files, as the register knows.

use serde::Serialize;

use crate::app::ports::{AcceptanceKind, AcceptanceRow, Reader, StoreError};
use crate::domain::edition::short;

/// How things stand.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Stand {
    /// The step by which the edition in force came in; `None` before the first.
    pub force: Option<AcceptanceRow>,
    /// The last step, where it is another: what is the matter with the files.
    pub matter: Option<Matter>,
}

/// Why the files and what is in force differ.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "matter", rename_all = "kebab-case")]
pub enum Matter {
    /// They are broken.
    Broken(AcceptanceRow),
    /// They wait for a person's word.
    Waiting(AcceptanceRow),
    /// A person let them in; the daemon has not acted yet.
    Approved(AcceptanceRow),
    /// A person turned them down.
    Rejected(AcceptanceRow),
}

/// Reads how things stand.
///
/// # Errors
/// The register's.
pub async fn stand(store: &dyn Reader) -> Result<Stand, StoreError> {
    let force = store.acceptances(Some(AcceptanceKind::Accepted), 1).await?.pop();
    let last = store.acceptances(None, 1).await?.pop();
    let matter = last.and_then(|last| match last.kind {
        AcceptanceKind::Refused => Some(Matter::Broken(last)),
        AcceptanceKind::Waiting => Some(Matter::Waiting(last)),
        AcceptanceKind::Approved => Some(Matter::Approved(last)),
        AcceptanceKind::Rejected => Some(Matter::Rejected(last)),
        AcceptanceKind::Accepted | AcceptanceKind::Returned => None,
    });
    Ok(Stand { force, matter })
}

impl Stand {
    /// The edition in force, 64 hex digits.
    pub fn edition(&self) -> Option<&str> {
        self.force.as_ref().map(|row| row.edition.as_str())
    }

    /// What staff must know, one sentence; `None` where all is well.
    pub fn sentence(&self) -> Option<String> {
        let force = short(self.edition()?);
        Some(match self.matter.as_ref()? {
            Matter::Broken(_) => format!(
                "Tệp quy tắc, tổ chức, lịch hoặc mẫu thư có lỗi; đang dùng bản tốt gần nhất {force}. Chạy `vanthu check` để xem."
            ),
            Matter::Waiting(row) => {
                let (edition, impact) = (short(&row.edition), row.impact.clone().unwrap_or_default());
                format!(
                    "Bản {edition} thay đổi lớn nên đang chờ duyệt ({}); bản {force} vẫn có hiệu lực. Duyệt: `vanthu rules approve {edition}`.",
                    impact.vietnamese()
                )
            }
            Matter::Approved(row) => {
                format!("Bản {} đã được {} duyệt, sắp có hiệu lực.", short(&row.edition), row.author)
            }
            Matter::Rejected(row) => format!(
                "Bản {} trong thư mục đã bị {} từ chối; bản {force} vẫn có hiệu lực.",
                short(&row.edition),
                row.author
            ),
        })
    }
}
