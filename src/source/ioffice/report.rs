//! Telling iOffice how a document fares: a comment under it that everybody who has the document reads, or
//! the integration interface, each only where the settings name it. Nothing else is ever changed upstream.
//!
//! A comment bears a mark, because iOffice takes the same text twice: before one is written, the log of
//! the document is asked whether it stands there already, so that a lost answer is never told twice.

use serde_json::{Value, json};

use super::Ioffice;
use super::call::{Call, Code, Read, Write};
use super::detail;
use super::envelope::{Envelope, NotEnvelope};
use super::failure::{Failure, place};
use super::field::{is_yes, items};
use super::options::StatusesBy;
use super::row::DIRECTIVES;
use crate::app::ports::{Report, Reported, SourceError};
use crate::source::http::Answer;

/// Digits of the key that mark a comment: one document bears a handful of them.
const MARK: usize = 8;

/// What became of one request that changes something; it is never repeated by itself.
enum Written {
    /// Taken.
    Taken,
    /// The server has it already.
    Known,
    /// Refused for good.
    Refused(String),
    /// The session has run out; nothing was done.
    Expired,
}

impl Ioffice {
    pub(super) async fn tell(&self, report: &Report) -> Result<Reported, SourceError> {
        let Some(by) = self.statuses_by else {
            return Ok(Reported::Refused("nguồn chưa đặt `statuses_by`".to_owned()));
        };
        if report.external_id.as_str().starts_with(DIRECTIVES) {
            return Ok(Reported::Refused("iOffice không nhận trạng thái về thông tin chỉ đạo".to_owned()));
        }
        let Some(id) = Code::parse(report.external_id.as_str()) else {
            return Ok(Reported::Refused("mã văn bản không hợp lệ trên iOffice".to_owned()));
        };
        let Some(post) = self.post_that_sees(&id).await? else {
            return Ok(Reported::Refused("văn bản không còn trên iOffice".to_owned()));
        };
        match by {
            StatusesBy::Comment => self.comment(post.as_ref(), id, report).await,
            StatusesBy::Integration => self.integrate(post.as_ref(), id, report).await,
        }
    }

    async fn comment(&self, post: Option<&Code>, id: Code, report: &Report) -> Result<Reported, SourceError> {
        let mark = mark(report);
        if self.is_marked(post, &id, &mark).await? {
            return Ok(Reported::Known);
        }
        let body = json!({"docId": id.as_str(), "comment": text(report)});
        Ok(match self.write(post, Write::Comment, &body).await? {
            Written::Taken => Reported::Taken(Some(format!("ý kiến có dấu {mark}"))),
            Written::Known | Written::Expired if self.is_marked(post, &id, &mark).await? => Reported::Known,
            Written::Known => {
                Reported::Refused("iOffice báo đã có ý kiến này nhưng nhật ký không có".to_owned())
            }
            Written::Refused(reason) => Reported::Refused(reason),
            Written::Expired => return Err(expired(&Call::Write(Write::Comment))),
        })
    }

    async fn integrate(
        &self,
        post: Option<&Code>,
        id: Code,
        report: &Report,
    ) -> Result<Reported, SourceError> {
        let body = json!({
            "ids": id.as_str(), "status": report.code.digits(), "comment": text(report), "key": report.key,
        });
        let call = Write::Status(id);
        Ok(match self.write(post, call.clone(), &body).await? {
            Written::Taken => Reported::Taken(None),
            Written::Known => Reported::Known,
            Written::Refused(reason) => Reported::Refused(reason),
            Written::Expired => return Err(expired(&Call::Write(call))),
        })
    }

    /// The post under which the account sees a document. Where there is one post only it is that one, and
    /// the server says so itself if the document is gone.
    async fn post_that_sees(&self, id: &Code) -> Result<Option<Option<Code>>, SourceError> {
        for post in self.posts() {
            match self.client.ask(post.as_ref(), Read::Detail(id.clone()), &Value::Null).await {
                Ok(answer) => {
                    if items(answer.data).is_some_and(|items| !items.is_empty()) {
                        return Ok(Some(post));
                    }
                }
                Err(Failure::Gone(_)) => {}
                Err(failure) => return Err(failure.of_source()),
            }
        }
        Ok(None)
    }

    /// Whether a comment with this mark stands in the document's log.
    async fn is_marked(&self, post: Option<&Code>, id: &Code, mark: &str) -> Result<bool, SourceError> {
        let answer = self.client.ask(post, Read::Activity(id.clone()), &Value::Null).await;
        Ok(detail::comments(answer.map_err(Failure::of_source)?.data).contains(mark))
    }

    /// Asks for a change once; only a session that has run out is renewed, because then nothing was done.
    async fn write(&self, post: Option<&Code>, what: Write, body: &Value) -> Result<Written, SourceError> {
        let (call, client) = (Call::Write(what), &self.client);
        let mut stale = 0;
        for _ in 0..2 {
            let token = client.sessions.token(&client.wire, post, stale).await?;
            let sent = client.wire.send(&call, Some(&token.value), body).await;
            let answer = sent.map_err(|error| SourceError::Unreachable(place(&call, error)))?;
            match classify(&call, &answer)? {
                Written::Expired => stale = token.login,
                written => return Ok(written),
            }
        }
        Ok(Written::Expired)
    }
}

fn expired(call: &Call) -> SourceError {
    SourceError::Unexpected(place(call, "phiên vừa đăng nhập lại vẫn bị coi là hết hạn"))
}

fn classify(call: &Call, answer: &Answer) -> Result<Written, SourceError> {
    let what = place(call, format_args!("mã HTTP {}", answer.status));
    match answer.status {
        200 => read(call, &answer.body),
        401 => Ok(Written::Expired),
        409 => Ok(Written::Known),
        408 | 429 | 500..=599 => Err(SourceError::Unreachable(what)),
        300..=399 => Err(SourceError::Unexpected(what)),
        _ => Ok(Written::Refused(what)),
    }
}

fn read(call: &Call, body: &[u8]) -> Result<Written, SourceError> {
    let refused = |what: &str| Ok(Written::Refused(place(call, what)));
    match Envelope::decode(body) {
        // Booleans come as words; an empty answer is what older servers send for done.
        Ok(Envelope::Success(Value::Null)) => Ok(Written::Taken),
        Ok(Envelope::Success(Value::String(word))) if word.is_empty() => Ok(Written::Taken),
        Ok(Envelope::Success(data)) if is_yes(&data) || data.is_object() || data.is_array() => {
            Ok(Written::Taken)
        }
        Ok(Envelope::Success(_)) => refused("hệ thống trả lời không thực hiện"),
        Ok(Envelope::Refused { code, .. }) => refused(&format!("mã trạng thái {code}")),
        Err(error @ NotEnvelope::Html) => Err(SourceError::Unexpected(place(call, error.reason()))),
        Err(error) => Err(SourceError::Unreachable(place(call, error.reason()))),
    }
}

/// What finds a comment again.
fn mark(report: &Report) -> String {
    format!("vanthu-{}", report.key.get(..MARK).unwrap_or(&report.key))
}

/// `03 Đã tiếp nhận. 181/221 chi bộ đã nhận. (vanthu-1a2b3c4d)`
fn text(report: &Report) -> String {
    let head = format!("{} {}.", report.code.digits(), report.code.vietnamese());
    let said = report.description.trim().trim_end_matches('.');
    let said = if said.is_empty() { String::new() } else { format!(" {said}.") };
    format!("{head}{said} ({})", mark(report))
}
