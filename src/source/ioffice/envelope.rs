//! The frame of every answer: `{"status": {"code": "0", "message": …}, "data": …}`.

use serde_json::Value;

use super::field::{Fields, scalar};

/// What stands in an answer of status 200.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Envelope {
    /// `status.code` is 0.
    Success(Value),
    /// Any other code.
    Refused {
        /// The code, cut down to what may be logged.
        code: String,
        /// Whether the message or code speaks of a one-time password.
        otp: bool,
    },
}

/// Why an answer has no frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NotEnvelope {
    /// A web page, as a login form or a gateway sends it: the system as a whole is not answering.
    Html,
    /// Bytes that are not UTF-8, the only encoding of JSON (RFC 8259 §8.1).
    NotUtf8,
    /// Text that is not JSON, for example cut short.
    NotJson,
    /// JSON without `status.code`.
    NoStatus,
}

impl NotEnvelope {
    /// For people.
    pub(super) fn reason(self) -> &'static str {
        match self {
            Self::Html => "nhận được trang web thay cho dữ liệu (trang đăng nhập hoặc trang báo lỗi)",
            Self::NotUtf8 => "nội dung không phải UTF-8",
            Self::NotJson => "nội dung không phải JSON trọn vẹn",
            Self::NoStatus => "thiếu status.code",
        }
    }
}

/// The body without a byte order mark and surrounding white space.
pub(super) fn trim(body: &[u8]) -> &[u8] {
    body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(body).trim_ascii()
}

impl Envelope {
    /// Reads an answer's body.
    ///
    /// # Errors
    /// [`NotEnvelope`].
    pub(super) fn decode(body: &[u8]) -> Result<Self, NotEnvelope> {
        let body = trim(body);
        if body.first() == Some(&b'<') {
            return Err(NotEnvelope::Html);
        }
        let text = std::str::from_utf8(body).map_err(|_| NotEnvelope::NotUtf8)?;
        let mut whole: Value = serde_json::from_str(text).map_err(|_| NotEnvelope::NotJson)?;
        let refused = {
            let status = whole.get("status").and_then(Fields::of).ok_or(NotEnvelope::NoStatus)?;
            let code = status.raw("code").and_then(scalar).ok_or(NotEnvelope::NoStatus)?;
            (code.trim() != "0").then(|| Self::refused(&code, status))
        };
        Ok(refused
            .unwrap_or_else(|| Self::Success(whole.get_mut("data").map(Value::take).unwrap_or(Value::Null))))
    }

    fn refused(code: &str, status: Fields<'_>) -> Self {
        let message = status.text("message").unwrap_or_default();
        let otp = [code, &message].iter().any(|text| text.to_ascii_lowercase().contains("otp"));
        Self::Refused { code: loggable(code), otp }
    }
}

/// A status code is a number or a short name; anything else could be a text of the document.
fn loggable(code: &str) -> String {
    let code = code.trim();
    let fits = code.len() <= 16 && code.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    if fits { code.to_owned() } else { "lạ".to_owned() }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn frames() {
        let refused = |code: &str, otp| Ok(Envelope::Refused { code: code.to_owned(), otp });
        let table: [(&[u8], _); 12] = [
            (br#"{"status":{"code":"0"},"data":[1]}"#, Ok(Envelope::Success(json!([1])))),
            (br#"{"status":{"code":0},"data":""}"#, Ok(Envelope::Success(json!("")))),
            (b"\xEF\xBB\xBF {\"status\":{\"code\":\"0\"}} ", Ok(Envelope::Success(json!(null)))),
            (br#"{"status":{"code":"5","message":"x"}}"#, refused("5", false)),
            ("{\"status\":{\"code\":\"2\",\"message\":\"Nhập mã OTP\"}}".as_bytes(), refused("2", true)),
            ("{\"status\":{\"code\":\"Kế hoạch mật\"}}".as_bytes(), refused("lạ", false)),
            (b"<!DOCTYPE html><form>", Err(NotEnvelope::Html)),
            (b"  \r\n<html>", Err(NotEnvelope::Html)),
            (b"{\"status\":{\"code\":\"0\"},\"data\":\"M\xE2t\"}", Err(NotEnvelope::NotUtf8)),
            (br#"{"status":{"code":"0"},"da"#, Err(NotEnvelope::NotJson)),
            (br#"{"data":[]}"#, Err(NotEnvelope::NoStatus)),
            (b"", Err(NotEnvelope::NotJson)),
        ];
        for (body, expected) in table {
            assert_eq!(Envelope::decode(body), expected, "{}", String::from_utf8_lossy(body));
        }
    }
}
