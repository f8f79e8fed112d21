//! What the public listener says when it refuses.

use axum::extract::{self, Request};
use axum::http::StatusCode;
use axum::http::header::{ALLOW, HeaderValue};
use axum::response::Response;

use super::super::{State, reply};
use crate::app::acknowledge::AnswerError;
use crate::domain::token::TokenError;

/// Why a link leads nowhere. A forged link and one to a row that does not exist look the same.
pub(in crate::web) fn refused(state: &State, error: &AnswerError) -> Response {
    match error {
        AnswerError::Store(error) => reply::unavailable(state, error),
        AnswerError::Unknown | AnswerError::Token(TokenError::Forged) => {
            let text = [
                "Liên kết không đúng, có thể đã bị cắt khi chuyển tiếp hoặc chép lại.",
                "Xin mở lại từ thư gốc. Nếu vẫn không được, xin trả lời thư đó.",
            ];
            reply::message(state, StatusCode::NOT_FOUND, "Không tìm thấy", &text)
        }
        AnswerError::Token(TokenError::Expired | TokenError::Retired) => {
            let text = [
                "Liên kết này đã quá thời gian dùng được.",
                "Nếu chi bộ vẫn cần trả lời, xin dùng liên kết trong thư mới nhất hoặc trả lời thư.",
            ];
            reply::message(state, StatusCode::GONE, "Liên kết đã hết hạn", &text)
        }
    }
}

/// A form that could not be read.
pub(in crate::web) fn unreadable(state: &State, status: StatusCode) -> Response {
    if status == StatusCode::PAYLOAD_TOO_LARGE {
        let text =
            ["Nội dung gửi lên quá dài nên chưa ghi nhận. Xin quay lại và rút ngắn lý do hoặc ghi chú."];
        return reply::message(state, status, "Nội dung quá dài", &text);
    }
    let text = [
        "Không đọc được câu trả lời nên chưa ghi nhận. Xin mở lại liên kết và trả lời bằng biểu mẫu trên trang.",
    ];
    reply::message(state, status, "Không đọc được câu trả lời", &text)
}

/// Any other address of the public listener.
pub(in crate::web) async fn unknown(extract::State(state): extract::State<State>) -> Response {
    refused(&state, &AnswerError::Unknown)
}

/// Any method but GET, HEAD and POST.
pub(in crate::web) async fn wrong_method(
    extract::State(state): extract::State<State>,
    request: Request,
) -> Response {
    let text = ["Trang này chỉ để xem và trả lời bằng biểu mẫu. Không có gì thay đổi."];
    let mut response =
        reply::message(&state, StatusCode::METHOD_NOT_ALLOWED, "Không dùng được cách này", &text);
    let allowed = if request.uri().path().starts_with("/a/") || request.uri().path().starts_with("/d/") {
        "GET, HEAD, POST"
    } else {
        "GET, HEAD"
    };
    response.headers_mut().insert(ALLOW, HeaderValue::from_static(allowed));
    response
}
