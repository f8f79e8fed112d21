//! The web: the pages behind the links of mails, the board for staff, metrics and health.
//!
//! Two routers for two listeners. The public one meets the internet: it knows two routes, shows no
//! number or subject, and changes something only on a POST with a valid token. The admin one is for
//! staff and machines on the inside; it reads, and decides about holds on a confirmed POST from its own page.
//!
//! Nothing here decides; handlers load, call a use case or build a view, and render.

use std::time::Duration;

use axum::routing::{get, post};
use axum::{Router, middleware};

mod answer;
mod board;
mod client;
mod decide;
mod feed;
mod guard;
mod health;
mod hold;
pub mod metrics;
mod reply;
mod respite;
mod serve;
mod state;

pub use answer::Offered;
pub use serve::{MOST, serve};
pub use state::{FilesStanding, InForce, Standing, State};

/// The largest form; the longest answer a cell can give fits four times.
const FORM: usize = 16 * 1024;
/// A request that takes longer is answered with an excuse.
const PATIENCE: Duration = Duration::from_secs(10);

/// The pages that cells meet: `GET`, `HEAD` and `POST /a/{token}`; and the calendars of cells, `GET /lich/{token}.ics`.
/// The pages that cells meet, `GET`, `HEAD` and `POST /a/{token}`, and the one on which the office decides about what
/// they ask, `/d/{token}`.
pub fn public_router(state: State) -> Router {
    let routes = Router::new()
        .route("/a/{token}", get(answer::show).post(answer::press))
        .route("/d/{token}", get(decide::show).post(decide::press))
        .layer(axum::extract::DefaultBodyLimit::max(FORM))
        .route("/lich/{file}", get(feed::show))
        .route("/style.css", get(reply::style))
        .fallback(answer::unknown)
        .method_not_allowed_fallback(answer::wrong_method);
    guarded(routes, state)
}

/// The board, metrics and health; nothing changes but by a confirmed decision about a hold.
pub fn admin_router(state: State) -> Router {
    let routes = Router::new()
        .route("/", get(board::directives))
        .route("/documents/{id}", get(board::document))
        .route("/documents/{id}/letter.docx", get(board::letter::docx))
        .route("/documents/{id}/letter.txt", get(board::letter::text))
        .route("/cells", get(board::cells))
        .route("/holds", get(board::holds))
        .route("/holds/{id}", get(hold::show))
        .route("/holds/{id}/{act}", post(hold::decide))
        .route("/respites/{id}", get(respite::show))
        .route("/respites/{id}/{act}", post(respite::decide))
        .layer(axum::extract::DefaultBodyLimit::max(FORM))
        .route("/outbox", get(board::outbox))
        .route("/system", get(board::system))
        .route("/livez", get(health::livez))
        .route("/readyz", get(health::readyz))
        .route("/metrics", get(metrics::scrape))
        .route("/style.css", get(reply::style))
        .fallback(board::unknown)
        .method_not_allowed_fallback(board::wrong_method);
    guarded(routes, state)
}

/// Outermost first: headers on every answer, one log line and count, panics caught, time limited.
fn guarded(routes: Router<State>, state: State) -> Router {
    routes
        .layer(middleware::from_fn_with_state(state.clone(), guard::limit_time))
        .layer(guard::catch_panics(&state))
        .layer(middleware::from_fn_with_state(state.clone(), guard::count))
        .layer(middleware::map_response(guard::protect))
        .with_state(state)
}
