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
//! | "Thông tin chỉ đạo", where the settings say so | `POST information/getlistreceive/`, `getlistsend/`; nothing counts them |
//! | one directive | `GET information/getdetail/{id}/`, and its files by `GET information/getfiles/{id}/` |
//! | who has looked at it | `POST information/getuserreceiver/`, page by page |
//! | what there is of the last weeks, every night | `POST document/paginglookupbyparam/`, `document/getlistlookupbyparam/` by day of issue |
//! | tell how a document fares, where the settings say so | `POST incommingdocument/sendcomment/` or `POST shared/integration/doc/receive_status/` |
//!
//! Success is HTTP 200 **and** `status.code` 0. Nothing of a document is logged, put into an error or
//! handed on before [`judge`](crate::domain::secrecy::judge) found it open, and neither are tokens, user
//! names or bodies at any time.
//!
//! Read on in: `call` (all that can be asked), `session`, `client` (renewal and repeats), `walk` and
//! `row` (lists), `read` and `detail` (documents), `directive` and `receivers` ("Thông tin chỉ đạo"), `lookup` (the
//! nightly comparison), `names` (what a tenant calls a field), `field` (the quirks of the wire).

use async_trait::async_trait;
use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;

use crate::app::ports::{
    Abilities, Ability, Listed, Listing, Lookup, PageToken, Reading, Receipts, Report, Reported, Source,
    SourceError,
};
use crate::domain::ids::{ExternalId, SourceId};
use crate::source::http::{Http, Limits};
use crate::tls::{self, Trust};

mod call;
mod client;
mod detail;
mod directive;
mod entity;
mod envelope;
mod failure;
mod field;
mod html;
mod lookup;
mod names;
mod options;
mod read;
mod receivers;
mod report;
mod row;
mod saved;
mod session;
#[cfg(test)]
mod tests;
mod walk;
mod wire;

use call::{Code, Roll};
use client::Client;
pub use names::FieldMap;
pub use options::{Directives, Options, OptionsError, StatusesBy, Unmarked};
pub use row::DIRECTIVES;
use row::Reader;
pub use saved::{Saved, saved};
use session::{Account, Sessions};
use walk::{Leg, Position};
use wire::Wire;

/// One iOffice tenant, read by one service account.
pub struct Ioffice {
    client: Client,
    legs: Vec<Leg>,
    /// What is looked up every night.
    lookups: Vec<Leg>,
    compare_days: u32,
    names: FieldMap,
    directives: Directives,
    unmarked: Unmarked,
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
        let posts = options::posts(&options.posts)?;
        let legs = walk::legs(&posts, &rolls(&options)?);
        let lookups = walk::legs(&posts, &lookup::rolls(options.directives));
        let client = client(&options)?;
        let credentials = options.credentials();
        let Options { kho, page_size, open_marks, zone, statuses_by, .. } = options;
        let Options { compare_days, directives, unmarked, fields, .. } = options;
        Ok(Self {
            client,
            legs,
            lookups,
            compare_days,
            names: fields.complete(),
            directives,
            unmarked,
            kho,
            page_size,
            open_marks,
            zone,
            credentials,
            statuses_by,
        })
    }

    /// The posts that are read, each once.
    fn posts(&self) -> Vec<Option<Code>> {
        let mut posts: Vec<_> = self.legs.iter().map(|leg| leg.post.clone()).collect();
        posts.dedup();
        posts
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
            None => Ok(Position::start(self.counts_of(&self.legs, None).await?)),
        }
    }
}

/// What is walked as each post: the lists, then the directives.
fn rolls(options: &Options) -> Result<Vec<Roll>, OptionsError> {
    let lists = options::lists(&options.lists)?.into_iter().map(Roll::List);
    let directives = options.directives.directions().iter().copied().map(Roll::Directives);
    Ok(lists.chain(directives).collect())
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
        let data = self.ask_page(leg, &position.page.to_string(), None).await?;
        let reader = Reader { roll: leg.roll, post: leg.post.as_ref(), names: &self.names, zone: self.zone };
        let rows = row::rows(data, reader)?;
        let total = position.total(&self.legs);
        let next = position.after(&rows, self.page_size, leg.roll)?;
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
            read_receipts: match self.directives {
                Directives::Off => Ability::Off,
                Directives::Received | Directives::Sent | Directives::Both => Ability::Yes,
            },
            statuses: if self.statuses_by.is_some() { Ability::Yes } else { Ability::Off },
            files: Ability::No,
            operations: Ability::No,
            counts: Ability::Yes,
        }
    }

    async fn lookup(
        &self,
        today: NaiveDate,
        page: Option<&PageToken>,
    ) -> Result<Option<Lookup>, SourceError> {
        self.find(today, page).await
    }

    async fn receipts(
        &self,
        id: &ExternalId,
        page: Option<&PageToken>,
    ) -> Result<Option<Receipts>, SourceError> {
        self.receivers(id, page).await
    }

    async fn report(&self, report: &Report) -> Result<Reported, SourceError> {
        self.tell(report).await
    }
}
