//! VNPT iOffice over the REST interface of its mobile clients.
//!
//! | Step | Request |
//! |---|---|
//! | log in | `POST login/`, `login/v3/` or `login/v6/` → token for `X-Authentication-Token` |
//! | take on a further post | `GET switch/{userid}/`, only for configured posts, once per login |
//! | count a list | `POST document/getpaging{list}document/`, `pageNo` = `-1` |
//! | one page of it | `POST document/getlist{list}document/`, `pageNo` from `1`, newest first |
//! | one document | `GET document/getdetaildocument/{id}/`; only it tells secrecy and due date |
//! | if it is open | `GET file/getfileattach/{id}/`, `GET document/getactivitylog/{id}/` |
//! | tell how a document fares, where the settings say so | `POST incommingdocument/sendcomment/` or `POST shared/integration/doc/receive_status/` |
//!
//! Success is HTTP 200 **and** `status.code` 0. Nothing of a document is logged, put into an error or
//! handed on before [`judge`](crate::domain::secrecy::judge) found it open, and neither are tokens, user
//! names or bodies at any time.
//!
//! Read on in: `call` (all that can be asked), `session`, `client` (renewal and repeats), `walk` and
//! `row` (lists), `read` and `detail` (documents), `field` (the quirks of the wire).

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use serde_json::{Value, json};

use crate::app::ports::{
    Abilities, Ability, Listed, Listing, PageToken, Reading, Report, Reported, Source, SourceError,
};
use crate::domain::ids::SourceId;
use crate::source::http::{Http, Limits};
use crate::tls::{self, Trust};

mod call;
mod client;
mod detail;
mod entity;
mod envelope;
mod failure;
mod field;
mod options;
mod read;
mod report;
mod row;
mod saved;
mod session;
#[cfg(test)]
mod tests;
mod walk;
mod wire;

use call::Read;
use client::Client;
use failure::Failure;
pub use options::{Options, OptionsError, StatusesBy};
pub use saved::{Saved, saved};
use session::{Account, Sessions};
use walk::{Leg, Position};
use wire::Wire;

/// One iOffice tenant, read by one service account.
pub struct Ioffice {
    client: Client,
    legs: Vec<Leg>,
    kho: String,
    page_size: u32,
    open_marks: Vec<String>,
    zone: Tz,
    credentials: String,
    statuses_by: Option<StatusesBy>,
}

impl Ioffice {
    /// An adapter; nothing is sent yet.
    ///
    /// # Errors
    /// [`OptionsError`] for the first setting it cannot work with.
    pub fn new(options: Options) -> Result<Self, OptionsError> {
        if options.page_size == 0 {
            return Err(OptionsError::PageSize);
        }
        let legs = walk::legs(&options::posts(&options.posts)?, &options::lists(&options.lists)?);
        let client = client(&options)?;
        let credentials = options.credentials();
        let Options { kho, page_size, open_marks, zone, statuses_by, .. } = options;
        Ok(Self { client, legs, kho, page_size, open_marks, zone, credentials, statuses_by })
    }

    /// Asks how long every list is, so that a sudden emptiness or an early end is noticed.
    async fn counts(&self) -> Result<Vec<Option<u64>>, SourceError> {
        let mut counts = Vec::with_capacity(self.legs.len());
        for leg in &self.legs {
            let data = self.ask_list(leg, Read::Count(leg.list), "-1").await?;
            counts.push(row::count(data));
        }
        Ok(counts)
    }

    async fn ask_list(&self, leg: &Leg, what: Read, page: &str) -> Result<Value, SourceError> {
        let body = json!({
            "pageNo": page,
            "pageRec": self.page_size.to_string(),
            "param": "",
            "kho": self.kho,
        });
        let answer = self.client.ask(leg.post.as_ref(), what, &body).await;
        Ok(answer.map_err(Failure::of_source)?.data)
    }

    /// Where a walk goes on. A token this adapter cannot read starts it anew: reading twice is harmless,
    /// skipping is not.
    async fn position(&self, page: Option<&PageToken>) -> Result<Position, SourceError> {
        let known = page.and_then(|token| Position::decode(token, self.legs.len()));
        if page.is_some() && known.is_none() {
            tracing::warn!(source = %self.client.id, "page token not understood, listing from the beginning");
        }
        match known {
            Some(position) => Ok(position),
            None => Ok(Position::start(self.counts().await?)),
        }
    }
}

fn client(options: &Options) -> Result<Client, OptionsError> {
    let limits = Limits {
        connect_timeout: options.connect_timeout,
        request_timeout: options.request_timeout,
        body_limit: options.body_limit,
        pace: options.pace,
    };
    let base = options::base(&options.url)?;
    let tls = tls::client(&Trust::of(options.ca_file.as_deref(), base.scheme() == "https"))?;
    let http = Http::new(&limits, tls).map_err(OptionsError::Client)?;
    let account = Account {
        username: options.username.clone(),
        password: options.password.clone(),
        login: options::login(&options.login)?,
    };
    Ok(Client {
        id: options.id.clone(),
        wire: Wire::new(http, base),
        sessions: Sessions::new(account),
        retry_wait: options.retry_wait,
    })
}

#[async_trait]
impl Source for Ioffice {
    fn id(&self) -> &SourceId {
        &self.client.id
    }

    fn credentials(&self) -> String {
        self.credentials.clone()
    }

    async fn list(&self, page: Option<&PageToken>) -> Result<Listing, SourceError> {
        let position = self.position(page).await?;
        let leg = self.legs.get(position.leg).ok_or_else(|| {
            SourceError::Unexpected("không có danh sách nào để đọc; kiểm tra `lists` của nguồn".to_owned())
        })?;
        let data = self.ask_list(leg, Read::Page(leg.list), &position.page.to_string()).await?;
        let rows = row::rows(data, leg.list, leg.post.as_ref(), self.zone)?;
        let total = position.total();
        let next = position.after(&rows, self.page_size, leg.list)?;
        Ok(Listing { rows, total, next: next.map(|position| position.encode()) })
    }

    async fn read(&self, row: &Listed) -> Result<Reading, SourceError> {
        self.read_row(row).await
    }

    fn served(&self) -> Option<DateTime<Utc>> {
        self.client.wire.served()
    }

    fn abilities(&self) -> Abilities {
        Abilities {
            read_receipts: Ability::No,
            statuses: if self.statuses_by.is_some() { Ability::Yes } else { Ability::Off },
            files: Ability::No,
            operations: Ability::No,
            counts: Ability::Yes,
        }
    }

    async fn report(&self, report: &Report) -> Result<Reported, SourceError> {
        self.tell(report).await
    }
}
