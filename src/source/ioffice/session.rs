//! Sessions: one login serves all posts; each further post is switched to at most once per login.
//!
//! Logins happen under a lock, so any number of requests that meet an expired session cost one login.

use std::collections::HashMap;
use std::time::Duration;

use reqwest::header::HeaderValue;
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};
use tokio::sync::Mutex;
use tokio::time::Instant;

use super::call::{Call, Code, LoginPath};
use super::envelope::Envelope;
use super::failure::place;
use super::field::{Fields, is_yes, scalar};
use super::wire::Wire;
use crate::app::ports::SourceError;
use crate::source::http::Answer;

/// After a refusal nobody logs in for this long, whoever asks: concurrent reads must not turn one wrong
/// password into a locked account. Longer waits are the poll's business.
const REFUSAL_REST: Duration = Duration::from_secs(60);

/// Who logs in, and how.
pub(super) struct Account {
    pub username: String,
    pub password: SecretString,
    pub login: LoginPath,
}

/// A token and the login it came from, numbered from 1.
#[derive(Clone)]
pub(super) struct Token {
    /// Marked sensitive: its `Debug` shows nothing.
    pub value: HeaderValue,
    /// Number of the login.
    pub login: u64,
}

/// The sessions of an account.
pub(super) struct Sessions {
    account: Account,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    logins: u64,
    held: HashMap<Option<Code>, Token>,
    refused: Option<(Instant, SourceError)>,
}

impl Sessions {
    pub(super) fn new(account: Account) -> Self {
        Self { account, state: Mutex::default() }
    }

    /// A token for `post` (`None` is the default post) from a login after number `stale`; 0 takes any.
    ///
    /// # Errors
    /// Those of the login: `Denied` and `OneTimePassword` come back for a while without a new request.
    pub(super) async fn token(
        &self,
        wire: &Wire,
        post: Option<&Code>,
        stale: u64,
    ) -> Result<Token, SourceError> {
        let mut state = self.state.lock().await;
        let key = post.cloned();
        if let Some(token) = state.held.get(&key).filter(|token| token.login > stale) {
            return Ok(token.clone());
        }
        let Some(post) = post else { return self.log_in(wire, &mut state).await };
        self.switch(wire, &mut state, post).await
    }

    async fn log_in(&self, wire: &Wire, state: &mut State) -> Result<Token, SourceError> {
        if let Some((since, error)) = &state.refused
            && since.elapsed() < REFUSAL_REST
        {
            return Err(error.clone());
        }
        let call = Call::Login(self.account.login);
        let sent = wire.send(&call, None, &self.account.credentials()).await;
        let answer = sent.map_err(|error| SourceError::Unreachable(place(&call, error)))?;
        match read_login(&call, &answer) {
            Ok(value) => {
                state.logins += 1;
                let token = Token { value, login: state.logins };
                state.held.insert(None, token.clone());
                Ok(token)
            }
            Err(error) => {
                if matches!(error, SourceError::Denied(_) | SourceError::OneTimePassword(_)) {
                    state.refused = Some((Instant::now(), error.clone()));
                }
                Err(error)
            }
        }
    }

    /// Switches with a login that has not switched to `post` yet; if that login has run out meanwhile,
    /// once more with a new one.
    async fn switch(&self, wire: &Wire, state: &mut State, post: &Code) -> Result<Token, SourceError> {
        let spent = state.held.get(&Some(post.clone())).map_or(0, |token| token.login);
        if let Some(login) = state.held.get(&None).filter(|token| token.login > spent).cloned()
            && let Some(token) = switch_once(wire, state, post, login).await?
        {
            return Ok(token);
        }
        let login = self.log_in(wire, state).await?;
        let token = switch_once(wire, state, post, login).await?;
        token.ok_or_else(|| unexpected_switch("phiên vừa đăng nhập đã bị coi là hết hạn"))
    }
}

impl Account {
    fn credentials(&self) -> Value {
        let mut body = json!({
            "username": self.username,
            "password": self.password.expose_secret(),
            "tokenFireBase": "",
        });
        if self.login != LoginPath::First {
            body["device"] = json!("vanthu");
            body["language"] = json!("VI");
            body["type"] = json!("ANDROID");
        }
        body
    }
}

/// One switch; `None` if the login has expired.
async fn switch_once(
    wire: &Wire,
    state: &mut State,
    post: &Code,
    login: Token,
) -> Result<Option<Token>, SourceError> {
    let call = Call::Switch(post.clone());
    // Until the answer is known the login counts as used up: whatever fails below, it does not switch
    // to this post again.
    state.held.remove(&None);
    let sent = wire.send(&call, Some(&login.value), &Value::Null).await;
    let answer = sent.map_err(|error| SourceError::Unreachable(place(&call, error)))?;
    if answer.status == 401 {
        return Ok(None);
    }
    let value = read_switch(&call, &answer)?;
    let token = Token { value, login: login.login };
    state.held.insert(None, login);
    state.held.insert(Some(post.clone()), token.clone());
    Ok(Some(token))
}

