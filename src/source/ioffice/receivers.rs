//! Who received a directive and who has looked at it: the only read receipts iOffice has. Names of people are not
//! even decoded; address and unit serve to find the cell and are let go of then.

use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::Ioffice;
use super::call::{Call, Code, Read};
use super::failure::{Failure, place};
use super::field::{Fields, items};
use super::row::DIRECTIVES;
use crate::app::ports::{PageToken, Receipts, SourceError};
use crate::domain::ids::ExternalId;
use crate::domain::receipt::{Receipt, Times};
use crate::source::hash::sha256;
use crate::source::when::When;

/// More pages than any directive has: where a server never ends, we do.
const LAST_PAGE: u32 = 10_000;

/// Where reading goes on; travels in [`PageToken`] as JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Step {
    /// Index of the post it is read as.
    post: usize,
    /// The page, from 1.
    page: u32,
    /// Digest of the page before.
    last: String,
    /// Rows of the first page: a shorter one is the last.
    width: usize,
}

impl Ioffice {
    /// One page of the receivers of a directive, as the first post that is shown any.
    pub(super) async fn receivers(
        &self,
        id: &ExternalId,
        page: Option<&PageToken>,
    ) -> Result<Option<Receipts>, SourceError> {
        let Some(id) = id.as_str().strip_prefix(DIRECTIVES).and_then(Code::parse) else { return Ok(None) };
        let first = Step { post: 0, page: 1, last: String::new(), width: 0 };
        let mut step = page.and_then(|token| serde_json::from_str(&token.0).ok()).unwrap_or(first);
        let posts = self.posts();
        while let Some(post) = posts.get(step.post) {
            let rows = self.ask_receivers(post.as_ref(), &id, step.page).await?;
            if step.page == 1 && rows.is_empty() {
                step.post += 1;
                continue;
            }
            let digest = sha256(&json!(rows).to_string());
            // A server that gives all at once gives the same again.
            if digest == step.last {
                return Ok(Some(Receipts::default()));
            }
            let next = after(&step, rows.len(), digest)?.map(|next| PageToken(json!(next).to_string()));
            let rows = rows.iter().map(|row| receipt(row, self.zone)).collect();
            return Ok(Some(Receipts { rows, next }));
        }
        Ok(Some(Receipts::default()))
    }

    async fn ask_receivers(
        &self,
        post: Option<&Code>,
        id: &Code,
        page: u32,
    ) -> Result<Vec<Value>, SourceError> {
        let body = json!({
            "pageNo": page.to_string(),
            "pageRec": self.page_size.to_string(),
            "id": id.as_str(),
            "name": "",
        });
        match self.client.ask(post, Read::Receivers, &body).await {
            Ok(answer) => items(answer.data).ok_or_else(|| unexpected("`data` không phải danh sách")),
            Err(Failure::Gone(_)) => Ok(Vec::new()),
            Err(failure) => Err(failure.of_source()),
        }
    }
}

/// Where to go on: nothing counts the receivers, so a page shorter than the first is the last.
fn after(step: &Step, rows: usize, last: String) -> Result<Option<Step>, SourceError> {
    let width = if step.page == 1 { rows } else { step.width };
    if rows == 0 || rows < width {
        return Ok(None);
    }
    if step.page >= LAST_PAGE {
        return Err(unexpected("danh sách người nhận không có trang cuối"));
    }
    Ok(Some(Step { post: step.post, page: step.page + 1, last, width }))
}

fn unexpected(what: &str) -> SourceError {
    SourceError::Unexpected(place(&Call::Read(Read::Receivers), what))
}

fn receipt(row: &Value, zone: Tz) -> Receipt {
    let fields = Fields::of(row);
    let text = |name: &str| fields.and_then(|fields| fields.text(name));
    let instant = |name: &str| When::parse(&text(name)?)?.instant(zone);
    Receipt {
        address: text("email"),
        unit: text("unitName"),
        times: Times { received: instant("ngayNhan"), seen: instant("ngayXem") },
    }
}
