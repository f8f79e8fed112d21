//! What may follow what: a body that hears "done" and then "arrived" no longer believes either.

use super::StatusCode;

/// Why a status may not be said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unsayable {
    /// The same was said before, or the same question was answered before.
    #[error("trạng thái này đã báo rồi")]
    Said,
    /// A later one was said before.
    #[error("đã báo {} {}, không báo lùi về trạng thái trước đó", .0.digits(), .0.vietnamese())]
    Lower(StatusCode),
    /// The document was refused; whoever refused it does not go on with it.
    #[error("đã báo 02 Từ chối tiếp nhận, không báo tiếp được nữa")]
    Refused,
    /// Only the body that sent the document says it.
    #[error("trạng thái này chỉ nơi gửi văn bản mới báo")]
    Senders,
}

/// Whether `next` may be said about a document of a source after `said`, in whatever order that is. Of an
/// answer, `said` is what was said to the same question.
///
/// # Errors
/// [`Unsayable`].
pub fn may_say(said: &[StatusCode], next: StatusCode) -> Result<(), Unsayable> {
    if next == StatusCode::RecallAsked {
        return Err(Unsayable::Senders);
    }
    if said.contains(&next) || next.is_answer() && said.iter().any(|code| code.is_answer()) {
        return Err(Unsayable::Said);
    }
    if next.is_answer() {
        return Ok(());
    }
    if said.contains(&StatusCode::Refused) {
        return Err(Unsayable::Refused);
    }
    // A refusal can take the place of anything that comes after mere arrival, never follow it.
    let rank = next.rank().or(StatusCode::Arrived.rank());
    let highest = said.iter().copied().max_by_key(|code| code.rank());
    match highest.filter(|highest| highest.rank() > rank) {
        Some(highest) => Err(Unsayable::Lower(highest)),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::StatusCode::*;
    use super::*;

    #[test]
    fn what_may_follow_what() {
        let table: [(&[StatusCode], StatusCode, Result<(), Unsayable>); 16] = [
            (&[], Arrived, Ok(())),
            (&[], Finished, Ok(())),
            (&[Arrived], Arrived, Err(Unsayable::Said)),
            (&[Arrived], Finished, Ok(())),
            (&[Finished], Arrived, Err(Unsayable::Lower(Finished))),
            (&[Arrived, Processing, Accepted], Assigned, Err(Unsayable::Lower(Processing))),
            (&[Arrived, Accepted], Assigned, Ok(())),
            (&[Arrived], Refused, Ok(())),
            (&[Arrived, Accepted], Refused, Err(Unsayable::Lower(Accepted))),
            (&[Arrived, Refused], Refused, Err(Unsayable::Said)),
            (&[Arrived, Refused], Accepted, Err(Unsayable::Refused)),
            (&[], RecallAsked, Err(Unsayable::Senders)),
            (&[], ChangeAccepted, Ok(())),
            (&[ChangeRefused], ChangeAccepted, Err(Unsayable::Said)),
            (&[ChangeAccepted], ChangeAccepted, Err(Unsayable::Said)),
            (&[ChangeAccepted], Arrived, Ok(())),
        ];
        for (said, next, expected) in table {
            assert_eq!(may_say(said, next), expected, "{next:?} after {said:?}");
        }
    }
}
