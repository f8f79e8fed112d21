//! The chasing letter of a document, drafted for whoever works at the board: `GET /documents/{id}/letter.docx`
//! and `letter.txt`. It is made anew each time and kept nowhere.

use axum::extract::{self, Path};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};

use super::State;
use super::visit::Visit;
use crate::app::chasing::{ChasingError, draft};
use crate::domain::chasing::ChasingLetter;
use crate::domain::ids::DocumentId;
use crate::render::chasing;

const WORD: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

/// As a Word document.
pub(in crate::web) async fn docx(
    extract::State(state): extract::State<State>,
    Path(id): Path<String>,
) -> Response {
    drafted(&state, &id, &|visit, id, letter| match chasing::docx(letter, visit.office.calendar.zone) {
        Ok(bytes) => {
            let name = format!("attachment; filename=\"cong-van-don-doc-{id}.docx\"");
            ([(CONTENT_TYPE, WORD.to_owned()), (CONTENT_DISPOSITION, name)], bytes).into_response()
        }
        Err(error) => {
            visit.refuse(StatusCode::INTERNAL_SERVER_ERROR, "Chưa soạn được công văn", &error.to_string())
        }
    })
    .await
}

/// As text.
pub(in crate::web) async fn text(
    extract::State(state): extract::State<State>,
    Path(id): Path<String>,
) -> Response {
    drafted(&state, &id, &|visit, _, letter| {
        let text = chasing::text(letter, visit.office.calendar.zone);
        ([(CONTENT_TYPE, "text/plain; charset=utf-8")], text).into_response()
    })
    .await
}

async fn drafted(
    state: &State,
    id: &str,
    shown: &(dyn Fn(&Visit<'_>, DocumentId, &ChasingLetter) -> Response + Sync),
) -> Response {
    let visit = Visit::new(state, "board");
    let Ok(id) = id.parse().map(DocumentId) else { return visit.not_found() };
    match draft(&*state.store, &visit.office, &state.policy, id, visit.now).await {
        Ok(letter) => shown(&visit, id, &letter),
        Err(ChasingError::Unknown) => visit.not_found(),
        Err(ChasingError::Store(error)) => visit.failed(&error),
        Err(why) => {
            visit.refuse(StatusCode::CONFLICT, "Không soạn công văn đôn đốc", &sentence(&why.to_string()))
        }
    }
}

fn sentence(text: &str) -> String {
    format!("{}.", crate::render::pages::words::sentence(text))
}
