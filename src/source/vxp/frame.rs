//! The frame of every answer: `status` "OK" or "FAIL", `ErrorCode` "0" for success, `ErrorDesc` in words,
//! `data`, which may be null or missing.

use serde_json::{Map, Value};

use super::call::Call;
use crate::app::ports::SourceError;
use crate::source::axis::{Failure, text};

/// Words of `ErrorDesc` that say our identity is not accepted, without accents.
const IDENTITY: [&str; 7] =
    ["systemid", "secret", "hash-header", "sign-header", "chu ky", "xac thuc", "khong co quyen"];

/// Words that say the sender's code is not the one registered with our `systemid`.
const SENDER: [&str; 2] = ["don vi gui", "khong dung voi ma"];

/// The fields of a successful answer.
///
/// # Errors
/// [`Failure::Refused`] with the code for FAIL; [`Failure::Unusable`] for what has no frame.
pub(super) fn success(call: &Call, answer: Value) -> Result<Map<String, Value>, Failure> {
    let Value::Object(fields) = answer else { return Err(frameless(call)) };
    let status = text(&fields, "status").ok_or_else(|| frameless(call))?;
    let code = text(&fields, "ErrorCode").unwrap_or_else(|| "0".to_owned());
    if status.eq_ignore_ascii_case("OK") && code == "0" {
        return Ok(fields);
    }
    if !status.eq_ignore_ascii_case("OK") && !status.eq_ignore_ascii_case("FAIL") {
        return Err(frameless(call));
    }
    Err(refusal(call, &code, &text(&fields, "ErrorDesc").unwrap_or_default()))
}

fn frameless(call: &Call) -> Failure {
    Failure::Unusable(format!("{}: trả lời thiếu status hoặc status lạ", call.title()))
}

/// The description is the axis' own and may quote anything, so only what it is known to mean is passed on.
fn refusal(call: &Call, code: &str, description: &str) -> Failure {
    let what = format!("{}: trục từ chối, mã lỗi {}", call.title(), loggable(code));
    let words = description.to_ascii_lowercase();
    if SENDER.iter().any(|word| words.contains(word)) {
        return Failure::Refused(format!("{what}; organ không phải mã đã đăng ký với system_id"));
    }
    if IDENTITY.iter().any(|word| words.contains(word)) {
        return Failure::Source(SourceError::Denied(format!("{what}; kiểm tra system_id và secret")));
    }
    Failure::Refused(what)
}

/// A code is a number or a short name; anything else could be a text of a document.
fn loggable(code: &str) -> &str {
    let fits =
        code.len() <= 16 && code.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte));
    if fits { code } else { "lạ" }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn check(answer: Value, expected: &str) {
        let shown = match success(&Call::Agencies, answer.clone()) {
            Ok(fields) => format!("ok {}", fields.get("data").unwrap_or(&Value::Null)),
            Err(Failure::Refused(what)) => format!("refused {}", what.split_once("mã lỗi ").unwrap().1),
            Err(Failure::Source(SourceError::Denied(_))) => "denied".to_owned(),
            Err(Failure::Unusable(_)) => "unusable".to_owned(),
            Err(other) => format!("{other:?}"),
        };
        assert_eq!(shown, expected, "{answer}");
    }

    #[test]
    fn frames() {
        check(json!({"status": "OK", "ErrorCode": "0", "ErrorDesc": "Thanh cong", "data": [1]}), "ok [1]");
        check(json!({"status": "ok", "ErrorCode": 0, "data": null}), "ok null");
        check(json!({"status": "OK"}), "ok null");
        check(json!({"status": "OK", "ErrorCode": "5"}), "refused 5");
        check(json!({"status": "FAIL", "ErrorCode": "100", "ErrorDesc": "Loi he thong"}), "refused 100");
        check(json!({"status": "FAIL", "ErrorCode": "Kế hoạch mật"}), "refused lạ");
        check(json!({"status": "FAIL", "ErrorCode": "1", "ErrorDesc": "Sai SystemId"}), "denied");
        check(
            json!({"status": "FAIL", "ErrorCode": "7", "ErrorDesc": "Don vi gui H1 khong dung voi ma da dang ky H2"}),
            "refused 7; organ không phải mã đã đăng ký với system_id",
        );
        for odd in [json!([]), json!({"data": []}), json!({"status": "MAYBE"}), json!("OK"), json!(null)] {
            check(odd, "unusable");
        }
    }
}