fn read_switch(call: &Call, answer: &Answer) -> Result<HeaderValue, SourceError> {
    match answer.status {
        200 => {}
        408 | 429 | 500..=599 => return Err(unreachable(call, answer.status)),
        status => return Err(unexpected_switch(&format!("mã HTTP {status}"))),
    }
    match Envelope::decode(&answer.body) {
        Ok(Envelope::Success(data)) => token_in(&data).ok_or_else(|| unexpected_switch("không có token")),
        Ok(Envelope::Refused { code, .. }) => Err(unexpected_switch(&format!("mã trạng thái {code}"))),
        Err(error) => Err(unexpected_switch(error.reason())),
    }
}

fn unexpected_switch(what: &str) -> SourceError {
    // The path is left out: it holds the id of an account.
    SourceError::Unexpected(format!("chuyển chức danh: {what}; kiểm tra `posts` của nguồn"))
}

fn unreachable(call: &Call, status: u16) -> SourceError {
    SourceError::Unreachable(place(call, format_args!("mã HTTP {status}")))
}

/// Reads the answer to a login. Refused means refused: a second try with the same password can only
/// bring the account closer to being locked.
fn read_login(call: &Call, answer: &Answer) -> Result<HeaderValue, SourceError> {
    match answer.status {
        200 => {}
        400 | 401 | 403 => return Err(denied(call, &format!("mã HTTP {}", answer.status))),
        408 | 429 | 500..=599 => return Err(unreachable(call, answer.status)),
        status => {
            return Err(SourceError::Unexpected(place(
                call,
                format_args!("mã HTTP {status}; kiểm tra `url` và `login`"),
            )));
        }
    }
    match Envelope::decode(&answer.body) {
        Ok(Envelope::Refused { otp: true, .. }) => Err(one_time_password(call)),
        Ok(Envelope::Refused { code, .. }) => Err(denied(call, &format!("mã trạng thái {code}"))),
        Ok(Envelope::Success(data)) if demands_otp(&data) => Err(one_time_password(call)),
        Ok(Envelope::Success(data)) => {
            token_in(&data).ok_or_else(|| SourceError::Unexpected(place(call, "không có token")))
        }
        Err(error) => Err(SourceError::Unexpected(place(call, error.reason()))),
    }
}

fn denied(call: &Call, what: &str) -> SourceError {
    SourceError::Denied(place(call, format_args!("{what}; kiểm tra `username` và `password` của nguồn")))
}

fn one_time_password(call: &Call) -> SourceError {
    SourceError::OneTimePassword(place(
        call,
        "cần một người bỏ OTP cho tài khoản dịch vụ hoặc cấp tài khoản khác; vanthu không vượt qua OTP",
    ))
}

/// Whether the answer asks for a one-time password, under whatever name (`isOtp`, `otpRequired`…).
fn demands_otp(data: &Value) -> bool {
    data.as_object().is_some_and(|fields| {
        fields.iter().any(|(key, value)| key.to_ascii_lowercase().contains("otp") && is_yes(value))
    })
}

/// The token as it came: unlike a text it is neither decoded nor cleaned.
fn token_in(data: &Value) -> Option<HeaderValue> {
    let text = Fields::of(data)?.raw("token").and_then(scalar)?;
    if text.trim().is_empty() || text == "null" {
        return None;
    }
    let mut token = HeaderValue::from_str(&text).ok()?;
    token.set_sensitive(true);
    Some(token)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, body: &str) -> Answer {
        Answer { status, retry_after: None, body: body.as_bytes().to_vec() }
    }

    #[track_caller]
    fn check(status: u16, body: &str, expected: &str) {
        let read = match read_login(&Call::Login(LoginPath::Sixth), &answer(status, body)) {
            Ok(_) => "token",
            Err(SourceError::Denied(_)) => "denied",
            Err(SourceError::OneTimePassword(_)) => "otp",
            Err(SourceError::Unexpected(_)) => "unexpected",
            Err(SourceError::Unreachable(_)) => "unreachable",
            Err(SourceError::Unkept(_)) => "unkept",
        };
        assert_eq!(read, expected, "{status} {body}");
    }

    #[test]
    fn answers_to_a_login() {
        check(200, r#"{"status":{"code":"0"},"data":{"token":"abc"}}"#, "token");
        check(200, r#"{"status":{"code":0},"data":{"token":"abc","isOtp":"FALSE"}}"#, "token");
        check(200, r#"{"status":{"code":"0"},"data":{"token":"abc","isOtp":"TRUE"}}"#, "otp");
        check(200, r#"{"status":{"code":"0"},"data":{"otpRequired":1}}"#, "otp");
        check(200, r#"{"status":{"code":"3","message":"Vui long nhap ma OTP"}}"#, "otp");
        check(200, r#"{"status":{"code":"OTP_REQUIRED"}}"#, "otp");
        check(200, r#"{"status":{"code":"1","message":"Sai mật khẩu"},"data":""}"#, "denied");
        check(200, r#"{"status":{"code":"0"},"data":""}"#, "unexpected");
        check(200, r#"{"status":{"code":"0"},"data":{"token":"a\nb: c"}}"#, "unexpected");
        check(200, "<html>Đăng nhập</html>", "unexpected");
        check(401, "", "denied");
        check(400, "", "denied");
        check(302, "", "unexpected");
        check(404, "", "unexpected");
        check(503, "", "unreachable");
    }
}
