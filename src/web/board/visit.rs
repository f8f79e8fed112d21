//! One look at the board: what every page of it shares.

use std::sync::Arc;

use axum::http::StatusCode;
use axum::response::Response;
use chrono::{DateTime, Utc};

use super::super::{State, reply};
use crate::app::office::Office;
use crate::app::ports::StoreError;
use crate::app::timekeeping;
use crate::render::pages::message::RefusalPage;
use crate::render::pages::{Setting, Shell, words};

/// One look at the board: the office and the instant it is about.
pub(in crate::web) struct Visit<'a> {
    pub(in crate::web) state: &'a State,
    pub(in crate::web) office: Arc<Office>,
    here: &'static str,
    pub(in crate::web) now: DateTime<Utc>,
}

impl<'a> Visit<'a> {
    pub(in crate::web) fn new(state: &'a State, here: &'static str) -> Self {
        Self { state, office: (state.office)(), here, now: state.clock.now() }
    }

    pub(in crate::web) fn setting(&self) -> Setting<'_> {
        let standing = (self.state.standing)();
        let lack = standing.room.lack().map(|reason| format!("{reason}."));
        let doubt = self.state.clock.doubt();
        let doubt = doubt.map(|doubt| format!("{}.", timekeeping::sentence(&doubt, &self.office.calendar)));
        let shell = Shell {
            office: self.office.name.clone(),
            banners: standing
                .banners
                .into_iter()
                .chain(standing.files.matter)
                .chain(lack)
                .chain(doubt)
                .collect(),
            here: self.here,
            written: words::moment(self.now, &self.office.calendar),
        };
        Setting { shell, units: &self.office.units, calendar: &self.office.calendar, now: self.now }
    }

    pub(in crate::web) fn refuse(&self, status: StatusCode, title: &str, text: &str) -> Response {
        let page =
            RefusalPage { shell: self.setting().shell, title: title.to_owned(), text: vec![text.to_owned()] };
        reply::page(self.state, status, &page)
    }

    pub(in crate::web) fn not_found(&self) -> Response {
        self.refuse(StatusCode::NOT_FOUND, "Không có trang này", "Có thể văn bản không có trong sổ.")
    }

    pub(in crate::web) fn failed(&self, error: &StoreError) -> Response {
        tracing::error!(%error, "the board could not be served from the register");
        let text = format!("Không đọc được sổ: {error}.");
        self.refuse(StatusCode::SERVICE_UNAVAILABLE, "Sổ đang gián đoạn", &text)
    }
}
