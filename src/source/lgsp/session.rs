//! The session: a token of half an hour, renewed a minute before, and once more per request where the axis
//! says sooner that it has run out. Logins happen under a lock, so that any number of requests cost one.

use std::time::Duration;

use reqwest::header::HeaderValue;
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::{Value, json};
use tokio::sync::Mutex;
use tokio::time::Instant;

use super::call::Call;
use super::frame;
use crate::app::ports::SourceError;
use crate::source::axis::{Failure, Line, field, text};

/// How long a token is used; the axis lets it live for 30 minutes.
const LIFE: Duration = Duration::from_secs(29 * 60);

/// After a refusal nobody logs in for this long, whoever asks: reads at the same time must not turn one
/// wrong password into a locked account. Longer waits are the poll's business.
const REFUSAL_REST: Duration = Duration::from_secs(60);

/// Who logs in.
pub(super) struct Account {
    pub username: String,
    pub password: SecretString,
    pub application_code: String,
}

/// A token and the login it came from, numbered from 1.
#[derive(Clone)]
pub(super) struct Token {
    /// `Bearer …`, marked sensitive: its `Debug` shows nothing.
    pub value: HeaderValue,
    /// Number of the login.
    pub login: u64,
    since: Instant,
}

/// The session of an application.
pub(super) struct Session {
    account: Account,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    logins: u64,
    held: Option<Token>,
    refused: Option<(Instant, SourceError)>,
}

impl Session {
    pub(super) fn new(account: Account) -> Self {
        Self { account, state: Mutex::default() }
    }

    /// A token from a login after number `stale`; 0 takes any that is fresh enough.
    ///
    /// # Errors
    /// Those of the login; a refusal comes back for a while without a new request.
    pub(super) async fn token(&self, line: &Line, stale: u64) -> Result<Token, SourceError> {
        let mut state = self.state.lock().await;
        let held = state.held.as_ref().filter(|token| token.login > stale && token.since.elapsed() < LIFE);
        if let Some(token) = held {
            return Ok(token.clone());
        }
        if let Some((since, error)) = &state.refused
            && since.elapsed() < REFUSAL_REST
        {
            return Err(error.clone());
        }
        match self.log_in(line).await {
            Ok(value) => {
                state.logins += 1;
                let token = Token { value, login: state.logins, since: Instant::now() };
                state.held = Some(token.clone());
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

    /// One login. Refused means refused: a second try with the same password can only bring the account
    /// closer to being locked.
    async fn log_in(&self, line: &Line) -> Result<HeaderValue, SourceError> {
        let call = Call::Login;
        let request = line.post(call.path()).query(&call.query()).json(&self.account.body());
        let told = line.tell(call.title(), request).await;
        let fields = match told.and_then(|answer| frame::success(&call, answer)) {
            Ok(fields) => fields,
            Err(Failure::Refused(what)) => {
                return Err(SourceError::Denied(format!("{what}; kiểm tra username và password của nguồn")));
            }
            Err(failure) => return Err(failure.of_source("username và password của nguồn")),
        };
        let data = field(&fields, "data").and_then(Value::as_object);
        if data.is_some_and(|data| text(data, "twoFactorProvider").is_some() && text(data, "token").is_none())
        {
            let what = "cần một người bỏ OTP cho tài khoản của phần mềm; vanthu không vượt qua OTP";
            return Err(SourceError::OneTimePassword(format!("{}: {what}", call.title())));
        }
        let token = data.and_then(|data| text(data, "token"));
        let token = token.and_then(|token| HeaderValue::from_str(&format!("Bearer {token}")).ok());
        let mut token =
            token.ok_or_else(|| SourceError::Unexpected(format!("{}: không có token", call.title())))?;
        token.set_sensitive(true);
        Ok(token)
    }
}

impl Account {
    fn body(&self) -> Value {
        json!({
            "username": self.username,
            "password": self.password.expose_secret(),
            "applicationCode": self.application_code,
            "otp": null,
            "twoFactorProvider": null,
            "typeObjs": [0, 1],
        })
    }
}
