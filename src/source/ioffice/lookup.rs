//! Looking up what iOffice holds of the last weeks, for the nightly comparison: by day of issue and not by the
//! lists a document moves between. Beside it the directives of those days, and what is due or overdue.

use chrono::{Days, NaiveDate};
use serde_json::{Value, json};

use super::Ioffice;
use super::call::{List, Read, Roll};
use super::failure::Failure;
use super::options::Directives;
use super::row::{self, Reader};
use super::walk::{Leg, Position};
use crate::app::ports::{Found, Lookup, PageToken, SourceError, Span};

/// What is looked up as each post.
pub(super) fn rolls(directives: Directives) -> Vec<Roll> {
    let directives = directives.directions().iter().copied().map(Roll::Directives);
    [Roll::Lookup].into_iter().chain([Roll::List(List::Outdate)]).chain(directives).collect()
}

/// The days looked up: some back, and one ahead for what is dated tomorrow.
fn span(today: NaiveDate, back: u32) -> Span {
    let from = today.checked_sub_days(Days::new(u64::from(back))).unwrap_or(today);
    Span { from, until: today.succ_opt().unwrap_or(today) }
}

impl Ioffice {
    /// One page of the lookup; `None` where the settings ask for none.
    pub(super) async fn find(
        &self,
        today: NaiveDate,
        page: Option<&PageToken>,
    ) -> Result<Option<Lookup>, SourceError> {
        if self.compare_days == 0 {
            return Ok(None);
        }
        let span = span(today, self.compare_days);
        let known = page.and_then(|token| Position::decode(token, self.lookups.len()));
        let position = match known {
            Some(position) => position,
            None => Position::start(self.counts_of(&self.lookups, Some(span)).await?),
        };
        let Some(leg) = self.lookups.get(position.leg) else { return Ok(None) };
        let data = self.ask_page(leg, &position.page.to_string(), Some(span)).await?;
        let reader = Reader { roll: leg.roll, post: leg.post.as_ref(), names: &self.names, zone: self.zone };
        let rows = row::rows(data, reader)?;
        let total = position.total(&self.lookups);
        let next = position.after(&rows, self.page_size, leg.roll)?.map(|position| position.encode());
        let overdue = leg.roll == Roll::List(List::Outdate);
        let rows = rows.into_iter().map(|row| Found { row, overdue }).collect();
        Ok(Some(Lookup { span, rows, total, next }))
    }

    /// One page of what a leg walks.
    pub(super) async fn ask_page(
        &self,
        leg: &Leg,
        page: &str,
        span: Option<Span>,
    ) -> Result<Value, SourceError> {
        self.ask_list(leg, Read::Page(leg.roll), page, span).await
    }

    /// How many rows every leg has; `None` where it cannot be counted or the count says nothing.
    pub(super) async fn counts_of(
        &self,
        legs: &[Leg],
        span: Option<Span>,
    ) -> Result<Vec<Option<u64>>, SourceError> {
        let mut counts = Vec::with_capacity(legs.len());
        for leg in legs {
            counts.push(match leg.roll.count() {
                Some(count) => row::count(self.ask_list(leg, count, "-1", span).await?),
                None => None,
            });
        }
        Ok(counts)
    }

    async fn ask_list(
        &self,
        leg: &Leg,
        what: Read,
        page: &str,
        span: Option<Span>,
    ) -> Result<Value, SourceError> {
        let mut body = self.filter(leg.roll, span);
        if let Some(body) = body.as_object_mut() {
            body.insert("pageNo".to_owned(), json!(page));
            body.insert("pageRec".to_owned(), json!(self.page_size.to_string()));
        }
        let answer = self.client.ask(leg.post.as_ref(), what, &body).await;
        Ok(answer.map_err(Failure::of_source)?.data)
    }

    /// What a list is asked for. Every field is a text; one that does not matter is empty.
    fn filter(&self, roll: Roll, span: Option<Span>) -> Value {
        let day =
            |day: Option<NaiveDate>| day.map_or_else(String::new, |day| day.format("%d/%m/%Y").to_string());
        let (from, until) = (day(span.map(|span| span.from)), day(span.map(|span| span.until)));
        match roll {
            Roll::List(_) => json!({"param": "", "kho": self.kho}),
            Roll::Directives(_) => json!({"startDate": from, "endDate": until, "nguoiGui": "", "tieuDe": ""}),
            Roll::Lookup => json!({
                "trichYeu": "", "soKiHieu": "", "type": "", "linhVuc": "", "priority": "", "confidential": "",
                "startDateBanHanh": from, "endDateBanHanh": until,
                "startDateSoanThao": "", "endDateSoanThao": "", "startDateHanXuLy": "", "endDateHanXuLy": "",
                "coQuanBanHanh": "", "soVanBan": "", "soDenDi": "",
            }),
        }
    }
}
