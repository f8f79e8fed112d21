//! Mailbox: the pages on which the demo's mails are read, as their recipients would see them.
//!
//! Everything is made on the server and works without scripts. A mail's HTML is shown in a frame that
//! may neither run scripts nor reach this page; its links open in a window of their own, because the
//! pages behind them refuse to be framed.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, Query, State};
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use minijinja::Environment;
use minijinja::value::Serde;
use serde::{Deserialize, Serialize};

mod view;

use super::mailboxes::Mailboxes;
use view::{Index, Listing, Missing, Reading};

/// Styles of the mail inside the frame are its own, so inline ones are allowed; nothing else is.
const POLICY: &str = "default-src 'none'; style-src 'self' 'unsafe-inline'; form-action 'self'; \
                      base-uri 'self'; frame-ancestors 'none'";

/// What the pages share.
struct Desk {
    mailboxes: Arc<Mailboxes>,
    pages: Environment<'static>,
}

/// The pages over `mailboxes`: `/`, `/mailbox/{address}`, `/mail/{id}`, `/mail/{id}/text`,
/// `/mail/{id}/source`. Whoever serves them binds a loopback address: everybody's mail is here.
///
/// # Errors
/// A template of this crate does not compile; a test renders each.
pub fn router(mailboxes: Arc<Mailboxes>) -> Result<Router, minijinja::Error> {
    let desk = Desk { mailboxes, pages: pages()? };
    Ok(Router::new()
        .route("/", get(index))
        .route("/mailbox/{address}", get(listing))
        .route("/mail/{id}", get(html))
        .route("/mail/{id}/text", get(text))
        .route("/mail/{id}/source", get(source))
        .route("/style.css", get(style))
        .with_state(Arc::new(desk)))
}

fn pages() -> Result<Environment<'static>, minijinja::Error> {
    let mut pages = Environment::new();
    pages.add_template("frame.html", include_str!("mailbox/frame.html"))?;
    pages.add_template("index.html", include_str!("mailbox/index.html"))?;
    pages.add_template("listing.html", include_str!("mailbox/listing.html"))?;
    pages.add_template("mail.html", include_str!("mailbox/mail.html"))?;
    pages.add_template("missing.html", include_str!("mailbox/missing.html"))?;
    Ok(pages)
}

#[derive(Debug, Deserialize)]
struct Search {
    #[serde(default)]
    q: String,
}

async fn index(State(desk): State<Arc<Desk>>, Query(search): Query<Search>) -> Response {
    let view = Index::new(&desk.mailboxes.summaries(), desk.mailboxes.taken(), &search.q);
    desk.page(StatusCode::OK, "index.html", &view)
}

async fn listing(State(desk): State<Arc<Desk>>, Path(address): Path<String>) -> Response {
    let mails = desk.mailboxes.of(&address);
    if mails.is_empty() {
        return desk.missing();
    }
    desk.page(StatusCode::OK, "listing.html", &Listing::new(&address, &mails))
}

async fn html(State(desk): State<Arc<Desk>>, Path(id): Path<u64>) -> Response {
    desk.read(id, view::Tab::Html)
}

async fn text(State(desk): State<Arc<Desk>>, Path(id): Path<u64>) -> Response {
    desk.read(id, view::Tab::Text)
}

async fn source(State(desk): State<Arc<Desk>>, Path(id): Path<u64>) -> Response {
    desk.read(id, view::Tab::Source)
}

async fn style() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], include_str!("mailbox/style.css"))
}

impl Desk {
    /// Opening a mail is reading it, as in any mailbox.
    fn read(&self, id: u64, tab: view::Tab) -> Response {
        let Some(mail) = self.mailboxes.get(id) else { return self.missing() };
        self.mailboxes.mark_read(id);
        self.page(StatusCode::OK, "mail.html", &Reading::new(&mail, tab))
    }

    fn missing(&self) -> Response {
        self.page(StatusCode::NOT_FOUND, "missing.html", &Missing::default())
    }

    fn page(&self, status: StatusCode, template: &str, view: &impl Serialize) -> Response {
        let headers = [
            (header::CONTENT_SECURITY_POLICY, POLICY),
            (header::REFERRER_POLICY, "no-referrer"),
            (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
            (header::CACHE_CONTROL, "no-store"),
        ];
        match self.pages.get_template(template).and_then(|template| template.render(Serde(view))) {
            Ok(body) => (status, headers, Html(body)).into_response(),
            Err(error) => {
                let reason = format!("không dựng được trang hộp thư thử: {error}");
                (StatusCode::INTERNAL_SERVER_ERROR, headers, reason).into_response()
            }
        }
    }
}

#[cfg(test)]
mod tests;
