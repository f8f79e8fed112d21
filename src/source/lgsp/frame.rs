//! The frame of every answer: `success`, then `data`; where it failed an `errorCode`, beside `success` or
//! inside `data`. The list of organs may come bare.

use serde_json::{Map, Value};

use super::call::Call;
use crate::app::ports::SourceError;
use crate::source::axis::{Failure, field, text};

/// The fields of a successful answer.
///
/// # Errors
/// [`Failure::Refused`] for a code; [`Failure::Unusable`] for what has no frame.
pub(super) fn success(call: &Call, answer: Value) -> Result<Map<String, Value>, Failure> {
    let Value::Object(fields) = answer else { return Err(frameless(call)) };
    match field(&fields, "success") {
        Some(Value::Bool(true)) => Ok(fields),
        Some(Value::String(word)) if word.eq_ignore_ascii_case("true") => Ok(fields),
        Some(_) => Err(refusal(call, &fields)),
        // The login says nothing but its token.
        None if field(&fields, "data").is_some_and(Value::is_object) => Ok(fields),
        None if code(&fields).is_some() => Err(refusal(call, &fields)),
        None => Err(frameless(call)),
    }
}

fn frameless(call: &Call) -> Failure {
    Failure::Unusable(format!("{}: trả lời thiếu success", call.title()))
}

fn code(fields: &Map<String, Value>) -> Option<String> {
    let inner = field(fields, "data").and_then(Value::as_object);
    text(fields, "errorCode").or_else(|| text(inner?, "errorCode"))
}

fn refusal(call: &Call, fields: &Map<String, Value>) -> Failure {
    let Some(code) = code(fields) else {
        return Failure::Refused(format!("{}: trục từ chối, không nói lý do", call.title()));
    };
    match words(&code) {
        Some(words) => {
            let what = format!("{}: mã lỗi {code}, {words}", call.title());
            if code == "15" { Failure::Source(SourceError::Denied(what)) } else { Failure::Refused(what) }
        }
        None => Failure::Refused(format!("{}: mã lỗi lạ", call.title())),
    }
}

/// What the codes mean. None of them gets better by asking again.
fn words(code: &str) -> Option<&'static str> {
    Some(match code {
        "10" => "tệp gửi lên bị hỏng",
        "15" => "sai system_id hoặc secret_key",
        "18" => "nơi nhận không có trên trục",
        "19" => "nơi gửi chưa đăng ký với trục",
        "20" => "lỗi bên trong trục",
        "21" => "trục không xử lý được tệp",
        "22" => "edXML sai định dạng",
        "23" => "nơi nhận đang bị khoá",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn check(answer: Value, expected: &str) {
        let shown = match success(&Call::Send, answer.clone()) {
            Ok(_) => "ok".to_owned(),
            Err(Failure::Refused(what)) => what.replace("gửi trạng thái (sendEdoc): ", "refused: "),
            Err(Failure::Source(SourceError::Denied(_))) => "denied".to_owned(),
            Err(Failure::Unusable(_)) => "unusable".to_owned(),
            Err(other) => format!("{other:?}"),
        };
        assert_eq!(shown, expected, "{answer}");
    }

    #[test]
    fn frames() {
        check(json!({"success": true, "docId": "7"}), "ok");
        check(json!({"success": "true"}), "ok");
        check(json!({"data": {"token": "x"}}), "ok");
        let failed = |code: Value| json!({"success": false, "data": {"errorCode": code, "errorDesc": "x"}});
        check(failed(json!("15")), "denied");
        check(failed(json!(22)), "refused: mã lỗi 22, edXML sai định dạng");
        check(
            json!({"success": false, "errorCode": "18"}),
            "refused: mã lỗi 18, nơi nhận không có trên trục",
        );
        check(failed(json!("Kế hoạch")), "refused: mã lỗi lạ");
        check(json!({"success": false}), "refused: trục từ chối, không nói lý do");
        for odd in [json!([]), json!({"count": 0}), json!("OK"), json!(null)] {
            check(odd, "unusable");
        }
    }
}
